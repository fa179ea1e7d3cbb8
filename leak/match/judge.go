package match

import (
	"cmp"
	"slices"
)

// What a passage must have, to be one. The figures were set on the development
// data; the package comment says what they reached.
const (
	// A row of words without any difference: that many, and that many bits.
	// A long name has the bits but not the words, a set phrase the reverse.
	rowWords, rowBits = 8, 38
	// A whole sentence of the portion may be shorter ("Net 74.4 mln vs 56.7").
	sentenceWords, sentenceBits, sentenceShare = 5, 32, 0.9
	// The portion's text with small changes: words that agree, in all and in
	// a row; bits; and the share of agreement among all words.
	editWords, editRow, editBits, editShare = 8, 4, 60, 0.7
	// Other words for it: what agrees, and how much of the sentences that is.
	reWords, reBits, reShare = 7, 45, 0.4

	// leastScore is below all of these; where an alignment falls below it
	// there is nothing more to find.
	leastScore = 20
	// An end of a passage with fewer bits, beyond the sentence that the rest
	// stands in, is chance.
	strayBits = 12
	// Within it, one plain word after a difference is.
	plainBits = 2.5

	mostPassages = 8 // of one candidate in one stretch of the leak
)

// A passage is one alignment with what it is judged by.
type passage struct {
	steps []step
	kind  Kind
	bits  float32 // of the words that agree, less the price of what does not
	// row is the most telling row of words without any difference, as indices
	// of steps [from, to); rowBits what it tells.
	row     [2]int
	rowBits float32
	// agree counts words that agree, odd those that do not, of either text;
	// akin says whether any agree by their stems only.
	agree, odd int
	akin       bool
	longRuns   int // words in rows of five and more
	// ofPortion and ofLeak are the shares, by bits, that agree of the
	// sentences that the passage touches.
	ofPortion, ofLeak float32
}

// words is the length of the row.
func (p *passage) words() int { return p.row[1] - p.row[0] }

// judge yields the passages that an alignment is. What chance has put at its
// ends is cut off, and what much was put into is taken apart.
func (a *aligner) judge(steps []step, yield func(passage)) {
	if steps = agreeing(steps); len(steps) == 0 {
		return
	}
	p := a.weigh(steps)
	if p.rowStands() {
		from, to := a.cut(p)
		whole := a.weigh(steps[from:to])
		if whole.kind = whole.close(); whole.kind == "" {
			from, to = p.row[0], p.row[1]
			whole = a.weigh(steps[from:to])
			whole.kind = Verbatim
		}
		yield(whole)
		a.judge(steps[:from], yield)
		a.judge(steps[to:], yield)
		return
	}
	if p.kind = p.close(); p.kind == "" && p.bits >= reBits && p.agree >= reWords && max(p.ofPortion, p.ofLeak) >= reShare {
		p.kind = Reworded
	}
	if p.kind != "" {
		yield(p)
	}
}

// close returns Verbatim or Edited if the passage is, else "".
func (p *passage) close() Kind {
	similar := float32(p.agree) / float32(p.agree+p.odd)
	switch {
	case p.rowStands() && p.odd == 0 && !p.akin:
		return Verbatim
	case p.bits >= editBits && p.agree >= editWords && p.words() >= editRow && similar >= editShare:
		return Edited
	}
	return ""
}

// agreeing returns the steps without those at the ends that do not agree.
func agreeing(steps []step) []step {
	for len(steps) > 0 && steps[0].what >= changed {
		steps = steps[1:]
	}
	for len(steps) > 0 && steps[len(steps)-1].what >= changed {
		steps = steps[:len(steps)-1]
	}
	return steps
}

// rowStands reports whether the row without differences is enough by itself.
func (p *passage) rowStands() bool {
	sentence := p.ofPortion >= sentenceShare && p.words() == len(p.steps)
	return p.words() >= rowWords && p.rowBits >= rowBits || sentence && p.words() >= sentenceWords && p.rowBits >= sentenceBits
}

// cut returns the steps [from, to) that are left without those ends, before
// and after the row, that chance may have put there.
func (a *aligner) cut(p passage) (from, to int) {
	from, to = 0, len(p.steps)
	if head := p.steps[:p.row[0]]; len(head) > 0 && a.stray(head, head[0], p.steps[p.row[0]]) {
		from = p.row[0]
	}
	if tail := p.steps[p.row[1]:]; len(tail) > 0 && a.stray(tail, tail[len(tail)-1], p.steps[p.row[1]-1]) {
		to = p.row[1]
	}
	return from, to
}

// stray reports whether an end of a passage tells next to nothing; or little,
// and goes beyond the sentences of the row's near end, in either text.
func (a *aligner) stray(end []step, outer, near step) bool {
	bits := a.weigh(end).bits
	if a.rows[outer.row].sentence == a.rows[near.row].sentence && a.leak.words[outer.word].sentence == a.leak.words[near.word].sentence {
		return bits < plainBits
	}
	return bits < strayBits
}

// weigh takes the measure of an alignment.
func (a *aligner) weigh(steps []step) passage {
	p := passage{steps: steps}
	clear(a.told)
	var agree, row float32
	from := 0
	long := func(n int) {
		if n >= 5 {
			p.longRuns += n
		}
	}
	for i, st := range steps {
		whole, bits := a.tells(steps, i)
		agree += whole
		switch st.what {
		case same, joined, parted:
			p.agree++
			p.bits += bits
			if row += bits; row > p.rowBits || row == p.rowBits && p.row[0] == from {
				p.row, p.rowBits = [2]int{from, i + 1}, row
			}
			continue
		case akin:
			p.agree++
			p.akin = true
			p.bits += akinShare * bits
		case changed:
			p.odd++
			p.bits -= price(&a.rows[st.row].token, &a.leak.words[st.word].token)
		default:
			p.odd++
			p.bits -= priceAdded
		}
		long(i - from)
		from, row = i+1, 0
	}
	long(len(steps) - from)
	ofPortion, ofLeak := a.sentences(steps[0], steps[len(steps)-1])
	p.ofPortion, p.ofLeak = min(agree/max(ofPortion, 1), 1), min(agree/max(ofLeak, 1), 1)
	return p
}

// tells returns the bits of the word that a step agrees on, 0 if it does not:
// by itself, and as it counts here, after the word before and once only.
func (a *aligner) tells(steps []step, i int) (whole, counts float32) {
	st := steps[i]
	if st.what >= changed {
		return 0, 0
	}
	w := a.leak.words[st.word]
	whole = a.s.terms[w.stem].bits
	if a.told[w.stem] {
		return whole, 0
	}
	a.told[w.stem] = true
	if w.run {
		return whole, runShare * whole
	}
	if i > 0 && st.what == same && steps[i-1].what == same {
		return whole, a.s.pairBits(a.leak.words[st.word-1], w)
	}
	return whole, whole
}

// sentences returns the bits of the whole sentences that an alignment touches, in
// the portion (without its alternatives) and in the leak.
func (a *aligner) sentences(first, last step) (ofPortion, ofLeak float32) {
	from, to := a.rows[first.row].sentence, a.rows[last.row].sentence
	for i := range a.rows {
		if r := &a.rows[i]; r.ins == nil && !r.point && r.sentence >= from && r.sentence <= to {
			ofPortion += a.weight[i]
		}
	}
	words := a.leak.words
	from, to = words[first.word].sentence, words[last.word].sentence
	i := first.word
	for i > 0 && words[i-1].sentence == from {
		i--
	}
	for ; i < len(words) && words[i].sentence <= to; i++ {
		ofLeak += a.s.terms[words[i].stem].bits
	}
	return ofPortion, ofLeak
}

// closest returns the closer of two kinds.
func closest(a, b Kind) Kind {
	for _, k := range []Kind{Verbatim, Edited} {
		if a == k || b == k {
			return k
		}
	}
	return cmp.Or(a, b)
}

// span returns where the steps stand in both texts.
func (s *Searcher) span(steps []step) Span {
	var out Span
	for i, st := range steps {
		w, r := s.leak.words[st.word].token, s.rows[st.row].token
		if st.what == joined {
			w.start = s.leak.words[st.word-1].start
		}
		if st.what == parted {
			r.start = s.rows[s.rows[st.row].from].start
		}
		in, of := [2]int{w.start, w.end}, [2]int{r.start, r.end}
		if i == 0 {
			out = Span{Leak: in, Portion: of}
			continue
		}
		out = out.with(Span{Leak: in, Portion: of})
	}
	return out
}

// with returns the span that takes in both.
func (s Span) with(o Span) Span {
	return Span{
		Leak:    [2]int{min(s.Leak[0], o.Leak[0]), max(s.Leak[1], o.Leak[1])},
		Portion: [2]int{min(s.Portion[0], o.Portion[0]), max(s.Portion[1], o.Portion[1])},
	}
}

// joint is the most bytes of punctuation between two spans that are one.
const joint = 3

// merged sorts spans by their place in the leak and merges those that overlap
// there, or that follow each other in both texts.
func merged(spans []Span) []Span {
	slices.SortFunc(spans, func(a, b Span) int {
		return cmp.Or(slices.Compare(a.Leak[:], b.Leak[:]), slices.Compare(a.Portion[:], b.Portion[:]))
	})
	out := spans[:0]
	for _, x := range spans {
		if n := len(out); n > 0 {
			last := &out[n-1]
			gap := x.Portion[0] - last.Portion[1]
			if x.Leak[0] < last.Leak[1] || x.Leak[0]-last.Leak[1] <= joint && 0 <= gap && gap <= joint {
				*last = last.with(x)
				continue
			}
		}
		out = append(out, x)
	}
	return out
}
