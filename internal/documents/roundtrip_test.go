package documents_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tearline"
	"tearline/codec/document"
	"tearline/codec/onfile"
	"tearline/internal/documents"
	"tearline/internal/pdftext/pdfium"
	"tearline/internal/pdftext/whole"
	"tearline/marking"
	_ "tearline/marking/policies"
)

// TestMain is also the process that reads PDFs.
func TestMain(m *testing.M) {
	status := pdfium.Process(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	if status < 0 {
		status = m.Run()
	}
	os.Exit(status)
}

// words of many scripts: left to right, right to left, without blanks between
// words, with marks that combine.
var words = [][]string{
	strings.Fields("the convoy left harbour before dawn with three lorries and a generator; nobody saw its escort return from Vellmar, 12.5 km north (as reported)."),
	strings.Fields("Колонна вышла из порта до рассвета; водитель назвал имя «Верган» дважды, №7."),
	strings.Fields("Η νηοπομπή έφυγε πριν την αυγή με τρία φορτηγά."),
	strings.Fields("השיירה יצאה מהנמל לפני עלות השחר עם שלוש משאיות."),
	strings.Fields("غادرت القافلة الميناء قبل الفجر مع ثلاث شاحنات."),
	strings.Fields("车队在黎明前离开港口，带着三辆卡车。 船団は夜明け前に港を出た。"),
	strings.Fields("Zażółć gęślą jaźń, naïve façade, Żółw ằ ệ ȭ, Đorđe Šarić e\u0301tude."),
}

var portionMarks = []string{"(U)", "(C)", "(S)", "(S//NF)", "(S//REL TO USA, GBR)", "(TS//SI//NF)"}

// drawText is prose in one script.
func drawText(t *rapid.T, scripts [][]string) string {
	of := rapid.SampledFrom(scripts).Draw(t, "script")
	from := rapid.IntRange(0, len(of)-1).Draw(t, "from")
	n := rapid.IntRange(1, 40).Draw(t, "words")
	out := make([]string, n)
	for i := range out {
		out[i] = of[(from+i)%len(of)]
	}
	return strings.Join(out, " ")
}

// picture is a small drawing.
func picture(tb interface{ Fatal(...any) }, seed int) *tearline.Picture {
	m := image.NewRGBA(image.Rect(0, 0, 60, 40))
	for i := range 60 * 40 {
		m.Set(i%60, i/60, color.RGBA{uint8(i * seed), uint8(i / 60 * 6), 120, 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		tb.Fatal(err)
	}
	return &tearline.Picture{PNG: b.Bytes(), Width: 60, Height: 40}
}

// drawReport is a report with everything in it that reports can have.
func drawReport(t *rapid.T, scripts [][]string) *tearline.Report {
	us, _ := marking.Lookup("us")
	r := &tearline.Report{
		ID: "USA-2026-0412", Originator: "USA", Policy: "us",
		Date: time.Date(2026, 3, rapid.IntRange(1, 28).Draw(t, "day"), 0, 0, 0, 0, time.UTC),
	}
	portion := func(text string, f tearline.Form) {
		w, err := tearline.PlainWording(text)
		if err != nil {
			t.Fatal(err)
		}
		m, err := us.Parse(rapid.SampledFrom(portionMarks).Draw(t, "mark"))
		if err != nil {
			t.Fatal(err)
		}
		p := tearline.Portion{ID: tearline.PortionID(fmt.Sprintf("p%d", len(r.Portions)+1)), Originator: "USA", Marking: m, Wording: w, Form: f}
		if f.Shape == tearline.Paragraph {
			more(t, us, &p)
		}
		r.Portions = append(r.Portions, p)
	}
	tables := 0
	for range rapid.IntRange(1, 8).Draw(t, "blocks") {
		switch rapid.IntRange(0, 6).Draw(t, "shape") {
		case 0:
			portion(drawText(t, scripts), tearline.Form{Shape: tearline.Heading, Level: rapid.IntRange(1, 3).Draw(t, "level")})
		case 1:
			ordered := rapid.Bool().Draw(t, "ordered")
			level := 1
			for range rapid.IntRange(1, 4).Draw(t, "items") {
				portion(drawText(t, scripts), tearline.Form{Shape: tearline.ListItem, Level: level, Ordered: ordered})
				level = max(1, min(3, level+rapid.IntRange(-1, 1).Draw(t, "deeper")))
			}
		case 2:
			tables++
			columns := rapid.IntRange(2, 4).Draw(t, "columns")
			for row := range rapid.IntRange(1, 4).Draw(t, "rows") {
				for column := range columns {
					if column > 0 && row > 0 && rapid.IntRange(0, 5).Draw(t, "empty") == 0 {
						continue
					}
					portion(drawText(t, scripts), tearline.Form{Shape: tearline.Cell, Table: tables, Row: row + 1, Column: column + 1})
				}
			}
		case 3:
			portion(drawText(t, scripts), tearline.Form{Shape: tearline.Figure, Picture: picture(t, len(r.Portions)+1)})
		default:
			portion(drawText(t, scripts), tearline.Form{})
		}
	}
	rolled(t, us, r)
	return r
}

// more gives a portion sources, a tear line, styles, a name.
func more(t *rapid.T, us *marking.Policy, p *tearline.Portion) {
	if rapid.IntRange(0, 3).Draw(t, "sources") == 0 {
		p.Sources = []tearline.PortionRef{{Report: "GBR-2026-007", Portion: "p1"}, {Report: "GBR-2026-007", Portion: "p3"}}
	}
	if rapid.IntRange(0, 4).Draw(t, "tear") == 0 {
		w, _ := tearline.PlainWording("A convoy has left.")
		m, err := us.Parse("(U)")
		if err != nil {
			t.Fatal(err)
		}
		p.Tear = &tearline.Tear{Marking: m, Wording: w}
	}
	text := p.Wording.Source()
	if from := strings.IndexByte(text, ' '); from > 0 && !strings.ContainsAny(text, "אהש ا") && rapid.Bool().Draw(t, "bold") {
		if to := strings.IndexByte(text[from+1:], ' '); to > 0 {
			p.Form.Styles = []tearline.Style{{From: from + 1, To: from + 1 + to, Bold: true, Italic: rapid.Bool().Draw(t, "italic")}}
		}
	}
}

func rolled(t *rapid.T, us *marking.Policy, r *tearline.Report) {
	dated := make([]marking.Dated, len(r.Portions))
	for i := range r.Portions {
		dated[i] = marking.Dated{Marking: r.Portions[i].Marking, Date: r.Date.Format(time.DateOnly)}
	}
	sum, err := us.RollUp(dated)
	if err != nil {
		t.Fatal(err)
	}
	r.Banner = sum.Banner
	if rapid.Bool().Draw(t, "titled") {
		r.Title = "Traffic at the crossing"
	}
}

// What is written as a Word file, as HTML or as Markdown, and read again by what
// reads everybody's files, is the same report. Write itself refuses it otherwise.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, format := range []string{document.Word, document.HTML, document.JSON} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				r := drawReport(t, words)
				b, notes, err := documents.Reader{}.Write(r, format)
				if err != nil {
					t.Fatal(err)
				}
				if len(notes) > 0 && format != document.HTML {
					t.Fatalf("not kept: %v", notes)
				}
				again, _, err := documents.Reader{}.Write(r, format)
				if err != nil || !bytes.Equal(b, again) {
					t.Fatalf("other bytes the second time: %v", err)
				}
			})
		})
	}
}

func TestRoundTripMarkdown(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := drawReport(t, words)
		for i := range r.Portions {
			if f := &r.Portions[i].Form; f.Shape == tearline.Figure {
				*f = tearline.Form{}
			}
		}
		if _, _, err := onfile.Markdown(r); err != nil {
			t.Fatal(err)
		}
	})
}

// And so is what is written as PDF, which PDFium reads in a process of its own.
func TestRoundTripPDF(t *testing.T) {
	t.Parallel()
	r := documents.Reader{PDF: whole.Reader(context.Background(), "", t.TempDir())}
	scripts := append(words[:5:5], words[6])
	var fonts [][]byte
	if b, err := os.ReadFile("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf"); err == nil {
		fonts, scripts = append(fonts, b), append(scripts, words[5])
	} else {
		t.Log("no Chinese or Japanese: the font of fonts-droid-fallback is not installed")
	}
	drawn := rapid.Custom(func(t *rapid.T) *tearline.Report { return drawReport(t, scripts) })
	for seed := range 12 { // each is read by a process of its own
		report := drawn.Example(seed)
		b, _, err := r.Write(report, document.PDF, fonts...)
		if err != nil {
			t.Fatalf("%d: %v", seed, err)
		}
		again, _, err := r.Write(report, document.PDF, fonts...)
		if err != nil || !bytes.Equal(b, again) {
			t.Fatalf("%d: other bytes the second time: %v", seed, err)
		}
	}
}
