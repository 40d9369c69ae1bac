package rule

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

// Moment is what of time a value tells.
type Moment uint8

// The moments. Local is a date and time as a clock on the wall shows it, Zoned a point in time, which each session sees by its own
// time zone.
const (
	NoMoment Moment = iota
	Date
	Local
	Zoned
)

func (m Moment) String() string {
	return [...]string{"", "date", "time without zone", "time with zone"}[m]
}

var moments = map[catalog.Engine]map[string]Moment{
	catalog.PostgreSQL: {"date": Date, "timestamp": Local, "timestamptz": Zoned},
	catalog.MySQL:      {"date": Date, "datetime": Local, "timestamp": Zoned},
}

// Moment is what of time an expression tells, by its type; of SQLite's by what the column was declared as.
func (q *Query) Moment(x ir.Expr) Moment {
	if c := q.Column(x); c != nil && c.Source != nil && q.Package.Traits.DeclaredTypes {
		name, _, _ := strings.Cut(strings.ToLower(c.Source.Declared), "(")
		switch strings.TrimSpace(name) {
		case "date":
			return Date
		case "datetime", "timestamp":
			return Local
		}
	}
	t := q.Value(x).Type
	if t.IsArray() {
		return NoMoment
	}
	return moments[q.Package.Engine][q.Package.Semantics.Base(t).Name]
}
