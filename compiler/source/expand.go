package source

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// Expand lists the SQL files that the patterns of a configuration name, relative to dir
// where they lie below it and were not written as absolute paths. A pattern is a file, a
// folder (its *.sql files, not those of folders inside), or a glob of path/filepath, where **
// means no more than *; a folder that a glob matches is listed too. Hidden files and
// rollbacks (x.down.sql, Flyway's U1__x.sql) are left out.
//
// The order is that of the patterns, within a folder that of the names; the numbers of a
// folder of migrations are compared as numbers, and Flyway's versions as versions, because
// that is the order in which they run. A pattern that matches nothing is an error; the
// others still count.
func Expand(dir string, patterns []string, schema bool) (paths []string, errs []error) {
	for _, pattern := range patterns {
		found, err := expand(dir, pattern, schema)
		if err != nil {
			errs = append(errs, err)
		}
		paths = append(paths, found...)
	}
	return paths, errs
}

// NoMatchError tells that a pattern with wildcards names no file.
type NoMatchError struct{ Pattern string }

func (e *NoMatchError) Error() string { return e.Pattern + ": matches no file" }

func expand(dir, pattern string, schema bool) ([]string, error) {
	full := pattern
	if !filepath.IsAbs(full) {
		full = filepath.Join(dir, full)
	}
	matches := []string{full}
	if _, err := os.Stat(full); err != nil && strings.ContainsAny(pattern, "*?[]") {
		if !filepath.IsAbs(pattern) { // the folder's own name is no pattern
			full = filepath.Join(escapeGlob(dir), pattern)
		}
		if matches, err = filepath.Glob(full); err != nil {
			return nil, fmt.Errorf("%s: not a valid pattern", pattern)
		}
		if len(matches) == 0 {
			return nil, &NoMatchError{pattern}
		}
	}
	var out []string
	for _, m := range matches {
		info, err := os.Stat(m)
		if err != nil {
			return nil, unreadable(pattern, err)
		}
		if !info.IsDir() {
			if wanted(filepath.Base(m)) {
				out = append(out, display(dir, pattern, m))
			}
			continue
		}
		names, err := list(m, schema)
		if err != nil {
			return nil, unreadable(pattern, err)
		}
		for _, name := range names {
			out = append(out, display(dir, pattern, filepath.Join(m, name)))
		}
	}
	if len(out) == 0 && !schema {
		return nil, fmt.Errorf("%s: no .sql file there", pattern)
	}
	return out, nil
}

// Folders lists the folders in which a file that comes, goes or changes may change what Expand gives for
// patterns, or what is in it. All of them exist.
func Folders(dir string, patterns []string) []string {
	seen := map[string]bool{}
	add := func(path string) {
		for ; ; path = filepath.Dir(path) { // what is not there comes in the folder around it
			if info, err := os.Stat(path); err == nil && info.IsDir() {
				seen[filepath.Clean(path)] = true
				return
			}
			if path == filepath.Dir(path) {
				return
			}
		}
	}
	for _, pattern := range patterns {
		full := pattern
		if !filepath.IsAbs(full) {
			full = filepath.Join(escapeGlob(dir), pattern)
		}
		if plain := filepath.Join(dir, pattern); !filepath.IsAbs(pattern) {
			add(plain)
		} else {
			add(pattern)
		}
		for glob := full; strings.ContainsAny(glob, "*?[]"); glob = filepath.Dir(glob) {
			found, _ := filepath.Glob(glob)
			found = append(found, filepath.Dir(glob))
			for _, path := range found {
				add(path)
			}
		}
	}
	out := make([]string, 0, len(seen))
	for path := range seen {
		out = append(out, path)
	}
	sort.Strings(out)
	return out
}

func escapeGlob(dir string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(dir)
}

// display is the path relative to dir, unless the pattern was absolute.
func display(dir, pattern, path string) string {
	if filepath.IsAbs(pattern) {
		return filepath.Clean(path)
	}
	if rel, err := filepath.Rel(dir, path); err == nil {
		return filepath.ToSlash(rel)
	}
	return filepath.Clean(path)
}

func wanted(name string) bool {
	return strings.HasSuffix(name, ".sql") && !strings.HasPrefix(name, ".") && !strings.HasSuffix(name, ".down.sql")
}

// list names the SQL files of a folder in the order in which they are read.
func list(dir string, schema bool) ([]string, error) {
	entries, err := os.ReadDir(dir) // sorted by name
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if wanted(e.Name()) {
			names = append(names, e.Name())
		}
	}
	if schema {
		return migrationOrder(names), nil
	}
	return names, nil
}

var (
	flyway   = regexp.MustCompile(`^([VUBR])(\d+(?:[._]\d+)*)?__`)
	numbered = regexp.MustCompile(`^(\d+)[_.-]`)
)

// migrationOrder sorts migrations as their tool runs them, and drops Flyway's undo files.
// Names that are of no tool with numbers stay in the order of their letters.
func migrationOrder(names []string) []string {
	isFlyway, isNumbered := len(names) > 0, len(names) > 0
	for _, n := range names {
		isFlyway = isFlyway && flyway.MatchString(n)
		isNumbered = isNumbered && numbered.MatchString(n)
	}
	switch {
	case isFlyway:
		var kept []string
		for _, n := range names {
			if n[0] != 'U' {
				kept = append(kept, n)
			}
		}
		sort.SliceStable(kept, func(i, j int) bool {
			if a, b := kept[i][0] == 'R', kept[j][0] == 'R'; a || b {
				return !a && b // repeatable ones run last, by name
			}
			return versionLess(flyway.FindStringSubmatch(kept[i])[2], flyway.FindStringSubmatch(kept[j])[2])
		})
		return kept
	case isNumbered:
		sort.SliceStable(names, func(i, j int) bool {
			return versionLess(numbered.FindStringSubmatch(names[i])[1], numbered.FindStringSubmatch(names[j])[1])
		})
	}
	return names
}

// versionLess compares 1.10 and 1_9 part by part as numbers.
func versionLess(a, b string) bool {
	split := func(s string) []string {
		return strings.FieldsFunc(s, func(r rune) bool { return r == '.' || r == '_' })
	}
	x, y := split(a), split(b)
	for i := 0; i < len(x) && i < len(y); i++ {
		m, errM := strconv.ParseUint(x[i], 10, 64)
		n, errN := strconv.ParseUint(y[i], 10, 64)
		if errM != nil || errN != nil { // too long for a number
			return a < b
		}
		if m != n {
			return m < n
		}
	}
	return len(x) < len(y)
}
