package cli_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	_ "modernc.org/sqlite" // as a stranger's tool would open the file

	"tearline/internal/cli"
)

// nowVar sets the clock of the program under test to a fixed time.
const nowVar = "TEARLINE_TEST_NOW"

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"tearline":    tearlineMain,
		"crash-child": crashChild,
	})
}

// tearlineMain is the program in its surroundings, but for the clock.
func tearlineMain() {
	now := time.Now
	if s := os.Getenv(nowVar); s != "" {
		t, err := time.Parse(time.RFC3339, s)
		if err != nil {
			panic(err)
		}
		now = func() time.Time { return t }
	}
	app := cli.App{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Now: now, Env: os.Getenv}
	os.Exit(app.Run(context.Background(), os.Args[1:]))
}

// inProcess runs one command without a process of its own.
func inProcess(ctx context.Context, now time.Time, stdin io.Reader, args ...string) (code int, stdout, stderr string) {
	var out, talk bytes.Buffer
	app := cli.App{
		Stdin: stdin, Stdout: &out, Stderr: &talk,
		Now: func() time.Time { return now }, Env: func(string) string { return "" },
	}
	code = app.Run(ctx, args)
	return code, out.String(), talk.String()
}

// start is when the world of the tests was set up.
var start = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

// template makes the world of the tests once: a data directory of USA's with
// some partners, two agreements and two reports, the second of which rests on
// the first. See testdata/world.
var template = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "tearline-world-")
	if err != nil {
		return "", err
	}
	data := filepath.Join(dir, "usa")
	for _, args := range [][]string{
		{"init", "--party", "USA", "--name", "United States", "--member-of", "FVEY,NATO"},
		{"party", "add", "NLD", "--name", "Netherlands", "--member-of", "NATO"},
		{"party", "add", "GBR", "--name", "United Kingdom", "--member-of", "FVEY,NATO"},
		{"party", "add", "BRA", "--name", "Brazil"},
		{"agreement", "add", "--with", "NLD", "--ceiling", "TOP SECRET", "--standing", "NLD:SECRET:GBR"},
		{"agreement", "add", "--with", "BRA", "--ceiling", "SECRET"},
		{"report", "add", "testdata/world/from-nld.md", "testdata/world/usa-118.md"},
		{"report", "add", "--as", "NLD", "testdata/world/nld-own.md"},
	} {
		code, _, stderr := inProcess(context.Background(), start, nil, append([]string{"--data", data}, args...)...)
		if code != 0 {
			return "", fmt.Errorf("%q: exit %d\n%s", args, code, stderr)
		}
	}
	return dir, nil
})

// world gives a test a copy of the template.
func world(tb testing.TB, to string) {
	tb.Helper()
	dir, err := template()
	if err != nil {
		tb.Fatal(err)
	}
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		tb.Fatal(err)
	}
	// CopyFS keeps no modes, and the program insists on them.
	err = filepath.WalkDir(to, func(name string, d os.DirEntry, err error) error {
		if err != nil || name == to {
			return err
		}
		mode := os.FileMode(0o600)
		if d.IsDir() {
			mode = 0o700
		}
		return os.Chmod(name, mode)
	})
	if err != nil {
		tb.Fatal(err)
	}
}

func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			tb, ok := env.T().(testing.TB)
			if !ok {
				return errors.New("no testing.TB")
			}
			world(tb, filepath.Join(env.WorkDir, "world"))
			env.Setenv("TEARLINE_DATA", filepath.Join(env.WorkDir, "world", "usa"))
			env.Setenv(nowVar, "2026-03-02T09:00:00Z")
			env.Setenv("TMPDIR", env.WorkDir)
			// With the race detector each command would sleep a second as it ends.
			env.Setenv("GORACE", "atexit_sleep_ms=0")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits,
			"json":  jsonIs,
			"keys":  jsonKeys,
			"keep":  keep,
			// sqlite changes a data directory behind the program's back.
			"sqlite": func(ts *testscript.TestScript, neg bool, args []string) {
				if neg || len(args) != 2 {
					ts.Fatalf("usage: sqlite DIR SQL")
				}
				db, err := sql.Open("sqlite", filepath.Join(args[0], "tearline.db"))
				ts.Check(err)
				_, err = db.ExecContext(context.Background(), args[1])
				ts.Check(errors.Join(err, db.Close()))
			},
		},
		Condition: func(cond string) (bool, error) {
			if cond == "root" {
				return os.Geteuid() == 0, nil
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
	})
}

// exits runs a command and checks its exit code: exits 4 tearline decide …
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var ee *exec.ExitError
	switch {
	case errors.As(err, &ee):
		got = ee.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// value finds a value in a file of JSON. A file of several values is a list of
// them. The path's steps are parted by points: a name, a place in a list, or len
// for a list's length.
func value(ts *testscript.TestScript, file, path string) any {
	dec := json.NewDecoder(strings.NewReader(ts.ReadFile(file)))
	var all []any
	for {
		var v any
		if err := dec.Decode(&v); err == io.EOF {
			break
		} else if err != nil {
			ts.Fatalf("%s: %v", file, err)
		}
		all = append(all, v)
	}
	var v any = all
	if len(all) == 1 {
		v = all[0]
	}
	for step := range strings.SplitSeq(path, ".") {
		if step == "" {
			continue
		}
		v = into(ts, v, step, path)
	}
	return v
}

func into(ts *testscript.TestScript, v any, step, path string) any {
	switch x := v.(type) {
	case []any:
		if step == "len" {
			return float64(len(x))
		}
		i, err := strconv.Atoi(step)
		if err != nil || i >= len(x) {
			ts.Fatalf("%s: no %q in a list of %d", path, step, len(x))
		}
		return x[i]
	case map[string]any:
		y, ok := x[step]
		if !ok {
			ts.Fatalf("%s: no %q in %v", path, step, x)
		}
		return y
	}
	ts.Fatalf("%s: no %q in %v", path, step, v)
	return nil
}

// jsonIs compares a value: json stdout portions.0.outcome refer. What is wanted
// is JSON, or a plain text, or after ~ a pattern.
func jsonIs(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: json FILE PATH WANT")
	}
	got := value(ts, args[0], args[1])
	if pattern, ok := strings.CutPrefix(args[2], "~"); ok {
		if !regexp.MustCompile(pattern).MatchString(fmt.Sprint(got)) {
			ts.Fatalf("%s is %v, want one like %s", args[1], got, pattern)
		}
		return
	}
	var want any
	if json.Unmarshal([]byte(args[2]), &want) != nil {
		want = args[2]
	}
	if !reflect.DeepEqual(got, want) {
		b, err := json.Marshal(got)
		ts.Check(err)
		ts.Fatalf("%s is %s, want %s", args[1], b, args[2])
	}
}

// jsonKeys checks that an object has these names at least; with =, these
// alone: keys stdout portions.0 portion outcome.
func jsonKeys(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: keys FILE PATH NAME…")
	}
	x, ok := value(ts, args[0], args[1]).(map[string]any)
	if !ok {
		ts.Fatalf("%s is no object", args[1])
	}
	names := args[2:]
	if names[0] == "=" {
		if names = names[1:]; len(names) != len(x) {
			ts.Fatalf("%s is %v, want the names %v and no others", args[1], x, names)
		}
	}
	for _, n := range names {
		if _, ok := x[n]; !ok {
			ts.Fatalf("%s has no %q: %v", args[1], n, x)
		}
	}
}

// keep sets a variable to a value of JSON, or to what a pattern finds: keep REQ
// stdout 0.id; keep REQ stdout ~^(\S+)
func keep(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: keep NAME FILE PATH")
	}
	if pattern, ok := strings.CutPrefix(args[2], "~"); ok {
		m := regexp.MustCompile("(?m)" + pattern).FindStringSubmatch(ts.ReadFile(args[1]))
		if len(m) < 2 {
			ts.Fatalf("nothing like %s", pattern)
		}
		ts.Setenv(args[0], m[1])
		return
	}
	ts.Setenv(args[0], fmt.Sprint(value(ts, args[1], args[2])))
}
