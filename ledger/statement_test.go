package ledger_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tearline"
	"tearline/ledger"
)

func TestEveryKindOpens(t *testing.T) {
	for _, s := range examples(t) {
		t.Run(string(s.Kind()), func(t *testing.T) {
			signed := sign(t, s)
			got, err := ledger.Open(signed.Envelope, testKeys(t))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(signed.Statement, got); diff != "" {
				t.Errorf("opened, not as signed:\n%s", diff)
			}
			s.ID = got.ID
			if diff := cmp.Diff(s, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("opened, not as said:\n%s", diff)
			}
			decoded, err := ledger.Decode(signed.Envelope)
			if diff := cmp.Diff(got, decoded); err != nil || diff != "" {
				t.Errorf("Decode = %v\n%s", err, diff)
			}
		})
	}
	for _, k := range kinds() {
		if _, ok := tearline.NewPredicate(k); !ok {
			t.Errorf("example of kind %s, which is not in the vocabulary", k)
		}
	}
}

// kinds are the kinds of statement, as the vocabulary lists them.
func kinds() []tearline.StatementKind {
	return []tearline.StatementKind{
		tearline.KindFiling, tearline.KindParty, tearline.KindAgreement, tearline.KindExclusion, tearline.KindTie,
		tearline.KindEmbargo, tearline.KindRequest, tearline.KindConsent, tearline.KindDeclassification, tearline.KindDiscretion,
		tearline.KindDisclosure, tearline.KindReceipt, tearline.KindRevocation, tearline.KindSighting,
		tearline.KindDelegation, tearline.KindRecall, tearline.KindConfirmation, tearline.KindWarrant,
		tearline.KindFingerprint, tearline.KindErasure, tearline.KindReading, tearline.KindAttribution, tearline.KindCase, tearline.KindExposure,
	}
}

// TestEnvelopeIsDSSE reads an envelope with nothing of ours.
func TestEnvelopeIsDSSE(t *testing.T) {
	signed := sign(t, examples(t)[0])
	var e struct {
		Payload     []byte
		PayloadType string
		Signatures  []struct {
			KeyID string
			Sig   []byte
		}
	}
	if err := json.Unmarshal(signed.Envelope, &e); err != nil {
		t.Fatal(err)
	}
	if e.PayloadType != "application/vnd.in-toto+json" || len(e.Signatures) != 1 || len(e.Signatures[0].Sig) != 64 {
		t.Errorf("envelope %s", signed.Envelope)
	}
	if verifier := statementKey(t).Verifier(); !strings.HasPrefix(verifier, e.Signatures[0].KeyID+"+") {
		t.Errorf("key id %s of key %s", e.Signatures[0].KeyID, verifier)
	}
	var p struct {
		Type    string `json:"_type"`
		Subject []struct {
			Name   string
			Digest map[string]string
		}
		PredicateType string
		Predicate     struct {
			By, At string
			Says   map[string]any
		}
	}
	if err := json.Unmarshal(e.Payload, &p); err != nil {
		t.Fatal(err)
	}
	if p.Type != "https://in-toto.io/Statement/v1" || p.PredicateType != "urn:tearline:filing:v1" || len(p.Subject) != 4 ||
		p.Subject[2].Name != "p1~tear" || p.Subject[2].Digest["sha256"] != signed.Statement.Subjects[2].Digest.String() ||
		p.Predicate.By != "XNO-S" || p.Predicate.At != "2031-03-01T09:30:00Z" || p.Predicate.Says["report"] != "XNO/2031/7" {
		t.Errorf("payload %s", e.Payload)
	}
}

func TestSignIsDeterministic(t *testing.T) {
	s := examples(t)[0]
	a, b := sign(t, s), sign(t, s)
	if !bytes.Equal(a.Envelope, b.Envelope) || a.Statement.ID != b.Statement.ID {
		t.Error("the same statement gives two envelopes")
	}
	local := s
	local.At = s.At.In(time.FixedZone("", 3600))
	if c := sign(t, local); !bytes.Equal(a.Envelope, c.Envelope) || c.Statement.At.Location() != time.UTC {
		t.Error("the time is not brought to UTC")
	}
	leaf := ledger.Leaf(a.Salt, a.Envelope)
	if len(leaf) != 33 || leaf[0] != 1 || bytes.Equal(leaf, ledger.Leaf(testSalt(9), a.Envelope)) {
		t.Errorf("leaf %x", leaf)
	}
}

func TestSignRefuses(t *testing.T) {
	ok := tearline.Statement{By: norland, At: on(1), Says: &tearline.Exclusion{Party: "XEL-Y"}}
	with := func(change func(*tearline.Statement)) tearline.Statement {
		s := ok
		change(&s)
		return s
	}
	says := func(p tearline.Predicate) tearline.Statement {
		return with(func(s *tearline.Statement) { s.Says = p })
	}
	named := func(name string) tearline.Statement {
		return with(func(s *tearline.Statement) { s.Subjects = subjects(name) })
	}
	oslo := time.FixedZone("", 3600)
	for _, tc := range []struct {
		name, want string
		s          tearline.Statement
	}{
		{"nothing said", "says nothing", says(nil)},
		{"nil predicate", "says nothing", says((*tearline.Filing)(nil))},
		{"no party", "by: party", with(func(s *tearline.Statement) { s.By = "" })},
		{"party with quotation mark", "by: party", with(func(s *tearline.Statement) { s.By = `A"B` })},
		{"no time", "at: no time", with(func(s *tearline.Statement) { s.At = time.Time{} })},
		{"year 10000", "at: time", with(func(s *tearline.Statement) { s.At = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) })},
		{"subject without name", "subject", named("")},
		{"subject says", "reserved", named("says")},
		{"subject with quotation mark", "subject", named(`p"2`)},
		{"subject with backslash", "subject", named(`p\2`)},
		{"subject beyond ASCII", "subject", named("pé")},
		{"subject too long", "subject", named(strings.Repeat("p", 257))},
		{"term not in UTC", "until: time", says(&tearline.Exclusion{Party: "XEL-Y", Term: tearline.Term{Until: on(3).In(oslo)}})},
		{"text not UTF-8", "UTF-8", says(&tearline.Revocation{Of: "aaaabbbbccccddddaaaabbbbaa", Because: "a\xffb"})},
		{"text not UTF-8 after a backslash", "UTF-8", says(&tearline.Revocation{Of: "aaaabbbbccccddddaaaabbbbaa", Because: "\\ufffd\\\xff"})},
		{"statement id", "of: statement", says(&tearline.Revocation{Of: "AAAA"})},
		{"report id", "report: report id", says(&tearline.Embargo{Report: "a//b"})},
		{"portion ref", "portions: report id", says(&tearline.Request{Originator: sudland, Recipient: "XOS-Q", Mode: tearline.Oral, Portions: []tearline.PortionRef{{}}})},
		{"slash in portion", "slash", says(&tearline.Sighting{Seen: on(1), Matches: []tearline.PortionRef{{Report: "a", Portion: "b/c"}}})},
		{"no mode", "mode", says(&tearline.Request{Originator: sudland, Recipient: "XOS-Q"})},
		{"onward", "onward", says(&tearline.Agreement{Name: "x", Parties: [2]tearline.PartyID{"A", "B"}, Onward: "maybe"})},
		{"outcome", "outcome", says(&tearline.Disclosure{Recipient: "A", Mode: tearline.Oral, Occurred: on(1), Items: []tearline.DisclosedItem{{Portion: ref("a/b"), Outcome: 9}}})},
		{"basis", "basis", says(&tearline.Disclosure{Recipient: "A", Mode: tearline.Oral, Occurred: on(1), Items: []tearline.DisclosedItem{{Portion: ref("a/b"), Basis: "rumour"}}})},
		{"not occurred", "occurred: no time", says(&tearline.Disclosure{Recipient: "A", Mode: tearline.Oral})},
		{"date", "date", says(&tearline.Filing{Report: "a", Originator: "A", Policy: "us", Date: "2031-02-30"})},
		{"key", "log_key", says(&tearline.PartyRecord{Party: "A", LogKey: "A+00000000+AAAA"})},
		{"no copy", "copy: empty", says(&tearline.Receipt{})},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := ledger.Sign(statementKey(t), testSalt(0), tc.s)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("Sign = %v, want an error with %q", err, tc.want)
			}
		})
	}
	if _, err := ledger.Sign(statementKey(t), testSalt(0)[:31], ok); err == nil {
		t.Error("salt of 31 bytes accepted")
	}
	if _, err := ledger.Sign(logKey(t), testSalt(0), ok); err == nil {
		t.Error("a log key signs a statement")
	}
	for _, k := range []*ledger.Key{nil, {}} {
		if _, err := ledger.Sign(k, testSalt(0), ok); err == nil {
			t.Error("no key signs")
		}
	}
}

// TestSignListsAllFaults has three faults in one predicate.
func TestSignListsAllFaults(t *testing.T) {
	_, err := ledger.Sign(statementKey(t), testSalt(0), tearline.Statement{By: norland, At: on(1), Says: &tearline.Tie{Party: "?", To: "!", Term: tearline.Term{From: on(1).In(time.FixedZone("", 60))}}})
	for _, want := range []string{"party:", "to:", "from:"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Sign = %v, want a fault of %q", err, want)
		}
	}
}

// resign puts another payload into an envelope, signed by its key.
func resign(tb testing.TB, k *ledger.Key, payload string) []byte {
	tb.Helper()
	sig := must[[]byte](tb)(ledger.SignRaw(k, []byte(payload)))
	id := strings.Join(strings.SplitN(k.Verifier(), "+", 3)[:2], "+")
	return []byte(`{"payload":"` + base64.StdEncoding.EncodeToString([]byte(payload)) +
		`","payloadType":"application/vnd.in-toto+json","signatures":[{"keyid":"` + id + `","sig":"` + base64.StdEncoding.EncodeToString(sig) + `"}]}`)
}

func payloadOf(tb testing.TB, envelope []byte) string {
	tb.Helper()
	var e struct{ Payload []byte }
	if err := json.Unmarshal(envelope, &e); err != nil {
		tb.Fatal(err)
	}
	return string(e.Payload)
}

// TestOpenRefusesOtherForms signs, validly, what says the same in other bytes,
// or says more.
func TestOpenRefusesOtherForms(t *testing.T) {
	k := statementKey(t)
	exclusion := payloadOf(t, sign(t, examples(t)[3]).Envelope)
	request := payloadOf(t, sign(t, examples(t)[6]).Envelope)
	if _, err := ledger.Open(resign(t, k, exclusion), testKeys(t)); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ name, payload, from, to string }{
		{"space", exclusion, `"at":`, `"at": `},
		{"trailing newline", exclusion, `}}}`, "}}}\n"},
		{"trailing object", request, `}}}`, "}}}{}"},
		{"unknown member of what it says", exclusion, `"ties":true`, `"ties":true,"x":1`},
		{"unknown member of the predicate", exclusion, `"says":`, `"x":1,"says":`},
		{"unknown member of the statement", exclusion, `"predicateType"`, `"x":1,"predicateType"`},
		{"doubled member", exclusion, `"ties":true`, `"ties":true,"ties":true`},
		{"doubled member, other case", exclusion, `"ties":true`, `"ties":true,"TIES":true`},
		{"other case", exclusion, `"ties"`, `"Ties"`},
		{"escape", exclusion, `"ties"`, `"\u0074ies"`},
		{"false written out", exclusion, `"ties":true`, `"ties":false`},
		{"null", request, `"purpose":"warning of the harbour"`, `"purpose":null`},
		{"null list", request, `["XNO/2031/7/p1","XNO/2031/7/p2"]`, `null`},
		{"order", exclusion, `"party":"XEL-Y","ties":true`, `"ties":true,"party":"XEL-Y"`},
		{"time zone", exclusion, `"at":"2031-03-01T09:30:00Z"`, `"at":"2031-03-01T09:30:00+00:00"`},
		{"lower-case time", exclusion, `"at":"2031-03-01T09:30:00Z"`, `"at":"2031-03-01t09:30:00z"`},
		{"time with zeros", exclusion, `"at":"2031-03-01T09:30:00Z"`, `"at":"2031-03-01T09:30:00.0Z"`},
		{"no day", exclusion, `"at":"2031-03-01T09`, `"at":"2031-02-30T09`},
		{"term with offset", exclusion, `"until":"2031-03-30T09:30:00Z"`, `"until":"2031-03-30T10:30:00+01:00"`},
		{"kind", exclusion, `urn:tearline:exclusion:v1`, `urn:tearline:rumour:v1`},
		{"version", exclusion, `exclusion:v1`, `exclusion:v2`},
		{"another kind", exclusion, `urn:tearline:exclusion:v1`, `urn:tearline:tie:v1`},
		{"type", exclusion, `Statement/v1`, `Statement/v0.1`},
		{"no subject", exclusion, exclusion[strings.Index(exclusion, `{"name"`):strings.Index(exclusion, `],"pred`)], ``},
		{"says subject of something else", exclusion, `"XEL-Y"`, `"XEL-Z"`},
		{"says beside others", request, `"name":"XNO/2031/7/p1"`, `"name":"says"`},
		{"upper-case digest", request, "", ""},
		{"short digest", request, `"}},{"name"`, `0"}},{"name"`},
		{"escaped name", request, `"name":"XNO`, `"name":"\u0058NO`},
		{"another party", exclusion, `"by":"XNO-S"`, `"by":"XSU-S"`},
		{"not a party", exclusion, `"by":"XNO-S"`, `"by":"XNO X"`},
		{"deep", exclusion, `"ties":true`, `"ties":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000)},
		{"not UTF-8", request, `warning`, "warning\xff"},
		{"replacement escape", request, `warning`, `warning\ufffd`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			payload := strings.Replace(tc.payload, tc.from, tc.to, 1)
			if tc.name == "upper-case digest" {
				sum := subjects("XNO/2031/7/p1")[0].Digest.String()
				payload = strings.Replace(tc.payload, sum, strings.ToUpper(sum), 1)
			}
			if payload == tc.payload {
				t.Fatalf("the change changes nothing in %s", payload)
			}
			envelope := resign(t, k, payload)
			if s, err := ledger.Open(envelope, testKeys(t)); !errors.Is(err, ledger.ErrTampered) {
				t.Errorf("Open = %+v, %v", s, err)
			}
			if _, err := ledger.Decode(envelope); tc.name != "another party" && !errors.Is(err, ledger.ErrFormat) {
				t.Errorf("Decode: %v", err)
			}
		})
	}
}

func TestOpenRefusesOtherEnvelopes(t *testing.T) {
	good := string(sign(t, examples(t)[3]).Envelope)
	payload := good[len(`{"payload":"`):strings.Index(good, `","payloadType`)]
	for _, tc := range []struct{ name, envelope string }{
		{"nothing", ""},
		{"not JSON", "envelope"},
		{"space", strings.Replace(good, `":"`, `": "`, 1)},
		{"newline", good + "\n"},
		{"newline in base64", strings.Replace(good, payload, payload[:8]+"\n"+payload[8:], 1)},
		{"base64 without padding", strings.TrimSuffix(good, `=="}]}`) + `"}]}`},
		{"no signature", good[:strings.Index(good, `{"keyid"`)] + "]}"},
		{"two signatures", strings.Replace(good, `}]}`, `},`+good[strings.Index(good, `{"keyid"`):len(good)-2]+`]}`, 1)},
		{"payload type", strings.Replace(good, `in-toto`, `in-tota`, 1)},
		{"doubled payload", strings.Replace(good, `{`, `{"payload":"",`, 1)},
		{"key id", strings.Replace(good, `XNO-S-test-only+`, `XSU-S-test-only+`, 1)},
		{"too long", good + strings.Repeat(" ", ledger.MaxEnvelope)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if tc.envelope == good {
				t.Fatal("the change changes nothing")
			}
			if _, err := ledger.Open([]byte(tc.envelope), testKeys(t)); !errors.Is(err, ledger.ErrTampered) {
				t.Errorf("Open: %v", err)
			}
		})
	}
}

func TestOpenKeys(t *testing.T) {
	signed := sign(t, examples(t)[3])
	own, other := statementKey(t).Verifier(), partnerKey(t).Verifier()
	newer := testKey(t, "XNO-S-test-only", 7).Verifier()
	for _, tc := range []struct {
		name string
		keys ledger.Verifiers
		want bool
	}{
		{"none", nil, false},
		{"the party's", ledger.Verifiers{norland: {own}}, true},
		{"an older one of the party's", ledger.Verifiers{norland: {newer, own}}, true},
		{"a newer one only", ledger.Verifiers{norland: {newer}}, false},
		{"another party's", ledger.Verifiers{sudland: {own}}, false},
		{"both parties claim it", ledger.Verifiers{sudland: {own}, norland: {other, own}}, true},
		{"malformed ones", ledger.Verifiers{norland: {"", own[:len(own)-4], own + "AAAA", "x" + own}}, false},
	} {
		_, err := ledger.Open(signed.Envelope, tc.keys)
		if got := err == nil; got != tc.want || err != nil && !errors.Is(err, ledger.ErrSignature) {
			t.Errorf("%s: Open = %v", tc.name, err)
		}
	}
}

func TestFlippedBitOfEnvelope(t *testing.T) {
	for _, step := range []int{3, 7} { // examples of these numbers: some bits of every byte
		envelope := sign(t, examples(t)[step]).Envelope
		keys := testKeys(t)
		flips(envelope, step, func(at int, b []byte) {
			if _, err := ledger.Open(b, keys); !errors.Is(err, ledger.ErrTampered) {
				t.Fatalf("bit %d of byte %d flipped: %v", at%8, at/8, err)
			}
		})
	}
}

// flips calls try with every step-th bit flipped in turn, one at a time.
func flips(b []byte, step int, try func(at int, b []byte)) {
	b = bytes.Clone(b)
	for i := 0; i < 8*len(b); i += step {
		b[i/8] ^= 1 << (i % 8)
		try(i, b)
		b[i/8] ^= 1 << (i % 8)
	}
}

// TestLargeFiling files ten thousand portions.
func TestLargeFiling(t *testing.T) {
	f := tearline.Filing{Report: "bulk", Originator: norland, Policy: "us", Date: "2031-03-01", Banner: "SECRET"}
	s := tearline.Statement{By: norland, At: on(1), Says: &f}
	for i := range 10_000 {
		id := tearline.PortionID("p" + hex.EncodeToString([]byte{byte(i >> 8), byte(i)}))
		f.Portions = append(f.Portions, tearline.FiledPortion{ID: id, Originator: norland, Marking: "S//NF", Sources: []tearline.PortionRef{ref("XSU-44/p3")}})
		s.Subjects = append(s.Subjects, tearline.Subject{Name: string(id), Digest: tearline.DigestContent(testSalt(0), string(id))})
	}
	signed := sign(t, s)
	got, err := ledger.Open(signed.Envelope, testKeys(t))
	if err != nil || !reflect.DeepEqual(got, signed.Statement) {
		t.Errorf("Open = %v, or another statement", err)
	}
	f.Portions[0].Tear = strings.Repeat("x", ledger.MaxEnvelope)
	if _, err := ledger.Sign(statementKey(t), testSalt(0), s); err == nil {
		t.Error("an envelope beyond the limit is signed")
	}
}

// What was said before it was entered says so, and can be told from what was
// entered as it was said.
func TestRecorded(t *testing.T) {
	for _, test := range []struct {
		name     string
		recorded time.Time
		ok       bool
	}{
		{"as it was said", time.Time{}, true},
		{"afterwards", on(2), true},
		{"at the same time", on(1), false},
		{"before", on(1).Add(-time.Hour), false},
	} {
		s := tearline.Statement{By: norland, At: on(1), Recorded: test.recorded, Says: &tearline.Exclusion{Party: "XEL-Y"}}
		signed, err := ledger.Sign(statementKey(t), make([]byte, ledger.SaltSize), s)
		if (err == nil) != test.ok {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if err != nil {
			continue
		}
		got, err := ledger.Decode(signed.Envelope)
		if err != nil || !got.Recorded.Equal(test.recorded) || !got.At.Equal(on(1)) {
			t.Errorf("%s: %+v, %v", test.name, got, err)
		}
	}
}
