package codec

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tearline"
)

// A Page is what one copy shows, whatever its format. It has no field for
// anything else, so nothing else can be in the copy.
type Page struct {
	// Banner stands at the top and at the bottom of each sheet.
	Banner string
	// Copy, Recipient and Date stand below the banner; each is left out if
	// it is empty.
	Copy      tearline.CopyID
	Recipient string
	Date      string
	// Head are further lines there: what a report on file says of itself.
	Head []Line
	// Individual has the page say that each copy is worded individually.
	Individual bool
	// Title is the heading, nil if there is none.
	Title *Item
	// Items stand in their order; [Page.Labels] says which numbers they bear.
	Items []Item
	// Unnumbered leaves the paragraphs without numbers.
	Unnumbered bool
	Caveats    []string
	// Authority are the lines of the classification authority block, at the
	// foot of the last sheet.
	Authority []Line
}

// A Line is a line of the form "Name: value".
type Line struct{ Name, Value string }

// Labels returns what stands before each item's mark: "3." of a numbered
// paragraph, "•" or "2." of an item in a list, "" of all others. Paragraphs are
// counted through the page; the items of a list from 1 at each level, for as
// long as nothing but items of lists comes between.
func (p *Page) Labels() []string {
	out := make([]string, len(p.Items))
	paragraphs := 0
	var counts [tearline.MaxLevel + 1]int
	for i := range p.Items {
		f := &p.Items[i].Form
		if f.Shape != tearline.ListItem {
			clear(counts[:])
		}
		switch {
		case f.Shape == tearline.Paragraph && !p.Unnumbered:
			paragraphs++
			out[i] = strconv.Itoa(paragraphs) + "."
		case f.Shape == tearline.ListItem:
			level := min(max(f.Level, 1), tearline.MaxLevel)
			clear(counts[level+1:])
			out[i] = "•"
			if f.Ordered {
				counts[level]++
				out[i] = strconv.Itoa(counts[level]) + "."
			}
		}
	}
	return out
}

// An Item is one paragraph of a page.
type Item struct {
	// Mark is the portion mark with its parentheses; only a title may be
	// without.
	Mark string
	Text string
	// Form is how it stands on the page; its styles are stretches of Text.
	// Cells of one table follow each other, row by row; a cell that is not
	// there is empty.
	Form tearline.Form
	// Below are lines of small type under it: what a report on file says of a
	// portion. A copy has none.
	Below []string
	// Portion, Wording and Choices say where the text comes from: it is the
	// wording with these choices, unless the wording is empty. No copy shows
	// them. Where words are set one by one, they tell which of them stand in
	// every recipient's copy.
	Portion tearline.PortionID
	Wording tearline.Wording
	Choices []int
}

// individually is the line on a copy whose wording is its own.
const individually = "Individually worded copy: the wording differs from copy to copy."

// RenderMarkdown writes a page. The same page gives the same bytes. Every text
// is escaped so that it can only be text: nothing in it makes a heading, a
// mark, a link, a comment or another paragraph, and [ReadBackMarkdown] gives
// it back as it was. A page that has a character which no reader sees, or a
// line break where none can be, is refused.
func RenderMarkdown(p Page) ([]byte, error) {
	if err := p.Check(); err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	var b strings.Builder
	banner := "**" + escape(p.Banner) + "**\n"
	b.WriteString(banner)
	p.head(&b)
	if p.Title != nil {
		// A heading is one line whatever its text.
		b.WriteString("\n# " + oneLine(escapeItem(*p.Title)) + "\n")
	}
	if err := p.items(&b); err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	if len(p.Caveats) > 0 {
		b.WriteString("\nCaveats:\n\n")
		for _, c := range p.Caveats {
			b.WriteString("- " + escape(c) + "\n")
		}
	}
	for i, l := range p.Authority {
		if i == 0 {
			b.WriteString("\n")
		}
		b.WriteString("- " + escape(l.Name+": "+l.Value) + "\n")
	}
	b.WriteString("\n" + banner)
	return []byte(b.String()), nil
}

// items writes what stands between head and caveats.
func (p *Page) items(b *strings.Builder) error {
	labels := p.Labels()
	for i := 0; i < len(p.Items); i++ {
		it := &p.Items[i]
		switch f := &it.Form; {
		case f.Shape == tearline.Figure || len(it.Below) > 0:
			return &tearline.Error{
				Op: "markdown", Kind: tearline.Invalid, Public: fmt.Sprintf("item %d has what a copy in Markdown cannot hold", i+1), Hint: "--format docx, pdf or html holds pictures",
			}
		case f.Shape == tearline.Heading:
			b.WriteString("\n" + strings.Repeat("#", min(f.Level+1, 6)) + " " + oneLine(escapeItem(*it)) + "\n")
		case f.Shape == tearline.ListItem:
			label := ""
			if f.Ordered { // a list of Markdown's own would go on from the paragraphs' numbers
				label = strings.TrimSuffix(labels[i], ".") + `\. `
			}
			b.WriteString("\n" + strings.Repeat("  ", f.Level-1) + "- " + label + escapeItem(*it) + "\n")
		case f.Shape == tearline.Cell:
			n, _, columns := TableOf(p.Items[i:])
			table(b, p.Items[i:i+n], columns)
			i += n - 1
		case labels[i] != "":
			b.WriteString("\n" + labels[i] + " " + escapeItem(*it) + "\n")
		default:
			b.WriteString("\n" + escapeItem(*it) + "\n")
		}
	}
	return nil
}

// table writes the cells of one table; its first row is its head, as Markdown
// has no others.
func table(b *strings.Builder, cells []Item, columns int) {
	b.WriteString("\n")
	for row, i := 1, 0; i < len(cells); row++ {
		for column := 1; column <= columns; column++ {
			text := ""
			if i < len(cells) && cells[i].Form.Row == row && cells[i].Form.Column == column {
				text = oneLine(escapeItem(cells[i]))
				i++
			}
			b.WriteString("| " + text + " ")
		}
		b.WriteString("|\n")
		if row == 1 {
			b.WriteString(strings.Repeat("|---", columns) + "|\n")
		}
	}
}

// oneLine puts escaped text on one line.
func oneLine(escaped string) string { return strings.ReplaceAll(escaped, "\\\n", "&#10;") }

// head writes the lines below the banner.
func (p *Page) head(b *strings.Builder) {
	sep := "\n"
	for _, l := range append([]Line{{"Copy", string(p.Copy)}, {"For", p.Recipient}, {"Date", p.Date}}, p.Head...) {
		if l.Value != "" {
			b.WriteString(sep + "- " + l.Name + ": " + escape(l.Value) + "\n")
			sep = ""
		}
	}
	if p.Individual {
		b.WriteString("\n" + individually + "\n")
	}
}

// Check refuses a page that cannot be written so that it reads back the same:
// one without a banner or a mark, with a line break in what is one line, or
// with a character that no reader sees.
func (p *Page) Check() error {
	if err := oneLines(p.lines()); err != nil {
		return err
	}
	if strings.TrimSpace(p.Banner) == "" {
		return fmt.Errorf("no banner")
	}
	if p.Title != nil {
		it := *p.Title
		if it.Mark == "" {
			it.Mark = "(-)" // a title may be without one, and is an item otherwise
		}
		if err := it.check(); err != nil {
			return fmt.Errorf("title: %w", err)
		}
		if s := it.Form.Shape; s != tearline.Paragraph && s != tearline.Heading {
			return fmt.Errorf("title: it is a %s", s)
		}
	}
	return p.checkItems()
}

// lines returns the texts that are one line each.
func (p *Page) lines() []string {
	lines := slices.Concat([]string{p.Banner, string(p.Copy), p.Recipient, p.Date}, p.Caveats)
	for _, l := range slices.Concat(p.Head, p.Authority) {
		lines = append(lines, l.Name, l.Value)
	}
	return lines
}

// oneLines refuses what is more than a line, or shows less.
func oneLines(list []string) error {
	for _, s := range list {
		if strings.ContainsAny(s, "\n\r") {
			return fmt.Errorf("a line break in %q", clip(s))
		}
		if err := showable(s); err != nil {
			return err
		}
	}
	return nil
}

func (p *Page) checkItems() error {
	for i := range p.Items {
		if err := p.Items[i].check(); err != nil {
			return fmt.Errorf("item %d: %w", i+1, err)
		}
		f := &p.Items[i].Form
		if i > 0 && f.Shape == tearline.Cell && p.Items[i-1].Form.Table == f.Table {
			if last := &p.Items[i-1].Form; f.Row < last.Row || f.Row == last.Row && f.Column <= last.Column {
				return fmt.Errorf("item %d: a cell that comes before the one it stands behind", i+1)
			}
		}
	}
	return nil
}

// check refuses an item without a mark, or whose form does not fit its text.
func (it *Item) check() error {
	m := it.Mark
	if len(m) < 3 || m[0] != '(' || strings.IndexByte(m, ')') != len(m)-1 || strings.ContainsAny(m, "\n\r\t") {
		return fmt.Errorf("%q is not a portion mark", clip(m))
	}
	if err := showable(m); err != nil {
		return err
	}
	if err := errors.Join(oneLines(it.Below), it.checkForm()); err != nil {
		return err
	}
	return showable(it.Text)
}

// checkForm refuses a form that does not fit the text.
func (it *Item) checkForm() error {
	w, err := tearline.PlainWording(it.Text)
	if err != nil {
		return err
	}
	f := it.Form
	f.Styles = nil
	if err := f.Check(w); err != nil {
		return err
	}
	last := 0
	for _, s := range it.Form.Styles {
		if s.From < last || s.To <= s.From || s.To > len(it.Text) || !edge(it.Text, s.From) || !edge(it.Text, s.To) {
			return fmt.Errorf("type from byte %d to %d, in a text of %d", s.From, s.To, len(it.Text))
		}
		last = s.To
	}
	if f.Picture != nil {
		return CheckPicture(f.Picture)
	}
	return nil
}

// edge reports whether a character begins at byte i of s, or s ends there.
func edge(s string, i int) bool { return i == len(s) || utf8.RuneStart(s[i]) }

// showable refuses text that a reader would not see, or could not read.
func showable(s string) error {
	if !utf8.ValidString(s) {
		return fmt.Errorf("text is not UTF-8")
	}
	for _, r := range s {
		if invisible(r) {
			return fmt.Errorf("hidden character %U", r)
		}
	}
	return nil
}

// escapeItem returns "(MARK) text".
func escapeItem(it Item) string {
	if it.Mark == "" {
		return escape(it.Text)
	}
	return strings.TrimRight(escapeRun(it.Mark)+" "+escape(it.Text), " ")
}

// escape returns s as Markdown text that is s and nothing else, beginning at
// the start of a line or behind a marker. A line break becomes a hard one, so
// that the text stays one paragraph.
func escape(s string) string {
	var b strings.Builder
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		switch {
		case i == 0:
		case i == len(lines)-1 && line == "":
			b.WriteString("&#10;") // a paragraph cannot end in a hard break
		default:
			b.WriteString("\\\n")
		}
		b.WriteString(escapeLine(line))
	}
	return b.String()
}

// escapeLine escapes one line: its ends, where Markdown drops spaces and sees
// markers, and what lies between.
func escapeLine(line string) string {
	body := strings.Trim(line, " \t")
	if body == "" {
		return spaces(line)
	}
	lead := line[:strings.Index(line, body)]
	tail := line[len(lead)+len(body):]
	out := escapeRun(body)
	if s, ok := strings.CutSuffix(out, `\\`); ok {
		out = s + "&#92;" // three backslashes at a line's end confuse some readers
	}
	switch c := body[0]; {
	case strings.IndexByte("-+=(:.", c) >= 0:
		out = `\` + out
	case c >= '0' && c <= '9':
		// "1." and "1)" open a list item.
		n := len(body) - len(strings.TrimLeft(body, "0123456789"))
		if n < len(body) && (body[n] == '.' || body[n] == ')') {
			out = body[:n] + `\` + out[n:]
		}
	}
	return spaces(lead) + out + spaces(tail)
}

// escapeRun escapes the characters that mean something anywhere in a line,
// under CommonMark or one of its common extensions.
func escapeRun(s string) string {
	const special = "\\`*_{}[]<>&#|~^$"
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c == '\r':
			b.WriteString("&#13;")
		case c == '\t':
			b.WriteString("&#9;")
		case strings.IndexByte(special, c) >= 0:
			b.WriteByte('\\')
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// spaces writes white space that Markdown would drop.
func spaces(s string) string {
	return strings.NewReplacer(" ", "&#32;", "\t", "&#9;").Replace(s)
}
