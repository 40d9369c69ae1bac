package diag

// Stage 4: what vet finds, by rules of our own and with a live database. Rules of the configuration have their names for codes.
var (
	QueryRefused  = declare("CV4001", "sqlc/db-prepare", Error, "The database does not take a query.")
	ExplainFailed = declare("CV4002", "explain-failed", Error, "The database gives no plan for a query that a rule wants to see.")
	SchemaRefused = declare("CV4003", "schema-refused", Error, "The database does not take a statement of the schema.")
	RuleUnknown   = declare("CV4004", "unknown-rule", Error, "A query turns a rule off that its block of the configuration does not have.")

	GoUnreadable = declare("CV4021", "go-unreadable", Error, "The Go that vet was given can not be read.")

	IgnoreUnused    = declare("CV4010", "unused-ignore", Warning, "A covetsql:ignore comment keeps no finding away.")
	IgnoreUnknown   = declare("CV4011", "unknown-ignore", Error, "A covetsql:ignore comment names a rule that does not exist.")
	IgnoreNoReason  = declare("CV4012", "ignore-without-reason", Error, "A covetsql:ignore comment gives no reason.")
	BaselineInvalid = declare("CV4013", "invalid-baseline", Error, "The baseline can not be understood.")
	BaselineStale   = declare("CV4014", "stale-baseline", Note, "The baseline has findings that are gone.")
	FixUndone       = declare("CV4015", "fix-undone", Warning, "A fix was taken back, because it made something worse.")

	PlansSkipped = declare("CV4020", "plans-skipped", Note, "Plans are not judged, because the database can not be asked or has no rows.")
	PlanChanged  = declare("CV5113", "plan-regression", Warning, "A query's plan is another than the one that was agreed to.")
)

// RuleCode is the code of a rule that the configuration declares: its name.
func RuleCode(name, summary string) *Code {
	return &Code{ID: name, Slug: name, Severity: Error, Summary: summary}
}
