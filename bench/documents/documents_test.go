package main

import (
	"os"
	"testing"

	"tearline/bench/kit/kittest"
)

// TestMain is also the processes that the benchmarks start.
func TestMain(m *testing.M) {
	status := processes()
	if status < 0 {
		status = m.Run()
	}
	os.Exit(status)
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
