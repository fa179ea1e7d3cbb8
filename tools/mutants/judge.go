package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// A Verdict is what became of a mutant. All but Killed are errors.
type Verdict string

// The verdicts.
const (
	Killed       Verdict = "killed"
	Survived     Verdict = "SURVIVED"         // the named test passes all the same
	NotApplied   Verdict = "DOES NOT APPLY"   // what it replaces is not there, or more than once
	NotCompiled  Verdict = "DOES NOT COMPILE" // so that no test has a say
	FailsWithout Verdict = "FAILS WITHOUT IT" // the named test does not pass without the mutant
	NotJudged    Verdict = "NOT JUDGED"       // the test binary ended, but not by the named test
	Otherwise    Verdict = "FAILS OTHERWISE"  // than the list says why
)

// A Result is what came of one mutant.
type Result struct {
	Verdict Verdict `json:"verdict"`
	Rule    string  `json:"rule"`
	Name    string  `json:"name"`
	File    string  `json:"file"`
	Line    int     `json:"line"`           // of the file; 0 if it has no such text
	List    string  `json:"list,omitempty"` // its file
	Listed  int     `json:"listed"`         // the line of the list
	Package string  `json:"package"`
	Test    string  `json:"test"`
	Seconds float64 `json:"seconds"`
	// Said is what explains a verdict other than killed.
	Said string `json:"said,omitempty"`
}

const (
	// atOnce is how many mutants are made and tested at a time.
	atOnce = 2
	// longest is how long a test may run: a mutant may make it run for ever.
	longest = "60s"
	// mostSaid is how much of a compiler's or a test's words is kept.
	mostSaid = 2000
)

// A bench is where mutants are tried.
type bench struct {
	root, tmp string
	// passing are the tests that pass without any mutant, by package.
	passing map[string]map[string]bool
	trouble map[string]string // why a package's tests cannot be run at all
}

// judge tries all mutants, atOnce at a time, and calls each with every result,
// one at a time. The error is about the trial, not about a mutant.
func judge(ctx context.Context, root string, mutants []Mutant, each func(Result)) error {
	tmp, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(tmp) }()
	b := &bench{root: root, tmp: tmp, passing: make(map[string]map[string]bool), trouble: make(map[string]string)}
	var packages []string
	for _, m := range mutants {
		if !slices.Contains(packages, m.Package) {
			packages = append(packages, m.Package)
		}
	}
	var lock sync.Mutex
	inParallel(len(packages), func(i int) {
		passing, err := b.without(ctx, packages[i], mutants)
		lock.Lock()
		defer lock.Unlock()
		b.passing[packages[i]] = passing
		if err != nil {
			b.trouble[packages[i]] = err.Error()
		}
	})
	inParallel(len(mutants), func(i int) {
		if ctx.Err() != nil {
			return
		}
		start := time.Now() //nolint:forbidigo // how long it took is what is told
		r := b.try(ctx, &mutants[i], i)
		r.Seconds = time.Since(start).Seconds() //nolint:forbidigo // as above
		if ctx.Err() != nil {
			return // what was cut short is no result
		}
		lock.Lock()
		defer lock.Unlock()
		each(r)
	})
	return ctx.Err()
}

// inParallel calls f with 0 to n-1, atOnce at a time.
func inParallel(n int, f func(int)) {
	var group sync.WaitGroup
	next := make(chan int)
	for range atOnce {
		group.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	group.Wait()
}

// without runs the named tests of a package on the source as it is, and returns
// the names of the tests and subtests that passed.
func (b *bench) without(ctx context.Context, pkg string, mutants []Mutant) (map[string]bool, error) {
	var names []string
	for _, m := range mutants {
		name := regexp.QuoteMeta(m.top())
		if m.Test == "" {
			name = allTests
		}
		if m.Package == pkg && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	binary := filepath.Join(b.tmp, "as-it-is-"+strings.ReplaceAll(pkg, "/", "-"))
	if said, err := b.compile(ctx, pkg, binary, ""); err != nil {
		return nil, fmt.Errorf("%w\n%s", err, said)
	}
	said, failed := b.test(ctx, pkg, binary, "^("+strings.Join(names, "|")+")$")
	passing := outcomes(said)["PASS"]
	switch {
	case slices.Contains(names, allTests) && failed != nil:
		return nil, fmt.Errorf("%w\n%s", failed, said[max(0, len(said)-mostSaid):])
	case passing != nil:
		passing[""] = true // all of them
	}
	return passing, nil
}

// try makes one mutant and runs its test.
func (b *bench) try(ctx context.Context, m *Mutant, number int) Result {
	r := Result{Rule: m.Rule, Name: m.Name, File: m.File, Package: m.Package, Test: m.Test, List: m.List, Listed: m.Line}
	say := func(v Verdict, format string, args ...any) Result {
		said := fmt.Sprintf(format, args...)
		r.Verdict, r.Said = v, said[max(0, len(said)-mostSaid):]
		return r
	}
	file := filepath.Join(b.root, filepath.FromSlash(m.File))
	source, err := os.ReadFile(file) //nolint:gosec // the tree under test
	if err != nil {
		return say(NotApplied, "%v", err)
	}
	changed, ok := m.apply(string(source))
	if !ok {
		return say(NotApplied, "this stands %d times in %s:\n%s", strings.Count(string(source), m.Old), m.File, m.Old)
	}
	r.Line = 1 + strings.Count(string(source)[:m.place(string(source))], "\n")
	if trouble := b.trouble[m.Package]; trouble != "" {
		return say(FailsWithout, "%s", trouble)
	}
	if !b.passing[m.Package][m.FullName()] {
		return say(FailsWithout, "%s is no test of %s, or does not pass or is skipped on the source as it is", m.Test, m.Package)
	}
	dir := filepath.Join(b.tmp, fmt.Sprint(number))
	overlay, err := writeOverlay(dir, file, changed)
	if err != nil {
		return say(NotJudged, "%v", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	binary := filepath.Join(dir, "tests")
	if said, err := b.compile(ctx, m.Package, binary, overlay); err != nil {
		if m.Offset > 0 {
			r.Verdict = Killed // made by rule, and the compiler notices
			return r
		}
		return say(NotCompiled, "%s", said)
	}
	said, err := b.test(ctx, m.Package, binary, m.pattern())
	switch {
	case err == nil:
		return say(Survived, "-%s\n+%s", strings.ReplaceAll(m.Old, "\n", "\n-"), strings.ReplaceAll(m.New, "\n", "\n+"))
	case m.Test != "" && !outcomes(said)["FAIL"][m.FullName()]:
		return say(NotJudged, "%v: %s", err, said)
	case m.unsaid(said) != "":
		return say(Otherwise, "%s\nbut not: %s", said, m.unsaid(said))
	}
	r.Verdict = Killed
	return r
}

// writeOverlay writes a changed file and the overlay that puts it in the place
// of the one that is there.
func writeOverlay(dir, file, changed string) (string, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	instead, overlay := filepath.Join(dir, "changed.go"), filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(instead, []byte(changed), 0o600); err != nil { //nolint:gosec // in a folder of our own
		return "", err
	}
	text, err := json.Marshal(map[string]map[string]string{"Replace": {file: instead}})
	if err != nil {
		return "", err
	}
	return overlay, os.WriteFile(overlay, text, 0o600)
}

// compile makes the test binary of a package; overlay may be "".
func (b *bench) compile(ctx context.Context, pkg, binary, overlay string) (string, error) {
	args := []string{"test", "-c", "-vet=off", "-gcflags=-N -l -dwarf=false", "-ldflags=-s -w", "-o", binary}
	if overlay != "" {
		args = append(args, "-overlay", overlay)
	}
	// Neither optimised nor for a debugger: it is made in half the time.
	cmd := exec.CommandContext(ctx, "go", append(args, "./"+pkg)...) //nolint:gosec // the packages are those of the list
	cmd.Dir = b.root
	out, err := cmd.CombinedOutput()
	if err == nil {
		if _, gone := os.Stat(binary); gone != nil {
			err = errors.New("the package has no tests")
		}
	}
	return string(out), err
}

// properties reports whether tests of a package use rapid.
func (b *bench) properties(pkg string) bool {
	files, err := filepath.Glob(filepath.Join(b.root, filepath.FromSlash(pkg), "*_test.go"))
	return err == nil && slices.ContainsFunc(files, func(name string) bool {
		source, err := os.ReadFile(name) //nolint:gosec // the tree under test
		return err == nil && bytes.Contains(source, []byte(`"pgregory.net/rapid"`))
	})
}

// test runs tests where go test would, and returns what they print.
func (b *bench) test(ctx context.Context, pkg, binary, pattern string) (string, error) {
	args := []string{"-test.v", "-test.short", "-test.count=1", "-test.timeout=" + longest, "-test.run=" + pattern}
	if pattern == anyTest {
		args = append(args, "-test.failfast")
	}
	if b.properties(pkg) {
		args = append(args, "-rapid.nofailfile") // or it would write into the tree
	}
	cmd := exec.CommandContext(ctx, binary, args...) //nolint:gosec // the binary was just made
	cmd.Dir = filepath.Join(b.root, filepath.FromSlash(pkg))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return out.String(), err
}

var resultLine = regexp.MustCompile(`(?m)^\s*--- (PASS|FAIL|SKIP): (\S+) \(`)

// outcomes returns the names of tests and subtests by how they ended.
func outcomes(said string) map[string]map[string]bool {
	out := make(map[string]map[string]bool)
	for _, m := range resultLine.FindAllStringSubmatch(said, -1) {
		if out[m[1]] == nil {
			out[m[1]] = make(map[string]bool)
		}
		out[m[1]][m[2]] = true
	}
	return out
}
