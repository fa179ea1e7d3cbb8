// Package cases orders the steps of keeping a party's files on leaks: open one,
// put statements in, close it, show it and hand it on; and assess what a leak
// has exposed and tell each originator of what is its own. A case is statements
// in the party's ledger and nothing else: there is no table of cases, and what
// a watch of the press left in the store is a lead until somebody opens a case
// on it.
//
// How a party's books are read, and how it says something, this package is told
// by its caller, as [Desk] and [Pen]; it imports no package that writes books,
// and reads the ledger of no other party.
package cases

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"tearline"
	"tearline/internal/casefile"
	"tearline/internal/keys"
	"tearline/internal/store/sqlite"
)

// A Desk is a party's books. Every field must be given.
type Desk struct {
	Party tearline.PartyID
	// Read runs a function on the tables as they stand, Write one in which the
	// party says things: all of them, or none.
	Read  func(context.Context, func(*sqlite.Tx) error) error
	Write func(context.Context, func(*Pen) error) error
	// Now is the time as the party sees it, NotBefore that time or, if others
	// have said something a little later, after that.
	Now       func(*sqlite.Tx) (time.Time, error)
	NotBefore func(now time.Time, said ...time.Time) (time.Time, error)
	// Known returns a party's row, or an error that says that there is none.
	Known func(*sqlite.Tx, tearline.PartyID) (sqlite.PartyRow, error)
	// Find finds the one entry of a party's ledger whose name begins so.
	Find func(tx *sqlite.Tx, of tearline.PartyID, begin string, kinds ...tearline.StatementKind) (sqlite.Entry, error)
	// Statement reads an entry.
	Statement func(sqlite.Entry) (tearline.Statement, error)
	// Behind returns the statements on which decisions on reports rest.
	Behind func(tx *sqlite.Tx, holder tearline.PartyID, reports ...tearline.ReportID) ([]tearline.Statement, error)
	// Keys loads the keys of a party hosted here.
	Keys func(tearline.PartyID) (*keys.Keys, error)
	// Sees returns what a party says that has seen the text of a lead, of which
	// result is what came of comparing it.
	Sees func(result json.RawMessage, where string) (*tearline.Sighting, error)
	// Refs are the names under which a statement is to be found; Told that
	// under which an originator finds what it was told, and Under that under
	// which what takes a statement back is found.
	Refs  func(tearline.Predicate) []string
	Told  func(tearline.PartyID) string
	Under func(tearline.StatementID) string
}

// A Pen is one transaction in which the party says things. Every field must be
// given.
type Pen struct {
	Tx *sqlite.Tx
	// At is when the next thing is said; setting it back makes what is said
	// after one thing as old as that.
	At *time.Time
	// Say says something, to be found under refs.
	Say func(subjects []tearline.Subject, says tearline.Predicate, refs ...string) (tearline.StatementID, error)
	// Subjects are the salted digests of portions that the party holds.
	Subjects func([]tearline.PortionRef) ([]tearline.Subject, error)
	// Random draws so many bytes.
	Random func(int) ([]byte, error)
}

// A Lead is a published text that a watch of the press has found, and on which
// nobody has opened a case.
type Lead struct {
	ID        string     `json:"id"`
	Found     time.Time  `json:"found"`
	Title     string     `json:"title"`
	URL       string     `json:"url,omitempty"`
	Published *time.Time `json:"published,omitempty"`
	// Sighting is the statement that took it into a case.
	Sighting tearline.StatementID `json:"sighting,omitempty"`
	// Text and Result are given for one lead, not in lists.
	Text   string          `json:"text,omitempty"`
	Result json.RawMessage `json:"result,omitempty"`
}

// A List is a party's cases, the newest first, and its leads.
type List struct {
	Cases []casefile.Line `json:"cases"`
	Leads []Lead          `json:"leads"`
}

// List lists the open cases, or all of them, and at most so many leads that
// nobody has opened, the newest first.
func (d *Desk) List(ctx context.Context, all bool, leads int) (List, error) {
	out := List{Cases: []casefile.Line{}, Leads: []Lead{}}
	err := d.Read(ctx, func(tx *sqlite.Tx) error {
		list, err := d.cases(tx)
		if err != nil {
			return err
		}
		for _, c := range slices.Backward(list) {
			if !all && !c.Open() {
				continue
			}
			if c, err = d.filled(tx, c); err != nil {
				return err
			}
			out.Cases = append(out.Cases, c.Line())
		}
		out.Leads, err = d.leads(tx, leads)
		return err
	})
	return out, err
}

// leads lists those that nobody has opened.
func (d *Desk) leads(tx *sqlite.Tx, most int) ([]Lead, error) {
	out := []Lead{}
	for before := int64(0); ; {
		rows, err := tx.Cases(d.Party, before, leadPage)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if r.Sighting != "" {
				continue
			}
			if len(out) == most {
				return out, nil
			}
			out = append(out, leadOf(r))
		}
		if len(rows) < leadPage {
			return out, nil
		}
		before = rows[len(rows)-1].Number
	}
}

const leadPage = 100

func leadOf(r sqlite.CaseRow) Lead {
	l := Lead{ID: r.ID, Found: r.Opened, Title: r.Title, URL: r.URL, Sighting: r.Sighting, Text: r.Text, Result: r.Result}
	if !r.Published.IsZero() {
		l.Published = &r.Published
	}
	return l
}

// Shown is a case, or a lead.
type Shown struct {
	File *casefile.File
	Lead *Lead
}

// Show shows a case by its name, or a lead by its. Another party's, and what is
// not there, are withheld.
func (d *Desk) Show(ctx context.Context, name string) (out Shown, err error) {
	err = d.Read(ctx, func(tx *sqlite.Tx) error {
		c, err := d.find(tx, name)
		if err != nil {
			return err
		}
		if c != nil {
			f := c.File()
			out.File = &f
			return nil
		}
		r, ok, err := tx.Case(d.Party, name)
		if err == nil && !ok {
			err = tearline.NewWithheld()
		}
		l := leadOf(r)
		out.Lead = &l
		return err
	})
	return out, err
}

// A Change is what is done to a case.
type Change struct {
	// Case is its name; "" for a new one gives it a number of the year.
	Case    string
	Officer string
	// Note is the title of a new case, what was done or found, or how it ended.
	Note string
	// Of are statements of the party's that are put in, by their names or the
	// beginnings of them; Sightings likewise, and they must be such. Leads are
	// taken in as sightings.
	Of, Sightings, Leads []string
}

// Done is what came of a change.
type Done struct {
	Case      string               `json:"case"`
	State     string               `json:"state"`
	Statement tearline.StatementID `json:"statement"`
	// Put are the statements that were put in the file, Sightings those of them
	// that were said only now.
	Put       []tearline.StatementID `json:"put"`
	Sightings []tearline.StatementID `json:"sightings"`
}

// Open opens a case. The first of its leads gives it its title if there is none.
func (d *Desk) Open(ctx context.Context, x Change) (Done, error) {
	return d.change(ctx, tearline.CaseOpened, x)
}

// Add puts statements, leads or a note in the file.
func (d *Desk) Add(ctx context.Context, x Change) (Done, error) {
	if len(x.Of)+len(x.Sightings)+len(x.Leads) == 0 && strings.TrimSpace(x.Note) == "" {
		return Done{}, invalid("give --of STATEMENT, --sighting STATEMENT, --lead LEAD or --note TEXT", "add what?")
	}
	return d.change(ctx, tearline.CaseAdded, x)
}

// Close closes a case: it takes no entry any more.
func (d *Desk) Close(ctx context.Context, x Change) (Done, error) {
	return d.change(ctx, tearline.CaseClosed, x)
}

func (d *Desk) change(ctx context.Context, act tearline.CaseAct, x Change) (out Done, err error) {
	err = d.Write(ctx, func(p *Pen) error {
		out, err = d.changed(p, act, x)
		return err
	})
	return out, err
}

// changed says the entry, and before it the sightings of the leads.
func (d *Desk) changed(p *Pen, act tearline.CaseAct, x Change) (Done, error) {
	out := Done{Put: []tearline.StatementID{}, Sightings: []tearline.StatementID{}}
	c, err := d.subject(p, act, x.Case)
	if err != nil {
		return out, err
	}
	for _, name := range x.Of {
		e, err := d.Find(p.Tx, d.Party, name)
		if err != nil {
			return out, err
		}
		out.Put = append(out.Put, e.ID)
	}
	for _, name := range x.Sightings {
		e, err := d.Find(p.Tx, d.Party, name, tearline.KindSighting)
		if err != nil {
			return out, err
		}
		out.Put = append(out.Put, e.ID)
	}
	for _, id := range x.Leads {
		sighting, title, err := d.take(p, id)
		if err != nil {
			return out, err
		}
		if act == tearline.CaseOpened && strings.TrimSpace(x.Note) == "" {
			x.Note = title
		}
		out.Put, out.Sightings = append(out.Put, sighting), append(out.Sightings, sighting)
	}
	out.Case, out.State = c.Name, casefile.StateOpen
	if act == tearline.CaseClosed {
		out.State = casefile.StateClosed
	}
	out.Statement, err = d.say(p, c, act, x.Officer, x.Note, out.Put...)
	return out, err
}

// subject finds the case that is changed, or makes a new one.
func (d *Desk) subject(p *Pen, act tearline.CaseAct, name string) (*casefile.Case, error) {
	if act != tearline.CaseOpened {
		return d.takes(p.Tx, name)
	}
	list, err := d.cases(p.Tx)
	if err != nil {
		return nil, err
	}
	if name == "" {
		name = casefile.NextName(list, *p.At)
	}
	if err := casefile.CheckName(name); err != nil {
		return nil, &tearline.Error{Op: "case", Kind: tearline.Invalid, Public: err.Error(), Hint: "leave the name out for a number of the year", Err: err}
	}
	if casefile.Find(list, name) != nil {
		return nil, conflict("tearline case show "+name+" shows it; give another name, or none", "there is a case %s already", name)
	}
	return &casefile.Case{Name: name}, nil
}

// takes returns a case that takes entries.
func (d *Desk) takes(tx *sqlite.Tx, name string) (*casefile.Case, error) {
	c, err := d.find(tx, name)
	if err != nil {
		return nil, err
	}
	if c == nil {
		return nil, d.none(tx, name)
	}
	if !c.Open() {
		return nil, conflict("open another case that refers to it: tearline case open TITLE --of "+string(c.Entries[0].ID), "case %s is closed", name)
	}
	return c, nil
}

// none says that there is no case of a name: withheld, unless it is a lead of
// the party's.
func (d *Desk) none(tx *sqlite.Tx, name string) error {
	_, ok, err := tx.Case(d.Party, name)
	switch {
	case err != nil:
		return err
	case ok:
		return invalid("tearline case open --lead "+name+" --officer NAME opens one on it", "%s is a lead, and no case yet", name)
	}
	return tearline.NewWithheld()
}

// say says an entry of a case.
func (d *Desk) say(p *Pen, c *casefile.Case, act tearline.CaseAct, officer, note string, put ...tearline.StatementID) (tearline.StatementID, error) {
	officer, note = strings.TrimSpace(officer), strings.TrimSpace(note)
	switch {
	case officer == "":
		return "", invalid("give --officer NAME", "nobody is named who keeps the file")
	case note == "" && act == tearline.CaseOpened:
		return "", invalid("say in a few words what it is about", "a case without a title")
	case note == "" && act == tearline.CaseClosed:
		return "", invalid("say how it ended: --note TEXT", "a case is not closed without a word")
	}
	says := c.Next(act, officer, note, put...)
	return p.Say(nil, says, d.Refs(says)...)
}

// Put puts statements in the file of a case, in a transaction in which they may
// have been said.
func (d *Desk) Put(p *Pen, name, officer, note string, put ...tearline.StatementID) error {
	c, err := d.takes(p.Tx, name)
	if err != nil {
		return err
	}
	_, err = d.say(p, c, tearline.CaseAdded, officer, note, put...)
	return err
}

// Takes reports, as an error, why a case takes no entries.
func (d *Desk) Takes(tx *sqlite.Tx, name string) error {
	_, err := d.takes(tx, name)
	return err
}

// take says the sighting of a lead, once.
func (d *Desk) take(p *Pen, id string) (tearline.StatementID, string, error) {
	r, ok, err := p.Tx.Case(d.Party, id)
	switch {
	case err != nil:
		return "", "", err
	case !ok:
		return "", "", tearline.NewWithheld()
	case r.Sighting != "":
		return "", "", conflict("add the sighting: --sighting "+string(r.Sighting), "lead %s has been taken into a case already", id)
	}
	where := r.URL
	if where == "" {
		where = "“" + r.Title + "”"
	}
	says, err := d.Sees(r.Result, where)
	if err != nil {
		return "", "", fmt.Errorf("lead %s: %w", id, err)
	}
	salt, err := p.Random(32)
	if err != nil {
		return "", "", err
	}
	sighting, err := p.Say([]tearline.Subject{{Name: "leak", Digest: tearline.DigestContent(salt, r.Text)}}, says, d.Refs(says)...)
	if err != nil {
		return "", "", err
	}
	return sighting, r.Title, p.Tx.SightCase(d.Party, id, sighting)
}

func invalid(hint, format string, args ...any) error {
	return &tearline.Error{Op: "case", Kind: tearline.Invalid, Public: fmt.Sprintf(format, args...), Hint: hint}
}

func conflict(hint, format string, args ...any) error {
	return &tearline.Error{Op: "case", Kind: tearline.Conflict, Public: fmt.Sprintf(format, args...), Hint: hint}
}
