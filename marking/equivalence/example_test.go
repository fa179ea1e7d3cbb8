package equivalence_test

import (
	"fmt"

	"tearline/marking"
	"tearline/marking/equivalence"
)

// must reads a mark; those of the examples are right.
func must(id, line string) marking.Marking {
	p, _ := marking.Lookup(id)
	m, err := p.Parse(line)
	if err != nil {
		fmt.Println(err)
	}
	return m
}

func ExampleTable_Level() {
	de, _ := marking.Lookup("de")
	us, _ := marking.Lookup("us")
	uk, _ := marking.Lookup("uk")
	for _, name := range []string{"GEHEIM", "VS-NFD"} {
		l, _ := de.Level(name)
		inUS, _ := equivalence.Default().Level(de, l, us)
		inUK, _ := equivalence.Default().Level(de, l, uk)
		fmt.Printf("%s: %s, %s\n", l.Name, inUS.Name, inUK.Name)
	}
	// Output:
	// GEHEIM: SECRET, SECRET
	// VS-NUR FÜR DEN DIENSTGEBRAUCH: CONFIDENTIAL, SECRET
}

// The ceiling of an agreement is a level of one policy, what is exchanged is
// marked under several.
func ExampleTable_Within() {
	us, _ := marking.Lookup("us")
	secret, _ := us.Level("SECRET")
	for _, m := range []marking.Marking{must("nato", "NATO SECRET"), must("de", "STRENG GEHEIM"), must("tlp", "TLP:AMBER")} {
		within, known := equivalence.Default().Within(m, us, secret)
		fmt.Println(m, within, known)
	}
	// Output:
	// NATO SECRET true true
	// STRENG GEHEIM false true
	// TLP:AMBER false false
}

func ExampleTranslate() {
	us, _ := marking.Lookup("us")
	for _, m := range []marking.Marking{must("nato", "NATO SECRET RELEASABLE TO SWE"), must("de", "GEHEIM"), must("nato", "NATO SECRET CRYPTO")} {
		translated, err := equivalence.Translate(equivalence.Default(), m, us)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(translated)
	}
	// Output:
	// //NATO SECRET//RELEASABLE TO USA, SWE, NATO
	// //DEU SECRET
	// 12: policy us does not know CRYPTO [equivalence.control]; keep the mark as it is beside others, or ask its originator
}

func ExampleJoin() {
	j, err := equivalence.Join(equivalence.Default(), must("nato", "NATO SECRET"), must("us", "SECRET//NOFORN"), must("us", "TOP SECRET//REL TO USA, GBR"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(j)
	us, _ := marking.Lookup("us")
	fmt.Println(j.Into(us))
	keep, _ := j.Releasable()
	fmt.Println(keep)
	// Output:
	// TOP SECRET//NOFORN; NATO SECRET
	// TOP SECRET//FGI NATO//NOFORN <nil>
	// [USA]
}

func ExampleJoint_Into() {
	j, err := equivalence.Join(equivalence.Default(), must("us", "SECRET//REL TO USA, NATO"), must("nato", "NATO CONFIDENTIAL"))
	if err != nil {
		fmt.Println(err)
		return
	}
	nato, _ := marking.Lookup("nato")
	uk, _ := marking.Lookup("uk")
	fmt.Println(j.Into(nato))
	fmt.Println(j.Into(uk))
	// Output:
	// NATO SECRET <nil>
	// SECRET - UK EYES ONLY <nil>
}

func ExampleLoad() {
	agreement := `{"format":1, "id":"exercise", "title":"Levels of an exercise", "cites":"its handling instructions",
	 "rows":[{"cites":"annex B", "levels":{"us":"CONFIDENTIAL", "acme":"CONFIDENTIAL"}, "up":{"tlp":"TLP:RED"}}]}`
	t, err := equivalence.Load([]byte(agreement), marking.Lookup)
	if err != nil {
		fmt.Println(err)
		return
	}
	acme, _ := marking.Lookup("acme")
	tlp, _ := marking.Lookup("tlp")
	l, _ := acme.Level("CONFIDENTIAL")
	red, known := t.Level(acme, l, tlp)
	fmt.Println(red.Name, known, t.Why(acme, l, tlp))
	_, known = t.Level(tlp, red, acme) // one way
	fmt.Println(known)

	_, err = equivalence.Load([]byte(`{"format":1, "id":"x", "title":"X", "cites":"", "rows":[{"cites":"none", "levels":{"us":"SECRET", "uk":"SECERT"}}]}`), marking.Lookup)
	fmt.Println(err)
	// Output:
	// TLP:RED true annex B
	// false
	// 0: cites: want a text [table.field]
	// 0: rows[0].levels.uk: "SECERT" is no level of policy uk [table.level]
	// 0: rows[0]: it compares nothing: want levels of two policies, or one and what it counts as [table.field]
}
