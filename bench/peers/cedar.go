package main

import (
	"errors"
	"fmt"
	"maps"

	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/types"

	"tearline/bench/peers/model"
)

// cedarPolicy is the model as one policy. Cedar knows no third outcome: what
// needs consent is not permitted.
const cedarPolicy = `permit (principal, action == Action::"read", resource) when {
	resource.level <= principal.level &&
	principal.compartments.containsAll(resource.compartments) &&
	(resource.public || resource.release.containsAny(principal.names)) &&
	((!resource.orcon && (resource.origin == "C000" || principal.country == "C000" || resource.origin == principal.country)) ||
	 resource.originator == principal.org ||
	 resource.consent.contains(principal.org))
};`

func benchCedar(b *bench) error {
	q, err := b.questions()
	if err != nil {
		return err
	}
	policies, err := cedar.NewPolicySetFromBytes("model.cedar", []byte(cedarPolicy))
	if err != nil {
		return err
	}
	entities := cedarEntities(q.world)
	requests := make([]cedar.Request, len(q.pairs))
	for i, p := range q.pairs {
		requests[i] = cedar.Request{
			Principal: cedar.NewEntityUID("Party", cedar.String(partyName(p.Party))),
			Action:    cedar.NewEntityUID("Action", "read"),
			Resource:  cedar.NewEntityUID("Portion", cedar.String(portionName(p.Portion))),
		}
	}
	return b.decision("one policy, attributes in records", q, func(i int) (bool, error) {
		decision, diagnostic := cedar.Authorize(policies, entities, requests[i])
		if len(diagnostic.Errors) > 0 {
			return false, errors.New(diagnostic.Errors[0].Message)
		}
		return decision == cedar.Allow, nil
	})
}

// cedarEntities has all parties and portions with their attributes; what
// portions of one label have alike is made once.
func cedarEntities(w *model.World) cedar.EntityMap {
	entities := cedar.EntityMap{}
	for i := range w.Parties {
		p := &w.Parties[i]
		uid := cedar.NewEntityUID("Party", cedar.String(fmt.Sprintf("p%d", i)))
		entities[uid] = types.Entity{UID: uid, Attributes: cedar.NewRecord(cedar.RecordMap{
			"level":        cedar.Long(p.Level),
			"compartments": cedarSet(mapped(p.Compartments, compartmentName)),
			"names":        cedarSet(namesOf(w, p.Country())),
			"country":      cedar.String(countryName(p.Country())),
			"org":          cedar.String(orgName(p.Org)),
		})}
	}
	labels := make([]cedar.RecordMap, len(w.Labels))
	for i := range w.Labels {
		l := &w.Labels[i]
		labels[i] = cedar.RecordMap{
			"level":        cedar.Long(l.Level),
			"compartments": cedarSet(mapped(l.Compartments, compartmentName)),
			"public":       cedar.Boolean(l.Release == model.Public),
			"release":      cedarSet(releaseNames(l)),
			"orcon":        cedar.Boolean(l.Orcon),
			"origin":       cedar.String(countryName(l.Origin())),
			"originator":   cedar.String(orgName(l.Originator)),
		}
	}
	for i, label := range w.Label {
		attributes := maps.Clone(labels[label])
		attributes["consent"] = cedarSet(mapped(w.Consents(uint32(i)), orgName))
		uid := cedar.NewEntityUID("Portion", cedar.String(fmt.Sprintf("x%d", i)))
		entities[uid] = types.Entity{UID: uid, Attributes: cedar.NewRecord(attributes)}
	}
	return entities
}

func cedarSet(list []string) cedar.Set {
	values := make([]cedar.Value, len(list))
	for i, s := range list {
		values[i] = cedar.String(s)
	}
	return cedar.NewSet(values...)
}
