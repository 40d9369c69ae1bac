package metrics

import (
	"cmp"
	"context"
	"log/slog"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/covetsql/covetsql/runtime/plan"
)

// Parent names what calls have in common, as a trace and a span do.
type Parent [24]byte

// Site is a place in the application that runs a query many times under one parent, where one query could have asked for all.
type Site struct {
	Query   string `json:"query"`
	Package string `json:"package"`
	// Function, File and Line are where the query is called; From is who called that, as function and line.
	Function string `json:"function"`
	File     string `json:"file"`
	Line     int    `json:"line"`
	From     string `json:"from,omitempty"`
	// Parents is how many parents reached the threshold here, Most how many calls one of them came to.
	Parents uint64 `json:"parents"`
	Most    uint64 `json:"most"`
}

type scopeKey struct{}

// scope counts the calls under one parent.
type scope struct {
	mu    sync.Mutex
	calls map[counted]*tally
}

type counted struct {
	registry *Registry
	query    int
}

type tally struct {
	n    uint64
	site *site // from the threshold on
}

// scoped tells that the process has made a Scope: until then no context has one.
var scoped atomic.Bool

// Scope gives a context that is the parent of all queries that run under it: those that run Options.Repeats times are told of, with
// the place that repeats them. Middleware calls it once a request or job; a Scope in another's context counts for itself.
func Scope(ctx context.Context) context.Context {
	scoped.Store(true)
	return context.WithValue(ctx, scopeKey{}, &scope{})
}

// Seen tells of a call of q, in the goroutine of whoever calls; ctx is what it was called with, not that of its span. Where ctx has no parent that costs a look at ctx, and
// in a process without scopes not even that.
func (r *Registry) Seen(ctx context.Context, q *plan.Query) {
	if r == nil || q == nil || r.opts.Repeats < 0 || r.opts.Parent == nil && !scoped.Load() {
		return
	}
	s, _ := ctx.Value(scopeKey{}).(*scope)
	if s == nil {
		if r.opts.Parent == nil {
			return
		}
		parent, ok := r.opts.Parent(ctx)
		if !ok {
			return
		}
		s = r.repeats.scope(parent)
	}
	n, at := s.count(counted{r, q.Number()})
	switch {
	case n == uint64(r.opts.Repeats):
		at = r.repeats.find(q)
		at.parents.Add(1)
		at.raise(s.set(counted{r, q.Number()}, at))
		if at.told.CompareAndSwap(false, true) {
			r.log().LogAttrs(ctx, slog.LevelWarn, "the same query many times under one parent", slog.String("query", name(q)), slog.Uint64("calls", n),
				slog.String("function", at.Function), slog.String("file", at.File), slog.Int("line", at.Line), slog.String("from", at.From))
		}
	case n > uint64(r.opts.Repeats):
		r.slot(q).repeated.Add(1)
		if at != nil {
			at.raise(n)
		}
	}
}

func (s *scope) count(c counted) (uint64, *site) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.calls[c]
	if t == nil {
		if s.calls == nil {
			s.calls = map[counted]*tally{}
		}
		t = &tally{}
		s.calls[c] = t
	}
	t.n++
	return t.n, t.site
}

// set notes the place, and gives how many calls there are by now.
func (s *scope) set(c counted, at *site) uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.calls[c]
	t.site = at
	return t.n
}

// generation is after how many parents the older half of them is forgotten.
const generation = 4096

// repeats has the places that repeat queries, and the scopes of the newest parents that Options.Parent found.
type repeats struct {
	mu         sync.Mutex
	sites      map[place]*site
	young, old map[Parent]*scope
}

type place struct {
	query int
	pc    uintptr
}

type site struct {
	Site
	told    atomic.Bool
	parents atomic.Uint64
	most    atomic.Uint64
}

func (s *site) raise(n uint64) {
	for top := s.most.Load(); n > top && !s.most.CompareAndSwap(top, n); top = s.most.Load() {
	}
}

func (r *repeats) clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sites, r.young, r.old = map[place]*site{}, map[Parent]*scope{}, nil
}

// scope gives that of a parent.
func (r *repeats) scope(p Parent) *scope {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.young[p]; s != nil {
		return s
	}
	s := r.old[p]
	if s == nil {
		s = &scope{}
	}
	if len(r.young) >= generation {
		r.old, r.young = r.young, map[Parent]*scope{}
	}
	r.young[p] = s
	return s
}

// find gives the place that calls q now.
func (r *repeats) find(q *plan.Query) *site {
	var pcs [32]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	at, more := frames.Next()
	for more && internal(at) {
		at, more = frames.Next()
	}
	if more && strings.HasSuffix(at.Function, "."+q.Name) { // the generated method
		at, more = frames.Next()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	key := place{q.Number(), at.PC}
	s := r.sites[key]
	if s == nil {
		s = &site{Site: Site{Query: q.Name, Package: q.Package, Function: at.Function, File: at.File, Line: at.Line}}
		if more {
			s.From = short(frames.Next())
		}
		r.sites[key] = s
	}
	return s
}

// internal tells of a frame of this runtime, or of a file that was generated, which is nobody's place.
func internal(f runtime.Frame) bool {
	if strings.HasSuffix(f.File, ".sql.go") {
		return true
	}
	const tree = "github.com/covetsql/covetsql/runtime"
	rest, ok := strings.CutPrefix(f.Function, tree)
	return ok && rest != "" && (rest[0] == '.' || rest[0] == '/') && !strings.HasSuffix(f.File, "_test.go")
}

// short is a frame as one word: function and line.
func short(f runtime.Frame, _ bool) string {
	if f.Function == "" || strings.HasPrefix(f.Function, "runtime.") {
		return ""
	}
	file := f.File[strings.LastIndexByte(f.File, '/')+1:]
	return f.Function[strings.LastIndexByte(f.Function, '/')+1:] + " (" + file + ":" + strconv.Itoa(f.Line) + ")"
}

func (r *repeats) snapshot() []Site {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []Site
	for _, s := range r.sites {
		told := s.Site
		told.Parents, told.Most = s.parents.Load(), s.most.Load()
		out = append(out, told)
	}
	sortSites(out)
	return out
}

func sortSites(list []Site) {
	slices.SortStableFunc(list, func(a, b Site) int {
		return cmp.Or(-cmp.Compare(a.Parents, b.Parents), -cmp.Compare(a.Most, b.Most), cmp.Compare(a.Function, b.Function), cmp.Compare(a.Query, b.Query))
	})
}
