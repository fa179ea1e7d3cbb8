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
	"os"

	"tearline/bench/kit"
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
		{Name: "real", About: "documents made by other programs: how many are read as a person reads them", Run: benchReal},
		{Name: "others", About: "what we write, opened by LibreOffice, qpdf and pdftotext", Run: benchOthers},
	},
}

func main() {
	if status := processes(); status >= 0 {
		os.Exit(status) //nolint:forbidigo // a process that a benchmark started
	}
	program.Main()
}

// processes are what the benchmarks start: the one whose memory is measured, and
// the one that reads PDFs; -1 if this is neither.
func processes() int {
	if len(os.Args) > 2 && os.Args[1] == jobCommand {
		return job(os.Args[2])
	}
	return pdfium.Process(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
}
