package vet

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/source"
)

// workspace is a copy of the files that a configuration names, in a folder of its own, in which things can be tried.
type workspace struct {
	config *config.Config
	dir    string // the folder of the copy
	above  string // what the copy is of: the lowest folder that holds all files
}

func newWorkspace(c *config.Config) (*workspace, error) {
	w := &workspace{config: c}
	paths := []string{filepath.Base(c.File.Path)}
	for _, p := range c.Packages {
		schema, _ := source.Expand(c.Dir, p.Schema, true)
		queries, _ := source.Expand(c.Dir, p.Queries, false)
		paths = append(append(paths, schema...), queries...)
	}
	if c.Vet.Baseline != "" {
		paths = append(paths, c.Vet.Baseline)
	}
	var err error
	if w.above, err = filepath.Abs(c.Dir); err != nil {
		return nil, err
	}
	for _, p := range paths {
		full, err := filepath.Abs(w.real(p))
		if err != nil {
			return nil, err
		}
		for !filepath.IsAbs(filepath.FromSlash(p)) && full != w.above && !strings.HasPrefix(full, strings.TrimSuffix(w.above, string(filepath.Separator))+string(filepath.Separator)) {
			w.above = filepath.Dir(w.above)
		}
	}
	if w.dir, err = os.MkdirTemp("", "covetsql-fix-*"); err != nil {
		return nil, err
	}
	for _, p := range paths {
		if filepath.IsAbs(filepath.FromSlash(p)) {
			continue // read where it is
		}
		text, err := os.ReadFile(w.real(p))
		if err != nil {
			continue // the compiler says so
		}
		if err := w.put(p, text); err != nil {
			w.remove()
			return nil, err
		}
	}
	return w, nil
}

func (w *workspace) remove() { os.RemoveAll(w.dir) }

// real is the place of a file that the configuration knows as path.
func (w *workspace) real(path string) string {
	path = filepath.FromSlash(path)
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(w.config.Dir, path)
}

// in is the place of its copy.
func (w *workspace) in(path string) (string, error) {
	full, err := filepath.Abs(w.real(path))
	if err != nil {
		return "", err
	}
	rel, err := filepath.Rel(w.above, full)
	if err != nil || !filepath.IsLocal(rel) {
		return "", fmt.Errorf("%s is outside of the project", path)
	}
	return filepath.Join(w.dir, rel), nil
}

func (w *workspace) put(path string, text []byte) error {
	to, err := w.in(path)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o644)
}

func (w *workspace) write(texts map[string][]byte) error {
	for path, text := range texts {
		if strings.HasSuffix(path, ".go") {
			continue // what is copied are the inputs of the compiler
		}
		if err := w.put(path, text); err != nil {
			return err
		}
	}
	return nil
}

// file is the copy of the configuration.
func (w *workspace) file() string {
	to, err := w.in(filepath.Base(w.config.File.Path))
	if err != nil {
		panic(err) // it is in the folder that all others are found from
	}
	return to
}
