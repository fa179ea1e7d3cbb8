package word_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tearline/codec/document"
	"tearline/codec/word"
)

const page = `<html><body><h1>(S) A title</h1><p>(S//NF) First <b>bold</b> and <i>slanted</i>.</p>
<ul><li>(U) one</li><li>(U) two</li></ul><ol><li>(C) three</li></ol>
<table border="1"><tr><td>(U) a</td><td>(U) b</td></tr><tr><td>(U) c</td><td>(S) d</td></tr></table><p>(U) Last.</p></body></html>`

// made converts the page with a tool, and reads what it made.
func made(t *testing.T, tool string, args ...string) document.Reading {
	t.Helper()
	if testing.Short() {
		t.Skip("starts another program")
	}
	if _, err := exec.LookPath(tool); err != nil {
		t.Skipf("%s is not installed", tool)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "x.html"), []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), tool, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "HOME="+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", tool, err, out)
	}
	b, err := os.ReadFile(filepath.Join(dir, "x.docx"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := word.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Faults.Err(); err != nil {
		t.Error(err)
	}
	return r
}

var madeWant = []string{
	"paragraph 1 | h1 (S) A title",
	"paragraph 2 | (S//NF) First bold and slanted. [b:bold] [i:slanted]",
	"paragraph 3 | item1 (U) one",
	"paragraph 4 | item1 (U) two",
	"paragraph 5 | item1 ordered (C) three",
	"table 1, row 1, column 1 | cell 1.1.1 (U) a",
	"table 1, row 1, column 2 | cell 1.1.2 (U) b",
	"table 1, row 2, column 1 | cell 1.2.1 (U) c",
	"table 1, row 2, column 2 | cell 1.2.2 (S) d",
	"paragraph 6 | (U) Last.",
}

func TestPandocFiles(t *testing.T) {
	if d := cmp.Diff(madeWant, lines(made(t, "pandoc", "x.html", "-o", "x.docx"))); d != "" {
		t.Error(d)
	}
}

func TestLibreOfficeFiles(t *testing.T) {
	r := made(t, "soffice", "--headless", "--infilter=HTML (StarWriter)", "--convert-to", "docx:MS Word 2007 XML", "x.html")
	if d := cmp.Diff(madeWant, lines(r)); d != "" {
		t.Error(d)
	}
}
