package pdfium

import (
	"bytes"
	"cmp"
	"compress/zlib"
	"encoding/xml"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"tearline/codec/pages"
)

// What a document and a page may have. Anything else is found.
var (
	catalogKeys = set("Type", "Version", "Extensions", "Pages", "PageLabels", "Names", "Dests", "ViewerPreferences", "PageLayout",
		"PageMode", "Outlines", "OpenAction", "AcroForm", "Metadata", "StructTreeRoot", "MarkInfo", "Lang", "OutputIntents", "OCProperties", "AF")
	pageKeys = set("Type", "Parent", "Resources", "MediaBox", "CropBox", "BleedBox", "TrimBox", "ArtBox", "Contents", "Rotate", "Group",
		"StructParents", "Tabs", "Annots", "UserUnit", "LastModified", "Metadata", "ID", "Dur", "Trans", "B", "AF")
	nameKeys = set("Dests", "EmbeddedFiles", "JavaScript")
	formKeys = set("Fields", "NeedAppearances", "SigFlags", "DR", "DA", "Q", "CO")
	harmless = set("GoTo", "URI", "Thread")
)

func set(list ...string) map[string]bool {
	m := map[string]bool{}
	for _, s := range list {
		m[s] = true
	}
	return m
}

// finder lists what a file has beside what its pages show.
type finder struct {
	*objects
	out    []pages.Find
	pageOf map[int]int // an object's page, from 1
	fields map[int]bool
}

func (f *finder) add(x pages.Find) {
	if len(f.out) < pages.MaxFinds {
		x.Name, x.Text = cut(x.Name, 256), cut(x.Text, 4096)
		f.out = append(f.out, x)
	}
}

func cut(s string, most int) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

// finds lists them, of a file as PDFium writes it, and the names of the fonts
// whose codes are those of Unicode.
func finds(b []byte) ([]pages.Find, map[string]bool, error) {
	o, err := parseObjects(b)
	if err != nil {
		return nil, nil, err
	}
	f := &finder{objects: o, pageOf: map[int]int{}, fields: map[int]bool{}}
	f.keys(0, "the document", f.root, catalogKeys)
	f.keys(0, "names", f.follow(f.root["Names"]).dict, nameKeys)
	form := f.follow(f.root["AcroForm"])
	f.keys(0, "form", form.dict, formKeys)
	for _, key := range slices.Sorted(maps.Keys(f.info.dict)) {
		if text := f.str(f.info.dict[key]); text != "" {
			f.add(pages.Find{Kind: pages.Property, Name: key, Text: text})
		}
	}
	f.metadata(0, f.root["Metadata"])
	number := 0
	f.pages(f.root["Pages"], &number, 0)
	f.fieldsOf(form.dict["Fields"], 0)
	if layers := f.follow(f.root["OCProperties"]); layers.dict != nil {
		f.layers(layers)
	}
	for _, n := range slices.Sorted(maps.Keys(f.byNumber)) {
		f.walk(f.pageOf[n], f.byNumber[n])
	}
	return f.out, f.named(), nil
}

var identityMap = regexp.MustCompile(`(?i)beginbfrange\s*<0000>\s*<ffff>\s*<0000>\s*endbfrange`)

// named are the fonts that say that the code of each letter is its number in
// Unicode.
func (f *finder) named() map[string]bool {
	out := map[string]bool{}
	for _, v := range f.byNumber {
		name := f.str(v.dict["BaseFont"])
		if f.str(v.dict["Type"]) != "Font" || f.str(v.dict["Subtype"]) != "Type0" {
			continue
		}
		b, ok := f.inflated(f.follow(v.dict["ToUnicode"]))
		is := ok && identityMap.Match(b)
		if was, seen := out[name]; seen {
			is = is && was
		}
		out[name] = is
	}
	return out
}

// inflated is what a stream holds, if it is small and packed in the usual way
// or not at all. PDFium may leave a packed stream as it is and not say so.
func (f *finder) inflated(v object) ([]byte, bool) {
	b := v.data
	filter := f.follow(v.dict["Filter"])
	flate := filter.text == "FlateDecode" || len(filter.list) == 1 && f.str(filter.list[0]) == "FlateDecode"
	if filter.kind != 0 && !flate {
		return nil, false
	}
	z, err := zlib.NewReader(bytes.NewReader(b))
	if err != nil {
		return b, !flate && len(b) <= maxPacket
	}
	b, err = io.ReadAll(io.LimitReader(z, maxPacket+1))
	return b, err == nil && len(b) <= maxPacket
}

// keys finds those of a dictionary that are not known.
func (f *finder) keys(page int, what string, d map[string]object, known map[string]bool) {
	for _, key := range slices.Sorted(maps.Keys(d)) {
		switch {
		case known[key]:
		case key == "AA":
			f.add(pages.Find{Kind: pages.Script, Page: page, Name: "action"})
		default:
			f.add(pages.Find{Kind: pages.Part, Page: page, Name: key + " of " + what})
		}
	}
}

func (f *finder) pages(v object, number *int, depth int) {
	d := f.follow(v).dict
	if d == nil || depth > maxDepth || *number >= maxPages {
		return
	}
	if kids := f.follow(d["Kids"]); kids.kind == 'a' {
		for _, k := range kids.list {
			f.pages(k, number, depth+1)
		}
		return
	}
	*number++
	if v.kind == 'r' {
		f.pageOf[v.whole] = *number
	}
	f.keys(*number, "the page", d, pageKeys)
	f.metadata(*number, d["Metadata"])
	for _, a := range f.follow(d["Annots"]).list {
		if a.kind == 'r' {
			f.pageOf[a.whole] = *number
			f.fields[a.whole] = true
		}
		f.annotation(*number, f.follow(a).dict)
	}
}

func (f *finder) annotation(page int, d map[string]object) {
	text, kind := strings.TrimSpace(f.str(d["Contents"])), f.str(d["Subtype"])
	if rich := f.str(d["RC"]); text == "" && rich != "" {
		text = rich
	}
	action := f.follow(d["A"]).dict
	address := f.str(action["URI"])
	switch {
	case kind == "Link":
		if address != "" {
			f.add(pages.Find{Kind: pages.Link, Page: page, Text: address})
		}
		if text != "" && text != address {
			f.add(pages.Find{Kind: pages.Annotation, Page: page, Name: kind, Text: text})
		}
	case kind == "Popup" && text == "":
	case kind == "Widget":
		f.field(page, d)
	default:
		f.add(pages.Find{Kind: pages.Annotation, Page: page, Name: kind, Text: text})
	}
}

// field finds a form's field, whose value and name may stand above it.
func (f *finder) field(page int, d map[string]object) {
	var value, name string
	for range maxDepth {
		value, name = cmp.Or(value, f.str(d["V"])), cmp.Or(name, f.str(d["T"]))
		if d = f.follow(d["Parent"]).dict; d == nil {
			break
		}
	}
	f.add(pages.Find{Kind: pages.Field, Page: page, Name: name, Text: value})
}

// fieldsOf finds the fields that stand on no page.
func (f *finder) fieldsOf(v object, depth int) {
	if depth > maxDepth || len(f.out) >= pages.MaxFinds {
		return
	}
	for _, k := range f.follow(v).list {
		d := f.follow(k).dict
		switch kids := f.follow(d["Kids"]); {
		case k.kind == 'r' && f.fields[k.whole]:
		case len(kids.list) > 0:
			f.fieldsOf(kids, depth+1)
		default:
			f.field(0, d)
		}
	}
}

func (f *finder) layers(v object) {
	var names []string
	for _, g := range f.follow(v.dict["OCGs"]).list {
		names = append(names, f.str(f.follow(g).dict["Name"]))
	}
	f.add(pages.Find{Kind: pages.Layer, Text: strings.Join(names, ", ")})
}

// walk finds, in a value and those inside it, what means the same wherever it
// stands.
func (f *finder) walk(page int, v object) {
	d := v.dict
	for _, e := range v.list {
		f.walk(page, e)
	}
	if d == nil {
		return
	}
	for _, key := range slices.Sorted(maps.Keys(d)) {
		f.walk(page, d[key])
	}
	s := f.follow(d["S"])
	f.alternatives(page, d)
	title := f.follow(d["Title"])
	switch {
	case title.kind == 's' && d["Parent"].kind != 0:
		f.add(pages.Find{Kind: pages.Bookmark, Text: decodeText(title.text)})
	case f.follow(d["EF"]).dict != nil:
		f.add(pages.Find{Kind: pages.Attachment, Page: page, Name: cmp.Or(f.str(d["UF"]), f.str(d["F"])), Text: f.str(d["Desc"])})
	case d["JS"].kind != 0 || s.text == "JavaScript":
		f.add(pages.Find{Kind: pages.Script, Page: page, Name: "JavaScript"})
	case f.str(d["Type"]) == "Action" && !harmless[s.text], actions[s.text] && d["P"].kind == 0 && d["K"].kind == 0:
		f.add(pages.Find{Kind: pages.Script, Page: page, Name: s.text})
	}
}

// alternatives finds text that stands in the place of what is shown.
func (f *finder) alternatives(page int, d map[string]object) {
	keys := []string{"ActualText", "Alt", "E"}
	if f.follow(d["S"]).kind == 'n' && d["P"].kind != 0 {
		keys = append(keys, "T") // the title of an element of the structure
	}
	for _, key := range keys {
		if t := f.follow(d[key]); t.kind == 's' && decodeText(t.text) != "" {
			f.add(pages.Find{Kind: pages.Alternative, Page: f.at(page, d), Name: key, Text: decodeText(t.text)})
		}
	}
}

// actions are what viewers do, by names that nothing else bears.
var actions = set("Launch", "GoToR", "GoToE", "ImportData", "SubmitForm", "ResetForm", "Rendition", "Movie", "Sound", "SetOCGState", "Hide", "RichMediaExecute", "GoTo3DView")

// at is the page of an element of the structure, where it says so.
func (f *finder) at(page int, d map[string]object) int {
	if p := d["Pg"]; p.kind == 'r' {
		return f.pageOf[p.whole]
	}
	return page
}

// metadata finds the words of a packet of properties.
func (f *finder) metadata(page int, v object) {
	v = f.follow(v)
	if v.dict == nil {
		return
	}
	b, ok := f.inflated(v)
	if !ok || !f.packet(page, b) {
		f.add(pages.Find{Kind: pages.Part, Page: page, Name: "Metadata"})
	}
}

const maxPacket = 1 << 20

// packet lists what XMP says; false if it is none.
func (f *finder) packet(page int, b []byte) bool {
	d := xml.NewDecoder(bytes.NewReader(b))
	d.Entity = map[string]string{}
	var path []string
	for {
		t, err := d.RawToken()
		if err == io.EOF { //nolint:errorlint // the decoder returns it as it is
			return true
		}
		if err != nil {
			return len(bytes.Trim(b, " \r\n\t\x00")) == 0
		}
		switch t := t.(type) {
		case xml.StartElement:
			path = append(path, t.Name.Space+":"+t.Name.Local)
			for _, a := range t.Attr {
				if a.Name.Space != "xmlns" && a.Name.Space != "rdf" && a.Name.Space != "xml" && a.Name.Local != "xmptk" {
					f.add(pages.Find{Kind: pages.Metadata, Page: page, Name: a.Name.Space + ":" + a.Name.Local, Text: a.Value})
				}
			}
		case xml.EndElement:
			path = path[:max(len(path)-1, 0)]
		case xml.CharData:
			if text := strings.TrimSpace(string(t)); text != "" {
				f.add(pages.Find{Kind: pages.Metadata, Page: page, Name: named(path), Text: text})
			}
		case xml.Comment:
			f.add(pages.Find{Kind: pages.Metadata, Page: page, Name: "comment", Text: string(t)})
		}
	}
}

// named is the property that an element belongs to, past the lists in it.
func named(path []string) string {
	for _, p := range slices.Backward(path) {
		if !strings.HasPrefix(p, "rdf:") {
			return p
		}
	}
	return ""
}
