package main

import (
	"os"
	"testing"

	"tearline/bench/kit/kittest"
	"tearline/internal/pdftext"
)

// TestMain is also the processes that the benchmarks start.
func TestMain(m *testing.M) {
	switch {
	case len(os.Args) > 2 && os.Args[1] == jobCommand:
		os.Exit(job(os.Args[2]))
	case len(os.Args) > 1 && os.Args[1] == pdftext.Command:
		os.Exit(child(os.Args[2:]))
	}
	os.Exit(m.Run())
}

// TestBenchmarks runs each benchmark at its smallest, and checks the shape of
// its lines.
func TestBenchmarks(t *testing.T) {
	if testing.Short() {
		t.Skip("the reader of PDFs takes seconds to prepare")
	}
	p := program
	p.Full = short
	kittest.All(t, &p)
}
