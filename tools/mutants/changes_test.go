package main

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// TestChangesOf: every number and operator of the source is changed, once and
// where it stands, and nothing else.
func TestChangesOf(t *testing.T) {
	const source = "package p\n\nimport \"m/2\"\n\nconst a, b = 0x10, 1.5\n\nvar c = []string{\"3\"}\n\nfunc f(x int) bool { return x+1 < 1 && !(x%2 == 0) }\n"
	got, err := changesOf(fstest.MapFS{
		"p/a.go": {Data: []byte(source)}, "p/a_test.go": {Data: []byte("package p\n\nconst t = 7\n")}, "q/b.go": {Data: []byte("package q\n")},
	}, "p")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range got {
		changed, ok := m.apply(source)
		if !ok || changed == source || len(changed)-len(source) != len(m.New)-len(m.Old) || m.Test != "" || m.Package != "p" || m.File != "p/a.go" {
			t.Errorf("%+v: %v", m, ok)
		}
		names = append(names, m.Name)
	}
	want := []string{
		"a.go:5:14: 17 instead of 0x10", "a.go:5:20: 1.545 instead of 1.5",
		"a.go:9:30: - instead of +", "a.go:9:31: 2 instead of 1", "a.go:9:33: <= instead of <", "a.go:9:35: 2 instead of 1", "a.go:9:37: || instead of &&",
		"a.go:9:44: 3 instead of 2", "a.go:9:46: != instead of ==", "a.go:9:49: 1 instead of 0",
	}
	slices.Sort(names)
	slices.Sort(want)
	if !slices.Equal(names, want) {
		t.Errorf("%q\nwant %q", names, want)
	}
	// A file that has become another since is not changed in the wrong place.
	if changed, ok := got[0].apply("x" + source); ok {
		t.Error(changed)
	}
	for _, pkg := range []string{"q", "none", "["} {
		if m, err := changesOf(fstest.MapFS{"q/b.go": {Data: []byte("package q\n")}}, pkg); err == nil {
			t.Errorf("%s: %v", pkg, m)
		}
	}
}

// TestChanges: a number that no test knows survives, and is named.
func TestChanges(t *testing.T) {
	build(t)
	write(t, "road_test.go", "package road\n\nimport \"testing\"\n\nfunc TestRoad(t *testing.T) {\n\tif Allowed(51) || !Allowed(50) {\n\t\tt.Error()\n\t}\n}\n")
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"--changes", "road/", "--json"}, &stdout, &stderr, false); code != 1 {
		t.Errorf("exit code %d: %s", code, &stderr)
	}
	got := make(map[string]Verdict)
	for line := range strings.Lines(stdout.String()) {
		var r Result
		if err := json.Unmarshal([]byte(line), &r); err != nil || r.Line != 5 {
			t.Fatalf("%s: %v", line, err)
		}
		got[r.Name[strings.Index(r.Name, ": ")+2:]] = r.Verdict
	}
	for name, want := range map[string]Verdict{
		"51 instead of 50": Killed, "< instead of <=": Killed, "|| instead of &&": Killed,
		"> instead of >=": Survived, "1 instead of 0": Survived,
	} {
		if got[name] != want {
			t.Errorf("%s: %q, want %q", name, got[name], want)
		}
	}
	if len(got) != 5 {
		t.Errorf("%v", got)
	}
	// Nobody judges by tests that fail anyway.
	write(t, "road_test.go", road["road/road_test.go"])
	stdout.Reset()
	if run(t.Context(), []string{"--changes", "road"}, &stdout, &stderr, false); strings.Count(stdout.String(), string(FailsWithout)) != 5 {
		t.Errorf("%s", &stdout)
	}
}
