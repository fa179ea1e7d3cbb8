package authoring_test

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/leak/authoring"
	"tearline/leak/fingerprint/bound"
)

func TestMeasure(t *testing.T) {
	got := authoring.Measure(wording(t,
		`The crew left {toward|towards} the mole {on 12 March|on March 12} and {bought|purchased|took} a crate of tools{|, a laptop battery,} `+
			`from a dealer who {had come on foot from Tarn|had walked the whole way} that night with a friend.`))
	want := authoring.Capacity{
		Words: 30, Points: 5, Bits: 4 + math.Log2(3), OneSided: 1,
		BySurvival: map[authoring.Survival]int{authoring.Retyping: 2, authoring.HouseStyle: 1, authoring.Paraphrase: 1, authoring.Oral: 1},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if x := got.Per100(); math.Abs(x-500./30) > 1e-9 {
		t.Errorf("%v points per 100 words", x)
	}
	empty := authoring.Measure(tearline.Wording{})
	if empty.Words != 0 || empty.Per100() != 0 || len(empty.BySurvival) != 0 {
		t.Errorf("%+v", empty)
	}
	if diff := cmp.Diff(got, got.Add(empty)); diff != "" {
		t.Error(diff)
	}
	twice := got.Add(got)
	if twice.Words != 60 || twice.Points != 10 || twice.OneSided != 2 || twice.BySurvival[authoring.Retyping] != 4 || twice.Bits != 2*got.Bits {
		t.Errorf("%+v", twice)
	}
}

func TestWordsToName(t *testing.T) {
	c := authoring.Capacity{Words: 100, Points: 4, Bits: 5}
	points := func(copies int) (int, error) { return bound.MinPoints(copies, 1e-6, 0.5, 0) }
	need, err := points(1000)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.WordsToName(1000, points); got != need*20 {
		t.Errorf("%d words for %d points", got, need)
	}
	if got := (authoring.Capacity{Words: 100}).WordsToName(1000, points); got != 0 {
		t.Errorf("without points: %d", got)
	}
	if got := c.WordsToName(1000, func(int) (int, error) { return 0, errors.New("no") }); got != 0 {
		t.Errorf("with an error: %d", got)
	}
}

// TestAuthored: what authors offered by hand is twelve points in 100 words or
// more, and nothing in it is refused.
func TestAuthored(t *testing.T) {
	sum := authoring.Capacity{}
	for _, source := range lines(t, "authored.txt") {
		w := wording(t, source)
		for _, f := range authoring.Lint(w) {
			t.Errorf("%s\n%v", source, f.Fault)
		}
		c := authoring.Measure(w)
		if c.Per100() < 12 || c.OneSided < 2 {
			t.Errorf("%.1f points in 100 words, %d details: %s", c.Per100(), c.OneSided, source)
		}
		sum = sum.Add(c)
	}
	if sum.Words < 400 {
		t.Errorf("%d words", sum.Words)
	}
}

func TestEquivalence(t *testing.T) {
	r := &tearline.Report{Portions: []tearline.Portion{
		{ID: "p1", Wording: wording(t, "Nothing varies here.")},
		{ID: "p2", Wording: wording(t, "The gate was shut. {Two|A pair of} men {|in grey} came “by  boat” to the {gate|door}. It rained.")},
	}}
	got := authoring.Equivalence(r)
	want := []authoring.PortionShown{{ID: "p2", Points: []authoring.PointShown{
		{Number: 1, Alternatives: []string{"Two", "A pair of"}, Sentences: []string{"Two men came “by boat” to the gate.", "A pair of men came “by boat” to the gate."}},
		{Number: 2, Alternatives: []string{"", "in grey"}, Sentences: []string{"Two men came “by boat” to the gate.", "Two men in grey came “by boat” to the gate."}},
		{Number: 3, Alternatives: []string{"gate", "door"}, Sentences: []string{"Two men came “by boat” to the gate.", "Two men came “by boat” to the door."}},
	}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := authoring.Equivalence(&tearline.Report{}); got == nil || len(got) != 0 {
		t.Errorf("%v", got)
	}
}
