package docx

import (
	"archive/zip"
	"bytes"
	_ "embed" // the styles
	"fmt"
	"hash/crc32"
	"maps"
	"slices"
	"strings"

	"tearline/codec"
)

// Names of the vocabularies.
const (
	declaration = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	wordML      = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	officeRel   = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packageRel  = "http://schemas.openxmlformats.org/package/2006/relationships"
	drawingML   = "http://schemas.openxmlformats.org/drawingml/2006/main"
	pictureML   = "http://schemas.openxmlformats.org/drawingml/2006/picture"
	placingML   = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
	contentType = "application/vnd.openxmlformats-officedocument.wordprocessingml."
)

//go:embed styles.xml
var styles string

// parts returns the members of the package by their names.
func (w *writer) parts(p *codec.Page) map[string]string {
	parts := map[string]string{
		"_rels/.rels": relations([][3]string{{"rId1", "officeDocument", "word/document.xml"}}),
		"word/document.xml": declaration + `<w:document xmlns:w="` + wordML + `" xmlns:r="` + officeRel + `" xmlns:wp="` + placingML +
			`" xmlns:a="` + drawingML + `" xmlns:pic="` + pictureML + `"><w:body>` + w.body.String() + section() + `</w:body></w:document>`,
		"word/header1.xml": declaration + `<w:hdr xmlns:w="` + wordML + `">` + banner(p) + `</w:hdr>`,
		"word/footer1.xml": declaration + `<w:ftr xmlns:w="` + wordML + `">` + sheet(p) + banner(p) + `</w:ftr>`,
		"word/styles.xml":  declaration + flat(styles),
	}
	related := [][3]string{
		{"rId1", "styles", "styles.xml"},
		{"rId2", "header", "header1.xml"},
		{"rId3", "footer", "footer1.xml"},
	}
	if list := w.lists.part(); list != "" {
		parts["word/numbering.xml"] = list
		related = append(related, [3]string{"rId4", "numbering", "numbering.xml"})
	}
	for i, b := range w.pictures {
		parts["word/"+pictureName(i+1)] = string(b)
		related = append(related, [3]string{pictureID(i + 1), "image", pictureName(i + 1)})
	}
	parts["word/_rels/document.xml.rels"] = relations(related)
	parts["[Content_Types].xml"] = types(parts, len(w.pictures) > 0)
	return parts
}

// section is the sheet: its size, and what stands at its head and foot.
func section() string {
	return fmt.Sprintf(`<w:sectPr><w:headerReference w:type="default" r:id="rId2"/><w:footerReference w:type="default" r:id="rId3"/>`+
		`<w:pgSz w:w="%d" w:h="%d"/><w:pgMar w:top="1474" w:right="%d" w:bottom="1588" w:left="%d" w:header="624" w:footer="567" w:gutter="0"/></w:sectPr>`,
		pageWidth, pageHeight, margin, margin)
}

func banner(p *codec.Page) string {
	return paragraph{style: "Banner", runs: run(p.Banner, face{})}.String()
}

// sheet is the line that says which copy and which sheet it is. The program
// that shows the file puts in the numbers.
func sheet(p *codec.Page) string {
	left := ""
	if p.Copy != "" {
		left = "Copy " + string(p.Copy)
	}
	field := func(name string) string {
		return `<w:fldSimple w:instr=" ` + name + ` ">` + run("1", face{}) + `</w:fldSimple>`
	}
	return paragraph{style: "Sheet", runs: run(left+"\tPage ", face{}) + field("PAGE") + run(" of ", face{}) + field("NUMPAGES")}.String()
}

// relations is a part that names what another part needs.
func relations(list [][3]string) string {
	var b strings.Builder
	b.WriteString(declaration + `<Relationships xmlns="` + packageRel + `">`)
	for _, r := range list {
		fmt.Fprintf(&b, `<Relationship Id="%s" Type="%s/%s" Target="%s"/>`, r[0], officeRel, r[1], r[2])
	}
	b.WriteString(`</Relationships>`)
	return b.String()
}

// types is the part that says what each part is.
func types(parts map[string]string, pictures bool) string {
	var b strings.Builder
	b.WriteString(declaration + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">`)
	if pictures {
		b.WriteString(`<Default Extension="png" ContentType="image/png"/>`)
	}
	b.WriteString(`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`)
	for _, t := range [][2]string{
		{"word/document.xml", "document.main"},
		{"word/footer1.xml", "footer"},
		{"word/header1.xml", "header"},
		{"word/numbering.xml", "numbering"},
		{"word/styles.xml", "styles"},
	} {
		if _, ok := parts[t[0]]; ok {
			fmt.Fprintf(&b, `<Override PartName="/%s" ContentType="%s%s+xml"/>`, t[0], contentType, t[1])
		}
	}
	b.WriteString(`</Types>`)
	return b.String()
}

// flat takes the line breaks and indents out of a part that is kept in lines
// for those who read it.
func flat(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		b.WriteString(strings.TrimSpace(line))
	}
	return b.String()
}

// pack writes the package: members by name, without times. They are stored as
// they are: so the bytes follow from the page, and not from the version of a
// packer, and whoever searches the file for a text finds it.
func pack(parts map[string]string) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		body := parts[name]
		n := uint64(len(body))
		m, err := z.CreateRaw(&zip.FileHeader{
			Name: name, Method: zip.Store, CRC32: crc32.ChecksumIEEE([]byte(body)),
			CreatorVersion: 20, ReaderVersion: 20, CompressedSize64: n, UncompressedSize64: n,
		})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if _, err := m.Write([]byte(body)); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("package: %w", err)
	}
	return b.Bytes(), nil
}
