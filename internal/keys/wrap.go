package keys

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"

	"tearline"
)

// NonceSize is how many random bytes [Keys.Wrap] needs.
const NonceSize = 12

// Wrap seals a secret of the party's for its database, so that the database
// alone, or a backup of it, gives nothing away. The nonce must be [NonceSize]
// random bytes; about says what the secret is of, and must be said again to
// have it back.
func (k *Keys) Wrap(nonce []byte, about string, secret []byte) ([]byte, error) {
	aead, err := k.aead()
	if err != nil {
		return nil, err
	}
	if len(nonce) != NonceSize {
		return nil, fmt.Errorf("nonce of %d bytes: want %d", len(nonce), NonceSize)
	}
	return aead.Seal(append([]byte{}, nonce...), nonce, secret, []byte(about)), nil
}

// Unwrap opens what [Keys.Wrap] sealed. That it does not open is Tampered: it
// was changed, or is another's.
func (k *Keys) Unwrap(about string, wrapped []byte) ([]byte, error) {
	const op = "keys.unwrap"
	aead, err := k.aead()
	if err != nil {
		return nil, err
	}
	if len(wrapped) < NonceSize {
		err = errors.New("too short")
	}
	var secret []byte
	if err == nil {
		secret, err = aead.Open(nil, wrapped[:NonceSize], wrapped[NonceSize:], []byte(about))
	}
	if err != nil {
		return nil, &tearline.Error{
			Op: op, Kind: tearline.Tampered, Err: fmt.Errorf("%s: %w", about, err),
			Public: "a secret in the database does not open under the party's keys",
			Hint:   "database and keys must be of one directory; put both back from one backup",
		}
	}
	return secret, nil
}

func (k *Keys) aead() (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, k.Wording, nil, "tearline/wrap/v1", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
