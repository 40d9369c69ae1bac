package catalog

// Object is an object of a schema that the compiler does not model: an event, a rule, a statistics object. It is kept as the
// server tells it, for those who compare schemas as a whole.
type Object struct {
	// Kind is the engine's word, small: "event", "rule".
	Kind string
	// Schema and Table are where it belongs to; "" where it belongs to none.
	Schema, Table string
	Name          string
	// Definition is the statements that make it, Drop the statement that removes it.
	Definition, Drop string
	Comment          string
	// SQLMode is as Function's.
	SQLMode string
}
