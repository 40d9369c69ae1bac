package access

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
)

// Proposal is one index that serves several wants: those whose columns are first, then those with more.
type Proposal struct {
	Table *catalog.Table
	Parts []Sort
	// Equal is how many of the parts are compared for equality by the widest want.
	Equal int
	Wants []Want
}

// Propose puts wants together: one whose columns are among another's is served by an index that begins with them.
func Propose(wants []Want) (out []*Proposal) {
	byTable := map[*catalog.Table][]Want{}
	var tables []*catalog.Table
	for _, w := range wants {
		if byTable[w.Access.Table] == nil {
			tables = append(tables, w.Access.Table)
		}
		byTable[w.Access.Table] = append(byTable[w.Access.Table], w)
	}
	for _, t := range tables {
		list := byTable[t]
		slices.SortStableFunc(list, func(a, b Want) int { return len(a.Equal) + len(a.Then) - len(b.Equal) - len(b.Then) })
		var chains []*Proposal
		for _, w := range list {
			if !slices.ContainsFunc(chains, func(p *Proposal) bool { return p.take(w) }) {
				p := &Proposal{Table: t}
				p.take(w)
				chains = append(chains, p)
			}
		}
		out = append(out, chains...)
	}
	return out
}

// take adds a want to a proposal that serves it, or that serves it and all before once it is longer.
func (p *Proposal) take(w Want) bool {
	among := func(list []Sort) (n int) {
		for _, s := range list {
			if slices.Contains(w.Equal, s.Column) {
				n++
			}
		}
		return n
	}
	then := p.Parts[p.Equal:]
	switch {
	case len(p.Wants) > 0 && !w.Order && len(w.Equal) > 0 && len(w.Equal) <= p.Equal && among(p.Parts[:len(w.Equal)]) == len(w.Equal):
		// its rows are found by the first parts
	case among(p.Parts[:p.Equal]) < p.Equal:
		return false
	case len(then) == 0, !p.order() && len(w.Equal) > 0:
		p.Parts = p.Parts[:p.Equal:p.Equal]
		for _, c := range w.Equal {
			if among(p.Parts) == 0 || !slices.ContainsFunc(p.Parts, func(s Sort) bool { return s.Column == c }) {
				p.Parts = append(p.Parts, Sort{Column: c})
			}
		}
		p.Equal = len(p.Parts)
		p.Parts = append(p.Parts, w.Then...)
	case len(w.Equal) != p.Equal || !prefix(w.Then, then) && !prefix(then, w.Then):
		return false
	case len(w.Then) > len(then):
		p.Parts = append(p.Parts[:p.Equal:p.Equal], w.Then...)
	}
	p.Wants = append(p.Wants, w)
	return true
}

// Finds tells whether the index finds what others want too: they fix its first column.
func (p *Proposal) Finds(o *Proposal) bool {
	return p.Table == o.Table && p.Equal > 0 && !slices.ContainsFunc(o.Wants, func(w Want) bool {
		return w.Order || !slices.Contains(w.Equal, p.Parts[0].Column)
	})
}

// order tells whether one of the wants is for the order of the last parts.
func (p *Proposal) order() bool {
	return slices.ContainsFunc(p.Wants, func(w Want) bool { return w.Order })
}

// prefix tells whether the one list begins the other.
func prefix(short, long []Sort) bool {
	if len(short) > len(long) {
		return false
	}
	for i, s := range short {
		if long[i].Column != s.Column || long[i].Desc != s.Desc {
			return false
		}
	}
	return true
}

// Columns writes the parts as CREATE INDEX takes them.
func (p *Proposal) Columns() (out []string) {
	quote := p.Wants[0].Access.Query.Package.Dialect.Quote
	same := true // an index is read backwards as well
	for _, s := range p.Parts[p.Equal:] {
		same = same && s.Desc == p.Parts[p.Equal].Desc
	}
	for _, s := range p.Parts {
		name := quote(s.Column.Name)
		if slices.Contains(p.Wants[0].Access.engine.cut, s.Column.Type.Name) {
			name += "(100)" // of the beginning
		}
		if s.Desc && !same {
			name += " DESC"
		}
		out = append(out, name)
	}
	return out
}

// Replaces lists the indexes that one over the parts makes needless: those that hold no more than its first columns.
func (p *Proposal) Replaces() (out []*Path) {
	for _, x := range p.Wants[0].Access.Paths {
		if x.Unique || x.Index == nil || !x.Ordered() || x.Where != nil || len(x.Parts) >= len(p.Parts) || len(x.Index.Include) > 0 {
			continue
		}
		same := true
		for i, part := range x.Parts {
			same = same && strings.EqualFold(part.Column, p.Parts[i].Column.Name)
		}
		if same {
			out = append(out, x)
		}
	}
	return out
}
