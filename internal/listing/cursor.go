package listing

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"

	"tearline"
)

// A Cursor is a place in an answer. It says how many portions there are, and so
// what is withheld: it leaves sealed ([Seal]).
type Cursor struct {
	// Last is the portion that stands before the place, Score its score in a
	// search.
	Last  uint32
	Score float64
	// Top is how many portions there were when the first page was made; 0 is
	// the beginning.
	Top uint32
}

// ErrCursor says that a text is no sealed cursor of the question.
var ErrCursor = errors.New("no place in this list")

// A Seal seals cursors for a holder, so that no page has to be remembered, and
// opens them for the same question alone. It is safe for concurrent use.
type Seal struct{ aead cipher.AEAD }

// cursorSize is the length of a cursor, sealed or not: all are alike.
const cursorSize = 4 + 8 + 4

// letters is how a place is written: a command line takes it as it is.
var letters = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// NewSeal derives a seal from a holder's secret of at least 16 bytes.
func NewSeal(secret []byte) (*Seal, error) {
	if len(secret) < 16 {
		return nil, fmt.Errorf("seal: secret of %d bytes: at least 16", len(secret))
	}
	key, err := hkdf.Key(sha256.New, secret, nil, "tearline/list-cursor/v1", 32)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return &Seal{aead}, nil
}

// Close seals a place in the answer to a question, with random bytes of its own.
func (s *Seal) Close(random io.Reader, q *Question, c Cursor) (string, error) {
	nonce := make([]byte, s.aead.NonceSize(), s.aead.NonceSize()+cursorSize+s.aead.Overhead())
	if _, err := io.ReadFull(random, nonce); err != nil {
		return "", fmt.Errorf("seal: %w", err)
	}
	var plain [cursorSize]byte
	binary.BigEndian.PutUint32(plain[:], c.Last)
	binary.BigEndian.PutUint64(plain[4:], math.Float64bits(c.Score))
	binary.BigEndian.PutUint32(plain[12:], c.Top)
	about, err := binding(q)
	if err != nil {
		return "", err
	}
	return letters.EncodeToString(s.aead.Seal(nonce, nonce, plain[:], about)), nil
}

// Open returns the place that a text is in the answer to a question. The error
// is [ErrCursor], whatever is wrong with it.
func (s *Seal) Open(text string, q *Question) (Cursor, error) {
	sealed, err := letters.DecodeString(text)
	if err != nil || len(sealed) != s.aead.NonceSize()+cursorSize+s.aead.Overhead() || letters.EncodeToString(sealed) != text {
		return Cursor{}, ErrCursor
	}
	about, err := binding(q)
	if err != nil {
		return Cursor{}, err
	}
	nonce, rest := sealed[:s.aead.NonceSize()], sealed[s.aead.NonceSize():]
	plain, err := s.aead.Open(nil, nonce, rest, about)
	if err != nil {
		return Cursor{}, ErrCursor
	}
	return Cursor{
		Last: binary.BigEndian.Uint32(plain), Score: math.Float64frombits(binary.BigEndian.Uint64(plain[4:])), Top: binary.BigEndian.Uint32(plain[12:]),
	}, nil
}

// binding is what a cursor is bound to: who asks about whom, and what.
func binding(q *Question) ([]byte, error) {
	return json.Marshal(struct {
		Holder, Recipient tearline.PartyID
		Unit              string
		Person            *tearline.Person
		Mode              tearline.Mode
		Purpose, Officer  string
		Words             string
	}{q.Holder, q.Recipient, q.Unit, q.Person, q.Mode, q.Purpose, q.Officer, q.Words})
}
