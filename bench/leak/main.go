// Command leak measures the search for leaked texts: how many leaks are found
// at a number of false alarms, whether the E-value keeps its word, how exact
// the passages are, what becomes of all that when a text was handled on its
// way, how fast it is, and beside what.
//
//	go run . list
//	go run . NAME... [--json] [--short]
//	go run . all [--json] [--short]
//
// What is printed is told in package kit. It needs the development data beside
// the repository (../../../shared/data/leak), and without them measures
// nothing. Those are 117,000 portions; TEARLINE_TEXTS may name a file of more,
// JSON Lines with a "text" each, to fill up larger archives. Without one they
// are filled with sentences of the development data put together anew, which
// have their words but not their sense.
//
// The weights in use were fitted to half of the texts ("train"); only the other
// half is measured.
//
// The program may keep nothing on the disk but the weights that "train" was
// asked for.
package main

import "tearline/bench/kit"

// program is leak itself.
var program = kit.Program[amount, *bench]{
	Name: "leak", Full: full, Short: short, Open: newBench,
	More: []string{"1/s", "%"}, // of "%", what is found
	Benchmarks: []kit.Benchmark[*bench]{
		{Name: "recall", About: "leaks found at 1 % and 0.1 % of unrelated texts, by kind and size of archive", Run: benchRecall},
		{Name: "evalue", About: "false matches observed at E = 0.01, 0.1 and 1", Run: benchEValue},
		{Name: "spans", About: "overlap of the passages found with those put in", Run: benchSpans},
		{Name: "noise", About: "leaks found after formats, typography, OCR and rewriting by rule", Run: benchNoise},
		{Name: "speed", About: "one core: an article, a sentence, building, merging, memory; growth with the archive", Run: benchSpeed},
		{Name: "peers", About: "SQLite FTS5 and bleve over the same portions: time and leaks found", Run: benchPeers},
		{Name: "train", About: "fit the weights to the other half of the texts, and write them to $TEARLINE_WEIGHTS; nothing without it", Run: benchTrain},
	},
}

func main() { program.Main() }
