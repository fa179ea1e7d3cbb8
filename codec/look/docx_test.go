package look_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tearline/codec/docx"
	"tearline/codec/look"
)

func wordFile(tb testing.TB) []byte {
	tb.Helper()
	b, err := docx.Render(every(tb))
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func TestHonestDOCX(t *testing.T) {
	t.Parallel()
	pic := picture(t)
	rapid.Check(t, func(t *rapid.T) { honestly(t, drawPage(t, pic), docx.Render, look.DOCX) })
	found, err := look.DOCX(wordFile(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"(S) Customs officers opened a crate of \"tractor\" parts & found <forty> detonators.\nThey were old.", "(S) Forty", "For: Royal Harbour Police"} {
		if !slices.Contains(found, want) {
			t.Errorf("no %q in %q", want, found)
		}
	}
}

// withChunk puts a chunk into a PNG, behind its head.
func withChunk(b []byte, kind, data string) []byte {
	const head = 8 + 25
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	chunk = append(chunk, kind+data...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE([]byte(kind+data)))
	return slices.Concat(b[:head], chunk, b[head:])
}

// unpacked are the members of a package.
func unpacked(tb testing.TB, b []byte) map[string]string {
	tb.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		tb.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			tb.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			tb.Fatal(err)
		}
		out[f.Name] = string(body)
	}
	return out
}

// packed makes a package of members. head may change what is said of one.
func packed(tb testing.TB, parts map[string]string, comment string, head func(*zip.FileHeader)) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		h := &zip.FileHeader{Name: name, Method: zip.Deflate}
		if head != nil {
			head(h)
		}
		w, err := z.CreateHeader(h)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := io.WriteString(w, parts[name]); err != nil {
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

// inPart replaces the first of something in a member.
func inPart(name, part, old, by string) plant {
	return plant{name, func(tb testing.TB, b []byte) []byte {
		tb.Helper()
		parts := unpacked(tb, b)
		if !strings.Contains(parts[part], old) {
			tb.Fatalf("no %q in %s", old, part)
		}
		parts[part] = strings.Replace(parts[part], old, by, 1)
		return packed(tb, parts, "", nil)
	}}
}

// inBody puts XML before the first paragraph.
func inBody(name, xml string) plant {
	return inPart(name, "word/document.xml", "<w:body>", "<w:body>"+xml)
}

// member adds a member.
func member(name, of, body string) plant {
	return plant{name, func(tb testing.TB, b []byte) []byte {
		tb.Helper()
		parts := unpacked(tb, b)
		parts[of] = body
		return packed(tb, parts, "", nil)
	}}
}

func para(runs string) string { return "<w:p>" + runs + "</w:p>" }

func run(properties, text string) string {
	return "<w:r><w:rPr>" + properties + "</w:rPr><w:t>" + text + "</w:t></w:r>"
}

func TestPlantedInDOCX(t *testing.T) {
	t.Parallel()
	half := len(secret) / 2
	const image = "word/media/image1.png"
	plants := []plant{
		inBody("comment", "<!-- "+secret+" -->"),
		inBody("instruction", "<?x "+secret+"?>"),
		inBody("marked section", para("<w:r><w:t><![CDATA["+secret+"]]></w:t></w:r>")),
		inBody("tracked deletion", para(`<w:del><w:r><w:delText>`+secret+`</w:delText></w:r></w:del>`)),
		inBody("tracked insertion", para(`<w:ins w:author="x">`+run("", secret)+`</w:ins>`)),
		inBody("hidden run", para(run("<w:vanish/>", secret))),
		inBody("white", para(run(`<w:color w:val="FFFFFF"/>`, secret))),
		inBody("tiny", para(run(`<w:sz w:val="2"/>`, secret))),
		inBody("black on black", para(run(`<w:shd w:val="clear" w:fill="000000"/>`, secret))),
		inBody("off the page", `<w:p><w:pPr><w:ind w:left="-20000"/></w:pPr>`+run("", secret)+`</w:p>`),
		inBody("in a line of no height", `<w:p><w:pPr><w:spacing w:line="1" w:lineRule="exact"/></w:pPr>`+run("", secret)+`</w:p>`),
		inBody("alternative text", `<w:p><w:r><w:drawing><wp:inline><wp:docPr id="9" name="x" descr="`+secret+`"/></wp:inline></w:drawing></w:r></w:p>`),
		inBody("field code", para(`<w:r><w:instrText>`+secret+`</w:instrText></w:r>`)),
		inBody("simple field", para(`<w:fldSimple w:instr="QUOTE &quot;`+secret+`&quot;">`+run("", "1")+`</w:fldSimple>`)),
		inBody("bookmark", `<w:bookmarkStart w:id="1" w:name="`+secret+`"/>`),
		inBody("link", para(`<w:hyperlink w:anchor="`+secret+`">`+run("", "more")+`</w:hyperlink>`)),
		inBody("content control", `<w:sdt><w:sdtPr><w:tag w:val="`+secret+`"/></w:sdtPr></w:sdt>`),
		inBody("text box", para(`<w:r><w:pict><w:txbxContent>`+para(run("", secret))+`</w:txbxContent></w:pict></w:r>`)),
		inBody("text in no run", "<w:p>"+secret+"</w:p>"),
		inBody("revision id", `<w:p w:rsidR="`+secret+`"/>`),
		inBody("foreign namespace", `<x:y xmlns:x="urn:`+secret+`"/>`),
		inBody("foreign attribute", `<w:p xmlns:x="urn:x" x:y="`+secret+`"/>`),
		inBody("split over runs", para(run("", secret[:half])+run("<w:b/>", secret[half:]))),
		inBody("split over paragraphs", para(run("", secret[:half]))+para(run("", secret[half:]))),
		inBody("split over styles", `<w:p><w:pPr><w:pStyle w:val="`+secret[:half]+`"/></w:pPr></w:p><w:p><w:pPr><w:pStyle w:val="`+secret[half:]+`"/></w:pPr></w:p>`),
		inBody("zero-width characters", para(run("", strings.Join(strings.Split(secret, ""), "\u200b")))),
		inPart("style's name", "word/styles.xml", `w:val="Banner"`, `w:val="`+secret+`"`),
		inPart("list's text", "word/numbering.xml", `w:val="•"`, `w:val="`+secret+`"`),
		inPart("a list that begins later", "word/numbering.xml", `<w:start w:val="1"/>`, `<w:start w:val="3"/>`),
		inPart("header", "word/header1.xml", "</w:hdr>", para(run("", secret))+"</w:hdr>"),
		inPart("relation elsewhere", "word/_rels/document.xml.rels", "</Relationships>",
			`<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="https://example.org/`+secret+`" TargetMode="External"/></Relationships>`),
		inPart("type", "[Content_Types].xml", "</Types>", `<Default Extension="x" ContentType="`+secret+`"/></Types>`),
		inPart("document type", "word/document.xml", "<w:document", `<!DOCTYPE x [<!ENTITY s "`+secret+`">]><w:document`),
		inPart("behind the document", "word/document.xml", "</w:document>", "</w:document><!--"+secret+"-->"),
		inPart("PNG trailing bytes", image, "IEND\xaeB`\x82", "IEND\xaeB`\x82"+secret),
		member("footnotes", "word/footnotes.xml", `<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">`+para(run("", secret))+`</w:footnotes>`),
		member("comments", "word/comments.xml", `<w:comments/>`),
		member("custom property", "docProps/custom.xml", `<Properties>`+secret+`</Properties>`),
		member("core properties", "docProps/core.xml", `<x>`+secret+`</x>`),
		member("embedded sheet", "word/embeddings/sheet1.xlsx", "PK\x03\x04"+secret),
		member("thumbnail", "docProps/thumbnail.jpeg", "\xff\xd8"+secret),
		member("a second picture to which nothing leads", "word/media/image2.png", string(picture(t).PNG)),
		member("extra member", secret, ""),
		member("JPEG with EXIF", image, "\xff\xd8\xff\xe1Exif"+secret),
		member("PNG tEXt", image, string(withChunk(picture(t).PNG, "tEXt", "Comment\x00"+secret))),
		{"package's comment", func(tb testing.TB, b []byte) []byte {
			tb.Helper()
			return packed(tb, unpacked(tb, b), secret, nil)
		}},
		{"member's comment", func(tb testing.TB, b []byte) []byte {
			tb.Helper()
			return packed(tb, unpacked(tb, b), "", func(h *zip.FileHeader) { h.Comment = secret })
		}},
		{"extra field", func(tb testing.TB, b []byte) []byte {
			tb.Helper()
			return packed(tb, unpacked(tb, b), "", func(h *zip.FileHeader) {
				h.Extra = append(binary.LittleEndian.AppendUint16([]byte{0xfe, 0xca}, uint16(len(secret))), secret...)
			})
		}},
		{"the hour", func(tb testing.TB, b []byte) []byte {
			tb.Helper()
			return packed(tb, unpacked(tb, b), "", func(h *zip.FileHeader) { h.ModifiedDate = 0x5c64 }) //nolint:staticcheck // Modified would add a field of its own
		}},
		{"behind the end", func(_ testing.TB, b []byte) []byte { return append(slices.Clone(b), secret...) }},
		{"before the beginning", func(_ testing.TB, b []byte) []byte { return append([]byte(secret), b...) }},
		{"between members", between},
		{"a member twice", twice},
		{"a name that the directory lacks", func(tb testing.TB, b []byte) []byte {
			tb.Helper()
			return bytes.Replace(b, []byte("word/styles.xml"), []byte("word/stylex.xml"), 1)
		}},
	}
	caught(t, packed(t, unpacked(t, wordFile(t)), "", nil), look.DOCX, plants)
}

// between puts bytes before the last member's head, and mends the directory.
func between(tb testing.TB, b []byte) []byte {
	tb.Helper()
	end := bytes.LastIndex(b, []byte("PK\x05\x06"))
	from := int(binary.LittleEndian.Uint32(b[end+16:]))
	out := slices.Concat(b[:from], []byte(secret), b[from:])
	binary.LittleEndian.PutUint32(out[end+len(secret)+16:], uint32(from+len(secret)))
	return out
}

// twice packs a member a second time, with other content.
func twice(tb testing.TB, b []byte) []byte {
	tb.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	parts := unpacked(tb, b)
	names := append(slices.Sorted(maps.Keys(parts)), "word/header1.xml")
	parts["word/header1.xml"] = strings.Replace(parts["word/header1.xml"], "SECRET", secret, 1)
	for _, name := range names {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err == nil {
			_, err = io.WriteString(w, parts[name])
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

// TestAnywhereInDOCX: put anywhere into the file as it is, it is found or
// refused; and so is any byte that is changed in what is not text.
func TestAnywhereInDOCX(t *testing.T) {
	t.Parallel()
	b := wordFile(t)
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.IntRange(0, len(b)).Draw(t, "at")
		found, err := look.DOCX(slices.Concat(b[:at], []byte(secret), b[at:]))
		if err == nil && !strings.Contains(spelt(found...), spelt(secret)) {
			t.Fatalf("passed, at %q", b[max(0, at-20):min(at+20, len(b))])
		}
	})
}

// A bomb is refused before it is unpacked.
func TestBombInDOCX(t *testing.T) {
	t.Parallel()
	parts := unpacked(t, wordFile(t))
	parts["word/numbering.xml"] = strings.Repeat(" ", 3<<20)
	if _, err := look.DOCXWithin(packed(t, parts, "", nil), 2<<20); err == nil || !strings.Contains(err.Error(), "packed in the file") {
		t.Error(err)
	}
}

func FuzzDOCX(f *testing.F) {
	f.Add(wordFile(f))
	f.Add(packed(f, unpacked(f, wordFile(f)), "", nil))
	f.Add([]byte("PK\x05\x06"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) { sound(t, b, look.DOCX) })
}
