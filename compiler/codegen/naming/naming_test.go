package naming

import (
	"slices"
	"testing"

	"github.com/covetsql/covetsql/compiler/config"
)

// The expected names were given by sqlc 1.31.1 for a column, table or enum of that name.

func TestExportedNamesAreSQLCs(t *testing.T) {
	n := New(&config.Go{Rename: map[string]string{"api_url": "APIURL"}})
	for sql, want := range map[string]string{
		"id": "ID", "user_ids": "UserIds", "userID": "UserID", "http_url": "HttpUrl", "1a": "_1a", "a-b": "AB",
		"some_id_here": "SomeIDHere", "api_url": "APIURL", "a$b": "AB", "_x": "X", "Cam": "Cam", "ümlaut": "Ümlaut",
	} {
		if got := n.Exported(sql); got != want {
			t.Errorf("%s: %s, want %s", sql, got, want)
		}
	}
}

func TestInitialismsReplaceTheDefault(t *testing.T) {
	n := New(&config.Go{Initialisms: []string{"url", "http"}})
	for sql, want := range map[string]string{"http_url": "HTTPURL", "id": "Id"} {
		if got := n.Exported(sql); got != want {
			t.Errorf("%s: %s, want %s", sql, got, want)
		}
	}
}

func TestModelsAreSingularUnlessSaidOtherwise(t *testing.T) {
	for _, c := range []struct {
		options             config.Go
		schema, table, want string
	}{
		{config.Go{}, "", "authors", "Author"},
		{config.Go{}, "", "people", "Person"},
		{config.Go{}, "", "bus_status", "BusStatus"},
		{config.Go{}, "", "waves", "Wave"},
		{config.Go{}, "", "campus", "Campus"},
		{config.Go{}, "", "metadata", "Metadata"},
		{config.Go{}, "foo", "campuses", "FooCampuse"},
		{config.Go{EmitExactTableNames: true}, "", "authors", "Authors"},
		{config.Go{InflectionExcludeTableNames: []string{"Authors"}}, "", "authors", "Authors"},
		{config.Go{Rename: map[string]string{"author": "Writer"}}, "", "authors", "Writer"},
	} {
		if got := New(&c.options).Model(c.schema, c.table); got != c.want {
			t.Errorf("%s.%s: %s, want %s", c.schema, c.table, got, c.want)
		}
	}
}

func TestEnumConstantsNeverRepeat(t *testing.T) {
	n := New(&config.Go{})
	for _, c := range []struct {
		enum, typ    string
		values, want []string
	}{
		{"mood", "Mood", []string{"happy", "so-so", "very sad", "1st", "a/b"}, []string{"MoodHappy", "MoodSoSo", "MoodVerysad", "Mood1st", "MoodAB"}},
		{"foo_st", "FooSt", []string{"", "ö", "x:y", "b.c", "some_id", "a+b", "a b"}, []string{"FooStValue0", "FooStValue1", "FooStXY", "FooStBc", "FooStSomeID", "FooStAb", "FooStValue6"}},
		// sqlc would declare these twice, or like the type.
		{"st", "St", []string{"a", "A", "-"}, []string{"StA", "StValue1", "StValue2"}},
	} {
		if got := n.EnumConstants(c.enum, c.typ, c.values); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.enum, got, c.want)
		}
	}
}

func TestJSONTagsFollowTheStyle(t *testing.T) {
	for _, c := range []struct {
		style   string
		upperID bool
		name    string
		want    string
	}{
		{"", false, "some_id_here", "some_id_here"},
		{"none", false, "user_id", "user_id"},
		{"camel", false, "some_id_here", "someIdHere"},
		{"camel", true, "user_id", "userID"},
		{"camel", false, "Cam", "Cam"},
		{"camel", false, "id_2", "id2"},
		{"pascal", false, "a-b", "A-B"},
		{"pascal", true, "id", "ID"},
		{"snake", false, "userID", "user_id"},
		{"snake", false, "OAuth2ProviderApp", "oauth2_provider_app"},
		{"snake", false, "AIBridgeInterception", "aibridge_interception"},
	} {
		n := New(&config.Go{JSONTagsCaseStyle: c.style, JSONTagsIDUppercase: c.upperID})
		if got := n.JSONTag(c.name); got != c.want {
			t.Errorf("%s %s: %s, want %s", c.style, c.name, got, c.want)
		}
	}
}

func TestArgumentsStartSmall(t *testing.T) {
	for sql, want := range map[string]string{"author_id": "authorID", "ID": "id", "some_id_here": "someIDHere", "dollar_1": "dollar1", "LOWER": "lower"} {
		if got := Argument(sql); got != want {
			t.Errorf("%s: %s, want %s", sql, got, want)
		}
	}
}

func TestVariablesAreNoKeywordsAndNotTheReceiver(t *testing.T) {
	for name, want := range map[string]string{"type": "type_", "q": "q_", "func": "func_", "name": "name"} {
		if got := Variable(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
