// Package mysql is the dialect of MySQL 8 and 9 and MariaDB: TiDB's parser and the lowering
// of its tree, the reader of DDL, and the types, functions and operators as data. It is the
// only importer of TiDB's parser, and no tree of TiDB's leaves it. It binds no names.
package mysql

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/token"
)

// Dialect is MySQL and MariaDB. It has no state.
type Dialect struct{}

// New gives the dialect.
func New() dialect.Dialect { return &Dialect{} }

// Engine is catalog.MySQL; MariaDB is a flavour of it.
func (*Dialect) Engine() catalog.Engine { return catalog.MySQL }

// Lex is MySQL's lexical dialect.
func (*Dialect) Lex() token.Dialect { return token.MySQL }

// Quote writes name in backticks where it is not a plain, unreserved word.
func (*Dialect) Quote(name string) string {
	if plain(name) && !reserved[strings.ToUpper(name)] {
		return name
	}
	return "`" + strings.ReplaceAll(name, "`", "``") + "`"
}

func plain(name string) bool {
	digits := true
	for i := 0; i < len(name); i++ {
		c := name[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_', c == '$', c >= 0x80:
			digits = false
		case c >= '0' && c <= '9':
			if i == 0 {
				return false // 1e5 would be a number
			}
		default:
			return false
		}
	}
	return name != "" && !digits
}

// Extension knows none: MySQL has no CREATE EXTENSION.
func (*Dialect) Extension(string) ([]*catalog.TypeDef, []*catalog.Function, bool) {
	return nil, nil, false
}

// Traits are MySQL's differences as binding needs them.
func (*Dialect) Traits() dialect.Traits {
	return dialect.Traits{
		PageKeys:              pageKeys,
		PageLength:            pageLength,
		CaselessNames:         true,
		DistinctOrders:        true,
		SetsTwice:             true,
		StarFirst:             true,
		Spaceship:             true,
		AllColumnsNamed:       true,
		AliasInGroupBy:        true,
		AliasInHaving:         true,
		LimitType:             bigint,
		BoolType:              boolean,
		DivisionByZeroIsNull:  true,
		SubqueriesRunAgain:    true,
		ForeignKeysHold:       true,
		StatedDependence:      true,
		ColumnsNamedOnce:      true,
		QueriesBehindInUncut:  true,
		FromToParams:          true,
		UpperFuncParams:       true,
		TextColumnNames:       true,
		ValuesColumn:          "column_",
		ValuesSeeTarget:       true,
		ReturningTargetOnly:   true,
		OrdersOneRow:          true,
		AggregatesStayInside:  true,
		RollupNullsSubqueries: true,
		StringsNameItems:      true,
		HavingSeesSelected:    true,
		ConstantsPassPadding:  true,
		HavingFilters:         true,
		GroupsLoseRows:        true,
		GroupsLoseWindows:     map[string]bool{"group_concat": true, "json_arrayagg": true, "json_objectagg": true},
		RollupPassesHaving:    true,
		ZeroDateIsNull:        true,
		AggregatePositions:    true,
		SeveralRecursiveTerms: true,
		StoredFunctions:       true,
		Families:              families,
		JSON: dialect.MakeJSON(`
			object: json_object
			list: json_arrayagg
			map: json_objectagg
			empty: json_array`),
		SortedByPrefix: sortedByPrefix,
	}
}

// sortedByPrefix are the types of which max_sort_length bytes count in ORDER BY.
var sortedByPrefix = wordsOf("char varchar tinytext text mediumtext longtext binary varbinary tinyblob blob mediumblob longblob json geometry vector")

func wordsOf(s string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		out[w] = true
	}
	return out
}

var families = dialect.MakeFamilies(`
	integer: bool tinyint smallint mediumint int bigint year > number
	number: decimal float double > integer
	text: char varchar tinytext text mediumtext longtext enum set > json bytes time
	json: json > text integer number
	bytes: binary varbinary tinyblob blob mediumblob longblob > text json
	bits: bit > bytes
	moment: date datetime timestamp
	time: time > text
`)

// reserved are the words that MySQL 8 and 9 or MariaDB reserve.
var reserved = wordSet(`
ACCESSIBLE ADD ALL ALTER ANALYZE AND AS ASC ASENSITIVE BEFORE BETWEEN BIGINT BINARY BLOB BOTH BY CALL CASCADE CASE
CHANGE CHAR CHARACTER CHECK COLLATE COLUMN CONDITION CONSTRAINT CONTINUE CONVERT CREATE CROSS CUBE CUME_DIST
CURRENT_DATE CURRENT_ROLE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER CURSOR DATABASE DATABASES DAY_HOUR DAY_MICROSECOND
DAY_MINUTE DAY_SECOND DEC DECIMAL DECLARE DEFAULT DELAYED DELETE DENSE_RANK DESC DESCRIBE DETERMINISTIC DISTINCT
DELETE_DOMAIN_ID DISTINCTROW DIV DOUBLE DO_DOMAIN_IDS DROP DUAL EACH ELSE ELSEIF EMPTY ENCLOSED ESCAPED EXCEPT EXISTS EXIT EXPLAIN EXTERNAL FALSE FETCH
FIRST_VALUE FLOAT FLOAT4 FLOAT8 FOR FORCE FOREIGN FROM FULLTEXT FUNCTION GENERATED GET GRANT GROUP GROUPING GROUPS
HAVING HIGH_PRIORITY HOUR_MICROSECOND HOUR_MINUTE HOUR_SECOND IF IGNORE IGNORE_DOMAIN_IDS IN INDEX INFILE INNER INOUT INSENSITIVE INSERT
INT INT1 INT2 INT3 INT4 INT8 INTEGER INTERSECT INTERVAL INTO IO_AFTER_GTIDS IO_BEFORE_GTIDS IS ITERATE JOIN JSON_TABLE
KEY KEYS KILL LAG LAST_VALUE LATERAL LEAD LEADING LEAVE LEFT LIKE LIMIT LINEAR LINES LIBRARY LOAD LOCALTIME LOCALTIMESTAMP LOCK
LONG LONGBLOB LONGTEXT LOOP LOW_PRIORITY MANUAL MASTER_BIND MASTER_DEMOTE_TO_REPLICA MASTER_DEMOTE_TO_SLAVE MASTER_SSL_VERIFY_SERVER_CERT MATCH MAXVALUE MEDIUMBLOB
MEDIUMINT MEDIUMTEXT MIDDLEINT MINUTE_MICROSECOND MINUTE_SECOND MOD MODIFIES NATURAL NOT NO_WRITE_TO_BINLOG NTH_VALUE
NTILE NULL NUMERIC OF OFFSET ON OPTIMIZE OPTIMIZER_COSTS OPTION OPTIONALLY OR ORDER OUT OUTER OUTFILE OVER PAGE_CHECKSUM
PARALLEL PARSE_VCOL_EXPR PARTITION PORTION PERCENT_RANK PRECISION PRIMARY PROCEDURE PURGE QUALIFY RANGE RANK READ READS READ_WRITE REAL RECURSIVE REF_SYSTEM_ID
REFERENCES REGEXP RELEASE RENAME REPEAT REPLACE REQUIRE RESIGNAL RESTRICT RETURN RETURNING REVOKE RIGHT RLIKE ROW ROWS
ROW_NUMBER SCHEMA SCHEMAS SECOND_MICROSECOND SELECT SENSITIVE SEPARATOR SET SHOW SIGNAL SMALLINT SPATIAL SPECIFIC SQL
SQLEXCEPTION SQLSTATE SQLWARNING SQL_BIG_RESULT SQL_CALC_FOUND_ROWS SQL_SMALL_RESULT SSL STARTING STATS_AUTO_RECALC
STATS_PERSISTENT STATS_SAMPLE_PAGES STORED STRAIGHT_JOIN SYSTEM TABLE TABLESAMPLE TERMINATED THEN TINYBLOB TINYINT TINYTEXT
TO TRAILING TRIGGER TRUE UNDO UNION UNIQUE UNLOCK UNSIGNED UPDATE USAGE USE USING UTC_DATE UTC_TIME UTC_TIMESTAMP
VALUES VARBINARY VARCHAR VARCHARACTER VARYING VECTOR VIRTUAL WHEN WHERE WHILE WINDOW WITH WRITE XOR YEAR_MONTH ZEROFILL`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}
