package rule

import (
	"regexp"
	"strings"
)

var forTests = regexp.MustCompile(`(?i)\b(for|in|by) (unit |integration |the )?(tests?|testing|debugging)\b|\bad[- ]?hoc\b|\b(test|tests|testing|debug|debugging)[- ]only\b`)

// ForTests tells whether the comment above a query says that it is for tests, or for people who look around: how fast it is does not
// matter.
func (q *Query) ForTests() bool { return forTests.MatchString(strings.Join(q.Comments, " ")) }
