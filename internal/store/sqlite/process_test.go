//go:build unix

package sqlite_test

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"tearline"
	"tearline/internal/store/sqlite"
)

// Other processes are this test binary, run again with a job in its
// environment.
const jobVariable = "TEARLINE_STORE_JOB"

var crashRounds = flag.Int("crash.rounds", 15, "how often the writing process is killed")

func TestMain(m *testing.M) {
	jobs := map[string]func(dir string) error{"crash": jobCrash, "hold": jobHold, "many": jobMany, "nobody": jobNobody}
	run := jobs[os.Getenv(jobVariable)]
	if run == nil {
		os.Exit(m.Run())
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// A child is another process at work in a data directory.
type child struct {
	*exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
}

func start(tb testing.TB, jobName, dir string) *child {
	tb.Helper()
	self, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	c := &child{Cmd: exec.Command(self, dir)}
	c.Env = append(os.Environ(), jobVariable+"="+jobName)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if c.in, err = c.StdinPipe(); err != nil {
		tb.Fatal(err)
	}
	c.out = bufio.NewScanner(out)
	if err := c.Start(); err != nil {
		tb.Fatal(err)
	}
	return c
}

func (c *child) line(tb testing.TB) string {
	tb.Helper()
	if !c.out.Scan() {
		tb.Fatalf("the other process says nothing: %v, %v", c.out.Err(), c.Wait())
	}
	return c.out.Text()
}

// job is the test as a helper sees it in another process.
type job struct{ testing.TB }

func (job) Helper() {}

func (job) Fatal(args ...any) { panic(fmt.Sprint(args...)) }

// jobCrash files reports until it is killed, up to three in a transaction, and
// says which it has acknowledged.
func jobCrash(dir string) error {
	ctx := context.Background()
	db, err := sqlite.Open(ctx, dir)
	if err != nil {
		return err
	}
	s := newSpeaker(job{}, holder)
	for {
		var said []string
		err := db.Write(ctx, func(tx *sqlite.Tx) error {
			size, err := tx.LogSize(holder)
			if err != nil {
				return err
			}
			for i := range size%3 + 1 {
				s.said = int(size + i)
				signed, row := s.file(job{}, reportID(int(size+i)))
				index, err := tx.Append(holder, signed, string(row.ID))
				if err != nil {
					return err
				}
				if err := tx.PutReport(row, nil); err != nil {
					return err
				}
				said = append(said, fmt.Sprintf("%d %s", index, row.Filing))
			}
			return nil
		})
		if err != nil {
			return err
		}
		// One call each: a line is written whole or not at all.
		for _, line := range said {
			if _, err := os.Stdout.WriteString(line + "\n"); err != nil {
				return err
			}
		}
		size, root := root(job{}, db, holder)
		if err := db.NoteSize(holder, size, root); err != nil {
			return err
		}
	}
}

// TestKilled kills a process that writes at any instant: nothing that it
// acknowledged is lost, nothing is there twice, and rows and ledger agree.
func TestKilled(t *testing.T) {
	db, dir := create(t)
	closed(t, db)
	s := newSpeaker(t, holder)
	random := rand.New(rand.NewPCG(1, 2))
	acknowledged := map[int64]string{}
	for round := range *crashRounds {
		c := start(t, "crash", dir)
		first := make(chan struct{})
		var wg sync.WaitGroup
		wg.Go(func() {
			writing := sync.OnceFunc(func() { close(first) })
			defer writing()
			for c.out.Scan() {
				writing()
				var index int64
				var id string
				if _, err := fmt.Sscanf(c.out.Text(), "%d %s", &index, &id); err != nil {
					t.Errorf("line %q: %v", c.out.Text(), err)
				}
				if old, ok := acknowledged[index]; ok {
					t.Errorf("entry %d acknowledged as %s and as %s", index, old, id)
				}
				acknowledged[index] = id
			}
		})
		// Now before it has opened the database, now well into its writing.
		if round%3 > 0 {
			<-first
		}
		time.Sleep(time.Duration(random.IntN(60_000)) * time.Microsecond)
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		wg.Wait()
		_ = c.Wait() // killed
		db := reopen(t, dir)
		agree(t, db, s, acknowledged)
		closed(t, db)
	}
	if len(acknowledged) == 0 {
		t.Error("nothing was ever written")
	}
	t.Logf("%d entries acknowledged over %d kills", len(acknowledged), *crashRounds)
	db = reopen(t, dir)
	if err := tryAppend(t, db, &speaker{party: s.party, key: s.key, rand: s.rand, said: 1 << 20}); err != nil {
		t.Errorf("it does not go on: %v", err)
	}
}

// agree checks ledger, entries and reports against each other.
func agree(t *testing.T, db *sqlite.DB, s *speaker, acknowledged map[int64]string) {
	t.Helper()
	size := checkLog(t, db, s)
	read(t, db, func(tx *sqlite.Tx) error {
		entries, err := collect(tx.Entries(holder, 0))
		if err != nil {
			return err
		}
		places := map[tearline.StatementID]int64{}
		for _, e := range entries {
			if _, ok := places[e.ID]; ok {
				t.Errorf("statement %s is there twice", e.ID)
			}
			places[e.ID] = e.Index
		}
		for index, id := range acknowledged {
			if got, ok := places[tearline.StatementID(id)]; !ok || got != index {
				t.Errorf("entry %d, %s, was acknowledged: now at %d, %v", index, id, got, ok)
			}
		}
		var n int64
		for r, err := range tx.EachReport(holder) {
			if err != nil {
				return err
			}
			if place, ok := places[r.Filing]; !ok || r.ID != reportID(int(place)) {
				t.Errorf("report %s: its filing %s is at %d, %v", r.ID, r.Filing, place, ok)
			}
			if found, err := collect(tx.ByRef(string(r.ID))); err != nil || len(found) != 1 || found[0].ID != r.Filing {
				t.Errorf("report %s: %d entries under its name, %v", r.ID, len(found), err)
			}
			n++
		}
		count, err := tx.CountReports(holder)
		if n != size || count != size {
			t.Errorf("%d reports, counted as %d, %d entries", n, count, size)
		}
		return err
	})
}

// jobHold appends, and commits when it is told to.
func jobHold(dir string) error {
	ctx := context.Background()
	db, err := sqlite.Open(ctx, dir)
	if err != nil {
		return err
	}
	signed := newSpeaker(job{}, holder).say(job{}, &tearline.Exclusion{Party: "XHC"})
	err = db.Write(ctx, func(tx *sqlite.Tx) error {
		if _, err := tx.Append(holder, signed); err != nil {
			return err
		}
		fmt.Println("holding")
		_, err := fmt.Scanln()
		if errors.Is(err, io.EOF) {
			return nil
		}
		return err
	})
	return errors.Join(err, db.Close())
}

func TestTwoProcesses(t *testing.T) {
	db, dir := create(t)
	s := newSpeaker(t, holder)
	c := start(t, "hold", dir)
	c.line(t)
	// Reading does not wait, and sees nothing that is not committed.
	if n := checkLog(t, db, s); n != 0 {
		t.Errorf("%d entries", n)
	}
	// Writing waits: first in vain, then until the other has done.
	if err := db.Exec("pragma busy_timeout = 50"); err != nil {
		t.Fatal(err)
	}
	err := db.Write(context.Background(), func(*sqlite.Tx) error { return nil })
	wantError(t, err, tearline.Transient, "another process is writing")
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	fresh := reopen(t, dir)
	if err := fresh.Write(ctx, func(*sqlite.Tx) error { return nil }); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Write = %v", err)
	}
	done := make(chan error)
	var seen int64
	go func() {
		done <- fresh.Write(context.Background(), func(tx *sqlite.Tx) (err error) {
			seen, err = tx.LogSize(holder)
			return err
		})
	}()
	select {
	case err := <-done:
		t.Fatalf("the second writer did not wait: %v", err)
	case <-time.After(100 * time.Millisecond):
	}
	if err := c.in.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil || seen != 1 {
		t.Errorf("the second writer: %v, and it saw %d entries", err, seen)
	}
	if err := c.Wait(); err != nil {
		t.Error(err)
	}
}

const manyEach = 40

// jobMany appends as fast as it can, among others who do.
func jobMany(dir string) error {
	ctx := context.Background()
	db, err := sqlite.Open(ctx, dir)
	if err != nil {
		return err
	}
	s := newSpeaker(job{}, holder)
	s.said = os.Getpid() * manyEach // so that no two processes say the same
	for range manyEach {
		signed := s.say(job{}, &tearline.Exclusion{Party: "XHC"})
		err := db.Write(ctx, func(tx *sqlite.Tx) error {
			_, err := tx.Append(holder, signed)
			return err
		})
		if err != nil {
			return err
		}
		size, root := root(job{}, db, holder)
		if err := db.NoteSize(holder, size, root); err != nil {
			return err
		}
	}
	return db.Close()
}

func TestManyProcesses(t *testing.T) {
	db, dir := create(t)
	s := newSpeaker(t, holder)
	var all []*child
	for range 3 {
		all = append(all, start(t, "many", dir))
	}
	for _, c := range all {
		if err := c.Wait(); err != nil {
			t.Error(err)
		}
	}
	if n := checkLog(t, db, s); n != int64(len(all))*manyEach {
		t.Errorf("%d entries", n)
	}
	if err := tryAppend(t, db, s); err != nil {
		t.Error(err)
	}
}

// jobNobody does, without any privilege, what it can in a data directory, and
// says how that went.
func jobNobody(dir string) error {
	if os.Getuid() == 0 {
		const nobody = 65534
		if err := errors.Join(syscall.Setgid(nobody), syscall.Setuid(nobody)); err != nil {
			return err
		}
	}
	ctx := context.Background()
	report := func(err error) {
		var e *tearline.Error
		switch {
		case err == nil:
			fmt.Println("ok")
		case !errors.As(err, &e):
			fmt.Printf("undressed: %v\n", err)
		default:
			fmt.Printf("%v: %s; %s\n", e.Kind, e.Public, e.Hint)
		}
	}
	db, err := sqlite.Open(ctx, dir)
	if err == nil {
		err = db.Write(ctx, func(tx *sqlite.Tx) error { return tx.SetMeta("k", "v") })
		err = errors.Join(err, db.Close())
	}
	report(err)
	_, err = sqlite.Create(ctx, filepath.Join(dir, "deeper"))
	report(err)
	return nil
}

// A directory or a file that one may not write. Run by root, it is tried by a
// process that has given up its rights.
func TestNotPermitted(t *testing.T) {
	for _, tt := range []struct {
		name      string
		dir, file os.FileMode
		mine      bool // of whoever tries
		open      string
	}{
		{"all of it", 0o700, 0o600, true, "ok"},
		{"directory closed", 0o000, 0o600, true, "other: the data directory cannot be opened for writing; it and"},
		{"directory read-only", 0o500, 0o600, true, "other: the data directory cannot be opened for writing; it and"},
		{"file read-only", 0o700, 0o400, true, "other: the data directory cannot be opened for writing; it and"},
		{"file closed", 0o700, 0o000, true, "other: the data directory cannot be opened for writing; it and"},
		{"another's", 0o700, 0o600, false, "other: the data directory cannot be opened for writing; it and"},
		{"another's, open to read", 0o755, 0o644, false, "other: the data directory cannot be opened for writing; it and"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			root := os.Getuid() == 0
			if !tt.mine && !root {
				t.Skip("only root can make another's file")
			}
			top := t.TempDir()
			dir := filepath.Join(top, "data")
			t.Cleanup(func() { _ = os.Chmod(dir, 0o700) }) // or it could not be removed
			db, err := sqlite.Create(context.Background(), dir)
			if err != nil {
				t.Fatal(err)
			}
			closed(t, db)
			file := filepath.Join(dir, dbFile)
			if root && tt.mine {
				err = errors.Join(os.Chown(dir, 65534, 65534), os.Chown(file, 65534, 65534))
			}
			if err := errors.Join(err, os.Chmod(top, 0o755), os.Chmod(filepath.Dir(top), 0o755), os.Chmod(file, tt.file), os.Chmod(dir, tt.dir)); err != nil {
				t.Fatal(err)
			}
			c := start(t, "nobody", dir)
			if got := c.line(t); !strings.HasPrefix(got, tt.open) {
				t.Errorf("open: %q, want %q", got, tt.open)
			}
			want := "other: the data directory cannot be opened for writing"
			if tt.dir == 0o700 && tt.mine {
				want = "ok"
			}
			if got := c.line(t); !strings.HasPrefix(got, want) {
				t.Errorf("create: %q, want %q", got, want)
			}
			if err := c.Wait(); err != nil {
				t.Error(err)
			}
		})
	}
}
