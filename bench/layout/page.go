package main

import (
	"fmt"
	"strings"

	"tearline"
	"tearline/codec"
)

// Invented prose: every sentence is one of these, with words put in for the
// letters behind the signs. Braces offer alternatives.
var sentences = []string{
	"Customs officers at the %p {stopped|held} a lorry %w and found {about|roughly} %n %t beneath a %a load of %t.",
	"The driver, a clerk of the %o, said that he had been paid %w by a man he {knew only|had known only} as the %a %r.",
	"A %r of the %o told two visitors %w that the %t would leave the %p before the end of the week.",
	"On the same evening a %a launch was seen {near|close to} the %p, without lights and with %n %t on deck.",
	"The %o has since changed the locks of its %a store and asked the %p for {a list|an inventory} of all %t.",
	"None of the %n %t had been entered in the books of the %p, although the %r signs them %w.",
	"{It is not known|Nobody knows} who ordered the %t; the %o denies that it has ever used the %p.",
	"The %r left for the %p %w and {did not return|has not returned}.",
	"Two of the %t were of a %a kind that the %o had reported missing %w.",
	"A second meeting is planned at the %p, where the %r intends to {show|present} the %a %t to buyers.",
	"The %a %r, who has worked for the %o for %n months, keeps a key to the %p.",
	"Payment was agreed in %n parts, {the first|of which the first} falls due when the %t reach the %p.",
}

var words = map[byte][]string{
	'p': strings.Split("northern crossing,fish quay,eastern mole,old tannery,upper lock,railway yard,grain harbour,ferry stage,salt works,signal station", ","),
	't': strings.Split("detonators,tractor parts,sealed crates,radio sets,oil drums,pump engines,cable reels,survey maps,gas bottles,spare rotors", ","),
	'o': strings.Split("Harbour Office,Lantern Company,Coastal Survey,Grain Board,Ferry Union,Bridge Commission,Tidewater Bank,Northern Circle", ","),
	'r': strings.Split("deputy,bookkeeper,foreman,pilot,surveyor,night guard,cashier,interpreter,messenger", ","),
	'a': strings.Split("rusted,small,foreign,half empty,covered,newly painted,heavy,painted,grey,remote", ","),
	'w': strings.Split("on Tuesday,before sunrise,in the last days of March,twice,without a word,late at night,a week ago,in cash,by telephone", ","),
	'n': strings.Split("forty,a dozen,sixteen,about 300,nine,two hundred,eleven", ","),
}

// sentence invents one.
func (d *dice) sentence() string {
	s := pick(d, sentences)
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' {
			i++
			b.WriteString(pick(d, words[s[i]]))
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// page invents the page of one recipient: his is the choice at each point.
func (d *dice) page(items int, recipient string) (codec.Page, error) {
	p := codec.Page{
		Banner: "SECRET//REL TO USA, CAN, GBR", Copy: tearline.CopyID(fmt.Sprintf("K-%04d", d.under(10_000))), Recipient: recipient,
		Date: "2026-03-14", Individual: true, Title: &codec.Item{Text: "Traffic at the northern crossing"},
		Caveats: []string{"Only for the purpose of port security"},
	}
	marks := []string{"(S//REL TO USA, CAN, GBR)", "(C//REL TO USA, CAN, GBR)", "(U)"}
	for i := range items {
		var s []string
		for range 3 + d.under(4) {
			s = append(s, d.sentence())
		}
		w, err := tearline.ParseWording(strings.Join(s, " "))
		if err != nil {
			return p, err
		}
		it := codec.Item{Mark: pick(d, marks), Portion: tearline.PortionID(fmt.Sprintf("p%d", i+1)), Wording: w}
		for _, s := range w.Segments() {
			if s.Alternatives != nil {
				it.Choices = append(it.Choices, d.under(len(s.Alternatives)))
			}
		}
		if it.Text, err = w.Render(it.Choices); err != nil {
			return p, err
		}
		p.Items = append(p.Items, it)
	}
	return p, nil
}
