package xmltree_test

import (
	"strings"
	"testing"

	"tearline/marking/internal/xmltree"
)

func TestParse(t *testing.T) {
	n, err := xmltree.Parse([]byte(`<?xml version="1.0"?><!-- c --><a xmlns="urn:x" xmlns:y="urn:y" k="v" y:k="w"> one <b/><b q="2">deep</b> two </a>`))
	if err != nil {
		t.Fatal(err)
	}
	if n.Name.Space != "urn:x" || n.Attr("k") != "v" || len(n.Attrs) != 2 || n.Attrs[1].Name.Space != "urn:y" {
		t.Errorf("%+v", n)
	}
	if n.Text != "one  two" || len(n.All("b")) != 2 || n.All("b")[1].Text != "deep" || n.First("c") != nil || n.First("b").Attr("q") != "" {
		t.Errorf("%+v", n)
	}
}

func TestRefused(t *testing.T) {
	for name, doc := range map[string]string{
		"nothing":       "",
		"text only":     "hello",
		"text outside":  "<a/>hello",
		"two":           "<a/><b/>",
		"unclosed":      "<a><b></a>",
		"document type": `<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>`,
		"entity":        "<a>&e;</a>",
		"deep":          strings.Repeat("<a>", xmltree.MaxDepth+1) + strings.Repeat("</a>", xmltree.MaxDepth+1),
		"many":          "<a>" + strings.Repeat("<b/>", xmltree.MaxNodes) + "</a>",
		"long":          "<a>" + strings.Repeat("x", xmltree.MaxSize) + "</a>",
	} {
		if n, err := xmltree.Parse([]byte(doc)); err == nil {
			t.Errorf("%s: %+v, want an error", name, n)
		}
	}
	if _, err := xmltree.Parse([]byte(strings.Repeat("<a>", xmltree.MaxDepth) + strings.Repeat("</a>", xmltree.MaxDepth))); err != nil {
		t.Errorf("%d deep: %v", xmltree.MaxDepth, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`<a x="y"><b>t</b></a>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if n, err := xmltree.Parse(data); err == nil && n == nil {
			t.Error("neither a tree nor an error")
		}
	})
}
