package look

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// PDF returns every text that a PDF holds: first what the pages show by their
// own operators, then what shown returns, which is another reader's account of
// them, then the rest. The error says what in the file no copy of ours has.
// Without shown there is no second account.
func PDF(b []byte, shown func([]byte) ([]string, error)) ([]string, error) {
	g := newGather()
	if len(b) > maxFile {
		g.foreign("a file of %d bytes", len(b))
		return g.all()
	}
	f := &file{gather: g, b: b, at: map[int]int{}, objects: map[int]any{}, used: map[int]bool{}, fonts: map[int]*font{}}
	if err := f.read(); err != nil {
		g.foreign("%v", err)
		g.keep(string(b))
		g.print(b)
	} else {
		f.catalog()
	}
	if shown != nil {
		texts, err := shown(b)
		for _, t := range texts {
			g.show(t)
		}
		if err != nil {
			g.errs = append(g.errs, fmt.Errorf("the second reading: %w", err))
		}
	}
	return g.all()
}

// A file is a PDF while it is read.
type file struct {
	*gather
	b       []byte
	at      map[int]int // where the objects begin
	objects map[int]any
	used    map[int]bool
	fonts   map[int]*font
	trailer pdfDict
	visits  int
}

var pdfHead = regexp.MustCompile(`^%PDF-1\.[3-7]\n(?:%µ¶\n)?`)

// read reads the file from its first byte to its last: a head, objects, the
// table of their places, the trailer, and the end.
func (f *file) read() error {
	head := pdfHead.Find(f.b)
	if head == nil {
		return fmt.Errorf("not the head of a PDF")
	}
	l := &lexer{b: f.b, at: len(head), comment: func(s string) {
		f.foreign("a comment")
		f.keep(s)
	}}
	for {
		l.skip()
		start := l.at
		v, ok, err := l.value()
		if err != nil || !ok {
			return orEnd(err)
		}
		if v == pdfWord("xref") {
			return f.tail(l, start)
		}
		number, isNumber := v.(float64)
		n := int(number)
		if !isNumber || n < 1 || n > maxObjects || float64(n) != number {
			return fmt.Errorf("%v where an object should begin", v)
		}
		if _, twice := f.at[n]; twice {
			return fmt.Errorf("object %d twice", n)
		}
		f.at[n] = start
		if f.objects[n], err = f.object(l); err != nil {
			return fmt.Errorf("object %d: %w", n, err)
		}
	}
}

// object reads what follows an object's number.
func (f *file) object(l *lexer) (any, error) {
	var head pdfList
	for range 3 {
		v, ok, err := l.value()
		if err != nil || !ok {
			return nil, orEnd(err)
		}
		head = append(head, v)
	}
	if head[0] != 0.0 || head[1] != pdfWord("obj") {
		return nil, fmt.Errorf("%v %v in its head", head[0], head[1])
	}
	v := head[2]
	end, _, err := l.value()
	if d, isDict := v.(pdfDict); err == nil && isDict && end == pdfWord("stream") {
		if v, err = packedStream(l, d); err != nil {
			return nil, err
		}
		end, _, err = l.value()
	}
	if err != nil || end != pdfWord("endobj") {
		return nil, fmt.Errorf("%v where it should end", end)
	}
	return v, nil
}

// packedStream reads the bytes of a stream.
func packedStream(l *lexer, d pdfDict) (*pdfStream, error) {
	length, isNumber := d["Length"].(float64)
	rest := l.b[l.at:]
	if !isNumber || length < 0 || length > float64(len(rest)-1) || rest[0] != '\n' {
		return nil, fmt.Errorf("a stream without its length")
	}
	n := int(length)
	l.at += 1 + n
	if word, _, err := l.value(); err != nil || word != pdfWord("endstream") {
		return nil, fmt.Errorf("a stream of another length than it says")
	}
	return &pdfStream{d, rest[1 : 1+n]}, nil
}

// tail reads what follows the objects.
func (f *file) tail(l *lexer, start int) error {
	var b strings.Builder
	fmt.Fprintf(&b, "\n0 %d\n0000000000 65535 f \n", len(f.at)+1)
	for n := range len(f.at) {
		at, ok := f.at[n+1]
		if !ok {
			return fmt.Errorf("no object %d", n+1)
		}
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	if !bytes.HasPrefix(l.b[l.at:], []byte(b.String())) {
		return fmt.Errorf("the table of objects says other than where they are")
	}
	l.at += b.Len()
	if v, _, err := l.value(); err != nil || v != pdfWord("trailer") {
		return fmt.Errorf("%v where the trailer should be", v)
	}
	v, _, err := l.value()
	if err != nil {
		return err
	}
	d, ok := v.(pdfDict)
	if !ok {
		return fmt.Errorf("the trailer is no dictionary")
	}
	f.trailer = d
	if want := fmt.Sprintf("\nstartxref\n%d\n%%%%EOF\n", start); string(l.b[l.at:]) != want {
		f.stray("behind the trailer", l.b[l.at:])
	}
	if d["Size"] != float64(len(f.at)+1) {
		f.foreign("the trailer counts other objects")
	}
	return nil
}

// catalog follows the file from its trailer to all that it holds.
func (f *file) catalog() {
	f.visit(f.trailer, "Trailer", 0)
	for _, n := range slices.Sorted(maps.Keys(f.at)) {
		if !f.used[n] {
			f.foreign("object %d, to which nothing leads", n)
			f.visit(f.objects[n], "lost", 0)
		}
	}
}

// deref returns what a value stands for.
func (f *file) deref(v any) any {
	if r, ok := v.(pdfRef); ok {
		return f.objects[int(r)]
	}
	return v
}

// visit checks a value by its role: what it may be, and what may be in it.
func (f *file) visit(v any, role string, depth int) {
	if f.visits++; depth > maxDepth || f.visits > 20*maxObjects {
		f.foreign("values too deep, or too many")
		return
	}
	if r, ok := v.(pdfRef); ok {
		n := int(r)
		if _, ok := f.at[n]; !ok {
			f.foreign("object %d is not there", n)
		}
		if f.used[n] || role == "back" {
			return
		}
		f.used[n] = true
		v = f.objects[n]
	}
	switch v := v.(type) {
	case pdfDict:
		f.dict(v, role, depth)
	case *pdfStream:
		f.dict(v.dict, role, depth)
		f.stream(v, role)
	case pdfList:
		for _, e := range v {
			f.visit(e, role, depth+1)
		}
	default:
		f.simple(v, role)
	}
}

// noTime is what stands where a file would say when it was made.
const noTime = "D:19700101000000"

// simple checks a value that holds no others.
func (f *file) simple(v any, role string) {
	switch v := v.(type) {
	case pdfText:
		f.legible(v.text())
		f.keep(v.text())
		switch {
		case role == "time" && v.text() == noTime:
		case role == "time":
			f.foreign("a time, %s", v.text())
		case role != "text":
			f.foreign("a string in %s", role)
		}
	case pdfName:
		if !knownNames[string(v)] {
			f.keep(string(v))
			if role != "name" {
				f.foreign("a name %q in %s", v, role)
			}
		}
	case pdfWord:
		f.foreign("%q in %s", v, role)
		f.keep(string(v))
	}
}

// dict checks a dictionary by its role.
func (f *file) dict(d pdfDict, role string, depth int) {
	kind, known := roles[role]
	if !known {
		f.foreign("a dictionary in %s", role)
	}
	if want := kind["Type"]; want != "" && d["Type"] != pdfName(want) {
		f.foreign("%s is a %v", role, d["Type"])
	}
	for _, key := range slices.Sorted(maps.Keys(d)) {
		f.visit(d[key], f.next(kind, role, key), depth+1)
	}
	if role == "Page" {
		f.page(d)
	}
	if list, ok := d["Names"].(pdfList); role == "Files" && (!ok || len(list) > 0) {
		f.foreign("attached files")
	}
}

// next is the role of what a key of a dictionary leads to.
func (f *file) next(kind map[string]string, role string, key pdfName) string {
	if key == "Type" {
		return "type"
	}
	if next, ok := kind[string(key)]; ok {
		return next
	}
	if all := kind["*"]; all != "" && plainKey.MatchString(string(key)) {
		return all
	}
	f.foreign("%s has /%s", role, key)
	f.keep(string(key))
	return "lost"
}

var plainKey = regexp.MustCompile(`^(?:F[0-9a-f]{1,40}|I[0-9a-f]{1,40}|G?S?[0-9]{1,4}|[A-Z][A-Za-z]{0,3}[0-9]{1,5})$`)

// unpack inflates a stream, all of it and nothing more.
func (f *file) unpack(s *pdfStream) []byte {
	switch s.dict["Filter"] {
	case nil:
		if f.room -= len(s.raw); f.room < 0 {
			f.room = 0
			f.foreign("more is read of the file than %d bytes", maxInflated)
			return nil
		}
		return s.raw
	case pdfName("FlateDecode"):
	default:
		f.foreign("a stream packed by %v", s.dict["Filter"])
		f.print(s.raw)
		return nil
	}
	r := bytes.NewReader(s.raw)
	z, err := zlib.NewReader(r)
	if err != nil {
		f.foreign("a stream: %v", err)
		f.print(s.raw)
		return nil
	}
	out, err := f.inflate(z)
	if err != nil {
		f.foreign("a stream: %v", err)
		f.print(s.raw)
	}
	f.stray("behind a packed stream", s.raw[len(s.raw)-r.Len():])
	return out
}

// stream checks the bytes of a stream by its role.
func (f *file) stream(s *pdfStream, role string) {
	switch role {
	case "Contents": // read with its page
	case "Image":
		f.image(s)
	case "FontFile":
		f.fontFile(f.unpack(s))
	case "CMap":
		f.keepCMap(f.unpack(s))
	case "Bytes":
		f.print(f.unpack(s))
	default:
		f.foreign("a stream in %s", role)
		b := f.unpack(s)
		f.keep(string(b))
		f.print(b)
	}
}

// number is a number of a dictionary.
func (d pdfDict) number(key pdfName, otherwise float64) float64 {
	if n, ok := d[key].(float64); ok {
		return n
	}
	return otherwise
}

// colours is how many numbers a pixel of a picture has, 0 if it is none of
// ours.
func (f *file) colours(s *pdfStream) float64 {
	switch space := f.deref(s.dict["ColorSpace"]).(type) {
	case pdfName:
		return map[pdfName]float64{"DeviceGray": 1, "DeviceRGB": 3}[space]
	case pdfList:
		if len(space) == 4 && space[0] == pdfName("Indexed") {
			return 1
		}
	}
	return 0
}

// image checks that a picture has as many bytes as its head says.
func (f *file) image(s *pdfStream) {
	w, h, bits, colours := s.dict.number("Width", 0), s.dict.number("Height", 0), s.dict.number("BitsPerComponent", 0), f.colours(s)
	sized := w >= 1 && h >= 1 && w*h <= maxPixels && bits >= 1 && bits <= 8
	if !sized || colours == 0 || s.dict["Filter"] != pdfName("FlateDecode") {
		f.foreign("a picture that is none of ours")
		f.print(s.raw)
		return
	}
	row := (uint64(w)*uint64(colours)*uint64(bits) + 7) / 8
	if parms, ok := s.dict["DecodeParms"].(pdfDict); ok && parms.number("Predictor", 1) >= 10 {
		row++
		if parms.number("Columns", 1) != w || parms.number("Colors", 1) != colours || parms.number("BitsPerComponent", 8) != bits {
			f.foreign("a picture whose rows are of another length")
		}
	}
	f.packedRows("a picture", s.raw, row*uint64(h))
}

// fontTables are those that fonts of ours have.
var fontTables = list("OS/2 cmap cvt fpgm gasp glyf head hhea hmtx loca maxp name post prep kern GDEF GPOS GSUB")

// fontFile checks a font: tables that are known, one behind the other, with
// nothing between.
func (f *file) fontFile(b []byte) {
	f.print(b)
	if len(b) < 12 || len(b) < 12+16*int(be.Uint16(b[4:])) {
		f.foreign("a font that is cut short")
		return
	}
	n := int(be.Uint16(b[4:]))
	type table struct{ from, to uint64 }
	var tables []table
	for i := range n {
		e := b[12+16*i:]
		tag := strings.TrimSpace(string(e[:4]))
		if !fontTables[tag] {
			f.foreign("a font with a table %q", tag)
		}
		from := uint64(be.Uint32(e[8:]))
		tables = append(tables, table{from, from + uint64(be.Uint32(e[12:]))})
	}
	slices.SortFunc(tables, func(x, y table) int { return int(int64(x.from) - int64(y.from)) }) //nolint:gosec // 32 bits
	at := uint64(12 + 16*n)
	for _, t := range tables {
		if t.from < at || t.from > at+3 || t.to > uint64(len(b)) {
			f.foreign("a font whose tables are not one behind the other")
			return
		}
		at = t.to
	}
	if uint64(len(b)) > at+3 {
		f.foreign("a font with bytes behind its tables")
	}
}
