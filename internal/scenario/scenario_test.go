package scenario_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tearline/internal/cli"
	"tearline/internal/scenario"
)

// program runs one command of a story on the real program.
func program(t *testing.T, colour bool) func(scenario.Command) scenario.Result {
	t.Helper()
	return func(cmd scenario.Command) scenario.Result {
		var stdout, stderr bytes.Buffer
		app := cli.App{
			Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr, Colour: colour,
			Now: func() time.Time { return cmd.Now }, Env: func(name string) string { return cmd.Env[name] },
		}
		code := app.Run(t.Context(), cmd.Args)
		return scenario.Result{Code: code, Stdout: stdout.String(), Stderr: stderr.String()}
	}
}

// The stories come out the same whether they are watched in colour or not.
func TestStories(t *testing.T) {
	t.Parallel()
	for _, name := range scenario.Exercise {
		for _, colour := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s in colour %v", name, colour), func(t *testing.T) {
				t.Parallel()
				story, err := scenario.Load(name)
				if err != nil {
					t.Fatal(err)
				}
				steps, headings := 0, 0
				watch := scenario.Watcher{
					Heading: func(string) { headings++ },
					Output:  func(scenario.Result) { steps++ },
				}
				if err := story.Play(t.TempDir(), program(t, colour), watch); err != nil {
					t.Fatal(err)
				}
				if steps < 10 || headings < 1 {
					t.Errorf("%d steps under %d headings: the story was not played to the end", steps, headings)
				}
			})
		}
	}
}

// A story that is not what the program does must say where: this is what makes
// the two above a test at all.
func TestStoryThatFails(t *testing.T) {
	t.Parallel()
	const start = "$ export TEARLINE_DATA=./usa\n@ 2026-03-02T08:00:00Z\n$ tearline init --party USA --member-of NATO\n"
	for _, tt := range []struct{ name, script, want string }{
		{"text that is not printed", start + "= is set up for FRA\n", `story s:4: "tearline init --party USA --member-of NATO" does not print "is set up for FRA"`},
		{"text that is printed", start + "! set up\n", `s:4: "tearline init --party USA --member-of NATO" prints "set up"`},
		{"another exit code", start + "? 4\n", "s:4: \"tearline init --party USA --member-of NATO\" exited with 0, not 4"},
		{"no exit code said", start + "$ tearline report show NONE\n\n# Next\n", `s:5: "tearline report show NONE" exited with 3, not 0`},
		{"no exit code said at the end", start + "$ tearline report show NONE", `"tearline report show NONE" exited with 3, not 0`},
		{"nothing to keep", start + "< REQ ^(nothing)$\n", `s:4: "tearline init --party USA --member-of NATO" prints nothing like "^(nothing)$"`},
		{"no such file", "+ ./none.txt\n", `s:1: the story has no file "none.txt"`},
		{"no such command", "$ rm -r /\n", `s:1: a story has no command "rm"`},
		{"quote left open", "$ tearline 'init\n", "s:1: tearline 'init: a quote is not closed"},
		{"no time", "@ yesterday\n", "s:1: parsing time"},
		{"no code", start + "? four\n", "s:4: "},
		{"nothing exported", "$ export TEARLINE_DATA\n", "s:1: export wants NAME=VALUE"},
		{"nothing to cat", "$ cat ./none.txt\n", "s:1: open "},
		{"bad pattern", start + "< REQ ((\n", "s:4: error parsing regexp"},
		{"name without pattern", start + "< REQ\n", "s:4: \"REQ\": want NAME pattern"},
		{"empty command", "$\n", "s:1: an empty command"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			story, err := scenario.Parse("s", []byte(tt.script))
			if err != nil {
				t.Fatal(err)
			}
			err = story.Play(t.TempDir(), program(t, false), scenario.Watcher{})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q in it", err, tt.want)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, script := range []string{"# fine\n% not\n", "#no blank after it\n", "text\n"} {
		if _, err := scenario.Parse("s", []byte(script)); err == nil || !strings.Contains(err.Error(), "is no line of a script") {
			t.Errorf("%q: got %v", script, err)
		}
	}
	if _, err := scenario.Load("none"); err == nil {
		t.Error("a story that is not there was loaded")
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	for _, tt := range []struct {
		typed string
		want  []string
	}{
		{`tearline a  b`, []string{"a", "b"}},
		{`tearline a "b c" 'd "e"' f`, []string{"a", "b c", `d "e"`, "f"}},
		{`tearline --name="b c" x'y'z`, []string{"--name=b c", "xyz"}},
		{`tearline "" ''`, []string{"", ""}},
		{`tearline ./file a./b`, []string{at("file"), "a./b"}},
		{`tearline $`, []string{"$"}},
	} {
		var got []string
		story, err := scenario.Parse("s", []byte("$ "+tt.typed+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		run := func(c scenario.Command) scenario.Result {
			got = c.Args
			return scenario.Result{}
		}
		if err := story.Play(dir, run, scenario.Watcher{}); err != nil {
			t.Errorf("%s: %v", tt.typed, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: words (-want +got):\n%s", tt.typed, diff)
		}
	}
}

// What was kept of one command's output goes into later commands, into what is
// expected, and into files.
func TestKept(t *testing.T) {
	t.Parallel()
	const script = `@ 2026-03-02T08:00:00Z
$ tearline one
? 4
= wrapped line
< WORD ^word (\S+)
$ export PLACE=./x
$ tearline two $WORD $OTHER
= $WORD
+ ./note.txt
$ cat ./note.txt
= kept seven here
-- note.txt --
kept $WORD here
`
	story, err := scenario.Parse("s", []byte(script))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var ran []string
	run := func(c scenario.Command) scenario.Result {
		ran = append(ran, fmt.Sprintf("%s %v %s", c.Now.Format(time.DateOnly), c.Args, c.Env["PLACE"]))
		if c.Args[0] == "one" {
			return scenario.Result{Code: 4, Stdout: "word seven\na wrapped\n   line\n"}
		}
		return scenario.Result{Stderr: "seven in " + filepath.Join(dir, "x") + "\n"}
	}
	var typed []string
	watch := scenario.Watcher{Typed: func(s string) { typed = append(typed, s) }}
	if err := story.Play(dir, run, watch); err != nil {
		t.Fatal(err)
	}
	want := []string{"2026-03-02 [one] ", "2026-03-02 [two seven $OTHER] " + filepath.Join(dir, "x")}
	if diff := cmp.Diff(want, ran); diff != "" {
		t.Errorf("commands (-want +got):\n%s", diff)
	}
	if typed[2] != "tearline two seven $OTHER" {
		t.Errorf("shown as typed: %q", typed[2])
	}
	if b, err := os.ReadFile(filepath.Join(dir, "note.txt")); err != nil || string(b) != "kept seven here\n" {
		t.Errorf("note.txt: %q, %v", b, err)
	}
}
