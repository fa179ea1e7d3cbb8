package book

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"tearline"
)

// The members that every fact may have, and those of each kind. A member that
// the kind does not have is a fault.
type (
	factHead struct {
		Kind  string           `json:"kind"`
		ID    string           `json:"id"`
		By    tearline.PartyID `json:"by"`
		At    instant          `json:"at"`
		From  instant          `json:"from"`
		Until instant          `json:"until"`
	}
	partyLine struct {
		factHead
		Name     string             `json:"name"`
		Nations  []tearline.PartyID `json:"nations"`
		MemberOf []tearline.PartyID `json:"member_of"`
	}
	agreementLine struct {
		factHead
		Parties  []tearline.PartyID         `json:"parties"`
		Ceiling  string                     `json:"ceiling"`
		Onward   tearline.Onward            `json:"onward"`
		Standing []tearline.StandingConsent `json:"standing"`
	}
	exclusionLine struct {
		factHead
		Party tearline.PartyID `json:"party"`
		Ties  bool             `json:"ties"`
	}
	tieLine struct {
		factHead
		Party tearline.PartyID `json:"party"`
		To    tearline.PartyID `json:"to"`
	}
	consentLine struct {
		factHead
		Recipient  tearline.PartyID     `json:"recipient"`
		Portions   []portionName        `json:"portions"`
		Conditions []tearline.Condition `json:"conditions"`
		Granted    *bool                `json:"granted"`
		Request    tearline.StatementID `json:"request"`
	}
	declassificationLine struct {
		factHead
		Portions  []portionName `json:"portions"`
		To        string        `json:"to"`
		Because   string        `json:"because"`
		Authority string        `json:"authority"`
	}
	embargoLine struct {
		factHead
		Report tearline.ReportID `json:"report"`
	}
	revocationLine struct {
		factHead
		Of      string `json:"of"`
		Because string `json:"because"`
	}
)

// An instant is a time in RFC 3339, or a date, which is its first instant in
// UTC.
type instant struct{ time.Time }

// UnmarshalJSON implements [json.Unmarshaler].
func (t *instant) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return errors.New("a time is text such as 2026-03-01T09:00:00Z")
	}
	if s == "" {
		return nil
	}
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if at, err := time.Parse(layout, s); err == nil {
			t.Time = at.UTC()
			if at.Before(time.Unix(0, 0)) {
				return fmt.Errorf("time %.40q is before 1970", s)
			}
			return nil
		}
	}
	return fmt.Errorf("time %.40q: want RFC 3339, such as 2026-03-01T09:00:00Z", s)
}

// A portionName is "REPORT/PORTION".
type portionName struct{ tearline.PortionRef }

// UnmarshalJSON implements [json.Unmarshaler].
func (p *portionName) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return errors.New(`a portion is text such as "USA-2026-001/p1"`)
	}
	ref, err := tearline.ParsePortionRef(s)
	p.PortionRef = ref
	return err
}

// fact reads a line of a kind.
func (a *applier) fact(line int, kind string, text []byte) {
	f, err := readFact(kind, text)
	if err != nil {
		a.fault(line, "", "%v", err)
		return
	}
	f.line = line
	if isAgreement(&f) && f.by == "" && len(f.named) == 2 {
		f.by = f.named[0]
		if f.named[1] == a.book.own {
			f.by = a.book.own
		}
	}
	for _, x := range wrongIn(&f) {
		a.fault(line, x.hint, "%s", x.what)
	}
	if says, ok := f.says.(*tearline.PartyRecord); ok {
		a.parties[says.Party] = true
	}
	a.facts = append(a.facts, f)
}

// strictly reads an object without members that are not asked for.
func strictly(text []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("JSON: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("JSON: more follows the fact")
	}
	return nil
}

func readFact(kind string, text []byte) (fact, error) {
	switch tearline.StatementKind(kind) {
	case tearline.KindParty:
		var x partyLine
		err := strictly(text, &x)
		if x.Name == "" {
			x.Name = x.ID
		}
		return x.fact(&tearline.PartyRecord{
			Party: tearline.PartyID(x.ID), Name: x.Name, Nations: x.Nations, MemberOf: sorted(x.MemberOf), Term: x.term(),
		}), err
	case tearline.KindAgreement:
		var x agreementLine
		err := strictly(text, &x)
		return x.agreement(), err
	case tearline.KindExclusion:
		var x exclusionLine
		err := strictly(text, &x)
		f := x.fact(&tearline.Exclusion{Party: x.Party, Ties: x.Ties, Term: x.term()})
		f.named = []tearline.PartyID{x.Party}
		return f, err
	case tearline.KindTie:
		var x tieLine
		err := strictly(text, &x)
		f := x.fact(&tearline.Tie{Party: x.Party, To: x.To, Term: x.term()})
		f.named = []tearline.PartyID{x.Party, x.To}
		return f, err
	case tearline.KindConsent:
		var x consentLine
		err := strictly(text, &x)
		says := &tearline.Consent{Granted: x.Granted == nil || *x.Granted, Recipient: x.Recipient, Portions: refsIn(x.Portions), Conditions: x.Conditions, Term: x.term()}
		f := x.fact(says)
		f.about, f.named = says.Portions, []tearline.PartyID{x.Recipient}
		return f, err
	case tearline.KindDeclassification:
		var x declassificationLine
		err := strictly(text, &x)
		says := &tearline.Declassification{Portions: refsIn(x.Portions), To: x.To, Because: x.Because, Authority: x.Authority, Term: x.term()}
		if says.Authority == "" {
			says.Authority = string(x.By)
		}
		f := x.fact(says)
		f.about = says.Portions
		return f, err
	case tearline.KindEmbargo:
		var x embargoLine
		err := strictly(text, &x)
		f := x.fact(&tearline.Embargo{Report: x.Report, Term: x.term()})
		f.whole = x.Report
		return f, err
	case tearline.KindRevocation:
		var x revocationLine
		err := strictly(text, &x)
		f := x.fact(&tearline.Revocation{Because: x.Because})
		f.of = x.Of
		return f, err
	case tearline.KindFiling, tearline.KindRequest, tearline.KindDiscretion, tearline.KindDisclosure, tearline.KindReceipt, tearline.KindSighting:
	}
	return fact{}, fmt.Errorf("kind %.40q is not applied: want party, agreement, exclusion, tie, consent, declassification, embargo, revocation or a report", kind)
}

func (x *factHead) fact(says tearline.Predicate) fact {
	return fact{by: x.By, at: x.At.Time, id: x.ID, says: says}
}

func (x *factHead) term() tearline.Term {
	return tearline.Term{From: x.From.Time, Until: x.Until.Time}
}

// agreement is said by the first of its parties, if nobody is named.
func (x *agreementLine) agreement() fact {
	says := &tearline.Agreement{Name: x.ID, Ceiling: x.Ceiling, Onward: x.Onward, Standing: x.Standing, Term: x.term()}
	copy(says.Parties[:], x.Parties)
	if says.Onward == "" {
		says.Onward = tearline.OnwardAsk
	}
	f := x.fact(says)
	f.named = x.Parties
	return f
}

func refsIn(names []portionName) []tearline.PortionRef {
	out := make([]tearline.PortionRef, len(names))
	for i, n := range names {
		out[i] = n.PortionRef
	}
	return out
}

func sorted(ids []tearline.PartyID) []tearline.PartyID {
	set := map[tearline.PartyID]bool{}
	for _, id := range ids {
		set[id] = true
	}
	if len(set) == 0 {
		return nil
	}
	return SortedKeys(set)
}

// A wrong is something wrong in a fact by itself.
type wrong struct{ what, hint string }

// wrongIn lists what is wrong in a fact by itself.
func wrongIn(f *fact) []wrong {
	var out []wrong
	add := func(hint, format string, args ...any) {
		out = append(out, wrong{fmt.Sprintf(format, args...), hint})
	}
	ids := append([]tearline.PartyID{}, f.named...)
	switch x := f.says.(type) {
	case *tearline.PartyRecord:
		ids = append(append(append(ids, x.Party), x.Nations...), x.MemberOf...)
	case *tearline.Agreement:
		if len(f.named) != 2 {
			add(`write "parties": [A, B]`, "an agreement is between two parties")
		} else if err := CheckAgreement(x); err != nil {
			add("", "%v", err)
		}
		if x.Name == "" {
			add(`write "id"`, "an agreement has a name")
		}
	case *tearline.Consent:
		if len(x.Portions) == 0 {
			add(`write "portions": ["REPORT/PORTION"]`, "a consent to nothing")
		}
	case *tearline.Declassification:
		if len(x.Portions) == 0 {
			add(`write "portions": ["REPORT/PORTION"]`, "a declassification of nothing")
		}
		if strings.TrimSpace(x.Because) == "" {
			add(`write "because"`, "a declassification without a reason")
		}
	case *tearline.Embargo:
		if x.Until.IsZero() {
			add(`write "until"`, "an embargo without an end")
		}
	case *tearline.Revocation:
		if f.of == "" {
			add(`write "of"`, "a revocation of nothing")
		}
	}
	if _, party := f.says.(*tearline.PartyRecord); !party && f.by == "" && !isAgreement(f) {
		add(`write "by"`, "nobody says it")
	}
	for _, id := range ids {
		if _, err := tearline.ParsePartyID(string(id)); err != nil {
			add("", "%v", err)
		}
	}
	return out
}

func isAgreement(f *fact) bool { return f.says.Kind() == tearline.KindAgreement }
