package bench

import (
	"context"
	"database/sql"

	entsql "entgo.io/ent/dialect/sql"

	"github.com/covetsql/covetsql/internal/speed/bench/ent"
	"github.com/covetsql/covetsql/internal/speed/bench/ent/person"
)

// byEnt is the code that ent generates.
func byEnt(conn *sql.DB, dialect string, rows []ormArrival) contender {
	db := ent.NewClient(ent.Driver(entsql.OpenDB(dialect, conn)))
	inTx := func(ctx context.Context, do func(tx *ent.Tx) error) error {
		tx, err := db.Tx(ctx)
		if err != nil {
			return err
		}
		if err := do(tx); err != nil {
			_ = tx.Rollback()
			return err
		}
		return tx.Commit()
	}
	return contender{
		name: "ent",
		one: func(ctx context.Context, id int64) (string, error) {
			p, err := db.Person.Get(ctx, id)
			if err != nil {
				return "", err
			}
			return p.Name, nil
		},
		many: func(ctx context.Context, upTo int64) (int, error) {
			people, err := db.Person.Query().Where(person.IDLTE(upTo)).Order(person.ByID()).All(ctx)
			return len(people), err
		},
		within: func(ctx context.Context, id int64) (name string, err error) {
			err = inTx(ctx, func(tx *ent.Tx) error {
				p, err := tx.Person.Get(ctx, id)
				if err == nil {
					name = p.Name
				}
				return err
			})
			return name, err
		},
		arrive: func(ctx context.Context) error {
			return inTx(ctx, func(tx *ent.Tx) error {
				for i := 0; i < len(rows); i += perBatch {
					builders := make([]*ent.ArrivalCreate, perBatch)
					for k, r := range rows[i : i+perBatch] {
						builders[k] = tx.Arrival.Create().SetID(r.ID).SetName(r.Name).SetEmail(r.Email).SetNillableBio(r.Bio).
							SetAge(r.Age).SetScore(r.Score).SetActive(r.Active).SetCreatedAt(r.CreatedAt)
					}
					if err := tx.Arrival.CreateBulk(builders...).Exec(ctx); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
}
