package testkit

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/covetsql/covetsql/internal/testkit/binaries"
)

// The test processes of one user share a server through a folder with three lock files:
//
//	users.lock  each test process holds it shared, to its end; the system lets go of it
//	            even when the process is killed
//	start.lock  held by the one that looks for the server or starts it
//	alive.lock  held by the supervisor as long as it lives
//
// state.json says where the server listens. Lock files are never removed, since a lock on a
// removed file locks nobody out.

// held keeps this process's shared locks open.
var held []*os.File

// connect finds the running server of an engine, or starts it.
func connect(e binaries.Engine) (*Server, error) {
	set, err := binaries.Find(e)
	if err != nil {
		return nil, err
	}
	dir := shareDir(set)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	if err := use(dir); err != nil {
		return nil, err
	}
	return connectAt(dir, set)
}

// use marks a server's folder as in use until this process ends.
func use(dir string) error {
	users, err := flock(filepath.Join(dir, "users.lock"), syscall.LOCK_SH)
	if err == nil {
		held = append(held, users)
	}
	return err
}

// shareDir is the folder of a server; other programs or another user have another one.
func shareDir(set binaries.Set) string {
	key := sha256.Sum256([]byte(fmt.Sprint(set.Server, set.Version)))
	base := os.TempDir()
	if len(base) > 40 { // the path of a Unix socket has some 100 bytes at most
		base = "/tmp"
	}
	return filepath.Join(base, fmt.Sprintf("covetsql-testkit-%d", os.Getuid()), fmt.Sprintf("%s-%x", set.Engine, key[:3]))
}

// connectAt finds the server of a folder in use, or starts it.
func connectAt(dir string, set binaries.Set) (*Server, error) {
	starting, err := flock(filepath.Join(dir, "start.lock"), syscall.LOCK_EX)
	if err != nil {
		return nil, err
	}
	defer starting.Close()

	alive, err := flock(filepath.Join(dir, "alive.lock"), syscall.LOCK_EX|syscall.LOCK_NB)
	switch {
	case err == nil: // nobody holds it: there is no server
		alive.Close()
		if err := spawn(dir, set); err != nil {
			return nil, err
		}
	case !errors.Is(err, syscall.EWOULDBLOCK):
		return nil, err
	default:
		// Where the process that started the supervisor was killed, it may not be ready yet.
		for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
			if exists(filepath.Join(dir, "state.json")) {
				break
			}
		}
	}
	s, err := readState(dir)
	if err != nil {
		return nil, err
	}
	if s.Error != "" {
		return nil, errors.New(s.Error)
	}
	return &Server{Engine: string(set.Engine), Version: s.Version, Host: s.Host, Port: s.Port}, nil
}

func flock(path string, how int) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		err = syscall.Flock(int(f.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func readState(dir string) (state, error) {
	var s state
	text, err := os.ReadFile(filepath.Join(dir, "state.json"))
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	return s, err
}

// spawn starts a supervisor and waits until it has written its state.
func spawn(dir string, set binaries.Set) error {
	if err := os.Remove(filepath.Join(dir, "state.json")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	text, err := json.Marshal(set)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "set.json"), text, 0o600); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	log, err := os.Create(filepath.Join(dir, "supervisor.log"))
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), supervisor+"="+dir)
	cmd.Dir = dir
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	deadline := time.After(3 * time.Minute)
	for {
		if _, err := readState(dir); err == nil {
			return nil
		}
		select {
		case err := <-ended:
			if _, readErr := readState(dir); readErr == nil {
				return nil
			}
			said, _ := os.ReadFile(log.Name())
			return fmt.Errorf("the supervisor of %s ended: %v\n%s", set.Engine, err, tail(string(said), 20))
		case <-deadline:
			cmd.Process.Kill()
			return fmt.Errorf("%s did not start in three minutes", set.Engine)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
