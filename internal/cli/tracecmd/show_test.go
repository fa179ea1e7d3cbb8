package tracecmd_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline"
	"tearline/internal/cli/command"
	"tearline/internal/cli/tracecmd"
	"tearline/internal/node/trace"
	"tearline/internal/text"
	"tearline/leak/match"
)

var update = flag.Bool("update", false, "write the golden files anew")

// result is the fixture of package trace.
const result = "../../node/trace/testdata/result.json"

func fixture(t *testing.T) (r trace.Result) {
	t.Helper()
	data, err := os.ReadFile(result)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile("testdata/"+name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestShow(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		width  int
		colour bool
	}{{"narrow.txt", 80, false}, {"wide.txt", 120, false}, {"colour.txt", 100, true}} {
		r := fixture(t)
		p := &command.Printer{Colour: tt.colour}
		tracecmd.Show(p, &r, tt.width)
		golden(t, tt.name, p.String())
		for line := range strings.Lines(p.String()) {
			if n := text.Columns(strings.TrimRight(line, "\n")); n > tt.width {
				t.Errorf("%s: a line of %d columns: %q", tt.name, n, line)
			}
		}
		if !tt.colour && strings.ContainsRune(p.String(), 0x1b) {
			t.Errorf("%s: styles without colours", tt.name)
		}
	}
}

// Of very much, a person gets the beginning, and is told so.
func TestShowMany(t *testing.T) {
	t.Parallel()
	r := trace.Result{Leak: strings.Repeat("crate ", 100)}
	var given []trace.Given
	for i := range 15 {
		m := trace.Match{Report: "R", Portion: tearline.PortionID(fmt.Sprintf("p%d", i)), Kind: match.Verbatim, Text: "crate"}
		m.Spans = []trace.Span{{Leak: [2]int{6 * i, 6*i + 5}, Portion: [2]int{0, 5}}}
		for k := range 5 {
			m.Public = append(m.Public, trace.Public{Source: fmt.Sprintf("paper %d", k)})
		}
		r.Matches = append(r.Matches, m)
		given = append(given, trace.Given{Portion: m.Ref(), Party: tearline.PartyID(fmt.Sprintf("P%02d", i)), Mode: tearline.Oral})
	}
	for range 12 {
		r.Matches = append(r.Matches, trace.Match{Report: "W", Portion: "p", Kind: trace.Weak})
	}
	r.Who = trace.WhoCould(trace.Passages(r.Matches), given)
	p := &command.Printer{}
	tracecmd.Show(p, &r, 80)
	for _, want := range []string{
		"\n5 passages more; --json and --html have them all\n", "     and 2 more\n", "   P11         1 of 15    since", "   and 3 more\n", "\n   9 more\n",
	} {
		if !strings.Contains(p.String(), want) {
			t.Errorf("no %q in\n%s", want, p.String())
		}
	}
	for _, none := range []string{"R/p10 ", "P12", "paper 3", "■"} {
		if strings.Contains(p.String(), none) {
			t.Errorf("%q in\n%s", none, p.String())
		}
	}
}

// Whatever stands in the texts, the terminal obeys none of it, and no text runs
// into the other.
func TestTextsAreHostile(t *testing.T) {
	t.Parallel()
	evil := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"\x1b[2J", "\x1b]0;x\a", "a\r\nb", "\u202eevil", "\x9b1m", "\u2028", strings.Repeat("x", 300), "[]", "\xff"}))
	calm := fixture(t)
	data, err := json.Marshal(calm)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		var r trace.Result
		if err := json.Unmarshal(data, &r); err != nil {
			t.Fatal(err)
		}
		r.Leak, r.Archive.Calibrated = evil.Draw(t, "leak")+r.Leak, evil.Draw(t, "calibrated")
		for i := range r.Matches {
			m := &r.Matches[i]
			m.Text, m.Passages = evil.Draw(t, "text")+m.Text, []string{evil.Draw(t, "passage")}
			m.Details.Missing, m.Verdict.Reasons = []string{evil.Draw(t, "missing")}, []string{evil.Draw(t, "reason")}
			m.Details.Altered = []trace.Altered{{Text: evil.Draw(t, "altered"), LeakText: evil.Draw(t, "as")}}
			m.Evidence = []trace.Evidence{{Term: evil.Draw(t, "term"), Bits: 1}}
			m.Shared = []trace.Shared{{Word: evil.Draw(t, "word")}}
			m.Public = []trace.Public{{Source: evil.Draw(t, "source"), Title: evil.Draw(t, "title")}}
			m.Bases = []trace.Basis{{Recipient: "GBR", Unit: evil.Draw(t, "unit"), Person: evil.Draw(t, "person")}}
		}
		for i := range r.Who.Persons {
			r.Who.Persons[i].Person = evil.Draw(t, "name")
		}
		p := &command.Printer{}
		tracecmd.Show(p, &r, rapid.SampledFrom([]int{80, 120}).Draw(t, "width"))
		if i := strings.IndexFunc(p.String(), func(c rune) bool {
			return c != '\n' && unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c)
		}); i >= 0 {
			t.Fatalf("%q", p.String()[max(0, i-20):i+1])
		}
	})
}
