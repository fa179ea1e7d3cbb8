package cli

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"tearline"
	"tearline/codec/document"
	"tearline/internal/cli/command"
	"tearline/internal/cli/reportcmd"
	"tearline/internal/node"
	"tearline/internal/node/copies"
	"tearline/internal/outfile"
	"tearline/internal/pdftext"
	"tearline/internal/text"
)

type releaseCmd struct {
	passing
	Out    string `help:"Where to write the copy; - is standard output." required:"" placeholder:"FILE"`
	Format string `help:"How it is written; by itself, as its name ends, else as Markdown." enum:"md,docx,pdf,html," default:"" placeholder:"md|docx|pdf|html"`
	Code   string `help:"How the report's copies are told apart: nuida stands up to four copies put together, half is for few recipients who do not collude." enum:"nuida,half," default:"" placeholder:"nuida|half"`
	reportcmd.Fonts
	Plain bool `help:"In the plain wording, which no leak can be traced to."`
}

func (c *releaseCmd) Run(r *run) error {
	if c.Out == "-" && r.JSON {
		return command.UsageError("--out - and --json both want standard output", "name a file for the copy")
	}
	fonts, err := c.Load()
	if err != nil {
		return err
	}
	out, err := outfile.Open(c.Out, r.Stdout)
	if err != nil {
		return command.FileError(c.Out, err)
	}
	defer out.Abandon()
	return r.with(func(n *node.Node, as tearline.PartyID) error {
		q := c.question(as)
		q.Code, q.Plain = tearline.Code(c.Code), c.Plain
		q.Format = copies.Format{Name: c.format(), Read: pdftext.Reader(r.Ctx, "", pdftext.Cache()), Fonts: fonts}
		var rel node.Released
		if err := r.Busy("writing "+c.Out, func() (err error) {
			rel, err = n.Release(r.Ctx, q, func(x tearline.Rendering) error { return c.deliver(out, x) })
			return err
		}); err != nil {
			return err
		}
		for _, w := range rel.WouldAdd {
			fmt.Fprintf(r.Stderr, "with the consent of %s: %s more, %s\n", text.List(w.Consents),
				text.Count(len(w.Portions), "portion", "portions"), text.Count(w.Words, "word", "words"))
		}
		if c.Out == "-" {
			return nil
		}
		return r.Print(rel, func(p *command.Printer) { c.show(p, rel) })
	})
}

// format is that of the copy.
func (c *releaseCmd) format() copies.FormatName {
	format, err := reportcmd.FormatOf(c.Format, c.Out, []string{document.Markdown, document.Word, document.PDF, document.HTML})
	if err != nil || format == document.Markdown {
		return copies.Markdown
	}
	return copies.FormatName(format)
}

func (c *releaseCmd) show(p *command.Printer, rel node.Released) {
	p.F("copy %s for %s: %s\n", p.Style(text.Bold, string(rel.Copy)), rel.Recipient, rel.Banner)
	p.F("%s kept, %d replaced, %d dropped; written to %s\n", text.Count(rel.Kept, "portion", "portions"), rel.Replaced, rel.Dropped, c.Out)
	p.F("recorded as %s, entry %d of %d\n", rel.Disclosure, rel.Receipt.Index, rel.Receipt.Size)
	if rel.Resumed {
		p.F("this copy had been recorded before and was not handed out until now\n")
	}
}

// deliver writes a copy through to where it is to be.
func (c *releaseCmd) deliver(out *outfile.File, rendering tearline.Rendering) error {
	if err := out.Put(bytes.NewReader(rendering.Bytes)); err != nil {
		e := &tearline.Error{
			Op: "file", Kind: tearline.Other, Public: fmt.Sprintf("%s: %v", c.Out, err), Err: err,
			Hint: fmt.Sprintf("copy %s is recorded and not handed out: the same release again hands out that very copy", rendering.Copy),
		}
		if pe, ok := errors.AsType[*os.PathError](err); ok {
			e.Public = fmt.Sprintf("%s: %v", c.Out, pe.Err)
		}
		return e
	}
	return nil
}
