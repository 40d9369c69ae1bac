package testkit

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"

	"github.com/covetsql/covetsql/internal/testkit/binaries"
)

// Private is a server that a program shares with nobody, because what it runs may kill the
// server or keep it busy for ever.
type Private struct {
	*Server
	set binaries.Set
	dir string
}

// StartPrivate gives a new server of PostgreSQL, MySQL or MariaDB. It ends with Close, or some
// time after the program.
func StartPrivate(engine string) (*Private, error) {
	set, err := binaries.Find(binaries.Engine(engine))
	if err != nil {
		return nil, err
	}
	base := filepath.Dir(shareDir(set))
	if err := os.MkdirAll(base, 0o755); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(base, "own-")
	if err != nil {
		return nil, err
	}
	p := &Private{set: set, dir: dir}
	if err := os.Chmod(dir, 0o755); err != nil { // the server may run as another user
		return nil, errors.Join(err, p.Close())
	}
	if err := use(dir); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	if p.Server, err = connectAt(dir, set); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// Restart ends the server, dead or alive, with all its data, and starts it anew on another port.
func (p *Private) Restart() error {
	if err := p.kill(); err != nil {
		return err
	}
	s, err := connectAt(p.dir, p.set)
	if err == nil {
		p.Server = s
	}
	return err
}

// Close ends the server and removes its data.
func (p *Private) Close() error {
	return errors.Join(p.kill(), os.RemoveAll(p.dir))
}

// kill ends the server and waits for its supervisor, which ends with it.
func (p *Private) kill() error {
	s, err := readState(p.dir)
	if err != nil || s.PID == 0 {
		return nil // it was never started
	}
	if err := syscall.Kill(s.PID, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	alive, err := flock(filepath.Join(p.dir, "alive.lock"), syscall.LOCK_EX)
	if err != nil {
		return err
	}
	return alive.Close()
}
