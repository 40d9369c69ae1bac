package mysql_test

import (
	"fmt"
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/migrate/diff/mysql"
	"github.com/covetsql/covetsql/migrate/plan"
)

// BenchmarkDiff2000Tables is a schema of 2,000 tables with a view and a trigger each, as MySQL shows them, of which every tenth table changes; the measure is
// 2 CPU seconds for the diff alone.
func BenchmarkDiff2000Tables(b *testing.B) {
	schema := func(changed string) *catalog.Snapshot {
		s := &catalog.Snapshot{Engine: catalog.MySQL}
		var tables []*catalog.Table
		var triggers []*catalog.Trigger
		for i := range 2000 {
			more := ""
			if i%10 == 0 {
				more = changed
			}
			name := fmt.Sprintf("t%d", i)
			tables = append(tables, &catalog.Table{Name: name, Definition: fmt.Sprintf("CREATE TABLE `t%d` (\n"+
				"  `id` bigint NOT NULL AUTO_INCREMENT,\n  `name` varchar(100) NOT NULL DEFAULT '',\n  `parent` bigint DEFAULT NULL,\n  `price` decimal(10,2) DEFAULT NULL,\n"+
				"  `kind` enum('a','b','c') NOT NULL DEFAULT 'a',\n  `made` datetime DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,\n  `body` text%[2]s,\n"+
				"  PRIMARY KEY (`id`),\n  UNIQUE KEY `u%[1]d` (`name`,`kind`),\n  KEY `i%[1]d` (`parent`,`price` DESC),\n"+
				"  CONSTRAINT `f%[1]d` FOREIGN KEY (`parent`) REFERENCES `t%[3]d` (`id`) ON DELETE CASCADE,\n  CONSTRAINT `c%[1]d` CHECK ((`price` > 0))\n"+
				") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci COMMENT='table %[1]d'", i, more, i/2)})
			tables = append(tables, &catalog.Table{Name: fmt.Sprintf("v%d", i), Kind: catalog.View,
				Definition: fmt.Sprintf("CREATE ALGORITHM=UNDEFINED SQL SECURITY DEFINER VIEW `v%d` AS select `a`.`name` AS `name` from (`t%[1]d` `a` join `t%[2]d` `b` on((`a`.`parent` = `b`.`id`)))", i, i/2)})
			triggers = append(triggers, &catalog.Trigger{Name: fmt.Sprintf("g%d", i), Table: name, Timing: "BEFORE", Events: []string{"INSERT"},
				Definition: fmt.Sprintf("CREATE TRIGGER `g%d` BEFORE INSERT ON `t%[1]d` FOR EACH ROW SET NEW.name = lower(NEW.name)", i)})
		}
		sc := s.Add("", tables, nil, nil)
		sc.Triggers = triggers
		return s
	}
	from, to := schema(""), schema(",\n  `more` int DEFAULT NULL,\n  `word` varchar(20) NOT NULL DEFAULT 'x'")
	empty := &catalog.Snapshot{Engine: catalog.MySQL}
	o := plan.Options{Online: true, Version: 80403}
	for _, c := range []struct {
		name     string
		from, to *catalog.Snapshot
		steps    int
	}{{"same", from, from, 0}, {"changed", from, to, 200}, {"made", empty, from, 6000}, {"dropped", from, empty, 4000}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				p, err := mysql.Diff(c.from, c.to, o)
				if err != nil || len(p.Steps) < c.steps || c.steps == 0 && len(p.Steps) > 0 {
					b.Fatal(err, len(p.Steps))
				}
			}
		})
	}
}
