package sanitize

import (
	"fmt"
	"slices"
	"strings"

	"tearline"
	"tearline/marking"
	"tearline/release"
)

// An Item is one paragraph of a version.
type Item struct {
	// Portion is the report's portion that it stands for; Replaced says that
	// the portion's approved tear-line wording stands in its place.
	Portion  tearline.PortionID
	Replaced bool
	// Marking is the mark in the version, Wording the text with all its
	// alternatives.
	Marking marking.Marking
	Wording tearline.Wording
	// Basis is by virtue of what it goes out, Conditions what the holder must
	// keep in doing so.
	Basis      tearline.Basis
	Conditions []tearline.Condition

	portion *tearline.Portion
}

// key names the item's wording among all that the holder holds: the portion or
// its tear-line wording.
func (it *Item) key() tearline.PortionID {
	if it.Replaced {
		return tearline.TearOf(it.Portion)
	}
	return it.Portion
}

// A Version is the version of a report that one party may have. It is
// immutable and safe for concurrent use; the slices it returns are copies.
type Version struct {
	of       *tearline.Report
	decision release.Decision
	request  release.Request
	policy   *marking.Policy
	title    string // unmarked; "" if it is withheld or there is none
	items    []Item // with a marked title, first
	kept     []tearline.PortionID
	replaced []tearline.PortionID
	dropped  []tearline.PortionID
	banner   marking.Marking
	// inside are names that mean something to the holder alone.
	inside []string
}

// TearLine makes the version of a report that the decision allows. Each
// portion is kept if it may be passed on, else replaced by its approved
// tear-line wording if that may, else dropped. A marked title is decided like
// any portion; an unmarked one may say anything that the report says, and is
// kept only with the whole of it.
//
// An item goes out under its mark in force. Where the decision rests on a consent
// for a mark that does not name the recipient, the mark in the version is the
// one that the consent allows: its release list names the recipient as well.
// What goes out at discretion keeps its mark; discretion changes none.
//
// The error wraps [ErrDecision] if d is not a decision on exactly this report,
// and [ErrNothing] if no paragraph is left; a title alone is nothing, for it
// would say that there is more. The report must not be changed afterwards.
func TearLine(r *tearline.Report, d release.Decision) (*Version, error) {
	if err := decided(r, d); err != nil {
		return nil, err
	}
	policy, ok := marking.Lookup(r.Policy)
	if !ok {
		return nil, fmt.Errorf("sanitize %s: unknown policy %q", r.ID, r.Policy)
	}
	v := &Version{of: r, decision: d, request: d.Request(), policy: policy}
	paragraphs := 0
	for i := range r.Portions {
		p := &r.Portions[i]
		if !v.take(p, d) {
			v.dropped = append(v.dropped, p.ID)
			continue
		}
		if p.ID != tearline.TitleID {
			paragraphs++
		}
	}
	if paragraphs == 0 {
		return nil, fmt.Errorf("sanitize %s for %s: %w", r.ID, v.request.Recipient, ErrNothing)
	}
	if len(v.kept) == len(r.Portions) {
		v.title = r.Title
	}
	v.inside = insideNames(r, d)
	var err error
	if v.banner, err = v.rollUp(); err != nil {
		return nil, fmt.Errorf("sanitize %s: %w", r.ID, err)
	}
	return v, nil
}

// decided checks that d is a decision on exactly r: its portions, no more and
// no fewer.
func decided(r *tearline.Report, d release.Decision) error {
	if d.Report() == "" || d.Report() != r.ID {
		return fmt.Errorf("sanitize %s: decision on report %q: %w", r.ID, d.Report(), ErrDecision)
	}
	if n := len(d.Verdicts()); n != len(r.Portions) {
		return fmt.Errorf("sanitize %s: decision on %d portions of %d: %w", r.ID, n, len(r.Portions), ErrDecision)
	}
	for i := range r.Portions {
		p := &r.Portions[i]
		if _, ok := d.Verdict(p.ID); !ok {
			return fmt.Errorf("sanitize %s: no decision on portion %s: %w", r.ID, p.ID, ErrDecision)
		}
		if _, ok := d.Verdict(tearline.TearOf(p.ID)); p.Tear != nil && !ok {
			return fmt.Errorf("sanitize %s: no decision on the tear-line wording of %s: %w", r.ID, p.ID, ErrDecision)
		}
	}
	return nil
}

// take keeps or replaces a portion, and reports whether it could.
func (v *Version) take(p *tearline.Portion, d release.Decision) bool {
	it := Item{Portion: p.ID, Wording: p.Wording, portion: p}
	basis, ok := d.May(p.ID)
	if !ok {
		if p.Tear == nil {
			return false
		}
		if basis, ok = d.May(tearline.TearOf(p.ID)); !ok {
			return false
		}
		it.Replaced, it.Wording = true, p.Tear.Wording
	}
	verdict, _ := d.Verdict(it.key())
	it.Marking = verdict.Marking
	it.Basis, it.Conditions = basis, slices.Clone(verdict.Conditions)
	it.Marking = v.effective(it.Marking, basis)
	if it.Replaced {
		v.replaced = append(v.replaced, p.ID)
	} else {
		v.kept = append(v.kept, p.ID)
	}
	v.items = append(v.items, it)
	return true
}

// effective is the mark that an item bears in the version. A consent, standing
// or particular, lets the release list name the recipient (CAPCO 2016 §H.8,
// REL TO); where the mark excludes a list (NOFORN, RELIDO) or the policy has
// none, it stays.
func (v *Version) effective(m marking.Marking, basis tearline.Basis) marking.Marking {
	code := string(v.request.Recipient)
	switch basis {
	case tearline.ByConsent, tearline.ByStandingConsent:
	case tearline.ByNothing, tearline.ByMarking, tearline.ByAgreement, tearline.ByDeclassification, tearline.ByDiscretion:
		return m
	}
	if m.Open() || m.NoForeign() || m.Names(code) || v.policy.Nation() == "" {
		return m
	}
	with, err := m.WithRelease(v.policy.Nation(), code)
	if err != nil {
		return m // the mark can have no such list: it goes out as it is
	}
	return with
}

// rollUp returns the banner of the items.
func (v *Version) rollUp() (marking.Marking, error) {
	dated := make([]marking.Dated, len(v.items))
	for i := range v.items {
		dated[i] = marking.Dated{Marking: v.items[i].Marking, Date: v.of.Date.Format("2006-01-02")}
	}
	rolled, err := v.policy.RollUp(dated)
	switch {
	case err != nil:
		return marking.Marking{}, fmt.Errorf("roll-up of the version: %w", err)
	case len(rolled.Faults) > 0:
		return marking.Marking{}, fmt.Errorf("roll-up of the version: %w", rolled.Faults)
	case rolled.Banner.IsZero():
		return marking.Marking{}, fmt.Errorf("roll-up of the version: no banner")
	}
	return rolled.Banner, nil
}

// insideNames lists the names that mean something to the holder alone: that of
// the report, those of what it rests on, those of the statements behind the
// decision.
func insideNames(r *tearline.Report, d release.Decision) []string {
	names := []string{string(r.ID)}
	verdicts := d.Verdicts()
	for i := range r.Portions {
		for _, s := range r.Portions[i].Sources {
			names = append(names, s.String(), string(s.Report))
		}
		if t, ok := d.Verdict(tearline.TearOf(r.Portions[i].ID)); ok {
			verdicts = append(verdicts, t)
		}
	}
	for i := range verdicts {
		for _, s := range append(slices.Clone(verdicts[i].Statements), verdicts[i].Discretion) {
			names = append(names, string(s))
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	return slices.DeleteFunc(names, func(s string) bool { return s == "" })
}

// Kept returns the portions that are in the version as they are.
func (v *Version) Kept() []tearline.PortionID { return slices.Clone(v.kept) }

// Replaced returns the portions in whose place the approved tear-line wording
// stands.
func (v *Version) Replaced() []tearline.PortionID { return slices.Clone(v.replaced) }

// Dropped returns the portions of which nothing is in the version.
func (v *Version) Dropped() []tearline.PortionID { return slices.Clone(v.dropped) }

// Banner returns the roll-up of the version's items.
func (v *Version) Banner() marking.Marking { return v.banner }

// Items returns what the version consists of, a marked title first.
func (v *Version) Items() []Item { return slices.Clone(v.items) }

// Unattributed returns the originators of the items that go out on the
// condition that it is not told whose they were, sorted; the holder is none.
// It reports whether any item has that condition: the condition may also be
// that of an originator further up the lineage, whom the holder's statements
// name.
func (v *Version) Unattributed() (originators []tearline.PartyID, any bool) {
	for i := range v.items {
		if !slices.Contains(v.items[i].Conditions, tearline.WithoutAttribution) {
			continue
		}
		any = true
		if o := v.items[i].portion.Originator; o != v.request.Holder {
			originators = append(originators, o)
		}
	}
	slices.Sort(originators)
	return slices.Compact(originators), any
}

// String says which version it is, and nothing of what is in it.
func (v *Version) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "version of %s for %s: %d kept, %d replaced, %d dropped",
		v.of.ID, v.request.Recipient, len(v.kept), len(v.replaced), len(v.dropped))
	return b.String()
}

// GoString is String: no way of printing a version prints its text.
func (v *Version) GoString() string { return v.String() }
