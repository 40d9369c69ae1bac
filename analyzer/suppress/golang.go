package suppress

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"

	"github.com/covetsql/covetsql/compiler/source"
)

// Go gives the comments of ours in a file of Go: one before a declaration speaks of all of it, one behind code of its line, one with a line of
// its own of the next line that has code. A file that is no Go has none.
func Go(f *source.File) []Comment {
	if !strings.Contains(f.Text, Word) {
		return nil
	}
	set := token.NewFileSet()
	file, _ := parser.ParseFile(set, f.Path, f.Text, parser.ParseComments|parser.SkipObjectResolution)
	if file == nil {
		return nil
	}
	tokens := set.File(file.FileStart)
	var out []Comment
	for _, group := range file.Comments {
		for _, c := range group.List {
			start, end := tokens.Offset(c.Pos()), tokens.Offset(c.Pos())+len(c.Text)
			if !IsOurs(c.Text) || end > len(f.Text) {
				continue
			}
			out = append(out, Comment{Span: f.Span(start, end), Scope: goScope(f, tokens, file, group, start)})
		}
	}
	return out
}

func goScope(f *source.File, tokens *token.File, file *ast.File, group *ast.CommentGroup, start int) source.Span {
	line := lines(f, start, start)
	if strings.TrimSpace(f.Text[line.Start:start]) != "" {
		return line
	}
	behind := tokens.Offset(group.End())
	behind += len(f.Text[behind:]) - len(strings.TrimLeft(f.Text[behind:], " \t\r\n"))
	for _, d := range file.Decls {
		from := tokens.Offset(d.Pos())
		if from == behind {
			return f.Span(from, tokens.Offset(d.End()))
		}
	}
	return lines(f, behind, behind)
}
