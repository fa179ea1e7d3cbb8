// Package pages reads PDFs as reports: what their pages show, as blocks with
// places and forms, and everything in the file that a person does not see.
//
// A PDF has no paragraphs: it says which letters stand where. [Read] takes a
// [Document], what a process that knows the format found, and makes lines of
// the letters, columns, paragraphs, lists, headings, tables and notes of the
// lines. What it cannot tell apart by the places it tells apart by portion
// marks: a line that begins with one begins a paragraph.
//
// A label before a paragraph is taken off its text. A bullet makes an item of a
// list. So does a number, unless the numbers at that place count the
// paragraphs of the document: 1, 2, 3 … in the leftmost place that has any,
// with a portion mark behind each. Those are paragraphs, and [codec.Page]
// numbers them anew.
//
// What the page does not show is a fault, whatever the reason: that letters
// are seen was found out by drawing the page with and without them. The package
// takes values and gives blocks; it may not read files, the network or the
// clock, run a process or choose a mark.
package pages

import "tearline/codec/document"

// A Reader finds what the pages of a PDF hold. Its errors are for whoever files
// the document, such as a [tearline.Error].
type Reader func(b []byte) (Document, error)

// A Document is what a PDF holds. Places are in points, from the upper left
// corner of the page as it is shown.
type Document struct {
	Sheets []Sheet `json:"sheets"`
	// Found is what is in the file beside its pages, or hides in them.
	Found []Find `json:"found,omitempty"`
}

// A Sheet is what one page holds.
type Sheet struct {
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
	// Runs are in the order in which the file has them.
	Runs     []Run     `json:"runs,omitempty"`
	Pictures []Picture `json:"pictures,omitempty"`
	// Rules are straight lines and the edges of boxes.
	Rules []Box `json:"rules,omitempty"`
}

// A Box is a place on a page: its upper left corner and its size.
type Box struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
	W float64 `json:"w"`
	H float64 `json:"h"`
}

func (b *Box) right() float64  { return b.X + b.W }
func (b *Box) bottom() float64 { return b.Y + b.H }

// join widens b so that it covers c as well.
func (b *Box) join(c Box) {
	right, bottom := max(b.right(), c.right()), max(b.bottom(), c.bottom())
	b.X, b.Y = min(b.X, c.X), min(b.Y, c.Y)
	b.W, b.H = right-b.X, bottom-b.Y
}

// shared is the area of what both cover.
func (b *Box) shared(c *Box) float64 {
	w, h := min(b.right(), c.right())-max(b.X, c.X), min(b.bottom(), c.bottom())-max(b.Y, c.Y)
	return max(w, 0) * max(h, 0)
}

// A Run is letters of one kind that follow each other in a line.
type Run struct {
	Box
	Text   string `json:"text"`
	Bold   bool   `json:"bold,omitempty"`
	Italic bool   `json:"italic,omitempty"`
	// Turned says that the letters do not stand upright on the page.
	Turned bool `json:"turned,omitempty"`
	// Unseen says that the page looks the same without the letters.
	Unseen bool `json:"unseen,omitempty"`
	// Unknown says that the file does not tell which letters they are.
	Unknown bool `json:"unknown,omitempty"`
	// Visual says that the text is in the order in which the letters stand on
	// the line, from left to right: some of that line run the other way.
	Visual bool `json:"visual,omitempty"`
}

// A Picture is what the page shows where it has an image or a drawing, without
// the letters there. PNG is empty if it was too large to keep.
type Picture struct {
	Box
	PNG    []byte `json:"png,omitempty"`
	Width  int    `json:"width,omitempty"` // in pixels
	Height int    `json:"height,omitempty"`
	// Image says that it has an image, and is not drawn of lines alone.
	Image bool `json:"image,omitempty"`
}

// A Find is something in the file that the text of its pages is not.
type Find struct {
	Kind Kind `json:"kind"`
	// Page counts from 1; 0 is the file as a whole.
	Page int `json:"page,omitempty"`
	// Name says what it is called in the file; Text what it says.
	Name string `json:"name,omitempty"`
	Text string `json:"text,omitempty"`
}

// A Kind says what was found.
type Kind string

// The kinds.
const (
	Annotation  Kind = "annotation"  // Name is its subtype
	Link        Kind = "link"        // Text is the address
	Attachment  Kind = "attachment"  // Name is that of the file
	Field       Kind = "field"       // of a form; Text is its value
	Script      Kind = "script"      // something that runs
	Layer       Kind = "layer"       // parts that can be switched off
	Property    Kind = "property"    // of the document: author, subject
	Metadata    Kind = "metadata"    // a packet of properties; Text is its words
	Bookmark    Kind = "bookmark"    // a title of the outline
	Alternative Kind = "alternative" // text in the place of what is shown
	Invisible   Kind = "invisible"   // Text is set so that it draws nothing
	Locked      Kind = "locked"      // it is encrypted, and opens without a password
	Part        Kind = "part"        // Name is that of a part that is not known
	BrokenPage  Kind = "broken"      // a page that cannot be read
)

// Limits of one document.
const (
	MaxSheets = 2000
	MaxRuns   = 500_000
	MaxOnPage = 8000   // runs of one page
	MaxRules  = 20_000 // of one page
	MaxFinds  = 10_000
	maxText   = document.MaxText
)
