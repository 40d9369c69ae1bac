package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
)

// terminal is a run of the command line on a terminal.
type terminal struct {
	t    *testing.T
	tty  *os.File
	cmd  *exec.Cmd
	mu   sync.Mutex
	seen bytes.Buffer
	past int
	done chan struct{}
}

func onTerminal(t *testing.T, dir string, args ...string) *terminal {
	t.Helper()
	cmd := exec.Command("covetsql", args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "TERM=xterm", "COVETSQL_CACHE="+filepath.Join(dir, ".cache"))
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 40, Cols: 100})
	if err != nil {
		t.Fatal(err)
	}
	x := &terminal{t: t, tty: tty, cmd: cmd, done: make(chan struct{})}
	go func() {
		defer close(x.done)
		buf := make([]byte, 4096)
		for {
			n, err := tty.Read(buf) // fails once the program has ended
			x.mu.Lock()
			x.seen.Write(buf[:n])
			x.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() { tty.Close() })
	return x
}

// expect waits for a text behind the one that was expected last.
func (x *terminal) expect(text string) {
	x.t.Helper()
	for range 600 {
		x.mu.Lock()
		now := x.seen.String()
		i := strings.Index(now[x.past:], text)
		if i >= 0 {
			x.past += i + len(text)
		}
		x.mu.Unlock()
		if i >= 0 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	x.t.Fatalf("no %q in\n%s", text, x.seen.String())
}

func (x *terminal) typed(text string) {
	x.t.Helper()
	if _, err := io.WriteString(x.tty, text); err != nil {
		x.t.Fatal(err)
	}
}

// ends waits for the end, and gives the exit code.
func (x *terminal) ends() int {
	x.t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- x.cmd.Wait() }()
	select {
	case err := <-ended:
		<-x.done
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return exit.ExitCode()
		}
		if err != nil {
			x.t.Fatal(err)
		}
		return 0
	case <-time.After(30 * time.Second):
		x.cmd.Process.Kill()
		x.t.Fatalf("it does not end:\n%s", x.seen.String())
		return -1
	}
}

func (x *terminal) lacks(text string) {
	x.t.Helper()
	if strings.Contains(x.seen.String(), text) {
		x.t.Errorf("%q in\n%s", text, x.seen.String())
	}
}

// Questions are asked one after the other, and what is answered is not asked for again by another word. Ctrl-C at a question did nothing, and
// what a rename's no dropped was refused in the end.
func TestQuestionsOnATerminal(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there are no such terminals")
	}
	const before = "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL, nick TEXT);\n"
	const after = "CREATE TABLE users (id INTEGER PRIMARY KEY, mail TEXT NOT NULL, age INTEGER NOT NULL);\n"
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	migrations := func() int {
		found, err := filepath.Glob(filepath.Join(dir, "migrations", "*.up.sql"))
		if err != nil {
			t.Fatal(err)
		}
		return len(found)
	}
	write("covetsql.yaml", "version: \"2\"\nsql:\n  - engine: sqlite\n    schema: schema.sql\n    queries: queries.sql\n    database: {uri: app.db}\n    migrations: {dir: migrations}\n")
	write("queries.sql", "")
	write("schema.sql", before)
	for _, args := range [][]string{{"migrate", "diff", "first"}, {"migrate", "apply"}} {
		if code := onTerminal(t, dir, args...).ends(); code != 0 {
			t.Fatal(args, code)
		}
	}
	write("schema.sql", after)

	for _, c := range []struct{ name, key, says string }{
		{"Ctrl-C", "\x03", "interrupted; nothing was written"},
		{"Ctrl-D", "\x04", "the question was not answered; nothing was written"},
	} {
		x := onTerminal(t, dir, "migrate", "diff")
		x.expect("was column users.email to mail renamed?")
		x.expect("[y/n]")
		x.typed(c.key)
		x.expect(c.says)
		if code := x.ends(); code != 1 || migrations() != 1 {
			t.Errorf("%s: exit code %d, %d migrations", c.name, code, migrations())
		}
	}

	x := onTerminal(t, dir, "migrate", "diff", "second")
	x.expect("was column users.email to mail renamed?")
	x.expect("[y/n]")
	x.typed("perhaps\n")
	x.expect("y or n:")
	x.typed("y\nno\n") // typed ahead of the second question
	x.expect("was column users.nick to age renamed?")
	x.expect("users.age is NOT NULL and has no default")
	x.expect("Enter for 0:")
	x.typed("length(mail)\n")
	x.expect("column users.nick: the values of the column")
	x.expect("the migration loses that for good. Go on? [y/n]")
	x.typed("y\n")
	x.expect("_second.up.sql")
	if code := x.ends(); code != 0 || migrations() != 2 {
		t.Errorf("exit code %d, %d migrations", code, migrations())
	}
	x.lacks("refused:")

	onTerminal(t, dir, "migrate", "apply").ends()
	x = onTerminal(t, dir, "migrate", "down")
	x.expect("column users.age: the values of the column")
	x.expect("no migration brings that back. Go on? [y/n]")
	x.typed("n\n")
	x.expect("nothing was undone")
	if code := x.ends(); code != 1 {
		t.Errorf("exit code %d", code)
	}
	x = onTerminal(t, dir, "migrate", "down")
	x.expect("Go on? [y/n]")
	x.typed("y\n")
	x.expect("the database is at version")
	if code := x.ends(); code != 0 {
		t.Errorf("exit code %d", code)
	}

	write("schema.sql", before+"CREATE TABLE other (id INTEGER PRIMARY KEY);\n")
	for _, c := range []struct {
		key, says string
		code      int
	}{{"n\n", "it was not approved; nothing was done", 1}, {"y\n", "the database has the schema of the files", 0}} {
		x = onTerminal(t, dir, "schema", "apply")
		x.expect("CREATE TABLE other")
		x.expect("run it on the database? [y/n]")
		x.typed(c.key)
		x.expect(c.says)
		if code := x.ends(); code != c.code {
			t.Errorf("exit code %d", code)
		}
	}

	// Nobody answers where the input is no terminal, even if it is a device.
	write("schema.sql", after)
	cmd := exec.Command("covetsql", "schema", "apply")
	cmd.Dir = dir
	tty, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer tty.Close()
	defer slave.Close()
	var out bytes.Buffer
	cmd.Stdin, cmd.Stderr, cmd.Stdout = nil, slave, &out // nil is the null device
	read := make(chan string, 1)
	go func() {
		var all bytes.Buffer
		buf := make([]byte, 4096)
		for !strings.Contains(all.String(), "users.nick") {
			n, err := tty.Read(buf)
			if all.Write(buf[:n]); err != nil {
				break
			}
		}
		read <- all.String()
	}()
	if err := cmd.Run(); err == nil {
		t.Error("it was done")
	}
	select {
	case got := <-read:
		if !strings.Contains(got, "covetsql migrate rename users.email mail") {
			t.Error(got)
		}
	case <-time.After(20 * time.Second):
		t.Error("the questions were not listed")
	}
}
