package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"tearline"
	"tearline/bench/kit"
	"tearline/internal/node"
)

// benchList measures what a recipient may have, from the data directory: the
// first question reads the ledgers, later ones only what is new. The limit is
// reading the same entries, decoded and nothing else.
func benchList(b *bench) error {
	data, err := b.dataDir()
	if err != nil {
		return err
	}
	q := node.ListQuestion{Question: node.Question{As: holder, To: anyPartner}, Limit: 50}
	ask := func() (node.List, error) { return data.node.List(b.Ctx, q) }
	start := kit.CPU()
	first, err := ask()
	if err != nil {
		return err
	}
	took := kit.CPU() - start
	statements, err := countStatements(b, data.node)
	if err != nil {
		return err
	}
	a := fmt.Sprintf("%s portions, ", kit.Number(float64(first.Held)))
	limit, err := b.readLedger(data.node)
	if err != nil {
		return err
	}
	each := float64(took.Nanoseconds()) / 1e3 / float64(statements)
	b.Add(a+"taken in from the store, a filing of "+kit.Number(float64(first.Held)/float64(data.reports))+" portions", "µs", kit.One(each), kit.Goal{}, kit.Peer{Name: "limit: the ledger's entries, read and shown", Value: limit})
	warm, err := b.Cost(kit.CPU, func() error { _, err := ask(); return err })
	if err != nil {
		return err
	}
	b.Add(a+"count and page of 50, whole job", "µs", warm.Times(1e-3), kit.Goal{})
	var after []time.Duration
	for i := range 2 * b.Reps {
		says := &tearline.Exclusion{Party: "KOR"}
		if i%2 == 1 {
			says.Ties = true
		}
		if _, err := data.node.State(b.Ctx, holder, says); err != nil {
			return err
		}
		start := kit.CPU()
		if _, err := ask(); err != nil {
			return err
		}
		after = append(after, kit.CPU()-start)
	}
	p50, _ := durations(after)
	b.Add(a+"the same after an exclusion was said", "µs", p50, kit.AtMost(5000), kit.Peer{Name: "nothing said", Value: warm.Median / 1e3})
	if q.Words, err = someWord(b, data.node); err != nil {
		return err
	}
	start = kit.CPU()
	found, err := ask()
	if err != nil {
		return err
	}
	read := float64((kit.CPU() - start).Nanoseconds()) / 1e3 / float64(first.Held)
	b.Add(a+"first search: texts read, a portion", "µs", kit.One(read), kit.Goal{})
	warm, err = b.Cost(kit.CPU, func() error { _, err := ask(); return err })
	if err != nil {
		return err
	}
	b.Add(fmt.Sprintf("%ssearch for a word that %s have", a, kit.Number(float64(found.Count))), "µs", warm.Times(1e-3), kit.Goal{})
	return nil
}

// someWord is a word of the first report.
func someWord(b *bench, n *node.Node) (string, error) {
	shown, err := n.Show(b.Ctx, holder, reportID(0))
	if err != nil {
		return "", err
	}
	return strings.Fields(shown.Content[0].Text)[1], nil
}

// countStatements counts the entries of the holder's ledger.
func countStatements(b *bench, n *node.Node) (int, error) {
	list, err := n.Entries(b.Ctx, holder, 0, 1)
	if err != nil || len(list) == 0 {
		return 0, errors.Join(err, errors.New("the ledger is empty"))
	}
	last, step := 0, 1<<20
	for ; step > 0; step /= 2 {
		if list, err = n.Entries(b.Ctx, holder, int64(last+step), 1); err != nil {
			return 0, err
		}
		if len(list) > 0 {
			last += step
		}
	}
	return last + 1, nil
}

// readLedger is what reading the holder's ledger takes, in microseconds an
// entry.
func (b *bench) readLedger(n *node.Node) (float64, error) {
	const most = 5000
	start := kit.CPU()
	list, err := n.Entries(b.Ctx, holder, 0, most)
	if err != nil || len(list) == 0 {
		return 0, errors.Join(err, errors.New("the ledger is empty"))
	}
	return float64((kit.CPU() - start).Nanoseconds()) / 1e3 / float64(len(list)), nil
}
