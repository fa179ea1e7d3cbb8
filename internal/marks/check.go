package marks

import "tearline/marking"

// Checked is the answer to a document's banner beside its portions.
type Checked struct {
	// OK: nothing is wrong.
	OK bool `json:"ok"`
	// Banner is as declared, Expected what the portions roll up to; empty if
	// they have no banner.
	Banner   string         `json:"banner"`
	Expected string         `json:"expected"`
	Faults   []CheckedFault `json:"faults"`
}

// A CheckedFault is a fault of the banner, or of a portion.
type CheckedFault struct {
	Fault
	Portion *int `json:"portion,omitempty"` // from 0; nil: the banner
}

// AppendText appends the fault in words: "at 3: portion 0: text [rule]; hint".
func (f CheckedFault) AppendText(dst []byte) []byte { return f.appendText(dst, f.Portion) }

// AppendJSON appends the answer as JSON, without an end of line.
func (a *Checked) AppendJSON(dst []byte) []byte {
	dst = appendBool(append(dst, `{"ok":`...), a.OK)
	dst = appendString(append(dst, `,"banner":`...), a.Banner)
	dst = appendString(append(dst, `,"expected":`...), a.Expected)
	return append(appendList(append(dst, `,"faults":`...), a.Faults, appendCheckedFault), '}')
}

func appendCheckedFault(dst []byte, f CheckedFault) []byte {
	dst = appendFaultOpen(dst, &f.Fault)
	if f.Portion != nil {
		dst = appendInt(append(dst, `,"portion":`...), *f.Portion)
	}
	return append(dst, '}')
}

// A Check holds declared banners against portions. It may not be used by
// several goroutines.
type Check struct {
	policy   *marking.Policy
	text     func(dst []byte, a *Checked) []byte
	expected *memo[string]
	written  []marking.Written
	faults   []CheckedFault // of the latest answer
}

// NewCheck returns what checks documents and answers with text, or if that is
// nil with lines of JSON.
func NewCheck(p *marking.Policy, text func(dst []byte, a *Checked) []byte) *Check {
	return &Check{policy: p, text: text, expected: newMemo[string](), faults: []CheckedFault{}}
}

// Lines answers lines that are documents.
func (c *Check) Lines() Answer {
	var d Document
	return remembering(func(dst, line []byte) ([]byte, bool) {
		err := d.read(line, true)
		return c.answer(dst, &d, err)
	})
}

// Document appends the answer to a document, and reports whether nothing is
// wrong.
func (c *Check) Document(dst []byte, d *Document) ([]byte, bool) { return c.answer(dst, d, nil) }

func (c *Check) answer(dst []byte, d *Document, err error) ([]byte, bool) {
	a := Checked{Banner: d.Banner, Faults: c.faults[:0]}
	p := c.policy
	if err == nil {
		p, err = d.under(p)
	}
	f, wrong := d.undated()
	switch {
	case err != nil:
		a.Faults = append(a.Faults, CheckedFault{Fault: refusal(err, `write {"banner": MARK, "portions": [MARK, …]}`)})
	case wrong:
		a.Faults = append(a.Faults, CheckedFault{Fault: f})
	default:
		c.check(p, d, &a)
	}
	c.faults = a.Faults
	if c.text != nil {
		return c.text(dst, &a), a.OK
	}
	return append(a.AppendJSON(dst), '\n'), a.OK
}

func (c *Check) check(p *marking.Policy, d *Document, a *Checked) {
	c.written = c.written[:0]
	for i, s := range d.Portions {
		w := marking.Written{Mark: s}
		if len(d.Dates) > 0 {
			w.Date = d.Dates[i]
		}
		c.written = append(c.written, w)
	}
	r := p.Check(d.Banner, c.written)
	a.OK, a.Expected = r.OK(), *c.expected.of(r.Expected, bannerOf)
	a.add(r.Faults, nil)
	for i, faults := range r.Portions {
		if len(faults) > 0 && len(a.Faults) <= MaxFaults {
			a.add(faults, &i)
		}
	}
	if len(a.Faults) > MaxFaults {
		a.Faults = append(a.Faults[:MaxFaults], CheckedFault{Fault: tooMany()})
	}
}

func (a *Checked) add(faults marking.Faults, portion *int) {
	for i := range faults {
		a.Faults = append(a.Faults, CheckedFault{Fault: faultOf(&faults[i]), Portion: portion})
	}
}
