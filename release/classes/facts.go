package classes

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tearline"
	"tearline/release"
)

// facts are what was said of parties, whatever the portion. What is derived
// from them is made anew when it is asked for after a change.
type facts struct {
	records    map[pair][]*record // by who says it, in the order said
	sayers     map[int32]int      // of records, how many
	agreements []*agreement
	exclusions map[pair][]*exclusion
	ties       map[pair][]*tie
	purposes   map[string]bool // that agreements name

	delegations []*delegation
	authorities *release.Authorities
	ours        struct { // what the holder said that delegations bear on
		lowerings []*lowering
		consents  []*consent
	}

	// stale says that what follows is to be made anew; changes counts how
	// often it was. Within the span nothing begins or ends.
	stale     bool
	changes   uint64
	span      span
	now       instant
	view      int32                  // whose records count, -1 if nobody's
	with      map[int32][]*agreement // by the other party, the newest first
	standings map[int32][]standing   // by whose consent it is
	standing  map[int32]member       // parties as they are now
}

func newFacts() facts {
	return facts{
		records: make(map[pair][]*record), sayers: make(map[int32]int), exclusions: make(map[pair][]*exclusion), ties: make(map[pair][]*tie),
		purposes: make(map[string]bool), stale: true,
	}
}

// A pair is who says something, and of which party.
type pair struct{ by, of int32 }

type record struct {
	dated
	party               int32
	nations, coalitions []int32 // codes; its own among the nations
}

type exclusion struct {
	dated
	ties   bool
	degree int
}

type tie struct {
	dated
	to     int32
	degree int
}

// reaches reports whether an exclusion cares about a tie so close.
func (e *exclusion) reaches(degree int) bool {
	return e.ties && (degree == 0 || degree >= e.degree)
}

type delegation struct {
	dated
	statement tearline.Statement
}

// An agreement is one between the holder and another party, or one of others,
// which only counts as a later one of the same name.
type agreement struct {
	dated
	parties  [2]int32 // the lower code first
	what     *tearline.Agreement
	replaced instant
	// ceilingReplaced is when a later one of the same sayer took its place.
	ceilingReplaced instant
	standing        []standing
}

// current reports whether it holds at t.
func (a *agreement) current(t instant) bool { return a.inForce(t) && t < a.replaced }

// serves reports whether it is for a purpose.
func (a *agreement) serves(purpose string) bool { return serves(a.what.Purposes, purpose) }

func serves(purposes []string, purpose string) bool {
	return len(purposes) == 0 || slices.Contains(purposes, purpose)
}

// A standing consent is one party's consent in advance, in an agreement to
// which it and the holder are parties.
type standing struct {
	*agreement
	by       int32
	upTo     string
	to       []int32
	purposes []string
}

// A member is a party as a list sees it at one instant.
type member struct {
	known               bool
	nations, coalitions []int32
}

func (f *facts) changed() { f.stale = true }

func (ix *Index) fact(d *dated) {
	ix.said[keyOf(d.id)] = target{dated: d}
	ix.changed()
	ix.epoch++
}

func (ix *Index) partyRecord(s *tearline.Statement, v *tearline.PartyRecord) {
	r := &record{dated: ix.date(s, v.Term), party: ix.table.Book.Code(v.Party)}
	r.nations = append([]int32{r.party}, ix.table.Book.Codes(v.Nations)...)
	r.coalitions = ix.table.Book.Codes(v.MemberOf)
	at := pair{r.by, r.party}
	list := ix.records[at]
	i := len(list)
	for i > 0 && list[i-1].after(&r.dated) {
		i--
	}
	ix.records[at] = slices.Insert(list, i, r)
	ix.sayers[r.by]++
	ix.fact(&r.dated)
}

func (ix *Index) exclusion(s *tearline.Statement, v *tearline.Exclusion) {
	e := &exclusion{dated: ix.date(s, v.Term), ties: v.Ties, degree: v.Degree}
	at := pair{e.by, ix.table.Book.Code(v.Party)}
	ix.exclusions[at] = append(ix.exclusions[at], e)
	ix.fact(&e.dated)
}

func (ix *Index) tie(s *tearline.Statement, v *tearline.Tie) {
	t := &tie{dated: ix.date(s, v.Term), to: ix.table.Book.Code(v.To), degree: v.Degree}
	at := pair{t.by, ix.table.Book.Code(v.Party)}
	ix.ties[at] = append(ix.ties[at], t)
	ix.fact(&t.dated)
}

func (ix *Index) agreement(s *tearline.Statement, v *tearline.Agreement) {
	a := &agreement{dated: ix.date(s, v.Term), what: v}
	a.parties = [2]int32{ix.table.Book.Code(v.Parties[0]), ix.table.Book.Code(v.Parties[1])}
	slices.Sort(a.parties[:])
	for i := range v.Standing {
		c := &v.Standing[i]
		a.standing = append(a.standing, standing{
			agreement: a, by: ix.table.Book.Code(c.By), upTo: c.UpTo, to: ix.table.Book.Codes(c.To), purposes: c.Purposes,
		})
		ix.mention(c.Purposes)
	}
	ix.mention(v.Purposes)
	ix.agreements = append(ix.agreements, a)
	ix.fact(&a.dated)
}

func (ix *Index) mention(purposes []string) {
	for _, p := range purposes {
		ix.purposes[p] = true
	}
}

// delegation takes in who may act in the holder's name. Whom others let act in
// theirs is their own business.
func (ix *Index) delegation(s *tearline.Statement, v *tearline.Delegation) {
	if s.By != ix.holder {
		return
	}
	d := &delegation{dated: ix.date(s, v.Term), statement: *s}
	ix.delegations = append(ix.delegations, d)
	ix.said[keyOf(s.ID)] = target{dated: &d.dated, delegate: true}
	ix.authoritiesChanged()
}

// authoritiesChanged asks anew what of the holder's word counts.
func (ix *Index) authoritiesChanged() {
	var list []tearline.Statement
	for _, d := range ix.delegations {
		list = append(list, d.statement)
		if d.revoked != never {
			list = append(list, tearline.Statement{
				ID: "taken back: " + d.id, By: ix.holder, At: time.Unix(0, int64(d.revoked)), Says: &tearline.Revocation{Of: d.id},
			})
		}
	}
	ix.authorities = release.NewAuthorities(ix.holder, list)
	ix.epoch++
	for _, l := range ix.ours.lowerings {
		ix.lowered(l)
	}
	for _, c := range ix.ours.consents {
		ix.grants[c.to].changed++
	}
}

// empowered reports whether an authority had the power that it used in
// somebody's name, over what was filed as so marked.
func (ix *Index) empowered(by int32, power tearline.Power, authority, second string, filed int32, at time.Time) bool {
	if by != ix.self || ix.authorities == nil {
		return true
	}
	return ix.authorities.Check(release.Exercise{
		Power: power, Authority: authority, Second: second, Over: ix.table.Marks[filed].Marking, At: at,
	}) == nil
}

// settle makes anew what is derived, for an instant.
func (f *facts) settle(holder int32, t instant) {
	f.stale, f.now, f.standing = false, t, make(map[int32]member)
	f.changes++
	f.view = f.whose(holder)
	f.readAgreements(holder)
	f.span = span{dawn, never}
	for _, list := range f.records {
		for _, r := range list {
			f.span.narrowTo(t, &r.dated)
		}
	}
	for _, a := range f.agreements {
		f.span.narrowTo(t, &a.dated)
		f.span.narrow(t, a.replaced)
		f.span.narrow(t, a.ceilingReplaced)
	}
	for _, list := range f.exclusions {
		for _, e := range list {
			f.span.narrowTo(t, &e.dated)
		}
	}
	for _, list := range f.ties {
		for _, x := range list {
			f.span.narrowTo(t, &x.dated)
		}
	}
}

func older(a, b *dated) int {
	return cmp.Or(cmp.Compare(a.at, b.at), strings.Compare(string(a.id), string(b.id)))
}

// whose records count: the holder's if it has said any, else those of the one
// party that has. If several have, nobody is known.
func (f *facts) whose(holder int32) int32 {
	if f.sayers[holder] > 0 || len(f.sayers) == 0 {
		return holder
	}
	if len(f.sayers) > 1 {
		return -1
	}
	for by := range f.sayers {
		holder = by
	}
	return holder
}

// party returns a party as it is now. The first record of one holds for the
// time before it as well.
func (f *facts) party(id int32) member {
	m, ok := f.standing[id]
	if ok {
		return m
	}
	m.nations = []int32{id}
	if list := f.records[pair{f.view, id}]; len(list) > 0 {
		i := len(list) - 1
		for i > 0 && list[i].at > f.now {
			i--
		}
		r := *list[i]
		r.at = min(r.at, f.now)
		if r.inForce(f.now) {
			m = member{known: true, nations: r.nations, coalitions: r.coalitions}
		}
	}
	f.standing[id] = m
	return m
}

// readAgreements finds out what replaced what: the next of the same name from
// the same party, or between the same parties.
func (f *facts) readAgreements(holder int32) {
	type named struct {
		name string
		of   [2]int32
	}
	slices.SortFunc(f.agreements, func(a, b *agreement) int { return older(&b.dated, &a.dated) })
	f.with = make(map[int32][]*agreement)
	f.standings = make(map[int32][]standing)
	bySayer, byParties := make(map[named]instant), make(map[named]instant)
	for _, a := range f.agreements {
		other, ok := counterpart(a.parties, holder)
		if a.by != holder && (!ok || a.by != other) {
			continue // it is not the sayer's to agree
		}
		sayer, both := named{a.what.Name, [2]int32{a.by, -1}}, named{a.what.Name, a.parties}
		if ok {
			a.replaced, a.ceilingReplaced = never, never
			if t, found := bySayer[sayer]; found {
				a.replaced, a.ceilingReplaced = t, t
			}
			if t, found := byParties[both]; found {
				a.replaced = min(a.replaced, t)
			}
			f.with[other] = append(f.with[other], a)
			for _, c := range a.standing {
				if (c.by == holder || c.by == other) && (a.by == c.by || a.by == holder) {
					f.standings[c.by] = append(f.standings[c.by], c)
				}
			}
		}
		bySayer[sayer], byParties[both] = a.at, a.at
	}
}

func counterpart(of [2]int32, one int32) (int32, bool) {
	switch one {
	case of[0]:
		return of[1], true
	case of[1]:
		return of[0], true
	}
	return 0, false
}

// meet reports whether two lists have a code in common.
func meet(a, b []int32) bool {
	for _, x := range a {
		if slices.Contains(b, x) {
			return true
		}
	}
	return false
}
