package authoring_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/leak/authoring"
)

// TestLint: each line of refused.txt is a rule, a bar and a wording that breaks
// it, and no other; of accepted.txt a wording with which nothing is wrong.
func TestLint(t *testing.T) {
	for _, line := range lines(t, "refused.txt") {
		rule, source, _ := strings.Cut(line, "|")
		var got []string
		for _, f := range authoring.Lint(wording(t, strings.TrimSpace(source))) {
			got = append(got, f.Rule)
			if f.Hint == "" || f.Text == "" || f.Line != 1 || f.Column != f.Start+1 || f.Start >= f.End || f.Warning != (f.Rule == "detail") {
				t.Errorf("%+v", f)
			}
		}
		if diff := cmp.Diff([]string{strings.TrimSpace(rule)}, got); diff != "" {
			t.Errorf("%s\n%s", source, diff)
		}
	}
	for _, source := range lines(t, "accepted.txt") {
		for _, f := range authoring.Lint(wording(t, source)) {
			t.Errorf("%s\n%v (%s)", source, f.Fault, f.Rule)
		}
	}
}

// TestFindings: each finding says at which point, what and how to mend it, in
// the order of the text.
func TestFindings(t *testing.T) {
	const source = `The crew unloaded {40|41} crates of tools {|very} late that night and {left|did not leave} the {É|e}tude of Paris in the hold.`
	got := authoring.Lint(wording(t, source))
	want := []authoring.Finding{
		{Point: 0, Start: 18, End: 25, Fault: tearline.Fault{
			Line: 1, Column: 19, Rule: "number", Text: `"40" and "41" differ in a number: "40" and "41"`, Hint: "offer only wordings that say the same, or take the point out",
		}},
		{Point: 1, Start: 42, End: 49, Warning: true, Fault: tearline.Fault{
			Line: 1, Column: 43, Rule: "detail", Text: `leaving out "very" leaves nothing out that a reader would miss`,
			Hint: "make it a detail of a few words that a reader would repeat, or offer another word instead of none",
		}},
		{Point: 2, Start: 70, End: 90, Fault: tearline.Fault{
			Line: 1, Column: 71, Rule: "negation", Text: `"left" and "did not leave" differ in a negation: "not"`, Hint: "offer only wordings that say the same, or take the point out",
		}},
		{Point: 3, Start: 95, End: 101, Fault: tearline.Fault{
			Line: 1, Column: 96, Rule: "alike", Text: `"e" and "É" read alike`, Hint: "a difference must be heard: capitals, accents, hyphens and punctuation are not looked at",
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if n := len(authoring.Refused(got)); n != 3 {
		t.Errorf("%d refused, want 3: a warning is none", n)
	}
	if f := authoring.Refused(nil); f != nil || f.Err() != nil {
		t.Error("nothing found, and yet refused")
	}
}

// TestUnreadable: points without enough around them, or with the same around
// them as others.
func TestUnreadable(t *testing.T) {
	for source, want := range map[string]int{
		`{Crew|Men} {left|sailed} {early|late}.`: 3,
		strings.Repeat(`Guards left the gate of the old customs house beside the river {early|late} on Monday evening because nobody had told them to stay. `, 2): 2,
		`Guards left the gate {early|late} on Monday evening. Officers closed the {gate|door} beside it on the next day.`:                                         0,
		`The crew of the launch {left|sailed} {early|at dawn} from the old harbour.`:                                                                              0,
		`The crew of the launch left {from|from near} the old harbour at dawn.`:                                                                                   0,
		`{|Yesterday} the crew of the launch left the old harbour at dawn{|, in a storm}.`:                                                                        2,
	} {
		n := 0
		for _, f := range authoring.Lint(wording(t, source)) {
			if f.Rule != "unreadable" {
				t.Errorf("%s\n%v (%s)", source, f.Fault, f.Rule)
			}
			n++
		}
		if n != want {
			t.Errorf("%s\n%d points unreadable, want %d", source, n, want)
		}
	}
}

// TestStoriesPass: what the scenarios and examples of the project offer is not
// refused.
func TestStoriesPass(t *testing.T) {
	for _, source := range []string{
		`{Two|A pair of} ships {left|sailed from} the harbour of Velmar at night without lights.`,
		`A group in Velmar {has built|has fitted} explosive charges {into|inside} the battery trays of camera drones and {intends|means} to have them carried {on flights|aboard flights} to Brazil {within the week|in the coming week} as checked baggage.`,
		`A courier left Port Harran with {about|approximately} 4 kg of the material.`,
		`A parser is vulnerable; details {follow|will follow}.`,
	} {
		for _, f := range authoring.Refused(authoring.Lint(wording(t, source))) {
			if f.Rule != "unreadable" { // a short portion is what it is
				t.Errorf("%s\n%v", source, f)
			}
		}
	}
}

func FuzzLint(f *testing.F) {
	f.Add(`The crew unloaded {40|41} crates {|, at night,} and {left|did not leave} the {É|e}tude.`)
	f.Add(`{a|b}{c|d}{e|f} {|||} \{ {1,000|a thousand|1e3} {“|”}`)
	f.Fuzz(func(t *testing.T, source string) {
		w, err := tearline.ParseWording(source)
		if err != nil {
			t.Skip()
		}
		for _, x := range authoring.Lint(w) {
			if x.Point < 0 || x.Point >= w.Points() || source[x.Start] != '{' || source[x.End-1] != '}' || x.Rule == "" || x.Hint == "" {
				t.Fatalf("%+v", x)
			}
		}
		authoring.Equivalence(&tearline.Report{Portions: []tearline.Portion{{ID: "p1", Wording: w}}})
		authoring.Measure(w)
	})
}

// What is only badly offered may be filed; what does not say the same may not.
func TestUnlike(t *testing.T) {
	for source, want := range map[string]string{
		"The crew {found|saw} two crates by the old quay in the evening.": "",
		"{A|B}": "",
		"The crew found {two|three} crates by the old quay in the evening.":             "number",
		"The crew {has|has not} found the crates by the old quay in the evening.":       "negation",
		"The crew of the {Amsel|Drossel} found the crates by the old quay at midnight.": "name",
		"The crew will {probably|certainly} find the crates by the old quay at night.":  "likelihood",
	} {
		w, err := tearline.ParseWording(source)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, f := range authoring.Unlike(w) {
			got += f.Rule
		}
		if got != want {
			t.Errorf("%s: %q, want %q", source, got, want)
		}
	}
}
