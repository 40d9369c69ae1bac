package config

import (
	"fmt"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

func pluginConfig(plugin, options string) string {
	return "version: \"2\"\nplugins:\n- " + plugin + "\nsql:\n- engine: sqlite\n  schema: s.sql\n  queries: q.sql\n  codegen:\n  - plugin: p\n    out: out\n" + options
}

func TestAModuleFromTheNetworkNeedsItsChecksum(t *testing.T) {
	const missing = "has no sha256"
	for _, c := range []struct {
		file, wasm, want string
		severity         diag.Severity
	}{
		{"sqlc.yaml", `url: "https://example.com/p.wasm"`, missing, diag.Warning},
		{"covetsql.yaml", `url: "https://example.com/p.wasm"`, missing, diag.Error},
		{"sqlc.yaml", `url: "http://example.com/p.wasm"`, missing, diag.Error},
		{"covetsql.yaml", `url: "https://example.com/p.wasm", sha256: ab`, "", 0},
		{"covetsql.yaml", `url: "file://p.wasm"`, "", 0},
	} {
		_, list := Parse(source.NewFile(c.file, pluginConfig("{name: p, wasm: {"+c.wasm+"}}", "")), c.file)
		switch {
		case c.want == "" && len(list) == 0:
		case len(list) != 1 || c.want == "" || !strings.Contains(list[0].Message, c.want) || list[0].Severity != c.severity:
			t.Errorf("%s, %s: %v", c.file, c.wasm, list)
		}
	}
}

func TestOptionsOfAPluginAreAsTheyWereWritten(t *testing.T) {
	for options, want := range map[string]string{
		"{a: 1, b: true, c: ~, d: 1.50, e: x}":     `{"a":1,"b":true,"c":null,"d":1.5,"e":"x"}`,
		"{day: 2020-01-02, at: 2020-01-02T03:04Z}": `{"at":"2020-01-02T03:04Z","day":"2020-01-02"}`,
		"{1: a, true: b, yes: no}":                 `{"1":"a","true":"b","yes":"no"}`,
		"[1, [2, {k: []}]]":                        `[1,[2,{"k":[]}]]`,
		"text":                                     `"text"`,
		"{<<: {a: 1, b: 1}, b: 2}":                 `{"a":1,"b":2}`,
	} {
		c, list := Parse(source.NewFile("sqlc.yaml", pluginConfig("{name: p, process: {cmd: p}}", "    options: "+options+"\n")), "sqlc.yaml")
		if list.HasErrors() {
			t.Errorf("%s: %v", options, list)
			continue
		}
		if got := string(c.Packages[0].Codegen[0].Options); got != want {
			t.Errorf("%s: %s, want %s", options, got, want)
		}
	}
	laughs := "    options:\n      a0: &a0 [x, x]\n"
	for i := range 30 {
		laughs += fmt.Sprintf("      a%d: &a%[1]d [*a%d, *a%[2]d]\n", i+1, i)
	}
	for _, endless := range []string{"    options: &o {a: {b: *o}}\n", laughs} {
		if _, list := Parse(source.NewFile("sqlc.yaml", pluginConfig("{name: p, process: {cmd: p}}", endless)), "sqlc.yaml"); len(list) != 1 || !list.HasErrors() {
			t.Errorf("%.40s: %v", endless, list)
		}
	}
}
