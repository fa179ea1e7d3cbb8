package listing

import (
	"cmp"
	"math"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"tearline"
	"tearline/leak/match"
)

// words is which portions have which words.
type words struct {
	read  int // portions whose texts have been read: the ordinals below it
	stems map[string]*posting
}

// A posting is the portions that have a word, and how often where it is more
// than once.
type posting struct {
	set  *roaring.Bitmap
	more map[uint32]uint16
}

func newWords() words { return words{stems: make(map[string]*posting)} }

// add takes in the text of the next portion, with all its alternatives: whoever
// looks for a word finds the portion, whichever wording it has seen.
func (w *words) add(text *tearline.Wording) {
	n := uint32(w.read) //nolint:gosec // ordinals are that wide
	w.read++
	for _, seg := range text.Segments() {
		w.text(n, seg.Text)
		for _, a := range seg.Alternatives {
			w.text(n, a)
		}
	}
}

func (w *words) text(n uint32, s string) {
	for stem := range match.Stems(s) {
		p := w.stems[stem]
		if p == nil {
			p = &posting{set: roaring.New()}
			w.stems[stem] = p
		}
		if p.set.CheckedAdd(n) {
			continue
		}
		if p.more == nil {
			p.more = make(map[uint32]uint16)
		}
		p.more[n] = min(max(p.more[n], 1)+1, math.MaxUint16)
	}
}

// often returns how often a portion that has the word has it.
func (p *posting) often(n uint32) float64 { return float64(max(p.more[n], 1)) }

// A hit is a portion that has all of the words.
type hit struct {
	ordinal uint32
	score   float64
}

// before reports whether a stands before b: the higher score, then the newer.
func (a hit) before(b hit) bool {
	return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.ordinal, a.ordinal)) < 0
}

// saturation is how soon more of the same word counts for little.
const saturation = 1.2

// find returns how many of the visible portions below top have all the words,
// and those of them that stand after a place, most at most. A word weighs what it
// weighs among the visible: how rare it is elsewhere must not show. Nor does the
// length of texts count, whose mean would be one of all.
func (w *words) find(visible *roaring.Bitmap, text string, top uint32, from Cursor, most int) (int, []hit) {
	var terms []*posting
	for stem := range match.Stems(text) {
		p := w.stems[stem]
		if p == nil {
			return 0, nil
		}
		if !slices.Contains(terms, p) {
			terms = append(terms, p)
		}
	}
	if len(terms) == 0 {
		return 0, nil
	}
	found := visible.Clone()
	found.RemoveRange(uint64(top), math.MaxUint32+1)
	all := float64(found.GetCardinality())
	weights := make([]float64, len(terms))
	for i, p := range terms {
		has := float64(found.AndCardinality(p.set))
		weights[i] = math.Log1p((all - has + .5) / (has + .5))
	}
	for _, p := range terms {
		found.And(p.set)
	}
	var hits []hit
	place := hit{from.Last, from.Score}
	for it := found.Iterator(); it.HasNext(); {
		n := it.Next()
		h := hit{ordinal: n}
		for i, p := range terms {
			often := p.often(n)
			h.score += weights[i] * often / (often + saturation)
		}
		if from.Top != 0 && !place.before(h) {
			continue
		}
		at, _ := slices.BinarySearchFunc(hits, h, func(a, b hit) int {
			if a.before(b) {
				return -1
			}
			return 1
		})
		if at < most {
			hits = slices.Insert(hits[:min(len(hits), most-1)], at, h)
		}
	}
	return int(found.GetCardinality()), hits //nolint:gosec // of ordinals
}
