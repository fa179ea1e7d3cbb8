// Command bench measures Tearline side by side with its peers and with what
// the machine allows: every figure of ours stands beside another program's, or
// beside a physical limit, measured in the same run on the same machine.
//
//	go run . list
//	go run . NAME... [--json] [--short]
//	go run . all [--json] [--short]
//
// What is printed is told in package kit. The value of a result is the median
// of its runs. A goal that is not met is no failure, but for "timing".
//
// The program may not change Tearline, keep anything on the disk, or claim
// what it has not measured: figures recorded elsewhere are said to be so.
package main

import "tearline/bench/kit"

// program is bench itself.
var program = kit.Program[amount, *bench]{
	Name: "bench", Full: full, Short: short, Open: newBench,
	More: []string{"1/s", "MB/s", "%"}, // of "%", what is found
	Benchmarks: []kit.Benchmark[*bench]{
		{Name: "mark", About: "parse, roll up and compare markings; the command over a file of marks", Run: benchMark},
		{Name: "decide", About: "the decision point per portion; the whole command", Run: benchDecide},
		{Name: "proof", About: "an inclusion proof from memory and through SQLite; Tessera's ProofBuilder", Run: benchProof},
		{Name: "statement", About: "a durable statement with its proof; Tessera's POSIX driver; fsync", Run: benchStatement},
		{Name: "import", About: "reports filed from JSON Lines; signatures, fsync, SHA-256, bare SQLite", Run: benchImport},
		{Name: "release", About: "one individual copy: decide, tear, render, inspect, record, prove, hand out", Run: benchRelease},
		{Name: "listing", About: "what a recipient may have: taken in, counted, paged, searched", Run: benchList},
		{Name: "trace", About: "an article against an archive: the search alone, and the whole job", Run: benchTrace},
		{Name: "timing", About: "whether times tell what is withheld from what is not there: Welch's t of every question", Run: benchTiming},
	},
}

func main() { program.Main() }
