package node

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tearline"
	"tearline/internal/node/book"
	"tearline/internal/store/sqlite"
)

// An Act is what an authority does about portions of a report that its party
// holds.
type Act struct {
	As        tearline.PartyID
	Report    tearline.ReportID
	Portions  []tearline.PortionID // empty: all
	To        tearline.PartyID     // discretion: the recipient
	Modes     []tearline.Mode      // discretion: how; empty is every way
	Marking   string               // declassification: the new mark; "" is the lowest
	Because   string
	Authority string // the person or office that decides
	Second    string // who decides with it, where it takes two
	Until     time.Time
	// TellAfter, of a discretion, is when the originators are told of what goes
	// out on it; zero is at once.
	TellAfter time.Time
}

// Acted is the answer to an authority's act.
type Acted struct {
	Statement tearline.StatementID   `json:"statement"`
	Kind      tearline.StatementKind `json:"kind"`
	By        tearline.PartyID       `json:"by"`
	At        time.Time              `json:"at"`
	Report    tearline.ReportID      `json:"report"`
	Portions  []tearline.PortionID   `json:"portions"`
	Recipient tearline.PartyID       `json:"recipient,omitempty"`
	Marking   string                 `json:"marking,omitempty"`
	// Index is the entry's in the party's ledger.
	Index int64 `json:"index"`
}

// check refuses an act without a reason or without a name to it.
func (a *Act) check(op string) error {
	if strings.TrimSpace(a.Because) == "" {
		return book.Invalidf(op, "say why: --because TEXT", "%s without a justification", op)
	}
	if strings.TrimSpace(a.Authority) == "" {
		return book.Invalidf(op, "say who decides: --authority NAME", "%s without the name of an authority", op)
	}
	return nil
}

// Discretion records that an authority of the holder discloses portions to a
// recipient although the rules refer or deny. It passes nothing on by itself;
// when something goes out on it, every originator concerned is told.
func (n *Node) Discretion(ctx context.Context, a Act) (Acted, error) {
	if err := a.check("discretion"); err != nil {
		return Acted{}, err
	}
	if len(a.Modes) == 0 {
		a.Modes = []tearline.Mode{tearline.Document, tearline.Visual, tearline.Oral}
	}
	return n.act(ctx, a, func(w *writer, h book.Held, refs []tearline.PortionRef) (tearline.Predicate, error) {
		if _, err := book.KnownParty(w.Tx, a.To); err != nil {
			return nil, err
		}
		if err := w.empowered(tearline.PowerDisclose, a.Authority, a.Second, book.MarksOf(h.Report, refs)); err != nil {
			return nil, err
		}
		var tears []tearline.PortionRef
		for _, r := range refs {
			if p, ok := h.Report.Portion(r.Portion); ok && p.Tear != nil {
				tears = append(tears, tearline.PortionRef{Report: r.Report, Portion: tearline.TearOf(r.Portion)})
			}
		}
		return &tearline.Discretion{
			Portions: append(refs, tears...), Recipient: a.To, Modes: a.Modes, Because: a.Because,
			Authority: a.Authority, Second: a.Second, TellAfter: a.TellAfter.UTC(), Term: tearline.Term{Until: a.Until.UTC()},
		}, nil
	})
}

// Declassify lowers or removes the marking of portions that are the acting
// party's own. Nobody lowers another party's.
func (n *Node) Declassify(ctx context.Context, a Act) (Acted, error) {
	if err := a.check("declassification"); err != nil {
		return Acted{}, err
	}
	return n.act(ctx, a, func(w *writer, h book.Held, refs []tearline.PortionRef) (tearline.Predicate, error) {
		to, power, err := book.Lowered(h.Report, refs, a.Marking)
		if err != nil {
			return nil, err
		}
		if err := w.empowered(power, a.Authority, a.Second, book.MarksOf(h.Report, refs)); err != nil {
			return nil, err
		}
		for _, r := range refs {
			if p, ok := h.Report.Portion(r.Portion); ok && p.Originator != w.By {
				return nil, book.Invalidf("declassify",
					fmt.Sprintf("ask %s, or disclose at discretion: that lowers nothing", p.Originator),
					"portion %s is %s's: only its owner declassifies it", r, p.Originator)
			}
		}
		return &tearline.Declassification{Portions: refs, To: to, Because: a.Because, Authority: a.Authority, Second: a.Second, Term: tearline.Term{Until: a.Until.UTC()}}, nil
	})
}

// act records one act of an authority about portions of a report.
func (n *Node) act(ctx context.Context, a Act, predicate func(*writer, book.Held, []tearline.PortionRef) (tearline.Predicate, error)) (Acted, error) {
	var out Acted
	err := n.write(ctx, a.As, func(w *writer) error {
		h, err := book.Holding(w.Tx, a.As, a.Report)
		if err != nil {
			return err
		}
		if err := hasPortions(h.Report, a.Portions); err != nil {
			return err
		}
		if !a.TellAfter.IsZero() && !a.TellAfter.After(w.At) {
			return book.Invalidf("tell-after", "leave it out: the originators are told at once", "%s has passed", a.TellAfter.UTC().Format(time.RFC3339))
		}
		if !a.Until.IsZero() && !a.Until.After(w.At) {
			return book.Invalidf("until", "", "it would have ended on %s", a.Until.UTC().Format(time.RFC3339))
		}
		var refs []tearline.PortionRef
		for i := range h.Report.Portions {
			if id := h.Report.Portions[i].ID; len(a.Portions) == 0 || slices.Contains(a.Portions, id) {
				refs = append(refs, tearline.PortionRef{Report: a.Report, Portion: id})
				out.Portions = append(out.Portions, id)
			}
		}
		says, err := predicate(w, h, refs)
		if err != nil {
			return err
		}
		subjects, err := w.Subjects(a.As, refs)
		if err != nil {
			return err
		}
		out.At = w.At
		names := []string{book.RefReport(a.Report)}
		if !a.TellAfter.IsZero() {
			names = append(names, book.RefPutOff)
		}
		s, err := w.Say(subjects, says, names...)
		if err != nil {
			return err
		}
		out.Statement, out.Kind, out.By, out.Index = s.Signed.Statement.ID, says.Kind(), a.As, s.Index
		out.Report, out.Recipient = a.Report, a.To
		if d, ok := says.(*tearline.Declassification); ok {
			out.Marking = d.To
		}
		return nil
	})
	return out, err
}

// disclosed writes the rows of a disclosure that has been said.
func (w *writer) disclosed(row sqlite.DisclosureRow, items []tearline.DisclosedItem) error {
	refs := make([]tearline.PortionRef, len(items))
	for i, it := range items {
		refs[i] = it.Portion
	}
	return w.Tx.PutDisclosure(row, refs)
}
