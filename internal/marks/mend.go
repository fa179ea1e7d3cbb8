package marks

import (
	"encoding/json"

	"tearline/marking"
)

// Mended is the answer to one mark that was to be mended.
type Mended struct {
	Input string `json:"input"`
	OK    bool   `json:"ok"`
	// Text is the mark as it should be written, in its own form; Banner and
	// Portion are both forms.
	Text    string `json:"text"`
	Banner  string `json:"canonical_banner"`
	Portion string `json:"canonical_portion"`
	// Done are the faults that were mended, Faults those that are left.
	Done   []Fault `json:"done"`
	Faults []Fault `json:"faults"`
}

// Mending returns what answers lines that are marks with the marks mended: with
// text, or if that is nil with lines of JSON.
func Mending(p *marking.Policy, text func(dst []byte, a *Mended) []byte) Answer {
	return func(dst, line []byte) ([]byte, bool) {
		in, p, err := readMark(line, p)
		a := Mended{Input: in, Done: []Fault{}, Faults: faultsOf(err)}
		if err == nil {
			m := p.Mend(in)
			a.OK, a.Text = !m.Marking.IsZero(), m.Text
			a.Banner, a.Portion = m.Marking.Banner(), m.Marking.Portion()
			a.Done = append(a.Done, faultsIn(m.Done)...)
			a.Faults = append(a.Faults, faultsIn(m.Left)...)
		}
		if text != nil {
			return text(dst, &a), a.OK
		}
		return appendLine(dst, &a), a.OK
	}
}

// Linting returns what answers lines that are marks as [Parsing] does, with all
// that can be said of each among the faults: what is written otherwise than it
// should be, and what the document has to see to. A mark that is right is right
// all the same.
func Linting(p *marking.Policy, text func(dst []byte, a *Parsed) []byte) Answer {
	return func(dst, line []byte) ([]byte, bool) {
		a := Parse(p, line)
		if a.OK {
			if in, p, err := readMark(line, p); err == nil {
				a.Faults = append(a.Faults, faultsIn(p.Lint(in))...)
			}
		}
		if text != nil {
			return text(dst, &a), a.OK
		}
		return append(a.AppendJSON(dst), '\n'), a.OK
	}
}

func faultsIn(faults marking.Faults) []Fault {
	out := make([]Fault, len(faults))
	for i := range faults {
		out[i] = faultOf(&faults[i])
	}
	return out
}

// appendLine appends an answer as a line of JSON, where answers are few.
func appendLine(dst []byte, v any) []byte {
	b := lineWriter(dst)
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return append(dst, "{}\n"...) // the answers of this package can all be said in JSON
	}
	return b
}

type lineWriter []byte

func (w *lineWriter) Write(b []byte) (int, error) {
	*w = append(*w, b...)
	return len(b), nil
}
