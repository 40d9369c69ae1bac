package mysql

import (
	"strings"

	"github.com/covetsql/covetsql/migrate/plan"
)

// unset is how an option is taken back; "DEFAULT" where it is not listed.
var unset = map[string]string{
	"COMMENT": "''", "KEY_BLOCK_SIZE": "0", "COMPRESSION": "''", "CHECKSUM": "0", "DELAY_KEY_WRITE": "0", "MIN_ROWS": "0", "MAX_ROWS": "0",
	"AVG_ROW_LENGTH": "0", "ENCRYPTION": "'N'", "CONNECTION": "''", "UNION": "()", "ENGINE_ATTRIBUTE": "''", "SECONDARY_ENGINE_ATTRIBUTE": "''",
	"SECONDARY_ENGINE": "NULL", "AUTOEXTEND_SIZE": "0", "PAGE_CHECKSUM": "0", "INSERT_METHOD": "NO",
}

// options are the changes of a table's options.
func (d *differ) options(a, b *shown) []change {
	about := plan.Object{Kind: "table", Name: b.name}
	var out []change
	var own []string
	charset := false // both halves of the default are one change
	set := func(o option) {
		name := strings.ToUpper(o.name)
		switch name {
		case "DEFAULT CHARSET", "COLLATE":
			if charset {
				return
			}
			charset = true
			sql := "DEFAULT CHARSET=" + b.option("DEFAULT CHARSET")
			if c := b.option("COLLATE"); c != "" {
				sql += " COLLATE=" + c
			}
			out = append(out, change{sql: sql, about: about, cost: copying, why: "the character set that new columns have, and that of the columns that leave it to the table"})
		case "WITH SYSTEM VERSIONING": // see versioning
		case "ENGINE":
			out = append(out, change{sql: o.text(), about: about, cost: copying, why: "another engine keeps the rows in another form"})
		case "ROW_FORMAT", "KEY_BLOCK_SIZE":
			out = append(out, change{sql: o.text(), about: about, cost: rebuilding})
		case "COMMENT", "STATS_PERSISTENT", "STATS_AUTO_RECALC", "STATS_SAMPLE_PAGES":
			out = append(out, change{sql: o.text(), about: about, cost: metadata})
		case "DATA DIRECTORY", "INDEX DIRECTORY":
			d.unmanaged(about, "the folder of a table's files ("+o.text()+") is set only where the table is made")
		default:
			out = append(out, change{sql: o.text(), about: about, cost: unknown})
		}
	}
	for _, o := range b.options {
		if !a.has(o.name) || a.option(o.name) != o.value {
			set(o)
		}
	}
	for _, o := range a.options {
		if b.has(o.name) {
			continue
		}
		name := strings.ToUpper(o.name)
		switch name {
		case "WITH SYSTEM VERSIONING": // see versioning
		case "TABLESPACE":
			out = append(out, change{sql: "TABLESPACE innodb_file_per_table", about: about, cost: unknown})
		default:
			value, ok := unset[name]
			if !ok {
				value = "DEFAULT"
			}
			if strings.HasPrefix(name, "`") && a.option("ENGINE") != b.option("ENGINE") { // an engine's own, which the new one does not know
				own = append(own, option{o.name, value}.text())
				continue
			}
			set(option{o.name, value})
		}
	}
	if len(own) > 0 {
		d.add(fill, plan.Step{SQL: "ALTER TABLE " + quote(a.name) + " " + strings.Join(own, ", "), About: about})
	}
	return out
}
