package plugin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
	"github.com/tetratelabs/wazero/sys"
	"google.golang.org/protobuf/proto"

	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/plugin/protocol"
)

// module is a WebAssembly module, compiled when it first runs.
type module struct {
	once    sync.Once
	runtime wazero.Runtime
	cache   wazero.CompilationCache
	code    wazero.CompiledModule
	err     error
}

// origin is what tells modules apart.
type origin struct{ url, sha256 string }

// runModule runs a WebAssembly module. It has standard input and output, its arguments and the
// variables of the configuration: no files, no network, no true clock, no chance.
func (r *Runner) runModule(ctx context.Context, p config.Plugin, q *protocol.GenerateRequest) (*protocol.GenerateResponse, error) {
	m, err := r.module(ctx, p)
	if err != nil {
		return nil, err
	}
	input, err := proto.Marshal(withoutSystem(q))
	if err != nil {
		return nil, fmt.Errorf("the request can not be encoded: %w", err)
	}
	env := environment(p.Env)
	var out, errs bytes.Buffer
	c := wazero.NewModuleConfig().WithName("").WithArgs("plugin.wasm", protocol.Method).
		WithStdin(bytes.NewReader(input)).WithStdout(&out).WithStderr(&errs)
	for _, v := range env {
		c = c.WithEnv(v.name, v.value)
	}
	instance, err := m.runtime.InstantiateModule(ctx, m.code, c)
	if instance != nil {
		defer instance.Close(ctx)
	}
	var exit *sys.ExitError
	if err != nil && !(errors.As(err, &exit) && exit.ExitCode() == 0) {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		} else if exit != nil {
			err = fmt.Errorf("exit status %d", exit.ExitCode())
		}
		return nil, &Error{fmt.Errorf("the module ended with: %w", err), said(errs.String(), env)}
	}
	answer, err := decode(out.Bytes())
	if err != nil {
		return nil, &Error{err, said(errs.String(), env)}
	}
	return answer, nil
}

// withoutSystem leaves PostgreSQL's own tables out of a request, which modules are never sent.
func withoutSystem(q *protocol.GenerateRequest) *protocol.GenerateRequest {
	c := q.GetCatalog()
	kept := &protocol.Catalog{Comment: c.GetComment(), DefaultSchema: c.GetDefaultSchema(), Name: c.GetName()}
	for _, s := range c.GetSchemas() {
		if s.GetName() != "pg_catalog" && s.GetName() != "information_schema" {
			kept.Schemas = append(kept.Schemas, s)
		}
	}
	return &protocol.GenerateRequest{
		Settings: q.GetSettings(), Catalog: kept, Queries: q.GetQueries(), SqlcVersion: q.GetSqlcVersion(),
		PluginOptions: q.GetPluginOptions(), GlobalOptions: q.GetGlobalOptions(),
	}
}

// module is the compiled module of a plugin.
func (r *Runner) module(ctx context.Context, p config.Plugin) (*module, error) {
	r.mu.Lock()
	if r.modules == nil {
		r.modules = map[origin]*module{}
	}
	k := origin{p.WASMURL, p.SHA256}
	m := r.modules[k]
	if m == nil {
		m = &module{}
		r.modules[k] = m
	}
	r.mu.Unlock()
	m.once.Do(func() { m.err = m.compile(ctx, r.Cache, k) })
	return m, m.err
}

func (m *module) compile(ctx context.Context, cache string, from origin) error {
	cache, err := cacheFolder(cache)
	if err != nil {
		return err
	}
	code, err := fetch(ctx, cache, from)
	if err != nil {
		return err
	}
	if cache == "" {
		m.cache = wazero.NewCompilationCache()
	} else if m.cache, err = wazero.NewCompilationCacheWithDir(filepath.Join(cache, "compiled")); err != nil {
		return fmt.Errorf("the cache of compiled modules can not be used: %w", err)
	}
	m.runtime = wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfig().WithCompilationCache(m.cache).WithCloseOnContextDone(true))
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, m.runtime); err != nil {
		return fmt.Errorf("the system interface can not be set up: %w", err)
	}
	if m.code, err = m.runtime.CompileModule(ctx, code); err != nil {
		return fmt.Errorf("%s is not a WebAssembly module that can be run: %w", shown(from.url), err)
	}
	return nil
}

// Close frees what Run has compiled.
func (r *Runner) Close(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []error
	for _, m := range r.modules {
		if m.runtime != nil {
			all = append(all, m.runtime.Close(ctx), m.cache.Close(ctx))
		}
	}
	r.modules = nil
	return errors.Join(all...)
}
