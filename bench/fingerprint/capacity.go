package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"tearline"
	"tearline/bench/kit"
	"tearline/leak/authoring"
	"tearline/leak/fingerprint/bound"
)

// Where the texts are: public prose beside the repository, and what authors
// offered by hand.
const (
	publicProse = "../../../shared/data/fingerprint/portions.jsonl"
	byAuthors   = "../../leak/authoring/testdata/authored.txt"
)

// Goals, in points per 100 words.
const (
	enoughProposed = 5
	enoughAuthored = 12
)

// unit is what a density of points is in.
const unit = "in 100 words"

// benchCapacity counts the points of texts: all that is proposed for public
// prose, by class, and those that authors offered. Without the public prose
// only the latter.
func benchCapacity(b *bench) error {
	portions, err := readProse()
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	default:
		if err := b.proposed(portions); err != nil {
			return err
		}
	}
	return b.authored()
}

// proposed measures what is proposed, portion by portion.
func (b *bench) proposed(portions []string) error {
	all, sum := densities{}, authoring.Measure(tearline.Wording{})
	for _, text := range portions {
		if err := b.Ctx.Err(); err != nil {
			return err
		}
		w, err := tearline.PlainWording(text)
		if err != nil {
			return err
		}
		found := authoring.Suggest(w)
		source, err := authoring.Apply(w, found)
		if err != nil {
			return err
		}
		if w, err = tearline.ParseWording(source); err != nil {
			return err
		}
		c := authoring.Measure(w)
		sum = sum.Add(c)
		count := map[authoring.Class]int{}
		for _, p := range found {
			count[p.Class]++
		}
		for _, class := range authoring.Classes() {
			all[string(class)] = append(all[string(class)], float64(count[class])*100/float64(c.Words))
		}
		all["all classes"] = append(all["all classes"], c.Per100())
	}
	for _, class := range authoring.Classes() {
		b.spread("proposed, "+string(class), all[string(class)], kit.Goal{})
	}
	b.spread("proposed, all classes", all["all classes"], kit.AtLeast(enoughProposed))
	b.sum("proposed", sum, kit.AtLeast(enoughProposed))
	return nil
}

// densities are points per 100 words of each portion, by class.
type densities map[string][]float64

// spread adds the median over portions, and what nine of ten have at least.
func (b *bench) spread(what string, of []float64, goal kit.Goal) {
	s := slices.Sorted(slices.Values(of))
	b.Add(what+", median portion", unit, kit.SpreadOf(s), goal)
	b.Add(what+", lowest tenth", unit, kit.One(s[len(s)/10]), kit.Goal{})
}

// sum adds what all portions come to together.
func (b *bench) sum(what string, c authoring.Capacity, goal kit.Goal) {
	b.Add(what+", over all words", unit, kit.One(c.Per100()), goal)
	b.Add(what+", bits", unit, kit.One(100*c.Bits/float64(c.Words)), kit.Goal{})
	for _, s := range authoring.Survivals() {
		if n := c.BySurvival[s]; n > 0 {
			b.Add(what+", outlive "+string(s), unit, kit.One(100*float64(n)/float64(c.Words)), kit.Goal{})
		}
	}
	words := c.WordsToName(1000, func(copies int) (int, error) { return bound.MinPoints(copies, 1e-6, bound.NuidaLow, 0) })
	b.Add(what+", quotation that names 1 of 1,000 at 1e-6", "words", kit.One(float64(words)), kit.Goal{})
}

// authored measures the portions with alternatives that were written by hand.
// One that the linter refuses is an error.
func (b *bench) authored() error {
	data, err := os.ReadFile(byAuthors)
	if err != nil {
		return err
	}
	var each []float64
	sum := authoring.Measure(tearline.Wording{})
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == ';' {
			continue
		}
		w, err := tearline.ParseWording(line)
		if err != nil {
			return err
		}
		if err := authoring.Refused(authoring.Lint(w)).Err(); err != nil {
			return fmt.Errorf("%s: %w", byAuthors, err)
		}
		c := authoring.Measure(w)
		sum = sum.Add(c)
		each = append(each, c.Per100())
	}
	b.spread("authored", each, kit.AtLeast(enoughAuthored))
	b.sum("authored", sum, kit.AtLeast(enoughAuthored))
	b.Add("authored, optional details", unit, kit.One(100*float64(sum.OneSided)/float64(sum.Words)), kit.Goal{})
	return nil
}

// readProse reads the public prose.
func readProse() ([]string, error) {
	f, err := os.Open(publicProse)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []string
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		var row struct {
			Text string `json:"text"`
		}
		if err := json.Unmarshal(in.Bytes(), &row); err != nil {
			return nil, fmt.Errorf("%s: %w", publicProse, err)
		}
		out = append(out, row.Text)
	}
	return out, in.Err()
}
