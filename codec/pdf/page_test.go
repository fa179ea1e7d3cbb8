package pdf_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"

	"tearline"
	"tearline/codec"
)

func shaped(f tearline.Form, text string) codec.Item {
	return codec.Item{Mark: "(S)", Text: text, Form: f}
}

func cellAt(row, column int, text string) codec.Item {
	return shaped(tearline.Form{Shape: tearline.Cell, Table: 1, Row: row, Column: column}, text)
}

// chart is a picture of bars, some of them half transparent.
func chart(tb testing.TB, w, h int) *tearline.Picture {
	tb.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{236, 239, 244, 255}
			if bar := x * 6 / w; x*6%w > w/4 && h-y < h*(bar*bar%5+1)/6 {
				c = color.NRGBA{30, 80, 140, uint8(255 - 24*bar)}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		tb.Fatal(err)
	}
	return &tearline.Picture{PNG: b.Bytes(), Width: w, Height: h}
}

func frame(items ...codec.Item) codec.Page {
	return codec.Page{
		Banner: "SECRET//REL TO USA, CAN", Copy: "K-0417", Recipient: "Royal Harbour Police", Date: "2026-03-14",
		Title: &codec.Item{Mark: "(U)", Text: "Traffic at the crossing"}, Items: items,
	}
}

// formed is a page that has every form.
func formed(tb testing.TB) codec.Page {
	tb.Helper()
	styled := shaped(tearline.Form{Styles: []tearline.Style{
		{From: 4, To: 21, Bold: true}, {From: 26, To: 43, Italic: true}, {From: 49, To: 65, Underline: true}, {From: 84, To: 90, Bold: true, Italic: true},
	}}, "The northern crossing was shut for two days, and the trucks stood in the rain until Friday.")
	styled.Below = []string{"Source: harbour log, 12 March.", "Released to: CAN."}
	p := frame(
		shaped(tearline.Form{Shape: tearline.Heading, Level: 1}, "What was seen"),
		styled,
		shaped(tearline.Form{Shape: tearline.ListItem, Level: 1}, "Two men unloaded a crate of tractor parts, and did not wait for the clerk, who was late that day."),
		shaped(tearline.Form{Shape: tearline.ListItem, Level: 2, Ordered: true}, "The crate was sealed."),
		shaped(tearline.Form{Shape: tearline.ListItem, Level: 2, Ordered: true}, "The seal was broken."),
		shaped(tearline.Form{Shape: tearline.ListItem, Level: 1}, "A third man kept the gate."),
		shaped(tearline.Form{Shape: tearline.Heading, Level: 2}, "What was counted"),
		cellAt(1, 1, "Place"), cellAt(1, 2, "Crates"), cellAt(1, 3, "What the clerk said of them"),
		cellAt(2, 1, "Northern quay"), cellAt(2, 2, "14"), cellAt(2, 3, "That they came with the last ferry, and that nobody had asked for them since, though the owner is known to the harbour office."),
		cellAt(4, 1, "Old shed"), cellAt(4, 3, "Nothing."),
		shaped(tearline.Form{Shape: tearline.Note}, "The clerk spoke of crates, the log of boxes."),
		shaped(tearline.Form{Shape: tearline.Figure, Picture: chart(tb, 480, 200)}, "Crates by day of the week, from Monday to Saturday"),
		shaped(tearline.Form{}, "Nobody was hurt."),
	)
	p.Head = []codec.Line{{Name: "Report", Value: "HR-2026-031"}, {Name: "Originator", Value: "Harbour watch"}}
	p.Caveats = []string{"Only for port security"}
	p.Authority = []codec.Line{{Name: "Classified by", Value: "A. Quill, chief of the watch"}, {Name: "Derived from", Value: "Harbour guide, 4 May 2024"}, {Name: "Declassify on", Value: "2036-03-14"}}
	return p
}

// scripts is a page in several of them.
func scripts() codec.Page {
	return frame(
		shaped(tearline.Form{}, "The letter began שלום לכולם and ended at 12:30, the other one السلام عليكم as always."),
		shaped(tearline.Form{}, "הספינה עזבה את הנמל בשעה 14:30 עם 25 ארגזים (חלקם פתוחים) ולא חזרה עד סוף השבוע, כך אמר פקיד המכס של Northern Quay בשיחה."),
		shaped(tearline.Form{}, "غادرت السفينة الميناء في الساعة 14:30 ومعها 25 صندوقًا ولم تعد حتى نهاية الأسبوع، كما قال موظف الجمارك في الميناء القديم لا غير."),
		shaped(tearline.Form{Shape: tearline.ListItem, Level: 1}, "שלוש משאיות חיכו בשער."),
		shaped(tearline.Form{Shape: tearline.Heading, Level: 2}, "Καράβια, лодки, łodzie"),
		shaped(tearline.Form{}, "Cafe\u0301, nai\u0308ve, q\u0301 and x\u0304\u0301 have marks; שָׁלוֹם has points."),
		shaped(tearline.Form{}, "∑ ≤ ∞ → ☎ ♪ Ⅷ are no letters; Ընկեր, ქართული and ꙮ are."),
		cellAt(1, 1, "Name"), cellAt(1, 2, "اسم السفينة"), cellAt(2, 1, "שם האונייה"), cellAt(2, 2, "Ægir"),
	)
}
