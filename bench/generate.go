package main

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"tearline"
	"tearline/marking"
)

// dice are a seeded source of numbers (splitmix64): the same worlds on every
// machine and under every version of Go.
type dice struct{ state uint64 }

func (d *dice) next() uint64 {
	d.state += 0x9e3779b97f4a7c15
	z := d.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// under returns a number from 0 to n-1.
func (d *dice) under(n int) int { return int(d.next() % uint64(n)) } //nolint:gosec // n is positive, the rest below it

// unit returns a number from 0 to below 1.
func (d *dice) unit() float64 { return float64(d.next()>>11) / (1 << 53) }

// chance is true in p of all cases.
func (d *dice) chance(p float64) bool { return d.unit() < p }

// skewed returns a number from 0 to n-1 as words are distributed in a text:
// the kth about 1/k as often as the first.
func (d *dice) skewed(n int) int { return min(int(math.Pow(float64(n+1), d.unit()))-1, n-1) }

func pick[T any](d *dice, list []T) T { return list[d.under(len(list))] }

const plainWords = "the of and to in a is that for on was with as by at from it be are has were had which will this its not " +
	"or an but have been he they would said who their after two more his about when one than could over other into"

// A vocabulary is what invented prose is made of.
type vocabulary struct{ plain, words []string }

// newVocabulary invents n words out of syllables.
func newVocabulary(n int) *vocabulary {
	d := &dice{1}
	heads := strings.Fields("b br c ch d dr f fl g gr h j k l m n p pl pr qu r s sh st t tr v w y z")
	hearts := strings.Fields("a e i o u ai ea ou or er an in on al")
	tails := strings.Fields("n r s t l m d ng nt st ck x p")
	v := &vocabulary{plain: strings.Fields(plainWords)}
	seen := map[string]bool{}
	for len(v.words) < n {
		var w strings.Builder
		for range 2 + d.under(2) {
			w.WriteString(pick(d, heads) + pick(d, hearts))
		}
		w.WriteString(pick(d, tails))
		if !seen[w.String()] {
			seen[w.String()] = true
			v.words = append(v.words, w.String())
		}
	}
	return v
}

// word draws one: a third are function words, one in forty is a number.
func (v *vocabulary) word(d *dice) string {
	switch {
	case d.chance(0.35):
		return v.plain[d.skewed(len(v.plain))]
	case d.chance(0.04):
		return fmt.Sprint(2 + d.under(998))
	}
	return v.words[d.skewed(len(v.words))]
}

// sentence has 8 to 22 words and, if points, a place with alternatives.
func (v *vocabulary) sentence(d *dice, points bool) string {
	words := make([]string, 8+d.under(15))
	for i := range words {
		words[i] = v.word(d)
	}
	words[0] = strings.ToUpper(words[0][:1]) + words[0][1:]
	if points {
		// Of invented words alone: "over" or "not" would change what is said.
		one := v.words[d.skewed(len(v.words))]
		words[len(words)/2] = "{" + one + "|" + one + " " + v.words[d.under(len(v.words))] + "}"
	}
	return strings.Join(words, " ") + "."
}

// text is prose of about so many bytes.
func (v *vocabulary) text(d *dice, size int, points bool) string {
	var b strings.Builder
	for b.Len() < size-50 {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(v.sentence(d, points))
	}
	return b.String()
}

// article is prose of so many words with a passage in its middle.
func (v *vocabulary) article(d *dice, words int, passage string) string {
	var b strings.Builder
	n, put := 0, false
	for n < words {
		s := v.sentence(d, false)
		n += len(strings.Fields(s))
		b.WriteString(s + " ")
		if !put && n >= words/2 {
			b.WriteString(passage + " ")
			n += len(strings.Fields(passage))
			put = true
		}
	}
	return b.String()
}

// holder is the party that holds everything; the others are its partners.
const holder tearline.PartyID = "USA"

var parties = []tearline.Party{
	{ID: holder, MemberOf: []tearline.PartyID{"FVEY", "NATO"}},
	{ID: "GBR", MemberOf: []tearline.PartyID{"FVEY", "NATO"}},
	{ID: "CAN", MemberOf: []tearline.PartyID{"FVEY", "NATO"}},
	{ID: "AUS", MemberOf: []tearline.PartyID{"FVEY"}},
	{ID: "NZL", MemberOf: []tearline.PartyID{"FVEY"}},
	{ID: "FRA", MemberOf: []tearline.PartyID{"NATO"}},
	{ID: "DEU", MemberOf: []tearline.PartyID{"NATO"}},
	{ID: "NOR", MemberOf: []tearline.PartyID{"NATO"}},
	{ID: "POL", MemberOf: []tearline.PartyID{"NATO"}},
	{ID: "JPN"},
	{ID: "KOR"},
	{ID: "SWE"},
}

// agreements are what the holder has agreed with its partners.
func agreements() []*tearline.Agreement {
	var list []*tearline.Agreement
	for i, p := range parties[1:] {
		a := &tearline.Agreement{
			Name: "with " + string(p.ID), Parties: [2]tearline.PartyID{holder, p.ID}, Ceiling: "TOP SECRET",
			Onward: []tearline.Onward{tearline.OnwardAsk, tearline.OnwardFree, tearline.OnwardNever, tearline.OnwardAsk}[i%4],
		}
		if i%3 == 0 {
			a.Standing = []tearline.StandingConsent{{By: p.ID, UpTo: "SECRET", To: []tearline.PartyID{"FVEY"}}}
		}
		list = append(list, a)
	}
	return list
}

// marks returns about sixty distinct portion marks, the common ones first.
func marks() []string {
	list := []string{"U", "S//NF", "S//REL TO USA, FVEY", "U//FOUO", "C", "C//NF", "C//REL TO USA, FVEY", "C//REL TO USA, NATO"}
	pol, _ := marking.Lookup("us")
	for _, dissem := range []string{
		"NF", "REL TO USA, FVEY", "REL TO USA, GBR", "OC/NF", "REL TO USA, AUS, CAN, GBR", "REL TO USA, NATO", "",
		"REL TO USA, FRA, GBR", "OC/REL TO USA, FVEY", "RELIDO", "REL TO USA, DEU, NOR",
	} {
		for _, head := range []string{"S", "S//SI", "TS//SI", "TS", "TS//SI/TK", "S//TK"} {
			m := strings.TrimSuffix(head+"//"+dissem, "//")
			if _, err := pol.Parse(m); err == nil && len(list) < 60 {
				list = append(list, m)
			}
		}
	}
	return list
}

// reportJSON is a line of what is imported.
type reportJSON struct {
	ID         tearline.ReportID `json:"id"`
	Title      string            `json:"title"`
	Originator tearline.PartyID  `json:"originator"`
	Policy     string            `json:"policy"`
	Date       string            `json:"date"`
	Banner     string            `json:"banner"`
	Portions   []portionJSON     `json:"portions"`
}

type portionJSON struct {
	ID         tearline.PortionID `json:"id"`
	Text       string             `json:"text"`
	Marking    string             `json:"marking"`
	Originator tearline.PartyID   `json:"originator,omitempty"`
	Sources    []string           `json:"sources,omitempty"`
	Tear       *tearJSON          `json:"tear,omitempty"`
}

type tearJSON struct {
	Text    string `json:"text"`
	Marking string `json:"marking"`
}

// A generator invents reports.
type generator struct {
	d     *dice
	v     *vocabulary
	marks []string
	pol   *marking.Policy
	tear  marking.Marking // of approved tear-line wordings
}

func newGenerator(seed uint64) *generator {
	pol, _ := marking.Lookup("us")
	tear, _ := pol.Parse("S//REL TO USA, NATO") // marks drops what it cannot read; the tests see that this is read
	return &generator{d: &dice{seed}, v: newVocabulary(20_000), marks: marks(), pol: pol, tear: tear}
}

// reportID names the ith report.
func reportID(i int) tearline.ReportID { return tearline.ReportID(fmt.Sprintf("R-%06d", i)) }

// portionsEach is how many portions a report has.
const portionsEach = 5

// report invents the ith report: five portions of about 300 bytes, one in ten
// with alternatives, one in five with sources. What a report rests on comes
// from another generation, so that lineages are at most three deep.
func (g *generator) report(i int) (reportJSON, error) {
	d := g.d
	generation := i % 4
	r := reportJSON{
		ID: reportID(i), Title: "(U) " + g.v.text(d, 60, false), Originator: pick(d, parties[:6]).ID, Policy: "us",
		Date: time.Date(2026, 1, 1+i%300, 0, 0, 0, 0, time.UTC).Format("2006-01-02"),
	}
	dated := []marking.Dated{{Marking: g.pol.Lowest(), Date: r.Date}} // the title
	for p := range portionsEach {
		x := portionJSON{
			ID:   tearline.PortionID(fmt.Sprintf("p%d", p+1)),
			Text: g.v.text(d, 300, d.chance(0.1)), Marking: g.marks[d.skewed(len(g.marks))],
		}
		if d.chance(0.2) {
			x.Originator = pick(d, parties).ID
		}
		if generation > 0 && i >= 4 && d.chance(0.27) {
			for range 1 + d.under(2) {
				from := d.under(i/4)*4 + d.under(generation)
				x.Sources = append(x.Sources, fmt.Sprintf("%s/p%d", reportID(from), 1+d.under(portionsEach)))
			}
		}
		m, err := g.pol.Parse(x.Marking)
		if err != nil {
			return r, fmt.Errorf("mark %q: %w", x.Marking, err)
		}
		if d.chance(0.1) && m.Dominates(g.tear) {
			x.Tear = &tearJSON{Text: g.v.text(d, 120, false), Marking: g.tear.Portion()}
		}
		dated = append(dated, marking.Dated{Marking: m, Date: r.Date})
		r.Portions = append(r.Portions, x)
	}
	rolled, err := g.pol.RollUp(dated)
	r.Banner = rolled.Banner.Banner()
	return r, err
}

// lines invents n reports as JSON Lines.
func (g *generator) lines(n int) ([][]byte, error) {
	list := make([][]byte, n)
	for i := range list {
		r, err := g.report(i)
		if err != nil {
			return nil, fmt.Errorf("report %d: %w", i, err)
		}
		if list[i], err = json.Marshal(r); err != nil {
			return nil, err
		}
		list[i] = append(list[i], '\n')
	}
	return list, nil
}
