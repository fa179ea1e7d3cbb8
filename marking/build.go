package marking

import (
	"cmp"
	"slices"

	"tearline/marking/policies"
)

// MaxPolicyFile is the length in bytes of the longest policy file that is read.
const MaxPolicyFile = policies.MaxSize

// LoadPolicy reads a policy file (see the package comment). What is wrong in
// it is returned as [Faults], all at once; Fault.Text begins with the place in
// the file. Of a file with several profiles it returns the one that the file
// prefers.
func LoadPolicy(data []byte) (*Policy, error) {
	all, err := loadAll(data)
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// loadAll reads a policy file, and returns the policy of each profile, the one
// that the file prefers first.
func loadAll(data []byte) ([]*Policy, error) {
	f, wrong := policies.Read(data)
	if len(wrong) > 0 {
		var faults Faults
		for _, w := range wrong {
			faults.add(Fault{Offset: w.Offset, Rule: w.Rule, Text: w.Text})
		}
		return nil, faults
	}
	all := []*Policy{build(f, f.Profile)}
	for profile := range f.Profiles {
		if profile != f.Profile {
			all = append(all, build(f, profile))
		}
	}
	return all, nil
}

// A builder turns a file, which has no fault, into a policy.
type builder struct {
	f *policies.File
	p *Policy
}

func build(f *policies.File, profile string) *Policy {
	b := builder{f, &Policy{
		id: f.ID, title: f.Title, edition: f.Edition, nation: f.Nation, profile: profile, anyCase: f.AnyCase,
		levelWords: map[string]int{}, levelNames: map[string]int{}, words: map[string]word{}, codeIndex: map[string]int{},
		nationCode: f.Code(f.Nation), levelCites: f.Rollup.Level, sourceCites: f.Rollup.Source,
	}}
	if profile != f.Profile {
		b.p.id += "@" + profile
	}
	b.levels()
	b.codes()
	b.categories()
	b.tokens()
	b.owners()
	b.release()
	b.rules()
	b.effects()
	b.intricate()
	b.p.lowest = intern(&body{policy: b.p})
	return b.p
}

func (b *builder) levels() {
	for i, l := range b.f.Levels {
		as := i
		if l.RollsUpAs != "" {
			as = b.f.Level(l.RollsUpAs)
		}
		audience := Audience(slices.Index(policies.Audiences, l.Audience)) //nolint:gosec // the file was checked: it is one of four
		b.p.levels = append(b.p.levels, level{Level: l, audience: audience, rollsUpAs: as})
		for _, w := range l.Spellings(true) {
			b.p.levelNames[w] = i
		}
		for _, w := range l.Spellings(false) {
			b.p.levelWords[w] = i
		}
	}
}

func (b *builder) codes() {
	p := b.p
	for i, c := range b.f.Codes {
		p.codeIndex[c.Code] = i
		p.codes = append(p.codes, code{Code: c})
		p.codes[i].in.add(i)
		if c.Group {
			p.groups.add(i)
		}
	}
	for i, c := range b.f.Codes {
		members := b.codeSet(c.Members)
		p.codes[i].members = members
		p.codes[i].names = p.appendCodes(nil, &members)
		for j := members.next(0); j >= 0; j = members.next(j + 1) {
			p.codes[j].in.add(i)
		}
		if c.Decomposable && !members.empty() && slices.Contains(b.f.Profiles[p.profile].Expand, "*") {
			p.expand.add(i)
		}
	}
	named := b.codeSet(b.f.Profiles[p.profile].Expand)
	p.expand.union(&named)
}

func (b *builder) codeSet(codes []string) codeSet {
	var set codeSet
	for _, c := range codes {
		if i := b.f.Code(c); i >= 0 {
			set.add(i)
		}
	}
	return set
}

func (b *builder) tokenSet(names []string) tokenSet {
	var set tokenSet
	for _, i := range b.f.Select(names) {
		set.add(i)
	}
	return set
}

func (b *builder) categories() {
	p := b.p
	for i, f := range b.f.Categories {
		c := category{Category: f, tree: f.Form == "tree", star: -1, top: map[string]int{}, mask: b.tokenSet([]string{"category:" + f.Name})}
		if f.Free != nil {
			c.star = b.f.Node(f.Name + " *")
		}
		p.cats = append(p.cats, c)
		if f.Caveat {
			p.caveats.union(&c.mask)
		}
		for _, w := range append([]string{f.Lead}, f.LeadAlso...) {
			if w != "" {
				p.leads = append(p.leads, lead{text: w, token: -1, cat: i})
			}
		}
	}
}

func (b *builder) tokens() {
	p := b.p
	for i, n := range b.f.Nodes {
		c := &p.cats[n.Category]
		t := token{
			Node: n, name: n.Canonical, portion: cmp.Or(n.Portion, n.Name), children: map[string]int{},
			readIn: n.ReadIn || c.ReadIn, cites: cmp.Or(n.Cites, c.Cites),
		}
		for j := i + 1; j < n.End; j++ {
			t.below.add(j)
		}
		if n.List != nil {
			t.list = &list{List: n.List, kind: listKinds[n.List.Kind], only: b.codeSet(n.List.Only)}
		}
		p.tokens = append(p.tokens, t)
		b.masks(i, &t)
		if !n.Hidden {
			b.spell(i, &t)
		}
	}
	slices.SortStableFunc(p.leads, func(x, y lead) int { return cmp.Compare(len(y.text), len(x.text)) })
}

func (b *builder) masks(i int, t *token) {
	if t.Hidden {
		b.p.hidden.add(i)
	}
	if t.NeedsChild != "" {
		b.p.needChild.add(i)
	}
	switch t.Role {
	case "originator":
		b.p.originator.add(i)
	case "no_foreign":
		b.p.noForeign.add(i)
	}
}

// spell enters the spellings of token i.
func (b *builder) spell(i int, t *token) {
	p := b.p
	for _, w := range t.Spellings() {
		switch {
		case t.Parent >= 0:
			p.tokens[t.Parent].children[w] = i
		case t.list == nil:
			p.cats[t.Category].top[w] = i
			p.words[w] = word{token: i}
		case t.list.kind == listEyes:
			p.words[w] = word{token: i, bare: true}
		default:
			p.leads = append(p.leads, lead{text: w, token: i, cat: -1})
			p.words[w] = word{token: i, bare: !t.list.Bare}
		}
	}
}

func (b *builder) owners() {
	f := b.f.Owners
	if f == nil {
		return
	}
	o := &owners{Owners: f, source: b.f.Node(f.SourceToken)}
	b.p.owners = o
	for i, g := range f.Organisations {
		org := organisation{
			Organisation: g, code: b.f.Code(g.Code), controls: b.f.Select(g.Controls),
			banner: make([]string, len(b.p.levels)), portion: make([]string, len(b.p.levels)),
		}
		for j, l := range b.p.levels {
			org.banner[j], org.portion[j] = g.Banner[l.Name], g.Portion[l.Name]
			if org.banner[j] != "" {
				b.p.owned = append(b.p.owned, ownedWord{org.banner[j], i, j}, ownedWord{org.portion[j], i, j})
			}
		}
		o.organisations = append(o.organisations, org)
	}
}

func (b *builder) release() {
	f := b.f.Release
	if f == nil {
		return
	}
	b.p.release = &release{
		none: b.f.Node(f.None), official: b.f.Node(f.Official), list: b.f.Node(f.List),
		display: b.f.Node(f.Display), eyes: b.f.Node(f.Eyes), since: f.Since, cites: f.Cites,
	}
	b.p.releaseMask = b.tokenSet([]string{f.None, f.Official, f.List, f.Display, f.Eyes})
	b.p.caveats.minus(&b.p.releaseMask)
}

// rules enters the rules, and by token which are about it, so that checking a
// mark takes its own rules and not all.
func (b *builder) rules() {
	p := b.p
	p.ruleSets = make([]ruleSet, len(p.tokens)+1)
	for _, f := range b.f.Rules {
		if len(f.Profiles) > 0 && !slices.Contains(f.Profiles, p.profile) {
			continue
		}
		i := len(p.rules)
		r := b.rule(f)
		p.rules = append(p.rules, r)
		if r.when.empty() {
			p.ruleSets[len(p.tokens)].add(i)
		}
		for t := r.when.next(0); t >= 0; t = r.when.next(t + 1) {
			p.ruleSets[t].add(i)
		}
	}
}

func (b *builder) rule(f policies.Rule) rule {
	r := rule{
		Rule: f, when: b.tokenSet(f.If), needs: b.tokenSet(f.Needs), excludes: b.tokenSet(f.Excludes), oneOf: b.tokenSet(f.OneOf),
		scope: scopes[f.Scope], owners: 1<<ownerNation | 1<<ownerJoint, on: ^levelSet(0), levels: ^levelSet(0),
	}
	switch f.Owners {
	case "any":
		r.owners = 1<<ownerNation | 1<<ownerJoint | 1<<ownerOther | 1<<ownerConcealed
	case "joint":
		r.owners = 1 << ownerJoint
	}
	// "Excludes all others of the category" must not exclude what it is about.
	r.excludes.minus(&r.when)
	if len(f.OneOf) > 0 && len(f.If) == 0 {
		r.when = r.oneOf
	}
	if f.Above != "" {
		r.on = ^levelSet(0) << (b.f.Level(f.Above) + 1)
	}
	if len(f.On) > 0 {
		r.on = b.levelSet(f.On)
	}
	if len(f.Levels) > 0 || f.Never {
		r.levels = b.levelSet(f.Levels)
	}
	return r
}

func (b *builder) levelSet(names []string) levelSet {
	var set levelSet
	for _, name := range names {
		set |= 1 << b.f.Level(name)
	}
	return set
}

func (b *builder) effects() {
	for _, f := range b.f.Rollup.Effects {
		b.p.effects = append(b.p.effects, effect{
			Effect: f, when: b.tokenSet(f.If), beside: b.tokenSet(f.Beside), drop: b.tokenSet(f.Drop), add: b.tokenSet(f.Add),
			above: b.f.Level(f.Above), unconditional: f.Above == "" && len(f.Beside) == 0,
		})
	}
}

// intricate notes the tokens that a roll-up does not simply unite: those of its
// effects, those with names below them that the policy does not list, and
// those that say in ways other than a release list who else may have it.
func (b *builder) intricate() {
	p := b.p
	m := &p.intricate
	m.union(&p.hidden)
	for i := range p.effects {
		m.union(&p.effects[i].when)
		m.union(&p.effects[i].drop)
		m.union(&p.effects[i].add)
	}
	if f := b.f.Release; f != nil {
		m.minus(&p.releaseMask)
		others := b.tokenSet([]string{f.Official, f.Display, f.Eyes})
		m.union(&others)
	}
	if p.owners != nil && p.owners.source >= 0 {
		m.add(p.owners.source)
	}
}
