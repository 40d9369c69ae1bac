package codegen

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

// Stale lists, in order, the files that are missing or have other content on disk. Paths are
// relative to dir.
func Stale(dir string, files []File) []string {
	var out []string
	for _, f := range files {
		if !f.Known && !holds(place(dir, f.Path), f.Content) {
			out = append(out, f.Path)
		}
	}
	sort.Strings(out)
	return out
}

// holds tells whether the file at path has this content and can be read.
func holds(path string, content []byte) bool {
	info, err := os.Stat(path)
	if err != nil || info.Size() != int64(len(content)) {
		return false
	}
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	var chunk [32 << 10]byte
	for len(content) > 0 {
		n, err := f.Read(chunk[:])
		if n > len(content) || !bytes.Equal(chunk[:n], content[:n]) || err != nil && n < len(content) {
			return false
		}
		content = content[n:]
	}
	return true
}

// Write puts files below dir and gives the paths of those that changed. A file that has its content
// already is not touched, and files that are no longer generated are left alone. All new
// content is first written beside its place under a temporary name; only when all of it
// is on disk are the names changed, so that a failed run leaves everything as it was.
func Write(dir string, files []File) (changed []string, diags diag.List) {
	stale := map[string]bool{}
	for _, p := range Stale(dir, files) {
		stale[p] = true
	}
	type pending struct{ temp, path, name string }
	var ready []pending
	for _, f := range files {
		if !stale[f.Path] {
			continue
		}
		path := place(dir, f.Path)
		temp, err := writeTemp(path, f.Content)
		if err != nil {
			diags.Add(unwritable(f.Path, err))
			continue
		}
		ready = append(ready, pending{temp, path, f.Path})
	}
	if len(diags) == 0 {
		for i, p := range ready {
			if err := os.Rename(p.temp, p.path); err != nil {
				diags.Add(unwritable(p.name, err))
				ready = ready[i:]
				break
			}
			changed = append(changed, p.name)
		}
	}
	if len(diags) > 0 {
		for _, p := range ready {
			os.Remove(p.temp)
		}
	}
	sort.Strings(changed)
	return changed, diags
}

func place(dir, path string) string {
	path = filepath.FromSlash(path)
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}

func writeTemp(path string, content []byte) (string, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", err
	}
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		if info.IsDir() {
			return "", &fs.PathError{Op: "write", Path: path, Err: errors.New("is a directory")}
		}
		mode = info.Mode().Perm()
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Chmod(mode), f.Close())
	if err != nil {
		os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}

func unwritable(path string, err error) diag.Diagnostic {
	var pe *fs.PathError
	reason := err.Error()
	if errors.As(err, &pe) {
		reason = fmt.Sprintf("%s: %s", pe.Op, pe.Err)
	}
	return diag.New(diag.OutputUnwritable, source.NewFile(path, "").Span(0, 0), "%s can not be written: %s", path, reason).
		WithHelp("check the option out and the folder's permissions; nothing was changed")
}
