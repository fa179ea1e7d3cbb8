package pdfium_test

import (
	"testing"

	"tearline/internal/pdftext/pdfium"
)

// PDFium turns brackets round where it holds them to run from right to left,
// and the letters too: they are put back where they are drawn.
func TestRow(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, told string
		at         []float64 // where each letter stands
		want       string
	}{
		{"a word", "אבג", []float64{30, 20, 10}, "גבא"},
		{"a mark behind a word, its first bracket turned", "אב )C)", []float64{20, 10, 25, 40, 50, 60}, "בא (C)"},
		{"brackets in a word", "(אב)", []float64{40, 30, 20, 10}, "(בא)"},
		{"a mark before it", "(C) אב", []float64{10, 20, 30, 35, 60, 50}, "(C) בא"},
		{"turned though it begins the line", ")C) אב גד הו", []float64{10, 20, 30, 35, 60, 50, 65, 90, 80, 95, 120, 110}, "(C) בא דג וה"},
		{"turned behind a word", "(C) אב(.", []float64{70, 80, 90, 65, 50, 40, 30, 20}, ".(בא (C)"},
		{"turned the other way", "(C) אב).", []float64{70, 80, 90, 65, 50, 40, 30, 20}, ".(בא (C)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := pdfium.Visual(tt.told, tt.at); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
