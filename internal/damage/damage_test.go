package damage_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/internal/damage"
)

var start = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

// A world is what USA knows. Each thing is said a minute after the one before.
type world struct{ damage.Facts }

func newWorld() *world { return &world{damage.Facts{Holder: "USA"}} }

func (w *world) say(by tearline.PartyID, says tearline.Predicate) tearline.StatementID {
	n := len(w.Statements)
	id := tearline.StatementID(fmt.Sprintf("s%02d", n))
	w.Statements = append(w.Statements, tearline.Statement{ID: id, By: by, At: start.Add(time.Duration(n) * time.Minute), Says: says})
	w.At = start.Add(time.Duration(n) * time.Minute)
	return id
}

func ref(s string) tearline.PortionRef {
	r, err := tearline.ParsePortionRef(s)
	if err != nil {
		panic(err)
	}
	return r
}

func refs(list string) []tearline.PortionRef {
	var out []tearline.PortionRef
	for s := range strings.FieldsSeq(list) {
		out = append(out, ref(s))
	}
	return out
}

// file files a report: portions "NAME ORIGINATOR SOURCE…", with ~ after the
// name of one that has a tear-line wording.
func (w *world) file(report string, portions ...string) {
	x := &tearline.Filing{Report: tearline.ReportID(report), Originator: "USA", Policy: "us", Date: "2026-03-01"}
	for _, p := range portions {
		f := strings.Fields(p)
		id, tear := strings.CutSuffix(f[0], "~")
		fp := tearline.FiledPortion{ID: tearline.PortionID(id), Originator: tearline.PartyID(f[1]), Marking: "(S)", Sources: refs(strings.Join(f[2:], " "))}
		if tear {
			fp.Tear = "(C)"
		}
		x.Portions = append(x.Portions, fp)
	}
	w.say("USA", x)
}

// seen adds a leak that draws on portions.
func (w *world) seen(where, portions string) {
	id := w.say("USA", &tearline.Sighting{Seen: w.At, Where: where, Matches: refs(portions)})
	w.Leaks = append(w.Leaks, damage.Leak{Statement: id, Known: w.At, Seen: w.At.Add(-time.Hour), Where: where, Portions: refs(portions)})
}

// example is a report M that rests on NLD's and GBR's, from which others rest.
func example() *world {
	w := newWorld()
	w.file("N", "p1 NLD", "p2 NLD N/p1", "p3 NLD")
	w.file("G", "p1 GBR", "p2 NLD G/p1")
	w.file("M", "p1 USA", "p2 USA N/p1", "p3~ USA G/p1", "p4 USA")
	w.file("K", "p1 USA M/p2", "p2 USA N/p1", "p3 GBR K/p1", "p4 USA N/p3")
	return w
}

func names(list []damage.Portion) string {
	var out []string
	for _, p := range list {
		s := p.Portion
		if p.Steps > 0 {
			s += fmt.Sprintf(":%d", p.Steps)
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func TestSpread(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, leak, open, sources, inferred, unexposed string }{
		{"nothing rests on it", "M/p1", "M/p1", "", "", "M/p2 M/p3 M/p4"},
		{"a source, and what rests on that", "M/p2", "M/p2", "N/p1:1", "K/p1:1 K/p2:2 K/p3:2 N/p2:2", "M/p1 M/p3 M/p4"},
		{"the source itself", "N/p1", "N/p1", "", "K/p2:1 M/p2:1 N/p2:1 K/p1:2 K/p3:3", "N/p3"},
		{"a tear line rests on its portion", "M/p3~tear", "M/p3~tear", "M/p3:1 G/p1:2", "G/p2:3", "M/p1 M/p2 M/p4"},
		{"twice", "M/p2 M/p2 N/p1", "M/p2 N/p1", "", "K/p1:1 K/p2:1 N/p2:1 K/p3:2", "M/p1 M/p3 M/p4 N/p3"},
		{"not held", "X/p1 M/p1", "M/p1", "", "", "M/p2 M/p3 M/p4"},
	} {
		w := example()
		w.seen("a newspaper", tt.leak)
		d := damage.Assess(&w.Facts)
		got := []string{names(d.Open), names(d.Sources), names(d.Inferred), names(d.Unexposed)}
		if diff := cmp.Diff([]string{tt.open, tt.sources, tt.inferred, tt.unexposed}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		if (tt.name == "not held") != (len(d.Notes) == 1) {
			t.Errorf("%s: notes %q", tt.name, d.Notes)
		}
	}
}

func TestPathsAndBanners(t *testing.T) {
	t.Parallel()
	w := example()
	w.seen("", "M/p2")
	d := damage.Assess(&w.Facts)
	got := map[string]string{}
	for _, p := range append(d.Sources, d.Inferred...) {
		got[p.Portion] = p.How()
	}
	want := map[string]string{
		"N/p1": "M/p2 – N/p1", "K/p1": "M/p2 – K/p1", "K/p2": "M/p2 – N/p1 – K/p2", "K/p3": "M/p2 – K/p1 – K/p3", "N/p2": "M/p2 – N/p1 – N/p2",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"SECRET"}, d.Banners); diff != "" {
		t.Error(diff)
	}
	if got := fmt.Sprint(d.Edges); got != "[{K/p1 M/p2} {K/p2 N/p1} {K/p3 K/p1} {M/p2 N/p1} {N/p2 N/p1}]" {
		t.Error(got)
	}
}

func TestTell(t *testing.T) {
	t.Parallel()
	w := example()
	w.say("USA", &tearline.Agreement{Name: "GBR", Parties: [2]tearline.PartyID{"USA", "GBR"}, Inform: true, Onward: tearline.OnwardNever})
	w.say("USA", &tearline.Agreement{Name: "NLD", Parties: [2]tearline.PartyID{"NLD", "USA"}, Standing: []tearline.StandingConsent{{By: "NLD", UpTo: "SECRET", To: []tearline.PartyID{"FRA"}}}})
	consent := w.say("NLD", &tearline.Consent{Granted: true, Recipient: "BRA", Portions: refs("N/p2")})
	w.say("NLD", &tearline.Consent{Granted: true, Recipient: "BRA", Portions: refs("N/p3")})
	back := w.say("NLD", &tearline.Consent{Granted: true, Recipient: "BRA", Portions: refs("N/p1")})
	w.say("NLD", &tearline.Revocation{Of: back})
	w.seen("a newspaper", "M/p2 M/p3")
	known := w.Leaks[0].Known
	d := damage.Assess(&w.Facts)
	due := known.Add(24 * time.Hour)
	want := []damage.Tell{
		{To: "GBR", Exposed: []string{"G/p1"}, Inferred: []string{}, Behind: []string{"K/p3"}, AtOnce: true, Due: &known, Suspend: []tearline.StatementID{}, Open: []string{"G/p1"}},
		{To: "NLD", Exposed: []string{"N/p1"}, Inferred: []string{"N/p2"}, Behind: []string{"G/p2"}, Due: &due, Suspend: []tearline.StatementID{consent, "s05"}, Open: []string{"N/p1", "N/p2"}},
	}
	if diff := cmp.Diff(want, d.Tell, ignored); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	told := d.Notices("The report is withdrawn.")
	seen := w.Leaks[0].Seen
	wantTold := []tearline.Exposure{
		{ToldTo: "GBR", Seen: seen, Where: "a newspaper", Portions: []tearline.ExposedPortion{{Portion: ref("G/p1")}}, Measures: "The report is withdrawn."},
		{
			ToldTo: "NLD", Seen: seen, Where: "a newspaper", Portions: []tearline.ExposedPortion{{Portion: ref("N/p1")}, {Portion: ref("N/p2"), Inferred: true}},
			Suspend: []tearline.StatementID{consent, "s05"}, Measures: "The report is withdrawn.",
		},
	}
	if diff := cmp.Diff(wantTold, told); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	// What was told is not told again; what is new is.
	w.Told = told
	if again := damage.Assess(&w.Facts); len(again.Notices("")) != 0 || !again.Tell[0].Told || !again.Tell[1].Told {
		t.Errorf("told again: %+v", again.Notices(""))
	}
	w.seen("a blog", "N/p2")
	more := damage.Assess(&w.Facts).Notices("")
	wantTold = []tearline.Exposure{{ToldTo: "NLD", Seen: w.Leaks[1].Seen, Where: "a blog", Portions: []tearline.ExposedPortion{{Portion: ref("N/p2")}}, Suspend: []tearline.StatementID{consent, "s05"}}}
	if diff := cmp.Diff(wantTold, more); diff != "" {
		t.Errorf("what is new (-want +got):\n%s", diff)
	}
	if w.Told = append(w.Told, more...); len(damage.Assess(&w.Facts).Notices("")) != 0 {
		t.Error("told a third time")
	}
}

// What is newly filed and follows from what an originator has been told is told
// within three days, and no portion of another's is ever told.
func TestTellInferredLater(t *testing.T) {
	t.Parallel()
	w := example()
	w.seen("", "N/p1")
	w.Told = damage.Assess(&w.Facts).Notices("")
	w.file("L", "p1 NLD N/p1", "p2 NLD G/p2")
	d := damage.Assess(&w.Facts)
	x := d.Tell[len(d.Tell)-1]
	for _, y := range d.Tell {
		if y.To == "NLD" {
			x = y
		}
	}
	if due := w.Leaks[0].Known.Add(72 * time.Hour); x.Due == nil || !x.Due.Equal(due) || strings.Join(x.Open, " ") != "L/p1" {
		t.Errorf("%+v", x)
	}
	w.At = w.At.AddDate(0, 0, 5)
	if !x.Pressing(w.At) || !strings.HasPrefix(x.When(w.At), "overdue since") {
		t.Error(x.When(w.At))
	}
}

func TestSuspendAndVoid(t *testing.T) {
	t.Parallel()
	w := example()
	later := start.AddDate(1, 0, 0)
	w.say("NLD", &tearline.Consent{Granted: true, Recipient: "BRA", Portions: refs("N/p1"), Term: tearline.Term{Until: later}})
	w.say("NLD", &tearline.Consent{Granted: true, Recipient: "BRA", Portions: refs("N/p1"), Term: tearline.Term{Until: start}})
	w.say("NLD", &tearline.Consent{Recipient: "BRA", Portions: refs("N/p1")})
	w.say("USA", &tearline.Discretion{Portions: refs("K/p1"), Recipient: "BRA", Because: "x", Authority: "x"})
	w.say("USA", &tearline.Discretion{Portions: refs("M/p1"), Recipient: "BRA", Because: "x", Authority: "x"})
	w.say("USA", &tearline.Agreement{Name: "old", Parties: [2]tearline.PartyID{"USA", "NLD"}, Standing: []tearline.StandingConsent{{By: "NLD", UpTo: "SECRET", To: []tearline.PartyID{"GBR"}}}})
	w.say("USA", &tearline.Agreement{Name: "old", Parties: [2]tearline.PartyID{"NLD", "USA"}, Inform: true})
	w.say("FRA", &tearline.Agreement{Name: "others", Parties: [2]tearline.PartyID{"FRA", "NLD"}, Inform: true})
	w.say("USA", &tearline.Embargo{Report: "M", Term: tearline.Term{Until: later}})
	w.say("USA", &tearline.Embargo{Report: "K", Term: tearline.Term{Until: later}})
	w.say("NLD", &tearline.Exclusion{Party: "BRA"})
	w.say("GBR", &tearline.Exclusion{Party: "FRA"})
	w.Waiting = []damage.Copy{{Copy: "AAAA", Recipient: "GBR", Disclosure: "d1", Portions: refs("M/p2~tear K/p4")}, {Copy: "BBBB", Recipient: "GBR", Portions: refs("K/p4")}}
	w.Requests = []damage.Request{{ID: "r1", Holder: "USA", Originator: "NLD", Recipient: "BRA", Portions: refs("N/p2")}, {ID: "r2", Holder: "USA", Portions: refs("N/p3")}}
	w.Given = []damage.Given{
		{Portion: ref("M/p2"), Party: "GBR", Mode: tearline.Document, At: start, Copy: "CCCC"},
		{Portion: ref("M/p2"), Party: "FRA", Mode: tearline.Oral, At: start.Add(-time.Hour), Via: "GBR"},
		{Portion: ref("M/p2"), Party: "BRA", At: later},
		{Portion: ref("M/p1"), Party: "BRA", At: start},
	}
	w.Finding, w.Named = tearline.FoundCopies, []damage.Copy{{Copy: "CCCC", Recipient: "GBR"}}
	w.At = w.At.Add(2 * time.Hour)
	w.seen("", "M/p2")
	w.Leaks[0].Seen = start.Add(time.Hour)
	d := damage.Assess(&w.Facts)
	var got []string
	for i := range d.Suspend {
		got = append(got, d.Suspend[i].Words())
	}
	for i := range d.Void {
		got = append(got, d.Void[i].Words())
	}
	for i := range d.Agreements {
		got = append(got, d.Agreements[i].Words())
	}
	for _, r := range d.Recipients {
		got = append(got, fmt.Sprintf("%s %s %s %s", r.Party, r.Portions, r.Copies, r.Via))
	}
	got = append(got, d.Attribution.Words())
	want := []string{
		"NLD's consent that BRA may have N/p1, until 2027-03-02 08:00 UTC",
		"the decision to tell BRA of K/p1 at discretion",
		"copy AAAA for GBR, which has not been handed out: M/p2",
		"USA's request for BRA, which nobody has answered: N/p2",
		"USA's embargo on M until 2027-03-02 08:00 UTC",
		"BRA is never to have NLD's material, and may read it now",
		"old with NLD: it has a say in what is exposed; it is asked before anything is passed on; each tells the other at once",
		"FRA [M/p2] [] [GBR]", "GBR [M/p2] [CCCC] []",
		"The text agrees with copy CCCC, given to GBR, within the bound of the reading. That is a copy, and no person.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// What was said after the assessment is passed over.
	w.At = start.Add(30 * time.Second)
	if d := damage.Assess(&w.Facts); len(d.Suspend) != 0 || len(d.Open) != 0 {
		t.Errorf("%+v", d)
	}
}
