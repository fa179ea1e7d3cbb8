package equivalence_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline/marking"
	"tearline/marking/equivalence"
)

func joined(t T, marks ...string) (equivalence.Joint, error) {
	t.Helper()
	var all []marking.Marking
	for _, s := range marks {
		all = append(all, read(t, s))
	}
	return equivalence.Join(equivalence.Default(), all...)
}

// What marks of several policies come to, by hand: what they say together, the
// banner that they have under a policy, or the rules of the faults.
func TestJoint(t *testing.T) {
	for _, r := range []struct {
		marks  []string
		want   string // the Joint
		into   string // a policy
		banner string
		faults []string // of Join, or of Into
	}{
		{[]string{"us: SECRET//NOFORN", "nato: NATO SECRET"}, "SECRET//NOFORN; NATO SECRET", "us", "SECRET//FGI NATO//NOFORN", nil},
		{[]string{"nato: NATO SECRET"}, "NATO SECRET", "us", "SECRET//FGI NATO//NOFORN", nil},
		{[]string{"nato: NATO RESTRICTED"}, "NATO RESTRICTED", "us", "CONFIDENTIAL//FGI NATO//NOFORN", nil},
		{[]string{"nato: NATO SECRET RELEASABLE TO SWE"}, "NATO SECRET RELEASABLE TO SWE", "us", "SECRET//FGI NATO//REL TO USA, SWE, NATO", nil},
		{[]string{"us: SECRET//NOFORN", "nato: NATO SECRET"}, "SECRET//NOFORN; NATO SECRET", "nato", "", []string{control}},
		{[]string{"us: SECRET//REL TO USA, NATO", "nato: NATO CONFIDENTIAL"}, "SECRET//REL TO USA, NATO; NATO CONFIDENTIAL", "nato", "NATO SECRET", nil},
		{[]string{"us: SECRET//REL TO USA, GBR", "nato: COSMIC TOP SECRET"}, "SECRET//REL TO USA, GBR; COSMIC TOP SECRET", "nato", "COSMIC TOP SECRET GBR, USA ONLY", nil},
		{[]string{"us: UNCLASSIFIED", "nato: NATO SECRET"}, "UNCLASSIFIED; NATO SECRET", "nato", "NATO SECRET", nil},
		{[]string{"us: SECRET//REL TO USA, DEU", "de: VS-NFD"}, "VS-NUR FÜR DEN DIENSTGEBRAUCH; SECRET//REL TO USA, DEU", "us", "SECRET//FGI DEU//NOFORN", nil},
		{[]string{"us: CONFIDENTIAL", "de: GEHEIM", "fr: TRES SECRET"}, "GEHEIM; TRES SECRET; CONFIDENTIAL", "us", "TOP SECRET//FGI DEU FRA//NOFORN", nil},
		{[]string{"us: CONFIDENTIAL", "de: GEHEIM", "fr: TRES SECRET"}, "GEHEIM; TRES SECRET; CONFIDENTIAL", "de", "", []string{release}},
		{[]string{"uk: SECRET - UK / US EYES ONLY", "us: SECRET//REL TO USA, GBR"}, "SECRET - UK / US EYES ONLY; SECRET//REL TO USA, GBR", "us", "SECRET//FGI GBR//REL TO USA, GBR", nil},
		{[]string{"uk: SECRET - UK / US EYES ONLY", "us: SECRET//REL TO USA, GBR"}, "SECRET - UK / US EYES ONLY; SECRET//REL TO USA, GBR", "uk", "SECRET - UK / US EYES ONLY", nil},
		{[]string{"uk: TOP SECRET", "nato: NATO SECRET"}, "TOP SECRET; NATO SECRET", "uk", "TOP SECRET", nil},
		{[]string{"eu: SECRET UE", "de: GEHEIM"}, "GEHEIM; SECRET UE/EU SECRET", "de", "GEHEIM", nil},
		{[]string{"eu: SECRET UE", "de: GEHEIM"}, "GEHEIM; SECRET UE/EU SECRET", "us", "", []string{release}},
		{[]string{"us: //NS", "nato: NATO CONFIDENTIAL"}, "//NATO SECRET; NATO CONFIDENTIAL", "us", "SECRET//FGI NATO//NOFORN", nil},
		{[]string{"us: //GBR S", "us: //GBR S"}, "//GBR SECRET", "uk", "SECRET", nil},
		{[]string{"us: //GBR S"}, "//GBR SECRET", "us", "SECRET//FGI GBR//NOFORN", nil},
		{[]string{"us: SECRET//REL TO USA, GBR", "us: CONFIDENTIAL//REL TO USA, GBR, FRA"}, "SECRET//REL TO USA, GBR", "us", "SECRET//REL TO USA, GBR", nil},
		{[]string{"us: SECRET//ORCON/NOFORN", "us@dod: SECRET//KDK//NOFORN"}, "SECRET//ORCON/NOFORN; SECRET//KLONDIKE//NOFORN", "us", "", []string{control}},
		{[]string{"us: SECRET//ORCON/NOFORN", "us@dod: SECRET//TK//NOFORN"}, "SECRET//ORCON/NOFORN; SECRET//TK//NOFORN", "us", "SECRET//TK//ORCON/NOFORN", nil},
		{[]string{"tlp: TLP:AMBER", "tlp: TLP:RED"}, "TLP:RED", "tlp", "TLP:RED", nil},
		{[]string{"tlp: TLP:AMBER"}, "TLP:AMBER", "us", "", []string{noLevel}},
		{[]string{"tlp: TLP:AMBER", "us: SECRET"}, "", "", "", []string{noLevel}},
		{[]string{"tlp: TLP:AMBER", "us: SECRET", "acme: INTERNAL"}, "", "", "", []string{noLevel}},
		{[]string{"nato: NATO SECRET GBR, USA ONLY", "nato: NATO SECRET DEU, FRA ONLY", "us: SECRET"}, "", "", "", []string{"rollup.nobody"}},
		{nil, "", "", "", []string{zero}},
	} {
		j, err := joined(t, r.marks...)
		if r.want == "" {
			if !j.IsZero() || !slices.Equal(rules(t, err), r.faults) {
				t.Errorf("%v: %v, %v", r.marks, j, err)
			}
			continue
		}
		if err != nil || j.String() != r.want {
			t.Errorf("%v: %v, want %s: %v", r.marks, j, r.want, err)
			continue
		}
		m, err := j.Into(policy(t, r.into))
		if m.Banner() != r.banner || !slices.Equal(rules(t, err), r.faults) {
			t.Errorf("%v in %s: %q, want %q, %v: %v", r.marks, r.into, m.Banner(), r.banner, r.faults, err)
		}
	}
}

func TestJointSays(t *testing.T) {
	type facts struct {
		Levels    [4]string // us, nato, uk, tlp; "" is not known
		NF, OC    bool
		Open      bool
		Keep, See []string
		Names     []string // of USA, GBR, SWE, DEU
	}
	for _, r := range []struct {
		marks []string
		want  facts
	}{
		{
			[]string{"us: SECRET//NOFORN", "nato: NATO SECRET"},
			facts{Levels: [4]string{"SECRET", "NATO SECRET", "SECRET", ""}, NF: true, Keep: []string{"USA"}},
		},
		{
			[]string{"us: SECRET//ORCON/REL TO USA, GBR, SWE", "nato: COSMIC TOP SECRET"},
			facts{Levels: [4]string{"TOP SECRET", "COSMIC TOP SECRET", "TOP SECRET", ""}, OC: true, Keep: []string{"GBR", "USA"}, Names: []string{"USA", "GBR"}},
		},
		{
			[]string{"us: CONFIDENTIAL//REL TO USA, GBR, SWE", "nato: NATO RESTRICTED RELEASABLE TO SWE"},
			facts{Levels: [4]string{"CONFIDENTIAL", "NATO CONFIDENTIAL", "SECRET", ""}, Keep: []string{"GBR", "SWE", "USA"}, Names: []string{"USA", "GBR", "SWE"}},
		},
		{
			[]string{"us: SECRET//REL TO USA, GBR/DISPLAY ONLY SWE, DEU", "nato: NATO SECRET"},
			facts{Levels: [4]string{"SECRET", "NATO SECRET", "SECRET", ""}, Keep: []string{"GBR", "USA"}, See: []string{"DEU"}, Names: []string{"USA", "GBR"}},
		},
		{
			[]string{"us: UNCLASSIFIED", "de: OFFEN"},
			facts{Levels: [4]string{"UNCLASSIFIED", "NATO UNCLASSIFIED", "OFFICIAL", ""}, Open: true},
		},
		{
			[]string{"uk: OFFICIAL", "fr: DIFFUSION RESTREINTE - SPECIAL FRANCE"},
			facts{Levels: [4]string{"CONFIDENTIAL", "NATO RESTRICTED", "SECRET", ""}, NF: true},
		},
		{
			[]string{"tlp: TLP:CLEAR"},
			facts{Levels: [4]string{"", "", "", "TLP:CLEAR"}, Open: true},
		},
	} {
		j, err := joined(t, r.marks...)
		if err != nil {
			t.Errorf("%v: %v", r.marks, err)
			continue
		}
		got := facts{NF: j.NoForeign(), OC: j.OriginatorControlled(), Open: j.Open()}
		for i, id := range []string{"us", "nato", "uk", "tlp"} {
			l, ok := j.Level(policy(t, id))
			if got.Levels[i] = l.Name; ok != (l.Name != "") {
				t.Errorf("%v: level of %s: %v, %v", j, id, l, ok)
			}
		}
		got.Keep, got.See = j.Releasable()
		got.Keep, got.See = sorted(got.Keep), sorted(got.See)
		for _, c := range []string{"USA", "GBR", "SWE", "DEU"} {
			if j.Names(c) {
				got.Names = append(got.Names, c)
			}
		}
		if diff := cmp.Diff(r.want, got); diff != "" {
			t.Errorf("%v (-want +got):\n%s", j, diff)
		}
	}
}

func sorted(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	return slices.Sorted(slices.Values(list))
}

func TestZeroJoint(t *testing.T) {
	var j equivalence.Joint
	us := policy(t, "us")
	r, err := us.Recipient(marking.Person{Nations: []string{"USA"}, Agency: true, Clearance: "TOP SECRET", Listed: true})
	if err != nil {
		t.Fatal(err)
	}
	keep, see := j.Releasable()
	_, known := j.Level(us)
	m, err := j.Into(us)
	other, err2 := joined(t, "us: UNCLASSIFIED")
	switch {
	case err2 != nil:
		t.Fatal(err2)
	case !j.IsZero(), len(j.Marks()) != 0, j.String() != "no marking", !j.NoForeign(), !j.OriginatorControlled(), j.Open(), j.Names("USA"):
		t.Error("it says something")
	case keep != nil, see != nil, known, j.Access(r) != marking.AccessNone:
		t.Error("it is for somebody")
	case !m.IsZero(), !slices.Equal(rules(t, err), []string{zero}):
		t.Errorf("it is %v, %v", m, err)
	case j.Dominates(other), other.Dominates(j), j.Dominates(j), j.Equal(other), other.Equal(j), !j.Equal(equivalence.Joint{}):
		t.Error("it compares")
	}
	if _, err := equivalence.Join(equivalence.Default(), us.Lowest(), marking.Marking{}); !slices.Equal(rules(t, err), []string{zero}) {
		t.Errorf("the zero mark: %v", err)
	}
	if m, err := other.Into(nil); !m.IsZero() || !slices.Equal(rules(t, err), []string{zero}) {
		t.Errorf("into no policy: %v, %v", m, err)
	}
	if _, ok := other.Level(nil); ok {
		t.Error("it has a level of no policy")
	}
}

func TestJointAccess(t *testing.T) {
	person := func(id string, who marking.Person) marking.Recipient {
		r, err := policy(t, id).Recipient(who)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	briton := marking.Person{Nations: []string{"GBR"}, Organisation: "GBR"}
	briton.Clearance = "SECRET"
	us, low := person("us", briton), person("us", marking.Person{Nations: []string{"GBR"}, Organisation: "GBR", Clearance: "CONFIDENTIAL"})
	briton.Clearance = "NATO SECRET"
	nato := person("nato", briton)
	for _, r := range []struct {
		name  string
		marks []string
		who   []marking.Recipient
		want  marking.Access
	}{
		{"both", []string{"us: SECRET//REL TO USA, GBR", "nato: NATO SECRET"}, []marking.Recipient{us, nato}, marking.AccessKeep},
		{"in any order", []string{"us: SECRET//REL TO USA, GBR", "nato: NATO SECRET"}, []marking.Recipient{nato, us}, marking.AccessKeep},
		{"may see", []string{"us: SECRET//DISPLAY ONLY GBR", "nato: NATO SECRET"}, []marking.Recipient{us, nato}, marking.AccessSee},
		{"silent", []string{"us: SECRET", "nato: NATO SECRET"}, []marking.Recipient{us, nato}, marking.AccessSilent},
		{"one refuses", []string{"us: SECRET//NOFORN", "nato: NATO SECRET"}, []marking.Recipient{us, nato}, marking.AccessNone},
		{"the other refuses", []string{"us: SECRET//REL TO USA, GBR", "nato: NATO SECRET DEU, USA ONLY"}, []marking.Recipient{us, nato}, marking.AccessNone},
		{"too high", []string{"us: SECRET//REL TO USA, GBR", "nato: COSMIC TOP SECRET"}, []marking.Recipient{us, nato}, marking.AccessNone},
		{"no recipient for one", []string{"us: SECRET//REL TO USA, GBR", "nato: NATO SECRET"}, []marking.Recipient{us}, marking.AccessNone},
		{"a zero recipient", []string{"us: SECRET//REL TO USA, GBR", "nato: NATO SECRET"}, []marking.Recipient{us, {}}, marking.AccessNone},
		{"none", []string{"us: SECRET//REL TO USA, GBR"}, nil, marking.AccessNone},
		{"the lower of two", []string{"us: SECRET//REL TO USA, GBR"}, []marking.Recipient{us, low}, marking.AccessNone},
		{"one mark", []string{"us: SECRET//REL TO USA, GBR"}, []marking.Recipient{us, nato}, marking.AccessKeep},
	} {
		j, err := joined(t, r.marks...)
		if err != nil {
			t.Fatal(err)
		}
		if got := j.Access(r.who...); got != r.want {
			t.Errorf("%s: %v, want %v", r.name, got, r.want)
		}
	}
}

func TestJointDominates(t *testing.T) {
	for _, r := range []struct {
		over, under []string
		want        bool
	}{
		{[]string{"us: SECRET//NOFORN", "nato: NATO SECRET"}, []string{"us: SECRET//REL TO USA, GBR"}, true},
		{[]string{"us: SECRET//NOFORN", "nato: NATO SECRET"}, []string{"nato: NATO CONFIDENTIAL", "us: CONFIDENTIAL"}, true},
		{[]string{"us: SECRET//NOFORN", "nato: NATO SECRET"}, []string{"nato: COSMIC TOP SECRET"}, false},
		{[]string{"us: TOP SECRET//NOFORN"}, []string{"nato: NATO RESTRICTED"}, false}, // it does not say that it is NATO's
		{[]string{"us: SECRET//FGI NATO//NOFORN"}, []string{"us: //NS"}, true},
	} {
		over, err := joined(t, r.over...)
		under, err2 := joined(t, r.under...)
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		if got := over.Dominates(under); got != r.want {
			t.Errorf("%v over %v: %v", over, under, got)
		}
	}
}

// What one does with the marks that it gave out changes nothing.
func TestMarksAreACopy(t *testing.T) {
	j, err := joined(t, "us: SECRET", "nato: NATO SECRET")
	if err != nil {
		t.Fatal(err)
	}
	j.Marks()[0] = marking.Marking{}
	if again, err := equivalence.Join(equivalence.Default(), j.Marks()...); err != nil || !again.Equal(j) {
		t.Errorf("%v, %v", again, err)
	}
	if other, err := equivalence.Join(wildTable(t), j.Marks()...); err != nil || other.Equal(j) {
		t.Errorf("by another table it is the same: %v, %v", other, err)
	}
}

// Two policies of one id cannot be told apart in what is written.
func TestPoliciesOfOneID(t *testing.T) {
	twin := twin(t, "tlp")
	m, err := twin.Parse("TLP:RED")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := equivalence.Join(equivalence.Default(), m, read(t, "tlp: TLP:RED")); !slices.Equal(rules(t, err), []string{"equivalence.policy"}) {
		t.Errorf("%v", err)
	}
}

// What counts as a level is not equal to it: both must be known in both
// policies.
func TestOneWayIsNoEquivalence(t *testing.T) {
	oneWay := `{"format":1,"id":"x","title":"X","cites":"none","rows":[{"cites":"none","levels":{"us":"SECRET","acme":"CONFIDENTIAL"},"up":{"tlp":"TLP:RED"}}]}`
	d, err := equivalence.Load([]byte(oneWay), marking.Lookup)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := equivalence.Join(d, read(t, "us: SECRET"), read(t, "acme: CONFIDENTIAL")); err != nil {
		t.Errorf("equal levels: %v", err)
	}
	for _, m := range []string{"us: SECRET", "acme: CONFIDENTIAL"} {
		for _, marks := range [][]marking.Marking{{read(t, m), read(t, "tlp: TLP:RED")}, {read(t, "tlp: TLP:RED"), read(t, m)}} {
			if j, err := equivalence.Join(d, marks...); !j.IsZero() || !slices.Equal(rules(t, err), []string{noLevel}) {
				t.Errorf("%v: %v, %v", marks, j, err)
			}
		}
	}
}

// Joins do not depend on order, on how often something is there, or on what
// was joined before; and they dominate what is joined.
func TestJointLaws(t *testing.T) {
	d := equivalence.Default()
	mixed := 0
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := anywhere().Draw(t, "a"), anywhere().Draw(t, "b"), anywhere().Draw(t, "c")
		ab, err := equivalence.Join(d, a, b)
		ba, err2 := equivalence.Join(d, b, a)
		if !ab.Equal(ba) || ab.String() != ba.String() || !slices.Equal(rules(t, err), rules(t, err2)) {
			t.Fatalf("%v and %v: %v one way, %v the other", a, b, ab, ba)
		}
		if aa, err := equivalence.Join(d, a, a); err != nil || !slices.Equal(aa.Marks(), []marking.Marking{a}) {
			t.Fatalf("%v with itself: %v, %v", a, aa, err)
		}
		if err != nil {
			return
		}
		if again, err := equivalence.Join(d, append(ab.Marks(), ab.Marks()...)...); err != nil || !again.Equal(ab) {
			t.Fatalf("%v with itself: %v, %v", ab, again, err)
		}
		for _, m := range []marking.Marking{a, b} {
			part, err := equivalence.Join(d, m)
			if err != nil || !ab.Dominates(part) {
				t.Fatalf("%v does not dominate %v: %v", ab, m, err)
			}
		}
		abc, err := equivalence.Join(d, a, b, c)
		if err != nil {
			return
		}
		if left, err := equivalence.Join(d, append(ab.Marks(), c)...); err == nil && !left.Equal(abc) {
			t.Fatalf("(%v, %v), %v: %v, and at once %v", a, b, c, left, abc)
		}
		if bc, err := equivalence.Join(d, b, c); err == nil {
			if right, err := equivalence.Join(d, append(bc.Marks(), a)...); err == nil && !right.Equal(abc) {
				t.Fatalf("%v, (%v, %v): %v, and at once %v", a, b, c, right, abc)
			}
		}
		if len(abc.Marks()) > 1 {
			mixed++
		}
	})
	if mixed == 0 {
		t.Error("no joint of several policies was drawn")
	}
}

// Who may have a text that draws on more may have the one that draws on less.
// What is open takes no part in a roll-up of its own policy, which is the one
// exception.
func TestTighteningNeverReleases(t *testing.T) {
	all, d := policies(t), equivalence.Default()
	rapid.Check(t, func(t *rapid.T) {
		a, b := anywhere().Draw(t, "a"), anywhere().Draw(t, "b")
		less, err := equivalence.Join(d, a)
		more, err2 := equivalence.Join(d, a, b)
		if err != nil || err2 != nil || a.Open() && a.Policy() == b.Policy() {
			return
		}
		keep, see := more.Releasable()
		was, saw := less.Releasable()
		for _, c := range keep {
			if !slices.Contains(was, c) {
				t.Fatalf("%v is for %s, %v is not", more, c, less)
			}
		}
		for _, c := range see {
			if !slices.Contains(was, c) && !slices.Contains(saw, c) {
				t.Fatalf("%v may be seen by %s, %v may not", more, c, less)
			}
		}
		if less.NoForeign() && !more.NoForeign() || less.OriginatorControlled() && !more.OriginatorControlled() || !less.Open() && more.Open() {
			t.Fatalf("%v is weaker than %v", more, less)
		}
		for _, nation := range []string{"USA", "GBR", "DEU", "SWE"} {
			if more.Names(nation) && !less.Names(nation) && !slices.Contains(was, nation) {
				t.Fatalf("%v names %s, and %v is not for it", more, nation, less)
			}
			var who []marking.Recipient
			for _, m := range more.Marks() {
				if m.Policy().KnowsCode(nation) {
					who = append(who, someone(t, m, nation))
				}
			}
			if more.Access(who...) > less.Access(who...) {
				t.Fatalf("%s %v %v, and %v %v", nation, more.Access(who...), more, less.Access(who...), less)
			}
		}
		for _, p := range all {
			high, ok := more.Level(p)
			low, ok2 := less.Level(p)
			if ok && (!ok2 || high.Rank < low.Rank) {
				t.Fatalf("%v is %s, %v is %s", more, high.Name, less, low.Name)
			}
		}
	})
}

// A banner for a text that draws on several policies is for nobody for whom a
// part is not, and is at least as high as each.
func TestIntoNeverReleases(t *testing.T) {
	for name, d := range map[string]*equivalence.Table{"default": equivalence.Default(), "wild": wildTable(t)} {
		t.Run(name, func(t *testing.T) {
			made := 0
			rapid.Check(t, func(t *rapid.T) {
				var marks []marking.Marking
				for range rapid.IntRange(1, 3).Draw(t, "marks") {
					marks = append(marks, anywhere().Draw(t, "mark"))
				}
				j, err := equivalence.Join(d, marks...)
				if err != nil {
					return
				}
				p := policy(t, rapid.SampledFrom(ids).Draw(t, "into"))
				banner, err := j.Into(p)
				if err != nil {
					rules(t, err)
					return
				}
				made++
				for _, m := range marks {
					noneNewButOpen(t, m, banner)
					if l, ok := d.Level(m.Policy(), m.Level(), p); ok && banner.Level().Rank < l.Rank && p != m.Policy() {
						t.Fatalf("%v is below %v", banner, m)
					}
				}
			})
			if made == 0 {
				t.Error("none had a banner")
			}
		})
	}
}

// noneNewButOpen is noneNew, but that a banner over other portions need not be
// closed if all of them are open.
func noneNewButOpen(t T, was, is marking.Marking) {
	t.Helper()
	if !was.Open() {
		noneNew(t, was, is)
	}
}

func TestFaultsNameBothLevels(t *testing.T) {
	_, err := joined(t, "tlp: TLP:AMBER", "us: SECRET//NOFORN")
	if err == nil || !strings.Contains(err.Error(), "TLP:AMBER of policy tlp") || !strings.Contains(err.Error(), "SECRET of policy us") {
		t.Errorf("%v", err)
	}
}
