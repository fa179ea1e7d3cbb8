package pdfium_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"tearline"
	"tearline/codec/article"
	"tearline/internal/pdftext"
	"tearline/internal/pdftext/pdfium"
)

// TestMain is also the process that reads.
func TestMain(m *testing.M) {
	status := pdfium.Process(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	if status < 0 {
		status = m.Run()
	}
	os.Exit(status)
}

// write makes a PDF: the contents of its pages, and what goes into its trailer.
func write(info, trailer string, pages ...string) []byte {
	objects := []string{"<</Type/Catalog/Pages 2 0 R>>", "", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>", "<<" + info + ">>"}
	var kids strings.Builder
	for _, p := range pages {
		n := len(objects) + 1
		objects = append(objects,
			fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>", n+1),
			fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(p), p))
		fmt.Fprintf(&kids, "%d 0 R ", n)
	}
	objects[1] = fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(pages), kids.String())
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	at := make([]int, len(objects))
	for i, o := range objects {
		at[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R/Info 4 0 R%s>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, trailer, start)
	return b.Bytes()
}

// lines sets text in lines, from a place downwards, as PDF counts.
func lines(x, y, size float64, text ...string) string {
	var b strings.Builder
	for i, l := range text {
		fmt.Fprintf(&b, "BT /F1 %g Tf %g %g Td (%s) Tj ET\n", size, x, y-float64(i)*size*1.2, strings.NewReplacer("(", `\(`, ")", `\)`).Replace(l))
	}
	return b.String()
}

// cache is the user's own, as in real life: a second run of the tests is quick.
func cache(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("the reader takes seconds to prepare")
	}
	if dir := pdftext.Cache(); dir != "" {
		return dir
	}
	return t.TempDir()
}

func TestRead(t *testing.T) {
	t.Parallel()
	read := pdftext.Reader(t.Context(), "", cache(t))
	var pages []string
	for i := range 3 {
		pages = append(pages, lines(50, 780, 9, "The Harbour Gazette, Tuesday")+lines(280, 20, 9, fmt.Sprintf("Page %d of 3", i+1))+
			lines(50, 700, 12, fmt.Sprintf("(S//NF) Story %d: the crates were brought to the har-", i), "bour by launch before sunrise, it was said.")+
			lines(50, 600, 12, "Two ferries are to berth at the fish quay meanwhile.")+"BT /F1 12 Tf 50 550 Td [(The caf)-20(\\351 )-300(is) -280 (shut.)] TJ ET\n")
	}
	start := time.Now()
	a, err := article.Read("gazette.pdf", write("/Title(Mole closed)/Author(Ada Quill)", "", pages...), read)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("read in %v", time.Since(start))
	var want []string
	for i := range 3 {
		want = append(want, fmt.Sprintf("(S//NF) Story %d: the crates were brought to the harbour by launch before sunrise, it was said.", i),
			"Two ferries are to berth at the fish quay meanwhile.", "The café is shut.")
	}
	if got := strings.Split(a.Text, "\n\n"); strings.Join(got, "|") != strings.Join(want, "|") || a.Title != "Mole closed" || a.Author != "Ada Quill" {
		t.Errorf("%q by %q: %q", a.Title, a.Author, got)
	}
}

func TestColumns(t *testing.T) {
	t.Parallel()
	read := pdftext.Reader(t.Context(), "", cache(t))
	left := []string{"The eastern mole is to be closed from", "Thursday while divers look at its old", "footings, it was said on Tuesday by", "the harbour master and his deputy."}
	right := []string{"Two ferries are to berth at the quay", "for fish meanwhile, and the fares stay", "as they are until further notice has", "been given to everybody concerned."}
	a, err := article.Read("x", write("", "", lines(50, 700, 12, left...)+lines(320, 700, 12, right...)), read)
	if want := strings.Join(left, " ") + "\n\n" + strings.Join(right, " "); err != nil || a.Text != want {
		t.Errorf("%q, %v", a.Text, err)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	read := pdftext.Reader(t.Context(), "", cache(t))
	locked := "/Encrypt<</Filter/Standard/V 1/R 2/Length 40/P -4/O<" + strings.Repeat("41", 32) + ">/U<" + strings.Repeat("42", 32) + ">>>/ID[<31><31>]"
	for _, tt := range []struct {
		name string
		in   []byte
		want string
	}{
		{"a scan", write("", "", "0 0 600 800 re f"), "x: a PDF without a text layer: a scan, so there is nothing to read"},
		{"no PDF", []byte("%PDF-1.7 but no more"), "x: a PDF that is damaged"},
		{"a password", write("", locked, lines(50, 700, 12, "Secret.")), "x: a PDF that opens with a password only"},
	} {
		a, err := article.Read("x", tt.in, read)
		var e *tearline.Error
		if !errors.As(err, &e) || e.Public != tt.want {
			t.Errorf("%s: %q, %v", tt.name, a.Text, err)
		}
	}
}

// The process itself answers, whatever it is given.
func TestAnswer(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := pdfium.Answer(t.Context(), cache(t), strings.NewReader("text\nnothing"), &out); err != nil {
		t.Fatal(err)
	}
	var a pdftext.Answer
	if err := json.Unmarshal(out.Bytes(), &a); err != nil || a.Problem != pdftext.Damaged {
		t.Errorf("%s, %v", out.String(), err)
	}
}
