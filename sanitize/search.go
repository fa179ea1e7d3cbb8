package sanitize

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tearline"
)

// words returns a text's words, each followed by one space: case, punctuation
// and spacing fall away, and so do characters that nobody sees. Scripts that
// do not part words give one word a character. A space at the beginning says
// that the text begins with none of a word.
func words(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 1)
	gap := func() {
		if out := b.String(); out == "" || out[len(out)-1] != ' ' {
			b.WriteByte(' ')
		}
	}
	for _, r := range norm.NFKC.String(s) {
		switch {
		case unicode.Is(unicode.Cf, r) || r == 0x034f:
		case alone(r):
			gap()
			b.WriteRune(r)
			gap()
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || unicode.IsNumber(r):
			b.WriteRune(unicode.ToLower(r))
		default:
			gap()
		}
	}
	return b.String()
}

// alone reports whether a character is a word of its own, in scripts that do
// not part words.
func alone(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// phrases are all the runs of up to runWords words of some texts, sorted, to be
// asked for by how they begin.
type phrases struct {
	text string
	runs []string // each with a space at its end
}

// newPhrases prepares the texts. No run goes from one text into the next.
func newPhrases(texts []string) *phrases {
	var b strings.Builder
	for _, t := range texts {
		b.WriteString("\n ")
		b.WriteString(strings.TrimLeft(words(t), " "))
		b.WriteByte(' ')
	}
	p := &phrases{text: b.String()}
	for line := range strings.SplitSeq(p.text, "\n") {
		p.add(line)
	}
	slices.Sort(p.runs)
	p.runs = slices.Compact(p.runs)
	return p
}

// add adds the runs of one text, whose words are between single spaces.
func (p *phrases) add(line string) {
	var ends [runWords]int // those of the last words, the i-th at i % runWords
	n := 0
	starts := make([]int, 0, len(line)/6)
	for i := 0; i < len(line); i++ {
		if line[i] != ' ' {
			if i == 0 || line[i-1] == ' ' {
				starts = append(starts, i)
			}
			continue
		}
		if i == 0 || line[i-1] == ' ' {
			continue
		}
		ends[n%runWords] = i + 1
		n++
		if n >= runWords {
			p.runs = append(p.runs, line[starts[n-runWords]:i+1])
		}
	}
	for i := max(n-runWords+1, 0); i < n; i++ { // those that the end cuts short
		p.runs = append(p.runs, line[starts[i]:ends[(n-1)%runWords]])
	}
}

// begins reports whether the texts have a run of at most runWords words that
// begins so.
func (p *phrases) begins(s string) bool {
	i, _ := slices.BinarySearch(p.runs, s)
	return i < len(p.runs) && strings.HasPrefix(p.runs[i], s)
}

// has reports whether the texts have these whole words; of none, it is false.
func (p *phrases) has(s string) bool {
	s = strings.TrimSpace(s)
	return s != "" && strings.Contains(p.text, " "+s+" ")
}

// A search looks for withheld texts among the phrases of a copy.
type search struct {
	// copied are the copy's phrases, open those of the items that are meant
	// to be in it, frame those that every such copy has.
	copied, open, frame *phrases
}

// run returns the first run of words of a wording, whatever alternatives are
// chosen, that the copy has and no item in it; "" if there is none.
func (s *search) run(w tearline.Wording) string {
	k := walk{search: s}
	for _, seg := range w.Segments() {
		pieces := []string{words(seg.Text)}
		if seg.Alternatives != nil {
			pieces = pieces[:0]
			for _, a := range seg.Alternatives {
				pieces = append(pieces, words(a))
			}
		}
		k.segments = append(k.segments, pieces)
	}
	for i, pieces := range k.segments {
		for _, piece := range pieces {
			for j := range len(piece) {
				if piece[j] == ' ' || j > 0 && piece[j-1] != ' ' {
					continue
				}
				k.seen = nil
				k.whole = i == 0 && strings.TrimSpace(piece[:j]) == ""
				k.piece(i, piece[j:], "")
				if k.hit != "" {
					return k.hit
				}
			}
		}
	}
	if len(k.segments) > 0 { // a short text may begin behind empty alternatives
		k.seen, k.whole = nil, true
		k.segment(0, "")
	}
	return k.hit
}

// plain returns the first run of a text without alternatives, if there is one.
func (s *search) plain(text string) []string {
	w, err := tearline.PlainWording(text)
	if err != nil {
		return []string{err.Error()} // cannot be read, so cannot be cleared
	}
	if run := s.run(w); run != "" {
		return []string{run}
	}
	return nil
}

// A walk follows one wording through its alternatives, word by word, only as
// far as the copy goes along. What it has read is a run that the copy has, so
// the ways it can take are as few as the copy's own phrases.
type walk struct {
	*search
	segments [][]string
	seen     map[state]bool
	whole    bool // it began at the wording's beginning
	hit      string
}

// A state of a walk: what has been read on reaching a segment.
type state struct {
	segment int
	read    string
}

// segment goes on with every alternative of a segment.
func (k *walk) segment(i int, read string) {
	if k.hit != "" || k.seen[state{i, read}] {
		return
	}
	if k.seen == nil { // few ways come as far as this
		k.seen = map[state]bool{}
	}
	k.seen[state{i, read}] = true
	if i == len(k.segments) {
		k.end(read)
		return
	}
	for _, piece := range k.segments[i] {
		k.piece(i, piece, read)
	}
}

// piece goes on with the words of one alternative of segment i.
func (k *walk) piece(i int, piece, read string) {
	for len(piece) > 0 {
		if piece[0] == ' ' {
			piece = piece[1:]
			if read == "" || strings.HasSuffix(read, " ") {
				continue
			}
			read += " "
			if !k.copied.begins(read) || k.complete(read) {
				return
			}
			continue
		}
		n := strings.IndexByte(piece, ' ')
		if n < 0 {
			n = len(piece)
		}
		read += piece[:n]
		piece = piece[n:]
		if !k.copied.begins(read) {
			return
		}
	}
	k.segment(i+1, read)
}

// complete reports whether a run is long enough, and notes it if no item has
// it. It ends in a space.
func (k *walk) complete(read string) bool {
	if strings.Count(read, " ") < runWords {
		return false
	}
	if !k.open.begins(read) {
		k.hit = strings.TrimSpace(read)
	}
	return true
}

// end judges a run that reaches the end of the wording: a text shorter than a
// run counts as a whole.
func (k *walk) end(read string) {
	read = strings.TrimSuffix(read, " ") + " "
	if read == " " || !k.copied.begins(read) || k.complete(read) {
		return
	}
	if k.whole && !k.open.begins(read) && !k.frame.begins(read) {
		k.hit = strings.TrimSpace(read)
	}
}
