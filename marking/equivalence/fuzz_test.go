package equivalence_test

import (
	"os"
	"testing"

	"tearline/marking"
	"tearline/marking/equivalence"
)

// Whatever the bytes are, there is a lawful table or there are faults.
func FuzzLoad(f *testing.F) {
	data, err := os.ReadFile("default.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(wild))
	f.Add([]byte(`{"format":1,"id":"x","title":"X","cites":"none","rows":[{"cites":"none","levels":{"uk":"OFFICIAL"},"up":{"us":"CONFIDENTIAL"},"owned":{"us":"RESTRICTED"}}]}`))
	f.Add([]byte(`{"rows":[{"levels":{"us":"S","us":"S"}}]}{`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := equivalence.Load(data, marking.Lookup)
		if err != nil {
			if faults := asFaults(t, err); d != nil || len(faults) > marking.MaxFaults {
				t.Fatalf("%v, %d faults", d, len(faults))
			}
			return
		}
		lawful(t, d)
	})
}
