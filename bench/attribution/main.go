// Command attribution measures the whole way from individual copies to a finding
// that somebody else checks: reports are released to many recipients, copies leak
// as excerpts, edited, mixed and scanned, and each finding's bundle is verified by
// a process that has nothing else.
//
//	go run . list
//	go run . NAME... [--json] [--short]
//	go run . all [--json] [--short]
//
// What is printed is told in package kit. All texts are made up here, from words
// that are made up too: what they mean plays no part in it. The program may keep
// nothing on the disk but its scratch directory.
package main

import "tearline/bench/kit"

// An amount is how much is done.
type amount struct {
	recipients, reports, sentences int // points are two to a sentence
	leaks                          int // of each kind
	copies                         int // of one report of five pages
	large                          int // copies in the bundle that is verified
}

var program = kit.Program[amount, *bench]{
	Name:  "attribution",
	Full:  amount{recipients: 200, reports: 20, sentences: 120, leaks: 10, copies: 1000, large: 1000},
	Short: amount{recipients: 12, reports: 2, sentences: 120, leaks: 1, copies: 50, large: 30},
	Open:  newBench,
	More:  []string{"%", "leaks", "findings"},
	Benchmarks: []kit.Benchmark[*bench]{
		{Name: "endtoend", About: "leaked copies found, innocent ones named, findings verified elsewhere", Run: benchEndToEnd},
		{Name: "copies", About: "individual wordings of a report of five pages", Run: benchCopies},
		{Name: "bundle", About: "verifying the bundle of a finding", Run: benchBundle},
	},
}

func main() { program.Main() }
