package file

import (
	"slices"
	"strings"
	"time"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// directive is a comment that speaks to the runner.
type directive struct {
	at         int
	key, value string
}

// ofSide are the directives that say something of a side, ofStatement those of the statement below. Other words behind
// covet: speak to others (the compiler, vet) and are theirs to judge.
var (
	ofSide      = []string{"transaction", "lock_timeout", "foreign_keys", "replaces"}
	ofStatement = []string{"batch", "check"}
	ofOthers    = []string{"renamed_from", "drop", "backfill", "ignore", "allow_drop", "nolint", "loses"}
)

// directives finds them among the comments of a text.
func directives(f *source.File, d token.Dialect) ([]directive, error) {
	tokens, _ := token.Lex(f.Text, d)
	var out []directive
	for _, t := range tokens {
		if t.Kind != token.Comment {
			continue
		}
		text, ok := strings.CutPrefix(f.Text[t.Start:t.End], "--")
		if !ok {
			continue
		}
		if text, ok = strings.CutPrefix(strings.TrimSpace(text), "covet:"); !ok {
			continue
		}
		key, value, _ := strings.Cut(text, " ")
		known := slices.Contains(ofSide, key) || slices.Contains(ofStatement, key)
		if !known {
			if slices.Contains(ofOthers, key) {
				continue
			}
			if near := diag.Nearest(key, append(slices.Clone(ofSide), ofStatement...), 1); len(near) > 0 {
				return nil, at(f, int(t.Start), "unknown directive covet:"+key, "did you mean covet:"+near[0]+"?")
			}
			continue
		}
		out = append(out, directive{int(t.Start), key, strings.TrimSpace(value)})
	}
	return out, nil
}

// at is an error at an offset of a file.
func at(f *source.File, offset int, text, do string) error {
	line, _ := f.LineColumn(offset)
	return &Error{Path: f.Path, Line: line, Text: text, Do: do}
}

// obey writes the directives into the side that they stand in.
func obey(f *source.File, s *Side, all []directive, replaces *[]string) error {
	for _, d := range all {
		next := slices.IndexFunc(s.Statements, func(st Statement) bool { return int(st.Span.End) > d.at })
		if next >= 0 && int(s.Statements[next].Span.Start) < d.at && !s.Statements[next].block {
			return at(f, d.at, "covet:"+d.key+" stands within a statement", "put it before the statement's first line")
		}
		if slices.Contains(ofStatement, d.key) {
			if next < 0 {
				return at(f, d.at, "no statement stands below covet:"+d.key, "")
			}
			if d.value != "" {
				return at(f, d.at, "covet:"+d.key+" takes no value", "")
			}
			if d.key == "batch" {
				s.Statements[next].Batch = true
			} else {
				s.Statements[next].Check = true
			}
			continue
		}
		if next > 0 || (next < 0 && len(s.Statements) > 0) {
			return at(f, d.at, "covet:"+d.key+" says something of the whole file, and statements stand before it", "put it before the first statement")
		}
		switch d.key {
		case "transaction":
			switch d.value {
			case "none":
				s.Transaction = None
			case "file":
				s.Transaction = Unsaid
			default:
				return at(f, d.at, "covet:transaction is "+quoted(d.value), "write none or file")
			}
		case "lock_timeout":
			limit, err := time.ParseDuration(d.value)
			if err != nil || limit <= 0 {
				return at(f, d.at, "covet:lock_timeout is "+quoted(d.value), "write a duration such as 3s or 500ms")
			}
			s.LockTimeout = limit
		case "foreign_keys":
			if d.value != "off" {
				return at(f, d.at, "covet:foreign_keys is "+quoted(d.value), "write off; they are on without the line")
			}
			s.ForeignKeysOff = true
		case "replaces":
			if d.value == "" {
				return at(f, d.at, "covet:replaces names no version", "name those that the file stands for")
			}
			if replaces != nil { // of the way back it says nothing
				*replaces = strings.Fields(d.value)
			}
		}
	}
	return nil
}

func quoted(s string) string {
	if s == "" {
		return "empty"
	}
	return `"` + s + `"`
}
