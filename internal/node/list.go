package node

import (
	"context"
	"errors"
	"sync"
	"time"

	"tearline"
	"tearline/internal/listing"
	"tearline/internal/node/book"
	"tearline/internal/store/sqlite"
	"tearline/release"
)

// A ListQuestion asks for all that a recipient may have now of what a party
// holds. Its Report and At are not looked at: another date is for [Node.Table].
type ListQuestion struct {
	Question
	// Words, if any, are looked for in the texts.
	Words string
	// Limit is how many portions a page has, at most [listing.MaxPage].
	Limit int
	// After is the place that the page before ended with; "" is the beginning.
	After string
}

// A List is one page of what a recipient may have, the newest first, or the
// likeliest in a search.
type List struct {
	Recipient tearline.PartyID `json:"recipient"`
	At        time.Time        `json:"at"`
	// Count is how many portions the whole answer has; Held how many the
	// holder has, for its own officer.
	Count    int          `json:"count"`
	Held     int          `json:"held"`
	Portions []ListedItem `json:"portions"`
	// After is the place where the next page begins, "" if this is the last.
	After string `json:"after,omitempty"`
}

// A ListedItem is one portion that the recipient may have.
type ListedItem struct {
	Report  tearline.ReportID  `json:"report"`
	Portion tearline.PortionID `json:"portion"`
	Marking string             `json:"marking"`
	Date    string             `json:"date"`
	Basis   tearline.Basis     `json:"basis"`
}

// shelves are what parties hold, listed. They are made when they are first
// asked for, and then kept current.
type shelves struct {
	mu sync.Mutex
	of map[tearline.PartyID]*shelf
}

// A shelf is current up to a place in the order in which all was appended here.
type shelf struct {
	*listing.Shelf
	place int64
	last  time.Time // when the latest of what is on it was said
}

// List answers what a recipient may have.
func (n *Node) List(ctx context.Context, q ListQuestion) (out List, err error) {
	n.shelves.mu.Lock()
	defer n.shelves.mu.Unlock()
	err = n.book.Read(ctx, func(tx *sqlite.Tx) error {
		for _, p := range []tearline.PartyID{q.As, q.To} {
			if _, err := book.KnownParty(tx, p); err != nil {
				return err
			}
		}
		s, err := n.shelf(ctx, tx, q.As)
		if err != nil {
			delete(n.shelves.of, q.As) // half read; the next one begins anew
			return err
		}
		at, err := n.instant(tx, q.As, time.Time{})
		if err != nil {
			return err
		}
		if at, err = book.NotBefore(at, s.last); err != nil {
			return err
		}
		out, err = n.page(tx, s, q, at)
		return err
	})
	return out, err
}

// page answers from a shelf that is current.
func (n *Node) page(tx *sqlite.Tx, s *shelf, q ListQuestion, at time.Time) (List, error) {
	ask := listing.Question{Request: q.request(at), Words: q.Words, Limit: q.Limit}
	k, err := n.book.Keys(q.As)
	if err != nil {
		return List{}, err
	}
	seal, err := listing.NewSeal(k.Wording)
	if err != nil {
		return List{}, err
	}
	if q.After != "" {
		if ask.From, err = seal.Open(q.After, &ask); err != nil {
			return List{}, book.Invalid("list", err, "leave out --after to begin again; a place is for one question alone")
		}
	}
	if q.Words != "" {
		for _, id := range s.Unread() {
			h, err := book.Holding(tx, q.As, id)
			if err != nil {
				return List{}, err
			}
			if err := s.Read(h.Report); err != nil {
				return List{}, err
			}
		}
	}
	page, err := s.List(ask)
	switch {
	case errors.Is(err, release.ErrUnknownParty):
		return List{}, book.UnknownParty(q.To)
	case err != nil:
		return List{}, book.Invalid("list", err, "")
	}
	out := List{Recipient: q.To, At: at, Count: page.Count, Held: s.Len(), Portions: []ListedItem{}}
	for _, p := range page.Portions {
		out.Portions = append(out.Portions, ListedItem{
			Report: p.Ref.Report, Portion: p.Ref.Portion, Marking: p.Marking, Date: p.Date, Basis: p.Basis,
		})
	}
	if len(page.Portions) == q.Limit {
		out.After, err = seal.Close(n.book.Random(), &ask, page.Next)
	}
	return out, err
}

// shelf returns a party's shelf with all that has been said.
func (n *Node) shelf(ctx context.Context, tx *sqlite.Tx, holder tearline.PartyID) (*shelf, error) {
	s := n.shelves.of[holder]
	if s == nil {
		if n.shelves.of == nil {
			n.shelves.of = map[tearline.PartyID]*shelf{}
		}
		s = &shelf{Shelf: listing.New(holder)}
		n.shelves.of[holder] = s
	}
	var err error
	s.place, err = n.book.Since(ctx, tx, holder, s.place, func(said *tearline.Statement) error {
		if said.At.After(s.last) {
			s.last = said.At
		}
		return s.Say(said)
	})
	return s, err
}
