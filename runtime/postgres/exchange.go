package postgres

import (
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
)

// exchange is one round of messages on a connection: a statement that is sent, perhaps behind a BEGIN, and the server's answer to it.
//
// pgconn's own readers do the same, and set a timer for each message that they write, in case client and server both wait for the other to read;
// to set it costs as much as to write. That can't come to pass here: a server reads a Bind to its end before it answers. Messages are
// received by pgconn, which keeps count of the session's state, its parameters and notifications.
type exchange struct {
	cn      *conn
	st      *statement
	running bool
	begins  bool // the answer to BEGIN comes first
	quiet   unending
	ctx     context.Context // to receive with
	stop    func() bool     // ends the watch over the call's context; nil: it is not watched
	stopped chan struct{}   // closed once the watch has done what it does as a context ends

	fields  []pgconn.FieldDescription // where the server described the rows
	tag     []byte
	refusal *pgconn.PgError
}

// unending is a context that never ends, and tells how another one did: what is waited for is interrupted by other means, and the error
// is made of that.
type unending struct{ context.Context }

func (unending) Done() <-chan struct{} { return nil }

// watcher does what pgx is configured to do as a context ends.
type watcher interface {
	HandleCancel(ctx context.Context)
	HandleUnwatchAfterCancel()
}

// send sends a statement with its arguments. A BEGIN that waits goes before it: where that is refused, the server skips the statement.
func (x *exchange) send(ctx context.Context, cn *conn, st *statement, values [][]byte, formats []int16) error {
	if err := x.ready(ctx, cn, st); err != nil {
		return err
	}
	x.begins = cn.pending != ""
	to := cn.pc.Frontend()
	if x.begins {
		to.SendParse(&pgproto3.Parse{Query: cn.pending})
		to.SendBind(&pgproto3.Bind{})
		to.SendExecute(&pgproto3.Execute{})
	}
	d := st.description
	if cn.pooled {
		to.SendParse(&pgproto3.Parse{Query: d.SQL, ParameterOIDs: d.ParamOIDs})
	}
	to.SendBind(&pgproto3.Bind{PreparedStatement: d.Name, ParameterFormatCodes: formats, Parameters: values, ResultFormatCodes: st.columns.formats})
	if cn.pooled || len(d.Fields) == 0 { // or it may give rows that were not known before, as FETCH does
		to.SendDescribe(&pgproto3.Describe{ObjectType: 'P'})
	}
	to.SendExecute(&pgproto3.Execute{})
	to.SendSync(&pgproto3.Sync{})
	return x.flush(ctx)
}

// simple sends a text without arguments, and reads the answer to its end. Rows are passed over.
func (x *exchange) simple(ctx context.Context, cn *conn, sql string) (pgconn.CommandTag, error) {
	if err := x.ready(ctx, cn, nothing); err != nil {
		return pgconn.CommandTag{}, err
	}
	cn.pc.Frontend().SendQuery(&pgproto3.Query{String: sql})
	err := x.flush(ctx)
	if err == nil {
		err = x.rest()
	}
	return pgconn.NewCommandTag(string(x.tag)), err
}

// ready makes ready to send.
func (x *exchange) ready(ctx context.Context, cn *conn, st *statement) error {
	x.cn, x.st, x.begins, x.fields, x.tag, x.refusal = cn, st, false, nil, x.tag[:0], nil
	switch {
	case cn.pc.IsClosed():
		return pgconn.ErrConnClosed
	case cn.pc.IsBusy():
		return errBusy
	case ctx.Err() != nil:
		_, err := cn.pc.ReceiveMessage(ctx) // pgx's error of a context that ended before
		return err
	}
	return nil
}

// flush writes what was sent.
func (x *exchange) flush(ctx context.Context) error {
	x.watch(ctx)
	x.running = true
	err := x.cn.pc.Frontend().Flush()
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		// The write was interrupted as its context ended; so is the read that follows, which makes pgx's error of it.
		if _, interrupted := x.receive(); interrupted != nil {
			return interrupted
		}
	}
	x.broken()
	return err
}

func (x *exchange) watch(ctx context.Context) {
	x.ctx, x.stop = context.Background(), nil
	if ctx.Done() == nil {
		return
	}
	x.quiet = unending{ctx}
	x.ctx = &x.quiet
	stopped, w := make(chan struct{}), x.cn.watcher
	x.stopped = stopped
	x.stop = context.AfterFunc(ctx, func() {
		w.HandleCancel(ctx)
		close(stopped)
	})
}

// ended ends the watch.
func (x *exchange) ended() {
	x.running = false
	if x.stop == nil {
		return
	}
	if !x.stop() {
		<-x.stopped
		x.cn.watcher.HandleUnwatchAfterCancel()
	}
	x.stop, x.stopped, x.quiet, x.ctx = nil, nil, unending{}, nil
}

// broken ends a connection whose stream of messages can't be followed any more.
func (x *exchange) broken() {
	x.ended()
	x.cn.abandon()
}

// receive receives a message.
func (x *exchange) receive() (pgproto3.BackendMessage, error) {
	m, err := x.cn.pc.ReceiveMessage(x.ctx)
	if err != nil {
		if cause := errors.Unwrap(err); cause != nil {
			err = cause // without what pgconn says around it
		}
		x.broken()
		return nil, err
	}
	return m, nil
}

// next gives the next row; nil is none, and then the answer is over. Its values are valid until it is called again.
func (x *exchange) next() ([][]byte, error) {
	for {
		message, err := x.receive()
		if err != nil {
			if x.refusal != nil {
				return nil, x.refusal
			}
			return nil, err
		}
		switch m := message.(type) {
		case *pgproto3.DataRow:
			if m.Values == nil {
				return [][]byte{}, nil
			}
			return m.Values, nil
		case *pgproto3.RowDescription:
			if slices.EqualFunc(m.Fields, x.st.fields, func(a pgproto3.FieldDescription, b pgconn.FieldDescription) bool {
				return a.DataTypeOID == b.DataTypeOID && string(a.Name) == b.Name
			}) {
				continue
			}
			x.fields = make([]pgconn.FieldDescription, len(m.Fields))
			for i, f := range m.Fields {
				x.fields[i] = pgconn.FieldDescription{Name: string(f.Name), TableOID: f.TableOID, TableAttributeNumber: f.TableAttributeNumber, DataTypeOID: f.DataTypeOID,
					DataTypeSize: f.DataTypeSize, TypeModifier: f.TypeModifier, Format: f.Format}
			}
		case *pgproto3.CommandComplete:
			if x.begins {
				x.begins, x.cn.pending = false, ""
				continue
			}
			x.tag = append(x.tag[:0], m.CommandTag...)
		case *pgproto3.ErrorResponse:
			if x.refusal == nil {
				x.refusal = pgconn.ErrorResponseToPgError(m)
			}
		case *pgproto3.ReadyForQuery:
			x.ended()
			if x.refusal == nil {
				return nil, nil
			}
			if x.begins { // BEGIN itself was refused, and the statement was skipped
				x.cn.spoilt = x.refusal
			}
			return nil, x.refusal
		}
	}
}

// rest reads the answer to its end.
func (x *exchange) rest() error {
	for x.running {
		if _, err := x.next(); err != nil {
			return err
		}
	}
	return nil
}

// abandon has pgconn end a connection as it does with those that break: it asks the server to cancel what runs, without being waited for.
func (cn *conn) abandon() {
	if cn.pc.IsClosed() {
		return
	}
	_ = cn.pc.Conn().SetDeadline(epoch) // long ago: whatever is written now fails
	_, _ = cn.pc.Prepare(context.Background(), "", "", nil)
	if !cn.pc.IsClosed() {
		ctx, cancel := context.WithTimeout(context.Background(), closeTime)
		defer cancel()
		_ = cn.pg.Close(ctx)
	}
}

// watcherOf is what a connection was configured with for contexts that end.
func watcherOf(cfg *pgx.ConnConfig, pc *pgconn.PgConn) watcher {
	return cfg.BuildContextWatcherHandler(pc)
}
