package absent

import (
	"strings"
	"testing"
)

func TestSqlcsOtherVerbsSayWhatTakesTheirPlace(t *testing.T) {
	for word := range instead {
		if line := Verb(word); strings.Contains(line, "\n") || !strings.Contains(line, word) {
			t.Errorf("%s: %q", word, line)
		}
	}
	if line := Verb("generate"); line != "" {
		t.Errorf("generate is covetsql's own verb: %q", line)
	}
}
