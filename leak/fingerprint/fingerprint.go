// Package fingerprint makes each recipient's wording their own, and reads back
// which wording a leaked text shows.
//
// A [tearline.Wording] offers alternatives at some points, each of which its
// author stands behind. A [Key] derives from a secret which of them one reader
// gets, so nothing but the secret need be kept to know it again, and nobody
// without it can tell the choices from coin tosses. [Read] finds in a leaked
// text what stands at each point, knowing the wording but no reader: it is a
// blind reading, which can be put on record before any copy is compared.
//
// # What it may not do
//
// Nobody is named here. What chance a reading leaves to a copy that it does
// not come from is worked out in package bound, and whether anything is said
// of a copy is decided by its caller, with that bound (DESIGN §4, invariant
// 12). A copy is not a person: it can be stolen, lent or read over a shoulder.
// Where a reading is in doubt it is Erased, never guessed. No characters are
// hidden and no letters exchanged: only words that a person wrote are chosen
// among.
//
// # Secrets and keys
//
// A report has one secret of 32 random bytes. That of a portion is
// HMAC-SHA256(secret, "tearline/fingerprint/v2", reference, SHA-256 of the
// wording's source); the holder's ledger commits to it before any copy is made
// ([Secret.Commitment]). The portion's key is HKDF-SHA256 of it, salted with
// size and root of the ledger as it then is, so that whoever makes a key has
// the ledger first. Destroy the report's secret, and no copy can be told from
// another again.
//
// A symbol is 0 or 1 at a point with two alternatives, and is 1 with the bias
// of that point, which the key draws too: see [tearline.Code]. Which of the
// alternatives stands for 1 is drawn as well, so that whoever puts two copies
// together sees that they differ and not which is the rarer. With more
// alternatives all are equally likely. Draws are of 64 bits, four to each block
// HMAC-SHA256(key, label, party, unit, person, number of the block from 0 as 8
// bytes big endian). Every part of an HMAC is preceded by its length as 8 bytes
// big endian, so that no two inputs are written alike.
package fingerprint

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"math/bits"
	"slices"

	"tearline"
)

// What [Read] gives for a point that shows no alternative.
const (
	// Erased: the place is not in the text, or cannot be read for certain.
	Erased = -1
	// Altered: the place is there but reads like none of the alternatives.
	Altered = -2
)

// SecretSize is how many bytes a report's secret has.
const SecretSize = 32

// What a key is for. The same portion has one for each.
const (
	// Words: which alternative of the wording a reader gets.
	Words = "words"
	// Page: how the words of a printed page are shifted.
	Page = "page"
)

// A Reader is for whom a copy is made: a party, and a unit or person of it.
// One reader gets the same wording every time.
type Reader struct {
	Party  tearline.PartyID `json:"party"`
	Unit   string           `json:"unit,omitempty"`
	Person string           `json:"person,omitempty"`
}

// A Secret is that of one portion in exactly one wording. It prints as
// nothing.
type Secret struct {
	bytes  [32]byte
	ref    tearline.PortionRef
	source string
	code   tearline.Code
}

// PortionSecret derives the secret of a portion from that of its report, for
// copies in the code. The report's secret must have [SecretSize] bytes.
func PortionSecret(report []byte, code tearline.Code, portion tearline.PortionRef, w tearline.Wording) (Secret, error) {
	if len(report) != SecretSize {
		return Secret{}, fmt.Errorf("secret of %d bytes: want %d", len(report), SecretSize)
	}
	digest := sha256.Sum256([]byte(w.Source()))
	return OpenSecret([32]byte(mac(report, []byte("tearline/fingerprint/v2"), []byte(portion.String()), digest[:])), code, portion, w), nil
}

// OpenSecret is the secret of a portion by its bytes, as [Secret.Reveal] gave
// them to whoever is to check a finding.
func OpenSecret(revealed [32]byte, code tearline.Code, portion tearline.PortionRef, w tearline.Wording) Secret {
	return Secret{bytes: revealed, ref: portion, source: w.Source(), code: code}
}

// Reveal returns the bytes of the secret. Whoever has them can tell the
// portion's copies apart, and could make another reader's.
func (s Secret) Reveal() [32]byte { return s.bytes }

// Commitment binds to the secret, the wording and the code without telling any
// of them.
func (s Secret) Commitment() tearline.Digest {
	return tearline.DigestContent(s.bytes[:], "fingerprint", string(s.code), s.ref.String(), s.source)
}

// Key returns the key for a use, [Words] or [Page], of the secret in a ledger
// of that size and root.
func (s Secret) Key(use string, size int64, root [32]byte) Key {
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(size)) //nolint:gosec // sizes count from 0
	k, err := hkdf.Key(sha256.New, s.bytes[:], append(n[:], root[:]...), "tearline/fingerprint/v2/"+use, 32)
	if err != nil {
		panic(err) // only for more than 255 blocks
	}
	return Key{key: [32]byte(k), code: s.code}
}

// Format implements [fmt.Formatter]: nothing, whatever the verb.
func (Secret) Format(fmt.State, rune) {}

// MarshalText implements [encoding.TextMarshaler]: nothing.
func (Secret) MarshalText() ([]byte, error) { return []byte{}, nil }

// A Key tells the copies of one portion apart. It is immutable, and prints as
// nothing.
type Key struct {
	key  [32]byte
	code tearline.Code
}

// Format implements [fmt.Formatter]: nothing, whatever the verb.
func (Key) Format(fmt.State, rune) {}

// MarshalText implements [encoding.TextMarshaler]: nothing.
func (Key) MarshalText() ([]byte, error) { return []byte{}, nil }

// The nodes (3 ∓ √3)/6 and 1/2 of the codes, in units of 2^-64, rounded down.
const (
	rare   = 0x361962e9bf338ecb
	common = 0xc9e69d1640cc7134
	half   = 1 << 63
)

// Points are the places at which copies under a key differ, with all about
// them that is the same for every reader. It is immutable.
type Points struct {
	key     Key
	numbers []int    // of alternatives
	bias    []uint64 // in units of 2^-64
	order   []int    // which alternative stands for symbol 0
}

// Points returns the points with so many alternatives each, at least two and
// at most [tearline.MaxAlternatives].
func (k Key) Points(alternatives ...int) *Points {
	p := &Points{key: k, numbers: alternatives, bias: make([]uint64, len(alternatives)), order: make([]int, len(alternatives))}
	biases, orders := k.stream("bias", Reader{}), k.stream("order", Reader{})
	for i, n := range alternatives {
		p.bias[i] = half
		if b := biases.next(); k.code == tearline.CodeNuida {
			p.bias[i] = rare
			if b >= half {
				p.bias[i] = common
			}
		}
		p.order[i] = times(orders.next(), n)
	}
	return p
}

// Of returns the points of a wording.
func (k Key) Of(w tearline.Wording) *Points {
	var numbers []int
	for _, s := range w.Segments() {
		if s.Alternatives != nil {
			numbers = append(numbers, len(s.Alternatives))
		}
	}
	return k.Points(numbers...)
}

// Shifts returns the points that a page has of so many words, each of which
// stands to the left (alternative 0) or to the right (1) of its place.
func (k Key) Shifts(words int) *Points {
	return k.Points(slices.Repeat([]int{2}, words)...)
}

// Len returns how many points there are.
func (p *Points) Len() int { return len(p.numbers) }

// Alternatives returns how many alternatives point i has.
func (p *Points) Alternatives(i int) int { return p.numbers[i] }

// Bias returns the chance that a reader has symbol 1 at point i, if that has
// two alternatives: (3 − √3)/6, (3 + √3)/6 or 1/2, to 1 part in 2^53.
func (p *Points) Bias(i int) float64 { return float64(p.bias[i]) / (1 << 32) / (1 << 32) }

// Symbols returns the symbols that a reader has, from 0 to one less than there
// are alternatives.
func (p *Points) Symbols(r Reader) []uint8 {
	out := make([]uint8, len(p.numbers))
	draws := p.key.stream("symbol", r)
	for i, n := range p.numbers {
		switch f := draws.next(); {
		case n != 2:
			out[i] = uint8(times(f, n)) //nolint:gosec // at most MaxAlternatives
		case f < p.bias[i]:
			out[i] = 1
		}
	}
	return out
}

// Choices returns which alternative a reader gets at each point.
func (p *Points) Choices(r Reader) []int {
	out := make([]int, len(p.numbers))
	for i, s := range p.Symbols(r) {
		out[i] = (int(s) + p.order[i]) % p.numbers[i]
	}
	return out
}

// Symbol returns the symbol for which an alternative of point i stands.
func (p *Points) Symbol(i, alternative int) uint8 {
	return uint8((alternative + p.numbers[i] - p.order[i]) % p.numbers[i]) //nolint:gosec // at most MaxAlternatives
}

// A stream is of keyed fractions of one, in units of 2^-64.
type stream struct {
	mac   hash.Hash
	parts []byte
	block [sha256.Size]byte
	drawn uint64
}

func (k Key) stream(label string, r Reader) *stream {
	s := &stream{mac: hmac.New(sha256.New, k.key[:])}
	for _, part := range []string{label, string(r.Party), r.Unit, r.Person} {
		s.parts = binary.BigEndian.AppendUint64(s.parts, uint64(len(part)))
		s.parts = append(s.parts, part...)
	}
	s.parts = binary.BigEndian.AppendUint64(s.parts, 8)
	return s
}

// next returns the next fraction: four to each block.
func (s *stream) next() uint64 {
	const each = sha256.Size / 8
	if s.drawn%each == 0 {
		s.mac.Reset()
		s.mac.Write(s.parts)
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], s.drawn/each)
		s.mac.Write(n[:])
		s.mac.Sum(s.block[:0])
	}
	f := binary.BigEndian.Uint64(s.block[s.drawn%each*8:])
	s.drawn++
	return f
}

// times maps the fraction on [0, n) by multiplying and keeping what lies above
// the 64 bits: with n ≤ 64 no number is likelier than another by more than
// 2^-58, so nothing has to be drawn again.
func times(f uint64, n int) int {
	hi, _ := bits.Mul64(f, uint64(n)) //nolint:gosec // at most MaxAlternatives
	return int(hi)                    //nolint:gosec // less than n
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
