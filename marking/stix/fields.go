package stix

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"tearline/marking"
)

// A field is one property that an object may have, and how it is read. A read
// function returns "" or what is wrong with the value.
type field struct {
	name string
	need bool
	read func(f *fieldReader, n node, path string)
}

// A fieldReader reads objects by tables of fields and collects their faults,
// up to marking.MaxFaults. What no table has is a fault: it is not known
// what it takes away.
type fieldReader struct {
	cites  string
	faults marking.Faults
}

func (f *fieldReader) fault(n node, rule, text string) {
	f.faults = addFault(f.faults, n.fault(rule, f.cites, text))
}

// addFault appends within the limit that package marking sets for a mark.
func addFault(fs marking.Faults, more ...marking.Fault) marking.Faults {
	for _, x := range more {
		if len(fs) == marking.MaxFaults-1 {
			x = marking.Fault{Rule: "stix.more", Text: "there are more faults"}
		}
		if len(fs) < marking.MaxFaults {
			fs = append(fs, x)
		}
	}
	return fs
}

func (f *fieldReader) object(n node, path string, fields []field) {
	if n.kind != '{' {
		f.fault(n, "stix.type", path+" is no object")
		return
	}
	for _, m := range n.sub {
		i := slices.IndexFunc(fields, func(x field) bool { return x.name == m.name })
		if i < 0 {
			f.fault(m, "stix.unknown", fmt.Sprintf("%s has the property %q, which is not known here", path, m.name))
			continue
		}
		fields[i].read(f, m, path+"."+m.name)
	}
	for _, x := range fields {
		if _, ok := n.get(x.name); !ok && x.need {
			f.fault(n, "stix.missing", fmt.Sprintf("%s lacks the property %q", path, x.name))
		}
	}
}

// str reads a string that is not empty.
func str(to *string) func(*fieldReader, node, string) {
	return func(f *fieldReader, n node, path string) {
		s, ok := n.text()
		if !ok || s == "" {
			f.fault(n, "stix.type", path+" is no text")
			return
		}
		*to = s
	}
}

// timestamp reads a time of RFC 3339 (STIX 2.1 §2.16) and keeps its text.
func timestamp(to *string) func(*fieldReader, node, string) {
	return func(f *fieldReader, n node, path string) {
		s, ok := n.text()
		if ok {
			_, err := time.Parse(time.RFC3339Nano, s)
			ok = err == nil
		}
		if !ok {
			f.fault(n, "stix.type", path+" is no time")
			return
		}
		*to = s
	}
}

// whole reads a number without fraction or exponent that is not negative.
func whole(to **int) func(*fieldReader, node, string) {
	return func(f *fieldReader, n node, path string) {
		i, err := strconv.Atoi(string(n.raw))
		if n.kind != '0' || err != nil || i < 0 {
			f.fault(n, "stix.type", path+" is no number of years")
			return
		}
		*to = &i
	}
}

// words reads a list of strings, not empty, each of which the vocabulary has;
// a nil vocabulary is an open one.
func words(to *[]string, vocabulary []string) func(*fieldReader, node, string) {
	return func(f *fieldReader, n node, path string) {
		if n.kind != '[' || len(n.sub) == 0 {
			f.fault(n, "stix.type", path+" is no list with items")
			return
		}
		for i, x := range n.sub {
			s, ok := x.text()
			switch {
			case !ok || s == "":
				f.fault(x, "stix.type", fmt.Sprintf("%s[%d] is no text", path, i))
			case vocabulary != nil && !slices.Contains(vocabulary, s):
				f.fault(x, "stix.vocabulary", fmt.Sprintf("%s: %q is not in the vocabulary", path, s))
			default:
				*to = append(*to, s)
			}
		}
	}
}

// each reads a list of objects, not empty.
func each(item func(f *fieldReader, n node, path string)) func(*fieldReader, node, string) {
	return func(f *fieldReader, n node, path string) {
		if n.kind != '[' || len(n.sub) == 0 {
			f.fault(n, "stix.type", path+" is no list with items")
			return
		}
		for i, x := range n.sub {
			item(f, x, fmt.Sprintf("%s[%d]", path, i))
		}
	}
}

// literal reads a string that can only be one thing.
func literal(want string) func(*fieldReader, node, string) {
	return func(f *fieldReader, n node, path string) {
		if s, ok := n.text(); !ok || s != want {
			f.fault(n, "stix.literal", fmt.Sprintf("%s is not %q", path, want))
		}
	}
}

// kept accepts what says nothing of the marking: who made it, what it refers
// to, and how the definition itself is marked.
func kept(*fieldReader, node, string) {}
