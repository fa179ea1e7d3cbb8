package sqlite_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"tearline"
	"tearline/internal/store/sqlite"
	"tearline/ledger"
)

const holder tearline.PartyID = "XHA"

var epoch = time.Date(2031, 3, 4, 5, 6, 7, 0, time.UTC)

// chacha is a reader of random bytes that are the same on every run.
func chacha(seed string) *rand.ChaCha8 {
	var key [32]byte
	copy(key[:], seed)
	return rand.NewChaCha8(key)
}

// A speaker signs statements of one party, each different from the others.
type speaker struct {
	party tearline.PartyID
	key   *ledger.Key
	rand  *rand.ChaCha8
	said  int
}

func newSpeaker(tb testing.TB, party tearline.PartyID) *speaker {
	tb.Helper()
	s := &speaker{party: party, rand: chacha(string(party))}
	private, _, err := ledger.GenerateKey(s.rand, string(party))
	if err != nil {
		tb.Fatal(err)
	}
	if s.key, err = ledger.ParseKey(private); err != nil {
		tb.Fatal(err)
	}
	return s
}

func (s *speaker) verifiers() ledger.Verifiers {
	return ledger.Verifiers{s.party: {s.key.Verifier()}}
}

func (s *speaker) say(tb testing.TB, says tearline.Predicate, subjects ...tearline.Subject) ledger.Signed {
	tb.Helper()
	salt := make([]byte, ledger.SaltSize)
	s.rand.Read(salt) //nolint:errcheck // it never fails
	s.said++
	signed, err := ledger.Sign(s.key, salt, tearline.Statement{
		By: s.party, At: epoch.Add(time.Duration(s.said) * time.Second), Subjects: subjects, Says: says,
	})
	if err != nil {
		tb.Fatal(err)
	}
	return signed
}

// reportID names the nth report.
func reportID(n int) tearline.ReportID { return tearline.ReportID(fmt.Sprintf("RPT-%06d", n)) }

// file makes a report of five portions, with its filing.
func (s *speaker) file(tb testing.TB, id tearline.ReportID) (ledger.Signed, sqlite.ReportRow) {
	tb.Helper()
	seed := make([]byte, 32)
	s.rand.Read(seed) //nolint:errcheck // it never fails
	f := &tearline.Filing{Report: id, Originator: s.party, Policy: "us", Date: "2031-03-04", Banner: "SECRET//NOFORN"}
	var subjects []tearline.Subject
	var body strings.Builder
	for i := range 5 {
		p := tearline.PortionID(fmt.Sprintf("p%d", i+1))
		text := fmt.Sprintf("(S//NF) %s %s: the barge left the quay at dawn with forty crates of pump parts aboard, and turned north off the second buoy.\n", id, p)
		f.Portions = append(f.Portions, tearline.FiledPortion{ID: p, Originator: s.party, Marking: "S//NF"})
		subjects = append(subjects, tearline.Subject{Name: string(p), Digest: tearline.DigestContent(seed, text)})
		body.WriteString(text)
	}
	signed := s.say(tb, f, subjects...)
	return signed, sqlite.ReportRow{
		Holder: s.party, ID: id, Originator: s.party, Policy: f.Policy, Date: f.Date, Banner: f.Banner, Title: "Barge " + string(id),
		Portions: 5, Seed: seed, Body: []byte(body.String()), Filing: signed.Statement.ID, Filed: signed.Statement.At,
	}
}

func create(tb testing.TB) (*sqlite.DB, string) {
	tb.Helper()
	dir := tb.TempDir()
	db, err := sqlite.Create(context.Background(), dir)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Error(err)
		}
	})
	return db, dir
}

func write(tb testing.TB, db *sqlite.DB, fn func(*sqlite.Tx) error) {
	tb.Helper()
	if err := db.Write(context.Background(), fn); err != nil {
		tb.Fatal(err)
	}
}

func read(tb testing.TB, db *sqlite.DB, fn func(*sqlite.Tx) error) {
	tb.Helper()
	if err := db.Read(context.Background(), fn); err != nil {
		tb.Fatal(err)
	}
}

// checkLog reads a ledger from its bytes and returns its size.
func checkLog(tb testing.TB, db *sqlite.DB, s *speaker) int64 {
	tb.Helper()
	var size int64
	read(tb, db, func(tx *sqlite.Tx) (err error) {
		if size, err = tx.LogSize(s.party); err != nil {
			return err
		}
		entries := func(yield func(ledger.Entry, error) bool) {
			for e, err := range tx.Entries(s.party, 0) {
				if !yield(ledger.Entry{Index: e.Index, Salt: e.Salt, Envelope: e.Envelope}, err) {
					return
				}
			}
		}
		_, err = ledger.CheckLog(s.party, s.verifiers(), entries, tx.Hashes(s.party), size)
		return err
	})
	return size
}
