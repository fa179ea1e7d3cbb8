package ism

import (
	"slices"
	"strings"

	"tearline/marking"
)

// cites is the edition that the rules and vocabularies are of.
const cites = "IC-ISM 2021-NOVr2022-NOV"

// Marking returns what the attributes say as a marking of the us policy: of its
// profile ism-2022 where there is CUI, which the Manual of 2016 does not admit,
// and else of the one that the policy prefers. See [Attributes.MarkingUnder].
func (a Attributes) Marking() (marking.Marking, error) {
	return a.MarkingUnder(a.mark().policy())
}

// policy returns the policy whose mark it is.
func (m *mark) policy() *marking.Policy {
	id := "us"
	if m.cui() != "" || slices.ContainsFunc(m.dissem, func(t string) bool { return slices.Contains(onlyCUI, t) }) {
		id = "us@ism-2022"
	}
	p, _ := marking.Lookup(id) // they are embedded
	return p
}

// onlyCUI are the dissemination controls of CUI alone.
var onlyCUI = []string{"AC", "AWP", "DL_ONLY", "FED_ONLY", "FEDCON", "NOCON"}

// MarkingUnder returns what the attributes say as a marking of the policy, one
// of the profiles of us. The policy decides whether the mark is valid; this package adds what only
// attributes can have wrong. Anything that is unknown and may bear on access
// is a fault, and so is what no mark can say: the second banner line, and the
// programs of the Department of Defense. The error is a [marking.Faults], and
// the marking is then zero.
//
// Offsets of faults are in the value of the attribute that the fault's text
// names. Faults of the mark as a whole quote it, and have none.
//
// A mark does not carry the level of the NATO information in it
// (highWaterNATO), which is never higher than its own: whoever may have the
// mark may have that.
func (a Attributes) MarkingUnder(p *marking.Policy) (marking.Marking, error) {
	m := a.mark()
	faults := append(a.names(), m.faults()...)
	faults = append(faults, m.beyond()...)
	if !ours(p) {
		faults = append(faults, marking.Fault{Rule: "ism.policy", Cites: cites, Text: "ISM is for the profiles of the us policy"})
	}
	return m.read(p, faults)
}

// ours reports whether the policy is a profile of the us policy.
func ours(p *marking.Policy) bool {
	if p == nil {
		return false
	}
	id, _, _ := strings.Cut(p.ID(), "@")
	return id == "us"
}

// read has the policy read the mark, unless something is wrong already.
func (m *mark) read(p *marking.Policy, faults marking.Faults) (marking.Marking, error) {
	if len(faults) > 0 {
		return marking.Marking{}, faults[:min(len(faults), marking.MaxFaults)]
	}
	text := m.line(asMark)
	out, err := p.Parse(text)
	if err == nil {
		return out, nil
	}
	wrong, ok := err.(marking.Faults) //nolint:errorlint // Parse returns no other error, and none that is wrapped
	if !ok {
		wrong = marking.Faults{{Text: err.Error()}}
	}
	faults = slices.Clone(wrong)
	for i := range faults {
		faults[i].Offset, faults[i].Length = 0, 0
		faults[i].Text = "in " + quote(text) + ": " + faults[i].Text
	}
	return marking.Marking{}, faults
}

// Banner returns the banner line, and after "|" the second line where there is
// one. It is the policy's line where the mark is valid; else the text is
// written from the attributes, so that a reader can see what the document
// says: such text is no marking, and grants nothing. Without a classification,
// and without CUI that has none, it is empty.
func (a Attributes) Banner() string {
	m := a.mark()
	text := m.text(asBanner, a)
	if second := m.secondText(); second != "" {
		text += "|" + second
	}
	return text
}

// Portion returns the portion mark, as [Attributes.Banner] the banner line. A
// release list is written out where the document's banner has it, too: a
// portion that says REL alone loses its list when it is copied.
func (a Attributes) Portion() string {
	if text := a.mark().text(asPortion, a); text != "" {
		return "(" + text + ")"
	}
	return ""
}

// text returns the line without parentheses.
func (m *mark) text(f form, a Attributes) string {
	if x, err := m.read(m.policy(), append(a.names(), m.faults()...)); err == nil {
		if f == asPortion {
			return strings.TrimSuffix(strings.TrimPrefix(x.Portion(), "("), ")")
		}
		return x.Banner()
	}
	if m.level == "" && !m.cuiOnly {
		return ""
	}
	return m.line(f)
}
