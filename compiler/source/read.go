package source

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"strings"
	"unicode/utf8"
)

// UnreadableError says that a file or folder could not be read at all.
type UnreadableError struct {
	Path   string // as the user calls it
	Reason string
	Err    error // the operating system's; nil where it has none
}

func (e *UnreadableError) Error() string { return e.Path + ": " + e.Reason }

// Unwrap gives the operating system's error.
func (e *UnreadableError) Unwrap() error { return e.Err }

// NotTextError says that a file was read but is no text that can be compiled. Span is the
// first byte that is wrong.
type NotTextError struct {
	Span Span
	What string // "invalid UTF-8", "a NUL byte"
}

func (e *NotTextError) Error() string {
	p := e.Span.Position()
	return fmt.Sprintf("%s:%d:%d: %s", p.Path, p.Line, p.Column, e.What)
}

// Read reads the file at path, which the user knows as name. A byte order mark is left out;
// line ends stay as they are. It fails with an *UnreadableError, or with a *NotTextError
// where the content is not valid UTF-8 or holds a NUL byte. The file is returned beside a
// *NotTextError too, so that its place can be shown.
func Read(path, name string) (*File, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, unreadable(name, err)
	case info.IsDir():
		return nil, &UnreadableError{Path: name, Reason: "is a folder where a file is meant"}
	case info.Size() > math.MaxInt32:
		return nil, &UnreadableError{Path: name, Reason: "is larger than 2 GB"}
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, unreadable(name, err)
	}
	return FromBytes(name, b)
}

func unreadable(name string, err error) error {
	reason := err.Error()
	var p *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		reason = "no such file or folder"
	case errors.Is(err, fs.ErrPermission):
		reason = "no permission to read it"
	case errors.As(err, &p):
		reason = p.Err.Error()
	}
	return &UnreadableError{Path: name, Reason: reason, Err: err}
}

// FromBytes makes a file of bytes that were already read, by the rules of Read.
func FromBytes(name string, b []byte) (*File, error) {
	f := NewFile(name, strings.TrimPrefix(string(b), "\ufeff"))
	if i := strings.IndexByte(f.Text, 0); i >= 0 {
		what := "a NUL byte"
		if strings.HasPrefix(f.Text, "\xff\xfe") || strings.HasPrefix(f.Text, "\xfe\xff") {
			what = "a NUL byte (the file seems to be UTF-16; save it as UTF-8)"
		}
		return f, &NotTextError{Span: f.Span(i, i+1), What: what}
	}
	if utf8.ValidString(f.Text) {
		return f, nil
	}
	for i := 0; i < len(f.Text); {
		r, size := utf8.DecodeRuneInString(f.Text[i:])
		if r == utf8.RuneError && size == 1 {
			return f, &NotTextError{Span: f.Span(i, i+1), What: fmt.Sprintf("invalid UTF-8 (byte 0x%02x)", f.Text[i])}
		}
		i += size
	}
	return f, nil
}
