package cli_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A user works in one data directory.
type user struct {
	t    *testing.T
	data string
	now  time.Time
	// asked has the answers of probes, which change nothing.
	asked map[string]answer
}

// answer is all that a command lets out.
type answer struct {
	code           int
	stdout, stderr string
}

func (u *user) run(args ...string) answer {
	u.t.Helper()
	code, stdout, stderr := inProcess(u.t.Context(), u.now, strings.NewReader(""), append([]string{"--data", u.data}, args...)...)
	return answer{code, stdout, stderr}
}

// must runs a command with --json that succeeds, and returns a field of its
// answer, or of the first one in a list.
func (u *user) must(field string, args ...string) string {
	u.t.Helper()
	a := u.run(append(args, "--json")...)
	if a.code != 0 {
		u.t.Fatalf("%q: exit %d\n%s", args, a.code, a.stderr)
	}
	var one map[string]any
	if strings.HasPrefix(a.stdout, "[") {
		var list []map[string]any
		if err := json.Unmarshal([]byte(a.stdout), &list); err != nil || len(list) == 0 {
			u.t.Fatalf("%q: %v: %s", args, err, a.stdout)
		}
		one = list[0]
	} else if err := json.Unmarshal([]byte(a.stdout), &one); err != nil {
		u.t.Fatalf("%q: %v: %s", args, err, a.stdout)
	}
	return fmt.Sprint(one[field])
}

// hidden are names of things that are there and that the asking party must not
// learn of, and of the same kind of things that are not there.
type hidden struct{ there, absent string }

// probes are the commands that take the name of a report, request or statement
// and may be called by anybody. REPORT, REQUEST and STATEMENT stand for the
// names.
var probes = []string{
	"report show REPORT",
	"report show REPORT --json",
	"report list --after REPORT",
	"decide REPORT --to NLD",
	"decide REPORT --to NLD --json",
	"decide REPORT --to NLD --at 2026-03-02T08:30:00Z",
	"decide REPORT --to NOBODY",
	"decide REPORT --to NLD --person x --clearance SECRET --read-into SI",
	"warn REPORT --to NLD",
	"warn REPORT --to NLD --json",
	"warn REPORT --to NLD --oral --ask",
	"warn REPORT --to NOBODY",
	"whatif REPORT",
	"whatif REPORT --json",
	"whatif REPORT --to NLD",
	"whatif REPORT --join BRA=NATO",
	"ask REPORT --to GBR",
	"fingerprint forget REPORT --officer x --because y",
	"case show STATEMENT",
	"case add x --officer y --of STATEMENT",
	"case export STATEMENT --out -",
	"assess STATEMENT",
	"ask REPORT --to GBR --portions p1",
	"ask REPORT --to GBR --portions p99",
	"ask REPORT --to NOBODY",
	"release REPORT --to NLD --out OUT",
	"release REPORT --to NLD --out OUT --json",
	"release REPORT --to NLD --out -",
	"release REPORT --to NOBODY --out OUT",
	"disclose REPORT --oral --to NLD --gist x",
	"disclose REPORT --visual --to NLD --gist x --portions p2",
	"disclose REPORT --oral --to NLD --gist x --portions p99",
	"disclose REPORT --oral --to NLD --gist x --at 2026-03-02T08:45:00Z",
	"disclose REPORT --oral --to NOBODY --gist x",
	"discretion REPORT --to NLD --authority x --because x",
	"discretion REPORT --to NLD --authority x --because x --portions p99",
	"discretion REPORT --to NLD --authority x --because x --until 2026-01-01",
	"discretion REPORT --to NOBODY --authority x --because x",
	"declassify REPORT --authority x --because x",
	"declassify REPORT --authority x --because x --portions p2",
	"declassify REPORT --authority x --because x --to-marking (TS)",
	"declassify REPORT --authority x --because x --to-marking nonsense",
	"embargo REPORT --until 2026-05-01",
	"embargo REPORT --lift",
	"audit REPORT",
	"audit REPORT --json",
	"consent grant REQUEST",
	"consent grant REQUEST --json",
	"consent grant REQUEST --portions p1",
	"consent grant REQUEST --portions p99",
	"consent grant REQUEST --until 2026-01-01",
	"consent refuse REQUEST",
	"consent revoke REQUEST",
	"consent revoke REQUEST --because x",
	"ledger show STATEMENT",
	"ledger show STATEMENT --json",
	"ledger prove STATEMENT",
	"recall STATEMENT --because x",
	"recall confirm STATEMENT --done destroyed",
	"recall COPY --because x",
	"recall confirm COPY --done sequestered --because x",
	"agreement end STATEMENT",
	"exclusion end STATEMENT",
	"warrant end STATEMENT",
}

// TestNeitherConfirmNorDeny asks as parties that must not know of a thing for
// one that is there and one that is not: same bytes, same exit code.
func TestNeitherConfirmNorDeny(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	world(t, dir)
	u := &user{t: t, data: filepath.Join(dir, "usa"), now: start.Add(time.Hour), asked: map[string]answer{}}
	out := filepath.Join(dir, "out.md")

	request := u.must("id", "ask", "USA-2026-118", "--to", "BRA")
	granted := u.must("id", "ask", "USA-2026-118", "--to", "BRA", "--portions", "p2")
	consent := u.must("answer", "consent", "grant", granted, "--as", "NLD")
	copied := u.must("copy", "release", "USA-2026-118", "--to", "BRA", "--out", out)
	disclosure := u.must("disclosure", "disclose", "USA-2026-118", "--oral", "--to", "BRA", "--portions", "p3", "--gist", "x", "--at", "2026-03-02T08:45:00Z")
	discretion := u.must("statement", "discretion", "USA-2026-118", "--to", "BRA", "--authority", "x", "--because", "x")
	agreement := u.must("statement", "agreement", "list")
	exclusion := u.must("statement", "exclusion", "add", "BRA", "--as", "NLD")
	warrant := u.must("statement", "warrant", "grant", "Holm", "--authority", "x", "--up-to", "SECRET", "--because", "x", "--until", "2026-05-01")
	if err := os.Remove(out); err != nil {
		t.Fatal(err)
	}

	reports := []hidden{{"USA-2026-118", "USA-2026-999"}, {"NLD-2026-031", "NLD-2026-999"}}
	none := strings.Repeat("a", len(request))
	requests := []hidden{{request, none}, {granted, none}, {request[:6], none[:6]}, {request[:1], "1"}, {request[:14], none[:14]}}
	var statements []hidden
	for _, id := range []string{request, consent, disclosure, discretion, agreement, exclusion, warrant} {
		statements = append(statements, hidden{id, none})
	}
	statements = append(statements, hidden{disclosure[:4], "1111"})
	copies := []hidden{{copied, strings.Repeat("AAAA-", 2) + "AAAA"}}
	before := u.run("ledger", "verify", "--json")
	for _, party := range []string{"GBR", "BRA"} {
		for _, probe := range probes {
			for word, things := range map[string][]hidden{"REPORT": reports, "REQUEST": requests, "STATEMENT": statements, "COPY": copies} {
				if !strings.Contains(probe, word) {
					continue
				}
				for _, h := range things {
					u.same(party, probe, word, h, out)
				}
			}
		}
	}
	// The originator knows what it was asked and told, and of nothing else.
	for _, probe := range probes {
		switch {
		case strings.Contains(probe, "REPORT"):
			u.same("NLD", probe, "REPORT", reports[0], out)
		case strings.Contains(probe, "STATEMENT"):
			for _, id := range []string{request, disclosure} {
				u.same("NLD", probe, "STATEMENT", hidden{id, none}, out)
			}
		}
	}
	if after := u.run("ledger", "verify", "--json"); after != before {
		t.Errorf("asking has changed something:\n%s\n%s", before.stdout, after.stdout)
	}
}

// same runs a probe for what is there and for what is not.
func (u *user) same(party, probe, word string, h hidden, out string) {
	u.t.Helper()
	ask := func(name string) answer {
		key := party + " " + probe + " " + name
		if a, ok := u.asked[key]; ok {
			return a
		}
		args := strings.Fields(probe)
		for i := range args {
			switch args[i] {
			case word:
				args[i] = name
			case "OUT":
				args[i] = out
			}
		}
		u.asked[key] = u.run(append(args, "--as", party)...)
		return u.asked[key]
	}
	there, absent := ask(h.there), ask(h.absent)
	if there != absent {
		u.t.Errorf("as %s: %s: %s is there, %s is not:\n%+v\n%+v", party, probe, h.there, h.absent, there, absent)
	}
	if there.code == exitOK {
		u.t.Errorf("as %s: %s for %s succeeds: %s", party, probe, h.there, there.stdout)
	}
	if there.code == exitWithheld && there.stderr != "tearline: withheld: not for you, or not there\n" {
		u.t.Errorf("as %s: %s: withheld, and more: %q", party, probe, there.stderr)
	}
	if files, err := filepath.Glob(filepath.Join(filepath.Dir(out), "*out*")); err != nil || len(files) > 0 {
		u.t.Errorf("%s leaves %v behind (%v)", probe, files, err)
	}
}

const (
	exitOK       = 0
	exitWithheld = 3
)

// What a party lists and traces says nothing of what others have either.
func TestNothingOfOthersInLists(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	world(t, dir)
	u := &user{t: t, data: filepath.Join(dir, "usa"), now: start.Add(time.Hour)}
	text := filepath.Join(dir, "text.txt")
	if err := os.WriteFile(text, []byte("A cell in Velmar has built explosive charges into the battery trays of camera drones.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	lists := [][]string{
		{"report", "list"},
		{"consent", "list"},
		{"ledger", "show"},
		{"ledger", "verify"},
		{"agreement", "list"},
		{"exclusion", "list"},
		{"warrant", "list"},
		{"recall", "list"},
		{"replay"},
		{"whatif"},
		{"whatif", "--join", "BRA=NATO"},
		{"party", "list"},
		{"audit", "--originator", "BRA"},
		{"audit", "--originator", "NLD"},
		{"trace", text},
	}
	look := func() string {
		var b strings.Builder
		for _, args := range lists {
			for _, form := range []string{"", "--json"} {
				a := u.run(append(args, strings.Fields("--as BRA "+form)...)...)
				fmt.Fprintf(&b, "%v: %d\n%s%s", args, a.code, a.stdout, a.stderr)
			}
		}
		return b.String()
	}
	before := look()
	u.must("disclosure", "release", "USA-2026-118", "--to", "GBR", "--out", filepath.Join(dir, "gbr.md"))
	u.must("statement", "embargo", "USA-2026-118", "--until", "2026-05-01")
	u.must("statement", "agreement", "add", "--with", "GBR", "--ceiling", "SECRET")
	u.must("statement", "exclusion", "add", "BRA", "--as", "NLD")
	u.must("statement", "warrant", "grant", "Holm", "--authority", "x", "--up-to", "SECRET", "--originator", "BRA", "--because", "x", "--until", "2026-05-01")
	if after := look(); after != before {
		t.Errorf("BRA sees a difference:\n%s\n---\n%s", before, after)
	}
}
