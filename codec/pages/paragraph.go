package pages

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tearline"
	"tearline/codec/internal/sentence"
)

// A para is lines that are one paragraph.
type para struct {
	Box
	label  string
	labelX float64
	text   string
	styles []tearline.Style
	size   float64
	bold   bool // throughout
	lines  int
	page   int // from 0
	end    *line
	refs   []string // numbers of the notes that it refers to
	note   bool     // below the rule of the notes
	table  *table
	row    int // from 0
	column int
	pic    *Picture
}

// composer makes paragraphs of lines.
type composer struct {
	pitch  float64            // usual distance of two lines, in heights of the type
	right  map[[2]int]float64 // by page and column: how far lines go
	words  map[string]bool    // written within a line
	marks  map[string]bool    // that begin what is a paragraph for other reasons as well
	sheets []Sheet
}

// learn looks at all lines before any are joined.
func (c *composer) learn(pages [][]line) {
	c.right, c.words, c.marks = map[[2]int]float64{}, map[string]bool{}, map[string]bool{}
	var gaps []float64
	for _, lines := range pages {
		for i := range lines {
			l := &lines[i]
			c.learnEnd(l)
			f := strings.Fields(l.text)
			for k := 1; k < len(f)-1; k++ {
				c.words[bare(f[k])] = true
			}
			if i == 0 {
				continue
			}
			before := &lines[i-1]
			d := (l.bottom() - before.bottom()) / l.size()
			if d > 0.5 && d < 4 {
				gaps = append(gaps, d)
			}
		}
	}
	c.pitch = 1.1
	if len(gaps) > 0 {
		slices.Sort(gaps)
		c.pitch = min(gaps[len(gaps)/4], 2.6)
	}
	for _, lines := range pages {
		for i := range lines {
			rest := strings.TrimSpace(strings.TrimPrefix(lines[i].text, labelOf(lines[i].text)))
			m := mark.FindString(rest)
			if m != "" && (i == 0 || rest != lines[i].text || sentence.Ends(lines[i-1].text) || c.apart(&lines[i-1], &lines[i])) {
				c.marks[m] = true
			}
		}
	}
}

// column is where lines begin, as a key.
func column(l *line) [2]int { return [2]int{l.page, int(math.Round(l.start() / 24))} }

// start and stop are where a line begins and ends, in points in the direction in
// which it is read: from the left edge of the page, or negative from there.
func (l *line) start() float64 {
	if l.fromRight {
		return -l.right()
	}
	return l.X
}

func (l *line) stop() float64 { return l.start() + l.W }

// learnEnd notes how far lines go that begin where this one does.
func (c *composer) learnEnd(l *line) {
	if was, ok := c.right[column(l)]; !ok || l.stop() > was {
		c.right[column(l)] = l.stop()
	}
}

func bare(w string) string {
	if len(w) > 64 {
		return ""
	}
	return strings.ToLower(strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }))
}

// apart reports whether a line stands clearly apart from the one before: a gap,
// another size, another weight throughout, or beside it.
func (c *composer) apart(before, l *line) bool {
	if math.Abs(l.H-before.H) > 0.1*max(l.H, before.H) || l.bold() != before.bold() && !c.full(before) {
		return true
	}
	d := (l.bottom() - before.bottom()) / l.size()
	return d < 0.3 || d > c.pitch+0.35 || l.Y-before.bottom() > 0.9*l.H
}

// begins reports whether a line begins a paragraph. far says that it stands on
// another page or in another column than the line before.
func (c *composer) begins(p *para, before, l *line, far bool) bool {
	ended := sentence.Ends(before.text)
	lab := labelOf(l.text)
	if lab == "" && p.lines == 1 && p.bare(before) {
		return l.Y-before.bottom() > 1.5*l.H // its label stands alone
	}
	if c.marked(before, l, lab) {
		return true
	}
	if far {
		return ended || c.parted(before, l)
	}
	if c.apart(before, l) || labelled(p, l, lab, ended) || c.named(before, l) {
		return true
	}
	moved := math.Abs(l.start() - before.start())
	indented := moved > 0.8*l.H && moved < 6*l.H && p.lines > 1
	return ended && (indented || !c.full(before))
}

// marked reports whether a line begins with a portion mark, and not with an
// abbreviation in the midst of a sentence.
func (c *composer) marked(before, l *line, lab string) bool {
	m := mark.FindString(strings.TrimSpace(strings.TrimPrefix(l.text, lab)))
	return m != "" && (lab != "" || sentence.Ends(before.text) || c.marks[m] || c.apart(before, l))
}

// named reports whether a line is one of several of the form "Name: value".
func (c *composer) named(before, l *line) bool {
	return nameLine.MatchString(l.text) && (nameLine.MatchString(before.text) || !c.full(before))
}

// bare reports whether the first line is nothing but a label, or the number of
// a note.
func (p *para) bare(first *line) bool {
	alone := strings.TrimSpace(first.text)
	return alone == p.label || p.note && noteMark.FindString(alone) == alone
}

// parted reports whether a line on another page or in another column does not
// go on with the one before, which ends no sentence.
func (c *composer) parted(before, l *line) bool {
	first, _ := utf8.DecodeRuneInString(l.text)
	return math.Abs(l.H-before.H) > 0.1*max(l.H, before.H) ||
		!unicode.IsLower(first) && !strings.HasSuffix(before.text, "-") && !c.full(before)
}

// labelled reports whether a line begins with a label that begins a paragraph:
// any bullet, and a number behind a sentence or at the place of the last.
func labelled(p *para, l *line, lab string, ended bool) bool {
	if lab == "" {
		return false
	}
	return strings.ContainsAny(lab, bullets) || ended || math.Abs(l.start()-p.labelX) < 3 && p.label != ""
}

// nameLine is a line of the form "Name: value".
var nameLine = regexp.MustCompile(`^\p{Lu}[\p{L}\d -]{0,40}: \S`)

// full reports whether a line goes about as far to the right as its column.
func (c *composer) full(l *line) bool {
	width := c.right[column(l)] - l.start()
	return width < 12*l.H || l.stop() > c.right[column(l)]-0.18*width
}

// paragraph begins a paragraph with a line.
func (c *composer) paragraph(l *line) *para {
	p := &para{Box: l.Box, size: l.H, bold: true, page: l.page}
	p.label = labelOf(l.text)
	p.labelX = l.start()
	c.add(p, l)
	return p
}

// add puts a line at the end of a paragraph.
func (c *composer) add(p *para, l *line) {
	spans := l.spans
	if p.lines == 0 && p.label != "" {
		spans = unlabelled(spans, len(p.label))
	}
	first := joined(spans)
	glue := ""
	if p.text != "" {
		var cut int
		cut, glue = c.seam(p.text, first)
		p.text = p.text[:len(p.text)-cut]
		for len(p.styles) > 0 && p.styles[len(p.styles)-1].To > len(p.text) {
			p.styles[len(p.styles)-1].To = len(p.text)
			if s := p.styles[len(p.styles)-1]; s.From < s.To {
				break
			}
			p.styles = p.styles[:len(p.styles)-1]
		}
	}
	p.text += glue
	for i, s := range spans {
		soft := i == len(spans)-1 && strings.HasSuffix(s.text, "\u00ad")
		if s.text = tidy.Replace(s.text); soft {
			s.text += "\u00ad" // the seam with the next line looks for it
		}
		p.style(s)
		p.text += s.text
	}
	p.bold = p.bold && l.bold()
	p.lines++
	p.end = l
	p.refs = append(p.refs, l.refs...)
	if l.page == p.page {
		p.join(l.Box)
	}
}

// tidy drops hyphens that show at the end of a line only.
var tidy = strings.NewReplacer("\u00ad", "")

func joined(spans []span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.text)
	}
	return b.String()
}

// unlabelled drops the first bytes and the blanks behind them.
func unlabelled(spans []span, n int) []span {
	out := slices.Clone(spans)
	for i := range out {
		k := min(n, len(out[i].text))
		out[i].text = out[i].text[k:]
		if n -= k; n > 0 {
			continue
		}
		if out[i].text = strings.TrimLeft(out[i].text, " "); out[i].text != "" {
			break
		}
	}
	return out
}

// style notes that the next text is in other type.
func (p *para) style(s span) {
	lead := len(s.text) - len(strings.TrimLeft(s.text, " "))
	from, to := len(p.text)+lead, len(p.text)+len(strings.TrimRight(s.text, " "))
	if !s.bold && !s.italic || to <= from {
		return
	}
	if n := len(p.styles) - 1; n >= 0 {
		was := &p.styles[n]
		if was.Bold == s.bold && was.Italic == s.italic && strings.TrimSpace(p.text[was.To:]) == "" {
			was.To = to
			return
		}
	}
	p.styles = append(p.styles, tearline.Style{From: from, To: to, Bold: s.bold, Italic: s.italic})
}

// seam says how many bytes of a hyphen go where a line ends, and what comes
// between it and the next.
func (c *composer) seam(before, next string) (drop int, glue string) {
	r, n := utf8.DecodeLastRuneInString(before)
	first, _ := utf8.DecodeRuneInString(next)
	switch {
	case r == '\u00ad':
		return n, ""
	case wide(string(r)) && wide(string(first)), wide(string(first)) && unicode.In(r, unicode.Po, unicode.Ps, unicode.Pe) && r > 0x2fff, r == '/':
		return 0, ""
	case r > 0x2fff && wide(string(first)):
		return 0, ""
	case r != '-' && r != '\u2010':
		return 0, " "
	case !unicode.IsLower(first):
		return 0, ifBlank(strings.HasSuffix(before, " -"))
	}
	cut := before[:len(before)-n]
	head := cut[strings.LastIndexByte(cut, ' ')+1:]
	tail, _, _ := strings.Cut(next, " ")
	switch {
	case bare(head) == "":
		return 0, " "
	case c.words[bare(head+tail)]:
		return n, ""
	case strings.Contains(head, "-") || c.words[bare(head+"-"+tail)]:
		return 0, ""
	}
	return n, ""
}

func ifBlank(yes bool) string {
	if yes {
		return " "
	}
	return ""
}
