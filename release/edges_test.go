package release_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/marking"
	"tearline/release"
)

// The tables here have the edges of the rules: the instant at which something
// begins or ends, and what holds if two things hold at once.

const heldBack = "(S//OC/NF)"

// termed is a consent of GBR's to what FRA asks for, with a term.
func termed(said int, m tearline.Term) func(*world) {
	c := consent("FRA", "R1/p1")
	c.Term = m
	return says("GBR", said, c)
}

func TestInForce(t *testing.T) {
	gbr := parties("GBR")
	takenBack := func(on int) func(*world) {
		return func(w *world) {
			w.say("GBR", day(on), &tearline.Revocation{Of: w.say("GBR", day(1), consent("FRA", "R1/p1"))})
		}
	}
	checkRule(t, release.RuleOriginator, []ruleCase{
		{name: "from a day to come", world: from(heldBack, termed(1, tearline.Term{From: day(11)})), want: refer, ask: gbr},
		{name: "from this instant", world: from(heldBack, termed(1, tearline.Term{From: day(10)})), want: yes, basis: tearline.ByConsent},
		{name: "until this instant", world: from(heldBack, termed(1, tearline.Term{Until: day(10)})), want: refer, ask: gbr},
		{name: "until a day to come", world: from(heldBack, termed(1, tearline.Term{Until: day(11)})), want: yes, basis: tearline.ByConsent},
		{name: "said tomorrow, from yesterday", world: from(heldBack, termed(11, tearline.Term{From: day(9)})), want: refer, ask: gbr},
		{name: "said at this instant", world: from(heldBack, termed(10, tearline.Term{})), want: yes, basis: tearline.ByConsent},
		{name: "taken back at this instant", world: from(heldBack, takenBack(10)), want: refer, ask: gbr},
		{name: "taken back tomorrow", world: from(heldBack, takenBack(11)), want: yes, basis: tearline.ByConsent},
		{name: "freely, then not, and that ended", world: from("(S)", says("GBR", 1, agreement(tearline.OnwardFree)), func(w *world) {
			w.say("GBR", day(3), &tearline.Revocation{Of: w.say("GBR", day(2), agreement(tearline.OnwardAsk))})
		}), want: refer, ask: gbr},
		{name: "freely, and from tomorrow no longer", world: from(
			"(S)", says("GBR", 1, agreement(tearline.OnwardFree)), says("GBR", 11, agreement(tearline.OnwardAsk)),
		), want: yes, basis: tearline.ByAgreement},
	})
}

func TestStrangersDoNotConsent(t *testing.T) {
	gbr := parties("GBR")
	checkRule(t, release.RuleOriginator, []ruleCase{
		{name: "a stranger", world: from(heldBack, says("DEU", 1, consent("FRA", "R1/p1", "G1/g1"))), want: refer, ask: gbr},
		{name: "the recipient", world: from(heldBack, says("FRA", 1, consent("FRA", "R1/p1", "G1/g1"))), want: refer, ask: gbr},
		{name: "for another recipient", world: from(heldBack, says("GBR", 1, consent("DEU", "R1/p1"))), want: refer, ask: gbr},
	})
}

// TestStrangersDoNotAgree: what two have agreed no third changes.
func TestStrangersDoNotAgree(t *testing.T) {
	checkRule(t, release.RuleThirdParty, []ruleCase{
		{name: "never, and a stranger says ask", world: from(
			gbrList, says("USA", 1, agreement(tearline.OnwardNever)), says("FRA", 2, agreement(tearline.OnwardAsk)),
		), want: deny},
		{name: "ask, and a stranger says never", world: from(
			gbrList, says("USA", 1, agreement(tearline.OnwardAsk)), says("DEU", 2, agreement(tearline.OnwardNever)),
		), want: yes, basis: listed},
	})
}

// TestEachSourceCounts: one portion that may go frees no other.
func TestEachSourceCounts(t *testing.T) {
	two := func(first, second string) func(*world) {
		return func(w *world) {
			w.file("G1", portion("g1", "GBR", first), portion("g2", "GBR", second))
			w.file("R1", portion("p1", "USA", usList, "G1/g1", "G1/g2"))
		}
	}
	gbr := parties("GBR")
	checkRule(t, release.RuleOriginator, []ruleCase{
		{name: "the second is not listed", world: two(gbrList, "(S)"), want: refer, ask: gbr},
		{name: "the first is not listed", world: two("(S)", gbrList), want: refer, ask: gbr},
		{name: "both are", world: two(gbrList, gbrList), want: yes, basis: listed},
	})
}

// TestWeakestWayStrongestRule: the basis is the weakest of the ways to satisfy a
// rule, and the strongest of what the rules needed.
func TestWeakestWayStrongestRule(t *testing.T) {
	checkRule(t, release.RuleOriginator, []ruleCase{
		{name: "a standing and a particular consent", world: from(
			heldBack, says("GBR", 1, agreement("", inAdvance("SECRET", "FRA"))), says("GBR", 2, consent("FRA", "R1/p1")),
		), want: yes, basis: tearline.ByStandingConsent},
		{name: "its list and a free agreement", world: from(gbrList, says("USA", 1, agreement(tearline.OnwardFree))), want: yes, basis: listed},
		{name: "its list and a consent", world: from(gbrList, says("GBR", 1, consent("FRA", "R1/p1"))), want: yes, basis: listed},
		{name: "one by consent, the next by its list", world: func(w *world) {
			w.file("G1", portion("g1", "DEU", heldBack), portion("g2", "GBR", gbrList))
			w.file("R1", portion("p1", "USA", usList, "G1/g1", "G1/g2"))
			w.say("DEU", day(1), consent("FRA", "R1/p1"))
		}, want: yes, basis: tearline.ByConsent},
		{name: "one by its list, the next by consent", world: func(w *world) {
			w.file("G1", portion("g1", "DEU", gbrList), portion("g2", "GBR", heldBack))
			w.file("R1", portion("p1", "USA", usList, "G1/g1", "G1/g2"))
			w.say("GBR", day(1), consent("FRA", "R1/p1"))
		}, want: yes, basis: tearline.ByConsent},
	})
}

// TestAgreementsForPurposes: what an agreement allows it allows for its
// purposes; what it forbids it forbids for any.
func TestAgreementsForPurposes(t *testing.T) {
	gbr := parties("GBR")
	customs := func(change func(*tearline.Agreement)) func(*world) {
		return says("USA", 1, between("GBR", func(a *tearline.Agreement) { a.Purposes = []string{"customs"}; change(a) }))
	}
	free := customs(func(a *tearline.Agreement) { a.Onward = tearline.OnwardFree })
	never := customs(func(a *tearline.Agreement) { a.Onward = tearline.OnwardNever })
	inIt := customs(func(a *tearline.Agreement) { a.Standing = []tearline.StandingConsent{inAdvance("SECRET", "FRA")} })
	wide := says("USA", 2, between("GBR", func(a *tearline.Agreement) { a.Name = "wide" }))
	checkRule(t, release.RuleOriginator, []ruleCase{
		{name: "free for another purpose", world: from("(S)", free, wide), want: refer, ask: gbr},
		{name: "free for the purpose", world: from("(S)", free, wide), with: forPurpose("customs"), want: yes, basis: tearline.ByAgreement},
		{name: "standing consent in one for another purpose", world: from("(S)", inIt, wide), want: refer, ask: gbr},
		{name: "standing consent in one for the purpose", world: from("(S)", inIt, wide), with: forPurpose("customs"), want: yes, basis: tearline.ByStandingConsent},
	})
	checkRule(t, release.RuleThirdParty, []ruleCase{
		{name: "never, in one for another purpose", world: from(gbrList, never, wide), want: deny},
		{name: "never, in one for the purpose", world: from(gbrList, never, wide), with: forPurpose("customs"), want: deny},
	})
}

func TestConsentFitsAtItsEdges(t *testing.T) {
	gbr := parties("GBR")
	disclosed := func(at int) func(*world) {
		return func(w *world) {
			id := w.statements[len(w.statements)-1].ID
			w.say("USA", day(at), &tearline.Disclosure{Recipient: "FRA", Mode: tearline.Document, Items: []tearline.DisclosedItem{
				{Portion: refOf("R1/p1"), Statements: []tearline.StatementID{id}},
			}})
		}
	}
	checkRule(t, release.RuleOriginator, []ruleCase{
		{name: "orally only, shown", world: from(heldBack, conditional(tearline.OrallyOnly)), with: by(tearline.Visual), want: refer, ask: gbr},
		{name: "one copy, handed out yesterday", world: from(heldBack, limited("copies=1"), disclosed(9)), want: refer, ask: gbr},
		{name: "one copy, handed out at this instant", world: from(heldBack, limited("copies=1"), disclosed(10)), want: yes, basis: tearline.ByConsent},
		{name: "no copies", world: from(heldBack, limited("copies=0")), want: refer, ask: gbr},
		{name: "two conditions, one of which fits", world: from(heldBack, limited(tearline.ViewOnly, tearline.OrallyOnly)), with: by(tearline.Visual), want: refer, ask: gbr},
		{name: "of a partner's officer who bears the name of ours", world: from(heldBack, func(w *world) {
			c := consent("FRA", "R1/p1")
			c.Authority = "Col. Adler"
			w.say("GBR", day(1), c)
		}), with: func(q *release.Request) { q.Officer = "Col. Adler" }, want: yes, basis: tearline.ByConsent},
	})
}

// TestTearLineOfWhatIsNamed: consent to the tear line of a portion names its
// wording, and the portion itself in no way.
func TestTearLineOfWhatIsNamed(t *testing.T) {
	w := allies()
	p := portion("p1", "GBR", "(S)")
	p.Tear = "(S)"
	w.file("R1", p)
	c := consent("FRA", "R1/p1")
	c.Conditions = []tearline.Condition{tearline.TearLineOnly}
	w.say("GBR", day(1), c)
	for ref, want := range map[string]tearline.Outcome{"R1/p1": refer, "R1/p1~tear": yes} {
		if v := w.verdict(t, ref, ask("FRA")); v.Outcome != want {
			t.Errorf("%s: want %s\n%s", ref, want, explain(v))
		}
	}
}

// TestDenialAsksNobody: where one rule denies, there is nobody to be asked,
// whatever another refers to.
func TestDenialAsksNobody(t *testing.T) {
	w := allies()
	w.file("G1", portion("g1", "GBR", heldBack))
	w.file("R1", portion("p1", "USA", usList, "G1/g1"))
	w.say("GBR", day(1), &tearline.Exclusion{Party: "FRA"})
	if v := w.verdict(t, "R1/p1", ask("FRA")); v.Outcome != deny || len(v.Ask) > 0 {
		t.Errorf("want deny, and nobody to be asked\n%s", explain(v))
	}
}

// TestDateAmongDeclassifications: a date of declassification counts as said on
// the date, by the report's originator, and over its own portions only.
func TestDateAmongDeclassifications(t *testing.T) {
	w := allies()
	w.say("USA", day(0), &tearline.Filing{
		Report: "R1", Originator: "GBR", Policy: "us", Date: "2026-01-01", DeclassifyOn: "2026-01-10",
		Portions: []tearline.FiledPortion{portion("p1", "GBR", "(S//NF)"), portion("p2", "USA", "(S//NF)"), portion("p3", "GBR", "(U)")},
	})
	w.say("GBR", day(2), declassify("(C//NF)", "R1/p1"))
	for n, want := range map[int]map[string]tearline.Outcome{8: {"R1/p1": deny, "R1/p2": deny}, 10: {"R1/p1": yes, "R1/p2": deny}} {
		q := ask("FRA")
		q.At = day(n)
		for ref, outcome := range want {
			if v := w.verdict(t, ref, q); v.Outcome != outcome {
				t.Errorf("%s on day %d: want %s\n%s", ref, n, outcome, explain(v))
			}
		}
		if v := w.verdict(t, "R1/p3", q); v.Outcome != yes || v.Basis != listed {
			t.Errorf("day %d: what was filed as open needs no date\n%s", n, explain(v))
		}
	}
}

// TestChainOfDelegations: a power passes through eight hands and no more.
func TestChainOfDelegations(t *testing.T) {
	w := new(world)
	hand := func(n int) string { return fmt.Sprintf("hand %d", n) }
	for n := range 10 {
		d := &tearline.Delegation{To: hand(n), Powers: []tearline.Power{tearline.PowerConsent}, Onward: true}
		if n > 0 {
			d.Delegator = hand(n - 1)
		}
		w.say("USA", day(1), d)
	}
	a := release.NewAuthorities("USA", w.statements)
	for n := range 10 {
		err := a.Check(release.Exercise{Power: tearline.PowerConsent, Authority: hand(n), At: day(2)})
		if (err == nil) != (n <= 8) {
			t.Errorf("%s: %v", hand(n), err)
		}
	}
}

// TestPowerOverLowerLevels: a power up to a level is one over those below it.
func TestPowerOverLowerLevels(t *testing.T) {
	us, _ := marking.Lookup("us")
	w := new(world)
	w.say("USA", day(1), &tearline.Delegation{To: "the deputy", Powers: []tearline.Power{tearline.PowerConsent}, UpTo: "SECRET"})
	a := release.NewAuthorities("USA", w.statements)
	for mark, want := range map[string]bool{"(U)": true, "(C)": true, "(S//NF)": true, "(TS)": false} {
		over, err := us.Parse(mark)
		if err != nil {
			t.Fatal(err)
		}
		err = a.Check(release.Exercise{Power: tearline.PowerConsent, Authority: "the deputy", Over: over, At: day(2)})
		if (err == nil) != want {
			t.Errorf("up to SECRET, over %s: %v", mark, err)
		}
	}
}

// TestWhoseDiscretion: only an authority with the power to disclose, and only
// what the rules do not release.
func TestWhoseDiscretion(t *testing.T) {
	decided := func(authority string, powers ...tearline.Power) release.Decision {
		w := allies()
		w.file("R1", portion("p1", "USA", "(S//NF)"), portion("p2", "USA", "(U)"))
		w.say("USA", day(1), &tearline.Delegation{To: "the director", Powers: powers})
		w.say("USA", day(2), &tearline.Discretion{
			Portions: refs("R1/p1", "R1/p2"), Recipient: "FRA", Modes: []tearline.Mode{tearline.Document}, Because: "lives are at risk", Authority: authority,
		})
		return w.decide(t, "R1", ask("FRA")).WithDiscretion(w.facts(t))
	}
	for _, c := range []struct {
		authority string
		power     tearline.Power
		want      tearline.Basis
	}{
		{"the director", tearline.PowerDisclose, tearline.ByDiscretion},
		{"the director", tearline.PowerConsent, tearline.ByNothing},
		{"the clerk", tearline.PowerDisclose, tearline.ByNothing},
	} {
		d := decided(c.authority, c.power)
		if basis, _ := d.May("p1"); basis != c.want {
			t.Errorf("%s, where the power to %s is the director's: by %q, want %q", c.authority, c.power, basis, c.want)
		}
		if v, _ := d.Verdict("p2"); v.Discretion != "" || v.Basis != listed {
			t.Errorf("what is open goes at discretion %q by %q", v.Discretion, v.Basis)
		}
	}
}

// TestDelegatedAtThatInstant: a power is needed when it is used, neither before
// nor after.
func TestDelegatedAtThatInstant(t *testing.T) {
	use := func(said int) tearline.Outcome {
		w := allies()
		only("(S)")(w)
		w.say("USA", day(1), &tearline.Delegation{To: "the director", Powers: []tearline.Power{tearline.PowerConsent}})
		w.say("USA", day(2), &tearline.Delegation{To: "the deputy", Powers: []tearline.Power{tearline.PowerConsent}, Term: tearline.Term{From: day(4), Until: day(6)}})
		c := consent("FRA", "R1/p1")
		c.Authority = "the deputy"
		w.say("USA", day(said), c)
		return w.verdict(t, "R1/p1", ask("FRA")).Outcome
	}
	got := map[int]tearline.Outcome{3: use(3), 4: use(4), 5: use(5), 6: use(6)}
	if diff := cmp.Diff(map[int]tearline.Outcome{3: refer, 4: yes, 5: yes, 6: refer}, got); diff != "" {
		t.Errorf("by the day of the consent (-want +got):\n%s", diff)
	}
}

// TestFirstRecordHoldsBefore: a party is no stranger in its own past, but what
// a later record says does not hold before it.
func TestFirstRecordHoldsBefore(t *testing.T) {
	w := new(world)
	w.say("USA", day(3), &tearline.PartyRecord{Party: "USA"})
	w.say("USA", day(3), &tearline.PartyRecord{Party: "FRA"})
	w.say("USA", day(6), &tearline.PartyRecord{Party: "FRA", MemberOf: parties("NATO")})
	only("(S//REL TO USA, NATO)")(w)
	for n, want := range map[int]tearline.Outcome{1: refer, 5: refer, 6: yes} {
		q := ask("FRA")
		q.At = day(n).Add(time.Hour)
		if v := w.verdict(t, "R1/p1", q); v.Outcome != want {
			t.Errorf("day %d: want %s\n%s", n, want, explain(v))
		}
	}
}
