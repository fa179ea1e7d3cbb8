// Package extract works out what an originator is told of a disclosure that
// its material was in: what went out of it and on what basis, and nothing of
// what other originators said or were asked. It reads statements that it is
// handed, and may not decide, say or store anything.
package extract

import (
	"slices"

	"tearline"
	"tearline/internal/set"
	"tearline/release"
)

// A Lookup finds a statement; false if there is none.
type Lookup func(tearline.StatementID) (tearline.Statement, bool, error)

// Item is a disclosed item as originator o is told of it: with what it said
// itself, and without a word on what others did. If the rules wanted others
// asked and not this one, its own say was kept to, and that is what it is told.
// v is the verdict on the item. Errors are those of said.
func Item(o tearline.PartyID, it tearline.DisclosedItem, v release.Verdict, said Lookup) (tearline.DisclosedItem, error) {
	if it.Outcome == tearline.Refer && !slices.Contains(v.Ask, o) {
		var ids []tearline.StatementID
		for _, why := range v.Reasons {
			if why.Outcome == tearline.Release {
				ids = set.Add(ids, why.Statements...)
			}
		}
		it.Outcome, it.Statements = tearline.Release, ids
		it.Basis = tearline.ByMarking
		mine, err := toldOf(o, ids, said)
		if err != nil {
			return it, err
		}
		it.Statements = nil
		for _, m := range mine {
			it.Basis = stronger(it.Basis, m.basis)
			it.Statements = append(it.Statements, m.id)
		}
		return it, nil
	}
	mine, err := toldOf(o, it.Statements, said)
	if err != nil {
		return it, err
	}
	it.Statements = nil
	for _, m := range mine {
		it.Statements = append(it.Statements, m.id)
	}
	if len(mine) == 0 && (it.Basis == tearline.ByConsent || it.Basis == tearline.ByStandingConsent || it.Basis == tearline.ByDeclassification) {
		it.Basis = tearline.ByMarking // another originator's word, which is not this one's business
	}
	return it, nil
}

// A ground is a statement on which a disclosure rests, and the basis it gives.
type ground struct {
	id    tearline.StatementID
	basis tearline.Basis
}

// toldOf returns those of the statements on which a disclosure rests that the
// originator is told of: its own, an agreement of its own, and the discretion
// by which it was passed over.
func toldOf(o tearline.PartyID, ids []tearline.StatementID, said Lookup) ([]ground, error) {
	var out []ground
	for _, id := range ids {
		s, ok, err := said(id)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		switch x := s.Says.(type) {
		case *tearline.Consent:
			if s.By == o {
				out = append(out, ground{id, tearline.ByConsent})
			}
		case *tearline.Declassification:
			if s.By == o {
				out = append(out, ground{id, tearline.ByDeclassification})
			}
		case *tearline.Agreement:
			if slices.Contains(x.Parties[:], o) {
				out = append(out, ground{id, tearline.ByStandingConsent})
			}
		case *tearline.Discretion:
			out = append(out, ground{id, tearline.ByDiscretion})
		}
	}
	return out, nil
}

// stronger returns the basis that rests more on somebody's own word.
func stronger(a, b tearline.Basis) tearline.Basis {
	order := []tearline.Basis{tearline.ByMarking, tearline.ByAgreement, tearline.ByDeclassification, tearline.ByStandingConsent, tearline.ByConsent}
	if slices.Index(order, b) > slices.Index(order, a) {
		return b
	}
	return a
}

// Merge adds an item, each portion once; what went out at discretion, or
// without a basis, is told in preference to what went out by right.
func Merge(list []tearline.DisclosedItem, it tearline.DisclosedItem) []tearline.DisclosedItem {
	i := slices.IndexFunc(list, func(x tearline.DisclosedItem) bool { return x.Portion == it.Portion })
	switch {
	case i < 0:
		return append(list, it)
	case graver(it) > graver(list[i]):
		list[i] = it
	}
	return list
}

func graver(it tearline.DisclosedItem) int {
	switch it.Basis {
	case tearline.ByNothing:
		return 3
	case tearline.ByDiscretion:
		return 2
	case tearline.ByMarking, tearline.ByAgreement, tearline.ByDeclassification, tearline.ByStandingConsent, tearline.ByConsent:
	}
	if it.Replaced {
		return 0
	}
	return 1
}
