package match

import (
	"cmp"
	"math"
	"slices"

	"tearline/leak/segment"
)

// A place is a document: its segment above, its number there below.
type place uint64

func placeOf(seg, doc int) place { return place(seg)<<32 | place(doc) } //nolint:gosec // not negative

func (p place) segment() int { return int(p >> 32) }
func (p place) doc() int     { return int(p & (1<<32 - 1)) }

// A scored is a document with what it scored.
type scored struct {
	at    place
	score float32
}

func byScore(a, b scored) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.at, b.at)) }

// A best keeps the best documents in fixed memory.
type best struct {
	most  int
	floor float32
	list  []scored
}

func (b *best) add(x scored) {
	if x.score <= b.floor {
		return
	}
	if b.list = append(b.list, x); len(b.list) >= 2*b.most {
		b.trim()
		b.floor = b.list[len(b.list)-1].score
	}
}

func (b *best) trim() {
	slices.SortFunc(b.list, byScore)
	b.list = b.list[:min(len(b.list), b.most)]
}

const (
	// fromSentence and perWindow are how many documents are kept of each.
	fromSentence, perWindow = 48, 20
	// rank is the place whose score stands for the topic of a window.
	rank = 11
	// leastTopic is what it has among a thousand portions of anything.
	leastTopic = 1
	// A sentence reads so many entries of lists, rarest words first, and a
	// hundredth more of the archive's size.
	leastRead, readShare = 20_000, 100
	// A fingerprint in more documents is a phrase.
	commonGram = 64
	// Of those that share fingerprints, so many are kept.
	mostGrams = 100
	// mostCandidates are read, and mostAligned of them aligned; more of a
	// long leak.
	mostAligned = 110
)

// A window is some sentences of the leak in a row.
type window struct {
	from, to int // sentences
	bits     float32
	best     float32
	topic    float32 // the score of the rank-th
}

// A candidate is a document that may be drawn on.
type candidate struct {
	at     place
	window int     // of those in which it was among the best, the one with the best score
	score  float32 // there
	grams  float32 // bits of fingerprints shared
}

// lengthNorm makes scores of documents of different length comparable.
func lengthNorm(size int) float32 { return 1 / float32(math.Sqrt(float64(5*size+60))) }

// candidates finds documents that share words or letters with the leak.
func (s *Searcher) candidates() ([]candidate, error) {
	perSent, err := s.bySentence()
	if err != nil {
		return nil, err
	}
	found := map[place]int{}
	var out []candidate
	note := func(w int, x scored) {
		i, ok := found[x.at]
		if !ok {
			i = len(out)
			found[x.at] = i
			out = append(out, candidate{at: x.at, window: w, score: x.score})
		}
		if c := &out[i]; x.score > c.score {
			c.window, c.score = w, x.score
		}
	}
	s.windows = s.windows[:0]
	for _, w := range s.leak.windows() {
		list := s.top(perSent[w[0]:w[1]])
		win := window{from: w[0], to: w[1], topic: leastTopic}
		if len(list) > 0 {
			win.best = list[0].score
		}
		if len(list) >= rank {
			win.topic = max(win.topic, list[rank-1].score)
		}
		for _, x := range list[:min(len(list), perWindow)] {
			note(len(s.windows), x)
		}
		s.windows = append(s.windows, win)
	}
	grams, err := s.byGrams()
	if err != nil {
		return nil, err
	}
	for _, x := range grams {
		i, ok := found[x.at]
		if !ok {
			i = len(out)
			found[x.at] = i
			out = append(out, candidate{at: x.at, window: -1})
		}
		out[i].grams = x.score
	}
	return out, nil
}

// bySentence returns the best documents for each sentence of the leak.
func (s *Searcher) bySentence() ([][]scored, error) {
	out := make([]best, len(s.leak.sentences))
	chosen := make([][]int, len(out))
	for i, sent := range s.leak.sentences {
		out[i].most = fromSentence
		chosen[i] = s.chosen(sent.stems)
	}
	for k, seg := range s.archive.segments {
		sizes, err := seg.Sizes()
		if err != nil {
			return nil, err
		}
		if n := seg.Len(); len(s.acc) < n {
			s.acc = make([]float32, n)
		}
		for i := range out {
			if err := s.accumulate(k, seg.Len(), chosen[i]); err != nil {
				return nil, err
			}
			s.harvest(k, sizes, &out[i])
		}
	}
	lists := make([][]scored, len(out))
	for i := range out {
		out[i].trim()
		lists[i] = out[i].list
	}
	return lists, nil
}

// chosen returns those stems of a sentence whose lists are read.
func (s *Searcher) chosen(stems []int) []int {
	list := make([]int, 0, len(stems))
	for _, t := range stems {
		if s.terms[t].df > 0 && !s.leak.plain[t] {
			list = append(list, t)
		}
	}
	slices.SortFunc(list, func(a, b int) int { return cmp.Or(cmp.Compare(s.terms[a].df, s.terms[b].df), a-b) })
	left := leastRead + s.archive.n/readShare
	for i, t := range list {
		if left -= s.terms[t].df; left < 0 && i >= 3 {
			return list[:i]
		}
	}
	return list
}

func (s *Searcher) accumulate(seg, n int, stems []int) error {
	acc := s.acc
	s.touched = s.touched[:0]
	touched := s.touched
	for _, t := range stems {
		bits := s.terms[t].bits
		err := s.terms[t].lists[seg].Each(n, func(doc int) {
			if acc[doc] == 0 {
				touched = append(touched, uint32(doc)) //nolint:gosec // below 2^24
			}
			acc[doc] += bits
		})
		if err != nil {
			return err
		}
	}
	s.touched = touched
	return nil
}

// harvest adds what was accumulated to the best of a sentence.
func (s *Searcher) harvest(seg int, sizes []byte, to *best) {
	acc := s.acc
	for _, doc := range s.touched {
		bits := acc[doc]
		acc[doc] = 0
		if bits*s.norms[0] <= to.floor {
			continue
		}
		size := int(sizes[2*doc]) | int(sizes[2*doc+1])<<8
		to.add(scored{placeOf(seg, int(doc)), bits * s.norms[min(size, len(s.norms)-1)]})
	}
}

// top returns the best documents of several sentences together.
func (s *Searcher) top(lists [][]scored) []scored {
	if len(lists) == 1 {
		return lists[0]
	}
	all := s.all[:0]
	for _, l := range lists {
		all = append(all, l...)
	}
	s.all = all
	slices.SortFunc(all, func(a, b scored) int { return cmp.Compare(a.at, b.at) })
	out := all[:0]
	for _, x := range all {
		if n := len(out); n > 0 && out[n-1].at == x.at {
			out[n-1].score += x.score
			continue
		}
		out = append(out, x)
	}
	slices.SortFunc(out, byScore)
	return out[:min(len(out), max(perWindow, rank))]
}

// byGrams returns documents that share fingerprints with the leak, by bits.
func (s *Searcher) byGrams() ([]scored, error) {
	found := map[place]float32{}
	for _, h := range s.leak.winnowed {
		hidden := s.archive.key.Hide(segment.Grams, h)
		s.hits = s.hits[:0]
		for k, seg := range s.archive.segments {
			docs, err := seg.Gram(s.docs[:0], hidden)
			if err != nil {
				return nil, err
			}
			for _, d := range docs {
				s.hits = append(s.hits, placeOf(k, d))
			}
			s.docs = docs
			if len(s.hits) > commonGram {
				break
			}
		}
		if len(s.hits) == 0 || len(s.hits) > commonGram {
			continue
		}
		bits := s.bitsOf(float64(len(s.hits)))
		for _, p := range s.hits {
			found[p] += bits
		}
	}
	out := make([]scored, 0, len(found))
	for p, bits := range found {
		out = append(out, scored{p, bits})
	}
	slices.SortFunc(out, byScore)
	return out[:min(len(out), max(mostGrams, len(s.leak.words)/4))], nil
}
