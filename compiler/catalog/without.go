package catalog

import "strings"

// Without is the snapshot without some tables, and without the sequences that they own and the triggers on them. The rest is shared with s.
func (s *Snapshot) Without(leave func(*Table) bool) *Snapshot {
	out := *s
	out.Schemas, out.byName = nil, map[string]*Schema{}
	for _, sc := range s.Schemas {
		kept := *sc
		kept.Tables, kept.Sequences, kept.Triggers, kept.tables = nil, nil, nil, map[string]*Table{}
		gone := map[string]bool{}
		for _, t := range sc.Tables {
			if leave(t) {
				gone[t.Name] = true
				continue
			}
			kept.Tables = append(kept.Tables, t)
			kept.tables[s.fold(t.Name)] = t
		}
		for _, q := range sc.Sequences {
			if owner, _, _ := strings.Cut(q.OwnedBy, "."); !gone[owner] {
				kept.Sequences = append(kept.Sequences, q)
			}
		}
		for _, t := range sc.Triggers {
			if !gone[t.Table] {
				kept.Triggers = append(kept.Triggers, t)
			}
		}
		out.Schemas = append(out.Schemas, &kept)
		out.byName[s.fold(sc.Name)] = &kept
	}
	return &out
}
