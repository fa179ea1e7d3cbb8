package book

import "tearline"

// What statements are indexed under. A statement may have several.

// RefReport indexes what is said of a report of that name, whoever holds it.
func RefReport(id tearline.ReportID) string { return "report:" + string(id) }

// RefParty indexes what is said of a party.
func RefParty(id tearline.PartyID) string { return "party:" + string(id) }

// RefStatement indexes what answers, takes back or repeats a statement.
func RefStatement(id tearline.StatementID) string { return "statement:" + string(id) }

// RefTold indexes what an originator has been told of.
func RefTold(id tearline.PartyID) string { return "told:" + string(id) }

// RefOriginator indexes what a holder did with an originator's material.
func RefOriginator(id tearline.PartyID) string { return "originator:" + string(id) }

// RefRecalled indexes what a party has been told to give up.
func RefRecalled(id tearline.PartyID) string { return "recalled:" + string(id) }

// RefsOf returns the names under which every statement of its kind is to be
// found; some are indexed under more.
func RefsOf(says tearline.Predicate) []string {
	switch x := says.(type) {
	case *tearline.Filing:
		return []string{RefReport(x.Report)}
	case *tearline.PartyRecord:
		return []string{RefParty(x.Party)}
	case *tearline.Embargo:
		return []string{RefReport(x.Report)}
	case *tearline.Request:
		return append(RefsOfPortions(x.Portions), RefOriginator(x.Originator))
	case *tearline.Consent:
		return append(RefsOfPortions(x.Portions), RefStatement(x.Request))
	case *tearline.Declassification:
		return RefsOfPortions(x.Portions)
	case *tearline.Discretion:
		return RefsOfPortions(x.Portions)
	case *tearline.Disclosure:
		if x.ToldTo != "" {
			return []string{RefTold(x.ToldTo), RefStatement(x.Of)}
		}
		return []string{RefReport(x.Report)}
	case *tearline.Revocation:
		return []string{RefStatement(x.Of)}
	case *tearline.Recall:
		return []string{RefStatement(x.Of), RefRecalled(x.Recipient)}
	case *tearline.Confirmation:
		return []string{RefStatement(x.Recall)}
	case *tearline.Sighting:
		return RefsOfPortions(x.Matches)
	}
	return refsOfLeaks(says)
}

// refsOfLeaks are those of what is said of a leak, and to be ready for one.
func refsOfLeaks(says tearline.Predicate) []string {
	switch x := says.(type) {
	case *tearline.Fingerprint:
		return []string{RefReport(x.Report)}
	case *tearline.Erasure:
		return []string{RefReport(x.Report)}
	case *tearline.Reading:
		return RefsOfPortions(x.Portions)
	case *tearline.Attribution:
		return []string{RefStatement(x.Reading)}
	case *tearline.Exposure:
		return []string{RefTold(x.ToldTo)}
	}
	return nil
}

// RefsOfPortions returns the reports that portions stand in, as references,
// each once and in order.
func RefsOfPortions(portions []tearline.PortionRef) []string {
	var refs []string
	seen := map[tearline.ReportID]bool{}
	for _, p := range portions {
		if !seen[p.Report] {
			seen[p.Report] = true
			refs = append(refs, RefReport(p.Report))
		}
	}
	return refs
}
