package pdf_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"tearline"
	"tearline/codec"
	"tearline/codec/pdf"
)

// Copies that were made before pages held anything but paragraphs keep their
// bytes: what is kept of a copy are its digest and where its words stood.
func TestStable(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		page  codec.Page
		marks pdf.Marks
		want  string
	}{
		"a title alone": {codec.Page{Banner: "TLP:RED", Title: &codec.Item{Text: "Nothing else"}}, nil, "b050ee3b83548664ed0e425f44b389822cd80812926e45aa6b6ac6310bced9e3"},
		"one paragraph": {codec.Page{Banner: "SECRET", Items: []codec.Item{{Mark: "(S)", Text: long}}}, swing, "4b929b634fe489949fc41e7d0be0769815e74c21c07fa67ad938df8cca07f83a"},
		"line breaks": {
			codec.Page{Banner: "SECRET", Date: "2026-03-14", Items: []codec.Item{{Mark: "(S)", Text: "One.\nTwo.\n\n Three.\n"}, {Mark: "(U)"}}}, nil, "a56b350b4b9922ef617f211c6a30f972a9ce18a4a65a399725e0d2c9e87ecba0",
		},
		"other scripts": {
			codec.Page{Banner: "ΑΠΟΡΡΗΤΟ", Recipient: "Łódź", Items: []codec.Item{{Mark: "(S)", Text: "Ærø, Ελλάς, Москва, «quoted» – “so” … €" + strings.Repeat("o", 300)}}}, swing, "764be9f885c07a8eddea33dee38d52edfaa948dd381299c60a3e3e8ce4007517",
		},
		"two sheets": {
			codec.Page{
				Banner: "TOP SECRET//SI//" + strings.Repeat("REL TO USA, AUS, CAN, GBR, NZL, ", 3) + "NATO", Copy: "K-0418", Individual: true,
				Items: many(t, 40), Caveats: []string{"Only for port security", "Until Friday"},
			}, swing, "afc33132d038d6fc3cce1e3f8fd5bfe9c9b57a716d5c5bbf39dc67264ab69f0b",
		},
	} {
		b, err := pdf.Render(tc.page, tc.marks)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%x", sha256.Sum256(b)); got != tc.want {
			t.Errorf("%s: %d bytes of digest %s", name, len(b), got)
		}
	}
}

func many(tb testing.TB, n int) []codec.Item {
	tb.Helper()
	var list []codec.Item
	for i := range n {
		list = append(list, item(tb, fmt.Sprintf("p%d", i), "The {duty|senior} clerk {|who }said nothing of the crates in the northern yard, nor of their {two|} owners.", i%2, i/2%2, i/4%2))
	}
	return list
}

// Pictures of one width, which the library writes in any order.
func TestSteadyPictures(t *testing.T) {
	t.Parallel()
	page := codec.Page{Banner: "SECRET"}
	for i := range 6 {
		p := chart(t, 30, 20+i)
		page.Items = append(page.Items, codec.Item{Mark: "(U)", Text: fmt.Sprintf("Figure %d", i), Form: tearline.Form{Shape: tearline.Figure, Picture: p}})
	}
	first, err := pdf.Render(page, nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		if again, err := pdf.Render(page, nil); err != nil || !bytes.Equal(again, first) {
			t.Fatalf("other bytes the second time, %v", err)
		}
	}
}
