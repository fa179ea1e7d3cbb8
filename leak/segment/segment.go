// Package segment keeps what a search for leaked texts looks up: which of many
// portions have a word, a pair of words side by side, or a run of letters. A
// segment is an immutable run of bytes, made by a [Builder] or by [Merge] and
// read where it lies ([Open]), a mapped file as a rule.
//
// # Layout
//
// Integers are little endian.
//
//	"tearline-leak-1\n"
//	records   each document's record, encrypted
//	ends      8 bytes a document: where its record ends
//	sizes     2 bytes a document: its words
//	lists     the documents of each term, as gaps in varints
//	terms     12 bytes a term, in order: 5 of its hash, 3 how many documents
//	          have it, and 4 the length of its list
//	skips     8 bytes for every 64 terms: where their lists begin
//	pairs     8 bytes a pair of terms, in order: 5 of its hash, 3 how many
//	          documents have it; only those that several documents have
//	grams     5 or 6 bytes a fingerprint, in order of the hash: 2 or 3 of its
//	          36 bits that follow its bucket's, 3 its document
//	buckets   4 bytes for each bucket of fingerprints: where it ends
//	sums      4 bytes for every 64 KiB of all this: CRC-32C
//	head      what the segment is, as JSON
//	tail      16 bytes: where the head begins, its length, its CRC-32C
//
// # Secrecy
//
// Terms, pairs and fingerprints are AES-128 of a hash under the archive's key,
// cut to 40 bits; records are encrypted by AES-128 in counter mode, under a
// key of the segment's own. Without the key the file tells how many documents
// there are, how long, and which have how many unnamed terms in common; no
// word can be looked up or guessed. With it, whoever holds the file can read it.
//
// # Damage
//
// Every 64 KiB are checked when first read. What does not add up is
// [ErrDamaged], whatever it is, and nothing is answered from there. A checksum
// finds accidents; it is no signature.
//
// # What it may not do
//
// It knows nothing of texts, markings or parties, opens no file and keeps no
// state beyond its bytes. A segment is safe for concurrent use.
package segment

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
)

// ErrDamaged is returned for bytes that are no whole segment.
var ErrDamaged = errors.New("damaged leak index")

// ErrKey is returned for a segment that was made under another key.
var ErrKey = errors.New("the leak index was made under another key")

// MostDocuments is how many documents one segment holds at most.
const MostDocuments = 1<<24 - 1

const magic = "tearline-leak-1\n"

// A Document is what the index keeps of one text. All hashes are keyed; see
// [Key].
type Document struct {
	// Terms, Pairs and Grams may repeat themselves.
	Terms, Pairs, Grams []uint64
	// Size is the number of words; more than 65,535 counts as that many.
	Size int
	// Record is kept encrypted and returned as it is.
	Record []byte
}

// A Key hides terms and texts. It is safe for concurrent use.
type Key struct {
	terms cipher.Block
	texts []byte
	check uint64
}

// NewKey makes a key of 32 secret bytes.
func NewKey(secret [32]byte) *Key {
	terms, err := aes.NewCipher(secret[:16])
	if err != nil {
		panic(err) // sixteen bytes are a key
	}
	k := &Key{terms: terms, texts: secret[16:]}
	k.check = k.Hide(Terms, 0)
	return k
}

// A Space keeps hashes of different things apart.
type Space byte

// The spaces.
const (
	Terms Space = iota + 1
	Pairs
	Grams
)

// hashBits is how much of a hash is kept.
const hashBits = 40

// Hide returns the keyed hash, of 40 bits, of a hash in a space.
func (k *Key) Hide(s Space, hash uint64) uint64 {
	var b [aes.BlockSize]byte
	binary.LittleEndian.PutUint64(b[:], hash)
	b[8] = byte(s)
	k.terms.Encrypt(b[:], b[:])
	return binary.LittleEndian.Uint64(b[:]) >> (64 - hashBits)
}

// records returns the cipher of a segment's records.
func (k *Key) records(salt []byte) cipher.Block {
	own, err := aes.NewCipher(k.texts)
	if err != nil {
		panic(err) // sixteen bytes are a key
	}
	var sub [aes.BlockSize]byte
	own.Encrypt(sub[:], salt)
	block, err := aes.NewCipher(sub[:])
	if err != nil {
		panic(err)
	}
	return block
}

// seal encrypts or decrypts a document's record. Every document has a counter
// of its own: its number above, the block below.
func seal(b cipher.Block, doc int, dst, src []byte) {
	var iv [aes.BlockSize]byte
	binary.BigEndian.PutUint64(iv[:], uint64(doc)) //nolint:gosec // a document's number is not negative
	cipher.NewCTR(b, iv[:]).XORKeyStream(dst, src)
}
