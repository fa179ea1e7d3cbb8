package assemble_test

import (
	"strings"
	"testing"

	"tearline/codec/assemble"
	"tearline/codec/document"
)

// A copy says when it was made out, and not of when the report is.
func TestCopyDate(t *testing.T) {
	t.Parallel()
	reading := func(lines ...string) *document.Reading {
		r := &document.Reading{}
		for _, l := range append(lines, "Report: USA-2026-0412", "Originator: USA", "Policy: us-capco-2024", "(U) The mole is closed.") {
			r.Blocks = append(r.Blocks, document.Block{Where: "a line", Text: l})
		}
		return r
	}
	copied := []string{"Copy: 7Q2M-93KD", "For: Service GBR", "Date: 2026-03-21"}
	if d, _ := assemble.Draft(reading(copied...), document.Order{}); d.Date.Text != "" {
		t.Errorf("the copy's date is taken: %q", d.Date.Text)
	}
	if _, _, err := assemble.Report(reading(copied...), document.Order{}); err == nil || !strings.Contains(err.Error(), "date") {
		t.Errorf("no date, and no fault: %v", err)
	}
	if d, _ := assemble.Draft(reading(copied...), document.Order{Date: "2026-03-01"}); d.Date.Text != "2026-03-01" {
		t.Errorf("the date given is not taken: %q", d.Date.Text)
	}
	for _, own := range []string{"Date: 2026-03-01", "Date of report: 2026-03-01"} {
		if d, _ := assemble.Draft(reading(append(copied, own)...), document.Order{}); d.Date.Text != "2026-03-01" {
			t.Errorf("the report's own date behind the copy's is not taken: %q", d.Date.Text)
		}
	}
	if d, _ := assemble.Draft(reading("Copy: 7Q2M-93KD", "Date of report: 2026-03-01"), document.Order{}); d.Date.Text != "2026-03-01" {
		t.Errorf("the report's date is taken for the copy's: %q", d.Date.Text)
	}
	if d, _ := assemble.Draft(reading("For: Service GBR", "Date: 2026-03-21"), document.Order{}); d.Date.Text != "2026-03-21" {
		t.Errorf("a report for somebody has lost its date: %q", d.Date.Text)
	}
}

// Typesetters put other hyphens into names and dates.
func TestHyphens(t *testing.T) {
	t.Parallel()
	r := &document.Reading{}
	for _, l := range []string{"Report: USA\u20102026\u20110412", "Originator: USA", "Policy: us-capco-2024", "Date: 2026\u201003\u201001", "(U) The mole\u2010head is closed."} {
		r.Blocks = append(r.Blocks, document.Block{Where: "a line", Text: l})
	}
	d, _ := assemble.Draft(r, document.Order{})
	if d.ID.Text != "USA-2026-0412" || d.Date.Text != "2026-03-01" || d.Portions[0].Text != "The mole\u2010head is closed." {
		t.Errorf("%q, %q, %q", d.ID.Text, d.Date.Text, d.Portions[0].Text)
	}
}
