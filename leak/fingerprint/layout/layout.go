// Package layout reads from a picture of a page where its words stand, and so
// which of them were shifted for one recipient: a scan, a photograph or a
// photocopy of a copy that package pdf set, or of a part of it.
//
// [Read] finds the lines of the picture and the words in them, by how black
// runs and gaps follow one another. Beside them it lays every line that any
// recipient's copy can have, whatever alternatives its text shows, and keeps
// the way through the reference on which the widths of the words agree best.
// What it compares are numbers, one for each word: how wide it is, and where
// the middle of its ink lies. From the words that are never shifted it learns
// how the page lies in the picture, bends included; what is left at a carrier
// is its displacement. The same way gives the alternatives that the text has.
//
// # What it may not do
//
// The reading is blind: it knows the texts and their alternatives, and neither
// a key nor a recipient nor a copy. A picture that does not fit is [ErrNoFit];
// a carrier or a point that is in doubt is erased, never guessed. What agrees
// with whose copy, and what chance that leaves, is decided elsewhere and later.
// Pictures are foreign: their size, and the time that they take, are bounded.
// It reads no file and no clock, and recognises no letters.
package layout

import (
	"errors"
	"fmt"
	"image"

	"tearline"
	"tearline/codec"
)

// Limits.
const (
	// MaxPixels is the most pixels of a picture that is read.
	MaxPixels = 40 << 20
	// MaxVersions is the most versions of a reference.
	MaxVersions = 64

	minSide = 40 // pixels
)

var (
	// ErrNoFit says that the picture does not show the reference, or not well
	// enough to say where a word stands.
	ErrNoFit = errors.New("the picture does not fit the pages")
	// ErrPicture says that the picture is too large or too small to be read.
	ErrPicture = errors.New("the picture cannot be read")
	// ErrReference says that the pages cannot be set, or are too many.
	ErrReference = errors.New("the pages cannot be compared")
)

// Erased is the alternative of a point that could not be read for certain.
const Erased = -1

// A Reference is what was handed out: the versions of a report, each with its
// title and items. Of an item its number, mark, portion and wording are looked
// at; which alternatives a copy had is not known.
type Reference struct{ Versions []codec.Page }

// A Carrier is a word that may have been shifted.
type Carrier struct {
	Portion tearline.PortionID
	// Word is its number among the fixed words of the portion, as package pdf
	// counts them.
	Word int
	// Value is -1 for a shift to the left, +1 for one to the right, 0 if it is
	// erased.
	Value int8
	// Displacement is where the word stands, in points to the right of its
	// place, as far as its neighbours tell.
	Displacement float64
	// Class says how sure the value is: see [FlipRate]. It follows from the
	// displacement, and how exact displacements are in this picture.
	Class Class
}

// A Class says how sure a value is.
type Class uint8

// The classes, from that of an erased carrier.
const (
	ClassErased Class = iota
	ClassWeak
	ClassFair
	ClassStrong
)

// FlipRate is how often values of a class are taken to be wrong, for a score
// that weighs them. No bound on naming a wrong copy rests on it.
func (c Class) FlipRate() float64 {
	switch c {
	case ClassWeak:
		return 0.2
	case ClassFair:
		return 0.05
	case ClassStrong:
		return 0.01
	case ClassErased:
	}
	return 0.5
}

// A Point is a place at which the text has alternatives.
type Point struct {
	Portion tearline.PortionID
	Point   int
	// Alternative is the index of what the picture shows, or [Erased].
	Alternative int
}

// A Reading is what a picture shows.
type Reading struct {
	// Version is the index of the version that fits best, the first if several
	// fit alike; Margin says by how much it fits better than the best of the
	// others that read otherwise, or than none, in the units of its score.
	Version int
	Margin  float64
	// Carriers and Points are those within the picture, in the order of the
	// page.
	Carriers []Carrier
	Points   []Point
	// Plain says that the words stand in their places throughout: no marks
	// were drawn, and all carriers are erased.
	Plain bool
	// Turned is by how many quarters, clockwise, the picture had to be turned.
	Turned int
	// Lines and Words count what was found in its place, Residual is how far
	// from it the words are on average (root mean square), Spread the standard
	// error of one displacement, both in points. DPI is how many pixels of the
	// picture there are to an inch of the page.
	Lines, Words     int
	Residual, Spread float64
	DPI              float64
}

// Read reads a picture of one page, or of a part of one, that is upright, or on
// one of its sides, to within six degrees. It may be called by several
// goroutines.
func Read(img image.Image, ref Reference) (Reading, error) {
	if n := len(ref.Versions); n == 0 || n > MaxVersions {
		return Reading{}, fmt.Errorf("%w: %d versions", ErrReference, n)
	}
	var versions []*lattice
	lines := 0
	for i, page := range ref.Versions {
		g, err := newLattice(page)
		if err != nil {
			return Reading{}, fmt.Errorf("%w: version %d: %w", ErrReference, i, err)
		}
		if lines += len(g.edges); lines > maxAll {
			return Reading{}, fmt.Errorf("%w: more than %d lines as they can read", ErrReference, maxAll)
		}
		versions = append(versions, g)
	}
	r, err := inkOf(img)
	if err != nil {
		return Reading{}, err
	}
	for turned := range 4 {
		var best Reading
		for _, s := range r.lines() {
			got, ok := s.best(versions)
			if ok && got.Words > best.Words {
				best = got
			}
			if 2*got.Lines > len(s.lines) {
				break
			}
		}
		if best.Words > 0 {
			best.Turned = turned
			return best, nil
		}
		r = r.turn()
	}
	return Reading{}, ErrNoFit
}

// best reads a picture beside all versions.
func (s *seen) best(versions []*lattice) (best Reading, found bool) {
	top, second := 0.0, 0.0
	for i, g := range versions {
		got, score, ok := s.read(g)
		if !ok {
			continue
		}
		got.Version = i
		switch {
		case !found || score > top+1e-6:
			if found && !best.same(&got) {
				second = top
			}
			best, top, found = got, score, true
		case !best.same(&got):
			second = max(second, score)
		}
	}
	best.Margin = top - second
	return best, found
}

// same reports whether two readings say the same of every carrier and point.
func (r *Reading) same(o *Reading) bool {
	if len(r.Carriers) != len(o.Carriers) || len(r.Points) != len(o.Points) {
		return false
	}
	for i, c := range r.Carriers {
		if c.Portion != o.Carriers[i].Portion || c.Word != o.Carriers[i].Word || c.Value != o.Carriers[i].Value {
			return false
		}
	}
	for i, p := range r.Points {
		if p != o.Points[i] {
			return false
		}
	}
	return true
}
