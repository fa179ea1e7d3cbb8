package marks

import "tearline/marking"

// Releasable is the answer to one mark: who of the policy's table its release
// marking lets keep, and who only see, what it marks.
type Releasable struct {
	Input string   `json:"input"`
	OK    bool     `json:"ok"`
	Keep  []string `json:"keep"`
	See   []string `json:"see"`
	// Silent: it says nothing of release to others.
	Silent bool    `json:"silent"`
	Faults []Fault `json:"faults"`
}

// AppendJSON appends the answer as JSON, without an end of line.
func (a *Releasable) AppendJSON(dst []byte) []byte {
	dst = appendString(append(dst, `{"input":`...), a.Input)
	dst = appendBool(append(dst, `,"ok":`...), a.OK)
	dst = appendStrings(append(dst, `,"keep":`...), a.Keep)
	dst = appendStrings(append(dst, `,"see":`...), a.See)
	dst = appendBool(append(dst, `,"silent":`...), a.Silent)
	return append(appendFaults(append(dst, `,"faults":`...), a.Faults), '}')
}

// recipients are what a release marking says.
type recipients struct {
	keep, see []string
	silent    bool
}

func recipientsOf(_ recipients, m marking.Marking) recipients {
	keep, see, silent := m.Releasable()
	return recipients{append([]string{}, keep...), append([]string{}, see...), silent}
}

// Releasing returns what answers lines that are marks with who may have what
// they mark: with text, or if that is nil with lines of JSON.
func Releasing(p *marking.Policy, text func(dst []byte, a *Releasable) []byte) Answer {
	known := newMemo[recipients]()
	return remembering(func(dst, line []byte) ([]byte, bool) {
		in, p, err := readMark(line, p)
		a := Releasable{Input: in, Keep: []string{}, See: []string{}}
		var m marking.Marking
		if err == nil {
			m, err = p.Parse(in)
		}
		a.Faults = faultsOf(err)
		if err == nil {
			r := known.of(m, recipientsOf)
			a.OK, a.Keep, a.See, a.Silent = true, r.keep, r.see, r.silent
		}
		if text != nil {
			return text(dst, &a), a.OK
		}
		return append(a.AppendJSON(dst), '\n'), a.OK
	})
}
