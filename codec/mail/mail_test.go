package mail_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"mime/quotedprintable"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline"
	"tearline/codec/document"
	"tearline/codec/mail"
)

const top = "From: Ada Quill <ada@gazette.example>\nSubject: (U) The =?UTF-8?B?bcO0bGU=?=\nDate: Wed, 5 Mar 2031 08:00:00 +0100\nBcc: hidden@gazette.example\nReceived: by mx.example\n"

func eml(lines ...string) []byte {
	return []byte(strings.ReplaceAll(strings.ReplaceAll(top+strings.Join(lines, "\n"), "\r\n", "\n"), "\n", "\r\n"))
}

func read(t *testing.T, b []byte) mail.Message {
	t.Helper()
	m, err := mail.Read(b)
	if err != nil || len(m) != 1 {
		t.Fatalf("%d mails, %v", len(m), err)
	}
	return m[0]
}

// show is blocks and faults, a line each.
func show(r document.Reading) []string {
	var out []string
	for _, b := range r.Blocks {
		z := [...]string{"", "header ", "footer "}[b.Zone]
		out = append(out, fmt.Sprintf("%s%s: %s%s", z, b.Where, shape(b.Form), b.Text))
	}
	for _, f := range r.Faults {
		out = append(out, "! "+f.Where+": "+f.Text)
	}
	return out
}

func shape(f tearline.Form) string {
	switch f.Shape {
	case tearline.Heading:
		return fmt.Sprintf("h%d ", f.Level)
	case tearline.ListItem:
		return fmt.Sprintf("item%d%v ", f.Level, f.Ordered)
	case tearline.Paragraph, tearline.Cell, tearline.Note, tearline.Figure:
	}
	return ""
}

const subject = "subject: h1 (U) The môle"

func alternatives(text, html string) []byte {
	return eml("Content-Type: multipart/alternative; boundary=b", "", "--b", "", text, "--b", "Content-Type: text/html", "", html, "--b--")
}

func TestRead(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		in   []byte
		want []string
	}{
		{"plain", eml("", "(U) The mole", "is closed.", "", "(S) x"), []string{subject, "line 1: (U) The mole is closed.", "line 4: (S) x"}},
		{"quoted-printable, Latin-1", eml("Content-Type: text/plain; charset=iso-8859-1", "Content-Transfer-Encoding: quoted-printable", "", "(U) The m=F4le is =", "closed."), []string{subject, "line 1: (U) The môle is closed."}},
		{"flowed", eml("Content-Type: text/plain; format=flowed; delsp=yes", "", "(U) The mo ", "le is clos ", "ed.", "> (S) quoted ", "> here", " >not", "(U) a ", "(S) b"), []string{subject, "line 1: (U) The mole is closed.", "quoted text, line 4: (S) quotedhere", "line 6: >not", "line 7: (U) a", "line 8: (S) b"}},
		{"quotes", eml("", "(U) Thanks.", "On Tue, 4 Mar 2031, Ben Roe", "wrote:", "> (S) The pier", "> is shut.", ">> (U) deep", "not so"), []string{subject, "line 1: (U) Thanks.", "quoted text, line 2: On Tue, 4 Mar 2031, Ben Roe wrote:", "quoted text, line 4: (S) The pier is shut.", "quoted text, line 6: (U) deep", "line 7: not so"}},
		{"an original message", eml("", "(U) Thanks.", "-----Original Message-----", "From: Ben", "To: Ada", "", "(S) x"), []string{subject, "line 1: (U) Thanks.", "quoted text, line 3: From: Ben", "quoted text, line 4: To: Ada", "quoted text, line 6: (S) x"}},
		{"a banner and a signature", eml("", "SECRET", "", "(S) x", "-- ", "Ada", "", "SECRET"), []string{subject, "header line 1: SECRET", "footer line 7: SECRET", "line 3: (S) x", "line 5: Ada"}},
		{"alternatives agree", alternatives("(U) The mole is closed <https://x.example/a>.", `<p>(U) The mole is <b>closed</b>.</p>`), []string{subject, "line 1: (U) The mole is closed <https://x.example/a>."}},
		{"the HTML says more", alternatives("(U) The mole is closed.", "<p>(U) The mole is closed.<p>But the pier is open"), []string{subject, "line 1: (U) The mole is closed.", "! the HTML part: the HTML part says more than the text part: but the pier is open"}},
		{"the text says more", alternatives("(U) The mole is closed. But the pier is open", "<p>(U) The mole is closed."), []string{subject, "line 1: (U) The mole is closed. But the pier is open", "! the text part: the text part says more than the HTML part: but the pier is open"}},
		{"other marks", alternatives("(U) The mole is closed.", "<p>(S) The mole is closed."), []string{subject, "line 1: (U) The mole is closed.", "! the HTML part: mark 1 is not the same in the text part and in the HTML part"}},
		{"hidden in the other version", alternatives("(U) x", "<p>(U) x<!-- y -->"), []string{subject, "line 1: (U) x", "! HTML part, before the first paragraph: a comment: y"}},
		{"a version that is not read", eml("Content-Type: multipart/alternative; boundary=b", "", "--b", "", "(U) x", "--b", "Content-Type: text/calendar", "", "BEGIN", "--b--"), []string{subject, "line 1: (U) x", "! part of type text/calendar: a version of the text that is not read"}},
		{"text around the parts", eml("Content-Type: multipart/mixed; boundary=b", "", "Before.", "--b", "", "(U) x", "--b--", "Behind."), []string{subject, "line 1: (U) x", "! before the first part: text that no mail program shows: Before.", "! behind the last part: text that no mail program shows: Behind."}},
		{"stock", eml("Content-Type: multipart/mixed; boundary=b", "", "This is a multi-part message in MIME format.", "--b", "", "(U) x", "--b", "", "(S) y", "--b--", ""), []string{subject, "line 1: (U) x", "part 2, line 1: (S) y"}},
		{"Outlook's package", eml("Content-Type: multipart/mixed; boundary=b", "", "--b", "", "(U) x", "--b", "Content-Type: application/ms-tnef; name=winmail.dat", "", "x", "--b--"), []string{subject, "line 1: (U) x", "! attachment winmail.dat: a package of Outlook's own, which is not read"}},
		{"signed", eml("Content-Type: multipart/signed; boundary=b", "", "--b", "", "(U) x", "--b", "Content-Type: application/pgp-signature", "", "x", "--b--"), []string{subject, "line 1: (U) x"}},
		{"twice", eml("Subject: other", "", "(U) x"), []string{subject, "line 1: (U) x", "! header: 2 fields Subject: programs differ in which one they show"}},
		{"types twice", eml("Content-Type: text/plain", "Content-Type: text/html", "", "(U) x"), []string{subject, "line 1: (U) x", "! part of type text/plain: 2 fields Content-Type: programs differ in which one they follow"}},
		{"a PGP signature", eml("", "-----BEGIN PGP SIGNED MESSAGE-----", "(U) x"), []string{subject, "quoted text, line 2: (U) x", "! text: a PGP signature or key stands in the text"}},
	} {
		m := read(t, tt.in)
		if diff := cmp.Diff(tt.want, show(m.Reading)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		if s := fmt.Sprint(m); strings.Contains(s, "hidden@") || strings.Contains(s, "mx.example") {
			t.Errorf("%s: the header comes out: %s", tt.name, s)
		}
	}
}

func TestHeader(t *testing.T) {
	t.Parallel()
	m := read(t, eml("", "(U) x"))
	if m.Subject != "(U) The môle" || m.From != "Ada Quill <ada@gazette.example>" || m.Date != "Wed, 5 Mar 2031 08:00:00 +0100" {
		t.Errorf("%+v", m)
	}
	if len(m.Reading.Notes) != 1 || !strings.Contains(m.Reading.Notes[0], "Ada Quill") {
		t.Errorf("%q", m.Reading.Notes)
	}
}

func TestAttachments(t *testing.T) {
	t.Parallel()
	inner := "From: ben@gazette.example\nSubject: (S) In it\n\n(S) y"
	m := read(t, eml("Content-Type: multipart/mixed; boundary=b", "", "--b", "", "(U) x", "--b",
		"Content-Type: application/pdf", `Content-Disposition: attachment; filename="=?UTF-8?Q?m=C3=B4le.pdf?="`, "Content-Transfer-Encoding: base64", "", "JVBERg==", "--b",
		"Content-Type: text/plain; name=a.txt", "Content-Disposition: attachment", "", "words", "--b",
		"Content-Type: message/rfc822", "", inner, "--b", "Content-Type: message/rfc822", "", "none", "--b--"))
	var got []string
	for _, a := range m.Attachments {
		s := a.Name + " " + a.MediaType
		if a.Message != nil {
			s += " " + strings.Join(show(a.Message.Reading), "|")
		} else if a.MediaType != "message/rfc822" {
			s += " " + string(a.Bytes)
		}
		got = append(got, s)
	}
	want := []string{"môle.pdf application/pdf %PDF", "a.txt text/plain words", " message/rfc822 subject: h1 (S) In it|line 1: (S) y", " message/rfc822"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if f := m.Reading.Faults; len(f) != 1 || !strings.Contains(f[0].Text, "cannot be read") {
		t.Errorf("%v", f)
	}
}

func TestMailbox(t *testing.T) {
	t.Parallel()
	one := "From ada Wed Mar  5 08:00:00 2031\n" + top + "\n(U) x\n>From the pier\n>>From the mole\n\n"
	ms, err := mail.Read([]byte(one + one))
	if err != nil || len(ms) != 2 {
		t.Fatalf("%d mails, %v", len(ms), err)
	}
	for _, m := range ms {
		if diff := cmp.Diff([]string{subject, "line 1: (U) x From the pier", "quoted text, line 3: From the mole"}, show(m.Reading)); diff != "" {
			t.Error(diff)
		}
	}
	if _, err := mail.Read([]byte(one + "From ada\nno header\n")); err == nil {
		t.Error("a damaged mail in a mailbox is read")
	}
	if _, err := mail.Read([]byte(strings.Repeat(one, 501))); err == nil {
		t.Error("501 mails are read")
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	deep := "(U) x"
	for i := range 6 {
		deep = fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n%s\n--b%d--", i, i, deep, i)
	}
	for name, in := range map[string][]byte{
		"empty":              nil,
		"no mail":            []byte("The mole is closed.\n\nx"),
		"no field of mails":  []byte("X-A: b\n\nx"),
		"S/MIME":             eml("Content-Type: application/pkcs7-mime", "", "x"),
		"PGP":                eml("Content-Type: multipart/encrypted; boundary=b", "", "--b", "", "x", "--b--"),
		"PGP in the text":    eml("", "-----BEGIN PGP MESSAGE-----"),
		"unknown letters":    eml("Content-Type: text/plain; charset=klingon", "", "x"),
		"UTF-7":              eml("Content-Type: text/plain; charset=utf-7", "", "+ADw-"),
		"false UTF-8":        eml("Content-Type: text/plain; charset=utf-8", "", "caf\xe9"),
		"false Latin-1":      eml("Content-Type: text/plain; charset=iso-8859-1", "", "café"),
		"damaged base64":     eml("Content-Transfer-Encoding: base64", "", "KFUpIHg=\nfooter of a list"),
		"unknown encoding":   eml("Content-Transfer-Encoding: x-uuencode", "", "x"),
		"no end":             eml("Content-Type: multipart/mixed; boundary=b", "", "--b", "", "(U) x"),
		"no boundary":        eml("Content-Type: multipart/mixed", "", "x"),
		"encoded as a whole": eml("Content-Type: multipart/mixed; boundary=b", "Content-Transfer-Encoding: base64", "", "--b--"),
		"too many parts":     eml("Content-Type: multipart/mixed; boundary=b", "", strings.Repeat("--b\n\nx\n", 201)+"--b--"),
		"too deep":           eml(deep),
		"a long header":      []byte("From: " + strings.Repeat("a", 2<<20)),
	} {
		_, err := mail.Read(in)
		var e *tearline.Error
		if !errors.As(err, &e) || e.Kind != tearline.Invalid || e.Public == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Mails within each other are read to a depth.
func TestDepth(t *testing.T) {
	t.Parallel()
	in := "Subject: 0\n\n(U) x"
	for i := range 5 {
		in = fmt.Sprintf("Subject: %d\nContent-Type: message/rfc822\n\n%s", i+1, in)
	}
	m := read(t, []byte(in))
	depth := 1
	for len(m.Attachments) == 1 && m.Attachments[0].Message != nil {
		m = *m.Attachments[0].Message
		depth++
	}
	if depth != 4 || len(m.Reading.Faults) != 1 {
		t.Errorf("depth %d, %v", depth, m.Reading.Faults)
	}
}

// Paragraphs with marks come back the same from each encoding.
func TestEncodings(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-zé=>€]{1,9}( [a-zé=>€]{1,9}){0,30}`)
		paras := rapid.SliceOfN(text, 1, 6).Draw(t, "paragraphs")
		want := []string{"(U) The môle"}
		for i, p := range paras {
			paras[i] = rapid.SampledFrom([]string{"(U) ", "(S//NF) ", "(C) "}).Draw(t, "mark") + p
		}
		want = append(want, paras...)
		body, typ, enc := strings.Join(paras, "\r\n\r\n"), "", "8bit"
		switch rapid.SampledFrom([]string{"flowed", "qp", "base64"}).Draw(t, "as") {
		case "flowed":
			typ = "; format=flowed"
			for i, p := range paras {
				paras[i] = strings.ReplaceAll(strings.ReplaceAll(p, " ", " \r\n "), "\r\n  ", "\r\n ")
			}
			body = strings.Join(paras, "\r\n\r\n")
		case "qp":
			enc = "quoted-printable"
			var b strings.Builder
			w := quotedprintable.NewWriter(&b)
			if _, err := w.Write([]byte(body)); err != nil {
				t.Fatal(err)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			body = b.String()
		case "base64":
			enc = "base64"
			body = base64.StdEncoding.EncodeToString([]byte(body))
		}
		ms, err := mail.Read(eml("Content-Type: text/plain; charset=utf-8"+typ, "Content-Transfer-Encoding: "+enc, "", body))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, b := range ms[0].Reading.Blocks {
			got = append(got, b.Text)
		}
		if diff := cmp.Diff(want, got); diff != "" || len(ms[0].Reading.Faults) > 0 {
			t.Fatalf("%s%v", diff, ms[0].Reading.Faults)
		}
	})
}

func check(t *testing.T, r document.Reading) {
	t.Helper()
	for _, b := range r.Blocks {
		if b.Text == "" || b.Where == "" || !utf8.ValidString(b.Text) {
			t.Errorf("%+v", b)
		}
		w, err := tearline.ParseWording(b.Text)
		if err == nil && w.Points() == 0 {
			if err := b.Form.Check(w); err != nil {
				t.Errorf("%+v: %v", b, err)
			}
		}
	}
}

func FuzzMail(f *testing.F) {
	f.Add([]byte("\n\n(U) x"))
	f.Add([]byte("Content-Type: multipart/alternative; boundary=b\n\n--b\n\n(U) x\n--b\nContent-Type: text/html\n\n<p>(U) x\n--b--"))
	f.Add([]byte("Content-Type: text/plain; format=flowed\n\n> a \n> b\n-- \nx"))
	f.Add([]byte("Content-Type: message/rfc822\n\nSubject: =?UTF-8?B?bcO0bGU=?=\n\nx\n\nFrom a\nSubject: x\n\n>From"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, start := range []string{"Subject: x\n", "From a\nSubject: x\n"} {
			ms, err := mail.Read(append([]byte(start), b...))
			for _, m := range ms {
				check(t, m.Reading)
			}
			if err == nil && len(ms) == 0 {
				t.Error("no mail and no error")
			}
		}
	})
}
