package file

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/covetsql/covetsql/compiler/token"
)

// Content is a migration that is to be written.
type Content struct {
	// Name is what the migration is called; blanks and hyphens become underscores.
	Name string
	// Head are lines of explanation that are put above, without comment signs.
	Head []string
	// Up and Down are statements without semicolons behind them; comments, directives among them, may stand before each.
	// No Down: nothing is said of the way back.
	Up, Down []string
	// NoTransaction: the statements run one by one, committed each.
	NoTransaction bool
	// Directives are lines such as "covet:lock_timeout 3s" for both sides.
	Directives []string
	// Seal writes the checksums of the files into the folder's list. A migration that somebody still has to write is not sealed.
	Seal bool

	upDirectives []string // for the up side alone
}

// Written is a file to be written: its name in the folder, and its text. Replace: it may be there already.
type Written struct {
	Name, Text string
	Replace    bool
}

var (
	unfit   = regexp.MustCompile(`[^a-z0-9_]+`)
	oneName = regexp.MustCompile(`^[a-z0-9][a-z0-9_]*$`)
)

// New is the files of a new migration, the newest of the folder, in the folder's own form. at gives the version in forms
// that have times for versions.
func (f *Folder) New(c Content, at time.Time) (version string, files []Written, err error) {
	name := strings.Trim(unfit.ReplaceAllString(strings.ToLower(c.Name), "_"), "_")
	if !oneName.MatchString(name) || len(name) > 120 {
		return "", nil, &Error{Text: "a migration can't be called " + quoted(c.Name), Do: "use letters, digits and underscores, at most 120"}
	}
	version, err = f.next(at)
	if err != nil {
		return "", nil, err
	}
	return f.write(version, name, c)
}

// write is the files of a migration of a version.
func (f *Folder) write(version, name string, c Content) (_ string, files []Written, err error) {
	var head strings.Builder
	for _, line := range c.Head {
		head.WriteString("-- " + strings.TrimRight(line, " \r\n") + "\n")
	}
	directives := c.Directives
	if c.NoTransaction && (f.Form == Own || f.Form == GolangMigrate) {
		directives = append([]string{"covet:transaction none"}, directives...)
	}
	side := func(statements []string, more ...string) string {
		var b strings.Builder
		all := append(slices.Clone(directives), more...)
		for _, d := range all {
			b.WriteString("-- " + d + "\n")
		}
		for i, s := range statements {
			if i > 0 || len(all) > 0 {
				b.WriteString("\n")
			}
			b.WriteString(f.statement(s))
		}
		return b.String()
	}
	up, down := side(c.Up, c.upDirectives...), side(c.Down)
	switch f.Form {
	case Own, GolangMigrate:
		stem := version + "_" + name
		files = []Written{{Name: stem + ".up.sql", Text: head.String() + up}, {Name: stem + ".down.sql", Text: down}}
		if c.Down == nil {
			files = files[:1]
		}
	case Goose:
		none := ""
		if c.NoTransaction {
			none = "-- +goose NO TRANSACTION\n"
		}
		files = []Written{{Name: version + "_" + name + ".sql", Text: head.String() + none + "-- +goose Up\n" + up + section(c.Down, "\n-- +goose Down\n"+down)}}
	case SQLMigrate:
		none := ""
		if c.NoTransaction {
			none = " notransaction"
		}
		version += "-" + name + ".sql"
		files = []Written{{Name: version, Text: head.String() + "-- +migrate Up" + none + "\n" + up + section(c.Down, "\n-- +migrate Down"+none+"\n"+down)}}
	case Dbmate:
		none := ""
		if c.NoTransaction {
			none = " transaction:false"
		}
		files = []Written{{Name: version + "_" + name + ".sql", Text: head.String() + "-- migrate:up" + none + "\n" + up + "\n-- migrate:down" + none + "\n" + down}}
	case Tern:
		none := ""
		if c.NoTransaction {
			none = ternDisable + "\n"
		}
		files = []Written{{Name: version + "_" + name + ".sql", Text: head.String() + none + up + section(c.Down, "\n"+ternSeparator+"\n\n"+down)}}
		for _, s := range append(c.Up, c.Down...) {
			if strings.Contains(s, "{{") {
				return "", nil, &Error{Text: "a statement holds {{, which tern would run as a template", Do: "write the migration by hand"}
			}
		}
	case Atlas:
		none := ""
		if c.NoTransaction {
			none = "-- atlas:txmode none\n\n"
		}
		text := none + head.String() + up
		if c.Down != nil {
			text = "-- atlas:txtar\n\n-- migration.sql --\n" + text + "\n-- down.sql --\n" + none + down
		}
		files = []Written{{Name: version + "_" + name + ".sql", Text: text}}
	case Flyway:
		stem := version + "__" + name + ".sql"
		files = []Written{{Name: "V" + stem, Text: head.String() + up}}
		if c.Down != nil {
			files = append(files, Written{Name: "U" + stem, Text: down})
		}
		settings := ""
		if c.NoTransaction {
			settings += "executeInTransaction=false\n"
		}
		for _, w := range files {
			more := settings
			if placeholder.MatchString(w.Text) {
				more += "placeholderReplacement=false\n"
			}
			if more != "" {
				files = append(files, Written{Name: w.Name + ".conf", Text: more})
			}
		}
	}
	list, err := f.listed(files, c.Seal)
	if err != nil {
		return "", nil, err
	}
	return version, append(files, list...), nil
}

func section(side []string, text string) string {
	if side == nil {
		return ""
	}
	return text
}

// statement writes one statement so that the form's tool finds its end.
func (f *Folder) statement(s string) string {
	s = strings.TrimRight(strings.TrimSpace(s), ";")
	word := map[Form]string{Goose: "+goose", SQLMigrate: "+migrate"}[f.Form]
	if word == "" {
		return s + ";\n"
	}
	tokens, _ := token.Lex(s, f.Dialect)
	// These tools end a statement at a semicolon at a line's end, wherever it stands.
	if !strings.Contains(s, ";") || len(tokens) == 0 {
		return s + ";\n"
	}
	return "-- " + word + " StatementBegin\n" + s + ";\n-- " + word + " StatementEnd\n"
}

// listed is the folder's list of checksums with the new files in it.
func (f *Folder) listed(files []Written, seal bool) ([]Written, error) {
	switch f.Form {
	case Own:
		var b strings.Builder
		b.WriteString(sumHead + "\n")
		if f.Sum != nil {
			for _, s := range f.Sum.Files {
				b.WriteString(s.Name + " " + s.Sum + "\n")
			}
		}
		if seal {
			for _, w := range files {
				_, sum := normal(w.Text)
				b.WriteString(w.Name + " sha256:" + sum + "\n")
			}
		}
		return []Written{{Name: SumFile, Text: b.String(), Replace: true}}, nil
	case Atlas:
		more := *f
		more.Migrations = append([]*Migration(nil), f.Migrations...)
		for _, w := range files {
			more.Migrations = append(more.Migrations, &Migration{Path: w.Name, raw: w.Text})
		}
		name, text, _ := more.Hash()
		return []Written{{Name: name, Text: text, Replace: true}}, nil
	}
	return nil, nil
}

// next is the version of a new migration, as the file's name writes it. Folders whose versions count go on counting; others take the time.
func (f *Folder) next(at time.Time) (string, error) {
	last := ""
	for _, m := range f.Migrations {
		last = m.Version
		if f.Form == SQLMigrate {
			last = digits(last)
		}
	}
	stamp := at.UTC().Format("20060102150405")
	counts := last != "" && len(digits(strings.TrimLeft(last, "0"))) < 8
	if last == "" {
		counts = f.Form == Tern || f.Form == Flyway
	}
	if f.Form == Flyway {
		last, _, _ = strings.Cut(last, ".")
	}
	if !counts {
		if last != "" && Compare(GolangMigrate, digits(last), stamp) >= 0 {
			n, err := strconv.ParseUint(digits(last), 10, 64)
			if err != nil {
				return "", &Error{Text: "the newest version, " + last + ", is no number to count on from", Do: "name the file by hand"}
			}
			return strconv.FormatUint(n+1, 10), nil
		}
		return stamp, nil
	}
	n := uint64(0)
	if last != "" {
		var err error
		if n, err = strconv.ParseUint(digits(last), 10, 64); err != nil {
			return "", &Error{Text: "the newest version, " + last + ", is no number to count on from", Do: "name the file by hand"}
		}
	}
	width := map[Form]int{Tern: 3, GolangMigrate: 6, Goose: 5}[f.Form]
	if len(f.Migrations) > 0 && f.Form != Flyway {
		width = len(digits(f.Migrations[len(f.Migrations)-1].Path))
	}
	return fmt.Sprintf("%0*d", width, n+1), nil
}

// Disk is a folder on disk. Its paths can't leave it, by .. or by links.
type Disk struct {
	root *os.Root
	path string
}

// OpenDisk opens a folder on disk; it is there already.
func OpenDisk(path string) (*Disk, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, &Error{Text: "the folder of migrations can't be opened", Err: err}
	}
	return &Disk{root, path}, nil
}

// Close lets the folder go.
func (d *Disk) Close() error { return d.root.Close() }

// FS is the folder for reading.
func (d *Disk) FS() fs.FS { return d.root.FS() }

// Path is what the folder was opened by.
func (d *Disk) Path() string { return d.path }

// Write writes files whole or not at all, and none where one that may not be there already is.
func (d *Disk) Write(files []Written) (err error) {
	for _, w := range files {
		if !fs.ValidPath(w.Name) || strings.ContainsAny(w.Name, `/\`) {
			return &Error{Path: w.Name, Text: "this is no name of a file in the folder"}
		}
		if _, err := d.root.Lstat(w.Name); err == nil && !w.Replace {
			return &Error{Path: w.Name, Text: "the file is there already", Do: "choose another name"}
		}
	}
	var done []string
	defer func() {
		if err != nil {
			for _, name := range done {
				err = errors.Join(err, d.root.Remove(name))
			}
		}
	}()
	for _, w := range files {
		part := w.Name + ".part"
		if err := d.root.WriteFile(part, []byte(w.Text), 0o644); err != nil {
			return &Error{Path: w.Name, Text: "the file can't be written", Err: err}
		}
		if err := d.root.Rename(part, w.Name); err != nil {
			return &Error{Path: w.Name, Text: "the file can't be written", Err: errors.Join(err, d.root.Remove(part))}
		}
		if !w.Replace {
			done = append(done, w.Name)
		}
	}
	return nil
}

// Remove removes files of the folder.
func (d *Disk) Remove(names ...string) error {
	for _, name := range names {
		if err := d.root.Remove(name); err != nil {
			return &Error{Path: name, Text: "the file can't be removed", Err: err}
		}
	}
	return nil
}
