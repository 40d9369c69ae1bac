package cel

import (
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
)

// holds runs an expression over a plan of an engine; what goes wrong is the answer's text.
func holds(t *testing.T, expression string, e catalog.Engine, plan string) string {
	t.Helper()
	r, problems := Compile(expression, EachQuery)
	if len(problems) > 0 {
		return problems[0].Message
	}
	f := NewFacts(Config{Version: "2", Engine: e, Schema: []string{"a.sql", "b.sql"}, Queries: []string{"q.sql"}},
		Query{SQL: "SELECT 1", Name: "One", Command: "one", Params: []int{1, 3}})
	if plan != "" {
		if err := f.SetServerPlan(e, []byte(plan)); err != nil {
			return err.Error()
		}
	}
	is, err := r.Holds(f)
	switch {
	case err != nil:
		return err.Error()
	case is:
		return "yes"
	}
	return "no"
}

func TestRulesSeeWhatSqlcGivesThem(t *testing.T) {
	for expression, want := range map[string]string{
		`query.sql == "SELECT 1" && query.name == "One" && query.cmd == "one"`:          "yes",
		`query.params.size() == 2 && query.params[1].number == 3`:                       "yes",
		`config.version == "2" && config.engine == "postgresql"`:                        "yes",
		`config.schema == ["a.sql", "b.sql"] && config.queries.exists(q, q == "q.sql")`: "yes",
		`type(query) == vet.Query && query.params[0] == vet.Parameter{number: 1}`:       "yes",
		`"a,b".split(",").join("-") == "a-b"`:                                           "yes",
		`query.sql.matches("(?i)delete")`:                                               "no",
		`query.text == ""`:                                                              "undefined field 'text'",
		`has(postgresql.explain)`:                                                       "no such attribute(s): postgresql",
		`"x"`:                                                                           "it gives string, not true or false",
	} {
		if got := holds(t, expression, catalog.PostgreSQL, ""); got != want {
			t.Errorf("%s: %s, want %s", expression, got, want)
		}
	}
}

func TestPlansAreReadIntoTheirFields(t *testing.T) {
	const postgres = `{"Plan": {"Node Type": "Sort", "Total Cost": 12.5, "Plan Rows": 1e+21, "Plan Width": 4, "Output": ["id"], "Sort Key": ["id"],
		"Something New": {"x": 1}, "Shared Hit Blocks": 7, "Plans": [{"Node Type": "Index Scan", "Index Name": "i", "Inner Unique": true}]},
		"Settings": {"jit": "off"}, "Planning": {"Shared Hit Blocks": 3}}`
	const mysql = `{"query_block": {"select_id": 1, "cost_info": {"query_cost": "0.35"}, "table": {"table_name": "t", "rows_examined_per_scan": 3,
		"filtered": 33.3, "used_columns": ["a"], "insert": true}, "nested_loop": [{"table": {"key": "PRIMARY"}}]}}`
	for _, c := range []struct {
		expression string
		engine     catalog.Engine
		plan, want string
	}{
		{`postgresql.explain.plan.node_type == "Sort" && postgresql.explain.plan.total_cost == 12.5`, catalog.PostgreSQL, postgres, "yes"},
		{`postgresql.explain.plan.plan_rows == 18446744073709551615u && postgresql.explain.plan.shared_hit_blocks == 7u`, catalog.PostgreSQL, postgres, "yes"},
		{`postgresql.explain.plan.plans[0].index_name == "i" && postgresql.explain.plan.plans[0].inner_unique`, catalog.PostgreSQL, postgres, "yes"},
		{`postgresql.explain.settings["jit"] == "off" && postgresql.explain.planning.shared_hit_blocks == 3u`, catalog.PostgreSQL, postgres, "yes"},
		{`has(postgresql.explain.plan.join_type) || has(mysql.explain)`, catalog.PostgreSQL, postgres, "no"},
		{`postgresql.explain.plan.plan_rows > 1`, catalog.PostgreSQL, postgres, "found no matching overload for '_>_' applied to '(uint, int)'"},
		{`double(mysql.explain.query_block.cost_info.query_cost) > 0.3`, catalog.MySQL, mysql, "yes"},
		{`mysql.explain.query_block.table.filtered == "33.3" && mysql.explain.query_block.table.insert`, catalog.MySQL, mysql, "yes"},
		{`mysql.explain.query_block.nested_loop[0].table.key == "PRIMARY"`, catalog.MySQL, mysql, "yes"},
		{`true`, catalog.MySQL, `{"query_block": {"message": "Impossible WHERE"}}`, "Impossible WHERE"},
		{`true`, catalog.MySQL, `{"query_block": {"table": [1]}}`, "query_block: table: the plan has a list where Table should be"},
		{`true`, catalog.PostgreSQL, `nonsense`, "the plan is not JSON"},
	} {
		if got := holds(t, c.expression, c.engine, c.plan); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %s, want %s", c.expression, got, c.want)
		}
	}
}

func TestAnExpressionTellsWhetherItNeedsAPlan(t *testing.T) {
	for expression, want := range map[string]bool{
		`postgresql.explain.plan.total_cost > 1.0`:            true,
		`has(mysql.explain.query_block)`:                      true,
		`query.sql.contains("explain") || has(config.engine)`: false,
	} {
		if r, problems := Compile(expression, EachQuery); len(problems) > 0 || r.NeedsServerPlan() != want {
			t.Errorf("%s: %v", expression, problems)
		}
	}
}
