package look_test

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"tearline/codec/hypertext"
	"tearline/codec/look"
)

func webPage(tb testing.TB) []byte {
	tb.Helper()
	b, err := hypertext.Render(every(tb))
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func TestHonestHTML(t *testing.T) {
	t.Parallel()
	pic := picture(t)
	rapid.Check(t, func(t *rapid.T) { honestly(t, drawPage(t, pic), hypertext.Render, look.HTML) })
	found, err := look.HTML(webPage(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"1. (S) Customs officers opened a crate of \"tractor\" parts & found <forty> detonators.\nThey were old.", "(S) Forty", "For: Royal Harbour Police"} {
		if !slices.Contains(found, want) {
			t.Errorf("no %q in %q", want, found)
		}
	}
}

// inPicture changes the bytes of the picture of a web page.
func inPicture(name string, change func([]byte) []byte) plant {
	return plant{name, func(tb testing.TB, b []byte) []byte {
		tb.Helper()
		const head = "data:image/png;base64,"
		from := bytes.Index(b, []byte(head)) + len(head)
		to := from + bytes.IndexByte(b[from:], '"')
		raw, err := base64.StdEncoding.DecodeString(string(b[from:to]))
		if err != nil {
			tb.Fatal(err)
		}
		return slices.Concat(b[:from], []byte(base64.StdEncoding.EncodeToString(change(raw))), b[to:])
	}}
}

func TestPlantedInHTML(t *testing.T) {
	t.Parallel()
	half := len(secret) / 2
	letters := strings.Join(strings.Split(secret, ""), "\u200b")
	plants := []plant{
		replace("comment", "<main>", "<main><!-- "+secret+" -->"),
		replace("bogus comment", "<main>", "<main><? "+secret+" >"),
		replace("marked section", "<main>", "<main><![CDATA["+secret+"]]>"),
		replace("attribute", "<main>", `<main data-x="`+secret+`">`),
		replace("attribute's name", "<main>", `<main `+strings.ReplaceAll(secret, " ", "-")+`>`),
		replace("attribute of an end tag", "</main>", `</main x="`+secret+`">`),
		replace("class", "<main>", `<main class="`+secret+`">`),
		replace("title", "<main>", `<main title="`+secret+`">`),
		replace("alternative text", `alt=""`, `alt="`+secret+`"`),
		replace("hidden", "<main>", `<main><p hidden>`+secret+`</p>`),
		replace("inline style", "<main>", `<main><p style="display:none">`+secret+`</p>`),
		replace("class hidden", "<main>", `<main><p class="hidden">`+secret+`</p>`),
		replace("script", "<main>", `<main><script>x="`+secret+`"</script>`),
		replace("handler", "<main>", `<main onclick="`+secret+`">`),
		replace("template", "<main>", `<main><template>`+secret+`</template>`),
		replace("frame", "<main>", `<main><iframe srcdoc="`+secret+`"></iframe>`),
		replace("form", "<main>", `<main><input type="hidden" value="`+secret+`">`),
		replace("link", "<main>", `<main><a href="https://example.org/?q=`+secret+`">more</a>`),
		replace("meta", "<title>", `<meta name="description" content="`+secret+`"><title>`),
		replace("CSS content", "<style>", `<style>.x::after{content:"`+secret+`"}`),
		replace("CSS comment", "<style>", "<style>/* "+secret+" */"),
		replace("CSS address", "<style>", "<style>p{background:url(https://example.org/"+strings.ReplaceAll(secret, " ", "")+")}"),
		replace("CSS property", "<style>", "<style>p{--x: "+secret+"}"),
		replace("CSS that hides", "<style>", "<style>p.mark{display:none}"),
		replace("CSS that shrinks", "<style>", "<style>p{font-size:1px}"),
		replace("CSS that moves away", "<style>", "<style>p{margin-left:-999px}"),
		replace("CSS white on white", "<style>", "<style>:root{--ink:#fff;--soft:#fff;--ground:#fff;--bar:#fff;--words:#fff}"),
		replace("CSS white on white at a place", "<style>", "<style>p{color:var(--words)}"),
		replace("a paragraph's number", `<span class="number">1.`, `<span class="number">2.`),
		replace("an item's number", `value="1"`, `value="2"`),
		replace("a list's beginning", `<ol>`, `<ol start="2">`),
		replace("second style", "</style>", "</style><style></style>"),
		replace("split over elements", "<main>", `<main><p>`+secret[:half]+`<b>`+secret[half:]+`</b></p>`),
		replace("split over cells", "<main>", `<main><p>`+secret[:half]+`</p><p>`+secret[half:]+`</p>`),
		replace("zero-width characters", "<main>", "<main><p>"+letters+"</p>"),
		replace("entities", "<main>", "<main><p>&#84;he harbour master h&#97;s been our s&#111;urce since the spring of 2019</p>"),
		replace("document type", "<!doctype html>", `<!doctype html SYSTEM "`+secret+`">`),
		replace("picture from elsewhere", "<main>", `<main><img src="https://example.org/`+secret+`">`),
		replace("picture that is SVG", "<main>", `<main><img src="data:image/svg+xml,<svg>`+secret+`</svg>">`),
		{"behind the end", func(_ testing.TB, b []byte) []byte { return append(slices.Clone(b), secret...) }},
		{"a tag without an end", func(_ testing.TB, b []byte) []byte { return append(slices.Clone(b), "<p "+secret...) }},
		{"a zero byte", func(_ testing.TB, b []byte) []byte { return append(slices.Clone(b), "\x00"...) }},
		inPicture("PNG tEXt", func(b []byte) []byte { return withChunk(b, "tEXt", "Comment\x00"+secret) }),
		inPicture("PNG eXIf", func(b []byte) []byte { return withChunk(b, "eXIf", secret) }),
		inPicture("PNG trailing bytes", func(b []byte) []byte { return append(slices.Clone(b), secret...) }),
		inPicture("JPEG with EXIF", func([]byte) []byte { return []byte("\xff\xd8\xff\xe1\x00\x40Exif\x00\x00" + secret + "\xff\xd9") }),
	}
	caught(t, webPage(t), look.HTML, plants)
}

// TestAnywhereInHTML: put anywhere, in one piece, it is found or refused.
func TestAnywhereInHTML(t *testing.T) {
	t.Parallel()
	p := every(t)
	p.Items = p.Items[:8] // without the picture, in which most places would be
	b, err := hypertext.Render(p)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.IntRange(0, len(b)).Draw(t, "at")
		found, err := look.HTML(slices.Concat(b[:at], []byte(secret), b[at:]))
		if err == nil && !strings.Contains(spelt(found...), spelt(secret)) {
			t.Fatalf("passed, at %q", b[max(0, at-20):min(at+20, len(b))])
		}
	})
}

func FuzzHTML(f *testing.F) {
	f.Add(webPage(f))
	for _, s := range []string{"", "<", "<p a='b", "<style>p{", "\xe9", "<style>@media print{p{color:red}", "<!doctype html><html><head><title>x</title><style></style></head><body>", `<img src="data:image/png;base64,AAAA">`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) { sound(t, b, look.HTML) })
}

// sound checks what holds of any bytes.
func sound(t *testing.T, b []byte, read func([]byte) ([]string, error)) {
	t.Helper()
	found, err := read(b)
	again, err2 := read(b)
	if !slices.Equal(found, again) || (err == nil) != (err2 == nil) {
		t.Fatal("read twice, it reads otherwise")
	}
	for _, f := range found {
		if !utf8.ValidString(f) {
			t.Fatalf("%q is no text", f)
		}
	}
}
