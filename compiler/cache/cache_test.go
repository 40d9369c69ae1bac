package cache

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

type shape interface{ sides() int }

type square struct{ Side int }

func (*square) sides() int { return 4 }

type named string

type everything struct {
	Yes          bool
	I8           int8
	I32, N32     int32
	I64          int64
	U64          uint64
	F            float64
	Text         string
	hidden       string
	List, Empty  []string
	Bytes        []byte
	Self         *everything
	Other, Again *square
	Shape, None  shape
	Any          any
	Map          map[named]*square
	Span         source.Span
	Code         *diag.Code
	Func         func()
}

var codec = NewCodec((*square)(nil), square{}, "")

func sample() (*everything, func(string) *source.File) {
	f := source.NewFile("a.sql", "SELECT 1")
	s := &square{3}
	v := &everything{
		Yes: true, I8: -5, I32: -1 << 31, N32: 7, I64: -9, U64: 1 << 63, F: -0.5, Text: "a", hidden: "b",
		List: []string{"", "a", "b"}, Empty: []string{}, Bytes: []byte{0, 200},
		Other: s, Again: s, Shape: s, Any: square{9},
		Map: map[named]*square{"x": s, "y": {1}}, Span: f.Span(1, 3), Code: diag.UnknownColumn,
	}
	v.Self = v
	return v, func(path string) *source.File {
		if path == f.Path {
			return f
		}
		return nil
	}
}

func TestValuesAreReadBackAsTheyWere(t *testing.T) {
	v, known := sample()
	b, err := Encode(codec, &v, known)
	if err != nil {
		t.Fatal(err)
	}
	var got *everything
	if err := Decode(codec, b, &got, known); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(v, got) {
		t.Errorf("%+v is not %+v", got, v)
	}
	if got.Self != got || got.Other != got.Again || got.Shape.(*square) != got.Other || got.Map["x"] != got.Other {
		t.Error("what was one value is several")
	}
	if got.Empty == nil {
		t.Error("an empty list is none")
	}
}

func TestWhatCanNotBeKeptIsAnError(t *testing.T) {
	_, known := sample()
	for what, v := range map[string]*everything{
		"another concrete type": {Any: 1},
		"a file by another":     {Span: source.NewFile("a.sql", "").Span(0, 0)},
		"a file not known":      {Span: source.NewFile("b.sql", "").Span(0, 0)},
	} {
		if _, err := Encode(codec, &v, known); err == nil {
			t.Errorf("%s can be written", what)
		}
	}
	type odd struct{ M map[int]string }
	if _, err := Encode(codec, &odd{map[int]string{1: ""}}, known); err == nil {
		t.Error("a map by number can be written")
	}
}

// Whatever the bytes are, reading ends with a value or an error.
func FuzzDecode(f *testing.F) {
	v, known := sample()
	b, err := Encode(codec, &v, known)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte{})
	for i := range b {
		damaged := append([]byte(nil), b...)
		damaged[i] ^= 1 << (i % 8)
		f.Add(damaged)
		f.Add(b[:i])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var got *everything
		_ = Decode(codec, b, &got, known)
	})
}

func TestAStoreKeepsWhatARunUsedAndMade(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "folder")
	open := func() *Store { return Open(dir, "project", "program") }
	s := open()
	a, b := s.Key([]byte("a")), s.Key([]byte("b"))
	if a == b || s.Key([]byte("a"), []byte("b")) == s.Key([]byte("ab")) {
		t.Fatal("two keys are one")
	}
	s.Put(a, []byte("1"))
	s.Put(b, nil)
	s.Save()
	s = open()
	if string(s.Get(a)) != "1" || s.Get(b) == nil || len(s.Get(b)) != 0 {
		t.Fatal("what was kept is not there")
	}
	if Open(dir, "project", "another").Key([]byte("a")) == a {
		t.Error("two programs have one key")
	}
	if Open(dir, "other", "program").Get(a) != nil {
		t.Error("two projects have one file")
	}
	s = open()
	s.Get(b)
	s.Put(s.Key([]byte("c")), []byte("3"))
	s.Save()
	if s = open(); s.Get(a) != nil || s.Get(b) == nil {
		t.Error("what was not used is kept, or what was used is not")
	}
	var none *Store
	none.Put(a, nil)
	none.Save()
	if none.Get(a) != nil {
		t.Error("nothing keeps something")
	}
}

func TestADamagedFileIsNone(t *testing.T) {
	dir := t.TempDir()
	s := Open(dir, "p", "")
	k := s.Key()
	s.Put(k, []byte(strings.Repeat("text", 100)))
	s.Save()
	path := s.path
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(whole); i += 7 {
		damaged := append([]byte(nil), whole...)
		damaged[i] ^= 1
		for _, b := range [][]byte{damaged, whole[:i]} {
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
			if Open(dir, "p", "").Get(k) != nil {
				t.Fatalf("byte %d is another, or the last one, and nobody saw it", i)
			}
		}
	}
}

func TestProcessesShareAFolder(t *testing.T) {
	dir := t.TempDir()
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			for range 20 {
				s := Open(dir, "p", "")
				k := s.Key([]byte("k"))
				if b := s.Get(k); b != nil && len(b) != 100_000 {
					t.Errorf("%d bytes of a value", len(b))
				}
				s.Put(k, make([]byte, 100_000))
				s.Put(s.Key([]byte{byte(n)}), nil)
				s.Save()
			}
		})
	}
	all.Wait()
	if found, _ := os.ReadDir(dir); len(found) != 1 {
		t.Errorf("%d files are left", len(found))
	}
}

func TestAFolderHasALimit(t *testing.T) {
	dir := t.TempDir()
	for i, name := range []string{"new", "old", "older"} {
		path := filepath.Join(dir, name+suffix)
		if err := os.WriteFile(path, make([]byte, 1000), 0o600); err != nil {
			t.Fatal(err)
		}
		at := time.Now().Add(-time.Duration(i) * time.Hour)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	trim(dir, 1500)
	found, _ := filepath.Glob(filepath.Join(dir, "*"))
	if len(found) != 1 || filepath.Base(found[0]) != "new"+suffix {
		t.Errorf("left are %v", found)
	}
}
