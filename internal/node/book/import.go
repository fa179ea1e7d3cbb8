package book

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"tearline"
	"tearline/internal/node/book/intake"
	"tearline/lineage"
)

// An Imported is the answer to one line of a bulk import.
type Imported struct {
	Line int `json:"line"`
	Filed
	// Held says that the very same report was held before: nothing was done.
	Held bool `json:"held,omitempty"`
	// Faults are why the line was refused.
	Faults []string `json:"faults,omitempty"`
}

// ImportSummary counts what an import came to.
type ImportSummary struct {
	Filed    int `json:"filed"`
	Held     int `json:"held"`
	Refused  int `json:"refused"`
	Portions int `json:"portions"`
}

// Bounds of what an import holds in memory.
const (
	// maxWaiting and waitingText bound the reports that wait for their
	// sources to come; one beyond them is refused, and filed when the same
	// lines are imported again.
	maxWaiting  = 100_000
	waitingText = 64 << 20
)

// Import files reports from JSON Lines, a batch a transaction, and answers
// each line once its report is durable: in the order of the lines, but that a
// report may rest on one that comes later, and waits for it. A line at fault
// is refused and the others are filed. Importing the same lines again, after a
// crash say, files what is missing and skips the rest. answer may be nil.
func (b *Book) Import(ctx context.Context, as tearline.PartyID, r io.Reader, answer func(Imported) error) (ImportSummary, error) {
	im := importer{
		book: b, as: as, answer: answer, waiting: map[tearline.ReportID][]intake.Line{},
	}
	for lines := intake.NewLines(r); !lines.Done(); {
		batch, err := lines.Batch(ctx)
		if err != nil {
			return im.sum, err
		}
		for len(batch) > 0 {
			if batch, err = im.fileBatch(ctx, batch); err != nil {
				return im.sum, err
			}
		}
	}
	return im.sum, im.unresolved()
}

type importer struct {
	book   *Book
	as     tearline.PartyID
	answer func(Imported) error
	sum    ImportSummary
	// waiting holds reports by the source report that they lack.
	waiting     map[tearline.ReportID][]intake.Line
	nWaiting    int
	waitingText int
}

func (im *importer) tell(a Imported) error {
	switch {
	case len(a.Faults) > 0:
		im.sum.Refused++
	case a.Held:
		im.sum.Held++
	default:
		im.sum.Filed++
		im.sum.Portions += a.Portions
	}
	if im.answer == nil {
		return nil
	}
	return im.answer(a)
}

func (im *importer) refuse(l intake.Line, faults tearline.Faults) error {
	texts := make([]string, len(faults))
	for i, f := range faults {
		if f.Line == 0 {
			f.Line = l.Number
		}
		texts[i] = f.String()
	}
	return im.tell(Imported{Line: l.Number, Filed: Filed{ID: l.ID()}, Faults: texts})
}

// fileBatch files a batch in one transaction and answers its lines after the
// commit. It returns the reports that had waited for those filed.
func (im *importer) fileBatch(ctx context.Context, batch []intake.Line) ([]intake.Line, error) {
	var answers []func() error
	var wait []waiter
	err := im.book.Write(ctx, im.as, func(w *Writer) error {
		answers, wait = nil, nil
		f, err := w.filer()
		if err != nil {
			return err
		}
		text := im.waitingText
		for _, l := range batch {
			if l.Faults != nil {
				answers = append(answers, func() error { return im.refuse(l, l.Faults) })
				continue
			}
			src, lacks, err := f.missing(l.Report)
			if err != nil {
				return err
			}
			if lacks && im.nWaiting+len(wait) < maxWaiting && text+l.Text < waitingText {
				wait = append(wait, waiter{l, src})
				text += l.Text
				continue
			}
			a, err := im.fileOne(f, l)
			if err != nil {
				return err
			}
			answers = append(answers, a)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return im.settle(batch, answers, wait)
}

// A waiter is a report that waits for another.
type waiter struct {
	intake.Line
	lacks tearline.ReportID
}

// fileOne files one report; what it returns answers its line.
func (im *importer) fileOne(f *filer, l intake.Line) (func() error, error) {
	filed, err := f.file(l.Report)
	var faults tearline.Faults
	switch {
	case errors.Is(err, errHeld):
		held := Filed{ID: l.Report.ID, Banner: l.Report.Banner.Banner(), Portions: len(l.Report.Portions)}
		return func() error { return im.tell(Imported{Line: l.Number, Filed: held, Held: true}) }, nil
	case asFaults(err, &faults):
		return func() error { return im.refuse(l, faults) }, nil
	case err != nil:
		return nil, err
	}
	return func() error { return im.tell(Imported{Line: l.Number, Filed: filed}) }, nil
}

// settle answers the lines of a committed batch and wakes what waited for it.
func (im *importer) settle(batch []intake.Line, answers []func() error, wait []waiter) ([]intake.Line, error) {
	for _, a := range answers {
		if err := a(); err != nil {
			return nil, err
		}
	}
	waits := map[tearline.ReportID]bool{}
	for _, w := range wait {
		waits[w.Report.ID] = true
		im.waiting[w.lacks] = append(im.waiting[w.lacks], w.Line)
		im.nWaiting++
		im.waitingText += w.Text
	}
	var woken []intake.Line
	for _, l := range batch {
		if waits[l.ID()] {
			continue // it is not there yet
		}
		for _, w := range im.waiting[l.ID()] {
			im.nWaiting--
			im.waitingText -= w.Text
			woken = append(woken, w)
		}
		delete(im.waiting, l.ID())
	}
	slices.SortFunc(woken, func(a, b intake.Line) int { return a.Number - b.Number })
	return woken, nil
}

// unresolved refuses the reports whose sources never came: because they rest
// on themselves by way of each other, or because nobody has them.
func (im *importer) unresolved() error {
	var rest []waiter
	rests := map[tearline.ReportID][]tearline.ReportID{}
	for src, ls := range im.waiting {
		for _, l := range ls {
			rest = append(rest, waiter{l, src})
			rests[l.Report.ID] = intake.Under(l.Report)
		}
	}
	slices.SortFunc(rest, func(a, b waiter) int { return a.Number - b.Number })
	lineage.Circular(rests)
	for _, l := range rest {
		f := tearline.Fault{Text: fmt.Sprintf("report %s rests on report %s, which is not held", l.Report.ID, l.lacks), Hint: "file that first: whoever originated a source has a say"}
		if _, ok := rests[l.Report.ID]; ok {
			f = tearline.Fault{Text: "cyclic sources: " + intake.Circle(lineage.Cycle(rests, l.Report.ID)), Hint: "a report rests on what came before it"}
		}
		if err := im.refuse(l.Line, tearline.Faults{f}); err != nil {
			return err
		}
	}
	return nil
}

// asFaults unpacks the faults of a document from an error.
func asFaults(err error, to *tearline.Faults) bool { return errors.As(err, to) }
