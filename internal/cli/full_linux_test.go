package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// On a full disk an act fails and says so; what was acknowledged is there, and
// once there is room again the import is completed.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=2m,mode=0700"); err != nil {
		t.Skipf("no small disk can be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, 0); err != nil {
			t.Error(err)
		}
	})
	u := &user{t: t, data: filepath.Join(disk, "usa"), now: start}
	if a := u.run("init", "--party", "USA"); a.code != 0 {
		t.Fatal(a.stderr)
	}
	const reports = 1500
	code, stdout, stderr := inProcess(t.Context(), start.Add(time.Hour), bytes.NewReader(generate(reports)), "report", "import", "--json", "--data", u.data)
	if code != 1 || !strings.Contains(stderr, "the disk is full") || !strings.Contains(stderr, "free some space and try again; nothing of this step was written") {
		t.Fatalf("exit %d after %d answers: %s", code, strings.Count(stdout, "\n"), stderr)
	}
	acknowledged := strings.Count(stdout, "\n")
	// Room again.
	if err := syscall.Mount("tmpfs", disk, "tmpfs", syscall.MS_REMOUNT, "size=100m"); err != nil {
		t.Fatal(err)
	}
	if a := u.run("ledger", "verify"); a.code != 0 {
		t.Fatalf("the ledger after a full disk: %s%s", a.stdout, a.stderr)
	}
	a := u.run("report", "list", "--limit", "100000", "--json")
	if got := strings.Count(a.stdout, `"id":`); got != acknowledged {
		t.Errorf("%d reports were acknowledged, %d are there", acknowledged, got)
	}
	code, stdout, stderr = inProcess(t.Context(), start.Add(2*time.Hour), bytes.NewReader(generate(reports)), "report", "import", "--data", u.data)
	if code != 0 {
		t.Errorf("exit %d: %s%s", code, stdout, stderr)
	}
	if a := u.run("ledger", "verify"); a.code != 0 || !strings.Contains(a.stdout, "1,500 reports") {
		t.Errorf("in the end: %s%s", a.stdout, a.stderr)
	}
	u.now = start.Add(3 * time.Hour)
	// A copy that finds no room is not recorded as handed out.
	small := filepath.Join(disk, "small")
	if err := os.Mkdir(small, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", small, "tmpfs", 0, "size=4k,mode=0700"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(small, 0); err != nil {
			t.Error(err)
		}
	})
	if err := os.WriteFile(filepath.Join(small, "ballast"), make([]byte, 4096), 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(small, "copy.md")
	if a := u.run("release", "GEN-0", "--to", "USA", "--out", out); a.code != 1 || !strings.Contains(a.stderr, "no space left on device") {
		t.Errorf("exit %d: %s%s", a.code, a.stdout, a.stderr)
	}
	if list, err := os.ReadDir(small); err != nil || len(list) != 1 {
		t.Errorf("left behind: %v, %v", list, err)
	}
}
