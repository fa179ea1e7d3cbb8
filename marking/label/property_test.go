package label_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"tearline/marking/label"
)

// drawn draws labels with anything in them that XML can carry.
func drawn() *rapid.Generator[*label.Label] {
	text := rapid.StringMatching(`[a-zA-Z0-9<>&"' é/-]{0,12}`)
	token := rapid.Map(text, func(s string) string { return strings.Join(strings.Fields(s), " ") })
	extra := func(t *rapid.T, elements bool) label.Extra {
		var x label.Extra
		for i := range rapid.IntRange(0, 2).Draw(t, "attributes") {
			x.Attrs = append(x.Attrs, label.Attr{
				Space: rapid.SampledFrom([]string{"", "urn:a", "urn:b", "http://www.w3.org/XML/1998/namespace"}).Draw(t, "space"),
				Name:  string(rune('p' + i)), Value: text.Draw(t, "value"),
			})
		}
		if elements && rapid.Bool().Draw(t, "element") {
			x.Elements = []string{rapid.SampledFrom([]string{`<a xmlns=""/>`, `<a xmlns="urn:x" b="c">text<d/></a>`, `<!---->`[:0] + `<q:z xmlns="urn:y" xmlns:q="urn:z"><!-- kept --></q:z>`}).Draw(t, "xml")}
		}
		return x
	}
	field := func(t *rapid.T) label.Field {
		return label.Field{Text: token.Draw(t, "text"), Extra: extra(t, false)}
	}
	information := func(t *rapid.T) label.Information {
		x := label.Information{Policy: field(t), Classification: field(t), Extra: extra(t, true)}
		x.Policy.URI = token.Draw(t, "uri")
		for range rapid.IntRange(0, 3).Draw(t, "categories") {
			c := label.Category{TagName: text.Draw(t, "tag"), Type: token.Draw(t, "type"), URI: token.Draw(t, "uri"), Extra: extra(t, true)}
			for range rapid.IntRange(0, 3).Draw(t, "values") {
				form := rapid.SampledFrom([]string{"GenericValue", "IntegerValue", "BitStringValue"}).Draw(t, "form")
				c.Values = append(c.Values, label.Value{Form: form, Text: text.Draw(t, "value"), Extra: extra(t, false)})
			}
			x.Categories = append(x.Categories, c)
		}
		return x
	}
	one := func(t *rapid.T, kind label.Kind) label.Label {
		l := label.Label{Kind: kind, ID: token.Draw(t, "id"), ReviewDateTime: token.Draw(t, "review"), Information: information(t), Extra: extra(t, true)}
		if rapid.Bool().Draw(t, "created") {
			f := field(t)
			l.CreationDateTime = &f
		}
		if rapid.Bool().Draw(t, "originator") {
			l.OriginatorID = &label.Originator{IDType: token.Draw(t, "type"), Text: text.Draw(t, "text"), Extra: extra(t, false)}
		}
		return l
	}
	return rapid.Custom(func(t *rapid.T) *label.Label {
		l := one(t, rapid.SampledFrom([]label.Kind{label.KindOriginator, label.KindAlternative, label.KindMetadata, label.KindPlain}).Draw(t, "kind"))
		if rapid.Bool().Draw(t, "succession") {
			l.Succession = &label.Succession{DateTime: field(t), Successor: one(t, label.KindSuccessor), Extra: extra(t, true)}
		}
		return &l
	})
}

func TestPropertyLossless(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawn().Draw(t, "label")
		data, err := l.XML()
		if err != nil {
			t.Fatal(err)
		}
		back, err := label.Read(data)
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		if diff := cmp.Diff(l, back, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("%s\n%s", diff, data)
		}
	})
}
