package word_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tearline/codec/word"
)

// hostileCases are files of a few megabytes that would cost minutes or
// gigabytes if anything in the reader grew faster than they do.
var hostileCases = []struct {
	name string
	pack func() pack
}{
	{"characters that nobody sees", func() pack { return pack{body: para(run(strings.Repeat("\u200ba", 1_000_000)))} }},
	{"notes", func() pack {
		var signs, notes strings.Builder
		for i := range 60_000 {
			fmt.Fprintf(&signs, `<w:r><w:footnoteReference w:id="%d"/></w:r>`, i)
			fmt.Fprintf(&notes, `<w:footnote w:id="%d"/>`, i)
		}
		list, parts := docRel("footnotes", "footnotes.xml", xmlPart("footnotes", notes.String()))
		return pack{body: para(signs.String()), rels: list, parts: parts}
	}},
	{"a long namespace", func() pack {
		return pack{body: para(`<q:a xmlns:q="` + strings.Repeat("n", 500_000) + `">` + strings.Repeat("<q:b/>", 50_000) + `</q:a>`)}
	}},
	{"styles on a large style", func() pack {
		var s, b strings.Builder
		s.WriteString(`<w:style w:type="paragraph" w:styleId="base"><w:rPr>`)
		for i := range 20_000 {
			fmt.Fprintf(&s, "<w:p%d/>", i)
		}
		s.WriteString(`</w:rPr></w:style>`)
		for i := range 1000 {
			fmt.Fprintf(&s, `<w:style w:type="paragraph" w:styleId="s%d"><w:basedOn w:val="base"/></w:style>`, i)
			b.WriteString(styled(fmt.Sprintf("s%d", i), "x"))
		}
		return pack{styles: s.String(), body: b.String()}
	}},
	{"names of styles", func() pack {
		var names, s strings.Builder
		for i := range 30_000 {
			fmt.Fprintf(&s, `<w:style w:type="paragraph" w:styleId="s%d"><w:name w:val="n%d"/></w:style>`, i, i)
		}
		for i := range 100_000 {
			fmt.Fprintf(&names, "n%d,", i%30_000)
		}
		return pack{styles: s.String(), body: para(`<w:fldSimple w:instr="TOC \\t &quot;` + names.String() + `&quot;">` + run("x") + `</w:fldSimple>`)}
	}},
	{"two forms with many pictures", func() pack {
		var b strings.Builder
		for i := range 60_000 {
			fmt.Fprintf(&b, `<a:blip r:embed="r%d"/>`, i)
		}
		return pack{body: para(`<w:r><mc:AlternateContent><mc:Choice>` + b.String() + `</mc:Choice><mc:Fallback>` + b.String() + `</mc:Fallback></mc:AlternateContent></w:r>`)}
	}},
	{"unknown elements", func() pack {
		var b strings.Builder
		for i := range 150_000 {
			fmt.Fprintf(&b, "<w:x%d/>", i)
		}
		return pack{body: para(b.String())}
	}},
}

// Whatever a file of some megabytes holds, it is read, or refused, in seconds
// and in bounded memory.
func TestHostile(t *testing.T) {
	for _, c := range hostileCases {
		t.Run(c.name, func(t *testing.T) {
			b := c.pack().bytes(t)
			start := time.Now()
			done := make(chan uint64, 1)
			go func() {
				done <- peakOf(func() {
					r, err := word.Read(b)
					check(t, r, err)
				})
			}()
			select {
			case peak := <-done:
				if peak > 256<<20 {
					t.Errorf("%d MB", peak>>20)
				}
				t.Logf("%v, %d MB", time.Since(start).Round(time.Millisecond), peak>>20)
			case <-time.After(8 * time.Second):
				t.Error("it takes longer than 8 s")
			}
		})
	}
}
