package rel

import (
	"regexp"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

// Equality is a conjunct col = col, or col = constant where B is 0.
type Equality struct{ A, B ColID }

// NewScan reads a table whose columns have the ids cols, parallel to its columns; row is
// the identity of its rows. Its keys are the table's primary and unique keys; those with
// columns that may be NULL once these are known not to be. children tells that rows of tables which inherit from it are read
// too: they may repeat its keys.
func NewScan(m *Metadata, t *catalog.Table, alias string, cols []ColID, row ColID, notNull ColSet, caseless, children bool) *Scan {
	n := &Scan{Table: t, Alias: alias}
	all := MakeColSet(cols...)
	n.props = Props{Meta: m, Cols: cols, NotNull: notNull, Rows: MakeColSet(row), Card: AnyRows}
	n.props.FDs = FDs{m.fds(2 + len(t.Constraints))[:0], m}
	n.props.FDs.list = append(n.props.FDs.list, FD{From: MakeColSet(row), To: all})
	// coarse tells whether a key takes all values for one that the column does.
	coarse := func(name, collation string) bool {
		c := t.Column(name, caseless)
		return c == nil || c.Collation == "" || collation == "" || strings.EqualFold(c.Collation, collation)
	}
	key := func(names []string) {
		var ids ColSet
		for _, name := range names {
			c := t.Column(name, caseless)
			if c == nil {
				return
			}
			for i, tc := range t.Columns {
				if tc == c && i < len(cols) {
					ids.add(cols[i])
				}
			}
		}
		if !ids.Empty() {
			n.props.FDs.list = append(n.props.FDs.list, FD{ids, MakeColSet(row), ids.Minus(notNull)})
		}
	}
	if children {
		return n
	}
	for _, c := range t.Constraints {
		// A deferred key may be broken until the transaction ends.
		if c.Kind != ir.PrimaryKey && c.Kind != ir.Unique || c.Deferrable {
			continue
		}
		fits := true
		for i, collation := range c.Collations {
			fits = fits && coarse(c.Columns[i], collation)
		}
		if fits {
			key(c.Columns)
		}
	}
	for _, ix := range t.Indexes {
		if !ix.Unique || ix.Alone || ix.Where != "" || ix.WhereExpr != nil {
			continue
		}
		var names []string
		fits := true
		for _, p := range ix.Parts {
			names = append(names, p.Column)
			fits = fits && coarse(p.Column, p.Collation)
		}
		if fits {
			key(names)
		}
	}
	return n
}

// Determined adds what is known of n beside its table's keys: sets of columns that determine the row, and columns that are the same
// in all rows.
func (n *Scan) Determined(keys []ColSet, constant ColSet) {
	for _, k := range keys {
		n.props.FDs = n.props.FDs.Add(k, n.props.Rows)
	}
	if !constant.Empty() {
		n.props.FDs = n.props.FDs.Add(ColSet{}, constant)
	}
	if n.props.Rows.SubsetOf(n.props.FDs.Closure(ColSet{})) {
		n.props.Card = n.props.Card.Limit(1)
	}
}

// leaf are the properties of a relation of which only the columns are known.
func leaf(m *Metadata, cols []ColID, row ColID, notNull ColSet, card Cardinality) Props {
	p := Props{Meta: m, Cols: cols, NotNull: notNull, Rows: MakeColSet(row), Card: card}
	p.FDs = p.FDs.Add(p.Rows, MakeColSet(cols...))
	if card.AtMost(1) {
		p.FDs = p.FDs.Add(ColSet{}, p.Rows)
	}
	return p
}

// NewFunc is a function in FROM.
func NewFunc(m *Metadata, names []string, alias string, cols []ColID, row ColID, notNull ColSet, card Cardinality) *Func {
	return &Func{node: node{leaf(m, cols, row, notNull, card)}, Names: names, Alias: alias}
}

// NewSingle is the one empty row under a SELECT without FROM.
func NewSingle(m *Metadata) *Single {
	return &Single{node{Props{Meta: m, Card: OneRow}}}
}

// NewRows is VALUES of count rows.
func NewRows(m *Metadata, cols []ColID, row ColID, notNull ColSet, count int) *Rows {
	return &Rows{node: node{leaf(m, cols, row, notNull, Cardinality{int64(count), int64(count)})}, Count: count}
}

// rename carries the properties of a query's output over to fresh columns; to is parallel
// to from.Cols.
func rename(from *Props, to []ColID, row ColID, notNull ColSet) Props {
	p := leaf(from.Meta, to, row, notNull, from.Card)
	for _, k := range from.Keys() {
		var mapped ColSet
		for i, id := range from.Cols {
			if k.Has(id) && i < len(to) {
				mapped.add(to[i])
			}
		}
		p.FDs = p.FDs.Add(mapped, p.Rows)
	}
	return p
}

// NewAlias is a query in FROM under a name, with columns of its own.
func NewAlias(input Node, name string, lateral bool, cols []ColID, row ColID, notNull ColSet) *Alias {
	return &Alias{node: node{rename(input.Props(), cols, row, notNull)}, Name: name, Input: input, Lateral: lateral}
}

// NewCTEScan reads a common table expression. definition is nil inside its own recursive term.
func NewCTEScan(m *Metadata, name, alias string, definition Node, cols []ColID, row ColID, notNull ColSet) *CTEScan {
	n := &CTEScan{Name: name, Alias: alias, Recursive: definition == nil, Definition: definition}
	if definition == nil {
		n.props = leaf(m, cols, row, notNull, AnyRows)
	} else {
		n.props = rename(definition.Props(), cols, row, notNull)
	}
	return n
}

// NewJoin joins l and r. notNull are the columns of both that can not be NULL in the
// result; equalities are the conjuncts of the condition. found says that every row of the
// preserved side finds a partner (a foreign key proves it); more is what else holds of the rows that fulfil the condition.
func NewJoin(kind JoinKind, l, r Node, on ir.Expr, lateral bool, notNull ColSet, equalities []Equality, found bool, more ...FD) *Join {
	n := &Join{Kind: kind, Effective: kind, L: l, R: r, On: on, Lateral: lateral}
	lp, rp := l.Props(), r.Props()
	if lateral || dependent(r) {
		each := *rp
		each.FDs = rp.FDs.within(lp.Rows)
		rp = &each
	}
	p := Props{Meta: lp.Meta, NotNull: notNull, Rows: lp.Rows.Union(rp.Rows)}
	p.Cols = append(append(make([]ColID, 0, len(lp.Cols)+len(rp.Cols)), lp.Cols...), rp.Cols...)
	eq := func(f FDs) FDs {
		for _, e := range equalities {
			if e.B == 0 {
				f = f.Add(ColSet{}, MakeColSet(e.A))
			} else {
				f = f.AddEqual(e.A, e.B)
			}
		}
		return f
	}
	// What is equal to something is not NULL.
	there := notNull
	for _, e := range equalities {
		there = there.With(e.A)
		if e.B != 0 {
			there = there.With(e.B)
		}
	}
	matched := eq(lp.FDs.Union(rp.FDs)).plus(more).firm(there)
	n.matched = matched
	product := lp.Card.Times(rp.Card)
	// oneEach tells whether a row of the one side has at most one partner.
	oneEach := func(side, other *Props) bool {
		return other.Rows.SubsetOf(matched.Closure(side.Rows.Union(MakeColSet(side.Cols...))))
	}
	switch kind {
	case Inner, Cross:
		p.FDs = matched
		p.Card = product
		if on != nil || len(equalities) > 0 {
			p.Card = p.Card.Filtered()
		}
		if found {
			p.Card.Min = lp.Card.Min
		}
		if oneEach(lp, rp) {
			p.Card.Max = min(p.Card.Max, lp.Card.Max)
		}
		if oneEach(rp, lp) {
			p.Card.Max = min(p.Card.Max, rp.Card.Max)
		}
	case Left, Right:
		keep, pad := lp, rp
		if kind == Right {
			keep, pad = rp, lp
		}
		p.FDs = keep.FDs.Union(pad.FDs.padded(pad, keep))
		p.Card = Cardinality{keep.Card.Min, max(product.Max, keep.Card.Max)}
		if oneEach(keep, pad) {
			p.FDs = p.FDs.Add(keep.Rows, pad.Rows)
			p.Card.Max = keep.Card.Max
		}
		if found {
			p.FDs = eq(p.FDs)
		}
	case Full:
		p.FDs = lp.FDs.padded(lp, nil).Union(rp.FDs.padded(rp, nil))
		p.Card = Cardinality{max(lp.Card.Min, rp.Card.Min), max(product.Max, plus(lp.Card.Max, rp.Card.Max))}
		if lp.Card.Max == 0 || rp.Card.Max == 0 {
			p.Card.Max = plus(lp.Card.Max, rp.Card.Max)
		}
	}
	p.FDs = p.FDs.firm(notNull)
	n.props = p
	return n
}

// dependent tells whether n may read the relations to its left, so that it is another
// relation for each of their rows.
func dependent(n Node) bool {
	switch n := n.(type) {
	case *Func:
		return true
	case *Alias:
		return n.Lateral
	case *Join:
		return dependent(n.L) || dependent(n.R)
	}
	return false
}

// Merge adds a column that USING computed from both sides of a FULL JOIN.
func (n *Join) Merge(id ColID, never bool) {
	n.props.Cols = append([]ColID{id}, n.props.Cols...)
	n.props.FDs = n.props.FDs.Add(n.props.Rows, MakeColSet(id))
	if never {
		n.props.NotNull = n.props.NotNull.With(id)
	}
}

// NewFilter keeps rows of input; notNull are its columns that are not NULL in what is left, more what else holds of that.
func NewFilter(input Node, pred ir.Expr, notNull ColSet, equalities []Equality, more ...FD) *Filter {
	p := *input.Props()
	p.NotNull = notNull
	for _, e := range equalities {
		if e.B == 0 {
			p.FDs = p.FDs.Add(ColSet{}, MakeColSet(e.A))
		} else {
			p.FDs = p.FDs.AddEqual(e.A, e.B)
		}
	}
	p.FDs = p.FDs.plus(more).firm(notNull)
	p.Card = p.Card.Filtered()
	if p.Rows.SubsetOf(p.FDs.Closure(ColSet{})) {
		p.Card = p.Card.Limit(1)
	}
	return &Filter{node: node{p}, Input: input, Pred: pred}
}

// NewAggregate groups input by keys, each of which has an id; row is the identity of the
// groups. With scalar there is no GROUP BY and exactly one row; with sets > 0 the keys do
// not identify a row.
func NewAggregate(input Node, keys []Scalar, sets int, scalar bool, row ColID, notNull ColSet) *Aggregate {
	in := input.Props()
	var ids ColSet
	p := Props{Meta: in.Meta, NotNull: notNull, Rows: MakeColSet(row), FDs: in.FDs}
	for _, k := range keys {
		ids.add(k.ID)
		p.Cols = append(p.Cols, k.ID)
	}
	switch {
	case scalar:
		p.Card = OneRow
		p.FDs = FDs{}.Add(ColSet{}, p.Rows)
	case sets > 0:
		p.Card = AnyRows
		p.FDs = FDs{}.Add(p.Rows, ids)
	default:
		p.Card = Cardinality{min(in.Card.Min, 1), in.Card.Max}
		p.FDs = p.FDs.Add(ids, p.Rows).Add(p.Rows, ids)
		if in.Rows.SubsetOf(in.FDs.Closure(ColSet{})) {
			p.FDs = p.FDs.Add(ColSet{}, p.Rows)
		}
		if p.Rows.SubsetOf(p.FDs.Closure(ColSet{})) {
			p.Card = p.Card.Limit(1)
		}
	}
	return &Aggregate{node: node{p}, Input: input, Keys: keys, Sets: sets, Scalar: scalar}
}

// NewWindow computes window functions over input.
func NewWindow(input Node) *Window { return &Window{node: node{*input.Props()}, Input: input} }

// NewProject computes items over input. expand tells that an item yields several rows.
func NewProject(input Node, items []Scalar, expand bool) *Project {
	p := *input.Props()
	cols := make([]ColID, len(items))
	p.NotNull = ColSet{}
	var out ColSet
	for i, it := range items {
		cols[i] = it.ID
		if it.Null.IsNever() {
			p.NotNull.add(it.ID)
		}
		out.add(it.ID)
	}
	if expand {
		p.Rows = ColSet{}
		p.FDs = FDs{}
		p.Card = AnyRows
		row := p.Meta.Add(Column{})
		p.Rows.add(row)
	}
	p.FDs = p.FDs.Add(p.Rows, out)
	p.Cols = cols
	return &Project{node: node{p}, Input: input, Items: items}
}

// NewDistinct removes repeated rows; on are the items of DISTINCT ON.
func NewDistinct(input Node, on []Scalar) *Distinct {
	p := *input.Props()
	p.Card.Min = min(p.Card.Min, 1)
	by := MakeColSet(p.Cols...)
	if len(on) > 0 {
		by = ColSet{}
		for _, k := range on {
			by.add(k.ID)
		}
	}
	p.FDs = p.FDs.Add(by, p.Rows)
	if p.Rows.SubsetOf(p.FDs.Closure(ColSet{})) {
		p.Card = p.Card.Limit(1)
	}
	return &Distinct{node: node{p}, Input: input, On: on}
}

// NewSort orders input; cols are the columns that by names, where it does.
func NewSort(input Node, by []ir.OrderItem, cols []ColID) *Sort {
	return &Sort{node: node{*input.Props()}, Input: input, By: by, Cols: cols}
}

// NewLimit cuts input; limit and offset are -1 where they are not constants, and ties tells
// that rows equal to the last are kept.
func NewLimit(input Node, count, offset ir.Expr, limit, skip int64, ties bool) *Limit {
	p := *input.Props()
	if offset != nil {
		if skip >= 0 {
			p.Card = p.Card.Offset(skip)
		} else {
			p.Card.Min = 0
		}
	}
	if count != nil {
		switch {
		case limit < 0:
			p.Card.Min = 0
		case ties:
			p.Card.Min = min(p.Card.Min, limit)
		default:
			p.Card = p.Card.Limit(limit)
		}
	}
	if p.Card.AtMost(1) {
		p.FDs = p.FDs.Add(ColSet{}, p.Rows)
	}
	return &Limit{node: node{p}, Input: input, Count: count, Offset: offset}
}

// NewLock locks the rows of input. Rows may be skipped with SKIP LOCKED.
func NewLock(input Node, strength string, skips bool) *Lock {
	p := *input.Props()
	if skips {
		p.Card.Min = 0
	}
	return &Lock{node: node{p}, Input: input, Strength: strength}
}

// NewSetOp combines two queries into columns cols, none of which is shared with them.
func NewSetOp(op string, all bool, l, r Node, cols []ColID, row ColID, notNull ColSet, recursive bool) *SetOp {
	lc, rc := l.Props().Card, r.Props().Card
	var card Cardinality
	switch op {
	case "UNION":
		card = lc.Plus(rc)
		if recursive {
			card = Cardinality{lc.Min, Unbounded}
		}
		if !all {
			card.Min = min(card.Min, 1)
		}
	case "INTERSECT":
		card = Cardinality{0, min(lc.Max, rc.Max)}
	default:
		card = Cardinality{0, lc.Max}
	}
	p := leaf(l.Props().Meta, cols, row, notNull, card)
	if !all {
		p.FDs = p.FDs.Add(MakeColSet(cols...), p.Rows)
	}
	if !recursive {
		for _, k := range setKeys(op, all, l, r, cols) {
			p.FDs = p.FDs.Add(k, p.Rows)
		}
	}
	return &SetOp{node: node{p}, Op: op, All: all, L: l, R: r, Recursive: recursive}
}

// setKeys are the keys that the branches of a set operation leave it, in its columns.
func setKeys(op string, all bool, l, r Node, cols []ColID) []ColSet {
	switch {
	case op == "EXCEPT": // its rows are some of the left's
		return branchKeys(l, cols)
	case op == "INTERSECT":
		return append(branchKeys(l, cols), branchKeys(r, cols)...)
	case op != "UNION":
		return nil
	}
	// A column that is another constant in each branch tells them apart.
	var out []ColSet
	for i, id := range cols {
		if !apart(constants(l, i), constants(r, i)) {
			continue
		}
		for _, a := range branchKeys(l, cols) {
			for _, b := range branchKeys(r, cols) {
				out = append(out, a.Union(b).With(id))
			}
		}
	}
	return out
}

// branchKeys are a branch's keys in the columns of the set operation. A column that is brought to another type may lose what
// tells its values apart.
func branchKeys(n Node, cols []ColID) []ColSet {
	p := n.Props()
	if len(p.Cols) != len(cols) {
		return nil
	}
	var out []ColSet
	for _, k := range p.Keys() {
		var mapped ColSet
		kept := true
		for i, id := range p.Cols {
			if k.Has(id) {
				kept = kept && p.Meta.Column(id).Type.Same(p.Meta.Column(cols[i]).Type)
				mapped.add(cols[i])
			}
		}
		if kept {
			out = append(out, mapped)
		}
	}
	return out
}

// constants are the values that column i of n has, where each is written out: of SELECT 'a' UNION ALL SELECT 'b'. nil where they are not
// known.
func constants(n Node, i int) []*ir.Literal {
	switch n := n.(type) {
	case *Project:
		if i < len(n.Items) {
			x := n.Items[i].X
			if c, ok := x.(*ir.Cast); ok {
				x = c.X
			}
			if l, ok := x.(*ir.Literal); ok && (l.Kind == ir.String || l.Kind == ir.Integer) {
				return []*ir.Literal{l}
			}
		}
	case *SetOp:
		if n.Op == "UNION" && !n.Recursive {
			if a, b := constants(n.L, i), constants(n.R, i); a != nil && b != nil {
				return append(a[:len(a):len(a)], b...)
			}
		}
	}
	return nil
}

// apart tells whether no constant of a is one of b, whatever the collation.
func apart(a, b []*ir.Literal) bool {
	for _, x := range a {
		for _, y := range b {
			if x.Kind != y.Kind || !distinct(x, y) {
				return false
			}
		}
	}
	return len(a) > 0 && len(b) > 0
}

var (
	number = regexp.MustCompile(`^(0|[1-9][0-9]*)$`)
	word   = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
)

func distinct(x, y *ir.Literal) bool {
	if x.Kind == ir.Integer {
		return number.MatchString(x.Text) && number.MatchString(y.Text) && x.Text != y.Text
	}
	return word.MatchString(x.Text) && word.MatchString(y.Text) && !strings.EqualFold(x.Text, y.Text)
}

// NewWith puts common table expressions over input.
func NewWith(names []string, ctes []Node, input Node) *With {
	return &With{node: node{*input.Props()}, Names: names, CTEs: ctes, Input: input}
}

// NewModify changes target; items are RETURNING's, and card the number of changed rows.
func NewModify(m *Metadata, op string, target *catalog.Table, input Node, items []Scalar, row ColID, card Cardinality) *Modify {
	var cols []ColID
	var notNull ColSet
	for _, it := range items {
		cols = append(cols, it.ID)
		if it.Null.IsNever() {
			notNull.add(it.ID)
		}
	}
	return &Modify{node: node{leaf(m, cols, row, notNull, card)}, Op: op, Target: target, Input: input}
}
