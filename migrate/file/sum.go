package file

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
)

// SumFile is the list of checksums of a folder in our own form; it is what tells such a folder from golang-migrate's.
const SumFile = "covet.sum"

const atlasSum = "atlas.sum"

const sumHead = "# Checksums of the migrations in this folder. covetsql migrate hash writes them anew."

// Sum is a folder's list of checksums.
type Sum struct {
	Name  string
	Files []FileSum
	// total is Atlas's sum of all.
	total string
}

// FileSum is the checksum of one file, as the list writes it.
type FileSum struct{ Name, Sum string }

// normal is a text with its newlines as \n and without a byte order mark, and the SHA-256 of that.
func normal(text string) (string, string) {
	text = strings.TrimPrefix(text, "\ufeff")
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	h := sha256.Sum256([]byte(text))
	return text, hex.EncodeToString(h[:])
}

func parseSum(name, text string) (*Sum, error) {
	s := &Sum{Name: name}
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if name == atlasSum && s.total == "" && len(s.Files) == 0 {
			s.total = line
			continue
		}
		file, sum, ok := strings.Cut(line, " ")
		if strings.HasPrefix(line, "<<<<<<<") || strings.HasPrefix(line, "=======") || strings.HasPrefix(line, ">>>>>>>") {
			return nil, &Error{Path: name, Line: n, Text: "two branches added migrations, and the merge is not finished",
				Do: "keep the lines of both, see that the migrations' order is the one that you want, and run covetsql migrate hash"}
		}
		if !ok {
			return nil, &Error{Path: name, Line: n, Text: "the line is not a file's name and its checksum", Do: "run covetsql migrate hash"}
		}
		s.Files = append(s.Files, FileSum{file, strings.TrimSpace(sum)})
	}
	return s, nil
}

// Verify holds the folder against its list of checksums, where it has one. In our own form a file that is not listed is not
// judged, because a migration that is being written is not; Atlas's list must be whole.
func (f *Folder) Verify() error {
	if f.Sum == nil {
		return nil
	}
	want := f.sums()
	if f.Form == Atlas {
		if !slices.Equal(want, f.Sum.Files) {
			for i, w := range want {
				if i >= len(f.Sum.Files) || f.Sum.Files[i] != w {
					return &Error{Path: w.Name, Text: "the file does not agree with " + atlasSum, Do: "if the change is meant, run covetsql migrate hash (or atlas migrate hash)"}
				}
			}
			return &Error{Path: atlasSum, Text: "the list names files that are gone", Do: "if they are meant to be, run covetsql migrate hash"}
		}
		return nil
	}
	for _, listed := range f.Sum.Files {
		i := slices.IndexFunc(want, func(w FileSum) bool { return w.Name == listed.Name })
		if i < 0 {
			return &Error{Path: listed.Name, Text: "the file is listed in " + SumFile + " and is gone", Do: "bring it back; if it is meant to be gone, run covetsql migrate hash"}
		}
		if want[i] != listed {
			return &Error{Path: listed.Name, Text: "the file was changed after it was listed in " + SumFile,
				Do: "undo the change and write a new migration; if no database has the old text, run covetsql migrate hash"}
		}
	}
	return nil
}

// sums are the checksums of the folder's files as they are now.
func (f *Folder) sums() (out []FileSum) {
	if f.Form == Atlas {
		h := sha256.New()
		for _, m := range f.Migrations {
			h.Write([]byte(m.Path))
			if strings.Contains(m.raw, "-- atlas:sum ignore") {
				continue
			}
			h.Write([]byte(m.raw))
			out = append(out, FileSum{m.Path, "h1:" + base64.StdEncoding.EncodeToString(h.Sum(nil))})
		}
		return out
	}
	add := func(path, text string) {
		_, sum := normal(text)
		out = append(out, FileSum{path, "sha256:" + sum})
	}
	for _, m := range f.Migrations {
		if m.Down.Exists() && m.Down.File.Path != m.Path {
			add(m.Down.File.Path, m.Down.File.Text)
		}
		add(m.Path, m.Text)
	}
	return out
}

// Hash is the list of checksums that the folder should have, with its name. ok is false where the form has none.
func (f *Folder) Hash() (name, text string, ok bool) {
	var b strings.Builder
	switch f.Form {
	case Own:
		b.WriteString(sumHead + "\n")
		for _, s := range f.sums() {
			b.WriteString(s.Name + " " + s.Sum + "\n")
		}
		return SumFile, b.String(), true
	case Atlas:
		total := sha256.New()
		for _, s := range f.sums() {
			total.Write([]byte(s.Name))
			total.Write([]byte(strings.TrimPrefix(s.Sum, "h1:")))
			b.WriteString(s.Name + " " + s.Sum + "\n")
		}
		return atlasSum, "h1:" + base64.StdEncoding.EncodeToString(total.Sum(nil)) + "\n" + b.String(), true
	}
	return "", "", false
}

// AtlasSum is the checksum of a migration in Atlas's list, without its prefix.
func (f *Folder) AtlasSum(m *Migration) string {
	for _, s := range f.sums() {
		if s.Name == m.Path {
			return strings.TrimPrefix(s.Sum, "h1:")
		}
	}
	return ""
}
