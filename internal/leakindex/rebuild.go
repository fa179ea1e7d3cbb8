package leakindex

import (
	"context"
	"errors"
)

// Rebuild makes the whole index anew from the store, beside the old one, which
// is searched and updated until the new one takes its place in one step. It
// waits until no other process is writing. If it does not come to its end, all
// is as before; what it had written the next writer removes.
func (ix *Index) Rebuild(ctx context.Context, source Source, progress Progress) (err error) {
	ix.tidy.Lock()
	defer ix.tidy.Unlock()
	for {
		ok, err := ix.takeOver()
		if err != nil {
			return err
		}
		if ok {
			break
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	defer func() { err = errors.Join(err, ix.yield()) }()
	side := newIndex(ix.files, ix.key)
	side.room, side.worth, side.beside, side.whole = ix.room, ix.worth, true, true
	defer func() { err = errors.Join(err, side.Close()) }()
	if err := side.Update(ctx, source, progress); err != nil {
		return err
	}
	if err := side.flush(ctx); err != nil {
		return err
	}
	if err := side.merge(ctx); err != nil {
		return err
	}
	return ix.become(side)
}

// takeOver gets the lock, if it can be had.
func (ix *Index) takeOver() (bool, error) {
	ix.work.Lock()
	defer ix.work.Unlock()
	return ix.tryAcquire(true)
}

// flush writes all that is in memory alone.
func (ix *Index) flush(ctx context.Context) error {
	ix.work.Lock()
	defer ix.work.Unlock()
	return ix.write(ctx, func(*shard, int) bool { return true })
}

// become takes over what another index made beside this one.
func (ix *Index) become(side *Index) error {
	ix.work.Lock()
	defer ix.work.Unlock()
	ix.mu.Lock()
	defer ix.mu.Unlock()
	shards, seen, last := ix.shards, ix.seen, ix.last
	side.mu.Lock()
	defer side.mu.Unlock()
	ix.shards, ix.seen, ix.last = side.shards, side.seen, side.last
	if err := ix.save(); err != nil {
		ix.shards, ix.seen, ix.last = shards, seen, last
		return err
	}
	side.shards = nil
	// What was filed and shown meanwhile is read again before this is shown.
	ix.doubt, ix.whole = false, side.last.Mark >= last.Mark
	ix.epoch++
	ix.publish()
	var err error
	for _, sh := range shards {
		for _, p := range sh.disk {
			p.release()
			err = errors.Join(err, ix.files.remove(p.File))
		}
	}
	return err
}
