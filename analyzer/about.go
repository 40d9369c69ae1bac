package analyzer

import (
	"sort"
	"strings"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// aboutWords is how many words of a statement name it.
const aboutWords = 6

// nameSubjects names in findings of the schema what they are about: the beginning of their statement, as "create table book". Without it two
// columns of one name could not be told apart when lines move.
func nameSubjects(p *compiler.Package, found diag.List) {
	statements := map[*source.File][]*token.Statement{}
	for i := range found {
		d := &found[i]
		f := d.Span.File
		if d.Query != "" || d.Subject != "" || f == nil || p.Source == nil || p.Source(f.Path) == nil || f == p.Config.Span.File {
			continue
		}
		list, ok := statements[f]
		if !ok {
			list, _ = token.Split(f, p.Dialect.Lex(), token.Schema)
			statements[f] = list
		}
		n := sort.Search(len(list), func(i int) bool { return list[i].Span.End > d.Span.Start })
		if n < len(list) && list[n].Span.Start <= d.Span.Start {
			d.Subject = beginning(list[n])
		}
	}
}

// beginning is the first words of a statement up to a parenthesis, in small letters.
func beginning(s *token.Statement) string {
	var words []string
	for i, t := range s.Tokens {
		if text := s.TokenText(i); t.Kind == token.Ident || t.Kind == token.Keyword || t.Kind == token.QuotedIdent {
			words = append(words, strings.ToLower(text))
		} else if text == "(" {
			break
		} else if text == "." && len(words) > 0 && i+1 < len(s.Tokens) {
			words[len(words)-1] += "."
		}
		if len(words) == aboutWords {
			break
		}
	}
	return strings.ReplaceAll(strings.Join(words, " "), ". ", ".")
}
