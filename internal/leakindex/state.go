package leakindex

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"tearline/internal/warrant/shards"
)

// mostTries is how often a manifest is read that others replace meanwhile.
const mostTries = 20

// load takes over the manifest on disk, if it is another than before. ix.mu
// is held.
func (ix *Index) load() error {
	for range mostTries {
		text, info, err := ix.files.read(manifestName, mostManifest)
		if err != nil {
			return err
		}
		if bytes.Equal(text, ix.text) {
			ix.info = info
			return nil
		}
		m, err := parseManifest(text)
		broken := err != nil && text != nil
		if err != nil {
			m = &manifest{}
		}
		disk, lost, err := ix.openAll(m)
		if err != nil {
			return err
		}
		if lost {
			// Perhaps only because another process has merged it away.
			if now, _, err := ix.files.read(manifestName, mostManifest); err != nil || !bytes.Equal(now, text) {
				for _, list := range disk {
					releaseAll(list)
				}
				if err != nil {
					return err
				}
				continue
			}
		}
		ix.adopt(m, disk, lost || broken)
		ix.text, ix.info = text, info
		return nil
	}
	return fmt.Errorf("leak index %s: its manifest changes too often to be read", ix.files.dir)
}

// openAll opens the segments of a manifest, by shard. Of a shard of which one
// is unfit there are none; lost says that there is such a shard.
func (ix *Index) openAll(m *manifest) (disk map[shards.Shard][]*piece, lost bool, err error) {
	have := map[string]*piece{}
	for _, sh := range ix.shards {
		for _, p := range sh.disk {
			have[p.File] = p
		}
	}
	disk = map[shards.Shard][]*piece{}
	without := map[shards.Shard]bool{}
	for _, e := range m.Segments {
		if p := have[e.File]; p != nil && p.entry == e && !ix.bad[e.File] {
			p.hold()
			disk[e.shard] = append(disk[e.shard], p)
			continue
		}
		if without[e.shard] || ix.bad[e.File] {
			without[e.shard] = true
			continue
		}
		p, err := ix.files.open(e, ix.key)
		switch {
		case unfit(err):
			without[e.shard] = true
		case err != nil:
			for _, list := range disk {
				releaseAll(list)
			}
			return nil, false, err
		default:
			disk[e.shard] = append(disk[e.shard], p)
		}
	}
	for s := range without {
		releaseAll(disk[s])
		delete(disk, s)
	}
	return disk, len(without) > 0, nil
}

// adopt makes what was opened the state of the index. What is in memory alone
// stays if it goes on from there. ix.mu is held.
func (ix *Index) adopt(m *manifest, disk map[shards.Shard][]*piece, unsaid bool) {
	old := ix.shards
	ix.shards = map[shards.Shard]*shard{}
	for s, list := range disk {
		sh := &shard{disk: list}
		sh.order()
		sh.have = sh.upto
		ix.shards[s] = sh
	}
	ix.seen, ix.unsaid = m.Seen, unsaid
	if unsaid {
		ix.seen = point{}
	}
	last := ix.last
	ix.last = m.Last
	ix.epoch++
	ix.whole = false
	for s, was := range old {
		sh := ix.shards[s]
		if sh == nil {
			sh = &shard{}
		}
		if was.young != nil && was.base == sh.upto {
			sh.young, sh.base, sh.before, sh.waited, sh.fresh, sh.settled = was.young, was.base, was.before, was.waited, was.fresh, was.settled
			sh.have = was.have
			ix.shards[s] = sh
			if last.Mark > ix.last.Mark {
				ix.last = last
			}
		}
		releaseAll(was.disk)
	}
}

// order puts the segments of a shard in order.
func (sh *shard) order() {
	slices.SortFunc(sh.disk, func(a, b *piece) int {
		return cmp.Or(cmp.Compare(a.Upto, b.Upto), cmp.Compare(a.File, b.File))
	})
	sh.upto = 0
	if n := len(sh.disk); n > 0 {
		sh.upto = sh.disk[n-1].Upto
	}
}

// refresh takes over what other processes have written, and gives up what was
// found damaged.
func (ix *Index) refresh() error {
	if ix.beside {
		return nil // the manifest is another's
	}
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.giveUp()
	info, err := os.Stat(filepath.Join(ix.files.dir, manifestName))
	if err == nil && ix.info != nil && os.SameFile(info, ix.info) && info.ModTime().Equal(ix.info.ModTime()) && info.Size() == ix.info.Size() {
		return nil
	}
	return ix.load()
}

// giveUp lets go of the shards that have a bad file, and reads the store again
// from the beginning. ix.mu is held.
func (ix *Index) giveUp() {
	for s, sh := range ix.shards {
		if !ix.doubt && !slices.ContainsFunc(sh.disk, func(p *piece) bool { return ix.bad[p.File] }) {
			continue
		}
		ix.forget(s)
	}
	ix.doubt = false
}

// forget lets go of a shard; the next pass makes it anew. ix.mu is held.
func (ix *Index) forget(s shards.Shard) {
	for _, p := range ix.shards[s].disk {
		p.release()
		ix.bad[p.File] = true
	}
	delete(ix.shards, s)
	ix.seen, ix.unsaid, ix.whole = point{}, true, false
	ix.epoch++
}

// acquire gets the writer's lock, if it can be had, or waits for it. With it,
// the index is as the manifest says. Every success needs a yield. Work is held.
func (ix *Index) acquire(ctx context.Context, wait bool) (bool, error) {
	for {
		ok, err := ix.tryAcquire(true)
		if ok || err != nil || !wait {
			return ok, err
		}
		if err := pause(ctx); err != nil {
			return false, err
		}
	}
}

// pause waits a little.
func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(20 * time.Millisecond):
		return nil
	}
}

// tryAcquire gets the writer's lock, if it can be had. What others have
// written meanwhile is taken over, with adopt, for which work must be held;
// without, that is as if the lock were taken.
func (ix *Index) tryAcquire(adopt bool) (bool, error) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if ix.beside {
		return true, nil // who made this index holds it
	}
	if ix.held > 0 {
		ix.held++
		return true, nil
	}
	if err := ix.files.before("lock", lockName); err != nil {
		return false, err
	}
	if err := os.MkdirAll(ix.files.dir, 0o700); err != nil {
		return false, err
	}
	f, err := os.OpenFile(filepath.Join(ix.files.dir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return false, err
	}
	ok, err := tryLock(f)
	if err == nil && ok {
		ok, err = ix.current(adopt)
	}
	if err == nil && ok {
		err = ix.sweep()
	}
	if err != nil || !ok {
		return false, errors.Join(err, f.Close())
	}
	ix.lock, ix.held = f, 1
	return true, nil
}

// current reports whether the index is as the manifest on disk says; with
// adopt it is made so. ix.mu and the lock are held.
func (ix *Index) current(adopt bool) (bool, error) {
	if adopt {
		err := ix.load()
		return err == nil, err
	}
	text, _, err := ix.files.read(manifestName, mostManifest)
	return bytes.Equal(text, ix.text), err
}

// sweep removes files of which the manifest on disk knows nothing. ix.mu and
// the lock are held.
func (ix *Index) sweep() error {
	m, err := parseManifest(ix.text)
	if err != nil {
		m = &manifest{}
	}
	named := map[string]bool{}
	for _, e := range m.Segments {
		named[e.File] = true
	}
	return ix.files.sweep(func(file string) bool { return named[file] })
}

// yield gives the lock back.
func (ix *Index) yield() error {
	if ix.beside {
		return nil
	}
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if ix.held--; ix.held > 0 {
		return nil
	}
	f := ix.lock
	ix.lock = nil
	return f.Close()
}

// manifest is what the disk has of the index. ix.mu is held.
func (ix *Index) manifest() *manifest {
	m := &manifest{Seen: ix.seen, Last: ix.last}
	for _, c := range ix.sorted() {
		for _, p := range c.sh.disk {
			m.Segments = append(m.Segments, p.entry)
		}
		if c.sh.young != nil && c.sh.before.Mark < m.Seen.Mark {
			m.Seen = c.sh.before
		}
	}
	return m
}

// sorted returns the shards in order of their texts. ix.mu is held.
func (ix *Index) sorted() []chosen {
	out := make([]chosen, 0, len(ix.shards))
	for s, sh := range ix.shards {
		out = append(out, chosen{shard: s, text: s.String(), sh: sh})
	}
	slices.SortFunc(out, func(a, b chosen) int { return cmp.Compare(a.text, b.text) })
	return out
}

// save makes the state that is meant the manifest. ix.mu and the lock are
// held. After an error it is not known which of the two the disk has; whoever
// gets the lock next finds out.
func (ix *Index) save() error {
	if ix.beside {
		return nil
	}
	m := ix.manifest()
	text, err := m.encode()
	if err != nil {
		return err
	}
	if len(text) > mostManifest {
		return fmt.Errorf("leak index %s: too many segments", ix.files.dir)
	}
	if err := ix.files.replace(manifestName, text); err != nil {
		ix.text = nil // to be read again
		return err
	}
	ix.text, ix.info, ix.unsaid = text, nil, false
	named := map[string]bool{}
	for _, e := range m.Segments {
		named[e.File] = true
	}
	maps.DeleteFunc(ix.bad, func(file string, _ bool) bool { return !named[file] })
	return nil
}
