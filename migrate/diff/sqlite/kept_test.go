package sqlite_test

import (
	"testing"

	"github.com/covetsql/covetsql/migrate/diff/sqlite"
	"github.com/covetsql/covetsql/migrate/proof/fingerprint"
)

// kept are schemas of which SQLite takes more than its pages say, or that are broken and kept all the same.
var kept = []string{
	"create table t(a integer, b text default current_timestamp, primary key(a autoincrement))",
	"create table t(a 'my type' , b [t y](3,-2), c unsigned big int default +5, d default -.5e3, e default true, f default foo, g default (datetime('now','localtime')))",
	"create table t(a text constraint x constraint y not null constraint z default 3)",
	"create table t(a int, b int, constraint x unique(a) constraint y check(b>0) foreign key(a) references t(b) on insert cascade match full)",
	"create table t(a int references t deferrable initially deferred not null, b int not deferrable)",
	"create table 'str'(a int); create index 'i x' on 'str'('a')",
	"create table t(a int); create index i on t(a collate nocase asc, -a desc) where a is not null and a not in (1,2)",
	"create table t(a json, b text generated always as (json_extract(a,'$.x')) stored, c int as (a->>'$.y'), d check (json_valid(a)))",
	"create table t(a int); create view v(x,y) as with recursive c(n) as (values(1) union all select n+1 from c where n<5) select n, row_number() over (order by n) from c",
	"create table t(a int); create trigger g before update of a on t for each row when old.a is not new.a and exists (select 1) begin select raise(abort, 'no ' || new.a); insert into t values(1) on conflict do nothing; update t set a=1 from (select 2 as z) q where a=q.z; delete from t where rowid in (select rowid from t limit 1); end",
	"create table t as select 1 as a, 'x' as \"b c\"",
	"create virtual table f using fts5(title, body, content='posts', content_rowid='id', tokenize=\"porter unicode61\"); create table posts(id integer primary key,title,body)",
	"create virtual table r using rtree_i32(id, x0, x1, +extra text)",
	"create table t(\"from\" int, \"select\" text, `group` int, [order by] int, check(\"from\" > 0))",
	"create table t(a text, b blob, c any, d int, e real, primary key(c desc, a collate nocase)) strict, without rowid",
	"create table t(id int); create view v as select x.id, (select count(*) from t) filter_ from t x left join t y on x.id is not distinct from y.id full join t z using(id) window w as (partition by 1)",
	"create table t(a int default 0x10, b default 1_000, c default '', d default x'', e default null, f default ('a' || 'b'), g default \"quoted\", h default `tick`, i default [br])",
	"create table t(a int) -- trailing\n; create index i on t(a) /* c */",
	"create table Ünï(ä int, check(ä>0)); create index ix on Ünï(ä); create view vü as select ä from Ünï",
	"create table t(a int, b text as (case when a>1 then 'x' else 'y' end) virtual not null unique)",
	"create table p(a int, b int, primary key(a,b)); create table c(x int, y int, foreign key(x,y) references p on update no action on delete restrict)",
	"create table t(rowid int, a text); create table u(oid int, rowid int, _rowid_ int, z)",
	"create table t(a int); create index i on t(\"zz\")",
	"create table t(a int); create view v as select nope from nada; create trigger g after insert on t begin insert into nada values(1); end",
	"create table t(a int); create trigger g after delete on t begin update t set (a)=(1) where a in (select value from json_each('[1]')); replace into t values(2); end",
	"create table t(a text, b text, unique(a collate nocase)); create unique index u on t(b) where b <> ''",
	"create table \"semi;colon\"(\"a;b\" int, \"q\"\"q\" int); create index \"i;1\" on \"semi;colon\"(\"a;b\")",
	"create table t(x int default (1) check (x) constraint q references t (x) collate nocase)",
}

func TestWhatSQLiteKeepsIsReadAndMadeAgain(t *testing.T) {
	for _, schema := range kept {
		t.Run(schema, func(t *testing.T) {
			dir := t.TempDir()
			old, wanted := open(t, dir, "create table base(x)"), open(t, dir, schema)
			defer old.close()
			defer wanted.close()
			to := wanted.schema(t)
			p, err := sqlite.Diff(old.schema(t), to, options)
			if err != nil {
				t.Fatal(err)
			}
			if err := old.run(t, p); err != nil {
				t.Fatal(err)
			}
			if diffs := fingerprint.Compare(old.print(t), wanted.print(t)); len(diffs) > 0 {
				t.Errorf("%+v", diffs)
			}
			if again, err := sqlite.Diff(old.schema(t), to, options); err != nil || len(again.Steps) > 0 {
				t.Errorf("the second diff is not empty: %v\n%s", err, text(again))
			}
		})
	}
}

// between are pairs whose names go from one kind of object to another, or that are broken on both sides.
var between = [][2]string{
	{"create table x(a int); create trigger g after insert on x begin select 1; end", "create table y(a int); create view x as select a from y; create trigger g instead of insert on x begin select 1; end"},
	{"create table t(a int); create index i on t(a)", "create table i(a int, t int unique); create index t on i(a)"},
	{"create table p(a int, b int); create index foo on p(a)", "create table p(a int unique, b int); create table foo(x)"},
	{"create virtual table v using fts5(x)", "create table v(x); create virtual table w using fts5(x)"},
	{"create table a(x int); create view v as select nope from a; create view w as select * from v", "create table a(x int, y int unique); create view v as select nope from a; create view w as select * from v"},
	{"create table a(x int, y int); create view v as select nope from nada", "create table a(x int); create view v as select nope from nada"},
	{"create table a(x int, y int references b(z)); create table b(z int); create table c(id integer primary key, q int references c(id))", "create table a(x int, y int not null references b(z)); create table b(z int); create table c(id integer primary key, q int references c(id) on delete cascade)"},
	{"create table a(id integer primary key, v text); create table h(id integer primary key, note text); create trigger g after update of v on a begin insert into h(note) values (old.v || new.v); end", "create table a(id integer primary key); create table h(id integer primary key, note text)"},
	{"create table a(id integer primary key, v text collate nocase); create index i on a(v)", "create table a(id integer primary key, v text); create index i on a(v collate nocase)"},
}

func TestNamesGoFromOneObjectToAnother(t *testing.T) {
	for _, pair := range between {
		for _, way := range [][2]string{pair, {pair[1], pair[0]}} {
			dir := t.TempDir()
			d, wanted := open(t, dir, way[0]), open(t, dir, way[1])
			d.migrate(t, wanted, options)
			d.close()
			wanted.close()
		}
	}
}
