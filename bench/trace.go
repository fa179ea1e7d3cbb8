package main

import (
	"bytes"
	"fmt"
	"strings"

	"tearline"
	"tearline/bench/kit"
	"tearline/internal/node/trace"
	"tearline/leak/match"
	"tearline/leak/segment"
)

// benchTrace measures what tracing an article takes: the search alone, in
// memory, and the whole job from the data directory. How much is found is for
// bench/leak to measure.
func benchTrace(b *bench) error {
	list, article, err := b.invented()
	if err != nil {
		return err
	}
	alone, err := b.searching(article, list)
	if err != nil {
		return err
	}
	return b.traceNode(article, alone)
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

// indexed makes an archive of portions: one segment, in memory.
func indexed(list []match.Portion) (*match.Archive, error) {
	key := segment.NewKey([32]byte{29})
	builder, filer := segment.NewBuilder(key, [16]byte{1}), match.NewFiler(key)
	for _, p := range list {
		if err := filer.Documents(p, builder.Add); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	if err := builder.WriteTo(&out, ""); err != nil {
		return nil, err
	}
	s, err := segment.Open(out.Bytes(), key)
	if err != nil {
		return nil, err
	}
	return match.NewArchive(key, s), nil
}

// searching measures making an archive and a search in it, beside looking for
// one sentence of the article in the same bytes. It returns what a search
// takes, in milliseconds.
func (b *bench) searching(article string, list []match.Portion) (float64, error) {
	archive, err := indexed(list)
	if err != nil {
		return 0, err
	}
	n := float64(len(list))
	built, err := b.Cost(kit.CPU, func() error { _, err := indexed(list); return err })
	if err != nil {
		return 0, err
	}
	b.Add(kit.Number(n)+" generated portions made an index, CPU time", "1/s", built.Rate(n), kit.AtLeast(20_000))
	searcher := archive.NewSearcher()
	var found []match.Match
	s, err := b.Cost(kit.CPU, func() error {
		leak, err := match.Prepare(article)
		if err != nil {
			return err
		}
		found, err = searcher.Search(leak)
		return err
	})
	if err != nil {
		return 0, err
	}
	if len(found) == 0 || found[0].Ref != list[len(list)/2].Ref {
		return 0, fmt.Errorf("the passage in the article was not found first among %d matches", len(found))
	}
	scan, err := b.scanning(article, list)
	if err != nil {
		return 0, err
	}
	ms := s.Times(1e-6)
	b.Add(fmt.Sprintf("search for an article of %d words, the same portions, CPU time", len(strings.Fields(article))), "ms", ms, kit.AtMost(15),
		kit.Peer{Name: "bytes.Contains of 60 bytes of it, over all of them", Value: scan.Times(1e-6).Median})
	return ms.Median, nil
}

// scanning looks for one sentence of the article in every portion.
func (b *bench) scanning(article string, list []match.Portion) (kit.Spread, error) {
	sources := make([][]byte, len(list))
	for i, p := range list {
		sources[i] = []byte(p.Wording.Source())
	}
	needle := []byte(article[len(article)/2 : min(len(article)/2+60, len(article))])
	hits := 0
	return b.Cost(kit.CPU, func() error {
		for _, src := range sources {
			if bytes.Contains(src, needle) {
				hits++
			}
		}
		return nil
	})
}

// traceNode measures the whole job over what the data directory holds: the
// first time, when all that was filed has to be read, and afterwards. alone is
// what a search takes.
func (b *bench) traceNode(article string, alone float64) error {
	data, err := b.dataDir()
	if err != nil {
		return err
	}
	question := trace.Question{Text: article}
	once := func() (float64, error) {
		start := kit.Wall()
		_, err := data.node.Trace(b.Ctx, holder, question, nil)
		return float64((kit.Wall() - start).Nanoseconds()) / 1e6, err
	}
	first, err := once()
	if err != nil {
		return err
	}
	var took []float64
	for range max(b.Reps, 5) {
		ms, err := once()
		if err != nil {
			return err
		}
		took = append(took, ms)
	}
	what := fmt.Sprintf("Trace the article, %s portions in SQLite, ", kit.Number(float64(data.reports*(portionsEach+1)))) // the title is one
	b.Add(what+"the first time, wall", "ms", kit.One(first), kit.Goal{})
	b.Add(what+"from then on, wall", "ms", kit.SpreadOf(took), kit.Goal{}, kit.Peer{Name: "limit: the search alone, in memory", Value: alone})
	return nil
}
