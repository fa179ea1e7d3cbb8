package trace

import (
	"fmt"
	"strings"
	"time"

	"tearline/internal/text"
	"tearline/leak/match"
)

// A Verdict says whether a text has a matched passage from the portion, or
// could have come by it otherwise. It is never more certain than its reasons.
type Verdict struct {
	Finding Finding `json:"finding"`
	// Reasons are in words, for a reader.
	Reasons []string `json:"reasons"`
	// SharedErrors are what both texts have otherwise than all public ones.
	SharedErrors []Error `json:"shared_errors"`
}

// A Finding is what a verdict comes to.
type Finding string

// The findings.
const (
	// LeakLikelier: it has from the portion what nothing public had.
	LeakLikelier Finding = "leak likelier"
	// Open: nothing tells a leak and an independent report apart.
	Open Finding = "open"
	// EquallyLikely: all of it was public before.
	EquallyLikely Finding = "independent as likely"
	// NotTheSource: the portion came after the text.
	NotTheSource Finding = "not the source"
	// TooWeak: for a person to look at.
	TooWeak Finding = "too weak"
)

// String is the finding as a clause.
func (f Finding) String() string {
	switch f {
	case LeakLikelier:
		return "a leak is likelier than an independent report"
	case Open:
		return "it may be a leak or an independent report"
	case EquallyLikely:
		return "an independent report is as likely as a leak"
	case NotTheSource:
		return "this cannot have been the source"
	case TooWeak:
	}
	return "too weak to say"
}

// Dates are what the order in time is judged by; zero is not known.
type Dates struct {
	// Report is the day of the portion's report, Filed when it was filed
	// here, Seen when the text was published.
	Report, Filed, Seen time.Time
}

// dayAhead is by how much a day can have begun somewhere before it does UTC: a
// report bears the date of the place where it was written.
const dayAhead = 14 * time.Hour

// Judge works out a match's verdict, and how many details each of its public
// items has. Kept says that public texts are kept here at all. What cannot
// have been the source becomes [SameEvent].
func Judge(m *Match, d Dates, kept bool) {
	v := Verdict{Reasons: []string{}, SharedErrors: []Error{}}
	say := func(format string, args ...any) { v.Reasons = append(v.Reasons, fmt.Sprintf(format, args...)) }
	if m.Kind == Weak {
		v.Finding = TooWeak
		m.Verdict = v
		return
	}
	if !d.Report.IsZero() && d.Report.After(d.Seen.Add(dayAhead)) {
		m.Kind, v.Finding = SameEvent, NotTheSource
		say("its report is dated %s, after the text of %s", day(d.Report), day(d.Seen))
		m.Verdict = v
		return
	}
	c := compare(m, m.Public)
	v.SharedErrors = append(v.SharedErrors, c.errors...)
	if got := len(m.Details.Reproduced); m.Details.Of > 0 {
		say("it reproduces %d of %s%s", got, text.Count(m.Details.Of, "distinctive detail", "distinctive details"), listed(m.Details.Reproduced))
	}
	worded := wordedPublicly(m.Public)
	v.Finding = find(m, c, kept, worded != nil)
	v.Reasons = append(v.Reasons, publicly(m, c, kept, worded)...)
	for _, e := range c.errors {
		say("it has “%s” as the portion has, where public texts have “%s”", e.Text, strings.Join(e.Elsewhere, "”, “"))
	}
	if v.Finding == EquallyLikely {
		say("all of it was public before")
	}
	if !d.Filed.IsZero() && d.Filed.After(d.Seen) {
		say("it was filed here only on %s, after the text", day(d.Filed))
	}
	m.Verdict = v
}

// find weighs what speaks for and against.
func find(m *Match, c compared, kept, worded bool) Finding {
	got := len(m.Details.Reproduced)
	only := got - c.public
	closely := m.Kind == match.Verbatim || m.Kind == match.Edited
	switch {
	case len(c.errors) > 0:
		return LeakLikelier
	case only >= 2 && (kept || closely):
		return LeakLikelier
	case closely && kept && !worded:
		return LeakLikelier
	case worded, len(m.Public) > 0 && got > 0 && only == 0:
		return EquallyLikely
	}
	return Open
}

// NothingPublic is the reason why a leak and an independent report are not told
// apart where nothing was to compare with.
const NothingPublic = "no public texts are kept here to compare it with"

// publicly says what was public of it.
func publicly(m *Match, c compared, kept bool, worded *Public) []string {
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if worded != nil {
		say("its wording was public on %s (%s)", day(worded.Published), Plain(worded.Source))
	}
	switch {
	case !kept:
		out = append(out, NothingPublic)
	case len(m.Public) == 0:
		say("nothing public kept here had it before")
	case c.public > 0 && c.first != nil:
		were := "were"
		if c.public == 1 {
			were = "was"
		}
		say("%d of them %s public on %s (%s)", c.public, were, day(c.first.Published), Plain(c.first.Source))
	case worded == nil:
		without := ""
		if len(m.Details.Reproduced) > 0 {
			without = ", with none of these details"
		}
		say("the same matter was public on %s (%s)%s", day(m.Public[0].Published), Plain(m.Public[0].Source), without)
	}
	return out
}

// wordedPublicly returns the oldest public text that has the wording itself,
// nil if none has.
func wordedPublicly(items []Public) *Public {
	for i := range items {
		if k := items[i].Kind; k == match.Verbatim || k == match.Edited {
			return &items[i]
		}
	}
	return nil
}

// listed names the first of some details.
func listed(all []Reproduced) string {
	const most = 4
	if len(all) == 0 {
		return ""
	}
	var words []string
	for _, d := range all[:min(most, len(all))] {
		words = append(words, Plain(d.Text))
	}
	out := ": " + strings.Join(words, ", ")
	if n := len(all) - most; n > 0 {
		out += fmt.Sprintf(" and %d more", n)
	}
	return out
}

// day is a date for a reader.
func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
