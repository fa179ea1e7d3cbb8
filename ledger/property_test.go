package ledger_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"tearline"
	"tearline/ledger"
)

// generators make values of the vocabulary's types by the type, so that a
// member which the vocabulary gains is generated too.
var generators = map[reflect.Type]func(*rapid.T) any{
	reflect.TypeFor[tearline.PartyID]():  drawn(func(s string) any { return tearline.PartyID(s) }, `[A-Za-z0-9][A-Za-z0-9._\-]{0,63}`),
	reflect.TypeFor[tearline.ReportID](): drawn(func(s string) any { return tearline.ReportID(s) }, `[A-Za-z0-9][A-Za-z0-9._\-:]{0,20}(/[A-Za-z0-9:]{1,9}){0,3}`),
	reflect.TypeFor[tearline.PortionID](): drawn(func(s string) any { return tearline.PortionID(s) },
		`[A-Za-z0-9][A-Za-z0-9._\-]{0,63}`),
	reflect.TypeFor[tearline.PortionRef](): drawn(func(s string) any { return ref(s) }, `[A-Z]{3}-[0-9]{1,5}/[a-z][0-9]{0,4}(~tear)?`),
	reflect.TypeFor[tearline.StatementID](): drawn(func(s string) any { return tearline.StatementID(s) },
		`[a-z2-7]{25}[aeimquy4]`),
	reflect.TypeFor[tearline.CopyID]():  drawn(func(s string) any { return tearline.CopyID(s) }, `c-[0-9a-f]{4,12}`),
	reflect.TypeFor[tearline.Mode]():    chosen(tearline.Document, tearline.Visual, tearline.Oral),
	reflect.TypeFor[tearline.Onward]():  chosen("", tearline.OnwardFree, tearline.OnwardAsk, tearline.OnwardNever),
	reflect.TypeFor[tearline.Power]():   chosen(tearline.PowerDeclassify, tearline.PowerDowngrade, tearline.PowerConsent, tearline.PowerDisclose, tearline.PowerSearch, tearline.PowerAttribute),
	reflect.TypeFor[tearline.Code]():    chosen(tearline.CodeNuida, tearline.CodeHalf),
	reflect.TypeFor[tearline.Finding](): chosen(tearline.FoundNothing, tearline.FoundNarrower, tearline.FoundCopies),
	reflect.TypeFor[tearline.CaseAct](): chosen(tearline.CaseOpened, tearline.CaseAdded, tearline.CaseClosed),
	reflect.TypeFor[tearline.Done]():    chosen(tearline.Destroyed, tearline.Returned, tearline.Sequestered, tearline.CannotComply),
	reflect.TypeFor[tearline.Outcome](): chosen(tearline.Deny, tearline.Refer, tearline.Release),
	reflect.TypeFor[tearline.Basis](): chosen(tearline.ByNothing, tearline.ByMarking, tearline.ByAgreement, tearline.ByDeclassification,
		tearline.ByStandingConsent, tearline.ByConsent, tearline.ByDiscretion),
	reflect.TypeFor[tearline.Digest](): func(t *rapid.T) any {
		return tearline.Digest(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "digest"))
	},
	reflect.TypeFor[time.Time](): func(t *rapid.T) any { return drawTime(t) },
	reflect.TypeFor[bool]():      func(t *rapid.T) any { return rapid.Bool().Draw(t, "bool") },
}

func drawn(as func(string) any, pattern string) func(*rapid.T) any {
	g := rapid.StringMatching(pattern)
	return func(t *rapid.T) any { return as(g.Draw(t, "text")) }
}

func chosen[T any](of ...T) func(*rapid.T) any {
	g := rapid.SampledFrom(of)
	return func(t *rapid.T) any { return g.Draw(t, "choice") }
}

func drawTime(t *rapid.T) time.Time {
	seconds := rapid.Int64Range(-60_000_000_000, 250_000_000_000).Draw(t, "seconds") // years 68 to 9892
	return time.Unix(seconds, rapid.SampledFrom([]int64{0, 1, 500_000_000, 999_999_999}).Draw(t, "ns")).UTC()
}

// fill draws a value into v. Of strings, date and keys have a form; the others
// are any text.
func fill(t *rapid.T, name string, v reflect.Value) {
	if g, ok := generators[v.Type()]; ok {
		v.Set(reflect.ValueOf(g(t)).Convert(v.Type()))
		return
	}
	switch v.Kind() { //nolint:exhaustive // the default refuses the kinds that the vocabulary does not use
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Type().Field(i).Name, v.Field(i))
		}
	case reflect.Int:
		v.SetInt(int64(rapid.IntRange(0, tearline.MaxDegree).Draw(t, name)))
	case reflect.Pointer:
		if rapid.Bool().Draw(t, name) {
			v.Set(reflect.New(v.Type().Elem()))
			fill(t, name, v.Elem())
		}
	case reflect.Array:
		for i := range v.Len() {
			fill(t, name, v.Index(i))
		}
	case reflect.Slice:
		n := rapid.IntRange(0, 4).Draw(t, name)
		if n > 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
		}
		for i := range n {
			fill(t, name, v.Index(i))
		}
	case reflect.String:
		v.SetString(drawString(t, name))
	default:
		t.Fatalf("%s: no generator for %s", name, v.Type())
	}
}

func drawString(t *rapid.T, name string) string {
	switch name {
	case "Date":
		return drawTime(t).Format(time.DateOnly)
	case "Case":
		return rapid.StringMatching(`[A-Za-z0-9][A-Za-z0-9._\-]{0,63}`).Draw(t, "case")
	case "Bound":
		return rapid.StringMatching(`[1-9](\.[0-9]{1,6})?e-[0-9]{2}`).Draw(t, "bound")
	case "DeclassifyOn":
		if rapid.Bool().Draw(t, "date") {
			return ""
		}
		return drawTime(t).Format(time.DateOnly)
	case "StatementKey", "LogKey":
		if rapid.Bool().Draw(t, "key") {
			return ""
		}
		seed := rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "seed")
		_, verifier, err := ledger.GenerateKey(bytes.NewReader(seed), "k")
		if err != nil {
			t.Fatal(err)
		}
		return verifier
	}
	s := rapid.String().Draw(t, name)
	if s == "" && (name == "Policy" || name == "Name" || name == "To") {
		return "x"
	}
	return s
}

// complete gives what is said what it must have.
func complete(p tearline.Predicate) {
	some := func(list ...*string) {
		for _, s := range list {
			if *s == "" {
				*s = "x"
			}
		}
	}
	switch p := p.(type) {
	case *tearline.Warrant:
		some(&p.Investigator, &p.Authority, &p.Because, &p.UpTo)
		for i := range p.Compartments {
			some(&p.Compartments[i])
		}
	case *tearline.Erasure:
		some(&p.Officer, &p.Because)
	case *tearline.Reading:
		some(&p.Officer, &p.Second, &p.Because, &p.Where, &p.Rules)
		p.Look++
	case *tearline.Attribution:
		if p.Finding != tearline.FoundCopies {
			p.Copies = nil
		} else if len(p.Copies) == 0 {
			p.Copies = []tearline.CopyID{"c-7f3a"}
		}
	case *tearline.CaseEntry:
		some(&p.Officer, &p.Note)
	}
}

// drawStatement draws a statement of a kind.
func drawStatement(t *rapid.T, k tearline.StatementKind) tearline.Statement {
	p, ok := tearline.NewPredicate(k)
	if !ok {
		t.Fatalf("kind %s", k)
	}
	fill(t, string(k), reflect.ValueOf(p).Elem())
	complete(p)
	names := rapid.StringMatching(`[ !#-\[\]-~]{1,40}`).Filter(func(s string) bool { return s != "says" })
	s := tearline.Statement{By: norland, At: drawTime(t), Says: p}
	if later := rapid.IntRange(-5, 5).Draw(t, "recorded"); later > 0 && s.At.Year() < 9999 {
		s.Recorded = s.At.Add(time.Duration(later) * time.Hour)
	}
	for range rapid.IntRange(0, 5).Draw(t, "subjects") {
		s.Subjects = append(s.Subjects, tearline.Subject{Name: names.Draw(t, "name"), Digest: tearline.Digest(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "digest"))})
	}
	return s
}

// TestPropertyRoundTrip: what is signed opens as what was said, in every kind;
// and the payload is what encoding/json and the schemas would have.
func TestPropertyRoundTrip(t *testing.T) {
	all, key, keys := schemas(t), statementKey(t), testKeys(t)
	for _, k := range kinds() {
		t.Run(string(k), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				s := drawStatement(t, k)
				signed, err := ledger.Sign(key, testSalt(0), s)
				if err != nil {
					t.Fatal(err)
				}
				got, err := ledger.Open(signed.Envelope, keys)
				if err != nil {
					t.Fatal(err)
				}
				s.ID = signed.Statement.ID
				if diff := cmp.Diff(s, got, cmpopts.EquateEmpty()); diff != "" {
					t.Fatalf("said and opened differ:\n%s", diff)
				}
				again, err := ledger.Sign(key, testSalt(0), got)
				if err != nil || !bytes.Equal(again.Envelope, signed.Envelope) {
					t.Fatalf("signed again, differs: %v", err)
				}
				var e struct{ Payload []byte }
				if err := json.Unmarshal(signed.Envelope, &e); err != nil {
					t.Fatal(err)
				}
				var doc any
				dec := json.NewDecoder(bytes.NewReader(e.Payload))
				dec.UseNumber()
				if err := dec.Decode(&doc); err != nil {
					t.Fatal(err)
				}
				if err := all["statement"].Validate(doc); err != nil {
					t.Fatalf("%v\n%s", err, e.Payload)
				}
			})
		})
	}
}

// TestPropertyFlippedBit: no single bit of an envelope, receipt or checkpoint
// can be changed unnoticed.
func TestPropertyFlippedBit(t *testing.T) {
	key, log, keys, verifier := statementKey(t), logKey(t), testKeys(t), logKey(t).Verifier()
	base := syntheticLog(t, 20)
	rapid.Check(t, func(rt *rapid.T) {
		s := drawStatement(rt, rapid.SampledFrom(kinds()).Draw(rt, "kind"))
		signed, err := ledger.Sign(key, testSalt(0), s)
		if err != nil {
			rt.Fatal(err)
		}
		l := &memLog{hashes: slices.Clip(base.hashes), leaves: slices.Clip(base.leaves)}
		l.append(t, signed)
		r, err := ledger.Prove(log, signed, 20, 21, l)
		if err != nil {
			rt.Fatal(err)
		}
		receipt, err := json.Marshal(r)
		if err != nil {
			rt.Fatal(err)
		}
		for _, x := range []struct {
			what string
			data []byte
			open func([]byte) error
		}{
			{"envelope", signed.Envelope, func(b []byte) error { _, err := ledger.Open(b, keys); return err }},
			{"receipt", receipt, func(b []byte) error { _, err := ledger.OpenReceipt(b, keys, verifier); return err }},
			{"checkpoint", r.Checkpoint(), func(b []byte) error { _, err := ledger.OpenCheckpoint(b, verifier); return err }},
		} {
			if err := x.open(x.data); err != nil {
				rt.Fatalf("%s: %v", x.what, err)
			}
			at := rapid.IntRange(0, 8*len(x.data)-1).Draw(rt, x.what)
			flipped := bytes.Clone(x.data)
			flipped[at/8] ^= 1 << (at % 8)
			if err := x.open(flipped); !errors.Is(err, ledger.ErrTampered) {
				rt.Fatalf("%s, bit %d of byte %d flipped: %v", x.what, at%8, at/8, err)
			}
		}
	})
}

// TestPropertyInclusion: every entry of a log of any size is proven, and
// under no other index or size.
func TestPropertyInclusion(t *testing.T) {
	l := statementLog(t, 90)
	log, keys, verifier := logKey(t), testKeys(t), logKey(t).Verifier()
	rapid.Check(t, func(rt *rapid.T) {
		size := rapid.Int64Range(1, 90).Draw(rt, "size")
		index := rapid.Int64Range(0, size-1).Draw(rt, "index")
		e := l.entries[index]
		s, err := ledger.Decode(e.Envelope)
		if err != nil {
			rt.Fatal(err)
		}
		r, err := ledger.Prove(log, ledger.Signed{Statement: s, Envelope: e.Envelope, Salt: e.Salt}, index, size, l)
		if err != nil {
			rt.Fatal(err)
		}
		data, err := json.Marshal(r)
		if err != nil {
			rt.Fatal(err)
		}
		if _, err := ledger.OpenReceipt(data, keys, verifier); err != nil {
			rt.Fatal(err)
		}
		if other := rapid.Int64Range(0, size-1).Draw(rt, "other"); other != index {
			text := strings.Replace(string(data), fmt.Sprintf(`"index":%d,`, index), fmt.Sprintf(`"index":%d,`, other), 1)
			if _, err := ledger.OpenReceipt([]byte(text), keys, verifier); !errors.Is(err, ledger.ErrProof) {
				rt.Fatalf("entry %d as entry %d: %v", index, other, err)
			}
		}
	})
}
