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
	extra  unique.Handle[policies.Extra]
	level  uint8
	kind   policies.OwnerKind
}

// intern makes the one marking of a body.
func (p *Policy) intern(b *policies.Body) Marking {
	c := core{policy: p, tokens: b.Tokens, level: b.Level, kind: b.Kind}
	if !b.Rel.Empty() {
		c.rel = unique.Make(b.Rel)
	}
	if b.Extra != (policies.Extra{}) {
		c.extra = unique.Make(b.Extra)
	}
	return Marking{unique.Make(c)}
}

// body returns all that c says.
func (c *core) body() policies.Body {
	b := policies.Body{T: &c.policy.t, Tokens: c.tokens, Level: c.level, Kind: c.kind}
	b.Rel = c.list()
	if c.extra != (unique.Handle[policies.Extra]{}) {
		b.Extra = c.extra.Value()
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
	us, _ := Lookup("us") // it is embedded
	return us.Parse(s)
}

// IsZero reports whether m is no marking at all.
func (m Marking) IsZero() bool { return m == Marking{} }

// body returns what m says; of the zero Marking it must not be asked.
func (m Marking) body() policies.Body {
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
	return string(append(b.Append(append(make([]byte, 0, 96), '('), policies.StylePortion), ')'))
}

// Banner returns the canonical banner line, "SECRET//REL TO USA, GBR".
func (m Marking) Banner() string {
	if m.IsZero() {
		return ""
	}
	b := m.body()
	return b.Line()
}

// French returns the banner line in French, as far as the policy has the words
// (NATO's and the EU's marks may be in either language); [Policy.Parse] reads
// both.
func (m Marking) French() string {
	if m.IsZero() {
		return ""
	}
	b := m.body()
	return string(b.Append(nil, policies.StyleFrench))
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
func (m Marking) Open() bool {
	if m.IsZero() {
		return false
	}
	p := m.h.Value().policy
	return m == p.lowest && !p.t.NoRelease && !p.t.Closed
}

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
	return c.tokens.Meets(&c.policy.t.NoForeign) || c.policy.t.EyesAlone && c.tokens.Has(c.policy.t.Release.Eyes) && c.rel == unique.Handle[policies.CodeSet]{}
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
	switch b.Kind {
	case policies.OwnerConcealed:
		return []string{b.T.Owners.Concealed}
	case policies.OwnerOther, policies.OwnerJoint:
		return b.T.AppendCodes(nil, &b.Owner)
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
	return m.list((*policies.Body).Listed)
}

// ReleasedTo is ReleaseList with those on it whom every mark of the policy names
// without writing it: NATO of NATO SECRET.
func (m Marking) ReleasedTo() (codes []string, ok bool) {
	return m.list((*policies.Body).Named)
}

func (m Marking) list(of func(*policies.Body) (policies.CodeSet, bool)) (codes []string, ok bool) {
	if m.IsZero() {
		return nil, false
	}
	b := m.body()
	set, ok := of(&b)
	if n := b.T.NationCode; ok && n >= 0 {
		codes = append(codes, b.T.Nation)
		set.Drop(n)
	}
	return b.T.AppendCodes(codes, &set), ok
}

// DisplayList returns the codes of those to whom it may be shown but not
// given, in canonical order, without those of the release list, and whether
// there is such a list.
func (m Marking) DisplayList() (codes []string, ok bool) {
	if m.IsZero() {
		return nil, false
	}
	b := m.body()
	r := b.T.Release
	if r == nil || !b.Tokens.Has(r.Display) {
		return nil, false
	}
	return b.T.AppendCodes(nil, &b.Display), true
}

// Names reports whether the release list names the code: by itself, or by a
// group that it is a member of at the edition of the policy. The policy may
// name some on every mark, as an organisation's its members. It is false where
// there is no list.
func (m Marking) Names(code string) bool {
	if m.IsZero() {
		return false
	}
	c := m.h.Value()
	if t := c.policy.t.Release; t == nil || t.Always.Empty() && c.rel == (unique.Handle[policies.CodeSet]{}) && c.kind != policies.OwnerJoint && !c.tokens.Has(t.Eyes) {
		return false
	}
	b := c.body()
	set, ok := b.Named()
	i, known := c.policy.t.CodeIndex[code]
	return ok && known && (i == c.policy.t.NationCode || set.Meets(&c.policy.t.Codes[i].In))
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
	for i := range b.T.Cats {
		if b.Tokens.Meets(&b.T.Cats[i].Mask) {
			out = compartments(out, &b, i)
		}
	}
	return out
}

func compartments(out []string, b *policies.Body, cat int) []string {
	c := &b.T.Cats[cat]
	for _, n := range b.Names(cat) {
		readIn := c.ReadIn
		if n.Token >= 0 {
			t := &b.T.Tokens[n.Token]
			readIn = t.NeedsReadIn && (!t.Incomplete || !b.Tokens.Meets(&t.Below))
		}
		if readIn {
			out = append(out, c.Lead+n.Full)
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
	p, r := m.Policy(), b.T.Release
	if !p.HasReleaseLists() {
		return Marking{}, Faults{{Text: "policy " + p.t.ID + " has no release lists", Rule: "form.release"}}
	}
	ps := parser{p: p, s: strings.Join(codes, " ")}
	for _, t := range []int{r.None, r.Official} {
		if b.Tokens.Has(t) {
			ps.faults.add(Fault{Text: p.t.Tokens[t].Full + " excludes a release list", Rule: "form.release", Cites: r.Cites["list"]})
		}
	}
	set, _ := b.Listed()
	for _, c := range codes {
		i := ps.code(c, strings.Index(ps.s, c))
		if i >= 0 && i != p.t.NationCode {
			set.Add(i)
		}
	}
	if len(ps.faults) > 0 {
		return Marking{}, ps.faults
	}
	b.Release(&set)
	p.check(&b, policies.ScopeMark, false, &ps.faults)
	if len(ps.faults) > 0 {
		return Marking{}, ps.faults
	}
	return p.intern(&b), nil
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
	m.Policy().check(&b, policies.ScopeDocument, false, &f)
	m.Policy().check(&b, policies.ScopeAlone, false, &f)
	m.Policy().check(&b, policies.ScopeAdvice, false, &f)
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
	t := b.T
	out := map[string]any{"policy": t.ID, "classification": t.Levels[b.Level].Name}
	if o := m.Owner(); o != nil {
		out["owner"] = o
	}
	if b.Activity != "" {
		out["activity"] = b.Activity
	}
	for i := range t.Cats {
		var names []string
		for _, n := range b.Names(i) {
			if n.Token >= 0 && t.Tokens[n.Token].Codes != nil {
				listField(out, &b, n.Token)
				if t.Tokens[n.Token].Codes.Sort == policies.ListSource {
					continue
				}
			}
			if n.Token >= 0 && t.Tokens[n.Token].Beside {
				continue // it is part of the names below it
			}
			names = append(names, t.Cats[i].Lead+n.Full)
		}
		if names != nil {
			out[t.Cats[i].Name] = names
		}
	}
	return out
}

func listField(out map[string]any, b *policies.Body, token int) {
	t := b.T
	var nation []string
	if t.NationCode >= 0 && !t.Unwritten {
		nation = append(nation, t.Nation)
	}
	switch l := t.Tokens[token].Codes; l.Sort {
	case policies.ListRelease:
		out["rel_to"] = t.AppendCodes(nation, &b.Rel)
	case policies.ListEyes:
		out["eyes_only"] = t.AppendCodes(nation, &b.Rel)
	case policies.ListDisplay:
		out["display_only"] = t.AppendCodes(nil, &b.Display)
	case policies.ListSource:
		// A concealed source is an empty list of sources, and not none.
		out[t.Cats[t.Tokens[token].Category].Name] = slices.Clip(t.AppendCodes([]string{}, &b.Source))
	}
}
