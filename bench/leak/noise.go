package main

import (
	"fmt"
	"strings"

	"tearline/bench/kit"
	"tearline/leak/match"
)

// A way is what a text may go through between the portion and us.
type way struct {
	name string
	do   func(d *dice, text string) (string, error)
	// rare is set of what changes few passages: only those texts count whose
	// leaked passage it changes.
	rare bool
}

func plain(do func(*dice, string) string) func(*dice, string) (string, error) {
	return func(d *dice, text string) (string, error) { return do(d, text), nil }
}

// ways begin with none. Formats are read back by codec/article.
var ways = []way{
	{name: "as it is", do: plain(func(_ *dice, text string) string { return text })},
	{name: "HTML page with what stands around", do: throughHTML},
	{name: "EML, quoted-printable", do: throughMail},
	{name: "DOCX", do: throughDOCX},
	{name: "UTF-16", do: throughUTF16},
	{name: "soft hyphens in long words", do: plain(softHyphens)},
	{name: "curly quotes, dashes", do: plain(curly)},
	{name: "invisible characters in 10 % of the words", do: plain(invisible)},
	{name: "Cyrillic and Greek look-alikes in 20 % of the words", do: plain(lookalikes)},
	{name: "lines of 60, words divided at their ends", do: plain(divided)},
	{name: "OCR: 2 % of the characters", do: plain(misread)},
	{name: "British and American spelling exchanged", do: plain(respelt), rare: true},
	{name: "numbers in another form", do: plain(renumbered), rare: true},
	{name: "clauses exchanged, adjectives after nouns", do: plain(reordered), rare: true},
	{name: "capitals throughout", do: plain(func(_ *dice, text string) string { return strings.ToUpper(text) })},
}

// benchNoise finds leaks that were handled on their way to us.
func benchNoise(b *bench) error {
	a, err := b.archive(b.noisy)
	if err != nil {
		return missing(err)
	}
	for _, kind := range []string{"inart-verbatim1", "inart-light"} {
		queries := b.ofKind(kind, b.handled)
		for _, w := range ways {
			handled, err := w.through(queries)
			if err != nil {
				return fmt.Errorf("%s: %w", w.name, err)
			}
			if len(handled) == 0 {
				continue
			}
			answers, err := ask(b.Ctx, a, handled)
			if err != nil {
				return err
			}
			first, sure := 0, 0
			for i := range answers {
				r := answers[i].rate()
				first += count(r.first)
				sure += count(r.first && answers[i].matches[0].EValue <= match.MostE)
			}
			what := fmt.Sprintf("%s, %s portions, n = %d, %s: ", kind, kit.Number(float64(a.n)), len(handled), w.name)
			b.Add(what+"first", "%", kit.One(percent(first, len(handled))), kit.Goal{})
			b.Add(what+fmt.Sprintf("first, E ≤ %g", match.MostE), "%", kit.One(percent(sure, len(handled))), kit.Goal{})
		}
	}
	return nil
}

// through returns the queries as they arrive.
func (w *way) through(queries []query) ([]query, error) {
	var out []query
	for i, q := range queries {
		seed := uint64(i)
		if w.rare {
			if len(q.Span) != 2 {
				continue
			}
			passage := q.Query[q.Span[0]:q.Span[1]]
			changed, err := w.do(&dice{seed}, passage)
			if err != nil {
				return nil, err
			}
			if changed == passage {
				continue
			}
		}
		text, err := w.do(&dice{seed}, q.Query)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", q.ID, err)
		}
		q.Query = text
		out = append(out, q)
	}
	return out, nil
}
