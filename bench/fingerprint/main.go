// Command fingerprint measures what names a copy: whether the bound holds, how
// often the source of a leak is found by how many points, what the nearest copy
// without a bound would have named, and how long it takes.
//
//	go run . list
//	go run . NAME... [--json] [--short]
//	go run . all [--json] [--short]
//
// What is printed is told in package kit. All worlds are made up, from fixed
// seeds, by leak/fingerprint/simulate.
//
// The program may keep nothing on the disk.
package main

import "tearline/bench/kit"

// program is fingerprint itself.
var program = kit.Program[amount, *bench]{
	Name: "fingerprint", Full: full, Short: short, Open: newBench,
	More: []string{"%"},
	Benchmarks: []kit.Benchmark[*bench]{
		{Name: "exactness", About: "p-values of innocent copies against what they say, counted; copies falsely named", Run: benchExactness},
		{Name: "tail", About: "the same near 1e-10, by importance sampling", Run: benchDeep},
		{Name: "family", About: "leaks in which any copy is falsely named, at bounds of 1e-2, 1e-3 and 1e-4, by attack and noise", Run: benchFamily},
		{Name: "detection", About: "how often a source is named, by points, sources, attack and noise", Run: benchDetection},
		{Name: "nearest", About: "what the nearest copy without a bound names, beside what is named here", Run: benchNearest},
		{Name: "capacity", About: "points in 100 words: proposed for public prose, by class, and authored by hand", Run: benchCapacity},
		{Name: "speed", About: "one core: 10,000 copies at 500 points decoded", Run: benchSpeed},
	},
}

func main() { program.Main() }
