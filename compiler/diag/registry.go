package diag

import "sort"

var registry = map[string]*Code{}

// declare registers a code; two codes with one ID or one slug are a programming error.
func declare(id, slug string, s Severity, summary string) *Code {
	if registry[id] != nil {
		panic("diag: code " + id + " declared twice")
	}
	if c, ok := Lookup(slug); ok {
		panic("diag: " + id + " and " + c.ID + " are both called " + slug)
	}
	c := &Code{ID: id, Slug: slug, Severity: s, Summary: summary}
	registry[id] = c
	return c
}

// Lookup finds a code by its ID or its slug.
func Lookup(name string) (*Code, bool) {
	if c := registry[name]; c != nil {
		return c, true
	}
	for _, c := range registry {
		if c.Slug == name {
			return c, true
		}
	}
	return nil, false
}

// Codes lists all codes by ID.
func Codes() []*Code {
	out := make([]*Code, 0, len(registry))
	for _, c := range registry {
		out = append(out, c)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out
}

// rulePages are the pages of codes that rules declare beside themselves.
var rulePages = map[string]string{}

// Declare registers the code of a rule that stands in a folder of its own, with its page. Two codes with one ID are a
// programming error.
func Declare(id, slug string, s Severity, summary, page string) *Code {
	rulePages[id] = page
	return declare(id, slug, s, summary)
}
