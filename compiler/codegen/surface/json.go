package surface

// JSON is a JSON value that a query builds and that Go is to have a type of.
type JSON struct {
	Kind JSONKind
	// Name is the Go name that the query gives the struct of the objects in a column, "auto" where one is to be made up.
	Name string
	// Value describes a SQL value; of all kinds it has the name of an object's field, and whether JSON's null may stand there.
	Value Column
	// Parts are the fields of an object, and the one element of a list or map.
	Parts []*JSON
}

// JSONKind is a kind of JSON.
type JSONKind uint8

// The kinds of JSON.
const (
	JSONAny    JSONKind = iota // anything
	JSONValue                  // a SQL value
	JSONObject                 // an object of known keys
	JSONList
	JSONMap // an object of any keys
)
