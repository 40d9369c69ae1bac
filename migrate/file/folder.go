package file

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// Folder is a folder of migrations that was read.
type Folder struct {
	Form    Form
	Dialect token.Dialect
	// Migrations are those with a version, in the order in which they are applied.
	Migrations []*Migration
	// Repeatables run after them (Flyway's R__ files), in order of their names.
	Repeatables []*Migration
	// Ignored are files that look like no migration of the form, and would look like one to nobody.
	Ignored []string
	// Sum is what the folder's list of checksums says; nil where it has none.
	Sum *Sum
}

// Options say how a folder is read.
type Options struct {
	// Form is the folder's; "" finds it out.
	Form Form
	// Dialect is the engine's lexical side.
	Dialect token.Dialect
}

// maxFile is the size above which a file is no migration.
const maxFile = 256 << 20

// Open reads the migrations of a folder, which is the root of fsys: no folder below it is read. A folder on disk is opened by
// Disk, whose paths can't leave it; of other file systems a symbolic link that leads out is refused.
func Open(fsys fs.FS, o Options) (*Folder, error) {
	if o.Form != "" && !known(o.Form) {
		return nil, &Error{Text: "unknown form of migrations " + quoted(string(o.Form)), Do: "there are " + names()}
	}
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, &Error{Text: "the folder of migrations can't be read", Err: err}
	}
	var all []string
	texts := map[string]string{}
	for _, e := range entries {
		name := e.Name()
		if strings.HasPrefix(name, ".") || e.IsDir() {
			continue
		}
		all = append(all, name)
		if !strings.HasSuffix(name, ".sql") && name != SumFile && name != atlasSum && !strings.HasSuffix(name, ".sql.conf") {
			continue
		}
		text, err := read(fsys, e)
		if err != nil {
			return nil, err
		}
		texts[name] = text
	}
	r := reader{texts: texts, byVersion: map[string]*Migration{}}
	lists := map[string]string{SumFile: texts[SumFile], atlasSum: texts[atlasSum]}
	delete(texts, SumFile)
	delete(texts, atlasSum)
	r.folder = &Folder{Form: o.Form, Dialect: o.Dialect}
	if o.Form == "" {
		sqls := map[string]string{}
		for name, text := range texts {
			if strings.HasSuffix(name, ".sql") {
				sqls[name] = text
			}
		}
		if r.folder.Form, err = detect(all, sqls); err != nil {
			return nil, err
		}
	}
	for _, name := range all {
		if err := r.add(name); err != nil {
			return nil, err
		}
	}
	if err := r.finish(); err != nil {
		return nil, err
	}
	for _, name := range all {
		if (name == SumFile && r.folder.Form == Own) || (name == atlasSum && r.folder.Form == Atlas) {
			if r.folder.Sum, err = parseSum(name, lists[name]); err != nil {
				return nil, err
			}
		}
	}
	return r.folder, nil
}

// read reads a file that is a file, or a link to one within the folder.
func read(fsys fs.FS, e fs.DirEntry) (string, error) {
	name := e.Name()
	if e.Type()&fs.ModeSymlink != 0 {
		target, err := fs.ReadLink(fsys, name)
		if err == nil && !fs.ValidPath(path.Clean(target)) {
			err = errors.New("it leads out of the folder")
		}
		if err != nil {
			return "", &Error{Path: name, Text: "the file is a symbolic link that is not followed", Do: "put the file itself into the folder", Err: err}
		}
	}
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return "", &Error{Path: name, Text: "the file can't be read", Err: err}
	}
	if !info.Mode().IsRegular() {
		return "", &Error{Path: name, Text: "this is no file"}
	}
	if info.Size() > maxFile {
		return "", &Error{Path: name, Text: "the file has more than 256 MB", Do: "load data by other means than a migration"}
	}
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return "", &Error{Path: name, Text: "the file can't be read", Err: err}
	}
	if !utf8.Valid(b) {
		return "", &Error{Path: name, Text: "the file is no UTF-8 text", Do: "write it in UTF-8"}
	}
	if slices.Contains(b, 0) {
		return "", &Error{Path: name, Text: "the file holds a NUL byte"}
	}
	return strings.TrimPrefix(string(b), "\ufeff"), nil
}

type reader struct {
	folder    *Folder
	texts     map[string]string
	byVersion map[string]*Migration
}

// add takes one file of the folder.
func (r *reader) add(name string) error {
	form := r.folder.Form
	t := formTraits[form]
	m := t.pattern.FindStringSubmatch(name)
	if m == nil {
		return r.stray(name)
	}
	group := func(g string) string {
		if i := t.pattern.SubexpIndex(g); i >= 0 {
			return m[i]
		}
		return ""
	}
	version := group("version")
	if t.numeric {
		if version = strings.TrimLeft(version, "0"); version == "" {
			version = "0"
		}
	}
	title, side, kind := group("name"), group("side"), group("kind")
	switch {
	case form == Goose && kind == "go":
		if strings.HasSuffix(name, "_test.go") {
			return nil
		}
		return r.put(&Migration{Version: version, Name: title, Path: name, Go: true})
	case form == Flyway:
		return r.flyway(name, kind, strings.ReplaceAll(version, "_", "."), strings.ReplaceAll(title, "_", " "), group("repeat"))
	case side != "":
		return r.half(name, version, title, side)
	}
	f := source.NewFile(name, r.texts[name])
	s, err := cutSections(form, name, f.Text)
	mig := &Migration{Version: version, Name: title, Path: name, Checkpoint: s.checkpoint, raw: r.texts[name]}
	mig.Text, mig.Checksum = normal(f.Text)
	if err != nil {
		mig.Up, mig.Down = Side{File: f, Problem: err}, Side{File: f, Problem: err}
		return r.put(mig)
	}
	mig.Up = r.side(source.NewFile(name, s.up), s, 0, &mig.Replaces)
	if s.hasDown {
		mig.Down = r.side(source.NewFile(name, s.down), s, 1, nil)
	}
	return r.put(mig)
}

// stray judges a file whose name does not fit the form.
func (r *reader) stray(name string) error {
	if !strings.HasSuffix(name, ".sql") {
		return nil
	}
	digits := name != "" && '0' <= name[0] && name[0] <= '9'
	if digits || r.folder.Form == Own {
		return &Error{Path: name, Text: "the name is not that of a migration in the form of " + string(r.folder.Form),
			Do: "name it as " + formTraits[r.folder.Form].example + ", or move it out of the folder"}
	}
	r.folder.Ignored = append(r.folder.Ignored, name)
	return nil
}

// put takes a migration; two of one version are refused.
func (r *reader) put(m *Migration) error {
	if other := r.byVersion[m.Version]; other != nil {
		return &Error{Path: m.Path, Text: "version " + m.Version + " is that of " + other.Path + " too",
			Do: "give the newer of the two a version of its own"}
	}
	r.byVersion[m.Version] = m
	r.folder.Migrations = append(r.folder.Migrations, m)
	return nil
}

// half takes one file of a pair.
func (r *reader) half(name, version, title, side string) error {
	f := source.NewFile(name, r.texts[name])
	mig := r.byVersion[version]
	if mig == nil {
		mig = &Migration{Version: version, Name: title}
		if err := r.put(mig); err != nil {
			return err
		}
	}
	// golang-migrate pairs files by version alone; the up side names the migration.
	if (mig.Name != title && r.folder.Form == Own) || (side == "up" && mig.Up.Exists()) || (side == "down" && mig.Down.Exists()) {
		other := mig.Path
		if other == "" {
			other = mig.Down.File.Path
		}
		return &Error{Path: name, Text: "version " + version + " is that of " + other + " too", Do: "give the newer of the two a version of its own"}
	}
	if side == "up" {
		mig.Path, mig.Name = name, title
		mig.Text, mig.Checksum = normal(f.Text)
		mig.Up = r.side(f, sections{}, 0, &mig.Replaces)
	} else {
		mig.Down = r.side(f, sections{}, 1, nil)
	}
	return nil
}

// side cuts one side of a migration into statements and reads what it says of itself.
func (r *reader) side(f *source.File, s sections, which int, replaces *[]string) Side {
	out, err := r.sideOf(f, s, which, replaces)
	out.Problem = err
	return out
}

func (r *reader) sideOf(f *source.File, s sections, which int, replaces *[]string) (Side, error) {
	d := r.folder.Dialect
	out := Side{File: f}
	if s.none[which] {
		out.Transaction = None
	}
	var err error
	if out.Statements, err = cut(f, d, s.blocks, s.delimiter); err != nil {
		return out, err
	}
	all, err := directives(f, d)
	if err != nil {
		return out, err
	}
	if err := obey(f, &out, all, replaces); err != nil {
		return out, err
	}
	for i, st := range out.Statements {
		if which == 0 && slices.ContainsFunc(s.checks, func(c textRange) bool { return c.start <= int(st.Span.Start) && int(st.Span.Start) < c.end }) {
			// Atlas's assertion must give true; ours must give no row.
			out.Statements[i].SQL = "SELECT 1 WHERE NOT COALESCE((" + st.SQL + "), FALSE)"
			if d == token.MySQL {
				out.Statements[i].SQL = "SELECT 1 FROM (SELECT 1 AS one) AS t WHERE NOT COALESCE((" + st.SQL + "), FALSE)"
			}
			out.Statements[i].Check = true
		}
	}
	foreignKeys(&out, d)
	if err := ownTransactions(f, d, &out); err != nil {
		return out, err
	}
	for _, st := range out.Statements {
		if st.Batch && !slices.ContainsFunc(tokensOf(st.SQL, d), func(w string) bool { return w == "where" || w == "limit" }) {
			return out, at(f, int(st.Span.Start), "a batch without WHERE changes rows for ever", "let its condition leave out the rows that it changed")
		}
	}
	return out, nil
}

func tokensOf(sql string, d token.Dialect) (words []string) {
	tokens, _ := token.Lex(sql, d)
	for _, t := range tokens {
		if t.Kind == token.Ident {
			words = append(words, lower(sql[t.Start:t.End]))
		}
	}
	return words
}

// finish orders the migrations and looks at them as a whole.
func (r *reader) finish() error {
	f := r.folder
	for _, m := range f.Migrations {
		if !m.Up.Exists() && !m.Go {
			return &Error{Path: m.Down.File.Path, Text: "there is no file that goes up to version " + m.Version,
				Do: "add " + strings.Replace(m.Down.File.Path, ".down.sql", ".up.sql", 1)}
		}
	}
	slices.SortStableFunc(f.Migrations, func(a, b *Migration) int { return Compare(f.Form, a.Version, b.Version) })
	slices.SortFunc(f.Repeatables, func(a, b *Migration) int { return strings.Compare(a.Name, b.Name) })
	if f.Form == Tern {
		for i, m := range f.Migrations {
			if Compare(Tern, m.Version, itoa(i+1)) != 0 {
				return &Error{Path: m.Path, Text: "tern's migrations are numbered 1, 2, 3 without a gap, and this should be " + itoa(i+1),
					Do: "number the files anew from here on"}
			}
		}
	}
	return nil
}

// Problem is the first problem of any side, nil where all can be run.
func (f *Folder) Problem() error {
	for _, m := range append(slices.Clone(f.Migrations), f.Repeatables...) {
		for _, side := range []Side{m.Up, m.Down} {
			if side.Problem != nil {
				return side.Problem
			}
		}
	}
	return nil
}

// Find is the migration of a version, as history tables or a person writes it: 7 finds 000007. A checkpoint is found where
// nothing else has its version. Nil: there is none.
func (f *Folder) Find(version string) *Migration {
	var checkpoint *Migration
	for _, m := range f.Migrations {
		if Compare(f.Form, m.Version, version) == 0 {
			if !m.Checkpoint {
				return m
			}
			checkpoint = m
		}
	}
	if checkpoint != nil {
		return checkpoint
	}
	for _, m := range f.Repeatables {
		if m.Version == version {
			return m
		}
	}
	return nil
}
