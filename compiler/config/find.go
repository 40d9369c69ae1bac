package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Names are the file names that Find looks for, in order.
var Names = []string{"covetsql.yaml", "covetsql.yml", "sqlc.yaml", "sqlc.yml", "sqlc.json"}

// ErrNotFound is wrapped by Find's error where a folder has no configuration.
var ErrNotFound = errors.New("no configuration")

// Find returns the path of the configuration in dir: the first of Names that is there.
// covetsql's own file may stand beside sqlc's, so that a project can use both tools; two
// files of sqlc are an error, since nothing says which one is meant.
func Find(dir string) (string, error) {
	var found []string
	for _, name := range Names {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); err == nil {
			found = append(found, path)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	if len(found) == 0 {
		where, err := filepath.Abs(dir)
		if err != nil {
			where = dir
		}
		return "", fmt.Errorf("%w: none of %s is in %s", ErrNotFound, strings.Join(Names, ", "), where)
	}
	own := isOwn(found[0])
	for _, f := range found[1:] {
		if isOwn(f) == own {
			return "", fmt.Errorf("both %s and %s are in %s; remove one, or name one with -f",
				filepath.Base(found[0]), filepath.Base(f), dir)
		}
	}
	return found[0], nil
}

// isOwn tells whether a file bears covetsql's own name.
func isOwn(path string) bool { return strings.HasPrefix(filepath.Base(path), "covetsql.") }

// isForeign tells whether a file bears sqlc's name, so that sqlc reads it too.
func isForeign(path string) bool { return strings.HasPrefix(filepath.Base(path), "sqlc.") }
