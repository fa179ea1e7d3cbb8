package docx_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline"
	"tearline/codec"
	"tearline/codec/docx"
)

// A shown is a paragraph as the test reads it out of a file.
type shown struct {
	Style, Text string
	Label       string // as the lists count
	Cell        string // "row.column", "" outside of tables
	Styles      []tearline.Style
	Right       bool // written from right to left
	Pictures    int
}

// A tester is what tests and properties have alike.
type tester interface {
	Fatal(args ...any)
	Helper()
}

func render(tb tester, p codec.Page) []byte {
	tb.Helper()
	b, err := docx.Render(p)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// members returns the parts of a package.
func members(tb tester, b []byte) map[string][]byte {
	tb.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		tb.Fatal(err)
	}
	out := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			tb.Fatal(err)
		}
		if out[f.Name], err = io.ReadAll(r); err != nil {
			tb.Fatal(err)
		}
	}
	return out
}

func attribute(e *xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// A lister counts as a program does that shows the file.
type lister struct {
	format map[string]string // by list and level
	count  map[string]int
}

func newLister(tb tester, part []byte) *lister {
	tb.Helper()
	l := &lister{format: map[string]string{}, count: map[string]int{}}
	abstract := map[string]map[string]string{}
	var of, level, num string
	walk(tb, part, func(e *xml.StartElement) {
		switch e.Name.Local {
		case "abstractNum":
			of = attribute(e, "abstractNumId")
			abstract[of] = map[string]string{}
		case "lvl":
			level = attribute(e, "ilvl")
		case "lvlText":
			abstract[of][level] = attribute(e, "val")
		case "num":
			num = attribute(e, "numId")
		case "abstractNumId":
			for level, f := range abstract[attribute(e, "val")] {
				l.format[num+"/"+level] = f
			}
		}
	}, func(string) {}, func(string) {})
	return l
}

// next returns the label of the next paragraph of a list.
func (l *lister) next(list, level string) string {
	f, ok := l.format[list+"/"+level]
	if !ok {
		return "no such list"
	}
	l.count[list+"/"+level]++
	n, _ := strconv.Atoi(level)
	return strings.ReplaceAll(f, "%"+strconv.Itoa(n+1), strconv.Itoa(l.count[list+"/"+level]))
}

// walk calls back for each token of a part, which must be well formed.
func walk(tb tester, part []byte, start func(*xml.StartElement), text, end func(string)) {
	tb.Helper()
	d := xml.NewDecoder(bytes.NewReader(part))
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			tb.Fatal(err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			start(&tok)
		case xml.CharData:
			text(string(tok))
		case xml.EndElement:
			end(tok.Name.Local)
		case xml.Comment, xml.Directive:
			tb.Fatal("a part with something that does not show")
		}
	}
}

// paragraphs reads what a part shows.
func paragraphs(tb tester, part []byte, lists *lister) []shown {
	tb.Helper()
	var out []shown
	var p shown
	var level string
	var style tearline.Style
	row, column, inText, inRun := 0, 0, false, false
	add := func(s string) {
		if style.Bold || style.Italic || style.Underline {
			n := len(p.Text)
			if k := len(p.Styles) - 1; k >= 0 && p.Styles[k].To == n && p.Styles[k].Bold == style.Bold && p.Styles[k].Italic == style.Italic && p.Styles[k].Underline == style.Underline {
				p.Styles[k].To += len(s)
			} else {
				p.Styles = append(p.Styles, tearline.Style{From: n, To: n + len(s), Bold: style.Bold, Italic: style.Italic, Underline: style.Underline})
			}
		}
		p.Text += s
	}
	walk(tb, part, func(e *xml.StartElement) {
		switch e.Name.Local {
		case "tbl":
			row = 0
		case "tr":
			row, column = row+1, 0
		case "tc":
			column++
		case "p":
			p = shown{}
			if column > 0 {
				p.Cell = strconv.Itoa(row) + "." + strconv.Itoa(column)
			}
		case "pStyle":
			p.Style = attribute(e, "val")
		case "ilvl":
			level = attribute(e, "val")
		case "numId":
			p.Label = lists.next(attribute(e, "val"), level)
		case "bidi":
			p.Right = true
		case "r":
			style, inRun = tearline.Style{}, true
		case "b":
			style.Bold = true
		case "i":
			style.Italic = true
		case "u":
			style.Underline = true
		case "br":
			add("\n")
		case "tab":
			if inRun {
				add("\t")
			}
		case "blip":
			p.Pictures++
		case "t":
			inText = true
		}
	}, func(s string) {
		switch {
		case inText:
			add(s)
		case strings.TrimSpace(s) != "":
			tb.Fatal("text outside of runs: " + s)
		}
	}, func(name string) {
		switch name {
		case "t":
			inText = false
		case "r":
			inRun = false
		case "tbl":
			column = 0
		case "p":
			out = append(out, p)
		}
	})
	return out
}

// want is what a page shows, in order, without what is empty.
func want(p *codec.Page) []shown {
	var out []shown
	line := func(style, text string) { out = append(out, shown{Style: style, Text: text}) }
	named := func(style string, l codec.Line) {
		line(style, l.Name+": "+l.Value)
		out[len(out)-1].Styles = []tearline.Style{{To: len(l.Name) + 2, Bold: true}}
	}
	if p.Copy != "" {
		named("Head", codec.Line{Name: "Copy", Value: string(p.Copy)})
	}
	if p.Recipient != "" {
		named("Head", codec.Line{Name: "For", Value: p.Recipient})
	}
	if p.Date != "" {
		named("Head", codec.Line{Name: "Date", Value: p.Date})
	}
	for _, l := range p.Head {
		named("Head", l)
	}
	if p.Individual {
		line("Individual", "Individually worded copy: the wording differs from copy to copy.")
	}
	labels := p.Labels()
	add := func(it *codec.Item, style, label string) {
		s := shown{Style: style, Label: label, Text: it.Mark}
		if it.Mark != "" && it.Text != "" {
			s.Text += " "
		}
		for _, st := range it.Form.Styles {
			st.From, st.To = st.From+len(s.Text), st.To+len(s.Text)
			if k := len(s.Styles) - 1; k >= 0 && s.Styles[k].To == st.From && s.Styles[k].Bold == st.Bold && s.Styles[k].Underline == st.Underline {
				s.Styles[k].To = st.To
				continue
			}
			s.Styles = append(s.Styles, st)
		}
		s.Text += it.Text
		out = append(out, s)
		for _, b := range it.Below {
			line("Below", b)
		}
	}
	if p.Title != nil {
		add(p.Title, "Title", "")
	}
	for i := range p.Items {
		it := &p.Items[i]
		f := &it.Form
		n := len(out)
		switch f.Shape {
		case tearline.Heading:
			add(it, "Heading"+strconv.Itoa(f.Level), "")
		case tearline.ListItem:
			add(it, map[bool]string{true: "ListNumber", false: "ListBullet"}[f.Ordered], labels[i])
		case tearline.Note:
			add(it, "Note", "")
		case tearline.Figure:
			out = append(out, shown{Style: "Figure", Pictures: 1})
			add(it, "Caption", "")
		case tearline.Cell:
			add(it, "Cell", "")
			for k := n; k < len(out); k++ {
				out[k].Cell = strconv.Itoa(f.Row) + "." + strconv.Itoa(f.Column)
			}
		case tearline.Paragraph:
			add(it, map[bool]string{true: "Paragraph", false: "NumberedParagraph"}[p.Unnumbered], labels[i])
		}
	}
	if len(p.Caveats) > 0 {
		line("Caveats", "Caveats:")
	}
	for _, c := range p.Caveats {
		out = append(out, shown{Style: "ListBullet", Text: c, Label: "•"})
	}
	for _, l := range p.Authority {
		named("Authority", l)
	}
	return slices.DeleteFunc(out, func(s shown) bool { return s.Text == "" && s.Pictures == 0 && s.Label == "" })
}

// got is what the body of a file shows, without what is empty and without
// directions.
func got(tb tester, parts map[string][]byte) []shown {
	tb.Helper()
	list := paragraphs(tb, parts["word/document.xml"], newLister(tb, parts["word/numbering.xml"]))
	for i := range list {
		list[i].Right = false
	}
	return slices.DeleteFunc(list, func(s shown) bool { return s.Text == "" && s.Pictures == 0 && s.Label == "" })
}

func TestEverythingOnceAndInOrder(t *testing.T) {
	p := full(t)
	parts := members(t, render(t, p))
	if d := cmp.Diff(want(&p), got(t, parts)); d != "" {
		t.Error(d)
	}
	header := paragraphs(t, parts["word/header1.xml"], nil)
	if d := cmp.Diff([]shown{{Style: "Banner", Text: p.Banner}}, header); d != "" {
		t.Error(d)
	}
	footer := paragraphs(t, parts["word/footer1.xml"], nil)
	if d := cmp.Diff([]shown{{Style: "Sheet", Text: "Copy K-7F3A-0012\tPage 1 of 1"}, {Style: "Banner", Text: p.Banner}}, footer); d != "" {
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
		parts := members(t, b)
		for name, part := range parts {
			if !strings.HasSuffix(name, ".png") {
				walk(t, part, func(*xml.StartElement) {}, func(string) {}, func(string) {})
			}
		}
		if d := cmp.Diff(want(&p), got(t, parts)); d != "" {
			t.Fatal(d)
		}
	})
}

// TestPackage says which parts there are: no more than are needed, by name,
// without a time, as they are.
func TestPackage(t *testing.T) {
	least := []string{"[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels", "word/document.xml", "word/footer1.xml", "word/header1.xml", "word/styles.xml"}
	most := slices.Concat(least, []string{"word/media/image1.png", "word/numbering.xml"})
	slices.Sort(most)
	for _, c := range []struct {
		page codec.Page
		want []string
	}{
		{codec.Page{Banner: "UNCLASSIFIED"}, least},
		{full(t), most},
	} {
		b := render(t, c.page)
		z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, f := range z.File {
			names = append(names, f.Name)
			if f.Method != zip.Store || f.ModifiedDate != 0 || f.ModifiedTime != 0 || len(f.Extra) > 0 || f.Comment != "" || f.Flags != 0 || f.ExternalAttrs != 0 {
				t.Errorf("%s: %+v", f.Name, f.FileHeader)
			}
		}
		if d := cmp.Diff(c.want, names); d != "" {
			t.Error(d)
		}
	}
}

// TestRelations sees that every part has a type, and that all that a part
// refers to is there.
func TestRelations(t *testing.T) {
	parts := members(t, render(t, full(t)))
	types, targets := map[string]bool{}, map[string]string{}
	walk(t, parts["[Content_Types].xml"], func(e *xml.StartElement) {
		if name := attribute(e, "PartName"); name != "" {
			types[strings.TrimPrefix(name, "/")] = true
			if parts[strings.TrimPrefix(name, "/")] == nil {
				t.Errorf("a type for %s, which is not there", name)
			}
		}
	}, func(string) {}, func(string) {})
	walk(t, parts["word/_rels/document.xml.rels"], func(e *xml.StartElement) {
		if id := attribute(e, "Id"); id != "" {
			targets[id] = attribute(e, "Target")
			if parts["word/"+targets[id]] == nil || attribute(e, "TargetMode") != "" {
				t.Errorf("%s leads to %s", id, targets[id])
			}
		}
	}, func(string) {}, func(string) {})
	for name := range parts {
		if !types[name] && !strings.HasSuffix(name, ".rels") && !strings.HasSuffix(name, ".png") && name != "[Content_Types].xml" {
			t.Errorf("%s has no type", name)
		}
	}
	known, used := map[string]bool{}, map[string]bool{}
	walk(t, parts["word/styles.xml"], func(e *xml.StartElement) { known[attribute(e, "styleId")] = true }, func(string) {}, func(string) {})
	walk(t, parts["word/document.xml"], func(e *xml.StartElement) {
		switch e.Name.Local {
		case "pStyle", "tblStyle":
			used[attribute(e, "val")] = true
		case "blip":
			if targets[attribute(e, "embed")] == "" {
				t.Error("a picture that is not there")
			}
		case "docPr":
			if attribute(e, "name")+attribute(e, "descr") != "" {
				t.Error("a picture with a text that nobody sees")
			}
		}
	}, func(string) {}, func(string) {})
	for s := range used {
		if !known[s] {
			t.Errorf("style %s is not there", s)
		}
	}
}

func TestDirections(t *testing.T) {
	for _, c := range []struct {
		text  string
		right bool
		runs  []string // those from right to left
	}{
		{"plain (text) 1", false, nil},
		{"نص عادي", true, []string{"نص عادي"}},
		{"12 שלום, abc (def) עולם!", true, []string{"12 שלום, ", " עולם!"}},
		{"see שלום עולם, said he", false, []string{"שלום עולם"}},
		{"...", false, nil},
	} {
		parts := members(t, render(t, codec.Page{Banner: "U", Items: []codec.Item{{Mark: "(S)", Text: c.text}}}))
		list := paragraphs(t, parts["word/document.xml"], newLister(t, parts["word/numbering.xml"]))
		if len(list) != 1 || list[0].Right != c.right || list[0].Text != "(S) "+c.text {
			t.Errorf("%q: %+v", c.text, list)
		}
		var runs []string
		rtl, in := false, false
		walk(t, parts["word/document.xml"], func(e *xml.StartElement) {
			switch e.Name.Local {
			case "r":
				rtl = false
			case "rtl":
				rtl = true
			case "t":
				in = true
			}
		}, func(s string) {
			if in && rtl {
				runs = append(runs, s)
			}
		}, func(string) { in = false })
		if d := cmp.Diff(c.runs, runs); d != "" {
			t.Errorf("%q: %s", c.text, d)
		}
	}
}

func TestPicturesFit(t *testing.T) {
	for _, c := range []struct{ width, height, wide, high int }{
		{96, 48, 914400, 457200},
		{4000, 1000, 5934710, 1483677},
		{100, 5000, 146050, 7302500},
		{1, 3000, 9525, 7302500},
	} {
		it := codec.Item{Mark: "(U)", Form: tearline.Form{Shape: tearline.Figure, Picture: picture(t, c.width, c.height)}}
		b := members(t, render(t, codec.Page{Banner: "U", Items: []codec.Item{it}}))["word/document.xml"]
		extent := `<wp:extent cx="` + strconv.Itoa(c.wide) + `" cy="` + strconv.Itoa(c.high) + `"/>`
		if !bytes.Contains(b, []byte(extent)) {
			t.Errorf("%d by %d: no %s in %s", c.width, c.height, extent, b)
		}
	}
}

func TestRefused(t *testing.T) {
	para := func(text string, f tearline.Form) codec.Page {
		return codec.Page{Banner: "U", Items: []codec.Item{{Mark: "(U)", Text: text, Form: f}}}
	}
	cells := func(forms ...tearline.Form) codec.Page {
		p := codec.Page{Banner: "U"}
		for _, f := range forms {
			f.Shape = tearline.Cell
			p.Items = append(p.Items, codec.Item{Mark: "(U)", Form: f})
		}
		return p
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
		{codec.Page{Banner: "U", Items: []codec.Item{{Mark: "(U)", Below: []string{"a\u202eb"}}}}, "hidden character U+202E"},
		{codec.Page{Banner: "U", Items: []codec.Item{{Mark: "(U)", Below: []string{"a\nb"}}}}, "line break"},
		{codec.Page{Banner: "U", Caveats: []string{"a\uffffb"}}, "U+FFFF"},
		{codec.Page{Banner: "U", Title: &codec.Item{Text: "a", Form: tearline.Form{Styles: []tearline.Style{{To: 2, Bold: true}}}}}, "title: type from byte 0 to 2"},
		{codec.Page{Banner: "U", Title: &codec.Item{Text: "a", Below: []string{"a\u200bb"}}}, "title: hidden character U+200B"},
		{codec.Page{Banner: "U", Title: &codec.Item{Text: "a", Form: tearline.Form{Shape: tearline.Note}}}, "title: it is a note"},
		{para("a\ufffeb", tearline.Form{}), "U+FFFE"},
		{para("a\rb", tearline.Form{}), "ends no line"},
		{para("a\x00b", tearline.Form{}), "hidden character U+0000"},
		{para("é", tearline.Form{Styles: []tearline.Style{{From: 0, To: 1, Bold: true}}}), "type from byte 0 to 1"},
		{para("abc", tearline.Form{Styles: []tearline.Style{{From: 1, To: 2, Bold: true}, {From: 0, To: 3, Bold: true}}}), "type from byte 0 to 3"},
		{para("abc", tearline.Form{Shape: "box"}), `shape "box"`},
		{para("abc", tearline.Form{Shape: tearline.Heading}), "level 0"},
		{para("abc", tearline.Form{Shape: tearline.Figure, Picture: &told}), "after its end"},
		{cells(tearline.Form{Table: 1, Row: 2, Column: 1}, tearline.Form{Table: 1, Row: 1, Column: 1}), "before the one it stands behind"},
		{cells(tearline.Form{Table: 1, Row: 1, Column: 1}, tearline.Form{Table: 2, Row: 1, Column: 1}, tearline.Form{Table: 1, Row: 2, Column: 1}), "do not follow each other"},
		{cells(tearline.Form{Table: 1, Row: 1, Column: 63}, tearline.Form{Table: 1, Row: 10000, Column: 1}), "more than 262144 cells"},
		{cells(tearline.Form{Table: 1, Row: 1, Column: 64}), "64 columns: Word shows at most 63"},
	} {
		if _, err := docx.Render(c.page); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.page, err, c.want)
		}
	}
}

// TestReturns sees that a return before a line break, which other systems
// write, is part of that break.
func TestReturns(t *testing.T) {
	p := codec.Page{Banner: "U", Items: []codec.Item{{Mark: "(U)", Text: "one\r\ntwo\r\n", Form: tearline.Form{Styles: []tearline.Style{{From: 1, To: 4, Bold: true}}}}}}
	list := got(t, members(t, render(t, p)))
	if len(list) != 1 || list[0].Text != "(U) one\ntwo\n" {
		t.Errorf("%+v", list)
	}
}
