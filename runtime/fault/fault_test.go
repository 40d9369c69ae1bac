package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/covetsql/covetsql/runtime/fault"
)

func TestEachKindHasANameOfItsOwn(t *testing.T) {
	seen := map[string]bool{}
	for k := range fault.Kinds {
		name := fault.Kind(k).String()
		if seen[name] || name == "" && k > 0 {
			t.Errorf("kind %d is called %q", k, name)
		}
		seen[name] = true
	}
}

func TestAnErrorKeepsWhatTheDriverGave(t *testing.T) {
	driver := errors.New("the driver's")
	err := fmt.Errorf("query Get: %w", &fault.Error{Fault: fault.Fault{Kind: fault.Deadlock, Again: true}, Err: driver})
	if !errors.Is(err, driver) || err.Error() != "query Get: the driver's" {
		t.Error(err)
	}
	if f, ok := fault.Find(err); !ok || f.Kind != fault.Deadlock || !f.Again {
		t.Error(f, ok)
	}
	if _, ok := fault.Find(driver); ok {
		t.Error("an error that nobody sorted has a fault")
	}
}
