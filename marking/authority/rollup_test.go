package authority_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline/marking"
	"tearline/marking/authority"
)

// source makes a source of "DATE LINE"; without a line it says nothing.
func source(t *testing.T, date, line string) authority.Source {
	t.Helper()
	s := authority.Source{Name: date + line, Date: date}
	if s.Name == "" {
		s.Name = "nameless"
	}
	if line != "" {
		i, err := authority.ParseInstruction(line)
		if err != nil {
			t.Fatal(err)
		}
		s.Block = authority.Block{ClassifiedBy: "B", DerivedFrom: "Y", Declassify: i}
	}
	return s
}

func TestRollUp(t *testing.T) {
	type src = struct{ date, line string }
	for _, c := range []struct {
		sources []src
		want    string
		rule    string
		from    []int
	}{
		{[]src{{"2010-05-01", ""}}, "20350501", "declassify.calculated", []int{0}},
		{[]src{{"", ""}}, "20450606", "declassify.calculated", []int{0}}, // 25 years from today
		{[]src{{"2010-05-01", "OADR"}, {"2011-05-01", "MR"}}, "20360501", "declassify.calculated", []int{1}},
		{[]src{{"2010-05-01", "Source Marked X1, date of source 19950101"}}, "20200101", "declassify.calculated", []int{0}},
		{[]src{{"2010-05-01", ""}, {"2010-05-01", "the end"}}, "the end", "declassify.event", []int{1}},
		{[]src{{"2010-05-01", "the end"}, {"2010-05-01", "a beginning"}}, "a beginning; the end", "declassify.event", []int{0, 1}},
		{[]src{{"2010-05-01", "the end"}, {"2010-05-01", "20300101"}}, "20300101", "declassify.date", []int{1}},
		{[]src{{"2010-05-01", "20190810"}, {"2010-05-01", "20250810"}, {"2010-05-01", ""}}, "20250810", "declassify.date", []int{1}},
		{[]src{{"2010-05-01", "20300101"}, {"2010-05-01", "25X3"}}, "25X3, 20600501", "declassify.25X-calculated", []int{1}},
		{[]src{{"2010-05-01", "25X3"}, {"2010-05-01", "25X1"}}, "25X1, 20600501", "declassify.25X-calculated", []int{0, 1}},
		{[]src{{"", "Source Marked 25X2, date of source 19990101"}}, "25X2, 20490101", "declassify.25X-calculated", []int{0}},
		{[]src{{"2010-05-01", "25X3"}, {"2010-05-01", "25X2, 20400101"}}, "25X2, 20400101", "declassify.25X", []int{1}},
		{[]src{{"", "25X2, 20400101"}, {"", "25X5, 20410101"}}, "25X5, 20410101", "declassify.25X", []int{1}},
		{[]src{{"", "25X2, 20400101"}, {"", "25X1, 20400101"}}, "25X1, 20400101", "declassify.25X", []int{0, 1}},
		{[]src{{"", "25X2, the end"}, {"", "25X1, 20400101"}}, "25X2, the end", "declassify.25X", []int{0}},
		{[]src{{"", "25X3 25X1, 20351231"}}, "25X1, 20351231", "declassify.25X", []int{0}},
		{[]src{{"", "25X1, EO 12951"}, {"", "25X1, 20990101"}}, "25X1, EO 12951", "declassify.25X1-EO-12951", []int{0}},
		{[]src{{"", "25X1, EO 12951"}, {"", "50X4, 20600101"}}, "50X4, 20600101", "declassify.50X", []int{1}},
		{[]src{{"", "50X1"}, {"", "50X2"}, {"", "50X9, 20990101"}}, "50X1", "declassify.50X", []int{0, 1}},
		{[]src{{"", "50X4, 20990101"}, {"", "50X2-WMD"}}, "50X2-WMD", "declassify.50X1-HUM", []int{1}},
		{[]src{{"", "50X1-HUM, 20500101"}, {"", "50X2-WMD"}}, "50X1-HUM", "declassify.50X1-HUM", []int{0, 1}},
		{[]src{{"", "25X1-human"}, {"", "50X2-WMD"}}, "50X1-HUM", "declassify.50X1-HUM", []int{0, 1}},
		{[]src{{"", "75X1, 20990101"}, {"", "50X1-HUM"}}, "75X1, 20990101", "declassify.75X", []int{0}},
		{[]src{{"", "N/A to RD portions"}, {"", "50X1-HUM"}}, "N/A to RD portions. See source list for NSI portions.", "declassify.portions", []int{0}},
		{
			[]src{{"", "N/A to FRD portions"}, {"", "N/A to NATO portions"}, {"", "N/A to RD portions"}},
			"N/A to RD/FRD and NATO portions. See source list for NSI portions.", "declassify.portions",
			[]int{0, 1, 2},
		},
		{[]src{{"", "20300101 or the end"}, {"", "20300101"}}, "20300101", "declassify.date", []int{0, 1}},
		{[]src{{"", "20300101 or the end"}, {"", "20290101 or the end"}}, "20300101 or the end", "declassify.date", []int{0}},
	} {
		var all []authority.Source
		for _, s := range c.sources {
			all = append(all, source(t, s.date, s.line))
		}
		got, err := authority.RollUp("A", all, "2020-06-06")
		if err != nil {
			t.Errorf("%v: %v", c.sources, err)
			continue
		}
		why := got.Why[len(got.Why)-1]
		if on := got.Block.Declassify.String(); on != c.want || why.Rule != c.rule || !slices.Equal(why.Sources, c.from) {
			t.Errorf("%v: %s, %+v; want %s, %s of %v", c.sources, on, why, c.want, c.rule, c.from)
		}
		if err := got.Block.Declassify; got.Block.ClassifiedBy != "A" || (err == authority.Instruction{}) {
			t.Errorf("%v: %+v", c.sources, got.Block)
		}
	}
}

func TestRollUpLines(t *testing.T) {
	one := authority.Source{Name: "DIA report 7 of 1 May 2010", Date: "2010-05-01", Block: authority.Block{ClassifiedBy: "B", Reason: "1.4(c)", Declassify: instruction{Date: "2030-01-01"}}}
	got, err := authority.RollUp(" J.  Bloggs ", []authority.Source{one, one}, "")
	if err != nil {
		t.Fatal(err)
	}
	want := authority.Block{ClassifiedBy: "J. Bloggs", DerivedFrom: one.Name, Declassify: instruction{Date: "2030-01-01"}}
	if diff := cmp.Diff(want, got.Block); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var rules []string
	for _, w := range got.Why {
		rules = append(rules, w.Line+": "+w.Rule)
		if w.Cites == "" || w.Text == "" {
			t.Errorf("%+v cites or says nothing", w)
		}
	}
	if diff := cmp.Diff([]string{"Classified By: classified.deriver", "Derived From: derived.one", "Reason: reason.original", "Declassify On: declassify.date"}, rules); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	two := one
	two.Name, two.Block = "other", authority.Block{}
	got, err = authority.RollUp("A", []authority.Source{one, two}, "")
	if err != nil || got.Block.DerivedFrom != authority.MultipleSources || len(got.Advice) != 1 || got.Advice[0].Severity != marking.SeverityAdvice {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestRollUpRefused(t *testing.T) {
	one := authority.Source{Name: "X", Date: "2010-05-01"}
	for name, c := range map[string]struct {
		by      string
		sources []authority.Source
		faults  int
	}{
		"nobody and nothing": {"", nil, 2},
		"nameless":           {"A", []authority.Source{{Date: "2010-05-01"}}, 1},
		"undated":            {"A", []authority.Source{{Name: "X"}, {Name: "Y", Block: authority.Block{Declassify: instruction{Exemption: "25X1"}}}}, 2},
		"bad date":           {"A", []authority.Source{{Name: "X", Date: "20100501"}}, 1},
		"bad instruction":    {"A", []authority.Source{one, {Name: "Y", Block: authority.Block{Declassify: instruction{Exemption: "26X1"}}}}, 1},
	} {
		got, err := authority.RollUp(c.by, c.sources, "")
		var faults marking.Faults
		if !errors.As(err, &faults) || len(faults) != c.faults || got.Why != nil || got.Block != (authority.Block{}) {
			t.Errorf("%s: %+v, %v; want %d faults", name, got, err, c.faults)
		}
	}
}

var lines = []string{
	"", "", "20300101", "20300101", "20400101", "the end", "a beginning", "20300101 or the end", "20300101 or a beginning",
	"25X1", "25X3", "25X1, 20500101", "25X2, 20500101", "25X3, the end", "25X1, a beginning", "25X3, 20400101 or the end",
	"25X1, EO 12951", "50X1", "50X2", "50X1, 20800101", "50X3, the end", "50X1-HUM", "50X2-WMD", "75X1, 20990101", "75X",
	"N/A to RD portions", "N/A to FRD and NATO portions", "N/A to NATO portions", "OADR", "MR", "25X1-human",
	"Source Marked OADR, date of source 19990101", "25X1 25X3, 20350101", "25X2 50X3, 20350101",
}

func draw(t *testing.T) *rapid.Generator[authority.Source] {
	t.Helper()
	return rapid.Custom(func(r *rapid.T) authority.Source {
		return source(t, rapid.SampledFrom([]string{"", "2001-02-03", "2010-05-01"}).Draw(r, "date"), rapid.SampledFrom(lines).Draw(r, "line"))
	})
}

// The order of the sources, how they are grouped, and how often one is there
// make no difference; no source outlasts what comes out of it.
func TestRollUpLaws(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		all := rapid.SliceOfN(draw(t), 1, 6).Draw(r, "sources")
		on := func(s ...authority.Source) authority.Instruction {
			got, err := authority.RollUp("A", s, "2020-06-06")
			if err != nil {
				r.Fatal(err)
			}
			return got.Block.Declassify
		}
		grouped := func(s []authority.Source) authority.Source {
			return authority.Source{Name: "part", Block: authority.Block{Declassify: on(s...)}}
		}
		whole := on(all...)
		if shuffled := on(rapid.Permutation(all).Draw(r, "order")...); shuffled != whole {
			r.Fatalf("in another order: %+v, want %+v", shuffled, whole)
		}
		if twice := on(append(slices.Clone(all), all...)...); twice != whole {
			r.Fatalf("twice: %+v, want %+v", twice, whole)
		}
		cut := rapid.IntRange(1, len(all)).Draw(r, "cut")
		parts := []authority.Source{grouped(all[:cut])}
		if cut < len(all) {
			parts = append(parts, grouped(all[cut:]))
		}
		if apart := on(parts...); apart != whole {
			r.Fatalf("in parts: %+v, want %+v", apart, whole)
		}
		if again := on(grouped(all)); again != whole {
			r.Fatalf("again: %+v, want %+v", again, whole)
		}
	})
}

// More sources never bring a date of the same kind forward.
func TestRollUpNeverShortens(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		all := rapid.SliceOfN(draw(t), 1, 4).Draw(r, "sources")
		more := append(slices.Clone(all), draw(t).Draw(r, "more"))
		less, err := authority.RollUp("A", all, "2020-06-06")
		if err != nil {
			r.Fatal(err)
		}
		longer, err := authority.RollUp("A", more, "2020-06-06")
		if err != nil {
			r.Fatal(err)
		}
		rule := func(x authority.Rolled) string { return x.Why[len(x.Why)-1].Rule }
		if rule(less) != rule(longer) {
			return
		}
		day := rapid.SampledFrom([]string{"2029-01-01", "2035-06-01", "2045-01-01", "2055-01-01", "2199-01-01"}).Draw(r, "day")
		if !less.Block.Status(day).Past && longer.Block.Status(day).Past {
			r.Fatalf("%s: %s is past, %s was not", day, longer.Block.Declassify, less.Block.Declassify)
		}
	})
}
