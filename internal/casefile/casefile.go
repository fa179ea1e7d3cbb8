// Package casefile reads the file on a leak out of what a party has said: which
// statements belong to a case, in what order they came into it, what each is in
// words, and whether the case is open. It also makes the file portable, as a
// [Bundle] that whoever gets it verifies offline. It takes statements and
// receipts as they are handed to it: it has no store and no clock, says nothing
// itself, and may not judge what was said.
//
// A case is linked. Every entry but the first names, among the statements that
// it puts in the file, the entry before it and whatever has joined the case by
// itself since: readings that name it, and attributions of such readings. Who
// has one entry therefore sees if anything is missing that came before it.
package casefile

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tearline"
	"tearline/internal/set"
)

// Said is a statement and its place in the ledger of the party whose case it
// is in.
type Said struct {
	Index int64
	tearline.Statement
}

// A Case is the statements of one case, as they came into its file.
type Case struct {
	Name string
	// Entries are those that the file consists of; the first opens it.
	Entries []Said
	// Joined are the readings and attributions that belong by themselves.
	Joined []Said
	// Put are the statements that entries have put in, each once, in that
	// order. An entry of another case may be among them.
	Put []Said
	// Missing are those named by an entry or an attribution and not given.
	Missing []tearline.StatementID
	// Faults says what is not as it should be: an entry after the end, one
	// that is not linked to the one before it.
	Faults []string

	revoked map[tearline.StatementID]bool
	ended   int // the place in Entries, from 1, of the one that closes it
}

// Read makes cases of what one party has said, in the order in which they were
// opened. Of the list, which may be in any order, an entry, a reading or an
// attribution counts by what it says, a revocation if it takes back what is in
// a file, and any other statement if an entry names it. What names a case that
// nobody has opened is passed over.
func Read(list []Said) []*Case {
	list = InOrder(list)
	r := reader{given: map[tearline.StatementID]Said{}, revoked: map[tearline.StatementID]bool{}, named: map[string]*Case{}, of: map[tearline.StatementID]*Case{}}
	for _, s := range list {
		r.given[s.ID] = s
		if x, ok := s.Says.(*tearline.Revocation); ok {
			r.revoked[x.Of] = true
		}
		if x, ok := s.Says.(*tearline.CaseEntry); ok && x.Act == tearline.CaseOpened && r.named[x.Case] == nil {
			c := &Case{Name: x.Case, revoked: r.revoked}
			r.named[x.Case], r.all = c, append(r.all, c)
		}
	}
	for _, s := range list {
		r.read(s)
	}
	for _, c := range r.all {
		r.fill(c)
	}
	return r.all
}

// InOrder returns statements in the order of the ledger, each once.
func InOrder(list []Said) []Said {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b Said) int { return cmp.Compare(a.Index, b.Index) })
	return slices.CompactFunc(list, func(a, b Said) bool { return a.ID == b.ID })
}

type reader struct {
	given   map[tearline.StatementID]Said
	revoked map[tearline.StatementID]bool
	named   map[string]*Case
	of      map[tearline.StatementID]*Case // by reading
	all     []*Case
}

// read adds what belongs to a case by what it says.
func (r *reader) read(s Said) {
	switch x := s.Says.(type) {
	case *tearline.CaseEntry:
		if c := r.named[x.Case]; c != nil {
			c.entry(s, x)
		}
	case *tearline.Reading:
		if c := r.named[x.Case]; c != nil {
			r.of[s.ID] = c
			c.join(s)
		}
	case *tearline.Attribution:
		if c := r.of[x.Reading]; c != nil {
			c.join(s)
		}
	}
}

func (c *Case) entry(s Said, x *tearline.CaseEntry) {
	switch {
	case len(c.Entries) == 0 && x.Act != tearline.CaseOpened:
		c.fault(s, "stands before the case was opened")
	case len(c.Entries) > 0 && x.Act == tearline.CaseOpened:
		c.fault(s, "opens the case again")
	case c.closed() != nil:
		c.fault(s, "was added after the case was closed")
	}
	if n := len(c.Entries); n > 0 && !slices.Contains(x.Of, c.Entries[n-1].ID) {
		c.fault(s, "does not name the entry before it, "+string(c.Entries[n-1].ID))
	}
	c.Entries = append(c.Entries, s)
	if x.Act == tearline.CaseClosed && c.ended == 0 {
		c.ended = len(c.Entries)
	}
}

func (c *Case) join(s Said) {
	if c.closed() != nil {
		c.fault(s, "was said after the case was closed")
	}
	c.Joined = append(c.Joined, s)
}

func (c *Case) fault(s Said, what string) {
	c.Faults = append(c.Faults, fmt.Sprintf("entry %d, statement %s, %s", s.Index, s.ID, what))
}

// fill finds what the entries have put in.
func (r *reader) fill(c *Case) {
	in := c.has()
	want := func(id tearline.StatementID) {
		if in[id] {
			return
		}
		in[id] = true
		if s, ok := r.given[id]; ok {
			c.Put = append(c.Put, s)
			return
		}
		c.Missing = append(c.Missing, id)
	}
	for _, e := range c.Entries {
		for _, id := range entryOf(e).Of {
			want(id)
		}
	}
	// An attribution that an entry put in names a reading that nothing else
	// may name.
	for i := 0; i < len(c.Put); i++ {
		if a, ok := c.Put[i].Says.(*tearline.Attribution); ok {
			want(a.Reading)
		}
	}
}

// entryOf is what an entry says; an empty one of what is none.
func entryOf(s Said) *tearline.CaseEntry {
	if x, ok := s.Says.(*tearline.CaseEntry); ok {
		return x
	}
	return &tearline.CaseEntry{}
}

// closed returns the entry that closed the case, nil if it is open.
func (c *Case) closed() *Said {
	if c.ended == 0 {
		return nil
	}
	return &c.Entries[c.ended-1]
}

// Open reports whether the case takes entries.
func (c *Case) Open() bool { return len(c.Entries) > 0 && c.closed() == nil }

// All returns all that belongs to the case, in the order of the ledger.
func (c *Case) All() []Said {
	return InOrder(slices.Concat(c.Entries, c.Joined, c.Put))
}

// has are the names of all that belongs to the case.
func (c *Case) has() map[tearline.StatementID]bool {
	in := map[tearline.StatementID]bool{}
	for _, s := range slices.Concat(c.Entries, c.Joined, c.Put) {
		in[s.ID] = true
	}
	return in
}

// Next is what the next entry of the case says: of these statements, and of
// those by which it is linked to what is in the file.
func (c *Case) Next(act tearline.CaseAct, officer, note string, put ...tearline.StatementID) *tearline.CaseEntry {
	says := &tearline.CaseEntry{Case: c.Name, Act: act, Officer: officer, Note: note}
	if n := len(c.Entries); n > 0 {
		says.Of = set.Add(says.Of, c.Entries[n-1].ID)
		linked := map[tearline.StatementID]bool{}
		for _, e := range c.Entries {
			for _, id := range entryOf(e).Of {
				linked[id] = true
			}
		}
		for _, s := range c.Joined {
			if !linked[s.ID] {
				says.Of = set.Add(says.Of, s.ID)
			}
		}
	}
	says.Of = set.Add(says.Of, put...)
	return says
}

var (
	nameForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)
	leadForm = regexp.MustCompile(`^C-[0-9a-f]{16}$`)
)

// CheckName returns what is wrong with the name of a case: it has 1 to 64
// letters, digits, '.', '_' and '-', begins with a letter or digit, and is not
// what a lead of the press watch is called.
func CheckName(name string) error {
	switch {
	case !nameForm.MatchString(name):
		return fmt.Errorf("case %.80q: want 1 to 64 letters, digits, '.', '_' and '-', beginning with a letter or digit", name)
	case leadForm.MatchString(name):
		return fmt.Errorf("case %s: that is the name of a lead", name)
	}
	return nil
}

// NextName is the name of a case to which nobody gives another: the year, and
// the first number that is higher than that of any case of the year.
func NextName(cases []*Case, now time.Time) string {
	year, last := strconv.Itoa(now.UTC().Year()), 0
	for _, c := range cases {
		number, ok := strings.CutPrefix(c.Name, year+"-")
		if n, err := strconv.Atoi(number); ok && err == nil && n < 1_000_000_000 {
			last = max(last, n)
		}
	}
	return fmt.Sprintf("%s-%d", year, last+1)
}

// Find returns the case of a name, nil if there is none.
func Find(cases []*Case, name string) *Case {
	for _, c := range cases {
		if c.Name == name {
			return c
		}
	}
	return nil
}
