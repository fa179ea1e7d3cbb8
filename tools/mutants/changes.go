package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// changesOf makes mutants of a package by rule, without a list: every number in
// its source a little larger, every comparison, sum, product and condition
// another one. They are judged by all tests of the package: any that fails kills
// it. What survives is a number that no test knows, or one that is no matter.
func changesOf(root fs.FS, pkg string) ([]Mutant, error) {
	files, err := fs.Glob(root, path.Join(pkg, "*.go"))
	if err != nil {
		return nil, err
	}
	var out []Mutant
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := fs.ReadFile(root, name)
		if err != nil {
			return nil, err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, source, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			var m Mutant
			var at token.Pos
			switch n := n.(type) {
			case *ast.ImportSpec:
				return false
			case *ast.BasicLit:
				at, m = n.ValuePos, Mutant{Rule: "number", Old: n.Value, New: larger(n)}
			case *ast.BinaryExpr:
				at, m = n.OpPos, Mutant{Rule: "operator", Old: n.Op.String(), New: others[n.Op]}
			}
			if m.New == "" {
				return true
			}
			where := set.Position(at)
			m.Name = fmt.Sprintf("%s:%d:%d: %s instead of %s", path.Base(name), where.Line, where.Column, m.New, m.Old)
			m.File, m.Package, m.Offset = name, pkg, where.Offset
			out = append(out, m)
			return true
		})
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("nothing to change in %q", pkg)
	}
	return out, nil
}

// larger is a number with something added, "" of what is none.
func larger(n *ast.BasicLit) string {
	switch n.Kind { //nolint:exhaustive // what else there is are no numbers
	case token.INT:
		if i, err := strconv.ParseInt(n.Value, 0, 64); err == nil {
			return strconv.FormatInt(i+1, 10)
		}
	case token.FLOAT:
		if x, err := strconv.ParseFloat(n.Value, 64); err == nil {
			if x == 0 {
				return "0.1"
			}
			return strconv.FormatFloat(x*1.03, 'g', -1, 64)
		}
	}
	return ""
}

// others has, for an operator, another of its kind.
var others = map[token.Token]string{
	token.LSS: "<=", token.LEQ: "<", token.GTR: ">=", token.GEQ: ">", token.EQL: "!=", token.NEQ: "==",
	token.ADD: "-", token.SUB: "+", token.MUL: "/", token.QUO: "*", token.LAND: "||", token.LOR: "&&",
}
