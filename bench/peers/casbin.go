package main

import (
	"errors"
	"slices"

	"github.com/casbin/casbin/v3"
	casbinmodel "github.com/casbin/casbin/v3/model"

	"tearline/bench/peers/model"
)

// casbinModel has no policy lines: all is in the matcher, and what is a test
// of sets in Go functions, as casbin has no sets.
const casbinModel = `
[request_definition]
r = party, portion

[policy_definition]
p = any

[policy_effect]
e = some(where (p.eft == allow))

[matchers]
m = r.portion.Level <= r.party.Level && compartments(r.party, r.portion) && released(r.party, r.portion) && \
	((!r.portion.Orcon && (r.portion.Origin == 0 || r.party.Country == 0 || r.portion.Origin == r.party.Country)) || \
	r.portion.Originator == r.party.Org || consented(r.party, r.portion))
`

// casbinParty and casbinPortion are the sides of a request; the expression
// language compares numbers as float64 only.
type casbinParty struct {
	Level, Country, Org float64
	bits                *model.PartyBits
}

type casbinPortion struct {
	Level, Origin, Originator float64
	Orcon                     bool
	bits                      *model.LabelBits
	consents                  []uint16
}

func benchCasbin(b *bench) error {
	q, err := b.questions()
	if err != nil {
		return err
	}
	m, err := casbinmodel.NewModelFromString(casbinModel)
	if err != nil {
		return err
	}
	e, err := casbin.NewEnforcer(m)
	if err != nil {
		return err
	}
	for name, test := range casbinTests {
		e.AddFunction(name, func(args ...any) (any, error) {
			if len(args) != 2 {
				return nil, errors.New("want a party and a portion")
			}
			party, isParty := args[0].(*casbinParty)
			portion, isPortion := args[1].(*casbinPortion)
			if !isParty || !isPortion {
				return nil, errors.New("not a party and a portion")
			}
			return test(party, portion), nil
		})
	}
	parties, portions := make([]*casbinParty, len(q.pairs)), make([]*casbinPortion, len(q.pairs))
	for i, p := range q.pairs {
		pb, lb := &q.bits.Parties[p.Party], &q.bits.Labels[q.world.Label[p.Portion]]
		parties[i] = &casbinParty{float64(pb.Level), float64(pb.Country), float64(pb.Org), pb}
		portions[i] = &casbinPortion{
			float64(lb.Level), float64(lb.Origin), float64(lb.Originator), lb.Orcon, lb, q.world.Consents(p.Portion),
		}
	}
	return b.decision("one matcher, sets as Go functions", q, func(i int) (bool, error) {
		return e.Enforce(parties[i], portions[i])
	})
}

var casbinTests = map[string]func(*casbinParty, *casbinPortion) bool{
	"compartments": func(p *casbinParty, x *casbinPortion) bool { return x.bits.Compartments&^p.bits.Compartments == 0 },
	"released":     func(p *casbinParty, x *casbinPortion) bool { return x.bits.Release.Has(p.bits.Country) },
	"consented":    func(p *casbinParty, x *casbinPortion) bool { return slices.Contains(x.consents, p.bits.Org) },
}
