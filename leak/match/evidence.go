package match

import (
	"math"
	"slices"

	"tearline/leak/weights"
)

// evidenceKinds are the kinds of evidence, in the order of a finding's numbers.
var evidenceKinds = [...]weights.Kind{
	{Name: "informative words shared", Sign: +1},
	{Name: "words of the passage that the portion lacks", Sign: -1},
	{Name: "shared, less a price for what either lacks", Sign: +1},
	{Name: "shared, as a share of both", Sign: +1},
	{Name: "share of the passage or of the portion", Sign: +1},
	{Name: "words in the same order", Sign: +1},
	{Name: "in order, less a price for what either lacks", Sign: +1},
	{Name: "in order, as a share", Sign: +1},
	{Name: "share in order, of the portion's sentences", Sign: +1},
	{Name: "share in order, of the leak's sentences", Sign: +1},
	{Name: "agreement within it", Sign: +1},
	{Name: "longest run of words", Sign: +1},
	{Name: "words in runs of five and more", Sign: +1},
	{Name: "names and figures shared", Sign: +1},
	{Name: "figures of the portion that the passage lacks", Sign: -1},
	{Name: "figures contradicted", Sign: -1},
	{Name: "names contradicted", Sign: -1},
	{Name: "words alike", Sign: +1},
	{Name: "above what other portions share with the passage", Sign: +1},
	{Name: "above it, in bits", Sign: +1},
	{Name: "beside the best of the passage", Sign: +1},
	{Name: "length of the passage"},
}

const features = len(evidenceKinds)

// Kinds returns the kinds of evidence.
func Kinds() []weights.Kind { return slices.Clone(evidenceKinds[:]) }

// evidence aligns a candidate with the leak and takes down what speaks for it
// and against it.
func (s *Searcher) evidence(f *finding) {
	a := &s.aligner
	a.load(s.rows)
	for _, w := range s.stretches(f) {
		steps, _ := a.best(w[0], w[1])
		if steps = agreeing(steps); len(steps) == 0 {
			continue
		}
		if p := a.weigh(steps); f.best.steps == nil || p.bits+p.rowBits > f.best.bits+f.best.rowBits {
			f.best = p
		}
	}
	s.number(f)
}

// stretches returns the stretches of the leak that a candidate is aligned
// with at first: the longest run of letters, and the window.
func (s *Searcher) stretches(f *finding) [][2]int {
	n := len(s.rows)/2 + margin
	words := s.leak.words
	var out [][2]int
	if f.grams > 0 {
		if runs := s.longestRuns(); len(runs) > 0 {
			r := runs[0]
			m := len(s.rows) + margin
			out = append(out, [2]int{max(s.leak.wordAt(r.at)-m, 0), min(s.leak.wordAt(r.at+r.n-1)+1+m, len(words))})
		}
	}
	if f.window < 0 {
		return out
	}
	win := s.windows[f.window]
	from, to := s.leak.sentences[win.from].from, s.leak.sentences[win.to-1].to
	if len(out) == 0 || from < out[0][0] || to > out[0][1] {
		out = append(out, [2]int{max(from-n, 0), min(to+n, len(words))})
	}
	return out
}

// runShare is what a further word of a name of several tells, of what it would
// tell by itself: whoever speaks of the Consumer Electronics Show has told one
// thing, not three.
const runShare = 0.25

// A side is one text of a pair, as far as the other has it.
type side struct {
	has, lacks     float32 // bits
	words, missing float32 // content words
	names          float32 // bits of names and figures that both have
	lostNames      float32
	lostFigures    float32
	loose          []loose
}

// A loose word is one that the other text lacks.
type loose struct {
	letters []byte
	bits    float32
}

// passageSide looks at the window from the leak's side.
func (s *Searcher) passageSide(win window) side {
	var x side
	seen := map[int]bool{}
	for i := s.leak.sentences[win.from].from; i < s.leak.sentences[win.to-1].to; i++ {
		w := &s.leak.words[i]
		if seen[w.stem] || s.leak.plain[w.stem] {
			continue
		}
		seen[w.stem] = true
		t := &s.terms[w.stem]
		bits := t.bits
		if w.run {
			bits *= runShare
		}
		x.words++
		if s.mark[w.stem] == s.stamp {
			x.has += bits
			if w.figure || w.name || w.run {
				x.names += bits
			}
			continue
		}
		x.lacks += bits
		x.missing++
		switch {
		case w.figure:
			x.lostFigures++
		case w.name && w.run:
		case w.name:
			x.lostNames++
		default:
			x.loose = append(x.loose, loose{s.leak.letters[w.lo:w.hi], t.bits})
		}
	}
	return x
}

// portionSide looks at the sentences of the portion which have most in common
// with the window.
func (s *Searcher) portionSide(win window) side {
	s.stamp++
	for _, sent := range s.leak.sentences[win.from:win.to] {
		for _, t := range sent.stems {
			s.mark[t] = s.stamp
		}
	}
	per := s.perSentence[:0]
	for i := range s.rows {
		r := &s.rows[i]
		if r.ins != nil || r.id >= 0 && s.leak.plain[r.id] || r.id < 0 && r.Len() < 4 && !r.figure {
			continue
		}
		for len(per) <= r.sentence {
			per = append(per, side{})
		}
		per[r.sentence].take(s, r)
	}
	s.perSentence = per
	return bestRange(per)
}

// unknownBits is what a word of the portion is taken to tell that the leak does
// not have: looking each up would cost more than it is worth.
const unknownBits = 9

// shortBits is the same for a word of up to three letters.
const shortBits = 2

// take counts a word of the portion.
func (x *side) take(s *Searcher, r *row) {
	x.words++
	share := float32(1)
	if r.run {
		share = runShare
	}
	if r.id >= 0 && s.mark[r.id] == s.stamp {
		x.has += share * s.terms[r.id].bits
		return
	}
	x.missing++
	bits := float32(unknownBits)
	if r.id >= 0 {
		bits = s.terms[r.id].bits
	}
	x.lacks += share * bits
	switch {
	case r.figure:
		x.lostFigures++
	case r.name && !r.run:
		x.lostNames++
	case !r.name:
		x.loose = append(x.loose, loose{s.folder.letters[r.lo:r.hi], unknownBits})
	}
}

// bestRange sums those neighbouring sentences that have most in common, less a
// price for what they lack.
func bestRange(per []side) side {
	const price = 3
	from, to, top := 0, 0, float32(math.Inf(-1))
	start, run := 0, float32(0)
	for i := range per {
		gain := per[i].has - price*per[i].missing
		if run <= 0 {
			start, run = i, 0
		}
		if run += gain; run > top {
			from, to, top = start, i+1, run
		}
	}
	var out side
	for _, x := range per[from:to] {
		out.has += x.has
		out.lacks += x.lacks
		out.words += x.words
		out.missing += x.missing
		out.lostFigures += x.lostFigures
		out.lostNames += x.lostNames
		out.loose = append(out.loose, x.loose...)
	}
	return out
}

// alike returns the bits of words on both sides that begin alike: other
// endings, other prefixes of one family.
func alike(a, b []loose) float32 {
	var sum float32
	for _, x := range a {
		for i := range b {
			if b[i].bits > 0 && kin(x.letters, b[i].letters) {
				sum += min(x.bits, unknownBits)
				b[i].bits = 0
				break
			}
		}
	}
	return sum
}

func kin(x, y []byte) bool {
	n := 0
	for n < min(len(x), len(y)) && x[n] == y[n] {
		n++
	}
	return n >= 4 && 10*n >= 6*max(len(x), len(y))
}

func (s *Searcher) number(f *finding) {
	var win window
	var in, of side
	if f.window >= 0 {
		win = s.windows[f.window]
		s.stamp++
		for i := range s.rows {
			if r := &s.rows[i]; r.id >= 0 {
				s.mark[r.id] = s.stamp
			}
		}
		in = s.passageSide(win)
		of = s.portionSide(win)
	}
	p := &f.best
	score := in.has * s.norms[min(len(s.rows), 255)]
	sq, sp := in.has/max(in.has+in.lacks, 1), of.has/max(of.has+of.lacks, 1)
	both := min(in.has, of.has*1.2+1)
	harmonic := 2 * sq * sp / (sq + sp + 1e-3)
	log := func(v float32) float64 { return math.Log(float64(v)) }
	f.x = [features]float64{
		float64(both) / 20,
		float64(in.missing) / 10,
		float64(both-2*(in.missing+of.missing)) / 20,
		float64(both*harmonic) / 20,
		float64(max(sq, sp)),
		float64(p.bits) / 20,
		float64(p.bits-3*(in.missing+of.missing)) / 20,
		float64(p.bits*max(p.ofPortion, p.ofLeak)) / 20,
		float64(p.ofPortion),
		float64(p.ofLeak),
		float64(p.agree) / float64(p.agree+p.odd+1),
		float64(p.rowBits) / 20,
		float64(p.longRuns) / 10,
		float64(in.names) / 20,
		float64(of.lostFigures),
		float64(min(in.lostFigures, of.lostFigures)),
		float64(min(in.lostNames, of.lostNames)),
		float64(alike(in.loose, of.loose)) / 20,
		log((score + .1) / (win.topic + .1)),
		float64(both-win.topic/s.norms[min(len(s.rows), 255)]) / 20,
		log((score + .1) / (win.best + .1)),
		log(1 + in.words),
	}
}
