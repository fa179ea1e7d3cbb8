package main

import (
	"bytes"
	"fmt"

	"tearline"
	"tearline/bench/kit"
	"tearline/codec"
	"tearline/internal/attribution"
	"tearline/internal/node/copies"
	"tearline/internal/node/trace"
	"tearline/leak/fingerprint"
)

// benchCopies takes the time of what makes copies individual: the keys, the
// choices, the text of each portion.
func benchCopies(b *bench) error {
	r, err := codec.ParseMarkdown([]byte(newAuthor(2).report("FIVE", 250))) // 2,500 words
	if err != nil {
		return err
	}
	secret := bytes.Repeat([]byte{7}, fingerprint.SecretSize)
	cost, err := b.Cost(kit.CPU, func() error {
		for i := range b.copies {
			for k := range r.Portions {
				p := &r.Portions[k]
				s, err := fingerprint.PortionSecret(secret, tearline.CodeNuida, tearline.PortionRef{Report: r.ID, Portion: p.ID}, p.Wording)
				if err != nil {
					return err
				}
				if _, err := p.Wording.Render(s.Key(fingerprint.Words, 1, [32]byte{}).Of(p.Wording).Choices(fingerprint.Reader{Party: recipient(i)})); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	b.Add(fmt.Sprintf("%d individual wordings of 2,500 words and 500 points, besides rendering, CPU time", b.copies), "s",
		cost.Times(1e-9), kit.AtMost(2))
	return nil
}

// benchBundle takes the time of checking a finding about many copies.
func benchBundle(b *bench) error {
	a := newAuthor(3)
	n, err := b.open("bundle", b.large)
	if err != nil {
		return err
	}
	x, err := b.issue(n, a.report("ADV-1", b.sentences), b.large)
	if err != nil {
		return err
	}
	_, bundle, err := n.Attribute(b.Ctx, holder, trace.Question{Text: x.texts[recipient(1)]}, copies.Question{
		Officer: "A. Rahn", Second: "B. Lind", Because: "it is out", Where: "a newspaper",
	})
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := bundle.Encode(&buf); err != nil {
		return err
	}
	cost, err := b.Cost(kit.CPU, func() error {
		read, err := attribution.Decode(bytes.NewReader(buf.Bytes()))
		if err != nil {
			return err
		}
		_, err = read.Verify()
		return err
	})
	if err != nil {
		return err
	}
	b.Add(fmt.Sprintf("verify the bundle of a finding about %d copies, %d points, CPU time", b.large, bundle.Finding.Points), "s", cost.Times(1e-9), kit.AtMost(5))
	b.Add("its size, for each copy", "kB", kit.One(float64(buf.Len())/1000/float64(b.large)), kit.Goal{})
	return nil
}
