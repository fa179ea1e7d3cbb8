package pdfium_test

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tearline"
	"tearline/codec/document"
	"tearline/codec/pages"
	"tearline/internal/pdftext/pdfium"
	"tearline/internal/pdftext/whole"
)

// sheet makes a PDF of one page: what the catalogue, the page and its
// resources have besides, the page's contents, the properties, and further
// objects from number 7 on.
type sheet struct {
	catalog, page, resources, content, info string
	more                                    []string
}

const text = "BT /F1 12 Tf 50 700 Td ((U) The mole is closed from Thursday.) Tj ET\n"

func escaped(s string) string {
	return strings.NewReplacer("((U)", `(\(U\)`, "((S)", `(\(S\)`).Replace(s)
}

func (s sheet) bytes() []byte {
	s.content = escaped(s.content)
	objects := append([]string{
		"<</Type/Catalog/Pages 2 0 R" + s.catalog + ">>",
		"<</Type/Pages/Count 1/Kids[5 0 R]>>",
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
		"<<" + s.info + ">>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F1 3 0 R>>" + s.resources + ">>/Contents 6 0 R" + s.page + ">>",
		stream("", s.content),
	}, s.more...)
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	at := make([]int, len(objects))
	for i, o := range objects {
		at[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R/Info 4 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}

func stream(dict, content string) string {
	return fmt.Sprintf("<<%s/Length %d>>stream\n%s\nendstream", dict, len(content), content)
}

func packed(t *testing.T, s string) string {
	t.Helper()
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	if _, err := z.Write([]byte(s)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// whole reads a PDF as a report.
func held(t *testing.T, b []byte) (document.Reading, error) {
	t.Helper()
	d, err := whole.Reader(t.Context(), "", cache(t))(b)
	if err != nil {
		return document.Reading{}, err
	}
	return pages.Read(d, b)
}

const annotation = "<</Type/Annot/Rect[50 600 90 640]/Subtype/%s/Contents(The courier is Heron.)>>"

// traps are PDFs with something that a person does not see, and a part of the
// fault that tells it.
func traps(t *testing.T) map[string]struct {
	in   sheet
	want string
} {
	t.Helper()
	image := stream("/Type/XObject/Subtype/Image/Width 2/Height 2/ColorSpace/DeviceGray/BitsPerComponent 8", "\x00\xff\xff\x00")
	xmp := "<?xpacket begin=''?><x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='r'><rdf:Description xmlns:dc='d'><dc:description><rdf:Alt><rdf:li>Heron lives at the quay</rdf:li></rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta>"
	type trap = struct {
		in   sheet
		want string
	}
	annot := func(subtype string) sheet {
		return sheet{content: text, page: "/Annots[7 0 R]", more: []string{fmt.Sprintf(annotation, subtype)}}
	}
	secret := "(The courier is Heron.) Tj ET\n"
	return map[string]trap{
		"a comment":          {annot("Text"), `a comment: "The courier is Heron."`},
		"a free text":        {annot("FreeText"), `a comment: "The courier`},
		"a highlight":        {annot("Highlight"), `a highlight: "The courier`},
		"a stamp":            {annot("Stamp"), `a stamp: "The courier`},
		"a redaction mark":   {annot("Redact"), "a redaction that was not applied"},
		"a link's text":      {annot("Link"), "a description of a link"},
		"invisible letters":  {sheet{content: text + "BT 3 Tr /F1 12 Tf 50 600 Td " + secret}, `cannot be seen on the page: "The courier is Heron."`},
		"over other letters": {sheet{content: text + "BT 3 Tr /F1 12 Tf 50 700 Td " + secret}, "nothing is drawn"},
		"white letters":      {sheet{content: text + "1 g BT /F1 12 Tf 50 600 Td " + secret}, "cannot be seen on the page"},
		"nearly white":       {sheet{content: text + "0.99 g BT /F1 12 Tf 50 600 Td " + secret}, "cannot be seen on the page"},
		"black on black":     {sheet{content: text + "0 g 40 590 300 30 re f BT /F1 12 Tf 50 600 Td " + secret}, "cannot be seen on the page"},
		"below a box":        {sheet{content: text + "BT /F1 12 Tf 50 600 Td " + secret + "0 g 40 590 300 30 re f"}, "cannot be seen on the page"},
		"below half a box":   {sheet{content: text + "BT /F1 12 Tf 50 600 Td " + secret + "0 g 90 590 300 30 re f"}, "cannot be seen on the page"},
		"below a picture":    {sheet{content: text + "BT /F1 12 Tf 50 600 Td " + secret + "q 300 0 0 60 40 580 cm /I Do Q", resources: "/XObject<</I 7 0 R>>", more: []string{image}}, "cannot be seen on the page"},
		"clipped away":       {sheet{content: text + "q 0 0 10 10 re W n BT /F1 12 Tf 50 600 Td " + secret + "Q"}, "cannot be seen on the page"},
		"transparent":        {sheet{content: text + "/G gs BT /F1 12 Tf 50 600 Td " + secret, resources: "/ExtGState<</G<</ca 0>>>>"}, "cannot be seen on the page"},
		"tiny letters":       {sheet{content: text + "BT /F1 1 Tf 50 600 Td " + secret}, "too small to be read"},
		"off the page":       {sheet{content: text + "BT /F1 12 Tf 50 -200 Td " + secret}, "outside the page"},
		"turned":             {sheet{content: text + "BT /F1 12 Tf 0 1 -1 0 300 300 Tm " + secret}, "set at an angle"},
		"in a form":          {sheet{content: text + "/X Do", resources: "/XObject<</X 7 0 R>>", more: []string{stream("/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</Font<</F1 3 0 R>>>>", "1 g BT /F1 12 Tf 50 600 Td "+secret)}}, "cannot be seen on the page"},
		"a layer": {sheet{
			catalog: "/OCProperties<</OCGs[7 0 R]/D<</OFF[7 0 R]>>>>", resources: "/Properties<</L 7 0 R>>",
			content: text + "/OC /L BDC BT /F1 12 Tf 50 600 Td " + secret + "EMC", more: []string{"<</Type/OCG/Name(Names)>>"},
		}, `layers that can be switched off: "Names"`},
		"actual text":       {sheet{content: "/Span<</ActualText(The courier is Heron.)>>BDC " + text + "EMC"}, `in the place of what is shown: "The courier`},
		"a structure":       {sheet{content: text, catalog: "/StructTreeRoot 7 0 R", more: []string{"<</Type/StructTreeRoot/K 8 0 R>>", "<</Type/StructElem/S/Figure/P 7 0 R/Alt(The courier is Heron.)>>"}}, `in the place of what is shown: "The courier`},
		"an attachment":     {sheet{content: text, catalog: "/Names<</EmbeddedFiles<</Names[(a) 7 0 R]>>>>", more: []string{"<</Type/Filespec/F(names.txt)/EF<</F 8 0 R>>>>", stream("/Type/EmbeddedFile", "Heron")}}, `a file inside the file: "names.txt"`},
		"an associate":      {sheet{content: text, catalog: "/AF[7 0 R]", more: []string{"<</Type/Filespec/UF(names.txt)/EF<</F 8 0 R>>>>", stream("/Type/EmbeddedFile", "Heron")}}, `a file inside the file: "names.txt"`},
		"a field":           {sheet{content: text, page: "/Annots[7 0 R]", catalog: "/AcroForm<</Fields[7 0 R]>>", more: []string{"<</Type/Annot/Subtype/Widget/FT/Tx/T(who)/V(Heron)/Rect[50 600 90 640]>>"}}, `a field of a form, "who", with a value: "Heron"`},
		"a field nowhere":   {sheet{content: text, catalog: "/AcroForm<</Fields[7 0 R]>>", more: []string{"<</FT/Tx/T(who)/V(Heron)>>"}}, `with a value: "Heron"`},
		"XFA":               {sheet{content: text, catalog: "/AcroForm<</Fields[]/XFA 7 0 R>>", more: []string{stream("", "<x>Heron</x>")}}, `"XFA of form"`},
		"a script":          {sheet{content: text, catalog: "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"}, `something that runs: "JavaScript"`},
		"a program":         {sheet{content: text, catalog: "/OpenAction<</Type/Action/S/Launch/F(a.exe)>>"}, `something that runs: "Launch"`},
		"page actions":      {sheet{content: text, page: "/AA<</O<</S/Named/N/NextPage>>>>"}, `something that runs: "action"`},
		"a subject":         {sheet{content: text, info: "/Subject(Heron lives at the quay)"}, `a property that no page shows: Subject "Heron lives`},
		"an own property":   {sheet{content: text, info: "/Case(Heron lives at the quay)"}, `a property that no page shows: Case "Heron lives`},
		"a packet":          {sheet{content: text, catalog: "/Metadata 7 0 R", more: []string{stream("/Type/Metadata/Subtype/XML", xmp)}}, `dc:description "Heron lives`},
		"a packed packet":   {sheet{content: text, catalog: "/Metadata 7 0 R", more: []string{stream("/Type/Metadata/Subtype/XML/Filter/FlateDecode", packed(t, xmp))}}, `dc:description "Heron lives`},
		"an outline":        {sheet{content: text, catalog: "/Outlines 7 0 R", more: []string{"<</Type/Outlines/First 8 0 R/Last 8 0 R/Count 1>>", "<</Title(Heron)/Parent 7 0 R>>"}}, `a title in the outline that no page shows: "Heron"`},
		"private data":      {sheet{content: text, page: "/PieceInfo<</App<</Private(Heron)>>>>"}, `"PieceInfo of the page"`},
		"a thumbnail":       {sheet{content: text, page: "/Thumb 7 0 R", more: []string{image}}, `"Thumb of the page"`},
		"a portfolio":       {sheet{content: text, catalog: "/Collection<</View/D>>"}, `"Collection of the document"`},
		"a picture":         {sheet{content: text + "q 100 0 0 100 50 400 cm /I Do Q", resources: "/XObject<</I 7 0 R>>", more: []string{image}}, "a picture without a caption"},
		"a drawing":         {sheet{content: text + "50 400 m 150 500 l 170 380 l h S"}, "a picture without a caption"},
		"a recognised scan": {sheet{content: "q 600 0 0 800 0 0 cm /I Do Q BT 3 Tr /F1 12 Tf 50 600 Td " + secret, resources: "/XObject<</I 7 0 R>>", more: []string{image}}, "text recognised from a picture cannot be checked"},
	}
}

// Nothing that hides is overlooked.
func TestTraps(t *testing.T) {
	t.Parallel()
	for name, tt := range traps(t) {
		r, err := held(t, tt.in.bytes())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !slices.ContainsFunc(r.Faults, func(f tearline.Fault) bool { return strings.Contains(f.Text, tt.want) && f.Hint != "" }) {
			t.Errorf("%s: no fault says %q: %v", name, tt.want, r.Faults)
		}
		for _, b := range r.Blocks {
			if strings.Contains(b.Text, "Heron") && name != "over other letters" {
				t.Errorf("%s: shown as a block: %q", name, b.Text)
			}
		}
	}
}

// What is shown, and no more than that, has no faults.
func TestPlain(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]sheet{
		"text":            {content: text},
		"known title":     {content: text, info: "/Title((U) The mole is closed)/Producer(A long name of a program)"},
		"a link":          {content: text, page: "/Annots[7 0 R]", more: []string{"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(https://quay.example)>>>>"}},
		"on a dark box":   {content: "0.2 g 40 690 400 30 re f 1 g " + text},
		"turned page":     {content: strings.Replace(text, "50 700 Td", "0 1 -1 0 300 300 Tm", 1), page: "/Rotate 90"},
		"a page cropped":  {content: text, page: "/CropBox[20 500 500 780]"},
		"same text twice": {content: text + text},
		"true actual":     {content: "/Span<</ActualText(The mole)>>BDC " + text + "EMC"},
		"in a form":       {content: "q 1 0 0 1 10 -20 cm /X Do Q", resources: "/XObject<</X 7 0 R>>", more: []string{stream("/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</Font<</F1 3 0 R>>>>", escaped(text))}},
	} {
		r, err := held(t, in.bytes())
		if err != nil || len(r.Faults) > 0 {
			t.Errorf("%s: %v, %v", name, err, r.Faults)
			continue
		}
		if len(r.Blocks) != 1 || r.Blocks[0].Text != "(U) The mole is closed from Thursday." || r.Blocks[0].Where != "page 1, paragraph 1" {
			t.Errorf("%s: %+v", name, r.Blocks)
		}
	}
}

func TestScan(t *testing.T) {
	t.Parallel()
	image := stream("/Type/XObject/Subtype/Image/Width 2/Height 2/ColorSpace/DeviceGray/BitsPerComponent 8", "\x00\xff\xff\x00")
	_, err := held(t, sheet{content: "q 600 0 0 800 0 0 cm /I Do Q", resources: "/XObject<</I 7 0 R>>", more: []string{image}}.bytes())
	var e *tearline.Error
	if !errors.As(err, &e) || e.Public != "page 1 is a scan: it has no text layer" || e.Hint == "" {
		t.Error(err)
	}
}

// An earlier state of the file, with what was deleted since, is found.
func TestRevision(t *testing.T) {
	t.Parallel()
	first := sheet{content: strings.Replace(text, "The mole", "Heron: the mole", 1)}.bytes()
	content := stream("", escaped(text))
	var b bytes.Buffer
	b.Write(first)
	at := b.Len()
	fmt.Fprintf(&b, "6 0 obj\n%s\nendobj\n", content)
	start := b.Len()
	fmt.Fprintf(&b, "xref\n6 1\n%010d 00000 n \ntrailer\n<</Size 7/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n", at, bytes.LastIndex(first, []byte("xref\n0")), start)
	r, err := held(t, b.Bytes())
	if err != nil || len(r.Faults) != 1 || !strings.Contains(r.Faults[0].Text, "1 earlier states of the file") {
		t.Error(err, r.Faults)
	}
}

// A picture with a caption is kept as what is seen of it, without the letters
// over it.
func TestFigure(t *testing.T) {
	t.Parallel()
	image := stream("/Type/XObject/Subtype/Image/Width 2/Height 2/ColorSpace/DeviceGray/BitsPerComponent 8", "\x00\xff\xff\x00")
	in := sheet{content: text + "q 100 0 0 100 50 400 cm /I Do Q BT /F1 10 Tf 50 385 Td ((S) Figure 1: the quay.) Tj ET", resources: "/XObject<</I 7 0 R>>", more: []string{image}}
	r, err := held(t, in.bytes())
	if err != nil || len(r.Faults) > 0 || len(r.Blocks) != 2 {
		t.Fatal(err, r)
	}
	if f := r.Blocks[1]; f.Form.Shape != tearline.Figure || f.Text != "(S) Figure 1: the quay." || f.Form.Picture.Width < 100 {
		t.Errorf("%+v", f)
	}
}

// The objects of a file are foreign whoever wrote them anew.
func FuzzFinds(f *testing.F) {
	f.Add(sheet{content: text, catalog: "/OpenAction<</S/JavaScript/JS<41>>>", info: `/Title(a\(b\051\n)/A#42[1 0 R null]`}.bytes())
	f.Add([]byte("1 0 obj<</Kids[1 0 R]/Parent 1 0 R/Metadata 2 0 R>>endobj 2 0 obj<</Length 9>>stream\n<a b='c'>\nendstream endobj trailer<</Root 1 0 R/Info 3 0 R"))
	f.Fuzz(func(t *testing.T, b []byte) {
		list, _, err := pdfium.Finds(b)
		if err == nil && len(list) > pages.MaxFinds {
			t.Errorf("%d finds", len(list))
		}
	})
}
