// Package factory runs a command line: it gives verbs their streams, puts flags in the order
// that the command line library understands, and turns errors into messages and exit codes.
// It knows no verb.
package factory

import (
	"context"
	"errors"
	"fmt"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/internal/iostreams"
)

// Exit codes, the same for every verb.
const (
	Clean       = 0
	Findings    = 1 // errors in what the user wrote
	CouldNotRun = 2 // wrong usage, no configuration, no permission
	Stale       = 3 // generated files are not what generate would write
)

// ExitError ends a run with a code. Err is printed where it is not nil; otherwise the verb
// has said everything.
type ExitError struct {
	Code int
	Err  error
}

func (e *ExitError) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("exit code %d", e.Code)
	}
	return e.Err.Error()
}

func (e *ExitError) Unwrap() error { return e.Err }

// Exit ends a run with a code after the verb has said why.
func Exit(code int) error { return &ExitError{Code: code} }

// Usage is an error in how a verb was called.
func Usage(format string, args ...any) error { return &usageError{fmt.Sprintf(format, args...)} }

type usageError struct{ message string }

func (e *usageError) Error() string { return e.message }

// NoArguments refuses arguments beside the flags.
func NoArguments(c *cli.Context) error {
	if c.Args().Present() {
		return Usage("%s takes no arguments, but %q was given", c.Command.Name, c.Args().First())
	}
	return nil
}

// OneOf refuses a flag's value that is none of the allowed ones.
func OneOf(flag, value string, allowed ...string) error {
	for _, a := range allowed {
		if value == a {
			return nil
		}
	}
	return Usage("--%s is %q; it can be %s", flag, value, list(allowed))
}

// App is a command line.
type App struct {
	Name, Usage string
	IO          *iostreams.Streams
	Verbs       []*cli.Command
	// Redirect gives for a word that is no verb, but might be taken for one, a line that says
	// what to do; "" for all others.
	Redirect func(word string) string
}

// Run runs one command line, the program's name first, and returns the exit code.
func (a *App) Run(args []string) (code int) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Fprintf(a.IO.Err, "%s: internal error[CV9001]: %v\n%s\nPlease report this with the input that led to it.\n", a.Name, r, debug.Stack())
			code = CouldNotRun
		}
	}()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()

	line, err := a.order(args)
	if err == nil {
		err = a.app().RunContext(ctx, line.args)
	}
	return a.finish(line.verb, err)
}

func (a *App) app() *cli.App {
	usage := func(_ *cli.Context, err error, _ bool) error { return Usage("%v", err) }
	var prepare func(verbs []*cli.Command)
	prepare = func(verbs []*cli.Command) {
		for _, v := range verbs {
			v.OnUsageError = usage
			v.HideHelpCommand = true
			v.CustomHelpTemplate = verbHelp
			if len(v.Subcommands) > 0 {
				v.CustomHelpTemplate = groupHelp
				prepare(v.Subcommands)
			}
			for _, f := range v.Flags {
				if b, ok := f.(*cli.BoolFlag); ok {
					b.DisableDefaultText = true // that it is off says nothing
				}
			}
		}
	}
	prepare(a.Verbs)
	return &cli.App{
		Name:                  a.Name,
		Usage:                 a.Usage,
		HideVersion:           true,
		HideHelpCommand:       true,
		Writer:                a.IO.Out,
		ErrWriter:             a.IO.Err,
		Commands:              a.Verbs,
		CustomAppHelpTemplate: appHelp,
		OnUsageError:          usage,
		// The library would end the process by itself.
		ExitErrHandler: func(*cli.Context, error) {},
	}
}

// appHelp is the whole program's help. Flags belong to verbs, so it lists verbs alone.
const appHelp = `{{.Name}}: {{.Usage}}

Usage: {{.Name}} <verb> [flags]

{{range .VisibleCommands}}   {{printf "%-12s" .Name}}{{.Usage}}
{{end}}
{{.Name}} <verb> --help tells more of a verb.
`

// verbHelp is a verb's help.
const verbHelp = `{{.HelpName}}: {{.Usage}}

Usage: {{.HelpName}} [flags]{{if .ArgsUsage}} {{.ArgsUsage}}{{end}}

{{range .VisibleFlags}}   {{.}}
{{end}}`

// groupHelp is the help of a verb that has verbs of its own.
const groupHelp = `{{.HelpName}}: {{.Usage}}

Usage: {{.HelpName}} <verb> [flags]

{{range .VisibleCommands}}   {{printf "%-12s" .Name}}{{.Usage}}
{{end}}
{{.HelpName}} <verb> --help tells more of a verb.
`

// finish says what went wrong and gives the exit code.
func (a *App) finish(verb string, err error) int {
	if err == nil {
		return Clean
	}
	name := a.Name
	if verb != "" {
		name += " " + verb
	}
	var usage *usageError
	if errors.As(err, &usage) {
		fmt.Fprintf(a.IO.Err, "%s: %s\n%s --help tells how it is called.\n", name, usage.message, name)
		return CouldNotRun
	}
	var exit *ExitError
	if errors.As(err, &exit) {
		if exit.Err != nil {
			fmt.Fprintf(a.IO.Err, "%s: %v\n", name, exit.Err)
		}
		return exit.Code
	}
	fmt.Fprintf(a.IO.Err, "%s: %v\n", name, err)
	return CouldNotRun
}
