package cli_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"tearline/internal/cli"
)

// talk starts a mark command whose input and output are pipes.
func talk(ctx context.Context, t *testing.T, args ...string) (in *io.PipeWriter, out *bufio.Reader, code func() (int, string)) {
	t.Helper()
	stdin, in := io.Pipe()
	reader, stdout := io.Pipe()
	var stderr strings.Builder
	app := cli.App{Stdin: stdin, Stdout: stdout, Stderr: &stderr, Env: func(string) string { return "" }}
	done := make(chan int, 1)
	go func() {
		exit := app.Run(ctx, args)
		_ = stdout.Close() // a pipe's never fails
		done <- exit
	}()
	return in, bufio.NewReader(reader), func() (int, string) { return <-done, stderr.String() }
}

// Each line has its answer before the next one is written.
func TestMarkLineForLine(t *testing.T) {
	t.Parallel()
	for args, lines := range map[string]map[string]string{
		"mark parse":             {"S//NF": "SECRET//NOFORN\t(S//NF)\n", "U": "UNCLASSIFIED\t(U)\n"},
		"mark parse --json":      {"(S//NF)": `"canonical_banner":"SECRET//NOFORN"`, "KREM": `"severity":"error"`},
		"mark releasable --json": {"(S//NF)": `"keep":["USA"]`},
		"mark rollup":            {"S": "SECRET\n"},
		"mark check --json":      {`{"banner":"SECRET//NOFORN","portions":["(S//NF)"]}`: `"ok":true`},
	} {
		in, out, code := talk(t.Context(), t, strings.Fields(args)...)
		for range 3 {
			for line, want := range lines {
				if _, err := io.WriteString(in, line+"\n"); err != nil {
					t.Fatal(err)
				}
				got, err := out.ReadString('\n')
				if err != nil || !strings.Contains(got, want) {
					t.Fatalf("%s: %q has the answer %q, %v", args, line, got, err)
				}
				for args == "mark rollup" && !strings.HasPrefix(got, "  ") { // its reason is the second line
					if got, err = out.ReadString('\n'); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		if err := in.Close(); err != nil {
			t.Fatal(err)
		}
		want := 0
		if args == "mark parse --json" {
			want = 1
		}
		if exit, stderr := code(); exit != want || stderr != "" {
			t.Errorf("%s: exit %d, %s", args, exit, stderr)
		}
	}
}

// An interrupt ends the command, also while it waits for a line.
func TestMarkInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	in, out, code := talk(ctx, t, "mark", "parse")
	if _, err := io.WriteString(in, "U\n"); err != nil {
		t.Fatal(err)
	}
	if got, err := out.ReadString('\n'); err != nil || got != "UNCLASSIFIED\t(U)\n" {
		t.Fatalf("%q, %v", got, err)
	}
	cancel()
	if exit, stderr := code(); exit != 1 || !strings.HasPrefix(stderr, "tearline: interrupted\n") {
		t.Errorf("exit %d, %s", exit, stderr)
	}
	_ = in.Close() // so that the read in flight ends
}

// A writer without room.
type noRoom struct{}

func (noRoom) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// Answers that cannot be written are said to be lost.
func TestMarkNoRoom(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"mark", "parse"}, {"mark", "parse", "S"}, {"mark", "rollup", "S"}, {"mark", "check", "--json", "SECRET", "S"}, {"mark", "releasable"}} {
		var stderr strings.Builder
		app := cli.App{Stdin: strings.NewReader("S\nKREM\n"), Stdout: noRoom{}, Stderr: &stderr, Env: func(string) string { return "" }}
		exit := app.Run(t.Context(), args)
		if exit != 1 || strings.Count(stderr.String(), "standard output: no space left on device") != 1 {
			t.Errorf("%q: exit %d, %s", args, exit, stderr.String())
		}
	}
}

// On a terminal, words are in their colours; the rest is as in a file.
func TestMarkColours(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"mark parse KREM":         "KREM\t\x1b[31mrefused\x1b[0m\n  - at 0: ",
		"mark rollup S":           "\x1b[1mSECRET\x1b[0m\n  SECRET: portions 0 [",
		"mark rollup KREM":        "\x1b[31mrefused\x1b[0m\n  - at 0: portion 0: ",
		"mark check SECRET (S)":   "SECRET\t\x1b[32mright\x1b[0m\n",
		"mark check SECRET (C)":   "SECRET\t\x1b[31mwrong\x1b[0m\n  \x1b[1mCONFIDENTIAL\x1b[0m\n  - at 0: ",
		"mark releasable KREM":    "KREM\t\x1b[31mrefused\x1b[0m\n  - at 0: ",
		"mark releasable (S//NF)": "(S//NF)\n  may keep: USA\n",
	} {
		var coloured, plain strings.Builder
		for colour, out := range map[bool]*strings.Builder{true: &coloured, false: &plain} {
			app := cli.App{Stdout: out, Stderr: io.Discard, Colour: colour, Env: func(string) string { return "" }}
			app.Run(t.Context(), strings.Fields(args))
		}
		if !strings.HasPrefix(coloured.String(), want) {
			t.Errorf("%s: %q", args, coloured.String())
		}
		if bare := strings.NewReplacer("\x1b[31m", "", "\x1b[32m", "", "\x1b[1m", "", "\x1b[0m", "").Replace(coloured.String()); bare != plain.String() {
			t.Errorf("%s: %q without colours, %q with", args, plain.String(), coloured.String())
		}
	}
}

// Ten thousand lines, good and bad, have their answers in order.
func TestMarkManyLines(t *testing.T) {
	t.Parallel()
	var in, want strings.Builder
	for i := range 10_000 {
		if i%100 == 7 {
			fmt.Fprintf(&in, "S//KREM%d\n", i)
			fmt.Fprintf(&want, "S//KREM%d false\n", i)
			continue
		}
		in.WriteString("(S//NF)\r\n")
		want.WriteString("(S//NF) true\n")
	}
	code, stdout, _ := inProcess(t.Context(), start, strings.NewReader(in.String()), "mark", "parse", "--json")
	var got strings.Builder
	for l := range strings.Lines(stdout) {
		input, rest, _ := strings.Cut(strings.TrimPrefix(l, `{"input":"`), `","ok":`)
		fmt.Fprintf(&got, "%s %s\n", input, rest[:strings.IndexByte(rest, ',')])
	}
	if code != 1 || got.String() != want.String() {
		t.Errorf("exit %d, %d bytes", code, got.Len())
	}
}
