package cli

import (
	"fmt"

	"tearline"
	"tearline/internal/cli/command"
	"tearline/internal/node"
	"tearline/internal/outfile"
	"tearline/internal/replay"
	"tearline/internal/text"
)

type replayCmd struct {
	Bundle string `arg:"" optional:"" help:"An exported bundle (- is standard input); no data directory is needed. Without it, the records here." placeholder:"FILE"`
	Export string `help:"Write the bundle that replays this party's disclosures elsewhere." placeholder:"FILE"`
	Key    string `help:"The ledger's key to hold a bundle against, from party list --json." placeholder:"KEY"`
}

func (c *replayCmd) Run(r *run) error {
	switch {
	case c.Bundle != "" && c.Export != "", c.Key != "" && c.Bundle == "":
		return command.UsageError("--export writes a bundle, a FILE and --key read one", "tearline replay --help shows how")
	case c.Bundle != "":
		return c.offline(r)
	}
	return r.with(func(n *node.Node, as tearline.PartyID) error {
		b, err := n.Bundle(r.Ctx, as)
		if err != nil {
			return err
		}
		if c.Export != "" {
			return c.export(r, b)
		}
		return c.replay(r, b)
	})
}

// export writes a bundle to a new file.
func (c *replayCmd) export(r *run, b *replay.Bundle) error {
	out, err := outfile.Open(c.Export, r.Stdout)
	if err != nil {
		return command.FileError(c.Export, err)
	}
	defer out.Abandon()
	if err := out.Put(b); err != nil {
		return command.FileError(c.Export, err)
	}
	fmt.Fprintf(r.Stderr, "%s of %s and %s of others; replay it anywhere with tearline replay %s --key %s\n",
		text.Count(len(b.Entries), "entry", "entries"), b.Party, text.Count(len(b.Heard), "statement", "statements"), c.Export, b.LogKey)
	return nil
}

// offline replays a bundle.
func (c *replayCmd) offline(r *run) error {
	in, err := r.Open(c.Bundle)
	if err != nil {
		return err
	}
	defer in.Close()
	b, err := replay.Read(in)
	if err != nil {
		return err
	}
	if err := r.HeldAgainst("replay", c.Key, b.LogKey, b.Party); err != nil {
		return err
	}
	return c.replay(r, b)
}

func (c *replayCmd) replay(r *run, b *replay.Bundle) error {
	out, err := b.Replay()
	if err != nil {
		return err
	}
	return r.Print(out, func(p *command.Printer) { showReplayed(p, out) })
}

func showReplayed(p *command.Printer, out replay.Replayed) {
	p.F("%s: %s decided again; %d to look at (ledger of %s, root %.12s)\n", out.Party,
		text.Count(out.Disclosures, "disclosure", "disclosures"), len(out.Look), text.Count(int(out.Size), "entry", "entries"), out.Root)
	for _, f := range out.Look {
		what := string(f.Mode)
		if f.Copy != "" {
			what = "copy " + string(f.Copy)
		}
		p.F("\n%s  %s to %s, %s: %s\n", p.Style(text.Bold, text.Stamp(f.Occurred)), f.Report, f.Recipient, what, p.Style(text.Dim, string(f.Statement)))
		for _, x := range f.Findings {
			colour := text.Yellow
			if x.Kind == replay.Otherwise || x.Kind == replay.NoBasis || x.Kind == replay.Untold {
				colour = text.Red
			}
			words := x.Text
			if len(x.Portions) > 0 {
				words = text.List(x.Portions) + ": " + words
			}
			p.Wrap("  "+p.Style(colour, string(x.Kind))+"  ", "    ", words)
		}
	}
}
