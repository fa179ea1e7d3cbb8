// Package xmltree reads a small XML document into a tree, within bounds: what
// is larger, deeper or of more parts than that is refused, and so is a document
// type, in which entities could be declared. It is for the labels and policy
// files that the packages beside it read, and says nothing of their meaning.
// It may not read files or follow references.
package xmltree

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
)

// The bounds of a document.
const (
	MaxSize  = 4 << 20 // bytes
	MaxDepth = 32      // elements in one another
	MaxNodes = 1 << 16 // elements and attributes
)

// A Node is an element.
type Node struct {
	Name     xml.Name   // with its namespace's URI
	Attrs    []xml.Attr // in their order, without declarations of namespaces
	Text     string     // all character data directly in it, blanks at both ends removed
	Children []*Node
	Offset   int // of its start tag's end in the document, in bytes

	text []byte // while it is open
}

// Parse reads a document.
func Parse(data []byte) (*Node, error) {
	if len(data) > MaxSize {
		return nil, fmt.Errorf("the document is longer than %d bytes", MaxSize)
	}
	r := reader{dec: xml.NewDecoder(bytes.NewReader(data))}
	for {
		token, err := r.dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("at %d: %w", r.dec.InputOffset(), err)
		}
		if err := r.take(token); err != nil {
			return nil, fmt.Errorf("at %d: %w", r.dec.InputOffset(), err)
		}
	}
	if r.root == nil {
		return nil, errors.New("there is no element")
	}
	return r.root, nil
}

type reader struct {
	dec   *xml.Decoder
	root  *Node
	open  []*Node
	nodes int
}

func (r *reader) take(token xml.Token) error {
	switch t := token.(type) {
	case xml.Directive:
		return errors.New("a document type is not read")
	case xml.StartElement:
		return r.start(t)
	case xml.EndElement:
		n := r.open[len(r.open)-1] // the decoder matches the tags
		n.Text, n.text = string(bytes.TrimSpace(n.text)), nil
		r.open = r.open[:len(r.open)-1]
	case xml.CharData:
		if len(r.open) > 0 {
			n := r.open[len(r.open)-1]
			n.text = append(n.text, t...)
		} else if len(bytes.TrimSpace(t)) > 0 {
			return errors.New("there is text outside the element")
		}
	}
	return nil
}

func (r *reader) start(t xml.StartElement) error {
	n := &Node{Name: t.Name, Offset: int(r.dec.InputOffset())}
	for _, a := range t.Attr {
		if a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns" {
			continue
		}
		n.Attrs = append(n.Attrs, a)
	}
	if r.nodes += 1 + len(t.Attr); r.nodes > MaxNodes {
		return fmt.Errorf("there are more than %d elements and attributes", MaxNodes)
	}
	switch {
	case len(r.open) >= MaxDepth:
		return fmt.Errorf("elements nest more than %d deep", MaxDepth)
	case len(r.open) > 0:
		up := r.open[len(r.open)-1]
		up.Children = append(up.Children, n)
	case r.root != nil:
		return errors.New("there is a second element")
	default:
		r.root = n
	}
	r.open = append(r.open, n)
	return nil
}

// Attr returns the value of the attribute of that local name without a
// namespace, or "" if there is none.
func (n *Node) Attr(local string) string {
	for _, a := range n.Attrs {
		if a.Name.Space == "" && a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// All returns the children of that local name, in any namespace.
func (n *Node) All(local string) []*Node {
	var out []*Node
	for _, c := range n.Children {
		if c.Name.Local == local {
			out = append(out, c)
		}
	}
	return out
}

// First returns the first child of that local name, or nil.
func (n *Node) First(local string) *Node {
	for _, c := range n.Children {
		if c.Name.Local == local {
			return c
		}
	}
	return nil
}
