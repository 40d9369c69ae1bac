package sem

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
)

// Effects are what a statement touches.
type Effects struct {
	// Reads and Writes are the relations named, in order of the text, each once. The target of
	// an INSERT, UPDATE, DELETE or MERGE is only in Writes.
	Reads, Writes []*catalog.Table
	// Locks: the statement locks rows.
	Locks bool
	// Calls are the functions called that are not immutable, and those of the schema that are
	// declared so, each once.
	Calls []Call
}

// Call is one function that a statement calls.
type Call struct {
	Name string // in lower case
	// Volatility is "volatile", "stable", "immutable", or "" where it is unknown.
	Volatility string
	// Function is the function of the schema, nil for built-in and unknown ones.
	Function *catalog.Function
	// Unknown: no function of that name is known.
	Unknown bool
}

func (b *binder) reads(t *catalog.Table) {
	before := len(b.effects.Reads)
	b.effects.Reads = once(b.effects.Reads, t)
	if len(b.effects.Reads) > before && t.Kind == catalog.View && t.Query != nil {
		b.viewCalls(t)
	}
}

// viewCalls adds the calls of a view's query to the statement's, which makes them.
func (b *binder) viewCalls(t *catalog.Table) {
	calls := false
	ir.Walk(t.Query, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.FuncCall:
			calls = true
		case *ir.TableRef:
			under := b.in.Table(n.Name.Schema(), n.Name.Last())
			calls = calls || under != nil && under != t && under.Kind == catalog.View
		}
		return !calls
	})
	if !calls || b.depth > 50 {
		return
	}
	inner := newBinder(nil, b.in, b.d, Options{LaxFunctions: true, Semantics: b.sem})
	inner.depth = b.depth + 10
	inner.query(t.Query, nil, nil, nil)
	for _, c := range inner.effects.Calls {
		b.effects.add(c)
	}
}

func (b *binder) writes(t *catalog.Table) { b.effects.Writes = once(b.effects.Writes, t) }

func once(list []*catalog.Table, t *catalog.Table) []*catalog.Table {
	for _, have := range list {
		if have == t {
			return list
		}
	}
	return append(list[:len(list):len(list)], t)
}

func (e *Effects) call(name string, sig dialect.Signature) {
	if sig.Volatility == "immutable" && (sig.Function == nil || sig.Function.Body == "") {
		return
	}
	e.add(Call{Name: name, Volatility: sig.Volatility, Function: sig.Function})
}

func (e *Effects) unknown(name string) { e.add(Call{Name: name, Unknown: true}) }

func (e *Effects) add(c Call) {
	for _, have := range e.Calls {
		if have == c {
			return
		}
	}
	e.Calls = append(e.Calls[:len(e.Calls):len(e.Calls)], c)
}
