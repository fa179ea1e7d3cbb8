package extract_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/internal/extract"
	"tearline/release"
)

// statements are what a disclosure may rest on, by who said it.
var statements = map[tearline.StatementID]tearline.Statement{
	"gbr-consent":    {By: "GBR", Says: &tearline.Consent{Granted: true}},
	"nld-consent":    {By: "NLD", Says: &tearline.Consent{Granted: true}},
	"gbr-declassify": {By: "GBR", Says: &tearline.Declassification{}},
	"agreement":      {By: "USA", Says: &tearline.Agreement{Parties: [2]tearline.PartyID{"USA", "GBR"}}},
	"discretion":     {By: "USA", Says: &tearline.Discretion{}},
}

func said(id tearline.StatementID) (tearline.Statement, bool, error) {
	s, ok := statements[id]
	return s, ok, nil
}

func TestItem(t *testing.T) {
	type ids = []tearline.StatementID
	askNLD := release.Verdict{
		Outcome: tearline.Refer, Ask: []tearline.PartyID{"NLD"},
		Reasons: []release.Reason{
			{Outcome: tearline.Release, Statements: ids{"gbr-consent", "agreement"}},
			{Outcome: tearline.Refer, Statements: ids{"nld-consent"}},
		},
	}
	tests := []struct {
		name string
		it   tearline.DisclosedItem
		v    release.Verdict
		want tearline.DisclosedItem
	}{
		{
			"its own consent",
			tearline.DisclosedItem{Outcome: tearline.Release, Basis: tearline.ByConsent, Statements: ids{"gbr-consent", "nld-consent"}},
			release.Verdict{},
			tearline.DisclosedItem{Outcome: tearline.Release, Basis: tearline.ByConsent, Statements: ids{"gbr-consent"}},
		},
		{
			"another's consent",
			tearline.DisclosedItem{Outcome: tearline.Release, Basis: tearline.ByConsent, Statements: ids{"nld-consent"}},
			release.Verdict{},
			tearline.DisclosedItem{Outcome: tearline.Release, Basis: tearline.ByMarking},
		},
		{
			"by the marking",
			tearline.DisclosedItem{Outcome: tearline.Release, Basis: tearline.ByMarking},
			release.Verdict{},
			tearline.DisclosedItem{Outcome: tearline.Release, Basis: tearline.ByMarking},
		},
		{
			"an unknown statement",
			tearline.DisclosedItem{Outcome: tearline.Release, Basis: tearline.ByConsent, Statements: ids{"gone"}},
			release.Verdict{},
			tearline.DisclosedItem{Outcome: tearline.Release, Basis: tearline.ByMarking},
		},
		{
			"at discretion, over its head",
			tearline.DisclosedItem{Outcome: tearline.Refer, Basis: tearline.ByDiscretion, Statements: ids{"discretion"}},
			release.Verdict{Outcome: tearline.Refer, Ask: []tearline.PartyID{"GBR"}},
			tearline.DisclosedItem{Outcome: tearline.Refer, Basis: tearline.ByDiscretion, Statements: ids{"discretion"}},
		},
		{
			"at discretion, over another's",
			tearline.DisclosedItem{Outcome: tearline.Refer, Basis: tearline.ByDiscretion, Statements: ids{"discretion"}},
			askNLD,
			tearline.DisclosedItem{Outcome: tearline.Release, Basis: tearline.ByConsent, Statements: ids{"gbr-consent", "agreement"}},
		},
		{
			"without a basis, over another's head",
			tearline.DisclosedItem{Outcome: tearline.Refer},
			askNLD,
			tearline.DisclosedItem{Outcome: tearline.Release, Basis: tearline.ByConsent, Statements: ids{"gbr-consent", "agreement"}},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := extract.Item("GBR", test.it, test.v, said)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestItemError(t *testing.T) {
	broken := errors.New("broken")
	_, err := extract.Item("GBR", tearline.DisclosedItem{Statements: []tearline.StatementID{"x"}}, release.Verdict{},
		func(tearline.StatementID) (tearline.Statement, bool, error) {
			return tearline.Statement{}, false, broken
		})
	if !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}

// TestMerge: of what went out twice the originator is told the graver.
func TestMerge(t *testing.T) {
	p := tearline.PortionRef{Report: "R1", Portion: "p1"}
	grave := []tearline.DisclosedItem{
		{Portion: p, Basis: tearline.ByMarking, Replaced: true},
		{Portion: p, Basis: tearline.ByConsent},
		{Portion: p, Basis: tearline.ByDiscretion, Replaced: true},
		{Portion: p, Basis: tearline.ByNothing},
	}
	for i, a := range grave {
		for j, b := range grave {
			got := extract.Merge(extract.Merge(nil, a), b)
			if want := []tearline.DisclosedItem{grave[max(i, j)]}; !cmp.Equal(want, got) {
				t.Errorf("%v and %v: %v", a, b, got)
			}
		}
	}
	other := tearline.DisclosedItem{Portion: tearline.PortionRef{Report: "R1", Portion: "p2"}}
	if got := extract.Merge(grave[:1:1], other); len(got) != 2 {
		t.Errorf("%v", got)
	}
}
