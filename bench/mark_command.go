package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"tearline/bench/kit"
	"tearline/marking"
)

// A markFile is a file of lines for a mark command.
type markFile struct {
	about, command string
	goal           kit.Goal
	lines          []string
}

// markFiles are what the mark commands are measured over: marks as documents
// have them, which are few and come again and again, marks of which hardly one
// comes twice, and documents of five portions.
func markFiles(n int) []markFile {
	d := &dice{11}
	list := marks()
	mixed, distinct, documents, checks := make([]string, n), make([]string, n), make([]string, n/5), make([]string, n/5)
	for i := range mixed {
		mixed[i] = list[d.skewed(len(list))]
		distinct[i] = distinctMark(d)
	}
	for i := range documents {
		var portions []string
		for range 5 {
			portions = append(portions, `"(`+list[d.skewed(len(list))]+`)"`)
		}
		rest := `"portions":[` + strings.Join(portions, ",") + `]}`
		documents[i] = "{" + rest
		checks[i] = `{"banner":"` + list[d.skewed(len(list))] + `",` + rest
	}
	return []markFile{
		{"marks", "parse", kit.AtLeast(1e6), mixed},
		{"distinct marks", "parse", kit.Goal{}, distinct},
		{"marks", "releasable", kit.Goal{}, mixed},
		{"documents", "rollup", kit.Goal{}, documents},
		{"documents", "check", kit.Goal{}, checks},
	}
}

// distinctMark draws one of some millions.
func distinctMark(d *dice) string {
	nations := strings.Fields("AUS BEL BGR CAN CZE DEU DNK ESP EST FIN FRA GBR GRC HRV HUN ITA JPN KOR LTU LVA NLD NOR NZL POL PRT ROU SVK SVN SWE TUR")
	n := 3 + d.under(5)
	for i := range n {
		j := i + d.under(len(nations)-i)
		nations[i], nations[j] = nations[j], nations[i]
	}
	m := pick(d, []string{"S", "S//SI", "TS//SI", "TS", "TS//SI/TK"}) + pick(d, []string{"//", "//", "//OC/"}) + "REL TO USA, " + strings.Join(nations[:n], ", ")
	if d.chance(0.5) {
		return "(" + m + ")"
	}
	return m
}

// markCommands measures the commands over files, whole: from start to exit, in
// processor time of one core, beside the parser alone over the same marks.
func (b *bench) markCommands(pol *marking.Policy) error {
	for _, f := range markFiles(b.marks) {
		path := filepath.Join(b.Dir, "marks.txt")
		if err := os.WriteFile(path, []byte(strings.Join(f.lines, "\n")+"\n"), 0o600); err != nil {
			return err
		}
		var limits []kit.Peer
		if f.command == "parse" {
			limit, err := b.parserAlone(pol, f.lines)
			if err != nil {
				return err
			}
			limits = append(limits, limit)
		}
		for _, form := range []string{"", "--json"} {
			args := append([]string{"mark", f.command}, strings.Fields(form)...)
			var took []float64
			for range min(b.Reps, 5) {
				t, err := b.oneCore(path, []int{0, 1}, args...)
				if err != nil {
					return err
				}
				took = append(took, t)
			}
			b.Add(fmt.Sprintf("tearline %s, %s %s, CPU", strings.Join(args, " "), kit.Number(float64(len(f.lines))), f.about), "1/s",
				kit.SpreadOf(took).Rate(float64(len(f.lines))), f.goal, limits...)
		}
	}
	return nil
}

// parserAlone is how many of the lines the parser reads in a second.
func (b *bench) parserAlone(pol *marking.Policy, lines []string) (kit.Peer, error) {
	next := 0
	s, err := b.Cost(kit.CPU, func() error {
		for range min(len(lines), 1000) {
			if _, err := pol.Parse(lines[next]); err != nil {
				return err
			}
			next = (next + 1) % len(lines)
		}
		return nil
	})
	return kit.Peer{Name: "limit: the parser alone, CPU time", Value: s.Rate(float64(min(len(lines), 1000))).Median}, err
}

// oneCore runs the binary once on one core with standard input from a file, and
// returns the processor time that it took, in nanoseconds. ok are the exit codes
// expected.
func (b *bench) oneCore(stdin string, ok []int, args ...string) (float64, error) {
	bin, err := b.build()
	if err != nil {
		return 0, err
	}
	f, err := os.Open(stdin) //nolint:gosec // our own scratch directory
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }()
	cmd := exec.CommandContext(b.Ctx, bin, args...) //nolint:gosec // the binary that build made
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	cmd.Stdin = f
	err = cmd.Run()
	if exit, isExit := errors.AsType[*exec.ExitError](err); isExit && slices.Contains(ok, exit.ExitCode()) {
		err = nil
	}
	if err != nil {
		return 0, fmt.Errorf("tearline %s: %w", strings.Join(args, " "), err)
	}
	return max(float64((cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Nanoseconds()), 1), nil
}
