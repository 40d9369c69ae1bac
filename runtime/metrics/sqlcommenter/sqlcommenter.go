// Package sqlcommenter appends to statements who sent them, as a comment that servers' own statistics and logs keep: its query's name and
// package, the driver, and the route that it was sent for. The form is that of https://google.github.io/sqlcommenter/spec/.
//
// A query's text is put together once, so its prepared statements stay. A route makes another text of a query for each of its values, and
// the number of those is bounded. A traceparent makes another text of each call: it is added to sampled calls alone, and their statements
// must not be kept.
package sqlcommenter

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/covetsql/covetsql/runtime/plan"
)

// Options says what stands in comments. Empty ones are left out.
type Options struct {
	// Driver is db_driver ("pgx"), Application the tag application.
	Driver, Application string
	// Tags are more of them; those of the same name as one here are left out.
	Tags map[string]string
	// Route gives the route of a call: a pattern such as /books/{id}, never a path, of which there would be no end.
	Route func(context.Context) string
	// Routes is how many texts with routes are kept; calls beyond those go without. 0 is 1000.
	Routes int
	// Traceparent gives the W3C traceparent of a call that is sampled, and "" for all others. metrics/otel has one.
	Traceparent func(context.Context) string
	// Commented adds tags also to statements that have a comment after their first word. The specification leaves those alone, as
	// the comment may be of its kind.
	Commented bool
}

// Commenter appends comments. All methods may be called at the same time.
type Commenter struct {
	opts  Options
	texts atomic.Pointer[[]string] // by plan.Query.Number

	mu     sync.RWMutex
	routes map[routed]string
}

type routed struct {
	query int
	route string
}

// New makes a commenter, with the texts of all queries that the process knows.
func New(o Options) *Commenter {
	if o.Routes == 0 {
		o.Routes = 1000
	}
	c := &Commenter{opts: o, routes: map[routed]string{}}
	c.texts.Store(new([]string))
	c.known(plan.Count() - 1)
	return c
}

// known gives the texts without routes, that of query n among them.
func (c *Commenter) known(n int) []string {
	if list := *c.texts.Load(); n < len(list) {
		return list
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	list := *c.texts.Load()
	longer := append(make([]string, 0, plan.Count()), list...)
	for _, q := range plan.All()[len(list):] {
		longer = append(longer, c.build(q, q.SQL, "", ""))
	}
	c.texts.Store(&longer)
	return longer
}

// SQL gives the text of a query with its comment. keep tells that the text comes again, and its statement may be prepared and kept;
// where it is false the statement is to be run without.
func (c *Commenter) SQL(ctx context.Context, q *plan.Query) (text string, keep bool) {
	parent, route := c.found(ctx)
	switch {
	case parent != "":
		return c.build(q, q.SQL, route, parent), false
	case route != "":
		if text, ok := c.routedText(q, route); ok {
			return text, true
		}
	}
	n := q.Number()
	return c.known(n)[n], true
}

// Tag appends the comment to a text that was put together for this call.
func (c *Commenter) Tag(ctx context.Context, q *plan.Query, text string) string {
	parent, route := c.found(ctx)
	return c.build(q, text, route, parent)
}

func (c *Commenter) found(ctx context.Context) (parent, route string) {
	if c.opts.Traceparent != nil {
		parent = c.opts.Traceparent(ctx)
	}
	if c.opts.Route != nil {
		route = c.opts.Route(ctx)
	}
	return parent, route
}

// routedText gives the text with a route, where there is room for it.
func (c *Commenter) routedText(q *plan.Query, route string) (string, bool) {
	key := routed{q.Number(), route}
	c.mu.RLock()
	text, ok := c.routes[key]
	full := len(c.routes) >= c.opts.Routes
	c.mu.RUnlock()
	if ok || full {
		return text, ok
	}
	text = c.build(q, q.SQL, route, "")
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.routes) >= c.opts.Routes {
		return "", false
	}
	c.routes[key] = text
	return text, true
}

func (c *Commenter) build(q *plan.Query, text, route, parent string) string {
	if !c.opts.Commented && commented(text) {
		return text
	}
	tags := maps.Clone(c.opts.Tags)
	if tags == nil {
		tags = map[string]string{}
	}
	for key, value := range map[string]string{"db_driver": c.opts.Driver, "application": c.opts.Application, "query": q.Name, "package": q.Package,
		"route": route, "traceparent": parent} {
		if value != "" {
			tags[key] = value
		}
	}
	return Append(text, tags)
}

// commented tells of a comment after the lines of comments that a text begins with, which name the query. Within a literal it takes for
// one what is none, and so leaves the statement as it is.
func commented(text string) bool {
	for strings.HasPrefix(text, "--") {
		_, text, _ = strings.Cut(text, "\n")
		text = strings.TrimLeft(text, " \t\r\n")
	}
	return strings.Contains(text, "--") || strings.Contains(text, "/*")
}

// Append appends a comment with tags, in order of their names, to a statement; before the semicolon that ends it, where there is one.
// Statements and tags that are empty stay as they are.
func Append(text string, tags map[string]string) string {
	body := strings.TrimRight(text, " \t\r\n")
	if body == "" || len(tags) == 0 {
		return text
	}
	var b strings.Builder
	last := body[strings.LastIndexByte(body, '\n')+1:]
	semicolons := ""
	if strings.Contains(last, "--") || strings.ContainsRune(last, '#') { // maybe a comment up to the end of its line
		b.WriteString(body + "\n/*")
	} else {
		statement := strings.TrimRight(body, "; \t\r\n")
		if len(statement) < len(body) {
			semicolons = ";"
		}
		b.WriteString(statement + " /*")
	}
	for i, key := range slices.Sorted(maps.Keys(tags)) {
		if i > 0 {
			b.WriteByte(',')
		}
		encode(&b, key)
		b.WriteString("='")
		encode(&b, tags[key])
		b.WriteByte('\'')
	}
	b.WriteString("*/" + semicolons)
	return b.String()
}

// encode writes a text with %XX for all bytes but those that no URL escapes (RFC 3986, section 2.3), so that neither a quote nor the end of
// the comment, nor the beginning of a hint or a parameter, can stand in it. The specification's backslash before a quote then has nothing to do.
func encode(b *strings.Builder, s string) {
	const hex = "0123456789ABCDEF"
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_', c == '.', c == '~':
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
}
