package main

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"html"
	"mime/quotedprintable"
	"strings"
	"unicode/utf16"

	"tearline/codec/article"
)

// paragraphs puts sentences together by threes.
func paragraphs(text string) []string {
	var out []string
	var b strings.Builder
	n := 0
	for s := range strings.SplitAfterSeq(text, ". ") {
		b.WriteString(s)
		if n++; n%3 == 0 {
			out = append(out, strings.TrimSpace(b.String()))
			b.Reset()
		}
	}
	if b.Len() > 0 {
		out = append(out, strings.TrimSpace(b.String()))
	}
	return out
}

// back reads a file as the program does.
func back(name string, file []byte) (string, error) {
	a, err := article.Read(name, file, nil)
	return a.Text, err
}

const (
	around = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Harbour Courier</title>
<script>var tracked = "nothing";</script><style>p { margin: 1em }</style></head><body>
<header><nav><ul><li><a href="/">Front page</a></li><li><a href="/world">World</a></li><li><a href="/trade">Trade</a></li></ul></nav></header>
<aside><h2>Most read</h2><ul><li><a href="/1">Ferry late again</a></li><li><a href="/2">Market moves to the square</a></li></ul></aside>
<main><article><h1>What the papers say</h1><p class="byline">By our correspondent</p>
`
	after = `</article></main><section class="related"><h2>Related</h2><a href="/3">Bridge closed until spring</a></section>
<footer><p>All rights reserved. <a href="/terms">Terms</a> <a href="/cookies">Cookies</a></p></footer></body></html>`
)

func throughHTML(_ *dice, text string) (string, error) {
	var b bytes.Buffer
	b.WriteString(around)
	for i, p := range paragraphs(text) {
		if i == 2 {
			b.WriteString("<div class=\"advert\"><a href=\"/offer\">Subscribe today</a></div>\n")
		}
		b.WriteString("<p>" + html.EscapeString(p) + "</p>\n")
	}
	b.WriteString(after)
	return back("page.html", b.Bytes())
}

func throughMail(_ *dice, text string) (string, error) {
	var b bytes.Buffer
	b.WriteString("From: Reader <reader@example.org>\r\nTo: Desk <desk@example.org>\r\nSubject: Seen today\r\n" +
		"Date: Mon, 2 Mar 2026 09:00:00 +0000\r\nMessage-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n")
	w := quotedprintable.NewWriter(&b)
	if _, err := w.Write([]byte(strings.Join(paragraphs(text), "\r\n\r\n"))); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return back("mail.eml", b.Bytes())
}

// throughDOCX divides each paragraph into runs, in the middle of words, as Word
// does where somebody went over a text.
func throughDOCX(d *dice, text string) (string, error) {
	var body bytes.Buffer
	body.WriteString(xml.Header + `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`)
	for _, p := range paragraphs(text) {
		body.WriteString("<w:p>")
		for letters := []rune(p); len(letters) > 0; {
			n := min(1+d.under(60), len(letters))
			body.WriteString(`<w:r><w:t xml:space="preserve">`)
			if err := xml.EscapeText(&body, []byte(string(letters[:n]))); err != nil {
				return "", err
			}
			body.WriteString("</w:t></w:r>")
			letters = letters[n:]
		}
		body.WriteString("</w:p>")
	}
	body.WriteString("</w:body></w:document>")
	var file bytes.Buffer
	z := zip.NewWriter(&file)
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", xml.Header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`},
		{"_rels/.rels", xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`},
		{"word/document.xml", body.String()},
	} {
		w, err := z.Create(part.name)
		if err != nil {
			return "", err
		}
		if _, err := w.Write([]byte(part.text)); err != nil {
			return "", err
		}
	}
	if err := z.Close(); err != nil {
		return "", err
	}
	return back("note.docx", file.Bytes())
}

func throughUTF16(_ *dice, text string) (string, error) {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(text)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return back("note.txt", b)
}
