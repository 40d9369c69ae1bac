package report

import (
	"encoding/json"
	"io"

	"github.com/covetsql/covetsql/compiler/diag"
)

// JSONLines writes each of ds as an object of its own line, with the fields that JSON has, and nothing where ds is empty.
func JSONLines(w io.Writer, ds diag.List) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for _, d := range object(ds).Diagnostics {
		if err := e.Encode(d); err != nil {
			return err
		}
	}
	return nil
}
