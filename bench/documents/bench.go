package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"tearline"
	"tearline/bench/kit"
	"tearline/codec/document"
	"tearline/codec/onfile"
	"tearline/codec/pdf"
	"tearline/internal/documents"
	"tearline/internal/node/copies"
	"tearline/internal/pdftext"
	"tearline/internal/pdftext/whole"
	"tearline/leak/fingerprint"
	"tearline/release"
	"tearline/sanitize"
)

// An amount is how much is done.
type amount struct {
	effort   kit.Effort
	portions int // of the long report; 1,050 make about 100 pages
	trips    int // of each format and script
}

var (
	full  = amount{effort: kit.Effort{Reps: 5, Slot: 1e8, Long: 5e9, Few: 3}, portions: 1050, trips: 40}
	short = amount{effort: kit.Effort{Reps: 2, Slot: 1e7, Long: 1e9, Few: 1}, portions: 40, trips: 2}
)

// A bench is what all benchmarks of one run work on.
type bench struct {
	*kit.Bench
	amount
}

func newBench(k *kit.Bench, a amount) *bench {
	k.Effort = a.effort
	return &bench{Bench: k, amount: a}
}

// Close has nothing to give up.
func (b *bench) Close() error { return nil }

// sheets is how many pages a report has as a PDF.
func sheets(r *tearline.Report) (int, error) {
	l, err := pdf.Compose(onfile.Page(r))
	if err != nil {
		return 0, err
	}
	return len(l.Sheets), nil
}

// busy is the processor time of the process and of those it started that ended.
func busy() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &u); err != nil {
		return 0
	}
	return kit.CPU() + time.Duration(u.Utime.Nano()+u.Stime.Nano())
}

func reader(ctx context.Context) documents.Reader {
	return documents.Reader{PDF: whole.Reader(ctx, "", pdftext.Cache())}
}

// A work is one report as a document, with what is needed to decide on it.
type work struct {
	documents.Reader
	format string
	file   []byte
	report *tearline.Report
	facts  *release.Facts
}

// open reads a document as a report.
func (w *work) open() error {
	list, err := w.Read("report", w.file, document.Order{})
	if err != nil {
		return err
	}
	if len(list) != 1 {
		return fmt.Errorf("%d reports", len(list))
	}
	w.report = list[0].Report // none if there are faults
	return list[0].Faults.Err()
}

// know makes the facts for a decision.
func (w *work) know() (err error) {
	r := w.report
	f := &tearline.Filing{Report: r.ID, Originator: r.Originator, Policy: r.Policy, Date: r.Date.Format(time.DateOnly), Banner: r.Banner.Banner()}
	for i := range r.Portions {
		p := &r.Portions[i]
		f.Portions = append(f.Portions, tearline.FiledPortion{ID: p.ID, Originator: p.Originator, Marking: p.Marking.Portion(), Sources: p.Sources})
	}
	var said []tearline.Statement
	for i, p := range []tearline.Predicate{&tearline.PartyRecord{Party: "USA"}, &tearline.PartyRecord{Party: "GBR"}, f} {
		said = append(said, tearline.Statement{ID: tearline.StatementID(fmt.Sprintf("statement%07d", i)), By: "USA", At: day(i), Says: p})
	}
	w.facts, err = release.NewFacts(said)
	return err
}

func day(n int) time.Time { return time.Date(2026, 3, 1+n, 12, 0, 0, 0, time.UTC) }

// tear decides, and makes what the partner may have.
func (w *work) tear() (*sanitize.Version, error) {
	d, err := release.Decide(w.facts, w.report.ID, release.Request{Holder: "USA", Recipient: "GBR", At: day(20), Mode: tearline.Document})
	if err != nil {
		return nil, err
	}
	return sanitize.TearLine(w.report, d)
}

// copied writes a copy in the format, with the last look.
func (w *work) copied(v *sanitize.Version) error {
	kind := copies.Format{Name: copies.FormatName(w.format), Read: pdftext.Reader(context.Background(), "", pdftext.Cache())}
	format, err := kind.Of(nil, fingerprint.Reader{}, &copies.Spec{})
	if err != nil {
		return err
	}
	_, err = v.Draft(sanitize.Spec{
		Copy: "7Q2M-93KD", Holder: "USA", Recipient: "GBR", RecipientName: "Service GBR", Date: "2026-03-21", Seed: bytes.Repeat([]byte{7}, 32), Format: format,
	})
	return err
}

// long is a report of about 100 pages in a format.
func (b *bench) long(format string) (*work, error) {
	r, err := invent("USA-2026-0412", "made words", 1, b.portions)
	if err != nil {
		return nil, err
	}
	w := &work{Reader: reader(b.Ctx), format: format}
	w.file, _, err = w.Write(r, format)
	return w, err
}

// peers are the programs that get the text out of such a file.
var peers = map[string][]string{document.Word: {"pandoc", "-f", "docx", "-t", "plain", "-o", "/dev/null"}, document.PDF: {"pdftotext", "-q"}}

// peer is what a program takes to get the text of a file, in seconds of
// processor time; none if it is not there.
func (b *bench) peer(w *work) ([]kit.Peer, error) {
	args := peers[w.format]
	if _, err := exec.LookPath(args[0]); err != nil {
		return nil, nil //nolint:nilerr // it is not installed: the line stands without it
	}
	name := filepath.Join(b.Dir, "report."+w.format)
	if err := os.WriteFile(name, w.file, 0o600); err != nil {
		return nil, err
	}
	args = append(slices.Clip(args), name)
	if w.format == document.PDF {
		args = append(args, "/dev/null")
	}
	s, err := b.Cost(busy, func() error {
		return exec.CommandContext(b.Ctx, args[0], args[1:]...).Run() //nolint:gosec // one of two programs
	})
	return []kit.Peer{{Name: args[0] + ", text alone", Value: s.Median * 1e-9}}, err
}

// benchSpeed measures each step, and all of them.
func benchSpeed(b *bench) error {
	for _, format := range []string{document.Word, document.PDF} {
		w, err := b.long(format)
		if err != nil {
			return err
		}
		against, err := b.peer(w)
		if err != nil {
			return err
		}
		var v *sanitize.Version
		var sum float64
		for _, step := range []struct {
			what string
			do   func() error
			with []kit.Peer
		}{
			{"read as a report", w.open, against},
			{"facts of one filing", w.know, nil},
			{"decided and torn", func() (err error) { v, err = w.tear(); return err }, nil},
			{"a copy written and looked at", func() error { return w.copied(v) }, nil},
		} {
			s, err := b.Cost(busy, step.do)
			if err != nil {
				return fmt.Errorf("%s, %s: %w", format, step.what, err)
			}
			sum += s.Median * 1e-9
			b.Add(format+": "+step.what+", CPU", "s", s.Times(1e-9), kit.Goal{}, step.with...)
		}
		pages, err := sheets(w.report)
		if err != nil {
			return err
		}
		b.Add(fmt.Sprintf("%s: all of it, %d portions on %d pages, CPU", format, len(w.report.Portions), pages), "s", kit.One(sum), kit.AtMost(1))
	}
	return nil
}

// jobCommand is the first argument of a process that does all once, for its
// memory.
const jobCommand = "job"

// benchMemory has all done by a process of its own.
func benchMemory(b *bench) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	for _, format := range []string{document.Word, document.PDF} {
		w, err := b.long(format)
		if err != nil {
			return err
		}
		name := filepath.Join(b.Dir, "job."+format)
		if err := os.WriteFile(name, w.file, 0o600); err != nil {
			return err
		}
		cmd := exec.CommandContext(b.Ctx, self, jobCommand, name) //nolint:gosec // this program
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			return fmt.Errorf("%s: %w", format, err)
		}
		var own, reader int64 // KiB
		if _, err := fmt.Sscan(string(out), &own, &reader); err != nil {
			return fmt.Errorf("%s: %q: %w", format, out, err)
		}
		b.Add(format+": most memory of the process", "MB", kit.One(float64(own)/1024), kit.AtMost(200))
		if reader > 0 {
			b.Add(format+": most memory of its reader", "MB", kit.One(float64(reader)/1024), kit.AtMost(200))
		}
	}
	return nil
}

// job reads, decides, tears and writes once, and prints how many KiB it had at
// most, and the largest process that it started.
func job(name string) int {
	file, err := os.ReadFile(name) //nolint:gosec // of the benchmark
	if err == nil {
		w := &work{Reader: reader(context.Background()), format: strings.TrimPrefix(filepath.Ext(name), "."), file: file}
		err = w.once()
	}
	var own, started syscall.Rusage
	if err = errors.Join(err, syscall.Getrusage(syscall.RUSAGE_SELF, &own), syscall.Getrusage(syscall.RUSAGE_CHILDREN, &started)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(own.Maxrss, started.Maxrss) //nolint:forbidigo // what the process answers
	return 0
}

func (w *work) once() error {
	if err := w.open(); err != nil {
		return err
	}
	if err := w.know(); err != nil {
		return err
	}
	v, err := w.tear()
	if err != nil {
		return err
	}
	return w.copied(v)
}

// benchTrips writes and reads reports. Writing reads what was written, and
// refuses it unless it is the same report: portions, marks, order.
func benchTrips(b *bench) error {
	font, err := os.ReadFile("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf")
	var fonts [][]byte
	if err == nil {
		fonts = append(fonts, font)
	}
	w := reader(b.Ctx)
	for _, format := range []string{document.Word, document.Markdown, document.JSON, document.PDF} {
		for _, s := range scripts {
			if s.name == "Chinese" && format == document.PDF && fonts == nil {
				fmt.Fprintln(os.Stderr, "trips: no Chinese in PDFs: fonts-droid-fallback is not installed, and the built-in fonts have none of its letters")
				continue
			}
			same := 0
			for i := range b.trips {
				r, err := invent(fmt.Sprintf("USA-2026-%04d", i), s.name, uint64(i), 3+i%30)
				if err != nil {
					return err
				}
				if _, _, err := w.Write(r, format, fonts...); err == nil {
					same++
				} else if os.Getenv("TEARLINE_TELL") != "" {
					fmt.Fprintln(os.Stderr, format, s.name, i, err)
				}
			}
			b.Add(format+": "+s.name+", the same report again", "%", kit.One(100*float64(same)/float64(b.trips)), kit.AtLeast(100))
		}
	}
	return nil
}
