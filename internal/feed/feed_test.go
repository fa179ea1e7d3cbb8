package feed_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tearline"
	"tearline/internal/feed"
)

// watch is a clock that waiting moves on.
type watch struct {
	mu    sync.Mutex
	now   time.Time
	slept []time.Duration
}

func (w *watch) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *watch) Sleep(ctx context.Context, d time.Duration) error {
	w.pass(d)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.slept = append(w.slept, d)
	return ctx.Err()
}

func (w *watch) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// press is a server of a newspaper's: what it answers, and what it was asked.
type press struct {
	*httptest.Server
	mu    sync.Mutex
	pages map[string]http.HandlerFunc
	asked []string
}

func newPress(t *testing.T) *press {
	t.Helper()
	p := &press{pages: map[string]http.HandlerFunc{}}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		p.asked = append(p.asked, r.URL.Path)
		h := p.pages[r.URL.Path]
		p.mu.Unlock()
		if h == nil {
			http.NotFound(w, r)
			return
		}
		h(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *press) says(path, body string) {
	p.on(path, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) })
}

func (p *press) on(path string, h http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pages[path] = h
}

// heard returns what was asked since last time.
func (p *press) heard() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	a := p.asked
	p.asked = nil
	return a
}

func newReader() (*feed.Reader, *watch) {
	w := &watch{now: time.Date(2031, 3, 4, 5, 0, 0, 0, time.UTC)}
	return feed.New(feed.Client(), feed.Clock{Now: w.Now, Sleep: w.Sleep}, "1.0", nil), w
}

const rss = `<?xml version="1.0"?><rss version="2.0"><channel><title>The Harbour Gazette</title>
<item><guid>g1</guid><link>/mole</link><title>Mole &amp;amp; quay</title><description>&lt;p&gt;The mole is closed.&lt;/p&gt;</description><pubDate>Tue, 04 Mar 2031 05:00:00 GMT</pubDate><author>Ada Quill</author></item>
<item><link>javascript:alert(1)</link><title>No link</title></item></channel></rss>`

var long = strings.Repeat("The eastern mole will be closed to all traffic from Thursday, the harbour master said on Tuesday. ", 30)

func TestFormats(t *testing.T) {
	t.Parallel()
	p := newPress(t)
	p.says("/rss", rss)
	p.says("/atom", `<feed xmlns="http://www.w3.org/2005/Atom"><title>G</title><entry><id>i1</id><title>Mole</title><link href="https://gazette.example/a#top"/><published>2031-03-04T05:00:00Z</published><content type="html">&lt;p&gt;Closed.&lt;/p&gt;</content></entry></feed>`)
	p.says("/json", `{"version":"https://jsonfeed.org/version/1.1","title":"G","items":[{"id":"j1","url":"https://user:word@gazette.example/a","title":"Mole","content_text":"Closed."}]}`)
	p.says("/latin", "<?xml version='1.0' encoding='ISO-8859-1'?><rss version='2.0'><channel><title>G</title><item><guid>l1</guid><title>M\xf4le\x1b</title><description>Closed.</description></item></channel></rss>")
	day := time.Date(2031, 3, 4, 5, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		path  string
		title string
		want  []feed.Item
	}{
		{"/rss", "The Harbour Gazette", []feed.Item{
			{GUID: "g1", Link: p.URL + "/mole", Title: "Mole & quay", Author: "Ada Quill", Content: "<p>The mole is closed.</p>", Published: day},
			{Title: "No link"},
		}},
		{"/latin", "G", []feed.Item{{GUID: "l1", Title: "Môle", Content: "Closed."}}},
		{"/atom", "G", []feed.Item{{GUID: "i1", Link: "https://gazette.example/a", Title: "Mole", Content: "<p>Closed.</p>", Published: day}}},
		{"/json", "G", []feed.Item{{GUID: "j1", Link: "https://gazette.example/a", Title: "Mole", Content: "Closed."}}},
	} {
		r, _ := newReader()
		f, _, err := r.Read(t.Context(), p.URL+tt.path, feed.State{})
		if err != nil {
			t.Errorf("%s: %v", tt.path, err)
			continue
		}
		if diff := cmp.Diff(feed.Feed{Title: tt.title, Items: tt.want}, f, cmpopts.IgnoreUnexported(feed.Item{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.path, diff)
		}
	}
}

// Who asks says who it is, and asks again only for what is new.
func TestConditional(t *testing.T) {
	t.Parallel()
	p := newPress(t)
	var header http.Header
	p.on("/rss", func(w http.ResponseWriter, r *http.Request) {
		header = r.Header
		w.Header().Set("ETag", `"e1"`)
		w.Header().Set("Last-Modified", "Tue, 04 Mar 2031 05:00:00 GMT")
		if r.Header.Get("If-None-Match") == `"e1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		http.SetCookie(w, &http.Cookie{Name: "who", Value: "you"})
		fmt.Fprint(w, rss)
	})
	r, w := newReader()
	f, s, err := r.Read(t.Context(), p.URL+"/rss", feed.State{Failures: 3})
	if err != nil || len(f.Items) != 2 || f.Unchanged {
		t.Fatal(f, err)
	}
	want := feed.State{ETag: `"e1"`, Modified: "Tue, 04 Mar 2031 05:00:00 GMT", Tried: w.Now()}
	if diff := cmp.Diff(want, s); diff != "" {
		t.Error(diff)
	}
	f, s, err = r.Read(t.Context(), p.URL+"/rss", s)
	if err != nil || !f.Unchanged || len(f.Items) != 0 || s.ETag != `"e1"` {
		t.Error(f, s, err)
	}
	if got := header.Get("User-Agent"); got != "tearline/1.0 (press watch)" || header.Get("If-Modified-Since") != want.Modified {
		t.Error(header)
	}
	if header.Get("Cookie") != "" || header.Get("Authorization") != "" || header.Get("Referer") != "" {
		t.Errorf("more than was needed is told: %v", header)
	}
}

// Between two requests to one host there is a pause.
func TestPause(t *testing.T) {
	t.Parallel()
	p := newPress(t)
	p.says("/rss", rss)
	r, w := newReader()
	for range 3 {
		if _, _, err := r.Read(t.Context(), p.URL+"/rss", feed.State{}); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]time.Duration{2 * time.Second, 2 * time.Second}, w.slept); diff != "" {
		t.Error(diff)
	}
}

// One host is asked one thing at a time, whoever asks.
func TestOneAtATime(t *testing.T) {
	t.Parallel()
	p := newPress(t)
	var now, most atomic.Int32
	p.on("/rss", func(w http.ResponseWriter, _ *http.Request) {
		if n := now.Add(1); n > most.Load() {
			most.Store(n)
		}
		time.Sleep(5 * time.Millisecond)
		now.Add(-1)
		fmt.Fprint(w, rss)
	})
	r, _ := newReader()
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() {
			if _, _, err := r.Read(t.Context(), p.URL+"/rss", feed.State{}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if most.Load() != 1 {
		t.Errorf("%d at once", most.Load())
	}
}

// A server that is in trouble is left alone, longer each time; one that says
// for how long is taken at its word.
func TestBackOff(t *testing.T) {
	t.Parallel()
	p := newPress(t)
	after := ""
	p.on("/rss", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", after)
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	r, w := newReader()
	var s feed.State
	for i, tt := range []struct {
		after string
		want  time.Duration
	}{
		{"", 5 * time.Minute},
		{"", 10 * time.Minute},
		{"7200", 2 * time.Hour},
		{"nonsense", 40 * time.Minute},
		{w.Now().Add(1000 * time.Hour).Format(http.TimeFormat), 7 * 24 * time.Hour},
	} {
		after = tt.after
		asked := w.Now()
		var err error
		_, s, err = r.Read(t.Context(), p.URL+"/rss", s)
		if tearline.KindOf(err) != tearline.Transient || s.Failures != i+1 || s.Next.Sub(asked) != tt.want {
			t.Fatalf("%d: %v: %d failures, pause %v", i, err, s.Failures, s.Next.Sub(asked))
		}
		p.heard()
		if _, again, err := r.Read(t.Context(), p.URL+"/rss", s); tearline.KindOf(err) != tearline.Transient || again != s || len(p.heard()) != 0 {
			t.Fatalf("asked too early: %v", err)
		}
		w.pass(s.Next.Sub(w.Now()))
	}
	for range 20 {
		_, s, _ = r.Read(t.Context(), p.URL+"/none", s)
		w.pass(s.Next.Sub(w.Now()))
	}
	if d := s.Next.Sub(s.Tried); d != 24*time.Hour {
		t.Errorf("at the longest %v", d)
	}
}

func TestArticle(t *testing.T) {
	t.Parallel()
	p := newPress(t)
	p.says("/page", "<html><title>Mole closed</title><body><article><p>"+long+"</p></article></body></html>")
	p.says("/short", "<html><body>Accept our cookies.</body></html>")
	p.says("/robots.txt", "User-agent: *\nDisallow: /private\n")
	p.says("/private/page", "no")
	p.on("/busy", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	p.on("/moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/private/page", http.StatusFound)
	})
	brief := "The mole is closed, it was said on Tuesday."
	for _, tt := range []struct {
		name, link, content string
		want                string // in the text
		unread              string
		asked               []string
		kind                tearline.Kind
		fails               bool
	}{
		{name: "the feed has it all", link: "/page", content: "<p>" + long + "</p>", want: "harbour master"},
		{name: "the feed has the beginning", link: "/page", content: brief, want: "from Thursday", asked: []string{"/robots.txt", "/page"}},
		{name: "the feed says that there is more", link: "/page", content: long[:2400] + "… Read more", want: "from Thursday", asked: []string{"/robots.txt", "/page"}},
		{name: "no link", content: brief, want: brief},
		{name: "a wall", link: "/short", content: brief + brief, want: brief, asked: []string{"/robots.txt", "/short"}},
		{name: "not for robots", link: "/private/page", content: brief, want: brief, unread: "robots.txt asks programs to stay away", asked: []string{"/robots.txt"}},
		{name: "led to what is not for robots", link: "/moved", content: brief, want: brief, unread: "robots.txt asks", asked: []string{"/robots.txt", "/moved"}},
		{name: "gone", link: "/gone", content: brief, want: brief, unread: "answered 404 Not Found", asked: []string{"/robots.txt", "/gone"}},
		{name: "for now unreachable", link: "/busy", content: brief, asked: []string{"/robots.txt", "/busy"}, fails: true, kind: tearline.Transient},
		{name: "nothing at all", link: "/gone", asked: []string{"/robots.txt", "/gone"}, fails: true, kind: tearline.Invalid},
	} {
		link := ""
		if tt.link != "" {
			link = fmt.Sprintf("<link>%s</link>", tt.link)
		}
		title := "<title>Mole</title>"
		if tt.content == "" {
			title = ""
		}
		p.says("/rss", "<rss version='2.0'><channel><item><guid>g</guid>"+link+title+"<description><![CDATA["+tt.content+"]]></description></item></channel></rss>")
		r, _ := newReader()
		f, _, err := r.Read(t.Context(), p.URL+"/rss", feed.State{})
		if err != nil {
			t.Fatal(err)
		}
		p.heard()
		a, err := r.Article(t.Context(), f.Items[0])
		if diff := cmp.Diff(tt.asked, p.heard(), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: asked (-want +got):\n%s", tt.name, diff)
		}
		if (err != nil) != tt.fails || tearline.KindOf(err) != tt.kind {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if !strings.Contains(a.Text, tt.want) || !strings.Contains(strings.Join(a.Unread, "\n"), tt.unread) || tt.unread == "" && len(a.Unread) > 0 {
			t.Errorf("%s: %q, unread %q", tt.name, a.Text, a.Unread)
		}
		if !tt.fails && (a.Title != "Mole" || tt.link != "" && a.URL != p.URL+tt.link) {
			t.Errorf("%s: %q at %s", tt.name, a.Title, a.URL)
		}
	}
}

// A server that cannot say what robots may do is not asked for anything else.
func TestRobotsUnreachable(t *testing.T) {
	t.Parallel()
	p := newPress(t)
	p.on("/robots.txt", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	p.says("/rss", rss)
	r, _ := newReader()
	f, _, err := r.Read(t.Context(), p.URL+"/rss", feed.State{})
	if err != nil {
		t.Fatal(err)
	}
	p.heard()
	if a, err := r.Article(t.Context(), f.Items[0]); tearline.KindOf(err) != tearline.Transient {
		t.Errorf("%+v, %v", a, err)
	}
	if diff := cmp.Diff([]string{"/robots.txt"}, p.heard()); diff != "" {
		t.Error(diff)
	}
}

// A feed leads nowhere but to the public internet and to its own host.
func TestNotLedInside(t *testing.T) {
	t.Parallel()
	inside := newPress(t)
	inside.says("/secret", "<p>"+long)
	p := newPress(t)
	p.on("/away", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, inside.URL+"/secret", http.StatusFound)
	})
	p.says("/rss", "<rss version='2.0'><channel><item><link>"+inside.URL+"/secret</link><title>Brief</title></item><item><link>/away</link><title>Brief</title></item></channel></rss>")
	r, _ := newReader()
	f, _, err := r.Read(t.Context(), p.URL+"/rss", feed.State{})
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range f.Items {
		a, err := r.Article(t.Context(), i)
		if err != nil || a.Text != "Brief" || len(a.Unread) != 1 || !strings.Contains(a.Unread[0], "not an address on the public internet") {
			t.Errorf("%s: %+v, %v", i.Link, a, err)
		}
	}
	if _, _, err := r.Read(t.Context(), p.URL+"/away", feed.State{}); tearline.KindOf(err) != tearline.Invalid {
		t.Errorf("a feed that moved inside: %v", err)
	}
	if got := inside.heard(); len(got) != 0 {
		t.Errorf("asked %q", got)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	p := newPress(t)
	p.says("/deep", "<rss version='2.0'><channel>"+strings.Repeat("<a>", 5000)+strings.Repeat("</a>", 5000)+"</channel></rss>")
	p.says("/page", "<html><body>A page</body></html>")
	p.says("/big", "<rss>"+strings.Repeat(" ", 9<<20)+"</rss>")
	p.on("/round", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/round", http.StatusFound) })
	p.on("/nowhere", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusFound) })
	p.on("/ftp", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "ftp://x.example/", http.StatusFound)
	})
	for _, tt := range []struct{ name, want string }{
		{p.URL + "/deep", "no feed that can be read"},
		{p.URL + "/page", "no feed that can be read"},
		{p.URL + "/big", "more than 8 MiB"},
		{p.URL + "/round", "redirects more than 5 times"},
		{p.URL + "/nowhere", "redirects to nowhere"},
		{p.URL + "/ftp", "redirects to what is no web address"},
		{p.URL + "/none", "the server answered 404 Not Found"},
		{"https://ada:word@gazette.example/rss", "the address holds a name or password"},
		{"https:///rss", "no web address"},
		{filepath.Join(t.TempDir(), "none.xml"), "no such file"},
		{t.TempDir(), "is a directory"},
	} {
		r, _ := newReader()
		_, s, err := r.Read(t.Context(), tt.name, feed.State{ETag: "old"})
		var e *tearline.Error
		if !errors.As(err, &e) || e.Kind != tearline.Invalid || !strings.Contains(e.Public, tt.want) || strings.Contains(err.Error(), "word@") {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
		if s.ETag != "old" || s.Failures != 1 {
			t.Errorf("%s: %+v", tt.name, s)
		}
	}
}

func TestFile(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "feed.xml")
	if err := os.WriteFile(name, []byte(rss), 0o600); err != nil {
		t.Fatal(err)
	}
	r, _ := newReader()
	f, s, err := r.Read(t.Context(), name, feed.State{})
	if err != nil || len(f.Items) != 2 || f.Items[0].Link != "" {
		t.Fatal(f, err)
	}
	if f, _, err = r.Read(t.Context(), name, s); err != nil || !f.Unchanged {
		t.Error(f, err)
	}
}

// Items are the same as long as they say the same.
func TestKey(t *testing.T) {
	t.Parallel()
	a := feed.Item{GUID: "g", Link: "l", Title: "t", Content: "c"}
	for _, b := range []feed.Item{{GUID: "h", Link: "l", Title: "t", Content: "c"}, {GUID: "g", Link: "l", Title: "t", Content: "d"}, {GUID: "gl", Title: "t", Content: "c"}} {
		if a.Key() == b.Key() {
			t.Errorf("%+v", b)
		}
	}
	b := a
	b.Content = "<p>c</p>\n"
	if b.Published = time.Now(); a.Key() != b.Key() || a.Name() != "g" {
		t.Error("another date makes it another item")
	}
	if n := (&feed.Item{Title: "t"}).Name(); !strings.HasPrefix(n, "sha256:") {
		t.Error(n)
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	p := newPress(t)
	ctx, cancel := context.WithCancel(t.Context())
	p.on("/rss", func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() })
	r, _ := newReader()
	if _, s, err := r.Read(ctx, p.URL+"/rss", feed.State{}); !errors.Is(err, context.Canceled) || s.Failures != 0 {
		t.Error(s, err)
	}
}
