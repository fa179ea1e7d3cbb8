// Package trace explains on which of a party's portions a leaked text draws: who
// had been given them before and on what basis, whether it could be an
// independent report, and which copies' wording it shares. What it reports is
// agreement, not guilt; it names nobody as the source, it searches nothing and
// records nothing: that is for its caller to do.
//
// How a party's books are read is the books' own affair. Trace is told it by
// its caller, as [Books], and imports no package that writes them.
package trace

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"tearline"
	"tearline/internal/attribution"
	"tearline/internal/set"
	"tearline/internal/store/sqlite"
	"tearline/marking"
)

// Books are one party's books as they stand. Every field must be given, but
// for the last two.
type Books struct {
	Tx    *sqlite.Tx
	Party tearline.PartyID
	// Report returns a report that the party holds.
	Report func(tearline.ReportID) (*tearline.Report, error)
	// Say returns whose say a portion of such a report is.
	Say func(*tearline.Report, tearline.PortionRef) ([]tearline.PartyID, error)
	// Statement reads an entry.
	Statement func(sqlite.Entry) (tearline.Statement, error)
	// Told are the disclosures of others of which the party was told, because
	// material of its own was in them; nil if it is told of none.
	Told iter.Seq2[tearline.Statement, error]
	// Background is nil if no public texts are kept.
	Background Background
}

// Explain says of matches, best first, what a reader needs to judge them, and
// who could have been the source. Of each match it takes Report, Portion, Kind,
// EValue, Score, Spans, Words, Evidence, Details and Shared as they are. What
// was passed on before seen, the time of the leak, counts as exposure.
func Explain(b Books, text string, found []Match, seen time.Time) (Result, error) {
	t := tracing{Books: b, seen: seen, wordings: map[tearline.PortionRef]tearline.Wording{}, matches: map[tearline.PortionRef]*Match{}, out: &Result{
		Leak: text, Seen: seen, Banners: []string{}, Matches: found, ExposedTo: []Party{}, Copies: []Copy{},
	}}
	if found == nil {
		t.out.Matches = []Match{}
	}
	err := t.explain()
	return *t.out, err
}

// tracing explains what a search found.
type tracing struct {
	Books
	seen     time.Time
	wordings map[tearline.PortionRef]tearline.Wording
	matches  map[tearline.PortionRef]*Match
	marks    []marking.Marking
	given    []Given
	out      *Result
}

func (t *tracing) explain() error {
	for i := range t.out.Matches {
		if err := t.match(&t.out.Matches[i]); err != nil {
			return err
		}
	}
	t.out.Banners = banners(t.marks)
	slices.SortStableFunc(t.out.Matches, func(a, b Match) int { return cmp.Compare(a.place(), b.place()) })
	for i := range t.out.Matches {
		m := &t.out.Matches[i]
		t.matches[m.Ref()] = m
	}
	passages := Passages(t.out.Matches)
	refs := slices.Concat(passages...)
	if err := t.exposure(refs); err != nil {
		return err
	}
	if err := t.onward(refs); err != nil {
		return err
	}
	t.out.Who = WhoCould(passages, t.given)
	for i, refs := range passages {
		for _, ref := range refs {
			for _, o := range t.matches[ref].Originators {
				if o != t.Party {
					t.out.Who.wrote(o, i)
				}
			}
		}
	}
	return t.copies(refs)
}

// place is where a match stands in the list: first what counts.
func (m *Match) place() int {
	switch {
	case m.Counts():
		return 0
	case m.Kind != Weak:
		return 1
	}
	return 2
}

// match explains one match, but for who had it.
func (t *tracing) match(m *Match) error {
	r, err := t.Report(m.Report)
	if err != nil {
		return err
	}
	base, tear := m.Portion.IsTear()
	p, ok := r.Portion(base)
	if !ok || tear && p.Tear == nil {
		return tearline.NewWithheld()
	}
	mark, w := p.Marking, p.Wording
	if tear {
		mark, w = p.Tear.Marking, p.Tear.Wording
	}
	t.marks, t.wordings[m.Ref()] = append(t.marks, mark), w
	m.Marking, m.Text = mark.Portion(), w.Source()
	m.whole()
	for _, s := range m.Spans {
		if from, to := s.Portion[0], s.Portion[1]; 0 <= from && from <= to && to <= len(m.Text) {
			m.Passages = append(m.Passages, m.Text[from:to])
		}
	}
	if m.Kind != Weak && t.Background != nil {
		if m.Public, err = public(t.Background, t.out.Leak, m, t.seen); err != nil {
			return err
		}
	}
	row, _, err := t.Tx.Report(t.Party, m.Report)
	if err != nil {
		return err
	}
	Judge(m, Dates{Report: r.Date, Filed: row.Filed, Seen: t.seen}, t.Background != nil)
	m.Originators, err = t.Say(r, tearline.PortionRef{Report: m.Report, Portion: base})
	return err
}

// whole gives a match its lists, so that in JSON none of them is null.
func (m *Match) whole() {
	m.Passages, m.Bases, m.Public = []string{}, []Basis{}, []Public{}
	m.Spans, m.Words, m.Evidence = orEmpty(m.Spans), orEmpty(m.Words), orEmpty(m.Evidence)
	m.Shared, m.Details.Reproduced = orEmpty(m.Shared), orEmpty(m.Details.Reproduced)
	m.Details.Altered, m.Details.Missing = orEmpty(m.Details.Altered), orEmpty(m.Details.Missing)
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// banners rolls up what is shown, by policy. What has no roll-up stands beside
// the others: nothing is shown under less than it bears.
func banners(marks []marking.Marking) []string {
	var joined []marking.Marking
next:
	for _, m := range marks {
		for i, have := range joined {
			if have.Policy() != m.Policy() {
				continue
			}
			if j, err := marking.Join(have, m); err == nil {
				joined[i] = j
				continue next
			}
		}
		joined = append(joined, m)
	}
	out := []string{}
	for _, m := range joined {
		out = set.Add(out, m.Banner())
	}
	return out
}

// exposure lists who had been given the portions before the leak, the first of
// them first, and on what basis.
func (t *tracing) exposure(refs []tearline.PortionRef) error {
	hits, err := t.Tx.ExposedTo(t.Party, refs)
	if err != nil {
		return err
	}
	for _, hit := range hits {
		if hit.Occurred.After(t.seen) {
			continue
		}
		if err := t.basis(hit); err != nil {
			return err
		}
	}
	had := newHolders()
	for _, g := range t.given {
		had.add(Holder{Party: g.Party}, 0, g)
	}
	for _, h := range had.sorted() {
		p := Party{Party: h.Party, First: h.First}
		for _, x := range h.Had {
			p.Portions = append(p.Portions, x.Portion)
		}
		t.out.ExposedTo = append(t.out.ExposedTo, p)
	}
	return nil
}

// basis notes on what basis one disclosure of a matched portion was made.
func (t *tracing) basis(hit sqlite.Exposure) error {
	e, ok, err := t.Tx.Entry(hit.Statement)
	if err != nil || !ok {
		return cmp.Or[error](err, tearline.NewWithheld())
	}
	s, err := t.Statement(e)
	if err != nil {
		return err
	}
	d, ok := s.Says.(*tearline.Disclosure)
	if !ok {
		return fmt.Errorf("disclosure %s says %s", e.ID, s.Kind())
	}
	person := ""
	if d.Person != nil {
		person = d.Person.Name
	}
	t.given = append(t.given, Given{
		Portion: hit.Portion, Party: hit.Recipient, Unit: d.Unit, Person: person, Mode: hit.Mode, At: hit.Occurred, Copy: hit.Copy,
	})
	for _, it := range d.Items {
		if it.Portion != hit.Portion {
			continue
		}
		m := t.matches[it.Portion]
		m.Bases = append(m.Bases, Basis{
			Disclosure: e.ID, Recipient: d.Recipient, Unit: d.Unit, Person: person, Mode: d.Mode, Occurred: d.Occurred,
			AfterFact: d.AfterFact, Outcome: it.Outcome, Basis: it.Basis,
		})
	}
	return nil
}

// onward adds to whom others passed the portions on before the leak, as they
// told the party. Nobody says of a person there; nor need all be told yet.
func (t *tracing) onward(refs []tearline.PortionRef) error {
	if t.Told == nil || len(refs) == 0 {
		return nil
	}
	counts := map[tearline.PortionRef]bool{}
	for _, ref := range refs {
		counts[ref] = true
	}
	for s, err := range t.Told {
		if err != nil {
			return err
		}
		d, ok := s.Says.(*tearline.Disclosure)
		if !ok || d.ToldTo != t.Party || d.Recipient == t.Party || s.By == t.Party || d.Occurred.After(t.seen) {
			continue
		}
		for _, it := range d.Items {
			if counts[it.Portion] {
				t.given = append(t.given, Given{
					Portion: it.Portion, Party: d.Recipient, Mode: d.Mode, At: d.Occurred, Copy: d.Copy, Via: s.By,
				})
			}
		}
	}
	return nil
}

// copies lists the copies that had any of the portions, and counts the places
// at which the text shows which of their wordings it has.
func (t *tracing) copies(refs []tearline.PortionRef) error {
	rows, err := t.Tx.CopiesOfPortions(t.Party, refs)
	if err != nil {
		return err
	}
	var portions []attribution.Portion
	for _, ref := range refs {
		portions = append(portions, attribution.Portion{Ref: ref, Wording: t.wordings[ref]})
	}
	reading := attribution.Read(t.out.Leak, portions)
	t.out.Points = reading.Points()
	for _, c := range rows {
		if !c.Made.After(t.seen) {
			t.out.Copies = append(t.out.Copies, Copy{Copy: c.ID, Recipient: c.Recipient})
		}
	}
	slices.SortFunc(t.out.Copies, func(a, b Copy) int { return strings.Compare(string(a.Copy), string(b.Copy)) })
	return nil
}
