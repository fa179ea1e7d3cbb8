package mail_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/codec/mail"
)

func TestHTML(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in string
		want     []string
	}{
		{"blocks", "<h1>(U) Mole</h1><p>(U) is\n closed&nbsp;</p><ul><li>(U) a<ol><li>(S) b</ol></ul><div>(S) c</div>", []string{"paragraph 1: h1 (U) Mole", "paragraph 2: (U) is closed", "paragraph 3: item1false (U) a", "paragraph 4: item2true (S) b", "paragraph 5: (S) c"}},
		{"lines", "(U) a<br>b<br><br>c<br>(S) d", []string{"paragraph 1: (U) a\nb", "paragraph 2: c", "paragraph 3: (S) d"}},
		{"names", "<p>Classified By: A<br>Reason: b</p>", []string{"paragraph 1: Classified By: A", "paragraph 2: Reason: b"}},
		{"written numbers", "<p>1. (U) a<p>· (S) b", []string{"paragraph 1: (U) a", "paragraph 2: item1false (S) b"}},
		{"quoted", "<p>(U) a<blockquote>(S) b</blockquote>", []string{"paragraph 1: (U) a", "quoted text, paragraph 2: (S) b"}},
		{"as written", "<pre>(U) a\nb\n(S) c</pre>", []string{"paragraph 1, line 1: (U) a b", "paragraph 1, line 3: (S) c"}},
		{"a table", "<table><tr><th>(U) a<th rowspan=2>(U) b<tr><td colspan=1>(S) c<td>(S) d</table>", []string{"table 1, row 1, column 1: (U) a", "table 1, row 1, column 2: (U) b", "table 1, row 2, column 1: (S) c", "table 1, row 2, column 3: (S) d"}},
		{"layout", "<table><tr><td><table><tr><td>(U) a<td>(S) b</table><td>(S) c</table>", []string{"table 1, row 1, column 1: (U) a", "table 1, row 1, column 2: (S) b", "paragraph 1: (S) c"}},
		{"two portions in a cell", "<table><tr><td>(U) a<p>(S) b<td>c</table>", []string{"table 1, row 1, column 1: (U) a\n(S) b", "table 1, row 1, column 2: c", "! table 1, row 1, column 1: a cell with more than one portion"}},
		{"comment", "<p>a<!-- b -->", []string{"paragraph 1: a", "! before the first paragraph: a comment: b"}},
		{"comment in a table", "<table><!-- x --><tr><td>a<td>b<tr><!-- y --></table>", []string{"table 1, row 1, column 1: a", "table 1, row 1, column 2: b", "! before the first paragraph: a comment: x", "! before the first paragraph: a comment: y"}},
		{"for some programs", "<!--[if mso]><p>b</p><![endif]--><!--[if gte mso 9]><xml><o:PixelsPerInch>96</o:PixelsPerInch></xml><![endif]--><p>a<![if !supportLists]>b<![endif]>", []string{"paragraph 1: ab", "! before the first paragraph: text for some programs alone: b"}},
		{"struck out", "a <s>b</s> c", []string{"paragraph 1: a c", "! before the first paragraph: text that is struck out: b"}},
		{"cid", `<p>a<img src="cid:1">`, []string{"paragraph 1: a", "! before the first paragraph: a picture in the text: cid:1"}},
		{"remote", `<p>a<img src="https://x.example/1.gif">`, []string{"paragraph 1: a"}},
		{"alt", `<p>a<img src="//x.example/1" alt=b>`, []string{"paragraph 1: a", "! before the first paragraph: text that does not show (alt): b"}},
		{"title", `<p title=b>a<p title=c>c`, []string{"paragraph 1: a", "paragraph 2: c", "! before the first paragraph: text that does not show (title): b"}},
		{"script", `<p>a<script>b</script>`, []string{"paragraph 1: a", "! before the first paragraph: an element that is not read (script): b"}},
		{"handler", `<p onclick=b>a`, []string{"paragraph 1: a", "! page: a script (onclick)"}},
		{"form", `<p>a<input value=b><textarea>c</textarea>`, []string{"paragraph 1: a", "! before the first paragraph: an element that is not read (input):", "! before the first paragraph: an element that is not read (textarea): c"}},
		{"unknown", `<p>a<blah x=1>b</blah>`, []string{"paragraph 1: a", "! before the first paragraph: an element that is not read (blah): b"}},
		{"the page's title", `<title>b</title><p>a`, []string{"paragraph 1: a", "! title: says what the page does not: b"}},
		{"the same title", `<title>(U) A</title><meta charset=utf-8><p>(U) a`, []string{"paragraph 1: (U) a"}},
		{"a time", `<meta name=created content="2026-11-24T07:19:22"><meta name=AppVersion content=12.0000><p>a`, []string{"paragraph 1: a"}},
		{"a time that is none", `<meta name=created content="by Heron"><p>a`, []string{"paragraph 1: a", "! before the first paragraph: text that does not show (meta created): by Heron"}},
		{"meta", `<meta name=author content=b><p>a`, []string{"paragraph 1: a", "! before the first paragraph: text that does not show (meta author): b"}},
		{"no style sheet", `<link rel=stylesheet href=x><p>a`, []string{"paragraph 1: a", "! page: a style sheet that is not in the file: what it hides is not known"}},
		{"an unknown style", `<p style="clip-path:none">a`, []string{"paragraph 1: a", "! page: a style that is not known: clip-path"}},
		{"style sheets", `<style>p.x, .y b{color:red} @media print{div .z:hover{display:none}} .q::after{content:"w"} @import "a"; @font-face{src:url(b)} /* one two three four */</style><p class=z>b<p class=x>a`, []string{"paragraph 1: a", "! style sheet: a remark in a style sheet: one two three four", "! style sheet: a style that is not known: content", "! style sheet: a style sheet that is not in the file, or damaged: @import \"a\"", "! style sheet: a font of its own, in which letters may look like others", "! before the first paragraph: hidden text: b"}},
	} {
		r, err := mail.HTML([]byte(tt.in))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		got := show(r)
		for i := range got {
			got[i] = strings.TrimRight(got[i], " ")
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// Each way to hide a text is a fault, and what is hidden comes out in no block.
func TestHidden(t *testing.T) {
	t.Parallel()
	for _, how := range []string{
		`style="display:none"`, `style="DISPLAY : NONE !important"`, `style="visibility:hidden"`, `style="visibility:collapse"`, `hidden`, `style="font-size:3px"`, `style="font-size:0"`,
		`style="font-size:1pt"`, `style="font:0/0 a"`, `style="font-size:5%"`, `style="color:white"`, `style="color:#fff"`, `style="color:#fefefe"`, `style="color:rgb(255, 255,255)"`,
		`style="color:red;background:red"`, `style="color:rgba(0,0,0,.05)"`, `style="color:transparent"`, `style="opacity:0"`, `style="opacity:5%"`, `style="width:0;overflow:hidden"`, `style="max-height:0px"`,
		`style="height:1px"`, `style="line-height:0"`, `style="line-height:1px"`, `style="position:absolute;left:-9999px"`, `style="text-indent:-999px"`, `style="margin-left:-500pt"`, `style="letter-spacing:-1em"`,
		`style="mso-hide:all"`, `style="text-decoration:line-through"`, `style="display:none!important;display:block"`, `style="display:none;display:nonsense"`, `class=h`, `id=H`, `class="a h"`,
	} {
		r, err := mail.HTML([]byte("<style>.h, #h {display:none}</style><p>(U) shown<div " + how + "><b>planted</b></div>"))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"paragraph 1: (U) shown"}, show(r)[:1]); diff != "" || len(r.Blocks) != 1 || len(r.Faults) != 1 || !strings.Contains(r.Faults[0].Text, "planted") || r.Faults[0].Hint == "" {
			t.Errorf("%s: %q", how, show(r))
		}
	}
	for _, how := range []string{
		`style="direction:rtl`, `style="font-size:0"><span style="font-size:14px`, `style="color:white;background:#333`, `bgcolor=black><font color="white`, `style="width:1%;height:100%;line-height:1.2`, `style="margin:-20px;text-indent:-.25in;color:windowtext`,
	} {
		r, err := mail.HTML([]byte("<div " + how + `">(U) shown</div>`))
		if err != nil || len(r.Blocks) != 1 || len(r.Faults) != 0 {
			t.Errorf("%s: %q, %v", how, show(r), err)
		}
	}
}

func TestStyles(t *testing.T) {
	t.Parallel()
	r, err := mail.HTML([]byte("<p>1. (U) a <b>bold</b> <b>too</b> <span style='font-style:italic'>it</span>"))
	if err != nil || len(r.Blocks) != 1 {
		t.Fatal(r, err)
	}
	want := []tearline.Style{{From: 6, To: 14, Bold: true}, {From: 15, To: 17, Italic: true}}
	if diff := cmp.Diff(want, r.Blocks[0].Form.Styles); diff != "" || r.Blocks[0].Text != "(U) a bold too it" {
		t.Errorf("%q %s", r.Blocks[0].Text, diff)
	}
}

// A mail in HTML alone is read; its links are noted.
func TestHTMLMail(t *testing.T) {
	t.Parallel()
	m := read(t, eml("Content-Type: text/html; charset=windows-1252", "Content-Transfer-Encoding: quoted-printable", "", "<p>(U) caf=E9 <a href=3D'https://x.example/a'>here</a>"))
	if diff := cmp.Diff([]string{subject, "paragraph 1: (U) café here"}, show(m.Reading)); diff != "" {
		t.Error(diff)
	}
	if n := strings.Join(m.Reading.Notes, "\n"); !strings.Contains(n, "https://x.example/a") {
		t.Error(n)
	}
}

func TestHTMLEncodings(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"<p>caf\xc3\xa9": "café", "<meta charset=latin1><p>caf\xe9": "café", "<p>caf\xe9": "", "\xff\xfe<\x00p\x00>\x00\xe9\x00": "é", "\xfe\xff\x00<\x00p\x00>\x00\xe9": "é", "<meta charset=utf-8><p>caf\xe9": "",
	} {
		r, err := mail.HTML([]byte(in))
		var e *tearline.Error
		switch {
		case want == "" && !errors.As(err, &e):
			t.Errorf("%q: %v, %v", in, r, err)
		case want != "" && (err != nil || len(r.Blocks) != 1 || r.Blocks[0].Text != want):
			t.Errorf("%q: %v, %v", in, r, err)
		}
	}
}

// Pages that are small and cost much are refused, or are read in bounds.
func TestHostileHTML(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]string{
		"nested":     strings.Repeat("<div>", 2000),
		"tags":       strings.Repeat("<p>", 200_000),
		"attributes": "<p " + strings.Repeat("a ", 3<<20) + ">",
		"not closed": strings.Repeat("<font a=1><font b=2>", 200) + strings.Repeat("<p>x", 20_000),
	} {
		if _, err := mail.HTML([]byte(in)); err == nil {
			t.Errorf("%s: read", name)
		}
	}
	r, err := mail.HTML([]byte("<style>" + strings.Repeat("*{color:red}", 4000) + "</style>" + strings.Repeat("<p>x", 1000)))
	if err != nil || len(r.Faults) != 1 || !strings.Contains(r.Faults[0].Text, "styles") {
		t.Errorf("many rules for many elements: %v, %v", r.Faults, err)
	}
}

func FuzzHTML(f *testing.F) {
	f.Add("<h1>(U) a</h1><p>b<br>(S) c<table><tr><td colspan=3>d<td>e</table><ul><li>f</ul><pre>g\nh</pre>")
	f.Add("<style>@media x{.a,#b>c::d{display:none;color:#fff}}</style><p class=a style='font:0/0 x;color:rgba(1,2,3,.4)'>x<!--[if mso]>y<![endif]-->")
	f.Fuzz(func(t *testing.T, s string) {
		r, err := mail.HTML([]byte(s))
		if err == nil {
			check(t, r)
		}
	})
}
