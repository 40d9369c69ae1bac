package truth

import (
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/codegen/surface"
	"github.com/covetsql/covetsql/compiler/facts"
)

// page describes a query that is read page by page: its cursors are two arguments, of as many parameters as it has keys.
func (d Describer) page(q *facts.Query, out *surface.Query) {
	if q.Page == nil {
		return
	}
	for i := range out.Params {
		p := &out.Params[i]
		for prefix, name := range map[string]string{facts.AfterParam: "after", facts.BeforeParam: "before"} {
			number, ok := strings.CutPrefix(p.Name, prefix)
			if key, err := strconv.Atoi(number); ok && err == nil {
				p.Column = surface.Column{Name: name, Given: true, Length: -1, Cursor: &surface.Cursor{Query: q.Name, Key: key - 1}}
			}
		}
		if p.Name == facts.SizeParam {
			p.Column = surface.Column{Name: facts.SizeParam, Given: true, NotNull: true, Length: -1, PageSize: true}
		}
	}
	out.Page = &surface.Page{}
	for _, k := range q.Page.Keys {
		out.Page.Keys = append(out.Page.Keys, placeOf(q, k.Column))
	}
}

// placeOf finds a column of a query among those that Columns gives.
func placeOf(q *facts.Query, column int) surface.PageKey {
	n := -1
	for i := 0; i < len(q.Columns); i++ {
		n++
		s := &q.Columns[i]
		if s.Embed < 0 || s.Table == nil {
			if i == column {
				return surface.PageKey{Column: n, Embed: -1}
			}
			continue
		}
		first := i
		for ; i < len(q.Columns) && q.Columns[i].Embed == s.Embed; i++ {
			if i == column {
				return surface.PageKey{Column: n, Embed: i - first}
			}
		}
		i--
	}
	return surface.PageKey{Column: -1, Embed: -1}
}
