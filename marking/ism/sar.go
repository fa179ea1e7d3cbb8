package ism

import (
	"slices"
	"strings"
)

// sarAuthorities are those who may have special access programs
// (CVEnumISMSARAuthorities). That of the Department of Defense writes them
// its own way (DoDM 5200.01 v2 encl. 4 §7).
var sarAuthorities = []string{"STATE", dod, "DOE", "DHS", "AG", "DNI"}

const dod = "DOD"

// A program is a SARIdentifier: "SAR-DNI:S:BUTTER_POPCORN-A1-B2".
type program struct {
	authority string // "DNI", "" if the token does not say
	level     string // of the program, "" if the token does not say
	id        string // "BUTTER_POPCORN-A1-B2"
}

func newProgram(token string) (p program) {
	rest := strings.TrimPrefix(token, "SAR-")
	authority, id, ok := strings.Cut(rest, ":")
	if !ok {
		return program{id: rest}
	}
	p.authority, p.id = authority, id
	if level, id, ok := strings.Cut(id, ":"); ok {
		p.level, p.id = level, id
	}
	return p
}

// sarText writes the special access programs (CAPCO 2016 §H.5). Those of the
// Department of Defense have the indicator each, keep their hyphens, and from
// three on are not named in a banner.
func (m *mark) sarText(f form) string {
	var ids, theirs []string
	for _, t := range m.sar {
		if p := newProgram(t); p.authority == dod {
			theirs = append(theirs, p.id)
		} else {
			ids = append(ids, p.id)
		}
	}
	var out []string
	if len(ids) > 0 {
		out = append(out, "SAR-"+tree(ids))
	}
	slices.Sort(theirs)
	if theirs = slices.Compact(theirs); f == asBanner && len(theirs) >= 3 {
		return strings.Join(append(out, "SAR-MULTIPLE PROGRAMS"), "/")
	}
	for _, id := range theirs {
		out = append(out, "SAR-"+display(id))
	}
	return strings.Join(out, "/")
}
