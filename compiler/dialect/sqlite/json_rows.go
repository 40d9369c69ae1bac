package sqlite

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

// The rows of json_each and json_tree over a constant document are known before they run: how
// many there are, and whether one of them is a JSON null.

// documentRows says of a call over a constant document what its rows are. What Go's parser does
// not take, JSON5 perhaps, is not looked into.
func documentRows(sig *dialect.Signature, args []dialect.Operand, tree bool) {
	for _, a := range args {
		if a.Null.Null == types.Always {
			sig.Rows = &dialect.Rows{}
			return
		}
	}
	if len(args) == 0 || len(args) > 2 {
		return
	}
	root, ok := document(args[0])
	if ok && len(args) == 2 {
		path, constant := stringLiteral(args[1])
		if !constant || !plainPath.MatchString(path) {
			return
		}
		if root = root.at(path); root == nil {
			sig.Rows = &dialect.Rows{}
			return
		}
	}
	if !ok {
		return
	}
	rows := root.children
	if tree {
		rows = root.all(nil)
	} else if !root.container {
		rows = []*element{root}
	}
	n := int64(len(rows))
	sig.Rows = &dialect.Rows{Min: n, Max: n}
	never := map[string]bool{"key": root.container && !tree, "value": true, "atom": true}
	for _, e := range rows {
		never["value"] = never["value"] && !e.null
		never["atom"] = never["atom"] && !e.null && !e.container
	}
	for _, c := range sig.Columns {
		c.NotNull = c.NotNull || never[c.Name]
	}
}

// plainPath are paths of members and elements whose meaning is plain.
var plainPath = regexp.MustCompile(`^\$(\.[A-Za-z_][A-Za-z_0-9]*|\[\d{1,9}\])*$`)

// element is a value of a JSON document.
type element struct {
	container, null bool
	keys            []string // of an object's children
	children        []*element
}

// document reads a constant.
func document(o dialect.Operand) (*element, bool) {
	if o.Literal == nil || o.Literal.Kind != ir.String || strings.Contains(o.Literal.Text, `\`) || !json.Valid([]byte(o.Literal.Text)) {
		return nil, false
	}
	d := json.NewDecoder(strings.NewReader(o.Literal.Text))
	d.UseNumber()
	return read(d), true
}

// read reads a value of a valid document; a key may stand twice in an object.
func read(d *json.Decoder) *element {
	token, err := d.Token()
	if err != nil {
		return &element{null: true}
	}
	e := &element{null: token == nil}
	open, isDelim := token.(json.Delim)
	if !isDelim {
		return e
	}
	e.container = true
	for d.More() {
		if open == '{' {
			key, _ := d.Token()
			name, _ := key.(string)
			e.keys = append(e.keys, name)
		}
		e.children = append(e.children, read(d))
	}
	_, _ = d.Token() // what closes it
	return e
}

// at is what a plain path finds, nil where that is nothing.
func (e *element) at(path string) *element {
	for _, step := range regexp.MustCompile(`\.\w+|\[\d+\]`).FindAllString(path, -1) {
		i := -1
		if step[0] == '[' {
			if len(e.keys) == 0 {
				i, _ = strconv.Atoi(step[1 : len(step)-1])
			}
		} else {
			for j, k := range e.keys {
				if k == step[1:] {
					i = j
					break
				}
			}
		}
		if i < 0 || i >= len(e.children) {
			return nil
		}
		e = e.children[i]
	}
	return e
}

// all appends e and what is in it.
func (e *element) all(to []*element) []*element {
	to = append(to, e)
	for _, c := range e.children {
		to = c.all(to)
	}
	return to
}
