package mysql

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/migrate/plan"
)

// partitioning is PARTITION BY in its parts.
type partitioning struct {
	head  string // up to the list of partitions
	count int    // PARTITIONS n where there is no list; head is without it then
	parts []part
}

// part is a partition: its name and its whole text.
type part struct{ name, text, bound string }

func newPartitioning(text string) partitioning {
	var p partitioning
	w := words(text)
	if n := len(w); n > 0 && strings.HasPrefix(strings.ToUpper(w[n-1].text), "(PARTITION ") {
		p.head = strings.TrimSpace(text[:w[n-1].start])
		for _, t := range list(w[n-1].text) {
			pw := words(t)
			if len(pw) < 2 {
				continue
			}
			bound := ""
			for i := range pw {
				if pw[i].is("THAN") || pw[i].is("IN") {
					bound = pw[min(i+1, len(pw)-1)].text
					break
				}
			}
			p.parts = append(p.parts, part{pw[1].name(), t, bound})
		}
		return p
	}
	p.head = strings.TrimSpace(text)
	if n := len(w); n > 2 && w[n-2].is("PARTITIONS") {
		p.count, _ = strconv.Atoi(w[n-1].text)
		p.head = strings.TrimSpace(text[:w[n-2].start])
	}
	return p
}

// partition plans a table's partitions: rest stands at the end of the table's ALTER TABLE, later are statements of their own.
// Where partitions are not simply added or dropped at the end, rows are moved into the new ones and none is lost: the server
// refuses where one has no place.
func (d *differ) partition(a, b *shown) (rest string, later []plan.Step) {
	if a.partition == b.partition {
		return "", nil
	}
	switch {
	case a.partition == "":
		return b.partition, nil
	case b.partition == "":
		return "REMOVE PARTITIONING", nil
	}
	x, y := newPartitioning(a.partition), newPartitioning(b.partition)
	about := plan.Object{Kind: "table", Name: b.name}
	step := func(sql, why string, losses ...plan.Loss) (string, []plan.Step) {
		return "", []plan.Step{{SQL: "ALTER TABLE " + quote(b.name) + " " + sql, About: about, Why: why, Losses: losses}}
	}
	if x.head != y.head {
		return b.partition, nil
	}
	if x.count > 0 && y.count > 0 {
		if y.count > x.count {
			return step(fmt.Sprintf("ADD PARTITION PARTITIONS %d", y.count-x.count), "rows move to their new partitions")
		}
		return step(fmt.Sprintf("COALESCE PARTITION %d", x.count-y.count), "rows move to the partitions that stay")
	}
	ranges := strings.HasPrefix(strings.ToUpper(x.head), "PARTITION BY RANGE")
	if len(x.parts) == 0 || len(y.parts) == 0 || !ranges && !strings.HasPrefix(strings.ToUpper(x.head), "PARTITION BY LIST") {
		return b.partition, nil
	}
	i := 0
	for i < len(x.parts) && i < len(y.parts) && x.parts[i].text == y.parts[i].text {
		i++
	}
	old, made := x.parts[i:], y.parts[i:]
	if len(old) == 0 {
		return step("ADD PARTITION ("+texts(made)+")", "")
	}
	if len(made) == 0 || !ranges && left(old, made) {
		gone := slices.DeleteFunc(slices.Clone(old), func(p part) bool { return slices.Contains(made, p) })
		return step("DROP PARTITION "+names(gone), "", plan.Loss{Object: about, What: "the rows of the partitions " + names(gone), Rows: !d.empty(b.name)})
	}
	// What both end with stays; of ranges, the one behind what changes takes part in it.
	n := 0
	for n < len(old) && n < len(made) && old[len(old)-1-n].text == made[len(made)-1-n].text {
		n++
	}
	if ranges && n > 0 && (n == len(old) || n == len(made)) {
		n--
	}
	old, made = old[:len(old)-n], made[:len(made)-n]
	if len(old) > 0 && len(made) > 0 && (!ranges && n == 0 || ranges && old[len(old)-1].bound == made[len(made)-1].bound) {
		return step("REORGANIZE PARTITION "+names(old)+" INTO ("+texts(made)+")", "rows move to their new partitions")
	}
	return b.partition, nil
}

// left tells whether made is old without some of its partitions.
func left(old, made []part) bool {
	i := 0
	for _, p := range old {
		if i < len(made) && made[i] == p {
			i++
		}
	}
	return i == len(made)
}

func texts(list []part) string {
	out := make([]string, len(list))
	for i, p := range list {
		out[i] = p.text
	}
	return strings.Join(out, ",\n ")
}

func names(list []part) string {
	out := make([]string, len(list))
	for i, p := range list {
		out[i] = quote(p.name)
	}
	return strings.Join(out, ", ")
}
