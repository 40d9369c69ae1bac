package catalog

// ObjectID names an object of a schema, the same way in every snapshot that has it. Kinds are the engine's words, small:
// "table", "column", "index", "constraint", "view", "function".
type ObjectID struct {
	Kind   string
	Schema string
	// Table is the relation of a column, a default, a constraint, an index, a trigger, a rule or a policy; "" elsewhere.
	Table string
	// Name is the object's own; of a routine with its argument types in brackets: "add(integer, integer)". A default
	// has its column's.
	Name string
}

// Dependency tells that an object can't be without another: who drops On drops Object, or is refused.
type Dependency struct {
	Object, On ObjectID
	// Automatic: the engine drops Object with On and asks nobody.
	Automatic bool
}
