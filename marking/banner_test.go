package marking_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tearline/marking"
)

// placed lists faults as "OFFSET+LENGTH RULE", sorted.
func placed(faults marking.Faults) string {
	out := make([]string, 0, len(faults))
	for _, f := range faults {
		out = append(out, fmt.Sprintf("%d+%d %s", f.Offset, f.Length, f.Rule))
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

func TestCheckVectors(t *testing.T) {
	us := policy(t, "us")
	for _, row := range readTSV(t, "check.tsv", 4) {
		c := us.Check(row[1], written(row[2]))
		if got := placed(c.Faults); got != row[3] {
			t.Errorf("%s: %s over %s:\n got %s\nwant %s", row[0], row[1], row[2], got, row[3])
		}
		if c.OK() != (row[3] == "") {
			t.Errorf("%s: %s over %s: OK is %v", row[0], row[1], row[2], c.OK())
		}
	}
}

// Faults of portions are collected too, and leave nothing to compare with.
func TestCheckFaultyPortions(t *testing.T) {
	us := policy(t, "us")
	c := us.Check("SECRET//NOFRN", written("(S//NF) ; (S//XX) ; (S//REL TO GBR/NF)"))
	if c.OK() || !c.Expected.IsZero() || !c.Banner.IsZero() || len(c.Portions) != 3 {
		t.Fatalf("%+v", c)
	}
	for i, want := range []string{"", "4+2 form.token", "1+17 ISM-ID-00033, 14+0 ISM-ID-00214"} {
		if got := placed(c.Portions[i]); i < 2 && got != want || i == 2 && len(c.Portions[2]) != 2 {
			t.Errorf("portion %d: %s, want %s", i, got, want)
		}
	}
	if got := placed(c.Faults); got != "8+5 form.token" {
		t.Errorf("the banner: %s", got)
	}
	if c := us.Check("SECRET", nil); c.OK() || c.Faults[0].Rule != "rollup.empty" {
		t.Errorf("nothing has a banner: %v", c.Faults)
	}
	if c := us.Check("", written("(U)")); c.OK() || !c.Banner.IsZero() || c.Expected.Banner() != "UNCLASSIFIED" {
		t.Errorf("no line: %+v", c)
	}
}

// A document that is wholly another nation's bears that nation's mark.
func TestCheckForeignDocument(t *testing.T) {
	us := policy(t, "us")
	if c := us.Check("//GBR SECRET", written("(//GBR S) ; (//GBR S)")); !c.OK() {
		t.Errorf("%v", c.Faults)
	}
	if c := us.Check("//GBR SECRET", written("(//GBR S) ; (S//REL TO USA, GBR)")); c.OK() {
		t.Error("a document that is in part the nation's own bears another's mark")
	}
}

func TestCheckOtherPolicy(t *testing.T) {
	tlp := policy(t, "tlp")
	for banner, want := range map[string]string{"TLP:AMBER": "", "TLP:GREEN": "rollup.level", "TLP:RED": "rollup.level"} {
		c := tlp.Check(banner, []marking.Written{{Mark: "TLP:AMBER"}, {Mark: "TLP:CLEAR"}})
		if got := placed(c.Faults); (want == "") != c.OK() || !strings.HasSuffix(got, want) {
			t.Errorf("%s: %s, want %s", banner, got, want)
		}
	}
}

// Dates count as in a roll-up.
func TestCheckDates(t *testing.T) {
	us := policy(t, "us")
	if c := us.Check("SECRET//RELIDO", written("(S//RELIDO) ; (S)@2015-01-01")); !c.OK() {
		t.Errorf("recent: %v", c.Faults)
	}
	if c := us.Check("SECRET//RELIDO", written("(S//RELIDO) ; (S)@2001-01-01")); c.OK() || c.Expected.Banner() != "SECRET//NOFORN" {
		t.Errorf("old: %v, %v", c.Expected, c.Faults)
	}
}

// The roll-up is right, and no other marking is: whatever stands in the place
// of the banner, a difference is a fault unless it is one of spelling.
func TestCheckAcceptsTheRollUpAlone(t *testing.T) {
	us := policy(t, "us")
	rapid.Check(t, func(t *rapid.T) {
		var dated []marking.Dated
		var portions []marking.Written
		for _, m := range rapid.SliceOfN(marks(us), 1, 4).Draw(t, "portions") {
			dated = append(dated, marking.Dated{Marking: m})
			portions = append(portions, marking.Written{Mark: m.Portion()})
		}
		rolled, err := us.RollUp(dated)
		other := marks(us).Draw(t, "other")
		if err != nil {
			if us.Check(other.Banner(), portions).OK() && other != dated[0].Marking {
				t.Fatalf("%v is right though %v have no banner", other, dated)
			}
			return
		}
		if c := us.Check(rolled.Banner.Banner(), portions); !c.OK() || c.Expected != rolled.Banner || c.Banner != rolled.Banner {
			t.Fatalf("%v over %v: %v", rolled.Banner, dated, c.Faults)
		}
		c := us.Check(other.Banner(), portions)
		if c.OK() && len(other.Owner()) == 0 && !sameButForSpelling(us, other, rolled.Banner) {
			t.Fatalf("%v over %v is right, and so is %v", other, dated, rolled.Banner)
		}
		for _, f := range c.Faults {
			if f.Offset < 0 || f.Length < 0 || f.Offset+f.Length > len(other.Banner()) || f.Hint == "" || f.Text == "" {
				t.Fatalf("%v over %v: %+v", other, dated, f)
			}
		}
	})
}

// sameButForSpelling reports whether marks differ at most in how their lists
// name the same nations.
func sameButForSpelling(us *marking.Policy, a, b marking.Marking) bool {
	for _, code := range us.CodesOf() {
		if us.Members(code) == nil && a.Names(code) != b.Names(code) {
			return false
		}
	}
	without := func(m marking.Marking) string {
		fields := m.Fields()
		delete(fields, "rel_to")
		delete(fields, "dissem")
		return fmt.Sprint(fields)
	}
	return a == b || without(a) == without(b) && a.NoForeign() == b.NoForeign() && a.OriginatorControlled() == b.OriginatorControlled()
}

func FuzzCheck(f *testing.F) {
	us, _ := marking.Lookup("us")
	f.Add("SECRET//REL TO USA, GBR", "(S//REL TO USA, GBR)")
	f.Add("TOP SECRET//SAR-BP/CD//RELEASABLE TO USA/GBR EYES ONLY", "(TS//SAR-BP//NF)")
	f.Add("//NATO SECRET//ATOMAL//REL TO USA", "(//NS)")
	f.Add(" ( S // NF ) ", "(S//NF)")
	f.Fuzz(func(t *testing.T, banner, portion string) {
		c := us.Check(banner, []marking.Written{{Mark: portion}})
		for _, x := range c.Faults {
			if x.Offset < 0 || x.Length < 0 || x.Offset+x.Length > len(banner) {
				t.Errorf("%q: %+v", banner, x)
			}
		}
		if c.OK() && (c.Banner.IsZero() || c.Expected.IsZero()) {
			t.Errorf("%q over %q is right and no mark", banner, portion)
		}
	})
}
