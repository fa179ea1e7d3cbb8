package word_test

import (
	"testing"
	"unicode/utf8"

	"tearline"
	"tearline/codec/document"
	"tearline/codec/word"
)

// check says what holds for whatever is read.
func check(t *testing.T, r document.Reading, err error) {
	t.Helper()
	if err != nil {
		if tearline.KindOf(err) != tearline.Invalid {
			t.Errorf("%v", err)
		}
		return
	}
	for _, b := range r.Blocks {
		if !utf8.ValidString(b.Text) || b.Where == "" || b.Text == "" && b.Form.Picture == nil {
			t.Errorf("%+v", b)
		}
		at := 0
		for _, s := range b.Form.Styles {
			if s.From < at || s.To <= s.From || s.To > len(b.Text) {
				t.Errorf("styles %v of %q", b.Form.Styles, b.Text)
			}
			at = s.To
		}
		if w, err := tearline.PlainWording("x"); err == nil {
			f := b.Form
			f.Styles = nil
			if err := f.Check(w); err != nil {
				t.Error(err)
			}
		}
	}
	for _, f := range r.Faults {
		if f.Text == "" || !utf8.ValidString(f.String()) {
			t.Errorf("%+v", f)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("PK\x03\x04"))
	f.Add(pack{styles: someStyles, numbers: someNumbers, raw: pngOf(f, 2, 2), body: para(run("x"), drawn("", picture("")))}.bytes(f))
	for _, c := range shownCases {
		f.Add(c.pack.bytes(f))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := word.Read(b)
		check(t, r, err)
	})
}

// The document's part; the archive around it is the library's.
func FuzzDocument(f *testing.F) {
	for _, c := range shownCases {
		f.Add(c.pack.body)
	}
	for _, c := range trapCases {
		f.Add(c.pack.body)
	}
	raw := pngOf(f, 2, 2)
	f.Fuzz(func(t *testing.T, body string) {
		r, err := word.Read(pack{styles: someStyles, numbers: someNumbers, raw: raw, body: body}.bytes(t))
		check(t, r, err)
	})
}
