package presscmd

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"tearline/codec/article"
	"tearline/internal/cli/command"
	"tearline/internal/feed"
	"tearline/internal/node/press"
	"tearline/internal/text"
)

// Background is the command about public texts: what anybody may have read,
// so that a text that only repeats it is not taken for a leak.
type Background struct {
	Add  backgroundAddCmd  `cmd:"" help:"Add public texts: all that a feed has now, or files."`
	List backgroundListCmd `cmd:"" help:"List the public texts, the oldest first."`
}

type backgroundAddCmd struct {
	Names []string `arg:"" name:"feed-or-file" help:"Feeds at web addresses or in files, or texts: web pages, PDF, DOCX, mails, plain text."`
	Date  string   `help:"When those came out that do not say." placeholder:"TIME"`
}

// addedLine is what adding one of the names came to.
type addedLine struct {
	Name string `json:"name"`
	press.Added
}

// Run adds name by name; what was added before an error stays.
func (c *backgroundAddCmd) Run(r *command.Run, j Jobs) error {
	date, err := command.When("date", c.Date)
	if err != nil {
		return err
	}
	for _, name := range c.Names {
		if err := named(name); err != nil {
			return err
		}
	}
	lines := []addedLine{}
	err = j.With(func(d Desk) error {
		reader := j.reader(r)
		for _, name := range c.Names {
			a, err := add(r, d, j, reader, name, date)
			if err != nil {
				return err
			}
			lines = append(lines, addedLine{name, a})
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, l := range lines {
		for _, what := range l.Problems {
			fmt.Fprintf(r.Stderr, "tearline: %s\n", about(l.Name, what))
		}
	}
	return r.Print(lines, func(p *command.Printer) {
		for _, l := range lines {
			p.F("%s: %s, %d added\n", l.Name, text.Count(l.Items, "text", "texts"), l.Added.Added)
		}
	})
}

// add adds a feed, or a file that is none.
func add(r *command.Run, d Desk, j Jobs, reader *feed.Reader, name string, date time.Time) (press.Added, error) {
	a, err := d.AddFeed(r.Ctx, reader, name, date)
	switch {
	case err == nil:
		return a, nil
	case isWeb(name) && press.IsNoFeed(err):
		return a, invalid("background add", name+": no feed", "save the page to a file and add that", err)
	case isWeb(name):
		return a, err
	}
	// Larger than a feed may be, or none: a text, unless it cannot be had.
	b, err := r.ReadAll(name)
	if err != nil {
		return a, err
	}
	read, err := article.Read(name, b, j.PDF)
	if err != nil {
		return a, err
	}
	if read.Title == "" {
		read.Title = filepath.Base(name)
	}
	return d.AddText(r.Ctx, filepath.Base(name), read, date)
}

func isWeb(name string) bool {
	s := strings.ToLower(name)
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}

type backgroundListCmd struct {
	After int64 `help:"Begin after the text of this number." placeholder:"NUMBER"`
	Limit int   `help:"How many at most." default:"100" placeholder:"N"`
}

// listed is the list in JSON.
type listed struct {
	Count int64          `json:"count"`
	Texts []press.Public `json:"texts"`
}

// Run lists what there is, without the texts themselves.
func (c *backgroundListCmd) Run(r *command.Run, j Jobs) error {
	if c.Limit < 1 || c.After < 0 {
		return command.UsageError("--limit wants at least 1, and --after at least 0", "leave them out for the first 100")
	}
	return j.With(func(d Desk) error {
		list, count, err := d.Background(r.Ctx, c.After, c.Limit)
		if err != nil {
			return err
		}
		return r.Print(listed{count, list}, func(p *command.Printer) {
			if len(list) == 0 {
				p.F("no public texts\n")
				return
			}
			rows := make([][]string, 0, len(list))
			for _, x := range list {
				day := ""
				if x.Published != nil {
					day = x.Published.UTC().Format(time.DateOnly)
				}
				rows = append(rows, []string{strconv.FormatInt(x.ID, 10), day, x.Source, x.Title})
			}
			p.Table(rows)
			if last := list[len(list)-1].ID; last < count {
				p.F("%d in all; go on with --after %d\n", count, last)
			}
		})
	})
}
