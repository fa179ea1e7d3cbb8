package assemble_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline"
	"tearline/codec/assemble"
	"tearline/codec/document"
	_ "tearline/marking/policies"
)

// blocks are paragraphs of a body, numbered; what begins with "^" or "_" stands
// in a header or footer, with "#" or "-" is a heading or an item.
func blocks(texts ...string) []document.Block {
	var out []document.Block
	for i, s := range texts {
		b := document.Block{Where: "paragraph " + string(rune('1'+i)), Text: s}
		switch s[0] {
		case '^':
			b.Zone, b.Where = document.Header, "header"
		case '_':
			b.Zone, b.Where = document.Footer, "footer"
		case '#':
			b.Form = tearline.Form{Shape: tearline.Heading, Level: 1}
		case '-':
			b.Form = tearline.Form{Shape: tearline.ListItem, Level: 1}
		default:
			out = append(out, b)
			continue
		}
		b.Text = s[1:]
		out = append(out, b)
	}
	return out
}

// said is a report in lines.
func said(r *tearline.Report) []string {
	var out []string
	if r.Title != "" {
		out = append(out, "title "+r.Title)
	}
	out = append(out, r.Banner.Banner())
	for i := range r.Portions {
		p := &r.Portions[i]
		s := string(p.ID) + " " + string(p.Originator) + " " + p.Marking.Portion() + " " + p.Wording.Source()
		for _, src := range p.Sources {
			s += " <" + src.String()
		}
		if p.Tear != nil {
			s += " tear " + p.Tear.Marking.Portion() + " " + p.Tear.Wording.Source()
		}
		if p.Unmarked {
			s += " unmarked"
		}
		out = append(out, s)
	}
	return out
}

var order = document.Order{ID: "R-1", Originator: "USA", Policy: "us", Date: "4 March 2026"}

func TestReport(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		order  document.Order
		blocks []document.Block
		want   []string
		notes  []string
	}{
		{
			"as it comes from Word", order,
			blocks("^SECRET//NOFORN", "_SECRET//NOFORN\tPage 1 of 3", "SECRET//NOFORN", "#(U) Threat to airliners", "(S//NF) First.\nSecond line.", "-(U) An item.", "SECRET//NOFORN"),
			[]string{"SECRET//NOFORN", "title USA (U) Threat to airliners", "p1 USA (S//NF) First.\nSecond line.", "p2 USA (U) An item."},
			nil,
		},
		{
			"its own head",
			document.Order{},
			blocks("Report: GBR-7\nOriginator: GBR\nPolicy: us\nDate: 4 March 2026", "Declassify on: 20360304", "#An unmarked title", "(C) Text."),
			[]string{"title An unmarked title", "CONFIDENTIAL", "p1 GBR (C) Text."},
			nil,
		},
		{
			"no title", order, blocks("Title: none", "#(U) Summary", "(U) Text."),
			[]string{"UNCLASSIFIED", "p1 USA (U) Summary", "p2 USA (U) Text."},
			nil,
		},
		{
			"attributes below", order,
			blocks("(S) One.", "id: threat\nsources: GBR-7/p1,\nGBR-7/p2\noriginator: GBR", "tear (C): Less of\nit.", "(U) Two.\nid: x sources: GBR-7/p3 tear (U): sources: none"),
			[]string{"SECRET", "threat GBR (S) One. <GBR-7/p1 <GBR-7/p2 tear (C) Less of it.", "x USA (U) Two. <GBR-7/p3 tear (U) sources: none"},
			nil,
		},
		{
			"unmarked as ordered",
			document.Order{ID: "R-1", Originator: "USA", Policy: "us", Date: "2026-03-04", Unmarked: "S"},
			blocks("(U) One.", "Two (with a remark).", "_Ministry of Ports"),
			[]string{"SECRET", "p1 USA (U) One.", "p2 USA (S) Two (with a remark). unmarked", "p3 USA (S) Ministry of Ports unmarked"},
			[]string{"2 without a mark: marked S as ordered"},
		},
		{
			"authority block", order,
			blocks("(S) One.", "Classified By: J. Bloggs, Analyst", "Derived From: Multiple Sources\nDeclassify On: 20360304"),
			[]string{"SECRET", "p1 USA (S) One."},
			nil,
		},
		{
			"the policy by its marks",
			document.Order{ID: "R-1", Originator: "USA", Date: "2026-03-04"},
			blocks("^TLP:AMBER", "(TLP:AMBER) One."),
			[]string{"TLP:AMBER", "p1 USA (TLP:AMBER) One."},
			[]string{`the marks are of the policy "tlp"`},
		},
		{
			"notes do not part a table", order,
			[]document.Block{
				{Where: "a", Text: "(U) One", Form: tearline.Form{Shape: tearline.Cell, Table: 1, Row: 1, Column: 1}},
				{Where: "b", Text: "(U) Note", Form: tearline.Form{Shape: tearline.Note}},
				{Where: "c", Text: "(U) Two", Form: tearline.Form{Shape: tearline.Cell, Table: 1, Row: 1, Column: 2}},
			},
			[]string{"UNCLASSIFIED", "p1 USA (U) One", "p2 USA (U) Two", "p3 USA (U) Note"},
			nil,
		},
		{
			"a copy that was received", order,
			blocks("Copy: 7Q2M-93KD\nFor: Service DEU\nDate: 2026-03-04", "Individually worded copy: the wording differs from copy to copy.", "(U) One.", "_Copy 7Q2M-93KD\tpage 1/1"),
			[]string{"UNCLASSIFIED", "p1 USA (U) One."},
			[]string{"paragraph 1: left out: Copy: 7Q2M-93KD; For: Service DEU; Date: 2026-03-04", "footer: left out: Copy 7Q2M-93KD"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, notes, err := assemble.Report(&document.Reading{Blocks: tt.blocks}, tt.order)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, said(r)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.notes, notes); diff != "" {
				t.Errorf("notes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	marked := order
	marked.Unmarked = "(U)"
	for _, tt := range []struct {
		name   string
		order  document.Order
		blocks []document.Block
		want   []string // how faults begin
	}{
		{"no mark", order, blocks("(U) One.", "Two."), []string{"paragraph 2: no portion mark; begin it"}},
		{"a mark with a mistake", order, blocks("(S//REL TO USA, GRB) One."), []string{"paragraph 1: "}},
		{"nothing said of it", document.Order{}, blocks("(S//NF) One."), []string{
			`the document: the report's id is missing; write "Report: …" above the first portion, or give --id`, "the document: the report's originator is missing", "the document: the report's date is missing",
		}},
		{"of several policies", document.Order{ID: "R-1", Originator: "USA", Date: "2026-03-04"}, blocks("(S) One."), []string{"the document: the marks could be of the policies"}},
		{"banners that differ", order, blocks("^SECRET//NOFORN", "(S) One.", "SECRET"), []string{"paragraph 3: the banner SECRET, where the header has SECRET//NOFORN", "header: the banner SECRET//NOFORN is not the roll-up"}},
		{"a banner that is none", order, blocks("^SECRET//NOFORM", "(S) One."), []string{`header: "SECRET//NOFORM" is no banner`}},
		{"text in a footer", order, blocks("(S) One.", "_Ministry of Ports"), []string{"footer: no portion mark"}},
		{"authority block with a mistake", order, blocks("(S) One.", "Classified By: J. Bloggs\nDeclassify On: 20269999"), []string{"the authority block: authority block: "}},
		{"an attribute twice", order, blocks("(S) One.\nid: a\nid: b"), []string{"paragraph 1: id: stands twice"}},
		{"a wording that does not end", order, blocks("(S) One {a|b."), []string{`paragraph 1: "{" opens alternatives`}},
		{"hidden characters", order, blocks("(S) On\u200be."), []string{"paragraph 1: hidden character U+200B"}},
		{"a second mark in a paragraph", order, blocks("(U) One.\n(S//NF) Two."), []string{"paragraph 1: line 2 of the paragraph begins with another mark, (S//NF)"}},
		{"a mark in other parentheses, under an order", marked, blocks("（S//NF） One."), []string{"paragraph 1: the mark (S//NF) is not where"}},
		{"a mark behind the text, under an order", marked, blocks("One. (S//NF)"), []string{"paragraph 1: the mark (S//NF) is not where"}},
		{"nothing", order, nil, []string{"the document: a report has at least one portion"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, _, err := assemble.Report(&document.Reading{Blocks: tt.blocks}, tt.order)
			if err == nil {
				t.Fatalf("no fault: %v", said(r))
			}
			for _, want := range tt.want {
				if !strings.Contains("\n"+err.Error(), "\n"+want) {
					t.Errorf("no fault begins %q in:\n%v", want, err)
				}
			}
		})
	}
}

// Styles stay on the words that they were on, and take in whole alternatives.
func TestStyles(t *testing.T) {
	t.Parallel()
	text := "  (S) An agent {saw|noticed} four crates. "
	at := func(s string) int { return strings.Index(text, s) }
	r, _, err := assemble.Report(&document.Reading{Blocks: []document.Block{{Where: "p", Text: text, Form: tearline.Form{Styles: []tearline.Style{
		{From: 0, To: at("An"), Bold: true},
		{From: at("agent"), To: at("noticed"), Italic: true},
		{From: at("crates"), To: len(text), Underline: true},
	}}}}}, order)
	if err != nil {
		t.Fatal(err)
	}
	p := &r.Portions[0]
	var got []string
	for _, s := range p.Form.Styles {
		got = append(got, p.Wording.Source()[s.From:s.To])
	}
	if diff := cmp.Diff([]string{"agent {saw|noticed}", "crates."}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// No block vanishes: every word is in a portion, in the head, in a note, or a
// fault has its place.
func TestNothingIsDropped(t *testing.T) {
	t.Parallel()
	as := order
	as.Unmarked = "S"
	rapid.Check(t, func(t *rapid.T) {
		var bs []document.Block
		for i := range rapid.IntRange(1, 8).Draw(t, "blocks") {
			bs = append(bs, document.Block{
				Where: "place" + string(rune('a'+i)), Zone: document.Zone(rapid.IntRange(0, 2).Draw(t, "zone")),
				Text: rapid.SampledFrom([]string{"(S) ", "", "SECRET//", "Report: ", "id: ", "Derived From: ", "(S//", "("}).Draw(t, "begins") + "word" + string(rune('a'+i)),
			})
		}
		r, notes, err := assemble.Report(&document.Reading{Blocks: bs}, as)
		all := strings.Join(notes, "\n")
		if err != nil {
			all += err.Error()
		} else {
			all += strings.Join(said(r), "\n") + r.Authority
		}
		for i := range bs {
			if !strings.Contains(all, "word"+string(rune('a'+i))) && !strings.Contains(all, "place"+string(rune('a'+i))) && err == nil {
				t.Fatalf("%q is nowhere:\n%s", bs[i].Text, all)
			}
		}
	})
}
