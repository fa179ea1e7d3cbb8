package classes

import (
	"math"
	"time"

	"tearline"
)

// An instant is a time in nanoseconds since 1970; what lies further off than
// 1678 or 2262 is at the ends.
type instant int64

const (
	dawn  instant = math.MinInt64
	never instant = math.MaxInt64
)

func instantOf(t time.Time) instant {
	const most = math.MaxInt64 / int64(time.Second)
	switch s := t.Unix(); {
	case s >= most:
		return never - 1
	case s <= -most:
		return dawn + 1
	}
	return instant(t.UnixNano())
}

// dated is something that was said, with the time for which it holds.
type dated struct {
	id                       tearline.StatementID
	by                       int32 // code
	at, from, until, revoked instant
}

// inForce reports whether it holds at t.
func (d *dated) inForce(t instant) bool {
	return t >= d.at && t >= d.from && t < d.until && t < d.revoked
}

// after reports whether d was said after e; of two of one instant the names
// decide.
func (d *dated) after(e *dated) bool {
	if d.at != e.at {
		return d.at > e.at
	}
	return d.id > e.id
}

// A span is a stretch of time within which nothing begins or ends.
type span struct{ from, until instant }

func (s span) has(t instant) bool { return t >= s.from && t < s.until }

// narrow takes into account that something changes at x.
func (s *span) narrow(t, x instant) {
	if x <= t {
		s.from = max(s.from, x)
	} else {
		s.until = min(s.until, x)
	}
}

func (s *span) narrowTo(t instant, d *dated) {
	for _, x := range [...]instant{d.at, d.from, d.until, d.revoked} {
		s.narrow(t, x)
	}
}

// An event is an instant at which the marks or embargoes of some portions
// change: those of n ordinals from the first, and of what rests on them.
type event struct {
	at       instant
	first, n uint32
}

// A queue of events has the one that is due first on top; turned round, the one
// that was due last.
type queue struct {
	list  []event
	round bool
}

func (q *queue) before(i, j int) bool {
	if q.round {
		i, j = j, i
	}
	return q.list[i].at < q.list[j].at
}

func (q *queue) push(e event) {
	q.list = append(q.list, e)
	for i := len(q.list) - 1; i > 0; {
		up := (i - 1) / 2
		if !q.before(i, up) {
			return
		}
		q.list[i], q.list[up] = q.list[up], q.list[i]
		i = up
	}
}

func (q *queue) pop() event {
	top, last := q.list[0], len(q.list)-1
	q.list[0] = q.list[last]
	q.list = q.list[:last]
	for i := 0; ; {
		down := 2*i + 1
		if down >= last {
			return top
		}
		if down+1 < last && q.before(down+1, down) {
			down++
		}
		if !q.before(down, i) {
			return top
		}
		q.list[i], q.list[down] = q.list[down], q.list[i]
		i = down
	}
}
