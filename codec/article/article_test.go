package article_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline/codec/article"
	"tearline/leak/match"
)

// What is read must fit into what is searched.
func TestMaxTextIsWhatIsSearched(t *testing.T) {
	t.Parallel()
	if article.MaxText != match.MaxLeak {
		t.Errorf("%d and %d", article.MaxText, match.MaxLeak)
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, want string }{
		{"plain", "One line.\nAnother.\n\n\n\nA paragraph.  \n", "One line.\nAnother.\n\nA paragraph."},
		{"Markdown stays as it is", "# A title\n\n* one\n* two\n", "# A title\n\n* one\n* two"},
		{"a byte order mark", "\xef\xbb\xbfThe mole.", "The mole."},
		{"lines as Windows ends them", "One.\r\nTwo.\r\n\r\nThree.\rFour.", "One.\nTwo.\n\nThree.\nFour."},
		{"UTF-16, little end first", "\xff\xfeT\x00h\x00e\x00 \x00\xe9\x00 \x00\x3d\xd8\x00\xde.\x00", "The é 😀."},
		{"UTF-16, big end first", "\xfe\xff\x00O\x00n\x00e\x00.", "One."},
		{"UTF-16 without a mark", "T\x00h\x00e\x00 \x00m\x00o\x00l\x00e\x00.\x00", "The mole."},
		{"Latin-1", "The caf\xe9 by the m\xf4le is closed since the fourth of March.", "The café by the môle is closed since the fourth of March."},
		{"Windows-1252", "The \x93eastern\x94 mole \x96 at dawn.", "The “eastern” mole – at dawn."},
		{"control characters", "The\x0c mole\x1b.", "The\n mole."},
		{"Cyrillic in UTF-8", "Причал закрыт с четверга.", "Причал закрыт с четверга."},
		{"a colon is no mail", "Note: the mole\nis closed.", "Note: the mole\nis closed."},
		{"a bracket is no page", "<quayside> is what they call it.", "<quayside> is what they call it."},
	} {
		a := read(t, "leak.docx", []byte(tt.in)) // the name decides nothing
		want := article.Article{Text: tt.want, Format: article.Text}
		if diff := cmp.Diff(want, a); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ in, want string }{
		{"", "leak: the file is empty"},
		{" \n ", "leak: the file is empty"},
		{"\xcf\xf0\xe8\xf7\xe0\xeb \xe7\xe0\xea\xf0\xfb\xf2 \xf1 \xf7\xe5\xf2\xe2\xe5\xf0\xe3\xe0.", "leak: its encoding is not certain, and a guess could mangle it"},
		{"\xef\xbb\xbfThe m\xf4le.", "leak: its encoding is not certain, and a guess could mangle it"},
		{"\xff\xfeT\x00h", "leak: its encoding is not certain, and a guess could mangle it"},
		{"MZ\x00\x01\x02\x03\x04 text", "leak: is no text, or of a format that is not read here"},
		{`{\rtf1\ansi The mole.}`, "leak: an RTF file: not read here"},
		{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "leak: an old Office or Outlook file: not read here"},
		{"<?xml version='1.0'?><rss/>", "leak: an XML file of a kind that is not read here"},
		{"\x89PNG\r\n\x1a\n", "leak: a picture: there is no text in it to read"},
		{"\x1f\x8b\x08", "leak: a packed archive: not read here"},
		{"%PDF-1.7", "leak: a PDF, which is not read here"},
		{"<html><body><script>x()</script></body></html>", "leak: there is no text in it"},
		{"PK\x03\x04xx", "leak: the archive is damaged"},
		{strings.Repeat("words ", article.MaxText/6+1), "leak: its text is longer than 4 MiB"},
	} {
		if got := refused(t, []byte(tt.in), nil); got != tt.want {
			t.Errorf("%.20q: %s, want %s", tt.in, got, tt.want)
		}
	}
	if got := refused(t, make([]byte, article.MaxInput+1), nil); got != "leak: larger than 64 MiB" {
		t.Error(got)
	}
}

const story = `The eastern mole will be closed to all traffic from Thursday, the harbour master said, while divers look at its footings.
Two ferries are to berth at the fish quay meanwhile, and fares stay as they are.`

// page is a newspaper's page with all that surrounds an article.
var page = `<!DOCTYPE html><html lang="en"><head><title>Mole closed to traffic | The Harbour Gazette</title>
<meta property="og:title" content="Mole closed to traffic"><meta name="author" content="Ada Quill">
<link rel="canonical" href="https://gazette.example/2031/mole"><meta property="article:published_time" content="2031-03-04T06:30:00+01:00">
<style>p{color:red}</style></head><body>
<div class="cookie-banner"><p>We value your privacy. Accept all cookies, please, all of them.</p></div>
<header class="site-header"><nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav></header>
<article><h1>Mole closed to traffic</h1><p class="byline">By Ada Quill</p><time datetime="2031-03-04T06:30:00+01:00">4 March</time>
` + paras(strings.Repeat(story+"\n", 3)) + `
<p>Crates of <b>pump</b> parts, it is said, were brought to it by&nbsp;launch before sunrise.<span style="display: none">Unseen words.</span></p>
<blockquote><p>Nobody told us anything, said the pilot of the launch, who would not be named.</p></blockquote>
</article>
<aside class="related-stories"><h2>Read more</h2><ul><li><a href="/a">Ten recipes with herring that you must try today</a></li></ul></aside>
<section id="comments"><h3>Comments</h3><p>First! I always said that the mole would fall into the sea one day.</p></section>
<footer class="site-footer"><p>Copyright The Harbour Gazette. All rights reserved. Contact the desk.</p></footer>
<script>track("everything")</script></body></html>`

func paras(s string) string {
	var b strings.Builder
	for l := range strings.SplitSeq(s, "\n") {
		if l != "" {
			fmt.Fprintf(&b, "<p>%s</p>\n", l)
		}
	}
	return b.String()
}

func TestHTML(t *testing.T) {
	t.Parallel()
	a := read(t, "mole.txt", []byte(page))
	for _, in := range []string{
		"divers look at its footings.\n\nTwo ferries are to berth", "Crates of pump parts, it is said, were brought to it by launch before sunrise.", "Nobody told us anything", "Mole closed to traffic",
	} {
		if !strings.Contains(a.Text, in) {
			t.Errorf("%q is missing", in)
		}
	}
	for _, out := range []string{"cookies", "Home", "recipes", "First!", "Copyright", "track", "Unseen", "color"} {
		if strings.Contains(a.Text, out) {
			t.Errorf("%q is in it", out)
		}
	}
	if t.Failed() {
		t.Log(a.Text)
	}
	a.Text = ""
	want := article.Article{
		Title: "Mole closed to traffic", Author: "Ada Quill", URL: "https://gazette.example/2031/mole", Format: article.HTML,
		Published: time.Date(2031, 3, 4, 5, 30, 0, 0, time.UTC),
	}
	if diff := cmp.Diff(want, a); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What an article is wrapped in may be called as boilerplate is.
func TestHTMLWrapped(t *testing.T) {
	t.Parallel()
	a := read(t, "x", []byte("<html><body><article>"+paras(strings.Repeat(story+"\n", 5))+"<div class='paywall subscriber-area'>"+paras(strings.Repeat(story+"\n", 3))+
		"</div></article><div class='share-tools'><p>Tell your friends.</p></div><div class='comments'>"+paras(strings.Repeat("I always said so, and nobody in this town has ever listened to a word of it.\n", 12))+"</div></body></html>"))
	if n := strings.Count(a.Text, "divers look"); n != 8 || strings.Contains(a.Text, "friends") || strings.Contains(a.Text, "always") {
		t.Errorf("%d of 8 paragraphs: %s", n, a.Text)
	}
}

// A page nested so deeply that no browser would follow it has text all the
// same.
func TestHTMLDeep(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("<div>", 5000)
	a := read(t, "x", []byte("<html>"+deep+"<script>no()</script><p>The mole</p><p>is <b>closed</b>."))
	if want := "The mole\n\nis closed."; a.Text != want || article.Fragment(deep+"The mole<p>is closed.") != want {
		t.Errorf("%q", a.Text)
	}
}

// Where there is no article, all that shows is taken.
func TestHTMLWithoutArticle(t *testing.T) {
	t.Parallel()
	a := read(t, "x", []byte("<html><title>Notice</title><body><div>The mole<br>is closed.</div><table><tr><td>Mon</td><td>06:00</td></tr><tr><td>Tue</td><td>07:00</td></tr></table>"+
		"<pre>as\n  typed</pre><ul><li>one<li>two</ul></body></html>"))
	want := "Notice\n\nThe mole\nis closed.\n\nMon\t06:00\nTue\t07:00\n\nas\n  typed\n\none\n\ntwo"
	if diff := cmp.Diff(want, a.Text); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestHTMLEncodings(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, contentType, in string }{
		{"UTF-8 unsaid", "", "<p>The café by the môle"},
		{"UTF-8 that says otherwise", "", "<meta charset=iso-8859-1><p>The café by the môle"},
		{"Latin-1 by its own word", "", "<meta charset=iso-8859-1><p>The caf\xe9 by the m\xf4le"},
		{"Latin-1 by its header", "text/html; charset=ISO-8859-1", "<p>The caf\xe9 by the m\xf4le"},
		{"UTF-16", "", "<\x00p\x00>\x00T\x00h\x00e\x00 \x00c\x00a\x00f\x00\xe9\x00 \x00b\x00y\x00 \x00t\x00h\x00e\x00 \x00m\x00\xf4\x00l\x00e\x00"},
	} {
		a, err := article.Page("https://gazette.example/", tt.contentType, []byte(tt.in), nil)
		if err != nil || a.Text != "The café by the môle" || a.URL != "https://gazette.example/" {
			t.Errorf("%s: %+v, %v", tt.name, a, err)
		}
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ head, want string }{
		{`<meta name="date" content="2031-03-04">`, "2031-03-04T00:00:00Z day"},
		{`<meta itemprop="datePublished" content="2031-03-04T06:00Z">`, "2031-03-04T06:00:00Z"},
		{`<time datetime="2031-03-04 06:00">4 March</time>`, "2031-03-04T06:00:00Z"},
		{`<time>March 4, 2031</time>`, "2031-03-04T00:00:00Z day"},
		{`<time>04/03/2031</time>`, "none"}, // of April, or of March?
		{`<meta name="date" content="soon"><time datetime="2031-03-04">`, "2031-03-04T00:00:00Z day"},
		{`<script type="application/ld+json">{"@graph":[{"@type":"WebSite"},{"@type":["NewsArticle"],"headline":"H","datePublished":"2031-03-04T06:00:00Z","author":[{"name":"Ada"}]}]}</script>`, "2031-03-04T06:00:00Z"},
		{`<script type="application/ld+json">{"@type":</script>`, "none"},
		{``, "none"},
	} {
		a := read(t, "x", []byte("<html><body>"+tt.head+"<p>The mole is closed."))
		got := "none"
		if !a.Published.IsZero() {
			got = a.Published.Format(time.RFC3339)
		}
		if a.DayOnly {
			got += " day"
		}
		if got != tt.want {
			t.Errorf("%s: %s", tt.head, got)
		}
	}
}

func TestFragment(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ in, want string }{
		{"plain words", "plain words"},
		{"<p>One.</p><p>Two &amp; three.</p>", "One.\n\nTwo & three."},
		{"a<script>b</script>c", "ac"},
		{"", ""},
	} {
		if got := article.Fragment(tt.in); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.in, got, tt.want)
		}
	}
}

// Whatever text is typed in UTF-8 is read, is UTF-8, and reads the same when it
// is read again.
func TestTextIsStable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := "x " + rapid.StringMatching(`([a-zA-Zäé語 .,\n\t]|\r\n){0,200}`).Draw(t, "text")
		a, err := article.Read("x", []byte(in), nil)
		if err != nil {
			t.Fatal(err)
		}
		again, err := article.Read("x", []byte(a.Text), nil)
		if err != nil || again.Text != a.Text || !utf8.ValidString(a.Text) {
			t.Fatalf("%q, then %q, %v", a.Text, again.Text, err)
		}
		if strings.Join(strings.Fields(in), " ") != strings.Join(strings.Fields(a.Text), " ") {
			t.Fatalf("words changed: %q", a.Text)
		}
	})
}
