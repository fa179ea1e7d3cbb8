package pdf_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline"
	"tearline/codec"
	"tearline/codec/pdf"
)

// item makes one of a wording, with these choices.
func item(tb testing.TB, portion, source string, choices ...int) codec.Item {
	tb.Helper()
	w, err := tearline.ParseWording(source)
	if err != nil {
		tb.Fatal(err)
	}
	text, err := w.Render(choices)
	if err != nil {
		tb.Fatal(err)
	}
	return codec.Item{Mark: "(S)", Text: text, Portion: tearline.PortionID(portion), Wording: w, Choices: choices}
}

func compose(tb testing.TB, p codec.Page) *pdf.Layout {
	tb.Helper()
	l, err := pdf.Compose(p)
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

// texts are the lines of a layout, by what they belong to.
func texts(l *pdf.Layout, item int) []string {
	var out []string
	for i := range l.Sheets {
		for _, line := range l.Sheets[i].Lines {
			if line.Item == item {
				out = append(out, words(line.Words))
			}
		}
	}
	return out
}

func words(list []pdf.Word) string {
	var out []string
	for _, w := range list {
		out = append(out, w.Text)
	}
	return strings.Join(out, " ")
}

const long = "Customs officers at the northern crossing opened a crate of tractor parts on Tuesday and found forty detonators wrapped in old newspapers, said the duty clerk."

func TestCompose(t *testing.T) {
	t.Parallel()
	hundred := strings.Repeat("Donaudampfschifffahrt", 6)
	for name, tc := range map[string]struct {
		items []codec.Item
		want  []string // the lines of the first item
	}{
		"a line":           {[]codec.Item{{Mark: "(S)", Text: "A crate was opened."}}, []string{"1. (S) A crate was opened."}},
		"broken":           {[]codec.Item{{Mark: "(S)", Text: long}}, []string{"1. (S) Customs officers at the northern crossing opened a crate of tractor parts on Tuesday and found", "forty detonators wrapped in old newspapers, said the duty clerk."}},
		"a long mark":      {[]codec.Item{{Mark: "(S//REL TO USA, AUS, CAN, GBR, NZL)", Text: "Nothing."}}, []string{"1. (S//REL TO USA, AUS, CAN, GBR, NZL) Nothing."}},
		"no text":          {[]codec.Item{{Mark: "(S)"}}, []string{"1. (S)"}},
		"a line break":     {[]codec.Item{{Mark: "(S)", Text: "One.\nTwo.\n\n Three.\n"}}, []string{"1. (S) One.", "Two.", "Three."}},
		"blanks":           {[]codec.Item{{Mark: "(S)", Text: "  One \t two.  "}}, []string{"1. (S) One two."}},
		"a no-break space": {[]codec.Item{{Mark: "(S)", Text: "4\u00a0kg"}}, []string{"1. (S) 4\u00a0kg"}},
		"a long word": {[]codec.Item{{Mark: "(S)", Text: "See " + hundred + " there."}}, []string{
			"1. (S) See",
			"DonaudampfschifffahrtDonaudampfschifffahrtDonaudampfschifffahrtDonaudampfschifffahrtDonauda",
			"mpfschifffahrtDonaudampfschifffahrt there.",
		}},
		"alternatives": {[]codec.Item{item(t, "p", "An agent left {about|roughly} {|some }4 kg, colo{u|}red \\{grey}.", 1, 0, 1)}, []string{"1. (S) An agent left roughly 4 kg, colored {grey}."}},
		"other scripts": {[]codec.Item{{Mark: "(S)", Text: "Ærø, Łódź, Ελλάς, Москва, «quoted» – “so” … €"}}, []string{
			"1. (S) Ærø, Łódź, Ελλάς, Москва, «quoted» – “so” … €",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := compose(t, codec.Page{Banner: "SECRET", Items: tc.items})
			if diff := cmp.Diff(tc.want, texts(l, 0)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestFrame(t *testing.T) {
	t.Parallel()
	p := codec.Page{
		Banner: "SECRET//REL TO USA, CAN", Copy: "K-0417", Recipient: "Royal Harbour Police", Date: "2026-03-14", Individual: true,
		Title: &codec.Item{Mark: "(U)", Text: "Traffic at the crossing"}, Caveats: []string{"Only for port security", "Until Friday"},
	}
	for range 60 {
		p.Items = append(p.Items, codec.Item{Mark: "(S)", Text: long})
	}
	l := compose(t, p)
	if len(l.Sheets) != 4 {
		t.Fatalf("%d sheets", len(l.Sheets))
	}
	if diff := cmp.Diff([]string{"(U) Traffic at the crossing"}, texts(l, pdf.Title)); diff != "" {
		t.Errorf("title (-want +got)\n%s", diff)
	}
	frame := texts(l, pdf.Frame)
	want := []string{
		"SECRET//REL TO USA, CAN", "Copy: K-0417", "For: Royal Harbour Police", "Date: 2026-03-14", "Individual copy: wording and spacing differ from copy to copy.",
		"Copy K-0417 page 1/4", "SECRET//REL TO USA, CAN", "SECRET//REL TO USA, CAN", "Copy K-0417 page 2/4", "SECRET//REL TO USA, CAN",
	}
	if diff := cmp.Diff(want, frame[:len(want)]); diff != "" {
		t.Errorf("frame (-want +got)\n%s", diff)
	}
	want = []string{"SECRET//REL TO USA, CAN", "Caveats:", "• Only for port security", "• Until Friday", "Copy K-0417 page 4/4", "SECRET//REL TO USA, CAN"}
	if diff := cmp.Diff(want, frame[len(frame)-len(want):]); diff != "" {
		t.Errorf("frame at the end (-want +got)\n%s", diff)
	}
	// A title alone, and a banner of two lines.
	l = compose(t, codec.Page{Banner: "TOP SECRET//SI//" + strings.Repeat("REL TO USA, AUS, CAN, GBR, NZL, ", 3) + "NATO", Title: &codec.Item{Text: "Nothing else"}})
	if got := texts(l, pdf.Frame); len(l.Sheets) != 1 || len(got) != 5 || got[2] != "page 1/1" {
		t.Errorf("%d sheets, %q", len(l.Sheets), got)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	with := func(it codec.Item) codec.Page { return codec.Page{Banner: "SECRET", Items: []codec.Item{it}} }
	mismatch := item(t, "p", "{a|b}", 1)
	mismatch.Text = "a"
	for name, tc := range map[string]struct {
		page codec.Page
		want string
	}{
		"no banner":         {codec.Page{}, "page: no banner"},
		"no mark":           {with(codec.Item{Text: "Nothing."}), `page: item 1: "" is not a portion mark`},
		"a hidden one":      {with(codec.Item{Mark: "(S)", Text: "No\u200bthing."}), "page: item 1: hidden character U+200B"},
		"not in the font":   {with(codec.Item{Mark: "(S)", Text: "From 北 to south"}), `page: item 1: no font has the character '北' (U+5317): write it otherwise, or give a font that has it`},
		"nor in another":    {codec.Page{Banner: "SECRET 😀"}, `page: banner: no font has the character '😀' (U+1F600): write it otherwise, or give a font that has it`},
		"in an alternative": {with(item(t, "p", "It was {here|北}.", 0)), `page: item 1: no font has the character '北' (U+5317): write it otherwise, or give a font that has it`},
		"another text":      {with(mismatch), "page: item 1: the text is not its wording with its choices"},
		"no choices":        {with(codec.Item{Mark: "(S)", Text: "a", Wording: mismatch.Wording}), "page: item 1: 0 choices for 1 points"},
		"a long banner":     {codec.Page{Banner: strings.Repeat("SECRET ", 70)}, "page: a banner of 8 lines: at most 6"},
		"a long word":       {with(codec.Item{Mark: "(S)", Text: strings.Repeat("o", 5000)}), "page: item 1: a word of 5000 bytes: at most 4096"},
		"a long number":     {codec.Page{Banner: "SECRET", Copy: tearline.CopyID(strings.Repeat("K", 90))}, "page: foot: a copy number that does not fit on a line"},
	} {
		if b, err := pdf.Render(tc.page, nil); b != nil || err == nil || err.Error() != tc.want {
			t.Errorf("%s: %v, want %s", name, err, tc.want)
		}
	}
}

// Which words are fixed, and their numbers, is the same in every copy.
func TestFixedWords(t *testing.T) {
	t.Parallel()
	const source = "Two men {|in a lorry }left{, it is said,|} the {old|new} quay at {3|three}o'clock and {went home|were not seen} again."
	for _, choices := range [][]int{{0, 0, 0, 0, 0}, {1, 1, 1, 1, 1}, {1, 0, 1, 0, 1}} {
		l := compose(t, codec.Page{Banner: "SECRET", Items: []codec.Item{item(t, "p", source, choices...)}})
		var got []string
		for _, line := range l.Sheets[0].Lines {
			for _, w := range line.Words {
				if w.Fixed >= 0 {
					got = append(got, fmt.Sprint(w.Fixed, w.Text))
				}
			}
		}
		want := []string{"0Two", "1men", "2the", "3quay", "4at", "5and", "6again."}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%v (-want +got)\n%s", choices, diff)
		}
	}
}

// every is a page of each kind of line.
func every(tb testing.TB) codec.Page {
	tb.Helper()
	p := codec.Page{
		Banner: "SECRET//REL TO USA, CAN", Copy: "K-0417", Recipient: "Royal Harbour Police", Date: "2026-03-14", Individual: true,
		Title: &codec.Item{Mark: "(U)", Text: "Traffic at the crossing"}, Caveats: []string{"Only for port security"},
	}
	for i := range 30 {
		p.Items = append(p.Items, item(tb, fmt.Sprintf("p%d", i), "Customs officers at the {northern|upper} crossing opened a crate of {|rusted }tractor parts on Tuesday and found {about|roughly} forty detonators.", i%2, i/2%2, i/4%2))
	}
	return p
}

func swing(_ tearline.PortionID, word int) int8 { return int8(word/2%3) - 1 }

func TestRender(t *testing.T) {
	t.Parallel()
	p := every(t)
	b, err := pdf.Render(p, swing)
	if err != nil {
		t.Fatal(err)
	}
	// The bytes are those of the first time: digests of copies rest on them.
	const want = "c9d190331851f00e25462e6334c41e84095396680dd48a0b51919c31614beaa2"
	if got := fmt.Sprintf("%x", sha256.Sum256(b)); got != want {
		t.Errorf("%d bytes of digest %s", len(b), got)
	}
	for range 3 {
		if again, err := pdf.Render(p, swing); err != nil || !bytes.Equal(again, b) {
			t.Fatalf("other bytes the second time; %v", err)
		}
	}
	for _, trace := range []string{"FPDF", "Producer", "Creator", "Author", "/Title", "Subject", "D:20", "2026-03", "K-0417", "p17"} {
		if bytes.Contains(b, []byte(trace)) {
			t.Errorf("%q is in the file", trace)
		}
	}
	plain, err := pdf.Render(p, nil)
	if err != nil {
		t.Fatal(err)
	}
	zero, err := pdf.Render(p, func(tearline.PortionID, int) int8 { return 0 })
	if err != nil || !bytes.Equal(plain, zero) || bytes.Equal(plain, b) {
		t.Errorf("no marks are not no marks; %v", err)
	}
}

// Only carriers are shifted, each as its mark says; and no word comes near to
// another.
func TestPropertyShifts(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := codec.Page{Banner: "SECRET"}
		for i := range rapid.IntRange(1, 4).Draw(rt, "items") {
			text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(strings.Fields(long+" I W. — ; of")), 0, 80).Draw(rt, "words"), " ")
			p.Items = append(p.Items, codec.Item{Mark: "(S)", Text: text, Portion: tearline.PortionID(fmt.Sprint("p", i))})
		}
		l, err := pdf.Compose(p)
		if err != nil {
			rt.Fatal(err)
		}
		for _, marks := range []pdf.Marks{nil, swing, func(tearline.PortionID, int) int8 { return 1 }, func(tearline.PortionID, int) int8 { return -1 }} {
			for i := range l.Sheets {
				for k := range l.Sheets[i].Lines {
					checkLine(rt, &l.Sheets[i].Lines[k], marks)
				}
			}
		}
		for i, it := range p.Items {
			if got, want := strings.Join(texts(l, i), " "), strings.Join(strings.Fields(fmt.Sprintf("%d. (S) %s", i+1, it.Text)), " "); got != want {
				rt.Errorf("%q, want %q", got, want)
			}
		}
	})
}

func checkLine(t *rapid.T, l *pdf.SetLine, marks pdf.Marks) {
	last := math.Inf(-1)
	for i, w := range l.Words {
		shift := l.ShiftOf(i, marks)
		switch {
		case marks == nil || l.Item < 0 || w.Fixed < 0 || w.Fixed%2 == 0 || i == 0 || i == len(l.Words)-1:
			if shift != 0 {
				t.Errorf("word %d of %q is shifted by %v", i, words(l.Words), shift)
			}
		case w.Carrier && math.Abs(shift-pdf.Shift*float64(marks(l.Portion, w.Fixed))) > 1e-9:
			t.Errorf("word %d of %q is shifted by %v", i, words(l.Words), shift)
		}
		if from := w.X + shift + w.Ink.Left; from < last+1 && w.Ink.Area > 0 {
			t.Errorf("word %d of %q begins at %.2f, the one before it ends at %.2f", i, words(l.Words), from, last)
		}
		last = w.X + shift + w.Ink.Right
		if w.X < 60 || w.X+w.Width > 595.28-60 {
			t.Errorf("word %d of %q is outside the margins", i, words(l.Words))
		}
	}
}

// Every line that a copy has is one of the ways of its paragraph, and its
// choices are those of the copy.
func TestPropertyWays(t *testing.T) {
	sources := []string{
		"Customs officers at the {northern|upper|old} crossing opened a crate of {|rusted }tractor parts on {Tuesday|the last day of March} and found {about|roughly} forty detonators wrapped in {old|grey} newspapers, said the {duty|senior} clerk.",
		"{A|The} colo{u|}r{|s} of the harbo{u|}r{a|b|c} at sunset.{ Nobody saw it.|}", "{a|b}", "Plain.", "{|x} y {|z}",
	}
	rapid.Check(t, func(rt *rapid.T) {
		source := strings.Join(rapid.SliceOfN(rapid.SampledFrom(sources), 1, 2).Draw(rt, "source"), rapid.SampledFrom([]string{" ", "", "\n"}).Draw(rt, "between"))
		w, err := tearline.ParseWording(source)
		if err != nil {
			rt.Fatal(err)
		}
		it := codec.Item{Mark: "(S)", Wording: w, Portion: "p"}
		for _, s := range w.Segments() {
			if s.Alternatives != nil {
				it.Choices = append(it.Choices, rapid.IntRange(0, len(s.Alternatives)-1).Draw(rt, "choice"))
			}
		}
		if it.Text, err = w.Render(it.Choices); err != nil {
			rt.Fatal(err)
		}
		l, err := pdf.Compose(codec.Page{Banner: "SECRET", Items: []codec.Item{it}})
		if err != nil {
			rt.Fatal(err)
		}
		list, err := pdf.Paragraphs(codec.Page{Banner: "SECRET", Items: []codec.Item{it}})
		if err != nil {
			rt.Fatal(err)
		}
		p := list[0]
		var chosen []int
		at, points := p.Start(), 0
		for _, want := range texts(l, 0) {
			lines, err := p.Lines(at, nil)
			if err != nil {
				return // too many ways, as it says
			}
			picked, err := p.Lines(at, func(point int) int { return it.Choices[point] })
			if err != nil || len(picked) != 1 || words(picked[0].Words) != want {
				rt.Fatalf("%d lines, none of them %q; %v", len(picked), want, err)
			}
			found := false
			for _, line := range lines {
				found = found || line.Next == picked[0].Next && words(line.Words) == want && cmp.Equal(line.Choices, picked[0].Choices)
				if line.Next.Compare(at) <= 0 {
					rt.Errorf("the line %q leads back", words(line.Words))
				}
			}
			if !found {
				rt.Errorf("%q is not among the %d ways", want, len(lines))
			}
			for _, c := range picked[0].Choices {
				if c.Point != points {
					rt.Errorf("point %d where %d is", c.Point, points)
				}
				chosen = append(chosen, c.Alternative)
				points++
			}
			at = picked[0].Next
		}
		if !at.End() || !cmp.Equal(chosen, it.Choices) && len(it.Choices) > 0 {
			rt.Errorf("ends with %v, want %v; at the end: %v", chosen, it.Choices, at.End())
		}
	})
}

// The centroid of a word's ink lies within it, and where its letters say.
func TestInk(t *testing.T) {
	t.Parallel()
	l := compose(t, codec.Page{Banner: "SECRET", Items: []codec.Item{{Mark: "(S)", Text: "ooo ool loo iiii.. end"}}})
	got := l.Sheets[0].Lines[1].Words[2:6]
	mid := func(w pdf.Word) float64 { return w.Ink.Center - (w.Ink.Left+w.Ink.Right)/2 }
	if math.Abs(mid(got[0])) > 0.05 {
		t.Errorf("a word that is the same from both sides has its middle at %.3f", mid(got[0]))
	}
	if mid(got[1]) <= mid(got[0])-0.2 || math.Abs(got[1].Ink.Area-got[2].Ink.Area) > 1e-9 || mid(got[3]) > -0.1 {
		t.Errorf("%+v", got)
	}
	for _, w := range got {
		if w.Ink.Left < 0 || w.Ink.Right > w.Width || w.Ink.Area <= 0 || w.Ink.Area > w.Width*10 {
			t.Errorf("%+v", w)
		}
	}
}

func FuzzRender(f *testing.F) {
	f.Add("SECRET", "Traffic", "Customs {about|roughly} 4 kg\nof {|x}y", "Only so", uint8(3))
	f.Add("TLP:RED", "", strings.Repeat("{a|b}", 30), "", uint8(0))
	f.Add("S", "x", strings.Repeat("o", 300)+" {"+strings.Repeat("w", 200)+"|}q", "", uint8(1))
	f.Add("SECRET", "שלום", "abc سلام (שָׁל 12) {x|לא}", "q\u0301", uint8(7))
	f.Fuzz(func(t *testing.T, banner, title, source, caveat string, n uint8) {
		w, err := tearline.ParseWording(source)
		if err != nil || len(source) > 1<<14 {
			return
		}
		it := codec.Item{Mark: "(S)", Wording: w, Portion: "p"}
		for _, s := range w.Segments() {
			if s.Alternatives != nil {
				it.Choices = append(it.Choices, int(n)%len(s.Alternatives))
			}
		}
		if it.Text, err = w.Render(it.Choices); err != nil {
			t.Fatal(err)
		}
		p := codec.Page{Banner: banner, Title: &codec.Item{Text: title}, Items: []codec.Item{it, it}, Caveats: []string{caveat}}
		if n&1 != 0 && it.Text != "" {
			other := shaped(tearline.Form{Shape: tearline.ListItem, Level: 1 + int(n)%tearline.MaxLevel, Ordered: true}, it.Text)
			p.Items = append(p.Items, other, cellAt(1, 1, title), cellAt(1, 2, it.Text), cellAt(2, 1, caveat))
			for k := range len(it.Text) {
				if k > 0 && utf8.RuneStart(it.Text[k]) {
					p.Items[2].Form.Styles = []tearline.Style{{From: 0, To: k, Bold: n&2 != 0, Italic: n&4 != 0, Underline: true}}
				}
			}
		}
		b, err := pdf.Render(p, swing)
		if (err == nil) != bytes.HasPrefix(b, []byte("%PDF-")) {
			t.Fatalf("%d bytes, %v", len(b), err)
		}
		if err != nil {
			return
		}
		l, err := pdf.Compose(p)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := spaceless(strings.Join(texts(l, 0), "")), spaceless("1. (S) "+it.Text); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	})
}

func spaceless(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}
