package main

import (
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"

	"tearline/bench/peers/model"
)

// regoModule is the model as a rule with five auxiliary ones; sets are objects
// with true values.
const regoModule = `package peers

default allow := false

allow if {
	input.portion.level <= input.party.level
	not missing
	released
	handled
}

missing if {
	some c, _ in input.portion.compartments
	not input.party.compartments[c]
}

released if input.portion.public
released if {
	some c, _ in input.party.names
	input.portion.release[c]
}

controlled if input.portion.orcon
controlled if third

third if {
	input.portion.origin != "C000"
	input.party.country != "C000"
	input.portion.origin != input.party.country
}

handled if not controlled
handled if input.portion.originator == input.party.org
handled if input.portion.consent[input.party.org]
`

func benchOPA(b *bench) error {
	q, err := b.questions()
	if err != nil {
		return err
	}
	prepared, err := rego.New(rego.Query("data.peers.allow"), rego.Module("peers.rego", regoModule)).PrepareForEval(b.Ctx)
	if err != nil {
		return err
	}
	inputs, values := make([]map[string]any, len(q.pairs)), make([]ast.Value, len(q.pairs))
	for i, p := range q.pairs {
		inputs[i] = regoInput(q.world, p)
		if values[i], err = ast.InterfaceToValue(inputs[i]); err != nil {
			return err
		}
	}
	err = b.decision("prepared query, input as ast.Value", q, func(i int) (bool, error) {
		set, err := prepared.Eval(b.Ctx, rego.EvalParsedInput(values[i]))
		return set.Allowed(), err
	})
	if err != nil {
		return err
	}
	return b.decision("prepared query, input as Go maps", q, func(i int) (bool, error) {
		set, err := prepared.Eval(b.Ctx, rego.EvalInput(inputs[i]))
		return set.Allowed(), err
	})
}

func regoInput(w *model.World, p model.Pair) map[string]any {
	party, label := &w.Parties[p.Party], &w.Labels[w.Label[p.Portion]]
	return map[string]any{
		"party": map[string]any{
			"level": int(party.Level), "compartments": regoSet(mapped(party.Compartments, compartmentName)),
			"names": regoSet(namesOf(w, party.Country())), "country": countryName(party.Country()), "org": orgName(party.Org),
		},
		"portion": map[string]any{
			"level": int(label.Level), "compartments": regoSet(mapped(label.Compartments, compartmentName)),
			"public": label.Release == model.Public, "release": regoSet(releaseNames(label)),
			"orcon": label.Orcon, "origin": countryName(label.Origin()), "originator": orgName(label.Originator),
			"consent": regoSet(mapped(w.Consents(p.Portion), orgName)),
		},
	}
}

func regoSet(list []string) map[string]any {
	m := make(map[string]any, len(list))
	for _, s := range list {
		m[s] = true
	}
	return m
}
