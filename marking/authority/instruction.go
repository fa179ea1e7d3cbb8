package authority

import (
	"slices"
	"strings"
	"time"

	"tearline/marking"
)

// An Instruction is what stands on the line "Declassify On". Instructions are
// the same exactly if they are ==. The zero Instruction is none, by which
// nothing is ever declassified.
type Instruction struct {
	// RD, FRD, TFNI and NATO are portions of such information, to which no
	// date applies; then the line has none (CAPCO 2016 §E.4-5).
	RD, FRD, TFNI, NATO bool
	// Exemption is an exemption from automatic declassification, "25X1",
	// "25X1-EO-12951", "50X1-HUM", "75X1", or several parted by a blank.
	Exemption string
	// Date is YYYY-MM-DD, or "".
	Date string
	// Event is what ends the classification, before the date if there is one.
	Event string
	// Retired is an instruction that is not to be used any more: "OADR", "MR",
	// "X1", "DNI Only", "25X1-human" (CAPCO 2016 §E.6).
	Retired string
	// SourceDate is the date, YYYY-MM-DD, of the source that had the retired
	// instruction, or the exemption without a date, where the line says it.
	SourceDate string
	// Calculated is a date that was worked out from a source's, because the
	// source has none: when it has passed, the originator is to be asked. It
	// is not written, and so not read.
	Calculated bool
}

// apart reports the portions to which no date applies.
func (i Instruction) apart() bool { return i.RD || i.FRD || i.TFNI || i.NATO }

// Exemptions as ISM and the Manual know them.
const (
	hum     = "50X1-HUM"
	wmd     = "50X2-WMD"
	imagery = "25X1-EO-12951"
	human   = "25X1-human"
)

// String returns the instruction as the line has it (CAPCO 2016 §E.1).
func (i Instruction) String() string {
	if i.apart() {
		return "N/A to " + i.portions() + " portions. See source list for NSI portions."
	}
	var parts []string
	switch {
	case i.SourceDate != "":
		return "Source Marked " + i.Retired + i.Exemption + ", date of source " + compact(i.SourceDate)
	case i.Retired != "":
		parts = append(parts, i.Retired)
	case i.Exemption != "":
		parts = append(parts, strings.ReplaceAll(i.Exemption, imagery, "25X1, EO 12951"))
	}
	switch {
	case i.Date != "" && i.Event != "":
		parts = append(parts, compact(i.Date)+" or "+i.Event)
	case i.Date != "":
		parts = append(parts, compact(i.Date))
	case i.Event != "":
		parts = append(parts, i.Event)
	}
	return strings.Join(parts, ", ")
}

// portions names the information to which no date applies, "RD/FRD and NATO".
func (i Instruction) portions() string {
	var aea []string
	for _, x := range [...]struct {
		is   bool
		name string
	}{{i.RD, "RD"}, {i.FRD, "FRD"}, {i.TFNI, "TFNI"}} {
		if x.is {
			aea = append(aea, x.name)
		}
	}
	out := strings.Join(aea, "/")
	switch {
	case i.NATO && out != "":
		out += " and NATO"
	case i.NATO:
		out = "NATO"
	}
	return out
}

// compact writes YYYY-MM-DD as YYYYMMDD.
func compact(date string) string { return strings.ReplaceAll(date, "-", "") }

// ParseInstruction reads what stands on the line "Declassify On". The error is
// a [marking.Faults].
func ParseInstruction(s string) (Instruction, error) {
	f := checkValue("Declassify On", s)
	var i Instruction
	if f.Text == "" {
		i, f = parseInstruction(squeeze(s))
	}
	if f.Text != "" {
		f.Length = len(s)
		return Instruction{}, marking.Faults{f}
	}
	return i, nil
}

// parseInstruction reads a value without superfluous blanks.
func parseInstruction(v string) (Instruction, marking.Fault) {
	upper := strings.ToUpper(v)
	switch {
	case strings.HasPrefix(upper, "N/A"):
		return parseApart(upper[len("N/A"):])
	case strings.HasPrefix(upper, "NOT APPLICABLE"):
		return parseApart(upper[len("NOT APPLICABLE"):])
	case len(v) >= 3 && digit(v[0]) && digit(v[1]) && upper[2] == 'X':
		return parseExemption(v)
	case strings.HasPrefix(upper, "SOURCE MARKED "):
		return parseSourceMarked(v[len("SOURCE MARKED "):])
	}
	if r := retired(v); r != "" {
		return Instruction{Retired: r}, marking.Fault{}
	}
	return dateOrEvent(Instruction{}, v)
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func wrong(rule, cites, text, hint string) (Instruction, marking.Fault) {
	return Instruction{}, marking.Fault{Rule: rule, Cites: cites, Text: text, Hint: hint}
}

// parseApart reads " TO RD/FRD AND NATO PORTIONS. SEE SOURCE LIST …".
func parseApart(v string) (Instruction, marking.Fault) {
	const cites = "CAPCO 2016 §E.4-5; ISOO Notice 2011-02, 2013-01"
	bad := func() (Instruction, marking.Fault) {
		return wrong("authority.portions", cites, "it does not say to which portions no date applies",
			`write "N/A to RD portions. See source list for NSI portions.", of RD, FRD, TFNI and NATO`)
	}
	what, rest, ok := strings.Cut(v, " PORTIONS")
	what, found := strings.CutPrefix(strings.TrimSpace(what), "TO ")
	switch strings.TrimSpace(strings.NewReplacer(".", " ", ",", " ").Replace(rest)) {
	case "", "SEE SOURCE LIST FOR NSI PORTIONS":
	default:
		return bad()
	}
	if !ok || !found {
		return bad()
	}
	var i Instruction
	for name := range strings.FieldsSeq(strings.NewReplacer("/", " ", ",", " ", " AND ", " ").Replace(what)) {
		switch name {
		case "RD":
			i.RD = true
		case "FRD":
			i.FRD = true
		case "TFNI":
			i.TFNI = true
		case "NATO":
			i.NATO = true
		default:
			return bad()
		}
	}
	if !i.apart() {
		return bad()
	}
	return i, marking.Fault{}
}

// exemption returns the canonical exemption, "" if s is none.
func exemption(s string) string {
	s = strings.ToUpper(strings.ReplaceAll(s, " ", ""))
	switch s {
	case hum, wmd, imagery, "75X":
		return s
	case strings.ToUpper(human):
		return human
	}
	if len(s) == 4 && slices.Contains([]string{"25X", "50X", "75X"}, s[:3]) && s[3] >= '1' && s[3] <= '9' {
		return s
	}
	return ""
}

// parseExemption reads "25X1, 20450101", "25X1 25X3, EVENT", "25X1, EO 12951".
func parseExemption(v string) (Instruction, marking.Fault) {
	var all []string
	rest := v
	for rest != "" {
		head, tail, _ := strings.Cut(rest, ",")
		var some []string
		for word := range strings.FieldsSeq(strings.ReplaceAll(strings.ReplaceAll(head, " -", "-"), "- ", "-")) {
			some = append(some, exemption(word))
		}
		if slices.Contains(some, "") {
			if n := len(all); n > 0 && all[n-1] == "25X1" && isImagery(head) {
				all[n-1] = imagery
				rest = strings.TrimSpace(tail)
			}
			break
		}
		all = append(all, some...)
		rest = strings.TrimSpace(tail)
	}
	i := Instruction{Exemption: strings.Join(all, " ")}
	switch {
	case len(all) == 0:
		return wrong("authority.exemption", "CAPCO 2016 §E.1; E.O. 13526 §3.3", quote(v)+" begins with no exemption that there is",
			"they are 25X1 to 25X9, 50X1 to 50X9, 75X1 to 75X9, 50X1-HUM, 50X2-WMD, and 25X1, EO 12951")
	case slices.Contains(all, human):
		i.Exemption, i.Retired = "", human
		if len(all) > 1 {
			return wrong("authority.exemption", "CAPCO 2016 §E.6", human+" stands beside another exemption", "write "+hum)
		}
	}
	if rest == "" {
		return i, marking.Fault{}
	}
	return dateOrEvent(i, rest)
}

func isImagery(s string) bool {
	return strings.ToUpper(strings.NewReplacer(" ", "", ".", "").Replace(s)) == "EO12951"
}

// retired returns the canonical form of an instruction that is not used any
// more, "" if v is none (CAPCO 2016 §E.6).
func retired(v string) string {
	upper := strings.ToUpper(strings.TrimSuffix(v, "."))
	switch upper {
	case "OADR", "ORIGINATING AGENCY'S DETERMINATION REQUIRED", "ORIGINATING AGENCY’S DETERMINATION REQUIRED":
		return "OADR"
	case "MR", "MANUAL REVIEW":
		return "MR"
	case "DNI ONLY":
		return "DNI Only"
	case "DCI ONLY":
		return "DCI Only"
	case "SUBJECT TO TREATY OR INTERNATIONAL AGREEMENT":
		return "Subject to treaty or international agreement"
	}
	marks := strings.FieldsFunc(upper, func(r rune) bool { return strings.ContainsRune(" ,/-", r) })
	for _, m := range marks {
		if len(m) != 2 || m[0] != 'X' || m[1] < '1' || m[1] > '8' {
			return ""
		}
	}
	return strings.Join(marks, " ")
}

// parseSourceMarked reads "OADR, date of source 19950101".
func parseSourceMarked(v string) (Instruction, marking.Fault) {
	at := strings.LastIndex(strings.ToUpper(v), "DATE OF SOURCE")
	if at < 0 {
		at = len(v)
	}
	what := strings.TrimRight(v[:at], " ,")
	i := Instruction{Retired: retired(what)}
	switch e := exemption(what); {
	case i.Retired != "":
	case e == human:
		i.Retired = e
	case strings.HasPrefix(e, "25X") && e != imagery:
		i.Exemption = e
	default:
		return wrong("authority.retired", "CAPCO 2016 §E.6", quote(what)+" is no instruction that sources were marked with", "")
	}
	if rest := v[at:]; rest != "" {
		if i.SourceDate = date(strings.TrimLeft(rest[len("DATE OF SOURCE"):], " :")); i.SourceDate == "" {
			return badDate(rest)
		}
	}
	return i, marking.Fault{}
}

// dateOrEvent reads "20351231", "the end of the exercise", or both parted by
// "or", into i.
func dateOrEvent(i Instruction, v string) (Instruction, marking.Fault) {
	if i.Date = date(v); i.Date != "" {
		return i, marking.Fault{}
	}
	if at := strings.Index(strings.ToUpper(v), " OR "); at > 0 {
		if d := date(v[:at]); d != "" && strings.TrimSpace(v[at+len(" OR "):]) != "" {
			i.Date, v = d, strings.TrimSpace(v[at+len(" OR "):])
		}
	}
	upper := strings.ToUpper(v)
	switch {
	case date(v) == "" && strings.Trim(upper, "0123456789/-., ") == "":
		return badDate(v)
	case date(v) != "", exemption(firstWord(v)) != "", strings.HasPrefix(upper, "N/A"), retired(v) != "", isImagery(v):
		return wrong("authority.single", "CAPCO 2016 §E.2", quote(v)+" is a second instruction", "the line has a single value")
	}
	i.Event = v
	return i, marking.Fault{}
}

func firstWord(v string) string {
	w, _, _ := strings.Cut(v, " ")
	return strings.Trim(w, ",.;")
}

func badDate(v string) (Instruction, marking.Fault) {
	return wrong("authority.date", "CAPCO 2016 §E.1", quote(v)+" is no date", "write YYYYMMDD")
}

// date reads a date in one of the spellings that leave no doubt, and returns
// it as YYYY-MM-DD, or "".
func date(s string) string {
	for _, layout := range [...]string{"20060102", time.DateOnly, "January 2, 2006", "Jan 2, 2006", "2 January 2006", "2 Jan 2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.Format(time.DateOnly)
		}
	}
	return ""
}

// years returns the date n years after a date, "" if it is none.
func years(date string, n int) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return ""
	}
	return t.AddDate(n, 0, 0).Format(time.DateOnly)
}
