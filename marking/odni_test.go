package marking_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tearline/marking"
)

// shared returns the rows of a published table by column, and skips the test
// where it is not at hand.
func shared(t *testing.T, name string) []map[string]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "shared", "data", "markings", name))
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

// published reports whether the vectors are to be trusted for the mark: the
// tables' page excepts those of concealed owners and of activities.
func published(row map[string]string) bool {
	return !strings.Contains(row["portion_mark"], "(//FGI") && !strings.Contains(row["ism_attributes_as_given"]+row["ism_attributes"], `"NATO:`)
}

func TestPublishedRollUps(t *testing.T) {
	for _, id := range []string{"us", "us@ism-2022"} {
		p := policy(t, id)
		agree, all := 0, 0
		for _, row := range shared(t, "odni_rollup_generated_dev.tsv") {
			if row["both_agree"] != "yes" {
				continue
			}
			all++
			if rolled, err := rollUp(t, p, row["portion_marks"]); err != nil || rolled.Banner.Banner() != row["banner"] {
				t.Logf("%s: %s: %v, %v; want %s", id, row["portion_marks"], rolled.Banner, err, row["banner"])
				continue
			}
			agree++
		}
		t.Logf("%s: %d of %d agree, none skipped", id, agree, all)
		if agree != all || all == 0 {
			t.Errorf("%s: %d of %d banners agree, want all", id, agree, all)
		}
	}
}

// Every published pair of a portion mark and a banner is one marking, and is
// written so, right or wrong.
func TestPublishedMarks(t *testing.T) {
	p := policy(t, "us")
	agree, all, skipped := 0, 0, 0
	for _, row := range shared(t, "odni_render_generated_dev.tsv") {
		if !published(row) {
			skipped++
			continue
		}
		all++
		banner, portion, _ := marking.ReadAnyway(p, row["portion_mark"])
		banner2, portion2, _ := marking.ReadAnyway(p, row["banner"])
		if banner != row["banner"] || portion != row["portion_mark"] || banner2 != banner || portion2 != portion {
			t.Logf("%s, %s: %s, %s", row["portion_mark"], row["banner"], portion, banner)
			continue
		}
		agree++
	}
	t.Logf("%d of %d agree, %d skipped", agree, all, skipped)
	if agree != all || all == 0 {
		t.Errorf("%d of %d marks agree, want all", agree, all)
	}
}

// Of the rules that the policy has, a mark breaks exactly those that the
// published rules say it breaks.
func TestPublishedValidity(t *testing.T) {
	p := policy(t, "us")
	ours := p.Rules()
	agree, all, skipped := 0, 0, 0
	for _, row := range shared(t, "odni_portion_validity_dev.tsv") {
		if !published(row) {
			skipped++
			continue
		}
		all++
		_, _, got := marking.ReadAnyway(p, row["portion_mark"])
		var want []string
		for id := range strings.FieldsSeq(row["schematron_rule_ids"]) {
			if ours[id] {
				want = append(want, id)
			}
		}
		slices.Sort(got)
		got = slices.DeleteFunc(slices.Compact(got), func(id string) bool { return !strings.HasPrefix(id, "ISM-ID-") })
		if !slices.Equal(got, want) {
			t.Logf("%s: %v, want %v", row["portion_mark"], got, want)
			continue
		}
		agree++
	}
	t.Logf("%d of %d agree, %d skipped", agree, all, skipped)
	if agree != all || all == 0 {
		t.Errorf("%d of %d marks agree, want all", agree, all)
	}
}

// Under the profile of the DoD Manual what is published as right is read, and
// what is published as wrong is refused.
func TestPublishedDoDStrings(t *testing.T) {
	p := policy(t, "us@dod")
	right, wrong := 0, 0
	for _, row := range shared(t, "codice_strings.tsv") {
		mark := row["marking"]
		if row["kind"] == "portion" {
			mark = "(" + mark + ")"
		}
		_, err := p.Parse(mark)
		switch {
		case row["verdict"] == "OK" && err != nil:
			t.Errorf("%s: %v; want it read", mark, err)
		case row["verdict"] == "OK":
			right++
		case err == nil:
			t.Errorf("%s is read; want %s", mark, row["parsed_fields_or_errors"])
		default:
			wrong++
		}
	}
	if right != 133 || wrong != 90 {
		t.Errorf("%d of 133 right ones and %d of 90 wrong ones agree", right, wrong)
	}
}
