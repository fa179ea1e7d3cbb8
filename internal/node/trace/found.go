package trace

import (
	"fmt"

	"tearline"
	"tearline/leak/match"
)

// From takes over what a search found.
func From(b *Books, leak string, found []match.Match) ([]Match, error) {
	out := make([]Match, len(found))
	for i := range found {
		source, err := b.source(found[i].Ref)
		if err != nil {
			return nil, err
		}
		out[i] = from(leak, source, &found[i])
	}
	return out, nil
}

func from(leak, source string, m *match.Match) Match {
	out := Match{Report: m.Ref.Report, Portion: m.Ref.Portion, Kind: m.Kind, EValue: &m.EValue, Score: m.Score}
	for _, s := range m.Spans {
		out.Spans = append(out.Spans, Span{Leak: s.Leak, Portion: s.Portion})
	}
	for _, p := range m.Words {
		out.Words = append(out.Words, Word{Leak: p.Leak, Portion: p.Portion, How: string(p.How), Bits: p.Bits})
	}
	for _, e := range m.Evidence {
		out.Evidence = append(out.Evidence, Evidence{Term: e.Term, Value: e.Value, Bits: e.Bits})
	}
	for _, s := range m.Shared {
		out.Shared = append(out.Shared, Shared{Word: leak[s.Leak[0]:s.Leak[1]], In: s.In, Of: s.Of, Bits: s.Bits})
	}
	out.Details.Of = m.Details.Of
	for _, r := range m.Details.Reproduced {
		out.Details.Reproduced = append(out.Details.Reproduced, Reproduced{Text: source[r.Portion[0]:r.Portion[1]], Leak: r.Leak, Portion: r.Portion, In: r.In})
	}
	for _, a := range m.Details.Altered {
		out.Details.Altered = append(out.Details.Altered, Altered{Text: source[a.Portion[0]:a.Portion[1]], LeakText: leak[a.Leak[0]:a.Leak[1]]})
	}
	for _, s := range m.Details.Missing {
		out.Details.Missing = append(out.Details.Missing, source[s.Portion[0]:s.Portion[1]])
	}
	return out
}

// source returns the wording of a portion, in which offsets count.
func (b *Books) source(ref tearline.PortionRef) (string, error) {
	r, err := b.Report(ref.Report)
	if err != nil {
		return "", err
	}
	base, tear := ref.Portion.IsTear()
	p, ok := r.Portion(base)
	switch {
	case !ok || tear && p.Tear == nil:
		return "", fmt.Errorf("the leak index names portion %s, which the books do not have", ref)
	case tear:
		return p.Tear.Wording.Source(), nil
	}
	return p.Wording.Source(), nil
}
