package postgres

// life is what is known of a connection that lies unused.
type life uint8

const (
	unsure life = iota
	alive
	dead
)
