package ledger

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tearline"
)

// The envelope and the frame of the payload are fixed text around values, in
// this order and without white space: what is not exactly so is refused. The
// values between them need no escapes.
const (
	payloadType = "application/vnd.in-toto+json"

	envelopePayload = `{"payload":"`
	envelopeKeyID   = `","payloadType":"` + payloadType + `","signatures":[{"keyid":"`
	envelopeSig     = `","sig":"`
	envelopeEnd     = `"}]}`

	payloadSubjects = `{"_type":"https://in-toto.io/Statement/v1","subject":[`
	subjectName     = `{"name":"`
	subjectDigest   = `","digest":{"sha256":"`
	subjectEnd      = `"}}`
	payloadKind     = `],"predicateType":"urn:tearline:`
	payloadBy       = `:v1","predicate":{"by":"`
	payloadAt       = `","at":"`
	payloadRecorded = `","recorded":"`
	payloadSays     = `","says":`
	payloadEnd      = `}}`

	// saysSubject names the subject that stands for a statement that has
	// none: in-toto demands one. Its digest is that of the predicate's own
	// bytes.
	saysSubject = "says"
)

// pae is the pre-authentication encoding of DSSE v1: what is signed.
func pae(payload []byte) []byte {
	b := make([]byte, 0, len(payload)+64)
	b = append(b, "DSSEv1 "...)
	b = strconv.AppendInt(b, int64(len(payloadType)), 10)
	b = append(b, " "+payloadType+" "...)
	b = strconv.AppendInt(b, int64(len(payload)), 10)
	b = append(b, ' ')
	return append(b, payload...)
}

// An envelope is a DSSE envelope with one signature.
type envelope struct {
	payload []byte
	keyID   string
	sig     []byte
}

func encodeEnvelope(payload []byte, keyID string, sig []byte) []byte {
	n := len(envelopePayload) + len(envelopeKeyID) + len(envelopeSig) + len(envelopeEnd) + len(keyID) +
		base64.StdEncoding.EncodedLen(len(payload)) + base64.StdEncoding.EncodedLen(len(sig))
	b := make([]byte, 0, n)
	b = append(b, envelopePayload...)
	b = base64.StdEncoding.AppendEncode(b, payload)
	b = append(b, envelopeKeyID...)
	b = append(b, keyID...)
	b = append(b, envelopeSig...)
	b = base64.StdEncoding.AppendEncode(b, sig)
	return append(b, envelopeEnd...)
}

func decodeEnvelope(b []byte) (envelope, error) {
	if len(b) > MaxEnvelope {
		return envelope{}, fmt.Errorf("envelope of %d bytes: at most %d: %w", len(b), MaxEnvelope, ErrFormat)
	}
	c := cutter{rest: b}
	c.lit(envelopePayload)
	payload := c.base64()
	c.lit(envelopeKeyID)
	id := string(c.text())
	c.lit(envelopeSig)
	sig := c.base64()
	c.lit(envelopeEnd)
	if err := c.end(); err != nil {
		return envelope{}, fmt.Errorf("envelope: %w", err)
	}
	if len(sig) != ed25519.SignatureSize {
		return envelope{}, fmt.Errorf("envelope: signature of %d bytes: want %d: %w", len(sig), ed25519.SignatureSize, ErrFormat)
	}
	return envelope{payload: payload, keyID: id, sig: sig}, nil
}

// encodePayload returns the one encoding of a statement.
func encodePayload(s *tearline.Statement) ([]byte, error) {
	if err := checkStatement(s); err != nil {
		return nil, err
	}
	says, err := encodeSays(s.Says)
	if err != nil {
		return nil, err
	}
	b := make([]byte, 0, 256+len(says)+len(s.Subjects)*128)
	b = append(b, payloadSubjects...)
	if len(s.Subjects) == 0 {
		b = appendSubject(b, tearline.Subject{Name: saysSubject, Digest: sha256.Sum256(says)})
	}
	for i, x := range s.Subjects {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendSubject(b, x)
	}
	b = append(b, payloadKind...)
	b = append(b, s.Kind()...)
	b = append(b, payloadBy...)
	b = append(b, s.By...)
	b = append(b, payloadAt...)
	b = s.At.AppendFormat(b, timeFormat)
	if !s.Recorded.IsZero() {
		b = append(b, payloadRecorded...)
		b = s.Recorded.AppendFormat(b, timeFormat)
	}
	b = append(b, payloadSays...)
	b = append(b, says...)
	return append(b, payloadEnd...), nil
}

func appendSubject(b []byte, x tearline.Subject) []byte {
	b = append(b, subjectName...)
	b = append(b, x.Name...)
	b = append(b, subjectDigest...)
	b = hex.AppendEncode(b, x.Digest[:])
	return append(b, subjectEnd...)
}

// encodeSays returns the one encoding of a predicate: its members in the
// order of the Go type, lists never null, and of the characters that JSON lets
// one escape only those that must be.
func encodeSays(p tearline.Predicate) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(withLists(p)); err != nil {
		return nil, fmt.Errorf("%s: %w", p.Kind(), err)
	}
	b := bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
	if hasReplacement(b) {
		return nil, fmt.Errorf("%s: text that is not UTF-8", p.Kind())
	}
	return b, nil
}

// hasReplacement reports whether encoding/json wrote \ufffd, which it does for
// bytes that are not UTF-8 and for nothing else.
func hasReplacement(b []byte) bool {
	for {
		i := bytes.Index(b, []byte(`\ufffd`))
		if i < 0 {
			return false
		}
		escapes := 0
		for escapes < i && b[i-1-escapes] == '\\' {
			escapes++
		}
		if escapes%2 == 0 { // else the text itself has a backslash there
			return true
		}
		b = b[i+1:]
	}
}

// decodePayload reads a payload and refuses whatever encodePayload would not
// have written.
func decodePayload(b []byte) (tearline.Statement, error) {
	c := cutter{rest: b}
	c.lit(payloadSubjects)
	subjects := c.subjects()
	c.lit(payloadKind)
	kind := tearline.StatementKind(c.until(':'))
	c.lit(payloadBy)
	by := tearline.PartyID(c.text())
	c.lit(payloadAt)
	at := c.time()
	var recorded time.Time
	if bytes.HasPrefix(c.rest, []byte(payloadRecorded)) {
		c.lit(payloadRecorded)
		recorded = c.time()
	}
	c.lit(payloadSays)
	says := c.allBut(payloadEnd)
	if err := c.end(); err != nil {
		return tearline.Statement{}, fmt.Errorf("statement: %w", err)
	}
	p, err := decodeSays(kind, says)
	if err != nil {
		return tearline.Statement{}, fmt.Errorf("statement: %w", err)
	}
	if len(subjects) == 1 && subjects[0].Name == saysSubject {
		if subjects[0].Digest != sha256.Sum256(says) {
			return tearline.Statement{}, fmt.Errorf("statement: subject %q is not the digest of what it says: %w", saysSubject, ErrFormat)
		}
		subjects = nil
	}
	s := tearline.Statement{ID: idOf(b), By: by, At: at, Recorded: recorded, Subjects: subjects, Says: p}
	if err := checkStatement(&s); err != nil {
		return tearline.Statement{}, fmt.Errorf("statement: %w", under(ErrFormat, err))
	}
	return s, nil
}

func decodeSays(kind tearline.StatementKind, says []byte) (tearline.Predicate, error) {
	p, ok := tearline.NewPredicate(kind)
	if !ok {
		return nil, fmt.Errorf("kind %.40q is not known: %w", kind, ErrFormat)
	}
	if depth(says) > maxDepth {
		return nil, fmt.Errorf("%s nests deeper than %d: %w", kind, maxDepth, ErrFormat)
	}
	if err := json.Unmarshal(says, p); err != nil {
		return nil, fmt.Errorf("%s: %w", kind, under(ErrFormat, err))
	}
	again, err := encodeSays(p)
	if err != nil {
		return nil, under(ErrFormat, err)
	}
	if i := firstDifference(says, again); i >= 0 {
		// An unknown, doubled, null, misspelt or misplaced member, white
		// space, or another spelling of a value.
		return nil, fmt.Errorf("%s: not in its one form from byte %d: %w", kind, i, ErrFormat)
	}
	return p, nil
}

// firstDifference returns the offset at which a and b part, -1 if nowhere.
func firstDifference(a, b []byte) int {
	if bytes.Equal(a, b) {
		return -1
	}
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// depth returns how deep JSON nests. On what is not JSON it returns something.
func depth(b []byte) int {
	level, most := 0, 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '{', '[':
			level++
			most = max(most, level)
		case '}', ']':
			level--
		case '"':
			for i++; i < len(b) && b[i] != '"'; i++ {
				if b[i] == '\\' {
					i++
				}
			}
		}
	}
	return most
}

// A cutter takes fixed text and values off a byte slice. After the first thing
// that is not as it must be it takes nothing more, and end says what it was.
type cutter struct {
	rest []byte
	err  error
}

func (c *cutter) fail(want string) {
	if c.err == nil {
		c.err = fmt.Errorf("want %q, have %.40q: %w", want, c.rest, ErrFormat)
	}
}

// lit takes exactly s.
func (c *cutter) lit(s string) {
	if c.err != nil || len(c.rest) < len(s) || string(c.rest[:len(s)]) != s {
		c.fail(s)
		return
	}
	c.rest = c.rest[len(s):]
}

// until takes everything before the byte end, and not that.
func (c *cutter) until(end byte) []byte {
	i := bytes.IndexByte(c.rest, end)
	if c.err != nil || i < 0 {
		c.fail(string(end))
		return nil
	}
	var b []byte
	b, c.rest = c.rest[:i], c.rest[i:]
	return b
}

// text takes a JSON string's inside. It must need no escapes.
func (c *cutter) text() []byte {
	b := c.until('"')
	if c.err == nil && !plain(b) {
		c.err = fmt.Errorf("text %.40q: want printable ASCII without escapes: %w", b, ErrFormat)
	}
	return b
}

// time takes a JSON string that is a time in its one form.
func (c *cutter) time() time.Time {
	when := string(c.text())
	if c.err != nil {
		return time.Time{}
	}
	t, err := time.Parse(timeFormat, when)
	if err != nil || t.Format(timeFormat) != when {
		c.err = fmt.Errorf("time %.40q: want UTC, RFC 3339: %w", when, ErrFormat)
	}
	return t
}

// plain reports whether b stands in JSON as it is.
func plain[T string | []byte](b T) bool {
	for i := range len(b) {
		if b[i] < ' ' || b[i] > '~' || b[i] == '"' || b[i] == '\\' {
			return false
		}
	}
	return true
}

// base64 takes a JSON string of standard base 64, in its one spelling.
func (c *cutter) base64() []byte {
	raw := c.until('"')
	if c.err != nil {
		return nil
	}
	b, err := base64.StdEncoding.Strict().AppendDecode(make([]byte, 0, base64.StdEncoding.DecodedLen(len(raw))), raw)
	// The decoder skips line breaks; the length shows them.
	if err != nil || base64.StdEncoding.EncodedLen(len(b)) != len(raw) {
		c.err = fmt.Errorf("base64 %.40q: not standard: %w", raw, ErrFormat)
		return nil
	}
	return b
}

// allBut takes everything before the ending s, which must be there.
func (c *cutter) allBut(s string) []byte {
	b, ok := bytes.CutSuffix(c.rest, []byte(s))
	if c.err != nil || !ok {
		c.fail(s)
		return nil
	}
	c.rest = nil
	return b
}

// subjects takes a list of one subject or more.
func (c *cutter) subjects() []tearline.Subject {
	list := make([]tearline.Subject, 0, min(bytes.Count(c.rest, []byte(subjectDigest)), len(c.rest)/100+1))
	for c.err == nil {
		var x tearline.Subject
		c.lit(subjectName)
		x.Name = string(c.text())
		c.lit(subjectDigest)
		digits := c.text()
		if c.err == nil && (x.Digest.UnmarshalText(digits) != nil || strings.ContainsAny(string(digits), "ABCDEF")) {
			c.err = fmt.Errorf("digest %.80q: want 64 lower-case hexadecimal digits: %w", digits, ErrFormat)
		}
		c.lit(subjectEnd)
		list = append(list, x)
		if c.err != nil || len(c.rest) == 0 || c.rest[0] != ',' {
			break
		}
		c.rest = c.rest[1:]
	}
	return list
}

// end returns what was wrong, or that something is left over.
func (c *cutter) end() error {
	if c.err == nil && len(c.rest) > 0 {
		c.err = fmt.Errorf("%d bytes too many: %w", len(c.rest), ErrFormat)
	}
	return c.err
}
