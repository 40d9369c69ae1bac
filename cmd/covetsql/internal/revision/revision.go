// Package revision reads an older state of the files of a git repository, by the git program. It changes nothing in the repository.
package revision

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Base is the state that a working tree came from.
type Base struct {
	ctx    context.Context
	root   string // of the working tree
	commit string
}

// Find is the commit that the working tree around dir and rev have in common. flag is what named rev, for errors.
func Find(ctx context.Context, flag, dir, rev string) (*Base, error) {
	b := &Base{ctx: ctx, root: dir}
	top, err := b.git("rev-parse", "--show-toplevel")
	if err != nil {
		return nil, fmt.Errorf("%s needs a git repository: %w", flag, err)
	}
	b.root = strings.TrimRight(string(top), "\n")
	if _, err := b.git("rev-parse", "--verify", "--quiet", "--end-of-options", rev+"^{commit}"); err != nil {
		return nil, fmt.Errorf("%s: the repository has no revision %q; in CI, fetch it first", flag, rev)
	}
	base, err := b.git("merge-base", "HEAD", rev)
	if err != nil {
		return nil, fmt.Errorf("%s: HEAD and %s have no commit in common; a shallow clone needs its history (fetch-depth: 0)", flag, rev)
	}
	b.commit = strings.TrimSpace(string(base))
	return b, nil
}

// git runs the program in the working tree.
func (b *Base) git(args ...string) ([]byte, error) { return b.gitWith(nil, args...) }

func (b *Base) gitWith(in io.Reader, args ...string) ([]byte, error) {
	c := exec.CommandContext(b.ctx, "git", append([]string{"-C", b.root, "-c", "core.quotePath=false"}, args...)...)
	c.Env = append(os.Environ(), "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0")
	c.Stdin = in
	out, err := c.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		if said := strings.TrimSpace(string(exit.Stderr)); said != "" {
			err = errors.New(said)
		}
	}
	return out, err
}

// Inside is a path of the file system as the repository names it, with slashes; false where it is outside.
func (b *Base) Inside(path string) (string, bool) {
	full, err := filepath.Abs(path)
	if err != nil {
		return "", false
	}
	// git resolves links in the name of the root.
	if real, err := filepath.EvalSymlinks(filepath.Dir(full)); err == nil {
		full = filepath.Join(real, filepath.Base(full))
	}
	root, err := filepath.EvalSymlinks(b.root)
	if err != nil {
		root = b.root
	}
	rel, err := filepath.Rel(root, full)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}

// Export writes the files below the given paths (files or folders, as the repository names them) into a folder, each under its name.
func (b *Base) Export(to string, paths []string) error {
	if slices.Contains(paths, ".") {
		paths = nil // everything
	}
	list, err := b.git(append([]string{"--literal-pathspecs", "ls-tree", "-r", "-z", "--full-tree", b.commit, "--"}, paths...)...)
	if err != nil {
		return err
	}
	var names []string
	var asked bytes.Buffer
	for entry := range strings.SplitSeq(string(list), "\x00") {
		// <mode> SP <type> SP <object> TAB <name>
		about, name, ok := strings.Cut(entry, "\t")
		fields := strings.Fields(about)
		if !ok || len(fields) != 3 || fields[1] != "blob" || fields[0] == "120000" || !filepath.IsLocal(filepath.FromSlash(name)) {
			continue
		}
		names = append(names, name)
		asked.WriteString(fields[2] + "\n")
	}
	out, err := b.gitWith(&asked, "cat-file", "--batch")
	if err != nil {
		return err
	}
	r := bufio.NewReader(bytes.NewReader(out))
	for _, name := range names {
		// <object> SP <type> SP <size> LF <content> LF
		head, err := r.ReadString('\n')
		if err != nil {
			return err
		}
		fields := strings.Fields(head)
		if len(fields) != 3 {
			return fmt.Errorf("git cat-file says %q of %s", strings.TrimSpace(head), name)
		}
		size, err := strconv.Atoi(fields[2])
		if err != nil {
			return err
		}
		content := make([]byte, size+1)
		if _, err := io.ReadFull(r, content); err != nil {
			return err
		}
		path := filepath.Join(to, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content[:size], 0o644); err != nil {
			return err
		}
	}
	return nil
}
