// Package cel runs rules that are written in CEL, over what sqlc 1.31 gives its rules: the query, the configuration
// and the plan that a database has for the query. It knows how an expression is compiled and run; which query is judged by
// which rule, and where a plan comes from, is not its matter.
package cel

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/ext"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/covetsql/covetsql/compiler/catalog"
)

// world is made once: the messages and what an expression may say.
type world struct {
	file protoreflect.FileDescriptor
	env  *cel.Env
}

var theWorld = sync.OnceValues(func() (*world, error) {
	w := &world{file: describe()}
	object := func(name string) cel.EnvOption {
		return cel.Variable(strings.ToLower(name), cel.ObjectType("vet."+name))
	}
	var err error
	w.env, err = cel.NewEnv(
		ext.Strings(ext.StringsVersion(1)), cel.TypeDescs(w.file),
		object("Query"), object("Config"), object("PostgreSQL"), object("MySQL"),
	)
	return w, err
})

// Rule is a compiled expression. It is safe for concurrent use.
type Rule struct {
	program cel.Program
	// NeedsPlan tells that the expression asks for a plan.
	NeedsPlan bool
}

// Problem is what is wrong with an expression; line counts from 1, column characters from 0. A line of 0 is the whole of it.
type Problem struct {
	Line, Column int
	Message      string
	// Late tells that sqlc finds it only when the rule is run.
	Late bool
}

// Compile compiles an expression, which must give true or false.
func Compile(expression string) (*Rule, []Problem) {
	w, err := theWorld()
	if err != nil {
		return nil, []Problem{{Message: err.Error()}}
	}
	ast, issues := w.env.Compile(expression)
	if issues != nil && issues.Err() != nil {
		var out []Problem
		for _, e := range issues.Errors() {
			out = append(out, Problem{Line: e.Location.Line(), Column: e.Location.Column(), Message: plain(e.Message)})
		}
		return nil, out
	}
	program, err := w.env.Program(ast)
	if err != nil {
		return nil, []Problem{{Message: err.Error()}}
	}
	if t := ast.OutputType(); !t.IsExactType(cel.BoolType) && !t.IsExactType(cel.DynType) {
		return nil, []Problem{{Message: fmt.Sprintf("it gives %s, not true or false", t), Late: true}}
	}
	return &Rule{program: program, NeedsPlan: strings.Contains(expression, "postgresql.explain") || strings.Contains(expression, "mysql.explain")}, nil
}

// plain is a message without the words of a parser's maker.
func plain(message string) string {
	message, _, _ = strings.Cut(message, " expecting {")
	return strings.ReplaceAll(message, "mismatched input '<EOF>'", "the expression ends too early")
}

// Config is what rules see as config.
type Config struct {
	Version         string
	Engine          catalog.Engine
	Schema, Queries []string
}

// Query is what rules see as query.
type Query struct {
	SQL, Name, Command string
	Params             []int // their numbers
}

// Facts are what one query is judged by. They are not for concurrent use.
type Facts struct {
	w      *world
	values map[string]any
}

// NewFacts gathers what is known without a database.
func NewFacts(c Config, q Query) *Facts {
	w, err := theWorld()
	if err != nil {
		panic("cel: " + err.Error()) // no rule was compiled
	}
	config, query := w.message("Config"), w.message("Query")
	put(config, "version", c.Version)
	put(config, "engine", string(c.Engine))
	list(config, "schema", c.Schema)
	list(config, "queries", c.Queries)
	put(query, "sql", q.SQL)
	put(query, "name", q.Name)
	put(query, "cmd", q.Command)
	params := query.Mutable(query.Descriptor().Fields().ByName("params")).List()
	for _, n := range q.Params {
		p := params.AppendMutable().Message()
		p.Set(p.Descriptor().Fields().ByName("number"), protoreflect.ValueOfInt32(int32(n)))
	}
	return &Facts{w, map[string]any{"config": config, "query": query}}
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

// HasPlans tells whether rules can see plans of an engine.
func HasPlans(e catalog.Engine) bool { return plans[e] != "" }

// SetPlan adds the plan that a server of an engine gave as JSON; the other engine's is empty. That the server says there is
// nothing to plan, as MySQL does for a condition that never holds, is an error.
func (f *Facts) SetPlan(e catalog.Engine, plan []byte) error {
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

// Holds tells whether the rule's expression is true of a query: that is a finding.
func (r *Rule) Holds(f *Facts) (bool, error) {
	out, _, err := r.program.Eval(f.values)
	if err != nil {
		return false, err
	}
	holds, ok := out.Value().(bool)
	if !ok {
		return false, fmt.Errorf("it gave %v, not true or false", out.Value())
	}
	return holds, nil
}
