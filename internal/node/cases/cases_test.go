package cases_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/codec"
	"tearline/codec/article"
	"tearline/internal/feed"
	"tearline/internal/node"
	"tearline/internal/node/cases"
	"tearline/internal/node/press"
	"tearline/internal/node/trace"
	"tearline/internal/text"
	"tearline/ledger"
)

var start = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

// desk is a data directory of USA's, with some partners.
type desk struct {
	*node.Node
	t   *testing.T
	now time.Time
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, now: start}
	n, err := node.Init(t.Context(), t.TempDir(), tearline.Party{ID: "USA", Name: "United States", MemberOf: []tearline.PartyID{"NATO"}}, "us",
		node.Env{Now: func() time.Time { return d.now }})
	if err != nil {
		t.Fatal(err)
	}
	d.Node = n
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, p := range []tearline.PartyID{"NLD", "GBR", "BRA"} {
		d.tick()
		if _, err := d.AddParty(t.Context(), "USA", tearline.Party{ID: p, Name: string(p)}); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

func (d *desk) tick() { d.now = d.now.Add(time.Second) }

// file files a report for a party: portions "MARK|TEXT|ORIGINATOR|SOURCE…".
func (d *desk) file(as, id string, portions ...string) {
	d.t.Helper()
	d.tick()
	var b strings.Builder
	fmt.Fprintf(&b, `{"id":%q,"title":"","originator":%q,"policy":"us","date":"2026-03-01","portions":[`, id, as)
	for i, p := range portions {
		f := append(strings.Split(p, "|"), "", "")
		fmt.Fprintf(&b, `%s{"id":"p%d","marking":%q,"text":%q`, strings.Repeat(",", min(i, 1)), i+1, f[0], f[1])
		if f[2] != "" {
			fmt.Fprintf(&b, `,"originator":%q`, f[2])
		}
		if f[3] != "" {
			fmt.Fprintf(&b, `,"sources":["%s"]`, strings.ReplaceAll(f[3], ",", `","`))
		}
		b.WriteString("}")
	}
	b.WriteString("]}\n")
	_, r, err := codec.NewDecoder(strings.NewReader(b.String())).Next()
	if err == nil {
		_, err = d.File(d.t.Context(), tearline.PartyID(as), []node.Draft{{Name: id, Report: r}})
	}
	if err != nil {
		d.t.Fatalf("%s: %v", id, err)
	}
}

// The world of the tests: USA's report M rests on NLD's N and GBR's G, and K on
// them as well; NLD's N2 rests on its own N.
const (
	crates  = "Crates come to the eastern mole by launch, and nobody counts them."
	table   = "At the long table the governor of the province has counted bank notes."
	mole    = "A launch brings crates to the eastern mole, where nobody counts them at all."
	notes   = "The governor of the province sits at the long table and counts bank notes."
	harvest = "The harvest of sugar cane is expected to be late again this autumn."
)

func (d *desk) world() {
	d.file("USA", "N", "S//FGI NLD//OC/REL TO USA, NLD|"+crates+"|NLD", "S//FGI NLD//OC/REL TO USA, NLD|A ferry is for sale.|NLD")
	d.file("USA", "G", "S//FGI GBR//OC/REL TO USA, GBR|"+table+"|GBR")
	d.file("USA", "N2", "S//FGI NLD//OC/REL TO USA, NLD|The crates hold pumps.|NLD|N/p1")
	d.file("USA", "M", "S//FGI NLD//OC/REL TO USA, NLD|"+mole+"||N/p1", "S//FGI GBR//OC/REL TO USA, GBR|"+notes+"||G/p1", "S//REL TO USA, GBR|"+harvest)
	d.file("USA", "K", "S//FGI NLD//OC/REL TO USA, NLD|Pumps are on the mole.||N2/p1")
}

// traced records a sighting in a case.
func (d *desk) traced(name, leak string) tearline.StatementID {
	d.t.Helper()
	d.tick()
	t, err := d.Trace(d.t.Context(), "USA", trace.Question{Text: leak, Record: true, Where: "a newspaper", Case: name, Officer: "J. Smith"}, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	return t.Sighting.Statement
}

func (d *desk) open() string {
	d.t.Helper()
	d.tick()
	done, err := d.Cases("USA").Open(d.t.Context(), cases.Change{Note: "The mole", Officer: "J. Smith"})
	if err != nil {
		d.t.Fatal(err)
	}
	return done.Case
}

func (d *desk) assess(name string) cases.Assessment {
	d.t.Helper()
	a, err := d.Cases("USA").Assess(d.t.Context(), name)
	if err != nil {
		d.t.Fatal(err)
	}
	return a
}

func kind(t *testing.T, err error, want tearline.Kind) {
	t.Helper()
	if err == nil || tearline.KindOf(err) != want {
		t.Errorf("got %v, want an error of kind %s", err, want)
	}
}

func TestCase(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.world()
	ctx, desk := t.Context(), d.Cases("USA")
	name := d.open()
	if name != "2026-1" {
		t.Errorf("%s", name)
	}
	_, err := desk.Open(ctx, cases.Change{Case: name, Note: "again", Officer: "x"})
	kind(t, err, tearline.Conflict)
	_, err = desk.Open(ctx, cases.Change{Case: "a b", Note: "x", Officer: "x"})
	kind(t, err, tearline.Invalid)
	_, err = desk.Open(ctx, cases.Change{Note: " ", Officer: "x"})
	kind(t, err, tearline.Invalid)
	_, err = desk.Add(ctx, cases.Change{Case: name, Officer: "x"})
	kind(t, err, tearline.Invalid)
	_, err = desk.Add(ctx, cases.Change{Case: name, Note: "x"})
	kind(t, err, tearline.Invalid)
	_, err = desk.Assess(ctx, name)
	kind(t, err, tearline.Invalid)

	// A sighting and its entry are recorded together, or not at all.
	before := d.size()
	_, err = d.Trace(ctx, "USA", trace.Question{Text: mole, Record: true, Case: name, Officer: " "}, nil)
	kind(t, err, tearline.Invalid)
	if d.size() != before {
		t.Error("the sighting was recorded without its entry")
	}
	sighting := d.traced(name, mole)
	d.tick()
	if _, err := desk.Add(ctx, cases.Change{Case: name, Officer: "J. Smith", Note: "once more", Sightings: []string{string(sighting)[:8]}}); err != nil {
		t.Fatal(err)
	}
	_, err = desk.Add(ctx, cases.Change{Case: name, Officer: "x", Sightings: []string{string(d.filing("M"))}})
	kind(t, err, tearline.Withheld) // it is no sighting
	d.tick()
	if _, err := desk.Add(ctx, cases.Change{Case: name, Officer: "J. Smith", Of: []string{string(d.filing("M"))}}); err != nil {
		t.Fatal(err)
	}
	d.tick()
	if _, err := desk.Close(ctx, cases.Change{Case: name, Officer: "J. Smith", Note: "nobody"}); err != nil {
		t.Fatal(err)
	}
	for _, do := range []func() error{
		func() error { _, err := desk.Add(ctx, cases.Change{Case: name, Officer: "x", Note: "x"}); return err },
		func() error { _, err := desk.Close(ctx, cases.Change{Case: name, Officer: "x", Note: "x"}); return err },
		func() error { _, err := desk.Notify(ctx, name, "x", ""); return err },
		func() error {
			_, err := d.Trace(ctx, "USA", trace.Question{Text: mole, Record: true, Case: name, Officer: "x"}, nil)
			return err
		},
	} {
		kind(t, do(), tearline.Conflict)
	}
	shown, err := desk.Show(ctx, name)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, it := range shown.File.Items {
		got = append(got, it.Words)
		for _, p := range it.Put {
			got = append(got, "  "+string(p.Kind))
		}
	}
	want := []string{
		"J. Smith opened case 2026-1: The mole", "J. Smith added to the file", "  sighting", "J. Smith: once more", "J. Smith added to the file", "  filing", "J. Smith closed case 2026-1: nobody",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	list, err := desk.List(ctx, false, 10)
	if err != nil || len(list.Cases) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
	if list, err = desk.List(ctx, true, 10); err != nil || len(list.Cases) != 1 || list.Cases[0].Statements != 7 {
		t.Errorf("%+v, %v", list, err)
	}
	d.verified()
}

// filing is the statement that filed a report of USA's.
func (d *desk) filing(id tearline.ReportID) tearline.StatementID {
	d.t.Helper()
	a, err := d.AuditReport(d.t.Context(), "USA", id)
	if err != nil || len(a.Events) == 0 {
		d.t.Fatal(err)
	}
	return a.Events[0].Statement
}

func (d *desk) verified() {
	d.t.Helper()
	all, err := d.Verify(d.t.Context(), "")
	if err != nil {
		d.t.Fatal(err)
	}
	for _, v := range all {
		if !v.OK {
			d.t.Errorf("%s does not verify: %v", v.Party, v.Faults)
		}
	}
}

// Another's cases, leads and statements are as those that there are none of.
func TestCasesAreOnesOwn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.world()
	name := d.open()
	sighting := d.traced(name, mole)
	ctx, nld := t.Context(), d.Cases("NLD")
	for i, try := range []func(name, id string) error{
		func(name, _ string) error { _, err := nld.Show(ctx, name); return err },
		func(name, _ string) error { _, err := nld.Assess(ctx, name); return err },
		func(name, _ string) error { _, err := nld.Export(ctx, name); return err },
		func(name, _ string) error { _, err := nld.Notify(ctx, name, "x", ""); return err },
		func(name, _ string) error {
			_, err := nld.Add(ctx, cases.Change{Case: name, Officer: "x", Note: "x"})
			return err
		},
		func(name, _ string) error {
			_, err := nld.Close(ctx, cases.Change{Case: name, Officer: "x", Note: "x"})
			return err
		},
		func(_, id string) error {
			_, err := nld.Open(ctx, cases.Change{Note: "x", Officer: "x", Of: []string{id}})
			return err
		},
		func(_, id string) error {
			_, err := nld.Open(ctx, cases.Change{Note: "x", Officer: "x", Sightings: []string{id}})
			return err
		},
		func(name, _ string) error {
			_, err := nld.Open(ctx, cases.Change{Note: "x", Officer: "x", Leads: []string{name}})
			return err
		},
	} {
		there, none := try(name, string(sighting)), try("2026-9", "aaaaaaaaaaaaaaaaaaaaaaaaaa")
		kind(t, there, tearline.Withheld)
		if there == nil || none == nil || there.Error() != none.Error() {
			t.Errorf("%d: %v, %v", i, there, none)
		}
	}
	list, err := nld.List(ctx, true, 10)
	if err != nil || len(list.Cases)+len(list.Leads) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
	// A name that another uses is free.
	if done, err := nld.Open(ctx, cases.Change{Case: name, Note: "Ours", Officer: "x"}); err != nil || done.Case != name {
		t.Errorf("%+v, %v", done, err)
	}
	_, err = d.Cases("NOBODY").List(ctx, true, 10)
	kind(t, err, tearline.Invalid)
}

// A lead that the press watch has found is taken into a case once, with the
// sighting that it is.
func TestLead(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.world()
	ctx, desk := t.Context(), d.Cases("USA")
	lead := d.lead("Under the mole", mole)
	list, err := desk.List(ctx, false, 10)
	if err != nil || len(list.Leads) != 1 || list.Leads[0].ID != lead || list.Leads[0].Text != "" {
		t.Fatalf("%+v, %v", list, err)
	}
	shown, err := desk.Show(ctx, lead)
	if err != nil || shown.File != nil || !strings.Contains(shown.Lead.Text, mole) {
		t.Errorf("%+v, %v", shown, err)
	}
	_, err = desk.Assess(ctx, lead)
	kind(t, err, tearline.Invalid)
	if e, ok := errors.AsType[*tearline.Error](err); !ok || !strings.Contains(e.Hint, "case open --lead "+lead) {
		t.Errorf("%v", err)
	}
	d.tick()
	done, err := desk.Open(ctx, cases.Change{Officer: "J. Smith", Leads: []string{lead}})
	if err != nil || len(done.Sightings) != 1 {
		t.Fatalf("%+v, %v", done, err)
	}
	shown, err = desk.Show(ctx, done.Case)
	if err != nil || shown.File.Title != "Under the mole" || len(shown.File.Items) != 1 || len(shown.File.Items[0].Put) != 1 {
		t.Fatalf("%+v, %v", shown.File, err)
	}
	if w := shown.File.Items[0].Put[0].Words; !strings.HasPrefix(w, "seen 2026-03-02 07:00 UTC in “Under the mole”: draws on ") || !strings.Contains(w, "M/p1") {
		t.Error(w)
	}
	if list, err = desk.List(ctx, false, 10); err != nil || len(list.Leads) != 0 || len(list.Cases) != 1 {
		t.Errorf("%+v, %v", list, err)
	}
	_, err = desk.Open(ctx, cases.Change{Note: "x", Officer: "J. Smith", Leads: []string{lead}})
	kind(t, err, tearline.Conflict)
	if list, err = desk.List(ctx, false, 10); err != nil || len(list.Cases) != 1 {
		t.Errorf("a case was opened on a lead that was taken: %+v, %v", list, err)
	}
	second := d.lead("And again", mole+" "+mole)
	d.tick()
	if _, err := desk.Add(ctx, cases.Change{Case: done.Case, Officer: "J. Smith", Leads: []string{second}}); err != nil {
		t.Fatal(err)
	}
	if a := d.assess(done.Case); len(a.Leaks) != 2 {
		t.Errorf("%+v", a.Leaks)
	}
	d.verified()
}

// lead has a watch of the press find an article.
func (d *desk) lead(title, says string) string {
	d.t.Helper()
	d.tick()
	var found string
	w := press.Watcher{
		Books: d.Press("USA"), Feeds: feed.New(feed.Client(), feed.Clock{Now: func() time.Time { return d.now }}, "1.0", nil),
		Trace: func(_ context.Context, a article.Article) (press.Found, error) {
			r, err := d.Trace(d.t.Context(), "USA", trace.Question{Text: a.Text, Seen: a.Published}, nil)
			if err != nil {
				return press.Found{}, err
			}
			b, err := json.Marshal(r)
			return press.Found{Hits: true, Result: b, Summary: text.List(r.Hits(0))}, err
		},
		Report: func(e press.Event) error { found = e.Case; return nil },
	}
	name := d.feedFile(title, says)
	if r, err := w.Look(d.t.Context(), name); err != nil || r.Cases != 1 {
		d.t.Fatalf("%+v, %v", r, err)
	}
	return found
}

// What is handed on verifies, with the key that the party is known by.
func TestExport(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.world()
	name := d.open()
	d.traced(name, mole)
	d.tick()
	if _, err := d.Cases("USA").Notify(t.Context(), name, "J. Smith", ""); err != nil {
		t.Fatal(err)
	}
	x, err := d.Cases("USA").Export(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	parties, err := d.Parties(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parties {
		if p.Own && (p.LogKey != x.Bundle.LogKey || p.Key != x.Bundle.Keys[0]) {
			t.Error("other keys than the party is known by")
		}
	}
	if _, err := ledger.OpenCheckpoint(x.Bundle.Checkpoint, x.Bundle.LogKey); err != nil {
		t.Error(err)
	}
	v, err := x.Bundle.Verify()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(x.File, v.File); diff != "" {
		t.Errorf("(-here +verified):\n%s", diff)
	}
	if len(x.Banners) != 1 || !strings.HasPrefix(x.Banners[0], "SECRET//FGI NLD") {
		t.Errorf("%q", x.Banners)
	}
}
