package keys_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/internal/keys"
	"tearline/ledger"
)

const party tearline.PartyID = "XHA"

func chacha(seed byte) io.Reader { return rand.NewChaCha8([32]byte{seed}) }

func generate(tb testing.TB) (*keys.Keys, string) {
	tb.Helper()
	dir := tb.TempDir()
	k, err := keys.Generate(dir, party, chacha(1))
	if err != nil {
		tb.Fatal(err)
	}
	return k, dir
}

// again returns a directory with the files of another: making keys waits for
// the disk.
func again(tb testing.TB, dir string) string {
	tb.Helper()
	fresh := tb.TempDir()
	if err := os.CopyFS(fresh, os.DirFS(dir)); err != nil {
		tb.Fatal(err)
	}
	for _, name := range []string{"XHA.key", "XHA.wording"} {
		if err := os.Chmod(filepath.Join(fresh, "keys", name), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	return fresh
}

func wantError(tb testing.TB, err error, kind tearline.Kind, public, hint string) {
	tb.Helper()
	var e *tearline.Error
	if !errors.As(err, &e) {
		tb.Fatalf("error %v (%T): want a *tearline.Error", err, err)
	}
	if e.Kind != kind || !strings.Contains(e.Public, public) || !strings.Contains(e.Hint, hint) || e.Op == "" {
		tb.Errorf("error %v %q, hint %q: want %v %q, %q", e.Kind, e.Public, e.Hint, kind, public, hint)
	}
}

func TestGenerateLoad(t *testing.T) {
	made, dir := generate(t)
	if made.Statement.Name() != "XHA" || made.Log.Name() != ledger.Origin(party) || len(made.Wording) != keys.WordingSize {
		t.Errorf("keys of %s and %s, %d bytes", made.Statement.Name(), made.Log.Name(), len(made.Wording))
	}
	loaded, err := keys.Load(dir, party)
	if err != nil {
		t.Fatal(err)
	}
	if loaded.Statement.Verifier() != made.Statement.Verifier() || loaded.Log.Verifier() != made.Log.Verifier() || !bytes.Equal(loaded.Wording, made.Wording) {
		t.Error("loaded others than were made")
	}
	other, err := keys.Generate(dir, "XHB", chacha(2))
	if err != nil {
		t.Fatal(err)
	}
	if other.Statement.Verifier() == made.Statement.Verifier() || bytes.Equal(other.Wording, made.Wording) {
		t.Error("two parties with one key")
	}
	signed, err := ledger.Sign(loaded.Statement, make([]byte, ledger.SaltSize), tearline.Statement{By: party, Says: &tearline.Exclusion{Party: "XHC"}})
	if err == nil {
		_, err = ledger.Open(signed.Envelope, ledger.Verifiers{party: {made.Statement.Verifier()}})
	}
	if err != nil && !strings.Contains(err.Error(), "time") {
		t.Error(err)
	}

	modes := map[string]fs.FileMode{}
	err = filepath.WalkDir(filepath.Join(dir, "keys"), func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		modes[filepath.Base(p)] = info.Mode()
		return err
	})
	want := map[string]fs.FileMode{
		"keys": fs.ModeDir | 0o700, "XHA.key": 0o600, "XHA.wording": 0o600, "XHB.key": 0o600, "XHB.wording": 0o600,
	}
	if d := cmp.Diff(want, modes); d != "" || err != nil {
		t.Errorf("%s%v", d, err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "keys", "XHA.key"))
	if lines := strings.Split(string(text), "\n"); err != nil || len(lines) != 4 || lines[0][0] != '#' ||
		!strings.HasPrefix(lines[1], "statement: PRIVATE+KEY+XHA+") || !strings.HasPrefix(lines[2], "log: PRIVATE+KEY+tearline/XHA+") {
		t.Errorf("key file: %d lines, %v", len(lines), err)
	}
}

func TestNeverOverwritten(t *testing.T) {
	_, dir := generate(t)
	before, _ := os.ReadFile(filepath.Join(dir, "keys", "XHA.key"))
	_, err := keys.Generate(dir, party, chacha(2))
	wantError(t, err, tearline.Conflict, "has keys already", "not written over")
	if after, _ := os.ReadFile(filepath.Join(dir, "keys", "XHA.key")); !bytes.Equal(before, after) {
		t.Error("the key file has changed")
	}
	for lost, public := range map[string]string{"XHA.key": "never finished, or are lost in part", "XHA.wording": "has keys already"} {
		dir := again(t, dir)
		if err := os.Remove(filepath.Join(dir, "keys", lost)); err != nil {
			t.Fatal(err)
		}
		_, err := keys.Generate(dir, party, chacha(2))
		wantError(t, err, tearline.Conflict, public, "")
		if _, err := os.Stat(filepath.Join(dir, "keys", lost)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: made again", lost)
		}
	}
}

// Of several that make a party's keys at once one succeeds, and its keys are
// the ones that are there.
func TestGenerateAtOnce(t *testing.T) {
	dir := t.TempDir()
	made := make([]*keys.Keys, 8)
	var wg sync.WaitGroup
	for i := range made {
		wg.Go(func() {
			k, err := keys.Generate(dir, party, chacha(byte(i)))
			if err != nil && tearline.KindOf(err) != tearline.Conflict {
				t.Error(err)
			}
			made[i] = k
		})
	}
	wg.Wait()
	loaded, err := keys.Load(dir, party)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, k := range made {
		if k == nil {
			continue
		}
		n++
		if k.Statement.Verifier() != loaded.Statement.Verifier() || !bytes.Equal(k.Wording, loaded.Wording) {
			t.Error("it was given keys that are not there")
		}
	}
	if n != 1 {
		t.Errorf("%d have made keys", n)
	}
	list, err := os.ReadDir(filepath.Join(dir, "keys"))
	if err != nil || len(list) != 2 {
		t.Errorf("left over: %v, %v", list, err)
	}
}

func TestGenerateFails(t *testing.T) {
	dir := t.TempDir()
	for name, r := range map[string]io.Reader{"nil": nil, "empty": strings.NewReader(""), "short": io.LimitReader(chacha(1), 80)} {
		if k, err := keys.Generate(dir, party, r); err == nil || k != nil {
			t.Errorf("%s source of randomness: %v", name, err)
		}
	}
	for _, id := range []tearline.PartyID{"", "../XHA", "a/b", ".x"} {
		_, err := keys.Generate(dir, id, chacha(1))
		wantError(t, err, tearline.Invalid, "party", "")
		_, err = keys.Load(dir, id)
		wantError(t, err, tearline.Invalid, "party", "")
	}
	if list, err := os.ReadDir(dir); err != nil || len(list) > 0 {
		t.Errorf("left over: %v, %v", list, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "keys"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := keys.Generate(dir, party, chacha(1)); err == nil {
		t.Error("made keys in a file")
	}
}

func TestLoadRefuses(t *testing.T) {
	const key, word = "XHA.key", "XHA.wording"
	edit := func(file string, f func(string) string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			t.Helper()
			b, err := os.ReadFile(filepath.Join(dir, file))
			if err == nil {
				err = os.WriteFile(filepath.Join(dir, file), []byte(f(string(b))), 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	replace := func(file, old, with string) func(*testing.T, string) {
		return edit(file, func(s string) string {
			if !strings.Contains(s, old) {
				t.Fatalf("no %q in %s", old, file)
			}
			return strings.Replace(s, old, with, 1)
		})
	}
	mode := func(file string, m os.FileMode) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			t.Helper()
			if runtime.GOOS == "windows" {
				t.Skip("no such modes")
			}
			if err := os.Chmod(filepath.Join(dir, file), m); err != nil {
				t.Fatal(err)
			}
		}
	}
	remove := func(file string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			t.Helper()
			if err := os.Remove(filepath.Join(dir, file)); err != nil {
				t.Fatal(err)
			}
		}
	}
	_, made := generate(t)
	for _, tt := range []struct {
		name         string
		spoil        func(t *testing.T, dir string)
		kind         tearline.Kind
		public, hint string
	}{
		{"no keys", remove(key), tearline.Invalid, "no keys of XHA", "party list"},
		{"no wording", remove(word), tearline.Tampered, word, "backup"},
		{"group reads", mode(key, 0o640), tearline.Other, "others can read", "chmod 600"},
		{"others read", mode(key, 0o604), tearline.Other, "others can read", "chmod 600"},
		{"others write", mode(key, 0o602), tearline.Other, "others can read", "chmod 600"},
		{"wording read", mode(word, 0o644), tearline.Other, "others can read", "chmod 600"},
		{"empty", edit(key, func(string) string { return "" }), tearline.Tampered, key, "backup"},
		{"no comment", edit(key, func(s string) string { _, s, _ = strings.Cut(s, "\n"); return s }), tearline.Tampered, key, "backup"},
		{"more lines", edit(key, func(s string) string { return s + "#\n" }), tearline.Tampered, key, "backup"},
		{"huge", edit(key, func(s string) string { return s + strings.Repeat("#", 5000) }), tearline.Tampered, key, "backup"},
		{"other label", replace(key, "log: ", "tree: "), tearline.Tampered, key, "backup"},
		{"no key", replace(key, "PRIVATE+KEY", "KEY"), tearline.Tampered, key, "backup"},
		{"other name", replace(key, "PRIVATE+KEY+XHA", "PRIVATE+KEY+XHB"), tearline.Tampered, key, "backup"},
		{"keys swapped", edit(key, func(s string) string {
			l := strings.Split(s, "\n")
			return strings.Join([]string{l[0], strings.Replace(l[2], "log", "statement", 1), strings.Replace(l[1], "statement", "log", 1), ""}, "\n")
		}), tearline.Tampered, key, "backup"},
		{"another party's", func(t *testing.T, dir string) {
			t.Helper()
			if _, err := keys.Generate(filepath.Dir(dir), "XHB", chacha(3)); err != nil {
				t.Fatal(err)
			}
			if err := os.Rename(filepath.Join(dir, "XHB.key"), filepath.Join(dir, key)); err != nil {
				t.Fatal(err)
			}
		}, tearline.Tampered, key, "backup"},
		{"short wording", edit(word, func(s string) string { return s[2:] }), tearline.Tampered, word, "backup"},
		{"no hexadecimal", edit(word, func(s string) string { return "x" + s[1:] }), tearline.Tampered, word, "backup"},
		{"a directory", func(t *testing.T, dir string) {
			t.Helper()
			if err := errors.Join(os.Remove(filepath.Join(dir, key)), os.Mkdir(filepath.Join(dir, key), 0o700)); err != nil {
				t.Fatal(err)
			}
		}, tearline.Tampered, key, "backup"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := again(t, made)
			text, err := os.ReadFile(filepath.Join(dir, "keys", key))
			if err != nil {
				t.Fatal(err)
			}
			tt.spoil(t, filepath.Join(dir, "keys"))
			k, err := keys.Load(dir, party)
			if k != nil {
				t.Error("loaded")
			}
			wantError(t, err, tt.kind, tt.public, tt.hint)
			for line := range strings.Lines(string(text)) {
				if secret := line[strings.LastIndexByte(line, '+')+1:]; strings.Contains(fmt.Sprintf("%v %+v", err, err), strings.TrimSpace(secret)) {
					t.Errorf("the error tells the key: %v", err)
				}
			}
		})
	}
	if _, err := keys.Load(t.TempDir(), party); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no keys: %v", err)
	}
}

// No way of printing yields anything of the secrets.
func TestKeysNeverPrint(t *testing.T) {
	k, dir := generate(t)
	text, err := os.ReadFile(filepath.Join(dir, "keys", "XHA.key"))
	if err != nil {
		t.Fatal(err)
	}
	secrets := []string{hex.EncodeToString(k.Wording), fmt.Sprintf("%d", k.Wording), string(k.Wording), "PRIVATE"}
	for line := range strings.Lines(string(text)) {
		if i := strings.LastIndexByte(line, '+'); i >= 0 {
			secrets = append(secrets, strings.TrimSpace(line[i+1:]))
		}
	}
	type holder struct {
		K *keys.Keys
		V keys.Keys
	}
	var out strings.Builder
	for _, v := range []any{k, *k, holder{k, *k}, []keys.Keys{*k}, map[string]*keys.Keys{"k": k}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		b, err := json.Marshal(v)
		fmt.Fprintf(&out, "%s %v\n", b, err)
		slog.New(slog.NewTextHandler(&out, nil)).Info("keys", slog.Any("k", v))
		slog.New(slog.NewJSONHandler(&out, nil)).Info("keys", slog.Any("k", v))
	}
	for _, s := range secrets {
		if strings.Contains(out.String(), s) {
			t.Errorf("printed %q", s)
		}
	}
	if k.String() != "" || k.GoString() != "" {
		t.Error("String says something")
	}
}

func FuzzParse(f *testing.F) {
	_, dir := generate(f)
	key, err := os.ReadFile(filepath.Join(dir, "keys", "XHA.key"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(key, []byte(strings.Repeat("0f", 32)+"\n"))
	f.Add([]byte("# x\nstatement: PRIVATE+KEY+\nlog: \n"), []byte{})
	f.Fuzz(func(t *testing.T, key, wording []byte) {
		k, keyErr, wordErr := keys.Parse(key, wording, party)
		if keyErr == nil && (k.Statement.Name() != "XHA" || k.Log.Name() != "tearline/XHA") {
			t.Errorf("keys of %s and %s", k.Statement.Name(), k.Log.Name())
		}
		if wordErr == nil && !strings.EqualFold(hex.EncodeToString(k.Wording)+"\n", string(wording)) {
			t.Errorf("%q reads as %x", wording, k.Wording)
		}
		if keyErr != nil && (k.Statement != nil && k.Log != nil) {
			t.Error("keys with an error")
		}
	})
}
