package plugin

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/plugin/protocol"
)

// The plugin of the tests, as a program and as a module.
var program, wasm string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "plugin")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		program, wasm = filepath.Join(dir, "speaker"), filepath.Join(dir, "speaker.wasm")
		if runtime.GOOS == "windows" {
			program += ".exe"
		}
		for path, target := range map[string][]string{program: nil, wasm: {"GOOS=wasip1", "GOARCH=wasm"}} {
			c := exec.Command("go", "build", "-o", path, "./testdata/speaker")
			c.Env = append(os.Environ(), target...)
			if out, err := c.CombinedOutput(); err != nil {
				fmt.Fprintf(os.Stderr, "%v\n%s", err, out)
				return 1
			}
		}
		os.Setenv("COVETSQL_CACHE", filepath.Join(dir, "cache"))
		return m.Run()
	}())
}

func request(do, name string) *protocol.GenerateRequest {
	return &protocol.GenerateRequest{
		Settings: &protocol.Settings{Engine: "postgresql"},
		Catalog: &protocol.Catalog{Schemas: []*protocol.Schema{
			{Name: "public", Tables: []*protocol.Table{{}}}, {Name: "pg_catalog", Tables: []*protocol.Table{{}, {}}}, {Name: "information_schema"},
		}},
		Queries:       []*protocol.Query{{Name: "GetBook", Cmd: ":one"}},
		SqlcVersion:   protocol.Version,
		PluginOptions: fmt.Appendf(nil, `{"do":%q,"name":%q}`, do, name),
		GlobalOptions: []byte(`{"all":1}`),
	}
}

// kinds are the ways in which one plugin can be called.
func kinds() map[string]config.Plugin {
	return map[string]config.Plugin{
		"process":      {Name: "speaker", Cmd: program},
		"process json": {Name: "speaker", Cmd: program, Format: "json"},
		"wasm":         {Name: "speaker", WASMURL: "file://" + filepath.ToSlash(wasm)},
	}
}

func runner(t *testing.T) *Runner {
	t.Helper()
	r := &Runner{}
	t.Cleanup(func() {
		if err := r.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return r
}

func TestAPluginIsToldWhatItMayKnow(t *testing.T) {
	t.Setenv("ALLOWED_OF_TEST", "yes")
	t.Setenv("SECRET_OF_TEST", "no")
	t.Setenv("SQLC_AUTH_TOKEN", "sqlc_1")
	r := runner(t)
	for name, p := range kinds() {
		t.Run(name, func(t *testing.T) {
			p.Env = []string{"ALLOWED_OF_TEST", "ABSENT_OF_TEST", "SQLC_AUTH_TOKEN"}
			answer, err := r.Run(t.Context(), p, request("tell", ""))
			if err != nil || len(answer.Files) != 1 {
				t.Fatal(answer, err)
			}
			system := "schema pg_catalog: 2 tables\nschema information_schema: 0 tables\n"
			if name == "wasm" {
				system = ""
			}
			want := `args ["/plugin.CodegenService/Generate"]
env ["ABSENT_OF_TEST=" "ALLOWED_OF_TEST=yes" "SQLC_VERSION=v1.31.1"]
options {"do":"tell","name":""} {"all":1}
engine postgresql, version v1.31.1
schema public: 1 tables
` + system + `query GetBook :one
`
			if got := string(answer.Files[0].Contents); got != want {
				t.Errorf("told\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestAModuleReachesNoFileAndNoNetwork(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	r := runner(t)
	for name, want := range map[string]string{"process": "files true, network true\n", "wasm": "files false, network false\n"} {
		answer, err := r.Run(t.Context(), kinds()[name], request("reach", l.Addr().String()))
		if err != nil {
			t.Fatal(err)
		}
		if got := string(answer.Files[0].Contents); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestAFailureTellsWhatThePluginWroteAndNoSecret(t *testing.T) {
	t.Setenv("SECRET_OF_TEST", "hunter22")
	r := runner(t)
	for name, p := range kinds() {
		t.Run(name, func(t *testing.T) {
			p.Env = []string{"SECRET_OF_TEST"}
			_, err := r.Run(t.Context(), p, request("fail", ""))
			var e *Error
			if !errors.As(err, &e) || !strings.Contains(err.Error(), "exit status 3") {
				t.Fatal(err)
			}
			if got := e.Said(); got != "line one\nthe secret is ${SECRET_OF_TEST}\n" {
				t.Errorf("said %q", got)
			}
			for do, want := range map[string]string{"garbage": "its answer is not a GenerateResponse in ", "unheard": "exit status 1"} {
				if _, err := r.Run(t.Context(), p, request(do, "")); err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("%s: %v", do, err)
				}
			}
		})
	}
}

func TestAnAnswerInJSONIsRecognised(t *testing.T) {
	_, err := runner(t).Run(t.Context(), kinds()["process"], request("json", ""))
	if err == nil || !strings.Contains(err.Error(), "format: json") {
		t.Error(err)
	}
}

func TestNoAnswerIsAnEmptyOne(t *testing.T) {
	r := runner(t)
	for name, p := range kinds() {
		answer, err := r.Run(t.Context(), p, request("nothing", ""))
		if name == "process json" {
			if err == nil {
				t.Error("nothing is no JSON")
			}
		} else if err != nil || len(answer.Files) != 0 {
			t.Error(name, answer, err)
		}
	}
}

func TestACancelledRunEndsItsPlugin(t *testing.T) {
	r := runner(t)
	for name, p := range kinds() {
		if _, err := r.Run(t.Context(), p, request("nothing", "")); err != nil && name != "process json" { // compiled before the clock runs
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		start := time.Now()
		_, err := r.Run(ctx, p, request("sleep", ""))
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 20*time.Second {
			t.Errorf("%s: %v after %s", name, err, time.Since(start))
		}
	}
}

func TestAProgramThatIsNotThere(t *testing.T) {
	for _, cmd := range []string{"no-such-program-of-covetsql", filepath.Join(t.TempDir(), "absent")} {
		_, err := runner(t).Run(t.Context(), config.Plugin{Cmd: cmd}, request("tell", ""))
		if err == nil || !strings.Contains(err.Error(), "is not there or can not be run") {
			t.Error(err)
		}
	}
}

// idle is the smallest module: its _start returns at once.
const idle = "\x00asm\x01\x00\x00\x00" + "\x01\x04\x01\x60\x00\x00" + "\x03\x02\x01\x00" + "\x07\x0a\x01\x06_start\x00\x00" + "\x0a\x04\x01\x02\x00\x0b"

func TestAFetchedModuleIsVerifiedAndKept(t *testing.T) {
	code := []byte(idle)
	sum := fmt.Sprintf("%x", sha256.Sum256(code))
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		asked++
		switch q.URL.Path {
		case "/good.wasm":
			w.Write(code)
		case "/bad.wasm":
			w.Write([]byte("\x00asm is not all"))
		default:
			http.NotFound(w, q)
		}
	}))
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "http://")
	cache := t.TempDir()
	run := func(url, sha string) error {
		r := &Runner{Cache: cache}
		defer r.Close(context.Background())
		_, err := r.Run(t.Context(), config.Plugin{WASMURL: url, SHA256: sha}, request("nothing", ""))
		return err
	}
	secretly := "http://user:password-of-test@" + host
	for range 2 {
		if err := run(secretly+"/good.wasm?token=t0ken", strings.ToUpper(sum)); err != nil {
			t.Fatal(err)
		}
	}
	if asked != 1 {
		t.Errorf("fetched %d times", asked)
	}
	// What was kept is not trusted blindly.
	kept := filepath.Join(cache, "plugins", sum+".wasm")
	if err := os.WriteFile(kept, []byte("spoilt"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := run(secretly+"/good.wasm", sum); err != nil || asked != 2 {
		t.Fatal(err, asked)
	}
	for _, c := range []struct{ url, sha, want string }{
		{secretly + "/bad.wasm?token=t0ken", sum[1:] + "0", "has the checksum "},
		{secretly + "/absent.wasm?token=t0ken", sum[1:] + "1", "404"},
		{secretly + "/bad.wasm?token=t0ken", "", "is not a WebAssembly module"},
		{secretly + "/good.wasm", "abc", "64 hexadecimal digits"},
		{"ftp://user:password-of-test@" + host + "/good.wasm", "", "must begin with"},
		{"http://user:password-of-test@" + host + ":bad/", "", "can not be understood"},
		{"file://" + filepath.ToSlash(filepath.Join(cache, "absent.wasm")), "", "can not be read"},
		{"file://" + filepath.ToSlash(wasm), sum[1:] + "2", "has the checksum "},
	} {
		err := run(c.url, c.sha)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.url, err)
		}
		for _, secret := range []string{"password-of-test", "t0ken"} {
			if err != nil && strings.Contains(err.Error(), secret) {
				t.Errorf("a secret is told: %v", err)
			}
		}
	}
	asked = 0
	off := &Runner{Cache: "off"}
	defer off.Close(context.Background())
	if _, err := off.Run(t.Context(), config.Plugin{WASMURL: server.URL + "/bad.wasm", SHA256: fmt.Sprintf("%x", sha256.Sum256([]byte("\x00asm is not all")))}, request("nothing", "")); err == nil || asked != 1 {
		t.Error(err, asked)
	}
	if _, err := os.Stat("plugins"); err == nil {
		t.Error("what is not to be kept is kept in the working folder")
	}
	server.Close()
	if err := run(secretly+"/other.wasm", sum[1:]+"3"); err == nil || strings.Contains(err.Error(), "password-of-test") {
		t.Error(err)
	}
}
