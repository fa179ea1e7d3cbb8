package tracecmd

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/term"

	"tearline/internal/cli/command"
	"tearline/internal/node/trace"
	"tearline/internal/text"
)

// Widths, in columns.
const (
	indent   = 3
	gutter   = 3
	twoSides = 100 // from here on, two texts stand side by side
	widest   = 150 // lines longer than that are not read well
	bar      = 20  // the longest bar
)

// underline is a style beside those of package text.
const underline = "4"

// columns returns how wide the output is: what $COLUMNS says, or the terminal,
// or what all commands keep to.
func columns(r *command.Run) int {
	if n, err := strconv.Atoi(r.Env("COLUMNS")); err == nil && n > 0 {
		return min(n, widest)
	}
	if f, ok := r.Stdout.(*os.File); ok {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil && n > 0 {
			return min(n, widest)
		}
	}
	return text.Width
}

// agreeing returns the words of an excerpt, those that agree marked: bold, or
// underlined where only the stem does; in brackets where there are no styles.
func agreeing(pieces []trace.Piece, colour bool) string {
	var b strings.Builder
	open := false
	for i, p := range pieces {
		switch {
		case p.Text == "":
			b.WriteString(" … ")
		case p.How != trace.Same && p.How != trace.Stem:
			// Between two words that agree, a space does not end the stretch.
			if goesOn := blank(p.Text) && i+1 < len(pieces) && agrees(pieces[i+1]); open && !goesOn {
				b.WriteString("]")
				open = false
			}
			b.WriteString(p.Text)
		case colour:
			b.WriteString(styleWords(map[string]string{trace.Same: text.Bold, trace.Stem: underline}[p.How], p.Text))
		default:
			if !open {
				b.WriteString("[")
				open = true
			}
			b.WriteString(p.Text)
		}
	}
	if open {
		b.WriteString("]")
	}
	return b.String()
}

func agrees(p trace.Piece) bool { return p.How == trace.Same || p.How == trace.Stem }

func blank(s string) bool { return strings.TrimSpace(s) == "" }

// wordly reports whether there is a word in s, or something left out.
func wordly(s string) bool {
	return s == "" || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// styleWords styles each word by itself: lines are broken between them.
func styleWords(code, s string) string {
	var b strings.Builder
	for i, word := range strings.Split(s, " ") {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(text.Style(code, word, true))
	}
	return b.String()
}

// lines breaks words into lines of so many columns. A word longer than a line
// stays whole unless it would run into the other text.
func lines(words string, width int) []string {
	var out []string
	line, n := "", 0
	for word := range strings.FieldsSeq(words) {
		k := text.Columns(word)
		if k > width && !strings.ContainsRune(word, 0x1b) {
			for k > width {
				if n > 0 {
					out = append(out, line)
				}
				head := word[:runes(word, width)]
				line, n = head, width
				word = word[len(head):]
				k = text.Columns(word)
			}
		}
		switch {
		case n == 0:
			line, n = word, k
		case n+1+k > width:
			out = append(out, line)
			line, n = word, k
		default:
			line, n = line+" "+word, n+1+k
		}
	}
	if n > 0 {
		out = append(out, line)
	}
	return out
}

// runes returns how many bytes the first n characters take.
func runes(s string, n int) int {
	i := 0
	for ; n > 0 && i < len(s); n-- {
		_, size := utf8.DecodeRuneInString(s[i:])
		i += size
	}
	return i
}

// sides shows the leak beside the portion, or above it where there is no room;
// there without the portion if the leak has all of its words.
func sides(p *command.Printer, leak, portion []trace.Piece, width int) {
	left, right := agreeing(leak, p.Colour), agreeing(portion, p.Colour)
	if width < twoSides {
		above(p, "text", left)
		if slices.ContainsFunc(portion, func(x trace.Piece) bool { return !agrees(x) && wordly(x.Text) }) {
			above(p, "portion", right)
		}
		return
	}
	half := (width - indent - gutter) / 2
	a, b := lines(left, half), lines(right, half)
	p.F("%*s%-*s%s\n", indent, "", half+gutter, "in the text", "in the portion")
	for i := range max(len(a), len(b)) {
		var x, y string
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		gap := strings.Repeat(" ", half+gutter-text.Columns(x))
		p.F("%s\n", strings.TrimRight(strings.Repeat(" ", indent)+x+gap+y, " "))
	}
}

// above shows one of two texts that stand one above the other.
func above(p *command.Printer, name, words string) {
	const label = 9
	for i, l := range lines(words, text.Width-indent-label) {
		if i > 0 {
			name = ""
		}
		p.F("%*s%-*s%s\n", indent, "", label, name, l)
	}
}

// bars shows evidence as bars, to one scale.
func bars(p *command.Printer, all []trace.Evidence) {
	longest, names := 0.0, 0
	for _, e := range all {
		longest = max(longest, math.Abs(e.Bits))
		names = max(names, utf8.RuneCountInString(trace.Plain(e.Term)))
	}
	names = min(names, 48)
	for _, e := range all {
		p.F("     %-*s %6s %s\n", names, trace.Plain(e.Term), fmt.Sprintf("%+.1f", e.Bits), block(e.Bits, longest))
	}
}

// block is a bar of eighths of a column; what speaks against is hatched.
func block(bits, longest float64) string {
	if longest == 0 || math.IsNaN(bits) || math.IsInf(longest, 0) {
		return ""
	}
	eighths := int(math.Round(math.Abs(bits) / longest * bar * 8))
	if bits < 0 {
		return strings.Repeat("░", (eighths+7)/8)
	}
	s := strings.Repeat("█", eighths/8)
	if k := eighths % 8; k > 0 {
		s += string([]rune("▏▎▍▌▋▊▉")[k-1])
	}
	return s
}
