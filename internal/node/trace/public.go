package trace

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A Background looks a passage of the leak up among public texts of before.
type Background func(passage string, before time.Time) ([]Public, error)

// maxPassage bounds what is looked up, in bytes.
const maxPassage = 8 << 10

// public looks a match up in the background.
func public(look Background, leak string, m *Match, seen time.Time) ([]Public, error) {
	var passage strings.Builder
	for _, s := range m.Spans {
		if from, to := s.Leak[0], s.Leak[1]; 0 <= from && from < to && to <= len(leak) && passage.Len()+to-from < maxPassage {
			passage.WriteString(leak[from:to] + "\n")
		}
	}
	if passage.Len() == 0 {
		return []Public{}, nil
	}
	items, err := look(passage.String(), seen)
	if err != nil {
		return nil, err
	}
	out := []Public{}
	for _, it := range items {
		if it.Published.Before(seen) {
			out = append(out, it)
		}
	}
	slices.SortStableFunc(out, func(a, b Public) int { return a.Published.Compare(b.Published) })
	return out, nil
}

// An Error is a detail of the portion that the text has as well, although all
// public texts have something else in its place: who writes from them does not
// come by it.
type Error struct {
	Text string `json:"text"`
	// Elsewhere is what public texts have.
	Elsewhere []string `json:"elsewhere"`
}

// compared is what the background says of the details that the text
// reproduces.
type compared struct {
	public int // how many were public
	// first is the oldest item that has one.
	first  *Public
	errors []Error
}

// compare looks the reproduced details up in the public texts, and notes how
// many each of them has.
func compare(m *Match, items []Public) compared {
	var c compared
	texts := make([][]token, len(items))
	for i := range items {
		texts[i] = tokens(items[i].Text)
		if items[i].Text != "" {
			items[i].Details = 0
		}
	}
	own := tokens(m.Text)
	for _, d := range m.Details.Reproduced {
		detail := tokens(d.Text)
		if len(detail) == 0 {
			continue
		}
		known := false
		for i := range items {
			if index(texts[i], detail) < 0 {
				continue
			}
			known = true
			items[i].Details++
		}
		if known {
			c.public++
			continue
		}
		if other := elsewhere(own, detail, texts); len(other) > 0 {
			c.errors = append(c.errors, Error{d.Text, other})
		}
	}
	for i := range items {
		if items[i].Details > 0 && c.first == nil {
			c.first = &items[i]
		}
		c.public = max(c.public, min(items[i].Details, len(m.Details.Reproduced)))
	}
	return c
}

// elsewhere returns what the public texts have in the place of a detail: a
// figure before the same word, or nearly the same name.
func elsewhere(own, detail []token, texts [][]token) []string {
	var out []string
	for _, t := range texts {
		var other string
		if len(detail) == 1 && detail[0].figure {
			other = otherFigure(own, detail[0], t)
		} else if len(detail) == 1 {
			other = otherSpelling(detail[0], t)
		}
		if other != "" && !slices.Contains(out, other) {
			out = append(out, other)
		}
	}
	return out
}

// otherFigure returns the figure that a text has before the word before which
// the portion has this one, if there is just one.
func otherFigure(own []token, figure token, text []token) string {
	at := slices.Index(own, figure)
	if at < 0 || at+1 >= len(own) || own[at+1].figure {
		return ""
	}
	unit, found := own[at+1], ""
	for i := 1; i < len(text); i++ {
		if text[i] == unit && text[i-1].figure {
			if found != "" {
				return ""
			}
			found = text[i-1].word
		}
	}
	return found
}

// otherSpelling returns a word of a text that differs from a name of five
// letters or more in one of them, but for how it is inflected.
func otherSpelling(name token, text []token) string {
	if len(name.word) < 5 {
		return ""
	}
	for _, t := range text {
		if !t.figure && t.word[0] == name.word[0] && oneOff(name.word, t.word) && !strings.HasPrefix(t.word, name.word) && !strings.HasPrefix(name.word, t.word) {
			return t.word
		}
	}
	return ""
}

// oneOff reports whether one letter put in, left out, changed, or swapped with
// the next makes one word the other.
func oneOff(x, y string) bool {
	a, b := []rune(x), []rune(y)
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	swapped := len(a) == 2 && len(b) == 2 && a[0] == b[1] && a[1] == b[0]
	return swapped || len(a) <= 1 && len(b) <= 1 && len(a)+len(b) > 0
}

// A token is a word or a figure, folded.
type token struct {
	word   string
	figure bool
}

// tokens parts a text into words, without regard to case, compatibility forms
// and the commas of figures.
func tokens(s string) []token {
	var out []token
	s = strings.ToLower(norm.NFKC.String(s))
	from := -1
	for i, r := range s {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
			if from < 0 {
				from = i
			}
		case from >= 0 && (r == ',' || r == '.') && digitAt(s, i-1) && digitAt(s, i+1):
		case from >= 0:
			out, from = append(out, newToken(s[from:i])), -1
		}
	}
	if from >= 0 {
		out = append(out, newToken(s[from:]))
	}
	return out
}

func newToken(word string) token {
	if digitAt(word, 0) {
		return token{strings.ReplaceAll(word, ",", ""), true}
	}
	return token{word, false}
}

func digitAt(s string, i int) bool { return i >= 0 && i < len(s) && '0' <= s[i] && s[i] <= '9' }

// index returns where words stand in a row in a text, or -1.
func index(text, words []token) int {
	for i := 0; i+len(words) <= len(text); i++ {
		if slices.Equal(text[i:i+len(words)], words) {
			return i
		}
	}
	return -1
}
