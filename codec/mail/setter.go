package mail

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"tearline"
	"tearline/codec/document"
	"tearline/codec/plain"
)

// A setter sets the words of one block after the other.
type setter struct {
	text   []byte
	styles []tearline.Style
	space  bool // one is owed
	pre    bool // some of it stands as it was written
}

// add sets words; white space becomes one space, unless it stands as it is.
func (s *setter) add(t string, at place) {
	if at.pre {
		s.pre = true
		from := len(s.text)
		s.text = append(s.text, t...)
		s.style(from, at)
		return
	}
	from := -1
	for i, r := range t {
		switch r {
		case ' ', '\t', '\n', '\r', '\f', '\u00a0':
			s.space = len(s.text) > 0 && s.text[len(s.text)-1] != '\n'
			continue
		}
		if s.space {
			s.text = append(s.text, ' ')
			s.space = false
		}
		if from < 0 {
			from = len(s.text)
		}
		_, n := utf8.DecodeRuneInString(t[i:])
		s.text = append(s.text, t[i:i+n]...)
	}
	if from >= 0 {
		s.style(from, at)
	}
}

// style says in which type the text stands from some byte on.
func (s *setter) style(from int, at place) {
	st := tearline.Style{From: from, To: len(s.text), Bold: at.bold, Italic: at.italic, Underline: at.underline}
	if !st.Bold && !st.Italic && !st.Underline || st.From == st.To {
		return
	}
	if n := len(s.styles); n > 0 {
		last := &s.styles[n-1]
		if last.Bold == st.Bold && last.Italic == st.Italic && last.Underline == st.Underline && strings.TrimSpace(string(s.text[last.To:from])) == "" {
			last.To = st.To
			return
		}
	}
	s.styles = append(s.styles, st)
}

// line ends a line.
func (s *setter) line() {
	s.text, s.space = append(s.text, '\n'), false
}

// take returns what was set, and begins anew.
func (s *setter) take() setter {
	out := *s
	*s = setter{}
	return out
}

// part is the setter's text from one byte to another, without space around it.
func (s *setter) part(from, to int) (string, []tearline.Style) {
	for from < to && strings.IndexByte(" \t\n", s.text[from]) >= 0 {
		from++
	}
	for to > from && strings.IndexByte(" \t\n", s.text[to-1]) >= 0 {
		to--
	}
	var styles []tearline.Style
	first := sort.Search(len(s.styles), func(i int) bool { return s.styles[i].To > from })
	for _, st := range s.styles[first:] {
		if st.From >= to {
			break
		}
		if st.From, st.To = max(st.From, from)-from, min(st.To, to)-from; st.From < st.To {
			styles = append(styles, st)
		}
	}
	return string(s.text[from:to]), styles
}

// flush ends a block: what was set becomes one, or several where an empty line
// or a portion mark at the start of a line parts it.
func (p *page) flush(at place) {
	if p.cell {
		if n := len(p.cur.text); n > 0 && p.cur.text[n-1] != '\n' {
			p.cur.line()
		}
		return
	}
	s := p.cur.take()
	if strings.Trim(string(s.text), " \t\n\r\f\u00a0") == "" {
		return
	}
	if s.pre && at.form.Shape == tearline.Paragraph {
		p.verbatim(string(s.text), at)
		return
	}
	lines := strings.SplitAfter(string(s.text), "\n")
	var numbered []plain.Line
	for i, l := range lines {
		if strings.TrimSpace(l) != "" {
			numbered = append(numbered, plain.Line{Number: i + 1, Page: 1, Text: strings.TrimRight(l, "\n")})
		}
	}
	each := at.form.Shape == tearline.Paragraph && plain.Keyed(numbered)
	from, to := 0, 0
	for _, l := range lines {
		blank := strings.Trim(l, " \t\n") == ""
		if blank || each || plain.Marked(strings.Trim(l, " \t\n")) {
			p.segment(&s, from, to, at)
			from = to
		}
		to += len(l)
	}
	p.segment(&s, from, to, at)
}

// segment adds one block.
func (p *page) segment(s *setter, from, to int, at place) {
	text, styles := s.part(from, to)
	if text == "" {
		return
	}
	form := at.form
	if form.Shape == tearline.Paragraph {
		f, rest := plain.Begin(text)
		cut := len(text) - len(rest)
		form, text = f, rest
		styles = shift(styles, cut)
	}
	form.Styles = styles
	p.count++
	p.Blocks = append(p.Blocks, document.Block{Where: p.at(at) + "paragraph " + strconv.Itoa(p.count), Text: text, Form: form})
}

// shift moves styles to the front by some bytes.
func shift(styles []tearline.Style, by int) []tearline.Style {
	var out []tearline.Style
	for _, s := range styles {
		if s.From, s.To = max(s.From-by, 0), s.To-by; s.From < s.To {
			out = append(out, s)
		}
	}
	return out
}

// at is what stands before the number of a block.
func (p *page) at(at place) string {
	if at.quoted {
		return p.prefix + "quoted text, "
	}
	return p.prefix
}

// verbatim adds what stands as it was written, as plain text is read.
func (p *page) verbatim(s string, at place) {
	lines, err := plain.Lines(s)
	if err != nil {
		p.fault(err.Error(), "divide it")
		return
	}
	p.count++
	p.Blocks = append(p.Blocks, plain.Blocks(fmt.Sprintf("%sparagraph %d, ", p.at(at), p.count), lines)...)
}

// A grid places the cells of a table.
type grid struct {
	*page
	table, row int
	taken      map[int]int // columns that a cell from above reaches into, and for how many rows
	full       bool
}

// rows reads the rows in a table, or in a part of one.
func (g *grid) rows(n *html.Node, at place) {
	for c := range n.ChildNodes() {
		inRow := at
		switch {
		case c.Type == html.CommentNode:
			g.comment(c.Data)
		case c.Type != html.ElementNode:
			g.text(c.Data, at)
		case c.DataAtom == atom.Tr:
			g.row++
			if !g.hidden(c, &inRow) {
				g.cells(c, inRow)
			}
			for col := range g.taken {
				if g.taken[col]--; g.taken[col] <= 0 {
					delete(g.taken, col)
				}
			}
		case c.DataAtom == atom.Thead || c.DataAtom == atom.Tbody || c.DataAtom == atom.Tfoot:
			if !g.hidden(c, &inRow) {
				g.rows(c, inRow)
			}
		default:
			g.element(c, at)
			g.flush(at)
		}
	}
}

func (g *grid) cells(n *html.Node, at place) {
	column := 1
	for c := range n.ChildNodes() {
		switch {
		case c.Type == html.CommentNode:
			g.comment(c.Data)
		case c.Type != html.ElementNode:
			g.text(c.Data, at)
		case c.DataAtom == atom.Td || c.DataAtom == atom.Th:
			for g.taken[column] > 0 {
				column++
			}
			g.one(c, column, at)
			wide, rows := span(c, "colspan", tearline.MaxColumn), span(c, "rowspan", tearline.MaxRows)
			for i := range wide {
				if column+i <= tearline.MaxColumn {
					g.taken[column+i] = rows
				}
			}
			column += wide
		default:
			g.element(c, at)
		}
	}
}

// span is over how many columns or rows a cell reaches.
func span(n *html.Node, key string, most int) int {
	s, _ := attr(n, key)
	v, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil {
		return 1
	}
	return min(max(v, 1), most)
}

// one reads one cell.
func (g *grid) one(n *html.Node, column int, at place) {
	if g.hidden(n, &at) {
		return
	}
	at.form = tearline.Form{}
	g.cell = true
	g.children(n, at)
	g.cell = false
	s := g.cur.take()
	text, styles := s.part(0, len(s.text))
	if text == "" {
		return
	}
	where := fmt.Sprintf("%stable %d, row %d, column %d", g.at(at), g.table, g.row, column)
	if g.row > tearline.MaxRows || column > tearline.MaxColumn {
		if !g.full {
			g.Faults = append(g.Faults, tearline.Fault{Where: where, Text: "the table is too large", Hint: "divide it"})
		}
		g.full = true
		return
	}
	for i, l := range strings.Split(text, "\n") {
		if i > 0 && plain.Marked(l) {
			g.Faults = append(g.Faults, tearline.Fault{Where: where, Text: "a cell with more than one portion", Hint: "give each a row of its own"})
			break
		}
	}
	form := tearline.Form{Shape: tearline.Cell, Table: g.table, Row: g.row, Column: column, Styles: styles}
	g.Blocks = append(g.Blocks, document.Block{Where: where, Text: text, Form: form})
}
