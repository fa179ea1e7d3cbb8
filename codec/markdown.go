package codec

import (
	"bytes"
	"regexp"
	"sort"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"tearline"
)

// ParseMarkdown reads a report from Markdown. An error is [tearline.Faults]:
// everything that is wrong in it, with line and column (in bytes, from 1).
//
// A document begins with front matter between lines of "---":
//
//	id: USA-2026-0412
//	title: (U) Threat to airliners    # title and banner may be left out
//	originator: USA
//	policy: us
//	date: 2026-03-04
//	declassify_on: 2036-03-04         # and declassify_on, too
//	authority: |                      # the classification authority block, too
//	  Classified By: J. Bloggs, Analyst
//	  Derived From: Multiple Sources
//	  Declassify On: 20360304
//	banner: SECRET//REL TO USA, GBR
//	sources: [GBR-2026-007/p1]        # what every portion rests on
//
// (without these comments: a comment is a fault). A title that begins with a
// portion mark is a portion, [tearline.TitleID].
//
// Every paragraph, heading, list item and cell of a table is a portion and
// begins with its mark in parentheses. Its text is what follows, lines joined by a space, inline
// Markdown kept as it is written, {one|another} alternative as
// [tearline.ParseWording] reads them. Portions are named p1, p2, … in order
// unless they are given a name. Directly below a portion, a block quote may
// say more about it, one attribute a line:
//
//	> id: threat
//	> sources: GBR-2026-007/p1, GBR-2026-007/p3
//	> originator: GBR
//	> tear (S//REL TO USA, FRA): Wording for readers who may not have the
//	> portion itself.
//
// Whatever else carries or hides text is a fault: a block without a mark, raw
// HTML and its comments, images, code blocks, footnotes, link reference
// definitions. A byte order mark and CRLF are tolerated.
func ParseMarkdown(src []byte) (*tearline.Report, error) { return ParseMarkdownAs(src, "") }

// ParseMarkdownAs is [ParseMarkdown], with a mark for the paragraphs, headings,
// items and cells that have none; they are known by it. With "" each is a fault.
func ParseMarkdownAs(src []byte, unmarked string) (*tearline.Report, error) {
	if f := notText(src); f != nil {
		return nil, tearline.Faults{*f}
	}
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	src = bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n"))
	var d draft
	var faults faultList
	front, body, line, ok := splitFrontMatter(src)
	if !ok {
		return nil, tearline.Faults{{
			Line: 1, Column: 1, Text: "no front matter",
			Hint: `begin with a line "---", then id, originator, policy and date, then a line "---"`,
		}}
	}
	readFrontMatter(front, &d, &faults)
	missingHead(&d)
	m := markdownReader{faultList: faults, draft: &d, src: src[body:], last: -1, order: unmarked}
	m.index(line)
	if m.bounded() {
		m.blocks(m.tree())
	}
	return check(&d, newMarkCache(), m.faultList)
}

// A markdownReader reads the body of a document into a draft.
type markdownReader struct {
	faultList
	draft *draft
	src   []byte
	// starts are the lines' first bytes; firstLine is the number of the
	// first.
	starts    []int
	firstLine int
	// last is the portion that a block quote would speak of, -1 if none;
	// quoted says that one has.
	last   int
	quoted bool
	// order is the mark of what has none; "" is none.
	order string
	// full: there are too many portions; said once.
	full bool
	// level counts the lists that are open, ordered says that the innermost
	// is numbered; tables counts the tables so far.
	level   int
	ordered bool
	tables  int
}

// index notes where the lines begin.
func (m *markdownReader) index(firstLine int) {
	m.firstLine = firstLine
	m.starts = append(m.starts, 0)
	for i, b := range m.src {
		if b == '\n' {
			m.starts = append(m.starts, i+1)
		}
	}
}

// lineOf returns the index in m.starts of the line with the byte at i.
func (m *markdownReader) lineOf(i int) int {
	return sort.SearchInts(m.starts, i+1) - 1
}

// place is where the byte at i of the body stands in the document.
func (m *markdownReader) place(i int) place {
	n := m.lineOf(i)
	return place{line: m.firstLine + n, col: i - m.starts[n] + 1, portion: -1}
}

// markers are the block markers that a line may open with.
var markers = regexp.MustCompile(`^(?:[ \t]*(?:>|[-+*]|\d{1,9}[.)]))+`)

// bounded refuses what would cost the block parser too much: each line can
// become a node, and each marker at its beginning one inside another.
func (m *markdownReader) bounded() bool {
	if len(m.starts) > maxLines {
		m.at(place{line: m.firstLine + maxLines, col: 1}, "", "more than %d lines", maxLines)
		return false
	}
	for i, start := range m.starts {
		line, _ := nextLine(m.src, start)
		if in := len(line) - len(bytes.TrimLeft(line, " \t")); in > maxIndent {
			m.at(place{line: m.firstLine + i, col: 1}, "", "a line indented by %d: at most %d", in, maxIndent)
			return false
		}
		n := bytes.IndexFunc(line, func(r rune) bool { return !strings.ContainsRune(" \t>-+*.)0123456789", r) })
		if n < 0 {
			n = len(line)
		}
		if n <= maxNesting { // so few bytes cannot open more
			continue
		}
		marks := 0
		for _, b := range markers.Find(line[:n]) {
			if strings.IndexByte(">-+*.)", b) >= 0 {
				marks++
			}
		}
		if marks > maxNesting && !isThematicBreak(line) {
			m.at(place{line: m.firstLine + i, col: 1}, "", "%d blocks inside one another: at most %d", marks, maxNesting)
			return false
		}
	}
	return true
}

// isThematicBreak reports whether a line is a rule, which opens no block.
func isThematicBreak(line []byte) bool {
	s := strings.NewReplacer(" ", "", "\t", "").Replace(string(line))
	return len(s) >= 3 && strings.IndexByte("-*", s[0]) >= 0 && strings.Trim(s, s[:1]) == ""
}

// tree parses the blocks. Inline Markdown is kept as text, so it is not
// parsed; nor are link reference definitions taken out of their paragraphs,
// where they would be lost.
func (m *markdownReader) tree() ast.Node {
	p := parser.NewParser(parser.WithBlockParsers(parser.DefaultBlockParsers()...))
	return p.Parse(text.NewReader(m.src))
}

// blocks reads the blocks inside a block.
func (m *markdownReader) blocks(parent ast.Node) {
	for n := parent.FirstChild(); n != nil && !m.full; n = n.NextSibling() {
		switch n.Kind() {
		case ast.KindParagraph, ast.KindTextBlock, ast.KindHeading:
			m.portion(n)
		case ast.KindList:
			m.list(n)
		case ast.KindListItem:
			m.blocks(n)
		case ast.KindBlockquote:
			m.attributes(n)
		case ast.KindThematicBreak:
			m.last = -1
		case ast.KindCodeBlock:
			m.refuse(n, "a code block", "take out the indentation of four spaces, and begin the paragraph with its portion mark")
		case ast.KindFencedCodeBlock:
			m.refuse(n, "a code block", "write it as a paragraph with its portion mark")
		case ast.KindHTMLBlock:
			m.refuse(n, "raw HTML", "take it out")
		default:
			m.refuse(n, "a block of kind "+n.Kind().String(), "")
		}
	}
}

// refuse adds the fault of a block that is not filed.
func (m *markdownReader) refuse(n ast.Node, what, hint string) {
	at := n.Pos()
	if n.Lines().Len() > 0 && (at < 0 || n.Kind() == ast.KindCodeBlock) {
		at = n.Lines().At(0).Start
	}
	m.at(m.place(max(at, 0)), hint, "%s; text that hides is not filed", what)
	m.last = -1
}

// join returns the lines of a block joined by spaces.
func (m *markdownReader) join(lines []text.Segment) value {
	var b strings.Builder
	v := value{set: true}
	for _, s := range lines {
		raw := m.src[s.Start:s.Stop]
		lead := len(raw) - len(bytes.TrimLeft(raw, " \t\n"))
		raw = bytes.Trim(raw, " \t\n")
		if len(raw) == 0 {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		p := m.place(s.Start + lead)
		v.spots = append(v.spots, spot{off: b.Len(), line: p.line, col: p.col})
		b.Write(raw)
	}
	v.s = b.String()
	if len(v.spots) > 0 {
		v.at = v.place(0)
	}
	return v
}

// segments returns a block's lines.
func segments(n ast.Node) []text.Segment {
	out := make([]text.Segment, n.Lines().Len())
	for i := range out {
		out[i] = n.Lines().At(i)
	}
	return out
}

// portion reads a block of text.
func (m *markdownReader) portion(n ast.Node) {
	v := m.join(segments(n))
	if v.s == "" || m.table(n) {
		return
	}
	form := tearline.Form{}
	switch h, ok := n.(*ast.Heading); {
	case ok:
		form = tearline.Form{Shape: tearline.Heading, Level: h.Level}
	case n.Parent() != nil && n.Parent().Kind() == ast.KindListItem && n.PreviousSibling() == nil:
		form = tearline.Form{Shape: tearline.ListItem, Level: min(m.level, tearline.MaxLevel), Ordered: m.ordered}
	}
	m.add(n, v, form)
}

// list reads the items of a list.
func (m *markdownReader) list(n ast.Node) {
	was := m.ordered
	m.level++
	if l, ok := n.(*ast.List); ok {
		m.ordered = l.IsOrdered()
	}
	m.blocks(n)
	m.level--
	m.ordered = was
}

// add takes a text as a portion.
func (m *markdownReader) add(n ast.Node, v value, form tearline.Form) {
	if len(m.draft.portions) == MaxPortions {
		m.at(v.at, "", "more than %d portions", MaxPortions)
		m.full = true
		return
	}
	p := draftPortion{at: v.at, form: form}
	mark, rest, ok := splitMark(v)
	switch {
	case ok:
		p.mark, p.text = mark, rest
		m.hides(v)
	case m.order != "" && !strings.HasPrefix(v.s, "[^") && !definition.MatchString(v.s) && v.s[0] != '(':
		p.mark, p.text, p.unmarked = value{s: m.order, at: v.at, set: true}, v, true
		m.hides(v)
	default:
		p.faulty = true
		m.unmarked(n, v, form)
	}
	m.draft.portions = append(m.draft.portions, p)
	m.last, m.quoted = len(m.draft.portions)-1, false
}

// unmarked adds the fault of a text without a mark: it is never taken to be
// unclassified.
func (m *markdownReader) unmarked(n ast.Node, v value, form tearline.Form) {
	what := "paragraph"
	switch {
	case strings.HasPrefix(v.s, "[^"):
		m.at(v.at, "write it as a paragraph with its portion mark", "a footnote; text that hides is not filed")
		return
	case definition.MatchString(v.s):
		m.at(v.at, "write the address where it belongs", "a link reference definition; text that hides is not filed")
		return
	case form.Shape == tearline.Cell:
		what = "cell"
	case n.Kind() == ast.KindHeading:
		what = "heading"
	case n.Parent() != nil && n.Parent().Kind() == ast.KindListItem:
		what = "list item"
	}
	if v.s[0] == '(' {
		m.at(v.at, `end it with ")"`, "the portion mark of this %s does not end", what)
		return
	}
	m.at(v.at, "begin it with its portion mark", "a %s without a portion mark", what)
}

var (
	definition = regexp.MustCompile(`^\[[^\]]*\]:`)
	// hiding finds inline Markdown that shows less than it says.
	hiding = []struct {
		what    string
		pattern *regexp.Regexp
	}{
		{"an HTML comment", regexp.MustCompile(`<!--`)},
		{"raw HTML", regexp.MustCompile(`<[!?]|</?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>`)},
		{"an image", regexp.MustCompile(`!\[`)},
		{"a footnote", regexp.MustCompile(`\[\^[^\]\s]+\]`)},
	}
)

// hides refuses inline Markdown that hides text.
func (m *markdownReader) hides(v value) {
	const hint = "take it out, or write it as plain text"
	for _, h := range hiding {
		if at := h.pattern.FindStringIndex(v.s); at != nil {
			m.at(v.place(at[0]), hint, "%s; text that hides is not filed", h.what)
			if h.what == "an HTML comment" {
				return // which is raw HTML too
			}
		}
	}
}
