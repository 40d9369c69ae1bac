package diag

// Stage 3: types and nullability.
var (
	TypeMismatch       = declare("CV3001", "type-mismatch", Error, "An expression has a type that its place does not take.")
	NoOperator         = declare("CV3002", "no-operator", Error, "No operator takes operands of these types.")
	NoFunctionMatch    = declare("CV3003", "no-function-match", Error, "A function of this name exists, but none takes these arguments.")
	WrongArity         = declare("CV3004", "wrong-arity", Error, "Two lists that must be of one length are not.")
	UntypedParam       = declare("CV3005", "untyped-parameter", Warning, "Nothing tells the type of a parameter.")
	GroupingError      = declare("CV3006", "not-grouped", Error, "A column is neither grouped nor inside an aggregate.")
	MisplacedAggregate = declare("CV3007", "misplaced-aggregate", Error, "An aggregate or window function stands where it may not.")
	ParamConflict      = declare("CV3008", "parameter-conflict", Error, "One parameter is used as two types that do not fit.")
	CommandMismatch    = declare("CV3009", "command-mismatch", Error, "The header's command does not fit the statement.")
	WrongOverruling    = declare("CV3010", "wrong-overruling", Error, "What the query says of a result column is known to be wrong.")
	NeedlessOverruling = declare("CV3011", "needless-overruling", Warning, "What the query says of a result column is known already, or known to be too careful.")
	MarkWithoutEffect  = declare("CV3012", "mark-without-effect", Warning, "A name ends in ! or ? where that says nothing.")
	DomainNull         = declare("CV3013", "domain-null", Warning, "A NULL may be stored in a column that only its domain keeps from it.")
	UnknownJSON        = declare("CV3020", "unknown-json", Error, "A Go type is asked for of JSON of which the parts are not known.")
	GeneratedColumn    = declare("CV3014", "generated-column", Error, "A value is given for a column that the engine computes.")
)
