package node_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tearline"
	"tearline/internal/leakindex"
	"tearline/internal/node"
	"tearline/internal/node/cases"
	"tearline/internal/node/copies"
	"tearline/internal/node/trace"
	"tearline/internal/recall"
	"tearline/internal/replay"
	"tearline/internal/whatif"
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

// A job is one call of the node's: what a party asks or does.
type job struct {
	name string
	do   func(d *desk) (any, error)
	// about is a name that it is asked about and that its answer may repeat.
	about string
}

// asJob makes a job of a call that answers something.
func asJob[T any](name string, do func(d *desk) (T, error)) job {
	return job{name: name, do: func(d *desk) (any, error) { return do(d) }}
}

// answer does it and writes the answer down.
func (j job) answer(d *desk) string {
	b := &strings.Builder{}
	said, err := j.do(d)
	shown(b, j.name, said, err)
	if len(j.about) > 3 { // shorter ones are parts of words
		return strings.ReplaceAll(b.String(), `"`+j.about+`"`, "that")
	}
	return b.String()
}

// known are the names that a party might think of: reports, and statements or
// requests by their names and the beginnings of them.
type known struct {
	reports []tearline.ReportID
	ids     []string
}

// reads are all jobs that only read, as a party, for every name.
func reads(p tearline.PartyID, k known) []job {
	list := append(lists(p), supposed(p, k)...)
	for _, id := range k.reports {
		list = append(list, readsReport(p, id)...)
	}
	for _, o := range []tearline.PartyID{"USA", "NLD", "GBR", "BRA", "FRA", "NOBODY"} {
		list = append(list, asJob("audit of "+string(o), func(d *desk) (node.Audited, error) { return d.AuditOriginator(d.t.Context(), p, o) }))
	}
	for i, text := range []string{
		"Crates come to the eastern mole by launch, it is said, and at the long table crates are opened at night.",
		"The governor of the province has met the owner of the sugar mill twice in the spring.",
	} {
		list = append(list, asJob(fmt.Sprintf("trace %d", i), func(d *desk) (trace.Result, error) {
			t, err := d.Trace(d.t.Context(), p, trace.Question{Text: text}, nil)
			t.Leak = "" // what the asker brought
			return t, err
		}))
	}
	list = append(list, readsCases(p)...)
	list = append(list, asJob("index", func(d *desk) (leakindex.Stats, error) {
		s, err := d.IndexLeaks(d.t.Context(), p, false, nil)
		s.Bytes, s.Mapped = 0, 0 // they vary with the key
		return s, err
	}))
	for _, name := range k.ids {
		list = append(list, readsID(p, name)...)
	}
	return list
}

// caseNames are those that a party might think of.
var caseNames = []string{"2026-1", "2026-2", "mill", "C-0123456789abcdef"}

// readsCases are the jobs about cases that change nothing.
func readsCases(p tearline.PartyID) []job {
	list := []job{
		asJob("cases", func(d *desk) (cases.List, error) { return d.Cases(p).List(d.t.Context(), true, 10) }),
	}
	for _, name := range caseNames {
		list = append(list,
			asJob("case "+name, func(d *desk) (cases.Shown, error) { return d.Cases(p).Show(d.t.Context(), name) }),
			asJob("assess "+name, func(d *desk) (cases.Assessment, error) { return d.Cases(p).Assess(d.t.Context(), name) }),
			asJob("export "+name, func(d *desk) (cases.Export, error) { return d.Cases(p).Export(d.t.Context(), name) }))
	}
	return list
}

// actsOnCases are the jobs about cases that change something.
func actsOnCases(p tearline.PartyID, k known) []job {
	list := []job{
		asJob("open a case", func(d *desk) (cases.Done, error) {
			return d.Cases(p).Open(d.t.Context(), cases.Change{Note: "x", Officer: "x"})
		}),
		asJob("trace into a case", func(d *desk) (trace.Result, error) {
			return d.Trace(d.t.Context(), p, trace.Question{Text: "The owner of the mill.", Record: true, Case: "mill", Officer: "x"}, nil)
		}),
	}
	for _, name := range caseNames {
		x := cases.Change{Case: name, Note: "x", Officer: "x"}
		list = append(list,
			asJob("add to "+name, func(d *desk) (cases.Done, error) { return d.Cases(p).Add(d.t.Context(), x) }),
			asJob("tell of "+name, func(d *desk) (cases.Assessment, error) { return d.Cases(p).Notify(d.t.Context(), name, "x", "x") }),
			asJob("close "+name, func(d *desk) (cases.Done, error) { return d.Cases(p).Close(d.t.Context(), x) }))
	}
	for _, id := range k.ids {
		list = append(list, asJob("a case of one", func(d *desk) (cases.Done, error) {
			return d.Cases(p).Open(d.t.Context(), cases.Change{Note: "x", Officer: "x", Of: []string{id}})
		}))
	}
	return list
}

// leaked opens a case of a party's on a text, and tells the originators.
func leaked(d *desk, by tearline.PartyID, name, text string) {
	d.tick()
	done(d.Cases(by).Open(d.t.Context(), cases.Change{Case: name, Note: "x", Officer: "x"}))
	d.tick()
	done(d.Trace(d.t.Context(), by, trace.Question{Text: text, Record: true, Where: "a newspaper", Case: name, Officer: "x"}, nil))
	d.tick()
	done(d.Cases(by).Notify(d.t.Context(), name, "x", "It is looked into."))
}

// exam calls every job that only reads, as a party, and writes down the answers.
func exam(d *desk, p tearline.PartyID, reports []tearline.ReportID, ids []string) string {
	b := &strings.Builder{}
	for _, j := range reads(p, known{reports, ids}) {
		b.WriteString(j.answer(d))
	}
	return b.String()
}

// lists are the jobs that name nothing.
func lists(p tearline.PartyID) []job {
	return []job{
		asJob("reports", func(d *desk) ([]node.Listed, error) {
			list, _, err := d.Reports(d.t.Context(), p, "", 50)
			return list, err
		}),
		asJob("the next page", func(d *desk) (tearline.ReportID, error) {
			_, next, err := d.Reports(d.t.Context(), p, "", 1)
			return next, err
		}),
		asJob("recalls", func(d *desk) (recall.List, error) { return d.Recalls(d.t.Context(), p) }),
		asJob("requests", func(d *desk) ([]node.Asked, error) { return d.Requests(d.t.Context(), p) }),
		asJob("agreements", func(d *desk) ([]node.Fact, error) { return d.Facts(d.t.Context(), p, tearline.KindAgreement) }),
		asJob("exclusions", func(d *desk) ([]node.Fact, error) {
			return d.Facts(d.t.Context(), p, tearline.KindExclusion, tearline.KindTie)
		}),
		asJob("warrants", func(d *desk) ([]node.Fact, error) { return d.Facts(d.t.Context(), p, tearline.KindWarrant) }),
		asJob("embargoes", func(d *desk) ([]node.Fact, error) { return d.Facts(d.t.Context(), p, tearline.KindEmbargo) }),
		asJob("entries", func(d *desk) ([]node.EntryInfo, error) { return d.Entries(d.t.Context(), p, 0, 1000) }),
		asJob("verify", func(d *desk) ([]node.Verified, error) { return d.Verify(d.t.Context(), p) }),
		asJob("export", exported(p)),
		asJob("parties", func(d *desk) ([]node.PartyInfo, error) { return d.Parties(d.t.Context()) }),
		asJob("bundle", func(d *desk) (*replay.Bundle, error) { return d.Bundle(d.t.Context(), p) }),
		asJob("replay", func(d *desk) (replay.Replayed, error) {
			b, err := d.Bundle(d.t.Context(), p)
			if err != nil {
				return replay.Replayed{}, err
			}
			return b.Replay()
		}),
	}
}

// exported writes a ledger to files and returns them by name.
func exported(p tearline.PartyID) func(d *desk) (map[string][]byte, error) {
	return func(d *desk) (map[string][]byte, error) {
		dir := filepath.Join(d.t.TempDir(), "tiles")
		if _, err := d.ExportLedger(d.t.Context(), p, dir); err != nil {
			return nil, err
		}
		files := map[string][]byte{}
		err := filepath.WalkDir(dir, func(name string, e os.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			files[strings.TrimPrefix(name, dir)], err = os.ReadFile(name)
			return err
		})
		return files, err
	}
}

// recipients are those for whom is asked: one that is known, the originator of
// some, and nobody.
var recipients = []tearline.PartyID{"FRA", "NLD", "NOBODY"}

func readsReport(p tearline.PartyID, id tearline.ReportID) []job {
	list := []job{
		asJob("reports after "+string(id), func(d *desk) ([]node.Listed, error) {
			list, _, err := d.Reports(d.t.Context(), p, id, 5)
			return list, err
		}),
		asJob("show "+string(id), func(d *desk) (node.Shown, error) { return d.Show(d.t.Context(), p, id) }),
		asJob("audit "+string(id), func(d *desk) (node.Audited, error) { return d.AuditReport(d.t.Context(), p, id) }),
		asJob("whatif "+string(id), func(d *desk) (whatif.Matrix, error) {
			return d.Table(d.t.Context(), whatif.Question{Holder: p, Reports: []tearline.ReportID{id}})
		}),
	}
	for _, to := range recipients {
		q := node.Question{As: p, Report: id, To: to, Mode: tearline.Oral, Person: cleared}
		what := string(id) + " for " + string(to)
		list = append(list,
			asJob("decide "+what, func(d *desk) (node.Decided, error) { return d.Decide(d.t.Context(), q) }),
			asJob("warn "+what, func(d *desk) (node.Warning, error) { return d.Warn(d.t.Context(), q) }))
	}
	return list
}

// supposed are the questions about many reports at once.
func supposed(p tearline.PartyID, k known) []job {
	all := whatif.Question{Holder: p}
	compare := func(name string, changes ...whatif.Change) job {
		return asJob("whatif "+name, func(d *desk) (whatif.Difference, error) { return d.Compare(d.t.Context(), all, changes...) })
	}
	list := []job{
		asJob("whatif", func(d *desk) (whatif.Matrix, error) { return d.Table(d.t.Context(), all) }),
		compare("joins", whatif.Change{Join: &whatif.Membership{Party: "BRA", Coalition: "NATO"}}),
		compare("leaves", whatif.Change{Leave: &whatif.Membership{Party: "FRA", Coalition: "NATO"}}),
		asJob("batch", func(d *desk) ([]any, error) {
			b, err := d.Batch(d.t.Context(), p, node.Question{As: p})
			if err != nil {
				return nil, err
			}
			var answers []any
			for _, id := range k.reports {
				for _, to := range recipients {
					yes, no := b.Answer(d.t.Context(), fmt.Appendf(nil, `{"report":%q,"to":%q}`, id, to))
					answers = append(answers, yes, no)
				}
			}
			return answers, nil
		}),
	}
	for _, to := range recipients {
		for _, words := range []string{"", "launch"} {
			list = append(list, asJob("list "+words+" for "+string(to), func(d *desk) (node.List, error) {
				return d.List(d.t.Context(), node.ListQuestion{Question: node.Question{As: p, To: to}, Words: words, Limit: 2})
			}))
		}
	}
	return list
}

// readsID are the jobs about a statement that change nothing.
func readsID(p tearline.PartyID, name string) []job {
	list := []job{
		asJob("entry", func(d *desk) (node.EntryInfo, error) { return d.Entry(d.t.Context(), p, name) }),
		asJob("prove", func(d *desk) (node.Proof, error) { return d.Prove(d.t.Context(), p, name) }),
		asJob("warrant", func(d *desk) (tearline.StatementID, error) {
			w, err := d.Warrant(d.t.Context(), p, name, "Insp. Holm", time.Time{})
			return w.ID(), err
		}),
		asJob("whatif revokes", func(d *desk) (whatif.Difference, error) {
			return d.Compare(d.t.Context(), whatif.Question{Holder: p}, whatif.Change{Revoke: tearline.StatementID(name)})
		}),
	}
	if len(name) < 8 { // it takes long; the beginnings are looked for as above
		return list[:3]
	}
	list[3].about = name
	return list
}

// acts are all jobs that change something, as a party, for every name.
func acts(p tearline.PartyID, k known) []job {
	list := []job{
		asJob("import", func(d *desk) ([]node.Imported, error) {
			var lines []node.Imported
			_, err := d.Import(d.t.Context(), p, strings.NewReader(line("IMP", string(p), "U|So it is.")+line("IMP2", string(p), "U|So it was.||IMP/p1")),
				func(a node.Imported) error { lines = append(lines, a); return nil })
			return lines, err
		}),
		asJob("apply", func(d *desk) (node.Applied, error) {
			return d.Apply(d.t.Context(), p, strings.NewReader(line("APP", string(p), "U|So it is.")))
		}),
		asJob("party add", func(d *desk) (node.PartyInfo, error) {
			return d.AddParty(d.t.Context(), p, tearline.Party{ID: "FRA", Name: "Gaul"})
		}),
		asJob("trace and record", func(d *desk) (trace.Result, error) {
			return d.Trace(d.t.Context(), p, trace.Question{Text: "Crates come to the eastern mole by launch, it is said.", Record: true, Where: "a newspaper"}, nil)
		}),
		asJob("attribute", func(d *desk) (*copies.Attributed, error) {
			a, _, err := d.Attribute(d.t.Context(), p, trace.Question{Text: "Crates come to the eastern mole by launch, it is said."},
				copies.Question{Officer: "Holm", Second: "Lind", Because: "x", Where: "a newspaper"})
			return a, err
		}),
		asJob("agree", func(d *desk) (node.Fact, error) {
			return d.State(d.t.Context(), p, &tearline.Agreement{Name: "pact", Parties: [2]tearline.PartyID{p, "FRA"}, Ceiling: "SECRET", Onward: tearline.OnwardAsk})
		}),
		asJob("grant a warrant", func(d *desk) (node.Fact, error) { return d.State(d.t.Context(), p, holm("BRA")) }),
		asJob("tie", func(d *desk) (node.Fact, error) {
			return d.State(d.t.Context(), p, &tearline.Tie{Party: "FRA", To: "GBR"})
		}),
	}
	list = append(list, actsOnCases(p, k)...)
	for _, id := range k.reports {
		list = append(list, actsOnReport(p, id)...)
	}
	for _, name := range k.ids {
		list = append(list, actsOnID(p, name)...)
	}
	return list
}

func actsOnID(p tearline.PartyID, name string) []job {
	a := node.Answer{As: p, Request: name}
	return []job{
		asJob("grant", func(d *desk) (node.Asked, error) { return d.Grant(d.t.Context(), a) }),
		asJob("refuse", func(d *desk) (node.Asked, error) { return d.Refuse(d.t.Context(), a) }),
		asJob("revoke", func(d *desk) (node.Asked, error) { return d.Revoke(d.t.Context(), a) }),
		asJob("recall", func(d *desk) (recall.Act, error) { return d.Recall(d.t.Context(), p, name, "x") }),
		asJob("confirm", func(d *desk) (recall.Act, error) {
			return d.Confirm(d.t.Context(), p, name, tearline.Destroyed, "x")
		}),
		asJob("end", func(d *desk) (node.Fact, error) {
			return d.EndFact(d.t.Context(), p, name, "", tearline.KindAgreement, tearline.KindExclusion)
		}),
		asJob("end a warrant", func(d *desk) (node.Fact, error) {
			return d.EndFact(d.t.Context(), p, name, "", tearline.KindWarrant)
		}),
	}
}

func actsOnReport(p tearline.PartyID, id tearline.ReportID) []job {
	q := node.Question{As: p, Report: id, To: "FRA"}
	act := node.Act{As: p, Report: id, To: "FRA", Because: "x", Authority: "x"}
	return []job{
		asJob("wording "+string(id), func(d *desk) (*tearline.Report, error) { return d.Approvals(p).Report(d.t.Context(), id) }),
		asJob("erase "+string(id), func(d *desk) (tearline.StatementID, error) {
			return d.EraseFingerprint(d.t.Context(), p, id, "Holm", "x")
		}),
		asJob("file "+string(id), func(d *desk) ([]node.Filed, error) { return d.tryFile(p, line(string(id), string(p), "U|Anew.")) }),
		asJob("ask "+string(id), func(d *desk) ([]node.Asked, error) { return d.Ask(d.t.Context(), q, nil) }),
		asJob("release "+string(id), func(d *desk) ([]any, error) {
			rel, err := d.release(q)
			return []any{rel.Released, string(rel.bytes)}, err
		}),
		asJob("disclose "+string(id), func(d *desk) (node.Told, error) {
			q := q
			q.Mode = tearline.Oral
			return d.Disclose(d.t.Context(), node.Telling{Question: q, Gist: "so and so", Occurred: start})
		}),
		asJob("discretion "+string(id), func(d *desk) (node.Acted, error) { return d.Discretion(d.t.Context(), act) }),
		asJob("declassify "+string(id), func(d *desk) (node.Acted, error) { return d.Declassify(d.t.Context(), act) }),
		asJob("embargo "+string(id), func(d *desk) (node.Fact, error) {
			return d.State(d.t.Context(), p, &tearline.Embargo{Report: id, Term: tearline.Term{Until: start.AddDate(1, 0, 0)}})
		}),
		asJob("lift "+string(id), func(d *desk) (node.Fact, error) { return d.LiftEmbargo(d.t.Context(), p, id, "x") }),
	}
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
			if a.Recipient != "BRA" { // which is told of what it has
				done(d.Revoke(d.t.Context(), answer))
			}
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
	{"USA calls back", func(d *desk, draw func(int) int) {
		if rel, err := d.release(question("M", "FRA")); err == nil {
			d.tick()
			done(d.Recall(d.t.Context(), "USA", string(rel.Copy), "x"))
		}
	}},
	{"others look and confirm", func(d *desk, draw func(int) int) {
		confirmAll(d, []tearline.PartyID{"GBR", "USA", "NLD"}[draw(3)])
	}},
	{"USA lets an investigator search", func(d *desk, draw func(int) int) {
		d.tick()
		done(d.State(d.t.Context(), "USA", holm([]tearline.PartyID{"BRA", "NLD"}[draw(2)])))
	}},
	{"USA gives the power to search", func(d *desk, draw func(int) int) {
		d.tick()
		done(d.State(d.t.Context(), "USA", &tearline.Delegation{To: "Head of Security", Powers: []tearline.Power{tearline.PowerSearch}}))
	}},
	{"USA traces", func(d *desk, draw func(int) int) {
		d.tick()
		done(d.Trace(d.t.Context(), "USA", trace.Question{Text: "At the long table crates are opened at night, crates come to the eastern mole by launch.", Record: true, Where: "a newspaper"}, nil))
	}},
	{"USA has a case", func(d *desk, draw func(int) int) {
		leaked(d, "USA", []string{"mill", ""}[draw(2)], "At the long table crates are opened at night, crates come to the eastern mole by launch.")
	}},
}

// holm is a warrant for an investigator to search what is of a party.
func holm(of tearline.PartyID) *tearline.Warrant {
	return &tearline.Warrant{
		Investigator: "Insp. Holm", Authority: "Head of Security", Because: "case 12", Policy: "us", UpTo: "SECRET",
		Originators: []tearline.PartyID{of}, Term: tearline.Term{Until: start.AddDate(0, 6, 0)},
	}
}

// confirmAll says of all that a party is to give up what was done.
func confirmAll(d *desk, p tearline.PartyID) {
	d.tick()
	l, err := d.Recalls(d.t.Context(), p)
	if err != nil {
		return
	}
	for _, x := range l.ToGiveUp {
		done(d.Confirm(d.t.Context(), p, string(x.Recall), tearline.Sequestered, "x"))
	}
}

// confirmTo says, for FRA, what was done about the copies that BRA knows to be
// called back.
func confirmTo(d *desk) {
	d.tick()
	l, err := d.Recalls(d.t.Context(), "BRA")
	if err != nil {
		return
	}
	for _, x := range l.Rounds {
		for _, h := range x.Holders {
			done(d.Confirm(d.t.Context(), "FRA", string(h.Copy), tearline.Sequestered, "x"))
		}
	}
}

// revokeAll takes back all that an originator has granted a holder.
func revokeAll(d *desk, by, holder tearline.PartyID) {
	list, err := d.Requests(d.t.Context(), by)
	if err != nil {
		return
	}
	for _, a := range list {
		if a.Originator == by && a.Holder == holder && a.State == "granted" {
			d.tick()
			done(d.Revoke(d.t.Context(), node.Answer{As: by, Request: string(a.ID)}))
		}
	}
}

// knownSteps are what BRA does, or may know of.
var knownSteps = []step{
	{"USA gives BRA a copy and calls it back", func(d *desk, draw func(int) int) {
		if rel, err := d.release(question("V", "BRA")); err == nil && draw(2) == 0 {
			d.tick()
			done(d.Recall(d.t.Context(), "USA", string(rel.Copy), "x"))
		}
	}},
	{"BRA confirms", func(d *desk, draw func(int) int) { confirmAll(d, "BRA") }},
	{"USA releases BRA's", func(d *desk, draw func(int) int) { done(d.release(question("W", "FRA"))) }},
	{"BRA takes back", func(d *desk, draw func(int) int) {
		revokeAll(d, "BRA", "USA")
		if draw(2) == 0 {
			confirmTo(d)
		}
	}},
	{"NLD takes back from BRA", func(d *desk, draw func(int) int) {
		revokeAll(d, "NLD", "BRA")
		if draw(2) == 0 {
			confirmTo(d)
		}
	}},
	{"BRA calls back", func(d *desk, draw func(int) int) {
		if rel, err := d.release(node.Question{As: "BRA", Report: "B1", To: "FRA"}); err == nil {
			d.tick()
			done(d.Recall(d.t.Context(), "BRA", string(rel.Copy), "x"))
		}
	}},
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
	{"USA has a case of BRA's", func(d *desk, draw func(int) int) {
		leaked(d, "USA", fmt.Sprintf("BRA-%d", draw(3)), "A sugar mill runs at night, it is said in the harbour. The mill runs at night.")
	}},
	{"BRA has a case", func(d *desk, draw func(int) int) {
		leaked(d, "BRA", []string{"mill", ""}[draw(2)], "The governor of the province has met the owner of the sugar mill twice in the spring. The owner has a ferry.")
	}},
	{"BRA lets an investigator search", func(d *desk, draw func(int) int) {
		d.tick()
		done(d.State(d.t.Context(), "BRA", holm("NLD")))
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
	d.file("USA", line("B9", "BRA", "S//FGI BRA//OC/REL TO USA, BRA|A sugar mill runs at night.")+w+
		line("V", "USA", "S//REL TO USA, BRA|The harvest is late."))
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
		alike(t, rt, plain, secret, at.Add(time.Minute))
	})
}

// mayKnow are the reports that BRA might think of.
var mayKnow = []tearline.ReportID{"B1", "B2", "B3", "B9", "M", "N1", "S1", "T1", "W", "NONE"}

// thought are the names that BRA might think of in a world. strange are those
// of what is hidden from it in the secret one; in the other nothing has them.
func thought(tb testing.TB, d *desk, strange []string) known {
	tb.Helper()
	k := known{reports: mayKnow, ids: append([]string{"aaaaaaaaaaaaaaaaaaaaaaaaaa"}, strange...)}
	entries, err := d.Entries(tb.Context(), "BRA", 0, 1000)
	if err != nil {
		tb.Fatal(err)
	}
	for _, e := range entries {
		id := string(e.Statement)
		k.ids = append(k.ids, id, id[:3])
	}
	return k
}

// hidden are the names of what others have said and BRA has not been told of,
// one of each kind, and their beginnings; and the number of a copy.
func hidden(tb testing.TB, d *desk) (ids []string) {
	tb.Helper()
	told := exam(d, "BRA", mayKnow, nil)
	of := map[tearline.StatementKind]int{}
	for _, by := range []tearline.PartyID{"USA", "NLD", "GBR", "FRA"} {
		entries, err := d.Entries(tb.Context(), by, 0, 1000)
		if err != nil {
			tb.Fatal(err)
		}
		for _, e := range slices.Backward(entries) { // the newest are the secret ones
			// Who the parties are is for all to know.
			if e.Kind == tearline.KindParty || of[e.Kind] > 0 || strings.Contains(told, string(e.Statement)) {
				continue
			}
			of[e.Kind]++
			ids = append(ids, string(e.Statement), string(e.Statement)[:14], string(e.Statement)[:8])
		}
	}
	audit, err := d.AuditReport(tb.Context(), "USA", "M")
	if err != nil {
		tb.Fatal(err)
	}
	for _, e := range audit.Events {
		if e.Copy != "" && e.Recipient != "BRA" {
			return append(ids, string(e.Copy))
		}
	}
	return ids
}

// elsewhere are other names of the same shape, which nothing has.
func elsewhere(ids []string) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		turned := []byte(id)
		slices.Reverse(turned)
		out[i] = string(turned)
	}
	return out
}

// alike examines both worlds as BRA, in an order that is drawn.
func alike(tb testing.TB, t *rapid.T, plain, secret *desk, at time.Time) {
	tb.Helper()
	strange := hidden(tb, secret)
	seed := rapid.Uint64().Draw(t, "order")
	look := func(d *desk, strange []string) []string {
		k := thought(tb, d, strange)
		jobs := append(reads("BRA", k), acts("BRA", k)...)
		rand.New(rand.NewPCG(seed, 0)).Shuffle(len(jobs), func(i, j int) { jobs[i], jobs[j] = jobs[j], jobs[i] })
		d.env.begin("exam", at)
		b := &strings.Builder{}
		for _, j := range jobs {
			d.tick()
			b.WriteString(j.answer(d))
		}
		return strings.Split(leveled(b.String()), "\n")
	}
	without, with := look(plain, elsewhere(strange)), look(secret, strange)
	for i := range min(len(without), len(with)) {
		if without[i] != with[i] { // what comes after may follow from this one
			t.Fatalf("BRA sees a difference (-plain +secret):\n-%s\n+%s", without[i], with[i])
		}
	}
	if len(without) != len(with) {
		t.Errorf("BRA sees %d answers in the plain world, %d in the secret one", len(without), len(with))
	}
}

// notAsked are the node's methods that tell a party nothing of what is kept;
// File and Release are asked by tryFile and release, Press by its leads, and
// Cases by their own jobs;
// Approvals are the party's own, and their reports are asked by wording.
var notAsked = []string{"Approvals", "Cases", "Close", "CoalitionsOf", "File", "Own", "Policy", "Press", "Release"}

// Every job of the node's is among those that are asked in both worlds: this
// fails when there is a new one that is not.
func TestEveryJobIsAsked(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("twoworlds_test.go")
	if err != nil {
		t.Fatal(err)
	}
	jobs, _, ok := strings.Cut(string(src), "\n// A step is")
	if !ok {
		t.Fatal("the steps are not there")
	}
	for m := range reflect.TypeFor[*node.Node]().Methods() {
		if !slices.Contains(notAsked, m.Name) && !strings.Contains(jobs, "d."+m.Name+"(d.t.Context()") {
			t.Errorf("nobody asks %s in both worlds", m.Name)
		}
	}
}
