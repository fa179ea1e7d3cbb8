package article_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"tearline"
	"tearline/codec/article"
)

// column sets text in lines below each other.
func column(x, y, size float64, lines ...string) []article.Run {
	runs := make([]article.Run, 0, len(lines))
	for i, l := range lines {
		if l != "" {
			runs = append(runs, article.Run{X: x, Y: y + float64(i)*size*1.2, W: float64(len(l)) * size / 2, H: size, Size: size, Text: l})
		}
	}
	return runs
}

func onPage(runs ...[]article.Run) article.PageRuns {
	p := article.PageRuns{Width: 600, Height: 800}
	for _, r := range runs {
		p.Runs = append(p.Runs, r...)
	}
	return p
}

func TestPDFLayout(t *testing.T) {
	t.Parallel()
	left := []string{"The eastern mole is to be closed", "from Thursday while divers look", "at its footings, it was said on", "Tuesday by the harbour master."}
	right := []string{"Two ferries are to berth at the", "fish quay meanwhile, and the fares", "stay as they are until further", "notice has been given to all."}
	for _, tt := range []struct {
		name  string
		pages []article.PageRuns
		want  string
	}{
		{"lines join", []article.PageRuns{onPage(column(50, 200, 10, left...))}, strings.Join(left, " ")},
		{"a gap parts", []article.PageRuns{onPage(column(50, 200, 10, "One line of", "a paragraph.", "", "And another."))}, "One line of a paragraph.\n\nAnd another."},
		{"a mark parts", []article.PageRuns{onPage(column(50, 200, 10, "(S//NF) The mole is", "closed", "(U) The fares stay."))}, "(S//NF) The mole is closed\n\n(U) The fares stay."},
		{"columns", []article.PageRuns{onPage(column(50, 200, 10, left...), column(320, 200, 10, right...))}, strings.Join(left, " ") + "\n\n" + strings.Join(right, " ")},
		{
			"a heading over columns",
			[]article.PageRuns{onPage(column(50, 150, 20, "The mole closes, and nobody knows for how long"), column(50, 200, 10, left...), column(320, 200, 10, right...))},
			"The mole closes, and nobody knows for how long\n\n" + strings.Join(left, " ") + "\n\n" + strings.Join(right, " "),
		},
		{"hyphens", []article.PageRuns{onPage(column(50, 200, 10, "The crates were brought to the har-", "bour by a long-", "term tenant of the North-", "Quay, a long-term friend of it."))}, "The crates were brought to the harbour by a long-term tenant of the North-Quay, a long-term friend of it."},
		{"a sentence over pages", []article.PageRuns{onPage(column(50, 700, 10, "It goes on", "and on")), onPage(column(50, 200, 10, "until it ends."))}, "It goes on and on until it ends."},
		{"runs in a line", []article.PageRuns{onPage([]article.Run{{X: 50, Y: 200, W: 40, H: 10, Text: "The mo"}, {X: 90.2, Y: 200, W: 10, H: 10, Text: "le"}, {X: 104, Y: 201, W: 40, H: 9, Text: "is closed."}})}, "The mole is closed."},
		{"numbers that are none", []article.PageRuns{onPage([]article.Run{{X: math.NaN(), Y: 1, W: 1, H: 1, Text: "x"}, {X: 1, Y: math.Inf(1), W: 1, H: 1, Text: "y"}}, column(50, 200, 10, "Words."))}, "Words."},
	} {
		a := read2(t, tt.pages)
		if a != tt.want {
			t.Errorf("%s:\n%q, want\n%q", tt.name, a, tt.want)
		}
	}
}

func read2(t *testing.T, pages []article.PageRuns) string {
	t.Helper()
	a, err := article.Read("x", []byte("%PDF-1.7"), func([]byte) (article.Pages, error) {
		return article.Pages{Title: "T", Pages: pages}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if a.Title != "T" || a.Format != article.PDF {
		t.Errorf("%+v", a)
	}
	return a.Text
}

func TestPDFFurniture(t *testing.T) {
	t.Parallel()
	var pages []article.PageRuns
	for i := range 4 {
		pages = append(pages, onPage(
			column(50, 20, 9, "The Harbour Gazette, Tuesday"), column(50, 300, 10, fmt.Sprintf("Story %d of the day is told here.", i)),
			column(290, 770, 9, fmt.Sprintf("Page %d of 4", i+1)), column(50, 785, 9, fmt.Sprintf("Edition %d", 100+i)),
		))
	}
	want := "Story 0 of the day is told here.\n\nStory 1 of the day is told here.\n\nStory 2 of the day is told here.\n\nStory 3 of the day is told here."
	if got := read2(t, pages); got != want {
		t.Errorf("%q", got)
	}
}

func TestPDFRefused(t *testing.T) {
	t.Parallel()
	scan := func([]byte) (article.Pages, error) {
		return article.Pages{Pages: []article.PageRuns{{Width: 1, Height: 1}}}, nil
	}
	if got := refused(t, []byte("%PDF-1.7"), scan); got != "leak: a PDF without a text layer: a scan, so there is nothing to read" {
		t.Error(got)
	}
	locked := func([]byte) (article.Pages, error) {
		return article.Pages{}, &tearline.Error{Op: "x", Kind: tearline.Invalid, Public: "a PDF with a password"}
	}
	if got := refused(t, []byte("%PDF-1.7"), locked); got != "leak: a PDF with a password" {
		t.Error(got)
	}
	broken := errors.New("broken")
	_, err := article.Read("x", []byte("%PDF-1.7"), func([]byte) (article.Pages, error) { return article.Pages{}, broken })
	if !errors.Is(err, broken) {
		t.Error(err)
	}
}
