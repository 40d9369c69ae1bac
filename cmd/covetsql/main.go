// Command covetsql compiles SQL to typed Go.
package main

import (
	"os"
	"runtime/debug"

	"github.com/covetsql/covetsql/internal/iostreams"
)

func main() {
	if os.Getenv("GOGC") == "" {
		// A run lives for a second: half the memory is worth a tenth more CPU (docs/performance.md).
		debug.SetGCPercent(45)
	}
	os.Exit(app(iostreams.System()).Run(os.Args))
}
