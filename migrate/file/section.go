package file

import (
	"strings"
)

const (
	ternSeparator = "---- create above / drop below ----"
	ternDisable   = "---- tern: disable-tx ----"
)

// sections are the two sides of a file that holds both. Each is as long as the file, what is not its own blanked out, so
// that places in it are places in the file.
type sections struct {
	up, down string
	hasDown  bool
	// blocks are ranges that the form declares to be one statement each.
	blocks []textRange
	none   [2]bool // up, down: the form says that there is no transaction
	checks []textRange
	// delimiter ends statements in place of the semicolon (Atlas).
	delimiter  string
	checkpoint bool
}

type textRange struct{ start, end int }

type lineOf struct {
	textRange
	n    int
	text string // trimmed
}

func lines(text string) (out []lineOf) {
	at, n := 0, 0
	for line := range strings.Lines(text) {
		n++
		out = append(out, lineOf{textRange{at, at + len(line)}, n, strings.TrimSpace(line)})
		at += len(line)
	}
	return out
}

// blanked is text with all but the ranges in keep made blanks; line ends stay.
func blanked(text string, keep []textRange) string {
	b := []byte(text)
	at := 0
	blank := func(to int) {
		for ; at < to; at++ {
			if b[at] != '\n' && b[at] != '\r' {
				b[at] = ' '
			}
		}
	}
	for _, r := range keep {
		blank(r.start)
		at = max(at, r.end)
	}
	blank(len(b))
	return string(b)
}

// cutSections finds the sides of a file by its form's lines.
func cutSections(form Form, path, text string) (sections, error) {
	switch form {
	case Goose, SQLMigrate:
		return annotated(form, path, text)
	case Dbmate:
		return dbmate(path, text)
	case Tern:
		return tern(path, text)
	case Atlas:
		return atlas(path, text)
	}
	return sections{up: text}, nil
}

// annotated reads the lines of goose and of sql-migrate.
func annotated(form Form, path, text string) (s sections, err error) {
	word := "+goose"
	if form == SQLMigrate {
		word = "+migrate"
	}
	var keep [2][]textRange
	side, block := -1, -1
	var blockLine int
	for _, l := range lines(text) {
		words := strings.Fields(strings.TrimPrefix(l.text, "--"))
		if !strings.HasPrefix(l.text, "--") || len(words) == 0 || !strings.EqualFold(words[0], word) {
			switch {
			case side >= 0:
				keep[side] = append(keep[side], l.textRange)
			case strings.HasPrefix(l.text, "--"): // what is said above both sides is said of both
				keep[0], keep[1] = append(keep[0], l.textRange), append(keep[1], l.textRange)
			}
			continue
		}
		bad := func(what, do string) (sections, error) {
			return s, &Error{Path: path, Line: l.n, Text: what, Do: do}
		}
		command := ""
		if len(words) > 1 {
			command = strings.ToLower(words[1])
		}
		if block >= 0 && command != "statementend" {
			return bad("a "+word+" line stands within a StatementBegin block", "write -- "+word+" StatementEnd before it")
		}
		switch command {
		case "up", "down":
			side = 0
			if command == "down" {
				side, s.hasDown = 1, true
			}
			for _, w := range words[2:] {
				if form == SQLMigrate && strings.EqualFold(w, "notransaction") {
					s.none[side] = true
				} else {
					return bad("unknown word "+w+" behind "+word+" "+words[1], "")
				}
			}
		case "no":
			if form == Goose && len(words) == 3 && strings.EqualFold(words[2], "transaction") {
				s.none = [2]bool{true, true}
				continue
			}
			return bad("unknown line -- "+strings.Join(words, " "), "")
		case "statementbegin":
			if side < 0 {
				return bad("StatementBegin stands before -- "+word+" Up", "")
			}
			block, blockLine = l.end, l.n
		case "statementend":
			if block < 0 {
				return bad("StatementEnd without StatementBegin", "")
			}
			s.blocks = append(s.blocks, textRange{block, l.start})
			block = -1
		case "envsub":
			if len(words) > 2 && strings.EqualFold(words[2], "off") {
				continue
			}
			return bad("the file asks for environment variables to be put into it (ENVSUB)",
				"write the values into the file: a migration is data here, so that what ran can be told from the file")
		default:
			return bad("unknown line -- "+strings.Join(words, " "), "")
		}
	}
	if block >= 0 {
		return s, &Error{Path: path, Line: blockLine, Text: "StatementBegin is never closed", Do: "write -- " + word + " StatementEnd behind the statement"}
	}
	if side < 0 && !s.hasDown && !strings.Contains(text, word) {
		return s, &Error{Path: path, Text: "the file has no line -- " + word + " Up", Do: "put it before the statements"}
	}
	s.up, s.down = blanked(text, keep[0]), blanked(text, keep[1])
	return s, nil
}

func dbmate(path, text string) (s sections, err error) {
	var keep [2][]textRange
	side := -1
	for _, l := range lines(text) {
		words := strings.Fields(strings.TrimPrefix(l.text, "--"))
		at := -1
		if strings.HasPrefix(l.text, "--") && len(words) > 0 {
			switch words[0] {
			case "migrate:up":
				at = 0
			case "migrate:down":
				at = 1
			}
		}
		if at < 0 {
			switch {
			case side >= 0:
				keep[side] = append(keep[side], l.textRange)
			case strings.HasPrefix(l.text, "--"):
				keep[0], keep[1] = append(keep[0], l.textRange), append(keep[1], l.textRange)
			case l.text != "":
				return s, &Error{Path: path, Line: l.n, Text: "a statement stands before -- migrate:up", Do: "put -- migrate:up before it"}
			}
			continue
		}
		side = at
		s.hasDown = s.hasDown || at == 1
		for _, w := range words[1:] {
			key, value, _ := strings.Cut(w, ":")
			if key != "transaction" || (value != "true" && value != "false") {
				return s, &Error{Path: path, Line: l.n, Text: "unknown option " + w, Do: "dbmate has transaction:true and transaction:false"}
			}
			s.none[at] = value == "false"
		}
	}
	if side < 0 {
		return s, &Error{Path: path, Text: "the file has no line -- migrate:up", Do: "put it before the statements"}
	}
	s.up, s.down = blanked(text, keep[0]), blanked(text, keep[1])
	return s, nil
}

func tern(path, text string) (s sections, err error) {
	var keep [2][]textRange
	side := 0
	for _, l := range lines(text) {
		switch {
		case strings.HasPrefix(l.text, ternSeparator):
			side, s.hasDown = 1, true
			continue
		case l.text == ternDisable:
			s.none = [2]bool{true, true}
			continue
		}
		if i := strings.Index(l.text, "{{"); i >= 0 && strings.Contains(l.text[i:], "}}") {
			return s, &Error{Path: path, Line: l.n, Text: "the file is a template ({{ … }}), and templates are not run",
				Do: "write out what the template gives: a migration is data here, so that what ran can be told from the file"}
		}
		keep[side] = append(keep[side], l.textRange)
	}
	s.up, s.down = blanked(text, keep[0]), blanked(text, keep[1])
	return s, nil
}

// atlas reads a file of Atlas, an archive of several (checks, migration, down) or plain SQL.
func atlas(path, text string) (s sections, err error) {
	var keep [2][]textRange
	archive := strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "-- atlas:txtar")
	side := 0
	if archive {
		side = -1
	}
	head := true // only comments and blank lines were seen
	for _, l := range lines(text) {
		if archive && strings.HasPrefix(l.text, "-- ") && strings.HasSuffix(l.text, " --") && len(l.text) > 6 {
			head = true
			switch name := strings.TrimSpace(l.text[3 : len(l.text)-3]); {
			case name == "migration.sql":
				side = 0
			case name == "down.sql":
				side, s.hasDown = 1, true
			case name == "checks.sql" || (strings.HasPrefix(name, "checks/") && strings.HasSuffix(name, ".sql")):
				side = 2
			default:
				side = -1
			}
			continue
		}
		if rest, ok := strings.CutPrefix(l.text, "-- atlas:"); ok && head {
			switch key, value, _ := strings.Cut(rest, " "); key {
			case "txmode":
				switch value = strings.TrimSpace(value); value {
				case "none":
					s.none = [2]bool{true, true}
				case "file", "all":
				default:
					return s, &Error{Path: path, Line: l.n, Text: "unknown transaction mode " + value, Do: "Atlas has none, file and all"}
				}
			case "delimiter":
				s.delimiter = strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\r`, "\r").Replace(strings.TrimPrefix(rest, "delimiter "))
				if strings.TrimSpace(s.delimiter) == ";" {
					s.delimiter = ""
				}
			case "checkpoint":
				s.checkpoint = true
			case "assert":
				if side == 2 && strings.Contains(value, "oneof") {
					return s, &Error{Path: path, Line: l.n, Text: "checks of which one must hold (atlas:assert oneof) are not known here", Do: "write them as one query with OR"}
				}
			}
		}
		if l.text != "" && !strings.HasPrefix(l.text, "--") {
			head = false
		}
		switch side {
		case 0, 1:
			keep[side] = append(keep[side], l.textRange)
		case -1: // the archive's head
			if strings.HasPrefix(l.text, "-- covet:") {
				keep[0], keep[1] = append(keep[0], l.textRange), append(keep[1], l.textRange)
			}
		case 2: // checks run first; they stand before the migration in the archive
			keep[0] = append(keep[0], l.textRange)
			s.checks = append(s.checks, l.textRange)
		}
	}
	s.up, s.down = blanked(text, keep[0]), blanked(text, keep[1])
	return s, nil
}
