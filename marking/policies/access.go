package policies

import "strings"

// Access is what a reader may do.
type Access uint8

// The accesses, the least first.
const (
	AccessNone Access = iota
	AccessSilent
	AccessSee
	AccessKeep
)

// A Reader is somebody, as marks are held against them.
type Reader struct {
	// In are the codes that stand for one of the reader's nations: the nations
	// and the groups that they are in. OrgIn are those of the nation or group to
	// which the employing organisation belongs.
	In, OrgIn CodeSet
	// Nation and OrgNation say the same of the policy's own nation, which no
	// list of codes has.
	Nation, OrgNation bool
	Agency            bool // the organisation is an agency of the policy's nation
	Listed            bool // the owners' lists have the reader
	Level             int  // clearance
	ReadIns           TokenSet
	Free              string // read-ins that the policy does not list
	OrgLevels         []int  // by organisation: up to which level the reader is read in; 0 not at all
}

// Released says what the tokens of release and the lists that they carry allow
// the reader (ISM.ACES 2021-NOV C.2.1, C.2.3, C.7.6-10, C.7.14). Of a mark that
// others own jointly joint are the owners.
func (t *Table) Released(tokens *TokenSet, rel, display, joint *CodeSet, r *Reader) Access {
	own := r.Nation && r.Agency
	switch x := t.Release; {
	case own:
		return AccessKeep // the nation's own agencies none of these limits
	case tokens.Meets(&t.NoForeign):
		return AccessNone
	case x == nil:
		return AccessSilent
	case tokens.Has(x.List) || tokens.Has(x.Eyes) || !x.Always.Empty():
		if r.among(rel, true) {
			return AccessKeep
		}
		if tokens.Has(x.Display) {
			both := *rel
			both.Union(display)
			if r.among(&both, true) {
				return AccessSee
			}
		}
		return AccessNone
	case tokens.Has(x.Display):
		if r.among(display, false) {
			return AccessSee
		}
		return AccessNone
	case joint != nil:
		if r.among(joint, true) {
			return AccessKeep
		}
		return AccessNone
	}
	return AccessSilent
}

// among reports whether a list, which names the nation too if nation is set,
// has one of the reader's nations and the reader's organisation.
func (r *Reader) among(list *CodeSet, nation bool) bool {
	return (nation && r.Nation || r.In.Meets(list)) && (r.Agency || nation && r.OrgNation || r.OrgIn.Meets(list))
}

// ClearedFor reports whether the reader's clearance is enough for the level
// and the tokens (C.2.2, C.8.8).
func (t *Table) ClearedFor(level uint8, tokens *TokenSet, r *Reader) bool {
	for _, c := range t.Cleared {
		if tokens.Has(c.Token) && r.Level < c.Level {
			return false
		}
	}
	return r.Level >= int(level)
}

// ReadInto reports whether the reader is read into all that asks for it (C.3,
// C.4, C.5, C.9).
func (t *Table) ReadInto(tokens *TokenSet, free string, r *Reader) bool {
	need := tokens.And(&t.ReadIns)
	need.Minus(&r.ReadIns)
	if !need.Empty() {
		return false
	}
	for free != "" {
		var entry string
		entry, free, _ = strings.Cut(free, FreeSeparator)
		if !hasEntry(r.Free, entry) {
			return false
		}
	}
	return true
}

func hasEntry(free, entry string) bool {
	for free != "" {
		var x string
		if x, free, _ = strings.Cut(free, FreeSeparator); x == entry {
			return true
		}
	}
	return false
}

// Asked says whether owners' lists, which marks do not carry, must have the
// reader (C.7.3-4, C.7.7, C.8.2-3, C.8.9).
func (t *Table) Asked(tokens *TokenSet, r *Reader) Access {
	if !r.Listed && (tokens.Meets(&t.AskOwner) || tokens.Meets(&t.AskOthers) && !r.Agency) {
		return AccessSilent
	}
	return AccessKeep
}

// Indoctrinated says whether the reader may have what organisations with
// levels of their own own or are the source of (C.2.4-5, C.6.2). The line does
// not say the level of a source: the mark's own is asked. A concealed owner or
// source may be one of them, which only its owner can say.
func (t *Table) Indoctrinated(of *CodeSet, concealed bool, level uint8, r *Reader) Access {
	if t.Owners == nil || level == 0 {
		return AccessKeep
	}
	out := AccessKeep
	for i := range t.Owners.Bodies {
		if i < len(r.OrgLevels) && r.OrgLevels[i] >= int(level) {
			continue
		}
		if of.Has(t.Owners.Bodies[i].Place) {
			return AccessNone
		}
		if concealed {
			out = AccessSilent
		}
	}
	return out
}

// Grant adds a read-in to those of the reader, and what goes with it: the
// system that is nothing without its compartments, and the names that a
// roll-up turns into those that the reader has. It reports whether it is known.
func (t *Table) Grant(r *Reader, name string) bool {
	if t.grantLevel(r, name) {
		return true
	}
	known := false
	for i := range t.Tokens {
		if n := &t.Tokens[i]; t.ReadIns.Has(i) && t.Cats[n.Category].Lead+n.Full == name {
			r.ReadIns.Add(i)
			known = true
			if n.Parent >= 0 && t.Tokens[n.Parent].Incomplete {
				r.ReadIns.Add(n.Parent)
			}
		}
	}
	for i := range t.Effects {
		e := &t.Effects[i]
		became, was := e.AddSet.And(&t.ReadIns), e.DropSet.And(&t.ReadIns)
		lacking := became
		lacking.Minus(&r.ReadIns)
		if !became.Empty() && lacking.Empty() {
			r.ReadIns.Union(&was)
		}
	}
	return known || t.grantFree(r, name)
}

// grantFree takes a read-in that the policy does not list.
func (t *Table) grantFree(r *Reader, name string) bool {
	cat := -1
	for i := range t.Cats {
		hidden := t.Hidden.And(&t.Cats[i].Mask)
		if strings.HasPrefix(name, t.Cats[i].Lead) && !hidden.Empty() && (cat < 0 || t.Cats[i].Lead != "") {
			cat = i
		}
	}
	if cat < 0 {
		return false
	}
	own := strings.TrimPrefix(name, t.Cats[cat].Lead)
	if own == "" || strings.Contains(own, FreeSeparator) {
		return false
	}
	r.Free = JoinFree(r.Free, string(FreeMark(cat))+own)
	top, _, below := strings.Cut(own, "-")
	if p, listed := t.Cats[cat].Top[top]; listed && below && t.Tokens[p].Incomplete {
		r.ReadIns.Add(p)
	}
	return true
}

// grantLevel takes a read-in to an organisation's levels: "NATO-S".
func (t *Table) grantLevel(r *Reader, name string) bool {
	if t.Owners == nil {
		return false
	}
	for i, o := range t.Owners.Bodies {
		for level := range t.Levels {
			if o.BannerWords[level] != "" && name == o.Code+"-"+t.Levels[level].Portion {
				for len(r.OrgLevels) < len(t.Owners.Bodies) {
					r.OrgLevels = append(r.OrgLevels, 0)
				}
				r.OrgLevels[i] = max(r.OrgLevels[i], level)
				return true
			}
		}
	}
	return false
}

// Memberships returns a code with the groups that count for it: by the table,
// without those given up before the date, or those of the caller's records.
// Whether a roll-up may replace a group by its members makes no difference; of
// one without a list of members nobody is a member (§5.6.14).
func (t *Table) Memberships(code int, records []string, date string) CodeSet {
	in := t.Codes[code].In
	if records != nil {
		in.Minus(&t.Groups)
		in.Add(code)
		for _, c := range records {
			if i, ok := t.CodeIndex[c]; ok {
				in.Add(i)
			}
		}
		return in
	}
	for i := in.Next(0); i >= 0; i = in.Next(i + 1) {
		if gone := t.Codes[i].Deprecated; gone != "" && (!IsDate(date) || date >= gone) {
			in.Drop(i)
		}
	}
	return in
}

// Everybody asks for each code what a reader of that nation or group alone
// may; a group that is not named may what each member that stands for it may.
// Codes that were given up may nothing.
func (t *Table) Everybody(ask func(*Reader) Access) []Access {
	got := make([]Access, len(t.Codes))
	for _, groups := range []bool{false, true} {
		for i := range t.Codes {
			c := &t.Codes[i]
			if c.Group != groups || c.Deprecated != "" {
				continue
			}
			own := i == t.NationCode
			in := t.Memberships(i, nil, "")
			got[i] = ask(&Reader{In: in, OrgIn: in, Nation: own, OrgNation: own, Agency: own})
			if c.Decomposable && !c.Nations.Empty() {
				all := AccessKeep
				for j := c.Nations.Next(0); j >= 0; j = c.Nations.Next(j + 1) {
					all = min(all, got[j])
				}
				got[i] = max(got[i], all)
			}
		}
	}
	return got
}
