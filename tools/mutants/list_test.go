package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

const small = `# a comment
rule speed: limit
says doc.go At most
mutant any speed
file road/road.go
test road TestRoad/too fast
- 	if v > 50 {
- 		return
+ 	if false {
+ 		return

mutant no speed
file road/road.go
test road TestRoad/slowly
- v > 50
`

func TestParseList(t *testing.T) {
	list, err := parseList(small)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(list.Mutants); n != 2 {
		t.Fatalf("%d mutants", n)
	}
	want := Mutant{
		Name: "any speed", Rule: "speed: limit", File: "road/road.go", Package: "road", Test: "TestRoad/too fast",
		Old: "\tif v > 50 {\n\t\treturn", New: "\tif false {\n\t\treturn", Line: 4,
	}
	if got := list.Mutants[0]; got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if got := list.Mutants[0].pattern(); got != "^TestRoad$/^too_fast$" {
		t.Errorf("pattern %s", got)
	}
	if got := list.Mutants[1]; got.New != "" || got.Old != "v > 50" {
		t.Errorf("taken out: %+v", got)
	}
	if want := []Clause{{Rule: "speed: limit", File: "doc.go", Text: "At most", Line: 3}}; !slices.Equal(list.Clauses, want) {
		t.Errorf("clauses %+v", list.Clauses)
	}
}

func TestParseListFaults(t *testing.T) {
	one := strings.Split(small, "\nmutant no")[0] + "\n"
	for _, c := range []struct{ name, text, want string }{
		{"a word unheard of", small + "mutation x\n", `line 16: "mutation x"`},
		{"a file before any mutant", "file x.go\n", "line 1: "},
		{"one mutant for a rule", one, `rule "speed: limit" has 1 mutant, want at least 2`},
		{"no mutant for a clause", small + "rule none\nsays doc.go something\n", `rule "none" has no mutant`},
		{"nothing replaced", strings.Replace(small, "- v > 50", "", 1), `mutant "no speed": it needs`},
		{"no test", strings.Replace(small, "test road TestRoad/slowly\n", "", 1), `mutant "no speed": it needs`},
		{"the same again", strings.Replace(small, "- v > 50", "- v > 50\n+ v > 50", 1), `mutant "no speed" changes nothing`},
		{"one name twice", strings.Replace(small, "no speed", "any speed", 1), `two mutants are called "any speed"`},
	} {
		if _, err := parseList(c.text); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func TestApply(t *testing.T) {
	m := Mutant{Old: "a > b", New: "a >= b"}
	for source, want := range map[string]string{"if a > b {": "if a >= b {", "if a < b {": "", "a > b || a > b": ""} {
		if got, ok := m.apply(source); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %t", source, got, ok)
		}
	}
}

func TestClauseStands(t *testing.T) {
	const source = "// On each q whose o is\n//\tneither h nor r.\n"
	for text, want := range map[string]bool{"whose o is neither h nor r.": true, "whose o is h": false, "": false} {
		if c := (Clause{Text: text}); c.stands(source) != want {
			t.Errorf("%q: want %t", text, want)
		}
	}
}

// TestListsAreReadable holds the lists of the repository against its sources: what
// each mutant replaces is there exactly once, and every clause stands.
func TestListsAreReadable(t *testing.T) {
	root, err := findRoot()
	if err != nil {
		t.Fatal(err)
	}
	names, err := findLists(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	for _, need := range []string{listFile, "codec/look/testdata/mutants/mutants.txt"} {
		if !slices.Contains(names, need) {
			t.Errorf("%s is not among %q", need, names)
		}
	}
	all, err := mutantsOf(root, "", "")
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, m := range all {
		counts[m.List]++
		source, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(m.File)))
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := m.apply(string(source)); !ok {
			t.Errorf("%s:%d: %s: what it replaces stands %d times in %s", m.List, m.Line, m.Name, strings.Count(string(source), m.Old), m.File)
		}
	}
	for _, name := range names {
		if counts[name] < 40 {
			t.Errorf("%s has only %d mutants", name, counts[name])
		}
	}
}

// TestFindLists: those beneath any folder, and nothing that is none.
func TestFindLists(t *testing.T) {
	got, err := findLists(fstest.MapFS{
		"testdata/mutants/a.txt": {}, "b/c/testdata/mutants/d.txt": {}, "b/testdata/mutants/e.go": {}, "b/testdata/mutants/f/g.txt": {},
		".h/testdata/mutants/i.txt": {}, "k/mutants/l.txt": {},
	})
	if want := []string{"b/c/testdata/mutants/d.txt", "testdata/mutants/a.txt"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
}

// TestBecause: what all mutants of a rule must have the test say, and what one
// must.
func TestBecause(t *testing.T) {
	text := strings.Replace(strings.Replace(small, "says doc.go", "because stopped\nsays doc.go", 1), "\n+ \tif false", "\nbecause too fast\n+ \tif false", 1)
	list, err := parseList(text + "rule other\nmutant third\nfile road/road.go\ntest road TestRoad\n- v\nmutant fourth\nfile road/road.go\ntest road TestRoad\n- v\n")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range list.Mutants {
		got = append(got, m.Because)
	}
	if want := []string{"stopped\ntoo fast", "stopped", "", ""}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	for said, want := range map[string]string{"it was stopped: too fast": "", "too slow; stopped": "too fast", "": "stopped"} {
		if got := list.Mutants[0].unsaid(said); got != want {
			t.Errorf("%q: %q, want %q", said, got, want)
		}
	}
}
