package protocol

import (
	"bytes"
	"encoding/json"
	"strings"

	"google.golang.org/protobuf/encoding/protojson"
)

// JSON is a request as text: every field, empty ones too, in the order of the protocol.
func JSON(r *GenerateRequest) ([]byte, error) {
	b, err := protojson.MarshalOptions{UseProtoNames: true, EmitUnpopulated: true}.Marshal(r)
	if err != nil {
		return nil, err
	}
	// protojson puts spaces where it likes, so that nobody may count on them.
	var out bytes.Buffer
	err = json.Compact(&out, b)
	return out.Bytes(), err
}

// Indented is JSON for people, as gen.json writes it: it ends with a line feed, and <, > and & are
// escaped.
func Indented(r *GenerateRequest, indent string) ([]byte, error) {
	b, err := JSON(r)
	if err != nil {
		return nil, err
	}
	var escaped, out bytes.Buffer
	json.HTMLEscape(&escaped, b)
	if err := json.Indent(&out, escaped.Bytes(), "", indent); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// ParseJSON reads a generator's answer in JSON. A field that the protocol has not is an error.
func ParseJSON(b []byte) (*GenerateResponse, error) {
	r := &GenerateResponse{}
	if err := protojson.Unmarshal(b, r); err != nil {
		return nil, &jsonError{err}
	}
	return r, nil
}

// jsonError gives protojson's message one form: its spaces differ from build to build.
type jsonError struct{ err error }

func (e *jsonError) Error() string {
	return strings.TrimPrefix(strings.ReplaceAll(e.err.Error(), "\u00a0", " "), "proto: ")
}

func (e *jsonError) Unwrap() error { return e.err }
