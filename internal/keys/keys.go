// Package keys keeps the private keys of the parties hosted in a data
// directory: one to sign statements, one to sign the ledger's checkpoints, and
// the secret from which the wording of individual copies is chosen. They lie
// in files that only their owner can read:
//
//	DIR/keys/PARTY.key      # a comment, then
//	                        statement: PRIVATE+KEY+PARTY+…
//	                        log: PRIVATE+KEY+tearline/PARTY+…
//	DIR/keys/PARTY.wording  64 hexadecimal digits
//	DIR/keys/PARTY.leakindex  likewise, see [LeakIndex]
//
// Both keys are C2SP signed-note keys. The files are not encrypted: whoever
// can read them speaks for the party, and whoever can read the disk of a
// running node could do so anyway.
//
// The package never prints a key, writes over none, deletes none, and reads no
// file that others can read. It signs nothing itself.
package keys

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"tearline"
	"tearline/ledger"
)

// WordingSize is the length of the secret for the choice of wording, in bytes.
const WordingSize = 32

const (
	keysDir    = "keys"
	keySuffix  = ".key"
	wordSuffix = ".wording"
	maxFile    = 4 << 10
)

// Keys are the secrets of one party. They cannot be printed: every verb of
// fmt, slog and the encoders yields nothing.
type Keys struct {
	// Statement signs statements; its name is the party's.
	Statement *ledger.Key
	// Log signs the ledger's checkpoints; its name is the log's origin.
	Log *ledger.Key
	// Wording is the secret for the choice of wording, [WordingSize] bytes.
	// It is a secret like the keys, and as bytes it would print.
	Wording []byte
}

// Generate makes the keys of a party from rand, which must be cryptographic
// ([crypto/rand.Reader]), and writes them to the data directory. They are on
// the disk when it returns. A party that has keys, or part of them, is a
// Conflict, and they stay as they are.
func Generate(dir string, party tearline.PartyID, rand io.Reader) (*Keys, error) {
	const op = "keys.generate"
	path, err := basePath(op, dir, party)
	if err != nil {
		return nil, err
	}
	if rand == nil {
		return nil, fault(op, errors.New("no source of randomness"))
	}
	// Before anything is made; publish makes sure once more.
	for _, suffix := range []string{keySuffix, wordSuffix} {
		if _, err := os.Lstat(path + suffix); !errors.Is(err, fs.ErrNotExist) {
			return nil, present(op, party, path+suffix, err)
		}
	}
	statement, _, err := ledger.GenerateKey(rand, string(party))
	if err != nil {
		return nil, fault(op, err)
	}
	log, _, err := ledger.GenerateKey(rand, ledger.Origin(party))
	if err != nil {
		return nil, fault(op, err)
	}
	wording := make([]byte, WordingSize)
	if _, err := io.ReadFull(rand, wording); err != nil {
		return nil, fault(op, err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fault(op, err)
	}
	text := fmt.Sprintf("# private keys of %s: whoever has this file speaks for that party\nstatement: %s\nlog: %s\n", party, statement, log)
	// The key file comes last: a party has keys once it is there.
	if err := publish(op, party, path+wordSuffix, hex.EncodeToString(wording)+"\n"); err != nil {
		return nil, err
	}
	if err := publish(op, party, path+keySuffix, text); err != nil {
		// It is ours, and useless: out of the way of another attempt.
		return nil, errors.Join(err, os.Remove(path+wordSuffix))
	}
	return Load(dir, party)
}

// Load reads the keys of a party. That there are none is Invalid and wraps
// [fs.ErrNotExist]. Files that others can read, that are not as [Generate]
// writes them or that hold keys of another name are refused.
func Load(dir string, party tearline.PartyID) (*Keys, error) {
	const op = "keys.load"
	path, err := basePath(op, dir, party)
	if err != nil {
		return nil, err
	}
	text, err := readPrivate(op, path+keySuffix)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &tearline.Error{
			Op: op, Kind: tearline.Invalid, Err: err,
			Public: fmt.Sprintf("there are no keys of %s here", party),
			Hint:   "only a party whose keys are in the data directory can act here; tearline party list shows them",
		}
	}
	if err != nil {
		return nil, err
	}
	k := &Keys{}
	if k.Statement, k.Log, err = parseKeys(text, party); err != nil {
		return nil, malformed(op, path+keySuffix, err)
	}
	text, err = readPrivate(op, path+wordSuffix)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, malformed(op, path+wordSuffix, err)
	}
	if err != nil {
		return nil, err
	}
	if k.Wording, err = parseWording(text); err != nil {
		return nil, malformed(op, path+wordSuffix, err)
	}
	return k, nil
}

// parseKeys reads a key file. Errors contain nothing of it.
func parseKeys(text []byte, party tearline.PartyID) (statement, log *ledger.Key, err error) {
	lines := strings.Split(string(text), "\n")
	if len(lines) != 4 || !strings.HasPrefix(lines[0], "#") || lines[3] != "" {
		return nil, nil, errors.New("want a comment and two keys, a line each")
	}
	if statement, err = parseKey(lines[1], "statement: ", string(party)); err != nil {
		return nil, nil, err
	}
	log, err = parseKey(lines[2], "log: ", ledger.Origin(party))
	return statement, log, err
}

func parseKey(line, label, name string) (*ledger.Key, error) {
	private, ok := strings.CutPrefix(line, label)
	if !ok {
		return nil, fmt.Errorf("no line %q where it should be", label)
	}
	k, err := ledger.ParseKey(private)
	if err != nil {
		return nil, fmt.Errorf("line %q: %w", label, err)
	}
	if k.Name() != name {
		return nil, fmt.Errorf("line %q: key of %s, not of %s", label, k.Name(), name)
	}
	return k, nil
}

func parseWording(text []byte) ([]byte, error) {
	text, ok := bytes.CutSuffix(text, []byte("\n"))
	if !ok || len(text) != 2*WordingSize {
		return nil, fmt.Errorf("want %d hexadecimal digits on a line", 2*WordingSize)
	}
	wording := make([]byte, WordingSize)
	if _, err := hex.Decode(wording, text); err != nil {
		return nil, errors.New("want hexadecimal digits")
	}
	return wording, nil
}

// basePath is a party's file without the suffix.
func basePath(op, dir string, party tearline.PartyID) (string, error) {
	if _, err := tearline.ParsePartyID(string(party)); err != nil {
		return "", &tearline.Error{Op: op, Kind: tearline.Invalid, Public: err.Error(), Err: err}
	}
	return filepath.Join(dir, keysDir, string(party)), nil
}

// readPrivate reads a file of which nobody else can have read.
func readPrivate(op, path string) ([]byte, error) {
	f, err := os.Open(path) //nolint:gosec // the party's name has been checked
	if err != nil {
		return nil, fault(op, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fault(op, err)
	}
	if !info.Mode().IsRegular() {
		return nil, malformed(op, path, errors.New("not a regular file"))
	}
	// Windows has no such bits.
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, &tearline.Error{
			Op: op, Kind: tearline.Other, Err: fmt.Errorf("%s has mode %v", path, info.Mode()),
			Public: fmt.Sprintf("others can read the private keys in %s", filepath.Base(path)),
			Hint:   fmt.Sprintf("run chmod 600 %s, and consider whether somebody has read it", path),
		}
	}
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fault(op, err)
	}
	if len(text) > maxFile {
		return nil, malformed(op, path, fmt.Errorf("longer than %d bytes", maxFile))
	}
	return text, nil
}

func malformed(op, path string, err error) error {
	return &tearline.Error{
		Op: op, Kind: tearline.Tampered, Err: fmt.Errorf("%s: %w", path, err),
		Public: fmt.Sprintf("%s is not as it was written", filepath.Base(path)),
		Hint:   "put it back from a backup; keys cannot be made again",
	}
}

func present(op string, party tearline.PartyID, path string, err error) error {
	if err != nil {
		return fault(op, err)
	}
	e := &tearline.Error{
		Op: op, Kind: tearline.Conflict, Err: fs.ErrExist,
		Public: fmt.Sprintf("%s has keys already", party),
		Hint:   fmt.Sprintf("%s is there and is not written over", path),
	}
	if _, err := os.Lstat(strings.TrimSuffix(path, wordSuffix) + keySuffix); strings.HasSuffix(path, wordSuffix) && errors.Is(err, fs.ErrNotExist) {
		e.Public = fmt.Sprintf("the keys of %s were never finished, or are lost in part", party)
		e.Hint = fmt.Sprintf("if %s never had keys here, remove %s and try again; else put the other file back from a backup", party, path)
	}
	return e
}

// Format implements [fmt.Formatter]: nothing, whatever the verb.
func (Keys) Format(fmt.State, rune) {}

// String returns "".
func (Keys) String() string { return "" }

// GoString returns "".
func (Keys) GoString() string { return "" }

// LogValue implements [slog.LogValuer]: nothing.
func (Keys) LogValue() slog.Value { return slog.StringValue("") }

// MarshalText implements [encoding.TextMarshaler]: nothing.
func (Keys) MarshalText() ([]byte, error) { return []byte{}, nil }
