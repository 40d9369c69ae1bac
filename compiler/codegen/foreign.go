package codegen

import (
	"bytes"
	"context"
	"errors"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/covetsql/covetsql/compiler/codegen/request"
	"github.com/covetsql/covetsql/compiler/codegen/surface"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/plugin/protocol"
	"github.com/covetsql/covetsql/compiler/source"
)

// Runner runs a plugin. It must be safe for concurrent use. An error is shown to the user as it is;
// one with a method Said() string gives beside it what the plugin itself wrote.
type Runner interface {
	Run(ctx context.Context, p config.Plugin, r *protocol.GenerateRequest) (*protocol.GenerateResponse, error)
}

// output is what one generator gives.
type output struct {
	files []File
	by    string // who it is in messages; "" for Go, where packages that share a folder are said nothing of
	at    source.Span
}

// job is one run of a plugin; output is the place of its files.
type job struct {
	request *protocol.GenerateRequest
	use     config.Codegen
	output  int
}

// untold reports queries that the protocol has no words for: it knows one text of a query.
func untold(s *surface.Package) (diags diag.List) {
	for _, q := range s.Queries {
		if q.Variants != nil {
			d := diag.New(diag.OptionConflict, q.Span, "query %s has optional parts or pages, which plugins and gen.json can not be told of", q.Name).
				WithHelp("put it into a package of its own that Go alone is written for")
			d.Query = q.Name
			diags.Add(d)
		}
	}
	return diags
}

// requestFile writes gen.json.
func requestFile(r *protocol.GenerateRequest, c *config.Package) ([]File, diag.List) {
	indent, name := c.JSON.Indent, c.JSON.Filename
	if indent == "" {
		indent = "  "
	}
	if name == "" {
		name = "codegen_request.json"
	}
	at, ok := below(c.JSON.Out, name)
	if !ok {
		return nil, diag.List{outside("gen.json", name, c.JSON.Out, c.Span)}
	}
	r, err := request.ForJSON(r, c.JSON)
	var b []byte
	if err == nil {
		b, err = protocol.Indented(r, indent)
	}
	if err != nil {
		return nil, diag.List{diag.New(diag.InternalError, c.Span, "gen.json can not be written: %v", err)}
	}
	return []File{{Path: at, Content: b}}, nil
}

// runAll runs plugins in parallel and puts their files into outputs.
func runAll(ctx context.Context, c *config.Config, run Runner, jobs []job, outputs []output) diag.List {
	plugins := map[string]config.Plugin{}
	for _, p := range c.Plugins {
		plugins[p.Name] = p
	}
	found := make([]diag.List, len(jobs))
	places := make(chan struct{}, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for i, j := range jobs {
		wg.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			p := plugins[j.use.Plugin]
			answer, err := run.Run(ctx, p, request.For(j.request, j.use, p))
			if err != nil {
				found[i] = diag.List{failed(j.use, err)}
				return
			}
			outputs[j.output].files, found[i] = answered(j.use, answer)
		})
	}
	wg.Wait()
	var diags diag.List
	for _, ds := range found {
		diags.Add(ds...)
	}
	return diags
}

func failed(use config.Codegen, err error) diag.Diagnostic {
	d := diag.New(diag.PluginFailed, use.Span, "the plugin %q failed: %s", use.Plugin, err)
	var spoken interface{ Said() string }
	if errors.As(err, &spoken) {
		if text := strings.TrimSpace(spoken.Said()); text != "" {
			d = d.WithHelp("it wrote: %s", text)
		}
	}
	return d
}

// answered are the files of a plugin's answer, each below the plugin's folder.
func answered(use config.Codegen, r *protocol.GenerateResponse) (files []File, diags diag.List) {
	for _, f := range r.GetFiles() {
		at, ok := below(use.Out, f.GetName())
		if !ok {
			diags.Add(outside("the plugin "+quoted(use.Plugin), f.GetName(), use.Out, use.Span))
			continue
		}
		files = append(files, File{Path: at, Content: f.GetContents()})
	}
	if len(r.GetFiles()) == 0 {
		d := diag.New(diag.PluginFailed, use.Span, "the plugin %q gave no files", use.Plugin).
			WithHelp("what it wrote before is left as it is")
		d.Severity = diag.Warning
		diags.Add(d)
	}
	return files, diags
}

// below is a file's path below a folder; ok is false where its name leads out of it. A leading
// slash means the folder, as with sqlc.
func below(folder, name string) (at string, ok bool) {
	name = strings.TrimLeft(filepath.ToSlash(name), "/")
	clean := path.Clean(name)
	if name == "" || clean == "." || strings.HasSuffix(name, "/") || !filepath.IsLocal(filepath.FromSlash(clean)) ||
		strings.Contains(name, `\`) || strings.ContainsRune(name, 0) {
		return "", false
	}
	return path.Join(filepath.ToSlash(folder), clean), true
}

func outside(by, name, folder string, at source.Span) diag.Diagnostic {
	return diag.New(diag.PluginFailed, at, "%s names a file that can not be: %q", by, name).
		WithHelp("a file's name must stay below its folder, %s", folder)
}

// merge lists the files of all outputs, each path once. The last one's content counts; where
// two generators differ and Go alone is not to blame, it is said.
func merge(outputs []output) (files []File, diags diag.List) {
	place := map[string]int{}
	makers := map[string]*output{}
	for k := range outputs {
		o := &outputs[k]
		for _, f := range o.files {
			i, again := place[f.Path]
			if !again {
				place[f.Path], makers[f.Path] = len(files), o
				files = append(files, f)
				continue
			}
			if first := makers[f.Path]; (first.by != "" || o.by != "") && !bytes.Equal(files[i].Content, f.Content) {
				diags.Add(diag.New(diag.OutputClash, o.at, "%s and %s both write %s; this one's is kept", who(first), who(o), f.Path).
					WithLabel(first.at, "the other").WithHelp("give each a folder of its own by the option out"))
			}
			files[i], makers[f.Path] = f, o
		}
	}
	return files, diags
}

func who(o *output) string {
	if o.by == "" {
		return "gen.go"
	}
	return o.by
}

func quoted(s string) string { return `"` + s + `"` }
