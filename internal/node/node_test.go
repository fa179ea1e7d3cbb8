package node_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tearline"
	"tearline/codec"
	"tearline/internal/node"
	"tearline/release"
)

func TestMain(m *testing.M) {
	flag.Parse()
	// A check of the property makes two data directories: fewer of them, unless
	// somebody asks for more.
	if f := flag.Lookup("rapid.checks"); f != nil && f.Value.String() == f.DefValue {
		checks := "15"
		if slow {
			checks = "3"
		}
		if err := f.Value.Set(checks); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// start is when the worlds of the tests begin.
var start = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

// An env is a clock and a source of randomness that the test has in its hand:
// what is drawn depends on the name of the scene alone.
type env struct {
	now   time.Time
	scene string
	drawn uint64
}

// begin sets the clock and names what comes.
func (e *env) begin(scene string, at time.Time) { e.scene, e.drawn, e.now = scene, 0, at }

// Read implements [io.Reader].
func (e *env) Read(b []byte) (int, error) {
	for n := 0; n < len(b); {
		sum := sha256.Sum256(binary.BigEndian.AppendUint64([]byte(e.scene), e.drawn))
		e.drawn++
		n += copy(b[n:], sum[:])
	}
	return len(b), nil
}

// A desk is a node in a test.
type desk struct {
	*node.Node
	t   testing.TB
	env *env
	dir string
}

// newDesk sets up a data directory of USA's with partners.
func newDesk(tb testing.TB) *desk {
	tb.Helper()
	d := &desk{t: tb, env: &env{}, dir: tb.TempDir()}
	d.env.begin("init", start)
	n, err := node.Init(tb.Context(), d.dir, tearline.Party{ID: "USA", Name: "United States", MemberOf: []tearline.PartyID{"FVEY", "NATO"}}, "us",
		node.Env{Now: func() time.Time { return d.env.now }, Rand: d.env})
	if err != nil {
		tb.Fatal(err)
	}
	d.Node = n
	tb.Cleanup(func() {
		if err := d.Close(); err != nil {
			tb.Error(err)
		}
	})
	for _, p := range []tearline.Party{
		{ID: "NLD", Name: "Netherlands", MemberOf: []tearline.PartyID{"NATO"}},
		{ID: "GBR", Name: "United Kingdom", MemberOf: []tearline.PartyID{"FVEY", "NATO"}},
		{ID: "BRA", Name: "Brazil"},
		{ID: "FRA", Name: "France", MemberOf: []tearline.PartyID{"NATO"}},
		{ID: "ADMIN", Name: "The administrator"},
	} {
		d.tick()
		if _, err := d.AddParty(tb.Context(), "USA", p); err != nil {
			tb.Fatal(err)
		}
	}
	return d
}

// copied gives a test a copy of a desk, which is not in use meanwhile.
func (d *desk) copied(tb testing.TB) *desk {
	tb.Helper()
	c := &desk{t: tb, env: &env{now: d.env.now}, dir: tb.TempDir()}
	if err := os.CopyFS(c.dir, os.DirFS(d.dir)); err != nil {
		tb.Fatal(err)
	}
	// CopyFS keeps no modes, and the node insists on them.
	err := filepath.WalkDir(c.dir, func(name string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		return os.Chmod(name, 0o600)
	})
	if err != nil {
		tb.Fatal(err)
	}
	if c.Node, err = node.Open(tb.Context(), c.dir, node.Env{Now: func() time.Time { return c.env.now }, Rand: c.env}); err != nil {
		tb.Fatal(err)
	}
	return c
}

// tick moves the clock on.
func (d *desk) tick() { d.env.now = d.env.now.Add(time.Second) }

// file files reports given as Markdown or JSON Lines for a party.
func (d *desk) file(as tearline.PartyID, texts ...string) []node.Filed {
	d.t.Helper()
	filed, err := d.tryFile(as, texts...)
	if err != nil {
		d.t.Fatalf("file: %v", err)
	}
	return filed
}

func (d *desk) tryFile(as tearline.PartyID, texts ...string) ([]node.Filed, error) {
	d.t.Helper()
	d.tick()
	var drafts []node.Draft
	for i, text := range texts {
		dec := codec.NewDecoder(strings.NewReader(text))
		for {
			_, r, err := dec.Next()
			if r == nil {
				if err != nil && !strings.Contains(err.Error(), "EOF") {
					d.t.Fatal(err)
				}
				break
			}
			drafts = append(drafts, node.Draft{Name: fmt.Sprintf("draft %d", i), Report: r})
		}
	}
	return d.File(d.t.Context(), as, drafts)
}

// line writes a report as a line of JSON. Portions are "MARK|TEXT", with
// "|ORIGINATOR" and "|SOURCE,SOURCE" after it where that is said; alternatives
// in a text are parted by ¦.
func line(id, originator string, portions ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `{"id":%q,"title":"","originator":%q,"policy":"us","date":"2026-03-01","portions":[`, id, originator)
	for i, p := range portions {
		f := append(strings.Split(p, "|"), "", "")
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, `{"id":"p%d","marking":%q,"text":%q`, i+1, f[0], strings.ReplaceAll(f[1], "¦", "|"))
		if f[2] != "" {
			fmt.Fprintf(&b, `,"originator":%q`, f[2])
		}
		if f[3] != "" {
			fmt.Fprintf(&b, `,"sources":["%s"]`, strings.ReplaceAll(f[3], ",", `","`))
		}
		b.WriteString("}")
	}
	b.WriteString("]}\n")
	return b.String()
}

// question asks for a document, as USA.
func question(report tearline.ReportID, to tearline.PartyID) node.Question {
	return node.Question{As: "USA", Report: report, To: to}
}

// released is a release and the bytes that were handed out.
type released struct {
	node.Released
	bytes []byte
}

func (d *desk) release(q node.Question) (released, error) {
	d.tick()
	var out released
	rel, err := d.Release(d.t.Context(), q, func(r tearline.Rendering) error {
		out.bytes = bytes.Clone(r.Bytes)
		return nil
	})
	out.Released = rel
	return out, err
}

// ask asks all originators and returns the requests.
func (d *desk) ask(q node.Question, portions ...tearline.PortionID) []node.Asked {
	d.t.Helper()
	d.tick()
	asked, err := d.Ask(d.t.Context(), q, portions)
	if err != nil {
		d.t.Fatalf("ask: %v", err)
	}
	return asked
}

func (d *desk) grant(a node.Asked) node.Asked {
	d.t.Helper()
	d.tick()
	out, err := d.Grant(d.t.Context(), node.Answer{As: a.Originator, Request: string(a.ID)})
	if err != nil {
		d.t.Fatalf("grant: %v", err)
	}
	return out
}

// outcomes decides and returns the outcome and basis of each portion.
func (d *desk) outcomes(q node.Question) string {
	d.t.Helper()
	d.tick()
	dec, err := d.Decide(d.t.Context(), q)
	if err != nil {
		d.t.Fatalf("decide: %v", err)
	}
	var out []string
	for _, p := range dec.Portions {
		out = append(out, strings.TrimSuffix(fmt.Sprintf("%s:%s", p.Outcome, p.Basis), ":"))
	}
	return strings.Join(out, " ")
}

// verified fails the test unless everything verifies.
func (d *desk) verified() {
	d.t.Helper()
	all, err := d.Verify(context.WithoutCancel(d.t.Context()), "")
	if err != nil {
		d.t.Fatal(err)
	}
	for _, v := range all {
		if !v.OK {
			d.t.Errorf("%s does not verify: %v", v.Party, v.Faults)
		}
	}
}

// kind checks an error's kind.
func (d *desk) kind(err error, want tearline.Kind) {
	d.t.Helper()
	if err == nil || tearline.KindOf(err) != want {
		d.t.Errorf("got %v, want an error of kind %s", err, want)
	}
}

var errFull = errors.New("no space left")

// cleared is a person who may read anything.
var cleared = &release.Person{Name: "A. Body", Clearance: "TOP SECRET", ReadIns: []string{"SI"}}

// copyFile copies a file, or removes what there is none of.
func copyFile(tb testing.TB, from, to string) {
	tb.Helper()
	b, err := os.ReadFile(from)
	if errors.Is(err, fs.ErrNotExist) {
		err = os.RemoveAll(to)
	} else if err == nil {
		err = os.WriteFile(to, b, 0o600)
	}
	if err != nil {
		tb.Fatal(err)
	}
}
