package node_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline"
	"tearline/internal/node"
)

// shown writes down what a job lets out: its answer as JSON or, of an error,
// what leaves the process.
func shown(b *strings.Builder, job string, answer any, err error) {
	fmt.Fprintf(b, "%s: ", job)
	if err != nil {
		if e, ok := errors.AsType[*tearline.Error](err); ok {
			fmt.Fprintf(b, "%s | %s | %s\n", e.Kind, e.Public, e.Hint)
			return
		}
		fmt.Fprintf(b, "error %v\n", err)
		return
	}
	text, err := json.Marshal(answer)
	if err != nil {
		text = []byte(err.Error())
	}
	fmt.Fprintf(b, "%s\n", text)
}

// exam calls every job that only reads, as a party, for every name that it
// might think of.
func exam(d *desk, p tearline.PartyID, reports []string, ids []tearline.StatementID) string {
	ctx := d.t.Context()
	b := &strings.Builder{}
	list, next, err := d.Reports(ctx, p, "", 1)
	shown(b, "reports", list, err)
	shown(b, "next", next, nil)
	asked, err := d.Requests(ctx, p)
	shown(b, "requests", asked, err)
	facts, err := d.Facts(ctx, p, tearline.KindAgreement, tearline.KindExclusion, tearline.KindTie, tearline.KindEmbargo)
	shown(b, "facts", facts, err)
	entries, err := d.Entries(ctx, p, 0, 1000)
	shown(b, "entries", entries, err)
	verified, err := d.Verify(ctx, p)
	shown(b, "verify", verified, err)
	parties, err := d.Parties(ctx)
	shown(b, "parties", parties, err)
	for _, r := range reports {
		id := tearline.ReportID(r)
		after, _, err := d.Reports(ctx, p, id, 5)
		shown(b, "reports after "+r, after, err)
		report, err := d.Show(ctx, p, id)
		shown(b, "show "+r, report, err)
		audit, err := d.AuditReport(ctx, p, id)
		shown(b, "audit "+r, audit, err)
		for _, to := range []tearline.PartyID{"FRA", "NLD", "NOBODY"} {
			dec, err := d.Decide(ctx, node.Question{As: p, Report: id, To: to, Mode: tearline.Oral, Person: cleared})
			shown(b, "decide "+r+" for "+string(to), dec, err)
		}
	}
	for _, o := range []tearline.PartyID{"USA", "NLD", "GBR", "BRA", "FRA", "NOBODY"} {
		audit, err := d.AuditOriginator(ctx, p, o)
		shown(b, "audit of "+string(o), audit, err)
	}
	for _, text := range []string{
		"Crates come to the eastern mole by launch, it is said, and at the long table crates are opened at night.",
		"The governor of the province has met the owner of the sugar mill twice in the spring.",
	} {
		traced, err := d.Trace(ctx, p, text, time.Time{}, false, "")
		shown(b, "trace", traced, err)
	}
	for _, id := range ids {
		for _, name := range []string{string(id), string(id)[:3], string(id)[:1]} {
			entry, err := d.Entry(ctx, p, name)
			shown(b, "entry", entry, err)
			proof, err := d.Prove(ctx, p, name)
			shown(b, "prove", proof, err)
		}
	}
	return b.String()
}

// acts calls the jobs that change something, for what is not the party's.
func acts(d *desk, p tearline.PartyID, reports []string, ids []tearline.StatementID) string {
	ctx := d.t.Context()
	b := &strings.Builder{}
	for _, r := range reports {
		id := tearline.ReportID(r)
		q := node.Question{As: p, Report: id, To: "FRA"}
		d.tick()
		asked, err := d.Ask(ctx, q, nil)
		shown(b, "ask "+r, asked, err)
		rel, err := d.release(q)
		shown(b, "release "+r, rel.Released, err)
		fmt.Fprintf(b, "%s\n", rel.bytes)
		d.tick()
		q.Mode = tearline.Oral
		told, err := d.Disclose(ctx, node.Telling{Question: q, Gist: "so and so", Occurred: start})
		shown(b, "disclose "+r, told, err)
		act := node.Act{As: p, Report: id, To: "FRA", Because: "x", Authority: "x"}
		d.tick()
		acted, err := d.Discretion(ctx, act)
		shown(b, "discretion "+r, acted, err)
		d.tick()
		acted, err = d.Declassify(ctx, act)
		shown(b, "declassify "+r, acted, err)
		d.tick()
		fact, err := d.State(ctx, p, &tearline.Embargo{Report: id, Term: tearline.Term{Until: start.AddDate(1, 0, 0)}})
		shown(b, "embargo "+r, fact, err)
	}
	for _, id := range ids {
		for _, name := range []string{string(id)[:2], string(id)} {
			d.tick()
			asked, err := d.Grant(ctx, node.Answer{As: p, Request: name})
			shown(b, "grant", asked, err)
			asked, err = d.Revoke(ctx, node.Answer{As: p, Request: name})
			shown(b, "revoke", asked, err)
			fact, err := d.EndFact(ctx, p, name, "", tearline.KindAgreement, tearline.KindExclusion)
			shown(b, "end", fact, err)
		}
	}
	d.tick()
	var lines []node.Imported
	sum, err := d.Import(ctx, p, strings.NewReader(line("IMP", string(p), "U|So it is.")+line("IMP2", string(p), "U|So it was.||IMP/p1")), func(a node.Imported) error {
		lines = append(lines, a)
		return nil
	})
	shown(b, "import", sum, err)
	shown(b, "imported", lines, nil)
	return b.String()
}

// A step is something that somebody does.
type step struct {
	name string
	do   func(d *desk, draw func(n int) int)
}

// done is for steps in which it does not matter whether they succeed: both
// worlds take them, or one alone and in secret.
func done(...any) {}

// open picks one of the requests between others.
func open(d *desk, by tearline.PartyID, pick int) (node.Asked, bool) {
	list, err := d.Requests(d.t.Context(), by)
	if err != nil || len(list) == 0 {
		return node.Asked{}, false
	}
	return list[pick%len(list)], true
}

// secretSteps are what others do among themselves. None of it concerns BRA.
var secretSteps = []step{
	{"USA files", func(d *desk, draw func(int) int) {
		id := []string{"B1", "B3", "S1", "S2", "S3"}[draw(5)] // names of BRA's, too
		done(d.tryFile("USA", line(id, "USA", "S//NF|The governor of the province has met the owner of the sugar mill.")))
	}},
	{"NLD files", func(d *desk, draw func(int) int) {
		id := []string{"B1", "B3", "O1"}[draw(3)]
		done(d.tryFile("NLD", line(id, "NLD", "S//FGI NLD//OC/REL TO USA, NLD|A ferry.")))
	}},
	{"USA files BRA's", func(d *desk, draw func(int) int) {
		done(d.tryFile("USA", line(fmt.Sprintf("T%d", draw(3)), "USA", "S//FGI BRA//REL TO USA, BRA|The sugar mill is idle.|BRA")))
	}},
	{"USA asks", func(d *desk, draw func(int) int) {
		d.tick()
		portions := [][]tearline.PortionID{nil, {"p2"}, {"p1"}}[draw(3)]
		report := []tearline.ReportID{"M", "N1"}[draw(2)]
		done(d.Ask(d.t.Context(), question(report, []tearline.PartyID{"FRA", "BRA"}[draw(2)]), portions))
	}},
	{"an originator answers", func(d *desk, draw func(int) int) {
		by := []tearline.PartyID{"NLD", "GBR"}[draw(2)]
		a, ok := open(d, by, draw(5))
		if !ok || a.Holder == "BRA" {
			return
		}
		d.tick()
		answer := node.Answer{As: by, Request: string(a.ID)}
		switch draw(3) {
		case 0:
			done(d.Refuse(d.t.Context(), answer))
		case 1:
			done(d.Revoke(d.t.Context(), answer))
		default:
			done(d.Grant(d.t.Context(), answer))
		}
	}},
	{"USA releases", func(d *desk, draw func(int) int) {
		done(d.release(question("M", []tearline.PartyID{"FRA", "BRA", "GBR"}[draw(3)])))
	}},
	{"USA tells", func(d *desk, draw func(int) int) {
		d.tick()
		q := question("M", []tearline.PartyID{"FRA", "BRA"}[draw(2)])
		q.Mode = tearline.Oral
		done(d.Disclose(d.t.Context(), node.Telling{Question: q, Gist: "so and so", Occurred: start}))
	}},
	{"USA decides to tell", func(d *desk, draw func(int) int) {
		d.tick()
		done(d.Discretion(d.t.Context(), node.Act{As: "USA", Report: "M", To: "BRA", Because: "x", Authority: "x"}))
	}},
	{"USA holds back", func(d *desk, draw func(int) int) {
		d.tick()
		done(d.State(d.t.Context(), "USA", &tearline.Embargo{Report: "M", Term: tearline.Term{Until: start.AddDate(1, 0, 0)}}))
	}},
	{"USA lowers", func(d *desk, draw func(int) int) {
		d.tick()
		done(d.Declassify(d.t.Context(), node.Act{As: "USA", Report: "M", Portions: []tearline.PortionID{"p1"}, Because: "x", Authority: "x"}))
	}},
	{"others agree", func(d *desk, draw func(int) int) {
		d.tick()
		done(d.State(d.t.Context(), "GBR", &tearline.Agreement{Name: "pact", Parties: [2]tearline.PartyID{"GBR", "FRA"}, Ceiling: "SECRET", Onward: tearline.OnwardFree}))
	}},
	{"others exclude", func(d *desk, draw func(int) int) {
		d.tick()
		by := []tearline.PartyID{"GBR", "FRA"}[draw(2)]
		done(d.State(d.t.Context(), by, &tearline.Exclusion{Party: "BRA", Ties: true}))
		done(d.State(d.t.Context(), by, &tearline.Tie{Party: "FRA", To: "BRA"}))
	}},
	{"USA traces", func(d *desk, draw func(int) int) {
		d.tick()
		done(d.Trace(d.t.Context(), "USA", "At the long table crates are opened at night, crates come to the eastern mole by launch.", time.Time{}, true, "a newspaper"))
	}},
}

// knownSteps are what BRA does, or may know of.
var knownSteps = []step{
	{"BRA files", func(d *desk, draw func(int) int) {
		done(d.tryFile("BRA", line("B3", "BRA", "S//REL TO USA, BRA, FRA|The governor of the province has met the owner of the sugar mill.")))
	}},
	{"BRA asks", func(d *desk, draw func(int) int) {
		d.tick()
		done(d.Ask(d.t.Context(), node.Question{As: "BRA", Report: "B2", To: "FRA"}, nil))
	}},
	{"NLD answers BRA", func(d *desk, draw func(int) int) {
		if a, ok := open(d, "BRA", draw(5)); ok {
			d.tick()
			done(d.Grant(d.t.Context(), node.Answer{As: "NLD", Request: string(a.ID)}))
		}
	}},
	{"BRA releases", func(d *desk, draw func(int) int) {
		done(d.release(node.Question{As: "BRA", Report: []tearline.ReportID{"B1", "B2"}[draw(2)], To: "FRA"}))
	}},
	{"BRA excludes", func(d *desk, draw func(int) int) {
		d.tick()
		done(d.State(d.t.Context(), "BRA", &tearline.Exclusion{Party: "GBR"}))
	}},
	{"BRA agrees", func(d *desk, draw func(int) int) {
		d.tick()
		done(d.State(d.t.Context(), "BRA", &tearline.Agreement{Name: "BRA-FRA", Parties: [2]tearline.PartyID{"BRA", "FRA"}, Ceiling: "SECRET", Onward: tearline.OnwardAsk}))
	}},
	{"USA asks BRA", func(d *desk, draw func(int) int) {
		d.tick()
		done(d.Ask(d.t.Context(), question("W", "FRA"), nil))
	}},
	{"BRA answers", func(d *desk, draw func(int) int) {
		list, err := d.Requests(d.t.Context(), "BRA")
		if err != nil {
			return
		}
		for _, a := range list {
			if a.Originator == "BRA" {
				d.tick()
				done(d.Grant(d.t.Context(), node.Answer{As: "BRA", Request: string(a.ID)[:4]}))
			}
		}
	}},
	{"USA tells of BRA's", func(d *desk, draw func(int) int) {
		d.tick()
		q := question("W", "FRA")
		q.Mode = tearline.Oral
		done(d.Disclose(d.t.Context(), node.Telling{Question: q, Gist: "so and so", Occurred: start}))
	}},
	{"the directory changes", func(d *desk, draw func(int) int) {
		d.tick()
		done(d.AddParty(d.t.Context(), "USA", tearline.Party{ID: "FRA", Name: fmt.Sprintf("France %d", draw(3))}))
	}},
}

// brazil sets up what both worlds have: BRA's own reports, one that rests on
// NLD's material, and one of USA's that rests on BRA's. In some worlds that one
// has other originators, too, of whom BRA must not learn.
func brazil(tb testing.TB, more bool) *desk {
	tb.Helper()
	d := newDesk(tb)
	w := line("W", "USA", "S//FGI BRA//OC/REL TO USA, BRA|The mill runs at night.||B9/p1")
	if more {
		w = line("W", "USA",
			"S//FGI BRA//OC/REL TO USA, BRA|The mill runs at night.||B9/p1",
			"S//FGI GBR//OC/REL TO USA, GBR|The long table is a mill.||G1/p1",
			"S//FGI NLD//OC/REL TO USA, NLD|The crates go to the mill.||N1/p1")
	}
	d.file("USA", fromNLD+fromGBR+ofUSA)
	d.env.begin("brazil", start.Add(time.Minute))
	d.file("USA", line("B9", "BRA", "S//FGI BRA//OC/REL TO USA, BRA|A sugar mill runs at night.")+w)
	d.env.begin("brazil's own", start.Add(2*time.Minute))
	d.file("BRA", line("B1", "BRA", "S//REL TO USA, BRA, FRA|The governor of the province has met the owner of the sugar mill twice in the spring.")+
		line("B2", "NLD", "S//FGI NLD//OC/REL TO NLD, USA, BRA|The owner has a ferry.")+
		fromNLD) // NLD has given it to both: what it allows USA is USA's alone
	d.tick()
	if _, err := d.State(tb.Context(), "BRA", &tearline.Agreement{Name: "BRA-NLD", Parties: [2]tearline.PartyID{"BRA", "NLD"}, Ceiling: "SECRET", Onward: tearline.OnwardAsk}); err != nil {
		tb.Fatal(err)
	}
	return d
}

// names are the random names in an answer: statements, copies, digests.
var names = regexp.MustCompile(`\b[a-z2-7]{26}\b|\b[A-Z2-7]{4}(?:-[A-Z2-7]{4}){2}\b|\b[0-9a-f]{64}\b`)

// leveled replaces random names by the order in which they appear: that a
// name differs between the worlds tells nothing; that it appears elsewhere
// does.
func leveled(s string) string {
	seen := map[string]string{}
	return names.ReplaceAllStringFunc(s, func(name string) string {
		if seen[name] == "" {
			seen[name] = fmt.Sprintf("name-%d", len(seen)+1)
		}
		return seen[name]
	})
}

// Invariant 6: two worlds that differ only in what is hidden from a party
// answer that party alike, on every exit.
func TestInvariant06NeitherConfirmNorDeny(t *testing.T) {
	t.Parallel()
	plainly, more := brazil(t, false), brazil(t, true)
	rapid.Check(t, func(rt *rapid.T) {
		plain, secret := plainly.copied(t), plainly
		if rapid.Bool().Draw(rt, "more originators") {
			secret = more
		}
		secret = secret.copied(t)
		defer plain.Close()
		defer secret.Close()
		at := start.Add(time.Hour)
		for i := range rapid.IntRange(2, 8).Draw(rt, "steps") {
			for j := range rapid.IntRange(0, 3).Draw(rt, "secrets") {
				s := rapid.SampledFrom(secretSteps).Draw(rt, "secret")
				secret.env.begin(fmt.Sprintf("secret %d %d", i, j), at.Add(time.Duration(10*j)*time.Second))
				s.do(secret, func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "choice") })
			}
			at = at.Add(time.Minute)
			s := rapid.SampledFrom(knownSteps).Draw(rt, fmt.Sprintf("step %d", i))
			choice := rapid.IntRange(0, 1<<20).Draw(rt, "choice")
			for _, d := range []*desk{plain, secret} {
				d.env.begin(fmt.Sprintf("step %d", i), at)
				s.do(d, func(n int) int { return choice % n })
			}
		}
		alike(rt, plain, secret, at.Add(time.Minute))
	})
}

// alike examines both worlds as BRA.
func alike(t *rapid.T, plain, secret *desk, at time.Time) {
	reports := []string{"B1", "B2", "B3", "B9", "M", "N1", "S1", "T1", "W", "NONE"}
	ids := func(d *desk) (out []tearline.StatementID) {
		entries, err := d.Entries(d.t.Context(), "BRA", 0, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			out = append(out, e.Statement)
		}
		return append(out, "aaaaaaaaaaaaaaaaaaaaaaaaaa")
	}
	// In the secret world the names of hidden statements are tried as well:
	// they must be answered as one that is not there.
	hidden, err := secret.Entries(secret.t.Context(), "USA", 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	look := func(d *desk) string {
		d.env.begin("exam", at)
		return leveled(exam(d, "BRA", reports, ids(d)) + acts(d, "BRA", reports, ids(d)))
	}
	a, b := look(plain), look(secret)
	if a != b {
		t.Errorf("BRA sees a difference (-plain +secret):\n%s", cmp.Diff(strings.Split(a, "\n"), strings.Split(b, "\n")))
	}
	for _, e := range hidden {
		_, err := secret.Entry(secret.t.Context(), "BRA", string(e.Statement))
		if err == nil || err.Error() != tearline.NewWithheld().Error() {
			t.Errorf("BRA asks for %s of USA: %v", e.Statement, err)
		}
	}
}
