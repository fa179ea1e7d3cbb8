package article_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"tearline"
	"tearline/codec/article"
)

// docx makes a Word file of a body and further parts.
func docx(tb testing.TB, body string, more map[string]string) []byte {
	tb.Helper()
	parts := map[string]string{
		"_rels/.rels": `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
			`<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/document.xml": `<?xml version="1.0"?><w:document xmlns:w="w" xmlns:mc="mc"><w:body>` + body + `</w:body></w:document>`,
	}
	maps.Copy(parts, more)
	return zipOf(tb, parts)
}

func zipOf(tb testing.TB, parts map[string]string) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	var names []string
	for name := range parts {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		w, err := z.Create(name)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := w.Write([]byte(parts[name])); err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// mailOf makes a mail with the line ends that mails have.
func mailOf(lines ...string) []byte {
	return []byte(strings.ReplaceAll(strings.Join(lines, "\n"), "\n", "\r\n"))
}

func read(tb testing.TB, name string, b []byte) article.Article {
	tb.Helper()
	a, err := article.Read(name, b, nil)
	if err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	return a
}

// refused returns what is said of a file that is not read.
func refused(tb testing.TB, b []byte, pdf article.PDFReader) string {
	tb.Helper()
	a, err := article.Read("leak", b, pdf)
	var e *tearline.Error
	if !errors.As(err, &e) || e.Kind != tearline.Invalid {
		tb.Fatalf("read as %+v, with %v", a, err)
	}
	return e.Public
}
