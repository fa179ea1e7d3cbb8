package marking

import (
	"fmt"
	"slices"
	"strings"

	"tearline/marking/policies"
)

// owner reads owner and level of a mark that begins with "//".
func (ps *parser) owner(lo, hi int) (short bool) {
	o := ps.p.t.Owners
	w := policies.Squeeze(ps.s[lo:hi])
	if o == nil {
		ps.fault(lo, hi, Fault{Rule: "form.owner", Text: "policy " + ps.p.t.ID + " has no marks of other owners"})
		return false
	}
	if w == "" {
		ps.fault(lo, hi, Fault{Rule: "form.owner", Cites: o.Cites, Text: "owner and level are missing", Hint: "write " + policies.Quote("//GBR S")})
		return false
	}
	for i := range ps.p.t.Owned {
		if x := &ps.p.t.Owned[i]; x.Text == w {
			org := &o.Bodies[x.Organisation]
			ps.b.Kind, ps.b.Level = policies.OwnerOther, uint8(x.Level) //nolint:gosec // the loader bounds the levels
			ps.b.Owner.Add(org.Place)
			return w == org.PortionWords[x.Level]
		}
	}
	first, rest, _ := strings.Cut(w, " ")
	switch {
	case first == o.Joint && o.Joint != "":
		return ps.joint(rest, lo, hi)
	case first == o.Concealed && o.Concealed != "":
		ps.b.Kind = policies.OwnerConcealed
		return ps.ownedLevel(rest, lo, hi)
	}
	if short, ok := ps.activity(w, lo, hi); ok {
		return short
	}
	i, ok := ps.p.t.CodeIndex[first]
	switch {
	case !ok:
		ps.code(first, lo+strings.Index(ps.s[lo:hi], first))
		return false
	case i == ps.p.t.NationCode:
		ps.fault(lo, hi, Fault{
			Rule: "form.owner", Cites: o.Cites, Text: first + " is no other owner",
			Hint: "write the mark without // and owner",
		})
		return false
	}
	ps.b.Kind = policies.OwnerOther
	ps.b.Owner.Add(i)
	return ps.ownedLevel(rest, lo, hi)
}

// ownedLevel reads the level after an owner.
func (ps *parser) ownedLevel(w string, lo, hi int) (short bool) {
	i, ok := ps.p.t.LevelWords[w]
	if !ok {
		ps.unknownLevel(lo, hi, w)
		return false
	}
	ps.b.Level = uint8(i) //nolint:gosec // the loader bounds the levels
	if ps.b.Organisation() != nil {
		ps.fault(lo, hi, Fault{
			Rule: "form.owner", Cites: ps.p.t.Owners.Cites, Text: policies.Quote(policies.Squeeze(ps.s[lo:hi])) + " is not how its owner writes it",
			Hint: "write " + policies.Quote("//"+ps.b.Organisation().PortionWords[i]) + " or " + policies.Quote("//"+ps.b.Organisation().BannerWords[i]),
		})
	}
	return w == ps.p.t.Levels[i].Portion
}

// joint reads "S AUS USA" after "JOINT".
func (ps *parser) joint(w string, lo, hi int) (short bool) {
	ps.b.Kind = policies.OwnerJoint
	words := strings.Fields(w)
	level, n := -1, 0
	for k := min(3, len(words)); k > 0 && level < 0; k-- {
		if i, ok := ps.p.t.LevelWords[strings.Join(words[:k], " ")]; ok {
			level, n = i, k
			short = words[0] == ps.p.t.Levels[i].Portion
		}
	}
	if level < 0 {
		ps.unknownLevel(lo, hi, w)
		return false
	}
	ps.b.Level = uint8(level)
	at := lo
	for _, c := range words[n:] {
		c = strings.TrimSuffix(c, ",")
		at += max(0, strings.Index(ps.s[at:hi], c))
		if i := ps.code(c, at); i >= 0 {
			ps.b.Owner.Add(i)
		}
	}
	if ps.b.Owner.Empty() && ps.banner != nil && ps.banner.Kind == policies.OwnerJoint {
		ps.b.Owner = ps.banner.Owner
	}
	if len(ps.faults) == 0 {
		ps.jointOwners(lo, hi)
	}
	return short
}

func (ps *parser) jointOwners(lo, hi int) {
	others := ps.b.Owner
	others.Drop(ps.p.t.NationCode)
	abroad := ps.p.t.Abroad && !ps.b.Owner.Has(ps.p.t.NationCode)
	if l := &ps.p.t.Levels[ps.b.Level]; l.Owned && !abroad {
		ps.fault(lo, hi, Fault{
			Rule: "form.level", Cites: ps.p.t.Owners.Cites, Text: l.Name + " is no level of a joint mark",
			Hint: "write the level that the nation's own policy gives it",
		})
	}
	f := Fault{Rule: "form.joint", Cites: ps.p.t.Owners.Cites, Hint: "write " + policies.Quote("//JOINT S GBR USA")}
	switch {
	case ps.b.Owner.Empty():
		f.Text = "the owners are missing"
		f.Hint = "a portion copied out of its document must carry the list"
	case others.Empty():
		f.Text = "nobody owns it jointly with " + ps.p.t.Nation
	case !ps.b.Owner.Has(ps.p.t.NationCode) && !abroad:
		f.Text = ps.p.t.Nation + " is not among the joint owners"
	default:
		return
	}
	ps.fault(lo, hi, f)
}

// activityName is what an activity may be called: its name is not registered.
var activityName = &policies.Free{Letters: true, Min: 1, Max: 16}

// activity reads an organisation's mark for one of its activities: "NATO KFOR
// SECRET", "NKFORS". Their names are not registered.
func (ps *parser) activity(w string, lo, hi int) (short, ok bool) {
	for i := range ps.p.t.Owners.Bodies {
		o := &ps.p.t.Owners.Bodies[i]
		if !o.Activity {
			continue
		}
		name, level := "", -1
		if rest, found := strings.CutPrefix(w, ps.p.t.Codes[o.Place].Code.Code+" "); found {
			act, l, _ := strings.Cut(rest, " ")
			if j, known := ps.p.t.LevelWords[l]; known && l == ps.p.t.Levels[j].Name {
				name, level = act, j
			}
		} else if rest, found := strings.CutPrefix(w, o.ActivityPrefix); found {
			name, level = ps.activityPortion(rest)
			short = true
		}
		if level < 0 || !activityName.Admits(name) || ps.p.beginsLevel(name) {
			continue
		}
		ps.b.Kind, ps.b.Level, ps.b.Activity = policies.OwnerOther, uint8(level), name
		ps.b.Owner.Add(o.Place)
		if o.PortionWords[level] != o.ActivityPrefix+ps.p.t.Levels[level].Portion {
			// Activities have the levels whose own marks follow the pattern.
			ps.fault(lo, hi, Fault{
				Rule: "form.level", Cites: ps.p.t.Owners.Cites,
				Text: fmt.Sprintf("%s is no level of an activity", ps.p.t.Levels[level].Name),
			})
		}
		return short, true
	}
	return false, false
}

// beginsLevel reports whether a level of several words begins with the word:
// "TOP" is no activity.
func (p *Policy) beginsLevel(w string) bool {
	return slices.ContainsFunc(p.t.Levels, func(l policies.BuiltLevel) bool { return strings.HasPrefix(l.Name, w+" ") })
}

// activityPortion parts "KFORS" into activity and level.
func (ps *parser) activityPortion(w string) (name string, level int) {
	for i := range ps.p.t.Levels {
		if rest, ok := strings.CutSuffix(w, ps.p.t.Levels[i].Portion); ok && len(ps.p.t.Levels[i].Portion) == 1 && rest != "" {
			return rest, i
		}
	}
	return "", -1
}

// settle puts together the names that the policy does not list, and brings what a mark of a concealed owner says twice to one ("//FGI
// S//FGI"), and refuses sources beside another owner, who is the source.
func (ps *parser) settle() {
	b, o := &ps.b, ps.p.t.Owners
	if len(ps.names) > 0 {
		slices.Sort(ps.names)
		b.Free = strings.Join(ps.names, policies.FreeSeparator)
	}
	if b.Kind != policies.OwnerOther && b.Kind != policies.OwnerConcealed || !b.Tokens.Has(o.Source) {
		return
	}
	if b.Kind == policies.OwnerConcealed && b.Source.Empty() {
		b.Tokens[o.Source>>6] &^= 1 << (o.Source & 63)
		return
	}
	ps.fault(0, len(ps.s), Fault{
		Rule: "form.source", Cites: o.Cites,
		Text: "the owner is the source: " + ps.p.t.Tokens[o.Source].Full + " has no place beside it",
	})
}
