package node

import (
	"cmp"
	"context"
	"time"

	"tearline"
	"tearline/internal/node/book"
	"tearline/internal/store/sqlite"
)

// Listed is one line of the list of reports.
type Listed struct {
	ID         tearline.ReportID `json:"id"`
	Title      string            `json:"title"`
	Originator tearline.PartyID  `json:"originator"`
	Policy     string            `json:"policy"`
	Date       string            `json:"date"`
	Banner     string            `json:"banner"`
	Portions   int               `json:"portions"`
	Filed      time.Time         `json:"filed"`
}

// Reports lists what a party holds, newest first; after continues a list after
// that report, "" begins it. It returns the report to go on with, "" at the
// end.
func (n *Node) Reports(ctx context.Context, as tearline.PartyID, after tearline.ReportID, limit int) ([]Listed, tearline.ReportID, error) {
	list := []Listed{}
	var next tearline.ReportID
	err := n.book.Read(ctx, func(tx *sqlite.Tx) error {
		if _, err := book.KnownParty(tx, as); err != nil {
			return err
		}
		var before int64
		if after != "" {
			row, ok, err := tx.Report(as, after)
			if err != nil || !ok {
				return cmp.Or(err, book.ErrWithheld)
			}
			before = row.Ordinal
		}
		rows, err := tx.Reports(as, before, limit+1)
		if err != nil {
			return err
		}
		if len(rows) > limit {
			rows = rows[:limit]
			next = rows[limit-1].ID
		}
		for _, r := range rows {
			list = append(list, Listed{ID: r.ID, Title: r.Title, Originator: r.Originator, Policy: r.Policy, Date: r.Date, Banner: r.Banner, Portions: r.Portions, Filed: r.Filed})
		}
		return nil
	})
	return list, next, err
}

// Shown is a report as its holder sees it, with where each portion comes from
// and who has a say in it.
type Shown struct {
	Listed
	Holder    tearline.PartyID     `json:"holder"`
	Statement tearline.StatementID `json:"statement,omitempty"`
	Content   []ShownPortion       `json:"content"`
}

// A ShownPortion is one portion with its provenance.
type ShownPortion struct {
	ID         tearline.PortionID    `json:"id"`
	Marking    string                `json:"marking"`
	Text       string                `json:"text"`
	Originator tearline.PartyID      `json:"originator"`
	Sources    []tearline.PortionRef `json:"sources"`
	// Say names the originators of its whole lineage.
	Say []tearline.PartyID `json:"say"`
	// UsedIn are the portions held that derive from it directly.
	UsedIn []tearline.PortionRef `json:"used_in"`
	Tear   *ShownTear            `json:"tear,omitempty"`
	// Unmarked says that the document bore no mark here, and who filed it
	// ordered this one.
	Unmarked bool          `json:"unmarked,omitempty"`
	Form     tearline.Form `json:"form,omitzero"`
}

// ShownTear is a portion's approved tear-line wording.
type ShownTear struct {
	Marking string `json:"marking"`
	Text    string `json:"text"`
}

// Show returns a report to its holder.
func (n *Node) Show(ctx context.Context, as tearline.PartyID, id tearline.ReportID) (Shown, error) {
	var out Shown
	err := n.book.Read(ctx, func(tx *sqlite.Tx) error {
		h, err := book.Holding(tx, as, id)
		if err != nil {
			return err
		}
		r := h.Row
		out = Shown{
			Listed:    Listed{ID: r.ID, Title: r.Title, Originator: r.Originator, Policy: r.Policy, Date: r.Date, Banner: r.Banner, Portions: r.Portions, Filed: r.Filed},
			Holder:    as,
			Statement: r.Filing, Content: []ShownPortion{},
		}
		says, err := book.NewSays(tx, as, h.Report)
		if err != nil {
			return err
		}
		for i := range h.Report.Portions {
			p := &h.Report.Portions[i]
			ref := tearline.PortionRef{Report: id, Portion: p.ID}
			used, err := tx.DerivedFrom(as, ref)
			if err != nil {
				return err
			}
			s := ShownPortion{
				ID: p.ID, Marking: p.Marking.Portion(), Text: p.Wording.Source(), Originator: p.Originator,
				Sources: nonNil(p.Sources), Say: says.Originators(ref), UsedIn: nonNil(used), Unmarked: p.Unmarked, Form: p.Form,
			}
			if p.Tear != nil {
				s.Tear = &ShownTear{Marking: p.Tear.Marking.Portion(), Text: p.Tear.Wording.Source()}
			}
			out.Content = append(out.Content, s)
		}
		return nil
	})
	return out, err
}
