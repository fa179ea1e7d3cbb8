package documents

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"tearline"
	"tearline/codec"
	"tearline/codec/document"
	"tearline/codec/docx"
	"tearline/codec/hypertext"
	"tearline/codec/look"
	"tearline/codec/onfile"
	"tearline/codec/pdf"
)

// Write writes a report whole, for its holder, in Markdown, JSON, Word, PDF or HTML. What was
// written is read again and must be the same report: else nothing is returned
// but an error that names the portion. The notes say what of its looks the
// format cannot keep. fonts are for letters in PDFs that the built-in ones lack.
func (r Reader) Write(report *tearline.Report, format string, fonts ...[]byte) (b []byte, notes []string, err error) {
	page := onfile.Page(report)
	switch format {
	case document.Markdown:
		return onfile.Markdown(report) // which reads it again itself
	case document.JSON:
		b, err = codec.MarshalLine(report)
		b = append(b, '\n')
	case document.Word:
		b, err = docx.Render(page)
	case document.PDF:
		b, err = pdf.Render(page, nil, fonts...)
	case document.HTML:
		b, err = hypertext.Render(page)
	default:
		return nil, nil, fmt.Errorf("unknown format %q", format)
	}
	if err != nil {
		return nil, nil, err
	}
	if format == document.HTML { // which is for people, and need not be a report again
		return b, nil, shown(b, &page)
	}
	again, err := r.Read("what was written", b, document.Order{})
	if err != nil {
		return nil, nil, err
	}
	if len(again) != 1 {
		return nil, nil, changed(fmt.Errorf("%d reports", len(again)))
	}
	if err := again[0].Faults.Err(); err != nil {
		return nil, nil, changed(err)
	}
	notes, err = same(report, again[0].Report)
	if err != nil {
		return nil, nil, changed(err)
	}
	return b, notes, nil
}

// shown checks that a page in HTML says all that it is to say, in order.
func shown(b []byte, page *codec.Page) error {
	texts, err := look.HTML(b)
	if err != nil {
		return changed(err)
	}
	all := flat(strings.Join(texts, " "))
	for i := range page.Items {
		text := flat(page.Items[i].Mark + " " + page.Items[i].Text)
		at := strings.Index(all, text)
		if at < 0 {
			return changed(fmt.Errorf("%q is not where it should be", clip(text)))
		}
		all = all[at+len(text):]
	}
	return nil
}

func changed(err error) error {
	return &tearline.Error{
		Op: "documents.write", Kind: tearline.Other, Public: "what was written does not read back as the same report: " + err.Error(),
		Hint: "write it in another format; nothing was kept of this one", Err: err,
	}
}

// same says what of its looks a report has lost, or that it is another.
func same(was, is *tearline.Report) (notes []string, err error) {
	if !sameHead(was, is) {
		return nil, fmt.Errorf("another head")
	}
	if len(was.Portions) != len(is.Portions) {
		return nil, fmt.Errorf("%d portions of %d", len(is.Portions), len(was.Portions))
	}
	looks := 0
	for i := range was.Portions {
		a, b := &was.Portions[i], &is.Portions[i]
		if !onfile.Same(a, b, flat) {
			return nil, fmt.Errorf("portion %s is %q, and not %q", a.ID, clip(b.Marking.Portion()+" "+b.Wording.Source()), clip(a.Marking.Portion()+" "+a.Wording.Source()))
		}
		if f, g := a.Form, b.Form; f.Shape != g.Shape || f.Level != g.Level || f.Ordered != g.Ordered || !slices.Equal(f.Styles, g.Styles) || a.Wording.Source() != b.Wording.Source() {
			looks++
		}
	}
	if looks > 0 {
		notes = append(notes, fmt.Sprintf("read back, %d of %d portions look otherwise: type, level or line breaks", looks, len(was.Portions)))
	}
	return notes, nil
}

func sameHead(a, b *tearline.Report) bool {
	return a.ID == b.ID && a.Originator == b.Originator && a.Policy == b.Policy && a.Date.Equal(b.Date) && a.DeclassifyOn.Equal(b.DeclassifyOn) &&
		flat(a.Title) == flat(b.Title) && a.Authority == b.Authority && a.Banner.Equal(b.Banner)
}

// flat leaves one blank between words, none beside characters that are written
// without, and composes letters: where lines end, and of how many characters an
// accented letter is made, is the format's affair.
func flat(s string) string {
	s = norm.NFC.String(strings.Join(strings.Fields(s), " "))
	return unspaced.ReplaceAllString(s, "$1")
}

// unspaced finds a blank behind or before a Chinese or Japanese character.
var unspaced = regexp.MustCompile(`([\p{Han}\p{Hiragana}\p{Katakana}\x{3000}-\x{303f}\x{ff00}-\x{ffef}]) `)

// clip shortens a text for a message.
func clip(s string) string {
	const most = 80
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
