package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tearline/internal/cli/command"
	"tearline/internal/scenario"
	"tearline/internal/text"
)

type exerciseCmd struct {
	Keep  string `help:"Leave the stories' data behind in this new folder, to explore." placeholder:"DIR"`
	Quiet bool   `help:"Only say whether every step came out as it should."`
}

// playedStory is a story that came out as it should.
type playedStory struct {
	Story string `json:"story"`
	Steps int    `json:"steps"`
}

// Run plays the stories on the real program, in data directories of their own.
func (c *exerciseCmd) Run(r *run) error {
	dir, err := c.folder()
	if err != nil {
		return err
	}
	if c.Keep == "" {
		defer os.RemoveAll(dir)
	}
	quiet := c.Quiet || r.JSON
	played := []playedStory{}
	for _, name := range scenario.Exercise {
		story, err := scenario.Load(name)
		if err != nil {
			return err
		}
		sub := filepath.Join(dir, name)
		if err := os.Mkdir(sub, 0o700); err != nil {
			return command.FileError(sub, err)
		}
		steps := 0
		watch := scenario.Watcher{Output: func(scenario.Result) { steps++ }}
		if !quiet {
			watch = r.watcher()
		}
		if err := story.Play(sub, (*App)(r.App).command(r.Ctx, r.Colour && !quiet), watch); err != nil {
			return err
		}
		played = append(played, playedStory{name, steps})
	}
	if quiet {
		err := r.Print(played, func(p *command.Printer) {
			p.F("%s: every step came out as it should\n", text.Count(len(played), "story", "stories"))
		})
		if err != nil {
			return err
		}
	}
	if c.Keep != "" {
		fmt.Fprintf(r.Stderr, "\nThe data is in %s: try\n  tearline --data %s report list\n", dir, filepath.Join(dir, scenario.Exercise[0], "usa"))
	}
	return nil
}

func (c *exerciseCmd) folder() (string, error) {
	if c.Keep == "" {
		return os.MkdirTemp("", "tearline-exercise-")
	}
	if err := os.MkdirAll(filepath.Dir(c.Keep), 0o700); err != nil {
		return "", command.FileError(c.Keep, err)
	}
	if err := os.Mkdir(c.Keep, 0o700); err != nil {
		if errors.Is(err, os.ErrExist) {
			return "", command.UsageError("--keep "+c.Keep+": the folder is there already", "name a new one")
		}
		return "", command.FileError(c.Keep, err)
	}
	return c.Keep, nil
}

// command runs one command of a story in this process.
func (a *App) command(ctx context.Context, colour bool) func(scenario.Command) scenario.Result {
	return func(cmd scenario.Command) scenario.Result {
		var stdout, stderr bytes.Buffer
		app := App{
			Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr, Colour: colour,
			Now: func() time.Time { return cmd.Now }, Env: func(name string) string { return cmd.Env[name] },
		}
		code := app.Run(ctx, cmd.Args)
		return scenario.Result{Code: code, Stdout: stdout.String(), Stderr: stderr.String()}
	}
}

// watcher prints a story as it is played: a heading, narration in paragraphs,
// and each command with what it printed, a blank line between the steps.
func (r *run) watcher() scenario.Watcher {
	joined := true // whether the next command may stand right below what is there
	show := func(f func(p *command.Printer)) {
		p := &command.Printer{Colour: r.Colour}
		f(p)
		fmt.Fprint(r.Stdout, p.String())
	}
	return scenario.Watcher{
		Heading: func(s string) {
			show(func(p *command.Printer) {
				p.F("\n\n%s\n%s\n", p.Style(text.Bold, s), strings.Repeat("─", text.Columns(s)))
			})
			joined = false
		},
		Narration: func(s string) {
			show(func(p *command.Printer) {
				p.F("\n")
				p.Wrap("", "", s)
			})
			joined = false
		},
		Typed: func(s string) {
			show(func(p *command.Printer) {
				if !joined {
					p.F("\n")
				}
				typed(p, s)
			})
			joined = true
		},
		Output: func(res scenario.Result) {
			show(func(p *command.Printer) { output(p, res) })
			joined = joined && res == scenario.Result{}
		},
	}
}

// typed shows a command; a long one goes on over the line, as it could be
// typed, and a flag stays with its value.
func typed(p *command.Printer, s string) {
	line := "$"
	for _, w := range phrases(s) {
		if text.Columns(line)+1+text.Columns(w) > text.Width-2 {
			p.F("%s\n", p.Style(text.Bold, line+` \`))
			line = "   "
		}
		line += " " + w
	}
	p.F("%s\n", p.Style(text.Bold, line))
}

// phrases splits a command at blanks outside quotes, keeps the quotes, and
// keeps a flag and its value together.
func phrases(s string) []string {
	var out []string
	for _, w := range splitWords(s) {
		if n := len(out); n > 0 && !strings.HasPrefix(w, "-") && strings.HasPrefix(out[n-1], "--") && !strings.Contains(out[n-1], " ") {
			out[n-1] += " " + w
			continue
		}
		out = append(out, w)
	}
	return out
}

// splitWords splits at blanks outside quotes, and keeps the quotes.
func splitWords(s string) []string {
	var words []string
	var cur strings.Builder
	quote := rune(0)
	for _, c := range s {
		switch {
		case quote == 0 && c == ' ':
			if cur.Len() > 0 {
				words = append(words, cur.String())
				cur.Reset()
			}
			continue
		case c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		}
		cur.WriteRune(c)
	}
	if cur.Len() > 0 {
		words = append(words, cur.String())
	}
	return words
}

// output shows what a command printed, data first, then talk. The commands
// keep to the text.Width by themselves; what is longer is a file's own line.
func output(p *command.Printer, res scenario.Result) {
	for _, part := range []string{res.Stdout, res.Stderr} {
		if part == "" {
			continue
		}
		for line := range strings.SplitSeq(strings.TrimRight(part, "\n"), "\n") {
			if text.Columns(line) > text.Width {
				p.Wrap("", "", line)
				continue
			}
			p.F("%s\n", line)
		}
	}
	if res.Code != 0 {
		p.F("%s\n", p.Style(text.Dim, fmt.Sprintf("(exit %d)", res.Code)))
	}
}
