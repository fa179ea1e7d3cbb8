package codec_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
	"pgregory.net/rapid"

	"tearline/codec"
)

func TestRenderMarkdown(t *testing.T) {
	got, err := codec.RenderMarkdown(codec.Page{
		Banner: "SECRET//REL TO USA, GBR", Copy: "7Q2M-93KD", Recipient: "Canada", Date: "2026-03-04", Individual: true,
		Title: &codec.Item{Mark: "(U)", Text: "Threat to airliners"},
		Items: []codec.Item{
			{Mark: "(S//REL TO USA, GBR)", Text: "A courier left with 4 kg."},
			{Mark: "(U)", Text: "(U) # *x* [a](b) <c>\n- d\n\n1. e"},
		},
		Caveats: []string{"Not to be quoted"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `**SECRET//REL TO USA, GBR**

- Copy: 7Q2M-93KD
- For: Canada
- Date: 2026-03-04

Individually worded copy: the wording differs from copy to copy.

# (U) Threat to airliners

1. (S//REL TO USA, GBR) A courier left with 4 kg.

2. (U) \(U) \# \*x\* \[a\](b) \<c\>\
\- d\
\
1\. e

Caveats:

- Not to be quoted

**SECRET//REL TO USA, GBR**
`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestRenderMarkdownRefuses(t *testing.T) {
	good := codec.Page{Banner: "SECRET"}
	item := func(mark, words string) codec.Page {
		return codec.Page{Banner: "SECRET", Items: []codec.Item{{Mark: mark, Text: words}}}
	}
	if _, err := codec.RenderMarkdown(good); err != nil {
		t.Fatal(err)
	}
	for name, p := range map[string]codec.Page{
		"no banner":             {},
		"banner of two lines":   {Banner: "SECRET\nTOP"},
		"recipient of two":      {Banner: "SECRET", Recipient: "a\nb"},
		"item without mark":     item("", "text"),
		"mark without brackets": item("S", "text"),
		"mark that forges":      item("(S) (U)", "text"),
		"hidden character":      item("(S)", "te\u200bxt"),
		"control character":     item("(S)", "te\x1bxt"),
		"not UTF-8":             item("(S)", "te\xffxt"),
		"title with a BOM":      {Banner: "SECRET", Title: &codec.Item{Text: "a\ufeffb"}},
	} {
		if b, err := codec.RenderMarkdown(p); err == nil {
			t.Errorf("%s: rendered %q", name, b)
		}
	}
}

// nasty are pieces of text that mean something in Markdown.
var nasty = []string{
	"a", "word", " ", "  ", "\n", "\n\n", "\t", "\\", "\\\n", "*", "**", "_", "__", "`", "```", "~~~", "#", "# ", "## x", "(U)", "(S//NF) ",
	"<", ">", "> ", "<b>", "<!--", "-->", "[", "]", "(", ")", "![x](y)", "[x]: y", "&", "&amp;", "&#10;", "&lt", ";", "|", "|---|", "---", "===",
	"- ", "+ ", "1. ", "1) ", "123.", "{", "}", "!", "$", "^", "=", ":", ".", "http://e.example/x_y_z", "é", "中", "\r", "\r\n", "é", "“x”", "\u00a0",
}

func nastyText() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(nasty), 0, 8).Draw(t, "pieces"), "")
	})
}

// TestRenderedTextIsOnlyText: what is rendered reads back as the same texts,
// by our reader and by a Markdown parser with the usual extensions, which
// finds nothing in it but paragraphs, the title and lists.
func TestRenderedTextIsOnlyText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := codec.Page{Banner: "SECRET//NOFORN"}
		if rapid.Bool().Draw(t, "title") {
			p.Title = &codec.Item{Mark: rapid.SampledFrom([]string{"", "(U)"}).Draw(t, "mark"), Text: nastyText().Draw(t, "title text")}
		}
		for range rapid.IntRange(0, 4).Draw(t, "items") {
			p.Items = append(p.Items, codec.Item{Mark: "(S//REL TO USA, GBR)", Text: nastyText().Draw(t, "text")})
		}
		b, err := codec.RenderMarkdown(p)
		if err != nil {
			t.Fatal(err)
		}
		texts, err := codec.ReadBackMarkdown(b)
		if err != nil {
			t.Fatalf("%v in:\n%s", err, b)
		}
		want := []string{"SECRET//NOFORN"}
		if p.Title != nil && p.Title.Mark+p.Title.Text != "" {
			want = append(want, line(*p.Title))
		} else if p.Title != nil {
			want = append(want, texts[1]) // a heading without text
		}
		for _, it := range p.Items {
			want = append(want, line(it))
		}
		want = append(want, "SECRET//NOFORN", string(b))
		if diff := cmp.Diff(want, texts); diff != "" {
			t.Fatalf("-want +got:\n%s\n%s", diff, b)
		}
		plainBlocks(t, p, b)
	})
}

// line is how an item reads.
func line(it codec.Item) string {
	switch {
	case it.Mark == "":
		return it.Text
	case it.Text == "":
		return it.Mark
	}
	return it.Mark + " " + it.Text
}

// plainBlocks checks that a Markdown parser finds the page's structure and no
// other.
func plainBlocks(t *rapid.T, p codec.Page, b []byte) {
	md := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote, extension.DefinitionList))
	items, headings := 0, 0
	root := md.Parser().Parse(text.NewReader(b))
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Document, *ast.Paragraph, *ast.TextBlock, *ast.Text, *ast.String, *ast.List, *ast.AutoLink:
		case *ast.ListItem:
			items++
			if n.ChildCount() != 1 {
				t.Fatalf("an item of %d blocks:\n%s", n.ChildCount(), b)
			}
		case *ast.Heading:
			headings++
		case *ast.Emphasis:
			if n.Level != 2 || n.Parent().Kind() != ast.KindParagraph || n.Parent().ChildCount() != 1 {
				t.Fatalf("emphasis inside a text:\n%s", b)
			}
		default:
			t.Fatalf("a block or inline of kind %s:\n%s", n.Kind(), b)
		}
		return ast.WalkContinue, nil
	})
	if items != len(p.Items) || (headings == 1) != (p.Title != nil) || headings > 1 {
		t.Fatalf("%d items of %d, %d headings:\n%s", items, len(p.Items), headings, b)
	}
	var page bytes.Buffer
	if err := md.Convert(b, &page); err != nil {
		t.Fatal(err)
	}
}

func TestReadBackMarkdownFindsHiding(t *testing.T) {
	for name, src := range map[string]string{
		"comment":          "(U) text <!-- hidden words -->",
		"tag":              "(U) text <b title=\"hidden words\">",
		"link":             "(U) [text](http://e.example/hidden words)",
		"image":            "(U) ![hidden words](x)",
		"code":             "(U) `hidden words`",
		"zero width":       "(U) hidden words\u200b",
		"escape character": "(U) hidden words\x1b[8m",
		"not UTF-8":        "(U) hidden words\xff",
		"tags":             "(U) hidden words\U000e0041",
	} {
		texts, err := codec.ReadBackMarkdown([]byte(src))
		if err == nil {
			t.Errorf("%s: no error", name)
		}
		if !slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(s, "hidden words") }) {
			t.Errorf("%s: text not found in %q", name, texts)
		}
	}
}

func FuzzReadBack(f *testing.F) {
	f.Add([]byte("**SECRET**\n\n# (U) Title\n\n1. (S) a\\\nb &#10; \\# &amp;\n\n**SECRET**\n"), "text")
	f.Add([]byte("\\"), "a\\\n")
	f.Fuzz(func(t *testing.T, src []byte, s string) {
		texts, _ := codec.ReadBackMarkdown(src)
		if len(texts) == 0 || texts[len(texts)-1] != string(src) {
			t.Fatalf("the bytes are not among %q", texts)
		}
		// What renders reads back.
		b, err := codec.RenderMarkdown(codec.Page{Banner: "SECRET", Items: []codec.Item{{Mark: "(S)", Text: s}}})
		if err != nil {
			return
		}
		texts, err = codec.ReadBackMarkdown(b)
		if err != nil || len(texts) != 4 || texts[1] != line(codec.Item{Mark: "(S)", Text: s}) {
			t.Fatalf("%q reads back as %q: %v", s, texts, err)
		}
	})
}

func ExampleRenderMarkdown() {
	b, err := codec.RenderMarkdown(codec.Page{
		Banner: "TLP:GREEN", Copy: "7Q2M-93KD",
		Items: []codec.Item{{Mark: "(TLP:GREEN)", Text: "# not a heading"}},
	})
	fmt.Printf("%s%v\n", b, err)
	// Output:
	// **TLP:GREEN**
	//
	// - Copy: 7Q2M-93KD
	//
	// 1. (TLP:GREEN) \# not a heading
	//
	// **TLP:GREEN**
	// <nil>
}
