// Package replay decides every disclosure in a holder's ledger again, from the
// statements that were in the records when it was made, and finds those that
// an inspector should look at. It works on a [Bundle], on any machine: it
// needs no data directory and trusts no row of one, only the keys that it is
// given. It has no clock, and may not change, store or send anything.
package replay

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"tearline"
	"tearline/internal/text"
	"tearline/ledger"
	"tearline/lineage"
	"tearline/release"
)

// Replayed is what replaying came to.
type Replayed struct {
	Party tearline.PartyID `json:"party"`
	// Size and Root are the state of the holder's ledger.
	Size int64  `json:"size"`
	Root string `json:"root"`
	// Disclosures counts those decided again. Look has those of them that
	// there is something to look at in, in the order of the ledger.
	Disclosures int     `json:"disclosures"`
	Look        []Found `json:"look"`
}

// Found is a disclosure with what there is to look at.
type Found struct {
	Statement tearline.StatementID `json:"statement"`
	Index     int64                `json:"index"`
	At        time.Time            `json:"at"` // when it was recorded
	Occurred  time.Time            `json:"occurred"`
	Report    tearline.ReportID    `json:"report"`
	Recipient tearline.PartyID     `json:"recipient"`
	Mode      tearline.Mode        `json:"mode"`
	Copy      tearline.CopyID      `json:"copy,omitempty"`
	Findings  []Finding            `json:"findings"`
}

// A Finding is one thing to look at.
type Finding struct {
	Kind Kind `json:"kind"`
	// Portions are those that it is about; none if it is about all.
	Portions []tearline.PortionID `json:"portions"`
	// Statements are those that it rests on.
	Statements []tearline.StatementID `json:"statements"`
	Text       string                 `json:"text"`
}

// A Kind of finding. The list is append-only.
type Kind string

// The kinds, the gravest first.
const (
	// Otherwise: the rules of that day, on the records of that day, said
	// something else than what was recorded.
	Otherwise Kind = "otherwise"
	// NoBasis: neither a rule nor an authority allowed it.
	NoBasis Kind = "no-basis"
	// Untold: an originator with a say in it was not told.
	Untold Kind = "untold"
	// PastEmbargo: an embargo was running.
	PastEmbargo Kind = "past-embargo"
	// OwnApproval: who passed it on also approved that.
	OwnApproval Kind = "own-approval"
	// AtDiscretion: it rests on an authority's discretion alone.
	AtDiscretion Kind = "discretion"
	// AfterFact: it was recorded when it had already taken place.
	AfterFact Kind = "after-the-fact"
	// EnteredLater: with what had been said by then and was entered in the
	// records only afterwards, the rules say something else.
	EnteredLater Kind = "entered-later"
)

// Replay verifies the bundle and decides again. A bundle that does not verify
// is an error of kind Tampered; one whose statements do not fit together, of
// kind Invalid. It costs about 60 µs a statement, which is the signature, and
// as much a disclosure as the decision took.
func (b *Bundle) Replay() (Replayed, error) {
	head, err := b.verify()
	if err != nil {
		return Replayed{}, err
	}
	r := replayer{
		holder: b.Party, said: map[tearline.StatementID]*tearline.Statement{}, told: map[tearline.StatementID][]tearline.PartyID{},
		owner: map[tearline.PortionRef]tearline.PartyID{}, facts: map[int]*release.Facts{},
	}
	if err := r.read(b); err != nil {
		return Replayed{}, err
	}
	out := Replayed{Party: b.Party, Size: head.Size, Root: head.Root.String(), Look: []Found{}}
	for i := range b.Entries {
		s := &r.all[i]
		d, ok := s.Says.(*tearline.Disclosure)
		if !ok || d.ToldTo != "" {
			continue
		}
		out.Disclosures++
		f := Found{
			Statement: s.ID, Index: b.Entries[i].Index, At: s.At, Occurred: d.Occurred, Report: d.Report,
			Recipient: d.Recipient, Mode: d.Mode, Copy: d.Copy,
		}
		if f.Findings, err = r.look(s, d); err != nil {
			return Replayed{}, err
		}
		if len(f.Findings) > 0 {
			out.Look = append(out.Look, f)
		}
	}
	return out, nil
}

// A replayer knows what all decisions rest on.
type replayer struct {
	holder tearline.PartyID
	all    []tearline.Statement // the ledger's, then what was heard
	last   time.Time            // when the last of the ledger's was entered
	said   map[tearline.StatementID]*tearline.Statement
	// late are the distinct instants at which something was entered
	// afterwards, sorted; facts are those known before the nth of them.
	late  []time.Time
	facts map[int]*release.Facts
	// told has who was sent an extract of each disclosure.
	told  map[tearline.StatementID][]tearline.PartyID
	owner map[tearline.PortionRef]tearline.PartyID
	rests lineage.Graph[tearline.PortionRef]
}

// read opens every statement.
func (r *replayer) read(b *Bundle) error {
	var last time.Time
	for _, e := range b.Entries {
		s, err := ledger.Decode(e.Envelope) // verified with the log
		if err != nil {
			return tampered(err)
		}
		entered := s.At
		if !s.Recorded.IsZero() {
			entered = s.Recorded
		}
		if entered.Before(last) {
			return tampered(fmt.Errorf("entry %d, statement %s, was entered at %s, before the entry above it", e.Index, s.ID, entered.Format(time.RFC3339Nano)))
		}
		last = entered
		r.all = append(r.all, s)
	}
	r.last = last
	for _, envelope := range b.Heard {
		s, err := ledger.Open(envelope, b.Keys)
		if err != nil {
			return tampered(err)
		}
		if s.By == b.Party {
			return tampered(fmt.Errorf("statement %s is %s's own and not in its ledger", s.ID, s.By))
		}
		r.all = append(r.all, s)
	}
	for i := range r.all {
		s := &r.all[i]
		r.said[s.ID] = s
		if !s.Recorded.IsZero() {
			r.late = append(r.late, s.Recorded)
		}
		switch v := s.Says.(type) {
		case *tearline.Filing:
			for _, p := range v.Portions {
				ref := tearline.PortionRef{Report: v.Report, Portion: p.ID}
				r.owner[ref] = p.Originator
				r.rests.Add(ref, p.Sources...)
			}
		case *tearline.Disclosure:
			if v.ToldTo != "" {
				r.told[v.Of] = append(r.told[v.Of], v.ToldTo)
			}
		}
	}
	slices.SortFunc(r.late, time.Time.Compare)
	r.late = slices.CompactFunc(r.late, time.Time.Equal)
	return nil
}

// known returns the facts as the records had them at t, later ones left out.
func (r *replayer) known(t time.Time) (*release.Facts, error) {
	n, _ := slices.BinarySearchFunc(r.late, t, func(late, t time.Time) int {
		if late.After(t) {
			return 1
		}
		return -1
	})
	return r.before(n)
}

// before returns the facts without what was entered at the nth late instant
// and after that.
func (r *replayer) before(n int) (*release.Facts, error) {
	if f, ok := r.facts[n]; ok {
		return f, nil
	}
	list := r.all
	if n < len(r.late) {
		list = slices.DeleteFunc(slices.Clone(r.all), func(s tearline.Statement) bool {
			return !s.Recorded.IsZero() && !s.Recorded.Before(r.late[n])
		})
	}
	f, err := release.NewFacts(list)
	if err != nil {
		return nil, &tearline.Error{Op: "replay", Kind: tearline.Invalid, Public: "the statements do not fit together: " + err.Error(), Err: err}
	}
	r.facts[n] = f
	return f, nil
}

// look decides a disclosure again and finds what there is to look at.
func (r *replayer) look(s *tearline.Statement, d *tearline.Disclosure) ([]Finding, error) {
	q := release.Request{
		Holder: r.holder, Recipient: d.Recipient, Unit: d.Unit, Person: d.Person, At: s.At, Mode: d.Mode, Purpose: d.Purpose, Officer: d.Officer,
	}
	if d.AfterFact {
		q.At = d.Occurred
	}
	then, err := r.known(s.At)
	if err != nil {
		return nil, err
	}
	all, err := r.before(len(r.late))
	if err != nil {
		return nil, err
	}
	var list findings
	was := r.decide(then, d, q)
	r.otherwise(&list, was, d)
	r.untold(&list, s, d)
	r.embargoes(&list, was, d)
	r.approvals(&list, d)
	if d.AfterFact {
		list.add(AfterFact, "", nil, "recorded on %s, %s after it had taken place", text.Stamp(s.At), ago(s.At.Sub(d.Occurred)))
	}
	if then != all {
		r.later(&list, was, r.decide(all, d, q), d)
	}
	return list.sorted(), nil
}

// decided is a decision, or why there is none.
type decided struct {
	release.Decision
	err error
}

func (r *replayer) decide(f *release.Facts, d *tearline.Disclosure, q release.Request) decided {
	got, err := release.Decide(f, d.Report, q)
	if err != nil {
		return decided{err: err}
	}
	return decided{Decision: got.WithDiscretion(f)}
}

// otherwise finds portions about which the rules say something else than what
// was recorded.
func (r *replayer) otherwise(list *findings, was decided, d *tearline.Disclosure) {
	if was.err != nil {
		list.add(Otherwise, "", nil, "there was no decision to be had: %v", was.err)
		return
	}
	for _, it := range d.Items {
		if it.Basis == tearline.ByNothing {
			list.add(NoBasis, it.Portion.Portion, nil, "recorded as %s, and passed on all the same", it.Outcome)
		}
		v, ok := was.Verdict(it.Portion.Portion)
		if !ok || it.Portion.Report != d.Report {
			list.add(Otherwise, it.Portion.Portion, nil, "the report had no such portion")
			continue
		}
		if basis, _ := was.May(it.Portion.Portion); v.Outcome != it.Outcome || basis != it.Basis {
			list.add(Otherwise, it.Portion.Portion, reasons(v), "recorded as %s; the rules of that day say %s", say(it.Outcome, it.Basis), say(v.Outcome, basis))
		}
	}
}

// untold finds originators that were not sent their extract.
func (r *replayer) untold(list *findings, s *tearline.Statement, d *tearline.Disclosure) {
	for _, it := range d.Items {
		ref := it.Portion
		if base, tear := ref.Portion.IsTear(); tear {
			ref.Portion = base
		}
		for _, o := range r.originators(ref) {
			if o != r.holder && !slices.Contains(r.told[s.ID], o) && !r.putOff(it) {
				list.add(Untold, it.Portion.Portion, nil, "%s has a say in it, and no extract for it is in the ledger", o)
			}
		}
	}
}

// putOff reports whether the notice of an item was put off, and the time for it
// had not come when the ledger ended.
func (r *replayer) putOff(it tearline.DisclosedItem) bool {
	for _, id := range it.Statements {
		if s, ok := r.said[id]; ok {
			if x, ok := s.Says.(*tearline.Discretion); ok && x.TellAfter.After(r.last) {
				return true
			}
		}
	}
	return false
}

// originators returns who has a say in a portion, sorted.
func (r *replayer) originators(p tearline.PortionRef) []tearline.PartyID {
	var list []tearline.PartyID
	for _, q := range r.rests.Closure(p) {
		if o, ok := r.owner[q]; ok {
			list = append(list, o)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// embargoes finds portions that an embargo held back.
func (r *replayer) embargoes(list *findings, was decided, d *tearline.Disclosure) {
	if was.err != nil {
		return
	}
	for _, it := range d.Items {
		v, _ := was.Verdict(it.Portion.Portion)
		for _, why := range v.Reasons {
			if why.Rule != release.RuleConditions || why.Outcome == tearline.Release {
				continue
			}
			for _, id := range why.Statements {
				s, ok := r.said[id]
				if !ok {
					continue
				}
				if e, ok := s.Says.(*tearline.Embargo); ok {
					list.add(PastEmbargo, it.Portion.Portion, []tearline.StatementID{id}, "%s had held report %s back %s", s.By, e.Report, until(e.Until))
				}
			}
		}
	}
}

// approvals finds what rests on an authority alone, and where that is who
// passed it on.
func (r *replayer) approvals(list *findings, d *tearline.Disclosure) {
	for _, it := range d.Items {
		for _, id := range it.Statements {
			s, ok := r.said[id]
			if !ok {
				continue
			}
			var approved []string
			switch v := s.Says.(type) {
			case *tearline.Discretion:
				approved = []string{v.Authority, v.Second}
				list.add(AtDiscretion, it.Portion.Portion, []tearline.StatementID{id}, "by %s: %s", v.Authority, v.Because)
			case *tearline.Declassification:
				approved = []string{v.Authority, v.Second}
			case *tearline.Consent:
				approved = []string{v.Authority, v.Second}
			}
			own := slices.ContainsFunc(approved, func(name string) bool { return release.SamePerson(name, d.Officer) })
			if own && s.By == r.holder {
				list.add(OwnApproval, it.Portion.Portion, []tearline.StatementID{id}, "%s passed it on and approved that", d.Officer)
			}
		}
	}
}

// later finds portions about which more was known by the time of the
// disclosure than the records had.
func (r *replayer) later(list *findings, was, now decided, d *tearline.Disclosure) {
	if was.err != nil || now.err != nil {
		if (was.err == nil) != (now.err == nil) {
			list.add(EnteredLater, "", nil, "with what was entered afterwards: %v", cmp.Or(now.err, was.err))
		}
		return
	}
	for _, it := range d.Items {
		id := it.Portion.Portion
		before, _ := was.Verdict(id)
		after, _ := now.Verdict(id)
		beforeBasis, _ := was.May(id)
		basis, _ := now.May(id)
		if after.Outcome != before.Outcome || basis != beforeBasis {
			list.add(EnteredLater, id, reasons(after), "with what was entered afterwards, the rules say %s", say(after.Outcome, basis))
		}
	}
}

// findings are collected one portion at a time: what is said of several
// portions alike is one finding.
type findings []Finding

func (l *findings) add(k Kind, p tearline.PortionID, statements []tearline.StatementID, format string, args ...any) {
	words := fmt.Sprintf(format, args...)
	i := slices.IndexFunc(*l, func(f Finding) bool { return f.Kind == k && f.Text == words })
	if i < 0 {
		i = len(*l)
		*l = append(*l, Finding{Kind: k, Portions: []tearline.PortionID{}, Statements: []tearline.StatementID{}, Text: words})
	}
	f := &(*l)[i]
	if p != "" && !slices.Contains(f.Portions, p) {
		f.Portions = append(f.Portions, p)
	}
	for _, s := range statements {
		if !slices.Contains(f.Statements, s) {
			f.Statements = append(f.Statements, s)
		}
	}
}

// sorted puts the gravest first.
func (l findings) sorted() []Finding {
	order := []Kind{Otherwise, NoBasis, Untold, PastEmbargo, OwnApproval, AtDiscretion, AfterFact, EnteredLater}
	slices.SortStableFunc(l, func(a, b Finding) int { return cmp.Compare(slices.Index(order, a.Kind), slices.Index(order, b.Kind)) })
	return l
}

// reasons are the statements that a verdict's rules rested on.
func reasons(v release.Verdict) []tearline.StatementID {
	var list []tearline.StatementID
	for _, why := range v.Reasons {
		list = append(list, why.Statements...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// say is an outcome and a basis in words.
func say(o tearline.Outcome, b tearline.Basis) string {
	switch {
	case b == tearline.ByNothing:
		return o.String()
	case o == tearline.Release:
		return "release by " + string(b)
	}
	return o.String() + ", passed on by " + string(b)
}

func until(t time.Time) string {
	if t.IsZero() {
		return "without end"
	}
	return "until " + text.Stamp(t)
}

// ago is a length of time for a reader.
func ago(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return fmt.Sprintf("%d days", d/(24*time.Hour))
	case d >= 2*time.Hour:
		return fmt.Sprintf("%d hours", d/time.Hour)
	}
	return fmt.Sprintf("%d minutes", d/time.Minute)
}
