package casepage_test

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline"
	"tearline/internal/casefile"
	"tearline/internal/casepage"
	"tearline/internal/damage"
)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func ref(s string) tearline.PortionRef {
	r, err := tearline.ParsePortionRef(s)
	if err != nil {
		panic(err)
	}
	return r
}

// facts are a leak that draws on two of USA's portions, which rest on NLD's and
// GBR's, with as many others resting on those as are wanted.
func facts(others int) *damage.Facts {
	f := &damage.Facts{Holder: "USA", At: start.Add(time.Hour)}
	say := func(by tearline.PartyID, says tearline.Predicate) {
		f.Statements = append(f.Statements, tearline.Statement{ID: tearline.StatementID(fmt.Sprintf("s%d", len(f.Statements))), By: by, At: start, Says: says})
	}
	portion := func(id string, o tearline.PartyID, mark string, on ...string) tearline.FiledPortion {
		p := tearline.FiledPortion{ID: tearline.PortionID(id), Originator: o, Marking: mark}
		for _, s := range on {
			p.Sources = append(p.Sources, ref(s))
		}
		return p
	}
	nld, usa := "(S//FGI NLD//OC/REL TO USA, NLD)", "(S//REL TO USA, GBR, NLD)"
	say("USA", &tearline.Filing{Report: "NLD-2026-031", Policy: "us", Portions: []tearline.FiledPortion{portion("p1", "NLD", nld), portion("p2", "NLD", nld), portion("p3", "NLD", nld, "NLD-2026-031/p1")}})
	say("USA", &tearline.Filing{Report: "GBR-77", Policy: "us", Portions: []tearline.FiledPortion{portion("p1", "GBR", "(C//FGI GBR//REL TO USA, GBR)")}})
	m := []tearline.FiledPortion{
		portion("p1", "USA", usa, "NLD-2026-031/p1"), portion("p2", "USA", usa, "NLD-2026-031/p1", "GBR-77/p1"), portion("p3", "USA", "(TS//SI//NF)"), portion("p4", "USA", "(U)"),
	}
	m[2].Tear = "(S//REL TO USA, GBR)"
	say("USA", &tearline.Filing{Report: "USA-2026-118", Policy: "us", Portions: m})
	for i := range others {
		say("USA", &tearline.Filing{Report: tearline.ReportID(fmt.Sprintf("USA-2026-%d", 200+i)), Policy: "us", Portions: []tearline.FiledPortion{portion("p1", "USA", usa, "NLD-2026-031/p1")}})
	}
	say("USA", &tearline.Filing{Report: "USA-2026-130-with-a-rather-long-name", Policy: "us", Portions: []tearline.FiledPortion{portion("p1", "USA", usa, "USA-2026-118/p2"), portion("p2", "GBR", usa, "USA-2026-130-with-a-rather-long-name/p1")}})
	say("USA", &tearline.Agreement{Name: "USA-NLD", Parties: [2]tearline.PartyID{"USA", "NLD"}, Inform: true, Onward: tearline.OnwardAsk, Standing: []tearline.StandingConsent{{By: "NLD", UpTo: "SECRET", To: []tearline.PartyID{"GBR"}}}})
	say("NLD", &tearline.Consent{Granted: true, Recipient: "BRA", Portions: []tearline.PortionRef{ref("NLD-2026-031/p1")}, Term: tearline.Term{Until: start.AddDate(1, 0, 0)}})
	say("USA", &tearline.Embargo{Report: "USA-2026-118", Term: tearline.Term{Until: start.AddDate(1, 0, 0)}})
	say("NLD", &tearline.Exclusion{Party: "BRA"})
	f.Leaks = []damage.Leak{{Statement: "l1", Known: start, Seen: start.Add(-time.Hour), Where: "the Velmar Gazette", Portions: []tearline.PortionRef{ref("USA-2026-118/p2"), ref("USA-2026-118/p3~tear")}}}
	f.Given = []damage.Given{{Portion: ref("USA-2026-118/p2"), Party: "GBR", Mode: tearline.Document, At: start.AddDate(0, 0, -2), Copy: "AAAA-BBBB-CCCC"}, {Portion: ref("USA-2026-118/p2"), Party: "FRA", Mode: tearline.Oral, At: start.AddDate(0, 0, -1), Via: "GBR"}}
	f.Waiting = []damage.Copy{{Copy: "DDDD-EEEE-FFFF", Recipient: "NLD", Disclosure: "d", Portions: []tearline.PortionRef{ref("USA-2026-118/p2")}}}
	f.Finding, f.Named = tearline.FoundCopies, []damage.Copy{{Copy: "AAAA-BBBB-CCCC", Recipient: "GBR"}}
	return f
}

func damagePage(tb interface{ Fatal(args ...any) }, d *damage.Damage, title string) string {
	var b bytes.Buffer
	if err := casepage.Damage(&b, d, "2026-1", title); err != nil {
		tb.Fatal(err)
	}
	return b.String()
}

func casePage(tb interface{ Fatal(args ...any) }, f *casefile.File) string {
	var b bytes.Buffer
	if err := casepage.Case(&b, f, []string{"SECRET//NOFORN"}, "complete: the case is closed", "tearline/USA+00+x"); err != nil {
		tb.Fatal(err)
	}
	return b.String()
}

// file is a case in which each text is word.
func file(word string) *casefile.File {
	closed := start.Add(time.Hour)
	return &casefile.File{
		Line: casefile.Line{Case: "2026-1", Party: "USA", Title: word, State: "closed", Opened: start, Officer: word, Closed: &closed, ClosedBy: word, Ended: word, Statements: 3},
		Items: []casefile.Item{
			{At: start, Index: 12, Statement: "s12", Kind: tearline.KindCase, Words: word, Put: []casefile.Item{{At: start.Add(-time.Minute), Index: 11, Statement: "s11", Kind: tearline.KindSighting, Words: word, TakenBack: true}}},
			{At: closed, Index: 13, Statement: "s13", Kind: tearline.KindCase, Words: word},
		},
		Notes: []string{word},
	}
}

func TestDamage(t *testing.T) {
	t.Parallel()
	page := damagePage(t, damage.Assess(facts(3)), "Under the fish market")
	for _, want := range []string{
		`<p class="banner tssci">TOP SECRET//SI//FGI GBR NLD//ORCON/NOFORN</p>`,
		"<h1>Damage of case 2026-1: Under the fish market</h1>",
		"seen 2026-03-02 08:00 UTC in the Velmar Gazette, recorded 2026-03-02 09:00 UTC",
		"<b>2</b> in the open", "<b>3</b> beneath these", "<b>7</b> can be inferred", "<b>1</b> still unexposed",
		`<tr><th scope="row">NLD</th><td class="now">at once</td><td>NLD-2026-031/p1</td><td>NLD-2026-031/p3</td><td></td><td class="id">s8, s7</td></tr>`,
		`<tr><th scope="row">GBR</th><td class="when">by 2026-03-03 09:00 UTC</td><td>GBR-77/p1</td><td></td><td>USA-2026-130-with-a-rather-long-name/p2</td><td class="id"></td></tr>`,
		"<td>USA-2026-118/p2 – NLD-2026-031/p1 – USA-2026-118/p1</td>",
		"FRA, by way of GBR", "AAAA-BBBB-CCCC", "That is a copy, and no person.",
		"NLD&#39;s consent that BRA may have NLD-2026-031/p1, until 2027-03-02 09:00 UTC", "copy DDDD-EEEE-FFFF for NLD, which has not been handed out",
		"USA&#39;s embargo on USA-2026-118", "BRA is never to have NLD&#39;s material",
		"<title>USA-2026-130-with-a-rather-long-name/p1: USA, can be inferred, 1 step</title>", "…",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in it", want)
		}
	}
	// Each derivation among those drawn is a line, from left to right.
	if n := strings.Count(page, "<path "); n != 10 {
		t.Errorf("%d lines", n)
	}
	for _, m := range regexp.MustCompile(`<path d="M(\d+) \d+C.* (\d+) \d+"`).FindAllStringSubmatch(page, -1) {
		if len(m[1]) > len(m[2]) || len(m[1]) == len(m[2]) && m[1] >= m[2] {
			t.Errorf("a line from %s to %s", m[1], m[2])
		}
	}
	if n, rects := strings.Count(page, `<g class="`), strings.Count(page, "<rect "); n != rects || n != 13 {
		t.Errorf("%d boxes", n)
	}
}

// A picture has its bound, and says what it leaves out; so has the table.
func TestLargeDamage(t *testing.T) {
	t.Parallel()
	page := damagePage(t, damage.Assess(facts(700)), "x")
	if n := strings.Count(page, `<g class="`); n < 60 || n > 72 {
		t.Errorf("%d boxes", n)
	}
	for _, want := range []string{"The 649 farthest are in the table alone.", "And 204 more that can be inferred, all farther away"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q", want)
		}
	}
}

func TestNothing(t *testing.T) {
	t.Parallel()
	page := damagePage(t, new(damage.Damage), "")
	for _, want := range []string{"nothing held is named", "Nobody: it may have come from here."} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q", want)
		}
	}
	if strings.Contains(page, "<svg") {
		t.Error("a picture of nothing")
	}
	if page := casePage(t, new(casefile.File)); !strings.Contains(page, "Case :") {
		t.Error(page)
	}
}

func TestCase(t *testing.T) {
	t.Parallel()
	page := casePage(t, file("a word"))
	for _, want := range []string{
		`<p class="banner s">SECRET//NOFORN</p>`, "<h1>Case 2026-1: a word</h1>", "kept by USA; opened 2026-03-02 09:00 UTC by a word; closed 2026-03-02 10:00 UTC by a word: a word; 3 statements",
		`<p class="shown">complete: the case is closed</p>`, "Not as it should be", `<span class="kind">sighting</span> a word <span class="back">(taken back)</span> <span class="id">entry 11, s11</span>`,
		`<span class="id">tearline/USA&#43;00&#43;x</span>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in it", want)
		}
	}
}

var (
	tag      = regexp.MustCompile(`<[^>]*>`)
	own      = regexp.MustCompile(`(?s)<style>.*</style>`)
	outsides = regexp.MustCompile(`(?i)\b(src|srcset|href|action|style|on\w+)\s*=`)
)

func shape(page string) string {
	return strings.Join(tag.FindAllString(own.ReplaceAllString(page, ""), -1), "\n")
}

// Whatever stands in the texts, the pages have the same elements, and nothing
// in them runs or refers to elsewhere.
func TestTextsAreHostile(t *testing.T) {
	t.Parallel()
	evil := rapid.OneOf(
		rapid.StringOf(rapid.SampledFrom([]rune("<>\"'`&/=:;()!-ax \n\x00\x1b\u202e\u2028{}|\\]"))),
		rapid.SampledFrom([]string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</style><script>`, `</title><b>`, `--><!--`, `{{.}}`, "\x1b]0;x\a", "\xff\xfe"}),
	)
	calm := damage.Assess(facts(2))
	calmCase, calmDamage := shape(casePage(t, file("x"))), shape(damagePage(t, calm, "x"))
	for _, page := range []string{calmCase, calmDamage} {
		for _, out := range outsides.FindAllString(page, -1) {
			t.Errorf("the page refers to elsewhere, or styles or runs something: %s", out)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		word := evil.Draw(t, "word") + "x"
		d := damage.Assess(facts(2))
		d.Leaks[0].Where, d.Agreements[0].Name, d.Suspend[0].By, d.Recipients[0].Copies[0] = word, word, tearline.PartyID(word), tearline.CopyID(word)
		for i := range d.Inferred {
			d.Inferred[i].Marking = word
		}
		for name, pages := range map[string][2]string{"case": {calmCase, casePage(t, file(word))}, "damage": {calmDamage, damagePage(t, d, word)}} {
			if got := shape(pages[1]); got != pages[0] {
				t.Fatalf("%s: other elements (-calm +evil):\n%s", name, cmp.Diff(pages[0], got))
			}
			if strings.ContainsAny(own.ReplaceAllString(pages[1], ""), "\x00\x1b\u202e") {
				t.Fatalf("%s: a control character", name)
			}
		}
	})
}
