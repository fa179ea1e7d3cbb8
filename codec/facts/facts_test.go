package facts_test

import (
	"strings"
	"testing"
	"time"

	"tearline"
	"tearline/codec/facts"
)

func TestRead(t *testing.T) {
	for _, test := range []struct{ line, wrong string }{
		{`{"kind":"party","id":"GBR","name":"United Kingdom","nations":["GBR"],"member_of":["NATO","FVEY","NATO"]}`, ""},
		{`{"kind":"agreement","id":"a","parties":["USA","GBR"],"ceiling":"SECRET","onward":"never","standing":[{"by":"GBR","up_to":"SECRET","to":["FVEY"]}],"at":"2026-01-01"}`, ""},
		{`{"kind":"agreement","id":"a","parties":["USA","DEU"],"ceiling":"SECRET","categories":["SI"],"equal":[["SECRET","GEHEIM"]],"purposes":["customs"],"inform":true,` +
			`"standing":[{"by":"DEU","up_to":"GEHEIM","to":["NATO"],"purposes":["customs"]}]}`, ""},
		{`{"kind":"agreement","id":"a","parties":["USA","DEU"],"ceiling":"SECRET","equal":[["SECRET","COSY"]]}`, "unknown level"},
		{`{"kind":"delegation","id":"d","by":"USA","to":"Col. Adler","powers":["consent","disclose"],"up_to":"SECRET","delegator":"Director","onward":true,"two":true,"until":"2027-01-01"}`, ""},
		{`{"kind":"delegation","by":"USA","powers":["consent"]}`, "a delegation to nobody"},
		{`{"kind":"delegation","by":"USA","to":"Col. Adler"}`, "a delegation of nothing"},
		{`{"kind":"delegation","by":"USA","to":"Col. Adler","powers":["rule"]}`, "unknown power"},
		{`{"kind":"delegation","by":"USA","to":"Col. Adler","powers":["consent"],"up_to":"COSY"}`, "unknown level"},
		{`{"kind":"delegation","to":"Col. Adler","powers":["consent"]}`, "nobody says it"},
		{`{"kind":"consent","by":"GBR","recipient":"FRA","portions":["R1/p1"],"conditions":["copies=2","unit=Branch 4","tear-line-only"],"authority":"Director","second":"Col. Adler"}`, ""},
		{`{"kind":"consent","by":"GBR","recipient":"FRA","portions":["R1/p1"],"conditions":["copies=0"]}`, "demands nothing"},
		{`{"kind":"consent","by":"GBR","recipient":"FRA","portions":["R1/p1"],"conditions":["person="]}`, "demands nothing"},
		{`{"kind":"declassification","by":"USA","portions":["R1/p2"],"because":"it was published","authority":"Director","second":"Col. Adler"}`, ""},
		{`{"kind":"exclusion","id":"x","by":"GBR","party":"FRA","ties":true,"at":"2026-01-01T00:00:00+02:00","until":"2026-02-01T00:00:00Z"}`, ""},
		{`{"kind":"tie","by":"GBR","party":"FRA","to":"DEU"}`, ""},
		{`{"kind":"tie","by":"GBR","party":"FRA","to":"DEU","degree":9}`, ""},
		{`{"kind":"tie","by":"GBR","party":"FRA","to":"DEU","degree":10}`, "no such degree"},
		{`{"kind":"exclusion","by":"GBR","party":"FRA","ties":true,"degree":-1}`, "no such degree"},
		{`{"kind":"consent","id":"c","by":"GBR","recipient":"FRA","portions":["R1/p1"],"conditions":["orally-only"]}`, ""},
		{`{"kind":"declassification","by":"USA","portions":["R1/p2"],"to":"C","because":"it was published"}`, ""},
		{`{"kind":"embargo","by":"USA","report":"R1","until":"2026-02-01"}`, ""},
		{`{"kind":"revocation","by":"USA","of":"e"}`, ""},
		{`{"kind":"filing"}`, "is not applied"},
		{`{"kind":"warrant"}`, "is not applied"},
		{`{"kind":"delegation","by":"USA","to":"Col. Adler","powers":["search"]}`, ""},
		{`{"kind":"party","id":"not a party"}`, "party"},
		{`{"kind":"party","id":"GBR","ceiling":"SECRET"}`, "unknown field"},
		{`{"kind":"agreement","parties":["USA","GBR"],"ceiling":"SECRET"}`, "an agreement has a name"},
		{`{"kind":"agreement","id":"a","parties":["USA"],"ceiling":"SECRET"}`, "between two parties"},
		{`{"kind":"agreement","id":"a","parties":["USA","USA"],"ceiling":"SECRET"}`, "with itself"},
		{`{"kind":"agreement","id":"a","parties":["USA","GBR"],"ceiling":"HIGH"}`, "unknown level"},
		{`{"kind":"agreement","id":"a","parties":["USA","GBR"],"ceiling":"SECRET","onward":"maybe"}`, "unknown onward rule"},
		{`{"kind":"agreement","id":"a","parties":["USA","GBR"],"ceiling":"SECRET","standing":[{"by":"FRA","up_to":"SECRET","to":[]}]}`, "no party to the agreement"},
		{`{"kind":"consent","by":"GBR","recipient":"FRA"}`, "a consent to nothing"},
		{`{"kind":"consent","by":"GBR","recipient":"FRA","portions":["R1"]}`, "JSON"},
		{`{"kind":"declassification","by":"USA","portions":["R1/p2"]}`, "without a reason"},
		{`{"kind":"embargo","by":"USA","report":"R1"}`, "without an end"},
		{`{"kind":"embargo","by":"USA","report":"R1","until":"soon"}`, `time "soon"`},
		{`{"kind":"embargo","by":"USA","report":"R1","until":"1950-01-01"}`, "before 1970"},
		{`{"kind":"exclusion","party":"FRA"}`, "nobody says it"},
		{`{"kind":"revocation","by":"USA"}`, "a revocation of nothing"},
		{`{"kind":"tie","by":"GBR","party":"FRA","to":"DEU"} {}`, "is not applied"}, // it is no JSON, and so no fact
	} {
		f, err := facts.Read(facts.KindOf([]byte(test.line)), []byte(test.line))
		switch {
		case test.wrong == "" && err != nil:
			t.Errorf("%s: %v", test.line, err)
		case test.wrong == "" && (f.Says == nil || string(f.Says.Kind()) != f.Kind):
			t.Errorf("%s: %+v", test.line, f)
		case test.wrong != "" && (err == nil || !strings.Contains(err.Error(), test.wrong)):
			t.Errorf("%s: %v, want %q", test.line, err, test.wrong)
		}
	}
	f, _ := facts.Read("exclusion", []byte(`{"kind":"exclusion","by":"GBR","party":"FRA","at":"2026-01-01T01:00:00+02:00"}`))
	if want := time.Date(2025, 12, 31, 23, 0, 0, 0, time.UTC); !f.At.Equal(want) || f.By != "GBR" || len(f.Named) != 1 {
		t.Errorf("%+v", f)
	}
	if facts.KindOf([]byte(`{"id":"R1","portions":[]}`)) != "" || facts.KindOf([]byte("nonsense")) != "" {
		t.Error("a report is a fact")
	}
}

// FuzzRead: a line is a fact or has faults, and a fact says something.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"kind":"consent","id":"c","by":"GBR","recipient":"FRA","portions":["R1/p1"],"at":"2026-01-01"}`))
	f.Add([]byte(`{"kind":"agreement","id":"a","parties":["USA","GBR"],"ceiling":"SECRET","standing":[{}]}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		x, err := facts.Read(facts.KindOf(line), line)
		if _, faults := err.(tearline.Faults); err != nil && !faults { //nolint:errorlint // the error itself is promised to be a list of faults
			t.Fatalf("%T", err)
		}
		if err == nil && (x.Says == nil || x.Says.Kind() != tearline.StatementKind(x.Kind)) {
			t.Fatalf("%+v", x)
		}
	})
}
