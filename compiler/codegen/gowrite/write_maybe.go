package gowrite

// writeMaybe writes the body of a :maybe method: a pointer to the row, nil where there is none.
func (g *generator) writeMaybe(f *goFile, m *method) {
	f.p("\trow := ", g.call(m, "QueryRow", "QueryRowContext", "queryRow"), g.callArgs(f, m, "\t"))
	f.p("\tvar ", m.ret.name, " ", g.variableType(f, m))
	g.writeMaybes(f, m, "\t", false)
	f.p("\terr := row.Scan(", list("", g.targets(f, m), "\t"), ")")
	g.writeMaybeEnd(f, m, "\t")
}

// writeMaybeEnd writes what follows err.
func (g *generator) writeMaybeEnd(f *goFile, m *method, indent string) {
	noRows := pathSQL
	if g.target.IsPGX() {
		noRows, _ = g.pgx()
	}
	f.p(indent, "if ", f.id("errors", "Is"), "(err, ", f.id(noRows, "ErrNoRows"), ") {")
	f.p(indent, "\treturn nil, nil")
	f.p(indent, "}")
	f.p(indent, "if err != nil {")
	f.p(indent, "\treturn nil, ", g.wrapped(f, m))
	f.p(indent, "}")
	g.writeFound(f, m, indent)
	f.p(indent, "return &", m.ret.name, ", nil")
}
