// Command bigproject writes a sqlc project of many tables and queries, for measuring
// generators against each other on the same input:
//
//	go run ./internal/gen/bigproject -out DIR [-tables 1000] [-queries 10000] [-per-file 50]
package main

import (
	"flag"
	"log"
	"os"

	"github.com/covetsql/covetsql/internal/bigproject"
)

func main() {
	out := flag.String("out", "", "the folder to write (required)")
	tables := flag.Int("tables", 1000, "number of tables")
	queries := flag.Int("queries", 10000, "number of queries")
	perFile := flag.Int("per-file", 50, "queries in a file")
	flag.Parse()
	if *out == "" {
		flag.Usage()
		os.Exit(2)
	}
	if err := bigproject.Write(*out, *tables, *queries, *perFile); err != nil {
		log.Fatal(err)
	}
}
