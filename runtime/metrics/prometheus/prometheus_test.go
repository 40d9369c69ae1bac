package prometheus_test

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	client "github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"

	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/metrics"
	"github.com/covetsql/covetsql/runtime/metrics/prometheus"
	"github.com/covetsql/covetsql/runtime/plan"
)

var (
	getBook = plan.New(plan.Query{Name: "GetBook", Package: "books", Command: "one"})
	addBook = plan.New(plan.Query{Name: "AddBook", Package: "books", Command: "exec", Kind: plan.Write})
)

// scrape reads a handler's metrics over HTTP, as Prometheus does in that format.
func scrape(t *testing.T, reg *client.Registry, format expfmt.Format) map[string]*dto.MetricFamily {
	t.Helper()
	server := httptest.NewServer(promhttp.HandlerFor(reg, promhttp.HandlerOpts{ErrorHandling: promhttp.HTTPErrorOnError}))
	defer server.Close()
	request, err := http.NewRequest("GET", server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept", string(format))
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != 200 {
		text, _ := io.ReadAll(answer.Body)
		t.Fatalf("%s: %s", answer.Status, text)
	}
	families := map[string]*dto.MetricFamily{}
	for d := expfmt.NewDecoder(answer.Body, expfmt.ResponseFormat(answer.Header)); ; {
		var f dto.MetricFamily
		if err := d.Decode(&f); err == io.EOF {
			return families
		} else if err != nil {
			t.Fatal(err)
		}
		families[f.GetName()] = &f
	}
}

// sample gives the one with these labels, "a=b,c=d" in order of names.
func sample(t *testing.T, families map[string]*dto.MetricFamily, name, labels string) *dto.Metric {
	t.Helper()
	for _, m := range families[name].GetMetric() {
		var list []string
		for _, l := range m.GetLabel() {
			list = append(list, l.GetName()+"="+l.GetValue())
		}
		if strings.Join(list, ",") == labels {
			return m
		}
	}
	t.Fatalf("no %s{%s}: %v", name, labels, families[name])
	return nil
}

func text() expfmt.Format { return expfmt.NewFormat(expfmt.TypeTextPlain) }

func TestEverythingThatIsCountedIsScraped(t *testing.T) {
	r := metrics.New(metrics.Options{Slow: 500 * time.Millisecond})
	for i := range 1000 {
		r.Done(getBook, time.Duration(i)*time.Millisecond, 2, fault.None)
	}
	r.Done(addBook, time.Millisecond, 1, fault.Unique)
	r.Done(addBook, time.Millisecond, 1, fault.Deadlock)
	r.Phases(getBook, time.Second, 2*time.Second, 3*time.Second)
	r.PoolWait(time.Second)
	r.PoolTimeout()
	r.Pool("primary", func() metrics.Connections {
		return metrics.Connections{Max: 9, Total: 4, Busy: 3, Idle: 1, Waiting: 2}
	})
	r.Transaction(metrics.RolledBack, time.Second, 3)
	reg := client.NewPedanticRegistry()
	reg.MustRegister(prometheus.New(r, prometheus.Options{Labels: client.Labels{"db": "main"}}))
	reg.MustRegister(prometheus.New(metrics.New(metrics.Options{}), prometheus.Options{Labels: client.Labels{"db": "other"}}))
	for range 2 { // the second time from labels that were made before
		got := scrape(t, reg, text())
		for _, c := range []struct {
			name, labels string
			want         float64
		}{
			{"covetsql_query_rows_total", "db=main,package=books,query=GetBook", 2000},
			{"covetsql_query_slow_total", "db=main,package=books,query=GetBook", 500},
			{"covetsql_query_repeated_total", "db=main,package=books,query=GetBook", 0},
			{"covetsql_query_sampled_total", "db=main,package=books,query=GetBook", 1},
			{"covetsql_query_phase_seconds_total", "db=main,package=books,phase=server,query=GetBook", 2},
			{"covetsql_query_errors_total", "db=main,kind=unique,package=books,query=AddBook", 1},
			{"covetsql_query_errors_total", "db=main,kind=deadlock,package=books,query=AddBook", 1},
			{"covetsql_pool_connections", "db=main,pool=primary,state=busy", 3},
			{"covetsql_pool_connections", "db=main,pool=primary,state=idle", 1},
			{"covetsql_pool_connections_max", "db=main,pool=primary", 9},
			{"covetsql_pool_waiting", "db=main,pool=primary", 2},
			{"covetsql_pool_timeouts_total", "db=main", 1},
			{"covetsql_transaction_retries_total", "db=main", 2},
			{"covetsql_transaction_retries_total", "db=other", 0},
		} {
			m := sample(t, got, c.name, c.labels)
			if v := m.GetCounter().GetValue() + m.GetGauge().GetValue(); v != c.want {
				t.Errorf("%s{%s} is %g, not %g", c.name, c.labels, v, c.want)
			}
		}
		for _, c := range []struct {
			name, labels string
			count        uint64
			sum          float64
		}{
			{"covetsql_query_duration_seconds", "db=main,package=books,query=GetBook", 1000, 499.5},
			{"covetsql_pool_wait_seconds", "db=main", 1, 1},
			{"covetsql_transaction_duration_seconds", "db=main,outcome=rolled_back", 1, 1},
		} {
			h := sample(t, got, c.name, c.labels).GetHistogram()
			if h.GetSampleCount() != c.count || math.Abs(h.GetSampleSum()-c.sum) > 1e-9 {
				t.Errorf("%s{%s}: %v", c.name, c.labels, h)
			}
		}
		for _, b := range sample(t, got, "covetsql_query_duration_seconds", "db=main,package=books,query=GetBook").GetHistogram().GetBucket() {
			want := uint64(0)
			for i := range 1000 {
				if (time.Duration(i) * time.Millisecond).Seconds() <= b.GetUpperBound() {
					want++
				}
			}
			if b.GetCumulativeCount() != want {
				t.Errorf("%d up to %g s, not %d", b.GetCumulativeCount(), b.GetUpperBound(), want)
			}
		}
	}
	r.Reset()
	if families := scrape(t, reg, text()); families["covetsql_query_rows_total"] != nil {
		t.Error("counters stay after a reset")
	}
}

func TestBoundsAreThoseOfTheSketch(t *testing.T) {
	r := metrics.New(metrics.Options{})
	values := []time.Duration{0, 999_000, 1_000_000, 1_001_000, 4_999_999, 5_000_000, 70_000_000}
	for _, v := range values {
		r.Done(getBook, v, 1, fault.None)
	}
	reg := client.NewPedanticRegistry()
	reg.MustRegister(prometheus.New(r, prometheus.Options{Bounds: []time.Duration{5 * time.Millisecond, time.Millisecond, time.Millisecond + 1}}))
	h := sample(t, scrape(t, reg, text()), "covetsql_query_duration_seconds", "package=books,query=GetBook").GetHistogram()
	if len(h.GetBucket()) != 3 { // and +Inf, which the text has and the protocol has not
		t.Fatal(h)
	}
	for i, least := range []float64{0.001, 0.005} {
		b := h.GetBucket()[i]
		n := uint64(0)
		for _, v := range values {
			if v.Seconds() <= b.GetUpperBound() {
				n++
			}
		}
		if u := b.GetUpperBound(); u < least || u > least*17/16 || b.GetCumulativeCount() != n {
			t.Errorf("%v", b)
		}
	}
}

func TestNativeHistogramsAreThoseThatTheClientWouldHave(t *testing.T) {
	r := metrics.New(metrics.Options{})
	reg := client.NewPedanticRegistry()
	theirs := client.NewHistogram(client.HistogramOpts{Name: "theirs", NativeHistogramBucketFactor: 1.1})
	reg.MustRegister(prometheus.New(r, prometheus.Options{Native: true, Bounds: []time.Duration{}}), theirs)
	r.Done(addBook, 0, 1, fault.None)
	random := rand.New(rand.NewPCG(1, 2))
	values := []time.Duration{0, 0, 1, 2}
	for range 5000 {
		values = append(values, time.Duration(math.Exp(random.Float64()*20)))
	}
	for _, v := range values {
		r.Done(getBook, v, 1, fault.None)
		theirs.Observe(v.Seconds())
	}
	families := scrape(t, reg, expfmt.NewFormat(expfmt.TypeProtoDelim))
	ours := sample(t, families, "covetsql_query_duration_seconds", "package=books,query=GetBook").GetHistogram()
	wants := sample(t, families, "theirs", "").GetHistogram()
	if ours.GetSchema() != wants.GetSchema() || ours.GetZeroCount() != 2 || wants.GetZeroCount() != 2 || ours.GetZeroThreshold() != wants.GetZeroThreshold() || len(ours.GetBucket()) != 0 {
		t.Fatalf("%v\n%v", ours, wants)
	}
	a, b := unroll(ours), unroll(wants)
	total := uint64(2)
	for key := -300; key < 100; key++ {
		total += uint64(a[key])
	}
	if total != ours.GetSampleCount() || total != uint64(len(values)) {
		t.Errorf("%d values in buckets, %d in all", total, ours.GetSampleCount())
	}
	below := func(h map[int]int64, bound int) (n int64) {
		for key, c := range h {
			if key <= bound {
				n += c
			}
		}
		return n
	}
	for key := range b { // up to each bound there are as many as theirs up to the bound before it at least, and up to the one after it at most
		if n := below(a, key); n < below(b, key-1) || n > below(b, key+1) {
			t.Errorf("%d up to bucket %d; theirs are %d, %d, %d around it", n, key, below(b, key-1), below(b, key), below(b, key+1))
		}
	}
	empty := sample(t, families, "covetsql_pool_wait_seconds", "").GetHistogram()
	if len(empty.GetPositiveSpan()) != 1 || empty.GetSampleCount() != 0 {
		t.Errorf("a native histogram without values is none: %v", empty)
	}
}

// unroll gives a native histogram's counts by the number of the bucket.
func unroll(h *dto.Histogram) map[int]int64 {
	out := map[int]int64{}
	key, i, n := 0, 0, int64(0)
	for _, s := range h.GetPositiveSpan() {
		key += int(s.GetOffset())
		for range s.GetLength() {
			n += h.GetPositiveDelta()[i]
			out[key] = n
			key++
			i++
		}
	}
	return out
}

func TestScrapesMayRunAtTheSameTimeAsQueries(t *testing.T) {
	r := metrics.New(metrics.Options{})
	reg := client.NewRegistry()
	reg.MustRegister(prometheus.New(r, prometheus.Options{Native: true}))
	done := make(chan bool)
	for g := range 3 {
		go func() {
			for i := range 200 {
				q := plan.New(plan.Query{Name: fmt.Sprintf("Many%d", i), Package: fmt.Sprint(g)})
				r.Done(q, 1, 1, fault.Check)
				r.Transaction(metrics.Committed, 1, 1)
			}
			done <- true
		}()
	}
	for n := 0; n < 3; {
		select {
		case <-done:
			n++
		default:
			if _, err := reg.Gather(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if families := scrape(t, reg, text()); len(families["covetsql_query_rows_total"].GetMetric()) != 600 {
		t.Error(len(families["covetsql_query_rows_total"].GetMetric()))
	}
}

func Example() {
	r := metrics.New(metrics.Options{})
	r.Done(getBook, 3*time.Millisecond, 1, fault.None) // the runtime does so as each call ends

	reg := client.NewRegistry()
	reg.MustRegister(prometheus.New(r, prometheus.Options{Labels: client.Labels{"db": "main"}, Bounds: []time.Duration{time.Millisecond, 10 * time.Millisecond}}))
	w := httptest.NewRecorder()
	promhttp.HandlerFor(reg, promhttp.HandlerOpts{}).ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	for line := range strings.Lines(w.Body.String()) {
		if strings.HasPrefix(line, "covetsql_query_duration") {
			fmt.Print(line)
		}
	}
	// Output:
	// covetsql_query_duration_seconds_bucket{db="main",package="books",query="GetBook",le="0.001015807"} 0
	// covetsql_query_duration_seconds_bucket{db="main",package="books",query="GetBook",le="0.010485759"} 1
	// covetsql_query_duration_seconds_bucket{db="main",package="books",query="GetBook",le="+Inf"} 1
	// covetsql_query_duration_seconds_sum{db="main",package="books",query="GetBook"} 0.003
	// covetsql_query_duration_seconds_count{db="main",package="books",query="GetBook"} 1
}

func BenchmarkScrapeOfAThousandQueries(b *testing.B) {
	r := metrics.New(metrics.Options{})
	for i := range 1000 {
		q := plan.New(plan.Query{Name: fmt.Sprintf("Bench%d", i), Package: "bench"})
		for range 100 {
			r.Done(q, time.Duration(rand.ExpFloat64()*1e6), 1, fault.None)
		}
	}
	reg := client.NewRegistry()
	reg.MustRegister(prometheus.New(r, prometheus.Options{}))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := reg.Gather(); err != nil {
			b.Fatal(err)
		}
	}
}

// What the sketch costs beside the client's own histograms: the reason that there is one.
func BenchmarkObserve(b *testing.B) {
	var values [4096]time.Duration
	for i := range values {
		values[i] = time.Duration(rand.ExpFloat64() * 1e6)
	}
	var ours metrics.Histogram
	classic := client.NewHistogram(client.HistogramOpts{Name: "classic", Buckets: client.ExponentialBuckets(16e-6, 2, 16)})
	native := client.NewHistogram(client.HistogramOpts{Name: "native", NativeHistogramBucketFactor: 1.1})
	for _, c := range []struct {
		name    string
		observe func(time.Duration)
	}{
		{"ours", ours.Observe},
		{"client, 16 buckets", func(d time.Duration) { classic.Observe(d.Seconds()) }},
		{"client, native", func(d time.Duration) { native.Observe(d.Seconds()) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			i := 0
			for b.Loop() {
				c.observe(values[i&4095])
				i++
			}
		})
	}
}
