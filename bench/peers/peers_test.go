package main

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"tearline/bench/kit"
	"tearline/bench/kit/kittest"
	"tearline/bench/peers/model"
)

// tiny is enough of everything to see that it runs.
var tiny = amount{
	effort: kit.Effort{Reps: 2, Slot: 50 * time.Microsecond, Long: time.Millisecond, Few: 2},
	pairs:  40, fga: 8, random: 2000, statements: 10, buffers: "16MB",
	decide:  model.Config{Seed: 7, Labels: 64, Parties: 40, Portions: 60},
	listing: model.Config{Seed: 11, Labels: 600, Parties: 60, Portions: 1000, Listing: true}, large: 2000,
}

// plain is an engine that asks the model.
type plain struct {
	w     *model.World
	wrong bool // denies what needs consent
}

func (p *plain) Build(w *model.World) error { p.w = w; return nil }

func (p *plain) Decide(party, portion uint32) model.Verdict {
	v := p.w.Decide(party, portion)
	if p.wrong && v.Outcome == model.Referred {
		v.Outcome = model.Denied
	}
	return v
}

func (p *plain) Explain(dst []byte, _, _ uint32) []byte { return append(dst, "because"...) }

func (p *plain) Count(party uint32) (int, error) {
	n, _ := p.w.List(party)
	return n, nil
}

func (p *plain) Page(dst []uint32, party uint32) ([]uint32, error) {
	_, page := p.w.List(party)
	return append(dst, page...), nil
}

func (p *plain) SetConsent(portion uint32, org uint16, given bool) error {
	p.w.SetConsent(portion, org, given)
	return nil
}

func (p *plain) SetMember(coalition, country uint8, member bool) error {
	p.w.SetMember(coalition, country, member)
	return nil
}

func (p *plain) SetAgreement(originator, recipient uint16, made bool) error {
	p.w.SetAgreement(originator, recipient, made)
	return nil
}

func (p *plain) Size() int64 { return 1 }

func (p *plain) Statements(int) (func() error, error) {
	return func() error { return nil }, nil
}

// hold puts an engine into the slot for the time of a test.
func hold(t *testing.T, e engine) {
	t.Helper()
	before := ourEngine
	ourEngine = func() (engine, error) { return e, nil }
	t.Cleanup(func() { ourEngine = before })
}

// TestBenchmarks runs each benchmark at its smallest, with a stand-in for
// Tearline, and checks the shape of its lines.
func TestBenchmarks(t *testing.T) {
	hold(t, &plain{})
	p := program
	p.Full = tiny
	if testing.Short() { // these start servers
		p.Benchmarks = slices.DeleteFunc(slices.Clone(p.Benchmarks), func(b kit.Benchmark[*bench]) bool {
			return b.Name == "openfga" || strings.HasPrefix(b.Name, "postgres")
		})
	}
	kittest.All(t, &p)
}

// TestEmptySlot sees that nothing is said of Tearline while it is not there.
func TestEmptySlot(t *testing.T) {
	before := ourEngine
	ourEngine = nil
	t.Cleanup(func() { ourEngine = before })
	var out bytes.Buffer
	if code := program.Run(t.Context(), []string{"tearline", "--json"}, &out, io.Discard); code != 0 || out.Len() != 0 {
		t.Errorf("exit %d and %q, want 0 and nothing", code, out.String())
	}
}

// TestWrongAnswer sees that a wrong engine is not measured.
func TestWrongAnswer(t *testing.T) {
	hold(t, &plain{wrong: true})
	b := newBench(&kit.Bench{Ctx: t.Context(), Dir: t.TempDir()}, tiny)
	if err := benchTearline(b); err == nil {
		t.Error("a wrong verdict was measured")
	}
	q, err := b.questions()
	if err != nil {
		t.Fatal(err)
	}
	last := len(q.pairs) - 1
	err = b.decision("wrong in the last", q, func(i int) (bool, error) {
		p := q.pairs[i]
		released := q.world.Decide(p.Party, p.Portion).Outcome == model.Released
		return released != (i == last), nil
	})
	if err == nil {
		t.Error("a wrong answer was measured")
	}
	a, err := b.archive(b.listing.Portions)
	if err != nil {
		t.Fatal(err)
	}
	c := &a.cases[1]
	if err := b.counting("one too many", c, kit.CPU, func() (int, error) { return c.count + 1, nil }); err == nil {
		t.Error("a wrong count was measured")
	}
	if err := b.paging("too short", c, kit.CPU, func() ([]uint32, error) { return c.page[1:], nil }); err == nil {
		t.Error("a wrong page was measured")
	}
}
