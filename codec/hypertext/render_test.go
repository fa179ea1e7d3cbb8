package hypertext_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"tearline"
	"tearline/codec"
	"tearline/codec/hypertext"
)

// tb is what tests and properties have alike.
type tb interface {
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Helper()
}

func render(t tb, p codec.Page) []byte {
	t.Helper()
	b, err := hypertext.Render(p)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A shown is a piece of a page as the test reads it out of a file.
type shown struct {
	Kind, Text string
	Label      string // of an item: "•", or its number
	Cell       string // "row.column"
	Styles     []tearline.Style
	Picture    string
}

// allowed are all elements and attributes that a page may have.
var allowed = map[string]string{
	"html": "", "head": "", "meta": "charset http-equiv content name", "title": "", "style": "", "body": "",
	"header": "class", "main": "", "footer": "class", "div": "class tabindex", "p": "class dir", "b": "", "i": "", "u": "", "bdi": "", "br": "",
	"h1": "dir", "h2": "dir", "h3": "dir", "h4": "dir", "h5": "dir", "h6": "dir aria-level", "span": "class dir",
	"ul": "", "ol": "", "li": "class dir value", "table": "", "tbody": "", "tr": "", "td": "dir",
	"figure": "", "img": "width height alt src", "figcaption": "dir",
}

// A reader reads a page as a person does.
type reader struct {
	t        tb
	out      []shown
	row, col int
	style    tearline.Style
}

func parse(t tb, b []byte) *html.Node {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func (r *reader) now() *shown {
	if len(r.out) == 0 {
		r.t.Fatal("text before any piece")
	}
	return &r.out[len(r.out)-1]
}

func (r *reader) add(s string) {
	p := r.now()
	st := r.style
	if st.Bold || st.Italic || st.Underline {
		st.From, st.To = len(p.Text), len(p.Text)+len(s)
		if k := len(p.Styles) - 1; k >= 0 && p.Styles[k].To == st.From && same(p.Styles[k], st) {
			p.Styles[k].To = st.To
		} else {
			p.Styles = append(p.Styles, st)
		}
	}
	p.Text += s
}

func same(a, b tearline.Style) bool {
	return a.Bold == b.Bold && a.Italic == b.Italic && a.Underline == b.Underline
}

func (r *reader) read(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		if block := strings.Contains(" html body main div ul ol table tbody tr figure header footer ", " "+n.Parent.Data+" "); !block {
			r.add(n.Data)
		} else if strings.TrimSpace(n.Data) != "" {
			r.t.Fatalf("text %q in %s", n.Data, n.Parent.Data)
		}
	case html.ElementNode:
		r.element(n)
	case html.DocumentNode:
		for c := range n.ChildNodes() {
			r.read(c)
		}
	case html.DoctypeNode:
	case html.CommentNode, html.RawNode, html.ErrorNode:
		r.t.Fatalf("something that does not show: %q", n.Data)
	}
}

func (r *reader) element(n *html.Node) {
	names, ok := allowed[n.Data]
	if !ok {
		r.t.Fatalf("element %s", n.Data)
	}
	for _, a := range n.Attr {
		if !slices.Contains(strings.Fields(names), a.Key) {
			r.t.Fatalf("attribute %s of %s", a.Key, n.Data)
		}
	}
	was := r.style
	switch n.Data {
	case "head":
		return
	case "p", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption":
		s := shown{Kind: strings.TrimSpace(n.Data + " " + attr(n, "class"))}
		if l := attr(n, "aria-level"); l != "" {
			s.Kind += " " + l
		}
		if p := n.Parent; p.Data == "div" {
			s.Kind = strings.TrimSpace(attr(p, "class") + " " + s.Kind)
		}
		if s.Kind == "p below" && (n.Parent.Data == "td" || n.Parent.Data == "figure") {
			s.Cell = r.place(n)
		}
		r.out = append(r.out, s)
	case "li":
		if attr(n, "class") == "through" {
			break
		}
		s := shown{Kind: "li" + strconv.Itoa(depth(n)), Label: "•"}
		if n.Parent.Data == "ol" {
			s.Label = attr(n, "value") + "."
		}
		r.out = append(r.out, s)
	case "table":
		r.row = 0
	case "tr":
		r.row, r.col = r.row+1, 0
	case "td":
		r.col++
		if n.FirstChild == nil {
			return
		}
		r.out = append(r.out, shown{Kind: "td", Cell: r.place(n)})
	case "img":
		r.out = append(r.out, shown{Kind: "img", Picture: attr(n, "src")})
		if n.NextSibling == nil || n.NextSibling.Data != "figcaption" || attr(n, "alt") != "" {
			r.t.Fatal("a picture without its caption, or with another text")
		}
	case "br":
		r.add("\n")
	case "b":
		r.style.Bold = true
	case "i":
		r.style.Italic = true
	case "u":
		r.style.Underline = true
	}
	for c := range n.ChildNodes() {
		r.read(c)
	}
	r.style = was
}

// place says which cell a node is in.
func (r *reader) place(n *html.Node) string {
	if n.Data != "td" && n.Parent.Data != "td" {
		return ""
	}
	return strconv.Itoa(r.row) + "." + strconv.Itoa(r.col)
}

// depth counts the lists around an item.
func depth(n *html.Node) int {
	d := 0
	for ; n != nil; n = n.Parent {
		if n.Data == "ol" || n.Data == "ul" {
			d++
		}
	}
	return d
}

func got(t tb, b []byte) []shown {
	t.Helper()
	r := reader{t: t}
	r.read(parse(t, b))
	return r.out
}

// want is what a page shows, in order.
func want(p *codec.Page) []shown {
	var out []shown
	line := func(kind, text string) { out = append(out, shown{Kind: kind, Text: text}) }
	named := func(kind string, l codec.Line) {
		line(kind+" p", l.Name+": "+l.Value)
		out[len(out)-1].Styles = []tearline.Style{{To: len(l.Name) + 1, Bold: true}}
	}
	line("p banner", p.Banner)
	for _, l := range []codec.Line{{Name: "Copy", Value: string(p.Copy)}, {Name: "For", Value: p.Recipient}, {Name: "Date", Value: p.Date}} {
		if l.Value != "" {
			named("head", l)
		}
	}
	for _, l := range p.Head {
		named("head", l)
	}
	if p.Individual {
		line("p individual", "Individually worded copy: the wording differs from copy to copy.")
	}
	if p.Title != nil {
		out = append(out, wanted("h1", "", p.Title))
		for _, b := range p.Title.Below {
			line("p below", b)
		}
	}
	labels := p.Labels()
	for i := range p.Items {
		it := &p.Items[i]
		f := &it.Form
		cell := ""
		switch f.Shape {
		case tearline.Heading:
			kind := "h" + strconv.Itoa(min(f.Level+1, 6))
			if f.Level > 5 {
				kind += " " + strconv.Itoa(f.Level+1)
			}
			out = append(out, wanted(kind, "", it))
		case tearline.ListItem:
			s := wanted("li"+strconv.Itoa(f.Level), "", it)
			s.Label = labels[i]
			out = append(out, s)
		case tearline.Note:
			out = append(out, wanted("p note", "", it))
		case tearline.Figure:
			out = append(out, shown{Kind: "img", Picture: "data:image/png;base64," + base64.StdEncoding.EncodeToString(f.Picture.PNG)}, wanted("figcaption", "", it))
		case tearline.Cell:
			cell = strconv.Itoa(f.Row) + "." + strconv.Itoa(f.Column)
			s := wanted("td", "", it)
			s.Cell = cell
			out = append(out, s)
		case tearline.Paragraph:
			if p.Unnumbered {
				out = append(out, wanted("p", "", it))
			} else {
				out = append(out, wanted("p numbered", labels[i]+" ", it))
			}
		}
		for _, b := range it.Below {
			out = append(out, shown{Kind: "p below", Text: b, Cell: cell})
		}
	}
	if len(p.Caveats) > 0 {
		line("caveats h2", "Caveats:")
	}
	for _, c := range p.Caveats {
		out = append(out, shown{Kind: "li1", Text: c, Label: "•"})
	}
	for _, l := range p.Authority {
		named("authority", l)
	}
	line("p banner", p.Banner)
	return out
}

// wanted is an item behind its label.
func wanted(kind, before string, it *codec.Item) shown {
	s := shown{Kind: kind, Text: before + it.Mark}
	if it.Mark != "" && it.Text != "" {
		s.Text += " "
	}
	for _, st := range it.Form.Styles {
		st.From, st.To = st.From+len(s.Text), st.To+len(s.Text)
		if k := len(s.Styles) - 1; k >= 0 && s.Styles[k].To == st.From && same(s.Styles[k], st) {
			s.Styles[k].To = st.To
			continue
		}
		s.Styles = append(s.Styles, st)
	}
	s.Text += it.Text
	return s
}

func TestEverythingOnceAndInOrder(t *testing.T) {
	p := full(t)
	if d := cmp.Diff(want(&p), got(t, render(t, p))); d != "" {
		t.Error(d)
	}
}

func TestPropertyEverythingOnceAndInOrder(t *testing.T) {
	all := pages(t)
	rapid.Check(t, func(t *rapid.T) {
		p := all.Draw(t, "page")
		b := render(t, p)
		if !bytes.Equal(b, render(t, p)) {
			t.Fatal("other bytes the second time")
		}
		if d := cmp.Diff(want(&p), got(t, b)); d != "" {
			t.Fatal(d)
		}
	})
}

// TestHead sees that nothing is in a page's head but what it needs, and that
// its policy lets in its own style alone.
func TestHead(t *testing.T) {
	var metas []string
	var title, style string
	for n := range parse(t, render(t, full(t))).Descendants() {
		switch {
		case n.Type != html.ElementNode:
		case n.Data == "meta":
			metas = append(metas, attr(n, "charset")+attr(n, "name")+attr(n, "http-equiv")+": "+attr(n, "content"))
		case n.Data == "title":
			title = n.FirstChild.Data
		case n.Data == "style":
			style = n.FirstChild.Data
		}
	}
	sum := sha256.Sum256([]byte(style))
	if d := cmp.Diff([]string{
		"utf-8: ",
		"Content-Security-Policy: default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; img-src data:; base-uri 'none'; form-action 'none'",
		"viewport: width=device-width, initial-scale=1",
	}, metas); d != "" {
		t.Error(d)
	}
	if title != "SECRET//REL TO USA, GBR" {
		t.Errorf("title %q", title)
	}
	if strings.Contains(style, "url(") || strings.Contains(style, "@import") || strings.Contains(style, "content:") {
		t.Error("a style that loads or says something")
	}
}

// TestHostile writes texts that would be more than text everywhere, and reads
// them back as text.
func TestHostile(t *testing.T) {
	for _, s := range []string{
		"</title><script>alert(1)</script>", "</style><img src=x onerror=alert(1)>", "<!-- a -->", "\"><b>", "'\"`&amp;&lt;&#60;&nbsp;", "]]>", "javascript:alert(1)", "<svg/onload=1>", "&", "  two  spaces ",
	} {
		p := codec.Page{
			Banner: "B" + s, Copy: tearline.CopyID(s), Recipient: s, Date: s, Head: []codec.Line{{Name: s, Value: s}}, Authority: []codec.Line{{Name: s, Value: s}},
			Title: &codec.Item{Mark: "(U)", Text: s}, Caveats: []string{s},
			Items: []codec.Item{
				{Mark: "(" + s + ")", Text: s, Below: []string{s}},
				{Mark: "(U)", Text: s, Form: tearline.Form{Shape: tearline.Cell, Table: 1, Row: 1, Column: 1, Styles: []tearline.Style{{To: 1, Bold: true}}}},
				{Mark: "(U)", Text: s, Form: tearline.Form{Shape: tearline.Figure, Picture: picture(t, 2, 2)}},
			},
		}
		if strings.Contains(s, ")") {
			p.Items[0].Mark = "(U)"
		}
		if d := cmp.Diff(want(&p), got(t, render(t, p))); d != "" {
			t.Errorf("%q: %s", s, d)
		}
	}
}

// TestDirections sees that a line's direction follows from its text alone: what
// stands before it has its own.
func TestDirections(t *testing.T) {
	p := codec.Page{Banner: "U", Items: []codec.Item{{Mark: "(S)", Text: "نص"}, {Mark: "(S)", Text: "نص", Form: tearline.Form{Shape: tearline.ListItem, Level: 1}}}}
	n := 0
	for e := range parse(t, render(t, p)).Descendants() {
		if e.Type != html.ElementNode || attr(e, "dir") != "auto" {
			continue
		}
		n++
		for c := range e.ChildNodes() {
			if c.Type == html.TextNode && strings.TrimSpace(c.Data) != "" && strings.TrimSpace(c.Data) != "نص" || c.Type == html.ElementNode && attr(c, "dir") != "ltr" && c.FirstChild.Data != "1." {
				t.Errorf("%s %q decides on the direction", c.Data, attr(c, "class"))
			}
		}
	}
	if n != 2 {
		t.Errorf("%d lines follow their texts, want 2", n)
	}
}

func TestRefused(t *testing.T) {
	cell := func(table, row, column int) codec.Item {
		return codec.Item{Mark: "(U)", Form: tearline.Form{Shape: tearline.Cell, Table: table, Row: row, Column: column}}
	}
	told := *picture(t, 4, 4)
	told.PNG = slices.Concat(told.PNG, []byte("withheld"))
	for _, c := range []struct {
		page codec.Page
		want string
	}{
		{codec.Page{}, "no banner"},
		{codec.Page{Banner: "U", Head: []codec.Line{{Name: "A", Value: "b\nc"}}}, "line break"},
		{codec.Page{Banner: "U", Authority: []codec.Line{{Name: "A\u200b", Value: "b"}}}, "hidden character U+200B"},
		{codec.Page{Banner: "U", Caveats: []string{"a\uffffb"}}, "U+FFFF"},
		{codec.Page{Banner: "U", Title: &codec.Item{Text: "a", Below: []string{"a\u200bb"}}}, "title: hidden character U+200B"},
		{codec.Page{Banner: "U", Title: &codec.Item{Text: "a", Form: tearline.Form{Styles: []tearline.Style{{To: 2, Bold: true}}}}}, "title: type from byte 0 to 2"},
		{codec.Page{Banner: "U", Title: &codec.Item{Text: "a", Form: tearline.Form{Shape: tearline.Note}}}, "title: it is a note"},
		{codec.Page{Banner: "U", Items: []codec.Item{{Mark: "(U)", Text: "a\rb"}}}, "ends no line"},
		{codec.Page{Banner: "U", Items: []codec.Item{{Mark: "(U)", Form: tearline.Form{Shape: tearline.Figure, Picture: &told}}}}, "after its end"},
		{codec.Page{Banner: "U", Items: []codec.Item{cell(1, 1, 1), cell(2, 1, 1), cell(1, 2, 1)}}, "do not follow each other"},
		{codec.Page{Banner: "U", Items: []codec.Item{cell(1, 1, 256), cell(1, 10000, 1)}}, "more than 262144 cells"},
	} {
		if _, err := hypertext.Render(c.page); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.page, err, c.want)
		}
	}
}

// TestReturns sees that a return before a line break, which other systems
// write, is part of that break.
func TestReturns(t *testing.T) {
	p := codec.Page{Banner: "U", Items: []codec.Item{{Mark: "(U)", Text: "one\r\ntwo"}}}
	if list := got(t, render(t, p)); list[1].Text != "1. (U) one\ntwo" {
		t.Errorf("%+v", list)
	}
}
