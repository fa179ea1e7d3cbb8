package keys_test

import (
	"bytes"
	"crypto/rand"
	"testing"

	"tearline"
	"tearline/internal/keys"
)

func TestWrap(t *testing.T) {
	k, err := keys.Generate(t.TempDir(), "XHA", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	other, err := keys.Generate(t.TempDir(), "XHA", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	secret, nonce := bytes.Repeat([]byte{5}, 32), bytes.Repeat([]byte{6}, keys.NonceSize)
	wrapped, err := k.Wrap(nonce, "R1", secret)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(wrapped, secret[:8]) {
		t.Error("the secret stands in what is wrapped")
	}
	if got, err := k.Unwrap("R1", wrapped); err != nil || !bytes.Equal(got, secret) {
		t.Errorf("unwrapped %x: %v", got, err)
	}
	flipped := bytes.Clone(wrapped)
	flipped[len(flipped)-1] ^= 1
	for name, err := range map[string]error{
		"another purpose": second(k.Unwrap("R2", wrapped)),
		"others' keys":    second(other.Unwrap("R1", wrapped)),
		"changed":         second(k.Unwrap("R1", flipped)),
		"cut":             second(k.Unwrap("R1", wrapped[:5])),
		"nothing":         second(k.Unwrap("R1", nil)),
	} {
		if tearline.KindOf(err) != tearline.Tampered {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := k.Wrap(nonce[1:], "R1", secret); err == nil {
		t.Error("a short nonce is taken")
	}
}

func second[T any](_ T, err error) error { return err }
