package mail

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"

	"tearline/codec/document"
	"tearline/codec/plain"
)

// text reads a part that is text of the mail.
func (l *letter) text(p part) (content, error) {
	b, err := p.decoded()
	if err != nil {
		return content{}, err
	}
	if l.size += len(b); l.size > document.MaxText {
		return content{}, refuse(fmt.Sprintf("the text of the mail is longer than %d MiB", document.MaxText>>20), "divide it", nil)
	}
	l.texts++
	prefix := ""
	if l.texts > 1 {
		prefix = fmt.Sprintf("part %d, ", l.texts)
	}
	c := content{kind: p.kind}
	if p.kind == "text/html" {
		s, err := decodeHTML(b, p.params["charset"])
		if err != nil {
			return c, err
		}
		c.Reading, l.tables, err = readHTML(s, prefix, l.tables)
		return c, err
	}
	s, err := decodeText(b, p.params["charset"])
	if err != nil {
		return c, err
	}
	return c, readPlain(&c, s, prefix, strings.EqualFold(p.params["format"], "flowed"), strings.EqualFold(p.params["delsp"], "yes"))
}

// decodeText makes a string of a text in the encoding that it says; a text that
// does not say one is UTF-8, of which ASCII is a part. What is not written as
// it says is refused: programs differ in what they show of it.
func decodeText(b []byte, label string) (string, error) {
	label = strings.ToLower(strings.Trim(label, " \t"))
	hint := "save the mail again as UTF-8"
	if len(b) > document.MaxText {
		return "", refuse(fmt.Sprintf("the text of the mail is longer than %d MiB", document.MaxText>>20), "divide it", nil)
	}
	var s string
	switch label {
	case "", "us-ascii", "ascii", "utf-8", "utf8":
		if !utf8.Valid(b) {
			return "", refuse("the text is not in the encoding that it says", hint, nil)
		}
		s = strings.TrimPrefix(string(b), "\uFEFF")
	default:
		enc, name := charset.Lookup(label)
		if enc == nil || enc == encoding.Replacement {
			return "", refuse("the text is in an encoding that is not known: "+short(label), hint, nil)
		}
		single := strings.HasPrefix(name, "windows-") || strings.HasPrefix(name, "iso-8859-") || strings.HasPrefix(name, "koi8-")
		out, err := enc.NewDecoder().Bytes(b)
		s = strings.TrimPrefix(string(out), "\uFEFF")
		if err != nil || strings.ContainsAny(s, "\uFFFD\uFFFE") || single && !ascii(b) && utf8.Valid(b) {
			return "", refuse("the text is not in the encoding that it says: "+short(label), hint, err)
		}
	}
	if strings.IndexByte(s, 0) >= 0 {
		return "", refuse("the text holds what no text does", "attach it as a file", nil)
	}
	return s, nil
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// quoted is a line and how deep it is quoted.
type quoted struct {
	plain.Line
	depth int
}

// Signs of what is quoted, or is no text.
var (
	divider     = regexp.MustCompile(`^-{2,} ?\p{L}[\p{L} '’]{2,40}\p{L} ?-{2,}$`)
	attribution = regexp.MustCompile(`^(?:On|Am|Le|El|Il|Op|Den|Em|W dniu) `)
	wrote       = regexp.MustCompile(`(?i)\b(?:wrote|writes|schrieb|a écrit|escribió|ha scritto|schreef|skrev|escreveu|pisze|napisał|napisała) ?:$`)
)

// readPlain reads a plain text.
func readPlain(c *content, s, prefix string, flowed, delSp bool) error {
	lines, err := plain.Lines(s)
	if err != nil {
		return refuse(err.Error(), "divide it", err)
	}
	if strings.Contains(s, "-----BEGIN PGP MESSAGE-----") {
		return refuse("the mail is encrypted", "decrypt it in the mail program, and save it again", nil)
	}
	if strings.Contains(s, "-----BEGIN PGP ") {
		c.fault(strings.TrimSuffix(prefix+"text", " "), "a PGP signature or key stands in the text", "save the mail without it")
	}
	qs := unquote(lines, flowed)
	if flowed {
		qs = unflow(qs, delSp)
	}
	mark(qs)
	blocks, first := arrange(qs, prefix)
	c.Blocks = blocks
	if first > 0 {
		c.Notes = append(c.Notes, fmt.Sprintf("%sfrom line %d on, text is quoted from another mail: it needs marks of its own", prefix, first))
	}
	return nil
}

// unquote takes the quote marks off.
func unquote(lines []plain.Line, flowed bool) []quoted {
	out := make([]quoted, 0, len(lines))
	for _, l := range lines {
		q := quoted{Line: l}
		for strings.HasPrefix(q.Text, ">") {
			q.depth++
			q.Text = q.Text[1:]
			if !flowed && strings.HasPrefix(q.Text, " >") {
				q.Text = q.Text[1:]
			}
		}
		if q.depth > 0 || flowed {
			q.Text = strings.TrimPrefix(q.Text, " ") // stuffed (RFC 3676, 4.4)
		}
		out = append(out, q)
	}
	return out
}

// unflow joins lines that end in a space to the next (RFC 3676, 4). A line that
// begins with a portion mark, and one that says nothing, are joined to none.
func unflow(qs []quoted, delSp bool) []quoted {
	var out []quoted
	var texts []string
	flush := func() {
		if len(texts) > 0 {
			out[len(out)-1].Text = strings.TrimRight(strings.Join(texts, ""), " ")
		}
		texts = nil
	}
	open := false
	for _, q := range qs {
		signature := q.Text == "-- "
		if !open || signature || q.Text == "" || q.depth != out[len(out)-1].depth || plain.Marked(q.Text) {
			flush()
			out = append(out, q)
		}
		open = !signature && strings.HasSuffix(q.Text, " ")
		if open && delSp {
			q.Text = strings.TrimSuffix(q.Text, " ")
		}
		texts = append(texts, q.Text)
		if signature {
			flush()
			out[len(out)-1].Text = q.Text
		}
	}
	flush()
	return out
}

// mark gives depth to what is quoted without quote marks: the line that says
// who wrote, and all that stands below a line that divides.
func mark(qs []quoted) {
	below := false
	for i := range qs {
		q := &qs[i]
		text := strings.Trim(q.Text, " \t")
		switch {
		case q.depth == 0 && (divider.MatchString(text) || underscores(qs[i:])):
			below = true
			q.Text, q.depth = "", 1
		case below:
			q.depth++
		case text == "--":
			q.Text = "" // a signature follows
		case q.depth == 0 && strings.HasSuffix(text, ":"):
			markAuthor(qs, i)
		}
	}
}

// markAuthor gives depth to the line, or the lines, that say who wrote what is
// quoted, of which line i may be the last.
func markAuthor(qs []quoted, i int) {
	says := wrote.MatchString(strings.Trim(qs[i].Text, " \t"))
	if !says && !quotes(qs[i+1:]) {
		return
	}
	from := i
	for j := i; j >= max(0, i-2) && qs[j].depth == 0; j-- {
		if attribution.MatchString(qs[j].Text) {
			from, says = j, true
			break
		}
	}
	for j := from; says && j <= i; j++ {
		qs[j].depth = 1
	}
}

// underscores reports whether a mail is quoted below a line, as Outlook does.
func underscores(qs []quoted) bool {
	return len(qs) > 1 && len(qs[0].Text) >= 8 && strings.Trim(qs[0].Text, "_") == "" && strings.HasPrefix(qs[1].Text, "From:")
}

// quotes reports whether the next line that says something is quoted.
func quotes(qs []quoted) bool {
	for i := range min(len(qs), 4) {
		if strings.Trim(qs[i].Text, " \t") != "" {
			return qs[i].depth > 0
		}
	}
	return false
}

// arrange makes blocks; first is the number of the first line that is quoted, 0
// if none is.
func arrange(qs []quoted, prefix string) (out []document.Block, first int) {
	lines := make([]plain.Line, len(qs))
	for i, q := range qs {
		lines[i] = q.Line
	}
	out = banners(lines, qs)
	for i := range out {
		out[i].Where = prefix + out[i].Where
	}
	for from := 0; from < len(qs) && len(out) <= document.MaxBlocks; {
		to := from + 1
		for to < len(qs) && qs[to].depth == qs[from].depth {
			to++
		}
		p := prefix
		if qs[from].depth > 0 {
			p += "quoted text, "
		}
		blocks := plain.Blocks(p, lines[from:to])
		if qs[from].depth > 0 && len(blocks) > 0 && first == 0 {
			first = qs[from].Number
		}
		out = append(out, blocks...)
		from = to
	}
	return out, first
}

// banners takes the first and the last line out if they are banners of the mail
// itself.
func banners(lines []plain.Line, qs []quoted) []document.Block {
	from, to := 0, len(lines)
	for from < to && strings.Trim(lines[from].Text, " \t") == "" {
		from++
	}
	for to > from && strings.Trim(lines[to-1].Text, " \t") == "" {
		to--
	}
	if to-from < 2 || qs[from].depth > 0 || qs[to-1].depth > 0 {
		return nil
	}
	ends := []plain.Line{lines[from], lines[to-1]}
	ends[0].Page, ends[1].Page = 1, 1
	_, out := plain.Banners(ends)
	if len(out) > 0 {
		lines[from].Text, lines[to-1].Text = "", ""
	}
	return out
}
