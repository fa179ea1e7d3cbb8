// Package pdf sets copies as PDF, and says where on the page each word stands.
//
// [Compose] breaks a page into lines: A4, the banner at the top and bottom of
// every sheet, the items with their marks and labels, tables, figures and notes
// as their forms say, in fonts that are embedded. [Render] draws it. Both are
// deterministic: the same page gives the same bytes. A [Paragraph] is one item
// with all the alternatives of its wording; it gives, line by line, every way in
// which a recipient's copy can read. Whoever has a picture of a page can so find
// out what it shows, without knowing whose copy it is.
//
// Words can be shifted by [Shift] to the left or right, each recipient's
// differently. Only words that stand in everybody's copy are: the fixed words
// of a portion are numbered from 0, whatever alternatives stand between them,
// and those of an odd number carry a mark. Between them, the others stay where
// they are and show the place. What would stand first or last in its line, or
// is too small, or too near to the next word, stays in its place as well, and
// so does all that is not plain: titles, notes, captions, cells, words in other
// type or in another font than the first, and lines with anything in them that
// runs from right to left. See [Marks].
//
// Characters that the Go fonts lack are taken from DejaVu Sans, then from the
// caller's fonts. Lines are broken in the order of reading; Hebrew and Arabic are
// then put in their places among the rest (package shape). What a reader gets
// out of the file is the text, not its shapes: joined Arabic forms are told to
// be letters, and a letter drawn with its marks is told to be both. Readers of
// PDF turn lines from right to left round by rules of their own; they agree on
// words, and not on the order of a line's parts.
//
// The package takes values and gives bytes. It may not read files, the clock
// or the network, hold a key or choose a mark, or show what the page does not
// say: no author, no title, no date of its own is in the file, pictures are
// written anew as they are seen, and a character that no font has is an error
// and not a box.
package pdf

// The page, in points. A4, with room for hands at its edges.
const (
	pageWidth  = 595.28
	pageHeight = 841.89
	margin     = 64
	textLeft   = margin + 22 // the numbers of the items stand in the gap
	textSize   = 10
	leading    = 14
	titleSize  = 15
	titleLead  = 20
	smallSize  = 8.5
	smallLead  = 11.5
	bannerSize = 11
	bannerLead = 14
	gap        = 7  // between two items
	rule       = 10 // between the banner and its rule
	edge       = 38 // of the banner's first line, from the top and the bottom
	listStep   = 16 // from a list's label to its text, and to the next level
	cellSize   = 9
	cellLead   = 12
	cellPad    = 4
	descent    = 4 // from a baseline to what may stand below it
	ascent     = 10
)

// Limits of tables and figures.
const (
	maxColumns = 12   // side by side; a wider table is set in several
	minColumn  = 24   // points
	pixel      = 0.75 // points: 96 to an inch
	figureHigh = 0.75 // of a sheet
)

// Shift is how far a mark moves a word, in points: a ninth of a word space.
const Shift = 0.3

// What a word needs to carry a mark, in points.
const (
	carrierInk = 3.5 // from its left to its right edge
	carrierGap = 1.2 // to the words beside it, when it is shifted
)

// Limits of one copy.
const (
	maxSheets      = 1000
	maxBannerLines = 6
)

const boldName = "Go Bold"
