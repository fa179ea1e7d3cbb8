package codec_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/codec"
)

const good = `{"id":"USA-1","title":"(U) Title","originator":"USA","policy":"us","date":"2026-03-04","banner":"SECRET//REL TO USA, GBR","sources":["GBR-1/p1"],` +
	`"portions":[{"id":"p1","text":"Text {a|b}.","marking":"S//REL TO USA, GBR","originator":"GBR","sources":["GBR-1/p2"],"tear":{"text":"Tear.","marking":"(U)"}},` +
	`{"id":"p2","text":"Line\none \u00e9\ud83d\ude00.","marking":"(U)"}]}`

func TestDecoder(t *testing.T) {
	r := decodeOne(t, good)
	if got, _ := r.Portion(tearline.TitleID); got == nil || got.Wording.Source() != "Title" || got.Marking.Portion() != "(U)" {
		t.Errorf("title %+v", got)
	}
	p, _ := r.Portion("p1")
	if p.Originator != "GBR" || p.Marking.Portion() != "(S//REL TO USA, GBR)" || p.Tear == nil || p.Tear.Wording.Source() != "Tear." {
		t.Errorf("p1 %+v", p)
	}
	if diff := cmp.Diff([]tearline.PortionRef{{Report: "GBR-1", Portion: "p1"}, {Report: "GBR-1", Portion: "p2"}}, p.Sources); diff != "" {
		t.Errorf("sources (-want +got):\n%s", diff)
	}
	p, _ = r.Portion("p2")
	if p.Originator != "USA" || p.Wording.Source() != "Line\none é😀." {
		t.Errorf("p2 %+v", p)
	}
	wholeReport(t, r)
}

func decodeOne(t *testing.T, line string) *tearline.Report {
	t.Helper()
	n, r, err := codec.NewDecoder(strings.NewReader(line)).Next()
	if n != 1 || err != nil {
		t.Fatalf("line %d: %v", n, err)
	}
	return r
}

// TestDecoderAgreesWithMarkdown: one report in both forms is the same report.
func TestDecoderAgreesWithMarkdown(t *testing.T) {
	md := "---\nid: USA-1\ntitle: (U) Title\noriginator: USA\npolicy: us\ndate: 2026-03-04\nsources: GBR-1/p1\n---\n" +
		"(S//REL TO USA, GBR) Text {a|b}.\n> sources: GBR-1/p2\n> originator: GBR\n> tear (U): Tear.\n\n(U) Line one é😀.\n"
	want, err := codec.ParseMarkdown([]byte(md))
	if err != nil {
		t.Fatal(err)
	}
	got := decodeOne(t, strings.ReplaceAll(good, `Line\none`, "Line one"))
	if diff := cmp.Diff(want, got, sameMarks, sameWording); diff != "" {
		t.Errorf("-Markdown +JSON Lines:\n%s", diff)
	}
}

func TestDecoderFaults(t *testing.T) {
	const min = `{"id":"R","originator":"USA","policy":"us","date":"2026-03-04","portions":[{"id":"p1","text":"T.","marking":"U"}]}`
	sub := func(old, new string) string {
		if !strings.Contains(min, old) {
			t.Fatalf("no %s", old)
		}
		return strings.Replace(min, old, new, 1)
	}
	tests := []struct {
		name, line string
		want       []string
	}{
		{"good", min, nil},
		{"empty object", `{}`, []string{
			"1:1: id: the report's id is missing", "1:1: originator: the report's originator is missing",
			"1:1: policy: the report's policy is missing", "1:1: date: the report's date is missing",
		}},
		{"list", `[]`, []string{"1:1: JSON: want an object, got a list"}},
		{"trailing data", min + ` {}`, []string{"1:116: JSON: an object after the report's end"}},
		{"cut off", min[:55], []string{"1:56: JSON: a string that does not end"}},
		{"unknown fields", sub(`"text"`, `"colour":1,"Text":{"a":[1,2.5e-3,null,true,"x"]},"text"`), []string{
			"1:87: portions[0].colour: unknown field", "1:98: portions[0].Text: unknown field",
		}},
		{"unknown field of the report", sub(`"date"`, `"ID":"x","date"`), []string{"1:44: ID: unknown field"}},
		{"twice", sub(`"date"`, `"id":"x","date"`), []string{"1:49: id: stands twice"}},
		{"wrong types", sub(`"R"`, `7`), []string{"1:7: id: want a string, got a number"}},
		{"null", sub(`"T."`, `null`), []string{"1:94: portions[0].text: want a string, got null"}},
		{"sources", sub(`"text"`, `"sources":["A/b",1,"c"],"text"`), []string{
			"1:104: portions[0].sources: want a string, got a number", `1:106: portions[0].sources: source: portion "c"`,
		}},
		{"comma before the end", sub(`,"text":"T.","marking":"U"`, `,`), []string{"1:87: JSON: want \"\\\"\", got '}'"}},
		{"cut off before a value", min[:50], []string{"1:51: JSON: the line ends where a value should stand"}},
		{"missing marking", sub(`,"marking":"U"`, ``), []string{"1:76: portions[0].marking: missing"}},
		{"tear", sub(`"text"`, `"tear":{"text":"x","a":1},"text"`), []string{
			"1:106: portions[0].tear.a: unknown field", "1:94: portions[0].tear.marking: missing",
		}},
		{"mark", sub(`"U"`, `"S//FORN"`), []string{"1:109: portions[0].marking: \"FORN\" is no marking of policy us"}},
		{"two portions of one name", sub(`"marking":"U"}`, `"marking":"U"},{"id":"p1","text":"T.","marking":"U"}`), []string{
			`1:120: portions[1].id: the portion id "p1" stands twice; first in portions[0]`,
		}},
		{"half a surrogate", sub(`T.`, `\ud800x`), []string{"1:95: JSON: half of a surrogate pair"}},
		{"NUL", sub(`T.`, `a\u0000b`), []string{"1:94: portions[0].text: hidden character U+0000"}},
		{"control character", sub(`T.`, "a\tb"), []string{"1:96: JSON: control character U+0009"}},
		{"not UTF-8", sub(`T.`, "a\xffb"), []string{"1:96: not UTF-8 at byte 95"}},
		{"wording", sub(`T.`, `a {b|c`), []string{`1:94: portions[0].text: byte 2: "{" opens alternatives`}},
		{"a second portion in the text", sub(`T.`, `a\n(S//NF) b`), []string{"1:94: portions[0].text: a line inside a portion begins like a portion mark"}},
		{"deep", sub(`"date"`, `"x":`+strings.Repeat("[", 100)+`,"date"`), []string{"1:44: x: unknown field", "1:113: JSON: values nested deeper than 64"}},
		{"banner", sub(`"date"`, `"banner":"SECRET","date"`), []string{"1:53: banner: the banner SECRET is not the roll-up of the portions, which is UNCLASSIFIED"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n, r, err := codec.NewDecoder(strings.NewReader(test.line)).Next()
			if n != 1 {
				t.Fatalf("line %d", n)
			}
			if test.want == nil {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			var faults tearline.Faults
			if !errors.As(err, &faults) || r != nil {
				t.Fatalf("report %v, error %v", r, err)
			}
			for _, want := range test.want {
				if !strings.Contains("\n"+err.Error(), "\n"+want) {
					t.Errorf("no fault begins %q in:\n%v", want, err)
				}
			}
			if len(faults) != len(test.want) {
				t.Errorf("%d faults, want %d:\n%v", len(faults), len(test.want), err)
			}
		})
	}
}

// TestDecoderGoesOn: a line's faults do not touch the next line, and a line
// that is too long is passed over without being held.
func TestDecoderGoesOn(t *testing.T) {
	in := io.MultiReader(
		strings.NewReader("\ufeff"+good+"\r\n\n   \n{broken\n"),
		io.LimitReader(endless{}, 100<<20),
		strings.NewReader("\n"+good),
	)
	d := codec.NewDecoder(in)
	var got []string
	for {
		n, r, err := d.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		switch {
		case err != nil:
			text, _, _ := strings.Cut(err.Error(), ";")
			got = append(got, fmt.Sprintf("%d %s", n, text))
		default:
			got = append(got, fmt.Sprintf("%d %s", n, r.ID))
		}
	}
	want := []string{"1 USA-1", `4 4:2: JSON: want "\"", got 'b'`, "5 5:1: line of more than 16777216 bytes", "6 USA-1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if n, _, err := d.Next(); n != 6 || !errors.Is(err, io.EOF) {
		t.Errorf("after the end: line %d, %v", n, err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestDecoderReaderFails(t *testing.T) {
	broken := errors.New("broken")
	d := codec.NewDecoder(io.MultiReader(strings.NewReader(good+"\n{"), iotest.ErrReader(broken)))
	if _, r, err := d.Next(); r == nil || err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, _, err := d.Next(); !errors.Is(err, broken) {
			t.Errorf("error %v", err)
		}
	}
}

// FuzzDecoder: whatever is taken is JSON, and reads the same by another
// library.
func FuzzDecoder(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte(good + "\n" + good))
	f.Add([]byte(`{"id":"R","portions":[{"tear":{}}]}`))
	f.Fuzz(func(t *testing.T, src []byte) {
		d := codec.NewDecoder(strings.NewReader(string(src)))
		lines := strings.Split(string(src), "\n")
		for range len(lines) + 1 {
			n, r, err := d.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			if (r == nil) == (err == nil) || n < 1 || n > len(lines) {
				t.Fatalf("line %d: report %v, error %v", n, r, err)
			}
			if err != nil {
				var faults tearline.Faults
				if !errors.As(err, &faults) || len(faults) == 0 {
					t.Fatalf("error %T: %v", err, err)
				}
				continue
			}
			var other struct {
				ID       string
				Portions []struct{ ID, Text string }
			}
			text := strings.TrimPrefix(lines[n-1], "\ufeff")
			if err := json.Unmarshal([]byte(text), &other); err != nil {
				t.Fatalf("line %d is no JSON: %v", n, err)
			}
			if p := r.Portions[len(r.Portions)-1]; other.ID != string(r.ID) || other.Portions[len(other.Portions)-1].Text != p.Wording.Source() {
				t.Fatalf("line %d reads otherwise: %+v", n, other)
			}
			wholeReport(t, r)
		}
		t.Fatal("no end")
	})
}
