// Package policies holds the policy files of package marking: the embedded
// ones, what a file looks like, and the reading of it. What it returns has no
// fault: every name in it is the name of something in it, and nothing exceeds
// the bounds. [Compile] turns a file into a [Table], with bit sets in place of
// lists of names, so that reading, checking and rolling up marks are a few
// machine words. What follows from the
// tables and a few sets alone is here too: how a declared banner differs from
// the right one, and whom a release list admits. It may not read or write
// marks: that is package marking's, which alone imports it.
//
// The fields of [File] and of the types in it are the format; where one refers
// to tokens, levels or codes it does so by name.
package policies

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
)

// The bounds of a policy.
const (
	MaxSize       = 1 << 20 // bytes of a file
	MaxLevels     = 16
	MaxTokens     = 128 // with those that stand for names which the file does not list
	MaxCategories = 26
	MaxCodes      = 384
	MaxRules      = 128
	MaxEffects    = 64
	MaxDepth      = 3 // system, compartment, sub-compartment
)

// Reasons are what a file's release section cites its clauses for.
var Reasons = []string{"none", "official", "list", "display", "empty", "mixed", "unmarked", "foreign"}

// A Fault is something wrong in a policy file. Text begins with the place.
type Fault struct {
	Offset     int // of JSON that cannot be read, in bytes
	Rule, Text string
}

// A Node is a token in its place.
type Node struct {
	Token
	Canonical string // "SI-G"
	Category  int    // index
	Parent    int    // index of a node; -1 at the top
	Depth     int
	End       int  // the nodes below it are those after it and before End
	Star      int  // the node of names below it that the file does not list; -1
	Hidden    bool // it is itself such a node
}

//go:embed *.json
var embedded embed.FS

// Embedded yields name and content of the embedded policy files, in order.
func Embedded() iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		entries, err := embedded.ReadDir(".")
		if err != nil {
			return // the embedded folder is always there
		}
		for _, e := range entries {
			if data, err := embedded.ReadFile(e.Name()); err == nil && !yield(e.Name(), data) {
				return
			}
		}
	}
}

// Read reads a policy file. Either the file or the faults are nil.
func Read(data []byte) (*File, []Fault) {
	if len(data) > MaxSize {
		return nil, []Fault{{Rule: "policy.size", Text: fmt.Sprintf("the file is longer than %d bytes", MaxSize)}}
	}
	var f File
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return nil, []Fault{{Offset: int(dec.InputOffset()), Rule: "policy.json", Text: err.Error()}}
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, []Fault{{Offset: int(dec.InputOffset()), Rule: "policy.json", Text: "more follows the policy"}}
	}
	c := checker{f: &f}
	c.file()
	if len(c.faults) > 0 {
		return nil, c.faults
	}
	return &f, nil
}

// Level returns the index of the level of that full name, or -1.
func (f *File) Level(name string) int { return index(f.levels, name) }

// Code returns the index of the code, or -1.
func (f *File) Code(code string) int { return index(f.codes, code) }

// Node returns the index of the token of that canonical name, or -1.
func (f *File) Node(name string) int { return index(f.nodes, name) }

func index(m map[string]int, name string) int {
	if i, ok := m[name]; ok {
		return i
	}
	return -1
}

// Select returns the indices of the tokens named; names of no token, or of no
// category, are left out.
func (f *File) Select(names []string) []int {
	var out []int
	for _, name := range names {
		if cat, ok := strings.CutPrefix(name, "category:"); ok {
			i := slices.IndexFunc(f.Categories, func(c Category) bool { return c.Name == cat })
			for j := range f.Nodes {
				if f.Nodes[j].Category == i {
					out = append(out, j)
				}
			}
			continue
		}
		if i := f.Node(name); i >= 0 {
			out = append(out, i)
		}
	}
	return out
}

// Joint is what stands before a name at that depth: SI-G ABCD.
func Joint(depth int) string {
	switch depth {
	case 0:
		return ""
	case 1:
		return "-"
	default:
		return " "
	}
}

// flatten makes the nodes.
func (f *File) flatten() {
	f.nodes = map[string]int{}
	for i, c := range f.Categories {
		for _, t := range c.Tokens {
			f.add(t, i, -1)
		}
		if c.Free != nil {
			f.push(Node{Canonical: c.Name + " *", Category: i, Parent: -1, Star: -1, Hidden: true})
		}
	}
}

func (f *File) add(t Token, cat, parent int) {
	n := Node{Token: t, Canonical: t.Name, Category: cat, Parent: parent, Star: -1}
	if parent >= 0 {
		up := &f.Nodes[parent]
		n.Depth = up.Depth + 1
		n.Canonical = up.Canonical + Joint(n.Depth) + t.Name
	}
	i := f.push(n)
	if n.Depth < MaxDepth {
		for _, c := range t.Children {
			f.add(c, cat, i)
		}
	}
	if t.Free != nil {
		f.Nodes[i].Star = f.push(Node{
			Canonical: n.Canonical + " *", Category: cat, Parent: i, Depth: n.Depth + 1, Star: -1, Hidden: true,
		})
	}
	f.Nodes[i].End = len(f.Nodes)
}

func (f *File) push(n Node) int {
	i := len(f.Nodes)
	n.End = i + 1
	f.Nodes = append(f.Nodes, n)
	if _, ok := f.nodes[n.Canonical]; !ok {
		f.nodes[n.Canonical] = i
	}
	return i
}
