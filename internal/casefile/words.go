package casefile

import (
	"fmt"
	"strings"
	"time"

	"tearline"
	"tearline/internal/text"
)

// Words say in a line what a statement says, for whoever keeps the file. Of an
// attribution they name copies, never persons.
func Words(s *tearline.Statement) string {
	switch x := s.Says.(type) {
	case *tearline.CaseEntry:
		return entryWords(x)
	case *tearline.Sighting:
		return sightingWords(x)
	case *tearline.Reading:
		return readingWords(x)
	case *tearline.Attribution:
		return attributionWords(x)
	case *tearline.Exposure:
		return exposureWords(x)
	case *tearline.Disclosure:
		return disclosureWords(x)
	case *tearline.Recall:
		return fmt.Sprintf("called back %s from %s%s", thing(x.Copy), x.Recipient, because(x.Because))
	case *tearline.Confirmation:
		return fmt.Sprintf("said what was done about the recall %s: %s%s", x.Recall, x.Done, because(x.Because))
	case *tearline.Revocation:
		return fmt.Sprintf("took back %s%s", x.Of, because(x.Because))
	}
	return otherWords(s)
}

// otherWords are those of what has less to do with leaks.
func otherWords(s *tearline.Statement) string {
	switch x := s.Says.(type) {
	case *tearline.Filing:
		return fmt.Sprintf("filed report %s under %s", x.Report, x.Banner)
	case *tearline.Warrant:
		return fmt.Sprintf("a warrant to search up to %s, until %s: %s", x.UpTo, text.Stamp(x.Until), x.Because)
	case *tearline.Consent:
		if !x.Granted {
			return fmt.Sprintf("refused %s to %s", refs(x.Portions), x.Recipient)
		}
		return fmt.Sprintf("consented that %s may have %s", x.Recipient, refs(x.Portions))
	case *tearline.Request:
		return fmt.Sprintf("asked %s whether %s may have %s", x.Originator, x.Recipient, refs(x.Portions))
	case *tearline.Discretion:
		return fmt.Sprintf("%s decided to tell %s of %s%s", x.Authority, x.Recipient, refs(x.Portions), because(x.Because))
	case *tearline.Declassification:
		return fmt.Sprintf("%s lowered the marking of %s%s", x.Authority, refs(x.Portions), because(x.Because))
	case *tearline.Embargo:
		if x.Until.IsZero() {
			return fmt.Sprintf("held report %s back", x.Report)
		}
		return fmt.Sprintf("held report %s back until %s", x.Report, text.Stamp(x.Until))
	case *tearline.Agreement:
		return fmt.Sprintf("agreement %s of %s and %s", x.Name, x.Parties[0], x.Parties[1])
	case *tearline.Exclusion:
		return fmt.Sprintf("said that %s is never to have its material", x.Party)
	case *tearline.Fingerprint:
		return fmt.Sprintf("said by which secrets the copies of %s are told apart", x.Report)
	case *tearline.Erasure:
		return fmt.Sprintf("destroyed the secrets of the copies of %s%s", x.Report, because(x.Because))
	}
	return string(s.Kind())
}

func entryWords(x *tearline.CaseEntry) string {
	switch x.Act {
	case tearline.CaseOpened:
		return fmt.Sprintf("%s opened case %s: %s", x.Officer, x.Case, x.Note)
	case tearline.CaseClosed:
		return fmt.Sprintf("%s closed case %s: %s", x.Officer, x.Case, x.Note)
	case tearline.CaseAdded:
	}
	if x.Note != "" {
		return fmt.Sprintf("%s: %s", x.Officer, x.Note)
	}
	return x.Officer + " added to the file"
}

func sightingWords(x *tearline.Sighting) string {
	words := "seen " + Seen(x.Seen)
	if x.Where != "" {
		words += " in " + x.Where
	}
	if len(x.Matches) == 0 {
		return words + ": draws on nothing that is held"
	}
	return words + ": draws on " + refs(x.Matches)
}

// Seen is when something was seen in the open: the day alone if no more is
// known, of which the last instant stands for it.
func Seen(t time.Time) string {
	if t = t.UTC(); t.Add(time.Second).Format(time.DateOnly) != t.Format(time.DateOnly) {
		return t.Format(time.DateOnly)
	}
	return text.Stamp(t)
}

func readingWords(x *tearline.Reading) string {
	return fmt.Sprintf("%s and %s had the wording of %s read: %s, to be compared with %s; look %d; a copy that it is not from is named with a chance of at most %s",
		x.Officer, x.Second, refs(x.Portions), text.Count(x.Points, "place", "places"), text.Count(x.Copies, "copy", "copies"), x.Look, x.Bound)
}

func attributionWords(x *tearline.Attribution) string {
	switch x.Finding {
	case tearline.FoundCopies:
		if len(x.Copies) == 1 {
			return fmt.Sprintf("agrees with copy %s, within the bound of reading %s", x.Copies[0], x.Reading)
		}
		return fmt.Sprintf("at least one of copies %s is behind it, within the bound of reading %s", text.List(x.Copies), x.Reading)
	case tearline.FoundNarrower:
		return fmt.Sprintf("no copy is named; some are less likely than others, by reading %s", x.Reading)
	case tearline.FoundNothing:
	}
	return fmt.Sprintf("no copy is named, by reading %s", x.Reading)
}

func exposureWords(x *tearline.Exposure) string {
	var exposed, inferred []tearline.PortionRef
	for _, p := range x.Portions {
		if p.Inferred {
			inferred = append(inferred, p.Portion)
		} else {
			exposed = append(exposed, p.Portion)
		}
	}
	words := "told " + string(x.ToldTo)
	if len(exposed) > 0 {
		words += " that " + refs(exposed) + " became public"
	}
	if len(inferred) > 0 {
		if len(exposed) > 0 {
			words += ", and"
		}
		words += " that " + refs(inferred) + " can be inferred"
	}
	return words
}

func disclosureWords(x *tearline.Disclosure) string {
	if x.ToldTo != "" {
		return fmt.Sprintf("told %s what of its material went to %s", x.ToldTo, x.Recipient)
	}
	words := map[tearline.Mode]string{tearline.Document: "gave a copy of", tearline.Visual: "showed", tearline.Oral: "told of"}[x.Mode]
	if x.Copy != "" {
		words = "gave copy " + string(x.Copy) + " of"
	}
	return fmt.Sprintf("%s %s to %s, %s", words, x.Report, x.Recipient, text.Stamp(x.Occurred))
}

func thing(c tearline.CopyID) string {
	if c == "" {
		return "what it told or showed"
	}
	return "copy " + string(c)
}

func because(why string) string {
	if why == "" {
		return ""
	}
	return ": " + why
}

// maxRefs is how many portions are named in a line.
const maxRefs = 12

func refs(list []tearline.PortionRef) string {
	words := make([]string, 0, maxRefs+1)
	for i, r := range list {
		if i == maxRefs {
			words = append(words, fmt.Sprintf("and %d more", len(list)-maxRefs))
			break
		}
		words = append(words, r.String())
	}
	return strings.Join(words, ", ")
}
