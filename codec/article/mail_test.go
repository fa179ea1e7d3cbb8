package article_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tearline/codec/article"
)

var header = []string{
	"Received: by mx.example; Wed, 5 Mar 2031 07:00:00 +0000",
	"From: =?UTF-8?Q?Ad=C3=A9?= Quill <ada@gazette.example>",
	"To: desk@gazette.example",
	"Subject: =?UTF-8?B?VGhlIG3DtGxl?=",
	"Date: Wed, 5 Mar 2031 08:00:00 +0100",
	"MIME-Version: 1.0",
}

func withHeader(lines ...string) []byte {
	return mailOf(append(append([]string{}, header...), lines...)...)
}

func TestMail(t *testing.T) {
	t.Parallel()
	word := base64.StdEncoding.EncodeToString(docx(t, p(r("Attached words.")), nil))
	for _, tt := range []struct {
		name   string
		in     []byte
		text   string
		unread []string
	}{
		{"plain", withHeader("", "The mole", "is closed.", "", "Yours"), "The mole\nis closed.\n\nYours", nil},
		{"quoted-printable, Latin-1", withHeader("Content-Type: text/plain; charset=iso-8859-1", "Content-Transfer-Encoding: quoted-printable", "", "The m=F4le is =", "closed."), "The môle is closed.", nil},
		{"HTML alone", withHeader("Content-Type: text/html", "", "<p>The mole</p><p>is closed.</p>"), "The mole\n\nis closed.", nil},
		{"alternatives", withHeader("Content-Type: multipart/alternative; boundary=b", "", "--b", "", "The mole is closed.", "--b", "Content-Type: text/html", "", "<p>The mole is <b>closed</b>.</p>", "--b--"), "The mole is closed.", nil},
		{"a stub beside the text", withHeader("Content-Type: multipart/alternative; boundary=b", "", "--b", "", "See online.", "--b", "Content-Type: text/html", "", "<p>"+story+"</p>", "--b--"), strings.ReplaceAll(story, "\n", " "), nil},
		{
			"attachments", withHeader("Content-Type: multipart/mixed; boundary=b", "", "--b", "", "See below.", "--b",
				"Content-Type: application/octet-stream", `Content-Disposition: attachment; filename="a.bin"`, "Content-Transfer-Encoding: base64", "", word, "--b",
				"Content-Type: image/png", `Content-Disposition: attachment; filename="b.png"`, "", "\x89PNG", "--b",
				"Content-Type: message/rfc822", "", "From: x@y.example", "Message-ID: <1@y.example>", "Subject: Forwarded", "", "Inner words.", "--b--"),
			"See below.\n\nAttached words.\n\nForwarded\n\nInner words.",
			[]string{"b.png: a picture: there is no text in it to read"},
		},
		{"an unknown encoding", withHeader("Content-Type: multipart/mixed; boundary=b", "", "--b", "", "Words.", "--b", "Content-Type: text/plain; charset=klingon", "", "tlh", "--b--"), "Words.", []string{"text/plain: in an encoding that is not known here"}},
		{"from a mailbox", append([]byte("From ada Wed Mar  5 08:00:00 2031\r\n"), withHeader("", "Words.")...), "Words.", nil},
	} {
		a := read(t, "mail.txt", tt.in)
		want := article.Article{
			Title: "The môle", Author: "Adé Quill", Format: article.Mail, Published: time.Date(2031, 3, 5, 7, 0, 0, 0, time.UTC), Text: tt.text, Unread: tt.unread,
		}
		if diff := cmp.Diff(want, a); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// Mails within mails are read as deep as promised, and no deeper.
func TestMailDepth(t *testing.T) {
	t.Parallel()
	nest := func(n int) []byte {
		m := "From: a@b.example\r\nMessage-ID: <0@b.example>\r\n\r\nInnermost words."
		for i := range n {
			m = fmt.Sprintf("From: a@b.example\r\nMessage-ID: <%d@b.example>\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n\r\nLevel %d.\r\n--b%d\r\nContent-Type: message/rfc822\r\n\r\n%s\r\n--b%d--\r\n", i+1, i, i, i, i, m, i)
		}
		return []byte(m)
	}
	if a := read(t, "x", nest(4)); !strings.Contains(a.Text, "Innermost") {
		t.Errorf("%q", a.Text)
	}
	a := read(t, "x", nest(5))
	if strings.Contains(a.Text, "Innermost") || len(a.Unread) != 1 {
		t.Errorf("%q, %q", a.Text, a.Unread)
	}
	deep := strings.Repeat("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n", 40)
	if got := refused(t, []byte("From: a@b.example\r\nMessage-ID: <1@b.example>\r\n"+deep), nil); got != "leak: the mail is damaged, or is no mail" {
		t.Error(got)
	}
}
