package mail

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"tearline"
	"tearline/codec/document"
)

// content is what a part says.
type content struct {
	document.Reading
	kind string // "text/plain", "text/html", or "" of several or none
}

func (c *content) add(more content) {
	c.Blocks, c.Faults, c.Notes = append(c.Blocks, more.Blocks...), append(c.Faults, more.Faults...), append(c.Notes, more.Notes...)
}

func (c *content) fault(where, text, hint string) {
	c.Faults = append(c.Faults, tearline.Fault{Where: where, Text: text, Hint: hint})
}

// placed says in which of several things it is that an error arose.
func placed(where string, err error) error {
	if e, ok := errors.AsType[*tearline.Error](err); ok {
		return &tearline.Error{Op: e.Op, Kind: e.Kind, Public: where + ": " + e.Public, Hint: e.Hint, Err: err}
	}
	return fmt.Errorf("%s: %w", where, err)
}

// part reads a part and what is in it; level counts the parts it is in.
func (l *letter) part(p part, level int) (content, error) {
	if l.parts++; l.parts > maxParts {
		return content{}, refuse(fmt.Sprintf("the mail has more than %d parts", maxParts), "save its text and its attachments one by one", nil)
	}
	c := content{}
	c.Faults = p.faults
	var more content
	var err error
	switch {
	case strings.HasPrefix(p.kind, "multipart/"):
		more, err = l.multipart(p, level)
	case encrypted[p.kind]:
		return c, refuse("the mail is encrypted, or wrapped by its signature", "decrypt it in the mail program, and save it again", nil)
	case (p.kind == "text/plain" || p.kind == "text/html") && !p.attached():
		more, err = l.text(p)
	default:
		more, err = l.attachment(p)
	}
	if err != nil {
		return c, err
	}
	c.add(more)
	c.kind = more.kind
	return c, nil
}

var encrypted = map[string]bool{
	"application/pkcs7-mime": true, "application/x-pkcs7-mime": true, "application/pgp-encrypted": true,
}

// attachment keeps a file; an attached mail is read.
func (l *letter) attachment(p part) (content, error) {
	c := content{}
	where := p.place()
	switch {
	case strings.HasSuffix(p.kind, "ms-tnef") || strings.EqualFold(p.name(), "winmail.dat"):
		c.fault(where, "a package of Outlook's own, which is not read", "have the mail sent again as plain text or HTML")
		return c, nil
	case strings.HasPrefix(p.kind, "message/") && p.kind != "message/rfc822":
		c.fault(where, "a part of a kind that is not read: "+short(p.kind), "save what it holds, and file that")
		return c, nil
	}
	b, err := p.decoded()
	if err != nil {
		return c, err
	}
	a := Attachment{Name: p.name(), MediaType: p.kind, Bytes: b}
	switch {
	case p.kind != "message/rfc822":
	case l.depth >= maxDepth:
		c.fault(where, fmt.Sprintf("more than %d mails within each other", maxDepth), "save the innermost, and file that")
	default:
		m, err := l.message(b, l.depth+1)
		var e *tearline.Error
		switch {
		case errors.As(err, &e):
			c.fault(where, "the attached mail cannot be read: "+e.Public, e.Hint)
		case err != nil:
			return c, err
		}
		a.Message = m
	}
	l.out.Attachments = append(l.out.Attachments, a)
	return c, nil
}

// multipart reads the parts of a part.
func (l *letter) multipart(p part, level int) (content, error) {
	c := content{}
	if level > maxDepth {
		return c, refuse(fmt.Sprintf("more than %d parts within each other", maxDepth), "save the text of the mail", nil)
	}
	bodies, faults, err := split(p)
	if err != nil {
		return c, err
	}
	c.Faults = append(c.Faults, faults...)
	var parts []part
	for i, b := range bodies {
		sub, err := parsePart(b, "text/plain")
		if err != nil {
			return c, placed(fmt.Sprintf("part %d", i+1), err)
		}
		parts = append(parts, sub)
	}
	var more content
	switch p.kind {
	case "multipart/encrypted":
		return c, refuse("the mail is encrypted", "decrypt it in the mail program, and save it again", nil)
	case "multipart/alternative":
		more, err = l.alternatives(parts, level)
	case "multipart/signed":
		more, err = l.signed(parts, level)
	case "multipart/mixed":
		more, err = l.all(parts, level)
	case "multipart/related":
		// The text is the first part; what it is related to are its pictures.
		more, err = l.all(parts, level)
	default:
		more.fault(p.place(), "parts that belong together in a way that is not known", "save the text of the mail")
	}
	c.add(more)
	c.kind = more.kind
	return c, err
}

// all reads parts that stand one after the other.
func (l *letter) all(parts []part, level int) (content, error) {
	var c content
	for _, p := range parts {
		more, err := l.part(p, level+1)
		if err != nil {
			return c, err
		}
		switch {
		case len(more.Blocks) == 0:
		case len(c.Blocks) == 0:
			c.kind = more.kind
		default:
			c.kind = ""
		}
		c.add(more)
	}
	return c, nil
}

// signed reads what is signed in clear.
func (l *letter) signed(parts []part, level int) (content, error) {
	var c content
	if len(parts) != 2 || !strings.HasSuffix(parts[1].kind, "-signature") {
		c.fault("signed mail", "what is signed is not followed by a signature alone", "save the text of the mail")
		return c, nil
	}
	c, err := l.part(parts[0], level+1)
	c.Notes = append(c.Notes, "the mail is signed; the signature is not checked")
	return c, err
}

// alternatives reads versions of one text: the plain one, if there is one, with
// which the others must agree.
func (l *letter) alternatives(parts []part, level int) (content, error) {
	var versions []content
	var c content
	texts, tables := l.texts, l.tables
	for i := range parts {
		l.texts, l.tables = texts, tables
		more, err := l.part(parts[i], level+1)
		if err != nil {
			return c, err
		}
		if more.kind != "" {
			versions = append(versions, more)
			continue
		}
		c.Faults = append(c.Faults, more.Faults...)
		switch kind := parts[i].kind; {
		case len(more.Blocks) > 0:
			c.fault(parts[i].place(), "a version of the text that has several parts", "save the text of the mail")
		case len(more.Faults) == 0 && !strings.HasPrefix(kind, "multipart/"):
			c.fault(parts[i].place(), "a version of the text that is not read", "save the text of the mail")
		}
	}
	best := choose(versions)
	for i, v := range versions {
		if i == best {
			continue
		}
		for _, f := range v.Faults {
			f.Where = strings.TrimPrefix(versionName[v.kind], "the ") + ", " + f.Where
			c.Faults = append(c.Faults, f)
		}
		compare(&c, &versions[best], &v)
		c.Notes = append(c.Notes, v.Notes...)
	}
	if best >= 0 {
		c.add(versions[best])
		c.kind = versions[best].kind
	}
	return c, nil
}

// choose returns which of several versions is read: the first plain one that
// says something, otherwise the first that does; -1 if there is none.
func choose(versions []content) int {
	best := -1
	for i, v := range versions {
		if best < 0 || len(versions[best].Blocks) == 0 || v.kind == "text/plain" && len(v.Blocks) > 0 && versions[best].kind != "text/plain" {
			best = i
		}
	}
	return best
}

// stock is what programs write before the first part, for programs that know no
// parts.
var stock = regexp.MustCompile(`(?i)^this is (?:a multi-?part message in mime format|a cryptographically signed message in mime format|an? (?:openpgp/mime|s/mime) signed message(?: \(rfc \d+(?: and \d+)?\))?)[.-]*$`)

// split parts a body at its boundary. All of it is in a part, or is a fault.
func split(p part) ([][]byte, tearline.Faults, error) {
	boundary := p.params["boundary"]
	if boundary == "" {
		return nil, nil, refuse("the mail's parts have no boundary", "save the mail again as EML", nil)
	}
	if e := strings.ToLower(p.header.Get("Content-Transfer-Encoding")); e != "" && e != "7bit" && e != "8bit" && e != "binary" {
		return nil, nil, refuse("the mail's parts are encoded as a whole", "save the mail again as EML", nil)
	}
	out, before, after, closed := cut(p.body, "--"+boundary)
	switch {
	case len(out) > maxParts:
		return nil, nil, refuse(fmt.Sprintf("the mail has more than %d parts", maxParts), "save its text and its attachments one by one", nil)
	case !closed:
		return nil, nil, refuse("the mail breaks off: its last part has no end", "save the mail again as EML", nil)
	}
	var f tearline.Faults
	for _, x := range []struct {
		where string
		text  []byte
	}{{"before the first part", before}, {"behind the last part", after}} {
		if s := strings.Join(strings.Fields(string(x.text)), " "); s != "" && !stock.MatchString(s) {
			f = append(f, tearline.Fault{Where: x.where, Text: "text that no mail program shows: " + short(s), Hint: "take it out, or save the text of the mail"})
		}
	}
	return out, f, nil
}

// cut cuts a body at the lines that are the delimiter, up to the one that ends
// in two dashes more; it stops where there are more parts than may be.
func cut(b []byte, delimiter string) (parts [][]byte, before, after []byte, closed bool) {
	from := -1
	for at := 0; at < len(b) && !closed && len(parts) <= maxParts; {
		l, _, _ := bytes.Cut(b[at:], []byte("\n"))
		next := min(at+len(l)+1, len(b))
		if rest, ok := bytes.CutPrefix(l, []byte(delimiter)); ok {
			s := string(bytes.TrimRight(rest, " \t\r"))
			closed = s == "--"
			if closed || s == "" {
				if from < 0 {
					before = b[:at]
				} else {
					parts = append(parts, chomp(b[from:at]))
				}
				from = next
			}
		}
		at = next
	}
	return parts, before, b[max(from, 0):], closed
}

// chomp drops the line end before a boundary: it belongs to that.
func chomp(b []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(b, []byte("\n")), []byte("\r"))
}
