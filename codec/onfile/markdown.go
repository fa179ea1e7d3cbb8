package onfile

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"tearline"
	"tearline/codec"
	"tearline/marking"
)

// Markdown returns a report as [codec.ParseMarkdown] reads it. The notes say
// what of it Markdown cannot show: the type of stretches of text, line breaks.
// A report with a picture, or with a text that Markdown would read as something
// else, is an error that names the portion.
func Markdown(r *tearline.Report) (b []byte, notes []string, err error) {
	var w strings.Builder
	frontMatter(&w, r)
	p := Page(r)
	for i := 0; i < len(p.Items); i++ {
		it := &p.Items[i]
		if it.Form.Shape == tearline.Figure {
			return nil, nil, refused(fmt.Sprintf("a picture, %s", clip(it.Text)))
		}
		if it.Form.Shape == tearline.Cell {
			n, _, _ := codec.TableOf(p.Items[i:])
			table(&w, p.Items[i:i+n])
			i += n - 1
			continue
		}
		w.WriteString("\n" + opening(&it.Form) + it.Mark + " " + flat(it.Text) + "\n")
		indent := ""
		if it.Form.Shape == tearline.ListItem {
			indent = strings.Repeat(step, it.Form.Level)
		}
		for k, line := range it.Below {
			if k == 0 {
				w.WriteString("\n")
			}
			w.WriteString(indent + "> " + flat(line) + "\n")
		}
	}
	b = []byte(w.String())
	again, err := codec.ParseMarkdown(b)
	if err != nil {
		return nil, nil, refused(err.Error())
	}
	if notes, err = compare(r, again); err != nil {
		return nil, nil, err
	}
	return b, notes, nil
}

func refused(what string) error {
	return &tearline.Error{
		Op: "onfile.markdown", Kind: tearline.Invalid, Public: "this report cannot be written in Markdown: " + what,
		Hint: "write it as docx, pdf, html or jsonl",
	}
}

// step is how far an item inside another is indented.
const step = "   "

// opening is what a line begins with, by what it is.
func opening(f *tearline.Form) string {
	switch {
	case f.Shape == tearline.Heading:
		return strings.Repeat("#", min(f.Level, 6)) + " "
	case f.Shape == tearline.ListItem && f.Ordered:
		return strings.Repeat(step, f.Level-1) + "1. "
	case f.Shape == tearline.ListItem:
		return strings.Repeat(step, f.Level-1) + "-  "
	}
	return ""
}

func frontMatter(w *strings.Builder, r *tearline.Report) {
	w.WriteString("---\n")
	line := func(key, value string) {
		if value == "" {
			return
		}
		quoted, err := json.Marshal(value) // which is YAML as well
		if err != nil {
			quoted = []byte("~") // a string always is; the reader refuses this
		}
		w.WriteString(key + ": " + string(quoted) + "\n")
	}
	line("id", string(r.ID))
	t, titled := r.Portion(tearline.TitleID)
	if titled {
		line("title", t.Marking.Portion()+" "+t.Wording.Source())
	} else {
		line("title", r.Title)
	}
	for _, l := range head(r)[1:] {
		switch l.Name {
		case "Title":
		case "Declassify On":
			line("declassify_on", l.Value)
		case "Sources":
			quoted, err := json.Marshal(t.Sources)
			if err == nil {
				w.WriteString("sources: " + string(quoted) + "\n")
			}
		default:
			line(strings.ToLower(l.Name), l.Value)
		}
	}
	line("authority", r.Authority)
	line("banner", r.Banner.Banner())
	w.WriteString("---\n")
}

// table writes the cells of one table.
func table(w *strings.Builder, cells []codec.Item) {
	_, rows, columns := codec.TableOf(cells)
	w.WriteString("\n")
	for row, i := 1, 0; row <= rows; row++ {
		for column := 1; column <= columns; column++ {
			text := ""
			if i < len(cells) && cells[i].Form.Row == row && cells[i].Form.Column == column {
				text = strokes(cells[i].Mark + " " + flat(cells[i].Text))
				i++
			}
			w.WriteString("| " + text + " ")
		}
		w.WriteString("|\n")
		if row == 1 {
			w.WriteString(strings.Repeat("|---", columns) + "|\n")
		}
	}
}

// strokes escapes the strokes of a cell, but for those that part alternatives.
func strokes(s string) string {
	var b strings.Builder
	inside := false
	for _, r := range s {
		switch {
		case r == '{':
			inside = true
		case r == '}':
			inside = false
		case r == '|' && !inside:
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// flat puts a text on one line.
func flat(s string) string { return strings.Join(strings.Fields(s), " ") }

// compare says what has changed, or that something did that must not.
func compare(was, is *tearline.Report) (notes []string, err error) {
	if len(was.Portions) != len(is.Portions) || was.Title != is.Title || !was.Banner.Equal(is.Banner) {
		return nil, refused("it reads back as another report")
	}
	styles, breaks, forms := 0, 0, 0
	for i := range was.Portions {
		a, b := &was.Portions[i], &is.Portions[i]
		if !Same(a, b, flat) {
			return nil, refused(fmt.Sprintf("portion %s reads back as another", a.ID))
		}
		if len(a.Form.Styles) > 0 {
			styles++
		}
		if a.Wording.Source() != b.Wording.Source() {
			breaks++
		}
		if !alike(a.Form, b.Form) {
			forms++
		}
	}
	for _, n := range []struct {
		n    int
		what string
	}{
		{styles, "bold, italic and underlined type"},
		{breaks, "line breaks and several blanks in a row"},
		{forms, "the depth or kind of a list, heading or note"},
	} {
		if n.n > 0 {
			notes = append(notes, fmt.Sprintf("not in Markdown, in %d of %d portions: %s", n.n, len(was.Portions), n.what))
		}
	}
	return notes, nil
}

// alike reports whether two forms are the same but for type and pictures.
func alike(f, g tearline.Form) bool {
	return f.Shape == g.Shape && f.Level == g.Level && f.Ordered == g.Ordered && f.Row == g.Row && f.Column == g.Column
}

// Same reports whether two portions say the same: their texts, which norm
// brings into one form, and all that decisions rest on.
func Same(a, b *tearline.Portion, norm func(string) string) bool {
	if a.ID != b.ID || a.Originator != b.Originator || !slices.Equal(a.Sources, b.Sources) || (a.Tear == nil) != (b.Tear == nil) {
		return false
	}
	same := func(m, n marking.Marking, v, w tearline.Wording) bool {
		return m.Equal(n) && norm(v.Source()) == norm(w.Source())
	}
	return same(a.Marking, b.Marking, a.Wording, b.Wording) && (a.Tear == nil || same(a.Tear.Marking, b.Tear.Marking, a.Tear.Wording, b.Tear.Wording))
}

// clip shortens a text for a message.
func clip(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
