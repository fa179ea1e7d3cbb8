package release_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tearline"
	"tearline/marking"
	"tearline/release"
)

// between is an agreement of the holder's that lets ask.
func between(with tearline.PartyID, change func(*tearline.Agreement)) *tearline.Agreement {
	a := &tearline.Agreement{Name: "Lafayette", Parties: [2]tearline.PartyID{"USA", with}, Ceiling: "TOP SECRET", Onward: tearline.OnwardAsk}
	if change != nil {
		change(a)
	}
	return a
}

func forPurpose(p string) func(*release.Request) {
	return func(q *release.Request) { q.Purpose = p }
}

func TestAgreementCovers(t *testing.T) {
	const compartmented = "(TS//SI/TK//REL TO USA, FRA)"
	with := func(mark string, change func(*tearline.Agreement)) func(*world) {
		return func(w *world) { only(mark)(w); w.say("USA", day(1), between("FRA", change)) }
	}
	si := func(a *tearline.Agreement) { a.Categories = []string{"SI"} }
	both := func(a *tearline.Agreement) { a.Categories = []string{"TK", "SI"} }
	customs := func(a *tearline.Agreement) { a.Purposes = []string{"customs"} }
	checkRule(t, release.RuleClearance, []ruleCase{
		{name: "no categories", world: with(compartmented, nil), want: yes, basis: listed},
		{name: "a category lacking", world: with(compartmented, si), want: deny},
		{name: "all categories", world: with(compartmented, both), want: yes, basis: listed},
		{name: "no compartments", world: with(usList, si), want: yes, basis: listed},
		{name: "another purpose", world: with(usList, customs), want: deny},
		{name: "the purpose", world: with(usList, customs), with: forPurpose("customs"), want: yes, basis: listed},
		{name: "open, another purpose", world: with("(U)", customs), want: yes, basis: listed},
		{name: "one for the purpose, another for the category", world: func(w *world) {
			only("(TS//SI//REL TO USA, FRA)")(w)
			w.say("USA", day(1), between("FRA", func(a *tearline.Agreement) { a.Name, a.Categories = "one", []string{"TK"} }))
			w.say("USA", day(2), between("FRA", func(a *tearline.Agreement) { a.Name = "two"; customs(a) }))
		}, want: deny},
		{name: "a ceiling of the partner's policy", world: with(usList, func(a *tearline.Agreement) { a.Ceiling = "GEHEIM" }), want: yes, basis: listed},
		{name: "a lower one of the partner's policy", world: with(usList, func(a *tearline.Agreement) { a.Ceiling = "NATO CONFIDENTIAL" }), want: deny},
		{name: "one held equal", world: with(usList, func(a *tearline.Agreement) {
			a.Ceiling, a.Equal = "TLP:AMBER", [][]string{{"TLP:GREEN", "CONFIDENTIAL"}, {"SECRET", "TLP:AMBER"}}
		}), want: yes, basis: listed},
		{name: "held equal to something lower", world: with(usList, func(a *tearline.Agreement) {
			a.Ceiling, a.Equal = "GEHEIM", [][]string{{"GEHEIM", "CONFIDENTIAL"}}
		}), want: deny},
	})
}

func TestReceivedForAPurpose(t *testing.T) {
	bound := says("USA", 1, between("GBR", func(a *tearline.Agreement) { a.Purposes = []string{"customs"} }))
	unbound := says("USA", 2, between("GBR", func(a *tearline.Agreement) { a.Name = "wide" }))
	checkRule(t, release.RuleConditions, []ruleCase{
		{name: "no purpose named", world: from(gbrList, bound), want: deny},
		{name: "another", world: from(gbrList, bound), with: forPurpose("air safety"), want: deny},
		{name: "the purpose", world: from(gbrList, bound), with: forPurpose("customs"), want: yes, basis: listed},
		{name: "an agreement without purposes beside it", world: from(gbrList, bound, unbound), want: yes, basis: listed},
		{name: "consent", world: from(gbrList, bound, says("GBR", 3, consent("FRA", "G1/g1"))), want: yes, basis: tearline.ByConsent},
		{name: "open", world: from("(U)", bound), want: yes, basis: listed},
	})
	checkRule(t, release.RuleOriginator, []ruleCase{
		{
			name: "a standing consent for the purpose", world: from("(S)", says("GBR", 1, agreement("", purposeful("SECRET", "customs")))),
			with: forPurpose("customs"), want: yes, basis: tearline.ByStandingConsent,
		},
		{
			name: "a standing consent for another", world: from("(S)", says("GBR", 1, agreement("", purposeful("SECRET", "customs")))),
			want: refer, ask: parties("GBR"),
		},
		{
			name: "a standing consent up to a level held equal", world: from("(S)", says("GBR", 1, agreement("", inAdvance("GEHEIM", "NATO")))),
			want: yes, basis: tearline.ByStandingConsent,
		},
	})
}

// purposeful is a standing consent to NATO for a purpose.
func purposeful(upTo, purpose string) tearline.StandingConsent {
	return tearline.StandingConsent{By: "GBR", UpTo: upTo, To: parties("NATO"), Purposes: []string{purpose}}
}

// limited is a consent of GBR's under conditions.
func limited(c ...tearline.Condition) func(*world) {
	v := consent("FRA", "G1/g1")
	v.Conditions = c
	return says("GBR", 1, v)
}

func TestConsentLimits(t *testing.T) {
	const orcon = "(S//OC/NF)"
	uses := func(by tearline.PartyID, n, id int, toldTo tearline.PartyID) func(*world) {
		return func(w *world) {
			rests := []tearline.StatementID{w.statements[len(w.statements)-id].ID}
			for range n {
				w.say(by, day(3), &tearline.Disclosure{Recipient: "FRA", Mode: tearline.Document, ToldTo: toldTo, Items: []tearline.DisclosedItem{
					{Portion: refOf("R1/p1"), Statements: rests}, {Portion: refOf("R1/p1"), Statements: rests},
				}})
			}
		}
	}
	unit := func(q *release.Request) { q.Unit = "Branch 4" }
	reader := func(q *release.Request) {
		q.Person = &release.Person{Name: "A. Reader", Clearance: "TOP SECRET"}
	}
	gbr := parties("GBR")
	checkRule(t, release.RuleOriginator, []ruleCase{
		{name: "unit", world: from(orcon, limited("unit=Branch 4")), want: refer, ask: gbr},
		{name: "the unit", world: from(orcon, limited("unit=Branch 4")), with: unit, want: yes, basis: tearline.ByConsent},
		{name: "person", world: from(orcon, limited("person=A. Reader")), want: refer, ask: gbr},
		{name: "the person", world: from(orcon, limited("person=A. Reader")), with: reader, want: yes, basis: tearline.ByConsent},
		{name: "another person", world: from(orcon, limited("person=B. Reader")), with: reader, want: refer, ask: gbr},
		{name: "copies left", world: from(orcon, limited("copies=2"), uses("USA", 1, 1, "")), want: yes, basis: tearline.ByConsent},
		{name: "copies used up", world: from(orcon, limited("copies=2"), uses("USA", 2, 1, "")), want: refer, ask: gbr},
		{name: "copies, told of them only", world: from(orcon, limited("copies=1"), uses("USA", 2, 1, "GBR")), want: yes, basis: tearline.ByConsent},
		{name: "copies, of another holder", world: from(orcon, limited("copies=1"), uses("DEU", 2, 1, "")), want: yes, basis: tearline.ByConsent},
		{name: "no number of copies", world: from(orcon, limited("copies=some")), want: refer, ask: gbr},
		{name: "as the tear line", world: from(orcon, limited(tearline.TearLineOnly)), want: refer, ask: gbr},
		{name: "its caveats limit nothing", world: from(orcon, limited("keep it from the press")), want: yes, basis: tearline.ByConsent},
	})
}

// TestTearLineOnly: consent to the tear line is consent to the tear-line
// wording of what it names, and of what rests on it.
func TestTearLineOnly(t *testing.T) {
	w := allies()
	p := portion("g1", "GBR", "(S//OC/NF)")
	p.Tear = "(S//OC/NF)"
	w.file("G1", p)
	derived := portion("p1", "USA", usList, "G1/g1")
	derived.Tear = usList
	w.file("R1", derived)
	c := consent("FRA", "G1/g1")
	c.Conditions = []tearline.Condition{tearline.TearLineOnly}
	w.say("GBR", day(1), c)
	for ref, want := range map[string]tearline.Outcome{"G1/g1": deny, "G1/g1~tear": deny, "R1/p1": refer, "R1/p1~tear": yes} {
		if v := w.verdict(t, ref, ask("FRA")); v.Outcome != want {
			t.Errorf("%s: want %s\n%s", ref, want, explain(v))
		}
	}
}

// TestOwnApproval: nobody approves what he asks for himself.
func TestOwnApproval(t *testing.T) {
	w := allies()
	only("(S)")(w)
	c := consent("FRA", "R1/p1")
	c.Authority, c.Second = "Col. Adler", "M. Brandt"
	w.say("USA", day(1), c)
	w.say("USA", day(1), &tearline.Discretion{Portions: refs("R1/p1"), Recipient: "FRA", Modes: modes, Because: "lives", Authority: "Col. Adler", Second: "M. Brandt"})
	for officer, want := range map[string]tearline.Outcome{"": yes, "J. Doe": yes, "Col. Adler": refer, "col.  adler": refer, "M. Brandt": refer} {
		q := ask("FRA")
		q.Officer = officer
		v := w.verdict(t, "R1/p1", q)
		if v.Outcome != want {
			t.Errorf("%q asks: want %s\n%s", officer, want, explain(v))
		}
		d := w.decide(t, "R1", q).WithDiscretion(w.facts(t))
		if _, may := d.May("p1"); may != (want == yes) {
			t.Errorf("%q asks: may %v\n%s", officer, may, explain(v))
		}
	}
}

// TestAutomaticDeclassification: on the date, the originator's own portions are
// open, and no others; what rests on others' stays bound by them.
func TestAutomaticDeclassification(t *testing.T) {
	w := allies()
	w.file("G1", portion("g1", "GBR", "(S//OC/NF)"))
	filing := &tearline.Filing{Report: "R1", Originator: "USA", Policy: "us", Date: "2026-01-01", DeclassifyOn: "2026-01-10", Portions: []tearline.FiledPortion{
		portion("p1", "USA", "(S//NF)"), portion("p2", "GBR", "(S//OC/NF)"), portion("p3", "USA", "(S//NF)", "G1/g1"),
	}}
	filed := w.say("USA", day(0), filing)
	date := time.Date(2026, 1, 10, 0, 0, 0, 0, time.UTC)
	check := func(at time.Time, want map[string]tearline.Outcome) {
		t.Helper()
		q := ask("FRA")
		q.At = at
		for ref, outcome := range want {
			v := w.verdict(t, ref, q)
			if v.Outcome != outcome {
				t.Errorf("%s at %s: want %s\n%s", ref, at, outcome, explain(v))
			}
			if outcome == yes && (v.Basis != tearline.ByDeclassification || len(v.Statements) == 0 || v.Statements[0] != filed) {
				t.Errorf("%s: by %s %v, want the filing's date", ref, v.Basis, v.Statements)
			}
		}
	}
	check(date.Add(-time.Nanosecond), map[string]tearline.Outcome{"R1/p1": deny, "R1/p2": deny, "R1/p3": deny})
	check(date, map[string]tearline.Outcome{"R1/p1": yes, "R1/p2": deny, "R1/p3": refer})
	w.say("GBR", date.Add(time.Hour), declassify("", "G1/g1"))
	w.say("USA", date.Add(time.Hour), declassify("(S//NF)", "R1/p1")) // the date is taken back for one
	q := ask("FRA")
	q.At = date.Add(2 * time.Hour)
	if v := w.verdict(t, "R1/p3", q); v.Outcome != yes {
		t.Errorf("all in it is declassified:\n%s", explain(v))
	}
	if v := w.verdict(t, "R1/p1", q); v.Outcome != deny {
		t.Errorf("a later word of the owner's:\n%s", explain(v))
	}
}

// TestAuthorities: who may act in a party's name, over what, with whom.
func TestAuthorities(t *testing.T) {
	us, _ := marking.Lookup("us")
	over := func(mark string) marking.Marking {
		m, err := us.Parse(mark)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	w := new(world)
	del := func(to string, change func(*tearline.Delegation)) tearline.StatementID {
		d := &tearline.Delegation{To: to, Powers: []tearline.Power{tearline.PowerConsent}}
		if change != nil {
			change(d)
		}
		return w.say("USA", day(1), d)
	}
	del("director", func(d *tearline.Delegation) { d.Onward = true; d.Powers = append(d.Powers, tearline.PowerDisclose) })
	del("deputy", func(d *tearline.Delegation) { d.UpTo, d.Delegator = "SECRET", "director" })
	del("clerk", func(d *tearline.Delegation) { d.Delegator = "deputy" }) // who may not pass it on
	del("chief", func(d *tearline.Delegation) { d.Two = true })
	del("head", func(d *tearline.Delegation) { d.Two = true })
	del("liaison", func(d *tearline.Delegation) { d.UpTo = "GEHEIM"; d.Until = day(5) })
	del("ring 1", func(d *tearline.Delegation) { d.Delegator, d.Onward = "ring 2", true })
	del("ring 2", func(d *tearline.Delegation) { d.Delegator, d.Onward = "ring 1", true })
	gone := del("former", nil)
	w.say("USA", day(2), &tearline.Revocation{Of: gone})
	w.say("GBR", day(1), &tearline.Delegation{To: "stranger", Powers: []tearline.Power{tearline.PowerConsent}})
	a := release.NewAuthorities("USA", w.statements)
	for _, c := range []struct {
		name, authority, second, mark string
		power                         tearline.Power
		at                            time.Time
		want                          string // in the error; "" for none
	}{
		{name: "any level", authority: "director", mark: "(TS//SI//NF)"},
		{name: "as typed", authority: " Director", mark: "(S)"},
		{name: "another power", authority: "director", power: tearline.PowerDeclassify, mark: "(S)", want: "no power to declassify"},
		{name: "within the level", authority: "deputy", mark: "(S//NF)"},
		{name: "above the level", authority: "deputy", mark: "(TS)", want: "deputy has no power"},
		{name: "what the delegator cannot pass on", authority: "clerk", mark: "(S)", want: "clerk has no power"},
		{name: "a power the delegator passed on in part", authority: "deputy", power: tearline.PowerDisclose, mark: "(S)", want: "no power"},
		{name: "one of two", authority: "chief", mark: "(S)", want: "together with a second"},
		{name: "two", authority: "chief", second: "head", mark: "(S)"},
		{name: "two, one of them alone empowered", authority: "chief", second: "director", mark: "(S)"},
		{name: "twice the same", authority: "chief", second: "CHIEF", mark: "(S)", want: "takes two"},
		{name: "a second without power", authority: "chief", second: "J. Doe", mark: "(S)", want: "second authority, has no power"},
		{name: "by an equal level", authority: "liaison", mark: "(S)", at: day(4)},
		{name: "run out", authority: "liaison", mark: "(S)", want: "no power"},
		{name: "a ring", authority: "ring 1", mark: "(S)", want: "no power"},
		{name: "taken back", authority: "former", mark: "(S)", want: "no power"},
		{name: "before that", authority: "former", mark: "(S)", at: day(1)},
		{name: "another party's", authority: "stranger", mark: "(S)", want: "no power"},
		{name: "nobody", mark: "(S)", want: "nobody is named"},
		{name: "before there were any", authority: "anybody", mark: "(TS)", at: day(0)},
		{name: "the zero marking", authority: "deputy", want: "no power"},
	} {
		x := release.Exercise{Power: c.power, Authority: c.authority, Second: c.second, At: c.at}
		if x.Power == "" {
			x.Power = tearline.PowerConsent
		}
		if x.At.IsZero() {
			x.At = day(8)
		}
		if c.mark != "" {
			x.Over = over(c.mark)
		}
		err := a.Check(x)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// TestAuthoritiesBindTheHolder: without the power the holder's own statement
// has no effect; a partner's word stands whoever gave it.
func TestAuthoritiesBindTheHolder(t *testing.T) {
	given := func(by tearline.PartyID, authority string) func(*world) {
		return func(w *world) {
			c := consent("FRA", "R1/p1", "G1/g1")
			c.Authority = authority
			w.say(by, day(3), c)
		}
	}
	rules := says("USA", 1, &tearline.Delegation{To: "Col. Adler", Powers: []tearline.Power{tearline.PowerConsent, tearline.PowerDowngrade}, UpTo: "SECRET"})
	own := func(more ...func(*world)) func(*world) {
		return func(w *world) {
			w.file("G1", portion("g1", "GBR", "(S//OC/NF)"))
			only("(S)")(w)
			for _, f := range more {
				f(w)
			}
		}
	}
	lowered := func(to string) func(*world) {
		return func(w *world) {
			d := declassify(to, "R1/p1")
			d.Authority = "Col. Adler"
			w.say("USA", day(3), d)
		}
	}
	us := parties("USA")
	checkRule(t, release.RuleMarking, []ruleCase{
		{name: "no delegations", world: own(given("USA", "")), want: yes, basis: tearline.ByConsent},
		{name: "nobody named", world: own(rules, given("USA", "")), want: refer, ask: us},
		{name: "the authority", world: own(rules, given("USA", "Col. Adler")), want: yes, basis: tearline.ByConsent},
		{name: "another", world: own(rules, given("USA", "M. Brandt")), want: refer, ask: us},
		{name: "delegated only afterwards", world: own(given("USA", "M. Brandt"), says("USA", 4, &tearline.Delegation{To: "Col. Adler", Powers: []tearline.Power{tearline.PowerConsent}})), want: yes, basis: tearline.ByConsent},
		{name: "downgraded with the power", world: own(rules, lowered("(C//REL TO USA, FRA)")), want: yes, basis: tearline.ByDeclassification},
		{name: "declassified without", world: own(rules, lowered("")), want: refer, ask: us},
	})
	checkRule(t, release.RuleOriginator, []ruleCase{
		{name: "a partner's", world: from("(S//OC/NF)", rules, given("GBR", "whoever")), want: yes, basis: tearline.ByConsent},
	})
}

// TestReleaseNamesTheDeclassification: a consent that serves only because the
// owner had lowered the mark rests on both.
func TestReleaseNamesTheDeclassification(t *testing.T) {
	w := allies()
	only("(S//NF)")(w)
	lowered := w.say("USA", day(1), declassify("(S)", "R1/p1"))
	consented := w.say("USA", day(2), consent("FRA", "R1/p1"))
	v := w.verdict(t, "R1/p1", ask("FRA"))
	if v.Outcome != yes || v.Basis != tearline.ByConsent || !slices.Equal(v.Statements, []tearline.StatementID{lowered, consented}) {
		t.Errorf("got %s by %s on %v\n%s", v.Outcome, v.Basis, v.Statements, explain(v))
	}
}

// TestTieDegrees: an exclusion that cares about ties of a degree meets those as
// close, and those of which it was not said.
func TestTieDegrees(t *testing.T) {
	tied := func(degree int) func(*world) {
		return from(gbrList, says("GBR", 1, &tearline.Tie{Party: "FRA", To: "RUS", Degree: degree}), says("GBR", 2, &tearline.Exclusion{Party: "RUS", Ties: true, Degree: 3}))
	}
	checkRule(t, release.RuleExclusion, []ruleCase{
		{name: "looser", world: tied(2), want: yes, basis: listed},
		{name: "as close", world: tied(3), want: deny},
		{name: "closer", world: tied(9), want: deny},
		{name: "not said", world: tied(0), want: deny},
		{name: "any", world: from(gbrList, says("GBR", 1, &tearline.Tie{Party: "FRA", To: "RUS", Degree: 1}), says("GBR", 2, &tearline.Exclusion{Party: "RUS", Ties: true})), want: deny},
		{name: "without ties", world: from(gbrList, says("GBR", 1, &tearline.Tie{Party: "FRA", To: "RUS"}), says("GBR", 2, &tearline.Exclusion{Party: "RUS", Degree: 3})), want: yes, basis: listed},
	})
}
