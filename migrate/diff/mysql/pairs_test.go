package mysql_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/migrate/plan"
	"github.com/covetsql/covetsql/migrate/proof/fingerprint"
)

// forms are schemas, each of which must become each other. Those that a server refuses are left out there.
var forms = map[string][]string{
	"columns": {
		"CREATE TABLE t (id int NOT NULL, a varchar(20), b int, c text)",
		"CREATE TABLE t (c text, b int, a varchar(20), id int NOT NULL)",
		"CREATE TABLE t (id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, a varchar(200) NOT NULL DEFAULT 'x''y\\\\', b decimal(10,2) DEFAULT 1.5 COMMENT 'it''s', c longtext)",
		"CREATE TABLE t (A varchar(20) COMMENT 'x, y (z)', id int NOT NULL, b int DEFAULT 5, d datetime(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3))",
		"CREATE TABLE t (id int NOT NULL, b int, v int GENERATED ALWAYS AS (b + 1) VIRTUAL, s int GENERATED ALWAYS AS (b * 2) STORED, KEY kv (v), KEY ks (s))",
		"CREATE TABLE t (id int NOT NULL, b int, v int GENERATED ALWAYS AS (b + 1) STORED, s int GENERATED ALWAYS AS (b * 2) VIRTUAL, KEY kv (v))",
		"CREATE TABLE t (id int NOT NULL, v int, b int, s int, KEY kv (v), KEY ks (s))",
		"CREATE TABLE t (id int NOT NULL, b int, v int GENERATED ALWAYS AS (b + 3) VIRTUAL COMMENT 'three', s int GENERATED ALWAYS AS (b * 4) STORED, UNIQUE KEY kv (v))",
		"CREATE TABLE t (id int NOT NULL, b int INVISIBLE DEFAULT 7, c text, u json, e enum('a','b') NOT NULL DEFAULT 'a', f set('x','y'))",
		"CREATE TABLE t (id int NOT NULL, e enum('a','b','c,d') DEFAULT 'b', f set('x','y','z') NOT NULL, g bit(3) DEFAULT b'101', h year, i time(2), j timestamp NULL, k binary(3), l varbinary(20), m double, n float unsigned)",
		"CREATE TABLE t (id int NOT NULL, j json DEFAULT (json_array()), x varchar(36) DEFAULT (uuid()), y int DEFAULT (1 + 2), z date DEFAULT (curdate()))",
		"CREATE TABLE t (id int NOT NULL, a int, b int); ALTER TABLE t ALTER COLUMN a DROP DEFAULT",
		"CREATE TABLE t (id int NOT NULL, p point NOT NULL SRID 4326, q geometry)",
		"CREATE TABLE t (id int NOT NULL, p point NOT NULL, SPATIAL KEY sp (p))",
		"CREATE TABLE `t` (`id` int NOT NULL, `we``ird name` int, `sel,ect` varchar(10) DEFAULT ')', `it's` int COMMENT '`')",
		"CREATE TABLE t (id int NOT NULL DEFAULT 1, a char(5) CHARACTER SET latin1, b varchar(9) COLLATE utf8mb4_bin, c text CHARACTER SET ascii)",
		"CREATE TABLE t (x int)",
		"CREATE TABLE t (id int NOT NULL, a varchar(20) COMPRESSED, u uuid, i inet6)",
		"CREATE TABLE t (id int NOT NULL, a int COLUMN_FORMAT DYNAMIC STORAGE MEMORY, b vector(3))",
	},
	"keys": {
		"CREATE TABLE t (id int NOT NULL, a int NOT NULL, b varchar(50), c text)",
		"CREATE TABLE t (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, a int NOT NULL, b varchar(50), c text, KEY k1 (a), KEY k2 (b(10)), UNIQUE KEY u1 (a, b))",
		"CREATE TABLE t (id int NOT NULL, a int NOT NULL AUTO_INCREMENT, b varchar(50), c text, PRIMARY KEY (id, a), KEY k1 (a DESC), KEY k2 (b(20)), UNIQUE KEY u2 (a, b))",
		"CREATE TABLE t (id int NOT NULL, a int NOT NULL, b varchar(50), c text, PRIMARY KEY (a, id), KEY k3 (a), KEY K2 (b(10)), FULLTEXT KEY f1 (c))",
		"CREATE TABLE t (id int NOT NULL, a int NOT NULL, b varchar(50), c text, KEY k1 (a) COMMENT 'one', KEY k2 (b) USING BTREE, FULLTEXT KEY f1 (c) WITH PARSER ngram, FULLTEXT KEY f2 (b, c))",
		"CREATE TABLE t (id int NOT NULL, a int NOT NULL, b varchar(50), c text, KEY k1 (a) INVISIBLE, KEY k2 (b) KEY_BLOCK_SIZE=8)",
		"CREATE TABLE t (id int NOT NULL, a int NOT NULL, b varchar(50), c text, KEY k1 (a) IGNORED)",
		"CREATE TABLE t (id int NOT NULL, a int NOT NULL, b varchar(50), c text, KEY k1 ((a + 1)), KEY k2 ((lower(b)), a), UNIQUE KEY u1 ((a * 2)))",
		"CREATE TABLE t (id int NOT NULL, b varchar(50), c text, KEY k2 (b), KEY k1 (id, b))",
		"CREATE TABLE t (id int NOT NULL, a int NOT NULL, b varchar(50), c text, UNIQUE KEY k1 (a), UNIQUE KEY k2 (id, a), KEY `odd``key` (b))",
		"CREATE TABLE t (id int NOT NULL, a int NOT NULL, b varchar(50), c text, PRIMARY KEY (id) COMMENT 'main', KEY k1 (a, id, b(5) DESC))",
	},
	"foreign": {
		"CREATE TABLE p (id int NOT NULL PRIMARY KEY, v varchar(10), UNIQUE KEY pv (v)); CREATE TABLE c (id int NOT NULL PRIMARY KEY, pid int, v varchar(10))",
		"CREATE TABLE p (id int NOT NULL PRIMARY KEY, v varchar(10), UNIQUE KEY pv (v)); CREATE TABLE c (id int NOT NULL PRIMARY KEY, pid int, v varchar(10), FOREIGN KEY (pid) REFERENCES p (id))",
		"CREATE TABLE p (id bigint NOT NULL PRIMARY KEY, v varchar(20), UNIQUE KEY pv (v)); CREATE TABLE c (id int NOT NULL PRIMARY KEY, pid bigint, v varchar(20), CONSTRAINT c_ibfk_1 FOREIGN KEY (pid) REFERENCES p (id) ON DELETE CASCADE, CONSTRAINT fv FOREIGN KEY (v) REFERENCES p (v) ON UPDATE SET NULL ON DELETE SET NULL)",
		"CREATE TABLE p (id int NOT NULL PRIMARY KEY, v varchar(10), UNIQUE KEY pv (v)); CREATE TABLE c (id int NOT NULL PRIMARY KEY, pid int, v varchar(10), KEY own (pid, v), CONSTRAINT f1 FOREIGN KEY (pid) REFERENCES p (id) ON DELETE RESTRICT ON UPDATE NO ACTION)",
		"CREATE TABLE p (id int NOT NULL PRIMARY KEY, v varchar(10), UNIQUE KEY pv (v)); CREATE TABLE c (id int NOT NULL PRIMARY KEY, pid int, v varchar(10), KEY f1 (pid), KEY other (pid, id), CONSTRAINT f1 FOREIGN KEY (pid) REFERENCES p (id))",
		"CREATE TABLE c (id int NOT NULL PRIMARY KEY, pid int, v varchar(10), CONSTRAINT self FOREIGN KEY (pid) REFERENCES c (id))",
		"CREATE TABLE p (id int NOT NULL PRIMARY KEY, cid int); CREATE TABLE c (id int NOT NULL PRIMARY KEY, pid int, CONSTRAINT cp FOREIGN KEY (pid) REFERENCES p (id)); ALTER TABLE p ADD CONSTRAINT pc FOREIGN KEY (cid) REFERENCES c (id)",
		"CREATE TABLE q (id int NOT NULL PRIMARY KEY); CREATE TABLE r (id int NOT NULL PRIMARY KEY, qid int, CONSTRAINT fq FOREIGN KEY (qid) REFERENCES q (id)); CREATE TABLE c (id int NOT NULL PRIMARY KEY, pid int NOT NULL, CONSTRAINT f1 FOREIGN KEY (pid) REFERENCES q (id))",
		"CREATE TABLE p (a int NOT NULL, b int NOT NULL, PRIMARY KEY (a, b)); CREATE TABLE c (id int NOT NULL PRIMARY KEY, x int, y int, KEY xy (x, y), CONSTRAINT f1 FOREIGN KEY (x, y) REFERENCES p (a, b))",
		"",
	},
	"checks": {
		"CREATE TABLE t (id int, a int, b varchar(10)); CREATE TABLE u (id int, a int)",
		"CREATE TABLE t (id int, a int CHECK (a > 0), b varchar(10), CHECK (a <> 7)); CREATE TABLE u (id int, a int)",
		"CREATE TABLE t (id int, a int, b varchar(10), CONSTRAINT c1 CHECK (a > 0), CONSTRAINT c2 CHECK (b IN ('a', 'it''s')) NOT ENFORCED); CREATE TABLE u (id int, a int)",
		"CREATE TABLE t (id int, a int, b varchar(10), CONSTRAINT C1 CHECK (a > 1), CONSTRAINT c2 CHECK (b IN ('a', 'it''s'))); CREATE TABLE u (id int, a int)",
		"CREATE TABLE t (id int, b varchar(10), CONSTRAINT c3 CHECK (b LIKE 'x%')); CREATE TABLE u (id int, a int, CONSTRAINT c1 CHECK (a > 0))",
		"CREATE TABLE u (id int, a int, CONSTRAINT c1 CHECK (a > 0), CONSTRAINT c2 CHECK (a < id)); CREATE TABLE w (id int, CONSTRAINT c3 CHECK (id > 0))",
	},
	"options": {
		"CREATE TABLE t (id int, a varchar(20), b text)",
		"CREATE TABLE t (id int, a varchar(20), b text) DEFAULT CHARSET=latin1 COMMENT='it''s, (so)'",
		"CREATE TABLE t (id int, a varchar(20), b text CHARACTER SET latin1) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8",
		"CREATE TABLE t (id int, a varchar(20) CHARACTER SET utf8mb4, b text) DEFAULT CHARSET=latin1 COLLATE=latin1_bin ROW_FORMAT=DYNAMIC STATS_PERSISTENT=1 STATS_AUTO_RECALC=0 STATS_SAMPLE_PAGES=20",
		"CREATE TABLE t (id int, a varchar(20), b text) ENGINE=MyISAM MAX_ROWS=1000 CHECKSUM=1 AVG_ROW_LENGTH=40 DELAY_KEY_WRITE=1 PACK_KEYS=1",
		"CREATE TABLE t (id int, a varchar(20) COLLATE utf8mb4_unicode_ci, b text COLLATE utf8mb4_general_ci) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci AUTO_INCREMENT=77 COMMENT='AUTO_INCREMENT=5'",
		"CREATE TABLE t (id int, a varchar(20), b text) COMPRESSION='zlib'",
		"CREATE TABLE t (id int, a varchar(20), b text) PAGE_COMPRESSED=1 PAGE_COMPRESSION_LEVEL=4",
		"CREATE TABLE t (id int, a varchar(20)) ENGINE=MEMORY",
		"CREATE TABLE t (id int, a varchar(20), b text) WITH SYSTEM VERSIONING",
		"CREATE TABLE t (id int, a varchar(20), c int, b text) COMMENT='v' WITH SYSTEM VERSIONING",
		"CREATE TABLE t (id int, s date NOT NULL, e date NOT NULL, PERIOD FOR app (s, e))",
	},
	"partitions": {
		"CREATE TABLE t (id int NOT NULL, y int NOT NULL, PRIMARY KEY (id, y))",
		"CREATE TABLE t (id int NOT NULL, y int NOT NULL, PRIMARY KEY (id, y)) PARTITION BY RANGE (y) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20))",
		"CREATE TABLE t (id int NOT NULL, y int NOT NULL, PRIMARY KEY (id, y)) PARTITION BY RANGE (y) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20), PARTITION p2 VALUES LESS THAN MAXVALUE COMMENT = 'last')",
		"CREATE TABLE t (id int NOT NULL, y int NOT NULL, PRIMARY KEY (id, y)) PARTITION BY RANGE (y) (PARTITION p0 VALUES LESS THAN (5), PARTITION q VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20))",
		"CREATE TABLE t (id int NOT NULL, y int NOT NULL, PRIMARY KEY (id, y)) PARTITION BY RANGE (y) (PARTITION p1 VALUES LESS THAN (20))",
		"CREATE TABLE t (id int NOT NULL, y int NOT NULL, PRIMARY KEY (id, y)) PARTITION BY LIST (y) (PARTITION a VALUES IN (1, 2), PARTITION b VALUES IN (3, 4), PARTITION c VALUES IN (5))",
		"CREATE TABLE t (id int NOT NULL, y int NOT NULL, PRIMARY KEY (id, y)) PARTITION BY LIST (y) (PARTITION a VALUES IN (1, 2), PARTITION c VALUES IN (5))",
		"CREATE TABLE t (id int NOT NULL, y int NOT NULL, PRIMARY KEY (id, y)) PARTITION BY LIST (y) (PARTITION a VALUES IN (1, 2, 7), PARTITION b VALUES IN (3), PARTITION d VALUES IN (4), PARTITION c VALUES IN (5))",
		"CREATE TABLE t (id int NOT NULL, y int NOT NULL, PRIMARY KEY (id, y)) PARTITION BY HASH (id) PARTITIONS 4",
		"CREATE TABLE t (id int NOT NULL, y int NOT NULL, PRIMARY KEY (id, y)) PARTITION BY HASH (id) PARTITIONS 6",
		"CREATE TABLE t (id int NOT NULL, y int NOT NULL, PRIMARY KEY (id, y)) PARTITION BY KEY (id) PARTITIONS 2",
		"CREATE TABLE t (id int NOT NULL, d date NOT NULL, PRIMARY KEY (id, d)) PARTITION BY RANGE (year(d)) SUBPARTITION BY HASH (to_days(d)) SUBPARTITIONS 2 (PARTITION p0 VALUES LESS THAN (2020), PARTITION p1 VALUES LESS THAN MAXVALUE)",
		"CREATE TABLE t (id int NOT NULL, d date NOT NULL, PRIMARY KEY (id, d)) PARTITION BY RANGE COLUMNS (d, id) (PARTITION p0 VALUES LESS THAN ('2020-01-01', 10), PARTITION p1 VALUES LESS THAN (MAXVALUE, MAXVALUE))",
	},
	"code": {
		"CREATE TABLE t (id int, a int)",
		"CREATE TABLE t (id int, a int); CREATE VIEW v1 AS SELECT id FROM t; CREATE VIEW a2 AS SELECT id FROM v1; CREATE FUNCTION f(x int) RETURNS int DETERMINISTIC RETURN x + 1",
		"CREATE TABLE t (id int, a int); CREATE VIEW v1 AS SELECT a, id FROM t WHERE id > 0 WITH CHECK OPTION; CREATE SQL SECURITY INVOKER VIEW a2 AS SELECT id, f(id) AS y FROM v1",
		"CREATE TABLE t (id int, a int); CREATE FUNCTION f(x int) RETURNS varchar(20) CHARSET latin1 READS SQL DATA COMMENT 'it''s' RETURN concat(x, 'a'); CREATE VIEW v9 AS SELECT f(id) AS y FROM t; CREATE VIEW b1 AS SELECT y FROM v9",
		"CREATE TABLE t (id int, a int); CREATE TABLE v1 (id int); CREATE TRIGGER g1 BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1; CREATE TRIGGER g2 BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 2",
		"CREATE TABLE t (id int, a int); CREATE TRIGGER g2 BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 2; CREATE TRIGGER g1 BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1; CREATE TRIGGER g3 AFTER DELETE ON t FOR EACH ROW SET @x = 1",
		"CREATE TABLE t (id int); CREATE TABLE u (id int, a int); CREATE TRIGGER g1 BEFORE INSERT ON u FOR EACH ROW SET NEW.a = 1",
		"CREATE TABLE t (id int, a int); CREATE PROCEDURE p(IN x int, OUT y int) SQL SECURITY INVOKER SELECT x INTO y; CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t",
		"CREATE TABLE t (id int, a int); CREATE PROCEDURE p(IN x int) DELETE FROM t WHERE id = x; CREATE EVENT e ON SCHEDULE EVERY 2 HOUR STARTS '2030-01-01 00:00:00' ON COMPLETION PRESERVE DISABLE COMMENT 'x' DO DELETE FROM t; CREATE EVENT e2 ON SCHEDULE AT '2040-01-01 00:00:00' DO DELETE FROM t",
		"CREATE TABLE t (id int, a int); CREATE DEFINER='somebody'@'%' VIEW v1 AS SELECT id FROM t; CREATE DEFINER='somebody'@'%' PROCEDURE p(IN x int) DELETE FROM t WHERE id = x",
		"CREATE TABLE t (id int, a int); SET SESSION sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT'; CREATE FUNCTION f(x int) RETURNS varchar(20) DETERMINISTIC RETURN x || 'a'; CREATE TRIGGER g1 BEFORE INSERT ON t FOR EACH ROW SET NEW.\"a\" = 1; SET SESSION sql_mode = DEFAULT",
		"CREATE TABLE t (id int, a int); CREATE TABLE x (id int); CREATE VIEW z AS SELECT x.id, 'a`b' AS `odd name` FROM x JOIN t ON t.id = x.id; CREATE ALGORITHM=MERGE VIEW a AS SELECT * FROM z",
	},
	"sequences": {
		"",
		"CREATE SEQUENCE s",
		"CREATE SEQUENCE s START WITH 5 INCREMENT BY 2 MINVALUE 1 MAXVALUE 1000 CACHE 10 CYCLE; CREATE TABLE t (id int DEFAULT nextval(s), a int)",
		"CREATE SEQUENCE s INCREMENT BY -1 NOCACHE; CREATE SEQUENCE r; CREATE TABLE t (id int DEFAULT nextval(r), a int)",
	},
	"database": {
		"ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci; CREATE TABLE t (id int, a varchar(10))",
		"ALTER DATABASE CHARACTER SET latin1; CREATE TABLE t (id int, a varchar(10))",
	},
}

// TestEachFormBecomesEachOther walks from each form to each other on one database and compares it with one that was made of the form.
func TestEachFormBecomesEachOther(t *testing.T) {
	for _, engine := range []string{"mysql", "mariadb"} {
		for group, schemas := range forms {
			for _, online := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/%s/online=%v", engine, group, online), func(t *testing.T) {
					t.Parallel() // each waits for its server most of the time
					b := on(t, engine)
					b.walk(t, schemas, online)
				})
			}
		}
	}
}

// place is a form and what a database of it looks like.
type place struct {
	text     string
	snapshot *catalog.Snapshot
	print    fingerprint.Print
}

func (b *bench) walk(t *testing.T, schemas []string, online bool) {
	t.Helper()
	o := fills
	o.Online, o.Version = online, b.number()
	var places []place
	for _, s := range schemas {
		name, err := b.make(t, s)
		if err != nil {
			t.Logf("left out: %v", err)
			continue
		}
		places = append(places, place{s, b.read(t, name), b.print(t, name)})
	}
	if len(places) < 2 {
		return
	}
	name, at := "", (*catalog.Snapshot)(nil)
	round := circuit(len(places))
	for n := range len(round) - 1 {
		from, to := places[round[n]], places[round[n+1]]
		if at == nil {
			var err error
			if name, err = b.make(t, from.text); err != nil {
				t.Fatal(err)
			}
			at = b.read(t, name)
		}
		at = b.step(t, name, at, from, to, o)
	}
}

// circuit goes from each of n places to each other once.
func circuit(n int) []int {
	left := make([][]int, n)
	for i := range n {
		for j := range n {
			if i != j {
				left[i] = append(left[i], j)
			}
		}
	}
	var out []int
	var visit func(i int)
	visit = func(i int) {
		for len(left[i]) > 0 {
			j := left[i][0]
			left[i] = left[i][1:]
			visit(j)
		}
		out = append(out, i)
	}
	visit(0)
	slices.Reverse(out)
	return out
}

// step turns a database from one place into another and tells what is wrong then; it gives what the database is now, nil where it
// is of no more use.
func (b *bench) step(t *testing.T, name string, at *catalog.Snapshot, from, to place, o plan.Options) *catalog.Snapshot {
	t.Helper()
	p := b.between(t, at, to.snapshot, o)
	conn := b.conn(t, name)
	var done strings.Builder
	for _, s := range p.Steps {
		fmt.Fprintf(&done, "%s;\n", s.SQL)
		if _, err := conn.ExecContext(context.Background(), s.SQL); err != nil {
			t.Errorf("from %s\nto %s:\n%v\nin\n%s", from.text, to.text, err, done.String())
			return nil
		}
	}
	bad := false
	for _, d := range fingerprint.Compare(b.print(t, name), to.print) {
		bad = true
		t.Errorf("%s:\n%s\nand\n%s", d.Object, d.A, d.B)
	}
	at = b.read(t, name)
	for _, s := range b.between(t, at, to.snapshot, o).Steps {
		bad = true
		t.Errorf("a second time: %s", s.SQL)
	}
	for _, u := range p.Unmanaged {
		bad = true
		t.Errorf("unmanaged: %v: %s", u.Object, u.Why)
	}
	if bad {
		t.Errorf("from %s\nto %s:\n%s", from.text, to.text, done.String())
		return nil
	}
	return at
}
