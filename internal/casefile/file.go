package casefile

import (
	"slices"
	"time"

	"tearline"
)

// The states of a case.
const (
	StateOpen   = "open"
	StateClosed = "closed"
)

// A Line is a case in a list.
type Line struct {
	Case  string           `json:"case"`
	Party tearline.PartyID `json:"party"`
	Title string           `json:"title"`
	State string           `json:"state"` // open or closed
	// Opened is when, and Officer by whom.
	Opened  time.Time `json:"opened"`
	Officer string    `json:"officer"`
	// Closed is when, ClosedBy by whom, and Ended how.
	Closed   *time.Time `json:"closed,omitempty"`
	ClosedBy string     `json:"closed_by,omitempty"`
	Ended    string     `json:"ended,omitempty"`
	// Statements is how many belong to it, its entries included.
	Statements int `json:"statements"`
}

// A File is a case for a reader.
type File struct {
	Line
	// Items are in the order in which they came into the file.
	Items []Item `json:"items"`
	// Notes say what is not as it should be; see [Case.Faults].
	Notes []string `json:"notes"`
}

// An Item is one statement of a case.
type Item struct {
	At        time.Time              `json:"at"`
	Index     int64                  `json:"index"`
	Statement tearline.StatementID   `json:"statement"`
	Kind      tearline.StatementKind `json:"kind"`
	// Words say what the statement says.
	Words string `json:"words"`
	// Act, Officer, Note and Put are of entries: who did what, and which
	// statements that put in the file.
	Act     tearline.CaseAct `json:"act,omitempty"`
	Officer string           `json:"officer,omitempty"`
	Note    string           `json:"note,omitempty"`
	Put     []Item           `json:"put,omitempty"`
	// TakenBack says that the party has revoked the statement.
	TakenBack bool `json:"taken_back,omitempty"`
}

// Line sums the case up.
func (c *Case) Line() Line {
	l := Line{Case: c.Name, State: StateOpen, Statements: len(c.Entries) + len(c.Joined) + len(c.Put)}
	if len(c.Entries) > 0 {
		first := c.Entries[0]
		l.Party, l.Opened, l.Title, l.Officer = first.By, first.At, entryOf(first).Note, entryOf(first).Officer
	}
	if end := c.closed(); end != nil {
		at := end.At
		l.State, l.Closed, l.ClosedBy, l.Ended = StateClosed, &at, entryOf(*end).Officer, entryOf(*end).Note
	}
	return l
}

// File writes the case down for a reader.
func (c *Case) File() File {
	f := File{Line: c.Line(), Items: []Item{}, Notes: append([]string{}, c.Faults...)}
	put := map[tearline.StatementID]Said{}
	for _, s := range c.Put {
		put[s.ID] = s
	}
	own := slices.Concat(c.Entries, c.Joined)
	slices.SortFunc(own, func(a, b Said) int { return int(a.Index - b.Index) })
	for _, s := range own {
		it := c.item(s)
		if s.Kind() == tearline.KindCase {
			x := entryOf(s)
			it.Act, it.Officer, it.Note = x.Act, x.Officer, x.Note
			for _, id := range x.Of {
				if p, ok := put[id]; ok {
					it.Put = append(it.Put, c.item(p))
					delete(put, id) // each once
				}
			}
		}
		f.Items = append(f.Items, it)
	}
	for _, s := range c.Put { // the readings of attributions that were put in
		if _, left := put[s.ID]; left {
			f.Items = append(f.Items, c.item(s))
		}
	}
	return f
}

func (c *Case) item(s Said) Item {
	return Item{At: s.At, Index: s.Index, Statement: s.ID, Kind: s.Kind(), Words: Words(&s.Statement), TakenBack: c.revoked[s.ID]}
}
