package file

import (
	"regexp"
	"slices"
	"strings"
)

// sideLine is a line that speaks of a whole side.
var sideLine = regexp.MustCompile(`(?m)^[ \t]*--[ \t]*covet:(transaction|lock_timeout|foreign_keys|replaces)\b.*\n?`)

// Squash puts the migrations from one version to another into one, which has the last one's version and says in a line for
// which it stands: a database that has all of them takes it for applied, a new one runs it alone. remove are the files that it
// stands for. The statements stay as they are, with their comments, one file's behind the other's, and on the way back in the
// opposite order; where one can't be undone, neither can the whole.
func (f *Folder) Squash(from, to string, name string) (version string, files []Written, remove []string, err error) {
	var all []*Migration
	for _, m := range f.Migrations {
		if Compare(f.Form, m.Version, from) >= 0 && Compare(f.Form, m.Version, to) <= 0 {
			all = append(all, m)
		}
	}
	if len(all) < 2 || f.Find(from) == nil || f.Find(to) == nil {
		return "", nil, nil, &Error{Text: "there are no two migrations from version " + from + " to " + to, Do: "covetsql migrate status lists the versions"}
	}
	if f.Form == Tern {
		return "", nil, nil, &Error{Text: "tern's migrations are numbered without a gap, so that none can stand for several", Do: "leave them, or start a folder in another form with a baseline"}
	}
	c := Content{Name: name, Head: []string{"What " + all[0].Path + " to " + all[len(all)-1].Path + " did."}, Seal: true}
	var replaces, directives []string
	undo := true
	for _, m := range all {
		if m.Go || m.Checkpoint {
			return "", nil, nil, &Error{Path: m.Path, Text: "the migration is no SQL that could stand in another file", Do: "squash up to the one before it, and from the one behind it"}
		}
		for _, side := range []Side{m.Up, m.Down} {
			switch {
			case side.Problem != nil:
				return "", nil, nil, side.Problem
			case side.Transaction == Grouped:
				return "", nil, nil, &Error{Path: side.File.Path, Text: "the file has transactions of its own, which would not fit those of the others", Do: "squash up to the one before it, and from the one behind it"}
			case side.Exists() && len(side.Statements) > 0 && (side.Transaction == None) != (all[0].Up.Transaction == None):
				return "", nil, nil, &Error{Path: side.File.Path, Text: "some of the files run outside of a transaction, and others in one", Do: "squash each kind by itself"}
			}
			if side.ForeignKeysOff && !slices.Contains(directives, "covet:foreign_keys off") {
				directives = append(directives, "covet:foreign_keys off")
			}
		}
		replaces = append(replaces, m.Replaces...)
		if !slices.Contains(replaces, m.Version) {
			replaces = append(replaces, m.Version)
		}
		undo = undo && m.Down.Exists()
		c.Up = append(c.Up, texts(m.Up)...)
		remove = append(remove, m.Path)
		if m.Down.Exists() && m.Down.File.Path != m.Path {
			remove = append(remove, m.Down.File.Path)
		}
	}
	if undo {
		for i := range all {
			c.Down = append(c.Down, texts(all[len(all)-1-i].Down)...)
		}
	}
	c.NoTransaction = all[0].Up.Transaction == None
	c.Directives, c.upDirectives = directives, []string{"covet:replaces " + strings.Join(replaces, " ")}
	title := strings.Trim(unfit.ReplaceAllString(strings.ToLower(name), "_"), "_")
	if !oneName.MatchString(title) {
		return "", nil, nil, &Error{Text: "a migration can't be called " + quoted(name), Do: "use letters, digits and underscores"}
	}
	last := all[len(all)-1]
	number := digits(last.Path)
	switch f.Form {
	case Flyway:
		number = last.Version
	case Atlas:
		number = last.Version
	case SQLMigrate:
		return "", nil, nil, &Error{Text: "sql-migrate knows migrations by their files' names, so that none can stand for several", Do: "leave them, or start a folder in another form with a baseline"}
	}
	kept := *f
	if f.Sum != nil {
		sum := *f.Sum
		sum.Files = slices.DeleteFunc(slices.Clone(sum.Files), func(s FileSum) bool { return slices.Contains(remove, s.Name) })
		kept.Sum = &sum
	}
	kept.Migrations = slices.DeleteFunc(slices.Clone(f.Migrations), func(m *Migration) bool { return slices.Contains(all, m) })
	if version, files, err = kept.write(number, title, c); err != nil {
		return "", nil, nil, err
	}
	for i, w := range files {
		if at := slices.Index(remove, w.Name); at >= 0 {
			files[i].Replace = true
			remove = slices.Delete(remove, at, at+1)
		}
	}
	return version, files, remove, nil
}

// texts are a side's statements with the comments before each.
func texts(s Side) (out []string) {
	from := 0
	for _, st := range s.Statements {
		before := s.File.Text[from:st.Span.Start]
		from = int(st.Span.End)
		// What ends the statement before: a semicolon, or a delimiter of MySQL's client.
		if i := strings.IndexByte(before, '\n'); i >= 0 && len(out) > 0 {
			before = before[i+1:]
		} else if len(out) > 0 {
			before = ""
		}
		before = sideLine.ReplaceAllString(before, "")
		var comments strings.Builder
		for line := range strings.Lines(before) {
			if strings.HasPrefix(strings.TrimSpace(line), "-- ") && !strings.HasPrefix(strings.TrimSpace(line), "-- +") {
				comments.WriteString(strings.TrimSpace(line) + "\n")
			}
		}
		for _, word := range ofStatement { // in whatever form of comment they stand
			if is := map[string]bool{"batch": st.Batch, "check": st.Check}[word]; is && !strings.Contains(comments.String(), mark+word) {
				comments.WriteString("-- " + mark + word + "\n")
			}
		}
		out = append(out, comments.String()+st.SQL)
	}
	return out
}
