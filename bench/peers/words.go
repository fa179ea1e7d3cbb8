package main

import (
	"fmt"

	"tearline/bench/peers/model"
)

// The words that engines which think in strings are given.

func countryName(c uint8) string     { return fmt.Sprintf("C%03d", c) }
func orgName(o uint16) string        { return fmt.Sprintf("ORG%03d", o) }
func compartmentName(c uint8) string { return fmt.Sprintf("CMP%02d", c) }
func partyName(p uint32) string      { return fmt.Sprintf("p%d", p) }
func portionName(x uint32) string    { return fmt.Sprintf("x%d", x) }
func labelName(l uint16) string      { return fmt.Sprintf("l%d", l) }

var homeName = countryName(model.Home)

func mapped[T any](list []T, name func(T) string) []string {
	names := make([]string, len(list))
	for i, x := range list {
		names[i] = name(x)
	}
	return names
}

// namesOf are what a release list may name a party by.
func namesOf(w *model.World, country uint8) []string {
	list := []string{countryName(country)}
	for _, c := range w.CoalitionsOf(country) {
		list = append(list, model.CoalitionName(int(c)))
	}
	return list
}

// releaseNames are the release list of a label as written; home alone is
// written as home. Public labels have none.
func releaseNames(l *model.Label) []string {
	switch l.Release {
	case model.Public:
		return nil
	case model.RelTo:
		list := mapped(l.Countries, countryName)
		for _, c := range l.Coalitions {
			list = append(list, model.CoalitionName(int(c)))
		}
		return list
	case model.HomeOnly, model.NoForn:
	}
	return []string{homeName}
}
