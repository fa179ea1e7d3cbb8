package casefile_test

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/tlog"

	"tearline"
	"tearline/internal/casefile"
	"tearline/ledger"
)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// dice is a source of keys and salts that is the same every time.
type dice struct{ n uint64 }

func (d *dice) Read(p []byte) (int, error) {
	for n := 0; n < len(p); {
		d.n++
		sum := sha256.Sum256(binary.BigEndian.AppendUint64(nil, d.n))
		n += copy(p[n:], sum[:])
	}
	return len(p), nil
}

// A desk is USA's ledger in a test. Each thing is said a minute after the one
// before.
type desk struct {
	tb      testing.TB
	dice    dice
	signer  *ledger.Key
	log     *ledger.Key
	keys    [2]string // of statements and of the log
	said    []casefile.Said
	entries []ledger.Signed
	hashes  []tlog.Hash
}

func newDesk(tb testing.TB) *desk {
	tb.Helper()
	d := &desk{tb: tb}
	d.signer, d.keys[0] = d.key("USA")
	d.log, d.keys[1] = d.key(ledger.Origin("USA"))
	return d
}

func (d *desk) key(name string) (*ledger.Key, string) {
	d.tb.Helper()
	private, verifier, err := ledger.GenerateKey(&d.dice, name)
	if err != nil {
		d.tb.Fatal(err)
	}
	k, err := ledger.ParseKey(private)
	if err != nil {
		d.tb.Fatal(err)
	}
	return k, verifier
}

func (d *desk) say(says tearline.Predicate) tearline.StatementID {
	d.tb.Helper()
	salt := make([]byte, ledger.SaltSize)
	if _, err := d.dice.Read(salt); err != nil {
		d.tb.Fatal(err)
	}
	n := int64(len(d.said))
	s, err := ledger.Sign(d.signer, salt, tearline.Statement{By: "USA", At: start.Add(time.Duration(n) * time.Minute), Says: says})
	if err != nil {
		d.tb.Fatal(err)
	}
	hashes, err := tlog.StoredHashes(n, ledger.Leaf(s.Salt, s.Envelope), d.reader())
	if err != nil {
		d.tb.Fatal(err)
	}
	d.hashes, d.entries = append(d.hashes, hashes...), append(d.entries, s)
	d.said = append(d.said, casefile.Said{Index: n, Statement: s.Statement})
	return s.Statement.ID
}

func (d *desk) reader() tlog.HashReader {
	return tlog.HashReaderFunc(func(at []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(at))
		for i, n := range at {
			out[i] = d.hashes[n]
		}
		return out, nil
	})
}

func (d *desk) open(name string) *casefile.Case {
	d.tb.Helper()
	c := casefile.Find(casefile.Read(d.said), name)
	if c == nil {
		d.tb.Fatalf("there is no case %s", name)
	}
	return c
}

// next adds an entry to a case, as the program does.
func (d *desk) next(name string, act tearline.CaseAct, note string, put ...tearline.StatementID) tearline.StatementID {
	d.tb.Helper()
	c := &casefile.Case{Name: name}
	if act != tearline.CaseOpened {
		c = d.open(name)
	}
	return d.say(c.Next(act, "J. Smith", note, put...))
}

// bundle hands a case on.
func (d *desk) bundle(name string) *casefile.Bundle {
	d.tb.Helper()
	b := &casefile.Bundle{Party: "USA", Case: name, LogKey: d.keys[1], Keys: []string{d.keys[0]}}
	for _, s := range d.open(name).All() {
		d.prove(b, s.Index)
	}
	return b
}

func (d *desk) prove(b *casefile.Bundle, index int64) {
	d.tb.Helper()
	r, err := ledger.Prove(d.log, d.entries[index], index, int64(len(d.entries)), d.reader())
	if err != nil {
		d.tb.Fatal(err)
	}
	line, err := r.MarshalJSON()
	if err != nil {
		d.tb.Fatal(err)
	}
	b.Receipts, b.Checkpoint = append(b.Receipts, line), r.Checkpoint()
}

func refs(list ...string) []tearline.PortionRef {
	var out []tearline.PortionRef
	for _, s := range list {
		report, portion, _ := strings.Cut(s, "/")
		out = append(out, tearline.PortionRef{Report: tearline.ReportID(report), Portion: tearline.PortionID(portion)})
	}
	return out
}

// example is a case with something of each way in which statements come in.
func example(tb testing.TB) *desk {
	tb.Helper()
	d := newDesk(tb)
	sighting := d.say(&tearline.Sighting{Seen: start, Where: "a newspaper", Matches: refs("M/p2")})
	d.say(&tearline.Sighting{Seen: start, Matches: refs("X/p1")}) // of no case
	d.next("2026-1", tearline.CaseOpened, "Under the fish market", sighting)
	reading := d.say(&tearline.Reading{
		Case: "2026-1", Officer: "A", Second: "B", Because: "x", Seen: start, Where: "a newspaper", Portions: refs("M/p2"), Points: 5, Copies: 3, Look: 1, Bound: "1e-06", Rules: "1",
	})
	d.next("other", tearline.CaseOpened, "Another")
	d.say(&tearline.Attribution{Reading: reading, Finding: tearline.FoundCopies, Copies: []tearline.CopyID{"AAAA-BBBB-CCCC"}})
	d.next("2026-1", tearline.CaseAdded, "asked the editor")
	told := d.say(&tearline.Exposure{ToldTo: "NLD", Seen: start, Portions: []tearline.ExposedPortion{{Portion: refs("N/p1")[0]}, {Portion: refs("N/p2")[0], Inferred: true}}})
	d.next("2026-1", tearline.CaseAdded, "", told)
	return d
}

// lines writes a file down, a statement a line.
func lines(items []casefile.Item, indent string) []string {
	var out []string
	for _, it := range items {
		line := fmt.Sprintf("%s%d %s: %s", indent, it.Index, it.Kind, it.Words)
		if it.TakenBack {
			line += " (taken back)"
		}
		out = append(append(out, line), lines(it.Put, indent+"  ")...)
	}
	return out
}

func TestFile(t *testing.T) {
	t.Parallel()
	d := example(t)
	f := d.open("2026-1").File()
	reading := d.said[3].ID
	want := []string{
		"2 case: J. Smith opened case 2026-1: Under the fish market",
		"  0 sighting: seen 2026-03-02 09:00 UTC in a newspaper: draws on M/p2",
		"3 reading: A and B had the wording of M/p2 read: 5 places, to be compared with 3 copies; look 1; a copy that it is not from is named with a chance of at most 1e-06",
		"5 attribution: agrees with copy AAAA-BBBB-CCCC, within the bound of reading " + string(reading),
		"6 case: J. Smith: asked the editor",
		"8 case: J. Smith added to the file",
		"  7 exposure: told NLD that N/p1 became public, and that N/p2 can be inferred",
	}
	if diff := cmp.Diff(want, lines(f.Items, "")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	l := casefile.Line{Case: "2026-1", Party: "USA", Title: "Under the fish market", State: "open", Opened: start.Add(2 * time.Minute), Officer: "J. Smith", Statements: 7}
	if diff := cmp.Diff(l, f.Line); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	d.next("2026-1", tearline.CaseClosed, "nobody")
	d.say(&tearline.Revocation{Of: d.said[0].ID})
	c := d.open("2026-1")
	f = c.File()
	if c.Open() || f.State != "closed" || f.Ended != "nobody" || f.ClosedBy != "J. Smith" || !f.Closed.Equal(start.Add(9*time.Minute)) || len(f.Notes) != 0 {
		t.Errorf("%+v", f.Line)
	}
	if !strings.HasSuffix(lines(f.Items, "")[1], "(taken back)") {
		t.Error("the sighting was taken back")
	}
	d.next("2026-1", tearline.CaseAdded, "too late")
	if f := d.open("2026-1").File(); len(f.Notes) != 1 || !strings.Contains(f.Notes[0], "after the case was closed") {
		t.Errorf("%q", f.Notes)
	}
	if d.open("other").File().Title != "Another" {
		t.Error("the other case")
	}
}

// What names a case that was not opened is passed over, entries that are wrong
// are said to be.
func TestRead(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.say(&tearline.CaseEntry{Case: "none", Act: tearline.CaseAdded, Officer: "x", Note: "x"})
	if list := casefile.Read(d.said); len(list) != 0 {
		t.Errorf("%+v", list)
	}
	d.next("none", tearline.CaseOpened, "x")
	d.next("none", tearline.CaseOpened, "again")
	c := d.open("none")
	if len(c.Faults) != 5 { // before; again and not linked, twice
		t.Errorf("%q", c.Faults)
	}
	missing := d.next("none", tearline.CaseAdded, "", "aaaaaaaaaaaaaaaaaaaaaaaaaa")
	if c := d.open("none"); len(c.Missing) != 1 || c.Entries[len(c.Entries)-1].ID != missing {
		t.Errorf("%+v", c.Missing)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for name, ok := range map[string]bool{"2026-1": true, "Fish.market_2": true, "": false, "a b": false, "-a": false, strings.Repeat("a", 65): false, "C-0123456789abcdef": false, "C-1": true} {
		if err := casefile.CheckName(name); (err == nil) != ok {
			t.Errorf("%q: %v", name, err)
		}
	}
	var list []*casefile.Case
	for _, want := range []string{"2026-1", "2026-2"} {
		if got := casefile.NextName(list, start); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		list = append(list, &casefile.Case{Name: want})
	}
	list = append(list, &casefile.Case{Name: "2026-07"}, &casefile.Case{Name: "2025-99"}, &casefile.Case{Name: "2026-99999999999999"})
	if got := casefile.NextName(list, start); got != "2026-8" {
		t.Error(got)
	}
}

// Every kind of statement has words of its own, and an attribution names no
// recipient.
func TestWords(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		says tearline.Predicate
		want string
	}{
		{&tearline.CaseEntry{Case: "K", Act: tearline.CaseClosed, Officer: "A", Note: "n"}, "A closed case K: n"},
		{&tearline.Sighting{Seen: time.Date(2026, 3, 2, 23, 59, 59, 999_999_000, time.UTC)}, "seen 2026-03-02: draws on nothing that is held"},
		{&tearline.Attribution{Reading: "r", Finding: tearline.FoundNothing}, "no copy is named, by reading r"},
		{&tearline.Attribution{Reading: "r", Finding: tearline.FoundNarrower}, "no copy is named; some are less likely than others, by reading r"},
		{&tearline.Attribution{Reading: "r", Finding: tearline.FoundCopies, Copies: []tearline.CopyID{"A", "B"}}, "at least one of copies A, B is behind it, within the bound of reading r"},
		{&tearline.Exposure{ToldTo: "NLD", Portions: []tearline.ExposedPortion{{Portion: refs("N/p1")[0], Inferred: true}}}, "told NLD that N/p1 can be inferred"},
		{&tearline.Disclosure{Report: "M", Recipient: "BRA", Mode: tearline.Document, Copy: "C", Occurred: start}, "gave copy C of M to BRA, 2026-03-02 09:00 UTC"},
		{&tearline.Disclosure{Report: "M", Recipient: "BRA", Mode: tearline.Oral, Occurred: start, Person: &tearline.Person{Name: "Silva"}}, "told of M to BRA, 2026-03-02 09:00 UTC"},
		{&tearline.Disclosure{Recipient: "BRA", ToldTo: "NLD"}, "told NLD what of its material went to BRA"},
		{&tearline.Recall{Recipient: "BRA", Copy: "C", Because: "why"}, "called back copy C from BRA: why"},
		{&tearline.Recall{Recipient: "BRA"}, "called back what it told or showed from BRA"},
		{&tearline.Confirmation{Recall: "r", Done: tearline.Destroyed}, "said what was done about the recall r: destroyed"},
		{&tearline.Revocation{Of: "c"}, "took back c"},
		{&tearline.Filing{Report: "M", Banner: "SECRET"}, "filed report M under SECRET"},
		{&tearline.Warrant{UpTo: "SECRET", Because: "case 12", Term: tearline.Term{Until: start}}, "a warrant to search up to SECRET, until 2026-03-02 09:00 UTC: case 12"},
		{&tearline.Consent{Granted: true, Recipient: "BRA", Portions: refs("N/p1")}, "consented that BRA may have N/p1"},
		{&tearline.Consent{Recipient: "BRA", Portions: refs("N/p1")}, "refused N/p1 to BRA"},
		{&tearline.Request{Originator: "NLD", Recipient: "BRA", Portions: refs("N/p1")}, "asked NLD whether BRA may have N/p1"},
		{&tearline.Discretion{Authority: "A", Recipient: "BRA", Portions: refs("N/p1")}, "A decided to tell BRA of N/p1"},
		{&tearline.Declassification{Authority: "A", Portions: refs("N/p1"), Because: "why"}, "A lowered the marking of N/p1: why"},
		{&tearline.Embargo{Report: "M"}, "held report M back"},
		{&tearline.Embargo{Report: "M", Term: tearline.Term{Until: start}}, "held report M back until 2026-03-02 09:00 UTC"},
		{&tearline.Agreement{Name: "x", Parties: [2]tearline.PartyID{"USA", "NLD"}}, "agreement x of USA and NLD"},
		{&tearline.Exclusion{Party: "BRA"}, "said that BRA is never to have its material"},
		{&tearline.Fingerprint{Report: "M"}, "said by which secrets the copies of M are told apart"},
		{&tearline.Erasure{Report: "M"}, "destroyed the secrets of the copies of M"},
		{&tearline.Tie{}, "tie"},
	} {
		if got := casefile.Words(&tearline.Statement{Says: tt.says}); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
	var many []string
	for i := range 20 {
		many = append(many, fmt.Sprintf("M/p%d", i))
	}
	if got := casefile.Words(&tearline.Statement{Says: &tearline.Sighting{Seen: start, Matches: refs(many...)}}); !strings.HasSuffix(got, "M/p11, and 8 more") {
		t.Error(got)
	}
}
