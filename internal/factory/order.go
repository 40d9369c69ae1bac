package factory

import (
	"fmt"
	"sort"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/compiler/diag"
)

// line is a command line in the one order that urfave/cli reads without surprises: the verb,
// its flags, --, its arguments. The library itself takes a flag behind an argument for an
// argument, knows a verb's flags only behind the verb, and exits 0 or 3 for an unknown verb.
type line struct {
	verb string
	args []string
}

// order reads a command line and reports what the library would pass over: unknown verbs and
// flags, flags without their value.
func (a *App) order(args []string) (line, error) {
	program, rest := args[0], args[1:]
	verb, before, after := a.split(rest)
	if verb == "" && len(before) == 0 {
		return line{args: []string{program, "--help"}}, &ExitError{Code: CouldNotRun, Err: fmt.Errorf("no verb was given\n%s --help lists them", a.Name)}
	}
	switch verb {
	case "":
		for _, word := range before {
			switch word {
			case "-h", "--help", "-help":
				return line{args: []string{program, "--help"}}, nil
			case "-v", "--version", "-version":
				return line{verb: "version", args: []string{program, "version"}}, nil
			}
		}
		return line{}, Usage("no verb was given with %s", before[0])
	case "help":
		if len(after) == 0 {
			return line{args: []string{program, "--help"}}, nil
		}
		return a.order([]string{program, after[0], "--help"})
	}
	command := a.find(verb)
	if command == nil {
		return line{}, a.unknownVerb(verb)
	}
	if len(command.Subcommands) > 0 {
		return a.group(command).within(program, append(before, after...))
	}
	l := line{verb: command.Name, args: []string{program, command.Name}}
	var positional []string
	words := append(before, after...)
	for i := 0; i < len(words); i++ {
		word := words[i]
		if word == "--" {
			positional = append(positional, words[i+1:]...)
			break
		}
		if word == "-" || !strings.HasPrefix(word, "-") {
			positional = append(positional, word)
			continue
		}
		name, _, hasValue := strings.Cut(strings.TrimLeft(word, "-"), "=")
		if name == "h" || name == "help" {
			return line{verb: command.Name, args: []string{program, command.Name, "--help"}}, nil
		}
		flag := findFlag(command, name)
		if flag == nil {
			return l, unknownFlag(command, word)
		}
		l.args = append(l.args, word)
		if takesValue(flag) && !hasValue {
			i++
			if i == len(words) || words[i] == "--" {
				return l, Usage("%s needs a value", word)
			}
			l.args = append(l.args, words[i])
		}
	}
	l.args = append(append(l.args, "--"), positional...)
	return l, nil
}

// group is the command line of the verbs of a verb, as in migrate diff.
type group struct {
	App
	verb string
}

func (a *App) group(c *cli.Command) *group {
	return &group{App{Name: a.Name + " " + c.Name, IO: a.IO, Verbs: c.Subcommands}, c.Name}
}

// within reads the words behind a verb that has verbs of its own.
func (g *group) within(program string, words []string) (line, error) {
	l, err := g.order(append([]string{program}, words...))
	if l.verb == "version" { // -v asks for the program's
		return l, err
	}
	l.verb = strings.TrimSpace(g.verb + " " + l.verb)
	if len(l.args) > 0 {
		l.args = append([]string{program, g.verb}, l.args[1:]...)
	}
	return l, err
}

// split finds the verb: the first word that is neither a flag nor a flag's value.
func (a *App) split(words []string) (verb string, before, after []string) {
	for i := 0; i < len(words); i++ {
		word := words[i]
		if !strings.HasPrefix(word, "-") || word == "-" {
			return word, words[:i:i], words[i+1:]
		}
		name, _, hasValue := strings.Cut(strings.TrimLeft(word, "-"), "=")
		for _, v := range a.Verbs {
			if flag := findFlag(v, name); flag != nil && takesValue(flag) && !hasValue {
				i++
				break
			}
		}
	}
	return "", words, nil
}

func (a *App) find(verb string) *cli.Command {
	for _, v := range a.Verbs {
		if v.HasName(verb) {
			return v
		}
	}
	return nil
}

func findFlag(c *cli.Command, name string) cli.Flag {
	for _, f := range c.Flags {
		for _, n := range f.Names() {
			if n == name {
				return f
			}
		}
	}
	return nil
}

func takesValue(f cli.Flag) bool {
	d, ok := f.(cli.DocGenerationFlag)
	return ok && d.TakesValue()
}

func (a *App) unknownVerb(word string) error {
	if a.Redirect != nil {
		if to := a.Redirect(word); to != "" {
			return &ExitError{Code: CouldNotRun, Err: fmt.Errorf("%s", to)}
		}
	}
	var names []string
	for _, v := range a.Verbs {
		if !v.Hidden {
			names = append(names, v.Names()...)
		}
	}
	if near := diag.Nearest(word, names, 1); len(near) > 0 {
		return Usage("there is no verb %q; did you mean %q?", word, near[0])
	}
	sort.Strings(names)
	return Usage("there is no verb %q; the verbs are %s", word, strings.Join(names, ", "))
}

func unknownFlag(c *cli.Command, word string) error {
	var names []string
	for _, f := range c.Flags {
		if v, ok := f.(cli.VisibleFlag); !ok || v.IsVisible() {
			names = append(names, f.Names()...)
		}
	}
	name, _, _ := strings.Cut(strings.TrimLeft(word, "-"), "=")
	if near := diag.Nearest(name, names, 1); len(near) > 0 {
		dashes := "--"
		if len(near[0]) == 1 {
			dashes = "-"
		}
		return Usage("there is no flag %s; did you mean %s%s?", word, dashes, near[0])
	}
	return Usage("there is no flag %s", word)
}

// list writes names as "a, b or c".
func list(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}
