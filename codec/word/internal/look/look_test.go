package look_test

import (
	"testing"

	"tearline/codec/word/internal/look"
	"tearline/codec/word/internal/opc"
)

// el makes an element with attributes, in pairs of name and value.
func el(name string, attrs ...string) *opc.Node {
	n := &opc.Node{Name: name}
	for i := 0; i+1 < len(attrs); i += 2 {
		n.Attrs = append(n.Attrs, opc.Attr{Name: attrs[i], Value: attrs[i+1]})
	}
	return n
}

func TestHidden(t *testing.T) {
	for _, c := range []struct {
		name, back string
		props      []*opc.Node
		want       string
	}{
		{"plain", "FFFFFF", nil, ""},
		{"hidden", "FFFFFF", []*opc.Node{el("w:vanish")}, "hidden text"},
		{"not hidden", "FFFFFF", []*opc.Node{el("w:vanish", "w:val", "0")}, ""},
		{"white on white", "FFFFFF", []*opc.Node{el("w:color", "w:val", "FFFFFF")}, "text in the colour FFFFFF on FFFFFF"},
		{"white on black", "000000", []*opc.Node{el("w:color", "w:val", "FFFFFF")}, ""},
		{"as its shading", "FFFFFF", []*opc.Node{el("w:color", "w:val", "202020"), el("w:shd", "w:val", "solid")}, "text in the colour 202020 on 000000"},
		{"small", "FFFFFF", []*opc.Node{el("w:sz", "w:val", "4")}, "text too small to be read"},
	} {
		s := look.Setting{Styles: look.NewStyles(), Back: c.back}
		if got := s.Face(&opc.Node{Name: "w:rPr", Kids: c.props}).Hidden; got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestShown(t *testing.T) {
	for _, c := range []struct {
		prop *opc.Node
		text string
		want string
		ok   bool
	}{
		{el("w:b"), "x2", "x2", true},
		{el("w:vertAlign", "w:val", "superscript"), "2", "²", true},
		{el("w:vertAlign", "w:val", "subscript"), "Q", "", false},
		{el("w:rFonts", "w:ascii", "Symbol"), "a", "α", true},
		{el("w:rFonts", "w:ascii", "Webdings"), "a", "", false},
	} {
		s := look.Setting{Styles: look.NewStyles(), Back: "FFFFFF"}
		f := s.Face(&opc.Node{Name: "w:rPr", Kids: []*opc.Node{c.prop}})
		if got, ok := f.Shown(c.text); got != c.want || ok != c.ok {
			t.Errorf("%q in %s: %q, %v", c.text, f.Showing(), got, ok)
		}
	}
}
