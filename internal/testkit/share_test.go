package testkit

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/covetsql/covetsql/internal/testkit/binaries"
)

// TestMain lets a test start this program again as a test process that only wants a server.
func TestMain(m *testing.M) {
	if os.Getenv("TESTKIT_USER") != "" {
		s, err := connect(binaries.PostgreSQL)
		if err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		fmt.Println(s.Port)
		io.Copy(io.Discard, os.Stdin) // until the test closes it
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// user is another test process.
type user struct {
	cmd    *exec.Cmd
	stdin  io.Closer
	stdout io.Reader
	port   string
}

func newUser(t *testing.T, tmp string) *user {
	t.Helper()
	u := startUser(t, tmp)
	u.await(t)
	return u
}

func startUser(t *testing.T, tmp string) *user {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(self)
	c.Env = append(os.Environ(), "TESTKIT_USER=1", "TMPDIR="+tmp, "COVETSQL_TESTKIT_IDLE=1s")
	stdin, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.Stderr = os.Stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Process.Kill(); c.Wait() })
	return &user{cmd: c, stdin: stdin, stdout: stdout}
}

// await waits until the process has its server.
func (u *user) await(t *testing.T) {
	t.Helper()
	line, err := bufio.NewReader(u.stdout).ReadString('\n')
	u.port = strings.TrimSpace(line)
	if err != nil || strings.HasPrefix(u.port, "error") {
		t.Fatalf("the other process has no server: %s %v", u.port, err)
	}
}

// end lets the process end by itself.
func (u *user) end() { u.stdin.Close(); u.cmd.Wait() }

func listens(port string) bool {
	c, err := net.DialTimeout("tcp", "127.0.0.1:"+port, time.Second)
	if err != nil {
		return false
	}
	c.Close()
	return true
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("not seen: %s", what)
}

// shareFolder is a folder for servers of this test alone.
func shareFolder(t *testing.T) string {
	t.Helper()
	if _, err := binaries.Find(binaries.PostgreSQL); err != nil {
		t.Skip(err)
	}
	tmp, err := os.MkdirTemp("/tmp", "tk")
	if err != nil {
		t.Fatal(err)
	}
	// The server may run as another user, who has to get in.
	if err := os.Chmod(tmp, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(tmp) })
	return tmp
}

func theState(t *testing.T, tmp string) (state, string) {
	t.Helper()
	found, _ := filepath.Glob(filepath.Join(tmp, "*/*/state.json"))
	if len(found) != 1 {
		t.Fatalf("%d servers have left their state", len(found))
	}
	s, err := readState(filepath.Dir(found[0]))
	if err != nil {
		t.Fatal(err)
	}
	return s, filepath.Dir(found[0])
}

func TestProcessesShareAServerUntilTheLastHasEnded(t *testing.T) {
	tmp := shareFolder(t)
	// At the same time: one starts the server, the other waits for it.
	a, b := startUser(t, tmp), startUser(t, tmp)
	a.await(t)
	b.await(t)
	if a.port != b.port {
		t.Errorf("two servers: ports %s and %s", a.port, b.port)
	}
	a.cmd.Process.Kill() // not even a chance to say goodbye
	a.cmd.Wait()
	time.Sleep(2500 * time.Millisecond)
	if !listens(b.port) {
		t.Error("the server went with a killed process, though another one uses it")
	}
	_, dir := theState(t, tmp)
	b.end()
	eventually(t, "the server stops after its last user", func() bool { return !listens(b.port) })
	eventually(t, "its data are removed", func() bool { return !exists(filepath.Join(dir, "run")) })
	c := newUser(t, tmp)
	if !listens(c.port) {
		t.Error("no new server after the old one has stopped")
	}
	c.end()
	eventually(t, "the second server stops too", func() bool { return !listens(c.port) })
}

func TestAKilledSupervisorTakesItsServerAlongAndIsReplaced(t *testing.T) {
	tmp := shareFolder(t)
	a := newUser(t, tmp)
	s, _ := theState(t, tmp)
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.PID))
	if err != nil {
		t.Skip("no /proc: ", err)
	}
	var pid, parent int
	var name, status string
	if _, err := fmt.Sscan(string(stat), &pid, &name, &status, &parent); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(parent, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the server ends with its supervisor", func() bool { return !listens(a.port) })
	b := newUser(t, tmp)
	if !listens(b.port) {
		t.Error("no server after the first one was lost")
	}
	a.end()
	b.end()
	eventually(t, "the server stops", func() bool { return !listens(b.port) })
}
