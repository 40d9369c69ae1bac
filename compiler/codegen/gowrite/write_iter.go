package gowrite

// writeIter writes the body of an :iter method: rows stream from the server as the caller's loop
// asks for them, and a loop that is left closes them. An error is the last thing yielded.
func (g *generator) writeIter(f *goFile, m *method) {
	typ := f.typ(m.ret.goType())
	err := g.wrapped(f, m)
	f.p("\treturn func(yield func(", typ, ", error) bool) {")
	f.p("\t\tvar zero ", typ)
	f.p("\t\trows, err := ", g.call(m, "Query", "QueryContext", "query"), g.callArgs(f, m, "\t\t"))
	f.p("\t\tif err != nil {")
	f.p("\t\t\tyield(zero, ", err, ")")
	f.p("\t\t\treturn")
	f.p("\t\t}")
	f.p("\t\tdefer rows.Close()")
	f.p("\t\tfor rows.Next() {")
	f.p("\t\t\tvar ", m.ret.name, " ", g.variableType(f, m))
	g.writeMaybes(f, m, "\t\t\t")
	f.p("\t\t\tif err := rows.Scan(", list("", g.targets(f, m), "\t\t\t"), "); err != nil {")
	f.p("\t\t\t\tyield(zero, ", err, ")")
	f.p("\t\t\t\treturn")
	f.p("\t\t\t}")
	g.writeFound(f, m, "\t\t\t")
	f.p("\t\t\tif !yield(", m.returned(), ", nil) {")
	f.p("\t\t\t\treturn")
	f.p("\t\t\t}")
	f.p("\t\t}")
	f.p("\t\tif err := rows.Err(); err != nil {")
	f.p("\t\t\tyield(zero, ", err, ")")
	f.p("\t\t}")
	f.p("\t}")
}
