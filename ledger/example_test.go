package ledger_test

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"tearline"
	"tearline/ledger"
)

// newKey makes a key for an example.
func newKey(name string) *ledger.Key {
	private, _, err := ledger.GenerateKey(rand.Reader, name)
	if err != nil {
		log.Fatal(err)
	}
	k, err := ledger.ParseKey(private)
	if err != nil {
		log.Fatal(err)
	}
	return k
}

// newSalt draws a salt.
func newSalt() []byte {
	salt := make([]byte, ledger.SaltSize)
	if _, err := rand.Read(salt); err != nil {
		log.Fatal(err)
	}
	return salt
}

// A party signs a statement, and a partner that knows its key opens it.
func ExampleSign() {
	key := newKey("XNO-S")
	signed, err := ledger.Sign(key, newSalt(), tearline.Statement{
		By:   "XNO-S",
		At:   time.Date(2031, 3, 1, 9, 30, 0, 0, time.UTC),
		Says: &tearline.Exclusion{Party: "XEL-Y", Ties: true},
	})
	if err != nil {
		log.Fatal(err)
	}

	s, err := ledger.Open(signed.Envelope, ledger.Verifiers{"XNO-S": {key.Verifier()}})
	fmt.Println(s.By, s.Kind(), err)

	signed.Envelope[100] ^= 1
	_, err = ledger.Open(signed.Envelope, ledger.Verifiers{"XNO-S": {key.Verifier()}})
	fmt.Println(err != nil)
	// Output:
	// XNO-S exclusion <nil>
	// true
}

// A statement is appended to a log. The receipt is evidence of it, offline.
func ExampleProve() {
	key, logKey := newKey("XNO-S"), newKey(ledger.Origin("XNO-S"))
	content := tearline.DigestContent([]byte("0123456789abcdef"), "The harbour is closed.")
	signed, err := ledger.Sign(key, newSalt(), tearline.Statement{
		By:       "XNO-S",
		At:       time.Date(2031, 3, 1, 9, 30, 0, 0, time.UTC),
		Subjects: []tearline.Subject{{Name: "gist", Digest: content}},
		Says: &tearline.Disclosure{
			Recipient: "XOS-Q", Mode: tearline.Oral, Items: []tearline.DisclosedItem{},
			Occurred: time.Date(2031, 3, 1, 9, 0, 0, 0, time.UTC), AfterFact: true,
		},
	})
	if err != nil {
		log.Fatal(err)
	}

	// The store appends: the leaf's hashes, in the transaction of the act.
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		list := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			list[i] = stored[x]
		}
		return list, nil
	})
	for n, leaf := range [][]byte{ledger.Leaf(newSalt(), nil), ledger.Leaf(signed.Salt, signed.Envelope)} {
		hashes, err := tlog.StoredHashes(int64(n), leaf, reader)
		if err != nil {
			log.Fatal(err)
		}
		stored = append(stored, hashes...)
	}

	// After the commit it proves.
	receipt, err := ledger.Prove(logKey, signed, 1, 2, reader)
	if err != nil {
		log.Fatal(err)
	}
	file, err := json.Marshal(receipt)
	if err != nil {
		log.Fatal(err)
	}

	// Anybody with the keys checks the file.
	got, err := ledger.OpenReceipt(file, ledger.Verifiers{"XNO-S": {key.Verifier()}}, logKey.Verifier())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(got.Origin(), "entry", got.Index(), "of", got.Size(), "covers the gist:", got.Covers(content))
	// Output:
	// tearline/XNO-S entry 1 of 2 covers the gist: true
}
