package copies

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"tearline"
	"tearline/codec"
	"tearline/internal/attribution"
	"tearline/internal/set"
	"tearline/internal/store/sqlite"
	"tearline/leak/fingerprint"
)

// A Question is whose copies a leaked text agrees with.
type Question struct {
	// Leak is the text, and Portions those on which it draws.
	Leak     string
	Portions []tearline.PortionRef
	// Pages reads the pages of a leak that is a picture, of a PDF copy of Report;
	// Digest is the SHA-256 of the file, in hexadecimal. Nil if it is a text.
	Pages  PageReader
	Digest string
	Report tearline.ReportID
	// Seen is when it was seen, Where is where; copies made later are not
	// compared.
	Seen  time.Time
	Where string
	// Officer and Second are the two persons who ask, for the reason Because.
	Officer, Second, Because string
	// Case is the case it belongs to; "" for none.
	Case string
	// Bound is the greatest chance of naming any copy that the text does not
	// come from; 0 is [DefaultBound].
	Bound float64
}

// A PageReader reads what pictures of pages show, against versions of a report
// that were set; pages on which none of them is are left out. It may not know
// any copy.
type PageReader func(versions []codec.Page) ([]attribution.Page, error)

// DefaultBound is one in a million.
const DefaultBound = 1e-6

// check refuses a question that two persons do not ask, or that cannot go on
// record.
func (q *Question) check() error {
	fault := func(public, hint string) error {
		return &tearline.Error{Op: "attribute", Kind: tearline.Invalid, Public: public, Hint: hint}
	}
	alike := func(a, b string) bool {
		return strings.EqualFold(strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " "))
	}
	switch {
	case strings.TrimSpace(q.Officer) == "" || strings.TrimSpace(q.Second) == "":
		return fault("copies are compared only if two persons ask for it", "name them: --officer NAME --second NAME")
	case alike(q.Officer, q.Second):
		return fault(fmt.Sprintf("%s cannot be both of the two persons who ask", strings.TrimSpace(q.Officer)), "somebody else must ask as well: --second NAME")
	case strings.TrimSpace(q.Because) == "":
		return fault("copies compared without a reason", "say why: --because TEXT")
	case strings.TrimSpace(q.Where) == "":
		return fault("nothing says where the text was seen", "say where: --where TEXT")
	case q.Bound == 0:
		q.Bound = DefaultBound
	case !(q.Bound >= 1e-30 && q.Bound <= 0.01):
		return fault(fmt.Sprintf("a bound of %v", q.Bound), "it is a chance between 1e-30 and 0.01, such as 1e-6")
	}
	return nil
}

// A Reading is what a leak shows of the copies' wording, read by who knows none
// of it, and who is compared with it. Nothing is compared before it is on
// record.
type Reading struct {
	question   Question
	reading    attribution.Reading
	portions   []attribution.Portion
	candidates []attribution.Candidate
	copies     []sqlite.CopyRow
	sets       []Set     // those of PDF copies, each once
	salts      [3][]byte // of leak, reading, finding

	statement tearline.StatementID // once it is on record
	number    int                  // of the look
}

// Read reads a leak without looking at any copy's wording. It says nothing, and
// may take long: of a picture, a second a page.
func Read(b Books, q Question) (*Reading, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	if err := b.confided(q.Where); err != nil {
		return nil, err
	}
	c := &Reading{question: q}
	var err error
	if c.portions, err = b.portions(q.Portions); err != nil {
		return nil, err
	}
	c.reading = attribution.Read(q.Leak, c.portions)
	if q.Pages == nil {
		return c, nil
	}
	if err := c.gather(b); err != nil {
		return nil, err
	}
	return c, c.look(b)
}

// Commit says in the ledger what was read, how many copies will be compared and
// within which bound. Its transaction is to end before [Reading.Compare] is
// called.
func (c *Reading) Commit(b Books) error {
	err := c.gather(b)
	if err != nil {
		return err
	}
	for i := range c.salts {
		if c.salts[i], err = b.Random(32); err != nil {
			return err
		}
	}
	digest, err := attribution.Digest(c.salts[1], &c.reading)
	if err != nil {
		return err
	}
	refs := make([]tearline.PortionRef, len(c.portions))
	var about []string
	for i, p := range c.portions {
		refs[i] = p.Ref
		about = set.Add(about, b.RefReport(p.Ref.Report))
	}
	if c.number, err = b.looks(refs); err != nil {
		return err
	}
	q := &c.question
	says := &tearline.Reading{
		Case: q.Case, Officer: q.Officer, Second: q.Second, Because: q.Because, Seen: q.Seen, Where: q.Where, Portions: refs,
		Points: c.reading.Points(), Copies: len(c.candidates), Look: c.number, Bound: attribution.FormatBound(q.Bound), Rules: attribution.Rules,
	}
	c.statement, _, err = b.Say([]tearline.Subject{
		{Name: "leak", Digest: tearline.DigestContent(c.salts[0], c.reading.Leaked())}, {Name: "reading", Digest: digest},
	}, says, about...)
	return err
}

// look reads the pictures.
func (c *Reading) look(b Books) error {
	r, err := b.Report(c.question.Report)
	if err != nil {
		return err
	}
	c.reading.Picture = c.question.Digest
	c.reading.Portions, err = readPages(c.question.Pages, r, c.sets, c.portions)
	return err
}

// confided refuses a text that came out through a party in whom people confide
// under the protection of the law.
func (b Books) confided(where string) error {
	parties, err := b.Tx.Parties()
	if err != nil {
		return err
	}
	words := func(s string) string {
		return " " + strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return strings.ContainsRune(" \t\n.,;:()[]\"'/", r) }), " ") + " "
	}
	for _, p := range parties {
		if p.Protected && (strings.Contains(words(where), words(string(p.ID))) || strings.Contains(words(where), words(p.Name))) {
			return &tearline.Error{
				Op: "attribute", Kind: tearline.Invalid, Public: fmt.Sprintf("the text came out through %s: whoever confides in it is protected", p.ID),
				Hint: "such a text is compared with no copy",
			}
		}
	}
	return nil
}

// portions returns the wordings of those portions of which copies can be told
// apart, in order.
func (b Books) portions(refs []tearline.PortionRef) ([]attribution.Portion, error) {
	refs = set.Add([]tearline.PortionRef(nil), refs...)
	slices.SortFunc(refs, func(x, y tearline.PortionRef) int { return strings.Compare(x.String(), y.String()) })
	var out []attribution.Portion
	for _, ref := range refs {
		r, err := b.Report(ref.Report)
		if err != nil {
			return nil, err
		}
		w, ok := wordingOf(r, ref.Portion)
		if !ok {
			return nil, tearline.NewWithheld()
		}
		_, ok, err = SecretsOf(b, ref.Report)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, attribution.Portion{Ref: ref, Wording: w})
		}
	}
	if len(out) == 0 {
		return nil, &tearline.Error{
			Op: "attribute", Kind: tearline.Conflict, Public: "no copies that could be told apart were made of what the text draws on",
			Hint: "tearline trace says what it draws on, and who had it",
		}
	}
	return out, nil
}

// gather finds the copies that are compared: individual ones, made before the
// text was seen, one candidate for each reader.
func (c *Reading) gather(b Books) error {
	c.candidates, c.copies, c.sets = nil, nil, nil
	refs := make([]tearline.PortionRef, len(c.portions))
	for i, p := range c.portions {
		refs[i] = p.Ref
	}
	rows, err := b.Tx.CopiesOfPortions(b.Party, refs)
	if err != nil {
		return err
	}
	at := map[fingerprint.Reader]int{}
	for _, row := range rows {
		var spec Spec
		if err := json.Unmarshal(row.Spec, &spec); err != nil {
			return fmt.Errorf("copy %s: %w", row.ID, err)
		}
		if !spec.Individual || row.Made.After(c.question.Seen) {
			continue
		}
		if spec.Set != nil && !slices.ContainsFunc(c.sets, func(s Set) bool { return reflect.DeepEqual(s, *spec.Set) }) {
			c.sets = append(c.sets, *spec.Set)
		}
		d, err := b.disclosure(row.Disclosure)
		if err != nil {
			return err
		}
		reader := attribution.ReaderOf(d)
		i, ok := at[reader]
		if !ok {
			i = len(c.candidates)
			at[reader] = i
			c.candidates = append(c.candidates, attribution.Candidate{Reader: reader})
		}
		x := &c.candidates[i]
		x.Copies = append(x.Copies, row.ID)
		for _, ref := range attribution.Contains(d) {
			if slices.Contains(refs, ref) {
				x.Portions = set.Add(x.Portions, ref)
			}
		}
		c.copies = append(c.copies, row)
	}
	return nil
}

func (b Books) disclosure(id tearline.StatementID) (*tearline.Disclosure, error) {
	e, ok, err := b.Tx.Entry(id)
	if err != nil || !ok {
		return nil, fmt.Errorf("disclosure %s: %w", id, cmp.Or(err, errors.New("not in the ledger")))
	}
	s, err := b.Statement(e)
	if err != nil {
		return nil, err
	}
	d, ok := s.Says.(*tearline.Disclosure)
	if !ok {
		return nil, fmt.Errorf("disclosure %s says %s", id, s.Kind())
	}
	return d, nil
}

// looks counts the readings of any of the reports so far, and this one.
func (b Books) looks(refs []tearline.PortionRef) (int, error) {
	seen := map[tearline.StatementID]bool{}
	for _, ref := range refs {
		for e, err := range b.Tx.ByRef(b.RefReport(ref.Report), tearline.KindReading) {
			if err != nil {
				return 0, err
			}
			if e.Log == b.Party {
				seen[e.ID] = true
			}
		}
	}
	return len(seen) + 1, nil
}

// Attributed is what comparing came to.
type Attributed struct {
	Reading tearline.StatementID `json:"reading"`
	// Attribution is the statement of the finding.
	Attribution tearline.StatementID   `json:"attribution"`
	Finding     attribution.Finding    `json:"finding"`
	Words       []string               `json:"words"`
	Overturns   []string               `json:"overturns"`
	Portions    []tearline.PortionRef  `json:"portions"`
	Recipients  map[tearline.CopyID]To `json:"recipients"` // of the copies in the finding
}

// To is for whom a copy was made.
type To = fingerprint.Reader

// Compare compares the copies with a reading that is on record, and says in the
// ledger what that came to.
func (c *Reading) Compare(b Books) (*Attributed, error) {
	secrets, err := c.secrets(b)
	if err != nil {
		return nil, err
	}
	f, err := attribution.Compare(&c.reading, secrets, c.candidates, c.question.Bound, c.number)
	if err != nil {
		return nil, err
	}
	digest, err := attribution.Digest(c.salts[2], f)
	if err != nil {
		return nil, err
	}
	out := &Attributed{
		Reading: c.statement, Finding: *f, Words: f.Words(), Overturns: []string{}, Portions: []tearline.PortionRef{}, Recipients: map[tearline.CopyID]To{},
	}
	for i := range c.reading.Portions {
		out.Portions = append(out.Portions, c.reading.Portions[i].Portion)
	}
	if f.Finding == tearline.FoundCopies {
		out.Overturns = attribution.Overturns()
	}
	spoken := f.NamedCopies()
	if f.Narrowed != nil {
		spoken = append(spoken, f.Narrowed.Copies...)
	}
	for i := range c.candidates {
		for _, id := range c.candidates[i].Copies {
			if slices.Contains(spoken, id) {
				out.Recipients[id] = c.candidates[i].Reader
			}
		}
	}
	out.Attribution, _, err = b.Say([]tearline.Subject{{Name: "finding", Digest: digest}}, f.Says(c.statement), b.RefStatement(c.statement))
	return out, err
}

func (c *Reading) secrets(b Books) (attribution.Secrets, error) {
	out := attribution.Secrets{}
	reports := map[tearline.ReportID]*Secrets{}
	for i := range c.reading.Portions {
		p := &c.reading.Portions[i]
		s := reports[p.Portion.Report]
		if s == nil {
			var ok bool
			var err error
			if s, ok, err = SecretsOf(b, p.Portion.Report); err != nil || !ok {
				return nil, cmp.Or[error](err, errErased)
			}
			reports[p.Portion.Report] = s
		}
		w, err := tearline.ParseWording(p.Wording)
		if err != nil {
			return nil, err
		}
		if out[p.Portion], err = s.Of(p.Portion, w); err != nil {
			return nil, err
		}
	}
	return out, nil
}
