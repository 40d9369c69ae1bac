package mysql

import (
	"slices"
	"strings"
)

// cost is what a change of a table takes.
type cost uint8

// The costs, each with what the server is told, so that it refuses instead of doing more.
const (
	// unknown: the server is not told, and does the least it can.
	unknown cost = iota
	// instant changes the dictionary alone.
	instant
	// metadata changes the dictionary alone, which the server calls INPLACE.
	metadata
	// building reads the table to build an index, while rows are written.
	building
	// rebuilding writes the table anew while rows are written.
	rebuilding
	// copying writes the table anew while no rows are written.
	copying
	// sharing builds an index, or writes the table anew, in place while no rows are written.
	sharing
)

// clauses are what the server is told.
var clauses = map[cost][]string{
	instant: {"ALGORITHM=INSTANT"}, metadata: {"ALGORITHM=INPLACE", "LOCK=NONE"}, building: {"ALGORITHM=INPLACE", "LOCK=NONE"},
	rebuilding: {"ALGORITHM=INPLACE", "LOCK=NONE"}, copying: {"ALGORITHM=COPY"}, sharing: {"ALGORITHM=INPLACE", "LOCK=SHARED"},
}

// told is what the server is told of a statement of this cost, behind what it does.
func (d *differ) told(c cost) string {
	if !d.o.Online || clauses[c] == nil {
		return ""
	}
	return ", " + strings.Join(clauses[c], ", ")
}

func (d *differ) copies(why string) string {
	if d.o.Online {
		return why
	}
	return ""
}

// group are changes that one statement makes.
type group struct {
	changes []change
	clauses []string
	rest    string
	why     string
}

// The stages of a table's changes, when each is to hold no lock for longer than it needs.
const (
	dropping  = iota // keys and checks that go
	fading           // columns that are computed and go
	adding           // what changes the dictionary alone
	computing        // columns that are computed and come
	indexing         // indexes are built
	leaving          // columns that go
	rewriting        // the table is written anew, rows are written meanwhile
	together         // the table is copied
	unsure           // what the server is not told
	alone            // one statement each
)

func (d *differ) groups(a, b *shown, changes []change, rest string) []group {
	if d.o.Online && !d.empty(a.name) && rest == "" && plainTable(a, b) {
		return d.stages(a, b, changes)
	}
	var out []group
	var texts, unsafes []change
	main := group{rest: rest}
	for _, c := range changes {
		switch {
		case d.unsafe(b, c):
			unsafes = append(unsafes, c)
		case strings.HasPrefix(c.sql, "ADD FULLTEXT"):
			texts = append(texts, c)
		default:
			main.changes = append(main.changes, c)
		}
	}
	if len(texts) > 0 && len(main.changes) > 0 {
		main.changes, texts = append(main.changes, texts[0]), texts[1:]
	}
	if d.o.Online && !d.empty(a.name) && rest == "" && a.option("ENGINE") == "InnoDB" && b.option("ENGINE") == "InnoDB" && !a.has("WITH SYSTEM VERSIONING") {
		main.clauses, main.why = clauses[copying], "the table is copied, and no rows are written meanwhile"
	}
	if len(main.changes) > 0 || rest != "" {
		out = append(out, main)
	}
	for _, c := range unsafes {
		out = append(out, group{changes: []change{c}, why: "the server takes a default that is another one for each row only where no column is added"})
	}
	for _, c := range texts {
		out = append(out, group{changes: []change{c}, why: "the server builds one full-text index at a time"})
	}
	return out
}

// unsafe tells whether a change gives a column a default that the server takes only in a statement of its own.
func (d *differ) unsafe(b *shown, c change) bool {
	y := b.column(c.column)
	return !d.mariadb && y != nil && unsafe.MatchString(y.dflt) && !strings.HasPrefix(c.sql, "DROP")
}

// plainTable tells whether the server's lists of what it can do online are true of a table.
func plainTable(a, b *shown) bool {
	for _, o := range []string{"ENGINE", "DEFAULT CHARSET", "COLLATE"} {
		if a.option(o) != b.option(o) {
			return false
		}
	}
	return a.option("ENGINE") == "InnoDB" && !a.has("WITH SYSTEM VERSIONING") && !b.has("WITH SYSTEM VERSIONING") && len(a.periods)+len(b.periods) == 0
}

// stages puts the changes into as many statements as it takes that none does more than it must: what the server can do in the
// dictionary alone must not wait for a neighbour that copies the table.
func (d *differ) stages(a, b *shown, changes []change) []group {
	stage := make([]int, len(changes))
	for i, c := range changes {
		switch {
		case d.unsafe(b, c), c.cost == unknown:
			stage[i] = unsure
		case c.virtual && strings.HasPrefix(c.sql, "DROP"):
			stage[i] = fading
		case c.virtual:
			stage[i] = computing
		case c.cost == sharing && c.about.Kind == "index":
			stage[i] = alone
		case c.cost == sharing:
			stage[i] = together
		case c.cost == copying:
			stage[i] = together
		case c.cost == rebuilding:
			stage[i] = rewriting
		case strings.HasPrefix(c.sql, "DROP COLUMN"):
			stage[i] = leaving
		case strings.HasPrefix(c.sql, "DROP "):
			stage[i] = dropping
		case c.cost == building:
			stage[i] = indexing
		default:
			stage[i] = adding
		}
	}
	for moved := true; moved; { // what needs another change waits for it
		moved = false
		for i := range changes {
			for j := range changes {
				if i != j && stage[i] < stage[j] && d.waits(a, b, changes[i], changes[j], stage[j]) {
					stage[i], moved = stage[j], true
				}
			}
		}
	}
	var out []group
	for s := dropping; s <= unsure; s++ {
		var here []change
		for i, c := range changes {
			if stage[i] == s && !d.unsafe(b, c) {
				here = append(here, c)
			}
		}
		if len(here) == 0 {
			continue
		}
		switch s {
		case fading, computing:
			for _, c := range here {
				out = append(out, group{changes: []change{c}, clauses: clauses[instant]})
			}
		case adding, leaving:
			for _, k := range []cost{instant, metadata} {
				if same := slices.DeleteFunc(slices.Clone(here), func(c change) bool { return (c.cost == instant) != (k == instant) }); len(same) > 0 {
					out = append(out, group{changes: same, clauses: clauses[k]})
				}
			}
		case dropping, indexing, rewriting:
			g := group{changes: here, clauses: clauses[map[int]cost{dropping: metadata, indexing: building, rewriting: rebuilding}[s]]}
			out = append(out, g)
		case together:
			k := copying
			if !slices.ContainsFunc(here, func(c change) bool { return c.cost == copying }) {
				k = sharing
			}
			out = append(out, group{changes: here, clauses: clauses[k]})
		case unsure:
			out = append(out, group{changes: here})
		}
	}
	for _, c := range changes {
		if d.unsafe(b, c) {
			out = append(out, group{changes: []change{c}, why: "the server takes a default that is another one for each row only where no column is added"})
		}
	}
	for i, c := range changes {
		if stage[i] == alone {
			out = append(out, group{changes: []change{c}, clauses: clauses[sharing], why: c.why})
		}
	}
	for i := range out {
		if len(out[i].changes) > 1 && slices.ContainsFunc(out[i].changes, func(c change) bool { return c.virtual }) && !slices.Equal(out[i].clauses, clauses[copying]) {
			out[i].clauses = nil // the server says of such a column alone what it can do
		}
		if out[i].why == "" && slices.Equal(out[i].clauses, clauses[copying]) {
			out[i].why = "the server can make this change only by copying the table, and no rows are written meanwhile"
		}
	}
	return out
}

// waits tells whether a change can't be made before another, which is of a later stage.
func (d *differ) waits(a, b *shown, c, other change, stage int) bool {
	before := func(name string) string { // the column that stands before it in the new table
		for i, x := range b.columns {
			if strings.EqualFold(x.name, name) && i > 0 {
				return b.columns[i-1].name
			}
		}
		return ""
	}
	if c.column != "" && strings.HasPrefix(c.sql, "ADD COLUMN") && strings.HasPrefix(other.sql, "DROP COLUMN") && strings.EqualFold(c.column, other.column) {
		return true // it is made anew
	}
	if strings.HasPrefix(c.sql, "ADD COLUMN") && other.column != "" && !strings.HasPrefix(other.sql, "DROP") && mentions(b.column(c.column).generated, other.column) {
		return true // it is computed of the other
	}
	if y := b.column(c.column); y != nil && y.auto && strings.HasPrefix(other.sql, "DROP") && other.about.Kind == "index" {
		if k := a.key(other.about.Name); k != nil && functional(k) && mentions(strings.Join(k.parts, " "), c.column) {
			return true // no index is over an expression of a column that counts
		}
	}
	placed := strings.HasPrefix(c.sql, "ADD COLUMN") || strings.Contains(c.sql, " AFTER `")
	switch {
	case c.column != "" && placed && other.column != "" && !strings.HasPrefix(other.sql, "DROP") && strings.EqualFold(before(c.column), other.column):
		return true // columns come from left to right
	case strings.HasPrefix(c.sql, "DROP COLUMN"): // whatever is computed of it goes first
		if strings.HasPrefix(other.sql, "ADD COLUMN") && !slices.ContainsFunc(a.columns, func(x *column) bool { return b.column(x.name) != nil }) {
			return true // a table always has a column
		}
		if other.column != "" {
			x := a.column(other.column)
			return x != nil && mentions(x.generated+x.check+x.dflt, c.column) || strings.EqualFold(other.column, c.column)
		}
		return mentions(other.sql, c.column) || other.about.Kind == "check" || d.drops(a, other, c.column)
	case c.about.Kind == "index" || c.about.Kind == "primary key":
		if other.column != "" { // its columns, as they are to be
			k := b.key(c.about.Name)
			if strings.HasPrefix(c.sql, "DROP") {
				k = a.key(c.about.Name)
				auto := a.column(other.column)
				if auto == nil || !auto.auto {
					return false
				}
			}
			return k != nil && k.mentions(other.column)
		}
		if other.about.Kind != "index" && other.about.Kind != "primary key" {
			return false
		}
		if strings.EqualFold(other.about.Name, c.about.Name) { // both halves of a change
			return true
		}
		// A foreign key always has an index.
		old := a.key(c.about.Name)
		return strings.HasPrefix(c.sql, "DROP") && strings.HasPrefix(other.sql, "ADD") && old != nil && d.carries(a, old)
	case c.column != "" && (other.about.Kind == "primary key"): // NOT NULL and AUTO_INCREMENT go with the key
		x, y := a.column(c.column), b.column(c.column)
		return x != nil && x.auto || y != nil && y.auto
	case c.about.Kind == "check" && other.about.Kind == "check":
		return other.about == c.about
	case c.about.Kind == "check" && strings.HasPrefix(c.sql, "ADD") && other.column != "":
		return mentions(c.sql, other.column)
	}
	return false
}

// drops tells whether a change drops a key over the column.
func (d *differ) drops(a *shown, c change, column string) bool {
	k := a.key(c.about.Name)
	return (c.about.Kind == "index" || c.about.Kind == "primary key") && k != nil && k.mentions(column)
}

// carries tells whether a foreign key can use the key.
func (d *differ) carries(t *shown, k *key) bool {
	for _, f := range t.foreign {
		if k.supports(f.columns) {
			return true
		}
	}
	for _, o := range d.tables[0] {
		for _, f := range o.foreign {
			if f.schema == "" && f.table == t.name && k.supports(f.refers) {
				return true
			}
		}
	}
	return false
}
