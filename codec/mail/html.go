package mail

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"

	"tearline"
	"tearline/codec/document"
)

const (
	maxHTML  = 16 << 20 // bytes
	maxToken = 4 << 20  // bytes of one tag, or of the text between two
	maxTags  = 150_000
	// maxCost bounds the attributes, and how often the parser opens again what
	// was not closed.
	maxCost = 1_000_000
)

// HTML reads a web page as a report: what a browser shows of it. Comments,
// hidden text, scripts, forms and pictures are faults. Errors are those of
// [Read].
func HTML(b []byte) (document.Reading, error) {
	if len(b) > maxHTML {
		return document.Reading{}, refuse(fmt.Sprintf("the page is larger than %d MiB", maxHTML>>20), "divide it", nil)
	}
	s, err := decodeHTML(b, "")
	if err != nil {
		return document.Reading{}, err
	}
	r, _, err := readHTML(s, "", 0)
	return r, err
}

// decodeHTML decodes a page: by what its mail says, by its first bytes, as
// UTF-8 if it is that, or by what it says of itself.
func decodeHTML(b []byte, label string) (string, error) {
	switch {
	case label != "":
		return decodeText(b, label)
	case strings.HasPrefix(string(b[:min(len(b), 2)]), "\xff\xfe"):
		return decodeText(b, "utf-16le")
	case strings.HasPrefix(string(b[:min(len(b), 2)]), "\xfe\xff"):
		return decodeText(b, "utf-16be")
	case utf8.Valid(b):
		return decodeText(b, "utf-8")
	}
	_, name, _ := charset.DetermineEncoding(b[:min(len(b), 1024)], "text/html")
	if name == "windows-1252" && !strings.Contains(strings.ToLower(string(b[:min(len(b), 1024)])), "charset") {
		return "", refuse("the page does not say its encoding", "save it as UTF-8", nil)
	}
	return decodeText(b, name)
}

// A page is an HTML page that is being read.
type page struct {
	document.Reading
	prefix string
	sheet  sheet
	tables int
	count  int // blocks with a number
	title  string
	cur    setter
	cell   bool            // in a cell: blocks are lines of it
	told   map[string]bool // faults and notes that are told once
}

// place is what holds at a place of a page, for all that is in it.
type place struct {
	look
	form   tearline.Form
	quoted bool
	item   int  // how many lists it is in
	mute   bool // no text is in it
}

// readHTML reads a page; tables counts those before it.
func readHTML(s, prefix string, tables int) (document.Reading, int, error) {
	if err := affordable(s); err != nil {
		return document.Reading{}, tables, err
	}
	doc, err := html.ParseWithOptions(strings.NewReader(s), html.ParseOptionEnableScripting(false))
	if err != nil {
		return document.Reading{}, tables, refuse("the page cannot be read", "save it as plain text", err)
	}
	p := &page{prefix: prefix, tables: tables, sheet: sheet{rules: map[string][]rule{}}, told: map[string]bool{}}
	for n := range doc.Descendants() {
		if n.DataAtom == atom.Style && n.FirstChild != nil {
			p.sheet.parse(n.FirstChild.Data, func(t string) { p.once("style sheet", t, "save the page without it") })
		}
	}
	p.children(doc, place{look: plainLook()})
	p.flush(place{look: plainLook()})
	if len(p.Blocks) > document.MaxBlocks {
		return document.Reading{}, tables, refuse(fmt.Sprintf("the page has more than %d paragraphs", document.MaxBlocks), "divide it", nil)
	}
	p.checkTitle()
	return p.Reading, p.tables, nil
}

// affordable refuses a page that is small and becomes large when it is read.
func affordable(s string) error {
	tooMuch := refuse("the page is too large, or its elements are not closed", "save it as plain text", nil)
	if len(s) > maxHTML || strings.Count(s, "<") > maxTags {
		return tooMuch
	}
	open, cost := map[string]int{}, 0
	total := 0
	z := html.NewTokenizer(strings.NewReader(s))
	z.SetMaxBuf(maxToken)
	for {
		switch z.Next() { //nolint:exhaustive // the others open nothing
		case html.ErrorToken:
			if !errors.Is(z.Err(), io.EOF) {
				return tooMuch
			}
			return nil
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			cost += total
			for more {
				_, _, more = z.TagAttr()
				cost++
			}
			if formatting[string(name)] {
				open[string(name)]++
				total++
			}
		case html.EndTagToken:
			if name, _ := z.TagName(); open[string(name)] > 0 {
				open[string(name)]--
				total--
			}
			cost += 2
		}
		if cost > maxCost {
			return tooMuch
		}
	}
}

var formatting = map[string]bool{
	"a": true, "b": true, "big": true, "code": true, "em": true, "font": true, "i": true, "nobr": true, "s": true, "small": true, "strike": true, "strong": true, "tt": true, "u": true,
}

// where is the place of what comes next.
func (p *page) where() string {
	if p.count == 0 {
		return p.prefix + "before the first paragraph"
	}
	return fmt.Sprintf("%safter paragraph %d", p.prefix, p.count)
}

func (p *page) fault(text, hint string) {
	if len(p.Faults) < maxFaults {
		p.Faults = append(p.Faults, tearline.Fault{Where: p.where(), Text: text, Hint: hint})
	}
}

func (p *page) once(where, text, hint string) {
	if !p.told[text] && len(p.Faults) < maxFaults {
		p.told[text] = true
		p.Faults = append(p.Faults, tearline.Fault{Where: p.prefix + where, Text: text, Hint: hint})
	}
}

func (p *page) note(text string) {
	if !p.told["note "+text] && len(p.Notes) < maxFaults {
		p.told["note "+text] = true
		p.Notes = append(p.Notes, text)
	}
}

func (p *page) children(n *html.Node, at place) {
	for c := n.FirstChild; c != nil && len(p.Blocks) <= document.MaxBlocks; c = c.NextSibling {
		switch c.Type { //nolint:exhaustive // the kind of a document says nothing
		case html.TextNode:
			p.text(c.Data, at)
		case html.CommentNode:
			p.comment(c.Data)
		case html.ElementNode:
			p.element(c, at)
		case html.DocumentNode, html.RawNode:
			p.fault("something that is not known", "save the page again")
		}
	}
}

func (p *page) text(s string, at place) {
	if why := at.hides(); why != "" && legible(s) {
		p.fault(why+": "+short(s), "take it out, or have it show")
		return
	}
	p.cur.add(s, at)
}

// legible reports whether a text would show anything.
func legible(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Cc, r) && r != '\u034f' && r != '\u2800' && r != '\u3164'
	})
}

var (
	// Comments that programs write without saying anything.
	xmlComment  = regexp.MustCompile(`^\?xml version="[\d.]+"(?: encoding="[\w-]+")?(?: standalone="\w+")?\s*\?$`)
	conditional = regexp.MustCompile(`(?s)^\[if [^\]<>]{1,60}\]>?(.*?)(?:<!\[endif\])?$|^(?:<!)?\[endif\]$`)
	tag         = regexp.MustCompile(`(?s)<[^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*>`)
	letterSign  = regexp.MustCompile(`\pL`)
)

func (p *page) comment(s string) {
	t := strings.TrimSpace(s)
	if t == "" || xmlComment.MatchString(t) {
		return
	}
	if m := conditional.FindStringSubmatch(t); m != nil {
		if !letterSign.MatchString(tag.ReplaceAllString(m[1], "")) {
			p.note("what the page has for some programs alone says nothing, and is left out")
			return
		}
		p.fault("text for some programs alone: "+short(tag.ReplaceAllString(m[1], " ")), "take it out")
		return
	}
	p.fault("a comment: "+short(t), "take it out")
}

// checkTitle has the title of a page say nothing that the page does not.
func (p *page) checkTitle() {
	a, ok := words([]document.Block{{Text: p.title}})
	b, ok2 := words(p.Blocks)
	if !ok || !ok2 || len(a) == 0 {
		return
	}
	if !strings.Contains(" "+strings.Join(b, " ")+" ", " "+strings.Join(a, " ")+" ") {
		p.once("title", "says what the page does not: "+short(p.title), "have it say what the first heading says")
	}
}
