// Command layout measures how well marks in the places of words are read back
// from pictures of pages: after printing and scanning, photographing, copying
// and faxing, all simulated, and from eight lines of a page.
//
//	go run . list
//	go run . NAME... [--json] [--short]
//	go run . all [--json] [--short]
//
// What is printed is told in package kit. Pages are invented, drawn by PDFium at
// 600 dots to an inch, as a printer does, and sent through the channels of
// channel.go.
//
// The program may use no key, and show the reader neither the marks nor the
// wording that a page has. It keeps nothing on the disk, but "images" writes the
// pictures of docs/images to the folder that TEARLINE_IMAGES names.
package main

import (
	"context"
	"os"

	"tearline/bench/kit"
	"tearline/internal/pdftext/pdfium"
)

// program is layout itself.
var program = kit.Program[amount, *bench]{
	Name: "layout", Full: full, Short: short, Open: newBench,
	More: []string{"%"}, // what is read
	Benchmarks: []kit.Benchmark[*bench]{
		{Name: "scan", About: "bit errors and erasures by channel and shift", Run: benchScan},
		{Name: "lines", About: "eight lines of a page name one of 10,000 copies, on a scan and on a photo", Run: benchLines},
		{Name: "identical", About: "pages that have the same bytes twice", Run: benchIdentical},
		{Name: "speed", About: "setting, drawing and reading a page, CPU", Run: benchSpeed},
		{Name: "images", About: "write the pictures of docs/images to $TEARLINE_IMAGES; nothing without it", Run: benchImages},
	},
}

func main() {
	if status := pdfium.Process(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr); status >= 0 {
		os.Exit(status) //nolint:forbidigo // the process that draws
	}
	program.Main()
}
