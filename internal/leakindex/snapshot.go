package leakindex

import (
	"errors"
	"slices"
	"sync"

	"tearline/internal/warrant/shards"
	"tearline/leak/match"
	"tearline/leak/segment"
)

// A Snapshot is what one search covers, as it was when the snapshot was taken,
// whatever happens to the index meanwhile. It is safe for concurrent use until
// it is released.
type Snapshot struct {
	archive *match.Archive
	shown   []viewed
	release sync.Once
}

// A viewed shard is what readers get of it.
type viewed struct {
	shard  shards.Shard
	pieces []*piece
}

// publish shows readers all there is, unless something that they have is on
// its way back from the store. ix.mu is held.
func (ix *Index) publish() {
	if !ix.whole {
		return
	}
	var view []viewed
	for _, c := range ix.sorted() {
		v := viewed{shard: c.shard, pieces: slices.Clone(c.sh.disk)}
		if c.sh.fresh != nil {
			v.pieces = append(v.pieces, c.sh.fresh)
		}
		if len(v.pieces) > 0 {
			view = append(view, v)
		}
	}
	ix.show(view)
}

// show replaces what readers get. ix.mu is held.
func (ix *Index) show(view []viewed) {
	for _, v := range view {
		for _, p := range v.pieces {
			p.hold()
		}
	}
	old := ix.view
	ix.view = view
	for _, v := range old {
		releaseAll(v.pieces)
	}
}

// Snapshot returns what there is of the shards that covers accepts; of others
// nothing is opened or counted. It must be released. It has all that the latest
// [Index.Update] found in the store. It panics after [Index.Close]: an empty
// snapshot would say that nothing is held.
func (ix *Index) Snapshot(covers func(shards.Shard) bool) *Snapshot {
	view := ix.hold()
	s := &Snapshot{}
	var segs []*segment.Segment
	for _, v := range view {
		if !covers(v.shard) {
			releaseAll(v.pieces)
			continue
		}
		s.shown = append(s.shown, v)
		for _, p := range v.pieces {
			segs = append(segs, p.seg)
		}
	}
	s.archive = match.NewArchive(ix.key, segs...)
	return s
}

// hold returns what readers get, held.
func (ix *Index) hold() []viewed {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if ix.closed {
		panic("leakindex: used after it was closed")
	}
	for _, v := range ix.view {
		for _, p := range v.pieces {
			p.hold()
		}
	}
	return ix.view
}

// Archive returns what to search. It may not be used after Release.
func (s *Snapshot) Archive() *match.Archive { return s.archive }

// Release lets go of the snapshot; again is allowed.
func (s *Snapshot) Release() {
	s.release.Do(func() {
		for _, v := range s.shown {
			releaseAll(v.pieces)
		}
	})
}

// Damaged reports whether the error of a search says that the index is
// damaged. If so it is found out what is, all bytes are read for it, and the
// next [Index.Update] makes that anew; afterwards the search can be done again
// in a new snapshot.
func (ix *Index) Damaged(err error) bool {
	if !errors.Is(err, segment.ErrDamaged) {
		return false
	}
	var all []*piece
	for _, v := range ix.hold() {
		all = append(all, v.pieces...)
	}
	found := false
	for _, p := range all {
		broken := p.seg.Verify() != nil
		found = found || broken
		ix.mu.Lock()
		if broken {
			ix.bad[p.File] = true
		}
		ix.mu.Unlock()
		p.release()
	}
	if !found { // damaged, and the sums are right: nothing of it can be trusted
		ix.mu.Lock()
		ix.doubt = true
		ix.mu.Unlock()
	}
	return true
}
