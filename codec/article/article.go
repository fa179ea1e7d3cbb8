// Package article makes plain text of what a leak arrives in: a newspaper
// page, a PDF, a Word file, an e-mail, or text that somebody pasted. It takes
// bytes and gives UTF-8, with the title, the author and the time of publication
// where the bytes say so; boilerplate, page furniture and what was deleted are
// left out.
//
// What a file is, its bytes decide, never its name. Every reader is bounded in
// size, count and depth; what cannot be read is an error that says how to mend
// it, or, for one attachment among several, a line in Unread. A text is never
// passed on mangled: where the encoding is a guess, it is refused.
//
// The package is pure: it opens no file, asks no network and reads no clock.
// It parses no PDF either, since that takes a process of its own; whoever calls
// gives it what a page shows where, and it makes paragraphs of that. It judges
// nothing, and matches nothing.
package article

import (
	"bytes"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tearline"
)

const (
	// MaxInput is the largest file, in bytes, that [Read] takes.
	MaxInput = 64 << 20
	// MaxText is the longest text, in bytes, that it returns: as much as the
	// search for leaks takes.
	MaxText = 4 << 20
)

const (
	maxDepth  = 4   // how deep attachments are looked into
	maxUnread = 100 // lines that say what was not read
)

// The formats.
const (
	Text = "text"
	HTML = "html"
	DOCX = "docx"
	Mail = "mail"
	PDF  = "pdf"
)

// An Article is what one file says.
type Article struct {
	Title, Author, URL string
	// Text is UTF-8 with paragraphs parted by a blank line, and never empty.
	// A web page's begins with its title, as titles leak too.
	Text string
	// Format is one of the formats above.
	Format string
	// Published is when it came out, by its own word; zero if it does not
	// say. If DayOnly, it said the day alone, and Published is its midnight UTC.
	Published time.Time
	DayOnly   bool
	// Unread says what of it was not read and why, a line each.
	Unread []string
}

// Read makes an article of a file. The name is for messages alone. pdf reads
// PDF; without it they are refused. Errors are [tearline.Error]s of kind
// Invalid, or what pdf returned. It may be called by several goroutines.
func Read(name string, b []byte, pdf PDFReader) (Article, error) {
	r := &reader{pdf: pdf}
	a, err := r.read(name, b, 0)
	if err != nil {
		return Article{}, err
	}
	a.Unread = r.unread
	return a, nil
}

// Page makes an article of a web page that was fetched from an address, whose
// header said that it is of some content type; either may be "".
func Page(address, contentType string, b []byte, pdf PDFReader) (Article, error) {
	r := &reader{pdf: pdf, address: address, contentType: contentType}
	a, err := r.read(address, b, 0)
	if err != nil {
		return Article{}, err
	}
	a.URL, a.Unread = firstOf(a.URL, address), r.unread
	return a, nil
}

// Fragment makes text of a piece of HTML, such as a feed's item: all of it
// that is visible, paragraphs parted by a blank line. What is no HTML is its
// own text. It is at most [MaxText] long; what is longer is cut.
func Fragment(html string) string {
	if len(html) > maxHTML {
		html = strings.ToValidUTF8(html[:maxHTML], "")
	}
	doc, err := parseHTML([]byte(html))
	if err != nil {
		return cut(tidy(flat([]byte(html))))
	}
	return cut(tidy(visible(doc)))
}

// reader is one reading of a file and of what is in it.
type reader struct {
	pdf                  PDFReader
	address, contentType string // of a web page
	unread               []string
	parts                int // of mails
}

// read reads one file; depth counts what it is attached to.
func (r *reader) read(name string, b []byte, depth int) (Article, error) {
	if len(b) > MaxInput {
		return Article{}, refuse(name, fmt.Sprintf("larger than %d MiB", MaxInput>>20), "divide it", nil)
	}
	format, what := Sniff(b)
	if what != "" {
		return Article{}, refuse(name, what, "save it as PDF, DOCX or plain text", nil)
	}
	var a Article
	var err error
	switch format {
	case PDF:
		a, err = r.readPDF(name, b)
	case DOCX:
		a, err = readDOCX(name, b)
	case HTML:
		a, err = r.readHTML(name, b)
	case Mail:
		a, err = r.readMail(name, b, depth)
	default:
		a, err = readText(name, b)
	}
	if err != nil {
		return Article{}, err
	}
	a.Format, a.Title, a.Author = format, line(a.Title), line(a.Author)
	switch a.Text = tidy(a.Text); {
	case a.Text == "":
		return Article{}, refuse(name, "there is no text in it", "", nil)
	case len(a.Text) > MaxText:
		return Article{}, refuse(name, fmt.Sprintf("its text is longer than %d MiB", MaxText>>20), "divide it", nil)
	}
	return a, nil
}

// skip notes what was not read.
func (r *reader) skip(format string, args ...any) {
	if len(r.unread) < maxUnread {
		r.unread = append(r.unread, line(fmt.Sprintf(format, args...)))
	}
}

// Sniff tells the format by the bytes, and what the file is if it cannot be
// read.
func Sniff(b []byte) (format, unreadable string) {
	head := b[:min(len(b), 4096)]
	switch {
	case len(bytes.TrimSpace(head)) == 0 && len(b) == len(head):
		return Text, "the file is empty"
	case bytes.Contains(head[:min(len(head), 1024)], []byte("%PDF-")):
		return PDF, ""
	case bytes.HasPrefix(b, []byte("PK\x03\x04")):
		return DOCX, ""
	}
	for _, m := range []struct{ magic, what string }{
		{"\xd0\xcf\x11\xe0", "an old Office or Outlook file: not read here"},
		{`{\rtf`, "an RTF file: not read here"},
		{"\x89PNG", pictured},
		{"\xff\xd8\xff", pictured},
		{"GIF8", pictured},
		{"II*\x00", pictured},
		{"MM\x00*", pictured},
		{"\x1f\x8b", packed},
		{"7z\xbc\xaf", packed},
		{"Rar!", packed},
		{"BZh", packed},
		{"\xfd7zXZ", packed},
	} {
		if bytes.HasPrefix(b, []byte(m.magic)) {
			return Text, m.what
		}
	}
	switch {
	case looksHTML(plainHead(head)):
		return HTML, ""
	case bytes.HasPrefix(bytes.TrimSpace(plainHead(head)), []byte("<?xml")):
		return Text, "an XML file of a kind that is not read here"
	case looksMail(head):
		return Mail, ""
	}
	return Text, ""
}

const (
	pictured = "a picture: there is no text in it to read"
	packed   = "a packed archive: not read here"
)

// refuse says why a file is not read.
func refuse(name, what, hint string, err error) error {
	return &tearline.Error{Op: "article.read", Kind: tearline.Invalid, Public: firstOf(line(name), "the text") + ": " + what, Hint: hint, Err: err}
}

// firstOf is the first that is not empty.
func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// line makes one line, of a length that can be shown, of what a file says of
// itself.
func line(s string) string {
	const most = 500
	s = strings.Join(strings.Fields(clean(s)), " ")
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most-1]) + "…"
	}
	return s
}

// clean drops what no text shows: control characters, also those that turn the
// direction of a text around, and bytes that are no UTF-8.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\f' || r == '\v' || r == '\u2028' || r == '\u2029':
			return '\n'
		case unicode.Is(unicode.Cc, r) || r == '\uFEFF' || unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, s)
}

// tidy gives lines one kind of end, drops blanks at their ends, and leaves one
// blank line where there are several.
func tidy(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = clean(strings.ReplaceAll(s, "\r", "\n"))
	var b strings.Builder
	b.Grow(len(s))
	blank := 0
	for l := range strings.SplitSeq(s, "\n") {
		l = strings.TrimRight(l, " \t\u00a0")
		if strings.TrimSpace(l) == "" {
			blank++
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\n")
			if blank > 0 {
				b.WriteString("\n")
			}
		}
		blank = 0
		b.WriteString(l)
	}
	return b.String()
}

// cut keeps a text within [MaxText].
func cut(s string) string {
	if len(s) <= MaxText {
		return s
	}
	return strings.ToValidUTF8(s[:MaxText], "")
}
