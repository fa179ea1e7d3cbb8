package article_test

import (
	"strings"
	"testing"

	"tearline/codec/article"
)

func p(s string) string { return "<w:p>" + s + "</w:p>" }
func r(s string) string { return "<w:r><w:t>" + s + "</w:t></w:r>" }

func TestDOCX(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, body, want string }{
		{"runs", p("<w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>" + r("(S//") + "<w:proofErr/>" + r("NF) The mole ") + r("is closed.")), "(S//NF) The mole is closed."},
		{"tracked changes", p(r("The ") + `<w:ins><w:r><w:t>eastern</w:t></w:r></w:ins><w:del><w:r><w:delText>western</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>old</w:t></w:r></w:moveFrom><w:moveTo>` + r(" mole") + `</w:moveTo>` + r(".")), "The eastern mole."},
		{"hidden text", p(r("The mole") + `<w:r><w:rPr><w:vanish/></w:rPr><w:t> of secrets</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>.</w:t></w:r>`), "The mole."},
		{"fields", p(`<w:r><w:instrText>HYPERLINK "x"</w:instrText></w:r>` + r("a link")), "a link"},
		{"breaks", p(`<w:r><w:t>one</w:t><w:br/><w:t>two</w:t><w:tab/><w:t>three</w:t><w:noBreakHyphen/><w:t>four</w:t></w:r>`), "one\ntwo\tthree-four"},
		{"a table", "<w:tbl><w:tr><w:tc>" + p(r("Mon")) + "</w:tc><w:tc>" + p(r("06:00")) + p(r("sharp")) + "</w:tc></w:tr><w:tr><w:tc>" + p(r("Tue")) + "</w:tc><w:tc>" + p("") + "</w:tc></w:tr></w:tbl>" + p(r("After.")), "Mon\t06:00 sharp\nTue\n\nAfter."},
		{"a table in a cell", "<w:tbl><w:tr><w:tc>" + p(r("a")) + "<w:tbl><w:tr><w:tc>" + p(r("b")) + "</w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>", "a b"},
		{"a text box, once", p(r("Around.") + `<w:r><mc:AlternateContent><mc:Choice><w:txbxContent>` + p(r("In the box.")) + `</w:txbxContent></mc:Choice><mc:Fallback><w:pict><w:txbxContent>` + p(r("In the box.")) + `</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>`), "In the box.\n\nAround."},
		{"a text box of the old kind", p(`<w:r><w:pict><w:txbxContent>` + p(r("Old box.")) + `</w:txbxContent></w:pict></w:r>`), "Old box."},
	} {
		a := read(t, "leak.txt", docx(t, tt.body, nil))
		if a.Text != tt.want || a.Format != article.DOCX {
			t.Errorf("%s: %s %q, want %q", tt.name, a.Format, a.Text, tt.want)
		}
	}
}

func TestDOCXParts(t *testing.T) {
	t.Parallel()
	a := read(t, "x", docx(t, p(r("Body.")), map[string]string{
		"word/footnotes.xml": `<w:footnotes xmlns:w="w"><w:footnote w:type="separator">` + p(r("----")) + `</w:footnote><w:footnote>` + p(r("A note.")) + `</w:footnote></w:footnotes>`,
		"word/endnotes.xml":  `<w:endnotes xmlns:w="w"><w:endnote>` + p(r("The end.")) + `</w:endnote></w:endnotes>`,
		"word/comments.xml":  `<w:comments xmlns:w="w">` + p(r("A remark.")) + `</w:comments>`,
		"word/header1.xml":   `<w:hdr xmlns:w="w">` + p(r("SECRET")) + `</w:hdr>`,
		"docProps/core.xml":  `<c:coreProperties xmlns:c="c" xmlns:dc="dc"><dc:title>The mole</dc:title><dc:creator>Ada Quill</dc:creator></c:coreProperties>`,
	}))
	if a.Text != "Body.\n\nA note.\n\nThe end." || a.Title != "The mole" || a.Author != "Ada Quill" || !a.Published.IsZero() {
		t.Errorf("%+v", a)
	}
}

func TestDOCXRefused(t *testing.T) {
	t.Parallel()
	doctype := `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><w:document xmlns:w="w"><w:body>` + p(r("x")) + `</w:body></w:document>`
	many := map[string]string{}
	for i := range 5000 {
		many[strings.Repeat("x", i%50)+string(rune('a'+i%26))+strings.Repeat("y", i/50)] = ""
	}
	for _, tt := range []struct {
		name string
		in   []byte
		want string
	}{
		{"another archive", zipOf(t, map[string]string{"a.txt": "text"}), "leak: is a ZIP archive but no Word document"},
		{"a sheet", zipOf(t, map[string]string{"_rels/.rels": `<R><Relationship Type="x/officeDocument" Target="xl/workbook.xml"/></R>`, "xl/workbook.xml": "<w/>"}), "leak: is a ZIP archive but no Word document"},
		{"no text", docx(t, p(""), nil), "leak: there is no text in it"},
		{"cut short", docx(t, "</w:body><w:body>", map[string]string{"word/document.xml": "<w:document><w:body>"}), "leak: the Word document is damaged"},
		{"a type declaration", docx(t, "", map[string]string{"word/document.xml": doctype}), "leak: the Word document is damaged"},
		{"nested deeply", docx(t, strings.Repeat("<w:p>", 300)+strings.Repeat("</w:p>", 300), nil), "leak: the Word document is damaged"},
		{"a bomb", docx(t, p(r(strings.Repeat("a", 20<<20))), nil), "leak: unpacks to more than a document holds"},
		{"many files", zipOf(t, many), "leak: an archive of"},
	} {
		if got := refused(t, tt.in, nil); !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s: %s", tt.name, got)
		}
	}
}
