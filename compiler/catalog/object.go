package catalog

// Object is an object of a schema that the compiler does not model: an event, a rule, a statistics object, a comment, a right.
// It is kept as the server tells it, for those who compare schemas as a whole.
type Object struct {
	// Kind is the engine's word, small: "event", "rule".
	Kind string
	// Schema and Table are where it belongs to; "" where it belongs to none.
	Schema, Table string
	Name          string
	// Definition is the statement that makes it, Then those that follow it; Drop is the statement that removes it.
	Definition, Drop string
	Then             []string
	// Change turns whatever object of this name there is into this one, without its being dropped; "" where nothing can.
	Change  string
	Comment string
	// SQLMode is as Function's.
	SQLMode string
}
