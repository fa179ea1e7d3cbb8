package label_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tearline/marking/label"
)

func FuzzRead(f *testing.F) {
	f.Add(file(f, "testdata/full.xml"))
	f.Add(file(f, "testdata/unknown.xml"))
	p, us := harbour(f), policy(f, "us")
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := label.Read(data)
		if (l == nil) == (err == nil) {
			t.Fatalf("%v, %v", l, err)
		}
		if err != nil {
			return
		}
		out, err := l.XML()
		if err != nil && len(data) > label.MaxSize/8 {
			t.Skip("longer than what is read: declarations are written once for each element that needs them")
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		back, err := label.Read(out)
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if diff := cmp.Diff(l, back, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("%s\n%s", diff, out)
		}
		if s, err := label.ToSPIF(l, p); err == nil && (l.Valid() != nil || p.Valid(s) != nil) {
			t.Fatalf("not valid, and converts to %v", s)
		}
		if m, err := label.US().ToMarking(us, l); (err == nil) == m.IsZero() {
			t.Fatalf("%v, %v", m, err)
		}
	})
}
