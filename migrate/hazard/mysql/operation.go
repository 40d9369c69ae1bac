package mysql

import "github.com/covetsql/covetsql/migrate/hazard/effect"

// operation is a row of the manual's tables of "Online DDL Operations" (MySQL 8.0, 8.4 and 9; MariaDB's "InnoDB Online DDL Operations"), and
// what the servers tell apart beside it.
type operation uint8

// The operations.
const (
	addColumn operation = iota
	addColumnAmong
	addColumnAmongVirtual
	addColumnCompressed
	addColumnFulltext
	addCounter
	addExpression
	addStored
	addVirtual
	addVirtualPartitioned
	addUnique
	addChecked
	addReferring
	dropColumn
	dropIndexed
	dropFulltexted
	dropColumnCompressed
	dropColumnFulltext
	dropStored
	dropVirtual
	renameColumn
	renameReferred
	moveColumn
	moveStored
	moveVirtual
	changeType
	widenVarchar
	widenVarcharOver
	appendValues
	changeValues
	moreValueBytes
	allowNull
	allowNullRedundant
	forbidNull
	forbidNullComputed
	becomeCounter
	ceaseCounter
	becomeGenerated
	changeStored
	changeVirtual
	changeColumn
	setDefault
	addIndex
	addFunctional
	addFulltext
	addFirstFulltext
	addSpatial
	dropIndex
	remakeIndex
	renameIndex
	hideIndex
	addPrimary
	dropPrimary
	replacePrimary
	addForeign
	addForeignUnchecked
	dropForeign
	addCheck
	addCheckNotEnforced
	dropCheck
	enforceCheck
	convertCharset
	defaultCharset
	sameEngine
	otherEngine
	rowFormat
	encryption
	tableOption
	force
	orderBy
	renameTable
	versioning
	partitionBy
	removePartitioning
	addPartition
	addPartitionHash
	dropPartition
	truncatePartition
	reorganizePartition
	coalescePartition
	rebuildPartition
	exchangePartition
	exchangeUnchecked
	optimizePartition
	lookAtPartition
	movePartition
	operations
)

// row is what is known of an operation.
type row struct {
	// name is the manual's, reason why it is not done better than it is.
	name, reason string
	mysql, maria []way
	// deaf are the servers that take any ALGORITHM and LOCK for the operation, or take none, and go their own way: they can't be asked.
	deaf string
}

// way is how an operation is done from a version on; of several the last that the server has reached counts.
type way struct {
	since int
	how
}

// how is a class; rebuild tells whether the rows are written anew.
type how struct {
	class   effect.Class
	rebuild bool
}

var (
	instantly      = how{effect.Instant, false}
	metadata       = how{effect.Inplace, false}
	rebuilding     = how{effect.Inplace, true}
	sharing        = how{effect.InplaceShared, false}
	sharingRebuild = how{effect.InplaceShared, true}
	copying        = how{effect.CopyShared, true}
	always         = func(h how) []way { return []way{{0, h}} }
	fromVersion    = func(old how, version int, h how) []way { return []way{{0, old}, {version, h}} }
)

// table is the operations. Versions are those of the manuals' footnotes.
var table = [operations]row{
	addColumn:             {"adding a column as the last", "the rows are written with it", fromVersion(rebuilding, 80012, instantly), fromVersion(rebuilding, 100302, instantly), ""},
	addColumnAmong:        {"adding a column between others", "the rows are written with it", fromVersion(rebuilding, 80029, instantly), fromVersion(rebuilding, 100400, instantly), ""},
	addColumnAmongVirtual: {"adding a column between others of a table with virtual ones", "a column goes between others of a table that has virtual ones", fromVersion(rebuilding, 80029, instantly), always(copying), ""},
	addColumnCompressed:   {"adding a column to a table of compressed rows", "tables of compressed rows take no column instantly", always(rebuilding), always(rebuilding), ""},
	addColumnFulltext:     {"adding a column to a table with a FULLTEXT index", "a table with a FULLTEXT index takes no column instantly", always(copying), always(sharingRebuild), ""},
	addCounter:            {"adding an AUTO_INCREMENT column", "each row gets a number", always(sharingRebuild), always(sharingRebuild), ""},
	addExpression:         {"adding a column whose default is an expression", "the default is computed for each row", always(copying), always(copying), ""},
	addStored:             {"adding a STORED column", "the value of each row is computed", always(copying), always(copying), ""},
	addVirtual:            {"adding a VIRTUAL column", "", fromVersion(metadata, 80012, instantly), fromVersion(metadata, 100302, instantly), ""},
	addVirtualPartitioned: {"adding a VIRTUAL column to a partitioned table", "a partitioned table is copied for a computed column", fromVersion(metadata, 80012, instantly), always(copying), ""},
	addUnique:             {"adding a column with a unique index", "the index is built", always(metadata), always(metadata), ""},
	addChecked:            {"adding a column with a CHECK", "a CHECK is looked at for each row", always(copying), fromVersion(rebuilding, 100302, instantly), ""}, // MariaDB looks at new rows only
	addReferring:          {"adding a column that refers to another table", "each row of a foreign key is looked up", fromVersion(instantly, 90000, copying), always(copying), ""},
	dropColumn:            {"dropping a column", "the rows are written without it", fromVersion(rebuilding, 80029, instantly), fromVersion(rebuilding, 100400, instantly), ""},
	dropIndexed:           {"dropping a column of an index", "indexes go with the column", always(rebuilding), fromVersion(rebuilding, 100400, metadata), ""},
	dropFulltexted:        {"dropping the column of the one FULLTEXT index", "the index goes with the column, and the rows are written without it", always(rebuilding), always(rebuilding), ""},
	dropColumnCompressed:  {"dropping a column of a table of compressed rows", "the rows are written without it", always(rebuilding), always(rebuilding), ""},
	dropColumnFulltext:    {"dropping a column of a table with a FULLTEXT index", "a table with a FULLTEXT index loses no column instantly", always(copying), always(sharingRebuild), ""},
	dropStored:            {"dropping a STORED column", "the rows are written without it", fromVersion(rebuilding, 80029, instantly), fromVersion(rebuilding, 100400, instantly), ""},
	dropVirtual:           {"dropping a VIRTUAL column", "", fromVersion(metadata, 80012, instantly), fromVersion(metadata, 100302, instantly), ""},
	renameColumn:          {"renaming a column", "", fromVersion(metadata, 80028, instantly), fromVersion(metadata, 100300, instantly), ""},
	renameReferred:        {"renaming a column that a foreign key of another table refers to", "a foreign key of another table refers to it", always(metadata), fromVersion(metadata, 100300, instantly), ""},
	moveColumn:            {"reordering columns", "the column moves to another place", always(rebuilding), fromVersion(rebuilding, 100400, instantly), ""},
	moveStored:            {"reordering STORED columns", "the column moves to another place", always(rebuilding), always(copying), ""},
	moveVirtual:           {"reordering VIRTUAL columns", "the column moves to another place", fromVersion(copying, 80029, instantly), always(copying), ""},
	changeType:            {"changing the column data type", "the values are stored otherwise", always(copying), always(copying), ""},
	widenVarchar:          {"extending VARCHAR", "", always(metadata), fromVersion(metadata, 100400, instantly), ""},
	widenVarcharOver:      {"extending VARCHAR over 255 bytes", "a varchar of more than 255 bytes has a longer length before its text", always(copying), fromVersion(copying, 100403, instantly), ""},
	appendValues:          {"adding values at the end of an ENUM or SET", "", fromVersion(metadata, 80012, instantly), fromVersion(metadata, 100307, instantly), ""},
	changeValues:          {"changing values of an ENUM or SET", "values of an ENUM or SET are stored as numbers, which change", always(copying), always(copying), ""},
	moreValueBytes:        {"adding values that need more bytes", "the numbers of the values need more bytes", always(copying), always(copying), ""},
	allowNull:             {"making a column NULL", "whether a column may be NULL is stored with each row", always(rebuilding), always(rebuilding), ""},
	allowNullRedundant:    {"making a column NULL in a table of redundant rows", "whether a column may be NULL is stored with each row", always(rebuilding), fromVersion(rebuilding, 100400, instantly), ""},
	forbidNull:            {"making a column NOT NULL", "whether a column may be NULL is stored with each row", always(rebuilding), always(rebuilding), ""},
	forbidNullComputed:    {"making a TIMESTAMP, or a column of a table with computed ones, NOT NULL", "each row is looked at for NULL", always(rebuilding), always(copying), ""},
	becomeCounter:         {"making a column AUTO_INCREMENT", "a column becomes AUTO_INCREMENT", always(copying), always(copying), ""},
	ceaseCounter:          {"taking AUTO_INCREMENT off a column", "a column ceases to be AUTO_INCREMENT", always(copying), always(instantly), ""},
	becomeGenerated:       {"making a column generated, or a plain one", "a column becomes generated, or ceases to be", always(copying), always(copying), ""},
	changeStored:          {"changing the expression of a STORED column", "the value of each row is computed anew", always(copying), always(copying), ""},
	changeVirtual:         {"changing the expression of a VIRTUAL column", "the server copies the table for another expression", always(copying), always(instantly), ""},
	changeColumn:          {"changing a column's comment, default or visibility", "", fromVersion(metadata, 80012, instantly), fromVersion(metadata, 100300, instantly), ""},
	setDefault:            {"setting or dropping a column's default", "", fromVersion(metadata, 80012, instantly), fromVersion(metadata, 100300, instantly), ""},
	addIndex:              {"creating or adding a secondary index", "", always(metadata), always(metadata), ""},
	addFunctional:         {"adding an index over an expression", "the values of the expression are computed without writers", always(sharing), always(sharing), ""},
	addFulltext:           {"adding a FULLTEXT index", "a FULLTEXT index is built without writers", always(sharing), always(sharing), ""},
	addFirstFulltext:      {"adding the first FULLTEXT index", "the first FULLTEXT index of a table gives each row a number, without writers", always(sharingRebuild), always(sharingRebuild), ""},
	addSpatial:            {"adding a SPATIAL index", "a SPATIAL index is built without writers", always(sharing), always(sharing), ""},
	dropIndex:             {"dropping an index", "", always(metadata), always(metadata), ""},
	remakeIndex:           {"changing the index type", "", fromVersion(metadata, 80012, instantly), always(metadata), ""},
	renameIndex:           {"renaming an index", "", always(metadata), fromVersion(metadata, 100502, instantly), ""},
	hideIndex:             {"hiding an index from the optimizer", "", always(metadata), always(instantly), ""},
	addPrimary:            {"adding a primary key", "another primary key orders the rows anew", always(rebuilding), always(rebuilding), ""},
	dropPrimary:           {"dropping a primary key", "a table that loses its primary key is copied", always(copying), always(copying), ""},
	replacePrimary:        {"dropping a primary key and adding another", "another primary key orders the rows anew", always(rebuilding), always(rebuilding), ""},
	addForeign: {"adding a foreign key", "each row of a foreign key is looked up; with foreign_key_checks=0 it is not, and nobody knows whether they hold",
		always(copying), always(copying), ""},
	addForeignUnchecked: {"adding a foreign key with foreign_key_checks=0", "", always(metadata), fromVersion(metadata, 100300, instantly), ""},
	dropForeign:         {"dropping a foreign key", "", always(metadata), fromVersion(metadata, 100300, instantly), ""},
	addCheck:            {"adding a CHECK", "a CHECK is looked at for each row", always(copying), always(copying), ""},
	addCheckNotEnforced: {"adding a CHECK that is not enforced", "", always(instantly), always(instantly), ""},
	dropCheck:           {"dropping a CHECK, or no more enforcing it", "", always(instantly), fromVersion(metadata, 100300, instantly), ""},
	enforceCheck:        {"enforcing a CHECK", "a CHECK is looked at for each row", always(copying), always(copying), ""},
	convertCharset:      {"converting the character set", "texts are stored in another character set", always(copying), always(copying), ""},
	defaultCharset:      {"specifying a character set", "", always(metadata), fromVersion(metadata, 100403, instantly), ""},
	sameEngine:          {"rebuilding with the null ALTER TABLE", "ENGINE writes the table anew, even where it is the engine that it has", always(rebuilding), always(rebuilding), ""},
	otherEngine:         {"changing the storage engine", "another engine keeps its rows elsewhere", always(copying), always(copying), "mariadb"},
	rowFormat:           {"changing ROW_FORMAT or KEY_BLOCK_SIZE", "the rows are stored in another form", always(rebuilding), always(rebuilding), ""},
	encryption:          {"encrypting a table", "the rows are stored in another form", always(copying), always(rebuilding), ""},
	tableOption:         {"setting statistics, a comment, the counter or compression of pages", "", always(metadata), fromVersion(metadata, 100300, instantly), ""},
	force:               {"rebuilding with FORCE", "FORCE writes the table anew", always(rebuilding), always(rebuilding), ""},
	orderBy:             {"ordering the rows", "the rows are written in another order", always(copying), always(copying), "mariadb"},
	renameTable:         {"renaming a table", "", fromVersion(metadata, 80012, instantly), fromVersion(metadata, 100300, instantly), ""},
	versioning:          {"adding or dropping system versioning", "the rows get the times from which and to which they hold", always(copying), always(copying), ""},
	partitionBy:         {"PARTITION BY", "the rows are moved to partitions", always(copying), always(copying), "mariadb"},
	removePartitioning:  {"REMOVE PARTITIONING", "the rows are moved out of the partitions", always(copying), always(copying), "mariadb"},
	addPartition:        {"ADD PARTITION of RANGE or LIST", "", always(metadata), always(metadata), "mariadb"},
	addPartitionHash:    {"ADD PARTITION of HASH or KEY", "the rows are moved between partitions", always(sharingRebuild), always(copying), "mariadb"},
	dropPartition:       {"DROP PARTITION", "", always(metadata), always(metadata), "mariadb"},
	truncatePartition:   {"TRUNCATE PARTITION", "", always(metadata), always(metadata), "mysql mariadb"},
	reorganizePartition: {"REORGANIZE PARTITION", "the rows of the partitions are moved", always(sharingRebuild), always(copying), "mariadb"},
	coalescePartition:   {"COALESCE PARTITION", "the rows are moved between partitions", always(sharingRebuild), always(copying), "mariadb"},
	rebuildPartition:    {"REBUILD PARTITION", "the rows of the partition are written anew", always(sharingRebuild), always(copying), "mariadb"},
	exchangePartition:   {"EXCHANGE PARTITION", "each row of the other table is looked at, and nobody uses the two tables meanwhile", always(sharing), always(sharing), "mysql mariadb"},
	exchangeUnchecked:   {"EXCHANGE PARTITION WITHOUT VALIDATION", "", always(metadata), always(metadata), "mysql mariadb"},
	optimizePartition:   {"OPTIMIZE PARTITION", "InnoDB writes the whole table anew for it", always(sharingRebuild), always(sharingRebuild), "mysql mariadb"},
	lookAtPartition:     {"ANALYZE, CHECK or REPAIR PARTITION", "", always(metadata), always(metadata), "mysql mariadb"},
	movePartition:       {"DISCARD or IMPORT PARTITION TABLESPACE", "", always(metadata), always(metadata), "mysql mariadb"},
}

// of is how a server does an operation; of a server whose version nobody knows it is taken that it knows all of the table.
func (s *statement) of(o operation) verdict {
	r := &table[o]
	ways := r.mysql
	if s.maria {
		ways = r.maria
	}
	v := verdict{how: ways[0].how, reason: r.reason}
	for _, w := range ways {
		if s.Version == 0 || s.Version >= w.since {
			v.how = w.how
		}
	}
	s.fallsBack = s.fallsBack || v.how == instantly && ways[0].how == rebuilding
	if s.done != nil {
		s.done(o)
	}
	return v
}
