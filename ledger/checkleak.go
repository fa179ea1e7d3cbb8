package ledger

import (
	"regexp"

	"tearline"
)

// maxCaseName is the most characters of a case's name.
const maxCaseName = 64

// boundForm is that of a decimal fraction as a reading states its bound.
var boundForm = regexp.MustCompile(`^[1-9](\.[0-9]{1,6})?e-[0-9]{2}$`)

// caseForm is that of a case's name.
var caseForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// leaked checks what is said of a leak, and to be ready for one.
func (c *checker) leaked(p tearline.Predicate) {
	switch p := p.(type) {
	case *tearline.Fingerprint:
		c.fingerprint(p)
	case *tearline.Erasure:
		c.report(p.Report)
		c.some("officer", p.Officer)
		c.some("because", p.Because)
	case *tearline.Reading:
		c.reading(p)
	case *tearline.Attribution:
		c.attribution(p)
	case *tearline.CaseEntry:
		c.caseEntry(p)
	case *tearline.Exposure:
		c.party("told_to", p.ToldTo)
		c.time("seen", p.Seen)
		for _, x := range p.Portions {
			c.portions("portions: portion", x.Portion)
		}
		c.statements("suspend", p.Suspend...)
	default:
		c.fault("predicate %T is not one of the vocabulary", p)
	}
}

func (c *checker) fingerprint(p *tearline.Fingerprint) {
	c.report(p.Report)
	switch p.Code {
	case tearline.CodeNuida, tearline.CodeHalf:
	default:
		c.fault("code: %.40q: want nuida or half", p.Code)
	}
	for _, x := range p.Portions {
		of, _ := x.ID.IsTear()
		_, err := tearline.ParsePortionID(string(of))
		c.wrap("portions: id", err)
		c.count("portions: points", x.Points)
	}
}

func (c *checker) count(member string, n int) {
	if n < 0 {
		c.fault("%s: %d: want none or more", member, n)
	}
}

func (c *checker) caseName(member, name string) {
	if !caseForm.MatchString(name) {
		c.fault("%s: %.80q: want 1 to %d letters, digits, '.', '_' and '-', beginning with a letter or digit", member, name, maxCaseName)
	}
}

func (c *checker) reading(p *tearline.Reading) {
	if p.Case != "" {
		c.caseName("case", p.Case)
	}
	c.some("officer", p.Officer)
	c.some("second", p.Second)
	c.some("because", p.Because)
	c.time("seen", p.Seen)
	c.some("where", p.Where)
	c.portions("portions", p.Portions...)
	c.count("points", p.Points)
	c.count("copies", p.Copies)
	if p.Look < 1 {
		c.fault("look: %d: want 1 or more", p.Look)
	}
	if !boundForm.MatchString(p.Bound) {
		c.fault("bound: %.40q: want a fraction such as 1e-06", p.Bound)
	}
	c.some("rules", p.Rules)
}

func (c *checker) attribution(p *tearline.Attribution) {
	c.statements("reading", p.Reading)
	switch p.Finding {
	case tearline.FoundNothing, tearline.FoundNarrower:
		if len(p.Copies) > 0 {
			c.fault("copies: named, although the finding is %s", p.Finding)
		}
	case tearline.FoundCopies:
		if len(p.Copies) == 0 {
			c.fault("copies: none named")
		}
	default:
		c.fault("finding: %.40q: want nothing, narrowed or copies", p.Finding)
	}
	for _, id := range p.Copies {
		c.some("copies", string(id))
	}
}

func (c *checker) caseEntry(p *tearline.CaseEntry) {
	c.caseName("case", p.Case)
	switch p.Act {
	case tearline.CaseOpened, tearline.CaseClosed:
		c.some("note", p.Note)
	case tearline.CaseAdded:
		if len(p.Of) == 0 {
			c.some("note", p.Note)
		}
	default:
		c.fault("act: %.40q: want open, add or close", p.Act)
	}
	c.some("officer", p.Officer)
	c.statements("of", p.Of...)
}

// leakedWithLists is [withLists] for what is said of a leak.
func leakedWithLists(p tearline.Predicate) tearline.Predicate {
	switch p := p.(type) {
	case *tearline.Fingerprint:
		q := *p
		q.Portions = orEmpty(p.Portions)
		return &q
	case *tearline.Reading:
		q := *p
		q.Portions = orEmpty(p.Portions)
		return &q
	case *tearline.Exposure:
		q := *p
		q.Portions = orEmpty(p.Portions)
		return &q
	}
	return p
}
