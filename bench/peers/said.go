package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tearline"
	"tearline/bench/peers/model"
	"tearline/marking"
)

// How the model is said in statements. The holder is a party of the home
// country. Release lists are written as they are, coalitions not expanded;
// what is for home alone is NOFORN, compartments are numbered systems.
//
// What comes from abroad is free for home and for its own country, and for
// others only on consent: that is ORCON with a standing consent to those two.
// An organisation abroad has other names for what it controls, whose consent in
// advance is for itself alone, and for what its own country is not on the list
// of, whose is for home alone. Organisations at home let their portions be
// passed on freely, unless ORCON.

const (
	holder    tearline.PartyID = "HQ"
	everybody tearline.PartyID = "GMIF" // a coalition that all are members of
	nobody    string           = "CMFC" // one without members
	topLevel  string           = "TOP SECRET"
)

var levelNames = [model.Levels]string{"UNCLASSIFIED", "RESTRICTED", "CONFIDENTIAL", "SECRET", topLevel}

// A phrasebook has the codes of the model's countries in the US policy.
type phrasebook struct{ countries []string }

func newPhrasebook() (*phrasebook, error) {
	us, ok := marking.Lookup("us")
	if !ok {
		return nil, fmt.Errorf("there is no policy us")
	}
	p := &phrasebook{countries: []string{us.Nation()}}
	for _, c := range us.Codes() {
		if len(c) == 3 && c != us.Nation() && len(p.countries) < model.Countries {
			p.countries = append(p.countries, c)
		}
	}
	if len(p.countries) < model.Countries {
		return nil, fmt.Errorf("the policy us has only %d countries", len(p.countries))
	}
	return p, nil
}

// party names an organisation.
func (p *phrasebook) party(org uint16) tearline.PartyID { return tearline.PartyID(orgName(org)) }

// originator names whose a label's portions are.
func (p *phrasebook) originator(l *model.Label) tearline.PartyID {
	names := p.names(l.Originator)
	switch {
	case l.Origin() == model.Home:
	case l.Release == model.RelTo && !slices.Contains(l.Countries, l.Origin()):
		return names[2]
	case l.Orcon:
		return names[1]
	}
	return names[0]
}

// names are those of an organisation, as an originator: in general, of what it
// controls, and of what its own country is not to have.
func (p *phrasebook) names(org uint16) [3]tearline.PartyID {
	own := p.party(org)
	return [3]tearline.PartyID{own, own + "-OC", own + "-AB"}
}

// record says who an organisation is.
func (p *phrasebook) record(org uint16, coalitions []uint8) *tearline.PartyRecord {
	v := &tearline.PartyRecord{
		Party: p.party(org), Nations: []tearline.PartyID{tearline.PartyID(p.countries[model.OrgCountry(org)])}, MemberOf: []tearline.PartyID{everybody},
	}
	for _, c := range coalitions {
		v.MemberOf = append(v.MemberOf, tearline.PartyID(model.CoalitionName(int(c))))
	}
	return v
}

// agreements are those between the holder and an organisation.
func (p *phrasebook) agreements(org uint16) []*tearline.Agreement {
	country := model.OrgCountry(org)
	names := p.names(org)
	if country == model.Home {
		return []*tearline.Agreement{agreement(names[0], tearline.OnwardFree)}
	}
	home, own := tearline.PartyID(p.countries[model.Home]), tearline.PartyID(p.countries[country])
	return []*tearline.Agreement{
		agreement(names[0], tearline.OnwardAsk, home, own), agreement(names[1], tearline.OnwardAsk, names[0]), agreement(names[2], tearline.OnwardAsk, home),
	}
}

// agreement is one between the holder and an originator, with its consent in
// advance to some.
func agreement(by tearline.PartyID, onward tearline.Onward, to ...tearline.PartyID) *tearline.Agreement {
	v := &tearline.Agreement{Name: string(by), Parties: [2]tearline.PartyID{holder, by}, Ceiling: topLevel, Onward: onward}
	if len(to) > 0 {
		v.Standing = []tearline.StandingConsent{{By: by, UpTo: topLevel, To: to}}
	}
	return v
}

// mark writes a label as a portion mark.
func (p *phrasebook) mark(l *model.Label) string {
	level := [model.Levels]string{"U", "//GBR R", "C", "S", "TS"}[l.Level]
	parts := []string{level}
	if len(l.Compartments) > 0 {
		parts = append(parts, strings.Join(mapped(l.Compartments, system), "/"))
	}
	var controls []string
	if l.Orcon || l.Origin() != model.Home {
		controls = append(controls, "OC")
	}
	switch l.Release {
	case model.RelTo:
		list := mapped(l.Countries, func(c uint8) string { return p.countries[c] })
		slices.Sort(list[1:]) // home stands first
		for _, c := range l.Coalitions {
			list = append(list, model.CoalitionName(int(c)))
		}
		if len(list) == 1 { // no mark lists home alone
			list = append(list, nobody)
		}
		controls = append(controls, "REL TO "+strings.Join(list, ", "))
	case model.Public:
		controls = append(controls, "REL TO "+p.countries[model.Home]+", "+string(everybody))
	case model.HomeOnly, model.NoForn:
		controls = append(controls, "NF")
	}
	return "(" + strings.Join(append(parts, strings.Join(controls, "/")), "//") + ")"
}

// system names a compartment by a number.
func system(c uint8) string { return strconv.Itoa(100 + int(c)) }

// A numbered archive names portions by their ordinals: so many a report.
type numbered struct{ perReport, n uint32 }

func (a *numbered) report(r uint32) tearline.ReportID {
	return tearline.ReportID("R" + strconv.Itoa(int(r)))
}

func (a *numbered) portion(i uint32) tearline.PortionID {
	return tearline.PortionID("p" + strconv.Itoa(int(i)))
}

func (a *numbered) ref(ord uint32) tearline.PortionRef {
	return tearline.PortionRef{Report: a.report(ord / a.perReport), Portion: a.portion(ord % a.perReport)}
}

// number reads what follows the first character.
func number32(s string) (uint32, bool) {
	if len(s) < 2 {
		return 0, false
	}
	n, err := strconv.ParseUint(s[1:], 10, 32)
	return uint32(n), err == nil
}

// Portion implements classes.Names.
func (a *numbered) Portion(ref tearline.PortionRef) (uint32, bool) {
	r, ok := number32(string(ref.Report))
	i, fine := number32(string(ref.Portion))
	ord := r*a.perReport + i
	return ord, ok && fine && i < a.perReport && ord < a.n
}

// Report implements classes.Names.
func (a *numbered) Report(id tearline.ReportID) (first uint32, n int, ok bool) {
	r, ok := number32(string(id))
	first = r * a.perReport
	if !ok || first >= a.n {
		return 0, 0, false
	}
	return first, int(min(a.perReport, a.n-first)), true
}

// Filing implements classes.Names. Filings are named after their reports.
func (a *numbered) Filing(id tearline.StatementID) (tearline.ReportID, bool) {
	_, _, ok := a.Report(tearline.ReportID(id))
	return tearline.ReportID(id), ok
}
