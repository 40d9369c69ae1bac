package diag

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
)

// About is the query, the table or the function that d is about, "" where it names none.
func (d Diagnostic) About() string {
	if d.Query != "" {
		return d.Query
	}
	return d.Subject
}

// Text is what d points at, or where that is nothing its line, in a form that does not change when lines move: without comments, blanks
// that say nothing, and the case of words outside of quotes.
func (d Diagnostic) Text() string {
	at, _ := d.Span.Origin()
	if at.File == nil {
		return ""
	}
	text := at.Text()
	if text == "" {
		line, _ := at.File.LineColumn(int(at.Start))
		text, _ = at.File.Line(line)
	}
	if n := normal(text); n != "" {
		return n
	}
	return strings.Join(strings.Fields(text), " ")
}

// Fingerprint names d in every version of its files: by rule, by what it is about, by its text. Two findings that are alike in all of these
// have one fingerprint.
func (d Diagnostic) Fingerprint() string {
	h := sha256.Sum256([]byte(d.Code.ID + "\x00" + d.About() + "\x00" + d.Text()))
	return hex.EncodeToString(h[:12])
}

// Fingerprints are the fingerprints of a list, in its order, each once: like findings are counted.
func Fingerprints(l List) []string {
	out := make([]string, len(l))
	seen := map[string]int{}
	for i, d := range l {
		f := d.Fingerprint()
		seen[f]++
		out[i] = f + ":" + strconv.Itoa(seen[f])
	}
	return out
}

func normal(text string) string {
	var b []byte
	word := func(c byte) bool {
		return c == '_' || c == '$' || c >= 0x80 || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
	}
	gap := false // blanks or a comment since the last byte
	for i := 0; i < len(text); {
		end := i + 1
		quoted := false
		switch c := text[i]; {
		case strings.IndexByte(" \t\r\n\f\v", c) >= 0:
			gap, i = true, end
			continue
		case strings.HasPrefix(text[i:], "--"), strings.HasPrefix(text[i:], "//"):
			gap, i = true, i+through(text[i:], "\n", 2)
			continue
		case strings.HasPrefix(text[i:], "/*"):
			gap, i = true, i+through(text[i:], "*/", 2)
			continue
		case c == '\'' || c == '"' || c == '`':
			end, quoted = i+through(text[i:], string(c), 1), true
		}
		if gap && len(b) > 0 && word(b[len(b)-1]) && (word(text[i]) || quoted) {
			b = append(b, ' ')
		}
		gap = false
		if c := text[i]; !quoted && c >= 'A' && c <= 'Z' {
			b = append(b, c-'A'+'a')
		} else {
			b = append(b, text[i:end]...)
		}
		i = end
	}
	return string(b)
}

// through is the length of text up to the end of mark behind its first bytes.
func through(text, mark string, first int) int {
	if n := strings.Index(text[min(first, len(text)):], mark); n >= 0 {
		return first + n + len(mark)
	}
	return len(text)
}
