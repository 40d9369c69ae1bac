// Package tags has a Scanner that keeps what it finds in its target.
package tags

import (
	"fmt"
	"strings"
)

// Tags is a set of words.
type Tags map[string]bool

// Scan adds words to those that are there. It panics at the word panic.
func (t *Tags) Scan(src any) error {
	s, ok := src.(string)
	if !ok {
		return fmt.Errorf("tags: %T", src)
	}
	if *t == nil {
		*t = Tags{}
	}
	for w := range strings.FieldsSeq(s) {
		if w == "panic" {
			panic("a Scanner's own")
		}
		(*t)[w] = true
	}
	return nil
}
