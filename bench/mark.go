package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"tearline/marking"
)

// example is the mark that the peers' figures are for as well.
const example = "TOP SECRET//SI//NOFORN"

// Figures of others that were recorded on another day, on 2 cores as well:
// their programs are in other languages and not started here.
const (
	codiceParse = 11_000     // Codice's marking parser, the best of 11–62 µs
	odniParse   = 36_000_000 // ODNI's ISM stylesheets, 36 ms
)

func benchMark(b *bench) error {
	pol, ok := marking.Lookup("us")
	if !ok {
		return fmt.Errorf("no us policy")
	}
	parse := func() error {
		_, err := pol.Parse(example)
		return err
	}
	s, err := b.cost(parse)
	if err != nil {
		return err
	}
	b.add("parse "+example, "ns", s, atMost(600),
		peer{"Codice, best of 11–62 µs (recorded elsewhere)", codiceParse}, peer{"ODNI stylesheets, 36 ms (recorded elsewhere)", odniParse})
	n, err := allocs(parse)
	if err != nil {
		return err
	}
	b.add("parse "+example, "allocs", spread{n, n, n}, atMost(3))
	if err := b.rollUp(pol); err != nil {
		return err
	}
	if err := b.compare(pol); err != nil {
		return err
	}
	return b.markCommand(pol)
}

// rollUp measures the banner of a hundred portions with sixty distinct marks.
func (b *bench) rollUp(pol *marking.Policy) error {
	d := &dice{7}
	list := marks()
	dated := make([]marking.Dated, 100)
	texts := make([]string, len(dated))
	for i := range dated {
		texts[i] = list[d.skewed(len(list))]
		m, err := pol.Parse(texts[i])
		if err != nil {
			return err
		}
		dated[i] = marking.Dated{Marking: m, Date: "2026-01-01"}
	}
	s, err := b.cost(func() error {
		_, err := pol.RollUp(dated)
		return err
	})
	if err != nil {
		return err
	}
	reading, err := b.cost(func() error {
		for _, t := range texts {
			if _, err := pol.Parse(t); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	b.add("roll-up of 100 portions", "µs", s.times(1e-3), atMost(15), peer{"limit: parsing them once", reading.median / 1e3})
	return nil
}

// compare measures whether one marking dominates another, over all pairs of
// sixty.
func (b *bench) compare(pol *marking.Policy) error {
	var list []marking.Marking
	for _, t := range marks() {
		m, err := pol.Parse(t)
		if err != nil {
			return err
		}
		list = append(list, m)
	}
	pairs, dominating := float64(len(list)*len(list)), 0
	s, err := b.cost(func() error {
		for _, x := range list {
			for _, y := range list {
				if x.Dominates(y) {
					dominating++
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if dominating == 0 {
		return fmt.Errorf("no marking dominates any")
	}
	b.add("compare two markings (Dominates)", "ns", s.times(1/pairs), goal{})
	return nil
}

// markCommand measures the command over a file of marks, beside the parser
// alone over the same marks.
func (b *bench) markCommand(pol *marking.Policy) error {
	path := filepath.Join(b.dir, "marks.txt")
	d := &dice{11}
	list := marks()
	lines := make([]string, b.marks)
	for i := range lines {
		lines[i] = list[d.skewed(len(list))]
	}
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		return err
	}
	alone, err := b.cost(func() error {
		for _, l := range lines[:min(len(lines), 1000)] {
			if _, err := pol.Parse(l); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	limit := peer{"limit: the parser alone, CPU time", alone.rate(float64(min(len(lines), 1000))).median}
	for _, form := range []string{"", "--json"} {
		args := append([]string{"mark", "parse"}, strings.Fields(form)...)
		var took []float64
		for range min(b.reps, 5) {
			t, err := b.call(path, nil, args...)
			if err != nil {
				return err
			}
			took = append(took, float64(t.Nanoseconds()))
		}
		b.add(fmt.Sprintf("tearline %s, %s marks, wall", strings.Join(args, " "), number(float64(len(lines)))), "1/s",
			spreadOf(took).rate(float64(len(lines))), goal{}, limit)
	}
	return nil
}
