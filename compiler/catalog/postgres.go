package catalog

// What a server of PostgreSQL keeps of objects beyond what the compiler needs. Introspection fills it, files do not, and Equal
// leaves it out; the plan of a migration is made of it.

// PostgresTable is of a table or a materialized view.
type PostgresTable struct {
	Unlogged, ForceRowSecurity bool
	// ReplicaIdentity is "nothing", "full" or "index", with the index's name in ReplicaIndex; "" for the default, the primary key.
	ReplicaIdentity, ReplicaIndex string
	// ClusterOn is the index that CLUSTER goes by.
	ClusterOn string
	// AccessMethod and Tablespace are "" for the defaults. OfType is the composite type of CREATE TABLE OF, quoted.
	AccessMethod, Tablespace, OfType string
	// Server is a foreign table's, with its options as they are written: "a 'b'".
	Server  string
	Options []string
	// Parents are the tables that it inherits from or is a partition of, in order.
	Parents []ObjectID
	Indexes []*PostgresIndex
}

// PostgresColumn is of a table's column.
type PostgresColumn struct {
	// Type is its type with modifiers as the server writes it, Collation its own one, quoted and with its schema, "" for the type's.
	Type, Collation string
	// Storage and Compression are "" where they are the type's and the server's.
	Storage, Compression string
	// Statistics is the target, -1 for the server's.
	Statistics int32
	// Options are n_distinct and the like, ForeignOptions those of a foreign table's column, as they are written.
	Options, ForeignOptions []string
	// Inherited: a parent has it. Local: its table has it by itself. It may be both.
	Inherited, Local bool
	// NotNull is that of the column alone, not that of its domain.
	NotNull bool
	// NotNullName is the name of the constraint, where servers have one (18 and later).
	NotNullName string
}

// PostgresConstraint is of a table's constraint.
type PostgresConstraint struct {
	// Definition is the server's own text, behind the name.
	Definition, Comment string
	// Inherited and Local as PostgresColumn; the constraint of a partition that its whole made is inherited alone.
	Inherited, Local bool
	// Parent is the constraint of the partitioned table of which this one is a part.
	Parent ObjectID
	// Options are the WITH options of a key's index, Tablespace where it is.
	Options    []string
	Tablespace string
}

// PostgresIndex is any index: of a constraint, of a partition, invalid ones.
type PostgresIndex struct {
	Name   string
	Unique bool
	// Definition is the server's own text from the word USING on.
	Definition string
	// Constraint is that which it serves, "" where it is an index alone.
	Constraint string
	// Valid is false for what a failed CREATE INDEX CONCURRENTLY left, and for an index ON ONLY a partitioned table of which a partition has none.
	Valid bool
	// Parent is the index of the partitioned table that this one is a part of; its Table is that table.
	Parent  ObjectID
	Comment string
	// Statistics are targets of its expressions: "2 500" is that of the second key.
	Statistics []string
}
