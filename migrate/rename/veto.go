package rename

import "strings"

// Veto says why a dropped column can't be what an added one was, "" where it can be. A directive overrules it.
func Veto(o, n Column) string {
	switch {
	case (o.Generated == "") != (n.Generated == ""):
		return "one is computed and the other is stored"
	case o.Identity != "" && n.Identity == "" && !n.Numbered || n.Identity != "" && o.Identity == "" && !o.Numbered:
		return "the engine numbers the one and not the other"
	case o.Key != n.Key:
		return "one is in the primary key and the other is not"
	case o.RefersKept && n.Refers != "" && !strings.EqualFold(o.Refers, n.Refers):
		return "they refer to different tables: " + o.Refers + " and " + n.Refers
	case !casts(o.Type, n.Type):
		return "there is no cast from " + o.Type + " to " + n.Type
	}
	return ""
}

// into are the groups of types (see kins) that a group's values can be cast to, besides text and the group itself.
var into = map[string][]string{
	"integer": {"number", "boolean"},
	"number":  {"integer"},
	"boolean": {"integer"},
	"time":    {},
	"json":    {},
	"bytes":   {},
	"uuid":    {},
}

// casts tells whether values of one type can become values of another by a cast. Types of users, and others that are not known, may.
func casts(from, to string) bool {
	if strings.HasSuffix(from, "[]") != strings.HasSuffix(to, "[]") {
		return false
	}
	f, t := kin(from), kin(to)
	if f == t || f == "" || t == "" || f == "text" || t == "text" {
		return true
	}
	for _, k := range into[f] {
		if k == t {
			return true
		}
	}
	return false
}
