package classes

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"tearline"
	graph "tearline/lineage"
	"tearline/release/classes/marks"
)

// A node is a portion by its ordinal or, with the highest bit set, its tear-line
// wording.
type node uint32

const (
	tear node = 1 << 31
	// most is how many portions there may be.
	most = uint32(tear)
)

func (n node) ordinal() uint32 { return uint32(n &^ tear) }

// lineage is what is known of portions beside their classes: only where there
// is something.
type lineage struct {
	sources map[uint32][]node // of a portion, and of its tear-line wording
	derived map[node][]uint32 // what has it as a source
	// tears are the portions that have tear-line wording, ascending, and its
	// marks as filed.
	tears     []uint32
	tearMarks []int32
	lowerings map[node][]*lowering // in the order in which they were said
	reports   []*report            // by ordinal

	ahead, behind queue // of the present
	due           []event
}

func newLineage() lineage {
	return lineage{
		sources: make(map[uint32][]node), derived: make(map[node][]uint32), lowerings: make(map[node][]*lowering),
		behind: queue{round: true},
	}
}

// A lowering is a declassification, with what its sayer owns of what it names.
type lowering struct {
	dated
	nodes []node
	to    string // "" is the policy's lowest
	v     *tearline.Declassification
	said  time.Time
}

// A report has something that not every report has: a date of declassification,
// embargoes, a filing that was taken back, or an originator of whom it has no
// portion.
type report struct {
	first, n     uint32
	originator   int32
	declassified instant // never if no date is set
	filing       tearline.StatementID
	revoked      instant
	embargoes    []*embargo
}

// An embargo of one who has a say.
type embargo struct {
	dated
	report tearline.ReportID
	counts bool
}

// reportOf returns what is known of the report that has a portion, nil if
// nothing.
func (l *lineage) reportOf(ord uint32) *report {
	i, found := slices.BinarySearchFunc(l.reports, ord, func(r *report, o uint32) int { return cmp.Compare(r.first, o) })
	if !found {
		i--
	}
	if i < 0 || ord >= l.reports[i].first+l.reports[i].n {
		return nil
	}
	return l.reports[i]
}

// special returns what is known of a report, after making it known.
func (l *lineage) special(first, n uint32) *report {
	i, found := slices.BinarySearchFunc(l.reports, first, func(r *report, o uint32) int { return cmp.Compare(r.first, o) })
	if found {
		return l.reports[i]
	}
	r := &report{first: first, n: n, originator: -1, declassified: never, revoked: never}
	l.reports = slices.Insert(l.reports, i, r)
	return r
}

// tearMark returns the mark of a portion's tear-line wording as filed, false if
// it has none.
func (l *lineage) tearMark(ord uint32) (int32, bool) {
	i, found := slices.BinarySearch(l.tears, ord)
	if !found {
		return 0, false
	}
	return l.tearMarks[i], true
}

// closure returns all that a portion rests on, itself left out, each once.
func (l *lineage) closure(n node) []node {
	var out []node
	seen := map[node]bool{n: true}
	stack := slices.Clone(l.sources[n.ordinal()])
	for len(stack) > 0 {
		last := len(stack) - 1
		x := stack[last]
		stack = stack[:last]
		if !seen[x] {
			seen[x] = true
			out = append(out, x)
			stack = append(stack, l.sources[x.ordinal()]...)
		}
	}
	return out
}

// resting returns the portions that rest on a node, each once.
func (l *lineage) resting(n node) []uint32 {
	first := l.derived[n]
	if len(first) == 0 {
		return nil
	}
	var out []uint32
	seen := make(map[uint32]bool, len(first))
	stack := slices.Clone(first)
	for len(stack) > 0 {
		last := len(stack) - 1
		x := stack[last]
		stack = stack[:last]
		if !seen[x] {
			seen[x] = true
			out = append(out, x)
			stack = append(append(stack, l.derived[node(x)]...), l.derived[node(x)|tear]...)
		}
	}
	return out
}

// node finds what a reference names, false if it is not filed.
func (ix *Index) node(ref tearline.PortionRef) (node, bool) {
	of, isTear := ref.Portion.IsTear()
	if isTear {
		ref.Portion = of
	}
	ord, ok := ix.names.Portion(ref)
	if !ok || ord >= ix.column.Len() {
		return 0, false
	}
	if !isTear {
		return node(ord), true
	}
	_, ok = ix.tearMark(ord)
	return node(ord) | tear, ok
}

// filedAs returns whose a node is and its mark as filed.
func (ix *Index) filedAs(n node) (owner, mark int32) {
	c := &ix.table.classes[ix.column.At(n.ordinal())]
	mark = c.filed
	if n&tear != 0 {
		mark, _ = ix.tearMark(n.ordinal())
	}
	return c.own.owner, mark
}

// link returns what a node is to a decision now, given as what it was filed.
func (ix *Index) link(n node, owner, filed int32) link {
	out := link{owner: owner, mark: filed}
	var best *lowering
	for _, l := range ix.lowerings[n] {
		if l.inForce(ix.now) && (best == nil || l.after(&best.dated)) {
			if mark, ok := ix.lowersTo(l, filed); ok {
				best, out.mark = l, mark
			}
		}
	}
	out.lowered = best != nil
	if r := ix.reportOf(n.ordinal()); r.declassifies(owner, ix.now) && !ix.table.Marks[filed].Open {
		if best == nil || r.declassified > best.at || r.declassified == best.at && r.filing > best.id {
			out.mark, _ = ix.table.Mark(ix.table.Marks[filed].Policy, marks.LowestText)
			out.lowered = true
		}
	}
	return out
}

// classify finds the class of a portion, given as what it was filed.
func (ix *Index) classify(ord uint32, owner, filed int32) uint32 {
	k := plainKey{own: ix.link(node(ord), owner, filed), filed: filed}
	r := ix.reportOf(ord)
	k.embargo = r.underEmbargo(ix.now)
	k.gone = r != nil && r.revoked <= ix.now
	var rest []link
	if len(ix.sources[ord]) > 0 {
		for _, n := range ix.closure(node(ord)) {
			owner, filed := ix.filedAs(n)
			rest = append(rest, ix.link(n, owner, filed))
			k.embargo = k.embargo || ix.reportOf(n.ordinal()).underEmbargo(ix.now)
		}
	}
	class := ix.table.class(k, rest)
	if ix.column.Classes() < len(ix.table.classes) {
		ix.column.Grow(len(ix.table.classes))
	}
	return class
}

// declassifies reports whether its date has declassified what an originator has
// in it, unless that was filed as open.
func (r *report) declassifies(owner int32, t instant) bool {
	return r != nil && r.originator == owner && r.declassified <= t && t < r.revoked
}

func (r *report) underEmbargo(t instant) bool {
	return r != nil && slices.ContainsFunc(r.embargoes, func(e *embargo) bool { return e.inForce(t) })
}

// touch finds the classes of a portion, and of all that rest on it, anew.
func (ix *Index) touch(n node) {
	if n&tear == 0 {
		ix.reclassify(uint32(n))
	}
	for _, ord := range ix.resting(n) {
		ix.reclassify(ord)
	}
}

func (ix *Index) reclassify(ord uint32) {
	before := ix.column.At(ord)
	owner, filed := ix.filedAs(node(ord))
	if class := ix.classify(ord, owner, filed); class != before {
		ix.column.Set(ord, class)
		ix.epoch++
		ix.moved++
	}
}

// embargoed takes in an embargo.
func (ix *Index) embargoed(s *tearline.Statement, v *tearline.Embargo) {
	e := &embargo{dated: ix.date(s, v.Term), report: v.Report}
	ix.said[keyOf(s.ID)] = target{dated: &e.dated, embargo: e}
	if first, n, ok := ix.names.Report(v.Report); ok && first+uint32(n) <= ix.column.Len() { //nolint:gosec // Names says how many
		ix.bear(e, first, uint32(n)) //nolint:gosec // as above
		return
	}
	ix.embargo[v.Report] = append(ix.embargo[v.Report], e)
}

// bear lets an embargo count for a report, if its sayer has a say: the holder,
// and the originators of the report and of anything in it.
func (ix *Index) bear(e *embargo, first, n uint32) {
	has := e.by == ix.self
	if r := ix.reportOf(first); n > 0 && r != nil {
		has = has || r.originator == e.by
	}
	for i := range n {
		owner, _ := ix.filedAs(node(first + i))
		has = has || owner == e.by
	}
	if !has || n == 0 {
		return
	}
	e.counts = true
	r := ix.special(first, n)
	r.embargoes = append(r.embargoes, e)
	ix.embargoRuns(e)
}

// embargoRuns finds the classes of what an embargo is on, after it changed.
func (ix *Index) embargoRuns(e *embargo) {
	first, n, ok := ix.names.Report(e.report)
	if !ok || !e.counts {
		return
	}
	ix.epoch++
	ix.scheduleAll(&e.dated, first, uint32(n)) //nolint:gosec // Names says how many
	ix.touchAll(first, uint32(n))              //nolint:gosec // as above
}

func (ix *Index) touchAll(first, n uint32) {
	for i := range n {
		ix.touch(node(first + i))
		ix.touch(node(first+i) | tear)
	}
}

// withdraw notes that a filing was taken back.
func (ix *Index) withdraw(id tearline.ReportID, t instant) {
	first, n, ok := ix.names.Report(id)
	if !ok || n == 0 || first+uint32(n) > ix.column.Len() { //nolint:gosec // Names says how many
		return
	}
	ix.epoch++
	ix.special(first, uint32(n)).revoked = t //nolint:gosec // as above
	ix.schedule(t, first, uint32(n))         //nolint:gosec // as above
	ix.touchAll(first, uint32(n))            //nolint:gosec // as above
}

// declassified takes in a declassification.
func (ix *Index) declassified(s *tearline.Statement, v *tearline.Declassification) {
	l := &lowering{dated: ix.date(s, v.Term), v: v, to: v.To, said: s.At}
	ix.said[keyOf(s.ID)] = target{dated: &l.dated, lowering: l}
	if l.by == ix.self {
		ix.ours.lowerings = append(ix.ours.lowerings, l)
	}
	for _, ref := range v.Portions {
		if n, ok := ix.node(ref); ok {
			ix.lower(l, n)
			continue
		}
		ix.waiting[ref] = append(ix.waiting[ref], target{dated: &l.dated, lowering: l})
	}
}

// lower lets a declassification count for what its sayer owns.
func (ix *Index) lower(l *lowering, n node) {
	owner, _ := ix.filedAs(n)
	if owner != l.by || slices.Contains(l.nodes, n) {
		return
	}
	l.nodes = append(l.nodes, n)
	ix.lowerings[n] = append(ix.lowerings[n], l)
	ix.scheduleAll(&l.dated, n.ordinal(), 1)
	ix.epoch++
	ix.touch(n)
}

// lowered finds the classes of what a declassification is about, after it
// changed.
func (ix *Index) lowered(l *lowering) {
	for _, n := range l.nodes {
		ix.scheduleAll(&l.dated, n.ordinal(), 1)
		ix.touch(n)
	}
}

// lowersTo returns the mark to which a declassification lowers what was filed
// as so marked, false if its policy does not read that or the authority had no
// power over it.
func (ix *Index) lowersTo(l *lowering, filed int32) (int32, bool) {
	p := ix.table.Marks[filed].Policy
	text := l.to
	if text == "" {
		text = marks.LowestText
	}
	to, err := ix.table.Mark(p, text)
	if err != nil {
		return 0, false
	}
	power := tearline.PowerDowngrade
	if ix.table.Marks[to].Open {
		power = tearline.PowerDeclassify
	}
	return to, ix.empowered(l.by, power, l.v.Authority, l.v.Second, filed, l.said)
}

// filing takes in a report.
func (ix *Index) filing(s *tearline.Statement, v *tearline.Filing) error {
	f, err := ix.readFiling(s, v)
	if err != nil {
		return fmt.Errorf("%w: report %s: %w", ErrStatement, v.Report, err)
	}
	ix.epoch++
	ix.keep(f)
	for i := range v.Portions {
		ix.file(f, i)
	}
	if f.fused {
		ix.filed++
		for i := range f.n { // what it rests on within the report may have been filed after it
			ix.reclassify(f.first + i)
		}
	}
	for _, e := range ix.embargo[v.Report] {
		ix.bear(e, f.first, f.n)
	}
	delete(ix.embargo, v.Report)
	if len(ix.waiting) > 0 {
		ix.waited(v)
	}
	return nil
}

// A filed is a filing that was read and has no fault.
type filed struct {
	id           tearline.StatementID
	first, n     uint32
	originator   int32
	owners       []int32
	marks, tears []int32 // -1 is none
	sources      [][]node
	fused        bool
	declassified instant
	revoked      instant
}

func (ix *Index) readFiling(s *tearline.Statement, v *tearline.Filing) (*filed, error) {
	first, count, ok := ix.names.Report(v.Report)
	switch {
	case s.By != ix.holder:
		return nil, fmt.Errorf("filed by %s, but these are the facts of %s", s.By, ix.holder)
	case !ok || first != ix.column.Len() || count != len(v.Portions):
		return nil, fmt.Errorf("its %d portions are not those of the names, which come next, from %d", len(v.Portions), ix.column.Len())
	case uint64(first)+uint64(count) > uint64(most): //nolint:gosec // as above
		return nil, fmt.Errorf("more than %d portions", most)
	}
	p, ok := ix.table.Policy(v.Policy)
	if !ok {
		return nil, fmt.Errorf("there is no policy %q", v.Policy)
	}
	f := &filed{id: s.ID, first: first, n: uint32(count), originator: ix.table.Book.Code(v.Originator), declassified: never, revoked: never} //nolint:gosec // as above
	if v.DeclassifyOn != "" {
		on, err := time.Parse(time.DateOnly, v.DeclassifyOn)
		if err != nil {
			return nil, fmt.Errorf("declassification on %q: want YYYY-MM-DD", v.DeclassifyOn)
		}
		f.declassified = instantOf(on)
	}
	if t, ok := ix.revoked[revocation{ix.self, keyOf(s.ID)}]; ok {
		f.revoked = t
	}
	f.owners, f.marks, f.tears = make([]int32, count), make([]int32, count), make([]int32, count)
	for i := range v.Portions {
		if err := ix.readPortion(f, p, v, i); err != nil {
			return nil, fmt.Errorf("portion %s: %w", v.Portions[i].ID, err)
		}
	}
	return f, f.circular()
}

func (ix *Index) readPortion(f *filed, p int32, v *tearline.Filing, i int) (err error) {
	x := &v.Portions[i]
	if _, err := tearline.ParsePartyID(string(x.Originator)); err != nil {
		return err
	}
	if ord, ok := ix.names.Portion(tearline.PortionRef{Report: v.Report, Portion: x.ID}); !ok || ord != f.first+uint32(i) { //nolint:gosec // an index
		return fmt.Errorf("filed twice, or the names have it elsewhere")
	}
	f.owners[i] = ix.table.Book.Code(x.Originator)
	if f.marks[i], err = ix.table.Mark(p, x.Marking); err != nil {
		return err
	}
	f.tears[i] = -1
	if x.Tear != "" {
		if f.tears[i], err = ix.table.Mark(p, x.Tear); err != nil {
			return err
		}
	}
	if len(x.Sources) == 0 {
		return nil
	}
	if f.sources == nil {
		f.sources = make([][]node, f.n)
	}
	f.fused = true
	for _, ref := range x.Sources {
		n, ok := ix.source(f, v, ref)
		if !ok {
			return fmt.Errorf("unknown source %s: file the report that has it first", ref)
		}
		if !slices.Contains(f.sources[i], n) {
			f.sources[i] = append(f.sources[i], n)
		}
	}
	return nil
}

// source finds what a reference names, in the same report or before.
func (ix *Index) source(f *filed, v *tearline.Filing, ref tearline.PortionRef) (node, bool) {
	if ref.Report != v.Report {
		return ix.node(ref)
	}
	of, isTear := ref.Portion.IsTear()
	if !isTear {
		of = ref.Portion
	}
	i := slices.IndexFunc(v.Portions, func(x tearline.FiledPortion) bool { return x.ID == of })
	if i < 0 || isTear && v.Portions[i].Tear == "" {
		return 0, false
	}
	n := node(f.first + uint32(i)) //nolint:gosec // an index
	if isTear {
		n |= tear
	}
	return n, true
}

// circular says whether portions of the filing derive from themselves: others
// cannot have what is filed now as a source.
func (f *filed) circular() error {
	if !f.fused {
		return nil
	}
	var g graph.Graph[node]
	for i, sources := range f.sources {
		n := node(f.first + uint32(i))
		g.Add(n, sources...)
		g.Add(n|tear, sources...)
	}
	if g.Cycle() != nil {
		return fmt.Errorf("portions derive from themselves")
	}
	return nil
}

// keep keeps what is not so of every report.
func (ix *Index) keep(f *filed) {
	alone := f.originator != ix.self && !slices.Contains(f.owners, f.originator)
	if f.n == 0 || !alone && f.declassified == never && f.revoked == never {
		return
	}
	r := ix.special(f.first, f.n)
	r.originator, r.declassified, r.filing, r.revoked = f.originator, f.declassified, f.id, f.revoked
	ix.schedule(f.declassified, f.first, f.n)
	ix.schedule(f.revoked, f.first, f.n)
}

// file adds one portion of a filing.
func (ix *Index) file(f *filed, i int) {
	ord := f.first + uint32(i) //nolint:gosec // an index
	if f.tears[i] >= 0 {
		ix.tears, ix.tearMarks = append(ix.tears, ord), append(ix.tearMarks, f.tears[i])
	}
	class := ix.classify(ord, f.owners[i], f.marks[i])
	ix.column.Append(class)
	if f.fused && len(f.sources[i]) > 0 {
		ix.sources[ord] = f.sources[i]
		for _, n := range f.sources[i] {
			ix.derived[n] = append(ix.derived[n], ord)
		}
	}
}

// waited lets count what named portions before they were filed.
func (ix *Index) waited(v *tearline.Filing) {
	for i := range v.Portions {
		id := v.Portions[i].ID
		for _, name := range []tearline.PortionID{id, tearline.TearOf(id)} {
			ref := tearline.PortionRef{Report: v.Report, Portion: name}
			list := ix.waiting[ref]
			if len(list) == 0 {
				continue
			}
			n, ok := ix.node(ref)
			if !ok {
				continue
			}
			delete(ix.waiting, ref)
			for _, x := range list {
				if x.lowering != nil {
					ix.lower(x.lowering, n)
				} else {
					ix.consentNames(x.consent, n)
				}
			}
		}
	}
}
