package sanitize_test

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline"
	"tearline/codec"
	"tearline/marking"
	"tearline/sanitize"
)

var (
	vocabulary = strings.Fields("harbour courier evening river engine letter morning window garden copper silver market " +
		"bridge winter summer signal engineer captain doctor teacher valley tunnel station border village")
	marks = []string{
		"(U)", "(U)", "(C)", "(S)", "(S//NF)", "(S//REL TO USA, GBR)", "(C//REL TO USA, FRA)", "(S//REL TO USA, FVEY)",
		"(S//REL TO USA, NATO)", "(S//OC)", "(S//OC/NF)", "(S//OC/REL TO USA, GBR)", "(TS//SI//NF)", "(TS//SI//REL TO USA, FVEY)",
	}
	recipients = []tearline.PartyID{"GBR", "FRA", "DEU", "SWE"}
)

func pick[T any](t *rapid.T, from []T, label string) T { return rapid.SampledFrom(from).Draw(t, label) }

// phrase draws words, at times those of an earlier phrase, so that withheld
// and open texts have runs in common.
func phrase(t *rapid.T, earlier *[]string, most int) string {
	if len(*earlier) > 0 && rapid.IntRange(0, 3).Draw(t, "again") == 0 {
		return pick(t, *earlier, "earlier") + " " + pick(t, vocabulary, "word")
	}
	var out []string
	for range rapid.IntRange(1, most).Draw(t, "words") {
		w := pick(t, vocabulary, "word")
		switch rapid.IntRange(0, 12).Draw(t, "form") {
		case 0:
			w = "{" + w + "|" + pick(t, vocabulary, "word") + "|}"
			if strings.Count(w, w[1:strings.IndexByte(w, '|')]) > 1 {
				w = "{a|b c}"
			}
		case 1:
			w = "**" + strings.ToUpper(w) + "**,"
		case 2:
			w = "un{" + w + "|known}"
		}
		out = append(out, w)
	}
	s := strings.Join(out, " ")
	*earlier = append(*earlier, s)
	return s
}

// drawn is a random world with one report.
type drawn struct {
	*world
	report *tearline.Report
	to     tearline.PartyID
}

func draw(t *rapid.T) *drawn {
	w := &drawn{world: allies(), to: pick(t, recipients, "to")}
	var earlier []string
	for _, p := range []tearline.PartyID{"GBR", "DEU"} {
		w.file(t, "", fmt.Sprintf("---\nid: %s-1\noriginator: %s\npolicy: us\ndate: 2026-02-01\n---\n%s Source one.\n\n%s Source two.\n",
			p, p, pick(t, marks, "mark"), pick(t, marks, "mark")))
	}
	var b strings.Builder
	b.WriteString("---\nid: USA-7\noriginator: USA\npolicy: us\ndate: 2026-03-01\n")
	switch rapid.IntRange(0, 2).Draw(t, "title") {
	case 0:
		fmt.Fprintf(&b, "title: %q\n", pick(t, marks, "mark")+" "+phrase(t, &earlier, 6))
	case 1:
		fmt.Fprintf(&b, "title: %q\n", phrase(t, &earlier, 6))
	}
	b.WriteString("---\n")
	for range rapid.IntRange(1, 6).Draw(t, "portions") {
		fmt.Fprintf(&b, "%s %s\n\n", pick(t, marks, "mark"), phrase(t, &earlier, 14))
		switch rapid.IntRange(0, 4).Draw(t, "attribute") {
		case 0:
			b.WriteString("> originator: GBR\n")
		case 1, 2:
			fmt.Fprintf(&b, "> sources: %s-1/p%d\n", pick(t, []string{"GBR", "DEU"}, "source"), rapid.IntRange(1, 2).Draw(t, "source"))
		}
		if rapid.IntRange(0, 2).Draw(t, "tear") == 0 {
			fmt.Fprintf(&b, "> tear (U): %s\n", phrase(t, &earlier, 9))
		}
		b.WriteString("\n")
	}
	w.report = w.file(t, "", b.String())
	w.sayings(t)
	return w
}

// sayings draws agreements, consents, declassifications and discretions.
func (w *drawn) sayings(t *rapid.T) {
	ref := func(id tearline.PortionID) tearline.PortionRef {
		return tearline.PortionRef{Report: "USA-7", Portion: id}
	}
	for _, by := range []tearline.PartyID{"USA", "GBR", "DEU"} {
		if rapid.Bool().Draw(t, "agreement") {
			w.say("USA", day(2), &tearline.Agreement{
				Name: string(by), Parties: [2]tearline.PartyID{"USA", by}, Ceiling: "SECRET",
				Onward:   pick(t, []tearline.Onward{tearline.OnwardAsk, tearline.OnwardFree}, "onward"),
				Standing: []tearline.StandingConsent{{By: by, UpTo: "SECRET", To: []tearline.PartyID{pick(t, recipients, "standing")}}},
			})
		}
	}
	for _, by := range []tearline.PartyID{"GBR", "DEU"} {
		if rapid.Bool().Draw(t, "consent") {
			w.say(by, day(3), &tearline.Consent{Granted: true, Recipient: w.to, Portions: []tearline.PortionRef{
				{Report: tearline.ReportID(by + "-1"), Portion: "p1"}, {Report: tearline.ReportID(by + "-1"), Portion: "p2"},
			}})
		}
	}
	for i := range w.report.Portions {
		p := &w.report.Portions[i]
		switch rapid.IntRange(0, 7).Draw(t, "saying") {
		case 0, 1:
			w.say(p.Originator, day(3), &tearline.Consent{
				Granted: true, Recipient: w.to, Portions: []tearline.PortionRef{ref(p.ID), ref(tearline.TearOf(p.ID))},
				Conditions: []tearline.Condition{"Keep it dry"},
			})
		case 2:
			w.say("USA", day(3), &tearline.Discretion{
				Portions: []tearline.PortionRef{ref(p.ID)}, Recipient: w.to, Modes: []tearline.Mode{tearline.Document}, Because: "lives", Authority: "Director",
			})
		case 3:
			w.say(p.Originator, day(3), &tearline.Declassification{Portions: []tearline.PortionRef{ref(p.ID)}, Because: "old", Authority: "Office"})
		}
	}
}

// tear makes the version, or skips a world in which nothing may go.
func (w *drawn) tear(t *rapid.T) *sanitize.Version {
	v, err := sanitize.TearLine(w.report, w.decide(t, "USA-7", w.to, tearline.Document))
	if errors.Is(err, sanitize.ErrNothing) {
		t.Skip("nothing may go")
	}
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestDecidedAgain: put back in the place of what they came from, under the
// marks that they bear in the version, the items are all released: by the same
// facts, for the same recipient. What went out at discretion the rules still do
// not release, and it is still the discretion that lets it go.
func TestDecidedAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := draw(t)
		v := w.tear(t)
		w.refile(v)
		d := w.decide(t, "USA-7", w.to, tearline.Document)
		for _, it := range v.Items() {
			key := it.Portion
			if it.Replaced {
				key = tearline.TearOf(key)
			}
			verdict, ok := d.Verdict(key)
			if it.Basis == tearline.ByDiscretion {
				if basis, may := d.May(key); !may || basis != tearline.ByDiscretion {
					t.Fatalf("item %+v: %+v", it, verdict)
				}
				continue
			}
			if !ok || verdict.Outcome != tearline.Release {
				t.Fatalf("item %+v: %+v", it, verdict)
			}
		}
	})
}

// refile changes the marks in the report's filing to those of a version.
func (w *drawn) refile(v *sanitize.Version) {
	for i := range w.statements {
		f, ok := w.statements[i].Says.(*tearline.Filing)
		if !ok || f.Report != "USA-7" {
			continue
		}
		marked := *f
		marked.Portions = slices.Clone(f.Portions)
		for _, it := range v.Items() {
			for j := range marked.Portions {
				switch p := &marked.Portions[j]; {
				case p.ID != it.Portion:
				case it.Replaced:
					p.Tear = it.Marking.Portion()
				default:
					p.Marking = it.Marking.Portion()
				}
			}
		}
		w.statements[i].Says = &marked
	}
}

// TestVersion: kept, replaced and dropped are the report; items are numbered
// without gaps; the banner is their roll-up.
func TestVersion(t *testing.T) {
	us, _ := marking.Lookup("us")
	numbered := regexp.MustCompile(`(?m)^(\d+)\. \(`)
	rapid.Check(t, func(t *rapid.T) {
		w := draw(t)
		v := w.tear(t)
		all := slices.Concat(v.Kept(), v.Replaced(), v.Dropped())
		slices.Sort(all)
		var want []tearline.PortionID
		for i := range w.report.Portions {
			want = append(want, w.report.Portions[i].ID)
		}
		slices.Sort(want)
		if diff := cmp.Diff(want, all); diff != "" {
			t.Fatalf("-report +version:\n%s", diff)
		}
		var dated []marking.Dated
		for _, it := range v.Items() {
			dated = append(dated, marking.Dated{Marking: it.Marking, Date: "2026-03-01"})
		}
		rolled, err := us.RollUp(dated)
		if err != nil || !rolled.Banner.Equal(v.Banner()) {
			t.Fatalf("banner %s, roll-up %s, %v", v.Banner().Banner(), rolled.Banner.Banner(), err)
		}
		_, text := copyOf(t, v, spec(w.to))
		for i, m := range numbered.FindAllStringSubmatch(text, -1) {
			if m[1] != fmt.Sprint(i+1) {
				t.Fatalf("item %d is numbered %s:\n%s", i+1, m[1], text)
			}
		}
		lines := strings.Split(strings.TrimSpace(text), "\n")
		if b := "**" + v.Banner().Banner() + "**"; lines[0] != b || lines[len(lines)-1] != b {
			t.Fatalf("the banner %s is not at top and bottom:\n%s", b, text)
		}
	})
}

// wordings returns all the ways in which a wording reads, or some thousand.
func wordings(w tearline.Wording) []string {
	out := []string{""}
	for _, s := range w.Segments() {
		pieces := []string{s.Text}
		if s.Alternatives != nil {
			pieces = s.Alternatives
		}
		var next []string
		for _, o := range out {
			for _, p := range pieces {
				if len(next) < 4000 {
					next = append(next, o+p)
				}
			}
		}
		out = next
	}
	return out
}

var word = regexp.MustCompile(`[\p{L}\p{N}]+`)

// runs returns all runs of five words of a text, or the whole of a shorter
// one.
func runs(s string) []string {
	ws := word.FindAllString(strings.ToLower(s), -1)
	if len(ws) < 5 {
		return []string{strings.Join(ws, " ")}
	}
	var out []string
	for i := range len(ws) - 4 {
		out = append(out, strings.Join(ws[i:i+5], " "))
	}
	return out
}

func spelt(s string) string {
	return " " + strings.Join(word.FindAllString(strings.ToLower(s), -1), " ") + " "
}

// TestInvariant10NothingWithheldSurvives: no run of words of a withheld text
// that no item has, no mark that no item bears, no name of the report, of its
// portions or of its sources, and no gap is in the bytes of a copy.
func TestInvariant10NothingWithheldSurvives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := draw(t)
		v := w.tear(t)
		d, text := copyOf(t, v, spec(w.to))
		var items []string
		shown := map[string]bool{}
		for _, it := range v.Items() {
			key := it.Portion
			if it.Replaced {
				key = tearline.TearOf(key)
			}
			s, err := it.Wording.Render(sanitize.Choices(d)[key])
			if err != nil {
				t.Fatal(err)
			}
			items = append(items, spelt(s))
			shown[it.Marking.Portion()] = true
		}
		if len(v.Kept()) == len(w.report.Portions) {
			items = append(items, spelt(w.report.Title))
		}
		open := func(run string) bool {
			return slices.ContainsFunc(items, func(s string) bool { return strings.Contains(s, " "+run+" ") })
		}
		all := spelt(text)
		withheld := func(s string) {
			for _, run := range runs(s) {
				if run != "" && strings.Contains(all, " "+run+" ") && !open(run) {
					t.Fatalf("%q of a withheld text in:\n%s", run, text)
				}
			}
		}
		for _, id := range append(v.Dropped(), v.Replaced()...) {
			p, _ := w.report.Portion(id)
			for _, s := range wordings(p.Wording) {
				withheld(s)
			}
			if m := p.Marking.Portion(); !shown[m] && strings.Contains(text, m) {
				t.Fatalf("the mark %s of a withheld portion in:\n%s", m, text)
			}
			if p.Tear != nil && slices.Contains(v.Dropped(), id) {
				withheld(p.Tear.Wording.Plain())
			}
		}
		withheld(w.report.Title)
		for _, name := range []string{"USA-7", "GBR-1", "DEU-1", "statement00", "p1", "p2", "~"} {
			if strings.Contains(text, name) {
				t.Fatalf("the name %s in:\n%s", name, text)
			}
		}
	})
}

// TestCopiesDifferInAlternativesOnly: two recipients with the same say get
// copies that differ inside the alternatives and nowhere else.
func TestCopiesDifferInAlternativesOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := allies()
		var b strings.Builder
		var earlier []string
		for range rapid.IntRange(1, 5).Draw(t, "portions") {
			fmt.Fprintf(&b, "%s %s\n\n", pick(t, []string{"(U)", "(S//REL TO USA, NATO)", "(S//NF)"}, "mark"), phrase(t, &earlier, 12))
		}
		r := w.file(t, "USA-7", "(U) harbour {one|two}\n\n"+b.String())
		var lines [2][]string
		var versions [2]*sanitize.Version
		var drafts [2]*sanitize.Draft
		for i, to := range []tearline.PartyID{"FRA", "DEU"} {
			versions[i] = w.version(t, r, to)
			s := spec(to)
			s.RecipientName = "Service"
			var text string
			drafts[i], text = copyOf(t, versions[i], s)
			for j, it := range versions[i].Items() {
				rendered, err := it.Wording.Render(sanitize.Choices(drafts[i])[it.Portion])
				if err != nil {
					t.Fatal(err)
				}
				one, err := codec.RenderMarkdown(codec.Page{Banner: "X", Items: []codec.Item{{Mark: it.Marking.Portion(), Text: rendered}}})
				if err != nil {
					t.Fatal(err)
				}
				paragraph := strings.Split(string(one), "\n\n")[1]
				number := fmt.Sprintf("%d", j+1) + strings.TrimPrefix(paragraph, "1")
				if strings.Count(text, number) != 1 {
					t.Fatalf("no %q in:\n%s", number, text)
				}
				text = strings.Replace(text, number, fmt.Sprintf("%d. %s %s", j+1, it.Marking.Portion(), it.Wording.Source()), 1)
			}
			lines[i] = strings.Split(text, "\n")
		}
		if diff := cmp.Diff(lines[0], lines[1]); diff != "" {
			t.Fatalf("the copies differ outside the alternatives:\n%s", diff)
		}
	})
}

// TestInspectionCatchesALeakingRenderer: whatever is put into the page or the
// bytes that is withheld, wherever, stops the copy.
func TestInspectionCatchesALeakingRenderer(t *testing.T) {
	secret := regexp.MustCompile(`^\w+( \w+){5,}$`)
	rapid.Check(t, func(t *rapid.T) {
		w := allies()
		hidden := strings.Join(rapid.Permutation(vocabulary).Draw(t, "hidden")[:rapid.IntRange(6, 12).Draw(t, "length")], " ")
		if !secret.MatchString(hidden) {
			t.Fatal(hidden)
		}
		w.file(t, "", "---\nid: GBR-1\noriginator: GBR\npolicy: us\ndate: 2026-02-01\n---\n(U) Source one.\n")
		r := w.file(t, "USA-7", "(U) Airlines have been warned {now|today}.\n\n(S//NF) "+hidden+" {now|today}.\n> sources: GBR-1/p1\n\n(U) Nothing else is known yet.\n")
		v := w.version(t, r, "FRA")
		run := strings.Fields(hidden)
		from := rapid.IntRange(0, len(run)-5).Draw(t, "from")
		leaked := pick(t, []string{
			strings.Join(run[from:from+5], " "), strings.ToUpper(strings.Join(run[from:from+5], " - ")), strings.Join(run[from:from+5], "\n"),
			strings.Join(run[len(run)-4:], " ") + " today", "USA-7", "see USA-7/p2", "GBR-1/p1.", "(S//NF)", strings.Join(run[from:from+5], "\u00a0*"),
		}, "leaked")
		tamper, edit := where(t, leaked)
		b, err := sanitize.InspectLeaking(v, spec("FRA"), tamper, edit)
		if !errors.Is(err, sanitize.ErrSurvives) {
			t.Fatalf("%q passed: %v\n%s", leaked, err, b)
		}
	})
}

// where draws the place at which a renderer leaks.
func where(t *rapid.T, leaked string) (func(*codec.Page), func([]byte) []byte) {
	flat := strings.ReplaceAll(leaked, "\n", " ")
	pages := []func(*codec.Page){
		func(p *codec.Page) { p.Items = append(p.Items, codec.Item{Mark: "(U)", Text: leaked}) },
		func(p *codec.Page) { p.Items[0].Text += " " + leaked },
		func(p *codec.Page) { p.Title = &codec.Item{Text: leaked} },
		func(p *codec.Page) { p.Caveats = append(p.Caveats, flat) },
		func(p *codec.Page) { p.Recipient = flat },
		func(p *codec.Page) { p.Date = "of " + flat },
		func(p *codec.Page) { p.Copy = tearline.CopyID("x " + flat) },
		func(p *codec.Page) { p.Banner += " " + flat },
	}
	edits := []func([]byte) []byte{
		func(b []byte) []byte { return append(b, "\n"+flat+"\n"...) },
		func(b []byte) []byte { return append(b, "\n<!-- "+flat+" -->\n"...) },
		func(b []byte) []byte { return append(b, "\n[x]: http://e.example \""+flat+"\"\n"...) },
		func(b []byte) []byte { return append([]byte("---\ntitle: "+flat+"\n---\n"), b...) },
		func(b []byte) []byte { // each letter as a character reference
			var s strings.Builder
			for _, r := range flat {
				fmt.Fprintf(&s, "&#x%x;", r)
			}
			return append(b, "\n"+s.String()+"\n"...)
		},
		func(b []byte) []byte { return append(b, "\n"+strings.ReplaceAll(flat, " ", "\u200b ")+"\n"...) },
	}
	if i := rapid.IntRange(0, len(pages)+len(edits)-1).Draw(t, "where"); i < len(pages) {
		return pages[i], nil
	} else {
		return nil, edits[i-len(pages)]
	}
}
