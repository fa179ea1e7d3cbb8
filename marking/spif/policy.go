package spif

import (
	"time"

	"tearline/marking"
)

// MaxTags is how many tags a policy may have.
const MaxTags = 256

// A Policy is a security policy as its file gives it. It is immutable and may
// be used from several goroutines.
type Policy struct {
	name, id, privilege, rbac string

	classes []class // by hierarchy, the lowest first
	byClass map[string]int
	sets    []set
	setID   map[string]string // object identifiers by name
	tags    []tag
	cats    []category // in the order of the file
	byCat   map[Category]int
	privacy []privacyMark
	equiv   map[string]equivPolicy // by the name that the file uses

	replace []phrase // the file's own phrases: replacePolicy
	quals   []qualifier
	notes   marking.Faults

	window window
	now    time.Time // what windows are judged at; zero if not known
}

// A class is a classification.
type class struct {
	name, lacv string
	hierarchy  int64
	obsolete   bool
	colour     string
	required   []requirement
	phrases    []phrase
	quals      []qualifier
	equiv      []equivClass
}

type set struct{ name, id string }

type tag struct {
	name     string
	set      int
	kind     TagType
	min, max int // selections; max 0 is any number
	quals    []qualifier
}

// A category is a value of a tag.
type category struct {
	key       Category
	name      string
	tag       int
	obsolete  bool
	userInput bool
	window    window
	excluded  []int // classes
	needs     int   // the class that it needs, or -1
	required  []requirement
	excludes  []ref
	phrases   []phrase
	quals     []qualifier
	equiv     []equivCategory
}

type privacyMark struct {
	name     string
	obsolete bool
	phrases  []phrase
}

// A requirement is a requiredCategory: so many of its groups must be met.
type requirement struct {
	op     operation
	groups []ref
}

type operation uint8

const (
	opOnlyOne operation = iota
	opOneOrMore
	opAll
)

var operations = [...]string{"onlyOne", "oneOrMore", "all"}

func (o operation) String() string { return operations[o] }

// A ref is a category, or all those of a type in a set, by the set's name.
type ref struct {
	set  string
	kind TagType
	lacv string // "" for all
}

// A window is a time in which something holds; a zero end is open.
type window struct{ from, to time.Time }

func (w window) open() bool { return w.from.IsZero() && w.to.IsZero() }

func (w window) holds(t time.Time) bool {
	return (w.from.IsZero() || !t.Before(w.from)) && (w.to.IsZero() || !t.After(w.to))
}

// A Classification is a level of a policy.
type Classification struct {
	Name      string
	Lacv      string
	Hierarchy int64 // more is higher
	Obsolete  bool
	Colour    string // as the file writes it, "#FFAA00" or "red"; may be empty
}

// A Tag is a group of categories of one type.
type Tag struct {
	Name       string
	TagSet     string // the set's name
	TagSetID   string // the set's object identifier
	Type       TagType
	Categories []NamedCategory
}

// A NamedCategory is a category with its name.
type NamedCategory struct {
	Category

	Name     string
	Obsolete bool
}

// Name returns the policy's name, "NATO".
func (p *Policy) Name() string { return p.name }

// ID returns the policy's object identifier, "1.3.26.1.3.1".
func (p *Policy) ID() string { return p.id }

// PrivilegeID returns the object identifier of the form in which clearances
// under the policy are encoded; "" if the file gives none.
func (p *Policy) PrivilegeID() string { return p.privilege }

// RBACID returns the object identifier of the form in which categories of
// labels under the policy are encoded; "" if the file gives none.
func (p *Policy) RBACID() string { return p.rbac }

// Notes lists what the file says beside the policy, and what was mended: see
// the package comment. The caller must not change the list.
func (p *Policy) Notes() marking.Faults { return p.notes }

// At returns the policy as it is at a time. Without it, a category that is
// valid for a time only makes a label invalid, and so does every label of a
// policy that is valid for a time only.
func (p *Policy) At(t time.Time) *Policy {
	q := *p
	q.now = t
	return &q
}

// Classifications returns the policy's levels, the lowest first.
func (p *Policy) Classifications() []Classification {
	out := make([]Classification, len(p.classes))
	for i, c := range p.classes {
		out[i] = Classification{Name: c.name, Lacv: c.lacv, Hierarchy: c.hierarchy, Obsolete: c.obsolete, Colour: c.colour}
	}
	return out
}

// Tags returns the policy's tags with their categories, in the order of the
// file.
func (p *Policy) Tags() []Tag {
	out := make([]Tag, len(p.tags))
	for i, t := range p.tags {
		out[i] = Tag{Name: t.name, TagSet: p.sets[t.set].name, TagSetID: p.sets[t.set].id, Type: t.kind}
	}
	for i := range p.cats {
		c := &p.cats[i]
		t := &out[c.tag]
		t.Categories = append(t.Categories, NamedCategory{Category: c.key, Name: c.name, Obsolete: c.obsolete})
	}
	return out
}

// PrivacyMarks returns the names of the privacy marks that labels may carry.
func (p *Policy) PrivacyMarks() []string {
	var out []string
	for _, m := range p.privacy {
		out = append(out, m.name)
	}
	return out
}

// says names what a ref stands for.
func (p *Policy) says(r ref) string {
	if r.lacv == "" {
		return "any " + r.kind.String() + " category of " + quote(r.set)
	}
	if i, ok := p.byCat[Category{p.setID[r.set], r.kind, r.lacv}]; ok {
		return quote(p.cats[i].name) + " of " + quote(r.set)
	}
	return r.kind.String() + " category " + r.lacv + " of " + quote(r.set)
}
