// Package dev is the verb `covetsql dev`: what those who work on covetsql itself need.
package dev

import (
	"embed"
	"fmt"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/internal/factory"
	"github.com/covetsql/covetsql/internal/iostreams"
)

//go:embed template
var template embed.FS

// Options are what the verb needs.
type Options struct {
	IO *iostreams.Streams
	// Root is the folder of covetsql's source; "" looks for it from the working folder up.
	Root string
	// Kind is the beginning of the rule's code, or the whole of it.
	Kind string
}

// New makes the verb.
func New(io *iostreams.Streams) *cli.Command {
	o := &Options{IO: io}
	return &cli.Command{
		Name:      "dev",
		Usage:     "work on covetsql itself: dev new-rule SLUG makes a rule of vet",
		ArgsUsage: "new-rule SLUG",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "kind", Value: "CV41", Usage: "the beginning of the rule's code, as docs/rules lists them, or the whole code", Destination: &o.Kind},
		},
		Action: func(c *cli.Context) error {
			if c.Args().Len() != 2 || c.Args().First() != "new-rule" {
				return factory.Usage("it is called as: covetsql dev new-rule SLUG")
			}
			return NewRule(o, c.Args().Get(1))
		},
	}
}

var slugs = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// NewRule makes the folder of a rule with the next free code of its kind, and writes the list of rules and docs/rules anew. What it makes
// builds, and its cases pass; it is a rule to start from.
func NewRule(o *Options, slug string) error {
	name := strings.ReplaceAll(slug, "-", "")
	if !slugs.MatchString(slug) || !token.IsIdentifier(name) {
		return factory.Usage("%q can not be the name of a rule: small letters and digits with dashes between, as in limit-without-order", slug)
	}
	if c, ok := diag.Lookup(slug); ok {
		return factory.Usage("%s is called %s", c.ID, slug)
	}
	root := o.Root
	if root == "" {
		var err error
		if root, err = sources("."); err != nil {
			return err
		}
	}
	folder := filepath.Join(root, "analyzer", "rules")
	code, err := free(folder, o.Kind)
	if err != nil {
		return err
	}
	to := filepath.Join(folder, slug)
	if err := os.Mkdir(to, 0o755); err != nil {
		return err
	}
	replace := strings.NewReplacer("CV0000", code, "the-slug", slug, "theslug", name)
	for _, file := range []string{"rule.go", "page.md", "cases.txt"} {
		text, err := template.ReadFile("template/" + file + ".in")
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, file), []byte(replace.Replace(string(text))), 0o644); err != nil {
			return err
		}
	}
	for _, generator := range []string{"./internal/gen/rules", "./internal/gen/ruledocs"} {
		c := exec.Command("go", "run", generator)
		c.Dir = root
		if out, err := c.CombinedOutput(); err != nil {
			return fmt.Errorf("go run %s: %w\n%s", generator, err, out)
		}
	}
	fmt.Fprintf(o.IO.Out, "%s %s: write its check in rule.go, say why in page.md, show it in cases.txt\n%s\n", code, slug, filepath.ToSlash(to))
	fmt.Fprintf(o.IO.Out, "go test ./analyzer/rules -run '/%s' runs them; make rules after the page changed\n", slug)
	return nil
}

// sources is the folder of covetsql's module above a folder.
func sources(from string) (string, error) {
	dir, err := filepath.Abs(from)
	if err != nil {
		return "", err
	}
	for {
		text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && strings.HasPrefix(string(text), "module github.com/covetsql/covetsql\n") {
			return dir, nil
		}
		if filepath.Dir(dir) == dir {
			return "", fmt.Errorf("this is not the source of covetsql: rules of a project of your own are written in CEL, see docs/vet.md")
		}
		dir = filepath.Dir(dir)
	}
}

var title = regexp.MustCompile(`^# (CV\d{4}) `)

// free is the code behind the highest one of a kind, by the pages in a folder of rules.
func free(folder, kind string) (string, error) {
	kind = strings.ToUpper(kind)
	if !regexp.MustCompile(`^CV[45]\d(\d\d)?$`).MatchString(kind) {
		return "", factory.Usage("--kind is %q; it is the beginning of a code, as CV41 or CV50", kind)
	}
	pages, err := filepath.Glob(filepath.Join(folder, "*", "page.md"))
	if err != nil {
		return "", err
	}
	highest := 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			return "", err
		}
		m := title.FindStringSubmatch(string(text))
		if m == nil || !strings.HasPrefix(m[1], kind) {
			continue
		}
		if m[1] == kind {
			return "", factory.Usage("%s is taken by %s", kind, filepath.Base(filepath.Dir(page)))
		}
		n, _ := strconv.Atoi(m[1][len("CV"):])
		highest = max(highest, n)
	}
	if len(kind) == len("CV0000") {
		return kind, nil
	}
	first, _ := strconv.Atoi(kind[len("CV"):] + "00")
	if highest = max(highest, first); highest%100 == 99 {
		return "", fmt.Errorf("%s has no free code behind %d", kind, highest)
	}
	return fmt.Sprintf("CV%04d", highest+1), nil
}
