// Package explain is the verb `covetsql explain`: the page of a diagnostic's code.
package explain

import (
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/internal/factory"
	"github.com/covetsql/covetsql/internal/iostreams"
)

// Options are what the verb needs.
type Options struct {
	Out io.Writer
}

// New makes the verb.
func New(io *iostreams.Streams) *cli.Command {
	o := &Options{Out: io.Out}
	return &cli.Command{
		Name:      "explain",
		Usage:     "explain a diagnostic's code, as CV2101 or unknown-column",
		ArgsUsage: "[CODE ...]",
		Action:    func(c *cli.Context) error { return Run(o, c.Args().Slice()) },
	}
}

// Run prints the pages of codes; without any it lists all codes.
func Run(o *Options, codes []string) error {
	if len(codes) == 0 {
		for _, c := range diag.Codes() {
			fmt.Fprintf(o.Out, "%s  %-24s %-8s %s\n", c.ID, c.Slug, c.Severity, c.Summary)
		}
		return nil
	}
	for i, word := range codes {
		c, ok := find(word)
		if !ok {
			return unknown(word)
		}
		page, ok := diag.Page(c.ID)
		if !ok {
			return fmt.Errorf("%s has no page: %s", c.ID, c.Summary)
		}
		if i > 0 {
			fmt.Fprintln(o.Out)
		}
		fmt.Fprintln(o.Out, strings.TrimRight(page, "\n"))
	}
	return nil
}

// find takes a code as messages print it, its number alone, or its slug.
func find(word string) (*diag.Code, bool) {
	word = strings.Trim(word, "[]")
	for _, name := range []string{strings.ToLower(word), strings.ToUpper(word), "CV" + word} {
		if c, ok := diag.Lookup(name); ok {
			return c, true
		}
	}
	return nil, false
}

func unknown(word string) error {
	var names []string
	for _, c := range diag.Codes() {
		names = append(names, c.ID, c.Slug)
	}
	if near := diag.Nearest(word, names, 3); len(near) > 0 {
		return factory.Usage("there is no code %s; near it are %s", word, strings.Join(near, ", "))
	}
	return factory.Usage("there is no code %s; `covetsql explain` lists all", word)
}
