package marking

import (
	"math"
	"slices"
	"strings"
	"unique"

	"tearline/marking/policies"
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
	tokens policies.TokenSet
	rel    unique.Handle[policies.CodeSet]
	extra  unique.Handle[extra]
	level  uint8
	kind   policies.OwnerKind
}

// An extra is what few marks have.
type extra struct {
	// display is the display list, without the policy's nation; source the
	// named foreign sources; owner the owners of a mark that is not the
	// nation's alone.
	display, source, owner policies.CodeSet
	free                   string // names that the policy does not list; see policies.FreeSeparator
	activity               string // of an organisation: "KFOR"
}

// A body is all that a marking says. It is canonical: what is the same marking
// is the same body.
type body struct {
	policy *Policy
	tokens policies.TokenSet
	rel    policies.CodeSet // the release or eyes list, without the policy's nation
	extra
	level uint8
	kind  policies.OwnerKind
}

// intern makes the one marking of a body.
func intern(b *body) Marking {
	c := core{policy: b.policy, tokens: b.tokens, level: b.level, kind: b.kind}
	if !b.rel.Empty() {
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
func (c *core) list() policies.CodeSet {
	if c.rel == (unique.Handle[policies.CodeSet]{}) {
		return policies.CodeSet{}
	}
	return c.rel.Value()
}

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
	return c.tokens.Meets(&c.policy.t.Originator)
}

// NoForeign reports whether nobody outside the policy's own nation may have
// it: NOFORN or its like, alone or in "SBU NOFORN". It is so of the zero
// Marking.
func (m Marking) NoForeign() bool {
	if m.IsZero() {
		return true
	}
	c := m.h.Value()
	return c.tokens.Meets(&c.policy.t.NoForeign)
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
	case policies.OwnerConcealed:
		return []string{b.policy.t.Owners.Concealed}
	case policies.OwnerOther, policies.OwnerJoint:
		return b.policy.t.AppendCodes(nil, &b.owner)
	case policies.OwnerNation:
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
	if n := b.policy.t.NationCode; n >= 0 {
		codes = append(codes, b.policy.t.Codes[n].Code.Code)
		set.Drop(n)
	}
	return b.policy.t.AppendCodes(codes, &set), true
}

// DisplayList returns the codes of those to whom it may be shown but not
// given, in canonical order, without those of the release list, and whether
// there is such a list.
func (m Marking) DisplayList() (codes []string, ok bool) {
	if m.IsZero() {
		return nil, false
	}
	b := m.body()
	r := b.policy.t.Release
	if r == nil || !b.tokens.Has(r.Display) {
		return nil, false
	}
	return b.policy.t.AppendCodes(nil, &b.display), true
}

// Names reports whether the release list names the code: by itself, or by a
// group that it is a member of at the edition of the policy's policies. It is
// false where there is no list.
func (m Marking) Names(code string) bool {
	if m.IsZero() {
		return false
	}
	c := m.h.Value()
	set := c.list()
	if set.Empty() && c.kind == policies.OwnerJoint {
		b := c.body()
		set, _ = b.releaseSet()
	}
	if set.Empty() {
		return false // no list names the nation alone
	}
	i, known := c.policy.t.CodeIndex[code]
	return known && (i == c.policy.t.NationCode || set.Meets(&c.policy.t.Codes[i].In))
}

// releaseSet returns the release list, without the nation, and whether there
// is one.
func (b *body) releaseSet() (policies.CodeSet, bool) {
	r := b.policy.t.Release
	switch {
	case r == nil:
		return policies.CodeSet{}, false
	case b.tokens.Has(r.List) || b.tokens.Has(r.Eyes):
		return b.rel, true
	case b.kind == policies.OwnerJoint && !b.tokens.Meets(&b.policy.t.ReleaseMask):
		owners := b.owner
		owners.Drop(b.policy.t.NationCode)
		return owners, true
	}
	return policies.CodeSet{}, false
}

// Audience says who is meant when the mark has no release list.
func (m Marking) Audience() Audience {
	if m.IsZero() {
		return AudienceOriginator
	}
	c := m.h.Value()
	return Audience(c.policy.t.Levels[c.level].MeantFor)
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
	for i := range b.policy.t.Cats {
		if b.tokens.Meets(&b.policy.t.Cats[i].Mask) {
			out = b.compartments(out, i)
		}
	}
	return out
}

func (b *body) compartments(out []string, cat int) []string {
	p := b.policy
	for _, n := range b.names(cat) {
		readIn := p.t.Cats[cat].ReadIn
		if n.token >= 0 {
			t := &p.t.Tokens[n.token]
			readIn = t.NeedsReadIn && (!t.Incomplete || !b.tokens.Meets(&t.Below))
		}
		if readIn {
			out = append(out, p.t.Cats[cat].Lead+n.full)
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
	p, r := b.policy, b.policy.t.Release
	if !p.HasReleaseLists() {
		return Marking{}, Faults{{Text: "policy " + p.t.ID + " has no release lists", Rule: "form.release"}}
	}
	ps := parser{p: p, s: strings.Join(codes, " ")}
	for _, t := range []int{r.None, r.Official} {
		if b.tokens.Has(t) {
			ps.faults.add(Fault{Text: p.t.Tokens[t].Full + " excludes a release list", Rule: "form.release", Cites: r.Cites["list"]})
		}
	}
	set, _ := b.releaseSet()
	for _, c := range codes {
		i := ps.code(c, strings.Index(ps.s, c))
		if i >= 0 && i != p.t.NationCode {
			set.Add(i)
		}
	}
	if len(ps.faults) > 0 {
		return Marking{}, ps.faults
	}
	b.release(&set)
	p.check(&b, policies.ScopeMark, false, &ps.faults)
	if len(ps.faults) > 0 {
		return Marking{}, ps.faults
	}
	return intern(&b), nil
}

// release sets the release list.
func (b *body) release(set *policies.CodeSet) {
	r := b.policy.t.Release
	if set.Empty() {
		return
	}
	token := r.List
	if b.tokens.Has(r.Eyes) {
		others := *set
		others.Minus(&b.policy.t.Tokens[r.Eyes].Codes.Among)
		if others.Empty() {
			token = r.Eyes
		}
		b.tokens[r.Eyes>>6] &^= 1 << (r.Eyes & 63)
	}
	b.tokens.Add(token)
	b.rel = *set
	if b.tokens.Has(r.Display) {
		b.display.Minus(set)
		if b.display.Empty() {
			b.tokens[r.Display>>6] &^= 1 << (r.Display & 63)
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
	b.policy.check(&b, policies.ScopeDocument, false, &f)
	b.policy.check(&b, policies.ScopeAdvice, false, &f)
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
	out := map[string]any{"policy": p.t.ID, "classification": p.t.Levels[b.level].Name}
	if o := m.Owner(); o != nil {
		out["owner"] = o
	}
	if b.activity != "" {
		out["activity"] = b.activity
	}
	for i := range p.t.Cats {
		var names []string
		for _, n := range b.names(i) {
			if n.token >= 0 && p.t.Tokens[n.token].Codes != nil {
				b.listField(out, n.token)
				if p.t.Tokens[n.token].Codes.Sort == policies.ListSource {
					continue
				}
			}
			names = append(names, p.t.Cats[i].Lead+n.full)
		}
		if names != nil {
			out[p.t.Cats[i].Name] = names
		}
	}
	return out
}

func (b *body) listField(out map[string]any, token int) {
	p := b.policy
	var nation []string
	if p.t.NationCode >= 0 {
		nation = append(nation, p.t.Nation)
	}
	switch l := p.t.Tokens[token].Codes; l.Sort {
	case policies.ListRelease:
		out["rel_to"] = p.t.AppendCodes(nation, &b.rel)
	case policies.ListEyes:
		out["eyes_only"] = p.t.AppendCodes(nation, &b.rel)
	case policies.ListDisplay:
		out["display_only"] = p.t.AppendCodes(nil, &b.display)
	case policies.ListSource:
		// A concealed source is an empty list of sources, and not none.
		out[p.t.Cats[p.t.Tokens[token].Category].Name] = slices.Clip(p.t.AppendCodes([]string{}, &b.source))
	}
}
