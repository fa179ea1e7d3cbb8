package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// road is a module with one rule, and tests that see less than all of it.
var road = map[string]string{
	"go.mod":       "module road\n\ngo 1.26.0\n",
	"road/road.go": "// Package road has a limit.\npackage road\n\n// Allowed: at most 50, and forwards.\nfunc Allowed(v int) bool { return v <= 50 && v >= 0 }\n",
	"road/road_test.go": `package road

import "testing"

func TestRoad(t *testing.T) {
	t.Run("too fast", func(t *testing.T) {
		if Allowed(51) {
			t.Error("51")
		}
	})
	t.Run("slowly", func(t *testing.T) {
		if !Allowed(1) {
			t.Error("1")
		}
	})
}

func TestBroken(t *testing.T) { t.Error("always") }

func TestSkipped(t *testing.T) { t.Skip("never") }
`,
	listFile: `rule limit
says road/road.go at most 50, and forwards.
mutant any speed
file road/road.go
test road TestRoad/too fast
- v <= 50
+ v <= 500

mutant backwards
file road/road.go
test road TestRoad/slowly
- v >= 0
+ v >= -9

mutant gone
file road/road.go
test road TestRoad/slowly
- v >= 10

mutant twice
file road/road.go
test road TestRoad/slowly
- road

mutant no Go
file road/road.go
test road TestRoad/slowly
- v >= 0
+ v >=

mutant broken before
file road/road.go
test road TestBroken
- v >= 0
+ v > 0

mutant skipped
file road/road.go
test road TestSkipped
- v >= 0
+ v > 0

mutant no such test
file road/road.go
test road TestRoad/sideways
- v >= 0
+ v > 0

mutant no judge
file road/road.go
test road TestRoad/too fast
- { return v <= 50 && v >= 0 }
+ { println("out"); exit(); return v <= 50 }; func exit() { go func() { panic("elsewhere") }(); select {} }

mutant for the reason given
file road/road.go
test road TestRoad/too fast
because 51
- v <= 50
+ v <= 501

mutant for another reason
file road/road.go
test road TestRoad/too fast
because 52
- v <= 50
+ v <= 502

mutant no such file
file road/street.go
test road TestRoad/slowly
- v
`,
}

// build writes the module and goes there.
func build(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range road {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(filepath.Join(dir, "road"))
}

// TestVerdicts: a mutant that nobody sees, and one that nobody could see, are
// told apart from one that is killed.
func TestVerdicts(t *testing.T) {
	build(t)
	before, err := os.ReadFile("road.go")
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"--json"}, &stdout, &stderr, false); code != 1 {
		t.Errorf("exit code %d", code)
	}
	got := make(map[string]Verdict)
	for line := range strings.Lines(stdout.String()) {
		var r Result
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		got[r.Name] = r.Verdict
		if (r.Verdict == Killed) != (r.Said == "") {
			t.Errorf("%s: %s: says %q", r.Name, r.Verdict, r.Said)
		}
	}
	want := map[string]Verdict{
		"any speed": Killed, "backwards": Survived, "gone": NotApplied, "twice": NotApplied, "no Go": NotCompiled, "no such file": NotApplied,
		"broken before": FailsWithout, "skipped": FailsWithout, "no such test": FailsWithout, "no judge": NotJudged,
		"for the reason given": Killed, "for another reason": Otherwise,
	}
	for name, v := range want {
		if got[name] != v {
			t.Errorf("%s: %q, want %q", name, got[name], v)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d results, want %d", len(got), len(want))
	}
	if !strings.Contains(stderr.String(), "2 of 12 killed") {
		t.Errorf("standard error: %s", &stderr)
	}
	if after, err := os.ReadFile("road.go"); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the tree was changed: %v\n%s", err, after)
	}
}

func TestCommandLine(t *testing.T) {
	build(t)
	for _, c := range []struct {
		args string
		code int
		want string
	}{
		{"--run speed", 0, "killed      limit: any speed: road TestRoad/too fast"},
		{"--run backwards", 1, "SURVIVED    limit: backwards: road TestRoad/slowly"},
		{"--run nothing-like-it", 1, ""},
		{"--list release/testdata/mutants/mutants.txt --run speed", 0, "killed      limit: any speed: road TestRoad/too fast"},
		{"--list release/testdata/mutants/none.txt", 1, ""},
		{"--list x --changes y", 2, ""},
		{"--run (", 2, ""},
		{"speed", 2, ""},
		{"--fast", 2, ""},
	} {
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), strings.Fields(c.args), &stdout, &stderr, true); code != c.code || !strings.Contains(stdout.String(), c.want) {
			t.Errorf("%s: exit code %d, want %d\n%s%s", c.args, code, c.code, &stdout, &stderr)
		}
		if stderr.Len() == 0 {
			t.Errorf("%s: nothing on standard error", c.args)
		}
	}
}

// TestClauseThatIsGone: a rule that has been rewritten is seen.
func TestClauseThatIsGone(t *testing.T) {
	build(t)
	source := strings.Replace(road["road/road.go"], "at most 50", "at most 70", 1)
	if err := os.WriteFile("road.go", []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), nil, &stdout, &stderr, false); code != 1 || !strings.Contains(stderr.String(), "the rule has changed") {
		t.Errorf("exit code %d: %s", code, &stderr)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
