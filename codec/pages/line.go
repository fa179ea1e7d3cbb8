package pages

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A span is some text in one type.
type span struct {
	text         string
	bold, italic bool
	raised       bool // small, above the line
	visual       bool // as it stands, and not as it is read
}

// A line is one line of one column, or of one cell.
type line struct {
	Box
	spans []span
	order int // in the file
	page  int // from 0
	text  string
	refs  []string // numbers of notes that stood in it
	// fromRight says that it runs from right to left as a whole.
	fromRight bool
}

// size is that of the type, in points: how high the letters may be.
func (l *line) size() float64 { return max(l.H, 1) }

func (l *line) bold() bool {
	return !slices.ContainsFunc(l.spans, func(s span) bool { return !s.bold && strings.TrimSpace(s.text) != "" })
}

func spanOf(r *Run) span { return span{text: r.Text, bold: r.Bold, italic: r.Italic, visual: r.Visual} }

var (
	mark     = regexp.MustCompile(`^\([A-Z]` + code + `\)`)
	bullets  = "•▪–—*◦‣●■○·∙"
	label    = regexp.MustCompile(`^(?:(\(?[0-9]{1,3}[.)]|\(?[a-z][.)]|\(?[ivx]{2,5}[.)]|[` + bullets + `-])(?:\s+|$|\())`)
	noteMark = regexp.MustCompile(`^[0-9]{1,3}(\s+|$)`)
)

// labelOf returns the label that a text begins with, "" if none.
func labelOf(s string) string {
	m := label.FindStringSubmatch(s)
	if m == nil {
		return ""
	}
	return m[1]
}

// linesOf makes lines of a page's runs: those that follow each other in the
// file, at one height, to the right of the last.
func linesOf(s *Sheet, page int) []line {
	var lines []line
	starts := common(s)
	for i := range s.Runs {
		r := &s.Runs[i]
		if strings.TrimSpace(r.Text) == "" {
			continue
		}
		if n := len(lines) - 1; n >= 0 && s.continues(&lines[n], r, starts) {
			lines[n].add(r)
			continue
		}
		lines = append(lines, line{Box: r.Box, spans: []span{spanOf(r)}, order: len(lines), page: page})
	}
	lines = knit(lines)
	directed(lines)
	for i := range lines {
		lines[i].finish()
	}
	return lines
}

// common are the places at which, after a gap, at least three long runs begin:
// those are columns or cells, and not the gaps of a line that is set to both
// edges.
func common(s *Sheet) []float64 {
	var at []float64
	for i := 1; i < len(s.Runs); i++ {
		a, b := &s.Runs[i-1], &s.Runs[i]
		if level(&a.Box, &b.Box) && b.X-a.right() > 1.5*b.H && b.W > 6*b.H {
			at = append(at, b.X)
		}
	}
	slices.Sort(at)
	var out []float64
	for i := 2; i < len(at); i++ {
		if at[i]-at[i-2] < 2 {
			out = append(out, at[i])
		}
	}
	return out
}

// level reports whether two boxes stand on one line.
func level(a, b *Box) bool {
	return math.Abs(a.bottom()-b.bottom()) < 0.3*max(a.H, b.H) || raised(a, b) || raised(b, a)
}

// raised reports whether b is a small number above the line of a.
func raised(a, b *Box) bool {
	return b.H < 0.8*a.H && b.Y > a.Y-0.5*a.H && b.bottom() < a.bottom()+0.3*a.H && b.bottom() > a.Y+0.2*a.H
}

// continues reports whether a run goes on with a line.
func (s *Sheet) continues(l *line, r *Run, starts []float64) bool {
	if r.Turned || !level(&l.Box, &r.Box) {
		return false
	}
	size := max(r.H, l.H)
	gap := r.X - l.right()
	if gap < -0.5*size {
		return false
	}
	text := strings.TrimSpace(l.spans[len(l.spans)-1].text)
	if len(l.spans) == 1 && strings.TrimSpace(strings.TrimPrefix(text, labelOf(text))) == "" && gap < 6*size {
		return true // the label of what follows
	}
	switch {
	case s.ruled(l, r):
		return false
	case gap < 0.6*size:
		return true
	case mark.MatchString(strings.TrimSpace(r.Text)):
		return false
	}
	return !slices.ContainsFunc(starts, func(x float64) bool { return math.Abs(x-r.X) < 2 }) || s.crossed(l, r)
}

// crossed reports whether a line above or below stands where the gap between
// a line and a run is: then the gap is no border of columns.
func (s *Sheet) crossed(l *line, r *Run) bool {
	const around = 3.5 // heights of the type
	for i := range s.Runs {
		o := &s.Runs[i]
		if o.X < r.X-2 && o.right() > l.right()+2 && math.Abs(o.Y-r.Y) < around*r.H && !level(&o.Box, &r.Box) {
			return true
		}
	}
	return false
}

// ruled reports whether an upright line stands between.
func (s *Sheet) ruled(l *line, r *Run) bool {
	for i := range s.Rules {
		b := &s.Rules[i]
		if b.W <= 3 && b.X > l.right()-2 && b.right() < r.X+2 && b.Y < r.bottom()-0.3*r.H && b.bottom() > r.Y+0.3*r.H {
			return true
		}
	}
	return false
}

// add puts a run at the line's end.
func (l *line) add(r *Run) {
	x := spanOf(r)
	if gap := r.X - l.right(); gap > 0.15*max(r.H, 1) && !wide(r.Text) && !strings.HasPrefix(x.text, " ") {
		x.text = " " + x.text
	}
	small := r.H < 0.8*l.H
	x.raised = raised(&l.Box, &r.Box)
	was := l.Box
	l.join(r.Box)
	if small || was.H >= r.H { // what is raised does not make the line higher
		l.Y, l.H = was.Y, was.H
	}
	l.spans = append(l.spans, x)
}

// wide reports whether a text begins with a letter that no blank parts from
// the last.
func wide(s string) bool {
	c, _ := utf8.DecodeRuneInString(s)
	return unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana)
}

// knit joins lines that touch, though the file has them apart.
func knit(lines []line) []line {
	byPlace := slices.Clone(lines)
	slices.SortStableFunc(byPlace, func(a, b line) int {
		return cmp.Or(cmp.Compare(math.Round(a.bottom()), math.Round(b.bottom())), cmp.Compare(a.X, b.X))
	})
	var out []line
	for _, l := range byPlace {
		joined := false
		for k := len(out) - 1; k >= 0 && k >= len(out)-6 && !joined; k-- {
			o := &out[k]
			gap := l.X - o.right()
			if math.Abs(o.bottom()-l.bottom()) < 0.2*max(o.H, l.H) && gap > -0.1*l.H && gap < 0.4*l.H {
				if gap > 0.15*l.H {
					l.spans[0].text = " " + l.spans[0].text
				}
				o.join(l.Box)
				o.spans = append(o.spans, l.spans...)
				joined = true
			}
		}
		if !joined {
			out = append(out, l)
		}
	}
	slices.SortStableFunc(out, func(a, b line) int { return cmp.Compare(a.order, b.order) })
	return out
}

// finish makes the text of a line of its spans, without blanks at its ends or
// two in a row.
func (l *line) finish() {
	var b strings.Builder
	last := ' '
	for i := range l.spans {
		var s strings.Builder
		for _, c := range l.spans[i].text {
			switch {
			case c == '\u00a0' || unicode.IsSpace(c):
				c = ' '
			case c == '\x02' || c == '\ufffe':
				c = '-' // PDFium's own signs for a hyphen at a line's end
			case unicode.IsControl(c):
				continue
			}
			if c == ' ' && last == ' ' {
				continue
			}
			last = c
			s.WriteRune(c)
		}
		l.spans[i].text = s.String()
		b.WriteString(s.String())
	}
	if n := len(l.spans) - 1; n >= 0 {
		l.spans[n].text = strings.TrimRight(l.spans[n].text, " ")
	}
	l.text = strings.TrimRight(b.String(), " ")
}
