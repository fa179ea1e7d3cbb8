package whatif_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/internal/whatif"
)

// rows writes a matrix as one line a row.
func rows(m whatif.Matrix) []string {
	out := []string{}
	for _, r := range m.Rows {
		s := string(r.Report) + "/" + string(r.Portion) + " " + r.Marking
		for _, c := range r.Cells {
			s += " | " + short(c)
		}
		out = append(out, s)
	}
	return out
}

// cells writes a difference as one line a cell.
func cells(d whatif.Difference) []string {
	out := []string{}
	for _, c := range d.Cells {
		s := string(c.Report) + "/" + string(c.Portion) + " " + string(c.Party) + ": " + short(c.Before) + " -> " + short(c.After)
		if c.MarkingBefore != c.MarkingAfter {
			s += ", " + c.MarkingBefore + " -> " + c.MarkingAfter
		}
		out = append(out, s)
	}
	return out
}

func TestTable(t *testing.T) {
	f, n := harbour()
	harbourOnly := []tearline.ReportID{"HARBOUR"}
	tests := []struct {
		name    string
		q       whatif.Question
		parties []tearline.PartyID
		want    []string
	}{
		{
			"who may have this", onDay10(harbourOnly), codes("DEU", "FRA", "GBR"),
			[]string{
				"HARBOUR/p1 (S//REL TO USA, NATO) | deny / deny | deny / release consent without-attribution | release marking / release marking",
				"HARBOUR/p2 (S//REL TO USA, FVEY) | deny (" + string(n.discretion) + ") | deny | release marking",
				"HARBOUR/p3 (C//REL TO USA, FRA) | deny | release declassification | refer USA",
			},
		},
		{
			"what may FRA have", onDay10(nil, "FRA"), codes("FRA"),
			[]string{
				"GB-1/p1 (S//OC/REL TO USA, GBR) | deny",
				"HARBOUR/p1 (S//REL TO USA, NATO) | deny / release consent without-attribution",
				"HARBOUR/p2 (S//REL TO USA, FVEY) | deny",
				"HARBOUR/p3 (C//REL TO USA, FRA) | release declassification",
				"PIER/p1 (U) | deny",
			},
		},
		{
			"reports and parties in the order given", onDay10([]tearline.ReportID{"PIER", "GB-1"}, "GBR", "DEU"), codes("GBR", "DEU"),
			[]string{
				"PIER/p1 (U) | deny | deny",
				"GB-1/p1 (S//OC/REL TO USA, GBR) | release marking | refer GBR",
			},
		},
		{
			"the holder itself may be asked about", onDay10(harbourOnly, "USA"), codes("USA"),
			[]string{
				"HARBOUR/p1 (S//REL TO USA, NATO) | refer GBR / refer GBR",
				"HARBOUR/p2 (S//REL TO USA, FVEY) | release marking",
				"HARBOUR/p3 (C//REL TO USA, FRA) | release declassification",
			},
		},
		{
			"as of a time before the agreement, the declassification and the consent",
			whatif.Question{Holder: "USA", At: day(3), Mode: tearline.Document, Reports: harbourOnly, Parties: codes("FRA")},
			codes("FRA"),
			[]string{
				"HARBOUR/p1 (S//REL TO USA, NATO) | refer GBR / refer GBR",
				"HARBOUR/p2 (S//REL TO USA, FVEY) | refer USA",
				"HARBOUR/p3 (C//NF) | deny",
			},
		},
		{
			"no mode, nothing goes",
			whatif.Question{Holder: "USA", At: day(10), Reports: harbourOnly, Parties: codes("GBR")},
			codes("GBR"),
			[]string{
				"HARBOUR/p1 (S//REL TO USA, NATO) | deny / deny",
				"HARBOUR/p2 (S//REL TO USA, FVEY) | deny",
				"HARBOUR/p3 (C//REL TO USA, FRA) | deny",
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := table(t, f, tt.q)
			if diff := cmp.Diff(tt.parties, m.Parties); diff != "" {
				t.Errorf("parties (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.want, rows(m)); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}

// TestTableOfNobody: with nobody to ask about, or nothing held, the table is
// empty but whole.
func TestTableOfNobody(t *testing.T) {
	var f facts
	f.say("USA", day(0), &tearline.PartyRecord{Party: "USA"})
	m := table(t, f, onDay10(nil))
	if diff := cmp.Diff([]string{}, rows(m)); diff != "" {
		t.Error(diff)
	}
	f.say("USA", day(1), &tearline.Filing{Report: "A", Originator: "USA", Policy: "us", Date: "2026-01-01", Portions: []tearline.FiledPortion{{ID: "p1", Originator: "USA", Marking: "(U)"}}})
	m = table(t, f, onDay10(nil))
	if diff := cmp.Diff([]string{"A/p1 (U)"}, rows(m)); diff != "" {
		t.Error(diff)
	}
	const want = `{"holder":"USA","at":"2026-01-11T12:00:00Z","mode":"document","purpose":"","reports":["A"],"parties":[],` +
		`"rows":[{"report":"A","portion":"p1","marking":"(U)","cells":[]}]}`
	wantJSON(t, m, want)
}

func wantJSON(t *testing.T, v any, want string) {
	t.Helper()
	got, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
}

func TestJSON(t *testing.T) {
	f, n := harbour()
	local := onDay10([]tearline.ReportID{"HARBOUR"}, "FRA")
	local.At = local.At.In(time.FixedZone("", 3600))
	wantJSON(t, table(t, f, local).Rows[0].Cells[0],
		`{"outcome":"deny","basis":"","ask":[],"conditions":[],"instead":{"outcome":"release","basis":"consent","ask":[],"conditions":["without-attribution"]}}`)
	wantJSON(t, compare(t, f, local, whatif.Change{Revoke: n.lowering}),
		`{"holder":"USA","at":"2026-01-11T12:00:00Z","mode":"document","purpose":"","reports":["HARBOUR"],"parties":["FRA"],"compared":3,`+
			`"cells":[{"report":"HARBOUR","portion":"p3","party":"FRA","marking_before":"(C//REL TO USA, FRA)","marking_after":"(C//NF)",`+
			`"before":{"outcome":"release","basis":"declassification","ask":[],"conditions":[]},"after":{"outcome":"deny","basis":"","ask":[],"conditions":[]}}]}`)
	wantJSON(t, compare(t, f, local, whatif.Change{Revoke: n.embargo}).Cells, `[]`)
	wantJSON(t, whatif.Change{Join: &whatif.Membership{Party: "FRA", Coalition: "FVEY"}}, `{"join":{"party":"FRA","coalition":"FVEY"}}`)
}

func TestCompare(t *testing.T) {
	f, n := harbour()
	join := func(p, c tearline.PartyID) whatif.Change {
		return whatif.Change{Join: &whatif.Membership{Party: p, Coalition: c}}
	}
	leave := func(p, c tearline.PartyID) whatif.Change {
		return whatif.Change{Leave: &whatif.Membership{Party: p, Coalition: c}}
	}
	revoke := func(id tearline.StatementID) whatif.Change { return whatif.Change{Revoke: id} }
	tests := []struct {
		name    string
		changes []whatif.Change
		want    []string
	}{
		{"the consent", []whatif.Change{revoke(n.consent)}, []string{
			"HARBOUR/p1 FRA: deny / release consent without-attribution -> deny / refer GBR",
		}},
		{"the exclusion", []whatif.Change{revoke(n.exclusion)}, []string{
			"HARBOUR/p1 DEU: deny / deny -> refer GBR / refer GBR",
			"HARBOUR/p2 DEU: deny (" + string(n.discretion) + ") -> refer USA (" + string(n.discretion) + ")",
			"HARBOUR/p3 DEU: deny -> refer USA",
		}},
		{"the discretion", []whatif.Change{revoke(n.discretion)}, []string{
			"HARBOUR/p2 DEU: deny (" + string(n.discretion) + ") -> deny",
		}},
		{"the agreement; the one that it replaced stays replaced", []whatif.Change{revoke(n.agreement)}, []string{
			"GB-1/p1 FRA: deny -> release consent without-attribution",
			"HARBOUR/p1 FRA: deny / release consent without-attribution -> release consent without-attribution / release consent without-attribution",
			"HARBOUR/p2 FRA: deny -> refer USA",
		}},
		{"the embargo", []whatif.Change{revoke(n.embargo)}, []string{
			"PIER/p1 DEU: deny -> release marking",
			"PIER/p1 FRA: deny -> release marking",
			"PIER/p1 GBR: deny -> release marking",
		}},
		{"the declassification", []whatif.Change{revoke(n.lowering)}, []string{
			"HARBOUR/p3 FRA: release declassification -> deny, (C//REL TO USA, FRA) -> (C//NF)",
			"HARBOUR/p3 GBR: refer USA -> deny, (C//REL TO USA, FRA) -> (C//NF)",
		}},
		{"FRA joins, but its ceiling is in the way", []whatif.Change{join("FRA", "FVEY")}, nil},
		{"FRA joins after the agreement has ended", []whatif.Change{revoke(n.agreement), join("FRA", "FVEY")}, []string{
			"GB-1/p1 FRA: deny -> release consent without-attribution",
			"HARBOUR/p1 FRA: deny / release consent without-attribution -> release consent without-attribution / release consent without-attribution",
			"HARBOUR/p2 FRA: deny -> release marking",
		}},
		{"GBR leaves", []whatif.Change{leave("GBR", "FVEY")}, []string{
			"HARBOUR/p2 GBR: release marking -> refer USA",
		}},
		{"GBR leaves both", []whatif.Change{leave("GBR", "FVEY"), leave("GBR", "NATO")}, []string{
			"HARBOUR/p1 GBR: release marking / release marking -> refer USA / refer USA",
			"HARBOUR/p2 GBR: release marking -> refer USA",
		}},
		{"a new coalition", []whatif.Change{join("GBR", "PIERS")}, nil},
		{"leaves, and joins again", []whatif.Change{leave("GBR", "FVEY"), join("GBR", "FVEY")}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := compare(t, f, onDay10(nil), tt.changes...)
			if d.Compared != 15 { // five portions held by then, three parties
				t.Errorf("%d cells compared, want 15", d.Compared)
			}
			if diff := cmp.Diff(append([]string{}, tt.want...), cells(d)); diff != "" {
				t.Errorf("cells (-want +got):\n%s", diff)
			}
		})
	}
}

// TestSupposedLast: what is supposed comes after what was really said at that
// very instant, whatever the names.
func TestSupposedLast(t *testing.T) {
	f, _ := harbour()
	f = append(f, tearline.Statement{ID: "~~~~", By: "USA", At: day(10), Says: &tearline.PartyRecord{Party: "GBR", MemberOf: codes("NATO")}})
	got := cells(compare(t, f, onDay10([]tearline.ReportID{"HARBOUR"}, "GBR"), whatif.Change{Join: &whatif.Membership{Party: "GBR", Coalition: "FVEY"}}))
	if diff := cmp.Diff([]string{"HARBOUR/p2 GBR: refer USA -> release marking"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestRecordsOfOneOther: where the holder has said no records, those of the one
// party that has count, and a membership is supposed in its name.
func TestRecordsOfOneOther(t *testing.T) {
	var f facts
	for _, p := range codes("FRA", "GBR") {
		f.say("DEU", day(0), &tearline.PartyRecord{Party: p})
	}
	f.say("FRA", day(1), &tearline.Filing{Report: "A", Originator: "FRA", Policy: "us", Date: "2026-01-01", Portions: []tearline.FiledPortion{{ID: "p1", Originator: "FRA", Marking: "(S//REL TO USA, NATO)"}}})
	q := onDay10(nil)
	q.Holder = "FRA"
	got := cells(compare(t, f, q, whatif.Change{Join: &whatif.Membership{Party: "GBR", Coalition: "NATO"}}))
	if diff := cmp.Diff([]string{"A/p1 GBR: refer FRA -> release marking"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestQuestionErrors(t *testing.T) {
	f, _ := harbour()
	q := onDay10([]tearline.ReportID{"HARBOUR"}, "FRA")
	tests := []struct {
		name   string
		change func(q *whatif.Question)
		kind   tearline.Kind
		public string
		hint   string
	}{
		{"no time", func(q *whatif.Question) { q.At = time.Time{} }, tearline.Invalid, "0001-01-01T00:00:00Z is before 1970", "since 1970"},
		{"no holder", func(q *whatif.Question) { q.Holder = "" }, tearline.Invalid, `unknown party at 2026-01-11T12:00:00Z: ""`, "party list"},
		{"another holder", func(q *whatif.Question) { q.Holder = "GBR" }, tearline.Withheld, tearline.NewWithheld().Public, ""},
		{"strangers", func(q *whatif.Question) { q.Parties = codes("ESP", "FRA", "POL") }, tearline.Invalid, `unknown party at 2026-01-11T12:00:00Z: "ESP", "POL"`, "party list"},
		{"whose record is over", func(q *whatif.Question) { q.Parties = codes("SWE") }, tearline.Invalid, `unknown party at 2026-01-11T12:00:00Z: "SWE"`, "party list"},
		{"known to another only", func(q *whatif.Question) { q.Parties = codes("ITA") }, tearline.Invalid, `unknown party at 2026-01-11T12:00:00Z: "ITA"`, "party list"},
		{"a party twice", func(q *whatif.Question) { q.Parties = codes("FRA", "FRA") }, tearline.Invalid, `party "FRA" is named twice`, "once"},
		{"a report twice", func(q *whatif.Question) { q.Reports = append(q.Reports, "HARBOUR") }, tearline.Invalid, `report "HARBOUR" is named twice`, "once"},
		{"filed later", func(q *whatif.Question) { q.Reports = []tearline.ReportID{"TIDE"} }, tearline.Invalid, `filed only after 2026-01-11T12:00:00Z: report "TIDE"`, "later"},
		{"not held", func(q *whatif.Question) { q.Reports = []tearline.ReportID{"NONE"} }, tearline.Withheld, tearline.NewWithheld().Public, ""},
		{"taken back", func(q *whatif.Question) { q.Reports = []tearline.ReportID{"WRECK"} }, tearline.Withheld, tearline.NewWithheld().Public, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			asked := q
			tt.change(&asked)
			m, err := whatif.Table(f, asked)
			wantError(t, err, tt.kind, tt.public, tt.hint)
			if diff := cmp.Diff(whatif.Matrix{}, m); diff != "" {
				t.Errorf("a matrix beside an error:\n%s", diff)
			}
			_, err = whatif.Compare(f, asked, whatif.Change{Join: &whatif.Membership{Party: "DEU", Coalition: "FVEY"}})
			wantError(t, err, tt.kind, tt.public, tt.hint)
		})
	}
}

// wantError checks all of an error that may leave the process; hint is a part.
func wantError(t *testing.T, err error, kind tearline.Kind, public, hint string) {
	t.Helper()
	e, ok := errors.AsType[*tearline.Error](err)
	if !ok {
		t.Fatalf("error %v, want a *tearline.Error", err)
	}
	if e.Kind != kind || e.Public != public || !strings.Contains(e.Hint, hint) || hint == "" && e.Hint != "" {
		t.Errorf("got %s %q, hint %q\nwant %s %q, hint with %q", e.Kind, e.Public, e.Hint, kind, public, hint)
	}
}

func TestChangeErrors(t *testing.T) {
	f, n := harbour()
	of := func(p, c tearline.PartyID) *whatif.Membership {
		return &whatif.Membership{Party: p, Coalition: c}
	}
	id := func(before string, s tearline.StatementID, after string) string {
		return before + string(s) + after
	}
	tests := []struct {
		name    string
		changes []whatif.Change
		public  string
		hint    string
	}{
		{"none", nil, "no change is named", "name a membership or a statement"},
		{"an empty one", []whatif.Change{{}}, "a change names 0 things", "one thing"},
		{"two in one", []whatif.Change{{Join: of("FRA", "FVEY"), Revoke: n.consent}}, "a change names 2 things", "one thing"},
		{"a stranger joins", []whatif.Change{{Join: of("ESP", "NATO")}}, `unknown party at 2026-01-11T12:00:00Z: "ESP"`, "party add"},
		{"a member joins", []whatif.Change{{Join: of("FRA", "NATO")}}, "FRA is a member of NATO already", "leaves"},
		{"joins twice", []whatif.Change{{Join: of("FRA", "FVEY")}, {Join: of("FRA", "FVEY")}}, "FRA is a member of FVEY already", "leaves"},
		{"no member leaves", []whatif.Change{{Leave: of("FRA", "FVEY")}}, "FRA is no member of FVEY", "joins"},
		{"a stranger leaves", []whatif.Change{{Leave: of("SWE", "NATO")}}, `unknown party at 2026-01-11T12:00:00Z: "SWE"`, "party list"},
		{"joins itself", []whatif.Change{{Join: of("FRA", "FRA")}}, "FRA cannot be a member of itself", "a party and a coalition"},
		{"no coalition", []whatif.Change{{Join: of("FRA", "")}}, `coalition: party "": empty`, "NATO"},
		{"no code", []whatif.Change{{Join: of("FRA", "the five")}}, `coalition: party "the five": character 4 is not allowed there (letters, digits, . _ -)`, "NATO"},
		{"not there", []whatif.Change{{Revoke: "nothing"}}, `unknown statement "nothing"`, "tearline decide"},
		{"a filing", []whatif.Change{{Revoke: n.filing}}, id("", n.filing, " is a filing: without it there are no answers to compare"), "leave the report out"},
		{"a record", []whatif.Change{{Revoke: n.record}}, id("", n.record, " is a party's record: without it there are no answers to compare"), "joins or leaves"},
		{"a request", []whatif.Change{{Revoke: n.request}}, id("no answer rests on ", n.request, ": it is a request"), "consent"},
		{"a revocation", []whatif.Change{{Revoke: n.taken}}, id("no answer rests on ", n.taken, ": it is a revocation"), "consent"},
		{"said later", []whatif.Change{{Revoke: n.late}}, id("exclusion ", n.late, " was said only at 2026-01-12T12:00:00Z"), "later"},
		{"taken back already", []whatif.Change{{Revoke: n.ended}}, id("exclusion ", n.ended, " was taken back at 2026-01-07T12:00:00Z"), "before"},
		{"twice", []whatif.Change{{Revoke: n.consent}, {Revoke: n.consent}}, id("consent ", n.consent, " was taken back at 2026-01-11T12:00:00Z"), "before"},
		{"lapsed", []whatif.Change{{Revoke: n.lapsed}}, id("exclusion ", n.lapsed, " is not in force at 2026-01-11T12:00:00Z"), "term"},
		{"replaced", []whatif.Change{{Revoke: n.old}}, id(id("agreement ", n.old, " is not in force at 2026-01-11T12:00:00Z: "), n.agreement, " of 2026-01-07T12:00:00Z replaced it"), "later one"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := whatif.Compare(f, onDay10(nil), tt.changes...)
			wantError(t, err, tearline.Invalid, tt.public, tt.hint)
			if diff := cmp.Diff(whatif.Difference{}, d); diff != "" {
				t.Errorf("a difference beside an error:\n%s", diff)
			}
		})
	}
}

// TestUnknownStatementsAlike (invariant 6): a statement that exists elsewhere,
// but not among these facts, is answered like one that does not exist.
func TestUnknownStatementsAlike(t *testing.T) {
	f, n := harbour()
	var without facts
	for _, s := range f {
		if s.ID != n.consent {
			without = append(without, s)
		}
	}
	_, err := whatif.Compare(without, onDay10(nil), whatif.Change{Revoke: n.consent})
	wantError(t, err, tearline.Invalid, `unknown statement "`+string(n.consent)+`"`, "tearline decide")
	_, none := whatif.Compare(without, onDay10(nil), whatif.Change{Revoke: "s999"})
	a, b := strings.ReplaceAll(err.Error(), string(n.consent), "X"), strings.ReplaceAll(none.Error(), "s999", "X")
	if a != b {
		t.Errorf("%q and %q differ", a, b)
	}
}

// TestFaults: statements that do not fit together are told apart from a wrong
// question.
func TestFaults(t *testing.T) {
	f, _ := harbour()
	f = f.and("USA", day(1), &tearline.Filing{Report: "BAD", Originator: "USA", Policy: "us", Portions: []tearline.FiledPortion{{ID: "p1", Originator: "USA", Marking: "(NONE)"}}})
	_, err := whatif.Table(f, onDay10(nil))
	if _, ok := errors.AsType[tearline.Faults](err); !ok || tearline.KindOf(err) != tearline.Other {
		t.Errorf("Table: %v, want Faults", err)
	}
	_, err = whatif.Compare(f, onDay10(nil), whatif.Change{Revoke: "s999"})
	if _, ok := errors.AsType[tearline.Faults](err); !ok {
		t.Errorf("Compare: %v, want Faults", err)
	}
}

// TestMay: only a release or a discretion lets anything go.
func TestMay(t *testing.T) {
	tests := []struct {
		a    whatif.Answer
		want bool
	}{
		{whatif.Answer{}, false},
		{whatif.Answer{Outcome: tearline.Refer}, false},
		{whatif.Answer{Outcome: tearline.Release}, true},
		{whatif.Answer{Discretion: "s1"}, true},
	}
	for _, tt := range tests {
		if got := tt.a.May(); got != tt.want {
			t.Errorf("%+v: may %v, want %v", tt.a, got, tt.want)
		}
	}
}
