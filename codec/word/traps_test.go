package word_test

import (
	"strings"
	"testing"
)

const secret = "Bacalhau meets the mole"

func docRel(kind, target, content string) (string, map[string]string) {
	return rel("z", kind, target), map[string]string{"word/" + target: content}
}

func withPart(kind, target, content string) pack {
	list, parts := docRel(kind, target, content)
	return pack{body: para(run("seen")), rels: list, parts: parts}
}

func withProps(core, custom string) pack {
	k := pack{body: para(run("seen")), parts: map[string]string{}}
	if core != "" {
		k.root = `<Relationship Id="c" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>`
		k.parts["docProps/core.xml"] = `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">` + core + `</cp:coreProperties>`
	}
	if custom != "" {
		k.root += rel("u", "custom-properties", "docProps/custom.xml")
		k.parts["docProps/custom.xml"] = `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><property name="Case"><vt:lpwstr>` + custom + `</vt:lpwstr></property></Properties>`
	}
	return k
}

func seen(pieces ...string) pack {
	return pack{styles: someStyles, body: para(append([]string{run("seen ")}, pieces...)...)}
}

func formed(ppr, text string) pack {
	return pack{styles: someStyles, body: para("<w:pPr>"+ppr+"</w:pPr>", run(text))}
}

// trapCases are places where a text can stand that nobody sees. Each is a
// fault, or a note if it is furniture.
var trapCases = []struct {
	name, fault, note string
	pack              pack
}{
	{"deletion", "tracked deletion", "", seen(`<w:del w:id="1"><w:r><w:delText>` + secret + `</w:delText></w:r></w:del>`)},
	{"deleted text in a plain run", "tracked deletion", "", seen(`<w:r><w:delText>` + secret + `</w:delText></w:r>`)},
	{"moved away", "moved away", "", seen(`<w:moveFrom w:id="1">` + run(secret) + `</w:moveFrom>`)},
	{"deleted end of paragraph", "tracked deletion", "", formed(`<w:rPr><w:del w:id="1"/></w:rPr>`, "seen")},
	{"deleted row", "row deleted", "", pack{body: table(`<w:tr><w:trPr><w:del w:id="1"/></w:trPr>` + cell("", para(run("x"))) + `</w:tr>`)}},
	{"deleted cell", "cell deleted", "", pack{body: table(row(cell(`<w:cellDel w:id="1"/>`, para(run("x")))))}},
	{"vanish", "hidden text", "", seen(rp("<w:vanish/>", secret))},
	{"vanish by a character style", "hidden text", "", seen(rp(`<w:rStyle w:val="Hide"/>`, secret))},
	{"vanish by a style's style", "hidden text", "", pack{styles: someStyles, body: para(run("seen")) + styled("Gone2", secret)}},
	{"vanish by the standard", "hidden text", "", pack{styles: `<w:docDefaults><w:rPrDefault><w:rPr><w:vanish/></w:rPr></w:rPrDefault></w:docDefaults>`, body: para(run(secret))}},
	{"vanish by both styles", "hidden text", "", pack{styles: someStyles, body: para(`<w:pPr><w:pStyle w:val="Gone"/></w:pPr>`, rp(`<w:rStyle w:val="Hide"/>`, secret))}},
	{"webHidden", "hidden text", "", seen(rp("<w:webHidden/>", secret))},
	{"specVanish", "hidden text", "", seen(rp("<w:specVanish/>", secret))},
	{"struck", "struck text", "", seen(rp("<w:strike/>", secret))},
	{"white", "in the colour FFFFFF", "", seen(rp(`<w:color w:val="FFFFFF"/>`, secret))},
	{"the theme's white", "in the colour FFFFFF", "", seen(rp(`<w:color w:val="auto" w:themeColor="background1"/>`, secret))},
	{"nearly white", "in the colour F4F4F4", "", seen(rp(`<w:color w:val="F4F4F4"/>`, secret))},
	{"black on black", "in the colour 000000 on 000000", "", seen(rp(`<w:color w:val="000000"/><w:highlight w:val="black"/>`, secret))},
	{"black on a black cell", "on 000000", "", pack{body: table(row(cell(`<w:shd w:val="clear" w:fill="000000"/>`, para(rp(`<w:color w:val="000000"/>`, secret)))))}},
	{"without a fill", "without a colour", "", seen(rp(`<w14:textFill><w14:noFill/></w14:textFill>`, secret))},
	{"a point high", "too small", "", seen(rp(`<w:sz w:val="2"/>`, secret))},
	{"squeezed", "too narrow", "", seen(rp(`<w:w w:val="1"/>`, secret))},
	{"lines without height", "too low", "", formed(`<w:spacing w:line="1" w:lineRule="exact"/>`, "x")},
	{"indented away", "off the sheet", "", formed(`<w:ind w:left="-20000"/>`, "x")},
	{"a frame away", "off the sheet", "", formed(`<w:framePr w:x="-20000"/>`, "x")},
	{"a font of signs", "font wingdings", "", seen(rp(`<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>`, secret))},
	{"raised letters", "superscript", "", seen(rp(`<w:vertAlign w:val="superscript"/>`, secret))},
	{"a character that nobody sees", "U+200B", "", seen(run("a\u200bb"))},
	{"a sign that is not known", "sign of the font", "", seen(`<w:r><w:sym w:font="Vendor" w:char="F041"/></w:r>`)},
	{"comment", "a comment", "", seen(`<w:commentRangeStart w:id="0"/>`, `<w:r><w:commentReference w:id="0"/></w:r>`)},
	{"comments without a sign", "comments", "", withPart("comments", "comments.xml", xmlPart("comments", `<w:comment w:id="0">`+para(run(secret))+`</w:comment>`))},
	{"field that includes", "field INCLUDETEXT", "", seen(code(`INCLUDETEXT "`+secret+`"`, "x"))},
	{"field with a quote", "field QUOTE", "", seen(code(`QUOTE "`+secret+`"`, "x"))},
	{"simple field", "field COMMENTS", "", seen(`<w:fldSimple w:instr="COMMENTS &quot;` + secret + `&quot;">` + run("x") + `</w:fldSimple>`)},
	{"field without a result", "field XE", "", seen(`<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>XE "` + secret + `"</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>`)},
	{"text in the code of a field", "field IF", "", seen(`<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>IF 1 = 2 </w:instrText></w:r>` + run(secret) + `<w:r><w:fldChar w:fldCharType="end"/></w:r>`)},
	{"an allowed field with a text", "field DATE", "", seen(code(`DATE \@ "`+secret+`"`, "x"))},
	{"a field that does not end", "does not end", "", seen(`<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE ` + secret + `</w:instrText></w:r>`)},
	{"form field", "form field", "", seen(`<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:statusText w:val="` + secret + `"/></w:ffData></w:fldChar></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>`)},
	{"tooltip", "pointed at", "", seen(`<w:hyperlink w:tooltip="` + secret + `">` + run("x") + `</w:hyperlink>`)},
	{"tooltip of a field", "pointed at", "", seen(code(`HYPERLINK "https://gazette.example" \o "`+secret+`"`, "x"))},
	{"address of a link", "", "https://gazette.example/mole", pack{body: para(`<w:hyperlink r:id="l">` + run("x") + `</w:hyperlink>`), rels: outside("hyperlink", "https://gazette.example/mole")}},
	{"address that no link has", "", "https://gazette.example/mole", pack{body: para(run("x")), rels: outside("hyperlink", "https://gazette.example/mole")}},
	{"template elsewhere", "outside of it", "", pack{body: para(run("x")), rels: outside("attachedTemplate", "file:///mole.dotx")}},
	{"bookmark", "a bookmark", "", seen(`<w:bookmarkStart w:id="1" w:name="Bacalhau_meets_the_mole"/>`)},
	{"placeholder", "nobody filled in", "", seen(`<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>` + run("Click here") + `</w:sdtContent></w:sdt>`)},
	{"name of a control", "content control whose name", "", seen(`<w:sdt><w:sdtPr><w:tag w:val="` + secret + `"/></w:sdtPr><w:sdtContent>` + run("x") + `</w:sdtContent></w:sdt>`)},
	{"choices of a control", "list of choices", "", seen(`<w:sdt><w:sdtPr><w:dropDownList><w:listItem w:displayText="` + secret + `" w:value="1"/></w:dropDownList></w:sdtPr><w:sdtContent>` + run("x") + `</w:sdtContent></w:sdt>`)},
	{"object", "embedded object", "", seen(`<w:r><w:object><o:OLEObject r:id="q"/></w:object></w:r>`)},
	{"embedded file", "embedded file", "", withPart("package", "embeddings/a.xlsx", secret)},
	{"macros", "macros", "", withPart("vbaProject", "vbaProject.bin", secret)},
	{"another document", "foreign document", "", pack{body: para(run("x")) + `<w:altChunk r:id="z"/>`, rels: rel("z", "aFChunk", "a.htm"), parts: map[string]string{"word/a.htm": secret}}},
	{"chart", "kind that a report cannot hold", "", seen(drawn("", `<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="z"/>`))},
	{"equation", "equation", "", seen(`<m:oMath><m:r><m:t>` + secret + `</m:t></m:r></m:oMath>`)},
	{"ruby", "ruby", "", seen(`<w:r><w:ruby><w:rt>` + run(secret) + `</w:rt></w:ruby></w:r>`)},
	{"turned direction", "direction", "", seen(`<w:bdo w:val="rtl">` + run(secret) + `</w:bdo>`)},
	{"an unknown element", "not known here", "", seen(`<zz:x>` + secret + `</zz:x>`)},
	{"an unknown property", "not known here", "", seen(rp(`<zz:x/>`, "x"))},
	{"text between elements", "outside of the document's text", "", seen(secret)},
	{"other forms", "other words", "", seen(both(strings.TrimSuffix(strings.TrimPrefix(drawn("", box("x")), "<w:r>"), "</w:r>"), oldBox(secret)))},
	{"hidden drawing", "hidden drawing", "", seen(drawn(`hidden="1"`, box(secret)))},
	{"alternative text of a box", "alternative text", "", seen(drawn(`descr="`+secret+`"`, box("x")))},
	{"hidden old drawing", "hidden drawing", "", seen(`<w:r><w:pict><v:shape style="visibility: hidden"><v:textbox><w:txbxContent>` + para(run("x")) + `</w:txbxContent></v:textbox></v:shape></w:pict></w:r>`)},
	{"a shape", "may cover", "", seen(drawn("", `<wps:wsp><wps:spPr><a:prstGeom prst="rect"/></wps:spPr></wps:wsp>`))},
	{"alternative text of a table", "alternative text of the table", "", pack{body: `<w:tbl><w:tblPr><w:tblCaption w:val="` + secret + `"/></w:tblPr>` + row(cell("", para(run("x")))) + `</w:tbl>`}},
	{"a merged cell", "merged", "", pack{body: table(row(cell(`<w:vMerge w:val="restart"/>`, para(run("x")))), row(cell(`<w:vMerge/>`, para(run(secret)))))}},
	{"a hidden row", "hidden row", "", pack{body: table(`<w:tr><w:trPr><w:hidden/></w:trPr>` + cell("", para(run("x"))) + `</w:tr>`)}},
	{"a table in a cell", "inside a cell", "", pack{body: table(row(cell("", table(row(cell("", para(run(secret)))))+para())))}},
	{"a label", "by itself", "", pack{numbers: someNumbers, body: num("3", "0", "x")}},
	{"a mark as a label", "by itself", "", pack{numbers: strings.Replace(someNumbers, "The mole is %1", "(S)", 1), body: num("3", "0", "x")}},
	{"a header that is not shown", "not shown", "", pack{body: para(run("x")), sect: `<w:headerReference w:type="first" r:id="h1"/>`, rels: rel("h1", "header", "header1.xml"), parts: map[string]string{"word/header1.xml": xmlPart("hdr", para(run(secret)))}}},
	{"a header that nothing uses", "header that no part", "", withPart("header", "header1.xml", xmlPart("hdr", para(run(secret))))},
	{"a note that nothing refers to", "nothing refers to", "", withPart("footnotes", "footnotes.xml", xmlPart("footnotes", `<w:footnote w:id="2">`+para(run(secret))+`</w:footnote>`))},
	{"text in the separator", "has text", "", withPart("footnotes", "footnotes.xml", xmlPart("footnotes", `<w:footnote w:id="0" w:type="separator">`+para(run(secret))+`</w:footnote>`))},
	{"custom XML", "custom XML", "", withPart("customXml", "item1.xml", `<x>`+secret+`</x>`)},
	{"sources", "custom XML", "", withPart("customXml", "item1.xml", `<b:Sources xmlns:b="http://schemas.openxmlformats.org/officeDocument/2006/bibliography" Mole="`+secret+`"/>`)},
	{"building blocks", "building blocks", "", withPart("glossaryDocument", "glossary/document.xml", xmlPart("glossaryDocument", para(run(secret))))},
	{"variables", "variables", "", pack{settings: `<w:docVars><w:docVar w:name="x" w:val="` + secret + `"/></w:docVars>`, body: para(run("x"))}},
	{"description", "description is a text", "", withProps(`<dc:description>`+secret+`</dc:description>`, "")},
	{"own property", "own property", "", withProps("", secret)},
	{"author", "", "creator", withProps(`<dc:creator>A. Example</dc:creator>`, "")},
	{"people", "", "people", withPart("people", "people.xml", `<x/>`)},
	{"thumbnail", "", "first page", withPart("thumbnail", "t.jpeg", secret)},
	{"unknown part", "not known here", "", withPart("moles", "mole.bin", secret)},
	{"a part that belongs to nothing", "belongs to nothing", "", pack{body: para(run("x")), parts: map[string]string{"word/mole.txt": secret}}},
	{"a picture in no place", "stands nowhere", "", withPart("image", "media/x.png", secret)},
	{"a picture that is none", "neither PNG", "", pack{body: para(drawn("", picture(""))), raw: []byte(secret)}},
	{"comment of the archive", "archive has a comment", "", pack{body: para(run("x")), comment: secret}},
	{"comment in the code", "comments in its code", "", pack{body: para(run("x")) + "<!--" + secret + "-->"}},
	{"a second text box content", "no text can be", "", seen(drawn("", strings.Replace(box("x"), "</wps:txbx>", "</wps:txbx><wps:txbx><w:txbxContent>"+para(run(secret))+"</w:txbxContent></wps:txbx>", 1)))},
	{"a second content of a control", "no text can be", "", seen(`<w:sdt><w:sdtContent>` + run("x") + `</w:sdtContent><w:sdtContent>` + run(secret) + `</w:sdtContent></w:sdt>`)},
	{"a group", "group of drawings", "", seen(drawn("", `<wpg:wgp xmlns:wpg="http://schemas.microsoft.com/office/word/2010/wordprocessingGroup">`+box(secret)+`</wpg:wgp>`))},
	{"a drawing of no size", "too small", "", seen(`<w:r>` + strings.Replace(oldBox("x"), "width:10pt", "width:0pt", 1) + `</w:r>`)},
	{"a drawing set away", "off the sheet", "", seen(`<w:r>` + strings.Replace(oldBox("x"), "width:10pt", "margin-left:-9999pt", 1) + `</w:r>`)},
	{"properties in two forms", "not known here", "", seen(rp(`<mc:AlternateContent><mc:Choice Requires="w14"><w:vanish/></mc:Choice></mc:AlternateContent>`, "x"))},
	{"a table set away", "off the sheet", "", pack{body: `<w:tbl><w:tblPr><w:tblpPr w:tblpX="31000"/></w:tblPr>` + row(cell("", para(run("x")))) + `</w:tbl>`}},
	{"a narrow cell", "too narrow", "", pack{body: table(row(cell(`<w:tcW w:w="1" w:type="dxa"/>`, para(run("x")))))}},
	{"a hiding style of tables", "style of tables", "", pack{
		styles: `<w:style w:type="table" w:styleId="W"><w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style>`,
		body:   `<w:tbl><w:tblPr><w:tblStyle w:val="W"/></w:tblPr>` + row(cell("", para(run("x")))) + `</w:tbl>`,
	}},
	{"a note in the code of a field", "more than text", "", seen(`<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText><w:footnoteReference w:id="1"/></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>`)},
	{"tiny sheets", "sheets too small", "", pack{body: para(run("x")), sect: `<w:pgSz w:w="10" w:h="10"/>`}},
	{"insertion", "", "inserted", seen(`<w:ins w:id="1">` + run("x") + `</w:ins>`)},
	{"change of type", "", "change of type", seen(rp(`<w:rPrChange w:id="1"><w:rPr/></w:rPrChange>`, "x"))},
	{"code of a field", "", "code of a field NUMWORDS", seen(code("NUMWORDS", "1"))},
}

func TestNothingHides(t *testing.T) {
	for _, c := range trapCases {
		t.Run(c.name, func(t *testing.T) {
			r := read(t, c.pack)
			for _, b := range r.Blocks {
				if strings.Contains(b.Text, secret) {
					t.Errorf("the text is in a block: %q", b.Text)
				}
			}
			switch faults, notes := r.Faults.Error(), strings.Join(r.Notes, "\n"); {
			case c.fault == "" && faults != "":
				t.Errorf("faults: %s", faults)
			case !strings.Contains(faults, c.fault):
				t.Errorf("faults %q, no %q", faults, c.fault)
			case !strings.Contains(notes, c.note):
				t.Errorf("notes %q, no %q", notes, c.note)
			}
			for _, f := range r.Faults {
				if f.Hint == "" || f.Text == "" {
					t.Errorf("a fault without a hint: %v", f)
				}
			}
		})
	}
}

// A fault says where.
func TestFaultsHavePlaces(t *testing.T) {
	r := read(t, pack{styles: someStyles, body: para(run("one")) + para(run("The source was seen at the harbour with two others"), rp("<w:vanish/>", secret)) + para(rp("<w:vanish/>", secret)) +
		table(row(cell("", para(run("x"), rp("<w:strike/>", secret)))))})
	want := []string{
		`paragraph 2, near "The source was seen at the harbour with…": hidden text; remove it, or set it as plain text`,
		"after paragraph 2: hidden text; remove it, or set it as plain text",
		`table 1, row 1, column 1, near "x": struck text; remove it, or set it as plain text`,
	}
	if got := strings.Split(r.Faults.Error(), "\n"); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
}
