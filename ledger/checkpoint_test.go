package ledger_test

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"tearline/ledger"
)

func TestCheckpoint(t *testing.T) {
	l := syntheticLog(t, 257)
	for _, size := range []int64{0, 1, 2, 255, 256, 257} {
		want := l.head(t, size)
		got, err := ledger.OpenCheckpoint(l.note(t, size), logKey(t).Verifier())
		if err != nil || got != want {
			t.Errorf("size %d: OpenCheckpoint = %+v, %v; want %+v", size, got, err, want)
		}
	}
	flips(l.note(t, 257), 1, func(at int, b []byte) {
		if _, err := ledger.OpenCheckpoint(b, logKey(t).Verifier()); !errors.Is(err, ledger.ErrTampered) {
			t.Fatalf("bit %d of byte %d flipped: %v", at%8, at/8, err)
		}
	})
}

func TestSignCheckpointRefuses(t *testing.T) {
	good := syntheticLog(t, 3).head(t, 3)
	with := func(change func(*ledger.Checkpoint)) ledger.Checkpoint {
		c := good
		change(&c)
		return c
	}
	for _, tc := range []struct {
		name string
		key  *ledger.Key
		c    ledger.Checkpoint
	}{
		{"no key", nil, good},
		{"statement key", statementKey(t), good},
		{"another log's key", testKey(t, "tearline/XSU-S", 1), good},
		{"no origin", logKey(t), with(func(c *ledger.Checkpoint) { c.Origin = "" })},
		{"negative size", logKey(t), with(func(c *ledger.Checkpoint) { c.Size = -1 })},
		{"size too large", logKey(t), with(func(c *ledger.Checkpoint) { c.Size = ledger.MaxSize + 1 })},
		{"empty with a root", logKey(t), with(func(c *ledger.Checkpoint) { c.Size = 0 })},
	} {
		if n, err := ledger.SignCheckpoint(tc.key, tc.c); err == nil {
			t.Errorf("%s: signed\n%s", tc.name, n)
		}
	}
}

// TestOpenCheckpointRefuses signs, validly, other texts.
func TestOpenCheckpointRefuses(t *testing.T) {
	private, verifier, err := ledger.GenerateKey(strings.NewReader(strings.Repeat("x", 32)), ledger.Origin(norland))
	if err != nil {
		t.Fatal(err)
	}
	signer := must[note.Signer](t)(note.NewSigner(private))
	open := func(text string) error {
		t.Helper()
		signed := must[[]byte](t)(note.Sign(&note.Note{Text: text}, signer))
		_, err := ledger.OpenCheckpoint(signed, verifier)
		return err
	}
	root := tlog.Hash{1}.String()
	if err := open("tearline/XNO-S\n3\n" + root + "\n"); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		"\n", "tearline/XNO-S\n3\n", "tearline/XNO-S\n3\n" + root + "\nmore\n", "tearline/XNO-S\n03\n" + root + "\n", "tearline/XNO-S\n+3\n" + root + "\n",
		"tearline/XNO-S\n-3\n" + root + "\n", "tearline/XNO-S\n0\n" + root + "\n", "tearline/XSU-S\n3\n" + root + "\n", "tearline/XNO-S\n3\nAAAA\n",
		"tearline/XNO-S\n3\n" + root[:42] + "B=\n", "tearline/XNO-S\n18446744073709551615\n" + root + "\n", " tearline/XNO-S\n3\n" + root + "\n",
	} {
		if err := open(text); !errors.Is(err, ledger.ErrTampered) {
			t.Errorf("checkpoint %q: %v", text, err)
		}
	}
	for _, c := range []struct{ note, verifier string }{
		{"", verifier}, {"x", verifier}, {strings.Repeat("x", 1<<17), verifier}, {string(syntheticLog(t, 1).note(t, 1)), "no key"}, {string(syntheticLog(t, 1).note(t, 1)), verifier},
	} {
		if _, err := ledger.OpenCheckpoint([]byte(c.note), c.verifier); !errors.Is(err, ledger.ErrTampered) {
			t.Errorf("note %.20q, key %q: %v", c.note, c.verifier, err)
		}
	}
}

// TestCosignedCheckpoint has a witness's signature beside the log's.
func TestCosignedCheckpoint(t *testing.T) {
	private, verifier, err := ledger.GenerateKey(strings.NewReader(strings.Repeat("w", 32)), "witness.example")
	if err != nil {
		t.Fatal(err)
	}
	n := must[*note.Note](t)(note.Open(syntheticLog(t, 3).note(t, 3), note.VerifierList(must[note.Verifier](t)(note.NewVerifier(logKey(t).Verifier())))))
	cosigned := must[[]byte](t)(note.Sign(n, must[note.Signer](t)(note.NewSigner(private))))
	if c, err := ledger.OpenCheckpoint(cosigned, logKey(t).Verifier()); err != nil || c.Size != 3 {
		t.Errorf("OpenCheckpoint = %v, %v", c, err)
	}
	if _, err := ledger.OpenCheckpoint(cosigned, verifier); !errors.Is(err, ledger.ErrSignature) {
		t.Errorf("the witness's key opens the log's checkpoint: %v", err)
	}
}
