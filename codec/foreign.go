package codec

import (
	"slices"

	"tearline"
)

// A Draft is a report as a reader found it in a document that is not one of the
// forms read here: nothing in it has been checked. [Draft.Report] does that, by
// the rules of [ParseMarkdown].
type Draft struct {
	ID, Title, Originator, Policy, Date, DeclassifyOn, Authority, Banner Found
	// Sources are what every portion rests on.
	Sources  []Found
	Portions []DraftPortion
	// Faults are what the reader found wrong already.
	Faults tearline.Faults
}

// A DraftPortion is one portion of a draft.
type DraftPortion struct {
	// Where is its place in words: "page 2, paragraph 3".
	Where string
	// Mark is its portion mark, with or without parentheses; Text the source
	// of its wording. Both must be there.
	Mark, Text string
	// ID and Originator are "" if the document does not say.
	ID, Originator Found
	Sources        []Found
	// TearMark and TearText are the approved tear-line wording; both or none.
	TearMark, TearText Found
	Form               tearline.Form
	// Unmarked says that the document has no mark here, and Mark is the one
	// that was ordered for all such.
	Unmarked bool
}

// A Found is a text and its place in words. One without text is not there.
type Found struct{ Text, Where string }

// Report returns the draft as a report, or all its faults as
// [tearline.Faults], those of the reader first.
func (d *Draft) Report() (*tearline.Report, error) {
	in := draft{portions: make([]draftPortion, 0, min(len(d.Portions), MaxPortions))}
	missing := place{where: "the document", portion: -1}
	for _, v := range []struct {
		dst *value
		src Found
	}{
		{&in.id, d.ID},
		{&in.title, d.Title},
		{&in.originator, d.Originator},
		{&in.policy, d.Policy},
		{&in.date, d.Date},
		{&in.declassify, d.DeclassifyOn},
		{&in.authority, d.Authority},
		{&in.banner, d.Banner},
	} {
		if *v.dst = v.src.value(0); !v.dst.set {
			v.dst.at = missing
		}
	}
	in.sources = values(d.Sources, 0)
	found := faultList{list: slices.Clone(d.Faults)}
	for i, p := range d.Portions {
		if i == MaxPortions {
			found.at(place{line: i + 1, where: p.Where}, "", "more than %d portions", MaxPortions)
			break
		}
		at := i + 1 // keeps the faults in the order of the portions
		in.portions = append(in.portions, draftPortion{
			at: place{line: at, where: p.Where, portion: i}, mark: Found{p.Mark, p.Where}.value(at), text: Found{p.Text, p.Where}.value(at),
			id: p.ID.value(at), originator: p.Originator.value(at), sources: values(p.Sources, at),
			tearMark: p.TearMark.value(at), tearText: p.TearText.value(at), form: p.Form, unmarked: p.Unmarked, faulty: p.Mark == "",
		})
		if p.Mark == "" {
			found.at(in.portions[i].at, "begin it with its portion mark", "no portion mark")
		}
	}
	r, err := check(&in, newMarkCache(), found)
	if fs, ok := err.(tearline.Faults); ok { //nolint:errorlint // what check returns
		for i := range fs {
			fs[i].Line, fs[i].Column = 0, 0
		}
	}
	return r, err
}

// value is f as the checks take it.
func (f Found) value(order int) value {
	return value{s: f.Text, set: f.Text != "", at: place{line: order, where: f.Where, portion: -1}}
}

func values(list []Found, order int) []value {
	out := make([]value, len(list))
	for i, f := range list {
		out[i] = f.value(order)
	}
	if len(out) == 0 {
		return nil
	}
	return out
}
