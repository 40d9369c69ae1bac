// Command sametext compares what covetsql and sqlc write for the same projects, byte for byte, the
// version in the header aside:
//
//	go run ./internal/gen/sametext -bin bin/covetsql -corpus ../shared/acceptance/corpus
//	go run ./internal/gen/sametext -bin bin/covetsql path/to/sqlc.yaml …
//
// Without -sqlc it installs sqlc's pinned version from its Go module. A corpus is a folder of
// projects, each with a case.json that names its configuration below tree/. Each project is
// generated in copies of its folder. It prints a line a project and each file that differs, and
// exits 1 where fewer than -floor projects are the same.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"log"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
)

const (
	module  = "github.com/sqlc-dev/sqlc/cmd/sqlc"
	version = "v1.31.1"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("sametext: ")
	bin := flag.String("bin", "", "the covetsql binary (required)")
	sqlc := flag.String("sqlc", "", "the sqlc binary; without one "+version+" is installed")
	corpus := flag.String("corpus", "", "a folder of projects with a case.json each")
	floor := flag.Int("floor", 0, "how many projects must be the same")
	verbose := flag.Bool("v", false, "print the differences")
	flag.Parse()
	if *bin == "" || *corpus == "" && flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	same, err := run(*bin, *sqlc, *corpus, flag.Args(), *verbose)
	if err != nil {
		log.Fatal(err)
	}
	if same < *floor {
		log.Fatalf("%d projects are the same, fewer than %d", same, *floor)
	}
}

// project is a folder and the configuration in it.
type project struct{ name, root, config string }

func run(bin, sqlc, corpus string, configs []string, verbose bool) (same int, err error) {
	work, err := os.MkdirTemp("", "sametext-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(work)
	if sqlc == "" {
		if sqlc, err = install(work); err != nil {
			return 0, err
		}
	}
	programs := []string{sqlc, bin}
	for i := range programs {
		if programs[i], err = filepath.Abs(programs[i]); err != nil {
			return 0, err
		}
	}
	projects, err := find(corpus, configs)
	if err != nil {
		return 0, err
	}
	accepted := 0
	var total counts
	for _, p := range projects {
		c, said, err := compare(work, programs, p, verbose)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", p.name, err)
		}
		if said != "" {
			fmt.Printf("%-48s %s\n", p.name, said)
			continue
		}
		accepted++
		word := "differs"
		if c.differ+c.extra == 0 {
			same++
			word = "same"
		}
		fmt.Printf("%-48s %-8s %4d files: %d differ, %d only on one side\n", p.name, word, c.files, c.differ, c.extra)
		total.files, total.differ, total.extra = total.files+c.files, total.differ+c.differ, total.extra+c.extra
	}
	fmt.Printf("%d of %d projects that sqlc %s accepts are the same, version aside; %d of %d files\n",
		same, accepted, version, total.files-total.differ-total.extra, total.files)
	return same, nil
}

// install builds sqlc in a folder.
func install(dir string) (string, error) {
	c := exec.Command("go", "install", module+"@"+version)
	c.Env = append(os.Environ(), "GOBIN="+dir)
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("installing %s@%s: %w\n%s", module, version, err, out)
	}
	return filepath.Join(dir, "sqlc"), nil
}

func find(corpus string, configs []string) ([]project, error) {
	var out []project
	for _, c := range configs {
		out = append(out, project{c, filepath.Dir(c), filepath.Base(c)})
	}
	if corpus == "" {
		return out, nil
	}
	cases, err := filepath.Glob(filepath.Join(corpus, "*", "case.json"))
	if err != nil {
		return nil, err
	}
	for _, path := range cases {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		var c struct{ Config string }
		if err := json.Unmarshal(text, &c); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		dir := filepath.Dir(path)
		out = append(out, project{filepath.Base(dir), filepath.Join(dir, "tree"), c.Config})
	}
	return out, nil
}

type counts struct{ files, differ, extra int }

// compare generates a project with both programs. said is why there is nothing to compare.
func compare(work string, programs []string, p project, verbose bool) (c counts, said string, err error) {
	var results []map[string][]byte
	for i, program := range programs {
		dir := filepath.Join(work, fmt.Sprint(i))
		if err := os.RemoveAll(dir); err != nil {
			return c, "", err
		}
		if err := os.CopyFS(dir, os.DirFS(p.root)); err != nil {
			return c, "", err
		}
		before, err := read(dir)
		if err != nil {
			return c, "", err
		}
		g := exec.Command(program, "generate", "-f", filepath.Base(p.config))
		g.Dir = filepath.Join(dir, filepath.Dir(p.config))
		if out, err := g.CombinedOutput(); err != nil {
			if i == 0 {
				return c, "sqlc refuses it", nil
			}
			return c, "", fmt.Errorf("covetsql refuses what sqlc takes: %w\n%s", err, out)
		}
		after, err := read(dir)
		if err != nil {
			return c, "", err
		}
		for name, text := range before {
			if bytes.Equal(after[name], text) {
				delete(after, name)
			}
		}
		results = append(results, after)
	}
	theirs, ours := results[0], results[1]
	names := slices.AppendSeq(slices.Collect(maps.Keys(theirs)), maps.Keys(ours))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		c.files++
		a, b := theirs[name], ours[name]
		switch {
		case a == nil || b == nil:
			c.extra++
			fmt.Printf("    only on one side: %s\n", name)
		case !bytes.Equal(versionless(a), versionless(b)):
			c.differ++
			fmt.Printf("    differs: %s\n", name)
			if verbose {
				diff(work, name)
			}
		}
	}
	return c, "", nil
}

// programVersion is the line that differs on purpose.
var programVersion = regexp.MustCompile(`(?m)^(// +)?\S*(sqlc|covetsql) v\S+$`)

func versionless(text []byte) []byte {
	return programVersion.ReplaceAll(text, []byte("// version"))
}

// read gives the files below a folder.
func read(dir string) (map[string][]byte, error) {
	out := map[string][]byte{}
	return out, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		out[name], err = os.ReadFile(path)
		return err
	})
}

// diff shows how a file differs; what diff itself says of it is its output.
func diff(work, name string) {
	d := exec.Command("diff", "-u", filepath.Join(work, "0", name), filepath.Join(work, "1", name))
	d.Stdout = os.Stdout
	_ = d.Run()
}
