package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"tearline"
	"tearline/internal/cli"
	"tearline/internal/node"
)

// The crash test kills a child process that files, asks and releases, at
// random instants, and looks at what is left: nothing that was acknowledged is
// lost, nothing is there twice. The environment variable crashVar says how
// often: "full" is at least 200 times.
const (
	crashVar  = "TEARLINE_CRASH"
	crashSeed = 20260302
)

// crashChild is the child process: crash-child MODE DIR.
func crashChild() {
	run := func(stdin io.Reader, args ...string) string {
		var answer bytes.Buffer
		app := cli.App{
			Stdin: stdin, Stdout: io.MultiWriter(os.Stdout, &answer), Stderr: os.Stderr, Now: time.Now,
			Env: func(string) string { return "" },
		}
		if code := app.Run(context.Background(), append(args, "--json", "--data", filepath.Join(os.Args[2], "data"))); code != 0 {
			os.Exit(code)
		}
		return answer.String()
	}
	switch mode := os.Args[1]; mode {
	case "import":
		in, err := os.Open(filepath.Join(os.Args[2], "in.jsonl"))
		if err != nil {
			panic(err)
		}
		run(in, "report", "import")
	case "consent":
		for i := 0; ; i++ {
			var asked []node.Asked
			if err := json.Unmarshal([]byte(run(nil, "ask", "R", "--to", "FRA", "--purpose", fmt.Sprint(i, os.Getpid()))), &asked); err != nil {
				panic(err)
			}
			run(nil, "consent", "grant", string(asked[0].ID), "--as", "NLD", "--condition", "purpose=nothing")
			run(nil, "consent", "revoke", string(asked[0].ID), "--as", "NLD")
		}
	case "release":
		for i := 0; ; i++ {
			run(nil, "release", "F", "--to", "FRA", "--out", filepath.Join(os.Args[2], "out", fmt.Sprintf("%d-%d.md", os.Getpid(), i)))
		}
	default:
		panic(mode)
	}
}

// A crash is one data directory in which children are killed.
type crash struct {
	t      *testing.T
	rand   *rand.Rand
	dir    string
	killed int
}

func newCrash(t *testing.T, seed uint64) *crash {
	t.Helper()
	c := &crash{t: t, rand: rand.New(rand.NewPCG(crashSeed, seed)), dir: t.TempDir()}
	data := filepath.Join(c.dir, "data")
	for _, args := range [][]string{
		{"init", "--party", "USA", "--member-of", "NATO"},
		{"party", "add", "NLD", "--member-of", "NATO"},
		{"party", "add", "FRA", "--member-of", "NATO"},
		{"report", "add", "-"},
	} {
		in := strings.NewReader(
			`{"id":"R","title":"","originator":"USA","policy":"us","date":"2026-03-01","portions":[{"id":"p1","text":"A ferry.","marking":"S//FGI NLD//OC/REL TO USA, NLD","originator":"NLD"}]}` + "\n" +
				`{"id":"F","title":"","originator":"USA","policy":"us","date":"2026-03-01","portions":[{"id":"p1","text":"The mole {is long|is a long one}.","marking":"S//REL TO USA, FRA"}]}` + "\n")
		if code, _, stderr := inProcess(t.Context(), time.Now(), in, append(args, "--data", data)...); code != 0 {
			t.Fatalf("%q: exit %d: %s", args, code, stderr)
		}
	}
	if err := os.Mkdir(filepath.Join(c.dir, "out"), 0o700); err != nil {
		t.Fatal(err)
	}
	return c
}

// child runs a child, kills it after a while, and returns the lines that it
// had answered. done says that it ended before it could be killed.
func (c *crash) child(mode string, within time.Duration) (lines []string, done bool) {
	c.t.Helper()
	cmd := exec.Command("crash-child", mode, c.dir)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		c.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	timer := time.AfterFunc(time.Duration(c.rand.Int64N(int64(within))), func() { _ = cmd.Process.Kill() })
	in := bufio.NewReader(out)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			break // what has no end was never answered
		}
		lines = append(lines, line)
	}
	err = cmd.Wait()
	timer.Stop()
	var ee *exec.ExitError
	switch {
	case err == nil:
		return lines, true
	case errors.As(err, &ee) && ee.ExitCode() < 0:
		c.killed++
		return lines, false
	}
	c.t.Fatalf("child %s: %v\n%s", mode, err, stderr.String())
	return nil, false
}

// open opens what the child has left, and verifies it.
func (c *crash) open() *node.Node {
	c.t.Helper()
	n, err := node.Open(c.t.Context(), filepath.Join(c.dir, "data"), node.Env{Now: time.Now})
	if err != nil {
		c.t.Fatalf("after %d kills: %v", c.killed, err)
	}
	all, err := n.Verify(c.t.Context(), "")
	if err != nil {
		c.t.Fatalf("after %d kills: %v", c.killed, err)
	}
	for _, v := range all {
		if !v.OK {
			c.t.Fatalf("after %d kills: %s does not verify: %v", c.killed, v.Party, v.Faults)
		}
	}
	return n
}

func (c *crash) close(n *node.Node) {
	c.t.Helper()
	if err := n.Close(); err != nil {
		c.t.Fatal(err)
	}
}

// kills is how often each test kills, and how many reports it imports.
func kills() (times, reports int) {
	if os.Getenv(crashVar) == "full" {
		return 70, 10_000
	}
	if slow {
		return 1, 300
	}
	return 4, 1_500
}

func TestCrashImport(t *testing.T) {
	t.Parallel()
	times, reports := kills()
	total := 0
	for round := uint64(0); total < times; round++ {
		c := newCrash(t, round)
		if err := os.WriteFile(filepath.Join(c.dir, "in.jsonl"), generate(reports), 0o600); err != nil {
			t.Fatal(err)
		}
		acknowledged := map[tearline.ReportID]tearline.StatementID{}
		complete := false
		for !complete && total+c.killed < times {
			// The whole file takes longer, so that it is killed several times.
			var lines []string
			lines, complete = c.child("import", 100*time.Millisecond+time.Duration(reports)*60*time.Microsecond)
			for _, l := range lines {
				var a node.Imported
				if err := json.Unmarshal([]byte(l), &a); err != nil || len(a.Faults) > 0 {
					t.Fatalf("%v: %s", err, l)
				}
				if was := acknowledged[a.ID]; was != "" && !a.Held {
					t.Errorf("%s was filed as %s and again as %s", a.ID, was, a.Filing)
				}
				if !a.Held {
					acknowledged[a.ID] = a.Filing
				}
			}
			c.filed(acknowledged, reports)
		}
		// Importing again completes the set, each report once.
		in := bytes.NewReader(generate(reports))
		n := c.open()
		sum, err := n.Import(t.Context(), "USA", in, nil)
		if err != nil || sum.Filed+sum.Held != reports || sum.Refused != 0 {
			t.Errorf("importing again: %+v, %v", sum, err)
		}
		c.close(n)
		n = c.open()
		list, _, err := n.Reports(t.Context(), "USA", "", reports+10)
		if err != nil || len(list) != reports+2 {
			t.Errorf("%d reports in the end, want %d (%v)", len(list), reports+2, err)
		}
		c.close(n)
		total += c.killed
	}
	t.Logf("killed %d times", total)
}

// filed checks that every acknowledged report is there, by the statement that
// was acknowledged.
func (c *crash) filed(acknowledged map[tearline.ReportID]tearline.StatementID, most int) {
	c.t.Helper()
	n := c.open()
	defer c.close(n)
	list, _, err := n.Reports(c.t.Context(), "USA", "", most+10)
	if err != nil {
		c.t.Fatal(err)
	}
	held := map[tearline.ReportID]bool{}
	for _, r := range list {
		held[r.ID] = true
	}
	entries, err := n.Entries(c.t.Context(), "USA", 0, most+10)
	if err != nil {
		c.t.Fatal(err)
	}
	said := map[tearline.StatementID]bool{}
	for _, e := range entries {
		said[e.Statement] = true
	}
	for id, filing := range acknowledged {
		if !held[id] || !said[filing] {
			c.t.Fatalf("after %d kills: %s was acknowledged as %s: held %v, in the ledger %v", c.killed, id, filing, held[id], said[filing])
		}
	}
}

// generate makes so many reports of five portions, some of which rest on
// others.
func generate(reports int) []byte {
	var b bytes.Buffer
	for i := range reports {
		fmt.Fprintf(&b, `{"id":"GEN-%d","title":"(U) Report %d","originator":"USA","policy":"us","date":"2026-03-01","portions":[`, i, i)
		for p := range 5 {
			sources := ""
			if p == 4 && i > 0 {
				sources = fmt.Sprintf(`"GEN-%d/p1"`, i*7/8)
			}
			if p > 0 {
				b.WriteString(",")
			}
			fmt.Fprintf(&b, `{"id":"p%d","text":"Portion %d of report %d speaks of a ferry, a mole and the long table at night.","marking":"S//REL TO USA, FRA","sources":[%s]}`, p+1, p+1, i, sources)
		}
		b.WriteString("]}\n")
	}
	return b.Bytes()
}

func TestCrashConsent(t *testing.T) {
	t.Parallel()
	times, _ := kills()
	c := newCrash(t, 1000)
	order := map[string]int{"asked": 1, "granted": 2, "revoked": 3}
	acknowledged := map[tearline.StatementID]string{}
	for c.killed < times {
		lines, _ := c.child("consent", 400*time.Millisecond)
		for _, l := range lines {
			var a []node.Asked
			if !strings.HasPrefix(l, "[") {
				l = "[" + l + "]"
			}
			if err := json.Unmarshal([]byte(l), &a); err != nil || len(a) != 1 {
				t.Fatalf("%v: %s", err, l)
			}
			acknowledged[a[0].ID] = a[0].State
		}
		n := c.open()
		c.requests(n, acknowledged, order)
		c.close(n)
	}
	t.Logf("killed %d times, %d requests acknowledged", c.killed, len(acknowledged))
}

// requests checks that every acknowledged request stands where it was
// acknowledged to stand, or one step further, and was made once.
func (c *crash) requests(n *node.Node, acknowledged map[tearline.StatementID]string, order map[string]int) {
	c.t.Helper()
	for _, as := range []tearline.PartyID{"USA", "NLD"} {
		list, err := n.Requests(c.t.Context(), as)
		if err != nil {
			c.t.Fatal(err)
		}
		found := map[tearline.StatementID]string{}
		for _, a := range list {
			if found[a.ID] != "" {
				c.t.Errorf("request %s is there twice", a.ID)
			}
			found[a.ID] = a.State
		}
		for id, state := range acknowledged {
			if further := order[found[id]] - order[state]; found[id] == "" || further < 0 || further > 1 {
				c.t.Errorf("after %d kills: request %s was acknowledged as %s and is %q", c.killed, id, state, found[id])
			}
		}
		if extra := len(found) - len(acknowledged); extra > c.killed {
			c.t.Errorf("after %d kills: %d requests that nobody was told of", c.killed, extra)
		}
	}
	// One consent and one revocation at most for each.
	audit, err := n.AuditReport(c.t.Context(), "USA", "R")
	if err != nil {
		c.t.Fatal(err)
	}
	seen := map[string]int{}
	for _, e := range audit.Events {
		if e.Of != "" {
			key := string(e.Kind) + " " + string(e.Of)
			if seen[key]++; seen[key] > 1 {
				c.t.Errorf("after %d kills: %s is there %d times", c.killed, key, seen[key])
			}
		}
	}
}

// copyNumber is how a copy bears its number.
var copyNumber = regexp.MustCompile(`Copy: ([A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4})`)

func TestCrashRelease(t *testing.T) {
	t.Parallel()
	times, _ := kills()
	c := newCrash(t, 2000)
	acknowledged := map[tearline.CopyID]node.Released{}
	resumed := 0
	for c.killed < times {
		lines, _ := c.child("release", 400*time.Millisecond)
		for i, l := range lines {
			var r node.Released
			if err := json.Unmarshal([]byte(l), &r); err != nil {
				t.Fatalf("%v: %s", err, l)
			}
			if _, again := acknowledged[r.Copy]; again && !r.Resumed {
				t.Errorf("copy %s was handed out twice", r.Copy)
			}
			if r.Resumed {
				resumed++
				if i > 0 {
					t.Errorf("copy %s was resumed in the middle of a run", r.Copy)
				}
			}
			acknowledged[r.Copy] = r
		}
		n := c.open()
		recorded, files := c.recorded(n), c.files()
		for id := range files {
			if recorded[id] == 0 {
				t.Errorf("after %d kills: copy %s is out without an entry", c.killed, id)
			}
		}
		for id := range acknowledged {
			if recorded[id] != 1 || !files[id] {
				t.Errorf("after %d kills: copy %s was acknowledged: %d entries, file %v", c.killed, id, recorded[id], files[id])
			}
		}
		if pending := len(recorded) - len(files); pending > 1 {
			t.Errorf("after %d kills: %d copies are recorded and not handed out, want one at most", c.killed, pending)
		}
		c.close(n)
	}
	// What is recorded and not handed out is handed out next, and then all
	// is out that is recorded.
	args := []string{"release", "F", "--to", "FRA", "--data", filepath.Join(c.dir, "data"), "--json", "--out", filepath.Join(c.dir, "out", "last.md")}
	if code, _, stderr := inProcess(t.Context(), time.Now(), nil, args...); code != 0 {
		t.Fatalf("the last release: exit %d: %s", code, stderr)
	}
	n := c.open()
	recorded, files := c.recorded(n), c.files()
	for id, entries := range recorded {
		if entries != 1 || !files[id] {
			t.Errorf("in the end: copy %s has %d entries, file %v", id, entries, files[id])
		}
	}
	if len(files) != len(recorded) {
		t.Errorf("in the end: %d copies are out and %d recorded", len(files), len(recorded))
	}
	c.close(n)
	t.Logf("killed %d times, %d copies, %d resumed", c.killed, len(recorded), resumed)
}

// recorded counts the entries of each copy.
func (c *crash) recorded(n *node.Node) map[tearline.CopyID]int {
	c.t.Helper()
	audit, err := n.AuditReport(c.t.Context(), "USA", "F")
	if err != nil {
		c.t.Fatal(err)
	}
	found := map[tearline.CopyID]int{}
	for _, e := range audit.Events {
		if e.Copy != "" {
			found[e.Copy]++
		}
	}
	return found
}

// files returns the numbers of the copies that are out. Half a file under its
// own name is an error; a file that has no name yet is not out, but what is in
// it must be recorded as well.
func (c *crash) files() map[tearline.CopyID]bool {
	c.t.Helper()
	out := map[tearline.CopyID]bool{}
	err := filepath.WalkDir(filepath.Join(c.dir, "out"), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if strings.HasPrefix(d.Name(), ".") {
			return os.Remove(name) // as whoever looks after the folder would
		}
		m := copyNumber.FindSubmatch(b)
		if m == nil || bytes.Count(b, []byte("SECRET//REL TO USA, FRA")) != 2 {
			return fmt.Errorf("%s is not a whole copy:\n%s", name, b)
		}
		out[tearline.CopyID(m[1])] = true
		return nil
	})
	if err != nil {
		c.t.Error(err)
	}
	return out
}
