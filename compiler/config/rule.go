package config

import (
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/covetsql/covetsql/compiler/source"
)

func (d *decoder) rule(n *yaml.Node) Rule {
	r := Rule{Span: d.span(n), NameSpan: d.span(n)}
	d.mapping(n, "a rule", fields{
		"name": func(n *yaml.Node) {
			d.str(&r.Name)(n)
			r.NameSpan = d.span(n)
		},
		"rule": func(n *yaml.Node) {
			d.str(&r.Rule)(n)
			r.Lines = d.textLines(n)
		},
		"message": d.str(&r.Message),
		"message_expression": func(n *yaml.Node) {
			d.str(&r.MessageExpression)(n)
			r.MessageLines = d.textLines(n)
		},
		"severity": d.str(&r.Severity),
		"each":     d.str(&r.Each),
		"engines":  d.strs("engines", &r.Engines),
	})
	return r
}

// textLines are the places of a text's lines in the file; the whole value alone where they do not stand there as they are.
func (d *decoder) textLines(n *yaml.Node) []source.Span {
	whole := []source.Span{d.span(n)}
	n = follow(n)
	if n.Kind != yaml.ScalarNode {
		return whole
	}
	lines := strings.Split(strings.TrimRight(n.Value, "\n"), "\n")
	number := n.Line
	if n.Style&yaml.LiteralStyle != 0 { // the text begins below its bar
		number++
	} else if len(lines) > 1 {
		return whole
	}
	var out []source.Span
	for i, want := range lines {
		line, start := d.file.Line(number + i)
		from := 0
		if i == 0 && n.Style&yaml.LiteralStyle == 0 {
			from = columnOffset(line, n.Column)
		}
		at := strings.Index(line[from:], want)
		if at < 0 {
			return whole
		}
		at += start + from
		out = append(out, d.file.Span(at, at+len(want)))
	}
	return out
}
