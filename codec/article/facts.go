package article

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// What pages call the same fact, the best first.
var (
	titleNames  = []string{"og:title", "twitter:title", "dc.title", "headline"}
	authorNames = []string{"author", "article:author", "dc.creator", "parsely-author"}
	dateNames   = []string{
		"article:published_time", "og:published_time", "datepublished", "date", "pubdate", "publishdate", "publish-date", "publication_date",
		"dc.date", "dc.date.issued", "dcterms.date", "dcterms.created", "parsely-pub-date", "sailthru.date",
	}
)

const (
	maxFacts = 1 << 16 // bytes of one script that states facts
	maxLists = 8       // how deep its lists and objects are looked into
)

// facts is what a page says of itself, besides its text.
func facts(doc *html.Node) Article {
	f := pageFacts{meta: map[string]string{}}
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode {
			f.element(n)
		}
	}
	a := Article{
		Title:  firstOf(f.ld.headline, firstOf(f.named(titleNames), firstOf(f.heading, f.title))),
		Author: firstOf(f.named(authorNames), f.ld.author), URL: webAddress(firstOf(f.canonical, f.meta["og:url"])),
	}
	for _, s := range append(f.dates(), f.ld.date, f.time) {
		if t, day, ok := parseDate(s); ok {
			a.Published, a.DayOnly = t, day
			break
		}
	}
	return a
}

type pageFacts struct {
	meta                            map[string]string
	title, heading, canonical, time string
	ld                              linkedFacts
}

// linkedFacts are those stated in a script of JSON-LD.
type linkedFacts struct{ headline, author, date string }

func (f *pageFacts) element(n *html.Node) {
	switch n.DataAtom { //nolint:exhaustive // the others state nothing
	case atom.Meta:
		name := strings.ToLower(firstOf(attr(n, "property"), firstOf(attr(n, "name"), attr(n, "itemprop"))))
		if v := attr(n, "content"); name != "" && f.meta[name] == "" && len(f.meta) < 500 && len(v) < 4096 {
			f.meta[name] = v
		}
	case atom.Title:
		f.title = firstOf(f.title, line(visibleIn(n)))
	case atom.H1:
		f.heading = firstOf(f.heading, line(visibleIn(n)))
	case atom.Link:
		if strings.EqualFold(attr(n, "rel"), "canonical") {
			f.canonical = firstOf(f.canonical, attr(n, "href"))
		}
	case atom.Time:
		f.time = firstOf(f.time, firstOf(attr(n, "datetime"), line(visibleIn(n))))
	case atom.Script:
		if strings.EqualFold(attr(n, "type"), "application/ld+json") {
			f.ld.script(n.FirstChild)
		}
	}
}

// visibleIn is the text within an element that itself may be one not shown.
func visibleIn(n *html.Node) string {
	w := &blocks{}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c, false)
	}
	return w.b.String()
}

func (f *pageFacts) named(names []string) string {
	for _, n := range names {
		if v := line(f.meta[n]); v != "" {
			return v
		}
	}
	return ""
}

func (f *pageFacts) dates() []string {
	var list []string
	for _, n := range dateNames {
		list = append(list, f.meta[n])
	}
	return list
}

func (l *linkedFacts) script(n *html.Node) {
	var v any
	if n != nil && len(n.Data) <= maxFacts && json.Unmarshal([]byte(n.Data), &v) == nil {
		l.walk(v, 0)
	}
}

// walk takes the facts of the first object that is an article.
func (l *linkedFacts) walk(v any, depth int) {
	if depth > maxLists {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			l.walk(x, depth+1)
		}
	case map[string]any:
		if isArticle(v["@type"]) {
			l.headline = firstOf(l.headline, text(v["headline"]))
			l.date = firstOf(l.date, text(v["datePublished"]))
			l.author = firstOf(l.author, authorOf(v["author"]))
			return
		}
		l.walk(v["@graph"], depth+1)
		l.walk(v["mainEntity"], depth+1)
	}
}

func isArticle(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.HasSuffix(v, "Article") || v == "BlogPosting" || v == "Report"
	case []any:
		for _, x := range v {
			if s, ok := x.(string); ok && isArticle(s) {
				return true
			}
		}
	}
	return false
}

func authorOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case map[string]any:
		return text(v["name"])
	case []any:
		if len(v) > 0 {
			if _, deeper := v[0].([]any); !deeper {
				return authorOf(v[0])
			}
		}
	}
	return ""
}

func text(v any) string {
	s, _ := v.(string) // what is no text is none
	return s
}

// webAddress is an address on the web, "" if it is anything else.
func webAddress(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || len(s) > 2048 {
		return ""
	}
	u.User = nil
	return u.String()
}

// dateForms are the unambiguous ways to write a time, and those to write a day.
var (
	dateForms = []string{
		time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05Z07:00",
		"2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05", "2006-01-02 15:04", time.RFC1123Z, time.RFC1123, "Mon, 2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05 MST",
	}
	dayForms = []string{time.DateOnly, "2006/01/02", "20060102", "2 January 2006", "January 2, 2006", "2 Jan 2006", "Jan 2, 2006"}
)

// parseDate reads a time, or a day alone. What could be read in two ways
// ("01/02/2026") is not; what names no zone is UTC.
func parseDate(s string) (t time.Time, day, ok bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 64 {
		return t, false, false
	}
	for i, form := range append(slices.Clip(dateForms), dayForms...) {
		t, err := time.Parse(form, s)
		if err == nil && t.Year() >= 1970 && t.Year() < 2200 {
			return t.UTC(), i >= len(dateForms), true
		}
	}
	return time.Time{}, false, false
}
