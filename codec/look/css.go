package look

import (
	"regexp"
	"strconv"
	"strings"
)

// css judges a style sheet: nothing in it may hide a text, show another, or
// load anything. It need not know all of the language: what it does not know is
// an error.
func (w *web) css(s string) {
	if strings.ContainsAny(s, `\"`) || strings.Contains(s, "/*") || strings.Contains(s, "<!--") {
		w.foreign("a style sheet with a comment, a string or an escape")
	}
	for s != "" {
		brace := strings.IndexByte(s, '{')
		if brace < 0 {
			w.bare(s)
			return
		}
		selector := strings.TrimSpace(s[:brace])
		body, rest := block(s[brace+1:])
		s = rest
		switch {
		case strings.HasPrefix(selector, "@media"):
			if !media.MatchString(selector) {
				w.foreign("a style sheet for %q", selector)
			}
			w.rules(body)
		default:
			w.rule(selector, body)
		}
	}
}

// bare refuses what stands outside of all rules.
func (w *web) bare(s string) {
	if strings.TrimSpace(s) != "" {
		w.foreign("a style sheet with text outside of its rules")
	}
}

// block parts what is within braces from what is behind them.
func block(s string) (body, rest string) {
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

// rules judges the rules for one medium.
func (w *web) rules(s string) {
	for s != "" {
		brace := strings.IndexByte(s, '{')
		if brace < 0 {
			w.bare(s)
			return
		}
		selector := strings.TrimSpace(s[:brace])
		body, rest := block(s[brace+1:])
		w.rule(selector, body)
		s = rest
	}
}

var (
	media     = regexp.MustCompile(`^@media (?:print|screen|\(prefers-color-scheme: dark\)|\((?:max|min)-width: [0-9.]+(?:px|em|rem)\))$`)
	selection = regexp.MustCompile(`^(?:@page|(?:[a-z0-9*.> ,\n-]|:root|:focus-visible)+)$`)
)

// rule judges one rule.
func (w *web) rule(selector, body string) {
	if !selection.MatchString(selector) {
		w.foreign("a style for %q", selector)
	}
	set := map[string]string{}
	for d := range strings.SplitSeq(body, ";") {
		if d = strings.TrimSpace(d); d == "" {
			continue
		}
		property, value, _ := strings.Cut(d, ":")
		property, value = strings.TrimSpace(property), strings.TrimSpace(value)
		set[property] = value
		shape, ok := properties[property]
		if !ok || !shape.MatchString(value) || !w.sizes(property, value) {
			w.foreign("a style %q for %q", d, selector)
		}
	}
	w.colours(selector, set)
}

var measure = regexp.MustCompile(`-?[0-9]*\.?[0-9]+(?:px|pt|rem|em|mm|cm|%)`)

// sizes checks the lengths of a value: type that can be read, and nothing off
// the page.
func (w *web) sizes(property, value string) bool {
	for _, m := range measure.FindAllString(value, -1) {
		number := strings.TrimRight(m, "pxtremc%")
		n, err := strconv.ParseFloat(number, 64)
		if err != nil {
			return false
		}
		points := n * map[string]float64{"px": 0.75, "pt": 1, "rem": 12, "em": 10, "mm": 2.83, "cm": 28.3, "%": 0.1}[m[len(number):]]
		switch {
		case strings.HasPrefix(property, "font") && points < least, property == "width" && points < 10, property == "max-width" && points < 10:
			return false
		case points < -40 || points > 700:
			return false
		}
	}
	return true
}

// colours checks that text stands out from what is behind it.
func (w *web) colours(selector string, set map[string]string) {
	if (set["color"] == "var(--words)") != (set["background"] == "var(--bar)") {
		w.foreign("a style for %q with the colours of two places", selector)
	}
	if selector != ":root" {
		return
	}
	for _, pair := range [][2]string{{"--ink", "--ground"}, {"--soft", "--ground"}, {"--words", "--bar"}} {
		x, y := shade(set[pair[0]]), shade(set[pair[1]])
		if x < 0 || y < 0 || x-y < 0.3 && y-x < 0.3 {
			w.foreign("a style whose %s does not stand out from its %s", pair[0], pair[1])
		}
	}
}

// shade is the lightness of a colour, -1 if it is none.
func shade(s string) float64 {
	hex := strings.TrimPrefix(s, "#")
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	if l := lightness(hex); l <= 1 && strings.HasPrefix(s, "#") {
		return l
	}
	return -1
}

// properties are those that a copy's style sheet sets, and the shapes of their
// values.
var properties = shapes(
	`--ink --soft --ground --line --bar --words`, `#[0-9a-f]{3}|#[0-9a-f]{6}`,
	`color`, `var\(--(?:ink|soft|words)\)`,
	`background`, `var\(--(?:ground|bar)\)|#fff`,
	`color-scheme`, `light|dark|light dark`,
	`box-sizing`, `border-box`,
	`font`, `[0-9.]+(?:px|pt)/[0-9.]+ (?:[a-z-]+, )*[a-z-]+`,
	`font-family`, `(?:[a-z-]+, )*[a-z-]+`,
	`font-weight`, `normal|bold|inherit|[4-9]00`,
	`font-style`, `normal|italic`,
	`font-variant-numeric`, `tabular-nums`,
	`font-size`, `[0-9.]+(?:px|pt|rem|em)`,
	`line-height`, `1(?:\.[0-9]+)?|2`,
	`letter-spacing`, `0?\.[0-9]+em`,
	`margin margin-top margin-bottom margin-left margin-right margin-inline margin-inline-start margin-inline-end margin-block`, `(?:(?:-?[0-9.]+(?:px|pt|rem|em|mm|cm)?|auto) ?)+`,
	`padding padding-top padding-bottom padding-left padding-right padding-inline padding-inline-start padding-inline-end padding-block`, `(?:[0-9.]+(?:px|pt|rem|em|mm|cm)? ?)+`,
	`border border-top border-bottom border-left border-right outline`, `(?:0|[0-9.]+(?:px|pt))(?: solid (?:var\(--(?:ink|line|soft)\)|#[0-9a-f]{3,6}))?|none`,
	`border-width border-top-width border-bottom-width`, `[0-9.]+(?:px|pt)`,
	`border-collapse`, `collapse|separate`,
	`outline-offset`, `[0-9.]+px`,
	`width min-width max-width`, `[0-9.]+(?:px|pt|rem|em|mm|cm|%)|none|auto`,
	`height`, `auto`,
	`display`, `block|inline|inline-block|list-item|table|table-row-group|table-header-group|table-footer-group|flex|grid`,
	`position`, `static|sticky`,
	`top bottom z-index`, `0|1|auto`,
	`text-align`, `start|end|left|right|center|justify`,
	`vertical-align`, `top|baseline|middle|bottom`,
	`white-space`, `normal|pre-wrap|pre-line`,
	`overflow-wrap`, `anywhere|break-word`,
	`overflow overflow-x`, `auto|visible`,
	`unicode-bidi`, `isolate|plaintext`,
	`list-style list-style-type`, `none|disc|decimal|circle|square`,
	`break-inside break-after break-before page-break-inside page-break-after`, `avoid|auto`,
	`orphans widows`, `[1-9]`,
	`size`, `A4(?: portrait| landscape)?`,
	`print-color-adjust -webkit-print-color-adjust`, `exact|economy`,
)

// shapes makes a table of pairs: properties, and the shape of their values.
func shapes(pairs ...string) map[string]*regexp.Regexp {
	out := map[string]*regexp.Regexp{}
	for i := 0; i+1 < len(pairs); i += 2 {
		shape := regexp.MustCompile(`^(?:` + pairs[i+1] + `)$`)
		for p := range strings.FieldsSeq(pairs[i]) {
			out[p] = shape
		}
	}
	return out
}
