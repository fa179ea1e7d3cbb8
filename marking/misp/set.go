package misp

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tearline/marking"
)

// A Set is the tags of one object, as they came and in their order. It is
// immutable. The zero Set has none, and marks nothing.
type Set struct{ tags []string }

// Read takes the tags of one object. It fails, with a [marking.Faults], where
// there are more than MaxTags, or one is longer than MaxTag or not UTF-8.
func Read(tags []string) (Set, error) {
	if len(tags) > MaxTags {
		return Set{}, marking.Faults{{Rule: "misp.count", Text: fmt.Sprintf("%d tags are more than %d", len(tags), MaxTags)}}
	}
	for _, s := range tags {
		if err := fits(s); err != nil {
			return Set{}, err
		}
	}
	return Set{tags: slices.Clone(tags)}, nil
}

// Tags returns the tags as they came.
func (s Set) Tags() []string { return slices.Clone(s.tags) }

// HideSource reports whether the tags say that the source must not be named
// (tlp:ex:chr), in whatever case.
func (s Set) HideSource() bool {
	return slices.ContainsFunc(s.tags, func(x string) bool { return strings.EqualFold(strings.TrimSpace(x), TagHideSource) })
}

// Markings returns what the tags say, by the ids of policies: at most one
// marking of each. A policy that no tag speaks of is not in it, and what has
// no marking is for nobody. It fails, with a [marking.Faults], and returns no
// marking, where any tag of a marking taxonomy is unknown, cannot be said in
// its policy or contradicts another.
func (s Set) Markings() (map[string]marking.Marking, error) {
	r := reader{found: map[string]marking.Marking{}, by: map[string][]Tag{}}
	for _, raw := range s.tags {
		r.sort(raw)
	}
	for _, namespace := range slices.Sorted(maps.Keys(r.by)) {
		switch tags := r.by[namespace]; namespace {
		case nsISM:
			r.ism(tags)
		case nsACS:
			r.acs(tags)
		default:
			r.table(namespace, tags)
		}
	}
	if len(r.faults) > 0 {
		return nil, r.faults
	}
	return r.found, nil
}

const (
	nsISM = "dni-ism"
	nsACS = "acs-marking"
)

// restrictive are taxonomies that restrict sharing and are not understood.
var restrictive = []string{"ais-marking", "iep", "iep2-policy", "iep2-reference", "data-classification"}

// markingNamespaces are the taxonomies that are, as they are written.
var markingNamespaces = []string{"tlp", "PAP", "nato", "de-vs", "fr-classif", nsISM, nsACS}

// A reader makes markings of tags.
type reader struct {
	by     map[string][]Tag // by namespace, each once
	found  map[string]marking.Marking
	faults marking.Faults
}

func (r *reader) fault(tag, rule, text, hint string) {
	f := marking.Fault{Length: len(tag), Rule: rule, Text: tag + ": " + text, Hint: hint}
	if len(r.faults) == marking.MaxFaults-1 {
		f = marking.Fault{Rule: "misp.more", Text: "there are more faults"}
	}
	if len(r.faults) < marking.MaxFaults {
		r.faults = append(r.faults, f)
	}
}

// sort puts a tag to its namespace. What looks like a tag of a marking
// taxonomy, by whatever case or blanks, and is not written as one, is a fault:
// somebody meant something by it.
func (r *reader) sort(raw string) {
	head := strings.TrimSpace(raw)
	if i := strings.IndexAny(head, `:="`); i >= 0 {
		head = strings.TrimSpace(head[:i])
	}
	meant := func(name string) bool { return strings.EqualFold(head, name) }
	if slices.ContainsFunc(restrictive, meant) {
		r.fault(raw, "misp.unknown", "the taxonomy restricts sharing and is not understood here", "")
		return
	}
	i := slices.IndexFunc(markingNamespaces, meant)
	if i < 0 {
		// "TLP-RED", "TLP RED": no other word begins so.
		if len(head) > 3 && strings.EqualFold(head[:3], "tlp") && !isLetter(head[3]) {
			r.fault(raw, "misp.unknown", "this is no tag of tlp", "write tlp:red and the like")
		}
		return
	}
	tag, err := ParseTag(raw)
	if err != nil || tag.Namespace != markingNamespaces[i] {
		r.fault(raw, "misp.unknown", "this is no tag of "+markingNamespaces[i], "")
		return
	}
	if !slices.Contains(r.by[tag.Namespace], tag) {
		r.by[tag.Namespace] = append(r.by[tag.Namespace], tag)
	}
}

func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' || b >= 0x80 }

// put records a marking; a second of the same policy has to be equal.
func (r *reader) put(policy, tag string, m marking.Marking) {
	if old, ok := r.found[policy]; ok && !old.Equal(m) {
		r.fault(tag, "misp.contradiction", fmt.Sprintf("%s contradicts %s", m, old), "leave one")
		return
	}
	r.found[policy] = m
}

// parse reads a mark under an embedded policy.
func (r *reader) parse(policy, tag, mark string) (marking.Marking, bool) {
	p, ok := marking.Lookup(policy)
	if !ok {
		r.fault(tag, "misp.policy", fmt.Sprintf("there is no policy %q here", policy), "")
		return marking.Marking{}, false
	}
	m, err := p.Parse(mark)
	if err != nil {
		r.faults = append(r.faults, faultsOf(err)...)
		return marking.Marking{}, false
	}
	return m, true
}

// faultsOf returns the faults that an error of package marking is.
func faultsOf(err error) marking.Faults {
	if fs, ok := errors.AsType[marking.Faults](err); ok {
		return fs
	}
	return marking.Faults{{Rule: "misp.marking", Text: err.Error()}}
}

// FromMarking returns the tags that say a marking: of the policies tlp, pap,
// nato, de, fr, and of us as tags of dni-ism. It fails, with a
// [marking.Faults], for what they cannot say, for other policies and for the
// zero Marking. [Read] and [Set.Markings] make the same marking of them.
func FromMarking(m marking.Marking) ([]string, error) {
	if m.IsZero() {
		return nil, marking.Faults{{Rule: "misp.policy", Text: "there is no marking"}}
	}
	id, _, _ := strings.Cut(m.Policy().ID(), "@")
	var tags []string
	var err error
	switch id {
	case "us":
		tags, err = ismTags(m)
	default:
		tags, err = tableTags(id, m)
	}
	if err != nil {
		return nil, err
	}
	// What is written must be read as what was meant: a profile whose rules
	// differ from the policy's own must not change the mark on its way.
	set, err := Read(tags)
	if err != nil {
		return nil, err
	}
	back, err := set.Markings()
	if err != nil {
		return nil, err
	}
	if back[id].Banner() != m.Banner() {
		return nil, marking.Faults{{Rule: "misp.unsaid", Text: fmt.Sprintf("%q would be read as %q", m, back[id])}}
	}
	return tags, nil
}
