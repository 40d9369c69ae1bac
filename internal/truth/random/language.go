package random

import (
	"embed"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/internal/truth"
)

// Language is what the generator knows of an engine: the sorts of its values, the features it
// has, and rules that make expressions of a sort. It is data: see grammar/README.md.
type Language struct {
	Name string
	// Sibling is the other server of the dialect, "" where it has one.
	Sibling  string
	Sorts    []*Sort
	Features map[string]bool
	// Prelude are statements that stand before the tables: types, functions.
	Prelude []string
	// References are what may stand behind a foreign key; Generated are clauses of generated
	// columns with $ for the expression, Defaults of others with # for a literal; Identity is a
	// key's clause by sort.
	References, Generated, Defaults []string
	Identity                        map[string]string
	// Tables are what may stand behind a table, Keyed behind one with a primary key.
	Tables, Keyed []tableOption
	// Indexes are statements of a table's indexes: see (*generator).index.
	Indexes []string
	// Strays put values of other classes than their column's into $table's $column, for engines
	// that store them.
	Strays []tableOption
	// Faults are words with which a server refuses what it should take, each with a word that
	// the statement has not, or that it has (behind a +).
	Faults [][2]string
	// Witnesses change rows of $table, in its $column or in all, so that a NULL may come to light.
	Witnesses []tableOption
	// States are such changes of which several at random make a state of all tables, each written
	// into Forgiving as $statement: it does nothing where the change is refused. "" for neither.
	States    []tableOption
	Forgiving string
	// Differences are words of findings that are none (behind " : " a pattern of the statements that are meant), each with its reason: two servers of one
	// dialect that are not of one mind.
	Differences [][2]string
	// byResult are the rules that can make a value of a sort, by kind of rule.
	byResult map[ruleKind]map[*Sort][]bound
	sorts    map[string]*Sort
	classes  map[string][]*Sort
	rules    []rule
}

// Sort is a type as the generator sees it: how a column of it is declared and cast to, and
// literals of it, the simplest first.
type Sort struct {
	Name, Spelling string
	// Cast is what CAST takes where that is not the spelling (MySQL).
	Cast     string
	Literals []string
	// Column tells that tables have columns of the sort, Key that keys do.
	Column, Key bool
}

// ruleKind is where a rule's expression may stand.
type ruleKind string

const (
	plainRule     ruleKind = "expressions"
	aggregateRule ruleKind = "aggregates"
	windowRule    ruleKind = "windows"
	tableRule     ruleKind = "tables"
)

// tableOption is a text for tables or columns, and the sorts of columns that it is for; nil for
// all.
type tableOption struct {
	text  string
	sorts []*Sort
}

// takes tells whether the option is for columns of a sort.
func (o tableOption) takes(s *Sort) bool { return o.sorts == nil || slices.Contains(o.sorts, s) }

// rule makes an expression: text with holes. The result and the holes name a sort or a class;
// the same class is the same sort all over the rule.
type rule struct {
	kind   ruleKind
	result string
	parts  []part
}

// part is text, or a hole: an expression, a literal or a bare parameter of a sort.
type part struct {
	text string
	hole byte // 0 text, '$' expression, '^' column, '#' literal, '@' bare parameter
}

// holes begin a hole, before its sort's name.
const holes = "$^#@"

// bound is a rule whose result's class stands for a sort.
type bound struct {
	rule *rule
	with map[string]*Sort
}

// difference is why a finding is none, "" where it is one. Behind the statement may stand those of the views.
func (l *Language) difference(statement string, f truth.Finding) string {
	said := f.String()
	for _, d := range l.Differences {
		words, within, narrow := strings.Cut(d[0], " : ")
		if strings.Contains(said, words) && (!narrow || regexp.MustCompile(within).MatchString(statement)) {
			return d[1]
		}
	}
	return ""
}

//go:embed grammar
var grammars embed.FS

// Read gives the language of an engine: "postgresql", "mysql", "mariadb" or "sqlite".
func Read(name string) (*Language, error) {
	files := map[string][]string{
		"postgresql": {"postgresql"}, "mysql": {"mysqls", "mysql"}, "mariadb": {"mysqls", "mariadb"}, "sqlite": {"sqlite"},
	}[name]
	if files == nil {
		return nil, fmt.Errorf("there is no grammar of %q", name)
	}
	l := &Language{Name: name, Features: map[string]bool{}, Identity: map[string]string{}, sorts: map[string]*Sort{}, classes: map[string][]*Sort{}}
	for _, f := range files {
		text, err := grammars.ReadFile("grammar/" + f + ".txt")
		if err != nil {
			return nil, err
		}
		if err := l.read(f, string(text)); err != nil {
			return nil, err
		}
	}
	return l, l.bind()
}

func (l *Language) read(file, text string) error {
	section := "sorts"
	for n, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "--") {
			continue
		}
		if strings.HasPrefix(line, "[") {
			section = strings.Trim(line, "[]")
			continue
		}
		var err error
		switch section {
		case "sorts":
			err = l.readSort(line)
		case "classes":
			err = l.readClass(line)
		case "features":
			for _, f := range strings.Fields(line) {
				l.Features[f] = true
			}
		case "prelude":
			l.Prelude = append(l.Prelude, line)
		case "references":
			l.References = append(l.References, line)
		case "differences":
			words, reason, _ := strings.Cut(line, " = ")
			l.Differences = append(l.Differences, [2]string{words, reason})
		case "table options":
			l.Tables, err = l.readOption(l.Tables, line)
		case "keyed table options":
			l.Keyed, err = l.readOption(l.Keyed, line)
		case "generated":
			l.Generated = append(l.Generated, " "+line)
		case "defaults":
			l.Defaults = append(l.Defaults, " "+line)
		case "indexes":
			l.Indexes = append(l.Indexes, line)
		case "witnesses":
			l.Witnesses, err = l.readOption(l.Witnesses, line)
		case "states":
			l.States, err = l.readOption(l.States, line)
		case "sibling":
			l.Sibling = line
		case "forgiving":
			l.Forgiving = line
		case "faults":
			words, unless, _ := strings.Cut(line, " : ")
			l.Faults = append(l.Faults, [2]string{words, unless})
		case "strays":
			l.Strays, err = l.readOption(l.Strays, line)
		case "identity":
			sort, clause, _ := strings.Cut(line, " = ")
			l.Identity[sort] = " " + clause
		default:
			err = l.readRule(ruleKind(section), line)
		}
		if err != nil {
			return fmt.Errorf("grammar/%s.txt:%d: %w", file, n+1, err)
		}
	}
	return nil
}

// readSort reads "name [key|column] spelling [as cast] : literal | literal".
func (l *Language) readSort(line string) error {
	head, literals, ok := strings.Cut(line, " : ")
	words := strings.Fields(head)
	if !ok || len(words) < 2 {
		return fmt.Errorf("want name, use, spelling, literals: %q", line)
	}
	s := &Sort{Name: words[0]}
	switch words[1] {
	case "key":
		s.Column, s.Key = true, true
	case "column":
		s.Column = true
	case "value":
	default:
		return fmt.Errorf("a sort is a key, a column or a value: %q", line)
	}
	s.Spelling, s.Cast, _ = strings.Cut(strings.Join(words[2:], " "), " as ")
	if s.Cast == "" {
		s.Cast = s.Spelling
	}
	for _, lit := range strings.Split(literals, " | ") {
		s.Literals = append(s.Literals, strings.TrimSpace(lit))
	}
	l.Sorts = append(l.Sorts, s)
	l.sorts[s.Name] = s
	l.classes[s.Name] = []*Sort{s}
	return nil
}

func (l *Language) readClass(line string) error {
	name, members, ok := strings.Cut(line, " = ")
	if !ok {
		return fmt.Errorf("want name = members: %q", line)
	}
	for _, m := range strings.Fields(members) {
		of := l.classes[m]
		if of == nil {
			return fmt.Errorf("no sort or class %q", m)
		}
		l.classes[name] = append(l.classes[name], of...)
	}
	return nil
}

// fault tells whether a server's refusal is its own mistake.
func (l *Language) fault(statement string, refusal error) bool {
	return slices.ContainsFunc(l.Faults, func(f [2]string) bool {
		return strings.Contains(refusal.Error(), f[0]) && (f[1] == "" || strings.Contains(statement, strings.TrimPrefix(f[1], "+")) == strings.HasPrefix(f[1], "+"))
	})
}

// readOption reads "text : sorts".
func (l *Language) readOption(to []tableOption, line string) ([]tableOption, error) {
	text, sorts, _ := strings.Cut(line, " : ")
	o := tableOption{text: text}
	for _, s := range strings.Fields(sorts) {
		if l.sorts[s] == nil {
			return nil, fmt.Errorf("no sort %q", s)
		}
		o.sorts = append(o.sorts, l.sorts[s])
	}
	return append(to, o), nil
}

// readRule reads "result = text with $sort holes".
func (l *Language) readRule(kind ruleKind, line string) error {
	result, text, ok := strings.Cut(line, " = ")
	if !ok {
		return fmt.Errorf("want result = expression: %q", line)
	}
	r := rule{kind: kind, result: strings.TrimSpace(result)}
	rest := text
	for rest != "" {
		i := strings.IndexAny(rest, holes)
		if i < 0 || i+1 >= len(rest) {
			r.parts = append(r.parts, part{text: rest})
			break
		}
		n := i + 1
		for n < len(rest) && (rest[n] >= 'a' && rest[n] <= 'z' || rest[n] >= '0' && rest[n] <= '9') {
			n++
		}
		if n == i+1 { // an operator: #> or @>
			for n < len(rest) && strings.IndexByte(holes, rest[n]) >= 0 {
				n++
			}
			r.parts = append(r.parts, part{text: rest[:n]})
			rest = rest[n:]
			continue
		}
		if i > 0 {
			r.parts = append(r.parts, part{text: rest[:i]})
		}
		r.parts = append(r.parts, part{text: rest[i+1 : n], hole: rest[i]})
		rest = rest[n:]
	}
	for _, name := range r.names() {
		if l.class(name) == nil {
			return fmt.Errorf("no sort or class %q in %q", name, line)
		}
	}
	l.rules = append(l.rules, r)
	return nil
}

func (r *rule) names() []string {
	out := []string{r.result}
	for _, p := range r.parts {
		if p.hole != 0 {
			out = append(out, p.text)
		}
	}
	return out
}

// class is what a rule's name stands for; a digit behind a class tells two of it apart.
func (l *Language) class(name string) []*Sort {
	if c := l.classes[name]; c != nil {
		return c
	}
	return l.classes[strings.TrimRight(name, "0123456789")]
}

// bind sorts the rules by the sorts that they can make.
func (l *Language) bind() error {
	l.byResult = map[ruleKind]map[*Sort][]bound{}
	for i := range l.rules {
		r := &l.rules[i]
		for _, s := range l.class(r.result) {
			if l.byResult[r.kind] == nil {
				l.byResult[r.kind] = map[*Sort][]bound{}
			}
			l.byResult[r.kind][s] = append(l.byResult[r.kind][s], bound{r, map[string]*Sort{r.result: s}})
		}
	}
	for _, needed := range []string{"bool", "count", "any"} {
		if l.classes[needed] == nil {
			return fmt.Errorf("%s: every grammar has a sort or class %q", l.Name, needed)
		}
	}
	return nil
}
