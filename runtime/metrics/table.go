package metrics

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// Table writes the queries as a table for people, those that took most time in all first, and under it what is counted of all together.
func (s Snapshot) Table(w io.Writer) error {
	t := table{{"query", "calls", "time", "share", "p50", "p95", "p99", "max", "rows/call", "errors"}}
	var all time.Duration
	for _, q := range s.Queries {
		all += q.Total
	}
	for _, q := range s.Queries {
		t = append(t, []string{q.Package + "." + q.Name, fmt.Sprint(q.Calls), human(q.Total), fmt.Sprintf("%.0f %%", 100*float64(q.Total)/float64(max(all, 1))),
			human(q.P50), human(q.P95), human(q.P99), human(q.Max), number(float64(q.Rows) / float64(q.Calls)), percent(q)})
	}
	if err := t.write(w); err != nil {
		return err
	}
	var lines []string
	for _, p := range s.Pools {
		lines = append(lines, fmt.Sprintf("pool %s: %d of %d connections in use, %d idle, %d wait", p.Name, p.Busy, p.Max, p.Idle, p.Waiting))
	}
	if d := s.PoolWaits; d.Count > 0 {
		lines = append(lines, fmt.Sprintf("waits for a connection: %d, p50 %s, p95 %s, max %s; %d in vain", d.Count, human(d.Quantile(0.5)), human(d.Quantile(0.95)), human(d.Max), s.PoolTimeouts))
	}
	for o := range outcomes {
		if d := s.Transactions[o.String()]; d.Count > 0 {
			lines = append(lines, fmt.Sprintf("transactions %s: %d, p50 %s, p95 %s, max %s", o, d.Count, human(d.Quantile(0.5)), human(d.Quantile(0.95)), human(d.Max)))
		}
	}
	if s.Retries > 0 {
		lines = append(lines, fmt.Sprintf("tries after a first one: %d", s.Retries))
	}
	for _, x := range s.Sites {
		lines = append(lines, fmt.Sprintf("repeats: %s.%s by %s (%s:%d), up to %d times under one parent", x.Package, x.Query, x.Function, x.File[strings.LastIndexByte(x.File, '/')+1:], x.Line, x.Most))
	}
	for _, line := range lines {
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	return nil
}

// table is rows of cells, the first of which is the head. Columns but the first and the last are set to the right.
type table [][]string

func (t table) write(w io.Writer) error {
	width := make([]int, len(t[0]))
	for _, row := range t {
		for i, cell := range row {
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range t {
		var b strings.Builder
		for i, cell := range row {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(cell))
			switch i {
			case 0:
				b.WriteString(cell + pad)
			case len(row) - 1:
				b.WriteString("  " + cell)
			default:
				b.WriteString("  " + pad + cell)
			}
		}
		if _, err := fmt.Fprintln(w, strings.TrimRight(b.String(), " ")); err != nil {
			return err
		}
	}
	return nil
}

// human is a duration with three digits.
func human(d time.Duration) string {
	step := time.Duration(1)
	for d >= 1000*step {
		step *= 10
	}
	return d.Round(step).String()
}

// number is a number with three digits, and no exponent.
func number(v float64) string {
	if v >= 100 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3g", v)
}

// percent is the share of calls that failed.
func percent(q Query) string {
	if q.Failed() == 0 {
		return "0 %"
	}
	return fmt.Sprintf("%.3g %%", 100*share(q))
}
