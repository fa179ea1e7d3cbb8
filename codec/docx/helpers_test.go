package docx_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tearline"
	"tearline/codec"
)

// picture draws a chart of bars.
func picture(tb testing.TB, width, height int) *tearline.Picture {
	tb.Helper()
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := color.RGBA{0xf2, 0xf4, 0xf7, 0xff}
			if bar := x * 8 / width; x*8%width > width/4 && height-y < height*(bar*3%7+1)/8 {
				c = color.RGBA{0x00, 0x5e, 0xa2, 0xff}
			}
			img.Set(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		tb.Fatal(err)
	}
	return &tearline.Picture{PNG: b.Bytes(), Width: width, Height: height}
}

func item(mark, text string, form tearline.Form, below ...string) codec.Item {
	return codec.Item{Mark: mark, Text: text, Form: form, Below: below}
}

// full is a page with everything in it.
func full(tb testing.TB) codec.Page {
	tb.Helper()
	heading := func(level int) tearline.Form { return tearline.Form{Shape: tearline.Heading, Level: level} }
	li := func(level int, ordered bool) tearline.Form {
		return tearline.Form{Shape: tearline.ListItem, Level: level, Ordered: ordered}
	}
	cell := func(row, column int) tearline.Form {
		return tearline.Form{Shape: tearline.Cell, Table: 1, Row: row, Column: column}
	}
	note := tearline.Form{Shape: tearline.Note}
	var para tearline.Form
	long := "The ferry Meridian left Port Asel on 4 March with eleven containers that were not on its manifest. "
	return codec.Page{
		Banner: "SECRET//REL TO USA, GBR", Copy: "K-7F3A-0012", Recipient: "GBR (Harbour Desk)", Date: "2026-03-09",
		Head:       []codec.Line{{Name: "Report", Value: "USA-2026-0412"}, {Name: "Originator", Value: "USA"}},
		Individual: true,
		Title:      &codec.Item{Mark: "(U)", Text: "Movements through Port Asel"},
		Items: []codec.Item{
			item("(U)", "Summary", heading(1)),
			item("(S//REL TO USA, GBR)", strings.Repeat(long, 3), tearline.Form{Styles: []tearline.Style{
				{From: 4, To: 18, Italic: true}, {From: 24, To: 33, Bold: true}, {From: 37, To: 44, Bold: true, Italic: true, Underline: true},
			}}),
			item("(C)", "Two of the crew were seen ashore.\nThey did not return.\tNobody asked.", para),
			item("(U)", "What was seen", heading(2)),
			item("(C)", "At the northern quay:", para),
			item("(C)", "a crane under repair", li(1, false)),
			item("(C)", "a lorry without plates, "+strings.Repeat("seen again and again, ", 6), li(1, false)),
			item("(C)", "its driver", li(2, true)),
			item("(C)", "his companion", li(2, true)),
			item("(C)", "an office that was closed", li(1, true)),
			item("(S)", "and its second door", li(1, true)),
			item("(S)", "The manifest of the second crossing:", para),
			item("(U)", "Container", cell(1, 1)), item("(U)", "Declared as", cell(1, 2)), item("(U)", "Weight", cell(1, 3)),
			item("(S)", "AKLU 204 117", cell(2, 1)), item("(S)", "Machine parts for the waterworks at Tolm", cell(2, 2)), item("(S)", "18 t", cell(2, 3)),
			item("(S)", "AKLU 204 118", cell(3, 1)), item("(C)", "21 t", cell(3, 3)),
			item("(U)", "Weights are those of the port's own scales.", note),
			item("(S)", "غادرت السفينة الميناء at 0400 في الصباح", para),
			item("(S)", "It was met by a launch & <two> boats \"of the 'customs'\".", para),
			item("(C)", "Crossings by week, January to March", tearline.Form{Shape: tearline.Figure, Picture: picture(tb, 480, 200)}),
			item("(U)", "Comment", heading(3)),
			item("(C)", strings.Repeat(long, 2), para, "held for USA/ORCON, until 2026-06-01", "from GBR-2026-007/p1"),
			item("(C)", "first of a list that counts anew", li(1, true)),
			item("(C)", "second", li(1, true)),
		},
		Caveats:   []string{"Not to be passed on without the originator's word.", "Destroy after reading."},
		Authority: []codec.Line{{Name: "Classified By", Value: "Harbour Desk 3"}, {Name: "Derived From", Value: "Multiple Sources"}, {Name: "Declassify On", Value: "20510304"}},
	}
}

// pages generates pages of every form.
func pages(tb testing.TB) *rapid.Generator[codec.Page] {
	tb.Helper()
	pic := picture(tb, 12, 8)
	texts := rapid.StringMatching("[a-zA-Z0-9 <>&\"'%;(){}#\\[\\]\\t\\néßאبд東\U0001F6A2-]{0,40}")
	line := rapid.Map(texts, func(s string) string { return strings.NewReplacer("\n", " ", "\t", " ").Replace(s) })
	marks := rapid.SampledFrom([]string{"(U)", "(C)", "(S//REL TO USA, GBR)", "(TLP:AMBER)"})
	return rapid.Custom(func(t *rapid.T) codec.Page {
		lines := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) codec.Line {
			return codec.Line{Name: "Name" + line.Draw(t, "name"), Value: line.Draw(t, "value")}
		}), 0, 3)
		p := codec.Page{
			Banner: "B" + line.Draw(t, "banner"), Copy: tearline.CopyID(line.Draw(t, "copy")), Recipient: line.Draw(t, "for"), Date: line.Draw(t, "date"),
			Head: lines.Draw(t, "head"), Authority: lines.Draw(t, "authority"), Caveats: rapid.SliceOfN(line, 0, 3).Draw(t, "caveats"),
			Individual: rapid.Bool().Draw(t, "individual"), Unnumbered: rapid.Bool().Draw(t, "unnumbered"),
		}
		if rapid.Bool().Draw(t, "title") {
			p.Title = &codec.Item{Mark: rapid.SampledFrom([]string{"", "(U)"}).Draw(t, "mark"), Text: texts.Draw(t, "text")}
		}
		tables := 0
		for range rapid.IntRange(0, 12).Draw(t, "items") {
			shape := rapid.SampledFrom([]tearline.Shape{tearline.Paragraph, tearline.Paragraph, tearline.Heading, tearline.ListItem, tearline.ListItem, tearline.ListItem, tearline.Cell, tearline.Note, tearline.Figure}).Draw(t, "shape")
			it := codec.Item{Mark: marks.Draw(t, "mark"), Text: texts.Draw(t, "text"), Below: rapid.SliceOfN(line, 0, 2).Draw(t, "below")}
			f := tearline.Form{Shape: shape}
			switch shape {
			case tearline.Heading:
				f.Level = rapid.IntRange(1, tearline.MaxLevel).Draw(t, "level")
			case tearline.ListItem:
				f.Level = rapid.IntRange(1, 4).Draw(t, "level")
				f.Ordered = rapid.Bool().Draw(t, "ordered")
			case tearline.Figure:
				f.Picture = pic
			case tearline.Cell:
				tables++
				f.Table, f.Row, f.Column = tables, rapid.IntRange(1, 3).Draw(t, "row"), rapid.IntRange(1, 3).Draw(t, "column")
				p.Items = append(p.Items, codec.Item{Mark: "(U)", Text: fmt.Sprintf("corner %d", tables), Form: tearline.Form{Shape: tearline.Cell, Table: tables, Row: f.Row, Column: f.Column}})
				f.Column++
			case tearline.Paragraph, tearline.Note:
			}
			f.Styles = stylesOf(t, it.Text)
			it.Form = f
			p.Items = append(p.Items, it)
		}
		return p
	})
}

// stylesOf draws stretches of other type.
func stylesOf(t *rapid.T, text string) []tearline.Style {
	var out []tearline.Style
	from := -1
	for i := range text {
		if !rapid.Bool().Draw(t, "edge") {
			continue
		}
		if from >= 0 {
			out = append(out, tearline.Style{From: from, To: i, Bold: rapid.Bool().Draw(t, "bold"), Italic: true, Underline: rapid.Bool().Draw(t, "underline")})
		}
		from = i
		if rapid.Bool().Draw(t, "apart") {
			from = -1
		}
	}
	return out
}
