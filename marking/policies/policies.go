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
	"maps"
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
	MaxProfiles   = 8
	MaxEffects    = 64
	MaxDepth      = 3 // system, compartment, sub-compartment
)

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

// Embedded returns the ids of the embedded policies, in order.
func Embedded() []string {
	entries, _ := embedded.ReadDir(".") // the embedded folder is always there
	ids := make([]string, len(entries))
	for i, e := range entries {
		ids[i] = strings.TrimSuffix(e.Name(), ".json")
	}
	return ids
}

// Source returns the embedded policy file of that id; nil if there is none.
func Source(id string) []byte {
	data, err := embedded.ReadFile(id + ".json")
	if err != nil {
		return nil
	}
	return data
}

// Decode reads a policy file, and returns what it says in each of its profiles,
// the one that it prefers first. Either the files or the faults are nil. That
// the names in it are those of something in it is not looked at: package
// policyfile does that for files of one's own.
func Decode(data []byte) ([]*File, []Fault) {
	f, wrong := decode(data)
	if wrong != nil {
		return nil, wrong
	}
	if wrong = append(f.borrow(), f.strangers()...); wrong != nil {
		return nil, wrong
	}
	all := []*File{f.in(f.Profile)}
	for _, name := range slices.Sorted(maps.Keys(f.Profiles)) {
		if name != f.Profile {
			all = append(all, f.in(name))
		}
	}
	return all, nil
}

func decode(data []byte) (*File, []Fault) {
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
	if len(f.Profiles) > MaxProfiles {
		return nil, []Fault{{Rule: "policy.bounds", Text: fmt.Sprintf("profiles: %d of them; the most is %d", len(f.Profiles), MaxProfiles)}}
	}
	return &f, nil
}

// borrow takes the codes of the embedded policy that the file names. What the
// file says of a code itself stands in the place of what that policy says.
func (f *File) borrow() []Fault {
	if f.CodesOf == "" {
		return nil
	}
	data := Source(f.CodesOf)
	if data == nil || f.CodesOf == f.ID {
		return []Fault{{Rule: "policy.codes", Text: fmt.Sprintf("codes_of: %q is no other policy that is embedded", f.CodesOf)}}
	}
	from, wrong := decode(data)
	if wrong != nil {
		return wrong
	}
	own := f.Codes
	f.Codes = nil
	for _, c := range from.Codes {
		if i := slices.IndexFunc(own, func(o Code) bool { return o.Code == c.Code }); i >= 0 {
			c = own[i]
			own = slices.Delete(slices.Clone(own), i, i+1)
		}
		f.Codes = append(f.Codes, c)
	}
	f.Codes = append(f.Codes, own...)
	return nil
}

// maxStrangers bounds what is reported of profiles.
const maxStrangers = 16

// strangers reports rows of profiles that the file does not have: they would be
// in none.
func (f *File) strangers() []Fault {
	var wrong []Fault
	look := func(at string, profiles []string) {
		for _, name := range profiles {
			if _, ok := f.Profiles[name]; !ok && len(wrong) < maxStrangers {
				wrong = append(wrong, Fault{Rule: "policy.profiles", Text: fmt.Sprintf("%s: %q is no profile", at, name)})
			}
		}
	}
	var tokens func(of []Token)
	tokens = func(of []Token) {
		for _, t := range of {
			look("token "+t.Name, t.Profiles)
			if t.List != nil {
				look("token "+t.Name+".list.order_profiles", t.List.OrderProfiles)
			}
			tokens(t.Children)
		}
	}
	for i, c := range f.Categories {
		look(fmt.Sprintf("categories[%d]", i), c.Profiles)
		tokens(c.Tokens)
	}
	for i, r := range f.Rules {
		look(fmt.Sprintf("rules[%d]", i), r.Profiles)
	}
	for i, e := range f.Rollup.Effects {
		look(fmt.Sprintf("rollup.effects[%d]", i), e.Profiles)
	}
	for i, k := range f.Rollup.Checks {
		look(fmt.Sprintf("rollup.checks[%d]", i), k.Profiles)
	}
	look("line.loose", f.Line.Loose)
	if f.Owners != nil {
		look("owners.abroad", f.Owners.Abroad)
	}
	return wrong
}

// in returns what the file says in one of its profiles. Rows that name no
// profiles are in all of them.
func (f *File) in(profile string) *File {
	out := *f
	out.Profile, out.preferred = profile, f.Profile
	out.Categories = nil
	for _, c := range f.Categories {
		if holds(c.Profiles, profile) {
			c.Tokens = tokensIn(c.Tokens, profile)
			out.Categories = append(out.Categories, c)
		}
	}
	out.Rules = slices.DeleteFunc(slices.Clone(f.Rules), func(r Rule) bool { return !holds(r.Profiles, profile) })
	out.Rollup.Effects = slices.DeleteFunc(slices.Clone(f.Rollup.Effects), func(e Effect) bool { return !holds(e.Profiles, profile) })
	out.Rollup.Checks = slices.DeleteFunc(slices.Clone(f.Rollup.Checks), func(k Check) bool { return !holds(k.Profiles, profile) })
	out.index()
	return &out
}

// index makes the nodes, and what finds things by their names.
func (f *File) index() {
	f.flatten()
	f.levels, f.codes = map[string]int{}, map[string]int{}
	for i, l := range f.Levels {
		f.levels[l.Name] = i
	}
	for i, c := range f.Codes {
		if _, twice := f.codes[c.Code]; !twice {
			f.codes[c.Code] = i
		}
	}
}

// Names yields the names of all tokens.
func (f *File) Names() iter.Seq[string] { return maps.Keys(f.nodes) }

func tokensIn(tokens []Token, profile string) []Token {
	var out []Token
	for _, t := range tokens {
		if holds(t.Profiles, profile) {
			t.Children = tokensIn(t.Children, profile)
			out = append(out, t)
		}
	}
	return out
}

func holds(profiles []string, profile string) bool {
	return len(profiles) == 0 || slices.Contains(profiles, profile)
}

// Preferred reports whether the profile is the one that the file prefers.
func (f *File) Preferred() bool { return f.Profile == f.preferred }

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
