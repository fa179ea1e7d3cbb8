package node

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"tearline"
	"tearline/internal/node/book"
	"tearline/internal/set"
	"tearline/internal/store/sqlite"
	"tearline/marking"
)

// Asked is a request to an originator and what became of it.
type Asked struct {
	ID     tearline.StatementID `json:"id"`
	Report tearline.ReportID    `json:"report"`
	// Portions are those asked about: by name if they stand in Report, else
	// as REPORT/PORTION.
	Portions   []string         `json:"portions"`
	Recipient  tearline.PartyID `json:"recipient"`
	Holder     tearline.PartyID `json:"holder"`
	Originator tearline.PartyID `json:"originator"`
	// Mode, Purpose, Unit and Person are how, what for, and for whom in the
	// recipient's service.
	Mode       tearline.Mode        `json:"mode"`
	Purpose    string               `json:"purpose,omitempty"`
	Unit       string               `json:"unit,omitempty"`
	Person     string               `json:"person,omitempty"`
	State      string               `json:"state"`
	Conditions []tearline.Condition `json:"conditions"`
	Until      *time.Time           `json:"until"`
	Asked      time.Time            `json:"asked"`
	Answer     tearline.StatementID `json:"answer,omitempty"`
	// HoldersTold counts the parties that a revocation has reached, as far as
	// the originator may know them.
	HoldersTold int `json:"holders_told,omitempty"`
}

// Ask asks every originator whose consent would free portions of a report for
// a recipient; portions narrows it to some of them. A request that is open
// already is not made twice. The answer lists what is open now.
func (n *Node) Ask(ctx context.Context, q Question, portions []tearline.PortionID) ([]Asked, error) {
	list := []Asked{}
	err := n.write(ctx, q.As, func(w *writer) error {
		h, err := book.Holding(w.Tx, q.As, q.Report)
		if err != nil {
			return err
		}
		if err := hasPortions(h.Report, portions); err != nil {
			return err
		}
		d, err := w.decide(q)
		if err != nil {
			return err
		}
		says, err := book.NewSays(w.Tx, q.As, h.Report)
		if err != nil {
			return err
		}
		about := map[tearline.PartyID][]tearline.PortionRef{}
		for _, v := range d.Verdicts() {
			if v.Outcome != tearline.Refer || len(portions) > 0 && !slices.Contains(portions, v.Portion) {
				continue
			}
			for _, o := range v.Ask {
				about[o] = set.Add(about[o], toAsk(says, o, tearline.PortionRef{Report: q.Report, Portion: v.Portion})...)
			}
		}
		at := w.At
		for _, o := range book.SortedKeys(about) {
			// All at one instant: a later one would tell that others were
			// asked as well.
			w.At = at
			a, err := w.request(h, q, o, about[o])
			if err != nil {
				return err
			}
			list = append(list, a)
		}
		return nil
	})
	return list, err
}

// hasPortions refuses names that a report has no portion of.
func hasPortions(r *tearline.Report, ids []tearline.PortionID) error {
	for _, id := range ids {
		if _, ok := r.Portion(id); !ok {
			return book.Invalidf("portions", "tearline report show "+string(r.ID)+" names its portions", "report %s has no portion %q", r.ID, id)
		}
	}
	return nil
}

// toAsk returns what an originator must consent to so that a portion may go:
// all its material that the portion rests on, the portion itself included if
// it is the originator's; or the portion, where the originator has a say in it
// by its marking alone.
func toAsk(s *book.Says, o tearline.PartyID, ref tearline.PortionRef) []tearline.PortionRef {
	if own := s.Of(o, ref); len(own) > 0 {
		return own
	}
	return []tearline.PortionRef{ref}
}

// request says one request, unless the same one is open.
func (w *writer) request(h book.Held, q Question, o tearline.PartyID, about []tearline.PortionRef) (Asked, error) {
	mode := q.Mode
	if mode == "" {
		mode = tearline.Document
	}
	says := &tearline.Request{Originator: o, Recipient: q.To, Portions: about, Mode: mode, Purpose: q.Purpose, Unit: q.Unit}
	if q.Person != nil {
		says.Person = q.Person.Name
	}
	switch r, ok, err := w.openRequest(q, says); {
	case err != nil:
		return Asked{}, err
	case ok:
		return asked(w.Tx, r, q.As)
	}
	subjects, err := w.Subjects(q.As, about)
	if err != nil {
		return Asked{}, err
	}
	refs := set.Add(book.RefsOfPortions(about), book.RefReport(h.Report.ID), book.RefOriginator(o))
	at := w.At
	s, err := w.Say(subjects, says, refs...)
	if err != nil {
		return Asked{}, err
	}
	row := sqlite.RequestRow{
		ID: s.Signed.Statement.ID, Holder: q.As, Originator: o, Recipient: q.To, Report: q.Report,
		Portions: about, State: book.StateAsked, Asked: at,
	}
	if err := w.Tx.PutRequest(row); err != nil {
		return Asked{}, err
	}
	return asked(w.Tx, row, q.As)
}

// openRequest finds the request that asks the very same and is not answered.
func (w *writer) openRequest(q Question, says *tearline.Request) (sqlite.RequestRow, bool, error) {
	rows, err := w.Tx.Requests(q.As, says.Originator)
	if err != nil {
		return sqlite.RequestRow{}, false, err
	}
	for _, r := range rows {
		if r.State != book.StateAsked || r.Recipient != q.To || r.Report != q.Report || !slices.Equal(r.Portions, says.Portions) {
			continue
		}
		was, err := requestOf(w.Tx, r)
		if err != nil {
			return r, false, err
		}
		if was.Mode == says.Mode && was.Purpose == says.Purpose && was.Unit == says.Unit && was.Person == says.Person {
			return r, true, nil
		}
	}
	return sqlite.RequestRow{}, false, nil
}

// asked is a request as one party sees it: an originator sees its own
// portions, and the holder's report only if they stand in it. Once it is
// answered, the portions are those of the answer.
func asked(tx *sqlite.Tx, r sqlite.RequestRow, as tearline.PartyID) (Asked, error) {
	portions := r.Portions
	was, err := requestOf(tx, r)
	if err != nil {
		return Asked{}, err
	}
	if r.Answer != "" {
		c, err := answerOf(tx, r)
		if err != nil {
			return Asked{}, err
		}
		portions = c.Portions
	}
	a := Asked{
		ID: r.ID, Report: r.Report, Recipient: r.Recipient, Holder: r.Holder, Originator: r.Originator, State: r.State,
		Conditions: nonNil(r.Conditions), Asked: r.Asked, Answer: r.Answer, Portions: []string{},
		Mode: was.Mode, Purpose: was.Purpose, Unit: was.Unit, Person: was.Person,
	}
	if !r.Until.IsZero() {
		until := r.Until
		a.Until = &until
	}
	if as != r.Holder {
		a.Report, a.Asked = commonReport(r.Portions), r.Asked.Truncate(book.Instants)
	}
	for _, p := range portions {
		if p.Report == a.Report {
			a.Portions = append(a.Portions, string(p.Portion))
			continue
		}
		a.Portions = append(a.Portions, p.String())
	}
	return a, nil
}

// answerOf reads the answer to a request.
func answerOf(tx *sqlite.Tx, r sqlite.RequestRow) (*tearline.Consent, error) {
	return saidOf[*tearline.Consent](tx, r.Answer, "the answer to request "+string(r.ID))
}

// requestOf reads what was asked.
func requestOf(tx *sqlite.Tx, r sqlite.RequestRow) (*tearline.Request, error) {
	return saidOf[*tearline.Request](tx, r.ID, "request "+string(r.ID))
}

// saidOf reads what a statement that a row names says.
func saidOf[P tearline.Predicate](tx *sqlite.Tx, id tearline.StatementID, what string) (P, error) {
	var none P
	e, ok, err := tx.Entry(id)
	if err != nil {
		return none, err
	}
	if ok {
		s, err := book.Statement(e)
		if err != nil {
			return none, err
		}
		if says, ok := s.Says.(P); ok {
			return says, nil
		}
	}
	return none, &tearline.Error{Op: "consent", Kind: tearline.Tampered, Public: what + " is not in the ledger", Hint: "run tearline ledger verify"}
}

// commonReport is the one report that portions stand in, "" if there are more.
func commonReport(portions []tearline.PortionRef) tearline.ReportID {
	for _, p := range portions {
		if p.Report != portions[0].Report {
			return ""
		}
	}
	if len(portions) == 0 {
		return ""
	}
	return portions[0].Report
}

// Requests lists the requests that a party has made or has been asked, oldest
// first.
func (n *Node) Requests(ctx context.Context, as tearline.PartyID) ([]Asked, error) {
	list := []Asked{}
	err := n.book.Read(ctx, func(tx *sqlite.Tx) error {
		if _, err := book.KnownParty(tx, as); err != nil {
			return err
		}
		made, err := tx.Requests(as, "")
		if err != nil {
			return err
		}
		got, err := tx.Requests("", as)
		if err != nil {
			return err
		}
		for _, r := range got {
			if r.Holder != as {
				made = append(made, r)
			}
		}
		slices.SortStableFunc(made, func(a, b sqlite.RequestRow) int {
			return cmp.Or(a.Asked.Compare(b.Asked), strings.Compare(string(a.ID), string(b.ID)))
		})
		for _, r := range made {
			a, err := asked(tx, r, as)
			if err != nil {
				return err
			}
			list = append(list, a)
		}
		return nil
	})
	return list, err
}

// An Answer is what an originator says to a request.
type Answer struct {
	As      tearline.PartyID
	Request string // the beginning of its name is enough
	// Portions narrows the consent to some of those asked about, by name or
	// as REPORT/PORTION; empty is all.
	Portions   []string
	Conditions []tearline.Condition
	Until      time.Time
	Because    string
	// Authority is who decides, Second who decides with him.
	Authority, Second string
}

// Grant consents to what a request asks, or to a part of it.
func (n *Node) Grant(ctx context.Context, a Answer) (Asked, error) {
	return n.answer(ctx, a, book.StateGranted, book.StateAsked)
}

// Refuse answers a request with no.
func (n *Node) Refuse(ctx context.Context, a Answer) (Asked, error) {
	return n.answer(ctx, a, book.StateRefused, book.StateAsked)
}

// Revoke takes a consent back from now on. What has gone out is recorded and
// stays so; whoever has it is told to give it up.
func (n *Node) Revoke(ctx context.Context, a Answer) (Asked, error) {
	out, err := n.answer(ctx, a, book.StateRevoked, book.StateGranted)
	switch {
	case err == nil:
		out.HoldersTold, err = n.told(ctx, a.As, out.Answer)
	case tearline.KindOf(err) == tearline.Conflict: // taken back before: were all told?
		_, again := n.settled(ctx, a.As, "")
		err = cmp.Or(again, err)
	}
	return out, err
}

// answer moves a request from one state to another by a statement of the
// originator's.
func (n *Node) answer(ctx context.Context, a Answer, to, from string) (Asked, error) {
	var out Asked
	err := n.write(ctx, a.As, func(w *writer) error {
		row, err := w.addressed(a)
		if err != nil {
			return err
		}
		if w.At, err = book.NotBefore(w.At, row.Asked.Add(book.Tick)); err != nil {
			return err
		}
		if row.State != from {
			return book.Conflictf("consent", "a request is answered once, and only a consent given can be revoked; ask again for another answer",
				"request %s is %s", row.ID, row.State)
		}
		if !a.Until.IsZero() && !a.Until.After(w.At) {
			return book.Invalidf("consent", "", "the consent would have ended on %s", a.Until.UTC().Format(time.RFC3339))
		}
		if to == book.StateRevoked {
			err = w.revoke(&row, a)
		} else {
			err = w.consent(&row, a, to == book.StateGranted)
		}
		if err != nil {
			return err
		}
		row.State = to
		if err := w.Tx.UpdateRequest(row); err != nil {
			return err
		}
		out, err = asked(w.Tx, row, a.As)
		return err
	})
	return out, err
}

// addressed finds the request that a party has been asked, among those alone:
// that others begin alike must not show, nor take time.
func (w *writer) addressed(a Answer) (sqlite.RequestRow, error) {
	found, err := w.Tx.FindRequests(a.As, a.Request)
	if err != nil {
		return sqlite.RequestRow{}, err
	}
	switch {
	case a.Request == "" || len(found) == 0:
		return sqlite.RequestRow{}, book.ErrWithheld
	case len(found) > 1:
		return sqlite.RequestRow{}, book.Invalidf("consent", "give more of its characters", "%q begins the names of several requests", a.Request)
	}
	return found[0], nil
}

func (w *writer) consent(row *sqlite.RequestRow, a Answer, granted bool) error {
	portions, err := narrowed(*row, a.Portions)
	if err != nil {
		return err
	}
	subjects, err := w.Subjects(row.Holder, portions)
	if err != nil {
		return err
	}
	c := &tearline.Consent{
		Request: row.ID, Granted: granted, Recipient: row.Recipient, Portions: portions,
		Authority: strings.TrimSpace(a.Authority), Second: strings.TrimSpace(a.Second),
	}
	if granted {
		if err := w.mayConsent(row.Holder, portions, c); err != nil {
			return err
		}
		c.Conditions, c.Until = a.Conditions, a.Until.UTC()
	}
	s, err := w.Say(subjects, c, set.Add(book.RefsOfPortions(portions), book.RefStatement(row.ID), book.RefReport(row.Report))...)
	if err != nil {
		return err
	}
	row.Answer, row.Conditions, row.Until = s.Signed.Statement.ID, c.Conditions, c.Until
	return nil
}

// mayConsent refuses a consent of an authority that has no power to give it.
func (w *writer) mayConsent(holder tearline.PartyID, portions []tearline.PortionRef, c *tearline.Consent) error {
	var over []marking.Marking
	for _, ref := range portions {
		h, err := book.Holding(w.Tx, holder, ref.Report)
		if err != nil {
			return err
		}
		over = append(over, book.MarksOf(h.Report, []tearline.PortionRef{ref})...)
	}
	return w.empowered(tearline.PowerConsent, c.Authority, c.Second, over)
}

func (w *writer) revoke(row *sqlite.RequestRow, a Answer) error {
	_, err := w.Say(nil, &tearline.Revocation{Of: row.Answer, Because: a.Because},
		set.Add(book.RefsOfPortions(row.Portions), book.RefStatement(row.Answer), book.RefReport(row.Report))...)
	return err
}

// narrowed returns those of a request's portions that are named.
func narrowed(row sqlite.RequestRow, names []string) ([]tearline.PortionRef, error) {
	if len(names) == 0 {
		return row.Portions, nil
	}
	var out []tearline.PortionRef
	for _, name := range names {
		i := slices.IndexFunc(row.Portions, func(p tearline.PortionRef) bool {
			return string(p.Portion) == name || p.String() == name
		})
		if i < 0 {
			return nil, book.Invalidf("consent", "consent can be given to what was asked, not to more", "the request does not ask about portion %q", name)
		}
		out = set.Add(out, row.Portions[i])
	}
	return out, nil
}
