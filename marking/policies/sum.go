package policies

// A Part is how a portion takes part in what the banner says of foreign
// disclosure and release.
type Part uint8

// The ways of taking part.
const (
	PartNone     Part = iota // not at all: a plain unclassified portion
	PartNo                   // it says that there is none: NOFORN
	PartList                 // it has a list
	PartOfficial             // an official may release it: RELIDO
	PartForeign              // foreign information that says nothing: NOFORN by itself
	PartUnmarked             // it says nothing, and counts as NOFORN beside others that do
	PartRecent               // it says nothing, and counts as RELIDO beside others that do
	Parts
)

// A Share is what a portion adds to a sum, as far as that is asked of it later.
type Share struct {
	Tokens    TokenSet
	Free      string
	Level     uint8
	Part      Part
	Source    bool
	Concealed bool
}

// A Sum is what portions come to: the banner, once all are in it. T must be
// set.
type Sum struct {
	T *Table

	Tokens    TokenSet // the union, without what says who else may have it
	Free      string
	Level     uint8
	Source    CodeSet
	Concealed bool
	Owned     bool // a portion is another's
	Nobody    bool // the lists have nobody in common, and there is no word for it

	Count [Parts]int
	// Of the portions with a list, so far: the codes that all name as written,
	// all that all name, of the release lists and of all lists together.
	eyes, official          bool
	release, audience       CodeSet
	ReleaseAll, AudienceAll CodeSet
	Applied                 uint64 // effects
}

// Add takes what a portion says.
func (r *Sum) Add(b *Body, date string) Share {
	t := r.T
	s := Share{Tokens: b.Tokens, Free: b.Free, Level: uint8(t.Levels[b.Level].As)} //nolint:gosec // the loader bounds the levels
	r.Level = max(r.Level, s.Level)
	tokens := b.Tokens
	tokens.Minus(&t.ReleaseMask)
	r.Tokens.Union(&tokens)
	if b.Free != "" && b.Free != r.Free {
		r.Free = JoinFree(r.Free, b.Free)
	}
	r.addSource(b, &s)
	if t.Release != nil {
		s.Part = r.addRelease(b, date)
		r.Count[s.Part]++
	}
	return s
}

// addSource notes whose information it is: the foreign owner of a portion is a
// source of the document, and one concealed source conceals all (CAPCO 2016
// §D.2, §H.7; of joint marks §H.3).
func (r *Sum) addSource(b *Body, s *Share) {
	o := r.T.Owners
	if o == nil || o.Source < 0 {
		return
	}
	from := b.Source
	switch b.Kind {
	case OwnerNation:
		s.Source = b.Tokens.Has(o.Source)
		s.Concealed = s.Source && b.Source.Empty()
	case OwnerConcealed:
		s.Source, s.Concealed, r.Owned = true, true, true
	case OwnerOther:
		s.Source, r.Owned = true, true
		from.Union(&b.Owner)
	case OwnerJoint:
		s.Source, r.Owned = true, true
		s.Concealed = b.Tokens.Has(o.Source) && b.Source.Empty()
		owners := b.Owner
		owners.Drop(r.T.NationCode)
		from.Union(&owners)
	}
	if s.Source {
		r.Tokens.Add(o.Source)
		r.Concealed = r.Concealed || s.Concealed
		r.Source.Union(&from)
	}
}

// addRelease notes what the portion says of foreign disclosure and release
// (CAPCO 2016 §B.3 Table 2, §D.2 Table 3).
func (r *Sum) addRelease(b *Body, date string) Part {
	rel := r.T.Release
	list, ok := b.Named()
	switch {
	case !rel.Always.Empty() && b.Level == 0 && b.Tokens.Empty() && !r.T.Closed:
		return PartNone
	case b.Tokens.Has(rel.None):
		return PartNo
	case ok || b.Tokens.Has(rel.Display):
		r.addLists(b, &list, ok)
		return PartList
	case b.Tokens.Has(rel.Official):
		return PartOfficial
	}
	return r.silent(b, date)
}

// silent is the part of a portion that says nothing of foreign disclosure and
// release.
func (r *Sum) silent(b *Body, date string) Part {
	t := r.T
	switch since := t.Release.Since; {
	case b.Level == 0 && b.Kind == OwnerNation && b.Tokens.Empty() && !t.Closed:
		return PartNone
	case b.Kind != OwnerNation || t.Owners != nil && b.Tokens.Has(t.Owners.Source):
		return PartForeign
	case b.Level > 0 && !b.Tokens.Meets(&t.Caveats) && since != "" && date >= since && IsDate(date):
		return PartRecent
	}
	return PartUnmarked
}

// addLists narrows the lists to what this portion names too. Codes that all
// portions name stay as written; only the others are replaced by their
// members (CAPCO 2016 §D.2 Table 3 rows 21-23). Who may have a thing may see
// it, so the audience of a portion is both its lists (row 26).
func (r *Sum) addLists(b *Body, list *CodeSet, released bool) {
	rel := r.T.Release
	if !released {
		list = &CodeSet{}
	}
	audience := *list
	audience.Union(&b.Display)
	all, audienceAll := r.T.Expanded(list), r.T.Expanded(&audience)
	eyes, official := b.Tokens.Has(rel.Eyes), b.Tokens.Has(rel.Official)
	if r.Count[PartList] == 0 {
		r.release, r.ReleaseAll, r.audience, r.AudienceAll = *list, all, audience, audienceAll
		r.eyes, r.official = eyes, official
		return
	}
	r.release.Intersect(list)
	r.ReleaseAll.Intersect(&all)
	r.audience.Intersect(&audience)
	r.AudienceAll.Intersect(&audienceAll)
	r.eyes, r.official = r.eyes && eyes, r.official && official
}

// Result returns the banner.
func (r *Sum) Result() Body {
	b := Body{T: r.T, Tokens: r.Tokens, Level: r.Level}
	b.Free = r.Free
	if !r.Concealed {
		b.Source = r.Source
	}
	if r.T.Release != nil {
		r.resultRelease(&b)
	}
	for i := range r.T.Effects {
		e := &r.T.Effects[i]
		if !b.Tokens.Meets(&e.When) {
			continue
		}
		if e.Unconditional || e.AboveLevel >= 0 && int(b.Level) > e.AboveLevel || b.Tokens.Meets(&e.BesideAny) {
			b.Tokens.Minus(&e.DropSet)
			b.Tokens.Union(&e.AddSet)
			b.Free = e.MoveFree(b.Free)
			r.Applied |= 1 << i
		}
	}
	if rel := r.T.Release; rel != nil && b.Tokens.Has(rel.None) {
		b.Refuse()
	}
	return b
}

// resultRelease decides what the banner says of foreign disclosure and release.
func (r *Sum) resultRelease(b *Body) {
	rel := r.T.Release
	lists, officials := r.Count[PartList], r.Count[PartOfficial]+r.Count[PartRecent]
	switch {
	case r.Count[PartNo]+r.Count[PartForeign]+lists+r.Count[PartOfficial] == 0:
		// No portion says anything: neither does the banner (CAPCO 2016 §B.3.i).
	case r.Count[PartNo]+r.Count[PartForeign]+r.Count[PartUnmarked] > 0 || lists > 0 && officials > 0:
		b.Refuse()
	case lists == 0:
		b.Tokens.Add(rel.Official)
	default:
		r.resultLists(b)
	}
}

func (r *Sum) resultLists(b *Body) {
	rel := r.T.Release
	b.Rel = r.T.common(&r.release, &r.ReleaseAll)
	// What all may see: that of the audience which is not on the release list,
	// by itself or as a member of a group on it.
	groups := r.audience
	groups.Intersect(&r.T.Expand)
	groups.Minus(&b.Rel)
	covered, shown := r.T.Expanded(&b.Rel), r.T.Expanded(&groups)
	b.Display = r.AudienceAll
	b.Display.Minus(&covered)
	b.Display.Minus(&shown)
	b.Display.Union(&groups)
	if !rel.Always.Empty() {
		r.resultAlways(b)
		return
	}
	if b.Rel.Empty() && b.Display.Empty() {
		b.Refuse()
		return
	}
	if !b.Display.Empty() {
		b.Tokens.Add(rel.Display)
	}
	if b.Rel.Empty() {
		return
	}
	if r.eyes || rel.List < 0 {
		b.Tokens.Add(rel.Eyes)
	} else {
		b.Tokens.Add(rel.List)
	}
	if r.official && b.Display.Empty() {
		b.Tokens.Add(rel.Official)
	}
}

// resultAlways writes the list, of all whom the banner names, where every mark
// names some without writing them.
func (r *Sum) resultAlways(b *Body) {
	rel := r.T.Release
	lacking := rel.Always
	lacking.Minus(&b.Rel)
	switch {
	case lacking.Empty():
		b.Rel.Minus(&rel.Always)
		if !b.Rel.Empty() {
			b.Tokens.Add(rel.List)
		}
	case b.Rel.Empty() || rel.Eyes < 0:
		r.Nobody = true
	default:
		b.Tokens.Add(rel.Eyes)
	}
}

// common returns the codes that all lists name as written, and of the others
// the nations that are on all of them.
func (t *Table) common(written, all *CodeSet) CodeSet {
	out := *all
	covered := t.Expanded(written)
	out.Minus(&covered)
	out.Union(written)
	return out
}
