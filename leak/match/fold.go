package match

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"tearline/leak/match/internal/letters"
	"tearline/leak/match/internal/table"
	"tearline/leak/match/internal/words"
)

// A token is one normalised word or number of a text.
type token struct {
	hash       uint64 // of its letters, see extend
	figure     bool   // it begins with a digit
	name       bool   // it begins with a capital within a sentence
	run        bool   // so does the word before, with only a space between: one name
	upper      bool   // it begins with a capital
	lo, hi     int    // its letters in the folder's buffer
	start, end int    // its bytes in the original text
	sentence   int    // which sentence of the text it stands in, from 0
}

// maxToken is the most letters of one token. Text without any separator is
// cut there, so that nothing grows with the length of a "word".
const maxToken = 64

// maxSentence is the most tokens that count as one sentence.
const maxSentence = 128

// A folder normalises text. What two texts must not differ by, to be the same
// words: case, compatibility forms (NFKC), accents, invisible characters,
// letters of other scripts that look like Latin ones, quotation marks, dashes,
// spacing and all other punctuation.
type folder struct {
	letters  []byte // of all tokens, without anything between
	tokens   []token
	sentence int
	since    int // tokens since the sentence began

	first int  // the first token of this text
	in    bool // within a token
	cur   token
	fresh bool // a full stop was seen: the next capital begins a sentence
	blank int  // line breaks since the last token
	buf   []byte
}

func (f *folder) reset() {
	*f = folder{letters: f.letters[:0], tokens: f.tokens[:0], buf: f.buf}
}

// Classes of ASCII characters other than letters and digits, whose entry is
// their lower case.
const (
	separator = 0
	special   = 1
	percent   = 2
)

var ascii = func() (t [utf8.RuneSelf]byte) {
	for c := range byte(utf8.RuneSelf) {
		switch {
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
			t[c] = c
		case 'A' <= c && c <= 'Z':
			t[c] = c + 'a' - 'A'
		case strings.IndexByte("'`.,!?\n", c) >= 0:
			t[c] = special
		case c == '%':
			t[c] = percent
		}
	}
	return t
}()

// fold appends the tokens of s, whose first byte is at the offset base of the
// original text.
func (f *folder) fold(s string, base int) {
	f.first = len(f.tokens)
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			f.wide(s, i, n, r, base)
			i += n
			continue
		}
		switch l := ascii[c]; l {
		case separator:
			if n := f.divided(s[i:]); n > 0 {
				i += n
				continue
			}
			f.flush()
		case special:
			f.special(s, i, c)
		case percent:
			f.flush()
			for _, letter := range []byte("percent") {
				f.put(letter, base+i, base+i+1, false)
			}
			f.flush()
		default:
			f.put(l, base+i, base+i+1, l != c)
		}
		i++
	}
	f.flush()
	f.shouted()
}

// shouted takes back what capitals say of names in sentences of which most words
// have them: headlines, and text in capitals throughout.
func (f *folder) shouted() {
	toks := f.tokens[f.first:]
	for from := 0; from < len(toks); {
		to, capitals := from, 0
		for to < len(toks) && toks[to].sentence == toks[from].sentence {
			if toks[to].upper {
				capitals++
			}
			to++
		}
		if n := to - from; n >= 5 && capitals*3 > n*2 {
			for i := range toks[from:to] {
				toks[from+i].name, toks[from+i].run, toks[from+i].upper = false, false, false
			}
		}
		from = to
	}
}

// divided returns the length of a hyphen at the end of a line and of all blanks
// up to the rest of the word; 0 if that is not what s begins with.
func (f *folder) divided(s string) int {
	if !f.in || s[0] != '-' {
		return 0
	}
	rest := strings.TrimLeft(s[1:], " \t\r")
	if !strings.HasPrefix(rest, "\n") {
		return 0
	}
	rest = strings.TrimLeft(rest[1:], " \t\r")
	if rest == "" || rest[0] < 'a' || rest[0] > 'z' {
		return 0
	}
	return len(s) - len(rest)
}

// put adds one letter, which stands at [from, to) of the original.
func (f *folder) put(letter byte, from, to int, upper bool) {
	if f.in && f.cur.hi-f.cur.lo >= maxToken && utf8.RuneStart(letter) {
		f.flush()
	}
	if !f.in {
		if (f.fresh && (upper || letter <= '9')) || f.blank > 1 || f.since >= maxSentence {
			f.sentence++
			f.since = 0
		}
		f.since++
		f.fresh, f.blank = false, 0
		n := len(f.letters)
		name := upper && f.since > 1
		f.in, f.cur = true, token{lo: n, hi: n, start: from, sentence: f.sentence, figure: isDigit(letter), name: name, upper: upper}
	}
	f.letters = append(f.letters, letter)
	f.cur.hash = letters.Extend(f.cur.hash, letter)
	f.cur.hi++
	f.cur.end = to
}

// flush ends the current token.
func (f *folder) flush() {
	if f.in {
		if n := len(f.tokens); n > 0 && f.cur.upper {
			before := &f.tokens[n-1]
			f.cur.run = before.upper && before.sentence == f.cur.sentence && f.cur.start-before.end <= 2
		}
		f.in = false
		if n := len(f.tokens); n > f.first && f.cur.sentence == f.tokens[n-1].sentence && f.cur.start-f.tokens[n-1].end <= 2 && f.oneWord(f.tokens[n-1]) {
			f.join()
			return
		}
		f.tokens = append(f.tokens, f.cur)
	}
}

// oneWord reports whether the current token and the one before are one word.
func (f *folder) oneWord(before token) bool {
	return words.One(f.letters[before.lo:before.hi], f.letters[f.cur.lo:f.cur.hi])
}

// join makes one token of the latest two: "5.02 mln", "twenty-five", "per cent".
func (f *folder) join() {
	last := &f.tokens[len(f.tokens)-1]
	for _, c := range f.letters[f.cur.lo:f.cur.hi] {
		last.hash = letters.Extend(last.hash, c)
	}
	last.hi, last.end = f.cur.hi, f.cur.end
	last.figure = last.figure || f.letters[f.cur.lo] != 'c' // of cent
}

// special deals with the punctuation that may belong to a word: an apostrophe
// between letters ("don't" is "dont"), the comma and the point of a number.
func (f *folder) special(s string, i int, c byte) {
	next := byte(' ')
	if i+1 < len(s) {
		next = s[i+1]
	}
	if f.in && f.within(c, next) {
		return
	}
	switch c {
	case '.':
		// A single letter before a full stop is an initial ("U.S. forces").
		f.fresh = f.in && f.cur.hi-f.cur.lo > 1 || !f.in && f.fresh
	case '!', '?':
		f.fresh = true
	case '\n':
		f.blank++
	}
	f.flush()
}

// within reports whether the punctuation c belongs to the word that it stands
// in, before the byte next; the point of a number becomes part of it.
func (f *folder) within(c, next byte) bool {
	number := isDigit(f.letters[len(f.letters)-1]) && isDigit(next)
	switch c {
	case '\'', '`':
		return inWord(next)
	case ',':
		return number
	case '.':
		if number {
			f.put('.', f.cur.end, f.cur.end, false)
		}
		return number
	}
	return false
}

// inWord reports whether a word may go on with the byte next.
func inWord(next byte) bool { return next >= utf8.RuneSelf || ascii[next] > percent }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// wide deals with the character r beyond ASCII, n bytes at s[i:].
func (f *folder) wide(s string, i, n int, r rune, base int) {
	switch {
	case r == utf8.RuneError:
		f.flush()
	case letters.Invisible(r), unicode.Is(unicode.M, r) && f.mark(s[i:i+n]):
		// Neither a letter nor the end of a word.
	case r == '’', r == '‘', r == 'ʼ', r == '′', r == '＇':
		if i+n >= len(s) || !inWord(s[i+n]) {
			f.flush()
		}
	case r == '…':
		f.fresh = true
		f.flush()
	default:
		f.letter(s[i:i+n], base+i, base+i+n, letters.Ideograph(r))
	}
}

// mark reports whether a combining mark can be left out: accents and vowel
// points can, the vowel signs of Indic scripts cannot.
func (f *folder) mark(s string) bool { return norm.NFKD.PropertiesString(s).CCC() >= 10 }

// letter folds one character beyond ASCII, s, which stands at [from, to).
func (f *folder) letter(s string, from, to int, alone bool) {
	if alone {
		f.flush()
		defer f.flush()
	}
	f.buf = norm.NFKD.AppendString(f.buf[:0], s)
	for b := f.buf; len(b) > 0; {
		r, n := utf8.DecodeRune(b)
		b = b[n:]
		if unicode.Is(unicode.M, r) && norm.NFKD.Properties(f.buf[len(f.buf)-len(b)-n:]).CCC() >= 10 {
			continue
		}
		low := unicode.ToLower(r)
		as, look := lookalikes[low]
		switch {
		case look:
		case unicode.In(low, unicode.L, unicode.N, unicode.M):
			as = string(low)
		default:
			f.flush()
			continue
		}
		for k := range len(as) {
			f.put(as[k], from, to, low != r)
		}
	}
}

// lookalikes folds letters that are drawn like Latin ones, or are spelt with
// several, by lower case. A whole text in such a script folds alike on both
// sides, so nothing is lost for it.
var lookalikes = map[rune]string{
	'а': "a", 'в': "b", 'с': "c", 'ԁ': "d", 'е': "e", 'һ': "h", 'н': "h", 'і': "i", 'ј': "j", 'к': "k", 'ӏ': "l", 'м': "m",
	'о': "o", 'р': "p", 'ԛ': "q", 'ѕ': "s", 'т': "t", 'у': "y", 'ԝ': "w", 'х': "x", 'ү': "y",
	'α': "a", 'β': "b", 'ε': "e", 'ι': "i", 'κ': "k", 'ο': "o", 'ρ': "p", 'τ': "t", 'υ': "u", 'ν': "v", 'χ': "x", 'γ': "y",
	'ζ': "z", 'ς': "σ",
	'ı': "i", 'ɑ': "a", 'ɡ': "g", 'ȷ': "j", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ß': "ss", 'æ': "ae", 'œ': "oe",
}

// A stemmer stems tokens and remembers the latest, by hash alone: its memory
// is fixed, and running text repeats itself.
type stemmer struct{ word, stem []uint64 }

const stemCache = 1 << 16

func newStemmer() *stemmer {
	return &stemmer{word: make([]uint64, stemCache), stem: make([]uint64, stemCache)}
}

// stemHash returns the hash of the stem of t, whose letters are in buf.
func (s *stemmer) stemHash(t token, buf []byte) uint64 {
	i := table.Scramble(t.hash) & (stemCache - 1)
	if s.word[i] != t.hash {
		s.word[i], s.stem[i] = t.hash, letters.Of(words.Stem(buf[t.lo:t.hi]))
	}
	return s.stem[i]
}
