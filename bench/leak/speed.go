package main

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"time"

	"tearline/bench/kit"
	"tearline/leak/match"
	"tearline/leak/segment"
)

// goalSize is the size of archive that the goals of speed are for.
const goalSize = 1_000_000

// benchSpeed takes processor time on one core.
func benchSpeed(b *bench) error {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	before, smaller := 0.0, 0
	for _, n := range b.speeds {
		a, err := b.archive(n)
		if err != nil {
			return missing(err)
		}
		p50, err := b.speedAt(a)
		if err != nil {
			return err
		}
		if smaller > 0 {
			// What ten times the portions would cost, by these two sizes.
			tenfold := math.Pow(p50/before, 1/math.Log10(float64(n)/float64(smaller)))
			b.Add(fmt.Sprintf("an article, p50, from %s to %s portions: growth for ten times as many", kit.Number(float64(smaller)), kit.Number(float64(n))),
				"times", kit.One(tenfold), kit.AtMost(10), kit.Peer{Name: "the archive", Value: 10})
		}
		before, smaller = p50, n
	}
	return nil
}

// speedAt measures one archive, and returns the median of articles.
func (b *bench) speedAt(a *archive) (p50 float64, err error) {
	size := kit.Number(float64(a.n)) + " portions, "
	n := float64(a.n)
	rate := func(took time.Duration) kit.Spread { return kit.One(n / max(took.Seconds(), 1e-9)) }
	b.Add(size+"read into segments, CPU", "1/s", rate(a.made), kit.AtLeast(20_000))
	if a.n > batch {
		b.Add(size+fmt.Sprintf("%d segments merged, CPU", (a.n+batch-1)/batch), "1/s", rate(a.together), kit.Goal{})
	}
	b.Add(size+"mapped for look-ups, each", "B", kit.One(float64(a.segment.Mapped())/n), kit.AtMost(250))
	b.Add(size+"the whole segment, each", "B", kit.One(float64(len(a.data))/n), kit.Goal{})

	var articles []query
	for _, kind := range inArticle {
		articles = append(articles, b.ofKind(kind, (b.timed+len(inArticle)-1)/len(inArticle))...)
	}
	heap := inUse()
	s := a.NewSearcher()
	took, err := b.each(articles, func(q *query) error { _, err := search(s, q.Query); return err })
	if err != nil {
		return 0, err
	}
	used := inUse()
	runtime.KeepAlive(s)
	b.Add(size+"memory of one searcher", "MB", kit.One(max(1, float64(used)-float64(heap))/1e6), kit.Goal{})
	var middle, most kit.Goal
	if a.n == goalSize {
		middle, most = kit.AtMost(15), kit.AtMost(50)
	}
	half := at(took, .5)
	b.Add(size+fmt.Sprintf("an article of %d words, p50, CPU", words(articles)), "ms", half, middle)
	b.Add(size+"the same, p95", "ms", at(took, .95), most)
	sentences := b.ofKind("msrp-para", b.timed)
	took, err = b.each(sentences, func(q *query) error { _, err := search(s, q.Query); return err })
	if err != nil {
		return 0, err
	}
	b.Add(size+fmt.Sprintf("a sentence of %d words, p50, CPU", words(sentences)), "ms", at(took, .5), kit.Goal{})
	b.Add(size+"the same, p95", "ms", at(took, .95), kit.Goal{})
	return half.Median, b.verbatim(a, size, articles)
}

// verbatim takes the time of the stage of fingerprints by its parts: reading
// the article, of which fingerprints are one part, and looking them up.
func (b *bench) verbatim(a *archive, size string, articles []query) error {
	read, err := b.each(articles, func(q *query) error { _, err := match.Prepare(q.Query); return err })
	if err != nil {
		return err
	}
	grams := map[string][]uint64{}
	f := match.NewFiler(key)
	for i := range articles {
		q := &articles[i]
		w, err := wording(q.Query)
		if err != nil {
			return err
		}
		err = f.Documents(match.Portion{Ref: refOf(q.ID), Wording: w}, func(d segment.Document) error {
			grams[q.ID] = append(grams[q.ID], d.Grams...)
			return nil
		})
		if err != nil {
			return err
		}
	}
	var docs []int
	found, err := b.each(articles, func(q *query) error {
		var err error
		for _, g := range grams[q.ID] {
			if docs, err = a.segment.Gram(docs[:0], g); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	look := at(found, .5)
	b.Add(size+"an article read: words, stems, fingerprints, p50, CPU", "ms", at(read, .5), kit.Goal{})
	b.Add(size+"its fingerprints looked up, p50, CPU", "ms", look, kit.AtMost(.3))
	return nil
}

// each returns the processor time of each query, in milliseconds, in order of
// size, after all were asked once.
func (b *bench) each(queries []query, do func(*query) error) ([]float64, error) {
	took := make([]float64, 0, len(queries))
	for _, warm := range []bool{true, false} {
		runtime.GC() // the garbage of others is not ours
		for i := range queries {
			if err := b.Ctx.Err(); err != nil {
				return nil, err
			}
			start := kit.CPU()
			if err := do(&queries[i]); err != nil {
				return nil, err
			}
			if !warm {
				took = append(took, max(float64((kit.CPU()-start).Nanoseconds())/1e6, 1e-4))
			}
		}
	}
	slices.Sort(took)
	return took, nil
}

// at is a percentile of times in order.
func at(took []float64, share float64) kit.Spread {
	last := len(took) - 1
	return kit.Spread{Min: took[0], Median: took[min(int(share*float64(len(took))), last)], Max: took[last], Runs: len(took)}
}

// words is how many the middle one of the texts has.
func words(queries []query) int {
	list := make([]int, len(queries))
	for i := range queries {
		list[i] = len(strings.Fields(queries[i].Query))
	}
	slices.Sort(list)
	return list[len(list)/2]
}

// inUse is the heap after a collection.
func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
