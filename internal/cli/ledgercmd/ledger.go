// Package ledgercmd is what people type to look at a ledger, and to have it
// proven, exported and verified, here or anywhere. It opens no data directory and
// knows no rule: what is to be done is done by the books that it is given.
package ledgercmd

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"

	"tearline"
	"tearline/internal/cli/command"
	"tearline/internal/node/ledgers"
	"tearline/internal/node/verify"
	"tearline/internal/text"
	"tearline/ledger"
)

// Ledger is the ledger command.
type Ledger struct {
	Verify ledgerVerifyCmd `cmd:"" help:"Re-read everything from its bytes: all ledgers here, a proof, or exported tiles."`
	Show   ledgerShowCmd   `cmd:"" help:"List a ledger, or show one statement of it."`
	Prove  ledgerProveCmd  `cmd:"" help:"Print the proof that a statement is in the ledger."`
	Export ledgerExportCmd `cmd:"" help:"Write the ledger as C2SP tiles."`
}

// Jobs are what the commands have others do.
type Jobs struct {
	// With opens the books, has fn look at them as a party, and closes them.
	With func(fn func(b Books, as tearline.PartyID) error) error
}

// Books are what is asked of them; all of it is there.
type Books struct {
	Verify  func(ctx context.Context, as tearline.PartyID) ([]verify.Result, error)
	Entries func(ctx context.Context, as tearline.PartyID, from int64, limit int) ([]ledgers.Entry, error)
	Entry   func(ctx context.Context, as tearline.PartyID, id string) (ledgers.Entry, error)
	Prove   func(ctx context.Context, as tearline.PartyID, id string) (ledgers.Proof, error)
	Export  func(ctx context.Context, as tearline.PartyID, dir string) (ledger.Checkpoint, error)
}

type ledgerVerifyCmd struct {
	Proof string `help:"A proof made by ledger prove; no data directory is needed." placeholder:"FILE" xor:"what"`
	Tiles string `help:"A folder of exported tiles; needs --key." placeholder:"DIR" xor:"what"`
	Key   string `help:"The key to hold it against, from party list: the log's for tiles; for a proof, the party's own." placeholder:"KEY"`
}

// Run verifies what is named, or all that is here.
func (c *ledgerVerifyCmd) Run(r *command.Run, j Jobs) error {
	switch {
	case c.Proof != "":
		return c.proof(r)
	case c.Tiles != "":
		return c.tiles(r)
	}
	return j.With(func(n Books, _ tearline.PartyID) error {
		all, err := n.Verify(r.Ctx, tearline.PartyID(r.As))
		if err != nil {
			return err
		}
		bad := false
		for _, v := range all {
			bad = bad || !v.OK
		}
		err = r.Print(all, func(p *command.Printer) {
			for _, v := range all {
				showVerified(p, v)
			}
		})
		if err == nil && bad {
			return command.CodeError(command.ExitTampered)
		}
		return err
	})
}

func showVerified(p *command.Printer, v verify.Result) {
	word := p.Style(text.Green, "verified")
	if !v.OK {
		word = p.Style(text.Red, "TAMPERED")
	}
	p.F("%-8s %s  %s, %s, %s, %s\n", v.Party, word, text.Count(int(v.Size), "entry", "entries"), text.Count(v.Reports, "report", "reports"),
		text.Count(v.Disclosures, "disclosure", "disclosures"), text.Count(v.Copies, "copy", "copies"))
	p.F("         root %s\n", v.Root)
	for _, f := range v.Faults {
		p.Wrap("         - ", "           ", f)
	}
}

// tampered makes an error of the ledger one that says so.
func tampered(what string, err error) error {
	if errors.Is(err, ledger.ErrTampered) {
		return &tearline.Error{Op: "ledger verify", Kind: tearline.Tampered, Public: what + " does not verify: " + err.Error(), Err: err}
	}
	return &tearline.Error{Op: "ledger verify", Kind: tearline.Invalid, Public: what + ": " + err.Error(), Err: err}
}

func (c *ledgerVerifyCmd) proof(r *command.Run) error {
	b, err := r.ReadAll(c.Proof)
	if err != nil {
		return err
	}
	var p ledgers.Proof
	if err := json.Unmarshal(b, &p); err != nil {
		return command.FileError(c.Proof, fmt.Errorf("is no proof: %w", err))
	}
	if c.Key != "" && c.Key != p.StatementKey && c.Key != p.LogKey {
		return tampered(c.Proof, fmt.Errorf("%w: made with other keys than the one given", ledger.ErrTampered))
	}
	receipt, err := ledger.OpenReceipt(p.Receipt, ledger.Verifiers{p.Party: {p.StatementKey}}, p.LogKey)
	if err != nil {
		return tampered(c.Proof, err)
	}
	s := receipt.Statement()
	out := map[string]any{"ok": true, "party": s.By, "statement": s.ID, "kind": s.Kind(), "at": s.At, "index": receipt.Index(), "size": receipt.Size()}
	if c.Key == "" {
		fmt.Fprintf(r.Stderr, "note: held against the keys in the file itself; --key holds it against the one that you know to be %s's\n", s.By)
	}
	return r.Print(out, func(pr *command.Printer) {
		pr.F("verified: %s said %s (%s) on %s; entry %d of %d\n", s.By, s.ID, s.Kind(), text.Stamp(s.At), receipt.Index(), receipt.Size())
	})
}

func (c *ledgerVerifyCmd) tiles(r *command.Run) error {
	if c.Key == "" {
		return command.UsageError("--tiles needs --key", "give the log's key: tearline party list --json shows it")
	}
	cp, err := ledger.CheckTiles(os.DirFS(c.Tiles), c.Key)
	if err != nil {
		return tampered(c.Tiles, err)
	}
	return r.Print(map[string]any{"ok": true, "origin": cp.Origin, "size": cp.Size, "root": cp.Root.String()}, func(p *command.Printer) {
		p.F("verified: %s, %s, root %s\n", cp.Origin, text.Count(int(cp.Size), "entry", "entries"), cp.Root)
	})
}

type ledgerShowCmd struct {
	Statement string `arg:"" optional:"" help:"A statement, or the beginning of its name."`
	From      int64  `help:"Begin the list at this entry."`
	Limit     int    `help:"How many at most." default:"50"`
}

// Run lists a ledger, or shows one statement of it.
func (c *ledgerShowCmd) Run(r *command.Run, j Jobs) error {
	return j.With(func(n Books, as tearline.PartyID) error {
		if c.Statement != "" {
			e, err := n.Entry(r.Ctx, as, c.Statement)
			if err != nil {
				return err
			}
			return r.Print(e, func(p *command.Printer) { showEntry(p, e) })
		}
		all, err := n.Entries(r.Ctx, as, c.From, c.Limit)
		if err != nil {
			return err
		}
		return r.Print(all, func(p *command.Printer) {
			var rows [][]string
			for _, e := range all {
				rows = append(rows, []string{"#" + strconv.FormatInt(e.Index, 10), string(e.Statement), text.Stamp(e.At), string(e.Kind)})
			}
			p.Table(rows)
		})
	})
}

func showEntry(p *command.Printer, e ledgers.Entry) {
	p.F("entry %d of %s's ledger, %s\n%s %s says:\n", e.Index, e.Ledger, text.Stamp(e.At), e.Kind, e.Statement)
	if !e.Recorded.IsZero() {
		p.F("  (entered afterwards, on %s)\n", text.Stamp(e.Recorded))
	}
	b, err := json.MarshalIndent(e.Says, "  ", "  ")
	if err == nil {
		p.F("  %s\n", b)
	}
	for _, s := range e.Subjects {
		p.F("subject %s\n  sha256 %s (salted)\n", s.Name, s.Digest)
	}
}

type ledgerProveCmd struct {
	Statement string `arg:"" help:"The statement, or the beginning of its name."`
}

// Run prints a proof.
func (c *ledgerProveCmd) Run(r *command.Run, j Jobs) error {
	return j.With(func(n Books, as tearline.PartyID) error {
		p, err := n.Prove(r.Ctx, as, c.Statement)
		if err != nil {
			return err
		}
		enc := r.Encoder()
		enc.SetIndent("", "  ")
		return command.Written(enc.Encode(p))
	})
}

type ledgerExportCmd struct {
	Dir string `arg:"" help:"The folder to write to."`
}

// Run writes the ledger as tiles.
func (c *ledgerExportCmd) Run(r *command.Run, j Jobs) error {
	return j.With(func(n Books, as tearline.PartyID) error {
		cp, err := n.Export(r.Ctx, as, c.Dir)
		if err != nil {
			return err
		}
		return r.Print(map[string]any{"origin": cp.Origin, "size": cp.Size, "root": cp.Root.String()}, func(p *command.Printer) {
			p.F("%s: %s, root %s\n", cp.Origin, text.Count(int(cp.Size), "entry", "entries"), cp.Root)
		})
	})
}
