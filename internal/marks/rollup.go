package marks

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"strings"

	"tearline/marking"
)

// RolledUp is the answer to the portions of one document.
type RolledUp struct {
	// Banner is that of the portions; empty if there is none.
	Banner string  `json:"banner"`
	Faults []Fault `json:"faults"`
	// Why says what put each token into the banner.
	Why []Why `json:"why"`
}

// A Why says which portions put a token into a banner, by what rule.
type Why struct {
	Token    string `json:"token"`
	Portions []int  `json:"portions"` // from 0
	Rule     string `json:"rule"`
}

// AppendText appends the reason in words: "NOFORN: portions 0, 2 [rule]".
func (w Why) AppendText(dst []byte) []byte {
	dst = append(append(dst, w.Token...), ": portions "...)
	for i, n := range w.Portions {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = appendInt(dst, n)
	}
	return append(append(append(dst, " ["...), w.Rule...), ']')
}

// AppendJSON appends the answer as JSON, without an end of line.
func (a *RolledUp) AppendJSON(dst []byte) []byte {
	dst = appendString(append(dst, `{"banner":`...), a.Banner)
	dst = appendFaults(append(dst, `,"faults":`...), a.Faults)
	return append(appendList(append(dst, `,"why":`...), a.Why, appendWhy), '}')
}

func appendWhy(dst []byte, w Why) []byte {
	dst = appendString(append(dst, `{"token":`...), w.Token)
	dst = appendList(append(dst, `,"portions":`...), w.Portions, appendInt)
	return append(appendString(append(dst, `,"rule":`...), w.Rule), '}')
}

// A RollUp rolls up documents. It may not be used by several goroutines.
type RollUp struct {
	policy *marking.Policy
	text   func(dst []byte, a *RolledUp) []byte
	banner *memo[string]
	seed   maphash.Seed
	known  table[portion]
	dated  []marking.Dated
	why    []Why // of the latest answer
}

// A portion is what the mark of one says under a policy.
type portion struct {
	policy *marking.Policy
	text   string
	is     marking.Marking
}

// NewRollUp returns what rolls documents up and answers with text, or if that
// is nil with lines of JSON.
func NewRollUp(p *marking.Policy, text func(dst []byte, a *RolledUp) []byte) *RollUp {
	return &RollUp{policy: p, text: text, banner: newMemo[string](), seed: maphash.MakeSeed(), why: []Why{}}
}

// Lines answers lines that are documents.
func (r *RollUp) Lines() Answer {
	var d Document
	return remembering(func(dst, line []byte) ([]byte, bool) {
		var err error
		if t := bytes.TrimSpace(line); len(t) > 0 && t[0] == '{' {
			if len(line) <= MaxLine {
				line = t
			}
			err = d.read(line, false)
		} else {
			err = d.readParted(line)
		}
		return r.answer(dst, &d, err)
	})
}

// Document appends the answer to a document, and reports whether it has a
// banner.
func (r *RollUp) Document(dst []byte, d *Document) ([]byte, bool) { return r.answer(dst, d, nil) }

func (r *RollUp) answer(dst []byte, d *Document, err error) ([]byte, bool) {
	a := RolledUp{Faults: []Fault{}, Why: r.why[:0]}
	p := r.policy
	if err == nil {
		p, err = d.under(p)
	}
	if err != nil {
		a.Faults = append(a.Faults, refusal(err, `write {"portions": [MARK, …]}`))
	} else {
		r.rollUp(p, d, &a)
	}
	ok := len(a.Faults) == 0
	if r.text != nil {
		return r.text(dst, &a), ok
	}
	return append(a.AppendJSON(dst), '\n'), ok
}

func (r *RollUp) rollUp(p *marking.Policy, d *Document, a *RolledUp) {
	if f, wrong := d.undated(); wrong {
		a.Faults = append(a.Faults, f)
		return
	}
	r.dated = r.dated[:0]
	for i, s := range d.Portions {
		m, err := r.parse(p, s)
		for _, f := range faultsOf(err) {
			f.Text = fmt.Sprintf("portion %d: %s", i, f.Text)
			a.Faults = append(a.Faults, f)
		}
		if len(a.Faults) > MaxFaults {
			a.Faults = append(a.Faults[:MaxFaults], tooMany())
			return
		}
		x := marking.Dated{Marking: m}
		if len(d.Dates) > 0 {
			x.Date = d.Dates[i]
		}
		r.dated = append(r.dated, x)
	}
	if len(a.Faults) > 0 {
		return
	}
	rolled, err := p.RollUp(r.dated)
	if err != nil {
		a.Faults = faultsOf(err)
		return
	}
	a.Banner = *r.banner.of(rolled.Banner, bannerOf)
	for _, w := range rolled.Why {
		a.Why = append(a.Why, Why(w))
	}
	r.why = a.Why
}

func bannerOf(_ string, m marking.Marking) string { return m.Banner() }

// parse reads a portion's mark, one that came before from memory.
func (r *RollUp) parse(p *marking.Policy, s string) (marking.Marking, error) {
	if len(s) > maxMemoLine {
		return p.Parse(s)
	}
	hash := maphash.String(r.seed, s)
	if k := r.known.find(hash, func(k *portion) bool { return k.policy == p && k.text == s }); k != nil {
		return k.is, nil
	}
	m, err := p.Parse(s)
	if err != nil {
		return m, err
	}
	if k := r.known.room(hash); k != nil {
		*k = portion{p, strings.Clone(s), m} // s is part of a whole line
	}
	return m, nil
}
