package tearline

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A Wording is a portion's text together with the alternatives that its author
// stands behind: "an agent left {about|approximately} 4 kg". Which of them a
// recipient reads is a keyed choice, so that a quotation can be told from
// another recipient's. Grammar:
//
//	wording = *( text / point )
//	point   = "{" text 1*( "|" text ) "}"      ; an alternative may be empty
//	text    = any character; "{", "|" inside braces, "}" and "\" by "\" before it
//
// A pair of braces without a "|" in it is plain text, and so is a "}" or "|"
// outside braces. The zero Wording is the empty text.
type Wording struct {
	source string
	segs   []Segment
}

// A Segment is a stretch of a wording: either fixed text, or a point at which
// the author offers alternatives.
type Segment struct {
	// Text is the fixed text. It stands in the source byte for byte at
	// Start, so that offsets map one to one.
	Text string
	// Alternatives, at least two, make the segment a point; nil otherwise.
	Alternatives []string
	// Start and End are byte offsets in the source; those of a point take in
	// its braces.
	Start, End int
}

// Limits of one wording.
const (
	// MaxWording is the longest source of one portion, in bytes.
	MaxWording = 1 << 20
	// MaxAlternatives is the most alternatives that one point may offer.
	MaxAlternatives = 64
)

// errUnclosed says what to do about a brace that opens alternatives and does
// not end them.
var errUnclosed = errors.New(`"{" opens alternatives that no "}" ends (write "\{" for a brace)`)

// PlainWording is the wording that says text and nothing else: what would open
// alternatives or escape stands for itself. It errs on a text that is too long.
func PlainWording(text string) (Wording, error) {
	return ParseWording(strings.NewReplacer(`\`, `\\`, "{", `\{`).Replace(text))
}

// ParseWording reads a wording. An error names the byte offset at fault.
func ParseWording(source string) (Wording, error) {
	if len(source) > MaxWording {
		return Wording{}, fmt.Errorf("portion of %d bytes: at most %d", len(source), MaxWording)
	}
	p := wordingParser{src: source}
	for p.pos < len(source) {
		if err := p.next(); err != nil {
			return Wording{}, err
		}
	}
	p.flush(len(source))
	return Wording{source: source, segs: p.segs}, nil
}

// wordingParser holds the state of one ParseWording: text since from is still
// to be flushed as fixed text.
type wordingParser struct {
	src       string
	segs      []Segment
	from, pos int
}

// flush ends the fixed text that runs from p.from to end.
func (p *wordingParser) flush(end int) {
	if end > p.from {
		p.segs = append(p.segs, Segment{Text: p.src[p.from:end], Start: p.from, End: end})
	}
	p.from = end
}

func (p *wordingParser) next() error {
	switch {
	case p.escaped(p.pos):
		p.flush(p.pos)
		p.from++ // the backslash itself is not text
		p.pos += 2
		return nil
	case p.src[p.pos] == '{' && p.opensPoint():
		return p.alternatives()
	default:
		p.pos++
		return nil
	}
}

// escaped reports whether a backslash at i takes away the meaning of what
// follows it.
func (p *wordingParser) escaped(i int) bool {
	return p.src[i] == '\\' && i+1 < len(p.src) && strings.IndexByte(`{|}\`, p.src[i+1]) >= 0
}

// opensPoint reports whether the brace at p.pos opens a point: the next of
// "{", "|" and "}" is a "|". It looks no further, so that the whole parse is
// linear.
func (p *wordingParser) opensPoint() bool {
	for i := p.pos + 1; i < len(p.src); i++ {
		if p.escaped(i) {
			i++
			continue
		}
		if c := p.src[i]; c == '{' || c == '|' || c == '}' {
			return c == '|'
		}
	}
	return false
}

// alternatives reads a point from its "{".
func (p *wordingParser) alternatives() error {
	open := p.pos
	var alts []string
	var cur strings.Builder
	for i := open + 1; i < len(p.src); i++ {
		if p.escaped(i) {
			i++
			cur.WriteByte(p.src[i])
			continue
		}
		switch c := p.src[i]; c {
		case '{':
			return fmt.Errorf("byte %d: %q inside alternatives (write %q for a brace)", i, "{", `\{`)
		case '|':
			alts = append(alts, cur.String())
			cur.Reset()
		case '}':
			return p.point(open, i+1, append(alts, cur.String()))
		default:
			cur.WriteByte(c)
		}
	}
	return fmt.Errorf("byte %d: %w", open, errUnclosed)
}

func (p *wordingParser) point(start, end int, alts []string) error {
	if len(alts) > MaxAlternatives {
		return fmt.Errorf("byte %d: %d alternatives: at most %d", start, len(alts), MaxAlternatives)
	}
	for i, a := range alts {
		if slices.Contains(alts[:i], a) {
			return fmt.Errorf("byte %d: alternative %q stands twice", start, a)
		}
	}
	p.flush(start)
	p.segs = append(p.segs, Segment{Alternatives: alts, Start: start, End: end})
	p.from, p.pos = end, end
	return nil
}

// Source returns the text as it was filed, braces and escapes included.
func (w Wording) Source() string { return w.source }

// Segments returns the wording's parts in order. The caller must not change
// them.
func (w Wording) Segments() []Segment { return w.segs }

// Points returns the number of places with alternatives.
func (w Wording) Points() int {
	n := 0
	for _, s := range w.segs {
		if s.Alternatives != nil {
			n++
		}
	}
	return n
}

// Plain returns the text with the first alternative at each point.
func (w Wording) Plain() string {
	var b strings.Builder
	for _, s := range w.segs {
		if s.Alternatives != nil {
			b.WriteString(s.Alternatives[0])
			continue
		}
		b.WriteString(s.Text)
	}
	return b.String()
}

// Render returns the text with the chosen alternative at each point in turn.
// There must be one choice for each point.
func (w Wording) Render(choices []int) (string, error) {
	if n := w.Points(); n != len(choices) {
		return "", fmt.Errorf("%d choices for %d points", len(choices), n)
	}
	var b strings.Builder
	i := 0
	for _, s := range w.segs {
		if s.Alternatives == nil {
			b.WriteString(s.Text)
			continue
		}
		c := choices[i]
		i++
		if c < 0 || c >= len(s.Alternatives) {
			return "", fmt.Errorf("point %d: choice %d of %d alternatives", i, c, len(s.Alternatives))
		}
		b.WriteString(s.Alternatives[c])
	}
	return b.String(), nil
}
