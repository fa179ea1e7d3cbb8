package copies

import (
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"tearline"
	"tearline/internal/attribution"
	"tearline/ledger"
)

// Bundle gathers all that checking the finding takes. What it proves must have
// been committed.
func (c *Reading) Bundle(b Books, a *Attributed) (*attribution.Bundle, error) {
	row, ok, err := b.Tx.Party(b.Party)
	if err != nil || !ok {
		return nil, cmp.Or[error](err, tearline.NewWithheld())
	}
	p := proving{Books: b}
	if p.size, err = b.Tx.LogSize(b.Party); err != nil {
		return nil, err
	}
	out := &attribution.Bundle{
		Party: b.Party, LogKey: row.LogKey, Keys: []string{row.StatementKey}, Reading: c.reading, Finding: a.Finding,
		LeakSalt: c.salts[0], ReadingSalt: c.salts[1], FindingSalt: c.salts[2], Candidates: c.candidates,
	}
	if out.ReadingIs, err = p.receipt(a.Reading); err != nil {
		return nil, err
	}
	if out.FindingIs, err = p.receipt(a.Attribution); err != nil {
		return nil, err
	}
	for _, x := range c.copies {
		r, err := p.receipt(x.Disclosure)
		if err != nil {
			return nil, err
		}
		out.Disclosures = append(out.Disclosures, r)
	}
	return out, c.prove(&p, out)
}

// prove adds the secrets of the portions, each proven to be what was committed
// to.
func (c *Reading) prove(p *proving, out *attribution.Bundle) error {
	secrets, err := c.secrets(p.Books)
	if err != nil {
		return err
	}
	at := map[tearline.ReportID]int{}
	for i := range c.reading.Portions {
		ref := c.reading.Portions[i].Portion
		k, ok := at[ref.Report]
		if !ok {
			k = len(out.Secrets)
			at[ref.Report] = k
			s, err := p.secret(ref.Report)
			if err != nil {
				return err
			}
			out.Secrets = append(out.Secrets, s)
		}
		revealed := secrets[ref].Secret.Reveal()
		out.Secrets[k].Portions[ref.Portion] = hex.EncodeToString(revealed[:])
	}
	return nil
}

// proving makes the proofs of one ledger at one size.
type proving struct {
	Books
	size int64
}

func (p *proving) secret(report tearline.ReportID) (attribution.SecretProof, error) {
	row, ok, err := p.Tx.Fingerprint(p.Party, report)
	if err != nil || !ok {
		return attribution.SecretProof{}, cmp.Or[error](err, errErased)
	}
	out := attribution.SecretProof{Report: report, Size: row.Size, Root: base64.StdEncoding.EncodeToString(row.Root[:]), Portions: map[tearline.PortionID]string{}}
	if out.Receipt, err = p.receipt(row.Statement); err != nil {
		return out, err
	}
	var proof tlog.TreeProof
	if proof, err = ledger.ProveConsistency(row.Size, p.size, p.Tx.Hashes(p.Party)); err != nil {
		return out, err
	}
	out.Consistency = attribution.MarshalProof(proof)
	return out, nil
}

// receipt proves one statement.
func (p *proving) receipt(id tearline.StatementID) (json.RawMessage, error) {
	e, ok, err := p.Tx.Entry(id)
	if err != nil || !ok {
		return nil, fmt.Errorf("statement %s: %w", id, cmp.Or(err, errors.New("not in the ledger")))
	}
	s, err := p.Statement(e)
	if err != nil {
		return nil, err
	}
	r, err := ledger.Prove(p.Keys.Log, ledger.Signed{Statement: s, Envelope: e.Envelope, Salt: e.Salt}, e.Index, p.size, p.Tx.Hashes(p.Party))
	if err != nil {
		return nil, err
	}
	return json.Marshal(r)
}
