package leakindex

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"slices"

	"tearline/internal/warrant/shards"
	"tearline/leak/segment"
)

// Update takes what the store has and the index has not; what was damaged is
// made anew. What it took is found at once. Little of it stays in memory; what
// is more is written, if no other process is writing: then it waits only when
// there is too much for the memory. It does not merge: after a large update a
// command calls [Index.Merge].
//
// When it errs, or ctx ends, what was taken until then is found, and another
// Update goes on from there.
func (ix *Index) Update(ctx context.Context, source Source, progress Progress) error {
	ix.work.Lock()
	defer ix.work.Unlock()
	if err := ix.refresh(); err != nil {
		return err
	}
	u := &update{ix: ix, source: source, progress: progress}
	if progress != nil {
		var err error
		if u.total, err = source.Reports(); err != nil {
			return err
		}
	}
	err := u.run(ctx)
	if u.locked {
		err = errors.Join(err, ix.yield())
	}
	return errors.Join(err, ix.settle(err == nil))
}

// An update is one run of Update.
type update struct {
	ix       *Index
	source   Source
	progress Progress
	total    int64
	locked   bool
	epoch    int
	taken    int   // documents
	again    int64 // reports that were read
}

// errAgain: another process wrote meanwhile; the store is read again from
// where the manifest now stands.
var errAgain = errors.New("the index was changed meanwhile")

func (u *update) run(ctx context.Context) error {
	for {
		err := u.pass(ctx)
		if err == nil {
			err = u.finish(ctx)
		}
		switch {
		case errors.Is(err, errAgain):
		case errors.Is(err, errOtherStore):
			u.ix.startAnew()
		default:
			return err
		}
	}
}

// startAnew forgets everything.
func (ix *Index) startAnew() {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	for s := range ix.shards {
		ix.forget(s)
	}
	ix.seen, ix.last, ix.unsaid = point{}, stamp{}, true
}

// pass reads the store to its end.
func (u *update) pass(ctx context.Context) error {
	ix := u.ix
	ctx, cancel := context.WithCancel(ctx)
	ix.mu.Lock()
	u.epoch = ix.epoch
	c := &conveyor{source: u.source, filers: &ix.filers, seen: ix.seen, last: ix.last, have: map[shards.Shard]int64{}}
	for s, sh := range ix.shards {
		c.have[s] = sh.have
	}
	ix.mu.Unlock()
	c.start(ctx)
	defer c.group.Wait()
	defer cancel()
	for k := range c.queue {
		<-k.settled
		if k.err != nil {
			return k.err
		}
		if err := u.take(k); err != nil {
			return err
		}
		if u.progress != nil {
			u.progress(min(k.to.Reports, u.total), u.total)
		}
		if ix.pending() >= ix.room {
			if err := u.relieve(ctx); err != nil {
				return err
			}
		}
	}
	return c.err
}

// take puts a chunk into memory.
func (u *update) take(k *chunk) error {
	ix := u.ix
	ix.mu.Lock()
	defer ix.mu.Unlock()
	for i := range k.take {
		f := &k.take[i]
		sh := ix.shards[f.Shard]
		if len(k.docs[i]) > 0 {
			if sh == nil {
				sh = &shard{}
				ix.shards[f.Shard] = sh
			}
			if sh.young == nil {
				sh.young, sh.base, sh.before, sh.waited = segment.NewBuilder(ix.key, random()), sh.upto, ix.seen, 0
			}
		}
		for _, d := range k.docs[i] {
			if err := sh.young.Add(d); err != nil {
				return err
			}
			u.taken++
		}
		if sh != nil {
			sh.have = f.Mark
		}
	}
	u.again += k.to.Reports - ix.seen.Reports
	ix.seen, ix.last = k.to, k.last
	return nil
}

// random returns 16 random bytes.
func random() (b [16]byte) {
	_, _ = rand.Read(b[:]) // never errs
	return b
}

// pending is how many documents are in memory alone.
func (ix *Index) pending() int {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	n := 0
	for _, sh := range ix.shards {
		if sh.young != nil {
			n += sh.young.Len()
		}
	}
	return n
}

// relieve writes so much of what is in memory that there is room again.
func (u *update) relieve(ctx context.Context) error {
	if err := u.writer(ctx, true); err != nil {
		return err
	}
	rest := 0
	return u.ix.write(ctx, func(sh *shard, left int) bool {
		sh.waited++
		if sh.young.Len() >= shardWritten || sh.waited >= patience || rest+left > u.ix.room/2 {
			return true
		}
		rest += sh.young.Len()
		return false
	})
}

// finish writes what is to be written at the end of an update.
func (u *update) finish(ctx context.Context) error {
	ix := u.ix
	ix.mu.Lock()
	all := u.taken >= ix.worth || u.again >= readAgain || ix.unsaid
	some := all
	for _, sh := range ix.shards {
		some = some || sh.young != nil && sh.young.Len() >= shardWritten
	}
	ix.mu.Unlock()
	if !some {
		return nil
	}
	if err := u.writer(ctx, false); err != nil || !u.locked {
		return err
	}
	return ix.write(ctx, func(sh *shard, _ int) bool { return all || sh.young.Len() >= shardWritten })
}

// writer makes this process the one that writes, if it can; locked says so.
// It errs with errAgain if the index is not what it was before.
func (u *update) writer(ctx context.Context, wait bool) (err error) {
	if u.locked {
		return nil
	}
	if u.locked, err = u.ix.acquire(ctx, wait); err != nil || !u.locked {
		return err
	}
	u.ix.mu.Lock()
	defer u.ix.mu.Unlock()
	if u.ix.epoch != u.epoch {
		return errAgain
	}
	return nil
}

// write writes what is young of those shards that are wanted, the largest
// first, and the manifest. It is told how many documents there are from each
// shard on. Work and the writer's lock are held.
func (ix *Index) write(ctx context.Context, wanted func(sh *shard, left int) bool) error {
	ix.mu.Lock()
	list := make([]chosen, 0, len(ix.shards))
	left := 0
	for s, sh := range ix.shards {
		if sh.young != nil {
			list = append(list, chosen{shard: s, sh: sh})
			left += sh.young.Len()
		}
	}
	ix.mu.Unlock()
	slices.SortFunc(list, func(a, b chosen) int { return b.sh.young.Len() - a.sh.young.Len() })
	list = slices.DeleteFunc(list, func(c chosen) bool {
		n := c.sh.young.Len()
		keep := wanted(c.sh, left)
		left -= n
		return !keep
	})
	if err := ix.writeAll(ctx, list); err != nil {
		return err
	}
	ix.mu.Lock()
	defer ix.mu.Unlock()
	was := maps.Clone(ix.shards)
	for _, c := range list {
		now := &shard{disk: append(slices.Clone(ix.shards[c.shard].disk), c.piece), have: c.sh.have}
		now.order()
		ix.shards[c.shard] = now
	}
	if err := ix.save(); err != nil {
		ix.shards = was
		for _, c := range list {
			c.piece.release()
		}
		return err
	}
	ix.publish()
	return nil
}

// A chosen shard is to be written, or listed.
type chosen struct {
	shard shards.Shard
	text  string
	sh    *shard
	piece *piece // once it is written
}

// discard removes what was written for nothing.
func discard(files folder, list []chosen) error {
	var err error
	for _, c := range list {
		if c.piece != nil {
			c.piece.release()
			err = errors.Join(err, files.remove(c.piece.File))
		}
	}
	return err
}

// writeAll writes the segments of several shards, all or none.
func (ix *Index) writeAll(ctx context.Context, list []chosen) error {
	for i := range list {
		c := &list[i]
		e := entry{Shard: c.shard.String(), Marking: marking(c.shard), Documents: c.sh.young.Len(), Upto: c.sh.have, shard: c.shard}
		err := ctx.Err()
		if err == nil {
			c.piece, err = ix.files.write(e, ix.key, c.sh.young.WriteTo)
		}
		if err != nil {
			return errors.Join(err, discard(ix.files, list))
		}
	}
	if len(list) == 0 {
		return nil
	}
	if err := ix.files.sync(); err != nil {
		return errors.Join(err, discard(ix.files, list))
	}
	return nil
}

// settle makes what is in memory alone ready for readers. Whole says that the
// store was read to its end.
func (ix *Index) settle(whole bool) error {
	ix.mu.Lock()
	var list []chosen
	for s, sh := range ix.shards {
		if sh.young != nil && (sh.fresh == nil || sh.settled != sh.young.Len()) {
			list = append(list, chosen{shard: s, sh: sh})
		}
	}
	ix.mu.Unlock()
	for _, c := range list {
		var b bytes.Buffer
		n := c.sh.young.Len()
		if err := c.sh.young.WriteTo(&b, "in memory"); err != nil {
			return err
		}
		seg, err := segment.Open(b.Bytes(), ix.key)
		if err != nil {
			return err
		}
		ix.mu.Lock()
		c.sh.fresh, c.sh.settled = &piece{seg: seg, entry: entry{Documents: n, shard: c.shard}}, n
		ix.mu.Unlock()
	}
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.whole = ix.whole || whole
	ix.publish()
	return nil
}
