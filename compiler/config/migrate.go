package config

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

// Migrate writes sqlc's configuration f, of either version, YAML or JSON, as the text of a
// covetsql.yaml that means the same but for being strict. notes say in a line each what is other
// than before. Comments of YAML stay. Where the list has an error, there is no text.
func Migrate(f *source.File) (text []byte, notes []string, list diag.List) {
	if _, list = Parse(f, f.Path); list.HasErrors() {
		return nil, nil, list
	}
	d := &decoder{file: f}
	root := d.document()
	m := &migration{}
	if d.version(root) == "1" {
		root = m.version2(root)
		m.note("it is of version 2: each of packages is a block of sql")
	}
	if take(root, "cloud") != nil {
		m.note("cloud is left out: no hosted service is asked")
	}
	for _, block := range items(get(root, "sql")) {
		m.keepBareErrors(block)
		m.say(block)
	}
	if m.bare {
		m.note("wrap_errors: false keeps errors as they were; without it they say which query failed, and == ErrNoRows becomes errors.Is")
	}
	m.note("types and NULLs are what the server says, not what sqlc says: `covetsql generate --report -f %s` lists where they differ", f.Path)
	plain(root)
	var out bytes.Buffer
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	if err := e.Encode(root); err != nil {
		return nil, nil, diag.List{diag.New(diag.ConfigInvalid, f.Span(0, 0), "it can not be written as YAML: %v", err)}
	}
	return out.Bytes(), m.notes, list
}

type migration struct {
	notes []string
	bare  bool
}

func (m *migration) note(format string, args ...any) {
	m.notes = append(m.notes, fmt.Sprintf(format, args...))
}

// blockKeys stay with an sql block of version 2; a package's other keys are options of Go.
var blockKeys = []string{"engine", "schema", "queries", "database", "analyzer", "strict", "strict_function_checks", "strict_order_by", "rules", "vet", "migrations", "functions"}

// version2 turns a file of version 1 into one of version 2.
func (m *migration) version2(v1 *yaml.Node) *yaml.Node {
	root := &yaml.Node{Kind: yaml.MappingNode, HeadComment: v1.HeadComment, FootComment: v1.FootComment}
	put(root, "version", &yaml.Node{Kind: yaml.ScalarNode, Value: "2", Style: yaml.DoubleQuotedStyle})
	sql := &yaml.Node{Kind: yaml.SequenceNode}
	for _, p := range items(get(v1, "packages")) {
		p = follow(p)
		block := &yaml.Node{Kind: yaml.MappingNode, HeadComment: p.HeadComment}
		if get(p, "engine") == nil {
			put(block, "engine", &yaml.Node{Kind: yaml.ScalarNode, Value: string(catalog.PostgreSQL)})
		}
		for _, key := range blockKeys {
			if n := take(p, key); n != nil {
				put(block, key, n)
			}
		}
		golang := &yaml.Node{Kind: yaml.MappingNode}
		for _, key := range [][2]string{{"name", "package"}, {"path", "out"}} {
			if n := take(p, key[0]); n != nil {
				put(golang, key[1], n)
			}
		}
		golang.Content = append(golang.Content, p.Content...)
		gen := &yaml.Node{Kind: yaml.MappingNode}
		put(gen, "go", golang)
		put(block, "gen", gen)
		sql.Content = append(sql.Content, block)
	}
	put(root, "sql", sql)
	golang := &yaml.Node{Kind: yaml.MappingNode}
	for _, key := range []string{"overrides", "rename"} {
		if n := take(v1, key); n != nil {
			put(golang, key, n)
		}
	}
	if len(golang.Content) > 0 {
		overrides := &yaml.Node{Kind: yaml.MappingNode}
		put(overrides, "go", golang)
		put(root, "overrides", overrides)
	}
	for i := 0; i < len(v1.Content); i += 2 { // rules, cloud, strict …
		if key := v1.Content[i].Value; key != "version" && key != "packages" {
			put(root, key, v1.Content[i+1])
		}
	}
	return root
}

// keepBareErrors says what sqlc's default is where covetsql's is another.
func (m *migration) keepBareErrors(block *yaml.Node) {
	golang := follow(get(get(block, "gen"), "go"))
	if golang == nil || golang.Kind != yaml.MappingNode || get(golang, "wrap_errors") != nil {
		return
	}
	put(golang, "wrap_errors", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: "false"})
	m.bare = true
}

// say notes keys of a block that mean less than with sqlc.
func (m *migration) say(block *yaml.Node) {
	if get(block, "database") != nil && get(block, "schema") != nil {
		m.note("database is asked by `covetsql vet` alone: queries are typed by the schema files")
	}
}

// get is the value of a mapping's key, nil where there is none.
func get(n *yaml.Node, key string) *yaml.Node {
	if n = follow(n); n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// take is get, and removes the key.
func take(n *yaml.Node, key string) *yaml.Node {
	n = follow(n)
	for i := 0; n != nil && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			value := n.Content[i+1]
			n.Content = append(n.Content[:i:i], n.Content[i+2:]...)
			return value
		}
	}
	return nil
}

func put(n *yaml.Node, key string, value *yaml.Node) {
	n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: key}, value)
}

func items(n *yaml.Node) []*yaml.Node {
	if n = follow(n); n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	return n.Content
}

// bareWord is a text that needs no quotes, unless some reader of YAML takes it for something else.
var (
	bareWord    = regexp.MustCompile(`^[A-Za-z_./][A-Za-z0-9_./-]*$`)
	wordsOfYAML = map[string]bool{"y": true, "yes": true, "n": true, "no": true, "on": true, "off": true, "true": true, "false": true, "null": true, ".inf": true, ".nan": true}
)

// plain gives JSON's collections and keys YAML's own form; text keeps its quotes where it needs them.
func plain(n *yaml.Node) {
	if n.Kind == yaml.MappingNode || n.Kind == yaml.SequenceNode {
		long := len(n.Content) > 4
		for _, c := range n.Content {
			long = long || c.Kind != yaml.ScalarNode || strings.Contains(c.HeadComment+c.LineComment+c.FootComment, "#")
		}
		if long {
			n.Style = 0
		}
	}
	if n.Kind == yaml.MappingNode {
		for i := 0; i < len(n.Content); i += 2 {
			n.Content[i].Style = 0
		}
	}
	if n.Kind == yaml.ScalarNode && n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 && bareWord.MatchString(n.Value) && !wordsOfYAML[strings.ToLower(n.Value)] {
		n.Style = 0
	}
	for _, c := range n.Content {
		plain(c)
	}
}
