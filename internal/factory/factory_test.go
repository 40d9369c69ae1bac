package factory

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/internal/iostreams"
)

// newApp has one verb that prints what it was given.
func newApp(io *iostreams.Streams) *App {
	var file string
	var check bool
	return &App{
		Name: "prog", Usage: "does things", IO: io,
		Redirect: func(word string) string {
			if word == "vet" {
				return "vet is not here"
			}
			return ""
		},
		Verbs: []*cli.Command{{
			Name: "generate", Aliases: []string{"gen"}, Usage: "writes",
			Flags: []cli.Flag{
				&cli.StringFlag{Name: "file", Aliases: []string{"f"}, Destination: &file},
				&cli.BoolFlag{Name: "check", Destination: &check},
			},
			Action: func(c *cli.Context) error {
				fmt.Fprintf(io.Out, "file=%s check=%v args=%q", file, check, c.Args().Slice())
				switch c.Args().First() {
				case "panic":
					panic("boom")
				case "findings":
					return Exit(Findings)
				case "usage":
					return OneOf("format", "xml", "text", "json")
				case "fail":
					return errors.New("disk full")
				case "none":
					return NoArguments(c)
				}
				return nil
			},
		}, {
			Name: "tree", Usage: "has verbs of its own",
			Subcommands: []*cli.Command{{
				Name: "grow", Usage: "makes it higher",
				Flags: []cli.Flag{&cli.StringFlag{Name: "by", Destination: &file}},
				Action: func(c *cli.Context) error {
					fmt.Fprintf(io.Out, "grow by=%s args=%q", file, c.Args().Slice())
					if c.Args().First() == "fail" {
						return errors.New("too high")
					}
					return nil
				},
			}},
		}},
	}
}

func TestCommandLines(t *testing.T) {
	for _, c := range []struct {
		line     string
		code     int
		out, err string // a part of what is printed; "" for nothing at all
	}{
		{"generate -f x", 0, "file=x check=false args=[]", ""},
		{"-f x generate", 0, "file=x", ""},
		{"--file=x generate --check", 0, "file=x check=true", ""},
		{"generate a -f x b --check", 0, `file=x check=true args=["a" "b"]`, ""},
		{"generate -- -f x", 0, `file= check=false args=["-f" "x"]`, ""},
		{"generate -", 0, `args=["-"]`, ""},
		{"gen -f=x", 0, "file=x", ""},
		{"generate --check=false", 0, "check=false", ""},
		{"generate --check=maybe", 2, "", "prog generate: invalid boolean value"},
		{"generate -f", 2, "", "prog generate: -f needs a value"},
		{"generate --chekc", 2, "", "there is no flag --chekc; did you mean --check?"},
		{"generate --zzzzz", 2, "", "prog generate: there is no flag --zzzzz\nprog generate --help tells how it is called.\n"},
		{"genrate", 2, "", `prog: there is no verb "genrate"; did you mean "generate"?`},
		{"zzz", 2, "", `there is no verb "zzz"; the verbs are gen, generate, tree`},
		{"vet", 2, "", "prog: vet is not here\n"},
		{"", 2, "", "prog: no verb was given"},
		{"-f x", 2, "", "no verb was given with -f"},
		{"--help", 0, "prog: does things", ""},
		{"help", 0, "prog: does things", ""},
		{"generate --help", 0, "--file value, -f value", ""},
		{"generate x -h", 0, "--file value, -f value", ""},
		{"help generate", 0, "--file value, -f value", ""},
		{"help zzz", 2, "", "there is no verb"},
		{"generate findings", 1, "args", ""},
		{"generate usage", 2, "args", "prog generate: --format is \"xml\"; it can be text or json\n"},
		{"generate fail", 2, "args", "prog generate: disk full\n"},
		{"generate none", 2, "args", `generate takes no arguments, but "none" was given`},
		{"tree grow oak --by 3", 0, `grow by=3 args=["oak"]`, ""},
		{"tree --by 3 grow", 0, "grow by=3", ""},
		{"tree grow --help", 0, "prog tree grow: makes it higher", ""},
		{"tree --help", 0, "prog tree: has verbs of its own", ""},
		{"help tree", 0, "grow        makes it higher", ""},
		{"tree", 2, "", "no verb was given"},
		{"tree grwo", 2, "", `there is no verb "grwo"; did you mean "grow"?`},
		{"tree grow --bu 3", 2, "", "did you mean --by?"},
		{"tree grow fail", 2, "grow", "prog tree grow: too high"},
		{"generate panic", 2, "args", "prog: internal error[CV9001]: boom"},
	} {
		t.Run(c.line, func(t *testing.T) {
			io, out, err := iostreams.Test()
			code := newApp(io).Run(append([]string{"prog"}, strings.Fields(c.line)...))
			if code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			for _, s := range []struct{ name, got, want string }{{"stdout", out.String(), c.out}, {"stderr", err.String(), c.err}} {
				if !strings.Contains(s.got, s.want) || s.want == "" && s.got != "" {
					t.Errorf("%s is %q, want %q", s.name, s.got, s.want)
				}
			}
		})
	}
}
