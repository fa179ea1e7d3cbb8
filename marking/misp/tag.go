package misp

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"tearline/marking"
)

// Limits of what is read.
const (
	// MaxTag is the length in bytes of the longest tag that is read.
	MaxTag = 1 << 10
	// MaxTags is how many tags one object may have.
	MaxTags = 1 << 10
)

// TagHideSource says that the source of the information must not be named.
const TagHideSource = "tlp:ex:chr"

// A Tag is a machine tag.
type Tag struct {
	Namespace, Predicate string
	// Value is "" where the tag has none.
	Value string
}

// String returns the tag as it is written: ParseTag of it gives the same Tag.
func (t Tag) String() string {
	if t.Value == "" {
		return t.Namespace + ":" + t.Predicate
	}
	return t.Namespace + ":" + t.Predicate + `="` + t.Value + `"`
}

// ParseTag reads a machine tag by the grammar of the package comment. It
// fails, with a [marking.Faults], for everything else.
func ParseTag(s string) (Tag, error) {
	fault := func(at int, text string) (Tag, error) {
		return Tag{}, marking.Faults{{Offset: at, Length: len(s) - at, Rule: "misp.tag", Cites: "MISP taxonomy format", Text: text}}
	}
	if err := fits(s); err != nil {
		return Tag{}, err
	}
	if i := strings.IndexFunc(s, unicode.IsControl); i >= 0 {
		return fault(i, "the tag has a control character")
	}
	namespace, rest, ok := strings.Cut(s, ":")
	if !ok || !isWord(namespace) {
		return fault(0, "the tag has no namespace")
	}
	t := Tag{Namespace: namespace, Predicate: rest}
	if predicate, quoted, has := strings.Cut(rest, `="`); has {
		value, closed := strings.CutSuffix(quoted, `"`)
		if !closed || value == "" || strings.Contains(value, `"`) {
			return fault(len(s)-len(quoted), "the value is not one text in quotes")
		}
		t.Predicate, t.Value = predicate, value
	}
	if !isWord(t.Predicate) {
		return fault(len(namespace)+1, "the tag has no predicate")
	}
	return t, nil
}

// isWord reports whether s can be a namespace or predicate.
func isWord(s string) bool {
	return s != "" && strings.TrimSpace(s) == s && !strings.ContainsAny(s, `="`)
}

// fits reports what is too long for a tag, or no text.
func fits(s string) error {
	switch {
	case len(s) > MaxTag:
		return marking.Faults{{Rule: "misp.size", Text: fmt.Sprintf("a tag of %d bytes is longer than %d", len(s), MaxTag)}}
	case !utf8.ValidString(s):
		return marking.Faults{{Length: len(s), Rule: "misp.utf8", Text: fmt.Sprintf("the tag %q is not valid UTF-8", s)}}
	}
	return nil
}
