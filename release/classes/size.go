package classes

// Size returns about how many bytes are held for listing and deciding: the
// class of each portion, where classes are, how many there are of each, the
// classes themselves, the tables of recipients and what was consented to for
// them, and views. What was said, names, and what portions rest on are left
// out: there is as much of that as was said.
func (ix *Index) Size() int64 {
	const (
		classSize = 100 // with its place in the table
		linkSize  = 12
		viewSize  = 200
		entrySize = 24 // of a map
	)
	n := ix.column.Size() + int64(cap(ix.bears)*8) + int64(len(ix.table.classes))*classSize
	for i := range ix.table.classes {
		n += int64(len(ix.table.classes[i].rest)) * linkSize
	}
	for _, s := range ix.stands {
		n += viewSize + int64(cap(s.codes)*4+cap(s.released)*8+cap(s.ofClass)*8)
		n += int64(len(s.special)+len(s.since)) * entrySize
		for _, list := range s.asks {
			n += entrySize + int64(len(list))*16
		}
		n += s.bearing.Size() + int64(cap(s.extra)*8)
	}
	for _, v := range ix.views {
		n += viewSize + int64(cap(v.person)+cap(v.admitting)*8)
		if len(v.folded) > 0 && (len(v.released) == 0 || &v.folded[0] != &v.released[0]) {
			n += int64(len(v.folded) * 8)
		}
		if x := v.mine.Load(); x != nil {
			n += int64(cap(*x) * 8)
		}
		if x := v.set.Load(); x != nil {
			n += containers(x.GetSizeInBytes())
		}
	}
	return n
}

// containers adds to the size that a set says of itself what it takes in memory
// beside: it counts the values and not how they are held.
func containers(said uint64) int64 { return int64(said) + int64(said)/4 } //nolint:gosec // sizes
