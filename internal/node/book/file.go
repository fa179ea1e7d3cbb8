package book

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"tearline"
	"tearline/codec"
	"tearline/internal/node/book/intake"
	"tearline/internal/store/sqlite"
)

// Filed is the answer to a report's filing.
type Filed struct {
	ID       tearline.ReportID    `json:"id"`
	Banner   string               `json:"banner"`
	Portions int                  `json:"portions"`
	Filing   tearline.StatementID `json:"statement"`
}

// A filer files reports in one transaction.
type filer struct {
	*Writer
	parties map[tearline.PartyID]bool
	// bodies are the reports that this filer has looked up or filed, by
	// name, for checking sources; nil for one that is not held.
	bodies map[tearline.ReportID]map[tearline.PortionID]bool
}

func (w *Writer) filer() (*filer, error) {
	rows, err := w.Tx.Parties()
	if err != nil {
		return nil, err
	}
	f := &filer{Writer: w, parties: map[tearline.PartyID]bool{}, bodies: map[tearline.ReportID]map[tearline.PortionID]bool{}}
	for _, r := range rows {
		f.parties[r.ID] = true
	}
	return f, nil
}

// errHeld says that the very same report is held already.
var errHeld = fmt.Errorf("held already")

// file files one report, or returns all that stands against it: Faults, or
// errHeld if the same report is there.
func (f *filer) file(r *tearline.Report) (Filed, error) {
	body, err := codec.MarshalReport(r)
	if err != nil {
		return Filed{}, err
	}
	if err := f.notHeld(r, body); err != nil {
		return Filed{}, err
	}
	if faults, err := f.check(r); err != nil || len(faults) > 0 {
		return Filed{}, firstErr(err, faults.Err())
	}
	seed, err := f.book.RandomBytes(32)
	if err != nil {
		return Filed{}, err
	}
	at := f.At
	s, err := f.Say(SubjectsOf(r, seed), FilingOf(r), f.filingRefs(r)...)
	if err != nil {
		return Filed{}, err
	}
	row := sqlite.ReportRow{
		Holder: f.By, ID: r.ID, Originator: r.Originator, Policy: r.Policy, Date: r.Date.Format(time.DateOnly),
		Banner: r.Banner.Banner(), Title: r.DisplayTitle(), Portions: len(r.Portions), Seed: seed, Body: body,
		Filing: s.Signed.Statement.ID, Filed: at,
	}
	if err := f.Tx.PutReport(row, edgesOf(r)); err != nil {
		return Filed{}, err
	}
	f.remember(r)
	return Filed{ID: r.ID, Banner: row.Banner, Portions: row.Portions, Filing: row.Filing}, nil
}

func firstErr(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// filingRefs indexes a filing under its report and the other parties whose
// material it holds.
func (f *filer) filingRefs(r *tearline.Report) []string {
	refs := []string{RefReport(r.ID)}
	for i := range r.Portions {
		if o := r.Portions[i].Originator; o != f.By && !slices.Contains(refs, RefOriginator(o)) {
			refs = append(refs, RefOriginator(o))
		}
	}
	return refs
}

// notHeld returns nil if no report of that name is held, errHeld if the same
// one is, and a fault otherwise: a changed report is another report.
func (f *filer) notHeld(r *tearline.Report, body []byte) error {
	row, ok, err := f.Tx.Report(f.By, r.ID)
	if err != nil || !ok {
		return err
	}
	if bytes.Equal(row.Body, body) {
		return errHeld
	}
	return tearline.Faults{{
		Text: fmt.Sprintf("a different report %s is held already", r.ID),
		Hint: "a report is never changed once filed: file the new version under a new id",
	}}
}

// check lists what the rest of the world has against a report: originators
// that are not known, sources that are not held.
func (f *filer) check(r *tearline.Report) (tearline.Faults, error) {
	var faults tearline.Faults
	unknown := func(p tearline.PartyID) {
		faults = append(faults, tearline.Fault{
			Text: fmt.Sprintf("unknown originator %q", p),
			Hint: fmt.Sprintf("tearline party add %s --name …: whoever has a say must be known", p),
		})
	}
	if f.book.env.Lint != nil {
		faults = f.book.env.Lint(r)
	}
	seen := map[tearline.PartyID]bool{r.Originator: true}
	if !f.parties[r.Originator] {
		unknown(r.Originator)
	}
	for i := range r.Portions {
		p := &r.Portions[i]
		if !seen[p.Originator] && !f.parties[p.Originator] {
			unknown(p.Originator)
		}
		seen[p.Originator] = true
		for _, src := range p.Sources {
			ok, err := f.holds(r, src)
			if err != nil {
				return nil, err
			}
			if !ok {
				faults = append(faults, tearline.Fault{
					Text: fmt.Sprintf("portion %s: unknown source %s", p.ID, src),
					Hint: "file the report it stands in first: whoever originated a source has a say",
				})
			}
		}
	}
	return faults, nil
}

// holds reports whether a source is held, or is in the report itself.
func (f *filer) holds(r *tearline.Report, src tearline.PortionRef) (bool, error) {
	if src.Report == r.ID {
		_, ok := r.Portion(src.Portion)
		return ok, nil
	}
	ids, ok := f.bodies[src.Report]
	if !ok {
		row, held, err := f.Tx.Report(f.By, src.Report)
		if err != nil {
			return false, err
		}
		if held {
			source, err := codec.UnmarshalReport(row.Body)
			if err != nil {
				return false, err
			}
			f.remember(source)
		} else {
			f.bodies[src.Report] = nil
		}
		ids = f.bodies[src.Report]
	}
	return ids[src.Portion], nil
}

// remembered is how many reports a filer keeps in mind for checking sources.
const remembered = 10_000

func (f *filer) remember(r *tearline.Report) {
	if len(f.bodies) >= remembered {
		clear(f.bodies)
	}
	ids := make(map[tearline.PortionID]bool, len(r.Portions))
	for i := range r.Portions {
		ids[r.Portions[i].ID] = true
	}
	f.bodies[r.ID] = ids
}

// missing returns the first source of a report that stands in another report
// which is not held.
func (f *filer) missing(r *tearline.Report) (tearline.ReportID, bool, error) {
	for i := range r.Portions {
		for _, src := range r.Portions[i].Sources {
			if _, err := f.holds(r, src); err != nil {
				return "", false, err
			}
			if src.Report != r.ID && f.bodies[src.Report] == nil {
				return src.Report, true, nil
			}
		}
	}
	return "", false, nil
}

func edgesOf(r *tearline.Report) []sqlite.Edge {
	var edges []sqlite.Edge
	for i := range r.Portions {
		p := &r.Portions[i]
		for _, src := range p.Sources {
			edges = append(edges, sqlite.Edge{From: tearline.PortionRef{Report: r.ID, Portion: p.ID}, Source: src})
		}
	}
	return edges
}

// File files reports for a party: all of them, or none and every fault of
// every one. They may rest on each other in any order.
func (b *Book) File(ctx context.Context, as tearline.PartyID, drafts []intake.Draft) ([]Filed, error) {
	var done []Filed
	err := b.Write(ctx, as, func(w *Writer) error {
		f, err := w.filer()
		if err != nil {
			return err
		}
		ordered, faults := intake.InOrder(drafts)
		for _, d := range ordered {
			filed, err := f.file(d.Report)
			if err == errHeld { //nolint:errorlint // made and compared here, never wrapped
				err = tearline.Faults{{Text: fmt.Sprintf("report %s is held already", d.Report.ID), Hint: "nothing is left to do for it"}}
			}
			var fs tearline.Faults
			switch {
			case asFaults(err, &fs):
				faults = append(faults, d.Named(fs)...)
			case err != nil:
				return err
			default:
				done = append(done, filed)
			}
		}
		return faults.Err()
	})
	if err != nil {
		return nil, err
	}
	return done, nil
}
