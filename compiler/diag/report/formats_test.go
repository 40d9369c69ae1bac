package report

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

// sampleRun has every form that a run takes.
func sampleRun() Run {
	query := source.NewFile("queries/a b/ü.sql", "-- name: Delete :exec\nDELETE FROM author WHERE name = '🙂é' AND id = 1;\n")
	abroad := source.NewFile("/srv/shared/schema.sql", "CREATE TABLE author (id int);\n")
	config := source.NewFile("covetsql.yaml", "version: \"2\"\nsqll: []\n")
	code := diag.RuleCode("no-delete", "mark rows as deleted instead")
	wide := diag.New(code, at(query, "id = 1", 0), "behind a character of two UTF-16 code units").
		WithLabel(at(abroad, "author", 0), "the table").
		WithHelp("write another").
		WithFix(diag.Fix{Title: "two files", Edits: []diag.Edit{{Span: at(query, "id", 0), New: "ID"}, {Span: at(abroad, "int", 0)}}})
	wide.Query = "Delete"
	table := diag.New(diag.UntypedParam, at(abroad, "author", 0), "a table")
	table.Subject = "author"
	return Run{Version: "0.5.0", Hindered: true,
		Found: append(sample(), wide, wide, table,
			diag.New(diag.ConfigUnknownKey, at(config, "sqll", 0), "the configuration has no key \"sqll\"").WithHelp("did you mean \"sql\"?"),
			diag.New(diag.DatabaseFailed, at(config, "sqll", 0), "the database can not be used: postgres://app:geheim@db/x")),
		Ignored: []diag.Ignored{
			{Diagnostic: wide, Reason: "rows are copied before"},
			{Diagnostic: table, Baseline: true},
		}}
}

func TestEachFormatHasItsGolden(t *testing.T) {
	for _, format := range Formats() {
		var b, again bytes.Buffer
		if err := Write(&b, format, sampleRun(), Options{}); err != nil {
			t.Fatal(err)
		}
		golden(t, "run."+format, b.String())
		if err := Write(&again, format, sampleRun(), Options{}); err != nil || again.String() != b.String() {
			t.Errorf("%s: another run writes other bytes", format)
		}
		if strings.ContainsAny(b.String(), "\x1b\x00") || strings.Contains(b.String(), "geheim") {
			t.Errorf("%s: a control character or a password is shown", format)
		}
	}
	if err := Write(&bytes.Buffer{}, "xml", Run{}, Options{}); err == nil {
		t.Error("there is a format xml")
	}
}

// The schema is that of OASIS, whole: testdata/sarif-schema-2.1.0.txt.
func TestSARIFIsValid(t *testing.T) {
	f, err := os.Open("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("sarif.json", text); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, run := range map[string]Run{"all": sampleRun(), "nothing": {}, "ignored alone": {Ignored: sampleRun().Ignored}} {
		var b bytes.Buffer
		if err := SARIF(&b, run); err != nil {
			t.Fatal(err)
		}
		v, err := jsonschema.UnmarshalJSON(&b)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	wrong, _ := jsonschema.UnmarshalJSON(strings.NewReader(`{"version": "2.1.0", "runs": [{"tool": {}}]}`))
	if schema.Validate(wrong) == nil {
		t.Error("the schema takes a run without a driver")
	}
}

func TestSARIFCountsColumnsInUTF16(t *testing.T) {
	var b bytes.Buffer
	if err := SARIF(&b, sampleRun()); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Runs []struct {
			ColumnKind string
			Results    []struct {
				RuleID    string
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI, URIBaseID string }
						Region           struct{ StartLine, StartColumn, EndColumn int }
					}
				}
			}
		}
	}
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Runs[0].ColumnKind != "utf16CodeUnits" {
		t.Errorf("column kind %q", doc.Runs[0].ColumnKind)
	}
	for _, r := range doc.Runs[0].Results {
		if r.RuleID != "no-delete" {
			continue
		}
		at := r.Locations[0].PhysicalLocation
		// The line up to it is 41 characters, of which one is two code units.
		if at.Region.StartLine != 2 || at.Region.StartColumn != 43 || at.Region.EndColumn != 49 {
			t.Errorf("region %+v", at.Region)
		}
		if at.ArtifactLocation.URI != "queries/a%20b/%C3%BC.sql" || at.ArtifactLocation.URIBaseID != "%SRCROOT%" {
			t.Errorf("artifact %+v", at.ArtifactLocation)
		}
	}
}

// A finding is known again when lines move, words are written otherwise, and its file has another name; not when it is another one.
func TestFingerprintsStayWhenLinesMove(t *testing.T) {
	print := func(path, text, part, query string) string {
		f := source.NewFile(path, text)
		d := diag.New(diag.UnknownColumn, at(f, part, 0), "m")
		d.Query = query
		return d.Fingerprint()
	}
	want := print("a.sql", "SELECT * FROM t WHERE a = 'X y'", "a = 'X y'", "Q")
	for name, got := range map[string]string{
		"moved":     print("b.sql", "-- more\n\nSELECT *\nFROM t\n WHERE a = 'X y'", "a = 'X y'", "Q"),
		"formatted": print("a.sql", "WHERE A  =\n\t'X y'", "A  =\n\t'X y'", "Q"),
		"commented": print("a.sql", "WHERE a /* why */ = -- x\n'X y'", "a /* why */ = -- x\n'X y'", "Q"),
	} {
		if got != want {
			t.Errorf("%s: another fingerprint", name)
		}
	}
	for name, got := range map[string]string{
		"another query": print("a.sql", "a = 'X y'", "a = 'X y'", "R"),
		"another text":  print("a.sql", "a = 'x y'", "a = 'x y'", "Q"),
		"two words":     print("a.sql", "isnull", "isnull", "Q"),
	} {
		if got == want {
			t.Errorf("%s: the same fingerprint", name)
		}
	}
	if print("a.sql", "is null", "is null", "Q") == print("a.sql", "isnull", "isnull", "Q") {
		t.Error("two words are one")
	}
}

// Fixes over several lines are shown: what goes, then what comes.
func TestTextShowsFixesOverSeveralLines(t *testing.T) {
	f := source.NewFile("q.sql", "-- name: A :many\n-- covetsql:ignore x y\r\nSELECT a,\n  b\nFROM t;\nSELECT 2")
	for want, edits := range map[string][]diag.Edit{
		"\n 2 - -- covetsql:ignore x y\n":                {{Span: f.Span(17, 41)}},
		"\n 3 - SELECT a,\n 4 -   b\n 3 + SELECT a, b\n": {{Span: at(f, ",\n  b", 0), New: ", b"}},
		"\n 5 - FROM t;\n 5 + JOIN u\n 5 + FROM t;\n":    {{Span: f.Span(int(at(f, "FROM", 0).Start), int(at(f, "FROM", 0).Start)), New: "JOIN u\n"}},
	} {
		var b bytes.Buffer
		d := diag.New(diag.UnknownColumn, at(f, "b", 0), "m").WithFix(diag.Fix{Title: "t", Safe: true, Edits: edits})
		if err := Text(&b, diag.List{d}, Options{}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), "fix: t"+want) {
			t.Errorf("want %q in\n%s", want, b.String())
		}
	}
}
