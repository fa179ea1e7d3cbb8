// Package facts reads facts in bulk: JSON Lines of who the parties are, what was
// agreed, excluded, consented, declassified, delegated or taken back, one
// statement a line, as docs/facts.md has them. It finds all that is wrong with
// a line by itself; it knows no store, and whether the parties and reports that
// a fact names are there is for its caller to find out.
package facts

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"tearline"
	"tearline/marking"
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
		Protect  bool               `json:"protected"`
	}
	agreementLine struct {
		factHead
		Parties  []tearline.PartyID         `json:"parties"`
		Ceiling  string                     `json:"ceiling"`
		Onward   tearline.Onward            `json:"onward"`
		Standing []tearline.StandingConsent `json:"standing"`

		Categories []string   `json:"categories"`
		Equal      [][]string `json:"equal"`
		Purposes   []string   `json:"purposes"`
		Inform     bool       `json:"inform"`
	}
	delegationLine struct {
		factHead
		To        string           `json:"to"`
		Powers    []tearline.Power `json:"powers"`
		UpTo      string           `json:"up_to"`
		Delegator string           `json:"delegator"`
		Onward    bool             `json:"onward"`
		Two       bool             `json:"two"`
	}
	exclusionLine struct {
		factHead
		Party  tearline.PartyID `json:"party"`
		Ties   bool             `json:"ties"`
		Degree int              `json:"degree"`
	}
	tieLine struct {
		factHead
		Party  tearline.PartyID `json:"party"`
		To     tearline.PartyID `json:"to"`
		Degree int              `json:"degree"`
	}
	consentLine struct {
		factHead
		Recipient  tearline.PartyID     `json:"recipient"`
		Portions   []portionName        `json:"portions"`
		Conditions []tearline.Condition `json:"conditions"`
		Granted    *bool                `json:"granted"`
		Request    tearline.StatementID `json:"request"`
		Authority  string               `json:"authority"`
		Second     string               `json:"second"`
	}
	declassificationLine struct {
		factHead
		Portions  []portionName `json:"portions"`
		To        string        `json:"to"`
		Because   string        `json:"because"`
		Authority string        `json:"authority"`
		Second    string        `json:"second"`
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

// A Fact is one line of facts: what a party says, or said.
type Fact struct {
	// Kind is "party", "agreement", "delegation", "exclusion", "tie", "consent",
	// "declassification", "embargo" or "revocation"; ID names the fact where it
	// is applied, and may be empty.
	Kind, ID string
	By       tearline.PartyID
	At       time.Time // when it was said; zero: now
	Says     tearline.Predicate
	// About are the portions that it speaks of, Whole the report all of which it
	// is about, Named the parties that it names.
	About []tearline.PortionRef
	Whole tearline.ReportID
	Named []tearline.PartyID
	// Of is the ID of the fact that a revocation takes back.
	Of string
}

// KindOf returns the kind of the fact that a line of JSON is, "" if it is
// none: a report, say.
func KindOf(line []byte) string {
	var head struct {
		Kind string `json:"kind"`
	}
	if json.Unmarshal(line, &head) != nil || head.Kind == "report" {
		return ""
	}
	return head.Kind
}

// Read reads a line that is a fact of a kind, as docs/facts.md has them.
// What is wrong with it comes as [tearline.Faults], without lines. A member
// that the kind does not have is a fault.
func Read(kind string, line []byte) (Fact, error) {
	f, err := read(kind, line)
	if err != nil {
		return Fact{}, tearline.Faults{{Text: err.Error()}}
	}
	f.Kind = kind
	return f, wrongIn(&f).Err()
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

// readLine reads a line of one kind.
func readLine[T any, P interface {
	*T
	fact() Fact
}](text []byte) (Fact, error) {
	x := P(new(T))
	err := strictly(text, x)
	return x.fact(), err
}

func read(kind string, text []byte) (Fact, error) {
	switch tearline.StatementKind(kind) {
	case tearline.KindParty:
		return readLine[partyLine](text)
	case tearline.KindAgreement:
		return readLine[agreementLine](text)
	case tearline.KindDelegation:
		return readLine[delegationLine](text)
	case tearline.KindExclusion:
		return readLine[exclusionLine](text)
	case tearline.KindTie:
		return readLine[tieLine](text)
	case tearline.KindConsent:
		return readLine[consentLine](text)
	case tearline.KindDeclassification:
		return readLine[declassificationLine](text)
	case tearline.KindEmbargo:
		return readLine[embargoLine](text)
	case tearline.KindRevocation:
		return readLine[revocationLine](text)
	case tearline.KindFiling, tearline.KindRequest, tearline.KindDiscretion, tearline.KindDisclosure, tearline.KindReceipt, tearline.KindSighting,
		tearline.KindRecall, tearline.KindConfirmation, tearline.KindWarrant,
		tearline.KindFingerprint, tearline.KindErasure, tearline.KindReading, tearline.KindAttribution, tearline.KindCase, tearline.KindExposure:
	}
	return Fact{}, fmt.Errorf("kind %.40q is not applied: want party, agreement, delegation, exclusion, tie, consent, declassification, embargo, revocation or a report", kind)
}

func (x *factHead) says(p tearline.Predicate) Fact {
	return Fact{By: x.By, At: x.At.Time, ID: x.ID, Says: p}
}

func (x *factHead) term() tearline.Term {
	return tearline.Term{From: x.From.Time, Until: x.Until.Time}
}

func (x *partyLine) fact() Fact {
	return x.says(&tearline.PartyRecord{
		Party: tearline.PartyID(x.ID), Name: cmp.Or(x.Name, x.ID), Nations: x.Nations, MemberOf: sorted(x.MemberOf), Protected: x.Protect, Term: x.term(),
	})
}

func (x *agreementLine) fact() Fact {
	p := &tearline.Agreement{Name: x.ID, Ceiling: x.Ceiling, Onward: cmp.Or(x.Onward, tearline.OnwardAsk), Standing: x.Standing, Term: x.term()}
	p.Categories, p.Equal, p.Purposes, p.Inform = x.Categories, x.Equal, x.Purposes, x.Inform
	copy(p.Parties[:], x.Parties)
	f := x.says(p)
	f.Named = x.Parties
	return f
}

func (x *delegationLine) fact() Fact {
	return x.says(&tearline.Delegation{
		To: x.To, Powers: x.Powers, UpTo: x.UpTo, Delegator: x.Delegator, Onward: x.Onward, Two: x.Two, Term: x.term(),
	})
}

func (x *exclusionLine) fact() Fact {
	f := x.says(&tearline.Exclusion{Party: x.Party, Ties: x.Ties, Degree: x.Degree, Term: x.term()})
	f.Named = []tearline.PartyID{x.Party}
	return f
}

func (x *tieLine) fact() Fact {
	f := x.says(&tearline.Tie{Party: x.Party, To: x.To, Degree: x.Degree, Term: x.term()})
	f.Named = []tearline.PartyID{x.Party, x.To}
	return f
}

func (x *consentLine) fact() Fact {
	p := &tearline.Consent{Granted: x.Granted == nil || *x.Granted, Recipient: x.Recipient, Portions: refsIn(x.Portions), Conditions: x.Conditions, Authority: x.Authority, Second: x.Second, Term: x.term()}
	f := x.says(p)
	f.About, f.Named = p.Portions, []tearline.PartyID{x.Recipient}
	return f
}

func (x *declassificationLine) fact() Fact {
	p := &tearline.Declassification{Portions: refsIn(x.Portions), To: x.To, Because: x.Because, Authority: cmp.Or(x.Authority, string(x.By)), Second: x.Second, Term: x.term()}
	f := x.says(p)
	f.About = p.Portions
	return f
}

func (x *embargoLine) fact() Fact {
	f := x.says(&tearline.Embargo{Report: x.Report, Term: x.term()})
	f.Whole = x.Report
	return f
}

func (x *revocationLine) fact() Fact {
	f := x.says(&tearline.Revocation{Because: x.Because})
	f.Of = x.Of
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
	return slices.Sorted(maps.Keys(set))
}

// wrongIn lists what is wrong in a fact by itself.
func wrongIn(f *Fact) tearline.Faults {
	out := lacking(f)
	ids := slices.Clone(f.Named)
	says, party := f.Says.(*tearline.PartyRecord)
	agreement, agreed := f.Says.(*tearline.Agreement)
	if d, ok := f.Says.(*tearline.Delegation); ok {
		out = append(out, CheckDelegation(d)...)
	}
	switch {
	case party:
		ids = slices.Concat(ids, []tearline.PartyID{says.Party}, says.Nations, says.MemberOf)
	case agreed && len(f.Named) == 2:
		out = append(out, CheckAgreement(agreement)...)
	case !agreed && f.By == "":
		out = append(out, tearline.Fault{Text: "nobody says it", Hint: `write "by"`})
	}
	for _, id := range ids {
		if _, err := tearline.ParsePartyID(string(id)); err != nil {
			out = append(out, tearline.Fault{Text: err.Error()})
		}
	}
	return out
}

// lacking lists what a fact of its kind must have and this one has not.
func lacking(f *Fact) tearline.Faults {
	var out tearline.Faults
	lacks := func(so bool, text, hint string) {
		if so {
			out = append(out, tearline.Fault{Text: text, Hint: hint})
		}
	}
	const portions = `write "portions": ["REPORT/PORTION"]`
	switch x := f.Says.(type) {
	case *tearline.Agreement:
		lacks(len(f.Named) != 2, "an agreement is between two parties", `write "parties": [A, B]`)
		lacks(x.Name == "", "an agreement has a name", `write "id"`)
	case *tearline.Consent:
		lacks(len(x.Portions) == 0, "a consent to nothing", portions)
		out = append(out, CheckConditions(x.Conditions)...)
	case *tearline.Declassification:
		lacks(len(x.Portions) == 0, "a declassification of nothing", portions)
		lacks(strings.TrimSpace(x.Because) == "", "a declassification without a reason", `write "because"`)
	case *tearline.Exclusion:
		out = append(out, CheckDegree(x.Degree)...)
	case *tearline.Tie:
		out = append(out, CheckDegree(x.Degree)...)
	case *tearline.Embargo:
		lacks(x.Until.IsZero(), "an embargo without an end", `write "until"`)
	case *tearline.Revocation:
		lacks(f.Of == "", "a revocation of nothing", `write "of"`)
	}
	return out
}

// CheckAgreement lists why an agreement cannot be one.
func CheckAgreement(a *tearline.Agreement) tearline.Faults {
	var out tearline.Faults
	add := func(hint, format string, args ...any) {
		out = append(out, tearline.Fault{Text: fmt.Sprintf(format, args...), Hint: hint})
	}
	if a.Parties[0] == a.Parties[1] {
		add("name the other", "an agreement of %s with itself", a.Parties[0])
	}
	switch a.Onward {
	case tearline.OnwardFree, tearline.OnwardAsk, tearline.OnwardNever:
	default:
		add("onward is free, ask or never", "unknown onward rule %q", a.Onward)
	}
	if !knownLevel(a.Ceiling) {
		add("a ceiling is a level such as SECRET or TLP:AMBER", "unknown level %q", a.Ceiling)
	}
	for _, name := range slices.Concat(a.Equal...) {
		if !knownLevel(name) {
			add("levels held equal are levels of two policies, such as SECRET and GEHEIM", "unknown level %q", name)
		}
	}
	for _, s := range a.Standing {
		if s.By != a.Parties[0] && s.By != a.Parties[1] {
			add("a standing consent is given by one of the two parties", "%s is no party to the agreement", s.By)
		}
		if !knownLevel(s.UpTo) {
			add("a standing consent reaches up to a level such as SECRET", "unknown level %q", s.UpTo)
		}
	}
	return out
}

// CheckConditions lists which conditions of a consent cannot be met by
// anything.
func CheckConditions(list []tearline.Condition) tearline.Faults {
	var out tearline.Faults
	for _, c := range list {
		for _, prefix := range []string{tearline.PurposePrefix, tearline.UnitPrefix, tearline.PersonPrefix, tearline.CopiesPrefix} {
			value, ok := strings.CutPrefix(string(c), prefix)
			if !ok {
				continue
			}
			n, err := strconv.Atoi(value)
			if value == "" || prefix == tearline.CopiesPrefix && (err != nil || n < 1) {
				out = append(out, tearline.Fault{Text: fmt.Sprintf("condition %.80q demands nothing that there is", c), Hint: "write purpose=WORDS, unit=NAME, person=NAME or copies=3"})
			}
		}
	}
	return out
}

// CheckDegree lists why a number is no degree of a tie.
func CheckDegree(n int) tearline.Faults {
	if n < 0 || n > tearline.MaxDegree {
		return tearline.Faults{{Text: fmt.Sprintf("no such degree of a tie: %d", n), Hint: fmt.Sprintf("degrees are 1 to %d, the closest", tearline.MaxDegree)}}
	}
	return nil
}

const powers = "powers are declassify, downgrade, consent, disclose and search"

// CheckDelegation lists why a delegation cannot be one.
func CheckDelegation(d *tearline.Delegation) tearline.Faults {
	var out tearline.Faults
	if strings.TrimSpace(d.To) == "" {
		out = append(out, tearline.Fault{Text: "a delegation to nobody", Hint: "name a person or an office"})
	}
	if len(d.Powers) == 0 {
		out = append(out, tearline.Fault{Text: "a delegation of nothing", Hint: powers})
	}
	for _, p := range d.Powers {
		switch p {
		case tearline.PowerDeclassify, tearline.PowerDowngrade, tearline.PowerConsent, tearline.PowerDisclose, tearline.PowerSearch, tearline.PowerAttribute:
		default:
			out = append(out, tearline.Fault{Text: fmt.Sprintf("unknown power %.40q", p), Hint: powers})
		}
	}
	if d.UpTo != "" && !knownLevel(d.UpTo) {
		out = append(out, tearline.Fault{Text: fmt.Sprintf("unknown level %q", d.UpTo), Hint: "a power reaches up to a level such as SECRET"})
	}
	return out
}

// knownLevel reports whether any policy has a level of that name.
func knownLevel(name string) bool {
	return slices.ContainsFunc(append([]string{"us", "tlp"}, marking.Policies()...), func(id string) bool {
		p, ok := marking.Lookup(id)
		if ok {
			_, ok = p.Level(name)
		}
		return ok
	})
}
