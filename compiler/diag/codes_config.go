package diag

// Stage 0: configuration, files and query headers.
var (
	ConfigInvalid     = declare("CV0001", "invalid-config", Error, "The configuration file could not be understood.")
	ConfigUnknownKey  = declare("CV0002", "unknown-config-key", Error, "The configuration has a key that means nothing.")
	FileUnreadable    = declare("CV0003", "unreadable-file", Error, "A file or folder that the configuration names could not be read.")
	FileNotText       = declare("CV0004", "not-text", Error, "A file is not valid UTF-8 text or holds a NUL byte.")
	DatabaseFailed    = declare("CV0005", "database-failed", Error, "A live database could not be used.")
	RuleInvalid       = declare("CV0006", "invalid-rule", Error, "A rule of vet can not be understood, or could not be run.")
	HeaderInvalid     = declare("CV0101", "invalid-header", Error, "A query header could not be understood.")
	HeaderMissing     = declare("CV0102", "missing-header", Warning, "A statement in a query file has no -- name: header and is left out.")
	DuplicateQuery    = declare("CV0103", "duplicate-query", Error, "Two queries of a package have one name.")
	MacroInvalid      = declare("CV0104", "invalid-macro", Error, "A sqlc.* macro is not written as it must be.")
	ParamMix          = declare("CV0105", "mixed-parameters", Error, "A query mixes parameter styles that can not be numbered together.")
	ColumnLineInvalid = declare("CV0106", "invalid-column-line", Error, "A -- column: line can not be understood, or fits no result column.")
	NestLineInvalid   = declare("CV0120", "invalid-nest-line", Error, "A -- nest: line can not be understood, or fits nothing in the query.")
	NestNotProved     = declare("CV0121", "nest-not-proved", Error, "Rows can not be proved to become the parents and children that -- nest: asks for.")
	OptionalPart      = declare("CV0107", "optional-part", Error, "The optional parts of a query can not be understood, or do not fit together.")
	FragmentInvalid   = declare("CV0108", "fragment", Error, "A fragment can not be understood, is not there, or can not be used where it is.")
	Paginate          = declare("CV0110", "paginate", Error, "A query can not be paged through by the columns that it names.")
	FragmentUnused    = declare("CV0109", "unused-fragment", Warning, "A fragment is used by no query.")
)
