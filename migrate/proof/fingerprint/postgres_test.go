package fingerprint

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/covetsql/covetsql/internal/testkit"
)

func printOf(t *testing.T, s *testkit.Server, db string) Print {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, s.URI(db))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	p, err := PostgreSQL(ctx, conn)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// base is one object of each kind.
const base = `
DO $$ BEGIN CREATE ROLE fingerprint_reader; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
CREATE SCHEMA app;
CREATE EXTENSION pg_trgm;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TYPE pair AS (a int, b text);
CREATE TYPE span AS RANGE (subtype = float8);
CREATE SEQUENCE app.counter;
CREATE TABLE parent (id int PRIMARY KEY, note text DEFAULT 'x', n numeric(10,2), CHECK (n > 0));
CREATE TABLE child (id bigint GENERATED ALWAYS AS IDENTITY, parent_id int CONSTRAINT child_parent REFERENCES parent, m mood, twice int GENERATED ALWAYS AS (parent_id * 2) STORED);
CREATE INDEX child_m ON child (m) WHERE m = 'ok';
CREATE TABLE parted (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE base (a int);
CREATE TABLE heir () INHERITS (base);
CREATE VIEW seen AS SELECT id, note FROM parent;
CREATE MATERIALIZED VIEW kept AS SELECT id FROM parent;
CREATE FUNCTION add(a int, b int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT a + b';
CREATE FUNCTION atomic(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT a; END;
CREATE PROCEDURE act() LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE total(int) (sfunc = int4pl, stype = int);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE TRIGGER touched BEFORE UPDATE ON parent FOR EACH ROW EXECUTE FUNCTION touch();
CREATE RULE quiet AS ON DELETE TO parent DO INSTEAD NOTHING;
CREATE POLICY mine ON parent USING (id > 0);
CREATE STATISTICS both_of (ndistinct) ON parent_id, m FROM child;
CREATE EVENT TRIGGER watcher ON ddl_command_end EXECUTE FUNCTION watch();
CREATE COLLATION german (provider = icu, locale = 'de');
CREATE CAST (mood AS int) WITH FUNCTION pg_catalog.hashenum(anyenum);
CREATE OPERATOR @+@ (leftarg = int, rightarg = int, function = int4pl);
CREATE OPERATOR CLASS odd FOR TYPE int4 USING btree AS OPERATOR 1 <, FUNCTION 1 btint4cmp(int, int);
CREATE TEXT SEARCH CONFIGURATION plain (COPY = simple);
CREATE TEXT SEARCH DICTIONARY words (TEMPLATE = simple);
CREATE PUBLICATION pub FOR TABLE parent WITH (publish = 'insert');
CREATE FOREIGN DATA WRAPPER wrap;
CREATE SERVER far FOREIGN DATA WRAPPER wrap OPTIONS (host 'a');
CREATE FOREIGN TABLE there (a int) SERVER far OPTIONS (t 'x');
CREATE USER MAPPING FOR CURRENT_USER SERVER far OPTIONS (password 'secret');
CREATE CONVERSION conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
`

// changes are statements, each of which changes one thing, and what of the print shows it.
var changes = []struct{ change, object, text string }{
	{"ALTER SCHEMA app OWNER TO fingerprint_reader", "schema app", "nspowner: fingerprint_reader"},
	{"GRANT USAGE ON SCHEMA public TO fingerprint_reader", "schema public", "fingerprint_reader: USAGE"},
	{"CREATE SCHEMA more", "schema more", ""},
	{"COMMENT ON SCHEMA app IS 'c'", "schema app", "comment: c"},
	{"CREATE EXTENSION citext", "extension citext", "extversion"},
	{"ALTER EXTENSION pg_trgm SET SCHEMA app", "extension pg_trgm", "extnamespace: app"},
	{"ALTER TYPE mood ADD VALUE 'happy' AFTER 'sad'", "type public.mood", "'sad', 'happy', 'ok'"},
	{"ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'", "type public.mood", "'fine'"},
	{"ALTER DOMAIN positive SET DEFAULT 1", "type public.positive", "typdefaultbin: 1"},
	{"ALTER DOMAIN positive SET NOT NULL", "type public.positive", "typnotnull: t"},
	{"ALTER DOMAIN positive ADD CONSTRAINT small CHECK (VALUE < 9) NOT VALID", "domain constraint small on public.positive", "NOT VALID"},
	{"COMMENT ON CONSTRAINT positive_check ON DOMAIN positive IS 'c'", "domain constraint positive_check on public.positive", "comment: c"},
	{"ALTER TYPE pair ADD ATTRIBUTE c int", "composite type column public.pair.c", "integer"},
	{"ALTER TYPE pair DROP ATTRIBUTE a, ADD ATTRIBUTE a int", "composite type column public.pair.a", "position in the type: 2"},
	{"DROP TYPE span; CREATE TYPE span AS RANGE (subtype = float8, subtype_diff = float8mi)", "type public.span", "float8mi"},
	{"ALTER SEQUENCE app.counter CACHE 5", "sequence app.counter", "seqcache: 5"},
	{"ALTER SEQUENCE app.counter CYCLE", "sequence app.counter", "seqcycle: t"},
	{"ALTER SEQUENCE app.counter AS int", "sequence app.counter", "integer"},
	{"DROP SEQUENCE app.counter; CREATE SEQUENCE public.counter OWNED BY parent.id", "sequence public.counter", "owned by: public.parent.id"},
	{"ALTER TABLE child ALTER id SET GENERATED BY DEFAULT", "table column public.child.id", "attidentity: d"},
	{"ALTER TABLE child ALTER id SET INCREMENT BY 3", "sequence public.child_id_seq", "seqincrement: 3"},
	{"ALTER TABLE parent ALTER note SET DEFAULT 'y'", "table column public.parent.note", "'y'"},
	{"ALTER TABLE parent ALTER n TYPE numeric(12,2)", "table column public.parent.n", "numeric(12,2)"},
	{"ALTER TABLE base ADD t text COLLATE \"C\"", "table column public.base.t", "attcollation: pg_catalog.\"C\""},
	{"ALTER TABLE parent ALTER note SET STORAGE external", "table column public.parent.note", "attstorage: e"},
	{"ALTER TABLE parent ALTER note SET COMPRESSION pglz", "table column public.parent.note", "attcompression: p"},
	{"ALTER TABLE parent ALTER note SET STATISTICS 7", "table column public.parent.note", "attstattarget: 7"},
	{"ALTER TABLE parent ALTER note SET (n_distinct = 5)", "table column public.parent.note", "n_distinct=5"},
	{"ALTER TABLE parent ALTER note SET NOT NULL", "table column public.parent.note", "attnotnull: t"},
	{"ALTER TABLE child ALTER twice DROP EXPRESSION", "table column public.child.twice", ""},
	{"GRANT SELECT (note) ON parent TO fingerprint_reader", "table column public.parent.note", "fingerprint_reader: SELECT"},
	{"GRANT SELECT ON parent TO fingerprint_reader WITH GRANT OPTION", "table public.parent", "fingerprint_reader: SELECT* by its owner"},
	{"ALTER TABLE parent OWNER TO fingerprint_reader", "table public.parent", "relowner: fingerprint_reader"},
	{"ALTER TABLE parent SET (fillfactor = 70)", "table public.parent", "fillfactor=70"},
	{"ALTER TABLE child SET UNLOGGED", "table public.child", "relpersistence: u"},
	{"ALTER TABLE parent REPLICA IDENTITY FULL", "table public.parent", "relreplident: f"},
	{"ALTER TABLE parent ENABLE ROW LEVEL SECURITY", "table public.parent", "relrowsecurity: t"},
	{"ALTER TABLE parent FORCE ROW LEVEL SECURITY", "table public.parent", "relforcerowsecurity: t"},
	{"ALTER TABLE parent CLUSTER ON parent_pkey", "index public.parent_pkey", "indisclustered: t"},
	{"ALTER TABLE child REPLICA IDENTITY NOTHING", "table public.child", "relreplident: n"},
	{"ALTER TABLE parent DROP CONSTRAINT parent_n_check, ADD CHECK (n > 0) NOT VALID", "table constraint parent_n_check on public.parent", "convalidated: f"},
	{"ALTER TABLE parent DROP CONSTRAINT parent_n_check, ADD CHECK (n > 0) NO INHERIT", "table constraint parent_n_check on public.parent", "NO INHERIT"},
	{"ALTER TABLE parent RENAME CONSTRAINT parent_n_check TO named", "table constraint named on public.parent", "CHECK"},
	{"ALTER TABLE child ALTER CONSTRAINT child_parent DEFERRABLE", "table constraint child_parent on public.child", "DEFERRABLE"},
	{"ALTER TABLE child DROP CONSTRAINT child_parent, ADD CONSTRAINT child_parent FOREIGN KEY (parent_id) REFERENCES parent ON DELETE CASCADE", "table constraint child_parent on public.child", "CASCADE"},
	{"ALTER TABLE child DISABLE TRIGGER ALL", "table constraint child_parent on public.child", "RI_FKey_check_ins\" on public.child: D"},
	{"COMMENT ON CONSTRAINT child_parent ON child IS 'c'", "table constraint child_parent on public.child", "comment: c"},
	{"DROP INDEX child_m; CREATE INDEX child_m ON child (m)", "index public.child_m", "definition"},
	{"ALTER INDEX child_m SET (fillfactor = 50)", "index public.child_m", "fillfactor=50"},
	{"COMMENT ON INDEX child_m IS 'c'", "index public.child_m", "comment: c"},
	{"DROP INDEX child_m; CREATE INDEX child_m ON child ((parent_id + 1)) ; ALTER INDEX child_m ALTER 1 SET STATISTICS 9", "index public.child_m", "statistics target: 1 9"},
	{"UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'child_m'::regclass", "index public.child_m", "indisvalid: f"},
	{"ALTER TABLE parted DETACH PARTITION parted_1", "table public.parted_1", ""},
	{"ALTER TABLE heir NO INHERIT base", "table public.heir", ""},
	{"ALTER TABLE heir ADD b int", "table column public.heir.b", "integer"},
	{"CREATE OR REPLACE VIEW seen AS SELECT id, note FROM parent WHERE id > 1", "rule \"_RETURN\" on public.seen", "id > 1"},
	{"ALTER VIEW seen SET (security_barrier = true)", "view public.seen", "security_barrier"},
	{"ALTER VIEW seen ALTER note SET DEFAULT 'z'", "view column public.seen.note", "'z'"},
	{"COMMENT ON COLUMN seen.note IS 'c'", "view column public.seen.note", "comment: c"},
	{"DROP MATERIALIZED VIEW kept; CREATE MATERIALIZED VIEW kept AS SELECT id + 1 AS id FROM parent", "rule \"_RETURN\" on public.kept", "+ 1"},
	{"CREATE INDEX kept_id ON kept (id)", "index public.kept_id", "kept"},
	{"CREATE OR REPLACE FUNCTION add(a int, b int DEFAULT 2) RETURNS int LANGUAGE sql AS 'SELECT a + b'", "function public.add(integer,integer)", "DEFAULT 2"},
	{"CREATE OR REPLACE FUNCTION add(a int, b int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT b + a'", "function public.add(integer,integer)", "b + a"},
	{"CREATE OR REPLACE FUNCTION atomic(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT a + 1; END", "function public.atomic(integer)", "a + 1"},
	{"ALTER FUNCTION add SECURITY DEFINER", "function public.add(integer,integer)", "prosecdef: t"},
	{"ALTER FUNCTION add SET search_path = public", "function public.add(integer,integer)", "search_path"},
	{"REVOKE EXECUTE ON FUNCTION add FROM public", "function public.add(integer,integer)", ""},
	{"ALTER FUNCTION add DEPENDS ON EXTENSION pg_trgm", "function public.add(integer,integer)", "depends on: extension pg_trgm"},
	{"CREATE OR REPLACE PROCEDURE act() LANGUAGE sql AS 'SELECT 2'", "procedure public.act()", "SELECT 2"},
	{"CREATE OR REPLACE AGGREGATE total(int) (sfunc = int4pl, stype = int, initcond = '1')", "aggregate public.total(integer)", "agginitval: 1"},
	{"ALTER TABLE parent DISABLE TRIGGER touched", "trigger touched on public.parent", "tgenabled: D"},
	{"CREATE OR REPLACE TRIGGER touched AFTER UPDATE ON parent FOR EACH ROW EXECUTE FUNCTION touch()", "trigger touched on public.parent", "AFTER"},
	{"ALTER TABLE parent ENABLE ALWAYS RULE quiet", "rule quiet on public.parent", "ev_enabled: A"},
	{"CREATE OR REPLACE RULE quiet AS ON DELETE TO parent WHERE old.id > 1 DO INSTEAD NOTHING", "rule quiet on public.parent", "> 1"},
	{"ALTER POLICY mine ON parent TO fingerprint_reader", "policy mine on public.parent", "polroles: fingerprint_reader"},
	{"ALTER POLICY mine ON parent WITH CHECK (id > 5)", "policy mine on public.parent", "> 5"},
	{"DROP POLICY mine ON parent; CREATE POLICY mine ON parent AS RESTRICTIVE USING (id > 0)", "policy mine on public.parent", "polpermissive: f"},
	{"ALTER STATISTICS both_of SET STATISTICS 3", "statistics object public.both_of", "stxstattarget: 3"},
	{"DROP STATISTICS both_of; CREATE STATISTICS both_of (mcv) ON parent_id, m FROM child", "statistics object public.both_of", "stxkind: {m}"},
	{"DROP STATISTICS both_of; CREATE STATISTICS both_of ON parent_id, (id + 1) FROM child", "statistics object public.both_of", "(id + 1)"},
	{"ALTER EVENT TRIGGER watcher DISABLE", "event trigger watcher", "evtenabled: D"},
	{"DROP COLLATION german; CREATE COLLATION german (provider = icu, locale = 'de', deterministic = false)", "collation public.german", "collisdeterministic: f"},
	{"DROP CAST (mood AS int)", "cast (public.mood AS integer)", ""},
	{"DROP CAST (mood AS int); CREATE CAST (mood AS int) WITH FUNCTION pg_catalog.hashenum(anyenum) AS ASSIGNMENT", "cast (public.mood AS integer)", "castcontext: a"},
	{"ALTER OPERATOR @+@ (int, int) OWNER TO fingerprint_reader", "operator public.@+@(integer,integer)", "oprowner: fingerprint_reader"},
	{"ALTER OPERATOR FAMILY odd USING btree ADD OPERATOR 2 <= (int, int)", "operator of access method operator 2 (integer, integer) of public.odd USING btree", "<="},
	{"DROP OPERATOR CLASS odd USING btree", "operator class public.odd USING btree", ""},
	{"ALTER TEXT SEARCH CONFIGURATION plain DROP MAPPING FOR word", "text search configuration public.plain", ""},
	{"ALTER TEXT SEARCH DICTIONARY words (accept = false)", "text search dictionary public.words", "accept"},
	{"ALTER PUBLICATION pub SET (publish = 'update')", "publication pub", "pubupdate: t"},
	{"ALTER PUBLICATION pub SET TABLE parent (id) WHERE (id > 3)", "publication relation public.parent in publication pub", "> 3"},
	{"ALTER PUBLICATION pub ADD TABLES IN SCHEMA app", "publication namespace app in publication pub", ""},
	{"ALTER FOREIGN DATA WRAPPER wrap OPTIONS (ADD debug 'x')", "foreign-data wrapper wrap", "debug=x"},
	{"ALTER SERVER far OPTIONS (SET host 'b')", "server far", "host=b"},
	{"ALTER FOREIGN TABLE there OPTIONS (SET t 'y')", "foreign table public.there", "t=y"},
	{"ALTER FOREIGN TABLE there ALTER a OPTIONS (ADD k 'v')", "foreign table column public.there.a", "k=v"},
	{"ALTER USER MAPPING FOR CURRENT_USER SERVER far OPTIONS (SET password 'other')", "user mapping postgres on server far", "password="},
	{"DROP CONVERSION conv", "conversion public.conv", ""},
	{"CREATE TRANSFORM FOR int LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal))", "transform for integer on language sql", "prsd_lextype"},
	{"CREATE ACCESS METHOD twin TYPE INDEX HANDLER bthandler", "access method twin", "bthandler"},
	{"ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO fingerprint_reader", "default privileges of owner in schema app on tables", "fingerprint_reader: SELECT"},
	{"REVOKE EXECUTE ON FUNCTION pg_catalog.now() FROM public", "function pg_catalog.now()", "EXECUTE"},
	{"GRANT EXECUTE ON FUNCTION similarity(text, text) TO fingerprint_reader", "function public.similarity(pg_catalog.text,pg_catalog.text)", "fingerprint_reader"},
	{"REVOKE USAGE ON LANGUAGE plpgsql FROM public", "language plpgsql", "USAGE"},
}

func TestEveryChangeAloneIsSeen(t *testing.T) {
	s := testkit.PostgreSQL(t)
	db := s.NewDatabase(t)
	s.Exec(t, db, base)
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, s.URI(db))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	before, err := PostgreSQL(ctx, conn)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		if _, err := conn.Exec(ctx, "BEGIN; "+c.change); err != nil {
			t.Errorf("%s: %v", c.change, err)
			conn.Exec(ctx, "ROLLBACK")
			continue
		}
		after, err := read(ctx, conn)
		if err != nil {
			t.Fatalf("%s: %v", c.change, err)
		}
		if _, err := conn.Exec(ctx, "ROLLBACK"); err != nil {
			t.Fatal(err)
		}
		found := false
		var seen []string
		for _, d := range Compare(before, after) {
			seen = append(seen, d.Object)
			found = found || d.Object == c.object && strings.Contains(d.B, c.text)
		}
		if !found {
			t.Errorf("%s: not seen at %q in %q\nbefore:\n%s\nafter:\n%s", c.change, c.object, seen, before[c.object], after[c.object])
		}
	}
	// What was rolled back left nothing behind.
	if again := printOf(t, s, db); len(Compare(before, again)) != 0 {
		t.Errorf("the print changed by itself: %v", Compare(before, again))
	}
}

func TestEqualSchemasHaveEqualPrints(t *testing.T) {
	s := testkit.PostgreSQL(t)
	a, b := s.NewDatabase(t), s.NewDatabase(t)
	const more = `CREATE TABLE moved (%s); COMMENT ON COLUMN moved.x IS 'x'; CREATE INDEX ON moved (y, x); ALTER TABLE moved ADD UNIQUE (x, y);
		CREATE VIEW over AS SELECT x, y FROM moved; CREATE STATISTICS st ON x, y FROM moved;`
	s.Exec(t, a, base+strings.Replace(more, "%s", "x int, y text", 1))
	s.Exec(t, b, `CREATE TABLE gone (a int); CREATE TYPE gone_too AS ENUM ('a'); DROP TABLE gone; DROP TYPE gone_too;`+base+strings.Replace(more, "%s", "z int, y text, x int", 1)+
		`ALTER TABLE moved DROP z; ALTER TYPE mood RENAME TO mood2; ALTER TYPE mood2 RENAME TO mood; INSERT INTO parent VALUES (1, 'x', 1); ANALYZE;`)
	if d := Compare(printOf(t, s, a), printOf(t, s, b)); len(d) != 0 {
		t.Errorf("%d differences: %q", len(d), d)
	}
}

func TestEverySystemCatalogIsTold(t *testing.T) {
	s := testkit.PostgreSQL(t)
	db := s.Open(t, s.NewDatabase(t))
	rows, err := db.Query(`SELECT relname FROM pg_catalog.pg_class WHERE relkind = 'r' AND relnamespace = 'pg_catalog'::regnamespace`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	told := map[string]bool{}
	for _, c := range catalogs {
		told[c.class] = true
	}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		if !told[name] && postgresNoSchema[name] == "" {
			t.Errorf("%s is not told, and nothing says why", name)
		}
	}
}
