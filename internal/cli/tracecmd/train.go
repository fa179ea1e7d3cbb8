package tracecmd

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"

	"tearline"
	"tearline/internal/cli/command"
	"tearline/internal/outfile"
	"tearline/internal/text"
	"tearline/leak/match"
	"tearline/leak/segment"
	"tearline/leak/train"
)

// Train is the command that fits the weights of the evidence.
type Train struct {
	Archive []string `help:"Files of portions, JSON Lines: {\"id\", \"text\"}." required:"" placeholder:"FILE"`
	Texts   string   `help:"Texts of which it is known what they draw on, JSON Lines: {\"text\", \"draws_on\": [ID…], \"related\"}." required:"" placeholder:"FILE"`
	Sizes   []int    `help:"Archives of so many portions are made (default: one of all)." placeholder:"N"`
	Out     string   `help:"Where to put the weights." required:"" placeholder:"FILE"`
}

type trainPortion struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

type trainText struct {
	Text    string   `json:"text"`
	DrawsOn []string `json:"draws_on"`
	Related bool     `json:"related"`
}

// Run fits the weights. Texts that draw on nothing name nothing; those that
// report the same events as a portion without drawing on it say "related".
func (c *Train) Run(r *command.Run) error {
	var portions []trainPortion
	for _, name := range c.Archive {
		if err := readLines(name, func(p trainPortion) { portions = append(portions, p) }); err != nil {
			return err
		}
	}
	var lessons []train.Lesson
	err := readLines(c.Texts, func(t trainText) {
		l := train.Lesson{Text: t.Text, Related: t.Related}
		for _, id := range t.DrawsOn {
			l.DrawsOn = append(l.DrawsOn, trainRef(id))
		}
		lessons = append(lessons, l)
	})
	if err != nil {
		return err
	}
	if len(c.Sizes) == 0 {
		c.Sizes = []int{len(portions)}
	}
	var archives []*match.Archive
	for _, n := range c.Sizes {
		if n < 1 || n > len(portions) {
			return command.UsageError(fmt.Sprintf("--sizes %d: there are %d portions", n, len(portions)), "give sizes up to that")
		}
		a, err := trainArchive(portions[:n])
		if err != nil {
			return err
		}
		archives = append(archives, a)
	}
	w, err := train.Fit(r.Ctx, archives, lessons, fmt.Sprintf("%d texts against archives of %v portions", len(lessons), c.Sizes), c.progress(r))
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := w.Write(&b); err != nil {
		return err
	}
	out, err := outfile.Open(c.Out, r.Stdout)
	if err != nil {
		return command.FileError(c.Out, err)
	}
	defer out.Abandon()
	if err := out.Put(&b); err != nil {
		return command.FileError(c.Out, err)
	}
	return nil
}

func (c *Train) progress(r *command.Run) func(done, of int) {
	if !r.Progress {
		return nil
	}
	return func(done, of int) {
		if done%100 == 0 || done == of {
			fmt.Fprintf(r.Stderr, "\rread %s of %s texts", text.Thousands(done), text.Thousands(of))
		}
		if done == of {
			fmt.Fprintln(r.Stderr)
		}
	}
}

func trainRef(id string) tearline.PortionRef {
	return tearline.PortionRef{Report: tearline.ReportID(id)}
}

// trainArchive makes an archive in memory; its key hides nothing from anybody.
func trainArchive(portions []trainPortion) (*match.Archive, error) {
	key := segment.NewKey([32]byte{})
	f, b := match.NewFiler(key), segment.NewBuilder(key, [16]byte{})
	for _, p := range portions {
		w, err := tearline.PlainWording(p.Text)
		if err != nil {
			return nil, fmt.Errorf("portion %s: %w", p.ID, err)
		}
		if err := f.Documents(match.Portion{Ref: trainRef(p.ID), Wording: w}, b.Add); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	if err := b.WriteTo(&out, "train"); err != nil {
		return nil, err
	}
	s, err := segment.Open(out.Bytes(), key)
	if err != nil {
		return nil, err
	}
	return match.NewArchive(key, s), nil
}

// maxTrainLine is the longest line of a file to learn from.
const maxTrainLine = 16 << 20

func readLines[T any](name string, take func(T)) error {
	f, err := os.Open(name) //nolint:gosec // the file that was asked for
	if err != nil {
		return command.FileError(name, err)
	}
	defer f.Close()
	in := bufio.NewScanner(f)
	in.Buffer(nil, maxTrainLine)
	for n := 1; in.Scan(); n++ {
		var v T
		if err := json.Unmarshal(in.Bytes(), &v); err != nil {
			return command.FileError(name, fmt.Errorf("line %d: %w", n, err))
		}
		take(v)
	}
	if err := in.Err(); err != nil {
		return command.FileError(name, err)
	}
	return nil
}
