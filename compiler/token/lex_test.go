package token

import (
	"strings"
	"testing"
)

var kindNames = [...]string{"EOF", "id", "qid", "kw", "num", "str", "blob", "op", "p", "ph", "var", "c", "bad", "meta", "end"}

// lexed writes tokens as kind:text, punctuation as it is.
func lexed(text string, d Dialect) string {
	tokens, _ := Lex(text, d)
	var out []string
	for _, t := range tokens {
		s := text[t.Start:t.End]
		if t.Kind != Punct {
			s = kindNames[t.Kind] + ":" + s
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func TestTokensAreThoseOfTheEngine(t *testing.T) {
	for _, c := range []struct {
		d        Dialect
		in, want string
	}{
		// Names.
		{PostgreSQL, `a.B_1$x "q ""q" é`, `id:a . id:B_1$x qid:"q ""q" id:é`},
		{PostgreSQL, `U&"d\0061t" u&'x' U & x`, `qid:U&"d\0061t" str:u&'x' id:U op:& id:x`},
		{MySQL, "`a``b` 1st.2nd t.1a $x", "qid:`a``b` id:1st . id:2nd id:t . id:1a id:$x"},
		{SQLite, "[a b] `c` \"d\"", "qid:[a b] qid:`c` qid:\"d\""},
		// Strings.
		{PostgreSQL, `'it''s' E'\'x' e'a''b' N'x' 'a\' B'01' x'ff' ''`, `str:'it''s' str:E'\'x' str:e'a''b' str:N'x' str:'a\' blob:B'01' blob:x'ff' str:''`},
		{PostgreSQL, `$$a'b$$ $t$ $$ $1 $t$ $1 a$1`, `str:$$a'b$$ str:$t$ $$ $1 $t$ ph:$1 id:a$1`},
		{MySQL, `'it\'s' "a\"b""c" N'x' _utf8mb4'x' x'ff' 0xff 'a\\'`, `str:'it\'s' str:"a\"b""c" str:N'x' id:_utf8mb4 str:'x' blob:x'ff' blob:0xff str:'a\\'`},
		{SQLite, `'a\' x'0f' 0x1F N'a'`, `str:'a\' blob:x'0f' num:0x1F id:N str:'a'`},
		// Numbers.
		{PostgreSQL, `1 1.5 .5 1. 1e10 1.5E-3 1_000 0xFF 0o17 0b1 1..2`, `num:1 num:1.5 num:.5 num:1. num:1e10 num:1.5E-3 num:1_000 num:0xFF num:0o17 num:0b1 num:1 . num:.2`},
		{MySQL, `1e5 1.5 .5 1e5x`, `num:1e5 num:1.5 num:.5 num:1e5 id:x`},
		// Operators.
		{PostgreSQL, `a@>b a<@b a @@ b a||-1 a<-1 a=-1 a->>'x' a#>>'{}' a!~*b`, `id:a op:@> id:b id:a op:<@ id:b id:a op:@@ id:b id:a op:||- num:1 id:a op:< op:- num:1 id:a op:= op:- num:1 id:a op:->> str:'x' id:a op:#>> str:'{}' id:a op:!~* id:b`},
		{PostgreSQL, `a::int x:=1 f(a=>1) a[1:2] a ? 'k' a ?| b a ?& c`, `id:a op::: id:int id:x op::= num:1 id:f ( id:a op:=> num:1 ) id:a [ num:1 : num:2 ] id:a op:? str:'k' id:a op:?| id:b id:a op:?& id:c`},
		{PostgreSQL, `a=@x a = @"Y" a@>@z a@@b a ~@c @ -5 a*--c`, `id:a op:= ph:@x id:a op:= ph:@"Y" id:a op:@> ph:@z id:a op:@@ id:b id:a op:~@ id:c op:@ op:- num:5 id:a op:* c:--c`},
		{PostgreSQL, `1+/* x */2 a</*+b*/c`, `num:1 op:+ c:/* x */ num:2 id:a op:< c:/*+b*/ id:c`},
		{MySQL, `a<=>b a->>'$.x' @x:=1 a:=1 !a&&b||c a<>b a>=b a>>1`, `id:a op:<=> id:b id:a op:->> str:'$.x' var:@x op::= num:1 id:a op::= num:1 op:! id:a op:&& id:b op:|| id:c id:a op:<> id:b id:a op:>= id:b id:a op:>> num:1`},
		{SQLite, `a==b a->>'$' a||b a<<1`, `id:a op:== id:b id:a op:->> str:'$' id:a op:|| id:b id:a op:<< num:1`},
		// Parameters and variables.
		{MySQL, "? @a @`b c` @@global.x 'u'@'%' @x.y", "ph:? var:@a var:@`b c` var:@@global.x str:'u' var:@'%' var:@x.y"},
		{SQLite, `? ?12 :a @b $c :`, `ph:? ph:?12 ph::a ph:@b ph:$c :`},
		// Comments.
		{PostgreSQL, "a--b\nc/* d /* e */ f */g", "id:a c:--b id:c c:/* d /* e */ f */ id:g"},
		{MySQL, "a--1 -- c\n# d\nb /* e /* f */ g", "id:a op:- op:- num:1 c:-- c c:# d id:b c:/* e /* f */ id:g"},
		{MySQL, "/*!40101 SET a=1 /* x */ */; /*!x*/ --", "c:/*!40101 id:SET id:a op:= num:1 c:/* x */ c:*/ ; c:/*! id:x c:*/ c:--"},
		{SQLite, "a--b\r\nc/* d /* e */ f", "id:a c:--b id:c c:/* d /* e */ id:f"},
		// Clients' lines.
		{PostgreSQL, "\\restrict x y\na;\n\\.\n", "meta:\\restrict x y id:a ; meta:\\."},
		{PostgreSQL, "COPY t (a) FROM stdin WITH (x);\n1\t'\n\\.\nSELECT 1", "id:COPY id:t ( id:a ) id:FROM id:stdin id:WITH ( id:x ) ; meta:1\t'\n\\. id:SELECT num:1"},
		{PostgreSQL, "COPY t FROM 'f';\nSELECT 1", "id:COPY id:t id:FROM str:'f' ; id:SELECT num:1"},
		{MySQL, "DELIMITER $$\na;b$$ c $$\ndelimiter ;\nd;", "meta:DELIMITER $$ id:a ; id:b end:$$ id:c end:$$ meta:delimiter ; id:d ;"},
		{SQLite, ".mode box\nSELECT t.a", "meta:.mode box id:SELECT id:t . id:a"},
	} {
		if got := lexed(c.in, c.d); got != c.want {
			t.Errorf("%d %s\n got %s\nwant %s", c.d, c.in, got, c.want)
		}
	}
}

func TestWhatIsNotClosedReachesToTheEnd(t *testing.T) {
	for _, c := range []struct {
		d       Dialect
		in      string
		message string
	}{
		{PostgreSQL, "a 'b", "a string is not closed by '"},
		{PostgreSQL, `a E'b\'`, "a string is not closed by '"},
		{PostgreSQL, `a "b`, `a quoted name is not closed by "`},
		{PostgreSQL, `a $x$ b $$`, "a dollar-quoted string is not closed by $x$"},
		{PostgreSQL, `a /* b /* c */`, "a comment is not closed by */"},
		{MySQL, "a `b", "a quoted name is not closed by `"},
		{MySQL, `a "b\"`, `a string is not closed by "`},
		{MySQL, "a /* b", "a comment is not closed by */"},
		{SQLite, "a [b", "a name in brackets is not closed by ]"},
	} {
		tokens, problems := Lex(c.in, c.d)
		if len(problems) != 1 || problems[0].Message != c.message || problems[0].Start != 2 || int(problems[0].End) != len(c.in) {
			t.Errorf("%s: %v", c.in, problems)
		}
		if len(tokens) != 2 || tokens[1].Kind != Invalid {
			t.Errorf("%s: tokens %v", c.in, tokens)
		}
	}
	if _, problems := Lex("a /* b", SQLite); len(problems) > 0 {
		t.Errorf("SQLite takes a comment that the end of the text closes, got %v", problems)
	}
	if _, problems := Lex("a \\ b \x01", PostgreSQL); len(problems) != 2 {
		t.Errorf("stray characters: %v", problems)
	}
}

var seeds = []string{
	"", ";", "SELECT 1", "-- name: A :one\nSELECT sqlc.arg(a), @b, $1 FROM t;\n",
	"-- name: A :many\n-- doc\nSELECT sqlc.embed(t), sqlc.slice('x') FROM t WHERE a = ?\n  -- c\n;\n/* name: B :exec */ DELETE FROM t",
	"CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT CASE WHEN 1 THEN 2 END; END; SELECT 1;",
	"DELIMITER //\nCREATE PROCEDURE p() BEGIN IF 1 THEN SELECT 1; END IF; END//\nDELIMITER ;\n",
	"CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END; COPY t FROM stdin;\n1\n\\.\n",
	"'a''b' E'\\'' $$x$$ $a$ \"q\" `b` [c] /* /* */ */ # x\n-- y\n\\d\n@x @@y :z ?1 x'00' 1e5 .5 1..2 U&\"x\"",
	"/*!40101 SET x=1 */;", "-- name: \xff :one\r\nSELECT 'a\r\nb' -- \r\n;", "((((((", "sqlc.arg(", "SELECT sqlc.narg(a.b), sqlc.foo()",
	"-- name: A :one\n-- column: \"a \"\" b\" type=numeric(10, 2) nullable=false\n/* column: 2 nullable=x */\n#column:`\n-- column: type=\nSELECT 1 AS \"a!\"\n-- column: a type=b=c typ=\r\n;",
}

func FuzzLexIsTotalAndOrdered(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for d := PostgreSQL; d <= SQLite; d++ {
			tokens, problems := Lex(text, d)
			at := int32(0)
			for _, tok := range tokens {
				if tok.Start < at || tok.End <= tok.Start || int(tok.End) > len(text) {
					t.Fatalf("%d: token %v behind %d of %d", d, tok, at, len(text))
				}
				for _, c := range []byte(text[at:tok.Start]) {
					if class[c]&space == 0 {
						t.Fatalf("%d: %q was lost before %v", d, text[at:tok.Start], tok)
					}
				}
				at = tok.End
			}
			if strings.TrimSpace(strings.Map(toSpace, text[at:])) != "" {
				t.Fatalf("%d: %q was lost at the end", d, text[at:])
			}
			invalid := 0
			for _, tok := range tokens {
				if tok.Kind == Invalid {
					invalid++
				}
			}
			if invalid != len(problems) {
				t.Fatalf("%d: %d invalid tokens, %d problems", d, invalid, len(problems))
			}
		}
	})
}

func toSpace(r rune) rune {
	if r < 0x80 && class[r]&space != 0 {
		return ' '
	}
	return 'x'
}
