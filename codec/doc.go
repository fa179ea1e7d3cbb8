// Package codec reads reports in, and writes copies out: Markdown for people
// ([ParseMarkdown], [RenderMarkdown], [ReadBackMarkdown]), JSON Lines for bulk
// ([Decoder]), and the compact form in which a store keeps a report's body
// ([MarshalReport]).
//
// Every way in ends in the same checks, so that a report means the same
// wherever it comes from: each mark is parsed under the report's policy, the
// banner is the roll-up of the portions, what a portion rests on is well
// formed and does not go round in a circle. What the model of a report cannot
// hold (comments, raw HTML, images, footnotes, invisible characters) is a
// fault with its place and is never dropped in silence, because text that
// hides is text that somebody did not mean to file. A block without a mark is
// a fault too: nothing is ever taken to be unclassified.
//
// All faults of a document are listed, as [tearline.Faults]; a document with
// a fault gives no report.
//
// The package may not read files, the clock or the network, decide what may be
// released, or change a text: what comes out of a copy, read back, is what
// went in.
package codec

// Limits of what is read. They bound what one hostile document can cost.
const (
	// MaxInput is the longest Markdown document, and the longest line of JSON
	// Lines, in bytes.
	MaxInput = 16 << 20
	// MaxPortions is the most portions of one report.
	MaxPortions = 10_000
	// MaxSources is the most sources that one list of them may name.
	MaxSources = 256
	// maxLines bounds a Markdown document's lines: each may become a node of
	// the parser's tree, which takes many times the line's own bytes.
	maxLines = 400_000
	// maxNesting bounds the block markers that one line may open.
	maxNesting = 8
	// maxIndent bounds a line's indentation, in bytes: lists inside lists go
	// deeper by it, and the parser's time grows with more than their square.
	maxIndent = 64
	// maxFaults bounds the list of faults of one document.
	maxFaults = 1000
)
