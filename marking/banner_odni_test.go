package marking_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"tearline/marking"
)

// written splits a row's portions.
func written(portions string) []marking.Written {
	var out []marking.Written
	for s := range strings.SplitSeq(portions, " ; ") {
		mark, date, _ := strings.Cut(s, "@")
		out = append(out, marking.Written{Mark: mark, Date: date})
	}
	return out
}

func TestPublishedBannersHaveNoFault(t *testing.T) {
	for _, id := range []string{"us", "us@ism-2022"} {
		p := policy(t, id)
		clean, all := 0, 0
		for _, row := range shared(t, "odni_rollup_generated_dev.tsv") {
			if row["both_agree"] != "yes" {
				continue
			}
			all++
			if c := p.Check(row["banner"], written(row["portion_marks"])); !c.OK() {
				t.Logf("%s: %s over %s: %v", id, row["banner"], row["portion_marks"], c.Faults)
				continue
			}
			clean++
		}
		t.Logf("%s: %d of %d banners have no fault", id, clean, all)
		if clean != all || all == 0 {
			t.Errorf("%s: %d of %d banners have no fault, want all", id, clean, all)
		}
	}
}

// Wrong banners break the rules that the published rules say they break, and
// each kind of wrong banner has a fault, also where those see none.
func TestPublishedWrongBanners(t *testing.T) {
	p := policy(t, "us")
	hits, all, exact := 0, 0, 0
	kinds := map[string]bool{}
	for _, row := range shared(t, "odni_wrong_banner_dev.tsv") {
		kinds[row["mutation"]] = kinds[row["mutation"]] || false
		line := declared(row)
		c := p.Check(line, written(row["portion_marks"]))
		if len(c.Faults) > 0 {
			kinds[row["mutation"]] = true
		}
		if row["base_both_agree"] != "yes" {
			continue
		}
		all++
		if len(c.Faults) == 0 {
			t.Logf("%s: %s over %s has no fault", row["mutation"], line, row["portion_marks"])
		}
		ids := map[string]bool{}
		for _, f := range c.Faults {
			if f.Offset < 0 || f.Length < 0 || f.Offset+f.Length > len(line) || f.Hint == "" || f.Rule == "" || f.Text == "" {
				t.Errorf("%s: %+v", line, f)
			}
			ids[f.Rule] = true
		}
		want := strings.Fields(row["new_rule_ids"])
		missed := slices.DeleteFunc(slices.Clone(want), func(id string) bool { return ids[id] })
		more := 0
		for id := range ids {
			if strings.HasPrefix(id, "ISM-ID-") && !slices.Contains(want, id) {
				more++
				t.Logf("%s: %s over %s: %s is not recorded", row["mutation"], line, row["portion_marks"], id)
			}
		}
		if len(missed) > 0 {
			t.Logf("%s: %s over %s: %v is missed; found %v", row["mutation"], line, row["portion_marks"], missed, c.Faults)
			continue
		}
		hits++
		if more == 0 {
			exact++
		}
	}
	t.Logf("%d of %d rows: all recorded rules found; %d with no rule besides", hits, all, exact)
	if hits != all || all == 0 {
		t.Errorf("%d of %d rows, want all", hits, all)
	}
	for kind, caught := range kinds {
		if !caught {
			t.Errorf("no wrong banner of kind %s has a fault", kind)
		}
	}
	if len(kinds) != 34 {
		t.Errorf("%d kinds, want 34", len(kinds))
	}
}

var ismAttribute = regexp.MustCompile(`(\w+)="([^"]*)"`)

var dissemWords = map[string]string{"RS": "RSEN", "OC": "ORCON", "IMC": "IMCON", "NF": "NOFORN", "PR": "PROPIN", "DSEN": "DEA SENSITIVE"}

// declared returns the declared banner of a row, its controls and lists in the
// order of the attributes.
func declared(row map[string]string) string {
	ism := map[string]string{}
	for _, m := range ismAttribute.FindAllStringSubmatch(row["declared_banner_ism"], -1) {
		ism[m[1]] = m[2]
	}
	parts := strings.Split(row["declared_banner"], "//")
	for i, part := range parts {
		first, _, _ := strings.Cut(part, "/")
		switch top, _, _ := strings.Cut(first, "-"); {
		case i > 0 && ism["SCIcontrols"] != "" && slices.Contains(strings.Fields(ism["SCIcontrols"]), top) && row["mutation"] == "sci-reordered":
			parts[i] = sciLine(part, strings.Fields(ism["SCIcontrols"]))
		case slices.Contains([]string{"dissem-reordered", "rel-not-alphabetic", "rel-usa-not-first", "rel-no-usa", "rel-without-list"}, row["mutation"]) && isDissem(first):
			parts[i] = dissemLine(strings.Fields(ism["disseminationControls"]), strings.Join(strings.Fields(ism["releasableTo"]), ", "), strings.Join(strings.Fields(ism["displayOnlyTo"]), ", "))
		}
	}
	return strings.Join(parts, "//")
}

func isDissem(first string) bool {
	return regexp.MustCompile(`^(RSEN|FOUO|ORCON|IMCON|NOFORN|PROPIN|REL TO|RELIDO|DEA|FISA|DISPLAY|UNABLE)`).MatchString(first)
}

func sciLine(part string, tokens []string) string {
	items := strings.Split(part, "/")
	place := func(item string) int {
		top, _, _ := strings.Cut(item, "-")
		return slices.Index(tokens, top)
	}
	slices.SortStableFunc(items, func(a, b string) int { return place(a) - place(b) })
	return strings.Join(items, "/")
}

func dissemLine(tokens []string, rel, display string) string {
	var out []string
	for _, tok := range tokens {
		switch tok {
		case "REL":
			out = append(out, strings.TrimSpace("REL TO "+rel))
		case "DISPLAYONLY":
			out = append(out, strings.TrimSpace("DISPLAY ONLY "+display))
		case "OC-USGOV":
			out = append(out, "ORCON-USGOV")
		case "OC":
			if !slices.Contains(tokens, "OC-USGOV") {
				out = append(out, "ORCON")
			}
		default:
			if w := dissemWords[tok]; w != "" {
				tok = w
			}
			out = append(out, tok)
		}
	}
	return strings.Join(out, "/")
}
