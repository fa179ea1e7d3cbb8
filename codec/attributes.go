package codec

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// attributeHint says what a block quote may hold.
const attributeHint = "below a portion, a block quote holds its id:, sources:, originator: and tear (MARK): lines, nothing else"

// attributes reads the block quote below a portion.
func (m *markdownReader) attributes(n ast.Node) {
	at := m.place(max(n.Pos(), 0))
	first := n.FirstChild()
	if first == nil {
		return // an empty quote says nothing
	}
	if first.Lines().Len() > 0 {
		at = m.place(first.Lines().At(0).Start)
	}
	switch {
	case m.last < 0:
		m.at(at, attributeHint, "a block quote that is not directly below a portion")
		return
	case m.quoted:
		m.at(at, "put all attributes into one block quote", "a second block quote below one portion")
		return
	case first.Kind() != ast.KindParagraph || first.NextSibling() != nil:
		m.at(at, attributeHint, "a block quote that is more than lines of attributes")
		return
	}
	m.quoted = true
	lines := segments(first)
	for i := 0; i < len(lines); {
		i = m.attribute(lines, i)
	}
}

// looksLikeAttribute finds a line that begins with a lower-case word and a
// colon: rather a misspelt attribute than the text of the one before.
var looksLikeAttribute = regexp.MustCompile(`^[a-z_-]{1,20}(?: ?\([^)]*\))?:(?:\s|$)`)

// attribute reads the attribute that begins on line i of a quote and returns
// the line after it.
func (m *markdownReader) attribute(lines []text.Segment, i int) int {
	m.quotedLine(lines[i])
	v := m.join(lines[i : i+1])
	p := &m.draft.portions[m.last]
	if strings.HasPrefix(v.s, "tear (") || strings.HasPrefix(v.s, "tear(") {
		return m.tear(lines, i, p)
	}
	key, _, ok := strings.Cut(v.s, ":")
	if ok {
		rest := v.cut(len(key)+1, len(v.s))
		switch strings.TrimSpace(key) {
		case "id":
			m.setOnce(&p.id, rest, "id")
			return i + 1
		case "originator":
			m.setOnce(&p.originator, rest, "originator")
			return i + 1
		case "sources":
			if p.sources != nil {
				m.at(v.at, "", "sources: stands twice")
			}
			p.sources = splitList(rest)
			return i + 1
		}
	}
	m.at(v.at, attributeHint, "%q is no attribute of a portion", clip(v.s))
	return i + 1
}

// setOnce sets an attribute that may stand once.
func (m *markdownReader) setOnce(dst *value, v value, name string) {
	if dst.set {
		m.at(v.at, "", "%s: stands twice", name)
		return
	}
	v.set = true
	*dst = v
}

// tear reads the approved tear-line wording, which may go on over several
// lines, from line i and returns the line after it.
func (m *markdownReader) tear(lines []text.Segment, i int, p *draftPortion) int {
	end := i + 1
	for end < len(lines) {
		next := m.join(lines[end : end+1])
		if looksLikeAttribute.MatchString(next.s) || strings.HasPrefix(next.s, "tear (") {
			break
		}
		m.quotedLine(lines[end])
		end++
	}
	v := m.join(lines[i:end])
	from := strings.IndexByte(v.s, '(')
	to := strings.IndexByte(v.s, ')')
	if to < 0 || !strings.HasPrefix(strings.TrimLeft(v.s[to+1:], " "), ":") {
		m.at(v.at, "write it as tear (MARK): wording", "a tear-line wording without its mark in parentheses and a colon")
		return end
	}
	colon := to + 1 + strings.IndexByte(v.s[to+1:], ':')
	m.hides(v)
	if p.tearMark.set {
		m.at(v.at, "", "tear: stands twice")
		return end
	}
	p.tearMark, p.tearText = v.cut(from, to+1), v.cut(colon+1, len(v.s))
	return end
}

// quotedLine refuses a line that belongs to a quote only because no blank line
// parts them: it may well be the next portion.
func (m *markdownReader) quotedLine(s text.Segment) {
	start := m.starts[m.lineOf(s.Start)]
	if bytes.IndexByte(m.src[start:s.Start], '>') < 0 {
		m.at(m.place(s.Start), "leave a blank line between the quote and what follows", "a line that runs on from the block quote above")
	}
}
