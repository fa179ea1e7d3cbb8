package article

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"regexp"
	"strings"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // the encodings that mails are in
	"github.com/emersion/go-message/mail"
)

// The limits of a mail.
const (
	maxParts     = 1000
	maxMultipart = 16 // parts within each other
	// An HTML part so many times longer than the plain one tells more: the
	// plain one is but a note that there is another.
	stubTimes = 4
)

var headerLine = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9-]*):([ \t]|$)`)

// looksMail tells a mail by its first lines: fields of a header, and among
// them those that every mail has.
func looksMail(b []byte) bool {
	known, own := 0, 0
	for i, l := range strings.Split(strings.ReplaceAll(string(b), "\r\n", "\n"), "\n") {
		switch {
		case l == "":
			return known >= 2 && own >= 1
		case i == 0 && strings.HasPrefix(l, "From "):
			continue // as mailboxes divide mails
		case l[0] == ' ' || l[0] == '\t':
			if i == 0 {
				return false
			}
			continue
		}
		m := headerLine.FindStringSubmatch(l)
		if m == nil {
			return false
		}
		switch textproto.CanonicalMIMEHeaderKey(m[1]) {
		case "From", "Received", "Message-Id", "Mime-Version", "Return-Path", "Delivered-To":
			own++
			known++
		case "Date", "Subject", "To", "Cc", "Reply-To", "Content-Type", "Content-Transfer-Encoding", "X-Mailer", "Sender":
			known++
		}
	}
	return known >= 3 && own >= 1 // the header is longer than what was looked at
}

// readMail reads a mail: its text, then its attachments in their order.
func (r *reader) readMail(name string, b []byte, depth int) (Article, error) {
	if bytes.HasPrefix(b, []byte("From ")) {
		if _, rest, ok := bytes.Cut(b, []byte("\n")); ok {
			b = rest
		}
	}
	e, err := message.Read(bytes.NewReader(b))
	if e == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return Article{}, refuse(name, "the mail's header is damaged", "save the mail again, or paste its text", err)
	}
	h := mail.Header{Header: e.Header}
	var a Article
	if s, err := h.Subject(); err == nil {
		a.Title = s
	}
	if t, err := h.Date(); err == nil && t.Year() >= 1970 && t.Year() < 2200 {
		a.Published = t.UTC()
	}
	if from, err := h.AddressList("From"); err == nil && len(from) > 0 {
		a.Author = firstOf(from[0].Name, from[0].Address)
	}
	m := &mailReader{reader: r, depth: depth}
	texts, err := m.entity(e, err, 0)
	if err != nil {
		return Article{}, refuse(name, "the mail is damaged, or is no mail", "save the mail again, or paste its text", err)
	}
	a.Text = strings.Join(texts, "\n\n")
	return a, nil
}

// mailReader reads the parts of one mail.
type mailReader struct {
	*reader
	depth int
}

// entity returns the texts of a part and of what is in it. unknown says that
// its encoding is.
func (m *mailReader) entity(e *message.Entity, unknown error, level int) ([]string, error) {
	if m.parts++; m.parts > maxParts || level > maxMultipart {
		return nil, errors.New("too many parts")
	}
	kind := kindOf(e)
	if parts := e.MultipartReader(); parts != nil {
		return m.multipart(kind, parts, level)
	}
	name := nameOf(e)
	if unknown != nil {
		m.skip("%s: in an encoding that is not known here", firstOf(name, kind))
		return nil, nil //nolint:nilerr // what is not read is said
	}
	// A part is no longer than the mail that it is in, which is bounded.
	body, err := io.ReadAll(e.Body)
	if err != nil {
		return nil, err
	}
	if !attached(e) {
		switch kind {
		case "text/plain":
			return m.plain(firstOf(name, kind), body), nil
		case "text/html":
			return nonEmpty(tidy(Fragment(string(utf8Page(body, "text/html"))))), nil
		}
	}
	return m.attachment(firstOf(name, kind), body)
}

// plain is the text of a part; an encoding that is not certain is noted.
func (m *mailReader) plain(name string, body []byte) []string {
	s, err := decode(body)
	if err != nil {
		m.skip("%s: %v", name, err)
	}
	return nonEmpty(tidy(s))
}

// attachment reads a file that is attached; what cannot be read is noted.
func (m *mailReader) attachment(name string, body []byte) ([]string, error) {
	if m.depth >= maxDepth {
		m.skip("%s: attached to %d others within each other", name, m.depth)
		return nil, nil
	}
	a, err := m.read(name, body, m.depth+1)
	if err != nil {
		m.skip("%s", publicOf(err))
		return nil, nil // what is not read is said
	}
	if a.Format == Mail && a.Title != "" {
		return []string{a.Title, a.Text}, nil
	}
	return []string{a.Text}, nil
}

// multipart reads the parts of a part: of alternatives the best, otherwise all.
func (m *mailReader) multipart(kind string, parts message.MultipartReader, level int) ([]string, error) {
	var all [][]string
	var kinds []string
	for {
		p, err := parts.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			if kind == "multipart/alternative" {
				return best(kinds, all), nil
			}
			var texts []string
			for _, t := range all {
				texts = append(texts, t...)
			}
			return texts, nil
		case p == nil:
			return nil, fmt.Errorf("part %d: %w", len(all)+1, err)
		case err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err):
			return nil, fmt.Errorf("part %d: %w", len(all)+1, err)
		}
		texts, err := m.entity(p, err, level+1)
		if err != nil {
			return nil, err
		}
		kinds, all = append(kinds, kindOf(p)), append(all, texts)
	}
}

// best chooses among alternatives: the plain text, unless it is but a stub of
// another; otherwise the longest.
func best(kinds []string, all [][]string) []string {
	var plain, longest []string
	for i, t := range all {
		if kinds[i] == "text/plain" && plain == nil {
			plain = t
		}
		if size(t) > size(longest) {
			longest = t
		}
	}
	if size(plain) > 0 && size(longest) <= stubTimes*size(plain) {
		return plain
	}
	return longest
}

func size(texts []string) int {
	n := 0
	for _, t := range texts {
		n += len(t)
	}
	return n
}

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// kindOf is a part's type; what does not say it plainly is plain text.
func kindOf(e *message.Entity) string {
	kind, _, err := e.Header.ContentType()
	if err != nil {
		return "text/plain"
	}
	return kind
}

// attached reports whether a part is a file rather than text of the mail.
func attached(e *message.Entity) bool {
	disposition, _, err := e.Header.ContentDisposition()
	return err == nil && strings.EqualFold(disposition, "attachment")
}

// nameOf is the name under which a part is attached.
func nameOf(e *message.Entity) string {
	h := mail.AttachmentHeader{Header: e.Header}
	name, err := h.Filename()
	if err != nil {
		return ""
	}
	return line(name)
}
