package database

import (
	"strings"
	"time"
)

// The values that stand for arguments where a plan is asked for; they are those of sqlc 1.31, so that a rule over costs
// sees the same plan. A type that is not here is NULL.
type sample struct {
	types string
	// value stands for one of the type, list for an array.
	value, list any
}

var postgresSamples = index([]sample{
	{"any void", nil, []any{}},
	{"anyarray", []any{}, []any{}},
	{"bool boolean", false, []bool{}},
	{"double real", 0.1, []float32{}},
	{"json jsonb", "{}", []string{}},
	{"citext string text varchar", "", []string{}},
	{"bigint bigserial integer int int2 int4 int8 serial", 1, []int{}},
	{"date time timestamp timestamptz", time.Time{}, []time.Time{}},
	{"uuid", "00000000-0000-0000-0000-000000000000", []string{}},
	{"numeric decimal", "0.1", []string{}},
	{"inet", "192.168.0.1/24", []string{}},
	{"cidr", "192.168.1/24", []string{}},
}, "double precision")

func index(list []sample, double string) map[string]sample {
	out := map[string]sample{}
	for _, s := range list {
		for _, t := range strings.Fields(s.types) {
			out[t] = s
		}
	}
	out[double] = out["double"]
	return out
}

func postgresSample(a Argument) any {
	s := postgresSamples[strings.TrimPrefix(a.Type, "pg_catalog.")]
	if a.Array {
		return s.list
	}
	return s.value
}

var mysqlSamples = mysqlIndex(map[string]any{
	"bool": false,
	"int bigint mediumint smallint tinyint bit": 1,
	"decimal float double":                      0.1,
	"date":                                      "0000-00-00",
	"datetime timestamp":                        "0000-00-00 00:00:00",
	"time":                                      "00:00:00",
	"year":                                      "0000",
	"char varchar binary varbinary tinyblob blob mediumblob longblob tinytext text mediumtext longtext": "",
	"json": "{}",
})

func mysqlIndex(list map[string]any) map[string]any {
	out := map[string]any{}
	for types, value := range list {
		for _, t := range strings.Fields(types) {
			out[t] = value
		}
	}
	return out
}
