package plain

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"tearline"
	"tearline/codec/document"
)

// Signs of how a line begins.
var (
	// A mark: capitals, as all published policies write it. A long one may go
	// on in the next line.
	mark = regexp.MustCompile(`^\([/\p{Lu}\p{Nd}][\p{Lu}\p{Nd} /:;,.+&_'’-]{0,500}(?:\)|$)`)
	// What may be the mark of a policy that writes small letters.
	loose  = regexp.MustCompile(`^\([^()]{1,80}\)(?:\s|$)`)
	number = regexp.MustCompile(`^(\d{1,3}(?:\.\d{1,3})*)[.)][ \t\x{a0}]+`)
	letter = regexp.MustCompile(`^(?:[A-Za-z][.)]|[ivxIVX]{1,5}[.)]|\d{1,3}(?:\.\d{1,3})+|[o§])[ \t\x{a0}]+`)
	bullet = regexp.MustCompile(`^[-*+•◦▪■‣·–—][ \t\x{a0}]+`)
	key    = regexp.MustCompile(`^\p{L}[\p{L}\p{Nd} ./'’()-]{0,40}:(?:[ \t]+\S|$)`)
)

// Marked reports whether a line begins with a portion mark, before which a
// number or a bullet may stand.
func Marked(line string) bool {
	line = trim(line)
	_, rest := label(line)
	return isMark(line) || isMark(rest)
}

func isMark(s string) bool {
	return strings.HasPrefix(s, "(") && mark.MatchString(s) && strings.ContainsFunc(s[:min(len(s), 500)], func(r rune) bool { return r >= 'A' })
}

// Begin returns what a line is that stands alone, and its text without the
// number or bullet before it: an item of a list, or a paragraph. A number that
// is neither before a mark nor before an item stays.
func Begin(line string) (tearline.Form, string) {
	s, _ := begins(trim(line), 0, true, false, "")
	return s.form, s.text
}

// label returns the kind of label that a line begins with, 0 if none, and what
// comes behind it.
func label(s string) (kind byte, rest string) {
	if s == "" || s[0] < '0' && s[0] != '-' && s[0] != '*' && s[0] != '+' {
		return 0, s
	}
	for _, l := range []struct {
		kind byte
		re   *regexp.Regexp
	}{{'-', bullet}, {'1', number}, {'a', letter}} {
		if m := l.re.FindString(s); m != "" && len(m) < len(s) {
			return l.kind, s[len(m):]
		}
	}
	return 0, s
}

// start is how a block begins.
type start struct {
	form tearline.Form
	text string // of its first line
}

// begins says whether a line begins a block. fresh says that nothing stands
// before it in its group, inList that an item does; before is the line before.
func begins(s string, indent int, fresh, inList bool, before string) (start, bool) {
	kind, rest := label(s)
	marked := isMark(rest)
	item := tearline.Form{Shape: tearline.ListItem, Level: 1}
	switch {
	case kind == '-':
		return start{item, rest}, true
	case kind == '1' && marked && indent == 0:
		return start{text: rest}, true // a numbered paragraph
	case kind == '1' && (fresh || inList || first(s)), kind != 0 && marked:
		item.Ordered = true
		return start{item, rest}, true
	}
	return start{text: s}, fresh || isMark(s) || loose.MatchString(s) && ended(before)
}

// first reports whether an item bears the first number of a list.
func first(s string) bool { return strings.HasPrefix(s, "1.") || strings.HasPrefix(s, "1)") }

// ended reports whether a line may be the last of its paragraph.
func ended(l string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(l, " \t\"'”’»)"))
	return strings.ContainsRune(".!?:;…", r)
}

// rule reports whether a line does nothing but rule.
func rule(s string) bool {
	return len(s) >= 3 && strings.Trim(s, string(s[0])) == "" && strings.IndexByte("-=_*~", s[0]) >= 0
}

// Blocks makes paragraphs, headings and items of lists of lines. Where in each
// is the prefix, then "line" and the number of its first line. It makes at
// most one block more than a document may have.
func Blocks(prefix string, lines []Line) []document.Block {
	b := &builder{prefix: prefix}
	for from := 0; from < len(lines) && len(b.out) <= document.MaxBlocks; {
		if blank(lines[from].Text) {
			from++
			continue
		}
		to := from + 1
		for to < len(lines) && !blank(lines[to].Text) && lines[to].Page == lines[from].Page {
			to++
		}
		b.group(lines[from:to])
		from = to
	}
	return b.out
}

// labelled is the number of the first line whose number or bullet is left out,
// 0 if there is none.
func labelled(lines []Line) int {
	for _, l := range lines {
		s := trim(l.Text)
		if kind, rest := label(s); kind == '-' || kind != 0 && isMark(rest) {
			return l.Number
		}
	}
	return 0
}

// builder collects blocks.
type builder struct {
	prefix  string
	out     []document.Block
	indents []int // of the lists that are open
}

// group parts lines without a blank one between them into blocks.
func (b *builder) group(lines []Line) {
	var piece []Line
	var head start
	flush := func() {
		if len(piece) > 0 {
			b.piece(head, piece)
		}
		piece = nil
	}
	for i := 0; i < len(lines) && len(b.out) <= document.MaxBlocks; i++ {
		text := trim(lines[i].Text)
		if rule(text) {
			flush()
			continue
		}
		before := ""
		if i > 0 {
			before = lines[i-1].Text
		}
		fresh := len(piece) == 0
		s, ok := begins(text, indent(lines[i].Text), fresh, !fresh && head.form.Shape == tearline.ListItem, before)
		if (ok || fresh) && i+1 < len(lines) && underline(trim(lines[i+1].Text)) {
			flush()
			b.heading(lines[i], s, trim(lines[i+1].Text)[0])
			i++
			continue
		}
		if ok {
			flush()
			head = s
		}
		piece = append(piece, lines[i])
	}
	flush()
}

func underline(s string) bool { return rule(s) && (s[0] == '=' || s[0] == '-') }

func (b *builder) heading(l Line, s start, by byte) {
	text := trim(l.Text)
	if isMark(s.text) {
		text = s.text
	}
	level := 1
	if by == '-' {
		level = 2
	}
	b.add(l.Number, text, tearline.Form{Shape: tearline.Heading, Level: level})
}

// piece adds what lines are: one block, or one a line where they all say
// "Name: value". A short line above those stands alone, as a banner does.
func (b *builder) piece(head start, lines []Line) {
	if head.form.Shape == tearline.Paragraph && !isMark(head.text) && len(lines) > 2 && short(lines[0]) && Keyed(lines[1:]) {
		b.add(lines[0].Number, trim(lines[0].Text), tearline.Form{})
		lines = lines[1:]
		head = start{text: trim(lines[0].Text)}
	}
	if head.form.Shape == tearline.Paragraph && len(lines) > 1 && Keyed(lines) {
		from := 0
		for i := 1; i <= len(lines); i++ {
			if i == len(lines) || indent(lines[i].Text) == 0 {
				b.add(lines[from].Number, join(trim(lines[from].Text), lines[from:i]), tearline.Form{})
				from = i
			}
		}
		return
	}
	form := head.form
	if form.Shape == tearline.ListItem {
		form.Level = b.level(indent(lines[0].Text))
	}
	b.add(lines[0].Number, join(head.text, lines), form)
}

// short reports whether a line may stand alone: it is no part of a sentence,
// and is not itself of the form "Name: value".
func short(l Line) bool {
	text := trim(l.Text)
	return utf8.RuneCountInString(text) <= 60 && !ended(text) && !key.MatchString(text)
}

// Keyed reports whether lines are of the form "Name: value", but for those
// that are indented: they go on with the one before.
func Keyed(lines []Line) bool {
	n := 0
	for i, l := range lines {
		if i > 0 && indent(l.Text) > 0 {
			continue
		}
		if !key.MatchString(trim(l.Text)) {
			return false
		}
		n++
	}
	return n > 1
}

// join makes one text of lines; text is the first without its label.
func join(text string, lines []Line) string {
	var s strings.Builder
	s.WriteString(text)
	for i, l := range lines[1:] {
		if strings.HasSuffix(lines[i].Text, "  ") {
			s.WriteByte('\n') // as Markdown has it
		} else {
			s.WriteByte(' ')
		}
		s.WriteString(trim(l.Text))
	}
	return s.String()
}

func (b *builder) add(number int, text string, form tearline.Form) {
	if form.Shape != tearline.ListItem {
		b.indents = b.indents[:0]
	}
	b.out = append(b.out, document.Block{Where: fmt.Sprintf("%sline %d", b.prefix, number), Text: text, Form: form})
}

// level is how deep an item stands, by its indentation and that of the items
// before it.
func (b *builder) level(indent int) int {
	for len(b.indents) > 0 && b.indents[len(b.indents)-1] > indent {
		b.indents = b.indents[:len(b.indents)-1]
	}
	if n := len(b.indents); n == 0 || b.indents[n-1] < indent {
		b.indents = append(b.indents, indent)
	}
	return min(len(b.indents), tearline.MaxLevel)
}

// indent counts the columns before a line's text.
func indent(l string) int {
	n := 0
	for _, c := range []byte(l) {
		switch c {
		case ' ':
			n++
		case '\t':
			n += 4 - n%4
		default:
			return n
		}
	}
	return n
}
