package misp_test

import (
	"strings"
	"testing"

	"tearline/marking/misp"
)

func FuzzTags(f *testing.F) {
	f.Add(strings.Join(vocabulary[:3], "\n"))
	for _, tag := range vocabulary {
		f.Add(tag)
	}
	f.Add("tlp:red\nTLP:RED\n tlp : red\ntlp=red\"\"")
	f.Add("dni-ism:classification:us=\"TS\"\ndni-ism:scicontrols=\"SI-G\"\ndni-ism:dissem=\"OC\"\ndni-ism:dissem=\"NF\"")
	f.Fuzz(func(t *testing.T, lines string) {
		list := strings.Split(lines, "\n")
		for _, s := range list {
			if tag, err := misp.ParseTag(s); err == nil && tag.String() != s {
				t.Fatalf("%q is written %q", s, tag)
			}
		}
		s, err := misp.Read(list)
		if err != nil {
			return
		}
		marks, err := s.Markings()
		if (marks == nil) != (err != nil) {
			t.Fatalf("%q: %v, %v", list, marks, err)
		}
		for policy, m := range marks {
			tags, err := misp.FromMarking(m)
			if err != nil {
				t.Fatalf("%q: %s cannot be written: %v", list, m, err)
			}
			again, err := misp.Read(tags)
			if err != nil {
				t.Fatal(err)
			}
			if back, err := again.Markings(); err != nil || !back[policy].Equal(m) {
				t.Fatalf("%q: %s came back as %v, %v", list, m, back, err)
			}
		}
	})
}
