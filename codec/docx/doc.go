// Package docx writes copies as Word files: a package of XML that is made
// afresh from a page, with the banner at the top and bottom of every sheet, the
// marks before the texts, and the numbers of paragraphs and lists counted by
// the program that shows it. The same page gives the same bytes.
//
// The package takes a page and gives bytes. It may not read files, the clock or
// the network, and it may put nothing into a file that the page does not show:
// there are no properties, settings, authors, dates, revisions, bookmarks,
// languages or descriptions in it, and no part that a reader can do without.
package docx

// The page, in twentieths of a point: A4.
const (
	pageWidth  = 11906
	pageHeight = 16838
	margin     = 1280 // at the left and right
	textWidth  = pageWidth - 2*margin
	indent     = 510 // of the texts of numbered paragraphs
	step       = 397 // by which each level of lists stands further in
)

// Pictures, in the units of drawings: 914,400 to an inch. One pixel is a 96th
// of an inch unless the picture would be larger than the page.
const (
	unitsPerPixel = 9525
	unitsPerTwip  = 635
	maxWide       = textWidth * unitsPerTwip
	maxHigh       = 11500 * unitsPerTwip // leaves room for the caption
)

// maxColumns is the most that Word opens.
const maxColumns = 63
