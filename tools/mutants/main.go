// Command mutants shows that every rule has a test that sees it broken. It
// reads lists of changes to the source, each of which breaks one rule or
// invariant, makes them one after the other in an overlay, and runs the one
// test that the list names for each: it must fail, for the reason that the list
// gives, if it gives one. It changes no file of the tree, and may not judge by
// any other test than the one named.
//
//	go run -C tools ./mutants [--list FILE] [--run REGEXP] [--json]
//	go run -C tools ./mutants --changes PACKAGE [--run REGEXP] [--json]
//
// The lists are all files testdata/mutants/*.txt of the tree, or with --list one
// of them, named from the root of the tree. With --changes it reads no list: it
// changes every number and operator in the source of one package, and any test
// of that package may notice.
//
// Standard output has one line for each mutant, with --json one JSON object;
// standard error says what is under way. The exit code is 0 if every mutant
// that was asked for is killed, 1 if not, 2 for a wrong command line.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// listFile is the list by which the root of the repository is known, relative
// to it; lists are where the lists of a package are, relative to the package.
const (
	listFile = "release/testdata/mutants/mutants.txt"
	lists    = "testdata/mutants"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr, terminal(os.Stderr))
	stop()
	os.Exit(code) //nolint:forbidigo // this is a command
}

// terminal reports whether a file is one, so that progress can be shown there.
func terminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// run is the command with its surroundings given; it returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer, progress bool) int {
	flags := flag.NewFlagSet("mutants", flag.ContinueOnError)
	flags.SetOutput(stderr)
	only := flags.String("run", "", "only mutants of which the rule, the name or the test matches this `REGEXP`")
	list := flags.String("list", "", "only the mutants of this `FILE`, relative to the root of the repository; otherwise those of all lists")
	asJSON := flags.Bool("json", false, "write one JSON object for each mutant")
	changes := flags.String("changes", "", "instead of the list, every number and operator of the `PACKAGE`, a folder of the repository")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	wanted, err := regexp.Compile(*only)
	if err != nil || flags.NArg() > 0 || *list != "" && *changes != "" {
		_, _ = fmt.Fprintf(stderr, "mutants: usage: mutants [--list FILE | --changes PACKAGE] [--run REGEXP] [--json]; %v\n", errors.Join(err, unused(flags.Args())))
		return 2
	}
	root, err := findRoot()
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "mutants: %v\n", err)
		return 1
	}
	all, err := mutantsOf(root, *list, *changes)
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "mutants: %v\n", err)
		return 1
	}
	chosen := choose(all, wanted)
	if len(chosen) == 0 {
		_, _ = fmt.Fprintf(stderr, "mutants: none of the %d mutants matches %q\n", len(all), *only)
		return 1
	}
	p := &printer{stdout: stdout, stderr: stderr, json: *asJSON, progress: progress, total: len(chosen)}
	start := time.Now() //nolint:forbidigo // how long it took is what is told
	if err := judge(ctx, root, chosen, p.one); err != nil {
		_, _ = fmt.Fprintf(stderr, "%smutants: %v\n", p.clear(), err)
		return 1
	}
	_, _ = fmt.Fprintf(stderr, "%smutants: %d of %d killed, in %s\n", p.clear(), p.killed, p.total, time.Since(start).Round(time.Second)) //nolint:forbidigo // as above
	if p.killed < p.total {
		return 1
	}
	return 0
}

func unused(args []string) error {
	if len(args) == 0 {
		return nil
	}
	return fmt.Errorf("what is %q for?", args[0])
}

// mutantsOf returns those of one list, of all lists, or all changes of a package.
func mutantsOf(root, list, changes string) ([]Mutant, error) {
	switch {
	case changes != "":
		return changesOf(os.DirFS(root), path.Clean(changes))
	case list != "":
		one, err := readList(root, filepath.ToSlash(filepath.Clean(list)))
		return one.Mutants, err
	}
	names, err := findLists(os.DirFS(root))
	var all []Mutant
	for _, name := range names {
		one, wrong := readList(root, name)
		all, err = append(all, one.Mutants...), errors.Join(err, wrong)
	}
	return all, err
}

// findLists returns the lists of a tree, sorted.
func findLists(tree fs.FS) ([]string, error) {
	var out []string
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case !d.IsDir() && strings.HasSuffix("/"+path.Dir(name), "/"+lists) && path.Ext(name) == ".txt":
			out = append(out, name)
		}
		return nil
	})
	return out, err
}

// choose returns the mutants asked for.
func choose(all []Mutant, wanted *regexp.Regexp) []Mutant {
	var out []Mutant
	for _, m := range all {
		if wanted.MatchString(m.Rule) || wanted.MatchString(m.Name) || wanted.MatchString(m.Test) {
			out = append(out, m)
		}
	}
	return out
}

// findRoot returns the folder of the main module: the nearest above that has
// the list in it.
func findRoot() (string, error) {
	here, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for dir := here; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(listFile))); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("no %s here or above %s", listFile, here)
		}
	}
}

// readList reads a list and holds its clauses against the files they are
// quoted from.
func readList(root, name string) (List, error) {
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name))) //nolint:gosec // the list of the tree
	if err != nil {
		return List{}, err
	}
	list, err := parseList(string(text))
	if err != nil {
		return List{}, fmt.Errorf("%s:\n%w", name, err)
	}
	for i := range list.Mutants {
		list.Mutants[i].List = name
	}
	var faults []string
	for _, c := range list.Clauses {
		source, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(c.File))) //nolint:gosec // the tree under test
		if err != nil {
			return List{}, fmt.Errorf("%s:%d: %w", name, c.Line, err)
		}
		if !c.stands(string(source)) {
			faults = append(faults, fmt.Sprintf("%s:%d: %s says nothing like %q: the rule has changed, see to its mutants", name, c.Line, c.File, c.Text))
		}
	}
	if len(faults) > 0 {
		return List{}, errors.New(strings.Join(faults, "\n"))
	}
	return list, nil
}

// A printer writes results in the order in which they come.
type printer struct {
	stdout, stderr      io.Writer
	json, progress      bool
	total, done, killed int
}

// one writes one result. It is not called twice at a time.
func (p *printer) one(r Result) {
	p.done++
	if r.Verdict == Killed {
		p.killed++
	}
	_, _ = io.WriteString(p.stderr, p.clear())
	if p.json {
		line, err := json.Marshal(r)
		if err != nil {
			line = []byte(err.Error())
		}
		_, _ = fmt.Fprintf(p.stdout, "%s\n", line)
	} else {
		_, _ = fmt.Fprintf(p.stdout, "%-11s %s: %s: %s %s (%.1fs)\n", r.Verdict, r.Rule, r.Name, r.Package, r.Test, r.Seconds)
		if r.Said != "" {
			_, _ = fmt.Fprintf(p.stdout, "    %s:%d: %s:%d\n    %s\n", r.List, r.Listed, r.File, r.Line, strings.ReplaceAll(strings.TrimSpace(r.Said), "\n", "\n    "))
		}
	}
	if p.progress {
		_, _ = fmt.Fprintf(p.stderr, "%d of %d, %d killed", p.done, p.total, p.killed)
	}
}

// clear takes the line of progress away.
func (p *printer) clear() string {
	if p.progress {
		return "\r\x1b[K"
	}
	return ""
}
