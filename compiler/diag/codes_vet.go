package diag

// Stage 4: what vet finds, by rules of our own and with a live database. Rules of the configuration have their names for codes.
var (
	QueryRefused  = declare("CV4001", "sqlc/db-prepare", Error, "The database does not take a query.")
	ExplainFailed = declare("CV4002", "explain-failed", Error, "The database gives no plan for a query that a rule wants to see.")
	SchemaRefused = declare("CV4003", "schema-refused", Error, "The database does not take a statement of the schema.")
	RuleUnknown   = declare("CV4004", "unknown-rule", Error, "A query turns a rule off that its block of the configuration does not have.")
)

// RuleCode is the code of a rule that the configuration declares: its name.
func RuleCode(name, summary string) *Code {
	return &Code{ID: name, Slug: name, Severity: Error, Summary: summary}
}
