package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"time"

	"tearline"
	"tearline/bench/kit"
	"tearline/leak/match"
	"tearline/leak/segment"
)

// An amount is how much is done.
type amount struct {
	data      string // the folder of the development data
	sizes     []int  // of archives, ascending
	perKind   int    // leaks
	unrelated int    // texts of a kind that draw on nothing
	noisy     int    // archive of the handled texts
	handled   int    // of each kind and way
	speeds    []int  // of the archives that time is taken with
	timed     int    // articles, and sentences
	peers     int    // portions that peers have too
	asked     int    // of each kind, of peers
	decoys    int    // unrelated articles, and sentences, of peers
}

var (
	full = amount{
		data: development, sizes: []int{10_000, 117_000, 1_000_000}, perKind: 400, unrelated: 1500,
		noisy: 117_000, handled: 200, speeds: []int{10_000, 117_000, 1_000_000, 3_000_000}, timed: 200,
		peers: 100_000, asked: 25, decoys: 100,
	}
	short = amount{
		data: development, sizes: []int{10_000}, perKind: 20, unrelated: 60,
		noisy: 10_000, handled: 10, speeds: []int{10_000, 30_000}, timed: 20,
		peers: 10_000, asked: 8, decoys: 30,
	}
)

// A bench is what all benchmarks of one run work on.
type bench struct {
	*kit.Bench
	amount
	texts
	archives map[int]*archive
}

func newBench(k *kit.Bench, a amount) *bench {
	return &bench{Bench: k, amount: a, archives: map[int]*archive{}}
}

// Close gives up the archives.
func (b *bench) Close() error {
	var errs []error
	for _, a := range b.archives {
		errs = append(errs, a.close())
	}
	return errors.Join(errs...)
}

var key = segment.NewKey([32]byte{'b', 'e', 'n', 'c', 'h'})

// An archive is one segment of the first portions, in a file that is mapped.
type archive struct {
	*match.Archive
	n              int // portions
	segment        *segment.Segment
	data           []byte
	made, together time.Duration // processor time of making the segments, and of merging them
}

func (a *archive) close() error {
	if a.data == nil {
		return nil
	}
	return syscall.Munmap(a.data)
}

// archive returns an archive of n portions.
func (b *bench) archive(n int) (*archive, error) {
	if a := b.archives[n]; a != nil {
		return a, nil
	}
	if err := b.load(); err != nil {
		return nil, err
	}
	if err := b.fill(n); err != nil {
		return nil, err
	}
	a := &archive{n: n}
	if err := b.build(a); err != nil {
		return nil, errors.Join(err, a.close())
	}
	a.Archive = match.NewArchive(key, a.segment)
	b.archives[n] = a
	return a, nil
}

// batch is how many portions make a segment before it is merged.
const batch = 1 << 16

// build makes one segment of the first portions, on one processor.
func (b *bench) build(a *archive) (err error) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var parts []*segment.Segment
	var mapped [][]byte
	defer func() {
		for _, m := range mapped {
			err = errors.Join(err, syscall.Munmap(m))
		}
	}()
	f := match.NewFiler(key)
	runtime.GC()
	start := kit.CPU()
	for from := 0; from < a.n; from += batch {
		if err := b.Ctx.Err(); err != nil {
			return err
		}
		s, data, err := b.part(f, from, min(from+batch, a.n))
		if err != nil {
			return err
		}
		parts, mapped = append(parts, s), append(mapped, data)
	}
	a.made = kit.CPU() - start
	start = kit.CPU()
	a.segment, a.data, err = b.write(func(out *os.File) error { return segment.Merge(out, key, [16]byte{2}, "", parts...) })
	a.together = kit.CPU() - start
	return err
}

// part makes a segment of some portions.
func (b *bench) part(f *match.Filer, from, to int) (*segment.Segment, []byte, error) {
	salt := [16]byte{1}
	copy(salt[1:], strconv.Itoa(from))
	sb := segment.NewBuilder(key, salt)
	for _, row := range b.rows[from:to] {
		w, err := wording(row.Text)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", row.ID, err)
		}
		if err := f.Documents(match.Portion{Ref: refOf(row.ID), Wording: w}, sb.Add); err != nil {
			return nil, nil, err
		}
	}
	return b.write(func(out *os.File) error { return sb.WriteTo(out, "") })
}

// write has a segment written to a file that vanishes with the mapping.
func (b *bench) write(to func(*os.File) error) (s *segment.Segment, data []byte, err error) {
	f, err := os.Create(filepath.Join(b.Dir, "segment"))
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	if err := to(f); err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	data, err = syscall.Mmap(int(f.Fd()), 0, int(info.Size()), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, nil, err
	}
	if s, err = segment.Open(data, key); err != nil {
		return nil, nil, errors.Join(err, syscall.Munmap(data))
	}
	return s, data, nil
}

// wording makes one without alternatives.
func wording(text string) (tearline.Wording, error) {
	return tearline.PlainWording(text)
}

func refOf(id string) tearline.PortionRef {
	return tearline.PortionRef{Report: tearline.ReportID(id), Portion: "p1"}
}

// An answer is what was found for a query.
type answer struct {
	query
	matches []match.Match
}

// ask searches for all queries, on all processors.
func ask(ctx context.Context, a *archive, queries []query) ([]answer, error) {
	out := make([]answer, len(queries))
	errs := make([]error, len(queries))
	next := make(chan int)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			s := a.NewSearcher()
			for i := range next {
				out[i].query = queries[i]
				out[i].matches, errs[i] = search(s, queries[i].Query)
			}
		})
	}
	for i := range queries {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	wg.Wait()
	return out, errors.Join(append(errs, ctx.Err())...)
}

func search(s *match.Searcher, text string) ([]match.Match, error) {
	l, err := match.Prepare(text)
	if err != nil {
		return nil, err
	}
	return s.Search(l)
}
