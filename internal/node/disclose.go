package node

import (
	"context"
	"strings"
	"time"

	"tearline"
	"tearline/internal/node/book"
	"tearline/internal/set"
	"tearline/internal/store/sqlite"
	"tearline/ledger"
	"tearline/release"
)

// A Telling is content passed on by word of mouth or by showing it.
type Telling struct {
	Question
	Portions []tearline.PortionID // empty: all
	Gist     string               // what was said or shown, in words
	// Occurred, if set and past, makes it a record after the fact: it is kept
	// whatever the rules say, with what they said.
	Occurred time.Time
}

// Told is the answer to a recorded telling.
type Told struct {
	Disclosure tearline.StatementID `json:"disclosure"`
	Recipient  tearline.PartyID     `json:"recipient"`
	Mode       tearline.Mode        `json:"mode"`
	Occurred   time.Time            `json:"occurred"`
	AfterFact  bool                 `json:"after_fact"`
	Items      []ToldItem           `json:"items"`
	Receipt    ReceiptInfo          `json:"receipt"`
}

// A ToldItem is one portion told, with the rules' word and the basis.
type ToldItem struct {
	Portion tearline.PortionID `json:"portion"`
	Outcome tearline.Outcome   `json:"outcome"`
	Basis   tearline.Basis     `json:"basis"`
}

// ReceiptInfo is the evidence that an entry is in the ledger.
type ReceiptInfo struct {
	Index      int64  `json:"index"`
	Size       int64  `json:"size"`
	Checkpoint string `json:"checkpoint"`
}

func receiptInfo(r ledger.Receipt) ReceiptInfo {
	return ReceiptInfo{Index: r.Index(), Size: r.Size(), Checkpoint: string(r.Checkpoint())}
}

// Disclose records what was, or is about to be, shown or told. Beforehand it
// must be allowed, by the rules or at discretion; after the fact it is
// recorded in any case, as what it was.
func (n *Node) Disclose(ctx context.Context, t Telling) (Told, error) {
	if t.Mode != tearline.Oral && t.Mode != tearline.Visual {
		return Told{}, book.Invalidf("disclose", "give --oral or --visual", "a telling is oral or visual")
	}
	if strings.TrimSpace(t.Gist) == "" {
		return Told{}, book.Invalidf("disclose", "say what is told: --gist TEXT", "a telling without its gist")
	}
	var out Told
	var done book.Said
	err := n.write(ctx, t.As, func(w *writer) error {
		var err error
		out, done, err = w.tell(t)
		return err
	})
	if err != nil {
		return Told{}, err
	}
	receipt, err := n.book.Prove(ctx, t.As, done)
	if err != nil {
		return Told{}, err
	}
	out.Receipt = receiptInfo(receipt)
	return out, nil
}

func (w *writer) tell(t Telling) (Told, book.Said, error) {
	h, err := book.Holding(w.Tx, t.As, t.Report)
	if err != nil {
		return Told{}, book.Said{}, err
	}
	if err := hasPortions(h.Report, t.Portions); err != nil {
		return Told{}, book.Said{}, err
	}
	afterFact := !t.Occurred.IsZero() && t.Occurred.Before(w.At)
	d, err := w.decideTelling(t, afterFact)
	if err != nil {
		return Told{}, book.Said{}, err
	}
	ids := set.Add([]tearline.PortionID(nil), t.Portions...)
	if len(ids) == 0 {
		for _, v := range d.Verdicts() {
			ids = append(ids, v.Portion)
		}
	}
	if !afterFact {
		if err := allowed(d, ids); err != nil {
			return Told{}, book.Said{}, w.ownApproval(t.Question, err, func(d release.Decision) bool { return allowed(d, ids) == nil })
		}
	}
	says := &tearline.Disclosure{Report: t.Report, Recipient: t.To, Mode: t.Mode, Occurred: w.At, AfterFact: afterFact, Purpose: t.Purpose, Officer: t.Officer, Unit: t.Unit, Person: t.Person}
	if !t.Occurred.IsZero() {
		says.Occurred = t.Occurred.UTC()
	}
	says.Items = itemsOf(t.Report, d, ids)
	s, err := w.recordTelling(h, d, t, says)
	out := Told{Disclosure: s.Signed.Statement.ID, Recipient: t.To, Mode: t.Mode, Occurred: says.Occurred, AfterFact: afterFact, Items: []ToldItem{}}
	for _, it := range says.Items {
		out.Items = append(out.Items, ToldItem{Portion: it.Portion.Portion, Outcome: it.Outcome, Basis: it.Basis})
	}
	return out, s, err
}

// ownApproval says so where it is only the officer himself that stands against
// what he approved, and returns err otherwise.
func (w *writer) ownApproval(q Question, err error, allows func(release.Decision) bool) error {
	officer := q.Officer
	q.Officer = ""
	d, failed := w.decide(q)
	if officer == "" || failed != nil || !allows(d) {
		return err
	}
	return book.Invalidf("disclose", "let somebody else pass it on, or decide on it", "%s approved it, and nobody approves what he passes on himself", officer)
}

// decideTelling decides on a telling as of now or, if it is over, as of when
// it was.
func (w *writer) decideTelling(t Telling, afterFact bool) (release.Decision, error) {
	if !afterFact {
		return w.decide(t.Question)
	}
	at, err := w.n.instant(w.Tx, w.By, t.Occurred)
	if err != nil {
		return release.Decision{}, err
	}
	return w.n.book.Decide(w.Tx, t.Report, t.request(at), false)
}

// recordTelling says the disclosure, tells the originators and writes the
// rows. The gist is content: the ledger has its digest, the store its words.
func (w *writer) recordTelling(h book.Held, d release.Decision, t Telling, says *tearline.Disclosure) (book.Said, error) {
	salt, err := w.n.book.RandomBytes(32)
	if err != nil {
		return book.Said{}, err
	}
	var about []tearline.PortionRef
	for _, it := range says.Items {
		about = append(about, it.Portion)
	}
	subjects, err := w.Subjects(w.By, about)
	if err != nil {
		return book.Said{}, err
	}
	subjects = append(subjects, tearline.Subject{Name: book.SubjectGist, Digest: tearline.DigestContent(salt, t.Gist)})
	recorded := w.At
	s, err := w.Say(subjects, says, disclosureRefs(says)...)
	if err != nil {
		return book.Said{}, err
	}
	id := s.Signed.Statement.ID
	row := sqlite.DisclosureRow{
		Statement: id, Holder: w.By, Report: t.Report, Recipient: t.To, Mode: t.Mode, Occurred: says.Occurred,
		Recorded: recorded, AfterFact: says.AfterFact, Gist: t.Gist, Salt: salt,
	}
	if err := w.disclosed(row, says.Items); err != nil {
		return book.Said{}, err
	}
	return s, w.Extracts(h, d, says, id)
}

// allowed returns nil if all portions may be passed on, and otherwise what
// stands against it and whom to ask.
func allowed(d release.Decision, ids []tearline.PortionID) error {
	var ask []tearline.PartyID
	denied, referred := false, false
	for _, id := range ids {
		if _, ok := d.May(id); ok {
			continue
		}
		v, _ := d.Verdict(id)
		if v.Outcome == tearline.Refer {
			referred = true
			ask = set.Add(ask, v.Ask...)
			continue
		}
		denied = true
	}
	switch {
	case denied:
		return book.NothingToTell(d)
	case referred:
		return book.AskFirst(d, ask)
	}
	return nil
}

// disclosureRefs are the names under which a disclosure is indexed: its report,
// its recipient, and what it rests on.
func disclosureRefs(d *tearline.Disclosure) []string {
	refs := []string{book.RefReport(d.Report), book.RefParty(d.Recipient)}
	for _, it := range d.Items {
		for _, id := range it.Statements {
			refs = set.Add(refs, book.RefStatement(id))
		}
	}
	return refs
}

// itemsOf says of each portion what the rules said and on what basis it goes.
func itemsOf(report tearline.ReportID, d release.Decision, ids []tearline.PortionID) []tearline.DisclosedItem {
	var items []tearline.DisclosedItem
	for _, id := range ids {
		v, _ := d.Verdict(id)
		basis, _ := d.May(id)
		it := tearline.DisclosedItem{Portion: tearline.PortionRef{Report: report, Portion: id}, Outcome: v.Outcome, Basis: basis, Statements: v.Statements}
		if basis == tearline.ByDiscretion {
			it.Statements = []tearline.StatementID{v.Discretion}
		}
		_, it.Replaced = id.IsTear()
		items = append(items, it)
	}
	return items
}
