package gowrite

func (g *generator) writeBatch(methods []*method) *goFile {
	f := newGoFile()
	f.p()
	f.p("var (")
	f.p("\tErrBatchAlreadyClosed = ", f.id("errors", "New"), `("batch already closed")`)
	f.p(")")
	for _, m := range methods {
		g.writeConstant(f, m)
		g.writeBatchMethod(f, m)
	}
	return f
}

func (g *generator) writeBatchMethod(f *goFile, m *method) {
	pgx, _ := g.pgx()
	results := m.name + "BatchResults"
	f.p()
	f.p("type ", results, " struct {")
	f.block([]row{
		{cells: []string{"br", f.id(pgx, "BatchResults")}},
		{cells: []string{"tot", "int"}},
		{cells: []string{"closed", "bool"}},
	})
	f.p("}")
	g.writeTypes(f, m)

	f.p()
	f.doc(g.docOf(m))
	f.p("func (q *Queries) ", m.name, g.methodType(f, m), " {")
	f.p("\tbatch := &", f.id(pgx, "Batch"), "{}")
	db, total := "q.db", "0"
	if g.opts.EmitMethodsWithDBArgument {
		db = "db"
	}
	if !m.arg.empty() {
		total = "len(" + m.arg.name + ")"
		f.p("\tfor _, a := range ", m.arg.name, " {")
		f.p("\t\tvals := []interface{}{")
		if m.arg.fields == nil {
			f.p("\t\t\t", g.pass(f, "a", m.arg.typ, m.arg.column), ",")
		} else {
			for _, fl := range m.arg.fields.fields {
				f.p("\t\t\t", g.pass(f, "a."+fl.name, fl.typ, fl.column), ",")
			}
		}
		f.p("\t\t}")
		f.p("\t\tbatch.Queue(", m.constant, ", vals...)")
		f.p("\t}")
	} else {
		total = "1"
		f.p("\tbatch.Queue(", m.constant, ")")
	}
	f.p("\tbr := ", db, ".SendBatch(ctx, batch)")
	f.p("\treturn &", results, "{br, ", total, ", false}")
	f.p("}")

	f.p()
	switch m.query.Command {
	case "batchexec":
		g.writeBatchExec(f, m, results)
	case "batchone":
		g.writeBatchOne(f, m, results)
	case "batchmany":
		g.writeBatchMany(f, m, results)
	}
	f.p()
	f.p("func (b *", results, ") Close() error {")
	f.p("\tb.closed = true")
	f.p("\treturn b.br.Close()")
	f.p("}")
}

// writeClosed writes the guard against a batch that was closed; args stand between t and
// the error.
func writeClosed(f *goFile, args string) {
	f.p("\t\tif b.closed {")
	f.p("\t\t\tif f != nil {")
	f.p("\t\t\t\tf(t, ", args, "ErrBatchAlreadyClosed)")
	f.p("\t\t\t}")
	f.p("\t\t\tcontinue")
	f.p("\t\t}")
}

func (g *generator) writeBatchExec(f *goFile, m *method, results string) {
	f.p("func (b *", results, ") Exec(f func(int, error)) {")
	f.p("\tdefer b.br.Close()")
	f.p("\tfor t := 0; t < b.tot; t++ {")
	writeClosed(f, "")
	f.p("\t\t_, err := b.br.Exec()")
	g.wrapHere(f, m, "\t\t")
	f.p("\t\tif f != nil {")
	f.p("\t\t\tf(t, err)")
	f.p("\t\t}")
	f.p("\t}")
	f.p("}")
}

func (g *generator) writeBatchOne(f *goFile, m *method, results string) {
	f.p("func (b *", results, ") QueryRow(f func(int, ", f.typ(m.ret.goType()), ", error)) {")
	f.p("\tdefer b.br.Close()")
	f.p("\tfor t := 0; t < b.tot; t++ {")
	f.p("\t\tvar ", m.ret.name, " ", g.variableType(f, m))
	closed := m.ret.name
	if m.ret.fields != nil && m.ret.pointer {
		closed = "nil"
	}
	writeClosed(f, closed+", ")
	f.p("\t\trow := b.br.QueryRow()")
	g.writeMaybes(f, m, "\t\t", false)
	f.p("\t\terr := row.Scan(", list("", g.targets(f, m), "\t\t"), ")")
	g.writeFound(f, m, "\t\t")
	g.wrapHere(f, m, "\t\t")
	f.p("\t\tif f != nil {")
	f.p("\t\t\tf(t, ", m.returned(), ", err)")
	f.p("\t\t}")
	f.p("\t}")
	f.p("}")
}

func (g *generator) writeBatchMany(f *goFile, m *method, results string) {
	f.p("func (b *", results, ") Query(f func(int, []", f.typ(m.ret.goType()), ", error)) {")
	f.p("\tdefer b.br.Close()")
	f.p("\tfor t := 0; t < b.tot; t++ {")
	f.p("\t\t", g.items(f, m))
	writeClosed(f, "items, ")
	f.p("\t\terr := func() error {")
	f.p("\t\t\trows, err := b.br.Query()")
	f.p("\t\t\tif err != nil {")
	f.p("\t\t\t\treturn err")
	f.p("\t\t\t}")
	f.p("\t\t\tdefer rows.Close()")
	g.writeRows(f, m, "\t\t\t", []string{"return err"}, g.gather(f, m))
	f.p("\t\t\treturn rows.Err()")
	f.p("\t\t}()")
	g.wrapHere(f, m, "\t\t")
	f.p("\t\tif f != nil {")
	f.p("\t\t\tf(t, items, err)")
	f.p("\t\t}")
	f.p("\t}")
	f.p("}")
}
