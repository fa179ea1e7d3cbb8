// Command documents measures what people wait for when a report is a document:
// reading a Word file or a PDF of a hundred pages as a report, deciding on it,
// tearing it and writing a copy with the last look; and whether reports come back
// as they were.
//
//	go run . list
//	go run . NAME... [--json] [--short]
//	go run . all [--json] [--short]
//
// What is printed is told in package kit. Reports are invented. Processor time is
// that of the process and of all it starts: PDFs are read in one of their own.
//
// The program may keep nothing on the disk but in its scratch folder, and the
// cache of the reader of PDFs.
package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"tearline/bench/kit"
	"tearline/internal/pdftext"
	"tearline/internal/pdftext/pdfium"
)

// program is documents itself.
var program = kit.Program[amount, *bench]{
	Name: "documents", Full: full, Short: short, Open: newBench,
	More: []string{"%"}, // what comes back
	Benchmarks: []kit.Benchmark[*bench]{
		{Name: "speed", About: "a report of 100 pages: read, decided, torn, written and looked at, beside pandoc and pdftotext", Run: benchSpeed},
		{Name: "memory", About: "the same in a process of its own: the most memory it has, and its reader of PDFs", Run: benchMemory},
		{Name: "trips", About: "reports written and read again, by format and script", Run: benchTrips},
	},
}

func main() {
	if len(os.Args) > 2 && os.Args[1] == jobCommand {
		os.Exit(job(os.Args[2])) //nolint:forbidigo // the process whose memory is measured
	}
	if len(os.Args) > 1 && os.Args[1] == pdftext.Command {
		os.Exit(child(os.Args[2:])) //nolint:forbidigo // the process that reads PDFs
	}
	program.Main()
}

// child is what the process does that reads PDFs.
func child(args []string) int {
	cache := ""
	if len(args) > 0 {
		cache = strings.TrimPrefix(args[0], "--cache=")
	}
	if err := pdfium.Answer(context.Background(), cache, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
