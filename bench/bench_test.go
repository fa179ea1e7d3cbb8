package main

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"
	"time"

	"tearline/bench/kit"
	"tearline/bench/kit/kittest"
	"tearline/codec"
)

// tiny is enough of everything to see that it runs.
var tiny = amount{
	effort:  kit.Effort{Reps: 2, Slot: 100 * time.Microsecond, Long: time.Millisecond, Few: 2},
	reports: 60, imports: 1, leaves: 600, rows: 300, appends: 5,
	tessera: 2, world: 200, held: 300, marks: 500, copies: 3, calls: 2, asked: 100,
}

// TestBenchmarks runs each benchmark at its smallest and checks the shape of
// its lines.
func TestBenchmarks(t *testing.T) {
	p := program
	p.Full = tiny
	kittest.All(t, &p)
}

// TestReports: what is generated is always the same, is read without a fault,
// and is what it is said to be.
func TestReports(t *testing.T) {
	if n := len(marks()); n < 55 || n > 60 {
		t.Errorf("%d distinct marks", n)
	}
	const n = 1000
	lines, err := newGenerator(1).lines(n)
	if err != nil {
		t.Fatal(err)
	}
	again, err := newGenerator(1).lines(n)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.EqualFunc(lines, again, bytes.Equal) {
		t.Error("two generators differ")
	}
	dec := codec.NewDecoder(bytes.NewReader(bytes.Join(lines, nil)))
	var portions, text, points, sources, tears int
	seen := map[string]bool{}
	for {
		_, r, err := dec.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		for i := range r.Portions {
			p := &r.Portions[i]
			if p.ID == "title" {
				continue
			}
			portions++
			seen[p.Marking.Portion()] = true
			text += len(p.Wording.Source())
			if p.Wording.Points() > 0 {
				points++
			}
			if len(p.Sources) > 0 {
				sources++
			}
			if p.Tear != nil {
				tears++
			}
		}
	}
	for what, x := range map[string]struct{ got, low, high int }{
		"portions":               {portions, n * portionsEach, n * portionsEach},
		"marks":                  {len(seen), 50, 60},
		"bytes a portion":        {text / portions, 270, 330},
		"% with alternatives":    {100 * points / portions, 8, 12},
		"% with sources":         {100 * sources / portions, 17, 23},
		"% with tear-line words": {100 * tears / portions, 2, 12},
	} {
		if x.got < x.low || x.got > x.high {
			t.Errorf("%s: %d, want %d to %d", what, x.got, x.low, x.high)
		}
	}
}

// TestWorld: decisions are made among statements enough, at lineages of the
// depth that is claimed.
func TestWorld(t *testing.T) {
	w, err := newWorld(short.world)
	if err != nil {
		t.Fatal(err)
	}
	if len(w.statements) < 500 {
		t.Errorf("%d statements", len(w.statements))
	}
}
