package ism_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tearline/marking/ism"
)

// shared returns the rows of a published table by column, and skips the test
// where it is not at hand.
func shared(t *testing.T, name string) []map[string]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "markings", name))
	if err != nil {
		t.Skipf("%s is not at hand", name)
	}
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	columns := strings.Split(lines[0], "\t")
	var rows []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, field := range strings.Split(line, "\t") {
			row[columns[i]] = field
		}
		rows = append(rows, row)
	}
	return rows
}

func parse(t *testing.T, s string) ism.Attributes {
	t.Helper()
	a, err := ism.Parse(s)
	if err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	return a
}

// Why lines differ from those that ODNI's stylesheets write. Each class says
// what is theirs, and what stands against it.
const (
	// US-owned portions of unknown foreign source are printed as foreign-owned.
	// CAPCO 2016 §H.7: the owner is the nation, and FGI stands in its category.
	foreignOwned = "FGI-owned portion of a US mark"
	// Of a NATO activity the portion is cut short, and the banner writes REL TO.
	// CAPCO 2016 §G.1: N[activity]S, and RELEASABLE TO of what NATO owns.
	activity = "owner is an activity of NATO"
	// NATO's controls are left out of a US mark that has no compartments or
	// atomic energy markings to put them beside: a control would be lost.
	// CAPCO 2016 App. B: it is there whenever NATO's information is.
	lostControl = "NATO control left out"
	// The vocabulary's token is printed, not the control's name.
	// CAPCO 2016 App. B: the mark is BALK.
	rawToken = "NATO control with the vocabulary's prefix"
	// A portion says REL alone, and loses its list when it is copied.
	// CAPCO 2016 §H.3: the list is then written out.
	bareREL = "REL stands for the banner's list"
)

// classify says why a line may differ, "" if it may not.
func classify(a ism.Attributes, mode, want string) string {
	control := func() bool {
		beside := len(a.Tokens(ism.SCIControls)) > 0
		atomic := len(a.Tokens(ism.AtomicEnergyMarkings)) > 0
		for _, t := range a.Tokens(ism.NonUSControls) {
			if t == "ATOMAL" && !atomic || t != "ATOMAL" && !beside {
				return true
			}
		}
		return false
	}
	switch owner := a.Get(ism.OwnerProducer); {
	case mode == "":
		return bareREL
	case owner == "USA" && strings.HasPrefix(want, "(//FGI "):
		return foreignOwned
	case strings.HasPrefix(owner, "NATO:"):
		return activity
	case owner == "USA" && control():
		return lostControl
	case strings.Contains(want, "//NATO-BALK"):
		return rawToken
	}
	return ""
}

// Every line of the published tables comes out, but for those that are listed
// here, by class and number.
func TestPublishedLines(t *testing.T) {
	for _, c := range []struct {
		table, attributes string
		rows              int // of the table
		lines             int // banners and portions
		differ            map[string]int
	}{
		{"odni_xspec_render.tsv", "ism_attributes", 471, 407, map[string]int{activity: 9, lostControl: 2, bareREL: 1}},
		{"odni_render_generated_dev.tsv", "ism_attributes_as_given", 729, 1458, map[string]int{foreignOwned: 51, activity: 9, lostControl: 14}},
		{"odni_portion_validity_dev.tsv", "ism_attributes", 203, 406, map[string]int{foreignOwned: 15, activity: 1, lostControl: 2}},
		{"odni_examples.tsv", "ism_attributes", 381, 762, map[string]int{rawToken: 8}},
	} {
		t.Run(c.table, func(t *testing.T) {
			lines, differ := 0, map[string]int{}
			rows := shared(t, c.table)
			compare := func(a ism.Attributes, mode, want string) {
				got := a.Banner()
				if mode != "ism:banner" {
					got = a.Portion()
				}
				lines++
				if want = strings.TrimRight(want, " "); got == want {
					return
				}
				why := classify(a, mode, want)
				if differ[why]++; why == "" {
					t.Errorf("%s\n got %s\nwant %s", a, got, want)
				}
			}
			for _, row := range rows {
				a := parse(t, row[c.attributes])
				switch mode, one := row["mode"]; {
				case mode == "ism:authority": // package authority writes these
				case one:
					compare(a, mode, row["expected"])
				default:
					compare(a, "ism:banner", row["banner"])
					compare(a, "ism:portionmark", row["portion_mark"])
				}
			}
			if len(rows) != c.rows || lines != c.lines {
				t.Errorf("%d rows of %d lines, want %d of %d", len(rows), lines, c.rows, c.lines)
			}
			for why, n := range c.differ {
				if differ[why] != n {
					t.Errorf("%s: %d lines differ, want %d", why, differ[why], n)
				}
				delete(differ, why)
			}
			if len(differ) > 0 {
				t.Errorf("more differ: %v", differ)
			}
		})
	}
}

// What the tables have can be written in each form and read again, and every
// valid mark among them comes back from its marking.
func TestPublishedRoundTrips(t *testing.T) {
	for _, c := range []struct {
		table, attributes string
		valid             int // at least so many, as more categories may come to be read
	}{
		{"odni_xspec_render.tsv", "ism_attributes", 180},
		{"odni_render_generated_dev.tsv", "ism_attributes_as_given", 302},
		{"odni_portion_validity_dev.tsv", "ism_attributes", 88},
		{"odni_examples.tsv", "ism_attributes", 339},
	} {
		t.Run(c.table, func(t *testing.T) {
			valid := 0
			for _, row := range shared(t, c.table) {
				a := parse(t, row[c.attributes])
				if got := a.String(); got != row[c.attributes] {
					t.Errorf("%s\nis written %s", row[c.attributes], got)
				}
				forms(t, a)
				m, err := a.Marking()
				if err != nil {
					if !m.IsZero() {
						t.Errorf("%s: %v beside %v", a, m, err)
					}
					continue
				}
				valid++
				b, err := ism.FromMarking(m)
				if err != nil {
					t.Errorf("%s: %v: %v", a, m, err)
					continue
				}
				if back, err := b.Marking(); err != nil || back != m {
					t.Errorf("%s: %v, then %v, %v", a, m, back, err)
				}
				if a.Portion() != m.Portion() || b.Banner() != m.Banner() {
					t.Errorf("%s: %s, %s; want %s, %s", a, a.Portion(), b.Banner(), m.Portion(), m.Banner())
				}
			}
			if valid < c.valid {
				t.Errorf("%d are valid, want %d", valid, c.valid)
			}
			t.Logf("%d are valid", valid)
		})
	}
}
