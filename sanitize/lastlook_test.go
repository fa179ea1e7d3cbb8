package sanitize_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"tearline"
	"tearline/codec"
	"tearline/codec/docx"
	"tearline/codec/hypertext"
	"tearline/codec/look"
	"tearline/codec/pdf"
	"tearline/sanitize"
)

// shapes is a report in which something is withheld of each shape.
const shapes = `---
id: USA-2026-0413
title: What was seen at the piers of Orvik
originator: USA
policy: us
date: 2026-03-01
declassify_on: 2036-03-01
---
## (U) Airliners

(U) Airlines have been warned of a plot.

(S//REL TO USA, GBR) A courier left Port Harran with {about|approximately} 4 kg of explosive.
> sources: GBR-2026-007/p1
> tear (C//REL TO USA, FRA): A courier is {under way|on the way} with explosives.

(S//NF) The source has reported reliably since 2019 from inside the cell.

1. (U) Crews look for boxes without labels.
1. (S//NF) Crews must not learn which flight is meant.
1. (U) Doors stay locked.

- (U) Guards walk by day.

| (U) Port | (S//NF) What our cameras saw of it | (U) Cargo |
|---|---|---|
| (S//NF) Ostra by the old lighthouse road | (S//NF) Nine crates of detonators left the pier. | (S//NF) Declared as machine parts for Vellmar |
| (U) Orvik | (S//NF) Four men carried nothing at all ashore. | (U) Grain |

(U) What was counted:

| (U) Day | (U) Boats |
|---|---|
| (U) Monday | (S//NF) Two boats came without their lights. |

(U) The pier at Orvik is empty at night.
> id: pier

(S//REL TO USA, GBR) The courier as our agent photographed him in the market.
> id: face
> tear (C//REL TO USA, FRA): There is a picture of the courier.
`

// drawing is a small picture of one colour.
func drawing(t *testing.T, shade uint8) *tearline.Picture {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 40, 30))
	for i := range m.Pix {
		m.Pix[i] = color.Gray{Y: shade}.Y
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return &tearline.Picture{PNG: b.Bytes(), Width: 40, Height: 30}
}

// TestLastLook: a copy of a report of many shapes leaves in every format. The
// mutants of codec/look/testdata put into it what may not be there, each in
// another place: that the last look stopped it is told apart from all else.
func TestLastLook(t *testing.T) {
	for name, f := range map[string]*sanitize.Format{
		"md":   nil,
		"docx": {MediaType: "application/docx", Render: docx.Render, ReadBack: look.DOCX},
		"html": {MediaType: "text/html", Render: hypertext.Render, ReadBack: look.HTML},
		"pdf": {
			MediaType: "application/pdf",
			Render:    func(p codec.Page) ([]byte, error) { return pdf.Render(p, nil) },
			ReadBack:  func(b []byte) ([]string, error) { return look.PDF(b, nil) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := allies()
			w.file(t, "", "---\nid: GBR-2026-007\noriginator: GBR\npolicy: us\ndate: 2026-02-01\n---\n(C//REL TO USA, GBR, FRA) A courier was seen.\n")
			r := w.file(t, "", shapes)
			for i := range r.Portions {
				p := &r.Portions[i]
				switch {
				case name == "md": // which holds no pictures
				case p.ID == "pier":
					p.Form = tearline.Form{Shape: tearline.Figure, Picture: drawing(t, 200)}
				case p.ID == "face":
					p.Form = tearline.Form{Shape: tearline.Figure, Picture: drawing(t, 90)}
				}
			}
			s := spec("FRA")
			s.Format = f
			switch _, err := w.version(t, r, "FRA").Draft(s); {
			case errors.Is(err, sanitize.ErrSurvives):
				t.Errorf("stopped by the last look: %v", err)
			case err != nil:
				t.Errorf("no copy, and not by the last look: %v", err)
			}
		})
	}
}

// TestLastLookBelievesNoPage: what a page has of portions that may not go out is
// seen, even if none of their words is there.
func TestLastLookBelievesNoPage(t *testing.T) {
	w, r := plotted(t)
	v := w.version(t, r, "FRA")
	cell := func(row, column int) codec.Item {
		return codec.Item{Mark: "(U)", Text: "x", Form: tearline.Form{Shape: tearline.Cell, Table: 1, Row: row, Column: column}}
	}
	for _, c := range []struct {
		name   string
		tamper func(*codec.Page)
		want   string
	}{
		{"nothing", func(*codec.Page) {}, ""},
		{"a portion", func(p *codec.Page) { p.Items = append(p.Items, codec.Item{Mark: "(U)", Text: "x", Portion: "p3"}) }, "portion p3, which may not go out"},
		{"the text of a wording", func(p *codec.Page) { p.Items[1].Portion = "p2" }, "portion p2, which may not go out"},
		{"a title", func(p *codec.Page) { p.Title.Portion = "p9" }, "portion p9, which may not go out"},
		{"a line at the head", func(p *codec.Page) { p.Head = []codec.Line{{Name: "From", Value: "x"}} }, "lines at the head"},
		{"a whole table", func(p *codec.Page) { p.Items = append(p.Items, cell(1, 1), cell(1, 2), cell(2, 1)) }, ""},
		{"a row", func(p *codec.Page) { p.Items = append(p.Items, cell(1, 1), cell(1, 2), cell(3, 1)) }, "a row or a column of table 1 with nothing in it"},
		{"a column", func(p *codec.Page) { p.Items = append(p.Items, cell(1, 2), cell(2, 2)) }, "a row or a column of table 1 with nothing in it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := sanitize.InspectLeaking(v, spec("FRA"), c.tamper, nil)
			if c.want == "" && err != nil || c.want != "" && (!errors.Is(err, sanitize.ErrSurvives) || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}
