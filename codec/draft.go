package codec

import (
	"errors"
	"fmt"
	"sort"
	"strings"

	"tearline"
	"tearline/marking"
)

// A draft is a report as it stands in a document: nothing in it has been
// checked, and every value knows its place.
type draft struct {
	id, title, originator, policy, date, banner value

	declassify value // may be left out
	authority  value // and so may this
	sources    []value
	portions   []draftPortion
}

// head returns the value of the report's own that has a name, nil if none has.
func (d *draft) head(name string) *value {
	switch name {
	case "id":
		return &d.id
	case "title":
		return &d.title
	case "originator":
		return &d.originator
	case "policy":
		return &d.policy
	case "date":
		return &d.date
	case "declassify_on":
		return &d.declassify
	case "authority":
		return &d.authority
	case "banner":
		return &d.banner
	}
	return nil
}

// A draftPortion is one portion of a draft.
type draftPortion struct {
	at                         place
	id, mark, text, originator value
	sources                    []value
	tearMark, tearText         value
	form                       tearline.Form
	formAt                     place
	unmarked                   bool
	// faulty: a fault already says what is missing.
	faulty bool
}

// A place is where something stands in a document.
type place struct {
	line, col int
	// where is the place in words, in documents that have no lines.
	where string
	// field is the path's last part in JSON, "" elsewhere; portion is the
	// index of the portion that it is in, -1 if it is the report's own.
	field   string
	portion int
}

// fault makes a fault there.
func (p place) fault(text string) tearline.Fault {
	if p.field != "" {
		text = p.path() + ": " + text
	}
	return tearline.Fault{Line: p.line, Column: p.col, Where: p.where, Text: text}
}

// path returns the field's path in JSON: "portions[2].marking".
func (p place) path() string {
	if p.portion < 0 {
		return p.field
	}
	return fmt.Sprintf("portions[%d].%s", p.portion, p.field)
}

// A value is a text and its place.
type value struct {
	s   string
	at  place
	set bool
	// broken: a fault already says what is wrong with it.
	broken bool
	// spots says where the pieces of a text that was joined from lines
	// stand; offset is where s begins in the joined text.
	spots  []spot
	offset int
}

// A spot is the place of the byte at off in a joined text.
type spot struct{ off, line, col int }

// place returns the place of the byte at off.
func (v value) place(off int) place {
	p := v.at
	switch {
	case len(v.spots) > 0:
		off += v.offset
		i := sort.Search(len(v.spots), func(i int) bool { return v.spots[i].off > off }) - 1
		s := v.spots[max(i, 0)]
		p.line, p.col = s.line, s.col+max(off-s.off, 0)
	case p.field == "":
		p.col += off
	}
	return p
}

// cut returns the part of v from i to j without the white space around it.
func (v value) cut(i, j int) value {
	s := v.s[i:j]
	lead := len(s) - len(strings.TrimLeft(s, " \t\n"))
	out := v
	out.s = strings.Trim(s, " \t\n")
	if len(v.spots) > 0 {
		out.offset += i + lead
	}
	out.at = v.place(i + lead)
	return out
}

// faultList collects the faults of one document.
type faultList struct{ list tearline.Faults }

// add appends a fault; beyond the limit it only says that there are more.
func (l *faultList) add(f tearline.Fault) {
	switch {
	case len(l.list) < maxFaults:
		l.list = append(l.list, f)
	case len(l.list) == maxFaults:
		l.list = append(l.list, tearline.Fault{Line: f.Line, Column: f.Column, Text: "there are more faults than are listed"})
	}
}

// at adds a fault at a place.
func (l *faultList) at(p place, hint, format string, args ...any) {
	f := p.fault(fmt.Sprintf(format, args...))
	f.Hint = hint
	l.add(f)
}

// err returns the faults in the order of the document.
func (l *faultList) err() error {
	sort.SliceStable(l.list, func(i, j int) bool {
		a, b := l.list[i], l.list[j]
		if a.Line != b.Line {
			return a.Line < b.Line
		}
		return a.Column < b.Column
	})
	return l.list.Err()
}

// maxMarks bounds the marks remembered, so that foreign input cannot fill the
// memory; real holdings have a few hundred different ones.
const maxMarks = 4096

// maxRollUpKey bounds the list of marks by which a roll-up is remembered, in
// bytes. Longer ones hardly ever come twice.
const maxRollUpKey = 2048

// markKey names a mark as written, or a roll-up, under a policy.
type markKey struct{ policy, text string }

// read is what a mark or a roll-up was read as.
type read struct {
	marking marking.Marking
	why     []marking.Why
	faults  marking.Faults
}

// markCache remembers what marks were read as. Marks repeat: parsing each
// different one once is what makes bulk loading quick.
type markCache struct {
	marks   map[markKey]read
	rollUps map[markKey]read
	key     []byte // scratch
}

func newMarkCache() *markCache {
	return &markCache{marks: map[markKey]read{}, rollUps: map[markKey]read{}}
}

// faultsOf returns the faults that an error of the markings stands for.
func faultsOf(err error) marking.Faults {
	if err == nil {
		return nil
	}
	var fs marking.Faults
	if errors.As(err, &fs) && len(fs) > 0 {
		return fs
	}
	return marking.Faults{{Text: err.Error()}}
}

// mark reads a mark.
func (c *markCache) mark(p *marking.Policy, s string) read {
	k := markKey{p.ID(), s}
	if r, ok := c.marks[k]; ok {
		return r
	}
	m, err := p.Parse(s)
	r := read{marking: m, faults: faultsOf(err)}
	if err == nil && m.IsZero() {
		r.faults = marking.Faults{{Text: "not a mark"}}
	}
	if len(c.marks) >= maxMarks {
		clear(c.marks)
	}
	k.text = strings.Clone(s) // s may be part of a long line
	c.marks[k] = r
	return r
}

// rollUp reads what a report's portions roll up to.
func (c *markCache) rollUp(p *marking.Policy, portions []tearline.Portion, date string) read {
	c.key = append(c.key[:0], date...)
	for i := range portions {
		c.key = append(append(c.key, 0), portions[i].Marking.Portion()...)
	}
	if r, ok := c.rollUps[markKey{p.ID(), string(c.key)}]; ok {
		return r
	}
	dated := make([]marking.Dated, len(portions))
	for i := range portions {
		dated[i] = marking.Dated{Marking: portions[i].Marking, Date: date}
	}
	rolled, err := p.RollUp(dated)
	r := read{marking: rolled.Banner, why: rolled.Why, faults: faultsOf(err)}
	if len(r.faults) == 0 && r.marking.IsZero() {
		r.faults = marking.Faults{{Text: "the portions roll up to no banner"}}
	}
	if len(c.rollUps) >= maxMarks {
		clear(c.rollUps)
	}
	if len(c.key) <= maxRollUpKey {
		c.rollUps[markKey{p.ID(), string(c.key)}] = r
	}
	return r
}
