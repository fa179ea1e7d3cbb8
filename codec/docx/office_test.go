package docx_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tearline/codec"
)

// TestOffice has LibreOffice set a page with everything in it, and reads what
// it shows: the same texts in the same order behind the same numbers, and
// nothing else.
func TestOffice(t *testing.T) {
	if testing.Short() {
		t.Skip("setting a page takes seconds")
	}
	for _, tool := range []string{"soffice", "pdftotext"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("no %s here", tool)
		}
	}
	p := full(t)
	// What runs from right to left has no one order in a file of glyphs.
	p.Items = slices.DeleteFunc(p.Items, func(it codec.Item) bool { return strings.Contains(it.Text, "0400") })
	dir := t.TempDir()
	file := filepath.Join(dir, "copy.docx")
	if err := os.WriteFile(file, render(t, p), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	run := func(name string, args ...string) string {
		out, err := exec.CommandContext(ctx, name, args...).Output()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return string(out)
	}
	run("soffice", "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", "pdf", "--outdir", dir, file)
	sheets := strings.Split(strings.TrimSuffix(run("pdftotext", "-raw", filepath.Join(dir, "copy.pdf"), "-"), "\f"), "\f")
	if len(sheets) < 2 {
		t.Fatalf("%d sheets: too few to show that each has its banners", len(sheets))
	}
	var body []string
	for i, s := range sheets {
		lines := strings.Split(strings.TrimSpace(s), "\n")
		banners, counts := 0, 0
		for _, l := range lines {
			switch l = strings.TrimSpace(l); {
			case l == p.Banner:
				banners++
			case strings.HasPrefix(l, "Copy "+string(p.Copy)):
				counts++
			default:
				body = append(body, l)
			}
		}
		if banners != 2 || counts != 1 {
			t.Errorf("sheet %d has %d banners, and says %d times which copy it is", i+1, banners, counts)
		}
	}
	rest := words(strings.Join(body, " "))
	for _, s := range want(&p) {
		var ok bool
		if rest, ok = strings.CutPrefix(rest, words(s.Label+" "+s.Text)); !ok {
			t.Fatalf("%q does not stand where it should, before %.200q", s.Label+" "+s.Text, rest)
		}
		rest = strings.TrimSpace(rest)
	}
	if rest != "" {
		t.Errorf("%q is shown as well", rest)
	}
}

// words has one space between words.
func words(s string) string { return strings.Join(strings.Fields(s), " ") }
