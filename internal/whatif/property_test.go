package whatif_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline"
	"tearline/internal/whatif"
	"tearline/release"
)

var (
	everybody = codes("DEU", "FRA", "GBR", "USA")
	groups    = codes("FVEY", "NATO")
	marks     = []string{
		"(U)", "(C)", "(S)", "(S//NF)", "(S//REL TO USA, GBR)", "(C//REL TO USA, FRA)", "(S//REL TO USA, FVEY)", "(S//REL TO USA, NATO)",
		"(S//OC/NF)", "(S//OC/REL TO USA, GBR)", "(TS//SI//REL TO USA, FVEY)",
	}
	community = []string{"(TLP:CLEAR)", "(TLP:GREEN)", "(TLP:AMBER)"}
	levels    = []string{"CONFIDENTIAL", "SECRET", "TOP SECRET"}
)

// A draw is a random world of USA's being made.
type draw struct {
	*rapid.T
	facts
	reports  []tearline.ReportID
	portions []tearline.PortionRef
	q        whatif.Question
}

func pick[T any](d *draw, from []T, label string) T { return rapid.SampledFrom(from).Draw(d.T, label) }

func some[T any](d *draw, from []T, most int, label string) []T {
	return rapid.SliceOfN(rapid.SampledFrom(from), 0, most).Draw(d.T, label)
}

func worlds(t *rapid.T) *draw {
	d := &draw{T: t}
	for _, p := range everybody {
		d.say("USA", d.at(0, 7), &tearline.PartyRecord{Party: p, MemberOf: some(d, groups, 2, "member of")})
	}
	for i := range 3 {
		d.filing(tearline.ReportID(fmt.Sprintf("R%d", i+1)))
	}
	for range rapid.IntRange(8, 30).Draw(t, "statements") {
		d.anything()
	}
	d.q = whatif.Question{
		Holder: "USA", At: d.at(3, 8),
		Mode: pick(d, []tearline.Mode{tearline.Document, tearline.Oral}, "mode"), Purpose: pick(d, []string{"", "safety"}, "purpose"),
	}
	return d
}

func (d *draw) at(from, to int) time.Time { return day(rapid.IntRange(from, to).Draw(d.T, "at")) }

func (d *draw) term() tearline.Term {
	var m tearline.Term
	switch rapid.IntRange(0, 5).Draw(d.T, "term") {
	case 0:
		m.From = d.at(0, 8)
	case 1:
		m.Until = d.at(0, 8)
	}
	return m
}

func (d *draw) filing(id tearline.ReportID) {
	policy, from := "us", marks
	if rapid.IntRange(0, 3).Draw(d.T, "policy") == 0 {
		policy, from = "tlp", community
	}
	v := &tearline.Filing{Report: id, Originator: pick(d, everybody, "originator"), Policy: policy, Date: "2026-01-01"}
	before := slices.Clone(d.portions)
	for i := range rapid.IntRange(1, 3).Draw(d.T, "portions") {
		p := tearline.FiledPortion{
			ID: tearline.PortionID(fmt.Sprintf("p%d", i+1)), Originator: pick(d, everybody, "portion's originator"), Marking: pick(d, from, "mark"),
		}
		if len(before) > 0 {
			p.Sources = some(d, before, 2, "sources")
		}
		d.portions = append(d.portions, ref(id, p.ID))
		if rapid.Bool().Draw(d.T, "tear") {
			p.Tear = pick(d, from, "tear mark")
			d.portions = append(d.portions, ref(id, tearline.TearOf(p.ID)))
		}
		v.Portions = append(v.Portions, p)
	}
	d.reports = append(d.reports, id)
	d.say("USA", d.at(0, 5), v)
}

// anything says something at random. Those whose word it is say it mostly.
func (d *draw) anything() {
	by, to, at := pick(d, everybody, "by"), pick(d, everybody, "to"), d.at(0, 8)
	switch rapid.IntRange(0, 9).Draw(d.T, "kind") {
	case 0:
		d.say(pick(d, codes("USA", "USA", by), "records"), at, &tearline.PartyRecord{Party: to, MemberOf: some(d, groups, 2, "member of"), Term: d.term()})
	case 1, 2:
		d.agreement(at)
	case 3:
		d.say(by, at, &tearline.Exclusion{Party: to, Ties: rapid.Bool().Draw(d.T, "ties"), Term: d.term()})
	case 4:
		d.say(by, at, &tearline.Tie{Party: to, To: pick(d, everybody, "tied to"), Term: d.term()})
	case 5:
		d.say(by, at, &tearline.Embargo{Report: pick(d, d.reports, "embargoed"), Term: d.term()})
	case 6:
		portions := append(some(d, d.portions, 6, "portions"), pick(d, d.portions, "portion"))
		d.say(by, at, &tearline.Consent{
			Granted: rapid.IntRange(0, 5).Draw(d.T, "granted") > 0, Recipient: to, Portions: portions, Term: d.term(),
			Conditions: some(d, []tearline.Condition{tearline.OrallyOnly, tearline.WithoutAttribution, "purpose=safety"}, 1, "conditions"),
		})
	case 7:
		v := &tearline.Declassification{Portions: some(d, d.portions, 3, "portions"), Because: "it is known", Authority: "the director", Term: d.term()}
		if rapid.Bool().Draw(d.T, "to something") {
			v.To = pick(d, marks, "lowered to")
		}
		d.say(by, at, v)
	case 8:
		d.say("USA", at, &tearline.Discretion{
			Portions: some(d, d.portions, 4, "portions"), Recipient: to, Modes: []tearline.Mode{tearline.Document, tearline.Oral},
			Because: "lives are at risk", Authority: "the director", Term: d.term(),
		})
	case 9:
		s := pick(d, d.facts, "revoked")
		d.say(pick(d, codes(s.By, s.By, by), "revoked by"), at, &tearline.Revocation{Of: s.ID})
	}
}

func (d *draw) agreement(at time.Time) {
	v := &tearline.Agreement{
		Name:    pick(d, []string{"quay", "mole"}, "name"),
		Parties: [2]tearline.PartyID{"USA", pick(d, everybody, "with")},
		Ceiling: pick(d, levels, "ceiling"),
		Onward:  pick(d, []tearline.Onward{"", tearline.OnwardFree, tearline.OnwardNever}, "onward"),
		Term:    d.term(),
	}
	if rapid.Bool().Draw(d.T, "turned") {
		v.Parties[0], v.Parties[1] = v.Parties[1], v.Parties[0]
	}
	for range rapid.IntRange(0, 1).Draw(d.T, "standing") {
		v.Standing = append(v.Standing, tearline.StandingConsent{
			By: pick(d, v.Parties[:], "standing by"), UpTo: pick(d, levels, "up to"), To: some(d, slices.Concat(groups, everybody), 3, "standing to"),
		})
	}
	d.say(pick(d, codes("USA", v.Parties[0], v.Parties[1], "FRA"), "said by"), at, v)
}

// table answers the question, or skips a world in which the holder itself was
// unknown by then.
func (d *draw) table() whatif.Matrix {
	m, err := whatif.Table(d.facts, d.q)
	if err != nil {
		if tearline.KindOf(err) != tearline.Invalid {
			d.Fatal(err)
		}
		d.Skip(err)
	}
	return m
}

// decided is the cell that the decision point gives, asked singly.
func (d *draw) decided(f *release.Facts, r whatif.Row, to tearline.PartyID) whatif.Cell {
	got, err := release.Decide(f, r.Report, release.Request{Holder: d.q.Holder, Recipient: to, At: d.q.At, Mode: d.q.Mode, Purpose: d.q.Purpose})
	if err != nil {
		d.Fatal(err)
	}
	got = got.WithDiscretion(f)
	answer := func(id tearline.PortionID) (whatif.Answer, bool) {
		v, ok := got.Verdict(id)
		return whatif.Answer{
			Outcome: v.Outcome, Basis: v.Basis, Discretion: v.Discretion,
			Ask: append(codes(), v.Ask...), Conditions: append([]tearline.Condition{}, v.Conditions...),
		}, ok
	}
	c := whatif.Cell{}
	var ok bool
	if c.Answer, ok = answer(r.Portion); !ok {
		d.Fatalf("%s/%s has no verdict", r.Report, r.Portion)
	}
	if tear, ok := answer(tearline.TearOf(r.Portion)); ok {
		c.Instead = &tear
	}
	return c
}

// TestTableIsDecide: each cell is what the decision point answers, asked
// singly; and all that are known and held are there, and nobody else.
func TestTableIsDecide(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := worlds(rt)
		m := d.table()
		f, err := release.NewFacts(d.facts)
		if err != nil {
			rt.Fatal(err)
		}
		for _, r := range m.Rows {
			for i, to := range m.Parties {
				if diff := cmp.Diff(d.decided(f, r, to), r.Cells[i]); diff != "" {
					rt.Fatalf("%s/%s to %s (-decide +table):\n%s", r.Report, r.Portion, to, diff)
				}
			}
		}
		d.everything(f, m)
	})
}

// everything checks that a matrix is about all reports that were filed by then
// and all parties that the decision point knows.
func (d *draw) everything(f *release.Facts, m whatif.Matrix) {
	reports, parties := []tearline.ReportID{}, codes()
	rows := 0
	for _, s := range d.facts {
		filing, ok := s.Says.(*tearline.Filing)
		if !ok || s.At.After(d.q.At) {
			continue
		}
		_, err := release.Decide(f, filing.Report, release.Request{Holder: "USA", Recipient: "USA", At: d.q.At})
		if err == nil {
			reports, rows = append(reports, filing.Report), rows+len(filing.Portions)
		} else if !errors.Is(err, release.ErrUnknownReport) {
			d.Fatal(err)
		}
	}
	if diff := cmp.Diff(reports, m.Reports); diff != "" || rows != len(m.Rows) {
		d.Fatalf("%d rows, want %d; reports (-want +got):\n%s", len(m.Rows), rows, diff)
	}
	if len(reports) == 0 {
		return // nothing to ask the decision point about
	}
	for _, p := range everybody {
		_, err := release.Decide(f, reports[0], release.Request{Holder: "USA", Recipient: p, At: d.q.At})
		if err == nil && p != "USA" {
			parties = append(parties, p)
		}
	}
	if diff := cmp.Diff(parties, m.Parties); diff != "" {
		d.Fatalf("parties (-want +got):\n%s", diff)
	}
}

// plainly recomputes a difference from two tables.
func (d *draw) plainly(after facts) whatif.Difference {
	before := d.table()
	q := d.q
	q.Reports, q.Parties = before.Reports, before.Parties
	want := whatif.Difference{Question: before.Question, Cells: []whatif.Changed{}}
	if len(q.Reports) == 0 || len(q.Parties) == 0 {
		return want
	}
	m, err := whatif.Table(after, q)
	if err != nil {
		d.Fatal(err)
	}
	for i, r := range before.Rows {
		for j, c := range r.Cells {
			want.Compared++
			if !cmp.Equal(c, m.Rows[i].Cells[j]) {
				want.Cells = append(want.Cells, whatif.Changed{
					Report: r.Report, Portion: r.Portion, Party: before.Parties[j],
					MarkingBefore: r.Marking, MarkingAfter: m.Rows[i].Marking, Before: c, After: m.Rows[i].Cells[j],
				})
			}
		}
	}
	return want
}

// TestRevokeIsRevocation: supposing that a statement is taken back is the same
// as its sayer's taking it back. What may not be supposed would have changed
// nothing.
func TestRevokeIsRevocation(t *testing.T) {
	differed, refused := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		d := worlds(rt)
		d.table()
		for _, s := range d.facts {
			switch s.Says.(type) {
			case *tearline.Filing, *tearline.PartyRecord:
				continue
			}
			want := d.plainly(d.and(s.By, d.q.At, &tearline.Revocation{Of: s.ID}))
			got, err := whatif.Compare(d.facts, d.q, whatif.Change{Revoke: s.ID})
			if err != nil {
				refused++
				if tearline.KindOf(err) != tearline.Invalid || len(want.Cells) > 0 {
					rt.Fatalf("%s %s: refused, %v, but it would change %d cells", s.Kind(), s.ID, err, len(want.Cells))
				}
				continue
			}
			if diff := cmp.Diff(want, got); diff != "" {
				rt.Fatalf("%s %s (-said +supposed):\n%s", s.Kind(), s.ID, diff)
			}
			differed += len(got.Cells)
		}
	})
	if differed < 20 || refused < 20 {
		t.Errorf("%d cells differed, %d changes were refused: the worlds are too dull", differed, refused)
	}
}

// membership draws a party that is known at the time, a coalition, and whether
// it is a member.
func (d *draw) membership() (*whatif.Membership, bool) {
	m := &whatif.Membership{Party: pick(d, everybody, "member"), Coalition: pick(d, append(groups, "PIERS"), "coalition")}
	_, err := whatif.Compare(d.facts, d.q, whatif.Change{Join: m})
	if err == nil {
		return m, false
	}
	_, err = whatif.Compare(d.facts, d.q, whatif.Change{Leave: m})
	if err != nil {
		d.Skip(err)
	}
	return m, true
}

// TestThereAndBack: who joins and leaves again, or leaves and joins again, has
// changed nothing.
func TestThereAndBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := worlds(rt)
		d.table()
		m, member := d.membership()
		changes := []whatif.Change{{Join: m}, {Leave: m}}
		if member {
			slices.Reverse(changes)
		}
		got, err := whatif.Compare(d.facts, d.q, changes...)
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff([]whatif.Changed{}, got.Cells); diff != "" {
			rt.Fatal(diff)
		}
	})
}

// TestMembershipIsRecord: supposing a membership is the same as the holder's
// saying so in a record.
func TestMembershipIsRecord(t *testing.T) {
	differed := 0
	rapid.Check(t, func(rt *rapid.T) {
		d := worlds(rt)
		for _, party := range d.table().Parties {
			for _, coalition := range append(groups, "PIERS") {
				m := &whatif.Membership{Party: party, Coalition: coalition}
				next := *d.inForce(party)
				change := whatif.Change{Join: m}
				if slices.Contains(next.MemberOf, coalition) {
					change = whatif.Change{Leave: m}
					next.MemberOf = slices.DeleteFunc(slices.Clone(next.MemberOf), func(c tearline.PartyID) bool { return c == coalition })
				} else {
					next.MemberOf = append(slices.Clone(next.MemberOf), coalition)
				}
				got, err := whatif.Compare(d.facts, d.q, change)
				if err != nil {
					rt.Fatal(err)
				}
				if diff := cmp.Diff(d.plainly(d.and("USA", d.q.At, &next)), got); diff != "" {
					rt.Fatalf("(-said +supposed):\n%s", diff)
				}
				differed += len(got.Cells)
			}
		}
	})
	if differed < 10 {
		t.Errorf("%d cells differed: the worlds are too dull", differed)
	}
}

// inForce is the newest record of the holder's of a party, or its first.
func (d *draw) inForce(p tearline.PartyID) *tearline.PartyRecord {
	var list []tearline.Statement
	for _, s := range d.facts {
		if x, ok := s.Says.(*tearline.PartyRecord); ok && x.Party == p && s.By == "USA" {
			list = append(list, s)
		}
	}
	slices.SortStableFunc(list, func(a, b tearline.Statement) int { return a.At.Compare(b.At) })
	best := list[0]
	for _, s := range list {
		if !s.At.After(d.q.At) {
			best = s
		}
	}
	x, ok := best.Says.(*tearline.PartyRecord)
	if !ok {
		d.Fatal("no record")
	}
	return x
}

// TestInputUntouched: neither the statements nor the question are changed, and
// nothing returned is shared with them.
func TestInputUntouched(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := worlds(rt)
		first := d.table()
		d.facts = append(d.facts, tearline.Statement{})[:len(d.facts)] // room behind, which is not ours either
		before := text(rt, d.facts)
		d.q.Reports, d.q.Parties = slices.Clone(first.Reports), slices.Clone(first.Parties)
		asked := text(rt, d.q)
		m, member := d.membership()
		change := whatif.Change{Join: m}
		if member {
			change = whatif.Change{Leave: m}
		}
		got, err := whatif.Compare(d.facts, d.q, change)
		if err != nil {
			rt.Fatal(err)
		}
		second := d.table()
		if diff := cmp.Diff(first, second); diff != "" {
			rt.Fatalf("a comparison has left something behind:\n%s", diff)
		}
		for _, q := range []*whatif.Question{&got.Question, &second.Question} {
			for i := range q.Parties {
				q.Parties[i] = "X"
			}
			for i := range q.Reports {
				q.Reports[i] = "X"
			}
		}
		if diff := cmp.Diff(before, text(rt, d.facts)); diff != "" {
			rt.Fatalf("the statements have changed:\n%s", diff)
		}
		if diff := cmp.Diff(asked, text(rt, d.q)); diff != "" {
			rt.Fatalf("the question has changed:\n%s", diff)
		}
		if extra := d.facts[:len(d.facts)+1][len(d.facts)]; extra.ID != "" {
			rt.Fatalf("%s was written behind the statements", extra.ID)
		}
	})
}

func text(t *rapid.T, v any) string {
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestOrderDoesNotMatter: the order in which statements are given, or that one
// is given twice, changes no answer.
func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := worlds(rt)
		want := d.table()
		shuffled := rapid.Permutation(d.facts).Draw(rt, "order")
		got, err := whatif.Table(append(shuffled, shuffled[0]), d.q)
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatal(diff)
		}
		m, member := d.membership()
		change := whatif.Change{Join: m}
		if member {
			change = whatif.Change{Leave: m}
		}
		a, err := whatif.Compare(d.facts, d.q, change)
		b, err2 := whatif.Compare(shuffled, d.q, change)
		if diff := cmp.Diff(a, b); diff != "" || err != nil || err2 != nil {
			rt.Fatal(err, err2, diff)
		}
	})
}
