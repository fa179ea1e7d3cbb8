package article

import (
	"bytes"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
)

const (
	maxHTML     = 8 << 20 // bytes of a page
	maxElements = 30_000  // beyond it, finding the article would take too long: all that is visible is taken
	// An article is at least so long, and so large a part of what is visible;
	// what is less was not the article.
	minArticle   = 140
	minShare     = 12 // one in
	boilerShare  = 2  // what is boilerplate by its name holds less than one in
	readableFrom = 250
)

// looksHTML tells HTML by how it begins: comments and declarations, then an
// element that pages begin with.
func looksHTML(b []byte) bool {
	s := strings.ToLower(string(b))
	for {
		s = strings.TrimLeft(s, " \t\r\n\f")
		switch {
		case strings.HasPrefix(s, "<!--"):
			_, rest, ok := strings.Cut(s, "-->")
			if !ok {
				return true
			}
			s = rest
		case strings.HasPrefix(s, "<?xml"):
			_, rest, _ := strings.Cut(s, "?>")
			s = rest
		case strings.HasPrefix(s, "<!doctype html"):
			return true
		default:
			return beginsPage(s)
		}
	}
}

func beginsPage(s string) bool {
	name, ok := strings.CutPrefix(s, "<")
	if !ok {
		return false
	}
	end := strings.IndexFunc(name, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	if end < 1 {
		return false
	}
	switch name[:end] {
	case "html", "head", "body", "title", "meta", "link", "script", "style", "div", "p", "article", "main", "section", "header", "nav", "h1", "h2", "table", "span", "b", "a", "br", "font", "center", "ul", "blockquote":
		return true
	}
	return false
}

func (r *reader) readHTML(name string, b []byte) (Article, error) {
	if len(b) > maxHTML {
		return Article{}, refuse(name, fmt.Sprintf("a page of more than %d MiB", maxHTML>>20), "save its text alone", nil)
	}
	b = utf8Page(b, r.contentType)
	doc, err := parseHTML(b)
	if err != nil {
		return Article{Text: flat(b)}, nil //nolint:nilerr // it has text all the same
	}
	a := facts(doc)
	base, err := url.Parse(firstOf(a.URL, r.address))
	if err != nil || !base.IsAbs() {
		base = nil
	}
	all := visible(doc)
	a.Text = all
	if text, title := mainText(doc, base); len(text) >= minArticle && len(text)*minShare >= len(all) {
		a.Text, a.Title = text, firstOf(title, a.Title)
	}
	if t := line(a.Title); t != "" && !strings.Contains(line(head(a.Text, 4*len(t)+200)), t) {
		a.Text = t + "\n\n" + a.Text
	}
	return a, nil
}

func head(s string, n int) string { return s[:min(n, len(s))] }

// utf8Page decodes a page as browsers do: by its mark, its header, what it
// says of itself, or by its bytes; but valid UTF-8 is UTF-8, whatever it says.
func utf8Page(b []byte, contentType string) []byte {
	if utf8.Valid(b) {
		return bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	}
	if order := zeros(b); order != nil {
		if s, err := decode16(b, order); err == nil {
			return []byte(s)
		}
	}
	enc, _, _ := charset.DetermineEncoding(b[:min(len(b), 1024)], contentType)
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		return bytes.ToValidUTF8(b, []byte("\uFFFD"))
	}
	return out
}

// flat is the text of a page that is nested too deeply to be understood: all of
// it but scripts and styles.
func flat(b []byte) string {
	w := &blocks{}
	skip := 0
	z := html.NewTokenizer(bytes.NewReader(b))
	for {
		switch z.Next() { //nolint:exhaustive // the others have no text
		case html.ErrorToken:
			return w.b.String()
		case html.TextToken:
			if skip == 0 {
				w.text(string(z.Text()), false)
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			t := z.Token()
			switch {
			case t.DataAtom != atom.Script && t.DataAtom != atom.Style:
				w.part(gapOf(&html.Node{Type: html.ElementNode, DataAtom: t.DataAtom}))
			case t.Type == html.StartTagToken:
				skip = 1
			default:
				skip = 0
			}
		}
	}
}

// parseHTML reads a page; it refuses elements nested too deeply.
func parseHTML(b []byte) (*html.Node, error) {
	doc, err := html.ParseWithOptions(bytes.NewReader(b), html.ParseOptionEnableScripting(true))
	if err != nil {
		return nil, err
	}
	return doc, nil
}

// mainText returns the text and the title of a page's article, "" if there is
// none to be found.
func mainText(doc *html.Node, base *url.URL) (text, title string) {
	prune(doc)
	n := 0
	for range doc.Descendants() {
		n++
	}
	if n > maxElements {
		return "", ""
	}
	p := readability.NewParser()
	p.CharThresholds = readableFrom
	p.DisableJSONLD = true
	if base == nil {
		base = &url.URL{}
	}
	found, err := p.ParseDocument(doc, base)
	if err != nil || found.Node == nil {
		return "", ""
	}
	return visible(found.Node), found.Title()
}

// Words in the class or id of what is on a page but not in its article. What
// is remarked by readers, or asked of them, goes whatever its length; of the
// rest, a wrapper around the article may be called so as well ("paywall",
// "share-area"), and what holds much prose stays.
var (
	boilerAlways = []string{"cookie", "consent", "gdpr", "comment", "disqus"}
	boilerShort  = []string{
		"newsletter", "subscri", "paywall", "related", "recommend", "recirc", "read-more", "readmore", "more-stories", "also-read", "most-read", "trending",
		"share", "sharing", "social", "promo", "advert", "sponsor", "outbrain", "taboola", "breadcrumb", "sidebar", "skip-link", "site-footer", "site-header",
		"masthead", "login", "signin", "modal", "popup",
	}
)

const (
	prose     = 80  // bytes of a paragraph that says something
	muchProse = 600 // bytes of such paragraphs
)

// prune drops boilerplate that says by its name what it is, unless it holds
// much of the page: a wrapper's class is no verdict on all that is in it.
func prune(doc *html.Node) {
	whole, _ := (&pruner{}).below(doc)
	p := pruner{most: whole / boilerShare}
	p.below(doc)
	for _, n := range p.drop {
		n.Parent.RemoveChild(n)
	}
}

type pruner struct {
	most int // what boilerplate may hold
	drop []*html.Node
}

// below returns the length of the text below a node, with no regard to what of
// it shows, and how much of that is prose; and it notes what is to be dropped.
// The parser bounds the depth.
func (p *pruner) below(n *html.Node) (length, inProse int) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Type { //nolint:exhaustive // the others have no text
		case html.TextNode:
			length += len(strings.TrimSpace(c.Data))
		case html.ElementNode:
			before := len(p.drop)
			l, pr := p.below(c)
			if c.DataAtom == atom.P && l >= prose {
				pr = l
			}
			if l < p.most && isBoiler(c, pr) {
				p.drop = append(p.drop[:before], c) // with all that is in it
			}
			length += l
			inProse += pr
		}
	}
	return length, inProse
}

// isBoiler tells boilerplate by its name and by how much prose it holds.
func isBoiler(n *html.Node, inProse int) bool {
	switch n.DataAtom { //nolint:exhaustive // the others may be boilerplate
	case atom.Html, atom.Head, atom.Body, atom.Article, atom.Main:
		return false
	}
	names := strings.ToLower(attr(n, "id") + " " + attr(n, "class"))
	if len(names) < 4 || len(names) > 2000 {
		return false
	}
	in := func(w string) bool { return strings.Contains(names, w) }
	return slices.ContainsFunc(boilerAlways, in) || inProse < muchProse && slices.ContainsFunc(boilerShort, in)
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}

// hidden tells what a reader of the page does not see.
func hidden(n *html.Node) bool {
	switch n.DataAtom { //nolint:exhaustive // the others show
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Head, atom.Title, atom.Iframe, atom.Object, atom.Svg, atom.Math, atom.Audio, atom.Video,
		atom.Canvas, atom.Select, atom.Option, atom.Button, atom.Input, atom.Textarea, atom.Nav, atom.Dialog:
		return true
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			return true
		case "style":
			s := strings.ReplaceAll(strings.ToLower(a.Val), " ", "")
			if strings.Contains(s, "display:none") || strings.Contains(s, "visibility:hidden") || strings.Contains(s, "font-size:0") && !strings.Contains(s, "font-size:0.") {
				return true
			}
		}
	}
	return false
}

// visible is the text that a reader sees below a node, blocks parted by blank
// lines, cells of a table by tabs.
func visible(n *html.Node) string {
	w := &blocks{}
	w.node(n, false)
	return w.b.String()
}

// blocks collects text block by block.
type blocks struct {
	b     strings.Builder
	gap   string // owed before the next word
	space bool   // a blank is owed
}

// part owes a gap before what comes; the larger of two gaps counts.
func (w *blocks) part(gap string) {
	if len(gap) > len(w.gap) || w.gap == "\t" {
		w.gap = gap
	}
}

func (w *blocks) word(s string) {
	switch {
	case w.b.Len() == 0:
	case w.gap != "":
		w.b.WriteString(w.gap)
	case w.space:
		w.b.WriteByte(' ')
	}
	w.gap, w.space = "", false
	w.b.WriteString(s)
}

// node writes what is below a node. The parser bounds how deep that is.
func (w *blocks) node(n *html.Node, pre bool) {
	switch n.Type { //nolint:exhaustive // the others have no text
	case html.TextNode:
		w.text(n.Data, pre)
		return
	case html.ElementNode:
		if hidden(n) {
			return
		}
	case html.DocumentNode:
	default:
		return
	}
	gap := gapOf(n)
	if gap != "" {
		w.part(gap)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c, pre || n.DataAtom == atom.Pre)
	}
	if gap != "" && gap != "\n" {
		w.part(gap)
	}
}

func (w *blocks) text(s string, pre bool) {
	if pre {
		for i, l := range strings.Split(s, "\n") {
			if i > 0 {
				w.part("\n")
			}
			if l = strings.TrimRight(l, " \t\r"); l != "" {
				w.word(l)
			}
		}
		return
	}
	for i, f := range strings.Fields(s) {
		if i > 0 || isSpace(s[0]) || strings.HasPrefix(s, "\u00a0") {
			w.space = true
		}
		w.word(f)
	}
	if s != "" && (isSpace(s[len(s)-1]) || strings.HasSuffix(s, "\u00a0")) {
		w.space = true
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' }

// gapOf is what parts an element from its neighbours; "" is nothing.
func gapOf(n *html.Node) string {
	if n.Type != html.ElementNode {
		return ""
	}
	switch n.DataAtom { //nolint:exhaustive // the others stand in a line
	case atom.Br:
		return "\n"
	case atom.Td, atom.Th:
		return "\t"
	case atom.Tr, atom.Dt, atom.Dd, atom.Caption:
		return "\n"
	case atom.P, atom.Div, atom.Article, atom.Section, atom.Main, atom.Aside, atom.Header, atom.Footer, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6,
		atom.Li, atom.Ul, atom.Ol, atom.Dl, atom.Blockquote, atom.Pre, atom.Table, atom.Figure, atom.Figcaption, atom.Form, atom.Fieldset, atom.Address,
		atom.Hr, atom.Body, atom.Details, atom.Summary, atom.Center:
		return "\n\n"
	}
	return ""
}
