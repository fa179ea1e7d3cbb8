package attribution

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"tearline"
	"tearline/leak/fingerprint"
	"tearline/ledger"
)

// A check collects what verifying a bundle goes by.
type check struct {
	*Bundle
	keys ledger.Verifiers
	head ledger.Checkpoint
	// reading and finding are the two statements, and their places.
	reading, finding     tearline.Statement
	readingAt, findingAt int64
	secrets              Secrets
	committed            map[tearline.ReportID]int64
	disclosed            map[tearline.CopyID]tearline.Statement
	disclosedAt          map[tearline.CopyID]int64
}

// Verify checks everything: each signature, each proof, that secrets were
// committed to before the copies were recorded, those before the text was
// read, and that before anything was compared; that the text reads so; and
// works out the finding anew. It returns the finding. An error says what does
// not hold; it wraps [ErrBundle].
//
// It cannot show that all copies of the portions are in the bundle: an
// inspector holds it against the party's whole ledger. Nor that the ledger
// shown is the only one: its checkpoint is held against those that others have.
func (b *Bundle) Verify() (*Finding, error) {
	c := &check{
		Bundle: b, keys: ledger.Verifiers{b.Party: b.Keys}, secrets: Secrets{}, committed: map[tearline.ReportID]int64{},
		disclosed: map[tearline.CopyID]tearline.Statement{}, disclosedAt: map[tearline.CopyID]int64{},
	}
	for _, step := range []func() error{c.statements, c.commitments, c.disclosures, c.candidates, c.read, c.compared} {
		if err := step(); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrBundle, err)
		}
	}
	return &b.Finding, nil
}

// ErrBundle is wrapped by every error of [Bundle.Verify].
var ErrBundle = errors.New("the bundle does not verify")

// open verifies one receipt, under the same checkpoint as the others.
func (c *check) open(what string, data []byte) (ledger.Receipt, error) {
	r, err := ledger.OpenReceipt(data, c.keys, c.LogKey)
	if err != nil {
		return r, fmt.Errorf("%s: %w", what, err)
	}
	head, err := ledger.OpenCheckpoint(r.Checkpoint(), c.LogKey)
	if err != nil {
		return r, fmt.Errorf("%s: %w", what, err)
	}
	switch {
	case c.head.Size == 0:
		c.head = head
	case head != c.head:
		return r, fmt.Errorf("%s: proven under another checkpoint than the others", what)
	}
	if s := r.Statement(); s.By != c.Party {
		return r, fmt.Errorf("%s: said by %s, not %s", what, s.By, c.Party)
	}
	return r, nil
}

// statements checks the two that the finding rests on.
func (c *check) statements() error {
	r, err := c.open("the reading", c.ReadingIs)
	if err != nil {
		return err
	}
	f, err := c.open("the finding", c.FindingIs)
	if err != nil {
		return err
	}
	c.reading, c.readingAt = r.Statement(), r.Index()
	c.finding, c.findingAt = f.Statement(), f.Index()
	if c.findingAt <= c.readingAt {
		return errors.New("copies were compared before the reading was on record")
	}
	says, ok := c.reading.Says.(*tearline.Reading)
	if !ok {
		return fmt.Errorf("a %s where the reading should be", c.reading.Kind())
	}
	digest, err := Digest(c.ReadingSalt, &c.Reading)
	if err != nil {
		return err
	}
	if !r.Covers(digest) || !r.Covers(tearline.DigestContent(c.LeakSalt, c.Reading.Leaked())) {
		return errors.New("the reading is not the one on record")
	}
	if says.Rules != Rules {
		return fmt.Errorf("compared by the rules %.40q: this program has %s", says.Rules, Rules)
	}
	if digest, err = Digest(c.FindingSalt, &c.Finding); err != nil {
		return err
	}
	if !f.Covers(digest) {
		return errors.New("the finding is not the one on record")
	}
	a, ok := c.finding.Says.(*tearline.Attribution)
	if !ok || a.Reading != c.reading.ID {
		return errors.New("the finding is of another reading")
	}
	return nil
}

// commitments checks the secrets against what was committed to.
func (c *check) commitments() error {
	wordings := map[tearline.PortionRef]tearline.Wording{}
	for i := range c.Reading.Portions {
		p := &c.Reading.Portions[i]
		w, err := tearline.ParseWording(p.Wording)
		if err != nil {
			return fmt.Errorf("portion %s: %w", p.Portion, err)
		}
		wordings[p.Portion] = w
	}
	for i := range c.Secrets {
		if err := c.commitment(&c.Secrets[i], wordings); err != nil {
			return fmt.Errorf("secrets of %s: %w", c.Secrets[i].Report, err)
		}
	}
	return nil
}

func (c *check) commitment(s *SecretProof, wordings map[tearline.PortionRef]tearline.Wording) error {
	r, err := c.open("the commitment", s.Receipt)
	if err != nil {
		return err
	}
	st := r.Statement()
	says, ok := st.Says.(*tearline.Fingerprint)
	if !ok || says.Report != s.Report {
		return errors.New("the statement is another")
	}
	root, err := hash(s.Root)
	if err != nil {
		return err
	}
	if s.Size != r.Index()+1 {
		return fmt.Errorf("bound to the ledger at size %d, and the commitment is entry %d", s.Size, r.Index())
	}
	proof := make(tlog.TreeProof, len(s.Consistency))
	for i, x := range s.Consistency {
		if proof[i], err = hash(x); err != nil {
			return err
		}
	}
	if err := ledger.CheckConsistency(ledger.Checkpoint{Origin: c.head.Origin, Size: s.Size, Root: root}, c.head, proof); err != nil {
		return err
	}
	c.committed[s.Report] = r.Index()
	for id, text := range s.Portions {
		ref := tearline.PortionRef{Report: s.Report, Portion: id}
		w, ok := wordings[ref]
		if !ok {
			return fmt.Errorf("portion %s was not read", ref)
		}
		var bytes [32]byte
		if n, err := hex.Decode(bytes[:], []byte(text)[:min(len(text), 64)]); err != nil || n != len(bytes) || len(text) != 64 {
			return fmt.Errorf("portion %s: want 64 hexadecimal digits", ref)
		}
		secret := fingerprint.OpenSecret(bytes, says.Code, ref, w)
		if !committedTo(says, id, secret.Commitment()) {
			return fmt.Errorf("portion %s: the secret is not the one committed to", ref)
		}
		c.secrets[ref] = Keys{Secret: secret, Size: s.Size, Root: root}
	}
	return nil
}

func committedTo(f *tearline.Fingerprint, id tearline.PortionID, d tearline.Digest) bool {
	for _, p := range f.Portions {
		if p.ID == id {
			return p.Commitment == d
		}
	}
	return false
}

// disclosures opens the records of the copies.
func (c *check) disclosures() error {
	for i, data := range c.Disclosures {
		r, err := c.open(fmt.Sprintf("disclosure %d", i+1), data)
		if err != nil {
			return err
		}
		s := r.Statement()
		d, ok := s.Says.(*tearline.Disclosure)
		if !ok || d.Copy == "" || d.ToldTo != "" {
			return fmt.Errorf("statement %s records no copy", s.ID)
		}
		if _, twice := c.disclosed[d.Copy]; twice {
			return fmt.Errorf("copy %s is recorded twice", d.Copy)
		}
		if r.Index() >= c.readingAt {
			return fmt.Errorf("copy %s was recorded after the text had been read", d.Copy)
		}
		c.disclosed[d.Copy], c.disclosedAt[d.Copy] = s, r.Index()
	}
	return nil
}

// candidates checks that those compared are the copies recorded, each once.
func (c *check) candidates() error {
	readers := map[fingerprint.Reader]bool{}
	left := len(c.disclosed)
	for i := range c.Candidates {
		x := &c.Candidates[i]
		if readers[x.Reader] {
			return fmt.Errorf("two candidates for one reader of %s", x.Reader.Party)
		}
		readers[x.Reader] = true
		has := map[tearline.PortionRef]bool{}
		for _, id := range x.Copies {
			s, ok := c.disclosed[id]
			if !ok {
				return fmt.Errorf("copy %s is compared and not on record", id)
			}
			left--
			d, ok := s.Says.(*tearline.Disclosure)
			if !ok || ReaderOf(d) != x.Reader {
				return fmt.Errorf("copy %s was made for another reader", id)
			}
			for _, ref := range Contains(d) {
				has[ref] = true
				if at, bound := c.committed[ref.Report]; bound && c.disclosedAt[id] <= at {
					return fmt.Errorf("copy %s was recorded before its secret was committed to", id)
				}
			}
		}
		for j := range c.Reading.Portions {
			ref := c.Reading.Portions[j].Portion
			if has[ref] != slices.Contains(x.Portions, ref) {
				return fmt.Errorf("copies %v: it is said wrongly whether portion %s is in them", x.Copies, ref)
			}
		}
	}
	if left != 0 {
		return errors.New("copies are on record that were not compared, or stand twice")
	}
	return nil
}

// ReaderOf returns for whom a disclosure's copy is worded.
func ReaderOf(d *tearline.Disclosure) fingerprint.Reader {
	r := fingerprint.Reader{Party: d.Recipient, Unit: d.Unit}
	if d.Person != nil {
		r.Person = d.Person.Name
	}
	return r
}

// Contains returns the portions in a disclosure, by the names of what went out.
func Contains(d *tearline.Disclosure) []tearline.PortionRef {
	out := make([]tearline.PortionRef, len(d.Items))
	for i, it := range d.Items {
		out[i] = it.Portion
		if _, tear := it.Portion.Portion.IsTear(); it.Replaced && !tear {
			out[i].Portion = tearline.TearOf(it.Portion.Portion)
		}
	}
	return out
}

// read checks that a text reads as it is said to. A picture is not in the
// bundle: who has it reads it again.
func (c *check) read() error {
	for i := range c.Reading.Portions {
		p := &c.Reading.Portions[i]
		w, err := tearline.ParseWording(p.Wording)
		if err != nil {
			return fmt.Errorf("portion %s: %w", p.Portion, err)
		}
		if c.Reading.Picture != "" {
			continue
		}
		if len(p.Page) > 0 || !slices.Equal(fingerprint.Read(w, c.Reading.Leak), p.Seen) {
			return fmt.Errorf("portion %s: the text does not read as it is said to", p.Portion)
		}
	}
	return nil
}

// compared works out the finding anew.
func (c *check) compared() error {
	says, ok := c.reading.Says.(*tearline.Reading)
	if !ok {
		return errors.New("no reading")
	}
	if want := FormatBound(c.Finding.Bound); says.Bound != want || says.Look != c.Finding.Look || says.Copies != c.Finding.Readers {
		return errors.New("bound, look or number of copies are not those on record")
	}
	again, err := Compare(&c.Reading, c.secrets, c.Candidates, c.Finding.Bound, c.Finding.Look)
	if err != nil {
		return err
	}
	was, err := encode(&c.Finding)
	if err != nil {
		return err
	}
	is, err := encode(again)
	if err != nil {
		return err
	}
	if was != is {
		return errors.New("comparing the copies again comes to something else")
	}
	a, ok := c.finding.Says.(*tearline.Attribution)
	if !ok || a.Finding != again.Finding || !slices.Equal(a.Copies, again.NamedCopies()) {
		return errors.New("what was said of the finding is not what it is")
	}
	return nil
}
