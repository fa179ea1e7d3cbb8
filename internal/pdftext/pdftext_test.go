package pdftext_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/codec/article"
	"tearline/internal/pdftext"
)

// TestMain is also the process that is asked: it behaves as the file says.
func TestMain(m *testing.M) {
	if len(os.Args) < 2 || os.Args[1] != pdftext.Command {
		os.Exit(m.Run())
	}
	from := bufio.NewReader(os.Stdin)
	ask, err := pdftext.ReadRequest(from)
	if err != nil {
		os.Exit(9)
	}
	in, err := io.ReadAll(from)
	if err != nil {
		os.Exit(9)
	}
	if !ask.Text {
		fmt.Print(string(in))
		os.Exit(0)
	}
	switch string(in) {
	case "hang":
		time.Sleep(time.Hour)
	case "crash":
		fmt.Fprintln(os.Stderr, "fatal error: stack overflow")
		os.Exit(2)
	case "noise":
		fmt.Print("not JSON")
	case "flood":
		for {
			if _, err := os.Stdout.WriteString(strings.Repeat("x", 1<<20)); err != nil {
				os.Exit(3)
			}
		}
	case "environment":
		answer(pdftext.Answer{Pages: article.Pages{Title: strings.Join(os.Environ(), " "), Author: strings.Join(os.Args[1:], " ")}})
	default:
		answer(pdftext.Answer{Problem: pdftext.Problem(in)})
	}
	os.Exit(0)
}

func answer(a pdftext.Answer) {
	if err := json.NewEncoder(os.Stdout).Encode(a); err != nil {
		os.Exit(9)
	}
}

func TestRead(t *testing.T) {
	t.Setenv("TEARLINE_SECRET", "word")
	for _, tt := range []struct {
		in, want string
		limit    time.Duration
	}{
		{"password", "a PDF that opens with a password only", time.Minute},
		{"damaged", "a PDF that is damaged", time.Minute},
		{"another problem", "a PDF that is damaged", time.Minute},
		{"long", "a PDF with more text or pages than are read", time.Minute},
		{"hang", "a PDF that takes longer than 300ms to read", 300 * time.Millisecond},
		{"crash", "a PDF that broke its reader", time.Minute},
		{"noise", "a PDF that broke its reader", time.Minute},
		{"flood", "a PDF that broke its reader", time.Minute},
	} {
		p, err := pdftext.Read(t.Context(), "", "", []byte(tt.in), tt.limit)
		var e *tearline.Error
		if !errors.As(err, &e) || e.Kind != tearline.Invalid || e.Public != tt.want {
			t.Errorf("%s: %+v, %v", tt.in, p, err)
		}
	}
	p, err := pdftext.Read(t.Context(), "", "folder", []byte("environment"), time.Minute)
	want := article.Pages{Title: "GOMEMLIMIT=1GiB", Author: "internal-pdf-text --cache=folder"}
	if diff := cmp.Diff(want, p); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, cancel)
	read := pdftext.Reader(ctx, "", "")
	for range 2 {
		if _, err := read([]byte("hang")); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
	if _, err := pdftext.Reader(t.Context(), "/nowhere", "")(nil); tearline.KindOf(err) != tearline.Invalid {
		t.Error(err)
	}
}

func TestCache(t *testing.T) {
	home := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", home)
	dir := pdftext.Cache()
	if !strings.HasPrefix(dir, home) {
		t.Fatalf("%q", dir)
	}
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if got := pdftext.Cache(); got != "" {
		t.Errorf("others can write to %s", got)
	}
}

func TestPictures(t *testing.T) {
	t.Parallel()
	ask := pdftext.Request{First: 2, Count: 2, DPI: 100}
	got, pages, err := pdftext.Pictures(t.Context(), "", "", []byte(`{"pages":9,"sizes":[[0,2,1],[2,1,2]]}`+"\nabcd"), ask)
	if err != nil || pages != 9 || len(got) != 2 || string(got[0].Image.Pix) != "ab" || string(got[1].Image.Pix) != "cd" || got[1].Image.Rect.Dy() != 2 || got[1].Page != 2 {
		t.Errorf("%v, %d pages, %v", got, pages, err)
	}
	for in, want := range map[string]string{
		`{"pages":9,"sizes":[[0,2,1],[2,1,2]]}` + "\nabc":         "a PDF that broke its reader",
		`{"pages":9,"sizes":[[0,2,1],[2,1,2]]}` + "\nabcde":       "a PDF that broke its reader",
		`{"pages":9,"sizes":[[0,1,1],[1,1,1],[2,1,1]]}` + "\nabc": "a PDF that broke its reader",
		`{"pages":9,"sizes":[[0,-1,-1]]}` + "\na":                 "a PDF that broke its reader",
		`{"pages":9,"sizes":[[0,9223372036854775807,2]]}` + "\na": "a PDF that broke its reader",
		`no`:                                "a PDF that broke its reader",
		`{"problem":"password"}`:            "a PDF that opens with a password only",
		`{"problem":"long","pages":900000}`: "a PDF with more text or pages than are read",
	} {
		_, _, err := pdftext.Pictures(t.Context(), "", "", []byte(in), ask)
		var e *tearline.Error
		if !errors.As(err, &e) || e.Kind != tearline.Invalid || e.Public != want {
			t.Errorf("%s: %v", in, err)
		}
	}
}

func TestRequest(t *testing.T) {
	t.Parallel()
	for _, r := range []pdftext.Request{{Text: true}, {First: 0, Count: 1, DPI: 36}, {First: 4999, Count: pdftext.MostPages, DPI: 600}} {
		in := bufio.NewReader(strings.NewReader(r.String() + "%PDF"))
		got, err := pdftext.ReadRequest(in)
		rest, _ := io.ReadAll(in)
		if err != nil || got != r || string(rest) != "%PDF" {
			t.Errorf("%+v, %v, then %q; want %+v", got, err, rest, r)
		}
	}
	for _, line := range []string{"", "text", "texts\n", "%PDF-1.7\n", "pictures 0 1\n", "pictures -1 1 100\n", "pictures 0 0 100\n", "pictures 0 5 100\n", "pictures 0 1 35\n", "pictures 0 1 601\n", strings.Repeat("text", 100)} {
		if got, err := pdftext.ReadRequest(bufio.NewReader(strings.NewReader(line))); err == nil {
			t.Errorf("%q: %+v", line, got)
		}
	}
}
