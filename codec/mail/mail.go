// Package mail reads mails as reports: one mail ([Read] of an EML file), several
// (an MBOX file), and web pages ([HTML]), in which many mails are written. What
// a person sees becomes blocks; what a person does not see (comments, hidden
// text, what one version of the text says and the other does not, text
// between the parts) is a fault with its place.
//
// A quoted mail keeps its own marks: none of it is ever taken under the mark of
// the reply. Of a header, the subject is the title; the rest is left out.
//
// The package follows no address, opens no attachment but attached mails,
// checks no signature and decrypts nothing. It may not read files, the clock or
// the network. An element, a style or a part that it does not know is a fault.
package mail

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"mime"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/textproto"

	"tearline"
	"tearline/codec/document"
)

// A Message is one mail.
type Message struct {
	// Subject, From and Date are as its header says, decoded; "" if it does
	// not. Nobody has checked them.
	Subject, From, Date string
	// Reading is what it says: the subject as a heading, then the text.
	Reading document.Reading
	// Attachments are the files in it, in their order.
	Attachments []Attachment
}

// An Attachment is a file in a mail.
type Attachment struct {
	// Name and MediaType are what the mail says; a name may be "".
	Name, MediaType string
	// Bytes may be a part of what was read.
	Bytes []byte
	// Message is what an attached mail says, nil for any other file, and for a
	// mail that cannot be read: a fault of the mail that it is in says why.
	Message *Message
}

// Limits of a file, beside those of package document.
const (
	maxMessages = 500
	maxParts    = 200 // of one file
	maxDepth    = 4   // mails within each other, and parts within each other
	maxHeader   = 1 << 20
	maxFaults   = 1000
)

// Read reads one mail, or those of a mailbox file: one that begins with a line
// "From ". Errors are [tearline.Error]s of kind Invalid: for what is damaged,
// encrypted, in an unknown encoding, or no mail.
func Read(b []byte) ([]Message, error) {
	if len(b) > document.MaxInput {
		return nil, refuse(fmt.Sprintf("the mail is larger than %d MiB", document.MaxInput>>20), "save its text and its attachments one by one", nil)
	}
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	if !bytes.HasPrefix(b, []byte("From ")) {
		m, err := (&budget{}).message(b, 1)
		if err != nil {
			return nil, err
		}
		return []Message{*m}, nil
	}
	var out []Message
	share := &budget{}
	for len(b) > 0 {
		if len(out) == maxMessages {
			return nil, refuse(fmt.Sprintf("the mailbox has more than %d mails", maxMessages), "divide it", nil)
		}
		var one []byte
		one, b = nextMail(b)
		share.parts = 0
		m, err := share.message(one, 1)
		if err != nil {
			return nil, placed(fmt.Sprintf("mail %d", len(out)+1), err)
		}
		out = append(out, *m)
	}
	return out, nil
}

// nextMail cuts the first mail off a mailbox that begins with a line "From ",
// and undoes the quoting of such lines in it.
func nextMail(b []byte) (one, rest []byte) {
	_, b, _ = bytes.Cut(b, []byte("\n"))
	one, quoted, blank := b, false, false
	for at := 0; at < len(b); {
		l, _, _ := bytes.Cut(b[at:], []byte("\n"))
		if blank && bytes.HasPrefix(l, []byte("From ")) {
			one, rest = b[:at], b[at:]
			break
		}
		quoted = quoted || isQuotedFrom(l)
		blank = len(bytes.TrimSuffix(l, []byte("\r"))) == 0
		at += len(l) + 1
	}
	if !quoted {
		return one, rest
	}
	out := make([]byte, 0, len(one))
	for l := range bytes.SplitAfterSeq(one, []byte("\n")) {
		if isQuotedFrom(l) {
			l = l[1:]
		}
		out = append(out, l...)
	}
	return out, rest
}

func isQuotedFrom(l []byte) bool {
	return len(l) > 0 && l[0] == '>' && bytes.HasPrefix(bytes.TrimLeft(l, ">"), []byte("From "))
}

// A budget is what one file may still cost.
type budget struct{ parts, size, blocks int }

// A letter is a mail that is being read.
type letter struct {
	*budget
	out    *Message
	depth  int
	texts  int // parts that were read as text
	tables int
}

// message reads one mail; depth counts what it is in, itself included.
func (b *budget) message(raw []byte, depth int) (*Message, error) {
	p, err := parsePart(raw, "text/plain")
	if err != nil {
		return nil, err
	}
	known := false
	for _, k := range []string{"From", "Subject", "Date", "To", "Message-Id", "Received", "Mime-Version"} {
		known = known || p.header.Has(k)
	}
	if !known {
		return nil, refuse("this is no mail: it has no header", "save the mail again as EML", nil)
	}
	l := &letter{budget: b, out: &Message{}, depth: depth}
	l.head(p.header)
	c, err := l.part(p, 1)
	if err != nil {
		return nil, err
	}
	r := &l.out.Reading
	r.Blocks, r.Faults, r.Notes = append(r.Blocks, c.Blocks...), append(r.Faults, c.Faults...), append(r.Notes, c.Notes...)
	if b.blocks += len(r.Blocks); b.blocks > document.MaxBlocks {
		return nil, refuse(fmt.Sprintf("the mail has more than %d paragraphs", document.MaxBlocks), "divide it", nil)
	}
	if len(r.Faults) > maxFaults {
		r.Faults = append(r.Faults[:maxFaults], tearline.Fault{Text: "there are more faults than are listed"})
	}
	return l.out, nil
}

// head reads what the header says. Of each field that says something there may
// be one: programs differ in which they show.
func (l *letter) head(h message.Header) {
	r := &l.out.Reading
	get := func(key string) string {
		if n := h.FieldsByKey(key).Len(); n > 1 {
			r.Faults = append(r.Faults, tearline.Fault{Where: "header", Text: fmt.Sprintf("%d fields %s: programs differ in which one they show", n, key), Hint: "leave one"})
		}
		s, err := headerText(h.Get(key))
		if err != nil {
			r.Faults = append(r.Faults, tearline.Fault{Where: strings.ToLower(key), Text: err.Error(), Hint: "save the mail again, or as UTF-8"})
		}
		return s
	}
	m := l.out
	m.Subject, m.From, m.Date = get("Subject"), get("From"), get("Date")
	if m.Subject == "" {
		r.Notes = append(r.Notes, "the mail has no subject")
	} else {
		r.Blocks = append(r.Blocks, document.Block{Where: "subject", Text: m.Subject, Form: tearline.Form{Shape: tearline.Heading, Level: 1}})
	}
	if said := strings.Trim(m.From+"; "+m.Date, "; "); said != "" {
		r.Notes = append(r.Notes, "sender and date are no part of the report: "+short(said))
	}
}

// headerText decodes the encoded words of a header's field.
func headerText(s string) (string, error) {
	if !utf8.ValidString(s) {
		return "", fmt.Errorf("is not UTF-8")
	}
	d := mime.WordDecoder{CharsetReader: func(label string, in io.Reader) (io.Reader, error) {
		b, err := io.ReadAll(in)
		if err != nil {
			return nil, err
		}
		t, err := decodeText(b, label)
		return strings.NewReader(t), err
	}}
	t, err := d.DecodeHeader(s)
	if err != nil || strings.Contains(t, "\uFFFD") || strings.Contains(t, "=?") && strings.Contains(t, "?=") {
		return "", fmt.Errorf("is in an encoding that cannot be read")
	}
	return strings.Trim(t, " \t"), nil
}

// A part is a mail, or a part of one, with its body as it stands in the file.
type part struct {
	header message.Header
	kind   string // the media type, in lower case
	params map[string]string
	body   []byte
	faults tearline.Faults
}

// parsePart parts a header from what follows. A part that does not say its
// type is of the one given.
func parsePart(b []byte, kind string) (part, error) {
	in := bytes.NewReader(b[:min(len(b), maxHeader)])
	buf := bufio.NewReader(in)
	h, err := textproto.ReadHeader(buf)
	if err != nil {
		return part{}, refuse("the mail's header is damaged", "save the mail again as EML", err)
	}
	at := min(len(b), maxHeader) - in.Len() - buf.Buffered()
	if at == maxHeader && len(b) > maxHeader {
		return part{}, refuse(fmt.Sprintf("the mail's header is longer than %d MiB", maxHeader>>20), "save its text", nil)
	}
	p := part{header: message.Header{Header: h}, kind: kind, body: b[at:]}
	for _, key := range []string{"Content-Type", "Content-Transfer-Encoding", "Content-Disposition"} {
		if n := p.header.FieldsByKey(key).Len(); n > 1 {
			p.fault(fmt.Sprintf("%d fields %s: programs differ in which one they follow", n, key))
		}
	}
	if p.header.Get("Content-Type") == "" {
		return p, nil
	}
	p.kind, p.params, err = p.header.ContentType()
	if err != nil || !strings.Contains(p.kind, "/") {
		p.kind = "application/octet-stream"
		p.fault("says its type in a way that cannot be read")
	}
	p.kind = strings.ToLower(p.kind)
	return p, nil
}

func (p *part) fault(text string) {
	p.faults = append(p.faults, tearline.Fault{Where: p.place(), Text: text, Hint: "save the mail again, or save its text"})
}

// place names a part as a person would find it.
func (p *part) place() string {
	if n := p.name(); n != "" {
		return "attachment " + short(n)
	}
	return "part of type " + short(p.kind)
}

// name is the name of the file that a part is, "" if it says none.
func (p *part) name() string {
	_, params, err := p.header.ContentDisposition()
	n := params["filename"]
	if err != nil || n == "" {
		n = p.params["name"]
	}
	if t, err := headerText(n); err == nil {
		n = t
	}
	return strings.ToValidUTF8(n, "\uFFFD")
}

// attached reports whether a part is a file rather than text of the mail.
func (p *part) attached() bool {
	d, _, err := p.header.ContentDisposition()
	return err == nil && strings.EqualFold(d, "attachment")
}

// decoded is the body without its transfer encoding.
func (p *part) decoded() ([]byte, error) {
	encoding := strings.ToLower(p.header.Get("Content-Transfer-Encoding"))
	if encoding == "" || encoding == "7bit" || encoding == "8bit" || encoding == "binary" {
		return p.body, nil
	}
	var h message.Header // with a type, the library would decode the letters too
	h.Set("Content-Transfer-Encoding", encoding)
	e, err := message.New(h, bytes.NewReader(p.body))
	if err != nil {
		return nil, refuse(p.place()+": its transfer encoding is not known", "save the mail again, or save its text", err)
	}
	var out bytes.Buffer
	out.Grow(len(p.body) + bytes.MinRead)
	if _, err := out.ReadFrom(e.Body); err != nil {
		return nil, refuse(p.place()+": is damaged", "save the mail again", err)
	}
	return out.Bytes(), nil
}

// refuse says why a mail cannot be read.
func refuse(what, hint string, err error) error {
	return &tearline.Error{Op: "mail.read", Kind: tearline.Invalid, Public: what, Hint: hint, Err: err}
}

// short makes one line, short enough to be shown, of what a file says.
func short(s string) string {
	const most = 80
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return '\uFFFD'
		}
		return r
	}, strings.ToValidUTF8(s[:min(len(s), 4*most)], "\uFFFD"))
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most-1]) + "…"
	}
	return s
}
