package metrics

import (
	"context"
	"fmt"
	"log/slog"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/plan"
)

// Call is a call that ended, as the log of slow queries wants it.
type Call struct {
	Query *plan.Query
	Took  time.Duration
	Rows  int64 // below 0: not known
	Kind  fault.Kind
	Err   error
	// Phases are where its time went, where the call was sampled; else zero.
	Phases Phases
	// Args are its arguments in order. Where only the encoded form of one is left, an Argument stands for it.
	Args []any
}

// Argument tells of an argument whose value nobody has any more.
type Argument struct {
	Type   string // "int8", "text"
	Length int    // in bytes; below 0: not known
}

// IsSlow tells whether a call that took so long is to be told of by Slow. It is cheap, so that arguments are put together for slow calls alone.
func (r *Registry) IsSlow(took time.Duration) bool { return r != nil && took >= r.slow }

// Slow writes a slow call to the log, at most one of each query in Options.SlowEvery. Unless Options.Arguments says otherwise no value
// of an argument is written, nor the text of the error, as databases put values into those.
func (r *Registry) Slow(ctx context.Context, c Call) {
	if r == nil || c.Query == nil || c.Took < r.slow {
		return
	}
	s, now := r.slot(c.Query), time.Now().UnixNano()
	last := s.told.Load()
	if last != 0 && now-last < int64(r.opts.SlowEvery) || !s.told.CompareAndSwap(last, now) {
		s.untold.Add(1)
		return
	}
	attrs := make([]slog.Attr, 0, 12)
	attrs = append(attrs, slog.String("query", name(c.Query)), slog.Duration("took", c.Took))
	if c.Rows >= 0 {
		attrs = append(attrs, slog.Int64("rows", c.Rows))
	}
	if c.Kind != fault.None {
		attrs = append(attrs, slog.String("error", c.Kind.String()))
	}
	if c.Err != nil && r.opts.Arguments {
		attrs = append(attrs, slog.String("message", c.Err.Error()))
	}
	if p := c.Phases; p.Sampled > 0 {
		attrs = append(attrs, slog.Duration("pool", p.Pool), slog.Duration("server", p.Server), slog.Duration("scan", p.Scan))
	}
	if len(c.Args) > 0 {
		args := make([]string, len(c.Args))
		for i, a := range c.Args {
			args[i] = describe(a, r.opts.Arguments)
		}
		attrs = append(attrs, slog.Any("args", args))
	}
	if n := s.untold.Swap(0); n > 0 {
		attrs = append(attrs, slog.Int64("not_told", n))
	}
	r.log().LogAttrs(ctx, slog.LevelWarn, "slow query", attrs...)
}

// name is how logs call a query: its package and name.
func name(q *plan.Query) string {
	if q.Package == "" {
		return q.Name
	}
	return q.Package + "." + q.Name
}

// longest is how many bytes of a value are written.
const longest = 256

// describe writes an argument: its type and, where it has one, its length; or its value.
func describe(a any, value bool) string {
	if known, ok := a.(Argument); ok {
		if known.Length < 0 {
			return known.Type
		}
		return known.Type + "(" + strconv.Itoa(known.Length) + ")"
	}
	v := reflect.ValueOf(a)
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	if !v.IsValid() || v.Kind() == reflect.Pointer {
		return "null"
	}
	if value {
		if v.Kind() == reflect.String {
			return shorten(v.String(), strconv.Quote)
		}
		if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
			return shorten(string(v.Bytes()[:min(v.Len(), longest+1)]), func(s string) string { return fmt.Sprintf("%#x", s) })
		}
		return shorten(fmt.Sprintf("%v", v.Interface()), strings.Clone)
	}
	switch v.Kind() {
	case reflect.String, reflect.Slice, reflect.Map:
		return v.Type().String() + "(" + strconv.Itoa(v.Len()) + ")"
	}
	return v.Type().String()
}

// shorten writes a text, or its beginning where it is long.
func shorten(text string, write func(string) string) string {
	if len(text) <= longest {
		return write(text)
	}
	return write(text[:longest]) + "…"
}
