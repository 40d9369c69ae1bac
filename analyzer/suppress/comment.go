// Package suppress reads the comments that say why a finding is to stay, `covetsql:ignore CODE[,CODE…] reason`, of SQL and of
// Go, keeps the findings away that they mean, and tells which of them mean none. It knows no rule.
package suppress

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// Word begins a comment of ours.
const Word = token.IgnoreWord

// Comment is one comment of a file, and what it may speak of.
type Comment struct {
	// Span is the whole comment with its signs.
	Span source.Span
	// Scope is where the findings begin that the comment can keep away.
	Scope source.Span
	// Query is the query that Scope is all of: findings that are elsewhere and have a place of this query are in the comment's
	// reach too. "" for a part of a query, for schemas and for Go.
	Query string
	// Head is what stands before the first word of the query that the comment is in: findings about all of it point there.
	Head source.Span
	// Labels: a finding elsewhere that points into Scope beside its own place is in the comment's reach too.
	Labels bool
}

// note is a comment of ours that was read.
type note struct {
	Comment
	names  []name
	reason string
}

// name is a rule as a comment names it.
type name struct {
	text string
	at   source.Span
	used bool
}

// IsOurs tells whether a comment, with its signs, begins with Word.
func IsOurs(comment string) bool {
	_, _, ok := body(comment)
	return ok
}

// body is what stands behind Word in a comment, and where it begins.
func body(comment string) (text string, at int, ok bool) {
	for _, sign := range []string{"--", "//", "/*", "#"} {
		if strings.HasPrefix(comment, sign) {
			at = len(sign)
			break
		}
	}
	if at == 0 {
		return "", 0, false
	}
	end := len(comment)
	if strings.HasPrefix(comment, "/*") && strings.HasSuffix(comment, "*/") && end >= 4 {
		end -= 2
	}
	at += len(comment[at:end]) - len(strings.TrimLeft(comment[at:end], " \t"))
	text, ok = strings.CutPrefix(comment[at:end], Word)
	if ok = ok && (text == "" || strings.ContainsAny(text[:1], " \t\r\n")); !ok {
		return "", 0, false
	}
	return text, at + len(Word), true
}

// read takes a comment apart; false where it is not one of ours.
func read(c Comment) (*note, bool) {
	text, at, ok := body(c.Span.Text())
	if !ok {
		return nil, false
	}
	n := &note{Comment: c}
	at += int(c.Span.Start)
	for {
		blank := len(text) - len(strings.TrimLeft(text, " \t\r\n"))
		text, at = text[blank:], at+blank
		end := strings.IndexAny(text, ", \t\r\n")
		if end < 0 {
			end = len(text)
		}
		word := strings.TrimRight(text[:end], ":;")
		if word != "" {
			n.names = append(n.names, name{text: word, at: c.Span.File.Span(at, at+len(word))})
		}
		text, at = text[end:], at+end
		rest := strings.TrimLeft(text, " \t")
		if !strings.HasPrefix(rest, ",") {
			n.reason = strings.Join(strings.Fields(strings.TrimLeft(rest, " \t\r\n-:–—")), " ")
			return n, true
		}
		at += len(text) - len(rest) + 1
		text = rest[1:]
	}
}
