package config

import (
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/covetsql/covetsql/compiler/source"
)

// span is where a node stands: a scalar's text, the first key of a block mapping, the first
// item of a block list, the opening bracket of a flow collection.
func (d *decoder) span(n *yaml.Node) source.Span {
	if n == nil || n.Line == 0 {
		return d.file.Span(0, 0)
	}
	line, start := d.file.Line(n.Line)
	at := columnOffset(line, n.Column)
	rest := line[at:]
	switch {
	case n.Kind == yaml.AliasNode:
		return d.file.Span(start+at, start+at+len("*")+len(n.Value))
	case n.Kind == yaml.ScalarNode:
		return d.file.Span(start+at, start+at+scalarLength(rest, n))
	case len(n.Content) > 0 && n.Style&yaml.FlowStyle == 0:
		return d.span(n.Content[0])
	}
	return d.file.Span(start+at, start+at+min(1, len(rest)))
}

// firstKey is the span of a mapping's first key.
func (d *decoder) firstKey(n *yaml.Node) source.Span {
	if len(n.Content) > 0 {
		return d.span(n.Content[0])
	}
	return d.span(n)
}

// lineSpan is the text of line n without the white space around it.
func (d *decoder) lineSpan(n int) source.Span {
	line, start := d.file.Line(n)
	text := strings.TrimSpace(line)
	from := start + strings.Index(line, text)
	return d.file.Span(from, from+len(text))
}

// columnOffset is the byte offset of a column that counts characters from 1.
func columnOffset(line string, column int) int {
	at := 0
	for i := 1; i < column && at < len(line); i++ {
		_, size := utf8.DecodeRuneInString(line[at:])
		at += size
	}
	return at
}

// scalarLength is how much of rest, the line from the scalar's start on, the scalar takes.
func scalarLength(rest string, n *yaml.Node) int {
	if n.Tag != "" && strings.HasPrefix(rest, "!") || n.Anchor != "" && strings.HasPrefix(rest, "&") {
		if word, more, ok := strings.Cut(rest, " "); ok {
			plain := *n
			if strings.HasPrefix(word, "!") {
				plain.Tag = ""
			} else {
				plain.Anchor = ""
			}
			return len(word) + 1 + scalarLength(more, &plain)
		}
		return len(rest)
	}
	switch n.Style &^ yaml.TaggedStyle {
	case yaml.DoubleQuotedStyle:
		for i := 1; i < len(rest); i++ {
			if rest[i] == '\\' {
				i++
			} else if rest[i] == '"' {
				return i + 1
			}
		}
		return len(rest)
	case yaml.SingleQuotedStyle:
		for i := 1; i < len(rest); i++ {
			if rest[i] != '\'' {
				continue
			}
			if i+1 < len(rest) && rest[i+1] == '\'' {
				i++
				continue
			}
			return i + 1
		}
		return len(rest)
	}
	if strings.HasPrefix(rest, n.Value) {
		return len(n.Value)
	}
	return len(strings.TrimRight(rest, " \t"))
}
