package codec_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline"
	"tearline/codec"
	"tearline/marking"
)

// reports generates reports, also such as no document gives.
func reports() *rapid.Generator[*tearline.Report] {
	return rapid.Custom(func(t *rapid.T) *tearline.Report {
		us, _ := marking.Lookup("us")
		mark := rapid.Custom(func(t *rapid.T) marking.Marking {
			m, err := us.Parse(rapid.SampledFrom([]string{"(U)", "(C)", "(S//NF)", "(S//REL TO USA, GBR)", "(TS//SI//OC/REL TO USA, FVEY)", "(//GBR S)"}).Draw(t, "mark"))
			if err != nil {
				t.Fatal(err)
			}
			return m
		})
		wording := rapid.Custom(func(t *rapid.T) tearline.Wording {
			s := rapid.String().Draw(t, "text") + rapid.SampledFrom([]string{"", "{a|b}", `\{`, "\"\\\\\u2028<&>"}).Draw(t, "more")
			w, err := tearline.ParseWording(s)
			if err != nil {
				t.SkipNow()
			}
			return w
		})
		refs := rapid.SliceOfN(rapid.SampledFrom([]tearline.PortionRef{{Report: "GBR-1", Portion: "p1"}, {Report: "a/b:c", Portion: "p2~tear"}}), 0, 3)
		r := &tearline.Report{
			ID: "USA-1", Title: rapid.String().Draw(t, "title"), Originator: "USA", Policy: "us",
			Date: time.Date(rapid.IntRange(1, 9999).Draw(t, "year"), 2, 28, 0, 0, 0, 0, time.UTC), Banner: mark.Draw(t, "banner"),
		}
		if rapid.Bool().Draw(t, "dated") {
			r.DeclassifyOn = r.Date.AddDate(0, 0, 1)
		}
		for i := range rapid.IntRange(0, 4).Draw(t, "portions") {
			p := tearline.Portion{ID: tearline.PortionID(fmt.Sprint("p", i)), Originator: "GBR", Marking: mark.Draw(t, "mark"), Wording: wording.Draw(t, "wording")}
			if s := refs.Draw(t, "sources"); len(s) > 0 {
				p.Sources = s
			}
			if rapid.Bool().Draw(t, "tear") {
				p.Tear = &tearline.Tear{Marking: mark.Draw(t, "mark"), Wording: wording.Draw(t, "wording")}
			}
			if i == 0 && rapid.Bool().Draw(t, "title portion") {
				p.ID = tearline.TitleID
			}
			r.Portions = append(r.Portions, p)
		}
		return r
	})
}

// TestBodyRoundTrip: a report comes back from its stored body as it was.
func TestBodyRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := reports().Draw(t, "report")
		body, err := codec.MarshalReport(want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := codec.UnmarshalReport(body)
		if err != nil {
			t.Fatalf("%v in %s", err, body)
		}
		if len(want.Portions) == 0 {
			got.Portions = want.Portions
		}
		if diff := cmp.Diff(want, got, sameMarks, sameWording); diff != "" {
			t.Fatalf("-want +got:\n%s", diff)
		}
	})
}

func TestMarshalReportRefuses(t *testing.T) {
	whole := func() *tearline.Report { return decodeOne(t, good) }
	for name, change := range map[string]func(*tearline.Report){
		"no date":      func(r *tearline.Report) { r.Date = r.Date.Add(time.Hour) },
		"no banner":    func(r *tearline.Report) { r.Banner = marking.Marking{} },
		"no mark":      func(r *tearline.Report) { r.Portions[1].Marking = marking.Marking{} },
		"no tear mark": func(r *tearline.Report) { r.Portions[1].Tear.Marking = marking.Marking{} },
		"other policy": func(r *tearline.Report) { r.Policy = "tlp" },
		"not UTF-8":    func(r *tearline.Report) { r.Title = "\xff" },
		"no text at all": func(r *tearline.Report) {
			w, err := tearline.ParseWording("\xff")
			if err != nil {
				t.Fatal(err)
			}
			r.Portions[0].Wording = w
		},
	} {
		r := whole()
		if _, err := codec.MarshalReport(r); err != nil {
			t.Fatal(err)
		}
		change(r)
		if _, err := codec.MarshalReport(r); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestUnmarshalReportRefuses(t *testing.T) {
	body, err := codec.MarshalReport(decodeOne(t, good))
	if err != nil {
		t.Fatal(err)
	}
	s := string(body)
	for name, bad := range map[string]string{
		"empty":         "",
		"cut":           s[:len(s)/2],
		"form":          strings.Replace(s, `"form":"1"`, `"form":"2"`, 1),
		"no form":       strings.Replace(s, `"form":"1",`, ``, 1),
		"unknown field": strings.Replace(s, `"form"`, `"x":1,"form"`, 1),
		"mark":          strings.Replace(s, `"(U)"`, `"(X)"`, 1),
		"policy":        strings.Replace(s, `"us"`, `"xx"`, 1),
		"date":          strings.Replace(s, `2026-03-04`, `2026-33-04`, 1),
		"source":        strings.Replace(s, `GBR-1/p2`, `GBR-1`, 1),
		"wording":       strings.Replace(s, `{a|b}`, `{a|b`, 1),
		"not UTF-8":     s + "\xff",
	} {
		if r, err := codec.UnmarshalReport([]byte(bad)); err == nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func FuzzUnmarshalReport(f *testing.F) {
	f.Add([]byte(`{"form":"1","id":"R","originator":"USA","policy":"us","date":"2026-03-04","banner":"UNCLASSIFIED","portions":[{"id":"title","text":"T","marking":"(U)","originator":"USA"}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := codec.UnmarshalReport(b)
		if (r == nil) == (err == nil) {
			t.Fatalf("report %v, error %v", r, err)
		}
	})
}
