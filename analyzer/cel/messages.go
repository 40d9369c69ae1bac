package cel

import (
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
)

// field is a field of a message. Its type is one of the scalars below or a message's name; Of says how many there are.
type field struct {
	Name string
	// JSON is its name in what a server writes; "" is Name.
	JSON string
	Type string
	Of   plurality
}

type plurality uint8

const (
	one      plurality = iota
	repeated           // a list
	texts              // texts by name; Type is not looked at
)

const (
	text    = "string"
	whole   = "uint64"
	number  = "float"
	yes     = "bool"
	integer = "int32"
	long    = "int64"
	double  = "double"
)

// message is a type of what rules see.
type message struct {
	Name   string
	Fields []field
}

// messages are what sqlc 1.31 gives its rules, by the names that rules use. A field that a server writes and that is
// not here can not be asked for, as with sqlc; fields count from 1 in this order.
var messages = []message{
	{"Parameter", []field{{Name: "number", Type: integer}}},
	{"Config", []field{
		{Name: "version", Type: text}, {Name: "engine", Type: text},
		{Name: "schema", Type: text, Of: repeated}, {Name: "queries", Type: text, Of: repeated},
	}},
	{"Query", []field{
		{Name: "sql", Type: text}, {Name: "name", Type: text}, {Name: "cmd", Type: text},
		{Name: "params", Type: "Parameter", Of: repeated},
	}},

	{"PostgreSQL", []field{{Name: "explain", Type: "PostgreSQLExplain"}}},
	{"PostgreSQLExplain", []field{
		{Name: "plan", JSON: "Plan", Type: "PostgreSQLExplain.Plan"},
		{Name: "settings", JSON: "Settings", Of: texts},
		{Name: "planning", JSON: "Planning", Type: "PostgreSQLExplain.Planning"},
	}},
	{"PostgreSQLExplain.Plan", append(append([]field{
		{Name: "node_type", JSON: "Node Type", Type: text},
		{Name: "parent_relationship", JSON: "Parent Relationship", Type: text},
		{Name: "relation_name", JSON: "Relation Name", Type: text},
		{Name: "schema", JSON: "Schema", Type: text},
		{Name: "alias", JSON: "Alias", Type: text},
		{Name: "parallel_aware", JSON: "Parallel Aware", Type: yes},
		{Name: "async_capable", JSON: "Async Capable", Type: yes},
		{Name: "startup_cost", JSON: "Startup Cost", Type: number},
		{Name: "total_cost", JSON: "Total Cost", Type: number},
		{Name: "plan_rows", JSON: "Plan Rows", Type: whole},
		{Name: "plan_width", JSON: "Plan Width", Type: whole},
		{Name: "output", JSON: "Output", Type: text, Of: repeated},
		{Name: "plans", JSON: "Plans", Type: "PostgreSQLExplain.Plan", Of: repeated},
	}, blocks...), []field{
		{Name: "sort_key", JSON: "Sort Key", Type: text, Of: repeated},
		{Name: "join_type", JSON: "Join Type", Type: text},
		{Name: "inner_unique", JSON: "Inner Unique", Type: yes},
		{Name: "hash_cond", JSON: "Hash Cond", Type: text},
		{Name: "index_name", JSON: "Index Name", Type: text},
		{Name: "scan_direction", JSON: "Scan Direction", Type: text},
		{Name: "index_cond", JSON: "Index Cond", Type: text},
	}...)},
	{"PostgreSQLExplain.Planning", blocks},

	{"MySQL", []field{{Name: "explain", Type: "MySQLExplain"}}},
	{"MySQLExplain", []field{{Name: "query_block", Type: "MySQLExplain.QueryBlock"}}},
	{"MySQLExplain.QueryBlock", []field{
		{Name: "select_id", Type: whole}, {Name: "message", Type: text}, {Name: "cost_info", Of: texts},
		{Name: "table", Type: "MySQLExplain.Table"},
		{Name: "ordering_operation", Type: "MySQLExplain.OrderingOperation"},
		{Name: "nested_loop", Type: "MySQLExplain.NestedLoopObj", Of: repeated},
	}},
	{"MySQLExplain.Table", []field{
		{Name: "table_name", Type: text}, {Name: "access_type", Type: text},
		{Name: "rows_examined_per_scan", Type: whole}, {Name: "rows_produced_per_join", Type: whole},
		{Name: "filtered", Type: text}, {Name: "cost_info", Of: texts}, {Name: "used_columns", Type: text, Of: repeated},
		{Name: "insert", Type: yes}, {Name: "possible_keys", Type: text, Of: repeated}, {Name: "key", Type: text},
		{Name: "used_key_parts", Type: text, Of: repeated}, {Name: "key_length", Type: text}, {Name: "ref", Type: text, Of: repeated},
	}},
	{"MySQLExplain.NestedLoopObj", []field{{Name: "table", Type: "MySQLExplain.Table"}}},
	{"MySQLExplain.OrderingOperation", []field{
		{Name: "using_filesort", Type: yes}, {Name: "cost_info", Of: texts}, {Name: "table", Type: "MySQLExplain.Table"},
		{Name: "nested_loop", Type: "MySQLExplain.NestedLoopObj", Of: repeated},
	}},
}

// blocks count PostgreSQL's buffers.
var blocks = []field{
	{Name: "shared_hit_blocks", JSON: "Shared Hit Blocks", Type: whole},
	{Name: "shared_read_blocks", JSON: "Shared Read Blocks", Type: whole},
	{Name: "shared_dirtied_blocks", JSON: "Shared Dirtied Blocks", Type: whole},
	{Name: "shared_written_blocks", JSON: "Shared Written Blocks", Type: whole},
	{Name: "local_hit_blocks", JSON: "Local Hit Blocks", Type: whole},
	{Name: "local_read_blocks", JSON: "Local Read Blocks", Type: whole},
	{Name: "local_dirtied_blocks", JSON: "Local Dirtied Blocks", Type: whole},
	{Name: "local_written_blocks", JSON: "Local Written Blocks", Type: whole},
	{Name: "temp_read_blocks", JSON: "Temp Read Blocks", Type: whole},
	{Name: "temp_written_blocks", JSON: "Temp Written Blocks", Type: whole},
}

var scalars = map[string]descriptorpb.FieldDescriptorProto_Type{
	text: descriptorpb.FieldDescriptorProto_TYPE_STRING, whole: descriptorpb.FieldDescriptorProto_TYPE_UINT64,
	number: descriptorpb.FieldDescriptorProto_TYPE_FLOAT, yes: descriptorpb.FieldDescriptorProto_TYPE_BOOL,
	integer: descriptorpb.FieldDescriptorProto_TYPE_INT32, long: descriptorpb.FieldDescriptorProto_TYPE_INT64,
	double: descriptorpb.FieldDescriptorProto_TYPE_DOUBLE,
}

// describe makes the messages' types, in a package of the name that rules call them by. They stay out of protobuf's
// registry: a program may link sqlc's beside them.
func describe() protoreflect.FileDescriptor {
	file := &descriptorpb.FileDescriptorProto{Name: proto.String("vet.proto"), Package: proto.String("vet"), Syntax: proto.String("proto3")}
	made := map[string]*descriptorpb.DescriptorProto{}
	for _, m := range append(messages[:len(messages):len(messages)], own...) {
		d := made[m.Name]
		if d != nil { // more fields of one of sqlc's
			for _, f := range m.Fields {
				d.Field = append(d.Field, f.describe(int32(len(d.Field)+1), m.Name, d))
			}
			continue
		}
		d = &descriptorpb.DescriptorProto{}
		made[m.Name] = d
		outer, name := split(m.Name)
		d.Name = proto.String(name)
		if outer == "" {
			file.MessageType = append(file.MessageType, d)
		} else {
			made[outer].NestedType = append(made[outer].NestedType, d)
		}
		for i, f := range m.Fields {
			d.Field = append(d.Field, f.describe(int32(i+1), m.Name, d))
		}
	}
	out, err := protodesc.NewFile(file, nil)
	if err != nil {
		panic("cel: the messages of rules are not sound: " + err.Error())
	}
	return out
}

func split(name string) (outer, inner string) {
	for i := range name {
		if name[i] == '.' {
			return name[:i], name[i+1:]
		}
	}
	return "", name
}

func (f field) describe(number int32, in string, message *descriptorpb.DescriptorProto) *descriptorpb.FieldDescriptorProto {
	d := &descriptorpb.FieldDescriptorProto{
		Name: proto.String(f.Name), JsonName: proto.String(f.JSON), Number: proto.Int32(number),
		Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum(),
	}
	if f.JSON == "" {
		d.JsonName = d.Name
	}
	if f.Of != one {
		d.Label = descriptorpb.FieldDescriptorProto_LABEL_REPEATED.Enum()
	}
	if f.Of == texts { // a map is a list of entries
		entry := entryName(f.Name)
		t := descriptorpb.FieldDescriptorProto_TYPE_STRING.Enum()
		single := descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum()
		message.NestedType = append(message.NestedType, &descriptorpb.DescriptorProto{
			Name: proto.String(entry), Options: &descriptorpb.MessageOptions{MapEntry: proto.Bool(true)},
			Field: []*descriptorpb.FieldDescriptorProto{
				{Name: proto.String("key"), JsonName: proto.String("key"), Number: proto.Int32(1), Type: t, Label: single},
				{Name: proto.String("value"), JsonName: proto.String("value"), Number: proto.Int32(2), Type: t, Label: single},
			},
		})
		d.Type, d.TypeName = descriptorpb.FieldDescriptorProto_TYPE_MESSAGE.Enum(), proto.String(".vet."+in+"."+entry)
		return d
	}
	if t, ok := scalars[f.Type]; ok {
		d.Type = t.Enum()
		return d
	}
	d.Type, d.TypeName = descriptorpb.FieldDescriptorProto_TYPE_MESSAGE.Enum(), proto.String(".vet."+f.Type)
	return d
}

// entryName is the name that protobuf wants of a map's entries: cost_info has CostInfoEntry.
func entryName(field string) string {
	out := make([]byte, 0, len(field)+len("Entry"))
	up := true
	for i := range len(field) {
		switch c := field[i]; {
		case c == '_':
			up = true
		case up:
			out, up = append(out, c-'a'+'A'), false
		default:
			out = append(out, c)
		}
	}
	return string(out) + "Entry"
}
