package sanitize_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tearline"
	"tearline/codec"
	"tearline/codec/docx"
	"tearline/codec/hypertext"
	"tearline/codec/look"
	"tearline/codec/pdf"
	"tearline/sanitize"
)

func TestLetters(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                            "",
		"A courier left.":             "acourierleft",
		"4\u00a0kg—of “explosive”!":   "4kgofexplosive",
		"ＦＵＬＬ width ﬁne":              "fullwidthfine",
		"so\u00adft hy\u200b-\nphens": "softhyphens",
		"cafe\u0301 CAFÉ":             "cafecafe",
		"İstanbul":                    "istanbul",
		"Москва":                      "москва",
		"炸药 已":                        "炸药已",
		"\xff\xfe":                    "",
	} {
		if got := sanitize.Letters(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// TestSpelling looks for withheld letters in what a copy has beside its items.
func TestSpelling(t *testing.T) {
	t.Parallel()
	const wording = "The harbour master {has been|was} our source since the {|early }spring"
	tests := []struct {
		withheld string
		copied   []string
		open     string
		want     string
	}{
		{wording, []string{"x the harbour master has been our source since the spring"}, "", "theharbourmasterhasbeeno"},
		{wording, []string{"the har", "bour mas", "ter has b", "een our so", "urce"}, "", "theharbourmasterhasbeeno"},
		{wording, []string{"t-h-e-h-a-r-b-o-u-r-m-a-s-t-e-r-h-a-s-b-e-e-n-o-u-r-s"}, "", "theharbourmasterhasbeeno"},
		{wording, []string{"the harbour master was our so"}, "", "theharbourmasterwasourso"},
		{wording, []string{"ourſource ſince the EARLY ſprïng of"}, "", "oursourcesincetheearlysp"},
		{wording, []string{"the harbour master had been"}, "", ""},
		{wording, []string{"the harbour master has been our source"}, "the harbour master has been our source", ""},
		{wording, []string{"2. (S) the harbour master has been", "(U) our"}, "the harbour master has been our", ""},
		{"Yes, the harbour master has been there", []string{"(S)", "the harbour master has been"}, "the harbour master has been", ""},
		{"the harbour master was bought", []string{"the harbour master was bought"}, "the harbour master was brought", "heharbourmasterwasbought"},
		{"twelve letters", []string{"twel", "ve-let", "ters"}, "", "twelveletters"},
		{"twelve letters", []string{"twelve letters"}, "no twelve letters", ""},
		{"{twelve|eleven} letters", []string{"elevenletters"}, "", "elevenletters"},
		{"few letters", []string{"few letters"}, "", ""},
		{"12345678901234", []string{"9123456789012345"}, "", ""},
		{"в Министерстве обороны сказали", []string{"вминистер стве обор", "онысказали"}, "", "вминистерствеоборонысказ"},
	}
	for _, test := range tests {
		w, err := tearline.ParseWording(test.withheld)
		if err != nil {
			t.Fatal(err)
		}
		got := sanitize.Spelling(test.copied, []string{test.open}, w)
		if got != test.want {
			t.Errorf("%q in %q: %q, want %q", test.withheld, test.copied, got, test.want)
		}
	}
}

// TestSpellingIsExact: the search finds what a plain search for every run of
// letters finds, and nothing else.
func TestSpellingIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[abä]{0,60}`)
		withheld, copied, open := text.Draw(t, "withheld"), text.Draw(t, "copied"), text.Draw(t, "open")
		if n := len([]rune(withheld)); n > 4 && rapid.Bool().Draw(t, "leak") {
			from := rapid.IntRange(0, n-1).Draw(t, "from")
			copied += string([]rune(withheld)[from:rapid.IntRange(from, n).Draw(t, "to")])
		}
		if rapid.Bool().Draw(t, "open, too") {
			open += withheld[:0] + string([]rune(withheld)[len([]rune(withheld))/2:])
		}
		w, err := tearline.PlainWording(withheld)
		if err != nil {
			t.Skip(err)
		}
		letters, in, said := []rune(sanitize.Letters(withheld)), sanitize.Letters(copied), sanitize.Letters(open)
		want := false
		if n := len(letters); n < 24 {
			want = n >= 12 && strings.Contains(in, string(letters)) && !strings.Contains(said, string(letters))
		}
		for i := 0; i+24 <= len(letters); i++ {
			g := letters[i : i+24]
			want = want || strings.Contains(in, string(g)) && !strings.Contains(said, string(g[:20])) && !strings.Contains(said, string(g[4:]))
		}
		if got := sanitize.Spelling([]string{copied}, []string{open}, w); (got != "") != want {
			t.Fatalf("%q in %q, open %q: %q", withheld, copied, open, got)
		}
	})
}

// TestDraftInspectsLetters: what no run of words shows is found by its letters.
func TestDraftInspectsLetters(t *testing.T) {
	w, r := plotted(t)
	v := w.version(t, r, "FRA")
	const leak = "source has reported reliably since 2019"
	for name, format := range map[string]func([]byte) ([]string, error){
		"hyphens":   func([]byte) ([]string, error) { return []string{"sour-ce ha-s repor-ted relia-bly si-nce 2019"}, nil },
		"in pieces": func([]byte) ([]string, error) { return strings.Fields(leak), nil },
		"letters":   func([]byte) ([]string, error) { return strings.Split(leak, ""), nil },
		"accents":   func([]byte) ([]string, error) { return []string{strings.Join(strings.Split(leak, ""), "\u0301")}, nil },
		"a name":    func([]byte) ([]string, error) { return []string{"USA", "2026", "0412x"}, nil },
	} {
		frames := 0
		s := spec("FRA")
		s.Format = &sanitize.Format{MediaType: "text/plain", Render: codec.RenderMarkdown, ReadBack: func(b []byte) ([]string, error) {
			if strings.Contains(string(b), "Copy: -") || strings.Contains(string(b), "Copy: \\-") {
				frames++
				return nil, nil
			}
			return format(b)
		}}
		if _, err := v.Draft(s); !errors.Is(err, sanitize.ErrSurvives) {
			t.Errorf("%s: %v", name, err)
		}
		if frames != 1 {
			t.Errorf("%s: the frame was read %d times", name, frames)
		}
	}
}

// TestEveryFormatIsSearched: a copy in each format passes, and one that has a
// withheld sentence in two places, half in each, does not.
func TestEveryFormatIsSearched(t *testing.T) {
	w, r := plotted(t)
	v := w.version(t, r, "FRA")
	for name, f := range map[string]*sanitize.Format{
		"docx": {MediaType: "application/docx", Render: docx.Render, ReadBack: look.DOCX},
		"html": {MediaType: "text/html", Render: hypertext.Render, ReadBack: look.HTML},
		"pdf": {
			MediaType: "application/pdf",
			Render:    func(p codec.Page) ([]byte, error) { return pdf.Render(p, nil) },
			ReadBack:  func(b []byte) ([]string, error) { return look.PDF(b, nil) },
		},
	} {
		s := spec("FRA")
		s.Format = f
		if _, err := v.Draft(s); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		leaking := *f
		leaking.Render = func(p codec.Page) ([]byte, error) {
			p.Caveats = append(p.Caveats, "The source has repor", "ted reliably")
			return f.Render(p)
		}
		s.Format = &leaking
		if _, err := v.Draft(s); !errors.Is(err, sanitize.ErrSurvives) {
			t.Errorf("%s that leaks: %v", name, err)
		}
	}
}

// BenchmarkDraft is a copy of half of a report of 10,000 portions.
func BenchmarkDraft(b *testing.B) {
	w := allies()
	var s strings.Builder
	for i := range 10_000 {
		mark := []string{"(U)", "(S//NF)"}[i%2]
		fmt.Fprintf(&s, "%s Report %d of the {evening|night} watch at post %d:", mark, i*7919, i)
		for k := range 30 {
			fmt.Fprintf(&s, " %s", vocabulary[(i*i+k*(i+3))%len(vocabulary)])
		}
		s.WriteString(".\n\n")
	}
	r := w.file(b, "USA-7", s.String())
	v, err := sanitize.TearLine(r, w.decide(b, r.ID, "FRA", tearline.Document))
	if err != nil {
		b.Fatal(err)
	}
	p := spec("FRA")
	p.Choose = nil
	for b.Loop() {
		if _, err := v.Draft(p); err != nil && !errors.Is(err, sanitize.ErrSurvives) {
			b.Fatal(err)
		}
	}
}
