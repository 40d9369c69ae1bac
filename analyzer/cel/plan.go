package cel

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// read fills a message from a server's JSON. What the message has no field for is passed over. Servers do not agree
// whether a cost is a number or a text, so either is read as the other; anything else that is not as it should be is
// an error.
func read(text []byte, into protoreflect.Message) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		return fmt.Errorf("the plan is not JSON: %w", err)
	}
	return fill(value, into)
}

func fill(value any, into protoreflect.Message) error {
	object, ok := value.(map[string]any)
	if !ok {
		return fmt.Errorf("the plan has %s where %s should be", kind(value), into.Descriptor().Name())
	}
	fields := into.Descriptor().Fields()
	for name, v := range object {
		f := fields.ByJSONName(name)
		if f == nil {
			f = fields.ByTextName(name)
		}
		if f == nil || v == nil {
			continue
		}
		if err := set(f, v, into); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func set(f protoreflect.FieldDescriptor, v any, into protoreflect.Message) error {
	switch {
	case f.IsMap():
		object, ok := v.(map[string]any)
		if !ok {
			return fmt.Errorf("the plan has %s where a mapping should be", kind(v))
		}
		m := into.Mutable(f).Map()
		for key, v := range object {
			value, err := scalar(f.MapValue(), v)
			if err != nil {
				return err
			}
			m.Set(protoreflect.ValueOfString(key).MapKey(), value)
		}
	case f.IsList():
		list, ok := v.([]any)
		if !ok {
			return fmt.Errorf("the plan has %s where a list should be", kind(v))
		}
		l := into.Mutable(f).List()
		for _, v := range list {
			if f.Message() != nil {
				if err := fill(v, l.AppendMutable().Message()); err != nil {
					return err
				}
				continue
			}
			value, err := scalar(f, v)
			if err != nil {
				return err
			}
			l.Append(value)
		}
	case f.Message() != nil:
		return fill(v, into.Mutable(f).Message())
	default:
		value, err := scalar(f, v)
		if err != nil {
			return err
		}
		into.Set(f, value)
	}
	return nil
}

func scalar(f protoreflect.FieldDescriptor, v any) (out protoreflect.Value, err error) {
	var written string
	switch v := v.(type) {
	case string:
		written = v
	case json.Number:
		written = v.String()
	case bool:
		written = strconv.FormatBool(v)
	default:
		return out, fmt.Errorf("the plan has %s where a value should be", kind(v))
	}
	switch f.Kind() {
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(written), nil
	case protoreflect.BoolKind:
		b, err := strconv.ParseBool(written)
		return protoreflect.ValueOfBool(b), err
	case protoreflect.FloatKind:
		n, err := strconv.ParseFloat(written, 64)
		return protoreflect.ValueOfFloat32(float32(n)), err
	case protoreflect.DoubleKind:
		n, err := strconv.ParseFloat(written, 64)
		return protoreflect.ValueOfFloat64(n), err
	case protoreflect.Int32Kind:
		n, err := strconv.ParseInt(written, 10, 32)
		return protoreflect.ValueOfInt32(int32(n)), err
	case protoreflect.Int64Kind:
		n, err := strconv.ParseInt(written, 10, 64)
		return protoreflect.ValueOfInt64(n), err
	case protoreflect.Uint64Kind:
		n, err := strconv.ParseUint(written, 10, 64)
		if err != nil { // estimates are written as 1e+20 too
			var big float64
			if big, err = strconv.ParseFloat(written, 64); err == nil {
				n = saturated(big)
			}
		}
		return protoreflect.ValueOfUint64(n), err
	}
	return out, fmt.Errorf("a %s can not be read", f.Kind())
}

// saturated is a count as close to n as there is one.
func saturated(n float64) uint64 {
	const most = 1 << 64
	switch {
	case n >= most:
		return most - 1
	case n > 0:
		return uint64(n)
	}
	return 0
}

func kind(v any) string {
	switch v.(type) {
	case map[string]any:
		return "an object"
	case []any:
		return "a list"
	case nil:
		return "nothing"
	}
	return fmt.Sprintf("%v", v)
}
