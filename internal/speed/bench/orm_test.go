package bench

import (
	"context"
	"database/sql"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// ormPerson is a row as gorm and bun have it.
type ormPerson struct {
	bun.BaseModel `bun:"table:people" gorm:"-"`

	ID        int64 `bun:",pk"`
	Name      string
	Email     string
	Bio       *string
	Age       int32
	Score     float64
	Active    bool
	CreatedAt time.Time
}

func (ormPerson) TableName() string { return "people" }

// ormArrival is one that is inserted.
type ormArrival struct {
	bun.BaseModel `bun:"table:arrivals" gorm:"-"`

	ID        int64 `bun:",pk" gorm:"primaryKey;autoIncrement:false"`
	Name      string
	Email     string
	Bio       *string
	Age       int32
	Score     float64
	Active    bool
	CreatedAt time.Time
}

func (ormArrival) TableName() string { return "arrivals" }

const perBatch = 500

// byGorm has its statements prepared, and no transaction around each write.
func byGorm(to gorm.Dialector, rows []ormArrival) (contender, error) {
	db, err := gorm.Open(to, &gorm.Config{PrepareStmt: true, SkipDefaultTransaction: true, Logger: logger.Discard})
	if err != nil {
		return contender{}, err
	}
	return contender{
		name: "gorm",
		one: func(ctx context.Context, id int64) (string, error) {
			var p ormPerson
			err := db.WithContext(ctx).Take(&p, id).Error
			return p.Name, err
		},
		within: func(ctx context.Context, id int64) (string, error) {
			var p ormPerson
			err := db.WithContext(ctx).Transaction(func(tx *gorm.DB) error { return tx.Take(&p, id).Error })
			return p.Name, err
		},
		many: func(ctx context.Context, upTo int64) (int, error) {
			var people []ormPerson
			err := db.WithContext(ctx).Where("id <= ?", upTo).Order("id").Find(&people).Error
			return len(people), err
		},
		arrive: func(ctx context.Context) error {
			return db.WithContext(ctx).Transaction(func(tx *gorm.DB) error { return tx.CreateInBatches(rows, perBatch).Error })
		},
	}, nil
}

func byBun(conn *sql.DB, dialect schema.Dialect, rows []ormArrival) contender {
	db := bun.NewDB(conn, dialect)
	return contender{
		name: "bun",
		one: func(ctx context.Context, id int64) (string, error) {
			var p ormPerson
			err := db.NewSelect().Model(&p).Where("id = ?", id).Scan(ctx)
			return p.Name, err
		},
		within: func(ctx context.Context, id int64) (string, error) {
			var p ormPerson
			err := db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
				return tx.NewSelect().Model(&p).Where("id = ?", id).Scan(ctx)
			})
			return p.Name, err
		},
		many: func(ctx context.Context, upTo int64) (int, error) {
			var people []ormPerson
			err := db.NewSelect().Model(&people).Where("id <= ?", upTo).Order("id").Scan(ctx)
			return len(people), err
		},
		arrive: func(ctx context.Context) error {
			return db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
				for i := 0; i < len(rows); i += perBatch {
					part := rows[i : i+perBatch]
					if _, err := tx.NewInsert().Model(&part).Exec(ctx); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
}
