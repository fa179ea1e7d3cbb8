package press_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/codec/article"
	"tearline/internal/feed"
	"tearline/internal/node/press"
	"tearline/internal/store/sqlite"
)

var epoch = time.Date(2031, 3, 4, 5, 0, 0, 0, time.UTC)

// desk is a party that watches the press: texts that speak of crates are hits.
type desk struct {
	*press.Watcher
	db     *sqlite.DB
	events []press.Event
	traced []string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	db, err := sqlite.Create(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	d := &desk{db: db}
	d.Watcher = &press.Watcher{
		Books: press.Books{Party: "XHA", Read: db.Read, Change: db.Write, Now: func() time.Time { return epoch }},
		Feeds: feed.New(feed.Client(), feed.Clock{Now: func() time.Time { return epoch }, Sleep: func(context.Context, time.Duration) error { return nil }}, "1.0", nil),
		Trace: func(_ context.Context, a article.Article) (press.Found, error) {
			d.traced = append(d.traced, a.Title)
			switch {
			case strings.Contains(a.Text, "endless"):
				return press.Found{}, &tearline.Error{Kind: tearline.Invalid, Public: "too long"}
			case strings.Contains(a.Text, "Crates"):
				return press.Found{Hits: true, Result: json.RawMessage(`{"of":"` + a.Title + `"}`), Summary: "R1/p1 verbatim"}, nil
			}
			return press.Found{Hits: false}, nil
		},
		Report: func(e press.Event) error {
			d.events = append(d.events, e)
			return nil
		},
	}
	return d
}

func item(guid, title, text string) string {
	return fmt.Sprintf("<item><guid>%s</guid><title>%s</title><description>%s</description><pubDate>Tue, 04 Mar 2031 04:00:00 GMT</pubDate></item>", guid, title, text)
}

func feedFile(t *testing.T, items ...string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "feed.xml")
	rewrite(t, name, items...)
	return name
}

func rewrite(t *testing.T, name string, items ...string) {
	t.Helper()
	text := "<rss version='2.0'><channel><title>Gazette</title>" + strings.Join(items, "") + "</channel></rss>"
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (d *desk) look(t *testing.T, name string) press.Round {
	t.Helper()
	r, err := d.Look(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestLook(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	crates := item("2", "Crates", "Crates came at dawn.")
	name := feedFile(t, item("3", "Fares", "Fares stay."), crates, item("1", "Endless", "An endless story."))
	got := d.look(t, name)
	if diff := cmp.Diff(press.Round{Feed: name, Title: "Gazette", Items: 3, New: 3, Cases: 1}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"Endless", "Crates", "Fares"}, d.traced); diff != "" {
		t.Errorf("not the oldest first: %s", diff)
	}
	at := epoch.Add(-time.Hour)
	id := d.events[1].Case
	want := []press.Event{
		{Feed: name, Title: "Endless", Published: &at, Problem: "too long"},
		{Feed: name, Title: "Crates", Published: &at, Case: id, Summary: "R1/p1 verbatim"},
	}
	if diff := cmp.Diff(want, d.events); diff != "" || !strings.HasPrefix(id, "C-") {
		t.Error(diff, id)
	}
	// Again: nothing is new; nor if one more has come, but that one.
	if got := d.look(t, name); !got.Unchanged || got.New != 0 {
		t.Errorf("%+v", got)
	}
	rewrite(t, name, item("4", "Ferries", "Ferries run."), crates)
	if got := d.look(t, name); got.Unchanged || got.New != 1 || got.Cases != 0 || len(d.traced) != 4 {
		t.Errorf("%+v, %q", got, d.traced)
	}
	// The same item elsewhere is the same case; changed, it is another.
	other := feedFile(t, crates)
	if got := d.look(t, other); got.Cases != 0 || got.New != 1 || !d.events[2].Known || d.events[2].Case != id {
		t.Errorf("%+v, %+v", got, d.events[2:])
	}
	rewrite(t, other, item("2", "Crates", "Crates came by launch at dawn."))
	if got := d.look(t, other); got.Cases != 1 {
		t.Errorf("%+v", got)
	}
	err := d.Read(t.Context(), func(tx *sqlite.Tx) error {
		list, err := tx.Cases(d.Party, 0, 10)
		if err != nil || len(list) != 2 || list[1].ID != id {
			t.Fatalf("%+v, %v", list, err)
		}
		got, _, err := tx.Case(d.Party, id)
		want := sqlite.CaseRow{Party: d.Party, Number: 1, ID: id, Opened: epoch, Title: "Crates", Published: at, Text: "Crates came at dawn.", Result: json.RawMessage(`{"of":"Crates"}`)}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// What could not be had for now is not lost, although the feed says afterwards
// that nothing has changed.
func TestLeftForLater(t *testing.T) {
	t.Parallel()
	broken := true
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/rss" && r.Header.Get("If-None-Match") != "":
			w.WriteHeader(http.StatusNotModified)
		case r.URL.Path == "/rss":
			w.Header().Set("ETag", `"1"`)
			fmt.Fprint(w, "<rss version='2.0'><channel><item><link>/a</link><title>A</title></item><item><title>B</title></item></channel></rss>")
		case r.URL.Path == "/a" && broken:
			w.WriteHeader(http.StatusBadGateway)
		case r.URL.Path == "/a":
			fmt.Fprint(w, "<html><p>Crates came at dawn.")
		default:
			http.NotFound(w, r)
		}
	}))
	defer s.Close()
	d := newDesk(t)
	if r := d.look(t, s.URL+"/rss"); r.Left != 1 || r.New != 1 || r.Cases != 0 {
		t.Errorf("%+v", r)
	}
	if len(d.events) != 1 || !d.events[0].Again || !strings.Contains(d.events[0].Problem, "502") {
		t.Errorf("%+v", d.events)
	}
	broken = false
	if r := d.look(t, s.URL+"/rss"); r.Left != 0 || r.New != 1 || r.Cases != 1 {
		t.Errorf("%+v", r)
	}
	if r := d.look(t, s.URL+"/rss"); !r.Unchanged {
		t.Errorf("%+v", r)
	}
}

// A page that is not to be had for days is waited for no longer.
func TestGivenUp(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/rss" {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		fmt.Fprint(w, "<rss version='2.0'><channel><item><link>/a</link><title>Crates</title><pubDate>Tue, 04 Mar 2031 04:00:00 GMT</pubDate></item></channel></rss>")
	}))
	defer s.Close()
	d := newDesk(t)
	if r := d.look(t, s.URL+"/rss"); r.Left != 1 {
		t.Errorf("%+v", r)
	}
	d.Now = func() time.Time { return epoch.Add(4 * 24 * time.Hour) }
	if r := d.look(t, s.URL+"/rss"); r.Left != 0 || r.Cases != 1 || !strings.Contains(d.events[1].Problem, "502") {
		t.Errorf("%+v, %+v", r, d.events)
	}
}

func TestFeedProblem(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	name := filepath.Join(t.TempDir(), "none.xml")
	r := d.look(t, name)
	if !strings.Contains(r.Problem, "no such file") || r.Next == nil || !r.Next.Equal(epoch.Add(5*time.Minute)) {
		t.Errorf("%+v", r)
	}
	if r := d.look(t, name); !strings.Contains(r.Problem, "not to be asked before 2031-03-04 05:05 UTC") {
		t.Errorf("%+v", r)
	}
}

var errKilled = errors.New("killed")

// TestKilled stops a watch before and after each commit that it makes, and at
// each report, and goes on with it: in the end each item has been looked at,
// and each case is there, once.
func TestKilled(t *testing.T) {
	t.Parallel()
	for stop := range 6 {
		for _, when := range []string{"before", "after", "report"} {
			d := newDesk(t)
			name := feedFile(t, item("1", "Crates 1", "Crates came."), item("2", "Fares", "Fares stay."), item("3", "Crates 3", "Crates left."))
			commits, reports := 0, 0
			write, tell := d.Change, d.Report
			d.Change = func(ctx context.Context, fn func(*sqlite.Tx) error) error {
				commits++
				if commits-1 == stop && when == "before" {
					return errKilled
				}
				err := write(ctx, fn)
				if err == nil && commits-1 == stop && when == "after" {
					return errKilled
				}
				return err
			}
			d.Report = func(e press.Event) error {
				if reports++; reports-1 == stop && when == "report" {
					return errKilled
				}
				return tell(e)
			}
			for done := false; !done; {
				r, err := d.Look(t.Context(), name)
				if err != nil && !errors.Is(err, errKilled) {
					t.Fatal(err)
				}
				done = err == nil && r.Unchanged
			}
			var list []sqlite.CaseRow
			err := d.Read(t.Context(), func(tx *sqlite.Tx) (err error) {
				list, err = tx.Cases(d.Party, 0, 10)
				return err
			})
			if err != nil || len(list) != 2 || list[0].Title == list[1].Title {
				t.Errorf("%s %d: %+v, %v", when, stop, list, err)
			}
		}
	}
}

func TestEvery(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	name := feedFile(t, item("2", "Fares", "Fares stay."))
	var rounds []press.Round
	done := func(r press.Round) error {
		rounds = append(rounds, r)
		return nil
	}
	var slept []time.Duration
	sleep := func(_ context.Context, p time.Duration) error {
		if slept = append(slept, p); len(slept) == 3 {
			return context.Canceled
		}
		return nil
	}
	if err := d.Every(t.Context(), []string{name}, 0, sleep, done); err != nil || len(rounds) != 1 || len(slept) != 0 {
		t.Error(rounds, slept, err)
	}
	if err := d.Every(t.Context(), []string{name}, time.Hour, sleep, done); !errors.Is(err, context.Canceled) || len(rounds) != 4 || slept[0] != time.Hour {
		t.Error(rounds, slept, err)
	}
}

func TestBackground(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	name := feedFile(t, item("1", "Fares", "Fares stay."), item("2", "Ferries", "Ferries run."))
	for _, want := range []press.Added{{Items: 2, Added: 2, Problems: []string{}}, {Items: 2, Problems: []string{}}} {
		got, err := d.AddFeed(t.Context(), d.Feeds, name, time.Time{})
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Error(diff, err)
		}
	}
	a := article.Article{Title: "Tides", Text: "The tides of March.", Unread: []string{"a.png: a picture"}}
	for _, want := range []int{1, 0} {
		got, err := d.AddText(t.Context(), "tides.txt", a, epoch)
		if diff := cmp.Diff(press.Added{Items: 1, Added: want, Problems: a.Unread}, got); diff != "" || err != nil {
			t.Error(diff, err)
		}
	}
	at := epoch.Add(-time.Hour)
	want := []press.Public{{ID: 2, Source: name, Title: "Fares", Published: &at}, {ID: 3, Source: "tides.txt", Title: "Tides", Published: &epoch}}
	got, n, err := d.Background(t.Context(), 1, 2)
	if diff := cmp.Diff(want, got, cmp.FilterPath(func(p cmp.Path) bool { return p.String() == "key" }, cmp.Ignore())); diff != "" || n != 3 || err != nil {
		t.Error(diff, n, err)
	}
	_, err = d.AddFeed(t.Context(), d.Feeds, writeText(t, "Only a text."), epoch)
	if !press.IsNoFeed(err) {
		t.Error(err)
	}
	if _, err = d.AddFeed(t.Context(), d.Feeds, filepath.Join(t.TempDir(), "none"), epoch); err == nil || press.IsNoFeed(err) {
		t.Error(err)
	}
}

func writeText(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "text.txt")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}
