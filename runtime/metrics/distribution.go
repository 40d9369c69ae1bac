package metrics

import (
	"encoding/json"
	"fmt"
	"iter"
	"math"
	"time"
)

// Distribution is what a Histogram has counted at a moment.
type Distribution struct {
	// Count is how many durations there are; Sum and Max are exact.
	Count uint64
	Sum   time.Duration
	Max   time.Duration

	cells []cell // ascending, none empty
}

type cell struct {
	bucket uint16
	count  uint64
}

// Bucket is a range of durations and how many fell into it.
type Bucket struct {
	// Low and High are the smallest and the largest duration that it takes.
	Low, High time.Duration
	Count     uint64
}

// Buckets gives those that are not empty, from short to long.
func (d Distribution) Buckets() iter.Seq[Bucket] {
	return func(yield func(Bucket) bool) {
		for _, c := range d.cells {
			low, high := edges(int(c.bucket))
			if !yield(Bucket{time.Duration(low), time.Duration(high), c.count}) {
				return
			}
		}
	}
}

// EdgeAbove is the largest duration of the bucket that d falls into. What a Distribution holds up to an edge is exact, so exporters with
// buckets of their own put their bounds there.
func EdgeAbove(d time.Duration) time.Duration {
	_, high := edges(bucket(uint64(max(d, 0))))
	return time.Duration(high)
}

// Quantile estimates the smallest duration that a share q (0 to 1) of all are not longer than; it is at most 1/32 off. That of nothing
// is 0, Quantile(1) is Max.
func (d Distribution) Quantile(q float64) time.Duration {
	return d.at(uint64(math.Ceil(q * float64(d.Count))))
}

// at estimates the duration of a rank, from 1; ranks outside are those at the ends.
func (d Distribution) at(rank uint64) time.Duration {
	if d.Count == 0 {
		return 0
	}
	if rank >= d.Count {
		return d.Max
	}
	var seen uint64
	for _, c := range d.cells {
		if seen += c.count; seen >= rank {
			low, high := edges(int(c.bucket))
			return min(time.Duration(low+(high-low)/2), d.Max)
		}
	}
	return d.Max
}

// Mean is Sum / Count, or 0.
func (d Distribution) Mean() time.Duration {
	if d.Count == 0 {
		return 0
	}
	return time.Duration(uint64(d.Sum) / d.Count)
}

// Merge adds what another one holds.
func (d *Distribution) Merge(o Distribution) {
	merged := make([]cell, 0, len(d.cells)+len(o.cells))
	a, b := d.cells, o.cells
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].bucket < b[0].bucket:
			merged, a = append(merged, a[0]), a[1:]
		case a[0].bucket > b[0].bucket:
			merged, b = append(merged, b[0]), b[1:]
		default:
			merged = append(merged, cell{a[0].bucket, a[0].count + b[0].count})
			a, b = a[1:], b[1:]
		}
	}
	d.cells = append(append(merged, a...), b...)
	d.Count, d.Sum, d.Max = d.Count+o.Count, d.Sum+o.Sum, max(d.Max, o.Max)
}

// stored is a Distribution as JSON: durations in nanoseconds, buckets as pairs of number and count.
type stored struct {
	Count   uint64      `json:"count"`
	Sum     int64       `json:"sum_ns"`
	Max     int64       `json:"max_ns"`
	Buckets [][2]uint64 `json:"buckets,omitempty"`
}

// MarshalJSON gives {"count", "sum_ns", "max_ns", "buckets": [[number, count], …]}.
func (d Distribution) MarshalJSON() ([]byte, error) {
	s := stored{Count: d.Count, Sum: int64(d.Sum), Max: int64(d.Max)}
	for _, c := range d.cells {
		s.Buckets = append(s.Buckets, [2]uint64{uint64(c.bucket), c.count})
	}
	return json.Marshal(s)
}

// UnmarshalJSON reads what MarshalJSON wrote, and refuses what no Histogram can have counted.
func (d *Distribution) UnmarshalJSON(text []byte) error {
	var s stored
	if err := json.Unmarshal(text, &s); err != nil {
		return err
	}
	out := Distribution{Sum: time.Duration(s.Sum), Max: time.Duration(s.Max)}
	for _, b := range s.Buckets {
		if b[0] >= buckets || b[1] == 0 || len(out.cells) > 0 && uint64(out.cells[len(out.cells)-1].bucket) >= b[0] || out.Count > math.MaxUint64-b[1] {
			return fmt.Errorf("covetsql: bucket %d with %d values can't stand in a distribution here", b[0], b[1])
		}
		out.cells = append(out.cells, cell{uint16(b[0]), b[1]})
		out.Count += b[1]
	}
	if out.Count != s.Count || s.Sum < 0 || s.Max < 0 {
		return fmt.Errorf("covetsql: a distribution says that it has %d values, and its buckets have %d", s.Count, out.Count)
	}
	if n := len(out.cells); n > 0 && bucket(uint64(s.Max)) < int(out.cells[n-1].bucket) {
		return fmt.Errorf("covetsql: a distribution says that its longest duration is %s, and has longer ones", time.Duration(s.Max))
	}
	*d = out
	return nil
}
