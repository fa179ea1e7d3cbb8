// Package assemble finds the report in what a document shows: banners, the lines
// that the report says of itself, the authority block, and portions, each with
// its mark. It takes what the readers of Word files, PDFs, mails and texts say,
// so that a document means the same whatever program wrote it.
//
// Nothing is dropped in silence: a block is a portion, or furniture that is
// recognised for what it is, or a fault with its place. The package may not
// read files, the clock or the network, or decide what a text without a mark
// is worth: without an order it is a fault.
package assemble

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"tearline"
	"tearline/codec"
	"tearline/codec/document"
	"tearline/marking"
)

// Report makes a report of what was read, or lists all faults, as
// [tearline.Faults]. The notes are those of the reading and its own.
func Report(r *document.Reading, o document.Order) (report *tearline.Report, notes []string, err error) {
	d, notes := Draft(r, o)
	report, err = d.Report()
	return report, notes, err
}

// Draft finds the report in what was read.
//
// Banners stand in headers, in footers, and alone on a line. Before the first
// portion come lines "Report: …", "Originator: …", "Policy: …", "Date: …",
// "Declassify On: …" and "Sources: …", each if it is there, and the title: the
// first heading, if it is of the first level, unless a line says "Title: none".
// A classification authority block stands anywhere outside portions. A portion
// begins with its mark; directly below it, in lines of their own, may stand its
// "id: …", "originator: …", "sources: …" and "tear (MARK): …". Without an order
// for it, the policy is the only one that knows all marks.
func Draft(r *document.Reading, o document.Order) (codec.Draft, []string) {
	a := &assembler{order: o, notes: slices.Clone(r.Notes), last: -1}
	a.draft.Faults = slices.Clone(r.Faults)
	blocks := gathered(r.Blocks)
	a.head(o)
	a.findPolicy(blocks)
	for i := range blocks {
		a.block(&blocks[i])
	}
	a.finish()
	return a.draft, a.notes
}

// gathered keeps the cells of each table together: what belongs to one of them,
// such as a note, comes behind the table.
func gathered(blocks []document.Block) []document.Block {
	last := map[int]int{} // the last cell of each table
	for i := range blocks {
		if blocks[i].Form.Shape == tearline.Cell {
			last[blocks[i].Form.Table] = i
		}
	}
	out := make([]document.Block, 0, len(blocks))
	var late []document.Block
	end := -1
	for i, b := range blocks {
		if b.Form.Shape == tearline.Cell {
			end = max(end, last[b.Form.Table])
		}
		if i < end && b.Form.Shape != tearline.Cell {
			late = append(late, b)
			continue
		}
		out = append(out, b)
		if i == end {
			out = append(out, late...)
			late = nil
		}
	}
	return append(out, late...)
}

// An assembler makes a draft of blocks.
type assembler struct {
	order  document.Order
	policy *marking.Policy // nil if unknown
	draft  codec.Draft
	notes  []string
	// last is the portion that attributes would speak of, -1 if none does.
	last int
	// untitled: the document says that it has no title.
	untitled  bool
	copied    bool // a line says which copy it is, and none yet when it was made out
	authority []string
	unmarked  int
}

// head takes what was ordered.
func (a *assembler) head(o document.Order) {
	const where = "the command"
	for _, v := range []struct {
		dst  *codec.Found
		text string
	}{
		{&a.draft.ID, o.ID},
		{&a.draft.Title, o.Title},
		{&a.draft.Originator, o.Originator},
		{&a.draft.Policy, o.Policy},
		{&a.draft.Date, day(o.Date)},
		{&a.draft.DeclassifyOn, day(o.DeclassifyOn)},
	} {
		*v.dst = codec.Found{Text: v.text, Where: where}
	}
}

func (a *assembler) fault(where, hint, format string, args ...any) {
	a.draft.Faults = append(a.draft.Faults, tearline.Fault{Where: where, Text: fmt.Sprintf(format, args...), Hint: hint})
}

func (a *assembler) note(format string, args ...any) {
	if n := fmt.Sprintf(format, args...); !slices.Contains(a.notes, n) {
		a.notes = append(a.notes, n)
	}
}

// block takes one block.
func (a *assembler) block(b *document.Block) {
	a.unlabel(b)
	text := strings.TrimSpace(b.Text)
	switch {
	case text == "":
		return
	case b.Zone != document.Body && a.furniture(b):
		return
	case a.banner(b.Where, text):
		return
	case a.marked(text):
		a.portion(b)
	case frames(text):
		a.last = -1
	case a.isAuthority(text):
		a.last = -1
	case len(a.draft.Portions) == 0 && a.headLines(b, text):
	case a.last >= 0 && attributesFrom(strings.Split(text, "\n"), 0) == 0:
		a.attributes(b.Where, strings.Split(text, "\n"))
	case len(a.draft.Portions) == 0 && a.title(b, text):
	default:
		a.portion(b)
	}
}

// label is a number or bullet that somebody typed before a portion mark.
var label = regexp.MustCompile(`^\s*(?:\d{1,3}(?:\.\d{1,3}){0,4}[.)]?|[A-Za-z][.)]|\([a-z0-9]{1,3}\)|[•–—▪◦*-])\s+(\()`)

// unlabel takes the label off a block: a copy counts its paragraphs itself.
func (a *assembler) unlabel(b *document.Block) {
	m := label.FindStringSubmatchIndex(b.Text)
	if m == nil || !a.marked(b.Text[m[2]:]) {
		return
	}
	a.note("numbers and bullets before portion marks are left out")
	b.Form.Styles = slices.Clone(b.Form.Styles)
	for i := range b.Form.Styles {
		s := &b.Form.Styles[i]
		s.From, s.To = max(s.From-m[2], 0), max(s.To-m[2], 0)
	}
	b.Form.Styles = slices.DeleteFunc(b.Form.Styles, func(s tearline.Style) bool { return s.To <= s.From })
	b.Text = b.Text[m[2]:]
}

// title takes the first heading as the title.
func (a *assembler) title(b *document.Block, text string) bool {
	if a.untitled || a.draft.Title.Text != "" || b.Form.Shape != tearline.Heading || b.Form.Level != 1 {
		return false
	}
	a.draft.Title = codec.Found{Text: strings.ReplaceAll(text, "\n", " "), Where: b.Where}
	return true
}

// marked reports whether a text begins with what is, or is meant to be, a
// portion mark.
func (a *assembler) marked(text string) bool {
	mark, _, ok := splitMark(text)
	if !ok {
		return false
	}
	if a.policy != nil {
		if m, err := a.policy.Parse(mark); err == nil && !m.IsZero() {
			return true
		}
	}
	return looksLikeMark(mark)
}

// splitMark parts "(MARK) text".
func splitMark(text string) (mark, rest string, ok bool) {
	if !strings.HasPrefix(text, "(") {
		return "", "", false
	}
	i := strings.IndexByte(text, ')')
	if i < 2 || i > maxMark {
		return "", "", false
	}
	return text[:i+1], strings.TrimLeft(text[i+1:], " \t\u00a0"), true
}

const maxMark = 512 // bytes

// looksLikeMark reports whether a parenthesis is rather a mark with a mistake in
// it than a remark: capitals and what parts them alone, or two strokes.
func looksLikeMark(mark string) bool {
	inner := mark[1 : len(mark)-1]
	if strings.Contains(inner, "//") {
		return true
	}
	letters := 0
	for _, r := range inner {
		switch {
		case r >= 'A' && r <= 'Z':
			letters++
		case r >= '0' && r <= '9' || strings.ContainsRune("/,-:+&. ", r):
		default:
			return false
		}
	}
	return letters > 0 && letters == 1 || strings.ContainsAny(inner, "/:") || marks[inner]
}

// marks are short marks of several policies, which a policy that is not known
// yet cannot read.
var marks = map[string]bool{"TS": true, "CUI": true, "NU": true, "NR": true, "NC": true, "NS": true, "OS": true, "UU": true, "FOUO": true}

// portion takes a block as a portion.
func (a *assembler) portion(b *document.Block) {
	p := codec.DraftPortion{Where: b.Where, Form: b.Form}
	text := strings.TrimSpace(b.Text)
	at := strings.Index(b.Text, text) // of the wording, in the block's text
	mark, rest, ok := splitMark(text)
	if ok && a.marked(text) {
		p.Mark = mark
		at += len(text) - len(rest)
		text = rest
	} else if a.order.Unmarked != "" {
		p.Mark, p.Unmarked = a.order.Unmarked, true
		a.unmarked++
		if stray := a.misplaced(text); stray != "" {
			a.fault(b.Where, "put it before the text, in plain parentheses", "the mark %s is not where a mark belongs, so that the one ordered would hide it", stray)
		}
	}
	lines := strings.Split(text, "\n")
	n := attributesFrom(lines, 1)
	a.oneMark(b.Where, lines[:n])
	p.Text = strings.TrimRight(strings.Join(lines[:n], "\n"), " \t\n\u00a0")
	p.Form.Styles = styled(b.Form.Styles, at, p.Text)
	a.draft.Portions = append(a.draft.Portions, p)
	if a.draft.Title.Text == "" && len(a.draft.Portions) == 1 && !a.untitled && b.Form.Shape == tearline.Heading && b.Form.Level == 1 && p.Mark != "" {
		a.draft.Title = codec.Found{Text: p.Mark + " " + strings.ReplaceAll(p.Text, "\n", " "), Where: b.Where}
		a.draft.Portions = a.draft.Portions[:0]
		a.untitled = true
		return
	}
	a.last = len(a.draft.Portions) - 1
	if n < len(lines) {
		a.attributes(b.Where, lines[n:])
	}
}

// oneMark has a fault for each line but the first that begins with a mark: what
// stands behind it would be filed under the first.
func (a *assembler) oneMark(where string, lines []string) {
	for i := 1; i < len(lines); i++ {
		if line := strings.TrimSpace(lines[i]); a.marked(line) {
			mark, _, _ := splitMark(line)
			a.fault(where, "make it a paragraph of its own, or keep it from the beginning of the line", "line %d of the paragraph begins with another mark, %s", i+1, mark)
		}
	}
}

// plainMarks writes marks as they are read.
var plainMarks = strings.NewReplacer("（", "(", "）", ")", "［", "(", "］", ")", "[", "(", "]", ")", "\u00a0", " ", "\u202f", " ")

// misplaced returns the mark of a text that does not begin with one: in other
// parentheses, or behind the text.
func (a *assembler) misplaced(text string) string {
	text = plainMarks.Replace(text)
	if a.marked(text) {
		mark, _, _ := splitMark(text)
		return mark
	}
	end := strings.TrimRight(text, " .;")
	if i := strings.LastIndexByte(end, '('); i > 0 && strings.HasSuffix(end, ")") && a.marked(end[i:]) {
		return end[i:]
	}
	return ""
}

// styled moves styles into a text that begins at a byte of the block's, and
// has them take in whole alternatives.
func styled(styles []tearline.Style, at int, text string) []tearline.Style {
	w, err := tearline.ParseWording(text)
	if err != nil || len(styles) == 0 {
		return nil // the checks say why
	}
	var out []tearline.Style
	last := 0
	for _, s := range styles {
		s.From, s.To = max(s.From-at, 0), min(s.To-at, len(text))
		for _, seg := range w.Segments() {
			if seg.Alternatives == nil {
				continue
			}
			if s.From > seg.Start && s.From < seg.End {
				s.From = seg.Start
			}
			if s.To > seg.Start && s.To < seg.End {
				s.To = seg.End
			}
		}
		if s.From = max(s.From, last); s.From < s.To {
			out = append(out, s)
			last = s.To
		}
	}
	return out
}

// finish says what concerns the whole.
func (a *assembler) finish() {
	if len(a.authority) > 0 {
		a.draft.Authority = codec.Found{Text: strings.Join(a.authority, "\n"), Where: "the authority block"}
	}
	if a.unmarked > 0 {
		a.note("%d without a mark: marked %s as ordered", a.unmarked, a.order.Unmarked)
	}
	if a.draft.Title.Text == "" && a.order.Title != "" {
		a.draft.Title = codec.Found{Text: a.order.Title, Where: "the command"}
	}
}
