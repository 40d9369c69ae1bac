package file

import (
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/token"
)

// Whatever a file holds, reading it ends, and every statement is a piece of the file at its span.
func FuzzFile(f *testing.F) {
	for _, seed := range []string{
		"-- +goose Up\n-- +goose StatementBegin\nSELECT 1;\n-- +goose StatementEnd\n-- +goose Down\nSELECT 2;",
		"-- migrate:up transaction:false\nSELECT 1;\n-- migrate:down\n", "-- +migrate Up notransaction\nSELECT 1;",
		"SELECT 1;\n---- create above / drop below ----\nSELECT 2", "-- atlas:txtar\n\n-- checks.sql --\nSELECT 1;\n-- migration.sql --\nSELECT 2;\n-- down.sql --\nSELECT 3;",
		"-- atlas:delimiter \\n\\n\nSELECT 1\n\nSELECT 2", "BEGIN;\nSELECT 1;\nCOMMIT;", "-- covet:batch\nUPDATE a SET b = 1 WHERE c", "DELIMITER //\nSELECT 1//",
		"CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END;", "PRAGMA foreign_keys = off;", "\ufeff-- covet:transaction none\r\nSELECT '\r\n'", "COPY a FROM stdin;\n1\n\\.\n",
	} {
		for form := range Forms {
			f.Add(seed, uint8(form), uint8(form%3))
		}
	}
	file := map[Form]string{Own: "1_a.up.sql", GolangMigrate: "1_a.up.sql", Flyway: "V1__a.sql"}
	f.Fuzz(func(t *testing.T, text string, form, dialect uint8) {
		o := Options{Form: Forms[int(form)%len(Forms)], Dialect: token.Dialect(dialect % 3)}
		name := file[o.Form]
		if name == "" {
			name = "1_a.sql"
		}
		got, err := Open(folder(map[string]string{name: text}), o)
		if err != nil {
			return
		}
		whole := strings.TrimPrefix(text, "\ufeff")
		for _, m := range append(got.Migrations, got.Repeatables...) {
			for _, side := range []Side{m.Up, m.Down} {
				end := 0
				for _, s := range side.Statements {
					if int(s.Span.Start) < end || s.Span.Start >= s.Span.End {
						t.Fatalf("statements overlap: %+v", side.Statements)
					}
					end = int(s.Span.End)
					if piece := whole[s.Span.Start:s.Span.End]; piece != s.SQL && !s.Check {
						t.Fatalf("the file has %q where the statement is %q", piece, s.SQL)
					}
				}
			}
		}
	})
}

// A folder may hold any names.
func FuzzNames(f *testing.F) {
	for _, n := range []string{"1_a.up.sql", "V1__a.sql", "R__a.sql", "20260101_a.sql", "00001_a.go", "..sql", "99999999999999999999999_a.sql"} {
		f.Add(n, "covet.sum", uint8(0))
	}
	f.Fuzz(func(t *testing.T, a, b string, form uint8) {
		if a == "" || b == "" || strings.ContainsAny(a+b, "/\\\x00") || a == "." || b == "." || a == ".." || b == ".." {
			return
		}
		o := Options{}
		if n := int(form) % (len(Forms) + 1); n < len(Forms) {
			o.Form = Forms[n]
		}
		if got, err := Open(folder(map[string]string{a: "SELECT 1", b: "SELECT 2"}), o); err == nil {
			_ = got.Verify()
		}
	})
}
