package look

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
)

// A font is what is known of one: what its codes of two bytes say.
type font struct {
	units  map[uint16]uint16 // of UTF-16
	single map[uint16]string
}

// says returns what a code says.
func (t *font) says(code uint16) (string, bool) {
	if s, ok := t.single[code]; ok {
		return s, true
	}
	u, ok := t.units[code]
	return string(utf16.Decode([]uint16{u})), ok
}

// maxMapped bounds the entries of a font's map.
const maxMapped = 70_000

// keepCMap keeps the words of a map from codes to characters.
func (f *file) keepCMap(b []byte) {
	l := &lexer{b: b, comment: func(s string) {
		f.foreign("a comment in a font's map")
		f.keep(s)
	}}
	for {
		v, ok, err := l.value()
		if err != nil || !ok {
			return
		}
		switch v := v.(type) {
		case pdfName:
			if !mapNames[string(v)] {
				f.keep(string(v))
			}
		case pdfWord:
			if !mapWords[string(v)] {
				f.foreign("%q in a font's map", v)
				f.keep(string(v))
			}
		case pdfText:
			if len(v) > 4 {
				f.keep(v.text())
			}
		}
	}
}

var (
	mapNames = list("CIDInit ProcSet CIDSystemInfo CMapName Adobe-Identity-UCS CMapType Registry Ordering Supplement CMap")
	mapWords = list(`findresource begin dict begincmap def begincodespacerange endcodespacerange beginbfrange endbfrange beginbfchar endbfchar
endcmap CMapName currentdict defineresource pop end`)
)

// fontOf returns the font that a page calls by a name.
func (f *file) fontOf(page pdfDict, name pdfName) *font {
	resources, _ := f.deref(page["Resources"]).(pdfDict)
	fonts, _ := f.deref(resources["Font"]).(pdfDict)
	ref, _ := fonts[name].(pdfRef)
	if t, ok := f.fonts[int(ref)]; ok {
		return t
	}
	d, _ := f.deref(ref).(pdfDict)
	stream, ok := f.deref(d["ToUnicode"]).(*pdfStream)
	if !ok || d["Encoding"] != pdfName("Identity-H") {
		f.foreign("a font %q that does not say what its codes mean", name)
		return nil
	}
	t := f.cmap(f.unpack(stream))
	f.fonts[int(ref)] = t
	return t
}

// cmap reads a map from codes to characters.
func (f *file) cmap(b []byte) *font {
	t := &font{units: map[uint16]uint16{}, single: map[uint16]string{}}
	l := &lexer{b: b, comment: func(string) {}}
	var args pdfList
	for {
		v, ok, err := l.value()
		if err != nil || !ok {
			return t
		}
		switch v {
		case pdfWord("beginbfrange"), pdfWord("beginbfchar"):
			args = nil
			continue
		case pdfWord("endbfrange"):
			f.mapRanges(t, args)
		case pdfWord("endbfchar"):
			for i := 0; i+1 < len(args); i += 2 {
				from, ok := code(args[i])
				says, isText := args[i+1].(pdfText)
				if ok && isText && len(t.single) < maxMapped {
					t.single[from] = fromUTF16(string(says))
				}
			}
		}
		if args = append(args, v); len(args) > 3*maxMapped {
			f.foreign("a font's map without an end")
			return t
		}
	}
}

func (f *file) mapRanges(t *font, args pdfList) {
	for i := 0; i+2 < len(args); i += 3 {
		from, ok1 := code(args[i])
		to, ok2 := code(args[i+1])
		says, ok3 := code(args[i+2])
		if !ok1 || !ok2 || !ok3 || to < from || int(says)+int(to-from) > 0xffff {
			f.foreign("a font whose map is in a way of its own")
			return
		}
		for n := range int(to-from) + 1 {
			code := from + uint16(n)
			if _, twice := t.units[code]; twice {
				f.foreign("a font that gives a code twice")
				return
			}
			t.units[code] = says + uint16(n)
		}
	}
}

// code is a code of two bytes.
func code(v any) (uint16, bool) {
	t, ok := v.(pdfText)
	if !ok || len(t) != 2 {
		return 0, false
	}
	return uint16(t[0])<<8 | uint16(t[1]), true
}

// A canvas follows what is drawn on a page.
type canvas struct {
	*file
	page pdfDict
	box  [4]float64
	text strings.Builder
	now  pen
	kept []pen
	// spots are where text stands that is drawn already.
	spots [][2]float64
	// looked counts how many of them were held against a field.
	looked int
	in     bool // a text
}

// A pen is what holds until it is restored.
type pen struct {
	font      *font
	size      float64
	bright    bool // it fills so that nobody sees it on paper
	dark      bool
	x, y      float64
	rectangle [][4]float64
	moved     bool
}

// page reads what is drawn on a page.
func (f *file) page(d pdfDict) {
	s, ok := f.deref(d["Contents"]).(*pdfStream)
	if !ok {
		f.foreign("a page without what is drawn on it")
		return
	}
	c := &canvas{file: f, page: d, box: [4]float64{0, 0, 595.28, 841.89}, now: pen{dark: true}}
	if box, ok := f.deref(d["MediaBox"]).(pdfList); ok && len(box) == 4 {
		for i := range box {
			c.box[i], _ = box[i].(float64)
		}
	}
	l := &lexer{b: f.unpack(s), comment: func(s string) {
		f.foreign("a comment on a page")
		f.keep(s)
	}}
	var args pdfList
	for {
		v, ok, err := l.value()
		if err != nil {
			f.foreign("a page: %v", err)
			f.keep(string(l.b[min(l.at, len(l.b)):]))
			break
		}
		if !ok {
			break
		}
		op, isWord := v.(pdfWord)
		if !isWord {
			if args = append(args, v); len(args) > 1<<16 {
				f.foreign("a page whose operators do not come")
				break
			}
			continue
		}
		c.do(string(op), args)
		args = args[:0]
	}
	if len(args) > 0 {
		c.unknown("the end", args)
	}
	f.show(c.text.String())
	if turned := turn(c.text.String()); turned != c.text.String() {
		f.keep(turned)
	}
}

// turn gives back the order of reading of what is drawn from right to left:
// stretches of letters of such scripts, with what is between them, are turned
// round.
func turn(s string) string {
	r := []rune(s)
	from, to := -1, -1
	for i := 0; i <= len(r); i++ {
		switch {
		case i < len(r) && leftward(r[i]):
			if from < 0 {
				from = i
			}
			to = i + 1
		case from >= 0 && (i == len(r) || r[i] == '\n' || unicode.IsLetter(r[i]) || unicode.IsDigit(r[i])):
			slices.Reverse(r[from:to])
			from = -1
		}
	}
	return string(r)
}

// leftward reports whether a character is of a script that is written from
// right to left.
func leftward(r rune) bool {
	return unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko)
}

// operators are those of a page, each with how many numbers it takes; -1 says
// that it takes other things.
var operators = map[string]int{
	"q": 0, "Q": 0, "cm": 6, "w": 1, "J": 1, "j": 1, "d": -1, "M": 1,
	"G": 1, "g": 1, "RG": 3, "rg": 3,
	"re": 4, "m": 2, "l": 2, "h": 0, "S": 0, "f": 0, "B": 0, "n": 0,
	"BT": 0, "ET": 0, "Td": 2, "Tf": -1, "Tj": -1, "TJ": -1, "Tr": 1, "Tw": 1, "Tc": 1,
	"Do": -1, "BMC": -1, "BDC": -1, "EMC": 0,
}

func (c *canvas) unknown(op string, args pdfList) {
	c.foreign("%q on a page", op)
	c.keep(op)
	c.texts(args)
}

// texts keeps what is said in what an operator takes.
func (c *canvas) texts(v any) {
	switch v := v.(type) {
	case pdfText:
		c.keep(v.text())
		c.print([]byte(v))
	case pdfName:
		if !knownNames[string(v)] {
			c.keep(string(v))
		}
	case pdfList:
		for _, e := range v {
			c.texts(e)
		}
	case pdfDict:
		for k, e := range v {
			c.texts(k)
			c.texts(e)
		}
	}
}

// do carries an operator out, as far as it matters to what is seen.
func (c *canvas) do(op string, args pdfList) {
	n := numbers(args)
	if want, ok := operators[op]; !ok || want >= 0 && (len(n) != want || len(args) != want) {
		c.unknown(op, args)
		return
	}
	switch op {
	case "q", "Q", "cm", "BT", "ET":
		c.state(op)
	case "g", "rg":
		r, g, b := n[0], n[len(n)/2], n[len(n)-1]
		c.now.bright, c.now.dark = bright(r, g, b), !bright(r+0.2, g+0.2, b+0.2)
	case "re", "f", "B", "S", "n", "l":
		c.paint(op, n)
	case "Td":
		c.now.x, c.now.y = c.now.x+n[0], c.now.y+n[1]
	case "Tr", "Tw", "Tc":
		c.spaced(op, n[0])
	case "Tf":
		c.choose(args)
	case "Tj", "TJ":
		c.write(op, args)
	case "Do":
		c.picture(args)
	case "BDC", "BMC":
		c.mark(args)
	}
}

// spaced refuses text that is painted in no way, or set upon itself.
func (c *canvas) spaced(op string, by float64) {
	if by != 0 && (op == "Tr" || by < -0.5 || by > 100) {
		c.foreign("text that is spaced or painted as none is: %s %v", op, by)
	}
}

// numbers are those that an operator takes.
func numbers(args pdfList) []float64 {
	var n []float64
	for _, a := range args {
		if v, ok := a.(float64); ok {
			n = append(n, v)
		}
	}
	return n
}

// state follows the operators that keep, restore and move.
func (c *canvas) state(op string) {
	switch op {
	case "q":
		if c.kept = append(c.kept, c.now); len(c.kept) > maxDepth {
			c.foreign("a page that keeps too much")
			c.kept = c.kept[1:]
		}
	case "Q":
		if n := len(c.kept); n > 0 {
			c.now, c.kept = c.kept[n-1], c.kept[:n-1]
		} else {
			c.foreign("a page that restores what it did not keep")
		}
	case "cm":
		c.now.moved = true
	case "BT", "ET":
		c.in, c.now.x, c.now.y = op == "BT", 0, 0
	}
}

// hair is the thickness of a line that hides nothing, in points.
const hair = 3

// paint follows what is filled: nothing large that is dark, nothing over text.
func (c *canvas) paint(op string, n []float64) {
	switch op {
	case "re":
		x, y := min(n[0], n[0]+n[2]), min(n[1], n[1]+n[3])
		c.now.rectangle = append(c.now.rectangle, [4]float64{x, y, x + math.Abs(n[2]), y + math.Abs(n[3])})
		if c.now.moved || len(c.now.rectangle) > 10_000 {
			c.foreign("a field that is moved")
		}
		return
	case "l":
		return
	case "f", "B":
		for _, r := range c.now.rectangle {
			if r[2]-r[0] <= hair || r[3]-r[1] <= hair {
				continue
			}
			if c.now.dark {
				c.foreign("a dark field")
			}
			c.covers(r)
		}
		if len(c.now.rectangle) == 0 {
			c.foreign("a shape that is filled")
		}
	}
	c.now.rectangle = nil
}

// maxLooks bounds how often text is held against the fields of a page.
const maxLooks = 1 << 24

// covers refuses what is painted over text.
func (c *canvas) covers(r [4]float64) {
	if c.looked += len(c.spots); c.looked > maxLooks {
		c.foreign("more fields than any copy has")
		return
	}
	if slices.ContainsFunc(c.spots, func(s [2]float64) bool { return s[0] >= r[0] && s[0] < r[2] && s[1] >= r[1] && s[1] < r[3] }) {
		c.foreign("something painted over text")
	}
}

// picture follows a picture, in the place that a matrix gave it.
func (c *canvas) picture(args pdfList) {
	name, ok := pdfName(""), len(args) == 1
	if ok {
		name, ok = args[0].(pdfName)
	}
	resources, _ := c.deref(c.page["Resources"]).(pdfDict)
	images, _ := c.deref(resources["XObject"]).(pdfDict)
	if _, there := images[name]; !ok || !there || !c.now.moved {
		c.foreign("a picture that is not there")
		c.texts(args)
	}
}

// least is the smallest size of type, in points.
const least = 6

// choose follows the choice of a font.
func (c *canvas) choose(args pdfList) {
	if len(args) != 2 {
		c.unknown("Tf", args)
		return
	}
	name, _ := args[0].(pdfName)
	c.now.size, _ = args[1].(float64)
	c.now.font = c.fontOf(c.page, name)
}

// write follows what is written.
func (c *canvas) write(op string, args pdfList) {
	pieces := args
	if op == "TJ" && len(args) == 1 {
		pieces, _ = args[0].(pdfList)
	}
	if !c.visible() {
		c.foreign("text that is not to be seen")
	}
	if n := len(c.spots); n > 0 && math.Abs(c.spots[n-1][1]-c.now.y) > 1 {
		c.text.WriteByte('\n')
	}
	if len(c.spots) < 1<<20 {
		c.spots = append(c.spots, [2]float64{c.now.x, c.now.y})
	}
	for _, p := range pieces {
		switch p := p.(type) {
		case pdfText:
			c.decode(string(p))
		case float64:
			if p < -10_000 || p > 1000 {
				c.foreign("text that is set apart by %v", p)
			}
		default:
			c.unknown(op, pdfList{p})
		}
	}
}

// visible reports whether what is written now is to be seen.
func (c *canvas) visible() bool {
	on := c.now.x >= c.box[0] && c.now.x < c.box[2]-1 && c.now.y > c.box[1]+1 && c.now.y < c.box[3]-1
	return on && c.in && !c.now.bright && !c.now.moved && c.now.size >= least
}

// decode says what a string of codes says.
func (c *canvas) decode(s string) {
	if c.now.font == nil || len(s)%2 != 0 {
		c.foreign("text in no font")
		c.keep(s)
		c.keep(fromUTF16(s))
		return
	}
	for i := 0; i+1 < len(s); i += 2 {
		said, ok := c.now.font.says(uint16(s[i])<<8 | uint16(s[i+1]))
		if !ok {
			c.foreign("a code that says nothing")
		}
		c.text.WriteString(said)
	}
}

// mark follows what is said of a piece of the page.
func (c *canvas) mark(args pdfList) {
	for i, a := range args {
		switch a := a.(type) {
		case pdfName:
			if i > 0 || !knownNames[string(a)] {
				c.foreign("a mark %q", a)
			}
		case pdfDict:
			for k := range a {
				if !list("MCID ActualText Alt E Lang Type Subtype")[string(k)] {
					c.foreign("a mark with /%s", k)
				}
			}
		default:
			c.foreign("a mark that is none")
		}
	}
	c.texts(args)
}
