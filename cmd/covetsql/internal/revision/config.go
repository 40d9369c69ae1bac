package revision

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/covetsql/covetsql/compiler/config"
)

// Config writes a configuration as the base has it, with the files that it names, into a folder. file is its path there, "" where the base has
// none; c is nil where it can't be used.
func (b *Base) Config(to, from string) (file string, c *config.Config, err error) {
	name, ok := b.Inside(from)
	if !ok {
		return "", nil, fmt.Errorf("%s is not in the repository", from)
	}
	// The configuration may have had another name.
	folder := path.Dir(name)
	names := []string{name}
	for _, n := range config.Names {
		names = append(names, path.Join(folder, n))
	}
	if err := b.Export(to, names); err != nil {
		return "", nil, err
	}
	file = filepath.Join(to, filepath.FromSlash(name))
	if _, err := os.Stat(file); err != nil {
		if file, err = config.Find(filepath.Join(to, filepath.FromSlash(folder))); err != nil {
			return "", nil, nil
		}
	}
	c, list := config.Load(file)
	if c == nil || list.HasErrors() {
		return file, nil, nil
	}
	return file, c, b.Export(to, inputs(c, folder))
}

// inputs are the files and folders that a configuration in a folder names, as the repository names them; of a pattern the folder above its
// first wildcard.
func inputs(c *config.Config, folder string) []string {
	var out []string
	add := func(pattern string) {
		pattern = filepath.ToSlash(pattern)
		var literal []string
		for part := range strings.SplitSeq(pattern, "/") {
			if strings.ContainsAny(part, `*?[\`) {
				break
			}
			literal = append(literal, part)
		}
		p := path.Join(folder, strings.Join(literal, "/"))
		if !path.IsAbs(pattern) && p != ".." && !strings.HasPrefix(p, "../") {
			out = append(out, p)
		}
	}
	for _, p := range c.Packages {
		for _, pattern := range append(append([]string(nil), p.Schema...), p.Queries...) {
			add(pattern)
		}
	}
	if c.Vet.Baseline != "" {
		add(c.Vet.Baseline)
	}
	return out
}
