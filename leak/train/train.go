// Package train learns from texts of which it is known what they draw on: the
// weights of the evidence ([Fit]), and how often chance does well in a
// particular archive ([Calibrate]). Both hold the texts against archives as a
// search does, and look at what the evidence was for right and wrong portions.
//
// It may not judge a text itself, and keeps nothing of the texts but numbers.
package train

import (
	"cmp"
	"context"
	"errors"
	"math"
	"runtime"
	"slices"
	"sync"

	"tearline"
	"tearline/leak/match"
	"tearline/leak/weights"
)

// A Lesson is a text of which it is known what it draws on.
type Lesson struct {
	Text string
	// DrawsOn are the portions that it draws on: the right answers, all
	// equally. Empty for a text that draws on nothing.
	DrawsOn []tearline.PortionRef
	// Related is true of a text that draws on nothing but reports the same
	// events: it says what is no evidence, but nothing about chance.
	Related bool
}

const (
	// reuse is how many bits an unrelated text must have for a person to look
	// whether it is one: such a lesson is left out.
	reuse = 3
	// Of each text's wrong candidates, the best so many are learned from, at
	// first and when it is known which are the hardest.
	firstWrong, hardWrong = 12, 4
	// What is evidence is learned from the largest archive and those of a
	// largeArchive-th of it or more: it is hardest there.
	largeArchive = 20
	// What a candidate of an unrelated text weighs, of that of another.
	unrelatedWeight = 2
)

// A pupil is a lesson with its candidates.
type pupil struct {
	Lesson
	x     [][]float64
	right []bool
	text  weights.Text
}

// Fit learns weights from lessons, each held against every archive. The
// archives should differ in size: how often chance does well depends on it.
// More than a hundred texts must draw on nothing. Deterministic; progress, if
// not nil, is told how many texts of how many were read.
func Fit(ctx context.Context, archives []*match.Archive, lessons []Lesson, from string, progress func(done, of int)) (*weights.Weights, error) {
	var pupils []pupil
	large := 0 // where those of large archives begin
	archives = slices.Clone(archives)
	slices.SortStableFunc(archives, func(a, b *match.Archive) int { return cmp.Compare(a.Len(), b.Len()) })
	for i, a := range archives {
		if most := archives[len(archives)-1].Len(); a.Len()*largeArchive < most {
			large = (i + 1) * len(lessons)
		}
		part, err := read(ctx, a, lessons, func(done int) {
			if progress != nil {
				progress(i*len(lessons)+done, len(archives)*len(lessons))
			}
		})
		if err != nil {
			return nil, err
		}
		pupils = append(pupils, part...)
	}
	w := &weights.Weights{From: from}
	for round := range 3 {
		var examples []weights.Example
		for i := large; i < len(pupils); i++ {
			examples = append(examples, pupils[i].examples(&w.Model, round)...)
		}
		m, err := weights.Train(match.Kinds(), examples)
		if err != nil {
			return nil, err
		}
		w.Model = *m
	}
	unrelated := make([]weights.Unrelated, 0, len(pupils))
	for i := range pupils {
		if p := &pupils[i]; len(p.DrawsOn) == 0 && !p.Related {
			unrelated = append(unrelated, p.unrelated(&w.Model))
		}
	}
	var err error
	w.Chance, err = weights.FitChance(unrelated, reuse)
	return w, err
}

// read finds the candidates of every lesson, on all processors.
func read(ctx context.Context, a *match.Archive, lessons []Lesson, done func(int)) ([]pupil, error) {
	out := make([]pupil, len(lessons))
	errs := make([]error, len(lessons))
	next := make(chan int)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			s := a.NewSearcher()
			for i := range next {
				out[i], errs[i] = newPupil(a, s, lessons[i])
			}
		})
	}
	for i := range lessons {
		if ctx.Err() != nil {
			break
		}
		next <- i
		done(i + 1)
	}
	close(next)
	wg.Wait()
	return out, errors.Join(append(errs, ctx.Err())...)
}

func newPupil(a *match.Archive, s *match.Searcher, lesson Lesson) (pupil, error) {
	p := pupil{Lesson: lesson}
	l, err := match.Prepare(lesson.Text)
	if err != nil {
		return p, err
	}
	found, err := s.Candidates(l)
	if err != nil {
		return p, err
	}
	p.text = a.Chances(l)
	seen := map[tearline.PortionRef]bool{}
	for _, c := range found {
		if seen[c.Ref] {
			continue
		}
		seen[c.Ref] = true
		p.x = append(p.x, c.Evidence)
		p.right = append(p.right, slices.Contains(p.DrawsOn, c.Ref))
	}
	return p, nil
}

// examples are what is learned from in a round; from the second on, the wrong
// candidates that the model thinks most of.
func (p *pupil) examples(m *weights.Model, round int) []weights.Example {
	var out []weights.Example
	type wrong struct {
		x    []float64
		bits float64
	}
	var list []wrong
	for i, x := range p.x {
		if p.right[i] {
			out = append(out, weights.Example{X: x, Draws: true, Weight: 1})
			continue
		}
		w := wrong{x, -float64(i)}
		if round > 0 {
			w.bits = m.Bits(x)
		}
		list = append(list, w)
	}
	slices.SortStableFunc(list, func(a, b wrong) int { return cmp.Compare(b.bits, a.bits) })
	weight, most := 1.0, firstWrong
	if unrelated := len(p.DrawsOn) == 0 && !p.Related; unrelated {
		if weight = unrelatedWeight; round > 0 && len(list) > 0 && list[0].bits > reuse {
			return nil
		}
	}
	if round > 0 {
		most = hardWrong
	}
	for _, w := range list[:min(len(list), most)] {
		out = append(out, weights.Example{X: w.x, Weight: weight})
	}
	return out
}

// unrelated is what a text that draws on nothing scored.
func (p *pupil) unrelated(m *weights.Model) weights.Unrelated {
	u := weights.Unrelated{Text: p.text}
	for _, x := range p.x {
		u.Bits = append(u.Bits, m.Bits(x))
	}
	slices.Sort(u.Bits)
	slices.Reverse(u.Bits)
	return u
}

// Calibrate holds texts against the archive of which it is known that they draw
// on nothing in it but what they name (decoys), and returns by what factor
// chance does better here than the weights say: from 1 to 4, and 1 for fewer than
// 50 texts. It never says that chance does worse: an archive's own texts are
// shorter than what is published, and more of a kind. A decoy that does draw on something else, by the weights, says
// nothing.
func Calibrate(ctx context.Context, a *match.Archive, w *weights.Weights, decoys []Lesson) (float64, error) {
	if len(decoys) < leastDecoys {
		return 1, nil
	}
	pupils, err := read(ctx, a, decoys, func(int) {})
	if err != nil {
		return 1, err
	}
	reach, of := 0.0, 0.0
	for i := range pupils {
		u := pupils[i].without().unrelated(&w.Model)
		if len(u.Bits) > 0 && u.Bits[0] > reuse {
			continue
		}
		of++
		if len(u.Bits) > 0 && w.Chance.Expect(u.Text, u.Bits[0]) <= 1 {
			reach++
		}
	}
	if of < leastDecoys {
		return 1, nil
	}
	// Where one is expected, 63 % of texts have one, and 37 % none.
	none := max(1-reach/of, 1e-3)
	return max(1, min(4, -math.Log(none))), nil
}

// leastDecoys is how many texts can say anything of chance.
const leastDecoys = 50

// without is the pupil without the portions that its text does draw on.
func (p *pupil) without() *pupil {
	out := &pupil{text: p.text}
	for i, x := range p.x {
		if !p.right[i] {
			out.x = append(out.x, x)
		}
	}
	return out
}
