package config

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

// Load reads the configuration at path. All problems are reported, each at its place; the
// Config is nil only where nothing could be understood at all, and must not be used to
// generate where the list has an error. A file that can not be read gives FileUnreadable.
func Load(path string) (*Config, diag.List) {
	name := filepath.ToSlash(path)
	f, err := source.Read(path, name)
	var notText *source.NotTextError
	var unreadable *source.UnreadableError
	switch {
	case errors.As(err, &notText):
		return nil, diag.List{diag.New(diag.FileNotText, notText.Span, "the configuration is not text: %s", notText.What)}
	case err != nil:
		reason := err.Error()
		if errors.As(err, &unreadable) {
			reason = unreadable.Reason
		}
		d := diag.New(diag.FileUnreadable, source.NewFile(name, "").Span(0, 0), "the configuration can not be read: %s", reason)
		return nil, diag.List{d}
	}
	return Parse(f, path)
}

// Parse reads a configuration that is in memory. path decides two things: relative paths
// start from its folder, and its base name tells covetsql's own file (strict, own keys) from
// sqlc's.
func Parse(f *source.File, path string) (*Config, diag.List) {
	d := &decoder{file: f, own: !isForeign(path), strict: isOwn(path)}
	root := d.document()
	if root == nil {
		return nil, d.diags
	}
	c := &Config{File: f, Dir: filepath.Dir(path), Strict: isOwn(path)}
	c.Version = d.version(root)
	switch c.Version {
	case "1":
		d.fileV1(c, root)
	case "2":
		d.fileV2(c, root)
	default:
		return nil, d.diags
	}
	d.check(c, root)
	return c, d.diags.Sorted()
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)`)

// document parses the file's first YAML document to its root node; nil where it has none.
func (d *decoder) document() (root *yaml.Node) {
	// The parser signals some malformed input by a panic of its own.
	defer func() {
		if r := recover(); r != nil {
			d.errorAt(d.file.Span(0, 0), "this is not YAML or JSON: %v", r)
			root = nil
		}
	}()
	dec := yaml.NewDecoder(strings.NewReader(d.file.Text))
	var doc yaml.Node
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		d.empty()
		return nil
	} else if err != nil {
		m := yamlLine.FindStringSubmatch(err.Error())
		at := d.file.Span(0, 0)
		if m == nil {
			d.errorAt(at, "this is not YAML or JSON: %v", err)
			return nil
		}
		if n, err := strconv.Atoi(m[1]); err == nil {
			at = d.lineSpan(n)
		}
		d.errorAt(at, "this is not YAML or JSON: %s", m[2])
		return nil
	}
	if len(doc.Content) == 0 || isNull(doc.Content[0]) {
		d.empty()
		return nil
	}
	var more yaml.Node
	if err := dec.Decode(&more); err == nil && len(more.Content) > 0 {
		at := d.span(more.Content[0])
		dg := diag.New(diag.ConfigInvalid, at, "a second YAML document is ignored").WithHelp("put everything before the line ---")
		dg.Severity = diag.Warning
		d.diags.Add(dg)
	}
	return doc.Content[0]
}

func (d *decoder) empty() {
	d.diags.Add(diag.New(diag.ConfigInvalid, d.file.Span(0, 0), "the configuration is empty").
		WithHelp("`covetsql init` writes one to start from"))
}

// version reads the version alone, since all other keys depend on it.
func (d *decoder) version(root *yaml.Node) string {
	if root.Kind != yaml.MappingNode {
		d.errorAt(d.span(root), "the configuration must be a mapping with version and sql, not %s", describe(root))
		return ""
	}
	for _, e := range d.entries(root) {
		if e.name != "version" {
			continue
		}
		v := follow(e.value)
		if v.Kind == yaml.ScalarNode && (v.Value == "1" || v.Value == "2") {
			return v.Value
		}
		d.errorAt(d.span(e.value), `the version must be "1" or "2", not %s`, describe(v))
		return ""
	}
	d.diags.Add(diag.New(diag.ConfigInvalid, d.firstKey(root), "the configuration has no version").
		WithHelp(`start the file with: version: "2"`))
	return ""
}

// describe names a node in a message.
func describe(n *yaml.Node) string {
	n = follow(n)
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	switch n.ShortTag() {
	case "!!null":
		return "nothing"
	case "!!bool", "!!int", "!!float":
		return n.Value
	}
	if len(n.Value) > 40 {
		return fmt.Sprintf("%q …", n.Value[:strings.LastIndexAny(n.Value[:40], " \n")+1])
	}
	return strconv.Quote(n.Value)
}
