package main

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
)

// A run is short and its memory is what its input needs, so that the collector's usual pace
// costs more than it gives. floor is the memory below which nothing is collected: most
// projects end before it. From there on a heap may grow by growth percent between two
// collections: half the usual memory for a tenth more CPU (docs/performance.md).
const (
	floor  = 96 << 20 // bytes
	growth = 60
)

// paceCollector sets the collector up. GOGC and GOMEMLIMIT, where set, win.
func paceCollector() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(floor)
	// The sentinel is unreachable, so that the first collection, at the floor, finds it.
	type sentinel struct{ _ *byte }
	runtime.AddCleanup(new(sentinel), func(struct{}) {
		debug.SetGCPercent(growth)
		debug.SetMemoryLimit(math.MaxInt64)
	}, struct{}{})
}
