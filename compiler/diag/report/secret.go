package report

import (
	"regexp"
	"strings"
)

// secrets are passwords in how databases are named: by a URI, MySQL's own form, and keywords with values. The last group is
// the password.
var secrets = []*regexp.Regexp{
	regexp.MustCompile(`[A-Za-z][A-Za-z0-9+.-]*://[^\s:@/"']*:([^\s"']+)@`),
	regexp.MustCompile(`[^\s:@/"'{}]+:([^\s"']+)@[a-z]+\(`),
	regexp.MustCompile(`(?i)password\s*=\s*'?([^\s"'&]+)`),
}

// masked is a line with stars for passwords, of the same length: reports end up in logs that others read.
func masked(line string) string {
	for _, s := range secrets {
		for _, m := range s.FindAllStringSubmatchIndex(line, -1) {
			from, to := m[len(m)-2], m[len(m)-1]
			if password := line[from:to]; !strings.HasPrefix(password, "${") || !strings.HasSuffix(password, "}") {
				line = line[:from] + strings.Repeat("*", to-from) + line[to:]
			}
		}
	}
	return line
}
