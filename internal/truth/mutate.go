package truth

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/token"
)

// Mutator makes broken and odd variants of statements, so that what the compiler refuses can
// be held against what a server refuses. One seed gives one list of mutants.
type Mutator struct {
	r      *rand.Rand
	engine catalog.Engine
	names  []string
}

// NewMutator makes mutants of statements over a schema.
func NewMutator(in *catalog.Snapshot, seed uint64) *Mutator {
	m := &Mutator{r: rand.New(rand.NewPCG(seed, 1)), engine: in.Engine, names: []string{"nope"}}
	for _, t := range baseTables(in) {
		m.names = append(m.names, t.Name)
		for _, c := range t.Columns {
			m.names = append(m.names, c.Name)
		}
	}
	return m
}

// edit replaces a range of the text.
type edit struct {
	from, to int
	with     string
}

// Mutate changes one or two places of a statement; tree is what it was parsed to.
func (m *Mutator) Mutate(st *token.Statement, tree ir.Statement) string {
	text := st.Span.Text()
	base := int(st.Span.Start)
	g := m.gather(tree, text, base)
	if st.Text == text { // a macro or a renumbered placeholder moves the tokens
		g.tokens = st.Tokens
	}
	for range 20 {
		e, ok := g.mutation()
		if !ok || e.from < 0 || e.to > len(text) || e.from > e.to {
			continue
		}
		out := text[:e.from] + e.with + text[e.to:]
		if out != text {
			return out
		}
	}
	return text
}

// place is a node's range in the text.
type place struct{ from, to int }

// grown is a statement taken apart.
type grown struct {
	*Mutator
	text   string
	tokens []token.Token
	exprs  []place
	// pairs are neighbours in a list with a comma between them.
	pairs [][2]place
	calls []place
}

func (m *Mutator) gather(tree ir.Statement, text string, base int) *grown {
	g := &grown{Mutator: m, text: text}
	at := func(n ir.Node) (place, bool) {
		s := n.Span()
		p := place{int(s.Start) - base, int(s.End) - base}
		return p, p.from >= 0 && p.to <= len(text) && p.from < p.to
	}
	ir.Walk(tree, func(n ir.Node) bool {
		if p, ok := at(n); ok {
			if _, isExpr := n.(ir.Expr); isExpr {
				g.exprs = append(g.exprs, p)
			}
			if _, isCall := n.(*ir.FuncCall); isCall {
				g.calls = append(g.calls, p)
			}
		}
		children := ir.Children(n)
		for i := range max(len(children)-1, 0) {
			a, ok := at(children[i])
			b, ok2 := at(children[i+1])
			if ok && ok2 && a.to <= b.from && strings.TrimSpace(text[a.to:b.from]) == "," {
				g.pairs = append(g.pairs, [2]place{a, b})
			}
		}
		return true
	})
	return g
}

func (g *grown) pick(list []string) string { return list[g.r.IntN(len(list))] }

func (g *grown) of(p place) string { return g.text[p.from:p.to] }

// literals are put where an expression stands.
var literals = []string{"''", "'a'", "1", "NULL", "1.5", "-1", "'2024-01-31'", "'{}'", "'1'", "99999999999", "(1, 2)", "(SELECT 1)", "(SELECT 1, 2)", "*", "DEFAULT",
	"count(*)", "sum(1)", "row_number() OVER ()", "CURRENT_TIMESTAMP", "(VALUES (1))", "EXISTS (SELECT 1)", "nope", "nope()", "t.*"}

// wraps are put around an expression.
var wraps = []string{"(%s)", "count(%s)", "sum(%s)", "max(%s)", "min(%s)", "avg(%s)", "count(DISTINCT %s)", "NOT %s", "-%s", "%s + 1", "1 - %s", "%s || 'a'", "%s = ''", "%s = 'a'", "%s = 1",
	"%s IS NULL", "%s IS TRUE", "lower(%s)", "abs(%s)", "length(%s)", "coalesce(%s, 1)", "coalesce(%s, 'a')", "coalesce(%s)", "nullif(%s, '')", "CASE WHEN %s THEN 1 ELSE 2 END",
	"CASE WHEN 1 = 1 THEN %s ELSE 1 END", "CASE %s WHEN 1 THEN 'a' ELSE 'b' END", "%s LIKE 'a'", "%s IN (1, 2)", "%s IN ('a', NULL)", "%s IN (SELECT 1)", "%s IN (SELECT 1, 2)", "%s BETWEEN 1 AND 2",
	"(SELECT %s)", "(%s, 1)", "(%s, 1) = (1, 2)", "cast(%s AS int)", "cast(%s AS date)", "cast(%s AS char(3))", "row_number() OVER (ORDER BY %s)", "sum(%s) OVER ()", "lag(%s) OVER ()", "rank() OVER (PARTITION BY %s)",
	"%s, %s", "%s AS x", "%s COLLATE nope", "substr(%s, 1)", "round(%s)", "round(%s, 1)", "concat(%s, 1)", "replace(%s, 'a', 'b')", "%s AND 1 = 1", "%s OR 1", "%s > 1", "%s < 'a'", "%s % 2", "%s & 1", "upper(%s, 1)", "nope(%s)"}

// wrapsOf are those of one engine.
var wrapsOf = map[catalog.Engine][]string{
	catalog.PostgreSQL: {"%s::text", "%s::int", "%s::uuid", "%s::jsonb", "%s::bool", "%s::timestamptz", "%s::nope", "%s::int[]", "ARRAY[%s]", "ARRAY[%s, 1]", "(%s)[1]", "%s = ANY('{}')", "%s = ANY(ARRAY[1])",
		"%s = ANY(ARRAY['a'])", "unnest(%s)", "generate_series(1, %s)", "%s -> 'a'", "%s ->> 'a'", "%s @> '{}'", "array_agg(%s)", "string_agg(%s, ',')", "jsonb_agg(%s)", "greatest(%s, 1)", "extract(year FROM %s)",
		"date_trunc('day', %s)", "%s AT TIME ZONE 'UTC'", "%s IS DISTINCT FROM 1", "%s IS DISTINCT FROM 'a'", "count(%s) FILTER (WHERE %s)", "count(*) FILTER (WHERE %s)", "now() - %s", "%s + interval '1 day'", "bool_and(%s)",
		"percentile_cont(%s) WITHIN GROUP (ORDER BY 1)", "percentile_cont(0.5) WITHIN GROUP (ORDER BY %s)", "to_jsonb(%s)", "array_length(%s, 1)", "%s ~ 'a'", "ROW(%s)", "(%s).a", "to_char(%s, 'a')", "%s SIMILAR TO 'a'", "format('%%s', %s)", "jsonb_build_object(%s)", "array_append(%s, 1)", "%s = ANY(%s)", "grouping(%s)"},
	catalog.MySQL: {"cast(%s AS signed)", "cast(%s AS json)", "group_concat(%s)", "if(%s, 1, 2)", "ifnull(%s, 1)", "date_add(%s, INTERVAL 1 DAY)", "date(%s)", "json_extract(%s, '$.a')", "%s -> '$.a'", "any_value(%s)",
		"greatest(%s, 1)", "json_arrayagg(%s)", "convert(%s, char)", "%s <=> NULL", "%s REGEXP 'a'", "bit_and(%s)", "interval(%s, 1)", "year(%s)", "values(%s)", "grouping(%s)", "char_length(%s)", "date_format(%s)"},
	catalog.SQLite: {"group_concat(%s)", "total(%s)", "ifnull(%s, 1)", "iif(%s, 1, 2)", "json_extract(%s, '$.a')", "%s -> 'a'", "typeof(%s)", "date(%s)", "strftime('%%Y', %s)", "%s GLOB 'a'", "%s IS 1", "max(%s, 1)",
		"count(*) FILTER (WHERE %s)", "printf('%%s', %s)", "hex(%s)", "unixepoch(%s)", "json_each(%s)", "%s MATCH 'a'", "RAISE(%s)", "ifnull(%s)", "instr(%s)"},
}

// tails are put behind a statement.
var tails = []string{" FOR UPDATE", " ORDER BY 1", " ORDER BY 99", " ORDER BY nope", " ORDER BY count(*)", " ORDER BY 'a'", " LIMIT 'a'", " LIMIT 1", " LIMIT count(*)", " GROUP BY 1", " GROUP BY 99", " GROUP BY nope", " HAVING count(*) > 0",
	" HAVING 1", " UNION SELECT 1", " UNION SELECT 1, 2", " UNION ALL SELECT 'a', NULL", " EXCEPT SELECT NULL", " RETURNING *", " RETURNING nope", " RETURNING count(*)", " RETURNING 1 AS a", " ON CONFLICT DO NOTHING", " ON CONFLICT (id) DO NOTHING",
	" ON CONFLICT (nope) DO NOTHING", " ON CONFLICT (name) DO UPDATE SET name = excluded.name", " ON CONFLICT (id) DO UPDATE SET nope = 1", " ON CONFLICT DO UPDATE SET id = 1", " ON DUPLICATE KEY UPDATE nope = 1", " ON DUPLICATE KEY UPDATE id = 1",
	" WHERE nope = 1", " AND 1", " AND 1 = 'a'", " AND count(*) > 1", " AND nope", " OFFSET 'a'", " LIMIT ALL", " FETCH FIRST ROW ONLY", " WINDOW w AS ()", ", 1"}

// wholes are put around a statement.
var wholes = []string{"SELECT * FROM (%s) q", "SELECT q.nope FROM (%s) q", "SELECT (%s)", "WITH q AS (%s) SELECT * FROM q", "WITH q AS (%s) SELECT * FROM q, q", "WITH q (a) AS (%s) SELECT a FROM q", "WITH q (a, b, c, d, e, f, g, h, i, j, k, l, m) AS (%s) SELECT 1",
	"SELECT 1 WHERE 1 IN (%s)", "SELECT 1 WHERE EXISTS (%s)", "SELECT 1 WHERE (%s)", "WITH RECURSIVE q AS (%s UNION ALL SELECT * FROM q) SELECT * FROM q", "WITH RECURSIVE q AS (SELECT * FROM q UNION ALL %s) SELECT 1", "%s UNION ALL %s", "(%s)", "SELECT count(*) FROM (%s) AS q (a)",
	"SELECT q FROM (%s) q", "SELECT * FROM (%s) q, (SELECT q.a) r", "SELECT * FROM (%s) q JOIN (%s) r ON 1 = 1", "SELECT * FROM (%s) q JOIN (%s) r USING (id)", "SELECT * FROM (%s) q NATURAL JOIN (%s) r", "SELECT * FROM (%s) q, (%s) q", "SELECT id FROM (%s) q, (%s) r",
	"SELECT 1 + (%s)", "SELECT coalesce((%s), 'a')", "SELECT ARRAY(%s)", "SELECT 1 = ANY (%s)", "EXPLAIN %s", "SELECT DISTINCT * FROM (%s) q ORDER BY nope", "SELECT DISTINCT 1 FROM (%s) q ORDER BY q.id"}

// operators replace one another.
var operators = []string{"=", "<>", "<", ">=", "+", "-", "*", "/", "%", "||", "!=", ",", ".", "AND", "OR", "LIKE", "IS", "IN", "->", "->>", "&&", "@>", "::", "<=>", "IS NOT DISTINCT FROM"}

// mutation chooses one change.
func (g *grown) mutation() (edit, bool) {
	switch g.r.IntN(16) {
	case 0, 1, 2: // an expression in another's place
		if len(g.exprs) > 1 {
			a, b := g.exprs[g.r.IntN(len(g.exprs))], g.exprs[g.r.IntN(len(g.exprs))]
			return edit{a.from, a.to, g.of(b)}, true
		}
	case 3, 4, 5: // a literal in an expression's place
		if len(g.exprs) > 0 {
			a := g.exprs[g.r.IntN(len(g.exprs))]
			return edit{a.from, a.to, g.pick(literals)}, true
		}
	case 6, 7, 8: // an expression wrapped
		if len(g.exprs) > 0 {
			a := g.exprs[g.r.IntN(len(g.exprs))]
			from := wraps
			if own := wrapsOf[g.engine]; g.r.IntN(2) == 0 {
				from = own
			}
			return edit{a.from, a.to, strings.ReplaceAll(g.pick(from), "%s", g.of(a))}, true
		}
	case 9, 10: // lists
		if len(g.pairs) > 0 {
			p := g.pairs[g.r.IntN(len(g.pairs))]
			switch g.r.IntN(4) {
			case 0:
				return edit{p[0].from, p[1].from, ""}, true
			case 1:
				return edit{p[0].to, p[1].to, ""}, true
			case 2:
				return edit{p[0].to, p[0].to, ", " + g.of(p[0])}, true
			default:
				return edit{p[0].from, p[1].to, g.of(p[1]) + ", " + g.of(p[0])}, true
			}
		}
	case 11: // a name
		return g.name()
	case 12: // an operator
		var at []token.Token
		for _, t := range g.tokens {
			if t.Kind == token.Operator || t.Kind == token.Ident && len(g.word(t)) <= 4 && strings.ToUpper(g.word(t)) == g.word(t) {
				at = append(at, t)
			}
		}
		if len(at) > 0 {
			t := at[g.r.IntN(len(at))]
			return edit{int(t.Start), int(t.End), " " + g.pick(operators) + " "}, true
		}
	case 13: // tokens left out, doubled or exchanged
		if len(g.tokens) == 0 {
			return edit{}, false
		}
		i, j := g.r.IntN(len(g.tokens)), g.r.IntN(len(g.tokens))
		t, u := g.tokens[i], g.tokens[j]
		switch g.r.IntN(3) {
		case 0:
			k := min(i+1+g.r.IntN(3), len(g.tokens)) - 1
			return edit{int(t.Start), int(g.tokens[k].End), ""}, true
		case 1:
			return edit{int(t.Start), int(t.Start), g.word(t) + " "}, true
		}
		return edit{int(t.Start), int(t.End), g.word(u)}, true
	case 14:
		return edit{len(g.text), len(g.text), g.pick(tails)}, true
	default:
		if g.r.IntN(3) == 0 {
			for _, word := range [...]string{"SELECT ", "select ", "SELECT\n"} {
				if i := strings.Index(g.text, word); i >= 0 {
					return edit{i, i + len(word), word + g.pick([]string{"DISTINCT ", "count(*), ", "1, ", "*, ", "nope.*, ", "DISTINCT ON (1) ", "NULL, ", "'a' AS a, "})}, true
				}
			}
		}
		return edit{0, len(g.text), strings.ReplaceAll(g.pick(wholes), "%s", g.text)}, true
	}
	return edit{}, false
}

func (g *grown) word(t token.Token) string { return g.text[t.Start:t.End] }

// name exchanges one name for another of the statement's or the schema's.
func (g *grown) name() (edit, bool) {
	var at []token.Token
	for _, t := range g.tokens {
		if t.Kind == token.Ident || t.Kind == token.QuotedIdent {
			at = append(at, t)
		}
	}
	if len(at) == 0 {
		return edit{}, false
	}
	t := at[g.r.IntN(len(at))]
	with := g.word(at[g.r.IntN(len(at))])
	switch g.r.IntN(4) {
	case 0:
		with = g.pick(g.names)
	case 1:
		with = g.word(t) + "x"
	case 2:
		with = fmt.Sprintf("%s.%s", g.pick(g.names), g.word(t))
	}
	return edit{int(t.Start), int(t.End), with}, true
}
