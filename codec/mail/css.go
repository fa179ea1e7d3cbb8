package mail

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const (
	maxRules = 5000    // of a page's style sheets
	maxTried = 500_000 // how often one is tried on an element
)

// A rule is one selector of a style sheet with what it orders. Of a selector
// its last part is kept: where more must be true for it to hold, it is taken to
// hold, as a style that may hide is a style that hides.
type rule struct {
	tag, id string
	classes []string
	orders  orders
}

// orders are the properties that an element is given.
type orders map[string]string

// sheet are the rules of a page, by the name that an element must have for
// them: "#id", ".class", "tag", or "".
type sheet struct {
	rules map[string][]rule
	n     int
	cost  int // rules that were tried
}

var remark = regexp.MustCompile(`(?s)/\*.*?(?:\*/|$)`)

// parse reads a style sheet. What may show text, or hide it in ways that are
// not understood, is told.
func (s *sheet) parse(css string, fault func(text string)) {
	css = remark.ReplaceAllStringFunc(css, func(c string) string {
		if len(strings.Fields(strings.Trim(c, "/* \t\r\n"))) > 3 {
			fault("a remark in a style sheet: " + short(strings.Trim(c, "/* \t\r\n")))
		}
		return " "
	})
	css = strings.NewReplacer("<!--", " ", "-->", " ").Replace(css)
	s.block(css, 0, fault)
}

// block reads the rules of a sheet, or of a part of one that holds for some
// media: it is taken to hold.
func (s *sheet) block(css string, depth int, fault func(string)) {
	for s.n <= maxRules {
		css = strings.TrimLeft(css, " \t\r\n\f;}")
		if css == "" {
			return
		}
		i := strings.IndexAny(css, "{;")
		if css[0] == '@' && i >= 0 && css[i] == ';' || i < 0 {
			if !strings.HasPrefix(css, "@charset") && !strings.HasPrefix(css, "@namespace") {
				fault("a style sheet that is not in the file, or damaged: " + short(css[:max(i, 0)]))
			}
			if i < 0 {
				return
			}
			css = css[i+1:]
			continue
		}
		open := strings.IndexByte(css, '{')
		if open < 0 {
			fault("a damaged style sheet: " + short(css))
			return
		}
		prelude := strings.TrimSpace(css[:open])
		body, rest := braces(css[open+1:])
		css = rest
		s.one(prelude, body, depth, fault)
	}
	fault(fmt.Sprintf("more than %d rules in style sheets", maxRules))
}

func (s *sheet) one(prelude, body string, depth int, fault func(string)) {
	if !strings.HasPrefix(prelude, "@") {
		o := parseOrders(body)
		if k := o.strange(); k != "" {
			fault("a style that is not known: " + short(k))
		}
		s.add(prelude, o)
		return
	}
	name, _, _ := strings.Cut(strings.ToLower(prelude), " ")
	switch name {
	case "@media", "@supports":
		if depth < 4 {
			s.block(body, depth+1, fault)
			return
		}
	case "@font-face":
		if !strings.Contains(strings.ToLower(body), "url") {
			return // it names a font that is installed
		}
		fault("a font of its own, in which letters may look like others")
		return
	case "@page", "@list", "@-ms-viewport", "@viewport":
		if !strings.Contains(strings.ToLower(body), "content:") {
			return
		}
	}
	fault("a style sheet's part that is not known: " + short(prelude))
}

// braces cuts a text at the brace that closes it.
func braces(s string) (body, rest string) {
	depth := 1
	for i := range len(s) {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return s[:i], s[i+1:]
			}
		}
	}
	return s, ""
}

var compound = regexp.MustCompile(`[.#]?-?[\pL_][\pL\pN_-]*`)

func (s *sheet) add(selectors string, o orders) {
	for sel := range strings.SplitSeq(selectors, ",") {
		if s.n++; s.n > maxRules {
			return
		}
		fields := strings.FieldsFunc(strings.ToLower(sel), func(r rune) bool { return strings.ContainsRune(" \t\r\n>+~", r) })
		last := ""
		if len(fields) > 0 {
			last = fields[len(fields)-1]
		}
		if i := strings.IndexAny(last, ":["); i >= 0 {
			last = last[:i]
		}
		r := rule{orders: o}
		for _, c := range compound.FindAllString(last, -1) {
			switch c[0] {
			case '.':
				r.classes = append(r.classes, c[1:])
			case '#':
				r.id = c[1:]
			default:
				r.tag = c
			}
		}
		key := r.tag
		switch {
		case r.id != "":
			key = "#" + r.id
		case len(r.classes) > 0:
			key = "." + r.classes[0]
		}
		s.rules[key] = append(s.rules[key], r)
	}
}

// match returns the orders that an element is given by the sheet, in turn.
func (s *sheet) match(tag, id string, classes []string) []orders {
	if s.n == 0 {
		return nil
	}
	var out []orders
	keys := []string{"", tag}
	for _, c := range classes[:min(len(classes), 50)] {
		keys = append(keys, "."+c)
	}
	if id != "" {
		keys = append(keys, "#"+id)
	}
	for _, k := range keys {
		for _, r := range s.rules[k] {
			fits := (r.tag == "" || r.tag == tag) && (r.id == "" || r.id == id)
			for _, c := range r.classes {
				fits = fits && slices.Contains(classes, c)
			}
			if fits {
				out = append(out, r.orders)
			}
		}
		s.cost += len(s.rules[k])
	}
	return out
}

// put takes one "name: value". What is important outweighs what comes later, and
// what may hide hides.
func (o orders) put(d string) {
	k, v, ok := strings.Cut(d, ":")
	k, v = strings.ToLower(strings.TrimSpace(k)), strings.ToLower(strings.TrimSpace(v))
	hiding := strings.HasPrefix(o[k], "none") && k == "display" || strings.HasPrefix(o[k], "hidden") && k == "visibility"
	if ok && !hiding && (!strings.Contains(o[k], "!important") || strings.Contains(v, "!important")) {
		o[k] = v
	}
}

// parseOrders reads "name: value; …".
func parseOrders(s string) orders {
	o := orders{}
	depth, from := 0, 0
	var quote byte
	for i := range len(s) {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ';' && depth <= 0:
			o.put(s[from:i])
			from = i + 1
		}
	}
	o.put(s[from:])
	return o
}

// Properties that cannot hide anything, by their beginnings.
var harmless = []string{
	"font", "margin", "padding", "border", "background", "text-align", "text-decoration", "text-underline", "text-justify", "text-autospace", "text-size-adjust",
	"text-indent", "text-transform", "text-rendering", "text-wrap", "text-overflow", "vertical-align", "line-", "width", "height", "max-", "min-", "color", "list-style", "table-layout", "white-space", "word-",
	"overflow", "page", "size", "outline", "float", "clear", "display", "cursor", "orphans", "widows", "tab-", "mso-", "quotes", "empty-cells", "box-sizing", "hyphens",
	"layout-grid", "punctuation-wrap", "panose-1", "caption-side", "letter-spacing", "visibility", "opacity", "object-fit", "align-", "justify-", "flex", "gap", "row-gap",
	"column", "caret-color", "orphan", "box-shadow", "break-", "image-rendering", "accent-color", "color-scheme", "forced-color-adjust", "print-color-adjust", "scroll",
	"-webkit-text-size-adjust", "-ms-text-size-adjust", "-moz-text-size-adjust", "-ms-interpolation-mode", "-webkit-font-smoothing", "-moz-osx-font-smoothing", "-webkit-nbsp-mode",
	"-webkit-line-break", "-webkit-text-stroke-width", "-webkit-tap-highlight-color", "-webkit-print-color-adjust", "position", "left", "top", "right", "bottom", "direction",
	"language", "tab-interval", "src", "behavior-none", "user-select", "ruby", "unicode-range", "text-effect", "text-line-through", "text-shadow",
}

// strange is the first property that is not known, "" if all are.
func (o orders) strange() string {
	least := ""
	for k := range o {
		known := k == "" || strings.HasPrefix(k, "--")
		for _, h := range harmless {
			known = known || strings.HasPrefix(k, h)
		}
		if !known && (least == "" || k < least) {
			least = k
		}
	}
	return least
}

// hides says how these orders take an element with all that is in it out of
// sight, "" if they do not.
func (o orders) hides() string {
	has := func(k, v string) bool { return strings.HasPrefix(o[k], v) }
	switch {
	case has("display", "none"), has("mso-hide", "all"):
		return "hidden text"
	case has("position", "absolute"), has("position", "fixed"), has("position", "sticky"):
		return "text that is laid over the page, or beside it"
	}
	switch {
	case strings.Contains(o["text-decoration"]+o["text-decoration-line"], "line-through"):
		return "text that is struck out"
	case o.transparent():
		return "transparent text"
	case o.boxed():
		return "text in a box that shows none of it"
	case o.beside():
		return "text beside the page"
	}
	return ""
}

func (o orders) transparent() bool {
	number, percent := strings.CutSuffix(bare(o["opacity"]), "%")
	v, err := strconv.ParseFloat(number, 64)
	return err == nil && (v < 0.2 || percent && v < 20)
}

// boxed reports whether a box is too small for what is in it.
func (o orders) boxed() bool {
	for _, k := range []string{"width", "height", "max-width", "max-height", "line-height"} {
		px, unit, ok := length(o[k], 16)
		relative := unit == "%" || k == "line-height" && unit == "" // to what stands around
		if ok && (px <= 0 || px <= 3 && !relative) {
			return true
		}
	}
	return false
}

// beside reports whether something stands where no window reaches, or its
// letters on one another.
func (o orders) beside() bool {
	for k, v := range o {
		far := strings.HasPrefix(k, "margin") || k == "text-indent" || k == "left" || k == "top" || k == "right" || k == "bottom"
		for f := range strings.FieldsSeq(v) {
			px, _, ok := length(f, 16)
			if ok && (far && (px <= -100 || px >= 3000) || k == "letter-spacing" && px <= -3) {
				return true
			}
		}
	}
	return false
}

// bare is a value without "!important".
func bare(v string) string {
	v, _, _ = strings.Cut(v, "!")
	return strings.TrimSpace(v)
}

var measure = regexp.MustCompile(`^(-?\d*\.?\d+)([a-z%]*)$`)

// length reads a length in pixels; em is that of the letters around.
func length(v string, em float64) (px float64, unit string, ok bool) {
	m := measure.FindStringSubmatch(bare(v))
	if m == nil {
		return 0, "", false
	}
	n, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return 0, "", false
	}
	per := map[string]float64{
		"": 1, "px": 1, "pt": 4. / 3, "pc": 16, "in": 96, "cm": 37.8, "mm": 3.78, "q": 0.94, "vw": 8, "vh": 6, "vmin": 6, "vmax": 8,
		"rem": 16, "em": em, "ex": em / 2, "ch": em / 2, "%": em / 100,
	}
	f, known := per[m[2]]
	return n * f, m[2], known
}
