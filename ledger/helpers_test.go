package ledger_test

import (
	"bytes"
	"encoding/binary"
	"flag"
	"fmt"
	"iter"
	"os"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"tearline"
	"tearline/ledger"
)

var update = flag.Bool("update", false, "write the vectors and the examples in docs/format anew")

// The parties of the examples.
const (
	norland tearline.PartyID = "XNO-S" // holder
	sudland tearline.PartyID = "XSU-S" // originator, recipient
)

// testKey returns a key whose seed is 32 times one byte. Never use it outside
// tests.
func testKey(tb testing.TB, name string, seed byte) *ledger.Key {
	tb.Helper()
	private, _, err := ledger.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{seed}, 32)), name)
	if err != nil {
		tb.Fatal(err)
	}
	k, err := ledger.ParseKey(private)
	if err != nil {
		tb.Fatal(err)
	}
	return k
}

// The keys of the tests: Norland's for statements and for its log, Sudland's
// for statements.
func statementKey(tb testing.TB) *ledger.Key {
	tb.Helper()
	return testKey(tb, "XNO-S-test-only", 0)
}

func logKey(tb testing.TB) *ledger.Key {
	tb.Helper()
	return testKey(tb, ledger.Origin(norland), 1)
}

func partnerKey(tb testing.TB) *ledger.Key {
	tb.Helper()
	return testKey(tb, "XSU-S-test-only", 2)
}

func testKeys(tb testing.TB) ledger.Verifiers {
	tb.Helper()
	return ledger.Verifiers{norland: {statementKey(tb).Verifier()}, sudland: {partnerKey(tb).Verifier()}}
}

// testSalt returns a salt that is anything but random.
func testSalt(n int) []byte {
	salt := bytes.Repeat([]byte{0x5a}, ledger.SaltSize)
	binary.BigEndian.PutUint64(salt, uint64(n))
	return salt
}

// must returns what a call gave, and ends the test on its error.
func must[T any](tb testing.TB) func(T, error) T {
	tb.Helper()
	return func(v T, err error) T {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
		return v
	}
}

func sign(tb testing.TB, s tearline.Statement) ledger.Signed {
	tb.Helper()
	return must[ledger.Signed](tb)(ledger.Sign(statementKey(tb), testSalt(0), s))
}

func on(day int) time.Time { return time.Date(2031, 3, day, 9, 30, 0, 0, time.UTC) }

func ref(s string) tearline.PortionRef {
	r, err := tearline.ParsePortionRef(s)
	if err != nil {
		panic(err)
	}
	return r
}

func subjects(names ...string) []tearline.Subject {
	list := make([]tearline.Subject, len(names))
	for i, n := range names {
		list[i] = tearline.Subject{Name: n, Digest: tearline.DigestContent(testSalt(1), n)}
	}
	return list
}

// examples returns one full statement of each kind, in the order of the kinds.
func examples(tb testing.TB) []tearline.Statement {
	tb.Helper()
	term := tearline.Term{From: on(2), Until: on(30)}
	refs := []tearline.PortionRef{ref("XNO/2031/7/p1"), ref("XNO/2031/7/p2")}
	says := []tearline.Predicate{
		&tearline.Filing{Report: "XNO/2031/7", Originator: norland, Policy: "nato", Date: "2031-03-01", Banner: "NATO SECRET", DeclassifyOn: "2041-03-01", Portions: []tearline.FiledPortion{
			{ID: "title", Originator: norland, Marking: "NU"},
			{ID: "p1", Originator: sudland, Marking: "NS", Sources: []tearline.PortionRef{ref("XSU-44/p3")}, Tear: "NR"},
			{ID: "p2", Originator: norland, Marking: "NC"},
		}},
		&tearline.PartyRecord{
			Party: sudland, Name: "Südland <Dienst> & Söhne", Nations: []tearline.PartyID{"XSU"}, MemberOf: []tearline.PartyID{"NATO"},
			StatementKey: partnerKey(tb).Verifier(), LogKey: logKey(tb).Verifier(), Term: term,
		},
		&tearline.Agreement{
			Name: "XNO-XSU", Parties: [2]tearline.PartyID{norland, sudland}, Ceiling: "SECRET", Onward: tearline.OnwardAsk,
			Categories: []string{"HARBOUR"}, Equal: [][]string{{"SECRET", "GEHEIM"}}, Purposes: []string{"harbour", "counter-terrorism"}, Inform: true,
			Standing: []tearline.StandingConsent{{By: sudland, UpTo: "RESTRICTED", To: []tearline.PartyID{"NATO"}, Purposes: []string{"harbour"}}}, Term: term,
		},
		&tearline.Exclusion{Party: "XEL-Y", Ties: true, Degree: 3, Term: term},
		&tearline.Tie{Party: "XEL-Y", To: "XEL-Z", Degree: 4, Term: term},
		&tearline.Embargo{Report: "XNO/2031/7", Term: term},
		&tearline.Request{Originator: sudland, Recipient: "XOS-Q", Portions: refs, Mode: tearline.Document, Purpose: "warning of the harbour", Unit: "Coast Guard", Person: "Capt. Brandt"},
		&tearline.Consent{Request: "aaaabbbbccccddddaaaabbbbaa", Granted: true, Recipient: "XOS-Q", Portions: refs, Conditions: []tearline.Condition{tearline.OrallyOnly, "purpose=harbour"}, Authority: "Head of Liaison", Second: "Head of Records", Term: term},
		&tearline.Declassification{Portions: refs, To: "NU", Because: "published by the harbour master", Authority: "Head of Records", Second: "Head of Liaison", Term: term},
		&tearline.Discretion{Portions: refs, Recipient: "XOS-Q", Modes: []tearline.Mode{tearline.Oral, tearline.Visual}, Because: "lives at risk", Authority: "The Minister", Second: "Head of Records", TellAfter: on(12), Term: term},
		&tearline.Disclosure{Report: "XNO/2031/7", Recipient: "XOS-Q", Mode: tearline.Document, Copy: "c-7f3a", Items: []tearline.DisclosedItem{
			{Portion: refs[0], Replaced: true, Outcome: tearline.Release, Basis: tearline.ByConsent, Statements: []tearline.StatementID{"aaaabbbbccccddddaaaabbbbaa"}},
			{Portion: refs[1], Outcome: tearline.Refer, Basis: tearline.ByDiscretion, Statements: []tearline.StatementID{"eeeeffffgggghhhheeeeffffaa"}},
		}, Occurred: on(5), AfterFact: true, Purpose: "warning of the harbour", Officer: "M. Lind", Unit: "Coast Guard", Person: &tearline.Person{Name: "Capt. Brandt", Clearance: "SECRET", ReadIns: []string{"HARBOUR"}}, ToldTo: sudland, Of: "iiiijjjjkkkklllliiiijjjjaa"},
		&tearline.Receipt{Copy: "c-7f3a", Digest: tearline.DigestContent(testSalt(2), "bytes")},
		&tearline.Revocation{Of: "aaaabbbbccccddddaaaabbbbaa", Because: "the harbour is open again"},
		&tearline.Sighting{Seen: on(9).Add(123456789), Where: "evening paper, page 3", Matches: refs},
		&tearline.Delegation{
			To: "Head of Records", Powers: []tearline.Power{tearline.PowerDeclassify, tearline.PowerDowngrade}, UpTo: "SECRET",
			Delegator: "The Minister", Onward: true, Two: true, Term: term,
		},
		&tearline.Recall{Of: "iiiijjjjkkkklllliiiijjjjaa", Recipient: "XOS-Q", Copy: "c-7f3a", Disclosed: on(5), Because: "the harbour is open again"},
		&tearline.Confirmation{Recall: "aaaabbbbccccddddaaaabbbbaa", Done: tearline.Sequestered, Because: "evidence in a trial"},
		&tearline.Warrant{
			Investigator: "Insp. Holm", Authority: "Head of Security", Second: "The Minister", Because: "case 12: who gave the harbour plan to the evening paper",
			Policy: "nato", UpTo: "NATO SECRET", Compartments: []string{"HARBOUR"}, Originators: []tearline.PartyID{norland, sudland}, Term: term,
		},
		&tearline.Fingerprint{Report: "XNO/2031/7", Code: tearline.CodeNuida, Portions: []tearline.FingerprintedPortion{
			{ID: "p1~tear", Points: 3, Commitment: tearline.DigestContent(testSalt(3), "wording")},
			{ID: "p2", Commitment: tearline.DigestContent(testSalt(4), "wording")},
		}},
		&tearline.Erasure{Report: "XNO/2031/7", Officer: "Head of Records", Because: "kept as long as the law allows"},
		&tearline.Reading{
			Case: "harbour-2031", Officer: "Insp. Holm", Second: "Head of Security", Because: "the plan is in the evening paper", Seen: on(9), Where: "evening paper, page 3",
			Portions: refs, Points: 44, Copies: 1000, Look: 2, Bound: "1e-06", Rules: "exact/v1",
		},
		&tearline.Attribution{Reading: "aaaabbbbccccddddaaaabbbbaa", Finding: tearline.FoundCopies, Copies: []tearline.CopyID{"c-7f3a"}},
		&tearline.CaseEntry{Case: "harbour-2031", Act: tearline.CaseAdded, Officer: "Insp. Holm", Note: "the editor was asked", Of: []tearline.StatementID{"aaaabbbbccccddddaaaabbbbaa"}},
		&tearline.Exposure{ToldTo: sudland, Seen: on(9), Where: "evening paper, page 3", Portions: []tearline.ExposedPortion{
			{Portion: refs[0]}, {Portion: refs[1], Inferred: true},
		}, Suspend: []tearline.StatementID{"aaaabbbbccccddddaaaabbbbaa"}, Measures: "the harbour is watched"},
	}
	about := map[tearline.StatementKind][]tearline.Subject{
		tearline.KindFiling:      subjects("title", "p1", "p1~tear", "p2"),
		tearline.KindRequest:     subjects("XNO/2031/7/p1", "XNO/2031/7/p2"),
		tearline.KindConsent:     subjects("XNO/2031/7/p1", "XNO/2031/7/p2"),
		tearline.KindDisclosure:  subjects("p1~tear", "p2", "copy"),
		tearline.KindSighting:    subjects("leak"),
		tearline.KindReading:     subjects("leak", "reading"),
		tearline.KindAttribution: subjects("finding"),
	}
	list := make([]tearline.Statement, len(says))
	for i, p := range says {
		list[i] = tearline.Statement{By: norland, At: on(1), Subjects: about[p.Kind()], Says: p}
	}
	return list
}

// memLog is a log in memory: the stored hashes and what the leaves are made of.
type memLog struct {
	hashes  []tlog.Hash
	entries []ledger.Entry
	leaves  [][]byte
}

// ReadHashes implements tlog.HashReader.
func (l *memLog) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	list := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		if x < 0 || x >= int64(len(l.hashes)) {
			return nil, fmt.Errorf("hash %d of %d", x, len(l.hashes))
		}
		list[i] = l.hashes[x]
	}
	return list, nil
}

func (l *memLog) size() int64 { return int64(len(l.leaves)) }

// add appends a leaf.
func (l *memLog) add(tb testing.TB, leaf []byte) {
	tb.Helper()
	l.hashes = append(l.hashes, must[[]tlog.Hash](tb)(tlog.StoredHashes(l.size(), leaf, l))...)
	l.leaves = append(l.leaves, leaf)
}

// append appends a signed statement.
func (l *memLog) append(tb testing.TB, s ledger.Signed) {
	tb.Helper()
	l.entries = append(l.entries, ledger.Entry{Index: l.size(), Salt: s.Salt, Envelope: s.Envelope})
	l.add(tb, ledger.Leaf(s.Salt, s.Envelope))
}

// head returns the state at a size.
func (l *memLog) head(tb testing.TB, size int64) ledger.Checkpoint {
	tb.Helper()
	return ledger.Checkpoint{Origin: ledger.Origin(norland), Size: size, Root: must[tlog.Hash](tb)(tlog.TreeHash(size, l))}
}

// note returns the signed checkpoint at a size.
func (l *memLog) note(tb testing.TB, size int64) []byte {
	tb.Helper()
	return must[[]byte](tb)(ledger.SignCheckpoint(logKey(tb), l.head(tb, size)))
}

// syntheticLog returns a log of leaves that commit to nothing in particular.
func syntheticLog(tb testing.TB, size int) *memLog {
	tb.Helper()
	l := &memLog{}
	for i := range size {
		l.add(tb, ledger.Leaf(testSalt(i), nil))
	}
	return l
}

// statementLog returns a log of signed statements, of both parties.
func statementLog(tb testing.TB, size int) *memLog {
	tb.Helper()
	l := &memLog{}
	for i := range size {
		k, by := statementKey(tb), norland
		if i%3 == 2 {
			k, by = partnerKey(tb), sudland
		}
		s := tearline.Statement{By: by, At: on(1).Add(time.Duration(i) * time.Second), Says: &tearline.Exclusion{Party: "XEL-Y"}}
		l.append(tb, must[ledger.Signed](tb)(ledger.Sign(k, testSalt(i), s)))
	}
	return l
}

// seq yields a slice as what is read from a store.
func seq[T any](list []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, x := range list {
			if !yield(x, nil) {
				return
			}
		}
	}
}

// golden compares with a file, or writes it under -update.
func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what the code makes (run with -update if that is meant):\n%s", path, got)
	}
}
