package testkit

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// users lets the superuser in over TCP, where the name localhost does not match.
const users = `CREATE USER IF NOT EXISTS 'root'@'127.0.0.1' IDENTIFIED BY '';
GRANT ALL PRIVILEGES ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
`

// Both servers wait for no disk: what one had written when it was killed is still in the memory of the system.

var mysql = recipe{
	// Making a data folder takes many seconds; it is made once and copied.
	template: true,
	prepare: func(r *run) error {
		args := append(mysqlPaths(r), "--datadir="+r.data(), "--secure-file-priv="+r.Dir, "--initialize-insecure")
		if out, err := r.command(r.Set.Server, args...).CombinedOutput(); err != nil {
			return fmt.Errorf("mysqld --initialize: %w\n%s", err, out)
		}
		// A copy must not have the identity of the first.
		if err := os.Remove(filepath.Join(r.data(), "auto.cnf")); err != nil && !os.IsNotExist(err) {
			return err
		}
		return nil
	},
	serve: func(r *run, port int) *exec.Cmd {
		args := append(mysqlPaths(r), mysqlSettings(r, port)...)
		return r.command(r.Set.Server, append(args, "--secure-file-priv="+r.Dir, "--mysqlx=0", "--performance-schema=0", "--disable-log-bin",
			"--innodb-redo-log-capacity=32M", "--innodb-flush-method=nosync")...)
	},
	driver:  "mysql",
	version: "select version()",
}

var mariadb = recipe{
	template: true,
	prepare: func(r *run) error {
		args := []string{"--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve", "--force",
			"--basedir=" + r.Set.Base, "--datadir=" + r.data()}
		if os.Getuid() == 0 {
			args = append(args, "--user=root")
		}
		if out, err := r.command(r.Set.Init, args...).CombinedOutput(); err != nil {
			return fmt.Errorf("mariadb-install-db: %w\n%s", err, out)
		}
		return nil
	},
	serve: func(r *run, port int) *exec.Cmd {
		args := append(mysqlPaths(r), mysqlSettings(r, port)...)
		return r.command(r.Set.Server, append(args, "--performance-schema=OFF", "--innodb-log-file-size=32M", "--debug-no-sync")...)
	},
	driver:  "mysql",
	version: "select version()",
}

// mysqlPaths tells a server where its files are, as a fetched one does not know by itself.
func mysqlPaths(r *run) []string {
	triplet := map[string]string{"amd64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu"}[runtime.GOARCH]
	args := []string{"--no-defaults", "--basedir=" + r.Set.Base}
	for _, dir := range []string{"lib/mysql/plugin", filepath.Join("lib", triplet, "mariadb19/plugin")} {
		if full := filepath.Join(r.Set.Base, dir); exists(full) {
			args = append(args, "--plugin-dir="+full)
		}
	}
	for _, dir := range []string{"share/mysql", "share/mysql-8.0", "share/mysql-8.4"} {
		if full := filepath.Join(r.Set.Base, dir); exists(filepath.Join(full, "english")) {
			args = append(args, "--lc-messages-dir="+full)
			break
		}
	}
	if os.Getuid() == 0 {
		args = append(args, "--user=root")
	}
	return args
}

func mysqlSettings(r *run, port int) []string {
	return []string{
		"--datadir=" + r.data(), "--tmpdir=" + r.Dir, fmt.Sprintf("--port=%d", port), "--bind-address=127.0.0.1",
		"--socket=" + filepath.Join(r.Dir, "s"), "--pid-file=" + filepath.Join(r.Dir, "server.pid"),
		"--init-file=" + r.initFile(users), "--skip-name-resolve", "--character-set-server=utf8mb4", "--local-infile=1",
		"--max-connections=300", "--innodb-buffer-pool-size=64M", "--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0",
		"--sync-binlog=0", "--default-time-zone=+00:00",
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
