// Package rename says which of the things that a schema lost are things that it gained under another name. It runs nothing and
// drops nothing: what to do with a guess is the caller's.
//
// The order in which a caller goes:
//
//	directives, problems := rename.Directives(file, lex)          // of each schema file: renamed_from, drop, backfill
//	once, err := rename.ReadManifest(file)                        // what `covetsql migrate rename` wrote
//	told, problems := rename.Check(from, to, append(directives, once…)) // told.Renames are accepted, told.Done are hints
//	decision, err := rename.Decide(from, to, rename.Options{Accepted: told.Renames, OldSites: …, NewSites: …}, ask)
//	up, down, err := rename.Statements(from, decision.Accepted, quote)
//
// and then runs up on a scratch copy of from, introspects it and lets migrate/diff do the rest; the way back is the diff from the desired
// schema to that copy, and then down. Decide asks one question at a time, the likeliest first, with tables before their columns. Where ask is
// nil nobody is asked: Decision.Open then holds the candidates, each with the directive that would answer (Candidate.Directive); with
// an open question nothing may be written. Find alone lists all candidates. Told.Drops and Told.Backfills answer the other questions of a plan:
// Drops.Allow(snapshot, object) and Backfills.Of(snapshot), which fits plan.Options.Backfill.
//
// Where queries use columns (Sites) proves a rename. When a migration was written, the caller writes WriteSites(Sites(queries)) to SitesName
// beside it, and empties the manifest; the next time ReadSites of it is Options.OldSites, and Sites of the queries as they are NewSites.
package rename
