package file

import (
	"regexp"
	"slices"
	"strings"
)

// Form is how a folder writes its migrations.
type Form string

// The forms. The names are those of the tools, as a configuration writes them.
const (
	Own           Form = "covetsql"
	Goose         Form = "goose"
	GolangMigrate Form = "golang-migrate"
	Dbmate        Form = "dbmate"
	SQLMigrate    Form = "sql-migrate"
	Tern          Form = "tern"
	Atlas         Form = "atlas"
	Flyway        Form = "flyway"
)

// Forms are all of them, in the order in which people are told of them.
var Forms = []Form{Own, Goose, GolangMigrate, Dbmate, SQLMigrate, Tern, Atlas, Flyway}

// traits are what differs between forms.
type traits struct {
	// pattern matches the names of the files; its groups are called version, name, side and kind.
	pattern *regexp.Regexp
	// example is a name that fits, for errors.
	example string
	// numeric: versions are numbers, 007 is 7. Otherwise they are text, and ordered as the tool orders them.
	numeric bool
	// up is the line that starts the up side where the form has sections.
	up string
}

var formTraits = map[Form]traits{
	Own:           {pattern: regexp.MustCompile(`^(?P<version>\d+)_(?P<name>[A-Za-z0-9_.-]+?)\.(?P<side>up|down)\.sql$`), example: "20261123120000_add_users.up.sql", numeric: true},
	GolangMigrate: {pattern: regexp.MustCompile(`^(?P<version>\d+)_(?P<name>.*)\.(?P<side>up|down)\.sql$`), example: "000001_add_users.up.sql", numeric: true},
	Goose:         {pattern: regexp.MustCompile(`^(?P<version>\d+)_(?P<name>.*)\.(?P<kind>sql|go)$`), example: "00001_add_users.sql", numeric: true, up: "-- +goose Up"},
	Dbmate:        {pattern: regexp.MustCompile(`^(?P<version>\d+)[_-]?(?P<name>.*)\.sql$`), example: "20261123120000_add_users.sql", up: "-- migrate:up"},
	SQLMigrate:    {pattern: regexp.MustCompile(`^(?P<version>(?P<name>.*)\.sql)$`), example: "20261123120000-add_users.sql", up: "-- +migrate Up"},
	Tern:          {pattern: regexp.MustCompile(`^(?P<version>\d+)_(?P<name>.+)\.sql$`), example: "001_add_users.sql", numeric: true},
	Atlas:         {pattern: regexp.MustCompile(`^(?P<version>[^_]+)(?:_(?P<name>.*))?\.sql$`), example: "20261123120000_add_users.sql"},
	Flyway:        {pattern: regexp.MustCompile(`^(?:(?P<kind>[VUB])(?P<version>\d+(?:[._]\d+)*)__(?P<name>.*)|R__(?P<repeat>.*))\.sql$`), example: "V1__add_users.sql"},
}

// known tells whether a configuration may name the form.
func known(f Form) bool { _, ok := formTraits[f]; return ok }

// names is how the forms are listed in errors.
func names() string {
	out := make([]string, len(Forms))
	for i, f := range Forms {
		out[i] = string(f)
	}
	return strings.Join(out, ", ")
}

// detect finds the form of a folder by its lists, its names and its section lines. texts are those of the .sql files by name.
func detect(all []string, texts map[string]string) (Form, error) {
	for _, name := range all {
		if name == SumFile {
			return Own, nil
		}
	}
	if len(texts) == 0 {
		for _, name := range all {
			switch name {
			case atlasSum:
				return Atlas, nil
			case "tern.conf":
				return Tern, nil
			}
			if m := formTraits[Goose].pattern.FindStringSubmatch(name); m != nil && strings.HasSuffix(name, ".go") {
				return Goose, nil
			}
		}
		return Own, nil
	}
	// What says the form by itself, in any one file.
	found := map[Form]string{}
	for name, text := range texts {
		switch {
		case formTraits[Flyway].pattern.MatchString(name):
			found[Flyway] = name
			continue
		case formTraits[GolangMigrate].pattern.MatchString(name):
			found[GolangMigrate] = name
			continue
		}
		for line := range strings.Lines(text) {
			if f := sectionForm(line); f != "" {
				found[f] = name
				break
			}
		}
	}
	if _, pairs := found[GolangMigrate]; pairs && slices.Contains(all, atlasSum) {
		for name := range texts {
			if !formTraits[GolangMigrate].pattern.MatchString(name) {
				return Atlas, nil // whose names may end in anything
			}
		}
	}
	if len(found) == 1 {
		for f := range found {
			return f, nil
		}
	}
	if len(found) > 1 {
		var seen []string
		for _, f := range Forms {
			if name, ok := found[f]; ok {
				seen = append(seen, name+" is in the form of "+string(f))
			}
		}
		return "", &Error{Text: "the folder holds migrations of several forms: " + strings.Join(seen, ", "),
			Do: "name the form in the configuration (migrations: form), or keep each form in a folder of its own"}
	}
	for _, name := range all { // Atlas keeps its list beside files of other forms, too
		switch name {
		case atlasSum:
			return Atlas, nil
		case "tern.conf":
			return Tern, nil
		}
	}
	return "", &Error{Text: "no file of the folder says which tool's form it is in",
		Do: "name the form in the configuration (migrations: form): " + names()}
}

// sectionForm is the form that a line of SQL belongs to, or "".
func sectionForm(line string) Form {
	line = strings.TrimSpace(line)
	if !strings.HasPrefix(line, "--") {
		return ""
	}
	if strings.HasPrefix(line, ternSeparator) || line == ternDisable {
		return Tern
	}
	words := strings.Fields(strings.TrimLeft(line, "-"))
	if len(words) == 0 {
		return ""
	}
	switch word := strings.ToLower(words[0]); {
	case word == "+goose":
		return Goose
	case word == "+migrate":
		return SQLMigrate
	case word == "migrate:up", word == "migrate:down":
		return Dbmate
	case strings.HasPrefix(word, "atlas:"):
		return Atlas
	}
	return ""
}
