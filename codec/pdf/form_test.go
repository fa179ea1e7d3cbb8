package pdf_test

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"fmt"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/codec"
	"tearline/codec/pdf"
)

// cjk is a font that has Chinese and Japanese, if this machine has it.
func cjk(tb testing.TB) []byte {
	tb.Helper()
	b, err := os.ReadFile("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf")
	if err != nil {
		tb.Skip("the font Droid Sans Fallback is not here")
	}
	return b
}

// tool runs a program on a file, which is its first argument but one.
func tool(tb testing.TB, file []byte, name string, args ...string) string {
	tb.Helper()
	if _, err := exec.LookPath(name); err != nil {
		tb.Skipf("the program %s is not here", name)
	}
	path := filepath.Join(tb.TempDir(), "page.pdf")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		tb.Fatal(err)
	}
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "FILE", path)
	}
	out, err := exec.CommandContext(tb.Context(), name, args...).CombinedOutput()
	if err != nil {
		tb.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

func render(tb testing.TB, p codec.Page, extra ...[]byte) []byte {
	tb.Helper()
	b, err := pdf.Render(p, swing, extra...)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func TestForms(t *testing.T) {
	t.Parallel()
	p := formed(t)
	l := compose(t, p)
	for i, want := range [][]string{
		{"(S) What was seen"},
		{"1. (S) The northern crossing was shut for two days, and the trucks stood in the rain until Friday."},
		{"• (S) Two men unloaded a crate of tractor parts, and did not wait for the clerk, who was late that", "day."},
		{"1. (S) The crate was sealed."},
		{"2. (S) The seal was broken."},
		{"• (S) A third man kept the gate."},
		{"(S) What was counted"},
		{"(S) Place"},
		{"(S) Crates"},
		{"(S) What the clerk said of them"},
		{"(S) Northern quay"},
		{"(S) 14"},
		{"(S) That they came with the last ferry, and that nobody had asked for them since,", "though the owner is known to the harbour office."},
		{"(S) Old shed"},
		{"(S) Nothing."},
		{"(S) The clerk spoke of crates, the log of boxes."},
		{"(S) Crates by day of the week, from Monday to Saturday"},
		{"2. (S) Nobody was hurt."},
	} {
		if diff := cmp.Diff(want, texts(l, i)); diff != "" {
			t.Errorf("item %d (-want +got)\n%s", i+1, diff)
		}
	}
	all := strings.Join(texts(l, pdf.Frame), "\n")
	for _, want := range []string{
		"Date: 2026-03-14\nReport: HR-2026-031\nOriginator: Harbour watch\n", "Source: harbour log, 12 March.\nReleased to: CAN.\n",
		"Caveats:\n• Only for port security\nClassified by: A. Quill, chief of the watch\nDerived from: Harbour guide, 4 May 2024\nDeclassify on: 2036-03-14\nCopy K-0417 page 1/1",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not in %q", want, all)
		}
	}
	p.Unnumbered = true
	if got := texts(compose(t, p), 17); got[0] != "(S) Nobody was hurt." {
		t.Errorf("%q", got)
	}
}

// What is not plain carries no mark; a list's and a heading's words do.
func TestCarriers(t *testing.T) {
	t.Parallel()
	const text = "Customs officers at the northern crossing opened several crates of tractor parts"
	styled := tearline.Form{Styles: []tearline.Style{{From: 0, To: len(text), Italic: true}}}
	for name, tc := range map[string]struct {
		it   codec.Item
		want bool
	}{
		"paragraph": {shaped(tearline.Form{}, text), true},
		"list":      {shaped(tearline.Form{Shape: tearline.ListItem, Level: 3}, text), true},
		"heading":   {shaped(tearline.Form{Shape: tearline.Heading, Level: 1}, text), true},
		"note":      {shaped(tearline.Form{Shape: tearline.Note}, text), false},
		"cell":      {cellAt(1, 1, text), false},
		"styled":    {shaped(styled, text), false},
		"hebrew":    {shaped(tearline.Form{}, text+" שלום"), false},
		"caption":   {shaped(tearline.Form{Shape: tearline.Figure, Picture: chart(t, 30, 20)}, text), false},
	} {
		l, got := compose(t, frame(tc.it)), false
		for _, line := range l.Sheets[0].Lines {
			for _, w := range line.Words {
				got = got || w.Carrier
			}
		}
		if got != tc.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// A version's paragraphs are known without its choices, with the type of its
// words.
func TestBlind(t *testing.T) {
	t.Parallel()
	it := item(t, "p", "Two \\{grey\\} {men|guards} left {early|}.", 1, 0)
	source := it.Wording.Source()
	from := strings.Index(source, "{men")
	it.Form.Styles = []tearline.Style{{From: 4, To: from, Bold: true}, {From: from, To: len(source) - 1, Italic: true}}
	blind := it
	blind.Text, blind.Choices = "", nil
	var err error
	if it.Form.Styles, err = it.Form.Rendered(it.Wording, it.Choices); err != nil {
		t.Fatal(err)
	}
	l := compose(t, codec.Page{Banner: "SECRET", Items: []codec.Item{it}})
	list, err := pdf.Paragraphs(codec.Page{Items: []codec.Item{blind}})
	if err != nil {
		t.Fatal(err)
	}
	ways, err := list[0].Lines(list[0].Start(), func(i int) int { return it.Choices[i] })
	if err != nil || len(ways) != 1 {
		t.Fatalf("%d ways, %v", len(ways), err)
	}
	want := l.Sheets[0].Lines[1].Words
	for i, w := range ways[0].Words {
		if w.Text != want[i].Text || math.Abs(w.X-want[i].X) > 1e-9 || math.Abs(w.Width-want[i].Width) > 1e-9 {
			t.Errorf("%q at %.2f, want %q at %.2f", w.Text, w.X, want[i].Text, want[i].X)
		}
	}
}

// A table goes on over sheets between its rows, and within one that is taller
// than a sheet; whatever the number of its columns, it stays on the page.
func TestTables(t *testing.T) {
	t.Parallel()
	var tall, wide, rows []codec.Item
	tall = append(tall, cellAt(1, 1, "Log"), cellAt(1, 2, strings.Repeat(long+" ", 60)))
	for i := range 40 {
		wide = append(wide, cellAt(1, i+1, fmt.Sprint("Donaudampfschifffahrt", i)))
	}
	for i := range 80 {
		rows = append(rows, cellAt(i+1, 1, fmt.Sprint("Row ", i)), cellAt(i+1, 2, long))
	}
	for name, tc := range map[string]struct {
		items  []codec.Item
		sheets int
	}{"a tall row": {tall, 2}, "many columns": {wide, 1}, "many rows": {rows, 4}} {
		l := compose(t, frame(tc.items...))
		if len(l.Sheets) != tc.sheets {
			t.Errorf("%s: %d sheets, want %d", name, len(l.Sheets), tc.sheets)
		}
		for i, it := range tc.items {
			if got, want := spaceless(strings.Join(texts(l, i), "")), spaceless("(S)"+it.Text); got != want {
				t.Errorf("%s, item %d: %q, want %q", name, i+1, got, want)
			}
		}
		for _, s := range l.Sheets {
			for _, line := range s.Lines {
				for _, w := range line.Words {
					if w.X < 60 || w.X+w.Width > 595.28-60 || line.Y > s.Rules[1] && line.Item >= 0 {
						t.Errorf("%s: %q at %.1f, %.1f", name, w.Text, w.X, line.Y)
					}
				}
			}
		}
	}
}

// What is asked for and cannot be done is an error that names it.
func TestFormsRefused(t *testing.T) {
	t.Parallel()
	fig := func(change func(*tearline.Picture)) codec.Page {
		p := chart(t, 30, 20)
		change(p)
		return frame(shaped(tearline.Form{Shape: tearline.Figure, Picture: p}, "Crates"))
	}
	hidden := frame(shaped(tearline.Form{}, "Crates"))
	hidden.Head = []codec.Line{{Name: "Report", Value: "HR\u200b-1"}}
	below := frame(codec.Item{Mark: "(S)", Text: "Crates", Below: []string{"a\nb"}})
	block := frame()
	block.Authority = make([]codec.Line, 100)
	for name, tc := range map[string]struct {
		page  codec.Page
		extra [][]byte
		want  string
	}{
		"no picture":      {frame(shaped(tearline.Form{Shape: tearline.Figure}, "Crates")), nil, "page: item 1: figures have a picture, others none"},
		"a cut picture":   {fig(func(p *tearline.Picture) { p.PNG = p.PNG[:80] }), nil, "page: item 1: a picture that ends too early"},
		"another size":    {fig(func(p *tearline.Picture) { p.Width = 31 }), nil, "page: item 1: a picture of 30 by 20 pixels that is said to have 31 by 20"},
		"a huge one":      {fig(func(p *tearline.Picture) { p.Width = 1 << 30 }), nil, "page: item 1: a picture of 1073741824 by 20 pixels"},
		"an unknown form": {frame(shaped(tearline.Form{Shape: "box"}, "Crates")), nil, `page: item 1: shape "box": known are`},
		"a stretch":       {frame(shaped(tearline.Form{Styles: []tearline.Style{{From: 2, To: 9, Bold: true}}}, "Crates")), nil, "page: item 1: type from byte 2 to 9, in a text of 6"},
		"hidden in head":  {hidden, nil, "page: hidden character U+200B"},
		"two lines":       {below, nil, `page: item 1: a line break in "a\nb"`},
		"a long block":    {block, nil, "page: authority: 100 lines do not fit on a sheet"},
		"no font":         {frame(), [][]byte{[]byte("OTTO")}, "page: font 1 of those given: not a TrueType font"},
		"a broken font":   {frame(), [][]byte{[]byte("\x00\x01\x00\x00\xff\xff")}, "page: font 1 of those given: not a TrueType font"},
		"many fonts":      {frame(), make([][]byte, 17), "page: 17 fonts: at most 16"},
	} {
		if b, err := pdf.Render(tc.page, nil, tc.extra...); b != nil || err == nil || !strings.HasPrefix(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %s", name, err, tc.want)
		}
	}
}

func TestSound(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]codec.Page{"plain": every(t), "formed": formed(t), "scripts": scripts()} {
		b := render(t, p)
		if !bytes.Equal(b, render(t, p)) {
			t.Errorf("%s: other bytes the second time, after %x", name, sha256.Sum256(b))
		}
		for _, trace := range []string{"FPDF", "Producer", "Creator", "Author", "/Title", "/ID", "D:20"} {
			if bytes.Contains(b, []byte(trace)) {
				t.Errorf("%s: %q is in the file", name, trace)
			}
		}
		if out := tool(t, b, "qpdf", "--check", "FILE"); !strings.Contains(out, "No syntax or stream encoding errors") || strings.Contains(out, "WARNING") {
			t.Errorf("%s: %s", name, out)
		}
	}
}

// Who copies the text out gets what was written, in the order of reading; of
// lines from right to left, each word.
func TestTextOut(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{"plain": {"FILE", "-"}, "layout": {"-layout", "FILE", "-"}} {
		got := strings.Join(strings.Fields(tool(t, render(t, formed(t)), "pdftotext", append([]string{"-enc", "UTF-8"}, args...)...)), " ")
		at := 0
		for i, it := range formed(t).Items {
			words := strings.Fields(it.Mark + " " + it.Text)
			if it.Form.Shape == tearline.Cell && name == "layout" {
				words = words[:2] // lines of cells stand beside each other
			}
			want := strings.Join(words, " ")
			k := strings.Index(got[at:], want)
			if k < 0 {
				t.Fatalf("%s: item %d, %q, is not in %q", name, i+1, want, got[at:])
			}
			at += k + len(want)
		}
	}
	got := tool(t, render(t, scripts()), "pdftotext", "-enc", "UTF-8", "FILE", "-")
	got = " " + strings.Join(strings.FieldsFunc(got, func(r rune) bool { return r <= ' ' || r >= '\u200e' && r <= '\u202e' }), " ") + " "
	for _, it := range scripts().Items {
		for _, want := range strings.FieldsFunc(it.Text, func(r rune) bool { return strings.ContainsRune(" ()،.,;", r) }) {
			if want == "שָׁלוֹם" || want == "صندوقًا" {
				continue // marks of letters from right to left part words for this reader
			}
			want = strings.NewReplacer("e\u0301", "é", "i\u0308", "ï").Replace(want)
			if !strings.Contains(got, want) {
				t.Errorf("%q is not in %q", want, got)
			}
		}
	}
}

func TestGivenFont(t *testing.T) {
	t.Parallel()
	font := cjk(t)
	text := strings.Repeat("该船于下午两点半离开港口，载有二十五个箱子。", 8)
	p := frame(shaped(tearline.Form{}, text))
	if _, err := pdf.Render(p, nil); err == nil || !strings.Contains(err.Error(), "give a font that has it") {
		t.Errorf("without the font: %v", err)
	}
	b := render(t, p, font)
	if len(b) > 80<<10 || !bytes.Equal(b, render(t, p, font)) {
		t.Errorf("%d bytes, or others the second time", len(b))
	}
	l, err := pdf.Compose(p, font)
	if err != nil {
		t.Fatal(err)
	}
	if lines := texts(l, 0); len(lines) != 5 || strings.HasPrefix(lines[1], "，") || strings.HasPrefix(lines[1], "。") {
		t.Errorf("%q", lines)
	}
	if got := spaceless(tool(t, b, "pdftotext", "-enc", "UTF-8", "FILE", "-")); !strings.Contains(got, "(S)"+text) {
		t.Errorf("%q", got)
	}
	if bytes.Contains(render(t, every(t), font), []byte("utf8given")) {
		t.Error("a font is in the file that nothing is set in")
	}
}

var update = flag.Bool("update", false, "write the golden pictures anew")

// The pages look as they did.
func TestLook(t *testing.T) {
	t.Parallel()
	plain := every(t)
	plain.Items = plain.Items[:9]
	for name, p := range map[string]codec.Page{"plain": plain, "forms": formed(t), "scripts": scripts()} {
		dir := t.TempDir()
		tool(t, render(t, p), "pdftoppm", "-r", "64", "-gray", "-png", "-f", "1", "-l", "1", "-singlefile", "FILE", filepath.Join(dir, "page"))
		got, err := os.ReadFile(filepath.Join(dir, "page.png"))
		if err != nil {
			t.Fatal(err)
		}
		golden := filepath.Join("testdata", "look-"+name+".png")
		if *update {
			if err := os.WriteFile(golden, got, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if share := differ(t, got, want); share > 0.005 {
			t.Errorf("%s: %.2f %% of its pixels are others", name, 100*share)
		}
	}
}

// differ is the share of pixels that differ by more than 64.
func differ(tb testing.TB, a, b []byte) float64 {
	tb.Helper()
	x, err := png.Decode(bytes.NewReader(a))
	if err != nil {
		tb.Fatal(err)
	}
	y, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		tb.Fatal(err)
	}
	if x.Bounds() != y.Bounds() {
		return 1
	}
	n, size := 0, x.Bounds().Size()
	for v := range size.Y {
		for u := range size.X {
			r, _, _, _ := x.At(u, v).RGBA()
			s, _, _, _ := y.At(u, v).RGBA()
			if d := int(r>>8) - int(s>>8); d > 64 || d < -64 {
				n++
			}
		}
	}
	return float64(n) / float64(size.X*size.Y)
}
