package pages_test

import (
	"fmt"
	"strings"
	"testing"

	"tearline/codec/pages"
)

// The last lines of two columns, alone on a page, are those of columns still.
func TestFewLinesOfColumns(t *testing.T) {
	t.Parallel()
	run := func(x, y float64, text string) pages.Run {
		return pages.Run{Box: pages.Box{X: x, Y: y, W: 240, H: 14}, Text: text}
	}
	first := pages.Sheet{Width: 600, Height: 800}
	for i := range 40 {
		for column, x := range []float64{34, 320} {
			first.Runs = append(first.Runs, run(x, 100+14*float64(i), fmt.Sprintf("the words of line %d in column %d go on and", i, column)))
		}
	}
	first.Runs[0].Text = "(U) the first words of the report, which go on,"
	last := pages.Sheet{Width: 600, Height: 800, Runs: []pages.Run{
		run(34, 120, "escort that did not come"), run(34, 134, "until the evening."), run(320, 120, "(U) Another thing."),
	}}
	r, err := pages.Read(pages.Document{Sheets: []pages.Sheet{first, last}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Blocks) != 2 || !strings.HasSuffix(r.Blocks[0].Text, " go on and escort that did not come until the evening.") || r.Blocks[1].Text != "(U) Another thing." {
		t.Errorf("%+v", r.Blocks)
	}
}
