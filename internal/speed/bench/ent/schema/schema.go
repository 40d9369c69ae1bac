// Package schema is what ent's code is generated from.
package schema

import (
	"time"

	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

func fields() []ent.Field {
	return []ent.Field{
		field.Int64("id"),
		field.String("name"),
		field.String("email"),
		field.String("bio").Optional().Nillable(),
		field.Int32("age"),
		field.Float("score"),
		field.Bool("active"),
		field.Time("created_at").Default(time.Now).SchemaType(map[string]string{dialect.MySQL: "datetime"}),
	}
}

// Person is a row that is read.
type Person struct{ ent.Schema }

func (Person) Fields() []ent.Field              { return fields() }
func (Person) Annotations() []schema.Annotation { return []schema.Annotation{entsql.Table("people")} }

// Arrival is a row that is inserted.
type Arrival struct{ ent.Schema }

func (Arrival) Fields() []ent.Field { return fields() }
func (Arrival) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("arrivals")}
}
