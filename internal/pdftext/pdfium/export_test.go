package pdfium

import "tearline/codec/pages"

// Finds lists what a file holds beside its pages, of a file as PDFium writes it.
var Finds = finds

// Visual is the text of a line of letters ten points wide, told in one order and
// standing at these places.
func Visual(told string, at []float64) string {
	var s setter
	s.seen = &sight{}
	for i, c := range []rune(told) {
		l := letter{c: c}
		if c != ' ' {
			l.Box = pages.Box{X: at[i], W: 10, H: 12}
		}
		s.row.add(l)
	}
	s.flush()
	s.end()
	text := ""
	for _, r := range s.runs {
		text += r.Text
	}
	return text
}
