package gowrite

// What the structs of composite types share.

// lines writes a text of several lines, each as it stands.
func (f *goFile) lines(text string) {
	for len(text) > 0 && text[0] == '\n' {
		text = text[1:]
	}
	f.buf = append(f.buf, text...)
}

// writeCompositesPGX writes it for pgx, which knows the text of its own types.
func (g *generator) writeCompositesPGX(f *goFile) {
	pgtype := func(name string) string { return f.id("github.com/jackc/pgx/v5/pgtype", name) }
	f.p()
	f.p("// textMaps are maps of pgx's own types; one is no use to two at a time.")
	f.p("var textMaps = ", f.id("sync", "Pool"), "{New: func() interface{} { return ", pgtype("NewMap"), "() }}")
	f.p()
	f.p("func scanComposite(src interface{}, types []string, targets []interface{}) error {")
	f.p("\ttexts, err := splitComposite(src, len(targets))")
	f.p("\tif err != nil {")
	f.p("\t\treturn err")
	f.p("\t}")
	f.p("\tm := textMaps.Get().(*", pgtype("Map"), ")")
	f.p("\tfor i, to := range targets {")
	f.p("\t\tvar oid uint32")
	f.p("\t\tif t, ok := m.TypeForName(types[i]); ok {")
	f.p("\t\t\toid = t.OID")
	f.p("\t\t}")
	f.p("\t\tif err := m.Scan(oid, ", pgtype("TextFormatCode"), ", texts[i], to); err != nil {")
	f.p("\t\t\treturn err")
	f.p("\t\t}")
	f.p("\t}")
	f.p("\ttextMaps.Put(m)")
	f.p("\treturn nil")
	f.p("}")
	f.p()
	f.p("func compositeText(types []string, values []interface{}) (", f.id("database/sql/driver", "Value"), ", error) {")
	f.p("\tm := textMaps.Get().(*", pgtype("Map"), ")")
	f.p("\ttexts := make([][]byte, len(values))")
	f.p("\tfor i, v := range values {")
	f.p("\t\tvar oid uint32")
	f.p("\t\tif t, ok := m.TypeForName(types[i]); ok {")
	f.p("\t\t\toid = t.OID")
	f.p("\t\t}")
	f.p("\t\tvar err error")
	f.p("\t\tif texts[i], err = m.Encode(oid, ", pgtype("TextFormatCode"), ", v, []byte{}); err != nil {")
	f.p("\t\t\treturn nil, err")
	f.p("\t\t}")
	f.p("\t}")
	f.p("\ttextMaps.Put(m)")
	f.p("\treturn joinComposite(texts), nil")
	f.p("}")
}

// writeCompositesSQL writes it for database/sql.
func (g *generator) writeCompositesSQL(f *goFile) {
	valuer := f.id("database/sql/driver", "Value")
	scanner := f.id(pathSQL, "Scanner")
	f.id("time", "Time")
	f.id("encoding/hex", "DecodeString")
	f.id("strconv", "FormatInt")
	f.id(pathFmt, "Errorf")
	f.p()
	f.p("// optional scans what may be NULL.")
	f.p("type optional[T any, P interface {")
	f.p("\t*T")
	f.p("\t", scanner)
	f.p("}] struct{ to **T }")
	f.p()
	f.lines(`
func (o optional[T, P]) Scan(src interface{}) error {
	*o.to = nil
	if src == nil {
		return nil
	}
	*o.to = new(T)
	return P(*o.to).Scan(src)
}

func scanComposite(src interface{}, targets []interface{}) error {
	texts, err := splitComposite(src, len(targets))
	if err != nil {
		return err
	}
	for i, to := range targets {
		if err := scanText(texts[i], to); err != nil {
			return err
		}
	}
	return nil
}

// scanText reads a value's text, nil for NULL.
func scanText(text []byte, to interface{}) error {
	switch to := to.(type) {
	case *[]byte:
		*to = nil
		if text == nil {
			return nil
		}
		if len(text) < 2 || text[0] != '\\' || text[1] != 'x' {
			return fmt.Errorf("%q is not in PostgreSQL's hex format", text)
		}
		b, err := hex.DecodeString(string(text[2:]))
		*to = b
		return err
	case *sql.NullTime:
		*to = sql.NullTime{}
		if text == nil {
			return nil
		}
		for _, layout := range [...]string{
			"2006-01-02 15:04:05.999999999Z07", "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999", "2006-01-02",
		} {
			if t, err := time.Parse(layout, string(text)); err == nil {
				*to = sql.NullTime{Time: t, Valid: true}
				return nil
			}
		}
		return fmt.Errorf("%q is no time that Go has", text)
	case *interface{}:
		*to = nil
		if text != nil {
			*to = string(text)
		}
		return nil
	case sql.Scanner:
		if text == nil {
			return to.Scan(nil)
		}
		return to.Scan(text)
	}
	return fmt.Errorf("no text can be read into %T", to)
}

`)
	f.p("func compositeText(values []interface{}) (", valuer, ", error) {")
	f.lines(`
	texts := make([][]byte, len(values))
	for i, v := range values {
		var err error
		if texts[i], err = textOf(v); err != nil {
			return nil, err
		}
	}
	return joinComposite(texts), nil
}

// textOf is a value's text, nil for NULL.
func textOf(v interface{}) ([]byte, error) {
	if b, ok := v.([]byte); ok && b != nil {
		return append([]byte("\\x"), hex.EncodeToString(b)...), nil
	}
	v, err := driver.DefaultParameterConverter.ConvertValue(v)
	if err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case string:
		return []byte(v), nil
	case []byte:
		return v, nil
	case int64:
		return strconv.AppendInt(nil, v, 10), nil
	case float64:
		return strconv.AppendFloat(nil, v, 'g', -1, 64), nil
	case bool:
		return strconv.AppendBool(nil, v), nil
	case time.Time:
		return v.AppendFormat(nil, "2006-01-02 15:04:05.999999999Z07:00"), nil
	}
	return nil, nil
}
`)
}

// writeSplit writes how the text of a composite value is taken apart and put together (PostgreSQL 8.16.6).
func writeSplit(f *goFile) {
	f.id(pathFmt, "Errorf")
	f.p()
	f.lines(`
// splitComposite takes the text of a composite value apart; what is NULL is nil.
func splitComposite(src interface{}, n int) ([][]byte, error) {
	var s string
	switch src := src.(type) {
	case string:
		s = src
	case []byte:
		s = string(src)
	}
	if len(s) < 2 || s[0] != '(' || s[len(s)-1] != ')' {
		return nil, fmt.Errorf("%v is no text of a composite value", src)
	}
	s = s[1 : len(s)-1]
	out := make([][]byte, 0, n)
	for i := 0; n > 0; i++ {
		var text []byte
		for quoted := false; i < len(s) && (quoted || s[i] != ','); i++ {
			if text == nil {
				text = make([]byte, 0, 16)
			}
			switch {
			case s[i] == '\\' && i+1 < len(s), quoted && s[i] == '"' && i+1 < len(s) && s[i+1] == '"':
				i++
				text = append(text, s[i])
			case s[i] == '"':
				quoted = !quoted
			default:
				text = append(text, s[i])
			}
		}
		out = append(out, text)
		if i >= len(s) {
			break
		}
	}
	if len(out) != n {
		return nil, fmt.Errorf("a composite value of %d fields, not %d", len(out), n)
	}
	return out, nil
}

// joinComposite is the text of a composite value.
func joinComposite(texts [][]byte) string {
	out := []byte{'('}
	for i, text := range texts {
		if i > 0 {
			out = append(out, ',')
		}
		if text == nil {
			continue
		}
		out = append(out, '"')
		for _, c := range text {
			if c == '"' || c == '\\' {
				out = append(out, c)
			}
			out = append(out, c)
		}
		out = append(out, '"')
	}
	return string(append(out, ')'))
}
`)
}
