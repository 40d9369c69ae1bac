package testkit

import (
	"os"
	"syscall"
	"testing"

	"github.com/covetsql/covetsql/internal/testkit/binaries"
)

// A private server is another one than the tests', comes back after its death, and leaves
// nothing behind.
func TestPrivateServerIsKilledAndRestarted(t *testing.T) {
	for _, e := range []binaries.Engine{binaries.PostgreSQL, binaries.MariaDB} {
		t.Run(string(e), func(t *testing.T) {
			common := get(t, e)
			own, err := StartPrivate(string(e))
			if err != nil {
				t.Fatal(err)
			}
			defer own.Close()
			if own.Port == common.Port {
				t.Fatal("it is the server of the other tests")
			}
			answers := func() {
				t.Helper()
				name, drop, err := own.CreateDatabase("private")
				if err != nil {
					t.Fatal(err)
				}
				own.Exec(t, name, "CREATE TABLE t (a int)")
				if err := drop(); err != nil {
					t.Fatal(err)
				}
			}
			answers()
			if err := own.Restart(); err != nil { // of one that lives
				t.Fatal(err)
			}
			answers()
			s, err := readState(own.dir)
			if err != nil {
				t.Fatal(err)
			}
			if err := syscall.Kill(s.PID, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			if err := own.Restart(); err != nil {
				t.Fatal(err)
			}
			answers()
			if err := own.Close(); err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(own.dir); !os.IsNotExist(err) {
				t.Errorf("its folder is still there: %v", err)
			}
		})
	}
}
