package fingerprintcmd_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"tearline/internal/cli/command"
	"tearline/internal/cli/fingerprintcmd"
)

// do runs a line as the command line would.
func do(t *testing.T, line string, progress bool) (stdout, stderr string, err error) {
	t.Helper()
	var c struct {
		JSON     bool                    `name:"json"`
		Simulate fingerprintcmd.Simulate `cmd:""`
		PValue   fingerprintcmd.PValue   `cmd:"" name:"pvalue"`
	}
	parser, err := kong.New(&c, kong.Exit(func(int) {}))
	if err != nil {
		t.Fatal(err)
	}
	k, err := parser.Parse(strings.Fields(line))
	if err != nil {
		return "", "", err
	}
	var out, talk bytes.Buffer
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	r := &command.Run{
		App: &command.App{Stdout: &out, Stderr: &talk, Progress: progress, Now: func() time.Time {
			now = now.Add(100 * time.Millisecond)
			return now
		}},
		Globals: command.Globals{JSON: c.JSON}, Ctx: t.Context(),
	}
	err = k.Run(r)
	return out.String(), talk.String(), err
}

func TestCommands(t *testing.T) {
	const one = "a source was named in 20 of 20 trials: 100 %\nan innocent copy was named in 0\n" +
		"a copy is named if its p-value is at most 1e-09, which is 1e-06 by 1,000 copies\n"
	for _, c := range []struct{ line, out, talk string }{
		{"simulate --bias half --points 30 --trials 20", one, ""},
		{
			"simulate --bias half --points 30 --trials 20 --recipients 1000 --coalition 1 --attack majority --flips 0 --fwer 1e-6 --seed 3 --json",
			`{"trials":20,"detected":20,"false_accusations":0,"points":30,"threshold_p":9.999999999999999e-10}` + "\n", "",
		},
		{"simulate --bias half --points 29 --trials 3 --json", `{"trials":3,"detected":0,"false_accusations":0,"points":29,"threshold_p":9.999999999999999e-10}` + "\n", ""},
		{"simulate --points 60 --recipients 3 --coalition 0 --fwer .003 --trials 1 --json", `{"trials":1,"detected":0,"false_accusations":0,"points":60,"threshold_p":0.001}` + "\n", ""},
		{"pvalue --bias half --rare-agree 41 --rare-total 44", "8.09e-10\nAt most so often does a copy that had no part in the text agree at as many\npoints. To name one of N copies in K looks, that times N times K is what counts.\n", ""},
		{"pvalue --rare-agree 1 --rare-total 1 --json", `{"p":0.211324865405`, ""},
		{"pvalue --common-agree 1 --common-total 1 --bias nuida --json", `{"p":0.788675134594`, ""},
		{"pvalue --json", `{"p":1}` + "\n", ""},
	} {
		out, talk, err := do(t, c.line, false)
		if err != nil || !strings.HasPrefix(out, c.out) || talk != c.talk {
			t.Errorf("%s: %v\n%q, want\n%q\n%q", c.line, err, out, c.out, talk)
		}
	}
}

func TestProgress(t *testing.T) {
	_, talk, err := do(t, "simulate --bias half --points 20 --recipients 5 --trials 30", true)
	if err != nil || !strings.HasPrefix(talk, "\rplayed: 10 of 30 trials\rplayed: 12 of 30 trials") || !strings.HasSuffix(talk, "\rplayed: 30 of 30 trials\n") {
		t.Errorf("%v: %q", err, talk)
	}
}

func TestMisuse(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"simulate --points 0", "0 points: want 1 to 8192"},
		{"simulate --points 9 --recipients 0", "0 recipients"},
		{"simulate --points 9 --flips .7", "flips at a rate of 0.7"},
		{"simulate --points 9 --fwer 0", "bound 0: want more than 0"},
		{"simulate --points 9 --trials 0", "--trials 0"},
		{"simulate --points 9 --trials 100000001", "--trials 100000001"},
		{"pvalue --rare-agree 2 --rare-total 1", "2 of 1 rare"},
	} {
		_, _, err := do(t, c.line, false)
		if m, ok := errors.AsType[*command.MisuseError](err); !ok || !strings.HasPrefix(m.What, c.want) || m.Hint == "" {
			t.Errorf("%s: %v", c.line, err)
		}
	}
	for _, line := range []string{"simulate", "simulate --points 9 --attack theft", "simulate --points 9 --bias third", "pvalue --bias third"} {
		if _, _, err := do(t, line, false); err == nil {
			t.Errorf("%s: no error", line)
		}
	}
}

// TestStopped: what is called off is an error, and no result.
func TestStopped(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var out bytes.Buffer
	c := fingerprintcmd.Simulate{Recipients: 5, Points: 20, Attack: "coin", Bias: "half", Trials: 9, FWER: 1e-6}
	err := c.Run(&command.Run{App: &command.App{Stdout: &out}, Ctx: ctx})
	if !errors.Is(err, context.Canceled) || out.Len() > 0 {
		t.Errorf("%v, %q", err, &out)
	}
}
