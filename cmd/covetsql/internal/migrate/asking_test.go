package migrate

import (
	"strings"
	"testing"

	"github.com/covetsql/covetsql/internal/testkit"
)

// With --ask a scratch database says of each statement what it does: what was announced, what nobody knew, what it refuses.
func TestLintAsksTheServer(t *testing.T) {
	server := testkit.PostgreSQL(t)
	t.Setenv("LIVE_URL", "postgres://nobody@127.0.0.1:1/none")
	t.Setenv("SCRATCH_URL", server.URI(server.NewDatabase(t)))
	files := map[string]string{
		"covetsql.yaml": ofPostgres, "queries.sql": "-- name: CountUsers :one\nSELECT count(*) FROM users;\n",
		"migrations/000001_init.up.sql": "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);\nCREATE SCHEMA s;\nCREATE TABLE s.posts (id int PRIMARY KEY, at timestamp);\nINSERT INTO users VALUES (1, 'x');\n",
		"migrations/000002_shrink.up.sql": "ALTER TABLE users ALTER COLUMN email TYPE varchar(40);\nSET search_path = s;\nALTER TABLE posts ADD CONSTRAINT posts_id CHECK (id > 0);\n" +
			"ALTER TABLE posts ALTER COLUMN at TYPE timestamptz;\nSET search_path = public;\nDO $$ BEGIN ALTER TABLE users ALTER COLUMN id TYPE int; END $$;\n",
		"migrations/000003_index.up.sql": "-- covet:transaction none\nCREATE INDEX CONCURRENTLY users_email ON users (email);\nALTER TABLE users ADD COLUMN age int;\n",
	}
	projectOf(t, files)
	out, told, err := covetsql(t, "lint", "--ask", "--last", "2")
	if err != nil {
		t.Fatal(err, out, told)
	}
	has(t, out, "ACCESS EXCLUSIVE on users; rewrite users; build index users users_pkey\n  the server: the same", "verify s.posts\n  the server: the same",
		"what it does is not known\n  the server: ACCESS EXCLUSIVE on users; build index users users_pkey; rewrite users",
		"the server: takes it outside of transactions only", "ACCESS EXCLUSIVE on users\n  the server: the same")
	hasNot(t, told, "CV6014", "CV6013")

	// The extension's function does what no text tells; the refusal is found though lint knows nothing of functions' bodies.
	files["migrations/000004_call.up.sql"] = "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'ALTER TABLE users ALTER COLUMN age TYPE bigint';\nSELECT f();\nSELECT 1 / 0;\nALTER TABLE users ADD COLUMN late int;\n"
	projectOf(t, files)
	out, told, err = covetsql(t, "lint", "--ask")
	if err == nil {
		t.Error("a refused statement is no error")
	}
	has(t, out, "the server: ACCESS EXCLUSIVE on users; build index users users_email; build index users users_pkey; rewrite users", "not asked: an earlier statement was refused")
	has(t, told, "warning[CV6014]: the server does other than announced: it holds ACCESS EXCLUSIVE on users", "error[CV6013]: the scratch database does not take this: ")
	if strings.Count(told, "CV6013") != 1 {
		t.Error(told)
	}
}

// MySQL and MariaDB are asked for the best way that they know of each ALTER TABLE.
func TestLintAsksMySQL(t *testing.T) {
	for name, start := range map[string]func(testing.TB) *testkit.Server{"mysql": testkit.MySQL, "mariadb": testkit.MariaDB} {
		t.Run(name, func(t *testing.T) {
			server := start(t)
			t.Setenv("LIVE_URL", "mysql://nobody@127.0.0.1:1/none")
			t.Setenv("SCRATCH_URL", server.URI(server.NewDatabase(t)))
			projectOf(t, map[string]string{
				"covetsql.yaml": strings.Replace(ofPostgres, "postgresql", "mysql", 1), "queries.sql": "-- name: CountUsers :one\nSELECT count(*) FROM users;\n",
				"migrations/000001_init.up.sql": "CREATE TABLE users (id bigint PRIMARY KEY, email varchar(40) NOT NULL);\nCREATE TABLE posts (id bigint PRIMARY KEY, author bigint);\n",
				"migrations/000002_more.up.sql": "ALTER TABLE users MODIFY email varchar(20) NOT NULL;\nALTER TABLE users ADD COLUMN age int;\nALTER TABLE users ADD INDEX (age), ALGORITHM=INPLACE, LOCK=NONE;\n" +
					"ALTER TABLE posts ADD FOREIGN KEY (author) REFERENCES users (id);\nALTER TABLE users RENAME TO people;\nALTER TABLE people ENGINE=InnoDB;\n",
			})
			out, told, err := covetsql(t, "lint", "--ask")
			if err != nil {
				t.Fatal(err, out, told)
			}
			if strings.Count(out, "the server: the same") != 3 || strings.Count(out, "the server: takes it") != 3 {
				t.Error(out)
			}
			hasNot(t, told, "CV6014", "CV6013")
		})
	}
}
