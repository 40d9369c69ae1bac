package file

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// directive is a comment that speaks to the runner.
type directive struct {
	at         int
	key, value string
}

// ofSide are the directives that say something of a side, ofStatement those of the statement below. ofSchema stand in schema files, whose
// text may have been copied into a migration; they say nothing there.
var (
	ofSide      = []string{"transaction", "lock_timeout", "foreign_keys", "replaces"}
	ofStatement = []string{"batch", "check"}
	ofSchema    = []string{"renamed_from", "drop", "backfill"}
)

const mark = "covet:"

// Speaks reads a comment of SQL, its marks included, that is a directive: the word behind "covet:", and what stands behind the word.
func Speaks(comment string) (word, value string, ok bool) {
	body := comment
	for _, start := range []string{"--", "#", "/*"} {
		if rest, found := strings.CutPrefix(body, start); found {
			if body = rest; start == "/*" {
				body = strings.TrimSuffix(body, "*/")
			}
			break
		}
	}
	body = strings.TrimSpace(body)
	if rest, found := cutMark(body, mark); found {
		body = rest
	} else if rest, found := cutMark(body, "covetsql:"); found && misspelt(firstWord(rest)) {
		return "covetsql:" + firstWord(rest), "", true // vet's mark with a word of ours
	} else {
		return "", "", false
	}
	word = firstWord(body)
	return word, strings.TrimSpace(body[len(word):]), true
}

func cutMark(text, mark string) (string, bool) {
	if len(text) < len(mark) || !strings.EqualFold(text[:len(mark)], mark) {
		return "", false
	}
	return text[len(mark):], true
}

func firstWord(text string) string {
	if i := strings.IndexFunc(text, unicode.IsSpace); i >= 0 {
		return text[:i]
	}
	return text
}

// misspelt tells whether a word is one of ours, or nearly.
func misspelt(word string) bool {
	return slices.Contains(words(), word) || word != "ignore" && len(diag.Nearest(word, words(), 1)) > 0
}

func words() []string { return slices.Concat(ofSide, ofStatement, ofSchema) }

// Unknown says of a word that Speaks read what is wrong with it and what to do; "" where it is known, in migrations or in schema files.
func Unknown(word string) (text, do string) {
	if slices.Contains(words(), word) {
		return "", ""
	}
	if word == "ignore" {
		return "unknown directive covet:ignore", "findings are passed over by covetsql:ignore RULE reason"
	}
	text = "unknown directive covet:" + word
	if rest, ok := strings.CutPrefix(word, "covetsql:"); ok {
		text, word = "unknown directive "+word, rest
	}
	if word == "" {
		text = "no word stands behind covet:"
	}
	if near := diag.Nearest(word, words(), 1); len(near) > 0 {
		return text, "did you mean covet:" + near[0] + "?"
	}
	return text, "there are " + strings.Join(slices.Concat(ofSide, ofStatement), ", ") + " in migrations, and " + strings.Join(ofSchema, ", ") + " in schema files"
}

// directives finds them among the comments of a text.
func directives(f *source.File, d token.Dialect) ([]directive, error) {
	tokens, _ := token.Lex(f.Text, d)
	var out []directive
	for _, t := range tokens {
		if t.Kind != token.Comment {
			continue
		}
		key, value, ok := Speaks(f.Text[t.Start:t.End])
		if !ok {
			continue
		}
		if text, do := Unknown(key); text != "" {
			return nil, at(f, int(t.Start), text, do)
		}
		if !slices.Contains(ofSchema, key) {
			out = append(out, directive{int(t.Start), key, value})
		}
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
