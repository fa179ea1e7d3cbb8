package node_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline"
	"tearline/internal/node"
	"tearline/internal/node/book"
	"tearline/internal/recall"
)

func (d *desk) recalls(as tearline.PartyID) recall.List {
	d.t.Helper()
	d.tick()
	l, err := d.Recalls(d.t.Context(), as)
	if err != nil {
		d.t.Fatalf("recalls of %s: %v", as, err)
	}
	return l
}

func (d *desk) revoke(a node.Asked) node.Asked {
	d.t.Helper()
	d.tick()
	out, err := d.Revoke(d.t.Context(), node.Answer{As: a.Originator, Request: string(a.ID)})
	if err != nil {
		d.t.Fatalf("revoke: %v", err)
	}
	return out
}

// consented asks about M for a recipient and has every originator agree.
func (d *desk) consented(to tearline.PartyID) map[tearline.PartyID]node.Asked {
	d.t.Helper()
	out := map[tearline.PartyID]node.Asked{}
	for _, a := range d.ask(question("M", to)) {
		out[a.Originator] = d.grant(a)
	}
	return out
}

// tells records that a party has told another of a report, by now.
func (d *desk) tells(by tearline.PartyID, report tearline.ReportID, to tearline.PartyID, portions ...tearline.PortionID) {
	d.t.Helper()
	d.tick()
	q := node.Question{As: by, Report: report, To: to, Mode: tearline.Oral}
	_, err := d.Disclose(d.t.Context(), node.Telling{Question: q, Portions: portions, Gist: "so and so", Occurred: d.env.now.Add(-time.Millisecond)})
	if err != nil {
		d.t.Fatalf("disclose: %v", err)
	}
}

// rounds writes a list in short: what is to be given up, and who has confirmed.
func rounds(l recall.List) []string {
	out := []string{}
	word := func(a *recall.Answer) string {
		if a == nil {
			return "open"
		}
		return string(a.Done)
	}
	for _, x := range l.ToGiveUp {
		out = append(out, fmt.Sprintf("give up to %s: %s", x.By, word(x.Answer)))
	}
	for _, x := range l.Rounds {
		words := fmt.Sprintf("%d of %d:", x.Confirmed, x.Told)
		for _, h := range x.Holders {
			words += fmt.Sprintf(" %s %s", h.Party, word(h.Answer))
			if h.Through != "" {
				words += " through " + string(h.Through)
			}
		}
		out = append(out, words)
	}
	return out
}

// A revocation reaches every holder that is recorded, also those to whom it was
// passed on, and each party sees its own part of that.
func TestRevocationReachesHolders(t *testing.T) {
	t.Parallel()
	d := world(t)
	given := d.consented("BRA")
	rel, err := d.release(question("M", "BRA"))
	if err != nil {
		t.Fatal(err)
	}
	d.file("BRA", fromNLD)
	d.tells("BRA", "N1", "FRA", "p1")
	d.file("FRA", fromNLD)
	d.tells("FRA", "N1", "ADMIN", "p1", "p2")
	d.tells("FRA", "N1", "NLD", "p1") // its own
	if out := d.revoke(given["NLD"]); out.HoldersTold != 3 {
		t.Errorf("%d holders told, want 3", out.HoldersTold)
	}
	confirm := func(as tearline.PartyID, done tearline.Done) {
		t.Helper()
		d.tick()
		if _, err := d.Confirm(t.Context(), as, string(d.recalls(as).ToGiveUp[0].Recall), done, "so it is"); err != nil {
			t.Fatal(err)
		}
	}
	confirm("BRA", tearline.Destroyed)
	confirm("ADMIN", tearline.CannotComply)
	for p, want := range map[tearline.PartyID][]string{
		"NLD":   {"2 of 3: BRA destroyed FRA open through BRA ADMIN cannot-comply through FRA"},
		"USA":   {"1 of 1: BRA destroyed"},
		"BRA":   {"give up to USA: destroyed", "0 of 1: FRA open"},
		"FRA":   {"give up to BRA: open", "1 of 1: ADMIN cannot-comply"},
		"ADMIN": {"give up to FRA: cannot-comply"},
		"GBR":   {},
	} {
		if diff := gocmp.Diff(want, rounds(d.recalls(p))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", p, diff)
		}
	}
	if got := d.recalls("BRA").ToGiveUp[0]; got.Copy != rel.Copy || got.Because != recall.Taken {
		t.Errorf("BRA is told %+v", got)
	}
	// A second originator takes its consent back: nobody is told twice, and
	// it sees the copy that it was told of.
	if out := d.revoke(given["GBR"]); out.HoldersTold != 1 {
		t.Errorf("%d holders told, want 1", out.HoldersTold)
	}
	if diff := gocmp.Diff([]string{"1 of 1: BRA destroyed"}, rounds(d.recalls("GBR"))); diff != "" {
		t.Errorf("GBR (-want +got):\n%s", diff)
	}
	if l := d.recalls("BRA"); len(l.ToGiveUp) != 1 {
		t.Errorf("BRA is told %d times", len(l.ToGiveUp))
	}
	d.verified()
}

// What is recorded only after the consent was taken back is recalled as well,
// as soon as somebody concerned looks; a stranger's look does nothing.
func TestRecordedAfterTheRevocation(t *testing.T) {
	t.Parallel()
	d := world(t)
	given := d.consented("FRA")
	then := d.env.now
	if out := d.revoke(given["NLD"]); out.HoldersTold != 0 {
		t.Errorf("%d holders told, want none", out.HoldersTold)
	}
	d.tick()
	q := question("M", "FRA")
	q.Mode = tearline.Oral
	if _, err := d.Disclose(t.Context(), node.Telling{Question: q, Portions: []tearline.PortionID{"p2"}, Gist: "the mole", Occurred: then}); err != nil {
		t.Fatal(err)
	}
	for _, p := range []tearline.PartyID{"BRA", "GBR", "FRA"} {
		if l := d.recalls(p); len(l.ToGiveUp)+len(l.Rounds) > 0 {
			t.Errorf("%s sees %+v", p, l)
		}
	}
	for range 2 {
		if diff := gocmp.Diff([]string{"0 of 1: FRA open"}, rounds(d.recalls("USA"))); diff != "" {
			t.Errorf("USA (-want +got):\n%s", diff)
		}
	}
	if diff := gocmp.Diff([]string{"give up to USA: open"}, rounds(d.recalls("FRA"))); diff != "" {
		t.Errorf("FRA (-want +got):\n%s", diff)
	}
	d.verified()
}

// Those who are told at once are told at one instant: a later one would say
// that there are others.
func TestToldAtOneInstant(t *testing.T) {
	t.Parallel()
	d := world(t)
	given := d.consented("FRA")
	for range 3 {
		d.tells("USA", "M", "FRA", "p2")
	}
	d.revoke(given["NLD"])
	l := d.recalls("USA")
	if len(l.Rounds) != 1 || len(l.Rounds[0].Holders) != 3 {
		t.Fatalf("%+v", l)
	}
	for _, h := range l.Rounds[0].Holders {
		if !h.Told.Equal(*l.Rounds[0].Holders[0].Told) {
			t.Errorf("told at %v and %v", h.Told, l.Rounds[0].Holders[0].Told)
		}
	}
}

// For whom a recall is not, it is not there: the very same answer, whatever it
// is called by.
func TestRecallsAreNotForOthers(t *testing.T) {
	t.Parallel()
	d := world(t)
	given := d.consented("FRA")
	rel, err := d.release(question("M", "FRA"))
	if err != nil {
		t.Fatal(err)
	}
	d.revoke(given["NLD"])
	id := string(d.recalls("FRA").ToGiveUp[0].Recall)
	for _, as := range []tearline.PartyID{"USA", "NLD", "GBR", "BRA", "ADMIN"} {
		for _, name := range []string{id, id[:4], string(rel.Copy), string(rel.Disclosure), "", "aaaaaaaaaaaaaaaaaaaaaaaaaa", "AAAA-AAAA-AAAA"} {
			d.tick()
			_, err := d.Confirm(t.Context(), as, name, tearline.Destroyed, "")
			d.withheld(err, "%s confirms %q", as, name)
			if as == "USA" && name != "" && !strings.HasPrefix(id, name) {
				continue
			}
			_, err = d.Recall(t.Context(), as, name, "x")
			d.withheld(err, "%s recalls %q", as, name)
		}
		_, err := d.Confirm(t.Context(), as, id, tearline.Sequestered, "")
		d.kind(err, tearline.Invalid)
	}
	_, err = d.Confirm(t.Context(), "NOBODY", id, tearline.Destroyed, "")
	d.kind(err, tearline.Invalid)
	_, err = d.Recalls(t.Context(), "NOBODY")
	d.kind(err, tearline.Invalid)
	d.verified()
}

func (d *desk) withheld(err error, format string, args ...any) {
	d.t.Helper()
	if err == nil || err.Error() != book.ErrWithheld.Error() || tearline.KindOf(err) != tearline.Withheld {
		d.t.Errorf("%s: %v, want %v", fmt.Sprintf(format, args...), err, book.ErrWithheld)
	}
}

// A holder recalls a copy for a reason of its own, once.
func TestRecallOfOnesOwn(t *testing.T) {
	t.Parallel()
	d := world(t)
	rel, err := d.release(question("M", "FRA"))
	if err != nil {
		t.Fatal(err)
	}
	var first recall.Act
	for i, name := range []string{string(rel.Copy), strings.ToLower(string(rel.Copy)), string(rel.Disclosure), string(rel.Disclosure[:10])} {
		d.tick()
		a, err := d.Recall(t.Context(), "USA", name, "it is wrong")
		if i == 0 {
			first = a
		}
		if err != nil || a.Again != (i > 0) || a.Recall != first.Recall || a.Recipient != "FRA" || a.Copy != rel.Copy {
			t.Errorf("recall %q: %+v, %v", name, a, err)
		}
	}
	_, err = d.Recall(t.Context(), "USA", string(rel.Copy), " ")
	d.kind(err, tearline.Invalid)
	if diff := gocmp.Diff([]string{"0 of 1: FRA open"}, rounds(d.recalls("USA"))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	d.verified()
}

// limited is a context that ends after it was looked at so often, as a process
// does that is killed between two steps.
type limited struct {
	context.Context
	left *int
}

func (c limited) Err() error {
	if *c.left--; *c.left < 0 {
		return context.Canceled
	}
	return c.Context.Err()
}

// Invariant 11 for recalls: wherever a revocation that has to write in several
// ledgers ends, nothing is half there, the next call makes up for the rest, and
// nobody is told twice.
func TestRevocationCutShort(t *testing.T) {
	t.Parallel()
	d := world(t)
	given := d.consented("BRA")
	if _, err := d.release(question("M", "BRA")); err != nil {
		t.Fatal(err)
	}
	d.tells("USA", "M", "BRA", "p2")
	d.file("BRA", fromNLD)
	d.tells("BRA", "N1", "FRA", "p1")
	states := map[string]int{}
	step := 3
	if slow {
		step = 31
	}
	for looks, done := 0, false; !done; looks += step {
		c := d.copied(t)
		c.env.begin("cut short", d.env.now.Add(time.Minute))
		left := looks
		answer := node.Answer{As: "NLD", Request: string(given["NLD"].ID)}
		_, err := c.Revoke(limited{t.Context(), &left}, answer)
		done = err == nil
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Fatalf("after %d looks: %v", looks, err)
		}
		state := c.cutShort(answer)
		states[state]++
		for p, want := range map[tearline.PartyID][]string{
			"NLD": {"0 of 2: BRA open BRA open FRA open through BRA"}, "USA": {"0 of 1: BRA open BRA open"},
			"BRA": {"give up to USA: open", "give up to USA: open", "0 of 1: FRA open"}, "FRA": {"give up to BRA: open"},
		} {
			if diff := gocmp.Diff(want, rounds(c.recalls(p))); diff != "" {
				t.Fatalf("after %d looks, %s, %s (-want +got):\n%s", looks, state, p, diff)
			}
		}
		c.verified()
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"granted, 0 recalls", "revoked, 0 recalls", "revoked, 2 recalls", "revoked, 3 recalls"} {
		if states[want] == 0 && !slow {
			t.Errorf("it never ended at %q: %v", want, states)
		}
		delete(states, want)
	}
	if len(states) > 0 {
		t.Errorf("it was half there: %v", states)
	}
}

// cutShort says what a revocation that ended somewhere has left, and does it
// again.
func (d *desk) cutShort(answer node.Answer) string {
	d.t.Helper()
	ctx := d.t.Context()
	d.tick()
	asked, err := d.Requests(ctx, "NLD")
	if err != nil || len(asked) != 1 {
		d.t.Fatalf("%+v, %v", asked, err)
	}
	said := 0
	for _, p := range []tearline.PartyID{"USA", "BRA"} {
		entries, err := d.Entries(ctx, p, 0, 1000)
		if err != nil {
			d.t.Fatal(err)
		}
		for _, e := range entries {
			if e.Kind == tearline.KindRecall {
				said++
			}
		}
	}
	_, err = d.Revoke(ctx, answer)
	if again := asked[0].State == book.StateRevoked; again != (tearline.KindOf(err) == tearline.Conflict) || !again && err != nil {
		d.t.Errorf("%s and taken back again: %v", asked[0].State, err)
	}
	return fmt.Sprintf("%s, %d recalls", asked[0].State, said)
}

// Random disclosures, revocations and confirmations, in any order: each party's
// counts are those of a book kept beside, nothing is lost and nothing twice.
func TestRecallCounts(t *testing.T) {
	t.Parallel()
	base := world(t)
	rapid.Check(t, func(rt *rapid.T) {
		d := base.copied(t)
		defer d.Close()
		b := beside{confirmed: map[string]tearline.Done{}}
		d.env.begin("counts", start.Add(time.Hour))
		for range rapid.IntRange(4, 14).Draw(rt, "steps") {
			to := rapid.SampledFrom([]tearline.PartyID{"BRA", "FRA"}).Draw(rt, "to")
			switch rapid.IntRange(0, 5).Draw(rt, "step") {
			case 0, 1:
				b.consent(d, to)
			case 2, 3:
				b.disclose(d, to)
			case 4:
				b.revoke(d, rapid.IntRange(0, 20).Draw(rt, "which"))
			case 5:
				b.confirm(rt, d, to)
			}
		}
		b.check(rt, d)
	})
}

// beside is what the test knows: consents of NLD's, and disclosures that rest
// on them.
type beside struct {
	consents []node.Asked
	revoked  []tearline.StatementID
	given    []told
	// confirmed is by the recall's disclosure.
	confirmed map[string]tearline.Done
}

type told struct {
	id tearline.StatementID
	to tearline.PartyID
	on []tearline.StatementID
}

func (b *beside) consent(d *desk, to tearline.PartyID) {
	for _, a := range d.ask(question("M", to), "p2") {
		b.consents = append(b.consents, d.grant(a))
	}
}

func (b *beside) disclose(d *desk, to tearline.PartyID) {
	d.tick()
	q := question("M", to)
	q.Mode = tearline.Oral
	out, err := d.Disclose(d.t.Context(), node.Telling{Question: q, Portions: []tearline.PortionID{"p2"}, Gist: "x"})
	if err != nil {
		return // there was no consent
	}
	e, err := d.Entry(d.t.Context(), "USA", string(out.Disclosure))
	if err != nil {
		d.t.Fatal(err)
	}
	if says, ok := e.Says.(*tearline.Disclosure); ok {
		b.given = append(b.given, told{out.Disclosure, to, says.Items[0].Statements})
	}
}

func (b *beside) revoke(d *desk, which int) {
	if len(b.consents) == 0 {
		return
	}
	a := b.consents[which%len(b.consents)]
	if slices.Contains(b.revoked, a.Answer) {
		return
	}
	b.revoked = append(b.revoked, d.revoke(a).Answer)
}

func (b *beside) confirm(rt *rapid.T, d *desk, as tearline.PartyID) {
	list := d.recalls(as).ToGiveUp
	if len(list) == 0 {
		return
	}
	x := list[rapid.IntRange(0, len(list)-1).Draw(rt, "demand")]
	done := rapid.SampledFrom([]tearline.Done{tearline.Destroyed, tearline.Returned, tearline.Sequestered, tearline.CannotComply}).Draw(rt, "done")
	d.tick()
	if _, err := d.Confirm(d.t.Context(), as, string(x.Recall), done, "so it is"); err != nil {
		rt.Fatal(err)
	}
	e, err := d.Entry(d.t.Context(), x.By, string(x.Recall))
	if err != nil {
		rt.Fatal(err)
	}
	if says, ok := e.Says.(*tearline.Recall); ok {
		b.confirmed[string(says.Of)] = done
	}
}

func (b *beside) check(rt *rapid.T, d *desk) {
	// By consent, as NLD must see it.
	want := []string{}
	recalled := map[tearline.PartyID]int{}
	for _, c := range b.revoked {
		open := map[tearline.PartyID]bool{}
		words := ""
		for _, g := range b.given {
			if !slices.Contains(g.on, c) {
				continue
			}
			done := cmp.Or(string(b.confirmed[string(g.id)]), "open")
			open[g.to] = open[g.to] || done == "open"
			words += fmt.Sprintf(" %s %s", g.to, done)
		}
		confirmed := 0
		for _, o := range open {
			if !o {
				confirmed++
			}
		}
		if len(open) > 0 {
			want = append(want, fmt.Sprintf("%d of %d:%s", confirmed, len(open), words))
		}
	}
	if diff := gocmp.Diff(want, rounds(d.recalls("NLD"))); diff != "" {
		rt.Errorf("NLD (-want +got):\n%s", diff)
	}
	for _, g := range b.given {
		if slices.ContainsFunc(g.on, func(c tearline.StatementID) bool { return slices.Contains(b.revoked, c) }) {
			recalled[g.to]++
		}
	}
	holders := 0
	for _, x := range d.recalls("USA").Rounds {
		holders += len(x.Holders)
	}
	if want := recalled["BRA"] + recalled["FRA"]; holders != want {
		rt.Errorf("USA has recalled %d disclosures, want %d", holders, want)
	}
	for _, p := range []tearline.PartyID{"BRA", "FRA"} {
		if n := len(d.recalls(p).ToGiveUp); n != recalled[p] {
			rt.Errorf("%s is told of %d, want %d", p, n, recalled[p])
		}
	}
	if l := d.recalls("GBR"); len(l.ToGiveUp)+len(l.Rounds) > 0 {
		rt.Errorf("GBR sees %+v", l)
	}
	all, err := d.Verify(d.t.Context(), "")
	for _, v := range all {
		if !v.OK || err != nil {
			rt.Errorf("%s does not verify: %v, %v", v.Party, v.Faults, err)
		}
	}
}
