package codec_test

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/codec"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestParseMarkdownGolden reads each testdata/parse/NAME.md and compares what
// comes of it with NAME.golden: the report as JSON, or the faults, one a line.
func TestParseMarkdownGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/parse/*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".md")
		t.Run(name, func(t *testing.T) {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := outcome(t, src)
			golden := strings.TrimSuffix(file, ".md") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", file, diff)
			}
		})
	}
}

// outcome says what came of a document.
func outcome(t *testing.T, src []byte) string {
	t.Helper()
	r, err := codec.ParseMarkdown(src)
	if err != nil {
		var faults tearline.Faults
		if !errors.As(err, &faults) || r != nil {
			t.Fatalf("report %v, error %T: want no report and faults", r, err)
		}
		for i := range faults {
			if faults[i].Rule != "" {
				faults[i].Hint = "" // the markings' own words are not ours to pin
			}
		}
		return faults.Error() + "\n"
	}
	body, err := codec.MarshalReport(r)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const head = "---\nid: USA-2026-0412\noriginator: USA\npolicy: us\ndate: 2026-03-04\n---\n"

// TestParseMarkdownFaults: each document has a fault, at that place.
func TestParseMarkdownFaults(t *testing.T) {
	tests := []struct {
		name, src string
		want      []string // each begins one of the faults
	}{
		{"empty", "", []string{"1:1: no front matter"}},
		{"front matter without end", "---\nid: x\n", []string{"1:1: no front matter"}},
		{"missing keys", "---\n---\n(U) Text.\n", []string{
			"1:1: the report's id is missing", "1:1: the report's originator is missing",
			"1:1: the report's policy is missing", "1:1: the report's date is missing",
		}},
		{"unknown key", strings.Replace(head, "policy", "colour: red\npolicy", 1) + "(U) Text.\n", []string{`4:1: front matter: unknown key "colour"`}},
		{"key twice", strings.Replace(head, "policy", "id: x\npolicy", 1) + "(U) Text.\n", []string{`4:1: front matter: "id" stands twice`}},
		{"broken yaml", "---\nid: [\n---\n(U) Text.\n", []string{"2:1: front matter: did not find expected node content"}},
		{"a list for an id", "---\nid: [a]\noriginator: USA\npolicy: us\ndate: 2026-03-04\n---\n(U) Text.\n", []string{"2:5: front matter: id: want one plain value"}},
		{"comment", strings.Replace(head, "policy: us", "policy: us # hidden", 1) + "(U) Text.\n", []string{"4:9: front matter has a comment"}},
		{"bad values", "---\nid: -x\noriginator: U A\npolicy: xyz\ndate: 4 March\nsources: [GBR]\n---\n(U) Text.\n", []string{
			`2:5: report id "-x"`, `3:13: party "U A"`, `4:9: unknown policy "xyz"`, `5:7: date "4 March"`, `6:11: source: portion "GBR"`,
		}},
		{"no portions", head, []string{"2:5: a report has at least one portion"}},
		{"paragraph without mark", head + "\nNo mark.\n", []string{"8:1: a paragraph without a portion mark"}},
		{"heading without mark", head + "\n# No mark\n\n(U) Text.\n", []string{"8:3: a heading without a portion mark"}},
		{"list item without mark", head + "\n- (U) One\n- two\n", []string{"9:3: a list item without a portion mark"}},
		{"mark without end", head + "(U Text.\n", []string{"7:1: the portion mark of this paragraph does not end"}},
		{"mark without text", head + "(U)\n", []string{"7:4: the portion has no text"}},
		{"mark of another policy", head + "(TLP:RED) Text.\n", []string{`7:1: (TLP:RED) is a mark of the policy "tlp", and the report's is "us"`}},
		{"second mark on the next line", head + "(U) Text.\n(S//NF) More.\n", []string{"8:1: a line inside a portion begins like a portion mark, (S//NF)"}},
		{"two marks", head + "(U) (S//NF) Text.\n", []string{"7:5: a portion marked (U) begins with the mark (S//NF)"}},
		{"raw HTML block", head + "(U) Text.\n\n<div>\nhidden\n</div>\n", []string{"9:1: raw HTML"}},
		{"HTML comment", head + "(U) Text.\n\n<!-- hidden -->\n", []string{"9:1: raw HTML"}},
		{"inline HTML", head + "(U) Text <b>bold</b>.\n", []string{"7:10: raw HTML"}},
		{"inline comment", head + "(U) Text\nand <!-- hidden --> more.\n", []string{"8:5: an HTML comment"}},
		{"image", head + "(U) Text ![alt](x.png \"hidden\").\n", []string{"7:10: an image"}},
		{"link reference definition", head + "(U) Text [a].\n\n[a]: http://example.com \"hidden\"\n", []string{"9:1: a link reference definition"}},
		{"footnote", head + "(U) Text[^1].\n\n[^1]: hidden\n", []string{"7:9: a footnote", "9:1: a footnote"}},
		{"code block", head + "(U) Text.\n\n    (U) indented\n", []string{"9:5: a code block"}},
		{"fenced code block", head + "(U) Text.\n\n```secret\n(U) code\n```\n", []string{"9:1: a code block"}},
		{"cells without marks", head + "| (U) a | b |\n|---|---|\n| (U) c |  |\n", []string{"7:11: a cell without a portion mark"}},
		{"ragged table", head + "| (U) a | (U) b |\n|---|---|\n| (U) c |\n", []string{"9:1: a row of 1 cells in a table of 2 columns"}},
		{"table run on", head + "(U) Text.\n| (U) a | (U) b |\n|---|---|\n", []string{"9:1: a row of dashes that is not the second line"}},
		{"quote first", head + "> id: x\n\n(U) Text.\n", []string{"7:3: a block quote that is not directly below a portion"}},
		{"two quotes", head + "(U) Text.\n\n> id: x\n\n> sources: A/b\n", []string{"11:3: a second block quote"}},
		{"unknown attribute", head + "(U) Text.\n> colour: red\n", []string{`8:3: "colour: red" is no attribute`}},
		{"list in a quote", head + "(U) Text.\n> - id: x\n", []string{"8:1: a block quote that is more than lines of attributes"}},
		{"line that runs on", head + "(U) Text.\n> tear (U): Wording\n(U) Next portion.\n", []string{
			"9:1: a line that runs on from the block quote above", "9:1: a line inside a portion begins like a portion mark",
		}},
		{"misspelt attribute below a tear", head + "(U) Text.\n> tear (U): Wording\n> surces: A/b\n", []string{`9:3: "surces: A/b" is no attribute`}},
		{"tear without mark", head + "(U) Text.\n> tear: Wording\n", []string{`8:3: "tear: Wording" is no attribute`}},
		{"tear above its portion", head + "(U) Text.\n> tear (S): Wording\n", []string{"8:8: the tear-line wording is marked (S), above its portion (U)"}},
		{"attribute twice", head + "(U) Text.\n> id: x\n> id: y\n", []string{"9:7: id: stands twice"}},
		{"id twice", head + "(U) One.\n> id: x\n\n(U) Two.\n> id: x\n", []string{`11:7: the portion id "x" stands twice; first on line 7`}},
		{"id of the default twice", head + "(U) One.\n> id: p2\n\n(U) Two.\n", []string{`10:1: the portion id "p2" stands twice; first on line 7`}},
		{"bad id", head + "(U) One.\n> id: a b\n", []string{`8:7: portion id "a b"`}},
		{"id of the title", head + "(U) One.\n> id: title\n", []string{`8:7: the id "title" is kept for the title`}},
		{"circle", head + "(U) One.\n> sources: USA-2026-0412/p3\n\n(U) Two.\n> sources: USA-2026-0412/p1\n\n(U) Three.\n> sources: USA-2026-0412/p2\n", []string{
			"7:1: the sources go round in a circle: p1 → p3 → p2 → p1",
		}},
		{"itself", head + "(U) One.\n> sources: USA-2026-0412/p1\n", []string{"7:1: the sources go round in a circle: p1 → p1"}},
		{"source that is not there", head + "(U) One.\n> sources: USA-2026-0412/p9\n", []string{"7:1: p1 rests on USA-2026-0412/p9, which this report does not have"}},
		{"wording", head + "(U) Text that\ngoes {on|over.\n", []string{`8:6: "{" opens alternatives`}},
		{"hidden character", head + "(U) Te\u200bxt.\n", []string{"7:7: hidden character U+200B"}},
		{"override", head + "(U) Te\u202ext.\n", []string{"7:7: hidden character U+202E"}},
		{"NUL", head + "(U) Te\x00xt.\n", []string{"7:7: NUL at byte 76"}},
		{"not UTF-8", head + "(U) Te\xffxt.\n", []string{"7:7: not UTF-8 at byte 76"}},
		{"banner", strings.Replace(head, "---\n", "---\nbanner: UNCLASSIFIED\n", 1) + "(U) One.\n\n(S//NF) Two.\n", []string{
			"2:9: the banner UNCLASSIFIED is not the roll-up of the portions, which is SECRET//NOFORN",
		}},
		{"title with a broken mark", strings.Replace(head, "---\n", "---\ntitle: (S//REL TO USA, GRB) Title\n", 1) + "(U) One.\n", []string{"2:"}},
		{"title of two lines", strings.Replace(head, "---\n", "---\ntitle: \"one\\ntwo\"\n", 1) + "(U) One.\n", []string{"2:12: a title is one line"}},
		{"indentation", head + "- (U) a\n" + strings.Repeat(" ", 65) + "- (U) b\n", []string{"8:1: a line indented by 65"}},
		{"nesting", head + strings.Repeat(">", 1000) + " x\n", []string{"7:1: 1000 blocks inside one another"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := codec.ParseMarkdown([]byte(test.src))
			if err == nil {
				t.Fatal("no fault")
			}
			lines := strings.Split(err.Error(), "\n")
			for _, want := range test.want {
				found := false
				for _, line := range lines {
					found = found || strings.HasPrefix(line, want)
				}
				if !found {
					t.Errorf("no fault begins %q in:\n%v", want, err)
				}
			}
			if len(lines) != len(test.want) && !strings.Contains(test.name, "broken") {
				t.Errorf("%d faults, want %d:\n%v", len(lines), len(test.want), err)
			}
		})
	}
}

func TestParseMarkdownLimits(t *testing.T) {
	long := []byte(head + "(U) " + strings.Repeat("word ", codec.MaxInput/5))
	if _, err := codec.ParseMarkdown(long); err == nil || !strings.Contains(err.Error(), "at most") {
		t.Errorf("long document: %v", err)
	}
	most := head + strings.Repeat("(U) Text.\n\n", codec.MaxPortions)
	r, err := codec.ParseMarkdown([]byte(most))
	if err != nil || len(r.Portions) != codec.MaxPortions {
		t.Fatalf("%d portions: %v", codec.MaxPortions, err)
	}
	if _, err := codec.ParseMarkdown([]byte(most + "(U) One more.\n")); err == nil || !strings.Contains(err.Error(), "more than 10000 portions") {
		t.Errorf("one portion too many: %v", err)
	}
}

// TestParseMarkdownTolerates: a byte order mark and CRLF change nothing.
func TestParseMarkdownTolerates(t *testing.T) {
	src, err := os.ReadFile("testdata/parse/whole.md")
	if err != nil {
		t.Fatal(err)
	}
	want := outcome(t, src)
	crlf := "\ufeff" + strings.ReplaceAll(string(src), "\n", "\r\n")
	if diff := cmp.Diff(want, outcome(t, []byte(crlf))); diff != "" {
		t.Errorf("-LF +CRLF:\n%s", diff)
	}
}

func FuzzParseMarkdown(f *testing.F) {
	files, _ := filepath.Glob("testdata/parse/*.md")
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	f.Add([]byte(head + "- (U) a\n  > id: x\n  - (U) b\n\n1) (U) c\n===\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		r, err := codec.ParseMarkdown(src)
		if (r == nil) == (err == nil) {
			t.Fatalf("report %v, error %v", r, err)
		}
		if err != nil {
			var faults tearline.Faults
			if !errors.As(err, &faults) || len(faults) == 0 {
				t.Fatalf("error %T: %v", err, err)
			}
			return
		}
		wholeReport(t, r)
	})
}

// wholeReport checks what holds of every report that is read, whatever from.
func wholeReport(t *testing.T, r *tearline.Report) {
	t.Helper()
	seen := map[tearline.PortionID]bool{}
	for i := range r.Portions {
		p := &r.Portions[i]
		if p.ID == "" || seen[p.ID] || p.Originator == "" || p.Marking.IsZero() || p.Wording.Source() == "" {
			t.Fatalf("portion %+v", p)
		}
		seen[p.ID] = true
	}
	if r.Banner.IsZero() || r.Date.IsZero() || len(r.Portions) == 0 {
		t.Fatalf("report %+v", r)
	}
	body, err := codec.MarshalReport(r)
	if err != nil {
		t.Fatal(err)
	}
	back, err := codec.UnmarshalReport(body)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, back, sameMarks, sameWording); diff != "" {
		t.Fatalf("body does not come back (-want +got):\n%s", diff)
	}
}
