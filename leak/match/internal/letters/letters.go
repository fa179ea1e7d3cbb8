// Package letters hashes runs of letters, as a leak and an index both do it:
// polynomially, so that the hash of joined words follows from theirs, and with
// fingerprints of which a few are kept. It may not know what the letters are.
package letters

import "tearline/leak/match/internal/table"

// Base is an odd number without structure; see Extend.
const Base = 0x9E3779B97F4A7C15

// Extend appends one letter to a polynomial hash. Polynomial, because then the
// hash of two joined words follows from theirs: "key board" is "keyboard".
func Extend(h uint64, letter byte) uint64 { return h*Base + uint64(letter) + 1 }

// Powers returns Base to the power of 0 up to n.
func Powers(n int) []uint64 {
	p := make([]uint64, n+1)
	p[0] = 1
	for i := range n {
		p[i+1] = p[i] * Base
	}
	return p
}

// Of is the polynomial hash of a whole string.
func Of(s string) uint64 {
	var h uint64
	for i := range len(s) {
		h = Extend(h, s[i])
	}
	return h
}

// Gram is how many letters in a row count as a fingerprint: three or four words.
// What is shorter is found by its stems alone.
const Gram = 16

// Winnowed is of how many fingerprints in a row the least is kept, so that
// whoever shares Gram + Winnowed - 1 letters in a row, 31, shares one that is
// kept (Schleimer, Wilkerson, Aiken: Winnowing, SIGMOD 2003).
const Winnowed = 16

// Winnow calls yield with the fingerprints that are kept of a run of letters,
// and where each begins.
func Winnow(letters []byte, yield func(hash uint64, at int)) {
	var window [Winnowed]uint64
	roll := NewRoller()
	least, last := -1, -1 // positions of the least in the window, and of the one yielded
	n := 0
	for i, c := range letters {
		h, ok := roll.Next(letters, i, c)
		if !ok {
			continue
		}
		at := i - Gram + 1
		window[at%Winnowed] = table.Scramble(h)
		if n++; n < Winnowed {
			continue
		}
		if least <= at-Winnowed {
			least = at - Winnowed + 1
			for k := least + 1; k <= at; k++ {
				if window[k%Winnowed] <= window[least%Winnowed] {
					least = k
				}
			}
		} else if window[at%Winnowed] <= window[least%Winnowed] {
			least = at
		}
		if least != last {
			last = least
			yield(window[least%Winnowed], least)
		}
	}
	if n > 0 && n < Winnowed {
		least = 0
		for k := 1; k < n; k++ {
			if window[k] <= window[least] {
				least = k
			}
		}
		yield(window[least], least)
	}
}

// A Roller computes the hash of each run of gram letters.
type Roller struct {
	h, drop uint64
	n       int
}

// NewRoller makes one that has seen nothing.
func NewRoller() Roller {
	r := Roller{drop: 1}
	for range Gram {
		r.drop *= Base
	}
	return r
}

// Next takes the letter c at s[i], and returns the hash of the gram letters
// that end there; not ok while there are too few.
func (r *Roller) Next(s []byte, i int, c byte) (uint64, bool) {
	r.h = Extend(r.h, c)
	if r.n++; r.n > Gram {
		r.h -= (uint64(s[i-Gram]) + 1) * r.drop
	}
	return r.h, r.n >= Gram
}
