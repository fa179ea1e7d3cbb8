package marks_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/internal/marks"
	"tearline/marking"
)

// The answers as they have always been, to the byte.
func TestAnswers(t *testing.T) {
	t.Parallel()
	const hint = `"hint":"write a mark, a JSON string, or {\"input\": MARK, \"policy\": ID}","severity":"error"`
	ok := func(input, form, banner, portion, fields string) string {
		return fmt.Sprintf(`{"input":%q,"ok":true,"form":"%s","canonical_banner":"%s","canonical_portion":"%s","fields":{%s},"faults":[]}`, input, form, banner, portion, fields)
	}
	refused := func(input, text string) string {
		return fmt.Sprintf(`{"input":%q,"ok":false,"form":"","canonical_banner":"","canonical_portion":"","fields":{},"faults":[{"offset":0,"length":0,"text":%q,"rule":"","cites":"",%s}]}`, input, text, hint)
	}
	nf := ok("S//NF", "portion", "SECRET//NOFORN", "(S//NF)", `"classification":"SECRET","dissem":["NOFORN"],"policy":"us"`)
	red := ok("TLP:RED", "banner", "TLP:RED", "(TLP:RED)", `"classification":"TLP:RED","policy":"tlp"`)
	because := func(token, portions, rule string) string {
		return fmt.Sprintf(`{"token":"%s","portions":[%s],"rule":"%s"}`, token, portions, rule)
	}
	document := func(text string) string {
		return fmt.Sprintf(`{"banner":"","faults":[{"offset":0,"length":0,"text":%q,"rule":"","cites":"","hint":"write {\"portions\": [MARK, …]}","severity":"error"}],"why":[]}`, text)
	}
	for _, c := range []struct{ command, line, want string }{
		{"parse", "S//NF", nf},
		{"parse", `"S//NF"`, nf},
		{"parse", ` {"marking":"S//NF"} `, nf},
		{"parse", `{"INPUT":"S\/\/NF","x":[1]}`, nf},
		{"parse", `{"input":"TLP:RED","policy":"tlp"}`, red},
		{"parse", `"S`, refused("", "unexpected end of JSON input")},
		{"parse", `{"input":"S"`, refused(`{"input":"S"`, "unexpected end of JSON input")},
		{"parse", `{"input":5}`, refused(`{"input":5}`, `"input" cannot be a JSON number`)},
		{"parse", `{"input":"S","policy":"kgb"}`, refused(`{"input":"S","policy":"kgb"}`, `mark: unknown policy "kgb"`)},
		{"parse", "<\u2028\x01\xff>", `{"input":"<\u2028\u0001\ufffd>","ok":false,"form":"banner","canonical_banner":"","canonical_portion":"","fields":{},` +
			`"faults":[{"offset":0,"length":7,"text":"the mark is not UTF-8","rule":"form.utf8","cites":"","hint":"","severity":"error"}]}`},
		{"releasable", "(S//NF)", `{"input":"(S//NF)","ok":true,"keep":["USA"],"see":[],"silent":false,"faults":[]}`},
		{"releasable", "(S)", `{"input":"(S)","ok":true,"keep":["USA"],"see":[],"silent":true,"faults":[]}`},
		{"releasable", "", `{"input":"","ok":false,"keep":[],"see":[],"silent":false,` +
			`"faults":[{"offset":0,"length":0,"text":"there is no mark","rule":"form.empty","cites":"","hint":"write at least the level","severity":"error"}]}`},
		{"rollup", "(C); (U)", `{"banner":"CONFIDENTIAL","faults":[],"why":[` + because("CONFIDENTIAL", "0", "CAPCO 2016 §D.2") + `]}`},
		{"rollup", `{"portions":["(C)","C"],"dates":["2020-01-01","2020-01-02"]}`, `{"banner":"CONFIDENTIAL","faults":[],"why":[` + because("CONFIDENTIAL", "0,1", "CAPCO 2016 §D.2") + `]}`},
		{"rollup", `{"portions":["TLP:RED","TLP:GREEN"],"policy":"tlp","banner":7}`, `{"banner":"TLP:RED","faults":[],"why":[` + because("TLP:RED", "0", "TLP 2.0") + `]}`},
		{"rollup", `{"portions":{}}`, document(`"portions" cannot be a JSON object`)},
		{"rollup", `{"policy":"kgb"}`, document(`mark: unknown policy "kgb"`)},
		{"check", `{"banner":"SECRET","portions":["(S)"]}`, `{"ok":true,"banner":"SECRET","expected":"SECRET","faults":[]}`},
		{"check", `[]`, `{"ok":false,"banner":"","expected":"","faults":[{"offset":0,"length":0,"text":"a JSON array cannot stand here","rule":"","cites":"","hint":"write {\"banner\": MARK, \"portions\": [MARK, …]}","severity":"error"}]}`},
		{"check", `{"banner":"S","portions":["S"],"dates":["",""]}`, `{"ok":false,"banner":"S","expected":"","faults":[{"offset":0,"length":0,"text":"2 dates for 1 portions","rule":"","cites":"","hint":"give one date for each portion, or none","severity":"error"}]}`},
		{"check", `{"banner":"SECRET","portions":["()"]}`, `{"ok":false,"banner":"SECRET","expected":"","faults":[{"offset":1,"length":0,"text":"there is no mark","rule":"form.empty","cites":"","hint":"write at least the level","severity":"error","portion":0}]}`},
	} {
		got, right := answers(us(t))[c.command]()(nil, []byte(c.line))
		if diff := cmp.Diff(c.want+"\n", string(got)); diff != "" {
			t.Errorf("%s %q\n%s", c.command, c.line, diff)
		}
		if want := strings.HasSuffix(c.want, `"faults":[]}`) || strings.Contains(c.want, `"faults":[],"why"`); right != want {
			t.Errorf("%s %q: %v", c.command, c.line, right)
		}
	}
}

// Each fault says how bad it is: a banner in another order is one of form.
func TestSeverity(t *testing.T) {
	t.Parallel()
	got, ok := marks.NewCheck(us(t), nil).Document(nil, &marks.Document{Banner: "SECRET//NOFORN/ORCON", Portions: []string{"(S//OC/NF)"}})
	var a marks.Checked
	if err := json.Unmarshal(got, &a); err != nil {
		t.Fatal(err)
	}
	if ok || a.OK || len(a.Faults) != 1 || a.Faults[0].Severity != "form" || a.Faults[0].Portion != nil {
		t.Errorf("%s", got)
	}
}

// The streamed answer is the typed one, of documents too.
func TestTypedAnswers(t *testing.T) {
	t.Parallel()
	p := us(t)
	for _, line := range []string{"S//NF", "KREM", `{"input":"U"}`, `{`, "TS//SI//REL TO USA, GBR"} {
		a := marks.Parse(p, []byte(line))
		got, ok := marks.Parsing(p, nil)(nil, []byte(line))
		if diff := cmp.Diff(encoded(t, &a)+"\n", string(got)); diff != "" || ok != a.OK {
			t.Errorf("%q: %v\n%s", line, ok, diff)
		}
		if a.Fields == nil || a.Faults == nil {
			t.Errorf("%q: nil in %+v", line, a)
		}
	}
	d := marks.Document{Banner: "SECRET", Portions: []string{"(S)", "KREM"}, Dates: []string{"2020-01-01", ""}}
	line := []byte(encoded(t, d))
	roll, check := marks.NewRollUp(p, nil), marks.NewCheck(p, nil)
	for name, f := range map[string]struct {
		lines    marks.Answer
		document func(dst []byte, d *marks.Document) ([]byte, bool)
	}{"rollup": {roll.Lines(), roll.Document}, "check": {check.Lines(), check.Document}} {
		got, ok := f.lines(nil, line)
		want, wantOK := f.document(nil, &d)
		if diff := cmp.Diff(string(want), string(got)); diff != "" || ok || wantOK {
			t.Errorf("%s: %v, %v\n%s", name, ok, wantOK, diff)
		}
	}
}

// Text is the caller's, and sees what the answer says.
func TestText(t *testing.T) {
	t.Parallel()
	p := us(t)
	texts := map[string]marks.Answer{
		"parse": marks.Parsing(p, func(dst []byte, a *marks.Parsed) []byte {
			return fmt.Append(dst, a.Input, a.OK, a.Form, a.Banner, a.Portion, len(a.Faults))
		}),
		"releasable": marks.Releasing(p, func(dst []byte, a *marks.Releasable) []byte {
			return fmt.Append(dst, a.OK, a.Keep, a.See, a.Silent, len(a.Faults))
		}),
		"rollup": marks.NewRollUp(p, func(dst []byte, a *marks.RolledUp) []byte {
			return fmt.Append(dst, a.Banner, len(a.Why), len(a.Faults))
		}).Lines(),
		"check": marks.NewCheck(p, func(dst []byte, a *marks.Checked) []byte {
			return fmt.Append(dst, a.OK, a.Banner, a.Expected, len(a.Faults))
		}).Lines(),
	}
	for _, c := range []struct{ command, line, want string }{
		{"parse", "S//NF", "S//NFtrueportionSECRET//NOFORN(S//NF)0"},
		{"parse", "KREM", "KREMfalsebanner1"},
		{"releasable", "S//NF", "true [USA] [] false 0"},
		{"rollup", "S;C", "SECRET1 0"},
		{"rollup", "S;KREM", "0 1"},
		{"check", `{"banner":"SECRET","portions":["(S)"]}`, "trueSECRETSECRET0"},
	} {
		for range 3 { // the third time from memory
			got, _ := texts[c.command](nil, []byte(c.line))
			if strings.ReplaceAll(string(got), " ", "") != strings.ReplaceAll(c.want, " ", "") {
				t.Errorf("%s %q: %s", c.command, c.line, got)
			}
		}
	}
}

// A document of very many faults tells some, and that there are more.
func TestManyFaults(t *testing.T) {
	t.Parallel()
	d := marks.Document{Banner: "SECRET", Portions: make([]string, 5000)}
	roll, check := marks.NewRollUp(us(t), nil), marks.NewCheck(us(t), nil)
	for name, document := range map[string]func(dst []byte, d *marks.Document) ([]byte, bool){"rollup": roll.Document, "check": check.Document} {
		got, ok := document(nil, &d)
		var a struct{ Faults []marks.Fault }
		if err := json.Unmarshal(got, &a); err != nil {
			t.Fatal(err)
		}
		if ok || len(a.Faults) != marks.MaxFaults+1 || a.Faults[marks.MaxFaults].Rule != "form.faults" || a.Faults[marks.MaxFaults-1].Rule != "form.empty" {
			t.Errorf("%s: %v, %d faults, the last %+v", name, ok, len(a.Faults), a.Faults[len(a.Faults)-1])
		}
	}
}

func TestPolicy(t *testing.T) {
	t.Parallel()
	for _, id := range marking.Policies() {
		if p, err := marks.Policy(id); err != nil || p.ID() != id {
			t.Errorf("%s: %v", id, err)
		}
	}
	_, err := marks.Policy("kgb")
	if e, ok := errors.AsType[*tearline.Error](err); !ok || e.Kind != tearline.Invalid || e.Public != `unknown policy "kgb"` || !strings.Contains(e.Hint, "us") {
		t.Errorf("%v", err)
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	two := 2
	for want, x := range map[string]interface{ AppendText(dst []byte) []byte }{
		"at 3: text":                        marks.Fault{Offset: 3, Text: "text"},
		"at 0: text [rule, clause]; hint":   marks.Fault{Text: "text", Rule: "rule", Cites: "clause", Hint: "hint"},
		"at 0: text [clause]":               marks.Fault{Text: "text", Cites: "clause"},
		"at 0: portion 2: text [rule]":      marks.CheckedFault{Fault: marks.Fault{Text: "text", Rule: "rule"}, Portion: &two},
		"at 0: the banner's":                marks.CheckedFault{Fault: marks.Fault{Text: "the banner's"}},
		"NOFORN: portions 0, 12 [a clause]": marks.Why{Token: "NOFORN", Portions: []int{0, 12}, Rule: "a clause"},
	} {
		if got := string(x.AppendText([]byte("- "))); got != "- "+want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
