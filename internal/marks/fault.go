package marks

import (
	"errors"
	"fmt"
	"strings"

	"tearline"
	"tearline/marking"
)

// MaxFaults is how many faults of one document are told; one more then says
// that there are more. Those of one mark are bounded by [marking.MaxFaults].
const MaxFaults = 1000

// A Fault is something wrong in a mark, at a place in it, or on a line.
type Fault struct {
	// Offset and Length are the bytes of the mark that the fault is about.
	Offset int `json:"offset"`
	Length int `json:"length"`
	// Text says what is wrong, Rule by which rule, Cites where that is from,
	// Hint how to mend it; all but Text may be empty.
	Text  string `json:"text"`
	Rule  string `json:"rule"`
	Cites string `json:"cites"`
	Hint  string `json:"hint"`
	// Severity is "error", "form" or "advice".
	Severity string `json:"severity"`
}

func faultOf(f *marking.Fault) Fault {
	return Fault{f.Offset, f.Length, f.Text, f.Rule, f.Cites, f.Hint, f.Severity.String()}
}

// refusal is a fault of a line that could not be read.
func refusal(err error, hint string) Fault {
	return Fault{Text: err.Error(), Hint: hint, Severity: marking.SeverityError.String()}
}

// tooMany is the fault that ends a long list of them.
func tooMany() Fault {
	return Fault{
		Text: "there are more faults than are listed", Rule: "form.faults", Hint: "mend these first",
		Severity: marking.SeverityError.String(),
	}
}

// faultsOf returns the faults that an error is, never nil.
func faultsOf(err error) []Fault {
	if err == nil {
		return []Fault{}
	}
	faults, ok := errors.AsType[marking.Faults](err)
	if !ok {
		return []Fault{refusal(err, "")}
	}
	out := make([]Fault, len(faults))
	for i := range faults {
		out[i] = faultOf(&faults[i])
	}
	return out
}

// AppendText appends the fault in words: "at 3: text [rule, clause]; hint".
func (f Fault) AppendText(dst []byte) []byte { return f.appendText(dst, nil) }

func (f *Fault) appendText(dst []byte, portion *int) []byte {
	dst = append(appendInt(append(dst, "at "...), f.Offset), ": "...)
	if portion != nil {
		dst = append(appendInt(append(dst, "portion "...), *portion), ": "...)
	}
	dst = append(dst, f.Text...)
	if rule := strings.Trim(f.Rule+", "+f.Cites, ", "); rule != "" {
		dst = append(append(append(dst, " ["...), rule...), ']')
	}
	if f.Hint != "" {
		dst = append(append(dst, "; "...), f.Hint...)
	}
	return dst
}

func appendFault(dst []byte, f Fault) []byte { return append(appendFaultOpen(dst, &f), '}') }

// appendFaultOpen appends a fault, but for its last brace.
func appendFaultOpen(dst []byte, f *Fault) []byte {
	dst = appendInt(append(dst, `{"offset":`...), f.Offset)
	dst = appendInt(append(dst, `,"length":`...), f.Length)
	dst = appendString(append(dst, `,"text":`...), f.Text)
	dst = appendString(append(dst, `,"rule":`...), f.Rule)
	dst = appendString(append(dst, `,"cites":`...), f.Cites)
	dst = appendString(append(dst, `,"hint":`...), f.Hint)
	return appendString(append(dst, `,"severity":`...), f.Severity)
}

func appendFaults(dst []byte, list []Fault) []byte { return appendList(dst, list, appendFault) }

// Policy returns the policy of that id. The error says which ones there are.
func Policy(id string) (*marking.Policy, error) {
	p, ok := marking.Lookup(id)
	if !ok {
		return nil, &tearline.Error{
			Op: "mark", Kind: tearline.Invalid, Public: fmt.Sprintf("unknown policy %q", id),
			Hint: "known policies: " + strings.Join(marking.Policies(), ", "),
		}
	}
	return p, nil
}
