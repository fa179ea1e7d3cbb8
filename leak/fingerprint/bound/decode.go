package bound

import (
	"fmt"
	"slices"
)

// Params say how strict a decoding is. All of it is to be fixed before any copy
// is compared.
type Params struct {
	// Bound is the most that the probability may be with which any innocent copy
	// at all is named, above 0 and at most 0.01; 0 is DefaultBound.
	Bound float64 `json:"bound"`
	// Looks is how many decodings of this kind there may be, this one counted:
	// each is paid for. 0 is 1.
	Looks int `json:"looks"`
	// MinPoints is at how many marks a copy must have been read to be named:
	// LeastPoints or more; 0 is LeastPoints.
	MinPoints int `json:"min_points"`
}

// What is taken where nothing is said, and what nothing said can lower.
const (
	DefaultBound = 1e-6
	LeastPoints  = 20
	LeastCopies  = 3
	mostBound    = .01
	mostLooks    = 1 << 20
)

func (p Params) fill() (Params, error) {
	if p.Bound == 0 {
		p.Bound = DefaultBound
	}
	if p.Looks == 0 {
		p.Looks = 1
	}
	if p.MinPoints == 0 {
		p.MinPoints = LeastPoints
	}
	switch {
	case !(p.Bound > 0 && p.Bound <= mostBound):
		return p, fmt.Errorf("bound %v: want more than 0, at most %v", p.Bound, mostBound)
	case p.Looks < 1 || p.Looks > mostLooks:
		return p, fmt.Errorf("%d looks: want 1 to %d", p.Looks, mostLooks)
	case p.MinPoints < LeastPoints || p.MinPoints > MaxMarks:
		return p, fmt.Errorf("%d points at least: want %d to %d", p.MinPoints, LeastPoints, MaxMarks)
	}
	return p, nil
}

// A Reason says why no copy is named; "" if one is.
type Reason string

// The reasons.
const (
	TooFewCopies Reason = "too few copies" // below LeastCopies
	TooFewPoints Reason = "too few points" // no copy was read at MinPoints
	WithinChance Reason = "within chance"  // an innocent copy might agree as well
)

// A Finding is what a decoding found: at least one copy named, or the reason
// why none is, and then the set to which the copies are narrowed.
type Finding struct {
	// Copies is how many were compared, Points how many marks were read.
	Copies int `json:"copies"`
	Points int `json:"points"`
	// What was asked for.
	Params
	// Threshold is Bound / (Copies × Looks): a copy is named in the first round
	// if its p-value is no larger.
	Threshold float64 `json:"threshold"`
	// Model is what the adaptive score assumed.
	Model Model `json:"model"`
	// Reason is why none is named.
	Reason Reason `json:"reason,omitempty"`
	// Named are the copies named, in the order in which they were. The bound is
	// for all of them together: that any of them had no part in the text has at
	// most that probability.
	Named []Named `json:"named"`
	// Narrowed is the set that remains if none is named. There is none if there
	// were too few copies.
	Narrowed *Narrowed `json:"narrowed,omitempty"`
}

// Named is a copy that is named.
type Named struct {
	Copy int `json:"copy"` // its place among the copies, from 0
	// Round is 1 for what agrees by itself, more for what agrees with what the
	// copies named before do not explain.
	Round int `json:"round"`
	// Points is at how many marks that it had it was read, Agree at how many of
	// them it agrees.
	Points int `json:"points"`
	Agree  int `json:"agree"`
	// P bounds the probability that agreement this strong arises if the copy had
	// no part in the text; Adjusted, that it does for any innocent one of all
	// copies, in any of the looks and in this round: see Decode.
	P        float64 `json:"p"`
	Adjusted float64 `json:"adjusted"`
}

// Narrowed is the set of copies that remain compatible with being the one
// source of the text. It accuses nobody: at least one innocent copy is to be
// expected in it, if there are as many as were counted on.
type Narrowed struct {
	Copies []int `json:"copies"` // their places, ascending
	// Alpha is the probability with which an innocent copy is in the set, at
	// most: of copies that had fewer of the marks it may be more than of others,
	// and this is the most.
	Alpha float64 `json:"alpha"`
	// Expected is how many innocent copies are to be expected in it, at most.
	Expected float64 `json:"expected"`
}

// Decode weighs all copies there are, each by its word at the marks that were
// read: one byte a mark, the alternative that the copy has or Absent. The words
// must have been drawn independently of each other: of two copies with one
// word, give one. Marks that were not read are left out of both.
//
// # The first round
//
// A copy's p-value is how often an innocent one, at the same marks, comes as far
// by the best of three scores: the symmetric one, that for three copies
// interleaved, and the adaptive one. How far is the score's own p-value divided
// by the score's share: a third each, or less for all but the interleaving one
// where very many marks were read, as only large coalitions are left to be found
// there. If two scores are the same here there are fewer. Where there are not too
// many ways of agreeing, all are gone through, and that probability is exact;
// else it is bounded by the smallest of the quotients themselves, for innocent
// copies come so far by one score with its share of that at most. The copy is
// named if copies × looks × p is within the bound and at least MinPoints were
// read. As no more than all copies are innocent, any of them is named with a
// probability of no more than Bound.
//
// # Further rounds
//
// Once a copy is named, the others are weighed again by what it does not
// explain: by the score for one more copy interleaved with those named, and for
// two more. Those gains depend on the named copies' words as well. The bound
// still holds:
//
//   - Let G be the copies that had a part in the text, g of them, and look at the
//     first round in which a copy outside G is named. All named before are in G.
//     Which of G were named, and when, depends on their own words, on what was
//     read and on n, and on no innocent copy's word, as long as none is named.
//     So an innocent copy's word is independent of the gains by which it is
//     weighed in that round, and its p-value is right.
//   - The price: in the first round the n−g innocent copies spend (n−g)/n of the
//     bound, and g/n is left. A later round is only held if the one before named
//     a copy of G, so there are at most g. Each may spend 1/n of the bound: in
//     those, copies² × looks × p must be within it. All together that is
//     (n−g)/n + g × (n−g)/n² ≤ 1 of the bound, and the first round pays nothing.
//
// If none is named, the set is narrowed: to the copies of which the p-value is
// at most alpha. It is the smallest of a fixed ladder, and no smaller than one
// in as many copies as there are, at which a copy that is the only source, and
// misread at one mark in ten, would be in the set at 95 % or more. That depends
// on the marks alone. Of several sources none need be in it.
//
// The error is about the arguments. Decode keeps none of them, and may be called
// by several goroutines at once.
func Decode(marks []Mark, copies [][]byte, params Params) (Finding, error) {
	params, err := params.fill()
	if err != nil {
		return Finding{}, err
	}
	d, err := newDecoding(marks, copies)
	if err != nil {
		return Finding{}, err
	}
	f := Finding{Copies: len(copies), Points: len(marks), Params: params, Named: []Named{}}
	if len(copies) < LeastCopies {
		f.Reason = TooFewCopies
		return f, nil
	}
	n := float64(len(copies))
	price := n * float64(params.Looks)
	f.Threshold = params.Bound / price
	tests, model := firstTests(d.marks)
	f.Model = model
	d.weigh(tests, f.Threshold)
	d.name(&f, 1, price)
	if len(f.Named) == 0 {
		f.Reason = TooFewPoints
		if slices.ContainsFunc(d.patterns, func(p pattern) bool { return len(p.at) >= params.MinPoints }) {
			f.Reason = WithinChance
		}
		f.Narrowed = d.narrow(tests)
		return f, nil
	}
	price *= n
	for round := 2; round <= mostRounds; round++ {
		var words [][]byte
		for _, c := range f.Named {
			words = append(words, copies[c.Copy])
		}
		d.weigh(furtherTests(d.marks, words), params.Bound/price)
		if d.name(&f, round, price) == 0 {
			break
		}
	}
	return f, nil
}

// mostRounds bounds the time.
const mostRounds = 16

// A test is a score and its share of a p-value: the shares of all tests of a
// round come to 1.
type test struct {
	gains []int32
	share float64
}

// anyColluders is for how many the interleaving score is made in the first
// round. It does well from two to five.
const anyColluders = 3

// firstTests are those of the first round: interleaving first.
func firstTests(marks []Mark) ([]test, Model) {
	gains, model := adaptive(marks)
	return distinct(len(marks), interleaving(marks, anyColluders, nil), symmetric(marks), gains), model
}

// furtherTests are those of the rounds after.
func furtherTests(marks []Mark, named [][]byte) []test {
	return distinct(len(marks), interleaving(marks, len(named)+1, named), interleaving(marks, len(named)+2, named))
}

// evenly is up to how many marks two tests have the same share.
const evenly = 384

// distinct makes tests of gains, each once; which are the same depends on the
// gains alone. All have the same share at first. Where many marks were read a
// small coalition is found by any test, and the first, which is the best for
// large ones, has more.
func distinct(marks int, all ...[]float64) []test {
	var tests []test
	for _, gains := range all {
		t := whole(gains)
		if !slices.ContainsFunc(tests, func(other test) bool { return slices.Equal(t, other.gains) }) {
			tests = append(tests, test{gains: t})
		}
	}
	rest, less := 1.0, evenly/float64(max(marks, evenly))
	for t := len(tests) - 1; t > 0; t-- {
		tests[t].share = less * less / float64(len(tests))
		rest -= tests[t].share
	}
	tests[0].share = rest
	return tests
}

// A pattern is the marks that some copies had, and those copies.
type pattern struct {
	at, copies []int
}

// had stands in a pattern's key for any alternative.
const had = 'x'

// patternsOf sorts copies by the marks they had, in the order in which they come.
func patternsOf(copies [][]byte) ([]pattern, error) {
	index := make(map[string]int)
	var out []pattern
	var key []byte
	for j, word := range copies {
		key = key[:0]
		for _, x := range word {
			if x != Absent {
				x = had
			}
			key = append(key, x)
		}
		k, ok := index[string(key)]
		if !ok {
			if k = len(out); k == MaxPatterns {
				return nil, fmt.Errorf("copies with more than %d different sets of marks", MaxPatterns)
			}
			index[string(key)] = k
			p := pattern{}
			for i, x := range key {
				if x == had {
					p.at = append(p.at, i)
				}
			}
			out = append(out, p)
		}
		out[k].copies = append(out[k].copies, j)
	}
	return out, nil
}

// A decoding is one at work.
type decoding struct {
	marks    []Mark
	copies   [][]byte
	patterns []pattern
	p        []float64 // of each copy, in the round at work
	agree    []int
	points   []int
}

func newDecoding(marks []Mark, copies [][]byte) (*decoding, error) {
	if err := check(marks, copies); err != nil {
		return nil, err
	}
	patterns, err := patternsOf(copies)
	if err != nil {
		return nil, err
	}
	if len(patterns)*len(marks) > MaxTables {
		return nil, fmt.Errorf("%d different sets of %d marks: at most %d in all", len(patterns), len(marks), MaxTables)
	}
	return &decoding{marks: clean(marks), copies: copies, patterns: patterns}, nil
}

// In how many steps a p-value may be had: for every copy, and for one that might
// be named by it.
const (
	quick = 1 << 12
	long  = 1 << 22
)

// weigh gives every copy its p-value by these tests; those below enough are
// worth long work.
func (d *decoding) weigh(tests []test, enough float64) {
	d.p, d.agree, d.points = make([]float64, len(d.copies)), make([]int, len(d.copies)), make([]int, len(d.copies))
	packed := pack(tests, len(d.marks))
	for _, pat := range d.patterns {
		panel := newPanel(d.marks, pat.at, tests)
		for _, j := range pat.copies {
			scores, agree := d.score(packed, j)
			d.agree[j], d.points[j] = agree, len(pat.at)
			least := panel.least(scores[:len(tests)])
			if panel.counts <= quick || panel.counts <= long && panel.lowest(least) <= enough {
				least = panel.exact(least)
			}
			d.p[j] = min(1, least)
		}
	}
}

// perTest is how many bits a score has in a packed sum.
const perTest = 21

// pack puts the gains of all tests into one number for each mark. No sum of
// them reaches into the next.
func pack(tests []test, marks int) []uint64 {
	packed := make([]uint64, marks)
	for t := range tests {
		for i, g := range tests[t].gains {
			packed[i] |= uint64(g) << (t * perTest) //nolint:gosec // 0 to finest
		}
	}
	return packed
}

// score sums up what a copy gains by each test, and where it agrees.
func (d *decoding) score(packed []uint64, j int) (scores [mostTests]int32, agree int) {
	sum := uint64(0)
	for i, x := range d.copies[j] {
		if x == d.marks[i].Y {
			sum += packed[i]
			agree++
		}
	}
	for t := range scores {
		scores[t] = int32(sum >> (t * perTest) & (1<<perTest - 1))
	}
	return scores, agree
}

// name adds the copies that are named in a round, and returns how many.
func (d *decoding) name(f *Finding, round int, price float64) int {
	before := len(f.Named)
	for j, p := range d.p {
		adjusted := p * price
		if adjusted > f.Bound || d.points[j] < f.MinPoints ||
			slices.ContainsFunc(f.Named[:before], func(c Named) bool { return c.Copy == j }) {
			continue
		}
		f.Named = append(f.Named, Named{Copy: j, Round: round, Points: d.points[j], Agree: d.agree[j], P: p, Adjusted: adjusted})
	}
	return len(f.Named) - before
}

// ladder is from where alpha is taken; above it there is only 1.
var ladder = [...]float64{1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4, .001, .003, .01, .03, .1, .3}

// What a copy is that is to be in the narrowed set, and how often.
const (
	sourceFlips = .1
	sourceKept  = .95
)

// narrow narrows the set by the p-values of the first round.
func (d *decoding) narrow(tests []test) *Narrowed {
	out := &Narrowed{Copies: []int{}}
	for _, pat := range d.patterns {
		alpha := d.alpha(pat, tests)
		out.Alpha = max(out.Alpha, alpha)
		out.Expected += alpha * float64(len(pat.copies))
		for _, j := range pat.copies {
			if d.p[j] <= alpha {
				out.Copies = append(out.Copies, j)
			}
		}
	}
	slices.Sort(out.Copies)
	return out
}

// alpha is the smallest step of the ladder at which a source of this pattern is
// kept by one of the tests alone, and so by all together.
func (d *decoding) alpha(pat pattern, tests []test) float64 {
	panel := newPanel(d.marks, pat.at, tests)
	source := tallies(d.marks, pat.at, tests, sourceFlips)
	least := 1 / float64(len(d.copies))
	kept := make([][]float64, len(tests))
	for t := range tests {
		kept[t] = tailOf(scoreLaw(source, t))
	}
	for _, alpha := range ladder {
		if alpha < least {
			continue
		}
		for t, tail := range panel.tails {
			s := slices.IndexFunc(tail, func(p float64) bool { return p <= alpha })
			if s >= 0 && kept[t][s] >= sourceKept {
				return alpha
			}
		}
	}
	return 1
}

// PValues are a copy's p-values in the first round.
type PValues struct {
	Symmetric    float64 `json:"symmetric"`
	Interleaving float64 `json:"interleaving"`
	Adaptive     float64 `json:"adaptive"`
	// P is that of all three together.
	P float64 `json:"p"`
}

// Weigh returns the p-values of all copies in the first round, in their order,
// for those who check them. P may be larger than what Decode makes of a copy
// that it might name, to which it gives more time. The error is about the
// arguments.
func Weigh(marks []Mark, copies [][]byte) ([]PValues, error) {
	d, err := newDecoding(marks, copies)
	if err != nil {
		return nil, err
	}
	out := make([]PValues, len(copies))
	gains, _ := adaptive(d.marks)
	for t, g := range [][]float64{symmetric(d.marks), interleaving(d.marks, anyColluders, nil), gains} {
		d.weigh([]test{{whole(g), 1}}, 0)
		for j, p := range d.p {
			*[]*float64{&out[j].Symmetric, &out[j].Interleaving, &out[j].Adaptive}[t] = p
		}
	}
	tests, _ := firstTests(d.marks)
	d.weigh(tests, 0)
	for j, p := range d.p {
		out[j].P = p
	}
	return out, nil
}
