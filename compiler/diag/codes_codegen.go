package diag

// Stage 8: code generation; stage 9: our own bugs.
var (
	GoNameClash      = declare("CV8001", "go-name-clash", Error, "Two things would have one name in the generated Go.")
	OutputUnwritable = declare("CV8002", "output-unwritable", Error, "The output folder can not be written.")
	OptionConflict   = declare("CV8003", "option-conflict", Error, "Options of the generator exclude each other.")
	OutputNotMade    = declare("CV8004", "output-not-made", Warning, "The configuration asks for an output that covetsql does not make.")
	SharedRow        = declare("CV8005", "shared-row", Error, "Queries that share a result type do not give the same columns.")
	InternalError    = declare("CV9001", "internal-error", Error, "covetsql itself failed; please report it.")
)
