package main

import (
	"fmt"
	"regexp"
	"strings"
)

// A Mutant is one change to one file that breaks one rule, and the test that
// must fail when it is made.
type Mutant struct {
	Name string
	// Rule is the rule or invariant that it breaks, with the element of it.
	Rule string
	// File is slash-separated, relative to the root of the repository.
	File string
	// Old stands exactly once in the file, and New in its place breaks the
	// rule.
	Old, New string
	// Package is the folder of the test, Test its name, subtests after slashes,
	// as it is written in the source: with spaces. Without a name, every test of
	// the package is meant, and any may fail.
	Package, Test string
	// Because are lines that the failing test must print: that it failed for
	// the reason that the mutant gives, and for no other.
	Because string
	// Offset is where in the file Old stands, if it may stand there more often;
	// only of those that are made by rule.
	Offset int
	// List is the file of the list, Line where the mutant stands in it.
	List string
	Line int
}

// A Clause is the place where a rule is written down.
type Clause struct {
	Rule, File, Text string
	Line             int
}

// A List is what the file of mutants says.
type List struct {
	Mutants []Mutant
	Clauses []Clause
}

// fewest is how many mutants a rule must have: one alone shows that a line
// matters, two that it matters what is in it.
const fewest = 2

// A reader reads a list line by line. What is wrong is collected.
type reader struct {
	list   List
	rule   string
	faults []string
	// because is what all mutants of the rule have to say.
	because string
}

// parseList reads a list. Its form is described at its head. The error has all
// that is wrong with it.
func parseList(text string) (List, error) {
	var r reader
	for i, line := range strings.Split(text, "\n") {
		r.line(i+1, line)
	}
	r.whole()
	if len(r.faults) > 0 {
		return List{}, fmt.Errorf("%s", strings.Join(r.faults, "\n"))
	}
	return r.list, nil
}

func (r *reader) fault(line int, format string, args ...any) {
	r.faults = append(r.faults, fmt.Sprintf("line %d: ", line)+fmt.Sprintf(format, args...))
}

func (r *reader) line(n int, line string) {
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "", "#":
		if strings.TrimSpace(rest) == "" || word == "#" {
			return
		}
	case "rule":
		r.rule, r.because = rest, ""
		return
	case "because":
		if n := len(r.list.Mutants); n > 0 && r.list.Mutants[n-1].Rule == r.rule {
			r.list.Mutants[n-1].set(word, rest)
		} else {
			r.because = rest
		}
		return
	case "says":
		file, text, _ := strings.Cut(rest, " ")
		r.list.Clauses = append(r.list.Clauses, Clause{Rule: r.rule, File: file, Text: text, Line: n})
		return
	case "mutant":
		r.list.Mutants = append(r.list.Mutants, Mutant{Name: rest, Rule: r.rule, Because: r.because, Line: n})
		return
	case "file", "test", "-", "+":
		if len(r.list.Mutants) > 0 {
			r.list.Mutants[len(r.list.Mutants)-1].set(word, rest)
			return
		}
	}
	r.fault(n, "%q: want rule, says, because, mutant, file, test, -, + or #", line)
}

func (m *Mutant) set(word, rest string) {
	add := func(to *string) {
		if *to != "" {
			*to += "\n"
		}
		*to += rest
	}
	switch word {
	case "file":
		m.File = rest
	case "because":
		add(&m.Because)
	case "test":
		m.Package, m.Test, _ = strings.Cut(rest, " ")
	case "-":
		add(&m.Old)
	case "+":
		add(&m.New)
	}
}

// whole checks what cannot be seen in one line.
func (r *reader) whole() {
	names, count, at := make(map[string]bool), make(map[string]int), make(map[string]int)
	for _, m := range r.list.Mutants {
		if m.Name == "" || m.Rule == "" || m.File == "" || m.Test == "" || m.Old == "" {
			r.fault(m.Line, "mutant %q: it needs a rule, a name, a file, a test and what is replaced", m.Name)
		}
		if m.Old == m.New {
			r.fault(m.Line, "mutant %q changes nothing", m.Name)
		}
		if names[m.Name] {
			r.fault(m.Line, "two mutants are called %q", m.Name)
		}
		names[m.Name] = true
		count[m.Rule]++
		at[m.Rule] = m.Line
	}
	for _, c := range r.list.Clauses {
		if count[c.Rule] == 0 {
			r.fault(c.Line, "rule %q has no mutant", c.Rule)
		}
	}
	for _, m := range r.list.Mutants {
		if n := count[m.Rule]; n < fewest && at[m.Rule] == m.Line {
			r.fault(m.Line, "rule %q has %d mutant, want at least %d", m.Rule, n, fewest)
		}
	}
}

// apply makes the change; false if what it replaces does not stand in the
// source exactly once.
func (m *Mutant) apply(source string) (string, bool) {
	at := m.place(source)
	if at < 0 {
		return "", false
	}
	return source[:at] + m.New + source[at+len(m.Old):], true
}

// place is where in the source Old stands; below 0 if that is not certain.
func (m *Mutant) place(source string) int {
	switch {
	case m.Offset > 0 && strings.HasPrefix(source[min(m.Offset, len(source)):], m.Old):
		return m.Offset
	case m.Offset > 0 || strings.Count(source, m.Old) != 1:
		return -1
	}
	return strings.Index(source, m.Old)
}

// unsaid is the first line of what the test should have said that it did not.
func (m *Mutant) unsaid(said string) string {
	for line := range strings.SplitSeq(m.Because, "\n") {
		if !strings.Contains(said, line) {
			return line
		}
	}
	return ""
}

// FullName is the test's name as the testing package prints it.
func (m *Mutant) FullName() string { return strings.ReplaceAll(m.Test, " ", "_") }

// What runs all tests of a package: until one fails, and each.
const (
	anyTest  = "."
	allTests = ".*"
)

// pattern is the regular expression that runs the named test alone.
func (m *Mutant) pattern() string {
	if m.Test == "" {
		return anyTest
	}
	var parts []string
	for part := range strings.SplitSeq(m.FullName(), "/") {
		parts = append(parts, "^"+regexp.QuoteMeta(part)+"$")
	}
	return strings.Join(parts, "/")
}

// top is the name of the test function.
func (m *Mutant) top() string {
	name, _, _ := strings.Cut(m.FullName(), "/")
	return name
}

var notWords = regexp.MustCompile(`[\s/]+`)

// stands reports whether the clause stands in the text of its file, however it
// is broken into comment lines.
func (c *Clause) stands(source string) bool {
	fold := func(s string) string { return strings.TrimSpace(notWords.ReplaceAllString(s, " ")) }
	return c.Text != "" && strings.Contains(fold(source), fold(c.Text))
}
