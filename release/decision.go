package release

import (
	"slices"

	"tearline"
)

// A Decision answers whether a recipient may have a report, portion by
// portion. Only [Decide] makes one: that somebody holds a Decision is the
// evidence that the rules were asked. The zero Decision denies everything. It
// is immutable and safe for concurrent use; the slices inside the verdicts it
// returns are shared and must not be written to.
type Decision struct {
	report  tearline.ReportID
	request Request
	// verdicts has one entry for each portion in report order, then those for
	// tear-line wordings; index says where.
	verdicts []Verdict
	portions int
	index    map[tearline.PortionID]int
}

// Report returns the report decided on.
func (d Decision) Report() tearline.ReportID { return d.report }

// Request returns the request that was decided.
func (d Decision) Request() Request { return d.request }

// Outcome returns the answer for the report as a whole: Release if all its
// portions are; else Refer if asking would free any; else Deny. Tear-line
// wordings and discretion do not count.
func (d Decision) Outcome() tearline.Outcome {
	if d.portions == 0 {
		return tearline.Deny
	}
	all, refer := true, false
	for i := range d.verdicts[:d.portions] {
		all = all && d.verdicts[i].Outcome == tearline.Release
		refer = refer || d.verdicts[i].Outcome == tearline.Refer
	}
	switch {
	case all:
		return tearline.Release
	case refer:
		return tearline.Refer
	}
	return tearline.Deny
}

// Verdicts returns the verdicts on the report's portions, in its order.
// Tear-line wordings are not among them.
func (d Decision) Verdicts() []Verdict { return slices.Clone(d.verdicts[:d.portions]) }

// Verdict returns the verdict on a portion, or on a tear-line wording named by
// [tearline.TearOf]; false if the report has none of that name.
func (d Decision) Verdict(id tearline.PortionID) (Verdict, bool) {
	i, ok := d.index[id]
	if !ok {
		return Verdict{}, false
	}
	return d.verdicts[i], true
}

// May reports whether a portion or tear-line wording may be passed on, and by
// virtue of what: released by the rules, or disclosed at discretion.
func (d Decision) May(id tearline.PortionID) (tearline.Basis, bool) {
	v, ok := d.Verdict(id)
	switch {
	case !ok:
		return tearline.ByNothing, false
	case v.Outcome == tearline.Release:
		return v.Basis, true
	case v.Discretion != "":
		return tearline.ByDiscretion, true
	}
	return tearline.ByNothing, false
}

// Complete reports whether every portion of the report may be passed on, by
// the rules or at discretion. What may go only with the whole report, such as
// an unmarked title, may go then.
func (d Decision) Complete() bool {
	for i := range d.verdicts[:d.portions] {
		if _, ok := d.May(d.verdicts[i].Portion); !ok {
			return false
		}
	}
	return d.portions > 0
}

// WithDiscretion returns the decision with the holder's discretions beside it:
// each portion or tear-line wording that is not released, but that a
// Discretion of the holder in force at the time of the request names, for this
// recipient and mode, has its ID in Verdict.Discretion. Outcomes, bases and
// reasons stay as they are: discretion is no consent and changes no rule's
// word.
func (d Decision) WithDiscretion(f *Facts) Decision {
	if len(d.verdicts) == 0 {
		return d
	}
	d.verdicts = slices.Clone(d.verdicts)
	for i := range d.verdicts {
		v := &d.verdicts[i]
		v.Discretion = ""
		if v.Outcome != tearline.Release {
			v.Discretion = f.discretion(tearline.PortionRef{Report: d.report, Portion: v.Portion}, &d.request)
		}
	}
	return d
}
