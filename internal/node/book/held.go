package book

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"time"

	"tearline"
	"tearline/codec"
	"tearline/internal/event"
	"tearline/internal/store/sqlite"
	"tearline/ledger"
)

// Held is a report as its holder has it.
type Held struct {
	Row    sqlite.ReportRow
	Report *tearline.Report
}

// Holding returns a report that a party holds. For everybody else, and for a
// report that is not there, the answer is the same.
func Holding(tx *sqlite.Tx, holder tearline.PartyID, id tearline.ReportID) (Held, error) {
	if _, err := KnownParty(tx, holder); err != nil {
		return Held{}, err
	}
	row, ok, err := tx.Report(holder, id)
	if err != nil {
		return Held{}, err
	}
	if !ok {
		return Held{}, ErrWithheld
	}
	r, err := codec.UnmarshalReport(row.Body)
	if err != nil {
		return Held{}, &tearline.Error{
			Op: "store", Kind: tearline.Tampered, Err: err,
			Public: fmt.Sprintf("report %s cannot be read", id), Hint: "run tearline ledger verify",
		}
	}
	return Held{Row: row, Report: r}, nil
}

// KnownParty returns a party's row, or an error that says that there is none.
func KnownParty(tx *sqlite.Tx, id tearline.PartyID) (sqlite.PartyRow, error) {
	row, ok, err := tx.Party(id)
	if err != nil {
		return row, err
	}
	if !ok {
		return row, UnknownParty(id)
	}
	return row, nil
}

// Statement reads one of the store's own entries. It is not verified again:
// "ledger verify" does that for all.
func Statement(e sqlite.Entry) (tearline.Statement, error) {
	s, err := ledger.Decode(e.Envelope)
	if err != nil {
		return s, &tearline.Error{
			Op: "store", Kind: tearline.Tampered, Err: err,
			Public: fmt.Sprintf("statement %s in the ledger cannot be read", e.ID),
			Hint:   "run tearline ledger verify",
		}
	}
	return s, nil
}

// subjectTitle names an unmarked title among a filing's subjects. A marked one
// is a portion of that name, and a report never has both.
const subjectTitle = string(tearline.TitleID)

// Names of the subjects of a disclosure besides its portions.
const (
	SubjectCopy = "copy"
	SubjectGist = "gist"
)

// portionSalt derives the salt of one portion from its report's seed, so that
// showing one salt opens one digest.
func portionSalt(seed []byte, id tearline.PortionID) []byte {
	m := hmac.New(sha256.New, seed)
	m.Write([]byte("tearline/portion-salt/v1"))
	m.Write([]byte(id))
	return m.Sum(nil)
}

// digestOf is the salted digest of a portion's content as it was filed.
func digestOf(seed []byte, id tearline.PortionID, content ...string) tearline.Digest {
	return tearline.DigestContent(portionSalt(seed, id), content...)
}

// SubjectsOf lists a report's content by salted digest, in its order.
func SubjectsOf(r *tearline.Report, seed []byte) []tearline.Subject {
	var subjects []tearline.Subject
	add := func(id tearline.PortionID, content ...string) {
		subjects = append(subjects, tearline.Subject{Name: string(id), Digest: digestOf(seed, id, content...)})
	}
	if r.Title != "" {
		add(tearline.TitleID, r.Title)
	}
	for i := range r.Portions {
		p := &r.Portions[i]
		add(p.ID, p.Content()...)
		if p.Tear != nil {
			add(tearline.TearOf(p.ID), p.Tear.Wording.Source())
		}
	}
	return subjects
}

// FilingOf is what is said when a report is filed.
func FilingOf(r *tearline.Report) *tearline.Filing {
	f := &tearline.Filing{
		Report: r.ID, Originator: r.Originator, Policy: r.Policy, Date: r.Date.Format(time.DateOnly),
		Banner: r.Banner.Banner(), Portions: make([]tearline.FiledPortion, len(r.Portions)),
	}
	if !r.DeclassifyOn.IsZero() {
		f.DeclassifyOn = r.DeclassifyOn.Format(time.DateOnly)
	}
	for i := range r.Portions {
		p := &r.Portions[i]
		f.Portions[i] = tearline.FiledPortion{ID: p.ID, Originator: p.Originator, Marking: p.Marking.Portion(), Sources: p.Sources, Unmarked: p.Unmarked}
		if p.Tear != nil {
			f.Portions[i].Tear = p.Tear.Marking.Portion()
		}
	}
	return f
}

// Subject is the salted digest of a portion or tear-line wording held.
func (h *Held) Subject(id tearline.PortionID) (tearline.Subject, error) {
	base, tear := id.IsTear()
	p, ok := h.Report.Portion(base)
	switch {
	case id == tearline.TitleID && h.Report.Title != "":
		return tearline.Subject{Name: subjectTitle, Digest: digestOf(h.Row.Seed, id, h.Report.Title)}, nil
	case !ok || tear && p.Tear == nil:
		return tearline.Subject{}, Invalidf("portions", "", "report %s has no portion %q", h.Report.ID, id)
	case tear:
		return tearline.Subject{Name: string(id), Digest: digestOf(h.Row.Seed, id, p.Tear.Wording.Source())}, nil
	}
	return tearline.Subject{Name: string(id), Digest: digestOf(h.Row.Seed, id, p.Content()...)}, nil
}

// The states of a request.
const (
	StateAsked   = event.StateAsked
	StateGranted = event.StateGranted
	StateRefused = event.StateRefused
	StateRevoked = event.StateRevoked
)

// Answered returns a request's row as the originator's ledger has it: with the
// state, time and conditions of the answer that the row names, and as asked if
// it names none of that originator's.
func Answered(tx *sqlite.Tx, r sqlite.RequestRow) (sqlite.RequestRow, error) {
	out := r
	out.State, out.Answer, out.Until, out.Conditions = StateAsked, "", time.Time{}, nil
	for e, err := range tx.ByRef(RefStatement(r.ID), tearline.KindConsent) {
		if err != nil {
			return out, err
		}
		s, err := ledger.Decode(e.Envelope)
		c, ok := s.Says.(*tearline.Consent)
		if err != nil || !ok || s.By != r.Originator || s.ID != r.Answer {
			continue
		}
		out.State, out.Answer, out.Until, out.Conditions = StateRefused, s.ID, c.Until, c.Conditions
		if c.Granted {
			out.State = StateGranted
		}
		revoked, err := IsRevoked(tx, s.ID)
		if err != nil {
			return out, err
		}
		if revoked {
			out.State = StateRevoked
		}
	}
	return out, nil
}
