package policies

import (
	"cmp"
	"slices"
)

// A builder turns a file, which has no fault, into a policy.
type builder struct {
	f *File
	p *Table
}

// Compile compiles a file that [Read] returned.
func Compile(f *File) *Table {
	b := builder{f, &Table{
		ID: f.ID, Title: f.Title, Edition: f.Edition, Nation: f.Nation, Profile: f.Profile, ProfileTitle: f.Profiles[f.Profile].Title, AnyCase: f.AnyCase,
		LevelWords: map[string]int{}, LevelNames: map[string]int{}, Words: map[string]Word{}, CodeIndex: map[string]int{},
		NationCode: f.Code(f.Nation), LevelCites: f.Rollup.Level, SourceCites: f.Rollup.Source,
		Line: f.Line, Phrases: f.Line.Category == "", LooseLine: slices.Contains(f.Line.Loose, f.Profile),
		NoRelease: f.NoRelease, Closed: f.Closed, Unwritten: f.Unwritten, Closes: f.Profiles[f.Profile].Closes, Inner: -1,
	}}
	if !f.Preferred() {
		b.p.ID += "@" + f.Profile
	}
	b.levels()
	b.codes()
	b.categories()
	b.tokens()
	b.owners()
	b.release()
	b.rules()
	b.effects()
	b.checks()
	b.unsaid()
	b.phrases()
	b.intricate()
	return b.p
}

func (b *builder) levels() {
	for i, l := range b.f.Levels {
		as := i
		if l.RollsUpAs != "" {
			as = b.f.Level(l.RollsUpAs)
		}
		audience := uint8(slices.Index(Audiences, l.Audience)) //nolint:gosec // the file was checked: it is one of four
		b.p.Levels = append(b.p.Levels, BuiltLevel{Level: l, MeantFor: audience, As: as})
		for _, w := range l.Spellings(true) {
			b.p.LevelNames[w] = i
		}
		for _, w := range l.Spellings(false) {
			b.p.LevelWords[w] = i
		}
	}
}

// unsaid notes when levels are not written.
func (b *builder) unsaid() {
	for i, l := range b.f.Levels {
		if l.Unsaid != nil {
			b.p.Levels[i].UnsaidSorted = l.Unsaid.Sorted
			b.p.Levels[i].UnsaidIf, b.p.Levels[i].UnsaidAmong = b.tokenSet(l.Unsaid.If), b.tokenSet(l.Unsaid.Among)
		}
	}
}

func (b *builder) codes() {
	p := b.p
	for i, c := range b.f.Codes {
		c.Word = cmp.Or(c.Word, c.Code)
		p.CodeIndex[c.Code] = i
		if _, taken := p.CodeIndex[c.Word]; !taken {
			p.CodeIndex[c.Word] = i
		}
		p.Codes = append(p.Codes, BuiltCode{Code: c})
		p.Codes[i].In.Add(i)
		if c.Group {
			p.Groups.Add(i)
		}
	}
	for i, c := range b.f.Codes {
		members := b.codeSet(c.Members)
		p.Codes[i].Nations = members
		p.Codes[i].Names = p.AppendCodes(nil, &members)
		for j := members.Next(0); j >= 0; j = members.Next(j + 1) {
			p.Codes[j].In.Add(i)
		}
		if c.Decomposable && !members.Empty() && (len(b.f.Profiles) == 0 || slices.Contains(b.f.Profiles[p.Profile].Expand, "*")) {
			p.Expand.Add(i)
		}
	}
	named := b.codeSet(b.f.Profiles[p.Profile].Expand)
	p.Expand.Union(&named)
}

func (b *builder) codeSet(codes []string) CodeSet {
	var set CodeSet
	for _, c := range codes {
		if i := b.f.Code(c); i >= 0 {
			set.Add(i)
		}
	}
	return set
}

func (b *builder) tokenSet(names []string) TokenSet {
	var set TokenSet
	for _, i := range b.f.Select(names) {
		set.Add(i)
	}
	return set
}

func (b *builder) categories() {
	p := b.p
	for i, f := range b.f.Categories {
		c := BuiltCategory{Category: f, Tree: f.Form == "tree", Star: -1, Top: map[string]int{}, Mask: b.tokenSet([]string{"category:" + f.Name})}
		if f.Free != nil {
			c.Star = b.f.Node(f.Name + " *")
		}
		c.ByFile = slices.ContainsFunc(f.Tokens, func(t Token) bool { return t.Beside })
		c.Before, c.Between = p.Line.Category, p.Line.Token
		if p.Phrases {
			c.Before, c.Between = cmp.Or(f.Before, " "), cmp.Or(f.Between, " ")
		}
		c.AfterToken = b.f.Node(f.After)
		if f.Within != "" {
			p.Inner = i
		}
		if c.Free != nil && !c.Tree {
			p.FlatFree = append(p.FlatFree, i)
		}
		p.Cats = append(p.Cats, c)
		if f.Caveat {
			p.Caveats.Union(&c.Mask)
		}
		for _, w := range append([]string{f.Lead}, f.LeadAlso...) {
			if w != "" {
				p.Leads = append(p.Leads, Lead{Text: w, Token: -1, Cat: i})
			}
		}
	}
}

func (b *builder) tokens() {
	p := b.p
	for i, n := range b.f.Nodes {
		c := &p.Cats[n.Category]
		t := BuiltToken{
			Node: n, Full: n.Canonical, Own: cmp.Or(n.Portion, n.Name), Banner: cmp.Or(n.Written, n.Name), ByName: map[string]int{},
			NeedsReadIn: n.ReadIn || c.ReadIn, Clause: cmp.Or(n.Cites, c.Cites),
		}
		for j := i + 1; j < n.End; j++ {
			t.Below.Add(j)
		}
		if n.List != nil {
			t.Codes = &BuiltList{
				List: n.List, Sort: listKinds[n.List.Kind], Among: b.codeSet(n.List.Only),
				Ordered: slices.Contains(n.List.OrderProfiles, p.Profile),
			}
		}
		p.MixedCase = p.MixedCase || n.Written != ""
		p.Tokens = append(p.Tokens, t)
		b.masks(i, &t)
		if !n.Hidden {
			b.spell(i, &t)
		}
	}
	slices.SortStableFunc(p.Leads, func(x, y Lead) int { return cmp.Compare(len(y.Text), len(x.Text)) })
}

func (b *builder) masks(i int, t *BuiltToken) {
	if t.Hidden {
		b.p.Hidden.Add(i)
	}
	if t.NeedsReadIn && !t.Hidden {
		b.p.ReadIns.Add(i)
	}
	switch t.Ask {
	case "owner":
		b.p.AskOwner.Add(i)
	case "agency":
		b.p.AskOthers.Add(i)
	}
	if t.Clearance != "" {
		b.p.Cleared = append(b.p.Cleared, Cleared{i, b.f.Level(t.Clearance)})
	}
	if t.NeedsChild != "" {
		b.p.NeedChild.Add(i)
	}
	switch t.Role {
	case "originator":
		b.p.Originator.Add(i)
	case "no_foreign":
		b.p.NoForeign.Add(i)
	}
}

// spell enters the spellings of token i.
func (b *builder) spell(i int, t *BuiltToken) {
	p := b.p
	for _, w := range t.Spellings() {
		switch {
		case t.Parent >= 0:
			p.Tokens[t.Parent].ByName[w] = i
		case t.Codes == nil:
			p.Cats[t.Category].Top[w] = i
			p.Words[w] = Word{Token: i}
		case t.Codes.Sort == ListEyes:
			p.Words[w] = Word{Token: i, Bare: true}
		default:
			p.Leads = append(p.Leads, Lead{Text: w, Token: i, Cat: -1})
			p.Words[w] = Word{Token: i, Bare: !t.Codes.Bare}
		}
	}
}

func (b *builder) owners() {
	f := b.f.Owners
	if f == nil {
		return
	}
	o := &BuiltOwners{Owners: f, Source: b.f.Node(f.SourceToken)}
	b.p.Owners = o
	b.p.Abroad = slices.Contains(f.Abroad, b.p.Profile)
	for i, g := range f.Organisations {
		org := BuiltOrganisation{
			Organisation: g, Place: b.f.Code(g.Code), ControlTokens: b.f.Select(g.Controls),
			BannerWords: make([]string, len(b.p.Levels)), PortionWords: make([]string, len(b.p.Levels)),
		}
		for j, l := range b.p.Levels {
			org.BannerWords[j], org.PortionWords[j] = g.Banner[l.Name], g.Portion[l.Name]
			if org.BannerWords[j] != "" {
				b.p.Owned = append(b.p.Owned, OwnedWord{org.BannerWords[j], i, j}, OwnedWord{org.PortionWords[j], i, j})
			}
		}
		o.Bodies = append(o.Bodies, org)
	}
}

func (b *builder) release() {
	f := b.f.Release
	if f == nil {
		return
	}
	b.p.Release = &BuiltRelease{
		None: b.f.Node(f.None), Official: b.f.Node(f.Official), List: b.f.Node(f.List),
		Display: b.f.Node(f.Display), Eyes: b.f.Node(f.Eyes), Since: f.Since, Cites: f.Cites,
		Always: b.codeSet(f.Always),
	}
	b.p.ReleaseMask = b.tokenSet([]string{f.None, f.Official, f.List, f.Display, f.Eyes})
	b.p.Caveats.Minus(&b.p.ReleaseMask)
	if i := b.p.Release.Eyes; i >= 0 {
		b.p.EyesAlone = b.p.NationCode >= 0 && b.p.Tokens[i].Codes.Alone.Rule == ""
	}
}

// rules enters the rules, and by token which are about it, so that checking a
// mark takes its own rules and not all.
func (b *builder) rules() {
	p := b.p
	p.RuleSets = make([]RuleSet, len(p.Tokens)+1)
	for _, f := range b.f.Rules {
		i := len(p.Rules)
		r := b.rule(f)
		p.Rules = append(p.Rules, r)
		if r.When.Empty() {
			p.RuleSets[len(p.Tokens)].Add(i)
		}
		for t := r.When.Next(0); t >= 0; t = r.When.Next(t + 1) {
			p.RuleSets[t].Add(i)
		}
	}
}

func (b *builder) rule(f Rule) BuiltRule {
	r := BuiltRule{
		Rule: f, When: b.tokenSet(f.If), NeedsAny: b.tokenSet(f.Needs), ExcludesAny: b.tokenSet(f.Excludes), AtMostOne: b.tokenSet(f.OneOf),
		Kind: scopes[f.Scope], OwnedBy: 1<<OwnerNation | 1<<OwnerJoint, AtLevels: ^LevelSet(0), RightLevels: ^LevelSet(0),
	}
	switch f.Owners {
	case "any":
		r.OwnedBy = 1<<OwnerNation | 1<<OwnerJoint | 1<<OwnerOther | 1<<OwnerConcealed | 1<<ownedByOrganisation
	case "joint":
		r.OwnedBy = 1 << OwnerJoint
	case "others":
		r.OwnedBy = 1<<OwnerOther | 1<<OwnerConcealed
	case "organisation":
		r.OwnedBy = 1 << ownedByOrganisation
	}
	r.UnlessAny, r.SourceCodes, r.CountCat = b.tokenSet(f.Unless), b.codeSet(f.Sources), -1
	r.First = -1
	if first := b.f.Select(f.Needs); len(first) > 0 {
		r.First = first[0]
	}
	if f.Most > 0 {
		r.CountCat = slices.IndexFunc(b.f.Categories, func(c Category) bool { return c.Name == f.Count })
	}
	// "Excludes all others of the category" must not exclude what it is about.
	r.ExcludesAny.Minus(&r.When)
	if len(f.OneOf) > 0 && len(f.If) == 0 {
		r.When = r.AtMostOne
	}
	if f.Above != "" {
		r.AtLevels = ^LevelSet(0) << (b.f.Level(f.Above) + 1)
	}
	if len(f.On) > 0 {
		r.AtLevels = b.levelSet(f.On)
	}
	if len(f.Levels) > 0 || f.Never {
		r.RightLevels = b.levelSet(f.Levels)
	}
	return r
}

func (b *builder) levelSet(names []string) LevelSet {
	var set LevelSet
	for _, name := range names {
		set |= 1 << b.f.Level(name)
	}
	return set
}

func (b *builder) effects() {
	for _, f := range b.f.Rollup.Effects {
		b.p.Effects = append(b.p.Effects, BuiltEffect{
			Effect: f, When: b.tokenSet(f.If), BesideAny: b.tokenSet(f.Beside), DropSet: b.tokenSet(f.Drop), AddSet: b.tokenSet(f.Add),
			AboveLevel: b.f.Level(f.Above), Unconditional: f.Above == "" && len(f.Beside) == 0,
		})
	}
}

// intricate notes the tokens that a roll-up does not simply unite: those of its
// effects, those with names below them that the policy does not list, and
// those that say in ways other than a release list who else may have it.
func (b *builder) intricate() {
	p := b.p
	m := &p.Intricate
	m.Union(&p.Hidden)
	for i := range p.Effects {
		m.Union(&p.Effects[i].When)
		m.Union(&p.Effects[i].DropSet)
		m.Union(&p.Effects[i].AddSet)
	}
	if f := b.f.Release; f != nil {
		m.Minus(&p.ReleaseMask)
		others := b.tokenSet([]string{f.Official, f.Display, f.Eyes})
		m.Union(&others)
	}
	if p.Owners != nil && p.Owners.Source >= 0 {
		m.Add(p.Owners.Source)
	}
}

// AppendCodes appends the codes in a set, in canonical order.
func (p *Table) AppendCodes(dst []string, set *CodeSet) []string {
	for i := set.Next(0); i >= 0; i = set.Next(i + 1) {
		dst = append(dst, p.Codes[i].Code.Code)
	}
	return dst
}

func (b *builder) checks() {
	for _, f := range b.f.Rollup.Checks {
		c := BuiltCheck{
			Check: f, When: b.tokenSet(f.If), Without: b.tokenSet(f.Unless), WithBanner: b.tokenSet(f.Banner), WithoutBanner: b.tokenSet(f.BannerUnless),
			WhenLevels: b.levelSet(f.IfLevels), AtLevels: ^LevelSet(0), NeedsLevels: b.levelSet(f.Levels),
			NeedsAny: b.tokenSet(f.Needs), EachOf: b.tokenSet(f.Each), OnlyOf: b.tokenSet(f.Only), EveryAny: b.tokenSet(f.Every),
			InvolvedTokens: b.tokenSet(f.Involved), SourceCodes: b.codeSet(f.Sources),
		}
		if f.Above != "" {
			c.AtLevels = ^LevelSet(0) << (b.f.Level(f.Above) + 1)
		}
		if len(f.On) > 0 {
			c.AtLevels = b.levelSet(f.On)
		}
		for _, set := range []TokenSet{c.When, c.WithBanner, c.NeedsAny} {
			c.About.Union(&set)
		}
		if owners := b.p.Owners; owners != nil && (f.List == "concealed" || f.List == "sources") {
			c.About.Add(owners.Source)
		}
		b.p.Checks = append(b.p.Checks, c)
	}
}
