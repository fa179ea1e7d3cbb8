package stix

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"tearline/marking"
)

// Limits of what is read: an object beyond one of them is refused, so that the
// work is bounded before any of it is done.
const (
	// MaxSize is the length in bytes of the longest object that is read.
	MaxSize = 4 << 20
	// MaxDepth is how deep arrays and objects may stand in each other.
	MaxDepth = 64
	// MaxValues is how many values an object may have, at all depths together.
	MaxValues = 1 << 17
)

// A node is a JSON value where it stands in the input. Values of strings and
// numbers are decoded when they are asked for.
type node struct {
	kind byte   // '{' '[' '"' '0' (a number) 't' 'f' 'n'
	at   int    // offset in the input
	raw  []byte // the value as it is written
	name string // of a member of an object
	sub  []node // members or items

	index map[string]int // of the members by name
}

// text returns what a string says.
func (n node) text() (string, bool) {
	var s string
	if n.kind != '"' || json.Unmarshal(n.raw, &s) != nil {
		return "", false
	}
	return s, true
}

// get returns the member of that name.
func (n node) get(name string) (node, bool) {
	i, ok := n.index[name]
	if !ok {
		return node{}, false
	}
	return n.sub[i], true
}

// fault returns a fault at the value.
func (n node) fault(rule, cites, text string) marking.Fault {
	return marking.Fault{Offset: n.at, Length: len(n.raw), Rule: rule, Cites: cites, Text: text}
}

// readJSON reads one value within the limits. Its error is a marking.Faults.
func readJSON(data []byte) (node, error) {
	fault := func(at int, rule, text string) error {
		return marking.Faults{{Offset: at, Rule: rule, Cites: "RFC 8259", Text: text}}
	}
	if len(data) > MaxSize {
		return node{}, fault(0, "stix.size", fmt.Sprintf("%d bytes are more than %d", len(data), MaxSize))
	}
	if !utf8.Valid(data) {
		return node{}, fault(0, "stix.utf8", "the object is not valid UTF-8")
	}
	var raw json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		at := 0
		if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
			at = int(syntax.Offset)
		}
		return node{}, fault(at, "stix.json", "the object is not JSON: "+err.Error())
	}
	r := jsonReader{data: data}
	n := r.value(0)
	if r.text != "" {
		return node{}, fault(r.pos, r.rule, r.text)
	}
	return n, nil
}

// A jsonReader splits text that is known to be JSON into its values.
type jsonReader struct {
	data       []byte
	pos        int
	values     int
	rule, text string // why it stopped
}

func (r *jsonReader) stop(rule, text string) {
	if r.text == "" {
		r.rule, r.text = rule, text
	}
}

func (r *jsonReader) blanks() {
	for r.pos < len(r.data) && strings.IndexByte(" \t\r\n", r.data[r.pos]) >= 0 {
		r.pos++
	}
}

func (r *jsonReader) value(depth int) node {
	r.blanks()
	n := node{at: r.pos, kind: r.data[r.pos]}
	r.values++
	switch {
	case r.values > MaxValues:
		r.stop("stix.values", fmt.Sprintf("the object has more than %d values", MaxValues))
	case n.kind == '{' || n.kind == '[':
		if depth == MaxDepth {
			r.stop("stix.depth", fmt.Sprintf("values stand more than %d deep in each other", MaxDepth))
			return n
		}
		r.inside(&n, depth+1)
	case n.kind == '"':
		r.skipString()
	default:
		for r.pos < len(r.data) && strings.IndexByte(" \t\r\n,]}", r.data[r.pos]) < 0 {
			r.pos++
		}
		if n.kind == '-' || n.kind >= '0' && n.kind <= '9' {
			n.kind = '0'
		}
	}
	n.raw = r.data[n.at:r.pos]
	return n
}

// inside reads what stands between the brackets of an object or array.
func (r *jsonReader) inside(n *node, depth int) {
	object := n.kind == '{'
	if object {
		n.index = make(map[string]int)
	}
	r.pos++
	for r.blanks(); r.text == "" && r.data[r.pos] != '}' && r.data[r.pos] != ']'; r.blanks() {
		name := ""
		if object {
			name = r.memberName(n.index)
			if r.text != "" {
				return
			}
			n.index[name] = len(n.sub)
		}
		v := r.value(depth)
		v.name = name
		n.sub = append(n.sub, v)
		r.blanks()
		if r.text == "" && r.data[r.pos] == ',' {
			r.pos++
		}
	}
	if r.text == "" {
		r.pos++
	}
}

// memberName reads a name and its colon, and stops at one that was there
// before.
func (r *jsonReader) memberName(names map[string]int) string {
	at := r.pos
	r.skipString()
	name, _ := node{kind: '"', raw: r.data[at:r.pos]}.text()
	if _, twice := names[name]; twice {
		r.pos = at
		r.stop("stix.duplicate", fmt.Sprintf("the property %q is there twice", name))
		return name
	}
	r.blanks()
	r.pos++ // the colon
	return name
}

func (r *jsonReader) skipString() {
	for r.pos++; r.data[r.pos] != '"'; r.pos++ {
		if r.data[r.pos] == '\\' {
			r.pos++
		}
	}
	r.pos++
}

// compact returns the value without the blanks between its tokens.
func compact(raw []byte) []byte {
	var b bytes.Buffer
	if err := json.Compact(&b, raw); err != nil { // it was read before: it is JSON
		return nil
	}
	return b.Bytes()
}

// encode writes a value of this package as JSON, with "&" as it is.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("write an object: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
