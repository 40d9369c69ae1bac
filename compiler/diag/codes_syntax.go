package diag

// Stage 1: lexing, parsing and lowering.
var (
	SyntaxError      = declare("CV1001", "syntax-error", Error, "The engine's grammar does not accept the statement.")
	UnterminatedTok  = declare("CV1002", "unterminated", Error, "A string, comment or quoted name is not closed.")
	TooDeep          = declare("CV1003", "too-deep", Error, "A statement is nested too deep to be compiled.")
	NotModelled      = declare("CV1004", "not-modelled", Warning, "A construct is valid SQL but is not understood; its type is unknown.")
	MissingSemicolon = declare("CV1005", "missing-semicolon", Error, "A query runs into the next query's header.")
)
