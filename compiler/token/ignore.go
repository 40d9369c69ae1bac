package token

import "strings"

// IgnoreWord begins a comment that says why a finding of vet is to stay.
const IgnoreWord = "covetsql:ignore"

// IsIgnore tells whether a doc comment's line is such a comment.
func IsIgnore(comment string) bool {
	return strings.HasPrefix(strings.TrimLeft(comment, " \t"), IgnoreWord)
}
