// Package iostreams holds the streams that a command reads and writes, so that a test can
// pass its own. It knows whether a person looks at them, and nothing of what is written.
package iostreams

import (
	"bytes"
	"io"
	"os"
)

// Streams are the three standard streams. ErrColor tells whether text on Err may be coloured.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	ErrColor bool
}

// System are the streams of the process. Colours are used on a terminal, unless NO_COLOR is
// set or the terminal is "dumb".
func System() *Streams {
	return &Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, ErrColor: colors(os.Stderr, os.Getenv)}
}

func colors(f *os.File, getenv func(string) string) bool {
	if getenv("NO_COLOR") != "" || getenv("TERM") == "dumb" || getenv("TERM") == "" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// Test makes streams in memory, with what they collect.
func Test() (s *Streams, out, err *bytes.Buffer) {
	out, err = &bytes.Buffer{}, &bytes.Buffer{}
	return &Streams{In: &bytes.Buffer{}, Out: out, Err: err}, out, err
}
