// Package feed reads the press: RSS, Atom and JSON feeds, from files or from
// the web, and the articles that their items link to. It hands back items and
// texts; what has been seen, and what is made of it, is for its caller to keep.
//
// # Manners
//
// It says who it is. It asks one host at most one thing at a time, and pauses
// between two requests; it asks for a feed again only if it has changed, and
// when a server says to come back later, or fails, it stays away for as long
// as was asked, or longer each time. A page that an item links to is fetched
// only if the host's robots.txt (RFC 9309) allows it, for the name in [Agent]
// or for everybody; where robots.txt cannot be had for the server's fault,
// nothing is fetched. The feed itself, which a person named, is not asked
// about there.
//
// # Caution
//
// What a feed says is foreign: sizes, counts, depths, redirects and times are
// bounded. It is not led into the house: a client made by [Client] reaches
// addresses on the public internet and the one host that the user named, and
// no other. It sends no cookies and no passwords, and refuses addresses that
// hold one. It stores nothing and reads no clock but the one it is given.
package feed

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/mmcdole/gofeed"
	"golang.org/x/net/html/charset"

	"tearline"
	"tearline/codec/article"
)

const (
	// Agent is the name that a robots.txt may call this program by.
	Agent = "tearline"

	maxBody  = 8 << 20 // bytes of a feed or page
	maxItems = 1000    // of a feed; the first are taken, which are the newest
	maxDepth = 128     // elements of a feed within each other
	// enough is how long, in bytes, the text in a feed must be to be the whole
	// article and not its beginning.
	enough = 2000
	// backOff is the first pause after a failure; it doubles each time up to a
	// day.
	backOff    = 5 * time.Minute
	maxBackOff = 24 * time.Hour
)

// Clock is the time, and a way to wait.
type Clock struct {
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
}

// A Reader reads feeds and pages. It may be used by several goroutines.
type Reader struct {
	client *http.Client
	clock  Clock
	agent  string
	pdf    article.PDFReader
	hosts  hosts
	robots robotsCache
}

// New makes a reader. The version is that of the program, which says so to the
// servers. The client's own redirects and cookies are not used. pdf reads
// pages that are PDF; without it they are not read.
func New(client *http.Client, clock Clock, version string, pdf article.PDFReader) *Reader {
	own := *client
	own.Jar = nil
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Reader{client: &own, clock: clock, agent: Agent + "/" + version + " (press watch)", pdf: pdf}
}

// State is what to remember of a feed from one time to the next. The zero
// value is a feed never read.
type State struct {
	ETag, Modified string
	Tried, Next    time.Time // Next: not to be asked again before then
	Failures       int       // in a row
}

// A Feed is what was read. Unchanged says that it is as it was, so that its
// items were not sent.
type Feed struct {
	Title     string
	Unchanged bool
	Items     []Item
}

// An Item is what a feed says of one article.
type Item struct {
	GUID, Link, Title, Author string
	// Content is HTML or text: the whole, or the beginning of it.
	Content   string
	Published time.Time // zero if it does not say
	feed      string    // the address or file that it stands in
}

// Name is what the item is called for good: its GUID, or its link, or what it
// says.
func (i *Item) Name() string {
	if n := cmp.Or(i.GUID, i.Link); n != "" {
		return n
	}
	k := i.Key()
	return "sha256:" + hex.EncodeToString(k[:])
}

// Key tells items apart, and an item from the same one when it says something
// else; how that is set does not matter.
func (i *Item) Key() tearline.Digest {
	h := sha256.New()
	for _, s := range []string{"tearline feed item 1", i.GUID, i.Link, i.Title, article.Fragment(i.Content)} {
		fmt.Fprintf(h, "%d:%s,", len(s), s)
	}
	return tearline.Digest(h.Sum(nil))
}

// Read reads a feed from a file or an http or https address, unless it is too
// early to ask again. The State that it returns is to be kept, also after an
// error, but only once the items have been dealt with: kept earlier, a feed
// that has not changed since would never show them again.
func (r *Reader) Read(ctx context.Context, name string, s State) (Feed, State, error) {
	now := r.clock.Now()
	if now.Before(s.Next) {
		return Feed{}, s, later(name, s.Next, nil)
	}
	next := State{ETag: s.ETag, Modified: s.Modified, Tried: now}
	b, unchanged, err := r.fetchFeed(ctx, name, &next)
	var f Feed
	if err == nil && !unchanged {
		f, err = parse(name, b)
	}
	if err != nil {
		if ctx.Err() != nil {
			return Feed{}, s, ctx.Err()
		}
		s.Tried, s.Failures = now, s.Failures+1
		s.Next = now.Add(pauseAfter(s.Failures))
		if l, ok := errors.AsType[*laterError](err); ok && l.until.After(s.Next) {
			s.Next = l.until
		}
		return Feed{}, s, err
	}
	f.Unchanged = unchanged
	return f, next, nil
}

func pauseAfter(failures int) time.Duration {
	d := backOff
	for range min(failures-1, 20) {
		d = min(2*d, maxBackOff)
	}
	return d
}

// fetchFeed returns a feed's bytes, and notes what to ask it with next time.
func (r *Reader) fetchFeed(ctx context.Context, name string, s *State) (b []byte, unchanged bool, err error) {
	if !isWeb(name) {
		b, err := readFile(name)
		if err != nil {
			return nil, false, err
		}
		sum := sha256.Sum256(b)
		tag := "sha256:" + hex.EncodeToString(sum[:])
		unchanged, s.ETag = tag == s.ETag, tag
		return b, unchanged, nil
	}
	u, err := Address(name)
	if err != nil {
		return nil, false, err
	}
	a, err := r.get(trust(ctx, u), u, ask{etag: s.ETag, modified: s.Modified, accept: "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"})
	if err != nil {
		return nil, false, err
	}
	if a.status == http.StatusNotModified {
		return nil, true, nil
	}
	s.ETag, s.Modified = short(a.header.Get("ETag")), short(a.header.Get("Last-Modified"))
	return a.body, false, nil
}

// short keeps what a server wants to be told again, unless that is too long.
func short(s string) string {
	if len(s) > 512 {
		return ""
	}
	return s
}

func isWeb(name string) bool {
	s := strings.ToLower(name)
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}

// Address reads a web address that somebody wants to watch. It refuses one
// that holds a password: it would be stored and shown.
func Address(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || len(s) > 2048:
		return nil, &tearline.Error{Op: "feed", Kind: tearline.Invalid, Public: "no web address", Hint: "write it as https://HOST/PATH", Err: err}
	case u.User != nil:
		return nil, &tearline.Error{Op: "feed", Kind: tearline.Invalid, Public: "the address holds a name or password", Hint: "feeds that need one are not read; save the feed to a file"}
	}
	u.Fragment = ""
	return u, nil
}

func readFile(name string) ([]byte, error) {
	wrong := func(err error) error {
		if pe, ok := errors.AsType[*os.PathError](err); ok {
			err = pe.Err
		}
		return &tearline.Error{Op: "feed", Kind: tearline.Invalid, Public: fmt.Sprintf("%s: %v", name, err), Err: err}
	}
	f, err := os.Open(name) //nolint:gosec // the user's own file
	if err != nil {
		return nil, wrong(err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxBody+1))
	if err != nil {
		return nil, wrong(err)
	}
	if len(b) > maxBody {
		return nil, wrong(fmt.Errorf("more than %d MiB", maxBody>>20))
	}
	return b, nil
}

// parse reads a feed's bytes.
func parse(name string, b []byte) (Feed, error) {
	wrong := func(err error) error {
		return &tearline.Error{Op: "feed.parse", Kind: tearline.Invalid, Public: name + ": no feed that can be read", Hint: "it must be RSS, Atom or JSON Feed; a single page or file is not watched", Err: err}
	}
	b = printable(b)
	if err := shallow(b); err != nil {
		return Feed{}, wrong(err)
	}
	p, err := gofeed.NewParser().Parse(bytes.NewReader(b))
	if err != nil {
		return Feed{}, wrong(err)
	}
	f := Feed{Title: oneLine(p.Title)}
	for _, it := range p.Items[:min(len(p.Items), maxItems)] {
		if it != nil {
			f.Items = append(f.Items, itemOf(name, it))
		}
	}
	return f, nil
}

// printable drops control characters, which XML does not allow and feeds have
// nevertheless. Where there are zeros it is UTF-16, and left as it is.
func printable(b []byte) []byte {
	if bytes.IndexByte(b, 0) >= 0 {
		return b
	}
	// Byte for byte, as the encoding may be any in which ASCII is ASCII.
	return slices.DeleteFunc(slices.Clone(b), func(c byte) bool { return c < ' ' && c != '\t' && c != '\n' && c != '\r' })
}

// shallow errs on XML nested so deeply that reading it could exhaust the
// stack. It reads as the parser of feeds does.
func shallow(b []byte) error {
	b = bytes.TrimSpace(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")))
	if bytes.HasPrefix(b, []byte("{")) {
		return nil // the JSON decoder has a bound of its own
	}
	d := xml.NewDecoder(bytes.NewReader(b))
	d.Strict, d.CharsetReader, d.Entity = false, charset.NewReaderLabel, xml.HTMLEntity
	for depth := 0; ; {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch t.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
		if depth > maxDepth {
			return fmt.Errorf("elements nested more than %d deep", maxDepth)
		}
	}
}

func itemOf(feed string, it *gofeed.Item) Item {
	i := Item{GUID: oneLine(it.GUID), Title: oneLine(article.Fragment(it.Title)), Content: cmp.Or(it.Content, it.Description), feed: feed}
	if len(it.Description) > len(i.Content) {
		i.Content = it.Description
	}
	i.Link = linkOf(feed, it.Link)
	if t := it.PublishedParsed; t != nil && t.Year() >= 1970 && t.Year() < 2200 {
		i.Published = t.UTC()
	}
	if len(it.Authors) > 0 && it.Authors[0] != nil {
		i.Author = oneLine(it.Authors[0].Name)
	}
	return i
}

// linkOf is an item's link in full, "" if it leads anywhere but to the web.
func linkOf(feed, link string) string {
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil || link == "" {
		return ""
	}
	if base, err := url.Parse(feed); err == nil && isWeb(feed) {
		u = base.ResolveReference(u)
	}
	if u.User = nil; u.Fragment != "" {
		u.Fragment = ""
	}
	if u, err = Address(u.String()); err != nil {
		return ""
	}
	return u.String()
}

// oneLine is what can be shown of what a feed says of itself.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 500 {
		s = string(r[:499]) + "…"
	}
	return s
}

// Article returns the text of an item: what the feed has of it, if that is
// long enough to be all, otherwise the page that it links to. A page that may
// not or cannot be read leaves what the feed has, and a line in Unread. That a
// server could not be reached just now is a Transient error: try again later.
func (r *Reader) Article(ctx context.Context, i Item) (article.Article, error) {
	in := i.Brief()
	if i.Link == "" || len(in.Text) >= enough && !clipped(in.Text) {
		return given(in)
	}
	page, err := r.page(ctx, i)
	if err != nil {
		if ctx.Err() != nil || tearline.KindOf(err) == tearline.Transient {
			return article.Article{}, err
		}
		in.Unread = append(in.Unread, "the page: "+publicOf(err))
		return given(in)
	}
	if len(page.Text) < len(in.Text) {
		return in, nil // a wall in front of the page
	}
	page.Title, page.Author = cmp.Or(in.Title, page.Title), cmp.Or(page.Author, in.Author)
	page.URL = i.Link
	if page.Published.IsZero() || page.DayOnly && !in.Published.IsZero() {
		page.Published, page.DayOnly = in.Published, false
	}
	return page, nil
}

// given errs on an article without a word.
func given(a article.Article) (article.Article, error) {
	if a.Text == "" {
		return article.Article{}, &tearline.Error{Op: "feed.article", Kind: tearline.Invalid, Public: "an item without text", Hint: strings.Join(a.Unread, "; ")}
	}
	return a, nil
}

// Brief is what the feed itself has of an item; its Text may be empty.
func (i *Item) Brief() article.Article {
	text := article.Fragment(i.Content)
	if !strings.Contains(text, i.Title) {
		text = strings.TrimSpace(i.Title + "\n\n" + text)
	}
	return article.Article{Title: i.Title, Author: i.Author, URL: i.Link, Text: text, Format: article.HTML, Published: i.Published}
}

// clipped reports whether a text says that it goes on elsewhere.
func clipped(s string) bool {
	s = strings.ToLower(strings.TrimRight(s, " \n.»>→"))
	return slices.ContainsFunc([]string{"…", "[…]", "[..", "read more", "continue reading", "weiterlesen", "lire la suite"}, func(end string) bool { return strings.HasSuffix(s, end) })
}

// page fetches and reads the page that an item links to.
func (r *Reader) page(ctx context.Context, i Item) (article.Article, error) {
	u, err := Address(i.Link)
	if err != nil {
		return article.Article{}, err
	}
	if named, err := Address(i.feed); err == nil {
		ctx = trust(ctx, named)
	}
	a, err := r.get(ctx, u, ask{robots: true, accept: "text/html, application/xhtml+xml, application/pdf;q=0.9, text/plain;q=0.8, */*;q=0.1"})
	if err != nil {
		return article.Article{}, err
	}
	return article.Page(a.url.String(), a.header.Get("Content-Type"), a.body, r.pdf)
}

func publicOf(err error) string {
	if e, ok := errors.AsType[*tearline.Error](err); ok {
		return e.Public
	}
	return "it cannot be read"
}
