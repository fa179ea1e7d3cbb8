package main

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"

	"tearline/bench/kit"
	"tearline/leak/match"
	"tearline/leak/train"
)

// benchRecall finds, for each kind of leak, how often the right portion is
// first and better than all but 1 % (0.1 %) of the texts that draw on nothing,
// by E-value.
func benchRecall(b *bench) error {
	for _, n := range b.sizes {
		a, err := b.archive(n)
		if err != nil {
			return missing(err)
		}
		queries := b.some(false)
		answers, err := ask(b.Ctx, a, queries)
		if err != nil {
			return err
		}
		b.recallAt(n, answers, b.quoting(n, queries))
	}
	return nil
}

// A rated is what a search made of a query, whoever searched.
type rated struct {
	*query
	first, ten bool    // the right portion is first, among ten
	score      float64 // of the first, more is better
}

// rate has scores that order texts as E-values do.
func (a *answer) rate() rated {
	r := rated{query: &a.query, score: math.Inf(-1)}
	if len(a.matches) > 0 {
		r.first, r.score = a.right(a.matches[0]), -math.Log(a.matches[0].EValue)
	}
	r.ten = slices.ContainsFunc(a.matches[:min(len(a.matches), 10)], a.right)
	return r
}

func (a *answer) right(m match.Match) bool {
	return slices.Contains(a.Relevant, string(m.Ref.Report))
}

// above returns the score above which is no more than a share of the texts of a
// sort that draw on nothing: with few of them, that of the best.
func above(list []rated, quoting map[string]bool, article, news bool, share float64) float64 {
	var all []float64
	for _, r := range list {
		if r.unrelated() && r.article() == article && !quoting[r.ID] && (r.news() || !news) {
			all = append(all, r.score)
		}
	}
	if len(all) == 0 {
		return math.Inf(1)
	}
	slices.Sort(all)
	return all[len(all)-1-int(share*float64(len(all)))]
}

// goals are the percentages to be reached: first at 1 % and at 0.1 % of
// unrelated texts, and among ten.
var goals = map[string][3]float64{
	"syn-verbatim1": {99, 97, 98}, "syn-light": {100, 97, 98}, "syn-heavy": {90, 70, 98},
	"inart-verbatim1": {96, 90, 98}, "inart-light": {100, 97, 98}, "inart-heavy": {85, 65, 98},
	"msrp-para": {85, 70, 98}, "pan-para": {80, 60, 98}, "inart-msrp-para": {70, 45, 98}, "inart-pan-para": {50, 30, 92},
	"reuters-extract": {0, 0, 98},
}

// recallAt adds the lines of one size of archive. The score for 1 % is that of
// news, as books are easier; the one for 0.1 % is that of all, and no lower.
func (b *bench) recallAt(n int, answers []answer, quoting map[string]bool) {
	list := make([]rated, len(answers))
	unrelated := 0
	kinds := map[string][]rated{}
	for i := range answers {
		list[i] = answers[i].rate()
		if answers[i].unrelated() {
			unrelated++
		}
		if len(answers[i].Relevant) > 0 {
			kinds[answers[i].Kind] = append(kinds[answers[i].Kind], list[i])
		}
	}
	size := kit.Number(float64(n)) + " portions"
	b.Add(fmt.Sprintf("%s: left out of %d unrelated texts, as they quote %d words in a row that at most %d portions have", size, unrelated, run, fewPortions),
		"%", kit.One(percent(len(quoting), unrelated)), kit.Goal{})
	for _, k := range slices.Sorted(maps.Keys(kinds)) {
		article := kinds[k][0].article()
		one := above(list, quoting, article, true, .01)
		tenth := max(one, above(list, quoting, article, false, .001))
		var first, ten, at1, at01 int
		for _, r := range kinds[k] {
			first += count(r.first)
			ten += count(r.ten)
			at1 += count(r.first && r.score > one)
			at01 += count(r.first && r.score > tenth)
		}
		what := fmt.Sprintf("%s, %s, n = %d: ", k, size, len(kinds[k]))
		of := len(kinds[k])
		b.Add(what+"first", "%", kit.One(percent(first, of)), kit.Goal{})
		b.Add(what+"among ten", "%", kit.One(percent(ten, of)), kit.AtLeast(goals[k][2]))
		b.Add(what+"first at 1 %", "%", kit.One(percent(at1, of)), kit.AtLeast(goals[k][0]))
		b.Add(what+"first at 0.1 %", "%", kit.One(percent(at01, of)), kit.AtLeast(goals[k][1]))
	}
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func percent(n, of int) float64 { return 100 * float64(n) / float64(max(of, 1)) }

// benchEValue counts false matches in texts that draw on nothing: no more than
// was promised is the goal.
func benchEValue(b *bench) error {
	for _, n := range b.sizes {
		a, err := b.archive(n)
		if err != nil {
			return missing(err)
		}
		queries := slices.DeleteFunc(b.some(false), func(q query) bool { return !q.unrelated() })
		answers, err := ask(b.Ctx, a, queries)
		if err != nil {
			return err
		}
		quoting := b.quoting(n, queries)
		for _, claim := range []float64{1, .1, .01} {
			for _, sort := range sorts {
				matches, of := 0, 0
				for i := range answers {
					x := &answers[i]
					if quoting[x.ID] || !sort.has(&x.query) {
						continue
					}
					of++
					for _, m := range x.matches {
						matches += count(m.EValue <= claim)
					}
				}
				b.Add(fmt.Sprintf("%s portions, E ≤ %g: false matches in 100 %s that draw on nothing, n = %d", kit.Number(float64(n)), claim, sort.name, of),
					"%", kit.One(percent(matches, of)), kit.AtMost(100*claim))
			}
		}
	}
	return nil
}

// sorts are the unrelated texts that are counted apart.
var sorts = []struct {
	name string
	has  func(*query) bool
}{
	{"texts", func(*query) bool { return true }},
	{"news articles", func(q *query) bool { return q.article() && q.news() }},
	{"articles", func(q *query) bool { return q.article() }},
	{"sentences", func(q *query) bool { return !q.article() }},
}

// overlaps are the goals of the passages found.
var overlaps = map[string]float64{"inart-verbatim1": 95, "inart-light": 95, "inart-heavy": 70, "inart-msrp-para": 80, "inart-pan-para": 80}

// benchSpans measures the overlap of passages: the intersection with the true
// one by the union, in bytes of the leak, where the right portion was found.
func benchSpans(b *bench) error {
	n := b.sizes[len(b.sizes)-1]
	a, err := b.archive(n)
	if err != nil {
		return missing(err)
	}
	for _, kind := range inArticle {
		answers, err := ask(b.Ctx, a, b.ofKind(kind, b.perKind))
		if err != nil {
			return err
		}
		sum, found := 0.0, 0
		for i := range answers {
			x := &answers[i]
			k := slices.IndexFunc(x.matches, x.right)
			if len(x.Span) != 2 || k < 0 || x.matches[k].Kind == match.Weak {
				continue
			}
			sum += overlap(x.matches[k].Spans, x.Span)
			found++
		}
		if found > 0 {
			b.Add(fmt.Sprintf("%s, %s portions, %d found of %d: overlap with the true passage", kind, kit.Number(float64(n)), found, len(answers)),
				"%", kit.One(100*sum/float64(found)), kit.AtLeast(overlaps[kind]))
		}
	}
	return nil
}

// overlap is the bytes that are in both by those that are in either.
func overlap(spans []match.Span, truth []int) float64 {
	in, found := 0, 0
	for _, s := range spans {
		found += s.Leak[1] - s.Leak[0]
		in += max(0, min(s.Leak[1], truth[1])-max(s.Leak[0], truth[0]))
	}
	return float64(in) / float64(found+truth[1]-truth[0]-in)
}

// benchTrain fits the weights.
func benchTrain(b *bench) (err error) {
	name := os.Getenv("TEARLINE_WEIGHTS")
	if name == "" {
		fmt.Fprintln(os.Stderr, "TEARLINE_WEIGHTS names no file: nothing is fitted")
		return nil
	}
	var archives []*match.Archive
	for _, n := range b.sizes {
		a, err := b.archive(n)
		if err != nil {
			return missing(err)
		}
		archives = append(archives, a.Archive)
	}
	var lessons []train.Lesson
	for _, q := range b.some(true) {
		l := train.Lesson{Text: q.Query, Related: q.Kind == near}
		for _, id := range q.Relevant {
			l.DrawsOn = append(l.DrawsOn, refOf(id))
		}
		lessons = append(lessons, l)
	}
	from := fmt.Sprintf("%d texts of the development data against archives of %v portions", len(lessons), b.sizes)
	start := kit.CPU()
	w, err := train.Fit(b.Ctx, archives, lessons, from, nil)
	if err != nil {
		return err
	}
	b.Add("fit the weights to "+from+", CPU", "s", kit.One((kit.CPU() - start).Seconds()), kit.Goal{})
	f, err := os.Create(name) //nolint:gosec // the file that was asked for
	if err != nil {
		return err
	}
	return errors.Join(w.Write(f), f.Close())
}
