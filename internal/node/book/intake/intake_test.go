package intake_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/codec"
	"tearline/internal/node/book/intake"
)

// line is a report of one portion that rests on p1 of others.
func line(id string, sources ...string) string {
	refs := make([]string, len(sources))
	for i, s := range sources {
		refs[i] = fmt.Sprintf("%q", s+"/p1")
	}
	return fmt.Sprintf(`{"id":%q,"title":"","originator":"USA","policy":"us","date":"2026-03-01","portions":[{"id":"p1","marking":"U","text":"Text.","sources":[%s]}]}`+"\n",
		id, strings.Join(refs, ","))
}

// drafts reads lines as drafts of files a, b, c ….
func drafts(t *testing.T, lines ...string) []intake.Draft {
	t.Helper()
	var out []intake.Draft
	dec := codec.NewDecoder(strings.NewReader(strings.Join(lines, "")))
	for {
		_, r, err := dec.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, intake.Draft{Name: string(rune('a' + len(out))), Report: r})
	}
	if len(out) != len(lines) {
		t.Fatalf("%d drafts of %d lines", len(out), len(lines))
	}
	return out
}

func TestInOrder(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name          string
		lines         []string
		order, faults []string
	}{
		{"nothing", nil, nil, nil},
		{"as they come", []string{line("A"), line("B")}, []string{"A", "B"}, nil},
		{"sources first", []string{line("A", "B"), line("B", "C"), line("C")}, []string{"C", "B", "A"}, nil},
		{"a source that is held already, perhaps", []string{line("A", "X")}, []string{"A"}, nil},
		{"one name twice", []string{line("A"), line("A")}, []string{"A"}, []string{"b: report id A stands in a as well"}},
		{
			"a circle, and what has nothing to do with it",
			[]string{line("A", "B"), line("B", "A"), line("C")},
			[]string{"C"},
			[]string{"a: cyclic sources: A → B → A", "b: cyclic sources: B → A → B"},
		},
	} {
		ordered, faults := intake.InOrder(drafts(t, tt.lines...))
		var order, texts []string
		for _, d := range ordered {
			order = append(order, string(d.Report.ID))
		}
		for _, f := range faults {
			texts = append(texts, f.Text)
		}
		if diff := cmp.Diff([][]string{tt.order, tt.faults}, [][]string{order, texts}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestCircle(t *testing.T) {
	t.Parallel()
	var ids []tearline.ReportID
	for i := range 14 {
		ids = append(ids, tearline.ReportID(fmt.Sprint(i)))
	}
	for n, want := range map[int]string{
		0:  "",
		2:  "0 → 1",
		12: "0 → 1 → 2 → 3 → 4 → 5 → 6 → 7 → 8 → 9 → 10 → 11",
		14: "0 → 1 → 2 → 3 → 4 → 5 → 6 → 7 → 8 → 9 → 3 more → 13",
	} {
		if got := intake.Circle(ids[:n]); got != want {
			t.Errorf("of %d: %q, want %q", n, got, want)
		}
	}
}

// Every line is in one batch, once, with its number; what is wrong with one
// stands beside it.
func TestLines(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 1200 {
		b.WriteString(line(fmt.Sprintf("R%d", i)))
	}
	b.WriteString(line("R7"))
	b.WriteString("{}\n")
	lines := intake.NewLines(strings.NewReader(b.String()))
	var sizes []int
	number, faulty := 0, map[int]string{}
	for !lines.Done() {
		batch, err := lines.Batch(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, len(batch))
		for _, l := range batch {
			if number++; l.Number != number {
				t.Errorf("line %d comes as the %dth", l.Number, number)
			}
			switch {
			case l.Faults != nil:
				faulty[l.Number] = fmt.Sprintf("%q: %s", l.ID(), l.Faults[0].Text)
			case l.ID() != tearline.ReportID(fmt.Sprintf("R%d", number-1)) || l.Text != len("Text."):
				t.Errorf("line %d is report %q of %d bytes", number, l.ID(), l.Text)
			}
		}
	}
	if diff := cmp.Diff([]int{500, 500, 202}, sizes); diff != "" {
		t.Errorf("batches (-want +got):\n%s", diff)
	}
	if faulty[1201] != `"R7": report id R7 stands on line 8 already` || faulty[1202] == "" || len(faulty) != 2 {
		t.Errorf("at fault: %v", faulty)
	}
}
