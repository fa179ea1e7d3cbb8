package pages_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline"
	"tearline/codec/document"
	"tearline/codec/pages"
)

// run is some text in type of 10 points, as wide as letters are.
func run(x, y float64, text string) pages.Run {
	return pages.Run{Box: pages.Box{X: x, Y: y, W: 5 * float64(len(text)), H: 10}, Text: text}
}

// lines are runs below each other.
func lines(x, y float64, list ...string) []pages.Run {
	var out []pages.Run
	for i, s := range list {
		out = append(out, run(x, y+12*float64(i), s))
	}
	return out
}

func sheet(runs ...[]pages.Run) pages.Sheet {
	s := pages.Sheet{Width: 600, Height: 800}
	for _, r := range runs {
		s.Runs = append(s.Runs, r...)
	}
	return s
}

func read(t *testing.T, sheets ...pages.Sheet) document.Reading {
	t.Helper()
	r, err := pages.Read(pages.Document{Sheets: sheets}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// shown writes blocks so that they can be compared at a glance.
func shown(r document.Reading) []string {
	var out []string
	for _, b := range r.Blocks {
		f, s := b.Form, ""
		switch {
		case b.Zone == document.Header:
			s = "header "
		case b.Zone == document.Footer:
			s = "footer "
		case f.Shape == tearline.Cell:
			s = fmt.Sprintf("cell%d.%d.%d ", f.Table, f.Row, f.Column)
		case f.Shape != tearline.Paragraph:
			s = fmt.Sprintf("%s%d ", f.Shape, f.Level)
		}
		if f.Ordered {
			s = "numbered " + s
		}
		out = append(out, s+b.Text)
	}
	return out
}

const wide = "the crates were brought to the harbour by launch before sunrise, it was said by the watch"

func TestParagraphs(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		in   []pages.Run
		want []string
	}{
		"one":             {lines(50, 100, "(S) Seen: "+wide, "and nobody else."), []string{"(S) Seen: " + wide + " and nobody else."}},
		"a gap":           {append(lines(50, 100, "(S) One."), lines(50, 130, "(U) Two.")...), []string{"(S) One.", "(U) Two."}},
		"tight marks":     {lines(50, 100, "(S) "+wide, "goes on.", "(S//REL TO USA, GBR) Two.", "(TLP:AMBER+STRICT) Three."), []string{"(S) " + wide + " goes on.", "(S//REL TO USA, GBR) Two.", "(TLP:AMBER+STRICT) Three."}},
		"an abbreviation": {lines(50, 100, "(S) "+wide+" of the alliance", "(NATO) that it was the launch."), []string{"(S) " + wide + " of the alliance (NATO) that it was the launch."}},
		"a hyphen":        {lines(50, 100, "(U) "+wide+" of the har-", "bour master."), []string{"(U) " + wide + " of the harbour master."}},
		"PDFium's hyphen": {lines(50, 100, "(U) "+wide+" of the har\x02", "bour master."), []string{"(U) " + wide + " of the harbour master."}},
		"a soft hyphen":   {lines(50, 100, "(U) "+wide+" of the har\u00ad", "bour mas\u00adter."), []string{"(U) " + wide + " of the harbour master."}},
		"a kept hyphen":   {lines(50, 100, "(U) A well-known mole of old. "+wide+" by a well-", "known man."), []string{"(U) A well-known mole of old. " + wide + " by a well-known man."}},
		"a name":          {lines(50, 100, "(U) "+wide+" at Saint-", "Malo."), []string{"(U) " + wide + " at Saint-Malo."}},
		"a slash":         {lines(50, 100, "(U) "+wide+" with and/", "or without."), []string{"(U) " + wide + " with and/or without."}},
		"Chinese":         {lines(50, 100, "(U) 港口的货箱在日出之前由小艇运到", "码头。"), []string{"(U) 港口的货箱在日出之前由小艇运到码头。"}},
		"numbers":         {append(append(lines(50, 100, "1.", "2."), lines(72, 100, "(S) One.", "(U) Two.")...), lines(50, 150, "3. (C) Three.")...), []string{"(S) One.", "(U) Two.", "(C) Three."}},
		"a list":          {append(lines(50, 100, "(U) "+wide+"."), lines(70, 130, "• (U) One.", "• (S) Two.")...), []string{"(U) " + wide + ".", "item1 (U) One.", "item1 (S) Two."}},
		"a deep list":     {append(append(lines(50, 100, "(U) "+wide+"."), lines(70, 130, "• (U) One.")...), lines(90, 142, "– (S) Two.")...), []string{"(U) " + wide + ".", "item1 (U) One.", "item2 (S) Two."}},
		"a numbered list": {append(lines(50, 100, "(U) "+wide+"."), lines(70, 130, "1. (U) One.", "2. (S) Two.")...), []string{"(U) " + wide + ".", "numbered item1 (U) One.", "numbered item1 (S) Two."}},
		"head lines":      {lines(50, 100, "Copy: K-7", "For: Ada Quill", "Date: 4 March"), []string{"Copy: K-7", "For: Ada Quill", "Date: 4 March"}},
	} {
		if diff := cmp.Diff(tt.want, shown(read(t, sheet(tt.in)))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestColumns(t *testing.T) {
	t.Parallel()
	left := lines(50, 100, "(S) The eastern mole is to be closed from", "Thursday while divers look at its old", "footings, it was said on Tuesday by", "the harbour master and his men who")
	right := lines(320, 100, "went there at noon on the launch Heron.", "(U) Two ferries are to berth at the quay", "for fish meanwhile, and the fares stay", "as they are until further notice comes.")
	want := []string{"(S) The eastern mole is to be closed from Thursday while divers look at its old footings, it was said on Tuesday by the harbour master and his men who went there at noon on the launch Heron.", "(U) Two ferries are to berth at the quay for fish meanwhile, and the fares stay as they are until further notice comes."}
	for name, runs := range map[string][][]pages.Run{"left first": {left, right}, "right first": {right, left}} {
		if diff := cmp.Diff(want, shown(read(t, sheet(runs...)))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// A paragraph goes on over a page, past notes and furniture.
func TestPages(t *testing.T) {
	t.Parallel()
	one := sheet(lines(200, 20, "SECRET"), lines(50, 600, "(S) Seen: "+wide), lines(300, 770, "page 1/2"), lines(200, 782, "SECRET"))
	two := sheet(lines(200, 20, "SECRET"), lines(50, 110, "and by nobody else.", "(U) End."), lines(300, 770, "page 2/2"), lines(200, 782, "SECRET"))
	r := read(t, one, two)
	want := []string{"header SECRET", "(S) Seen: " + wide + " and by nobody else.", "(U) End.", "footer SECRET"}
	if diff := cmp.Diff(want, shown(r)); diff != "" {
		t.Error(diff)
	}
	if r.Blocks[1].Where != "page 1, paragraph 1" || r.Blocks[2].Where != "page 2, paragraph 1" || len(r.Notes) != 1 {
		t.Errorf("%+v %q", r.Blocks, r.Notes)
	}
	// On a single page, what stands at both ends is the banner.
	if diff := cmp.Diff([]string{"header SECRET", "(U) End.", "footer SECRET"}, shown(read(t, sheet(lines(200, 20, "SECRET"), lines(50, 110, "(U) End."), lines(200, 782, "SECRET"))))); diff != "" {
		t.Error(diff)
	}
}

func TestTables(t *testing.T) {
	t.Parallel()
	ruled := sheet(lines(52, 302, "(U) Name"), lines(152, 302, "(S) Cargo that wraps", "in its cell"), lines(52, 342, "(U) Heron"), lines(152, 342, "(C) Salt"))
	for _, x := range []float64{50, 150, 350} {
		ruled.Rules = append(ruled.Rules, pages.Box{X: x, Y: 300, W: 1, H: 60})
	}
	for _, y := range []float64{300, 340, 360} {
		ruled.Rules = append(ruled.Rules, pages.Box{X: 50, Y: y, W: 300, H: 1})
	}
	want := []string{"cell1.1.1 (U) Name", "cell1.1.2 (S) Cargo that wraps in its cell", "cell1.2.1 (U) Heron", "cell1.2.2 (C) Salt"}
	if diff := cmp.Diff(want, shown(read(t, ruled))); diff != "" {
		t.Error(diff)
	}
	free := ruled
	free.Rules = nil
	r := read(t, free)
	if diff := cmp.Diff(want, shown(r)); diff != "" {
		t.Error(diff)
	}
	if r.Blocks[3].Where != "page 1, table 1, row 2, column 2" {
		t.Error(r.Blocks[3].Where)
	}
}

func TestType(t *testing.T) {
	t.Parallel()
	head := run(50, 60, "(S) Harbour watch")
	head.Bold, head.H = true, 16
	bold := run(50+5*float64(len("(U) A ")), 130, "bold")
	bold.Bold = true
	tail := run(bold.X+20, 130, " word. "+wide)
	s := sheet([]pages.Run{head, run(50, 130, "(U) A "), bold, tail}, []pages.Run{{Box: pages.Box{X: 50, Y: 710, W: 3, H: 6}, Text: "1"}}, lines(56, 708, "(C) A note."))
	s.Runs[3].Text += "."
	s.Runs = append(s.Runs[:4:4], append([]pages.Run{{Box: pages.Box{X: tail.X + tail.W + 5, Y: 129, W: 3, H: 6}, Text: "1"}}, s.Runs[4:]...)...)
	s.Rules = []pages.Box{{X: 50, Y: 700, W: 120, H: 0.5}}
	r := read(t, s)
	if diff := cmp.Diff([]string{"heading1 (S) Harbour watch", "(U) A bold word. " + wide + ".", "note0 (C) A note."}, shown(r)); diff != "" {
		t.Fatal(diff)
	}
	if diff := cmp.Diff([]tearline.Style{{From: 6, To: 10, Bold: true}}, r.Blocks[1].Form.Styles); diff != "" || r.Blocks[0].Form.Styles != nil {
		t.Error(diff, r.Blocks[0].Form.Styles)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	plain := run(50, 100, "(U) The mole is closed.")
	change := func(f func(r *pages.Run)) pages.Document {
		x := run(50, 200, "The courier is Heron.")
		f(&x)
		return pages.Document{Sheets: []pages.Sheet{sheet([]pages.Run{plain, x})}}
	}
	find := func(f pages.Find) pages.Document {
		return pages.Document{Sheets: []pages.Sheet{sheet([]pages.Run{plain})}, Found: []pages.Find{f}}
	}
	for name, tt := range map[string]struct {
		in   pages.Document
		want string // "" for no fault
	}{
		"unseen":         {change(func(r *pages.Run) { r.Unseen = true }), "page 1: text that cannot be seen on the page"},
		"outside":        {change(func(r *pages.Run) { r.Unseen, r.Y = true, 900 }), "page 1: text that lies outside the page"},
		"tiny":           {change(func(r *pages.Run) { r.H = 2 }), "page 1: text in type too small"},
		"turned":         {change(func(r *pages.Run) { r.Turned = true }), "page 1: text that is set at an angle"},
		"unknown":        {change(func(r *pages.Run) { r.Text = "\ue000\ue001" }), "page 1: characters of which the file does not say"},
		"two texts":      {change(func(r *pages.Run) { r.Box = plain.Box }), "page 1: two texts on top of each other"},
		"an unknown one": {find(pages.Find{Kind: "new", Page: 1}), "page 1: a part that is not known"},
		"a link":         {find(pages.Find{Kind: pages.Link, Page: 1, Text: "https://quay.example"}), ""},
		"a short author": {find(pages.Find{Kind: pages.Property, Name: "Author", Text: "Ada Quill"}), ""},
		"a shown title":  {find(pages.Find{Kind: pages.Property, Name: "Title", Text: "The mole is closed"}), ""},
		"a hidden title": {find(pages.Find{Kind: pages.Property, Name: "Title", Text: "The mole is open"}), "a property that no page shows"},
		"a bad page":     {find(pages.Find{Kind: pages.BrokenPage, Page: 1}), "page 1: a page that cannot be read"},
	} {
		r, err := pages.Read(tt.in, nil)
		got := ""
		if len(r.Faults) > 0 {
			got = r.Faults[0].String()
		}
		if err != nil || tt.want == "" && (got != "" || len(r.Notes) != 1) || !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s: %q, %q, %v", name, got, r.Notes, err)
		}
	}
	r, err := pages.Read(pages.Document{Sheets: []pages.Sheet{sheet([]pages.Run{plain})}}, []byte("startxref 0 %%EOF startxref 17 %%EOF startxref 99 %%EOF"))
	if err != nil || len(r.Faults) != 1 || !strings.HasPrefix(r.Faults[0].Text, "1 earlier states") {
		t.Error(err, r.Faults)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	scan := pages.Sheet{Width: 600, Height: 800, Pictures: []pages.Picture{{Box: pages.Box{W: 600, H: 700}, Image: true}}}
	for want, d := range map[string]pages.Document{
		"page 2 is a scan: it has no text layer":             {Sheets: []pages.Sheet{sheet(lines(50, 100, "(U) One.")), scan}},
		"a PDF of 2001 pages and 0 bytes, more than is read": {Sheets: make([]pages.Sheet, pages.MaxSheets+1)},
		"a PDF of 0 pages and 0 bytes, more than is read":    {Found: make([]pages.Find, pages.MaxFinds+1)},
	} {
		_, err := pages.Read(d, nil)
		var e *tearline.Error
		if !errors.As(err, &e) || e.Public != want || e.Kind != tearline.Invalid || e.Hint == "" {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// Whatever stands where: every letter of a page is in a block, or told.
func TestNothingLost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "n")
		s := pages.Sheet{Width: 600, Height: 800}
		for i := range n {
			r := run(rapid.Float64Range(0, 500).Draw(t, "x"), 110+float64(i%45)*rapid.Float64Range(1, 13).Draw(t, "y"), fmt.Sprintf("word%dx", i))
			s.Runs = append(s.Runs, r)
		}
		r, err := pages.Read(pages.Document{Sheets: []pages.Sheet{s}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for _, b := range r.Blocks {
			all.WriteString(b.Text + " ")
		}
		for i := range n {
			if w := fmt.Sprintf("word%dx", i); !strings.Contains(all.String(), w) {
				t.Fatalf("%s is lost: %q", w, all.String())
			}
		}
	})
}

func FuzzRead(f *testing.F) {
	for _, d := range []pages.Document{
		{Sheets: []pages.Sheet{sheet(lines(50, 100, "1. (S) One -", "• two\u00ad", "(U) x"))}, Found: []pages.Find{{Kind: pages.Link, Text: "x"}}},
		{Sheets: []pages.Sheet{{Width: 600, Height: 800, Rules: []pages.Box{{X: 1, Y: 2, W: 90, H: 1}, {X: 1, Y: 2, W: 1, H: 90}}, Pictures: []pages.Picture{{Box: pages.Box{W: 50, H: 50}, PNG: []byte("x"), Width: 1, Height: 1}}}}},
	} {
		b, err := json.Marshal(d)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var d pages.Document
		if json.Unmarshal(b, &d) != nil {
			return
		}
		r, err := pages.Read(d, b)
		if err != nil {
			return
		}
		for _, x := range r.Blocks {
			w, err := tearline.ParseWording(strings.NewReplacer("{", "", "}", "", "|", "", "\\", "").Replace(x.Text))
			if err != nil || w.Source() != x.Text {
				continue
			}
			if err := x.Form.Check(w); err != nil {
				t.Errorf("%s: %v", x.Where, err)
			}
		}
	})
}
