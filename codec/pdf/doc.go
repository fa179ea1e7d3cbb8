// Package pdf sets copies as PDF, and says where on the page each word stands.
//
// [Compose] breaks a page into lines: A4, the banner at the top and bottom of
// every sheet, the items with their marks, in fonts that are embedded.
// [Render] draws it. Both are deterministic: the same page gives the same
// bytes. A [Paragraph] is one item with all the alternatives of its wording; it
// gives, line by line, every way in which a recipient's copy can read. Whoever
// has a picture of a page can so find out what it shows, without knowing whose
// copy it is.
//
// Words can be shifted by [Shift] to the left or right, each recipient's
// differently. Only words that stand in everybody's copy are: the fixed words
// of a portion are numbered from 0, whatever alternatives stand between them,
// and those of an odd number carry a mark. Between them, the others stay where
// they are and show the place. What would stand first or last in its line, or
// is too small, or too near to the next word, stays in its place as well. See
// [Marks].
//
// The package takes values and gives bytes. It may not read files, the clock
// or the network, hold a key or choose a mark, or show what the page does not
// say: no author, no title, no date of its own is in the file, and a character
// that the font lacks is an error and not a box.
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
