package release

import (
	"errors"
	"slices"
	"strings"
	"time"

	"tearline"
	"tearline/marking"
)

// A report is one that the holder has filed.
type report struct {
	id          tearline.ReportID
	originators []tearline.PartyID // of the report and of anything in it
	policy      *marking.Policy
	filing      said[*tearline.Filing]
	portions    []int32 // in report order
	tears       []int32 // those of the portions that have one, in report order
	index       map[tearline.PortionID]int
	embargoes   []said[*tearline.Embargo]
	// declassified is when the originator's own portions are, zero if no date
	// was set.
	declassified time.Time
}

// A portion is a filed portion, or a tear-line wording.
type portion struct {
	ref        tearline.PortionRef
	report     *report
	originator tearline.PartyID
	mark       *mark
	// lowered are the declassifications by its originator.
	lowered []said[*mark]
	sources []tearline.PortionRef
	tear    bool // it is tear-line wording
}

// A mark is a marking with what the rules ask of it.
type mark struct {
	marking.Marking
	policy       *marking.Policy
	text         string
	level        marking.Level
	open         bool
	orcon        bool
	noForeign    bool
	listed       bool
	list         []tearline.PartyID
	audience     marking.Audience
	compartments []string
}

// A markKey is a mark as written, or the lowest of its policy.
type markKey struct {
	policy string
	text   string
	lowest bool
}

// mark reads a portion mark under a policy, the same one only once.
func (r *reader) mark(p *marking.Policy, text string) (*mark, error) {
	key := markKey{policy: p.ID(), text: text}
	if m, ok := r.marks[key]; ok {
		return m, nil
	}
	read, err := p.Parse(text)
	if err != nil {
		return nil, err
	}
	m := newMark(p, read)
	r.marks[key] = m
	return m, nil
}

// lowest returns the mark of a policy's lowest level without controls.
func (r *reader) lowest(p *marking.Policy) *mark {
	key := markKey{policy: p.ID(), lowest: true}
	m, ok := r.marks[key]
	if !ok {
		m = newMark(p, p.Lowest())
		r.marks[key] = m
	}
	return m
}

func newMark(p *marking.Policy, read marking.Marking) *mark {
	m := &mark{
		Marking:      read,
		policy:       p,
		text:         read.Portion(),
		level:        read.Level(),
		open:         read.Open(),
		orcon:        read.OriginatorControlled(),
		noForeign:    read.NoForeign(),
		audience:     read.Audience(),
		compartments: read.Compartments(),
	}
	codes, listed := read.ReleasedTo()
	m.listed = listed
	for _, c := range codes {
		m.list = append(m.list, tearline.PartyID(c))
	}
	return m
}

// filings reads the reports held.
func (r *reader) filings(statements []*tearline.Statement) {
	f := r.facts
	for _, s := range statements {
		v, ok := s.Says.(*tearline.Filing)
		if !ok {
			continue
		}
		if f.holder == "" {
			f.holder = s.By
		}
		if s.By != f.holder {
			r.fault("", "read each holder's statements by themselves", "report %s is filed by %s, but these are the facts of %s", v.Report, s.By, f.holder)
			continue
		}
		if _, again := f.reports[v.Report]; again {
			r.fault("", "a changed report is another report", "report %s is filed twice", v.Report)
			continue
		}
		r.filing(s, v)
	}
}

func (r *reader) filing(s *tearline.Statement, v *tearline.Filing) {
	if _, err := tearline.ParseReportID(string(v.Report)); err != nil {
		r.fault("", "", "filing %s: %v", s.ID, err)
		return
	}
	policy, ok := marking.Lookup(v.Policy)
	if !ok {
		r.fault(RuleMarking, "", "report %s: there is no policy %q", v.Report, v.Policy)
		return
	}
	held := &report{
		id: v.Report, originators: []tearline.PartyID{v.Originator}, policy: policy,
		filing: say(r, s, v, tearline.Term{}),
		index:  make(map[tearline.PortionID]int, len(v.Portions)),
	}
	if v.DeclassifyOn != "" {
		var err error
		if held.declassified, err = time.Parse(time.DateOnly, v.DeclassifyOn); err != nil {
			r.fault(RuleMarking, "write YYYY-MM-DD", "report %s: declassification on %q", v.Report, v.DeclassifyOn)
		}
	}
	r.facts.reports[v.Report] = held
	for i := range v.Portions {
		r.portion(held, &v.Portions[i])
	}
	for i, n := range held.portions {
		held.index[r.facts.portions[n].ref.Portion] = i
	}
	for i, n := range held.tears {
		held.index[r.facts.portions[n].ref.Portion] = len(held.portions) + i
	}
}

// portion reads one portion and its tear-line wording.
func (r *reader) portion(held *report, v *tearline.FiledPortion) {
	ref := tearline.PortionRef{Report: held.id, Portion: v.ID}
	if _, err := tearline.ParsePortionID(string(v.ID)); err != nil {
		r.fault("", "", "report %s: %v", held.id, err)
		return
	}
	if _, again := r.facts.number[ref]; again {
		r.fault("", "", "portion %s is filed twice", ref)
		return
	}
	if _, err := tearline.ParsePartyID(string(v.Originator)); err != nil {
		r.fault(RuleOriginator, "every portion has an originator", "portion %s: originator: %v", ref, err)
	}
	if !slices.Contains(held.originators, v.Originator) {
		held.originators = append(held.originators, v.Originator)
	}
	m, err := r.mark(held.policy, v.Marking)
	if err != nil {
		r.markFaults(ref, v.Marking, err)
	}
	held.portions = append(held.portions, r.put(portion{
		ref: ref, report: held, originator: v.Originator, mark: m, sources: v.Sources,
	}))
	if v.Tear == "" {
		return
	}
	tear := tearline.PortionRef{Report: held.id, Portion: tearline.TearOf(v.ID)}
	m, err = r.mark(held.policy, v.Tear)
	if err != nil {
		r.markFaults(tear, v.Tear, err)
	}
	held.tears = append(held.tears, r.put(portion{
		ref: tear, report: held, originator: v.Originator, mark: m, sources: v.Sources, tear: true,
	}))
}

// markFaults notes all that is wrong with a mark.
func (r *reader) markFaults(ref tearline.PortionRef, text string, err error) {
	var all marking.Faults
	if !errors.As(err, &all) || len(all) == 0 {
		r.fault(RuleMarking, "", "portion %s: marking %q: %v", ref, text, err)
		return
	}
	for _, f := range all {
		r.fault(RuleMarking, f.Hint, "portion %s: marking %q: %s", ref, text, f.Text)
		r.faults[len(r.faults)-1].Cites = f.Cites
	}
}

// put gives a portion its number. If its report has a date on which its
// originator's portions are declassified, that is as if the originator had said
// so then of those that are not open; nobody sets a date for another's.
func (r *reader) put(p portion) int32 {
	if held := p.report; !held.declassified.IsZero() && p.originator == held.filing.what.Originator && p.mark != nil && !p.mark.open {
		p.lowered = append(p.lowered, said[*mark]{
			what: r.lowest(held.policy), id: held.filing.id, by: p.originator, at: held.declassified, revoked: held.filing.revoked,
		})
	}
	n := int32(len(r.facts.portions)) //nolint:gosec // two thousand million portions do not fit in memory
	r.facts.portions = append(r.facts.portions, p)
	r.facts.number[p.ref] = n
	return n
}

// derivations builds the graph. What a portion rests on counts whenever it was
// filed: leaving out a source could only let more go.
func (r *reader) derivations() {
	f := r.facts
	for i := range f.portions {
		p := &f.portions[i]
		from := make([]int32, 0, len(p.sources))
		for _, ref := range p.sources {
			n, ok := f.number[ref]
			if !ok {
				r.fault(RuleOriginator, "file the report that has it first", "portion %s: unknown source %s", p.ref, ref)
				continue
			}
			from = append(from, n)
		}
		f.graph.Add(int32(i), from...)
	}
	cycle := f.graph.Cycle()
	if cycle == nil {
		return
	}
	refs := make([]string, 0, len(cycle)+1)
	for _, n := range append(cycle, cycle[0]) {
		refs = append(refs, f.portions[n].ref.String())
	}
	r.fault(RuleOriginator, "", "portions derive from themselves: %s", strings.Join(refs, " derives from "))
}
