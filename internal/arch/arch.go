// Package arch reads the source tree of the module and measures its shape, so
// that the rules of docs/ARCHITECTURE.md are tests. It reads the files itself
// rather than asking the go command: the test cache then sees every file that
// it opened, and a forbidden import is never hidden by a cached "ok". It may
// import nothing but the standard library, and no package imports it.
package arch

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// A Package is one directory of Go files, tests left out.
type Package struct {
	Dir     string   // slash-separated, relative to the module's root; "" is the root
	Name    string   // of the package clause
	Doc     string   // the package comment
	Imports []string // import paths, each once
	Lines   int      // of code: neither blank nor wholly comment
	Funcs   []Func
	Inits   []string // positions of init functions
}

// A Func is one function and its length in lines, braces included.
type Func struct {
	Name, Pos string
	Lines     int
}

// skipped are folders that are not part of the main module's packages.
var skipped = map[string]bool{"testdata": true, "docs": true, "bench": true, "interop": true, "tools": true}

// Read parses every package below root.
func Read(root string) ([]*Package, error) {
	byDir := map[string]*Package{}
	var order []*Package
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && p != root && (skipped[d.Name()] || strings.HasPrefix(d.Name(), ".")) {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
			return nil
		}
		rel, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		dir := path.Dir(filepath.ToSlash(rel))
		if dir == "." {
			dir = ""
		}
		pkg := byDir[dir]
		if pkg == nil {
			pkg = &Package{Dir: dir}
			byDir[dir] = pkg
			order = append(order, pkg)
		}
		return pkg.add(p, rel)
	})
	return order, err
}

func (p *Package) add(file, rel string) error {
	src, err := os.ReadFile(file) //nolint:gosec // the tree under test
	if err != nil {
		return err
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, rel, src, parser.ParseComments)
	if err != nil {
		return err
	}
	p.Name = f.Name.Name
	if f.Doc != nil {
		p.Doc += f.Doc.Text()
	}
	for _, im := range f.Imports {
		ip := strings.Trim(im.Path.Value, `"`)
		if !slices.Contains(p.Imports, ip) {
			p.Imports = append(p.Imports, ip)
		}
	}
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		start, end := fset.Position(fn.Pos()), fset.Position(fn.End())
		p.Funcs = append(p.Funcs, Func{Name: fn.Name.Name, Pos: start.String(), Lines: end.Line - start.Line + 1})
		if fn.Name.Name == "init" && fn.Recv == nil {
			p.Inits = append(p.Inits, start.String())
		}
	}
	p.Lines += codeLines(fset, f, src)
	return nil
}

// codeLines counts the lines that hold more than blanks and comments.
func codeLines(fset *token.FileSet, f *ast.File, src []byte) int {
	comment := map[int]bool{}
	for _, g := range f.Comments {
		for _, c := range g.List {
			from, to := fset.Position(c.Pos()), fset.Position(c.End())
			for l := from.Line; l <= to.Line; l++ {
				comment[l] = true
			}
		}
	}
	n := 0
	for i, line := range strings.Split(string(src), "\n") {
		s := strings.TrimSpace(line)
		if s == "" || comment[i+1] && (strings.HasPrefix(s, "//") || strings.HasPrefix(s, "/*") || !strings.Contains(s, "//")) {
			continue
		}
		n++
	}
	return n
}

// Longest returns the longest chain of imports inside the module, from the
// package at the top to one that imports nothing of the module.
func Longest(pkgs []*Package, module string) []string {
	byPath := map[string]*Package{}
	for _, p := range pkgs {
		byPath[p.Path(module)] = p
	}
	memo := map[string][]string{}
	var walk func(p *Package) []string
	walk = func(p *Package) []string {
		key := p.Path(module)
		if c, ok := memo[key]; ok {
			return c
		}
		memo[key] = []string{key} // a cycle would not compile
		var best []string
		for _, im := range p.Imports {
			if q := byPath[im]; q != nil {
				if c := walk(q); len(c) > len(best) {
					best = c
				}
			}
		}
		memo[key] = append([]string{key}, best...)
		return memo[key]
	}
	var best []string
	for _, p := range pkgs {
		if c := walk(p); len(c) > len(best) {
			best = c
		}
	}
	return best
}

// Path returns the package's import path in the module.
func (p *Package) Path(module string) string { return path.Join(module, p.Dir) }

// Requires returns the direct requirements of a go.mod file.
func Requires(gomod string) ([]string, error) {
	src, err := os.ReadFile(gomod) //nolint:gosec // the tree under test
	if err != nil {
		return nil, err
	}
	var direct []string
	inBlock := false
	for line := range strings.SplitSeq(string(src), "\n") {
		s := strings.TrimSpace(line)
		switch {
		case s == "require (":
			inBlock = true
			continue
		case s == ")":
			inBlock = false
		case strings.HasPrefix(s, "require "):
			s = strings.TrimPrefix(s, "require ")
		case !inBlock:
			continue
		}
		if f := strings.Fields(s); len(f) >= 2 && !strings.Contains(s, "// indirect") {
			direct = append(direct, f[0])
		}
	}
	if len(direct) == 0 {
		return nil, fmt.Errorf("%s: no direct requirement found", gomod)
	}
	return direct, nil
}
