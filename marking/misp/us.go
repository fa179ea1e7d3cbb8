package misp

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"tearline/marking"
)

// A token is one value of dni-ism that a mark of the us policy can say. The
// taxonomy's values are the portion marks of ISM.
type token struct {
	predicate, value string
	category, name   string // in the policy: Marking.Fields
}

// predicates with the policy's categories, in the order of a mark.
var predicates = []struct{ predicate, category string }{
	{"scicontrols", "sci"},
	{"atomicenergymarkings", "aea"},
	{"dissem", "dissem"},
	{"nonic", "non_ic"},
}

// tokens are the values whose name in a mark differs from the value.
// Controls of SCI and AEA are called by their values.
var tokens = []token{
	{"atomicenergymarkings", "DCNI", "aea", "DOD UCNI"},
	{"atomicenergymarkings", "UCNI", "aea", "DOE UCNI"},
	{"dissem", "RS", "dissem", "RSEN"},
	{"dissem", "FOUO", "dissem", "FOUO"},
	{"dissem", "OC", "dissem", "ORCON"},
	{"dissem", "OC-USGOV", "dissem", "ORCON-USGOV"},
	{"dissem", "IMC", "dissem", "IMCON"},
	{"dissem", "NF", "dissem", "NOFORN"},
	{"dissem", "PR", "dissem", "PROPIN"},
	{"dissem", "RELIDO", "dissem", "RELIDO"},
	{"dissem", "DSEN", "dissem", "DEA SENSITIVE"},
	{"dissem", "FISA", "dissem", "FISA"},
	{"nonic", "NNPI", "non_ic", "NNPI"},
	{"nonic", "DS", "non_ic", "LIMDIS"},
	{"nonic", "XD", "non_ic", "EXDIS"},
	{"nonic", "ND", "non_ic", "NODIS"},
	{"nonic", "SBU", "non_ic", "SBU"},
	{"nonic", "SBU-NF", "non_ic", "SBU NOFORN"},
	{"nonic", "LES", "non_ic", "LES"},
	{"nonic", "LES-NF", "non_ic", "LES NOFORN"},
	{"nonic", "SSI", "non_ic", "SSI"},
}

// trees are the values of the categories in which a name has names below it,
// as far as the taxonomy has them and they are called by their values.
var trees = map[string][]string{
	"scicontrols": {
		"EL", "EL-EU", "EL-NK", "HCS", "HCS-O", "HCS-P", "KDK", "KDK-BLFH", "KDK-IDIT", "KDK-KAND", "RSV", "SI", "SI-G", "TK",
	},
	"atomicenergymarkings": {"RD", "RD-CNWDI", "FRD", "TFNI"},
}

// notices with the tag whose control they are about: beside it they say
// nothing more.
var notices = map[string]Tag{
	"FISA":   ismTag("dissem", "FISA"),
	"IMC":    ismTag("dissem", "IMC"),
	"CNWDI":  ismTag("atomicenergymarkings", "RD-CNWDI"),
	"RD":     ismTag("atomicenergymarkings", "RD"),
	"FRD":    ismTag("atomicenergymarkings", "FRD"),
	"DS":     ismTag("nonic", "DS"),
	"LES":    ismTag("nonic", "LES"),
	"LES-NF": ismTag("nonic", "LES-NF"),
	"DSEN":   ismTag("dissem", "DSEN"),
}

var levelCodes = []struct{ code, name string }{
	{"U", "UNCLASSIFIED"},
	{"C", "CONFIDENTIAL"},
	{"S", "SECRET"},
	{"TS", "TOP SECRET"},
}

func ismTag(predicate, value string) Tag {
	return Tag{Namespace: nsISM, Predicate: predicate, Value: value}
}

// knownISM reports whether a mark of the us policy may say the tag.
func knownISM(t Tag) bool {
	return slices.Contains(trees[t.Predicate], t.Value) ||
		slices.ContainsFunc(tokens, func(x token) bool { return x.predicate == t.Predicate && x.value == t.Value })
}

// ism reads the tags of dni-ism as one mark of the us policy.
func (r *reader) ism(tags []Tag) {
	before := len(r.faults)
	levels := []string{}
	want := map[string][]string{}
	for _, t := range tags {
		about, isNotice := notices[t.Value]
		switch {
		case t.Predicate == "classification:us" && isLevel(t.Value):
			levels = append(levels, t.Value)
		case t.Predicate == "classification:all":
			r.fault(t.String(), "misp.unsaid", "this leaves open whose classification it is", "write classification:us")
		case t.Predicate == "complies:with" && (t.Value == "USGov" || t.Value == "USIC"):
		case t.Predicate == "notice" && isNotice && slices.Contains(tags, about):
		case t.Predicate == "dissem" && (t.Value == "REL" || t.Value == "DISPLAYONLY"):
			r.fault(t.String(), "misp.unsaid", "a tag does not say to whom", "")
		case knownISM(t):
			want[t.Predicate] = append(want[t.Predicate], t.Value)
		default:
			r.fault(t.String(), "misp.unknown", "a mark of the us policy cannot say this", "")
		}
	}
	r.us(nsISM, levels, want, before)
}

func isLevel(s string) bool {
	return slices.ContainsFunc(levelCodes, func(l struct{ code, name string }) bool { return l.code == s })
}

// acs reads the tags of acs-marking as one mark of the us policy: the four
// tokens beside the classification that such a mark can say.
func (r *reader) acs(tags []Tag) {
	before := len(r.faults)
	levels := []string{}
	want := map[string][]string{}
	says := map[Tag]Tag{
		{nsACS, "formal_determination", "NF"}:   ismTag("dissem", "NF"),
		{nsACS, "formal_determination", "FOUO"}: ismTag("dissem", "FOUO"),
		{nsACS, "caveat", "FISA"}:               ismTag("dissem", "FISA"),
		{nsACS, "sensitivity", "LES"}:           ismTag("nonic", "LES"),
	}
	for _, t := range tags {
		ism, ok := says[t]
		switch {
		case t.Predicate == "classification" && isLevel(t.Value):
			levels = append(levels, t.Value)
		case ok:
			want[ism.Predicate] = append(want[ism.Predicate], ism.Value)
		default:
			r.fault(t.String(), "misp.unsaid", "a mark of the us policy cannot say this", "")
		}
	}
	r.us(nsACS, levels, want, before)
}

// us parses the mark that the values by predicate say, unless faults were
// found since before.
func (r *reader) us(namespace string, levels []string, want map[string][]string, before int) {
	switch {
	case len(levels) == 0:
		r.fault(namespace, "misp.unsaid", "no tag says the classification", "")
	case len(levels) > 1:
		r.fault(namespace, "misp.contradiction", "the classification is both "+strings.Join(levels, " and "), "leave one")
	}
	if len(r.faults) > before {
		return
	}
	parts := []string{levels[0]}
	for _, p := range predicates {
		if values := leaves(want[p.predicate]); len(values) > 0 {
			parts = append(parts, strings.Join(values, "/"))
		}
	}
	m, ok := r.parse("us", namespace, strings.Join(parts, "//"))
	if !ok {
		return
	}
	// Each value was put into the mark for its own category; the mark must say
	// it there, and nothing else.
	back, err := ismTags(m)
	if err != nil {
		r.faults = append(r.faults, faultsOf(err)...)
		return
	}
	asked := []string{ismTag("classification:us", levels[0]).String()}
	for predicate, values := range want {
		for _, v := range values {
			asked = append(asked, ismTag(predicate, v).String())
			if i := parent(v); i > 0 {
				asked = append(asked, ismTag(predicate, v[:i]).String())
			}
		}
	}
	slices.Sort(asked)
	slices.Sort(back)
	if !slices.Equal(slices.Compact(asked), back) {
		r.fault(namespace, "misp.unsaid", fmt.Sprintf("the tags read as %q, which says something else", m), "")
		return
	}
	r.put("us", namespace, m)
}

// parent returns where the name of a value's parent ends, or 0: SI of SI-G,
// OC of OC-USGOV. SBU-NF and LES-NF have none.
func parent(value string) int {
	if strings.HasSuffix(value, "-NF") {
		return 0
	}
	return max(strings.LastIndexByte(value, '-'), 0)
}

// leaves drops the parents of others: what has SI-G is SI.
func leaves(values []string) []string {
	values = slices.Sorted(slices.Values(values))
	return slices.DeleteFunc(slices.Clone(values), func(x string) bool {
		return slices.ContainsFunc(values, func(y string) bool { i := parent(y); return i > 0 && y[:i] == x })
	})
}

// ismTags returns the tags of dni-ism that say a mark of the us policy, a
// parent beside its child as in ISM.
func ismTags(m marking.Marking) ([]string, error) {
	var faults marking.Faults
	unsaid := func(category, name string) {
		faults = append(faults, marking.Fault{Rule: "misp.unsaid", Text: fmt.Sprintf("%s %q has no tag of dni-ism", category, name)})
	}
	var tags []string
	i := slices.IndexFunc(levelCodes, func(l struct{ code, name string }) bool { return l.name == m.Level().Name })
	if i < 0 {
		unsaid("classification", m.Level().Name)
	} else {
		tags = append(tags, ismTag("classification:us", levelCodes[i].code).String())
	}
	fields := m.Fields()
	for _, p := range predicates {
		names, _ := fields[p.category].([]string)
		delete(fields, p.category)
		for _, name := range names {
			t, ok := ismToken(p.predicate, p.category, name)
			switch {
			case !ok:
				unsaid(p.category, name)
			case t.Value == "OC-USGOV":
				tags = append(tags, ismTag("dissem", "OC").String(), t.String())
			default:
				tags = append(tags, t.String())
			}
		}
	}
	delete(fields, "policy")
	delete(fields, "classification")
	for _, category := range slices.Sorted(maps.Keys(fields)) {
		names, _ := fields[category].([]string)
		unsaid(category, strings.Join(names, " "))
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return tags, nil
}

// ismToken returns the tag that says a name of a category.
func ismToken(predicate, category, name string) (Tag, bool) {
	for _, x := range tokens {
		if x.category == category && x.name == name {
			return ismTag(predicate, x.value), true
		}
	}
	if slices.Contains(trees[predicate], name) {
		return ismTag(predicate, name), true
	}
	return Tag{}, false
}
