package marking

import (
	"fmt"
	"strings"
)

// Limits of what is read. A mark is a line at the head of a paragraph: what is
// longer is no mark, and refusing it unread bounds the work.
const (
	// MaxLength is the length in bytes of the longest mark that is read.
	MaxLength = 4 << 10
	// MaxFaults is how many faults of one mark, or of one policy file, are
	// reported; the last one then says that there are more.
	MaxFaults = 64
)

// A Fault is something wrong in a mark, at a place in it.
type Fault struct {
	// Offset and Length are the bytes of the input that the fault is about.
	Offset, Length int
	// Text says what is wrong.
	Text string
	// Rule is the rule's name: "ISM-ID-00033", or for a fault of form a name
	// that begins "form.".
	Rule string
	// Cites is the clause that the rule comes from; may be empty.
	Cites string
	// Hint says how to mend it; may be empty.
	Hint string
	// Severity says how bad it is; zero is SeverityError.
	Severity Severity
}

// Severity is how bad a fault is.
type Severity uint8

const (
	// SeverityError is a mark that is wrong: it grants nothing.
	SeverityError Severity = iota
	// SeverityForm is a mark that says the right thing in the wrong order or form.
	SeverityForm
	// SeverityAdvice is what is mostly wrong, and may be right here.
	SeverityAdvice
)

// String returns "error", "form" or "advice".
func (s Severity) String() string {
	if int(s) < len(severities) {
		return severities[s]
	}
	return severities[SeverityError]
}

var severities = [...]string{"error", "form", "advice"}

// String returns "OFFSET: text [rule, clause]; hint".
func (f Fault) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d: %s", f.Offset, f.Text)
	if rule := strings.Trim(f.Rule+", "+f.Cites, ", "); rule != "" {
		b.WriteString(" [" + rule + "]")
	}
	if f.Hint != "" {
		b.WriteString("; " + f.Hint)
	}
	return b.String()
}

// Faults are all the faults of one mark, in no particular order but the same
// for the same input. As an error they read one a line. What [Parse],
// [Policy.RollUp], [Join] and [LoadPolicy] return as error is a Faults.
type Faults []Fault //nolint:errname // a list of faults is what it is; it is an error by the way

// Error lists the faults, one a line.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, x := range f {
		lines[i] = x.String()
	}
	return strings.Join(lines, "\n")
}

// add appends a fault, unless there are too many already.
func (f *Faults) add(x Fault) {
	switch {
	case len(*f) < MaxFaults-1:
		*f = append(*f, x)
	case len(*f) == MaxFaults-1:
		*f = append(*f, Fault{
			Offset: x.Offset, Rule: "form.faults",
			Text: "there are more faults than are listed", Hint: "mend these first",
		})
	}
}

// full reports whether no more faults are taken.
func (f *Faults) full() bool { return len(*f) >= MaxFaults }
