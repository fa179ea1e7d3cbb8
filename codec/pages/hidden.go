package pages

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// hidden takes out of the pages what nobody sees or can read there, and tells
// it.
func (r *reading) hidden() {
	var all strings.Builder
	for i := range r.doc.Sheets {
		s := &r.doc.Sheets[i]
		s.Runs = slices.DeleteFunc(s.Runs, func(x Run) bool { return strings.TrimSpace(x.Text) == "" })
		s.Runs = slices.DeleteFunc(s.Runs, func(x Run) bool { return r.unseen(i, s, &x) })
		r.overlaps(i, s)
		for k := range s.Runs {
			all.WriteString(s.Runs[k].Text)
		}
	}
	r.shown = letters(all.String())
}

// unseen tells of a run that a report cannot have.
func (r *reading) unseen(page int, s *Sheet, x *Run) bool {
	const smallest = 3 // points
	whole := Box{W: s.Width, H: s.Height}
	quoted := fmt.Sprintf("%q", clip(x.Text))
	const hint = "it is still in the file: delete it in the program that made the document, or say it where it can be seen"
	switch {
	case x.Unseen && (x.X >= s.Width || x.Y >= s.Height || x.right() <= 0 || x.bottom() <= 0):
		r.fault(page+1, "text that lies outside the page: "+quoted, hint)
	case x.Unseen && x.W*x.H > 0 && x.shared(&whole) < 0.5*x.W*x.H:
		r.fault(page+1, "text that lies outside the page: "+quoted, hint)
	case x.Unseen:
		r.fault(page+1, "text that cannot be seen on the page: "+quoted, hint+"; a box over a text does not redact it")
	case x.H < smallest && !x.Turned:
		r.fault(page+1, "text in type too small to be read: "+quoted, hint)
	case x.Unknown || strings.ContainsFunc(x.Text, unreadable):
		r.fault(page+1, "characters of which the file does not say what they are: "+quoted, "make the PDF anew with its fonts embedded, or file its text")
	case x.Turned:
		r.fault(page+1, "text that is set at an angle: "+quoted, "set it upright, or leave it out")
	default:
		return false
	}
	return true
}

func unreadable(c rune) bool { return c == '\ufffd' || unicode.Is(unicode.Co, c) }

// overlaps tells of texts that are set one over the other: only one of them
// can be read.
func (r *reading) overlaps(page int, s *Sheet) {
	const near = 40 // runs: those that lie over each other follow in height
	order := make([]int, len(s.Runs))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return int(s.Runs[a].Y) - int(s.Runs[b].Y) })
	drop := map[int]bool{}
	for i, a := range order {
		for k := i + 1; k < len(order) && k < i+near; k++ {
			x, y := &s.Runs[a], &s.Runs[order[k]]
			area := min(x.W*x.H, y.W*y.H)
			if area <= 0 || x.shared(&y.Box) < 0.55*area || drop[a] {
				continue
			}
			if x.Text == y.Text { // printed twice, for weight
				drop[order[k]] = true
				continue
			}
			r.fault(page+1, fmt.Sprintf("two texts on top of each other: %q and %q", clip(x.Text), clip(y.Text)), "set them apart, or delete the one that is not meant to be read")
		}
	}
	if len(drop) > 0 {
		var kept []Run
		for i := range s.Runs {
			if !drop[i] {
				kept = append(kept, s.Runs[i])
			}
		}
		s.Runs = kept
	}
}

func clip(s string) string {
	const most = 60
	s = strings.Join(strings.Fields(s), " ")
	if c := []rune(s); len(c) > most {
		return string(c[:most]) + "…"
	}
	return s
}

// letters are those of a text, and its digits, in lower case.
func letters(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return unicode.ToLower(c)
		}
		return -1
	}, ligated.Replace(s))
}

// Letters that fonts draw as one.
var ligated = strings.NewReplacer("ﬀ", "ff", "ﬁ", "fi", "ﬂ", "fl", "ﬃ", "ffi", "ﬄ", "ffl", "ﬅ", "st", "ﬆ", "st")

// says reports whether the pages show a text.
func (r *reading) says(s string) bool { return strings.Contains(r.shown, letters(s)) }

// found tells of what is in the file beside its pages.
func (r *reading) found(raw []byte) {
	var names []string
	for i := range r.doc.Found {
		f := &r.doc.Found[i]
		switch f.Kind {
		case Link:
			r.note("the address of the link on page %d is left out: %s", f.Page, clip(f.Text))
		case Locked:
			r.note("the file is encrypted, and opens without a password")
		case Bookmark:
			if !r.says(f.Text) {
				r.fault(0, fmt.Sprintf("a title in the outline that no page shows: %q", clip(f.Text)), "make the PDF anew without an outline")
			}
		case Property, Metadata:
			names = append(names, r.property(f)...)
		case Alternative:
			if !r.says(f.Text) {
				r.fault(f.Page, fmt.Sprintf("text that stands in the place of what is shown: %q", clip(f.Text)), "say it on the page, for a picture in its caption, or make the PDF anew without it")
			}
		case Annotation:
			r.annotation(f)
		case Attachment, Field, Script, Layer, Invisible, Part, BrokenPage:
			r.part(f)
		default:
			r.part(&Find{Kind: Part, Page: f.Page, Name: string(f.Kind)})
		}
	}
	if len(names) > 0 {
		slices.Sort(names)
		r.note("properties of the file are left out: %s", strings.Join(slices.Compact(names), ", "))
	}
	if n := revisions(raw); n > 1 {
		r.fault(0, fmt.Sprintf("%d earlier states of the file are kept in it, with what was deleted since", n-1), "print the document to a new PDF")
	}
}

// property tells of one property, and returns its name if it is left out.
func (r *reading) property(f *Find) []string {
	name := strings.ToLower(f.Name[strings.LastIndexByte(f.Name, ':')+1:])
	switch name {
	case "producer", "creator", "creatortool", "creationdate", "moddate", "createdate", "modifydate", "metadatadate", "trapped",
		"documentid", "instanceid", "originaldocumentid", "renditionid", "format", "pdfversion", "part", "conformance", "rev":
		if f.Kind == Property || name != "creator" { // in a packet, the creator is the author
			return []string{f.Name}
		}
	}
	if len(strings.Fields(f.Text)) >= 3 && !r.says(f.Text) {
		r.fault(f.Page, fmt.Sprintf("a property that no page shows: %s %q", f.Name, clip(f.Text)), "delete the properties in the program that made the document")
		return nil
	}
	return []string{f.Name}
}

func (r *reading) annotation(f *Find) {
	what := map[string]string{
		"Text": "a comment", "FreeText": "a comment", "Popup": "a comment", "Highlight": "a highlight", "Underline": "an underlining",
		"StrikeOut": "a deletion mark", "Squiggly": "an underlining", "Stamp": "a stamp", "Redact": "a redaction that was not applied",
		"Ink": "a drawing in ink", "FileAttachment": "an attached file", "Link": "a description of a link", "Caret": "an insertion mark",
	}[f.Name]
	switch {
	case f.Name == "Link" && r.says(f.Text), f.Name == "PrinterMark":
		return
	case what == "":
		what = "an annotation"
	}
	if f.Text != "" {
		what += fmt.Sprintf(": %q", clip(f.Text))
	}
	r.fault(f.Page, what, "decide on it in the document, and make the PDF anew without annotations")
}

// part tells of what is no text.
func (r *reading) part(f *Find) {
	name := fmt.Sprintf("%q", clip(f.Name))
	switch f.Kind {
	case Attachment:
		r.fault(f.Page, "a file inside the file: "+name, "file it as a document of its own, and delete it here")
	case Field:
		if strings.TrimSpace(f.Text) == "" {
			r.note("an empty field of a form on page %d is left out: %s", f.Page, name)
			return
		}
		r.fault(f.Page, fmt.Sprintf("a field of a form, %s, with a value: %q", name, clip(f.Text)), "print the document to a new PDF, so that the value is text")
	case Script:
		r.fault(f.Page, "something that runs: "+name, "make the PDF anew without scripts and actions")
	case Layer:
		r.fault(f.Page, fmt.Sprintf("layers that can be switched off: %q", clip(f.Text)), "flatten the layers, or print the document to a new PDF")
	case Invisible:
		r.fault(f.Page, "letters that are set so that nothing is drawn", "delete them in the program that made the document")
	case BrokenPage:
		r.fault(f.Page, "a page that cannot be read", "print the document to a new PDF")
	case Part, Annotation, Link, Property, Metadata, Bookmark, Alternative, Locked:
		r.fault(f.Page, "a part that is not known: "+name, "print the document to a new PDF")
	}
}
