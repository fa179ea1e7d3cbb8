package leakindex_test

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tearline/internal/leakindex"
)

// childVar makes the test binary one of the children below.
const childVar = "TEARLINE_LEAKINDEX_CHILD"

func TestMain(m *testing.M) {
	switch mode, dir, _ := strings.Cut(os.Getenv(childVar), " "); mode {
	case "":
	case "grow":
		grow(dir)
		return
	case "hold":
		hold(dir)
		return
	}
	flag.Parse()
	if f := flag.Lookup("rapid.checks"); f != nil && f.Value.String() == f.DefValue {
		if err := f.Value.Set("6"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// step is how many reports the growing child files before it updates.
const step = 60

// A teller is a failer without a test.
type teller struct{}

func (teller) Helper()        {}
func (teller) Fatal(a ...any) { panic(fmt.Sprint(a...)) }

// grow updates an index with ever more of a store, merging and now and then
// making it anew, and says how much it has done. It ends by being killed.
func grow(dir string) {
	ctx := context.Background()
	dir, from, _ := strings.Cut(dir, " ")
	n, err := strconv.Atoi(from)
	if err != nil {
		panic(err)
	}
	s := &store{}
	s.fill(teller{}, n, someShards...)
	ix, err := leakindex.Open(dir, secret)
	if err != nil {
		panic(err)
	}
	ix.Limit(40, 10) // so that an update writes more than once
	for round := 1; ; round++ {
		if err := ix.Update(ctx, s.source(), nil); err != nil {
			panic(err)
		}
		fmt.Println(len(s.reports))
		if err := ix.Merge(ctx); err != nil {
			panic(err)
		}
		if round%7 == 0 {
			if err := ix.Rebuild(ctx, s.source(), nil); err != nil {
				panic(err)
			}
		}
		s.fill(teller{}, step, someShards...)
	}
}

// hold writes, and stops in the middle of it until its input ends.
func hold(dir string) {
	s := &store{}
	s.fill(teller{}, 600, someShards...)
	ix, err := leakindex.Open(dir, secret)
	if err != nil {
		panic(err)
	}
	ix.Fail(func(what, name string) error {
		if what == "rename" && name == "manifest.json" {
			fmt.Println("held")
			_, err := io.Copy(io.Discard, os.Stdin)
			return err
		}
		return nil
	})
	if err := ix.Update(context.Background(), s.source(), nil); err != nil {
		panic(err)
	}
	fmt.Println("done")
}

// child starts the test binary as a child.
func child(t *testing.T, mode string) (cmd *exec.Cmd, in io.WriteCloser, out *bufio.Reader) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd = exec.Command(self)
	cmd.Env = append(os.Environ(), childVar+"="+mode)
	cmd.Stderr = os.Stderr
	in, err = cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return cmd, in, bufio.NewReader(stdout)
}

// sound fails if something is in the index twice, or is not in the store.
func sound(tb testing.TB, ix *leakindex.Index, s *store) {
	tb.Helper()
	snap := ix.Snapshot(all)
	defer snap.Release()
	got, err := refs(ix.Segments(snap))
	if err != nil {
		tb.Fatal(err)
	}
	want := s.want(all)
	for i, r := range got {
		if _, found := slices.BinarySearch(want, r); !found || i > 0 && got[i-1] == r {
			tb.Fatalf("%s is there twice, or not in the store", r)
		}
	}
}

// TestKilled: an index that is killed while it grows, merges or is made anew
// goes on where it was.
func TestKilled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := rand.New(rand.NewPCG(20260302, 1))
	done, kills := 0, 5
	if os.Getenv("TEARLINE_CRASH") == "full" {
		kills = 100
	}
	for range kills {
		cmd, _, out := child(t, fmt.Sprint("grow ", dir, " ", done+step))
		time.AfterFunc(time.Duration(30+r.IntN(250))*time.Millisecond, func() { _ = cmd.Process.Kill() })
		for {
			line, err := out.ReadString('\n')
			if err != nil {
				break
			}
			if done, err = strconv.Atoi(strings.TrimSpace(line)); err != nil {
				t.Fatal(err)
			}
		}
		if err := cmd.Wait(); err == nil {
			t.Fatal("it was not killed")
		}
		s := &store{}
		s.fill(t, done+step, someShards...)
		ix := open(t, dir)
		if st := ix.Stats(); st.Documents < done || st.Rebuilding {
			t.Fatalf("%d were indexed, now there are %+v", done, st)
		}
		sound(t, ix, s)
		update(t, ix, s)
		same(t, ix, s)
	}
	t.Logf("%d reports in the end", done)
}

// TestLocked: while another process writes, this one finds all the same.
func TestLocked(t *testing.T) {
	t.Parallel()
	dir, s := t.TempDir(), &store{}
	cmd, in, out := child(t, "hold "+dir)
	if line, err := out.ReadString('\n'); line != "held\n" {
		t.Fatal(line, err)
	}
	s.fill(t, 600, someShards...)
	ix := open(t, dir)
	update(t, ix, s)
	same(t, ix, s)
	if st := ix.Stats(); st.Pending != 600 || st.Segments != 0 {
		t.Errorf("%+v", st)
	}
	if err := ix.Merge(t.Context()); err != nil {
		t.Error(err)
	}
	if err := ix.SetCalibration([]byte("x")); err != nil {
		t.Error(err)
	}
	if _, ok := ix.Calibration(); ok {
		t.Error("written while another process wrote")
	}
	// What is too much for the memory has to wait.
	ix.Limit(800, 512)
	s.fill(t, 700, someShards...)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := ix.Update(ctx, s.source(), nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("no wait: %v", err)
	}
	sound(t, ix, s)
	if err := ix.Rebuild(ctx, s.source(), nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("no wait: %v", err)
	}
	time.AfterFunc(50*time.Millisecond, func() { _ = in.Close() })
	update(t, ix, s) // waits until the other is done, and goes on from there
	same(t, ix, s)
	if line, err := out.ReadString('\n'); line != "done\n" {
		t.Fatal(line, err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	if err := ix.Update(t.Context(), s.source(), nil); err != nil {
		t.Error(err)
	}
	again := open(t, dir)
	sound(t, again, s)
	if st := again.Stats(); st.Documents < 600 {
		t.Errorf("%+v", st)
	}
}

// TestEveryStepFails: whichever change of a file fails, alone or with all that
// follow, what is there stays right, and another attempt completes it.
func TestEveryStepFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	stride := 1
	if raceOn {
		stride = 3
	}
	for _, rest := range []bool{false, true} {
		for k := 0; ; k += stride {
			dir, s := quickDir(t), &store{}
			ix := open(t, dir)
			ix.Limit(100, 5)
			n, failed := 0, false
			ix.Fail(func(string, string) error {
				n++
				if n-1 == k || rest && n > k {
					failed = true
					return broken
				}
				return nil
			})
			var errs []error
			for range 8 {
				s.fill(t, 6, someShards[0])
				errs = append(errs, ix.Update(t.Context(), s.source(), nil))
				sound(t, ix, s)
			}
			errs = append(errs, ix.Merge(t.Context()), ix.SetCalibration([]byte("x")), ix.Rebuild(t.Context(), s.source(), nil))
			for _, err := range errs {
				if err != nil && !errors.Is(err, broken) {
					t.Fatalf("step %d: %v", k, err)
				}
			}
			if failed && errors.Join(errs...) == nil {
				t.Errorf("step %d failed and nobody was told", k)
			}
			if !rest || !failed {
				same(t, ix, s)
			}
			again := open(t, dir)
			again.Limit(100, 5)
			sound(t, again, s)
			update(t, again, s)
			same(t, again, s)
			ix.Fail(nil)
			update(t, ix, s)
			same(t, ix, s)
			if err := ix.Rebuild(t.Context(), s.source(), nil); err != nil {
				t.Fatal(err)
			}
			same(t, ix, s)
			if list, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(list) > 4 {
				t.Fatalf("step %d: %v is left, %v", k, list, err)
			}
			if _, err := os.Stat(filepath.Join(dir, "lock")); errors.Is(err, fs.ErrNotExist) {
				t.Error(err)
			}
			if !failed {
				break
			}
		}
	}
}
