package trace

import (
	"fmt"
	"strings"

	"tearline/internal/set"
	"tearline/internal/text"
)

// maxNamed is how many holders a sentence names.
const maxNamed = 6

// Name is whom a reader knows the holder as: its party or, within that, the
// person and the unit.
func (h *Holder) Name() string {
	switch {
	case h.Person != "" && h.Unit != "":
		return Plain(h.Person + ", " + h.Unit)
	case h.Person != "" || h.Unit != "":
		return Plain(h.Person + h.Unit)
	}
	return string(h.Party)
}

// To is whom a reader knows the recipient as.
func (b *Basis) To() string {
	if b.Unit == "" && b.Person == "" {
		return string(b.Recipient)
	}
	h := Holder{Unit: b.Unit, Person: b.Person}
	return string(b.Recipient) + " (" + h.Name() + ")"
}

// Way names those by way of whom the holder had portions; empty if it had all
// from the tracing party.
func (h *Holder) Way() string {
	var via []string
	for _, x := range h.Had {
		for _, v := range x.Via {
			via = set.Add(via, string(v))
		}
	}
	return strings.Join(via, ", ")
}

// Summary says in a sentence who had every passage; empty if nobody had any.
func (w *Who) Summary() string {
	if len(w.Parties) == 0 {
		return ""
	}
	all := w.All(w.Parties)
	of := text.Count(len(w.Parties), "recipient", "recipients")
	had := fmt.Sprintf("had all %d passages", len(w.Passages))
	switch len(w.Passages) {
	case 1:
		had = "had it"
	case 2:
		had = "had both passages"
	}
	if len(all) == 0 {
		return fmt.Sprintf("none of %s %s; %s had %d", of, had, w.Parties[0].Name(), w.Parties[0].Passages)
	}
	words := fmt.Sprintf("%d of %s %s: %s", len(all), of, had, names(all))
	if persons := w.All(w.Persons); len(persons) > 0 {
		words += "; of those named, " + names(persons)
	}
	return words
}

// names lists the first of several holders.
func names(all []Holder) string {
	var out []string
	for i := range all[:min(maxNamed, len(all))] {
		out = append(out, all[i].Name())
	}
	if n := len(all) - maxNamed; n > 0 {
		return strings.Join(out, ", ") + fmt.Sprintf(" and %d more", n)
	}
	return strings.Join(out, ", ")
}

// FromHere says which passages nobody is recorded to have been given; empty if
// there are none.
func (w *Who) FromHere() string {
	var of []string
	for _, i := range w.Undisclosed {
		of = append(of, w.Passages[i][0].String())
	}
	switch n := len(of); {
	case n == 0:
		return ""
	case n == len(w.Passages) && n > 1:
		return "no disclosure of any of it is recorded: it may have come from here"
	case n > maxNamed:
		return fmt.Sprintf("no disclosure of %d of the %d is recorded: they may have come from here", n, len(w.Passages))
	}
	return "no disclosure of " + strings.Join(of, ", ") + " is recorded: it may have come from here"
}

// Caveat says how little all this proves.
func (w *Who) Caveat() string {
	words := "To have had it is not to have passed it on, and not all that was told is recorded."
	for i := range w.Parties {
		if w.Parties[i].Way() != "" {
			return words + " What came by way of another draws on the passage; it need not have its words."
		}
	}
	return words
}
