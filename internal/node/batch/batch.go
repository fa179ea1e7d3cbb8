// Package batch reads questions that come as lines of JSON, and puts into the
// place of an answer that there is none of what may be told of the error. What
// the answers are it does not know: it asks its caller, line by line.
package batch

import (
	"bytes"
	"encoding/json"
	"errors"
	"time"

	"tearline"
)

// A Line is one question.
type Line struct {
	Report  tearline.ReportID `json:"report"`
	To      tearline.PartyID  `json:"to"`
	At      time.Time         `json:"at"`
	Mode    tearline.Mode     `json:"mode"`
	Purpose string            `json:"purpose"`
	Unit    string            `json:"unit"`
	// Person is who it is for, with the clearance that counts; null is nobody
	// in particular.
	Person  *tearline.Person `json:"person"`
	Officer string           `json:"officer"`
}

// A Fault stands in the place of an answer that there is none of.
type Fault struct {
	Report    tearline.ReportID `json:"report"`
	Recipient tearline.PartyID  `json:"recipient"`
	Error     Error             `json:"error"`
}

// An Error is what of an error leaves the process.
type Error struct {
	Kind   string `json:"kind"`
	Public string `json:"public"`
	Hint   string `json:"hint,omitempty"`
}

// Answer answers one line by what decide says: exactly one of the answers is
// not nil.
func Answer[D any](line []byte, decide func(Line) (D, error)) (*D, *Fault) {
	var in Line
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&in); err != nil {
		return nil, &Fault{in.Report, in.To, Error{Kind: tearline.Invalid.String(), Public: `want {"report": ID, "to": PARTY, "at": TIME}: ` + err.Error()}}
	}
	d, err := decide(in)
	if err == nil {
		return &d, nil
	}
	out := Error{Kind: tearline.KindOf(err).String(), Public: err.Error()}
	if e, ok := errors.AsType[*tearline.Error](err); ok {
		out.Public, out.Hint = e.Public, e.Hint
	}
	return nil, &Fault{in.Report, in.To, out}
}
