// Package attribution compares what a leaked text shows of the wording of some
// portions with the copies that were given out, and puts it in a bundle that
// anybody can check who has nothing but the bundle and the party's public keys.
// It speaks of copies, never of persons; it names one only within the bound
// that was on record before any copy was looked at. It has no clock, no store
// and no network, and may say nothing in anybody's name.
package attribution

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"tearline"
	"tearline/leak/fingerprint"
	"tearline/leak/fingerprint/bound"
)

// Rules names how copies are compared here. A change that may lead to another
// finding gets another name.
const Rules = "exact/v1"

// A Reading is what a leaked text shows, read by who knows no copy. A statement
// commits to it before anything is compared.
type Reading struct {
	Format string `json:"format"` // readingFormat
	// Leak is the text; empty if it was a picture, of which Picture then is the
	// SHA-256, in hexadecimal.
	Leak     string        `json:"leak"`
	Picture  string        `json:"picture,omitempty"`
	Portions []PortionRead `json:"portions"`
}

const readingFormat = "tearline-reading-1"

// A PortionRead is what was read of one portion.
type PortionRead struct {
	Portion tearline.PortionRef `json:"portion"`
	// Wording is the portion with all alternatives, as its author wrote it.
	Wording string `json:"wording"`
	// Seen is the alternative at each point; see [fingerprint.Read].
	Seen []int `json:"seen"`
	// Page is what a picture of a page shows of how its words were shifted.
	Page []Shift `json:"page,omitempty"`
}

// A Shift is how one word of a portion stands on a page.
type Shift struct {
	// Word counts the words of the portion's fixed text, from 0.
	Word int `json:"word"`
	// Right is whether it stands to the right of where it would, else left.
	Right bool `json:"right"`
	// Percent is how often such a reading is wrong, in percent, 1 to 50.
	Percent int `json:"percent"`
}

// A Page is what a picture of a page shows, by portion.
type Page map[tearline.PortionID]*PageOf

// PageOf is what it shows of one portion.
type PageOf struct {
	// Seen is the alternative at each point that can be read.
	Seen   map[int]int
	Shifts []Shift
}

// Add adds what one page shows of the portion. Two pages that disagree on a
// point erase it; of two that show a word, the first counts.
func (p *PortionRead) Add(page Page) {
	of := page[p.Portion.Portion]
	if of == nil {
		return
	}
	for point, alternative := range of.Seen {
		if point < 0 || point >= len(p.Seen) {
			continue
		}
		switch seen := &p.Seen[point]; {
		case *seen == fingerprint.Erased:
			*seen = alternative
		case *seen != alternative:
			*seen = fingerprint.Altered
		}
	}
	for _, s := range of.Shifts {
		if i, twice := slices.BinarySearchFunc(p.Page, s, func(a, b Shift) int { return a.Word - b.Word }); !twice {
			p.Page = slices.Insert(p.Page, i, s)
		}
	}
}

// A Portion is what may have been leaked.
type Portion struct {
	Ref     tearline.PortionRef
	Wording tearline.Wording
}

// Read reads a leaked text blindly.
func Read(leak string, portions []Portion) Reading {
	r := Reading{Format: readingFormat, Leak: leak, Portions: []PortionRead{}}
	for _, p := range portions {
		r.Portions = append(r.Portions, PortionRead{Portion: p.Ref, Wording: p.Wording.Source(), Seen: fingerprint.Read(p.Wording, leak)})
	}
	return r
}

// Leaked is what a statement of the reading has the digest of, as its leak.
func (r *Reading) Leaked() string {
	if r.Picture != "" {
		return "picture " + r.Picture
	}
	return r.Leak
}

// Points returns at how many places a copy can be compared.
func (r *Reading) Points() int {
	n := 0
	for i := range r.Portions {
		p := &r.Portions[i]
		w, err := tearline.ParseWording(p.Wording)
		if err != nil {
			continue
		}
		n += len(p.Page)
		for k, seen := range p.Seen {
			if tells(w, k, seen) {
				n++
			}
		}
	}
	return n
}

// tells reports whether what was read at point k says anything. That an
// optional detail is not there does not: whoever retells leaves details out.
func tells(w tearline.Wording, k, seen int) bool {
	for _, s := range w.Segments() {
		if s.Alternatives == nil {
			continue
		}
		if k == 0 {
			return 0 <= seen && seen < len(s.Alternatives) && strings.TrimSpace(s.Alternatives[seen]) != ""
		}
		k--
	}
	return false
}

// encode is the one form of a reading or a finding, of which statements have the
// digest: as it stands in a bundle.
func encode(v any) (string, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "", fmt.Errorf("reading: %w", err)
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

// Digest is that by which statements speak of a reading or a finding.
func Digest(salt []byte, v any) (tearline.Digest, error) {
	text, err := encode(v)
	return tearline.DigestContent(salt, text), err
}

// A Candidate is one reader's individual wording: all copies that were made for
// it, and which of the portions were in any of them.
type Candidate struct {
	Reader   fingerprint.Reader    `json:"reader"`
	Copies   []tearline.CopyID     `json:"copies"`
	Portions []tearline.PortionRef `json:"portions"`
}

// Secrets are those of portions, by portion.
type Secrets map[tearline.PortionRef]Keys

// Keys tell the copies of one portion apart.
type Keys struct {
	Secret fingerprint.Secret
	Size   int64 // of the ledger that they are bound to
	Root   [32]byte
}

// marked is the marks of one portion in a reading, and where each stands.
type marked struct {
	ref    tearline.PortionRef
	words  *fingerprint.Points
	page   *fingerprint.Points
	points []int // of the words, -1-n for the n-th word of the page
}

// marks turns a reading into the marks that are compared: the first of them, if
// there are more than can be.
func (r *Reading) marks(secrets Secrets) ([]bound.Mark, []marked, error) {
	var marks []bound.Mark
	var where []marked
	for i := range r.Portions {
		p := &r.Portions[i]
		k, ok := secrets[p.Portion]
		if !ok {
			continue // given out before there were secrets, or they were destroyed
		}
		w, err := tearline.ParseWording(p.Wording)
		if err != nil {
			return nil, nil, fmt.Errorf("portion %s: %w", p.Portion, err)
		}
		m := marked{ref: p.Portion, words: k.Secret.Key(fingerprint.Words, k.Size, k.Root).Of(w)}
		if len(p.Seen) != m.words.Len() {
			return nil, nil, fmt.Errorf("portion %s: %d points were read of %d", p.Portion, len(p.Seen), m.words.Len())
		}
		for j, seen := range p.Seen {
			if tells(w, j, seen) && len(marks) < bound.MaxMarks {
				marks = append(marks, bound.Mark{Arity: m.words.Alternatives(j), P: m.words.Bias(j), Y: m.words.Symbol(j, seen)})
				m.points = append(m.points, j)
			}
		}
		if err := m.shifts(p, k, &marks); err != nil {
			return nil, nil, err
		}
		where = append(where, m)
	}
	return marks, where, nil
}

// maxPageWords bounds the words of one portion on a page.
const maxPageWords = 1 << 17

// shifts adds the marks that a page shows.
func (m *marked) shifts(p *PortionRead, k Keys, marks *[]bound.Mark) error {
	most := -1
	for _, s := range p.Page {
		if s.Word <= most || s.Word >= maxPageWords || s.Percent < 1 || s.Percent > 50 {
			return fmt.Errorf("portion %s: word %d of the page, wrong in %d percent", p.Portion, s.Word, s.Percent)
		}
		most = s.Word
	}
	m.page = k.Secret.Key(fingerprint.Page, k.Size, k.Root).Shifts(most + 1)
	for _, s := range p.Page {
		if len(*marks) == bound.MaxMarks {
			break
		}
		right := 0
		if s.Right {
			right = 1
		}
		*marks = append(*marks, bound.Mark{Arity: 2, P: m.page.Bias(s.Word), Y: m.page.Symbol(s.Word, right), Flip: float64(s.Percent) / 100})
		m.points = append(m.points, -1-s.Word)
	}
	return nil
}

// word returns what a candidate's copies have at the marks.
func word(c *Candidate, where []marked, size int) []byte {
	out := make([]byte, 0, size)
	for i := range where {
		m := &where[i]
		var words, page []uint8
		has := false
		for _, ref := range c.Portions {
			has = has || ref == m.ref
		}
		if has {
			words, page = m.words.Symbols(c.Reader), m.page.Symbols(c.Reader)
		}
		for _, j := range m.points {
			switch {
			case !has:
				out = append(out, bound.Absent)
			case j < 0:
				out = append(out, page[-1-j])
			default:
				out = append(out, words[j])
			}
		}
	}
	return out
}
