package damage

import (
	"fmt"
	"strings"
	"time"

	"tearline"
	"tearline/internal/text"
)

// When says by when an originator is to be told.
func (t *Tell) When(at time.Time) string {
	switch {
	case t.Due == nil:
		return "not before others agree"
	case t.Told:
		return "has been told"
	case t.AtOnce:
		return "at once"
	case at.After(*t.Due):
		return "overdue since " + text.Stamp(*t.Due)
	}
	return "by " + text.Stamp(*t.Due)
}

// Pressing reports whether the originator should have been told by then.
func (t *Tell) Pressing(at time.Time) bool {
	return t.Due != nil && !t.Told && (t.AtOnce || at.After(*t.Due))
}

// Words say an agreement in a line.
func (a *Agreement) Words() string {
	words := fmt.Sprintf("%s with %s: ", a.Name, a.With)
	switch {
	case a.Originator && a.Recipient:
		words += "it has a say in what is exposed, and had been given it"
	case a.Originator:
		words += "it has a say in what is exposed"
	default:
		words += "it had been given it"
	}
	switch a.Onward {
	case tearline.OnwardFree:
		words += "; what it gave may be passed on freely"
	case tearline.OnwardNever:
		words += "; what it gave is never passed on"
	case tearline.OnwardAsk:
		words += "; it is asked before anything is passed on"
	}
	if a.Inform {
		words += "; each tells the other at once"
	}
	return words
}

// Words say in a line what there is to suspend.
func (s *Suspend) Words() string {
	to := text.List(s.To)
	var words string
	switch s.What {
	case SuspendConsent:
		words = fmt.Sprintf("%s's consent that %s may have %s", s.By, to, strings.Join(s.Portions, ", "))
	case SuspendStanding:
		words = fmt.Sprintf("%s's standing consent up to %s, to %s", s.By, s.UpTo, to)
	case SuspendDiscretion:
		words = fmt.Sprintf("the decision to tell %s of %s at discretion", to, strings.Join(s.Portions, ", "))
	case SuspendCopy:
		words = fmt.Sprintf("copy %s for %s, which has not been handed out: %s", s.Copy, to, strings.Join(s.Portions, ", "))
	case SuspendRequest:
		words = fmt.Sprintf("%s's request for %s, which nobody has answered: %s", s.By, to, strings.Join(s.Portions, ", "))
	default:
		words = s.What
	}
	if s.Until != nil {
		words += ", until " + text.Stamp(*s.Until)
	}
	return words
}

// Words say in a line what can no longer be kept.
func (v *Void) Words() string {
	if v.Kind == tearline.KindExclusion {
		return fmt.Sprintf("%s is never to have %s's material, and may read it now", v.Party, v.By)
	}
	words := fmt.Sprintf("%s's embargo on %s", v.By, v.Report)
	if v.Until != nil {
		words += " until " + text.Stamp(*v.Until)
	}
	return words
}

// Words say what comparing copies came to: of copies, never of persons.
func (a *Attribution) Words() string {
	var copies []string
	for _, c := range a.Copies {
		s := "copy " + string(c.Copy)
		if c.Recipient != "" {
			s += ", given to " + string(c.Recipient)
		}
		copies = append(copies, s)
	}
	switch {
	case len(copies) == 1:
		return "The text agrees with " + copies[0] + ", within the bound of the reading. That is a copy, and no person."
	case len(copies) > 1:
		return "At least one of these is behind the text, within the bound of the reading: " + strings.Join(copies, "; ") + ". These are copies, and no persons."
	case a.Finding == tearline.FoundNarrower:
		return "Copies were compared: none is named, some are less likely than others."
	}
	return "Copies were compared: none is named."
}

// Words say a leak in a line.
func (l *Leak) Words() string {
	words := "seen " + text.Stamp(l.Seen)
	if l.Where != "" {
		words += " in " + l.Where
	}
	return words + ", recorded " + text.Stamp(l.Known)
}

// How says in words how a portion follows from what is in the open; "" of what
// is.
func (p *Portion) How() string { return strings.Join(p.Path, " – ") }
