package metrics

import (
	"math/bits"
	"sync/atomic"
	"time"
)

// Buckets: each power of two of nanoseconds is cut into 16 parts of one width; below 32 ns each nanosecond is its own.
const (
	cut     = 4 // log2 of the parts of a power of two
	parts   = 1 << cut
	buckets = (63-cut)*parts + parts // the highest holds math.MaxInt64
)

// Histogram is a sketch of durations: counts in buckets whose width is a sixteenth of a power of two. An estimate in the middle of a
// bucket is at most 1/32 (3.1 %) off; the largest value and the sum are exact. It holds every duration that is not negative (a
// negative one counts as 0), has a fixed size of 7.5 KiB, and two of them merge without loss. The zero value is ready, and all
// methods may be called at the same time.
//
// There is one of our own since what exists costs several times as much on the way of each query. Measured side by side (two cores, Go
// 1.26; BenchmarkObserve in metrics/prometheus), this takes 4.4 ns with its sum and maximum, and 6.2 where both cores count;
// client_golang's histogram of 16 buckets takes 13, its native one 47. A study before it had HdrHistogram at 7.7 and DDSketch at 42,
// neither of them for concurrent use, and OpenTelemetry's histogram with a prepared attribute set at 296. The layout is that of
// HdrHistogram (G. Tene, hdrhistogram.org: linear parts in exponential ranges); that the error is relative, and that merging keeps it, is
// argued in C. Masson, J. E. Rim, H. K. Lee, "DDSketch: A Fast and Fully-Mergeable Quantile Sketch with Relative-Error Guarantees", VLDB
// 2019, section 2. Counters are not split by processor: a query takes some µs of its processor at least, so those of 64 processors do not
// meet often.
type Histogram struct {
	sum    atomic.Uint64
	max    atomic.Int64
	counts [buckets]atomic.Uint64
}

// bucket is the bucket of a value that is not negative.
func bucket(v uint64) int {
	if v < parts {
		return int(v)
	}
	e := bits.Len64(v) - cut - 1
	return e<<cut + int(v>>e)
}

// edges are the smallest and the largest value of a bucket.
func edges(i int) (low, high uint64) {
	if i < 2*parts {
		return uint64(i), uint64(i)
	}
	e := i>>cut - 1
	low = uint64(i-e<<cut) << e
	return low, low + 1<<e - 1
}

// Observe counts a duration.
func (h *Histogram) Observe(d time.Duration) {
	d = max(d, 0)
	// The count comes last, and is read first: whoever sees it sees the largest value and the sum with it.
	for {
		top := h.max.Load()
		if int64(d) <= top || h.max.CompareAndSwap(top, int64(d)) {
			break
		}
	}
	h.sum.Add(uint64(d))
	h.counts[bucket(uint64(d))].Add(1)
}

// Merge adds what another histogram has counted.
func (h *Histogram) Merge(d Distribution) {
	for top := h.max.Load(); int64(d.Max) > top && !h.max.CompareAndSwap(top, int64(d.Max)); top = h.max.Load() {
	}
	h.sum.Add(uint64(d.Sum))
	for _, c := range d.cells {
		h.counts[c.bucket].Add(c.count)
	}
}

// Quantile is Snapshot().Quantile(q).
func (h *Histogram) Quantile(q float64) time.Duration { return h.Snapshot().Quantile(q) }

// Snapshot gives what was counted until now.
func (h *Histogram) Snapshot() Distribution {
	var d Distribution
	for i := range h.counts {
		if n := h.counts[i].Load(); n > 0 {
			d.cells = append(d.cells, cell{uint16(i), n})
			d.Count += n
		}
	}
	d.Sum, d.Max = time.Duration(h.sum.Load()), time.Duration(h.max.Load())
	return d
}
