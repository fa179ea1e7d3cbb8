package ledger_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"tearline/ledger"
)

func TestGenerateKey(t *testing.T) {
	for _, name := range []string{"", "a b", "a+b", "a\"b", "ä", "a\n", strings.Repeat("a", 129)} {
		if _, _, err := ledger.GenerateKey(bytes.NewReader(make([]byte, 32)), name); err == nil {
			t.Errorf("key name %q accepted", name)
		}
	}
	if _, _, err := ledger.GenerateKey(nil, "a"); err == nil {
		t.Error("a key out of nothing")
	}
	if _, _, err := ledger.GenerateKey(bytes.NewReader(make([]byte, 31)), "a"); err == nil {
		t.Error("a key out of 31 bytes")
	}
	private, verifier, err := ledger.GenerateKey(bytes.NewReader(make([]byte, 32)), "tearline/XNO-S")
	if err != nil {
		t.Fatal(err)
	}
	k, err := ledger.ParseKey(private)
	if err != nil || k.Verifier() != verifier || k.Name() != "tearline/XNO-S" {
		t.Errorf("ParseKey = %v, verifier %q, want %q", err, k.Verifier(), verifier)
	}
}

// TestParseKey has keys whose base 64 contains "+".
func TestParseKey(t *testing.T) {
	for seed := range 256 {
		private, verifier, err := ledger.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{byte(seed)}, 32)), "k")
		if err != nil {
			t.Fatal(err)
		}
		if k, err := ledger.ParseKey(private); err != nil || k.Verifier() != verifier {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
	private, verifier, _ := ledger.GenerateKey(bytes.NewReader(make([]byte, 32)), "k")
	secret := private[len(private)-44:]
	for _, bad := range []string{"", verifier, private[1:], private + "A", strings.Replace(private, "+k+", "+l+", 1), private[:len(private)-4], strings.Replace(private, "+k+", "+ü+", 1)} {
		if _, err := ledger.ParseKey(bad); err == nil || strings.Contains(err.Error(), secret[:8]) {
			t.Errorf("ParseKey(%q) = %v", bad, err)
		}
	}
}

// TestKeyPrintsNothing looks for the seed, and for anything at all.
func TestKeyPrintsNothing(t *testing.T) {
	k := statementKey(t)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, v := range []any{k, *k} {
			if s := fmt.Sprintf(verb, v); s != "" {
				t.Errorf("%s prints %q", verb, s)
			}
		}
	}
	if k.String() != "" || k.GoString() != "" {
		t.Error("a string of a key")
	}
	var buf bytes.Buffer
	slog.New(slog.NewTextHandler(&buf, nil)).Info("key", slog.Any("k", k))
	j, err := json.Marshal(map[string]any{"p": k, "v": *k})
	if err != nil || string(j) != `{"p":"","v":""}` || !strings.HasSuffix(buf.String(), "k=\"\"\n") {
		t.Errorf("JSON %s, %v; log %s", j, err, buf.String())
	}
}
