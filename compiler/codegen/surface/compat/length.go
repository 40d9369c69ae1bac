package compat

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/types"
)

// displayed are the characters that MySQL's types of time take without a fraction, and the bits of
// a bit: what sqlc's parser fills in where no length is written.
var displayed = map[string]int{"datetime": 19, "timestamp": 19, "time": 10, "bit": 1, "bool": 1, "boolean": 1}

var mysqlModifier = regexp.MustCompile(`^\s*([a-zA-Z]+)[^(]*(?:\(\s*(\d+)\s*(,)?)?`)

// mysqlLength is the length of a column of MySQL as sqlc has it, -1 for none.
func mysqlLength(c *catalog.Column) int {
	if c.Table != nil && (c.Type.Kind == types.Enum || len(c.EnumValues) > 0) {
		return enumLength(c)
	}
	m := mysqlModifier.FindStringSubmatch(c.Declared)
	if m == nil {
		if c.Type.Length > 0 {
			return int(c.Type.Length)
		}
		return -1
	}
	base := strings.ToLower(m[1])
	n, err := strconv.Atoi(m[2])
	length, known := displayed[base]
	switch {
	case err != nil && known:
		return length
	case err != nil, base == "float" && m[3] == "":
		return -1
	case !known || base == "bit":
		return n
	case n == 0:
		return length
	}
	return length + 1 + n // the point and the fraction
}

// enumLength is the longest value of an enum, and all values of a set with their commas.
func enumLength(c *catalog.Column) int {
	longest, all := 0, 0
	for _, v := range c.EnumValues {
		n := len([]rune(v))
		longest = max(longest, n)
		all += n + 1
	}
	if strings.HasPrefix(strings.ToLower(strings.TrimSpace(c.Declared)), "set") {
		return all - 1
	}
	return longest
}
