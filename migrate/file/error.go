package file

import "fmt"

// Error is something wrong with a folder or a file of it.
type Error struct {
	// Path is the file's name in the folder, "" where the folder as a whole is meant. Line counts from 1; 0 is none.
	Path string
	Line int
	// Text says what is wrong, Do what to do.
	Text, Do string
	Err      error
}

func (e *Error) Error() string {
	s := e.Text
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	switch {
	case e.Line > 0:
		s = fmt.Sprintf("%s:%d: %s", e.Path, e.Line, s)
	case e.Path != "":
		s = e.Path + ": " + s
	}
	if e.Do != "" {
		s += "; " + e.Do
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }
