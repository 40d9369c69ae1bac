package binaries

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// source is one way to a server's packages.
type source struct {
	// suite is a suite of Debian; empty for the machine's own package sources.
	suite string
	// packages are all needed; what they depend on comes with them.
	packages []string
	// wanted are further packages that are taken where there are any.
	wanted []string
}

var sources = map[Engine][]source{
	PostgreSQL: {{packages: []string{"postgresql"}, wanted: []string{"postgresql-%s-pgvector"}}},
	PgBouncer:  {{packages: []string{"pgbouncer"}}},
	MariaDB:    {{packages: []string{"mariadb-server-core", "mariadb-client-core"}}},
	MySQL: {
		{packages: []string{"mysql-server-core"}},
		{packages: []string{"mysql-server-core-8.4"}},
		{packages: []string{"mysql-server-core-8.0"}},
		{suite: "unstable", packages: []string{"mysql-server-core"}},
	},
}

// Fetch downloads a server's packages with everything they need, by apt with lists and a
// status of its own, and unpacks them into the cache. Nothing is installed, no service is
// started, no rights are needed. The programs then use the unpacked libraries. Progress goes
// to log. A server that is in the cache already stays.
func Fetch(ctx context.Context, e Engine, log io.Writer) error {
	for _, tool := range []string{"apt-get", "dpkg-deb", "tar"} {
		if _, err := exec.LookPath(tool); err != nil {
			return fmt.Errorf("%s can not be fetched on this machine, which has no %s; install the package %s", e, tool, packages[e])
		}
	}
	if err := os.MkdirAll(Cache(), 0o755); err != nil {
		return err
	}
	unlock, err := lock(filepath.Join(Cache(), "fetch.lock"))
	if err != nil {
		return err
	}
	defer unlock()
	if _, err := os.Stat(Root(e)); err == nil {
		return nil
	}
	work := Root(e) + ".partial"
	if err := os.RemoveAll(work); err != nil {
		return err
	}
	defer os.RemoveAll(work)
	var failures []error
	for _, s := range sources[e] {
		a, err := newApt(ctx, filepath.Join(work, "apt"), s.suite, log)
		if err == nil {
			err = a.fetch(e, s, filepath.Join(work, "root"))
		}
		if err != nil {
			failures = append(failures, err)
			continue
		}
		return os.Rename(filepath.Join(work, "root"), Root(e))
	}
	return fmt.Errorf("%s can not be fetched: %w; install the package %s", e, errors.Join(failures...), packages[e])
}

func lock(path string) (func(), error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() { f.Close() }, nil
}

// apt is apt-get with its state in a folder of its own.
type apt struct {
	ctx  context.Context
	dir  string
	conf string
	log  io.Writer
}

const aptConf = `Dir::State "%[1]s/state";
Dir::State::Lists "%[1]s/lists";
Dir::State::status "%[1]s/status";
Dir::Cache "%[1]s/cache";
Dir::Etc::Preferences "%[1]s/preferences";
Dir::Etc::PreferencesParts "%[1]s/preferences.d";
APT::Install-Recommends "false";
APT::Install-Suggests "false";
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::Retries "3";
Debug::NoLocking "true";
`

// unstableConf goes on top for a suite of Debian: its mirrors may lag, and the signature is
// checked all the same.
const unstableConf = `Dir::Etc::SourceList "%[1]s/sources.list";
Dir::Etc::SourceParts "%[1]s/sources.d";
Acquire::Check-Valid-Until "false";
`

func newApt(ctx context.Context, dir, suite string, log io.Writer) (*apt, error) {
	if err := os.RemoveAll(dir); err != nil {
		return nil, err
	}
	for _, d := range []string{"state", "lists/partial", "cache/archives/partial", "preferences.d", "sources.d"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			return nil, err
		}
	}
	conf := fmt.Sprintf(aptConf, dir)
	files := map[string]string{"status": "", "preferences": ""}
	if suite != "" {
		conf += fmt.Sprintf(unstableConf, dir)
		line, err := debianSource(suite)
		if err != nil {
			return nil, err
		}
		files["sources.list"] = line
	}
	files["apt.conf"] = conf
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return nil, err
		}
	}
	a := &apt{ctx: ctx, dir: dir, conf: filepath.Join(dir, "apt.conf"), log: log}
	// Of several sources some may fail without harm; whether the rest is enough shows later.
	if err := a.run("apt-get", "-q", "update"); err != nil {
		fmt.Fprintln(log, err)
	}
	return a, nil
}

// debianSource is a line of sources.list for a suite of Debian, from the mirror that the
// machine uses where it is one of Debian, else from the one that COVETSQL_TESTKIT_MIRROR names.
func debianSource(suite string) (string, error) {
	const keyring = "/usr/share/keyrings/debian-archive-keyring"
	key := ""
	for _, ext := range []string{".gpg", ".pgp"} {
		if _, err := os.Stat(keyring + ext); err == nil {
			key = keyring + ext
			break
		}
	}
	if key == "" {
		return "", errors.New("Debian's keyring is not on this machine (package debian-archive-keyring)")
	}
	mirror := os.Getenv("COVETSQL_TESTKIT_MIRROR")
	lists, _ := filepath.Glob("/etc/apt/sources.list.d/*")
	for _, list := range append([]string{"/etc/apt/sources.list"}, lists...) {
		text, err := os.ReadFile(list)
		if err != nil {
			continue
		}
		for _, word := range strings.Fields(string(text)) {
			if strings.HasPrefix(word, "http") && strings.HasSuffix(strings.TrimSuffix(word, "/"), "/debian") && !strings.Contains(word, "snapshot") {
				mirror = word
			}
		}
	}
	if mirror == "" {
		return "", errors.New("apt's sources name no mirror of Debian; set COVETSQL_TESTKIT_MIRROR to the URL of one")
	}
	return fmt.Sprintf("deb [signed-by=%s] %s %s main\n", key, mirror, suite), nil
}

func (a *apt) command(name string, args ...string) *exec.Cmd {
	c := exec.CommandContext(a.ctx, name, args...)
	c.Env = append(os.Environ(), "APT_CONFIG="+a.conf, "LC_ALL=C", "DEBIAN_FRONTEND=noninteractive")
	return c
}

func (a *apt) run(name string, args ...string) error {
	c := a.command(name, args...)
	var said strings.Builder
	c.Stdout, c.Stderr = a.log, io.MultiWriter(a.log, &said)
	if err := c.Run(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, strings.TrimSpace(said.String()))
	}
	return nil
}

// fetch downloads and unpacks a source's packages into root.
func (a *apt) fetch(e Engine, s source, root string) error {
	wanted := append([]string{"patchelf"}, s.packages...)
	for _, w := range s.wanted {
		if strings.Contains(w, "%s") {
			w = fmt.Sprintf(w, a.majorVersion(s.packages[0]))
		}
		if a.command("apt-cache", "show", w).Run() == nil {
			wanted = append(wanted, w)
		}
	}
	args := append([]string{"-q", "-y", "--download-only", "-o", "APT::Keep-Downloaded-Packages=true", "install"}, wanted...)
	if err := a.run("apt-get", args...); err != nil {
		return err
	}
	archives, err := filepath.Glob(filepath.Join(a.dir, "cache/archives/*.deb"))
	if err != nil || len(archives) == 0 {
		return fmt.Errorf("apt-get downloaded nothing for %s", e)
	}
	if err := os.MkdirAll(root, 0o755); err != nil {
		return err
	}
	for _, deb := range archives {
		// Documents, message catalogues and device files are of no use, and unpacking owners
		// would need rights.
		if err := a.unpack(deb, root); err != nil {
			return err
		}
	}
	return a.relink(root)
}

// majorVersion is the version that a meta package such as postgresql stands for.
func (a *apt) majorVersion(pkg string) string {
	out, err := a.command("apt-cache", "show", "--no-all-versions", pkg).Output()
	if err != nil {
		return ""
	}
	for _, line := range strings.Split(string(out), "\n") {
		if v, ok := strings.CutPrefix(line, "Version: "); ok {
			major, _, _ := strings.Cut(v, "+")
			return major
		}
	}
	return ""
}

func (a *apt) unpack(deb, root string) error {
	from := a.command("dpkg-deb", "--fsys-tarfile", deb)
	to := a.command("tar", "-x", "-C", root, "--no-same-owner", "--no-same-permissions", "--exclude=./usr/share/doc", "--exclude=./usr/share/man",
		"--exclude=./usr/share/locale", "--exclude=./dev")
	pipe, err := from.StdoutPipe()
	if err != nil {
		return err
	}
	to.Stdin, to.Stderr, from.Stderr = pipe, a.log, a.log
	if err := to.Start(); err != nil {
		return err
	}
	if err := errors.Join(from.Run(), to.Wait()); err != nil {
		return fmt.Errorf("unpacking %s: %w", filepath.Base(deb), err)
	}
	return nil
}

// relink makes the unpacked programs use the unpacked libraries. The linker's path ends in
// the final place of root, not in the one where it is being made.
func (a *apt) relink(root string) error {
	final := filepath.Join(filepath.Dir(filepath.Dir(root)), strings.TrimSuffix(filepath.Base(filepath.Dir(root)), ".partial"))
	loader, libraries, err := libraries(root)
	if err != nil {
		return err
	}
	// The loader of the package may be a link with an absolute target; take its file.
	var path []string
	for _, l := range libraries {
		path = append(path, strings.Replace(l, root, final, 1))
	}
	patchelf := []string{loader, "--library-path", strings.Join(libraries, ":"), filepath.Join(root, "usr/bin/patchelf")}
	for _, pattern := range []string{"usr/sbin/m*", "usr/sbin/pgbouncer", "usr/bin/m*", "usr/lib/postgresql/*/bin/*"} {
		programs, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			return err
		}
		for _, p := range programs {
			if !dynamic(p) {
				continue
			}
			args := append(patchelf[1:len(patchelf):len(patchelf)], "--set-interpreter", strings.Replace(loader, root, final, 1),
				"--force-rpath", "--set-rpath", strings.Join(path, ":"), p)
			if err := a.run(patchelf[0], args...); err != nil {
				return err
			}
		}
	}
	return nil
}

// libraries finds the dynamic loader and the folders of shared libraries under root.
func libraries(root string) (loader string, folders []string, err error) {
	for _, pattern := range []string{"lib/*-linux-gnu*", "usr/lib/*-linux-gnu*"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			return "", nil, err
		}
		folders = append(folders, found...)
	}
	for _, f := range folders {
		if found, _ := filepath.Glob(filepath.Join(f, "ld-linux-*.so.*")); len(found) > 0 && loader == "" {
			loader = found[0]
		}
	}
	if loader == "" {
		return "", nil, errors.New("the downloaded packages hold no dynamic loader")
	}
	for _, private := range []string{"usr/lib/mysql/private", "usr/lib/mysql"} {
		if _, err := os.Stat(filepath.Join(root, private)); err == nil {
			folders = append(folders, filepath.Join(root, private))
		}
	}
	return loader, folders, nil
}

// dynamic tells whether a file is an ELF program of its own (no script, no link).
func dynamic(path string) bool {
	info, err := os.Lstat(path)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	var magic [4]byte
	_, err = io.ReadFull(f, magic[:])
	return err == nil && string(magic[:]) == "\x7fELF"
}
