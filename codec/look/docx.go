package look

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// DOCX returns every text that a Word file holds. The error says what in it no
// copy of ours has.
func DOCX(b []byte) ([]string, error) {
	return newGather().docx(b)
}

func (g *gather) docx(b []byte) ([]string, error) {
	if len(b) > maxFile {
		g.foreign("a file of %d bytes", len(b))
		return g.all()
	}
	w := &word{gather: g, members: map[string]bool{}, targets: map[string]string{}, ids: map[string]bool{}}
	list := g.unzip(b)
	for i := range list {
		w.members[list[i].name] = true
	}
	for _, name := range []string{"[Content_Types].xml", "_rels/.rels", "word/document.xml"} {
		if !w.members[name] {
			g.foreign("the package has no %s", name)
		}
	}
	for i := range list {
		w.member(&list[i])
	}
	w.relations()
	return g.all()
}

// A word is a Word file while it is read.
type word struct {
	*gather
	members map[string]bool
	targets map[string]string // of the document's relations, by their names
	ids     map[string]bool   // those that the document speaks of
}

var medium = regexp.MustCompile(`^word/media/image[0-9]{1,4}\.png$`)

// member reads one member.
func (w *word) member(m *member) {
	p := &part{gather: w.gather, name: m.name, begin: nothing, ids: map[string]bool{}, targets: map[string]string{}}
	switch m.name {
	case "word/document.xml", "word/styles.xml", "word/numbering.xml", "word/header1.xml", "word/footer1.xml":
		p.elements, p.begin = vocabulary, (*part).judge
	case "_rels/.rels", "word/_rels/document.xml.rels":
		p.elements, p.begin = relationVocabulary, (*part).relation
	case "[Content_Types].xml":
		p.elements, p.begin = typeVocabulary, (*part).contentType
	default:
		if medium.MatchString(m.name) {
			w.png(m.name, m.data)
			return
		}
		w.foreign("a member %q", m.name)
		w.print(m.data)
		if !strings.HasPrefix(strings.TrimLeft(string(m.data[:min(len(m.data), 64)]), "\ufeff \r\n\t"), "<") {
			w.keep(string(m.data))
			return
		}
	}
	p.read(m.data)
	switch m.name {
	case "word/document.xml":
		w.ids = p.ids
	case "word/_rels/document.xml.rels":
		w.targets = p.targets
	case "_rels/.rels":
		if !maps.Equal(values(p.targets), map[string]bool{"word/document.xml": true}) {
			w.foreign("the package leads elsewhere than to word/document.xml")
		}
	default:
		for id := range p.ids {
			w.foreign("%s speaks of relation %q, and has none", m.name, id)
		}
	}
}

func values(m map[string]string) map[string]bool {
	out := map[string]bool{}
	for _, v := range m {
		out[v] = true
	}
	return out
}

func nothing(*part, element) {}

// relations checks that all the document is made of is in its place, and
// nothing beside it.
func (w *word) relations() {
	targets := map[string]bool{"[Content_Types].xml": true, "_rels/.rels": true, "word/document.xml": true}
	for id, target := range w.targets {
		targets["word/"+target] = true
		if implied := target == "styles.xml" || target == "numbering.xml"; implied == w.ids[id] {
			w.foreign("relation %q to %q is not what the document makes of it", id, target)
		}
	}
	if len(w.targets) > 0 {
		targets["word/_rels/document.xml.rels"] = true
	}
	for id := range w.ids {
		if _, ok := w.targets[id]; !ok {
			w.foreign("the document speaks of a relation %q that it lacks", id)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(targets)) {
		if !w.members[name] {
			w.foreign("a relation to %q, which is not there", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(w.members)) {
		if !targets[name] {
			w.foreign("a member %q to which nothing leads", name)
		}
	}
}

var relationID = regexp.MustCompile(`^rIdP?[0-9]{1,5}$`)

// relation judges an element of a list of relations.
func (p *part) relation(e element) {
	if e.name != "rel:Relationship" {
		return
	}
	id, target := e.attrs["Id"], e.attrs["Target"]
	kind, ok := strings.CutPrefix(e.attrs["Type"], "http://schemas.openxmlformats.org/officeDocument/2006/relationships/")
	fits := map[string]string{"officeDocument": "word/document.xml", "styles": "styles.xml", "numbering": "numbering.xml", "header": "header1.xml", "footer": "footer1.xml"}
	if !ok || !relationID.MatchString(id) || fits[kind] != target && (kind != "image" || !medium.MatchString("word/"+target)) {
		p.foreign("%s: a relation %q of kind %q to %q", p.name, id, kind, target)
	}
	if _, twice := p.targets[id]; twice {
		p.foreign("%s: a relation %q twice", p.name, id)
	}
	p.targets[id] = target
}

// contentType judges an element of the list of types.
func (p *part) contentType(e element) {
	if e.name == "ct:Types" {
		return
	}
	kind := e.attrs["ContentType"]
	short := strings.TrimSuffix(strings.TrimPrefix(kind, "application/vnd.openxmlformats-officedocument.wordprocessingml."), "+xml")
	of := map[string]string{
		"/word/document.xml": "document.main", "/word/styles.xml": "styles", "/word/numbering.xml": "numbering", "/word/header1.xml": "header", "/word/footer1.xml": "footer",
	}
	byExtension := map[string]string{"xml": "application/xml", "rels": "application/vnd.openxmlformats-package.relationships+xml", "png": "image/png"}
	if name := e.attrs["PartName"]; name != "" && of[name] != short || name == "" && byExtension[e.attrs["Extension"]] != kind {
		p.foreign("%s: the type %q of %q%q", p.name, kind, name, e.attrs["Extension"])
	}
}

// judge judges an element of a document: those that could hide what stands in
// them.
func (p *part) judge(e element) {
	if id := e.attrs["r:id"] + e.attrs["r:embed"]; id != "" {
		p.ids[id] = true
	}
	shows, ok := showing[e.name]
	if ok && !shows(e.attrs) || e.name == "w:t" && !p.inside("w:r") {
		p.foreign("%s: %s that no copy has: %v", p.name, e.name, e.attrs)
	}
}

// showing says of elements whether what stands in them is to be seen.
var showing = map[string]func(map[string]string) bool{
	"w:sz":        typed,
	"w:szCs":      typed,
	"w:color":     func(a map[string]string) bool { return a["w:val"] == "auto" || lightness(a["w:val"]) <= 0.6 },
	"w:shd":       shaded,
	"w:fldSimple": counting,
	"w:spacing": func(a map[string]string) bool {
		line, err := strconv.Atoi(a["w:line"])
		return within(a, 0, 4000) && (a["w:lineRule"] != "exact" || err == nil && line >= 20*least)
	},
	"w:trHeight":      func(a map[string]string) bool { return within(a, 0, 16000) && a["w:hRule"] != "exact" },
	"w:start":         fromOne,
	"w:startOverride": fromOne,
	"w:ind":           func(a map[string]string) bool { return within(a, 0, 8000) },
	"w:tblInd":        func(a map[string]string) bool { return within(a, 0, 8000) },
	"w:pgMar":         func(a map[string]string) bool { return within(a, 0, 4000) },
	"w:pgSz":          func(a map[string]string) bool { return within(a, 5000, 25000) },
	"wp:extent":       func(a map[string]string) bool { return within(a, 1, 30_000_000) },
	"a:ext":           func(a map[string]string) bool { return within(a, 1, 30_000_000) },
}

// fromOne reports whether a list counts from 1. Borders are called start, too,
// and count nothing.
func fromOne(a map[string]string) bool {
	_, err := strconv.Atoi(a["w:val"])
	return err != nil || a["w:val"] == "1"
}

// typed reports whether type is large enough; its size is in half points.
func typed(a map[string]string) bool {
	n, err := strconv.Atoi(a["w:val"])
	return err == nil && n >= 2*least && n <= 400
}

// shaded reports whether a ground is bright enough for text.
func shaded(a map[string]string) bool {
	fill, plain := a["w:fill"], a["w:color"] == "" || a["w:color"] == "auto"
	light := fill == "" || fill == "auto" || lightness(fill) >= 0.6 && lightness(fill) <= 1
	return light && plain && a["w:val"] == "clear"
}

// counting reports whether a field is the number of a sheet, or of all.
func counting(a map[string]string) bool {
	instr := strings.TrimSpace(a["w:instr"])
	return instr == "PAGE" || instr == "NUMPAGES"
}

// inside reports whether the element that is open around the last one is
// called so.
func (p *part) inside(name string) bool {
	n := len(p.open)
	return n > 1 && p.open[n-2].name == name
}

// within reports whether all numbers of an element are in a range.
func within(attrs map[string]string, low, high int) bool {
	for _, v := range attrs {
		if n, err := strconv.Atoi(v); err == nil && (n < low || n > high) {
			return false
		}
	}
	return true
}

// lightness of a colour as Word writes it, RRGGBB; 2 of any other.
func lightness(hex string) float64 {
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil || len(hex) != 6 {
		return 2
	}
	return 0.2126*float64(n>>16)/255 + 0.7152*float64(n>>8&255)/255 + 0.0722*float64(n&255)/255
}

// attributed makes a vocabulary of lines, each an element and its attributes.
func attributed(lines string) map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for line := range strings.Lines(lines) {
		if f := strings.Fields(line); len(f) > 0 {
			out[f[0]] = list(strings.Join(f[1:], " "))
		}
	}
	return out
}

var relationVocabulary = attributed(`
rel:Relationships
rel:Relationship Id Type Target
`)

var typeVocabulary = attributed(`
ct:Types
ct:Default Extension ContentType
ct:Override PartName ContentType
`)

// vocabulary is that of a generator of plain text: paragraphs, tables and
// pictures in the line.
var vocabulary = attributed(`
w:document
w:body
w:hdr
w:ftr
w:p
w:pPr
w:pStyle w:val
w:keepNext w:val
w:keepLines w:val
w:pageBreakBefore w:val
w:widowControl w:val
w:contextualSpacing w:val
w:outlineLvl w:val
w:jc w:val
w:bidi w:val
w:spacing w:before w:after w:line w:lineRule
w:ind w:left w:right w:start w:end w:hanging w:firstLine
w:tabs
w:numPr
w:ilvl w:val
w:numId w:val
w:pBdr
w:top w:val w:sz w:space w:color w:w w:type
w:bottom w:val w:sz w:space w:color w:w w:type
w:left w:val w:sz w:space w:color w:w w:type
w:right w:val w:sz w:space w:color w:w w:type
w:start w:val w:sz w:space w:color w:w w:type
w:end w:val w:sz w:space w:color w:w w:type
w:insideH w:val w:sz w:space w:color
w:insideV w:val w:sz w:space w:color
w:shd w:val w:color w:fill
w:r
w:rPr
w:rStyle w:val
w:rFonts w:ascii w:hAnsi w:cs w:eastAsia
w:b w:val
w:bCs w:val
w:i w:val
w:iCs w:val
w:u w:val
w:color w:val
w:sz w:val
w:szCs w:val
w:rtl w:val
w:cs w:val
w:lang w:val w:eastAsia w:bidi
w:noProof
w:vertAlign w:val
w:t xml:space
w:tab w:val w:pos
w:br
w:cr
w:noBreakHyphen
w:fldSimple w:instr
w:tbl
w:tblPr
w:tblStyle w:val
w:tblW w:w w:type
w:tblInd w:w w:type
w:tblLayout w:type
w:tblBorders
w:tblCellMar
w:tblLook w:val w:firstRow w:lastRow w:firstColumn w:lastColumn w:noHBand w:noVBand
w:bidiVisual w:val
w:tblGrid
w:gridCol w:w
w:tr
w:trPr
w:trHeight w:val w:hRule
w:tblHeader w:val
w:cantSplit w:val
w:tc
w:tcPr
w:tcW w:w w:type
w:tcBorders
w:tcMar
w:vAlign w:val
w:gridSpan w:val
w:drawing
wp:inline distT distB distL distR
wp:extent cx cy
wp:effectExtent l t r b
wp:docPr id name descr
wp:cNvGraphicFramePr
a:graphicFrameLocks noChangeAspect
a:graphic
a:graphicData uri
pic:pic
pic:nvPicPr
pic:cNvPr id name descr
pic:cNvPicPr
a:picLocks noChangeAspect
pic:blipFill
a:blip r:embed
a:stretch
a:fillRect
pic:spPr
a:xfrm
a:off x y
a:ext cx cy
a:prstGeom prst
a:avLst
w:sectPr
w:headerReference w:type r:id
w:footerReference w:type r:id
w:pgSz w:w w:h w:orient
w:pgMar w:top w:right w:bottom w:left w:header w:footer w:gutter
w:cols w:space
w:docGrid w:linePitch
w:rtlGutter w:val
w:styles
w:docDefaults
w:rPrDefault
w:pPrDefault
w:style w:type w:styleId w:default w:customStyle
w:name w:val
w:basedOn w:val
w:next w:val
w:link w:val
w:uiPriority w:val
w:qFormat w:val
w:tblStylePr w:type
w:numbering
w:abstractNum w:abstractNumId
w:nsid w:val
w:multiLevelType w:val
w:tmpl w:val
w:lvl w:ilvl w:tplc
w:numFmt w:val
w:lvlText w:val
w:lvlJc w:val
w:suff w:val
w:num w:numId
w:abstractNumId w:val
w:lvlOverride w:ilvl
w:startOverride w:val
`)
