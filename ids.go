package tearline

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Limits on what people name things. They keep identifiers printable in a
// table and safe in file names, log origins and command lines.
const (
	maxPartyID   = 64
	maxReportID  = 128
	maxPortionID = 64
)

// ParsePartyID checks that s is a party's name: 1 to 64 letters, digits, '.',
// '_' and '-', beginning with a letter or digit.
func ParsePartyID(s string) (PartyID, error) {
	if err := checkID(s, maxPartyID, ""); err != nil {
		return "", fmt.Errorf("party %q: %w", clip(s), err)
	}
	return PartyID(s), nil
}

// ParseReportID checks that s is a report's name: 1 to 128 letters, digits,
// '.', '_', '-', ':' and '/', beginning with a letter or digit.
func ParseReportID(s string) (ReportID, error) {
	if err := checkID(s, maxReportID, "/:"); err != nil {
		return "", fmt.Errorf("report id %q: %w", clip(s), err)
	}
	if strings.HasSuffix(s, "/") || strings.Contains(s, "//") {
		return "", fmt.Errorf("report id %q: empty part between slashes", clip(s))
	}
	return ReportID(s), nil
}

// ParsePortionID checks that s is a portion's name: 1 to 64 letters, digits,
// '.', '_' and '-', beginning with a letter or digit.
func ParsePortionID(s string) (PortionID, error) {
	if err := checkID(s, maxPortionID, ""); err != nil {
		return "", fmt.Errorf("portion id %q: %w", clip(s), err)
	}
	return PortionID(s), nil
}

// ParsePortionRef reads "REPORT/PORTION"; the last slash parts them. The
// portion may be the tear-line wording of one.
func ParsePortionRef(s string) (PortionRef, error) {
	i := strings.LastIndexByte(s, '/')
	if i < 0 {
		return PortionRef{}, fmt.Errorf("portion %q: want REPORT/PORTION", clip(s))
	}
	r, err := ParseReportID(s[:i])
	if err != nil {
		return PortionRef{}, err
	}
	of, _ := PortionID(s[i+1:]).IsTear()
	if _, err := ParsePortionID(string(of)); err != nil {
		return PortionRef{}, err
	}
	return PortionRef{Report: r, Portion: PortionID(s[i+1:])}, nil
}

// checkID allows ASCII letters, digits, '.', '_', '-' and the extra bytes.
func checkID(s string, most int, extra string) error {
	if s == "" {
		return fmt.Errorf("empty")
	}
	if len(s) > most {
		return fmt.Errorf("longer than %d characters", most)
	}
	for i := range len(s) {
		c := s[i]
		alnum := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
		if alnum || i > 0 && (strings.IndexByte("._-", c) >= 0 || strings.IndexByte(extra, c) >= 0) {
			continue
		}
		return fmt.Errorf("character %d is not allowed there (letters, digits, %s)", i+1, strings.Join(strings.Split("._-"+extra, ""), " "))
	}
	return nil
}

// clip shortens foreign text for an error message.
func clip(s string) string {
	const most = 80
	if len(s) <= most {
		return s
	}
	i := most
	for i > 0 && !utf8.RuneStart(s[i]) {
		i--
	}
	return s[:i] + "…"
}

// String returns the digest in hexadecimal.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// MarshalText implements [encoding.TextMarshaler].
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (d *Digest) UnmarshalText(b []byte) error {
	if len(b) != 2*len(d) {
		return fmt.Errorf("digest: want %d hexadecimal digits, got %d", 2*len(d), len(b))
	}
	if _, err := hex.Decode(d[:], b); err != nil {
		return fmt.Errorf("digest: %w", err)
	}
	return nil
}

// DigestContent returns the salted digest by which statements refer to
// content: SHA-256 over "tearline/content/v1", then each of salt and parts
// preceded by its length as 8 bytes big endian. The lengths keep ("ab","c")
// and ("a","bc") apart; the salt, at least 16 random bytes, keeps short
// content from being guessed.
func DigestContent(salt []byte, parts ...string) Digest {
	h := sha256.New()
	h.Write([]byte("tearline/content/v1"))
	var n [8]byte
	put := func(b []byte) {
		binary.BigEndian.PutUint64(n[:], uint64(len(b)))
		h.Write(n[:])
		h.Write(b)
	}
	put(salt)
	for _, p := range parts {
		put([]byte(p))
	}
	return Digest(h.Sum(nil))
}
