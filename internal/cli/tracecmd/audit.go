package tracecmd

import (
	"fmt"
	"strings"

	"tearline"
	"tearline/internal/cli/command"
	"tearline/internal/event"
	"tearline/internal/text"
)

// ShowAudit shows what happened, statement by statement.
func ShowAudit(p *command.Printer, events []event.Event) {
	if len(events) == 0 {
		p.F("nothing is recorded\n")
	}
	for _, e := range events {
		p.Wrap(text.Stamp(e.At)+"  ", "  ", eventLine(p, e))
		for _, it := range e.Items {
			if it.Outcome == nil {
				continue
			}
			replaced := ""
			if it.Replaced {
				replaced = " (tear line)"
			}
			p.F("    %s%s: rules say %s; basis: %s\n", it.Portion, replaced, p.Outcome(*it.Outcome), p.Basis(it.Basis))
		}
		for _, t := range []struct{ label, words string }{{"gist", e.Gist}, {"because", e.Because}, {"what is done", e.Measures}, {"it may want to take back", text.List(e.Suspend)}} {
			if t.words != "" {
				p.Wrap("    "+t.label+": ", "      ", t.words)
			}
		}
	}
}

// eventLine says in one sentence what a statement did.
func eventLine(p *command.Printer, e event.Event) string {
	id := fmt.Sprintf("[%s %s]", e.Ledger, e.Statement)
	if e.Index != nil {
		id = fmt.Sprintf("[%s #%d %s]", e.Ledger, *e.Index, e.Statement)
	}
	what := portionsOf(e)
	switch e.Kind { //nolint:exhaustive // the others read well by their name
	case tearline.KindFiling:
		return fmt.Sprintf("%s filed it under %s %s", e.By, e.Marking, id)
	case tearline.KindRequest:
		return fmt.Sprintf("%s asked whether %s may have %s %s", e.By, e.Recipient, what, id)
	case tearline.KindConsent:
		words := fmt.Sprintf("%s consented to %s for %s", e.By, what, e.Recipient)
		if e.State != "granted" {
			words = fmt.Sprintf("%s refused %s to %s", e.By, what, e.Recipient)
		}
		if len(e.Conditions) > 0 {
			words += " (" + text.List(e.Conditions) + ")"
		}
		return words + " " + id
	case tearline.KindRevocation:
		return fmt.Sprintf("%s took back %s %s", e.By, e.Of, id)
	case tearline.KindDeclassification:
		return fmt.Sprintf("%s declassified %s, by %s %s", e.By, what, both(e.Authority, e.Second), id)
	case tearline.KindDiscretion:
		return fmt.Sprintf("%s: %s of %s decides to tell %s: %s %s", p.Basis(tearline.ByDiscretion), both(e.Authority, e.Second), e.By, e.Recipient, what, id)
	case tearline.KindDisclosure:
		return disclosureLine(e) + " " + id
	case tearline.KindRecall:
		return fmt.Sprintf("%s recalled %s from %s %s", e.By, thing(e.Copy), e.Recipient, id)
	case tearline.KindConfirmation:
		return fmt.Sprintf("%s confirmed the recall %s: %s %s", e.By, e.Of, e.State, id)
	case tearline.KindSighting:
		return fmt.Sprintf("%s saw text of %s in the open%s %s", e.By, what, seenWhere(e), id)
	}
	return leakLine(e, id)
}

// leakLine says what a statement about a leak did, or about being ready for
// one.
func leakLine(e event.Event, id string) string {
	switch e.Kind { //nolint:exhaustive // the others read well by their name
	case tearline.KindExposure:
		return fmt.Sprintf("%s told %s: %s%s %s", e.By, e.Recipient, exposed(e), seenWhere(e), id)
	case tearline.KindReading:
		return fmt.Sprintf("%s and %s had the wording of %s read in a text%s %s", e.Officer, e.Second, portionsOf(e), seenWhere(e), id)
	case tearline.KindAttribution:
		if len(e.Copies) > 0 {
			return fmt.Sprintf("%s: the text agrees with copy %s, by reading %s %s", e.By, text.List(e.Copies), e.Of, id)
		}
		return fmt.Sprintf("%s: no copy is named, by reading %s %s", e.By, e.Of, id)
	case tearline.KindCase:
		return fmt.Sprintf("%s: case %s, %s %s", e.Officer, e.Case, e.State, id)
	case tearline.KindFingerprint:
		return fmt.Sprintf("%s fixed the secrets by which copies are told apart %s", e.By, id)
	case tearline.KindErasure:
		return fmt.Sprintf("%s of %s destroyed the secrets by which copies are told apart %s", e.Officer, e.By, id)
	}
	return fmt.Sprintf("%s: %s %s", e.By, e.Kind, id)
}

// exposed says what became public, and what can be inferred.
func exposed(e event.Event) string {
	var public, inferred []string
	for _, it := range e.Items {
		if it.Inferred {
			inferred = append(inferred, it.Portion)
		} else {
			public = append(public, it.Portion)
		}
	}
	var words []string
	if len(public) > 0 {
		words = append(words, text.List(public)+" became public")
	}
	if len(inferred) > 0 {
		words = append(words, text.List(inferred)+" can be inferred")
	}
	return strings.Join(words, ", and ")
}

// seenWhere says when and where something was seen.
func seenWhere(e event.Event) string {
	words := ""
	if e.Occurred != nil {
		words = ", seen " + text.Stamp(*e.Occurred)
	}
	if e.Where != "" {
		words += " in " + e.Where
	}
	return words
}

func disclosureLine(e event.Event) string {
	verb := map[tearline.Mode]string{tearline.Document: "gave a copy to", tearline.Visual: "showed", tearline.Oral: "told"}[e.Mode]
	words := fmt.Sprintf("%s %s %s", e.By, verb, e.Recipient)
	if e.Copy != "" {
		words = fmt.Sprintf("%s gave copy %s to %s", e.By, e.Copy, e.Recipient)
	}
	if e.Occurred != nil && text.Stamp(*e.Occurred) != text.Stamp(e.At) {
		words += " on " + text.Stamp(*e.Occurred)
	}
	if e.AfterFact {
		words += ", recorded after the fact"
	}
	return words
}

func portionsOf(e event.Event) string {
	s := make([]string, len(e.Items))
	for i, it := range e.Items {
		s[i] = it.Portion
	}
	return strings.Join(s, ", ")
}

func both(authority, second string) string {
	if second == "" {
		return authority
	}
	return authority + " and " + second
}

func thing(c tearline.CopyID) string {
	if c == "" {
		return "what it told or showed"
	}
	return "copy " + string(c)
}
