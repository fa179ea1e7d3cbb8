package look_test

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tearline/codec"
	"tearline/codec/look"
	"tearline/codec/pdf"
)

func sheets(tb testing.TB) []byte {
	tb.Helper()
	b, err := pdf.Render(every(tb), nil)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// readPDF reads a PDF without a second account.
func readPDF(b []byte) ([]string, error) { return look.PDF(b, nil) }

func TestHonestPDF(t *testing.T) {
	t.Parallel()
	pic := picture(t)
	render := func(p codec.Page) ([]byte, error) { return pdf.Render(p, nil) }
	checks := 0
	rapid.Check(t, func(t *rapid.T) {
		if checks++; checks > 12 { // a PDF takes some ten milliseconds
			return
		}
		honestly(t, drawPage(t, pic), render, readPDF)
	})
	found, err := look.PDF(sheets(t), func([]byte) ([]string, error) { return []string{"what another saw"}, nil })
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(found[0], "Москва, Łódź, Ελλάς.") || found[1] != "what another saw" && !slices.Contains(found, "what another saw") {
		t.Errorf("%q", found)
	}
	lost := errors.New("lost")
	if _, err := look.PDF(sheets(t), func([]byte) ([]string, error) { return nil, lost }); !errors.Is(err, lost) {
		t.Error(err)
	}
}

var object = regexp.MustCompile(`(?s)(?:^|\n)(\d+) 0 obj\n(.*?)\nendobj`)

// rebuilt makes a PDF anew of the objects of another, after a change.
func rebuilt(tb testing.TB, b []byte, change func(objects map[int]string, page int)) []byte {
	tb.Helper()
	objects, page := map[int]string{}, 0
	for _, m := range object.FindAllSubmatch(b, -1) {
		n, _ := strconv.Atoi(string(m[1]))
		objects[n] = string(m[2])
		if strings.Contains(objects[n], "/Type /Page\n") {
			page = n
		}
	}
	trailer := regexp.MustCompile(`(?s)trailer\n(<<.*?>>)\n`).FindSubmatch(b)
	if page == 0 || trailer == nil {
		tb.Fatal("not a PDF as it was expected")
	}
	change(objects, page)
	var out bytes.Buffer
	out.Write(b[:bytes.Index(b, []byte("0 obj"))-2])
	var table strings.Builder
	for n := 1; n <= len(objects); n++ {
		fmt.Fprintf(&table, "%010d 00000 n \n", out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", n, objects[n])
	}
	at := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n%s", len(objects)+1, table.String())
	end := regexp.MustCompile(`/Size \d+`).ReplaceAllString(string(trailer[1]), fmt.Sprintf("/Size %d", len(objects)+1))
	fmt.Fprintf(&out, "trailer\n%s\nstartxref\n%d\n%%%%EOF\n", end, at)
	return out.Bytes()
}

// changed replaces something in the object that has a mark.
func changed(name, mark, old, by string) plant {
	return plant{name, func(tb testing.TB, b []byte) []byte {
		tb.Helper()
		return rebuilt(tb, b, func(objects map[int]string, _ int) {
			for n := 1; n <= len(objects); n++ {
				if strings.Contains(objects[n], mark) && strings.Contains(objects[n], old) {
					objects[n] = strings.Replace(objects[n], old, by, 1)
					return
				}
			}
			tb.Fatalf("no %q where %q is", old, mark)
		})
	}}
}

// led adds an object, to which the catalogue leads by a key.
func led(name, key, body string) plant {
	return plant{name, func(tb testing.TB, b []byte) []byte {
		tb.Helper()
		return rebuilt(tb, b, func(objects map[int]string, _ int) {
			n := len(objects) + 1
			objects[n] = body
			for i := range objects {
				objects[i] = strings.Replace(objects[i], "/Type /Catalog", fmt.Sprintf("/Type /Catalog\n/%s %d 0 R", key, n), 1)
			}
		})
	}}
}

// drawn changes what is drawn on the first page found.
func drawn(name string, change func(string) string) plant {
	return plant{name, func(tb testing.TB, b []byte) []byte {
		tb.Helper()
		return rebuilt(tb, b, func(objects map[int]string, page int) {
			m := regexp.MustCompile(`/Contents (\d+) 0 R`).FindStringSubmatch(objects[page])
			n, _ := strconv.Atoi(m[1])
			_, raw, _ := strings.Cut(objects[n], "stream\n")
			z, err := zlib.NewReader(strings.NewReader(raw))
			if err != nil {
				tb.Fatal(err)
			}
			text, err := io.ReadAll(z)
			if err != nil {
				tb.Fatal(err)
			}
			var out bytes.Buffer
			w := zlib.NewWriter(&out)
			if _, err = io.WriteString(w, change(string(text))); err == nil {
				err = w.Close()
			}
			if err != nil {
				tb.Fatal(err)
			}
			objects[n] = fmt.Sprintf("<</Filter /FlateDecode /Length %d>>\nstream\n%s\nendstream", out.Len(), out.String())
		})
	}}
}

// tj writes a text as our fonts have it.
func tj(s string) string {
	var b strings.Builder
	for _, r := range s {
		fmt.Fprintf(&b, "%04x", r)
	}
	return "<" + b.String() + "> Tj"
}

// fontOn is a font that a page has chosen.
var fontOn = regexp.MustCompile(`/F[0-9a-f]+ `)

func TestPlantedInPDF(t *testing.T) {
	t.Parallel()
	half := len(secret) / 2
	writing := func(name, before, where, tail string) plant {
		return drawn(name, func(s string) string {
			return s + "\n" + before + " BT " + fontOn.FindString(s) + "10 Tf " + where + " Td " + tj(secret) + " ET " + tail + "\n"
		})
	}
	stream := fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(secret), secret)
	plants := []plant{
		led("annotation", "Annots", "<</Type /Annot /Subtype /Text /Contents ("+secret+")>>"),
		led("attachment", "AF", stream),
		led("XMP", "Metadata", stream),
		led("outline", "Outlines", "<</Title ("+secret+")>>"),
		led("script", "OpenAction", "<</S /JavaScript /JS ("+secret+")>>"),
		led("form", "AcroForm", "<</Fields [<</T ("+secret+")>>]>>"),
		led("layer", "OCProperties", "<</OCGs [<</Name ("+secret+")>>]>>"),
		led("language", "Lang", "("+secret+")"),
		led("private data", "PieceInfo", "<</X ("+secret+")>>"),
		led("in UTF-16", "URI", "<feff"+strings.TrimSuffix(strings.TrimPrefix(tj(secret), "<"), "> Tj")+">"),
		led("alternative text", "StructTreeRoot", "<</Type /StructTreeRoot /K <</Type /StructElem /S /Figure /Alt ("+secret+")>>>>"),
		led("spoken text", "StructTreeRoot", "<</Type /StructTreeRoot /K [<</Type /StructElem /S /P /ActualText ("+secret[:half]+")>> <</Type /StructElem /S /P /E ("+secret[half:]+")>>]>>"),
		changed("property", "/CreationDate", "/CreationDate", "/Author ("+secret+")\n/CreationDate"),
		changed("producer", "/CreationDate", "/CreationDate", "/Producer ("+secret+")\n/CreationDate"),
		changed("the hour", "/CreationDate", "D:19700101", "D:20260304"),
		changed("annotation of a page", "/Type /Page\n", "/Parent", "/Annots [<</Contents ("+secret+")>>]\n/Parent"),
		changed("name of a key", "/Type /Page\n", "/Parent", "/"+strings.ReplaceAll(secret, " ", "#20")+" 1\n/Parent"),
		changed("name of a font", "/Type /FontDescriptor", "/FontName /", "/FontName /"+strings.ReplaceAll(secret, " ", "#20")),
		changed("font's map", "begincmap", "begincmap", "begincmap % "+secret),
		{"object to which nothing leads", func(tb testing.TB, b []byte) []byte {
			tb.Helper()
			return rebuilt(tb, b, func(objects map[int]string, _ int) { objects[len(objects)+1] = "(" + secret + ")" })
		}},
		{"stream to which nothing leads", func(tb testing.TB, b []byte) []byte {
			tb.Helper()
			return rebuilt(tb, b, func(objects map[int]string, _ int) { objects[len(objects)+1] = stream })
		}},
		{"incremental update", func(_ testing.TB, b []byte) []byte {
			return slices.Concat(b, []byte("30 0 obj\n("+secret+")\nendobj\nxref\n0 0\ntrailer\n<</Prev 9>>\nstartxref\n9\n%%EOF\n"))
		}},
		{"behind the end", func(_ testing.TB, b []byte) []byte { return append(slices.Clone(b), secret...) }},
		{"before the beginning", func(_ testing.TB, b []byte) []byte { return append([]byte(secret), b...) }},
		replace("comment between objects", "endobj\n", "endobj\n%"+secret+"\n"),
		replace("second trailer", "startxref", "trailer\n<</X ("+secret+")>>\nstartxref"),
		writing("behind the page's text", "", "64 400", ""),
		writing("painted in no way", "3 Tr", "64 400", ""),
		writing("white", "1 g", "64 400", ""),
		writing("white by parts", "1 1 1 rg", "64 400", ""),
		writing("off the page", "", "-900 400", ""),
		writing("clipped away", "0 0 1 1 re W n", "64 400", ""),
		writing("shrunk", "q 0.01 0 0 0.01 0 0 cm", "64 400", "Q"),
		writing("painted over", "", "64 400", "1 g 60 390 500 30 re f"),
		writing("on a black field", "0 g 60 390 500 30 re f", "64 400", ""),
		drawn("tiny", func(s string) string {
			return s + "\nBT " + fontOn.FindString(s) + "1 Tf 64 400 Td " + tj(secret) + " ET\n"
		}),
		drawn("letter by letter", func(s string) string {
			var b strings.Builder
			for i, r := range secret {
				fmt.Fprintf(&b, "\nBT %s9 Tf %d 400 Td %s ET", fontOn.FindString(s), 64+6*i, tj(string(r)))
			}
			return s + b.String() + "\n"
		}),
		drawn("in pieces", func(s string) string {
			a, b, _ := strings.Cut(tj(secret), "0072")
			return s + "\nBT " + fontOn.FindString(s) + "9 Tf 64 400 Td [" + a + "> -200 <0072" + strings.TrimSuffix(b, " Tj") + "] TJ ET\n"
		}),
		drawn("comment on a page", func(s string) string { return s + "\n% " + secret + "\n" }),
		drawn("mark", func(s string) string { return s + "\n/Span <</ActualText (" + secret + ")>> BDC EMC\n" }),
		drawn("string that nothing writes", func(s string) string { return s + "\n(" + secret + ")\n" }),
		drawn("picture in the line", func(s string) string { return s + "\nBI /W 1 ID (" + secret + ") EI\n" }),
		{"behind a packed stream", func(tb testing.TB, b []byte) []byte {
			tb.Helper()
			return rebuilt(tb, b, func(objects map[int]string, page int) {
				m := regexp.MustCompile(`/Contents (\d+) 0 R`).FindStringSubmatch(objects[page])
				n, _ := strconv.Atoi(m[1])
				_, raw, _ := strings.Cut(objects[n], "stream\n")
				raw = strings.TrimSuffix(raw, "\nendstream") + secret
				objects[n] = fmt.Sprintf("<</Filter /FlateDecode /Length %d>>\nstream\n%s\nendstream", len(raw), raw)
			})
		}},
	}
	honest := rebuilt(t, sheets(t), func(map[int]string, int) {})
	caught(t, honest, readPDF, plants)
}

// TestAnywhereInPDF: put anywhere into the file, it is found or refused.
func TestAnywhereInPDF(t *testing.T) {
	t.Parallel()
	b := sheets(t)
	checks := 0
	rapid.Check(t, func(t *rapid.T) {
		if checks++; checks > 50 {
			return
		}
		at := rapid.IntRange(0, len(b)).Draw(t, "at")
		if _, err := readPDF(slices.Concat(b[:at], []byte(secret), b[at:])); err == nil {
			t.Fatalf("passed, at %q", b[max(0, at-20):min(at+20, len(b))])
		}
	})
}

// A PDF of another program is none of ours.
func TestForeignPDF(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"", "%PDF-1.3\n", "%PDF-1.3\n1 0 obj\n<<>>\nendobj\n", "%PDF-1.3\n1 0 obj\n<</Length 9>>\nstream\nx\nendstream\nendobj\n",
		"%PDF-1.3\n" + strings.Repeat("[", 200), "%PDF-1.3\nxref\n0 1\n0000000000 65535 f \ntrailer\n(x)\n",
	} {
		if found, err := readPDF([]byte(s)); err == nil {
			t.Errorf("%q passes, with %q", s, found)
		}
	}
}

func FuzzPDF(f *testing.F) {
	f.Add(sheets(f))
	small := "%PDF-1.3\n1 0 obj\n<</Type /Catalog /Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type /Pages /Kids [3 0 R] /Count 1>>\nendobj\n" +
		"3 0 obj\n<</Type /Page /Parent 2 0 R /Contents 4 0 R>>\nendobj\n4 0 obj\n<</Length 30>>\nstream\nBT /F1 9 Tf 1 1 Td (x\\101) Tj ET\nendstream\nendobj\n"
	f.Add([]byte(small))
	f.Fuzz(func(t *testing.T, b []byte) { sound(t, b, readPDF) })
}
