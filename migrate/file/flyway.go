package file

import (
	"regexp"
	"strings"

	"github.com/covetsql/covetsql/compiler/source"
)

var placeholder = regexp.MustCompile(`\$\{[^}\n]*\}`)

// flyway takes a file of Flyway's: V goes up to a version, U back from it, B is all up to it at once, R runs whenever it changed.
func (r *reader) flyway(name, kind, version, title, repeat string) error {
	f := source.NewFile(name, r.texts[name])
	settings := r.texts[name+".conf"]
	var problem error
	if loc := placeholder.FindStringIndex(f.Text); loc != nil && !setting(settings, "placeholderReplacement", "false") {
		problem = at(f, loc[0], "the file has the placeholder "+f.Text[loc[0]:loc[1]]+", and templates are not run",
			"write out what stands for it; where it is meant as it is, say placeholderReplacement=false in "+name+".conf")
	}
	side := func(which int, s sections, replaces *[]string) Side {
		if problem != nil {
			return Side{File: f, Problem: problem}
		}
		return r.side(f, s, which, replaces)
	}
	s := sections{none: [2]bool{setting(settings, "executeInTransaction", "false"), setting(settings, "executeInTransaction", "false")}}
	text, sum := normal(f.Text)
	if kind == "" {
		m := &Migration{Version: name, Name: strings.ReplaceAll(repeat, "_", " "), Path: name, Text: text, Checksum: sum, Repeatable: true}
		m.Up = side(0, s, nil)
		r.folder.Repeatables = append(r.folder.Repeatables, m)
		return nil
	}
	key := version
	if kind == "B" {
		key = "B" + version
	}
	m := r.byVersion[key]
	if m == nil {
		m = &Migration{Version: version, Name: title, Checkpoint: kind == "B"}
		r.byVersion[key] = m
		r.folder.Migrations = append(r.folder.Migrations, m)
	}
	if kind == "U" {
		if m.Down.Exists() {
			return &Error{Path: name, Text: "version " + version + " is undone by " + m.Down.File.Path + " too"}
		}
		m.Down = side(1, s, nil)
		return nil
	}
	if m.Up.Exists() {
		return &Error{Path: name, Text: "version " + version + " is that of " + m.Path + " too", Do: "give the newer of the two a version of its own"}
	}
	m.Name, m.Path, m.Text, m.Checksum = title, name, text, sum
	m.Up = side(0, s, &m.Replaces)
	return nil
}

// setting tells whether a file of settings gives a key a value.
func setting(text, key, value string) bool {
	for line := range strings.Lines(text) {
		k, v, _ := strings.Cut(line, "=")
		if strings.TrimSpace(k) == key && strings.EqualFold(strings.TrimSpace(v), value) {
			return true
		}
	}
	return false
}
