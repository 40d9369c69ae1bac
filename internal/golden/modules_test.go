package golden

// What the generated code of testdata imports. `go mod tidy` looks into no testdata folder, and
// would take these modules out of go.mod.
import (
	_ "github.com/google/uuid"
	_ "github.com/jackc/pgconn"
	_ "github.com/jackc/pgtype"
	_ "github.com/jackc/pgx/v4"
	_ "github.com/lib/pq"
	_ "github.com/sqlc-dev/pqtype"
)
