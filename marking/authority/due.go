package authority

import (
	"strings"
	"time"

	"tearline/marking"
)

// A Status says whether material is past its date. The zero Status is not.
type Status struct {
	// Past reports that the date has passed and nothing stands against it. It
	// declassifies nothing: the owner does, who is to be asked.
	Past  bool
	Rule  string
	Cites string
	Text  string
}

// Status says whether the material of a block is past its date of automatic
// declassification on a day, YYYY-MM-DD, and why or why not. The day itself
// is not past. What cannot be told is not past.
func (b Block) Status(on string) Status {
	i := b.Declassify
	switch {
	case on == "" || date(on) != on:
		return not("due.day", "", quote(on)+" is no day that can be compared: write YYYY-MM-DD")
	case i == Instruction{}:
		return not("due.none", "CAPCO 2016 §E.3", "nothing says until when it is classified")
	}
	if s := i.endless(); s.Rule != "" {
		return s
	}
	switch {
	case i.Date == "" && i.Event == "":
		return not("due.undated", "CAPCO 2016 §E.1", i.Exemption+" is without the date that belongs to it")
	case i.Date == "":
		return not("due.event", "CAPCO 2016 §E.1", "whether the event has happened is not known: "+quote(i.Event))
	case date(i.Date) != i.Date:
		return not("due.date", "CAPCO 2016 §E.1", quote(i.Date)+" is no date")
	case i.Date >= on:
		return not("due.later", "CAPCO 2016 §E.1", "it is classified until "+i.Date)
	case i.Calculated:
		return not("due.calculated", "CAPCO 2016 §E.6", "the date "+i.Date+" was only worked out from a source's: the originator is to be asked")
	}
	return Status{Past: true, Rule: "due.past", Cites: "E.O. 13526 §3.3; CAPCO 2016 §E.1", Text: "it was classified until " + i.Date}
}

// endless says of an instruction that no date ends it, and why; Rule is empty
// if one does.
func (i Instruction) endless() Status {
	switch {
	case i.RD || i.FRD || i.TFNI:
		return not("due.aea", "CAPCO 2016 §E.4, §H.6", "automatic declassification of "+i.portions()+" information is prohibited")
	case i.NATO:
		return not("due.nato", "CAPCO 2016 §E.5; ISOO Notice 2013-01", "NATO's information is NATO's to declassify")
	case i.Retired != "":
		return not("due.retired", "CAPCO 2016 §E.6", "the instruction "+quote(i.Retired)+" is not used any more: the originator is to be asked")
	}
	for e := range strings.FieldsSeq(i.Exemption) {
		switch {
		case undated(e):
			return not("due.exempt", "CAPCO 2016 §E.3; ISM-ID-00133", e+" has no date at which it ends")
		case exemption(e) != e:
			return not("due.exempt", "CAPCO 2016 §E.1", quote(e)+" is no exemption that is known")
		}
	}
	return Status{}
}

func not(rule, cites, text string) Status { return Status{Rule: rule, Cites: cites, Text: text} }

// undated reports the exemptions to which no date belongs (ISM-ID-00133).
func undated(exemption string) bool {
	return exemption == hum || exemption == wmd || exemption == imagery
}

// Advice says what should not be so, though the block can be read: retired
// instructions, exemptions without their date or with one too many, a reason
// in a derived block. Created is the document's date, YYYY-MM-DD, against
// which the span of a date is held; "" if it is not known.
func (b Block) Advice(created string) marking.Faults {
	var out marking.Faults
	add := func(rule, cites, text, hint string) {
		out = append(out, marking.Fault{Rule: rule, Cites: cites, Text: text, Hint: hint, Severity: marking.SeverityAdvice})
	}
	i := b.Declassify
	if b.Derivative() && b.Reason != "" {
		add("ISM-ID-00221", "CAPCO 2016 §E.2", "a derived block has no reason", `drop the line "Reason"`)
	}
	if i.Retired != "" {
		add("authority.retired", "CAPCO 2016 §E.6", quote(i.Retired)+" is not used any more", "derive a date as the clause says")
	}
	exempt := strings.Fields(i.Exemption)
	i.adviseExempt(exempt, add)
	if end := years(created, spanPlain); end != "" && len(exempt) == 0 && i.Date > end {
		add("authority.span", "CAPCO 2016 §E.1", "the date is more than 25 years after the document's", "an exemption is needed for that")
	}
	if i.Date == "" && i.Event != "" {
		add("ISM-ID-00385", "CAPCO 2016 §E.1", "the event has no date by which it ends at the latest", "add \"YYYYMMDD or\" before it")
	}
	return out
}

func (i Instruction) adviseExempt(exempt []string, add func(rule, cites, text, hint string)) {
	if len(exempt) > 1 {
		add("authority.single", "CAPCO 2016 §E.2", "there are several exemptions", "keep the one with the lowest number")
	}
	dated := i.Date != "" || i.Event != ""
	for _, e := range exempt {
		switch {
		case undated(e) && dated:
			add("ISM-ID-00133", "CAPCO 2016 §E.3", "no date or event belongs to "+e, "drop it")
		case !undated(e) && !dated:
			add("ISM-ID-00141", "CAPCO 2016 §E.1", "there is no date or event beside "+e, "add it")
		}
	}
}

// long writes YYYY-MM-DD as "December 31, 2035", and what is no date as it is.
func long(date string) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return t.Format("January 2, 2006")
}
