package testkit

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/covetsql/covetsql/internal/testkit/binaries"
)

// recipe is how a server of one engine is made and started.
type recipe struct {
	dropRoot bool // the server refuses to run as the superuser
	template bool // the data folder is made once and copied
	prepare  func(*run) error
	serve    func(r *run, port int) *exec.Cmd
	driver   string
	version  string // the query for it
}

var recipes = map[binaries.Engine]*recipe{
	binaries.PostgreSQL: &postgres,
	binaries.MySQL:      &mysql,
	binaries.MariaDB:    &mariadb,
}

// run is one server in its folder.
type run struct {
	Set binaries.Set
	Dir string
	as  *syscall.Credential
}

func (r *run) data() string { return filepath.Join(r.Dir, "data") }

func (r *run) command(name string, args ...string) *exec.Cmd {
	c := exec.Command(name, args...)
	c.Dir = r.Dir
	c.Env = append(os.Environ(), "LC_ALL=C", "TZ=UTC", "HOME="+r.Dir)
	c.SysProcAttr = dieWithParent(&syscall.SysProcAttr{Credential: r.as})
	return c
}

// initFile writes statements that a MySQL server runs when it starts.
func (r *run) initFile(statements string) string {
	path := filepath.Join(r.Dir, "init.sql")
	if err := os.WriteFile(path, []byte(statements), 0o644); err != nil {
		return path // the server reports that it can not read it
	}
	return path
}

// supervisor is set in the environment of the process that owns a server: the test's own
// program, started once more. Go runs init before a test's main.
const supervisor = "COVETSQL_TESTKIT_SUPERVISE"

func init() {
	if dir := os.Getenv(supervisor); dir != "" {
		os.Exit(supervise(dir))
	}
}

// state is what a supervisor tells the test processes, in the file state.json.
type state struct {
	Error   string `json:",omitempty"`
	Host    string
	Port    int
	Version string
	PID     int
}

// idle is how long a server stays after the last test process has ended: go test may be
// compiling the next one. COVETSQL_TESTKIT_IDLE sets another time.
func idle() time.Duration {
	if d, err := time.ParseDuration(os.Getenv("COVETSQL_TESTKIT_IDLE")); err == nil {
		return d
	}
	return 30 * time.Second
}

// supervise owns one server: starts it, waits until nobody has used it for a while, stops
// it and removes its data. It dies with its server, and the server with it.
func supervise(dir string) int {
	// The server is told when this thread ends, which must be when the process does.
	runtime.LockOSThread()
	alive, err := os.OpenFile(filepath.Join(dir, "alive.lock"), os.O_RDWR, 0)
	if err != nil {
		return fail(dir, err)
	}
	if err := syscall.Flock(int(alive.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		fmt.Fprintln(os.Stderr, "another supervisor is alive:", err)
		return 1 // its state stays as it is
	}
	// A file that nothing refers to is closed by the garbage collector, and its lock is gone with it: then a second supervisor would
	// make its data where this one's server has them.
	defer alive.Close()
	var set binaries.Set
	text, err := os.ReadFile(filepath.Join(dir, "set.json"))
	if err == nil {
		err = json.Unmarshal(text, &set)
	}
	if err != nil {
		return fail(dir, err)
	}
	r := &run{Set: set, Dir: filepath.Join(dir, "run")}
	cmd, s, err := start(r, recipes[set.Engine])
	if err != nil {
		return fail(dir, err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	if err := writeState(dir, s); err != nil {
		cmd.Process.Kill()
		return 1
	}
	users, err := os.OpenFile(filepath.Join(dir, "users.lock"), os.O_RDWR, 0)
	if err != nil {
		cmd.Process.Kill()
		return 1
	}
	runtime.GC() // what starting needed is needed no more; the tests of sharing rely on a collection, too
	last := time.Now()
	for {
		select {
		case <-done: // the server has ended by itself; the next test starts another
			return 1
		case <-time.After(500 * time.Millisecond):
		}
		if syscall.Flock(int(users.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
			last = time.Now()
			continue
		}
		if time.Since(last) > idle() {
			// The lock stays until this process has ended, so that a test that comes now waits
			// and finds no server instead of one that is going down.
			cmd.Process.Signal(syscall.SIGTERM)
			select {
			case <-done:
			case <-time.After(20 * time.Second):
				cmd.Process.Kill()
			}
			os.RemoveAll(r.Dir)
			os.Remove(filepath.Join(dir, "state.json"))
			return 0
		}
		syscall.Flock(int(users.Fd()), syscall.LOCK_UN)
	}
}

func fail(dir string, err error) int {
	writeState(dir, state{Error: err.Error()})
	return 1
}

func writeState(dir string, s state) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	path := filepath.Join(dir, "state.json")
	if err := os.WriteFile(path+".new", text, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// start makes a data folder and starts the server on a free port.
func start(r *run, how *recipe) (*exec.Cmd, state, error) {
	if err := os.RemoveAll(r.Dir); err != nil {
		return nil, state{}, err
	}
	if err := os.MkdirAll(r.Dir, 0o755); err != nil {
		return nil, state{}, err
	}
	if how.dropRoot && os.Getuid() == 0 {
		const nobody = 65534
		r.as = &syscall.Credential{Uid: nobody, Gid: nobody}
		if err := os.Chown(r.Dir, nobody, nobody); err != nil {
			return nil, state{}, err
		}
	}
	if err := prepareData(r, how); err != nil {
		return nil, state{}, err
	}
	log, err := os.Create(filepath.Join(filepath.Dir(r.Dir), "server.log"))
	if err != nil {
		return nil, state{}, err
	}
	defer log.Close()
	var last error
	for range 5 {
		port, err := freePort()
		if err != nil {
			return nil, state{}, err
		}
		cmd := how.serve(r, port)
		cmd.Stdout, cmd.Stderr = log, log
		if err := cmd.Start(); err != nil {
			return nil, state{}, err
		}
		s := state{Host: "127.0.0.1", Port: port, PID: cmd.Process.Pid}
		if last = s.await(r.Set.Engine, how, cmd); last == nil {
			return cmd, s, nil
		}
		cmd.Process.Kill()
		cmd.Wait()
	}
	text, _ := os.ReadFile(log.Name())
	return nil, state{}, fmt.Errorf("%s does not start: %w\n%s", r.Set.Engine, last, tail(string(text), 20))
}

// prepareData makes the data folder, or copies the one that was made before.
func prepareData(r *run, how *recipe) error {
	if !how.template {
		return how.prepare(r)
	}
	template := filepath.Join(binaries.Cache(), fmt.Sprintf("data-%s-%s-%d", r.Set.Engine, r.Set.Version, os.Getuid()))
	if !exists(template) {
		if err := how.prepare(r); err != nil {
			return err
		}
		// Without a cache that can be written to, the next start takes as long as this one.
		if err := os.MkdirAll(binaries.Cache(), 0o755); err != nil {
			return nil
		}
		half := fmt.Sprintf("%s.%d", template, os.Getpid())
		if err := os.CopyFS(half, os.DirFS(r.data())); err == nil {
			os.Rename(half, template)
		}
		os.RemoveAll(half)
		return nil
	}
	return os.CopyFS(r.data(), os.DirFS(template))
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// await waits until the server answers a query.
func (s *state) await(e binaries.Engine, how *recipe, cmd *exec.Cmd) error {
	at := &Server{Engine: string(e), Host: s.Host, Port: s.Port}
	db := ""
	if e == binaries.PostgreSQL {
		db = "postgres"
	}
	conn, err := sql.Open(how.driver, at.DSN(db))
	if err != nil {
		return err
	}
	defer conn.Close()
	deadline := time.Now().Add(60 * time.Second)
	for {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		err = conn.QueryRowContext(ctx, how.version).Scan(&s.Version)
		cancel()
		if err == nil {
			s.Version, _, _ = strings.Cut(s.Version, " ")
			return nil
		}
		var status syscall.WaitStatus
		if pid, _ := syscall.Wait4(cmd.Process.Pid, &status, syscall.WNOHANG, nil); pid != 0 {
			return errors.New("it ended at once")
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("no answer in a minute: %w", err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func tail(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
