package rename

import (
	"fmt"
	"slices"
	"strings"
)

// feature is one thing that speaks for or against a pair; its weight is learned from real migrations (weights.go). Values are about 0 to 1.
type feature int

const (
	always feature = iota // the odds of any pair
	letters
	start
	shared
	inside
	last
	first
	bare
	short
	nearest        // it is the likest name for both
	margin         // by how much, for the one where it is less
	sameType       // the whole type
	sameFamily     // the type but for its modifiers
	convertible    // types whose values go into each other without loss or question
	strange        // types that do not
	onlyOfType     // no other dropped and no other added column has the type
	sameNotNull    // NOT NULL on both or none
	sameDefault    // both have one, and the same
	otherDefault   // their defaults differ
	sameReference  // both refer to the same table
	otherReference // they refer to different tables
	onlyReference  // one refers to a table and the other to none
	alone          // one column was dropped and one added
	asMany         // as many were dropped as added
	moreDropped    // how many more were dropped than added, a share
	moreAdded      // how many more were added than dropped
	asManyOfType   // as many were dropped of the type as added
	likeName       // letters where the types are the same
	likeAlone      // letters where there is one pair
	typeAlone      // the same type where there is one pair
	sameRoles      // the same keys, indexes and checks name both, and there is one
	otherRoles     // one is in a key, an index or a check and the other in none, or in others
	same           // the definitions are identical but for the name
	onlySame       // and no other dropped or added column has the definition
	sameAlone      // and nothing else was dropped or added
	sameLike       // letters where the definitions are identical
	equal          // the same type, NOT NULL and default, whatever they refer to
	onlyEqual      // and no other column is
	equalLike      // letters where they are equal
	equalAlone     // equal, and nothing else was dropped or added
	equalNearest   // equal, and the likest names
	asManyEqual    // as many equal ones were dropped as added
	elsewhere      // another table changed the same names
	wordsChanged   // the names share words and differ in others
	samePlace      // the same columns stand before and behind
	sameSites      // the same places of queries use both
	otherSites     // queries still use other places
	featureCount
)

// features are the values for the i'th dropped and the j'th added column of a table.
func features(t Table, i, j int) [featureCount]float64 {
	var v [featureCount]float64
	o, n := t.Dropped[i], t.Added[j]
	like := compare(o.Name, n.Name, t.Name)
	v[always] = 1
	v[letters], v[start], v[shared], v[inside] = like.letters, like.start, like.shared, like.inside
	v[last], v[first], v[bare], v[short] = like.last, like.first, like.bare, like.short
	rival := 0.0
	for k := range t.Dropped {
		if k != i {
			rival = max(rival, compare(t.Dropped[k].Name, n.Name, t.Name).anything)
		}
	}
	for k := range t.Added {
		if k != j {
			rival = max(rival, compare(o.Name, t.Added[k].Name, t.Name).anything)
		}
	}
	v[nearest], v[margin] = truth(like.anything > rival), like.anything-rival
	full := o.Type == n.Type
	v[sameType] = truth(full)
	v[sameFamily] = truth(!full && family(o.Type) == family(n.Type))
	v[convertible] = truth(family(o.Type) != family(n.Type) && kin(o.Type) != "" && kin(o.Type) == kin(n.Type))
	v[strange] = truth(!full && v[sameFamily]+v[convertible] == 0)
	ofType := func(list []Column, typ string) (count int) {
		for _, c := range list {
			if family(c.Type) == family(typ) {
				count++
			}
		}
		return count
	}
	lost, gained := ofType(t.Dropped, o.Type), ofType(t.Added, o.Type)
	if v[strange] == 0 {
		v[onlyOfType] = truth(lost == 1 && gained == 1 && v[convertible] == 0)
		v[asManyOfType] = truth(lost == gained)
		v[likeName] = like.anything
	}
	v[sameNotNull] = truth(o.NotNull == n.NotNull)
	v[sameDefault] = truth(o.Default != "" && o.Default == n.Default)
	v[otherDefault] = truth(o.Default != n.Default)
	switch {
	case o.Refers != "" && n.Refers != "":
		v[sameReference], v[otherReference] = truth(o.Refers == n.Refers), truth(o.Refers != n.Refers)
	case o.Refers != n.Refers:
		v[onlyReference] = 1
	}
	d, a := float64(len(t.Dropped)), float64(len(t.Added))
	v[alone], v[asMany] = truth(d == 1 && a == 1), truth(d == a)
	v[moreDropped], v[moreAdded] = max(0, d-a)/(d+a), max(0, a-d)/(d+a)
	v[likeAlone] = v[alone] * like.anything
	v[typeAlone] = v[alone] * v[sameType]
	if equals(o, n) {
		lost, gained := 0, 0
		for k := range t.Dropped {
			lost += int(truth(equals(t.Dropped[k], n)))
		}
		for k := range t.Added {
			gained += int(truth(equals(o, t.Added[k])))
		}
		v[equal], v[onlyEqual], v[equalLike], v[equalAlone] = 1, truth(lost == 1 && gained == 1), like.anything, v[alone]
		v[equalNearest], v[asManyEqual] = v[nearest], truth(lost == gained)
	}
	v[elsewhere] = truth(slices.Contains(t.Elsewhere, [2]string{o.Name, n.Name}))
	v[wordsChanged] = truth(like.shared > 0 && like.shared < 1 && like.inside == 0)
	if identical(o, n) {
		v[same], v[sameLike], v[sameAlone] = 1, like.anything, v[alone]
		others := 0
		for k := range t.Dropped {
			others += int(truth(k != i && identical(t.Dropped[k], n)))
		}
		for k := range t.Added {
			others += int(truth(k != j && identical(o, t.Added[k])))
		}
		v[onlySame] = truth(others == 0)
	}
	if t.RolesKnown {
		same := sameSet(o.Roles, n.Roles)
		v[sameRoles] = truth(same && len(o.Roles) > 0)
		v[otherRoles] = truth(!same)
	}
	if t.PlacesKnown {
		v[samePlace] = truth(o.Before == n.Before && o.After == n.After)
	}
	if t.SitesKnown && len(o.Sites) > 0 {
		v[sameSites] = share(o.Sites, n.Sites)
		v[otherSites] = 1 - v[sameSites]
	}
	return v
}

// equals tells whether two columns have one type, NOT NULL and default: what Django asks for.
func equals(o, n Column) bool {
	return o.Type == n.Type && o.NotNull == n.NotNull && o.Default == n.Default && o.Generated == n.Generated && o.Identity == n.Identity
}

// share is how many of some places are among others.
func share(of, in []string) float64 {
	if len(of) == 0 {
		return 0
	}
	both := 0
	for _, s := range of {
		if slices.Contains(in, s) {
			both++
		}
	}
	return float64(both) / float64(len(of))
}

// family is a type without its modifiers and without what stands behind it.
func family(t string) string {
	t = strings.ToLower(t)
	if at := strings.IndexByte(t, '('); at >= 0 {
		if end := strings.IndexByte(t[at:], ')'); end >= 0 {
			t = t[:at] + t[at+end+1:]
		}
	}
	for _, behind := range []string{" not null", " references ", " check", " identity", " unique"} {
		t, _, _ = strings.Cut(t, behind)
	}
	return strings.TrimSpace(t)
}

// kins are groups of types that people change one into the other when they rename a column.
var kins = groups(map[string]string{
	"integer": "smallint integer int bigint tinyint mediumint serial bigserial int2 int4 int8 oid",
	"text":    "text varchar character_varying char string citext character longtext mediumtext tinytext bpchar name nvarchar nchar clob enum set",
	"time":    "timestamp_with_time_zone timestamp_without_time_zone timestamptz timestamp datetime date",
	"json":    "json jsonb",
	"number":  "real double_precision numeric decimal float double float4 float8",
	"boolean": "boolean bool",
	"uuid":    "uuid",
	"bytes":   "bytea blob binary varbinary longblob mediumblob tinyblob",
})

func groups(words map[string]string) map[string]string {
	out := map[string]string{}
	for group, list := range words {
		for _, word := range strings.Fields(list) {
			out[strings.ReplaceAll(word, "_", " ")] = group
		}
	}
	return out
}

// kin is the group of a type, "" for a type that has none.
func kin(t string) string { return kins[family(t)] }

// logOdds is the sum of a pair's features by their weights.
func logOdds(v [featureCount]float64) float64 {
	sum := 0.0
	for f, x := range v {
		sum += weights[f] * x
	}
	return sum
}

// evidence says in words what speaks for a pair.
func evidence(t Table, i, j int) []string {
	o, n := t.Dropped[i], t.Added[j]
	v := features(t, i, j)
	var out []string
	if t.SitesKnown && v[sameSites] > 0 {
		out = append(out, fmt.Sprintf("%d of %d places in queries that used %s use %s now", int(v[sameSites]*float64(len(o.Sites))+0.5), len(o.Sites), o.Name, n.Name))
	}
	switch {
	case identical(o, n):
		out = append(out, "their definitions are the same: "+o.Type)
	case o.Type == n.Type:
		out = append(out, "they have the same type, "+o.Type)
	default:
		out = append(out, fmt.Sprintf("their types differ: %s and %s", o.Type, n.Type))
	}
	if v[sameRoles] == 1 {
		out = append(out, "the same keys and indexes name them")
	}
	if v[sameReference] == 1 {
		out = append(out, "both refer to "+o.Refers)
	}
	if v[samePlace] == 1 {
		out = append(out, "they stand at the same place in the table")
	}
	if v[inside] == 1 || v[shared] >= 0.5 {
		out = append(out, "their names share words")
	} else if v[letters] >= 0.6 {
		out = append(out, "their names are spelled alike")
	}
	if v[elsewhere] == 1 {
		out = append(out, "another table changes the same names")
	}
	if v[alone] == 1 {
		out = append(out, "nothing else was dropped or added")
	}
	return out
}
