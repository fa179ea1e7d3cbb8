// Package tracecmd is what people type to trace a leak, and what they read of
// it and of an audit. It opens no data directory and knows no rule: what is to
// be done is done by the functions that it is given, and what it shows it does
// not judge.
package tracecmd

import (
	"bytes"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"time"

	"tearline/codec/article"
	"tearline/internal/cli/command"
	"tearline/internal/leakindex"
	"tearline/internal/node/trace"
	"tearline/internal/outfile"
	"tearline/leak/match"
	"tearline/leak/weights"
)

// Trace is the trace command.
type Trace struct {
	File         string `arg:"" optional:"" help:"The leaked text, or the article it stands in; - is standard input."`
	Date         string `help:"When it was published, a day or a time: what was passed on later is no exposure (default: now)." placeholder:"TIME"`
	HTML         string `name:"html" help:"Write the trace as a page, too: to print, or to hand on." placeholder:"FILE"`
	Batch        bool   `help:"Trace texts on standard input, one a line, as JSON: {\"id\", \"text\", \"date\"}."`
	Record       bool   `help:"Record the sighting in the ledger."`
	Where        string `help:"Where the text was found." placeholder:"TEXT"`
	Case         string `help:"With --record: the case into whose file the sighting goes." placeholder:"CASE"`
	Officer      string `help:"With --case: who keeps the file." placeholder:"NAME"`
	Warrant      string `help:"The warrant under which this is traced." placeholder:"ID"`
	Investigator string `help:"Who traces it." placeholder:"NAME"`
	Weights      string `help:"Weights of the evidence, from trace train (default: the program's own)." placeholder:"FILE"`

	weights *weights.Weights
}

// Jobs are what the trace command has others do. Every function must be given.
type Jobs struct {
	// Text reads what a file says.
	Text func(name string, data []byte) (article.Article, error)
	// With opens the books, has fn ask them, and closes them.
	With func(fn func(ask Ask) error) error
	// Index brings the index up with the books, or makes it anew.
	Index func(anew bool) (leakindex.Stats, error)
	// Page writes a trace as a page.
	Page func(to io.Writer, t *trace.Result) error
}

// Ask traces one text.
type Ask func(trace.Question) (trace.Result, error)

// Run traces a text, or many.
func (c *Trace) Run(r *command.Run, j Jobs) error {
	if err := c.readWeights(); err != nil {
		return err
	}
	if c.Batch {
		return c.batch(r, j)
	}
	if c.File == "" {
		return command.UsageError("trace what?", "give a file, - for standard input, or --batch")
	}
	if err := c.casework(); err != nil {
		return err
	}
	seen, err := command.Published(c.Date)
	if err != nil {
		return err
	}
	data, err := r.ReadAll(fileOf(c.File))
	if err != nil {
		return err
	}
	a, err := j.Text(c.File, data)
	if err != nil {
		return err
	}
	leak := a.Text
	for _, n := range c.notes(&a) {
		fmt.Fprintf(r.Stderr, "tearline: %s\n", trace.Plain(n))
	}
	var page *outfile.File
	if c.HTML != "" {
		// Before anything is recorded: there must be somewhere to put it.
		if page, err = outfile.Open(c.HTML, r.Stdout); err != nil {
			return command.FileError(c.HTML, err)
		}
		defer page.Abandon()
	}
	var t trace.Result
	err = j.With(func(ask Ask) error {
		t, err = ask(c.question(leak, seen))
		return err
	})
	if err != nil {
		return err
	}
	if page != nil {
		if err := put(page, c.HTML, j, &t); err != nil || c.HTML == "-" {
			return err
		}
	}
	return r.Print(t, func(p *command.Printer) { Show(p, &t, columns(r)) })
}

// casework errs if what is said of a case makes no sense.
func (c *Trace) casework() error {
	switch {
	case c.Case != "" && !c.Record:
		return command.UsageError("--case wants --record", "a case has recorded sightings in its file")
	case (c.Case == "") != (c.Officer == ""):
		return command.UsageError("--case and --officer go together", "name the case, and who keeps its file")
	}
	return nil
}

// readWeights reads the weights that were asked for.
func (c *Trace) readWeights() error {
	if c.Weights == "" {
		return nil
	}
	f, err := os.Open(c.Weights)
	if err != nil {
		return command.FileError(c.Weights, err)
	}
	defer f.Close()
	if c.weights, err = weights.Read(f); err == nil {
		err = match.Fits(c.weights)
	}
	if err != nil {
		return command.FileError(c.Weights, err)
	}
	return nil
}

// fileOf returns the file that an address names which begins with file:, and any
// other name as it is.
func fileOf(name string) string {
	u, err := url.Parse(name)
	if err == nil && u.Scheme == "file" && (u.Host == "" || u.Host == "localhost") && u.Path != "" {
		return u.Path
	}
	return name
}

// notes say what of a file was not read, and when it says that it came out.
// That is not taken for true: who made the file wrote it.
func (c *Trace) notes(a *article.Article) []string {
	notes := slices.Clone(a.Unread)
	if c.Date == "" && !a.Published.IsZero() {
		when := a.Published.UTC().Format(time.RFC3339)
		if a.DayOnly {
			when = a.Published.Format(time.DateOnly)
		}
		notes = append(notes, "it says that it came out on "+when+"; --date "+when+" leaves out what was passed on later")
	}
	return notes
}

func put(page *outfile.File, name string, j Jobs, t *trace.Result) error {
	var b bytes.Buffer
	if err := j.Page(&b, t); err != nil {
		return err
	}
	err := page.Put(&b)
	switch {
	case err == nil:
		return nil
	case name == "-":
		return command.Written(err)
	}
	return command.FileError(name, err)
}

func (c *Trace) question(leak string, seen time.Time) trace.Question {
	return trace.Question{
		Text: leak, Seen: seen, Record: c.Record, Where: c.Where, Case: c.Case, Officer: c.Officer, Warrant: c.Warrant, Investigator: c.Investigator, Weights: c.weights,
	}
}
