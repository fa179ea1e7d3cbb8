package marks

import (
	"tearline/marking"
)

// Access is the answer to one mark held against a person.
type Access struct {
	Input   string   `json:"input"`
	OK      bool     `json:"ok"`
	Access  string   `json:"access"` // "may not", "silent", "may see", "may keep"
	Reasons []Reason `json:"reasons"`
	Faults  []Fault  `json:"faults"`
}

// A Reason is one condition of a mark and what it allows.
type Reason struct {
	Access string `json:"access"`
	Rule   string `json:"rule"`
	Cites  string `json:"cites"`
	Text   string `json:"text"`
}

// AppendText appends the reason in words.
func (x Reason) AppendText(dst []byte) []byte {
	dst = append(append(append(dst, x.Access...), ": "...), x.Text...)
	return append(append(append(dst, " ["...), x.Cites...), ']')
}

// Accessing returns what answers lines that are marks with what they let a
// person do: with text, or if that is nil with lines of JSON. It fails, with
// [marking.Faults], for what of the person the policy does not know.
func Accessing(p *marking.Policy, who marking.Person, text func(dst []byte, a *Access) []byte) (Answer, error) {
	if _, err := p.Recipient(who); err != nil {
		return nil, err
	}
	return func(dst, line []byte) ([]byte, bool) {
		in, p, err := readMark(line, p)
		a := Access{Input: in, Reasons: []Reason{}}
		var m marking.Marking
		var r marking.Recipient
		if err == nil {
			m, err = p.Parse(in)
		}
		if err == nil {
			r, err = p.Recipient(who)
		}
		a.Faults = faultsOf(err)
		if a.OK = err == nil; a.OK {
			a.Access = m.Access(r).String()
			for _, x := range m.WhyAccess(r) {
				a.Reasons = append(a.Reasons, Reason{x.Access.String(), x.Rule, x.Cites, x.Text})
			}
		}
		if text != nil {
			return text(dst, &a), a.OK
		}
		return appendLine(dst, &a), a.OK
	}, nil
}
