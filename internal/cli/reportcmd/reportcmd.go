// Package reportcmd holds the commands that read documents without filing them:
// what is wrong in a file, and the same report in another format. They need no
// data directory. What a file is, its bytes say. The package imports no jobs of
// the node; how a PDF is read, it is told.
package reportcmd

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"

	"tearline"
	"tearline/codec/document"
	"tearline/internal/cli/command"
	"tearline/internal/outfile"
	"tearline/internal/text"
)

// Jobs are what the commands call.
type Jobs struct {
	// Read reads the reports in a file's bytes, which has a name.
	Read func(name string, b []byte, o document.Order) ([]document.Document, error)
	// Write writes a report in a format, with fonts for PDFs.
	Write func(r *tearline.Report, format string, fonts ...[]byte) (b []byte, notes []string, err error)
}

// Formats are those that a report can be written in.
var Formats = []string{document.Markdown, document.JSON, document.Word, document.PDF, document.HTML}

// Said is what whoever files a document says of it.
type Said struct {
	ID           string `help:"The report's name, where the document has none." placeholder:"REPORT"`
	Title        string `help:"Its title." placeholder:"TEXT"`
	Originator   string `help:"Whose it is." placeholder:"PARTY"`
	Policy       string `help:"The policy of its marks." placeholder:"POLICY"`
	Date         string `help:"Its date." placeholder:"YYYY-MM-DD"`
	DeclassifyOn string `help:"When it is declassified." placeholder:"YYYY-MM-DD"`
	MarkUnmarked string `help:"The mark of all that has none; that it was ordered stays on record. Without, each is a fault." placeholder:"MARK"`
}

// Order is that, for the reader.
func (s *Said) Order() document.Order {
	return document.Order{
		ID: s.ID, Title: s.Title, Originator: s.Originator, Policy: s.Policy, Date: s.Date, DeclassifyOn: s.DeclassifyOn, Unmarked: s.MarkUnmarked,
	}
}

// Read reads a file, or standard input, with its notes on standard error.
func (s *Said) Read(r *command.Run, j Jobs, name string) ([]document.Document, error) {
	b, err := r.ReadAll(name)
	if err != nil {
		return nil, err
	}
	var docs []document.Document
	if err := r.Busy("reading "+name, func() (err error) {
		docs, err = j.Read(name, b, s.Order())
		return err
	}); err != nil {
		return nil, err
	}
	if s.ID != "" && len(docs) > 1 && docs[0].Format == document.JSON {
		return nil, command.UsageError(fmt.Sprintf("--id names one report, and %s has %d", name, len(docs)), "leave it out: lines of JSON name theirs")
	}
	return docs, nil
}

// Tell prints the notes of a document.
func Tell(r *command.Run, d *document.Document) {
	for _, n := range d.Notes {
		fmt.Fprintf(r.Stderr, "%s: note: %s\n", d.Name, n)
	}
}

// Lint is the command that lists what is wrong in documents.
type Lint struct {
	Said
	Files []string `arg:"" help:"Files: Word, PDF, mail, HTML, text, Markdown or JSON; - is standard input." name:"file"`
}

// linted is what there is to say of one document.
type linted struct {
	File     string            `json:"file"`
	Format   string            `json:"format"`
	Report   tearline.ReportID `json:"report,omitempty"`
	Banner   string            `json:"banner,omitempty"`
	Portions int               `json:"portions"`
	Faults   []fault           `json:"faults"`
	Notes    []string          `json:"notes"`
}

// fault is one thing that is wrong: Where in words, or a line and column.
type fault struct {
	Where  string `json:"where,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	Text   string `json:"text"`
	Rule   string `json:"rule,omitempty"`
	Cites  string `json:"cites,omitempty"`
	Hint   string `json:"hint,omitempty"`
}

// Run reads all files. A fault in any sets the exit code.
func (c *Lint) Run(r *command.Run, j Jobs) error {
	out := []linted{}
	faults := 0
	for _, name := range c.Files {
		docs, err := c.Read(r, j, name)
		if err != nil {
			return err
		}
		for i := range docs {
			l := lint(&docs[i])
			faults += len(l.Faults)
			out = append(out, l)
		}
	}
	if err := r.Print(out, func(p *command.Printer) { showLint(p, out) }); err != nil {
		return err
	}
	if faults > 0 {
		return command.CodeError(command.ExitError)
	}
	return nil
}

func lint(d *document.Document) linted {
	l := linted{File: d.Name, Format: d.Format, Faults: []fault{}, Notes: slices.Concat([]string{}, d.Notes)}
	for _, f := range d.Faults {
		l.Faults = append(l.Faults, fault{f.Where, f.Line, f.Column, f.Text, f.Rule, f.Cites, f.Hint})
	}
	if d.Report != nil {
		l.Report, l.Banner, l.Portions = d.Report.ID, d.Report.Banner.Banner(), len(d.Report.Portions)
	}
	return l
}

func showLint(p *command.Printer, all []linted) {
	for i := range all {
		l := &all[i]
		for _, f := range l.Faults {
			p.F("%s\n", InFile(l.File, tearline.Fault{Line: f.Line, Column: f.Column, Where: f.Where, Text: f.Text, Cites: f.Cites, Hint: f.Hint}))
		}
		for _, n := range l.Notes {
			p.F("%s: note: %s\n", l.File, n)
		}
		if len(l.Faults) > 0 {
			p.F("%s: %s\n", l.File, text.Count(len(l.Faults), "fault", "faults"))
			continue
		}
		p.F("%s: %s, %s, %s\n", l.File, l.Report, text.Count(l.Portions, "portion", "portions"), l.Banner)
	}
}

// InFile puts a file's name before a fault, as compilers do.
func InFile(name string, f tearline.Fault) tearline.Fault {
	if f.Line > 0 {
		f.Text = fmt.Sprintf("%s:%d:%d: %s", name, f.Line, max(f.Column, 1), f.Text)
		f.Line = 0
		return f
	}
	if f.Where != "" {
		name += ": " + f.Where
		f.Where = ""
	}
	f.Text = name + ": " + f.Text
	return f
}

// Convert is the command that writes a report in another format.
type Convert struct {
	Said
	File string `arg:"" help:"The report: Word, PDF, mail, HTML, text, Markdown or JSON; - is standard input."`
	To   string `help:"The format; by itself, that of the name of the new file." enum:"md,jsonl,docx,pdf,html," default:"" placeholder:"md|jsonl|docx|pdf|html"`
	Out  string `help:"Where to write it; - is standard output." required:"" placeholder:"FILE"`
	Fonts
}

// Fonts are fonts for what the built-in ones cannot write.
type Fonts struct {
	Font []string `help:"A TrueType font for letters that the built-in ones lack in PDFs, such as Chinese." env:"TEARLINE_FONT" placeholder:"FILE"`
}

// maxFont bounds a font, in bytes.
const maxFont = 64 << 20

// Load reads the fonts.
func (f *Fonts) Load() ([][]byte, error) {
	var out [][]byte
	for _, name := range f.Font {
		st, err := os.Stat(name)
		if err != nil {
			return nil, command.FileError(name, err)
		}
		if st.Size() > maxFont {
			return nil, command.UsageError(fmt.Sprintf("--font %s: a font of %d bytes", name, st.Size()), "give one of at most 64 MiB")
		}
		b, err := os.ReadFile(name) //nolint:gosec // the user's own file
		if err != nil {
			return nil, command.FileError(name, err)
		}
		out = append(out, b)
	}
	return out, nil
}

// FormatOf returns the format that a flag or a file's name says.
func FormatOf(flag, out string, known []string) (string, error) {
	format := flag
	if format == "" {
		if i := strings.LastIndexByte(out, '.'); i >= 0 {
			format = strings.ToLower(out[i+1:])
		}
		switch format {
		case "markdown":
			format = document.Markdown
		case "json":
			format = document.JSON
		case "htm":
			format = document.HTML
		}
	}
	if slices.Contains(known, format) {
		return format, nil
	}
	return "", command.UsageError(fmt.Sprintf("which format is %s to have?", out), "say "+strings.Join(known, ", ")+", or end its name so")
}

// converted says what was written.
type converted struct {
	Report   tearline.ReportID `json:"report"`
	Banner   string            `json:"banner"`
	Portions int               `json:"portions"`
	Format   string            `json:"format"`
	File     string            `json:"file"`
	Notes    []string          `json:"notes"`
}

// Run reads one report and writes it.
func (c *Convert) Run(r *command.Run, j Jobs) error {
	if c.Out == "-" && r.JSON {
		return command.UsageError("--out - and --json both want standard output", "name a file")
	}
	format, err := FormatOf(c.To, c.Out, Formats)
	if err != nil {
		return err
	}
	fonts, err := c.Load()
	if err != nil {
		return err
	}
	docs, err := c.Read(r, j, c.File)
	if err != nil {
		return err
	}
	var faults tearline.Faults
	for i := range docs {
		Tell(r, &docs[i])
		for _, f := range docs[i].Faults {
			faults = append(faults, InFile(docs[i].Name, f))
		}
	}
	if len(faults) > 0 {
		return faults
	}
	if len(docs) != 1 {
		return command.UsageError(fmt.Sprintf("%s has %d reports", c.File, len(docs)), "convert them one by one")
	}
	out, err := outfile.Open(c.Out, r.Stdout)
	if err != nil {
		return command.FileError(c.Out, err)
	}
	defer out.Abandon()
	var b []byte
	var notes []string
	if err := r.Busy("writing "+c.Out, func() (err error) {
		b, notes, err = j.Write(docs[0].Report, format, fonts...)
		return err
	}); err != nil {
		return err
	}
	if err := out.Put(bytes.NewReader(b)); err != nil {
		return command.FileError(c.Out, err)
	}
	for _, n := range notes {
		fmt.Fprintf(r.Stderr, "note: %s\n", n)
	}
	if c.Out == "-" {
		return nil
	}
	x := docs[0].Report
	done := converted{x.ID, x.Banner.Banner(), len(x.Portions), format, c.Out, slices.Concat([]string{}, docs[0].Notes, notes)}
	return r.Print(done, func(p *command.Printer) {
		p.F("%s, %s, %s; written to %s\n", done.Report, text.Count(done.Portions, "portion", "portions"), done.Banner, c.Out)
	})
}
