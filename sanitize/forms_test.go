package sanitize_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline/sanitize"
)

// A shaper writes two documents at once: one with what is hidden from the
// recipient, and one in which that never was.
type shaper struct {
	t         *rapid.T
	n         int
	all, open strings.Builder
}

// hide draws whether something is hidden.
func (s *shaper) hide(label string) bool { return rapid.IntRange(0, 2).Draw(s.t, label) == 0 }

// text is the next text with its mark.
func (s *shaper) text(hidden bool) string {
	s.n++
	if hidden {
		return fmt.Sprintf("(S//NF) Hidden text number%d says more%d than%d may%d go%d out%d.", s.n, s.n, s.n, s.n, s.n, s.n)
	}
	return fmt.Sprintf("(U) Open text number%d.", s.n)
}

func (s *shaper) line(prefix string, hidden bool) {
	text := prefix + s.text(hidden) + "\n\n"
	s.all.WriteString(text)
	if !hidden {
		s.open.WriteString(text)
	}
}

// table writes a table of which whole rows and columns are hidden.
func (s *shaper) table() {
	rows, columns := rapid.IntRange(1, 4).Draw(s.t, "rows"), rapid.IntRange(2, 4).Draw(s.t, "columns")
	hiddenRow, hiddenColumn := make([]bool, rows), make([]bool, columns)
	for i := range hiddenRow {
		hiddenRow[i] = s.hide("row")
	}
	for i := range hiddenColumn {
		hiddenColumn[i] = s.hide("column")
	}
	if shown := columns - count(hiddenColumn); shown == 1 {
		hiddenColumn = make([]bool, columns) // one column is no table in Markdown
	}
	first := true
	for r := range rows {
		var all, open []string
		for c := range columns {
			hidden := hiddenRow[r] || hiddenColumn[c]
			cell := s.text(hidden)
			all = append(all, cell)
			if !hidden {
				open = append(open, cell)
			}
		}
		row(&s.all, all, r == 0)
		if len(open) > 0 {
			row(&s.open, open, first)
			first = false
		}
	}
	s.all.WriteString("\n")
	s.open.WriteString("\n")
}

func count(list []bool) int {
	return len(slices.DeleteFunc(slices.Clone(list), func(b bool) bool { return !b }))
}

func row(b *strings.Builder, cells []string, first bool) {
	b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
	if first {
		b.WriteString(strings.Repeat("|---", len(cells)) + "|\n")
	}
}

// Of two reports that differ in what is withheld alone, in whatever shape it
// stands, the copies are the same: no number, level, row or column tells.
func TestInvariant10ShapesLeaveNoGap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := &shaper{t: t}
		s.line("", false)
		for range rapid.IntRange(1, 6).Draw(t, "blocks") {
			switch rapid.IntRange(0, 3).Draw(t, "shape") {
			case 0:
				s.line("", s.hide("paragraph"))
			case 1:
				s.line(strings.Repeat("#", rapid.IntRange(1, 4).Draw(t, "level"))+" ", s.hide("heading"))
			case 2:
				ordered := rapid.SampledFrom([]string{"- ", "1. "}).Draw(t, "list")
				s.line("", false) // parts it from the list before
				for range rapid.IntRange(1, 4).Draw(t, "items") {
					s.line(ordered, s.hide("item"))
				}
				s.line("", false)
			default:
				s.line("", false)
				s.table()
			}
		}
		render := func(body string) string {
			w := allies()
			r := w.file(t, "R", body)
			b, err := sanitize.InspectLeaking(w.version(t, r, "FRA"), spec("FRA"), nil, nil)
			if err != nil {
				t.Fatalf("%v in:\n%s", err, body)
			}
			return string(b)
		}
		if diff := cmp.Diff(render(s.open.String()), render(s.all.String())); diff != "" {
			t.Fatalf("what is hidden shows (-never there +hidden):\n%s\n%s", diff, s.all.String())
		}
	})
}

// A table in which a hole would show is none any more.
func TestTableWithAHole(t *testing.T) {
	t.Parallel()
	w := allies()
	r := w.file(t, "R", "| (U) Port | (U) Cargo |\n|---|---|\n| (U) Ostra | (S//NF) Nine crates of detonators left the pier. |\n| (U) Orvik | (U) Grain |\n")
	b, err := sanitize.InspectLeaking(w.version(t, r, "FRA"), spec("FRA"), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := string(b)
	if strings.Contains(got, "|") || !strings.Contains(got, "1. (U) Port") || !strings.Contains(got, "5. (U) Grain") {
		t.Errorf("%s", got)
	}
}
