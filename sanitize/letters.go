package sanitize

import (
	"math/bits"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"tearline"
)

// What counts as the same text when only its letters are looked at.
const (
	// gram is how many letters in a row, of a withheld text and of the copy,
	// are no accident.
	gram = 24
	// slack is how many of them may be other than in an open text: those that
	// happen to stand before or behind it.
	slack = 4
	// wholeLetters is the shortest withheld text that is searched for among
	// letters as a whole, nameLetters the shortest name.
	wholeLetters, nameLetters = 12, 8
)

// appendLetters appends a text's letters and digits, in lower case and without
// accents: spacing, hyphens, punctuation, line breaks and characters that
// nobody sees do not part them.
func appendLetters(b []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= utf8.RuneSelf:
			return appendFolded(b, s[i:])
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			b = append(b, c)
		case c >= 'A' && c <= 'Z':
			b = append(b, c+'a'-'A')
		}
	}
	return b
}

// appendFolded does it for other characters than ASCII's, too. What it takes
// apart begins at the start of s: no accent in s can belong to a letter before,
// as accents fall away.
func appendFolded(b []byte, s string) []byte {
	for _, r := range norm.NFKD.String(s) {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			b = utf8.AppendRune(b, unicode.ToLower(r))
		}
	}
	return b
}

// letters are those of texts, one after the other.
func letters(texts ...string) string {
	n := 0
	for _, t := range texts {
		n += len(t)
	}
	b := make([]byte, 0, n)
	for _, t := range texts {
		b = appendLetters(b, t)
	}
	return string(b)
}

// base is that of the polynomial that stands for letters in a row: an odd
// number without a pattern.
const base = 0x9e3779b97f4a7c15

// grams are all the runs of some number of letters of a text, as a set of
// their hashes. Which text had them is for the caller to look up again.
type grams struct {
	of    int
	top   uint64 // base to the power of of
	shift int
	slots []uint64
	zero  bool // the hash 0 is one of them
}

// newGrams returns the runs of n letters.
func newGrams(text string, n int) *grams {
	g := &grams{of: n, top: 1}
	for range n {
		g.top *= base
	}
	size := bits.Len(uint(2*len(text) + 16))
	g.slots, g.shift = make([]uint64, 1<<size), 64-size
	var h uint64
	tail, count := 0, 0
	for _, r := range text {
		h = h*base + uint64(r) //nolint:gosec // a character is positive
		if count++; count > n {
			out, size := utf8.DecodeRuneInString(text[tail:])
			tail += size
			h -= uint64(out) * g.top //nolint:gosec // a character is positive
		}
		if count >= n {
			g.add(h)
		}
	}
	return g
}

func (g *grams) add(h uint64) {
	if h == 0 {
		g.zero = true
		return
	}
	mask := uint64(len(g.slots)) - 1
	for i := (h * base) >> g.shift; ; i = (i + 1) & mask {
		switch g.slots[i] {
		case h:
			return
		case 0:
			g.slots[i] = h
			return
		}
	}
}

// have reports whether a run with this hash is one of them.
func (g *grams) have(h uint64) bool {
	if h == 0 {
		return g.zero
	}
	mask := uint64(len(g.slots)) - 1
	for i := (h * base) >> g.shift; g.slots[i] != 0; i = (i + 1) & mask {
		if g.slots[i] == h {
			return true
		}
	}
	return false
}

// A spelling looks for withheld texts among a copy's letters, however they are
// spaced, hyphenated, or parted over what the copy is made of.
type spelling struct {
	// copied are all the letters of the copy, said those that nobody
	// withholds: of the items that are meant to be in it, and of what every
	// copy has.
	copied, said *names
	// runs are those of the copy, known those of the items, which are shorter
	// by the slack. What every copy has is none of them: a writer that puts a
	// withheld text into each is caught, too.
	runs, known *grams
	hashes      []uint64 // of a text's beginnings; kept for the next one
}

// newSpelling prepares a copy's texts, the open ones, and those of the frame.
func newSpelling(copied, open, frame []string) *spelling {
	items := letters(open...)
	s := &spelling{copied: newNames(letters(copied...)), said: newNames(items + letters(frame...))}
	s.runs, s.known = newGrams(s.copied.text, gram), newGrams(items, gram-slack)
	return s
}

// run returns letters in a row of a wording that the copy has and no open text;
// "" if there are none. Of alternatives, the first are read together, and each
// other one between what stands around it.
func (s *spelling) run(w tearline.Wording) string {
	for text := range readings(w) {
		if hit := s.text([]rune(letters(text))); hit != "" {
			return hit
		}
	}
	return ""
}

// text searches for one text.
func (s *spelling) text(text []rune) string {
	if len(text) < gram {
		if whole := string(text); len(text) >= wholeLetters && s.copied.within(whole) && !s.said.within(whole) {
			return whole
		}
		return ""
	}
	s.hashes = append(s.hashes[:0], 0)
	for i, r := range text {
		s.hashes = append(s.hashes, s.hashes[i]*base+uint64(r)) //nolint:gosec // a character is positive
	}
	short := s.known.of
	for i := range len(text) - gram + 1 {
		end := i + gram
		if !s.runs.have(s.hashes[end] - s.hashes[i]*s.runs.top) {
			continue
		}
		if s.known.have(s.hashes[i+short]-s.hashes[i]*s.known.top) || s.known.have(s.hashes[end]-s.hashes[end-short]*s.known.top) {
			continue
		}
		if hit := string(text[i:end]); strings.Contains(s.copied.text, hit) {
			return hit
		}
	}
	return ""
}

// within reports whether the text has s anywhere in it, though not a number as
// a part of a longer one.
func (n *names) within(s string) bool {
	if s == "" {
		return false
	}
	digit := func(t string, i int) bool { return i >= 0 && i < len(t) && t[i] >= '0' && t[i] <= '9' }
	for _, i := range n.index.Lookup([]byte(s), -1) {
		before := digit(s, 0) && digit(n.text, i-1)
		if behind := digit(s, len(s)-1) && digit(n.text, i+len(s)); !before && !behind {
			return true
		}
	}
	return false
}

// spelt reports whether the copy's letters, and no open text's, spell a name.
func (s *spelling) spelt(name string) bool {
	return s.copiedLetters(name) && !s.said.within(letters(name))
}

// plain is run of a text without alternatives.
func (s *spelling) plain(text string) []string {
	if hit := s.text([]rune(letters(text))); hit != "" {
		return []string{hit}
	}
	return nil
}

// copiedLetters reports whether the copy's letters spell a name, whatever the
// open texts do.
func (s *spelling) copiedLetters(name string) bool {
	l := letters(name)
	return utf8.RuneCountInString(l) >= nameLetters && s.copied.within(l)
}

// readings gives the text with the first alternatives, and for each other
// alternative the text around it.
func readings(w tearline.Wording) func(func(string) bool) {
	return func(yield func(string) bool) {
		segments := w.Segments()
		first := make([]string, len(segments))
		for i, seg := range segments {
			if first[i] = seg.Text; seg.Alternatives != nil {
				first[i] = seg.Alternatives[0]
			}
		}
		if !yield(strings.Join(first, "")) {
			return
		}
		for i, seg := range segments {
			for _, a := range seg.Alternatives[min(1, len(seg.Alternatives)):] {
				if !yield(around(first, i, a)) {
					return
				}
			}
		}
	}
}

// around is a alternative in the place of segment i, with as much as matters of
// what stands before and behind it. Texts that are short as a whole stay whole.
func around(first []string, i int, a string) string {
	const enough = 8 * gram // characters that are no letters take room, too
	before, behind := "", ""
	for j := i - 1; j >= 0 && len(before) < enough; j-- {
		before = first[j] + before
	}
	for j := i + 1; j < len(first) && len(behind) < enough; j++ {
		behind += first[j]
	}
	return lastOf(before, enough) + a + firstOf(behind, enough)
}

// lastOf and firstOf cut a text between two characters.
func lastOf(s string, n int) string {
	if len(s) <= n {
		return s
	}
	i := len(s) - n
	for i < len(s) && !utf8.RuneStart(s[i]) {
		i++
	}
	return s[i:]
}

func firstOf(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
