package vet

import (
	"bytes"
	"context"
	"fmt"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/covetsql/covetsql/compiler/codegen"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/internal/factory"
)

// maxRounds bounds how often fixes make room for others.
const maxRounds = 10

// fixing is a run of --fix: it works on a copy of the files, and what came out of it well is written at the end.
type fixing struct {
	o    *Options
	copy *workspace
	// texts are the files as they are by now, by their path from the configuration's folder; real is their content when the run began.
	texts, real map[string][]byte
	// vain are fixes, by fingerprint and title, that were taken back or left their finding there.
	vain   map[string]bool
	made   int
	undone diag.List
}

// edit is a fix of a finding.
type edit struct {
	diag.Diagnostic
	diag.Fix
}

// fix makes the fixes that findings offer, safe ones unless others are asked for, and judges anew after them. One after which something is worse is
// taken back. Nothing of the project is touched until all is judged.
func (o *Options) fix(ctx context.Context, j *judgement) error {
	w, err := newWorkspace(j.program.Config)
	if err != nil {
		return err
	}
	defer w.remove()
	f := &fixing{o: o, copy: w, texts: map[string][]byte{}, real: map[string][]byte{}, vain: map[string]bool{}}
	now := j
	for range maxRounds {
		batch := f.choose(now.Found)
		if len(batch) == 0 {
			break
		}
		if now, err = f.round(ctx, now, batch); err != nil {
			return err
		}
	}
	if o.Diff {
		return f.show(j)
	}
	files := f.changed()
	if _, problems := codegen.Write(j.program.Config.Dir, files); len(problems) > 0 {
		if err := o.Report(j.program.Config, problems); err != nil {
			return err
		}
		return factory.Exit(factory.CouldNotRun)
	}
	fmt.Fprintf(o.IO.Err, "%s made in %s\n\n", plural(f.made, "fix", "fixes"), plural(len(files), "file", "files"))
	after, err := o.judge(ctx)
	if err != nil {
		return err
	}
	if o.NewFrom != "" {
		if err := o.sinceRevision(ctx, after); err != nil {
			return err
		}
	}
	after.Found = append(after.Found, after.policy.Judge(nil, f.undone)...).Sorted()
	return o.finish(after)
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// choose are the fixes of a round: the first of each finding that may be made, where it does not overlap one before.
func (f *fixing) choose(found diag.List) (batch []edit) {
	taken := map[string][]source.Span{}
	for _, d := range found {
		for _, fix := range d.Fixes {
			if !fix.Safe && !f.o.UnsafeFixes || len(fix.Edits) == 0 {
				continue
			}
			fix, ok := f.place(fix)
			if !ok || f.vain[d.Fingerprint()+fix.Title] || overlaps(taken, fix) {
				continue
			}
			for _, e := range fix.Edits {
				taken[e.Span.File.Path] = append(taken[e.Span.File.Path], e.Span)
			}
			batch = append(batch, edit{d, fix})
			break
		}
	}
	return batch
}

// place gives a fix the places in the files that people wrote. It is false where one is not in a file that can be changed, or is not what the
// fix is about any more.
func (f *fixing) place(fix diag.Fix) (diag.Fix, bool) {
	edits := make([]diag.Edit, len(fix.Edits))
	for i, e := range fix.Edits {
		at, uses := e.Span.Origin()
		if at.File == nil || at.Text() != e.Span.Text() || !fix.Safe && len(uses) > 0 || filepath.IsAbs(at.File.Path) {
			return fix, false
		}
		text, err := f.text(at.File.Path)
		if err != nil {
			return fix, false
		}
		_, body := cutMark(text)
		if int(at.End) > len(body) || string(body[at.Start:at.End]) != at.Text() {
			return fix, false
		}
		edits[i] = diag.Edit{Span: at, New: e.New}
	}
	fix.Edits = edits
	return fix, true
}

func overlaps(taken map[string][]source.Span, fix diag.Fix) bool {
	for _, e := range fix.Edits {
		for _, t := range taken[e.Span.File.Path] {
			if e.Span.Start < t.End && t.Start < e.Span.End || e.Span.Start == t.Start && (e.Span.Len() == 0 || t.Len() == 0) {
				return true
			}
		}
	}
	return false
}

// text is a file as it is by now.
func (f *fixing) text(path string) ([]byte, error) {
	if b, ok := f.texts[path]; ok {
		return b, nil
	}
	b, err := os.ReadFile(f.copy.real(path))
	if err == nil {
		f.texts[path], f.real[path] = b, b
	}
	return b, err
}

// round makes the fixes together, and one by one where something is worse after it.
func (f *fixing) round(ctx context.Context, before *judgement, batch []edit) (*judgement, error) {
	base := maps.Clone(f.texts)
	now, worse, err := f.try(ctx, before, base, batch)
	if err != nil {
		return nil, err
	}
	if worse == nil {
		f.done(before, now, batch)
		return now, nil
	}
	now = before
	var kept []edit
	for _, e := range batch {
		next, worse, err := f.try(ctx, before, base, append(slices.Clone(kept), e))
		if err != nil {
			return nil, err
		}
		if worse != nil {
			d := diag.New(diag.FixUndone, e.Span, "the fix %q was taken back: %s", e.Title, worse.Message).WithHelp("what it would have made worse is %s", worse.Code.ID)
			d.Query = e.Query
			f.undone.Add(d)
			f.vain[e.Fingerprint()+e.Title] = true
			continue
		}
		kept, now = append(kept, e), next
	}
	if f.texts, err = applied(base, kept); err != nil {
		return nil, err
	}
	f.done(before, now, kept)
	return now, f.copy.write(f.texts)
}

// done counts fixes that were made.
func (f *fixing) done(before, now *judgement, made []edit) {
	f.made += len(made)
	count := map[string]int{}
	for _, d := range before.Found {
		count[d.Fingerprint()]++
	}
	for _, d := range now.Found {
		count[d.Fingerprint()]--
	}
	for _, e := range made {
		if count[e.Fingerprint()] <= 0 {
			f.vain[e.Fingerprint()+e.Title] = true
		}
	}
}

// try makes fixes in the copy and judges it. worse is an error, or a new finding as bad as one, that was not there before.
func (f *fixing) try(ctx context.Context, before *judgement, base map[string][]byte, batch []edit) (now *judgement, worse *diag.Diagnostic, err error) {
	if f.texts, err = applied(base, batch); err != nil {
		return nil, nil, err
	}
	for path, text := range f.texts {
		if strings.HasSuffix(path, ".go") && !bytes.Equal(text, base[path]) {
			if _, err := parser.ParseFile(token.NewFileSet(), path, text, parser.SkipObjectResolution); err != nil {
				d := diag.New(diag.InternalError, batch[0].Span, "%s", err)
				return nil, &d, nil
			}
		}
	}
	if err := f.copy.write(f.texts); err != nil {
		return nil, nil, err
	}
	if now, err = silent(f.o, f.copy.file()).judge(ctx); err != nil {
		return nil, nil, err
	}
	count := map[string]int{}
	for _, d := range before.Found {
		if d.Severity == diag.Error {
			count[d.Code.ID+d.About()]++
		}
	}
	for i, d := range now.Found {
		if d.Severity == diag.Error {
			if count[d.Code.ID+d.About()]--; count[d.Code.ID+d.About()] < 0 {
				return now, &now.Found[i], nil
			}
		}
	}
	return now, nil, nil
}

// applied are texts with fixes made. Line ends and a byte order mark stay.
func applied(base map[string][]byte, batch []edit) (map[string][]byte, error) {
	edits := map[string][]diag.Edit{}
	for _, e := range batch {
		for _, one := range e.Edits {
			edits[one.Span.File.Path] = append(edits[one.Span.File.Path], one)
		}
	}
	out := maps.Clone(base)
	for path, list := range edits {
		sort.SliceStable(list, func(i, j int) bool { return list[i].Span.Start < list[j].Span.Start })
		mark, body := cutMark(base[path])
		crlf := bytes.Count(body, []byte("\r\n"))*2 > bytes.Count(body, []byte("\n"))
		text := slices.Clone(mark)
		at := 0
		for _, e := range list {
			if int(e.Span.Start) < at || int(e.Span.End) > len(body) {
				return nil, fmt.Errorf("the fixes of %s overlap", path)
			}
			with := e.New
			if crlf {
				with = strings.ReplaceAll(strings.ReplaceAll(with, "\r\n", "\n"), "\n", "\r\n")
			}
			text = append(append(text, body[at:e.Span.Start]...), with...)
			at = int(e.Span.End)
		}
		out[path] = append(text, body[at:]...)
	}
	return out, nil
}

// cutMark parts the byte order mark from a file: positions count behind it.
func cutMark(b []byte) (mark, body []byte) {
	if bytes.HasPrefix(b, []byte("\ufeff")) {
		return b[:len("\ufeff")], b[len("\ufeff"):]
	}
	return nil, b
}

// changed are the files that are other than they were. A link stays one: what it names is written.
func (f *fixing) changed() (out []codegen.File) {
	for _, path := range slices.Sorted(maps.Keys(f.texts)) {
		if bytes.Equal(f.texts[path], f.real[path]) {
			continue
		}
		name := path
		if target, err := filepath.EvalSymlinks(f.copy.real(path)); err == nil {
			if full, err := filepath.Abs(target); err == nil && target != f.copy.real(path) {
				name = full
			}
		}
		out = append(out, codegen.File{Path: name, Content: f.texts[path]})
	}
	return out
}

// show writes what would change as a unified diff, and ends with exit code 1 where something would.
func (f *fixing) show(j *judgement) error {
	changed := false
	for _, path := range slices.Sorted(maps.Keys(f.texts)) {
		name := filepath.ToSlash(filepath.Join(j.program.Config.Dir, path))
		if text := diff.Diff("a/"+name, f.real[path], "b/"+name, f.texts[path]); text != nil {
			changed = true
			if _, err := f.o.IO.Out.Write(text); err != nil {
				return err
			}
		}
	}
	if err := f.o.Report(j.program.Config, f.undone); err != nil {
		return err
	}
	if changed {
		return factory.Exit(factory.Findings)
	}
	return nil
}
