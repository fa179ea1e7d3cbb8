package hypertext_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestPrint has a browser print a page, and sees that the banner stands first
// and last on every sheet.
func TestPrint(t *testing.T) {
	if testing.Short() {
		t.Skip("printing a page takes seconds")
	}
	for _, tool := range []string{"chromium", "pdftotext"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("no %s here", tool)
		}
	}
	p := full(t)
	p.Items = append(p.Items, p.Items...)
	for i := range p.Items {
		if i >= len(p.Items)/2 && p.Items[i].Form.Table > 0 {
			p.Items[i].Form.Table++
		}
	}
	dir := t.TempDir()
	in, out := filepath.Join(dir, "copy.html"), filepath.Join(dir, "copy.pdf")
	if err := os.WriteFile(in, render(t, p), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	if err := exec.CommandContext(ctx, "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
		"--user-data-dir="+filepath.Join(dir, "profile"), "--no-pdf-header-footer", "--print-to-pdf="+out, "file://"+in).Run(); err != nil {
		t.Fatalf("the browser does not print: %v", err)
	}
	text, err := exec.CommandContext(ctx, "pdftotext", "-layout", out, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	sheets := strings.Split(strings.TrimSuffix(string(text), "\f"), "\f")
	if len(sheets) < 3 {
		t.Fatalf("%d sheets: too few to show that each has its banners", len(sheets))
	}
	for i, s := range sheets {
		lines := strings.Split(strings.TrimSpace(s), "\n")
		if strings.TrimSpace(lines[0]) != p.Banner || strings.TrimSpace(lines[len(lines)-1]) != p.Banner || strings.Count(s, p.Banner) != 2 {
			t.Errorf("sheet %d begins %q and ends %q", i+1, lines[0], lines[len(lines)-1])
		}
	}
}
