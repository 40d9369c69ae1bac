// Command beside prints queries of the bookshop next to the Go that was generated from them.
//
//	go run ./examples/bookshop/beside [query ...]
package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"unicode/utf8"
)

func main() {
	queries := os.Args[1:]
	if len(queries) == 0 {
		queries = []string{"Search", "AuthorSummary"}
	}
	_, self, _, _ := runtime.Caller(0)
	dir := filepath.Join(filepath.Dir(self), "..", "sqlite")
	if err := run(dir, queries); err != nil {
		fmt.Fprintln(os.Stderr, "beside:", err)
		os.Exit(1)
	}
}

func run(dir string, queries []string) error {
	sql, err := os.ReadFile(filepath.Join(dir, "queries.sql"))
	if err != nil {
		return err
	}
	generated := filepath.Join(dir, "shop", "queries.sql.go")
	for _, name := range queries {
		left, err := query(string(sql), name)
		if err != nil {
			return err
		}
		right, err := declarations(generated, name)
		if err != nil {
			return err
		}
		print(left, right)
	}
	return nil
}

// query is the text of one query with its header.
func query(text, name string) ([]string, error) {
	for _, part := range strings.Split(text, "\n\n") {
		if strings.Contains(part, "-- name: "+name+" ") {
			return strings.Split(strings.TrimSpace(part), "\n"), nil
		}
	}
	return nil, fmt.Errorf("no query is called %s", name)
}

// declarations are the types and the method that a query became, without the method's body.
func declarations(path, name string) ([]string, error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, nil, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, d := range file.Decls {
		var node ast.Node
		switch d := d.(type) {
		case *ast.GenDecl:
			if t, ok := d.Specs[0].(*ast.TypeSpec); !ok || t.Name.Name != name+"Row" && t.Name.Name != name+"Params" {
				continue
			}
			node = d
		case *ast.FuncDecl:
			if d.Name.Name != name {
				continue
			}
			d.Body, d.Doc = nil, nil
			node = d
		}
		var b bytes.Buffer
		if err := format.Node(&b, set, node); err != nil {
			return nil, err
		}
		if len(out) > 0 {
			out = append(out, "")
		}
		for _, line := range strings.Split(b.String(), "\n") {
			out = append(out, strings.ReplaceAll(line, "\t", "    "))
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no Go was generated for %s", name)
	}
	return out, nil
}

func print(left, right []string) {
	width := 0
	for _, l := range left {
		width = max(width, utf8.RuneCountInString(l))
	}
	fmt.Println()
	for i := 0; i < max(len(left), len(right)); i++ {
		var l, r string
		if i < len(left) {
			l = left[i]
		}
		if i < len(right) {
			r = right[i]
		}
		fmt.Println(strings.TrimRight(fmt.Sprintf("%s%s  |  %s", l, strings.Repeat(" ", width-utf8.RuneCountInString(l)), r), " "))
	}
	fmt.Println()
}
