// Command install fetches the database servers that the tests need and that are not on this
// machine into a cache folder, without installing anything:
//
//	go run ./internal/testkit/install [-force] [postgresql mariadb mysql pgbouncer]
//
// It exits 1 where one of them can not be had.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/covetsql/covetsql/internal/testkit/binaries"
)

func main() {
	verbose := flag.Bool("v", false, "show what the package tools say")
	force := flag.Bool("force", false, "fetch even what the machine has")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	engines := binaries.Engines
	if flag.NArg() > 0 {
		engines = nil
		for _, a := range flag.Args() {
			engines = append(engines, binaries.Engine(a))
		}
	}
	failed := false
	for _, e := range engines {
		if err := install(ctx, e, *force, *verbose); err != nil {
			fmt.Fprintln(os.Stderr, "install:", err)
			failed = true
		}
	}
	if failed {
		os.Exit(1)
	}
}

func install(ctx context.Context, e binaries.Engine, force, verbose bool) error {
	start := time.Now()
	if s, err := binaries.Find(e); err == nil && !force {
		fmt.Printf("%-10s %s at %s\n", e, s.Version, s.Server)
		return nil
	}
	fmt.Printf("%-10s fetching …\n", e)
	var log strings.Builder
	var to io.Writer = &log
	if verbose {
		to = os.Stderr
	}
	if err := binaries.Fetch(ctx, e, to); err != nil {
		return err
	}
	s, err := binaries.Find(e)
	if err != nil {
		return fmt.Errorf("%w\nthe fetched programs do not run:\n%s", err, log.String())
	}
	fmt.Printf("%-10s %s at %s, fetched in %v\n", e, s.Version, s.Server, time.Since(start).Round(100*time.Millisecond))
	return nil
}
