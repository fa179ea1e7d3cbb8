package damage

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"tearline"
	"tearline/internal/set"
	"tearline/marking"
)

// A state is what a leak has done to a portion.
type state int

const (
	unexposed state = iota
	inOpen
	source
	inferred
)

// A held portion is one that the facts know.
type held struct {
	Portion
	sources []tearline.PortionRef
	derived []tearline.PortionRef
	state   state
	from    tearline.PortionRef // the portion before it on the path
	// leaks are the sightings that expose it, as places.
	leaks []int
}

// An assessment is an assessment at work.
type assessment struct {
	*Facts
	leaks   []Leak
	said    []tearline.Statement // by the time of the assessment, in order
	revoked map[revocation]bool
	held    map[tearline.PortionRef]*held
	tears   map[tearline.PortionRef]string // the marks of tear-line wordings
	reports map[tearline.ReportID][]tearline.PortionRef
	notes   []string
}

type revocation struct {
	by tearline.PartyID
	of tearline.StatementID
}

func newAssessment(f *Facts) *assessment {
	a := &assessment{
		Facts: f, leaks: append([]Leak{}, f.Leaks...), revoked: map[revocation]bool{}, held: map[tearline.PortionRef]*held{},
		tears: map[tearline.PortionRef]string{}, reports: map[tearline.ReportID][]tearline.PortionRef{}, notes: []string{},
	}
	slices.SortStableFunc(a.leaks, func(x, y Leak) int { return cmp.Or(x.Known.Compare(y.Known), cmp.Compare(x.Statement, y.Statement)) })
	for _, s := range f.Statements {
		if !s.At.After(f.At) {
			a.said = append(a.said, s)
		}
	}
	slices.SortFunc(a.said, func(x, y tearline.Statement) int { return cmp.Or(x.At.Compare(y.At), cmp.Compare(x.ID, y.ID)) })
	a.said = slices.CompactFunc(a.said, func(x, y tearline.Statement) bool { return x.ID == y.ID })
	for _, s := range a.said {
		switch x := s.Says.(type) {
		case *tearline.Revocation:
			a.revoked[revocation{s.By, x.Of}] = true
		case *tearline.Filing:
			if s.By == f.Holder {
				a.file(x)
			}
		}
	}
	for ref, p := range a.held {
		p.sources = slices.DeleteFunc(p.sources, func(src tearline.PortionRef) bool { return a.held[src] == nil })
		for _, src := range p.sources {
			a.held[src].derived = append(a.held[src].derived, ref)
		}
	}
	for _, p := range a.held {
		slices.SortFunc(p.derived, byName)
	}
	return a
}

func (a *assessment) file(x *tearline.Filing) {
	if a.reports[x.Report] != nil {
		return // a report is filed once
	}
	for _, p := range x.Portions {
		ref := tearline.PortionRef{Report: x.Report, Portion: p.ID}
		if a.held[ref] != nil {
			continue
		}
		sources := set.Add([]tearline.PortionRef(nil), p.Sources...)
		slices.SortFunc(sources, byName)
		a.held[ref] = &held{
			Portion: Portion{Portion: ref.String(), Marking: p.Marking, Originator: p.Originator, Policy: x.Policy, ref: ref},
			sources: sources,
		}
		a.reports[x.Report] = append(a.reports[x.Report], ref)
		if p.Tear != "" {
			a.tears[tearline.PortionRef{Report: x.Report, Portion: tearline.TearOf(p.ID)}] = p.Tear
		}
	}
}

// spread marks what is in the open, what that rests on, and then, step by step
// away from it, what rests on any of these.
func (a *assessment) spread() {
	queue := a.open()
	for i := 0; i < len(queue); i++ { // up, to the sources
		at := a.held[queue[i]]
		for _, src := range at.sources {
			p := a.held[src]
			if p.state == unexposed {
				p.state, p.Steps, p.from = source, at.Steps+1, at.ref
				queue = append(queue, src)
			}
		}
	}
	a.blame()
	// Down, the nearest first.
	byStep := map[int][]tearline.PortionRef{}
	for _, ref := range queue {
		byStep[a.held[ref].Steps] = append(byStep[a.held[ref].Steps], ref)
	}
	for step := 0; len(byStep) > 0; step++ {
		level := byStep[step]
		delete(byStep, step)
		slices.SortFunc(level, byName)
		for _, ref := range level {
			for _, next := range a.held[ref].derived {
				p := a.held[next]
				if p.state == unexposed {
					p.state, p.Steps, p.from = inferred, step+1, ref
					byStep[step+1] = append(byStep[step+1], next)
				}
			}
		}
	}
}

// open marks the portions in the leaks and returns them in order. A tear-line
// wording is one by itself, that rests on its portion: who has it does not have
// the portion.
func (a *assessment) open() []tearline.PortionRef {
	seen := map[tearline.PortionRef]bool{}
	for i, l := range a.leaks {
		for _, ref := range l.Portions {
			p := a.held[ref]
			if p == nil {
				p = a.tear(ref)
			}
			if p == nil {
				a.notes = set.Add(a.notes, fmt.Sprintf("%s is not held, and is left out", ref))
				continue
			}
			p.state, p.leaks = inOpen, set.Add(p.leaks, i)
			seen[ref] = true
		}
	}
	return sorted(seen)
}

// tear adds the tear-line wording of a portion, nil if it has none.
func (a *assessment) tear(ref tearline.PortionRef) *held {
	of, mark := a.held[base(ref)], a.tears[ref]
	if of == nil || mark == "" {
		return nil
	}
	p := &held{
		Portion: Portion{Portion: ref.String(), Marking: mark, Originator: of.Originator, Policy: of.Policy, Tear: true, ref: ref},
		sources: []tearline.PortionRef{of.ref},
	}
	a.held[ref] = p
	return p
}

// blame notes on every source by which leaks it is exposed.
func (a *assessment) blame() {
	for i := range a.leaks {
		var queue []tearline.PortionRef
		for _, ref := range a.leaks[i].Portions {
			if a.held[ref] != nil {
				queue = append(queue, ref)
			}
		}
		seen := map[tearline.PortionRef]bool{}
		for len(queue) > 0 {
			ref := queue[0]
			queue = queue[1:]
			if seen[ref] {
				continue
			}
			seen[ref] = true
			a.held[ref].leaks = set.Add(a.held[ref].leaks, i)
			queue = append(queue, a.held[ref].sources...)
		}
	}
}

// exposed reports whether a portion is in the open, or something in the open
// rests on it.
func (a *assessment) exposed(ref tearline.PortionRef) bool {
	p := a.held[base(ref)]
	return p != nil && (p.state == inOpen || p.state == source)
}

// touches returns those of some portions that are exposed or can be inferred,
// in order.
func (a *assessment) touches(refs []tearline.PortionRef) []tearline.PortionRef {
	in := map[tearline.PortionRef]bool{}
	for _, r := range refs {
		if p := a.held[base(r)]; p != nil && p.state != unexposed {
			in[p.ref] = true
		}
	}
	return sorted(in)
}

// list returns the portions in a state, the nearest first.
func (a *assessment) list(in state) []Portion {
	out := []Portion{}
	for _, p := range a.held {
		if p.state != in {
			continue
		}
		x := p.Portion
		if in != inOpen {
			x.Path = a.path(p)
		}
		out = append(out, x)
	}
	slices.SortFunc(out, func(x, y Portion) int { return cmp.Or(x.Steps-y.Steps, byName(x.ref, y.ref)) })
	return out
}

// path leads from what is in the open to a portion.
func (a *assessment) path(p *held) []string {
	out := []string{p.Portion.Portion}
	for p.state != inOpen {
		p = a.held[p.from]
		out = append(out, p.Portion.Portion)
	}
	slices.Reverse(out)
	return out
}

// unexposed returns what is left of the reports with something in the open.
func (a *assessment) unexposed() []Portion {
	out := []Portion{}
	for _, id := range slices.Sorted(maps.Keys(a.reports)) {
		var rest []Portion
		open := false
		for _, ref := range a.reports[id] {
			if p := a.held[ref]; p.state == unexposed {
				rest = append(rest, p.Portion)
			} else {
				open = open || p.state == inOpen || a.tornOpen(ref)
			}
		}
		if open {
			out = append(out, rest...)
		}
	}
	return out
}

// tornOpen reports whether a portion's tear-line wording is in the open.
func (a *assessment) tornOpen(ref tearline.PortionRef) bool {
	p := a.held[tearline.PortionRef{Report: ref.Report, Portion: tearline.TearOf(ref.Portion)}]
	return p != nil && p.state == inOpen
}

// edges are the derivations among the portions that a damage names.
func (a *assessment) edges(d *Damage) []Edge {
	out := []Edge{}
	for _, list := range [][]Portion{d.Open, d.Sources, d.Inferred} {
		for _, p := range list {
			for _, src := range a.held[p.ref].sources {
				if a.held[src].state != unexposed {
					out = append(out, Edge{From: p.Portion, To: src.String()})
				}
			}
		}
	}
	slices.SortFunc(out, func(x, y Edge) int { return cmp.Or(cmp.Compare(x.From, y.From), cmp.Compare(x.To, y.To)) })
	return out
}

// banners rolls up the markings of portions, by policy. What has no roll-up
// stands beside the others: nothing is shown under less than it bears.
func banners(lists ...[]Portion) []string {
	var joined []marking.Marking
	out := []string{}
	seen := map[[2]string]bool{}
	for _, p := range slices.Concat(lists...) {
		key := [2]string{p.Policy, p.Marking}
		if seen[key] {
			continue
		}
		seen[key] = true
		policy, ok := marking.Lookup(p.Policy)
		if !ok {
			out = set.Add(out, p.Marking)
			continue
		}
		m, err := policy.Parse(p.Marking)
		if err != nil {
			out = set.Add(out, p.Marking)
			continue
		}
		joined = join(joined, m)
	}
	for _, m := range joined {
		out = set.Add(out, m.Banner())
	}
	return out
}

// Banners rolls up the markings of some portions, by the filings among
// statements; of what was not filed nothing is known.
func Banners(statements []tearline.Statement, refs []tearline.PortionRef) []string {
	wanted := map[tearline.PortionRef]bool{}
	for _, r := range refs {
		wanted[r] = true
	}
	var named []Portion
	for i := range statements {
		x, ok := statements[i].Says.(*tearline.Filing)
		if !ok {
			continue
		}
		for _, p := range x.Portions {
			if wanted[tearline.PortionRef{Report: x.Report, Portion: p.ID}] {
				named = append(named, Portion{Policy: x.Policy, Marking: p.Marking})
			}
			if wanted[tearline.PortionRef{Report: x.Report, Portion: tearline.TearOf(p.ID)}] {
				named = append(named, Portion{Policy: x.Policy, Marking: p.Tear})
			}
		}
	}
	return banners(named)
}

func join(to []marking.Marking, m marking.Marking) []marking.Marking {
	for i, have := range to {
		if have.Policy() != m.Policy() {
			continue
		}
		if j, err := marking.Join(have, m); err == nil {
			to[i] = j
			return to
		}
	}
	return append(to, m)
}
