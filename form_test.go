package tearline_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tearline"
)

func wording(tb testing.TB, s string) tearline.Wording {
	tb.Helper()
	w, err := tearline.ParseWording(s)
	if err != nil {
		tb.Fatal(err)
	}
	return w
}

func TestFormCheck(t *testing.T) {
	t.Parallel()
	const text = "An agent {saw|noticed} crates"
	figure := &tearline.Picture{PNG: []byte{1}, Width: 2, Height: 3}
	bold := func(from, to int) tearline.Style { return tearline.Style{From: from, To: to, Bold: true} }
	for _, tt := range []struct {
		name string
		form tearline.Form
		want string // in the error; "" is none
	}{
		{"nothing", tearline.Form{}, ""},
		{"a heading", tearline.Form{Shape: tearline.Heading, Level: 1}, ""},
		{"an item", tearline.Form{Shape: tearline.ListItem, Level: 9, Ordered: true}, ""},
		{"a cell", tearline.Form{Shape: tearline.Cell, Table: 1, Row: 1, Column: 256}, ""},
		{"a figure", tearline.Form{Shape: tearline.Figure, Picture: figure}, ""},
		{"a note", tearline.Form{Shape: tearline.Note}, ""},
		{"styles", tearline.Form{Styles: []tearline.Style{bold(0, 2), bold(2, 22), bold(23, len(text))}}, ""},
		{"another shape", tearline.Form{Shape: "box"}, "known are heading"},
		{"no level", tearline.Form{Shape: tearline.Heading}, "level 0"},
		{"too deep", tearline.Form{Shape: tearline.ListItem, Level: 10}, "level 10"},
		{"a paragraph of a level", tearline.Form{Level: 1}, "level 1"},
		{"a numbered heading", tearline.Form{Shape: tearline.Heading, Level: 1, Ordered: true}, "only items"},
		{"no row", tearline.Form{Shape: tearline.Cell, Table: 1, Column: 1}, "cells have all three"},
		{"a row below none", tearline.Form{Shape: tearline.Cell, Table: 1, Row: -1, Column: 1}, "cells have all three"},
		{"too wide", tearline.Form{Shape: tearline.Cell, Table: 1, Row: 1, Column: 257}, "cells have all three"},
		{"a paragraph in a table", tearline.Form{Table: 1, Row: 1, Column: 1}, "cells have all three"},
		{"a figure without a picture", tearline.Form{Shape: tearline.Figure}, "figures have a picture"},
		{"a paragraph with a picture", tearline.Form{Picture: figure}, "figures have a picture"},
		{"a picture of no size", tearline.Form{Shape: tearline.Figure, Picture: &tearline.Picture{PNG: []byte{1}, Width: 0, Height: 3}}, "a picture of 0 by 3"},
		{"too many pixels", tearline.Form{Shape: tearline.Figure, Picture: &tearline.Picture{PNG: []byte{1}, Width: 1 << 13, Height: 1 << 12}}, "at most"},
		{"styles that overlap", tearline.Form{Styles: []tearline.Style{bold(0, 4), bold(3, 5)}}, "after 4"},
		{"an empty style", tearline.Form{Styles: []tearline.Style{bold(2, 2)}}, "from byte 2 to 2"},
		{"a style beyond the end", tearline.Form{Styles: []tearline.Style{bold(0, len(text)+1)}}, "in a text of"},
		{"a style of nothing", tearline.Form{Styles: []tearline.Style{{From: 0, To: 2}}}, "no other"},
		{"into alternatives", tearline.Form{Styles: []tearline.Style{bold(0, 12)}}, "inside alternatives"},
		{"out of alternatives", tearline.Form{Styles: []tearline.Style{bold(12, 25)}}, "inside alternatives"},
	} {
		err := tt.form.Check(wording(t, text))
		if (err != nil) != (tt.want != "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}

// Styles stand on the same words, whatever alternatives are chosen.
func TestFormRendered(t *testing.T) {
	t.Parallel()
	const source = `An {old |}agent {saw|noticed} \{four\} crates`
	at := func(s string) int { return strings.Index(source, s) }
	f := tearline.Form{Styles: []tearline.Style{
		{From: at("{old"), To: at("agent"), Bold: true},
		{From: at("agent"), To: at(" \\{"), Italic: true},
		{From: at("four"), To: len(source), Underline: true},
	}}
	w := wording(t, source)
	for _, tt := range []struct {
		choices []int
		want    []string
	}{
		{[]int{0, 0}, []string{"old ", "agent saw", "four} crates"}},
		{[]int{1, 1}, []string{"agent noticed", "four} crates"}},
	} {
		text, err := w.Render(tt.choices)
		if err != nil {
			t.Fatal(err)
		}
		styles, err := f.Rendered(w, tt.choices)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range styles {
			got = append(got, text[s.From:s.To])
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%v (-want +got):\n%s", tt.choices, diff)
		}
	}
	for _, wrong := range [][]int{nil, {0}, {0, 2}, {-1, 0}} {
		if _, err := f.Rendered(w, wrong); err == nil {
			t.Errorf("choices %v: no error", wrong)
		}
	}
}
