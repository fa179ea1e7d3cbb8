package authority

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"tearline/marking"
)

// Limits of what is read.
const (
	MaxLength = 16 << 10 // bytes of a block
	MaxValue  = 1024     // bytes of one line's value (ISM-ID-00271, 00276, 00279)
)

// MultipleSources is what a block that rests on more than one source says it
// is derived from (CAPCO 2016 §E.3).
const MultipleSources = "Multiple Sources"

// A Block is a classification authority block. The zero Block says nothing,
// and nothing is ever past its date by it.
type Block struct {
	ClassifiedBy string // who decided: an original authority, or who derived it
	DerivedFrom  string // the source, [MultipleSources]; "" of an original decision
	Reason       string // "1.4(c)"; "" of a derived one
	Declassify   Instruction
}

// Derivative reports whether the classification was taken over from a source.
func (b Block) Derivative() bool { return b.DerivedFrom != "" }

// String returns the block as documents write it, a line for each thing that
// it says: what [Parse] reads as the same block.
func (b Block) String() string {
	var out []string
	for _, l := range [...]struct{ label, value string }{
		{"Classified By", b.ClassifiedBy},
		{"Derived From", b.DerivedFrom},
		{"Reason", b.Reason},
		{"Declassify On", b.Declassify.String()},
	} {
		if l.value != "" {
			out = append(out, l.label+": "+l.value)
		}
	}
	return strings.Join(out, "\n")
}

// labels are what a line may begin with, and the line it is.
var labels = map[string]string{
	"CLASSIFIED BY":              "Classified By",
	"DERIVATIVELY CLASSIFIED BY": "Classified By",
	"DERIVED FROM":               "Derived From",
	"REASON":                     "Reason",
	"CLASSIFICATION REASON":      "Reason",
	"REASON FOR CLASSIFICATION":  "Reason",
	"DECLASSIFY ON":              "Declassify On",
}

// Parse reads a block (see the package comment). All that is wrong is returned
// as [marking.Faults] with offsets in the text; the block is then zero. What is
// right and should not be so any more, [Block.Advice] says.
func Parse(text string) (Block, error) {
	p := parser{seen: map[string]bool{}}
	switch {
	case len(text) > MaxLength:
		p.fault(0, len(text), "authority.length", "", fmt.Sprintf("the block is longer than %d bytes", MaxLength), "")
		return Block{}, p.faults
	case !utf8.ValidString(text):
		p.fault(0, len(text), "authority.utf8", "", "the block is not UTF-8", "")
		return Block{}, p.faults
	}
	at := 0
	for line := range strings.SplitAfterSeq(text, "\n") {
		p.line(at, line)
		at += len(line)
	}
	p.whole(len(text))
	if len(p.faults) > 0 {
		return Block{}, p.faults
	}
	return p.b, nil
}

// A parser reads a block line by line.
type parser struct {
	b      Block
	seen   map[string]bool // lines, by their label
	faults marking.Faults
}

func (p *parser) fault(at, length int, rule, cites, text, hint string) {
	if len(p.faults) < marking.MaxFaults {
		p.faults = append(p.faults, marking.Fault{Offset: at, Length: length, Rule: rule, Cites: cites, Text: text, Hint: hint})
	}
}

func (p *parser) line(at int, line string) {
	label, value, ok := strings.Cut(line, ":")
	name, known := labels[strings.ToUpper(squeeze(label))]
	at += len(line) - len(strings.TrimLeftFunc(line, unicode.IsSpace))
	length := len(strings.TrimSpace(line))
	switch {
	case length == 0:
		return
	case !ok || !known:
		p.fault(at, length, "authority.line", "CAPCO 2016 §E", quote(line)+" is no line of a classification authority block",
			`write "Classified By: …", "Derived From: …", "Reason: …" or "Declassify On: …"`)
		return
	case p.seen[name]:
		p.fault(at, length, "authority.twice", "CAPCO 2016 §E", quote(name)+" is there twice", "write it once, with a single value")
		return
	}
	p.seen[name] = true
	at += strings.IndexByte(line[len(line)-len(strings.TrimLeftFunc(line, unicode.IsSpace)):], ':') + 1
	at += len(value) - len(strings.TrimLeftFunc(value, unicode.IsSpace))
	if f := checkValue(name, value); f.Text != "" {
		p.fault(at, len(strings.TrimSpace(value)), f.Rule, f.Cites, f.Text, f.Hint)
		return
	}
	p.value(at, name, squeeze(value))
}

// checkValue reports a value that no line may have; Text is "" if it is right.
func checkValue(name, value string) (f marking.Fault) {
	f = marking.Fault{Rule: "authority.value", Cites: "CAPCO 2016 §E"}
	switch v := squeeze(value); {
	case v == "":
		f.Text = quote(name) + " says nothing"
	case len(v) > MaxValue:
		f.Text, f.Cites = fmt.Sprintf("%s is longer than %d bytes", quote(name), MaxValue), "ISM-ID-00271, 00276, 00279"
	case !utf8.ValidString(v) || strings.ContainsFunc(v, func(r rune) bool { return !unicode.IsPrint(r) }):
		f.Text = quote(name) + " has a character that does not print"
	}
	return f
}

// value takes the value of a line.
func (p *parser) value(at int, name, v string) {
	var f marking.Fault
	switch name {
	case "Classified By":
		p.b.ClassifiedBy = v
	case "Derived From":
		p.b.DerivedFrom = v
		if strings.EqualFold(v, MultipleSources) {
			p.b.DerivedFrom = MultipleSources
		}
	case "Reason":
		p.b.Reason, f = reason(v)
	default:
		p.b.Declassify, f = parseInstruction(v)
	}
	if f.Text != "" {
		p.fault(at, len(v), f.Rule, f.Cites, f.Text, f.Hint)
	}
}

// whole reports what is missing.
func (p *parser) whole(length int) {
	miss := func(rule, cites, text, hint string) { p.fault(length, 0, rule, cites, text, hint) }
	if !p.seen["Classified By"] {
		miss("authority.classified-by", "CAPCO 2016 §E.1-2", "nobody is said to have classified it", `add "Classified By: …"`)
	}
	if !p.seen["Derived From"] && !p.seen["Reason"] {
		miss("ISM-ID-00017", "CAPCO 2016 §E.1", "it is neither derived nor is there a reason", `add "Derived From: …", or "Reason: 1.4(c)" to an original decision`)
	}
	if !p.seen["Declassify On"] {
		miss("ISM-ID-00014", "CAPCO 2016 §E.1-2", "nothing says until when it is classified", `add "Declassify On: …"`)
	}
}

// reason brings references to the categories of E.O. 13526 §1.4 to one
// spelling; other reasons stay as they are.
func reason(v string) (string, marking.Fault) {
	compact := strings.ToLower(strings.NewReplacer(" ", "", "(", "", ")", "").Replace(v))
	var out []string
	for item := range strings.SplitSeq(compact, ",") {
		letter := strings.TrimPrefix(item, "1.4")
		if len(letter) != 1 || letter[0] < 'a' || letter[0] > 'z' || len(out) == 0 && letter == item {
			return v, marking.Fault{}
		}
		if letter[0] > 'h' {
			return v, marking.Fault{
				Rule: "authority.reason", Cites: "E.O. 13526 §1.4; CAPCO 2016 §E.1",
				Text: quote(v) + " is no category of reasons", Hint: "they are 1.4(a) to 1.4(h)",
			}
		}
		out = append(out, "1.4("+letter+")")
	}
	return strings.Join(out, ", "), marking.Fault{}
}

// squeeze makes every run of blanks one blank, and none at the ends.
func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// quote quotes the input for a fault, shortened.
func quote(s string) string {
	s = squeeze(s)
	if r := []rune(s); len(r) > 60 {
		s = string(r[:60]) + "…"
	}
	return fmt.Sprintf("%q", s)
}
