package cli_test

import (
	"bytes"
	"io"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A reader of one byte over and over.
type endless byte

func (e endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(e)
	}
	return len(b), nil
}

// A line of 100 MB is refused without being held, and the next one is filed.
func TestHugeLine(t *testing.T) {
	dir := t.TempDir()
	world(t, dir)
	line := func(id string) io.Reader {
		return strings.NewReader(`{"id":"` + id + `","title":"","originator":"USA","policy":"us","date":"2026-03-01","portions":[{"id":"p1","text":"One.","marking":"U"}]}` + "\n")
	}
	in := io.MultiReader(line("BEFORE"), strings.NewReader(`{"id":"`), io.LimitReader(endless('x'), 100<<20), strings.NewReader("\"}\n"), line("AFTER"))
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	code, stdout, stderr := inProcess(t.Context(), start.Add(time.Hour), in, "report", "import", "--data", filepath.Join(dir, "usa"))
	runtime.ReadMemStats(&after)
	if code != 1 || !strings.HasPrefix(stdout, "filed 2 reports with 2 portions") || !strings.Contains(stderr, "tearline: line 2:1: line of more than") {
		t.Errorf("exit %d\n%s%s", code, stdout, stderr)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 150<<20 {
		t.Errorf("%d MiB allocated for a line that is refused", used>>20)
	}
}

// What stands on one line of marks or in one file is bounded, too.
func TestHugeMark(t *testing.T) {
	t.Parallel()
	in := io.MultiReader(io.LimitReader(endless('x'), 100<<20), strings.NewReader("\n(U)\n"))
	code, stdout, _ := inProcess(t.Context(), start, in, "mark", "parse")
	if code != 1 || !strings.HasSuffix(stdout, "\nUNCLASSIFIED\t(U)\n") || len(stdout) > 4<<20 {
		t.Errorf("exit %d, %d bytes", code, len(stdout))
	}
	dir := t.TempDir()
	world(t, dir)
	code, _, stderr := inProcess(t.Context(), start.Add(time.Hour), io.LimitReader(endless('x'), 100<<20), "report", "add", "-", "--data", filepath.Join(dir, "usa"))
	if code != 1 || !strings.Contains(stderr, "-: more than 64 MiB") {
		t.Errorf("exit %d\n%s", code, stderr)
	}
}

// All faults of many lines are told, line by line, and none is held back until
// the end of a large input.
func TestImportAnswersInOrder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	world(t, dir)
	var in bytes.Buffer
	in.Write(generate(1200))
	code, stdout, stderr := inProcess(t.Context(), start.Add(time.Hour), &in, "report", "import", "--json", "--data", filepath.Join(dir, "usa"))
	if code != 0 || strings.Count(stdout, "\n") != 1200 {
		t.Fatalf("exit %d, %d answers\n%s", code, strings.Count(stdout, "\n"), stderr)
	}
	for i, l := range strings.Split(strings.TrimSpace(stdout), "\n") {
		if want := `{"line":` + strconv.Itoa(i+1) + `,`; !strings.HasPrefix(l, want) {
			t.Fatalf("answer %d is %s", i+1, l)
		}
	}
}
