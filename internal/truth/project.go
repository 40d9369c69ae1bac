package truth

import (
	"context"
	"errors"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// Refused is a statement of a schema that the server did not take.
type Refused struct {
	File, Text string
	Err        error
}

// Apply runs a package's schema files, their up sides, statement by statement. Client lines
// (psql's backslash commands, COPY's data) are not the server's and are left out; statements
// that the server refuses are returned, the others stand.
func Apply(ctx context.Context, s Server, dir string, p config.Package, d dialect.Dialect) (applied int, refused []Refused) {
	paths, _ := source.Expand(dir, p.Schema, true)
	var waiting []Refused
	for _, path := range paths {
		full := path
		if !filepath.IsAbs(full) {
			full = filepath.Join(dir, path)
		}
		f, err := source.Read(full, path)
		if err != nil {
			refused = append(refused, Refused{path, "", err})
			continue
		}
		statements, _ := token.Split(source.UpSide(f), d.Lex(), token.Schema)
		for _, st := range statements {
			if len(st.Tokens) == 0 {
				continue
			}
			text := st.Span.Text()
			if err := s.Exec(ctx, text); err == nil {
				applied++
			} else if !aboutRows[strings.ToLower(st.TokenText(0))] {
				waiting = append(waiting, Refused{path, text, err})
			}
		}
	}
	// A dump in order of names uses what it makes only later; the compiler reads such a file
	// as well, so what was refused is tried again as long as that helps.
	for helped := true; helped; {
		helped = false
		still := waiting[:0]
		for _, w := range waiting {
			// Sequences that a project makes elsewhere.
			if m := missingSequence.FindStringSubmatch(w.Err.Error()); m != nil {
				_ = s.Exec(ctx, "CREATE SEQUENCE "+quote(m[1], `"`))
			}
			if w.Err = s.Exec(ctx, w.Text); w.Err == nil {
				applied++
				helped = true
				continue
			}
			still = append(still, w)
		}
		waiting = still
		if !helped {
			// Tables that refer to each other: their foreign keys come last.
			for i := range waiting {
				if rest, keys := cutForeignKeys(waiting[i].Text); len(keys) > 0 {
					waiting[i].Text, helped = rest, true
					for _, k := range keys {
						waiting = append(waiting, Refused{waiting[i].File, k, errLater})
					}
				}
			}
		}
	}
	return applied, append(refused, waiting...)
}

var errLater = errors.New("its table was not there yet")

var (
	tableName  = regexp.MustCompile(`(?i)^CREATE TABLE (\S+) \(`)
	foreignKey = regexp.MustCompile(`(?im),?\s*^\s*(CONSTRAINT \S+ FOREIGN KEY .*?),?$`)
)

// cutForeignKeys takes the foreign keys that stand on lines of their own out of a CREATE
// TABLE and makes statements of them.
func cutForeignKeys(create string) (rest string, keys []string) {
	m := tableName.FindStringSubmatch(create)
	if m == nil {
		return create, nil
	}
	for _, k := range foreignKey.FindAllStringSubmatch(create, -1) {
		keys = append(keys, "ALTER TABLE "+m[1]+" ADD "+k[1])
	}
	rest = foreignKey.ReplaceAllString(create, ",")
	rest = regexp.MustCompile(`,[\s,]*,`).ReplaceAllString(rest, ",")
	rest = regexp.MustCompile(`,\s*\)$`).ReplaceAllString(strings.TrimSpace(rest), "\n)")
	return rest, keys
}

var missingSequence = regexp.MustCompile(`relation "(\w+_seq)" does not exist`)

// aboutRows begin statements that change no schema: seeds, and the queries of a file that is
// schema and queries at once. They are run where they can be.
var aboutRows = map[string]bool{
	"insert": true, "update": true, "delete": true, "replace": true, "with": true, "select": true, "values": true,
}
