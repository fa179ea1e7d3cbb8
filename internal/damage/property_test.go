package damage_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"tearline"
	"tearline/internal/damage"
	"tearline/release"
)

var ignored = cmpopts.IgnoreUnexported(damage.Tell{}, damage.Portion{})

var owners = []string{"USA", "NLD", "GBR"}

// drawn is a world of some reports, in which a portion rests on earlier ones.
func drawn(t *rapid.T) (*world, []string) {
	w := newWorld()
	var all []string
	for r := range rapid.IntRange(1, 5).Draw(t, "reports") {
		var portions []string
		for p := range rapid.IntRange(1, 4).Draw(t, "portions") {
			text := fmt.Sprintf("p%d %s", p, rapid.SampledFrom(owners).Draw(t, "owner"))
			if len(all) > 0 {
				for _, s := range rapid.SliceOfN(rapid.SampledFrom(all), 0, 3).Draw(t, "sources") {
					text += " " + s
				}
			}
			portions = append(portions, text)
		}
		w.file(fmt.Sprintf("R%d", r), portions...)
		for p := range portions {
			all = append(all, fmt.Sprintf("R%d/p%d", r, p))
		}
	}
	return w, all
}

func set(lists ...[]damage.Portion) map[string]bool {
	out := map[string]bool{}
	for _, p := range slices.Concat(lists...) {
		out[p.Portion] = true
	}
	return out
}

// A larger leak exposes no less; nothing is in two states; every path is one of
// derivations and as long as it is said to be; what is nearer stands first.
func TestPropertySpread(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, all := drawn(t)
		some := rapid.SliceOfN(rapid.SampledFrom(all), 1, 4).Draw(t, "leak")
		more := append(slices.Clone(some), rapid.SliceOfN(rapid.SampledFrom(all), 0, 3).Draw(t, "more")...)
		larger := &world{w.Facts}
		larger.Statements = slices.Clone(w.Statements)
		w.seen("a", strings.Join(some, " "))
		larger.seen("a", strings.Join(more, " "))
		d, l := damage.Assess(&w.Facts), damage.Assess(&larger.Facts)
		subset(t, "in the open", set(d.Open), set(l.Open))
		subset(t, "exposed", set(d.Open, d.Sources), set(l.Open, l.Sources))
		subset(t, "inferred", set(d.Open, d.Sources, d.Inferred), set(l.Open, l.Sources, l.Inferred))
		if n := len(set(d.Open, d.Sources, d.Inferred, d.Unexposed)); n != len(d.Open)+len(d.Sources)+len(d.Inferred)+len(d.Unexposed) {
			t.Fatal("a portion is in two states")
		}
		rests := map[string]bool{}
		for _, e := range d.Edges {
			rests[e.From+" "+e.To] = true
		}
		for _, p := range slices.Concat(d.Sources, d.Inferred) {
			if len(p.Path) != p.Steps+1 || p.Path[p.Steps] != p.Portion || !slices.Contains(some, p.Path[0]) {
				t.Fatalf("%s: path %v of %d steps", p.Portion, p.Path, p.Steps)
			}
			down := false
			for i := range p.Steps {
				from, to := p.Path[i], p.Path[i+1]
				down = down || !rests[from+" "+to]
				if down && !rests[to+" "+from] {
					t.Fatalf("%s: %v is no path up and then down", p.Portion, p.Path)
				}
			}
		}
		if !slices.IsSortedFunc(d.Inferred, func(a, b damage.Portion) int { return a.Steps - b.Steps }) {
			t.Fatal("what is nearer does not stand first")
		}
	})
}

func subset(t *rapid.T, what string, small, large map[string]bool) {
	t.Helper()
	for p := range small {
		if !large[p] {
			t.Fatalf("%s: %s is lost in a larger leak", what, p)
		}
	}
}

// The order of the facts does not matter.
func TestPropertyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, all := drawn(t)
		w.say("NLD", &tearline.Consent{Granted: true, Recipient: "BRA", Portions: refs(strings.Join(all, " "))})
		for range rapid.IntRange(1, 3).Draw(t, "leaks") {
			w.seen(rapid.SampledFrom([]string{"a", "b"}).Draw(t, "where"), strings.Join(rapid.SliceOfN(rapid.SampledFrom(all), 1, 3).Draw(t, "leak"), " "))
		}
		for _, p := range all {
			w.Given = append(w.Given, damage.Given{Portion: ref(p), Party: tearline.PartyID("P" + p[1:2]), At: start})
		}
		one := damage.Assess(&w.Facts)
		dice := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		dice.Shuffle(len(w.Statements), func(i, j int) { w.Statements[i], w.Statements[j] = w.Statements[j], w.Statements[i] })
		dice.Shuffle(len(w.Given), func(i, j int) { w.Given[i], w.Given[j] = w.Given[j], w.Given[i] })
		other := damage.Assess(&w.Facts)
		if diff := cmp.Diff(one, other, ignored); diff != "" {
			t.Fatal(diff)
		}
		if diff := cmp.Diff(one.Notices("m"), other.Notices("m")); diff != "" {
			t.Fatal(diff)
		}
	})
}

// Invariant 6: what an originator is told depends on nothing that is not its
// own. In the second world others' portions, that rest on what there is, are
// filed and leaked as well, others have consented, excluded and agreed.
func TestInvariant06Notices(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, all := drawn(t)
		leak := rapid.SliceOfN(rapid.SampledFrom(all), 1, 4).Draw(t, "leak")
		secret := &world{w.Facts}
		secret.Statements = slices.Clone(w.Statements)
		w.seen("a newspaper", strings.Join(leak, " "))
		seen := w.Leaks[0]
		// FRA's and USA's material that rests on nothing of NLD's, and what
		// NLD has not said.
		var free []string
		for _, p := range all {
			if d := lineageOf(w, p); !d["NLD"] {
				free = append(free, p)
			}
		}
		hidden := leak
		for i := range rapid.IntRange(1, 3).Draw(t, "hidden") {
			text := "p1 " + rapid.SampledFrom([]string{"USA", "FRA", "GBR"}).Draw(t, "by")
			if len(free) > 0 {
				text += " " + rapid.SampledFrom(free).Draw(t, "source")
			}
			secret.file(fmt.Sprintf("H%d", i), text)
			hidden = append(slices.Clone(hidden), fmt.Sprintf("H%d/p1", i))
		}
		secret.say("GBR", &tearline.Consent{Granted: true, Recipient: "BRA", Portions: refs(strings.Join(all, " "))})
		secret.say("GBR", &tearline.Exclusion{Party: "NLD"})
		secret.say("USA", &tearline.Agreement{Name: "x", Parties: [2]tearline.PartyID{"USA", "GBR"}, Inform: true})
		secret.Given = []damage.Given{{Portion: ref(leak[0]), Party: "BRA", At: start, Copy: "AAAA"}}
		secret.At = w.At.Add(time.Hour)
		shown := seen
		shown.Portions = refs(strings.Join(hidden, " "))
		secret.Leaks = []damage.Leak{shown}
		if len(free) > 0 { // one that is none of NLD's, elsewhere and earlier
			secret.Leaks = append(secret.Leaks, damage.Leak{Statement: "other", Known: start, Seen: start.Add(-time.Hour), Where: "a blog", Portions: refs(rapid.SampledFrom(free).Draw(t, "other leak"))})
		}
		plain, other := noticeTo("NLD", w), noticeTo("NLD", secret)
		if diff := cmp.Diff(plain, other, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("NLD sees a difference (-plain +secret):\n%s", diff)
		}
		for _, x := range damage.Assess(&secret.Facts).Notices("") {
			for _, p := range x.Portions {
				if owner(secret, p.Portion) != x.ToldTo {
					t.Fatalf("%s is told of %s", x.ToldTo, p.Portion)
				}
			}
		}
	})
}

func noticeTo(o tearline.PartyID, w *world) []tearline.Exposure {
	return slices.DeleteFunc(damage.Assess(&w.Facts).Notices("m"), func(x tearline.Exposure) bool { return x.ToldTo != o })
}

// lineageOf are the originators of a portion's lineage.
func lineageOf(w *world, portion string) map[string]bool {
	out, todo := map[string]bool{}, refs(portion)
	for len(todo) > 0 {
		r := todo[0]
		todo = todo[1:]
		p := filed(w, r)
		out[string(p.Originator)] = true
		todo = append(todo, p.Sources...)
	}
	return out
}

func filed(w *world, r tearline.PortionRef) tearline.FiledPortion {
	for _, s := range w.Statements {
		if x, ok := s.Says.(*tearline.Filing); ok && x.Report == r.Report {
			for _, p := range x.Portions {
				if p.ID == r.Portion {
					return p
				}
			}
		}
	}
	panic("no portion " + r.String())
}

func owner(w *world, r tearline.PortionRef) tearline.PartyID { return filed(w, r).Originator }

// Which agreements are in force is what decisions take to be so.
func TestPropertyInforms(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		w.file("N", "p1 NLD")
		parties := rapid.SampledFrom([]tearline.PartyID{"USA", "NLD", "FRA"})
		var said []tearline.StatementID
		for range rapid.IntRange(1, 6).Draw(t, "said") {
			if len(said) > 0 && rapid.IntRange(0, 3).Draw(t, "revoke") == 0 {
				w.say(parties.Draw(t, "by"), &tearline.Revocation{Of: rapid.SampledFrom(said).Draw(t, "of")})
				continue
			}
			a, b := parties.Draw(t, "a"), parties.Draw(t, "b")
			if a == b {
				continue
			}
			x := &tearline.Agreement{Name: rapid.SampledFrom([]string{"x", "y"}).Draw(t, "name"), Parties: [2]tearline.PartyID{a, b}, Ceiling: "SECRET", Inform: rapid.Bool().Draw(t, "inform")}
			if rapid.IntRange(0, 3).Draw(t, "ends") == 0 {
				x.Until = start.Add(time.Duration(rapid.IntRange(0, 8).Draw(t, "until")) * time.Minute)
			}
			said = append(said, w.say(rapid.SampledFrom([]tearline.PartyID{a, b}).Draw(t, "by"), x))
		}
		w.seen("", "N/p1")
		f, err := release.NewFacts(w.Statements)
		if err != nil {
			t.Fatal(err)
		}
		d := damage.Assess(&w.Facts)
		if got, want := d.Tell[0].AtOnce, f.Informs("NLD", w.At); got != want {
			t.Fatalf("at once: %v, but decisions take it to be %v", got, want)
		}
	})
}
