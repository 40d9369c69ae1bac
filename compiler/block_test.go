package compiler

import (
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// schemaOf builds the catalog of one schema file.
func schemaOf(t *testing.T, e catalog.Engine, text string) *catalog.Snapshot {
	t.Helper()
	d := dialectOf(e)
	units, diags := token.Split(source.NewFile("schema.sql", text), d.Lex(), token.Schema)
	s, ds := buildCatalog(units, d, true)
	for _, x := range append(diags, ds...) {
		t.Error(x)
	}
	return s
}

func TestDefinitionsInsideDoBlocksAreRead(t *testing.T) {
	s := schemaOf(t, catalog.PostgreSQL, `
CREATE TABLE person (id bigint NOT NULL);
DO $$ BEGIN
    CREATE TYPE mood AS ENUM ('sad', 'happy');
EXCEPTION WHEN duplicate_object THEN
    DROP TABLE person;
END $$;
DO $block$
DECLARE
  n integer := 1;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'person_pkey') THEN
    ALTER TABLE person ADD CONSTRAINT person_pkey PRIMARY KEY (id);
  ELSE
    ALTER TABLE person ADD COLUMN never text;
  END IF;
  EXECUTE 'CREATE TABLE unknown ()';
  ALTER TABLE person ADD COLUMN mood mood;
  CREATE TABLE person (); -- exists: the block would have been guarded
END $block$;`)
	if d := s.Type("", "mood"); d == nil || len(d.Values) != 2 || !d.InBlock {
		t.Errorf("type mood: %+v", d)
	}
	p := s.Table("", "person")
	switch {
	case p == nil:
		t.Fatal("the exception handler ran")
	case p.PrimaryKey() == nil:
		t.Error("no primary key")
	case p.Column("never", false) != nil:
		t.Error("the other branch ran too")
	case p.Column("mood", false) == nil:
		t.Error("a statement after an IF is missing")
	}
	if s.Table("", "unknown") != nil {
		t.Error("a computed statement can not be known")
	}
}
