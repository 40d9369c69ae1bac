// Package cel runs the rules that teams write in CEL. It knows how an expression is compiled and run, and what it sees: sqlc's variables as
// sqlc gives them, and what covetsql knows beside them. Which query is judged by which rule, and where a plan comes from, is not its matter.
package cel

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/ext"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
)

// Each is what a rule judges, one by one.
type Each string

// What rules judge.
const (
	EachQuery Each = "query"
	EachTable Each = "table"
)

// variables are what a rule sees, by what it judges: the messages' names, with which the variables' names are the same in small
// letters.
var variables = map[Each][]string{
	EachQuery: {"Query", "Config", "PostgreSQL", "MySQL", "Schema", "Plan"},
	EachTable: {"Table", "Config", "Schema"},
}

// world is made once: the messages and what an expression may say.
type world struct {
	file protoreflect.FileDescriptor
	envs map[Each]*cel.Env
}

var theWorld = sync.OnceValues(func() (*world, error) {
	w := &world{file: describe(), envs: map[Each]*cel.Env{}}
	for each, names := range variables {
		options := []cel.EnvOption{ext.Strings(ext.StringsVersion(1)), cel.TypeDescs(w.file)}
		for _, name := range names {
			options = append(options, cel.Variable(strings.ToLower(name), cel.ObjectType("vet."+name)))
		}
		env, err := cel.NewEnv(options...)
		if err != nil {
			return nil, err
		}
		w.envs[each] = env
	}
	return w, nil
})

// Rule is a compiled expression. It is safe for concurrent use.
type Rule struct {
	program cel.Program
	wants   wants
}

// NeedsServerPlan tells that the expression asks for a plan as one engine writes it, NeedsPlan for one in the form of all engines.
func (r *Rule) NeedsServerPlan() bool { return r.wants.server }

// NeedsPlan tells that the expression asks for a plan in the form of all engines.
func (r *Rule) NeedsPlan() bool { return r.wants.plan }

// NeedsSchema tells that the expression asks for the tables of the schema.
func (r *Rule) NeedsSchema() bool { return r.wants.schema }

// NeedsKnown tells that the expression asks for what sqlc does not tell: what covetsql knows of a query or of the schema.
func (r *Rule) NeedsKnown() bool { return r.wants.known }

// Problem is what is wrong with an expression; line counts from 1, column characters from 0. A line of 0 is the whole of it.
type Problem struct {
	Line, Column int
	Message      string
	// Near is what a wrong name may stand for; empty where nothing is like it.
	Near string
	// Late tells that sqlc finds it only when the rule is run.
	Late bool
}

// Compile compiles the expression of a rule, which must give true or false.
func Compile(expression string, each Each) (*Rule, []Problem) {
	return compile(expression, each, cel.BoolType, "true or false")
}

// CompileMessage compiles an expression that gives the message of a finding.
func CompileMessage(expression string, each Each) (*Rule, []Problem) {
	return compile(expression, each, cel.StringType, "a text")
}

func compile(expression string, each Each, want *cel.Type, called string) (*Rule, []Problem) {
	w, err := theWorld()
	if err != nil {
		return nil, []Problem{{Message: err.Error()}}
	}
	env := w.envs[each]
	ast, issues := env.Compile(expression)
	if issues != nil && issues.Err() != nil {
		var out []Problem
		for _, e := range issues.Errors() {
			message := plain(e.Message)
			out = append(out, Problem{Line: e.Location.Line(), Column: e.Location.Column(), Message: message, Near: near(message, each)})
		}
		return nil, out
	}
	program, err := env.Program(ast)
	if err != nil {
		return nil, []Problem{{Message: err.Error()}}
	}
	if t := ast.OutputType(); !t.IsExactType(want) && !t.IsExactType(cel.DynType) {
		return nil, []Problem{{Message: fmt.Sprintf("it gives %s, not %s", t, called), Late: want == cel.BoolType}}
	}
	return &Rule{program: program, wants: wanted(ast.NativeRep())}, nil
}

// plain is a message without the words of a parser's maker.
func plain(message string) string {
	message, _, _ = strings.Cut(message, " expecting {")
	message, _, _ = strings.Cut(message, " (in container")
	return strings.ReplaceAll(message, "mismatched input '<EOF>'", "the expression ends too early")
}

// near finds what a name that is not known may stand for: a field of any of the messages, or a variable.
func near(message string, each Each) string {
	var names []string
	name, ok := strings.CutPrefix(message, "undefined field '")
	if ok {
		for _, m := range append(messages[:len(messages):len(messages)], own...) {
			for _, f := range m.Fields {
				names = append(names, f.Name)
			}
		}
	} else if name, ok = strings.CutPrefix(message, "undeclared reference to '"); ok {
		for _, v := range variables[each] {
			names = append(names, strings.ToLower(v))
		}
	}
	name, _, _ = strings.Cut(name, "'")
	if list := diag.Nearest(name, names, 1); ok && len(list) > 0 {
		return list[0]
	}
	return ""
}

// Config is what rules see as config.
type Config struct {
	Version         string
	Engine          catalog.Engine
	Schema, Queries []string
}

// Query is what rules see as query, as sqlc tells it.
type Query struct {
	SQL     string `json:"sql"`
	Name    string `json:"name"`
	Command string `json:"cmd"`
	Params  []int  `json:"-"` // their numbers
}

// Facts are what one query or table is judged by. They are not for concurrent use.
type Facts struct {
	w      *world
	values map[string]any
	// sqlc is the query as sqlc tells it: rules that ask for no more get no more, so that they find what they find there.
	sqlc, more any
}

// NewFacts gathers what is known without a database.
func NewFacts(c Config, q Query) *Facts {
	f := facts(c)
	query := f.w.message("Query")
	put(query, "sql", q.SQL)
	put(query, "name", q.Name)
	put(query, "cmd", q.Command)
	params := query.Mutable(query.Descriptor().Fields().ByName("params")).List()
	for _, n := range q.Params {
		p := params.AppendMutable().Message()
		p.Set(p.Descriptor().Fields().ByName("number"), protoreflect.ValueOfInt32(int32(n)))
	}
	f.sqlc = query
	return f
}

// TableFacts gathers what a rule over a table sees.
func TableFacts(c Config, t *Table) (*Facts, error) {
	f := facts(c)
	m, err := f.w.of("Table", t)
	f.values["table"] = m
	return f, err
}

func facts(c Config) *Facts {
	w, err := theWorld()
	if err != nil {
		panic("cel: " + err.Error()) // no rule was compiled
	}
	config := w.message("Config")
	put(config, "version", c.Version)
	put(config, "engine", string(c.Engine))
	list(config, "schema", c.Schema)
	list(config, "queries", c.Queries)
	return &Facts{w: w, values: map[string]any{"config": config}}
}

// Knows tells whether what covetsql knows was added.
func (f *Facts) Knows() bool { return f.more != nil }

// SetKnown adds what covetsql knows of the query.
func (f *Facts) SetKnown(k *Known) (err error) {
	f.more, err = f.w.of("Query", k)
	return err
}

// SchemaOf readies a schema for many queries.
func SchemaOf(s *Schema) (any, error) {
	w, err := theWorld()
	if err != nil {
		return nil, err
	}
	return w.of("Schema", s)
}

// SetSchema adds a schema that SchemaOf made.
func (f *Facts) SetSchema(s any) { f.values["schema"] = s }

// SetPlan adds the query's plan in the form of all engines.
func (f *Facts) SetPlan(p *Plan) error {
	m, err := f.w.of("Plan", p)
	f.values["plan"] = m
	return err
}

// of makes a message of a value whose JSON has its fields.
func (w *world) of(name string, value any) (*dynamicpb.Message, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	m := w.message(name)
	return m, read(text, m)
}

func (w *world) message(name string) *dynamicpb.Message {
	return dynamicpb.NewMessage(w.file.Messages().ByName(protoreflect.Name(name)))
}

func put(m protoreflect.Message, name, value string) {
	m.Set(m.Descriptor().Fields().ByName(protoreflect.Name(name)), protoreflect.ValueOfString(value))
}

func list(m protoreflect.Message, name string, values []string) {
	l := m.Mutable(m.Descriptor().Fields().ByName(protoreflect.Name(name))).List()
	for _, v := range values {
		l.Append(protoreflect.ValueOfString(v))
	}
}

// plans are the variables that hold an engine's plan.
var plans = map[catalog.Engine]string{catalog.PostgreSQL: "PostgreSQL", catalog.MySQL: "MySQL"}

// HasPlans tells whether rules can see plans of an engine as it writes them.
func HasPlans(e catalog.Engine) bool { return plans[e] != "" }

// SetServerPlan adds the plan that a server of an engine gave as JSON; the other engine's is empty. That the server says there is
// nothing to plan, as MySQL does for a condition that never holds, is an error.
func (f *Facts) SetServerPlan(e catalog.Engine, plan []byte) error {
	for _, name := range plans {
		f.values[strings.ToLower(name)] = f.w.message(name)
	}
	m := f.values[strings.ToLower(plans[e])].(*dynamicpb.Message)
	explain := m.Mutable(m.Descriptor().Fields().ByName("explain")).Message()
	if err := read(plan, explain); err != nil {
		return err
	}
	if block := explain.Descriptor().Fields().ByName("query_block"); block != nil {
		b := explain.Get(block).Message()
		if said := b.Get(b.Descriptor().Fields().ByName("message")).String(); said != "" {
			return errors.New(said)
		}
	}
	return nil
}

// run gives what the expression is for facts.
func (r *Rule) run(f *Facts) (any, error) {
	if f.sqlc != nil {
		f.values["query"] = f.sqlc
		if r.wants.known {
			f.values["query"] = f.more
		}
	}
	out, _, err := r.program.Eval(f.values)
	if err != nil {
		return nil, err
	}
	if u, ok := out.(*types.Unknown); ok {
		return nil, fmt.Errorf("%v is not known", u)
	}
	return out.Value(), nil
}

// Holds tells whether the rule's expression is true of a query or table: that is a finding.
func (r *Rule) Holds(f *Facts) (bool, error) {
	out, err := r.run(f)
	if err != nil {
		return false, err
	}
	holds, ok := out.(bool)
	if !ok {
		return false, fmt.Errorf("it gave %v, not true or false", out)
	}
	return holds, nil
}

// Message is the text that an expression of CompileMessage gives.
func (r *Rule) Message(f *Facts) (string, error) {
	out, err := r.run(f)
	if err != nil {
		return "", err
	}
	s, ok := out.(string)
	if !ok {
		return "", fmt.Errorf("it gave %v, not a text", out)
	}
	return s, nil
}
