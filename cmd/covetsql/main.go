// Command covetsql compiles SQL to typed Go.
package main

import (
	"os"

	"github.com/covetsql/covetsql/internal/iostreams"
)

func main() {
	paceCollector()
	os.Exit(app(iostreams.System()).Run(os.Args))
}
