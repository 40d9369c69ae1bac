package metrics

import (
	"math"
	"time"
)

// Exponential gives the distribution in seconds, in buckets that grow by the factor 2^(2^-scale), as Prometheus's native histograms and
// OpenTelemetry's exponential ones have them: counts[i] are the values in (b^(first+i), b^(first+i+1)] for that factor b, zero those that
// are 0. Values of a bucket of ours count at its middle, which is 1/32 off at most.
// Source: OpenTelemetry metrics data model, "ExponentialHistogram".
func (d Distribution) Exponential(scale int) (zero uint64, first int, counts []uint64) {
	for b := range d.Buckets() {
		middle := b.Low + (b.High-b.Low)/2
		if middle <= 0 {
			zero += b.Count
			continue
		}
		i := int(math.Ceil(math.Ldexp(math.Log2(float64(middle)/float64(time.Second)), scale))) - 1
		if counts == nil {
			first = i
		}
		for len(counts) <= i-first {
			counts = append(counts, 0)
		}
		counts[i-first] += b.Count
	}
	return zero, first, counts
}
