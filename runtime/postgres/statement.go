package postgres

import (
	"container/list"
	"context"
	"reflect"
	"strconv"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/covetsql/covetsql/runtime/plan"
)

// kind is a type whose wire format is encoded and decoded here; all others are pgtype's.
type kind uint8

const (
	other kind = iota
	kindBool
	kindInt2
	kindInt4
	kindInt8
	kindFloat4
	kindFloat8
	kindText
	kindBytea
	kindTimestamptz
	kindTimestamp
	kindDate
	kindUUID
)

// kindOf is the kind of a type as a connection has it registered: an application may have put a codec of its own in its place.
func kindOf(m *pgtype.Map, oid uint32) kind {
	t, ok := m.TypeForOID(oid)
	if !ok {
		return other
	}
	switch c := t.Codec.(type) {
	case pgtype.BoolCodec:
		return only(oid, pgtype.BoolOID, kindBool)
	case pgtype.Int2Codec:
		return only(oid, pgtype.Int2OID, kindInt2)
	case pgtype.Int4Codec:
		return only(oid, pgtype.Int4OID, kindInt4)
	case pgtype.Int8Codec:
		return only(oid, pgtype.Int8OID, kindInt8)
	case pgtype.Float4Codec:
		return only(oid, pgtype.Float4OID, kindFloat4)
	case pgtype.Float8Codec:
		return only(oid, pgtype.Float8OID, kindFloat8)
	case pgtype.TextCodec:
		switch oid {
		case pgtype.TextOID, pgtype.VarcharOID, pgtype.BPCharOID, pgtype.NameOID:
			return kindText
		}
	case pgtype.ByteaCodec:
		return only(oid, pgtype.ByteaOID, kindBytea)
	case *pgtype.TimestamptzCodec:
		if c.ScanLocation == nil {
			return only(oid, pgtype.TimestamptzOID, kindTimestamptz)
		}
	case *pgtype.TimestampCodec:
		if c.ScanLocation == nil {
			return only(oid, pgtype.TimestampOID, kindTimestamp)
		}
	case pgtype.DateCodec:
		return only(oid, pgtype.DateOID, kindDate)
	case pgtype.UUIDCodec:
		return only(oid, pgtype.UUIDOID, kindUUID)
	}
	return other
}

func only(oid, want uint32, k kind) kind {
	if oid == want {
		return k
	}
	return other
}

// columns is how the columns of rows are read.
type columns struct {
	fields  []pgconn.FieldDescription
	kinds   []kind
	formats []int16
	plans   []scan
}

// scan is how a column was read into a type that only pgtype knows.
type scan struct {
	into reflect.Type
	plan pgtype.ScanPlan
}

// columnsOf describes columns. Kinds but text's are those of values in binary.
func columnsOf(m *pgtype.Map, fields []pgconn.FieldDescription) columns {
	c := columns{fields: fields, kinds: make([]kind, len(fields)), formats: make([]int16, len(fields)), plans: make([]scan, len(fields))}
	for i := range fields {
		c.formats[i] = m.FormatCodeForOID(fields[i].DataTypeOID)
		if k := kindOf(m, fields[i].DataTypeOID); k == kindText || c.formats[i] == pgtype.BinaryFormatCode {
			c.kinds[i] = k
		}
	}
	return c
}

// statement is a statement that the server described, and keeps by its name where it has one.
type statement struct {
	description *pgconn.StatementDescription
	params      []kind
	columns
	at *list.Element // in the list of those whose text was put together at run time
}

// nothing is the statement of a call that has failed already.
var nothing = &statement{description: &pgconn.StatementDescription{}}

// statements are those of a connection.
type statements struct {
	static []*statement // by the query's number
	texts  map[string]*statement
	recent list.List // of *statement, the one used last first
	limit  int
	serial int
}

func (s *statements) forget() {
	clear(s.static)
	s.texts = nil
	s.recent.Init()
}

// static tells whether a text is the one that its query always has.
func static(q *plan.Query, sql string) bool { return q != nil && sql != "" && q.SQL == sql }

// find gives a statement that the connection has; nil is none.
func (s *statements) find(q *plan.Query, sql string) *statement {
	if static(q, sql) {
		if n := q.Number(); n < len(s.static) {
			return s.static[n]
		}
		return nil
	}
	st := s.texts[sql]
	if st != nil {
		s.recent.MoveToFront(st.at)
	}
	return st
}

// statement gives a statement, which the server is asked to prepare where it has not been.
func (cn *conn) statement(ctx context.Context, q *plan.Query, sql string) (*statement, error) {
	s := &cn.statements
	if st := s.find(q, sql); st != nil {
		return st, nil
	}
	st, err := cn.prepare(ctx, sql)
	if err != nil {
		return nil, err
	}
	if static(q, sql) {
		if n := q.Number(); n >= len(s.static) {
			s.static = append(s.static, make([]*statement, max(plan.Count(), n+1)-len(s.static))...)
		}
		s.static[q.Number()] = st
		return st, nil
	}
	if s.texts == nil {
		s.texts = map[string]*statement{}
	}
	s.texts[sql] = st
	st.at = s.recent.PushFront(st)
	if s.recent.Len() > s.limit {
		cn.discard(ctx, nil, s.recent.Back().Value.(*statement))
	}
	return st, nil
}

// prepare has the server describe a statement, and keep it.
func (cn *conn) prepare(ctx context.Context, sql string) (*statement, error) {
	name := ""
	if !cn.pooled {
		cn.statements.serial++
		name = "covetsql_" + strconv.Itoa(cn.statements.serial)
	}
	d, err := cn.pc.Prepare(ctx, name, sql, nil)
	if err != nil {
		return nil, err
	}
	st := &statement{description: d, params: make([]kind, len(d.ParamOIDs)), columns: columnsOf(cn.types, d.Fields)}
	for i, oid := range d.ParamOIDs {
		if k := kindOf(cn.types, oid); k == kindText || cn.types.FormatCodeForOID(oid) == pgtype.BinaryFormatCode {
			st.params[i] = k
		}
	}
	return st, nil
}

// discard forgets a statement, and has the server do so.
func (cn *conn) discard(ctx context.Context, q *plan.Query, st *statement) {
	s := &cn.statements
	if st.at != nil {
		s.recent.Remove(st.at)
		delete(s.texts, st.description.SQL)
		st.at = nil
	} else if q != nil && q.Number() < len(s.static) && s.static[q.Number()] == st {
		s.static[q.Number()] = nil
	}
	if st.description.Name != "" && !cn.pc.IsClosed() && !cn.pc.IsBusy() {
		// Where this fails the connection is broken, which the next statement tells; the name is never used again.
		_ = cn.pc.Deallocate(ctx, st.description.Name)
	}
}
