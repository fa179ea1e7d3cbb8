package keys

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"tearline"
)

const leakSuffix = ".leakindex"

// LeakIndex returns the secret under which the leak index of a party is kept,
// 32 bytes. It lies beside the party's keys, in DIR/keys/PARTY.leakindex, and is
// made from rand ([crypto/rand.Reader]) if it is not there: data directories are
// older than leak indexes, and an index can be made anew under another secret.
// The party must have keys here. A file that others can read, or that is not as
// it was written, is refused.
func LeakIndex(dir string, party tearline.PartyID, rand io.Reader) (secret [32]byte, err error) {
	const op = "keys.leakindex"
	path, err := basePath(op, dir, party)
	if err != nil {
		return secret, err
	}
	text, err := readPrivate(op, path+leakSuffix)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeLeakIndex(op, party, path, rand); err != nil && tearline.KindOf(err) != tearline.Conflict {
			return secret, err
		}
		text, err = readPrivate(op, path+leakSuffix) // ours, or that of whoever was faster
	}
	if err != nil {
		return secret, err
	}
	b, err := parseWording(text) // of the same form
	if err != nil {
		return secret, &tearline.Error{
			Op: op, Kind: tearline.Tampered, Err: fmt.Errorf("%s: %w", path+leakSuffix, err),
			Public: fmt.Sprintf("%s is not as it was written", filepath.Base(path+leakSuffix)),
			Hint:   "remove it: another is made, and the leak index anew",
		}
	}
	return [32]byte(b), nil
}

func makeLeakIndex(op string, party tearline.PartyID, path string, rand io.Reader) error {
	if _, err := Load(filepath.Dir(filepath.Dir(path)), party); err != nil {
		return err // there are no keys of the party, or none to be trusted
	}
	if rand == nil {
		return fault(op, errors.New("no source of randomness"))
	}
	var secret [32]byte
	if _, err := io.ReadFull(rand, secret[:]); err != nil {
		return fault(op, err)
	}
	return publish(op, party, path+leakSuffix, hex.EncodeToString(secret[:])+"\n")
}
