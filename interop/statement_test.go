package interop_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	intoto "github.com/in-toto/attestation/go/v1"
	"github.com/secure-systems-lab/go-securesystemslib/dsse"
	"google.golang.org/protobuf/encoding/protojson"

	"tearline"
	"tearline/ledger"
)

// A peer verifies DSSE signatures under a C2SP verifier key, and uses nothing
// of ours for it.
type peer struct {
	id  string
	key ed25519.PublicKey
}

func newPeer(t *testing.T, verifier string) peer {
	t.Helper()
	fields := strings.SplitN(verifier, "+", 3)
	raw, err := base64.StdEncoding.DecodeString(fields[2])
	if err != nil || len(raw) != 1+ed25519.PublicKeySize || raw[0] != 1 {
		t.Fatalf("key %s: %v", verifier, err)
	}
	return peer{id: fields[0] + "+" + fields[1], key: raw[1:]}
}

func (p peer) Verify(_ context.Context, data, sig []byte) error {
	if !ed25519.Verify(p.key, data, sig) {
		return errors.New("signature does not verify")
	}
	return nil
}

func (p peer) KeyID() (string, error)   { return p.id, nil }
func (p peer) Public() crypto.PublicKey { return p.key }

// TestStatementIsDSSEAndInToto has the envelope verified by the secure systems
// lab's DSSE library, and the payload read and validated by in-toto's.
func TestStatementIsDSSEAndInToto(t *testing.T) {
	private, verifier, err := ledger.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{7}, 32)), "XNO-S")
	if err != nil {
		t.Fatal(err)
	}
	key, err := ledger.ParseKey(private)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2031, 3, 1, 9, 30, 0, 0, time.UTC)
	content := tearline.DigestContent(make([]byte, 16), "The harbour is closed.")
	for _, tc := range []struct {
		name    string
		s       tearline.Statement
		subject string
	}{
		{"with a subject", tearline.Statement{By: "XNO-S", At: at, Subjects: []tearline.Subject{{Name: "leak", Digest: content}}, Says: &tearline.Sighting{Seen: at}}, "leak"},
		{"without subjects", tearline.Statement{By: "XNO-S", At: at, Says: &tearline.Tie{Party: "XEL-Y", To: "XEL-Z"}}, "says"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			signed, err := ledger.Sign(key, make([]byte, ledger.SaltSize), tc.s)
			if err != nil {
				t.Fatal(err)
			}
			var envelope dsse.Envelope
			if err := json.Unmarshal(signed.Envelope, &envelope); err != nil {
				t.Fatal(err)
			}
			v, err := dsse.NewEnvelopeVerifier(newPeer(t, verifier))
			if err != nil {
				t.Fatal(err)
			}
			if accepted, err := v.Verify(t.Context(), &envelope); err != nil || len(accepted) != 1 {
				t.Fatalf("DSSE: %v", err)
			}
			payload, err := envelope.DecodeB64Payload()
			if err != nil {
				t.Fatal(err)
			}
			var s intoto.Statement
			if err := protojson.Unmarshal(payload, &s); err != nil {
				t.Fatal(err)
			}
			if err := s.Validate(); err != nil {
				t.Errorf("in-toto: %v", err)
			}
			if got := s.GetSubject()[0].GetName(); got != tc.subject || s.GetPredicateType() != "urn:tearline:"+string(tc.s.Kind())+":v1" {
				t.Errorf("subject %q, predicate type %q", got, s.GetPredicateType())
			}
			envelope.Signatures[0].Sig = base64.StdEncoding.EncodeToString(make([]byte, 64))
			if _, err := v.Verify(t.Context(), &envelope); err == nil {
				t.Error("a signature of zeros verifies")
			}
		})
	}
}
