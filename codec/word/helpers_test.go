package word_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"slices"
	"strings"
	"testing"

	"tearline"
	"tearline/codec/document"
	"tearline/codec/word"
)

const (
	office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	spaces = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"` +
		` xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"` +
		` xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"` +
		` xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"` +
		` xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"` +
		` xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"` +
		` xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"` +
		` xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"` +
		` xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"` +
		` xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"` +
		` xmlns:zz="http://vendor.example/ns"`
)

// pack is a Word file that a test makes.
type pack struct {
	body     string
	sect     string
	styles   string
	numbers  string
	settings string
	rels     string            // further relations of the document
	root     string            // further relations of the file
	parts    map[string]string // further parts
	raw      []byte            // of media/image1.png
	comment  string            // of the archive
}

func rel(id, kind, target string) string {
	return fmt.Sprintf(`<Relationship Id="%s" Type="%s" Target="%s"/>`, id, office+kind, target)
}

func outside(kind, target string) string {
	return fmt.Sprintf(`<Relationship Id="l" Type="%s" Target="%s" TargetMode="External"/>`, office+kind, target)
}

func relations(list string) string {
	return `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + list + `</Relationships>`
}

func xmlPart(name, inner string) string {
	return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:` + name + ` ` + spaces + `>` + inner + `</w:` + name + `>`
}

func (k pack) bytes(tb testing.TB) []byte {
	tb.Helper()
	m := map[string]string{
		"[Content_Types].xml":          `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
		"_rels/.rels":                  relations(rel("d", "officeDocument", "word/document.xml") + k.root),
		"word/document.xml":            xmlPart("document", "<w:body>"+k.body+"<w:sectPr>"+k.sect+"</w:sectPr></w:body>"),
		"word/_rels/document.xml.rels": "",
	}
	list := k.rels
	for _, p := range [][3]string{{"styles", "styles", k.styles}, {"numbering", "numbering", k.numbers}, {"settings", "settings", k.settings}} {
		if p[2] != "" {
			m["word/"+p[0]+".xml"] = xmlPart(p[1], p[2])
			list += rel("x"+p[0], p[0], p[0]+".xml")
		}
	}
	if k.raw != nil {
		m["word/media/image1.png"] = string(k.raw)
		list += rel("img", "image", "media/image1.png")
	}
	m["word/_rels/document.xml.rels"] = relations(list)
	maps.Copy(m, k.parts)
	return zipped(tb, m, k.comment)
}

func zipped(tb testing.TB, m map[string]string, comment string) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(m)) {
		w, err := z.Create(name)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := w.Write([]byte(m[name])); err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.SetComment(comment); err != nil {
		tb.Fatal(err)
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func read(tb testing.TB, k pack) document.Reading {
	tb.Helper()
	r, err := word.Read(k.bytes(tb))
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// para makes a paragraph of pieces, run a run of text.
func para(pieces ...string) string { return "<w:p>" + strings.Join(pieces, "") + "</w:p>" }

func run(text string) string { return `<w:r><w:t xml:space="preserve">` + text + `</w:t></w:r>` }

// rp makes a run with properties.
func rp(props, text string) string {
	return `<w:r><w:rPr>` + props + `</w:rPr><w:t xml:space="preserve">` + text + `</w:t></w:r>`
}

func styled(id, text string) string {
	return para(`<w:pPr><w:pStyle w:val="`+id+`"/></w:pPr>`, run(text))
}

// code makes a field.
func code(instr, shown string) string {
	return `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> ` + instr +
		` </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>` + run(shown) + `<w:r><w:fldChar w:fldCharType="end"/></w:r>`
}

// drawn makes a picture or a shape.
func drawn(attrs, data string) string {
	return `<w:r><w:drawing><wp:inline><wp:extent cx="900000" cy="900000"/><wp:docPr id="1" name="Picture 1" ` + attrs +
		`/><a:graphic><a:graphicData uri="x">` + data + `</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`
}

func picture(inner string) string {
	return `<pic:pic><pic:nvPicPr><pic:cNvPr id="1" name="Picture 1"/></pic:nvPicPr><pic:blipFill><a:blip r:embed="img"/>` +
		inner + `</pic:blipFill><pic:spPr/></pic:pic>`
}

func box(text string) string {
	return `<wps:wsp><wps:spPr><a:prstGeom prst="rect"/></wps:spPr><wps:txbx><w:txbxContent>` + para(run(text)) + `</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp>`
}

func oldBox(text string) string {
	return `<w:pict><v:shape style="width:10pt"><v:textbox><w:txbxContent>` + para(run(text)) + `</w:txbxContent></v:textbox></v:shape></w:pict>`
}

func both(choice, fallback string) string {
	return `<w:r><mc:AlternateContent><mc:Choice Requires="wps">` + choice + `</mc:Choice><mc:Fallback>` + fallback + `</mc:Fallback></mc:AlternateContent></w:r>`
}

// pngOf makes a picture whose left half is red and whose right half is blue.
func pngOf(tb testing.TB, w, h int) []byte {
	tb.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{R: 255, A: 255}
			if x >= w/2 {
				c = color.NRGBA{B: 255, A: 255}
			}
			m.SetNRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// lines are blocks as a test writes them down.
func lines(r document.Reading) []string {
	var out []string
	for _, b := range r.Blocks {
		s := b.Where + " | "
		switch b.Zone {
		case document.Header:
			s += "H "
		case document.Footer:
			s += "F "
		case document.Body:
		}
		f := b.Form
		switch f.Shape {
		case tearline.Heading:
			s += fmt.Sprintf("h%d ", f.Level)
		case tearline.ListItem:
			s += fmt.Sprintf("item%d ", f.Level)
			if f.Ordered {
				s += "ordered "
			}
		case tearline.Cell:
			s += fmt.Sprintf("cell %d.%d.%d ", f.Table, f.Row, f.Column)
		case tearline.Note:
			s += "note "
		case tearline.Figure:
			s += fmt.Sprintf("figure %dx%d ", f.Picture.Width, f.Picture.Height)
		case tearline.Paragraph:
		}
		s += b.Text
		for _, st := range f.Styles {
			s += " ["
			for _, x := range []struct {
				on   bool
				name string
			}{{st.Bold, "b"}, {st.Italic, "i"}, {st.Underline, "u"}} {
				if x.on {
					s += x.name
				}
			}
			s += ":" + b.Text[st.From:st.To] + "]"
		}
		out = append(out, s)
	}
	return out
}
