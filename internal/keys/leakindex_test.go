package keys_test

import (
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"tearline"
	"tearline/internal/keys"
)

func TestLeakIndex(t *testing.T) {
	_, dir := generate(t)
	first, err := keys.LeakIndex(dir, party, chacha(7))
	if err != nil || first == [32]byte{} {
		t.Fatalf("%x, %v", first, err)
	}
	path := filepath.Join(dir, "keys", "XHA.leakindex")
	text, err := os.ReadFile(path)
	if err != nil || string(text) != hex.EncodeToString(first[:])+"\n" {
		t.Errorf("%q, %v", text, err)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if again, err := keys.LeakIndex(dir, party, chacha(8)); err != nil || again != first {
		t.Errorf("another secret, or %v", err)
	}
	if _, err := keys.Load(dir, party); err != nil {
		t.Error(err)
	}

	if err := os.WriteFile(path, text[:20], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := keys.LeakIndex(dir, party, chacha(8)); tearline.KindOf(err) != tearline.Tampered {
		t.Errorf("cut off: %v", err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := keys.LeakIndex(dir, party, chacha(8)); err == nil && runtime.GOOS != "windows" {
		t.Error("others can read it")
	}
}

func TestLeakIndexOfNobody(t *testing.T) {
	dir := t.TempDir()
	for _, p := range []tearline.PartyID{party, "../XHA", ""} {
		if _, err := keys.LeakIndex(dir, p, chacha(7)); tearline.KindOf(err) != tearline.Invalid {
			t.Errorf("%q: %v", p, err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "keys")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("something was made: %v", err)
	}
	if _, dir := generate(t); dir != "" {
		if _, err := keys.LeakIndex(dir, party, nil); err == nil {
			t.Error("a secret from nowhere")
		}
	}
}
