package marks

import "tearline/marking"

// Parsed is the answer to one mark.
type Parsed struct {
	// Input is the mark as it was written.
	Input string `json:"input"`
	// OK: it is a mark, and the rest says what it means.
	OK   bool         `json:"ok"`
	Form marking.Form `json:"form"`
	// Banner and Portion are the mark as it should be written.
	Banner  string `json:"canonical_banner"`
	Portion string `json:"canonical_portion"`
	// Fields are what it says; see [marking.Marking.Fields]. Never nil.
	Fields map[string]any `json:"fields"`
	Faults []Fault        `json:"faults"`
}

// AppendJSON appends the answer as JSON, without an end of line.
func (a *Parsed) AppendJSON(dst []byte) []byte {
	dst = a.appendHead(dst)
	dst = appendReading(dst, a.Banner, a.Portion, a.Fields)
	return a.appendTail(dst)
}

func (a *Parsed) appendHead(dst []byte) []byte {
	dst = appendString(append(dst, `{"input":`...), a.Input)
	dst = appendBool(append(dst, `,"ok":`...), a.OK)
	return appendString(append(dst, `,"form":`...), string(a.Form))
}

// appendReading appends what is the same for all ways to write a mark.
func appendReading(dst []byte, banner, portion string, fields map[string]any) []byte {
	dst = appendString(append(dst, `,"canonical_banner":`...), banner)
	dst = appendString(append(dst, `,"canonical_portion":`...), portion)
	return appendFields(append(dst, `,"fields":`...), fields)
}

func (a *Parsed) appendTail(dst []byte) []byte {
	return append(appendFaults(append(dst, `,"faults":`...), a.Faults), '}')
}

func appendBool(dst []byte, b bool) []byte {
	if b {
		return append(dst, "true"...)
	}
	return append(dst, "false"...)
}

// Parse reads a line that is a mark.
func Parse(p *marking.Policy, line []byte) Parsed {
	a, m := parse(p, line)
	a.Fields = map[string]any{}
	if a.OK {
		a.Banner, a.Portion, a.Fields = m.Banner(), m.Portion(), m.Fields()
	}
	return a
}

// parse is Parse, but for what is made of the marking.
func parse(p *marking.Policy, line []byte) (Parsed, marking.Marking) {
	in, p, err := readMark(line, p)
	if err != nil {
		return Parsed{Input: in, Faults: []Fault{refusal(err, `write a mark, a JSON string, or {"input": MARK, "policy": ID}`)}}, marking.Marking{}
	}
	m, form, err := p.ParseForm(in)
	return Parsed{Input: in, OK: err == nil, Form: form, Faults: faultsOf(err)}, m
}

// reading is what is made of a marking.
type reading struct {
	banner, portion string
	json            []byte
}

// Parsing returns what answers lines that are marks: with text, or if that is
// nil with lines of JSON. Text is shown answers without their Fields, which
// take longer than all the rest.
func Parsing(p *marking.Policy, text func(dst []byte, a *Parsed) []byte) Answer {
	readings := newMemo[reading]()
	fresh := func(old reading, m marking.Marking) reading {
		r := reading{banner: m.Banner(), portion: m.Portion()}
		if text == nil {
			r.json = appendReading(old.json[:0], r.banner, r.portion, m.Fields())
		}
		return r
	}
	none := reading{json: appendReading(nil, "", "", map[string]any{})}
	return remembering(func(dst, line []byte) ([]byte, bool) {
		a, m := parse(p, line)
		r := &none
		if a.OK {
			r = readings.of(m, fresh)
		}
		if text != nil {
			a.Banner, a.Portion = r.banner, r.portion
			return text(dst, &a), a.OK
		}
		dst = append(a.appendHead(dst), r.json...)
		return append(a.appendTail(dst), '\n'), a.OK
	})
}
