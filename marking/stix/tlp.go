package stix

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"tearline/marking"
)

// A tlpLevel is one published object of the Traffic Light Protocol.
type tlpLevel struct {
	id    string // without "marking-definition--"
	name  string // the object's name
	word  string // of the definition or extension
	level string // of the tlp policy
}

// The objects of TLP in STIX 2.1 §7.2.1.4. No others may be made.
var tlp1 = [...]tlpLevel{
	{"613f2e26-407d-48c7-9eca-b8e91df99dc9", "TLP:WHITE", "white", "TLP:CLEAR"},
	{"34098fce-860f-48ae-8e50-ebd3cc5e41da", "TLP:GREEN", "green", "TLP:GREEN"},
	{"f88d31f6-486f-44da-b317-01333bde0b82", "TLP:AMBER", "amber", "TLP:AMBER"},
	{"5e57c739-391a-4eb3-b6be-7d15ca92d5ed", "TLP:RED", "red", "TLP:RED"},
}

// The objects of TLP 2.0, published by OASIS with the extension.
var tlp2 = [...]tlpLevel{
	{"94868c89-83c2-464b-929b-a1a8aa3c8487", "TLP:CLEAR", "clear", "TLP:CLEAR"},
	{"bab4a63c-aed9-4cf5-a766-dfca5abac2bb", "TLP:GREEN", "green", "TLP:GREEN"},
	{"55d920b0-5e8b-4f79-9ee9-91f868d9b421", "TLP:AMBER", "amber", "TLP:AMBER"},
	{"939a9414-2ddd-4d32-a0cd-375ea402b003", "TLP:AMBER+STRICT", "amber+strict", "TLP:AMBER+STRICT"},
	{"e828b379-4e03-4974-9ac4-e53a884c97c1", "TLP:RED", "red", "TLP:RED"},
}

const (
	tlp1Created = "2017-01-20T00:00:00.000Z"
	tlp2Created = "2022-10-01T00:00:00.000Z"
)

// fixedLevel returns the level that has the id, of either version.
func fixedLevel(id string) (tlpLevel, bool) {
	id = strings.TrimPrefix(id, definitionType+"--")
	for _, table := range [][]tlpLevel{tlp1[:], tlp2[:]} {
		if i := slices.IndexFunc(table, func(l tlpLevel) bool { return l.id == id }); i >= 0 {
			return table[i], true
		}
	}
	return tlpLevel{}, false
}

// readLevel holds the word of a TLP definition against the published object
// of that level: id and name must be its own. TLP 2.0 demands the name.
func (d *Definition) readLevel(f *fieldReader, n node, table []tlpLevel, word string, named bool) {
	i := slices.IndexFunc(table, func(l tlpLevel) bool { return l.word == word })
	if i < 0 {
		f.fault(n, "stix.tlp.level", fmt.Sprintf("%q is no level", word))
		return
	}
	l := table[i]
	if d.id != definitionType+"--"+l.id {
		f.fault(n, "stix.tlp.id", fmt.Sprintf("the id is not that of %s, %s--%s", l.name, definitionType, l.id))
	}
	if d.name != l.name && (named || d.name != "") {
		f.fault(n, "stix.tlp.name", fmt.Sprintf("the name is %q and the level %s", d.name, l.name))
	}
	d.level = l.level
}

// tlp1JSON and tlp2JSON return the object as it is published.
func (l tlpLevel) tlp1JSON() string {
	return fmt.Sprintf(`{"type":"marking-definition","spec_version":"2.1","id":"marking-definition--%s","created":"%s",`+
		`"definition_type":"tlp","name":"%s","definition":{"tlp":"%s"}}`, l.id, tlp1Created, l.name, l.word)
}

func (l tlpLevel) tlp2JSON() string {
	return fmt.Sprintf(`{"type":"marking-definition","spec_version":"2.1","id":"marking-definition--%s","created":"%s",`+
		`"name":"%s","extensions":{"%s":{"extension_type":"property-extension","tlp_2_0":"%s"}}}`,
		l.id, tlp2Created, l.name, TLP2Extension, l.word)
}

// TLP returns the published objects of the Traffic Light Protocol: the four
// that STIX 2.1 builds in, then the five of TLP 2.0, the least restrictive
// first. Objects refer to them without their being in a bundle.
func TLP() []Definition {
	var all []Definition
	for _, table := range [][]tlpLevel{tlp1[:], tlp2[:]} {
		for _, l := range table {
			if d, ok := published(definitionType + "--" + l.id); ok {
				all = append(all, d)
			}
		}
	}
	return all
}

// published returns the published object of that id.
func published(id string) (Definition, bool) {
	l, ok := fixedLevel(id)
	if !ok {
		return Definition{}, false
	}
	object := l.tlp2JSON()
	if slices.Contains(tlp1[:], l) {
		object = l.tlp1JSON()
	}
	d, err := Read([]byte(object))
	return d, err == nil
}

// fromTLP returns the object of TLP 2.0 for a marking of the tlp policy.
func fromTLP(m marking.Marking) (Definition, error) {
	i := slices.IndexFunc(tlp2[:], func(l tlpLevel) bool { return l.level == m.Banner() })
	if i < 0 {
		return Definition{}, marking.Faults{{
			Rule: "stix.tlp.level", Cites: citesTLP2, Text: fmt.Sprintf("TLP 2.0 in STIX has no %s", m),
		}}
	}
	return Read([]byte(tlp2[i].tlp2JSON()))
}

// parse reads a mark under an embedded policy.
func parse(policy, mark string) (marking.Marking, error) {
	p, ok := marking.Lookup(policy)
	if !ok {
		return marking.Marking{}, marking.Faults{{Rule: "stix.policy", Text: fmt.Sprintf("there is no policy %q here", policy)}}
	}
	m, err := p.Parse(mark)
	if err != nil {
		return marking.Marking{}, err
	}
	return m, nil
}

// faultsOf returns the faults that an error of package marking is.
func faultsOf(err error) marking.Faults {
	if fs, ok := errors.AsType[marking.Faults](err); ok {
		return fs
	}
	return marking.Faults{{Rule: "stix.marking", Text: err.Error()}}
}

// isID reports whether s is "TYPE--UUID" with the UUID in lower case (STIX
// 2.1 §2.9).
func isID(s, typ string) bool {
	uuid, ok := strings.CutPrefix(s, typ+"--")
	return ok && isUUID(uuid)
}

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		hyphen := i == 8 || i == 13 || i == 18 || i == 23
		if hyphen != (s[i] == '-') || !hyphen && strings.IndexByte("0123456789abcdef", s[i]) < 0 {
			return false
		}
	}
	return true
}
