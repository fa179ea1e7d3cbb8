package leakindex_test

import (
	"fmt"
	"iter"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/internal/leakindex"
	"tearline/internal/warrant/shards"
	"tearline/leak/match"
	"tearline/leak/segment"
)

var secret = [32]byte{1, 2, 3}

// someShards are some; the last is that of what cannot be placed.
var someShards = []shards.Shard{
	{Originators: "XHA", Policy: "us", Level: "SECRET"},
	{Originators: "XHA,XHB", Policy: "us", Level: "TOP SECRET", Compartments: "SI,TK"},
	{Originators: "XHB", Policy: "nato", Level: "CONFIDENTIAL"},
	{},
}

func all(shards.Shard) bool { return true }

func only(s shards.Shard) func(shards.Shard) bool {
	return func(t shards.Shard) bool { return s == t }
}

// A store is the reports that were filed; safe for concurrent use.
type store struct {
	mu      sync.Mutex
	reports [][]leakindex.Filed
	name    string // of the store: another one files by other statements
	reads   int    // reports read
}

// word is a word that no other number has, and of letters alone.
func word(kind string, n int) string {
	var b strings.Builder
	b.WriteString(kind)
	for _, d := range fmt.Sprintf("%06d", n) {
		b.WriteString([]string{"ba", "ce", "di", "fo", "gu", "ka", "le", "mi", "no", "pu"}[d-'0'])
	}
	return b.String()
}

// A failer is a test, or a property.
type failer interface {
	Helper()
	Fatal(args ...any)
}

// file files a report of portions of these shards.
func (s *store) file(tb failer, of ...shards.Shard) {
	tb.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.reports) + 1
	var report []leakindex.Filed
	for i, shard := range of {
		text := fmt.Sprintf("The %s left the quay at dawn with forty crates of %s aboard and turned north.", word("v", n), word(fmt.Sprint("w", string(rune('a'+i))), n))
		w, err := tearline.ParseWording(text)
		if err != nil {
			tb.Fatal(err)
		}
		report = append(report, leakindex.Filed{
			Mark: int64(10 * n), Filing: tearline.StatementID(fmt.Sprint(s.name, n)), Shard: shard,
			Portion: match.Portion{Ref: tearline.PortionRef{Report: tearline.ReportID(fmt.Sprint("R", n)), Portion: tearline.PortionID(fmt.Sprint("p", i))}, Wording: w},
		})
	}
	s.reports = append(s.reports, report)
}

// fill files so many reports of one portion, of each shard in turn.
func (s *store) fill(tb failer, n int, of ...shards.Shard) {
	tb.Helper()
	for i := range n {
		s.file(tb, of[i%len(of)])
	}
}

func (s *store) source() leakindex.Source {
	return leakindex.Source{
		Reports: func() (int64, error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			return int64(len(s.reports)), nil
		},
		After: func(after int64) iter.Seq2[leakindex.Filed, error] {
			s.mu.Lock()
			reports := slices.Clone(s.reports)
			s.mu.Unlock()
			return func(yield func(leakindex.Filed, error) bool) {
				for _, r := range reports {
					if len(r) == 0 || r[0].Mark <= after {
						continue
					}
					s.mu.Lock()
					s.reads++
					s.mu.Unlock()
					for _, f := range r {
						if !yield(f, nil) {
							return
						}
					}
				}
			}
		},
	}
}

// quickDir is a directory, in memory if there is such a place: tests that make
// files durable hundreds of times need not wait for the disk.
func quickDir(tb testing.TB) string {
	tb.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "tearline-") //nolint:usetesting // not where tests have theirs
	if err != nil {
		return tb.TempDir()
	}
	tb.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			tb.Error(err)
		}
	})
	return dir
}

func open(tb testing.TB, dir string) *leakindex.Index {
	tb.Helper()
	ix, err := leakindex.Open(dir, secret)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := ix.Close(); err != nil {
			tb.Error(err)
		}
	})
	return ix
}

func update(tb testing.TB, ix *leakindex.Index, s *store) {
	tb.Helper()
	if err := ix.Update(tb.Context(), s.source(), nil); err != nil {
		tb.Fatal(err)
	}
}

// refs returns the portions of which there are records, in order; it fails on
// a record that is not that of its portion.
func refs(segs []*segment.Segment) ([]string, error) {
	var out []string
	for _, seg := range segs {
		for doc := range seg.Len() {
			record, err := seg.Record(nil, doc)
			if err != nil {
				return nil, err
			}
			report := string(record[1 : 1+record[0]])
			record = record[1+len(report):]
			out = append(out, report+"/"+string(record[1:1+record[0]]))
		}
	}
	slices.Sort(out)
	return out, nil
}

// want returns the portions that the store has of the shards.
func (s *store) want(covers func(shards.Shard) bool) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, r := range s.reports {
		for _, f := range r {
			if covers(f.Shard) {
				out = append(out, string(f.Portion.Ref.Report)+"/"+string(f.Portion.Ref.Portion))
			}
		}
	}
	slices.Sort(out)
	return out
}

// look compares the index with the store: each portion once, of the shards
// that are covered. The error is that of a search.
func look(ix *leakindex.Index, s *store, covers func(shards.Shard) bool) (diff string, err error) {
	snap := ix.Snapshot(covers)
	got, err := refs(ix.Segments(snap))
	if err == nil && snap.Archive().Len() != len(got) {
		diff = fmt.Sprintf("the archive has %d documents, there are %d\n", snap.Archive().Len(), len(got))
	}
	snap.Release()
	if err != nil {
		return "", err
	}
	return diff + cmp.Diff(s.want(covers), got), nil
}

// same fails unless the index is what the store is.
func same(tb testing.TB, ix *leakindex.Index, s *store) {
	tb.Helper()
	for i, covers := range []func(shards.Shard) bool{all, only(someShards[0]), only(someShards[1]), only(someShards[2]), only(someShards[3])} {
		diff, err := look(ix, s, covers)
		if err != nil || diff != "" {
			tb.Fatalf("%d: %v\n%.2000s", i, err, diff)
		}
	}
}
