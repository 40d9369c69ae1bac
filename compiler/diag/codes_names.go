package diag

// Stage 2: names.
var (
	UnknownTable     = declare("CV2001", "unknown-table", Error, "No table, view or CTE has this name.")
	DuplicateAlias   = declare("CV2002", "duplicate-alias", Error, "Two relations in one FROM have the same name.")
	DuplicateObject  = declare("CV2003", "duplicate-object", Error, "The schema already has an object of this name.")
	UnknownObject    = declare("CV2004", "unknown-object", Error, "The schema has no such object.")
	UnknownColumn    = declare("CV2101", "unknown-column", Error, "No column in scope has this name.")
	AmbiguousColumn  = declare("CV2102", "ambiguous-column", Error, "More than one relation in scope has a column of this name.")
	DuplicateColumn  = declare("CV2103", "duplicate-column", Error, "A column is named twice where it may be named once.")
	UnknownFunction  = declare("CV2201", "unknown-function", Error, "No function has this name.")
	UnknownType      = declare("CV2301", "unknown-type", Error, "No type has this name.")
	UnknownWindow    = declare("CV2401", "unknown-window", Error, "No WINDOW clause defines this name.")
	UnknownParameter = declare("CV2501", "unknown-parameter", Error, "A parameter that the statement needs has no definition.")
)
