package authority

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"tearline/marking"
)

// A Source is a document that a new one is derived from.
type Source struct {
	Name  string // as the line "Derived From" cites it, with its agency and date
	Date  string // YYYY-MM-DD; "" if it cannot be told
	Block Block  // zero if it has none
}

// A Why says where a line of a rolled-up block comes from.
type Why struct {
	Line    string // "Classified By", "Derived From", "Reason", "Declassify On"
	Sources []int  // indices, from 0, ascending: those that the line rests on
	Rule    string
	Cites   string
	Text    string
}

// Rolled is the block of a document derived from sources, and why each line of
// it is what it is, the left out "Reason" among them.
type Rolled struct {
	Block Block
	Why   []Why
	// Advice tells of sources whose own instruction may end later than the one
	// that the hierarchy chooses.
	Advice marking.Faults
}

// RollUp returns the block of a document that somebody derives from sources.
// The instruction is the one that stands highest in the hierarchy of CAPCO
// 2016 §E.3, and within one place of it the longest. The order of the sources
// and how they are grouped make no difference to it, nor does a source that is
// there twice. Today, YYYY-MM-DD, stands for the dates of sources that have
// none; it may be "" if each has one that needs it.
//
// All that is wrong is returned as [marking.Faults]; the Rolled is then zero.
func RollUp(by string, sources []Source, today string) (Rolled, error) {
	var faults marking.Faults
	add := func(text, hint string) {
		if len(faults) < marking.MaxFaults {
			faults = append(faults, marking.Fault{Rule: "authority.rollup", Cites: "CAPCO 2016 §E.2-3", Text: text, Hint: hint})
		}
	}
	if f := checkValue("Classified By", by); f.Text != "" {
		add(f.Text, "say who derives the document")
	}
	if len(sources) == 0 {
		add("there is no source", "an original decision has a reason of its own")
	}
	all := make([]Instruction, len(sources))
	for n, s := range sources {
		if f := checkValue("Derived From", s.Name); f.Text != "" {
			add("source "+strconv.Itoa(n)+": "+f.Text, "say what document it is")
		}
		if i := s.Block.Declassify; !i.valid() {
			add("source "+strconv.Itoa(n)+" has no instruction that can be read: "+quote(i.String()), "read it with ParseInstruction")
			continue
		}
		if all[n] = resolve(s.Block.Declassify, cmp.Or(s.Date, today)); all[n].Calculated && all[n].Date == "" {
			add("source "+strconv.Itoa(n)+" has no date to work its declassification out from", "give its date, or today's, as YYYY-MM-DD")
		}
	}
	if len(faults) > 0 {
		return Rolled{}, faults
	}
	out := all[0]
	for _, i := range all {
		out = join(out, i)
	}
	r := Rolled{Block: Block{ClassifiedBy: squeeze(by), Declassify: out}}
	r.explain(sources, all)
	return r, nil
}

// Spans of what is worked out from the date of a source, in years (CAPCO 2016
// §E.3).
const (
	spanPlain  = 25
	spanExempt = 50
)

// valid reports whether the exemptions and the date are some that there are.
func (i Instruction) valid() bool {
	for e := range strings.FieldsSeq(i.Exemption) {
		if exemption(e) != e {
			return false
		}
	}
	return i.Date == "" || date(i.Date) == i.Date
}

// resolve brings a source's instruction to one that the hierarchy has a place
// for: one exemption, its date worked out where it lacks one. Base is the date
// of the source; the date is empty if that is none.
func resolve(i Instruction, base string) Instruction {
	base = cmp.Or(i.SourceDate, base)
	switch {
	case i.apart():
		return Instruction{RD: i.RD, FRD: i.FRD, TFNI: i.TFNI, NATO: i.NATO}
	case i.Retired == human:
		return Instruction{Exemption: hum}
	case i.Retired != "", i == Instruction{}:
		return Instruction{Date: years(base, spanPlain), Calculated: true}
	}
	i.SourceDate, i.Event = "", events(i.Event, i.Event, true)
	exempt := strings.Fields(i.Exemption)
	if len(exempt) == 0 {
		return i
	}
	var out Instruction
	for n, e := range exempt {
		one := i
		switch one.Exemption = e; {
		case undated(e):
			one = Instruction{Exemption: e}
		case strings.HasPrefix(e, "25X") && one.Date == "" && one.Event == "":
			one.Date, one.Calculated = years(base, spanExempt), true
		}
		if n == 0 {
			out = one
		}
		out = join(out, one)
	}
	return out
}

// A place is one of the hierarchy of CAPCO 2016 §E.3.
type place struct{ rule, cites, text string }

// hierarchy is from the weakest. The places are those of rank.
var hierarchy = [...]place{
	{"declassify.calculated", "CAPCO 2016 §E.3", "no source says more: 25 years from the date of the source"},
	{"declassify.event", "CAPCO 2016 §E.3", "an event, less than 10 years in the future"},
	{"declassify.date", "CAPCO 2016 §E.3", "the latest date"},
	{"declassify.25X-calculated", "CAPCO 2016 §E.3", "an exemption without date: 50 years from the date of the source, the lowest number"},
	{"declassify.25X", "CAPCO 2016 §E.3", "the exemption with the longest protection, the lowest number"},
	{"declassify.25X1-EO-12951", "CAPCO 2016 §E.3; ISM-ID-00133", "original imagery has no date"},
	{"declassify.50X", "CAPCO 2016 §E.3", "the exemption with the longest protection, the lowest number"},
	{"declassify.50X1-HUM", "CAPCO 2016 §E.3; ISM-ID-00133", "50X1-HUM before 50X2-WMD: no date belongs to them"},
	{"declassify.75X", "CAPCO 2016 §E.3; E.O. 13526 §3.3(h)", "an exemption beyond 75 years"},
	{"declassify.portions", "CAPCO 2016 §E.3-5", "portions to which no date applies stand above all, together"},
}

// rank returns the place in the hierarchy of a resolved instruction.
func (i Instruction) rank() int {
	calculated := func(yes, no int) int {
		if i.Calculated {
			return yes
		}
		return no
	}
	switch e := i.Exemption; {
	case i.apart():
		return 9
	case strings.HasPrefix(e, "75X"):
		return 8
	case e == hum || e == wmd:
		return 7
	case strings.HasPrefix(e, "50X"):
		return 6
	case e == imagery:
		return 5
	case e != "":
		return calculated(3, 4)
	case i.Date == "":
		return 1
	}
	return calculated(0, 2)
}

// term returns how long an instruction lasts among those of its rank: one that
// never ends before one whose end nobody knows, and that before a date.
func (i Instruction) term() int {
	switch {
	case i.Date != "":
		return 0
	case i.Event != "":
		return 1
	}
	return 2
}

// join returns the stronger of two resolved instructions. It is commutative,
// associative and idempotent.
func join(a, b Instruction) Instruction {
	switch c := cmp.Or(a.rank()-b.rank(), a.term()-b.term(), strings.Compare(a.Date, b.Date)); {
	case c > 0:
		return a
	case c < 0:
		return b
	case a.apart():
		return Instruction{RD: a.RD || b.RD, FRD: a.FRD || b.FRD, TFNI: a.TFNI || b.TFNI, NATO: a.NATO || b.NATO}
	}
	a.Exemption = min(a.Exemption, b.Exemption)
	// Without a date all the events have to happen; before one, any that both
	// name ends it.
	a.Event = events(a.Event, b.Event, a.Date == "")
	return a
}

// eventSeparator parts the events of several sources.
const eventSeparator = "; "

// events returns the events of both, or those that both have.
func events(a, b string, both bool) string {
	x, y := strings.Split(a, eventSeparator), strings.Split(b, eventSeparator)
	out := slices.DeleteFunc(append(slices.Clone(x), y...), func(e string) bool {
		return strings.TrimSpace(e) == "" || !both && (!slices.Contains(x, e) || !slices.Contains(y, e))
	})
	slices.Sort(out)
	return strings.Join(slices.Compact(out), eventSeparator)
}

// explain fills in the line of the sources, and says why each line is so.
func (r *Rolled) explain(sources []Source, all []Instruction) {
	everyone := make([]int, len(sources))
	for n := range sources {
		everyone[n] = n
	}
	r.Block.DerivedFrom = squeeze(sources[0].Name)
	from := Why{"Derived From", everyone, "derived.one", "CAPCO 2016 §E.2", "it is derived from one document"}
	if slices.ContainsFunc(sources, func(s Source) bool { return s.Name != sources[0].Name || s.Date != sources[0].Date }) {
		r.Block.DerivedFrom = MultipleSources
		from.Rule, from.Cites, from.Text = "derived.multiple", "CAPCO 2016 §E.3", "it is derived from several: list them in the document"
	}
	r.Why = append(r.Why, Why{"Classified By", nil, "classified.deriver", "CAPCO 2016 §E.2", "whoever derives it classifies it"}, from)
	if reasons := indices(sources, func(s Source) bool { return s.Block.Reason != "" }); reasons != nil {
		r.Why = append(r.Why, Why{"Reason", reasons, "reason.original", "CAPCO 2016 §E.2; ISM-ID-00221", "the reasons of original decisions are not taken over"})
	}
	out := r.Block.Declassify
	on := indices(all, func(i Instruction) bool {
		return i.rank() == out.rank() && i.term() == out.term() && i.Date == out.Date
	})
	p := hierarchy[out.rank()]
	r.Why = append(r.Why, Why{"Declassify On", on, p.rule, p.cites, p.text})
	if out.apart() || out.term() != 0 {
		return // it never ends by itself
	}
	for n, i := range all {
		if (i.Date > out.Date || i.term() != 0) && len(r.Advice) < marking.MaxFaults {
			r.Advice = append(r.Advice, marking.Fault{
				Rule: "authority.later", Cites: "CAPCO 2016 §E.3", Severity: marking.SeverityAdvice,
				Text: "source " + strconv.Itoa(n) + " may be classified for longer: " + i.String(),
				Hint: "ask its originator before the date has passed",
			})
		}
	}
}

func indices[T any](all []T, is func(T) bool) (out []int) {
	for n, x := range all {
		if is(x) {
			out = append(out, n)
		}
	}
	return out
}
