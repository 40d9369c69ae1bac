package source

import (
	"errors"
	"testing"
)

func TestFromBytesTellsWhereTextIsNotText(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		text string
		what string
		line int
		col  int
	}{
		"plain":         {in: "select 1", text: "select 1"},
		"byte order":    {in: "\ufeffselect 1", text: "select 1"},
		"CRLF stays":    {in: "a\r\nb", text: "a\r\nb"},
		"empty":         {},
		"NUL":           {in: "ab\nc\x00d", what: "a NUL byte", line: 2, col: 2},
		"Latin-1":       {in: "-- caf\xe9\n", what: "invalid UTF-8 (byte 0xe9)", line: 1, col: 7},
		"UTF-16":        {in: "\xff\xfes\x00", what: "a NUL byte (the file seems to be UTF-16; save it as UTF-8)", line: 1, col: 4},
		"U+FFFD is ok":  {in: "\ufffd", text: "\ufffd"},
		"cut character": {in: "é\xc3", what: "invalid UTF-8 (byte 0xc3)", line: 1, col: 2},
	} {
		f, err := FromBytes("x.sql", []byte(c.in))
		if c.what == "" {
			if err != nil || f.Text != c.text {
				t.Errorf("%s: %q, %v; want %q", name, f.Text, err, c.text)
			}
			continue
		}
		var not *NotTextError
		if !errors.As(err, &not) {
			t.Errorf("%s: error %v, want a NotTextError", name, err)
			continue
		}
		p := not.Span.Position()
		if not.What != c.what || p.Line != c.line || p.Column != c.col {
			t.Errorf("%s: %v, want %q at %d:%d", name, err, c.what, c.line, c.col)
		}
	}
}

func TestReadOfAFolderFails(t *testing.T) {
	if _, err := Read(t.TempDir(), "folder"); err == nil {
		t.Error("reading a folder gave no error")
	}
}
