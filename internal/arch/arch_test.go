package arch_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"tearline/internal/arch"
)

const (
	root   = "../.."
	module = "tearline"
)

// levels says what a package may import: only packages of a lower level, or
// its own children. The tens are the levels of docs/ARCHITECTURE.md; children
// that one room is made of stand between them. A package that stands nowhere
// here fails the test, so that a new room is a decision.
var levels = map[string]int{
	"lineage":                     0,
	"marking":                     0,
	"marking/policies":            0,
	"marking/internal/nearest":    0,
	"marking/internal/xmltree":    0,
	"marking/authority":           5,
	"marking/equivalence":         5,
	"marking/ism":                 5,
	"marking/misp":                5,
	"marking/policyfile":          5,
	"marking/spif":                5,
	"marking/stix":                5,
	"marking/label":               6,
	"":                            10,
	"codec":                       20,
	"codec/internal/jsonread":     0,
	"codec/internal/pagenumber":   0,
	"codec/internal/sentence":     0,
	"codec/facts":                 20,
	"codec/article":               20,
	"codec/pdf":                   21,
	"codec/document":              20,
	"codec/pdf/shape":             0,
	"codec/assemble":              22,
	"codec/docx":                  22,
	"codec/hypertext":             22,
	"codec/look":                  22,
	"codec/mail":                  22,
	"codec/onfile":                22,
	"codec/pages":                 22,
	"codec/plain":                 21,
	"codec/word":                  22,
	"codec/word/internal/look":    1,
	"codec/word/internal/opc":     0,
	"leak/fingerprint":            20,
	"leak/fingerprint/bound":      19,
	"leak/fingerprint/layout":     22,
	"leak/fingerprint/simulate":   22,
	"leak/authoring":              21,
	"leak/match":                  22,
	"leak/weights":                18,
	"leak/train":                  24,
	"leak/match/internal/letters": 1,
	"leak/match/internal/table":   0,
	"leak/match/internal/words":   0,
	"leak/segment":                18,
	"ledger":                      20,
	"release":                     20,
	"release/classes":             25,
	"release/classes/column":      0,
	"release/classes/marks":       15,
	"sanitize":                    30,
	"internal/casefile":           30,
	"internal/damage":             30,
	"internal/event":              30,
	"internal/extract":            30,
	"internal/listing":            30,
	"internal/answer":             35,
	"internal/attribution":        30,
	"internal/pdftext":            30,
	"internal/pdftext/pdfium":     35,
	"internal/pdftext/whole":      32,
	"internal/recall":             30,
	"internal/replay":             30,
	"internal/whatif":             30,
	"internal/warrant/shards":     29,
	"internal/warrant":            30,
	"internal/set":                0,
	"internal/text":               10,
	"internal/documents":          41,
	"internal/feed":               40,
	"internal/keys":               40,
	"internal/store/sqlite":       40,
	"internal/leakindex":          42,
	"internal/node/book":          46,
	"internal/node/book/intake":   44,
	"internal/node/audits":        48,
	"internal/node/batch":         48,
	"internal/node/cases":         48,
	"internal/node/copies":        48,
	"internal/node/ledgers":       48,
	"internal/node/press":         48,
	"internal/node/trace":         48,
	"internal/node/leaks":         49,
	"internal/node/verify":        48,
	"internal/node":               50,
	"internal/casepage":           60,
	"internal/marks":              60,
	"internal/outfile":            60,
	"internal/page":               20,
	"internal/pagemarks":          37,
	"internal/pagepicture":        36,
	"internal/tracepage":          60,
	"internal/scenario":           70,
	"internal/cli/command":        75,
	"internal/cli/attributecmd":   77,
	"internal/cli/casecmd":        77,
	"internal/cli/fingerprintcmd": 77,
	"internal/cli/ledgercmd":      77,
	"internal/cli/markcmd":        77,
	"internal/cli/reportcmd":      77,
	"internal/cli/presscmd":       77,
	"internal/cli/tracecmd":       77,
	"internal/cli/warrantcmd":     77,
	"internal/cli":                80,
	"cmd/tearline":                90,
	"internal/arch":               90,
}

// dependencies are the modules that the main module may require directly, and
// what for. docs/decisions/0005-dependencies.md has the reasons.
var dependencies = map[string]string{
	"github.com/RoaringBitmap/roaring/v2":      "sets of portions, for listing and search",
	"codeberg.org/go-pdf/fpdf":                 "copies as PDF",
	"codeberg.org/readeck/go-readability/v2":   "the article of a web page",
	"github.com/alecthomas/kong":               "command line",
	"github.com/emersion/go-message":           "mails",
	"github.com/go-fonts/dejavu":               "letters that the Go fonts lack, in PDFs",
	"github.com/google/go-cmp":                 "tests",
	"github.com/klippa-app/go-pdfium":          "text of PDFs, in a process of its own",
	"github.com/kljensen/snowball":             "stems for leak matching",
	"github.com/mmcdole/gofeed":                "feeds",
	"github.com/rogpeppe/go-internal":          "txtar scenarios, testscript",
	"github.com/santhosh-tekuri/jsonschema/v6": "tests: statements against their schemas",
	"github.com/tetratelabs/wazero":            "limits and cache for the PDF reader",
	"github.com/transparency-dev/formats":      "C2SP checkpoints",
	"github.com/yuin/goldmark":                 "Markdown reports",
	"go.yaml.in/yaml/v3":                       "their front matter",
	"golang.org/x/image":                       "the Go fonts, and the outlines of their letters",
	"golang.org/x/mod":                         "RFC 6962 log, signed notes",
	"golang.org/x/net":                         "HTML, and the encodings that pages are in",
	"golang.org/x/sys":                         "free disk space, file locks",
	"golang.org/x/term":                        "is it a terminal",
	"golang.org/x/tools":                       "txtar scenarios",
	"golang.org/x/text":                        "Unicode normalisation, scripts from right to left",
	"modernc.org/sqlite":                       "the store, without a C compiler",
	"pgregory.net/rapid":                       "tests: properties",
}

func read(t *testing.T) []*arch.Package {
	t.Helper()
	pkgs, err := arch.Read(root)
	if err != nil {
		t.Fatal(err)
	}
	if len(pkgs) < 10 {
		t.Fatalf("only %d packages read: is %s the module's root?", len(pkgs), root)
	}
	return pkgs
}

func TestArrowsPointDown(t *testing.T) {
	for _, p := range read(t) {
		level, ok := levels[p.Dir]
		if !ok {
			t.Errorf("%q has no level: say in docs/ARCHITECTURE.md what it is for, then add it here", p.Dir)
			continue
		}
		for _, im := range p.Imports {
			dir, ours := dirOf(im)
			if !ours || strings.HasPrefix(dir, p.Dir+"/") && p.Dir != "" {
				continue
			}
			if to := levels[dir]; to >= level {
				t.Errorf("%q (level %d) imports %q (level %d): arrows point down", p.Dir, level, dir, to)
			}
		}
	}
}

// dirOf returns the folder of an import path of this module.
func dirOf(im string) (string, bool) {
	if im == module {
		return "", true
	}
	dir, ok := strings.CutPrefix(im, module+"/")
	return dir, ok
}

// The leaves may use the standard library alone, the pure core nothing that
// reads the world.
func TestLeavesAndPureCore(t *testing.T) {
	leaves := []string{"marking", "marking/policies", "marking/internal/nearest", "marking/internal/xmltree", "lineage"}
	pure := []string{"", "marking", "marking/policies", "marking/internal/nearest", "marking/internal/xmltree", "marking/authority", "marking/equivalence", "marking/ism", "marking/misp", "marking/policyfile", "marking/spif", "marking/stix", "marking/label", "lineage", "release", "sanitize", "internal/warrant", "codec", "codec/article", "leak/match", "leak/segment", "leak/fingerprint", "leak/fingerprint/bound", "leak/fingerprint/layout", "leak/authoring", "codec/pdf", "codec/pdf/shape", "codec/document", "codec/internal/pagenumber", "codec/internal/sentence", "codec/assemble", "codec/docx", "codec/hypertext", "codec/look", "codec/mail", "codec/onfile", "codec/pages", "codec/plain", "codec/word", "codec/word/internal/look", "codec/word/internal/opc", "internal/attribution", "internal/damage", "release/classes", "release/classes/column", "release/classes/marks"}
	world := []string{"os", "os/exec", "net", "net/http", "database/sql", "log", "log/slog", "math/rand", "math/rand/v2", "syscall", "runtime"}
	for _, p := range read(t) {
		for _, im := range p.Imports {
			first, _, _ := strings.Cut(im, "/")
			child := strings.HasPrefix(im, p.Path(module)+"/")
			if slices.Contains(leaves, p.Dir) && !child && (strings.Contains(first, ".") || first == module) {
				t.Errorf("%q imports %s: the standard library only", p.Dir, im)
			}
			if slices.Contains(pure, p.Dir) && slices.Contains(world, im) {
				t.Errorf("%q imports %s: the pure core takes facts and time as arguments", p.Dir, im)
			}
			if !strings.HasPrefix(p.Dir, "internal/") && !strings.HasPrefix(p.Dir, "cmd/") && strings.HasPrefix(im, module+"/internal/") {
				t.Errorf("%q imports %s: a public package never imports an internal one", p.Dir, im)
			}
			if strings.HasPrefix(im, "github.com/opentdf/") {
				t.Errorf("%q imports %s: peers' code stays in bench and interop", p.Dir, im)
			}
		}
	}
}

func TestPackageComments(t *testing.T) {
	for _, p := range read(t) {
		want := "Package " + p.Name + " "
		if p.Name == "main" {
			want = "Command " + path.Base(p.Dir) + " "
		}
		if !strings.HasPrefix(p.Doc, want) {
			t.Errorf("%q: the package comment does not begin %q", p.Dir, want)
		}
		if len(strings.Fields(p.Doc)) < 25 {
			t.Errorf("%q: the package comment does not say what it is for and what it may not do", p.Dir)
		}
	}
}

func TestBudgets(t *testing.T) {
	const maxFunc, maxP90, maxPackage, maxChain = 80, 40, 2500, 8
	pkgs := read(t)
	var all []int
	for _, p := range pkgs {
		if p.Lines > maxPackage {
			t.Errorf("%q has %d lines of code, the budget is %d", p.Dir, p.Lines, maxPackage)
		}
		for _, f := range p.Funcs {
			all = append(all, f.Lines)
			if f.Lines > maxFunc {
				t.Errorf("%s: %s has %d lines, the budget is %d", f.Pos, f.Name, f.Lines, maxFunc)
			}
		}
		for _, pos := range p.Inits {
			t.Errorf("%s: an init function; tables are explicit here", pos)
		}
	}
	sort.Ints(all)
	if p90 := all[len(all)*9/10]; p90 > maxP90 {
		t.Errorf("nine of ten functions have up to %d lines, the budget is %d", p90, maxP90)
	}
	if chain := arch.Longest(pkgs, module); len(chain)-1 > maxChain {
		t.Errorf("a chain of %d imports: %s", len(chain)-1, strings.Join(chain, " → "))
	}
}

func TestDependenciesAreDecided(t *testing.T) {
	direct, err := arch.Requires(root + "/go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range direct {
		if dependencies[m] == "" {
			t.Errorf("%s is required directly: say why in docs/decisions/0005-dependencies.md, then add it here", m)
		}
	}
}

// The reader itself must see what it is asked to see.
func TestReadSeesImports(t *testing.T) {
	for _, p := range read(t) {
		if p.Dir == "internal/arch" {
			if !slices.Contains(p.Imports, "go/parser") || p.Lines < 100 || len(p.Funcs) < 5 {
				t.Errorf("read of this package: %d lines, %d functions, imports %v", p.Lines, len(p.Funcs), p.Imports)
			}
			return
		}
	}
	t.Error("this package was not read")
}

// Every test that docs/ARCHITECTURE.md names for an invariant is there.
func TestInvariantsNameTheirTests(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join(root, "docs", "ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`(Test\\w+)[`/]").FindAllStringSubmatch(string(doc), -1)
	if len(named) < 13 {
		t.Fatalf("only %d tests are named", len(named))
	}
	tests := map[string]bool{}
	err = filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(p, "_test.go") {
			return err
		}
		src, err := os.ReadFile(p)
		for _, m := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllSubmatch(src, -1) {
			tests[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range named {
		if !tests[m[1]] {
			t.Errorf("docs/ARCHITECTURE.md names %s, which is no test", m[1])
		}
	}
}
