package look

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// HTML returns every text that a web page holds. The error says what in it no
// copy of ours has.
func HTML(b []byte) ([]string, error) {
	g := newGather()
	if len(b) > maxFile {
		g.foreign("a file of %d bytes", len(b))
		return g.all()
	}
	w := &web{gather: g, count: map[string]int{}}
	z := html.NewTokenizer(bytes.NewReader(b))
	read := 0
	for {
		kind := z.Next()
		raw := len(z.Raw())
		if kind == html.ErrorToken {
			if err := z.Err(); !errors.Is(err, io.EOF) {
				g.foreign("the page: %v", err)
			}
			break
		}
		read += raw
		w.token(z.Raw(), z.Token())
	}
	w.flush()
	g.stray("in a tag without an end", b[min(read, len(b)):])
	for _, once := range []string{"html", "head", "title", "style", "body"} {
		if w.count[once] != 1 {
			g.foreign("%d elements %s", w.count[once], once)
		}
	}
	return g.all()
}

// A web is a web page while it is read.
type web struct {
	*gather
	count map[string]int
	text  strings.Builder
	in    string // the element that holds text which is not on the page
	// What has been counted: paragraphs, of which next is the number that comes
	// now, and items at each level of the lists that are open.
	paragraphs int
	next       bool
	level      int
	items      [maxDepth]int
}

// flush ends a text.
func (w *web) flush() {
	w.show(w.text.String())
	w.text.Reset()
}

// token takes one piece of the page. A token is read after its raw bytes, which
// it may change.
func (w *web) token(raw []byte, t html.Token) {
	switch t.Type {
	case html.TextToken:
		w.chars(t.Data)
	case html.StartTagToken, html.SelfClosingTagToken:
		w.start(t)
	case html.EndTagToken:
		if t.Data == w.in {
			w.in = ""
		}
		if t.Data == "ol" || t.Data == "ul" {
			w.level--
		}
		if _, ok := webVocabulary[t.Data]; !ok || len(raw) != len(t.Data)+3 {
			w.foreign("the end of %q with more in it", t.Data)
			w.keep(string(raw))
		}
		if !inline[t.Data] {
			w.flush()
		}
	case html.DoctypeToken:
		if t.Data != "html" {
			w.foreign("a document type of its own")
		}
		w.keep(t.Data)
	case html.CommentToken:
		w.foreign("a comment")
		w.keep(t.Data)
	case html.ErrorToken:
	}
}

func (w *web) chars(s string) {
	switch {
	case w.in == "style":
		w.keep(s)
		w.css(s)
	case w.in != "":
		w.legible(s)
		w.keep(s)
	default:
		if w.next {
			w.next = false
			w.paragraphs++
			w.follows(s, strconv.Itoa(w.paragraphs)+".")
		}
		w.text.WriteString(s)
	}
}

// counted follows the elements that number what stands in them.
func (w *web) counted(name string, attrs map[string]string) {
	switch name {
	case "span":
		w.next = attrs["class"] == "number"
	case "ol", "ul":
		w.level++
		if attrs["start"] != "" {
			w.follows(attrs["start"], "1")
		}
	case "li":
		w.item(attrs["value"])
	}
}

// follows checks a number against the one that follows the last.
func (w *web) follows(number, want string) {
	if number != want {
		w.foreign("numbers that do not follow each other: %q, and not %q", number, want)
	}
}

// item checks the number of an item, if it has one: the first is 1.
func (w *web) item(value string) {
	at := min(max(w.level, 0), maxDepth-1)
	clear(w.items[at+1:])
	if value == "" {
		return
	}
	if value == "1" {
		w.items[at] = 0
	}
	w.items[at]++
	w.follows(value, strconv.Itoa(w.items[at]))
}

// start judges the beginning of an element.
func (w *web) start(t html.Token) {
	allowed, ok := webVocabulary[t.Data]
	if !ok {
		w.foreign("an element %q", t.Data)
		w.keep(t.Data)
	}
	w.count[t.Data]++
	switch {
	case t.Data == "br":
		w.text.WriteByte('\n')
	case !inline[t.Data]:
		w.flush()
	}
	if t.Data == "style" || t.Data == "title" {
		w.in = t.Data
	}
	attrs := map[string]string{}
	for _, a := range t.Attr {
		if _, twice := attrs[a.Key]; twice || !allowed[a.Key] {
			w.foreign("an attribute %q of %s", a.Key, t.Data)
			w.keep(a.Key)
		}
		attrs[a.Key] = a.Val
		w.legible(a.Val)
		if pixels, class := t.Data == "img" && a.Key == "src", a.Key == "class" && classes[a.Val]; !pixels && !class {
			w.keepValue(a.Val)
		}
	}
	w.counted(t.Data, attrs)
	w.judge(t.Data, attrs)
}

func (w *web) keepValue(s string) {
	if !numeric(s) && !switches[s] && s != "ltr" && s != "rtl" {
		w.keep(s)
	}
}

// judge judges an element that could hold or load something.
func (w *web) judge(name string, attrs map[string]string) {
	switch name {
	case "img":
		data, ok := strings.CutPrefix(attrs["src"], "data:image/png;base64,")
		b, err := base64.StdEncoding.Strict().DecodeString(data)
		if !ok || err != nil || strings.ContainsAny(data, "\r\n") {
			w.foreign("a picture from elsewhere")
			w.keep(attrs["src"])
			w.print(b)
			return
		}
		w.png("a picture", b)
	case "meta":
		switch of := attrs["http-equiv"] + attrs["name"]; {
		case len(attrs) == 1 && strings.EqualFold(attrs["charset"], "utf-8"):
		case len(attrs) == 2 && attrs["content"] != "" && (of == "Content-Security-Policy" || of == "viewport" || of == "color-scheme" || of == "referrer"):
		default:
			w.foreign("a meta element: %v", slices.Sorted(maps.Keys(attrs)))
		}
	}
}

// classes are those of elements of ours.
var classes = list("banner head individual numbered number mark note below scroll caveats authority through")

// inline are the elements that do not end a text.
var inline = list("span b i u strong em sub sup bdi br img")

var webVocabulary = attributed(`
html lang dir
head
meta charset http-equiv name content
title
style
body class dir
header class dir
footer class dir
main class dir
section class dir
div class dir tabindex
p class dir
h1 class dir aria-level
h2 class dir aria-level
h3 class dir aria-level
h4 class dir aria-level
h5 class dir aria-level
h6 class dir aria-level
ul class dir
ol class dir start
li class dir value
table class dir
thead class dir
tbody class dir
tr class dir
th class dir scope colspan rowspan
td class dir colspan rowspan
figure class dir
figcaption class dir
img class width height alt src
span class dir lang
b
i
u
strong
em
sub
sup
bdi dir
br
`)
