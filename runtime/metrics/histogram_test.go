package metrics_test

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/covetsql/covetsql/runtime/metrics"
	"pgregory.net/rapid"
)

// durations of all sizes: each power of two is as likely as any other.
var durations = rapid.Custom(func(t *rapid.T) time.Duration {
	return time.Duration(rapid.Int64Range(0, math.MaxInt64).Draw(t, "d") >> rapid.IntRange(0, 63).Draw(t, "shift"))
})

// holds fails where the sketch of values is not what it promises.
func holds(t interface{ Fatalf(string, ...any) }, d metrics.Distribution, values []time.Duration) {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	var sum time.Duration
	for _, v := range sorted {
		sum += v
	}
	if d.Count != uint64(len(sorted)) || d.Sum != sum || len(sorted) > 0 && d.Max != sorted[len(sorted)-1] {
		t.Fatalf("count %d, sum %d, max %d of %v", d.Count, d.Sum, d.Max, sorted)
	}
	for _, q := range []float64{0, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1} {
		got := d.Quantile(q)
		if len(sorted) == 0 {
			if got != 0 {
				t.Fatalf("quantile %g of nothing is %d", q, got)
			}
			continue
		}
		want := sorted[max(1, int(math.Ceil(q*float64(len(sorted)))))-1]
		if off := math.Abs(float64(got) - float64(want)); off > float64(want)/32 {
			t.Fatalf("quantile %g is %d, estimated as %d: %.2f %% off", q, want, got, 100*off/float64(want))
		}
	}
	next := time.Duration(-1)
	for b := range d.Buckets() {
		n := uint64(0)
		for _, v := range sorted {
			if b.Low <= v && v <= b.High {
				n++
			}
		}
		if b.Low <= next || b.High < b.Low || n != b.Count || metrics.EdgeAbove(b.Low) != b.High {
			t.Fatalf("bucket %+v after %d has %d values", b, next, n)
		}
		next = b.High
	}
}

func TestQuantilesAreAThirtySecondOffAtMost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(durations, 0, 200).Draw(t, "values")
		var h metrics.Histogram
		for i, v := range values {
			values[i] = v >> 9 // so that sums of them are durations
			h.Observe(values[i])
		}
		holds(t, h.Snapshot(), values)
	})
}

func TestEveryDurationHasItsBucket(t *testing.T) {
	for _, v := range []time.Duration{math.MinInt64, -1, 0, 1, 15, 16, 31, 32, 33, 1<<40 - 1, 1 << 40, math.MaxInt64} {
		var h metrics.Histogram
		h.Observe(v)
		holds(t, h.Snapshot(), []time.Duration{max(v, 0)})
	}
	low := time.Duration(0)
	for { // without a gap from 0 to the longest
		var h metrics.Histogram
		h.Observe(low)
		for b := range h.Snapshot().Buckets() {
			if b.Low != low {
				t.Fatalf("%d falls into %+v", low, b)
			}
			if b.High == math.MaxInt64 {
				return
			}
			low = b.High + 1
		}
	}
}

func TestMergedHistogramsAreThatOfTheUnion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var a, b, both, into metrics.Histogram
		for range 2 {
			for _, v := range rapid.SliceOfN(durations, 0, 50).Draw(t, "values") {
				v >>= 9
				h := rapid.SampledFrom([]*metrics.Histogram{&a, &b}).Draw(t, "to")
				h.Observe(v)
				both.Observe(v)
			}
		}
		merged := a.Snapshot()
		merged.Merge(b.Snapshot())
		into.Merge(a.Snapshot())
		into.Merge(b.Snapshot())
		want, empty := both.Snapshot(), metrics.Distribution{}
		if want.Count > 0 && (!reflect.DeepEqual(merged, want) || !reflect.DeepEqual(into.Snapshot(), want)) {
			t.Fatalf("%+v and %+v, not %+v", merged, into.Snapshot(), want)
		}
		merged.Merge(empty)
		if merged.Count != want.Count {
			t.Fatal("nothing added something")
		}
		text, err := json.Marshal(want)
		var back metrics.Distribution
		if err2 := json.Unmarshal(text, &back); err != nil || err2 != nil || !reflect.DeepEqual(back, want) {
			t.Fatalf("%v, %v: %s", err, err2, text)
		}
	})
}

func TestWhatNoHistogramCountsIsNotRead(t *testing.T) {
	for _, text := range []string{`{"count":2,"buckets":[[3,1]]}`, `{"count":1,"max_ns":5,"buckets":[[960,1]]}`, `{"count":2,"max_ns":9,"buckets":[[5,1],[5,1]]}`,
		`{"count":2,"max_ns":9,"buckets":[[5,1],[4,1]]}`, `{"count":0,"buckets":[[5,0]]}`, `{"count":1,"max_ns":4,"buckets":[[5,1]]}`,
		`{"count":1,"max_ns":5,"sum_ns":-5,"buckets":[[5,1]]}`, `{"count":0,"max_ns":5,"buckets":[[5,18446744073709551615],[6,1]]}`} {
		var d metrics.Distribution
		if err := json.Unmarshal([]byte(text), &d); err == nil {
			t.Errorf("%s was read", text)
		}
	}
}

func TestObservationsAtTheSameTimeAreAllCounted(t *testing.T) {
	var h metrics.Histogram
	var wg sync.WaitGroup
	const each = 2000
	for g := range 8 {
		wg.Go(func() {
			for i := range each {
				h.Observe(time.Duration(g*each + i))
				if i%100 == 0 {
					if d := h.Snapshot(); d.Count > 0 && d.Quantile(1) > 8*each {
						t.Error(d)
					}
				}
			}
		})
	}
	wg.Wait()
	var all []time.Duration
	for i := range 8 * each {
		all = append(all, time.Duration(i))
	}
	holds(t, h.Snapshot(), all)
}

func FuzzHistogram(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8})
	f.Fuzz(func(t *testing.T, data []byte) {
		var h metrics.Histogram
		var values []time.Duration
		for ; len(data) >= 8; data = data[8:] {
			v := time.Duration(binary.BigEndian.Uint64(data) >> 8)
			values = append(values, v)
			h.Observe(v)
		}
		if len(values) > 0 && len(values) < 100 {
			holds(t, h.Snapshot(), values)
		}
	})
}

func FuzzDistributionJSON(f *testing.F) {
	f.Add([]byte(`{"count":3,"sum_ns":15,"max_ns":5,"buckets":[[4,1],[5,2]]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var d, back metrics.Distribution
		if json.Unmarshal(text, &d) != nil {
			return
		}
		again, err := json.Marshal(d)
		if err == nil {
			err = json.Unmarshal(again, &back)
		}
		if err != nil || !reflect.DeepEqual(d, back) {
			t.Fatalf("%v: %+v, then %+v", err, d, back)
		}
		d.Quantile(0.5)
	})
}

func BenchmarkHistogram(b *testing.B) {
	var values [4096]time.Duration
	for i := range values {
		values[i] = time.Duration(rand.ExpFloat64() * 1e6)
	}
	b.Run("Observe", func(b *testing.B) {
		var h metrics.Histogram
		i := 0
		for b.Loop() {
			h.Observe(values[i&4095])
			i++
		}
	})
	b.Run("Observe/parallel", func(b *testing.B) {
		var h metrics.Histogram
		b.RunParallel(func(pb *testing.PB) {
			for i := 0; pb.Next(); i++ {
				h.Observe(values[i&4095])
			}
		})
	})
	b.Run("Snapshot", func(b *testing.B) {
		var h metrics.Histogram
		for _, v := range values {
			h.Observe(v)
		}
		for b.Loop() {
			h.Snapshot()
		}
	})
}
