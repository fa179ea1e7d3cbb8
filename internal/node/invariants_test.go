package node_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"tearline"
	"tearline/internal/node"
	"tearline/ledger"
)

// Material of three nations: M rests on what NLD and GBR have supplied.
var (
	fromNLD = line("N1", "NLD",
		"S//FGI NLD//OC/REL TO USA, NLD|The launch carries the crates to the eastern mole.",
		"S//FGI NLD//OC/REL TO USA, NLD|The crates are opened by a locksmith at night.")
	fromGBR = line("G1", "GBR", "S//FGI GBR//OC/REL TO USA, GBR|A caller in Porto speaks of the mole as the long table.")
	ofUSA   = line("M", "USA",
		"S//REL TO USA, BRA, FRA, GBR, NLD|Traffic in the harbour of Velmar has doubled.",
		"S//FGI NLD//OC/REL TO USA, BRA, FRA, GBR, NLD|Crates come to the eastern mole by launch.||N1/p1",
		"S//FGI GBR//OC/REL TO USA, BRA, FRA, GBR, NLD|The mole is called the long table.||G1/p1",
		"S//FGI GBR NLD//OC/REL TO USA, BRA, FRA, GBR, NLD|At the long table crates are opened at night.||N1/p2,G1/p1",
		"TS//SI//NF|The caller in Porto is the owner of the launch.")
)

func world(tb testing.TB) *desk {
	tb.Helper()
	d := newDesk(tb)
	d.file("USA", fromNLD+fromGBR+ofUSA)
	return d
}

// Invariant 2: no tear line without a decision, no copy without a record. The
// rendering leaves only after its entry is in the ledger, and a rendering that
// could not be recorded does not leave.
func TestInvariant02NoCopyWithoutRecord(t *testing.T) {
	t.Parallel()
	d := world(t)
	d.tick()
	delivered := 0
	rel, err := d.Release(t.Context(), question("M", "FRA"), func(r tearline.Rendering) error {
		delivered++
		// At this instant another process must find the record.
		other, err := node.Open(t.Context(), d.dir, node.Env{Now: func() time.Time { return d.env.now }})
		if err != nil {
			return err
		}
		defer other.Close()
		audit, err := other.AuditReport(t.Context(), "USA", "M")
		if err != nil {
			return err
		}
		last := audit.Events[len(audit.Events)-1]
		if last.Kind != tearline.KindDisclosure || last.Copy != r.Copy {
			t.Errorf("copy %s leaves, and the last event is %s of %s", r.Copy, last.Kind, last.Copy)
		}
		return nil
	})
	if err != nil || delivered != 1 || rel.Receipt.Checkpoint == "" {
		t.Fatalf("%d delivered, %v", delivered, err)
	}
	// Without a record, here for want of a clock, nothing leaves.
	d.env.now = time.Unix(0, 0)
	_, err = d.Release(t.Context(), question("M", "FRA"), func(tearline.Rendering) error {
		t.Error("a copy leaves without a record")
		return nil
	})
	d.kind(err, tearline.Invalid)
	// Nor where nothing may be told.
	d.env.now = start.Add(time.Hour)
	for report, want := range map[tearline.ReportID]tearline.Kind{"N1": tearline.ReferKind, "NONE": tearline.Withheld} {
		d.tick()
		_, err = d.Release(t.Context(), question(report, "FRA"), func(tearline.Rendering) error {
			t.Errorf("something of %s leaves", report)
			return nil
		})
		d.kind(err, want)
	}
	d.verified()
}

// A copy that was recorded and not handed out is handed out by the next call,
// and there is no second one.
func TestReleaseIsResumed(t *testing.T) {
	t.Parallel()
	d := world(t)
	var first tearline.CopyID
	d.tick()
	_, err := d.Release(t.Context(), question("M", "FRA"), func(r tearline.Rendering) error {
		first = r.Copy
		return errFull
	})
	if err == nil {
		t.Fatal("the full disk went unnoticed")
	}
	// A partner is renamed, a day passes: the recorded copy is the same.
	d.env.now = d.env.now.Add(24 * time.Hour)
	d.tick()
	if _, err := d.AddParty(t.Context(), "USA", tearline.Party{ID: "FRA", Name: "French Republic"}); err != nil {
		t.Fatal(err)
	}
	again, err := d.release(question("M", "FRA"))
	if err != nil || again.Copy != first || !again.Resumed || !bytes.Contains(again.bytes, []byte(first)) {
		t.Fatalf("resumed as %+v, %v; want copy %s", again.Released, err, first)
	}
	if third, err := d.release(question("M", "FRA")); err != nil || third.Copy == first || third.Resumed {
		t.Errorf("a third release gives %+v, %v", third.Released, err)
	}
	// Under other conditions it is other content: it is not resumed.
	d.tick()
	if _, err := d.Release(t.Context(), question("M", "BRA"), func(tearline.Rendering) error { return errFull }); err == nil {
		t.Fatal("the full disk went unnoticed")
	}
	asked := d.ask(question("M", "BRA"), "p2")
	d.tick()
	if _, err := d.Grant(t.Context(), node.Answer{As: "NLD", Request: string(asked[0].ID), Conditions: []tearline.Condition{"eyes of the minister only"}}); err != nil {
		t.Fatal(err)
	}
	if other, err := d.release(question("M", "BRA")); err != nil || other.Resumed || !bytes.Contains(other.bytes, []byte("eyes of the minister only")) {
		t.Errorf("after a consent: %+v, %v", other.Released, err)
	}
	d.verified()
}

// A consent of another wording for the same portions makes other content, too.
func TestReleaseIsNotResumedUnderOtherConditions(t *testing.T) {
	t.Parallel()
	d := world(t)
	grant := func(c tearline.Condition) tearline.StatementID {
		a := d.ask(question("M", "BRA"), "p2")
		d.tick()
		out, err := d.Grant(t.Context(), node.Answer{As: "NLD", Request: string(a[0].ID), Conditions: []tearline.Condition{c}})
		if err != nil {
			t.Fatal(err)
		}
		return out.ID
	}
	id := grant("not to the press")
	d.tick()
	if _, err := d.Release(t.Context(), question("M", "BRA"), func(tearline.Rendering) error { return errFull }); err == nil {
		t.Fatal("the full disk went unnoticed")
	}
	d.tick()
	if _, err := d.Revoke(t.Context(), node.Answer{As: "NLD", Request: string(id)}); err != nil {
		t.Fatal(err)
	}
	grant("to be burnt after reading")
	rel, err := d.release(question("M", "BRA"))
	if err != nil || rel.Resumed || bytes.Contains(rel.bytes, []byte("press")) || !bytes.Contains(rel.bytes, []byte("burnt")) {
		t.Errorf("%+v, %v:\n%s", rel.Released, err, rel.bytes)
	}
	d.verified()
}

// Invariant 3: no key without an entry. There are no sealed copies yet; what
// stands for the key is the receipt: it is a proof that others can check, and
// the bytes whose digest it covers are those that were handed out.
func TestInvariant03NoBytesWithoutProvenEntry(t *testing.T) {
	t.Parallel()
	d := world(t)
	rel, err := d.release(question("M", "FRA"))
	if err != nil {
		t.Fatal(err)
	}
	proof, err := d.Prove(t.Context(), "USA", string(rel.Disclosure))
	if err != nil {
		t.Fatal(err)
	}
	receipt, err := ledger.OpenReceipt(proof.Receipt, ledger.Verifiers{"USA": {proof.StatementKey}}, proof.LogKey)
	if err != nil {
		t.Fatal(err)
	}
	if receipt.Index() != rel.Receipt.Index || receipt.Statement().ID != rel.Disclosure {
		t.Errorf("the proof is of entry %d, %s", receipt.Index(), receipt.Statement().ID)
	}
	says, ok := receipt.Statement().Says.(*tearline.Disclosure)
	if !ok || says.Copy != rel.Copy {
		t.Errorf("the entry is of %+v", says)
	}
	// A receipt of another entry does not open it.
	proof.Receipt = bytes.Replace(proof.Receipt, []byte(`"index":`), []byte(`"index":1`), 1)
	if _, err := ledger.OpenReceipt(proof.Receipt, ledger.Verifiers{"USA": {proof.StatementKey}}, proof.LogKey); err == nil {
		t.Error("a changed proof opens")
	}
}

// Invariant 4: the originator's word. What derives from another's controlled
// material goes only on that party's consent, standing or particular, or at a
// named authority's discretion, of which the originator is told.
func TestInvariant04OriginatorsWord(t *testing.T) {
	t.Parallel()
	d := world(t)
	if got, want := d.outcomes(question("M", "BRA")), "release:marking refer refer refer deny"; got != want {
		t.Fatalf("before any word: %s, want %s", got, want)
	}
	// One of two originators is not enough.
	asked := d.ask(question("M", "BRA"))
	if len(asked) != 2 {
		t.Fatalf("asked %+v", asked)
	}
	for _, a := range asked {
		if a.Originator == "NLD" {
			d.grant(a)
		}
	}
	if got, want := d.outcomes(question("M", "BRA")), "release:marking release:consent refer refer deny"; got != want {
		t.Errorf("after NLD's consent: %s, want %s", got, want)
	}
	for _, a := range asked {
		if a.Originator == "GBR" {
			d.grant(a)
		}
	}
	if got, want := d.outcomes(question("M", "BRA")), "release:marking release:consent release:consent release:consent deny"; got != want {
		t.Errorf("after both: %s, want %s", got, want)
	}
	// It is for that recipient, and can be taken back.
	if got := d.outcomes(question("M", "FRA")); !strings.HasPrefix(got, "release:marking refer") {
		t.Errorf("for FRA: %s", got)
	}
	d.tick()
	for _, a := range asked {
		if a.Originator == "NLD" {
			if _, err := d.Revoke(t.Context(), node.Answer{As: "NLD", Request: string(a.ID)}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got, want := d.outcomes(question("M", "BRA")), "release:marking refer release:consent refer deny"; got != want {
		t.Errorf("after it was taken back: %s, want %s", got, want)
	}
	// Standing consent, by the originator itself.
	d.tick()
	_, err := d.State(t.Context(), "NLD", &tearline.Agreement{
		Name: "NLD-USA", Parties: [2]tearline.PartyID{"NLD", "USA"}, Ceiling: "TOP SECRET", Onward: tearline.OnwardAsk,
		Standing: []tearline.StandingConsent{{By: "NLD", UpTo: "SECRET", To: []tearline.PartyID{"FRA"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := d.outcomes(question("M", "FRA")), "release:marking release:standing_consent refer refer deny"; got != want {
		t.Errorf("under a standing consent: %s, want %s", got, want)
	}
	d.verified()
}

// Discretion is always told to the originator as what it is, and to nobody
// whose say was kept to.
func TestInvariant04DiscretionIsTold(t *testing.T) {
	t.Parallel()
	d := world(t)
	told := func(o tearline.PartyID) string {
		t.Helper()
		audit, err := d.AuditOriginator(t.Context(), o, o)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, e := range audit.Events {
			for _, it := range e.Items {
				if e.Kind == tearline.KindDisclosure {
					out = append(out, fmt.Sprintf("%s %s %s to %s", it.Portion, it.Outcome, it.Basis, e.Recipient))
				}
			}
		}
		return strings.Join(out, "; ")
	}
	for _, a := range d.ask(question("M", "FRA"), "p4") {
		if a.Originator == "NLD" {
			d.grant(a)
		}
	}
	d.tick()
	if _, err := d.Discretion(t.Context(), node.Act{As: "USA", Report: "M", Portions: []tearline.PortionID{"p4"}, To: "FRA", Because: "dawn", Authority: "I. Marren"}); err != nil {
		t.Fatal(err)
	}
	if told("GBR") != "" {
		t.Error("something was told before anything went out")
	}
	d.tick()
	q := question("M", "FRA")
	q.Mode = tearline.Oral
	out, err := d.Disclose(t.Context(), node.Telling{Question: q, Portions: []tearline.PortionID{"p4"}, Gist: "at night"})
	if err != nil || out.Items[0].Basis != tearline.ByDiscretion || out.Items[0].Outcome != tearline.Refer {
		t.Fatalf("%+v, %v", out, err)
	}
	if got, want := told("GBR"), "G1/p1 refer discretion to FRA"; got != want {
		t.Errorf("GBR is told %q, want %q", got, want)
	}
	if got, want := told("NLD"), "N1/p2 release consent to FRA"; got != want {
		t.Errorf("NLD, which had agreed, is told %q, want %q", got, want)
	}
	// After the fact and without any basis, the same.
	d.tick()
	q.To = "BRA"
	if _, err := d.Disclose(t.Context(), node.Telling{Question: q, Portions: []tearline.PortionID{"p3"}, Gist: "the table", Occurred: start}); err != nil {
		t.Fatal(err)
	}
	if got, want := told("GBR"), "G1/p1 refer discretion to FRA; G1/p1 refer  to BRA"; got != want {
		t.Errorf("GBR is told %q, want %q", got, want)
	}
	d.verified()
}

// What an originator is told rests on its own agreement; that there is another
// with somebody else is not its business.
func TestInvariant04AgreementsOfOthersAreNotTold(t *testing.T) {
	t.Parallel()
	d := world(t)
	agreed := map[tearline.PartyID]tearline.StatementID{}
	for _, p := range []tearline.PartyID{"NLD", "GBR"} {
		d.tick()
		f, err := d.State(t.Context(), "USA", &tearline.Agreement{
			Name: "USA-" + string(p), Parties: [2]tearline.PartyID{"USA", p}, Ceiling: "TOP SECRET", Onward: tearline.OnwardAsk,
			Standing: []tearline.StandingConsent{{By: p, UpTo: "SECRET", To: []tearline.PartyID{"FRA"}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		agreed[p] = f.Statement
	}
	if _, err := d.release(question("M", "FRA")); err != nil {
		t.Fatal(err)
	}
	for _, p := range []tearline.PartyID{"NLD", "GBR"} {
		audit, err := d.AuditOriginator(t.Context(), p, p)
		if err != nil || len(audit.Events) != 1 {
			t.Fatalf("%s is told %+v, %v", p, audit, err)
		}
		for _, it := range audit.Events[0].Items {
			if it.Basis != tearline.ByStandingConsent || len(it.Statements) != 1 || it.Statements[0] != agreed[p] {
				t.Errorf("%s is told %+v, want its own agreement %s alone", p, it, agreed[p])
			}
		}
	}
}

// A party hosted here decides on what it holds by the directory's records: who
// is in which coalition.
func TestHostedPartyKnowsTheDirectory(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.file("GBR", line("H", "GBR", "S//REL TO USA, NATO|The mole is new."))
	q := question("H", "FRA")
	q.As = "GBR"
	if got := d.outcomes(q); got != "release:marking" {
		t.Errorf("for FRA, a member of NATO: %s", got)
	}
	q.To = "BRA"
	if got := d.outcomes(q); got != "refer" {
		t.Errorf("for BRA, which is none: %s", got)
	}
	d.tick()
	if _, err := d.AddParty(t.Context(), "USA", tearline.Party{ID: "BRA", MemberOf: []tearline.PartyID{"NATO"}}); err != nil {
		t.Fatal(err)
	}
	if got := d.outcomes(q); got != "release:marking" {
		t.Errorf("for BRA, once it is: %s", got)
	}
}

// Invariant 5: only the owner declassifies; discretion lowers nothing.
func TestInvariant05OnlyTheOwnerDeclassifies(t *testing.T) {
	t.Parallel()
	d := world(t)
	for _, as := range []tearline.PartyID{"USA", "GBR", "NLD", "BRA"} {
		d.tick()
		_, err := d.Declassify(t.Context(), node.Act{As: as, Report: "N1", Because: "x", Authority: "x"})
		want := tearline.Withheld // it is not theirs to see
		if as == "USA" {
			want = tearline.Invalid // it holds it, and may not
		}
		d.kind(err, want)
	}
	if got := d.outcomes(question("N1", "FRA")); got != "refer refer" {
		t.Errorf("after the attempts: %s", got)
	}
	// USA lowers its own portion; that does not free what it rests on.
	d.tick()
	if _, err := d.Declassify(t.Context(), node.Act{As: "USA", Report: "M", Portions: []tearline.PortionID{"p4"}, Because: "x", Authority: "x"}); err != nil {
		t.Fatal(err)
	}
	if got := d.outcomes(question("M", "FRA")); got != "release:marking refer refer refer deny" {
		t.Errorf("after USA lowered its own: %s", got)
	}
	// Discretion discloses and leaves every outcome as it was.
	d.tick()
	if _, err := d.Discretion(t.Context(), node.Act{As: "USA", Report: "M", To: "FRA", Because: "x", Authority: "x"}); err != nil {
		t.Fatal(err)
	}
	if got := d.outcomes(question("M", "FRA")); got != "release:marking refer refer refer deny" {
		t.Errorf("after a discretion: %s", got)
	}
	// The owner itself, holding the same text, lowers it for all who hold it.
	d.file("NLD", fromNLD)
	d.tick()
	if _, err := d.Declassify(t.Context(), node.Act{As: "NLD", Report: "N1", Portions: []tearline.PortionID{"p1"}, Because: "x", Authority: "x"}); err != nil {
		t.Fatal(err)
	}
	if got := d.outcomes(question("N1", "FRA")); got != "release:declassification refer" {
		t.Errorf("after the owner's: %s", got)
	}
	d.verified()
}

// Invariant 8: every rule that applied is listed with its clause, the
// statements that it rests on and what would lift it. What the asker may not
// know is not in the explanation that the asker gets: others get none.
func TestInvariant08Explained(t *testing.T) {
	t.Parallel()
	d := world(t)
	d.tick()
	if _, err := d.State(t.Context(), "GBR", &tearline.Exclusion{Party: "ADMIN"}); err != nil {
		t.Fatal(err)
	}
	d.tick()
	hidden, err := d.State(t.Context(), "GBR", &tearline.Agreement{Name: "secret pact", Parties: [2]tearline.PartyID{"GBR", "BRA"}, Ceiling: "SECRET", Onward: tearline.OnwardFree})
	if err != nil {
		t.Fatal(err)
	}
	d.tick()
	dec, err := d.Decide(t.Context(), question("M", "BRA"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range dec.Portions {
		if len(p.Reasons) == 0 {
			t.Errorf("portion %s: no reason", p.Portion)
		}
		for _, r := range p.Reasons {
			if r.Cites == "" || r.Text == "" {
				t.Errorf("portion %s: %+v cites nothing", p.Portion, r)
			}
			if r.Outcome != tearline.Release && len(r.LiftedBy) == 0 {
				t.Errorf("portion %s: nothing is said to lift %+v", p.Portion, r)
			}
			for _, id := range r.Statements {
				if _, err := d.Entry(t.Context(), "USA", string(id)); err != nil {
					t.Errorf("portion %s rests on %s, which its holder cannot look up: %v", p.Portion, id, err)
				}
			}
		}
	}
	text, err := json.Marshal(dec)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"secret pact", string(hidden.Statement), "ADMIN"} {
		if strings.Contains(string(text), secret) {
			t.Errorf("USA's explanation tells %q", secret)
		}
	}
	for _, as := range []tearline.PartyID{"NLD", "GBR", "BRA", "ADMIN"} {
		q := question("M", "BRA")
		q.As = as
		_, err := d.Decide(t.Context(), q)
		d.kind(err, tearline.Withheld)
		if err.Error() != tearline.NewWithheld().Error() {
			t.Errorf("%s gets %q", as, err)
		}
	}
}

// Invariant 11, nothing lost and nothing twice, is the crash test of
// internal/cli: it needs a process that can be killed. Here: acts that fail
// have changed nothing, and those that repeat say nothing new.
func TestInvariant11NothingLostNothingTwice(t *testing.T) {
	t.Parallel()
	d := world(t)
	size := func() int64 {
		t.Helper()
		all, err := d.Verify(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		var n int64
		for _, v := range all {
			n += v.Size
		}
		return n
	}
	before := size()
	if _, err := d.tryFile("USA", line("A", "USA", "U|One.")+line("B", "NOBODY", "U|Two.")); err == nil {
		t.Error("an unknown originator went unnoticed")
	}
	if _, err := d.tryFile("USA", line("A", "USA", "U|One.")+line("M", "USA", "U|Another M.")); err == nil {
		t.Error("a second report of the name went unnoticed")
	}
	if after := size(); after != before {
		t.Errorf("acts that failed said %d things", after-before)
	}
	first := d.ask(question("M", "FRA"))
	again := d.ask(question("M", "FRA"))
	if fmt.Sprint(first) != fmt.Sprint(again) {
		t.Errorf("asking again asks again: %v, %v", first, again)
	}
	if after := size(); after != before+2 {
		t.Errorf("asking twice said %d things, want 2", after-before)
	}
	for range 2 {
		d.tick()
		if _, err := d.Import(t.Context(), "USA", strings.NewReader(line("A", "USA", "U|One.")+line("B", "USA", "U|Two.")), nil); err != nil {
			t.Fatal(err)
		}
	}
	if after := size(); after != before+4 {
		t.Errorf("importing twice said %d things, want 2", after-before-2)
	}
	d.verified()
}

// Invariant 13, as far as it is built: a party that is hosted here and has
// nothing to do with a matter, as an administrator, sees nothing of it.
func TestInvariant13AdministratorSeesNothing(t *testing.T) {
	t.Parallel()
	d := world(t)
	d.grant(d.ask(question("M", "FRA"))[0])
	if _, err := d.release(question("M", "FRA")); err != nil {
		t.Fatal(err)
	}
	seen := exam(d, "ADMIN", []tearline.ReportID{"M", "N1", "G1", "NONE"}, nil)
	for _, secret := range []string{"crates", "mole", "Velmar", "REL TO", "ORCON", "NOFORN"} {
		if strings.Contains(seen, secret) {
			t.Errorf("the administrator reads %q in:\n%s", secret, seen)
		}
	}
	// And who asks does not answer.
	asked := d.ask(question("M", "BRA"))
	for _, a := range asked {
		for _, as := range []tearline.PartyID{"USA", "BRA", "ADMIN"} {
			d.tick()
			_, err := d.Grant(context.Background(), node.Answer{As: as, Request: string(a.ID)})
			d.kind(err, tearline.Withheld)
		}
	}
}
