package node

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"tearline"
	"tearline/codec/facts"
	"tearline/internal/keys"
	"tearline/internal/node/book"
	"tearline/internal/set"
	"tearline/internal/store/sqlite"
	"tearline/internal/warrant"
	"tearline/marking"
)

// PartyInfo is one line of the list of parties.
type PartyInfo struct {
	ID       tearline.PartyID   `json:"id"`
	Name     string             `json:"name"`
	Nations  []tearline.PartyID `json:"nations"`
	MemberOf []tearline.PartyID `json:"member_of"`
	// Own marks the party whose data directory it is.
	Own bool `json:"own,omitempty"`
	// Protected marks one in which people confide under the law's protection.
	Protected bool                 `json:"protected,omitempty"`
	Statement tearline.StatementID `json:"statement"`
	Key       string               `json:"key"`
	LogKey    string               `json:"log_key"`
}

// AddParty records a party, or a change of what is known of one, from now on.
// A new party gets keys and a ledger of its own in this data directory. Who is
// who here is for the directory's own party to say. Of a party that is known,
// what p leaves out (an empty name, a nil list) stays as it was.
func (n *Node) AddParty(ctx context.Context, as tearline.PartyID, p tearline.Party) (PartyInfo, error) {
	if as != n.book.Own() {
		return PartyInfo{}, book.Invalidf("party add", "leave out --as", "only %s, whose data directory it is, says who the parties are", n.book.Own())
	}
	if _, err := tearline.ParsePartyID(string(p.ID)); err != nil {
		return PartyInfo{}, book.Invalid("party add", err, "")
	}
	for _, c := range slices.Concat(p.Nations, p.MemberOf) {
		if _, err := tearline.ParsePartyID(string(c)); err != nil {
			return PartyInfo{}, book.Invalid("party add", err, "nations and coalitions are codes such as GBR or NATO")
		}
	}
	k, err := n.book.Keys(p.ID)
	if errors.Is(err, fs.ErrNotExist) {
		k, err = keys.Generate(n.book.Dir(), p.ID, n.book.Random())
	}
	if err != nil {
		return PartyInfo{}, err
	}
	err = n.write(ctx, n.book.Own(), func(w *writer) error {
		if err := w.completed(&p); err != nil {
			return err
		}
		return w.RecordParty(p, k)
	})
	if err != nil {
		return PartyInfo{}, err
	}
	var info PartyInfo
	err = n.book.Read(ctx, func(tx *sqlite.Tx) error {
		row, _, err := tx.Party(p.ID)
		info = n.partyInfo(row)
		return err
	})
	return info, err
}

// completed fills in what p leaves out: from what is known of the party, or
// else from its code.
func (w *writer) completed(p *tearline.Party) error {
	row, known, err := w.Tx.Party(p.ID)
	if err != nil {
		return err
	}
	if !known {
		row.Party = tearline.Party{Name: string(p.ID), Nations: w.n.book.NationsOf(p.ID)}
	}
	if p.Name == "" {
		p.Name = row.Name
	}
	if p.Nations == nil {
		p.Nations = row.Nations
	}
	if p.MemberOf == nil {
		p.MemberOf = row.MemberOf
	}
	p.Protected = p.Protected || row.Protected // never by leaving it out
	return nil
}

func (n *Node) partyInfo(r sqlite.PartyRow) PartyInfo {
	return PartyInfo{
		ID: r.ID, Name: r.Name, Nations: nonNil(r.Nations), MemberOf: nonNil(r.MemberOf), Own: r.ID == n.book.Own(), Protected: r.Protected,
		Statement: r.Statement, Key: r.StatementKey, LogKey: r.LogKey,
	}
}

// nonNil makes an absent list an empty one, for JSON.
func nonNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// Parties lists the parties known here, by name.
func (n *Node) Parties(ctx context.Context) ([]PartyInfo, error) {
	list := []PartyInfo{}
	err := n.book.Read(ctx, func(tx *sqlite.Tx) error {
		rows, err := tx.Parties()
		for _, r := range rows {
			list = append(list, n.partyInfo(r))
		}
		return err
	})
	return list, err
}

// CoalitionsOf returns the coalitions to which the default policy's own table
// counts a nation. It is advice for whoever records a party: decisions go by
// what was recorded.
func (n *Node) CoalitionsOf(nations []tearline.PartyID) []string {
	pol, ok := marking.Lookup(n.book.Policy())
	if !ok {
		return nil
	}
	var out []string
	for _, x := range nations {
		out = set.Add(out, pol.Coalitions(string(x))...)
	}
	return out
}

// A Fact is one statement about the world that decisions or searches rest on:
// an agreement, a delegation, a warrant, an exclusion, a tie or an embargo.
type Fact struct {
	Statement tearline.StatementID   `json:"statement"`
	Kind      tearline.StatementKind `json:"kind"`
	By        tearline.PartyID       `json:"by"`
	At        time.Time              `json:"at"`
	Says      tearline.Predicate     `json:"says"`
	Index     int64                  `json:"index"`
	Revoked   bool                   `json:"revoked,omitempty"`
}

// State makes a statement of fact for a party hosted here. Parties that it
// names must be known, levels must be levels of some policy.
func (n *Node) State(ctx context.Context, as tearline.PartyID, says tearline.Predicate) (Fact, error) {
	var f Fact
	err := n.write(ctx, as, func(w *writer) error {
		refs, err := w.checkFact(says)
		if err != nil {
			return err
		}
		at := w.At
		s, err := w.Say(nil, says, refs...)
		f = Fact{Statement: s.Signed.Statement.ID, Kind: says.Kind(), By: as, At: at, Says: says, Index: s.Index}
		return err
	})
	return f, err
}

// checkFact refuses a fact that names what is not there, and returns what it
// is indexed under.
func (w *writer) checkFact(says tearline.Predicate) ([]string, error) {
	var parties []tearline.PartyID
	var refs []string
	var wrong tearline.Faults
	switch x := says.(type) {
	case *tearline.Agreement:
		wrong, parties = facts.CheckAgreement(x), x.Parties[:]
	case *tearline.Exclusion:
		wrong, parties = facts.CheckDegree(x.Degree), []tearline.PartyID{x.Party}
	case *tearline.Delegation:
		wrong = facts.CheckDelegation(x)
	case *tearline.Warrant:
		if wrong, parties = warrant.Check(x, w.At), x.Originators; len(wrong) == 0 {
			if err := w.empowered(tearline.PowerSearch, x.Authority, x.Second, warrant.Reach(x)); err != nil {
				return nil, err
			}
		}
	case *tearline.Tie:
		wrong, parties = facts.CheckDegree(x.Degree), []tearline.PartyID{x.Party, x.To}
	case *tearline.Embargo:
		if x.Until.IsZero() {
			return nil, book.Invalidf("embargo", "say when it ends: --until TIME", "an embargo without an end")
		}
		if _, ok, err := w.Tx.Report(w.By, x.Report); err != nil || !ok {
			return nil, cmp.Or(err, book.ErrWithheld)
		}
		refs = append(refs, book.RefReport(x.Report))
	default:
		return nil, fmt.Errorf("state: %T is no fact", says)
	}
	if len(wrong) > 0 {
		return nil, book.Invalidf(string(says.Kind()), wrong[0].Hint, "%s", wrong[0].Text)
	}
	for _, p := range parties {
		if _, err := book.KnownParty(w.Tx, p); err != nil {
			return nil, err
		}
		refs = append(refs, book.RefParty(p))
	}
	return refs, nil
}

// Facts lists the statements of the given kinds that a party has made, oldest
// first.
func (n *Node) Facts(ctx context.Context, as tearline.PartyID, kinds ...tearline.StatementKind) ([]Fact, error) {
	list := []Fact{}
	err := n.book.Read(ctx, func(tx *sqlite.Tx) error {
		if _, err := book.KnownParty(tx, as); err != nil {
			return err
		}
		for e, err := range tx.ByKind(as, kinds...) {
			if err != nil {
				return err
			}
			s, err := book.Statement(e)
			if err != nil {
				return err
			}
			revoked, err := book.IsRevoked(tx, e.ID)
			if err != nil {
				return err
			}
			list = append(list, Fact{Statement: e.ID, Kind: e.Kind, By: s.By, At: s.At, Says: s.Says, Index: e.Index, Revoked: revoked})
		}
		return nil
	})
	return list, err
}

// EndFact revokes an agreement, delegation, warrant, exclusion, tie or embargo of the
// acting party from now on. id may be the beginning of a statement's name.
func (n *Node) EndFact(ctx context.Context, as tearline.PartyID, id, because string, kinds ...tearline.StatementKind) (Fact, error) {
	var f Fact
	err := n.write(ctx, as, func(w *writer) error {
		e, err := oneEntry(w.Tx, as, id, kinds...)
		if err != nil {
			return err
		}
		if revoked, err := book.IsRevoked(w.Tx, e.ID); err != nil || revoked {
			return cmp.Or(err, book.Conflictf("end", "", "%s has ended already", e.ID))
		}
		says := &tearline.Revocation{Of: e.ID, Because: because}
		at := w.At
		s, err := w.Say(nil, says, book.RefStatement(e.ID))
		f = Fact{Statement: s.Signed.Statement.ID, Kind: says.Kind(), By: as, At: at, Says: says, Index: s.Index}
		return err
	})
	return f, err
}

// Warrant returns the warrant of a party by which a person may search what it
// holds, at a time; zero is now. Whatever is no such warrant is withheld, and
// it is not said why; see [warrant.InForce].
func (n *Node) Warrant(ctx context.Context, as tearline.PartyID, id, investigator string, at time.Time) (w warrant.Warrant, err error) {
	err = n.book.Read(ctx, func(tx *sqlite.Tx) error {
		if at, err = n.instant(tx, as, at); err == nil {
			w, err = warrant.Find(book.Statements(tx.ByKind(as, warrant.Kinds()...)), as, id, investigator, at)
		}
		return err
	})
	return w, err
}

// LiftEmbargo ends the embargoes that the acting party has on a report that it
// holds, from now on. It returns the last of them that it took back.
func (n *Node) LiftEmbargo(ctx context.Context, as tearline.PartyID, report tearline.ReportID, because string) (Fact, error) {
	var f Fact
	err := n.write(ctx, as, func(w *writer) error {
		if _, err := book.Holding(w.Tx, as, report); err != nil {
			return err
		}
		for e, err := range w.Tx.ByRef(book.RefReport(report), tearline.KindEmbargo) {
			if err != nil {
				return err
			}
			if e.Log != as {
				continue
			}
			ended, err := book.IsRevoked(w.Tx, e.ID)
			if err != nil {
				return err
			}
			if ended {
				continue
			}
			says := &tearline.Revocation{Of: e.ID, Because: because}
			at := w.At
			s, err := w.Say(nil, says, book.RefStatement(e.ID), book.RefReport(report))
			if err != nil {
				return err
			}
			f = Fact{Statement: s.Signed.Statement.ID, Kind: says.Kind(), By: as, At: at, Says: says, Index: s.Index}
		}
		if f.Statement == "" {
			return book.Conflictf("embargo", "tearline audit shows what was said of a report", "%s has no embargo on report %s", as, report)
		}
		return nil
	})
	return f, err
}

// oneEntry finds the one entry of a party's ledger whose name begins so. It is
// looked for there alone, so that what others have does not show, nor take
// time.
func oneEntry(tx *sqlite.Tx, log tearline.PartyID, prefix string, kinds ...tearline.StatementKind) (sqlite.Entry, error) {
	if prefix == "" {
		return sqlite.Entry{}, book.ErrWithheld
	}
	found, err := tx.FindEntries(log, prefix, kinds...)
	if err != nil {
		return sqlite.Entry{}, err
	}
	switch {
	case len(found) == 0:
		return sqlite.Entry{}, book.ErrWithheld
	case len(found) > 1:
		return sqlite.Entry{}, book.Invalidf("find", "give more of its characters", "%q begins the names of several statements", prefix)
	}
	return found[0], nil
}
