package postgres

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/jackc/pgx/v5/pgtype"
)

// args are the arguments of a call or of a copied row, in order. Each is encoded as it comes, behind its length, as it stands in a message
// Bind and in a row of COPY alike. A method for a type encodes by itself where the parameter has just that type on the server; everything
// else goes pgtype's way, so that the same values and errors come out as from pgx.
type args struct {
	call    *Call // whose statement may not be prepared yet; nil in a row
	types   *pgtype.Map
	oids    []uint32
	kinds   []kind
	buffer  []byte
	formats []int16
	count   int
	copying bool // everything is binary
	wrong   error
}

func (a *args) reset(types *pgtype.Map, oids []uint32, kinds []kind, buffer []byte) {
	a.types, a.oids, a.kinds, a.buffer, a.formats, a.count, a.wrong = types, oids, kinds, buffer[:0], a.formats[:0], 0, nil
}

// is tells whether the next argument's parameter is of a kind.
func (a *args) is(k kind) bool { return a.count < len(a.kinds) && a.kinds[a.count] == k }

// put notes that an argument was encoded.
func (a *args) put(format int16) {
	a.count++
	if !a.copying {
		a.formats = append(a.formats, format)
	}
}

func (a *args) put1(v byte) {
	a.buffer = append(a.buffer, 0, 0, 0, 1, v)
	a.put(pgtype.BinaryFormatCode)
}

func (a *args) put2(v uint16) {
	a.buffer = binary.BigEndian.AppendUint16(append(a.buffer, 0, 0, 0, 2), v)
	a.put(pgtype.BinaryFormatCode)
}

func (a *args) put4(v uint32) {
	a.buffer = binary.BigEndian.AppendUint32(append(a.buffer, 0, 0, 0, 4), v)
	a.put(pgtype.BinaryFormatCode)
}

func (a *args) put8(v uint64) {
	a.buffer = binary.BigEndian.AppendUint64(append(a.buffer, 0, 0, 0, 8), v)
	a.put(pgtype.BinaryFormatCode)
}

func (a *args) null() {
	a.buffer = append(a.buffer, 0xff, 0xff, 0xff, 0xff)
	a.put(pgtype.BinaryFormatCode)
}

func (a *args) text(v string) {
	a.buffer = append(binary.BigEndian.AppendUint32(a.buffer, uint32(len(v))), v...)
	a.put(pgtype.TextFormatCode)
}

// ArgBool gives the next argument; so do the methods below.
func (a *args) ArgBool(v bool) {
	if !a.is(kindBool) {
		a.Arg(v)
		return
	}
	a.put1(bit(v))
}

func bit(v bool) byte {
	if v {
		return 1
	}
	return 0
}

func (a *args) ArgInt16(v int16) {
	if !a.is(kindInt2) {
		a.Arg(v)
		return
	}
	a.put2(uint16(v))
}

func (a *args) ArgInt32(v int32) {
	if !a.is(kindInt4) {
		a.Arg(v)
		return
	}
	a.put4(uint32(v))
}

func (a *args) ArgInt64(v int64) {
	if !a.is(kindInt8) {
		a.Arg(v)
		return
	}
	a.put8(uint64(v))
}

func (a *args) ArgFloat32(v float32) {
	if !a.is(kindFloat4) {
		a.Arg(v)
		return
	}
	a.put4(math.Float32bits(v))
}

func (a *args) ArgFloat64(v float64) {
	if !a.is(kindFloat8) {
		a.Arg(v)
		return
	}
	a.put8(math.Float64bits(v))
}

// ArgString gives a string, which pgx sends as text to a parameter of any type. Rows of COPY are binary.
func (a *args) ArgString(v string) {
	if a.copying && !a.is(kindText) || a.count >= len(a.kinds) {
		a.Arg(v)
		return
	}
	a.text(v)
}

// ArgBytes gives bytes; nil is NULL.
func (a *args) ArgBytes(v []byte) {
	switch {
	case !a.is(kindBytea):
		a.Arg(v)
	case v == nil:
		a.null()
	default:
		a.buffer = append(binary.BigEndian.AppendUint32(a.buffer, uint32(len(v))), v...)
		a.put(pgtype.BinaryFormatCode)
	}
}

// toY2K is how many microseconds lie between the epochs of Unix and of PostgreSQL.
const toY2K = 946684800 * 1000000

func micros(t time.Time) uint64 {
	return uint64(t.Unix()*1000000 + int64(t.Nanosecond())/1000 - toY2K)
}

func (a *args) ArgTime(v time.Time) {
	switch {
	case a.is(kindTimestamptz):
		a.put8(micros(v))
	case a.is(kindTimestamp):
		a.put8(micros(asUTC(v)))
	default:
		a.Arg(v)
	}
}

// asUTC is the same reading of the clock in UTC: a timestamp has no zone.
func asUTC(t time.Time) time.Time {
	if t.Location() == time.UTC {
		return t
	}
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// ArgPgText and its like give pgtype's values.
func (a *args) ArgPgText(v pgtype.Text) {
	switch {
	case !a.is(kindText):
		a.Arg(v)
	case !v.Valid:
		a.null()
	default:
		a.text(v.String)
	}
}

func (a *args) ArgPgBool(v pgtype.Bool) {
	switch {
	case !a.is(kindBool):
		a.Arg(v)
	case !v.Valid:
		a.null()
	default:
		a.put1(bit(v.Bool))
	}
}

func (a *args) ArgPgInt2(v pgtype.Int2) {
	switch {
	case !a.is(kindInt2):
		a.Arg(v)
	case !v.Valid:
		a.null()
	default:
		a.put2(uint16(v.Int16))
	}
}

func (a *args) ArgPgInt4(v pgtype.Int4) {
	switch {
	case !a.is(kindInt4):
		a.Arg(v)
	case !v.Valid:
		a.null()
	default:
		a.put4(uint32(v.Int32))
	}
}

func (a *args) ArgPgInt8(v pgtype.Int8) {
	switch {
	case !a.is(kindInt8):
		a.Arg(v)
	case !v.Valid:
		a.null()
	default:
		a.put8(uint64(v.Int64))
	}
}

func (a *args) ArgPgFloat4(v pgtype.Float4) {
	switch {
	case !a.is(kindFloat4):
		a.Arg(v)
	case !v.Valid:
		a.null()
	default:
		a.put4(math.Float32bits(v.Float32))
	}
}

func (a *args) ArgPgFloat8(v pgtype.Float8) {
	switch {
	case !a.is(kindFloat8):
		a.Arg(v)
	case !v.Valid:
		a.null()
	default:
		a.put8(math.Float64bits(v.Float64))
	}
}

func (a *args) ArgPgTimestamptz(v pgtype.Timestamptz) {
	switch {
	case !a.is(kindTimestamptz) || v.InfinityModifier != pgtype.Finite:
		a.Arg(v)
	case !v.Valid:
		a.null()
	default:
		a.put8(micros(v.Time))
	}
}

func (a *args) ArgPgTimestamp(v pgtype.Timestamp) {
	switch {
	case !a.is(kindTimestamp) || v.InfinityModifier != pgtype.Finite:
		a.Arg(v)
	case !v.Valid:
		a.null()
	default:
		a.put8(micros(asUTC(v.Time)))
	}
}

func (a *args) ArgPgDate(v pgtype.Date) {
	switch {
	case !a.is(kindDate) || v.InfinityModifier != pgtype.Finite:
		a.Arg(v)
	case !v.Valid:
		a.null()
	default:
		day := time.Date(v.Time.Year(), v.Time.Month(), v.Time.Day(), 0, 0, 0, 0, time.UTC)
		a.put4(uint32(int32((day.Unix() - toY2K/1000000) / 86400)))
	}
}

func (a *args) ArgPgUUID(v pgtype.UUID) {
	switch {
	case !a.is(kindUUID):
		a.Arg(v)
	case !v.Valid:
		a.null()
	default:
		a.buffer = append(append(a.buffer, 0, 0, 0, 16), v.Bytes[:]...)
		a.put(pgtype.BinaryFormatCode)
	}
}

// Arg gives an argument of any type that pgx takes.
func (a *args) Arg(v any) {
	if a.call != nil {
		a.call.prepare()
		defer a.call.caught()
	} else {
		defer func() {
			if p := recover(); p != nil && a.wrong == nil {
				a.wrong = fmt.Errorf("covetsql: writing a value panicked: %v", p)
			}
		}()
	}
	i := a.count
	if i >= len(a.oids) { // there are too many, which is told as they are sent
		a.count++
		return
	}
	if a.copying {
		if err := a.encodeCopied(a.oids[i], v); err != nil && a.wrong == nil {
			a.wrong = err
		}
		a.count++
		return
	}
	// pgx's order: a string is text; all else is what its type prefers, or the other format where it can't be.
	format := a.types.FormatCodeForOID(a.oids[i])
	switch v.(type) {
	case string, *string:
		format = pgtype.TextFormatCode
	}
	err := a.encode(a.oids[i], format, v)
	if err != nil && a.encode(a.oids[i], 1-format, v) == nil {
		err, format = nil, 1-format
	}
	if err != nil && a.wrong == nil {
		a.wrong = fmt.Errorf("failed to encode args[%d]: %w", i, err)
	}
	a.put(format)
}

// encode appends a value behind its length, or nothing.
func (a *args) encode(oid uint32, format int16, v any) error {
	start := len(a.buffer)
	head := append(a.buffer, 0xff, 0xff, 0xff, 0xff)
	out, err := a.types.Encode(oid, format, v, head)
	switch {
	case err != nil:
		return err
	case out == nil: // NULL
		a.buffer = head
	default:
		a.buffer = out
		binary.BigEndian.PutUint32(out[start:], uint32(len(out)-start-4))
	}
	return nil
}

// encodeCopied appends a value of a copied row. What has no binary format of its own is read as text into what has one, as pgx does.
func (a *args) encodeCopied(oid uint32, v any) error {
	err := a.encode(oid, pgtype.BinaryFormatCode, v)
	if err == nil || a.encodeText(oid, v) == nil {
		return nil
	}
	return err
}

func (a *args) encodeText(oid uint32, v any) error {
	s, ok := v.(string)
	if !ok {
		text, err := a.types.Encode(oid, pgtype.TextFormatCode, v, nil)
		if err != nil {
			return errors.New("it has no text either")
		}
		s = string(text)
	}
	if t, ok := a.types.TypeForOID(oid); ok {
		if _, ok := t.Codec.(*pgtype.ArrayCodec); ok {
			var list pgtype.Array[any]
			if a.types.Scan(oid, pgtype.TextFormatCode, []byte(s), &list) == nil {
				return a.encode(oid, pgtype.BinaryFormatCode, list)
			}
		}
	}
	var value any
	if err := a.types.Scan(oid, pgtype.TextFormatCode, []byte(s), &value); err != nil {
		return err
	}
	return a.encode(oid, pgtype.BinaryFormatCode, value)
}
