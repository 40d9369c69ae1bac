// Package absent knows the verbs of sqlc that covetsql has not, and says what takes their
// place.
package absent

// instead tells for each of sqlc's verbs what to do.
var instead = map[string]string{
	"verify":     "it needs sqlc's hosted service; `covetsql check` compiles the queries against the schema that the files now hold",
	"push":       "it sends queries to sqlc's hosted service; covetsql keeps everything on your machine",
	"upload":     "it sends queries to sqlc's hosted service; covetsql keeps everything on your machine",
	"cloud":      "it is sqlc's hosted service; covetsql asks none, and reads the key cloud of the configuration without use",
	"parse":      "`covetsql inspect` shows what was understood of every query",
	"analyze":    "`covetsql inspect --format json` prints columns and parameters",
	"completion": "completion scripts are not written; `covetsql --help` lists the verbs",
}

// Verb gives the line for one of sqlc's verbs, "" for any other word.
func Verb(word string) string {
	if to := instead[word]; to != "" {
		return "there is no verb " + word + ": " + to
	}
	return ""
}
