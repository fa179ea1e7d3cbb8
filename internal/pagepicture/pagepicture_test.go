package pagepicture_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"os"
	"strings"
	"testing"

	"tearline"
	"tearline/codec"
	"tearline/codec/article"
	"tearline/codec/pdf"
	"tearline/internal/pagepicture"
	"tearline/internal/pdftext"
	"tearline/internal/pdftext/pdfium"
	"tearline/leak/fingerprint/layout"
)

// TestMain is also the process that draws.
func TestMain(m *testing.M) {
	status := pdfium.Process(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	if status < 0 {
		status = m.Run()
	}
	os.Exit(status)
}

// cache is the user's own, as in real life: a second run of the tests is quick.
func cache(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("the reader takes seconds to prepare")
	}
	if dir := pdftext.Cache(); dir != "" {
		return dir
	}
	return t.TempDir()
}

func encoded(t *testing.T, h int, as func(*bytes.Buffer, image.Image) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := as(&b, image.NewGray(image.Rect(0, 0, 10, h))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(b *bytes.Buffer, img image.Image) error  { return png.Encode(b, img) }
func asJPEG(b *bytes.Buffer, img image.Image) error { return jpeg.Encode(b, img, nil) }

// drawer draws a document of so many pages, some of which cannot be drawn.
func drawer(n int, broken ...int) pagepicture.Drawer {
	return func(_ context.Context, _ []byte, r pdftext.Request) (list []pdftext.Picture, pages int, err error) {
		for i := r.First; i < min(r.First+r.Count, n); i++ {
			ok := true
			for _, k := range broken {
				ok = ok && i != k
			}
			if ok {
				list = append(list, pdftext.Picture{Page: i, Image: image.NewGray(image.Rect(0, 0, 3, 4))})
			}
		}
		return list, n, nil
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	const document = "%PDF-1.7\n"
	huge := encoded(t, 10, asPNG)
	copy(huge[16:24], []byte{0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff}) // width and height; nobody gets to the checksum
	for name, tc := range map[string]struct {
		in   []byte
		draw pagepicture.Drawer
		want string // the pages, or what is said
	}{
		"PNG":              {encoded(t, 20, asPNG), nil, "1:(10,20)"},
		"JPEG":             {encoded(t, 20, asJPEG), nil, "1:(10,20)"},
		"PNG cut":          {encoded(t, 20, asPNG)[:40], nil, "a picture that is damaged"},
		"JPEG cut":         {encoded(t, 20, asJPEG)[:300], nil, "a picture that is damaged"},
		"PNG larger":       {huge, nil, "a picture that is damaged"},
		"JPEG of 65535²":   {bytes.Replace(encoded(t, 20, asJPEG), []byte{8, 0, 20, 0, 10}, []byte{8, 255, 255, 255, 255}, 1), nil, "a picture of 65535 × 65535 pixels"},
		"text":             {[]byte("Nothing."), nil, "neither a PNG, nor a JPEG, nor a PDF"},
		"nothing":          {nil, nil, "neither a PNG, nor a JPEG, nor a PDF"},
		"PDF":              {[]byte(document), drawer(6, 1), "1:(3,4) 3:(3,4) 4:(3,4) 5:(3,4) 6:(3,4)"},
		"PDF of many":      {[]byte(document), drawer(65), "a PDF of 65 pages"},
		"PDF without":      {[]byte(document), drawer(0), "a PDF none of whose pages can be drawn"},
		"PDF that is bent": {[]byte(document), drawer(1, 0), "a PDF none of whose pages can be drawn"},
	} {
		list, err := pagepicture.Read(t.Context(), tc.in, tc.draw)
		var got []string
		for _, p := range list {
			got = append(got, fmt.Sprintf("%d:%v", p.Page, p.Image.Bounds().Max))
		}
		if e, ok := errors.AsType[*tearline.Error](err); ok && e.Kind == tearline.Invalid {
			got = []string{e.Public}
		} else if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if s := strings.Join(got, " "); s != tc.want {
			t.Errorf("%s: %s, want %s", name, s, tc.want)
		}
		if pagepicture.Is(tc.in) == strings.HasPrefix(tc.want, "neither") {
			t.Errorf("%s: Is says otherwise", name)
		}
	}
}

// page is an invented page of more than one sheet.
func page(t *testing.T) codec.Page {
	t.Helper()
	p := codec.Page{
		Banner: "SECRET//REL TO USA, CAN", Copy: "K-0417", Recipient: "Police portuaire de l’île", Date: "2026-03-14", Individual: true,
		Title: &codec.Item{Mark: "(U)", Text: "Traffic at the crossing"}, Caveats: []string{"Only for the purpose of port security"},
	}
	for i := range 16 {
		w, err := tearline.ParseWording(fmt.Sprintf("On day %d the bookkeeper said that {about|roughly} forty sealed crates lay at the fish quay and would leave it. "+
			"Доклад о грузе был короток; the «Grain Board» knew nothing of it, although its own night guard keeps the key to store %d of the old tannery.", i+1, i*i))
		if err != nil {
			t.Fatal(err)
		}
		it := codec.Item{Mark: "(S//REL TO USA, CAN)", Portion: tearline.PortionID(fmt.Sprintf("p%d", i)), Wording: w, Choices: []int{i % 2}}
		if it.Text, err = w.Render(it.Choices); err != nil {
			t.Fatal(err)
		}
		p.Items = append(p.Items, it)
	}
	return p
}

func alternate(p tearline.PortionID, word int) int8 { return int8((len(p)+word/2)%2*2 - 1) }

// A copy's words come back from its PDF in their order and apart from each
// other.
func TestTextComesBack(t *testing.T) {
	t.Parallel()
	p := page(t)
	b, err := pdf.Render(p, alternate)
	if err != nil {
		t.Fatal(err)
	}
	a, err := article.Read("copy.pdf", b, pdftext.Reader(t.Context(), "", cache(t)))
	if err != nil {
		t.Fatal(err)
	}
	if a.Title != "" || a.Author != "" {
		t.Errorf("title %q, author %q in the properties", a.Title, a.Author)
	}
	text, at := strings.Join(strings.Fields(a.Text), " "), 0
	want := []string{"For: Police portuaire de l’île", "Date: 2026-03-14", "(U) Traffic at the crossing"}
	for i, it := range p.Items {
		if i != 8 { // at the end of the sheet
			want = append(want, strings.Join(strings.Fields(it.Mark+" "+it.Text), " "))
		}
	}
	for _, w := range append(want, "Only for the purpose of port security") {
		k := strings.Index(text[at:], w)
		if k < 0 {
			t.Fatalf("%q is not behind %q: %q", w, text[:at], text[at:])
		}
		at += k + len(w)
	}
}

// The marks of a copy are read from the picture that PDFium draws of it, on
// each of its sheets.
func TestMarksComeBack(t *testing.T) {
	t.Parallel()
	p := page(t)
	b, err := pdf.Render(p, alternate)
	if err != nil {
		t.Fatal(err)
	}
	list, err := pagepicture.Read(t.Context(), b, pagepicture.Child("", cache(t)))
	if err != nil || len(list) != 2 {
		t.Fatalf("%d pictures, %v", len(list), err)
	}
	read := 0
	for _, picture := range list {
		r, err := layout.Read(picture.Image, layout.Reference{Versions: []codec.Page{p}})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range r.Carriers {
			if c.Value != 0 && c.Value != alternate(c.Portion, c.Word) {
				t.Errorf("sheet %d: %+v", picture.Page, c)
			}
			if c.Value != 0 {
				read++
			}
		}
		for _, q := range r.Points {
			var i int
			if _, err := fmt.Sscanf(string(q.Portion), "p%d", &i); err != nil || q.Alternative >= 0 && q.Alternative != i%2 {
				t.Errorf("sheet %d: %+v, %v", picture.Page, q, err)
			}
		}
	}
	if read < 200 {
		t.Errorf("%d marks read", read)
	}
}

// Whatever a file holds, there is a picture within the limits or a reason that
// can be told.
func FuzzRead(f *testing.F) {
	for _, as := range []func(*bytes.Buffer, image.Image) error{asPNG, asJPEG} {
		var b bytes.Buffer
		if err := as(&b, image.NewGray(image.Rect(0, 0, 30, 20))); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	f.Add([]byte("%PDF-1.7"))
	f.Fuzz(func(t *testing.T, b []byte) {
		list, err := pagepicture.Read(t.Context(), b, drawer(len(b)%80))
		if e, ok := errors.AsType[*tearline.Error](err); err != nil && (!ok || e.Kind != tearline.Invalid || e.Public == "" || list != nil) {
			t.Errorf("%d pictures, %v", len(list), err)
		}
		if err == nil && len(list) == 0 {
			t.Error("neither a picture nor a reason")
		}
		for _, p := range list {
			if s := p.Image.Bounds().Size(); s.X*s.Y > pagepicture.MaxPixels {
				t.Errorf("a picture of %v", s)
			}
		}
	})
}

// Without marks every word stands where the outlines of its letters say, in
// PDFium's picture as well, which sets each letter on a whole pixel.
func TestPlainPicture(t *testing.T) {
	t.Parallel()
	p := page(t)
	b, err := pdf.Render(p, nil)
	if err != nil {
		t.Fatal(err)
	}
	list, err := pagepicture.Read(t.Context(), b, pagepicture.Child("", cache(t)))
	if err != nil || len(list) != 2 {
		t.Fatalf("%d pictures, %v", len(list), err)
	}
	r, err := layout.Read(list[0].Image, layout.Reference{Versions: []codec.Page{p}})
	if err != nil || !r.Plain || r.Residual > 0.1 || r.Words < 400 {
		t.Errorf("plain %v, %d words, %.3f points from their places, %v", r.Plain, r.Words, r.Residual, err)
	}
}
