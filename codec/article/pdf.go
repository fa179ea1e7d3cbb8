package article

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tearline"
	"tearline/codec/internal/pagenumber"
	"tearline/codec/internal/sentence"
)

// A PDFReader reads the bytes of a PDF. Its errors are for whoever wants the
// text, such as a [tearline.Error].
type PDFReader func(b []byte) (Pages, error)

// Pages is what a PDF shows.
type Pages struct {
	Title, Author string
	Pages         []PageRuns
}

// PageRuns is what one page shows: its size in points, and runs of text in
// any order.
type PageRuns struct {
	Width, Height float64
	Runs          []Run
}

// A Run is some text in one line and font, with the box that it fills, in
// points from the page's upper left corner.
type Run struct {
	X, Y, W, H float64
	// Size is the font's, in points; 0 if unknown.
	Size float64
	Text string
}

// The limits of a PDF.
const (
	maxPages = 5000
	maxRuns  = 2_000_000
)

func (r *reader) readPDF(name string, b []byte) (Article, error) {
	if r.pdf == nil {
		return Article{}, refuse(name, "a PDF, which is not read here", "save its text", nil)
	}
	p, err := r.pdf(b)
	if err != nil {
		if e, ok := errors.AsType[*tearline.Error](err); ok {
			return Article{}, &tearline.Error{Op: e.Op, Kind: e.Kind, Public: firstOf(line(name), "the text") + ": " + e.Public, Hint: e.Hint, Err: err}
		}
		return Article{}, refuse(name, "the PDF cannot be read", "save its text", err)
	}
	n := 0
	for _, page := range p.Pages {
		n += len(page.Runs)
	}
	if len(p.Pages) > maxPages || n > maxRuns {
		return Article{}, refuse(name, fmt.Sprintf("a PDF of %d pages", len(p.Pages)), "divide it", nil)
	}
	text := p.Text()
	if text == "" {
		return Article{}, refuse(name, "a PDF without a text layer: a scan, so there is nothing to read", "run a text recognition over it first", nil)
	}
	return Article{Title: p.Title, Author: p.Author, Text: text}, nil
}

func publicOf(err error) string {
	if e, ok := errors.AsType[*tearline.Error](err); ok {
		return e.Public
	}
	return "cannot be read"
}

// pdfLine is one line of one column.
type pdfLine struct {
	x, y, w, h, size float64
	text             string
	page             int
}

func (l *pdfLine) right() float64  { return l.x + l.w }
func (l *pdfLine) bottom() float64 { return l.y + l.h }

// Text is what the pages say in the order of reading: columns one after the
// other, lines joined to paragraphs, which are parted by a blank line, words
// whole that the end of a line divides. Page numbers, and what stands at the
// head or foot of several pages, are left out.
func (p *Pages) Text() string {
	pages := make([][]pdfLine, len(p.Pages))
	for i := range p.Pages {
		pages[i] = linesOf(&p.Pages[i], i)
	}
	p.dropFurniture(pages)
	var all []pdfLine
	for i, lines := range pages {
		all = append(all, readingOrder(lines, p.Pages[i].Width, 0)...)
	}
	return paragraphs(all)
}

// linesOf joins runs that stand side by side. A wide gap between two makes two
// lines: cells, or columns.
func linesOf(page *PageRuns, number int) []pdfLine {
	var runs []Run
	for _, r := range page.Runs {
		// Readers of PDF have two signs of their own for a hyphen at a line's end.
		r.Text = strings.NewReplacer("\x02", "-", "\ufffe", "-").Replace(r.Text)
		r.Text = strings.Join(strings.Fields(clean(r.Text)), " ")
		if r.Text != "" && finite(r.X, r.Y, r.W, r.H) {
			if r.Size <= 0 || !finite(r.Size) {
				r.Size = r.H
			}
			runs = append(runs, r)
		}
	}
	slices.SortStableFunc(runs, func(a, b Run) int {
		return cmp.Or(cmp.Compare(math.Round(a.Y+a.H), math.Round(b.Y+b.H)), cmp.Compare(a.X, b.X))
	})
	var lines []pdfLine
	for i := 0; i < len(runs); {
		// The row: runs whose feet are at about the same height.
		j := i + 1
		for j < len(runs) && runs[j].Y+runs[j].H-(runs[i].Y+runs[i].H) < 0.35*math.Max(runs[i].Size, 1) {
			j++
		}
		row := runs[i:j]
		slices.SortStableFunc(row, func(a, b Run) int { return cmp.Compare(a.X, b.X) })
		for k, r := range row {
			n := len(lines) - 1
			if k > 0 && r.X-lines[n].right() < 1.2*math.Max(r.Size, lines[n].size) {
				lines[n].join(r)
				continue
			}
			lines = append(lines, pdfLine{r.X, r.Y, r.W, r.H, r.Size, r.Text, number})
		}
		i = j
	}
	return lines
}

func finite(list ...float64) bool {
	for _, f := range list {
		if math.IsNaN(f) || math.Abs(f) > 1e6 {
			return false
		}
	}
	return true
}

// join puts a run at the end of a line.
func (l *pdfLine) join(r Run) {
	if r.X-l.right() > 0.12*r.Size {
		l.text += " "
	}
	l.text += r.Text
	bottom := math.Max(l.bottom(), r.Y+r.H)
	l.y = math.Min(l.y, r.Y)
	l.w, l.h = math.Max(l.right(), r.X+r.W)-l.x, bottom-l.y
	l.size = math.Max(l.size, r.Size)
}

var digits = regexp.MustCompile(`[0-9]+`)

// dropFurniture drops page numbers, and what stands at the same height near
// the edge of at least two pages and of every third. Numbers in it may differ.
func (p *Pages) dropFurniture(pages [][]pdfLine) {
	const edge = 0.12 // of the page's height
	seen := map[string]int{}
	key := func(l *pdfLine) string {
		return fmt.Sprintf("%d %s", int(math.Round(l.y/4)), digits.ReplaceAllString(strings.ToLower(l.text), "#"))
	}
	near := func(i int, l *pdfLine) bool {
		h := p.Pages[i].Height
		return l.bottom() < h*edge || l.y > h*(1-edge)
	}
	for i, lines := range pages {
		on := map[string]bool{}
		for k := range lines {
			if near(i, &lines[k]) {
				on[key(&lines[k])] = true
			}
		}
		for k := range maps.Keys(on) {
			seen[k]++
		}
	}
	for i := range pages {
		pages[i] = slices.DeleteFunc(pages[i], func(l pdfLine) bool {
			if !near(i, &l) {
				return false
			}
			n := seen[key(&l)]
			return n >= 2 && n*3 >= len(pages) || pagenumber.Is(l.text)
		})
	}
}

// readingOrder puts the lines of a page in the order in which they are read.
// Where a corridor divides them, the left column comes before the right, and a
// line across both ends the columns above it.
func readingOrder(lines []pdfLine, width float64, depth int) []pdfLine {
	slices.SortStableFunc(lines, func(a, b pdfLine) int {
		return cmp.Or(cmp.Compare(math.Round(a.y+a.h), math.Round(b.y+b.h)), cmp.Compare(a.x, b.x))
	})
	at, ok := corridor(lines)
	if !ok || depth > 4 {
		return lines
	}
	var out, left, right []pdfLine
	flush := func() {
		out = append(out, readingOrder(left, width, depth+1)...)
		out = append(out, readingOrder(right, width, depth+1)...)
		left, right = nil, nil
	}
	for _, l := range lines {
		switch {
		case l.right() <= at:
			left = append(left, l)
		case l.x >= at:
			right = append(right, l)
		default:
			flush()
			out = append(out, l)
		}
	}
	flush()
	return out
}

// corridor finds a place that few lines cross and that has columns on both
// sides: lines next to each other that are longer than the cells of a table.
func corridor(lines []pdfLine) (float64, bool) {
	const fewest = 4
	if len(lines) < 2*fewest {
		return 0, false
	}
	best, score := 0.0, -1
	tried := map[int]bool{}
	for i := range lines {
		at := lines[i].x
		if tried[int(at)] || len(tried) > 200 {
			continue
		}
		tried[int(at)] = true
		if n := divides(lines, at, fewest); n > score {
			best, score = at, n
		}
	}
	return best, score >= 0
}

// divides counts the lines on the smaller side of a corridor; -1 if it is none.
func divides(lines []pdfLine, at float64, fewest int) int {
	var left, right, across, words int
	lo, hi := [2]float64{math.Inf(1), math.Inf(1)}, [2]float64{math.Inf(-1), math.Inf(-1)}
	for i := range lines {
		l := &lines[i]
		side := 0
		switch {
		case l.right() <= at-1:
			left++
		case l.x >= at-1:
			right++
			side = 1
		default:
			across++
			continue
		}
		words += strings.Count(l.text, " ") + 1
		lo[side], hi[side] = math.Min(lo[side], l.y), math.Max(hi[side], l.bottom())
	}
	together := math.Min(hi[0], hi[1]) - math.Max(lo[0], lo[1])
	if left < fewest || right < fewest || across*3 > left+right || words < 3*(left+right) || together < 3*lines[len(lines)/2].h {
		return -1
	}
	return min(left, right)
}

var bullet = regexp.MustCompile(`^(\([A-Z][A-Z0-9/ ,-]{0,60}\)|[•▪–—*-]\s|\(?[0-9]{1,3}[.)]\s|\(?[a-z][.)]\s)`)

// paragraphs joins lines.
func paragraphs(lines []pdfLine) string {
	pitch, edge := measures(lines)
	words := wordsOf(lines)
	var b, para strings.Builder
	flush := func() {
		if para.Len() == 0 {
			return
		}
		if b.Len() > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString(para.String())
		para.Reset()
	}
	for i := range lines {
		l := &lines[i]
		if i == 0 || begins(&lines[i-1], l, pitch, edge) {
			flush()
			para.WriteString(l.text)
			continue
		}
		s, glue := hyphenated(para.String(), l.text, words)
		if s != para.String() {
			para.Reset()
			para.WriteString(s)
		}
		para.WriteString(glue + l.text)
	}
	flush()
	return strings.ReplaceAll(b.String(), "\u00ad", "")
}

// measures returns the usual distance of two lines in sizes of the font, and
// by page and column where lines begin how far to the right they go.
func measures(lines []pdfLine) (pitch float64, edge map[[2]int]float64) {
	var gaps []float64
	edge = map[[2]int]float64{}
	for i := range lines {
		l := &lines[i]
		c := column(l)
		edge[c] = math.Max(edge[c], l.right())
		if i > 0 && lines[i-1].page == l.page && l.size > 0 {
			if d := (l.bottom() - lines[i-1].bottom()) / l.size; d > 0.5 && d < 4 {
				gaps = append(gaps, d)
			}
		}
	}
	if len(gaps) == 0 {
		return 1.2, edge
	}
	// The lower quartile: most lines follow within a paragraph, and where
	// they do not the distance is larger.
	slices.Sort(gaps)
	return gaps[len(gaps)/4], edge
}

func column(l *pdfLine) [2]int { return [2]int{l.page, int(math.Round(l.x / 24))} }

// begins reports whether a line begins a paragraph.
func begins(before, l *pdfLine, pitch float64, edge map[[2]int]float64) bool {
	ended := sentence.Ends(before.text)
	if bullet.MatchString(l.text) {
		return true
	}
	if math.Abs(l.size-before.size) > 0.12*math.Max(l.size, before.size) {
		return true
	}
	far := l.page != before.page || l.y < before.y-before.h
	switch d := (l.bottom() - before.bottom()) / math.Max(l.size, 1); {
	case far:
		// On another page or in another column: the same sentence goes on.
		first, _ := utf8.DecodeRuneInString(l.text)
		return ended || !unicode.IsLower(first) && !strings.HasSuffix(before.text, "-")
	case d < 0.3:
		return true // beside it: a cell
	case d > 1.35*pitch:
		return true
	}
	indented := l.x-before.x > 0.8*l.size && l.x-before.x < 6*l.size
	short := before.right() < edge[column(before)]-0.15*(edge[column(before)]-before.x) && edge[column(before)]-before.x > 12*l.size
	return ended && (indented || short)
}

// wordsOf are the words that the document writes within a line, with and
// without hyphens; they tell what a word divided at the end of a line is.
func wordsOf(lines []pdfLine) map[string]bool {
	words := map[string]bool{}
	for i := range lines {
		f := strings.Fields(lines[i].text)
		for k, w := range f {
			if k > 0 && k < len(f)-1 && len(w) < 64 {
				words[bare(w)] = true
			}
		}
	}
	return words
}

func bare(w string) string {
	return strings.ToLower(strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }))
}

// hyphenated returns what a line goes on from, without the hyphen that only
// its end put there, and what comes between them.
func hyphenated(before, next string, words map[string]bool) (trimmed, glue string) {
	r, n := utf8.DecodeLastRuneInString(before)
	first, _ := utf8.DecodeRuneInString(next)
	if (r != '-' && r != '\u2010' && r != '\u00ad') || !unicode.IsLetter(first) {
		return before, " "
	}
	cutOff := before[:len(before)-n]
	head := cutOff[strings.LastIndexByte(cutOff, ' ')+1:]
	tail, _, _ := strings.Cut(next, " ")
	switch {
	case r == '\u00ad' || words[bare(head+tail)]:
		return cutOff, ""
	case bare(head) == "" || unicode.IsUpper(first) || strings.Contains(head, "-") || words[bare(head+"-"+tail)]:
		return before, ""
	}
	return cutOff, ""
}
