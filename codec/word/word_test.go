package word_test

import (
	"bytes"
	"errors"
	"image/png"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/codec/document"
	"tearline/codec/word"
)

const someStyles = `<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/></w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="berschrift2"><w:name w:val="heading 2"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="Mine"/><w:basedOn w:val="berschrift2"/></w:style>
<w:style w:type="paragraph" w:styleId="Out"><w:name w:val="Out"/><w:pPr><w:outlineLvl w:val="3"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Caption"><w:name w:val="caption"/></w:style>
<w:style w:type="paragraph" w:styleId="Strong"><w:name w:val="Strong p"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Bul"><w:name w:val="List Bullet"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Gone"><w:name w:val="Gone"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Gone2"><w:name w:val="Gone2"/><w:basedOn w:val="Gone"/></w:style>
<w:style w:type="character" w:styleId="B"><w:name w:val="B"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Hide"><w:name w:val="Hide"/><w:rPr><w:vanish/></w:rPr></w:style>`

const someNumbers = `<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="The mole is %1"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>`

// typedStyles are paragraph styles with a type of their own, and character
// styles to lie over them.
const typedStyles = `<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Cap"><w:name w:val="caption"/><w:rPr><w:b/><w:i/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Quote"><w:name w:val="Quote"/><w:rPr><w:i/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="IntenseQuote"><w:name w:val="Intense Quote"/><w:basedOn w:val="Quote"/><w:rPr><w:u w:val="single"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Subtitle"><w:name w:val="Subtitle"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Em"><w:name w:val="Emphasis"/><w:rPr><w:i/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Line"><w:name w:val="Line"/><w:rPr><w:u w:val="single"/></w:rPr></w:style>`

// numbered makes a numbered paragraph as the writer of reports does.
func numbered(text string) string {
	return para(`<w:pPr><w:pStyle w:val="NumberedParagraph"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr></w:pPr>`, run(text))
}

func num(id, level, text string) string {
	return para(`<w:pPr><w:numPr><w:ilvl w:val="`+level+`"/><w:numId w:val="`+id+`"/></w:numPr></w:pPr>`, run(text))
}

func cell(props, text string) string {
	return "<w:tc><w:tcPr>" + props + "</w:tcPr>" + text + "</w:tc>"
}

func table(rows ...string) string {
	return "<w:tbl><w:tblPr/><w:tblGrid/>" + strings.Join(rows, "") + "</w:tbl>"
}

func row(cells ...string) string { return "<w:tr>" + strings.Join(cells, "") + "</w:tr>" }

var shownCases = []struct {
	name string
	pack pack
	want []string
}{
	{"a portion mark over runs", pack{body: para(run("(S"), `<w:proofErr w:type="spellStart"/>`, run("//REL"), `<w:bookmarkStart w:id="1" w:name="_GoBack"/><w:bookmarkEnd w:id="1"/>`,
		`<w:r w:rsidR="00A1"><w:lastRenderedPageBreak/><w:t xml:space="preserve"> TO USA, GBR)</w:t></w:r>`, run(" Words."))}, []string{"paragraph 1 | (S//REL TO USA, GBR) Words."}},
	{
		"white space that is not preserved",
		pack{body: para(`<w:r><w:t> a </w:t></w:r>`, run(" b"), `<w:r><w:tab/><w:t>c</w:t><w:br/><w:t>d</w:t><w:noBreakHyphen/><w:softHyphen/><w:br w:type="page"/></w:r>`)},
		[]string{"paragraph 1 | a b\tc\nd-"},
	},
	{
		"headings",
		pack{styles: someStyles, body: styled("T", "Title") + styled("Mine", "Two") + styled("Out", "Four") +
			para(`<w:pPr><w:outlineLvl w:val="0"/></w:pPr>`, run("One"), rp("<w:i/>", " slanted"))},
		[]string{"paragraph 1 | h1 Title", "paragraph 2 | h2 Two", "paragraph 3 | h4 Four", "paragraph 4 | h1 One slanted [i: slanted]"},
	},
	{
		"lists",
		pack{styles: someStyles, numbers: someNumbers, body: styled("Bul", "a") + num("2", "0", "b") + num("2", "1", "c") + num("0", "0", "d")},
		[]string{"paragraph 1 | item1 a", "paragraph 2 | item1 ordered b", "paragraph 3 | item2 ordered c", "paragraph 4 | d"},
	},
	{
		"styles",
		pack{styles: someStyles, body: para(rp("<w:b/>", "bo"), rp("<w:b/>", "ld "), rp("<w:b/><w:u w:val=\"single\"/>", "both"), rp(`<w:b w:val="0"/>`, "no")) +
			para(`<w:pPr><w:pStyle w:val="Strong"/></w:pPr>`, run("a"), rp(`<w:rStyle w:val="B"/>`, "b"))},
		[]string{"paragraph 1 | bold bothno [b:bold ] [bu:both]", "paragraph 2 | ab"},
	},
	{
		"what all of a paragraph has from its style is not a style of its text",
		pack{
			styles: `<w:docDefaults><w:rPrDefault><w:rPr><w:u w:val="single"/></w:rPr></w:rPrDefault></w:docDefaults>` + typedStyles,
			body: para(run("plain"), rp(`<w:b/>`, " bold"), rp(`<w:u w:val="none"/>`, " bare")) +
				styled("Cap", "caption") +
				para(`<w:pPr><w:pStyle w:val="IntenseQuote"/></w:pPr>`, run("quoted"), rp(`<w:b/>`, " bold"), rp(`<w:i w:val="0"/>`, " upright"), rp(`<w:rStyle w:val="Em"/>`, " turned"), rp(`<w:rStyle w:val="Line"/>`, " lined")) +
				para(`<w:pPr><w:pStyle w:val="Subtitle"/></w:pPr>`, run("sub"), rp(`<w:rStyle w:val="Em"/>`, " slanted")) +
				para(`<w:pPr><w:pStyle w:val="H1"/></w:pPr>`, run("head"), rp(`<w:i/>`, " slanted")),
		},
		[]string{
			"paragraph 1 | plain bold bare [b: bold]", "paragraph 2 | caption", "paragraph 3 | quoted bold upright turned lined [b: bold] [u: lined]",
			"paragraph 4 | sub slanted [i: slanted]", "paragraph 5 | h1 head slanted [i: slanted]",
		},
	},
	{
		"the notes and numbered paragraphs of reports",
		pack{
			styles: someStyles + `<w:style w:type="paragraph" w:styleId="Note"><w:name w:val="Note"/></w:style>
<w:style w:type="paragraph" w:styleId="NumberedParagraph"><w:name w:val="Numbered Paragraph"/></w:style>`,
			numbers: someNumbers,
			body: styled("Note", "a note") + numbered("first") + num("2", "0", "item") + numbered("second") +
				table(row(cell("", para(`<w:pPr><w:pStyle w:val="Note"/></w:pPr>`, run("in a cell"))))),
		},
		[]string{"paragraph 1 | note a note", "paragraph 2 | first", "paragraph 3 | item1 ordered item", "paragraph 4 | second", "table 1, row 1, column 1 | cell 1.1.1 in a cell"},
	},
	{"raised and lowered", pack{body: para(run("m"), rp(`<w:vertAlign w:val="superscript"/>`, "2"), run(" H"), rp(`<w:vertAlign w:val="subscript"/>`, "2"), run("O"))}, []string{"paragraph 1 | m² H₂O"}},
	{"signs", pack{body: para(`<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>`, run(" done"))}, []string{"paragraph 1 | ✓ done"}},
	{
		"a table",
		pack{body: para(run("before")) + table(
			row(cell(`<w:gridSpan w:val="2"/>`, para(run("a"))+para(rp("<w:b/>", "b"))), cell(`<w:vMerge w:val="restart"/>`, para(run("c")))),
			row(cell("", para()), cell("", para(run("d"))), cell("<w:vMerge/>", para()))) + para(run("after"))},
		[]string{"paragraph 1 | before", "table 1, row 1, column 1 | cell 1.1.1 a\nb [b:b]", "table 1, row 1, column 3 | cell 1.1.3 c", "table 1, row 2, column 2 | cell 1.2.2 d", "paragraph 2 | after"},
	},
	{
		"notes",
		pack{
			body: para(run("a"), `<w:r><w:endnoteReference w:id="4"/></w:r>`, `<w:r><w:footnoteReference w:id="7"/></w:r>`) + para(run("b"), `<w:r><w:footnoteReference w:id="2"/></w:r>`),
			rels: rel("f", "footnotes", "footnotes.xml") + rel("e", "endnotes", "endnotes.xml"), parts: map[string]string{
				"word/footnotes.xml": xmlPart("footnotes", `<w:footnote w:id="-1" w:type="separator">`+para(`<w:r><w:separator/></w:r>`)+`</w:footnote><w:footnote w:id="2">`+para(`<w:r><w:footnoteRef/></w:r>`, run(" two"))+`</w:footnote><w:footnote w:id="7">`+para(run("one"))+para(run("more"))+`</w:footnote>`),
				"word/endnotes.xml":  xmlPart("endnotes", `<w:endnote w:id="4">`+para(run("end"))+`</w:endnote>`),
			},
		},
		[]string{"paragraph 1 | a", "endnote 1 | note end", "footnote 1 | note one\nmore", "paragraph 2 | b", "footnote 2 | note two"},
	},
	{
		"a text box in both forms",
		pack{body: para(run("a"), both(strings.TrimSuffix(strings.TrimPrefix(drawn("", box("boxed")), "<w:r>"), "</w:r>"), oldBox("boxed"))) + para(run("b"))},
		[]string{"paragraph 1 | a", "text box at paragraph 1 | boxed", "paragraph 2 | b"},
	},
	{
		"headers",
		pack{
			body: para(run("a")), sect: `<w:titlePg/><w:headerReference w:type="first" r:id="h1"/><w:headerReference w:type="default" r:id="h2"/><w:footerReference w:type="default" r:id="h3"/>`,
			rels: rel("h1", "header", "header1.xml") + rel("h2", "header", "header2.xml") + rel("h3", "footer", "footer1.xml"), parts: map[string]string{
				"word/header1.xml": xmlPart("hdr", para(run("SEC"), run("RET"))), "word/header2.xml": xmlPart("hdr", para(run("SECRET//NF"))+table(row(cell("", para(run("x")))))),
				"word/footer1.xml": xmlPart("ftr", para(run("Page "), code("PAGE", "1"))),
			},
		},
		[]string{"header of the first page | H SECRET", "header | H SECRET//NF", "table in the header, row 1, column 1 | H x", "footer | F Page 1", "paragraph 1 | a"},
	},
	{
		"a watermark",
		pack{body: para(run("a")), sect: `<w:headerReference r:id="h1"/>`, rels: rel("h1", "header", "header1.xml"), parts: map[string]string{
			"word/header1.xml": xmlPart("hdr", para(`<w:r><w:pict><v:shapetype id="x"/><v:shape style="width:3pt"><v:textpath string="DRAFT"/></v:shape></w:pict></w:r>`)),
		}},
		[]string{"watermark in the header | H DRAFT", "paragraph 1 | a"},
	},
	{
		"insertions, controls and tags",
		pack{body: para(`<w:ins w:id="1" w:author="A">`+run("in")+`</w:ins>`, `<w:sdt><w:sdtPr><w:alias w:val="Name"/></w:sdtPr><w:sdtContent>`+run(" sdt")+`</w:sdtContent></w:sdt>`,
			`<w:smartTag><w:smartTagPr/>`+run(" tag")+`</w:smartTag>`) + `<w:sdt><w:sdtContent>` + para(run("block")) + `</w:sdtContent></w:sdt>`},
		[]string{"paragraph 1 | in sdt tag", "paragraph 2 | block"},
	},
	{"links and fields", pack{
		body: para(run("see "), `<w:hyperlink r:id="l">`+run("here")+`</w:hyperlink>`, run(" on "), code(`DATE \@ "d MMMM yyyy"`, "3 March 2031"), `<w:fldSimple w:instr=" REF _Ref1 \h ">`+run(" ref")+`</w:fldSimple>`),
		rels: outside("hyperlink", "https://gazette.example/"),
	}, []string{"paragraph 1 | see here on 3 March 2031 ref"}},
	{"the strict dialect", pack{parts: map[string]string{
		"_rels/.rels":       relations(`<Relationship Id="d" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="/word/document.xml"/>`),
		"word/document.xml": `<d:document xmlns:d="http://purl.oclc.org/ooxml/wordprocessingml/main"><d:body><d:p><d:r><d:t>strict</d:t></d:r></d:p></d:body></d:document>`,
	}}, []string{"paragraph 1 | strict"}},
	{"white on black is seen", pack{body: para(rp(`<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="000000"/>`, "seen"))}, []string{"paragraph 1 | seen"}},
}

func TestShown(t *testing.T) {
	for _, c := range shownCases {
		t.Run(c.name, func(t *testing.T) {
			r := read(t, c.pack)
			if d := cmp.Diff(c.want, lines(r)); d != "" {
				t.Error(d)
			}
			if err := r.Faults.Err(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestPictures(t *testing.T) {
	raw := pngOf(t, 40, 20)
	cases := []struct {
		name, body, want, fault string
	}{
		{"caption by style, below", para(drawn("", picture(""))) + styled("Caption", "(U) The site."), "picture 1, before paragraph 1 | figure 40x20 (U) The site.", ""},
		{"caption by its words, above", para(run("(S) Figure 1: the site.")) + para(drawn("", picture(""))), "picture 1, after paragraph 1 | figure 40x20 (S) Figure 1: the site.", ""},
		{"alternative text", para(drawn(`descr="(U) A site"`, picture(""))), "picture 1, before paragraph 1 | figure 40x20 (U) A site", ""},
		{"cropped", para(drawn(`descr="(U) A site"`, picture(`<a:srcRect l="50000" b="25%"/>`))), "picture 1, before paragraph 1 | figure 20x15 (U) A site", ""},
		{"neither", para(drawn("", picture(""))), "picture 1, before paragraph 1 | figure 40x20 ", "without a caption"},
		{"both, different", para(drawn(`descr="The mole"`, picture(""))) + styled("Caption", "(U) x"), "picture 1, before paragraph 1 | figure 40x20 (U) x", "something else than the caption"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := read(t, pack{styles: someStyles, raw: raw, body: c.body})
			if d := cmp.Diff([]string{c.want}, lines(r)); d != "" {
				t.Fatal(d)
			}
			if got := r.Faults.Error(); (c.fault == "") != (got == "") || !strings.Contains(got, c.fault) {
				t.Errorf("faults: %s", got)
			}
			p := r.Blocks[0].Form.Picture
			m, err := png.Decode(bytes.NewReader(p.PNG))
			if err != nil || m.Bounds().Dx() != p.Width || m.Bounds().Dy() != p.Height {
				t.Fatal(err)
			}
			if red, _, _, _ := m.At(0, 0).RGBA(); (c.name == "cropped") != (red == 0) {
				t.Errorf("red is %d", red)
			}
			form := r.Blocks[0].Form
			if w, err := tearline.ParseWording("x"); err != nil || form.Check(w) != nil {
				t.Error(form.Check(w), err)
			}
		})
	}
}

// What cannot be read at all is one error that says why.
func TestRefused(t *testing.T) {
	good := pack{body: para(run("x"))}.bytes(t)
	member := func(name string) []byte {
		return pack{body: para(run("x")), parts: map[string]string{name: "x"}}.bytes(t)
	}
	doc := func(s string) []byte { return pack{parts: map[string]string{"word/document.xml": s}}.bytes(t) }
	for name, b := range map[string][]byte{
		"nothing": nil, "text": []byte("text"), "a half": good[:len(good)/2], "the old format": []byte("\xd0\xcf\x11\xe0abc"),
		"a name that leads out": member("../x"), "an absolute name": member("/x"), "the same name twice": member("WORD/document.xml"),
		"a document type":  doc(`<!DOCTYPE x [<!ENTITY a "b">]><w:document ` + spaces + `><w:body/></w:document>`),
		"an open element":  doc(`<w:document ` + spaces + `><w:body>`),
		"another document": doc(`<x/>`),
		"deep elements":    doc(`<w:document ` + spaces + `><w:body>` + strings.Repeat("<w:p>", 5000) + strings.Repeat("</w:p>", 5000) + `</w:body></w:document>`),
		"a bomb":           doc(`<w:document ` + spaces + `><w:body>` + strings.Repeat("<w:p/>", 4<<20) + `</w:body></w:document>`),
		"too many columns": pack{body: table(row(strings.Repeat(cell("", para(run("x"))), 300)))}.bytes(t),
		"a huge column":    pack{body: table(row(cell(`<w:gridSpan w:val="999999999"/>`, para(run("x")))))}.bytes(t),
	} {
		_, err := word.Read(b)
		e, ok := errors.AsType[*tearline.Error](err)
		if !ok || e.Op != "word.read" || e.Kind != tearline.Invalid || e.Public == "" || e.Hint == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A hostile file takes no more memory than it may. 30 MB of elements that do
// not compress well enough to be refused for their ratio are the worst.
func TestMemory(t *testing.T) {
	var body strings.Builder
	for i := 0; body.Len() < 24<<20; i++ {
		body.WriteString("<w:p><w:r><w:t>")
		for j := range 12 {
			body.WriteByte(byte('a' + (i*7+j*i*i+i>>3)%26))
		}
		body.WriteString("</w:t></w:r></w:p>")
	}
	b := pack{body: body.String()}.bytes(t)
	body.Reset()
	if peak := peakOf(func() {
		if _, err := word.Read(b); tearline.KindOf(err) != tearline.Invalid {
			t.Error(err)
		}
	}); peak > 256<<20 {
		t.Errorf("%d MB", peak>>20)
	}
}

// peakOf returns how much the heap grows while do runs, looking every
// millisecond.
func peakOf(do func()) uint64 {
	runtime.GC()
	size := func() uint64 {
		m := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		metrics.Read(m)
		return m[0].Value.Uint64()
	}
	before, peak := size(), uint64(0)
	done := make(chan struct{})
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			peak = max(peak, size())
			select {
			case <-done:
				return
			case <-time.After(time.Millisecond):
			}
		}
	}()
	do()
	close(done)
	<-stopped
	return peak - min(before, peak)
}

// The limits of blocks and text hold.
func TestTooManyBlocks(t *testing.T) {
	if _, err := word.Read(pack{body: strings.Repeat(para(run("x")), document.MaxBlocks+1)}.bytes(t)); tearline.KindOf(err) != tearline.Invalid {
		t.Error(err)
	}
}

// A break of a page or column parts lines, so that no mark behind it is lost.
func TestBreaksPart(t *testing.T) {
	for _, kind := range []string{"page", "column", "textWrapping"} {
		r := read(t, pack{body: para(run("(U) one."), `<w:r><w:br w:type="`+kind+`"/></w:r>`, run("(S) two."))})
		if len(r.Blocks) != 1 || r.Blocks[0].Text != "(U) one.\n(S) two." {
			t.Errorf("%s: %q", kind, lines(r))
		}
	}
}
