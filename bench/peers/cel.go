package main

import (
	"errors"
	"fmt"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/ext"

	"tearline/bench/peers/model"
)

// celTail is what both expressions have alike.
const celTail = ` && ((!orcon && (origin == 0 || country == 0 || origin == country)) || originator == org || org in consent)`

// The model as one expression: sets as bitmasks, and as sets of strings. The
// caller picks the word of the release list in which the party's country is,
// which favours the peer.
const (
	celMasks = `level <= clearance && math.bitAnd(compartments, math.bitNot(read)) == 0u && math.bitAnd(release, nation) != 0u` + celTail
	celSets  = `level <= clearance && sets.contains(read, compartments) && (public || sets.intersects(release, names))` + celTail
)

// celVars are the variables of one question, converted beforehand.
type celVars map[string]ref.Val

// ResolveName is how an expression finds a variable.
func (v celVars) ResolveName(name string) (any, bool) {
	x, ok := v[name]
	return x, ok
}

// Parent says that there are no other variables.
func (celVars) Parent() cel.Activation { return nil }

func benchCEL(b *bench) error {
	q, err := b.questions()
	if err != nil {
		return err
	}
	masks, sets := make([]celVars, len(q.pairs)), make([]celVars, len(q.pairs))
	for i, p := range q.pairs {
		masks[i], sets[i] = celMaskVars(q, p), celSetVars(q, p)
	}
	list := cel.ListType(cel.StringType)
	err = b.cel("one expression, bitmasks", q, celMasks, masks,
		cel.Variable("compartments", cel.UintType), cel.Variable("read", cel.UintType),
		cel.Variable("release", cel.UintType), cel.Variable("nation", cel.UintType))
	if err != nil {
		return err
	}
	return b.cel("one expression, sets of strings", q, celSets, sets,
		cel.Variable("compartments", list), cel.Variable("read", list), cel.Variable("public", cel.BoolType),
		cel.Variable("release", list), cel.Variable("names", list))
}

func (b *bench) cel(how string, q *questions, expression string, vars []celVars, declared ...cel.EnvOption) error {
	env, err := cel.NewEnv(append(declared, ext.Math(), ext.Sets(),
		cel.Variable("level", cel.IntType), cel.Variable("clearance", cel.IntType), cel.Variable("orcon", cel.BoolType),
		cel.Variable("origin", cel.IntType), cel.Variable("country", cel.IntType), cel.Variable("originator", cel.IntType),
		cel.Variable("org", cel.IntType), cel.Variable("consent", cel.ListType(cel.IntType)))...)
	if err != nil {
		return err
	}
	ast, issues := env.Compile(expression)
	if err := issues.Err(); err != nil {
		return err
	}
	program, err := env.Program(ast, cel.EvalOptions(cel.OptOptimize))
	if err != nil {
		return err
	}
	return b.decision(how, q, func(i int) (bool, error) {
		out, _, err := program.Eval(vars[i])
		if err != nil {
			return false, fmt.Errorf("evaluate: %w", err)
		}
		released, ok := out.Value().(bool)
		if !ok {
			return false, errors.New("no boolean")
		}
		return released, nil
	})
}

// celVarsOf are the variables of both expressions.
func celVarsOf(q *questions, p model.Pair) celVars {
	party, label := &q.bits.Parties[p.Party], &q.bits.Labels[q.world.Label[p.Portion]]
	var consent []ref.Val
	for _, org := range q.world.Consents(p.Portion) {
		consent = append(consent, types.Int(org))
	}
	return celVars{
		"level": types.Int(label.Level), "clearance": types.Int(party.Level), "orcon": types.Bool(label.Orcon),
		"origin": types.Int(label.Origin), "country": types.Int(party.Country),
		"originator": types.Int(label.Originator), "org": types.Int(party.Org),
		"consent": types.NewRefValList(types.DefaultTypeAdapter, consent),
	}
}

func celMaskVars(q *questions, p model.Pair) celVars {
	party, label := &q.bits.Parties[p.Party], &q.bits.Labels[q.world.Label[p.Portion]]
	v := celVarsOf(q, p)
	v["compartments"], v["read"] = types.Uint(label.Compartments), types.Uint(party.Compartments)
	v["release"], v["nation"] = types.Uint(label.Release[party.Country>>6]), types.Uint(uint64(1)<<(party.Country&63))
	return v
}

func celSetVars(q *questions, p model.Pair) celVars {
	party, label := &q.world.Parties[p.Party], &q.world.Labels[q.world.Label[p.Portion]]
	v := celVarsOf(q, p)
	v["compartments"] = celList(mapped(label.Compartments, compartmentName))
	v["read"] = celList(mapped(party.Compartments, compartmentName))
	v["public"] = types.Bool(label.Release == model.Public)
	v["release"], v["names"] = celList(releaseNames(label)), celList(namesOf(q.world, party.Country()))
	return v
}

func celList(list []string) ref.Val {
	values := make([]ref.Val, len(list))
	for i, s := range list {
		values[i] = types.String(s)
	}
	return types.NewRefValList(types.DefaultTypeAdapter, values)
}
