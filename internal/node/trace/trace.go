// Package trace compares a leaked text with all that a party holds: on which
// portions it draws, who had been given them before and on what basis, and
// which copies' wording it shares. What it reports is agreement, not guilt; it
// names nobody, and it records nothing: that is for its caller to do.
//
// How a party's books are read is the books' own affair. Trace is told it by
// its caller, as [Books], and imports no package that writes them.
package trace

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"tearline"
	"tearline/codec"
	"tearline/internal/store/sqlite"
	"tearline/leak/fingerprint"
	"tearline/leak/match"
)

// Result is what a leaked text draws on, who had been given it, and whose
// copies read like it.
type Result struct {
	Matches   []Match   `json:"matches"`
	ExposedTo []Party   `json:"exposed_to"`
	Copies    []Copy    `json:"copies"`
	Sighting  *Sighting `json:"sighting,omitempty"`
}

// A Match is one portion held on which the text draws.
type Match struct {
	Report  tearline.ReportID  `json:"report"`
	Portion tearline.PortionID `json:"portion"`
	Marking string             `json:"marking"`
	Kind    match.Kind         `json:"kind"`
	// EValue is the expected number of false matches as good as this one;
	// null as long as it has not been calibrated on the archive.
	EValue *float64 `json:"evalue"`
	Score  float64  `json:"score"`
	Spans  []Span   `json:"spans"`
	// Passages are the portion's matched words, for a reader.
	Passages []string `json:"passages"`
	// Originators are those who have a say in the portion.
	Originators []tearline.PartyID `json:"originators"`
	// Bases are those on which the portion had gone out before the leak, each
	// with the statements that it rested on; and whether any went without.
	Bases []Basis `json:"bases"`
}

// A Span is a passage that both texts have, as UTF-8 byte offsets.
type Span struct {
	Leak    [2]int `json:"leak"`
	Portion [2]int `json:"portion"`
}

// A Basis is one earlier disclosure of a matched portion.
type Basis struct {
	Disclosure tearline.StatementID `json:"disclosure"`
	Recipient  tearline.PartyID     `json:"recipient"`
	Mode       tearline.Mode        `json:"mode"`
	Occurred   time.Time            `json:"occurred"`
	AfterFact  bool                 `json:"after_fact,omitempty"`
	Outcome    tearline.Outcome     `json:"outcome"`
	Basis      tearline.Basis       `json:"basis"`
}

// A Party had been given matched portions before the leak.
type Party struct {
	Party    tearline.PartyID      `json:"party"`
	Portions []tearline.PortionRef `json:"portions"`
	First    time.Time             `json:"first"`
}

// A Copy holds matched portions; the text agrees with its wording at so
// many of the marked points that the text shows. It is evidence about a copy,
// not about a person, and without a bound it names nobody.
type Copy struct {
	Copy      tearline.CopyID  `json:"copy"`
	Recipient tearline.PartyID `json:"recipient"`
	Points    int              `json:"points"`
	Agree     int              `json:"agree"`
}

// A Sighting is the ledger's record of the leak.
type Sighting struct {
	Statement tearline.StatementID `json:"statement"`
	Index     int64                `json:"index"`
}

// Books are one party's books as they stand. Every field must be given.
type Books struct {
	Tx    *sqlite.Tx
	Party tearline.PartyID
	// Report returns a report that the party holds.
	Report func(tearline.ReportID) (*tearline.Report, error)
	// Say returns whose say a portion of such a report is.
	Say func(*tearline.Report, tearline.PortionRef) ([]tearline.PartyID, error)
	// Statement reads an entry.
	Statement func(sqlite.Entry) (tearline.Statement, error)
}

// Search compares a leaked text, and what was prepared of it, with all that a
// party holds. What was passed on before seen, the time of the leak, counts as
// exposure.
func Search(ctx context.Context, b Books, text string, leak *match.Leak, seen time.Time) (Result, error) {
	out := Result{Matches: []Match{}, ExposedTo: []Party{}, Copies: []Copy{}}
	found, err := leak.Search(archive(ctx, b.Tx, b.Party))
	if err != nil {
		return out, err
	}
	t := tracing{Books: b, text: text, seen: seen, out: &out}
	err = t.explain(found)
	return out, err
}

// Sees returns what a party says that has seen a leak in the open.
func (r *Result) Sees(seen time.Time, where string) *tearline.Sighting {
	says := &tearline.Sighting{Seen: seen, Where: where, Matches: []tearline.PortionRef{}}
	for _, m := range r.Matches {
		says.Matches = append(says.Matches, tearline.PortionRef{Report: m.Report, Portion: m.Portion})
	}
	return says
}

// archive streams every portion and tear-line wording that a party holds.
func archive(ctx context.Context, tx *sqlite.Tx, as tearline.PartyID) iter.Seq2[match.Portion, error] {
	return func(yield func(match.Portion, error) bool) {
		for row, err := range tx.EachReport(as) {
			var r *tearline.Report
			if err == nil {
				err = ctx.Err()
			}
			if err == nil {
				r, err = codec.UnmarshalReport(row.Body)
			}
			if err != nil {
				yield(match.Portion{}, err)
				return
			}
			for i := range r.Portions {
				p := &r.Portions[i]
				if !yield(match.Portion{Ref: tearline.PortionRef{Report: row.ID, Portion: p.ID}, Wording: p.Wording}, nil) {
					return
				}
				if p.Tear != nil && !yield(match.Portion{Ref: tearline.PortionRef{Report: row.ID, Portion: tearline.TearOf(p.ID)}, Wording: p.Tear.Wording}, nil) {
					return
				}
			}
		}
	}
}

// tracing explains what a search found.
type tracing struct {
	Books
	text string
	seen time.Time
	out  *Result
}

func (t *tracing) explain(found []match.Match) error {
	if len(found) == 0 {
		return nil
	}
	wordings := map[tearline.PortionRef]tearline.Wording{}
	refs := make([]tearline.PortionRef, len(found))
	for i, m := range found {
		refs[i] = m.Ref
		tm, w, err := t.match(m)
		if err != nil {
			return err
		}
		wordings[m.Ref] = w
		t.out.Matches = append(t.out.Matches, tm)
	}
	if err := t.exposure(refs); err != nil {
		return err
	}
	return t.copies(refs, wordings)
}

func (t *tracing) match(m match.Match) (Match, tearline.Wording, error) {
	out := Match{
		Report: m.Ref.Report, Portion: m.Ref.Portion, Kind: m.Kind, Score: m.Score,
		Spans: []Span{}, Passages: []string{}, Bases: []Basis{},
	}
	r, err := t.Report(m.Ref.Report)
	if err != nil {
		return out, tearline.Wording{}, err
	}
	base, tear := m.Ref.Portion.IsTear()
	p, ok := r.Portion(base)
	if !ok || tear && p.Tear == nil {
		return out, tearline.Wording{}, tearline.NewWithheld()
	}
	mark, w := p.Marking, p.Wording
	if tear {
		mark, w = p.Tear.Marking, p.Tear.Wording
	}
	out.Marking = mark.Portion()
	for _, s := range m.Spans {
		out.Spans = append(out.Spans, Span{Leak: s.Leak, Portion: s.Portion})
		out.Passages = append(out.Passages, w.Source()[s.Portion[0]:s.Portion[1]])
	}
	out.Originators, err = t.Say(r, tearline.PortionRef{Report: m.Ref.Report, Portion: base})
	return out, w, err
}

// exposure lists who had been given the portions before the leak, and on what
// basis.
func (t *tracing) exposure(refs []tearline.PortionRef) error {
	hits, err := t.Tx.ExposedTo(t.Party, refs)
	if err != nil {
		return err
	}
	byParty := map[tearline.PartyID]*Party{}
	for _, hit := range hits {
		if hit.Occurred.After(t.seen) {
			continue
		}
		p := byParty[hit.Recipient]
		if p == nil {
			p = &Party{Party: hit.Recipient, First: hit.Occurred}
			byParty[hit.Recipient] = p
		}
		if !slices.Contains(p.Portions, hit.Portion) {
			p.Portions = append(p.Portions, hit.Portion)
		}
		if hit.Occurred.Before(p.First) {
			p.First = hit.Occurred
		}
		if err := t.basis(hit); err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(byParty)) {
		t.out.ExposedTo = append(t.out.ExposedTo, *byParty[id])
	}
	slices.SortStableFunc(t.out.ExposedTo, func(a, b Party) int { return a.First.Compare(b.First) })
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
		return nil
	}
	for _, it := range d.Items {
		if it.Portion != hit.Portion {
			continue
		}
		for i := range t.out.Matches {
			if m := &t.out.Matches[i]; m.Report == it.Portion.Report && m.Portion == it.Portion.Portion {
				m.Bases = append(m.Bases, Basis{
					Disclosure: e.ID, Recipient: d.Recipient, Mode: d.Mode, Occurred: d.Occurred,
					AfterFact: d.AfterFact, Outcome: it.Outcome, Basis: it.Basis,
				})
			}
		}
	}
	return nil
}

// copies compares the text with the wording of every copy of the portions.
func (t *tracing) copies(refs []tearline.PortionRef, wordings map[tearline.PortionRef]tearline.Wording) error {
	rows, err := t.Tx.CopiesOfPortions(t.Party, refs)
	if err != nil {
		return err
	}
	read := map[tearline.PortionRef][]int{}
	for ref, w := range wordings {
		if w.Points() > 0 {
			read[ref] = fingerprint.Read(w, t.text)
		}
	}
	for _, c := range rows {
		if c.Made.After(t.seen) {
			continue
		}
		tc := Copy{Copy: c.ID, Recipient: c.Recipient}
		for _, ref := range refs {
			choices, ok := c.Choices[ref.Portion]
			if !ok || ref.Report != c.Report || read[ref] == nil {
				continue
			}
			points, agree := fingerprint.Compare(choices, read[ref])
			tc.Points += points
			tc.Agree += agree
		}
		t.out.Copies = append(t.out.Copies, tc)
	}
	slices.SortStableFunc(t.out.Copies, func(a, b Copy) int {
		return cmp.Or(cmp.Compare(b.Agree*max(a.Points, 1), a.Agree*max(b.Points, 1)), b.Points-a.Points, strings.Compare(string(a.Copy), string(b.Copy)))
	})
	return nil
}
