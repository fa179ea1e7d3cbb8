package leakindex

import (
	"tearline/internal/warrant/shards"
	"tearline/leak/segment"
)

// Format parses a manifest and writes it again.
func Format(text []byte) ([]byte, error) {
	m, err := parseManifest(text)
	if err != nil {
		return nil, err
	}
	return m.encode()
}

// Fail has every change of a file preceded by a call that can fail it.
func (ix *Index) Fail(step func(what, name string) error) { ix.files.step = step }

// Limit sets how many documents are gathered in memory, and how many an update
// must have taken to be written.
func (ix *Index) Limit(room, worth int) { ix.room, ix.worth = room, worth }

// Segments returns what a snapshot consists of.
func (ix *Index) Segments(s *Snapshot) []*segment.Segment {
	var out []*segment.Segment
	for _, v := range s.shown {
		for _, p := range v.pieces {
			out = append(out, p.seg)
		}
	}
	return out
}

// Files returns the segment files of a shard.
func (ix *Index) Files(s shards.Shard) []string {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	var out []string
	if sh := ix.shards[s]; sh != nil {
		for _, p := range sh.disk {
			out = append(out, p.File)
		}
	}
	return out
}
