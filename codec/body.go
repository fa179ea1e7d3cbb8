package codec

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"tearline"
	"tearline/codec/internal/jsonread"
	"tearline/marking"
)

// bodyForm is the form of a stored body. A body in a form that is not known is
// refused, never guessed at.
const bodyForm = "1"

// bodyJSON is the stored form of a report. Marks are kept as canonical portion
// marks, the banner as a canonical banner, texts as they were filed.
type bodyJSON struct {
	Form       string                `json:"form,omitempty"`
	ID         tearline.ReportID     `json:"id"`
	Title      string                `json:"title,omitempty"`
	Originator tearline.PartyID      `json:"originator"`
	Policy     string                `json:"policy"`
	Date       string                `json:"date"`
	Declassify string                `json:"declassify_on,omitempty"`
	Authority  string                `json:"authority,omitempty"`
	Banner     string                `json:"banner"`
	Sources    []tearline.PortionRef `json:"sources,omitempty"`
	Portions   []portionJSON         `json:"portions"`
}

// portionJSON is the stored form of a portion.
type portionJSON struct {
	ID         tearline.PortionID    `json:"id"`
	Text       string                `json:"text"`
	Marking    string                `json:"marking"`
	Originator tearline.PartyID      `json:"originator"`
	Sources    []tearline.PortionRef `json:"sources,omitempty"`
	Tear       *tearJSON             `json:"tear,omitempty"`
	Form       json.RawMessage       `json:"form,omitempty"`
	Unmarked   bool                  `json:"unmarked,omitempty"`
}

// tearJSON is the stored form of a tear-line wording.
type tearJSON struct {
	Text    string `json:"text"`
	Marking string `json:"marking"`
}

// MarshalReport returns a report's body for a store: compact JSON from which
// [UnmarshalReport] makes the same report. It refuses a report that would not
// come back the same: one without a date, a banner or marks of its own policy.
func MarshalReport(r *tearline.Report) ([]byte, error) { return marshalReport(r, bodyForm, nil) }

// MarshalLine returns a report as the line from which a [Decoder] makes the
// same report.
func MarshalLine(r *tearline.Report) ([]byte, error) {
	t, ok := r.Portion(tearline.TitleID)
	if !ok {
		return marshalReport(r, "", nil)
	}
	line := *r // in a line the title is no portion, and rests on what the whole report does
	line.Title = t.Marking.Portion() + " " + t.Wording.Source()
	line.Portions = slices.DeleteFunc(slices.Clone(r.Portions), func(p tearline.Portion) bool { return p.ID == tearline.TitleID })
	return marshalReport(&line, "", t.Sources)
}

func marshalReport(r *tearline.Report, form string, sources []tearline.PortionRef) ([]byte, error) {
	b := bodyJSON{
		Form: form, ID: r.ID, Title: r.Title, Originator: r.Originator, Policy: r.Policy,
		Date: r.Date.Format(dateLayout), Authority: r.Authority, Banner: r.Banner.Banner(), Sources: sources,
		Portions: make([]portionJSON, len(r.Portions)),
	}
	if t, err := time.Parse(dateLayout, b.Date); err != nil || !t.Equal(r.Date) {
		return nil, fmt.Errorf("report %s: date %s is not a day", r.ID, r.Date)
	}
	if !r.DeclassifyOn.IsZero() {
		b.Declassify = r.DeclassifyOn.Format(dateLayout)
		if t, err := time.Parse(dateLayout, b.Declassify); err != nil || !t.Equal(r.DeclassifyOn) {
			return nil, fmt.Errorf("report %s: date of declassification %s is not a day", r.ID, r.DeclassifyOn)
		}
	}
	if err := storable(r.Policy, r.Banner, r.Title); err != nil {
		return nil, fmt.Errorf("report %s: %w", r.ID, err)
	}
	for i := range r.Portions {
		p := &r.Portions[i]
		b.Portions[i] = portionJSON{ID: p.ID, Text: p.Wording.Source(), Marking: p.Marking.Portion(), Originator: p.Originator, Sources: p.Sources, Unmarked: p.Unmarked}
		err := storable(r.Policy, p.Marking, p.Wording.Source())
		if p.Tear != nil && err == nil {
			b.Portions[i].Tear = &tearJSON{Text: p.Tear.Wording.Source(), Marking: p.Tear.Marking.Portion()}
			err = storable(r.Policy, p.Tear.Marking, p.Tear.Wording.Source())
		}
		if err == nil {
			b.Portions[i].Form, err = marshalForm(&p.Form)
		}
		if err != nil {
			return nil, fmt.Errorf("report %s, portion %s: %w", r.ID, p.ID, err)
		}
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(b); err != nil {
		return nil, fmt.Errorf("report %s: %w", r.ID, err)
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}

// storable refuses what JSON would change.
func storable(policy string, m marking.Marking, text string) error {
	if m.IsZero() || m.Policy().ID() != policy {
		return fmt.Errorf("a marking that is not of the policy %q", policy)
	}
	if !utf8.ValidString(text) {
		return fmt.Errorf("text that is not UTF-8")
	}
	return nil
}

// UnmarshalReport reads a body that [MarshalReport] wrote. It trusts the store
// for what was checked when the report was filed (the roll-up, the names), but
// parses every mark, text and reference anew. The report keeps b's text alive
// but not b.
func UnmarshalReport(b []byte) (*tearline.Report, error) {
	if i := invalidUTF8(b); i >= 0 {
		return nil, fmt.Errorf("report body: not UTF-8 at byte %d", i)
	}
	l := lineReader{Reader: jsonread.Reader{S: string(b)}, line: 1, stored: true}
	l.report()
	if l.Err != nil {
		l.syntax()
	}
	if err := l.faults.err(); err != nil {
		return nil, fmt.Errorf("report body: %w", err)
	}
	if l.body.s != bodyForm {
		return nil, fmt.Errorf("report body: form %q, want %q", clip(l.body.s), bodyForm)
	}
	r, err := stored(&l.draft)
	if err != nil {
		return nil, fmt.Errorf("report body: %w", err)
	}
	return r, nil
}

// stored makes a report of a stored draft.
func stored(d *draft) (*tearline.Report, error) {
	policy, ok := marking.Lookup(d.policy.s)
	if !ok {
		return nil, fmt.Errorf("unknown policy %q", clip(d.policy.s))
	}
	s := storedReader{policy: policy, marks: make(map[string]marking.Marking, 4)}
	r := &tearline.Report{ID: tearline.ReportID(d.id.s), Title: d.title.s, Originator: tearline.PartyID(d.originator.s), Policy: policy.ID(), Authority: d.authority.s}
	date, err := time.Parse(dateLayout, d.date.s)
	s.note(err)
	r.Date = date
	if d.declassify.set {
		r.DeclassifyOn, err = time.Parse(dateLayout, d.declassify.s)
		s.note(err)
	}
	r.Banner = s.mark(d.banner.s)
	r.Portions = make([]tearline.Portion, len(d.portions))
	for i := range d.portions {
		p := &d.portions[i]
		out := tearline.Portion{
			ID: tearline.PortionID(p.id.s), Originator: tearline.PartyID(p.originator.s),
			Marking: s.mark(p.mark.s), Wording: s.wording(p.text.s), Form: p.form, Unmarked: p.unmarked,
		}
		if len(p.sources) > 0 {
			out.Sources = make([]tearline.PortionRef, len(p.sources))
		}
		for j, v := range p.sources {
			s.note(out.Sources[j].UnmarshalText([]byte(v.s)))
		}
		if p.tearText.set {
			out.Tear = &tearline.Tear{Marking: s.mark(p.tearMark.s), Wording: s.wording(p.tearText.s)}
		}
		r.Portions[i] = out
	}
	if s.err != nil {
		return nil, s.err
	}
	return r, nil
}

// A storedReader keeps the first error of reading a stored report, and the
// marks that it has read: most portions of a report share them.
type storedReader struct {
	policy *marking.Policy
	marks  map[string]marking.Marking
	err    error
}

func (s *storedReader) note(err error) {
	if s.err == nil && err != nil {
		s.err = err
	}
}

func (s *storedReader) mark(text string) marking.Marking {
	if m, ok := s.marks[text]; ok {
		return m
	}
	m, err := s.policy.Parse(text)
	s.note(err)
	s.marks[text] = m
	return m
}

func (s *storedReader) wording(text string) tearline.Wording {
	w, err := tearline.ParseWording(text)
	s.note(err)
	return w
}
