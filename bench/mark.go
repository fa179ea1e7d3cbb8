package main

import (
	"fmt"
	"math"

	"tearline/bench/kit"
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
	s, err := b.Cost(kit.CPU, parse)
	if err != nil {
		return err
	}
	b.Add("parse "+example, "ns", s, kit.AtMost(600),
		kit.Peer{Name: "Codice, best of 11–62 µs (recorded elsewhere)", Value: codiceParse}, kit.Peer{Name: "ODNI stylesheets, 36 ms (recorded elsewhere)", Value: odniParse})
	n, _, err := kit.Allocs(200, parse)
	if err != nil {
		return err
	}
	b.Add("parse "+example, "allocs", kit.One(math.Floor(n)), kit.AtMost(3))
	if err := b.longest(); err != nil {
		return err
	}
	if err := b.rollUp(pol); err != nil {
		return err
	}
	if err := b.compare(pol); err != nil {
		return err
	}
	return b.markCommands(pol)
}

// longestLine is the longest line published with its meaning: 23 names, of
// which the policy lists none of 12.
const longestLine = "TOP SECRET//ABC/COMINT/SI-GAMMA-XXX/FOO-O XYZ//SAR-BP/GB/TC//RD-SIGMA 2 5 6//FGI CAN NZL//" +
	"IMCON/PROPIN/REL TO USA, CAN, NZL/DISPLAY ONLY AFG/DEA SENSITIVE//LIMITED DISTRIBUTION/ACCM-LEMONADE/PARTY FAVORS/SBU NOFORN"

// longest measures the longest line, which is the DoD Manual's.
func (b *bench) longest() error {
	dod, ok := marking.Lookup("us@dod")
	if !ok {
		return fmt.Errorf("no dod profile")
	}
	s, err := b.Cost(kit.CPU, func() error {
		_, err := dod.Parse(longestLine)
		return err
	})
	if err == nil {
		b.Add("parse the longest published line, 214 bytes", "ns", s, kit.AtMost(2000), kit.Peer{Name: "Codice, worst of 11–62 µs (recorded elsewhere)", Value: 62_000})
	}
	return err
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
	s, err := b.Cost(kit.CPU, func() error {
		_, err := pol.RollUp(dated)
		return err
	})
	if err != nil {
		return err
	}
	reading, err := b.Cost(kit.CPU, func() error {
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
	b.Add("roll-up of 100 portions", "µs", s.Times(1e-3), kit.AtMost(15), kit.Peer{Name: "limit: parsing them once", Value: reading.Median / 1e3})
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
	s, err := b.Cost(kit.CPU, func() error {
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
	b.Add("compare two markings (Dominates)", "ns", s.Times(1/pairs), kit.Goal{})
	return nil
}
