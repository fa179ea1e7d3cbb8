// Package documents reads reports out of the files that people have, by what
// is in them and not by their names: Markdown, JSON Lines, Word files, PDFs,
// mails and mailboxes, HTML and plain text; and writes reports as such. A PDF is
// read by a process of its own.
//
// It opens no file and keeps none. It may not decide what a text without a mark
// is worth, or who may have anything: it finds what is there, with all that is
// wrong in it.
package documents

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"tearline"
	"tearline/codec"
	"tearline/codec/article"
	"tearline/codec/assemble"
	"tearline/codec/document"
	"tearline/codec/mail"
	"tearline/codec/pages"
	"tearline/codec/plain"
	"tearline/codec/word"
)

// A Reader reads documents. It is safe for concurrent use if PDF is.
type Reader struct {
	// PDF reads PDFs; with nil they are refused.
	PDF pages.Reader
}

// Read returns the reports in a file, several if it has lines of JSON, messages
// or attachments: one Document at least. The error is for a file that cannot be
// read at all, a [tearline.Error].
func (r Reader) Read(name string, b []byte, o document.Order) ([]document.Document, error) {
	format, what := Sniff(b)
	if what != "" {
		return nil, &tearline.Error{Op: "documents.read", Kind: tearline.Invalid, Public: name + ": " + what, Hint: "save it as DOCX, PDF, HTML or text"}
	}
	switch format {
	case document.JSON:
		return lines(name, b)
	case document.Markdown:
		report, err := codec.ParseMarkdownAs(b, o.Unmarked)
		return one(name, format, report, nil, err)
	case document.Mail:
		return r.mailbox(name, b, o)
	}
	reading, err := r.reading(format, b)
	if err != nil {
		return nil, named(name, err)
	}
	report, notes, err := assemble.Report(&reading, o)
	return one(name, format, report, notes, err)
}

// reading reads a file that holds one document.
func (r Reader) reading(format string, b []byte) (document.Reading, error) {
	switch format {
	case document.Word:
		return word.Read(b)
	case document.HTML:
		return mail.HTML(b)
	case document.PDF:
		if r.PDF == nil {
			return document.Reading{}, &tearline.Error{Op: "documents.read", Kind: tearline.Invalid, Public: "a PDF, which is not read here"}
		}
		d, err := r.PDF(b)
		if err != nil {
			return document.Reading{}, err
		}
		return pages.Read(d, b)
	}
	return plain.Read(b)
}

// Sniff tells a file's format by its bytes, and why it cannot be read if it is
// none of those.
func Sniff(b []byte) (format, unreadable string) {
	text := bytes.TrimLeft(bytes.TrimPrefix(b, []byte("\ufeff")), " \t\r\n")
	switch {
	case bytes.HasPrefix(text, []byte("{")) && !bytes.HasPrefix(text, []byte(`{\rtf`)):
		return document.JSON, ""
	case bytes.HasPrefix(text, []byte("---\n")), bytes.HasPrefix(text, []byte("---\r\n")):
		return document.Markdown, ""
	case bytes.HasPrefix(b, []byte("\xff\xfe")), bytes.HasPrefix(b, []byte("\xfe\xff")):
		return document.Text, "" // UTF-16
	}
	format, unreadable = article.Sniff(b)
	switch format {
	case article.DOCX:
		return document.Word, unreadable
	case article.HTML:
		return document.HTML, unreadable
	case article.PDF:
		return document.PDF, unreadable
	case article.Mail:
		return document.Mail, unreadable
	}
	if bytes.HasPrefix(b, []byte("From ")) {
		return document.Mail, unreadable
	}
	return document.Text, unreadable
}

// one is the document of a file that holds one report.
func one(name, format string, report *tearline.Report, notes []string, err error) ([]document.Document, error) {
	d := document.Document{Name: name, Format: format, Report: report, Notes: notes}
	if fs, ok := errors.AsType[tearline.Faults](err); ok {
		d.Faults, d.Report = fs, nil
		err = nil
	}
	if err != nil {
		return nil, named(name, err)
	}
	return []document.Document{d}, nil
}

// named puts the file's name before what is wrong with it.
func named(name string, err error) error {
	if e, ok := errors.AsType[*tearline.Error](err); ok {
		return &tearline.Error{Op: e.Op, Kind: e.Kind, Public: name + ": " + e.Public, Hint: e.Hint, Err: err}
	}
	return fmt.Errorf("%s: %w", name, err)
}

// lines reads reports as JSON, one a line, or one over several.
func lines(name string, b []byte) ([]document.Document, error) {
	var single bytes.Buffer
	if json.Compact(&single, bytes.TrimPrefix(b, []byte("\ufeff"))) == nil {
		b = single.Bytes()
	}
	var out []document.Document
	dec := codec.NewDecoder(bytes.NewReader(b))
	for {
		_, report, err := dec.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		docs, err := one(name, document.JSON, report, nil, err)
		if err != nil {
			return nil, err
		}
		out = append(out, docs...)
	}
}

// mailbox reads messages, and what is attached to each as reports of their own.
func (r Reader) mailbox(name string, b []byte, o document.Order) ([]document.Document, error) {
	messages, err := mail.Read(b)
	if err != nil {
		return nil, named(name, err)
	}
	var out []document.Document
	for i := range messages {
		under := name
		if len(messages) > 1 {
			under = fmt.Sprintf("%s, message %d", name, i+1)
		}
		docs, err := r.message(under, &messages[i], o)
		if err != nil {
			return nil, err
		}
		out = append(out, docs...)
	}
	return out, nil
}

// message reads one message. What an attachment does not say of itself, the
// message says for it; its name is the message's with a number.
func (r Reader) message(name string, m *mail.Message, o document.Order) ([]document.Document, error) {
	d, notes := assemble.Draft(&m.Reading, o)
	report, err := d.Report()
	out, err := one(name, document.Mail, report, notes, err)
	if err != nil {
		return nil, err
	}
	under := document.Order{
		ID: d.ID.Text, Originator: d.Originator.Text, Policy: d.Policy.Text, Date: d.Date.Text, DeclassifyOn: d.DeclassifyOn.Text, Unmarked: o.Unmarked,
	}
	for i := range m.Attachments {
		docs, err := r.attachment(name, &m.Attachments[i], under, i+1)
		if err != nil {
			return nil, err
		}
		out = append(out, docs...)
	}
	return out, nil
}

func (r Reader) attachment(name string, a *mail.Attachment, o document.Order, number int) ([]document.Document, error) {
	name = fmt.Sprintf("%s, attachment %q", name, a.Name)
	if o.ID != "" {
		o.ID = fmt.Sprintf("%s-a%d", o.ID, number)
	}
	if a.Message != nil {
		return r.message(name, a.Message, document.Order{Unmarked: o.Unmarked})
	}
	format, what := Sniff(a.Bytes)
	switch {
	case what != "":
		return []document.Document{{Name: name, Faults: tearline.Faults{{Text: what, Hint: "take it out, or attach it as DOCX, PDF, HTML or text"}}}}, nil
	case format == document.Markdown || format == document.JSON || format == document.Mail:
		return r.Read(name, a.Bytes, document.Order{Unmarked: o.Unmarked})
	}
	reading, err := r.reading(format, a.Bytes)
	if err != nil {
		return nil, named(name, err)
	}
	said, _ := assemble.Draft(&reading, document.Order{Unmarked: o.Unmarked})
	for _, v := range []struct {
		dst  *string
		says string
	}{{&o.ID, said.ID.Text}, {&o.Originator, said.Originator.Text}, {&o.Policy, said.Policy.Text}, {&o.Date, said.Date.Text}, {&o.DeclassifyOn, said.DeclassifyOn.Text}} {
		if v.says != "" && !strings.Contains(v.says, " or ") {
			*v.dst = "" // its own word goes
		}
	}
	report, notes, err := assemble.Report(&reading, o)
	return one(name, format, report, notes, err)
}
