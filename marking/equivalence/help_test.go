package equivalence_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"tearline/marking"
	"tearline/marking/equivalence"
	"tearline/marking/policyfile"
)

// T is what tests and properties report to.
type T interface {
	Helper()
	Fatalf(format string, args ...any)
}

func policy(t T, id string) *marking.Policy {
	t.Helper()
	p, ok := marking.Lookup(id)
	if !ok {
		t.Fatalf("no policy %q", id)
	}
	return p
}

// read reads "us: SECRET//NOFORN".
func read(t T, s string) marking.Marking {
	t.Helper()
	id, line, _ := strings.Cut(s, ": ")
	m, err := policy(t, id).Parse(line)
	if err != nil {
		t.Fatalf("%q: %v", s, err)
	}
	return m
}

func level(t T, p *marking.Policy, name string) marking.Level {
	t.Helper()
	l, ok := p.Level(name)
	if !ok {
		t.Fatalf("%s has no level %q", p.ID(), name)
	}
	return l
}

// rules returns the rules of the faults that an error is, sorted, each once.
func rules(t T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	var faults marking.Faults
	if !errors.As(err, &faults) || len(faults) == 0 {
		t.Fatalf("%v is not Faults", err)
	}
	var out []string
	for _, f := range faults {
		out = append(out, f.Rule)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// wildTable is the table wild.
func wildTable(t T) *equivalence.Table {
	t.Helper()
	tab, err := equivalence.Load([]byte(wild), marking.Lookup)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return tab
}

// wild is a table that no agreement would make, with policies whose marks are
// for everybody among those that are for few.
const wild = `{"format":1,"id":"wild","title":"a table that nobody agreed on","cites":"nothing","owners":{"nato":"NATO","eu":"EU"},"rows":[
 {"cites":"none","levels":{"us":"UNCLASSIFIED","nato":"NATO UNCLASSIFIED","tlp":"TLP:CLEAR","pap":"PAP:CLEAR","de":"OFFEN","eu":"EU UNCLASSIFIED"},"up":{"uk":"OFFICIAL"}},
 {"cites":"none","levels":{"us":"CONFIDENTIAL","nato":"NATO CONFIDENTIAL","tlp":"TLP:GREEN","pap":"PAP:GREEN","acme":"PUBLIC","uk":"OFFICIAL","fr":"NON PROTEGE"}},
 {"cites":"none","levels":{"us":"SECRET","nato":"NATO SECRET","tlp":"TLP:AMBER","pap":"PAP:AMBER","acme":"INTERNAL","uk":"SECRET","eu":"RESTREINT UE","de":"GEHEIM","fr":"SECRET"}},
 {"cites":"none","levels":{"us":"TOP SECRET","nato":"COSMIC TOP SECRET","tlp":"TLP:RED","pap":"PAP:RED","acme":"CONFIDENTIAL","uk":"TOP SECRET","eu":"SECRET UE","de":"STRENG GEHEIM","fr":"TRES SECRET"}}
]}`

// ids are the policies whose marks are tried, profiles among them.
var ids = []string{"us", "us@ism-2022", "us@dod", "nato", "uk", "eu", "de", "fr", "tlp", "pap", "acme"}

func policies(t T) []*marking.Policy {
	t.Helper()
	var all []*marking.Policy
	for _, id := range ids {
		all = append(all, policy(t, id))
	}
	return all
}

func TestWildIsATable(t *testing.T) {
	if wildTable(t).ID() != "wild" {
		t.Error("it has another id")
	}
}

// twin is a policy of one's own with the file of an embedded one.
func twin(t T, id string, replace ...string) *marking.Policy {
	t.Helper()
	data := strings.NewReplacer(replace...).Replace(string(marking.PolicySource(id)))
	all, err := policyfile.Load([]byte(data))
	if err != nil {
		t.Fatalf("%v", err)
	}
	return all[0]
}
