package metrics_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/metrics"
)

// logger writes lines without times into a buffer.
func logger() (*slog.Logger, *bytes.Buffer) {
	var b bytes.Buffer
	return slog.New(slog.NewTextHandler(&b, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}})), &b
}

type secret struct{ Word string }

func (s secret) String() string { return s.Word }

func slowCall() metrics.Call {
	name, missing := "hunter2", (*string)(nil)
	return metrics.Call{Query: getBook, Took: 300 * time.Millisecond, Rows: 0, Kind: fault.Unique, Err: errors.New("duplicate key hunter2"),
		Args: []any{int64(4711), "hunter2", &name, missing, nil, []byte("hunter2"), []string{"hunter2"}, secret{"hunter2"}, metrics.Argument{Type: "int8", Length: 8},
			metrics.Argument{Type: "text", Length: -1}, map[string]string{"hunter2": "hunter2"}, time.Unix(4711, 0)}}
}

func TestSlowCallsAreToldWithoutWhatTheyWereCalledWith(t *testing.T) {
	log, text := logger()
	r := metrics.New(metrics.Options{Slow: 100 * time.Millisecond, Logger: log})
	r.Slow(t.Context(), slowCall())
	got := text.String()
	for _, hidden := range []string{"hunter2", "4711", "duplicate"} {
		if strings.Contains(got, hidden) {
			t.Errorf("it tells of %q: %s", hidden, got)
		}
	}
	for _, told := range []string{`msg="slow query"`, "query=books.GetBook", "took=300ms", "rows=0", "error=unique",
		"[int64 string(7) string(7) null null []uint8(7) []string(1) metrics_test.secret int8(8) text map[string]string(1) time.Time]"} {
		if !strings.Contains(got, told) {
			t.Errorf("%q is missing: %s", told, got)
		}
	}
}

func TestArgumentsAreToldWhereThatIsAskedFor(t *testing.T) {
	log, text := logger()
	r := metrics.New(metrics.Options{Slow: 1, Logger: log, Arguments: true})
	c := slowCall()
	c.Args = append(c.Args[:6:6], strings.Repeat("é", 1000), bytes.Repeat([]byte{1}, 1000))
	c.Phases = metrics.Phases{Sampled: 1, Pool: 1, Server: 2, Scan: 3}
	r.Slow(t.Context(), c)
	for _, told := range []string{"4711", "hunter2", "0x68756e74657232", "duplicate key", "pool=1ns server=2ns scan=3ns", "…"} {
		if !strings.Contains(text.String(), told) {
			t.Errorf("%q is missing: %s", told, text)
		}
	}
	if text.Len() > 2000 {
		t.Errorf("long values are not cut: %d bytes", text.Len())
	}
}

func TestOfEachQueryOneSlowCallIsToldInAWhile(t *testing.T) {
	log, text := logger()
	r := metrics.New(metrics.Options{Slow: time.Millisecond, SlowEvery: 50 * time.Millisecond, Logger: log})
	for range 5 {
		r.Slow(t.Context(), metrics.Call{Query: getBook, Took: time.Second})
		r.Slow(t.Context(), metrics.Call{Query: addBook, Took: time.Second, Rows: -1})
		r.Slow(t.Context(), metrics.Call{Query: addBook, Took: time.Microsecond})
	}
	if n := strings.Count(text.String(), "slow query"); n != 2 || strings.Contains(text.String(), "rows=-1") {
		t.Fatalf("%d lines: %s", n, text)
	}
	time.Sleep(60 * time.Millisecond)
	text.Reset()
	r.Slow(t.Context(), metrics.Call{Query: getBook, Took: time.Second})
	if !strings.Contains(text.String(), "not_told=4") {
		t.Error(text)
	}
}

func TestNothingIsSlowUnlessAsked(t *testing.T) {
	log, text := logger()
	r := metrics.New(metrics.Options{Logger: log})
	r.Slow(t.Context(), metrics.Call{Query: getBook, Took: time.Hour})
	r.Done(getBook, time.Hour, 1, fault.None)
	if r.IsSlow(time.Hour) || text.Len() > 0 || r.Snapshot().Queries[0].Slow != 0 {
		t.Error(text)
	}
}
