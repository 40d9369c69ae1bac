package proof

import (
	"database/sql"
	"strings"
	"testing"
)

// TestRowsAreComparedWhereATableIsPartitionedInAnotherWay: they may move between its partitions, and may not go.
func TestRowsAreComparedWhereATableIsPartitionedInAnotherWay(t *testing.T) {
	table := func(key, whole string, values ...string) Table {
		out := Table{Columns: []Column{{Name: "a"}}, Key: key}
		if whole != "" {
			out.Wholes = []string{whole}
		}
		for _, v := range values {
			out.Values = append(out.Values, []sql.NullString{{String: v, Valid: true}})
		}
		return out
	}
	whole := Rows{"t": table("LIST (a)", ""), "t_1": table("", "t", "1", "2"), "t_2": table("", "t", "3")}
	for _, c := range []struct {
		name string
		was  Rows
		now  Rows
		lost string
	}{
		{"becomes plain", whole, Rows{"t": table("", "", "3", "1", "2")}, ""},
		{"becomes plain and loses a row", whole, Rows{"t": table("", "", "3", "1")}, "t had 3 rows and has 2"},
		{"becomes plain and loses a value", whole, Rows{"t": table("", "", "3", "1", "4")}, "t has other values"},
		{"becomes partitioned", Rows{"t": table("", "", "3", "1", "2")}, whole, ""},
		{"becomes partitioned, and another table a part", Rows{"t": table("", "", "3"), "t_1": table("", "", "1", "2")}, whole, ""},
		{"becomes plain, and a part stays", whole, Rows{"t": table("", "", "3"), "t_1": table("", "", "1", "2")}, ""},
		{"becomes plain, and a part loses rows", whole, Rows{"t": table("", "", "3"), "t_1": table("", "", "1")}, "t had 3 rows and has 2"},
		{"other key", whole, Rows{"t": table("RANGE (a)", ""), "t_1": table("", "t", "1", "2", "3"), "t_9": table("", "t")}, ""},
		{"a part is dropped", whole, Rows{"t": table("LIST (a)", ""), "t_1": table("", "t", "1", "2")}, ""},
		{"rows move between parts", whole, Rows{"t": table("LIST (a)", ""), "t_1": table("", "t", "1"), "t_2": table("", "t", "2", "3")}, "t_1 had 2 rows and has 1"},
	} {
		if got := strings.Join(c.was.Lost(c.now), "; "); !strings.HasPrefix(got, c.lost) || got != "" && c.lost == "" {
			t.Errorf("%s: %q, it shall be %q", c.name, got, c.lost)
		}
	}
}

// TestPartitionsTellWhatTheyTake takes bounds as the server writes them.
func TestPartitionsTellWhatTheyTake(t *testing.T) {
	for _, c := range []struct {
		bound string
		i     int
		want  string
	}{
		{"FOR VALUES IN ('a, b', 'it''s', NULL)", 0, "a, b|it's"},
		{"FOR VALUES IN (1, 2)", 0, "1|2"},
		{"FOR VALUES FROM (10) TO (20)", 0, "10|11|12"},
		{"FOR VALUES FROM (MINVALUE) TO ('-5')", 0, "-6|-7|-8"},
		{"FOR VALUES FROM ('2020-01-01', 5) TO ('2021-01-01', 6)", 0, "2020-01-01"},
		{"FOR VALUES FROM ('2020-01-01', 5) TO ('2021-01-01', 6)", 1, "5|6|7"},
		{"FOR VALUES WITH (modulus 4, remainder 1)", 0, ""},
		{"DEFAULT", 0, ""},
	} {
		if got := strings.Join(boundValues(c.bound, c.i), "|"); got != c.want {
			t.Errorf("%s: %q, it shall be %q", c.bound, got, c.want)
		}
	}
}
