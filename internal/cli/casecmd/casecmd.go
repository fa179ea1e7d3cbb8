// Package casecmd is the commands about leaks that somebody looks into: the
// case, its file and how it is handed on, and the assessment of the damage. It
// is what people type and read. It opens no data directory and knows no rule:
// the jobs are done by what its parent hands it, as [Jobs].
package casecmd

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"tearline"
	"tearline/internal/casefile"
	"tearline/internal/cli/command"
	"tearline/internal/damage"
	"tearline/internal/node/cases"
	"tearline/internal/node/trace"
	"tearline/internal/outfile"
	"tearline/internal/text"
)

// Jobs are what the commands have done for them. Every field must be given.
type Jobs struct {
	// With opens the data directory, has fn work at the party's desk, and
	// closes it.
	With func(fn func(*cases.Desk) error) error
	// Show shows people what came of comparing a lead's text.
	Show func(p *command.Printer, result json.RawMessage, text string) error
	// Page writes a case as a page, Picture the damage that was done.
	Page    func(to io.Writer, f *casefile.File, banners []string, shown, logKey string) error
	Picture func(to io.Writer, d *damage.Damage, name, title string) error
}

// Case is the case command.
type Case struct {
	Open   openCmd   `cmd:"" help:"Open a case: tearline case open [NAME] TITLE."`
	Show   showCmd   `cmd:"" help:"Show a case, or a lead that the press watch has found."`
	List   listCmd   `cmd:"" help:"List the open cases, and the leads that nobody has opened."`
	Add    addCmd    `cmd:"" help:"Put statements, leads or a note in the file of a case."`
	Close  closeCmd  `cmd:"" help:"Close a case: it takes nothing any more."`
	Export exportCmd `cmd:"" help:"Write a case as a bundle with all proofs, and as a page."`
	Verify verifyCmd `cmd:"" help:"Verify an exported case, offline."`
}

type openCmd struct {
	Words    []string `arg:"" optional:"" name:"name-and-title" help:"The name (default: a number of the year), and the title (default: that of the lead)."`
	Officer  string   `help:"Who keeps the file." required:"" placeholder:"NAME"`
	Lead     []string `help:"A lead to take in, from case list." placeholder:"LEAD"`
	Of       []string `help:"A statement to put in, or the beginning of its name." placeholder:"STATEMENT"`
	Sighting []string `help:"The same of a sighting." placeholder:"STATEMENT"`
}

// Run opens the case.
func (c *openCmd) Run(r *command.Run, j Jobs) error {
	x := cases.Change{Officer: c.Officer, Leads: c.Lead, Of: c.Of, Sightings: c.Sighting}
	switch len(c.Words) {
	case 0:
		if len(c.Lead) == 0 {
			return command.UsageError("open a case on what?", "give a title: tearline case open 'Under the fish market' --officer NAME")
		}
	case 1:
		x.Note = c.Words[0]
	case 2:
		x.Case, x.Note = c.Words[0], c.Words[1]
	default:
		return command.UsageError(fmt.Sprintf("%d words, of which only a name and a title are wanted", len(c.Words)), "put the title in quotation marks")
	}
	return change(r, j, (*cases.Desk).Open, x, "opened case")
}

// change makes a change, and says what came of it.
func change(r *command.Run, j Jobs, do func(*cases.Desk, context.Context, cases.Change) (cases.Done, error), x cases.Change, words string) error {
	return j.With(func(d *cases.Desk) error {
		done, err := do(d, r.Ctx, x)
		if err != nil {
			return err
		}
		return r.Print(done, func(p *command.Printer) {
			p.F("%s %s\n", words, p.Style(text.Bold, done.Case))
			for _, id := range done.Sightings {
				p.F("    recorded as sighting %s\n", id)
			}
			if n := len(done.Put); n > 0 {
				p.F("    put in the file: %s\n", text.Count(n, "statement", "statements"))
			}
			p.F("    entry %s\n", done.Statement)
		})
	})
}

type addCmd struct {
	Name     string   `arg:"" name:"case" help:"The case."`
	Officer  string   `help:"Who keeps the file." required:"" placeholder:"NAME"`
	Of       []string `help:"A statement to put in, or the beginning of its name." placeholder:"STATEMENT"`
	Sighting []string `help:"The same of a sighting." placeholder:"STATEMENT"`
	Lead     []string `help:"A lead to take in, from case list." placeholder:"LEAD"`
	Note     string   `help:"What was done or found." placeholder:"TEXT"`
}

// Run adds to the file.
func (c *addCmd) Run(r *command.Run, j Jobs) error {
	x := cases.Change{Case: c.Name, Officer: c.Officer, Note: c.Note, Of: c.Of, Sightings: c.Sighting, Leads: c.Lead}
	return change(r, j, (*cases.Desk).Add, x, "added to case")
}

type closeCmd struct {
	Name    string `arg:"" name:"case" help:"The case."`
	Officer string `help:"Who closes it." required:"" placeholder:"NAME"`
	Note    string `help:"How it ended." required:"" placeholder:"TEXT"`
}

// Run closes the case.
func (c *closeCmd) Run(r *command.Run, j Jobs) error {
	return change(r, j, (*cases.Desk).Close, cases.Change{Case: c.Name, Officer: c.Officer, Note: c.Note}, "closed case")
}

type listCmd struct {
	All   bool `help:"List closed cases, too."`
	Limit int  `help:"How many leads at most." default:"100" placeholder:"N"`
}

// Run lists a party's own cases and leads.
func (c *listCmd) Run(r *command.Run, j Jobs) error {
	if c.Limit < 1 {
		return command.UsageError("--limit wants at least 1", "leave it out for the newest 100")
	}
	return j.With(func(d *cases.Desk) error {
		list, err := d.List(r.Ctx, c.All, c.Limit)
		if err != nil {
			return err
		}
		return r.Print(list, func(p *command.Printer) { showList(p, list) })
	})
}

func showList(p *command.Printer, list cases.List) {
	if len(list.Cases)+len(list.Leads) == 0 {
		p.F("no cases\n")
		return
	}
	rows := make([][]string, 0, len(list.Cases))
	for _, c := range list.Cases {
		rows = append(rows, []string{c.Case, text.Stamp(c.Opened), c.State, text.Count(c.Statements, "statement", "statements"), trace.Plain(c.Title)})
	}
	p.Table(rows)
	if len(list.Leads) == 0 {
		return
	}
	if len(rows) > 0 {
		p.F("\n")
	}
	p.F("leads that nobody has opened\n")
	rows = rows[:0]
	for _, l := range list.Leads {
		rows = append(rows, []string{l.ID, text.Stamp(l.Found), trace.Plain(l.Title)})
	}
	p.Table(rows)
}

type showCmd struct {
	Name string `arg:"" name:"case" help:"The case, or a lead."`
	Text bool   `help:"Of a lead, show also the whole text that was published."`
}

// Run shows one of a party's own cases or leads; any other is withheld.
func (c *showCmd) Run(r *command.Run, j Jobs) error {
	return j.With(func(d *cases.Desk) error {
		x, err := d.Show(r.Ctx, c.Name)
		if err != nil {
			return err
		}
		if x.File != nil {
			return r.Print(x.File, func(p *command.Printer) { showFile(p, x.File) })
		}
		var shown error
		err = r.Print(x.Lead, func(p *command.Printer) { shown = c.lead(p, j, x.Lead) })
		if shown != nil {
			return shown
		}
		return err
	})
}

// lead shows a lead: what was published, and what it draws on.
func (c *showCmd) lead(p *command.Printer, j Jobs, l *cases.Lead) error {
	p.Wrap(p.Style(text.Bold, l.ID)+"  ", "    ", trace.Plain(l.Title))
	if line := source(l); line != "" {
		p.F("    %s\n", line)
	}
	p.F("    found %s\n", text.Stamp(l.Found))
	if l.Sighting != "" {
		p.F("    in a case as sighting %s\n", l.Sighting)
	} else {
		p.F("    a lead: tearline case open --lead %s --officer NAME opens a case on it\n", l.ID)
	}
	p.F("\n")
	err := j.Show(p, l.Result, l.Text)
	if c.Text {
		p.F("\nwhat was published:\n\n%s\n", l.Text)
	}
	return err
}

// source says where and when something came out.
func source(l *cases.Lead) string {
	switch {
	case l.Published == nil:
		return trace.Plain(l.URL)
	case l.URL == "":
		return text.Stamp(*l.Published)
	}
	return text.Stamp(*l.Published) + "  " + trace.Plain(l.URL)
}

// showFile shows a case.
func showFile(p *command.Printer, f *casefile.File) {
	p.Wrap(p.Style(text.Bold, trace.Plain(f.Case))+"  ", "    ", trace.Plain(f.Title))
	p.F("    opened %s by %s\n", text.Stamp(f.Opened), trace.Plain(f.Officer))
	if f.Closed != nil {
		p.F("    closed %s by %s\n", text.Stamp(*f.Closed), trace.Plain(f.ClosedBy))
		p.Wrap("    how it ended: ", "      ", trace.Plain(f.Ended))
	} else {
		p.F("    open\n")
	}
	for _, n := range f.Notes {
		p.Wrap("    "+p.Style(text.Red, "note")+"  ", "      ", trace.Plain(n))
	}
	p.F("\n")
	for i := range f.Items {
		showItem(p, &f.Items[i], "")
	}
}

func showItem(p *command.Printer, it *casefile.Item, indent string) {
	words := trace.Plain(it.Words)
	if it.Kind != tearline.KindCase {
		words = string(it.Kind) + ": " + words
	}
	if it.TakenBack {
		words += " (taken back)"
	}
	p.Wrap(indent+text.Stamp(it.At)+"  ", indent+"  ", words+" "+fmt.Sprintf("[#%d %s]", it.Index, it.Statement))
	for i := range it.Put {
		showItem(p, &it.Put[i], indent+"    ")
	}
}

type exportCmd struct {
	Name string `arg:"" name:"case" help:"The case."`
	Out  string `help:"A folder for the bundle and the page, or a file: .html is the page alone, any other the bundle alone." required:"" placeholder:"DIR"`
}

// Run writes the bundle and the page.
func (c *exportCmd) Run(r *command.Run, j Jobs) error {
	var x cases.Export
	err := j.With(func(d *cases.Desk) (err error) {
		x, err = d.Export(r.Ctx, c.Name)
		return err
	})
	if err != nil {
		return err
	}
	// What is handed on is verified first, as whoever gets it will.
	v, err := x.Bundle.Verify()
	if err != nil {
		return err
	}
	var page bytes.Buffer
	if err := j.Page(&page, &v.File, x.Banners, v.Shown, x.Bundle.LogKey); err != nil {
		return err
	}
	written, err := c.write(r, &x.Bundle, &page)
	if err != nil {
		return err
	}
	for _, name := range written {
		fmt.Fprintf(r.Stderr, "%s written\n", name)
	}
	fmt.Fprintf(r.Stderr, "%s; %s\n", text.Count(v.Statements, "statement", "statements"), v.Shown)
	if !strings.HasSuffix(c.Out, ".html") {
		fmt.Fprintf(r.Stderr, "verify it anywhere with tearline case verify BUNDLE --key %s\n", x.Bundle.LogKey)
	}
	return nil
}

// write writes what is wanted where it is wanted.
func (c *exportCmd) write(r *command.Run, bundle io.WriterTo, page io.WriterTo) ([]string, error) {
	switch st, err := os.Stat(c.Out); {
	case err == nil && st.IsDir():
	case strings.HasSuffix(c.Out, ".html"):
		return put(r, c.Out, page)
	case c.Out == "-", err == nil, filepath.Ext(c.Out) != "" && !strings.HasSuffix(c.Out, string(filepath.Separator)):
		return put(r, c.Out, bundle)
	default:
		if err := os.MkdirAll(c.Out, 0o700); err != nil {
			return nil, command.FileError(c.Out, err)
		}
	}
	written, err := put(r, filepath.Join(c.Out, c.Name+".case.jsonl"), bundle)
	if err != nil {
		return written, err
	}
	more, err := put(r, filepath.Join(c.Out, c.Name+".html"), page)
	return append(written, more...), err
}

// put writes one file, whole or not at all.
func put(r *command.Run, name string, src io.WriterTo) ([]string, error) {
	out, err := outfile.Open(name, r.Stdout)
	if err != nil {
		return nil, command.FileError(name, err)
	}
	defer out.Abandon()
	err = out.Put(src)
	switch {
	case err == nil && name == "-":
		return nil, nil
	case err == nil:
		return []string{name}, nil
	case name == "-":
		return nil, command.Written(err)
	}
	return nil, command.FileError(name, err)
}

type verifyCmd struct {
	Bundle string `arg:"" help:"An exported bundle (- is standard input); no data directory is needed." placeholder:"FILE"`
	Key    string `help:"The ledger's key to hold it against, from party list --json." placeholder:"KEY"`
	HTML   string `name:"html" help:"Write it as a page, too." placeholder:"FILE"`
}

// Run verifies a bundle and shows what is in it.
func (c *verifyCmd) Run(r *command.Run, j Jobs) error {
	in, err := r.Open(c.Bundle)
	if err != nil {
		return err
	}
	defer in.Close()
	b, err := casefile.ReadBundle(in)
	if err != nil {
		return err
	}
	if err := r.HeldAgainst("case", c.Key, b.LogKey, b.Party); err != nil {
		return err
	}
	v, err := b.Verify()
	if err != nil {
		return err
	}
	if c.HTML != "" {
		var page bytes.Buffer
		if err := j.Page(&page, &v.File, nil, v.Shown, b.LogKey); err != nil {
			return err
		}
		if _, err := put(r, c.HTML, &page); err != nil || c.HTML == "-" {
			return err
		}
	}
	return r.Print(v, func(p *command.Printer) {
		p.Wrap(p.Style(text.Green, "verified")+": ", "  ", fmt.Sprintf("%s of %s's ledger of %s, each signed and proven", text.Count(v.Statements, "statement", "statements"), v.Party, text.Count(int(v.Size), "entry", "entries")))
		p.Wrap("  ", "  ", v.Shown)
		p.F("\n")
		showFile(p, &v.File)
	})
}
