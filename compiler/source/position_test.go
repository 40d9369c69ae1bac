package source

import (
	"strings"
	"testing"
	"unicode/utf16"
)

func TestPositionsCountCodePointsAndUTF16Units(t *testing.T) {
	f := NewFile("x.sql", "a\n\té𝄞x\r\n\nlast")
	for _, c := range []struct {
		at                  string
		line, column        int
		utf16Line, utf16Col int
	}{
		{"a", 1, 1, 0, 0},
		{"\n\t", 1, 2, 0, 1},
		{"\té", 2, 1, 1, 0},
		{"é", 2, 2, 1, 1},
		{"𝄞", 2, 3, 1, 2},
		{"x", 2, 4, 1, 4},
		{"last", 4, 1, 3, 0},
		{"st", 4, 3, 3, 2},
	} {
		at := strings.Index(f.Text, c.at)
		if l, col := f.LineColumn(at); l != c.line || col != c.column {
			t.Errorf("%q is at %d:%d, want %d:%d", c.at, l, col, c.line, c.column)
		}
		if l, col := f.UTF16(at); l != c.utf16Line || col != c.utf16Col {
			t.Errorf("%q is at UTF-16 %d:%d, want %d:%d", c.at, l, col, c.utf16Line, c.utf16Col)
		}
	}
	for _, at := range []int{len(f.Text), len(f.Text) + 5} {
		if l, col := f.LineColumn(at); l != 4 || col != 5 {
			t.Errorf("behind the end is %d:%d, want 4:5", l, col)
		}
	}
	if text, start := f.Line(2); text != "\té𝄞x" || start != 2 {
		t.Errorf("line 2 is %q at %d", text, start)
	}
	if text, _ := f.Line(9); text != "" {
		t.Errorf("line 9 is %q", text)
	}
}

func TestSpansAreCutToTheirFile(t *testing.T) {
	f := NewFile("x.sql", "abc")
	for _, c := range []struct{ start, end, wantStart, wantEnd int32 }{
		{-1, 9, 0, 3}, {2, 1, 2, 2}, {5, 7, 3, 3}, {1, 2, 1, 2},
	} {
		if s := f.Span(int(c.start), int(c.end)); s.Start != c.wantStart || s.End != c.wantEnd {
			t.Errorf("Span(%d, %d) = [%d, %d)", c.start, c.end, s.Start, s.End)
		}
	}
	if s := f.Span(0, 1).Cover(f.Span(2, 3)); s.Text() != "abc" {
		t.Errorf("the cover of a and c is %q", s.Text())
	}
}

func FuzzUTF16AgreesWithTheStandardLibrary(f *testing.F) {
	f.Add("a\n𝄞b", 3)
	f.Add("\r\n\r\n", 2)
	f.Fuzz(func(t *testing.T, text string, at int) {
		text = strings.ToValidUTF8(text, "?")
		if at < 0 || at > len(text) {
			return
		}
		text += "x"
		for at > 0 && text[at]&0xc0 == 0x80 { // not inside a character
			at--
		}
		line, col := NewFile("x", text).UTF16(at)
		before := text[:at]
		if want := strings.Count(before, "\n"); line != want {
			t.Fatalf("line %d, want %d", line, want)
		}
		if want := len(utf16.Encode([]rune(before[strings.LastIndexByte(before, '\n')+1:]))); col != want {
			t.Fatalf("column %d, want %d", col, want)
		}
	})
}

// Every byte of a derived text maps back: those that were kept to themselves, those that
// were replaced to the whole of what they stand for.
func FuzzOffsetMapLeadsBack(f *testing.F) {
	f.Add("select sqlc.arg(a), 'x'", "\x07\x04\x00\x03\x02\x05")
	f.Fuzz(func(t *testing.T, text, plan string) {
		base := len(text) / 4
		m := NewOffsetMap(base)
		var derived strings.Builder
		origin := []int{} // per derived byte: its offset in text, or -1-piece
		type hole struct{ from, to int }
		var holes []hole
		at := base
		keep := func(n int) {
			for ; n > 0 && at < len(text); n-- {
				derived.WriteByte(text[at])
				origin = append(origin, at)
				at++
			}
		}
		for i := 0; i+2 < len(plan); i += 3 {
			keep(int(plan[i]) % 16)
			cut, put := int(plan[i+1])%8+1, int(plan[i+2])%8+1
			if at+cut > len(text) {
				break
			}
			m.Replace(derived.Len(), put, at, at+cut)
			for range put {
				derived.WriteByte('$')
				origin = append(origin, -1-len(holes))
			}
			holes = append(holes, hole{at, at + cut})
			at += cut
		}
		keep(len(text))
		for i, o := range origin {
			from, to := m.Range(i, i+1)
			wantFrom, wantTo := o, o+1
			if o < 0 {
				wantFrom, wantTo = holes[-1-o].from, holes[-1-o].to
			}
			if from != wantFrom || to != wantTo {
				t.Fatalf("byte %d maps to [%d, %d), want [%d, %d)", i, from, to, wantFrom, wantTo)
			}
		}
		if n := derived.Len(); n > 0 {
			if from, to := m.Range(0, n); from != base || to != len(text) {
				t.Fatalf("the whole maps to [%d, %d), want [%d, %d)", from, to, base, len(text))
			}
		}
	})
}
