package opc_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tearline/codec/word/internal/opc"
)

// packed makes an archive of members by name and text.
func packed(t *testing.T, members ...[2]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, m := range members {
		w, err := z.Create(m[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(m[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestOpenRefuses(t *testing.T) {
	good := packed(t, [2]string{"a.xml", "<a/>"})
	for _, c := range []struct {
		name  string
		b     []byte
		limit int
		want  error
	}{
		{"whole", good, len(good), nil},
		{"one byte too many", good, len(good) - 1, opc.ErrTooMuch},
		{"the old format", []byte("\xd0\xcf\x11\xe0"), 100, opc.ErrEncrypted},
		{"text", []byte("text"), 100, opc.ErrNotWord},
		{"a bomb", packed(t, [2]string{"a.xml", strings.Repeat(" ", 8<<20)}), 1 << 20, opc.ErrTooMuch},
	} {
		if _, err := opc.Open(c.b, c.limit); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// Both dialects have the same names, and a target is a name in the archive.
func TestTreeAndRelations(t *testing.T) {
	b := packed(t,
		[2]string{"word/d.xml", `<x:p xmlns:x="http://purl.oclc.org/ooxml/wordprocessingml/main"><x:t x:val="1">a  b</x:t><y:q xmlns:y="urn:other"/></x:p>`},
		[2]string{"word/_rels/d.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
			`<Relationship Id="r1" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/image" Target="../media/i.png"/>` +
			`<Relationship Id="r2" Type="urn:other" Target="https://gazette.example/" TargetMode="External"/></Relationships>`})
	a, err := opc.Open(b, len(b))
	if err != nil {
		t.Fatal(err)
	}
	root, err := a.Tree("word/d.xml")
	if err != nil {
		t.Fatal(err)
	}
	got := []string{root.Name, root.Kid("w:t").Attr("w:val"), root.Stray(), root.Left(), root.Kids[1].Name}
	if d := cmp.Diff([]string{"w:p", "1", "a b", "a b", "{urn:other}q"}, got); d != "" {
		t.Error(d)
	}
	root.Take()
	if left := root.Left(); left != "" {
		t.Errorf("%q is left of what was taken", left)
	}
	rels, err := a.Rels("word/d.xml")
	if err != nil {
		t.Fatal(err)
	}
	in, out := rels.ByID["r1"], rels.ByID["r2"]
	if in.Kind != "image" || in.Target != "media/i.png" || !in.Known || in.External {
		t.Errorf("%+v", in)
	}
	if out.Known || !out.External || out.Target != "https://gazette.example/" {
		t.Errorf("%+v", out)
	}
}

func TestNumber(t *testing.T) {
	for s, want := range map[string]int{"": 0, "x": 0, " 12 ": 12, "-3": -3, "1.5": 1, "6pt": 120, "1e300": 0, "NaN": 0} {
		if got := opc.Number(s); got != want {
			t.Errorf("%q is %d, want %d", s, got, want)
		}
	}
}
