// Package fingerprint makes each recipient's wording their own, and reads back
// which wording a leaked text shows.
//
// A [tearline.Wording] offers alternatives at some points, each of which its
// author stands behind. [Choose] derives from a secret key which of them one
// recipient reads, so nothing but the key need be kept to know it again, and
// nobody without the key can tell the choices from coin tosses. [Read] finds
// in a leaked text what stands at each point, knowing the wording but no
// recipient: it is a blind reading, which can be put on record before any copy
// is compared. [Compare] counts how far a copy's choices agree with a reading.
//
// # What it may not do
//
// Nobody is named here. Agreement is a count of points and no probability;
// what chance it leaves to an innocent copy, and whether a finding may say
// anything at all about a copy, is decided elsewhere and later, with its bound
// (DESIGN §4, invariant 12). A copy is not a person: it can be stolen, lent or
// read over a shoulder. Where a reading is in doubt it is Erased, never
// guessed. No characters are hidden and no letters exchanged: only words that
// a person wrote are chosen among.
//
// # Keys
//
// For a portion: HMAC-SHA256(key, "tearline/wording/v1" ‖ reference ‖ SHA-256
// of the wording's source). For a point of it: HMAC-SHA256(portion key,
// recipient ‖ number of the point from 0 as 8 bytes big endian), of which the
// first 128 bits, as a fraction of one, times the number of alternatives,
// rounded down, is the choice. Every part that ‖ joins is preceded by its
// length as 8 bytes big endian, so that no two inputs are written alike.
package fingerprint

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"math/bits"

	"tearline"
)

// What [Read] gives for a point that shows no alternative.
const (
	// Erased: the place is not in the text, or cannot be read for certain.
	Erased = -1
	// Altered: the place is there but reads like none of the alternatives.
	Altered = -2
)

// Choose returns which alternative the recipient reads at each point of the
// portion's wording, in order, as indices; empty if it has no points. The same
// arguments always give the same choices, so that a recipient who is handed the
// portion twice cannot compare two wordings; if any argument differs, the
// choices are independent. The key is secret: 32 random bytes.
func Choose(key []byte, recipient tearline.PartyID, portion tearline.PortionRef, w tearline.Wording) []int {
	choices := make([]int, 0, w.Points())
	pk := portionKey(key, portion, w)
	for _, s := range w.Segments() {
		if s.Alternatives != nil {
			choices = append(choices, choose(pk, recipient, len(choices), len(s.Alternatives)))
		}
	}
	return choices
}

// portionKey derives the key of one portion in exactly this wording.
func portionKey(key []byte, portion tearline.PortionRef, w tearline.Wording) []byte {
	digest := sha256.Sum256([]byte(w.Source()))
	return mac(key, []byte("tearline/wording/v1"), []byte(portion.String()), digest[:])
}

// choose maps 128 keyed bits on [0, n) by multiplying and keeping what lies
// above the 128: with n ≤ 64 no alternative is likelier than another by more
// than 2^-122, so nothing has to be drawn again.
func choose(portionKey []byte, recipient tearline.PartyID, point, n int) int {
	var at [8]byte
	binary.BigEndian.PutUint64(at[:], uint64(point)) //nolint:gosec // points are counted from 0
	sum := mac(portionKey, []byte(recipient), at[:])
	m := uint64(n) //nolint:gosec // at most MaxAlternatives
	carry, _ := bits.Mul64(binary.BigEndian.Uint64(sum[8:]), m)
	hi, lo := bits.Mul64(binary.BigEndian.Uint64(sum), m)
	_, over := bits.Add64(lo, carry, 0)
	return int(hi + over) //nolint:gosec // less than n
}

// mac is HMAC-SHA256 over the parts, each preceded by its length as 8 bytes
// big endian, so that no two lists of parts give the same input.
func mac(key []byte, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, key)
	var n [8]byte
	for _, p := range parts {
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write(p)
	}
	return h.Sum(nil)
}

// Compare counts the points that were read (seen ≥ 0), and those of them at
// which the copy has what was seen. Points beyond the end of either list do
// not count. The result is no measure of guilt: see the package comment.
func Compare(choices, seen []int) (points, agree int) {
	for i := range min(len(choices), len(seen)) {
		if seen[i] < 0 {
			continue
		}
		points++
		if choices[i] == seen[i] {
			agree++
		}
	}
	return points, agree
}
