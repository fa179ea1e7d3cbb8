package authority_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tearline/marking"
	"tearline/marking/authority"
)

type instruction = authority.Instruction

func TestParseInstruction(t *testing.T) {
	for _, c := range []struct {
		in   string
		want instruction
		out  string // canonical
	}{
		{"20351231", instruction{Date: "2035-12-31"}, "20351231"},
		{" 2035-12-31 ", instruction{Date: "2035-12-31"}, "20351231"},
		{"december 31,  2035", instruction{Date: "2035-12-31"}, "20351231"},
		{"31 Dec 2035", instruction{Date: "2035-12-31"}, "20351231"},
		{"25X1, 20450101", instruction{Exemption: "25X1", Date: "2045-01-01"}, "25X1, 20450101"},
		{"25x1,20450101", instruction{Exemption: "25X1", Date: "2045-01-01"}, "25X1, 20450101"},
		{"25X1 25X3, December 31, 2035", instruction{Exemption: "25X1 25X3", Date: "2035-12-31"}, "25X1 25X3, 20351231"},
		{"25X1, 25X3, 20351231", instruction{Exemption: "25X1 25X3", Date: "2035-12-31"}, "25X1 25X3, 20351231"},
		{"25X3", instruction{Exemption: "25X3"}, "25X3"},
		{"50X1-HUM", instruction{Exemption: "50X1-HUM"}, "50X1-HUM"},
		{"50X1 - hum", instruction{Exemption: "50X1-HUM"}, "50X1-HUM"},
		{"50X2-WMD", instruction{Exemption: "50X2-WMD"}, "50X2-WMD"},
		{"75X1, 20900101", instruction{Exemption: "75X1", Date: "2090-01-01"}, "75X1, 20900101"},
		{"25X1, EO 12951", instruction{Exemption: "25X1-EO-12951"}, "25X1, EO 12951"},
		{"25X1, E.O. 12951", instruction{Exemption: "25X1-EO-12951"}, "25X1, EO 12951"},
		{"25X1-EO-12951", instruction{Exemption: "25X1-EO-12951"}, "25X1, EO 12951"},
		{"25X4, the end of the programme", instruction{Exemption: "25X4", Event: "the end of the programme"}, "25X4, the end of the programme"},
		{"The end of the exercise", instruction{Event: "The end of the exercise"}, "The end of the exercise"},
		{"30 days after the launch", instruction{Event: "30 days after the launch"}, "30 days after the launch"},
		{"20341231 or the end of the conflict", instruction{Date: "2034-12-31", Event: "the end of the conflict"}, "20341231 or the end of the conflict"},
		{"N/A to RD portions. See source list for NSI portions.", instruction{RD: true}, "N/A to RD portions. See source list for NSI portions."},
		{"n/a to frd/tfni and nato portions", instruction{FRD: true, TFNI: true, NATO: true}, "N/A to FRD/TFNI and NATO portions. See source list for NSI portions."},
		{"Not Applicable to NATO portions. See source list for NSI portions.", instruction{NATO: true}, "N/A to NATO portions. See source list for NSI portions."},
		{"OADR", instruction{Retired: "OADR"}, "OADR"},
		{"Originating Agency's Determination Required", instruction{Retired: "OADR"}, "OADR"},
		{"Source Marked MR, date of source 19950101", instruction{Retired: "MR", SourceDate: "1995-01-01"}, "Source Marked MR, date of source 19950101"},
		{"Source marked 25X2, date of source: 1995-01-01", instruction{Exemption: "25X2", SourceDate: "1995-01-01"}, "Source Marked 25X2, date of source 19950101"},
		{"X1, X5", instruction{Retired: "X1 X5"}, "X1 X5"},
		{"DNI ONLY", instruction{Retired: "DNI Only"}, "DNI Only"},
		{"DCI only", instruction{Retired: "DCI Only"}, "DCI Only"},
		{"25X1-human", instruction{Retired: "25X1-human"}, "25X1-human"},
		{"Subject to Treaty or International Agreement", instruction{Retired: "Subject to treaty or international agreement"}, "Subject to treaty or international agreement"},
	} {
		got, err := authority.ParseInstruction(c.in)
		if err != nil {
			t.Errorf("%q: %v", c.in, err)
			continue
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.in, diff)
		}
		if got.String() != c.out {
			t.Errorf("%q is written %q, want %q", c.in, got, c.out)
		}
		if again, err := authority.ParseInstruction(got.String()); err != nil || again != got {
			t.Errorf("%q: %+v, %v", got, again, err)
		}
	}
}

func TestRefusedInstructions(t *testing.T) {
	for in, rule := range map[string]string{
		"":                             "authority.value",
		"20351331":                     "authority.date",
		"2035":                         "authority.date",
		"12/31/2035":                   "authority.date",
		"25X0, 20450101":               "authority.exemption",
		"25X10, 20450101":              "authority.exemption",
		"60X1, 20450101":               "authority.exemption",
		"50X1-HUN":                     "authority.exemption",
		"25X1, 20459999":               "authority.date",
		"25X1, OADR":                   "authority.single",
		"25X1-human 25X2, 20450101":    "authority.exemption",
		"N/A":                          "authority.portions",
		"N/A to SI portions":           "authority.portions",
		"N/A to portions":              "authority.portions",
		"N/A to RD portions. 20351231": "authority.portions",
		"Source Marked 50X1":           "authority.retired",
		"Source Marked OADR, date of source then": "authority.date",
		"20351231 or 20361231":                    "authority.single",
		"20351231 or 25X1":                        "authority.single",
		"the end\x00":                             "authority.value",
		strings.Repeat("x", authority.MaxValue+1): "authority.value",
	} {
		got, err := authority.ParseInstruction(in)
		var faults marking.Faults
		if !errors.As(err, &faults) || len(faults) != 1 || faults[0].Rule != rule || got != (instruction{}) {
			t.Errorf("%.40q: %+v, %v; want a fault of %s", in, got, err, rule)
		}
	}
}

const block = `
  CLASSIFIED BY : J. Bloggs,  Analyst
Derived from: multiple sources

declassify on:	25X1, 2045-01-01
`

func TestParse(t *testing.T) {
	got, err := authority.Parse(block)
	if err != nil {
		t.Fatal(err)
	}
	want := authority.Block{ClassifiedBy: "J. Bloggs, Analyst", DerivedFrom: "Multiple Sources", Declassify: instruction{Exemption: "25X1", Date: "2045-01-01"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if out := "Classified By: J. Bloggs, Analyst\nDerived From: Multiple Sources\nDeclassify On: 25X1, 20450101"; got.String() != out || !got.Derivative() {
		t.Errorf("%s", got)
	}
	for in, want := range map[string]string{
		"1.4(c)": "1.4(c)", "1.4c": "1.4(c)", "1.4 (C), (d)": "1.4(c), 1.4(d)", "1.4(a), 1.4(h)": "1.4(a), 1.4(h)", "NDP-1": "NDP-1", "E.O. 13526 §1.4(c)": "E.O. 13526 §1.4(c)",
	} {
		b, err := authority.Parse("Classified By: A\nReason: " + in + "\nDeclassify On: 20351231")
		if err != nil || b.Reason != want || b.Derivative() {
			t.Errorf("%s: %+v, %v", in, b, err)
		}
	}
}

// Every fault is there at once, at its place.
func TestParseFaults(t *testing.T) {
	text := "Classifed By: A\nReason: 1.4(z)\r\n  Reason: 1.4(c)\nDerived From:\nDeclassify On: 2035133\n"
	got, err := authority.Parse(text)
	var faults marking.Faults
	if !errors.As(err, &faults) || got != (authority.Block{}) {
		t.Fatalf("%+v, %v", got, err)
	}
	var lines []string
	for _, f := range faults {
		lines = append(lines, f.Rule+" "+text[f.Offset:f.Offset+f.Length])
	}
	want := []string{
		"authority.line Classifed By: A",
		"authority.reason 1.4(z)",
		"authority.twice Reason: 1.4(c)",
		"authority.value ",
		"authority.date 2035133",
		"authority.classified-by ",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for text, rules := range map[string][]string{
		"":     {"authority.classified-by", "ISM-ID-00017", "ISM-ID-00014"},
		"\xff": {"authority.utf8"},
		strings.Repeat("x", authority.MaxLength+1):  {"authority.length"},
		"Classified By: A\nDeclassify On: 20351231": {"ISM-ID-00017"},
	} {
		_, err := authority.Parse(text)
		if !errors.As(err, &faults) || !slices.Equal(rulesOf(faults), rules) {
			t.Errorf("%.40q: %v, want %v", text, err, rules)
		}
	}
}

func rulesOf(faults marking.Faults) (out []string) {
	for _, f := range faults {
		out = append(out, f.Rule)
	}
	return out
}

func TestStatus(t *testing.T) {
	for _, c := range []struct {
		line, on, rule string
	}{
		{"20351231", "2035-12-31", "due.later"},
		{"20351231", "2036-01-01", "due.past"},
		{"25X1, 20351231", "2036-01-01", "due.past"},
		{"25X1, 20351231", "2035-01-01", "due.later"},
		{"50X3, 20351231", "2036-01-01", "due.past"},
		{"20351231 or the end", "2036-01-01", "due.past"},
		{"20351231 or the end", "2030-01-01", "due.later"},
		{"the end", "2099-01-01", "due.event"},
		{"25X1, the end", "2099-01-01", "due.event"},
		{"25X1", "2199-01-01", "due.undated"},
		{"50X1-HUM", "2199-01-01", "due.exempt"},
		{"50X1-HUM, 20500101", "2199-01-01", "due.exempt"},
		{"50X2-WMD", "2199-01-01", "due.exempt"},
		{"25X1, EO 12951", "2199-01-01", "due.exempt"},
		{"N/A to RD portions", "2199-01-01", "due.aea"},
		{"N/A to TFNI and NATO portions", "2199-01-01", "due.aea"},
		{"N/A to NATO portions", "2199-01-01", "due.nato"},
		{"OADR", "2199-01-01", "due.retired"},
		{"20351231", "2036", "due.day"},
		{"20351231", "", "due.day"},
	} {
		i, err := authority.ParseInstruction(c.line)
		if err != nil {
			t.Fatal(err)
		}
		got := authority.Block{ClassifiedBy: "A", Declassify: i}.Status(c.on)
		if got.Rule != c.rule || got.Past != (c.rule == "due.past") || got.Text == "" {
			t.Errorf("%s on %s: %+v, want %s", c.line, c.on, got, c.rule)
		}
	}
	for rule, i := range map[string]instruction{
		"due.none":       {},
		"due.calculated": {Date: "2001-01-01", Calculated: true},
		"due.date":       {Date: "1"},
		"due.exempt":     {Exemption: "26X1", Date: "2001-01-01"},
	} {
		if got := (authority.Block{Declassify: i}).Status("2100-01-01"); got.Past || got.Rule != rule {
			t.Errorf("%+v: %+v, want %s", i, got, rule)
		}
	}
}

func TestAdvice(t *testing.T) {
	for _, c := range []struct {
		block string
		rules []string
	}{
		{"Derived From: X\nDeclassify On: 20351231", nil},
		{"Derived From: X\nReason: 1.4(c)\nDeclassify On: 20351231", []string{"ISM-ID-00221"}},
		{"Reason: 1.4(c)\nDeclassify On: 20501231", []string{"authority.span"}},
		{"Reason: 1.4(c)\nDeclassify On: 25X1, 20501231", nil},
		{"Reason: 1.4(c)\nDeclassify On: 25X1 25X2", []string{"authority.single", "ISM-ID-00141", "ISM-ID-00141"}},
		{"Reason: 1.4(c)\nDeclassify On: 50X1-HUM, 20501231", []string{"ISM-ID-00133"}},
		{"Reason: 1.4(c)\nDeclassify On: MR", []string{"authority.retired"}},
		{"Reason: 1.4(c)\nDeclassify On: the end", []string{"ISM-ID-00385"}},
	} {
		b, err := authority.Parse("Classified By: A\n" + c.block)
		if err != nil {
			t.Fatal(err)
		}
		got := b.Advice("2020-01-01")
		if diff := cmp.Diff(c.rules, rulesOf(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.block, diff)
		}
		for _, f := range got {
			if f.Severity != marking.SeverityAdvice {
				t.Errorf("%s: %v is no advice", c.block, f)
			}
		}
	}
}

func TestAttributes(t *testing.T) {
	for line, want := range map[string]authority.Attributes{
		"20351231":                      {DeclassDate: "2035-12-31"},
		"25X1 25X3, 20351231":           {DeclassException: "25X1 25X3", DeclassDate: "2035-12-31"},
		"25X1, EO 12951":                {DeclassException: "25X1-EO-12951"},
		"75X, 20900101":                 {DeclassException: "75X", DeclassDate: "2090-01-01"},
		"20351231 or the end":           {DeclassDate: "2035-12-31", DeclassEvent: "the end"},
		"N/A to RD/FRD portions":        {DeclassException: "AEA", AtomicEnergyMarkings: "RD FRD"},
		"N/A to NATO portions":          {DeclassException: "NATO"},
		"N/A to TFNI and NATO portions": {DeclassException: "NATO-AEA", AtomicEnergyMarkings: "TFNI"},
	} {
		i, err := authority.ParseInstruction(line)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range []authority.Block{{"A", "", "1.4(c)", i}, {"A", "X", "", i}} {
			want := want
			want.DerivedFrom, want.ClassificationReason = b.DerivedFrom, b.Reason
			want.ClassifiedBy = "A"
			if b.Derivative() {
				want.ClassifiedBy, want.DerivativelyClassifiedBy = "", "A"
			}
			got, err := b.Attributes()
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%s: %v (-want +got):\n%s", line, err, diff)
			}
			if back, err := authority.FromAttributes(got); err != nil || back != b {
				t.Errorf("%s: %+v, %v", line, back, err)
			}
		}
	}
	// Atomic energy information that is not said to be of one kind is of each.
	b, err := authority.FromAttributes(authority.Attributes{DerivativelyClassifiedBy: "A", DerivedFrom: "X", DeclassException: "AEA"})
	if err != nil || b.Declassify != (instruction{RD: true, FRD: true, TFNI: true}) {
		t.Errorf("%+v, %v", b, err)
	}
}

func TestAttributesRefused(t *testing.T) {
	ok := authority.Attributes{DerivativelyClassifiedBy: "A", DerivedFrom: "X", DeclassDate: "2035-12-31"}
	for rule, change := range map[string]func(*authority.Attributes){
		"ISM-ID-00221": func(a *authority.Attributes) {
			a.ClassifiedBy, a.ClassificationReason, a.DerivedFrom = "B", "1.4(c)", ""
		},
		"authority.classified-by": func(a *authority.Attributes) { a.DerivativelyClassifiedBy = "" },
		"ISM-ID-00143":            func(a *authority.Attributes) { a.DerivedFrom = " " },
		"ISM-ID-00367": func(a *authority.Attributes) {
			a.ClassifiedBy, a.DerivativelyClassifiedBy, a.ClassificationReason = "B", "", "1.4(c)"
		},
		"ISM-ID-00017":     func(a *authority.Attributes) { a.ClassifiedBy, a.DerivativelyClassifiedBy, a.DerivedFrom = "B", "", "" },
		"authority.reason": func(a *authority.Attributes) { a.ClassificationReason = "1.4x" },
		"ISM-ID-00275":     func(a *authority.Attributes) { a.DeclassDate = "20351231" },
		"ISM-ID-00256":     func(a *authority.Attributes) { a.DeclassException = "25X11" },
		"ISM-ID-00133":     func(a *authority.Attributes) { a.DeclassException = "NATO" },
		"ISM-ID-00014":     func(a *authority.Attributes) { a.DeclassDate = "" },
		"authority.single": func(a *authority.Attributes) { a.DeclassEvent = "25X1" },
		"authority.value":  func(a *authority.Attributes) { a.DerivedFrom = "X\x00" },
	} {
		a := ok
		change(&a)
		got, err := authority.FromAttributes(a)
		var faults marking.Faults
		if !errors.As(err, &faults) || !slices.Equal(rulesOf(faults), []string{rule}) || got != (authority.Block{}) {
			t.Errorf("%s: %+v, %v", rule, got, err)
		}
	}
	for _, b := range []authority.Block{
		{},
		{ClassifiedBy: "A", DerivedFrom: "X"},
		{"A", "X", "", instruction{Retired: "OADR"}},
		{"A", "X", "", instruction{Exemption: "75X2"}},
		{"A", "X", "", instruction{Exemption: "25X2", SourceDate: "1999-01-01"}},
		{"A  B", "X", "", instruction{Date: "1999-01-01"}},
	} {
		if a, err := b.Attributes(); err == nil || a != (authority.Attributes{}) {
			t.Errorf("%+v: %+v, want a fault", b, a)
		}
	}
}
