package match

import (
	"math"
	"slices"
	"strings"

	"tearline"
)

// A candidate is a unit that passed the cheap test.
type candidate struct {
	ref   tearline.PortionRef
	unit  unit
	seq   int // its place in the stream
	score float32
}

// A shortlist keeps the best candidates in fixed memory.
type shortlist struct {
	most  int
	floor float32
	list  []candidate
}

// add keeps the candidate if it is among the best so far.
func (s *shortlist) add(c candidate) {
	if c.score <= s.floor {
		return
	}
	if s.list = append(s.list, c); len(s.list) >= 2*s.most {
		s.trim()
		s.floor = s.list[len(s.list)-1].score
	}
}

func (s *shortlist) trim() {
	slices.SortFunc(s.list, func(a, b candidate) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return a.seq - b.seq
	})
	s.list = s.list[:min(len(s.list), s.most)]
}

const (
	// leastKept and mostKept bound how many candidates are aligned; between
	// them it is one for each keptWords words of the leak, so that a whole
	// report that leaked finds all its portions.
	leastKept, mostKept, keptWords = 200, 20_000, 12
	// warmUp is how many units are held back until the common words of the
	// archive are known.
	warmUp = 1000
	// The cheap test asks for that many letters in a row, or bits of stems
	// close together.
	leastRun, leastBits = gram + 4, 20
	// A stem with fewer bits says nothing there.
	nearBits = 2.5
)

// A search is one pass over the archive.
type search struct {
	leak    *Leak
	weigher weigher
	reader

	seq     int
	bits    []float32 // of each stem, refreshed now and then
	refresh int       // when next, in units
	seen    []int     // by stem: the unit in which it was last counted
	paired  []int     // by pair, likewise
	marked  []int     // by stem: the stamp of the last look at near
	stamp   int
	near    []float32 // by block: bits of the unit's stems there
	touched []int     // the blocks with bits

	warm         []candidate
	runs, shared shortlist
}

func newSearch(l *Leak) *search {
	kept := min(max(leastKept, len(l.words)/keptWords), mostKept)
	n := len(l.blocks)
	s := &search{
		leak:    l,
		weigher: weigher{df: make([]uint32, n), plain: l.plain, pairs: make([]uint32, l.nPairs), others: newSketch()},
		reader:  reader{stemmer: newStemmer(), stems: l.stems},
		bits:    make([]float32, n),
		seen:    make([]int, n),
		paired:  make([]int, l.nPairs),
		marked:  make([]int, n),
		near:    make([]float32, len(l.words)/block+2),
		runs:    shortlist{most: kept, floor: leastRun - 1},
		shared:  shortlist{most: kept},
	}
	return s
}

// offer takes the next portion of the archive.
func (s *search) offer(p Portion) {
	for _, u := range units(p.Wording) {
		s.seq++
		c := candidate{ref: p.Ref, unit: u, seq: s.seq}
		s.read(u)
		s.count()
		if s.seq <= warmUp {
			s.warm = append(s.warm, c.detached(p.Wording))
			continue
		}
		if s.warm != nil {
			s.settle()
			s.read(u)
		}
		s.screen(c, p.Wording)
	}
}

// settle screens what was held back.
func (s *search) settle() {
	for _, c := range s.warm {
		s.read(c.unit)
		s.screen(c, tearline.Wording{})
	}
	s.warm = nil
}

// detached returns c with its own copy of the text if that was cut out of a
// much longer one, which is not to be kept alive.
func (c candidate) detached(w tearline.Wording) candidate {
	if len(w.Source()) <= unitMost {
		return c
	}
	segs := slices.Clone(c.unit.segs)
	for i := range segs {
		segs[i].text = strings.Clone(segs[i].text)
	}
	c.unit.segs = segs
	return c
}

// count adds the unit to the counts by which words are weighed.
func (s *search) count() {
	s.weigher.units++
	unit := s.weigher.units
	var before *row // the word before, if both are the leak's and side by side
	for i := range s.rows {
		r := &s.rows[i]
		if r.ins != nil {
			before = nil
			continue
		}
		s.weigher.others.add(r.stem)
		if r.id < 0 {
			before = nil
			continue
		}
		if s.seen[r.id] != unit {
			s.seen[r.id] = unit
			s.weigher.df[r.id]++
		}
		if r.glue && before != nil {
			if p := s.leak.pairs.get(pairHash(before.stem, r.stem)); p >= 0 && s.paired[p] != unit {
				s.paired[p] = unit
				s.weigher.pairs[p]++
			}
		}
		before = r
	}
}

// screen is the cheap test: the unit is a candidate if it shares many letters
// in a row with the leak, or many bits of stems that are close together there.
func (s *search) screen(c candidate, from tearline.Wording) {
	if s.weigher.units >= s.refresh {
		for i := range s.bits {
			s.bits[i] = min(s.weigher.stemBits(i), 12)
		}
		s.refresh = s.weigher.units * 5 / 4
	}
	run, bits := float32(s.run()), s.closeness()
	weighed := bits / float32(math.Sqrt(float64(5*len(s.rows)+60)))
	if run <= s.runs.floor && (bits < leastBits || weighed <= s.shared.floor) {
		return
	}
	c = c.detached(from)
	c.score = run
	s.runs.add(c)
	if c.score = weighed; bits >= leastBits {
		s.shared.add(c)
	}
}

// run returns the length in letters of the longest run that the unit shares
// with the leak; 0 below the length of a fingerprint.
func (s *search) run() int {
	longest := 0
	s.streams(s.folder.letters, func(letters []byte) {
		n := 0
		roll := newRoller()
		for i, c := range letters {
			h, ok := roll.next(letters, i, c)
			if !ok || s.leak.grams.get(h) < 0 {
				n = 0
				continue
			}
			if n++; n > longest {
				longest = n
			}
		}
	})
	if longest == 0 {
		return 0
	}
	return longest + gram - 1
}

// closeness returns the bits of shared stems in that pair of neighbouring blocks
// of the leak which has the most.
func (s *search) closeness() float32 {
	s.stamp++
	for _, r := range s.rows {
		if r.id < 0 || s.bits[r.id] < nearBits || s.marked[r.id] == s.stamp {
			continue
		}
		s.marked[r.id] = s.stamp
		for _, b := range s.leak.blocks[r.id] {
			if s.near[b] == 0 {
				s.touched = append(s.touched, b)
			}
			s.near[b] += s.bits[r.id]
		}
	}
	var best float32
	for _, b := range s.touched {
		best = max(best, s.near[b]+s.near[b+1])
	}
	for _, b := range s.touched {
		s.near[b] = 0
	}
	s.touched = s.touched[:0]
	return best
}

// streams calls yield with the letters of the unit: once if it has no points,
// else as often as it takes to show each alternative beside its neighbours.
func (l *lattice) streams(letters []byte, yield func([]byte)) {
	most := 1
	for _, p := range l.pieces {
		most = max(most, len(p))
	}
	if most == 1 {
		yield(letters)
		return
	}
	var buf []byte
	for k := range most {
		buf = buf[:0]
		for _, p := range l.pieces {
			at := p[min(k, len(p)-1)]
			buf = append(buf, letters[at[0]:at[1]]...)
		}
		yield(buf)
	}
}
