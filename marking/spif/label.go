package spif

import (
	"slices"
	"strings"
)

// TagType is what a category means for access. The zero TagType is unknown.
type TagType uint8

const (
	// TagUnknown is no type: what has it is for nobody.
	TagUnknown TagType = iota
	// TagRestrictive needs every category (a bit map).
	TagRestrictive
	// TagPermissive needs one category of the tag (a bit map).
	TagPermissive
	// TagEnumeratedRestrictive needs every category (an enumeration).
	TagEnumeratedRestrictive
	// TagEnumeratedPermissive needs one category of the tag (an enumeration).
	TagEnumeratedPermissive
	// TagInformative needs nothing (tagType7).
	TagInformative
)

var tagTypes = [...]string{"unknown", "restrictive", "permissive", "enumeratedRestrictive", "enumeratedPermissive", "informative"}

// String returns the type as label files write it, "enumeratedPermissive".
func (t TagType) String() string {
	if int(t) < len(tagTypes) {
		return tagTypes[t]
	}
	return tagTypes[TagUnknown]
}

// Restrictive reports whether a clearance needs every category of the type.
func (t TagType) Restrictive() bool { return t == TagRestrictive || t == TagEnumeratedRestrictive }

// Permissive reports whether a clearance needs one category of the tag.
func (t TagType) Permissive() bool { return t == TagPermissive || t == TagEnumeratedPermissive }

// A Category is one category of a policy, as labels name it. The zero Category
// is none.
type Category struct {
	TagSet string // object identifier of the tag set, "1.3.26.1.4.2"
	Type   TagType
	Lacv   string // label and certificate value: a decimal number without leading zeros
}

// String returns "1.3.26.1.4.2 permissive 1001".
func (c Category) String() string { return c.TagSet + " " + c.Type.String() + " " + c.Lacv }

// A Label is a security label under a policy: the policy's identifier, a
// classification and categories. What a policy does not know is kept as it was
// written, and makes the label invalid. The zero Label is valid under no policy.
type Label struct {
	Policy         string // object identifier, "1.3.26.1.3.1"
	Classification string // lacv
	Categories     []Category
	PrivacyMark    string // by name; most labels have none
}

// Equal reports whether l and o say the same, in whatever order.
func (l Label) Equal(o Label) bool {
	return l.Policy == o.Policy && l.Classification == o.Classification && l.PrivacyMark == o.PrivacyMark &&
		slices.Equal(sorted(l.Categories), sorted(o.Categories))
}

func sorted(cats []Category) []Category {
	out := slices.Clone(cats)
	slices.SortFunc(out, func(a, b Category) int {
		if c := strings.Compare(a.TagSet, b.TagSet); c != 0 {
			return c
		}
		if a.Type != b.Type {
			return int(a.Type) - int(b.Type)
		}
		return strings.Compare(a.Lacv, b.Lacv)
	})
	return out
}

// A Clearance is what somebody is cleared for under a policy. It names every
// classification that it is for: SECRET does not bring CONFIDENTIAL with it.
// The zero Clearance is for nothing.
type Clearance struct {
	Policy          string
	Classifications []string // lacv
	Categories      []Category
}

// lacv returns a number in its canonical form, without leading zeros.
func lacv(s string) (string, bool) {
	const most = 64 // digits; real ones have few, and numbers are compared as text
	s = strings.TrimSpace(s)
	if s == "" || len(s) > most || strings.Trim(s, "0123456789") != "" {
		return "", false
	}
	if s = strings.TrimLeft(s, "0"); s == "" {
		s = "0"
	}
	return s, true
}
