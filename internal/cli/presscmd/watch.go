// Package presscmd is the commands about what is published: watching the
// press, and the background of public texts. It is what people type and read; the steps are ordered in internal/node/press, and
// how a party's books are opened and a text is compared it is told, as [Jobs].
// There are no rules here.
package presscmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"tearline"
	"tearline/codec/article"
	"tearline/internal/cli/command"
	"tearline/internal/feed"
	"tearline/internal/node/press"
	"tearline/internal/text"
)

// Jobs are what the commands have done for them. Every field must be given.
type Jobs struct {
	// With opens the data directory, has fn work in it, and closes it.
	With func(fn func(Desk) error) error
	// PDF reads PDF.
	PDF article.PDFReader
	// PDFText does the reading, in a process of its own: a PDF in, JSON out.
	// The folder is where what takes long to prepare is kept.
	PDFText func(ctx context.Context, folder string, in io.Reader, out io.Writer) error
	// Version is the program's, which servers are told.
	Version string
}

// A Desk is a party at work in its data directory.
type Desk struct {
	press.Books
	// Trace compares an article with what the party holds. It counts as a hit
	// only if so many false matches at most are to be expected; 0 leaves that
	// to the tracer.
	Trace func(ctx context.Context, a article.Article, atMost float64) (press.Found, error)
}

// reader reads feeds as the commands do.
func (j *Jobs) reader(r *command.Run) *feed.Reader {
	return feed.New(feed.Client(), feed.Clock{Now: r.Now, Sleep: sleep}, j.Version, j.PDF)
}

// sleep waits, or says that the context has ended.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// leastPause is the shortest pause between two looks at a feed.
const leastPause = time.Minute

// Watch is the watch command.
type Watch struct {
	Feeds  []string      `arg:"" name:"feed" help:"Feeds to watch: RSS, Atom or JSON Feed, at a web address or in a file."`
	Once   bool          `help:"Look once, and end."`
	Every  time.Duration `help:"How long to wait between two looks." default:"30m" placeholder:"DURATION"`
	AtMost float64       `help:"Keep a lead only if at most so many false matches are to be expected." name:"at-most" placeholder:"E"`
}

// Run watches until it is interrupted. With --once, a feed that could not be
// read makes it exit with 1.
func (c *Watch) Run(r *command.Run, j Jobs) error {
	switch {
	case c.Every < leastPause:
		return command.UsageError("--every "+c.Every.String()+" is too often", "wait at least "+leastPause.String()+" between two looks")
	case c.AtMost < 0:
		return command.UsageError(fmt.Sprintf("--at-most %v is less than none", c.AtMost), "give a number such as 0.01")
	}
	for _, name := range c.Feeds {
		if err := named(name); err != nil {
			return err
		}
	}
	failed := false
	err := j.With(func(d Desk) error {
		w := &press.Watcher{
			Books: d.Books, Feeds: j.reader(r),
			Trace:  func(ctx context.Context, a article.Article) (press.Found, error) { return d.Trace(ctx, a, c.AtMost) },
			Report: func(e press.Event) error { return tell(r, e) },
		}
		pause := c.Every
		if c.Once {
			pause = 0
		}
		return w.Every(r.Ctx, c.Feeds, pause, sleep, func(x press.Round) error {
			failed = failed || x.Problem != ""
			talk(r, x)
			return nil
		})
	})
	switch {
	case errors.Is(err, context.Canceled):
		return nil // that is how a watch ends
	case err == nil && failed:
		return command.CodeError(command.ExitError)
	}
	return err
}

// named errs on a name that can be neither a file's nor an address to watch.
func named(name string) error {
	if name == "-" {
		return command.UsageError("standard input is not read here", "give a file or a web address")
	}
	if !isWeb(name) {
		return nil
	}
	_, err := feed.Address(name)
	return err
}

// tell prints a case on stdout, and what could not be done on stderr.
func tell(r *command.Run, e press.Event) error {
	if r.JSON {
		return command.Written(r.Encoder().Encode(e))
	}
	if e.Problem != "" {
		again := ""
		if e.Again {
			again = "; it is tried again"
		}
		fmt.Fprintf(r.Stderr, "tearline: %s: %s: %s%s\n", e.Feed, e.Title, e.Problem, again)
	}
	if e.Case == "" {
		return nil
	}
	p := &command.Printer{Colour: r.Colour}
	known := ""
	if e.Known {
		known = "  (open already)"
	}
	p.Wrap(p.Style(text.Bold, e.Case)+"  ", "    ", e.Title+known)
	if e.Summary != "" {
		p.Wrap("    ", "      ", e.Summary)
	}
	if line := source(e.URL, e.Published); line != "" {
		p.F("    %s\n", line)
	}
	_, err := io.WriteString(r.Stdout, p.String())
	return command.Written(err)
}

// source says where and when something came out.
func source(url string, published *time.Time) string {
	switch {
	case published == nil:
		return url
	case url == "":
		return text.Stamp(*published)
	}
	return text.Stamp(*published) + "  " + url
}

// about says of what a problem is, unless it says so itself.
func about(what, problem string) string {
	if strings.HasPrefix(problem, what+":") {
		return problem
	}
	return what + ": " + problem
}

// talk says on stderr how it stands with a feed.
func talk(r *command.Run, x press.Round) {
	switch {
	case x.Problem != "":
		fmt.Fprintf(r.Stderr, "tearline: %s\n", about(x.Feed, x.Problem))
	case x.Unchanged:
		fmt.Fprintf(r.Stderr, "%s: nothing new\n", x.Feed)
	default:
		left := ""
		if x.Left > 0 {
			left = fmt.Sprintf(", %d left for the next time", x.Left)
		}
		fmt.Fprintf(r.Stderr, "%s: %s, %d new, %s%s\n", x.Feed, text.Count(x.Items, "item", "items"), x.New, text.Count(x.Cases, "lead", "leads"), left)
	}
}

// PDFText is the hidden command that reads a PDF in a process of its own.
type PDFText struct {
	Cache string `help:"Where to keep what takes long to prepare."`
}

// Run reads a PDF on standard input.
func (c *PDFText) Run(r *command.Run, j Jobs) error {
	return j.PDFText(r.Ctx, c.Cache, r.Stdin, r.Stdout)
}

// invalid says what is wrong with something that was named.
func invalid(op, what, hint string, err error) error {
	return &tearline.Error{Op: op, Kind: tearline.Invalid, Public: what, Hint: hint, Err: err}
}
