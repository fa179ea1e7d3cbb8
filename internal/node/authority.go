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
	"tearline/marking"
	"tearline/release"
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
	Until     time.Time
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
		var tears []tearline.PortionRef
		for _, r := range refs {
			if p, ok := h.Report.Portion(r.Portion); ok && p.Tear != nil {
				tears = append(tears, tearline.PortionRef{Report: r.Report, Portion: tearline.TearOf(r.Portion)})
			}
		}
		return &tearline.Discretion{
			Portions: append(refs, tears...), Recipient: a.To, Modes: a.Modes, Because: a.Because,
			Authority: a.Authority, Term: tearline.Term{Until: a.Until.UTC()},
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
		to, err := lowered(h.Report, refs, a.Marking)
		if err != nil {
			return nil, err
		}
		for _, r := range refs {
			if p, ok := h.Report.Portion(r.Portion); ok && p.Originator != w.By {
				return nil, book.Invalidf("declassify",
					fmt.Sprintf("ask %s, or disclose at discretion: that lowers nothing", p.Originator),
					"portion %s is %s's: only its owner declassifies it", r, p.Originator)
			}
		}
		return &tearline.Declassification{Portions: refs, To: to, Because: a.Because, Authority: a.Authority, Term: tearline.Term{Until: a.Until.UTC()}}, nil
	})
}

// lowered checks a new mark against those it replaces: a declassification
// never raises.
func lowered(r *tearline.Report, refs []tearline.PortionRef, mark string) (string, error) {
	if mark == "" {
		return "", nil
	}
	pol, ok := marking.Lookup(r.Policy)
	if !ok {
		return "", book.UnknownPolicy(r.Policy)
	}
	m, err := pol.Parse(mark)
	if err != nil {
		return "", book.Invalid("declassify", fmt.Errorf("marking %q: %w", mark, err), "")
	}
	for _, ref := range refs {
		p, ok := r.Portion(ref.Portion)
		if ok && m.Level().Rank > p.Marking.Level().Rank {
			return "", book.Invalidf("declassify", "a declassification lowers; to raise a marking, file a new report",
				"%s is above the %s of portion %s", m.Portion(), p.Marking.Portion(), ref)
		}
	}
	return m.Portion(), nil
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
		s, err := w.Say(subjects, says, book.RefReport(a.Report))
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

// extracts tells every other originator concerned what went out of its
// material: one statement each, which speaks of nothing else.
func (w *writer) extracts(h book.Held, d release.Decision, says *tearline.Disclosure, of tearline.StatementID) error {
	who, err := book.NewSays(w.Tx, w.By, h.Report)
	if err != nil {
		return err
	}
	items := map[tearline.PartyID][]tearline.DisclosedItem{}
	for _, it := range says.Items {
		base := it.Portion
		if p, tear := base.Portion.IsTear(); tear {
			base.Portion = p
		}
		v, _ := d.Verdict(it.Portion.Portion)
		for _, o := range who.Originators(base) {
			if o == w.By {
				continue
			}
			told, err := w.itemTold(o, it, v)
			if err != nil {
				return err
			}
			for _, ref := range who.Of(o, base) {
				told.Portion = ref
				items[o] = mergeItem(items[o], told)
			}
		}
	}
	at := w.At
	for _, o := range book.SortedKeys(items) {
		// All at one instant: a later one would tell that others were told
		// as well.
		w.At = at
		told := *says
		told.Report, told.Items, told.ToldTo, told.Of, told.Purpose = "", items[o], o, of, ""
		told.Occurred = says.Occurred.Truncate(book.Instants)
		var about []tearline.PortionRef
		for _, it := range told.Items {
			about = append(about, it.Portion)
		}
		subjects, err := w.Subjects(w.By, about)
		if err != nil {
			return err
		}
		if _, err := w.Say(subjects, &told, book.RefTold(o), book.RefStatement(of)); err != nil {
			return err
		}
	}
	return nil
}

// itemTold is a disclosed item as an originator is told of it: with what it
// said itself, and without a word on what others did. If the rules wanted
// others asked and not this one, its own say was kept to, and that is what it
// is told.
func (w *writer) itemTold(o tearline.PartyID, it tearline.DisclosedItem, v release.Verdict) (tearline.DisclosedItem, error) {
	if it.Outcome == tearline.Refer && !slices.Contains(v.Ask, o) {
		var ids []tearline.StatementID
		for _, why := range v.Reasons {
			if why.Outcome == tearline.Release {
				ids = book.AppendNew(ids, why.Statements...)
			}
		}
		it.Outcome, it.Statements = tearline.Release, ids
		it.Basis = tearline.ByMarking
		mine, err := w.toldOf(o, ids)
		if err != nil {
			return it, err
		}
		it.Statements = nil
		for _, m := range mine {
			it.Basis = stronger(it.Basis, m.basis)
			it.Statements = append(it.Statements, m.id)
		}
		return it, nil
	}
	mine, err := w.toldOf(o, it.Statements)
	if err != nil {
		return it, err
	}
	it.Statements = nil
	for _, m := range mine {
		it.Statements = append(it.Statements, m.id)
	}
	if len(mine) == 0 && (it.Basis == tearline.ByConsent || it.Basis == tearline.ByStandingConsent || it.Basis == tearline.ByDeclassification) {
		it.Basis = tearline.ByMarking // another originator's word, which is not this one's business
	}
	return it, nil
}

// A ground is a statement on which a disclosure rests, and the basis it gives.
type ground struct {
	id    tearline.StatementID
	basis tearline.Basis
}

// toldOf returns those of the statements on which a disclosure rests that the
// originator is told of: its own, an agreement of its own, and the discretion
// by which it was passed over.
func (w *writer) toldOf(o tearline.PartyID, ids []tearline.StatementID) ([]ground, error) {
	var out []ground
	for _, id := range ids {
		e, ok, err := w.Tx.Entry(id)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		s, err := book.Statement(e)
		if err != nil {
			return nil, err
		}
		switch x := s.Says.(type) {
		case *tearline.Consent:
			if s.By == o {
				out = append(out, ground{id, tearline.ByConsent})
			}
		case *tearline.Declassification:
			if s.By == o {
				out = append(out, ground{id, tearline.ByDeclassification})
			}
		case *tearline.Agreement:
			if slices.Contains(x.Parties[:], o) {
				out = append(out, ground{id, tearline.ByStandingConsent})
			}
		case *tearline.Discretion:
			out = append(out, ground{id, tearline.ByDiscretion})
		}
	}
	return out, nil
}

// stronger returns the basis that rests more on somebody's own word.
func stronger(a, b tearline.Basis) tearline.Basis {
	order := []tearline.Basis{tearline.ByMarking, tearline.ByAgreement, tearline.ByDeclassification, tearline.ByStandingConsent, tearline.ByConsent}
	if slices.Index(order, b) > slices.Index(order, a) {
		return b
	}
	return a
}

// mergeItem adds an item, each portion once; what went out at discretion, or
// without a basis, is told in preference to what went out by right.
func mergeItem(list []tearline.DisclosedItem, it tearline.DisclosedItem) []tearline.DisclosedItem {
	i := slices.IndexFunc(list, func(x tearline.DisclosedItem) bool { return x.Portion == it.Portion })
	switch {
	case i < 0:
		return append(list, it)
	case graver(it) > graver(list[i]):
		list[i] = it
	}
	return list
}

func graver(it tearline.DisclosedItem) int {
	switch it.Basis {
	case tearline.ByNothing:
		return 3
	case tearline.ByDiscretion:
		return 2
	case tearline.ByMarking, tearline.ByAgreement, tearline.ByDeclassification, tearline.ByStandingConsent, tearline.ByConsent:
	}
	if it.Replaced {
		return 0
	}
	return 1
}

// disclosed writes the rows of a disclosure that has been said.
func (w *writer) disclosed(row sqlite.DisclosureRow, items []tearline.DisclosedItem) error {
	refs := make([]tearline.PortionRef, len(items))
	for i, it := range items {
		refs[i] = it.Portion
	}
	return w.Tx.PutDisclosure(row, refs)
}
