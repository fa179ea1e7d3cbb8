package ledger_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"tearline"
	"tearline/ledger"
)

// Vectors for other implementations; testdata/vectors/README.md describes
// them.

type keyVector struct {
	Warning  string `json:"warning"`
	Seed     string `json:"seed"`
	Private  string `json:"private"`
	Verifier string `json:"verifier"`
}

type statementVector struct {
	Kind     tearline.StatementKind `json:"kind"`
	Payload  string                 `json:"payload"`
	Envelope string                 `json:"envelope"`
	ID       tearline.StatementID   `json:"id"`
	Salt     string                 `json:"salt"`
	Leaf     string                 `json:"leaf"`
	LeafHash string                 `json:"leaf_hash"`
}

type headVector struct {
	Size       int64             `json:"size"`
	Root       string            `json:"root"`
	Checkpoint string            `json:"checkpoint"`
	Receipts   []json.RawMessage `json:"receipts"`
	// Consistency holds the proof from each smaller size.
	Consistency [][]string `json:"consistency"`
}

type logVector struct {
	Origin       string       `json:"origin"`
	StatementKey keyVector    `json:"statement_key"`
	LogKey       keyVector    `json:"log_key"`
	Statements   []string     `json:"statements"` // the kinds, in order, as in statements.json
	StoredHashes []string     `json:"stored_hashes"`
	Heads        []headVector `json:"heads"`
}

func vectorKey(t *testing.T, name string, seed byte) keyVector {
	t.Helper()
	raw := bytes.Repeat([]byte{seed}, 32)
	private, verifier, err := ledger.GenerateKey(bytes.NewReader(raw), name)
	if err != nil {
		t.Fatal(err)
	}
	return keyVector{"TEST KEY, known to everybody: never use it", hex.EncodeToString(raw), private, verifier}
}

func indented(t *testing.T, v any) []byte {
	t.Helper()
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestVectors(t *testing.T) {
	var statements []statementVector
	l := &memLog{}
	var signed []ledger.Signed
	for i, s := range examples(t) {
		x := must[ledger.Signed](t)(ledger.Sign(statementKey(t), testSalt(i), s))
		leaf := ledger.Leaf(x.Salt, x.Envelope)
		hash := tlog.RecordHash(leaf)
		statements = append(statements, statementVector{
			s.Kind(), payloadOf(t, x.Envelope), string(x.Envelope), x.Statement.ID,
			hex.EncodeToString(x.Salt), hex.EncodeToString(leaf), hex.EncodeToString(hash[:]),
		})
		if i < 3 {
			signed = append(signed, x)
			l.append(t, x)
		}
	}
	golden(t, "testdata/vectors/statements.json", indented(t, statements))

	v := logVector{Origin: ledger.Origin(norland), StatementKey: vectorKey(t, "XNO-S-test-only", 0), LogKey: vectorKey(t, "tearline/XNO-S", 1)}
	for _, x := range signed {
		v.Statements = append(v.Statements, string(x.Statement.Kind()))
	}
	for _, h := range l.hashes {
		v.StoredHashes = append(v.StoredHashes, hex.EncodeToString(h[:]))
	}
	for size := int64(0); size <= 3; size++ {
		h := headVector{Size: size, Root: hex.EncodeToString(rootOf(t, l, size)), Checkpoint: string(l.note(t, size)), Receipts: []json.RawMessage{}, Consistency: [][]string{}}
		for i := range size {
			r := must[ledger.Receipt](t)(ledger.Prove(logKey(t), signed[i], i, size, l))
			h.Receipts = append(h.Receipts, must[[]byte](t)(json.Marshal(r)))
		}
		for older := range size {
			list := []string{}
			for _, p := range must[tlog.TreeProof](t)(ledger.ProveConsistency(older, size, l)) {
				list = append(list, hex.EncodeToString(p[:]))
			}
			h.Consistency = append(h.Consistency, list)
		}
		v.Heads = append(v.Heads, h)
	}
	golden(t, "testdata/vectors/log.json", indented(t, v))
}

func rootOf(t *testing.T, l *memLog, size int64) []byte {
	t.Helper()
	root := l.head(t, size).Root
	return root[:]
}

// TestVectorsOpen reads the files as another implementation would: the keys
// and bytes come from them alone.
func TestVectorsOpen(t *testing.T) {
	var statements []statementVector
	var v logVector
	for name, into := range map[string]any{"statements.json": &statements, "log.json": &v} {
		if err := json.Unmarshal(must[[]byte](t)(os.ReadFile(filepath.Join("testdata/vectors", name))), into); err != nil {
			t.Fatal(err)
		}
	}
	keys := ledger.Verifiers{norland: {v.StatementKey.Verifier}}
	for _, s := range statements {
		got, err := ledger.Open([]byte(s.Envelope), keys)
		leaf := ledger.Leaf(must[[]byte](t)(hex.DecodeString(s.Salt)), []byte(s.Envelope))
		if err != nil || got.ID != s.ID || got.Kind() != s.Kind || hex.EncodeToString(leaf) != s.Leaf {
			t.Errorf("%s: %v", s.Kind, err)
		}
	}
	for _, h := range v.Heads {
		if _, err := ledger.OpenCheckpoint([]byte(h.Checkpoint), v.LogKey.Verifier); err != nil {
			t.Error(err)
		}
		for _, r := range h.Receipts {
			if _, err := ledger.OpenReceipt(r, keys, v.LogKey.Verifier); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestFormatExamples keeps the examples in docs/format/README.md what the code
// makes: each stands in a code block after a line "<!-- example: NAME -->".
func TestFormatExamples(t *testing.T) {
	l, list := exampleLog(t)
	envelope := list[3].Envelope
	leaf := ledger.Leaf(list[3].Salt, envelope)
	hash := tlog.RecordHash(leaf)
	bundle := append([]byte{0, 33}, leaf...)
	receipt := must[ledger.Receipt](t)(ledger.Prove(logKey(t), list[3], 3, 5, l))
	made := map[string]string{
		"payload":    payloadOf(t, envelope),
		"envelope":   string(envelope),
		"id":         string(list[3].Statement.ID),
		"salt":       hex.EncodeToString(list[3].Salt),
		"leaf":       hex.EncodeToString(leaf),
		"leaf hash":  hex.EncodeToString(hash[:]),
		"checkpoint": strings.TrimSuffix(string(l.note(t, 5)), "\n"),
		"bundle":     hex.EncodeToString(bundle),
		"receipt":    string(must[[]byte](t)(json.Marshal(receipt))),
	}
	path := filepath.Join(formatDir, "README.md")
	text := string(must[[]byte](t)(os.ReadFile(path)))
	var out strings.Builder
	for {
		before, after, ok := strings.Cut(text, "<!-- example: ")
		out.WriteString(before)
		if !ok {
			break
		}
		name, after, _ := strings.Cut(after, " -->\n```")
		lang, after, _ := strings.Cut(after, "\n")
		_, after, ok = strings.Cut(after, "\n```\n")
		example, known := made[name]
		if !ok || !known {
			t.Fatalf("%s: example %q is not one, or its block does not end", path, name)
		}
		delete(made, name)
		out.WriteString("<!-- example: " + name + " -->\n```" + lang + "\n" + example + "\n```\n")
		text = after
	}
	for name := range made {
		t.Errorf("%s has no example %q", path, name)
	}
	golden(t, path, []byte(out.String()))
}
