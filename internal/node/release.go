package node

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"tearline"
	"tearline/internal/attribution"
	"tearline/internal/node/book"
	"tearline/internal/node/copies"
	"tearline/internal/set"
	"tearline/internal/store/sqlite"
	"tearline/ledger"
	"tearline/release"
	"tearline/sanitize"
)

// Released is the answer to a release: what the copy is and holds, and the
// evidence that it was recorded before it left.
type Released struct {
	Disclosure tearline.StatementID `json:"disclosure"`
	Copy       tearline.CopyID      `json:"copy"`
	Recipient  tearline.PartyID     `json:"recipient"`
	Banner     string               `json:"banner"`
	Kept       int                  `json:"kept"`
	Replaced   int                  `json:"replaced"`
	Dropped    int                  `json:"dropped"`
	Receipt    ReceiptInfo          `json:"receipt"`
	// WouldAdd says which consents would add how much, the most first.
	WouldAdd []WouldAdd `json:"would_add"`
	// Resumed says that the copy was recorded by an earlier call that ended
	// before it was handed out.
	Resumed bool `json:"resumed,omitempty"`
}

// WouldAdd is what the consent of some originators would add to a tear line.
type WouldAdd = sanitize.Gain

// Release makes the tear line of what may be told to the recipient now,
// records it as one individual copy, and hands the rendering to deliver. The
// order is fixed: decide, tear, render, inspect, record, prove, hand out; a
// crash after the record leaves a copy that the next call resumes rather than
// a second one.
//
// deliver must have the bytes in safety, on disk say, when it returns nil.
func (n *Node) Release(ctx context.Context, q Question, deliver func(tearline.Rendering) error) (Released, error) {
	var rel releasing
	err := n.write(ctx, q.As, func(w *writer) error {
		rel = releasing{}
		return rel.record(w, q)
	})
	if err != nil {
		return Released{}, err
	}
	receipt, err := n.book.Prove(ctx, q.As, rel.done)
	if err != nil {
		return Released{}, err
	}
	rendering, err := rel.draft.HandOut(receipt)
	if err != nil {
		return Released{}, err
	}
	if err := deliver(rendering); err != nil {
		return Released{}, err
	}
	// Also if somebody has just interrupted us: it has left.
	err = n.book.Change(context.WithoutCancel(ctx), func(tx *sqlite.Tx) error { return tx.MarkHandedOut(rendering.Copy) })
	if err != nil {
		return Released{}, err
	}
	out := rel.out
	out.Receipt = receiptInfo(receipt)
	return out, nil
}

// releasing is one release on its way.
type releasing struct {
	out   Released
	draft *sanitize.Draft
	done  book.Said
}

// record does all that happens inside the transaction.
func (rel *releasing) record(w *writer, q Question) error {
	h, err := book.Holding(w.Tx, q.As, q.Report)
	if err != nil {
		return err
	}
	to, err := book.KnownParty(w.Tx, q.To)
	if err != nil {
		return err
	}
	if done, err := rel.pending(w, q, h); err != nil || done {
		return err
	}
	d, err := w.decide(q)
	if err != nil {
		return err
	}
	v, err := sanitize.TearLine(h.Report, d)
	if errors.Is(err, sanitize.ErrNothing) {
		return w.ownApproval(q, nothingReleased(d), func(d release.Decision) bool {
			_, err := sanitize.TearLine(h.Report, d)
			return err == nil
		})
	}
	if err != nil {
		return err
	}
	content, err := copyFor(q).Content(v)
	if err != nil {
		return err
	}
	rel.holds(q, h, d, v)
	return rel.fresh(w, q, h, d, v, to, content)
}

// holds notes what the copy will hold.
func (rel *releasing) holds(q Question, h book.Held, d release.Decision, v *sanitize.Version) {
	rel.out = Released{
		Recipient: q.To, Banner: v.Banner().Banner(), Kept: len(v.Kept()), Replaced: len(v.Replaced()), Dropped: len(v.Dropped()),
		WouldAdd: v.Gains(h.Report, d),
	}
}

// pending takes up a copy that was recorded and not handed out, if it is the
// very one that would be made now: with its own record left out, which may have
// used up the consent that it rests on.
func (rel *releasing) pending(w *writer, q Question, h book.Held) (bool, error) {
	list, err := w.Tx.PendingCopies(q.As, q.Report, q.To)
	if err != nil || len(list) == 0 {
		return false, err
	}
	without := make([]tearline.StatementID, len(list))
	for i, c := range list {
		without[i] = c.Disclosure
	}
	d, err := w.decide(q, without...)
	if err != nil {
		return false, err
	}
	v, err := sanitize.TearLine(h.Report, d)
	if errors.Is(err, sanitize.ErrNothing) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	content, err := copyFor(q).Content(v)
	if err != nil {
		return false, err
	}
	i := slices.IndexFunc(list, func(c sqlite.CopyRow) bool { return bytes.Equal(c.Content, content) })
	if i < 0 {
		return false, nil
	}
	rel.holds(q, h, d, v)
	return true, rel.resume(w, q, h, v, list[i])
}

// nothingReleased says whom to ask if asking would help.
func nothingReleased(d release.Decision) error {
	var ask []tearline.PartyID
	for _, v := range d.Verdicts() {
		if v.Outcome == tearline.Refer {
			ask = set.Add(ask, v.Ask...)
		}
	}
	if len(ask) == 0 {
		return book.NothingToTell(d)
	}
	return book.AskFirst(d, ask)
}

// fresh records a new copy.
func (rel *releasing) fresh(w *writer, q Question, h book.Held, d release.Decision, v *sanitize.Version, to sqlite.PartyRow, content []byte) error {
	random, err := w.n.book.RandomBytes(40)
	if err != nil {
		return err
	}
	id, seed := copies.NewID(random[:8]), random[8:]
	cs := copies.Spec{
		RecipientName: copyFor(q).Addressee(to.Name), Date: w.At.Format(time.DateOnly), Individual: (copies.HasPoints(v) || q.Format.Name == copies.PDF) && !q.Plain && !to.Protected,
	}
	if cs.Cut, err = w.unattributed(d, v); err != nil {
		return err
	}
	if rel.draft, err = w.draft(v, h.Report, q, id, seed, &cs); err != nil {
		return err
	}
	says := &tearline.Disclosure{
		Report: q.Report, Recipient: q.To, Mode: tearline.Document, Copy: id, Occurred: w.At, Purpose: q.Purpose, Officer: q.Officer,
		Unit: q.Unit, Person: q.Person,
		Items: itemsOf(q.Report, d, copies.Passed(v)),
	}
	var about []tearline.PortionRef
	for _, it := range says.Items {
		about = append(about, it.Portion)
	}
	subjects, err := w.Subjects(w.By, about)
	if err != nil {
		return err
	}
	subjects = append(subjects, tearline.Subject{Name: book.SubjectCopy, Digest: rel.draft.Digest()})
	at := w.At
	if rel.done, err = w.Say(subjects, says, disclosureRefs(says)...); err != nil {
		return err
	}
	rel.out.Disclosure, rel.out.Copy = rel.done.Signed.Statement.ID, id
	rec := rel.draft.Record()
	rec.Disclosure, rec.Report, rec.Made = rel.out.Disclosure, q.Report, at
	specJSON, err := json.Marshal(cs)
	if err != nil {
		return err
	}
	if err := w.Tx.PutCopy(sqlite.CopyRow{Copy: rec, Spec: specJSON, Content: content}); err != nil {
		return err
	}
	row := sqlite.DisclosureRow{
		Statement: rel.out.Disclosure, Holder: w.By, Report: q.Report, Recipient: q.To, Mode: tearline.Document,
		Occurred: at, Recorded: at, Copy: id, Salt: seed,
	}
	if err := w.disclosed(row, says.Items); err != nil {
		return err
	}
	return w.Extracts(h, d, says, rel.out.Disclosure)
}

// resume takes up a copy that was recorded and not handed out. The rendering
// is made again and must be the one that was recorded.
func (rel *releasing) resume(w *writer, q Question, h book.Held, v *sanitize.Version, c sqlite.CopyRow) error {
	var cs copies.Spec
	if err := json.Unmarshal(c.Spec, &cs); err != nil {
		return fmt.Errorf("copy %s: %w", c.ID, err)
	}
	var err error
	if rel.draft, err = w.draft(v, h.Report, q, c.ID, c.Seed, &cs); err != nil {
		return err
	}
	if rel.draft.Digest() != c.Digest {
		return &tearline.Error{
			Op: "release", Kind: tearline.Tampered, Public: fmt.Sprintf("copy %s no longer renders as it was recorded", c.ID),
			Hint: "run tearline ledger verify",
		}
	}
	e, ok, err := w.Tx.Entry(c.Disclosure)
	if err != nil || !ok {
		return fmt.Errorf("copy %s: its disclosure %s: %w", c.ID, c.Disclosure, cmp.Or(err, errors.New("not in the ledger")))
	}
	st, err := book.Statement(e)
	if err != nil {
		return err
	}
	rel.done = book.Said{Signed: ledger.Signed{Statement: st, Envelope: e.Envelope, Salt: e.Salt}, Index: e.Index}
	rel.out.Disclosure, rel.out.Copy, rel.out.Resumed = c.Disclosure, c.ID, true
	return nil
}

// copyFor says for whom a copy is, beside the party.
func copyFor(q Question) copies.For {
	return copies.For{Purpose: q.Purpose, Unit: q.Unit, Person: q.Person, Format: q.Format.Name}
}

// draft renders a copy, in the wording of its reader if it is worded
// individually.
func (w *writer) draft(v *sanitize.Version, r *tearline.Report, q Question, id tearline.CopyID, seed []byte, cs *copies.Spec) (*sanitize.Draft, error) {
	s := sanitize.Spec{
		Copy: id, Holder: w.By, Recipient: q.To, RecipientName: cs.RecipientName, Date: cs.Date, Seed: seed, Individual: cs.Individual, Cut: cs.Cut,
	}
	reader := attribution.ReaderOf(&tearline.Disclosure{Recipient: q.To, Unit: q.Unit, Person: q.Person})
	var secrets *copies.Secrets
	if cs.Individual {
		var err error
		if secrets, err = copies.MakeSecrets(w.copies(), r, q.Code); err != nil {
			return nil, err
		}
		s.Choose = secrets.Chooser(reader)
	}
	var err error
	if s.Format, err = q.Format.Of(secrets, reader, cs); err != nil {
		return nil, err
	}
	return v.Draft(s)
}

// unattributed returns the parties that have consented to any of a version on
// the condition of not being named in it.
func (w *writer) unattributed(d release.Decision, v *sanitize.Version) ([]tearline.Party, error) {
	var who []tearline.PartyID
	for _, id := range copies.Passed(v) {
		verdict, _ := d.Verdict(id)
		for _, st := range verdict.Statements {
			e, ok, err := w.Tx.Entry(st)
			if err != nil {
				return nil, err
			}
			if !ok || e.Kind != tearline.KindConsent {
				continue
			}
			s, err := book.Statement(e)
			if err != nil {
				return nil, err
			}
			if c, ok := s.Says.(*tearline.Consent); ok && slices.Contains(c.Conditions, tearline.WithoutAttribution) {
				who = set.Add(who, s.By)
			}
		}
	}
	var out []tearline.Party
	for _, id := range who {
		row, err := book.KnownParty(w.Tx, id)
		if err != nil {
			return nil, err
		}
		out = append(out, row.Party)
	}
	return out, nil
}
