package classes

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"reflect"

	"tearline"
	"tearline/release/classes/column"
)

// The sentinels that errors wrap.
var (
	// ErrStatement: the statement is none that can be taken in. Nothing changed.
	ErrStatement = errors.New("statement not taken in")
	// ErrStale: something was said, or time has passed, since the view was
	// made. Ask [Index.View] again.
	ErrStale = errors.New("view is out of date")
)

// An Index answers for one holder what each party may have. See the package
// comment for what may be called at the same time.
type Index struct {
	holder tearline.PartyID
	self   int32 // the holder's code
	names  Names
	table  table
	column column.Column

	// now is the instant for which classes hold; epoch counts changes.
	now   instant
	epoch uint64

	lineage
	facts
	grants map[int32]*grants // by recipient
	// filed counts filings that rest on something: they may be consented to by
	// what was said before.
	filed uint64
	moved uint64 // counts portions that got another class
	// bears has the portions that a consent to anybody was found to bear on,
	// and perhaps does no more: few look for one in vain.
	bears column.Bitset
	uses  map[key][]instant // of consents, when disclosures that rest on them were said

	// What is known by name: for revocations, and for what names portions that
	// are not filed yet.
	said    map[key]target
	revoked map[revocation]instant
	waiting map[tearline.PortionRef][]target
	embargo map[tearline.ReportID][]*embargo

	stands map[standKey]*stand
	views  map[viewKey]*View
	asking asking
}

// A key stands for a statement's name.
type key [16]byte

func keyOf(id tearline.StatementID) key {
	h := sha256.Sum256([]byte(id))
	return key(h[:16])
}

// A revocation is who takes back which statement.
type revocation struct {
	by int32
	of key
}

// A target is something said that may be taken back, or that waits for what it
// names. One of what follows the dated is there, or none for plain facts.
type target struct {
	*dated
	consent  *consent
	lowering *lowering
	embargo  *embargo
	delegate bool // it is a delegation
}

// New returns an empty index of a holder's. Names must know the portions of a
// filing before Say is told of it, by the ordinals that come next.
func New(holder tearline.PartyID, names Names) *Index {
	ix := &Index{
		holder: holder, names: names, table: newTable(), now: dawn,
		lineage: newLineage(), facts: newFacts(),
		grants: make(map[int32]*grants), uses: make(map[key][]instant),
		said: make(map[key]target), revoked: make(map[revocation]instant),
		waiting: make(map[tearline.PortionRef][]target), embargo: make(map[tearline.ReportID][]*embargo),
		stands: make(map[standKey]*stand), views: make(map[viewKey]*View),
	}
	ix.self = ix.table.Book.Code(holder)
	ix.column.Grow(1)
	return ix
}

// Len returns how many portions there are: the ordinal that the next one gets.
func (ix *Index) Len() uint32 { return ix.column.Len() }

// Classes returns how many release classes there are.
func (ix *Index) Classes() int { return len(ix.table.classes) }

// Class returns the release class of a portion; false if there is no such
// portion. Portions of one class differ in consents alone.
func (ix *Index) Class(ordinal uint32) (uint32, bool) {
	if ordinal >= ix.column.Len() {
		return 0, false
	}
	return ix.column.At(ordinal), true
}

// Say takes in one statement, verified before, each once. Statements that no
// decision rests on, and words that are not their sayer's to say, change
// nothing, as in package release. An error wraps [ErrStatement]: it has no name,
// time or predicate, or is a filing that release.NewFacts would not read.
func (ix *Index) Say(s *tearline.Statement) error {
	if s.ID == "" || s.At.IsZero() || s.Says == nil || reflect.ValueOf(s.Says).IsNil() {
		return fmt.Errorf("%w: %q of %s has no ID, no time or no predicate", ErrStatement, s.ID, s.By)
	}
	switch v := s.Says.(type) {
	case *tearline.Filing:
		return ix.filing(s, v)
	case *tearline.Revocation:
		ix.revocation(s, v)
		return nil
	case *tearline.Disclosure:
		ix.disclosure(s, v)
		return nil
	}
	if _, again := ix.said[keyOf(s.ID)]; !again {
		ix.sayDated(s)
	}
	return nil
}

// sayDated takes in what holds for a time and can be taken back, but for
// filings.
func (ix *Index) sayDated(s *tearline.Statement) {
	switch v := s.Says.(type) {
	case *tearline.PartyRecord:
		ix.partyRecord(s, v)
	case *tearline.Agreement:
		ix.agreement(s, v)
	case *tearline.Exclusion:
		ix.exclusion(s, v)
	case *tearline.Tie:
		ix.tie(s, v)
	case *tearline.Delegation:
		ix.delegation(s, v)
	case *tearline.Embargo:
		ix.embargoed(s, v)
	case *tearline.Consent:
		ix.consented(s, v)
	case *tearline.Declassification:
		ix.declassified(s, v)
	}
}

// date reads when something was said and for how long.
func (ix *Index) date(s *tearline.Statement, term tearline.Term) dated {
	d := dated{id: s.ID, by: ix.table.Book.Code(s.By), at: instantOf(s.At), from: dawn, until: never, revoked: never}
	if !term.From.IsZero() {
		d.from = instantOf(term.From)
	}
	if !term.Until.IsZero() {
		d.until = instantOf(term.Until)
	}
	if t, ok := ix.revoked[revocation{d.by, keyOf(s.ID)}]; ok {
		d.revoked = t
	}
	return d
}

// revocation notes that its sayer takes something back: the first time counts.
func (ix *Index) revocation(s *tearline.Statement, v *tearline.Revocation) {
	by, of, t := ix.table.Book.Code(s.By), keyOf(v.Of), instantOf(s.At)
	at := revocation{by, of}
	if before, ok := ix.revoked[at]; ok && before <= t {
		return
	}
	ix.revoked[at] = t
	x, ok := ix.said[of]
	if !ok {
		if report, filed := ix.names.Filing(v.Of); filed && by == ix.self {
			ix.withdraw(report, t)
		}
		return
	}
	if x.by != by {
		return
	}
	x.revoked = t
	ix.epoch++
	switch {
	case x.consent != nil:
		ix.grants[x.consent.to].changed++
	case x.lowering != nil:
		ix.lowered(x.lowering)
	case x.embargo != nil:
		ix.embargoRuns(x.embargo)
	case x.delegate:
		ix.authoritiesChanged()
	default:
		ix.changed()
	}
}

// disclosure counts the use of what it rests on, for consents to so many
// copies.
func (ix *Index) disclosure(s *tearline.Statement, v *tearline.Disclosure) {
	if s.By != ix.holder || v.ToldTo != "" {
		return
	}
	seen := make(map[tearline.StatementID]bool)
	for i := range v.Items {
		for _, id := range v.Items[i].Statements {
			if seen[id] {
				continue
			}
			seen[id] = true
			k := keyOf(id)
			ix.uses[k] = append(ix.uses[k], instantOf(s.At))
			if x, ok := ix.said[k]; ok && x.consent != nil && x.consent.copies {
				ix.grants[x.consent.to].changed++
				ix.epoch++
			}
		}
	}
}

// move brings the classes to an instant, forwards or back.
func (ix *Index) move(t instant) {
	for len(ix.ahead.list) > 0 && ix.ahead.list[0].at <= t {
		ix.pass(&ix.ahead, &ix.behind)
	}
	for len(ix.behind.list) > 0 && ix.behind.list[0].at > t {
		ix.pass(&ix.behind, &ix.ahead)
	}
	ix.now = t
	for len(ix.due) > 0 {
		last := len(ix.due) - 1
		e := ix.due[last]
		ix.due = ix.due[:last]
		for i := range e.n {
			ix.touch(node(e.first + i))
			ix.touch(node(e.first+i) | tear)
		}
	}
	if !ix.span.has(t) {
		ix.changed()
	}
	if ix.stale {
		ix.settle(ix.self, t)
		ix.epoch++
	}
	ix.column.Clean()
}

// pass takes an event from one queue to the other; what it changes is due.
func (ix *Index) pass(from, to *queue) {
	e := from.pop()
	to.push(e)
	ix.due = append(ix.due, e)
	ix.epoch++
}

// schedule notes that portions change at an instant.
func (ix *Index) schedule(at instant, first, n uint32) {
	if at == dawn || at == never {
		return
	}
	e := event{at, first, n}
	if at > ix.now {
		ix.ahead.push(e)
	} else {
		ix.behind.push(e)
	}
}

func (ix *Index) scheduleAll(d *dated, first, n uint32) {
	ix.schedule(max(d.at, d.from), first, n)
	ix.schedule(min(d.until, d.revoked), first, n)
}
