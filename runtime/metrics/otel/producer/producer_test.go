package producer_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/metrics"
	"github.com/covetsql/covetsql/runtime/metrics/otel/producer"
	"github.com/covetsql/covetsql/runtime/plan"
)

var getBook = plan.New(plan.Query{Name: "GetBook", Package: "books", SQL: "SELECT 1 FROM book", Reads: []string{"book"}})

func collect(t *testing.T, r metric.Reader) map[string]metricdata.Metrics {
	t.Helper()
	var all metricdata.ResourceMetrics
	if err := r.Collect(t.Context(), &all); err != nil {
		t.Fatal(err)
	}
	out := map[string]metricdata.Metrics{}
	for _, s := range all.ScopeMetrics {
		for _, m := range s.Metrics {
			out[m.Name] = m
		}
	}
	return out
}

// below is how many values there are up to each bucket's number.
func below(p metricdata.ExponentialHistogramDataPoint[float64], bucket int) uint64 {
	n := p.ZeroCount
	for i, c := range p.PositiveBucket.Counts {
		if int(p.PositiveBucket.Offset)+i <= bucket {
			n += c
		}
	}
	return n
}

func TestDistributionsAreThoseThatTheSDKWouldHave(t *testing.T) {
	r := metrics.New(metrics.Options{})
	reader := metric.NewManualReader(metric.WithProducer(producer.New(r, producer.Options{System: "postgresql"})))
	provider := metric.NewMeterProvider(metric.WithReader(reader), metric.WithView(metric.NewView(metric.Instrument{Name: "theirs"},
		metric.Stream{Aggregation: metric.AggregationBase2ExponentialHistogram{MaxSize: 1000, MaxScale: 3}})))
	theirs, err := provider.Meter("test").Float64Histogram("theirs")
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	values := []time.Duration{0, 0, 1}
	for range 5000 {
		values = append(values, time.Duration(math.Exp(random.Float64()*25)))
	}
	for _, v := range values {
		r.Done(getBook, v, 1, fault.None)
		theirs.Record(t.Context(), v.Seconds())
	}
	got := collect(t, reader)
	a := got["db.client.operation.duration"].Data.(metricdata.ExponentialHistogram[float64]).DataPoints[0]
	b := got["theirs"].Data.(metricdata.ExponentialHistogram[float64]).DataPoints[0]
	longest, _ := a.Max.Value()
	wanted, _ := b.Max.Value()
	if a.Count != b.Count || math.Abs(a.Sum-b.Sum) > 1e-9*b.Sum || longest != wanted || a.Scale != b.Scale || a.ZeroCount != b.ZeroCount || below(a, math.MaxInt32) != a.Count {
		t.Errorf("%+v\n%+v", a, b)
	}
	for i := range len(b.PositiveBucket.Counts) {
		at := int(b.PositiveBucket.Offset) + i
		if n := below(a, at); n < below(b, at-1) || n > below(b, at+1) {
			t.Errorf("%d up to bucket %d, theirs are %d to %d", n, at, below(b, at-1), below(b, at+1))
		}
	}
	if set := a.Attributes.Encoded(attribute.DefaultEncoder()); set != "db.collection.name=book,db.operation.name=SELECT,db.query.summary=books.GetBook,db.system.name=postgresql" {
		t.Error(set)
	}
}

func TestPoolsAndTransactionsAreGiven(t *testing.T) {
	r := metrics.New(metrics.Options{})
	reader := metric.NewManualReader(metric.WithProducer(producer.New(r, producer.Options{Scale: 2, Attributes: []attribute.KeyValue{attribute.String("db.namespace", "shop")}})))
	metric.NewMeterProvider(metric.WithReader(reader))
	r.PoolWait(time.Second)
	r.Transaction(metrics.RolledBack, 3*time.Second, 1)
	got := collect(t, reader)
	for name, want := range map[string]string{"db.client.connection.wait_time": "db.namespace=shop", "covetsql.transaction.duration": "db.namespace=shop,outcome=rolled_back"} {
		d := got[name].Data.(metricdata.ExponentialHistogram[float64])
		if p := d.DataPoints[0]; p.Count != 1 || p.Scale != 2 || p.Attributes.Encoded(attribute.DefaultEncoder()) != want || !p.Time.After(p.StartTime) || d.Temporality != metricdata.CumulativeTemporality {
			t.Errorf("%s: %+v", name, p)
		}
	}
	if _, ok := got["db.client.operation.duration"]; ok {
		t.Error("queries that were not called are given")
	}
}

func Example() {
	r := metrics.New(metrics.Options{})
	reader := metric.NewManualReader(metric.WithProducer(producer.New(r, producer.Options{System: "postgresql"}))) // an application has a periodic one
	metric.NewMeterProvider(metric.WithReader(reader))
	r.Done(getBook, time.Second, 1, fault.None)

	var all metricdata.ResourceMetrics
	reader.Collect(context.Background(), &all)
	m := all.ScopeMetrics[0].Metrics[0]
	p := m.Data.(metricdata.ExponentialHistogram[float64]).DataPoints[0]
	fmt.Println(m.Name, m.Unit, p.Count, p.Sum)
	// Output: db.client.operation.duration s 1 1
}
