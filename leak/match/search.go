package match

import (
	"cmp"
	"slices"

	"tearline"
	"tearline/leak/match/internal/letters"
)

// A Searcher looks texts up in an archive, one after the other, in the same
// memory. It is not safe for concurrent use; make one for each goroutine.
type Searcher struct {
	archive *Archive
	leak    *Leak
	err     error
	hidden  hider
	norms   [256]float32

	terms   []term
	paired  map[int]int // by pair of the leak
	acc     []float32   // by document of a segment
	touched []uint32
	all     []scored
	hits    []place
	docs    []int
	windows []window
	record  []byte

	reader
	mark        []int // by stem: the stamp of the document that has it
	stamp       int
	near        []float32 // by sentence: bits of the document's stems there
	sentOf      [][]int   // by stem: the sentences that have it
	perSentence []side
	aligner     aligner
}

// NewSearcher makes a searcher.
func (a *Archive) NewSearcher() *Searcher {
	s := &Searcher{archive: a, hidden: newHider(a.key), reader: reader{stemmer: newStemmer()}}
	for i := range s.norms {
		s.norms[i] = lengthNorm(i)
	}
	s.aligner = aligner{s: s, powers: letters.Powers(maxToken), told: map[int]bool{}, used: map[int]bool{}}
	return s
}

// Over makes the searcher one of another archive, and returns it.
func (s *Searcher) Over(a *Archive) *Searcher {
	if s.archive.key != a.key {
		s.hidden = newHider(a.key)
	}
	s.archive = a
	return s
}

// begin takes up a leak.
func (s *Searcher) begin(l *Leak) {
	s.leak, s.err, s.stems = l, nil, l.stems
	s.paired = map[int]int{}
	s.mark, s.stamp = make([]int, len(l.blocks)), 0
	s.near = make([]float32, len(l.sentences))
	s.sentOf = make([][]int, len(l.blocks))
	for i, sent := range l.sentences {
		for _, t := range sent.stems {
			s.sentOf[t] = append(s.sentOf[t], i)
		}
	}
}

// A Candidate is a portion that a text may draw on, with the evidence.
type Candidate struct {
	Ref      tearline.PortionRef
	Evidence []float64 // by [Kinds]
}

// Candidates returns all portions that were looked at for a leak, to learn from,
// in the order of the first look.
func (s *Searcher) Candidates(l *Leak) ([]Candidate, error) {
	if len(l.words) == 0 || s.archive.n == 0 {
		return nil, nil
	}
	s.begin(l)
	found, err := s.examine()
	if err != nil {
		return nil, err
	}
	out := make([]Candidate, len(found))
	for i, f := range found {
		out[i] = Candidate{Ref: f.ref, Evidence: slices.Clone(f.x[:])}
	}
	return out, nil
}

// A finding is a candidate that was looked at.
type finding struct {
	candidate
	ref  tearline.PortionRef
	unit unit
	lite float32
	best passage
	x    [features]float64
	bits float64
	more []*finding // other pieces of the same portion
}

// examine looks at every document that may be drawn on, and returns the best,
// with their evidence.
func (s *Searcher) examine() ([]*finding, error) {
	if err := s.look(); err != nil {
		return nil, err
	}
	list, err := s.candidates()
	if err != nil {
		return nil, err
	}
	for i := range s.windows {
		w := &s.windows[i]
		w.bits = s.windowBits(w.from, w.to)
	}
	found := make([]*finding, 0, len(list))
	for _, c := range list {
		f := &finding{candidate: c}
		if s.record, err = s.archive.segments[c.at.segment()].Record(s.record[:0], c.at.doc()); err != nil {
			return nil, err
		}
		if f.ref, f.unit, err = decode(s.record); err != nil {
			return nil, err
		}
		s.read(f.unit)
		s.place(f)
		found = append(found, f)
	}
	slices.SortFunc(found, func(a, b *finding) int {
		return cmp.Or(cmp.Compare(b.lite, a.lite), cmp.Compare(a.at, b.at))
	})
	most := max(mostAligned, len(s.leak.words)/keptWords)
	found = found[:min(len(found), most)]
	for _, f := range found {
		s.read(f.unit)
		s.evidence(f)
	}
	return found, s.err
}

// keptWords: of a long leak, one candidate for so many words is aligned, so
// that a whole report that leaked finds all its portions.
const keptWords = 12

// windowBits is the bits of the different words of some sentences.
func (s *Searcher) windowBits(from, to int) float32 {
	s.stamp++
	var sum float32
	for _, sent := range s.leak.sentences[from:to] {
		for _, t := range sent.stems {
			if s.mark[t] != s.stamp {
				s.mark[t] = s.stamp
				sum += s.terms[t].bits
			}
		}
	}
	return sum
}

// place finds the window that has most in common with the document that was
// read, and how much that is at first sight.
func (s *Searcher) place(f *finding) {
	s.stamp++
	shared := s.docStems()
	touched := make([]int, 0, 16)
	for _, t := range shared {
		for _, i := range s.sentOf[t] {
			if s.near[i] == 0 {
				touched = append(touched, i)
			}
			s.near[i] += s.terms[t].bits
		}
	}
	p := s.portionBits()
	f.lite = -1
	for w := range s.windows {
		win := &s.windows[w]
		var sum float32
		for i := win.from; i < win.to; i++ {
			sum += s.near[i]
		}
		if sum == 0 {
			continue
		}
		sum = min(sum, win.bits)
		above := sum * s.norms[min(len(s.rows), len(s.norms)-1)] / win.topic
		lite := sum * (0.3 + max(sum/max(win.bits, 1), min(sum/p, 1))) * min(max(above, 0.5), 3)
		if lite > f.lite {
			f.lite, f.window = lite, w
		}
	}
	f.lite += f.grams
	for _, i := range touched {
		s.near[i] = 0
	}
}

// docStems returns the leak's stems, more than function words, that the
// document has.
func (s *Searcher) docStems() []int {
	out := s.docs[:0]
	for i := range s.rows {
		if r := &s.rows[i]; r.id >= 0 && s.mark[r.id] != s.stamp {
			s.mark[r.id] = s.stamp
			if !s.leak.plain[r.id] {
				out = append(out, r.id)
			}
		}
	}
	s.docs = out
	return out
}

// portionBits is about the bits of the document.
func (s *Searcher) portionBits() float32 {
	var sum float32
	for i := range s.rows {
		switch r := &s.rows[i]; {
		case r.ins != nil:
		case r.id >= 0:
			sum += s.terms[r.id].bits
		case r.Len() > 3:
			sum += unknownBits
		}
	}
	return max(sum, 1)
}

// Len is the number of letters.
func (t *token) Len() int { return t.hi - t.lo }
