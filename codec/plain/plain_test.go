package plain_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline"
	"tearline/codec/document"
	"tearline/codec/plain"
)

func at(line int, text string, f tearline.Form) document.Block {
	return document.Block{Where: fmt.Sprintf("line %d", line), Text: text, Form: f}
}

func par(line int, text string) document.Block { return at(line, text, tearline.Form{}) }

func item(line int, text string, level int, ordered bool) document.Block {
	return at(line, text, tearline.Form{Shape: tearline.ListItem, Level: level, Ordered: ordered})
}

func head(line int, text string, level int) document.Block {
	return at(line, text, tearline.Form{Shape: tearline.Heading, Level: level})
}

func zone(line int, text string, z document.Zone) document.Block {
	return document.Block{Where: fmt.Sprintf("line %d", line), Zone: z, Text: text}
}

func TestRead(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in string
		want     []document.Block
	}{
		{"paragraphs", "(U) The mole\nis closed.\n\n\n(S) So is the pier.\n", []document.Block{par(1, "(U) The mole is closed."), par(5, "(S) So is the pier.")}},
		{"a mark begins a block", "(U) The mole\n(S//NF) is closed\n(S//REL TO USA,\nGBR) for good.", []document.Block{par(1, "(U) The mole"), par(2, "(S//NF) is closed"), par(3, "(S//REL TO USA, GBR) for good.")}},
		{"marks in small letters", "(internal) The mole.\n(secret) The pier\n(see below) is shut.", []document.Block{par(1, "(internal) The mole."), par(2, "(secret) The pier (see below) is shut.")}},
		{"numbered paragraphs", "1. (U) One.\n2) (S) Two.", []document.Block{par(1, "(U) One."), par(2, "(S) Two.")}},
		{"letters", "1. (U) One.\n   a. (S) A.\n   b. (U) B.", []document.Block{par(1, "(U) One."), item(2, "(S) A.", 1, true), item(3, "(U) B.", 1, true)}},
		{"lists", "- (U) a\n  goes on\n    * (S) b\n• c\n\n1. d\n2. e", []document.Block{item(1, "(U) a goes on", 1, false), item(3, "(S) b", 2, false), item(4, "c", 1, false), item(6, "d", 1, true), item(7, "e", 1, true)}},
		{"a date is no item", "The mole closed on\n12. June of that year.", []document.Block{par(1, "The mole closed on 12. June of that year.")}},
		{"headings", "(U) The Mole\n===\n(U) Closed.\n\nThe Pier\n---\n", []document.Block{head(1, "(U) The Mole", 1), par(3, "(U) Closed."), head(5, "The Pier", 2)}},
		{"lines of their own", "Classified By: A. Quill\nReason: 1.4(c)\n  and more\nDeclassify On: 20510101", []document.Block{par(1, "Classified By: A. Quill"), par(2, "Reason: 1.4(c) and more"), par(4, "Declassify On: 20510101")}},
		{"two spaces", "(U) one  \ntwo", []document.Block{par(1, "(U) one\ntwo")}},
		{"rules", "(U) one\n-----\n\n____\n(U) two", []document.Block{head(1, "(U) one", 2), par(5, "(U) two")}},
		{"a banner", "SECRET\n\n(S) x\n\nSECRET\n", []document.Block{zone(1, "SECRET", document.Header), zone(5, "SECRET", document.Footer), par(3, "(S) x")}},
		{"pages", "SECRET\n(S) x\nSECRET\n\fSECRET\n(S) y\nSECRET\n\fNATO\n(S) z\nNATO", []document.Block{zone(1, "SECRET", document.Header), zone(3, "SECRET", document.Footer), zone(7, "NATO", document.Header), zone(9, "NATO", document.Footer), par(2, "(S) x"), par(5, "(S) y"), par(8, "(S) z")}},
		{"a mark is no banner", "(U) x\n(U) x", []document.Block{par(1, "(U) x"), par(2, "(U) x")}},
		{"a table", "a\tb\nc\td", []document.Block{par(1, "a\tb c\td")}},
		{"what hides stays", "(U) a\u200bb\rc\n\v\n", []document.Block{par(1, "(U) a\u200bb\rc \v")}},
		{"a mark of order", "\ufeff(U) x\r\n", []document.Block{par(1, "(U) x")}},
	} {
		for enc, b := range map[string][]byte{"UTF-8": []byte(tt.in), "UTF-16": wide(tt.in)} {
			got, err := plain.Read(b)
			if err != nil {
				t.Errorf("%s, %s: %v", tt.name, enc, err)
			}
			if diff := cmp.Diff(tt.want, got.Blocks); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", tt.name, enc, diff)
			}
		}
	}
}

// wide is a text in UTF-16, with its mark.
func wide(s string) []byte {
	out := []byte{0xfe, 0xff}
	for _, u := range utf16.Encode([]rune(strings.TrimPrefix(s, "\ufeff"))) {
		out = append(out, byte(u>>8), byte(u))
	}
	return out
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]string{
		"empty": " \n", "Latin-1": "caf\xe9", "binary": "a\x00b", "half a letter": "\xff\xfea", "half a pair": "\xff\xfe\x00\xd8", "UTF-32": "\xff\xfe\x00\x00a\x00\x00\x00",
		"too many lines": strings.Repeat("\n", 1_000_001), "too many blocks": strings.Repeat("a\n\n", document.MaxBlocks+1), "too long": strings.Repeat("a", document.MaxText+1),
	} {
		_, err := plain.Read([]byte(in))
		var e *tearline.Error
		if !errors.As(err, &e) || e.Kind != tearline.Invalid || e.Public == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Paragraphs with marks come back as they were, however their lines are broken.
func TestWrapped(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[a-zé]{1,8}[,.]?`), 1, 20)
		paras := rapid.SliceOfN(words, 1, 8).Draw(t, "paragraphs")
		var in strings.Builder
		var want []string
		for _, p := range paras {
			m := rapid.SampledFrom([]string{"(U)", "(S//NF)", "(TLP:AMBER+STRICT)", "(//CTS//BOHEMIA)"}).Draw(t, "mark")
			want = append(want, m+" "+strings.Join(p, " "))
			in.WriteString(m)
			for _, w := range p {
				in.WriteString(rapid.SampledFrom([]string{" ", "\n", "\r\n"}).Draw(t, "gap") + w)
			}
			in.WriteString(rapid.SampledFrom([]string{"\n", "\n\n", "\r\n \r\n"}).Draw(t, "end"))
		}
		r, err := plain.Read([]byte(in.String()))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, b := range r.Blocks {
			got = append(got, b.Text)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func FuzzPlain(f *testing.F) {
	f.Add([]byte("SECRET\n(U) a\n- b\n  1. c\nd: e\nf: g\n===\n\fSECRET"))
	f.Add([]byte("\xff\xfea\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := plain.Read(b)
		if err != nil {
			return
		}
		for _, x := range r.Blocks {
			if x.Text == "" || x.Where == "" || !utf8.ValidString(x.Text) {
				t.Errorf("%+v", x)
			}
			if f := x.Form; f.Level < 0 || f.Level > tearline.MaxLevel || (f.Shape == tearline.ListItem || f.Shape == tearline.Heading) != (f.Level > 0) {
				t.Errorf("%+v", x)
			}
		}
	})
}
