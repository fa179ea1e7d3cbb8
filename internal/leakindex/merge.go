package leakindex

import (
	"context"
	"errors"
	"io"
	"math/bits"
	"slices"

	"tearline/internal/warrant/shards"
	"tearline/leak/segment"
)

// mergeFactor is how many segments of a size are merged into one.
const mergeFactor = 8

// Merge merges what is due: of a shard's segments, each time there are eight of
// about one size, those eight. It is meant for the background of a process, or
// for the end of a command; updates and searches go on meanwhile. If another
// process is writing, or has written since the last [Index.Update], it does
// nothing. What it finds damaged the next Update makes anew.
func (ix *Index) Merge(ctx context.Context) (err error) {
	ix.tidy.Lock()
	defer ix.tidy.Unlock()
	return ix.merge(ctx)
}

func (ix *Index) merge(ctx context.Context) (err error) {
	d := ix.due()
	if d == nil {
		return nil
	}
	releaseAll(d.from)
	ok, err := ix.tryAcquire(false)
	if err != nil || !ok {
		return err
	}
	defer func() { err = errors.Join(err, ix.yield()) }()
	for {
		d := ix.due()
		if d == nil {
			return nil
		}
		err := ix.mergeOne(ctx, d)
		if errors.Is(err, segment.ErrDamaged) {
			d.blame(ix)
			err = nil
		}
		releaseAll(d.from)
		if err != nil {
			return err
		}
	}
}

// due is what is to be merged: segments of one shard, held.
type due struct {
	shard shards.Shard
	from  []*piece
}

// blame finds out which segments are damaged.
func (d *due) blame(ix *Index) {
	broken := slices.DeleteFunc(slices.Clone(d.from), func(p *piece) bool { return p.seg.Verify() == nil })
	if len(broken) == 0 {
		broken = d.from // damaged, and the sums are right
	}
	ix.mu.Lock()
	defer ix.mu.Unlock()
	for _, p := range broken {
		ix.bad[p.File] = true
	}
}

// tier is the size of a segment, by powers of the factor.
func tier(documents int) int {
	n := uint64(documents) / (shardWritten / mergeFactor) //nolint:gosec // not negative
	return max(0, bits.Len64(n)-1) / 3
}

// due returns what is to be merged first, nil if nothing is.
func (ix *Index) due() *due {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	for _, c := range ix.sorted() {
		if slices.ContainsFunc(c.sh.disk, func(p *piece) bool { return ix.bad[p.File] }) {
			continue
		}
		tiers := map[int][]*piece{}
		for _, p := range c.sh.disk {
			t := tier(p.Documents)
			tiers[t] = append(tiers[t], p)
			if list := tiers[t]; len(list) == mergeFactor && documents(list) <= segment.MostDocuments {
				for _, p := range list {
					p.hold()
				}
				return &due{shard: c.shard, from: list}
			}
		}
	}
	return nil
}

func documents(list []*piece) int {
	n := 0
	for _, p := range list {
		n += p.Documents
	}
	return n
}

// mergeOne merges what is due, and puts it in the place of what it is made of.
func (ix *Index) mergeOne(ctx context.Context, d *due) error {
	segs := make([]*segment.Segment, len(d.from))
	e := entry{Shard: d.shard.String(), Marking: marking(d.shard), Documents: documents(d.from), shard: d.shard}
	for i, p := range d.from {
		segs[i] = p.seg
		e.Upto = max(e.Upto, p.Upto)
	}
	made, err := ix.files.write(e, ix.key, func(w io.Writer, label string) error {
		return segment.Merge(until{ctx, w}, ix.key, random(), label, segs...)
	})
	if err != nil {
		return err
	}
	if err := ix.files.sync(); err != nil {
		made.release()
		return errors.Join(err, ix.files.remove(made.File))
	}
	gone, err := ix.replace(d, made)
	switch {
	case err != nil: // perhaps the manifest names it; if not, it is swept
		made.release()
		return err
	case !gone:
		made.release()
		return ix.files.remove(made.File)
	}
	for _, p := range d.from {
		if err := ix.files.remove(p.File); err != nil {
			return err
		}
	}
	return nil
}

// replace makes the merged segment the one that counts; gone says that those
// it is made of do not any more.
func (ix *Index) replace(d *due, made *piece) (gone bool, err error) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	sh := ix.shards[d.shard]
	if sh == nil {
		return false, nil
	}
	rest := slices.DeleteFunc(slices.Clone(sh.disk), func(p *piece) bool { return slices.Contains(d.from, p) })
	if len(rest) != len(sh.disk)-len(d.from) {
		return false, nil // given up meanwhile
	}
	was := sh.disk
	sh.disk = append(rest, made)
	sh.order()
	if err := ix.save(); err != nil {
		sh.disk = was
		return false, err
	}
	releaseAll(d.from)
	ix.publish()
	return true, nil
}

// until writes as long as the context lasts.
type until struct {
	ctx context.Context //nolint:containedctx // of one call
	w   io.Writer
}

func (u until) Write(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.w.Write(p)
}
