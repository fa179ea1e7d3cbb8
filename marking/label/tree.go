package label

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// The bounds of what is read.
const (
	// MaxSize is the length in bytes of the longest label.
	MaxSize = 1 << 20

	maxDepth = 32
	maxNodes = 1 << 14 // elements and attributes
)

// A node is an element, with where it stands in the document: labels keep what
// they do not know as it was written, which a tree of names alone would lose.
type node struct {
	name       xml.Name
	attrs      []xml.Attr        // without declarations of namespaces
	declares   map[string]string // namespaces by prefix
	up         *node
	text       string
	kids       []*node
	start, end int
}

// parse reads a document.
func parse(data []byte) (*node, error) {
	if len(data) > MaxSize {
		return nil, fmt.Errorf("the label is longer than %d bytes", MaxSize)
	}
	b := builder{dec: xml.NewDecoder(bytes.NewReader(data))}
	for {
		start := int(b.dec.InputOffset())
		token, err := b.dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = b.take(token, start)
		}
		if err != nil {
			return nil, fmt.Errorf("at %d: %w", b.dec.InputOffset(), err)
		}
	}
	if b.root == nil {
		return nil, errors.New("there is no element")
	}
	return b.root, nil
}

type builder struct {
	dec        *xml.Decoder
	root, open *node
	text       [][]byte // of the open elements
	depth      int
	nodes      int
}

func (b *builder) take(token xml.Token, start int) error {
	switch t := token.(type) {
	case xml.Directive:
		return errors.New("a document type is not read")
	case xml.StartElement:
		return b.start(t, start)
	case xml.EndElement:
		b.open.end = int(b.dec.InputOffset())
		b.depth--
		b.open.text = string(b.text[b.depth])
		b.text = b.text[:b.depth]
		b.open = b.open.up
	case xml.CharData:
		if b.open != nil {
			b.text[b.depth-1] = append(b.text[b.depth-1], t...)
		} else if len(bytes.TrimSpace(t)) > 0 {
			return errors.New("there is text outside the element")
		}
	}
	return nil
}

func (b *builder) start(t xml.StartElement, start int) error {
	n := &node{name: t.Name, up: b.open, start: start}
	if b.nodes += 1 + len(t.Attr); b.nodes > maxNodes {
		return fmt.Errorf("there are more than %d elements and attributes", maxNodes)
	}
	seen := map[xml.Name]bool{}
	for _, a := range t.Attr {
		if seen[a.Name] {
			return fmt.Errorf("attribute %s is there twice", quote(a.Name.Local))
		}
		seen[a.Name] = true
		prefix, isDeclaration := declared(a)
		if !isDeclaration {
			n.attrs = append(n.attrs, a)
			continue
		}
		if a.Value == "xmlns" { // in which attributes would look like declarations
			return errors.New("a namespace cannot be xmlns")
		}
		if n.declares == nil {
			n.declares = map[string]string{}
		}
		n.declares[prefix] = a.Value
	}
	switch {
	case b.depth >= maxDepth:
		return fmt.Errorf("elements nest more than %d deep", maxDepth)
	case b.open != nil:
		b.open.kids = append(b.open.kids, n)
	case b.root != nil:
		return errors.New("there is a second element")
	default:
		b.root = n
	}
	b.open, b.depth = n, b.depth+1
	b.text = append(b.text, nil)
	return nil
}

// declared returns the prefix that an attribute declares.
func declared(a xml.Attr) (prefix string, ok bool) {
	switch {
	case a.Name.Space == "xmlns":
		return a.Name.Local, true
	case a.Name.Space == "" && a.Name.Local == "xmlns":
		return "", true
	}
	return "", false
}

// alone returns an element as it was written, with the declarations that it
// needs from around it, so that it means the same anywhere.
func (n *node) alone(data []byte) string {
	raw := string(data[n.start:n.end])
	need := map[string]string{}
	for up := n.up; up != nil; up = up.up {
		for prefix, uri := range up.declares {
			if _, nearer := need[prefix]; !nearer {
				need[prefix] = uri
			}
		}
	}
	if _, ok := need[""]; !ok {
		need[""] = ""
	}
	for prefix := range need {
		if _, own := n.declares[prefix]; own || prefix != "" && !strings.Contains(raw, prefix+":") {
			delete(need, prefix)
		}
	}
	prefixes := make([]string, 0, len(need))
	for prefix := range need {
		prefixes = append(prefixes, prefix)
	}
	slices.Sort(prefixes)
	var b strings.Builder
	for _, prefix := range prefixes {
		b.WriteString(" xmlns")
		if prefix != "" {
			b.WriteString(":" + prefix)
		}
		b.WriteString(`="` + escape(need[prefix]) + `"`)
	}
	head := 1 + strings.IndexAny(raw[1:], " \t\r\n/>")
	return raw[:head] + b.String() + raw[head:]
}

// escape escapes text for an attribute or an element.
func escape(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a Buffer does not fail
	return b.String()
}

// writable reports whether XML can carry text as it is: escaping replaces what
// it cannot.
func writable(s string) bool {
	for _, c := range s {
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' || c == 0xFFFE || c == 0xFFFF {
			return false
		}
	}
	return strings.ToValidUTF8(s, "") == s
}
