package trace

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tearline"
	"tearline/internal/set"
)

// Who is who could have been the source, as far as is recorded: those who had
// been given the matched portions before the text. To have had a portion is
// not to have passed it on.
type Who struct {
	// Passages are the portions that count, those together that have the same
	// words of the text: whoever had one of them had the passage.
	Passages [][]tearline.PortionRef `json:"passages"`
	// Parties are those who had any, most passages first; Persons likewise,
	// and units, as far as they were named. A party that had a passage through
	// several persons had it; none of them need have had all.
	Parties []Holder `json:"parties"`
	Persons []Holder `json:"persons"`
	// Undisclosed are the passages that nobody is recorded to have been given,
	// as places in Passages: they may have come from the tracing party.
	Undisclosed []int `json:"undisclosed"`
	// Origins are other parties that wrote a passage, or what it rests on:
	// nobody need have given it to them.
	Origins []Origin `json:"origins"`
}

// An Origin is a party whose own material is in passages.
type Origin struct {
	Party    tearline.PartyID `json:"party"`
	Passages []int            `json:"passages"` // places in Who.Passages
}

// A Holder is a party, a unit or a person who had passages.
type Holder struct {
	Party  tearline.PartyID `json:"party"`
	Unit   string           `json:"unit,omitempty"`
	Person string           `json:"person,omitempty"`
	// Passages is how many it had; Had says which portions, in their order.
	Passages int       `json:"passages"`
	First    time.Time `json:"first"`
	Had      []Had     `json:"had"`
}

// Had is how a holder had one portion.
type Had struct {
	Passage int                 `json:"passage"` // place in Who.Passages
	Portion tearline.PortionRef `json:"portion"`
	First   time.Time           `json:"first"`
	Modes   []tearline.Mode     `json:"modes"`
	Copies  []tearline.CopyID   `json:"copies,omitempty"`
	// Via are the holders that had passed it on to this one, as they told its
	// originator.
	Via []tearline.PartyID `json:"via,omitempty"`
}

// Given is one recorded act by which one portion came to somebody.
type Given struct {
	Portion      tearline.PortionRef
	Party        tearline.PartyID
	Unit, Person string
	Mode         tearline.Mode
	At           time.Time
	Copy         tearline.CopyID
	// Via is who passed it on, if that was not the tracing party.
	Via tearline.PartyID
}

// WhoCould works out who had which passages. It takes every act given: those
// after the text are left out by the caller.
func WhoCould(passages [][]tearline.PortionRef, given []Given) Who {
	w := Who{Passages: passages, Parties: []Holder{}, Persons: []Holder{}, Undisclosed: []int{}, Origins: []Origin{}}
	if w.Passages == nil {
		w.Passages = [][]tearline.PortionRef{}
	}
	place := map[tearline.PortionRef]int{}
	for i, refs := range passages {
		for _, ref := range refs {
			place[ref] = i
		}
	}
	parties, persons, anybody := newHolders(), newHolders(), make([]bool, len(passages))
	for _, g := range given {
		i, ok := place[g.Portion]
		if !ok {
			continue
		}
		anybody[i] = true
		parties.add(Holder{Party: g.Party}, i, g)
		if g.Unit != "" || g.Person != "" {
			persons.add(Holder{Party: g.Party, Unit: g.Unit, Person: g.Person}, i, g)
		}
	}
	w.Parties, w.Persons = parties.sorted(), persons.sorted()
	for i, given := range anybody {
		if !given {
			w.Undisclosed = append(w.Undisclosed, i)
		}
	}
	return w
}

// wrote notes that a passage has material of a party's own. Passages come in
// order.
func (w *Who) wrote(party tearline.PartyID, passage int) {
	i := slices.IndexFunc(w.Origins, func(o Origin) bool { return o.Party == party })
	if i < 0 {
		i = len(w.Origins)
		w.Origins = append(w.Origins, Origin{Party: party})
	}
	w.Origins[i].Passages = set.Add(w.Origins[i].Passages, passage)
}

// HadPassage reports whether the holder had any portion of a passage.
func (h *Holder) HadPassage(i int) bool {
	return slices.ContainsFunc(h.Had, func(x Had) bool { return x.Passage == i })
}

// All returns those of the holders who had every passage; they come first.
func (w *Who) All(of []Holder) []Holder {
	n := 0
	for n < len(of) && len(w.Passages) > 0 && of[n].Passages == len(w.Passages) {
		n++
	}
	return of[:n]
}

// holders gathers who had what.
type holders struct {
	all   []Holder
	place map[holderKey]int
	had   map[hadKey]int      // place in the holder's Had
	count map[passageKey]bool // passages that are counted
}

type (
	holderKey struct {
		party        tearline.PartyID
		unit, person string
	}
	hadKey struct {
		holder  int
		portion tearline.PortionRef
	}
	passageKey struct{ holder, passage int }
)

func newHolders() *holders {
	return &holders{place: map[holderKey]int{}, had: map[hadKey]int{}, count: map[passageKey]bool{}}
}

func (hs *holders) add(who Holder, passage int, g Given) {
	key := holderKey{who.Party, who.Unit, who.Person}
	k, ok := hs.place[key]
	if !ok {
		k, who.First = len(hs.all), g.At
		hs.place[key], hs.all = k, append(hs.all, who)
	}
	h := &hs.all[k]
	if g.At.Before(h.First) {
		h.First = g.At
	}
	if n := (passageKey{k, passage}); !hs.count[n] {
		hs.count[n] = true
		h.Passages++
	}
	i, ok := hs.had[hadKey{k, g.Portion}]
	if !ok {
		i = len(h.Had)
		hs.had[hadKey{k, g.Portion}] = i
		h.Had = append(h.Had, Had{Passage: passage, Portion: g.Portion, First: g.At})
	}
	had := &h.Had[i]
	if g.At.Before(had.First) {
		had.First = g.At
	}
	had.Modes = set.Add(had.Modes, g.Mode)
	if g.Copy != "" {
		had.Copies = set.Add(had.Copies, g.Copy)
	}
	if g.Via != "" {
		had.Via = set.Add(had.Via, g.Via)
	}
}

// sorted returns them by how many passages they had, then by who had one
// first.
func (hs *holders) sorted() []Holder {
	for i := range hs.all {
		slices.SortStableFunc(hs.all[i].Had, func(a, b Had) int { return a.Passage - b.Passage })
	}
	slices.SortFunc(hs.all, func(a, b Holder) int {
		return cmp.Or(b.Passages-a.Passages, a.First.Compare(b.First), strings.Compare(string(a.Party), string(b.Party)),
			strings.Compare(a.Unit, b.Unit), strings.Compare(a.Person, b.Person))
	})
	return append([]Holder{}, hs.all...)
}

// Passages puts the portions of the matches that count together where they
// have the same words of the text: more than half of what the one with fewer
// has. A text held twice is one passage, and so is a portion with its tear
// line: nobody need have had both.
func Passages(matches []Match) [][]tearline.PortionRef {
	out := [][]tearline.PortionRef{}
	var of []reach // by passage, of its best match
	for i := range matches {
		m := &matches[i]
		if !m.Counts() {
			continue
		}
		r := reachOf(m.Spans)
		k := slices.IndexFunc(of, func(best reach) bool { return best.from < r.to && r.from < best.to && sameWords(best.spans, r.spans) })
		if k < 0 {
			of, out = append(of, r), append(out, []tearline.PortionRef{m.Ref()})
			continue
		}
		out[k] = append(out[k], m.Ref())
	}
	return out
}

// A reach is from where to where in the leak spans are.
type reach struct {
	from, to int
	spans    []Span
}

func reachOf(spans []Span) reach {
	r := reach{spans: spans}
	for i, s := range spans {
		if i == 0 {
			r.from, r.to = s.Leak[0], s.Leak[1]
		}
		r.from, r.to = min(r.from, s.Leak[0]), max(r.to, s.Leak[1])
	}
	return r
}

func sameWords(a, b []Span) bool {
	common := 0
	for _, x := range a {
		for _, y := range b {
			common += max(0, min(x.Leak[1], y.Leak[1])-max(x.Leak[0], y.Leak[0]))
		}
	}
	return 2*common > min(length(a), length(b))
}

func length(spans []Span) (n int) {
	for _, s := range spans {
		n += s.Leak[1] - s.Leak[0]
	}
	return n
}
