package tearline_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tearline"
)

// Invariant 1: zero values deny.
func TestInvariant01ZeroValuesDeny(t *testing.T) {
	var o tearline.Outcome
	if o != tearline.Deny || o.String() != "deny" {
		t.Errorf("zero Outcome is %v", o)
	}
	if got := tearline.Outcome(200).String(); got != "deny" {
		t.Errorf("unknown Outcome reads %q", got)
	}
	var p tearline.Portion
	if !p.Marking.IsZero() || p.Marking.Open() {
		t.Error("zero portion is open")
	}
	if _, ok := p.Marking.ReleaseList(); ok {
		t.Error("zero marking has a release list")
	}
	var m tearline.Mode
	if m == tearline.Document || m == tearline.Visual || m == tearline.Oral {
		t.Error("zero Mode passes something on")
	}
}

func TestPortionRef(t *testing.T) {
	for _, s := range []string{"R/p1", "USA/2026/17/p2", "A:b-1/title", "R/p1~tear"} {
		r, err := tearline.ParsePortionRef(s)
		if err != nil || r.String() != s {
			t.Errorf("ParsePortionRef(%q) = %v, %v", s, r, err)
		}
		var back tearline.PortionRef
		b, _ := json.Marshal(r)
		if err := json.Unmarshal(b, &back); err != nil || back != r {
			t.Errorf("round trip of %q: %v, %v", s, back, err)
		}
	}
	for _, s := range []string{"", "p1", "/p1", "R/", "R//p", "R/p 1", "R/~tear", "-R/p", "R/p1~tear~tear"} {
		if r, err := tearline.ParsePortionRef(s); err == nil {
			t.Errorf("ParsePortionRef(%q) = %v, want an error", s, r)
		}
	}
}

func TestParsePartyID(t *testing.T) {
	for _, s := range []string{"USA", "GBR-SIS", "cert.example", "x_1"} {
		if _, err := tearline.ParsePartyID(s); err != nil {
			t.Errorf("ParsePartyID(%q): %v", s, err)
		}
	}
	for _, s := range []string{"", "../x", ".x", "a b", "a/b", "é", "USA\n", "a+b"} {
		if _, err := tearline.ParsePartyID(s); err == nil {
			t.Errorf("ParsePartyID(%q): want an error", s)
		}
	}
}

func TestTermCovers(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2026, 3, d, 0, 0, 0, 0, time.UTC) }
	for _, tc := range []struct {
		term tearline.Term
		at   int
		want bool
	}{
		{tearline.Term{}, 4, false}, // not yet said
		{tearline.Term{}, 5, true},
		{tearline.Term{From: day(1)}, 4, false}, // back-dated, still not said
		{tearline.Term{From: day(7)}, 6, false},
		{tearline.Term{From: day(7)}, 7, true},
		{tearline.Term{Until: day(9)}, 8, true},
		{tearline.Term{Until: day(9)}, 9, false},
	} {
		if got := tc.term.Covers(day(5), day(tc.at)); got != tc.want {
			t.Errorf("%+v said on the 5th covers the %dth: %v", tc.term, tc.at, got)
		}
	}
}

func TestDigestContentKeepsPartsApart(t *testing.T) {
	salt := []byte("0123456789abcdef")
	seen := map[tearline.Digest]string{}
	for _, parts := range [][]string{{"ab", "c"}, {"a", "bc"}, {"abc"}, {"ab", "c", ""}, {}} {
		d := tearline.DigestContent(salt, parts...)
		if other, dup := seen[d]; dup {
			t.Errorf("%q and %s have one digest", parts, other)
		}
		seen[d] = fmt.Sprintf("%q", parts)
	}
	if tearline.DigestContent([]byte("other salt ....."), "abc") == tearline.DigestContent(salt, "abc") {
		t.Error("the salt does not matter")
	}
}

func TestEveryKindHasItsPredicate(t *testing.T) {
	for _, k := range []tearline.StatementKind{
		tearline.KindFiling, tearline.KindParty, tearline.KindAgreement, tearline.KindExclusion, tearline.KindTie,
		tearline.KindEmbargo, tearline.KindRequest, tearline.KindConsent, tearline.KindDeclassification,
		tearline.KindDiscretion, tearline.KindDisclosure, tearline.KindReceipt, tearline.KindRevocation, tearline.KindSighting,
		tearline.KindDelegation, tearline.KindRecall, tearline.KindConfirmation, tearline.KindWarrant,
	} {
		p, ok := tearline.NewPredicate(k)
		if !ok || p.Kind() != k {
			t.Errorf("NewPredicate(%q) = %v, %v", k, p, ok)
		}
	}
	if p, ok := tearline.NewPredicate("rumour"); ok {
		t.Errorf("NewPredicate(rumour) = %v", p)
	}
}

func TestErrors(t *testing.T) {
	cause := errors.New("cause")
	err := fmt.Errorf("outer: %w", &tearline.Error{Op: "op", Kind: tearline.Conflict, Public: "said", Err: cause})
	if tearline.KindOf(err) != tearline.Conflict || !errors.Is(err, cause) {
		t.Errorf("%v has kind %v", err, tearline.KindOf(err))
	}
	if tearline.KindOf(cause) != tearline.Other || tearline.KindOf(nil) != tearline.Other {
		t.Error("an error without a kind is Other")
	}
	if d := cmp.Diff(tearline.NewWithheld(), tearline.NewWithheld(), cmp.AllowUnexported()); d != "" {
		t.Errorf("two answers of withheld differ: %s", d)
	}
	f := tearline.Faults{{Line: 3, Column: 7, Text: "unknown token", Cites: "ISM-ID-00001", Hint: "write NOFORN"}}
	if got, want := f.Error(), "3:7: unknown token [ISM-ID-00001]; write NOFORN"; got != want {
		t.Errorf("Faults read %q, want %q", got, want)
	}
	if tearline.Faults(nil).Err() != nil {
		t.Error("no faults are an error")
	}
}
