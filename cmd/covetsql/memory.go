package main

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// A run is short and its memory is what its input needs, so that the collector's usual pace
// costs more than it gives. floor is the memory below which nothing is collected: most
// projects end before it, and what is alive of others may always grow to it. Above it a heap may
// grow by growth percent between two collections (docs/performance.md).
const (
	floor  = 112 << 20 // bytes
	growth = 60
)

// paceCollector sets the collector up. GOGC and GOMEMLIMIT, where set, win.
func paceCollector() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(floor)
	afterCollection(func() { debug.SetMemoryLimit(math.MaxInt64) })
}

// afterCollection sets the pace anew after each collection, by what it left; first runs after the first.
func afterCollection(first func()) {
	// The sentinel is unreachable, so that the next collection finds it.
	type sentinel struct{ _ *byte }
	runtime.AddCleanup(new(sentinel), func(struct{}) {
		alive := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(alive)
		debug.SetGCPercent(percent(alive[0].Value.Uint64()))
		first()
		afterCollection(func() {})
	}, struct{}{})
}

// percent is how much a heap of so many bytes may grow.
func percent(alive uint64) int {
	return max(growth, int(100*floor/max(alive, 1<<20))-100)
}
