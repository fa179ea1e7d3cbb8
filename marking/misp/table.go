package misp

import (
	"fmt"
	"slices"
	"strings"

	"tearline/marking"
)

// A row is a set of tags of one taxonomy and the mark that it says.
type row struct {
	tags []string // without the namespace
	mark string
	// caveat stands with the mark. How policies write it differs, and all
	// their ways are tried.
	caveat string
}

// A taxonomy is a namespace and its policy, as far as both are tables.
type taxonomy struct {
	namespace, policy string
	rows              []row
}

// level is a row of one tag, exclusive among its taxonomy's.
func level(tag, mark string) row { return row{tags: []string{tag}, mark: mark} }

// taxonomies are those that are tables; where two rows say the same mark the
// first is the one that is written.
var taxonomies = []taxonomy{
	{"tlp", "tlp", []row{
		level("clear", "TLP:CLEAR"), level("white", "TLP:CLEAR"), level("green", "TLP:GREEN"), level("amber", "TLP:AMBER"),
		level("amber+strict", "TLP:AMBER+STRICT"), level("red", "TLP:RED"),
	}},
	{"PAP", "pap", []row{
		level("CLEAR", "PAP:CLEAR"), level("WHITE", "PAP:CLEAR"), level("GREEN", "PAP:GREEN"),
		level("AMBER", "PAP:AMBER"), level("RED", "PAP:RED"),
	}},
	{"nato", "nato", []row{
		level(`classification="NU"`, "NATO UNCLASSIFIED"),
		level(`classification="NR"`, "NATO RESTRICTED"),
		level(`classification="NC"`, "NATO CONFIDENTIAL"),
		level(`classification="NS"`, "NATO SECRET"),
		level(`classification="CTS"`, "COSMIC TOP SECRET"),
		{[]string{`classification="NC-A"`}, "NATO CONFIDENTIAL", "ATOMAL"},
		{[]string{`classification="NS-A"`}, "NATO SECRET", "ATOMAL"},
		{[]string{`classification="CTS-A"`}, "COSMIC TOP SECRET", "ATOMAL"},
		{[]string{`classification="CTS-B"`}, "COSMIC TOP SECRET", "BOHEMIA"},
	}},
	{"de-vs", "de", []row{
		level(`Einstufung="VS-NfD"`, "VS-NUR FÜR DEN DIENSTGEBRAUCH"),
		level(`Einstufung="VS-VERTRAULICH"`, "VS-VERTRAULICH"),
		level(`Einstufung="GEHEIM"`, "GEHEIM"),
		level(`Einstufung="STRENG GEHEIM"`, "STRENG GEHEIM"),
	}},
	{"fr-classif", "fr", []row{
		level(`non-classifiees="NON-PROTEGE"`, "NON PROTEGE"),
		level(`non-classifiees="DIFFUSION_RESTREINTE"`, "DIFFUSION RESTREINTE"),
		level(`classifiees="SECRET"`, "SECRET"),
		level(`classifiees="TRES_SECRET"`, "TRES SECRET"),
		{[]string{`non-classifiees="NON-PROTEGE"`, specialFrance}, "NON PROTEGE", "SPECIAL FRANCE"},
		{[]string{`non-classifiees="DIFFUSION_RESTREINTE"`, specialFrance}, "DIFFUSION RESTREINTE", "SPECIAL FRANCE"},
		{[]string{`classifiees="SECRET"`, specialFrance}, "SECRET", "SPECIAL FRANCE"},
		{[]string{`classifiees="TRES_SECRET"`, specialFrance}, "TRES SECRET", "SPECIAL FRANCE"},
	}},
}

// specialFrance is the caveat of nationality; it stands beside a level.
const specialFrance = `special-france="SPECIAL_FRANCE"`

// table reads the tags of a taxonomy that is a table. All its tags together
// have to be a row; several rows of one tag each, all of the same mark, are
// what white beside clear is.
func (r *reader) table(namespace string, tags []Tag) {
	i := slices.IndexFunc(taxonomies, func(t taxonomy) bool { return t.namespace == namespace })
	if i < 0 {
		r.fault(namespace, "misp.unknown", "the taxonomy is not known here", "")
		return
	}
	t := taxonomies[i]
	var have []string
	for _, tag := range tags {
		if tag.String() == TagHideSource {
			continue
		}
		have = append(have, strings.TrimPrefix(tag.String(), namespace+":"))
	}
	if len(have) == 0 {
		return
	}
	slices.Sort(have)
	whole := slices.IndexFunc(t.rows, func(x row) bool { return slices.Equal(slices.Sorted(slices.Values(x.tags)), have) })
	if whole >= 0 {
		r.row(t, t.rows[whole])
		return
	}
	for _, tag := range have {
		one := slices.IndexFunc(t.rows, func(x row) bool { return len(x.tags) == 1 && x.tags[0] == tag })
		if one < 0 {
			r.fault(namespace+":"+tag, "misp.unknown", "the tag says no level that is known here", "")
			continue
		}
		r.row(t, t.rows[one])
	}
}

// row records the mark that a row says.
func (r *reader) row(t taxonomy, x row) {
	tag := t.namespace + ":" + strings.Join(x.tags, ", "+t.namespace+":")
	m, err := x.marking(t.policy)
	if err != nil {
		r.faults = append(r.faults, faultsOf(err)...)
		return
	}
	r.put(t.policy, tag, m)
}

// marking returns the mark that a row says under its policy. A caveat is
// written after the level with a blank or after two slashes; the mark has to
// be of the level and to say the caveat, whatever it is made of.
func (x row) marking(policy string) (marking.Marking, error) {
	p, ok := marking.Lookup(policy)
	if !ok {
		return marking.Marking{}, marking.Faults{{Rule: "misp.policy", Text: fmt.Sprintf("there is no policy %q here", policy)}}
	}
	bare, err := p.Parse(x.mark)
	if err != nil || x.caveat == "" {
		return bare, err
	}
	for _, sep := range []string{" ", "//", " - "} {
		m, err := p.Parse(x.mark + sep + x.caveat)
		if err == nil && m.Level() == bare.Level() && strings.Contains(m.Banner(), x.caveat) {
			return m, nil
		}
	}
	return marking.Marking{}, marking.Faults{{
		Rule: "misp.policy", Text: fmt.Sprintf("the policy %q does not have %s beside %s", policy, x.caveat, x.mark),
	}}
}

// tableTags returns the tags of the first row that says m.
func tableTags(policy string, m marking.Marking) ([]string, error) {
	for _, t := range taxonomies {
		if t.policy != policy {
			continue
		}
		for _, x := range t.rows {
			if said, err := x.marking(policy); err == nil && said.Equal(m) {
				tags := make([]string, len(x.tags))
				for i, tag := range x.tags {
					tags[i] = t.namespace + ":" + tag
				}
				return tags, nil
			}
		}
	}
	return nil, marking.Faults{{Rule: "misp.unsaid", Text: fmt.Sprintf("no tag says %q of the policy %q", m, policy)}}
}
