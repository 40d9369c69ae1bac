package bench

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// What a programmer writes by hand, with care.

const (
	selectPerson = "SELECT id, name, email, bio, age, score, active, created_at FROM people WHERE id = $1"
	selectPeople = "SELECT id, name, email, bio, age, score, active, created_at FROM people WHERE id <= $1 ORDER BY id"
)

var columns = []string{"id", "name", "email", "bio", "age", "score", "active", "created_at"}

// pgxPerson is a row as pgx reads it.
type pgxPerson struct {
	ID        int64
	Name      string
	Email     string
	Bio       pgtype.Text
	Age       int32
	Score     float64
	Active    bool
	CreatedAt pgtype.Timestamptz
}

func pgxByHand(conn *pgx.Conn, rows []pgxPerson) contender {
	return contender{
		name: "pgx by hand",
		one: func(ctx context.Context, id int64) (string, error) {
			var p pgxPerson
			err := conn.QueryRow(ctx, selectPerson, id).Scan(&p.ID, &p.Name, &p.Email, &p.Bio, &p.Age, &p.Score, &p.Active, &p.CreatedAt)
			return p.Name, err
		},
		within: func(ctx context.Context, id int64) (string, error) {
			var p pgxPerson
			err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
				return tx.QueryRow(ctx, selectPerson, id).Scan(&p.ID, &p.Name, &p.Email, &p.Bio, &p.Age, &p.Score, &p.Active, &p.CreatedAt)
			})
			return p.Name, err
		},
		many: func(ctx context.Context, upTo int64) (int, error) {
			rows, err := conn.Query(ctx, selectPeople, upTo)
			if err != nil {
				return 0, err
			}
			defer rows.Close()
			var people []pgxPerson
			for rows.Next() {
				var p pgxPerson
				if err := rows.Scan(&p.ID, &p.Name, &p.Email, &p.Bio, &p.Age, &p.Score, &p.Active, &p.CreatedAt); err != nil {
					return 0, err
				}
				people = append(people, p)
			}
			return len(people), rows.Err()
		},
		arrive: func(ctx context.Context) error {
			_, err := conn.CopyFrom(ctx, pgx.Identifier{"arrivals"}, columns, pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) {
				r := &rows[i]
				return []any{r.ID, r.Name, r.Email, r.Bio, r.Age, r.Score, r.Active, r.CreatedAt}, nil
			}))
			return err
		},
	}
}

// pgxTuned is what is left to gain by hand: targets and values that are made once, room for all rows.
func pgxTuned(conn *pgx.Conn, rows []pgxPerson) contender {
	return contender{
		name: "pgx by hand, tuned",
		many: func(ctx context.Context, upTo int64) (int, error) {
			rows, err := conn.Query(ctx, selectPeople, upTo)
			if err != nil {
				return 0, err
			}
			people := make([]pgxPerson, 0, upTo)
			var p pgxPerson
			targets := []any{&p.ID, &p.Name, &p.Email, &p.Bio, &p.Age, &p.Score, &p.Active, &p.CreatedAt}
			for rows.Next() {
				if err := rows.Scan(targets...); err != nil {
					return 0, err
				}
				people = append(people, p)
			}
			return len(people), rows.Err()
		},
		arrive: func(ctx context.Context) error {
			i, values := 0, make([]any, len(columns))
			_, err := conn.CopyFrom(ctx, pgx.Identifier{"arrivals"}, columns, pgx.CopyFromFunc(func() ([]any, error) {
				if i == len(rows) {
					return nil, nil
				}
				r := &rows[i]
				i++
				values[0], values[1], values[2], values[3] = r.ID, r.Name, r.Email, r.Bio
				values[4], values[5], values[6], values[7] = r.Age, r.Score, r.Active, r.CreatedAt
				return values, nil
			}))
			return err
		},
	}
}

// sqlPerson is a row as database/sql reads it.
type sqlPerson struct {
	ID        int64
	Name      string
	Email     string
	Bio       sql.NullString
	Age       int32
	Score     float64
	Active    bool
	CreatedAt time.Time
}

// sqlByHand prepares what is read, and inserts rows by statements of many in one transaction. place writes a placeholder.
func sqlByHand(db *sql.DB, rows []sqlPerson, perStatement int, place func(n int) string) (contender, error) {
	person, err := db.Prepare(strings.ReplaceAll(selectPerson, "$1", place(1)))
	if err != nil {
		return contender{}, err
	}
	people, err := db.Prepare(strings.ReplaceAll(selectPeople, "$1", place(1)))
	if err != nil {
		return contender{}, err
	}
	var text strings.Builder
	text.WriteString("INSERT INTO arrivals (" + strings.Join(columns, ", ") + ") VALUES ")
	for i := range perStatement {
		if i > 0 {
			text.WriteString(", ")
		}
		text.WriteString("(")
		for j := range columns {
			if j > 0 {
				text.WriteString(", ")
			}
			text.WriteString(place(i*len(columns) + j + 1))
		}
		text.WriteString(")")
	}
	insert := text.String()
	return contender{
		name: "database/sql by hand",
		one: func(ctx context.Context, id int64) (string, error) {
			var p sqlPerson
			err := person.QueryRowContext(ctx, id).Scan(&p.ID, &p.Name, &p.Email, &p.Bio, &p.Age, &p.Score, &p.Active, &p.CreatedAt)
			return p.Name, err
		},
		within: func(ctx context.Context, id int64) (string, error) {
			var p sqlPerson
			err := inTransaction(ctx, db, func(tx *sql.Tx) error {
				return tx.StmtContext(ctx, person).QueryRowContext(ctx, id).Scan(&p.ID, &p.Name, &p.Email, &p.Bio, &p.Age, &p.Score, &p.Active, &p.CreatedAt)
			})
			return p.Name, err
		},
		many: func(ctx context.Context, upTo int64) (int, error) {
			rows, err := people.QueryContext(ctx, upTo)
			if err != nil {
				return 0, err
			}
			defer rows.Close()
			var list []sqlPerson
			for rows.Next() {
				var p sqlPerson
				if err := rows.Scan(&p.ID, &p.Name, &p.Email, &p.Bio, &p.Age, &p.Score, &p.Active, &p.CreatedAt); err != nil {
					return 0, err
				}
				list = append(list, p)
			}
			return len(list), rows.Err()
		},
		arrive: func(ctx context.Context) error {
			return inTransaction(ctx, db, func(tx *sql.Tx) error {
				stmt, err := tx.PrepareContext(ctx, insert)
				if err != nil {
					return err
				}
				defer stmt.Close()
				args := make([]any, 0, perStatement*len(columns))
				for i := 0; i < len(rows); i += perStatement {
					args = args[:0]
					for _, r := range rows[i : i+perStatement] {
						args = append(args, r.ID, r.Name, r.Email, r.Bio, r.Age, r.Score, r.Active, r.CreatedAt)
					}
					if _, err := stmt.ExecContext(ctx, args...); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}, nil
}

func inTransaction(ctx context.Context, db *sql.DB, do func(tx *sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}

func dollar(n int) string { return "$" + strconv.Itoa(n) }
func question(int) string { return "?" }
