package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
)

// An edit makes one change to the text of a Go file, and fails where it finds
// another text than the one that it was written for.
type edit func(text []byte) ([]byte, error)

// swap puts one text in the place of another, which must be there exactly once.
func swap(was, becomes string) edit {
	return func(text []byte) ([]byte, error) {
		if n := bytes.Count(text, []byte(was)); n != 1 {
			return nil, fmt.Errorf("%q is there %d times, not once", was, n)
		}
		return bytes.Replace(text, []byte(was), []byte(becomes), 1), nil
	}
}

// withRuntime imports it, for the yields.
func withRuntime() edit { return swap("import (\n", "import (\n\t\"runtime\"\n") }

// without takes an import away.
func without(path string) edit { return swap("\t\""+path+"\"\n", "") }

// declare puts a declaration in the place of the one with this name, a method's
// with its receiver's type before it: "Point.Add". An empty one takes it away.
func declare(name, becomes string) edit {
	return func(text []byte) ([]byte, error) {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "", text, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		var found []ast.Decl
		for _, d := range file.Decls {
			if declared(d) == name {
				found = append(found, d)
			}
		}
		if len(found) != 1 {
			return nil, fmt.Errorf("%s is declared %d times, not once", name, len(found))
		}
		from, to := fset.Position(found[0].Pos()).Offset, fset.Position(found[0].End()).Offset
		return append(append(append([]byte(nil), text[:from]...), becomes...), text[to:]...), nil
	}
}

// declared is the name that a declaration is known by; none if it has several.
func declared(d ast.Decl) string {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			return d.Name.Name
		}
		typ := d.Recv.List[0].Type
		if star, ok := typ.(*ast.StarExpr); ok {
			typ = star.X
		}
		if id, ok := typ.(*ast.Ident); ok {
			return id.Name + "." + d.Name.Name
		}
	case *ast.GenDecl:
		if len(d.Specs) != 1 {
			return ""
		}
		switch s := d.Specs[0].(type) {
		case *ast.ValueSpec:
			if len(s.Names) == 1 {
				return s.Names[0].Name
			}
		case *ast.TypeSpec:
			return s.Name.Name
		}
	}
	return ""
}

// curve fills in the number of a curve.
func curve(n, text string) string { return strings.ReplaceAll(text, "NNN", n) }
