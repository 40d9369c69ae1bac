package source

import "strings"

// UpSide returns f without what undoes a migration: the down sections of goose, sql-migrate,
// dbmate and tern, and all but migration.sql of Atlas's archives. They become blanks, line
// ends stay, so that every offset is the same in both. A file without such sections is
// returned as it is.
func UpSide(f *File) *File {
	// No file has a section without one of these words; most schemas have none.
	if !containsAny(f.Text, "+goose", "+migrate", "migrate:down", "drop below", "atlas:txtar") {
		return f
	}
	archive := strings.HasPrefix(strings.TrimLeft(f.Text, " \t\r\n"), "-- atlas:txtar")
	var out []byte
	up := !archive
	for start := 0; start < len(f.Text); {
		end := len(f.Text)
		if n := strings.IndexByte(f.Text[start:], '\n'); n >= 0 {
			end = start + n + 1
		}
		line := f.Text[start:end]
		if archive {
			if name, ok := archiveMember(line); ok {
				up = name == "migration.sql"
				line = "" // the line itself is no SQL
			}
		} else if side, ok := section(line); ok {
			up = side == upward
		}
		if !up || line == "" {
			if out == nil {
				out = []byte(f.Text)
			}
			for i := start; i < end; i++ {
				if out[i] != '\n' && out[i] != '\r' {
					out[i] = ' '
				}
			}
		}
		start = end
	}
	if out == nil {
		return f
	}
	return NewFile(f.Path, string(out))
}

func containsAny(text string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(text, w) || strings.Contains(text, strings.ToUpper(w)) {
			return true
		}
	}
	return false
}

type side bool

const (
	upward   side = true
	downward side = false
)

// section tells whether a line starts the up or the down side.
func section(line string) (side, bool) {
	if !strings.HasPrefix(line, "--") {
		return false, false
	}
	line = strings.ToLower(strings.TrimRight(line, " \t\r\n"))
	if strings.HasPrefix(line, "---- create above / drop below ----") {
		return downward, true
	}
	words := strings.Fields(strings.TrimPrefix(line, "--"))
	if len(words) == 0 {
		return false, false
	}
	switch words[0] {
	case "+goose", "+migrate":
		if len(words) > 1 && (words[1] == "up" || words[1] == "down") {
			return words[1] == "up", true
		}
	case "migrate:up", "migrate:down":
		return words[0] == "migrate:up", true
	}
	return false, false
}

// archiveMember is the file name of a line "-- name --", which starts a file of an archive.
func archiveMember(line string) (string, bool) {
	line = strings.TrimRight(line, " \t\r\n")
	if !strings.HasPrefix(line, "-- ") || !strings.HasSuffix(line, " --") || len(line) < 7 {
		return "", false
	}
	return strings.TrimSpace(line[3 : len(line)-3]), true
}
