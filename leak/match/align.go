package match

// What an alignment does at a step.
const (
	stop    = iota // it begins here
	same           // the same word
	joined         // the portion writes as one word what the leak writes as two
	parted         // the other way round
	akin           // the same stem
	changed        // another word
	dropped        // a word of the portion that the leak lacks
	added          // a word of the leak that the portion lacks
)

// The price of a step, in bits. A word that differs must not cost so little
// that words met by chance are strung together, nor so much that a sentence
// falls apart at a synonym.
const (
	priceChanged = 2
	// Another figure is what next week's report has; an editor leaves it.
	priceFigure  = 8
	priceDropped = 1.5
	priceAdded   = 1.5
	akinShare    = 0.8 // what the same stem is worth of the same word
)

// A step is one step of an alignment: the word of the portion (a row) and of
// the leak at which it arrived.
type step struct {
	row, word int
	what      uint8
}

// An aligner finds where a portion's lattice and a stretch of the leak follow
// each other best: Smith and Waterman's local alignment, over every wording
// at once. It reuses its tables.
type aligner struct {
	s      *Searcher
	leak   *Leak
	powers []uint64
	used   map[int]bool // words of the leak that an earlier passage took
	told   map[int]bool // stems that the passage being weighed has told

	rows   []row
	weight []float32 // by row
	double []uint64  // by row: the hash of it joined to the row before, or 0
	from   int       // the first word of the stretch
	words  []word
	twice  []uint64 // by word of the stretch, likewise
	hashes []uint64 // by word, 0 if used

	score []float32 // by row and word
	what  []uint8
}

// use takes the words of an alignment out of the stretches to come.
func (a *aligner) use(steps []step) {
	for _, st := range steps {
		a.used[st.word] = true
		if st.what == joined {
			a.used[st.word-1] = true
		}
	}
}

// load takes the lattice of a unit.
func (a *aligner) load(rows []row) {
	a.rows, a.leak = rows, a.s.leak
	clear(a.used)
	a.weight, a.double = a.weight[:0], a.double[:0]
	for i := range rows {
		r := &rows[i]
		var w float32
		if r.ins == nil {
			if w = unknownBits; r.id >= 0 {
				w = a.s.terms[r.id].bits
			} else if r.Len() < 4 && !r.figure {
				w = shortBits
			}
		}
		var d uint64
		if r.ins == nil && r.glue {
			d = a.join(rows[r.from].token, r.token)
		}
		a.weight, a.double = append(a.weight, w), append(a.double, d)
	}
}

// join returns the hash of two tokens written as one, 0 if that is too long.
func (a *aligner) join(x, y token) uint64 {
	n := y.hi - y.lo
	if x.hi-x.lo+n > maxToken {
		return 0
	}
	return x.hash*a.powers[n] + y.hash
}

// best returns the best alignment with the words [from, to) of the leak, in
// order, and what it scores.
func (a *aligner) best(from, to int) ([]step, float32) {
	a.from, a.words = from, a.leak.words[from:to]
	a.hashes, a.twice = a.hashes[:0], a.twice[:0]
	for i, w := range a.words {
		h, d := w.hash, uint64(0)
		if a.used[from+i] {
			h = 0
		}
		if i > 0 && h != 0 && a.hashes[i-1] != 0 {
			d = a.join(a.words[i-1].token, w.token)
		}
		a.hashes, a.twice = append(a.hashes, h), append(a.twice, d)
	}
	width := len(a.words) + 1
	if n := width * len(a.rows); cap(a.score) < n {
		a.score, a.what = make([]float32, n), make([]uint8, n)
	}
	a.score, a.what = a.score[:width*len(a.rows)], a.what[:width*len(a.rows)]
	clear(a.score[:width])
	var top float32
	atRow, atWord := 0, 0
	for i := 1; i < len(a.rows); i++ {
		if a.rows[i].ins != nil {
			a.meet(i, width)
			continue
		}
		if s, j := a.row(i, width); s > top {
			top, atRow, atWord = s, i, j
		}
	}
	return a.trace(atRow, atWord, width), top
}

// meet fills the row of a junction: the best of the alternatives.
func (a *aligner) meet(i, width int) {
	out := a.score[i*width : (i+1)*width]
	clear(out)
	for _, in := range a.rows[i].ins {
		for j, s := range a.score[in*width : (in+1)*width] {
			out[j] = max(out[j], s)
		}
	}
}

// row fills the row of a token, and returns its best score and where.
func (a *aligner) row(i, width int) (top float32, at int) {
	r := &a.rows[i]
	out, what := a.score[i*width:(i+1)*width], a.what[i*width:(i+1)*width]
	before := a.score[r.from*width : (r.from+1)*width]
	beyond := before
	if r.glue {
		p := a.rows[r.from].from
		beyond = a.score[p*width : (p+1)*width]
	}
	w, double := a.weight[i], a.double[i]
	out[0], what[0] = 0, stop
	for j := 1; j < width; j++ {
		h := a.hashes[j-1]
		var s float32
		k := uint8(stop)
		switch {
		case h == r.hash:
			s, k = before[j-1]+w, same
		case h != 0 && a.words[j-1].stem == r.id:
			s, k = before[j-1]+akinShare*w, akin
		default:
			if x := before[j-1] - price(&r.token, &a.words[j-1].token); x > s {
				s, k = x, changed
			}
			if j > 1 && a.twice[j-1] == r.hash {
				s, k = before[j-2]+w, joined
			} else if double != 0 && double == h {
				s, k = beyond[j-1]+w, parted
			}
		}
		if x := before[j] - priceDropped; x > s {
			s, k = x, dropped
		}
		if x := out[j-1] - priceAdded; x > s {
			s, k = x, added
		}
		out[j], what[j] = s, k
		if s > top {
			top, at = s, j
		}
	}
	return top, at
}

// price is what one word in the place of another costs.
func price(x, y *token) float32 {
	if x.figure && y.figure {
		return priceFigure
	}
	return priceChanged
}

// trace follows the best alignment back from where it ends.
func (a *aligner) trace(i, j, width int) []step {
	var steps []step
	for i > 0 && a.score[i*width+j] > 0 {
		r := &a.rows[i]
		if r.ins != nil {
			s := a.score[i*width+j]
			for _, in := range r.ins {
				if a.score[in*width+j] == s {
					i = in
					break
				}
			}
			continue
		}
		k := a.what[i*width+j]
		if k == stop {
			break
		}
		steps = append(steps, step{i, a.from + j - 1, k})
		switch k {
		case same, akin, changed:
			i, j = r.from, j-1
		case joined:
			i, j = r.from, j-2
		case parted:
			i, j = a.rows[r.from].from, j-1
		case dropped:
			i = r.from
		case added:
			j--
		}
	}
	for x, y := 0, len(steps)-1; x < y; x, y = x+1, y-1 {
		steps[x], steps[y] = steps[y], steps[x]
	}
	return steps
}
