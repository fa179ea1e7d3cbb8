package ledger_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"tearline/ledger"
)

// FuzzDecode: whatever decodes was written by Sign, or could have been: it is
// signed again to the same payload.
func FuzzDecode(f *testing.F) {
	key := statementKey(f)
	for _, s := range examples(f) {
		f.Add([]byte(payloadOf(f, sign(f, s).Envelope)))
	}
	f.Add([]byte(`{"_type":"https://in-toto.io/Statement/v1","subject":[`))
	f.Fuzz(func(t *testing.T, payload []byte) {
		envelope := resign(t, key, string(payload))
		s, err := ledger.Decode(envelope)
		if err != nil {
			if !errors.Is(err, ledger.ErrFormat) || s.Says != nil {
				t.Errorf("Decode = %v, %v", s, err)
			}
			return
		}
		if signed := sign(t, s); payloadOf(t, signed.Envelope) != string(payload) {
			t.Errorf("%s\ndecodes, but is written as\n%s", payload, payloadOf(t, signed.Envelope))
		}
	})
}

// FuzzOpen: only what was signed opens.
func FuzzOpen(f *testing.F) {
	keys := testKeys(f)
	known := map[string]bool{}
	for _, s := range examples(f) {
		envelope := sign(f, s).Envelope
		known[string(envelope)] = true
		f.Add(envelope)
	}
	f.Fuzz(func(t *testing.T, envelope []byte) {
		if _, err := ledger.Open(envelope, keys); (err == nil) != known[string(envelope)] || err != nil && !errors.Is(err, ledger.ErrTampered) {
			t.Errorf("Open = %v", err)
		}
	})
}

// FuzzOpenReceipt: only what was proven opens, but for white space.
func FuzzOpenReceipt(f *testing.F) {
	l, list := exampleLog(f)
	keys, verifier := testKeys(f), logKey(f).Verifier()
	known := map[string]bool{}
	for _, i := range []int64{0, 3, 13} {
		r := must[ledger.Receipt](f)(ledger.Prove(logKey(f), list[i], i, l.size(), l))
		data := must[[]byte](f)(json.Marshal(r))
		known[string(data)] = true
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		_, err := ledger.OpenReceipt(data, keys, verifier)
		if err != nil {
			if !errors.Is(err, ledger.ErrTampered) {
				t.Errorf("OpenReceipt = %v", err)
			}
			return
		}
		var compact bytes.Buffer
		if err := json.Compact(&compact, data); err != nil || !known[compact.String()] {
			t.Errorf("opens: %s", data)
		}
	})
}

// FuzzOpenCheckpoint: only what was signed opens, but for other signatures
// beside it.
func FuzzOpenCheckpoint(f *testing.F) {
	l := syntheticLog(f, 9)
	verifier := logKey(f).Verifier()
	known := map[ledger.Checkpoint]bool{}
	for size := range int64(10) {
		known[l.head(f, size)] = true
		f.Add(l.note(f, size))
	}
	f.Fuzz(func(t *testing.T, signed []byte) {
		c, err := ledger.OpenCheckpoint(signed, verifier)
		if err != nil && !errors.Is(err, ledger.ErrTampered) || err == nil && !known[c] {
			t.Errorf("OpenCheckpoint = %v, %v", c, err)
		}
	})
}
