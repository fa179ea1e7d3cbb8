// Package document is what readers of documents say, whatever program wrote
// them: block by block, what a person sees and where ([Block]), and what they
// found that a person does not see ([Reading.Faults]). Package assemble makes a
// report of it.
//
// It has types alone. It may not read anything, or decide what a text without a
// mark is worth.
package document

import "tearline"

// Zone says in which part of a document a block stands.
type Zone uint8

// The zones.
const (
	Body   Zone = iota
	Header      // of sheets; each different one once
	Footer
)

// A Block is one piece of what a document shows: a paragraph, a heading, an
// item of a list, a cell, a note, a picture.
type Block struct {
	// Where is its place in words, as a person would find it: "paragraph 12",
	// "table 2, row 1, column 3", "footnote 4", "page 3, paragraph 2",
	// "header of the first page".
	Where string
	Zone  Zone
	// Text is what it says, in the order of reading, without the number or
	// bullet that its program puts before it; lines are parted by "\n". A
	// picture's text is its caption, or its alternative text.
	Text string
	// Form is how it stands there. Its styles are stretches of Text, its
	// tables are counted through the document.
	Form tearline.Form
}

// A Reading is what a reader found in a document.
type Reading struct {
	// Blocks are in the order of reading. A table's cells are row by row; an
	// empty cell is no block. A note comes behind the block that refers to it.
	Blocks []Block
	// Faults are what the document holds that nobody would see, or that a
	// report cannot hold, each with its place and a hint: a comment, a tracked
	// change, hidden text, an embedded object. A document with any gives no
	// report.
	Faults tearline.Faults
	// Notes say what was understood in one of several ways, or left out as
	// furniture, one a line: "the address of the link on page 2 is left out:
	// https://…".
	Notes []string
}

// The formats of files that are read and written, as they are named on the
// command line.
const (
	Markdown = "md"
	JSON     = "jsonl"
	Word     = "docx"
	PDF      = "pdf"
	HTML     = "html"
	Mail     = "mail"
	Text     = "text"
)

// A Document is one report that was found in a file, or what is wrong with it.
type Document struct {
	// Name is the file's, and of an attachment its own behind it.
	Name string
	// Format is one of the formats above.
	Format string
	// Report is nil if there are faults.
	Report *tearline.Report
	Faults tearline.Faults
	// Notes say what was left out, or understood in one of several ways.
	Notes []string
}

// An Order is what whoever files a document says of it. What is "" here is what
// the document says.
type Order struct {
	ID, Title, Originator, Policy, Date, DeclassifyOn string
	// Unmarked is the mark that portions without one get; "" makes each of
	// them a fault. Which they were stays with the portions.
	Unmarked string
}

// Limits of one document, for every reader.
const (
	// MaxInput is the largest file, in bytes.
	MaxInput = 64 << 20
	// MaxText is the most text, in bytes, of all blocks together.
	MaxText = 16 << 20
	// MaxBlocks is the most blocks.
	MaxBlocks = 20_000
)
