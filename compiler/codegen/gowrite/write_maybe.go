package gowrite

// writeMaybe writes the body of a :maybe method: a pointer to the row, nil where there is none.
func (g *generator) writeMaybe(f *goFile, m *method) {
	f.p("\trow := ", g.call(m, "QueryRow", "QueryRowContext", "queryRow"), g.callArgs(f, m, "\t"))
	f.p("\tvar ", m.ret.name, " ", g.variableType(f, m))
	g.writeMaybes(f, m, "\t", false)
	f.p("\terr := row.Scan(", list("", g.targets(f, m), "\t"), ")")
	noRows := pathSQL
	if g.target.IsPGX() {
		noRows, _ = g.pgx()
	}
	f.p("\tif ", f.id("errors", "Is"), "(err, ", f.id(noRows, "ErrNoRows"), ") {")
	f.p("\t\treturn nil, nil")
	f.p("\t}")
	f.p("\tif err != nil {")
	f.p("\t\treturn nil, ", g.wrapped(f, m))
	f.p("\t}")
	g.writeFound(f, m, "\t")
	f.p("\treturn &", m.ret.name, ", nil")
}
