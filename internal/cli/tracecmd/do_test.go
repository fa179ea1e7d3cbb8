package tracecmd_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/codec/article"
	"tearline/internal/cli/command"
	"tearline/internal/cli/tracecmd"
	"tearline/internal/marks"
	"tearline/internal/node/trace"
)

// desk is a command's surroundings, and what it was asked to do.
type desk struct {
	in, out, talk bytes.Buffer
	asked         []trace.Question
	result        trace.Result
	err           error
}

func (d *desk) do(tb testing.TB, c *tracecmd.Trace, asJSON bool) error {
	tb.Helper()
	r := &command.Run{
		App:     &command.App{Stdin: &d.in, Stdout: &d.out, Stderr: &d.talk, Env: func(string) string { return "" }},
		Globals: command.Globals{JSON: asJSON}, Ctx: tb.Context(),
	}
	return c.Run(r, tracecmd.Jobs{
		Text: func(name string, data []byte) (article.Article, error) {
			return article.Article{Text: strings.ToUpper(string(data)), Unread: []string{"one page of \x1b[2J" + filepath.Base(name) + " was not read"}}, d.err
		},
		With: func(fn func(tracecmd.Ask) error) error {
			return fn(func(q trace.Question) (trace.Result, error) {
				d.asked = append(d.asked, q)
				return d.result, d.err
			})
		},
		Page: func(to io.Writer, t *trace.Result) error {
			_, err := fmt.Fprintf(to, "page of %d matches", len(t.Matches))
			return err
		},
	})
}

// All that was typed reaches the job.
func TestDo(t *testing.T) {
	t.Parallel()
	var d desk
	d.in.WriteString("leak")
	page := filepath.Join(t.TempDir(), "page.html")
	c := tracecmd.Trace{File: "-", Date: "2026-03-04", HTML: page, Record: true, Where: "a newspaper", Warrant: "w1", Investigator: "A. Rahn"}
	if err := d.do(t, &c, false); err != nil {
		t.Fatal(err)
	}
	want := []trace.Question{{
		Text: "LEAK", Seen: time.Date(2026, 3, 4, 23, 59, 59, 999999000, time.UTC), Record: true, Where: "a newspaper", Warrant: "w1", Investigator: "A. Rahn",
	}}
	if diff := cmp.Diff(want, d.asked); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := d.talk.String(); got != "tearline: one page of \ufffd[2J- was not read\n" {
		t.Errorf("said %q", got)
	}
	if got, err := os.ReadFile(page); err != nil || string(got) != "page of 0 matches" {
		t.Errorf("page %q, %v", got, err)
	}
	if !strings.HasPrefix(d.out.String(), "no trace: ") {
		t.Errorf("shown %q", d.out.String())
	}
}

// Where anything is wrong before, nothing is asked.
func TestDoNothing(t *testing.T) {
	t.Parallel()
	unread := errors.New("cannot be read")
	for _, tt := range []struct {
		name  string
		c     tracecmd.Trace
		err   error
		usage bool
	}{
		{"no file", tracecmd.Trace{}, nil, true},
		{"a date that is none", tracecmd.Trace{File: "-", Date: "soon"}, nil, true},
		{"no such file", tracecmd.Trace{File: "testdata/none"}, nil, false},
		{"a file that cannot be read", tracecmd.Trace{File: "-"}, unread, false},
		{"nowhere to write", tracecmd.Trace{File: "-", HTML: "testdata/none/page.html"}, nil, false},
		{"a folder", tracecmd.Trace{File: "-", HTML: "testdata"}, nil, false},
		{"a batch of a file", tracecmd.Trace{Batch: true, File: "x"}, nil, true},
		{"a batch on record", tracecmd.Trace{Batch: true, Record: true}, nil, true},
		{"a batch with a place", tracecmd.Trace{Batch: true, Where: "x"}, nil, true},
		{"a batch as a page", tracecmd.Trace{Batch: true, HTML: "-"}, nil, true},
	} {
		d := desk{err: tt.err}
		err := d.do(t, &tt.c, true)
		var misuse *command.MisuseError
		if err == nil || errors.As(err, &misuse) != tt.usage || len(d.asked) > 0 || d.out.Len() > 0 {
			t.Errorf("%s: %v, asked %d times, wrote %q", tt.name, err, len(d.asked), d.out.String())
		}
	}
}

// What an error says in public stands in the place of the answer, and no more.
func TestBatchErrors(t *testing.T) {
	t.Parallel()
	d := desk{err: &tearline.Error{Kind: tearline.Withheld, Public: "withheld", Err: errors.New("secret")}}
	d.in.WriteString(`{"id":"a","text":"x","date":"2026-03-04T12:00:00Z"}` + "\n" + strings.Repeat("x", marks.MaxLine+2) + "\n" + `{"id":"b` + "\xff\"}\n" + `{"id":"c","words":"x"}`)
	err := d.do(t, &tracecmd.Trace{Batch: true, Warrant: "w1", Investigator: "A. Rahn", Date: "2026-03-01"}, true)
	if err == nil || d.asked[0].Warrant != "w1" || d.asked[0].Investigator != "A. Rahn" || d.asked[0].Seen.Hour() != 12 {
		t.Errorf("%v, %+v", err, d.asked)
	}
	want := `{"id":"a","error":{"kind":"withheld","public":"withheld"}}
{"id":"","error":{"kind":"invalid","public":"want {\"id\": ID, \"text\": TEXT, \"date\": TIME}: a line of more than 1 MiB"}}
{"id":"","error":{"kind":"invalid","public":"want {\"id\": ID, \"text\": TEXT, \"date\": TIME}: not UTF-8"}}
{"id":"c","error":{"kind":"invalid","public":"want {\"id\": ID, \"text\": TEXT, \"date\": TIME}: json: unknown field \"words\""}}
`
	if diff := cmp.Diff(want, d.out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The short form has what decides, best first.
func TestBatchAnswer(t *testing.T) {
	t.Parallel()
	r := fixture(t)
	for _, asJSON := range []bool{true, false} {
		d := desk{result: r}
		line, err := json.Marshal(map[string]string{"id": "a1", "text": r.Leak})
		if err != nil {
			t.Fatal(err)
		}
		d.in.Write(line)
		if err := d.do(t, &tracecmd.Trace{Batch: true}, asJSON); err != nil {
			t.Fatal(err)
		}
		if d.asked[0].Text != r.Leak {
			t.Errorf("asked for %q", d.asked[0].Text)
		}
		golden(t, map[bool]string{true: "batch.json", false: "batch.txt"}[asJSON], d.out.String())
	}
}

// Whatever comes in, each line that is not blank has one line for an answer.
func FuzzBatch(f *testing.F) {
	for _, s := range []string{
		`{"id":"a","text":"x"}`, "\n\n", `{"id":1}`, `{"id":"a","text":"x","date":"2026-03-01"}` + "\r\n" + `[]`, `{"id":"a"} x`, "\x00", `{"ID":"a"}`, `{"id":"a","id":"b"}`, strings.Repeat("[", 20000),
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		d := desk{}
		d.in.Write(in)
		err := d.do(t, &tracecmd.Trace{Batch: true}, true)
		want, bad := 0, 0
		for line := range bytes.SplitSeq(in, []byte("\n")) {
			if len(bytes.TrimSpace(line)) > 0 {
				want++
			}
		}
		got := bytes.Split(bytes.TrimSuffix(d.out.Bytes(), []byte("\n")), []byte("\n"))
		if d.out.Len() == 0 {
			got = nil
		}
		if len(got) != want {
			t.Fatalf("%d answers to %d lines: %s", len(got), want, d.out.String())
		}
		for _, line := range got {
			var a struct {
				ID      *string
				Matches []json.RawMessage
				Error   *struct{ Kind, Public string }
			}
			if err := json.Unmarshal(line, &a); err != nil || a.ID == nil || (a.Matches == nil) == (a.Error == nil) {
				t.Fatalf("%s: %v", line, err)
			}
			if a.Error != nil {
				bad++
			}
		}
		if (err != nil) != (bad > 0) || len(d.asked) != want-bad {
			t.Fatalf("%d of %d bad, asked %d times: %v", bad, want, len(d.asked), err)
		}
	})
}
