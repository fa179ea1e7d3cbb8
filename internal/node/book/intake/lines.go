package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"tearline"
	"tearline/codec"
)

// Bounds of what is read at once, and remembered.
const (
	// batchLines is how many reports are filed in one transaction: enough to
	// make the cost of a durable commit small, few enough to answer soon.
	batchLines = 500
	// batchText ends a batch before that many, in bytes of text.
	batchText = 32 << 20
	// rememberedLines is how many ids are remembered with their lines, once
	// or twice over; of one that stood before that, the store knows.
	rememberedLines = 100_000
)

// A Line is one line of the input: a report, or why it is none.
type Line struct {
	Number int // from 1
	Report *tearline.Report
	Faults tearline.Faults
	Text   int // bytes of the report's wording
}

// ID is the report's, "" if there is none.
func (l *Line) ID() tearline.ReportID {
	if l.Report == nil {
		return ""
	}
	return l.Report.ID
}

// Lines reads reports from JSON Lines, a batch at a time. One goroutine may use
// it.
type Lines struct {
	dec  *codec.Decoder
	done bool
	// lines tells where a report id stood first in this input; older has
	// what lines had when it was full.
	lines, older map[tearline.ReportID]int
}

// NewLines begins to read.
func NewLines(r io.Reader) *Lines {
	return &Lines{dec: codec.NewDecoder(r), lines: map[tearline.ReportID]int{}}
}

// Done reports whether all has been read.
func (ls *Lines) Done() bool { return ls.done }

// Batch reads on, as far as is filed in one transaction.
func (ls *Lines) Batch(ctx context.Context) ([]Line, error) {
	var batch []Line
	text := 0
	for len(batch) < batchLines && text < batchText {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		line, r, err := ls.dec.Next()
		if err == io.EOF { //nolint:errorlint // the decoder's contract
			ls.done = true
			return batch, nil
		}
		l := Line{Number: line, Report: r}
		switch {
		case errors.As(err, &l.Faults):
		case err != nil:
			return nil, err
		default:
			l.Faults = ls.stoodBefore(line, r.ID)
			for i := range r.Portions {
				l.Text += len(r.Portions[i].Wording.Source())
			}
		}
		text += l.Text
		batch = append(batch, l)
	}
	return batch, nil
}

// stoodBefore remembers where a report's id stands, and refuses one that
// stands twice.
func (ls *Lines) stoodBefore(line int, id tearline.ReportID) tearline.Faults {
	first, dup := ls.lines[id]
	if !dup {
		first, dup = ls.older[id]
	}
	if dup {
		return tearline.Faults{{Line: line, Text: fmt.Sprintf("report id %s stands on line %d already", id, first), Hint: "an id names one report: give this one another"}}
	}
	if len(ls.lines) >= rememberedLines {
		ls.lines, ls.older = map[tearline.ReportID]int{}, ls.lines
	}
	// A copy: the name is a part of the line, which it would hold in memory.
	ls.lines[tearline.ReportID(strings.Clone(string(id)))] = line
	return nil
}
