// Package baseline keeps the findings that a project lives with: those that were there when vet came. It names them by rule, by what they are
// about and by their text, with a count, never by lines, so that they are found again when files move.
package baseline

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"sort"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

// Entry is a kind of finding, and how many of it there may be.
type Entry struct {
	Code  string `json:"code"`
	Slug  string `json:"slug,omitempty"`
	About string `json:"about,omitempty"` // the query, table or function
	Text  string `json:"text"`            // what is pointed at; of a long one its beginning and its fingerprint
	Count int    `json:"count"`
}

// key is an entry without its count; codes may get other slugs.
type key struct{ code, about, text string }

func (e Entry) key() key { return key{e.Code, e.About, e.Text} }

// longText is how long a text is that an entry holds whole.
const longText = 80

func entryOf(d diag.Diagnostic) Entry {
	text := d.Text()
	if runes := []rune(text); len(runes) > longText {
		text = string(runes[:longText]) + "… " + d.Fingerprint()
	}
	e := Entry{Code: d.Code.ID, About: d.About(), Text: text}
	if d.Code.Slug != e.Code { // a rule of the configuration has one name
		e.Slug = d.Code.Slug
	}
	return e
}

// Baseline is a file of entries.
type Baseline struct {
	entries []Entry
	places  []source.Span // of the entries, where they were read
	left    map[key]int   // of each entry, how many were not found yet
}

// never are the codes of vet that are no findings of a rule: about its comments and files, and what kept it from its work.
var never = map[*diag.Code]bool{
	diag.SchemaRefused: true, diag.RuleUnknown: true, diag.IgnoreUnused: true, diag.IgnoreUnknown: true, diag.IgnoreNoReason: true,
	diag.PlansSkipped: true, diag.GoUnreadable: true, diag.BaselineInvalid: true, diag.BaselineStale: true, diag.FixUndone: true,
}

// Takes tells whether a finding can be in a baseline.
func Takes(d diag.Diagnostic) bool { return d.Code != nil && !d.Code.OfCompiler() && !never[d.Code] }

// Of is the baseline of findings.
func Of(found diag.List) *Baseline {
	count := map[key]*Entry{}
	for _, d := range found {
		if !Takes(d) {
			continue
		}
		e := entryOf(d)
		if have := count[e.key()]; have != nil {
			have.Count++
			continue
		}
		e.Count = 1
		count[e.key()] = &e
	}
	b := &Baseline{}
	for _, e := range count {
		b.entries = append(b.entries, *e)
	}
	b.sort()
	return b
}

func (b *Baseline) sort() {
	slices.SortFunc(b.entries, func(x, y Entry) int {
		return cmp.Or(cmp.Compare(x.About, y.About), cmp.Compare(x.Code, y.Code), cmp.Compare(x.Text, y.Text))
	})
}

// Keep adds the entries of another baseline whose rules did not judge: nothing is known of them.
func (b *Baseline) Keep(other *Baseline, ran func(code string) bool) {
	have := map[key]bool{}
	for _, e := range b.entries {
		have[e.key()] = true
	}
	for _, e := range other.entries {
		if !ran(e.Code) && !have[e.key()] {
			b.entries = append(b.entries, e)
		}
	}
	b.sort()
}

// Size is how many findings the baseline holds.
func (b *Baseline) Size() (n int) {
	for _, e := range b.entries {
		n += e.Count
	}
	return n
}

// The file has an entry a line: differences and merges are of findings.
const (
	head = "{\n  \"version\": 1,\n  \"findings\": ["
	foot = "]\n}\n"
)

// Bytes is the file.
func (b *Baseline) Bytes() []byte {
	var out bytes.Buffer
	out.WriteString(head)
	for i, e := range b.entries {
		if i > 0 {
			out.WriteByte(',')
		}
		var line bytes.Buffer
		enc := json.NewEncoder(&line)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(e); err != nil {
			panic(err) // texts and a number
		}
		out.WriteString("\n    ")
		out.Write(bytes.TrimRight(line.Bytes(), "\n"))
	}
	if len(b.entries) > 0 {
		out.WriteString("\n  ")
	}
	out.WriteString(foot)
	return out.Bytes()
}

// Read reads the file.
func Read(f *source.File) (*Baseline, diag.List) {
	var in struct {
		Version  int               `json:"version"`
		Findings []json.RawMessage `json:"findings"`
	}
	wrong := func(at int64, format string, args ...any) (*Baseline, diag.List) {
		from := min(max(int(at)-1, 0), len(f.Text))
		return nil, diag.List{diag.New(diag.BaselineInvalid, f.Span(from, from+1), format, args...).
			WithHelp("`covetsql vet --write-baseline` writes it anew")}
	}
	dec := json.NewDecoder(bytes.NewReader([]byte(f.Text)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&in); err != nil {
		at := dec.InputOffset()
		if e, ok := err.(*json.SyntaxError); ok {
			at = e.Offset
		}
		return wrong(at, "the baseline can not be read: %s", err)
	}
	if in.Version != 1 {
		return wrong(1, "the baseline is of version %d; this covetsql knows version 1", in.Version)
	}
	b := &Baseline{left: map[key]int{}}
	at := 0
	for _, raw := range in.Findings {
		n := bytes.Index([]byte(f.Text)[at:], raw)
		if n < 0 {
			n = 0
		}
		place := f.Span(at+n, at+n+len(raw))
		at = int(place.End)
		var e Entry
		dec := json.NewDecoder(bytes.NewReader(raw))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&e); err != nil {
			return wrong(int64(place.Start)+1, "an entry of the baseline can not be read: %s", err)
		}
		if e.Code == "" || e.Count < 1 {
			return wrong(int64(place.Start)+1, "an entry of the baseline has no code, or a count below 1")
		}
		b.entries, b.places = append(b.entries, e), append(b.places, place)
		b.left[e.key()] += e.Count
	}
	return b, nil
}

// Apply parts findings into new ones and known ones. Of findings that are alike the first ones are the known ones.
func (b *Baseline) Apply(found diag.List) (fresh diag.List, known []diag.Ignored) {
	for _, d := range found {
		if Takes(d) {
			if k := entryOf(d).key(); b.left[k] > 0 {
				b.left[k]--
				known = append(known, diag.Ignored{Diagnostic: d, Baseline: true})
				continue
			}
		}
		fresh = append(fresh, d)
	}
	return fresh, known
}

// Stale tells which entries no finding was there for, after Apply; ran tells whether a rule judged at all.
func (b *Baseline) Stale(ran func(code string) bool) diag.List {
	var gone []Entry
	var first source.Span
	n := 0
	seen := map[key]bool{}
	for i, e := range b.entries {
		left := b.left[e.key()]
		if left <= 0 || seen[e.key()] || !ran(e.Code) {
			continue
		}
		seen[e.key()] = true
		if n += left; first.IsZero() {
			first = b.places[i]
		}
		gone = append(gone, e)
	}
	if n == 0 {
		return nil
	}
	what := "a finding that is"
	if n > 1 {
		what = fmt.Sprintf("%d findings that are", n)
	}
	d := diag.New(diag.BaselineStale, first, "the baseline has %s gone", what)
	sort.SliceStable(gone, func(i, j int) bool { return gone[i].About < gone[j].About })
	for i, e := range gone {
		if i == 3 {
			d = d.WithHelp("and %d more", len(gone)-i)
			break
		}
		in := ""
		if e.About != "" {
			in = " in " + e.About
		}
		d = d.WithHelp("gone: %s%s: %s", cmp.Or(e.Slug, e.Code), in, e.Text)
	}
	return diag.List{d.WithHelp("`covetsql vet --write-baseline` takes them out, so that they stay gone")}
}
