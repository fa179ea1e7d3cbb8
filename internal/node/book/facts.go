package book

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"tearline"
	"tearline/internal/store/sqlite"
	"tearline/release"
)

// A gatherer collects the statements that a decision needs, each once.
type gatherer struct {
	tx     *sqlite.Tx
	own    tearline.PartyID
	holder tearline.PartyID
	seen   map[tearline.StatementID]bool
	out    []tearline.Statement
	held   map[tearline.ReportID]*Held // of the holder's; nil for one that is not
	// origin has the originators of all that was gathered.
	origin map[tearline.PartyID]bool
}

// Behind gathers what deciding on reports of a holder rests on: the filings of
// the reports and of all that they rest on; who the parties are; agreements,
// exclusions, ties, the holder's delegations; what was consented, declassified,
// embargoed or disclosed at discretion about those reports; the disclosures that
// use up a consent; and what of all this was taken back.
func (b *Book) Behind(tx *sqlite.Tx, holder tearline.PartyID, reports ...tearline.ReportID) ([]tearline.Statement, error) {
	g := &gatherer{tx: tx, own: b.own, holder: holder, seen: map[tearline.StatementID]bool{}, origin: map[tearline.PartyID]bool{}}
	closure, err := g.filings(reports)
	if err != nil {
		return nil, err
	}
	if err := g.directory(); err != nil {
		return nil, err
	}
	if err := g.world(); err != nil {
		return nil, err
	}
	for _, id := range closure {
		if err := g.about(id); err != nil {
			return nil, err
		}
	}
	if err := g.uses(); err != nil {
		return nil, err
	}
	return g.out, g.revocations()
}

// filings adds the filings of reports and of what they rest on, and returns
// all those reports.
func (g *gatherer) filings(reports []tearline.ReportID) ([]tearline.ReportID, error) {
	todo := slices.Clone(reports)
	seen := map[tearline.ReportID]bool{}
	var closure []tearline.ReportID
	for len(todo) > 0 {
		id := todo[0]
		todo = todo[1:]
		if seen[id] {
			continue
		}
		seen[id] = true
		row, ok, err := g.tx.Report(g.holder, id)
		if err != nil || !ok {
			return nil, cmp.Or(err, fmt.Errorf("facts: report %s of %s is not held", id, g.holder))
		}
		e, ok, err := g.tx.Entry(row.Filing)
		if err != nil || !ok {
			return nil, cmp.Or(err, fmt.Errorf("facts: filing %s of report %s is not there", row.Filing, id))
		}
		s, err := g.add(e)
		if err != nil {
			return nil, err
		}
		closure = append(closure, id)
		filing, ok := s.Says.(*tearline.Filing)
		if !ok {
			return nil, fmt.Errorf("facts: %s is no filing", row.Filing)
		}
		for _, p := range filing.Portions {
			g.origin[p.Originator] = true
			for _, src := range p.Sources {
				todo = append(todo, src.Report)
			}
		}
	}
	return closure, nil
}

func (g *gatherer) add(e sqlite.Entry) (tearline.Statement, error) {
	s, err := Statement(e)
	if err == nil && !g.seen[e.ID] {
		g.seen[e.ID] = true
		g.out = append(g.out, s)
	}
	return s, err
}

// directory adds who the parties are, and who may act for the holder. The data
// directory's own party records the first, and all who are hosted in it trust
// it in this.
func (g *gatherer) directory() error {
	for e, err := range g.tx.ByKind(g.own, tearline.KindParty) {
		if err != nil {
			return err
		}
		if _, err := g.add(e); err != nil {
			return err
		}
	}
	for e, err := range g.tx.ByKind(g.holder, tearline.KindDelegation) {
		if err != nil {
			return err
		}
		if _, err := g.add(e); err != nil {
			return err
		}
	}
	return nil
}

// uses adds the holder's disclosures that rest on a consent to so many.
func (g *gatherer) uses() error {
	for _, s := range slices.Clone(g.out) {
		c, ok := s.Says.(*tearline.Consent)
		if !ok || !slices.ContainsFunc(c.Conditions, func(x tearline.Condition) bool { return strings.HasPrefix(string(x), tearline.CopiesPrefix) }) {
			continue
		}
		for e, err := range g.tx.ByRef(RefStatement(s.ID), tearline.KindDisclosure) {
			if err != nil {
				return err
			}
			if e.Log != g.holder {
				continue
			}
			if _, err := g.add(e); err != nil {
				return err
			}
		}
	}
	return nil
}

// Delegations returns the delegations of a party, and what took them back.
func (b *Book) Delegations(tx *sqlite.Tx, party tearline.PartyID) ([]tearline.Statement, error) {
	g := &gatherer{tx: tx, own: b.own, holder: party, seen: map[tearline.StatementID]bool{}}
	for e, err := range tx.ByKind(party, tearline.KindDelegation) {
		if err != nil {
			return nil, err
		}
		if _, err := g.add(e); err != nil {
			return nil, err
		}
	}
	return g.out, g.revocations()
}

// world adds the agreements to which the holder is a party, and the exclusions
// and ties of the originators. What others have between them is no fact here:
// it must show in nothing, not even in a date.
func (g *gatherer) world() error {
	// Each by whom it names or who said it: what others have is not passed by,
	// as the time that takes would tell of it.
	said := []iter.Seq2[sqlite.Entry, error]{g.tx.ByRef(RefParty(g.holder), tearline.KindAgreement)}
	for _, o := range SortedKeys(g.origin) {
		said = append(said, g.tx.ByKind(o, tearline.KindExclusion, tearline.KindTie))
	}
	for _, entries := range said {
		for e, err := range entries {
			if err != nil {
				return err
			}
			if _, err := g.add(e); err != nil {
				return err
			}
		}
	}
	return nil
}

// about adds what was said about a report of the holder: by the holder itself,
// and by originators, whose word on their own material counts wherever it is
// held. A consent that answers another holder's request is not for this one.
func (g *gatherer) about(id tearline.ReportID) error {
	kinds := []tearline.StatementKind{tearline.KindConsent, tearline.KindDeclassification, tearline.KindEmbargo, tearline.KindDiscretion}
	for e, err := range g.tx.ByRef(RefReport(id), kinds...) {
		if err != nil {
			return err
		}
		mine, err := g.concerns(e)
		if err != nil {
			return err
		}
		if !mine {
			continue
		}
		if _, err := g.add(e); err != nil {
			return err
		}
	}
	return nil
}

// concerns reports whether a statement about a report of that name is about
// the holder's: names are each holder's own, and another's report of the same
// name may be another report.
func (g *gatherer) concerns(e sqlite.Entry) (bool, error) {
	if e.Log == g.holder {
		return true, nil
	}
	if e.Kind == tearline.KindDiscretion {
		return false, nil // on what another holds
	}
	s, err := Statement(e)
	if err != nil {
		return false, err
	}
	if len(s.Subjects) > 0 {
		if ours, err := g.ours(&s); err != nil || ours {
			return ours, err
		}
	}
	switch x := s.Says.(type) {
	case *tearline.Consent:
		req, ok, err := g.tx.Request(x.Request)
		return ok && req.Holder == g.holder, err
	case *tearline.Embargo:
		return g.shared(s.By, x.Report, nil)
	case *tearline.Declassification:
		if len(x.Portions) == 0 {
			return false, nil
		}
		return g.shared(s.By, x.Portions[0].Report, x.Portions)
	}
	return false, nil
}

// ours reports whether a statement is about content that the holder has, as the
// holder filed it: its digests are the holder's own.
func (g *gatherer) ours(s *tearline.Statement) (bool, error) {
	ref, err := tearline.ParsePortionRef(s.Subjects[0].Name)
	if err != nil {
		return false, nil //nolint:nilerr // the subject is no portion
	}
	h, ok := g.held[ref.Report]
	if !ok {
		held, err := Holding(g.tx, g.holder, ref.Report)
		if err != nil && !errors.Is(err, ErrWithheld) {
			return false, err
		}
		if err == nil {
			h = &held
		}
		if g.held == nil {
			g.held = map[tearline.ReportID]*Held{}
		}
		g.held[ref.Report] = h
	}
	if h == nil {
		return false, nil
	}
	own, err := h.Subject(ref.Portion)
	return err == nil && own.Digest == s.Subjects[0].Digest, nil
}

// shared reports whether a report that another party speaks of is the one that
// the holder has: of the same text, as far as both have the portions named
// (nil: all). The digests in a statement cannot tell, as each holder salts its
// own.
func (g *gatherer) shared(other tearline.PartyID, id tearline.ReportID, named []tearline.PortionRef) (bool, error) {
	mine, err := Holding(g.tx, g.holder, id)
	if errors.Is(err, ErrWithheld) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	theirs, err := Holding(g.tx, other, id)
	if errors.Is(err, ErrWithheld) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	common := 0
	for i := range mine.Report.Portions {
		p := &mine.Report.Portions[i]
		if named != nil && !slices.Contains(named, tearline.PortionRef{Report: id, Portion: p.ID}) {
			continue
		}
		q, ok := theirs.Report.Portion(p.ID)
		if !ok {
			continue
		}
		if p.Originator != q.Originator || !slices.Equal(p.Content(), q.Content()) {
			return false, nil
		}
		common++
	}
	return common > 0, nil
}

// revocations adds what takes back any of the statements gathered.
func (g *gatherer) revocations() error {
	for _, s := range slices.Clone(g.out) {
		for e, err := range g.tx.ByRef(RefStatement(s.ID), tearline.KindRevocation) {
			if err != nil {
				return err
			}
			if _, err := g.add(e); err != nil {
				return err
			}
		}
	}
	return nil
}

// Facts gathers what decisions on reports of a holder's rest on.
func (b *Book) Facts(tx *sqlite.Tx, holder tearline.PartyID, reports ...tearline.ReportID) (*release.Facts, error) {
	statements, err := b.Behind(tx, holder, reports...)
	if err != nil {
		return nil, err
	}
	return b.newFacts(statements, "the reports")
}

// newFacts reads the statements behind reports.
func (b *Book) newFacts(statements []tearline.Statement, what string) (*release.Facts, error) {
	f, err := release.NewFacts(statements)
	if err != nil {
		return nil, &tearline.Error{
			Op: "facts", Kind: tearline.Tampered, Err: err, Public: "the statements behind " + what + " do not fit together",
			Hint: "run tearline ledger verify",
		}
	}
	return f, nil
}

// Decide decides on one report for its holder, discretions beside it. With
// now, q.At is moved up to the last of the statements that the decision rests
// on, if the clock is a little behind that: what was said before counts.
//
// Statements in without are left out.
func (b *Book) Decide(tx *sqlite.Tx, id tearline.ReportID, q release.Request, now bool, without ...tearline.StatementID) (release.Decision, error) {
	if _, err := KnownParty(tx, q.Recipient); err != nil {
		return release.Decision{}, err
	}
	statements, err := b.Behind(tx, q.Holder, id)
	if err != nil {
		return release.Decision{}, err
	}
	statements = slices.DeleteFunc(statements, func(s tearline.Statement) bool { return slices.Contains(without, s.ID) })
	if now {
		said := make([]time.Time, len(statements))
		for i := range statements {
			said[i] = statements[i].At
		}
		if q.At, err = NotBefore(q.At, said...); err != nil {
			return release.Decision{}, err
		}
	}
	f, err := b.newFacts(statements, "report "+string(id))
	if err != nil {
		return release.Decision{}, err
	}
	d, err := release.Decide(f, id, q)
	if err != nil {
		return release.Decision{}, fmt.Errorf("decide %s: %w", id, err)
	}
	return d.WithDiscretion(f), nil
}

// IsRevoked reports whether a statement has been taken back.
func IsRevoked(tx *sqlite.Tx, id tearline.StatementID) (bool, error) {
	for _, err := range tx.ByRef(RefStatement(id), tearline.KindRevocation) {
		return err == nil, err
	}
	return false, nil
}

// Concerns reports whether a statement about a report of that name is about
// the one that the holder has.
func Concerns(tx *sqlite.Tx, holder tearline.PartyID, e sqlite.Entry) (bool, error) {
	g := gatherer{tx: tx, holder: holder}
	return g.concerns(e)
}
