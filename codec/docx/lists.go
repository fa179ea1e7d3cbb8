package docx

import (
	"fmt"
	"strings"

	"tearline"
)

// lists are what numbers the paragraphs and items. Every series that counts
// from 1 is a list of its own, at its level alone: programs disagree on which
// lists go on counting after which.
type lists struct {
	defined        strings.Builder
	count          int
	numbers, marks int                    // the lists of the paragraphs and of bullets
	open           [tearline.MaxLevel]int // the ordered series at each level
}

// paragraph returns the list that counts the paragraphs.
func (l *lists) paragraph() int {
	if l.numbers == 0 {
		l.numbers = l.add(level(0, "decimal", "%1.", indent, indent))
	}
	return l.numbers
}

// bullet returns the list of all items with bullets.
func (l *lists) bullet() int {
	if l.marks == 0 {
		var b strings.Builder
		for i := range tearline.MaxLevel {
			b.WriteString(level(i, "bullet", "•", indent+step*(i+1), step))
		}
		l.marks = l.add(b.String())
	}
	return l.marks
}

// ordered returns the series that counts an item at a level from 0; first says
// that the item begins it.
func (l *lists) ordered(at int, first bool) int {
	if first || l.open[at] == 0 {
		l.open[at] = l.add(level(at, "decimal", fmt.Sprintf("%%%d.", at+1), indent+step*(at+1), step))
	}
	return l.open[at]
}

// add defines a list and returns its number.
func (l *lists) add(levels string) int {
	fmt.Fprintf(&l.defined, `<w:abstractNum w:abstractNumId="%d"><w:multiLevelType w:val="multilevel"/>%s</w:abstractNum>`, l.count, levels)
	l.count++
	return l.count
}

// level defines one level of a list.
func level(at int, format, show string, left, hanging int) string {
	return fmt.Sprintf(`<w:lvl w:ilvl="%d"><w:start w:val="1"/><w:numFmt w:val="%s"/><w:lvlText w:val="%s"/><w:lvlJc w:val="left"/>`+
		`<w:pPr><w:ind w:left="%d" w:hanging="%d"/></w:pPr></w:lvl>`, at, format, show, left, hanging)
}

// part returns the part that defines the lists, "" if there are none.
func (l *lists) part() string {
	if l.count == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString(declaration + `<w:numbering xmlns:w="` + wordML + `">` + l.defined.String())
	for i := range l.count {
		fmt.Fprintf(&b, `<w:num w:numId="%d"><w:abstractNumId w:val="%d"/></w:num>`, i+1, i)
	}
	b.WriteString(`</w:numbering>`)
	return b.String()
}
