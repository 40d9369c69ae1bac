package main

import (
	"context"
	"database/sql"
	"log"

	"github.com/covetsql/covetsql/analyzer/gocode/testdata/club/lite"
)

type seed struct{ title, ref string }

var seeds = []seed{{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}, {"e", "5"}, {"f", "6"}, {"g", "7"}, {"h", "8"}, {"i", "9"}, {"j", "10"}}

func main() {
	d, err := sql.Open("sqlite", "x")
	if err != nil {
		log.Fatal(err)
	}
	q := lite.New(d)
	for _, s := range seeds {
		if err := q.AddNote(context.Background(), lite.AddNoteParams{Title: s.title, Ref: sql.NullString{String: s.ref, Valid: true}}); err != nil {
			log.Fatal(err)
		}
	}
}
