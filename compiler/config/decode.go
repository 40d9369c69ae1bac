package config

import (
	"encoding/json"
	"sort"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

// decoder turns YAML nodes into values and says where one is wrong. It never stops at the
// first problem.
type decoder struct {
	file *source.File
	own  bool // covetsql's own keys may be used
	// strict tells that the file bears covetsql's own name.
	strict bool
	diags  diag.List
	// merges counts the merge keys followed so far.
	merges int
}

// setter takes the value of one key.
type setter func(value *yaml.Node)

// fields are the keys that a mapping may have.
type fields map[string]setter

// with adds the keys of others.
func (f fields) with(others ...fields) fields {
	for _, o := range others {
		for k, s := range o {
			f[k] = s
		}
	}
	return f
}

// entry is one key of a mapping, after merge keys were followed.
type entry struct {
	name  string
	key   *yaml.Node
	value *yaml.Node
}

// maxDepth bounds chains of aliases and merge keys, which a file may make circular;
// maxMerges the work that a few lines of merge keys may ask for, maxValues that of aliases in options.
const (
	maxDepth  = 32
	maxMerges = 1000
	maxValues = 1 << 20
)

func follow(n *yaml.Node) *yaml.Node {
	for i := 0; n != nil && n.Kind == yaml.AliasNode && n.Alias != nil && i < maxDepth; i++ {
		n = n.Alias
	}
	return n
}

func isNull(n *yaml.Node) bool {
	n = follow(n)
	return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null"
}

// entries lists the keys of a mapping with those of its merge keys (<<) behind; a key of
// the mapping itself hides a merged one. A key that stands twice is reported.
func (d *decoder) entries(n *yaml.Node) []entry {
	var out []entry
	d.collect(n, map[string]*yaml.Node{}, 0, &out)
	return out
}

func (d *decoder) collect(n *yaml.Node, seen map[string]*yaml.Node, depth int, out *[]entry) {
	if depth > 0 {
		d.merges++
	}
	if depth > maxDepth || d.merges > maxMerges {
		if d.merges > maxMerges+1 {
			return // said once
		}
		d.merges = maxMerges + 1
		d.errorAt(d.span(n), "merge keys (<<) are nested too deep or in a circle")
		return
	}
	var merges []*yaml.Node
	here := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		k := follow(key)
		if k.Kind != yaml.ScalarNode {
			d.errorAt(d.span(key), "a key must be a word, not %s", describe(k))
			continue
		}
		if k.ShortTag() == "!!merge" {
			merges = append(merges, value)
			continue
		}
		if here[k.Value] {
			d.diags.Add(diag.New(diag.ConfigInvalid, d.span(key), "the key %q stands twice", k.Value).
				WithLabel(d.span(seen[k.Value]), "first here"))
			continue
		}
		here[k.Value] = true
		if seen[k.Value] == nil {
			seen[k.Value] = key
			*out = append(*out, entry{k.Value, key, value})
		}
	}
	for _, m := range merges {
		m := follow(m)
		switch m.Kind {
		case yaml.MappingNode:
			d.collect(m, seen, depth+1, out)
		case yaml.SequenceNode:
			for _, c := range m.Content {
				if c = follow(c); c.Kind == yaml.MappingNode {
					d.collect(c, seen, depth+1, out)
				} else {
					d.errorAt(d.span(c), "a merge key (<<) takes mappings, not %s", describe(c))
				}
			}
		default:
			d.errorAt(d.span(m), "a merge key (<<) takes a mapping, not %s", describe(m))
		}
	}
}

// mapping reads a mapping by its fields. what names it in messages. A value of null counts
// as not given. It returns the keys that were given, for checks of what is missing.
func (d *decoder) mapping(n *yaml.Node, what string, fs fields) map[string]*yaml.Node {
	n = follow(n)
	given := map[string]*yaml.Node{}
	if n.Kind != yaml.MappingNode {
		d.errorAt(d.span(n), "%s must be a mapping, not %s", what, describe(n))
		return given
	}
	for _, e := range d.entries(n) {
		set, ok := fs[e.name]
		if !ok {
			d.unknown(e, what, fs)
			continue
		}
		if isNull(e.value) {
			continue
		}
		given[e.name] = e.key
		set(e.value)
	}
	return given
}

// ownKeys are keys that sqlc does not know, with what they do.
var ownKeys = map[string]string{
	"emit_domain_types":       "gives domains over basic types Go types",
	"functions":               "declares functions that the schema does not",
	"json":                    "has the go_type of an override read and written as JSON",
	"nullable_array_elements": "gives the elements of stored arrays types that take NULL",
	"runtime":                 "lets the package run on covetsql's runtime, by plan.go and a direct way in each method",
}

func (d *decoder) unknown(e entry, what string, fs fields) {
	dg := diag.New(diag.ConfigUnknownKey, d.span(e.key), "%s has no key %q", what, e.name)
	known := make([]string, 0, len(fs))
	for k := range fs {
		known = append(known, k)
	}
	sort.Strings(known)
	near := diag.Nearest(e.name, known, 1)
	switch does, own := ownKeys[e.name]; {
	case own && !d.own:
		dg = dg.WithHelp("%q is covetsql's own key: it %s; name the file covetsql.yaml to use it", e.name, does)
	case len(near) > 0:
		dg = dg.WithHelp("did you mean %q?", near[0]).
			WithFix(diag.Fix{Title: "write " + near[0], Edits: []diag.Edit{{Span: d.span(e.key), New: near[0]}}})
	case removed[what+"."+e.name] != "":
		dg = dg.WithHelp("%s", removed[what+"."+e.name])
	case len(known) <= 12:
		dg = dg.WithHelp("its keys are: %s", strings.Join(known, ", "))
	}
	d.diags.Add(dg)
}

// removed are keys that sqlc once had.
var removed = map[string]string{
	"gen.kotlin": "Kotlin is generated by a plugin; use codegen",
	"gen.python": "Python is generated by a plugin; use codegen",
}

// each calls read for every item of a list; null items count as absent.
func (d *decoder) each(what string, read func(item *yaml.Node)) setter {
	return func(n *yaml.Node) {
		n = follow(n)
		if n.Kind != yaml.SequenceNode {
			d.errorAt(d.span(n), "%s must be a list, not %s", what, describe(n))
			return
		}
		for _, c := range n.Content {
			if !isNull(c) {
				read(c)
			}
		}
	}
}

// scalar reports a node that is no scalar.
func (d *decoder) scalar(n *yaml.Node, want string) (*yaml.Node, bool) {
	v := follow(n)
	if v.Kind != yaml.ScalarNode {
		d.errorAt(d.span(n), "expected %s, found %s", want, describe(v))
		return nil, false
	}
	return v, true
}

func (d *decoder) str(to *string) setter {
	return func(n *yaml.Node) {
		if v, ok := d.scalar(n, "a text"); ok {
			*to = v.Value
		}
	}
}

func (d *decoder) boolean(to *bool) setter {
	return func(n *yaml.Node) {
		v, ok := d.scalar(n, "true or false")
		if !ok {
			return
		}
		// YAML 1.1's yes, no, on and off are booleans where one is wanted.
		if v.Decode(to) != nil {
			dg := diag.New(diag.ConfigInvalid, d.span(n), "expected true or false, found %s", describe(v))
			if b, err := strconv.ParseBool(v.Value); err == nil {
				dg = dg.WithHelp("write it without quotes: %t", b)
			}
			d.diags.Add(dg)
		}
	}
}

func (d *decoder) optional(to **bool) setter {
	return func(n *yaml.Node) {
		var b bool
		before := len(d.diags)
		d.boolean(&b)(n)
		if len(d.diags) == before {
			*to = &b
		}
	}
}

func (d *decoder) number(to **int) setter {
	return func(n *yaml.Node) {
		v, ok := d.scalar(n, "a whole number")
		if !ok {
			return
		}
		i, err := strconv.Atoi(v.Value)
		if err != nil || v.ShortTag() != "!!int" {
			d.errorAt(d.span(n), "expected a whole number, found %s", describe(v))
			return
		}
		*to = &i
	}
}

// strs reads a list of texts.
func (d *decoder) strs(what string, to *[]string) setter {
	return func(n *yaml.Node) {
		*to = []string{}
		d.each(what, func(item *yaml.Node) {
			var s string
			d.str(&s)(item)
			*to = append(*to, s)
		})(n)
	}
}

// paths reads one path or a list of paths.
func (d *decoder) paths(what string, to *[]string) setter {
	return func(n *yaml.Node) {
		if follow(n).Kind == yaml.ScalarNode {
			*to = []string{follow(n).Value}
		} else if follow(n).Kind == yaml.SequenceNode {
			d.strs(what, to)(n)
		} else {
			d.errorAt(d.span(n), "%s must be a path or a list of paths, not %s", what, describe(n))
		}
	}
}

// names reads a mapping of texts to texts.
func (d *decoder) names(what string, to *map[string]string) setter {
	return func(n *yaml.Node) {
		n = follow(n)
		if n.Kind != yaml.MappingNode {
			d.errorAt(d.span(n), "%s must be a mapping, not %s", what, describe(n))
			return
		}
		if *to == nil {
			*to = map[string]string{}
		}
		for _, e := range d.entries(n) {
			var s string
			if !isNull(e.value) {
				d.str(&s)(e.value)
			}
			(*to)[e.name] = s
		}
	}
}

// raw keeps any value as JSON, for plugins: as sqlc, with keys and dates as they were written.
func (d *decoder) raw(to *[]byte) setter {
	return func(n *yaml.Node) {
		before, left := len(d.diags), maxValues
		b, err := json.Marshal(d.jsonable(n, 0, &left))
		if err != nil {
			d.errorAt(d.span(n), "the options can not be passed on as JSON: %v", err)
		}
		if len(d.diags) == before {
			*to = b
		}
	}
}

// jsonable is a value as encoding/json takes it.
func (d *decoder) jsonable(n *yaml.Node, depth int, left *int) any {
	n = follow(n)
	if *left--; depth > maxDepth || *left <= 0 {
		if *left > -maxValues { // said once
			d.errorAt(d.span(n), "the options can not be read: they are too many, nested too deep or in a circle")
		}
		*left = -maxValues
		return nil
	}
	switch n.Kind {
	case yaml.MappingNode:
		out := map[string]any{}
		for _, e := range d.entries(n) {
			out[e.name] = d.jsonable(e.value, depth+1, left)
		}
		return out
	case yaml.SequenceNode:
		out := []any{}
		for _, c := range n.Content {
			out = append(out, d.jsonable(c, depth+1, left))
		}
		return out
	}
	var v any
	switch n.ShortTag() {
	case "!!bool", "!!int", "!!float", "!!null":
		if err := n.Decode(&v); err != nil {
			d.errorAt(d.span(n), "the options can not be read: %s", strings.TrimPrefix(err.Error(), "yaml: "))
		}
		return v
	}
	return n.Value
}

func (d *decoder) errorAt(at source.Span, format string, args ...any) {
	d.diags.Add(diag.New(diag.ConfigInvalid, at, format, args...))
}
