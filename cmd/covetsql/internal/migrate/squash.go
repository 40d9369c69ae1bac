package migrate

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/internal/factory"
	"github.com/covetsql/covetsql/internal/iostreams"
	runner "github.com/covetsql/covetsql/migrate"
	"github.com/covetsql/covetsql/migrate/file"
)

// newSquash puts several migrations into one.
func newSquash(io *iostreams.Streams) *cli.Command {
	r := newRunning(io)
	t := r.target
	from, to := "", ""
	return &cli.Command{
		Name:      "squash",
		Usage:     "put several migrations into one, which databases that have them take for applied",
		ArgsUsage: "NAME",
		Flags: append(append(t.folderFlags(), t.databaseFlags()...),
			&cli.StringFlag{Name: "from", Usage: "the first version (default: the oldest)", Destination: &from},
			&cli.StringFlag{Name: "to", Usage: "the last version (default: the newest)", Destination: &to},
		),
		Action: t.action(func(ctx context.Context, c *cli.Context) error {
			if c.Args().Len() != 1 {
				return factory.Usage("the squashed migration needs a name")
			}
			disk, folder, err := t.open(false)
			if err != nil {
				return err
			}
			defer disk.Close()
			if n := len(folder.Migrations); n > 0 {
				from, to = or(from, folder.Migrations[0].Version), or(to, folder.Migrations[n-1].Version)
			}
			if err := folder.Verify(); err != nil {
				return &factory.ExitError{Code: factory.Findings, Err: err}
			}
			_, files, remove, err := folder.Squash(from, to, c.Args().First())
			if err != nil {
				return &factory.ExitError{Code: factory.Findings, Err: err}
			}
			warning, err := r.squashable(ctx, folder, from, to)
			if err != nil {
				return err
			}
			if err := disk.Write(files); err != nil {
				return err
			}
			if err := disk.Remove(remove...); err != nil {
				return err
			}
			dir := strings.TrimSuffix(disk.Path(), "/")
			for _, f := range files {
				fmt.Fprintf(io.Err, "wrote %s/%s\n", dir, f.Name)
			}
			for _, name := range remove {
				fmt.Fprintf(io.Err, "removed %s/%s\n", dir, name)
			}
			if warning != "" {
				s := show{io}
				s.line("%s %s", s.colour("33;1", "note:"), warning)
			}
			return nil
		}),
	}
}

// squashable asks the database how many of the migrations it has that are to become one: a database has to have all or none of them. It gives a
// warning for what could not be seen, and an error where they must not be squashed.
func (r *running) squashable(ctx context.Context, folder *file.Folder, from, to string) (warning string, err error) {
	rest := "every database has to have all of them, or none, before it is given this folder: run `covetsql migrate apply` there first"
	if r.DatabaseEnv == "" && r.DatabaseFile == "" && (r.block.Database == nil || r.block.Database.URI == "") {
		return "no database is named in the configuration, so none was asked; " + rest, nil
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	var st *runner.Status
	r.Output = "text"
	err = r.with(func(run *runner.Runner, _ *events) (err error) {
		st, err = run.Status(ctx)
		return err
	})
	if err != nil {
		return "the database could not be asked what it has (" + strings.ReplaceAll(err.Error(), "\n", " ") + "); " + rest, nil
	}
	var has, pending, other []string
	for _, it := range st.Items {
		if folder.Find(it.Version) == nil || file.Compare(folder.Form, it.Version, from) < 0 || file.Compare(folder.Form, it.Version, to) > 0 {
			continue
		}
		switch it.State {
		case runner.Applied, runner.Baseline:
			has = append(has, it.Version)
		case runner.Pending, runner.Late:
			pending = append(pending, it.Version)
		default:
			other = append(other, it.Version+" "+string(it.State))
		}
	}
	switch {
	case len(other) > 0:
		return "", &factory.ExitError{Code: factory.Findings, Err: fmt.Errorf("the database's history is not that of the files: %s; settle that first, `covetsql migrate status` says how", strings.Join(other, ", "))}
	case len(has) > 0 && len(pending) > 0:
		return "", &factory.ExitError{Code: factory.Findings, Err: fmt.Errorf("the database has %d of the %d migrations, and could run neither the rest nor the one that they become (%s pending); "+
			"run `covetsql migrate apply` first, or squash up to the last one that it has: --to %s", len(has), len(has)+len(pending), strings.Join(pending, ", "), has[len(has)-1])}
	case len(pending) > 0:
		return "the database has none of them, and will run the one that they became; " + rest, nil
	}
	return rest, nil
}
