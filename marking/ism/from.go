package ism

import (
	"maps"
	"slices"
	"strings"

	"tearline/marking"
)

// FromMarking returns the attributes of a marking of the us policy in any of
// its profiles, their tokens in the vocabularies' order: a compartment after its system, OC-USGOV
// after OC. What [Attributes.MarkingUnder] makes of
// them under its policy is m again. It fails, with
// [marking.Faults], for the zero marking, one of another policy, and what ISM
// cannot say.
//
// A mark does not say who is in charge of its special access programs; the
// Director of National Intelligence, whose marks they are, is written.
func FromMarking(m marking.Marking) (Attributes, error) {
	w := writer{fields: m.Fields()}
	if m.IsZero() || !ours(m.Policy()) {
		w.add("ism.policy", "it is no marking of the us policy", "")
		return nil, w.faults
	}
	w.level()
	w.owner()
	w.sci()
	w.sar()
	w.aea()
	w.sources()
	w.cui()
	w.dissem()
	w.nonIC()
	for _, name := range slices.Sorted(maps.Keys(w.fields)) {
		w.add("ism.category", "ISM has no attribute for "+quote(name), "")
	}
	if len(w.faults) == 0 {
		if back, err := w.out.MarkingUnder(m.Policy()); err != nil || back != m {
			w.add("ism.category", "ISM cannot say "+quote(m.Banner()), "")
		}
	}
	if len(w.faults) > 0 {
		return nil, w.faults
	}
	return w.out.ordered(), nil
}

// A writer makes attributes of a marking's fields, of which it takes away what
// it has written.
type writer struct {
	checker
	fields map[string]any
	out    Attributes
	nonUS  []string
}

// take returns the names of a field.
func (w *writer) take(field string) []string {
	names, _ := w.fields[field].([]string)
	delete(w.fields, field)
	return names
}

func (w *writer) write(name string, tokens []string) {
	if len(tokens) > 0 {
		w.out = append(w.out, Attribute{Name: name, Value: strings.Join(unique(tokens), " ")})
	}
}

// order is the order in which FromMarking writes.
var order = []string{
	Classification, OwnerProducer, Joint, SCIControls, SARIdentifier, AtomicEnergyMarkings, FGISourceOpen,
	FGISourceProtected, NonUSControls, CUIBasic, CUISpecified, Dissemination, ReleasableTo, DisplayOnlyTo, NonICMarkings,
}

func (a Attributes) ordered() Attributes {
	slices.SortStableFunc(a, func(x, y Attribute) int { return slices.Index(order, x.Name) - slices.Index(order, y.Name) })
	return a
}

func (w *writer) level() {
	name, _ := w.fields["classification"].(string)
	delete(w.fields, "classification")
	delete(w.fields, "policy")
	for _, l := range levels {
		if l.banner == name {
			w.write(Classification, []string{l.token})
			return
		}
	}
	w.add("ism.category", "ISM has no classification "+quote(name), "")
}

// owner writes the owners: the nation, one other, or several of a joint mark.
func (w *writer) owner() {
	owners := w.take("owner")
	activity, _ := w.fields["activity"].(string)
	delete(w.fields, "activity")
	switch {
	case owners == nil:
		owners = []string{"USA"}
	case activity != "":
		owners = []string{owners[0] + ":" + activity}
	case len(owners) > 1:
		w.write(Joint, []string{"true"})
	case owners[0] == "FGI":
		w.write(FGISourceProtected, owners) // ISM-ID-00219
	}
	w.write(OwnerProducer, owners)
}

// path writes "SI-G ABCD" as "SI", "SI-G", "SI-G-ABCD" (ISM-ID-00388).
func path(full string) []string {
	full = strings.ReplaceAll(full, " ", "-")
	var out []string
	for i := range len(full) {
		if full[i] == '-' {
			out = append(out, full[:i])
		}
	}
	return append(out, full)
}

// control takes NATO's controls, which a mark has in other categories.
func (w *writer) control(name string) bool {
	for _, n := range nonUS {
		if n.name == name {
			w.nonUS = append(w.nonUS, "NATO-"+name)
			return true
		}
	}
	return false
}

func (w *writer) sci() {
	var tokens []string
	for _, name := range w.take("sci") {
		if !w.control(name) {
			tokens = append(tokens, path(name)...)
		}
	}
	w.write(SCIControls, tokens)
}

func (w *writer) sar() {
	var tokens []string
	for _, name := range w.take("sar") {
		// A program's name has blanks, its compartments have none.
		id, more, ok := strings.Cut(strings.TrimPrefix(name, "SAR-"), "-")
		id = strings.ReplaceAll(strings.ReplaceAll(id, "_", "__"), " ", "_")
		if ok {
			id += "-" + strings.ReplaceAll(more, " ", "-")
		}
		for _, p := range path(id) {
			tokens = append(tokens, "SAR-DNI:"+p)
		}
	}
	w.write(SARIdentifier, tokens)
}

func (w *writer) aea() {
	var tokens []string
	for _, name := range w.take("aea") {
		top, rest, _ := strings.Cut(name, "-")
		number, isSigma := strings.CutPrefix(rest, "SIGMA ")
		switch x := slices.IndexFunc(aea, func(x word) bool { return x.banner == top }); {
		case w.control(name), rest == "SIGMA":
		case x < 0:
			w.add("ism.category", "ISM has no atomic energy marking "+quote(name), "")
		case isSigma:
			tokens = append(tokens, aea[x].token, aea[x].token+"-SG-"+number)
		case rest != "":
			tokens = append(tokens, aea[x].token, aea[x].token+"-"+rest)
		default:
			tokens = append(tokens, aea[x].token)
		}
	}
	w.write(AtomicEnergyMarkings, tokens)
	slices.SortFunc(w.nonUS, func(a, b string) int { return slices.Index(nonUSOrder, a) - slices.Index(nonUSOrder, b) })
	w.write(NonUSControls, w.nonUS)
}

// nonUSOrder is the order of CVEnumISMNonUSControls.
var nonUSOrder = []string{"NATO-ATOMAL", "NATO-BOHEMIA", "NATO-BALK"}

// sources writes the foreign sources; none that are named are concealed ones.
func (w *writer) sources() {
	_, ok := w.fields["fgi"]
	switch codes := w.take("fgi"); {
	case len(codes) > 0:
		w.write(FGISourceOpen, codes)
	case ok:
		w.write(FGISourceProtected, []string{"FGI"})
	}
}

func (w *writer) cui() {
	var basic, specified []string
	w.take("cui") // its categories say that there is CUI
	for _, name := range append(w.take("cui_specified"), w.take("cui_basic")...) {
		switch category, ok := strings.CutPrefix(name, "SP-"); {
		case ok:
			specified = append(specified, category)
		default:
			basic = append(basic, name)
		}
	}
	w.write(CUIBasic, basic)
	w.write(CUISpecified, specified)
}

func (w *writer) dissem() {
	var tokens []string
	for _, name := range w.take("dissem") {
		if x := slices.IndexFunc(dissem, func(x word) bool { return strings.EqualFold(x.banner, name) || x.portion == name }); x >= 0 && name != "" {
			if dissem[x].token == "OC-USGOV" {
				tokens = append(tokens, "OC") // ISM-ID-00302
			}
			tokens = append(tokens, dissem[x].token)
			continue
		}
		w.add("ism.category", "ISM has no dissemination control "+quote(name), "")
	}
	slices.SortStableFunc(tokens, func(a, b string) int {
		return slices.IndexFunc(dissem, func(x word) bool { return x.token == a }) - slices.IndexFunc(dissem, func(x word) bool { return x.token == b })
	})
	w.write(Dissemination, tokens)
	release := w.take("rel_to")
	if eyes := w.take("eyes_only"); release == nil {
		release = eyes
	}
	w.write(ReleasableTo, release)
	w.write(DisplayOnlyTo, w.take("display_only"))
}

func (w *writer) nonIC() {
	var tokens []string
	for _, name := range append(w.take("non_ic"), w.take("accm")...) {
		if nickname, ok := strings.CutPrefix(name, accm); ok {
			tokens = append(tokens, accm+strings.ReplaceAll(strings.ReplaceAll(nickname, "_", "__"), " ", "_"))
			continue
		}
		if x := slices.IndexFunc(nonIC, func(x word) bool { return x.banner == name }); x >= 0 {
			tokens = append(tokens, nonIC[x].token)
			continue
		}
		w.add("ism.category", "ISM has no marking "+quote(name), "")
	}
	w.write(NonICMarkings, tokens)
}
