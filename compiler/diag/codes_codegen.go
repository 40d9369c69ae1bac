package diag

// Stage 8: code generation; stage 9: our own bugs. CV8004 was used and stays free.
var (
	GoNameClash      = declare("CV8001", "go-name-clash", Error, "Two things would have one name in the generated Go.")
	OutputUnwritable = declare("CV8002", "output-unwritable", Error, "The output folder can not be written.")
	OptionConflict   = declare("CV8003", "option-conflict", Error, "Options of the generator exclude each other.")
	SharedRow        = declare("CV8005", "shared-row", Error, "Queries that share a result type do not give the same columns.")
	JSONStruct       = declare("CV8020", "json-struct", Error, "JSON can not have the Go type that a query asks for.")
	NestKeyType      = declare("CV8006", "nest-key-type", Error, "Nested rows would be told apart by a value that Go does not compare as the database does.")
	PluginFailed     = declare("CV8010", "plugin-failed", Error, "A code generation plugin could not be run, or did not answer as it should.")
	OutputClash      = declare("CV8011", "output-clash", Warning, "Two generators write one file.")
	InternalError    = declare("CV9001", "internal-error", Error, "covetsql itself failed; please report it.")
)
