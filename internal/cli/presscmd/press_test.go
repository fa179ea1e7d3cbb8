package presscmd_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/codec/article"
	"tearline/internal/cli/command"
	"tearline/internal/cli/presscmd"
	"tearline/internal/node/press"
	"tearline/internal/store/sqlite"
)

var epoch = time.Date(2031, 3, 4, 5, 0, 0, 0, time.UTC)

// office is a data directory, and the commands working in it.
type office struct {
	t      *testing.T
	db     *sqlite.DB
	party  tearline.PartyID
	atMost float64
	ctx    context.Context
}

func newOffice(t *testing.T) *office {
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
	return &office{t: t, db: db, party: "XHA", ctx: t.Context()}
}

func (o *office) jobs() presscmd.Jobs {
	return presscmd.Jobs{
		With: func(fn func(presscmd.Desk) error) error {
			return fn(presscmd.Desk{
				Books: press.Books{Party: o.party, Read: o.db.Read, Change: o.db.Write, Now: func() time.Time { return epoch }},
				Trace: func(_ context.Context, a article.Article, atMost float64) (press.Found, error) {
					o.atMost = atMost
					if !strings.Contains(a.Text, "Crates") {
						return press.Found{Hits: false}, nil
					}
					return press.Found{Hits: true, Result: json.RawMessage(`{"of":"R1/p1"}`), Summary: "R1/p1 verbatim"}, nil
				},
			})
		},
		PDFText: func(_ context.Context, folder string, in io.Reader, out io.Writer) error {
			b, err := io.ReadAll(in)
			fmt.Fprintf(out, "%s %s", folder, b)
			return err
		},
		Version: "1.0",
	}
}

// run runs a command line and returns what it printed, and its error.
func (o *office) run(args ...string) (stdout, stderr string, err error) {
	o.t.Helper()
	var c struct {
		command.Globals
		Watch      presscmd.Watch      `cmd:""`
		Background presscmd.Background `cmd:""`
		PDF        presscmd.PDFText    `cmd:"" name:"internal-pdf-text" hidden:""`
	}
	parser, err := kong.New(&c, kong.Vars{"data": ""})
	if err != nil {
		o.t.Fatal(err)
	}
	k, err := parser.Parse(args)
	if err != nil {
		o.t.Fatal(err)
	}
	var out, talk bytes.Buffer
	app := &command.App{Stdin: strings.NewReader("input"), Stdout: &out, Stderr: &talk, Now: func() time.Time { return epoch }}
	err = k.Run(&command.Run{App: app, Globals: c.Globals, Ctx: o.ctx}, o.jobs())
	return out.String(), talk.String(), err
}

// must run without an error.
func (o *office) must(args ...string) (stdout, stderr string) {
	o.t.Helper()
	stdout, stderr, err := o.run(args...)
	if err != nil {
		o.t.Fatalf("%q: %v", args, err)
	}
	return stdout, stderr
}

func (o *office) file(name, text string) string {
	o.t.Helper()
	name = filepath.Join(o.t.TempDir(), name)
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		o.t.Fatal(err)
	}
	return name
}

const gazette = "<rss version='2.0'><channel><item><guid>1</guid><title>Mole \x1b[31m closed</title><description>Crates came at dawn.</description><pubDate>Tue, 04 Mar 2031 04:00:00 GMT</pubDate></item>" +
	"<item><guid>2</guid><title>Fares</title><description>Fares stay.</description></item></channel></rss>"

func same(t *testing.T, what, want, got string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestWatch(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	name := o.file("feed.xml", gazette)
	out, talk := o.must("watch", "--once", "--at-most", "0.01", name)
	id, _, _ := strings.Cut(out, " ")
	same(t, "watch", id+"  Mole [31m closed\n    R1/p1 verbatim\n    2031-03-04 04:00 UTC\n", out)
	same(t, "its talk", name+": 2 items, 2 new, 1 lead\n", talk)
	if o.atMost != 0.01 {
		t.Errorf("at most %v", o.atMost)
	}
	out, talk = o.must("watch", "--once", name)
	same(t, "again", "", out)
	same(t, "again, its talk", name+": nothing new\n", talk)

	o.party = "XHB"
	out, _ = o.must("watch", "--once", "--json", name)
	same(t, "as JSON", `{"feed":"`+name+`","title":"Mole [31m closed","published":"2031-03-04T04:00:00Z","case":"`+id+`","summary":"R1/p1 verbatim"}`+"\n", out)
}

func TestWatchFails(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	good := o.file("feed.xml", gazette)
	out, talk, err := o.run("watch", "--once", filepath.Join(t.TempDir(), "none.xml"), good)
	if code, ok := errors.AsType[command.CodeError](err); !ok || code != command.ExitError {
		t.Errorf("%v", err)
	}
	if !strings.Contains(talk, "none.xml: no such file") || !strings.Contains(out, "R1/p1") {
		t.Errorf("%s\n%s", out, talk)
	}
	for _, args := range [][]string{
		{"watch", "--every", "5s", good},
		{"watch", "--at-most=-1", good},
		{"watch", "-"},
		{"background", "list", "--limit", "0"},
		{"background", "add", "--date", "soon", good},
	} {
		_, _, err := o.run(args...)
		if _, ok := errors.AsType[*command.MisuseError](err); !ok {
			t.Errorf("%q: %v", args, err)
		}
	}
	if _, _, err := o.run("watch", "https://ada:word@gazette.example/"); tearline.KindOf(err) != tearline.Invalid {
		t.Error(err)
	}
}

// To be interrupted is how a watch ends.
func TestWatchInterrupted(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	o.ctx = ctx
	name := o.file("feed.xml", gazette)
	time.AfterFunc(50*time.Millisecond, cancel)
	if _, _, err := o.run("watch", name); err != nil {
		t.Error(err)
	}
}

func TestBackground(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	out, _ := o.must("background", "list")
	same(t, "none", "no public texts\n", out)
	name, page := o.file("feed.xml", gazette), o.file("tides.html", "<html><title>Tides</title><body><p>The tides of March.")
	out, _ = o.must("background", "add", name, page, "--date", "2031-03-01")
	same(t, "added", name+": 2 texts, 2 added\n"+page+": 1 text, 1 added\n", out)
	out, _ = o.must("background", "add", page, "--json")
	same(t, "again", `[{"name":"`+page+`","items":1,"added":0,"problems":[]}]`+"\n", out)
	out, _ = o.must("background", "list", "--limit", "2")
	same(t, "list", "1  2031-03-01  "+name+"  Fares\n2  2031-03-04  "+name+"  Mole [31m closed\n3 in all; go on with --after 2\n", out)
	out, _ = o.must("background", "list", "--after", "2", "--json")
	same(t, "the rest", `{"count":3,"texts":[{"id":3,"source":"tides.html","title":"Tides","published":"2031-03-01T00:00:00Z"}]}`+"\n", out)
	if _, _, err := o.run("background", "add", filepath.Join(t.TempDir(), "none")); tearline.KindOf(err) != tearline.Invalid {
		t.Error(err)
	}
	if _, _, err := o.run("background", "add", o.file("x.png", "\x89PNG")); tearline.KindOf(err) != tearline.Invalid {
		t.Error(err)
	}
}

func TestPDFText(t *testing.T) {
	t.Parallel()
	out, _ := newOffice(t).must("internal-pdf-text", "--cache", "folder")
	same(t, "the child", "folder input", out)
}
