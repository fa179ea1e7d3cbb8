package release_test

import (
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/release"
)

// The exhaustive test plays every sequence of statements up to a length, in a
// world of three parties and two levels. The environment variable
// exhaustiveVar says how far: "full" is all sequences up to length 5.
const (
	exhaustiveVar = "TEARLINE_EXHAUSTIVE"
	// everyTime is the length up to which a sequence is asked about before
	// and between its statements as well, not only after the last.
	everyTime = 3
)

// smallMarks are those of the small world, level S or U: the partner's portion
// and the holder's that rests on it.
var smallMarks = [][2]string{
	{"(U)", "(U)"},
	{"(S)", "(S//REL TO USA, FRA)"},
	{"(S//REL TO USA, FRA, GBR)", "(S)"},
	{"(S//OC/REL TO USA, FRA, GBR)", "(S//OC/REL TO USA, FRA)"},
	{"(S//NF)", "(S//NF)"},
}

// smallWorld is what was said before the sequence begins: who the three are,
// and what the holder USA holds, its own and of GBR.
func smallWorld() *world {
	w := new(world)
	for _, p := range []tearline.PartyID{"USA", "GBR", "FRA"} {
		w.say("USA", day(0), &tearline.PartyRecord{Party: p})
	}
	var theirs, ours []tearline.FiledPortion
	for i, m := range smallMarks {
		g, p := tearline.PortionID(fmt.Sprintf("g%d", i+1)), tearline.PortionID(fmt.Sprintf("p%d", i+1))
		theirs = append(theirs, portion(g, "GBR", m[0]))
		ours = append(ours, portion(p, "USA", m[1], "G1/"+string(g)))
	}
	w.file("G1", theirs...)
	w.file("R1", ours...)
	return w
}

// A letter of the alphabet is something that can be said.
type letter struct {
	name string
	says func(w *world, at time.Time)
}

// alphabet returns what can be said in the small world.
func alphabet() []letter {
	var theirs, ours []tearline.PortionRef
	for i := range smallMarks {
		theirs = append(theirs, refs(fmt.Sprintf("G1/g%d", i+1))...)
		ours = append(ours, refs(fmt.Sprintf("R1/p%d", i+1))...)
	}
	all := slices.Concat(theirs, ours)
	twoDays := func(at time.Time) tearline.Term { return tearline.Term{Until: at.Add(48 * time.Hour)} }
	alpha := func(by tearline.PartyID, onward tearline.Onward) func(*world, time.Time) {
		return func(w *world, at time.Time) {
			w.say(by, at, &tearline.Agreement{Name: "alpha", Parties: [2]tearline.PartyID{"USA", "GBR"}, Ceiling: "SECRET", Onward: onward})
		}
	}
	return []letter{
		{"GBR consents for FRA, naming its portions and those that rest on them", func(w *world, at time.Time) {
			w.say("GBR", at, &tearline.Consent{Granted: true, Recipient: "FRA", Portions: all})
		}},
		{"GBR consents for FRA, naming its own portions only, for two days", func(w *world, at time.Time) {
			w.say("GBR", at, &tearline.Consent{Granted: true, Recipient: "FRA", Portions: theirs, Term: twoDays(at)})
		}},
		{"USA consents for FRA, naming its own portions and GBR's", func(w *world, at time.Time) {
			w.say("USA", at, &tearline.Consent{Granted: true, Recipient: "FRA", Portions: all})
		}},
		{"GBR refuses FRA, and USA discloses at discretion", func(w *world, at time.Time) {
			w.say("GBR", at, &tearline.Consent{Recipient: "FRA", Portions: all})
			w.say("USA", at, &tearline.Discretion{
				Portions: all, Recipient: "FRA", Modes: []tearline.Mode{tearline.Document}, Because: "lives are at risk", Authority: "the director",
			})
		}},
		{"GBR declassifies its portions", func(w *world, at time.Time) {
			w.say("GBR", at, &tearline.Declassification{Portions: theirs, Because: "the reason has passed", Authority: "the minister"})
		}},
		{"USA declassifies its portions, and GBR's that are not its own", func(w *world, at time.Time) {
			w.say("USA", at, &tearline.Declassification{Portions: all, Because: "the reason has passed", Authority: "the director"})
		}},
		{"GBR excludes FRA", func(w *world, at time.Time) { w.say("GBR", at, &tearline.Exclusion{Party: "FRA"}) }},
		{"USA holds FRA tied to GBR, and excludes GBR with its ties", func(w *world, at time.Time) {
			w.say("USA", at, &tearline.Tie{Party: "FRA", To: "GBR"})
			w.say("USA", at, &tearline.Exclusion{Party: "GBR", Ties: true})
		}},
		{"GBR agrees with USA (alpha): never onward", alpha("GBR", tearline.OnwardNever)},
		{"USA agrees with GBR (alpha): onward freely", alpha("USA", tearline.OnwardFree)},
		{"USA agrees with GBR (bravo): both consent in advance for FRA up to SECRET", func(w *world, at time.Time) {
			w.say("USA", at, &tearline.Agreement{
				Name: "bravo", Parties: [2]tearline.PartyID{"GBR", "USA"}, Ceiling: "SECRET", Onward: tearline.OnwardAsk,
				Standing: []tearline.StandingConsent{
					{By: "GBR", UpTo: "SECRET", To: []tearline.PartyID{"FRA"}}, {By: "USA", UpTo: "SECRET", To: []tearline.PartyID{"FRA", "GBR"}},
				},
			})
		}},
		{"USA agrees with FRA (charlie): up to UNCLASSIFIED", func(w *world, at time.Time) {
			w.say("USA", at, &tearline.Agreement{Name: "charlie", Parties: [2]tearline.PartyID{"USA", "FRA"}, Ceiling: "UNCLASSIFIED"})
		}},
		{"GBR puts its report under embargo for two days", func(w *world, at time.Time) {
			w.say("GBR", at, &tearline.Embargo{Report: "G1", Term: twoDays(at)})
		}},
		{"whoever spoke last takes that back", func(w *world, at time.Time) {
			last := w.statements[len(w.statements)-1]
			if _, filed := last.Says.(*tearline.Filing); !filed { // what nobody said yet, nobody can take back
				w.say(last.By, at, &tearline.Revocation{Of: last.ID})
			}
		}},
	}
}

// A tally counts what was played, over all shards.
type tally struct {
	worlds, decided, replayed atomic.Int64
	mu                        sync.Mutex
	came                      map[string]int // what sequences up to length everyTime came to
}

// outcomes is what they must come to: every outcome and every basis is there.
var outcomes = map[string]int{
	"deny": 71950, "refer": 49308,
	"release marking": 79351, "release agreement": 789, "release declassification": 18540,
	"release standing_consent": 5720, "release consent": 6202,
}

// TestNoReleaseWithoutItsReason plays all sequences of statements up to a
// length: after each (for short ones: before and between its statements, too)
// Decide comes to the same as the naive reference, no release lacks its
// reason, and no refusal either. All shards go from the shortest sequences to
// the longest, so that what fails is among the shortest that do.
func TestNoReleaseWithoutItsReason(t *testing.T) {
	const shards = 4
	longest := 4
	switch {
	case os.Getenv(exhaustiveVar) == "full":
		longest = 5
	case testing.Short() || raceDetector():
		longest = 3
	}
	letters := alphabet()
	count := func(length int) int {
		n := 1
		for range length {
			n *= len(letters)
		}
		return n
	}
	total := tally{came: make(map[string]int)}
	t.Run("play", func(t *testing.T) {
		for shard := range shards {
			t.Run(fmt.Sprint(shard), func(t *testing.T) {
				t.Parallel()
				for length := range longest + 1 {
					for i := shard; i < count(length); i += shards {
						play(t, &total, letters, word(i, length, len(letters)))
					}
				}
			})
		}
	})
	var worlds, decided int
	for length := range longest + 1 {
		times := 1
		if length <= everyTime {
			times += length
		}
		worlds += count(length)
		decided += count(length) * times * 2 * 2 * len(smallMarks)
	}
	if got := int(total.worlds.Load()); got != worlds {
		t.Errorf("played %d worlds, want %d", got, worlds)
	}
	if got := int(total.decided.Load()); got != decided {
		t.Errorf("decided %d times, want %d", got, decided)
	}
	if diff := cmp.Diff(outcomes, total.came); diff != "" {
		t.Errorf("sequences of at most %d came to (-want +got):\n%s", everyTime, diff)
	}
	t.Logf("%d letters, up to %d of them: %d worlds, %d verdicts, %d replays", len(letters), longest, worlds, decided, total.replayed.Load())
}

// raceDetector reports whether the test was built with -race: then it takes
// five times as long, and all that it shares is the tally.
func raceDetector() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// word returns the ith sequence of a length over an alphabet of n letters.
func word(i, length, n int) []int {
	out := make([]int, length)
	for j := range out {
		out[j], i = i%n, i/n
	}
	return out
}

// A game is one sequence being played.
type game struct {
	*testing.T
	world
	total *tally
	said  []string // the sequence, in words
	// only are the worlds with only some of what was said, by which; decided
	// is what was decided there.
	only    map[string]*release.Facts
	decided map[replayed]release.Decision
}

// A replayed is what was asked in which world.
type replayed struct {
	only   string
	report tearline.ReportID
	to     tearline.PartyID
	at     time.Time
}

// play says a sequence, one letter a day from day 1 on, and decides.
func play(t *testing.T, total *tally, letters []letter, sequence []int) {
	t.Helper()
	g := &game{T: t, world: *smallWorld(), total: total, only: make(map[string]*release.Facts), decided: make(map[replayed]release.Decision)}
	for i, l := range sequence {
		before := len(g.statements)
		letters[l].says(&g.world, day(i+1))
		line := fmt.Sprintf("day %d: %s", i+1, letters[l].name)
		for _, s := range g.statements[before:] {
			line += " [" + string(s.ID) + "]"
		}
		g.said = append(g.said, line)
	}
	first := len(sequence)
	if len(sequence) <= everyTime {
		first = 0
	}
	facts := g.facts(t)
	came := make(map[string]int)
	for i := first; i <= len(sequence); i++ {
		for _, to := range []tearline.PartyID{"FRA", "GBR"} {
			q := release.Request{Holder: "USA", Recipient: to, At: day(i).Add(time.Hour), Mode: tearline.Document}
			g.decide(facts, q, came)
		}
	}
	total.worlds.Add(1)
	if len(sequence) <= everyTime {
		total.mu.Lock()
		defer total.mu.Unlock()
		for what, n := range came {
			total.came[what] += n
		}
	}
}

// decide asks about every portion of both reports, and counts what came of it.
func (g *game) decide(facts *release.Facts, q release.Request, came map[string]int) {
	n := naive{all: g.statements, q: q}
	for _, report := range []tearline.ReportID{"G1", "R1"} {
		d, err := release.Decide(facts, report, q)
		if err != nil {
			g.Fatal(err)
		}
		for _, v := range d.WithDiscretion(facts).Verdicts() {
			c := check{game: g, naive: n, p: tearline.PortionRef{Report: report, Portion: v.Portion}, v: v, rests: v.Statements}
			c.lineage = n.lineage(c.p)
			c.check()
			g.total.decided.Add(1)
			came[strings.TrimSpace(v.Outcome.String()+" "+string(v.Basis))]++
		}
	}
}

// A check is of one verdict in one world at one time.
type check struct {
	*game
	naive
	p       tearline.PortionRef
	v       release.Verdict
	lineage []tearline.PortionRef
	rests   []tearline.StatementID // what v is said to rest on
	// strictly is whether a world made by with keeps no declassification but
	// those named; see outweighed.
	strictly bool
}

// failf ends the shard, with the sequence and the verdict in words.
func (c *check) failf(format string, args ...any) {
	c.Helper()
	c.Fatalf("%s to %s, %s:\n%s\nthe sequence:\n  %s\nthe verdict:\n%s", c.p, c.q.Recipient, c.q.At.Format(time.DateTime),
		fmt.Sprintf(format, args...), strings.Join(c.said, "\n  "), explain(c.v))
}

func (c *check) check() {
	v := &c.v
	want := c.naive.decide(c.p)
	if v.Outcome != want.Outcome || v.Basis != want.Basis || v.Discretion != want.Discretion || !slices.Equal(v.Ask, want.Ask) {
		c.failf("the naive reference says %+v", want)
	}
	counts := make(map[tearline.Outcome]int)
	for _, r := range v.Reasons {
		counts[r.Outcome]++
	}
	switch v.Outcome {
	case tearline.Deny:
		if counts[tearline.Deny] == 0 || len(v.Ask) > 0 {
			c.failf("denied without a reason, or somebody to be asked in vain")
		}
	case tearline.Refer:
		c.referred(counts)
	case tearline.Release:
		if counts[tearline.Release] == 0 || counts[tearline.Release] != len(v.Reasons) {
			c.failf("released against a reason, or without any")
		}
		c.released()
	default:
		c.failf("no outcome")
	}
	if v.Outcome != tearline.Release && len(v.Statements) > 0 {
		c.failf("not released, and rests on %v", v.Statements)
	}
}

// referred: whoever is to be asked has a say in it.
func (c *check) referred(counts map[tearline.Outcome]int) {
	if counts[tearline.Refer] == 0 || counts[tearline.Deny] > 0 || len(c.v.Ask) == 0 {
		c.failf("referred to nobody, without a reason or against one")
	}
	for _, o := range c.v.Ask {
		if !c.originates(o) {
			c.failf("asks %s, which has nothing in it", o)
		}
	}
}

// originates reports whether a party is an originator in the lineage.
func (c *check) originates(o tearline.PartyID) bool {
	return slices.ContainsFunc(c.lineage, func(q tearline.PortionRef) bool { return c.originator(q) == o })
}

// released: it rests on the markings as filed, or on statements that say so.
// Those suffice, and none of them is idle.
func (c *check) released() {
	if (c.v.Basis == tearline.ByMarking) != (len(c.v.Statements) == 0) {
		c.failf("released by %s, resting on %v", c.v.Basis, c.v.Statements)
	}
	for _, id := range c.v.Statements {
		i := slices.IndexFunc(c.statements, func(s tearline.Statement) bool { return s.ID == id })
		if i < 0 {
			c.failf("rests on %s, which nobody said", id)
		}
		if !c.allows(c.statements[i]) {
			c.failf("rests on %s, which does not allow it, or not at that time, or is not for %s to say", id, c.statements[i].By)
		}
	}
	if got := c.with(c.v.Statements, true).replay(); got.Outcome != tearline.Release {
		c.failf("the statements that it rests on do not release it; they alone come to:\n%s", explain(got))
	}
	only := c.with(c.v.Statements, false)
	if got := only.replay(); got.Outcome != tearline.Release || got.Basis != c.v.Basis || !slices.Equal(got.Statements, c.v.Statements) {
		c.failf("the statements that it rests on do not suffice; they alone come to:\n%s", explain(got))
	}
	if len(c.v.Statements) == 0 {
		return
	}
	need := only.rulings()
	for i, id := range c.v.Statements {
		if slices.Equal(need, c.with(slices.Delete(slices.Clone(c.v.Statements), i, i+1), false).rulings()) {
			c.failf("no rule says anything else without %s", id)
		}
	}
}

// allows reports whether a statement is one on which a release may rest: in
// force, and said by whoever's word it is about this portion and recipient.
func (c *check) allows(s tearline.Statement) bool {
	switch x := s.Says.(type) {
	case *tearline.Consent:
		named := slices.Contains(x.Portions, c.p) || !slices.ContainsFunc(c.lineage, func(q tearline.PortionRef) bool {
			return c.originator(q) == s.By && !slices.Contains(x.Portions, q)
		})
		return c.originates(s.By) && x.Granted && x.Recipient == c.q.Recipient && named && c.inForce(s, x.Term)
	case *tearline.Declassification:
		return c.inForce(s, x.Term) && slices.ContainsFunc(c.lineage, func(q tearline.PortionRef) bool {
			return c.originator(q) == s.By && slices.Contains(x.Portions, q)
		})
	case *tearline.Agreement:
		current := slices.ContainsFunc(c.agreements("GBR", false), func(a agreed) bool { return a.Agreement == x })
		free := x.Onward == tearline.OnwardFree && c.originates("GBR") && c.foreign("GBR")
		return current && (free || slices.ContainsFunc(x.Standing, func(a tearline.StandingConsent) bool {
			return c.originates(a.By) && slices.Contains(a.To, c.q.Recipient) && (s.By == a.By || s.By == c.q.Holder)
		}))
	}
	return false // nothing else lets anything go
}

// with is the check in the world in which, of all that was said to let things
// go, only the statements named were. All that stands against it remains; so
// does that an agreement took the place of an earlier one, not what it allows.
func (c *check) with(named []tearline.StatementID, strictly bool) *check {
	kept := make([]tearline.Statement, 0, len(c.statements))
	for _, s := range c.statements {
		switch x := s.Says.(type) {
		case *tearline.Consent:
			if !slices.Contains(named, s.ID) {
				continue
			}
		case *tearline.Declassification:
			if !slices.Contains(named, s.ID) && (strictly || s.By != "GBR" || !c.outweighed()) {
				continue
			}
		case *tearline.Agreement:
			if !slices.Contains(named, s.ID) && (x.Onward == tearline.OnwardFree || len(x.Standing) > 0) {
				bare := *x
				bare.Onward, bare.Standing = tearline.OnwardAsk, nil
				s.Says = &bare
			}
		}
		kept = append(kept, s)
	}
	next := *c
	next.v.Statements = named
	next.all = kept
	next.strictly = strictly
	return &next
}

// outweighed reports whether the release rests on an agreement of GBR's to pass
// on freely, and on no declassification by GBR. The agreement is the weaker
// ground, so that where there are both it alone is named: as a ground it would
// be idle in a world without the declassification, if the portion was open
// before.
func (c *check) outweighed() bool {
	free := false
	for _, s := range c.statements {
		if !slices.Contains(c.rests, s.ID) {
			continue
		}
		switch x := s.Says.(type) {
		case *tearline.Declassification:
			if s.By == "GBR" {
				return false
			}
		case *tearline.Agreement:
			free = free || x.Onward == tearline.OnwardFree
		}
	}
	return free
}

// replay is the verdict in a world made by with.
func (c *check) replay() release.Verdict {
	key := replayed{only: fmt.Sprint(c.v.Statements, c.outweighed() && !c.strictly), report: c.p.Report, to: c.q.Recipient, at: c.q.At}
	d, ok := c.decided[key]
	if !ok {
		facts, known := c.only[key.only]
		if !known {
			facts = (&world{statements: c.all}).facts(c)
			c.only[key.only] = facts
			c.total.replayed.Add(1)
		}
		var err error
		if d, err = release.Decide(facts, c.p.Report, c.q); err != nil {
			c.Fatal(err)
		}
		c.decided[key] = d
	}
	v, _ := d.Verdict(c.p.Portion)
	return v
}

// rulings is what each rule says on each portion of the lineage.
func (c *check) rulings() []ruling {
	out := []ruling{c.marking(c.p), c.clearance(c.p)}
	for _, q := range c.lineage {
		out = append(out, c.originators(c.p, q), c.thirdParty(c.p, q), c.exclusion(c.p, q), c.conditions(q))
	}
	return out
}
