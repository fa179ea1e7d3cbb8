package look_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"tearline"
	"tearline/codec"
)

// secret is a withheld sentence.
const secret = "The harbour master has been our source since the spring of 2019"

// spelt are the letters of texts.
func spelt(texts ...string) string {
	var b strings.Builder
	for _, t := range texts {
		for _, r := range t {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				b.WriteRune(unicode.ToLower(r))
			}
		}
	}
	return b.String()
}

func picture(tb testing.TB) *tearline.Picture {
	tb.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, 40, 30))
	for i := range 40 {
		m.Set(i, i%30, color.NRGBA{uint8(6 * i), 80, 160, 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		tb.Fatal(err)
	}
	return &tearline.Picture{PNG: b.Bytes(), Width: 40, Height: 30}
}

// every is a page with one of each thing.
func every(tb testing.TB) codec.Page {
	tb.Helper()
	form := func(f tearline.Form, text string) codec.Item { return codec.Item{Mark: "(S)", Text: text, Form: f} }
	return codec.Page{
		Banner: "SECRET//REL TO USA, CAN", Copy: "K-0417", Recipient: "Royal Harbour Police", Date: "2026-03-14", Individual: true,
		Head:  []codec.Line{{Name: "Report", Value: "Traffic"}},
		Title: &codec.Item{Mark: "(U)", Text: "Traffic at the crossing"},
		Items: []codec.Item{
			form(tearline.Form{Shape: tearline.Heading, Level: 1}, "What was seen"),
			form(tearline.Form{Styles: []tearline.Style{{From: 2, To: 9, Bold: true}, {From: 10, To: 14, Italic: true, Underline: true}}}, "Customs officers opened a crate of \"tractor\" parts & found <forty> detonators.\nThey were old."),
			form(tearline.Form{Shape: tearline.ListItem, Level: 1}, "A lorry"),
			form(tearline.Form{Shape: tearline.ListItem, Level: 2, Ordered: true}, "Its driver"),
			form(tearline.Form{Shape: tearline.Cell, Table: 1, Row: 1, Column: 1}, "Day"),
			form(tearline.Form{Shape: tearline.Cell, Table: 1, Row: 1, Column: 2}, "Crates"),
			form(tearline.Form{Shape: tearline.Cell, Table: 1, Row: 2, Column: 2}, "Forty"),
			form(tearline.Form{Shape: tearline.Note}, "Counted twice."),
			form(tearline.Form{Shape: tearline.Figure, Picture: picture(tb)}, "The crossing"),
			form(tearline.Form{}, "Москва, Łódź, Ελλάς."),
		},
		Caveats: []string{"Only for port security"}, Authority: []codec.Line{{Name: "Classified by", Value: "J. Doe"}},
	}
}

// texts are those that a page shows.
func texts(p codec.Page) []string {
	out := []string{p.Banner, string(p.Copy), p.Recipient, p.Date}
	if p.Title != nil {
		out = append(out, p.Title.Text)
	}
	for _, it := range p.Items {
		out = append(out, it.Text)
	}
	return append(out, p.Caveats...)
}

// drawPage draws a page that all writers take.
func drawPage(t *rapid.T, pic *tearline.Picture) codec.Page {
	p := codec.Page{Banner: "SECRET", Unnumbered: rapid.Bool().Draw(t, "unnumbered"), Individual: rapid.Bool().Draw(t, "individual")}
	text := rapid.StringMatching(`[A-Za-zäéß0-9 .,;:!?()<>&"'/%#\\-]{0,60}[a-z]`)
	if rapid.Bool().Draw(t, "title") {
		p.Title = &codec.Item{Mark: "(U)", Text: text.Draw(t, "title")}
	}
	if rapid.Bool().Draw(t, "copy") {
		p.Copy, p.Recipient, p.Date = "K-0417", text.Draw(t, "recipient"), "2026-03-14"
	}
	tables := 0
	for range rapid.IntRange(0, 8).Draw(t, "items") {
		it := codec.Item{Mark: rapid.SampledFrom([]string{"(U)", "(S)", "(S//REL TO USA, GBR)"}).Draw(t, "mark"), Text: text.Draw(t, "text")}
		switch rapid.IntRange(0, 6).Draw(t, "shape") {
		case 0:
			it.Form = tearline.Form{Shape: tearline.Heading, Level: rapid.IntRange(1, 9).Draw(t, "level")}
		case 1:
			it.Form = tearline.Form{Shape: tearline.ListItem, Level: rapid.IntRange(1, 9).Draw(t, "level"), Ordered: rapid.Bool().Draw(t, "ordered")}
		case 2:
			tables++
			it.Form = tearline.Form{Shape: tearline.Cell, Table: tables, Row: rapid.IntRange(1, 3).Draw(t, "row"), Column: rapid.IntRange(1, 4).Draw(t, "column")}
		case 3:
			it.Form = tearline.Form{Shape: tearline.Note}
		case 4:
			it.Form = tearline.Form{Shape: tearline.Figure, Picture: pic}
		case 5:
			it.Form.Styles = []tearline.Style{{From: 0, To: len(it.Text), Bold: true, Underline: rapid.Bool().Draw(t, "underline")}}
		}
		p.Items = append(p.Items, it)
	}
	if rapid.Bool().Draw(t, "caveat") {
		p.Caveats = []string{text.Draw(t, "caveat")}
		p.Authority = []codec.Line{{Name: "Reason", Value: text.Draw(t, "reason")}}
	}
	return p
}

// A plant hides the secret in an honest file.
type plant struct {
	name string
	into func(tb testing.TB, honest []byte) []byte
}

// caught checks that no plant passes: what is hidden is an error, or its
// letters are in the texts, in order.
func caught(t *testing.T, honest []byte, read func([]byte) ([]string, error), plants []plant) {
	t.Helper()
	found, err := read(honest)
	if err != nil || strings.Contains(spelt(found...), spelt(secret)) {
		t.Fatalf("the honest file: %v", err)
	}
	for _, p := range plants {
		t.Run(p.name, func(t *testing.T) {
			planted := p.into(t, honest)
			if bytes.Equal(planted, honest) {
				t.Fatal("nothing was planted")
			}
			found, err := read(planted)
			read := strings.Contains(spelt(found...), spelt(secret))
			switch {
			case err == nil && !read:
				t.Errorf("passed, with %q", found)
			case !read && !silent[p.name]:
				t.Errorf("refused, and not read: %v", err)
			case silent[p.name] && read:
				t.Error("read, where no secret is")
			}
		})
	}
}

// silent are the plants that hide no secret, only make a place for one.
var silent = map[string]bool{
	"CSS that hides": true, "CSS that shrinks": true, "CSS that moves away": true, "CSS white on white": true,
	"CSS white on white at a place": true, "second style": true, "a zero byte": true,
	"a paragraph's number": true, "an item's number": true, "a list's beginning": true, "a list that begins later": true, "the hour": true,
	"comments": true, "a second picture to which nothing leads": true, "a name that the directory lacks": true,
}

// honestly checks that a writer's page passes, and all its texts come back.
func honestly(t *rapid.T, p codec.Page, render func(codec.Page) ([]byte, error), read func([]byte) ([]string, error)) {
	b, err := render(p)
	if err != nil {
		t.Fatalf("%v of %+v", err, p)
	}
	found, err := read(b)
	if err != nil {
		t.Fatal(err)
	}
	all := spelt(found...)
	for _, text := range texts(p) {
		if !strings.Contains(all, spelt(text)) {
			t.Fatalf("%q is not in %q", text, found)
		}
	}
}

// replace is a plant that replaces the first of some bytes.
func replace(name, old, by string) plant {
	return plant{name, func(tb testing.TB, b []byte) []byte {
		tb.Helper()
		if !bytes.Contains(b, []byte(old)) {
			tb.Fatalf("no %q in the file", old)
		}
		return bytes.Replace(b, []byte(old), []byte(by), 1)
	}}
}
