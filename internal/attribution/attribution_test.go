package attribution_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"tearline"
	"tearline/internal/attribution"
	"tearline/leak/fingerprint"
	"tearline/leak/fingerprint/bound"
	"tearline/ledger"
)

const holder tearline.PartyID = "XNO"

// A world is a holder with a ledger in memory, one report, and its copies.
type world struct {
	tb             testing.TB
	statement, log *ledger.Key
	logKey, key    string
	hashes         []tlog.Hash
	leaves         int64
	signed         []ledger.Signed
	at             time.Time

	wordings map[tearline.PortionRef]tearline.Wording
	refs     []tearline.PortionRef
	secret   []byte
	secrets  attribution.Secrets
	proof    attribution.SecretProof
	readers  []fingerprint.Reader
}

func (w *world) ReadHashes(at []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(at))
	for i, x := range at {
		out[i] = w.hashes[x]
	}
	return out, nil
}

func must[T any](tb testing.TB) func(T, error) T {
	tb.Helper()
	return func(x T, err error) T {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
		return x
	}
}

func key(tb testing.TB, name string, seed byte) (*ledger.Key, string) {
	tb.Helper()
	private, verifier, err := ledger.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{seed}, 32)), name)
	if err != nil {
		tb.Fatal(err)
	}
	return must[*ledger.Key](tb)(ledger.ParseKey(private)), verifier
}

// word is the n-th of many different words.
func word(n int) string {
	const first, then = "bdfghklmnprstvz", "aeiou"
	sum := sha256.Sum256(fmt.Append(nil, n))
	out := ""
	for i := range 4 {
		out += string(first[int(sum[2*i])%len(first)]) + string(then[int(sum[2*i+1])%len(then)])
	}
	return out
}

// say says something, and returns its place.
func (w *world) say(says tearline.Predicate, subjects ...tearline.Subject) int64 {
	w.at = w.at.Add(time.Second)
	s := must[ledger.Signed](w.tb)(ledger.Sign(w.statement, bytes.Repeat([]byte{byte(w.leaves)}, 32), tearline.Statement{By: holder, At: w.at, Says: says, Subjects: subjects}))
	w.hashes = append(w.hashes, must[[]tlog.Hash](w.tb)(tlog.StoredHashes(w.leaves, ledger.Leaf(s.Salt, s.Envelope), w))...)
	w.signed = append(w.signed, s)
	w.leaves++
	return w.leaves - 1
}

func (w *world) receipt(i int64) json.RawMessage {
	r := must[ledger.Receipt](w.tb)(ledger.Prove(w.log, w.signed[i], i, w.leaves, w))
	return must[[]byte](w.tb)(json.Marshal(r))
}

// newWorld has a report of three portions, the last of which few readers got.
func newWorld(tb testing.TB, readers int) *world {
	tb.Helper()
	return newWorldOf(tb, readers, 20)
}

// newWorldOf has so many sentences in each portion.
func newWorldOf(tb testing.TB, readers, sentences int) *world {
	tb.Helper()
	w := &world{tb: tb, at: time.Date(2031, 3, 1, 9, 0, 0, 0, time.UTC), wordings: map[tearline.PortionRef]tearline.Wording{}, secret: bytes.Repeat([]byte{7}, 32), secrets: attribution.Secrets{}}
	w.statement, w.key = key(tb, string(holder), 1)
	w.log, w.logKey = key(tb, ledger.Origin(holder), 2)
	pairs := []string{"{found|seen}", "{before|until}", "{about|roughly|nearly}", "{large|heavy}", "{on|off}", "{near|behind}"}
	says := &tearline.Fingerprint{Report: "R-7", Code: tearline.CodeNuida}
	for p := range 3 {
		var b strings.Builder
		for i := range sentences {
			n := sentences*p + i
			fmt.Fprintf(&b, "%s %s %s %s %s %s %s. ", word(7*n), word(7*n+1), word(7*n+2), pairs[i%len(pairs)], word(7*n+3), word(7*n+4), word(7*n+5))
		}
		if p == 0 {
			b.WriteString("It held tools{|, a lamp battery,} and three maps of the coast.")
		}
		ref := tearline.PortionRef{Report: "R-7", Portion: tearline.PortionID(fmt.Sprintf("p%d", p+1))}
		x := must[tearline.Wording](tb)(tearline.ParseWording(b.String()))
		w.refs, w.wordings[ref] = append(w.refs, ref), x
		s := must[fingerprint.Secret](tb)(fingerprint.PortionSecret(w.secret, says.Code, ref, x))
		says.Portions = append(says.Portions, tearline.FingerprintedPortion{ID: ref.Portion, Points: x.Points(), Commitment: s.Commitment()})
		w.secrets[ref] = attribution.Keys{Secret: s}
	}
	w.say(&tearline.Exclusion{Party: "XEL"}) // what has nothing to do with it
	at := w.say(says)
	root := must[tlog.Hash](tb)(tlog.TreeHash(at+1, w))
	w.proof = attribution.SecretProof{Report: "R-7", Size: at + 1, Root: base64.StdEncoding.EncodeToString(root[:]), Portions: map[tearline.PortionID]string{}}
	for ref, k := range w.secrets {
		k.Size, k.Root = at+1, root
		w.secrets[ref] = k
	}
	for i := range readers {
		w.readers = append(w.readers, fingerprint.Reader{Party: tearline.PartyID(fmt.Sprintf("P%03d", i))})
	}
	return w
}

// text is what a reader has.
func (w *world) text(r fingerprint.Reader) string {
	var b strings.Builder
	for _, ref := range w.refs {
		k := w.secrets[ref]
		x := w.wordings[ref]
		b.WriteString(must[string](w.tb)(x.Render(k.Secret.Key(fingerprint.Words, k.Size, k.Root).Of(x).Choices(r))) + " ")
	}
	return b.String()
}

// contains says what is in reader i's copy.
func (w *world) contains(i int) []tearline.PortionRef {
	if i%3 == 2 {
		return w.refs[:2]
	}
	return w.refs
}

// attribute compares all copies with a text, and puts it in a bundle.
func (w *world) attribute(leak string) *attribution.Bundle {
	w.tb.Helper()
	b := &attribution.Bundle{Party: holder, LogKey: w.logKey, Keys: []string{w.key}, LeakSalt: bytes.Repeat([]byte{3}, 32), ReadingSalt: bytes.Repeat([]byte{4}, 32), FindingSalt: bytes.Repeat([]byte{5}, 32)}
	var copies []int64
	for i, r := range w.readers {
		id := tearline.CopyID(fmt.Sprintf("COPY-%03d", i))
		d := &tearline.Disclosure{Report: "R-7", Recipient: r.Party, Mode: tearline.Document, Copy: id, Occurred: w.at}
		for _, ref := range w.contains(i) {
			d.Items = append(d.Items, tearline.DisclosedItem{Portion: ref, Outcome: tearline.Release, Basis: tearline.ByMarking})
		}
		copies = append(copies, w.say(d, tearline.Subject{Name: "copy", Digest: tearline.DigestContent(nil, string(id))}))
		b.Candidates = append(b.Candidates, attribution.Candidate{Reader: r, Copies: []tearline.CopyID{id}, Portions: w.contains(i)})
	}
	var portions []attribution.Portion
	for _, ref := range w.refs {
		portions = append(portions, attribution.Portion{Ref: ref, Wording: w.wordings[ref]})
		revealed := w.secrets[ref].Secret.Reveal()
		w.proof.Portions[ref.Portion] = hex.EncodeToString(revealed[:])
	}
	b.Reading = attribution.Read(leak, portions)
	reading := w.say(&tearline.Reading{
		Officer: "A", Second: "B", Because: "it is out", Seen: w.at, Where: "evening paper", Portions: w.refs, Points: b.Reading.Points(),
		Copies: len(b.Candidates), Look: 1, Bound: attribution.FormatBound(1e-6), Rules: attribution.Rules,
	}, tearline.Subject{Name: "leak", Digest: tearline.DigestContent(b.LeakSalt, leak)},
		tearline.Subject{Name: "reading", Digest: must[tearline.Digest](w.tb)(attribution.Digest(b.ReadingSalt, &b.Reading))})
	f := must[*attribution.Finding](w.tb)(attribution.Compare(&b.Reading, w.secrets, b.Candidates, 1e-6, 1))
	b.Finding = *f
	finding := w.say(f.Says(w.signed[reading].Statement.ID), tearline.Subject{Name: "finding", Digest: must[tearline.Digest](w.tb)(attribution.Digest(b.FindingSalt, f))})
	b.ReadingIs, b.FindingIs = w.receipt(reading), w.receipt(finding)
	for _, i := range copies {
		b.Disclosures = append(b.Disclosures, w.receipt(i))
	}
	w.proof.Receipt = w.receipt(w.proof.Size - 1)
	w.proof.Consistency = attribution.MarshalProof(must[tlog.TreeProof](w.tb)(ledger.ProveConsistency(w.proof.Size, w.leaves, w)))
	b.Secrets = []attribution.SecretProof{w.proof}
	return b
}

// again is a bundle as it is read from its bytes.
func again(tb testing.TB, b *attribution.Bundle) *attribution.Bundle {
	tb.Helper()
	var buf bytes.Buffer
	if err := b.Encode(&buf); err != nil {
		tb.Fatal(err)
	}
	return must[*attribution.Bundle](tb)(attribution.Decode(&buf))
}

func TestNamesTheCopyAndVerifies(t *testing.T) {
	w := newWorld(t, 30)
	b := again(t, w.attribute(w.text(w.readers[4])))
	f, err := b.Verify()
	if err != nil {
		t.Fatal(err)
	}
	if f.Finding != tearline.FoundCopies || !slices.Equal(f.NamedCopies(), []tearline.CopyID{"COPY-004"}) {
		t.Fatalf("%+v", f)
	}
	if n := f.Named[0]; n.Agree != n.Points || n.Points < 60 || n.Adjusted > 1e-6 || n.P*30*2 > n.Adjusted*1.0001 {
		t.Errorf("%+v", n)
	}
	words := strings.Join(f.Words(), "\n")
	for _, want := range []string{"copy COPY-004", "allowing for all 30 copies", "look 1", "concerns copies, not persons"} {
		if !strings.Contains(words, want) {
			t.Errorf("%q is not in:\n%s", want, words)
		}
	}
	if len(attribution.Overturns()) < 4 {
		t.Error("hardly anything would overturn it")
	}
}

// What no copy has named nobody; nor does a text that shows little, or one of
// which all readers have the same.
func TestNamesNobody(t *testing.T) {
	for name, tt := range map[string]struct {
		readers int
		text    func(w *world) string
		why     string
	}{
		"another's": {30, func(w *world) string { return w.text(fingerprint.Reader{Party: "OUTSIDER"}) }, "chance alone may do as well"},
		"a passage": {30, func(w *world) string { return w.text(w.readers[4])[:900] }, "named on fewer than 20"},
		"two only":  {2, func(w *world) string { return w.text(w.readers[1]) }, "fewer than 3 are never told apart"},
		"nothing":   {30, func(*world) string { return "The weather stayed fine." }, "shows 0 marked places"},
	} {
		w := newWorld(t, tt.readers)
		b := again(t, w.attribute(tt.text(w)))
		f, err := b.Verify()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if f.Finding == tearline.FoundCopies || len(f.Named) > 0 || !strings.Contains(f.Words()[0], tt.why) {
			t.Errorf("%s: %+v\n%s", name, f, f.Words())
		}
	}
}

// Words of a finding never speak of persons as if it had found one.
func TestWordsAreOfCopies(t *testing.T) {
	findings := []attribution.Finding{
		{Finding: tearline.FoundNothing, Reason: bound.WithinChance, Readers: 10, Points: 30},
		{Finding: tearline.FoundNothing, Reason: bound.TooFewPoints, Readers: 10, Points: 3},
		{Finding: tearline.FoundNothing, Reason: bound.TooFewCopies, Readers: 1, Points: 30},
		{Finding: tearline.FoundNarrower, Reason: bound.WithinChance, Readers: 1000, Points: 30, Narrowed: &attribution.Narrowed{Readers: 31, Alpha: 0.03, Expected: 30}},
		{Finding: tearline.FoundCopies, Readers: 10, Points: 50, Look: 2, Bound: 1e-6, Named: []attribution.Named{
			{Copies: []tearline.CopyID{"A"}, Points: 50, Agree: 49, P: 1e-20, Adjusted: 6e-19, Round: 1}, {Copies: []tearline.CopyID{"B", "C"}, Points: 50, Agree: 40, P: 0, Adjusted: 9.96e-9, Round: 2},
		}},
	}
	for i := range findings {
		words := strings.ToLower(strings.Join(append(findings[i].Words(), attribution.Overturns()...), " "))
		for _, bad := range []string{"prove", "guilty", "leaker", "certain", "culprit", "suspect", "best match", "traitor"} {
			if strings.Contains(words, bad) {
				t.Errorf("%q in: %s", bad, words)
			}
		}
	}
	words := strings.Join(findings[4].Words(), " ")
	for _, want := range []string{"49 of 50", "1.0e-20", "6.0e-19", "below 1e-300", "1.0e-08", "copies B, C (one wording)", "any of these 2"} {
		if !strings.Contains(words, want) {
			t.Errorf("%q is not in: %s", want, words)
		}
	}
}

// A bundle of which anything is changed does not verify.
func TestVerifyRefuses(t *testing.T) {
	w := newWorld(t, 8)
	whole := w.attribute(w.text(w.readers[4]))
	if _, err := again(t, whole).Verify(); err != nil {
		t.Fatal(err)
	}
	other := newWorld(t, 9) // another ledger, under the same keys
	others := other.attribute(other.text(other.readers[4]))
	for name, change := range map[string]func(b *attribution.Bundle){
		"another party":           func(b *attribution.Bundle) { b.Party = "XSU" },
		"another log key":         func(b *attribution.Bundle) { _, b.LogKey = key(t, ledger.Origin(holder), 9) },
		"another key":             func(b *attribution.Bundle) { _, k := key(t, string(holder), 9); b.Keys = []string{k} },
		"no keys":                 func(b *attribution.Bundle) { b.Keys = nil },
		"the text":                func(b *attribution.Bundle) { b.Reading.Leak += "." },
		"what was read":           func(b *attribution.Bundle) { b.Reading.Portions[0].Seen[3] ^= 1 },
		"a portion fewer":         func(b *attribution.Bundle) { b.Reading.Portions = b.Reading.Portions[:2] },
		"a wording":               func(b *attribution.Bundle) { b.Reading.Portions[0].Wording += "x" },
		"a page":                  func(b *attribution.Bundle) { b.Reading.Portions[0].Page = []attribution.Shift{{Word: 1, Percent: 5}} },
		"salt of the leak":        func(b *attribution.Bundle) { b.LeakSalt[0] ^= 1 },
		"salt of the reading":     func(b *attribution.Bundle) { b.ReadingSalt[0] ^= 1 },
		"salt of the finding":     func(b *attribution.Bundle) { b.FindingSalt[0] ^= 1 },
		"the finding":             func(b *attribution.Bundle) { b.Finding.Named[0].P /= 10 },
		"the copy named":          func(b *attribution.Bundle) { b.Finding.Named[0].Copies[0] = "COPY-005" },
		"a secret":                func(b *attribution.Bundle) { b.Secrets[0].Portions["p1"] = strings.Repeat("0", 64) },
		"a short secret":          func(b *attribution.Bundle) { b.Secrets[0].Portions["p1"] = "00" },
		"a secret fewer":          func(b *attribution.Bundle) { delete(b.Secrets[0].Portions, "p1") },
		"a secret too many":       func(b *attribution.Bundle) { b.Secrets[0].Portions["p9"] = strings.Repeat("0", 64) },
		"the size it is bound to": func(b *attribution.Bundle) { b.Secrets[0].Size++ },
		"the root it is bound to": func(b *attribution.Bundle) { b.Secrets[0].Root = base64.StdEncoding.EncodeToString(make([]byte, 32)) },
		"consistency":             func(b *attribution.Bundle) { b.Secrets[0].Consistency = b.Secrets[0].Consistency[1:] },
		"another report":          func(b *attribution.Bundle) { b.Secrets[0].Report = "R-8" },
		"no commitment":           func(b *attribution.Bundle) { b.Secrets = nil },
		"a commitment elsewhere":  func(b *attribution.Bundle) { b.Secrets[0].Receipt = others.Secrets[0].Receipt },
		"a copy fewer":            func(b *attribution.Bundle) { b.Candidates = b.Candidates[1:] },
		"a record fewer":          func(b *attribution.Bundle) { b.Disclosures = b.Disclosures[1:] },
		"copy and record fewer": func(b *attribution.Bundle) {
			b.Candidates, b.Disclosures = b.Candidates[1:], b.Disclosures[1:]
		},
		"a record twice":      func(b *attribution.Bundle) { b.Disclosures[1] = b.Disclosures[0] },
		"another reader":      func(b *attribution.Bundle) { b.Candidates[0].Reader.Party = "P999" },
		"a reader twice":      func(b *attribution.Bundle) { b.Candidates = append(b.Candidates, b.Candidates[0]) },
		"a copy of two":       func(b *attribution.Bundle) { b.Candidates[0].Copies = append(b.Candidates[0].Copies, "COPY-001") },
		"a portion less":      func(b *attribution.Bundle) { b.Candidates[0].Portions = b.Candidates[0].Portions[1:] },
		"no record but other": func(b *attribution.Bundle) { b.Disclosures[0] = b.ReadingIs },
		"reading for finding": func(b *attribution.Bundle) { b.FindingIs = b.ReadingIs },
		"finding first":       func(b *attribution.Bundle) { b.ReadingIs, b.FindingIs = b.FindingIs, b.ReadingIs },
		"another ledger's":    func(b *attribution.Bundle) { b.ReadingIs, b.FindingIs = others.ReadingIs, others.FindingIs },
		"look":                func(b *attribution.Bundle) { b.Finding.Look = 2 },
		"bound":               func(b *attribution.Bundle) { b.Finding.Bound = 1e-3 },
	} {
		b := again(t, whole)
		change(b)
		if f, err := b.Verify(); !errors.Is(err, attribution.ErrBundle) || f != nil {
			t.Errorf("%s: %v, %v", name, f, err)
		}
	}
}

// What statements have the digest of stands in the bundle, byte for byte.
func TestDigestsAreOfWhatStandsThere(t *testing.T) {
	w := newWorld(t, 3)
	b := w.attribute("a <b> & \u2028 c")
	var buf bytes.Buffer
	if err := b.Encode(&buf); err != nil {
		t.Fatal(err)
	}
	var raw struct{ Reading, Finding json.RawMessage }
	if err := json.Unmarshal(buf.Bytes(), &raw); err != nil {
		t.Fatal(err)
	}
	for i, of := range []struct {
		raw  json.RawMessage
		salt []byte
		v    any
	}{{raw.Reading, b.ReadingSalt, &b.Reading}, {raw.Finding, b.FindingSalt, &b.Finding}} {
		if got := must[tearline.Digest](t)(attribution.Digest(of.salt, of.v)); got != tearline.DigestContent(of.salt, string(of.raw)) {
			t.Errorf("%d: %s", i, of.raw)
		}
	}
}

// An optional detail that is not there says nothing; one that is does.
func TestDetailsAreOneSided(t *testing.T) {
	w := must[tearline.Wording](t)(tearline.ParseWording("The crate by the quay held rusty tools{|, a lamp battery,} and three maps of the coast."))
	ref := tearline.PortionRef{Report: "R", Portion: "p1"}
	with := attribution.Read("The crate by the quay held rusty tools, a lamp battery, and three maps of the coast.", []attribution.Portion{{Ref: ref, Wording: w}})
	without := attribution.Read("The crate by the quay held rusty tools and three maps of the coast.", []attribution.Portion{{Ref: ref, Wording: w}})
	if with.Points() != 1 || without.Points() != 0 || without.Portions[0].Seen[0] != 0 {
		t.Errorf("%d points with it, %d without: %v", with.Points(), without.Points(), without.Portions[0].Seen)
	}
}

// All looks there may ever be pay no more than the whole bound.
func TestPriceSpendsTheBoundOnce(t *testing.T) {
	sum := 0.0
	for k := 1; k <= 1000; k++ {
		sum += 1 / float64(attribution.Price(k))
	}
	if sum > 1 || sum < 0.999 {
		t.Errorf("a thousand looks spend %v of the bound", sum)
	}
}

// A page's marks name a copy by themselves.
func TestPageMarks(t *testing.T) {
	w := newWorld(t, 30)
	ref := w.refs[0]
	k := w.secrets[ref]
	page := k.Secret.Key(fingerprint.Page, k.Size, k.Root).Shifts(300).Choices(w.readers[4])
	r := attribution.Read("", []attribution.Portion{{Ref: ref, Wording: w.wordings[ref]}})
	var all []attribution.Candidate
	for i, reader := range w.readers {
		all = append(all, attribution.Candidate{Reader: reader, Copies: []tearline.CopyID{tearline.CopyID(fmt.Sprint(i))}, Portions: w.contains(i)})
	}
	for i := 0; i < 300; i += 3 {
		r.Portions[0].Page = append(r.Portions[0].Page, attribution.Shift{Word: i, Right: page[i] == 1, Percent: 1 + i%5})
	}
	if r.Points() != 100 {
		t.Errorf("%d points", r.Points())
	}
	f := must[*attribution.Finding](t)(attribution.Compare(&r, w.secrets, all, 1e-6, 1))
	if !slices.Equal(f.NamedCopies(), []tearline.CopyID{"4"}) {
		t.Errorf("%+v", f)
	}
	r.Portions[0].Page[5].Word = r.Portions[0].Page[4].Word
	if _, err := attribution.Compare(&r, w.secrets, all, 1e-6, 1); err == nil {
		t.Error("a word is taken twice")
	}
}

func FuzzDecode(f *testing.F) {
	w := newWorldOf(f, 3, 1)
	var buf bytes.Buffer
	if err := w.attribute(w.text(w.readers[1])).Encode(&buf); err != nil {
		f.Fatal(err)
	}
	f.Add(buf.Bytes())
	f.Add([]byte(`{"format":"tearline-attribution-1"}`))
	valid := buf.String()
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := attribution.Decode(bytes.NewReader(data))
		if err != nil {
			return
		}
		if _, err := b.Verify(); err == nil && !strings.Contains(valid, string(b.ReadingIs)) {
			t.Error("something else verifies")
		}
	})
}
