package ledger_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/ledger"
)

// exampleLog returns a log of the example statements and what was signed.
func exampleLog(tb testing.TB) (*memLog, []ledger.Signed) {
	tb.Helper()
	l := &memLog{}
	var list []ledger.Signed
	for i, s := range examples(tb) {
		signed := must[ledger.Signed](tb)(ledger.Sign(statementKey(tb), testSalt(i), s))
		list = append(list, signed)
		l.append(tb, signed)
	}
	return l, list
}

func TestReceipt(t *testing.T) {
	l, list := exampleLog(t)
	for size := int64(1); size <= l.size(); size++ {
		for i := range size {
			r, err := ledger.Prove(logKey(t), list[i], i, size, l)
			if err != nil {
				t.Fatal(err)
			}
			data := must[[]byte](t)(json.Marshal(r))
			got, err := ledger.OpenReceipt(data, testKeys(t), logKey(t).Verifier())
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range []ledger.Receipt{r, got} {
				if diff := cmp.Diff(list[i].Statement, r.Statement()); diff != "" || r.Index() != i || r.Size() != size || r.Origin() != "tearline/XNO-S" {
					t.Errorf("receipt of entry %d of %d for %d of %d\n%s", r.Index(), r.Size(), i, size, diff)
				}
				if !bytes.Equal(r.Checkpoint(), l.note(t, size)) {
					t.Errorf("checkpoint\n%s", r.Checkpoint())
				}
			}
			if again := must[[]byte](t)(json.Marshal(got)); !bytes.Equal(again, data) {
				t.Errorf("JSON changes:\n%s\n%s", data, again)
			}
		}
	}
}

func TestReceiptCovers(t *testing.T) {
	l, list := exampleLog(t)
	r := must[ledger.Receipt](t)(ledger.Prove(logKey(t), list[0], 0, l.size(), l))
	for _, x := range list[0].Statement.Subjects {
		if !r.Covers(x.Digest) {
			t.Errorf("subject %s is not covered", x.Name)
		}
	}
	r.Statement().Subjects[0].Digest = tearline.Digest{}
	bare := must[ledger.Receipt](t)(ledger.Prove(logKey(t), list[3], 3, l.size(), l)) // without subjects
	for _, r := range []ledger.Receipt{r, bare, {}} {
		if r.Covers(tearline.Digest{}) || r.Covers(tearline.DigestContent(testSalt(1), "p7")) {
			t.Error("covers what it does not")
		}
	}
}

// TestZeroReceipt is evidence of nothing.
func TestZeroReceipt(t *testing.T) {
	var r ledger.Receipt
	if r.Covers(tearline.Digest{}) || r.Size() != 0 || r.Origin() != "" || r.Statement().Says != nil || len(r.Checkpoint()) != 0 {
		t.Error("the zero receipt says something")
	}
	if b, err := json.Marshal(r); err == nil {
		t.Errorf("the zero receipt is written as %s", b)
	}
}

func TestProveRefuses(t *testing.T) {
	l, list := exampleLog(t)
	size := l.size()
	other := list[2]
	other.Envelope = list[3].Envelope
	shortSalt := list[2]
	shortSalt.Salt = shortSalt.Salt[:31]
	misnamed := list[2]
	misnamed.Statement = list[3].Statement
	rot := &memLog{hashes: append(l.hashes[:0:0], l.hashes...), leaves: l.leaves}
	rot.hashes[1][0] ^= 1
	for _, tc := range []struct {
		name        string
		key         *ledger.Key
		s           ledger.Signed
		index, size int64
		log         *memLog
		tampered    bool
	}{
		{"negative index", logKey(t), list[2], -1, size, l, false},
		{"index at the size", logKey(t), list[2], size, size, l, false},
		{"size beyond the hashes", logKey(t), list[2], 2, size + 5, l, false},
		{"no key", nil, list[2], 2, size, l, false},
		{"another index", logKey(t), list[2], 3, size, l, true},
		{"another envelope", logKey(t), other, 2, size, l, true},
		{"another statement", logKey(t), misnamed, 2, size, l, true},
		{"short salt", logKey(t), shortSalt, 2, size, l, false},
		{"stored hash changed", logKey(t), list[0], 0, size, rot, true},
		{"size beyond all", logKey(t), list[2], 2, ledger.MaxSize + 1, l, false},
	} {
		r, err := ledger.Prove(tc.key, tc.s, tc.index, tc.size, tc.log)
		if err == nil || errors.Is(err, ledger.ErrTampered) != tc.tampered || r.Size() != 0 {
			t.Errorf("%s: Prove = %v", tc.name, err)
		}
	}
}

func TestFlippedBitOfReceipt(t *testing.T) {
	l, list := exampleLog(t)
	r := must[ledger.Receipt](t)(ledger.Prove(logKey(t), list[3], 3, l.size(), l))
	keys, verifier := testKeys(t), logKey(t).Verifier()
	flips(must[[]byte](t)(json.Marshal(r)), 5, func(at int, b []byte) { // a bit or two of every byte
		if _, err := ledger.OpenReceipt(b, keys, verifier); !errors.Is(err, ledger.ErrTampered) {
			t.Fatalf("bit %d of byte %d flipped: %v", at%8, at/8, err)
		}
	})
}

func TestOpenReceiptRefuses(t *testing.T) {
	l, list := exampleLog(t)
	size := l.size()
	make := func(i int, size int64) string {
		r := must[ledger.Receipt](t)(ledger.Prove(logKey(t), list[i], int64(i), size, l))
		return string(must[[]byte](t)(json.Marshal(r)))
	}
	good, older := make(3, size), make(3, size-1)
	part := func(s, from, to string) string {
		s = s[strings.Index(s, from):]
		return s[:strings.Index(s, to)+len(to)]
	}
	stranger := testKey(t, ledger.Origin(norland), 9).Verifier()
	for _, tc := range []struct{ name, data, verifier string }{
		{"nothing", "", ""},
		{"null", "null", ""},
		{"no members", "{}", ""},
		{"another log's key", good, stranger},
		{"a malformed key", good, "x"},
		{"the statement key", good, statementKey(t).Verifier()},
		{"unknown member", strings.Replace(good, `{`, `{"x":1,`, 1), ""},
		{"doubled member", strings.Replace(good, `{`, `{"index":3,`, 1), ""},
		{"missing member", strings.Replace(good, `"index":3,`, ``, 1), ""},
		{"another index", strings.Replace(good, `"index":3`, `"index":2`, 1), ""},
		{"negative index", strings.Replace(good, `"index":3`, `"index":-1`, 1), ""},
		{"another size", strings.Replace(good, fmt.Sprintf(`"size":%d`, size), fmt.Sprintf(`"size":%d`, size-1), 1), ""},
		{"older checkpoint", strings.Replace(good, part(good, `"checkpoint"`, `",`), part(older, `"checkpoint"`, `",`), 1), ""},
		{"proof of another", strings.Replace(good, part(good, `"proof"`, `]`), part(make(2, size), `"proof"`, `]`), 1), ""},
		{"proof cut", strings.Replace(good, part(good, `"proof"`, `]`), `"proof":[]`, 1), ""},
		{"salt of another", strings.Replace(good, part(good, `"salt"`, `",`), part(make(2, size), `"salt"`, `",`), 1), ""},
		{"envelope of another", strings.Replace(good, part(good, `"envelope"`, `]}`), part(make(2, size), `"envelope"`, `]}`), 1), ""},
		{"envelope as text", strings.Replace(good, part(good, `"envelope"`, `]}`), `"envelope":"x"`, 1), ""},
		{"deep", strings.Repeat("[", 9000) + strings.Repeat("]", 9000), ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			verifier := tc.verifier
			if verifier == "" {
				verifier = logKey(t).Verifier()
				if tc.data == good {
					t.Fatal("the change changes nothing")
				}
			}
			if _, err := ledger.OpenReceipt([]byte(tc.data), testKeys(t), verifier); !errors.Is(err, ledger.ErrTampered) {
				t.Errorf("OpenReceipt: %v", err)
			}
		})
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, []byte(good), "", "\t"); err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.OpenReceipt(pretty.Bytes(), testKeys(t), logKey(t).Verifier()); err != nil {
		t.Errorf("white space: %v", err)
	}
	if _, err := ledger.OpenReceipt([]byte(good), nil, logKey(t).Verifier()); !errors.Is(err, ledger.ErrSignature) {
		t.Errorf("no keys: %v", err)
	}
}
