// Package naming turns SQL names into Go names and struct tags exactly as sqlc does. It
// knows nothing of types or queries.
package naming

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/covetsql/covetsql/compiler/config"
	"github.com/jinzhu/inflection"
)

// Namer names things under the options of one package.
type Namer struct {
	rename      map[string]string
	initialisms map[string]bool
	exact       bool
	excluded    []string
	style       string
	upperID     bool
	cache       map[string]string
}

// New makes a Namer of a package's options. A Namer is not safe for concurrent use.
func New(o *config.Go) *Namer {
	n := &Namer{
		rename: o.Rename, initialisms: map[string]bool{}, exact: o.EmitExactTableNames,
		excluded: o.InflectionExcludeTableNames, style: o.JSONTagsCaseStyle, upperID: o.JSONTagsIDUppercase,
		cache: map[string]string{},
	}
	list := o.Initialisms
	if list == nil {
		list = []string{"id"}
	}
	for _, s := range list {
		n.initialisms[s] = true
	}
	return n
}

// Exported is the exported Go name of a column, table or enum: renamed where the options say so,
// else each part between underscores with a capital, initialisms in capitals.
func (n *Namer) Exported(name string) string {
	if s, ok := n.cache[name]; ok {
		return s
	}
	s := n.exported(name)
	n.cache[name] = s
	return s
}

func (n *Namer) exported(name string) string {
	if s := n.rename[name]; s != "" {
		return s
	}
	clean := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return '_'
	}, name)
	var b strings.Builder
	for part := range strings.SplitSeq(clean, "_") {
		if n.initialisms[part] {
			b.WriteString(strings.ToUpper(part))
		} else {
			b.WriteString(Title(part))
		}
	}
	out := b.String()
	if r, _ := utf8.DecodeRuneInString(out); unicode.IsDigit(r) {
		return "_" + out
	}
	return out
}

// Model is the Go name of a table's struct; schema is empty for the default one.
func (n *Namer) Model(schema, table string) string {
	name := table
	if schema != "" {
		name = schema + "_" + name
	}
	if !n.exact {
		name = n.singular(name)
	}
	return n.Exported(name)
}

// irregular are the words that the inflection library gets wrong.
var irregular = map[string]string{
	"campus": "campus", "meta": "meta", "metadata": "metadata",
	"calories": "calorie", "waves": "wave",
}

func (n *Namer) singular(name string) string {
	for _, x := range n.excluded {
		if strings.EqualFold(x, name) {
			return name
		}
	}
	if s, ok := irregular[strings.ToLower(name)]; ok {
		if strings.EqualFold(s, name) {
			return name
		}
		return s
	}
	return inflection.Singular(name)
}

// EnumConstants names the constants of an enum's values in order; enum is the enum's SQL
// name, with its schema in front where that is not the default one. Names never repeat and
// are never equal to typ, the enum's Go name.
func (n *Namer) EnumConstants(enum, typ string, values []string) []string {
	seen := map[string]bool{}
	used := map[string]bool{typ: true}
	out := make([]string, len(values))
	for i, v := range values {
		word := enumWord(v)
		if word == "" || seen[word] {
			word = "value_" + itoa(i)
		}
		seen[word] = true
		name := n.Exported(enum + "_" + word)
		if used[name] {
			name = n.Exported(enum + "_value_" + itoa(i))
		}
		used[name] = true
		out[i] = name
	}
	return out
}

// enumWord keeps ASCII letters, digits and underscores; signs that part words become underscores.
func enumWord(v string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '-' || r == ':' || r == '/':
			return '_'
		case r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
			return r
		}
		return -1
	}, v)
}

// JSONTag is the value of a json tag for a SQL name, in the style of the options.
func (n *Namer) JSONTag(name string) string {
	switch n.style {
	case "camel":
		return n.cased(name, false)
	case "pascal":
		return n.cased(name, true)
	case "snake":
		return Snake(name)
	}
	return name
}

func (n *Namer) cased(name string, upper bool) string {
	var b strings.Builder
	for i, p := range strings.Split(name, "_") {
		switch {
		case !upper && i == 0:
			b.WriteString(p)
		case p == "id" && (upper || n.upperID):
			b.WriteString("ID")
		default:
			b.WriteString(Title(p))
		}
	}
	return b.String()
}

// Snake writes a name in small letters, with an underscore before each capital that follows a
// small letter or a digit.
func Snake(name string) string {
	var b strings.Builder
	last := rune(0)
	for _, r := range name {
		if r >= 'A' && r <= 'Z' && (last >= 'a' && last <= 'z' || last >= '0' && last <= '9') {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
		last = r
	}
	return b.String()
}

// Argument is the Go name of a parameter that stands alone: author_id gives authorID.
func Argument(name string) string {
	var b strings.Builder
	for i, p := range strings.Split(name, "_") {
		switch {
		case i == 0:
			b.WriteString(strings.ToLower(p))
		case p == "id":
			b.WriteString("ID")
		default:
			b.WriteString(Title(p))
		}
	}
	return b.String()
}

// Lower writes the first letter small, Upper capital.
func Lower(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToLower(r)) + s[n:]
}

// Upper writes the first letter capital.
func Upper(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// Title writes a capital at the start of each word; letters, digits and underscores are
// inside words.
func Title(s string) string {
	inWord := false
	return strings.Map(func(r rune) rune {
		was := inWord
		inWord = r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r)
		if !was {
			return unicode.ToTitle(r)
		}
		return r
	}, s)
}

var keywords = map[string]bool{}

func init() {
	for _, w := range strings.Fields(`break default func interface select case defer go map struct chan else
		goto package switch const fallthrough if range type continue for import return var`) {
		keywords[w] = true
	}
}

// IsKeyword tells whether s is a keyword of Go.
func IsKeyword(s string) bool { return keywords[s] }

// Variable makes a name usable for a variable inside a method of Queries: keywords and the
// receiver's name q get an underscore behind.
func Variable(s string) string {
	if keywords[s] || s == "q" {
		return s + "_"
	}
	return s
}

func itoa(i int) string {
	if i < 10 {
		return string(rune('0' + i))
	}
	return itoa(i/10) + string(rune('0'+i%10))
}
