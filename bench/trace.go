package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tearline"
	"tearline/bench/kit"
	"tearline/leak/match"
)

// development is where the data lie on which matchers are developed; they are
// not part of the repository.
const development = "../../shared/data/leak"

func stream(list []match.Portion) iter.Seq2[match.Portion, error] {
	return func(yield func(match.Portion, error) bool) {
		for _, p := range list {
			if !yield(p, nil) {
				return
			}
		}
	}
}

// search holds one text against portions.
func search(text string, list []match.Portion) ([]match.Match, error) {
	leak, err := match.Prepare(text)
	if err != nil {
		return nil, err
	}
	return leak.Search(stream(list))
}

func benchTrace(b *bench) error {
	list, article, err := b.invented()
	if err != nil {
		return err
	}
	rate, err := b.streaming("generated portions", article, list)
	if err != nil {
		return err
	}
	found, err := search(article, list)
	if err != nil {
		return err
	}
	if len(found) == 0 || found[0].Ref != list[len(list)/2].Ref {
		return fmt.Errorf("the passage in the article was not found first among %d matches", len(found))
	}
	if err := b.traceNode(article, rate); err != nil {
		return err
	}
	return b.recall()
}

// invented makes portions, and an article of 400 words that quotes the middle
// one.
func (b *bench) invented() ([]match.Portion, string, error) {
	g := newGenerator(29)
	list := make([]match.Portion, b.held)
	for i := range list {
		w, err := tearline.ParseWording(g.v.text(g.d, 300, g.d.chance(0.1)))
		if err != nil {
			return nil, "", err
		}
		list[i] = match.Portion{Ref: tearline.PortionRef{Report: reportID(i / portionsEach), Portion: tearline.PortionID(fmt.Sprintf("p%d", i%portionsEach+1))}, Wording: w}
	}
	return list, g.v.article(g.d, 400, list[len(list)/2].Wording.Plain()), nil
}

// streaming measures how fast portions are held against a text, beside looking
// for one sentence of it in the same bytes. It returns the rate.
func (b *bench) streaming(what, text string, list []match.Portion) (rate float64, err error) {
	sources := make([][]byte, len(list))
	for i, p := range list {
		sources[i] = []byte(p.Wording.Source())
	}
	s, err := b.Cost(kit.CPU, func() error {
		_, err := search(text, list)
		return err
	})
	if err != nil {
		return 0, err
	}
	needle := []byte(text[len(text)/2 : min(len(text)/2+60, len(text))])
	hits := 0
	scan, err := b.Cost(kit.CPU, func() error {
		for _, src := range sources {
			if bytes.Contains(src, needle) {
				hits++
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	n := float64(len(list))
	b.Add(fmt.Sprintf("match an article of %d words, %s %s, CPU time", len(strings.Fields(text)), kit.Number(n), what), "1/s", s.Rate(n), kit.Goal{},
		kit.Peer{Name: "limit: bytes.Contains of 60 bytes over the same portions", Value: scan.Rate(n).Median})
	return s.Rate(n).Median, nil
}

// traceNode measures the whole job over what the data directory holds.
func (b *bench) traceNode(article string, rate float64) error {
	data, err := b.dataDir()
	if err != nil {
		return err
	}
	var took []float64
	for range min(b.Reps, 5) {
		start := kit.Now()
		if _, err := data.node.Trace(b.Ctx, holder, article, kit.Now(), false, ""); err != nil {
			return err
		}
		took = append(took, float64(kit.Now().Sub(start).Nanoseconds()))
	}
	portions := float64(data.reports * (portionsEach + 1)) // the title is one
	b.Add(fmt.Sprintf("Trace the article, %s portions in SQLite, wall", kit.Number(portions)), "1/s", kit.SpreadOf(took).Rate(portions), kit.Goal{},
		kit.Peer{Name: "limit: the matcher alone, portions in memory", Value: rate})
	return nil
}

// A query of the development data: a text, and the portions that it draws on.
type query struct {
	Kind     string   `json:"kind"`
	Query    string   `json:"query"`
	Relevant []string `json:"relevant"`
}

// recall measures, where the development data are present, how many leaks in
// an article are found: the right portion first, and at all.
func (b *bench) recall() error {
	var list []match.Portion
	for _, name := range []string{"held_dev.jsonl", "background_dev.jsonl"} {
		err := readLines(name, b.archive, func(row struct {
			ID   string `json:"source_id"`
			Text string `json:"text"`
		},
		) error {
			w, err := tearline.ParseWording(strings.NewReplacer(`\`, `\\`, `{`, `\{`).Replace(row.Text))
			list = append(list, match.Portion{Ref: tearline.PortionRef{Report: tearline.ReportID(row.ID)}, Wording: w})
			return err
		})
		if errors.Is(err, fs.ErrNotExist) {
			return nil // nothing to measure with
		}
		if err != nil {
			return err
		}
	}
	queries := map[string][]query{}
	err := readLines("queries_dev.jsonl", math.MaxInt, func(q query) error {
		queries[q.Kind] = append(queries[q.Kind], q)
		return nil
	})
	if err != nil {
		return err
	}
	for _, kind := range []string{"inart-verbatim1", "inart-light"} {
		some := queries[kind][:min(len(queries[kind]), b.queries)]
		if err := b.recallOf(kind, some, list); err != nil {
			return err
		}
	}
	article := queries["inart-verbatim1"]
	if len(article) == 0 {
		return nil
	}
	_, err = b.streaming("portions of the development data", article[0].Query, list)
	return err
}

func (b *bench) recallOf(kind string, queries []query, list []match.Portion) error {
	first, among := 0, 0
	for _, q := range queries {
		if err := b.Ctx.Err(); err != nil {
			return err
		}
		found, err := search(q.Query, list)
		if err != nil {
			return err
		}
		right := func(m match.Match) bool { return slices.Contains(q.Relevant, string(m.Ref.Report)) }
		if len(found) > 0 && right(found[0]) {
			first++
		}
		if slices.ContainsFunc(found, right) {
			among++
		}
	}
	n := float64(len(queries))
	what := fmt.Sprintf("recall of %d %s among %s portions of the development data, ", len(queries), kind, kit.Number(float64(len(list))))
	for _, x := range []struct {
		label string
		hits  int
	}{{"right one first", first}, {"right one among all matches", among}} {
		v := 100 * float64(x.hits) / n
		b.Add(what+x.label, "%", kit.One(v), kit.Goal{})
	}
	return nil
}

// readLines reads JSON Lines of the development data, at most so many.
func readLines[T any](name string, most int, row func(T) error) (err error) {
	f, err := os.Open(filepath.Join(development, name)) //nolint:gosec // a constant folder, names from this file
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	in := bufio.NewScanner(f)
	in.Buffer(nil, 4<<20)
	for n := 0; n < most && in.Scan(); n++ {
		var v T
		if err := json.Unmarshal(in.Bytes(), &v); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := row(v); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return in.Err()
}
