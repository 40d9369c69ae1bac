package gowrite

// writeIter writes the body of an :iter method: rows stream from the server as the caller's loop
// asks for them, and a loop that is left closes them. An error is the last thing yielded.
func (g *generator) writeIter(f *goFile, m *method) {
	typ := f.typ(m.ret.goType())
	err := g.wrapped(f, m)
	f.p("\treturn func(yield func(", typ, ", error) bool) {")
	f.p("\t\tvar zero ", typ)
	g.writeDirect(f, m, "\t\t")
	f.p("\t\trows, err := ", g.call(m, "Query", "QueryContext", "query"), g.callArgs(f, m, "\t\t"))
	f.p("\t\tif err != nil {")
	f.p("\t\t\tyield(zero, ", err, ")")
	f.p("\t\t\treturn")
	f.p("\t\t}")
	f.p("\t\tdefer rows.Close()")
	g.writeRows(f, m, "\t\t", []string{"yield(zero, " + err + ")", "return"}, func(f *goFile, indent, row string) {
		f.p(indent, "if !yield(", row, ", nil) {")
		f.p(indent, "\treturn")
		f.p(indent, "}")
	})
	f.p("\t\tif err := rows.Err(); err != nil {")
	f.p("\t\t\tyield(zero, ", err, ")")
	f.p("\t\t}")
	f.p("\t}")
}
