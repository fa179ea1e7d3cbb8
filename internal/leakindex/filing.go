package leakindex

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"tearline/internal/warrant/shards"
	"tearline/leak/match"
	"tearline/leak/segment"
)

const (
	chunkPortions = 256  // a chunk ends with the report that makes it so large,
	chunkReports  = 4096 // or after so many
	mostWorkers   = 16
)

// A chunk is some whole reports on their way from the store into memory.
type chunk struct {
	take    []Filed              // what is not in the index
	docs    [][]segment.Document // of each of take
	reports int
	to      point // after these reports
	last    stamp
	err     error
	settled chan struct{} // closed when docs are made, or err is set
}

// errOtherStore is a store that has not what was indexed: one put back from a
// backup, as a rule. The index is made anew.
var errOtherStore = errors.New("the store has not the reports that were indexed")

// A conveyor reads a source and makes documents of it, with all processors,
// in order. Its fields do not change while it runs.
type conveyor struct {
	source Source
	filers *sync.Pool
	seen   point
	last   stamp
	have   map[shards.Shard]int64 // of each shard, up to where it is in the index

	work  chan *chunk // to the workers
	queue chan *chunk // to who takes them
	err   error       // once queue is closed
	group sync.WaitGroup
}

// start begins; queue yields the chunks in order and is closed at the end.
// What follows a chunk with an error does not count. After cancelling ctx and
// emptying queue the caller must wait for group.
func (c *conveyor) start(ctx context.Context) {
	workers := min(runtime.GOMAXPROCS(0), mostWorkers)
	c.work, c.queue = make(chan *chunk), make(chan *chunk, 4*workers)
	c.group.Go(func() {
		defer close(c.queue)
		defer close(c.work)
		c.err = c.read(ctx, workers)
	})
}

// read cuts what the source yields into chunks.
func (c *conveyor) read(ctx context.Context, workers int) error {
	r := reading{conveyor: c, ctx: ctx, idle: workers, after: c.seen.Mark, met: c.last.Mark == 0}
	if !r.met {
		r.after = min(r.after, c.last.Mark-1) // to see that it is the same store
	}
	r.mark, r.next = r.after, &chunk{to: c.seen, last: c.last}
	for f, err := range c.source.After(r.after) {
		if err != nil {
			return err
		}
		if f.Mark < r.mark || f.Mark <= r.after {
			return fmt.Errorf("the store yields report %d after %d", f.Mark, r.mark)
		}
		if f.Mark > r.mark {
			if err := r.report(f); err != nil {
				return err
			}
		}
		if f.Mark > c.have[f.Shard] {
			r.next.take = append(r.next.take, f)
		}
	}
	if !r.met {
		return errOtherStore
	}
	return r.send()
}

// reading is where a conveyor reads.
type reading struct {
	*conveyor
	ctx   context.Context //nolint:containedctx // of one call
	after int64           // it reads what follows
	mark  int64           // the latest report
	met   bool            // the newest report that was indexed is in the store
	next  *chunk
	idle  int // workers that have not begun
}

// report begins with a report, of which f is the first portion.
func (r *reading) report(f Filed) error {
	if err := r.ctx.Err(); err != nil {
		return err
	}
	if len(r.next.take) >= chunkPortions || r.next.reports >= chunkReports {
		if err := r.send(); err != nil {
			return err
		}
	}
	if f.Mark == r.last.Mark {
		r.met = f.Filing == r.last.Filing
	}
	if f.Mark >= r.last.Mark && !r.met {
		return errOtherStore
	}
	r.mark = f.Mark
	r.next.step(f, r.seen)
	return nil
}

// step goes on to the next report.
func (k *chunk) step(f Filed, seen point) {
	k.reports++
	if f.Mark > seen.Mark {
		k.to = point{Mark: f.Mark, Reports: k.to.Reports + 1}
	}
	if f.Mark > k.last.Mark {
		k.last = stamp{Mark: f.Mark, Filing: f.Filing}
	}
}

// send sends a chunk on its way and begins another.
func (r *reading) send() error {
	k := r.next
	r.next = &chunk{to: k.to, last: k.last}
	k.settled = make(chan struct{})
	if len(k.take) == 0 {
		close(k.settled)
	} else {
		if r.idle > 0 {
			r.idle--
			r.group.Go(r.file)
		}
		select {
		case r.work <- k:
		case <-r.ctx.Done():
			return r.ctx.Err()
		}
	}
	select {
	case r.queue <- k:
		return nil
	case <-r.ctx.Done():
		return r.ctx.Err()
	}
}

// file makes documents of the portions of one chunk after the other.
func (c *conveyor) file() {
	filer, ok := c.filers.Get().(*match.Filer)
	if !ok {
		return // the pool makes nothing else
	}
	defer c.filers.Put(filer)
	for k := range c.work {
		k.docs = make([][]segment.Document, len(k.take))
		for i := range k.take {
			k.err = filer.Documents(k.take[i].Portion, func(d segment.Document) error {
				k.docs[i] = append(k.docs[i], own(d))
				return nil
			})
			if k.err != nil {
				break
			}
		}
		close(k.settled)
	}
}

// own copies a document, which is the filer's.
func own(d segment.Document) segment.Document {
	all := slices.Concat(d.Terms, d.Pairs, d.Grams)
	t, p := len(d.Terms), len(d.Terms)+len(d.Pairs)
	return segment.Document{Terms: all[:t:t], Pairs: all[t:p:p], Grams: all[p:], Size: d.Size, Record: slices.Clone(d.Record)}
}
