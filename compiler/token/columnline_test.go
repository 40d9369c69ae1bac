package token

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestLinesAboutColumnsAreReadAndLeaveTheDocComment(t *testing.T) {
	const text = "-- A counts.\n" +
		"-- column: total type=numeric(10, 2) nullable=false\n" +
		"-- name: A :one\n" +
		"-- column :\"a \"\"b\"\"\" nullable=TRUE\r\n" +
		"/* column: 2 type=enum('a=b', 'c') */\n" +
		"-- column: `x` type=double precision\n" +
		"SELECT 1,\n" +
		"-- column: inside type=bigint unsigned nullable=true\n" +
		"2;\n"
	statements, diags := split(text, MySQL, Queries)
	if len(statements) != 1 || len(diags) > 0 {
		t.Fatalf("%d statements, %q", len(statements), reported(diags))
	}
	h := statements[0].Header
	var got []string
	for _, l := range h.Columns {
		got = append(got, fmt.Sprintf("%s quoted=%v type=%s nullable=%v said=%q", l.Name, l.Quoted, l.Type, l.Nullable, l.NullableSpan.Text()))
		if l.TypeSpan.Text() != l.Type || !strings.Contains(l.Span.Text(), "column") || l.NameSpan.Len() == 0 {
			t.Errorf("spans of %+v", l)
		}
	}
	want := []string{
		`total quoted=false type=numeric(10, 2) nullable=false said="false"`,
		`a "b" quoted=true type= nullable=true said="TRUE"`,
		`2 quoted=false type=enum('a=b', 'c') nullable=false said=""`,
		`x quoted=true type=double precision nullable=false said=""`,
		`inside quoted=false type=bigint unsigned nullable=true said="true"`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
	if !slices.Equal(h.Comments, []string{" A counts."}) {
		t.Errorf("comments %q", h.Comments)
	}
	if sent := statements[0].Final(nil); strings.Contains(sent, "column") {
		t.Errorf("the lines are sent: %q", sent)
	}
}

func TestProseAboutAColumnStaysAComment(t *testing.T) {
	statements, diags := split("-- name: A :one\n-- column: price is in cents, x = y\n-- columns: those of type x\nSELECT 1;", PostgreSQL, Queries)
	h := statements[0].Header
	if len(diags) > 0 || len(h.Comments) != 2 || len(h.Columns) != 1 || !h.Columns[0].SaysNothing() {
		t.Errorf("%q, %q, %+v", reported(diags), h.Comments, h.Columns)
	}
}

func TestWrongLinesAboutColumnsAreReported(t *testing.T) {
	for line, want := range map[string]string{
		"-- column: a typ=int":                     `2:14 CV0106 "typ" is nothing that can be said of a column | did you mean type? | ` + columnExample,
		"-- column: a nullable=maybe":              `2:23 CV0106 nullable is true or false, not "maybe"`,
		"-- column: a nullable=true not null":      `2:23 CV0106 nullable is true or false, not "true not null"`,
		"-- column: a type=":                       `2:14 CV0106 type= has no value | ` + columnExample,
		"-- column: a type=int type=text":          `2:23 CV0106 type is said twice`,
		"-- column: type=int":                      `2:1 CV0106 the line names no column | ` + columnExample,
		"-- columns: a nullable=true":              `2:1 CV0106 a line about a column begins with column:, not columns: | ` + columnExample,
		"-- column: a b nullable=true":             `2:14 CV0106 "b" is none of type=…, nullable=… and json=… | ` + columnExample,
		" -- column: a nullable=true":              `2:2 CV0106 a line about a column must start in the first column of its line`,
		"-- column: \"a nullable=true type=int b=": `2:38 CV0106 "b" is nothing that can be said of a column | ` + columnExample,
	} {
		statements, diags := split("-- name: A :one\n"+line+"\nSELECT 1;", PostgreSQL, Queries)
		if got := reported(diags); len(got) != 1 || got[0] != want || len(statements) > 0 {
			t.Errorf("%s\n got %q\nwant %q", line, got, want)
		}
	}
}
