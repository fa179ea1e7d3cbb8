package pages_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tearline/codec/pages"
)

// Lines are given as they stand on the page, from left to right; what is read
// is what was written.
func TestDirection(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		lines []string
		want  string
	}{
		{"from the right", []string{".תויאשמ שולש םע (U)"}, "(U) עם שלוש משאיות."},
		{"brackets", []string{"(חוויד יפל) האצי (S//NF)"}, "(S//NF) יצאה (לפי דיווח)"},
		{"a number", []string{".תויאשמ 12.5 האצי (C)"}, "(C) יצאה 12.5 משאיות."},
		{"a number and its sign", []string{"20% דוע (C)"}, "(C) עוד 20%"},
		{"a name among letters from the right", []string{"North Vellmar ןמ האצי (C)"}, "(C) יצאה מן North Vellmar"},
		{"from the left", []string{"(U) The word םולש, they say."}, "(U) The word שלום, they say."},
		{"two words among letters from the left", []string{"(U) They say הריישה האצי (twice)."}, "(U) They say יצאה השיירה (twice)."},
		{"a second line", []string{"שולש םע (U)", "Vellmar ןמ ,תויאשמ"}, "(U) עם שלוש משאיות, מן Vellmar"},
		{"a second line from the left", []string{"(U) with Vellmar and", "תויאשמ שולש etc."}, "(U) with Vellmar and שלוש משאיות etc."},
		{"a mark of two lines", []string{"(S//REL TO USA,", "שולש םע GBR)"}, "(S//REL TO USA, GBR) עם שלוש"},
		{"a mark alone", []string{"(S//NF)", ".תויאשמ שולש"}, "(S//NF) שלוש משאיות."},
		{"an item", []string{"תויאשמ שולש (U) .1"}, "(U) שלוש משאיות"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := pages.Sheet{Width: 595, Height: 842}
			for i, l := range tt.lines {
				visual := strings.ContainsFunc(strings.Join(tt.lines, ""), func(c rune) bool { return c >= 0x590 && c < 0x5ff })
				w := float64(6 * len([]rune(l)))
				s.Runs = append(s.Runs, pages.Run{Box: pages.Box{X: 300 - w, Y: float64(200 + 12*i), W: w, H: 11}, Text: l, Visual: visual})
			}
			r, err := pages.Read(pages.Document{Sheets: []pages.Sheet{s}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, b := range r.Blocks {
				got = append(got, b.Text)
			}
			if diff := cmp.Diff([]string{tt.want}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
