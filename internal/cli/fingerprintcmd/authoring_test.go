package fingerprintcmd_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/codec"
	"tearline/internal/cli/command"
	"tearline/internal/cli/fingerprintcmd"
	"tearline/leak/authoring"
)

// office is a desk in memory, and what was typed and read at it.
type office struct {
	dir       string
	answers   map[string]authoring.Approval
	reports   map[tearline.ReportID]*tearline.Report
	may       map[tearline.PortionID]bool
	err       error
	in        string
	out, err2 string
}

func newOffice(t *testing.T) *office {
	t.Helper()
	return &office{dir: t.TempDir(), answers: map[string]authoring.Approval{}, reports: map[tearline.ReportID]*tearline.Report{}}
}

// write puts a file into the office.
func (o *office) write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(o.dir, name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// do runs a command line; files are in the office.
func (o *office) do(t *testing.T, args ...string) error {
	t.Helper()
	t.Chdir(o.dir)
	var c struct {
		JSON        bool                       `name:"json"`
		Suggest     fingerprintcmd.Suggest     `cmd:""`
		Approve     fingerprintcmd.Approve     `cmd:""`
		Lint        fingerprintcmd.Lint        `cmd:""`
		Equivalence fingerprintcmd.Equivalence `cmd:""`
	}
	parser, err := kong.New(&c, kong.Exit(func(int) {}))
	if err != nil {
		t.Fatal(err)
	}
	k, err := parser.Parse(args)
	if err != nil {
		return err
	}
	var out, talk bytes.Buffer
	r := &command.Run{
		App:     &command.App{Stdin: strings.NewReader(o.in), Stdout: &out, Stderr: &talk},
		Globals: command.Globals{JSON: c.JSON}, Ctx: t.Context(),
	}
	err = k.Run(r, fingerprintcmd.Desk{
		Report: func(id tearline.ReportID) (*tearline.Report, error) {
			if r := o.reports[id]; r != nil {
				return r, nil
			}
			return nil, tearline.NewWithheld()
		},
		MayHave:  func(tearline.ReportID, tearline.PartyID) (map[tearline.PortionID]bool, error) { return o.may, o.err },
		Approved: func() (map[string]authoring.Approval, error) { return o.answers, o.err },
		Approve: func(list []authoring.Approval) error {
			for _, a := range list {
				o.answers[a.Key] = a
			}
			return o.err
		},
	})
	o.out, o.err2 = out.String(), talk.String()
	return err
}

const head = "---\nid: R-1\ntitle: (U) Purchased prior to the war\noriginator: USA\npolicy: us\ndate: 2026-03-01\n---\n\n"

// mill has a text over several lines, the same text twice, a tear line, and a
// list.
const mill = head + `(S//NF) The firm purchased forty engines
  prior
	to the fair in Tarn (in May), and paid in gold coins. The clerk said nothing.
> tear (U): The firm purchased engines prior to the fair.

(U) The firm purchased forty engines prior to the fair.

- (U) The firm
  purchased forty engines prior to the fair.
`

func TestSuggestAndApprove(t *testing.T) {
	o := newOffice(t)
	o.write(t, "mill.md", mill)
	if err := o.do(t, "suggest", "mill.md"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"p1\n   1  ", "  word, outlives house style\n      The firm {purchased|bought} forty engines prior to the fair in Tarn (in\n      May), and paid in gold coins.\n",
		"\np2\n", "{prior to|before} the fair.\n\np3\n", "6 proposals in 40 words: 15.0 in 100 (phrase 7.5, word 7.5)\n",
	} {
		if !strings.Contains(o.out, want) {
			t.Errorf("%q is not in\n%s", want, o.out)
		}
	}
	if err := o.do(t, "suggest", "mill.md", "--class", "phrase", "--json"); err != nil {
		t.Fatal(err)
	}
	var s struct {
		Report   string
		Proposed int
		Portions []struct {
			ID        string
			Proposals []struct {
				Number   int
				Key      string
				Approved *bool
			}
		}
	}
	if err := json.Unmarshal([]byte(o.out), &s); err != nil || s.Report != "R-1" || s.Proposed != 3 || len(s.Portions) != 3 || s.Portions[0].Proposals[0].Approved != nil {
		t.Fatalf("%v: %s", err, o.out)
	}
	first, again := s.Portions[1].Proposals[0].Key, s.Portions[2].Proposals[0].Key
	if first != again {
		t.Error("the same words in the same place have two keys")
	}

	// Nothing unapproved is written; once approved, wherever it stands.
	err := o.do(t, "suggest", "mill.md", "--apply", "out.md")
	if e, ok := errors.AsType[*tearline.Error](err); !ok || !strings.Contains(e.Public, "nothing that is proposed for mill.md is approved") {
		t.Fatal(err)
	}
	if err := o.do(t, "approve", "mill.md", first[:6], first, "--officer", "M. Brandt"); err != nil || o.out != "1 approved, 0 refused by M. Brandt\n" {
		t.Fatalf("%v: %q", err, o.out)
	}
	if err := o.do(t, "suggest", "mill.md", "--apply", "out.md"); err != nil || o.out != "out.md: 3 alternatives in braces\n" {
		t.Fatalf("%v: %q", err, o.out)
	}
	got, err := os.ReadFile("out.md")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.ReplaceAll(mill, "forty engines prior to the fair.\n", "forty engines {prior to|before} the fair.\n")
	want = strings.Replace(want, "prior\n\tto the fair in", "{prior\n\tto|before} the fair in", 1)
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if a := o.answers[first]; a.Officer != "M. Brandt" || !a.Approved || a.Rule != "phrase.prior-to" || !strings.Contains(a.Sentence, "{prior to|before}") {
		t.Errorf("%+v", a)
	}
}

// A point over the end of a line, in a file with CRLF, and on standard output.
func TestApplyLines(t *testing.T) {
	o := newOffice(t)
	o.write(t, "mill.md", strings.ReplaceAll(mill, "\n", "\r\n"))
	o.in = strings.Repeat("y\n", 9)
	if err := o.do(t, "approve", "mill.md", "--review", "--officer", "x"); err != nil {
		t.Fatal(err)
	}
	if err := o.do(t, "suggest", "mill.md", "--apply", "-"); err != nil || o.err2 != "-: 6 alternatives in braces\n" {
		t.Fatalf("%v: %q", err, o.err2)
	}
	for _, want := range []string{"firm {purchased|bought} forty engines\r\n  {prior\r\n\tto|before} the fair in Tarn", "> tear (U): The firm purchased engines prior", "\r\n- (U) The firm\r\n  {purchased|bought} forty"} {
		if !strings.Contains(o.out, want) {
			t.Errorf("%q is not in\n%q", want, o.out)
		}
	}
	r, err := codec.ParseMarkdown([]byte(o.out))
	if err != nil || r.Portions[1].Wording.Points() != 2 || r.Portions[0].Wording.Points() != 0 {
		t.Errorf("%v", err)
	}
}

func TestReview(t *testing.T) {
	o := newOffice(t)
	o.write(t, "mill.md", mill)
	o.in = "perhaps\nY\nn\nq\n"
	if err := o.do(t, "approve", "mill.md", "--review", "--officer", "M. Brandt"); err != nil || o.out != "1 approved, 1 refused by M. Brandt\n" {
		t.Fatalf("%v: %q", err, o.out)
	}
	if n := strings.Count(o.err2, "may every reader have either? [y/n/q]"); n != 3 || !strings.HasPrefix(o.err2, "p1 1 of 6  The firm {purchased|bought}") {
		t.Errorf("asked %d times\n%s", n, o.err2)
	}
	// What was refused is not shown, unless it is asked for.
	if err := o.do(t, "suggest", "mill.md"); err != nil || strings.Contains(o.out, "refused by") || !strings.Contains(o.out, "approved by M. Brandt") || !strings.Contains(o.out, "; 3 approved; 3\nrefused, which --all shows") {
		t.Errorf("%v\n%s", err, o.out)
	}
	if err := o.do(t, "suggest", "mill.md", "--all"); err != nil || !strings.Contains(o.out, "refused by M. Brandt") {
		t.Errorf("%v\n%s", err, o.out)
	}
	// It goes on where it was left, and an answer can be taken back.
	if err := o.do(t, "approve", "mill.md", "--review", "--officer", "x"); err != nil || !strings.Contains(o.err2, "6 proposals: every proposal is answered") {
		t.Errorf("%v: %s", err, o.err2)
	}
	for key := range o.answers {
		if err := o.do(t, "approve", "mill.md", key, "--refuse", "--officer", "y"); err != nil || o.answers[key].Approved || o.answers[key].Officer != "y" {
			t.Errorf("%v: %+v", err, o.answers[key])
		}
	}
	// An answer is for exactly these alternatives.
	for key, a := range o.answers {
		a.Alternatives, a.Approved = []string{"prior to", "ahead of"}, true
		o.answers[key] = a
	}
	if err := o.do(t, "suggest", "mill.md", "--json"); err != nil || strings.Contains(o.out, `"approved":true`) {
		t.Errorf("%v: %s", err, o.out)
	}
}

func TestLint(t *testing.T) {
	o := newOffice(t)
	o.write(t, "good.md", head+"(U) The firm {purchased|bought} forty engines before the fair in Tarn{|, under another name,} and paid in gold coins.\n")
	if err := o.do(t, "lint", "good.md"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"portion  words  points  bits  in 100 words  outlive\np1       15     2       2.0   13.3          house style 1, oral 1\nall ",
		"To name one of 100 copies", "letter for letter.\n",
	} {
		if !strings.Contains(o.out, want) {
			t.Errorf("%q is not in\n%s", want, o.out)
		}
	}
	o.write(t, "bad.md", head+"(U) The firm purchased\nforty engines {before|after not long} the fair in Tarn, and paid {forty|fifty} gold coins {|very} late.\n")
	err := o.do(t, "lint", "bad.md")
	if code, ok := errors.AsType[command.CodeError](err); !ok || code != command.ExitError || o.err2 != "tearline: 2 points to be mended\n" {
		t.Fatalf("%v: %s", err, o.err2)
	}
	for _, want := range []string{
		"bad.md:10:15: \"before\" and \"after not long\" differ in a negation: \"not\"; offer", "bad.md:10:66: \"forty\" and \"fifty\" differ in a number",
		"bad.md:10:91: warning: leaving out \"very\"",
	} {
		if !strings.Contains(o.out, want) {
			t.Errorf("%q is not in\n%s", want, o.out)
		}
	}
	if err := o.do(t, "lint", "bad.md", "--json", "--recipients", "1000"); !errors.Is(err, command.CodeError(1)) || !strings.Contains(o.out, `"findings":[{"portion":"p1","line":10,"column":15,"rule":"negation","text":`) || !strings.Contains(o.out, `"words_to_name":`) {
		t.Errorf("%v: %s", err, o.out)
	}
	if err := o.do(t, "lint", "good.md", "--recipients", "1"); !isMisuse(err) {
		t.Errorf("%v", err)
	}
}

func isMisuse(err error) bool {
	_, ok := errors.AsType[*command.MisuseError](err)
	return ok
}

func TestEquivalence(t *testing.T) {
	o := newOffice(t)
	r, err := codec.ParseMarkdown([]byte(head + "(S) They met. {Two|A pair of} men came by {|small} boat.\n\n(U) Nothing varies.\n\n(U) The {gate|door} was shut on them.\n"))
	if err != nil {
		t.Fatal(err)
	}
	o.reports["R-1"] = r
	if err := o.do(t, "equivalence", "R-1"); err != nil || o.out != `p1
  point 1
    "Two"         Two men came by boat.
    "A pair of"   A pair of men came by boat.
  point 2
    nothing       Two men came by boat.
    "small"       Two men came by small boat.
p3
  point 1
    "gate"        The gate was shut on them.
    "door"        The door was shut on them.
3 points in 2 portions
` {
		t.Errorf("%v\n%s", err, o.out)
	}
	// A partner sees what it may have, and not how much there is.
	o.may = map[tearline.PortionID]bool{"p2": true, "p3": true}
	if err := o.do(t, "equivalence", "R-1", "--to", "FRA", "--json"); err != nil || o.out != `[{"id":"1","points":[{"number":1,"sentences":["The gate was shut on them.","The door was shut on them."],"alternatives":["gate","door"]}]}]`+"\n" {
		t.Errorf("%v\n%s", err, o.out)
	}
	o.may = nil
	if err := o.do(t, "equivalence", "R-1", "--to", "FRA", "--json"); err != nil || o.out != "[]\n" {
		t.Errorf("%v\n%s", err, o.out)
	}
	if err := o.do(t, "equivalence", "R-2"); tearline.KindOf(err) != tearline.Withheld {
		t.Errorf("%v", err)
	}
	if o.reports["R-1"], err = codec.ParseMarkdown([]byte(head + "(U) The {gate|gates} of the mill stood open.\n")); err != nil {
		t.Fatal(err)
	}
	if err := o.do(t, "lint", "R-1"); !errors.Is(err, command.CodeError(1)) || !strings.Contains(o.out, "R-1/p1:5: ") {
		t.Errorf("%v\n%s", err, o.out)
	}
}

func TestAuthoringMisuse(t *testing.T) {
	o := newOffice(t)
	o.write(t, "mill.md", mill)
	o.write(t, "bad.md", "no front matter")
	for _, args := range []string{
		"approve mill.md --officer x", "approve mill.md abcd --review --officer x", "approve mill.md --review --refuse --officer x",
		"approve - --review --officer x", "equivalence mill.md --to FRA",
	} {
		if err := o.do(t, strings.Fields(args)...); !isMisuse(err) {
			t.Errorf("%s: %v", args, err)
		}
	}
	if err := o.do(t, "approve", "mill.md", "abcd", "--officer", " "); !isMisuse(err) {
		t.Errorf("%v", err)
	}
	for args, want := range map[string]string{
		"approve mill.md zzzz --officer x": `no proposal for mill.md has the key "zzzz"`, "approve mill.md zz --officer x": `has the key "zz"`,
		"suggest bad.md": "bad.md:1:1: no front matter", "suggest none.md": "none.md: no such file", "lint none.md": "none.md: no such file",
	} {
		if err := o.do(t, strings.Fields(args)...); err == nil || !strings.Contains(err.Error(), want) || len(o.answers) > 0 {
			t.Errorf("%s: %v", args, err)
		}
	}
	if err := o.do(t, "suggest", "mill.md", "--class", "rhyme"); err == nil {
		t.Error("a class that there is not")
	}
	o.err = errors.New("the disk is full")
	for _, args := range []string{"suggest mill.md", "approve mill.md --review --officer x"} {
		if err := o.do(t, strings.Fields(args)...); !errors.Is(err, o.err) {
			t.Errorf("%s: %v", args, err)
		}
	}
}
