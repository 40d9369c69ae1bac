package gowrite

// jsonReaders write the types that read values of JSON as servers write them, where encoding/json would refuse or
// change them.
var jsonReaders = map[string]func(f *goFile){
	"jsonBool": func(f *goFile) {
		reader(f, "jsonBool", "bool", "a truth value, which may be a number")
		f.p("\tswitch string(data) {")
		f.p("\tcase \"true\", \"1\":")
		f.p("\t\t*v = true")
		f.p("\tcase \"false\", \"0\":")
		f.p("\t\t*v = false")
		f.p("\tdefault:")
		f.p("\t\treturn ", f.id(pathFmt, "Errorf"), "(\"%s is no boolean\", data)")
		f.p("\t}")
		f.p("\treturn nil")
		f.p("}")
	},
	"jsonFloat32": func(f *goFile) { floatReader(f, "jsonFloat32", "float32", "32") },
	"jsonFloat64": func(f *goFile) { floatReader(f, "jsonFloat64", "float64", "64") },
	"jsonNumber": func(f *goFile) {
		reader(f, "jsonNumber", "string", "a number with all of its digits")
		f.p("\tif string(data) == \"null\" {")
		f.p("\t\treturn ", f.id("errors", "New"), "(\"null is no number\")")
		f.p("\t}")
		f.p("\t*v = jsonNumber(", f.id("strings", "Trim"), "(string(data), `\"`))")
		f.p("\treturn nil")
		f.p("}")
	},
	"jsonBytes": func(f *goFile) {
		reader(f, "jsonBytes", "[]byte", `bytes in hexadecimal digits behind \x`)
		f.p("\tvar s *string")
		f.p("\tif err := ", f.id(pathJSON, "Unmarshal"), "(data, &s); err != nil || s == nil {")
		f.p("\t\t*v = nil")
		f.p("\t\treturn err")
		f.p("\t}")
		f.p("\tdigits, ok := ", f.id("strings", "CutPrefix"), "(*s, `\\x`)")
		f.p("\tif !ok {")
		f.p("\t\treturn ", f.id("errors", "New"), "(\"bytes are not in PostgreSQL's hex format\")")
		f.p("\t}")
		f.p("\tb, err := ", f.id("encoding/hex", "DecodeString"), "(digits)")
		f.p("\t*v = b")
		f.p("\treturn err")
		f.p("}")
	},
	"jsonTime": func(f *goFile) {
		reader(f, "jsonTime", "time.Time", "a date or time; one without a zone is in UTC")
		f.p("\tvar s string")
		f.p("\tif err := ", f.id(pathJSON, "Unmarshal"), "(data, &s); err != nil {")
		f.p("\t\treturn err")
		f.p("\t}")
		f.p("\tif ", f.id("strings", "HasPrefix"), "(s, \"0000-00-00\") { // MySQL's zero date")
		f.p("\t\t*v = jsonTime{}")
		f.p("\t\treturn nil")
		f.p("\t}")
		f.p("\ts, _, _ = strings.Cut(s, \" m=\") // of Go's own form")
		f.p("\tfor _, layout := range [...]string{")
		for _, l := range []string{
			"2006-01-02T15:04:05.999999999Z07:00", "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02",
			"2006-01-02 15:04:05.999999999Z07:00", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02 15:04:05.999999999 -0700 MST",
		} {
			f.p("\t\t\"", l, "\",")
		}
		f.p("\t} {")
		f.p("\t\tif t, err := ", f.id("time", "Parse"), "(layout, s); err == nil {")
		f.p("\t\t\t*v = jsonTime(t)")
		f.p("\t\t\treturn nil")
		f.p("\t\t}")
		f.p("\t}")
		f.p("\treturn ", f.id(pathFmt, "Errorf"), "(\"%q is no time that Go has\", s)")
		f.p("}")
	},
}

func reader(f *goFile, name, of, what string) {
	f.p("// ", name, " reads ", what, ".")
	if of == "time.Time" {
		of = f.id("time", "Time")
	}
	f.p("type ", name, " ", of)
	f.p()
	f.p("func (v *", name, ") UnmarshalJSON(data []byte) error {")
}

func floatReader(f *goFile, name, of, bits string) {
	reader(f, name, of, "a number, which may be NaN or infinite")
	f.p("\tn, err := ", f.id("strconv", "ParseFloat"), "(", f.id("strings", "Trim"), "(string(data), `\"`), ", bits, ")")
	f.p("\t*v = ", name, "(n)")
	f.p("\tif ", f.id("errors", "Is"), "(err, strconv.ErrRange) {")
	f.p("\t\treturn nil")
	f.p("\t}")
	f.p("\treturn err")
	f.p("}")
}
