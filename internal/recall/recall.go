// Package recall works out whom a revoked consent reaches: which recorded
// disclosures rest on it, to whom they were passed on, which of them have been
// recalled and which still have to be, who has confirmed that and who not yet.
// It says so to each party as far as it may know: a recipient what it was told
// to give up, a discloser its own recipients, an originator what its extracts
// tell it already.
//
// It reads statements that it is handed, and may not say or store anything. It
// knows no clock: what is owed is a matter of what was said, whatever came in
// between.
package recall

import (
	"cmp"
	"slices"
	"time"

	"tearline"
	"tearline/internal/set"
)

// Taken is why a disclosure is recalled when a consent on which it rested was
// taken back. It is for the recipient, who may know neither of the consent nor
// of whoever gave it.
const Taken = "what it rested on was taken back"

// instant is how exactly a party is told when others said something.
const instant = time.Second

// Records are the statements that recalls rest on. Use [Read] to make them;
// they are never changed afterwards.
type Records struct {
	consents map[tearline.StatementID]said[tearline.Consent]
	// revoked are the consents that were taken back, the first first.
	revoked  []revoked
	takenAt  map[tearline.StatementID]time.Time
	given    map[tearline.StatementID]said[tearline.Disclosure]
	givenBy  map[tearline.PartyID][]said[tearline.Disclosure]
	rests    map[tearline.StatementID][]said[tearline.Disclosure] // on a statement
	extracts map[extractKey]said[tearline.Disclosure]
	// recalls are by the disclosure that they are of, confirmations by the
	// recall: what the recipient said last.
	recalls   map[tearline.StatementID]said[tearline.Recall]
	confirmed map[tearline.StatementID]said[tearline.Confirmation]
}

// said is a statement that says a T.
type said[T any] struct {
	tearline.Statement
	says *T
}

type revoked struct {
	consent said[tearline.Consent]
	at      time.Time
}

type extractKey struct {
	of   tearline.StatementID
	told tearline.PartyID
}

// Read sorts statements of all ledgers, in any order: consents, revocations,
// disclosures and extracts of them, recalls, confirmations. Others do not
// matter, nor does what is given twice. Only a party's own word counts: a
// consent is taken back by whoever gave it, a disclosure recalled by whoever
// made it, and a recall confirmed by whom it is to.
func Read(statements []tearline.Statement) *Records {
	r := &Records{
		consents: map[tearline.StatementID]said[tearline.Consent]{}, takenAt: map[tearline.StatementID]time.Time{},
		given: map[tearline.StatementID]said[tearline.Disclosure]{}, rests: map[tearline.StatementID][]said[tearline.Disclosure]{},
		givenBy: map[tearline.PartyID][]said[tearline.Disclosure]{}, extracts: map[extractKey]said[tearline.Disclosure]{},
		recalls: map[tearline.StatementID]said[tearline.Recall]{}, confirmed: map[tearline.StatementID]said[tearline.Confirmation]{},
	}
	list := slices.Clone(statements)
	slices.SortFunc(list, func(a, b tearline.Statement) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.By, b.By), cmp.Compare(a.ID, b.ID))
	})
	for _, s := range list {
		switch x := s.Says.(type) {
		case *tearline.Consent:
			r.consents[s.ID] = said[tearline.Consent]{s, x}
		case *tearline.Disclosure:
			r.disclosure(said[tearline.Disclosure]{s, x})
		}
	}
	for _, s := range list {
		switch x := s.Says.(type) {
		case *tearline.Revocation:
			r.revocation(s, x)
		case *tearline.Recall:
			d, ok := r.given[x.Of]
			if _, again := r.recalls[x.Of]; ok && !again && d.By == s.By && d.says.Recipient == x.Recipient {
				r.recalls[x.Of] = said[tearline.Recall]{s, x}
			}
		}
	}
	r.confirmations(list)
	return r
}

func (r *Records) disclosure(d said[tearline.Disclosure]) {
	if d.says.ToldTo != "" {
		key := extractKey{d.says.Of, d.says.ToldTo}
		if _, again := r.extracts[key]; !again {
			r.extracts[key] = d
		}
		return
	}
	if _, again := r.given[d.ID]; again {
		return
	}
	r.given[d.ID] = d
	r.givenBy[d.By] = append(r.givenBy[d.By], d)
	var on []tearline.StatementID
	for _, it := range d.says.Items {
		on = set.Add(on, it.Statements...)
	}
	for _, id := range on {
		r.rests[id] = append(r.rests[id], d)
	}
}

// extract returns a disclosure as its discloser has told it to an originator.
func (r *Records) extract(of said[tearline.Disclosure], o tearline.PartyID) (said[tearline.Disclosure], bool) {
	x, ok := r.extracts[extractKey{of.ID, o}]
	return x, ok && x.By == of.By
}

// confirmations takes what recipients said of the recalls that there are.
func (r *Records) confirmations(list []tearline.Statement) {
	told := map[tearline.StatementID]tearline.PartyID{}
	for _, x := range r.recalls {
		told[x.ID] = x.says.Recipient
	}
	for _, s := range list {
		if x, ok := s.Says.(*tearline.Confirmation); ok && s.By != "" && told[x.Recall] == s.By {
			r.confirmed[x.Recall] = said[tearline.Confirmation]{s, x}
		}
	}
}

func (r *Records) revocation(s tearline.Statement, x *tearline.Revocation) {
	c, ok := r.consents[x.Of]
	if ok && c.By == s.By && r.takenAt[x.Of].IsZero() {
		r.takenAt[x.Of] = s.At
		r.revoked = append(r.revoked, revoked{c, s.At})
	}
}

// A reached is a disclosure that a revocation reaches: one that rests on the
// consent or, with through, one by which a recipient has passed the material
// on.
type reached struct {
	said[tearline.Disclosure]
	through  tearline.PartyID
	portions []tearline.PortionRef // of the originator's, that went on
}

// reach returns whom the revocation of a consent reaches, each disclosure once:
// those that rest on it, then those that follow from them.
func (r *Records) reach(c said[tearline.Consent]) []*reached {
	var list []*reached
	var from []tearline.PartyID // who was given the consent
	at := map[tearline.StatementID]*reached{}
	for _, d := range r.rests[c.ID] {
		x := &reached{said: d}
		if told, ok := r.extract(d, c.By); ok && !slices.Contains(c.says.Conditions, tearline.WithoutAttribution) {
			// Without attribution, nobody can have passed it on under
			// the originator's name.
			x.portions = common(c.says.Portions, told.says.Items)
		}
		list, at[d.ID] = append(list, x), x
		from = append(from, d.By)
	}
	for todo := slices.Clone(list); len(todo) > 0; todo = todo[1:] {
		prev := todo[0]
		for _, d := range r.givenBy[prev.says.Recipient] {
			portions := r.passedOn(c.By, prev, d)
			if len(portions) == 0 || d.says.Recipient == c.By || slices.Contains(from, d.says.Recipient) {
				continue
			}
			x := at[d.ID]
			if x == nil {
				x = &reached{said: d, through: d.By}
				list, at[d.ID] = append(list, x), x
			}
			before := len(x.portions)
			x.portions = set.Add(x.portions, portions...)
			if len(x.portions) > before {
				todo = append(todo, x)
			}
		}
	}
	return list
}

// passedOn returns those of an originator's portions that a recipient had from
// a disclosure and passed on in another, as the originator was told of both:
// not earlier, and not on a consent of the originator's own that stands.
func (r *Records) passedOn(o tearline.PartyID, had *reached, d said[tearline.Disclosure]) []tearline.PortionRef {
	first, ok1 := r.extract(had.said, o)
	then, ok2 := r.extract(d, o)
	if !ok1 || !ok2 || then.says.Occurred.Before(first.says.Occurred.Truncate(instant)) {
		return nil
	}
	items := slices.DeleteFunc(slices.Clone(then.says.Items), func(it tearline.DisclosedItem) bool {
		return slices.ContainsFunc(it.Statements, func(id tearline.StatementID) bool {
			c, ok := r.consents[id]
			return ok && c.By == o && c.says.Granted && r.takenAt[id].IsZero()
		})
	})
	return common(had.portions, items)
}

// common returns those of some portions that items are of.
func common(portions []tearline.PortionRef, items []tearline.DisclosedItem) []tearline.PortionRef {
	var out []tearline.PortionRef
	for _, p := range portions {
		p = base(p)
		if slices.ContainsFunc(items, func(it tearline.DisclosedItem) bool { return base(it.Portion) == p }) {
			out = set.Add(out, p)
		}
	}
	return out
}

// base is the portion whose tear-line wording p is, or p itself.
func base(p tearline.PortionRef) tearline.PortionRef {
	if id, tear := p.Portion.IsTear(); tear {
		p.Portion = id
	}
	return p
}

// An Owed is a recall that has to be said and has not been.
type Owed struct {
	// By is who has to say it: whoever made the disclosure.
	By   tearline.PartyID
	Says *tearline.Recall
	// Since is when the last of what it follows from was said.
	Since time.Time
}

// Owed returns the recalls that are owed, one for each disclosure that a
// revocation reaches and that was not recalled, in the order of revocation.
func (r *Records) Owed() []Owed {
	var list []Owed
	listed := map[tearline.StatementID]bool{}
	for _, c := range r.revoked {
		for _, x := range r.reach(c.consent) {
			if _, done := r.recalls[x.ID]; done || listed[x.ID] {
				continue
			}
			listed[x.ID] = true
			list = append(list, Owed{By: x.By, Says: recallOf(x.said, Taken), Since: later(c.at, x.At)})
		}
	}
	return list
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
