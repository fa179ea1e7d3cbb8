package whatif

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"tearline"
)

// A world is a holder's statements at one instant, as far as a question or a
// change asks about them by itself. What it says of being in force is what
// package release says; nothing is decided on it.
type world struct {
	holder     tearline.PartyID
	at         time.Time
	all        []tearline.Statement // with those supposed; not the caller's
	supposed   int                  // how many of them
	last       tearline.StatementID // the greatest name that was given
	byID       map[tearline.StatementID]said
	filings    map[tearline.ReportID]said // the holder's
	records    map[tearline.PartyID][]record
	agreements []agreement
	revoked    map[revocation]time.Time // when first
}

// said is a statement without what it says.
type said struct {
	id   tearline.StatementID
	by   tearline.PartyID
	at   time.Time
	says tearline.Predicate
}

// after reports whether a was said after b. Of two said at the same instant
// the names decide, as they do in package release.
func (a *said) after(b *said) bool { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.id, b.id)) > 0 }

type record struct {
	said
	what *tearline.PartyRecord
}

type agreement struct {
	said
	what *tearline.Agreement
}

// A revocation is who takes back which statement.
type revocation struct {
	by tearline.PartyID
	of tearline.StatementID
}

// newWorld sorts statements that have been read as facts before.
func newWorld(statements []tearline.Statement, q *Question) *world {
	w := &world{
		holder: q.Holder, at: q.At,
		all:     slices.Clone(statements),
		byID:    make(map[tearline.StatementID]said, len(statements)),
		filings: make(map[tearline.ReportID]said),
		records: make(map[tearline.PartyID][]record),
		revoked: make(map[revocation]time.Time),
	}
	for i := range w.all {
		w.last = max(w.last, w.all[i].ID)
		w.index(&w.all[i])
	}
	own := func(r record) bool { return r.by == w.holder }
	for _, list := range w.records {
		if slices.ContainsFunc(list, own) { // then nobody else's view counts
			for id, all := range w.records {
				w.records[id] = slices.DeleteFunc(all, func(r record) bool { return !own(r) })
			}
			break
		}
	}
	return w
}

func (w *world) index(from *tearline.Statement) {
	s := said{id: from.ID, by: from.By, at: from.At, says: from.Says}
	w.byID[s.id] = s
	switch x := s.says.(type) {
	case *tearline.Filing:
		if s.by == w.holder {
			w.filings[x.Report] = s
		}
	case *tearline.PartyRecord:
		w.records[x.Party] = append(w.records[x.Party], record{said: s, what: x})
	case *tearline.Agreement:
		w.agreements = append(w.agreements, agreement{said: s, what: x})
	case *tearline.Revocation:
		key := revocation{by: s.by, of: x.Of}
		if first, ok := w.revoked[key]; !ok || s.at.Before(first) {
			w.revoked[key] = s.at
		}
	}
}

// takenBack reports whether the sayer had taken a statement back, and when.
func (w *world) takenBack(s *said) (time.Time, bool) {
	t, ok := w.revoked[revocation{by: s.by, of: s.id}]
	return t, ok && !w.at.Before(t)
}

// record returns a party's record in force; false if it has none.
func (w *world) record(id tearline.PartyID) (record, bool) {
	list := w.records[id]
	if len(list) == 0 {
		return record{}, false
	}
	best := list[0]
	for _, r := range list[1:] {
		switch late, early := r.at.After(w.at), best.at.After(w.at); {
		case late && early: // the first holds for the time before it, too
			if best.after(&r.said) {
				best = r
			}
		case early, !late && r.after(&best.said):
			best = r
		}
	}
	from := best.at
	if from.After(w.at) {
		from = w.at
	}
	_, over := w.takenBack(&best.said)
	return best, best.what.Covers(from, w.at) && !over
}

// held returns the filing of a report that the holder has not taken back.
func (w *world) held(id tearline.ReportID) (said, bool) {
	s, ok := w.filings[id]
	if !ok {
		return s, false
	}
	_, over := w.takenBack(&s)
	return s, !over
}

// resolve returns the question with its time in UTC and with all reports and
// parties named, or says what is wrong with it.
func (w *world) resolve(q Question) (Question, error) {
	if q.At.Before(time.Unix(0, 0)) { // the zero time, too
		return q, invalid("give a time since 1970, such as 2026-03-01T09:00:00Z", "%s is before 1970", stamp(q.At))
	}
	q.At = q.At.UTC()
	if _, ok := w.record(q.Holder); !ok {
		return q, w.unknown(q.Holder)
	}
	var err error
	if q.Reports, err = w.reports(q.Reports); err != nil {
		return q, err
	}
	q.Parties, err = w.parties(q.Parties)
	return q, err
}

// reports returns those asked for, or all if none are.
func (w *world) reports(asked []tearline.ReportID) ([]tearline.ReportID, error) {
	if len(asked) == 0 {
		all := []tearline.ReportID{}
		for _, id := range slices.Sorted(maps.Keys(w.filings)) {
			if s, ok := w.held(id); ok && !s.at.After(w.at) {
				all = append(all, id)
			}
		}
		return all, nil
	}
	var later []tearline.ReportID
	for _, id := range asked {
		s, ok := w.held(id)
		if !ok {
			return nil, tearline.NewWithheld()
		}
		if s.at.After(w.at) {
			later = append(later, id)
		}
	}
	if len(later) > 0 {
		return nil, invalid("ask as of a later time, or leave it out", "filed only after %s: report %s", stamp(w.at), quoted(later))
	}
	return once("report", asked)
}

// parties returns those asked for, or all but the holder if none are.
func (w *world) parties(asked []tearline.PartyID) ([]tearline.PartyID, error) {
	if len(asked) == 0 {
		all := []tearline.PartyID{}
		for _, id := range slices.Sorted(maps.Keys(w.records)) {
			if _, ok := w.record(id); ok && id != w.holder {
				all = append(all, id)
			}
		}
		return all, nil
	}
	var strangers []tearline.PartyID
	for _, id := range asked {
		if _, ok := w.record(id); !ok {
			strangers = append(strangers, id)
		}
	}
	if len(strangers) > 0 {
		return nil, w.unknown(strangers...)
	}
	return once("party", asked)
}

// unknown says that there is no record of some parties.
func (w *world) unknown(ids ...tearline.PartyID) error {
	return invalid("tearline party list shows the parties; tearline party add adds one", "unknown party at %s: %s", stamp(w.at), quoted(ids))
}

// once returns a copy of names of which none may stand there twice.
func once[S ~string](what string, names []S) ([]S, error) {
	seen := make(map[S]bool, len(names))
	for _, n := range names {
		if seen[n] {
			return nil, invalid("name each once", "%s %q is named twice", what, n)
		}
		seen[n] = true
	}
	return slices.Clone(names), nil
}
