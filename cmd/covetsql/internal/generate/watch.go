package generate

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/internal/factory"
)

// settle is how long a change is waited on: editors and git write a file in several steps, and many files at once.
const settle = 50 * time.Millisecond

// Watch runs, and runs again whenever a file changes that the result depends on, until ctx ends. Each run is told
// on one line, behind what is wrong. What a live database has is read in each run, but not watched.
func Watch(ctx context.Context, o *Options) error {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return err
	}
	defer w.Close()
	c := o.peek()
	if _, err := watch(w, folders(o, c)); err != nil {
		return err
	}
	again := false // nothing is known to have changed since the run before
	for first := true; ; first = false {
		before := time.Now()
		loaded, wrote, err := run(ctx, o)
		if loaded != nil {
			c = loaded
		}
		var said *factory.ExitError
		if err != nil && (!errors.As(err, &said) || said.Err != nil) {
			if first {
				return err
			}
			fmt.Fprintln(o.IO.Err, err) // a configuration may be away for a moment
		}
		if wrong := err != nil; wrong || !again || len(wrote) > 0 {
			fmt.Fprintln(o.IO.Out, line(wrote, wrong, time.Since(before)))
		}
		if again, err = watch(w, folders(o, c)); err != nil {
			return err
		}
		if again { // what changed in new folders while nobody watched them is found by another run
			continue
		}
		if !changed(ctx, w, o, c) {
			return nil
		}
	}
}

// peek loads the configuration without a word, so that its folders are watched before the first run.
func (o *Options) peek() *config.Config {
	path := o.File
	if path == "" {
		var err error
		if path, err = config.Find("."); err != nil {
			return nil
		}
	}
	c, list := config.Load(path)
	if list.HasErrors() {
		return nil
	}
	return c
}

// line tells of a run.
func line(wrote []string, wrong bool, took time.Duration) string {
	what := "nothing to write"
	switch {
	case wrong:
		what = "errors, nothing written"
	case len(wrote) > 3:
		what = fmt.Sprintf("wrote %d files", len(wrote))
	case len(wrote) > 0:
		what = "wrote " + strings.Join(wrote, ", ")
	}
	return fmt.Sprintf("%s %s (%d ms)", time.Now().Format(time.TimeOnly), what, took.Milliseconds())
}

// folders are those that a run's input lies in.
func folders(o *Options, c *config.Config) []string {
	if c == nil {
		return []string{filepath.Dir(o.File)}
	}
	out := []string{filepath.Dir(c.File.Path)}
	for _, p := range c.Packages {
		out = append(out, source.Folders(c.Dir, slices.Concat(p.Schema, p.Queries))...)
	}
	return out
}

// watch adds folders to the watched ones, and tells whether there was any new one.
func watch(w *fsnotify.Watcher, folders []string) (more bool, err error) {
	list := w.WatchList()
	for _, dir := range folders {
		if !slices.Contains(list, dir) {
			if err := w.Add(dir); err != nil {
				return more, fmt.Errorf("%s can not be watched: %w", dir, err)
			}
			list = append(list, dir)
			more = true
		}
	}
	return more, nil
}

// changed waits for a change that matters, and until no other follows it. It is false where ctx ends.
func changed(ctx context.Context, w *fsnotify.Watcher, o *Options, c *config.Config) bool {
	var quiet <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return false
		case e, ok := <-w.Events:
			if !ok {
				return false
			}
			if matters(e, o, c) {
				quiet = time.After(settle)
			}
		case err, ok := <-w.Errors:
			if !ok {
				return false
			}
			if err != nil { // events were lost: anything may have changed
				quiet = time.After(settle)
			}
		case <-quiet:
			return true
		}
	}
}

// matters tells whether a change may change the result: one of SQL or of a configuration, or a folder that comes.
func matters(e fsnotify.Event, o *Options, c *config.Config) bool {
	name := filepath.Base(e.Name)
	switch {
	case e.Op == fsnotify.Chmod:
		return false
	case strings.HasSuffix(name, ".sql"), c != nil && name == filepath.Base(c.File.Path), o.File != "" && name == filepath.Base(o.File):
		return true
	case c == nil || o.File == "":
		if slices.Contains(config.Names, name) {
			return true
		}
	}
	if e.Has(fsnotify.Create) {
		info, err := os.Stat(e.Name)
		return err == nil && info.IsDir()
	}
	return false
}
