package node

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	"tearline"
	"tearline/codec"
	"tearline/internal/node/book"
	"tearline/internal/store/sqlite"
	"tearline/leak/fingerprint"
	"tearline/leak/match"
)

// Traced is what a leaked text draws on, who had been given it, and whose
// copies read like it.
type Traced struct {
	Matches   []TracedMatch   `json:"matches"`
	ExposedTo []TracedParty   `json:"exposed_to"`
	Copies    []TracedCopy    `json:"copies"`
	Sighting  *TracedSighting `json:"sighting,omitempty"`
}

// A TracedMatch is one portion held on which the text draws.
type TracedMatch struct {
	Report  tearline.ReportID  `json:"report"`
	Portion tearline.PortionID `json:"portion"`
	Marking string             `json:"marking"`
	Kind    match.Kind         `json:"kind"`
	// EValue is the expected number of false matches as good as this one;
	// null as long as it has not been calibrated on the archive.
	EValue *float64     `json:"evalue"`
	Score  float64      `json:"score"`
	Spans  []TracedSpan `json:"spans"`
	// Passages are the portion's matched words, for a reader.
	Passages []string `json:"passages"`
	// Originators are those who have a say in the portion.
	Originators []tearline.PartyID `json:"originators"`
	// Bases are those on which the portion had gone out before the leak, each
	// with the statements that it rested on; and whether any went without.
	Bases []TracedBasis `json:"bases"`
}

// A TracedSpan is a passage that both texts have, as UTF-8 byte offsets.
type TracedSpan struct {
	Leak    [2]int `json:"leak"`
	Portion [2]int `json:"portion"`
}

// A TracedBasis is one earlier disclosure of a matched portion.
type TracedBasis struct {
	Disclosure tearline.StatementID `json:"disclosure"`
	Recipient  tearline.PartyID     `json:"recipient"`
	Mode       tearline.Mode        `json:"mode"`
	Occurred   time.Time            `json:"occurred"`
	AfterFact  bool                 `json:"after_fact,omitempty"`
	Outcome    tearline.Outcome     `json:"outcome"`
	Basis      tearline.Basis       `json:"basis"`
}

// A TracedParty had been given matched portions before the leak.
type TracedParty struct {
	Party    tearline.PartyID      `json:"party"`
	Portions []tearline.PortionRef `json:"portions"`
	First    time.Time             `json:"first"`
}

// A TracedCopy holds matched portions; the text agrees with its wording at so
// many of the marked points that the text shows. It is evidence about a copy,
// not about a person, and without a bound it names nobody.
type TracedCopy struct {
	Copy      tearline.CopyID  `json:"copy"`
	Recipient tearline.PartyID `json:"recipient"`
	Points    int              `json:"points"`
	Agree     int              `json:"agree"`
}

// A TracedSighting is the ledger's record of the leak.
type TracedSighting struct {
	Statement tearline.StatementID `json:"statement"`
	Index     int64                `json:"index"`
}

// Trace compares a leaked text with all that a party holds. What was passed
// on before seen, the time of the leak, counts as exposure; zero is now. With
// record, the sighting goes into the party's ledger; where says where the
// text was found.
func (n *Node) Trace(ctx context.Context, as tearline.PartyID, text string, seen time.Time, record bool, where string) (Traced, error) {
	leak, err := match.Prepare(text)
	if err != nil {
		return Traced{}, book.Invalid("trace", err, "")
	}
	out := Traced{Matches: []TracedMatch{}, ExposedTo: []TracedParty{}, Copies: []TracedCopy{}}
	err = n.book.Read(ctx, func(tx *sqlite.Tx) error {
		if _, err := book.KnownParty(tx, as); err != nil {
			return err
		}
		if seen, err = n.instant(tx, as, seen); err != nil {
			return err
		}
		found, err := leak.Search(archive(ctx, tx, as))
		if err != nil {
			return err
		}
		t := tracing{tx: tx, as: as, text: text, seen: seen, out: &out}
		return t.explain(found)
	})
	if err != nil || !record {
		return out, err
	}
	out.Sighting, err = n.sight(ctx, as, text, seen, where, out.Matches)
	return out, err
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
	tx   *sqlite.Tx
	as   tearline.PartyID
	text string
	seen time.Time
	out  *Traced
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

func (t *tracing) match(m match.Match) (TracedMatch, tearline.Wording, error) {
	out := TracedMatch{
		Report: m.Ref.Report, Portion: m.Ref.Portion, Kind: m.Kind, Score: m.Score,
		Spans: []TracedSpan{}, Passages: []string{}, Bases: []TracedBasis{},
	}
	h, err := book.Holding(t.tx, t.as, m.Ref.Report)
	if err != nil {
		return out, tearline.Wording{}, err
	}
	base, tear := m.Ref.Portion.IsTear()
	p, ok := h.Report.Portion(base)
	if !ok || tear && p.Tear == nil {
		return out, tearline.Wording{}, book.ErrWithheld
	}
	mark, w := p.Marking, p.Wording
	if tear {
		mark, w = p.Tear.Marking, p.Tear.Wording
	}
	out.Marking = mark.Portion()
	for _, s := range m.Spans {
		out.Spans = append(out.Spans, TracedSpan{Leak: s.Leak, Portion: s.Portion})
		out.Passages = append(out.Passages, w.Source()[s.Portion[0]:s.Portion[1]])
	}
	says, err := book.NewSays(t.tx, t.as, h.Report)
	if err != nil {
		return out, w, err
	}
	out.Originators = says.Originators(tearline.PortionRef{Report: m.Ref.Report, Portion: base})
	return out, w, nil
}

// exposure lists who had been given the portions before the leak, and on what
// basis.
func (t *tracing) exposure(refs []tearline.PortionRef) error {
	hits, err := t.tx.ExposedTo(t.as, refs)
	if err != nil {
		return err
	}
	byParty := map[tearline.PartyID]*TracedParty{}
	for _, hit := range hits {
		if hit.Occurred.After(t.seen) {
			continue
		}
		p := byParty[hit.Recipient]
		if p == nil {
			p = &TracedParty{Party: hit.Recipient, First: hit.Occurred}
			byParty[hit.Recipient] = p
		}
		p.Portions = book.AppendNew(p.Portions, hit.Portion)
		if hit.Occurred.Before(p.First) {
			p.First = hit.Occurred
		}
		if err := t.basis(hit); err != nil {
			return err
		}
	}
	for _, id := range book.SortedKeys(byParty) {
		t.out.ExposedTo = append(t.out.ExposedTo, *byParty[id])
	}
	slices.SortStableFunc(t.out.ExposedTo, func(a, b TracedParty) int { return a.First.Compare(b.First) })
	return nil
}

// basis notes on what basis one disclosure of a matched portion was made.
func (t *tracing) basis(hit sqlite.Exposure) error {
	e, ok, err := t.tx.Entry(hit.Statement)
	if err != nil || !ok {
		return cmp.Or(err, book.ErrWithheld)
	}
	s, err := book.Statement(e)
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
				m.Bases = append(m.Bases, TracedBasis{
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
	rows, err := t.tx.CopiesOfPortions(t.as, refs)
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
		tc := TracedCopy{Copy: c.ID, Recipient: c.Recipient}
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
	slices.SortStableFunc(t.out.Copies, func(a, b TracedCopy) int {
		return cmp.Or(cmp.Compare(b.Agree*max(a.Points, 1), a.Agree*max(b.Points, 1)), b.Points-a.Points, strings.Compare(string(a.Copy), string(b.Copy)))
	})
	return nil
}

// sight records a leak.
func (n *Node) sight(ctx context.Context, as tearline.PartyID, text string, seen time.Time, where string, matches []TracedMatch) (*TracedSighting, error) {
	var out *TracedSighting
	err := n.write(ctx, as, func(w *writer) error {
		salt, err := n.book.RandomBytes(32)
		if err != nil {
			return err
		}
		says := &tearline.Sighting{Seen: seen, Where: where, Matches: []tearline.PortionRef{}}
		for _, m := range matches {
			says.Matches = append(says.Matches, tearline.PortionRef{Report: m.Report, Portion: m.Portion})
		}
		s, err := w.Say([]tearline.Subject{{Name: "leak", Digest: tearline.DigestContent(salt, text)}}, says, book.RefsOfPortions(says.Matches)...)
		out = &TracedSighting{Statement: s.Signed.Statement.ID, Index: s.Index}
		return err
	})
	return out, err
}
