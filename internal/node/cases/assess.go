package cases

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tearline"
	"tearline/internal/casefile"
	"tearline/internal/damage"
	"tearline/internal/set"
	"tearline/internal/store/sqlite"
)

// An Assessment is what the leaks of a case have exposed.
type Assessment struct {
	Case  string `json:"case"`
	Title string `json:"title"`
	damage.Damage
	// Notices are those that were said now.
	Notices []Notice `json:"notices"`
}

// A Notice is an exposure that an originator was told of.
type Notice struct {
	To        tearline.PartyID     `json:"to"`
	Statement tearline.StatementID `json:"statement"`
	Portions  []string             `json:"portions"`
}

// Assess works out what the leaks of a case have exposed, as of now.
func (d *Desk) Assess(ctx context.Context, name string) (out Assessment, err error) {
	err = d.Read(ctx, func(tx *sqlite.Tx) error {
		c, err := d.find(tx, name)
		if err == nil && c == nil {
			err = d.none(tx, name)
		}
		if err != nil {
			return err
		}
		out, err = d.assess(tx, c)
		return err
	})
	return out, err
}

// Notify tells each originator what it has not been told of its own material,
// one statement each and all at one instant, and puts the statements in the
// file. What is said rests on the books as they are in the same transaction, so
// that nothing is told twice.
func (d *Desk) Notify(ctx context.Context, name, officer, measures string) (out Assessment, err error) {
	var told []Notice
	err = d.Write(ctx, func(p *Pen) error {
		c, err := d.takes(p.Tx, name)
		if err != nil {
			return err
		}
		if out, err = d.assess(p.Tx, c); err != nil {
			return err
		}
		told, err = d.notify(p, c, out.At, out.Damage.Notices(strings.TrimSpace(measures)), officer)
		return err
	})
	if err != nil {
		return out, err
	}
	out, err = d.Assess(ctx, name)
	out.Notices = append(out.Notices, told...)
	return out, err
}

// notify says notices, all at one instant: a later one would tell that others
// were told as well.
func (d *Desk) notify(p *Pen, c *casefile.Case, now time.Time, notices []tearline.Exposure, officer string) (told []Notice, err error) {
	if len(notices) == 0 {
		return nil, nil
	}
	var ids []tearline.StatementID
	if p.At.Before(now) {
		*p.At = now
	}
	at := *p.At
	last := at
	for i := range notices {
		x := &notices[i]
		n := Notice{To: x.ToldTo}
		var about []tearline.PortionRef
		for _, q := range x.Portions {
			about, n.Portions = append(about, q.Portion), append(n.Portions, q.Portion.String())
		}
		subjects, err := p.Subjects(about)
		if err != nil {
			return nil, err
		}
		*p.At = at
		if n.Statement, err = p.Say(subjects, x, set.Add([]string{d.Told(x.ToldTo)}, d.Refs(x)...)...); err != nil {
			return nil, err
		}
		last = *p.At
		told, ids = append(told, n), append(ids, n.Statement)
	}
	*p.At = last
	_, err = d.say(p, c, tearline.CaseAdded, officer, "told the originators", ids...)
	return told, err
}

// assess gathers the facts of a case and works out the damage.
func (d *Desk) assess(tx *sqlite.Tx, c *casefile.Case) (Assessment, error) {
	out := Assessment{Case: c.Name, Title: c.Line().Title, Notices: []Notice{}}
	f, notes, err := d.facts(tx, c)
	if err != nil {
		return out, err
	}
	out.Damage = *damage.Assess(f)
	out.Notes = append(out.Notes, notes...)
	return out, nil
}

// Bounds of what is looked at. Beyond them the assessment says that it is not
// whole.
const (
	maxNear    = 50_000 // portions that rest on the same sources
	maxReports = 10_000 // in which they stand
)

func (d *Desk) facts(tx *sqlite.Tx, c *casefile.Case) (*damage.Facts, []string, error) {
	f := &damage.Facts{Holder: d.Party}
	var err error
	if f.At, err = d.Now(tx); err != nil {
		return nil, nil, err
	}
	d.fromFile(c, f)
	var matched []tearline.PortionRef
	for _, l := range f.Leaks {
		for _, ref := range l.Portions {
			matched = set.Add(matched, base(ref))
		}
	}
	if len(matched) == 0 {
		return nil, nil, invalid("put one in: tearline trace FILE --record --case "+c.Name+" --officer NAME, or tearline case add "+c.Name+" --sighting STATEMENT",
			"case %s has no sighting that draws on anything", c.Name)
	}
	near, whole, err := d.near(tx, matched)
	if err != nil {
		return nil, nil, err
	}
	var notes []string
	if !whole {
		notes = append(notes, fmt.Sprintf("so much rests on the same sources that only the nearest was looked at: %d portions in %d reports", len(near), len(reportsOf(near))))
	}
	held, missing, err := d.held(tx, reportsOf(near))
	if err != nil {
		return nil, nil, err
	}
	for _, id := range missing {
		notes = append(notes, fmt.Sprintf("report %s is not held, and is left out", id))
	}
	if f.Statements, err = d.Behind(tx, d.Party, held...); err != nil {
		return nil, nil, err
	}
	for i := range f.Statements {
		if f.At, err = d.NotBefore(f.At, f.Statements[i].At); err != nil {
			return nil, nil, err
		}
	}
	if err := d.given(tx, matched, f); err != nil {
		return nil, nil, err
	}
	return f, notes, d.waiting(tx, held, f)
}

// fromFile takes the facts that are in the file itself.
func (d *Desk) fromFile(c *casefile.Case, f *damage.Facts) {
	for _, s := range c.All() {
		switch x := s.Says.(type) {
		case *tearline.Sighting:
			known := s.At
			if !s.Recorded.IsZero() {
				known = s.Recorded
			}
			f.Leaks = append(f.Leaks, damage.Leak{Statement: s.ID, Known: known, Seen: x.Seen, Where: x.Where, Portions: x.Matches})
		case *tearline.Exposure:
			f.Told = append(f.Told, *x)
		case *tearline.Attribution:
			f.Finding, f.Named = x.Finding, nil
			for _, id := range x.Copies {
				f.Named = append(f.Named, damage.Copy{Copy: id})
			}
		}
	}
}

// near returns portions, all that they rest on, and what rests on any of that,
// the nearest first, up to the bounds; and whether that is all.
func (d *Desk) near(tx *sqlite.Tx, from []tearline.PortionRef) ([]tearline.PortionRef, bool, error) {
	seen := map[tearline.PortionRef]bool{}
	reports := map[tearline.ReportID]bool{}
	var queue []tearline.PortionRef
	whole := true
	add := func(refs []tearline.PortionRef, bounded bool) {
		for _, r := range refs {
			switch {
			case seen[r]:
			case bounded && (len(queue) >= maxNear || !reports[r.Report] && len(reports) >= maxReports):
				whole = false
			default:
				seen[r], reports[r.Report] = true, true
				queue = append(queue, r)
			}
		}
	}
	add(from, false)
	for i := 0; i < len(queue); i++ {
		up, err := tx.SourcesOf(d.Party, queue[i])
		if err != nil {
			return nil, false, err
		}
		add(up, false) // the leak's own lineage is never cut
	}
	for i := 0; i < len(queue) && whole; i++ {
		down, err := tx.DerivedFrom(d.Party, queue[i])
		if err != nil {
			return nil, false, err
		}
		add(down, true)
	}
	return queue, whole, nil
}

func reportsOf(refs []tearline.PortionRef) []tearline.ReportID {
	var out []tearline.ReportID
	seen := map[tearline.ReportID]bool{}
	for _, r := range refs {
		if !seen[r.Report] {
			seen[r.Report] = true
			out = append(out, r.Report)
		}
	}
	return out
}

// held parts reports into those that the party holds and others.
func (d *Desk) held(tx *sqlite.Tx, ids []tearline.ReportID) (held, missing []tearline.ReportID, err error) {
	for _, id := range ids {
		_, ok, err := tx.Report(d.Party, id)
		if err != nil {
			return nil, nil, err
		}
		if ok {
			held = append(held, id)
		} else {
			missing = append(missing, id)
		}
	}
	return held, missing, nil
}

// given adds who had been given the matched portions, by the party or, as it
// was told, by those to whom it had given them.
func (d *Desk) given(tx *sqlite.Tx, matched []tearline.PortionRef, f *damage.Facts) error {
	refs := slices.Clone(matched)
	for _, r := range matched {
		refs = append(refs, tearline.PortionRef{Report: r.Report, Portion: tearline.TearOf(r.Portion)})
	}
	hits, err := tx.ExposedTo(d.Party, refs)
	if err != nil {
		return err
	}
	for _, h := range hits {
		f.Given = append(f.Given, damage.Given{Portion: h.Portion, Party: h.Recipient, Mode: h.Mode, At: h.Occurred, Copy: h.Copy})
	}
	for e, err := range tx.ByRef(d.Told(d.Party), tearline.KindDisclosure) {
		if err != nil {
			return err
		}
		s, err := d.Statement(e)
		if err != nil {
			return err
		}
		x, ok := s.Says.(*tearline.Disclosure)
		if !ok || x.ToldTo != d.Party || s.By == d.Party || x.Recipient == d.Party {
			continue
		}
		for _, it := range x.Items {
			if slices.Contains(refs, it.Portion) {
				f.Given = append(f.Given, damage.Given{Portion: it.Portion, Party: x.Recipient, Mode: x.Mode, At: x.Occurred, Copy: x.Copy, Via: s.By})
			}
		}
	}
	return nil
}

// waiting adds the copies that have not been handed out, the requests that
// nobody has answered, and to whom the named copies had been given.
func (d *Desk) waiting(tx *sqlite.Tx, reports []tearline.ReportID, f *damage.Facts) error {
	for _, id := range reports {
		rows, err := tx.Copies(d.Party, id)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if r.HandedOut {
				continue
			}
			c := damage.Copy{Copy: r.ID, Recipient: r.Recipient, Disclosure: r.Disclosure}
			if c.Portions, err = d.disclosed(tx, r.Disclosure); err != nil {
				return err
			}
			f.Waiting = append(f.Waiting, c)
		}
	}
	for i := range f.Named {
		r, ok, err := tx.CopyOf(d.Party, f.Named[i].Copy)
		if err != nil {
			return err
		}
		if ok {
			f.Named[i].Recipient, f.Named[i].Disclosure = r.Recipient, r.Disclosure
		}
	}
	for _, who := range [][2]tearline.PartyID{{d.Party, ""}, {"", d.Party}} {
		rows, err := tx.Requests(who[0], who[1])
		if err != nil {
			return err
		}
		for _, r := range rows {
			x := damage.Request{ID: r.ID, Holder: r.Holder, Originator: r.Originator, Recipient: r.Recipient, Portions: r.Portions}
			if r.Answer == "" && !slices.ContainsFunc(f.Requests, func(q damage.Request) bool { return q.ID == x.ID }) {
				f.Requests = append(f.Requests, x)
			}
		}
	}
	return nil
}

// disclosed returns the portions of a disclosure of the party's.
func (d *Desk) disclosed(tx *sqlite.Tx, id tearline.StatementID) ([]tearline.PortionRef, error) {
	e, ok, err := tx.Entry(id)
	if err != nil || !ok {
		return nil, err
	}
	s, err := d.Statement(e)
	if err != nil {
		return nil, err
	}
	var out []tearline.PortionRef
	if x, ok := s.Says.(*tearline.Disclosure); ok {
		for _, it := range x.Items {
			out = append(out, it.Portion)
		}
	}
	return out, nil
}

// banners rolls up the marks of the portions that sightings, readings and
// exposures of a case name, and are held.
func (d *Desk) banners(tx *sqlite.Tx, c *casefile.Case) ([]string, error) {
	var refs []tearline.PortionRef
	for _, s := range c.All() {
		switch x := s.Says.(type) {
		case *tearline.Sighting:
			refs = append(refs, x.Matches...)
		case *tearline.Reading:
			refs = append(refs, x.Portions...)
		case *tearline.Exposure:
			for _, p := range x.Portions {
				refs = append(refs, p.Portion)
			}
		}
	}
	held, _, err := d.held(tx, reportsOf(refs))
	if err != nil {
		return nil, err
	}
	behind, err := d.Behind(tx, d.Party, held...)
	return damage.Banners(behind, refs), err
}

// base is the portion whose tear-line wording r is, or r itself.
func base(r tearline.PortionRef) tearline.PortionRef {
	if id, tear := r.Portion.IsTear(); tear {
		r.Portion = id
	}
	return r
}
