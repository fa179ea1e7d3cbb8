package recall

import (
	"cmp"
	"iter"
	"slices"

	"tearline"
	"tearline/internal/set"
)

// A Source is where statements are. Each field must be set.
type Source struct {
	// Statement finds one; false if there is none.
	Statement func(tearline.StatementID) (tearline.Statement, bool, error)
	// Under finds those of some kinds that answer, take back or repeat one.
	Under func(tearline.StatementID, ...tearline.StatementKind) iter.Seq2[tearline.Statement, error]
	// Holders are those to whom the consent that answers a request was
	// given: who asked or, if nobody did, everybody.
	Holders func(request tearline.StatementID) ([]tearline.PartyID, error)
	// Derived are the portions that derive directly from one, and Given the
	// disclosures that exposed any of some portions, in a holder's books.
	Derived func(tearline.PartyID, tearline.PortionRef) ([]tearline.PortionRef, error)
	Given   func(tearline.PartyID, []tearline.PortionRef) ([]tearline.StatementID, error)
}

// Gather reads statements, and with them all that they rest on and that follows
// from them: of a revoked consent, whatever was disclosed on it and passed on
// from there; of a recall, the disclosure and the confirmations. The errors
// are those of the source.
func Gather(src Source, from ...iter.Seq2[tearline.Statement, error]) (*Records, error) {
	g := gathering{src: src, seen: map[tearline.StatementID]bool{}}
	for _, list := range from {
		if err := g.all(list); err != nil {
			return nil, err
		}
	}
	return Read(g.out), nil
}

// gathering collects statements, each once.
type gathering struct {
	src  Source
	seen map[tearline.StatementID]bool
	out  []tearline.Statement
}

func (g *gathering) all(list iter.Seq2[tearline.Statement, error]) error {
	for s, err := range list {
		if err != nil {
			return err
		}
		if err := g.add(s); err != nil {
			return err
		}
	}
	return nil
}

func (g *gathering) one(id tearline.StatementID) error {
	if id == "" || g.seen[id] {
		return nil
	}
	s, ok, err := g.src.Statement(id)
	if err != nil || !ok {
		return err
	}
	return g.add(s)
}

func (g *gathering) add(s tearline.Statement) error {
	if g.seen[s.ID] {
		return nil
	}
	g.seen[s.ID] = true
	g.out = append(g.out, s)
	switch x := s.Says.(type) {
	case *tearline.Revocation:
		return g.one(x.Of)
	case *tearline.Consent:
		for r, err := range g.src.Under(s.ID, tearline.KindRevocation) {
			if err := cmp.Or(err, g.add(r), g.given(x)); err != nil {
				return err
			}
		}
	case *tearline.Disclosure:
		for _, it := range x.Items {
			for _, id := range it.Statements {
				if err := g.one(id); err != nil {
					return err
				}
			}
		}
		if x.ToldTo != "" {
			return g.one(x.Of)
		}
		return g.all(g.src.Under(s.ID, tearline.KindDisclosure, tearline.KindRecall))
	case *tearline.Recall:
		return cmp.Or(g.one(x.Of), g.all(g.src.Under(s.ID, tearline.KindConfirmation)))
	}
	return nil
}

// given adds what has been disclosed of a consent's portions, or of what rests
// on them: by whom the consent was given to, and by all to whom it went from
// there, each as it has them in its own books.
func (g *gathering) given(c *tearline.Consent) error {
	by, err := g.src.Holders(c.Request)
	for i := 0; i < len(by) && err == nil; i++ {
		var refs []tearline.PortionRef
		if refs, err = g.under(by[i], c.Portions); err != nil {
			return err
		}
		var ids []tearline.StatementID
		ids, err = g.src.Given(by[i], refs)
		for _, id := range ids {
			if err := g.one(id); err != nil {
				return err
			}
			// It is among what was gathered now: who got it may have
			// passed it on.
			s, ok, err := g.src.Statement(id)
			if err != nil {
				return err
			}
			if d, is := s.Says.(*tearline.Disclosure); ok && is {
				by = set.Add(by, d.Recipient)
			}
		}
	}
	return err
}

// under returns portions and all that derives from them in a holder's books,
// with their tear-line wordings.
func (g *gathering) under(holder tearline.PartyID, portions []tearline.PortionRef) ([]tearline.PortionRef, error) {
	refs := slices.Clone(portions)
	seen := map[tearline.PortionRef]bool{}
	for _, p := range refs {
		seen[p] = true
	}
	for i := 0; i < len(refs); i++ {
		from, err := g.src.Derived(holder, base(refs[i]))
		if err != nil {
			return nil, err
		}
		for _, p := range from {
			if !seen[p] {
				seen[p], refs = true, append(refs, p)
			}
		}
	}
	for _, p := range slices.Clip(refs) {
		refs = append(refs, tearline.PortionRef{Report: p.Report, Portion: tearline.TearOf(base(p).Portion)})
	}
	return refs, nil
}
