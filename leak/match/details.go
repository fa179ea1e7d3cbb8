package match

import (
	"cmp"
	"slices"
)

// A detail is distinctive if at most so many portions have it.
const distinctive = 3

// mostShared is how many shared words are listed.
const mostShared = 12

// A detailer gathers what a portion and the leak have in common.
type detailer struct {
	details Details
	stems   []int
	seen    map[uint64]bool
}

// look takes down the details of a piece of the portion.
func (d *detailer) look(s *Searcher, f *finding, passages []passage) {
	if d.seen == nil {
		d.seen = map[uint64]bool{}
		d.details = Details{Reproduced: []Reproduced{}, Altered: []Altered{}, Missing: []Span{}}
	}
	altered := s.changes(passages)
	from, to := s.around(f, passages)
	in := map[int]int{} // by stem: where it first stands there
	for i := to - 1; i >= from; i-- {
		in[s.leak.words[i].stem] = i
	}
	for i := range s.rows {
		r := &s.rows[i]
		if r.ins != nil || d.seen[r.stem] {
			continue
		}
		word, there := in[r.id]
		there = there && r.id >= 0
		if there && !s.leak.plain[r.id] {
			d.stems = append(d.stems, r.id)
		}
		if !r.figure && !r.name {
			continue
		}
		df := s.documents(r)
		if df > distinctive {
			continue
		}
		d.seen[r.stem] = true
		d.details.Of++
		at := [2]int{r.start, r.end}
		if there {
			d.details.Reproduced = append(d.details.Reproduced, Reproduced{Leak: s.leak.at(word), Portion: at, In: df})
			continue
		}
		if other, ok := s.instead(i, altered, from, to); ok {
			d.details.Altered = append(d.details.Altered, Altered{Leak: s.leak.at(other), Portion: at})
			continue
		}
		d.details.Missing = append(d.details.Missing, Span{Portion: at})
	}
}

// instead is the word of the leak that stands for another of the portion.
func (s *Searcher) instead(i int, altered map[int]int, from, to int) (word int, ok bool) {
	if word, ok = altered[i]; !ok && s.rows[i].figure {
		return s.figureBeside(i, from, to)
	}
	return word, ok
}

// figureBeside finds, among the words [from, to) of the leak, the figure that
// stands in the place of one of the portion: after the same word, or before it.
// The alignment seldom passes over another figure: see priceFigure.
func (s *Searcher) figureBeside(i, from, to int) (word int, ok bool) {
	words := s.leak.words
	for w := from; w < to; w++ {
		if !words[w].figure {
			continue
		}
		before := w > from && i > 0 && s.rows[i-1].ins == nil && s.rows[i-1].id == words[w-1].stem
		after := w+1 < to && i+1 < len(s.rows) && s.rows[i+1].ins == nil && s.rows[i+1].id == words[w+1].stem
		if before || after {
			return w, true
		}
	}
	return 0, false
}

// changes are the words of the portion that stand in the leak as others: rows, and
// the words that stand for them. Figures that differ are aligned side by side,
// one dropped and one added: they are not taken for the same word misread.
func (s *Searcher) changes(passages []passage) map[int]int {
	out := map[int]int{}
	for _, p := range passages {
		for i, st := range p.steps {
			if st.what == changed {
				out[st.row] = st.word
			}
			if i == 0 {
				continue
			}
			old, other := p.steps[i-1], st
			if old.what == added {
				old, other = other, old
			}
			if old.what == dropped && other.what == added && s.rows[old.row].figure && s.leak.words[other.word].figure {
				out[old.row] = other.word
			}
		}
	}
	return out
}

// at is where a word of the leak stands.
func (l *Leak) at(word int) [2]int { return [2]int{l.words[word].start, l.words[word].end} }

// documents is how many documents have a word of the portion.
func (s *Searcher) documents(r *row) int {
	if r.id >= 0 {
		return s.terms[r.id].df
	}
	n := 0
	for _, seg := range s.archive.segments {
		list, err := seg.Term(s.hidden.term(r.stem))
		s.fail(err)
		n += list.N
	}
	return n
}

// around returns the words of the leak in which a detail counts as reproduced:
// those of the passages, and of the window.
func (s *Searcher) around(f *finding, passages []passage) (from, to int) {
	from, to = len(s.leak.words), 0
	if f.window >= 0 {
		win := s.windows[f.window]
		from, to = s.leak.sentences[win.from].from, s.leak.sentences[win.to-1].to
	}
	for _, p := range passages {
		from, to = min(from, p.steps[0].word), max(to, p.steps[len(p.steps)-1].word+1)
	}
	return from, to
}

// shared lists the rarest words that both have.
func (d *detailer) shared(s *Searcher) []Shared {
	slices.Sort(d.stems)
	d.stems = slices.Compact(d.stems)
	slices.SortStableFunc(d.stems, func(a, b int) int { return cmp.Compare(s.terms[a].df, s.terms[b].df) })
	out := []Shared{}
	for _, t := range d.stems[:min(len(d.stems), mostShared)] {
		i := slices.IndexFunc(s.leak.words, func(w word) bool { return w.stem == t })
		w := s.leak.words[i]
		out = append(out, Shared{Leak: [2]int{w.start, w.end}, In: s.terms[t].df, Of: s.archive.n, Bits: float64(s.terms[t].bits)})
	}
	return out
}
