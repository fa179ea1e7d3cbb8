package warrant

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tearline"
	"tearline/internal/text"
	"tearline/marking"
	"tearline/release"
)

// maxNames is how many compartments, and how many originators, a warrant may
// name. Whoever needs more is searching everything.
const maxNames = 256

// Check lists why what a party says at a time is no warrant. It does not know
// whether the parties named are there, nor who has the power to grant it.
func Check(x *tearline.Warrant, said time.Time) tearline.Faults {
	out := slices.Concat(persons(x), extent(x))
	if f, wrong := term(x.Term, said); wrong {
		out = append(out, f)
	}
	return out
}

// persons lists what is wrong about who searches, who decided and why.
func persons(x *tearline.Warrant) tearline.Faults {
	var out tearline.Faults
	wrong := func(so bool, hint, words string) {
		if so {
			out = append(out, tearline.Fault{Text: words, Hint: hint})
		}
	}
	blank := func(s string) bool { return strings.TrimSpace(s) == "" }
	wrong(blank(x.Investigator), "name the person who searches", "a warrant for nobody")
	wrong(blank(x.Authority), "say who decides: --authority NAME", "a warrant without the name of an authority")
	wrong(release.SamePerson(x.Authority, x.Investigator), "somebody else decides", "nobody gives himself a warrant")
	wrong(release.SamePerson(x.Second, x.Investigator), "somebody else decides with the authority", "nobody gives himself a warrant, as a second either")
	wrong(release.SamePerson(x.Second, x.Authority), "name two, or leave the second out", x.Second+" is one authority, and no second")
	wrong(blank(x.Because), "say for what case: --because TEXT", "a warrant without a purpose")
	return out
}

// extent lists what is wrong about what is searched.
func extent(x *tearline.Warrant) tearline.Faults {
	var out tearline.Faults
	wrong := func(hint, format string, args ...any) {
		out = append(out, tearline.Fault{Text: fmt.Sprintf(format, args...), Hint: hint})
	}
	if p, ok := marking.Lookup(x.Policy); !ok || x.Policy == "" {
		wrong("known policies: "+text.List(marking.Policies()), "unknown policy %.80q", x.Policy)
	} else if _, ok := p.Level(x.UpTo); !ok || x.UpTo == "" {
		names := make([]string, len(p.Levels()))
		for i, l := range p.Levels() {
			names[i] = l.Name
		}
		wrong("its levels are "+text.List(names)+"; --policy names another", "policy %s has no level %.80q", x.Policy, x.UpTo)
	}
	if len(x.Compartments) > maxNames || len(x.Originators) > maxNames {
		wrong("give several warrants", "a warrant names at most %d compartments and %d originators", maxNames, maxNames)
		return out
	}
	for _, c := range x.Compartments {
		if strings.TrimSpace(c) == "" {
			wrong("name the compartments one by one", "a compartment without a name")
		}
	}
	for _, o := range x.Originators {
		if _, err := tearline.ParsePartyID(string(o)); err != nil {
			wrong("", "%v", err)
		}
	}
	return out
}

// term says what is wrong about when something said at said is in force.
func term(t tearline.Term, said time.Time) (f tearline.Fault, wrong bool) {
	begins := said
	if t.From.After(said) {
		begins = t.From
	}
	switch {
	case t.Until.IsZero():
		return tearline.Fault{Text: "a warrant without an end", Hint: "say when it ends: --until TIME"}, true
	case !t.Until.After(begins):
		return tearline.Fault{Text: "it would have ended on " + t.Until.UTC().Format(time.RFC3339), Hint: "give an --until after it begins"}, true
	case t.Until.After(begins.AddDate(1, 0, 0)):
		return tearline.Fault{Text: "a warrant for more than a year", Hint: "end it within a year, and grant it anew if it is still needed"}, true
	}
	return f, false
}
