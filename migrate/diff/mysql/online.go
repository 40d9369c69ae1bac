package mysql

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
	// sharing builds an index while no rows are written.
	sharing
	// rebuilding writes the table anew while rows are written.
	rebuilding
	// copying writes the table anew while no rows are written.
	copying
)

// group are changes that one statement makes.
type group struct {
	changes []change
	clauses []string // ALGORITHM, LOCK
	rest    string
	why     string
}

func (d *differ) groups(a, b *shown, changes []change, rest string) []group {
	return []group{{changes: changes, rest: rest}}
}

func (d *differ) clause(algorithm, lock string) string { return "" }
func (d *differ) clauses(c cost) string                { return "" }
func (d *differ) copies(why string) string {
	if d.o.Online {
		return why
	}
	return ""
}

func (d *differ) dropCost(a *shown, c *column) cost             { return instant }
func (d *differ) addCost(b *shown, c *column, placed bool) cost { return instant }
func (d *differ) dropKeyCost(k *key) cost                       { return metadata }
func (d *differ) addKeyCost(a, b *shown, k *key) (cost, string) { return building, "" }
func (d *differ) modifyCost(a, b *shown, x, y *column, moved bool) (cost, string) {
	return copying, ""
}
func addWhy(c *column) string { return "" }
