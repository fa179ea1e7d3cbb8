package model_test

import (
	"reflect"
	"slices"
	"testing"

	"tearline/bench/peers/model"
)

// configs are small worlds of both kinds.
var configs = []model.Config{
	{Seed: 7, Labels: 128, Parties: 60, Portions: 400},
	{Seed: 11, Labels: 600, Parties: 60, Portions: 400, Listing: true},
}

func generate(t *testing.T, c model.Config) *model.World {
	t.Helper()
	w, err := model.Generate(c)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// Parties of the table below.
const (
	home    = 0 // ORG000, cleared for 4, compartments 1 and 2
	partner = 1 // ORG201, country 2
	distant = 2 // ORG430, country 248, cleared for 1
)

func TestDecide(t *testing.T) {
	parties := []model.Party{
		home:    {Org: 0, Level: 4, Compartments: []uint8{1, 2}},
		partner: {Org: 201, Level: 3},
		distant: {Org: 430, Level: 1},
	}
	if got := []uint8{parties[0].Country(), parties[1].Country(), parties[2].Country()}; !slices.Equal(got, []uint8{0, 2, 248}) {
		t.Fatalf("countries %v", got)
	}
	tests := []struct {
		name    string
		label   model.Label
		consent []uint16
		party   uint32
		want    model.Verdict
	}{
		{"public", model.Label{Release: model.Public}, nil, distant, model.Verdict{Outcome: model.Released, Reasons: model.Uncontrolled}},
		{"home alone", model.Label{}, nil, home, model.Verdict{Outcome: model.Released, Reasons: model.Uncontrolled}},
		{
			"home alone, asked abroad",
			model.Label{Release: model.NoForn},
			nil, partner,
			model.Verdict{Outcome: model.Denied, Reasons: model.NotHome | model.Uncontrolled},
		},
		{
			"every reason at once",
			model.Label{Level: 2, Compartments: []uint8{7}, Orcon: true, Release: model.RelTo, Countries: []uint8{0, 1}, Coalitions: []uint8{0}},
			nil, distant,
			model.Verdict{Outcome: model.Denied, Reasons: model.BelowLevel | model.LacksCompartment | model.NotListed | model.NeedsConsent},
		},
		{
			"one compartment of two",
			model.Label{Compartments: []uint8{2, 3}},
			nil, home,
			model.Verdict{Outcome: model.Denied, Reasons: model.LacksCompartment | model.Uncontrolled},
		},
		{
			"named by the coalition",
			model.Label{Release: model.RelTo, Countries: []uint8{0}, Coalitions: []uint8{3}},
			nil, partner,
			model.Verdict{Outcome: model.Released, Reasons: model.Uncontrolled},
		},
		{
			"controlled",
			model.Label{Release: model.Public, Orcon: true, Originator: 5},
			nil, home,
			model.Verdict{Outcome: model.Referred, Reasons: model.NeedsConsent},
		},
		{
			"controlled, with consent",
			model.Label{Release: model.Public, Orcon: true, Originator: 5},
			[]uint16{9, 201},
			partner,
			model.Verdict{Outcome: model.Released, Reasons: model.Consented},
		},
		{
			"controlled, its own",
			model.Label{Release: model.Public, Orcon: true, Originator: 201},
			nil, partner,
			model.Verdict{Outcome: model.Released, Reasons: model.OwnPortion},
		},
		{
			"of a third country",
			model.Label{Release: model.Public, Originator: 201},
			nil, distant,
			model.Verdict{Outcome: model.Referred, Reasons: model.NeedsConsent},
		},
		{
			"of the same country",
			model.Label{Release: model.Public, Originator: 205},
			nil, partner,
			model.Verdict{Outcome: model.Released, Reasons: model.Uncontrolled},
		},
	}
	for _, test := range tests {
		w := &model.World{Labels: []model.Label{test.label}, Parties: parties, Label: []uint16{0}}
		w.SetMember(3, 2, true)
		for _, org := range test.consent {
			w.SetConsent(0, org, true)
		}
		if got := w.Decide(test.party, 0); got != test.want {
			t.Errorf("%s: %+v, want %+v", test.name, got, test.want)
		}
	}
}

// TestBits compares the bitsets and the counters with the plain functions, for
// every party and portion.
func TestBits(t *testing.T) {
	for _, c := range configs {
		w := generate(t, c)
		bits := model.NewBits(w)
		counters := model.NewListing(bits)
		seen := map[model.Outcome]int{}
		for p := range uint32(len(w.Parties)) {
			for x := range uint32(len(w.Label)) {
				want := w.Decide(p, x)
				if got := bits.Verdict(p, x); got != want {
					t.Fatalf("party %d, portion %d: %+v, want %+v", p, x, got, want)
				}
				if got := bits.Outcome(p, x); got != want.Outcome {
					t.Fatalf("party %d, portion %d: %v, want %v", p, x, got, want.Outcome)
				}
				seen[want.Outcome]++
			}
			want, page := w.List(p)
			if got := counters.Count(p); got != want {
				t.Fatalf("party %d: %d counted, want %d", p, got, want)
			}
			if len(page) != min(want, model.PageSize) || !slices.IsSortedFunc(page, func(a, b uint32) int { return int(b) - int(a) }) {
				t.Fatalf("party %d: page %v of %d", p, page, want)
			}
		}
		if len(seen) != 3 {
			t.Errorf("outcomes %v, want all three", seen)
		}
	}
}

// TestGenerate pins a world: figures of different days are of the same one.
func TestGenerate(t *testing.T) {
	for i, c := range configs {
		w := generate(t, c)
		if again := generate(t, c); !reflect.DeepEqual(w, again) {
			t.Error("not the same world twice")
		}
		released := 0
		for p := range uint32(len(w.Parties)) {
			n, _ := w.List(p)
			released += n
		}
		if want := []int{8913, 6929}[i]; released != want {
			t.Errorf("world %d: %d released, want %d", i, released, want)
		}
	}
	if _, err := model.Generate(model.Config{Labels: 1 << 16, Parties: 1, Portions: 1}); err == nil {
		t.Error("more labels than there are numbers for")
	}
}

func TestPairs(t *testing.T) {
	w := generate(t, configs[0])
	pairs, err := w.Pairs(7, 1024)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[model.Outcome]int{}
	for _, p := range pairs {
		seen[w.Decide(p.Party, p.Portion).Outcome]++
	}
	want := map[model.Outcome]int{model.Released: 512, model.Denied: 307, model.Referred: 205}
	if !reflect.DeepEqual(seen, want) {
		t.Errorf("%v, want %v", seen, want)
	}
}

// TestClustered looks at the order: what the party may have comes first, and
// nothing is lost.
func TestClustered(t *testing.T) {
	w := generate(t, configs[1])
	party := model.NewListing(model.NewBits(w)).Nearest(.1)
	want, _ := w.List(party)
	if want == 0 || want == len(w.Label) {
		t.Fatalf("the party sees %d", want)
	}
	c := w.Clustered(party)
	for x := range uint32(len(c.Label)) {
		if got := c.Decide(party, x).Outcome == model.Released; got != (int(x) < want) {
			t.Errorf("portion %d of %d visible ones: released is %t", x, want, got)
		}
	}
	for p := range uint32(len(w.Parties)) {
		before, _ := w.List(p)
		if after, _ := c.List(p); after != before {
			t.Errorf("party %d sees %d, want %d", p, after, before)
		}
	}
}

// TestChanges makes each change and takes it back.
func TestChanges(t *testing.T) {
	label := model.Label{Release: model.RelTo, Coalitions: []uint8{6}, Originator: 5, Orcon: true}
	w := &model.World{Labels: []model.Label{label}, Parties: []model.Party{{Org: 201}}, Label: []uint16{0}}
	expect := func(when string, want model.Outcome) {
		t.Helper()
		if got := w.Decide(0, 0).Outcome; got != want {
			t.Errorf("%s: %v, want %v", when, got, want)
		}
	}
	expect("at first", model.Denied)
	w.SetMember(6, 2, true)
	expect("a member", model.Referred)
	w.SetConsent(0, 201, true)
	expect("with consent", model.Released)
	w.SetConsent(0, 201, false)
	expect("consent taken back", model.Referred)
	w.SetAgreement(5, 201, true)
	expect("with an agreement", model.Released)
	w.SetMember(6, 2, false)
	expect("no member, but with an agreement", model.Released)
	w.SetAgreement(5, 201, false)
	expect("no member", model.Denied)
}
