// Package explain is the verb `covetsql explain`: the page of a diagnostic's code.
package explain

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/analyzer/rules"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/internal/factory"
	"github.com/covetsql/covetsql/internal/iostreams"
)

// Options are what the verb needs.
type Options struct {
	Out io.Writer
	// List lists the codes instead of showing pages.
	List bool
}

// New makes the verb.
func New(io *iostreams.Streams) *cli.Command {
	o := &Options{Out: io.Out}
	return &cli.Command{
		Name:      "explain",
		Usage:     "explain a diagnostic's code, as CV2101 or unknown-column",
		ArgsUsage: "[CODE ...]",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "list", Usage: "list all codes with their severity; rules that are off by default say so", Destination: &o.List},
		},
		Action: func(c *cli.Context) error { return Run(o, c.Args().Slice()) },
	}
}

// Run prints the pages of codes; without any it lists all codes.
func Run(o *Options, codes []string) error {
	if len(codes) == 0 || o.List {
		for _, c := range diag.Codes() {
			if len(codes) > 0 && !slices.ContainsFunc(codes, func(word string) bool { return strings.HasPrefix(c.ID, strings.ToUpper(word)) || c.Is(word) }) {
				continue
			}
			state := ""
			if c.Off {
				state = "off"
			}
			fmt.Fprintf(o.Out, "%s  %-28s %-8s %-4s %s\n", c.ID, c.Slug, c.Severity, state, c.Summary)
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
		title, rest, _ := strings.Cut(diag.Readable(page), "\n")
		fmt.Fprintf(o.Out, "%s\n\n%s\n%s\n", title, rules.About(c), strings.TrimRight(rest, "\n"))
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
