package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tearline"
	"tearline/bench/kit"
	"tearline/codec"
	"tearline/internal/node"
)

const holder tearline.PartyID = "XCC"

// A bench is what all benchmarks of one run work on.
type bench struct {
	*kit.Bench
	amount
	nodes  []*node.Node
	binary string // the program, for verifying elsewhere
}

func newBench(k *kit.Bench, a amount) *bench {
	k.Effort = kit.Effort{Reps: 5, Slot: 200 * time.Millisecond, Long: 2 * time.Second, Few: 3}
	return &bench{Bench: k, amount: a}
}

// Close closes all data directories.
func (b *bench) Close() error {
	var errs []error
	for _, n := range b.nodes {
		errs = append(errs, n.Close())
	}
	return errors.Join(errs...)
}

// An author invents prose: words of its own, and sentences of them with two
// points each.
type author struct {
	*rand.Rand //nolint:forbidigo // seeded: the same texts each time
	words      []string
}

func newAuthor(seed uint64) *author {
	a := &author{Rand: rand.New(rand.NewPCG(seed, 5))} //nolint:forbidigo,gosec // the same texts each time
	heads, hearts, tails := strings.Fields("b c d f g h k l m n p r s t v br dr st"), strings.Fields("a e i o u ea ou"), strings.Fields("n r st l m nd rk p")
	pick := func(from []string) string { return from[a.IntN(len(from))] }
	seen := map[string]bool{}
	for len(a.words) < 4000 {
		w := pick(heads) + pick(hearts) + pick(tails) + pick(hearts) + pick(tails)
		if !seen[w] {
			seen[w] = true
			a.words = append(a.words, w)
		}
	}
	return a
}

func (a *author) word() string { return a.words[a.IntN(len(a.words))] }

// sentence has ten words and, with points, two places with alternatives.
func (a *author) sentence(points bool) string {
	var out []string
	for i := range 10 {
		w := a.word()
		if points && (i == 3 || i == 7) {
			w = "{" + w + "|" + a.word() + "}"
		}
		out = append(out, w)
	}
	s := strings.Join(out, " ") + "."
	if s[0] != '{' {
		s = strings.ToUpper(s[:1]) + s[1:]
	}
	return s
}

// report is one of so many sentences, five to a portion.
func (a *author) report(id string, sentences int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\nid: %s\noriginator: %s\npolicy: tlp\ndate: 2026-03-02\n---\n", id, holder)
	for i := range sentences {
		if i%5 == 0 {
			b.WriteString("\n\n(TLP:CLEAR)")
		}
		b.WriteString(" " + a.sentence(true))
	}
	b.WriteString("\n")
	return b.String()
}

// An issue is one report as it was given out: the text of each recipient's copy,
// and the copies' numbers.
type issue struct {
	report tearline.ReportID
	texts  map[tearline.PartyID]string
	copies map[tearline.PartyID]tearline.CopyID
}

func recipient(i int) tearline.PartyID { return tearline.PartyID(fmt.Sprintf("XP%05d", i)) }

// open makes a data directory with so many recipients.
func (b *bench) open(name string, recipients int) (*node.Node, error) {
	dir := filepath.Join(b.Dir, name)
	env := node.Env{Now: time.Now} //nolint:forbidigo // the clock of a real node
	n, err := node.Init(b.Ctx, dir, tearline.Party{ID: holder, Name: "Coordination centre"}, "tlp", env)
	if err != nil {
		return nil, err
	}
	b.nodes = append(b.nodes, n)
	for i := range recipients {
		if _, err := n.AddParty(b.Ctx, holder, tearline.Party{ID: recipient(i), Name: fmt.Sprintf("Partner %d", i)}); err != nil {
			return nil, err
		}
	}
	return n, nil
}

// issue files a report and gives it to all recipients.
func (b *bench) issue(n *node.Node, source string, recipients int) (*issue, error) {
	r, err := codec.ParseMarkdown([]byte(source))
	if err != nil {
		return nil, err
	}
	if _, err := n.File(b.Ctx, holder, []node.Draft{{Report: r}}); err != nil {
		return nil, err
	}
	out := &issue{report: r.ID, texts: map[tearline.PartyID]string{}, copies: map[tearline.PartyID]tearline.CopyID{}}
	for i := range recipients {
		to := recipient(i)
		_, err := n.Release(b.Ctx, node.Question{As: holder, Report: r.ID, To: to}, func(x tearline.Rendering) error {
			out.texts[to], out.copies[to] = body(x.Bytes), x.Copy
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("%s to %s: %w", r.ID, to, err)
		}
	}
	return out, nil
}

// body is a copy's text without what tells whose it is.
func body(copied []byte) string {
	_, text, _ := strings.Cut(string(copied), "Individually worded copy")
	_, text, _ = strings.Cut(text, "\n")
	return text
}

// program builds the program that verifies.
func (b *bench) program() (string, error) {
	if b.binary != "" {
		return b.binary, nil
	}
	path := filepath.Join(b.Dir, "tearline")
	cmd := exec.CommandContext(b.Ctx, "go", "build", "-o", path, "./cmd/tearline") //nolint:gosec // our own program
	cmd.Dir = filepath.Join("..", "..")                                            // whose modules those are
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	b.binary = path
	return path, nil
}

// verify has another process check a bundle, in a folder where there is nothing
// else, under the key that the holder published.
func (b *bench) verify(bundle *bytes.Buffer, logKey string) error {
	program, err := b.program()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp(b.Dir, "elsewhere")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, "bundle.json"), bundle.Bytes(), 0o600); err != nil {
		return err
	}
	cmd := exec.CommandContext(context.WithoutCancel(b.Ctx), program, "attribute", "verify", "bundle.json", "--key", logKey, "--json") //nolint:gosec // our own program
	cmd.Dir, cmd.Env = dir, []string{"HOME=" + dir}
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

// logKey is the holder's, as it publishes it.
func (b *bench) logKey(n *node.Node) (string, error) {
	parties, err := n.Parties(b.Ctx)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(parties, func(p node.PartyInfo) bool { return p.ID == holder })
	if i < 0 {
		return "", errors.New("the holder is no party")
	}
	return parties[i].LogKey, nil
}
