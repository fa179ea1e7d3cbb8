package classes

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"tearline/release"
	"tearline/release/classes/column"
	"tearline/release/classes/marks"
)

// A View is what one recipient may have at one instant. It is made by
// [Index.View].
type View struct {
	// What every verdict reads comes first: it lies together.
	ix    *Index
	epoch uint64  // of the index, that it holds for
	codes []Codes // those of the stand
	// person has the codes of the rule on persons by access, nil if none is asked
	// for; clearance and reads are what they come from.
	person []personCodes

	stand     *stand
	clearance string
	reads     []string

	released  []uint64 // classes; the stand's own if there is no person
	admitting []uint64 // those if there is
	folded    []uint64 // as the column folds them
	count     int

	mine atomic.Pointer[column.Bitset] // of the stand's extra, what the person may have
	set  atomic.Pointer[roaring.Bitmap]
}

// A viewKey tells views apart.
type viewKey struct {
	stand  *stand
	person string
}

// maxViews is how many views, and how many recipients' tables, are kept. When
// there are more all are dropped: who asks again has them made again.
const maxViews = 1 << 16

// View returns what a recipient may have, for a request of the holder's, at its
// instant. It is kept, and brought up to date for the next one that asks the
// same: who holds it then sees that. The error wraps
// release.ErrUnknownParty, or says that the request has another holder or no
// instant in 1970 or later.
func (ix *Index) View(q release.Request) (*View, error) {
	switch {
	case q.At.Before(time.Unix(0, 0)):
		return nil, errRequest("time %s: want an instant in 1970 or later", q.At.Format(time.RFC3339))
	case q.Holder != ix.holder:
		return nil, errRequest("of %s, but these are the facts of %s", q.Holder, ix.holder)
	}
	ix.move(instantOf(q.At))
	k := standKey{recipient: ix.table.Book.Code(q.Recipient), mode: q.Mode, purpose: q.Purpose, unit: q.Unit, officer: q.Officer}
	switch {
	case !ix.party(ix.self).known:
		return nil, errRequest("holder %s: %w", q.Holder, release.ErrUnknownParty)
	case !ix.party(k.recipient).known:
		return nil, errRequest("recipient %s: %w", q.Recipient, release.ErrUnknownParty)
	}
	if q.Person != nil {
		k.person = q.Person.Name
	}
	k = ix.keyFor(k, q.Person != nil)
	if len(ix.stands) >= maxViews || len(ix.views) >= maxViews {
		ix.Forget()
	}
	s, ok := ix.stands[k]
	if !ok {
		s = &stand{key: k}
		ix.stands[k] = s
	}
	ix.refresh(s)
	v := ix.view(s, q.Person)
	ix.bring(v)
	return v, nil
}

// Forget drops all views and what was made for them: those that are held
// elsewhere are out of date.
func (ix *Index) Forget() {
	clear(ix.stands)
	clear(ix.views)
	ix.epoch++
}

// view returns the view of a person in the recipient's service, or of the
// recipient as such.
func (ix *Index) view(s *stand, p *release.Person) *View {
	at := viewKey{stand: s}
	if p != nil {
		at.person = p.Clearance + "\x00" + strings.Join(p.ReadIns, "\x00") + "\x00"
	}
	v, ok := ix.views[at]
	if !ok {
		v = &View{ix: ix, stand: s}
		if p != nil {
			v.person, v.clearance, v.reads = make([]personCodes, 0, len(ix.table.Accesses)), p.Clearance, slices.Clone(p.ReadIns)
		}
		ix.views[at] = v
	}
	return v
}

// bring brings a view up to date with its stand.
func (ix *Index) bring(v *View) {
	if v.epoch == ix.epoch {
		return
	}
	v.mine.Store(nil)
	v.set.Store(nil)
	v.released = v.stand.released
	if v.person != nil {
		v.clear()
	}
	v.folded = v.released
	if len(v.released) != ix.column.Words() {
		v.folded = ix.column.Fold(v.released)
	}
	v.count = ix.column.Sum(v.released)
	for _, x := range v.stand.ofClass {
		if v.admits(x.class) {
			v.count += int(x.n)
		}
	}
	v.epoch, v.codes = ix.epoch, v.stand.codes
}

// clear finds which classes the person may have of those that are released.
func (v *View) clear() {
	t := &v.ix.table
	for i := len(v.person); i < len(t.Accesses); i++ {
		v.person = append(v.person, v.clears(&t.Accesses[i], i))
	}
	if len(v.admitting) != len(v.stand.released) {
		v.admitting = make([]uint64, len(v.stand.released))
	}
	v.released = v.admitting
	for i, w := range v.stand.released {
		v.released[i] = 0
		for ; w != 0; w &= w - 1 {
			bit := bits.TrailingZeros64(w)
			if v.admits(uint32(i<<6 + bit)) { //nolint:gosec // a class
				v.released[i] |= 1 << bit
			}
		}
	}
}

// clears asks the rule on persons: is this one cleared and read in?
func (v *View) clears(x *marks.Access, i int) personCodes {
	if i == 0 {
		return 0
	}
	p := &v.ix.table.Policies[x.Policy]
	cleared, ok := p.Level(v.clearance)
	if !ok {
		cleared = p.Lowest().Level()
	}
	var codes Codes
	if cleared.Rank < x.Rank {
		codes |= PersonBelowLevel
	}
	for _, c := range x.Compartments {
		if !slices.Contains(v.reads, c) {
			codes |= PersonLacksReadIn
			break
		}
	}
	if codes == 0 {
		codes = PersonCleared
	}
	return personCodes(codes / PersonCleared)
}

// personCodes are those of the rule on persons, in a byte.
type personCodes uint8

func (c personCodes) codes() Codes { return Codes(c) * PersonCleared }

// admits reports whether the person may have what is of a class.
func (v *View) admits(class uint32) bool {
	return v.person == nil || v.person[v.ix.table.access[class]].codes()&denying == 0
}

// Fresh reports whether the view still holds.
func (v *View) Fresh() bool { return v.epoch == v.ix.epoch }

// Verdict returns what the rules come to for a portion. It is the zero Verdict,
// which denies and gives no reason, if there is no such portion, if its filing
// was taken back, and if the view is out of date.
func (v *View) Verdict(ordinal uint32) Verdict {
	ix := v.ix
	if v.epoch != ix.epoch || ordinal >= ix.column.Len() {
		return Verdict{}
	}
	class := ix.column.At(ordinal)
	out := Verdict{Codes: v.codes[class]}
	if out.Codes&consentable != 0 {
		s, i := v.stand, -1
		if ix.bears.Has(ordinal) {
			i = s.bearing.Find(ordinal)
		}
		if i >= 0 {
			out = s.with(class, s.bearing.State(i), out.Codes)
		} else if out.Codes&referring != 0 && out.Codes&denying == 0 {
			if out.Ask = ix.table.alone[class]; out.Ask == nil {
				out.Ask = s.asks[class]
			}
		}
	}
	if v.person != nil {
		out.Codes |= v.person[ix.table.access[class]].codes()
		if out.Codes&denying != 0 {
			out.Ask = nil
		}
	}
	return out
}

// with returns what the rules come to for a class in a state, beside the codes
// that it has without consents.
func (s *stand) with(class, state uint32, codes Codes) Verdict {
	if state < otherStates { // there is nobody left to ask
		return Verdict{Codes: codes.consented(state)}
	}
	at := consentedClass{class, state}
	return Verdict{s.special[at], s.askMore[at]}
}

// Count returns how many portions the recipient may have.
func (v *View) Count() (int, error) {
	if !v.Fresh() {
		return 0, ErrStale
	}
	return v.count, nil
}

// A Cursor is a place in the list of what a recipient may have. The zero Cursor
// is the beginning. It says what ordinals there are, and so what is withheld:
// seal it before it leaves the holder.
type Cursor struct {
	// Last is the last ordinal listed.
	Last uint32
	// Top is how many portions there were when the first page was made; 0
	// before that. What was filed since is not listed.
	Top uint32
}

// Page appends the newest portions that the recipient may have, from a place on
// in the list, n of them at most. What comes back is complete: fewer than n are
// the end of the list. From page to page nothing is there twice, and nothing is
// left out that was to be had all the time.
func (v *View) Page(to []uint32, from Cursor, n int) ([]uint32, Cursor, error) {
	switch {
	case !v.Fresh():
		return to, from, ErrStale
	case n < 1:
		return to, from, fmt.Errorf("page of %d: want one at least", n)
	case from.Top == 0:
		from.Last, from.Top = v.ix.column.Len(), v.ix.column.Len()
	}
	first := len(to)
	to = v.ix.column.Scan(to, min(from.Last, v.ix.column.Len()), v.released, v.folded, n)
	to = v.weave(to, first, from.Last, n)
	if len(to) > first {
		from.Last = to[len(to)-1]
	} else {
		from.Last = 0
	}
	return to, from, nil
}

// weave brings what is released by consent into a page, in its place.
func (v *View) weave(to []uint32, first int, below uint32, n int) []uint32 {
	end := uint32(0) // a full page takes nothing that is older than its last
	if len(to)-first == n {
		end = to[len(to)-1]
	}
	p, extra := &v.stand.bearing, v.stand.extra
	if x := v.mine.Load(); x != nil {
		extra = *x
	}
	if len(extra) == 0 {
		return to
	}
	const patience = 64 // what the person may not have is left out beforehand then
	before, skipped := len(to), 0
	for i := extra.Before(p.Below(below)); i >= 0 && len(to)-before < n; i = extra.Before(i) {
		ord := p.At(i)
		if ord < end {
			break
		}
		if v.admits(v.ix.column.At(ord)) {
			to = append(to, ord)
		} else if skipped++; skipped == patience {
			extra = v.admitted()
		}
	}
	if len(to) > before {
		slices.SortFunc(to[first:], func(a, b uint32) int { return cmp.Compare(b, a) })
		to = to[:min(len(to), first+n)]
	}
	return to
}

// admitted returns what the person may have of what is released by consent.
func (v *View) admitted() column.Bitset {
	extra := v.stand.extra
	if v.person == nil || len(extra) == 0 {
		return extra
	}
	if x := v.mine.Load(); x != nil {
		return *x
	}
	out := make(column.Bitset, len(extra))
	v.stand.bearing.All(func(i int, ord uint32) {
		if extra.Has(uint32(i)) && v.admits(v.ix.column.At(ord)) { //nolint:gosec // no more than portions
			out.Add(uint32(i)) //nolint:gosec // as above
		}
	})
	v.mine.Store(&out)
	return out
}

// Set returns all portions that the recipient may have, for searching. It is
// kept by the view and must not be changed.
func (v *View) Set() (*roaring.Bitmap, error) {
	if !v.Fresh() {
		return nil, ErrStale
	}
	if x := v.set.Load(); x != nil {
		return x, nil
	}
	dense := column.Bitset(v.ix.column.Dense(v.released))
	extra := v.admitted()
	v.stand.bearing.All(func(i int, ord uint32) {
		if extra.Has(uint32(i)) { //nolint:gosec // no more than portions
			dense.Add(ord)
		}
	})
	out := roaring.FromDense(dense, true)
	v.set.Store(out)
	return out, nil
}
