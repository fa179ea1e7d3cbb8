package pdftext_test

import (
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
	in, err := io.ReadAll(os.Stdin)
	if err != nil {
		os.Exit(9)
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
