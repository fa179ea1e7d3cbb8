// Package listing lists all that a recipient may have of what a holder has: the
// newest first, page by page, with the exact count; and searches the texts of
// just that. A count, a page, an order or a weight of a search depends on what
// the recipient may have and on nothing else: what is withheld shows in none of
// them.
//
// What is listed answers for now, by package classes, and is no evidence: before
// anything is passed on it is decided anew. The package may not store or
// decide, and reads no clock; its statements are verified before.
package listing

import (
	"fmt"
	"slices"

	"tearline"
	"tearline/release"
	"tearline/release/classes"
)

// A Shelf is what one holder has, in the order of filing, with all that was
// said that decides who may have it. It is kept current by telling it what is
// said. One goroutine at a time may use it.
type Shelf struct {
	names classes.Register
	index *classes.Index
	held  []held
	known map[tearline.StatementID]bool
	texts map[string]string // marks and dates, each once
	words words
}

// held is a portion as it was filed.
type held struct {
	ref     tearline.PortionRef
	marking string
	date    string // of the report
}

// New returns the empty shelf of a holder.
func New(holder tearline.PartyID) *Shelf {
	s := &Shelf{known: make(map[tearline.StatementID]bool), texts: make(map[string]string), words: newWords()}
	s.index = classes.New(holder, &s.names)
	return s
}

// Say takes in a statement, each once; sources are filed before what rests on
// them. The error is that of [classes.Index.Say].
func (s *Shelf) Say(st *tearline.Statement) error {
	if s.known[st.ID] {
		return nil
	}
	s.names.File(st)
	if err := s.index.Say(st); err != nil {
		return fmt.Errorf("listing: statement %s: %w", st.ID, err)
	}
	if v, ok := st.Says.(*tearline.Filing); ok {
		for i := range v.Portions {
			p := &v.Portions[i]
			s.held = append(s.held, held{
				ref: tearline.PortionRef{Report: v.Report, Portion: p.ID}, marking: s.interned(p.Marking), date: s.interned(v.Date),
			})
		}
	}
	s.known[st.ID] = true
	return nil
}

// interned returns one copy of a text of which there are few.
func (s *Shelf) interned(text string) string {
	if one, ok := s.texts[text]; ok {
		return one
	}
	s.texts[text] = text
	return text
}

// Len returns how many portions are on the shelf.
func (s *Shelf) Len() int { return len(s.held) }

// Unread returns the reports whose texts have not been read for searching, in
// the order of filing.
func (s *Shelf) Unread() []tearline.ReportID {
	var ids []tearline.ReportID
	for _, h := range s.held[s.words.read:] {
		if len(ids) == 0 || ids[len(ids)-1] != h.ref.Report {
			ids = append(ids, h.ref.Report)
		}
	}
	return ids
}

// Read takes in the texts of the next of the [Shelf.Unread] reports.
func (s *Shelf) Read(r *tearline.Report) error {
	first, n, ok := s.names.Report(r.ID)
	if !ok || n != len(r.Portions) || int(first) != s.words.read {
		return fmt.Errorf("listing: report %s is not the next to be read", r.ID)
	}
	for i := range r.Portions {
		s.words.add(&r.Portions[i].Wording)
	}
	return nil
}

// A Question asks what a recipient may have.
type Question struct {
	release.Request
	// Words, if any, are looked for in the texts: portions that have all of
	// them, the likeliest first. The texts must have been read.
	Words string
	// Limit is how many portions a page has, 1 to [MaxPage].
	Limit int
	// From is where the page begins; the zero Cursor is the beginning.
	From Cursor
}

// MaxPage is the most portions that a page has.
const MaxPage = 1000

// A Page is a part of the answer.
type Page struct {
	// Count is how many portions the whole answer has.
	Count int
	// Portions are those of this page; fewer than were asked for are the end.
	Portions []Portion
	// Next is where the next page begins.
	Next Cursor
}

// A Portion is one that the recipient may have, and by virtue of what.
type Portion struct {
	Ref tearline.PortionRef
	// Marking is the portion mark as filed, Date the report's, YYYY-MM-DD.
	Marking, Date string
	Basis         tearline.Basis
}

// List answers a question. What is filed later does not show on the pages that
// follow a first one; what is taken back in between is gone from them. The error
// wraps [release.ErrUnknownParty], or says what is wrong with the question.
func (s *Shelf) List(q Question) (Page, error) {
	if q.Limit < 1 || q.Limit > MaxPage {
		return Page{}, fmt.Errorf("listing: a page of %d: want 1 to %d", q.Limit, MaxPage)
	}
	view, err := s.index.View(q.Request)
	if err != nil {
		return Page{}, err
	}
	if q.Words != "" {
		return s.search(view, &q)
	}
	var out Page
	if out.Count, err = view.Count(); err != nil {
		return Page{}, err
	}
	ordinals, next, err := view.Page(nil, classes.Cursor{Last: q.From.Last, Top: q.From.Top}, q.Limit)
	if err != nil {
		return Page{}, err
	}
	out.Next = Cursor{Last: next.Last, Top: next.Top}
	out.Portions = s.portions(view, ordinals)
	return out, nil
}

func (s *Shelf) portions(view *classes.View, ordinals []uint32) []Portion {
	list := make([]Portion, len(ordinals))
	for i, n := range ordinals {
		h := &s.held[n]
		list[i] = Portion{Ref: h.ref, Marking: h.marking, Date: h.date, Basis: view.Verdict(n).Basis()}
	}
	return list
}

// search finds what has all of the words among what the recipient may have.
func (s *Shelf) search(view *classes.View, q *Question) (Page, error) {
	if s.words.read < len(s.held) {
		return Page{}, fmt.Errorf("listing: the texts of %d portions have not been read", len(s.held)-s.words.read)
	}
	visible, err := view.Set()
	if err != nil {
		return Page{}, err
	}
	top := q.From.Top
	if top == 0 {
		top = s.index.Len()
	}
	count, hits := s.words.find(visible, q.Words, top, q.From, q.Limit)
	out := Page{Count: count, Next: Cursor{Top: top}}
	ordinals := make([]uint32, len(hits))
	for i, h := range hits {
		ordinals[i] = h.ordinal
		out.Next.Last, out.Next.Score = h.ordinal, h.score
	}
	out.Portions = slices.Clip(s.portions(view, ordinals))
	return out, nil
}
