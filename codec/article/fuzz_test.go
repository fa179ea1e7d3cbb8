package article_test

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"tearline/codec/article"
)

// check says what holds for whatever is read.
func check(t *testing.T, a article.Article, err error) {
	t.Helper()
	if err != nil {
		return
	}
	if a.Text == "" || len(a.Text) > article.MaxText || !utf8.ValidString(a.Text) || !utf8.ValidString(a.Title) || a.Format == "" {
		t.Errorf("%q %q %q", a.Format, a.Title, a.Text)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("The mole."))
	f.Add([]byte("\xff\xfeT\x00"))
	f.Add([]byte("The caf\xe9 by the mole is closed"))
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := article.Read("x", b, nil)
		check(t, a, err)
	})
}

func FuzzHTML(f *testing.F) {
	f.Add(page)
	f.Add(`<p>x<script type="application/ld+json">{"@type":"Report"}</script><time datetime="2031-03-04">`)
	f.Fuzz(func(t *testing.T, s string) {
		a, err := article.Page("https://gazette.example/a", "text/html", []byte("<html>"+s), nil)
		check(t, a, err)
		if s := article.Fragment(s); !utf8.ValidString(s) {
			t.Errorf("%q", s)
		}
	})
}

// The document of a Word file; the archive around it is the library's.
func FuzzDOCX(f *testing.F) {
	f.Add(p(r("x")))
	f.Add("<w:tbl><w:tr><w:tc>" + p(r("a")) + "</w:tc></w:tr></w:tbl></w:tc></w:tbl>")
	f.Add(`<mc:AlternateContent><mc:Choice>` + p(r("a")) + `</mc:Choice><mc:Fallback/></mc:AlternateContent>`)
	f.Fuzz(func(t *testing.T, body string) {
		a, err := article.Read("x", docx(t, body, nil), nil)
		check(t, a, err)
	})
}

func FuzzMail(f *testing.F) {
	f.Add([]byte("\r\nwords"))
	f.Add([]byte("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>x\r\n--b--"))
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := article.Read("x", append([]byte("From: a@b.example\r\nMessage-ID: <1@b.example>\r\n"), b...), nil)
		check(t, a, err)
	})
}

// What a page shows where, as the process that reads PDF tells it.
func FuzzPDF(f *testing.F) {
	f.Add([]byte(`{"Pages":[{"Width":600,"Height":800,"Runs":[{"X":1,"Y":2,"W":3,"H":4,"Size":5,"Text":"a-"},{"X":1,"Y":9,"Text":"b"}]}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var p article.Pages
		if json.Unmarshal(b, &p) != nil {
			return
		}
		a, err := article.Read("x", []byte("%PDF-"), func([]byte) (article.Pages, error) { return p, nil })
		check(t, a, err)
	})
}
