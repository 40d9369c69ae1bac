package prometheus

import (
	"time"

	client "github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/covetsql/covetsql/runtime/metrics"
)

// metric is one sample with its labels, which are not made anew as those of client.NewConstMetric are.
type metric struct {
	desc      *client.Desc
	labels    []*dto.LabelPair
	kind      client.ValueType
	value     float64
	since     time.Time
	histogram *dto.Histogram
}

func (m *metric) Desc() *client.Desc { return m.desc }

func (m *metric) Write(out *dto.Metric) error {
	out.Label = m.labels
	switch {
	case m.histogram != nil:
		out.Histogram = m.histogram
	case m.kind == client.CounterValue:
		out.Counter = &dto.Counter{Value: &m.value, CreatedTimestamp: timestamppb.New(m.since)}
	default:
		out.Gauge = &dto.Gauge{Value: &m.value}
	}
	return nil
}

// histogram gives a distribution with the buckets that were asked for.
func (c *Collector) histogram(d metrics.Distribution, since time.Time) *dto.Histogram {
	h := &dto.Histogram{SampleCount: new(d.Count), SampleSum: new(d.Sum.Seconds()), CreatedTimestamp: timestamppb.New(since)}
	var below uint64
	at := 0
	bound := func() {
		h.Bucket = append(h.Bucket, &dto.Bucket{CumulativeCount: new(below), UpperBound: new(c.bounds[at].Seconds())})
		at++
	}
	for b := range d.Buckets() {
		for at < len(c.bounds) && c.bounds[at] < b.High {
			bound()
		}
		below += b.Count
	}
	for at < len(c.bounds) {
		bound()
	}
	if c.native {
		native(h, d)
	}
	return h
}

// native adds the buckets of a native histogram.
func native(h *dto.Histogram, d metrics.Distribution) {
	zero, first, counts := d.Exponential(schema)
	h.Schema, h.ZeroThreshold, h.ZeroCount = new(int32(schema)), new(client.DefNativeHistogramZeroThreshold), new(zero)
	// Prometheus numbers a bucket by its upper bound, OpenTelemetry by its lower one. A span of buckets says how many there are between it and the one
	// before, and each count is told by how much it differs from the one before it.
	gap, former := int32(first+1), int64(0)
	for _, n := range counts {
		if n == 0 {
			gap++
			continue
		}
		if len(h.PositiveSpan) == 0 || gap > 0 {
			h.PositiveSpan = append(h.PositiveSpan, &dto.BucketSpan{Offset: new(gap), Length: new(uint32(0))})
			gap = 0
		}
		*h.PositiveSpan[len(h.PositiveSpan)-1].Length++
		h.PositiveDelta = append(h.PositiveDelta, int64(n)-former)
		former = int64(n)
	}
	if zero == 0 && len(counts) == 0 { // an empty span tells a native histogram without values from one that is none
		h.PositiveSpan = []*dto.BucketSpan{{Offset: new(int32(0)), Length: new(uint32(0))}}
	}
}
