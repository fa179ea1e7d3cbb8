// Package leakindex keeps what a search for leaked texts looks up, in one
// directory for each party: immutable segments, cut by [shards.Shard], and a
// manifest that says which of them count. It is made from the party's store and
// can always be made anew from it; nothing is known here that is not there.
//
// # The directory
//
//	manifest.json     which segments there are, and how far the store is read
//	HEX.seg           a segment, see package tearline/leak/segment
//	calibration.json  what the caller keeps of its own about the index
//	lock              held by the one process that writes
//	.tmp-…            unfinished; the next writer removes it
//
// The manifest is readable by people and begins with a sum over itself. A
// segment counts if the manifest names it; whatever else lies there is removed
// by the next writer. A writer makes segments durable first, then the manifest
// in one step, and removes what is replaced last. So whenever it is killed, the
// next one goes on from a manifest that is whole.
//
// # Readers and writers
//
// One process writes at a time, any number read. A process that does not get
// the lock searches what is there, and the rest from its own memory. Readers
// hold what they search ([Snapshot]) until they release it, whatever is merged
// or made anew meanwhile.
//
// # Damage
//
// What is missing, cut off, damaged, or made under another key takes its whole
// shard with it: the next [Index.Update] makes that shard anew from the store.
// Until then nothing is answered from it. A file that others shorten while it
// is mapped ends the process; only its owner can write there.
//
// # What it may not do
//
// It knows nothing of warrants but the shards they cover, opens nothing of
// others for a search, judges no match, and reads no clock. Whether a secret
// key is kept as it must be is for its caller.
package leakindex

import (
	"io/fs"
	"iter"
	"os"
	"sync"

	"tearline"
	"tearline/internal/warrant/shards"
	"tearline/leak/match"
	"tearline/leak/segment"
)

// A Filed is one portion of the store as the index takes it.
type Filed struct {
	// Mark is the place of the portion's report in the store: positive, and
	// higher for what was filed later. Portions of one report have the same.
	Mark int64
	// Filing is the statement by which the report was filed. It tells a store
	// that was put back from a backup from the one that was indexed.
	Filing tearline.StatementID
	// Shard is where the portion belongs.
	Shard   shards.Shard
	Portion match.Portion
}

// A Source is the store that is indexed.
type Source struct {
	// Reports is how many reports there are, for [Progress].
	Reports func() (int64, error)
	// After yields the portions of all reports with a Mark above after, in
	// order of Mark. It is called from another goroutine than the caller's
	// own, never from two at a time, and not after [Index.Update] returned.
	After func(after int64) iter.Seq2[Filed, error]
}

// A Progress is told how many of how many reports are indexed. It may be nil.
type Progress func(done, total int64)

const (
	// A batch is how many documents are gathered in memory before they are
	// written: with texts of 300 bytes about 120 MB.
	batch = 1 << 16
	// A shard with so many documents in memory is written at the end of an
	// update;
	shardWritten = 4096
	// an update that took so many documents, or that had to read so many
	// reports again, writes all there is.
	updateWritten = 512
	readAgain     = 4096
	// After so many batches a shard is written however small it is, so that
	// an interrupted build has not to read far back.
	patience = 4
)

// An Index is the leak index of one party. It is safe for concurrent use.
type Index struct {
	files  folder
	key    *segment.Key
	filers sync.Pool
	room   int  // batch, but for tests
	worth  int  // updateWritten, but for tests
	beside bool // an index that takes the place of another once it is whole

	work sync.Mutex // one update at a time
	tidy sync.Mutex // one merge or rebuild at a time

	mu     sync.Mutex // for all below
	shards map[shards.Shard]*shard
	seen   point           // all reports up to here are in the shards
	last   stamp           // the newest report of which there is something
	bad    map[string]bool // files found damaged, until no manifest names them
	doubt  bool            // damage was met that is in no file
	unsaid bool            // the manifest on disk names what does not count
	text   []byte          // the manifest as it was read or written last
	info   fs.FileInfo     // its file
	epoch  int             // counts how often shards were taken over or given up
	whole  bool            // nothing was since the last update that came to its end
	view   []viewed        // what readers get
	lock   *os.File        // the writer's lock, while it is held
	held   int             // by how many of this process
	closed bool
}

// A point is a place in the store.
type point struct {
	// Mark is the place; Reports is how many with portions there are up to it.
	Mark    int64 `json:"mark"`
	Reports int64 `json:"reports"`
}

// A stamp is a report by which a store is known again.
type stamp struct {
	Mark   int64                `json:"mark"`
	Filing tearline.StatementID `json:"filing"`
}

// A shard is what there is of one shard. All of the store's portions that
// belong to it, up to have, are on disk or in young, each once.
type shard struct {
	disk []*piece // in order of upto
	upto int64    // the newest mark on disk
	have int64    // the newest mark of all

	young   *segment.Builder // what is not on disk; nil if nothing
	base    int64            // upto when young was begun
	before  point            // all before it is on disk
	waited  int              // batches
	fresh   *piece           // young as readers have it, nil if they have nothing of it
	settled int              // how many documents of young are in fresh
}

// Open reads what is in a directory; that there is no such directory is an
// empty index. Nothing is written. The secret is that of the party; what was
// made under another is as good as not there. It errs only if files cannot be
// read at all.
func Open(dir string, secret [32]byte) (*Index, error) {
	ix := newIndex(folder{dir: dir}, segment.NewKey(secret))
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if err := ix.load(); err != nil {
		return nil, err
	}
	ix.whole = true
	ix.publish()
	return ix, nil
}

func newIndex(files folder, key *segment.Key) *Index {
	return &Index{
		files: files, key: key, room: batch, worth: updateWritten, shards: map[shards.Shard]*shard{}, bad: map[string]bool{},
		filers: sync.Pool{New: func() any { return match.NewFiler(key) }},
	}
}

// Close lets go of the files. Snapshots that are held stay good. The index may
// not be used afterwards; closing it twice is allowed.
func (ix *Index) Close() error {
	ix.tidy.Lock()
	defer ix.tidy.Unlock()
	ix.work.Lock()
	defer ix.work.Unlock()
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.closed = true
	ix.show(nil)
	for _, sh := range ix.shards {
		releaseAll(sh.disk)
	}
	ix.shards = nil
	return nil
}

// Stats are figures of a whole index, whoever may search it: they are for
// those who keep it.
type Stats struct {
	// Documents are portions, and pieces of long ones.
	Documents int `json:"documents"`
	// Pending of them are in memory alone.
	Pending int `json:"pending"`
	// Reports is how many reports with portions were read.
	Reports  int64 `json:"reports"`
	Shards   int   `json:"shards"`
	Segments int   `json:"segments"`
	// Bytes is the size of the segments on disk.
	Bytes int64 `json:"bytes"`
	// Mapped is how many of them, or in memory, a search looks things up in.
	Mapped int64 `json:"mapped"`
	// Rebuilding says that something was damaged, and that the next update
	// makes it anew.
	Rebuilding bool `json:"rebuilding"`
}

// PerDocument returns the bytes that a search looks things up in, by document.
func (s Stats) PerDocument() float64 { return float64(s.Mapped) / float64(max(s.Documents, 1)) }

// Stats returns figures of the index as it is now.
func (ix *Index) Stats() Stats {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	s := Stats{Shards: len(ix.shards), Reports: ix.seen.Reports, Rebuilding: ix.unsaid || ix.doubt || len(ix.bad) > 0}
	for _, sh := range ix.shards {
		s.Segments += len(sh.disk)
		for _, p := range sh.disk {
			s.Documents += p.Documents
			s.Bytes += p.Size
			s.Mapped += int64(p.seg.Mapped())
		}
		if sh.young != nil {
			s.Pending += sh.young.Len()
		}
		if sh.fresh != nil {
			s.Mapped += int64(sh.fresh.seg.Mapped())
		}
	}
	s.Documents += s.Pending
	return s
}
