package release_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/release"
)

// A ruleCase is a world in which one rule alone stands against a release, so
// that a rule that is not asked, or gives way too early, fails a test by its
// name.
type ruleCase struct {
	name  string
	world func(w *world)
	to    tearline.PartyID // FRA if empty
	with  func(q *release.Request)
	want  tearline.Outcome
	ask   []tearline.PartyID
	basis tearline.Basis
}

// checkRule decides R1/p1 in each world. Whatever is not released must have
// reasons of that rule alone.
func checkRule(t *testing.T, rule release.Rule, cases []ruleCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := allies()
			c.world(w)
			if c.to == "" {
				c.to = "FRA"
			}
			q := ask(c.to)
			if c.with != nil {
				c.with(&q)
			}
			v := w.verdict(t, "R1/p1", q)
			if v.Outcome != c.want || v.Basis != c.basis || !cmp.Equal(v.Ask, c.ask) {
				t.Errorf("got %s by %q, ask %v; want %s by %q, ask %v\n%s", v.Outcome, v.Basis, v.Ask, c.want, c.basis, c.ask, explain(v))
			}
			for _, r := range v.Reasons {
				if r.Outcome != tearline.Release && r.Rule != rule {
					t.Errorf("rule %s stands against it, too: %s", r.Rule, r.Text)
				}
			}
			n := naive{all: w.statements, q: q}.decide(refOf("R1/p1"))
			if n.Outcome != c.want || n.Basis != c.basis || !cmp.Equal(n.Ask, c.ask) {
				t.Errorf("the table, read plainly, says %+v", n)
			}
		})
	}
}

const (
	deny    = tearline.Deny
	refer   = tearline.Refer
	yes     = tearline.Release
	listed  = tearline.ByMarking
	usList  = "(S//REL TO USA, FRA)"
	gbrList = "(S//REL TO USA, FRA, GBR)"
)

func parties(list ...tearline.PartyID) []tearline.PartyID { return list }

func consent(to tearline.PartyID, portions ...string) *tearline.Consent {
	return &tearline.Consent{Granted: true, Recipient: to, Portions: refs(portions...)}
}

func declassify(to string, portions ...string) *tearline.Declassification {
	return &tearline.Declassification{Portions: refs(portions...), To: to, Because: "the reason has passed", Authority: "the director"}
}

func only(mark string) func(*world) {
	return func(w *world) { w.file("R1", portion("p1", "USA", mark)) }
}

func TestRuleMarking(t *testing.T) {
	us := parties("USA")
	checkRule(t, release.RuleMarking, []ruleCase{
		{name: "open", world: only("(U)"), want: yes, basis: listed},
		{name: "silent", world: only("(S)"), want: refer, ask: us},
		{name: "silent, own nation", world: only("(S)"), to: "USA-FBI", want: yes, basis: listed},
		{name: "named", world: only(usList), want: yes, basis: listed},
		{name: "not named", world: only("(S//REL TO USA, GBR)"), want: refer, ask: us},
		{name: "named by nation", world: only("(S//REL TO USA, GBR)"), to: "GBR-SIS", want: yes, basis: listed},
		{name: "named by coalition", world: only("(S//REL TO USA, NATO)"), want: yes, basis: listed},
		{name: "membership is not inherited", world: only("(S//REL TO USA, NATO)"), to: "GBR-SIS", want: refer, ask: us},
		{name: "coalition left by then", world: func(w *world) {
			w.file("R1", portion("p1", "USA", "(S//REL TO USA, NATO)"))
			w.say("USA", day(5), &tearline.PartyRecord{Party: "FRA"})
		}, want: refer, ask: us},
		{name: "coalition joined by its own word", world: func(w *world) {
			w.file("R1", portion("p1", "USA", "(S//REL TO USA, FVEY)"))
			w.say("FRA", day(5), &tearline.PartyRecord{Party: "FRA", MemberOf: parties("FVEY")})
		}, want: refer, ask: us},
		{name: "NOFORN", world: only("(S//NF)"), want: deny},
		{name: "NOFORN, own nation", world: only("(S//NF)"), to: "USA-FBI", want: yes, basis: listed},
		{name: "NOFORN, consent of the originator", world: func(w *world) {
			w.file("R1", portion("p1", "USA", "(S//NF)"))
			w.say("USA", day(5), consent("FRA", "R1/p1"))
		}, want: deny},
		{name: "silent, consent of the originator", world: func(w *world) {
			w.file("R1", portion("p1", "USA", "(S)"))
			w.say("USA", day(5), consent("FRA", "R1/p1"))
		}, want: yes, basis: tearline.ByConsent},
		{name: "silent, consent to another", world: func(w *world) {
			w.file("R1", portion("p1", "USA", "(S)"))
			w.say("USA", day(5), consent("DEU", "R1/p1"))
		}, want: refer, ask: us},
		{name: "silent, refused", world: func(w *world) {
			w.file("R1", portion("p1", "USA", "(S)"))
			w.say("USA", day(5), &tearline.Consent{Recipient: "FRA", Portions: refs("R1/p1")})
		}, want: refer, ask: us},
		{name: "NOFORN, declassified", world: func(w *world) {
			w.file("R1", portion("p1", "USA", "(S//NF)"))
			w.say("USA", day(5), declassify("", "R1/p1"))
		}, want: yes, basis: tearline.ByDeclassification},
		{name: "NOFORN, downgraded to a list", world: func(w *world) {
			w.file("R1", portion("p1", "USA", "(S//NF)"))
			w.say("USA", day(5), declassify(usList, "R1/p1"))
		}, want: yes, basis: tearline.ByDeclassification},
		{name: "the newest declassification counts", world: func(w *world) {
			w.file("R1", portion("p1", "USA", "(S//NF)"))
			w.say("USA", day(5), declassify("", "R1/p1"))
			w.say("USA", day(6), declassify("(S//REL TO USA, GBR)", "R1/p1"))
		}, want: refer, ask: us},
		{name: "silent, agreed to in advance by another for it", world: func(w *world) {
			w.file("R1", portion("p1", "USA", "(S)"))
			v := agreement("", inAdvance("SECRET", "FRA"))
			v.Standing[0].By = "USA"
			w.say("GBR", day(5), v)
		}, want: refer, ask: us},
		{name: "silent, agreed to in advance", world: func(w *world) {
			w.file("R1", portion("p1", "USA", "(S)"))
			v := agreement("", inAdvance("SECRET", "FRA"))
			v.Standing[0].By = "USA"
			w.say("USA", day(5), v)
		}, want: yes, basis: tearline.ByStandingConsent},
		{name: "NOFORN, declassified by another", world: func(w *world) {
			w.file("R1", portion("p1", "USA", "(S//NF)"))
			w.say("FRA", day(5), declassify("", "R1/p1"))
		}, want: deny},
		{name: "NOFORN, declassified to no mark", world: func(w *world) {
			w.file("R1", portion("p1", "USA", "(S//NF)"))
			w.say("USA", day(5), declassify("as you like it", "R1/p1"))
		}, want: deny},
		{name: "NOFORN, declassification taken back", world: func(w *world) {
			w.file("R1", portion("p1", "USA", "(S//NF)"))
			id := w.say("USA", day(5), declassify("", "R1/p1"))
			w.say("USA", day(6), &tearline.Revocation{Of: id})
		}, want: deny},
		{name: "TLP:CLEAR", world: tlp("USA", "(TLP:CLEAR)"), want: yes, basis: listed},
		{name: "TLP:GREEN, same community", world: tlp("USA", "(TLP:GREEN)"), want: yes, basis: listed},
		{name: "TLP:GREEN, another community", world: tlp("USA", "(TLP:GREEN)"), to: "RUS", want: refer, ask: us},
		{name: "TLP:AMBER", world: tlp("USA", "(TLP:AMBER)"), want: refer, ask: us},
		{name: "TLP:AMBER, own nation is not own organisation", world: tlp("USA", "(TLP:AMBER)"), to: "USA-FBI", want: refer, ask: us},
		{name: "TLP:GREEN, the originator without a community", world: tlp("RUS", "(TLP:GREEN)"), to: "RUS", want: yes, basis: listed},
		{name: "NOFORN of another's, to the policy's own nation, by consent", world: func(w *world) {
			w.file("R1", portion("p1", "GBR", "(S//NF)"))
			w.say("GBR", day(1), consent("USA-FBI", "R1/p1"))
		}, to: "USA-FBI", want: yes, basis: tearline.ByConsent},
		{name: "own nation left out of the list", world: func(w *world) {
			w.file("R1", portion("p1", "GBR", "(S//REL TO USA, FRA)"))
			w.say("GBR", day(1), agreement(tearline.OnwardFree))
		}, to: "GBR-SIS", want: refer, ask: parties("GBR")},
		{name: "TLP:RED, the originator's own", world: tlp("FRA", "(TLP:RED)"), want: yes, basis: listed},
	})
}

func tlp(by tearline.PartyID, mark string) func(*world) {
	return func(w *world) { w.filePolicy("tlp", "R1", portion("p1", by, mark)) }
}

func TestRuleClearance(t *testing.T) {
	with := func(ceilings ...string) func(*world) {
		return func(w *world) {
			w.file("R1", portion("p1", "USA", usList))
			for i, c := range ceilings {
				w.say("USA", day(1+i), &tearline.Agreement{
					Name: []string{"alpha", "bravo"}[i], Parties: [2]tearline.PartyID{"USA", "FRA"}, Ceiling: c,
				})
			}
		}
	}
	person := func(clearance string, readIns ...string) func(*release.Request) {
		return func(q *release.Request) {
			q.Person = &release.Person{Name: "A. Reader", Clearance: clearance, ReadIns: readIns}
		}
	}
	sci := only("(TS//SI/TK//REL TO USA, FRA)")
	checkRule(t, release.RuleClearance, []ruleCase{
		{name: "no agreement", world: with(), want: yes, basis: listed},
		{name: "within", world: with("SECRET"), want: yes, basis: listed},
		{name: "above", world: with("CONFIDENTIAL"), want: deny},
		{name: "the highest counts", world: with("CONFIDENTIAL", "TOP SECRET"), want: yes, basis: listed},
		{name: "the highest counts, said first", world: with("TOP SECRET", "CONFIDENTIAL"), want: yes, basis: listed},
		{name: "no equivalence", world: with("TLP:RED"), want: deny},
		{name: "no ceiling", world: with(""), want: deny},
		{name: "one with, one without", world: with("", "SECRET"), want: yes, basis: listed},
		{name: "between others", world: func(w *world) {
			w.file("R1", portion("p1", "USA", usList))
			w.say("USA", day(1), &tearline.Agreement{Name: "alpha", Parties: [2]tearline.PartyID{"USA", "DEU"}, Ceiling: "CONFIDENTIAL"})
		}, want: yes, basis: listed},
		{name: "raised by the recipient", world: func(w *world) {
			with("CONFIDENTIAL")(w)
			w.say("FRA", day(5), &tearline.Agreement{Name: "alpha", Parties: [2]tearline.PartyID{"USA", "FRA"}, Ceiling: "TOP SECRET"})
		}, want: deny},
		{name: "by the recipient's word alone", world: func(w *world) {
			with()(w)
			w.say("FRA", day(5), &tearline.Agreement{Name: "alpha", Parties: [2]tearline.PartyID{"FRA", "USA"}, Ceiling: "CONFIDENTIAL"})
		}, want: deny},
		{name: "replaced by a lower", world: func(w *world) {
			with("SECRET")(w)
			w.say("USA", day(5), &tearline.Agreement{Name: "alpha", Parties: [2]tearline.PartyID{"FRA", "USA"}, Ceiling: "CONFIDENTIAL"})
		}, want: deny},
		{name: "expired", world: func(w *world) {
			w.file("R1", portion("p1", "USA", usList))
			w.say("USA", day(1), &tearline.Agreement{
				Name: "alpha", Parties: [2]tearline.PartyID{"USA", "FRA"}, Ceiling: "CONFIDENTIAL", Term: tearline.Term{Until: day(9)},
			})
		}, want: yes, basis: listed},
		{name: "downgraded to within", world: func(w *world) {
			with("CONFIDENTIAL")(w)
			w.say("USA", day(5), declassify("(C//REL TO USA, FRA)", "R1/p1"))
		}, want: yes, basis: tearline.ByDeclassification},
		{name: "person cleared", world: with(), with: person("SECRET"), want: yes, basis: listed},
		{name: "person cleared too low", world: with(), with: person("CONFIDENTIAL"), want: deny},
		{name: "person not cleared", world: with(), with: person(""), want: deny},
		{name: "person cleared for a level unheard of", world: with(), with: person("COSMIC ULTRA"), want: deny},
		{name: "person for what is open", world: only("(U)"), with: person(""), want: yes, basis: listed},
		{name: "person read in", world: sci, with: person("TOP SECRET", "TK", "SI"), want: yes, basis: listed},
		{name: "person read into less", world: sci, with: person("TOP SECRET", "SI"), want: deny},
	})
}

// from is a portion of USA's that FRA may have, resting on one of GBR's.
func from(mark string, more ...func(*world)) func(*world) {
	return func(w *world) {
		w.file("G1", portion("g1", "GBR", mark), portion("g2", "GBR", "(U)"))
		w.file("R1", portion("p1", "USA", usList, "G1/g1"))
		for _, f := range more {
			f(w)
		}
	}
}

func says(by tearline.PartyID, on int, what tearline.Predicate) func(*world) {
	return func(w *world) { w.say(by, day(on), what) }
}

func agreement(onward tearline.Onward, standing ...tearline.StandingConsent) *tearline.Agreement {
	return &tearline.Agreement{Name: "UKUSA", Parties: [2]tearline.PartyID{"GBR", "USA"}, Ceiling: "TOP SECRET", Onward: onward, Standing: standing}
}

// inAdvance is a standing consent of GBR's.
func inAdvance(upTo string, to ...tearline.PartyID) tearline.StandingConsent {
	return tearline.StandingConsent{By: "GBR", UpTo: upTo, To: to}
}

func TestRuleOriginator(t *testing.T) {
	gbr := parties("GBR")
	const silent, orcon, orconList = "(S)", "(S//OC/NF)", "(S//OC/REL TO USA, FRA)"
	checkRule(t, release.RuleOriginator, []ruleCase{
		{name: "open", world: from("(U)"), want: yes, basis: listed},
		{name: "silent", world: from(silent), want: refer, ask: gbr},
		{name: "to the originator", world: func(w *world) {
			w.file("G1", portion("g1", "FRA", orcon))
			w.file("R1", portion("p1", "USA", usList, "G1/g1"))
		}, want: yes, basis: listed},
		{name: "its own list", world: from(gbrList), want: yes, basis: listed},
		{name: "its own list, ORCON", world: from(orconList), want: refer, ask: gbr},
		{name: "its own list names others", world: from("(S//REL TO USA, GBR)"), want: refer, ask: gbr},
		{name: "free agreement", world: from(silent, says("USA", 1, agreement(tearline.OnwardFree))), want: yes, basis: tearline.ByAgreement},
		{name: "free agreement is weaker than declassification", world: from(
			silent, says("USA", 1, agreement(tearline.OnwardFree)), says("GBR", 2, declassify("", "G1/g1")),
		), want: yes, basis: tearline.ByAgreement},
		{name: "free agreement, ORCON", world: from(orcon, says("USA", 1, agreement(tearline.OnwardFree))), want: refer, ask: gbr},
		{name: "asking agreement", world: from(silent, says("USA", 1, agreement(tearline.OnwardAsk))), want: refer, ask: gbr},
		{name: "free no longer, by the originator's word", world: from(
			silent, says("USA", 1, agreement(tearline.OnwardFree)), says("GBR", 2, agreement(tearline.OnwardAsk)),
		), want: refer, ask: gbr},
		{name: "free no longer, named the other way round", world: from(
			silent, says("USA", 1, agreement(tearline.OnwardFree)),
			says("GBR", 2, &tearline.Agreement{Name: "UKUSA", Parties: [2]tearline.PartyID{"USA", "GBR"}, Onward: tearline.OnwardAsk}),
		), want: refer, ask: gbr},
		{name: "free by a stranger's word", world: from(silent, says("DEU", 1, agreement(tearline.OnwardFree))), want: refer, ask: gbr},
		{name: "source of a source", world: func(w *world) {
			w.file("G1", portion("g1", "GBR", orcon))
			w.file("M1", portion("m1", "DEU", "(U)", "G1/g1"))
			w.file("R1", portion("p1", "USA", usList, "M1/m1"))
		}, want: refer, ask: gbr},
		{name: "two to ask", world: func(w *world) {
			w.file("G1", portion("g1", "GBR", orcon), portion("g2", "DEU", orcon))
			w.file("R1", portion("p1", "USA", usList, "G1/g1", "G1/g2"))
		}, want: refer, ask: parties("DEU", "GBR")},
		{name: "consent for the portion", world: from(orcon, says("GBR", 1, consent("FRA", "R1/p1"))), want: yes, basis: tearline.ByConsent},
		{name: "consent for the source", world: from(orcon, says("GBR", 1, consent("FRA", "G1/g1"))), want: yes, basis: tearline.ByConsent},
		{name: "consent for one of two sources", world: func(w *world) {
			w.file("G1", portion("g1", "GBR", orcon), portion("g2", "GBR", orcon))
			w.file("R1", portion("p1", "USA", usList, "G1/g1", "G1/g2"))
			w.say("GBR", day(1), consent("FRA", "G1/g1"))
		}, want: refer, ask: gbr},
		{name: "two halves are no consent", world: func(w *world) {
			w.file("G1", portion("g1", "GBR", orcon), portion("g2", "GBR", orcon))
			w.file("R1", portion("p1", "USA", usList, "G1/g1", "G1/g2"))
			w.say("GBR", day(1), consent("FRA", "G1/g1"))
			w.say("GBR", day(1), consent("FRA", "G1/g2"))
		}, want: refer, ask: gbr},
		{name: "consent for both sources", world: func(w *world) {
			w.file("G1", portion("g1", "GBR", orcon), portion("g2", "GBR", orcon))
			w.file("R1", portion("p1", "USA", usList, "G1/g1", "G1/g2"))
			w.say("GBR", day(1), consent("FRA", "G1/g1", "G1/g2"))
		}, want: yes, basis: tearline.ByConsent},
		{name: "consent by the holder for another", world: from(orcon, says("USA", 1, consent("FRA", "R1/p1", "G1/g1"))), want: refer, ask: gbr},
		{name: "consent not yet given", world: from(orcon, says("GBR", 11, consent("FRA", "R1/p1"))), want: refer, ask: gbr},
		{name: "consent that has run out", world: from(orcon, func(w *world) {
			c := consent("FRA", "R1/p1")
			c.Until = day(10)
			w.say("GBR", day(1), c)
		}), want: refer, ask: gbr},
		{name: "consent taken back", world: from(orcon, func(w *world) {
			w.say("GBR", day(2), &tearline.Revocation{Of: w.say("GBR", day(1), consent("FRA", "R1/p1"))})
		}), want: refer, ask: gbr},
		{name: "consent taken back twice", world: from(orcon, func(w *world) {
			id := w.say("GBR", day(1), consent("FRA", "R1/p1"))
			w.say("GBR", day(2), &tearline.Revocation{Of: id})
			w.say("GBR", day(12), &tearline.Revocation{Of: id})
		}), want: refer, ask: gbr},
		{name: "consent taken back by another", world: from(orcon, func(w *world) {
			w.say("USA", day(2), &tearline.Revocation{Of: w.say("GBR", day(1), consent("FRA", "R1/p1"))})
		}), want: yes, basis: tearline.ByConsent},
		{name: "orally only", world: from(orcon, conditional(tearline.OrallyOnly)), want: refer, ask: gbr},
		{name: "orally only, told", world: from(orcon, conditional(tearline.OrallyOnly)), with: by(tearline.Oral), want: yes, basis: tearline.ByConsent},
		{name: "view only", world: from(orcon, conditional(tearline.ViewOnly)), want: refer, ask: gbr},
		{name: "view only, shown", world: from(orcon, conditional(tearline.ViewOnly)), with: by(tearline.Visual), want: yes, basis: tearline.ByConsent},
		{name: "view only, told", world: from(orcon, conditional(tearline.ViewOnly)), with: by(tearline.Oral), want: yes, basis: tearline.ByConsent},
		{name: "another purpose", world: from(orcon, conditional("purpose=air safety")), want: refer, ask: gbr},
		{
			name: "that purpose", world: from(orcon, conditional("purpose=air safety")),
			with: func(q *release.Request) { q.Purpose = "air safety" }, want: yes, basis: tearline.ByConsent,
		},
		{name: "a caveat in words", world: from(orcon, conditional("tell nobody the date")), want: yes, basis: tearline.ByConsent},
		{name: "standing", world: from(orcon, says("USA", 1, agreement("", inAdvance("SECRET", "NATO")))), want: yes, basis: tearline.ByStandingConsent},
		{name: "standing, by its own word", world: from(orcon, says("GBR", 1, agreement("", inAdvance("SECRET", "FRA")))), want: yes, basis: tearline.ByStandingConsent},
		{name: "standing, too low", world: from(orcon, says("USA", 1, agreement("", inAdvance("CONFIDENTIAL", "NATO")))), want: refer, ask: gbr},
		{name: "standing, level of another policy", world: from(orcon, says("USA", 1, agreement("", inAdvance("TLP:RED", "NATO")))), want: refer, ask: gbr},
		{name: "standing, taken back", world: from(orcon, func(w *world) {
			w.say("GBR", day(2), &tearline.Revocation{Of: w.say("GBR", day(1), agreement("", inAdvance("SECRET", "FRA")))})
		}), want: refer, ask: gbr},
		{name: "standing, to others", world: from(orcon, says("USA", 1, agreement("", inAdvance("SECRET", "FVEY", "DEU")))), want: refer, ask: gbr},
		{name: "standing, said for it by another", world: from(orcon, says("USA", 1, &tearline.Agreement{
			Name: "alpha", Parties: [2]tearline.PartyID{"USA", "DEU"}, Ceiling: "TOP SECRET", Standing: []tearline.StandingConsent{inAdvance("SECRET", "NATO")},
		})), want: refer, ask: gbr},
		{name: "TLP:GREEN, same community", world: func(w *world) {
			w.filePolicy("tlp", "G1", portion("g1", "GBR", "(TLP:GREEN)"))
			w.file("R1", portion("p1", "USA", usList, "G1/g1"))
		}, want: yes, basis: listed},
		{name: "TLP:GREEN, another community", world: func(w *world) {
			w.filePolicy("tlp", "G1", portion("g1", "RUS", "(TLP:GREEN)"))
			w.file("R1", portion("p1", "USA", usList, "G1/g1"))
		}, want: refer, ask: parties("RUS")},
		{name: "TLP:AMBER", world: func(w *world) {
			w.filePolicy("tlp", "G1", portion("g1", "GBR", "(TLP:AMBER)"))
			w.file("R1", portion("p1", "USA", usList, "G1/g1"))
		}, want: refer, ask: gbr},
		{name: "declassified by its owner", world: from(orcon, says("GBR", 1, declassify("", "G1/g1"))), want: yes, basis: tearline.ByDeclassification},
		{name: "declassified by the holder", world: from(orcon, says("USA", 1, declassify("", "G1/g1"))), want: refer, ask: gbr},
	})
}

func conditional(c tearline.Condition) func(*world) {
	v := consent("FRA", "R1/p1")
	v.Conditions = []tearline.Condition{c}
	return says("GBR", 1, v)
}

func by(m tearline.Mode) func(*release.Request) {
	return func(q *release.Request) { q.Mode = m }
}

func TestRuleThirdParty(t *testing.T) {
	never := says("USA", 1, agreement(tearline.OnwardNever))
	checkRule(t, release.RuleThirdParty, []ruleCase{
		{name: "never", world: from(gbrList, never), want: deny},
		{name: "never, by the originator's word", world: from(gbrList, says("GBR", 1, agreement(tearline.OnwardNever))), want: deny},
		{name: "never and free", world: from(gbrList, never, says("USA", 1, &tearline.Agreement{
			Name: "bravo", Parties: [2]tearline.PartyID{"GBR", "USA"}, Onward: tearline.OnwardFree,
		})), want: deny},
		{name: "never, but open", world: from("(U)", never), want: yes, basis: listed},
		{name: "never, but declassified", world: from(gbrList, never, says("GBR", 2, declassify("", "G1/g1"))), want: yes, basis: tearline.ByDeclassification},
		{name: "never, but consent", world: from(gbrList, never, says("GBR", 2, consent("FRA", "R1/p1"))), want: yes, basis: tearline.ByConsent},
		{
			name:  "never, and a standing consent is not particular",
			world: from(gbrList, says("GBR", 1, agreement(tearline.OnwardNever, inAdvance("SECRET", "FRA")))), want: deny,
		},
		{name: "never with another", world: from(gbrList, says("USA", 1, &tearline.Agreement{
			Name: "alpha", Parties: [2]tearline.PartyID{"USA", "DEU"}, Onward: tearline.OnwardNever,
		})), want: yes, basis: listed},
		{name: "to the originator", world: func(w *world) {
			w.file("R1", portion("p1", "GBR", "(S//NF)"))
			never(w)
		}, to: "GBR", want: yes, basis: listed},
		{name: "never, revoked", world: from(gbrList, func(w *world) {
			w.say("USA", day(2), &tearline.Revocation{Of: w.say("USA", day(1), agreement(tearline.OnwardNever))})
		}), want: yes, basis: listed},
		{name: "never, replaced by ask", world: from(gbrList, never, says("USA", 2, agreement(tearline.OnwardAsk))), want: yes, basis: listed},
		{name: "never, not replaced by a stranger", world: from(gbrList, never, says("FRA", 2, &tearline.Agreement{
			Name: "UKUSA", Parties: [2]tearline.PartyID{"FRA", "USA"}, Ceiling: "TOP SECRET",
		})), want: deny},
	})
}

func TestRuleExclusion(t *testing.T) {
	out := says("GBR", 3, &tearline.Exclusion{Party: "FRA"})
	tied := says("GBR", 2, &tearline.Tie{Party: "FRA", To: "RUS"})
	checkRule(t, release.RuleExclusion, []ruleCase{
		{name: "excluded", world: from(gbrList, out), want: deny},
		{name: "excluded, even from what is open", world: from("(U)", out), want: deny},
		{name: "another excluded", world: from(gbrList, says("GBR", 3, &tearline.Exclusion{Party: "DEU"})), want: yes, basis: listed},
		{name: "excluded by a stranger", world: from(gbrList, says("DEU", 3, &tearline.Exclusion{Party: "FRA"})), want: yes, basis: listed},
		{name: "excluded by the holder", world: from(gbrList, says("USA", 3, &tearline.Exclusion{Party: "FRA"})), want: deny},
		{name: "tied", world: from(gbrList, tied, says("GBR", 3, &tearline.Exclusion{Party: "RUS", Ties: true})), want: deny},
		{name: "tied no more", world: from(
			gbrList, says("GBR", 2, &tearline.Tie{Party: "FRA", To: "RUS", Term: tearline.Term{Until: day(9)}}),
			says("GBR", 3, &tearline.Exclusion{Party: "RUS", Ties: true}),
		), want: yes, basis: listed},
		{
			name:  "tied to one excluded no more",
			world: from(gbrList, tied, says("GBR", 3, &tearline.Exclusion{Party: "RUS", Ties: true, Term: tearline.Term{Until: day(9)}})),
			want:  yes, basis: listed,
		},
		{name: "tied, but ties do not count", world: from(gbrList, tied, says("GBR", 3, &tearline.Exclusion{Party: "RUS"})), want: yes, basis: listed},
		{
			name:  "tied in another's view",
			world: from(gbrList, says("USA", 2, &tearline.Tie{Party: "FRA", To: "RUS"}), says("GBR", 3, &tearline.Exclusion{Party: "RUS", Ties: true})),
			want:  yes, basis: listed,
		},
		{name: "consent after it", world: from(gbrList, out, says("GBR", 4, consent("FRA", "G1/g1"))), want: yes, basis: tearline.ByConsent},
		{name: "consent for the portion before it, for the source after it", world: from(
			gbrList, says("GBR", 2, consent("FRA", "R1/p1")), out, says("GBR", 4, consent("FRA", "G1/g1")),
		), want: yes, basis: tearline.ByConsent},
		{name: "consent for the source before it, for the portion after it", world: from(
			gbrList, says("GBR", 2, consent("FRA", "G1/g1")), out, says("GBR", 4, consent("FRA", "R1/p1")),
		), want: yes, basis: tearline.ByConsent},
		{name: "consent before it", world: from(gbrList, says("GBR", 2, consent("FRA", "G1/g1")), out), want: deny},
		{name: "consent at the same instant", world: from(gbrList, out, says("GBR", 3, consent("FRA", "G1/g1"))), want: deny},
		{
			name:  "standing consent after it",
			world: from(gbrList, out, says("GBR", 4, agreement("", inAdvance("SECRET", "FRA")))), want: deny,
		},
		{name: "ended", world: from(gbrList, says("GBR", 3, &tearline.Exclusion{Party: "FRA", Term: tearline.Term{Until: day(10)}})), want: yes, basis: listed},
		{name: "to the originator", world: func(w *world) {
			w.file("R1", portion("p1", "FRA", "(S)"))
			w.say("FRA", day(1), &tearline.Exclusion{Party: "FRA"})
		}, want: yes, basis: listed},
	})
}

func TestRuleConditions(t *testing.T) {
	until := func(d time.Time) *tearline.Embargo {
		return &tearline.Embargo{Report: "G1", Term: tearline.Term{Until: d}}
	}
	checkRule(t, release.RuleConditions, []ruleCase{
		{name: "embargo on a source", world: from(gbrList, says("GBR", 1, until(day(11)))), want: deny},
		{name: "embargo by the holder", world: from(gbrList, says("USA", 1, until(day(11)))), want: deny},
		{name: "embargo by the report's originator", world: func(w *world) {
			w.say("USA", day(0), &tearline.Filing{
				Report: "R1", Originator: "DEU", Policy: "us", Portions: []tearline.FiledPortion{portion("p1", "USA", "(U)")},
			})
			w.say("DEU", day(1), &tearline.Embargo{Report: "R1"})
		}, want: deny},
		{name: "embargo without end", world: from(gbrList, says("USA", 1, until(time.Time{}))), want: deny},
		{name: "embargo by a stranger", world: from(gbrList, says("DEU", 1, until(day(11)))), want: yes, basis: listed},
		{name: "embargo ended", world: from(gbrList, says("GBR", 1, until(day(10)))), want: yes, basis: listed},
		{name: "embargo on what is open", world: from("(U)", says("GBR", 1, until(day(11)))), want: deny},
		{name: "embargo on another report", world: from(gbrList, says("GBR", 1, &tearline.Embargo{Report: "G2"})), want: yes, basis: listed},
		{name: "embargo, with consent", world: from(gbrList, says("GBR", 1, until(day(11))), says("GBR", 2, consent("FRA", "R1/p1"))), want: deny},
		{name: "no mode", world: only("(U)"), with: by(""), want: deny},
		{name: "unheard-of mode", world: only("(U)"), with: by("telepathy"), want: deny},
		{name: "visual", world: only("(U)"), with: by(tearline.Visual), want: yes, basis: listed},
		{name: "oral", world: only("(U)"), with: by(tearline.Oral), want: yes, basis: listed},
	})
}

// TestTears: a tear-line wording is a portion of its own, that rests on what
// the portion rests on, but not on the portion.
func TestTears(t *testing.T) {
	torn := func(tear string, more ...func(*world)) *world {
		w := allies()
		w.file("G1", portion("g1", "GBR", "(S//OC/NF)"))
		p := portion("p1", "USA", "(S//NF)", "G1/g1")
		p.Tear = tear
		w.file("R1", p)
		for _, f := range more {
			f(w)
		}
		return w
	}
	for _, c := range []struct {
		name string
		w    *world
		want tearline.Outcome
	}{
		{"its own marking, its portion's sources", torn(usList), refer},
		{"even if open", torn("(U)"), refer},
		{"consent for the portion is none for the wording", torn(usList, says("GBR", 1, consent("FRA", "R1/p1"))), refer},
		{"consent for the wording", torn(usList, says("GBR", 1, consent("FRA", "R1/p1~tear"))), yes},
		{"consent for the sources", torn(usList, says("GBR", 1, consent("FRA", "G1/g1"))), yes},
		{"its own marking denies", torn("(S//NF)", says("GBR", 1, consent("FRA", "G1/g1"))), deny},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := c.w.verdict(t, "R1/p1~tear", ask("FRA"))
			if v.Outcome != c.want {
				t.Errorf("got %s, want %s\n%s", v.Outcome, c.want, explain(v))
			}
			if base := c.w.verdict(t, "R1/p1", ask("FRA")); base.Outcome != deny {
				t.Errorf("the portion itself is %s", base.Outcome)
			}
			d := c.w.decide(t, "R1", ask("FRA"))
			if d.Outcome() != deny || len(d.Verdicts()) != 1 {
				t.Errorf("the report is %s with %d portions: the wording counted", d.Outcome(), len(d.Verdicts()))
			}
		})
	}
	t.Run("the originator's consent for its portion", func(t *testing.T) {
		w := allies()
		p := portion("p1", "USA", "(S)")
		p.Tear = "(S)"
		w.file("R1", p)
		w.say("USA", day(1), consent("FRA", "R1/p1"))
		if v := w.verdict(t, "R1/p1~tear", ask("FRA")); v.Outcome != refer {
			t.Errorf("it named the wording, too: %s", explain(v))
		}
	})
}
