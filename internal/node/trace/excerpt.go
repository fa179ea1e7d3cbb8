package trace

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Piece is a stretch of an excerpt.
type Piece struct {
	// Text has nothing in it that a terminal or a browser would obey; empty
	// where something was left out.
	Text string
	// How the stretch agrees with the other text: same, stem, changed, or
	// empty.
	How string
}

// Excerpts returns what a reader needs of the leak and of the portion to see
// how they agree: the words of the match with some around them, at most so
// many bytes of each. Offsets that do not fit the texts are left out.
func (m *Match) Excerpts(leak string, most int) (ofLeak, ofPortion []Piece) {
	var inLeak, inPortion []mark
	for _, w := range m.Words {
		inLeak = append(inLeak, mark{w.Leak, w.How})
		inPortion = append(inPortion, mark{w.Portion, w.How})
	}
	if len(m.Words) == 0 {
		for _, s := range m.Spans {
			inLeak = append(inLeak, mark{s.Leak, Same})
			inPortion = append(inPortion, mark{s.Portion, Same})
		}
	}
	return excerpt(leak, inLeak, most), excerpt(m.Text, inPortion, most)
}

// A mark is a marked stretch of a text.
type mark struct {
	at  [2]int
	how string
}

// around is how many bytes on either side of a marked stretch are shown, at
// most.
const around = 90

func excerpt(text string, marks []mark, most int) []Piece {
	marks = tidy(text, marks)
	if len(marks) == 0 {
		end := boundary(text, min(most, len(text)))
		return ellipsis([]Piece{{Text: Plain(text[:end])}}, end < len(text))
	}
	var out []Piece
	side := min(around, most/12)
	shown, left := 0, most // up to where the text is shown, and how many bytes may be
	for i, m := range marks {
		from := max(shown, back(text, m.at[0]-side))
		if from > shown {
			out = ellipsis(out, true)
		}
		end := forward(text, m.at[1]+side)
		if i+1 < len(marks) {
			end = min(end, marks[i+1].at[0])
		}
		if left -= end - from; left < 0 && i > 0 {
			return ellipsis(out, true)
		}
		if from < m.at[0] {
			out = append(out, Piece{Text: Plain(text[from:m.at[0]])})
		}
		out = append(out, Piece{Text: Plain(text[m.at[0]:m.at[1]]), How: m.how})
		if m.at[1] < end {
			out = append(out, Piece{Text: Plain(text[m.at[1]:end])})
		}
		shown = end
	}
	return ellipsis(out, shown < len(text))
}

func ellipsis(out []Piece, more bool) []Piece {
	if more {
		out = append(out, Piece{})
	}
	return out
}

// tidy puts marks in order, leaves out those that do not fit the text or
// overlap, and makes one of those that only spaces and punctuation part.
func tidy(text string, marks []mark) []mark {
	marks = slices.DeleteFunc(slices.Clone(marks), func(m mark) bool {
		return m.at[0] < 0 || m.at[0] >= m.at[1] || m.at[1] > len(text)
	})
	for i := range marks {
		marks[i].at = [2]int{boundary(text, marks[i].at[0]), boundary(text, marks[i].at[1])}
	}
	slices.SortStableFunc(marks, func(a, b mark) int { return cmp.Or(a.at[0]-b.at[0], b.at[1]-a.at[1]) })
	var out []mark
	for _, m := range marks {
		last := len(out) - 1
		switch {
		case last >= 0 && m.at[0] < out[last].at[1]:
		case last >= 0 && m.how == out[last].how && !strings.ContainsFunc(text[out[last].at[1]:m.at[0]], wordly):
			out[last].at[1] = m.at[1]
		case m.at[0] < m.at[1]:
			out = append(out, m)
		}
	}
	return out
}

func wordly(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '\n'
}

// boundary returns the last place up to i at which a character begins.
func boundary(text string, i int) int {
	for i > 0 && i < len(text) && !utf8.RuneStart(text[i]) {
		i--
	}
	return i
}

// back returns a place before i, or i, at which a word begins: the text is to
// be shown from there. A very long word is cut.
func back(text string, i int) int {
	if i <= 0 {
		return 0
	}
	if k := strings.LastIndexAny(text[:i], " \n\t"); i-k <= around {
		return k + 1
	}
	return boundary(text, i)
}

func forward(text string, i int) int {
	if i >= len(text) {
		return len(text)
	}
	k := strings.IndexAny(text[i:], " \n\t")
	if k < 0 {
		k = len(text) - i
	}
	if k <= around {
		return i + k
	}
	return boundary(text, i)
}

// Plain is a text without what a terminal or a browser would obey: control
// characters and such as turn the direction of writing are shown as �.
func Plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\u2028', r == '\u2029':
			return utf8.RuneError
		}
		return r
	}, s)
}
