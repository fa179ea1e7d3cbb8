package hypertext

import (
	"crypto/sha256"
	_ "embed" // the style
	"encoding/base64"
	"fmt"
	"html"
	"slices"
	"strings"

	"tearline"
	"tearline/codec"
)

//go:embed style.css
var style string

// individually is the line on a copy whose wording is its own.
const individually = "Individually worded copy: the wording differs from copy to copy."

// Render writes a page as a web page in one file. The same page gives the same
// bytes. A page that [codec.Page.Check] refuses is an error, and so is one with
// a line, a form or a picture that cannot be shown as it is.
func Render(page codec.Page) ([]byte, error) {
	if err := page.CheckMarkup(); err != nil {
		return nil, fmt.Errorf("hypertext: %w", err)
	}
	w := writer{}
	w.open(&page)
	labels := page.Labels()
	for i := 0; i < len(page.Items); {
		n := 1
		switch it := &page.Items[i]; it.Form.Shape {
		case tearline.Cell:
			n, _, _ = codec.TableOf(page.Items[i:])
			w.table(page.Items[i : i+n])
		case tearline.ListItem:
			n = w.list(page.Items[i:], labels[i:])
		case tearline.Heading, tearline.Note, tearline.Figure, tearline.Paragraph:
			w.item(it, labels[i])
		}
		i += n
	}
	w.end(&page)
	return []byte(w.b.String()), nil
}

// A writer writes a page.
type writer struct{ b strings.Builder }

func (w *writer) put(parts ...string) {
	for _, s := range parts {
		w.b.WriteString(s)
	}
}

// open writes all that stands above the items.
func (w *writer) open(p *codec.Page) {
	sum := sha256.Sum256([]byte(style))
	w.put("<!doctype html>\n<html><head><meta charset=\"utf-8\">\n",
		`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-`, base64.StdEncoding.EncodeToString(sum[:]),
		`'; img-src data:; base-uri 'none'; form-action 'none'">`, "\n",
		`<meta name="viewport" content="width=device-width, initial-scale=1">`, "\n",
		"<title>", text(p.Banner), "</title>\n<style>", style, "</style></head>\n",
		`<body><header class="edge top"><p class="banner">`, text(p.Banner), "</p></header>\n<main>\n")
	head := []codec.Line{{Name: "Copy", Value: string(p.Copy)}, {Name: "For", Value: p.Recipient}, {Name: "Date", Value: p.Date}}
	head = slices.DeleteFunc(head, func(l codec.Line) bool { return l.Value == "" })
	w.lines("head", append(head, p.Head...))
	if p.Individual {
		w.put(`<p class="individual">`, individually, "</p>\n")
	}
	if p.Title != nil {
		w.put(`<h1 dir="auto">`, portion(p.Title), "</h1>\n")
		w.below(p.Title)
	}
}

// end writes all that stands below the items.
func (w *writer) end(p *codec.Page) {
	if len(p.Caveats) > 0 {
		w.put("<div class=\"caveats\"><h2>Caveats:</h2>\n<ul>")
		for _, c := range p.Caveats {
			w.put(`<li dir="auto">`, text(c), "</li>")
		}
		w.put("</ul></div>\n")
	}
	w.lines("authority", p.Authority)
	w.put(`</main><footer class="edge bottom"><p class="banner">`, text(p.Banner), "</p></footer></body></html>\n")
}

// lines writes lines of the form "Name: value".
func (w *writer) lines(class string, list []codec.Line) {
	if len(list) == 0 {
		return
	}
	w.put(`<div class="`, class, "\">\n")
	for _, l := range list {
		w.put("<p><b>", text(l.Name), ":</b> <bdi>", text(l.Value), "</bdi></p>\n")
	}
	w.put("</div>\n")
}

// item writes a paragraph, a heading, a note or a figure.
func (w *writer) item(it *codec.Item, label string) {
	f := &it.Form
	tag, class := "p", ""
	switch f.Shape {
	case tearline.Heading:
		tag = fmt.Sprintf("h%d", min(f.Level+1, 6))
		if f.Level+1 > 6 {
			class = fmt.Sprintf(` aria-level="%d"`, f.Level+1)
		}
	case tearline.Note:
		class = ` class="note"`
	case tearline.Figure:
		w.figure(it)
		return
	case tearline.Paragraph, tearline.ListItem, tearline.Cell:
		if label != "" {
			class = ` class="numbered"`
			// Digits have no direction: the number stands where the text begins.
			label = `<span class="number">` + text(label) + `</span> `
		}
	}
	w.put("<", tag, class, ` dir="auto">`, label, portion(it), "</", tag, ">\n")
	w.below(it)
}

// figure writes a picture with its caption, and with no other name: what it
// shows is said behind a mark.
func (w *writer) figure(it *codec.Item) {
	p := it.Form.Picture
	w.put(fmt.Sprintf(`<figure><img width="%d" height="%d" alt="" src="data:image/png;base64,`, p.Width, p.Height),
		base64.StdEncoding.EncodeToString(p.PNG), `"><figcaption dir="auto">`, portion(it), "</figcaption>\n")
	w.below(it)
	w.put("</figure>\n")
}

// below writes the lines of small type under an item, with nothing between: in
// an item of a list or a cell, a line break would be part of its text.
func (w *writer) below(it *codec.Item) {
	for _, s := range it.Below {
		w.put(`<p class="below" dir="auto">`, text(s), "</p>")
	}
}

// table writes the cells of one table, each in its place; those that are not
// there are empty.
func (w *writer) table(cells []codec.Item) {
	_, rows, columns := codec.TableOf(cells)
	w.put("<div class=\"scroll\" tabindex=\"0\"><table>\n")
	for row := 1; row <= rows; row++ {
		w.put("<tr>")
		for column := 1; column <= columns; column++ {
			if len(cells) == 0 || cells[0].Form.Row != row || cells[0].Form.Column != column {
				w.put("<td></td>")
				continue
			}
			w.put(`<td dir="auto">`, portion(&cells[0]))
			w.below(&cells[0])
			w.put("</td>")
			cells = cells[1:]
		}
		w.put("</tr>\n")
	}
	w.put("</table></div>\n")
}

// portion returns an item's mark and text. The mark has a direction of its
// own, so that the text alone says which way the line runs.
func portion(it *codec.Item) string {
	var b strings.Builder
	if it.Mark != "" {
		b.WriteString(`<span class="mark" dir="ltr">` + text(it.Mark) + `</span>`)
		if it.Text != "" {
			b.WriteString(" ")
		}
	}
	at := 0
	for _, s := range it.Form.Styles {
		b.WriteString(text(it.Text[at:s.From]))
		tags := ""
		for _, t := range []struct {
			on   bool
			name string
		}{{s.Bold, "b"}, {s.Italic, "i"}, {s.Underline, "u"}} {
			if t.on {
				b.WriteString("<" + t.name + ">")
				tags = "</" + t.name + ">" + tags
			}
		}
		b.WriteString(text(it.Text[s.From:s.To]) + tags)
		at = s.To
	}
	b.WriteString(text(it.Text[at:]))
	return b.String()
}

// text escapes a text, and ends its lines. A return belongs to the line break
// behind it, which may stand in another stretch of type.
func text(s string) string {
	s = strings.ReplaceAll(s, "\r", "")
	return strings.ReplaceAll(html.EscapeString(s), "\n", "<br>")
}
