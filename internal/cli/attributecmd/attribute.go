// Package attributecmd is what people type to have copies compared with a leaked
// text, and to check what came of it anywhere. It opens no data directory and
// knows no rule: what is to be done is done by the functions that it is given,
// and what it shows speaks of copies, never of persons.
package attributecmd

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"tearline"
	"tearline/codec/article"
	"tearline/internal/attribution"
	"tearline/internal/cli/command"
	"tearline/internal/node/copies"
	"tearline/internal/node/trace"
	"tearline/internal/outfile"
	"tearline/internal/text"
)

// Attribute is the attribute command.
type Attribute struct {
	Leak   Leak   `cmd:"" default:"withargs" help:"Compare copies with a leaked text: tearline attribute FILE. Its flags: tearline attribute leak --help."`
	Verify Verify `cmd:"" help:"Check a finding from its bundle alone, anywhere."`
}

// Leak is the comparison of copies with a leaked text.
type Leak struct {
	File         string  `arg:"" help:"The leaked text, or the article it stands in; - is standard input."`
	Officer      string  `help:"Who asks." required:"" placeholder:"NAME"`
	Second       string  `help:"Who asks as well: it takes two." required:"" placeholder:"NAME"`
	Because      string  `help:"Why." required:"" placeholder:"TEXT"`
	Where        string  `help:"Where the text was seen." required:"" placeholder:"TEXT"`
	Out          string  `help:"Where to keep the bundle that proves the finding." required:"" placeholder:"FILE"`
	Date         string  `help:"When it was published, a day or a time: later copies are not compared (default: now)." placeholder:"TIME"`
	Report       string  `help:"Of which report it shows a page, if it is a picture: PNG, JPEG, or a PDF of scans." placeholder:"ID"`
	Case         string  `help:"The case it belongs to." placeholder:"NAME"`
	Bound        float64 `help:"The greatest chance of naming any copy that the text does not come from, over all looks there may ever be (default: 1e-6)." default:"1e-6" placeholder:"CHANCE"`
	Warrant      string  `help:"The warrant under which the text is traced." placeholder:"ID"`
	Investigator string  `help:"Who traces it." placeholder:"NAME"`
}

// Jobs are what the commands have others do. Every function must be given.
type Jobs struct {
	// Text reads what a file says.
	Text func(name string, data []byte) (article.Article, error)
	// Pages makes pictures of the pages of a file, and is to read them.
	Pages func(data []byte) (copies.PageReader, error)
	// Attribute compares copies.
	Attribute func(trace.Question, copies.Question) (*copies.Attributed, *attribution.Bundle, error)
}

// Run compares copies with a leaked text.
func (c *Leak) Run(r *command.Run, j Jobs) error {
	if c.Out == "-" && r.JSON {
		return command.UsageError("--out - and --json both want standard output", "name a file for the bundle")
	}
	seen, err := command.Published(c.Date)
	if err != nil {
		return err
	}
	data, err := r.ReadAll(c.File)
	if err != nil {
		return err
	}
	q, ask, err := c.questions(r, j, data)
	if err != nil {
		return err
	}
	q.Seen = seen
	// Before anything is recorded: there must be somewhere to put it.
	out, err := outfile.Open(c.Out, r.Stdout)
	if err != nil {
		return command.FileError(c.Out, err)
	}
	defer out.Abandon()
	found, bundle, err := j.Attribute(q, ask)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := bundle.Encode(&b); err != nil {
		return err
	}
	if err := out.Put(&b); err != nil {
		return command.FileError(c.Out, err)
	}
	if c.Out == "-" {
		return nil
	}
	return r.Print(found, func(p *command.Printer) { c.show(p, found) })
}

// questions are what the leak draws on, and whose copy it agrees with.
func (c *Leak) questions(r *command.Run, j Jobs, data []byte) (q trace.Question, ask copies.Question, err error) {
	ask = copies.Question{Officer: c.Officer, Second: c.Second, Because: c.Because, Where: c.Where, Case: c.Case, Bound: c.Bound}
	q = trace.Question{Warrant: c.Warrant, Investigator: c.Investigator}
	if c.Report != "" {
		digest := sha256.Sum256(data)
		ask.Report, ask.Digest = tearline.ReportID(c.Report), hex.EncodeToString(digest[:])
		ask.Pages, err = j.Pages(data)
		return q, ask, err
	}
	if picture(data) {
		return q, ask, command.UsageError(c.File+" is a picture", "say of which report it shows a page: --report ID")
	}
	a, err := j.Text(c.File, data)
	for _, n := range a.Unread {
		fmt.Fprintf(r.Stderr, "tearline: %s\n", trace.Plain(n))
	}
	q.Text = a.Text
	return q, ask, err
}

// picture reports whether a file is a picture by itself.
func picture(b []byte) bool {
	return bytes.HasPrefix(b, []byte("\x89PNG")) || bytes.HasPrefix(b, []byte("\xff\xd8\xff"))
}

func (c *Leak) show(p *command.Printer, a *copies.Attributed) {
	showWords(p, &a.Finding)
	showCopies(p, a)
	p.F("compared: %s of %s, at %s in %s\n", text.Count(a.Finding.Copies, "copy", "copies"), text.Count(a.Finding.Readers, "wording", "wordings"),
		text.Count(a.Finding.Points, "marked place", "marked places"), strings.Join(names(a.Portions), ", "))
	p.F("on record: what the text shows as %s, what that came to as %s\n", a.Reading, a.Attribution)
	p.F("the bundle is in %s; anybody checks it with: tearline attribute verify %s\n", c.Out, c.Out)
}

func names(refs []tearline.PortionRef) []string {
	out := make([]string, len(refs))
	for i, r := range refs {
		out[i] = r.String()
	}
	return out
}

// showWords prints a finding, and what would overturn it.
func showWords(p *command.Printer, f *attribution.Finding) {
	for i, line := range f.Words() {
		if i == 0 {
			line = p.Style(text.Bold, line)
		}
		p.Wrap("", "  ", line)
	}
	if f.Finding != tearline.FoundCopies {
		return
	}
	p.F("\nwhat would overturn it\n")
	for _, o := range attribution.Overturns() {
		p.Wrap("- ", "  ", o)
	}
}

// mostCopies is how many copies are listed.
const mostCopies = 40

func showCopies(p *command.Printer, a *copies.Attributed) {
	if len(a.Recipients) == 0 {
		p.F("\n")
		return
	}
	title := "the copies that remain"
	if a.Finding.Finding == tearline.FoundCopies {
		title = "the copies named, and for whom they were made"
	}
	p.F("\n%s\n", title)
	ids := make([]tearline.CopyID, 0, len(a.Recipients))
	for id := range a.Recipients {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for i, id := range ids {
		if i == mostCopies {
			p.F("  and %d more\n", len(ids)-i)
			break
		}
		to := a.Recipients[id]
		p.F("  %s  %s\n", id, strings.Join(slices.DeleteFunc([]string{string(to.Party), to.Unit, to.Person}, func(s string) bool { return s == "" }), ", "))
	}
	p.F("\n")
}

// Verify is the check of a bundle.
type Verify struct {
	Bundle string `arg:"" help:"The bundle (- is standard input); no data directory is needed."`
	Key    string `help:"The ledger's key to hold it against, from party list --json." placeholder:"KEY"`
}

// Verified is what checking a bundle came to.
type Verified struct {
	Party   tearline.PartyID     `json:"party"`
	LogKey  string               `json:"log_key"`
	Finding *attribution.Finding `json:"finding"`
	Words   []string             `json:"words"`
	// Picture is the SHA-256 of the picture that was read, in hexadecimal: it is
	// not in the bundle, and was not read again.
	Picture string `json:"picture,omitempty"`
}

// Run checks a bundle, without any data directory.
func (c *Verify) Run(r *command.Run) error {
	in, err := r.Open(c.Bundle)
	if err != nil {
		return err
	}
	defer in.Close()
	b, err := attribution.Decode(in)
	if err != nil {
		return &tearline.Error{
			Op: "attribute.verify", Kind: tearline.Invalid, Err: err, Public: fmt.Sprintf("%s is no bundle: %v", c.Bundle, err),
			Hint: "tearline attribute … --out FILE writes one",
		}
	}
	if err := r.HeldAgainst("attribute.verify", c.Key, b.LogKey, b.Party); err != nil {
		return err
	}
	f, err := b.Verify()
	if err != nil {
		return &tearline.Error{Op: "attribute.verify", Kind: tearline.Tampered, Err: err, Public: err.Error()}
	}
	return r.Print(Verified{Party: b.Party, LogKey: b.LogKey, Finding: f, Words: f.Words(), Picture: b.Reading.Picture}, func(p *command.Printer) {
		showWords(p, f)
		p.F("\nthe bundle holds: what %s read and found is on its record, in that order, and follows from what is in it\n", b.Party)
		if b.Reading.Picture != "" {
			p.F("the picture is not in it, and was not read again: its SHA-256 is\n  %s\n", b.Reading.Picture)
		}
	})
}
