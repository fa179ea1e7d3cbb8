package book

import (
	"slices"

	"tearline"
	"tearline/marking"
)

// CheckAgreement refuses an agreement that cannot be one.
func CheckAgreement(a *tearline.Agreement) error {
	if a.Parties[0] == a.Parties[1] {
		return Invalidf("agreement", "", "an agreement of %s with itself", a.Parties[0])
	}
	switch a.Onward {
	case tearline.OnwardFree, tearline.OnwardAsk, tearline.OnwardNever:
	default:
		return Invalidf("agreement", "onward is free, ask or never", "unknown onward rule %q", a.Onward)
	}
	if !knownLevel(a.Ceiling) {
		return Invalidf("agreement", "a ceiling is a level such as SECRET or TLP:AMBER", "unknown level %q", a.Ceiling)
	}
	for _, s := range a.Standing {
		if s.By != a.Parties[0] && s.By != a.Parties[1] {
			return Invalidf("agreement", "a standing consent is given by one of the two parties", "%s is no party to the agreement", s.By)
		}
		if !knownLevel(s.UpTo) {
			return Invalidf("agreement", "a standing consent reaches up to a level such as SECRET", "unknown level %q", s.UpTo)
		}
	}
	return nil
}

// knownLevel reports whether any policy has a level of that name.
func knownLevel(name string) bool {
	return slices.ContainsFunc(append([]string{"us", "tlp"}, marking.Policies()...), func(id string) bool {
		p, ok := marking.Lookup(id)
		if ok {
			_, ok = p.Level(name)
		}
		return ok
	})
}
