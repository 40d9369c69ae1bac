package postgres

import "github.com/covetsql/covetsql/migrate/plan"

// comment is what COMMENT ON says of an object.
type comment struct {
	of id
	// on are the words after COMMENT ON: TABLE "users".
	on   func(d *differ) string
	text string
}

// addComment adds the comment on an object, where it has one.
func addComment(add func(object), of id, text string, on func(d *differ) string) {
	if text != "" {
		add(&comment{of, on, text})
	}
}

func (c *comment) id() id {
	x := c.of
	x.Kind = "comment on " + x.Kind
	return x
}

func (c *comment) owners() []id { return []id{c.of} }

func (c *comment) compare(d *differ, to object) change {
	if to := to.(*comment); to.text != c.text {
		return altering(to.create(d))
	}
	return change{}
}

func (c *comment) create(d *differ) []plan.Step {
	return steps(c.id(), "COMMENT ON "+c.on(d)+" IS "+literal(c.text))
}

func (c *comment) drop(d *differ) []plan.Step {
	return steps(c.id(), "COMMENT ON "+c.on(d)+" IS NULL")
}
