package analyzer

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"

	"github.com/covetsql/covetsql/analyzer/plan"
	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/facts"
)

// Shapes are plans without their numbers, as a file keeps them: what a review agreed to. It is safe for concurrent use.
type Shapes struct {
	mutex sync.Mutex
	kept  map[string][]string // by query; a plan's lines
	now   map[string][]string
}

// ReadShapes reads a file of plans; one that is not there has none.
func ReadShapes(path string) (*Shapes, error) {
	s := &Shapes{kept: map[string][]string{}, now: map[string][]string{}}
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return s, nil
	case err != nil:
		return nil, err
	}
	if err := json.Unmarshal(text, &s.kept); err != nil {
		return nil, fmt.Errorf("%s is not a file of plans: %w", path, err)
	}
	return s, nil
}

// Forget agrees to whatever the plans are.
func (s *Shapes) Forget() { clear(s.kept) }

// Write writes the plans of this run; queries in the order of their names.
func (s *Shapes) Write(path string) error {
	if len(s.now) == 0 {
		return fmt.Errorf("no plan was seen, so %s is left as it is", path)
	}
	text, err := json.MarshalIndent(s.now, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}

// compare notes a query's plan, and says where it is another than the one that is kept.
func (s *Shapes) compare(p *compiler.Package, q *facts.Query, variant int, how *plan.Plan) diag.List {
	key := string(p.Config.Engine) + " " + q.Name
	if p.Config.Name != "" {
		key = p.Config.Name + " " + q.Name
	}
	if variant > 0 {
		key += " with all parts"
	}
	now := strings.Split(strings.TrimSuffix(how.Shape(), "\n"), "\n")
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.now[key] = now
	was, known := s.kept[key]
	if !known || strings.Join(was, "\n") == strings.Join(now, "\n") {
		return nil
	}
	gone, come := "", ""
	for i := range max(len(was), len(now)) {
		if i >= len(was) || i >= len(now) || was[i] != now[i] {
			if i < len(was) {
				gone = strings.TrimSpace(was[i])
			}
			if i < len(now) {
				come = strings.TrimSpace(now[i])
			}
			break
		}
	}
	what := fmt.Sprintf("was %q and is %q", gone, come)
	switch {
	case gone == "":
		what = fmt.Sprintf("has %q more", come)
	case come == "":
		what = fmt.Sprintf("has %q no more", gone)
	}
	d := diag.New(diag.PlanChanged, q.Source.Header.NameSpan, "the plan of %s is another than the one that was agreed to: it %s", q.Name, what).
		WithHelp("look at it with --plans; if it is as it should be, write the file anew with --update-plans")
	d.Query = q.Name
	return diag.List{d}
}
