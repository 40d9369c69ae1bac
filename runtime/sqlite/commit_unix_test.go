//go:build linux

package sqlite_test

import (
	"errors"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/covetsql/covetsql/runtime/sqlite"
	"github.com/covetsql/covetsql/runtime/tx"
)

// A disk that fails as a transaction is committed: the writer, of which there is one, is used again after that.
func TestACommitThatTheDiskFailsLeavesTheWriter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	db := openAt(t, path, sqlite.Options{})
	exec(t, db, "CREATE TABLE made (i INTEGER, b BLOB)")
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	var was syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
		t.Fatal(err)
	}
	err := db.InTx(t.Context(), tx.Options{}, func(q *sqlite.Tx) error {
		exec(t, q, "INSERT INTO made VALUES (1, zeroblob(100000))")
		wal, err := os.Stat(path + "-wal")
		if err != nil {
			return err
		}
		return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: uint64(wal.Size()) + 5000, Max: was.Max})
	})
	if e := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &was); e != nil {
		t.Fatal(e)
	}
	if err == nil {
		t.Fatal("it was committed")
	}
	t.Log(err, errors.Is(err, tx.ErrCommitUnknown))
	exec(t, db, "INSERT INTO made VALUES (2, NULL)")
	c := db.Call(t.Context(), nil, "INSERT INTO made VALUES (3, NULL)")
	c.Exec()
	if err := c.End(); err != nil {
		t.Error(err)
	}
	if got := one(t, db, "SELECT group_concat(i) FROM made"); got != "2,3" {
		t.Error(got)
	}
}
