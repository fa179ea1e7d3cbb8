package marks_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"tearline/internal/marks"
)

func ExampleLines() {
	p, err := marks.Policy("us")
	if err != nil {
		fmt.Println(err)
		return
	}
	in := strings.NewReader("(S//NF)\n{\"input\":\"TLP:RED\",\"policy\":\"tlp\"}\n")
	ok, err := marks.Lines(context.Background(), in, os.Stdout, marks.Parsing(p, nil))
	fmt.Println(ok, err)
	// Output:
	// {"input":"(S//NF)","ok":true,"form":"portion","canonical_banner":"SECRET//NOFORN","canonical_portion":"(S//NF)","fields":{"classification":"SECRET","dissem":["NOFORN"],"policy":"us"},"faults":[]}
	// {"input":"TLP:RED","ok":true,"form":"banner","canonical_banner":"TLP:RED","canonical_portion":"(TLP:RED)","fields":{"classification":"TLP:RED","policy":"tlp"},"faults":[]}
	// true <nil>
}

func ExampleRollUp_Document() {
	p, err := marks.Policy("us")
	if err != nil {
		fmt.Println(err)
		return
	}
	roll := marks.NewRollUp(p, func(dst []byte, a *marks.RolledUp) []byte { return append(dst, a.Banner...) })
	banner, ok := roll.Document(nil, &marks.Document{Portions: []string{"(S//NF)", "(C)"}})
	fmt.Println(string(banner), ok)
	// Output: SECRET//NOFORN true
}
