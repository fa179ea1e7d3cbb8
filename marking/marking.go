package marking

import (
	"math"
	"slices"
	"strings"
	"unique"
)

// A Marking is a parsed, canonical marking under one policy. It is a small
// value; two markings are the same marking exactly if they are == (so they can
// be keys of maps), and can be used from several goroutines.
//
// The zero Marking is no marking. It is for nobody: see its methods.
type Marking struct {
	h unique.Handle[core]
}

// A core is what a marking says, as it is kept: small, because most marks have
// neither lists nor names that the policy does not list. What they add is kept
// apart, once, and is zero where there is none.
type core struct {
	policy *Policy
	tokens tokenSet
	rel    unique.Handle[codeSet]
	extra  unique.Handle[extra]
	level  uint8
	kind   ownerKind
}

// An extra is what few marks have.
type extra struct {
	// display is the display list, without the policy's nation; source the
	// named foreign sources; owner the owners of a mark that is not the
	// nation's alone.
	display, source, owner codeSet
	free                   string // names that the policy does not list; see freeSeparator
	activity               string // of an organisation: "KFOR"
}

// A body is all that a marking says. It is canonical: what is the same marking
// is the same body.
type body struct {
	policy *Policy
	tokens tokenSet
	rel    codeSet // the release or eyes list, without the policy's nation
	extra
	level uint8
	kind  ownerKind
}

// intern makes the one marking of a body.
func intern(b *body) Marking {
	c := core{policy: b.policy, tokens: b.tokens, level: b.level, kind: b.kind}
	if !b.rel.empty() {
		c.rel = unique.Make(b.rel)
	}
	if b.extra != (extra{}) {
		c.extra = unique.Make(b.extra)
	}
	return Marking{unique.Make(c)}
}

// body returns all that c says.
func (c *core) body() body {
	b := body{policy: c.policy, tokens: c.tokens, level: c.level, kind: c.kind}
	b.rel = c.list()
	if c.extra != (unique.Handle[extra]{}) {
		b.extra = c.extra.Value()
	}
	return b
}

// list returns the release or eyes list, without the policy's nation.
func (c *core) list() codeSet {
	if c.rel == (unique.Handle[codeSet]{}) {
		return codeSet{}
	}
	return c.rel.Value()
}

type ownerKind uint8

const (
	ownerNation ownerKind = iota
	ownerOther
	ownerConcealed
	ownerJoint
)

// Parse reads a mark under the us policy. See [Policy.Parse].
func Parse(s string) (Marking, error) {
	return library()["us"].Parse(s)
}

// IsZero reports whether m is no marking at all.
func (m Marking) IsZero() bool { return m == Marking{} }

// body returns what m says; of the zero Marking it must not be asked.
func (m Marking) body() body {
	c := m.h.Value()
	return c.body()
}

// Policy returns the policy that m is a marking of, nil for the zero Marking.
func (m Marking) Policy() *Policy {
	if m.IsZero() {
		return nil
	}
	return m.h.Value().policy
}

// Portion returns the canonical portion mark, "(S//REL TO USA, GBR)".
func (m Marking) Portion() string {
	if m.IsZero() {
		return ""
	}
	b := m.body()
	return string(append(b.line(append(make([]byte, 0, 96), '('), true), ')'))
}

// Banner returns the canonical banner line, "SECRET//REL TO USA, GBR".
func (m Marking) Banner() string {
	if m.IsZero() {
		return ""
	}
	b := m.body()
	return string(b.line(make([]byte, 0, 96), false))
}

// String returns the banner line, and "no marking" for the zero Marking.
func (m Marking) String() string {
	if m.IsZero() {
		return "no marking"
	}
	return m.Banner()
}

// Level returns the level. The zero Marking has a level without a name that is
// above all others.
func (m Marking) Level() Level {
	if m.IsZero() {
		return Level{Rank: math.MaxInt32}
	}
	c := m.h.Value()
	return c.policy.level(int(c.level))
}

// Equal reports whether m and o are the same marking: m == o.
func (m Marking) Equal(o Marking) bool { return m == o }

// Open reports whether m is of the lowest level without any control: nothing
// keeps anybody from having what it marks.
func (m Marking) Open() bool { return !m.IsZero() && m == m.h.Value().policy.lowest }

// OriginatorControlled reports whether nobody passes it on without the
// originator: ORCON or its like. It is so of the zero Marking.
func (m Marking) OriginatorControlled() bool {
	if m.IsZero() {
		return true
	}
	c := m.h.Value()
	return c.tokens.meets(&c.policy.originator)
}

// NoForeign reports whether nobody outside the policy's own nation may have
// it: NOFORN or its like, alone or in "SBU NOFORN". It is so of the zero
// Marking.
func (m Marking) NoForeign() bool {
	if m.IsZero() {
		return true
	}
	c := m.h.Value()
	return c.tokens.meets(&c.policy.noForeign)
}

// Owner returns the codes of those who own what m marks, if it is not the
// policy's nation alone: one nation or organisation, several of a joint mark
// (the nation among them), or the policy's word for a concealed owner ("FGI").
// It returns nil for the policy's own marks.
func (m Marking) Owner() []string {
	if m.IsZero() {
		return nil
	}
	b := m.body()
	switch b.kind {
	case ownerConcealed:
		return []string{b.policy.owners.Concealed}
	case ownerOther, ownerJoint:
		return b.policy.appendCodes(nil, &b.owner)
	case ownerNation:
	}
	return nil
}

// ReleaseList returns the codes of those to whom m releases what it marks, as
// written and in canonical order, and whether there is such a list. The codes
// of a list for the eyes of some nations only are such a list; those of a
// joint mark's owners are, when it names nobody else (CAPCO 2016 §H.3: it is
// releasable to the co-owners).
func (m Marking) ReleaseList() (codes []string, ok bool) {
	if m.IsZero() {
		return nil, false
	}
	b := m.body()
	set, ok := b.releaseSet()
	if !ok {
		return nil, false
	}
	if n := b.policy.nationCode; n >= 0 {
		codes = append(codes, b.policy.codes[n].Code.Code)
		set.drop(n)
	}
	return b.policy.appendCodes(codes, &set), true
}

// DisplayList returns the codes of those to whom it may be shown but not
// given, in canonical order, without those of the release list, and whether
// there is such a list.
func (m Marking) DisplayList() (codes []string, ok bool) {
	if m.IsZero() {
		return nil, false
	}
	b := m.body()
	r := b.policy.release
	if r == nil || !b.tokens.has(r.display) {
		return nil, false
	}
	return b.policy.appendCodes(nil, &b.display), true
}

// Names reports whether the release list names the code: by itself, or by a
// group that it is a member of at the edition of the policy's table. It is
// false where there is no list.
func (m Marking) Names(code string) bool {
	if m.IsZero() {
		return false
	}
	c := m.h.Value()
	set := c.list()
	if set.empty() && c.kind == ownerJoint {
		b := c.body()
		set, _ = b.releaseSet()
	}
	if set.empty() {
		return false // no list names the nation alone
	}
	i, known := c.policy.codeIndex[code]
	return known && (i == c.policy.nationCode || set.meets(&c.policy.codes[i].in))
}

// releaseSet returns the release list, without the nation, and whether there
// is one.
func (b *body) releaseSet() (codeSet, bool) {
	r := b.policy.release
	switch {
	case r == nil:
		return codeSet{}, false
	case b.tokens.has(r.list) || b.tokens.has(r.eyes):
		return b.rel, true
	case b.kind == ownerJoint && !b.tokens.meets(&b.policy.releaseMask):
		owners := b.owner
		owners.drop(b.policy.nationCode)
		return owners, true
	}
	return codeSet{}, false
}

// Audience says who is meant when the mark has no release list.
func (m Marking) Audience() Audience {
	if m.IsZero() {
		return AudienceOriginator
	}
	c := m.h.Value()
	return c.policy.levels[c.level].audience
}

// Compartments returns the read-ins that a person needs, by their full names
// in canonical order: "SI", "SI-G", "TK", "SAR-BP". A system that is nothing
// without its compartments ("RSV") is not listed beside them.
func (m Marking) Compartments() []string {
	if m.IsZero() {
		return nil
	}
	b := m.body()
	var out []string
	for i := range b.policy.cats {
		if b.tokens.meets(&b.policy.cats[i].mask) {
			out = b.compartments(out, i)
		}
	}
	return out
}

func (b *body) compartments(out []string, cat int) []string {
	p := b.policy
	for _, n := range b.names(cat) {
		readIn := p.cats[cat].ReadIn
		if n.token >= 0 {
			t := &p.tokens[n.token]
			readIn = t.readIn && (!t.Incomplete || !b.tokens.meets(&t.below))
		}
		if readIn {
			out = append(out, p.cats[cat].Lead+n.full)
		}
	}
	return out
}

// WithRelease returns m with the codes added to its release list; a mark
// without one gets one. It fails, with [Faults], where the policy has no such
// lists or does not know a code, and where the mark says that it must not be:
// NOFORN, RELIDO, or what excludes a list. Codes of the display list that are
// added leave it, for who may have a thing may see it.
func (m Marking) WithRelease(codes ...string) (Marking, error) {
	if m.IsZero() {
		return Marking{}, Faults{{Text: "no marking has no release list", Rule: "form.zero"}}
	}
	b := m.body()
	p, r := b.policy, b.policy.release
	if !p.HasReleaseLists() {
		return Marking{}, Faults{{Text: "policy " + p.id + " has no release lists", Rule: "form.release"}}
	}
	ps := parser{p: p, s: strings.Join(codes, " ")}
	for _, t := range []int{r.none, r.official} {
		if b.tokens.has(t) {
			ps.faults.add(Fault{Text: p.tokens[t].name + " excludes a release list", Rule: "form.release", Cites: r.cites["list"]})
		}
	}
	set, _ := b.releaseSet()
	for _, c := range codes {
		i := ps.code(c, strings.Index(ps.s, c))
		if i >= 0 && i != p.nationCode {
			set.add(i)
		}
	}
	if len(ps.faults) > 0 {
		return Marking{}, ps.faults
	}
	b.release(&set)
	p.check(&b, scopeMark, false, &ps.faults)
	if len(ps.faults) > 0 {
		return Marking{}, ps.faults
	}
	return intern(&b), nil
}

// release sets the release list.
func (b *body) release(set *codeSet) {
	r := b.policy.release
	if set.empty() {
		return
	}
	token := r.list
	if b.tokens.has(r.eyes) {
		others := *set
		others.minus(&b.policy.tokens[r.eyes].list.only)
		if others.empty() {
			token = r.eyes
		}
		b.tokens[r.eyes>>6] &^= 1 << (r.eyes & 63)
	}
	b.tokens.add(token)
	b.rel = *set
	if b.tokens.has(r.display) {
		b.display.minus(set)
		if b.display.empty() {
			b.tokens[r.display>>6] &^= 1 << (r.display & 63)
		}
	}
}

// Advice returns the rules that m breaks without being wrong as a mark: what
// the document that bears it has to see to, and what is only mostly so. The
// faults have no offsets.
func (m Marking) Advice() Faults {
	if m.IsZero() {
		return nil
	}
	b := m.body()
	var f Faults
	b.policy.check(&b, scopeDocument, false, &f)
	b.policy.check(&b, scopeAdvice, false, &f)
	return f
}

// Fields returns what m says by category, for output as JSON: "policy",
// "classification", "owner", then each category of the policy that is not
// empty ("sci", "dissem"), with the names of its tokens in canonical order,
// and the lists as "rel_to", "display_only", "eyes_only". It is nil for the
// zero Marking.
func (m Marking) Fields() map[string]any {
	if m.IsZero() {
		return nil
	}
	b := m.body()
	p := b.policy
	out := map[string]any{"policy": p.id, "classification": p.levels[b.level].Name}
	if o := m.Owner(); o != nil {
		out["owner"] = o
	}
	if b.activity != "" {
		out["activity"] = b.activity
	}
	for i := range p.cats {
		var names []string
		for _, n := range b.names(i) {
			if n.token >= 0 && p.tokens[n.token].list != nil {
				b.listField(out, n.token)
				if p.tokens[n.token].list.kind == listSource {
					continue
				}
			}
			names = append(names, p.cats[i].Lead+n.full)
		}
		if names != nil {
			out[p.cats[i].Name] = names
		}
	}
	return out
}

func (b *body) listField(out map[string]any, token int) {
	p := b.policy
	var nation []string
	if p.nationCode >= 0 {
		nation = append(nation, p.nation)
	}
	switch l := p.tokens[token].list; l.kind {
	case listRelease:
		out["rel_to"] = p.appendCodes(nation, &b.rel)
	case listEyes:
		out["eyes_only"] = p.appendCodes(nation, &b.rel)
	case listDisplay:
		out["display_only"] = p.appendCodes(nil, &b.display)
	case listSource:
		// A concealed source is an empty list of sources, and not none.
		out[p.cats[p.tokens[token].Category].Name] = slices.Clip(p.appendCodes([]string{}, &b.source))
	}
}

func (p *Policy) appendCodes(dst []string, set *codeSet) []string {
	for i := set.next(0); i >= 0; i = set.next(i + 1) {
		dst = append(dst, p.codes[i].Code.Code)
	}
	return dst
}
