package postgres

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/types"
)

// Unreadable tells whether the server's input function of a type refuses a text, which it does
// while it prepares a statement. Types whose input is not known take everything; of moments
// and spans only what has no digit and no word of theirs is refused.
func (s *semantics) Unreadable(t types.Type, text string) bool {
	t = s.Base(t)
	if t.IsArray() {
		return malformedArray(text) || s.unreadableElement(t.Elem(), text)
	}
	if t.Kind == types.Pseudo {
		return t.Name == "record" // rows without a type are not read
	}
	if def := s.definition(t); def != nil {
		return def.Kind == types.Enum && len(def.Values) > 0 && !slices.Contains(def.Values, text)
	}
	if builtIn().types[t.Name] == nil {
		return false
	}
	trimmed := strings.Trim(text, " \t\n\v\f\r")
	switch t.Name {
	case "int2":
		return !whole(trimmed, 16)
	case "int4":
		return !whole(trimmed, 32)
	case "int8":
		return !whole(trimmed, 64)
	case "bool":
		return !boolean(strings.ToLower(trimmed))
	case "numeric":
		return !decimal.MatchString(trimmed) && !notFinite[strings.ToLower(trimmed)]
	case "float4", "float8":
		return !decimal.MatchString(trimmed) && !hexFloat.MatchString(trimmed) && !notFinite[strings.ToLower(trimmed)]
	case "uuid":
		return !uuid.MatchString(text)
	case "json", "jsonb":
		return !json.Valid([]byte(text))
	case "date", "timestamp", "timestamptz":
		return !strings.ContainsAny(trimmed, "0123456789") && !moments[strings.ToLower(trimmed)] || shortNumber.MatchString(trimmed)
	case "time", "timetz":
		return !strings.ContainsAny(trimmed, "0123456789") && !moments[strings.ToLower(trimmed)]
	case "interval":
		return !strings.ContainsAny(trimmed, "0123456789") && !strings.Contains(strings.ToLower(trimmed), "inf")
	}
	return false
}

var (
	decimal  = regexp.MustCompile(`^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$`)
	hexFloat = regexp.MustCompile(`^[+-]?0[xX]`)
	uuid     = regexp.MustCompile(`^(\{([0-9a-fA-F]{4}-?){7}[0-9a-fA-F]{4}\}|([0-9a-fA-F]{4}-?){7}[0-9a-fA-F]{4})$`)
	// A number of one or two digits is no moment.
	shortNumber = regexp.MustCompile(`^\d{1,2}$`)
	notFinite   = map[string]bool{"nan": true, "inf": true, "+inf": true, "-inf": true, "infinity": true, "+infinity": true, "-infinity": true}
	moments     = map[string]bool{"now": true, "today": true, "tomorrow": true, "yesterday": true, "epoch": true, "infinity": true, "-infinity": true, "+infinity": true, "allballs": true}
)

func whole(text string, bits int) bool {
	_, err := strconv.ParseInt(text, 10, bits)
	if err == nil {
		return true
	}
	_, err = strconv.ParseInt(strings.ReplaceAll(text, "_", ""), 0, bits) // PostgreSQL 16 reads more
	return err == nil && strings.ContainsAny(text, "_xXoObB")
}

// boolean reads a word or the beginning of one that is no other's.
func boolean(text string) bool {
	switch text {
	case "1", "0", "on", "of", "off":
		return true
	case "":
		return false
	}
	for _, word := range [...]string{"true", "false", "yes", "no"} {
		if strings.HasPrefix(word, text) {
			return true
		}
	}
	return false
}

// malformedArray tells whether a text has not the braces of an array.
func malformedArray(text string) bool {
	trimmed := strings.Trim(text, " \t\n\v\f\r")
	if strings.HasPrefix(trimmed, "[") { // bounds stand before the braces
		return !strings.Contains(trimmed, "={")
	}
	return !strings.HasPrefix(trimmed, "{") || !strings.HasSuffix(trimmed, "}")
}

// plainArray is an array's text without quotes, escapes and braces inside.
var plainArray = regexp.MustCompile(`^\{[^{}"\\]*\}$`)

// unreadableElement tells whether an element of a plain array's text is no t.
func (s *semantics) unreadableElement(t types.Type, text string) bool {
	trimmed := strings.TrimSpace(text)
	if !plainArray.MatchString(trimmed) || strings.TrimSpace(trimmed[1:len(trimmed)-1]) == "" {
		return false
	}
	for _, e := range strings.Split(trimmed[1:len(trimmed)-1], ",") {
		if e = strings.TrimSpace(e); !strings.EqualFold(e, "NULL") && s.Unreadable(t, e) {
			return true
		}
	}
	return false
}

// subscripted are the types of fixed length that take a subscript, beside arrays and jsonb.
var subscripted = map[string]bool{
	"jsonb": true, "int2vector": true, "oidvector": true, "point": true, "lseg": true, "line": true, "box": true, "name": true,
}

// Subscriptable tells whether a value of a type takes a subscript.
func (s *semantics) Subscriptable(t types.Type) bool {
	t = s.Base(t)
	return t.IsArray() || t.Kind == types.Pseudo && t.Name != "record" || subscripted[t.Name] ||
		t.Kind != types.Enum && t.Kind != types.Composite && builtIn().types[t.Name] == nil
}

// Collatable tells whether COLLATE may stand behind a value of a type.
func (s *semantics) Collatable(t types.Type) bool {
	t = s.Base(t)
	switch t.Name {
	case "bool", "int2", "int4", "int8", "float4", "float8", "numeric", "money", "bytea", "uuid", "json", "jsonb", "date", "time", "timetz",
		"timestamp", "timestamptz", "interval", "oid", "xml", "inet", "cidr", "bit", "varbit", "record":
		return s.definition(t) != nil
	}
	return true
}
