package marks

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"tearline/marking"
)

// errLong refuses a line that was cut: what is missing may say more.
var errLong = fmt.Errorf("the line is longer than %d bytes", MaxLine)

// unmarshal is json.Unmarshal, whose errors name no types of this program.
func unmarshal(b []byte, v any) error {
	err := json.Unmarshal(b, v)
	wrong, ok := errors.AsType[*json.UnmarshalTypeError](err)
	switch {
	case !ok:
		return err
	case wrong.Field == "":
		return fmt.Errorf("a JSON %s cannot stand here", wrong.Value)
	}
	return fmt.Errorf("%q cannot be a JSON %s", wrong.Field, wrong.Value)
}

// readMark reads a line that is a mark: as it is, or in JSON. Beside an error
// it returns what to show for the mark.
func readMark(line []byte, p *marking.Policy) (string, *marking.Policy, error) {
	cut := len(line) > MaxLine
	if cut {
		line = line[:MaxLine]
	}
	t := line
	if first := line[:min(1, len(line))]; len(first) > 0 && (first[0] <= ' ' || first[0] >= 0x80 || first[0] == '"' || first[0] == '{') {
		t = bytes.TrimSpace(line)
	}
	switch {
	case len(t) > 0 && t[0] == '"':
		var s string
		if cut {
			return s, p, errLong
		}
		err := unmarshal(t, &s)
		return s, p, err
	case len(t) > 0 && t[0] == '{':
		if cut {
			return string(t), p, errLong
		}
		return readMarkObject(string(t), p)
	}
	return string(line), p, nil // a mark that was cut is too long to be one
}

func readMarkObject(t string, p *marking.Policy) (string, *marking.Policy, error) {
	var mark, policy string
	if f, ok := plainly(t, nil, nil); ok {
		mark, policy = f.input, f.policy
		if !f.has(nameInput) {
			mark = f.marking
		}
	} else {
		var o struct {
			Input   *string `json:"input"`
			Marking string  `json:"marking"`
			Policy  string  `json:"policy"`
		}
		if err := unmarshal([]byte(t), &o); err != nil {
			return t, p, err
		}
		mark, policy = o.Marking, o.Policy
		if o.Input != nil {
			mark = *o.Input
		}
	}
	if policy != "" {
		var err error
		if p, err = Policy(policy); err != nil {
			return t, p, err
		}
	}
	return mark, p, nil
}

// A Document is the marks of one document.
type Document struct {
	// Banner is as it is declared; it is not asked for when it is rolled up.
	Banner string `json:"banner"`
	// Portions are the portions' marks.
	Portions []string `json:"portions"`
	// Dates are those of the portions' sources, YYYY-MM-DD: one for each
	// portion, or none at all.
	Dates []string `json:"dates"`
	// Policy is the policy's id; empty stands for the command's.
	Policy string `json:"policy"`
}

// read reads a line that is an object. What stands under other names than
// those that are asked for may be anything.
func (d *Document) read(line []byte, withBanner bool) error {
	if len(line) > MaxLine {
		*d = Document{}
		return errLong
	}
	f, ok := plainly(string(line), d.Portions[:0], d.Dates[:0])
	if ok {
		*d = Document{Banner: f.banner, Portions: f.portions, Dates: f.dates, Policy: f.policy}
		return nil
	}
	*d = Document{}
	if withBanner {
		return unmarshal(line, d)
	}
	var o struct {
		Portions []string `json:"portions"`
		Dates    []string `json:"dates"`
		Policy   string   `json:"policy"`
	}
	err := unmarshal(line, &o)
	d.Portions, d.Dates, d.Policy = o.Portions, o.Dates, o.Policy
	return err
}

// readParted reads the marks of a document that semicolons part.
func (d *Document) readParted(line []byte) error {
	*d = Document{Portions: d.Portions[:0]}
	if len(line) > MaxLine {
		return errLong
	}
	for m := range strings.SplitSeq(string(line), ";") {
		d.Portions = append(d.Portions, strings.TrimSpace(m))
	}
	return nil
}

// under returns the policy that the document is to be read under.
func (d *Document) under(p *marking.Policy) (*marking.Policy, error) {
	if d.Policy == "" {
		return p, nil
	}
	return Policy(d.Policy)
}

// undated is the fault of a document that has dates for some portions only.
func (d *Document) undated() (Fault, bool) {
	if len(d.Dates) == 0 || len(d.Dates) == len(d.Portions) {
		return Fault{}, false
	}
	return Fault{
		Text: fmt.Sprintf("%d dates for %d portions", len(d.Dates), len(d.Portions)), Hint: "give one date for each portion, or none",
		Severity: marking.SeverityError.String(),
	}, true
}
