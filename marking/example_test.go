package marking_test

import (
	"fmt"

	"tearline/marking"
)

func ExampleParse() {
	m, err := marking.Parse("(TS//TK/SI//REL TO GBR, USA/OC)")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.Portion())
	fmt.Println(m.Banner())
	fmt.Println(m.Compartments(), m.OriginatorControlled(), m.Names("GBR"), m.Names("DEU"))
	// Output:
	// (TS//SI/TK//OC/REL TO USA, GBR)
	// TOP SECRET//SI/TK//ORCON/REL TO USA, GBR
	// [SI TK] true true false
}

// All that is wrong is reported at once, each fault with its rule, its clause
// and a hint.
func ExampleParse_faults() {
	_, err := marking.Parse("S//SI-G//ORCON/RELIDO/NOFRON")
	fmt.Println(err)
	// Output:
	// 22: "NOFRON" is no marking of policy us [form.token]; did you mean "NOFORN"?
	// 15: ORCON excludes RELIDO [ISM-ID-00325, CAPCO 2016 §H.8 ORCON]; nobody but the originator can release it: drop RELIDO
	// 3: SI-G needs TOP SECRET [ISM-ID-00044, CAPCO 2016 §H.4 GAMMA]; write TOP SECRET, or drop SI-G
}

func ExamplePolicy_RollUp() {
	us, _ := marking.Lookup("us")
	var portions []marking.Dated
	for _, s := range []string{"(U)", "(S//REL TO USA, FVEY)", "(//GBR C//REL TO USA, GBR)"} {
		m, err := us.Parse(s)
		if err != nil {
			fmt.Println(err)
			return
		}
		portions = append(portions, marking.Dated{Marking: m, Date: "2024-05-01"})
	}
	rolled, err := us.RollUp(portions)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(rolled.Banner)
	for _, w := range rolled.Why {
		fmt.Println(w.Token, w.Portions, w.Rule)
	}
	// Output:
	// SECRET//FGI GBR//REL TO USA, GBR
	// SECRET [1] CAPCO 2016 §D.2
	// FGI GBR [2] CAPCO 2016 §D.2, §H.7
	// REL TO USA, GBR [1 2] rollup.list: CAPCO 2016 §D.2 Table 3 rows 21-23; ISM-ID-00318
}

func ExampleJoin() {
	tlp, _ := marking.Lookup("tlp")
	green, _ := tlp.Parse("tlp:green")
	amber, _ := tlp.Parse("(TLP:AMBER)")
	banner, err := marking.Join(green, amber)
	fmt.Println(banner, err, banner.Dominates(green))
	// Output:
	// TLP:AMBER <nil> true
}
