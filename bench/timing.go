package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"tearline"
	"tearline/bench/kit"
	"tearline/internal/node"
)

// The stranger asks about what it may not know of. It holds a little itself,
// so that what is looked up among its own is looked up among something.
const stranger tearline.PartyID = "SWE"

const (
	hiddenReports = 200
	ownReports    = 4
	// mostNames is how many names of a kind are asked about.
	mostNames = 100
	// someCopies is how many copies others have.
	someCopies = 20
	// tMost is the t above which two classes of times are taken to differ; see
	// https://eprint.iacr.org/2016/1123 and the ISO/IEC 17825 procedure that it
	// takes the bound from.
	tMost = 4.5
	// rounds is how often a question is asked that seems to tell: what tells,
	// tells again, and the median counts.
	rounds = 3
	// sweep is after how many calls garbage is collected, between two calls and
	// not within one.
	sweep = 4000
)

// A half is one of two data directories. What is hidden in the one is not
// there in the other, and the other way round: each name is asked about in
// both, so that neither a name's own cost nor a directory's tells them apart.
type half struct {
	n       *node.Node
	batch   *node.Batch
	secrets map[thing][]string
}

// A thing is a kind of name.
type thing string

const (
	report    thing = "report"
	request   thing = "request"
	statement thing = "statement"
	copied    thing = "copy"
	quote     thing = "text"
)

// newHalves sets up both data directories.
func (b *bench) newHalves() (pair [2]*half, err error) {
	own, err := newGenerator(41).lines(ownReports)
	if err != nil {
		return pair, err
	}
	for i := range own {
		own[i] = bytes.ReplaceAll(own[i], []byte("R-"), []byte(ownPrefix))
	}
	for i := range pair {
		h := &half{secrets: map[thing][]string{}}
		if h.n, err = newNode(b.Ctx, filepath.Join(b.Dir, fmt.Sprintf("timing-%d", i))); err != nil {
			return pair, err
		}
		pair[i] = h
		if err := b.fill(h, i, own); err != nil {
			return pair, err
		}
	}
	return pair, nil
}

// fill files what is hidden from the stranger and what is its own.
func (b *bench) fill(h *half, i int, own [][]byte) error {
	lines, err := newGenerator(uint64(43 + i)).lines(hiddenReports) //nolint:gosec // 0 or 1
	if err != nil {
		return err
	}
	prefix := fmt.Sprintf("H%d", i)
	for j := range lines {
		lines[j] = bytes.ReplaceAll(lines[j], []byte("R-"), []byte(prefix))
	}
	if err := file(b.Ctx, h.n, lines); err != nil {
		return err
	}
	if _, err := h.n.Import(b.Ctx, stranger, bytes.NewReader(bytes.Join(own, nil)), func(node.Imported) error { return nil }); err != nil {
		return err
	}
	for j := range mostNames {
		id := tearline.ReportID(fmt.Sprintf("%s%06d", prefix, j))
		if err := b.hide(h, id); err != nil {
			return err
		}
	}
	for j := 0; j < hiddenReports && len(h.secrets[copied]) < someCopies; j++ {
		rel, err := h.n.Release(b.Ctx, node.Question{As: holder, Report: tearline.ReportID(fmt.Sprintf("%s%06d", prefix, j)), To: anyPartner},
			func(tearline.Rendering) error { return nil })
		if err == nil {
			h.secrets[copied] = append(h.secrets[copied], string(rel.Copy))
		} else if k := tearline.KindOf(err); k != tearline.Withheld && k != tearline.ReferKind {
			return err
		}
	}
	if _, err := h.n.State(b.Ctx, stranger, &tearline.Exclusion{Party: "KOR"}); err != nil {
		return err
	}
	entries, err := h.n.Entries(b.Ctx, holder, 0, math.MaxInt)
	if err != nil {
		return err
	}
	for _, e := range entries {
		h.secrets[statement] = append(h.secrets[statement], string(e.Statement))
	}
	h.batch, err = h.n.Batch(b.Ctx, stranger, node.Question{As: stranger})
	return err
}

// hide notes a report of the holder's as one that the stranger may not know of,
// and has others asked about it.
func (b *bench) hide(h *half, id tearline.ReportID) error {
	shown, err := h.n.Show(b.Ctx, holder, id)
	if err != nil {
		return err
	}
	h.secrets[report] = append(h.secrets[report], string(id))
	h.secrets[quote] = append(h.secrets[quote], shown.Content[len(shown.Content)-1].Text)
	asked, err := h.n.Ask(b.Ctx, node.Question{As: holder, Report: id, To: "NOR"}, nil)
	if err != nil {
		return err
	}
	for _, a := range asked {
		if a.Originator != stranger {
			h.secrets[request] = append(h.secrets[request], string(a.ID))
		}
	}
	return nil
}

// benchTiming asks what a stranger can ask about names of things that are
// there, but not for it, and of things that are not there, and tells whether
// the times tell them apart.
func benchTiming(b *bench) (err error) {
	pair, err := b.newHalves()
	defer func() {
		for _, h := range pair {
			if h != nil {
				err = errors.Join(err, h.n.Close())
			}
		}
	}()
	if err != nil {
		return err
	}
	var telling []string
	var shows []float64
	for _, q := range append(questions(), planted()) {
		t, share, err := b.tells(pair, q)
		if err != nil {
			return fmt.Errorf("%s: %w", q.what, err)
		}
		bound, found := kit.AtMost(tMost), t.Median > tMost
		if q.planted > 0 {
			bound, found = kit.AtLeast(tMost), !found
		} else {
			shows = append(shows, share)
		}
		b.Add(q.what+": |t| of there against not there", "t", t, bound)
		if found {
			telling = append(telling, q.what)
		}
	}
	b.Add("difference that would have shown, of the time of a call, over the questions", "%", kit.SpreadOf(shows).Times(100), kit.Goal{})
	if err := b.notHidden(pair[there].n); err != nil {
		return err
	}
	if len(telling) > 0 && b.asked >= enough {
		return fmt.Errorf("not as it should be: %s", strings.Join(telling, "; "))
	}
	return nil
}

// enough is how many calls it takes to judge by: of fewer, t says little, and
// the planted difference may go unnoticed.
const enough = 5000

// more is how many statements others make meanwhile.
const more = 200

// A disturbance is something that others say, and a job of the stranger's own
// that takes longer for it.
type disturbance struct {
	what string
	say  func(i int) error
	job  func() error
}

// notHidden measures what times do tell: of each kind of statement that others
// make, how much longer a job takes for each. Nothing bounds that.
func (b *bench) notHidden(n *node.Node) error {
	own := tearline.ReportID(strings.Replace(string(reportID(0)), "R-", ownPrefix, 1))
	lines, err := newGenerator(47).lines(1)
	if err != nil {
		return err
	}
	if err := file(b.Ctx, n, [][]byte{bytes.ReplaceAll(lines[0], []byte("R-"), []byte(ownPrefix))}); err != nil {
		return err
	}
	namesake := act(string(own))
	namesake.As = holder
	decide := func() error {
		_, err := n.Decide(b.Ctx, node.Question{As: stranger, Report: own, To: anyPartner})
		return err
	}
	discretion := func(int) error {
		_, err := n.Discretion(b.Ctx, namesake)
		return err
	}
	for _, d := range []disturbance{
		{"decide on one's own report, for each discretion of another on a report of that name", discretion, decide},
		{"audit of one's own report, for each discretion of another on a report of that name", discretion, func() error {
			_, err := n.AuditReport(b.Ctx, stranger, own)
			return err
		}},
		{"decide on one's own report, for each agreement of others", func(i int) error {
			_, err := n.State(b.Ctx, "GBR", &tearline.Agreement{
				Name: fmt.Sprint(i), Parties: [2]tearline.PartyID{"GBR", "FRA"}, Ceiling: "SECRET", Onward: tearline.OnwardAsk,
			})
			return err
		}, decide},
		{"decide on one's own report, for each exclusion of the asker by others", func(int) error {
			_, err := n.State(b.Ctx, "GBR", &tearline.Exclusion{Party: stranger})
			return err
		}, decide},
	} {
		before, err := b.took(d.job)
		if err != nil {
			return err
		}
		for i := range more {
			if err := d.say(i); err != nil {
				return err
			}
		}
		after, err := b.took(d.job)
		if err != nil {
			return err
		}
		each := max(0.1, (after.Median-before.Median)/more)
		b.Add("not hidden: "+d.what, "ns", kit.One(each), kit.Goal{})
	}
	return nil
}

// took does a job again and again and sums up how long it took.
func (b *bench) took(do func() error) (kit.Spread, error) {
	var list []float64
	for range max(b.asked/50, 10) {
		start := kit.Now()
		if err := do(); err != nil {
			return kit.Spread{}, err
		}
		list = append(list, float64(kit.Now().Sub(start).Nanoseconds()))
	}
	return kit.SpreadOf(list), nil
}

// tells asks a question of both classes and returns t over the rounds, and the
// difference that would have shown, as a share of the time of a call.
func (b *bench) tells(pair [2]*half, q question) (t kit.Spread, share float64, err error) {
	var list []float64
	for len(list) < rounds {
		times, err := b.times(pair, q, uint64(100+len(list)))
		if err != nil {
			return t, 0, err
		}
		x, within := dudect(times)
		list, share = append(list, x), max(share, within/kit.SpreadOf(times[absent]).Median)
		if list[0] <= tMost {
			break
		}
	}
	return kit.SpreadOf(list), share, nil
}

// The classes.
const (
	absent = iota
	there
)

// times asks in random order and returns the time of each call in nanoseconds,
// by class.
func (b *bench) times(pair [2]*half, q question, seed uint64) (times [2][]float64, err error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if !q.wasteful {
		defer debug.SetGCPercent(debug.SetGCPercent(-1))
	}
	ctx := context.WithoutCancel(b.Ctx) // nobody waits for a call to be interrupted
	most := mostNames
	for _, h := range pair {
		most = min(most, len(h.secrets[q.about]))
	}
	if most < 2 {
		return times, fmt.Errorf("%d names of a %s", most, q.about)
	}
	for i := range times {
		times[i] = make([]float64, 0, b.asked)
	}
	d := &dice{seed}
	for i := -b.asked / 20; i < b.asked; i++ { // the first ones warm up
		if i%sweep == 0 {
			if err := b.Ctx.Err(); err != nil {
				return times, err
			}
			runtime.GC()
		}
		where, class, which := d.under(2), d.under(2), d.under(most)
		of := where
		if class == absent {
			of = 1 - where
		}
		name := strings.Clone(pair[of].secrets[q.about][which])
		start := kit.Now()
		err := q.ask(ctx, pair[where], name)
		if q.planted > 0 && class == there {
			spin(q.planted)
		}
		took := kit.Now().Sub(start)
		if err := q.check(err); err != nil {
			return times, fmt.Errorf("about %q: %w", name, err)
		}
		if i >= 0 {
			times[class] = append(times[class], float64(took.Nanoseconds()))
		}
	}
	return times, nil
}

// crops are how many cuts are tried, as dudect does: what is slow is slow for
// other reasons, and hides a difference.
const crops = 100

// dudect returns the greatest |t| of Welch's test over all cuts of the times,
// and of their squared distances from the mean; and 4.5 standard errors of the
// difference at the middle cut, which is the difference that would have shown.
func dudect(times [2][]float64) (t, within float64) {
	all := slices.Sorted(slices.Values(slices.Concat(times[absent], times[there])))
	t, _ = welch(times, math.Inf(1), 1)
	second, _ := welch(times, math.Inf(1), 2)
	t = max(t, second)
	for i := range crops {
		share := 1 - math.Pow(0.5, 10*float64(i+1)/crops)
		cut := all[int(share*float64(len(all)-1))]
		if share < 0.2 {
			continue // too few to be normal
		}
		x, e := welch(times, cut, 1)
		t = max(t, x)
		if i == crops/2 {
			within = tMost * e
		}
	}
	return t, within
}

// welch is |t| of the classes' times below a cut, or of their squared distances
// from the mean if order is 2, and the standard error of the difference.
func welch(times [2][]float64, cut float64, order int) (t, e float64) {
	var mean, square [2]float64
	for class, list := range times {
		n, centre := 0.0, 0.0
		if order == 2 {
			for _, x := range list {
				centre += x / float64(len(list))
			}
		}
		for _, x := range list {
			if x > cut {
				continue
			}
			if order == 2 {
				x = (x - centre) * (x - centre)
			}
			n++
			delta := x - mean[class]
			mean[class] += delta / n
			square[class] += delta * (x - mean[class])
		}
		if n < 2 {
			return 0, 0
		}
		square[class] /= (n - 1) * n
	}
	e = math.Sqrt(square[absent] + square[there])
	if e == 0 {
		return 0, 0
	}
	return math.Abs(mean[there]-mean[absent]) / e, e
}
