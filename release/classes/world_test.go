package classes_test

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"tearline"
	"tearline/release"
)

var (
	everybody = []tearline.PartyID{"USA", "USA-FBI", "GBR", "GBR-SIS", "FRA", "DEU", "RUS"}
	groups    = []tearline.PartyID{"FVEY", "NATO", "ISAC"}
	usMarks   = []string{
		"(U)", "(C)", "(S)", "(S//NF)", "(S//REL TO USA, GBR)", "(C//REL TO USA, FRA)", "(S//REL TO USA, FVEY)", "(S//REL TO USA, NATO)",
		"(S//OC)", "(S//OC/NF)", "(S//OC/REL TO USA, GBR)", "(TS//SI//NF)", "(TS//SI//REL TO USA, FVEY)", "(TS//SI/TK//OC/REL TO USA, GBR)",
	}
	tlpMarks = []string{"(TLP:CLEAR)", "(TLP:GREEN)", "(TLP:AMBER)", "(TLP:RED)"}
	levels   = []string{"", "CONFIDENTIAL", "SECRET", "TOP SECRET", "TLP:AMBER", "TLP:GREEN", "GEHEIM", "NATO CONFIDENTIAL"}
	purposes = []string{"air safety", "customs"}
	officers = []string{"the director", "the deputy", "the clerk"}
	modes    = []tearline.Mode{tearline.Document, tearline.Visual, tearline.Oral}
)

func pick[T any](t *rapid.T, from []T, label string) T { return rapid.SampledFrom(from).Draw(t, label) }

func some[T any](t *rapid.T, from []T, most int, label string) []T {
	return rapid.SliceOfN(rapid.SampledFrom(from), 0, most).Draw(t, label)
}

// day returns noon of the nth day.
func day(n int) time.Time { return time.Date(2026, 1, 1+n, 12, 0, 0, 0, time.UTC) }

// A world is what a holder knows, as it was drawn.
type world struct {
	*rapid.T
	said     []tearline.Statement
	reports  []tearline.ReportID
	portions []tearline.PortionRef // tear-line wordings, too
	owners   map[tearline.PortionRef]tearline.PartyID
}

func (w *world) say(by tearline.PartyID, at time.Time, what tearline.Predicate) {
	id := tearline.StatementID(fmt.Sprintf("s%03d", len(w.said)+1))
	w.said = append(w.said, tearline.Statement{ID: id, By: by, At: at, Says: what})
}

// worlds draws a world of thirty statements and more.
func worlds(t *rapid.T) *world {
	w := &world{T: t, owners: make(map[tearline.PortionRef]tearline.PartyID)}
	for _, p := range everybody {
		w.party("USA", p, day(0))
	}
	for i := range 5 {
		w.filing(tearline.ReportID(fmt.Sprintf("R%d", i+1)))
	}
	for range rapid.IntRange(20, 40).Draw(t, "statements") {
		w.anything()
	}
	return w
}

func (w *world) recipient() tearline.PartyID {
	if rapid.Bool().Draw(w.T, "to FRA") {
		return "FRA"
	}
	return pick(w.T, everybody, "to")
}

func (w *world) at() time.Time { return day(rapid.IntRange(0, 8).Draw(w.T, "at")) }

func (w *world) term() (m tearline.Term) {
	switch rapid.IntRange(0, 5).Draw(w.T, "term") {
	case 0:
		m.From = w.at()
	case 1:
		m.Until = w.at()
	}
	return m
}

func (w *world) party(by, p tearline.PartyID, at time.Time) {
	v := &tearline.PartyRecord{Party: p, MemberOf: some(w.T, groups, 2, "member of")}
	if len(p) > 3 {
		v.Nations = []tearline.PartyID{p[:3]}
	}
	w.say(by, at, v)
}

func (w *world) filing(id tearline.ReportID) {
	policy, marks := "us", usMarks
	if rapid.IntRange(0, 3).Draw(w.T, "policy") == 0 {
		policy, marks = "tlp", tlpMarks
	}
	v := &tearline.Filing{Report: id, Originator: pick(w.T, everybody, "originator"), Policy: policy, Date: "2026-01-01"}
	if rapid.IntRange(0, 4).Draw(w.T, "dated") == 0 {
		v.DeclassifyOn = pick(w.T, []string{"2026-01-05", "2026-01-08", "2031-01-01"}, "declassify on")
	}
	for i := range rapid.IntRange(1, 3).Draw(w.T, "portions") {
		p := tearline.FiledPortion{
			ID: tearline.PortionID(fmt.Sprintf("p%d", i+1)), Originator: pick(w.T, everybody, "portion's originator"), Marking: pick(w.T, marks, "mark"),
		}
		if len(w.portions) > 0 {
			p.Sources = some(w.T, w.portions, 2, "sources")
		}
		ref := tearline.PortionRef{Report: id, Portion: p.ID}
		w.portions = append(w.portions, ref)
		w.owners[ref] = p.Originator
		if rapid.Bool().Draw(w.T, "tear") {
			p.Tear = pick(w.T, marks, "tear mark")
			ref.Portion = tearline.TearOf(p.ID)
			w.portions = append(w.portions, ref)
			w.owners[ref] = p.Originator
		}
		v.Portions = append(v.Portions, p)
	}
	w.reports = append(w.reports, id)
	w.say("USA", day(rapid.IntRange(0, 3).Draw(w.T, "filed")), v)
}

// anything says something at random. Those whose word it is say it mostly.
func (w *world) anything() {
	by, at := pick(w.T, everybody, "by"), w.at()
	switch rapid.IntRange(0, 17).Draw(w.T, "kind") {
	case 0:
		w.party(pick(w.T, []tearline.PartyID{"USA", by}, "recording"), by, at)
	case 1, 2, 17:
		w.agreement(at)
	case 3:
		w.say(by, at, &tearline.Exclusion{Party: w.recipient(), Ties: rapid.Bool().Draw(w.T, "ties"), Degree: rapid.IntRange(0, 2).Draw(w.T, "degree"), Term: w.term()})
	case 4:
		w.say(by, at, &tearline.Tie{Party: w.recipient(), To: w.recipient(), Degree: rapid.IntRange(0, 2).Draw(w.T, "degree"), Term: w.term()})
	case 5:
		term := w.term()
		if term.Until.IsZero() {
			term.Until = at.Add(24 * time.Hour)
		}
		w.say(by, at, &tearline.Embargo{Report: pick(w.T, w.reports, "embargoed"), Term: term})
	case 6, 7, 8, 9:
		w.consent(at)
	case 10, 11:
		w.declassification(by, at)
	case 12:
		w.revocation(by, at)
	case 13:
		w.delegation(pick(w.T, []tearline.PartyID{"USA", by}, "delegating"), at)
	case 14:
		w.disclosure(pick(w.T, []tearline.PartyID{"USA", "USA", by}, "disclosing"), at)
	case 15:
		w.revocation(by, at)
	case 16:
		w.say(by, at, &tearline.Discretion{
			Portions: some(w.T, w.portions, 2, "portions"), Recipient: w.recipient(), Modes: modes, Because: "lives are at risk", Authority: "the director",
		})
	}
}

func (w *world) revocation(by tearline.PartyID, at time.Time) {
	s := pick(w.T, w.said, "revoked")
	if _, ok := s.Says.(*tearline.PartyRecord); !ok || len(w.said) > 20 && s.By != "USA" {
		w.say(pick(w.T, []tearline.PartyID{s.By, s.By, by}, "revoked by"), at, &tearline.Revocation{Of: s.ID})
	}
}

func (w *world) second() string {
	return pick(w.T, append([]string{"", "", ""}, officers...), "second")
}

func (w *world) delegation(by tearline.PartyID, at time.Time) {
	w.say(by, at, &tearline.Delegation{
		To: pick(w.T, officers, "delegated to"), UpTo: pick(w.T, levels, "over"), Onward: rapid.Bool().Draw(w.T, "onward"), Term: w.term(),
		Powers:    some(w.T, []tearline.Power{tearline.PowerConsent, tearline.PowerDeclassify, tearline.PowerDowngrade}, 3, "powers"),
		Delegator: pick(w.T, append([]string{"", "", ""}, officers...), "delegated by"), Two: rapid.IntRange(0, 3).Draw(w.T, "two") == 0,
	})
}

func (w *world) disclosure(by tearline.PartyID, at time.Time) {
	v := &tearline.Disclosure{Recipient: w.recipient(), Mode: tearline.Oral, Occurred: at}
	if rapid.IntRange(0, 3).Draw(w.T, "extract") == 0 {
		v.ToldTo = "GBR"
	}
	for range rapid.IntRange(1, 2).Draw(w.T, "items") {
		v.Items = append(v.Items, tearline.DisclosedItem{
			Portion: pick(w.T, w.portions, "disclosed"), Statements: []tearline.StatementID{pick(w.T, w.said, "rests on").ID},
		})
	}
	w.say(by, at, v)
}

func (w *world) agreement(at time.Time) {
	v := &tearline.Agreement{
		Name:    pick(w.T, []string{"alpha", "bravo", "charlie", "delta"}, "name"),
		Parties: [2]tearline.PartyID{"USA", pick(w.T, everybody, "with")}, Ceiling: pick(w.T, levels, "ceiling"),
		Onward: pick(w.T, []tearline.Onward{"", tearline.OnwardFree, tearline.OnwardAsk, tearline.OnwardNever}, "onward"),
		Term:   w.term(), Purposes: some(w.T, purposes, 1, "purposes"),
	}
	switch rapid.IntRange(0, 4).Draw(w.T, "more") {
	case 0:
		v.Categories = some(w.T, []string{"SI", "TK"}, 2, "categories")
	case 1:
		v.Equal = [][]string{{"SECRET", "TLP:AMBER"}, {"GEHEIM", "TLP:GREEN", "CONFIDENTIAL"}}
	}
	if rapid.Bool().Draw(w.T, "turned") {
		v.Parties[0], v.Parties[1] = v.Parties[1], v.Parties[0]
	}
	if rapid.IntRange(0, 9).Draw(w.T, "of others") == 0 {
		v.Parties = [2]tearline.PartyID{"GBR", "FRA"}
	}
	for range rapid.IntRange(0, 2).Draw(w.T, "standing") {
		v.Standing = append(v.Standing, tearline.StandingConsent{
			By: pick(w.T, append(v.Parties[:], "RUS"), "standing by"), UpTo: pick(w.T, levels, "up to"),
			To: some(w.T, append(slices.Clone(groups), everybody...), 3, "standing to"), Purposes: some(w.T, purposes, 1, "standing purposes"),
		})
	}
	w.say(pick(w.T, []tearline.PartyID{"USA", v.Parties[0], v.Parties[1], "FRA"}, "said by"), at, v)
}

func (w *world) consent(at time.Time) {
	v := &tearline.Consent{
		Granted: rapid.IntRange(0, 5).Draw(w.T, "granted") > 0, Recipient: w.recipient(),
		Portions: append(some(w.T, w.portions, 6, "portions"), pick(w.T, w.portions, "portion")),
		Conditions: some(w.T, []tearline.Condition{
			tearline.OrallyOnly, tearline.ViewOnly, tearline.WithoutAttribution, "purpose=air safety", "tell nobody the date", "purpose=",
			tearline.TearLineOnly, "unit=Branch 4", "person=A. Reader", "copies=1", "copies=2", "copies=few", "person=", "unit=",
		}, 1, "conditions"),
		Authority: pick(w.T, append([]string{""}, officers...), "authority"), Second: w.second(), Term: w.term(),
	}
	by := pick(w.T, everybody, "consenting")
	if rapid.Bool().Draw(w.T, "owner") {
		by = w.owners[v.Portions[0]]
	}
	w.say(by, at, v)
}

func (w *world) declassification(by tearline.PartyID, at time.Time) {
	v := &tearline.Declassification{
		Portions: []tearline.PortionRef{pick(w.T, w.portions, "portion")}, Because: "the reason has passed",
		Authority: pick(w.T, officers, "authority"), Second: w.second(), Term: w.term(),
	}
	if rapid.Bool().Draw(w.T, "to something") {
		v.To = pick(w.T, append(slices.Clone(usMarks), tlpMarks...), "to")
	}
	if rapid.IntRange(0, 2).Draw(w.T, "owner") > 0 {
		by = w.owners[v.Portions[0]]
	}
	w.say(by, at, v)
}

func (w *world) request(to tearline.PartyID) release.Request {
	q := release.Request{
		Holder: "USA", Recipient: to, At: day(rapid.IntRange(0, 9).Draw(w.T, "asked")),
		Mode:    pick(w.T, append([]tearline.Mode{tearline.Document, tearline.Oral, tearline.Document, "", "by post"}, modes...), "mode"),
		Purpose: pick(w.T, []string{"", "air safety", "bridge"}, "purpose"),
		Unit:    pick(w.T, []string{"", "Branch 4", "Branch 5"}, "unit"),
		Officer: pick(w.T, []string{"", "", "the clerk", "The  Director"}, "officer"),
	}
	if rapid.IntRange(0, 2).Draw(w.T, "person") == 0 {
		q.Person = &release.Person{
			Name: pick(w.T, []string{"A. Reader", "B. Reader", ""}, "name"), Clearance: pick(w.T, levels, "clearance"),
			ReadIns: some(w.T, []string{"SI", "TK"}, 2, "read into"),
		}
	}
	return q
}

// arrival is an order in which the statements may come: filings after those
// that they rest on, all else as it comes.
func (w *world) arrival() []tearline.Statement {
	var filings, order []tearline.Statement
	for _, s := range w.said {
		if _, ok := s.Says.(*tearline.Filing); ok {
			filings = append(filings, s)
		}
	}
	order = w.said
	if rapid.IntRange(0, 3).Draw(w.T, "as dated") > 0 {
		order = rapid.Permutation(w.said).Draw(w.T, "arrival")
	}
	order = slices.Clone(order)
	for i := range order {
		if _, ok := order[i].Says.(*tearline.Filing); ok {
			order[i], filings = filings[0], filings[1:]
		}
	}
	return order
}
