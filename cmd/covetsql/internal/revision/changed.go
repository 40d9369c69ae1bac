package revision

import (
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// Changed are the lines of the working tree that the base does not have, by path with slashes.
type Changed map[string][]lines

type lines struct{ first, last int }

// whole is a file that is new.
var whole = lines{1, 1 << 30}

var hunk = regexp.MustCompile(`^@@ -\S+ \+(\d+)(?:,(\d+))? @@`)

// Changed tells which lines of the working tree are other than in the base, with files that git does not know yet. A file with another name
// is compared with the one that it was.
func (b *Base) Changed() (Changed, error) {
	diff, err := b.git("diff", "--unified=0", "--no-color", "--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/", "--find-renames", b.commit)
	if err != nil {
		return nil, err
	}
	out := Changed{}
	file := ""
	inHead := false
	for line := range strings.Lines(string(diff)) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "diff --git "):
			inHead = true
		case inHead && strings.HasPrefix(line, "+++ "):
			name := strings.TrimSuffix(line[len("+++ "):], "\t")
			if plain, err := strconv.Unquote(name); err == nil {
				name = plain
			}
			file = strings.TrimPrefix(name, "b/")
		case strings.HasPrefix(line, "@@ "):
			inHead = false
			m := hunk.FindStringSubmatch(line)
			if m == nil {
				continue
			}
			first, _ := strconv.Atoi(m[1])
			n := 1
			if m[2] != "" {
				n, _ = strconv.Atoi(m[2])
			}
			if n > 0 {
				out[file] = append(out[file], lines{first, first + n - 1})
			}
		}
	}
	others, err := b.git("ls-files", "--others", "--exclude-standard", "-z")
	if err != nil {
		return nil, err
	}
	for name := range strings.SplitSeq(string(others), "\x00") {
		if name != "" {
			out[filepath.ToSlash(name)] = []lines{whole}
		}
	}
	return out, nil
}

// Has tells whether any of a file's lines from first to last is changed.
func (c Changed) Has(file string, first, last int) bool {
	for _, l := range c[file] {
		if l.first <= last && first <= l.last {
			return true
		}
	}
	return false
}
