package ledger

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"tearline"
)

// maxKeyName bounds the name of a key: a party's name and some role.
const maxKeyName = 128

// GenerateKey makes a key from 32 bytes of rand, which must be cryptographic
// ([crypto/rand.Reader]). Both strings are C2SP signed-note keys; the private
// one is secret and begins "PRIVATE+KEY+". The name is 1 to 128 letters,
// digits, '.', '_', '-', ':' and '/'. A log key's name is the log's [Origin].
func GenerateKey(rand io.Reader, name string) (private, verifier string, err error) {
	if rand == nil {
		return "", "", errors.New("generate key: no source of randomness")
	}
	if err := checkKeyName(name); err != nil {
		return "", "", err
	}
	private, verifier, err = note.GenerateKey(rand, name)
	if err != nil {
		return "", "", fmt.Errorf("generate key %s: %w", name, err)
	}
	return private, verifier, nil
}

// checkKeyName allows what needs no escape in JSON, in a note or on a command
// line.
func checkKeyName(name string) error {
	if name == "" || len(name) > maxKeyName {
		return fmt.Errorf("key name of %d bytes: want 1 to %d", len(name), maxKeyName)
	}
	for i := range len(name) {
		c := name[i]
		alnum := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
		if !alnum && strings.IndexByte("._-:/", c) < 0 {
			return fmt.Errorf("key name %q: want letters, digits, . _ - : /", name)
		}
	}
	return nil
}

// A Key is a private key. It signs and cannot be printed: every verb of fmt,
// slog and the encoders yields nothing. The zero Key signs nothing.
type Key struct {
	signer   note.Signer
	verifier string
	id       string // "name+hash", the key id in envelopes
}

// ParseKey reads a private key as [GenerateKey] returns it. Errors never
// contain any of it.
func ParseKey(private string) (*Key, error) {
	signer, err := note.NewSigner(private)
	if err != nil {
		return nil, errors.New("not a private key of the form PRIVATE+KEY+name+hash+base64")
	}
	if err := checkKeyName(signer.Name()); err != nil {
		return nil, err
	}
	// NewSigner has checked the form PRIVATE+KEY+name+hash+base64: the last
	// field, which may contain "+" itself, is the algorithm's byte and the seed.
	fields := strings.SplitN(private, "+", 5)
	seed, err := base64.StdEncoding.DecodeString(fields[len(fields)-1])
	if err != nil || len(seed) != 1+ed25519.SeedSize {
		return nil, errors.New("not an Ed25519 key")
	}
	public, ok := ed25519.NewKeyFromSeed(seed[1:]).Public().(ed25519.PublicKey)
	if !ok {
		return nil, errors.New("not an Ed25519 key")
	}
	verifier, err := note.NewEd25519VerifierKey(signer.Name(), public)
	if err != nil {
		return nil, fmt.Errorf("key %s: %w", signer.Name(), err)
	}
	return &Key{signer: signer, verifier: verifier, id: keyID(signer.Name(), signer.KeyHash())}, nil
}

// keyID is what names a key in an envelope.
func keyID(name string, hash uint32) string { return fmt.Sprintf("%s+%08x", name, hash) }

// Name returns the key's name.
func (k *Key) Name() string { return k.signer.Name() }

// Verifier returns the public half, "name+hash+base64".
func (k *Key) Verifier() string { return k.verifier }

// usable reports whether k can sign.
func (k *Key) usable() error {
	if k == nil || k.signer == nil {
		return errors.New("no key")
	}
	return nil
}

// Format implements [fmt.Formatter]: nothing, whatever the verb.
func (Key) Format(fmt.State, rune) {}

// String returns "".
func (Key) String() string { return "" }

// GoString returns "".
func (Key) GoString() string { return "" }

// LogValue implements [slog.LogValuer]: nothing.
func (Key) LogValue() slog.Value { return slog.StringValue("") }

// MarshalText implements [encoding.TextMarshaler]: nothing.
func (Key) MarshalText() ([]byte, error) { return []byte{}, nil }

// checkVerifier demands a verifier key of the form that [GenerateKey] makes.
func checkVerifier(s string) error {
	v, err := note.NewVerifier(s)
	if err != nil {
		return fmt.Errorf("key %.80q: want name+hash+base64", s)
	}
	if key, ok := strings.CutPrefix(s, keyID(v.Name(), v.KeyHash())+"+"); !ok || !strictBase64(key) {
		return fmt.Errorf("key %.80q: not in its one form", s)
	}
	return checkKeyName(v.Name())
}

// Verifiers are the statement keys of parties, in the form that
// [Key.Verifier] returns. A party may have several: those it no longer uses
// stay valid for what they signed. Whose key it is, is the caller's to know:
// what a party says of another's key is that party's view.
type Verifiers map[tearline.PartyID][]string

// candidates returns the verifiers whose key id is id, each with its party.
// Names and hashes of keys can be made to collide, so there may be several; a
// verifier string that is malformed is nobody's key.
func (v Verifiers) candidates(id string) []candidate {
	var found []candidate
	for party, list := range v {
		for _, s := range list {
			if !strings.HasPrefix(s, id) || len(s) == len(id) || s[len(id)] != '+' {
				continue
			}
			if verifier, err := note.NewVerifier(s); err == nil {
				found = append(found, candidate{party, verifier})
			}
		}
	}
	return found
}

type candidate struct {
	party    tearline.PartyID
	verifier note.Verifier
}

// Origin returns the origin line of a party's log, which is also the name of
// its log key.
func Origin(p tearline.PartyID) string { return "tearline/" + string(p) }
