package book

import (
	"context"
	"slices"
	"time"

	"tearline"
	"tearline/internal/extract"
	"tearline/internal/store/sqlite"
	"tearline/release"
)

// RefPutOff indexes the discretions whose originators are told only later.
const RefPutOff = "notice:put-off"

// Extracts tells every other originator concerned what went out of its
// material: one statement each, which speaks of nothing else. What went out at
// a discretion that puts the notice off is told when its time has come.
func (w *Writer) Extracts(h Held, d release.Decision, says *tearline.Disclosure, of tearline.StatementID) error {
	items, err := w.shares(h, d, says)
	if err != nil {
		return err
	}
	if err := w.due(items, says, of); err != nil {
		return err
	}
	at := w.At
	for _, o := range SortedKeys(items) {
		// All at one instant: a later one would tell that others were told
		// as well.
		w.At = at
		told := *says
		told.Report, told.Items, told.ToldTo, told.Of = "", items[o], o, of
		told.Purpose, told.Officer, told.Unit, told.Person = "", "", "", nil
		told.Occurred = says.Occurred.Truncate(Instants)
		var about []tearline.PortionRef
		for _, it := range told.Items {
			about = append(about, it.Portion)
		}
		subjects, err := w.Subjects(w.By, about)
		if err != nil {
			return err
		}
		if _, err := w.Say(subjects, &told, RefTold(o), RefStatement(of)); err != nil {
			return err
		}
	}
	return nil
}

// shares works out what each other originator is to be told of a disclosure.
func (w *Writer) shares(h Held, d release.Decision, says *tearline.Disclosure) (map[tearline.PartyID][]tearline.DisclosedItem, error) {
	who, err := NewSays(w.Tx, w.By, h.Report)
	if err != nil {
		return nil, err
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
			told, err := extract.Item(o, it, v, w.find)
			if err != nil {
				return nil, err
			}
			for _, ref := range who.Of(o, base) {
				told.Portion = ref
				items[o] = extract.Merge(items[o], told)
			}
		}
	}
	return items, nil
}

// due leaves of what originators are to be told what has not been told and is
// not put off.
func (w *Writer) due(items map[tearline.PartyID][]tearline.DisclosedItem, says *tearline.Disclosure, of tearline.StatementID) error {
	told, err := toldOf(w.Tx, of)
	if err != nil {
		return err
	}
	for o, list := range items {
		var open []tearline.DisclosedItem
		for _, it := range list {
			later, err := w.putOff(o, says.Report, it)
			if err != nil {
				return err
			}
			known := slices.ContainsFunc(told[o], func(x tearline.DisclosedItem) bool { return x.Portion == it.Portion && x.Basis == it.Basis })
			if !later && !known {
				open = append(open, it)
			}
		}
		if items[o] = open; len(open) == 0 {
			delete(items, o)
		}
	}
	return nil
}

// toldOf returns what originators have been told of a disclosure.
func toldOf(tx *sqlite.Tx, of tearline.StatementID) (map[tearline.PartyID][]tearline.DisclosedItem, error) {
	told := map[tearline.PartyID][]tearline.DisclosedItem{}
	for e, err := range tx.ByRef(RefStatement(of), tearline.KindDisclosure) {
		if err != nil {
			return nil, err
		}
		s, err := Statement(e)
		if err != nil {
			return nil, err
		}
		if d, ok := s.Says.(*tearline.Disclosure); ok && d.Of == of {
			told[d.ToldTo] = append(told[d.ToldTo], d.Items...)
		}
	}
	return told, nil
}

// putOff reports whether an originator is told of an item only later: it went
// out at a discretion that says so, and no agreement in force obliges to tell
// the originator at once.
func (w *Writer) putOff(o tearline.PartyID, report tearline.ReportID, it tearline.DisclosedItem) (bool, error) {
	if it.Basis != tearline.ByDiscretion {
		return false, nil
	}
	for _, id := range it.Statements {
		s, _, err := w.find(id)
		if err != nil {
			return false, err
		}
		x, ok := s.Says.(*tearline.Discretion)
		if !ok || !x.TellAfter.After(w.At) {
			continue
		}
		facts, err := w.book.Facts(w.Tx, w.By, report)
		return err == nil && !facts.Informs(o, w.At), err
	}
	return false, nil
}

// Notify tells originators what was put off and has become due, in all ledgers
// here. It follows from what was said, so that nothing has to be kept: whoever
// writes, or asks what became of its material, makes up for what is due.
func (b *Book) Notify(ctx context.Context) error {
	now, err := b.Clock()
	if err != nil {
		return err
	}
	due := map[tearline.PartyID][]tearline.Statement{}
	err = b.Read(ctx, func(tx *sqlite.Tx) error { return putOffUntil(tx, now, due) })
	for _, p := range SortedKeys(due) {
		if err != nil {
			break
		}
		err = b.Write(ctx, p, func(w *Writer) error {
			for i := range due[p] {
				if err := w.notice(&due[p][i]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return err
}

// putOffUntil finds the disclosures that rest on a discretion whose notice was
// put off until now or before, and of which somebody may not have been told.
func putOffUntil(tx *sqlite.Tx, now time.Time, due map[tearline.PartyID][]tearline.Statement) error {
	for e, err := range tx.ByRef(RefPutOff, tearline.KindDiscretion) {
		if err != nil {
			return err
		}
		s, err := Statement(e)
		if err != nil {
			return err
		}
		x, ok := s.Says.(*tearline.Discretion)
		if !ok || x.TellAfter.After(now) {
			continue
		}
		until := x.TellAfter
		for e, err := range tx.ByRef(RefStatement(s.ID), tearline.KindDisclosure) {
			if err != nil {
				return err
			}
			d, err := Statement(e)
			if err != nil {
				return err
			}
			if x, ok := d.Says.(*tearline.Disclosure); !ok || x.ToldTo != "" || d.By != s.By {
				continue
			}
			told, err := toldSince(tx, d.ID, until)
			if err != nil {
				return err
			}
			if !told {
				due[d.By] = append(due[d.By], d)
			}
		}
	}
	return nil
}

// toldSince reports whether originators have been told of a disclosure at t or
// later: what is put off until then is told all at once.
func toldSince(tx *sqlite.Tx, of tearline.StatementID, t time.Time) (bool, error) {
	for e, err := range tx.ByRef(RefStatement(of), tearline.KindDisclosure) {
		if err != nil || !e.At.Before(t) {
			return err == nil, err
		}
	}
	return false, nil
}

// notice tells originators of a disclosure of the writer's party what they have
// not been told and is due. It was decided when it was made; the same decision
// says who has a say.
func (w *Writer) notice(s *tearline.Statement) error {
	says, ok := s.Says.(*tearline.Disclosure)
	if !ok {
		return nil
	}
	h, err := Holding(w.Tx, w.By, says.Report)
	if err != nil {
		return err
	}
	q := release.Request{
		Holder: w.By, Recipient: says.Recipient, Unit: says.Unit, Person: says.Person, At: s.At, Mode: says.Mode, Purpose: says.Purpose, Officer: says.Officer,
	}
	if says.AfterFact {
		q.At = says.Occurred
	}
	d, err := w.book.Decide(w.Tx, says.Report, q, false)
	if err != nil {
		return err
	}
	return w.Extracts(h, d, says, s.ID)
}

// find finds a statement in the ledgers here.
func (w *Writer) find(id tearline.StatementID) (tearline.Statement, bool, error) {
	e, ok, err := w.Tx.Entry(id)
	if err != nil || !ok {
		return tearline.Statement{}, false, err
	}
	s, err := Statement(e)
	return s, err == nil, err
}
