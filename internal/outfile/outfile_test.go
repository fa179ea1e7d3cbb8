package outfile_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"tearline/internal/outfile"
)

// broken fails after a few bytes.
type broken struct{}

func (broken) WriteTo(w io.Writer) (int64, error) {
	n, err := w.Write([]byte("half"))
	return int64(n), errors.Join(err, errors.New("broken off"))
}

func put(t *testing.T, name string, src io.WriterTo) error {
	t.Helper()
	f, err := outfile.Open(name, io.Discard)
	if err != nil {
		return err
	}
	defer f.Abandon()
	return f.Put(src)
}

// TestWholeOrNotAtAll: a name has the old bytes or the new ones, and nothing is
// left beside it.
func TestWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	name, link := filepath.Join(dir, "a"), filepath.Join(dir, "link")
	if err := os.Symlink(name, link); err != nil {
		t.Fatal(err)
	}
	want := func(text string) {
		t.Helper()
		got, err := os.ReadFile(name)
		if err != nil || string(got) != text {
			t.Fatalf("%q, %v; want %q", got, err, text)
		}
		list, err := os.ReadDir(dir)
		if err != nil || len(list) != 2 {
			t.Fatalf("%v, %v: want the file and its link alone", list, err)
		}
	}
	if err := put(t, name, bytes.NewBufferString("one")); err != nil {
		t.Fatal(err)
	}
	want("one")
	if err := put(t, name, broken{}); err == nil {
		t.Fatal("no error")
	}
	want("one")
	if err := put(t, link, bytes.NewBufferString("two")); err != nil {
		t.Fatal(err)
	}
	want("two")
	if f, err := os.Lstat(link); err != nil || f.Mode()&os.ModeSymlink == 0 {
		t.Error("the link is one no more")
	}
	f, err := outfile.Open(name, nil) // and never put
	if err != nil {
		t.Fatal(err)
	}
	f.Abandon()
	f.Abandon()
	want("two")
}

func TestPlaces(t *testing.T) {
	for _, name := range []string{t.TempDir(), filepath.Join(t.TempDir(), "no", "where")} {
		if err := put(t, name, bytes.NewBufferString("x")); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if err := put(t, os.DevNull, bytes.NewBufferString("x")); err != nil {
		t.Error(err)
	}
	var out bytes.Buffer
	f, err := outfile.Open("-", &out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Abandon()
	if err := f.Put(bytes.NewBufferString("x")); err != nil || out.String() != "x" {
		t.Errorf("%q, %v", out.String(), err)
	}
}
