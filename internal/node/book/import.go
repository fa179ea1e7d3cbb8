package book

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"tearline"
	"tearline/codec"
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
	// importBatch is how many reports are filed in one transaction: enough to
	// make the cost of a durable commit small, few enough to answer soon.
	importBatch = 500
	// batchText ends a batch before that many, in bytes of text.
	batchText = 32 << 20
	// maxWaiting and waitingText bound the reports that wait for their
	// sources to come; one beyond them is refused, and filed when the same
	// lines are imported again.
	maxWaiting  = 100_000
	waitingText = 64 << 20
	// rememberedLines is how many ids are remembered with their lines, once
	// or twice over; of one that stood before that, the store knows.
	rememberedLines = 100_000
)

// Import files reports from JSON Lines, a batch a transaction, and answers
// each line once its report is durable: in the order of the lines, but that a
// report may rest on one that comes later, and waits for it. A line at fault
// is refused and the others are filed. Importing the same lines again, after a
// crash say, files what is missing and skips the rest. answer may be nil.
func (b *Book) Import(ctx context.Context, as tearline.PartyID, r io.Reader, answer func(Imported) error) (ImportSummary, error) {
	im := importer{
		book: b, as: as, dec: codec.NewDecoder(r), answer: answer,
		lines: map[tearline.ReportID]int{}, waiting: map[tearline.ReportID][]lined{},
	}
	for !im.eof {
		batch, err := im.read(ctx)
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

// lined is one line of the input: a report, or why it is none.
type lined struct {
	line   int
	report *tearline.Report
	faults tearline.Faults
	text   int // bytes
}

func (l *lined) id() tearline.ReportID {
	if l.report == nil {
		return ""
	}
	return l.report.ID
}

type importer struct {
	book   *Book
	as     tearline.PartyID
	dec    *codec.Decoder
	answer func(Imported) error
	eof    bool
	sum    ImportSummary
	// lines tells where a report id stood first in this input; older has
	// what lines had when it was full.
	lines, older map[tearline.ReportID]int
	// waiting holds reports by the source report that they lack.
	waiting     map[tearline.ReportID][]lined
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

func (im *importer) refuse(l lined, faults tearline.Faults) error {
	texts := make([]string, len(faults))
	for i, f := range faults {
		if f.Line == 0 {
			f.Line = l.line
		}
		texts[i] = f.String()
	}
	return im.tell(Imported{Line: l.line, Filed: Filed{ID: l.id()}, Faults: texts})
}

// read decodes the next batch.
func (im *importer) read(ctx context.Context) ([]lined, error) {
	var batch []lined
	text := 0
	for len(batch) < importBatch && text < batchText {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		line, r, err := im.dec.Next()
		if err == io.EOF { //nolint:errorlint // the decoder's contract
			im.eof = true
			return batch, nil
		}
		l := lined{line: line, report: r}
		switch {
		case asFaults(err, &l.faults):
		case err != nil:
			return nil, err
		default:
			l.faults = im.stoodBefore(line, r.ID)
			for i := range r.Portions {
				l.text += len(r.Portions[i].Wording.Source())
			}
		}
		text += l.text
		batch = append(batch, l)
	}
	return batch, nil
}

// stoodBefore remembers where a report's id stands, and refuses one that
// stands twice.
func (im *importer) stoodBefore(line int, id tearline.ReportID) tearline.Faults {
	first, dup := im.lines[id]
	if !dup {
		first, dup = im.older[id]
	}
	if dup {
		return tearline.Faults{{Line: line, Text: fmt.Sprintf("report id %s stands on line %d already", id, first), Hint: "an id names one report: give this one another"}}
	}
	if len(im.lines) >= rememberedLines {
		im.lines, im.older = map[tearline.ReportID]int{}, im.lines
	}
	// A copy: the name is a part of the line, which it would hold in memory.
	im.lines[tearline.ReportID(strings.Clone(string(id)))] = line
	return nil
}

// fileBatch files a batch in one transaction and answers its lines after the
// commit. It returns the reports that had waited for those filed.
func (im *importer) fileBatch(ctx context.Context, batch []lined) ([]lined, error) {
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
			if l.faults != nil {
				answers = append(answers, func() error { return im.refuse(l, l.faults) })
				continue
			}
			src, lacks, err := f.missing(l.report)
			if err != nil {
				return err
			}
			if lacks && im.nWaiting+len(wait) < maxWaiting && text+l.text < waitingText {
				wait = append(wait, waiter{l, src})
				text += l.text
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
	lined
	lacks tearline.ReportID
}

// fileOne files one report; what it returns answers its line.
func (im *importer) fileOne(f *filer, l lined) (func() error, error) {
	filed, err := f.file(l.report)
	var faults tearline.Faults
	switch {
	case errors.Is(err, errHeld):
		held := Filed{ID: l.report.ID, Banner: l.report.Banner.Banner(), Portions: len(l.report.Portions)}
		return func() error { return im.tell(Imported{Line: l.line, Filed: held, Held: true}) }, nil
	case asFaults(err, &faults):
		return func() error { return im.refuse(l, faults) }, nil
	case err != nil:
		return nil, err
	}
	return func() error { return im.tell(Imported{Line: l.line, Filed: filed}) }, nil
}

// settle answers the lines of a committed batch and wakes what waited for it.
func (im *importer) settle(batch []lined, answers []func() error, wait []waiter) ([]lined, error) {
	for _, a := range answers {
		if err := a(); err != nil {
			return nil, err
		}
	}
	waits := map[tearline.ReportID]bool{}
	for _, w := range wait {
		waits[w.report.ID] = true
		im.waiting[w.lacks] = append(im.waiting[w.lacks], w.lined)
		im.nWaiting++
		im.waitingText += w.text
	}
	var woken []lined
	for _, l := range batch {
		if waits[l.id()] {
			continue // it is not there yet
		}
		for _, w := range im.waiting[l.id()] {
			im.nWaiting--
			im.waitingText -= w.text
			woken = append(woken, w)
		}
		delete(im.waiting, l.id())
	}
	slices.SortFunc(woken, func(a, b lined) int { return a.line - b.line })
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
			rests[l.report.ID] = reportsUnder(l.report)
		}
	}
	slices.SortFunc(rest, func(a, b waiter) int { return a.line - b.line })
	lineage.Circular(rests)
	for _, l := range rest {
		f := tearline.Fault{Text: fmt.Sprintf("report %s rests on report %s, which is not held", l.report.ID, l.lacks), Hint: "file that first: whoever originated a source has a say"}
		if _, ok := rests[l.report.ID]; ok {
			f = tearline.Fault{Text: "cyclic sources: " + circle(lineage.Cycle(rests, l.report.ID)), Hint: "a report rests on what came before it"}
		}
		if err := im.refuse(l.lined, tearline.Faults{f}); err != nil {
			return err
		}
	}
	return nil
}

// circle writes a circle down, a long one shortened.
func circle(ids []tearline.ReportID) string {
	const most = 12
	names := make([]string, 0, len(ids))
	for i, id := range ids {
		if len(ids) > most && i == most-2 {
			names = append(names, fmt.Sprintf("%d more", len(ids)-most+1), string(ids[len(ids)-1]))
			break
		}
		names = append(names, string(id))
	}
	return strings.Join(names, " → ")
}

// asFaults unpacks the faults of a document from an error.
func asFaults(err error, to *tearline.Faults) bool { return errors.As(err, to) }
