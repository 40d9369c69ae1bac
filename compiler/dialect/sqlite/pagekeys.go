package sqlite

// pageKeys are dialect.Traits.PageKeys. What is declared as a date, a time or a boolean is none: it is stored as a text or a number
// that the driver does not give back as it is. A driver gives an empty blob as nil, which it sends as NULL.
var pageKeys = map[string]string{"INTEGER": "%s", "TEXT": "%s", "BLOB": "coalesce(%s, x'')"}
