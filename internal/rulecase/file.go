// Package rulecase reads and runs the cases that stand beside a rule of vet: queries that are bad and good, and proofs on
// real servers. A file is sections:
//
//	== schema [postgresql, mysql, sqlite]
//	== rows [mysql]                    what fills the tables, for rules that judge plans: runs after the schema
//	== bad: what is wrong              one or more queries; the rule finds something in each file
//	== good: what is right             the rule finds nothing
//	== proof: what rows or plans show  runs on the servers
//
// bad, good and proof may have [engines] behind the word; else they are for all engines that have a schema. A query without a header
// gets one. A line "-- at: text" in a bad case says with what text the finding's place begins; "-- finds: N" how many there
// are. A proof is statements, then "-- run" with a statement and "-- gives" with the rows that it gives, fields between |,
// or "-- gives ~ regexp" with what the output is to match: rows, or "ERROR: …". Of a proof "mysql" is MySQL and MariaDB.
package rulecase

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Case is one section of a file, for one engine.
type Case struct {
	Kind   string // "bad", "good" or "proof"
	Name   string
	Engine string // "postgresql", "mysql", "mariadb" or "sqlite"
	Schema string
	Rows   string
	Text   string
	At     string
	Finds  int // -1 where nothing is said of the number
	Line   int
}

var title = regexp.MustCompile(`^== (schema|rows|bad|good|proof)(?: \[([a-z, ]+)\])?(?:: (.+))?$`)

// Read reads a file of cases.
func Read(path string) ([]Case, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var out []Case
	schema, rows := map[string]string{}, map[string]string{}
	lines := strings.Split(string(b), "\n")
	for i := 0; i < len(lines); i++ {
		if strings.TrimSpace(lines[i]) == "" {
			continue
		}
		m := title.FindStringSubmatch(lines[i])
		if m == nil {
			return nil, fmt.Errorf("%s:%d: %q is no title of a section", path, i+1, lines[i])
		}
		c := Case{Kind: m[1], Name: m[3], Line: i + 1, Finds: -1}
		var body []string
		for i+1 < len(lines) && !strings.HasPrefix(lines[i+1], "== ") {
			i++
			switch at, ok := strings.CutPrefix(lines[i], "-- at: "); {
			case ok:
				c.At = at
			case strings.HasPrefix(lines[i], "-- finds: "):
				if c.Finds, err = strconv.Atoi(strings.TrimPrefix(lines[i], "-- finds: ")); err != nil {
					return nil, fmt.Errorf("%s:%d: %w", path, i+1, err)
				}
			default:
				body = append(body, lines[i])
			}
		}
		c.Text = strings.TrimSpace(strings.Join(body, "\n")) + "\n"
		var engines []string
		if m[2] != "" {
			for e := range strings.SplitSeq(m[2], ",") {
				engines = append(engines, strings.TrimSpace(e))
			}
		}
		if c.Kind == "schema" || c.Kind == "rows" {
			if engines == nil {
				engines = []string{"postgresql", "mysql", "sqlite"}
			}
			for _, e := range engines {
				if c.Kind == "rows" {
					rows[e] = c.Text
				} else {
					schema[e] = c.Text
				}
			}
			continue
		}
		if c.Name == "" {
			return nil, fmt.Errorf("%s:%d: the case has no name", path, i+1)
		}
		if engines == nil {
			for _, e := range []string{"postgresql", "mysql", "sqlite"} {
				if _, ok := schema[e]; ok {
					engines = append(engines, e)
				}
			}
		}
		if (c.Kind == "proof" || len(rows) > 0) && slices.Contains(engines, "mysql") {
			engines = append(engines, "mariadb")
		}
		for _, e := range engines {
			at := c
			at.Engine = e
			if s, ok := schema[e]; ok {
				at.Schema = s
			} else if e == "mariadb" {
				at.Schema = schema["mysql"]
			}
			if at.Rows = rows[e]; at.Rows == "" && e == "mariadb" {
				at.Rows = rows["mysql"]
			}
			out = append(out, at)
		}
	}
	return out, nil
}

// Step is a statement of a proof and what it gives.
type Step struct {
	Statement, Gives string
	Matches          bool // Gives is a regular expression
}

// Proof takes a proof apart: the statements that come first, and the steps.
func (c *Case) Proof() (setup string, steps []Step) {
	setup, rest, more := strings.Cut(c.Text, "-- run\n")
	for more {
		var part string
		part, rest, more = strings.Cut(rest, "-- run\n")
		statement, gives, _ := strings.Cut(part, "-- gives")
		s := Step{Statement: strings.TrimSpace(statement)}
		if pattern, ok := strings.CutPrefix(gives, " ~ "); ok {
			s.Gives, s.Matches = strings.TrimSpace(pattern), true
		} else {
			s.Gives = strings.TrimSpace(gives)
		}
		steps = append(steps, s)
	}
	return setup, steps
}
